"""The Bayes predictor's error on a box, with the integral of 1/f2 in place of its volume over a
lower bound of f2.

f1, f2, g1 and g2 as in `ratio_density`, e = |f1 - g1| + b|f2 - g2|, and r̂ is g1/max(g2, c) clipped
to [-b, b]. The constants are those of `boundcheck.theory.formulas.positivity`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min, exp, sqrt
from boundcheck.theorems.author.words import (
    And,
    Exists,
    In,
    Integral,
    LivesOn,
    Mean,
    function,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theory.formulas import positivity

SOURCE = "derived here"


@theorem(source=SOURCE)
def at_a_point(t):
    """0 <= f2 |f1/f2 - r̂|² <= 4b² f2, and it is at most e²/f2."""
    b, c, f1, f2, g1, g2 = t.real("b c f1 f2 g1 g2")
    y, u, v = t.real("y u v")
    with t.let(y, u, v, given=[u > 0, y >= 0, u * y <= v]) as square:
        t.show(u * y**2 <= v**2 / u, by=square.facts)
    with t.let(y, u, v, given=[u > 0, y >= 0, y <= 2 * v]) as large:
        t.show(And(u * y**2 >= 0, u * y**2 <= 4 * v**2 * u), by=large.facts)
    given = [b >= 0, c > 0, f2 >= c, Abs(f1) <= b * f2]
    with t.let(b, c, f1, f2, g1, g2, given=given) as point:
        G, e = Max(c, g2), Abs(f1 - g1) + b * Abs(f2 - g2)
        r_hat = Max(-b, Min(b, g1 / G))
        gap = Abs(f1 / f2 - r_hat)
        near = t.show(Abs(f2 - G) <= Abs(f2 - g2))
        t.show(And(f2 > 0, G > 0))
        known = t.use("ratio.error_times_denominator")(b, f1, f2, g1, G)
        first = t.show(f2 * gap <= e, by=[known, near], opaque=[gap, G])
        sizes = t.show(And(Abs(f1 / f2) <= b, Abs(r_hat) <= b))
        second = t.show(And(gap >= 0, gap <= 2 * b), by=sizes, opaque=[f1 / f2, r_hat])
        t.exists(gap)
        square(gap, f2, e, by=[first, second])
        large(gap, f2, b, by=second)
        plain = t.show((f2 * (f1 / f2 - r_hat) ** 2).eq(f2 * gap**2), opaque=[f1 / f2, r_hat])
        t.rewrite(t.symmetric(plain), t.together(large(gap, f2, b), square(gap, f2, e)))
    return point.fact


@theorem(source=SOURCE)
def weighted_on_average(t):
    """If E e(x)² <= error² over the draws of g1 and g2 for every x of Ω, then for some draw
    ∫_Ω q |f1/f2 - r̂|² dx <= kappa error² inverse: kappa is the factor that makes a density of f2,
    size the volume of Ω, and inverse its integral of 1/f2."""
    X, T = t.space("X"), t.space("T")
    law, nu, x, w = t.law("Omega", X), t.law("nu", T), t.variable("x", X), t.variable("w", T)
    (f1, f2), (g1, g2) = t.function("f1 f2", X), t.function("g1 g2", T, X)
    b, c, mass, error, kappa, size, inverse = t.real("b c mass error kappa size inverse")
    t.given(b >= 0, c > 0, kappa >= 0, size >= 0)
    low, high, ratio = t.given(
        LivesOn(law, x, f2(x) >= c),
        LivesOn(law, x, f2(x) <= mass),
        LivesOn(law, x, Abs(f1(x)) <= b * f2(x)),
    )
    e = Abs(f1(x) - g1(w, x)) + b * Abs(f2(x) - g2(w, x))
    near = t.given(LivesOn(law, x, Mean(e**2, (w, nu)) <= error**2))
    whole = Mean(1 / f2(x), (x, law))
    most = t.given(size * whole <= inverse)
    t.example(
        f1=function(x, 0), f2=function(x, 1), g1=function([w, x], 0), g2=function([w, x], 1),
        b=1, c=1, mass=1, error=0, kappa=1, size=0, inverse=0,
    )  # fmt: skip
    r_hat = Max(-b, Min(b, g1(w, x) / Max(c, g2(w, x))))
    loss = f2(x) * (f1(x) / f2(x) - r_hat) ** 2
    point = t.use("inverse_density.at_a_point")
    with t.let(w, x, given=[In(x, law)]) as both:
        known = point(b, c, f1(x), f2(x), g1(w, x), g2(w, x), by=[low(x), ratio(x)])
        t.show(And(Abs(loss) <= 4 * b**2 * mass, loss <= e**2 / f2(x)), by=[known, high(x)])
    return both.fact
