"""What is said beside a proof: a point of the set, and the upper end of the margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from boundcheck.checking.hypotheses import plain, shown
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import IllPosed, Proved, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.enclosure.intervals.rational_points import Point
from boundcheck.exact.terms.box import rational_ends
from boundcheck.exact.terms.term import Relation
from boundcheck.exact.terms.work import OutOfBudget, at_most, grace
from boundcheck.search.contradictions import opposites
from boundcheck.search.points import refute
from boundcheck.search.premises.connected import Parts
from boundcheck.search.premises.farkas import impossible
from boundcheck.search.problem import Problem
from boundcheck.search.rungs import EARLY, SHORT, Rung, tried

_EARLY = 0.1  # units for a point that satisfies the hypotheses, before these are taken apart


def inhabited(verdict: Verdict, problem: Problem, units: float) -> Verdict:
    """A proof with a point that satisfies the hypotheses; ill-posed where they are shown
    to contradict each other.

    Args:
        units: of work for looking for a contradiction.
    """
    if not isinstance(verdict, Proved) or plain(problem.statement):
        return verdict
    why = None
    try:
        with grace(problem.allowance):
            parts = Parts(problem.statement)
            point = problem.samples[0] if problem.samples else point_of(problem, parts)
            if point is not None:
                problem.samples.append(point)
                return replace(verdict, point={n: point[n] for n in problem.names})
            with at_most(units):
                why = _contradiction(parts.nowhere())
    except OutOfBudget:
        pass
    if why is not None:
        return IllPosed(method="hypotheses", reason=why)
    return replace(
        verdict,
        note="no point was found that satisfies the hypotheses, which may contradict each other",
    )


def point_of(problem: Problem, parts: Parts) -> Point | None:
    """A point that satisfies the hypotheses: an early one, or by points of the parts."""
    try:
        with at_most(_EARLY):
            point = next(iter(refute.admissible(problem)), None)
    except OutOfBudget:
        point = None
    if point is None:
        point = parts.point()
    return point if point is not None and problem.admits(point) else None


def _contradiction(several: Sequence[Comparison]) -> str | None:
    """Why the hypotheses of one of several statements contradict each other."""
    if any(impossible(s) is not None for s in several):
        return "the hypotheses contradict each other; nothing satisfies them"
    for rungs in (EARLY, SHORT):
        for s in several:
            false = _false_hypothesis(s, rungs)
            if false is not None:
                return f"the hypothesis {shown(false)} contradicts the others"
    return None


def _false_hypothesis(statement: Comparison, rungs: Sequence[Rung]) -> Relation | None:
    """A hypothesis that fails wherever the others hold, by some rungs of the ladder."""
    for h, options in opposites(statement):
        for problem in map(Problem, options):
            if any(
                rung.when(problem) and isinstance(tried(rung, problem), Proved) for rung in rungs
            ):
                return h
    return None


def with_upper_margin(verdict: Verdict, problem: Problem) -> Verdict:
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
