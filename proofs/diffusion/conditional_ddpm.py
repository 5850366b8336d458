"""Predictors that know a class or another value y: what they are to predict is a ratio again, and
how much they gain.

A law p0 draws the data u, and the kernel N(u) the noisy x; v(u), in [-b, b], is a coordinate of u,
and a(u) the probability that u is of the class in question, 0 or 1 where the data tell it. On a
box, of which pi0 is the uniform law, N(u) has a density size k(x, u), 0 < k <= 1, with respect to
pi0: for the functions that are integrated below, this is a hypothesis. Given the class, the Bayes
predictor is f1/f2, f1(x) = E v a k(x, .) and f2(x) = E a k(x, .): one ratio for each class. With
the class in place of v, and 1 in place of a, it is P(class | x), in [0, 1].
"""

from boundcheck import theorem
from boundcheck.math import Abs
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    function,
)

SOURCE = "derived here"


# -- ratios ----------------------------------------------------------------------------------------


class Posterior:
    """p0, N, the box, the kernel k, the class a, and the function v whose mean is asked for."""

    def __init__(self, t):
        X, U = t.space("X"), t.space("U")
        self.t, self.p0, self.u = t, t.law("p0", U), t.variable("u", U)
        self.pi, self.N, self.x = t.law("pi0", X), t.kernel("N", U, on=X), t.variable("x", X)
        self.k, self.h = t.function("k", X, U), t.function("h", X)
        self.a, self.v = t.function("a v", U)
        self.b, self.size = t.real("b size")

    def f1(self, x):
        """The numerator."""
        return Mean(self.v(self.u) * self.a(self.u) * self.k(x, self.u), (self.u, self.p0))

    def f2(self, x):
        """The denominator."""
        return Mean(self.a(self.u) * self.k(x, self.u), (self.u, self.p0))

    def seen(self, w):
        """The mean of w over u and x, where x is in the box."""
        inside = Ind(In(self.x, self.pi))
        return Mean(Mean(inside * w, (self.x, self.N(self.u))), (self.u, self.p0))

    def density(self, g):
        """The hypothesis on N for a function of x."""
        x, u = self.x, self.u
        own = Mean(Ind(In(x, self.pi)) * g(x), (x, self.N(u)))
        other = Mean(self.k(x, u) * g(x), (x, self.pi))
        return self.t.given(LivesOn(self.p0, u, own.eq(self.size * other)))

    def given(self):
        """0 <= a <= 1, |v| <= b, 0 < k <= 1, |h| <= 1."""
        x, u = self.x, self.u
        return self.t.given(
            Forall(u, And(self.a(u) >= 0, self.a(u) <= 1)),
            Forall(u, Abs(self.v(u)) <= self.b),
            Forall([x, u], And(self.k(x, u) > 0, self.k(x, u) <= 1)),
        )


@theorem(source=SOURCE)
def classes_in_order(t):
    """|f1| <= b f2 and 0 <= f2 <= 1; where v >= 0, f1 >= 0."""
    s = Posterior(t)
    known = s.given()
    x, u, b, v, a, k = s.x, s.u, s.b, s.v(s.u), s.a(s.u), s.k(s.x, s.u)
    one, two = s.f1(x), s.f2(x)
    with t.let(x, u) as at:
        weight = t.show(
            And(a * k >= 0, a * k <= 1, Abs(a * k) <= 1), by=[known[0](u), known[2](x, u)]
        )
        positive, *_ = weight
        low, high = (
            t.show(g, by=[positive, known[1](u)], opaque=[a * k])
            for g in (v * (a * k) <= b * (a * k), v * (a * k) >= -b * (a * k))
        )
        t.together(
            weight, low, high, t.show(Abs(v * a * k) <= b, by=[low, high, weight, known[1](u)])
        )
    with t.let(x) as each:
        for mean, bound in ((one, b), (two, 1)):
            t.exists(mean, by=[at.fact], bound=bound)
        parts = [
            t.average(g, by=[at.fact])
            for g in (one <= b * two, one >= -b * two, two >= 0, two <= 1)
        ]
        t.show(And(Abs(one) <= b * two, two >= 0, two <= 1), by=parts)
    return each.fact


@theorem(source=SOURCE)
def mean_over_the_noise(t):
    """E c(u) 1(x in the box) g(x) is size times the mean of f g over the uniform law, f(x) being
    the mean of c(u) k(x, u), for |c| <= b and |g| <= b2."""
    s = Posterior(t)
    c, g, b2 = s.v, s.h, t.real("b2")
    x, u, b = s.x, s.u, s.b
    size, kernel, bounded = t.given(
        Forall(u, Abs(c(u)) <= b),
        Forall([x, u], And(s.k(x, u) > 0, s.k(x, u) <= 1)),
        Forall(x, Abs(g(x)) <= b2),
    )
    density = s.density(g)
    with t.let(x, u) as product:
        t.show(Abs(c(u) * s.k(x, u)) <= b, by=[size(u), kernel(x, u)])
    values = {"theta": s.pi, "mu": s.p0, "a": function([x, u], c(u) * s.k(x, u)), "w": g}
    values |= {"A": b, "B": b2}
    spaces = {"Z": x.sort, "U": u.sort}
    found = t.use("conditional.mean_of_densities", values, spaces, by=[product.fact, bounded])
    plain = Mean(Ind(In(x, s.pi)) * g(x), (x, s.N(u)))
    other = Mean(s.k(x, u) * g(x), (x, s.pi))
    own = Mean(Ind(In(x, s.pi)) * (c(u) * g(x)), (x, s.N(u)))
    with t.let(x, u) as small:
        t.show(Abs(s.k(x, u) * g(x)) <= b2, by=[kernel(x, u), bounded(x)])
    with t.let(u, given=[In(u, s.p0)]) as each:
        equal = density(u)
        t.exists(other, by=[small.fact], bound=b2)
        pulled = Mean(c(u) * s.k(x, u) * g(x), (x, s.pi))
        first = t.average(pulled.eq(c(u) * other))
        t.exists(own, bound=Abs(c(u)) * Mean(Abs(Ind(In(x, s.pi)) * g(x)), (x, s.N(u))))
        second = t.average(own.eq(c(u) * plain))
        t.show(own.eq(s.size * pulled), by=[first, second, equal])
    outer = s.seen(c(u) * g(x))
    whole = t.average(outer.eq(s.size * found.left), by=[each.fact], law=s.p0)
    density_ = Mean(c(u) * s.k(x, u), (u, s.p0))
    return t.show(outer.eq(s.size * Mean(density_ * g(x), (x, s.pi))), by=[whole, found])


@theorem(source=SOURCE)
def predictor_of_a_class(t):
    """f1/f2 is the mean of v given x and the class, where f2 > 0: |f1/f2| <= b, and E v a h(x) is
    E a (f1/f2)(x) h(x) over the x in the box, for every function h with values in [-1, 1]. For one
    class of all u and the class a in place of v, it is P(class | x)."""
    s = Posterior(t)
    known = s.given()
    x, u, b, r = s.x, s.u, s.b, s.f1(s.x) / s.f2(s.x)
    positive, bounded = t.given(Forall(x, s.f2(x) > 0), Forall(x, Abs(s.h(x)) <= 1))
    s.density(s.h)
    s.density(lambda x: s.f1(x) / s.f2(x) * s.h(x))
    order = t.use("conditional_ddpm.classes_in_order")
    m, n, c, h = t.real("m n c g")
    with t.let(m, n, given=[n > 0, Abs(m) <= b * n]) as quotient:
        t.show(Abs(m / n) <= b, by=quotient.facts)
    with t.let(c, h, given=[Abs(c) <= b, Abs(h) <= 1]) as product:
        t.show(Abs(c * h) <= b, by=product.facts)
    with t.let(x) as ratio:
        size = quotient(s.f1(x), s.f2(x), by=[positive(x), order(x)])
        value = size.left.args[0]
        t.together(size, product(value, s.h(x), by=[size, bounded(x)]))
    with t.let(u) as weights:
        one = t.show(Abs(s.a(u)) <= 1, by=[known[0](u)])
        two = t.show(Abs(s.v(u) * s.a(u)) <= b, by=[known[0](u), known[1](u)])
        t.together(one, two)
    values = {"v": function(u, s.v(u) * s.a(u)), "b2": 1}
    left = t.use("conditional_ddpm.mean_over_the_noise", values, by=[weights.fact, bounded])
    values = {"v": s.a, "h": function(x, r * s.h(x)), "b": 1, "b2": b}
    right = t.use("conditional_ddpm.mean_over_the_noise", values, by=[weights.fact, ratio.fact])
    with t.let(x) as at:
        t.exists(r, by=[positive(x)])
        t.show((s.f2(x) * (r * s.h(x))).eq(s.f1(x) * s.h(x)), by=[positive(x)])
    same = t.average(right.right.args[1].eq(left.right.args[1]), by=[at.fact], law=s.pi)
    equal = t.show(left.left.eq(right.left), by=[left, right, same])
    with t.let(x) as bound:
        ratio(x)
        t.show(Abs(r) <= b, by=list(ratio(x))[:1])
    return t.together(bound.fact, equal)


# -- what a class is worth -------------------------------------------------------------------------


@theorem(source=SOURCE)
def knowing_more(t):
    """The mean square error of E[v | x, y] is that of E[v | x] less the mean square of their
    difference, so it is not larger: mmse(x_0 | x_t, y) <= mmse(x_0 | x_t)."""
    X, Y, U = t.space("X"), t.space("Y"), t.space("U")
    pi, Q, K = t.law("pi0", X), t.kernel("Q", X, on=Y), t.kernel("K", X, Y, on=U)
    x, y, u, b = t.variable("x", X), t.variable("y", Y), t.variable("u", U), t.real("b")
    v = t.function("v", U)
    labels = t.given(Forall([x, y, u], Abs(v(u)) <= b, [In(u, K(x, y))]))
    t.example(v=function(u, 0), b=1)

    fine = Mean(v(u), (u, K(x, y)))
    coarse = Mean(fine, (y, Q(x)))
    c = t.real("c")
    with t.let(x, y) as star:
        t.exists(fine, by=labels, bound=b)
        sides = [t.average(g, by=labels) for g in (fine <= b, fine >= -b)]
        t.show(Abs(fine) <= b, by=sides)
    with t.let(x) as other:
        t.exists(coarse, by=[star.fact], bound=b)
        sides = [t.average(g, by=[star.fact], law=Q(x)) for g in (coarse <= b, coarse >= -b)]
        t.show(Abs(coarse) <= b, by=sides)
    w, size = t.real("w"), 4 * b**2
    with t.let(x, y, w, c) as shifted:
        for e in (w, c):
            t.exists(Mean((v(u) - e) ** 2, (u, K(x, y))), by=labels, bound=(b + Abs(e)) ** 2)
        one, two = (Mean((v(u) - e) ** 2, (u, K(x, y))) for e in (c, w))
        t.average(one.eq(two + 2 * (fine - w) * (w - c) + (w - c) ** 2))
    parts = [Mean((v(u) - e) ** 2, (u, K(x, y))) for e in (coarse, fine)]
    parts.append((fine - coarse) ** 2)
    with t.let(x, y) as at:
        split = shifted(x, y, fine, coarse)
        ends = [star(x, y), other(x)]
        sizes = [t.average(g, by=[labels, *ends]) for p in parts[:2] for g in (p >= 0, p <= size)]
        sizes += [t.show(And(parts[2] >= 0, parts[2] <= size), by=ends)]
        t.together(t.show(parts[0].eq(parts[1] + parts[2]), by=[split]), *sizes)
    means = [Mean(p, (y, Q(x))) for p in parts]
    with t.let(x) as inner:
        for m in means:
            t.exists(m, by=[at.fact], bound=size)
        found = [t.average(means[0].eq(means[1] + means[2]), by=[at.fact], law=Q(x))]
        found += [t.average(g, by=[at.fact], law=Q(x)) for m in means for g in (m >= 0, m <= size)]
        t.together(*found)
    wholes = [Mean(m, (x, pi)) for m in means]
    for whole in wholes:
        t.exists(whole, by=[inner.fact], bound=size)
    split = t.average(wholes[0].eq(wholes[1] + wholes[2]), by=[inner.fact], law=pi)
    sign = t.average(wholes[2] >= 0, by=[inner.fact], law=pi)
    return t.together(split, t.show(wholes[1] <= wholes[0], by=[split, sign]))
