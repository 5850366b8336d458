"""Absolute values, Max, Min and activations: one branch, or a split where a branch ends."""

from __future__ import annotations

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.algebra.rewrite import branches
from boundcheck.exact.terms.term import replaced
from boundcheck.search.calculus.tools import views
from boundcheck.search.calculus.tools.cuts import proved_apart
from boundcheck.search.calculus.tools.knowledge import Found, Search
from boundcheck.search.calculus.tools.visible import visible


def branch(search: Search, goal: Comparison, depth: int) -> Found:
    """`branch`: |u| is visibly u, or -u, on the whole set."""
    gap = goal.relation.gap()
    for node in views.with_branches(gap):
        for k, (value, signs) in enumerate(branches(node)):
            shown = [visible(search, goals.gap_goal(goal, v, op)) for v, op in signs]
            if None in shown:
                continue
            child = goals.gap_goal(goal, replaced(gap, {node: value}))
            found = search.prove(child, depth, True)
            if found is None:
                return None
            return {"by": "branch", "node": str(node), "branch": k, "signs": shown, "proof": found}
    return None


def kinks(search: Search, goal: Comparison, depth: int) -> Found:
    """`split` where a branch ends."""
    for node in views.with_branches(goal.relation.gap()):
        for _, signs in branches(node):
            for v, _ in signs:
                for r in goal.on.ranges:
                    for at in views.isolated(v, r.name) if r.name in v.free else ():
                        found = proved_apart(search, goal, r.name, at, depth)
                        if found is not None:
                            return found
    return None
