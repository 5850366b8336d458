"""One variable: a split where the gap is zero inside the range."""

from __future__ import annotations

from boundcheck.checking.closed_terms import sign_of
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.terms.term import Term, substitute
from boundcheck.search.calculus.tools.cuts import proved_apart
from boundcheck.search.calculus.tools.knowledge import TROUBLE, Found, Search
from boundcheck.search.points import sampling


def zeros(search: Search, goal: Comparison, depth: int) -> Found:
    """`split` where samples come near zero, and the gap is zero exactly."""
    at = None if goal.relation.op == ">" else _zero(search, goal)
    return None if at is None else proved_apart(search, goal, goal.on.names[0], at, depth + 1)


def _zero(search: Search, goal: Comparison) -> Term | None:
    (r,) = goal.on.ranges
    gap = goal.relation.gap()
    if all(v == 0 for _, v in search.samples(goal)):
        return None
    for at in sampling.zeros(goal, search.samples(goal)):
        try:
            if sign_of(substitute((gap,), {r.name: at})[0])[0] == 0:
                return at
        except TROUBLE:
            continue
    return None
