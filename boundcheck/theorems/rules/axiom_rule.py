"""The rule that brings in an axiom."""

from __future__ import annotations

from boundcheck.theorems.axioms.all_axioms import AXIOMS
from boundcheck.theorems.kernel.sequent import Refused, Sequent, rule


@rule
def axiom(*, name: str) -> Sequent:
    """An axiom.

    It is assumed; whatever rests on it says so.
    """
    if name not in AXIOMS:
        raise Refused(f"{name!r} is no axiom; there are {', '.join(AXIOMS) or 'none'}")
    return Sequent((), AXIOMS[name].formula, frozenset((name,)))
