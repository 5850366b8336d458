"""Samples of a gap: guesses for the search, never evidence."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from flint import arb, fmpq

from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Interval, Unclear
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.enclosure.intervals.rational_points import holds
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.cells.scene import is_opaque
from boundcheck.exact.terms.box import Box, Range
from boundcheck.exact.terms.parser import Side
from boundcheck.exact.terms.term import (
    Relation,
    Term,
    constant,
    div,
    number,
    postorder,
    replaced,
    symbol,
)

Sample = tuple[Mapping[str, fmpq], float]
_SPREAD = tuple(fmpq(k, 16) for k in (1, 4, 7, 8, 9, 12, 15))
_AWAY = tuple(
    fmpq(n, d) for n, d in ((1, 100), (1, 8), (1, 2), (1, 1), (2, 1), (5, 1), (20, 1), (300, 1))
)
_MANY = 30


def gaps(goal: Comparison, count: int = _MANY) -> Iterator[Sample]:
    """The gap at some points inside the goal's set, roughly."""
    gap = goal.relation.gap()
    for point in points(goal, count):
        v = value(gap, point)
        if v is not None:
            yield point, v


def beyond_algebra(goal: Comparison) -> bool:
    """Whether a sample speaks against a goal where exp, log, ... have values of their own inside
    their ranges: exact algebra, which knows no more of them, cannot show it then."""
    sides = [h.gap() for h in (goal.relation, *goal.given)]
    opaque = [n for n in postorder(*sides) if is_opaque(n) and n.free]
    if not opaque or any(n.payload in ("floor", "ceiling") for n in opaque):
        return False
    names = {n: symbol(f"opaque_{k}") for k, n in enumerate(opaque)}
    gap, *given = (replaced(t, names) for t in sides)  # the outermost of them are replaced
    try:
        ranges = [_around(names[n].payload, on_box(n, goal.hull, loose=True)) for n in opaque]
    except (Unclear, DomainError, Unsupported):
        return False
    signs = ("==" if h.op == "==" else ">" if h.strict else ">=" for h in goal.given)
    free = Comparison(
        Relation(gap, goal.relation.op, number(0)),
        Box.made_of((*goal.on.ranges, *ranges)),
        tuple(Relation(g, op, number(0)) for g, op in zip(given, signs, strict=True)),
    )
    equal = goal.relation.op == "=="
    return any(v < 0 or (equal and v > 0) for _, v in gaps(free))


def _around(name: str, x: Interval) -> Range:
    low, high = (None if isinstance(e, float) else number(e.fmpq()) for e in (x.lower, x.upper))
    return Range(name, Side(low, False), Side(high, False))


def value(t: Term, point: Mapping[str, fmpq]) -> float | None:
    """The value as a float; the exact 0 where it is, and 0 where it cannot be told from it."""
    found = None
    for bits in (64, 256):
        try:
            v = arb(at_point(t, point, bits))
            found = 0.0 if v.contains(0) else float(v)
        except Unclear:
            continue
        except (DomainError, Unsupported, KeyError, OverflowError):
            return None
        if found or v.is_zero():
            return found
    return found


def points(goal: Comparison, count: int) -> Iterator[Mapping[str, fmpq]]:
    hull, names = goal.hull, goal.on.names
    choices = [spread(hull[n]) for n in names]
    if len(names) == 1:
        for v in choices[0]:
            point = {names[0]: v}
            if all(holds(h, point) is True for h in goal.given):
                yield point
        return
    rng = random.Random(0)
    open_ones = [h for h in goal.on.hypotheses() if len(h.free) > 1]
    for _ in range(count):
        point = {n: rng.choice(c) for n, c in zip(names, choices, strict=True)}
        if all(holds(h, point) is not False for h in (*goal.given, *open_ones)):
            yield point


def spread(x: Interval) -> list[fmpq]:
    """Points strictly inside a range, and far out where it is unbounded."""
    low = None if isinstance(x.lower, float) else x.lower.fmpq()
    high = None if isinstance(x.upper, float) else x.upper.fmpq()
    if low is not None and high is not None:
        inner = [low + (high - low) * s for s in _SPREAD]
        near = [low + (high - low) / 1000, high - (high - low) / 1000]
        return sorted(simple(v, (high - low) / 500) for v in inner) + near
    if low is not None:
        return [low + d for d in _AWAY]
    if high is not None:
        return [high - d for d in reversed(_AWAY)]
    return [-d for d in reversed(_AWAY)] + list(_AWAY)


def simple(v: fmpq, within: fmpq) -> fmpq:
    """A dyadic number of few digits near v."""
    if within <= 0:
        return v
    scale = fmpq(1)
    while scale > within:
        scale /= 2
    return (v / scale).floor() * scale


def zeros(goal: Comparison, samples: Sequence[Sample]) -> Iterator[Term]:
    """Guesses where the gap of a goal in one variable touches 0 inside the range."""
    (r,) = goal.on.ranges
    hull = goal.hull[r.name]
    gap = goal.relation.gap()
    special = [
        number(v) for v in ("0", "1", "-1", "2", "1/2", "-2", "-1/2", "3", "1/3", "1/4", "3/2")
    ]
    special += [
        constant("E"),
        div(number(1), constant("E")),
        constant("pi"),
        div(constant("pi"), number(2)),
    ]
    special += [div(constant("pi"), number(k)) for k in (3, 4, 6, -2)]
    ends = [
        arb(at_point(s.value, {}, 96))
        for s in (r.lower, r.upper)
        if s.value is not None and not s.value.free
    ]
    for t in special + [number(v) for v in minima(goal, samples)]:
        at = arb(at_point(t, {}, 96))
        if hull.lower < at < hull.upper and not any(at.overlaps(e) for e in ends):
            v = roughly(gap, r.name, at)
            if v is not None and abs(v) < 1e-15:
                yield t


def roughly(gap: Term, name: str, at: fmpq | arb) -> float | None:
    try:
        v = at_point(gap, {name: at}, 128)
    except (Unclear, DomainError, Unsupported):
        return None
    return float(arb(v).mid())


def minima(goal: Comparison, samples: Sequence[Sample]) -> Iterator[fmpq]:
    """Simple rationals near the least sample, by golden section."""
    (name,) = goal.on.names
    gap = goal.relation.gap()
    ordered = sorted((p[name], v) for p, v in samples)
    if len(ordered) < 3:
        return
    k = min(range(1, len(ordered) - 1), key=lambda i: ordered[i][1])
    low, high = ordered[k - 1][0], ordered[k + 1][0]
    for _ in range(60):
        a, b = (
            simple(low + (high - low) * fmpq(3, 8), (high - low) / 64),
            simple(low + (high - low) * fmpq(5, 8), (high - low) / 64),
        )
        left, right = value(gap, {name: a}), value(gap, {name: b})
        if left is None or right is None or a >= b:
            break
        low, high = (low, b) if left < right else (a, high)
        if high - low < fmpq(1, 10**12):
            break
    middle = float(arb((low + high) / 2))
    from fractions import Fraction

    seen = set()
    for size in (1, 2, 3, 4, 6, 8, 10, 12, 20, 60, 100, 1000):
        f = Fraction(middle).limit_denominator(size)
        if f not in seen:
            seen.add(f)
            yield fmpq(f.numerator, f.denominator)


def cuts(goal: Comparison, samples: Sequence[Sample]) -> Iterator[Term]:
    """A few places to cut a range in two: near its ends, where the gap may
    be 0, and in the middle."""
    (r,) = goal.on.ranges
    x = goal.hull[r.name]
    low = None if isinstance(x.lower, float) else x.lower.fmpq()
    high = None if isinstance(x.upper, float) else x.upper.fmpq()
    if low is not None and high is not None:
        found = [
            simple(low + (high - low) * s, (high - low) / 64)
            for s in (fmpq(1, 2), fmpq(1, 8), fmpq(7, 8))
        ]
    elif low is not None:
        found = [
            (low + d).floor() * fmpq(1) if d >= 1 else simple(low + d, fmpq(1, 64))
            for d in (fmpq(1), fmpq(1, 8), fmpq(5))
        ]
    elif high is not None:
        found = [(high - d).ceil() * fmpq(1) for d in (fmpq(1), fmpq(5))]
    else:
        found = [fmpq(0), fmpq(1), fmpq(-1)]
    for c in found:
        if x.lower < arb(c) < x.upper:
            yield number(c)
