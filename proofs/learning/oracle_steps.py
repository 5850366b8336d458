"""The oracle inequality for m images, each noised several times: at one step, or at all steps.

A sample p is what is made of one image: p(1), ..., p(n) are pairs of an input and a label, p(k)
drawn by joint(pi(k), K(k, .)); they may depend on each other in any way. s(1), s(2), ... are
independent samples, each drawn by P. A predictor f(k, x) in R^d for the k-th pair has the loss
Z(k, f) and the risk R(k, f) of `vector_losses`, f*(k, x) = E[v(Y) | X = x] in the k-th law. With
weights lam(k) >= 0, whose sum is W > 0, the predictor fhat(s, .) is chosen by the weighted
empirical risk, (1/m) Σ_i Σ_k lam(k) |v(Y) - fhat(s, k, X)|² at the pairs (X, Y) = s(i)(k).

lam(k) = 1/n, and the same law for all k: each image is noised n times. k the step of a diffusion
model, with any weights: one network, of which k is an input, learns all steps.

That p(k) has the law joint(pi(k), K(k, .)) is needed for a few functions alone: the losses of f0,
and exp of a multiple of the losses of the net have the same mean by both laws. So this is asked.
"""

from functools import partial

from boundcheck import theorem
from boundcheck.math import Abs, Min, exp, log
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


class Steps:
    """The symbols that these theorems have in common, and what is assumed of them."""

    def __init__(self, t):
        self.t, self.X, self.Y = t, t.space("X"), t.space("Y")
        self.pi, self.K = t.kernel("pi", NAT, on=self.X), t.kernel("K", NAT, self.X, on=self.Y)
        self.x, self.y, self.rho = t.variable("x", self.X), t.variable("y", self.Y), t.real("rho")
        self.c, self.d, self.i, self.j, self.k = t.nat("c d i j k")
        self.n, self.m, self.N = t.nat("n m N")
        self.q = t.variable("q", self.pairs(self.k).sort.parts[0])
        self.p = t.variable("p", seq(self.q.sort))
        self.P, self.s = t.law("P", self.p.sort), t.variable("s", seq(self.p.sort))
        self.law = samples(self.P)
        self.delta, self.eps, self.A, self.nu = t.real("delta eps A nu")
        self.v, self.lam = t.function("v", NAT, self.Y), t.function("lam", NAT)
        self.f0 = t.function("f0", NAT, NAT, self.X)
        self.functions = t.function("net", NAT, NAT, NAT, self.X)
        self.fhat = t.function("fhat", self.s.sort, NAT, NAT, self.X)
        self.W, self.inside = self.total(1), [self.k >= 1, self.k <= self.n]
        self.range_of_net = [self.j >= 1, self.j <= self.N]
        size = self.square(self.v(self.c, self.y)) <= self.rho**2
        every = [self.k, self.x, self.y]
        self.labels = t.given(Forall(every, size, [In(self.y, self.K(self.k, self.x))]))
        t.given(self.rho > 0)

    # -- what is assumed

    def prices(self):
        """nu is at most the dial."""
        return self.t.given(self.nu > 0, self.nu <= self.t.quoted(oracle.DIAL))

    def weights(self):
        """The weights are >= 0."""
        return self.t.given(Forall(self.k, self.lam(self.k) >= 0, self.inside))

    def each(self, formula):
        """The formula for each k."""
        return Forall(self.k, formula, self.inside)

    def size(self, f):
        """rho bounds |f|."""
        lives = LivesOn(self.pi(self.k), self.x, self.square(f(self.x)) <= self.rho**2)
        return self.each(lives)

    def near(self, f, h):
        """f and h are within delta."""
        gap = self.square(f(self.x) - h(self.x)) <= self.delta**2
        return self.each(LivesOn(self.pi(self.k), self.x, gap))

    def lives(self):
        """Each pair of a sample is a possible one."""
        return LivesOn(self.P, self.p, self.each(In(self.p(self.k), self.pairs(self.k))))

    def same(self, f, u):
        """u(f, .) has the same mean by both laws of the k-th pair."""
        one = Mean(u(f, self.p(self.k)), (self.p, self.P))
        return self.each(one.eq(Mean(u(f, self.q), (self.q, self.pairs(self.k)))))

    def minimal(self):
        """The predictor has at most the empirical risk of f0 plus eps."""
        s, i, m = self.s, self.i, self.m
        errors = (self.total(self.error(f, s(i)(self.k))) for f in (self.chosen, self.competitor))
        own, other = (Sum(e, (i, 1, m)) / m for e in errors)
        return LivesOn(self.law, s, own <= other + self.eps)

    def learner(self, t):
        """The prices and the weights; rho bounds the net, the predictor and f0; the predictor is
        close to the net, and has at most the empirical risk of f0 plus eps."""
        self.prices()
        t.given(self.A > 0, self.delta >= 0, self.m >= 1, self.N >= 1)
        weights, positive = self.weights(), t.given(self.W > 0)
        near = ThereIs(self.j, *self.range_of_net, self.near(self.chosen, self.net(self.j)))
        return (
            weights,
            positive,
            *t.given(
                Forall(self.j, self.size(self.net(self.j)), self.range_of_net),
                LivesOn(self.law, self.s, self.size(self.chosen)),
                LivesOn(self.law, self.s, near),
                self.size(self.competitor),
                self.minimal(),
            ),
        )

    def same_laws(self):
        """As far as it matters, p(k) has the k-th law."""
        net = self.same(self.net(self.j), self.moment)
        return (
            self.lives(),
            Forall(self.j, net, self.range_of_net),
            self.same(self.competitor, self.loss),
        )

    # -- what it is about

    def pairs(self, k):
        """The law of the k-th pair."""
        return joint(self.pi(k), (self.x, self.K(k, self.x)))

    def total(self, u):
        """The weighted sum."""
        return Sum(self.lam(self.k) * u, (self.k, 1, self.n))

    def square(self, u):
        """|u|² of a vector, given as the coordinate c."""
        return Sum(u**2, (self.c, 1, self.d))

    def star(self, x):
        """The coordinate c of f*(k, x)."""
        return Mean(self.v(self.c, self.y), (self.y, self.K(self.k, x)))

    def competitor(self, x):
        """f0."""
        return self.f0(self.k, self.c, x)

    def net(self, j):
        """A function of the net."""
        return lambda x: self.functions(j, self.k, self.c, x)

    def chosen(self, x):
        """fhat, for the samples s."""
        return self.fhat(self.s, self.k, self.c, x)

    def of(self, f):
        """A function, to be put for a symbol."""
        return function([self.k, self.c, self.x], f(self.x))

    def distance(self, f):
        """R(k, f)."""
        return Mean(self.square(f(self.x) - self.star(self.x)), (self.x, self.pi(self.k)))

    def cut(self, f):
        """R(k, f) where rho bounds f, and something that exists where it does not."""
        square = self.square(f(self.x) - self.star(self.x))
        return Mean(Min(square, 4 * self.rho**2), (self.x, self.pi(self.k)))

    def error(self, f, q):
        """|v(Y) - f(k, X)|² at a pair."""
        return self.square(self.v(self.c, second(q)) - f(first(q)))

    def loss(self, f, q):
        """Z(k, f) at a pair."""
        return self.error(f, q) - self.error(self.star, q)

    def moment(self, f, q):
        """exp(-A nu Z(k, f)/rho²)."""
        return exp(-(self.A * self.nu) * self.loss(f, q) / self.rho**2)

    def values(self, name, f):
        """The k-th law, and a function in the place of a symbol of the theorems for one law."""
        at = function([self.c, self.x], f(self.x))
        kernel = function(self.x, self.K(self.k, self.x))
        return {"pi": self.pi(self.k), "K": kernel, name: at}

    def stars(self):
        """f* exists."""
        t, k, x, c = self.t, self.k, self.x, self.c
        with t.let(k, x, c, given=[c >= 1, c <= self.d]):
            kernel = function(x, self.K(k, x))
            regression = t.use("vector_losses.regression", {"K": kernel}, by=self.labels(k))
            t.exists(self.star(x), by=regression(x))


@theorem(source=SOURCE)
def moment_of_a_function(t):
    """E exp(nu Σ_k lam(k)(R(k, f) - A Z(k, f))/(W rho²)) is at most 1 if rho bounds f."""
    a = Steps(t)
    f, k, p, nu, A = a.competitor, a.k, a.p, a.nu, a.A
    _, rate = a.prices()
    weights, positive = a.weights(), t.given(a.W > 0)
    bounded, law = t.given(a.size(f), a.same(f, a.moment))
    a.stars()
    growth, beta = t.quoted(oracle.DIAL), a.W * a.rho**2
    with t.let(k):
        t.use("oracle_vectors.cut_risk_exists", a.values("f0", f), by=a.labels(k))
    with t.let(k, given=a.inside) as one:
        facts = [a.labels(k), bounded(k)]
        values = a.values("f", f) | {"theta": A * nu}
        linear = t.use("vector_losses.moment_of_a_loss", values, by=facts)
        same, least, _ = t.use("oracle_vectors.cut_risk", a.values("f0", f), by=facts)
        size, left = a.cut(f), law(k).left
        below, facts = left <= 1 - nu * size / a.rho**2, [law(k), linear, same, least, rate]
        t.show(below, by=facts, opaque=[growth, size, left, linear.left])
    values = {"Z": function([k, p], a.loss(f, p(k))), "R": function(k, a.cut(f))}
    values |= {"beta": a.rho**2}
    facts = [one, weights, positive]
    several = t.use("dial.moment_of_several", values, {"S": p.sort}, by=facts)
    positive = t.show(beta > 0, by=positive)
    values = {"Z": function(p, a.total(a.loss(f, p(k)))), "R": a.total(a.cut(f)), "beta": beta}
    return t.use("dial.normalised_moment", values, {"S": p.sort}, by=[several, positive])


@theorem(source=SOURCE)
def neighbouring_functions(t):
    """Where |f - h| <= delta for all k, both bounded by rho, Σ_k lam(k) R(k, f) and, for all
    samples, Σ_k lam(k) Z(k, f) differ by at most 4 W rho delta from those of h."""
    a = Steps(t)
    f, k, p = a.competitor, a.k, a.p
    other = t.function("h", NAT, NAT, a.X)
    weights = a.weights()
    e = 4 * a.rho * a.delta

    def h(x):
        return other(k, a.c, x)

    t.given(a.delta >= 0)
    sizes = t.given(a.size(f), a.size(h))
    near, lives = t.given(a.near(f, h), a.lives())
    a.stars()
    with t.let(k):
        for u in (f, h):
            t.use("oracle_vectors.cut_risk_exists", a.values("f0", u), by=a.labels(k))
    with t.let(k, given=a.inside) as risks:
        facts = [a.labels(k), *(s(k) for s in sizes), near(k)]
        values = a.values("f", f) | a.values("h", h)
        gaps, losses = t.use("vector_losses.neighbouring_losses", values, by=facts)
        cuts = [t.use("oracle_vectors.cut_risk", a.values("f0", u), by=facts) for u in (f, h)]
        one = t.show(a.cut(f) <= a.cut(h) + e, by=[gaps, *cuts])
        one = t.show(a.lam(k) * a.cut(f) <= a.lam(k) * (a.cut(h) + e), by=[one, weights(k)])
        with t.let(a.q, given=[In(a.q, a.pairs(k))]) as pointwise:
            less = t.show(a.loss(h, a.q) <= a.loss(f, a.q) + e, by=losses(a.q))
            goal = a.lam(k) * a.loss(h, a.q) <= a.lam(k) * (a.loss(f, a.q) + e)
            t.show(goal, by=[less, weights(k)], opaque=[a.loss(h, a.q), a.loss(f, a.q)])
        t.together(one, pointwise.fact)
    whole = t.add_up(a.total(a.cut(f)) <= a.total(a.cut(h)) + e * a.W, by=risks.fact)
    with t.let(p, given=[In(p, a.P)]) as samples:
        with t.let(k, given=a.inside) as each:
            _, losses = risks(k)
            losses(p(k), by=lives(p)(k))
        t.add_up(a.total(a.loss(h, p(k))) <= a.total(a.loss(f, p(k))) + e * a.W, by=each.fact)
    return t.together(whole, samples.fact)


@theorem(source=SOURCE)
def competitor(t):
    """E Σ_k lam(k) Z(k, f) = Σ_k lam(k) R(k, f) for one f that rho bounds."""
    a = Steps(t)
    f, k, p = a.competitor, a.k, a.p
    bounded, law = t.given(a.size(f), a.same(f, a.loss))
    a.stars()
    with t.let(k, given=a.inside) as each:
        values, facts = a.values("f", f), [a.labels(k), bounded(k)]
        exact = t.use("vector_losses.mean_of_a_loss", values, by=facts)
        one = law(k).left
        t.show(one.eq(a.distance(f)), by=[exact, law(k)])
        weighted = Mean(a.lam(k) * a.loss(f, p(k)), (p, a.P))
        t.exists(weighted, by=law(k), bound=Abs(a.lam(k)) * Mean(abs(a.loss(f, p(k))), (p, a.P)))
        scaled = t.average(weighted.eq(a.lam(k) * one), by=law(k))
        t.show(weighted.eq(a.lam(k) * a.distance(f)), by=[scaled, exact, law(k)])
    mean = t.mean_of_sum(Mean(a.total(a.loss(f, p(k))), (p, a.P)), by=each.fact)
    same = t.add_up(mean.right.eq(a.total(a.distance(f))), by=each.fact)
    return t.show(mean.left.eq(same.right), by=[mean, same])


@theorem(source=SOURCE)
def cut_risks(t):
    """Σ_k lam(k) R(k, f) is that of the cut risks, and from 0 to 4 W rho²."""
    a = Steps(t)
    f, k = a.competitor, a.k
    weights, bounded = a.weights(), t.given(a.size(f))
    with t.let(k, given=a.inside) as each:
        values, facts = a.values("f0", f), [a.labels(k), bounded(k)]
        t.use("oracle_vectors.cut_risk", values, by=facts)
    whole = a.total(a.cut(f))
    same = t.add_up(a.total(a.distance(f)).eq(whole), by=each.fact)
    low = t.add_up(whole >= 0 * a.W, by=[each.fact, weights])
    high = t.add_up(whole <= 4 * a.rho**2 * a.W, by=[each.fact, weights])
    return t.together(same, low, high)


@theorem(source=SOURCE)
def compared(t):
    """Σ_i Σ_k lam(k) Z(k, fhat) is at most that of f0, and m eps, for all samples."""
    a = Steps(t)
    s, i, m = a.s, a.i, a.m
    t.given(m >= 1)
    fhat, f0 = a.chosen, a.competitor
    minimal = t.given(a.minimal())
    a.stars()

    def total(u):
        return a.total(u(s(i)(a.k)))

    with t.let(s, given=[In(s, a.law)]) as every:
        parts = []
        for f in (fhat, f0):
            functions = [partial(a.loss, f), partial(a.error, f), partial(a.error, a.star)]
            u = [total(z) for z in functions]
            with t.let(i) as each:
                t.add_up(u[0].eq(u[1] - u[2]))
            sums = [Sum(z, (i, 1, m)) for z in u]
            parts.append(t.add_up(sums[0].eq(sums[1] - sums[2]), by=each.fact))
        own, other = (Sum(total(partial(a.loss, f)), (i, 1, m)) for f in (fhat, f0))
        t.show(own <= other + m * a.eps, by=[*parts, minimal(s)])
    return every.fact


@theorem(source=SOURCE)
def dial(t):
    """Σ_k lam(k) E‖fhat_k - f*_k‖² is at most A(Σ_k lam(k) ‖f0_k - f*_k‖² + eps) + W(4(1 + A) rho
    delta + rho² log N/(nu m)), with m the number of images."""
    a = Steps(t)
    rho, s, p, j, k = a.rho, a.s, a.p, a.j, a.k
    weights, positive, nets, sizes, near, known, minimal = a.learner(t)
    _, laws, law = t.given(*a.same_laws())
    f0, fhat, net, of = a.competitor, a.chosen, a.net, a.of
    a.stars()
    beta, e = a.W * rho**2, a.W * (4 * rho * a.delta)
    t.show(beta > 0, by=positive)

    with t.let(j, given=a.range_of_net) as moments:
        facts = [nets(j), laws(j)]
        t.use("oracle_steps.moment_of_a_function", {"f0": of(net(j))}, by=facts)
    with t.let(s, given=[In(s, a.law)]) as close, t.obtain(near(s), "l") as neighbour:
        number, gap = neighbour.value, neighbour.facts[-1]
        h = net(number)
        values, facts = {"f0": of(fhat), "h": of(h)}, [sizes(s), nets(number), gap]
        risks, losses = t.use("oracle_steps.neighbouring_functions", values, by=facts)
        t.show(a.total(a.cut(fhat)) <= a.total(a.cut(h)) + e, by=risks)
        with t.let(p, given=[In(p, a.P)]):
            less = a.total(a.loss(h, p(k))) <= a.total(a.loss(fhat, p(k))) + e
            t.show(less, by=losses(p))
        own = a.total(a.cut(fhat)) <= a.total(a.cut(net(j))) + e
        below = a.total(a.loss(net(j), p(k))) <= a.total(a.loss(fhat, p(k))) + e
        t.witness(ThereIs(j, *a.range_of_net, own, LivesOn(a.P, p, below)), number)
    compared = t.use("oracle_steps.compared", by=minimal)
    for h, z in ((net(j), j), (fhat, s)):
        with t.let(z, k):
            t.use("oracle_vectors.cut_risk_exists", a.values("f0", h), by=a.labels(k))
    with t.let(s, given=[In(s, a.law)]) as risks:
        t.use("oracle_steps.cut_risks", {"f0": of(fhat)}, by=[weights, sizes(s)])
    own, other = (Mean(a.total(z(fhat)), (s, a.law)) for z in (a.cut, a.distance))
    t.exists(own, by=risks.fact, bound=4 * rho**2 * a.W)
    fixed = t.use("oracle_steps.competitor", by=[known, law])
    values = {
        "Z": function([j, p], a.total(a.loss(net(j), p(k)))),
        "R": function(j, a.total(a.cut(net(j)))),
        "own": function([s, p], a.total(a.loss(fhat, p(k)))),
        "risk": function(s, a.total(a.cut(fhat))),
        "other": function(p, a.total(a.loss(f0, p(k)))),
        "beta": beta,
        "e": e,
    }
    facts = [moments, close, compared, fixed]
    found = t.use("dial.learned", values, {"S": p.sort}, by=facts)
    same = t.same_mean(other, own, by=risks.fact)
    names = {"comparator": a.total(a.distance(f0)), "weights": a.W, "log_n": log(a.N)}
    bound = t.read(oracle.ORACLE_STEPS, **names)
    return t.show(other <= bound, by=[same, found, fixed])
