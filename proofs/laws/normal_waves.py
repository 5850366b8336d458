"""Independent standard normal variables w(1), ..., w(d): waves, and the sum of their sizes.

That `normal` is the standard normal law is the hypothesis that E exp(sz) is exp(s²/2) for every s.
"""

from boundcheck import theorem
from boundcheck.math import Abs, cos, erf, exp, sin, sqrt
from boundcheck.theorems.author.words import (
    Forall,
    In,
    Mean,
    Sum,
    function,
    samples,
)
from boundcheck.theorems.language.expr import constant, number
from boundcheck.theorems.language.sorts import NAT, REAL

SOURCE = "derived here"
pi = constant("pi")


class Normal:
    """The standard normal law, and independent variables w by it."""

    def __init__(self, t):
        self.gamma, self.z, s = t.law("normal", REAL), t.real("z"), t.real("s")
        moment = self.mean(exp(s * self.z)).eq(exp(s**2 / 2))
        (self.normal,) = [t.given(Forall(s, moment))]
        self.w, self.law = t.sequence("w", REAL), samples(self.gamma)

    def mean(self, u):
        return Mean(u, (self.z, self.gamma))

    def means(self, u):
        return Mean(u, (self.w, self.law))


@theorem(source=SOURCE)
def wave_of_a_normal_variable(t):
    """E cos(b + sz) = cos(b) exp(-s²/2) for every b and s."""
    s, b, r = Normal(t), t.real("b"), t.real("r")
    waves = t.derive("axiom", name="waves_of_the_normal_law")(by=[s.normal])
    cosine, sine = waves(r)
    wave = s.mean(cos(b + r * s.z))
    with t.let(s.z) as bounded:
        t.show(Abs(cos(b + r * s.z)) <= 1)
    t.exists(wave, by=bounded, bound=1)
    with t.let(s.z, given=[In(s.z, s.gamma)]) as sums:
        split, _ = t.use("trigonometry.addition", {"a": b, "b": r * s.z})
        t.show(split.formula)
    whole = cos(b) * cosine.left - sin(b) * sine.left
    same = t.average(wave.eq(whole), by=sums, law=s.gamma)
    return t.show(wave.eq(cos(b) * exp(-(r**2) / 2)), by=[same, cosine, sine])


@theorem(source=SOURCE)
def wave_of_a_normal_vector(t):
    """E cos(b + Σ a(i) w(i)) = cos(b) exp(-Σ a(i)²/2), i = 1..d."""
    s, b, a = Normal(t), t.real("b"), t.function("a", NAT)
    d, i = t.nat("d i")

    def phase(d):
        return Sum(a(i) * s.w(i), (i, 1, d))

    def wave(b, d):
        return s.means(cos(b + phase(d)))

    def value(b, d):
        return cos(b) * exp(-Sum(a(i) ** 2, (i, 1, d)) / 2)

    with t.let(s.w, b, d) as bounded:
        t.show(Abs(cos(b + phase(d))) <= 1)
    with t.let(b, d) as exists:
        t.exists(wave(b, d), by=bounded, bound=1)
    with t.let(b) as start:
        with t.let(s.w) as empty:
            none = t.empty(phase(0))
            t.show(cos(b + phase(0)).eq(cos(b)), by=none)
        exists(b, 0)
        one = t.average(wave(b, 0).eq(cos(b)), by=empty)
        none = t.empty(Sum(a(i) ** 2, (i, 1, 0)))
        t.show(wave(b, 0).eq(value(b, 0)), by=[one, none])
    with t.induct(Forall(b, wave(b, d).eq(value(b, d))), d, base=start.fact) as step, t.let(b):
        apart = s.means(cos(b + phase(d) + a(d + 1) * s.w(d + 1)))
        with t.let(s.w) as longer:
            more = t.unroll(phase(d + 1))
            t.show(cos(b + phase(d + 1)).eq(cos(b + phase(d) + a(d + 1) * s.w(d + 1))), by=more)
        exists(b, d + 1)
        same = t.average(wave(b, d + 1).eq(apart), by=longer)
        with t.let(s.w, given=[In(s.w, s.law)]) as inside:
            one = t.use(
                "normal_waves.wave_of_a_normal_variable", {"b": b + phase(d), "r": a(d + 1)}
            )
            t.show(one.formula, by=one)
        split = t.coordinate(apart, d + 1)
        old = step.hypothesis(b)
        factor = exp(-(a(d + 1) ** 2) / 2)
        pulled = t.average(split.right.eq(factor * wave(b, d)), by=inside)
        more = t.unroll(Sum(a(i) ** 2, (i, 1, d + 1)))
        known = [same, split, pulled, old, more]
        t.show(wave(b, d + 1).eq(value(b, d + 1)), by=known)
    return step(d)(b)


# -- sizes -----------------------------------------------------------------------------------------


@theorem(source=SOURCE)
def size_of_a_normal_variable(t):
    """E exp(rate|z|) <= exp(rate√(2/π) + rate²/2) for rate >= 0."""
    s, rate = Normal(t), t.real("rate")
    positive = t.given(rate >= 0)
    size = t.derive("axiom", name="size_of_a_normal_variable")(by=[s.normal])(rate)
    bound = rate * sqrt(2 / pi)
    below = t.show(1 + erf(rate / sqrt(number(2))) <= exp(bound), by=positive)
    parts = [size.left, erf(rate / sqrt(number(2))), exp(rate**2 / 2), exp(bound)]
    grown = t.show(size.left <= exp(bound) * exp(rate**2 / 2), by=[size, below], opaque=parts)
    return t.show(size.left <= exp(bound + rate**2 / 2), by=grown)


@theorem(source=SOURCE)
def moment_of_a_sum(t):
    """E exp(v) <= exp(c) for one sample: E exp(Σ v(s(j))) <= exp(nc) for n independent ones."""
    X = t.space("X")
    law, v, c = t.law("pi", X), t.function("v", X), t.real("c")
    x, s, (j, n) = t.variable("x", X), t.sequence("s", X), t.nat("j n")
    one = Mean(exp(v(x)), (x, law))
    small = t.given(one <= exp(c))
    t.example(v=function(x, 0), c=0)
    positive = t.average(one >= 0)
    values = {"L": function(j, law), "w": function([j, x], exp(v(x)))}
    product = t.use("independence.product_of_means", values, by=small)
    grown = {"v": function(j, one), "w": function(j, exp(c))}
    _, below = t.use("sums.products_grow", grown, by=[positive, small])
    power = t.use("sums.exp_of_sum", {"c": function(j, c)})
    total = t.count(power.left.args[0])
    whole = Mean(exp(Sum(v(s(j)), (j, 1, n))), (s, samples(law)))
    with t.let(s) as each:
        t.use("sums.exp_of_sum", {"c": function(j, v(s(j)))})
    same = t.same_mean(whole, product.left, by=each.fact)
    return t.show(whole <= exp(n * c), by=[same, product, below, power, total])


@theorem(source=SOURCE)
def size_of_a_normal_vector(t):
    """E exp(rate Σ|w(i)|) <= exp(d(rate√(2/π) + rate²/2)), i = 1..d, for rate >= 0."""
    s, rate, (d, i) = Normal(t), t.real("rate"), t.nat("d i")
    t.given(rate >= 0)
    one = t.use("normal_waves.size_of_a_normal_variable")
    values = {"pi": s.gamma, "v": function(s.z, rate * Abs(s.z)), "c": one.right.args[0], "n": d}
    whole = t.use("normal_waves.moment_of_a_sum", values, {"X": REAL}, by=one)
    size = s.means(exp(rate * Sum(Abs(s.w(i)), (i, 1, d))))
    with t.let(s.w) as scaled:
        same = t.add_up(Sum(rate * Abs(s.w(i)), (i, 1, d)).eq(rate * Sum(Abs(s.w(i)), (i, 1, d))))
        t.at_equals(function(rate, exp(rate)), same)
    same = t.same_mean(size, whole.left, by=scaled.fact)
    return t.show(size <= whole.right, by=[same, whole], opaque=[whole.right])
