"""The oracle inequality for m images, each noised n times for one predictor.

A sample p is what is made of one image: pairs p(1), ..., p(n) of a noisy point and a label, which
may depend on each other in any way, all with the law joint(pi, K). s(1), ..., s(m) are independent
samples. The predictor fhat(s, .) in R^d is chosen by the mean of the squared errors over all n m
pairs; the setting is that of `oracle_vectors` but for that. What is learnt is what m pairs would
teach: noising the images again costs nothing, and it is the number of images that counts.

That p(k) has the law joint(pi, K) is needed for a few functions alone, as in `oracle_steps`.
"""

from boundcheck import theorem
from boundcheck.math import exp, log
from boundcheck.theorems.author.words import (
    Forall,
    In,
    LivesOn,
    Mean,
    Sum,
    ThereIs,
    first,
    function,
    joint,
    samples,
    second,
)
from boundcheck.theorems.language.sorts import NAT, seq
from boundcheck.theory.formulas import oracle

SOURCE = "derived here"


class Images:
    """The symbols of the theorem."""

    def __init__(self, t):
        X, Y = t.space("X"), t.space("Y")
        self.pi, self.K, self.v = t.law("pi", X), t.kernel("K", X, on=Y), t.function("v", NAT, Y)
        self.x, self.y = t.variable("x", X), t.variable("y", Y)
        self.c, self.d, self.i, self.j, self.k = t.nat("c d i j k")
        self.n, self.m, self.N = t.nat("n m N")
        self.pairs = joint(self.pi, (self.x, self.K(self.x)))
        self.q = t.variable("q", self.pairs.sort.parts[0])
        self.p = t.variable("p", seq(self.q.sort))
        self.P, self.s = t.law("P", self.p.sort), t.variable("s", seq(self.p.sort))
        self.law, self.f0 = samples(self.P), t.function("f0", NAT, X)
        self.net, self.fhat = (
            t.function("net", NAT, NAT, X),
            t.function("fhat", self.s.sort, NAT, X),
        )
        self.rho, self.delta, self.eps, self.A, self.nu = t.real("rho delta eps A nu")
        self.inside = [self.k >= 1, self.k <= self.n]
        self.numbers = [self.j >= 1, self.j <= self.N]

    def own(self, x):
        """fhat, for the samples s."""
        return self.fhat(self.s, self.c, x)

    def fixed(self, x):
        """f0."""
        return self.f0(self.c, x)

    def member(self, x):
        """A function of the net."""
        return self.net(self.j, self.c, x)

    def square(self, u):
        """|u|² of a vector, given as the coordinate c."""
        return Sum(u**2, (self.c, 1, self.d))

    def star(self, x):
        """The coordinate c of f*(x)."""
        return Mean(self.v(self.c, self.y), (self.y, self.K(x)))

    def distance(self, f):
        """‖f - f*‖²."""
        return Mean(self.square(f(self.x) - self.star(self.x)), (self.x, self.pi))

    def error(self, f, q):
        """|v(Y) - f(X)|² at a pair."""
        return self.square(self.v(self.c, second(q)) - f(first(q)))

    def loss(self, f, q):
        """Z(f) at a pair."""
        return self.error(f, q) - self.error(self.star, q)

    def moment(self, f, q):
        """exp(-A nu Z(f)/rho²) at a pair."""
        return exp(-(self.A * self.nu) * self.loss(f, q) / self.rho**2)

    def bounded(self, f):
        """rho bounds |f|."""
        return LivesOn(self.pi, self.x, self.square(f(self.x)) <= self.rho**2)

    def gap(self):
        """The predictor is close to the j-th function of the net."""
        square = self.square(self.own(self.x) - self.member(self.x))
        return LivesOn(self.pi, self.x, square <= self.delta**2)

    def same(self, f, u):
        """u(f, .) has the same mean by the law of the k-th pair and by joint(pi, K)."""
        one = Mean(u(f, self.p(self.k)), (self.p, self.P))
        return one.eq(Mean(u(f, self.q), (self.q, self.pairs)))

    def errors(self, f):
        """The sum of the errors over the pairs of the i-th sample."""
        return Sum(self.error(f, self.s(self.i)(self.k)), (self.k, 1, self.n))

    def empirical(self, f):
        """The empirical risk."""
        return Sum(self.errors(f), (self.i, 1, self.m)) / (self.m * self.n)

    def given(self, t):
        """The hypotheses."""
        v, s, j, k, p = self.v(self.c, self.y), self.s, self.j, self.k, self.p
        own, fixed, member = self.own, self.fixed, self.member
        t.given(self.rho > 0, self.A > 0, self.nu > 0, self.nu <= t.quoted(oracle.DIAL))
        t.given(self.m >= 1, self.n >= 1, self.N >= 1, self.delta >= 0)
        return t.given(
            Forall([self.x, self.y], self.square(v) <= self.rho**2, [In(self.y, self.K(self.x))]),
            Forall(j, self.bounded(member), self.numbers),
            LivesOn(self.law, s, self.bounded(own)),
            LivesOn(self.law, s, ThereIs(j, *self.numbers, self.gap())),
            self.bounded(fixed),
            LivesOn(self.law, s, self.empirical(own) <= self.empirical(fixed) + self.eps),
            LivesOn(self.P, p, Forall(k, In(p(k), self.pairs), self.inside)),
            Forall([j, k], self.same(member, self.moment), [*self.numbers, *self.inside]),
            Forall(k, self.same(fixed, self.loss), self.inside),
        )

    def values(self):
        """What it is in `oracle_steps`."""
        j, k, c, s, x = self.j, self.k, self.c, self.s, self.x
        return {
            "pi": function(k, self.pi),
            "K": function([k, x], self.K(x)),
            "lam": function(k, 1 / self.n),
            "f0": function([k, c, x], self.fixed(x)),
            "net": function([j, k, c, x], self.member(x)),
            "fhat": function([s, k, c, x], self.own(x)),
        }


@theorem(source=SOURCE)
def noised_again(t):
    """E‖fhat - f*‖² is at most A(‖f0 - f*‖² + eps) + 4(1 + A) rho delta + rho² log N/(nu m), with m
    the number of images."""
    a = Images(t)
    labels, nets, sizes, near, known, minimal, *same_laws = a.given(t)
    s, i, j, k, m, n, x, y = a.s, a.i, a.j, a.k, a.m, a.n, a.x, a.y
    share = 1 / n
    t.exists(share)
    with t.let(k, x, y, given=[In(y, a.K(x))]) as labels_at:
        labels(x, y)
    with t.let(j, given=a.numbers) as nets_at, t.let(k, given=a.inside):
        t.show(a.bounded(a.member), by=nets(j))
    with t.let(s, given=[In(s, a.law)]) as sizes_at, t.let(k, given=a.inside):
        t.show(a.bounded(a.own), by=sizes(s))
    with t.let(k, given=a.inside) as known_at:
        t.show(a.bounded(a.fixed), by=known)
    with t.let(s, given=[In(s, a.law)]) as near_at, t.obtain(near(s), "l") as neighbour:
        with t.let(k, given=a.inside):
            t.show(neighbour.facts[-1].formula, by=neighbour.facts[-1])
        t.witness(ThereIs(j, *a.numbers, Forall(k, a.gap(), a.inside)), neighbour.value)
    with t.let(s, given=[In(s, a.law)]) as minimal_at:
        parts = []
        for f in (a.own, a.fixed):
            weighted = Sum(share * a.error(f, s(i)(k)), (k, 1, n))
            with t.let(i) as each:
                t.add_up(weighted.eq(share * a.errors(f)))
            scaled = Sum(weighted, (i, 1, m)).eq(share * Sum(a.errors(f), (i, 1, m)))
            parts.append(t.add_up(scaled, by=each.fact))
        t.show(parts[0].left / m <= parts[1].left / m + a.eps, by=[*parts, minimal(s)])
    weights = t.count(Sum(share, (k, 1, n)))
    one = t.show(weights.left.eq(1), by=weights)
    positive = t.show(weights.left > 0, by=one)
    with t.let(k, given=a.inside) as shares:
        t.show(share >= 0)
    facts = [labels_at, nets_at, sizes_at, known_at, near_at, minimal_at, shares, positive]
    found = t.use("oracle_steps.dial", a.values(), by=[*facts, *same_laws])
    with t.let(s, given=[In(s, a.law)]) as same:
        predictor = {"f": function([a.c, x], a.own(x))}
        t.use("vector_losses.distances", predictor, by=[labels, sizes(s)])
        t.count(Sum(share * a.distance(a.own), (k, 1, n)))
    predictor = {"f": function([a.c, x], a.fixed(x))}
    t.use("vector_losses.distances", predictor, by=[labels, known])
    other = t.count(Sum(share * a.distance(a.fixed), (k, 1, n)))
    whole = Mean(a.distance(a.own), (s, a.law))
    equal = t.same_mean(whole, found.left, by=same.fact)
    names = {"comparator": a.distance(a.fixed), "log_n": log(a.N)}
    bound = t.quoted(oracle.ORACLE_VECTORS, **names)
    return t.show(whole <= bound, by=[equal, found, other, one])
