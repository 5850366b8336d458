"""Gamma functions and error functions on unbounded ranges.

Products of gammas become sums of log-gammas by logarithms. Such a sum g loses them in
g(p + k) - g(p), and its limit along the steps is elementary (`exact.algebra.gammas`):
so g >= 0 where the steps lead down to a limit >= 0, or up from a first step on which g >= 0.
Error functions have elementary slopes, and limits. Where this does not work on the whole range,
it is cut: the tail like this, the rest by Taylor forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

from flint import fmpq

from boundcheck.checking import goals
from boundcheck.checking.closed_terms import sign_of
from boundcheck.checking.goals import Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proved, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.exact.algebra.gammas import Step, Sum, as_sum, difference, limit_along
from boundcheck.exact.terms.box import Range
from boundcheck.exact.terms.term import Term, add, div, neg, number, postorder, sub
from boundcheck.search.calculus.attempts import deepening, new_search, used
from boundcheck.search.calculus.tools.cuts import split
from boundcheck.search.calculus.tools.knowledge import TROUBLE, Found, Search
from boundcheck.search.calculus.tools.slopes import by_slope
from boundcheck.search.calculus.tools.taylor import taylor_tree
from boundcheck.search.calculus.tools.visible import definedness, with_definedness
from boundcheck.search.completion import completed
from boundcheck.search.problem import Problem

_GAMMAS = ("gamma", "loggamma", "factorial")
_ERRORS = ("erf", "erfc")
_ONE = number(1)
_CUTS = tuple(map(fmpq, (1, 4, 16)))
_FAR = tuple(map(fmpq, (1, 2, 4)))
_NEAR = tuple(fmpq(1, 4**k) for k in range(1, 6))
_MANY = 200
_DEPTHS = (1, 2, 4)
_Attempt = Callable[[Search, Comparison], Found]


def special(problem: Problem) -> Verdict | None:
    """A proof on an unbounded range, accepted by the checker."""
    goal = goals.goal_of(problem.statement)
    known = _functions(goal)
    if not known & {*_GAMMAS, *_ERRORS} or all(r.upper.value is not None for r in goal.on.ranges):
        return None
    found = _prove(new_search(), goal)
    if found is None:
        return None
    try:
        proof = completed(goal, found)
    except Rejected:
        return None
    margin = None if goal.relation.op == "==" else Enclosure(fmpq(0), None)
    return Proved(method=f"special functions: {', '.join(used(found))}", margin=margin, proof=proof)


def _cuts(
    goal: Comparison, far: Sequence[fmpq]
) -> Iterator[tuple[Range, Term, Comparison, Comparison]]:
    """Places so far from the rational end of the one variable, with what lies near and beyond."""
    if len(goal.on.names) != 1 or goal.given or goal.relation.op == "==":
        return
    (r,) = goal.on.ranges
    if r.lower.value is not None and r.lower.value.op == "rational":
        for d in far:
            c = number(r.lower.value.payload + d)
            yield r, c, *goals.halves(goal, r.name, c)


def _functions(goal: Comparison) -> set[str]:
    sides = postorder(goal.relation.left, goal.relation.right)
    return {n.payload for n in sides if n.free and n.op == "call"}


def _prove(search: Search, goal: Comparison) -> Found:
    """A proof with what is needed to see that both sides are defined."""
    relations = goals.cases(goal.relation)
    if len(relations) > 1:
        parts = [_prove(search, replace(goal, relation=r)) for r in relations]
        found = {"by": "cases", "parts": parts, "defined": "part by part"}
        return None if None in parts else found
    if search.refuted(goal):
        return None
    with_gammas = _functions(goal) & {*_GAMMAS}
    return _safely(search, goal, _any_form if with_gammas else _from_infinity)


def _safely(search: Search, goal: Comparison, attempt: _Attempt) -> Found:
    """The attempt, and that both sides are defined."""
    try:
        return with_definedness(search, goal, partial(attempt, search))
    except TROUBLE:
        return None


def _any_form(search: Search, goal: Comparison) -> Found:
    """As it stands where it is a sum of log-gammas; else by logarithms of both sides."""
    total = _sum_of(goal)
    if total is not None:
        return _pieces(search, goal)
    left, right = goal.relation.left, goal.relation.right
    child = goals.logarithm_goal(goal, left, right)
    total = _sum_of(child)
    positive = (
        [_elementary(search, goals.gap_goal(goal, s, ">")) for s in (left, right)]
        if total
        else [None]
    )
    found = None if None in positive else _safely(search, child, _pieces)
    if found is None:
        return None
    needs = definedness(search, goals.gap_goal(goal, sub(left, right)))
    sides = {"left": str(left), "right": str(right), **({"sides": needs} if needs else {})}
    return {"by": "logarithms", "positive": positive, "proof": found, **sides}


# -- pieces ----------------------------------------------------------------------------------------


def _pieces(search: Search, goal: Comparison) -> Found:
    """`steps` on the whole set, or on a tail of it."""
    found = _steps(search, goal)
    if found is not None:
        return found
    for r, c, near, tail in _cuts(goal, _CUTS):
        above = _steps(search, tail)
        if above is not None:
            below = _bounded(search, near)
            return None if below is None else split(r.name, c, below, above)
    return None


def _from_infinity(search: Search, goal: Comparison) -> Found:
    """A slope that keeps its sign down from infinity, where the gap tends to
    a limit; pieces of what is left.

    The slope of an error function is elementary, but not that of an error function times
    exp(x**2): so the gap is taken as it is written.
    """
    slope = partial(deepening, search, depths=_DEPTHS, defined=True)
    for r, c, near, tail in _cuts(goal, _FAR):
        above = by_slope(search, tail, r.name, "upper", slope)
        if above is not None:
            below = _bounded(search, near) or search.prove(near, 1, True)
            return None if below is None else split(r.name, c, below, above)
    return None


def _bounded(search: Search, goal: Comparison) -> Found:
    """Taylor forms; near a lower end where the gap is zero, its slope."""
    tree = taylor_tree(goal, _MANY)
    if tree is not None:
        return tree.proof
    (r,) = goal.on.ranges
    low, high = goal.hull[r.name].lower, goal.hull[r.name].upper
    for share in _NEAR:
        c = number(low.fmpq() + (high.fmpq() - low.fmpq()) * share)  # type: ignore[union-attr]
        near, rest = goals.halves(goal, r.name, c)
        slope = {"by": "ascent", "end": "lower"}
        if search.holds(near, slope):
            tree = taylor_tree(rest, _MANY)
            return None if tree is None else split(r.name, c, slope, tree.proof)
    return None


# -- steps -----------------------------------------------------------------------------------------


def _steps(search: Search, goal: Comparison) -> Found:
    """`steps`, down to a limit or up from the first one."""
    total = _sum_of(goal)
    if total is None:
        return None
    needs = definedness(search, goals.gap_goal(goal, total.plain()))
    if needs is None:
        return None
    sides = {"sides": needs} if needs else {}
    for step in _each_step(goal):
        try:
            found = _down(search, goal, total, step) or _up(search, goal, total, step)
        except TROUBLE:
            continue
        if found is not None:
            return {"by": "steps", "step": step, **found, **sides}
    return None


def _each_step(goal: Comparison) -> Iterator[dict[str, int]]:
    free = [
        r.name
        for r in goal.on.ranges
        if r.upper.value is None
        and goals.free_of_hypotheses(goal, r.name)
        and r.name in goal.relation.free
    ]
    choices = list(product((0, 1), repeat=len(free))) if len(free) <= 3 else []
    for chosen in sorted(choices, key=sum, reverse=len(free) > 1):
        if any(chosen):
            yield {n: k for n, k in zip(free, chosen, strict=True) if k}


def _down(search: Search, goal: Comparison, total: Sum, step: Step) -> dict[str, Any] | None:
    op = goal.relation.op
    change = neg(difference(total, step))
    try:
        end = limit_along(total, step, lambda m: sign_of(m)[0] == 1)
    except TROUBLE:
        return None
    for strict in ("change", "limit") if op == ">" else ("",):
        ops = {"change": (">", ">="), "limit": (">=", ">"), "": (op, op)}[strict]
        far = _elementary(search, goals.gap_goal(goal, end, ops[1]))
        found = None if far is None else _change(search, goals.gap_goal(goal, change, ops[0]))
        if found is not None:
            return {
                "change": found,
                "limit": far,
                **({"strict": "limit"} if strict == "limit" else {}),
            }
    return None


def _up(search: Search, goal: Comparison, total: Sum, step: Step) -> dict[str, Any] | None:
    if len(step) > 1 or len(goal.on.names) > 1 or goal.relation.op == "==":
        return None
    ((name, k),) = step.items()
    start = goals.range_of(goal, name).lower
    if start.value is None or start.open or start.value.op != "rational":
        return None
    first = _bounded(search, goals.halves(goal, name, add(start.value, number(k)))[0])
    found = (
        None
        if first is None
        else _change(search, goals.gap_goal(goal, difference(total, step), ">="))
    )
    return None if found is None else {"change": found, "first": first}


# -- without gammas --------------------------------------------------------------------------------


def _change(search: Search, goal: Comparison) -> Found:
    """`normal`: sums of logarithms, perhaps divided by what stands before one of them. Both sides
    are known to be defined."""
    if search.refuted(goal):
        return None
    try:
        logs = as_sum(goals.normal_goal(goal).relation.left).logs
    except TROUBLE:
        return None
    for times in _multipliers([p for _, p in logs]):
        extra: dict[str, Any] = {}
        if times is not _ONE:
            positive = _elementary(search, goals.gap_goal(goal, times, ">"))
            if positive is None:
                continue
            extra = {"times": str(times), "positive": positive}
        child = goals.normal_goal(goal, times)
        child = goals.gap_goal(child, as_sum(child.relation.left).term())
        found = _elementary(search, child)
        if found is not None:
            return {"by": "normal", "form": "logarithms", "proof": found, **extra}
    return None


def _elementary(search: Search, goal: Comparison) -> Found:
    """A goal for the calculus, with a share of the time."""
    return None if search.refuted(goal) else search.prove(goal, 1)


def _multipliers(coefficients: Sequence[Term]) -> Iterator[Term]:
    yield _ONE
    seen: set[Term] = set()
    for p in coefficients:
        if p.free and p not in seen:
            seen.add(p)
            yield div(_ONE, p)
            yield div(_ONE, neg(p))


def _sum_of(goal: Comparison) -> Sum | None:
    """The gap as a sum with log-gammas."""
    try:
        total = as_sum(goals.normal_goal(goal).relation.left)
    except TROUBLE:
        return None
    plain = [total.rest, *(t for pair in (*total.logs, *total.gammas) for t in pair)]
    hidden = any(n.free and n.op == "call" and n.payload in _GAMMAS for n in postorder(*plain))
    return total if total.gammas and not hidden else None
