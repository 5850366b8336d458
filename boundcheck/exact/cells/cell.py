"""Cells: sets of points given by non-negative coordinates, on which signs can be read off.

A hypothesis such as `C >= x` is used by making the difference a coordinate that is not negative
(a slack). A cell is the image of an orthant under such changes of variables: every variable is a
rational function of the coordinates. A polynomial in the coordinates whose coefficients are all
>= 0 is then >= 0 on the whole cell, however many variables and parameters there are. Reading
signs that way (`nonneg`, `positive`) is the kernel of every proof about families.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flint import fmpq_mpoly_ctx

from boundcheck.exact.algebra.rational_function import (
    Poly,
    Ratio,
    compose,
    factored,
    ring,
    substitute,
)
from boundcheck.exact.cells.nonzero import always_one
from boundcheck.exact.terms.work import spend

FREE, NONNEG, POSITIVE = "real", ">= 0", "> 0"

# Factoring is only worth its time on small polynomials.
_MAX_FACTORED, _MAX_DEGREE = 400, 16
_SPARE = 12


@dataclass(frozen=True)
class Move:
    """A change of one coordinate, `old = num/den` with `den > 0` on the cell, in which the same
    generator now means a new coordinate. See `moves` for those that are sound.

    Attributes:
        index: the generator.
        num, den: the old coordinate in terms of the new ones.
        sign: what is known of the new coordinate.
        partner: for a two-sided range, what is known of the one generator that the move adds; the
            two new coordinates are then never both zero.
    """

    index: int
    num: Poly
    den: Poly
    sign: str
    partner: str | None = None

    def pull(self, p: Poly) -> Poly:
        """A polynomial in the new coordinates of the same sign as `p`."""
        return compose(p, self.index, self.num, self.den)[0]


@dataclass(frozen=True)
class Cell:
    """A set of points `{point(u) : u in an orthant, groups > 0}`.

    Attributes:
        context: polynomial ring of the coordinates.
        signs: what is known of each coordinate in use: `FREE`, `NONNEG` or `POSITIVE`.
        groups: polynomials known to be > 0 on the cell.
        facts: polynomials known to be >= 0 on the cell that no coordinate could absorb.
        point: each variable as a rational function of the coordinates.
    """

    context: fmpq_mpoly_ctx
    signs: tuple[str, ...]
    groups: tuple[Poly, ...]
    point: Mapping[str, Ratio]
    facts: tuple[Poly, ...] = ()

    @cached_property
    def generators(self) -> tuple[Poly, ...]:
        return tuple(self.context.gens())

    @property
    def spare(self) -> int | None:
        """The next unused generator, if the ring has one."""
        return len(self.signs) if len(self.signs) < len(self.generators) else None

    # -- the kernel: reading signs ------------------------------------------------------------

    def nonneg(self, p: Poly) -> bool:
        """Whether every term of `p` is visibly >= 0, or `p` is a known fact: then `p >= 0` here."""
        return self.nonneg_terms(p) or (
            bool(self.facts or self.groups) and monic(p) in self.facts + self.groups
        )

    def nonneg_terms(self, p: Poly) -> bool:
        """Whether every term of `p` is visibly >= 0."""
        spend(1 + 1.5 * len(p))
        free = [i for i, s in enumerate(self.signs) if s == FREE]
        return all(value >= 0 and not any(e[i] % 2 for i in free) for e, value in p.terms())

    def positive(self, p: Poly) -> bool:
        """Whether `p > 0` on the cell is visible: no negative term, and always a positive one."""
        if p.is_zero() or not self.nonneg(p):
            return False
        if monic(p) in self.groups:
            return True
        if not self.nonneg_terms(p):
            return False
        spend(2 * len(p))
        known = sum(1 << i for i, s in enumerate(self.signs) if s == POSITIVE)
        return always_one(map(_bits, p.monoms()), known, self._alternatives)

    @cached_property
    def _alternatives(self) -> tuple[tuple[int, ...], ...]:
        """For each group, the coordinates of each of its terms."""
        spend(sum(2 * len(g) for g in self.groups))
        return tuple(tuple(map(_bits, g.monoms())) for g in self.groups)

    def sign(self, r: Ratio) -> str | None:
        """`"+"`, `"-"`, `"0"`, `"0+"` (>= 0), `"0-"`, or None where it cannot be read off."""
        if r.is_zero():
            return "0"
        p = self.oriented(r)
        for form in (
            (lambda: p, lambda: self.reduced(p)) if self.facts or self.groups else (lambda: p,)
        ):
            for q, strictly, weakly in ((form(), "+", "0+"), (-form(), "-", "0-")):
                if self.nonneg(q):
                    return strictly if self.positive(q) else weakly
        return None

    def reduced(self, p: Poly) -> Poly:
        """`p` divided by factors that are visibly > 0 on the cell; its sign is unchanged."""
        if p.is_zero() or len(p) > _MAX_FACTORED or p.total_degree() > _MAX_DEGREE:
            return p
        scale, factors = factored(p)
        if len(factors) == 1 and factors[0][1] == 1:
            return p
        result = self.context.constant(1 if scale > 0 else -1)
        for f, k in factors:
            if not self.positive(f):
                spend(1 + 0.1 * len(p) * len(f))
                result *= (-1 if self.positive(-f) else f) ** k
        return result

    def oriented(self, r: Ratio) -> Poly:
        """A polynomial of the same sign as `r`, wherever the denominator of `r` is not zero."""
        if self.positive(r.den):
            return r.num
        spend(1 + 0.05 * len(r.num) * len(r.den))
        return -r.num if self.positive(-r.den) else r.num * r.den

    # -- moving -------------------------------------------------------------------------------

    def apply(self, move: Move) -> Cell | None:
        """The cell in the new coordinates; None where it is empty."""
        i = move.index
        groups = [move.pull(g) for g in self.groups]
        if self.signs[i] == POSITIVE:
            groups.append(move.num)
        signs = (*self.signs[:i], move.sign, *self.signs[i + 1 :])
        if move.partner is not None:
            groups.append(self.generators[i] + self.generators[len(signs)])
            signs = (*signs, move.partner)
        bare = Cell(self.context, signs, (), {}).knowing(groups)
        if bare is None:  # asked first: on an empty cell the denominators of the point may vanish
            return None
        point = {name: substitute(r, i, move.num, move.den) for name, r in self.point.items()}
        return replace(bare, point=point).with_facts(move.pull(f) for f in self.facts)

    def with_facts(self, facts: Iterable[Poly]) -> Cell:
        """The cell with further polynomials known to be >= 0."""
        new = [monic(f) for f in facts if not self.nonneg_terms(f)]
        return (
            replace(self, facts=(*self.facts, *(f for f in new if f not in self.facts)))
            if new
            else self
        )

    def knowing(self, positive: Iterable[Poly]) -> Cell | None:
        """The cell with further polynomials known to be > 0; None where one of them cannot be."""
        signs, kept = list(self.signs), list(self.groups)
        for g in positive:
            if self.nonneg_terms(-g):
                return None
            if len(g) == 1:  # one product of coordinates: none of them is zero
                for i in support(g.monoms()[0]):
                    if signs[i] == NONNEG:
                        signs[i] = POSITIVE
            if (g := monic(g)) not in kept and not g.is_constant():
                kept.append(g)
        return replace(self, signs=tuple(signs), groups=tuple(kept))


def space(names: Sequence[str]) -> Cell:
    """All of R^n, with room for two-sided ranges."""
    context = ring([f"x{k}" for k in range(len(names))] + [f"u{k}" for k in range(_SPARE)])
    one = context.constant(1)
    point = {n: Ratio(context.gen(i), one, reduced=True) for i, n in enumerate(names)}
    return Cell(context, (FREE,) * len(names), (), point)


def monic(p: Poly) -> Poly:
    """`p` divided by a positive number, so that positive multiples are equal."""
    return p if p.is_zero() else p / abs(p.leading_coefficient())


def support(exponents: tuple[int, ...]) -> frozenset[int]:
    """The generators of a monomial."""
    return frozenset(i for i, e in enumerate(exponents) if e)


def _bits(exponents: tuple[int, ...]) -> int:
    """The generators of a monomial as the bits of a number."""
    return sum(1 << i for i, e in enumerate(exponents) if e)
