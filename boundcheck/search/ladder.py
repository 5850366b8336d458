"""The prover: chooses tactics for a statement, cheapest first."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, TypeAlias

from boundcheck.checking import goals
from boundcheck.checking.goals import Rejected
from boundcheck.checking.hypotheses import contradiction, plain, shown
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import IllPosed, Proof, Proved, Refuted, Undecided, Verdict
from boundcheck.enclosure.arrays.threads import single_threaded
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.enclosure.intervals.rational_points import Point
from boundcheck.exact.terms.box import rational_ends
from boundcheck.exact.terms.term import Relation
from boundcheck.exact.terms.work import (
    OutOfBudget,
    at_most,
    grace,
    left,
    refused,
)
from boundcheck.search.algebra.polynomials import negative_points, polynomial
from boundcheck.search.boxes.boxes import few_balls, subdivide
from boundcheck.search.calculus.attempts import by_rules
from boundcheck.search.calculus.special import special
from boundcheck.search.calculus.tools.taylor import at_once
from boundcheck.search.cells.exactly import exactly
from boundcheck.search.closed import closed
from boundcheck.search.completion import completed
from boundcheck.search.contradictions import opposites
from boundcheck.search.points import descent, poles, refute
from boundcheck.search.problem import Problem

Tactic: TypeAlias = Callable[[Problem], "Verdict | None"]

DEFAULT_BUDGET = 10.0
_ALLOWANCE = (
    0.05  # of the budget, or of one unit: for the upper end of a margin, and for a point of the set
)
_SHORT = 13  # rungs of the ladder that are short


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while a statement was being decided; `verdict` has what is known."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__("interrupted")
        self.verdict = verdict


@single_threaded()
def within(budget: float, search: Callable[[], Verdict]) -> Verdict:
    """The verdict of a search within a budget of so many units of work,
    with its time and its work."""
    start = time.perf_counter()
    with at_most(budget) as scope:
        try:
            verdict = search()
        except Interrupted as stop:
            raise Interrupted(
                stop.verdict.timed(time.perf_counter() - start, scope.spent)
            ) from None
        except OutOfBudget:
            spent = f"the budget of {budget:g} units of work was spent; give a larger budget"
            verdict = Undecided(method="all tactics", reason=spent)
    return verdict.timed(time.perf_counter() - start, scope.spent)


def compare(statement: Comparison, watch: Callable[[str], None] = lambda _: None) -> Verdict:
    """Decide a comparison by the ladder of tactics, within the budget around it."""
    # a copy, since a statement remembers its hull, and the second time is to
    # cost what the first one did
    problem = Problem(replace(statement), watch=watch, allowance=_ALLOWANCE * min(1.0, left()))
    try:
        why = contradiction(problem.statement)
    except OutOfBudget:
        return Undecided(method="hypotheses", reason="the budget was spent on the hypotheses")
    if why is not None:
        return IllPosed(method="hypotheses", reason=why)
    if not problem.names:
        return closed(problem)
    last: Undecided | None = None
    short: dict[Tactic, bool] = {}  # whether the last try of a tactic was too short
    for rung in LADDER:
        if not rung.when(problem):
            continue
        before = refused()
        try:
            verdict = _tried(rung, problem)
        except OutOfBudget:
            break
        except KeyboardInterrupt:
            known = problem.partial() if problem.partial else last
            raise Interrupted(_interrupted(known)) from None
        short[rung.tactic] = refused() > before
        if isinstance(verdict, Undecided):
            last = verdict
        elif verdict is not None:
            return _with_upper_margin(_inhabited(verdict, problem), problem)
    enough = left() > 0 and not any(short.values())
    why = "no tactic decides it"
    if left() == 0:
        why = "the budget was spent; give a larger one"
    elif not enough:
        why = "some tactic needs more than its share of the budget; a larger one may do"
    if last is None:
        last = Undecided(method="all tactics", reason=why)
    spent = [] if enough or "the budget" in last.reason else [why]
    return replace(last, reason="; ".join([last.reason, *spent, *dict.fromkeys(problem.caps)]))


def _interrupted(known: Verdict | None) -> Undecided:
    """What is known; that the share of some tactic was spent is not what ended it."""
    if not isinstance(known, Undecided):
        return Undecided(method="all tactics", reason="interrupted")
    reasons = [r for r in known.reason.split("; ") if r and "budget" not in r and "larger" not in r]
    return replace(known, reason="; ".join(["interrupted", *reasons]))


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


def _inhabited(verdict: Verdict, problem: Problem) -> Verdict:
    """A proof with a point that satisfies the hypotheses; ill-posed where they are shown
    to contradict each other."""
    if not isinstance(verdict, Proved) or plain(problem.statement):
        return verdict
    try:
        with grace(problem.allowance):
            point = (
                problem.samples[0]
                if problem.samples
                else next(iter(refute.admissible(problem)), None)
            )
        if point is not None:
            problem.samples.append(point)
            return replace(verdict, point={n: point[n] for n in problem.names})
        with grace(problem.allowance):
            false = _false_hypothesis(problem.statement)
    except OutOfBudget:
        false = None
    if false is not None:
        return IllPosed(
            method="hypotheses", reason=f"the hypothesis {shown(false)} contradicts the others"
        )
    return replace(
        verdict,
        note="no point was found that satisfies the hypotheses, which may contradict each other",
    )


def _false_hypothesis(statement: Comparison) -> Relation | None:
    """A hypothesis that fails wherever the others hold, by the short rungs of the ladder."""
    for h, options in opposites(statement):
        for problem in map(Problem, options):
            if any(
                rung.when(problem) and isinstance(_tried(rung, problem), Proved)
                for rung in LADDER[:_SHORT]
            ):
                return h
    return None


def _tried(rung: Rung, problem: Problem) -> Verdict | None:
    try:
        with at_most(min(rung.units, rung.share * left())):
            return rung.tactic(problem)
    except OutOfBudget:
        if not left():
            raise
        return None


def _with_upper_margin(verdict: Verdict, problem: Problem) -> Verdict:
    """The least gap lies below the gap at any sample."""
    if (
        not isinstance(verdict, Proved)
        or verdict.margin is None
        or verdict.margin.upper is not None
    ):
        return verdict
    low = verdict.margin.lower
    try:
        with grace(problem.allowance):
            if not problem.samples:
                problem.samples += _corners(problem) or islice(refute.admissible(problem), 12)
            high = refute.least_gap(problem)
    except OutOfBudget:
        high = None
    if low is not None and high is not None and low > high:
        raise AssertionError(
            f"internal error: {problem.statement.text()} is 'proved' with a margin from "
            f"{low} to {high}"
        )
    return replace(verdict, margin=Enclosure(low, high))


def _corners(problem: Problem) -> list[Point]:
    """Two corners and the middle of a plain box of numbers; nothing for other sets."""
    ends = {r.name: rational_ends(r) for r in problem.statement.on.ranges}
    if problem.statement.given or any(
        r.lower.open or r.upper.open for r in problem.statement.on.ranges
    ):
        return []
    if any(e is None or None in e for e in ends.values()):
        return []
    return [{n: (e[0] * (2 - k) + e[1] * k) / 2 for n, e in ends.items()} for k in (0, 1, 2)]  # type: ignore[index, operator]
