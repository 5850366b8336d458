"""A term as a straight-line program over whole arrays: values and slopes on
thousands of boxes at once.

Linear combinations with exact coefficients are collected into matrices, and operations of one kind
at one level are done together; a layer of a network is two instructions, whether it has one neuron
or thousands. All numbers are outward-rounded intervals of float64 (`enclosure.arrays.floats`);
boxes are the columns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.doubles import ball_above, ball_below
from boundcheck.enclosure.arrays.floats import Rows
from boundcheck.enclosure.arrays.instruction import Affine, Instruction
from boundcheck.enclosure.arrays.operations import OPERATIONS, Operation, operation
from boundcheck.enclosure.arrays.shaped import Bool, Float64, Int
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.linear import Combination, combination
from boundcheck.exact.terms.term import Term, postorder
from boundcheck.exact.terms.work import spend

Corners: TypeAlias = Float64[np.ndarray, "names boxes"]
Table: TypeAlias = Float64[np.ndarray, "rows boxes"]
Row: TypeAlias = tuple[Float64[np.ndarray, " boxes"], Float64[np.ndarray, " boxes"]]
Index: TypeAlias = slice | Int[np.ndarray, " operations"]
_ZERO, _ONE = fmpq(0), fmpq(1)


@dataclass(frozen=True)
class _Step:
    """An instruction for the rows `out` of the table, from the rows `args` (one index for
    each operand)."""

    instruction: Instruction
    out: slice
    args: tuple[Index, ...]


class Tape:
    """A term, compiled.

    Args:
        root: the term.
        names: the variables; row k of a box belongs to names[k].

    Raises:
        Unsupported: a sum or integral with variables, or an activation of a user's own.
    """

    def __init__(self, root: Term, names: Sequence[str]) -> None:
        self.names = tuple(names)
        nodes = list(postorder(root))
        constants = [n for n in nodes if n.op != "rational" and not n.free]
        sums: dict[Term, Combination] = {n: Combination(_ZERO, {n: _ONE}) for n in constants}
        for n in nodes:
            if n not in sums:
                made = combination(n, [sums[a] for a in n.args])
                sums[n] = made or Combination(_ZERO, {n: _ONE})
        rows: dict[Term, int] = {}
        for n in nodes:
            if n.op == "symbol":
                if n.payload not in self.names:
                    raise Unsupported(f"{n} has no range")
                rows[n] = self.names.index(n.payload)
        self._constants = [_enclosed(n) for n in constants]
        # a constant without a clear value
        self._nowhere = any(low > high for low, high in self._constants)
        self._constants = [
            (low, high) if low <= high else (-math.inf, math.inf) for low, high in self._constants
        ]
        rows |= {n: k for k, n in enumerate(constants, start=len(self.names))}
        self.count = len(self.names) + len(constants)
        self.steps: list[_Step] = []
        self.root = self._compile(root, sums, rows)
        self.matrices = 0.01 * sum(
            s.instruction.size for s in self.steps if isinstance(s.instruction, Affine)
        )
        self.partial = [s for s in self.steps if s.instruction.partial]
        self.work = sum((s.instruction.work(s.out.stop - s.out.start) for s in self.steps), 0.0)

    def _compile(self, root: Term, sums: dict[Term, Combination], rows: dict[Term, int]) -> int:
        """Write the steps for what has no row yet, level by level, and give the root's row."""
        basis = {n: operation(n) for n, s in sums.items() if n in s.parts and n not in rows}
        operands = {a for n, kind in basis.items() for a in kind.operands(n)} | {root}
        # an operand that is a combination gets a row of its own, one level above what it is made of
        home = {n: _home(n, sums[n]) for n in operands}
        levels = dict.fromkeys(rows, 0)
        groups: dict[tuple[int, Operation | None], list[Term]] = {}
        for n, s in sums.items():
            kind = basis.get(n)
            if kind is not None:
                below = (levels[home[a]] for a in kind.operands(n))
            elif home.get(n) is n and n not in rows:
                below = (levels[b] for b in s.parts)
            else:
                continue
            levels[n] = 1 + max(below, default=0)
            groups.setdefault((levels[n], kind), []).append(n)
        for level, kind in sorted(groups, key=_place):
            alike = groups[level, kind]
            out = slice(self.count, self.count + len(alike))
            self.count = out.stop
            rows |= {n: k for k, n in enumerate(alike, start=out.start)}
            if kind is None:
                self.steps.append(_combined(out, [sums[n] for n in alike], rows))
            else:
                columns = zip(*map(kind.operands, alike), strict=True)
                args = tuple(_index([rows[home[a]] for a in column]) for column in columns)
                self.steps.append(_Step(kind, out, args))
        return rows[home[root]]

    # -- running -----------------------------------------------------------------------------------

    def values(self, lower: Corners, upper: Corners) -> tuple[Table, Table]:
        """The table of all rows for boxes, of which `lower` and `upper` are corners."""
        spend(30 + 50 * len(self.steps) + self.work * lower.shape[1])
        low, high = np.empty((self.count, lower.shape[1])), np.empty((self.count, lower.shape[1]))
        d = len(self.names)
        low[:d], high[:d] = lower, upper
        for k, (a, b) in enumerate(self._constants, start=d):
            low[k], high[k] = a, b
        for s in self.steps:
            low[s.out], high[s.out] = s.instruction.run([(low[i], high[i]) for i in s.args])
        return low, high

    def defined(self, low: Table, high: Table) -> Bool[np.ndarray, " boxes"]:
        """For each box, whether every operation is certainly defined on all of it."""
        spend(5 + len(self.partial) * (15 + 0.01 * low.shape[1]))
        ok = np.full(low.shape[1], not self._nowhere)
        for s in self.partial:
            ok &= s.instruction.defined([(low[i], high[i]) for i in s.args]).all(axis=0)
        return ok

    def slopes(self, low: Table, high: Table) -> tuple[Corners, Corners]:
        """Intervals that contain every slope of the root in each variable; needs `defined`."""
        n = low.shape[1]
        spend(50 + 110 * len(self.steps) + (0.1 * self.count + 0.5 * self.matrices) * n)
        zero = (np.zeros(n), np.zeros(n))
        weights: list[Row | None] = [None] * self.count
        weights[self.root] = (np.ones(n), np.ones(n))
        for s in reversed(self.steps):
            mine = weights[s.out]
            if all(w is None for w in mine):
                continue
            x, value = [(low[i], high[i]) for i in s.args], (low[s.out], high[s.out])
            passed = s.instruction.back(_stacked(mine, zero), x, value)
            for index, part in zip(s.args, passed, strict=True):
                for row, a, b in zip(_listed(index), *part):
                    old = weights[row]
                    weights[row] = (a, b) if old is None else fl.add(old, (a, b))
        return _stacked(weights[: len(self.names)], zero)


def _home(n: Term, s: Combination) -> Term:
    """The term whose row has the value of n: another one where n is no more than that."""
    return next(iter(s.parts)) if s.constant == 0 and [*s.parts.values()] == [1] else n


def _combined(out: slice, sums: Sequence[Combination], rows: Mapping[Term, int]) -> _Step:
    used = sorted({rows[b] for s in sums for b in s.parts})
    at = {r: k for k, r in enumerate(used)}
    table = [[_ZERO] * len(used) + [s.constant] for s in sums]
    for row, s in zip(table, sums, strict=True):
        for b, c in s.parts.items():
            row[at[rows[b]]] = c
    return _Step(Affine(table), out, (_index(used),))


def _place(key: tuple[int, Operation | None]) -> tuple[int | str, ...]:
    level, f = key
    return (level,) if f is None else (level, OPERATIONS.index(type(f)), repr(f))


def _index(rows: list[int]) -> Index:
    """A slice where the rows are consecutive: a view instead of a copy."""
    if not rows:
        return slice(0, 0)
    if rows == list(range(rows[0], rows[0] + len(rows))):
        return slice(rows[0], rows[0] + len(rows))
    return np.array(rows)


def _listed(index: Index) -> Sequence[int]:
    return range(index.start, index.stop) if isinstance(index, slice) else index.tolist()


def _stacked(rows: Sequence[Row | None], zero: Row) -> Rows:
    filled = [zero if r is None else r for r in rows]
    return np.stack([r[0] for r in filled]), np.stack([r[1] for r in filled])


def _enclosed(n: Term) -> tuple[float, float]:
    """Doubles around a constant; a reversed pair where it has no value, or none that is clear."""
    try:
        value = at_point(n, {}, 96)
    except (Unclear, DomainError):
        return math.inf, -math.inf
    with ctx.workprec(96):
        ball = arb(value)
    return ball_below(ball), ball_above(ball)
