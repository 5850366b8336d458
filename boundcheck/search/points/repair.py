"""A point that satisfies hypotheses, by repair: one coordinate after the other is changed so that a
hypothesis that fails holds, and as few others as possible fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from flint import arb, fmpq

from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.rational_points import Point, holds, value_at
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.term import Relation
from boundcheck.exact.terms.work import spend
from boundcheck.search.points.refute import simple_near

_STARTS = 6
_CHANGES = 40
_STEPS = tuple(fmpq(n, d) for n, d in ((0, 1), (1, 1), (1, 2), (3, 1), (10, 1)))
_LONG = 40  # bits of a coordinate
_LARGE = arb(2) ** 100


def repaired(statement: Comparison) -> Iterator[Point]:
    """Points at which all hypotheses hold, as they are come across."""
    rng = Random(0)
    hypotheses = statement.hypotheses
    for start in range(_STARTS):
        low = fmpq(start)
        point = {n: low if start < 2 else fmpq(rng.randrange(-9, 10), 2) for n in statement.names}
        for _ in range(_CHANGES):
            failing = [h for h in hypotheses if holds(h, point) is not True]
            if not failing:
                yield point
                break
            h = failing[0] if rng.random() < 0.5 else rng.choice(failing)
            changed = _changed(h, point, hypotheses, failing, rng)
            if changed is None:
                break
            point = changed


def _changed(
    h: Relation,
    point: Point,
    hypotheses: Sequence[Relation],
    failing: Sequence[Relation],
    rng: Random,
) -> dict[str, fmpq] | None:
    """The point with one coordinate changed, such that h holds and few others fail."""
    best: tuple[int, float, dict[str, fmpq]] | None = None
    for name in sorted(h.free):
        others = [g for g in hypotheses if name in g.free and g is not h]
        before = sum(name in g.free for g in failing)
        for value in dict.fromkeys(_values(h, name, point)):
            new = {**point, name: value}
            spend(10)
            if value == point[name] or holds(h, new) is not True:
                continue
            key = (sum(holds(g, new) is not True for g in others) - before, rng.random(), new)
            if best is None or key[:2] < best[:2]:
                best = key
    return None if best is None else best[2]


def _values(h: Relation, name: str, point: Point) -> Iterator[fmpq]:
    """Values of a coordinate, near the one where both sides are equal and at some distance."""
    here = point[name]
    gaps = [_gap(h, {**point, name: here + k}) for k in (-1, 0, 1)]
    below, now, above = gaps
    centre = here
    if below is not None and now is not None and above is not None:
        slope = (above - below) / 2
        if slope != 0:  # a step of Newton's method: exact where the gap is linear
            centre = here - now / slope
            if centre.height_bits() > _LONG:
                centre = simple_near(centre, fmpq(1, 1000))
    for step in _STEPS:
        yield from (centre + step, centre - step)
    yield from (fmpq(0), fmpq(1), here * 2, here / 2, -here)


def _gap(h: Relation, point: Point) -> fmpq | None:
    try:
        value = value_at(h.gap(), point, 64)
    except (Unclear, DomainError, Unsupported):
        return None
    if isinstance(value, fmpq):
        return value
    size = abs(value)
    if size < 1 / _LARGE:
        return fmpq(0)
    # the numerator of a ball such as exp(10**9) does not fit in memory
    return value.mid().fmpq() if size > 1 / _LARGE and size < _LARGE else None
