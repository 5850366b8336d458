"""What is assumed of the densities of normal laws.

The standard normal law is the law whose E exp(sz) is exp(s²/2) for every s, which determines it.
"""

from __future__ import annotations

from boundcheck.theorems.axioms.axiom import Axiom
from boundcheck.theorems.language.binding import closing
from boundcheck.theorems.language.expr import Expr, made, symbol
from boundcheck.theorems.language.formulas import defined, for_all, implication
from boundcheck.theorems.language.sorts import REAL, function, law


def normal_laws_have_densities() -> Axiom:
    """E u(m + rz) == E u(z) exp(z²/2 - (z - m)²/(2r²) - log(r²)/2) for z ~ N(0, 1), r > 0 and Borel
    functions u, if the left mean exists.

    m + rz has the density exp(-(z - m)²/(2r²))/(r√(2π)), which is the exponential factor times the
    density exp(-z²/2)/√(2π) of z. Both integrands exist for every number z, so that the means exist
    if and only if they are integrable, and then both are at once.
    """
    normal, u = symbol("normal", law(REAL)), symbol("u", function((REAL,), REAL))
    m, r, s, z = (symbol(name, REAL) for name in "mrsz")

    def call(name: str, e: Expr) -> Expr:
        return made("call", name, (e,))

    def mean(e: Expr) -> Expr:
        return closing("mean", z, e, normal)

    standard = for_all(s, mean(call("exp", s * z)).eq(call("exp", s**2 / 2)))
    moved = mean(u(m + r * z))
    density = call("exp", z**2 / 2 - (z - m) ** 2 / (2 * r**2) - call("log", r**2) / 2)
    same = moved.eq(mean(u(z) * density))
    return Axiom(
        "normal_laws_have_densities",
        implication([standard], for_all((m, r), same, [r > 0, defined(moved)])),
        "textbooks of probability: the density of N(m, r²), and the change of variables z to "
        "m + rz in the integral",
    )


AXIOMS = (normal_laws_have_densities(),)
