"""The same goal in another variable: one period of it, or 1/x."""

from __future__ import annotations

from boundcheck.checking import goals
from boundcheck.checking.goals import Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.search.calculus.tools.knowledge import Found, Search


def period(search: Search, goal: Comparison, depth: int) -> Found:
    """`period`: the whole line becomes one period."""
    for r in goal.on.ranges:
        if r.name in goal.relation.free and r.lower.value is None and r.upper.value is None:
            try:
                child = goals.period_goal(goal, r.name)
            except Rejected:
                continue
            found = search.prove(child, depth, True)
            return None if found is None else {"by": "period", "variable": r.name, "proof": found}
    return None


def inverse(search: Search, goal: Comparison, depth: int) -> Found:
    """`inverse`: a half-line becomes (0, 1]."""
    for r in goal.on.ranges if depth >= 4 else ():
        if r.name in goal.relation.free and (r.lower.value is None) != (r.upper.value is None):
            found = search.prove(goals.inverse_goal(goal, r.name), depth - 3, True)
            if found is not None:
                return {"by": "inverse", "variable": r.name, "proof": found}
    return None
