"""The ratio theorem: f1/f2 from approximations g1 of f1 and g2 of f2, at points and in the mean.

Setting: f2 > 0 and |f1| <= b f2 on the set of a law pi, c > 0. G is a clip of g2, so that G >= c,
and g a clip of g1; r̂ is g/G clipped to [-b, b]; e = |f1 - g| + b|f2 - G|. The constants are those
of `boundcheck.theory.formulas.ratio`. The bounds against a density are in `ratio_density`, the
networks in `ratio_networks`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min
from boundcheck.theorems.author.words import (
    And,
    Exists,
    In,
    Ind,
    LivesOn,
    Mean,
    Norm,
    Prob,
    signrelu,
)
from boundcheck.theory.formulas import ratio

SOURCE = "derived here, for the ratio theorem that arXiv:2601.21242 claims"


def clip(low, high, M, v):
    """The clip gate of scale M at v: v brought to [low, high], but for 1/M."""
    return low + signrelu(M * (v - low)) / M - signrelu(M * (v - high)) / M


def clipped(b, v):
    """The exact clip of v to [-b, b]."""
    return Max(-b, Min(b, v))


# -- at every point --------------------------------------------------------------------------------


@theorem(source=SOURCE)
def error_times_denominator(t):
    """f2 |f1/f2 - r̂| <= |f1 - g| + b|f2 - G|."""
    b, f1, f2, g, G = t.real("b f1 f2 g G")
    with t.let(b, f1, f2, g, G, given=[b >= 0, f2 > 0, G > 0, Abs(f1) <= b * f2]) as point:
        t.show(f2 * Abs(f1 / f2 - clipped(b, g / G)) <= Abs(f1 - g) + b * Abs(f2 - G))
    return point.fact


@theorem(source=SOURCE)
def error_times_approximate_denominator(t):
    """G |f1/f2 - r̂| <= |f1 - g| + b|f2 - G|."""
    b, f1, f2, g, G = t.real("b f1 f2 g G")
    with t.let(b, f1, f2, g, G, given=[b >= 0, f2 > 0, G > 0, Abs(f1) <= b * f2]) as point:
        t.show(G * Abs(f1 / f2 - clipped(b, g / G)) <= Abs(f1 - g) + b * Abs(f2 - G))
    return point.fact


@theorem(source=SOURCE)
def error_of_the_quotient(t):
    """|f1/f2 - g/G| <= (|f1 - g| + b|f2 - G|)/c where G >= c, without an output clip."""
    b, c, f1, f2, g, G = t.real("b c f1 f2 g G")
    given = [c > 0, f2 > 0, c <= G, Abs(f1) <= b * f2]
    with t.let(b, c, f1, f2, g, G, given=given) as point:
        t.show(Abs(f1 / f2 - g / G) <= (Abs(f1 - g) + b * Abs(f2 - G)) / c, by=point.facts)
    return point.fact


@theorem(source=SOURCE)
def squared_error(t):
    """f2 |f1/f2 - r̂|² <= e²/c and <= 2be: with the weight f2 even the first costs 1/c, not 1/c²,
    and the second needs no lower bound of f2."""
    b, c, f1, f2, g, G = t.real("b c f1 f2 g G")
    y, u, w = t.real("y u w")
    with t.let(c, y, u, w, given=[c > 0, u > 0, y >= 0, u * y <= w, c * y <= w]) as first:
        t.show(u * y**2 <= w**2 / c, by=first.facts)
    with t.let(b, y, u, w, given=[u > 0, y >= 0, 2 * b >= y, u * y <= w]) as second:
        t.show(u * y**2 <= 2 * b * w, by=second.facts)
    given = [b >= 0, c > 0, f2 > 0, c <= G, Abs(f1) <= b * f2]
    D, e = Abs(f1 / f2 - clipped(b, g / G)), Abs(f1 - g) + b * Abs(f2 - G)
    with t.let(b, c, f1, f2, g, G, given=given) as point:
        t.show(G > 0, by=point.facts)
        t.use("ratio.error_times_denominator")(b, f1, f2, g, G)
        other = t.use("ratio.error_times_approximate_denominator")(b, f1, f2, g, G)
        positive = t.show(D >= 0, by=point.facts[2:4])
        t.show(2 * b >= D, by=point.facts)
        t.show(c * D <= e, by=[other, positive, *point.facts[2:4]], opaque=[D, e])
        one, two = first(c, D, f2, e), second(b, D, f2, e)
        t.show(And(one.formula, two.formula))
    return point.fact


@theorem(source=SOURCE)
def smooth_clip_costs_little(t):
    """Of a number in [low, high] a clip of v is at most 1/M further than v is, and of one in
    [0, low] at most low more; its values lie in [low, high]."""
    low, high, M, v, u = t.real("low high M v u")
    value = clip(low, high, M, v)
    with t.let(low, high, M, v, u, given=[M > 0, low <= u, u <= high]) as inside:
        t.show(Abs(u - value) <= Abs(u - v) + 1 / M, by=inside.facts)
    given = [M > 0, low >= 0, u >= 0, u <= high, low <= high]
    with t.let(low, high, M, v, u, given=given) as below:
        goal = Abs(u - value) <= Abs(u - v) + 1 / M + low
        with t.suppose(low <= u) as above:
            t.show(goal, by=[inside(low, high, M, v, u)], opaque=[value])
        with t.suppose(u < low) as under:
            t.show(goal, by=[*below.facts, *under.facts])
        t.cases(low, u, above, under)
    with t.let(low, high, M, v, given=[M > 0, low <= high]) as values:
        t.show(And(low <= value, value <= high), by=values.facts)
    facts = (inside.fact, below.fact, values.fact)
    return t.show(And(*(f.formula for f in facts)))


# -- means and norms -------------------------------------------------------------------------------


class Ratio:
    """A law pi on a space, f1, f2, g, G on it with f2 > 0, G >= c and |f1| <= b f2 on its set."""

    def __init__(self, t):
        self.t, X = t, t.space("X")
        self.b, self.c = t.real("b c")
        self.law, self.x = t.law("pi", X), t.variable("x", X)
        self.f1, self.f2, self.g, self.G = (f(self.x) for f in t.function("f1 f2 g G", X))
        t.given(self.b >= 0, self.c > 0)
        self.sets = t.given(
            self.everywhere(self.f2 > 0),
            self.everywhere(self.c <= self.G),
            self.everywhere(Abs(self.f1) <= self.b * self.f2),
        )
        self.r_hat = clipped(self.b, self.g / self.G)
        self.e = Abs(self.f1 - self.g) + self.b * Abs(self.f2 - self.G)

    def everywhere(self, body):
        return LivesOn(self.law, self.x, body)

    def mean(self, u):
        return Mean(u, (self.x, self.law))

    def norm(self, u, p=2):
        return Norm(u, p, (self.x, self.law))

    def total(self, p=2):
        return self.norm(self.f1 - self.g, p) + self.b * self.norm(self.f2 - self.G, p)

    def at(self):
        """The block of an arbitrary point of the set of the law."""
        return self.t.let(self.x, given=[In(self.x, self.law)])

    def here(self):
        """What is known of f2, G and f1 at the point."""
        return [s(self.x) for s in self.sets]

    def squared_error(self):
        """f2 |f1/f2 - r̂|² <= e²/c and <= 2be, at the point."""
        self.here()
        return self.t.use("ratio.squared_error")(self.b, self.c, self.f1, self.f2, self.g, self.G)


@theorem(source=SOURCE)
def uniformly_positive(t):
    """‖f1/f2 - g/G‖_p <= (‖f1 - g‖_p + b ‖f2 - G‖_p)/c where G >= c, for every law and p >= 1."""
    s, p = Ratio(t), t.real("p")
    t.given(p >= 1, Exists(s.norm(s.f1 - s.g, p)), Exists(s.norm(s.f2 - s.G, p)))
    return t.minkowski(s.norm(s.f1 / s.f2 - s.g / s.G, p) <= s.total(p) / s.c)


@theorem(source=SOURCE)
def weighted(t):
    """The mean of f2 |f1/f2 - r̂|² is at most E e²/c, and at most 2b E e."""
    t.example()
    s = Ratio(t)
    t.given(Exists(s.mean(s.e**2)))
    D = Abs(s.f1 / s.f2 - s.r_hat)
    with s.at() as bounds:
        sign = t.show(s.f2 * D**2 >= 0, by=s.here())
        first, second = s.squared_error()
        t.show(And(sign.formula, first.formula, second.formula))
    known = {"by": [bounds.fact], "at": s.x, "opaque": [D, s.e]}
    mean = s.mean(s.f2 * D**2)
    t.exists(mean, bound=s.mean(s.e**2) / s.c, **known)
    t.exists(s.mean(s.e), bound=1 + s.mean(s.e**2), at=s.x)
    one = t.average(mean <= s.mean(s.e**2) / s.c, **known)
    two = t.average(mean <= 2 * s.b * s.mean(s.e), **known)
    return t.show(mean <= Min(s.mean(s.e**2) / s.c, 2 * s.b * s.mean(s.e)), by=[one, two])


@theorem(source=SOURCE)
def positivity_free(t):
    """With G = max(g2, c) the mean of f2 |f1/f2 - r̂|² is at most
    2b(E|f1 - g| + b E|f2 - g2| + bc P(f2 < c)): no lower bound of f2 is needed."""
    t.example()
    X, b, c = t.space("X"), *t.real("b c")
    law, x, (f1, f2, g, g2) = t.law("pi", X), t.variable("x", X), t.function("f1 f2 g g2", X)
    f1, f2, g, g2 = f1(x), f2(x), g(x), g2(x)
    G, event = Max(g2, c), f2 < c

    def mean(u):
        return Mean(u, (x, law))

    t.given(b >= 0, c > 0)
    sets = t.given(LivesOn(law, x, f2 > 0), LivesOn(law, x, Abs(f1) <= b * f2))
    t.given(Exists(mean(Abs(f1 - g))), Exists(mean(Abs(f2 - g2))))
    with t.let(x, given=[In(x, law)]) as clip_costs:
        goal = Abs(f2 - G) <= Abs(f2 - g2) + c * Ind(event)
        positive, _ = (s(x) for s in sets)
        with t.suppose(c <= f2) as above:
            none = t.derive("indicator_false", t.show(f2 >= c, by=above.facts))
            t.show(goal, by=[none, *above.facts])
        with t.suppose(f2 < c) as under:
            one = t.derive("indicator_true", *under.facts)
            t.show(goal, by=[one, positive, *under.facts])
        t.cases(c, f2, above, under)
    prob = Prob(event, (x, law))
    t.exists(prob, bound=1, by=t.derive("indicator_range", formula=event), at=x)
    D = Abs(f1 / f2 - clipped(b, g / G))
    with t.let(x, given=[In(x, law)]) as bound:
        here = [s(x) for s in sets]
        t.show(c <= G)
        _, second = t.use("ratio.squared_error")(b, c, f1, f2, g, G)
        square = f2 * D**2
        sign = t.show(square >= 0, by=here)
        terms = Abs(f1 - g) + b * Abs(f2 - g2) + b * c * Ind(event)
        bounded = And(square <= 2 * b * terms, Abs(square) <= 2 * b * terms)
        t.show(bounded, by=[second, sign, clip_costs(x)], opaque=[square])
    total = mean(Abs(f1 - g)) + b * mean(Abs(f2 - g2)) + b * c * prob
    known = {"by": [bound.fact], "at": x, "opaque": [square]}
    t.exists(mean(square), bound=2 * b * total, **known)
    return t.average(mean(square) <= 2 * b * total, **known)


# -- the clips -------------------------------------------------------------------------------------


def clips(b, c, mass, M, g1, g2):
    """g1 clipped to [-b mass, b mass], and g2 to [c, mass]: the numbers that are divided."""
    return clip(-(b * mass), b * mass, M, g1), clip(c, mass, M, g2)


def error_after_clips(t, lowest, part):
    """‖f1 - g‖_p + b ‖f2 - G‖_p <= error (+ bc), by a part of `smooth_clip_costs_little`."""
    X, b, c, mass, M, p, approximation = t.space("X"), *t.real("b c mass M p approximation")
    law, x, (f1, f2, g1, g2) = t.law("pi", X), t.variable("x", X), t.function("f1 f2 g1 g2", X)
    f1, f2, g1, g2 = f1(x), f2(x), g1(x), g2(x)

    def norm(u):
        return Norm(u, p, (x, law))

    t.given(p >= 1, b >= 0, c > 0, M > 0, c <= mass)
    sets = t.given(
        LivesOn(law, x, lowest(f2, c)),
        LivesOn(law, x, f2 <= mass),
        LivesOn(law, x, Abs(f1) <= b * f2),
    )
    near = t.given(norm(f1 - g1) <= b * approximation, norm(f2 - g2) <= approximation)
    g, G = clips(b, c, mass, M, g1, g2)
    clipping = list(t.use("ratio.smooth_clip_costs_little"))
    with t.let(x, given=[In(x, law)]) as first:
        t.show(And(-(b * mass) <= f1, f1 <= b * mass), by=[s(x) for s in sets])
        clipping[0](-(b * mass), b * mass, M, g1, f1)
    with t.let(x, given=[In(x, law)]) as second:
        low, *_ = (s(x) for s in sets)
        t.show(f2 >= 0, by=[low])
        clipping[part](c, mass, M, g2, f2)
    one = t.minkowski(norm(f1 - g) <= norm(f1 - g1) + 1 / M, by=[first.fact])
    above = norm(f2 - g2) + 1 / M + c if part else norm(f2 - g2) + 1 / M
    two = t.minkowski(norm(f2 - G) <= above, by=[second.fact])
    bound = t.read(ratio.ERROR) + b * c if part else t.read(ratio.ERROR)
    return t.show(norm(f1 - g) + b * norm(f2 - G) <= bound, by=[one, two, *near])


@theorem(source=SOURCE)
def error_in_norm(t):
    """‖f1 - g‖_p + b ‖f2 - G‖_p <= error where f2 >= c, g2 is within `approximation` of f2 and g1
    within b times that of f1: the clips cost 1/M each."""
    return error_after_clips(t, lambda f2, c: f2 >= c, 0)


@theorem(source=SOURCE)
def error_without_positivity(t):
    """‖f1 - g‖_p + b ‖f2 - G‖_p <= error + bc where f2 > 0: the clip costs at most c more."""
    return error_after_clips(t, lambda f2, c: f2 > 0, 1)
