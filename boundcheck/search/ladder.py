"""The prover: decides a comparison within a budget."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from boundcheck.checking.hypotheses import contradiction
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import IllPosed, Undecided, Verdict
from boundcheck.enclosure.arrays.threads import single_threaded
from boundcheck.exact.terms.work import OutOfBudget, at_most, left
from boundcheck.search.absurdity import by_absurdity
from boundcheck.search.climb import Interrupted
from boundcheck.search.closed import closed
from boundcheck.search.fewer import decided
from boundcheck.search.finish import inhabited, with_upper_margin
from boundcheck.search.problem import Problem

DEFAULT_BUDGET = 10.0
_ALLOWANCE = (
    0.05  # of the budget, or of one unit: for the upper end of a margin, and for a point of the set
)
_DOUBT = 1.0  # units, or as many as the proof took: for hypotheses that contradict each other


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


def compare(
    statement: Comparison,
    watch: Callable[[str], None] = lambda _: None,
    ex_falso: bool = False,
) -> Verdict:
    """Decide a comparison by the ladder of tactics, within the budget around it.

    Args:
        ex_falso: whether hypotheses that contradict each other prove it.
    """
    # a copy, since a statement remembers its hull, and the second time is to
    # cost what the first one did
    problem = Problem(replace(statement), watch=watch, allowance=_ALLOWANCE * min(1.0, left()))
    try:
        why = contradiction(problem.statement, ex_falso)
    except OutOfBudget:
        return Undecided(method="hypotheses", reason="the budget was spent on the hypotheses")
    if why is not None:
        return IllPosed(method="hypotheses", reason=why)
    if ex_falso:
        found = by_absurdity(problem)
        if found is not None:
            return found
    if not problem.names:
        return closed(problem)
    with at_most(left()) as scope:
        verdict = decided(problem)
    return with_upper_margin(inhabited(verdict, problem, max(_DOUBT, scope.spent)), problem)
