"""Gaussian kernel marginals of discrete measures: f(x) = Σ_k m_k exp(-|x - u_k|²/(2σ²))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeGuard, TypeVar

from flint import arb, ctx, fmpq, fmpz

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.decimals import Enclosure, enclosure
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.networks.difference import Difference
from boundcheck.exact.networks.network import FunctionLike
from boundcheck.exact.terms.box import Box, BoxLike
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.term import (
    Term,
    TextOrTerm,
    call,
    div,
    mul,
    neg,
    number,
    sub,
    symbol,
    term,
)
from boundcheck.exact.terms.term import add as plus
from boundcheck.norms.supremum import DEFAULT_BUDGET, maximum
from boundcheck.rims import rim

if TYPE_CHECKING:
    from sympy import Expr

AtomLike: TypeAlias = TextOrTerm | Sequence[TextOrTerm]
"""An atom given by a user: d constants of the grammar, or one where d = 1."""

PointLike: TypeAlias = ExactLike | Sequence[ExactLike]
"""A point given by a user: d rational numbers, or one where d = 1."""

_T = TypeVar("_T")
MAX_DIGITS = 10_000
_BITS = 192


@dataclass(frozen=True)
class Marginal:
    """f(x) = Σ_k m_k exp(-|x - u_k|²/(2σ²)) for x in R^d.

    A density is κ f with κ = (2πσ²)^(-d/2); that factor is left to whoever needs it.

    Attributes:
        points: the atoms u_k, each a tuple of d constants (terms without variables,
            such as 1/2 or sqrt(3)/2).
        masses: the weights m_k, constants too; signed, none of them zero.
        variance: σ² > 0, exact.

    >>> f = Marginal.of([0, "1/2"], [1, "-1/3"], sigma="1/2")
    >>> f.dimension, f.names, f.variance, f.box(1), f.total_mass.text(3)
    (1, ('x',), 1/4, Box('x in [-1, 1]'), '[1.33, 1.34]')
    >>> f.term()
    Term(exp(-(x*x)/(1/2)) + -1/3*exp(-((x - 1/2)*(x - 1/2))/(1/2)))
    """

    points: tuple[tuple[Term, ...], ...]
    masses: tuple[Term, ...]
    variance: fmpq

    @classmethod
    def of(
        cls,
        points: Sequence[AtomLike],
        masses: Sequence[TextOrTerm],
        *,
        sigma: ExactLike | None = None,
        variance: ExactLike | None = None,
    ) -> Marginal:
        """A marginal from atoms (numbers where d = 1, or sequences of d of them), weights,
        and σ or σ².

        Raises:
            BoundcheckError: no atoms, atoms of different dimensions, a mass of zero, σ <= 0, or not
                one of sigma and variance.

        >>> f = Marginal.of([(0, 0), ("sqrt(3)/2", "1/2")], [1, "-1/2"], variance="1/4")
        >>> f.dimension, f.masses
        (2, (Term(1), Term(-1/2)))
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
                f"the atoms have the dimensions {sorted({len(a) for a in atoms})}; they must "
                "agree and be at least 1"
            )
        weights = tuple(map(constant, masses))
        if len(weights) != len(atoms):
            raise BoundcheckError(
                f"{len(atoms)} atoms but {len(weights)} masses; the two numbers must agree"
            )
        for atom, w in zip(atoms, weights, strict=True):
            if w.op == "rational" and w.payload == 0:
                raise BoundcheckError(f"the atom {shown(atom)} has the mass 0; leave it out")
        return cls(tuple(atoms), weights, size if variance is not None else size * size)

    @property
    def dimension(self) -> int:
        """d."""
        return len(self.points[0])

    @property
    def names(self) -> tuple[str, ...]:
        """The variables of `term`: x where d = 1, and x1, ..., xd."""
        return ("x",) if self.dimension == 1 else tuple(f"x{i + 1}" for i in range(self.dimension))

    def box(self, R: ExactLike) -> Box:
        """[-R, R]^d.

        Raises:
            BoundcheckError: R <= 0.
        """
        side = half_side(R)
        return Box(**dict.fromkeys(self.names, (-side, side)))

    def term(self, names: Sequence[str] | None = None) -> Term:
        """The function as a term in the given variables, by default `names`.

        >>> Marginal.of([1], [2], variance="1/2").term(["t"])
        Term(2*exp(-((t - 1)*(t - 1))))
        """
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

    def sympy(self) -> Expr:
        """The function as a sympy expression in the variables `names`.

        >>> Marginal.of([1], [2], variance="1/2").sympy()
        2*exp(-(x - 1)**2)
        """
        return rim("sympy").to_sympy(self.term())

    @property
    def total_mass(self) -> Enclosure:
        """|μ| = Σ |m_k|, where the masses at one point add up first; exact for rational masses.

        Points are the same if they are written alike; where one point is written in two
        ways, this bounds |μ| above.
        """
        found: dict[tuple[Term, ...], fmpq | arb] = {}
        with ctx.workprec(_BITS):
            for u, m in zip(self.points, self.masses, strict=True):
                found[u] = found.get(u, fmpq(0)) + at_point(m, {}, _BITS)
            return enclosure(sum(map(abs, found.values()), fmpq(0)))

    def check(self) -> None:
        """Refuse the measure zero, for constructions that need another one.

        Raises:
            BoundcheckError: all masses are zero, or cancel at their points.

        >>> Marginal.of([0, 0], [1, -1], sigma=1).check()  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        boundcheck.errors.BoundcheckError: the total mass is zero: ...
        """
        if not (self.total_mass.lower or 0) > 0:
            raise BoundcheckError(
                "the total mass is zero: the masses vanish or cancel; change the mass of some atom"
            )

    # -- values ------------------------------------------------------------------------------------

    def value(self, x: PointLike, digits: int = 30) -> arb:
        """f(x) at d rational numbers (at one, where d = 1): a ball.

        Its radius is at most 10^-digits Σ_k |m_k| exp(-|x - u_k|²/(2σ²)).

        Raises:
            BoundcheckError: a point of another dimension, or digits out of 1..10000.

        >>> enclosure(Marginal.of([0], [1], sigma=1).value(1)).text(10)  # exp(-1/2)
        '[0.6065306597, 0.6065306598]'
        """
        return self._at(x, digits)[0]

    def gradient(self, x: PointLike, digits: int = 30) -> tuple[arb, ...]:
        """∇f(x) = -σ^-2 Σ_k m_k (x - u_k) exp(-|x - u_k|²/(2σ²)) at rational numbers: d balls.

        Their radii are at most 10^-digits σ^-2 Σ_k |m_k| (1 + |x_i - u_k,i|)
        exp(-|x - u_k|²/(2σ²)).

        Raises:
            BoundcheckError: as `value`.

        >>> (slope,) = Marginal.of([0], [1], sigma=1).gradient(1)
        >>> enclosure(slope).text(10)  # -exp(-1/2)
        '[-0.6065306598, -0.6065306597]'
        """
        return self._at(x, digits)[1:]

    def _at(self, x: PointLike, digits: int) -> tuple[arb, ...]:
        at = self._point(x)
        if not 1 <= digits <= MAX_DIGITS:
            raise BoundcheckError(f"digits = {digits}; it must be between 1 and {MAX_DIGITS}")
        small, bits = fmpq(1, fmpz(10) ** digits), 4 * digits + 32
        while True:
            with ctx.workprec(bits):
                found, sizes = self._sums(at, bits)
                if all(v.rad() <= (s * small).lower() for v, s in zip(found, sizes, strict=True)):
                    return found
            bits *= 2

    def _sums(self, at: tuple[fmpq, ...], bits: int) -> tuple[tuple[arb, ...], tuple[arb, ...]]:
        """f and its gradient, and the sums of the sizes by which their radii are measured."""
        found, sizes = ([arb(0)] * (self.dimension + 1) for _ in range(2))
        for u, m in zip(self.points, self.masses, strict=True):
            gaps = [c - ball(e, bits) for c, e in zip(at, u, strict=True)]
            bump = ball(m, bits) * (-sum((g * g for g in gaps), arb(0)) / (2 * self.variance)).exp()
            for i, factor in enumerate([arb(1), *(-g / self.variance for g in gaps)]):
                found[i] += bump * factor
                sizes[i] += abs(bump) * (abs(factor) + (1 / self.variance if i else 0))
        return tuple(found), tuple(sizes)

    def _point(self, x: PointLike) -> tuple[fmpq, ...]:
        at = tuple(map(rational, x)) if _is_sequence(x) else (rational(x),)
        if len(at) != self.dimension:
            raise BoundcheckError(
                f"the point has {len(at)} coordinates; this marginal takes {self.dimension}"
            )
        return at

    def bounds(
        self, on: BoxLike, rtol: ExactLike = 1e-3, *, budget: float = DEFAULT_BUDGET
    ) -> tuple[Enclosure, Enclosure]:
        """(min f, max f) over a box with d ranges, enclosed.

        One atom has its extremes at the nearest and the farthest point of the box: the width is
        that of rounding. With more atoms `maximum` searches: to the width rtol |value| where all
        masses have one sign, else to rtol Σ|m_k|.

        Args:
            on: a `Box` or a text, with finite constant ends; its variables are the
                coordinates, in their order.
            budget: units of work, for each of the two (see `exact.terms.work`).

        Raises:
            NotReached: the budget was spent; it carries the enclosure found so far.
            BoundcheckError: rtol outside (0, 1), or a bad box.

        >>> f = Marginal.of([0, 1], [1, 1], sigma="1/2")
        >>> low, high = f.bounds("x in [-1, 1]", rtol="1e-6")
        >>> low.text(3), high.text(3)
        ('[0.135, 0.136]', '[1.21, 1.22]')
        """
        box, wanted = Box.of(on), rational(rtol)
        if not 0 < wanted < 1:
            raise BoundcheckError(f"rtol = {rtol} is not between 0 and 1")
        if len(box.names) != self.dimension:
            raise BoundcheckError(
                f"the box has {len(box.names)} variables; this marginal takes {self.dimension}"
            )
        if len(self.points) == 1:
            return self._bounds_of_one(box)
        f = self.term(box.names)
        low = self._maximum(neg(f), box, wanted, budget)
        return Enclosure(
            *(None if e is None else -e for e in (low.upper, low.lower))
        ), self._maximum(f, box, wanted, budget)

    def _maximum(self, f: Term, box: Box, rtol: fmpq, budget: float) -> Enclosure:
        with ctx.workprec(_BITS):
            masses = [ball(m, _BITS) for m in self.masses]
        one_sign = all(m > 0 for m in masses) or all(m < 0 for m in masses)
        atol = rtol * fmpq(*float(sum(map(abs, masses)).abs_upper()).as_integer_ratio())
        while True:
            found = maximum(f, box, atol, budget=budget)
            assert found.lower is not None
            assert found.upper is not None
            least = max(found.lower, -found.upper)
            if not one_sign or found.upper - found.lower <= rtol * least:
                return Enclosure(found.lower, found.upper)
            atol = max(rtol * least / 2, atol / 1024)

    def _bounds_of_one(self, box: Box) -> tuple[Enclosure, Enclosure]:
        (u,), (m,) = self.points, self.masses
        near = far = arb(0)
        with ctx.workprec(_BITS):
            for r, c in zip(box.ranges, u, strict=True):
                if r.lower.value is None or r.upper.value is None:
                    raise BoundcheckError(
                        f"the range of {r.name} must have finite ends; give it some: [0, 1]"
                    )
                left, right = (ball(c, _BITS) - ball(e.value, _BITS) for e in (r.lower, r.upper))
                near += (-left).max(right).max(arb(0)) ** 2
                far += abs(left).max(abs(right)) ** 2
            weakest, strongest = (
                ball(m, _BITS) * (-t / (2 * self.variance)).exp() for t in (far, near)
            )
            return enclosure(weakest.min(strongest)), enclosure(weakest.max(strongest))

    def __term__(self) -> Term:
        return self.term()

    def __sub__(self, other: FunctionLike) -> Difference:
        """The error of a network, or the difference of two functions, for
        `sup_norm` and `lp_norm`."""
        return Difference(((1, self),)) - other


def constant(value: TextOrTerm) -> Term:
    """A constant of the grammar from a number, a text or a term.

    Raises:
        BoundcheckError: it has a variable, or no real value that can be computed.

    >>> constant("sqrt(3)/2"), constant(0.5)
    (Term(sqrt(3)/2), Term(1/2))
    """
    t = parse_term(value) if isinstance(value, str) else term(value)
    if t.free:
        raise BoundcheckError(
            f"{t} contains the variable {', '.join(sorted(t.free))}; atoms and masses are constants"
        )
    try:
        at_point(t, {}, 128)
    except (DomainError, Unclear, Unsupported) as error:
        raise BoundcheckError(
            f"{t} has no value ({error}); atoms and masses are real constants"
        ) from None
    return t


def half_side(R: ExactLike) -> fmpq:
    """R of the box [-R, R]^d.

    Raises:
        BoundcheckError: R <= 0.

    >>> half_side("3/2")
    3/2
    """
    side = rational(R)
    if side <= 0:
        raise BoundcheckError(f"R = {R}; it must be a positive number")
    return side


def shown(point: Sequence[object]) -> str:
    """A point as people write it: 1/2, or (0, 1/2).

    >>> shown(["1/2"]), shown([0, "1/2"])
    ('1/2', '(0, 1/2)')
    """
    return str(point[0]) if len(point) == 1 else f"({', '.join(map(str, point))})"


def ball(value: arb | TextOrTerm, bits: int) -> arb:
    """The constant as a ball, at `bits` of precision; balls stay as they are.

    >>> enclosure(ball("sqrt(2)", 64)).text(10)
    '[1.414213562, 1.414213563]'
    """
    with ctx.workprec(bits):
        return value if isinstance(value, arb) else arb(at_point(constant(value), {}, bits))


def _is_sequence(value: _T | Sequence[_T]) -> TypeGuard[Sequence[_T]]:
    return isinstance(value, (list, tuple)) or getattr(value, "ndim", 0) == 1
