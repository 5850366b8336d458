"""What is seen at once: goals, and that their sides are defined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.errors import Unsupported
from boundcheck.exact.terms.defined import alternatives, obligations
from boundcheck.exact.terms.work import spend
from boundcheck.search.calculus.tools import views
from boundcheck.search.calculus.tools.knowledge import TROUBLE, Found, Search, Wrap, bounded, key_of
from boundcheck.search.calculus.tools.taylor import taylor_tree
from boundcheck.search.cells.exactly import decide_exactly
from boundcheck.search.points.sampling import beyond_algebra

_ALGEBRA = 0.1
_OPAQUE = 0.04
_FEW = 16


def visible(search: Search, goal: Comparison) -> Found:
    """A proof by intervals, algebra or a constant; a few Taylor forms on a bounded range."""
    key = key_of(goal)
    if key not in search.seen:
        spend(10)
        try:
            search.seen[key] = _visible(search, goal)
        except TROUBLE:
            search.seen[key] = None
    return search.seen[key]


def _visible(search: Search, goal: Comparison) -> Found:
    if not goal.relation.free:
        return _constant(search, goal)
    if search.holds(goal, {"by": "interval"}):
        return {"by": "interval"}
    if search.refuted(goal):
        return None
    if goal.relation.op == "==" or all(v == 0 for _, v in search.samples(goal)):
        simpler = goals.normal_goal(goal)
        if simpler.relation.free:
            return None
        return by_normal_form(search, simpler, _constant(search, simpler))
    if goal.relation.op == ">" and (found := _power(search, goal)) is not None:
        return found
    units = _algebra(goal)
    if units and not beyond_algebra(goal) and (found := decide_exactly(goal, units)) is not None:
        return found
    if len(goal.on.names) == 1 and bounded(goal) and all(v > 0 for _, v in search.samples(goal)):
        tree = taylor_tree(goal, _FEW)
        return None if tree is None else tree.proof
    return None


def _power(search: Search, goal: Comparison) -> Found:
    """`power`: of a positive term, which intervals do not see at an open end."""
    gap = goal.relation.gap()
    if gap.op == "call" and gap.payload == "exp":
        return {"by": "power"}
    if gap.op == "pow" or (gap.op == "call" and gap.payload in ("sqrt", "cbrt")):
        found = visible(search, goals.gap_goal(goal, gap.args[0], ">"))
        return None if found is None else {"by": "power", "proof": found}
    return None


def _constant(search: Search, goal: Comparison) -> Found:
    """`constant`: as it stands, or in normal form."""
    if search.holds(goal, {"by": "constant"}):
        return {"by": "constant"}
    simpler = goals.normal_goal(goal)
    if simpler.relation.left is goal.relation.gap():
        return None
    found = {"by": "constant"} if search.holds(simpler, {"by": "constant"}) else None
    return by_normal_form(search, simpler, found)


def _algebra(goal: Comparison) -> float:
    """The units of work that algebra is worth."""
    gap = goal.relation.gap()
    if views.algebraic(gap):
        return _ALGEBRA
    if len(goal.on.names) > 1 or (not bounded(goal) and views.bounded_waves(gap)):
        return _OPAQUE
    return 0.0


# -- both sides are defined ------------------------------------------------------------------------


def definedness(search: Search, goal: Comparison) -> dict[str, Any] | None:
    """Proofs that both sides are defined, but for what intervals show;
    None where one is missing."""
    key = (goal.relation.left, goal.relation.right, goal.on.ranges, goal.given)
    if key not in search.known:
        search.known[key] = _definedness(search, goal)
    return search.known[key]


def _definedness(search: Search, goal: Comparison) -> dict[str, Any] | None:
    proofs: dict[str, Any] = {}
    try:
        needed = obligations(goal.relation.left, goal.relation.right)
    except Unsupported:
        return None
    for need in needed:
        options = [goals.gap_goal(goal, r.left, r.op) for r in alternatives(need)]
        if any(search.holds(o, {"by": "interval"}) for o in options):
            continue
        for k, option in enumerate(options):
            found = search.easy(option)
            if found is not None:
                proofs[str(need.left)] = {"option": k, "proof": found}
                break
        else:
            return None
    return proofs


def with_definedness(
    search: Search, goal: Comparison, prove: Callable[[Comparison], Found]
) -> Found:
    """A proof by the function given, together with what shows that both sides are defined."""
    needs = definedness(search, goal)
    found = None if needs is None else prove(goal)
    return {**found, "defined": needs} if found is not None and needs else found


def by_normal_form(search: Search, simpler: Comparison, found: Found) -> Found:
    """`normal`: a proof of the normal form as one of the goal."""
    needs = definedness(search, simpler) if found is not None else None
    return None if found is None or needs is None else normalised(needs)(found)


def normalised(needs: dict[str, Any]) -> Wrap:
    """A proof of a normal form, whose sides are defined, as one of the goal."""
    extra = {"defined": needs} if needs else {}
    return lambda p: {"by": "normal", "proof": {**p, **extra}}
