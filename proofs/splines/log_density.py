"""The logarithm of the denominator f2 of the Bayes predictor, in one dimension.

f2(x) = E exp(-(x - √ᾱ u)²/(2σ²)); g = (log f2)', that is E (√ᾱ u - x) exp(-(x - √ᾱ u)²/(2σ²))
over σ² f2(x). log f2 + x²/(2σ²) is convex, so that f2 at some points bounds it between them.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp
from boundcheck.theorems.author.words import In, LivesOn, Mean
from boundcheck.theorems.language.sorts import REAL

SOURCE = "derived here"


class LogDensity:
    """f2 and g; with v = √ᾱ u instead of u, in [-B, B]."""

    def __init__(self, t):
        self.t, self.sigma = t, t.real("sigma")
        (self.v, self.B), self.law = t.real("v B"), t.law("p0", REAL)
        t.given(self.sigma > 0)
        self.inside = t.given(LivesOn(self.law, self.v, Abs(self.v) <= self.B))

    def kernel(self, x):
        return exp(-((x - self.v) ** 2) / (2 * self.sigma**2))

    def mean(self, u):
        return Mean(u, (self.v, self.law))

    def f2(self, x):
        return self.mean(self.kernel(x))

    def first(self, x):
        return self.mean((self.v - x) * self.kernel(x))

    def slope(self, x):
        return self.first(x) / (self.sigma**2 * self.f2(x))


@theorem(source=SOURCE)
def means(t):
    """f2 > 0, and the mean in g exists."""
    s, x = LogDensity(t), t.real("x")
    with t.let(x) as every:
        low = exp(-((Abs(x) + s.B) ** 2) / (2 * s.sigma**2))
        t.exists(s.f2(x), bound=1)
        t.exists(s.first(x), by=s.inside, bound=s.B + Abs(x))
        below = t.average(s.f2(x) >= low, by=s.inside)
        t.together(t.show(s.f2(x) > 0, by=below), t.exists(s.first(x)))
    return every.fact


@theorem(source=SOURCE)
def tangent(t):
    """f2(x) >= f2(y) exp(g(y) (x - y) - (x - y)²/(2σ²))."""
    s, (x, y), (z, a, b) = LogDensity(t), t.real("x y"), t.real("z a b")
    known = t.use("log_density.means")
    with t.let(z, a) as convex:
        t.show(exp(z) >= exp(a) * (1 + z - a))
    variance, v = s.sigma**2, s.v
    with t.let(x, y, b) as line:
        known(x)
        known(y)
        gap, power = (x - y) ** 2 / (2 * variance), b * (x - y)
        factor = exp(power - gap)
        with t.let(v, given=[In(v, s.law)]) as point:
            step = (v - y) / variance * (x - y)
            whole = -((x - v) ** 2) / (2 * variance)
            same = t.show(whole.eq(-((y - v) ** 2) / (2 * variance) + (step - gap)))
            one = t.show(exp(whole).eq(s.kernel(y) * exp(step - gap)), by=same)
            larger = convex(step - gap, power - gap)
            sign = t.show(s.kernel(y) >= 0)
            goal = s.kernel(x) >= factor * (s.kernel(y) * (1 + step - power))
            hidden = [one.left, s.kernel(y), larger.left, factor, step, power, gap]
            found = t.show(goal, by=[one, larger, sign], opaque=hidden)
            mixed = (x - y) / variance * ((v - y) * s.kernel(y))
            same = t.show((s.kernel(y) * step).eq(mixed), opaque=[s.kernel(y)])
            goal = s.kernel(x) >= factor * (s.kernel(y) * (1 - power) + mixed)
            hidden = [one.left, s.kernel(y), factor, step, power, mixed]
            t.show(goal, by=[found, same], opaque=hidden)
        mixed = (x - y) / variance * s.first(y)
        below = s.f2(x) >= factor * (s.f2(y) * (1 - power) + mixed)
        hidden = [s.kernel(x), s.kernel(y), factor, power]
        t.average(below, by=point.fact, at=v, opaque=hidden)
    with t.let(x, y) as every:
        positive, _ = known(y)
        b = s.slope(y)
        t.exists(b, by=positive)
        found = line(x, y, b)
        mixed = (x - y) / variance * s.first(y)
        power, factor = b * (x - y), exp(b * (x - y) - (x - y) ** 2 / (2 * variance))
        same = t.show((power * s.f2(y)).eq(mixed), by=positive)
        t.show(s.f2(x) >= factor * s.f2(y), by=[found, same], opaque=[factor, power, mixed])
    return every.fact


@theorem(source=SOURCE)
def slopes(t):
    """(g(x) - g(y)) (x - y) >= -(x - y)²/σ²: g(x) + x/σ² does not fall."""
    s, (x, y) = LogDensity(t), t.real("x y")
    tangents, known = t.use("log_density.tangent"), t.use("log_density.means")
    p, q, a, c = t.real("p q a c")
    with t.let(p, q, given=[p > 0, p >= q * p]) as one:
        t.show(q <= 1, by=one.facts)
    given = [p > 0, q > 0, p >= exp(a) * q, q >= exp(c) * p]
    with t.let(p, q, a, c, given=given) as both:
        nested = p >= exp(a) * (exp(c) * p)
        nested = t.show(nested, by=both.facts, opaque=[exp(a), exp(c)])
        power = t.show((exp(a) * (exp(c) * p)).eq(exp(a + c) * p))
        small = one(p, exp(a + c), by=t.show(p >= exp(a + c) * p, by=[nested, power]))
        t.show(a + c <= 0, by=[small, t.show(a + c <= exp(a + c) - 1)], opaque=[exp(a + c)])
    variance = s.sigma**2
    with t.let(x, y) as every:
        signs = [next(iter(known(v))) for v in (x, y)]
        for v, sign in ((x, signs[0]), (y, signs[1])):
            t.exists(s.slope(v), by=sign)
        powers = [s.slope(v) * (w - v) - (w - v) ** 2 / (2 * variance) for w, v in ((x, y), (y, x))]
        order = [tangents(x, y), tangents(y, x)]
        order = [
            t.show(s.f2(w) >= exp(p) * s.f2(v), by=o, opaque=[exp(p)])
            for o, p, (w, v) in zip(order, powers, ((x, y), (y, x)), strict=True)
        ]
        total = both(s.f2(x), s.f2(y), *powers, by=[*signs, *order])
        goal = (s.slope(x) - s.slope(y)) * (x - y) >= -((x - y) ** 2) / variance
        t.show(goal, by=total, opaque=[s.slope(x), s.slope(y)])
    return every.fact
