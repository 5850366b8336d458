"""The rule `split`: a goal below and above a place, with what the checker does not see of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.exact.terms.term import Term
from boundcheck.search.calculus.tools.knowledge import Found, Search
from boundcheck.search.calculus.tools.visible import definedness


def split(name: str, at: Term, below: Proof, above: Proof) -> dict[str, Any]:
    """`split` at a place without variables."""
    return {"by": "split", "variable": name, "at": str(at), "parts": [below, above]}


def divided(search: Search, goal: Comparison, name: str, at: Term, parts: list[Proof]) -> Found:
    """`split` at any place, with a proof of each part."""
    extra = place(search, goal, name, at, False, ("lower", "upper")) if at.free else {}
    return None if extra is None else {**split(name, at, *parts), **extra}


def proved_apart(search: Search, goal: Comparison, name: str, at: Term, depth: int) -> Found:
    """`split`, where both parts are proved by any rule."""
    parts: list[Proof] = []
    for part in goals.halves(goal, name, at):
        found = search.prove(part, depth - 1, True)
        if found is None:
            return None
        parts.append(found)
    return divided(search, goal, name, at, parts)


def place(
    search: Search,
    goal: Comparison,
    name: str,
    at: Term,
    is_open: bool,
    sides: tuple[str, ...],
) -> dict[str, Any] | None:
    """Proofs that a term in the other variables is defined, and inside a range."""
    r = goals.range_of(goal, name)
    others = goals.without(goal, name)
    if not at.free <= set(others.names) or not goals.free_of_hypotheses(
        replace(goal, given=()), name
    ):
        return None
    defined = definedness(search, goals.gap_goal(others, at))
    inside: list[Any] = []
    for need in goals.inside_goals(goal, r, at, is_open, sides):
        needs, found = definedness(search, need), search.easy(need)
        if needs is None or found is None:
            return None
        inside.append({**found, "defined": needs} if needs else found)
    return None if defined is None else {"end defined": defined, "inside": inside}
