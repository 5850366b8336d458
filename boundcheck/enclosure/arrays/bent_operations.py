"""Activations as instructions of a tape. Those that are shipped increase, so that their ends are
enough, and are the identity from 0 on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.float_slopes import number
from boundcheck.enclosure.arrays.floats import Pair
from boundcheck.enclosure.arrays.instruction import Operation
from boundcheck.exact.terms.activation import LeakyReLU, ReLU, SignReLU
from boundcheck.exact.terms.term import Term


@dataclass(frozen=True)
class Rectify(Operation):
    """ReLU."""

    @classmethod
    def of(cls, n: Term) -> Rectify | None:
        return cls() if n.op == "activate" and n.payload is ReLU else None

    def run(self, x: Sequence[Pair]) -> Pair:
        return np.maximum(x[0][0], 0.0), np.maximum(x[0][1], 0.0)

    def slopes(self, x: Sequence[Pair], value: Pair) -> Sequence[Pair]:
        return [(np.where(x[0][0] >= 0, 1.0, 0.0), np.where(x[0][1] > 0, 1.0, 0.0))]


class _Bent(Operation):
    """An increasing function that is the identity from 0 on, and another one, `left`, before."""

    def operands(self, n: Term) -> tuple[Term, ...]:
        return n.args[:1]

    @abstractmethod
    def left(self, t: Pair) -> Pair:
        """The values at the ends, which are <= 0."""

    @abstractmethod
    def left_slopes(self, t: Pair) -> Pair: ...

    def run(self, x: Sequence[Pair]) -> Pair:
        low, high = x[0]
        left = self.left(_negative(x[0]))
        return np.where(low >= 0, low, left[0]), np.where(high > 0, high, left[1])

    def slopes(self, x: Sequence[Pair], value: Pair) -> Sequence[Pair]:
        """Those of both sides where 0 is inside."""
        low, high = x[0]
        least, most = self.left_slopes(_negative(x[0]))
        least = np.where(low >= 0, 1.0, np.where(high > 0, np.minimum(least, 1.0), least))
        most = np.where(low >= 0, 1.0, np.where(high > 0, np.maximum(most, 1.0), most))
        return [(least, most)]


def _negative(t: Pair) -> Pair:
    return np.minimum(t[0], 0.0), np.minimum(t[1], 0.0)


@dataclass(frozen=True)
class Leak(_Bent):
    """LeakyReLU."""

    rho: LeakyReLU

    @classmethod
    def of(cls, n: Term) -> Leak | None:
        if n.op != "activate" or n.payload is not LeakyReLU or not _numeric(n):
            return None
        return cls(LeakyReLU(*(p.payload for p in n.args[1:])))

    def left(self, t: Pair) -> Pair:
        return fl.mul(t, number(self.rho.slope))

    def left_slopes(self, t: Pair) -> Pair:
        low, high = number(self.rho.slope)
        return np.full_like(t[0], low), np.full_like(t[0], high)


@dataclass(frozen=True)
class Soften(_Bent):
    """SignReLU: α t/(1 - t) for t < 0."""

    rho: SignReLU

    @classmethod
    def of(cls, n: Term) -> Soften | None:
        if n.op != "activate" or n.payload is not SignReLU or not _numeric(n):
            return None
        return cls(SignReLU(*(p.payload for p in n.args[1:])))

    def left(self, t: Pair) -> Pair:
        """Two roundings, of 1 - t and of the quotient, which lies in [-1, 0]."""
        with np.errstate(all="ignore"):
            low, high = (np.where(np.isinf(end), -1.0, end / (1 - end)) for end in t)
        low = np.maximum(fl.below(low, 3 * fl.U), -1.0)
        high = np.minimum(fl.above(high, 3 * fl.U), 0.0)
        ratio = np.where(t[0] == 0, 0.0, low), np.where(t[1] == 0, 0.0, high)
        return fl.mul(ratio, number(self.rho.alpha))

    def left_slopes(self, t: Pair) -> Pair:
        """α/(1 - t)² grows on t <= 0."""
        one = np.ones_like(t[0])
        root = fl.reciprocal(fl.sub((one, one), t))
        return fl.mul(fl.square(root), number(self.rho.alpha))


def _numeric(n: Term) -> bool:
    return all(p.op == "rational" for p in n.args[1:])
