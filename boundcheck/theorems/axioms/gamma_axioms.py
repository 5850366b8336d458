"""What is assumed of the gamma function."""

from __future__ import annotations

from fractions import Fraction

from boundcheck.theorems.axioms.axiom import Axiom
from boundcheck.theorems.language.expr import Expr, constant, made, number, symbol
from boundcheck.theorems.language.formulas import implication
from boundcheck.theorems.language.sorts import REAL


def _call(name: str, u: Expr) -> Expr:
    return made("call", name, (u,))


def duplication() -> Axiom:
    """log Γ(x) + log Γ(x + 1/2) == (1 - 2x) log 2 + log(π)/2 + log Γ(2x) for x > 0."""
    x = symbol("x", REAL)
    left = _call("loggamma", x) + _call("loggamma", x + number(Fraction(1, 2)))
    powers = (1 - 2 * x) * _call("log", number(2)) + _call("log", constant("pi")) / 2
    return Axiom(
        "duplication",
        implication([x > 0], left.eq(powers + _call("loggamma", 2 * x))),
        "Legendre's duplication formula; DLMF, 5.5.5",
    )


AXIOMS = (duplication(),)
