"""Along one variable, by the slopes in it: ladders, a single step, and what is constant."""

from __future__ import annotations

from functools import partial

from flint import arb

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.terms.term import number
from boundcheck.search.calculus.tools.cuts import split
from boundcheck.search.calculus.tools.knowledge import Found, Search
from boundcheck.search.calculus.tools.slopes import by_slope, from_end, ladder
from boundcheck.search.calculus.tools.visible import visible

_LONGEST = 9


def ladders(search: Search, goal: Comparison, depth: int) -> Found:
    """`monotone`, again and again, from a finite end if there is one."""
    length = min(_LONGEST, 2 * depth + 1)
    for r in goal.on.ranges:
        if r.name in goal.relation.free and goals.free_of_hypotheses(goal, r.name):
            ends = sorted(("lower", "upper"), key=lambda e: getattr(r, e).value is None)
            found = ladder(search, goal, r.name, ends[0], length)
            if found is not None:
                return found
    return None


def monotone(search: Search, goal: Comparison, depth: int) -> Found:
    """`monotone`, with any proof of the slope."""
    for r in goal.on.ranges:
        if r.name in goal.relation.free and goals.free_of_hypotheses(goal, r.name):
            for end in ("lower", "upper"):
                found = from_end(search, goal, r.name, end, depth)
                if found is not None:
                    return found
    return None


def constant_along(search: Search, goal: Comparison, _depth: int) -> Found:
    """`monotone` for an equality, perhaps from a place inside: where the slope is zero,
    the value anywhere is the value."""
    at_once = partial(visible, search)
    for r in goal.on.ranges:
        if r.name not in goal.relation.free:
            continue
        for end in ("lower", "upper"):
            found = by_slope(search, goal, r.name, end, at_once)
            if found is not None:
                return found
        x = goal.hull[r.name]
        for at in (number(v) for v in (0, 1, -1) if x.lower < arb(v) < x.upper):
            below, above = (
                by_slope(search, part, r.name, end, at_once)
                for part, end in zip(
                    goals.halves(goal, r.name, at), ("upper", "lower"), strict=True
                )
            )
            if below is not None and above is not None:
                return split(r.name, at, below, above)
    return None
