"""Signs of polynomials in one variable on an interval, decided exactly by Sturm sequences.

Let p = c ∏ f_m**m be the square-free factorisation. Only the factors of odd multiplicity change
their sign, so with q = c ∏ (f_m, m odd), which is square-free,

    p >= 0 on an interval   exactly if   q has no zero inside it, and q > 0 at one point inside
    p >  0 on an interval   exactly if   p has no zero in it (ends that belong to it included),
                                         and likewise

(a simple zero inside is a change of sign; and p >= 0 passes on to the ends by continuity).
For a square-free s that is not zero at a and b, Sturm's theorem counts the zeros in (a, b):
V(a) - V(b), V the number of changes of sign in

    s_0 = s,  s_1 = s',  s_{k+1} = -(s_{k-1} mod s_k).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from flint import fmpq, fmpq_poly

from boundcheck.exact.terms.work import spend

End: TypeAlias = fmpq | None
"""A rational end of an interval; None stands for the infinite one."""


@dataclass(frozen=True)
class Span:
    """The interval from `lower` to `upper`; an infinite end is open."""

    lower: End
    upper: End
    lower_open: bool = False
    upper_open: bool = False

    def inside(self) -> fmpq:
        """A point strictly inside (the point itself where there is only one)."""
        if self.lower is not None and self.upper is not None:
            return (self.lower + self.upper) / 2
        if self.lower is not None:
            return self.lower + 1
        return fmpq(0) if self.upper is None else self.upper - 1

    def ends(self) -> list[fmpq]:
        """The ends that belong to the interval."""
        both = ((self.lower, self.lower_open), (self.upper, self.upper_open))
        return [e for e, is_open in both if e is not None and not is_open]


def keeps_sign(p: fmpq_poly, span: Span, strict: bool) -> bool:
    """Whether p >= 0 (p > 0 where strict) everywhere on the interval."""
    if p.degree() < 1 or (span.lower is not None and span.lower == span.upper):
        value = p(span.inside())
        return bool(value > 0 or (value == 0 and not strict))
    if strict and any(p(e) == 0 for e in span.ends()):
        return False
    s = p if strict else essential(p)
    return bool(s(span.inside()) > 0) and zeros_inside(s, span.lower, span.upper) == 0


def essential(p: fmpq_poly) -> fmpq_poly:
    """The product q above, up to a positive number: at +oo it has the sign of p, and
    it changes where p does."""
    spend(5 + 5e-3 * p.degree() * _bits(p))
    q = fmpq_poly([1])
    for f, k in p.numer().factor_squarefree()[1]:
        if k % 2:
            q *= fmpq_poly(f)
    return q if (q[q.degree()] > 0) == (p[p.degree()] > 0) else -q


def zeros_inside(s: fmpq_poly, a: End, b: End) -> int:
    """The number of distinct zeros in the open interval (a, b)."""
    s = _square_free(s)
    for e in (a, b):
        if e is not None and s.degree() > 0 and s(e) == 0:
            s //= fmpq_poly([-e, 1])
    if s.degree() < 1:
        return 0
    chain = sturm_chain(s)
    return _changes(chain, a, -1) - _changes(chain, b, 1)


def sturm_chain(s: fmpq_poly) -> list[fmpq_poly]:
    """The sequence above; each member is multiplied by a positive number so that the
    coefficients stay short."""
    chain = [_short(s), _short(s.derivative())]
    while chain[-1].degree() > 0:
        size = _bits(chain[-1])
        spend(3 + chain[-1].degree() * size * (3e-3 + 6e-7 * size))
        rest = -(chain[-2] % chain[-1])
        if rest.degree() < 0:
            break
        chain.append(_short(rest))
    return chain


def _square_free(p: fmpq_poly) -> fmpq_poly:
    spend(5 + 5e-3 * p.degree() * _bits(p))
    common = p.gcd(p.derivative())
    return p // common if common.degree() > 0 else p


def _short(p: fmpq_poly) -> fmpq_poly:
    whole = p.numer()
    return fmpq_poly(whole) / abs(whole.content())


def _bits(p: fmpq_poly) -> int:
    """About the size of the coefficients."""
    return int(p[p.degree()].height_bits())


def _changes(chain: list[fmpq_poly], at: End, side: int) -> int:
    """Changes of sign in the chain at a point, or at the infinite end of that side."""
    signs = []
    for p in chain:
        spend(1 + 2e-4 * p.degree() * _bits(p))
        if at is not None:
            value = p(at)
        else:
            value = p[p.degree()] * (side if p.degree() % 2 else 1)
        if value != 0:
            signs.append(value > 0)
    return sum(x != y for x, y in pairwise(signs))


# -- where a polynomial is negative ----------------------------------------------------------------


def negative_points(
    p: fmpq_poly, span: Span, strict: bool = False, count: int = 8
) -> Iterator[fmpq]:
    """Rational points of the interval where p < 0, one in each part where it is; where
    strict, also rational zeros."""
    shown = 0
    for x in _candidates(p, span, strict):
        value = p(x)
        if value < 0 or (strict and value == 0):
            yield x
            shown += 1
            if shown == count:
                return


def _candidates(p: fmpq_poly, span: Span, strict: bool) -> Iterator[fmpq]:
    yield span.inside()
    yield from span.ends()
    yield from _several(span, p.degree() + 1)  # one of them is no zero
    if p.degree() < 1 or (span.lower is not None and span.lower == span.upper):
        return
    if strict:
        spend(20 + p.degree() ** 2)
        for f, _ in p.numer().factor()[1]:
            if f.degree() == 1:
                x = fmpq(-f[0], f[1])
                if _within(x, span):
                    yield x
    s = _square_free(essential(p))
    if s.degree() < 1:
        return
    for low, high in isolate(s, span.lower, span.upper):
        yield from (x for x in (low, high) if _within(x, span))


def _several(span: Span, count: int) -> Iterator[fmpq]:
    """Points inside the interval."""
    for k in range(1, count + 1):
        if span.lower is not None and span.upper is not None:
            yield span.lower + (span.upper - span.lower) * fmpq(k, count + 1)
        elif span.upper is None:
            yield (span.inside() if span.lower is None else span.lower) + k
        else:
            yield span.upper - k


def _within(x: fmpq, span: Span) -> bool:
    inside = (span.lower is None or x > span.lower) and (span.upper is None or x < span.upper)
    return inside or x in span.ends()


def isolate(s: fmpq_poly, a: End, b: End) -> list[tuple[fmpq, fmpq]]:
    """Disjoint intervals around each zero of a square-free s in (a, b), in order,
    ends strictly inside (a, b)."""
    bound = 1 + max(abs(c / s[s.degree()]) for c in s.coeffs())  # Cauchy: every zero is smaller
    low = -bound - 1 if a is None else a
    high = bound + 1 if b is None else b
    for e in (low, high):
        if s.degree() > 0 and s(e) == 0:
            s //= fmpq_poly([-e, 1])
    if s.degree() < 1 or low >= high:
        return []
    chain = sturm_chain(s)
    found, todo = [], [(low, high, _changes(chain, low, -1), _changes(chain, high, 1))]
    while todo:
        x, y, vx, vy = todo.pop()
        if vx == vy:
            continue
        if vx - vy == 1 and x != low and y != high:
            found.append((x, y))
            continue
        mid = (x + y) / 2
        while s(mid) == 0:
            mid = (x + 2 * mid) / 3
        v = _changes(chain, mid, 0)
        todo += [(x, mid, vx, v), (mid, y, v, vy)]
    return sorted(found)
