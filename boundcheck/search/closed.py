"""Closed constants, by balls at growing precision and an exact zero test."""

from __future__ import annotations

from flint import fmpq

from boundcheck.checking.closed_terms import sign_of, undefined
from boundcheck.claims.verdict import IllPosed, Proved, Refuted, Undecided, Verdict
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.decimals import Enclosure, enclosure
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.rational_points import value_at
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.work import OutOfBudget, grace
from boundcheck.search.problem import Problem


def closed(problem: Problem) -> Verdict:
    """Decide a relation without variables."""
    relation = problem.relation
    sides = (relation.left, relation.right)
    try:
        known = undefined(*sides, quickly=True)
        sign, method = sign_of(problem.gap) if known is None else (None, "")
        if sign is None:
            known = known or undefined(*sides)
    except DomainError as error:
        return IllPosed(method="evaluation", reason=str(error))
    except Unsupported as error:
        return Undecided(method="evaluation", reason=str(error))
    except OutOfBudget:
        return Undecided(method="balls", reason="the budget was spent", enclosure=_known(problem))
    if known is not None:
        return IllPosed(method="exact algebra", reason=known)
    if sign is None:
        reason = "the two sides agree to every digit tried, and no exact test applies"
        return Undecided(method="balls", reason=reason, enclosure=_known(problem))
    true = sign == 0 if relation.op == "==" else sign > 0 or (sign == 0 and not relation.strict)
    if not true:
        return Refuted(method=method, witness=problem.witness({}, equal=sign == 0))
    margin = (
        None
        if relation.op == "=="
        else enclosure(fmpq(0) if sign == 0 else value_at(problem.gap, {}))
    )
    return Proved(method=method, margin=margin, proof={"by": "constant"})


def _known(problem: Problem) -> Enclosure | None:
    try:
        with grace(problem.allowance):
            return enclosure(at_point(problem.difference(), {}, 512))
    except (Unclear, DomainError, Unsupported, OutOfBudget):
        return None
