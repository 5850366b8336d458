"""Simpler forms of a goal, each with how a proof of it proves the goal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.algebra.forms import factors
from boundcheck.exact.terms.term import Term, div, neg, number
from boundcheck.search.calculus.tools import views
from boundcheck.search.calculus.tools.knowledge import TROUBLE, Search, Wrap, bounded, key_of
from boundcheck.search.calculus.tools.visible import (
    definedness,
    normalised,
    visible,
    with_definedness,
)

_ONE = number(1)


def reduced(search: Search, goal: Comparison) -> tuple[Comparison, Wrap]:
    """`normal` and `factors`: the normal form without factors of visible sign."""
    key = key_of(goal)
    if key not in search.shorter:
        search.shorter[key] = goal, dict  # while it is computed
        with suppress(*TROUBLE):
            search.shorter[key] = _reduced(search, goal)
    return search.shorter[key]


def _reduced(search: Search, goal: Comparison) -> tuple[Comparison, Wrap]:
    main: Comparison = goal
    wrap: Wrap = dict
    simpler = goals.normal_goal(goal)
    needs = definedness(search, simpler)
    if needs is not None and simpler.relation.left is not goal.relation.gap():
        main, wrap = simpler, normalised(needs)
    if goal.relation.op == "==":
        return main, wrap
    scale, parts = factors(main.relation.gap())
    if not parts or (len(parts) == 1 and parts[0][1] == 1 and abs(scale) == 1):
        return main, wrap
    strict, sign = goal.relation.op == ">", 1 if scale > 0 else -1
    shown: list[Any] = []
    left: list[int] = []
    for k, (f, e) in enumerate(parts):
        if e % 2 == 0 and not strict:
            shown.append({})
            continue
        found = _signed(search, main, f, ">" if strict and e > 0 else ">=")
        if found is None:
            left.append(k)
            shown.append(None)
        else:
            shown.append(found)
            sign *= -1 if found["sign"] == "-" and e % 2 else 1
    if not left and sign > 0:  # all are visible: then so is the last one
        left = [k for k, (_, e) in enumerate(parts) if e % 2 and shown[k]][-1:]
        sign *= -1 if left and shown[left[0]]["sign"] == "-" else 1
    if len(left) != 1 or parts[left[0]][1] % 2 == 0:
        return main, wrap
    (k,) = left
    f, e = parts[k]
    inner = goals.gap_goal(main, f if sign > 0 else neg(f), ">" if strict and e > 0 else ">=")
    turned = "+" if sign > 0 else "-"
    filled = lambda p: [*shown[:k], {"sign": turned, "proof": p}, *shown[k + 1 :]]  # noqa: E731
    return inner, lambda p: wrap({"by": "factors", "parts": filled(p)})


def _signed(search: Search, goal: Comparison, f: Term, op: str) -> dict[str, Any] | None:
    """The visible sign of a factor, with its proof."""
    # a wave may be zero at an end that is not a number
    wave = f.op == "call" and f.payload in ("sin", "cos") and bounded(goal)
    for turned in (False, True):
        sign = goals.gap_goal(goal, neg(f) if turned else f, op)
        found = search.easy(sign) if wave else visible(search, sign)
        if found is not None:
            return {"sign": "-" if turned else "+", "proof": found}
    return None


def multiplied(search: Search, goal: Comparison, times: Term) -> tuple[Comparison, Wrap] | None:
    """`normal`: the goal times a term that is easily seen to be positive."""
    positive = with_definedness(search, goals.gap_goal(goal, times, ">"), search.easy)
    if positive is None:
        return None
    child = goals.normal_goal(goal, times)
    needs = definedness(search, child)
    if needs is None or child.relation.left is goal.relation.left:
        return None
    inner = normalised(needs)
    return child, lambda p: {**inner(p), "times": str(times), "positive": positive}


def lighter(search: Search, goal: Comparison, name: str) -> Iterator[tuple[Comparison, Wrap]]:
    """The goal divided by what stands before a logarithm, an arc, ..."""
    for c in views.coefficients(goal.relation.gap(), name):
        for times in (div(_ONE, c), neg(div(_ONE, c))):
            made = multiplied(search, goal, times)
            if made is not None:
                yield made
