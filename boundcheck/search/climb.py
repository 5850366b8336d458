"""The way up the ladder with one problem, and what is known where nothing is decided."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from boundcheck.claims.verdict import Undecided, Verdict
from boundcheck.exact.terms.work import OutOfBudget, at_most, left, refused
from boundcheck.search.problem import Problem
from boundcheck.search.rungs import Rung, Tactic, tried


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while a statement was being decided; `verdict` has what is known."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__("interrupted")
        self.verdict = verdict


class Climb:
    """The way up the ladder with one problem.

    Attributes:
        last: what is known where nothing is decided.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.last: Undecided | None = None
        self._short: dict[Tactic, bool] = {}  # whether the last try of a tactic was too short
        self._done: set[tuple[Tactic, float, float]] = set()

    def run(self, rungs: Sequence[Rung]) -> Verdict | None:
        """The first verdict that is not undecided, by rungs that were not climbed before, or
        with too little work. Raises OutOfBudget."""
        problem = self.problem
        for rung in rungs:
            if rung[:3] in self._done or not rung.when(problem):
                continue
            before = refused()
            try:
                verdict = tried(rung, problem)
            except KeyboardInterrupt:
                known = problem.partial() if problem.partial else self.last
                raise Interrupted(_interrupted(known)) from None
            self._short[rung.tactic] = refused() > before
            if refused() == before:
                self._done.add(rung[:3])
            if isinstance(verdict, Undecided):
                self.last = verdict
            elif verdict is not None:
                return verdict
        return None

    def within(self, rungs: Sequence[Rung], units: float = math.inf) -> Verdict | None:
        """The same, with so many units; None where they are spent."""
        try:
            with at_most(units):
                return self.run(rungs)
        except OutOfBudget:
            return None

    def undecided(self) -> Undecided:
        """What is known, and why it is not more."""
        enough = left() > 0 and not any(self._short.values())
        why = "no tactic decides it"
        if left() == 0:
            why = "the budget was spent; give a larger one"
        elif not enough:
            why = "some tactic needs more than its share of the budget; a larger one may do"
        last = self.last
        if last is None:
            last = Undecided(method="all tactics", reason=why)
        spent = [] if enough or "the budget" in last.reason else [why]
        reasons = [last.reason, *spent, *dict.fromkeys(self.problem.caps)]
        return replace(last, reason="; ".join(reasons))


def _interrupted(known: Verdict | None) -> Undecided:
    """What is known; that the share of some tactic was spent is not what ended it."""
    if not isinstance(known, Undecided):
        return Undecided(method="all tactics", reason="interrupted")
    reasons = [r for r in known.reason.split("; ") if r and "budget" not in r and "larger" not in r]
    return replace(known, reason="; ".join(["interrupted", *reasons]))
