"""Gaussian kernel marginals of discrete measures: f(x) = Σ_k m_k exp(-|x - u_k|²/(2σ²))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from boundcheck.errors import BoundcheckError
from boundcheck.exact.box import Box
from boundcheck.exact.network import Difference
from boundcheck.exact.parser import parse_term
from boundcheck.exact.rational import rational
from boundcheck.exact.term import Term, call, div, mul, neg, number, sub, symbol, term
from boundcheck.exact.term import add as plus


@dataclass(frozen=True)
class Marginal:
    """f(x) = Σ_k m_k exp(-|x - u_k|²/(2σ²)) for x in R^d.

    A density is κ f with κ = (2πσ²)^(-d/2); that factor is left to whoever needs it.

    Attributes:
        points: the atoms u_k, each a tuple of d constants (terms without variables, such as 1/2 or sqrt(3)/2).
        masses: the weights m_k, constants too; signed, none of them zero.
        variance: σ² > 0, exact.
    """

    points: tuple[tuple[Term, ...], ...]
    masses: tuple[Term, ...]
    variance: fmpq

    @classmethod
    def of(cls, points: Sequence[Any], masses: Sequence[Any], *, sigma: Any = None, variance: Any = None) -> Marginal:
        """A marginal from atoms (numbers where d = 1, or sequences of d of them), weights, and σ or σ².

        Raises:
            BoundcheckError: no atoms, atoms of different dimensions, a mass of zero, σ <= 0.
        """
        if (sigma is None) == (variance is None):
            raise BoundcheckError("give one of sigma and variance")
        name, given = ("sigma", sigma) if variance is None else ("variance", variance)
        size = rational(given)
        if size <= 0:
            raise BoundcheckError(f"{name} = {given}; it must be a positive number")
        atoms = [tuple(map(constant, p)) if _is_sequence(p) else (constant(p),) for p in points]
        if not atoms:
            raise BoundcheckError("the measure has no atoms; give it at least one point")
        if len({len(a) for a in atoms}) != 1 or not atoms[0]:
            raise BoundcheckError(
                f"the atoms have the dimensions {sorted({len(a) for a in atoms})}; they must agree and be at least 1"
            )
        weights = tuple(map(constant, masses))
        if len(weights) != len(atoms):
            raise BoundcheckError(f"{len(atoms)} atoms but {len(weights)} masses; the two numbers must agree")
        if any(w.op == "rational" and w.payload == 0 for w in weights):
            raise BoundcheckError("an atom has the mass 0; leave it out")
        return cls(tuple(atoms), weights, size if variance is not None else size * size)

    @property
    def dimension(self) -> int:
        return len(self.points[0])

    @property
    def names(self) -> tuple[str, ...]:
        """The variables of `term`: x where d = 1, and x1, ..., xd."""
        return ("x",) if self.dimension == 1 else tuple(f"x{i + 1}" for i in range(self.dimension))

    def box(self, R: Any) -> Box:
        """[-R, R]^d."""
        side = rational(R)
        if side <= 0:
            raise BoundcheckError(f"R = {R}; it must be a positive number")
        return Box(**dict.fromkeys(self.names, (-side, side)))

    def term(self, names: Sequence[str] | None = None) -> Term:
        """The function as a term in the given variables."""
        variables = [symbol(n) for n in (names or self.names)]
        total: Term | None = None
        for u, m in zip(self.points, self.masses, strict=True):
            square: Term | None = None
            for x, c in zip(variables, u, strict=True):
                gap = sub(x, c)
                square = mul(gap, gap) if square is None else plus(square, mul(gap, gap))
            assert square is not None
            bump = mul(m, call("exp", div(neg(square), number(2 * self.variance))))
            total = bump if total is None else plus(total, bump)
        assert total is not None
        return total

    def __term__(self) -> Term:
        return self.term()

    def __sub__(self, other: Any) -> Difference:
        """The error of a network, or the difference of two functions, for `sup_norm` and `lp_norm`."""
        return Difference(((1, self),)) - other


def constant(value: Any) -> Term:
    """A constant of the grammar from a number, a text or a term.

    Raises:
        BoundcheckError: it has a variable.
    """
    t = parse_term(value) if isinstance(value, str) else term(value)
    if t.free:
        raise BoundcheckError(f"{t} contains {', '.join(sorted(t.free))}; atoms and masses are constants")
    return t


def _is_sequence(value: Any) -> bool:
    return isinstance(value, (list, tuple)) or getattr(value, "ndim", 0) == 1
