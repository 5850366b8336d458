"""One variable: a touching or unbounded claim in pieces, near its zeros, far out, and in between.

Near an end where the gap is zero of order k, its k-th derivative has a sign; far out a ladder ends
in a limit; and in between the gap is positive, which a few Taylor forms show.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flint import arb, ctx, fmpq

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.intervals.at_point import at_point, taylor_form
from boundcheck.exact.terms.parser import Side
from boundcheck.exact.terms.term import Term, number
from boundcheck.exact.terms.work import spend
from boundcheck.search.calculus.tools.cuts import split
from boundcheck.search.calculus.tools.knowledge import TROUBLE, Found, Search, bounded
from boundcheck.search.calculus.tools.simpler import reduced
from boundcheck.search.calculus.tools.slopes import by_slope, ladder
from boundcheck.search.calculus.tools.taylor import taylor_tree
from boundcheck.search.calculus.tools.visible import definedness, normalised, visible
from boundcheck.search.points import sampling

_ORDER = 10
_BITS = 128
_MANY = 150
_SHORT = 3
_NEAR = tuple(fmpq(1, 2**k) for k in range(1, 8))
_FAR = tuple(map(fmpq, (1, 2, 4, 12, 60)))


def pieces(search: Search, goal: Comparison, _depth: int) -> Found:
    """`split` into a near piece, a middle and a far piece. The gap is not zero inside the range."""
    (r,) = goal.on.ranges
    order = sorted(
        ("lower", "upper"), key=lambda e: getattr(r, e).value is None
    )  # the tails cost more
    found_at: dict[str, tuple[fmpq | None, Proof]] = {}
    for end in order:
        cut = _cut(search, goal, end)
        if cut is None:
            return None
        found_at[end] = cut
    low, high = found_at["lower"], found_at["upper"]
    cuts = [(e, p) for e, p in (low, high) if e is not None]
    if not cuts:
        return _middle(search, goal)
    if len(cuts) == 2 and not cuts[0][0] < cuts[1][0]:  # the far piece starts early enough
        return _joined(search, goal, low, high)
    rest = goal
    if low[0] is not None:
        rest = goals.halves(rest, r.name, number(low[0]))[1]
    if high[0] is not None:
        rest = goals.halves(rest, r.name, number(high[0]))[0]
    found = _middle(search, rest)
    if found is not None and high[0] is not None:
        found = split(r.name, number(high[0]), found, high[1])
    if found is not None and low[0] is not None:
        found = split(r.name, number(low[0]), low[1], found)
    return found


def _joined(search: Search, goal: Comparison, low: Any, high: Any) -> Found:
    """Two pieces that overlap: the second one again, from where the first one stops."""
    (r,) = goal.on.ranges
    rest = goals.halves(goal, r.name, number(low[0]))[1]
    found = visible(search, rest) or ladder(search, rest, r.name, "upper", _SHORT)
    return None if found is None else split(r.name, number(low[0]), low[1], found)


def _middle(search: Search, goal: Comparison) -> Found:
    """Where the gap is positive."""
    found = visible(search, goal)
    if found is None and bounded(goal) and not search.refuted(goal):
        tree = taylor_tree(goal, _MANY)
        found = None if tree is None else tree.proof
    return found


def _cut(search: Search, goal: Comparison, end: str) -> tuple[fmpq | None, Proof] | None:
    """Where the piece at this end stops, with its proof; no cut where the
    gap is positive at the end."""
    (r,) = goal.on.ranges
    side: Side = getattr(r, end)
    if side.value is None:
        return _far(search, goal, end)
    if _positive_at(goal, side.value):
        return None, {}
    return _near(search, goal, end)


def _positive_at(goal: Comparison, at: Term) -> bool:
    name = goal.on.names[0]
    try:
        return bool(
            arb(at_point(goal.relation.gap(), {name: arb(at_point(at, {}, _BITS))}, _BITS)) > 0
        )
    except TROUBLE:
        return False


# -- near an end -----------------------------------------------------------------------------------


def _near(search: Search, goal: Comparison, end: str) -> tuple[fmpq, Proof] | None:
    main, wrap = reduced(search, goal)
    order = _order(main, end)
    for k, (c, piece) in enumerate(_shrinking(main, end)):
        if order is None and k % 3:
            continue
        if order is None:
            found = ladder(search, piece, piece.on.names[0], end, _SHORT)
        elif not _bends(main, end, c, order):
            continue
        else:
            found = _rungs(search, piece, end, order)
        if found is not None:
            return c, wrap(found)
        if order is not None:
            return None
    return None


def _shrinking(goal: Comparison, end: str) -> Iterator[tuple[fmpq, Comparison]]:
    """Smaller and smaller pieces at a finite end."""
    (r,) = goal.on.ranges
    x = goal.hull[r.name]
    here = x.lower if end == "lower" else x.upper
    there = x.upper if end == "lower" else x.lower
    assert isinstance(here, arb)
    start = here.fmpq()
    width = abs(there.fmpq() - start) if isinstance(there, arb) else fmpq(4)
    sign = 1 if end == "lower" else -1
    for share in _NEAR:
        c = sampling.simple(start + sign * width * share, width * share / 16)
        if (c > start) == (sign > 0) and c != start:
            yield c, goals.halves(goal, r.name, number(c))[0 if end == "lower" else 1]


def _order(goal: Comparison, end: str) -> int | None:
    """The order of the zero at an end, where the gap has a power series there."""
    (r,) = goal.on.ranges
    side: Side = getattr(r, end)
    try:
        at = arb(at_point(side.value, {}, _BITS))  # type: ignore[arg-type]
        series = taylor_form(goal.relation.gap(), r.name, _BITS).series(at, _ORDER)
    except TROUBLE:
        return None
    for k, c in enumerate(series):
        if not c.contains(0):
            good = c > 0 if end == "lower" or k % 2 == 0 else c < 0
            return k if good and k > 0 else None
    return None


def _bends(goal: Comparison, end: str, c: fmpq, order: int) -> bool:
    """Whether the derivative that decides keeps its sign up to c."""
    (r,) = goal.on.ranges
    x = goal.hull[r.name]
    here = (x.lower if end == "lower" else x.upper).fmpq()  # type: ignore[union-attr]
    try:
        with ctx.workprec(_BITS):
            ball = arb((here + c) / 2, abs(here - c) / 2)
        last = taylor_form(goal.relation.gap(), r.name, _BITS).series(ball, order)[order]
    except TROUBLE:
        return True  # not known: try
    return bool(last > 0 if end == "lower" or order % 2 == 0 else last < 0)


def _rungs(search: Search, goal: Comparison, end: str, order: int) -> Found:
    """As many slopes as the order of the zero, in normal form, then a few Taylor forms."""
    spend(10)
    if order == 0:
        return _middle(search, goal)

    def slope(child: Comparison) -> Found:
        simpler = goals.normal_goal(child)
        needs = definedness(search, simpler)
        if needs is None:
            return _rungs(search, child, end, order - 1)
        found = _rungs(search, simpler, end, order - 1)
        return None if found is None else normalised(needs)(found)

    return by_slope(search, goal, goal.on.names[0], end, slope)


# -- far out ---------------------------------------------------------------------------------------


def _far(search: Search, goal: Comparison, end: str) -> tuple[fmpq, Proof] | None:
    """A tail: a ladder from where it starts, or from its limit."""
    (r,) = goal.on.ranges
    x = goal.hull[r.name]
    other = x.lower if end == "upper" else x.upper
    start = fmpq(0) if isinstance(other, float) else other.fmpq()
    sign = 1 if end == "upper" else -1
    for d in _FAR:
        c = sampling.simple(start + sign * d, fmpq(1, 4))
        if not (x.lower < arb(c) < x.upper):
            continue
        piece = goals.halves(goal, r.name, number(c))[1 if end == "upper" else 0]
        if search.refuted(piece):
            return None
        found = (
            visible(search, piece)
            or _flipped(search, piece)
            or ladder(search, piece, r.name, end, _SHORT)
        )
        if found is not None:
            return c, found
    return None


def _flipped(search: Search, goal: Comparison) -> Found:
    """`inverse`: visible in 1/x, where the leading terms show."""
    (r,) = goal.on.ranges
    main, wrap = reduced(search, goals.inverse_goal(goal, r.name))
    found = visible(search, main)
    return None if found is None else {"by": "inverse", "variable": r.name, "proof": wrap(found)}
