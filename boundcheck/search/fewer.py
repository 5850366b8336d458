"""A statement by the ladder of tactics, with few hypotheses first.

Hypotheses that have nothing to do with the relation are left out. Where others are left, equations
are used up, a combination of hypotheses is tried, and then those that points say are needed, with
all of them in turn.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from boundcheck.checking.goals import goal_of
from boundcheck.claims.verdict import IllPosed, Proved, Refuted, Undecided, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.enclosure.intervals.rational_points import Point
from boundcheck.exact.terms.work import OutOfBudget, at_most, grace, left
from boundcheck.search.climb import Climb
from boundcheck.search.closed import closed
from boundcheck.search.completion import DECIDED, leads_to
from boundcheck.search.points import refute
from boundcheck.search.premises.connected import Parts
from boundcheck.search.premises.equations import without_equations
from boundcheck.search.premises.farkas import UNITS, by_combination
from boundcheck.search.premises.reduction import Reduction
from boundcheck.search.premises.relevance import needed
from boundcheck.search.problem import Problem
from boundcheck.search.rungs import EARLY, LADDER, LONG, SHORT, Rung

_COMBINED = Rung(by_combination, UNITS)
_LEAST = 0.1  # units for the statement with all hypotheses, while fewer are tried
_ROUNDS = 3  # of looking for the hypotheses that are needed
_SAMPLES = 60


def decided(problem: Problem) -> Verdict:
    """The verdict, without a point of the set and without the upper end of the margin.

    First without the hypotheses that have nothing to do with the relation: it holds, or fails,
    with them as it does without, where they do not contradict each other.
    """
    fewer = Parts(problem.statement).reduction()
    if fewer is None:
        return _searched(problem)
    inner = _inner(problem, fewer)
    verdict = _searched(inner) if inner.names else closed(inner)
    if isinstance(verdict, Undecided):
        return verdict
    carried = _carried(verdict, problem, inner, fewer, True)
    return _searched(problem) if carried is None else carried


def _searched(problem: Problem) -> Verdict:
    """The ladder; where there are hypotheses besides a box, with fewer of them at first."""
    climb = Climb(problem)
    try:
        found = None
        if goal_of(problem.statement).given:
            found = climb.run(EARLY)
            if found is None:
                found = _with_fewer(climb)
        if found is None:
            found = climb.run(LADDER)
    except OutOfBudget:
        found = None
    return climb.undecided() if found is None else found


def _with_fewer(climb: Climb) -> Verdict | None:
    """With equations used up: as a combination of hypotheses, and with those that seem to be
    needed."""
    problem = climb.problem
    solved = without_equations(problem.statement)
    base = problem.statement if solved is None else solved.statement
    combined = Climb(Problem(base)).within((_COMBINED,))
    if combined is not None:
        same = Reduction(base) if solved is None else solved
        return _carried(combined, problem, problem, same, True)
    tried: list[Point] = []
    for _ in range(_ROUNDS):
        fewer = needed(base, tried)
        chosen = solved if fewer is None else fewer if solved is None else solved.then(fewer)
        if chosen is None:
            return None
        inner = Climb(_inner(problem, chosen))
        ours, theirs = _in_turn(climb, inner)
        if ours is None and theirs is not None:
            ours = _carried(theirs, problem, inner.problem, chosen, fewer is None)
        if ours is not None or fewer is None:
            return ours
        if not isinstance(theirs, (Refuted, IllPosed)) or theirs.witness is None:
            return None
        tried.append(theirs.witness.point)
    return None


def _in_turn(climb: Climb, inner: Climb) -> tuple[Verdict | None, Verdict | None]:
    """A statement with all hypotheses and with fewer, in turn: a verdict on one of them."""
    if not inner.problem.names:
        return None, closed(inner.problem)
    for rungs, share in ((SHORT, 0.5), (LONG[:-2], 1.0), (LONG[-2:], 0.5)):
        with at_most(share * left()) as scope:
            theirs = inner.within(rungs)
        if theirs is not None:
            return None, theirs
        ours = climb.within(rungs, max(_LEAST, scope.spent))
        if ours is not None:
            return ours, None
    return None, None


def _inner(problem: Problem, fewer: Reduction) -> Problem:
    return Problem(fewer.statement, watch=problem.watch, allowance=problem.allowance)


def _carried(
    verdict: Verdict, problem: Problem, inner: Problem, fewer: Reduction, same: bool
) -> Verdict | None:
    """What the verdict on a simpler statement says of the statement; None where it says nothing.

    Args:
        same: whether the simpler one has the same points, but for variables of their own.
    """
    witness = verdict.witness if isinstance(verdict, (Refuted, IllPosed)) else None
    known = None if witness is None else witness.point
    lifted: list[Point] = []
    points = ((known,) if known is not None else inner.samples) if inner.names else ({},)
    try:
        with grace(problem.allowance):
            for point in islice(points, _SAMPLES):
                found = fewer.lift(point)
                if found is not None and problem.admits(found):
                    lifted.append(found)
    except OutOfBudget:
        pass
    problem.samples += lifted
    if isinstance(verdict, Proved):
        low = verdict.margin
        margin = low if same or low is None else Enclosure(low.lower, None)
        goal, child = goal_of(problem.statement), goal_of(fewer.statement)
        if verdict.proof is None or not leads_to(goal, fewer.wrap(DECIDED), child):
            return None
        return replace(verdict, proof=fewer.wrap(verdict.proof), margin=margin)
    if known is not None:
        return refute.judge(problem, lifted[0]) if lifted else None
    contradicting = isinstance(verdict, IllPosed) and verdict.method in ("hypotheses", "families")
    return verdict if contradicting or (same and lifted) else None
