"""Signs of a polynomial on a product of lines and half-lines, by a tree of changes of coordinates.

Each coordinate is free, >= 0 or > 0 (as in `exact.cells.cell`). Where all coefficients
are >= 0 and free coordinates only have even exponents, p >= 0; where, besides, one term has only
coordinates > 0, p > 0. The nodes of the tree:

    sign   i      a free u_i is >= 0, or -u_i is                                       (two parts)
    order  i, j   u_j = u_i + new, or u_i = u_j + new, with new >= 0                   (two parts)
    one    i      u_i = 1 + new, or u_i = 1/(1 + new), for u_i >= 0                    (two parts)
    sorted i...   p is symmetric in these, and so is the set: u_i <= u_j <= ... may be assumed
    least  i...   p stays as it is if these are rotated: u_i <= u_j, u_i <= u_k, ... may be assumed
    scale  i, j   u_i = u_j new, for u_j >= 0

`one` and `scale` leave out u_i = 0 or u_j = 0. Where p >= 0 is to be shown that does not matter: p
is continuous and the rest is dense. Where p > 0 is to be shown they need a coordinate that is > 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb, prod
from typing import Any

from flint import fmpq_mpoly

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.rational_function import Poly, compose
from boundcheck.exact.cells.cell import FREE, NONNEG, POSITIVE, support
from boundcheck.exact.terms.box import Range, rational_ends
from boundcheck.exact.terms.parser import Side
from boundcheck.exact.terms.term import number
from boundcheck.exact.terms.work import spend

Tree = Any
_MOST_TERMS, _MOST_DEGREE = 100_000, 1_000


class Misfit(Unsupported):
    """A node of the tree does not apply."""


@dataclass(frozen=True)
class Orthant:
    """The claim p >= 0 (p > 0 where strict) for all coordinates with these signs."""

    p: Poly
    signs: tuple[str, ...]
    strict: bool

    def visible(self) -> bool:
        """Whether the coefficients show the claim."""
        spend(2 + 1.5 * len(self.p))
        free = [i for i, s in enumerate(self.signs) if s == FREE]
        if not all(c >= 0 and not any(e[i] % 2 for i in free) for e, c in self.p.terms()):
            return False
        known = frozenset(i for i, s in enumerate(self.signs) if s == POSITIVE)
        return not self.strict or any(support(e) <= known for e in self.p.monoms())

    def parts(self, node: dict[str, Any]) -> list[Orthant]:
        """The claims that together imply this one. Raises Misfit."""
        (kind, given), *_ = ((k, v) for k, v in node.items() if k in MOVES)
        where = [given] if isinstance(given, int) else list(given)
        if len(set(where)) != len(where) or not all(
            isinstance(i, int) and 0 <= i < len(self.signs) for i in where
        ):
            raise Misfit(f"{given} are not coordinates")
        return list(getattr(self, f"_{kind}")(*where))

    def _with(self, changes: dict[int, Poly], signs: dict[int, str]) -> Orthant:
        """Simultaneous substitution; `signs` are those of the new coordinates."""
        self._affordable(changes)
        generators = list(self.p.context().gens())
        new = self.p.compose(
            *(changes.get(i, g) for i, g in enumerate(generators)), ctx=self.p.context()
        )
        return replace(self, p=new, signs=tuple(signs.get(i, s) for i, s in enumerate(self.signs)))

    def _affordable(self, changes: dict[int, Poly]) -> None:
        """Account for a substitution. Raises Misfit where the result would be enormous."""
        spend(10 + 4 * len(self.p))
        grown = {i: (len(q) - 1, int(q.total_degree()) - 1) for i, q in changes.items()}
        count = most = 0
        for e in self.p.monoms():
            count += prod(comb(int(e[i]) + more, more) for i, (more, _) in grown.items())
            most = max(
                most,
                sum(map(int, e)) + sum(int(e[i]) * steeper for i, (_, steeper) in grown.items()),
            )
        if count > _MOST_TERMS or most > _MOST_DEGREE:
            raise Misfit(f"it would make {count} terms of degree {most}")
        spend(0.5 * count * (1 + most / 200))

    def _sign(self, i: int) -> list[Orthant]:
        if self.signs[i] != FREE:
            raise Misfit(f"coordinate {i} is not free")
        return [
            replace(self._with({}, {i: NONNEG})),
            self._with({i: -self.p.context().gen(i)}, {i: NONNEG}),
        ]

    def _order(self, i: int, j: int) -> list[Orthant]:
        if (self.signs[i] == FREE) != (self.signs[j] == FREE):
            raise Misfit(f"coordinates {i} and {j} are of different kinds")
        u, v = self.p.context().gen(i), self.p.context().gen(j)
        return [self._with({j: u + v}, {j: NONNEG}), self._with({i: u + v}, {i: NONNEG})]

    def _one(self, i: int) -> list[Orthant]:
        if self.signs[i] == FREE or (self.strict and self.signs[i] != POSITIVE):
            raise Misfit(f"coordinate {i} may be negative, or zero")
        u = self.p.context().gen(i)
        self._affordable({i: u + 1})
        small = replace(self._with({}, {i: NONNEG}), p=compose(self.p, i, u**0, u + 1)[0])
        return [self._with({i: u + 1}, {i: NONNEG}), small]

    def _alike(self, where: Sequence[int], orders: Sequence[Sequence[int]]) -> None:
        """p and the set stay as they are if coordinate where[k] is put in the place
        of order[k], for each order."""
        if len({self.signs[i] for i in where}) != 1:
            raise Misfit("the coordinates have different signs")
        if not all(invariant(self.p, dict(zip(where, order, strict=True))) for order in orders):
            raise Misfit("the polynomial is not symmetric")

    def _sorted(self, *where: int) -> list[Orthant]:
        neighbours = [
            [*where[:k], where[k + 1], where[k], *where[k + 2 :]] for k in range(len(where) - 1)
        ]
        self._alike(where, neighbours)  # neighbours' exchanges generate all permutations
        sums, total = {}, self.p.context().constant(0)
        for i in where:
            total = total + self.p.context().gen(i)
            sums[i] = total
        return [self._with(sums, dict.fromkeys(where[1:], NONNEG))]

    def _least(self, *where: int) -> list[Orthant]:
        self._alike(where, [[*where[1:], where[0]]])
        first = self.p.context().gen(where[0])
        others = {i: first + self.p.context().gen(i) for i in where[1:]}
        return [self._with(others, dict.fromkeys(where[1:], NONNEG))]

    def _scale(self, i: int, j: int) -> list[Orthant]:
        if self.signs[j] == FREE or (self.strict and self.signs[j] != POSITIVE):
            raise Misfit(f"coordinate {j} may be negative, or zero")
        return [self._with({i: self.p.context().gen(i) * self.p.context().gen(j)}, {})]


MOVES = ("sign", "order", "one", "sorted", "least", "scale")


def invariant(p: Poly, put: dict[int, int]) -> bool:
    """Whether p stays as it is if generator i becomes generator put[i]."""
    spend(1 + 6 * len(p))
    terms = {tuple(int(k) for k in e): c for e, c in p.terms()}
    place = {new: old for old, new in put.items()}
    return all(
        terms.get(tuple(e[place.get(i, i)] for i in range(len(e)))) == c for e, c in terms.items()
    )


def orthant(p: fmpq_mpoly, ranges: Sequence[Range], strict: bool) -> Orthant:
    """The claim on a box: v = a + u, v = b - u, or v = (a + b u)/(1 + u);
    generator k belongs to ranges[k].

    Ends that are not written numbers are taken as infinite: the set only becomes larger.
    Raises Misfit.
    """
    signs = []
    for i, r in enumerate(ranges):
        u = p.context().gen(i)
        low, high = (
            None if e is None or rational_ends(only) is None else e.payload for e, only in _each(r)
        )
        side = r.lower if low is not None else r.upper
        signs.append(FREE if low is None and high is None else POSITIVE if side.open else NONNEG)
        if low is not None and high is not None:  # [a, b): the other end is its limit
            if low == high or (strict and not r.upper.open):
                raise Misfit(f"{r} is not half-open")
            p = compose(p, i, low + high * u, u + 1)[0]
        elif low is not None or high is not None:
            p = compose(p, i, u + low if low is not None else high - u, u**0)[0]
    return Orthant(p, tuple(signs), strict)


def _each(r: Range) -> list[tuple[Any, Range]]:
    return [(r.lower.value, replace(r, upper=r.lower)), (r.upper.value, replace(r, lower=r.upper))]


def space(signs: Sequence[str]) -> list[Range]:
    """The set as ranges of variables u0, u1, ..."""
    free, zero = Side(None, True), number(0)
    return [
        Range(f"u{k}", free if s == FREE else Side(zero, s == POSITIVE), Side(None, True))
        for k, s in enumerate(signs)
    ]
