"""Deciding `norm_bound`: the norm is enclosed more and more tightly, until it lies
on one side of the bound."""

from __future__ import annotations

from flint import fmpq

from boundcheck.claims.statement import NormBound
from boundcheck.claims.verdict import IllPosed, Proved, Refuted, Undecided, Verdict
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.decimals import Enclosure, enclosure
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.work import left
from boundcheck.norms.lebesgue import lp_norm
from boundcheck.norms.supremum import NotDefined, NotReached, sup_norm

_WIDTHS = ("1/2", "1/8", "1/32", "1/128", "1/1024", "1/16384")
_BITS = 128


def bounded(statement: NormBound) -> Verdict:
    """The verdict, within the budget around it."""
    method = "norm enclosed by cubature" if statement.p is not None else "supremum enclosed"
    try:
        limit = enclosure(at_point(statement.bound, {}, _BITS))
    except DomainError as error:
        return IllPosed(method=method, reason=str(error))
    except (Unclear, Unsupported) as error:
        return Undecided(
            method=method, reason=f"the bound {statement.bound} has no clear value: {error}"
        )
    assert limit.lower is not None  # balls that are not finite are unclear
    assert limit.upper is not None
    known = Enclosure(fmpq(0), None)
    remedy = "give a larger budget"
    for rtol in _WIDTHS:
        budget = left()
        if budget <= 0:
            break
        try:
            known, spent = _norm(statement, rtol, budget), False
        except NotReached as error:
            known, spent = error.enclosure, True
        except NotDefined as error:
            return IllPosed(method=method, reason=str(error))
        if known.upper is not None and known.upper <= limit.lower:
            least = None if known.lower is None else limit.upper - known.lower
            return Proved(method=method, margin=Enclosure(limit.lower - known.upper, least))
        if known.lower is not None and known.lower > limit.upper:
            return Refuted(method=method, reason=f"the norm is in {known}, the bound is {limit}")
        if spent:
            break
    else:
        remedy = "that is as near as it gets; state a larger bound, or a smaller one"
    gap = Enclosure(
        None if known.upper is None else limit.lower - known.upper,
        limit.upper - (known.lower or fmpq(0)),
    )
    return Undecided(method=method, reason=f"the norm is in {known}; {remedy}", enclosure=gap)


def _norm(statement: NormBound, rtol: str, budget: float) -> Enclosure:
    if statement.p is None:
        return sup_norm(statement.f, on=statement.on, rtol=rtol, budget=budget)
    return lp_norm(statement.f, statement.p, statement.on, rtol, budget=budget)
