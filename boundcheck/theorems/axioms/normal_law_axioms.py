"""What is assumed of the standard normal law: that is the law whose E exp(sz) is exp(s²/2) for
every s, which determines it."""

from __future__ import annotations

from boundcheck.theorems.axioms.axiom import Axiom
from boundcheck.theorems.language.binding import closing
from boundcheck.theorems.language.expr import Expr, made, number, symbol
from boundcheck.theorems.language.formulas import conjunction, for_all, implication
from boundcheck.theorems.language.sorts import REAL, law

_GAMMA, _S, _Z = symbol("normal", law(REAL)), symbol("s", REAL), symbol("z", REAL)


def _call(name: str, u: Expr) -> Expr:
    return made("call", name, (u,))


def _mean(u: Expr) -> Expr:
    return closing("mean", _Z, u, _GAMMA)


def is_standard_normal() -> Expr:
    """For all s, E exp(sz) == exp(s²/2)."""
    return for_all(_S, _mean(_call("exp", _S * _Z)).eq(_call("exp", _S**2 / 2)))


def waves_of_the_normal_law() -> Axiom:
    """E cos(sz) == exp(-s²/2) and E sin(sz) == 0.

    Both sides of E exp(sz) == exp(s²/2) are entire functions of s, so that it holds for is, too.
    """
    cosine = _mean(_call("cos", _S * _Z)).eq(_call("exp", -(_S**2) / 2))
    sine = _mean(_call("sin", _S * _Z)).eq(number(0))
    return Axiom(
        "waves_of_the_normal_law",
        implication([is_standard_normal()], for_all(_S, conjunction(cosine, sine))),
        "the characteristic function of the standard normal law; Feller, An introduction to "
        "probability theory and its applications, vol. 2, chapter XV",
    )


def size_of_a_normal_variable() -> Axiom:
    """E exp(s|z|) == (1 + erf(s/√2)) exp(s²/2): twice the integral over z > 0, by completing the
    square."""
    size = _mean(_call("exp", _S * abs(_Z)))
    value = (1 + _call("erf", _S / _call("sqrt", number(2)))) * _call("exp", _S**2 / 2)
    return Axiom(
        "size_of_a_normal_variable",
        implication([is_standard_normal()], for_all(_S, size.eq(value))),
        "textbooks of probability: the density of the standard normal law",
    )


AXIOMS = (waves_of_the_normal_law(), size_of_a_normal_variable())
