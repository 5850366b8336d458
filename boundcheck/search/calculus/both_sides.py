"""A function of both sides: logarithms, exponentials, squares."""

from __future__ import annotations

from collections.abc import Callable

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.exact.algebra.normal import vanishes
from boundcheck.exact.terms.term import (
    Term,
    is_number,
    mul,
    neg,
    number,
    postorder,
    sub,
    substitute,
)
from boundcheck.search.calculus.tools import views
from boundcheck.search.calculus.tools.cuts import divided
from boundcheck.search.calculus.tools.knowledge import Found, Search
from boundcheck.search.calculus.tools.slopes import ladder
from boundcheck.search.calculus.tools.visible import definedness, visible, with_definedness

_SHORT = 4
_ZERO = number(0)


def logarithms(search: Search, goal: Comparison, depth: int) -> Found:
    """`logarithms`, with any proof of what comes out."""
    if depth < 2:
        return None
    return _logarithms(search, goal, lambda child: search.prove(child, depth - 1))


def steep(search: Search, goal: Comparison, _depth: int) -> Found:
    """`logarithms`, where a ladder is enough then."""

    def climbed(child: Comparison) -> Found:
        if search.refuted(child):
            return None
        found = visible(search, child)
        for r in child.on.ranges:
            if found is None and r.name in child.relation.free:
                whole = r.lower.value is None and r.upper.value is None
                end = "upper" if r.lower.value is None else "lower"
                found = (
                    _from_zero(search, child, r.name)
                    if whole
                    else ladder(search, child, r.name, end, _SHORT)
                )
        return found

    return _logarithms(search, goal, lambda child: with_definedness(search, child, climbed))


def _from_zero(search: Search, goal: Comparison, name: str) -> Found:
    """`split` at 0, with a ladder on both sides."""
    parts: list[Proof] = []
    for part, end in zip(goals.halves(goal, name, _ZERO), ("upper", "lower"), strict=True):
        found = ladder(search, part, name, end, _SHORT)
        if found is None:
            return None
        parts.append(found)
    return divided(search, goal, name, _ZERO, parts)


def _logarithms(search: Search, goal: Comparison, prove: Callable[[Comparison], Found]) -> Found:
    """For a difference of positive terms, one of which is a power or an exponential."""
    gap = goal.relation.gap()
    if not any(views.steep(n) for n in postorder(gap)):
        return None
    sides = (goal.relation.left, goal.relation.right)
    left, right = views.parts(gap) if _ZERO in sides else sides
    if left is None or right is None or is_number(right, 0):
        return None
    if any(_zero_at_an_end(goal, s) for s in (left, right)):
        return None
    positive = [search.prove(goals.gap_goal(goal, s, ">"), 1) for s in (left, right)]
    found = None if None in positive else prove(goals.logarithm_goal(goal, left, right))
    if found is None:
        return None
    proof = {"by": "logarithms", "positive": positive, "proof": found}
    return _with_sides(search, goal, left, right, proof)


def _zero_at_an_end(goal: Comparison, side: Term) -> bool:
    """Whether a side is zero where a variable has the closed end of its range."""
    closed = (
        (r.name, e.value)
        for r in goal.on.ranges
        for e in (r.lower, r.upper)
        if e.value is not None and not e.open and r.name in side.free
    )
    return any(vanishes(substitute((side,), {name: at})[0]) for name, at in closed)


def exponentials(search: Search, goal: Comparison, depth: int) -> Found:
    """`exponentials`: for one logarithm and a rest."""
    gap = goal.relation.gap()
    for node in postorder(gap) if depth >= 2 else ():
        if node.op != "call" or node.payload != "log" or not node.free:
            continue
        found = views.linear_in(gap, node)
        if found is None or not is_number(found[1]):
            continue
        first, rest = mul(found[1], node), found[0]
        left, right = (first, neg(rest)) if found[1].payload > 0 else (rest, neg(first))
        shown = search.prove(goals.exponential_goal(goal, left, right), depth - 2)
        if shown is not None:
            proof = {"by": "exponentials", "proof": shown}
            return _with_sides(search, goal, left, right, proof)
    return None


def squares(search: Search, goal: Comparison, depth: int) -> Found:
    """`squares`, with one square root isolated."""
    gap = goal.relation.gap()
    roots = [n for n in postorder(gap) if n.op == "call" and n.payload == "sqrt" and n.free]
    for root in roots if depth >= 2 else ():
        linear = views.linear_in(gap, root)
        if linear is None:
            continue
        rest, slope = linear
        with_root = mul(slope, root)
        for left, right in ((rest, neg(with_root)), (with_root, neg(rest))):
            found = _squares(search, goal, left, right, depth)
            if found is not None:
                return found
    return None


def _squares(search: Search, goal: Comparison, left: Term, right: Term, depth: int) -> Found:
    positive = search.prove(goals.gap_goal(goal, left, ">="), 1)
    if positive is None:
        return None
    found = search.prove(goals.squares_goal(goal, left, right), depth - 1)
    if found is None:
        return None
    proof = {"by": "squares", "positive": positive, "proof": found}
    return _with_sides(search, goal, left, right, proof)


def _with_sides(search: Search, goal: Comparison, left: Term, right: Term, proof: Proof) -> Found:
    """The proof with both sides, and what shows that they are defined."""
    needs = definedness(search, goals.gap_goal(goal, sub(left, right)))
    if needs is None:
        return None
    sides = {"sides": needs} if needs else {}
    return {**proof, "left": str(left), "right": str(right), **sides}
