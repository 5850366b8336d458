"""What is assumed in the theorems: a formula with a reference.

An axiom is true for all values of its free symbols; it is instantiated like any theorem.
"""

from __future__ import annotations

from dataclasses import dataclass

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
