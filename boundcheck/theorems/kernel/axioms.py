"""Axioms: what is assumed in the theorems, each a formula with a reference, each once.

An axiom is true for all values of its free symbols; it is instantiated like any theorem.
"""

from __future__ import annotations

from dataclasses import dataclass

from boundcheck.theorems.kernel.sequent import Refused, Sequent, rule
from boundcheck.theorems.language.expr import Expr


@dataclass(frozen=True)
class Axiom:
    """A formula that is assumed.

    Attributes:
        name: what it is called.
        formula: what it says.
        reference: where it is proved.
    """

    name: str
    formula: Expr
    reference: str


AXIOMS: dict[str, Axiom] = {}
"""By their names. So far every theorem is derived without any."""


@rule
def axiom(*, name: str) -> Sequent:
    """An axiom.

    It is assumed; whatever rests on it says so.
    """
    if name not in AXIOMS:
        raise Refused(f"{name!r} is no axiom; there are {', '.join(AXIOMS) or 'none'}")
    return Sequent((), AXIOMS[name].formula, frozenset((name,)))
