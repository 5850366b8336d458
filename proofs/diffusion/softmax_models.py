"""The end-to-end theorem for data on K points, and predictors of the softmax class.

The setting is that of `learnt_models`. x_0 is the point label(x_0) of K points, and is the l-th one
with the probability prob(l). At the time k the predictor is learnt from m pairs of a noisy point
and a label, S(k); the pairs have the law of x_k and of (x_0 - a) where x_k is in the box, 0 elsewhere.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    Largest,
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
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas import diffusion, oracle
from boundcheck.theory.formulas.approximation import softmax

SOURCE = "derived here"


@theorem(source=SOURCE)
def bayes_predictor(t):
    """E[x_0|x_k = x] is the softmax predictor of the points, for all x."""
    u, x = t.sequence("u x", REAL)
    data, label = t.law("data", u.sort), t.function("label", u.sort, to=NAT)(u)
    point, (prob, logs) = t.function("point", NAT, NAT), t.function("prob logs", NAT)
    (i, k, j, d, K), alpha_bar = t.nat("i k j d K"), t.real("alpha_bar")
    within = [i >= 1, i <= d]
    t.given(alpha_bar > 0, alpha_bar < 1, K >= 1)
    same = Forall(i, u(i).eq(point(label, i)), within)
    places = t.given(LivesOn(data, u, And(label >= 1, label <= K, same)))
    here = Mean(Ind(label <= k) * Ind(k <= label), (u, data))
    _, known = t.given(
        Forall(k, here.eq(prob(k)), [k >= 1, k <= K]), Forall(k, prob(k).eq(exp(logs(k))))
    )
    with t.let(k) as positive:
        t.show(And(prob(k) > 0, log(prob(k)).eq(logs(k))), by=known(k))
    with t.let(k) as signs:
        t.show(prob(k) > 0, by=known(k))
    root, level = sqrt(alpha_bar), log(1 - alpha_bar)

    def over(v):
        return Mean(v, (u, data))

    def total(v):
        return Sum(v, (i, 1, d))

    g = exp(total(x(i) ** 2 / 2 - (x(i) - root * u(i)) ** 2 / (2 * (1 - alpha_bar)) - level / 2))
    gap = total((x(i) - root * point(label, i)) ** 2)
    phi = exp(-gap / (2 * (1 - alpha_bar)))
    factor = exp(total(x(i) ** 2 / 2 - level / 2))
    with t.let(u, given=[In(u, data)]) as labels:
        low, high, _ = places(u)
        t.together(low, high)
    values = {"u": function([k, i], point(k, i)), "p": prob, "label": function(u, label)}
    values |= {"x": x}
    found = t.use(
        "softmax_predictor.bayes_predictor_of_points", values, {"X": u.sort}, [labels, signs]
    )
    t.exists(root)
    t.exists(level, by=[t.show(1 - alpha_bar > 0)])
    with t.let(u, given=[In(u, data)]) as every:
        *_, equal = places(u)
        with t.let(i, given=within):
            equal(i)
        whole = g.args[0].eq(factor.args[0] - gap * (1 / (2 * (1 - alpha_bar))))
        whole = t.add_up(whole, by=equal, opaque=[root, level])
        goal = g.eq(factor * phi)
        one = t.show(g.args[0].eq(factor.args[0] + phi.args[0]), by=whole, opaque=[level])
        t.show(goal, by=one, opaque=[g.args[0], factor.args[0], phi.args[0]])

    def logit(k):
        inner, squares = total(point(k, i) * x(i)), total(point(k, i) ** 2)
        return (root * inner - alpha_bar * squares / 2) / (1 - alpha_bar)

    def predictor(lam):
        below = Sum(exp(logit(j) + lam(j)), (j, 1, K))
        return Sum(exp(logit(k) + lam(k)) / below * point(k, o), (k, 1, K))

    o = t.nat("o")
    with t.let(o) as of_logs:
        by_law = predictor(lambda k: log(prob(k)))
        ell = {"ell": function(k, logit(k) + logs(k))}
        least, *_ = t.use("softmax.softmax_is_a_probability", ell)
        below = [Sum(exp(logit(j) + lam), (j, 1, K)) for lam in (log(prob(j)), logs(j))]
        same = t.add_up(below[0].eq(below[1]), by=positive)
        t.add_up(by_law.eq(predictor(logs)), by=[same, positive, least])
    above_zero, (v, w, r) = t.show(factor > 0), t.real("v w r")
    with t.let(v, w, r, given=[w > 0, r > 0]) as quotient:
        t.show((r * v / (r * w)).eq(v / w))
    with t.let(u) as powers:
        t.show(phi > 0)
    with t.let(i, given=within) as each:
        ratio = found(i)
        parts, hidden = ratio.left.args, {"at": u, "opaque": [g, phi, factor]}
        with t.let(u, given=[In(u, data)]) as terms:
            *_, equal = places(u)
            t.together(every(u), equal(i))
        means = []
        for v, old in zip((u(i) * g, g), parts, strict=True):
            size = factor * Mean(abs(opened(old, u)), (u, data))
            t.exists(over(v), bound=size, by=[terms, above_zero], **hidden)
            means.append(t.average(over(v).eq(factor * old), by=terms, **hidden))
        values = {"mu": data, "u": function(u, phi)}
        above = t.use("divergence.mean_of_positive", values, {"X": u.sort}, powers)
        same = quotient(*parts, factor, by=[above, above_zero])
        for mean in means:
            same = t.rewrite(t.symmetric(mean), same)
        t.rewrite(of_logs(i), t.rewrite(ratio, same))
    return each.fact


class Step:
    """The softmax class, and what is learnt from m pairs, at a time with the noise 1 - alpha_bar."""

    def __init__(self, t):
        self.t = t
        self.u, self.x, self.y = t.sequence("u x y", REAL)
        self.base, self.data = samples(t.law("normal", REAL)), t.law("data", self.u.sort)
        self.c, self.d, self.i, self.j, self.k, self.l, self.m, self.o = t.nat("c d i j k l m o")
        self.K, self.a, self.rho = t.nat("K"), t.function("a", NAT), t.real("rho")
        self.label, self.prob = t.function("label", self.u.sort, to=NAT), t.function("prob", NAT)
        self.logs = t.function("logs", NAT)
        self.point, self.place = (
            t.function("point", NAT, NAT),
            t.function("place", NAT, NAT, to=NAT),
        )
        self.theta, self.lam = t.sequence("theta lam", REAL)
        self.B, self.p_min, self.error = t.real("B p_min softmax_error")

    def at(self, alpha_bar, R, pi, kernel, s, fhat, f0):
        """What belongs to the time."""
        self.alpha_bar, self.R, self.pi, self.kernel = alpha_bar, R, pi, kernel
        self.pairs = joint(pi, (self.x, kernel(self.x)))
        self.s, self.law, self.fhat, self.f0 = s, samples(self.pairs), fhat, f0
        return self

    # -- what it is about

    def square(self, u):
        """|u|² of a vector, given as the coordinate c."""
        return Sum(u**2, (self.c, 1, self.d))

    def logit(self, u, lam, k, x):
        """Logit k, for the points u and the logarithms lam of the probabilities."""
        i, d, root = self.i, self.d, sqrt(self.alpha_bar)
        inner, squares = Sum(u(k, i) * x(i), (i, 1, d)), Sum(u(k, i) ** 2, (i, 1, d))
        return (root * inner - self.alpha_bar * squares / 2) / (1 - self.alpha_bar) + lam(k)

    def predictor(self, u, lam, x):
        """The coordinate c of Σ_k softmax_k u(k)."""
        total = Sum(exp(self.logit(u, lam, self.l, x)), (self.l, 1, self.K))
        share = exp(self.logit(u, lam, self.k, x)) / total
        return Sum(share * u(self.k, self.c), (self.k, 1, self.K))

    def true(self, x):
        """That of the points and probabilities of the data."""
        return self.predictor(self.point, self.logs, x)

    def given_data(self):
        """The density at x of x_k given x_0 = u."""
        z, noise = self.x(self.c), 1 - self.alpha_bar
        m = sqrt(self.alpha_bar) * self.u(self.c)
        power = z**2 / 2 - (z - m) ** 2 / (2 * noise) - log(noise) / 2
        return exp(Sum(power, (self.c, 1, self.d)))

    def over(self, v):
        """The mean over the data."""
        return Mean(v, (self.u, self.data))

    def bayes(self):
        """The coordinate c of E[x_0 | x_k = x]."""
        c, g = self.c, self.given_data()
        return self.over(self.u(c) * g) / self.over(g)

    def chosen(self, x):
        """What is learnt from the samples s, less a."""
        return self.fhat(self.s, self.c, x)

    def gap(self):
        """|E[x_0|x_k = x] - x̂_0(x)|²."""
        return self.square(self.bayes() - (self.a(self.c) + self.chosen(self.x)))

    def excess(self):
        """E |E[x_0|x_k] - x̂_0(x_k)|²."""
        return Mean(self.over(self.given_data()) * self.gap(), (self.x, self.base))

    def box(self, x):
        """1 where |x|_∞ <= R, 0 elsewhere."""
        return Ind(self.largest(x) <= self.R)

    def largest(self, x):
        """|x|_∞."""
        return Largest(Abs(x(self.i)), (self.i, 1, self.d))

    # -- what is assumed

    def points(self):
        """x_0 is the point label(x_0), the l-th one with the probability prob(l); all are within
        rho of a."""
        c, l, u = self.c, self.l, self.u
        label, inside = self.label(u), [l >= 1, l <= self.K]
        same = Forall(c, u(c).eq(self.point(label, c)), [c >= 1, c <= self.d])
        here = self.over(Ind(label <= l) * Ind(l <= label))
        return self.t.given(
            LivesOn(self.data, u, And(label >= 1, label <= self.K, same)),
            Forall(l, here.eq(self.prob(l)), inside),
            Forall(l, self.prob(l).eq(exp(self.logs(l)))),
            Forall(l, self.square(self.point(l, c) - self.a(c)) <= self.rho**2, inside),
        )

    def sizes(self):
        """What is positive, and where the parameters of a point are."""
        k, i, K, d = self.k, self.i, self.K, self.d
        self.t.given(self.B > 0, self.p_min > 0, self.p_min < 1, K >= 1, d >= 1)
        self.t.given(self.rho > 0, self.error > 0, self.m >= 1)
        inside = And(self.place(k, i) >= 1, self.place(k, i) <= K * d)
        given = [k >= 1, k <= K, i >= 1, i <= d]
        return self.t.given(Forall([k, i], inside, given))

    def pairs_of(self):
        """Labels are within rho of 0; and pi is the law of x_k, as far as it matters, the mean of
        the labels that of (x_0 - a) in the box, and 0 elsewhere; the box is large enough."""
        c, x, y = self.c, self.x, self.y
        mean = Mean(y(c), (y, self.kernel(x)))
        mean = mean.eq(self.box(x) * (self.bayes() - self.a(c)))
        own = Mean(self.gap(), (x, self.pi)).eq(self.excess())
        off = Mean(1 - self.box(x), (x, self.pi)) <= self.t.quoted(
            diffusion.TAIL, alpha_bar=self.alpha_bar, R=self.R
        )
        return (
            Forall([x, y], self.square(y(c)) <= self.rho**2, [In(y, self.kernel(x))]),
            LivesOn(self.pi, x, Forall(c, mean, [c >= 1, c <= self.d])),
            LivesOn(self.law, self.s, own),
            off,
        )

    def allowed(self):
        """The parameters belong to the class."""
        k, o, place = self.k, self.o, self.place
        cube = Forall(o, Abs(self.theta(o)) <= self.B, [o >= 1, o <= self.K * self.d])
        distance = Sum((self.theta(place(k, self.i)) - self.a(self.i)) ** 2, (self.i, 1, self.d))
        points = [k >= 1, k <= self.K]
        ball = Forall(k, distance <= self.rho**2, points)
        shares = And(self.lam(k) >= -log(1 / self.p_min), self.lam(k) <= 0)
        return [cube, ball, Forall(k, shares, points)]

    def near(self, f, u, lam):
        """On the box f is within rho softmax_error of the softmax predictor, less a; it is 0 off
        the box, and rho bounds it."""
        x, c = self.x, self.c
        gap = self.square(f(x) - (self.predictor(u, lam, x) - self.a(c)))
        close = gap <= (self.rho * self.error) ** 2
        return Forall(x, close, [In(x, self.pi), self.largest(x) <= self.R])

    def vanishes(self, f):
        """f is 0 off the box."""
        zero = Forall(self.c, ((1 - self.box(self.x)) * f(self.x)).eq(0), self.coordinates())
        return LivesOn(self.pi, self.x, zero)

    def coordinates(self):
        return [self.c >= 1, self.c <= self.d]

    def size(self, f):
        """rho bounds f."""
        return Forall(self.x, self.square(f(self.x)) <= self.rho**2)

    def empirical(self, f):
        """The empirical risk."""

        def error(p):
            return self.square(second(p)(self.c) - f(first(p)))

        return Sum(error(self.s(self.k)), (self.k, 1, self.m)) / self.m

    def learner(self, eps):
        """For all samples fhat is a predictor of the class, whose empirical risk is at most that of
        f0, the one with the parameters of the data, and eps."""

        def fixed(x):
            return self.f0(self.c, x)

        own, other = self.empirical(self.chosen), self.empirical(fixed)
        near = self.near(self.chosen, lambda k, i: self.theta(self.place(k, i)), self.lam)
        learnt = ThereIs(self.theta, ThereIs(self.lam, *self.allowed(), near))
        true = self.near(fixed, self.point, self.logs)
        return (
            *(LivesOn(self.law, self.s, f) for f in (learnt, self.vanishes(self.chosen))),
            LivesOn(self.law, self.s, self.size(self.chosen)),
            *(true, self.vanishes(fixed), self.size(fixed)),
            LivesOn(self.law, self.s, own <= other + eps),
        )

    def bound(self, read, w, **names):
        """What learning the step costs at most, times w."""
        outside = read(softmax.OFF_BOX, **names)
        delta = read(softmax.NET, logit_change=read(softmax.LOGIT_CHANGE, **names), **names)
        log_n = read(softmax.LOG_N, **names)
        numbers = {"log_n": log_n, "delta": delta, "softmax_error": self.error, "off_box": outside}
        return read(softmax.EXCESS, w=w, **numbers, **names)


@theorem(source=SOURCE)
def excess_of_a_step(t):
    """E |E[x_0|x_k] - x̂_0(x_k)|² is at most `excess`, for w = 1."""
    a = Step(t)
    alpha_bar, R, eta, eta_p, A, nu, eps = t.real("alpha_bar R eta eta_p A nu eps")
    pi, kernel = t.law("pi", a.x.sort), t.kernel("kernel", a.x.sort, on=a.y.sort)
    s = t.variable("s", seq(joint(pi, (a.x, kernel(a.x))).sort.parts[0]))
    fhat, f0 = t.function("fhat", s.sort, NAT, a.x.sort), t.function("f0", NAT, a.x.sort)
    a.at(alpha_bar, R, pi, kernel, s, fhat, f0)
    c, x, k, y, u, i = a.c, a.x, a.k, a.y, a.u, a.i
    t.given(alpha_bar > 0, alpha_bar < 1, R >= 0, eta > 0, eta_p > 0, A > 0, nu > 0)
    t.given(nu <= t.read(oracle.DIAL))
    places = a.sizes()
    *law, ball = a.points()
    labels, mean, own, off = t.given(*a.pairs_of())
    learnt, zero, size, true, none, small, minimal = t.given(*a.learner(eps))
    within, pred = a.coordinates(), a.true(x)
    values = {"ell": function(k, a.logit(a.point, a.logs, k, x))}
    with t.let(x) as every:
        equal = t.use("softmax_models.bayes_predictor", {"x": x}, by=law)
        with t.let(c, given=within) as each:
            t.show(equal(c).formula, by=equal(c))
        with t.let(c) as finite:
            t.use("softmax.softmax_is_a_probability", values)
            t.exists(pred)
        convex = within_the_ball(t, a, values, ball)
        t.together(each.fact, finite.fact, convex)
    with t.let(x) as exists:
        _, finite, _ = every(x)
        t.show(finite.formula, by=finite)
    with t.let(x, given=[In(x, pi)]) as target:
        equal, finite, convex = every(x)
        with t.let(c, given=within) as stars:
            t.rewrite(equal(c), mean(x)(c))
        truth = near_the_target(t, a, stars, (true, none(x)))
        t.together(stars.fact, convex, truth)
    known = []
    for part in range(3):
        with t.let(x, given=[In(x, pi)]) as one:
            fact = list(target(x))[part]
            t.show(fact.formula, by=fact)
        known.append(one.fact)
    with t.let(x, given=[In(x, pi)]) as one:
        small(x)
    with t.let(s, given=[In(s, a.law)]) as many, t.let(x, given=[In(x, pi)]):
        size(s)(x)
    values = {
        "kernel": function(x, kernel(x)),
        "v": function([c, y], y(c)),
        "f0": function([c, x], f0(c, x)),
        "fhat": function([s, c, x], fhat(s, c, x)),
        "f": function([c, x], pred),
        "w": 1,
    }
    facts = [exists, *known, one.fact, many.fact, labels, off, learnt, zero, minimal, places]
    found = t.use("softmax_risk.excess_of_a_step", values, {"Y": y.sort}, by=facts)
    apart = a.square(a.a(c) + a.chosen(x) - pred)
    inner = Mean(apart, (x, pi))
    with t.let(s, given=[In(s, a.law)]) as each:
        with t.let(x, given=[In(x, pi)]) as pointwise:
            equal, finite, _ = every(x)
            with t.let(c, given=within) as terms:
                gap = (a.bayes() - (a.a(c) + a.chosen(x))) ** 2
                other = (a.a(c) + a.chosen(x) - pred) ** 2
                t.show(gap.eq(other), by=[equal(c), finite(c)], opaque=[a.bayes(), pred])
            t.add_up(a.gap().eq(apart), by=terms.fact)
        linked = own(s)
        same = t.same_mean(inner, linked.left, by=pointwise.fact)
        t.show(a.excess().eq(inner), by=[same, linked])
    whole = Mean(a.excess(), (s, a.law))
    same = t.same_mean(whole, Mean(inner, (s, a.law)), by=each.fact)
    bound = a.bound(t.read, 1, R=R, eta=eta, eta_p=eta_p, A=A, nu=nu, eps=eps)
    return t.show(whole <= bound, by=[same, found], opaque=[bound])


def within_the_ball(t, a, values, ball):
    """|E[x_0|x_k = x] - a| <= rho."""
    k, c, l = a.k, a.c, a.l
    ell = values["ell"]
    _, each, unit = t.use("softmax.softmax_is_a_probability", values)
    total = Sum(exp(ell(l)), (l, 1, a.K))
    share = exp(ell(k)) / total
    with t.let(k) as signs:
        above, _ = each(k)
        t.show(Abs(share).eq(share), by=above, opaque=[share])
    size = t.add_up(Sum(Abs(share), (k, 1, a.K)).eq(Sum(share, (k, 1, a.K))), by=signs.fact)
    one = t.show(size.left <= 1, by=[size, unit])
    points = {"v": function([k, c], a.point(k, c) - a.a(c)), "c": function(k, share), "s": 1}
    found = t.use("weighted_points.weights_of_points", points, by=[one, ball])
    with t.let(c) as terms:
        moved = Sum(share * (a.point(k, c) - a.a(c)), (k, 1, a.K))
        split = moved.eq(a.true(a.x) - a.a(c) * Sum(share, (k, 1, a.K)))
        with t.let(k) as apart:
            signs.fact(k)
            one = share * (a.point(k, c) - a.a(c))
            t.show(one.eq(share * a.point(k, c) - a.a(c) * share), opaque=[share])
        split = t.add_up(split, by=apart.fact)
        t.show(moved.eq(a.true(a.x) - a.a(c)), by=[split, unit])
    whole = a.square(a.true(a.x) - a.a(c))
    same = t.add_up(whole.eq(found.left), by=terms.fact)
    return t.show(whole <= a.rho**2, by=[same, found])


def near_the_target(t, a, stars, f0):
    """The predictor with the parameters of the data is within rho softmax_error of the target."""
    c, x, y, (near, none) = a.c, a.x, a.y, f0
    star, own = Mean(y(c), (y, a.kernel(x))), a.f0(c, x)
    whole, e = a.square(own - star), a.rho * a.error
    goal = whole <= e**2
    with t.suppose(a.largest(x) <= a.R) as inside:
        on = t.derive("indicator_true", *inside.facts)
        close = near(x, by=inside.facts)
        with t.let(c, given=a.coordinates()) as terms:
            t.show((own - star).eq(own - (a.true(x) - a.a(c))), by=[stars(c), on])
        same = t.add_up(whole.eq(close.left), by=terms.fact)
        t.show(goal, by=[same, close])
    with t.suppose(a.R < a.largest(x)) as outside:
        off = t.derive("indicator_false", t.show(a.largest(x) > a.R, by=outside.facts))
        with t.let(c, given=a.coordinates()) as terms:
            t.show((own - star).eq(0), by=[stars(c), none(c), off])
        zero = t.add_up(whole.eq(0 * Sum(1, (c, 1, a.d))), by=terms.fact)
        t.show(goal, by=[zero])
    return t.cases(a.largest(x), a.R, inside, outside)
