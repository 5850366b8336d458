"""Touching and unbounded claims, by the rules of the calculus.

Which rules are tried for which goal, in which order; what is visible at once comes before all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flint import fmpq

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proved, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.exact.terms.work import spend
from boundcheck.search.calculus.both_sides import exponentials, logarithms, squares, steep
from boundcheck.search.calculus.edges import edges
from boundcheck.search.calculus.given_bounds import given_bounds
from boundcheck.search.calculus.kinks import branch, kinks
from boundcheck.search.calculus.ladders import constant_along, ladders, monotone
from boundcheck.search.calculus.new_variables import absolute_values, inverse, period
from boundcheck.search.calculus.other_functions import rewritten, tangents
from boundcheck.search.calculus.products import factors, lighter_products, multiples
from boundcheck.search.calculus.sums import sums
from boundcheck.search.calculus.tools import views
from boundcheck.search.calculus.tools.knowledge import TROUBLE, Found, Rule, Search, key_of
from boundcheck.search.calculus.tools.pieces import pieces
from boundcheck.search.calculus.tools.side_conditions import side_condition
from boundcheck.search.calculus.tools.visible import visible, with_definedness
from boundcheck.search.calculus.valleys import peak, valley
from boundcheck.search.calculus.zeros import zeros
from boundcheck.search.completion import completed
from boundcheck.search.problem import Problem

_SLIPS = (RecursionError, IndexError, TypeError, AttributeError, AssertionError)
"""A proposal that trips over itself is no proposal: the other tactics go on."""

_DEPTHS = (1, 2, 4, 6)

_EQUAL: tuple[Rule, ...] = (period, branch, constant_along)
_WITH_BRANCHES: tuple[Rule, ...] = (branch, absolute_values, kinks, squares)
_ALGEBRAIC: tuple[Rule, ...] = (
    ladders,
    given_bounds,
    squares,
    zeros,
    factors,
    valley,
    pieces,
    monotone,
    multiples,
    inverse,
)
_TRANSCENDENTAL: tuple[Rule, ...] = (
    # the goal as it should have been written
    period,
    tangents,
    edges,
    steep,
    # along one variable
    ladders,
    given_bounds,
    zeros,
    pieces,
    factors,
    valley,
    peak,
    monotone,
    # other forms, each with a search of its own
    lighter_products,
    logarithms,
    exponentials,
    sums,
    rewritten,
    squares,
    multiples,
    inverse,
)
_ALONE = (zeros, pieces)
"""Rules for one variable only."""


def _attempts(goal: Comparison) -> list[Rule]:
    """The rules that may prove a goal, which is `==`, `>=` or `>`, in order."""
    gap, alone = goal.relation.gap(), len(goal.on.names) == 1
    if goal.relation.op == "==":
        rules = _EQUAL
    elif views.with_branches(gap):
        rules = _WITH_BRANCHES
    elif views.algebraic(gap):
        rules = _ALGEBRAIC
    else:
        rules = _TRANSCENDENTAL
    return [rule for rule in rules if alone or rule not in _ALONE]


def by_rules(problem: Problem) -> Verdict | None:
    """A proof by the rules of the calculus, accepted by the checker."""
    goal = goals.goal_of(problem.statement)
    try:
        found = deepening(new_search(), goal)
        if found is None:
            return None
        proof = completed(goal, found)
    except (*TROUBLE, *_SLIPS):
        return None
    margin = None if goal.relation.op == "==" else Enclosure(fmpq(0), None)
    return Proved(method=f"calculus: {', '.join(used(found))}", margin=margin, proof=proof)


def used(proof: Any) -> list[str]:
    """The rules of a proof, in order of appearance."""
    found: dict[str, None] = {}
    stack = [proof]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if "by" in node:
                found[node["by"]] = None
            stack.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            stack.extend(reversed(node))
    return list(found)


def new_search() -> Search:
    """A search by all rules, which knows nothing yet."""
    return Search(_prove, side_condition)


def deepening(
    search: Search, goal: Comparison, depths: Sequence[int] = _DEPTHS, defined: bool = False
) -> Found:
    """A proof by any rule; short proofs first."""
    found = (search.prove(goal, depth, defined) for depth in depths)
    return next((p for p in found if p is not None), None)


def _prove(search: Search, goal: Comparison, depth: int, defined: bool) -> Found:
    """A proof, with what is needed to see that both sides are defined; each goal is tried
    once to each depth."""
    if not defined:
        return with_definedness(search, goal, lambda g: search.prove(g, depth, True))
    key = key_of(goal)
    before, found = search.tried.get(key, (-1, None))
    if found is not None or before >= depth:
        return found
    spend(20)
    search.tried[key] = depth, None
    found = _by_cases(search, goal, depth)
    search.tried[key] = depth, found
    return found


def _by_cases(search: Search, goal: Comparison, depth: int) -> Found:
    """`cases`: one relation after the other."""
    relations = goals.cases(goal.relation)
    if len(relations) == 1:
        return _by_attempts(search, goal, depth)
    parts = []
    for r in relations:
        found = search.prove(replace(goal, relation=r), depth, True)
        if found is None:
            return None
        parts.append(found)
    return {"by": "cases", "parts": parts}


def _by_attempts(search: Search, goal: Comparison, depth: int) -> Found:
    """What is visible, or the first rule that leads to a proof."""
    found = visible(search, goal)
    if found is not None or not goal.relation.free or search.refuted(goal) or depth <= 0:
        return found
    for attempt in _attempts(goal):
        spend(10)
        try:
            found = attempt(search, goal, depth)
        except TROUBLE:
            continue
        if found is not None:
            return found
    return None
