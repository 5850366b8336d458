"""Ex falso: proofs that nothing satisfies the hypotheses, for statements that may be proved so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from boundcheck.checking.goals import goal_of
from boundcheck.checking.hypothesis_rules import absurd_goals
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proved, Verdict
from boundcheck.exact.terms.work import OutOfBudget, at_most, left
from boundcheck.search.climb import Climb
from boundcheck.search.closed import closed
from boundcheck.search.fewer import COMBINED, decided
from boundcheck.search.finish import point_of
from boundcheck.search.premises.equations import without_equations
from boundcheck.search.problem import Problem
from boundcheck.search.rungs import EARLY

_SHARE = 0.5  # of the budget, for one hypothesis after the other
_FEW, _MANY = 0.005, 0.2  # units for a point that satisfies the hypotheses
_NOTE = "ex falso: nothing satisfies the hypotheses"


def by_absurdity(problem: Problem) -> Verdict | None:
    """A proof that no point satisfies the hypotheses; None where one does, or none is found."""
    goal = goal_of(problem.statement)
    found = None
    if not _has_point(problem, _FEW):
        found = _together(goal)
    if found is None and not _has_point(problem, _MANY):
        for way in (_at_once, decided):
            found = found or _one_by_one(goal, way)
    if found is None:
        return None
    how, verdict = found
    method = f"ex falso: {verdict.method}"
    return Proved(method=method, proof={"by": "absurd", **how}, note=_NOTE, ex_falso=True)


def _has_point(problem: Problem, units: float) -> bool:
    """Whether a point is found that satisfies the hypotheses, within so many units."""
    try:
        with at_most(units):
            point = problem.samples[0] if problem.samples else point_of(problem)
    except OutOfBudget:
        return False
    if point is not None:
        problem.samples[:] = [point]
    return point is not None


Found = tuple[dict[str, Any], Verdict]


def _together(goal: Comparison) -> Found | None:
    """0 > 0 as a combination of the hypotheses."""
    (false,) = absurd_goals(goal, {})
    solved = without_equations(false)
    base = false if solved is None else solved.statement
    verdict = Climb(Problem(base)).within((COMBINED,))
    if not isinstance(verdict, Proved) or verdict.proof is None:
        return None
    proof = verdict.proof if solved is None else solved.wrap(verdict.proof)
    return {"proof": proof}, verdict


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
            if isinstance(verdict, Proved) and verdict.proof is not None:
                return {**which, "option": option, "proof": verdict.proof}, verdict
    return None


def _at_once(problem: Problem) -> Verdict | None:
    return Climb(problem).within(EARLY)


def _places(goal: Comparison) -> Iterator[dict[str, Any]]:
    yield from ({"given": k} for k in range(len(goal.given)))
    for r in goal.on.ranges:
        for which in ("lower", "upper"):
            if getattr(r, which).value is not None:
                yield {"end": [r.name, which]}
