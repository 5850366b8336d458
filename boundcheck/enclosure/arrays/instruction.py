"""What a tape consists of: instructions for whole arrays of boxes.

An operation of the grammar is one small class, with the same methods in this order: which terms it
computes (`of`) and from what (`operands`); and, for arrays of intervals `x` of its operands, what
contains its values (`run`), where it is certainly defined (`defined`, if it is `partial` at all),
and what contains the slope of every chord in each operand (`slopes`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from flint import fmpq

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.floats import Columns, Mask, Pair, Rows
from boundcheck.exact.terms.term import Term
from boundcheck.exact.terms.work import spend


class Instruction(ABC):
    """What computes some rows of the table from others."""

    @property
    def partial(self) -> bool:
        """Whether there is anything to ask `defined`."""
        return False

    @abstractmethod
    def run(self, x: Sequence[Columns]) -> Rows: ...

    def defined(self, x: Sequence[Pair]) -> Mask:
        return np.ones(x[0][0].shape, bool)

    @abstractmethod
    def back(self, weights: Rows, x: Sequence[Columns], value: Rows) -> Sequence[Columns]:
        """The slopes of the root in each operand, from those in the values: the chain rule."""

    def work(self, rows: int) -> float:
        """About how many steps of work it takes for each box."""
        return 0.06 * rows


class Affine(Instruction):
    """Combinations of rows with exact coefficients, the last of which is the constant."""

    def __init__(self, rows: Sequence[Sequence[fmpq]]) -> None:
        self.weight = fl.matrix([row[:-1] for row in rows])
        self.bias = fl.matrix([[row[-1]] for row in rows])
        columns = zip(*[row[:-1] for row in rows], strict=True)
        self.transposed = fl.matrix([list(column) for column in columns])
        self.size = self.weight.mid.size

    def run(self, x: Sequence[Columns]) -> Rows:
        finite = np.isfinite(x[0][0]).all() and np.isfinite(x[0][1]).all()
        product = (fl.matmul if finite else _column_by_column)(self.weight, x[0])
        mid, rad = self.bias.mid, self.bias.rad
        if not (mid.any() or rad.any()):
            return product
        ends = (fl.below(mid - rad), fl.above(mid + rad)) if rad.any() else (mid, mid)
        return fl.add(product, ends)

    def back(self, weights: Rows, x: Sequence[Columns], value: Rows) -> Sequence[Columns]:
        # without columns nothing is passed on, and x, which has no rows, is that
        return [fl.matmul(self.transposed, weights) if self.size else x[0]]

    def work(self, rows: int) -> float:
        return 0.03 * rows + 0.005 * float(self.size)


def _column_by_column(weight: fl.Matrix, x: Columns) -> Rows:
    """The product for boxes with infinite ends, where bounds on one side are left."""
    n = x[0].shape[1]
    spend(weight.mid.shape[1] * (100 + 0.3 * n * weight.mid.shape[0]))
    total = np.zeros((weight.mid.shape[0], n)), np.zeros((weight.mid.shape[0], n))
    for j in range(weight.mid.shape[1]):
        mid, rad = weight.mid[:, j : j + 1], weight.rad[:, j : j + 1]
        exact = rad == 0
        w = np.where(exact, mid, fl.below(mid - rad)), np.where(exact, mid, fl.above(mid + rad))
        used = (w[0] != 0) | (w[1] != 0)
        term = fl.mul(w, (x[0][j : j + 1], x[1][j : j + 1]))
        total = fl.add(total, (np.where(used, term[0], 0.0), np.where(used, term[1], 0.0)))
    return total


class Operation(Instruction):
    """One operation of the grammar, element by element; equal ones are done together."""

    @classmethod
    @abstractmethod
    def of(cls, n: Term) -> Operation | None:
        """The operation if it is that of the term."""

    def operands(self, n: Term) -> tuple[Term, ...]:
        return n.args

    @abstractmethod
    def slopes(self, x: Sequence[Pair], value: Pair) -> Sequence[Pair]: ...

    def back(self, weights: Pair, x: Sequence[Pair], value: Pair) -> Sequence[Pair]:
        return [fl.mul(weights, slope) for slope in self.slopes(x, value)]
