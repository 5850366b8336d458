"""Ex falso: proofs that nothing satisfies the hypotheses, for statements that may be proved so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from boundcheck.checking.goals import goal_of
from boundcheck.checking.hypothesis_rules import absurd_goals
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proved, Verdict
from boundcheck.exact.terms.work import OutOfBudget, at_most, left
from boundcheck.search.climb import Climb
from boundcheck.search.closed import closed
from boundcheck.search.completion import DECIDED, leads_to
from boundcheck.search.fewer import decided
from boundcheck.search.finish import point_of
from boundcheck.search.premises.connected import Parts
from boundcheck.search.premises.farkas import impossible
from boundcheck.search.problem import Problem
from boundcheck.search.rungs import EARLY

_SHARE = 0.5  # of the budget, for one hypothesis after the other
_FEW, _MANY = 0.005, 0.2  # units for a point that satisfies the hypotheses
_NOTE = "ex falso: nothing satisfies the hypotheses"


def by_absurdity(problem: Problem) -> Verdict | None:
    """A proof that no point satisfies the hypotheses; None where one does, or none is found."""
    goal = goal_of(problem.statement)
    found: Found | None = None
    if not _has_point(problem, _FEW):
        together = impossible(goal)
        found = None if together is None else ({"by": "absurd", "proof": together[0]}, together[1])
    if found is None and not _has_point(problem, _MANY):
        for way in (_at_once, decided):
            found = found or _one_by_one(goal, way)
    if found is None:
        return None
    how, method = found
    return Proved(method=f"ex falso: {method}", proof=how, note=_NOTE, ex_falso=True)


def _has_point(problem: Problem, units: float) -> bool:
    """Whether a point is found that satisfies the hypotheses, within so many units."""
    try:
        with at_most(units):
            point = (
                problem.samples[0]
                if problem.samples
                else point_of(problem, Parts(problem.statement))
            )
    except OutOfBudget:
        return False
    if point is not None:
        problem.samples[:] = [point]
    return point is not None


Found: TypeAlias = tuple[dict[str, Any], str]
"""What the proof says, and the method."""


def _one_by_one(goal: Comparison, way: Callable[[Problem], Verdict | None]) -> Found | None:
    """A hypothesis, or the end of a range, that fails where the others hold."""
    for which in _places(goal):
        for option, fails in enumerate(absurd_goals(goal, which)):
            inner = Problem(fails)
            try:
                with at_most(_SHARE * left()):
                    verdict = way(inner) if inner.names else closed(inner)
            except OutOfBudget:
                continue
            if not isinstance(verdict, Proved) or verdict.proof is None:
                continue
            how = {"by": "absurd", **which, "option": option}
            if leads_to(goal, {**how, "proof": DECIDED}, fails, True):
                return {**how, "proof": verdict.proof}, verdict.method
    return None


def _at_once(problem: Problem) -> Verdict | None:
    return Climb(problem).within(EARLY)


def _places(goal: Comparison) -> Iterator[dict[str, Any]]:
    yield from ({"given": k} for k in range(len(goal.given)))
    for r in goal.on.ranges:
        for which in ("lower", "upper"):
            if getattr(r, which).value is not None:
                yield {"end": [r.name, which]}
