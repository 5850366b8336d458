"""The Bayes predictor's error on a box, with the integral of 1/f2 in place of its volume over a
lower bound of f2.

f1, f2, g1 and g2 as in `ratio_density`, e = |f1 - g1| + b|f2 - g2|, and r̂ is g1/max(g2, c) clipped
to [-b, b]. The constants are those of `boundcheck.theory.formulas.approximation.positivity`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min, exp, sqrt
from boundcheck.theorems.author.words import (
    And,
    In,
    Integral,
    LivesOn,
    Mean,
    ThereIs,
    function,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theory.formulas.approximation import positivity

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
        positive = t.show(And(f2 > 0, G > 0, c <= G), by=point.facts)
        near = t.show(Abs(f2 - G) <= Abs(f2 - g2), by=point.facts)
        known = t.use("ratio.error_times_denominator")(b, f1, f2, g1, G, by=positive)
        t.exists(f1 / f2, by=positive)
        t.exists(r_hat, by=positive)
        most = Abs(f1 - g1) + b * Abs(f2 - G) <= e
        t.show(most, by=[near, *point.facts], opaque=[G])
        first = t.show(f2 * gap <= e, by=[known, t.show(most, by=near, opaque=[G])], opaque=[gap])
        own = t.show(Abs(f1 / f2) <= b, by=[*point.facts, positive])
        other = t.show(Abs(r_hat) <= b, opaque=[g1 / G])
        second = t.show(And(gap >= 0, gap <= 2 * b), by=[own, other], opaque=[f1 / f2, r_hat])
        t.exists(gap)
        both = t.together(
            large(gap, f2, b, by=[positive, second]),
            square(gap, f2, e, by=[first, second, positive]),
        )
        plain = t.show((f2 * (f1 / f2 - r_hat) ** 2).eq(f2 * gap**2), opaque=[f1 / f2, r_hat])
        t.rewrite(t.symmetric(plain), both)
    return point.fact


@theorem(source=SOURCE)
def weighted_on_average(t):  # noqa: PLR0915
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
        square = t.show(And(f2(x) > 0, b**2 * f2(x) <= b**2 * mass), by=[low(x), high(x)])
        goal = And(loss >= 0, Abs(loss) <= 4 * b**2 * mass, loss <= e**2 / f2(x))
        t.show(goal, by=[known, square], opaque=[loss, e])
    own, other = Mean(loss, (w, nu)), Mean(loss, (x, law))
    bound = 4 * b**2 * mass
    with t.let(x, given=[In(x, law)]) as at_x:
        square = Mean(e**2, (w, nu))
        t.exists(own, by=both.fact, bound=bound, at=w, opaque=[loss])
        low(x)
        less = t.average(own <= square / f2(x), by=both.fact, at=w, opaque=[loss, e])
        sign = t.average(own >= 0, by=both.fact, at=w, opaque=[loss])
        goal = And(own >= 0, own <= error**2 * (1 / f2(x)))
        t.show(goal, by=[less, sign, near(x), low(x)], opaque=[own])
    with t.let(w, given=[In(w, nu)]) as at_w:
        absolute = Mean(Abs(loss), (x, law))
        t.exists(other, by=both.fact, bound=bound, at=x, opaque=[loss])
        t.exists(absolute, by=both.fact, bound=bound, at=x, opaque=[loss])
        ends = t.average(absolute <= bound, by=both.fact, at=x, opaque=[loss])
        t.together(ends, t.average(absolute >= 0, by=both.fact, at=x, opaque=[loss]))
    t.exists(Mean(Mean(Abs(loss), (x, law)), (w, nu)), by=at_w.fact, bound=bound)
    swapped = t.exchange(Mean(other, (w, nu)), by=at_x.fact)
    t.exists(swapped.right, by=at_x.fact, bound=error**2 * whole)
    below = t.average(swapped.right <= error**2 * whole, by=at_x.fact)
    found = t.least(t.show(swapped.left <= error**2 * whole, by=[swapped, below]))
    with t.obtain(found, "v") as draw:
        v, (_, small) = draw.value, draw.facts
        bound = t.read(positivity.WEIGHTED)
        risk = small.left
        y, z = t.real("y z")
        given = [kappa >= 0, size >= 0, size * z <= inverse, y <= error**2 * z]
        with t.let(y, z, given=given) as last:
            more = t.show(size * y <= error**2 * (size * z), by=last.facts)
            more = t.show(size * y <= error**2 * inverse, by=[more, *last.facts])
            t.show(kappa * (size * y) <= bound, by=[more, *last.facts])
        last(risk, whole, by=[small, most])
        t.witness(ThereIs(w, In(w, nu), kappa * (size * other) <= bound), v)
    return draw.fact


class OneDimension:
    """f2(x) for d = 1, of u with E u² <= second_moment."""

    def __init__(self, t):
        self.alpha_bar, self.sigma, self.second_moment, self.R = t.real(
            "alpha_bar sigma second_moment R"
        )
        self.u, self.p0 = t.real("u"), t.law("p0", REAL)
        t.given(self.alpha_bar >= 0, self.sigma > 0, self.second_moment > 0, self.R >= 0)
        self.moment = t.given(Mean(self.u**2, (self.u, self.p0)) <= self.second_moment)
        self.scale = sqrt(self.alpha_bar)

    def f2(self, x):
        exponent = (x - self.scale * self.u) ** 2 / (2 * self.sigma**2)
        return Mean(exp(-exponent), (self.u, self.p0))


@theorem(source=SOURCE)
def second_moment(t):
    """f2(x) >= exp(-(R + √(ᾱ second_moment))²/(2σ²)) for |x| <= R."""
    s = OneDimension(t)
    x, m = t.real("x m")
    u, over, a = s.u, (s.u, s.p0), s.scale
    root = t.show(And(a >= 0, (a**2).eq(s.alpha_bar)))
    mean, square = Mean(u, over), Mean(u**2, over)
    t.exists(mean, bound=1 + square)
    with t.let(m) as variance:
        t.average(square >= 2 * m * mean - m**2)
    small = t.show(mean**2 <= s.second_moment, by=[variance(mean), s.moment])
    r, bound = sqrt(s.alpha_bar * s.second_moment), t.read(positivity.MOMENT)
    radius = t.show(And(r >= 0, (r**2).eq(s.alpha_bar * s.second_moment)))
    parts = [
        t.show((a * mean) ** 2 <= r**2, by=[root, radius, small], opaque=[r, a, mean]),
        t.show(a**2 * square <= r**2, by=[root, radius, s.moment], opaque=[r, a]),
    ]
    y, z, g, h = t.real("y z g h")
    with t.let(y, h, given=[h >= 0, y >= 0, y <= h**2]) as square_root:
        t.show(sqrt(y) <= h, by=square_root.facts)
    with t.let(y, given=[]) as absolute:
        t.show(And(Abs(y) <= sqrt(y**2), y**2 >= 0))
    given = [Abs(x) <= g, h >= 0, y**2 <= h**2, z <= h**2]
    with t.let(x, y, z, g, h, given=given) as reach:
        absolute(y)
        near = t.show(Abs(y) <= h, by=[absolute(y), square_root(y**2, h)], opaque=[sqrt(y**2)])
        mixed = t.show(-x * y <= g * h, by=[near, *reach.facts[:2]])
        own = t.show(x**2 <= g**2, by=reach.facts[0])
        t.show(x**2 - 2 * x * y + z <= (g + h) ** 2, by=[mixed, own, reach.facts[3]])
    with t.let(x, given=[Abs(x) <= s.R]) as point:
        v = (x - a * u) ** 2 / (2 * s.sigma**2)
        with t.let(u) as sign:
            t.show(v >= 0)
        size = 2 * x**2 / (2 * s.sigma**2) + 2 * a**2 * square / (2 * s.sigma**2)
        t.exists(Mean(v, over), by=root, bound=size)
        whole = (x**2 - 2 * x * (a * mean) + a**2 * square) / (2 * s.sigma**2)
        split = t.average(Mean(v, over).eq(whole))
        far = (s.R + r) ** 2 / (2 * s.sigma**2)
        known = reach(x, a * mean, a**2 * square, s.R, r, by=[root, radius, *point.facts, *parts])
        less = t.show(Mean(v, over) <= far, by=[split, known], opaque=[r])
        values = {"pi": s.p0, "v": function(u, v)}
        below = t.use("positivity.jensen", values, {"X": REAL}, by=[sign.fact, split])
        falls = t.show(exp(-Mean(v, over)) >= exp(-far), by=less, opaque=[far])
        same = t.show(exp(-far).eq(bound), opaque=[r])
        t.show(s.f2(x) >= bound, by=[below, falls, same], opaque=[bound, *falls.formula.args])
    return point.fact


@theorem(source=SOURCE)
def integral(t):
    """The integral of 1/f2 over [-R, R], taken up to 0 and from there, is at most `inverse`:
    (|x| + q)² <= (|x| + q)(R + q) there, and the exponential of that has an antiderivative."""
    s = OneDimension(t)
    x, sigma, R = t.real("x"), s.sigma, s.R
    t.given(R > 0)
    r = sqrt(s.alpha_bar * s.second_moment)
    t.exists(r)
    sign = t.show(r >= 0)
    far = t.show(R + r > 0, by=sign, opaque=[r])
    rate = (R + r) / (2 * sigma**2)
    top = exp((R + r) * rate)
    y, q, h = t.real("y q h")
    with t.let(y, q, h, given=[q > 0, q >= exp(-y), y <= h]) as inverse:
        t.show(1 / q <= exp(h), by=inverse.facts)
    ends = [exp(v / (2 * sigma**2)) for v in (r * (R + r), (R + r) ** 2)]
    whole, bounds = [], [t.show(rate > 0, by=far, opaque=[r])]
    for low, high, sign_of_x in ((-R, expr(0), -1), (expr(0), R, 1)):
        side = sign_of_x * x
        larger = exp((side + r) * rate)
        with t.let(x, given=[low <= x, x <= high]) as point:
            inside = t.show(And(Abs(x) <= side, side >= 0, side <= R), by=point.facts)
            own = t.use("inverse_density.second_moment", {"R": side})(x, by=inside)
            exponent = (side + r) ** 2 / (2 * sigma**2)
            grows = t.show(exponent <= (side + r) * rate, by=[*inside, sign, far], opaque=[r])
            positive = t.show(s.f2(x) > 0, by=own)
            less = inverse(exponent, s.f2(x), (side + r) * rate, by=[own, grows, positive])
            top_here = t.show(larger <= top, by=[*inside, far], opaque=[r])
            sizes = t.show(1 / s.f2(x) >= 0, by=positive)
            goal = And(1 / s.f2(x) <= larger, Abs(1 / s.f2(x)) <= top, Abs(larger) <= top)
            t.show(goal, by=[sizes, top_here, less], opaque=[1 / s.f2(x), larger, top])
        pair = [Integral(v, (x, low, high)) for v in (1 / s.f2(x), larger)]
        for each in pair:
            t.integral_exists(each, top, by=point.fact)
        part = t.integrate(pair[0] <= pair[1], by=point.fact)
        value = t.primitive(pair[1], function(x, sign_of_x * larger / rate))
        for end in (low, high):
            old = exp((sign_of_x * end + r) * rate)
            new = ends[0] if end == expr(0) else ends[1]
            value = t.replace(value, (old, new))
        plain = 2 * sigma**2 / (R + r) * (ends[1] - ends[0])
        value = t.show(pair[1].eq(plain), by=[value, far], opaque=[r, *ends])
        whole.append(pair[0])
        bounds += [part, value]
    inverse = t.read(positivity.INVERSE)
    return t.show(whole[0] + whole[1] <= inverse, by=bounds, opaque=[r, *ends])
