"""Equations that are used up: a variable that one of them gives is replaced by what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from boundcheck.checking.checker import Checker
from boundcheck.checking.goals import goal_of
from boundcheck.checking.hypothesis_rules import (
    equation_goal,
    solution,
    solved,
    writes_exponent,
)
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.rational_points import Point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.algebra.forms import expanded, polynomial_term
from boundcheck.exact.algebra.rational_function import coefficients, degree
from boundcheck.exact.terms.defined import alternatives, obligations
from boundcheck.exact.terms.term import Relation, Term, div, neg
from boundcheck.exact.terms.work import spend
from boundcheck.search.premises.reduction import Reduction, exact_value, reduced

_MOST = 12  # equations
_MAX_TERMS = 40  # of an equation that is solved
_TROUBLE = (BoundcheckError, Unclear, ArithmeticError, KeyError, ValueError)


def without_equations(statement: Comparison) -> Reduction | None:
    """The statement with the equations used up that say what a variable is, one after the other;
    None where there are none."""
    found: Reduction | None = None
    for _ in range(_MOST):
        current = statement if found is None else found.statement
        step = _step(current)
        if step is None:
            break
        found = step if found is None else found.then(step)
    return found


def _step(statement: Comparison) -> Reduction | None:
    if not any(h.op == "==" for h in statement.given):
        return None
    goal = goal_of(statement)
    for how in (*_written(goal), *_linear(goal)):
        spend(20)
        try:
            at = solution(Checker(), goal, how)
            child = equation_goal(goal, how["given"], how["variable"], at)
        except _TROUBLE:
            continue
        simpler = reduced(statement, child)
        terms = [at]
        if writes_exponent(goal, how["variable"], at):
            terms += [goal.relation.left, goal.relation.right]
        if simpler is not None and _defined(goal, *terms):
            return _reduction(simpler, how, at)
    return None


def _reduction(simpler: Comparison, how: Proof, at: Term) -> Reduction:
    def wrap(proof: Proof) -> Proof:
        return {"by": "equation", **how, "proof": proof}

    def lift(point: Point) -> Point | None:
        value = exact_value(at, point)
        return None if value is None else {**point, how["variable"]: value}

    return Reduction(simpler, wrap, lift)


def _written(goal: Comparison) -> list[dict[str, Any]]:
    """Equations v == t; where both sides are variables, one that the relation lacks goes first."""
    found = [
        {"given": k, "variable": side.payload}
        for k, h in enumerate(goal.given)
        if h.op == "=="
        for side in (h.left, h.right)
        if side.op == "symbol" and solved(goal, k, side.payload) is not None
    ]
    return sorted(found, key=lambda how: how["variable"] in goal.relation.free)


def _linear(goal: Comparison) -> Iterator[dict[str, Any]]:
    """Equations that are linear in a variable: those with a number before it first."""
    later = []
    for k, h in enumerate(goal.given):
        if h.op != "==":
            continue
        try:
            ways = list(_solved_for(h))
        except _TROUBLE:
            continue
        for number, how in ways:
            if number:
                yield {"given": k, **how}
            else:
                later.append({"given": k, **how})
    yield from later


def _solved_for(h: Relation) -> Iterator[tuple[bool, dict[str, Any]]]:
    """c v + d == 0 for each variable v, as v = -d/c; whether c is a number."""
    leaves, r, _ = expanded(h.gap())
    if len(r.num) + len(r.den) > _MAX_TERMS:
        return
    for i, v in enumerate(leaves):
        inside = any(v.payload in leaf.free for leaf in leaves if leaf is not v)
        if v.op != "symbol" or inside or degree(r.den, i) or degree(r.num, i) != 1:
            continue
        d, c = coefficients(r.num, i)
        below, factor = polynomial_term(r.den, leaves), polynomial_term(c, leaves)
        if c.is_constant():
            at = polynomial_term(-d / c.leading_coefficient(), leaves)
        else:
            at = neg(div(polynomial_term(d, leaves), factor))
        how = {"variable": v.payload, "value": str(at), "times": str(div(factor, below))}
        yield c.is_constant() and r.den.is_constant(), how


def _defined(goal: Comparison, *terms: Term) -> bool:
    """Whether it is seen at once that terms are defined on the set."""
    checker = Checker()
    try:
        return all(
            any(checker.at_once(Comparison(o, goal.on, goal.given)) for o in alternatives(need))
            for need in obligations(*terms)
        )
    except _TROUBLE:
        return False
