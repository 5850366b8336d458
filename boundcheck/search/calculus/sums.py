"""The gap as a sum."""

from __future__ import annotations

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.terms.term import is_number, mul, postorder
from boundcheck.search.calculus.tools import views
from boundcheck.search.calculus.tools.knowledge import Found, Search


def sums(search: Search, goal: Comparison, depth: int) -> Found:
    """`sum`: two summands that are positive, what stands with one function, and the rest."""
    gap = goal.relation.gap()
    for node in postorder(gap) if depth >= 2 else ():
        if node.op not in ("call", "pow") or not node.free:
            continue
        found = views.linear_in(gap, node)
        if found is None or is_number(found[0], 0) or not found[1].free:
            continue
        terms = (mul(found[1], node), found[0])
        both = [
            goals.gap_goal(goal, t, op)
            for t, op in zip(terms, (goal.relation.op, ">="), strict=True)
        ]
        if any(search.refuted(g) for g in both):
            continue
        parts = [search.prove(g, depth - 1) for g in both]
        if None not in parts:
            return {"by": "sum", "terms": [str(t) for t in terms], "parts": parts}
    return None
