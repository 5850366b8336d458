"""What is assumed of the uniform law on [0, 1]."""

from __future__ import annotations

from boundcheck.theorems.axioms.axiom import Axiom
from boundcheck.theorems.language.binding import closing
from boundcheck.theorems.language.expr import made, number, symbol
from boundcheck.theorems.language.formulas import conjunction, defined, for_all, implication
from boundcheck.theorems.language.sorts import REAL, function, law


def uniform_law_turned_round() -> Axiom:
    """For a law on the line that has the mass b - a on [a, b] for all 0 <= a <= b <= 1, and a Borel
    function u that is integrable over [0, 1]: E u(x + c - Ind(x + c > 1)) is the integral of u from
    0 to 1, for 0 <= c <= 1.

    The law is Lebesgue's measure on [0, 1]. On [0, 1 - c] the argument goes from c to 1, on
    (1 - c, 1] from 0 to c; translations keep the measure.
    """
    law_, u = symbol("U", law(REAL)), symbol("u", function((REAL,), REAL))
    x, a, b, c = (symbol(name, REAL) for name in "xabc")
    inside = made("ind", None, (conjunction(a <= x, x <= b),))
    mass = closing("mean", x, inside, law_)
    uniform = for_all((a, b), mass.eq(b - a), [a >= 0, a <= b, b <= 1])
    whole = closing("integral", x, u(x), number(0), number(1))
    turned = x + c - made("ind", None, (x + c > 1,))
    mean = closing("mean", x, u(turned), law_)
    return Axiom(
        "uniform_law_turned_round",
        implication([uniform, c >= 0, c <= 1, defined(whole)], mean.eq(whole)),
        "Lebesgue's measure on [0, 1] is determined by intervals and invariant under translations "
        "modulo 1; Halmos, Measure theory, section 15 and chapter XI",
    )


AXIOMS = (uniform_law_turned_round(),)
