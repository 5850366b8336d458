"""Least squares with bounded labels: what one function costs on one pair, and on m samples.

X is drawn by pi and Y by the kernel K(X), and of Y a number v(Y) in [-b, b], the label, is to be
predicted; f*(x) = E[v(Y) | X = x] is the mean of v over K(x). A function f is compared with f* by

    Z(f) = (v(Y) - f(X))² - (v(Y) - f*(X))²,   whose mean is   R(f) = E (f(X) - f*(X))².

b bounds f as well, where X may be; it bounds the labels for every x. theta is any real number, and
g(theta) = (1 - exp(-4(theta - 2 theta²)))/4.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    LivesOn,
    Mean,
    Sum,
    first,
    function,
    joint,
    pair,
    samples,
    second,
)
from boundcheck.theory.formulas import oracle

SOURCE = "derived here"


class Setting:
    """The symbols that these theorems have in common, and the hypothesis about the labels."""

    def __init__(self, t):
        self.X, self.Y = t.space("X"), t.space("Y")
        self.pi, self.K = t.law("pi", self.X), t.kernel("K", self.X, on=self.Y)
        self.v, self.f, self.b = t.function("v", self.Y), t.function("f", self.X), t.real("b")
        self.x, self.y = t.variable("x", self.X), t.variable("y", self.Y)
        self.pairs = joint(self.pi, (self.x, self.K(self.x)))
        self.p = t.variable("p", self.pairs.sort.parts[0])
        inside = [In(self.y, self.K(self.x))]
        self.labels = t.given(Forall([self.x, self.y], Abs(self.v(self.y)) <= self.b, inside))
        self.positive = t.given(self.b > 0)

    def star(self, x):
        """f*(x), the mean of the label."""
        return Mean(self.v(self.y), (self.y, self.K(x)))

    def loss(self, f, p):
        """Z(f) at a pair."""
        x, y = first(p), second(p)
        return (self.v(y) - f(x)) ** 2 - (self.v(y) - self.star(x)) ** 2

    def risk(self, f):
        """R(f)."""
        return Mean((f(self.x) - self.star(self.x)) ** 2, (self.x, self.pi))

    def bounded(self, t, f):
        """The hypothesis that b bounds f."""
        return t.given(LivesOn(self.pi, self.x, Abs(f(self.x)) <= self.b))


@theorem(source=SOURCE)
def bounded_regression(t):
    """The mean f* of the label exists, and b bounds it."""
    a = Setting(t)
    with t.let(a.x) as bounded:
        t.exists(a.star(a.x), by=a.labels, bound=a.b)
        t.show(
            Abs(a.star(a.x)) <= a.b,
            by=[
                t.average(a.star(a.x) <= a.b, by=a.labels),
                t.average(a.star(a.x) >= -a.b, by=a.labels),
            ],
        )
    return bounded.fact


def exp_of_sum(t, whole, one, two, by=()):
    """exp of a whole, which is the sum of two terms, is the product of their exps."""
    sums = t.show(whole.eq(one + two), by=by)
    return t.show(exp(whole).eq(exp(one) * exp(two)), by=sums, opaque=[whole, one, two])


def g(theta):
    """The chord of exp(-z(theta - 2 theta²)) over z in [0, 4] falls by g(theta) z."""
    return (1 - exp(-4 * (theta - 2 * theta**2))) / 4


@theorem(source=SOURCE)
def moment_given_x(t):
    """E[exp(-theta Z(f)/b²) | X = x] is at most 1 - g(theta) (f(x) - f*(x))²/b²."""
    a = Setting(t)
    b, x, y = a.b, a.x, a.y
    theta, z, c = t.real("theta z c")
    bounded = a.bounded(t, a.f)
    star = t.use("losses.bounded_regression")
    with t.let(z, c, given=[z >= 0, z <= 4]) as chord:
        t.show(exp(-c * z) <= 1 - (1 - exp(-4 * c)) / 4 * z)
    with t.let(x, given=[In(x, a.pi)]) as given_x:
        gap = a.f(x) - a.star(x)
        h, size = 2 * theta * gap / b**2, gap**2 / b**2
        values = {"pi": a.K(x), "u": function(y, a.v(y)), "a": -b, "b": b, "h": h}
        hoeffding = t.use(
            "concentration.hoeffding_lemma", values, spaces={"X": a.Y}, by=[a.labels, a.positive]
        )
        whole = -theta * a.loss(a.f, pair(x, y)) / b**2
        fixed, varying = -theta * size, h * (a.v(y) - a.star(x))
        with t.let(y) as factors:
            exp_of_sum(t, whole, fixed, varying)
        moment, other = Mean(exp(whole), (y, a.K(x))), Mean(exp(varying), (y, a.K(x)))
        t.exists(moment, by=factors.fact, bound=exp(fixed) * other)
        split = t.average(moment.eq(exp(fixed) * other), by=factors.fact)
        curve = -(theta - 2 * theta**2) * size
        joined = exp_of_sum(t, curve, fixed, hoeffding.right.args[0])
        t.show(And(size >= 0, size <= 4), by=[bounded(x), star(x)])
        below = chord(size, theta - 2 * theta**2)
        facts = [split, hoeffding, joined, below]
        hidden = [exp(fixed), exp(curve), hoeffding.right, g(theta), size]
        t.show(moment <= 1 - g(theta) * size, by=facts, opaque=hidden)
    return given_x.fact


@theorem(source=SOURCE)
def moment_of_a_loss(t):
    """E exp(-theta Z(f)/b²) is at most 1 - g(theta) R(f)/b²."""
    a = Setting(t)
    b, x, y, p = a.b, a.x, a.y, a.p
    theta = t.real("theta")
    bounded = a.bounded(t, a.f)
    star = t.use("losses.bounded_regression")
    given_x = t.use("losses.moment_given_x")
    risk = a.risk(a.f)
    t.exists(risk, by=[bounded, star], bound=4 * b**2)
    value = exp(-theta * a.loss(a.f, pair(x, y)) / b**2)
    inner, absolute = (Mean(u, (y, a.K(x))) for u in (value, abs(value)))
    with t.let(x, given=[In(x, a.pi)]) as positive:
        same = t.average(absolute.eq(inner), by=given_x(x))
        least = t.average(inner >= 0, by=given_x(x))
        t.together(same, least)
    bound = 1 + abs(g(theta)) * risk / b**2
    for mean in (inner, absolute):
        t.exists(Mean(mean, (x, a.pi)), by=[positive.fact, given_x], bound=bound)
    moment = Mean(exp(-theta * a.loss(a.f, p) / b**2), (p, a.pairs))
    t.joint_exists(moment)
    fubini = t.disintegrate(moment)
    mean = t.average(fubini.right <= 1 - g(theta) * (risk / b**2), by=given_x, law=a.pi)
    return t.show(moment <= 1 - g(theta) * (risk / b**2), by=[fubini, mean], opaque=[g(theta)])


@theorem(source=SOURCE)
def moment_of_samples(t):
    """E exp((kappa m R(f) - theta Σ Z(f))/b²), the sum over m independent pairs, is at most 1 if
    kappa <= g(theta)."""
    a = Setting(t)
    b, p, s, j, m = a.b, a.p, t.sequence("s", a.pairs.sort.parts[0]), *t.nat("j m")
    theta, kappa = t.real("theta kappa")
    bounded = a.bounded(t, a.f)
    rate = t.given(kappa <= g(theta))
    star = t.use("losses.bounded_regression")
    risk, law = a.risk(a.f), samples(a.pairs)
    t.exists(risk, by=[bounded, star], bound=4 * b**2)
    one = t.use("losses.moment_of_a_loss")
    moment, size, least = one.left, risk / b**2, t.average(risk >= 0)
    each = exp(-kappa * size)
    tangent = t.show(1 - kappa * size <= each, opaque=[size])
    facts = [one, rate, tangent, t.show(size >= 0, by=least)]
    below = t.show(moment <= each, by=facts, opaque=[g(theta), size, each])
    positive = t.average(moment >= 0, by=one)

    def power(p):
        return -theta * a.loss(a.f, p) / b**2

    values = {"L": function(j, a.pairs), "w": function([j, p], exp(power(p))), "n": m}
    product = t.use("independence.product_of_means", values, {"X": p.sort}, by=[one, star])
    values = {"v": function(j, moment), "w": function(j, each), "n": m}
    _, grows = t.use("sums.products_grow", values, by=[below, positive])
    equal = t.use("sums.exp_of_sum", {"c": function(j, -kappa * size), "n": m})
    constant = t.count(Sum(-kappa * size, (j, 1, m)))

    total, powers = Sum(a.loss(a.f, s(j)), (j, 1, m)), Sum(power(s(j)), (j, 1, m))
    whole = (kappa * m * risk - theta * total) / b**2
    with t.let(s) as factors:
        scaled = t.add_up(powers.eq(-theta / b**2 * total), by=star)
        split = exp_of_sum(t, whole, kappa * m * size, powers, by=scaled)
        product_of_exps = t.use("sums.exp_of_sum", {"c": function(j, power(s(j))), "n": m}, by=star)
        t.rewrite(product_of_exps, split)
    mean, other = Mean(exp(whole), (s, law)), product.left
    outside = exp(kappa * m * size)
    t.exists(mean, by=factors.fact, bound=outside * other)
    same = t.average(mean.eq(outside * other), by=factors.fact)
    inverse = t.show((outside * exp(constant.left)).eq(1), by=constant)
    facts = [same, product, grows, equal, inverse]
    return t.show(mean <= 1, by=facts, opaque=[outside, exp(constant.left)])


@theorem(source=SOURCE)
def mean_of_a_loss(t):
    """E Z(f) = R(f): Z is (f - f*)² - 2(f - f*)(v - f*), and E[v - f* | X] = 0."""
    a = Setting(t)
    b, x, y, p, c = a.b, a.x, a.y, a.p, t.real("c")
    bounded = a.bounded(t, a.f)
    star = t.use("losses.bounded_regression")
    with t.let(x, given=[In(x, a.pi)]) as inside:
        with t.let(c) as shifted:
            excess = Mean((a.v(y) - a.f(x)) ** 2 - (a.v(y) - c) ** 2, (y, a.K(x)))
            t.exists(excess, by=[a.labels, bounded(x)], bound=(b + Abs(b)) ** 2 + (b + Abs(c)) ** 2)
            gap = a.f(x) - c
            t.average(excess.eq(gap**2 - 2 * gap * (a.star(x) - c)))
        mean = shifted(a.star(x))
        size = Mean(abs(a.loss(a.f, pair(x, y))), (y, a.K(x)))
        facts = [
            t.show(mean.left.eq((a.f(x) - a.star(x)) ** 2), by=mean),
            t.average(size <= 8 * b**2, by=[a.labels, bounded(x), star(x)]),
            t.average(size >= 0),
        ]
        t.together(*facts)
    whole, risk = Mean(a.loss(a.f, p), (p, a.pairs)), a.risk(a.f)
    t.exists(risk, by=[bounded, star], bound=4 * b**2)
    t.exists(Mean(size, (x, a.pi)), by=inside.fact, bound=8 * b**2)
    t.joint_exists(whole)
    fubini = t.disintegrate(whole)
    mean = t.average(fubini.right.eq(risk), by=inside.fact, law=a.pi)
    return t.show(whole.eq(risk), by=[fubini, mean])


@theorem(source=SOURCE)
def second_moment_of_a_loss(t):
    """E Z(f)² is at most (16/3) b² R(f): E[Z² | X] = a²(a² + 4 Var(v | X)) with a = f - f*, and the
    variance is at most b² - f*². At f* = b/3, f = -b there is equality."""
    t.example()
    a = Setting(t)
    b, x, y, p, c = a.b, a.x, a.y, a.p, t.real("c")
    bounded = a.bounded(t, a.f)
    t.example(v=function(a.y, 0), f=function(a.x, 0), b=1)
    star = t.use("losses.bounded_regression")
    gap, moment = a.f(x) - a.star(x), t.read(oracle.SECOND_MOMENT)
    with t.let(x, given=[In(x, a.pi)]) as inside:
        with t.let(c) as shifted:
            e = a.f(x) - c
            square = ((a.v(y) - a.f(x)) ** 2 - (a.v(y) - c) ** 2) ** 2
            mean = Mean(square, (y, a.K(x)))
            t.exists(mean, by=[a.labels, bounded(x)], bound=e**2 * (3 * b + Abs(c)) ** 2)
            spread = 4 * e**2 * (b**2 - 2 * c * a.star(x) + c**2)
            t.average(mean <= e**4 - 4 * e**3 * (a.star(x) - c) + spread, by=a.labels)
        mean = shifted(a.star(x))
        inner = mean.left
        size = Mean(abs(a.loss(a.f, pair(x, y)) ** 2), (y, a.K(x)))
        facts = [
            t.show(inner <= moment * gap**2, by=[mean, bounded(x), star(x)]),
            t.average(inner >= 0),
            t.average(size.eq(inner)),
        ]
        t.together(*facts)
    risk, whole = a.risk(a.f), Mean(a.loss(a.f, p) ** 2, (p, a.pairs))
    t.exists(risk, by=[bounded, star], bound=4 * b**2)
    for m in (inner, size):
        t.exists(Mean(m, (x, a.pi)), by=inside.fact, bound=moment * risk)
    t.joint_exists(whole)
    fubini = t.disintegrate(whole)
    mean = t.average(fubini.right <= moment * risk, by=inside.fact, law=a.pi)
    return t.show(whole <= moment * risk, by=[fubini, mean])


@theorem(source=SOURCE)
def range_of_a_loss(t):
    """R(f) - Z(f) is at most 8b², at every pair."""
    t.example()
    a = Setting(t)
    b, p = a.b, a.p
    bounded = a.bounded(t, a.f)
    t.example(v=function(a.y, 0), f=function(a.x, 0), b=1)
    star = t.use("losses.bounded_regression")
    risk = a.risk(a.f)
    t.exists(risk, by=[bounded, star], bound=4 * b**2)
    most = t.average(risk <= 4 * b**2, by=[bounded, star])
    with t.let(p, given=[In(p, a.pairs)]) as inside:
        t.derive("halves", *inside.facts)
        facts = [most, a.labels(first(p), second(p)), star(first(p))]
        t.show(risk - a.loss(a.f, p) <= t.read(oracle.RANGE), by=facts)
    return inside.fact


@theorem(source=SOURCE)
def neighbouring_losses(t):
    """Where |f - h| <= delta, both bounded by b, |Z(f) - Z(h)| and |R(f) - R(h)| are at most
    4 b delta."""
    a = Setting(t)
    b, x, p, h, delta = a.b, a.x, a.p, t.function("h", a.X), t.real("delta")
    bounded = [a.bounded(t, f) for f in (a.f, h)]
    near = t.given(LivesOn(a.pi, x, Abs(a.f(x) - h(x)) <= delta))
    star = t.use("losses.bounded_regression")
    one, two = a.risk(a.f), a.risk(h)
    for risk in (one, two):
        t.exists(risk, by=[*bounded, star], bound=4 * b**2)
    up = t.average(one - two <= 4 * b * delta, by=[*bounded, near, star])
    down = t.average(two - one <= 4 * b * delta, by=[*bounded, near, star])
    risks = t.show(Abs(one - two) <= 4 * b * delta, by=[up, down])
    with t.let(p, given=[In(p, a.pairs)]) as losses:
        t.derive("halves", *losses.facts)
        facts = [f(first(p)) for f in (*bounded, near)] + [a.labels(first(p), second(p))]
        t.show(Abs(a.loss(a.f, p) - a.loss(h, p)) <= 4 * b * delta, by=facts)
    return t.together(risks, losses.fact)
