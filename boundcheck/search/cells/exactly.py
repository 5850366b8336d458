"""Identities and families, by exact rational functions on cells.

The plans and the strategy choose; `checking.families` carries out, and keeps what was chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import fmpq

from boundcheck.checking.families import Contradiction, Plan, cases_shown, facts, scene_of, sides
from boundcheck.checking.goals import goal_of
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import IllPosed, Proved, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import Unsupported
from boundcheck.exact.cells.guide import MAX_CUTS, Recorder
from boundcheck.exact.cells.scene import Branch, Undefined, is_extreme
from boundcheck.exact.terms.term import postorder
from boundcheck.exact.terms.work import OutOfBudget, at_most, share
from boundcheck.search.cells.strategy import Strategy
from boundcheck.search.problem import Problem

PLANS = (
    Plan(relax=True, whole=True, cuts=0),
    Plan(relax=True, cuts=0),
    Plan(cuts=0),
    Plan(facts=True, cuts=0),
    Plan(facts=True, smallest=True, cuts=0),
    Plan(relax=True, facts=True, whole=True, cuts=0),
    Plan(relax=True, facts=True, cuts=MAX_CUTS),
    Plan(facts=True, cuts=MAX_CUTS),
)
"""Cheapest first."""


def exactly(problem: Problem) -> Verdict | None:
    """Prove a piecewise rational relation with symbols; None where that does not succeed."""
    return _exactly(goal_of(problem.statement))


def decide_exactly(statement: Comparison, units: float) -> Mapping[str, Any] | None:
    """The proof of a comparison by the exact method, its being defined included, within so many
    units of work."""
    try:
        with at_most(units):
            found = _exactly(goal_of(statement))
    except OutOfBudget:
        return None
    return found.proof if isinstance(found, Proved) else None


def _exactly(goal: Comparison) -> Verdict | None:
    extremes = any(map(is_extreme, postorder(*sides(goal))))
    known = bool(facts(goal))
    for plan in PLANS:
        if not _serves(plan, extremes, known):
            continue
        try:
            with share(0.5):
                verdict = _by_plan(goal, plan)
        except (Unsupported, Undefined, OutOfBudget, Branch, ZeroDivisionError):
            continue
        if verdict is not None:
            return verdict
    return None


def _serves(plan: Plan, extremes: bool, known: bool) -> bool:
    """Whether it differs from a simpler plan, for a goal with or without
    |.|, Max, Min and facts."""
    return (extremes or not (plan.relax or plan.whole)) and (
        known or not plan.facts or plan != PLANS[3]
    )


def _by_plan(goal: Comparison, plan: Plan) -> Verdict | None:
    recorder = Recorder(Strategy())
    try:
        cases = cases_shown(goal, plan, recorder)
    except Contradiction:
        why = "the hypotheses contradict each other; nothing satisfies them"
        return IllPosed(method="families", reason=why)
    if cases is None:
        return None
    many = f", {cases} cases" if cases > 1 else ""
    proof = {"by": "algebra", "plan": plan.words, "script": recorder.script}
    if goal.relation.op == "==":
        return Proved(method=f"exact identity{many}", proof=proof)
    margin = Enclosure(fmpq(0), None)
    return Proved(method=f"signs of coefficients{many}", margin=margin, proof=proof)


def blocked(problem: Problem) -> Undefined | None:
    """The division, root or logarithm that the exact method could not show to be defined."""
    try:
        with share(0.2):
            scene, cells = scene_of(problem.statement, guide=Strategy())
            for cell in cells:
                for _ in scene.each_case(cell, sides(problem.statement)):
                    pass
    except Undefined as error:
        return error
    except (Unsupported, OutOfBudget, Branch):
        pass
    return None
