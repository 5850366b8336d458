"""The operations of the grammar as instructions of a tape: to add one is to add its class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.bent_operations import Leak, Rectify, Soften
from boundcheck.enclosure.arrays.float_functions import (
    DEFINED,
    FUNCTIONS,
    real_power,
    real_power_defined,
)
from boundcheck.enclosure.arrays.float_slopes import SLOPES, number, unknown
from boundcheck.enclosure.arrays.floats import Mask, Pair
from boundcheck.enclosure.arrays.instruction import Operation
from boundcheck.errors import Unsupported
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import Term


@dataclass(frozen=True)
class Mul(Operation):
    @classmethod
    def of(cls, n: Term) -> Mul | None:
        return cls() if n.op == "mul" and n.args[0] is not n.args[1] else None

    def run(self, x: Sequence[Pair]) -> Pair:
        return fl.mul(*x)

    def slopes(self, x: Sequence[Pair], value: Pair) -> Sequence[Pair]:
        return [x[1], x[0]]


@dataclass(frozen=True)
class Div(Operation):
    partial = True

    @classmethod
    def of(cls, n: Term) -> Div | None:
        return cls() if n.op == "div" else None

    def run(self, x: Sequence[Pair]) -> Pair:
        return fl.divide(*x)

    def defined(self, x: Sequence[Pair]) -> Mask:
        return DEFINED["div"](x[1])

    def slopes(self, x: Sequence[Pair], value: Pair) -> Sequence[Pair]:
        r = fl.reciprocal(x[1])
        return [r, fl.neg(fl.mul(x[0], fl.square(r)))]


@dataclass(frozen=True)
class Power(Operation):
    """x**n for an integer n; a product of a term with itself is one, too."""

    n: int
    partial = True  # as far as `spend` counts: only where n < 0

    @classmethod
    def of(cls, n: Term) -> Power | None:
        if n.op == "mul" and n.args[0] is n.args[1]:
            return cls(2)
        whole = _whole(n) if n.op == "pow" else None
        return None if whole is None else cls(whole)

    def operands(self, n: Term) -> tuple[Term, ...]:
        return n.args[:1]

    def run(self, x: Sequence[Pair]) -> Pair:
        return fl.power(x[0], self.n)

    def defined(self, x: Sequence[Pair]) -> Mask:
        return DEFINED["div"](x[0]) if self.n < 0 else np.ones(x[0][0].shape, bool)

    def slopes(self, x: Sequence[Pair], value: Pair) -> Sequence[Pair]:
        if self.n == 0:
            return [(np.zeros_like(x[0][0]), np.zeros_like(x[0][0]))]
        return [fl.mul(fl.power(x[0], self.n - 1), number(fmpq(self.n)))]


def _whole(n: Term) -> int | None:
    e = n.args[1]
    return int(e.payload.p) if e.op == "rational" and e.payload.q == 1 else None


@dataclass(frozen=True)
class RealPower(Operation):
    """x**y = exp(y log x)."""

    partial = True

    @classmethod
    def of(cls, n: Term) -> RealPower | None:
        return cls() if n.op == "pow" and _whole(n) is None else None

    def run(self, x: Sequence[Pair]) -> Pair:
        return real_power(*x)

    def defined(self, x: Sequence[Pair]) -> Mask:
        return real_power_defined(*x)

    def slopes(self, x: Sequence[Pair], value: Pair) -> Sequence[Pair]:
        return [fl.mul(value, fl.divide(x[1], x[0])), fl.mul(value, FUNCTIONS["log"](x[0]))]


@dataclass(frozen=True)
class Call(Operation):
    """A function of one variable."""

    name: str

    @classmethod
    def of(cls, n: Term) -> Call | None:
        return cls(n.payload) if n.op == "call" and n.payload not in ("Max", "Min") else None

    @property
    def partial(self) -> bool:
        return self.name in DEFINED

    def run(self, x: Sequence[Pair]) -> Pair:
        return FUNCTIONS[self.name](x[0])

    def defined(self, x: Sequence[Pair]) -> Mask:
        return DEFINED[self.name](x[0])

    def slopes(self, x: Sequence[Pair], value: Pair) -> Sequence[Pair]:
        return [SLOPES.get(self.name, unknown)(x[0], value)]


@dataclass(frozen=True)
class Max(Operation):
    @classmethod
    def of(cls, n: Term) -> Max | None:
        return cls() if n.op == "call" and n.payload == "Max" else None

    def run(self, x: Sequence[Pair]) -> Pair:
        return fl.maximum(*x)

    def slopes(self, x: Sequence[Pair], value: Pair) -> Sequence[Pair]:
        return _shares(x[0], x[1])


@dataclass(frozen=True)
class Min(Operation):
    @classmethod
    def of(cls, n: Term) -> Min | None:
        return cls() if n.op == "call" and n.payload == "Min" else None

    def run(self, x: Sequence[Pair]) -> Pair:
        return fl.minimum(*x)

    def slopes(self, x: Sequence[Pair], value: Pair) -> Sequence[Pair]:
        return _shares(x[1], x[0])


def _shares(x: Pair, y: Pair) -> Sequence[Pair]:
    """Slopes s and 1 - s with s = 1 where x > y and s = 0 where x < y, in [0, 1] between."""
    more, less = np.where(x[0] > y[1], 1.0, 0.0), np.where(y[0] > x[1], 1.0, 0.0)
    return [(more, 1.0 - less), (less, 1.0 - more)]


OPERATIONS: tuple[type[Operation], ...] = (
    Max,
    Min,
    Leak,
    Rectify,
    Soften,
    Call,
    Div,
    Mul,
    Power,
    RealPower,
)
"""In the order of their rows within a level, by which the sums of matrices are rounded."""


def operation(n: Term) -> Operation:
    """Raises Unsupported where there is none."""
    for kind in OPERATIONS:
        found = kind.of(n)
        if found is not None:
            return found
    raise Unsupported(f"{brief(n)} is not for whole arrays")
