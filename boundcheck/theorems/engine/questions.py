"""Questions to the prover, each asked once: variations of a theorem ask mostly what it asked."""

from __future__ import annotations

from functools import lru_cache

from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Verdict
from boundcheck.exact.terms.work import UNIT, left, spend
from boundcheck.search.ladder import compare, within

_MOST = 10_000  # answers that are kept


def answered(statement: Comparison, budget: float, ex_falso: bool = False) -> Verdict:
    """The verdict of the prover within a budget, as `prove` gives it.

    What is kept is what the full budget gives, and an answer that was kept costs the work that it
    took, so that no verdict depends on what was asked before.

    >>> from boundcheck.claims.comparison import inequality
    >>> one = inequality("x*(1 - x) <= 1/4", on="x in (-oo,oo)")
    >>> answered(one, 1) is answered(one, 1)
    True
    """
    if left() < budget:
        return within(budget, lambda: compare(statement, ex_falso=ex_falso))
    before = _kept.cache_info().hits
    verdict = _kept(statement, budget, ex_falso)
    if _kept.cache_info().hits > before:
        spend(verdict.work * UNIT)
    return verdict


@lru_cache(maxsize=_MOST)
def _kept(statement: Comparison, budget: float, ex_falso: bool) -> Verdict:
    return within(budget, lambda: compare(statement, ex_falso=ex_falso))
