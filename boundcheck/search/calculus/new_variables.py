"""The same goal in other variables: one period, 1/x, absolute values of which it is an instance."""

from __future__ import annotations

from typing import Any

from boundcheck.checking import goals
from boundcheck.checking.goals import Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.terms.term import Term, add, number, postorder, replaced, sub, symbol
from boundcheck.search.calculus.tools import views
from boundcheck.search.calculus.tools.knowledge import Found, Search

_MOST = 4


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


def absolute_values(search: Search, goal: Comparison, depth: int) -> Found:
    """`instance`: absolute values as variables v >= 0, of which one may be at most the sum of
    the others."""
    gap = goal.relation.gap()
    nodes = views.with_branches(gap)
    inside = frozenset().union(*(n.free for n in nodes))
    if views.algebraic(gap) or len(nodes) > _MOST or any(n.payload != "Abs" for n in nodes):
        return None
    names = {n: symbol(f"v_{k}") for k, n in enumerate(nodes, start=1)}
    if replaced(gap, names).free & inside or not {s.payload for s in names.values()}.isdisjoint(
        goal.names
    ):
        return None
    known: list[Any] = [
        {"states": f"{v} >= 0", "proof": {"by": "interval"}} for v in names.values()
    ]
    known += _largest(search, goal, names)
    parts = {s.payload: str(n) for n, s in names.items()}
    child, _ = goals.instance_goal(goal, parts, [k["states"] for k in known])
    shown = search.prove(child, depth + 1)
    return (
        None
        if shown is None
        else {"by": "instance", "parts": parts, "known": known, "proof": shown}
    )


def _largest(search: Search, goal: Comparison, names: dict[Term, Term]) -> list[Any]:
    """That an absolute value on the smaller side is at most the sum of the others."""
    _, minus = views.parts(goal.relation.gap())
    inside = () if minus is None else [n for n in postorder(minus) if n in names]
    for n in inside if len(names) > 2 else ():
        total, least = number(0), number(0)
        for m, v in names.items():
            if m is not n:
                total, least = add(total, m), add(least, v)
        found = search.easy(goals.gap_goal(goal, sub(total, n), ">="))
        if found is not None:
            return [{"states": f"{names[n]} <= {least}", "proof": found}]
    return []
