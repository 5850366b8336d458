"""The gap as a product, and times a positive term."""

from __future__ import annotations

from typing import Any

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.algebra.forms import factors as factored
from boundcheck.exact.terms.term import neg
from boundcheck.search.calculus.tools import views
from boundcheck.search.calculus.tools.knowledge import Found, Search
from boundcheck.search.calculus.tools.simpler import lighter, multiplied, reduced
from boundcheck.search.calculus.tools.visible import by_normal_form


def factors(search: Search, goal: Comparison, depth: int) -> Found:
    """`factors`: the goal reduced; or each factor with the sign that samples say it has."""
    main, wrap = reduced(search, goal)
    if main.relation.left is not goal.relation.gap():
        found = search.prove(main, depth - 1, True)
        if found is not None:
            return wrap(found)
    scale, parts = factored(main.relation.gap())
    if len(parts) < 2 and not (parts and parts[0][1] != 1):
        return None
    strict, sign = main.relation.op == ">", 1 if scale > 0 else -1
    shown: list[Any] = []
    for f, k in parts:
        if k % 2 == 0 and not strict:
            shown.append({})
            continue
        values = [v for _, v in search.samples(goals.gap_goal(main, f, ">="))]
        negative = any(v < 0 for v in values)
        if negative and any(v > 0 for v in values):
            return None
        sign *= -1 if negative and k % 2 else 1
        op = ">" if strict and k > 0 else ">="
        found = search.prove(goals.gap_goal(main, neg(f) if negative else f, op), depth - 1, True)
        if found is None:
            return None
        shown.append({"sign": "-" if negative else "+", "proof": found})
    if sign < 0:
        return None
    product = {"by": "factors", "parts": shown}
    if main is goal:
        return product
    simpler = goals.normal_goal(goal)
    found = by_normal_form(search, simpler, product)
    return found if simpler.relation.left is main.relation.left else None


def lighter_products(search: Search, goal: Comparison, depth: int) -> Found:
    """`normal`: divided by what stands before a logarithm, an arc, ..."""
    for r in goal.on.ranges:
        for child, wrap in lighter(search, goal, r.name) if r.name in goal.relation.free else ():
            found = search.prove(child, depth - 2, True)
            if found is not None:
                return wrap(found)
    return None


def multiples(search: Search, goal: Comparison, depth: int) -> Found:
    """`normal`: times a positive term after which a derivative is simpler."""
    for times in views.multipliers(goal.relation.gap()) if depth >= 3 else ():
        made = multiplied(search, goal, times)
        found = None if made is None else search.prove(made[0], depth - 2, True)
        if found is not None and made is not None:
            return made[1](found)
    return None
