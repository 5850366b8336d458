"""What is assumed of laws on the line."""

from __future__ import annotations

from boundcheck.theorems.axioms.axiom import Axiom
from boundcheck.theorems.language.binding import closing
from boundcheck.theorems.language.expr import made, symbol
from boundcheck.theorems.language.formulas import conjunction, defined, for_all, implication
from boundcheck.theorems.language.sorts import REAL, function, law


def means_of_a_uniform_law() -> Axiom:
    """A law that gives [a, b] the probability (b - a)/(2R), for all -R <= a <= b <= R, is the
    uniform one on [-R, R]: means over [a, b] are integrals over [a, b], divided by 2R.

    Intervals generate the Borel sets and are closed under intersection, so that the law is
    Lebesgue measure on [-R, R], divided by 2R; it lives there, as [-R, R] has the probability 1.
    g is total, so that the mean is of what exists at every point of the law's set, and it is
    integrable since g is over [a, b].
    """
    pi, g = symbol("pi", law(REAL)), symbol("g", function((REAL,), REAL))
    R, a, b, x = (symbol(name, REAL) for name in ("R", "a", "b", "x"))
    inside = [a >= -R, a <= b, b <= R]
    event = made("ind", None, (conjunction(a <= x, x <= b),))
    uniform = for_all((a, b), closing("mean", x, event, pi).eq((b - a) / (2 * R)), inside)
    above, below = made("ind", None, (a <= x,)), made("ind", None, (x <= b,))
    mean = closing("mean", x, above * below * g(x), pi)
    integral = closing("integral", x, g(x), a, b)
    means = for_all((a, b), mean.eq(integral / (2 * R)), [*inside, defined(integral)])
    return Axiom(
        "means_of_a_uniform_law",
        implication([R > 0, uniform], means),
        "Billingsley, Probability and Measure, 3rd ed. 1995: theorem 3.3 (a law is determined on a "
        "class of sets that is closed under intersection) and section 16 (integrals)",
    )


AXIOMS = (means_of_a_uniform_law(),)
