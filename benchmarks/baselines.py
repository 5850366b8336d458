"""Naive branch and bound: the natural extension of the function, and the widest side halved.

This is what one would write in an hour, and not badly: depth first for a bound,
best first for a maximum.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flint import arb, arb_series

from benchmarks.arithmetic import ORDER, Balls, Intervals, Series, settings
from benchmarks.outcome import Outcome, bound
from benchmarks.tasks import Inside, Sides, Task
from benchmarks.timing import Solver

Function = Callable[..., Any]
ARB, TAYLOR, MPMATH = "arb naive", f"arb Taylor forms, order {ORDER}", "mpmath.iv naive (unsound)"
BASELINES = (ARB, TAYLOR, MPMATH)


def solvers(task: Task) -> dict[str, Solver]:
    """The baselines that can state this task."""
    if task.function is None:
        return {}
    found = {ARB: _naive(task, Balls()), MPMATH: _naive(task, Intervals())}
    assert task.goal is not None
    if len(task.box) == 1 and isinstance(task.goal, Inside):
        found[TAYLOR] = _taylor(task, task.goal)
    return {name: found[name] for name in BASELINES if name in found}


def _naive(task: Task, numbers: Balls | Intervals) -> Solver:
    assert task.function is not None
    with settings():
        f = task.function(numbers)
    goal = task.goal

    def enclose(box: Sides) -> tuple[float, float]:
        return numbers.ends(f(*[numbers.interval(*side) for side in box]))

    def solve() -> Outcome:
        with settings():
            if isinstance(goal, Inside):
                found = _prove(enclose, task.box, goal)
            else:
                found = _maximise(enclose, task.box, goal.atol)
        return found if isinstance(numbers, Balls) else replace(found, comparable=False)

    return solve


def _taylor(task: Task, goal: Inside) -> Solver:
    """Enclosures by f's Taylor polynomial at the middle, and the remainder on the
    whole interval."""
    assert task.function is not None
    with settings():
        f = task.function(Series())

    def enclose(box: Sides) -> tuple[float, float]:
        ((low, high),) = box
        middle = 0.5 * (low + high)
        radius = max(arb(high) - middle, arb(middle) - low).upper()
        coefficients = f(arb_series([arb(middle), 1], prec=ORDER)).coeffs()
        remainder = f(arb_series([arb(low).union(arb(high)), 1], prec=ORDER + 1))[ORDER]
        total, power = arb(0), arb(1)
        for k, c in enumerate([*coefficients, *[arb(0)] * (ORDER - len(coefficients)), remainder]):
            total += c * (power if k == 0 else power.union(-power if k % 2 else arb(0)))
            power *= radius
        return Balls().ends(total)

    def solve() -> Outcome:
        with settings():
            return _prove(enclose, task.box, goal)

    return solve


def _prove(enclose: Callable[[Sides], tuple[float, float]], box: Sides, goal: Inside) -> Outcome:
    """Whether goal.lower <= f <= goal.upper on the box, depth first."""
    stack, boxes = [box], 0
    while stack:
        piece = stack.pop()
        boxes += 1
        low, high = enclose(piece)
        if low > goal.upper or high < goal.lower:
            return Outcome("refuted", False, boxes)
        if not (goal.lower <= low and high <= goal.upper):
            stack.extend(_halves(piece))
    return Outcome(goal.weaker or "proved", True, boxes, comparable=not goal.weaker)


def _maximise(enclose: Callable[[Sides], tuple[float, float]], box: Sides, atol: float) -> Outcome:
    """The maximum of f to `atol`, best first; each box that is split has its centre evaluated."""
    heap, boxes, best = [(-enclose(box)[1], box)], 1, float("-inf")
    while heap:
        top, piece = heapq.heappop(heap)
        best = max(best, enclose(_centre(piece))[0])
        if -top - best <= atol:
            return bound(best, -top, boxes, atol)
        for half in _halves(piece):
            boxes += 1
            high = enclose(half)[1]
            if high > best:
                heapq.heappush(heap, (-high, half))
    return bound(best, best, boxes, atol)


def _centre(box: Sides) -> Sides:
    return tuple((0.5 * (low + high),) * 2 for low, high in box)


def _halves(box: Sides) -> tuple[Sides, Sides]:
    """The box cut across its widest side."""
    k = max(range(len(box)), key=lambda i: box[i][1] - box[i][0])
    low, high = box[k]
    cut = 0.5 * (low + high)
    return (*box[:k], (low, cut), *box[k + 1 :]), (*box[:k], (cut, high), *box[k + 1 :])
