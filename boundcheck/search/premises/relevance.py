"""Which hypotheses a statement needs, guessed by points at which it fails.

Where the relation does not hold, or is not defined, one of the hypotheses has to fail. A few that
do so at all such points among many are what is tried first; hypotheses in the variables of the
relation come before others. Doubles may guess: what is left out is left out by the rule `subset`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import TypeAlias

import numpy as np

from boundcheck.checking.goals import box_of, goal_of, range_of
from boundcheck.checking.hypothesis_rules import subset_goal
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.arrays.shaped import Bool, Float64
from boundcheck.enclosure.arrays.tape import Tape
from boundcheck.enclosure.intervals.interval import Interval, Unclear
from boundcheck.enclosure.intervals.rational_points import Point, value_at
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.box import Range
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import OPPOSITE, Relation
from boundcheck.exact.terms.work import OutOfBudget, at_most, spend
from boundcheck.search.points.repair import repaired
from boundcheck.search.premises.reduction import Reduction, reduced

Marks: TypeAlias = Bool[np.ndarray, " points"]
Row: TypeAlias = Float64[np.ndarray, " points"]
Places: TypeAlias = Float64[np.ndarray, "names points"]

_COUNT = 1000
_SAME = 0.15  # how often a coordinate is at an end, or equal to another one
_AGAIN = 20
_EXACTLY = 30
_ROUNDS, _REPAIR = 5, 0.08
_SIZES = (1e-2, 0.3, 1.0, 3.0, 30.0, 1e3)


def needed(statement: Comparison, tried: Sequence[Point] = ()) -> Reduction | None:
    """The statement with those hypotheses only that seem to be needed; None where all do.

    Args:
        tried: points at which the relation fails or is not defined, looked at as well.
    """
    goal = goal_of(statement)
    if not goal.given or not goal.on.names:
        return None
    sampled, against = _points(goal), list(tried)
    for _ in range(_ROUNDS):
        given = _cover(goal, _with(sampled, goal, against))
        point = None if len(given) == len(goal.given) else _beyond(goal, given)
        if point is None:
            break
        against.append(point)
    if len(given) == len(goal.given):
        return None
    kept = goal.relation.free.union(*(goal.given[k].free for k in given))
    ends = goal.on.symbols_in_ends
    on = {n: ["lower", "upper"] for n in goal.on.names if n in kept or ends}
    simpler = reduced(statement, subset_goal(goal, on, given))

    def wrap(proof: Proof) -> Proof:
        return {"by": "subset", "on": on, "given": given, "proof": proof}

    def lift(point: Point) -> Point | None:
        return point if len(on) == len(goal.on.names) else None

    return None if simpler is None else Reduction(simpler, wrap, lift)


def _cover(goal: Comparison, points: Places) -> list[int]:
    """A few hypotheses of which one fails at each point where the relation and one of them do.

    Where it is not known how to evaluate the relation at many points, a few in its variables of
    which one fails at each point where any does.
    """
    levels = _levels(goal)
    points = points[:, _inside(goal, points)]
    try:
        below, nowhere = _fails(goal.relation, goal.on.names, points)
        points = points[:, below | _undefined(goal, points, nowhere)]
        level = len(goal.given)
    except Unsupported:
        level = 0
    outside = [
        _outside(h, goal.on.names, points)
        if levels[k] <= level
        else np.zeros(points.shape[1], bool)
        for k, h in enumerate(goal.given)
    ]
    left = np.logical_or.reduce(outside)
    chosen: list[int] = []
    while left.any():
        hits = ((-levels[k], int((left & o).sum()), -k) for k, o in enumerate(outside))
        chosen.append(-max(h for h in hits if h[1])[2])
        left &= ~outside[chosen[-1]]
    for k in sorted(chosen, key=lambda k: (-levels[k], -k)):  # what others have made superfluous
        rest = np.logical_or.reduce([outside[j] for j in chosen if j != k], initial=False)
        if not (outside[k] & ~rest).any():
            chosen.remove(k)
    return sorted(chosen)


def _beyond(goal: Comparison, given: Sequence[int]) -> Point | None:
    """A point at which some hypotheses hold and the relation does not."""
    if goal.relation.op == "==":
        return None
    fails = Relation(goal.relation.left, OPPOSITE[goal.relation.op], goal.relation.right)
    used = goal.relation.free.union(*(goal.given[k].free for k in given))
    ranges = [r for r in goal.on.ranges if r.name in used or goal.on.symbols_in_ends]
    hypotheses = (*(goal.given[k] for k in given), fails)
    try:
        with at_most(_REPAIR):
            return next(repaired(Comparison(fails, box_of(ranges), hypotheses)), None)
    except OutOfBudget:
        return None


def _levels(goal: Comparison) -> list[int]:
    """How far the variables of each hypothesis are from the relation."""
    known = set(goal.relation.free)
    levels: dict[int, int] = {}
    for level in range(len(goal.given) + 1):
        new = [k for k, h in enumerate(goal.given) if k not in levels and h.free <= known]
        levels |= dict.fromkeys(new, level)
        near = [h.free for k, h in enumerate(goal.given) if k not in levels and h.free & known]
        known = known.union(*near)
    return [levels.get(k, len(goal.given)) for k in range(len(goal.given))]


def _fails(h: Relation, names: Sequence[str], points: Places) -> tuple[Marks, Marks]:
    """Where a relation certainly fails, and where it may have no value. Raises Unsupported."""
    tape = Tape(h.gap(), names)
    with np.errstate(all="ignore"):
        lows, highs = tape.values(points, points)
        defined = tape.defined(lows, highs)
    low, high = lows[tape.root], highs[tape.root]
    below = high <= 0 if h.strict else high < 0
    return defined & (below | ((low > 0) if h.op == "==" else False)), ~defined


def _outside(h: Relation, names: Sequence[str], points: Places) -> Marks:
    """Where a hypothesis may not hold; nowhere where that is not known."""
    try:
        return np.logical_or(*_fails(h, names, points))
    except Unsupported:
        return np.zeros(points.shape[1], dtype=bool)


def _undefined(goal: Comparison, points: Places, maybe: Marks) -> Marks:
    """Where a side certainly has no value, of some points where it may have none."""
    found = np.zeros(points.shape[1], dtype=bool)
    for k in np.flatnonzero(maybe)[:_EXACTLY]:
        point = {n: rational(float(v)) for n, v in zip(goal.on.names, points[:, k], strict=True)}
        try:
            value_at(goal.relation.gap(), point, 64)
        except DomainError:
            found[k] = True
        except (Unclear, Unsupported):
            continue
    return found


def _inside(goal: Comparison, points: Places) -> Marks:
    """Where the ends of ranges that mention variables are kept."""
    ok = np.ones(points.shape[1], dtype=bool)
    for h in goal.on.hypotheses():
        if h.right.free:
            ok &= ~_outside(h, goal.on.names, points)
    return ok


def _points(goal: Comparison) -> Places:
    """Points of the box, of several sizes; some coordinates are equal, some at an end."""
    names, hull = goal.on.names, goal.hull
    spend(300 + 0.4 * len(names) * _COUNT)
    rng = Random(0)
    rows: list[Row] = []
    for k, n in enumerate(names):
        row = _row(hull[n], range_of(goal, n), rng)
        if rows:  # equal coordinates, where the ranges allow it
            other = rows[int(rng.random() * k)]
            fits = (other > float(hull[n].lower)) & (other < float(hull[n].upper))
            row = np.where((_uniform(rng) < _SAME) & fits, other, row)
        rows.append(row)
    return np.stack(rows)


def _with(points: Places, goal: Comparison, more: Sequence[Point]) -> Places:
    """Some more points, each with several values of the coordinates that it does not have."""
    for j, p in enumerate(more):
        again = points[:, j * _AGAIN : (j + 1) * _AGAIN].copy()
        for k, n in enumerate(goal.on.names):
            if n in p:
                again[k] = float(p[n].p) / float(p[n].q)
        points = np.concatenate([points, again], axis=1)
    return points


def _row(x: Interval, r: Range, rng: Random) -> Row:
    """Values in a range."""
    low, high = float(x.lower), float(x.upper)
    size = np.array(_SIZES)[(_uniform(rng) * len(_SIZES)).astype(int)] * _uniform(rng)
    if math.isinf(low) and math.isinf(high):
        values, ends = size * np.where(_uniform(rng) < 0.5, 1.0, -1.0), [0.0, 1.0]
    elif math.isinf(high):
        values, ends = low + size, [*([] if r.lower.open else [low]), low + 1]
    elif math.isinf(low):
        values, ends = high - size, [*([] if r.upper.open else [high]), high - 1]
    else:
        values = low + (high - low) * _uniform(rng)
        ends = [*([] if r.lower.open else [low]), *([] if r.upper.open else [high])]
    if not ends:
        return values
    special = np.array(ends)[(_uniform(rng) * len(ends)).astype(int)]
    return np.where(_uniform(rng) < _SAME, special, values)


def _uniform(rng: Random) -> Row:
    return np.array([rng.random() for _ in range(_COUNT)])
