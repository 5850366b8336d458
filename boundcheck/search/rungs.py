"""The rungs of the ladder: tactics, each with its allowance, cheapest first."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from boundcheck.checking import goals
from boundcheck.checking.goals import Rejected
from boundcheck.claims.verdict import Proof, Proved, Refuted, Undecided, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.exact.terms.work import OutOfBudget, at_most, left
from boundcheck.search.algebra.polynomials import negative_points, polynomial
from boundcheck.search.boxes.boxes import few_balls, subdivide
from boundcheck.search.calculus.attempts import by_rules
from boundcheck.search.calculus.special import special
from boundcheck.search.calculus.tools.taylor import at_once
from boundcheck.search.cells.exactly import exactly
from boundcheck.search.completion import completed
from boundcheck.search.points import descent, poles, refute
from boundcheck.search.problem import Problem

Tactic: TypeAlias = Callable[[Problem], "Verdict | None"]


def _by_samples(problem: Problem) -> Verdict | None:
    """A violation only refutes what is defined everywhere."""
    found = refute.by_samples(problem)
    if not isinstance(found, Refuted):
        return found
    undefined = poles.by_pole(problem)
    return found if undefined is None else undefined


def _by_roots(problem: Problem) -> Verdict | None:
    """Between the roots of a polynomial in one variable."""
    for point in negative_points(problem):
        found = refute.judge(problem, point) if problem.admits(point) else None
        if found is not None:
            return found
    return None


def _by_boxes(problem: Problem) -> Verdict | None:
    """Branch and bound; what it knows is what an interrupt shows."""
    problem.partial = lambda: Undecided(method="branch and bound")
    return subdivide(problem)


def _whole(problem: Problem) -> Verdict | None:
    """The interval extension on the whole set."""
    goal = goals.goal_of(problem.statement)
    proof: Proof = {"by": "interval"}
    try:
        proof = completed(goal, proof)
    except Rejected:
        return None
    low = on_box(goal.relation.gap(), goal.hull, loose=True).lower
    margin = (
        None if goal.relation.op == "==" or isinstance(low, float) else Enclosure(low.fmpq(), None)
    )
    return Proved(method="interval extension", margin=margin, proof=proof)


def _replayed(tactic: Tactic) -> Tactic:
    """The tactic, whose proofs the checker replays: they are short."""

    def replayed(problem: Problem) -> Verdict | None:
        found = tactic(problem)
        if not isinstance(found, Proved):
            return found
        try:
            proof = completed(goals.goal_of(problem.statement), found.proof or {})
        except Rejected:
            return None
        return replace(found, proof=proof)

    return replayed


class Rung(NamedTuple):
    """A tactic with its allowance: so many units, and that share of what is
    left, whichever is less."""

    tactic: Tactic
    units: float = math.inf
    share: float = 1.0
    when: Callable[[Problem], bool] = lambda _: True


LADDER: tuple[Rung, ...] = (
    # what decides in a few milliseconds where it decides at all
    Rung(_whole, 0.1),
    Rung(_replayed(at_once), 0.1),
    Rung(_replayed(few_balls), 0.1),
    Rung(exactly, 2.0, 0.3, lambda p: p.relation.op == "=="),
    Rung(exactly, 0.1),
    Rung(_by_samples, 0.5, 0.3),
    Rung(poles.by_pole, 0.2),
    Rung(_by_roots, 0.2),
    # nine of ten proofs by a rule or a polynomial take less than this, nine of ten
    # refutations less than the descent
    Rung(polynomial, 0.3),
    Rung(special, share=0.3),
    Rung(by_rules, 0.25),
    Rung(descent.downhill, 0.1),
    Rung(_by_boxes, 0.25, when=lambda p: len(p.names) > 1),
    # the rest, by what is most often right
    Rung(exactly, 2.0, 0.25),
    Rung(by_rules, share=0.35),
    Rung(polynomial, share=0.3),
    Rung(exactly, share=0.3),
    Rung(_by_boxes, share=0.7),
    Rung(descent.downhill),
)
"""Cheapest first; the first verdict that is not undecided counts."""
_MANY = 10
EARLY = (
    *LADDER[:3],
    LADDER[4]._replace(when=lambda p: len(p.statement.given) <= _MANY),
    Rung(exactly, 0.03, when=lambda p: len(p.statement.given) > _MANY),
)
"""What is tried with all hypotheses before some are left out."""
SHORT = LADDER[:13]
LONG = LADDER[13:]


def tried(rung: Rung, problem: Problem) -> Verdict | None:
    """What a tactic says within its allowance; None where that was spent."""
    try:
        with at_most(min(rung.units, rung.share * left())):
            return rung.tactic(problem)
    except OutOfBudget:
        if not left():
            raise
        return None
