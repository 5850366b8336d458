"""A hypothesis becomes the end of a range."""

from __future__ import annotations

from boundcheck.checking import goals
from boundcheck.checking.goals import Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.search.calculus.tools.cuts import place
from boundcheck.search.calculus.tools.knowledge import Found, Search


def given_bounds(search: Search, goal: Comparison, depth: int) -> Found:
    """`bound`: a hypothesis x <= t or x >= t, where t lies inside the range of x."""
    for index, h in enumerate(goal.given):
        for side in (h.left, h.right):
            if side.op != "symbol" or side.payload not in goal.on.names:
                continue
            name = side.payload
            try:
                child, at, _ = goals.bound_goal(goal, index, name)
            except Rejected:
                continue
            r = goals.range_of(child, name)
            ends = tuple(e for e in ("lower", "upper") if getattr(r, e).value is at)
            extra = place(search, goal, name, at, h.strict, ends[:1])
            found = None if extra is None else search.prove(child, depth, True)
            if found is not None and extra is not None:
                return {"by": "bound", "given": index, "variable": name, "proof": found, **extra}
    return None
