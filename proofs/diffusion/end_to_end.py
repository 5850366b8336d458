"""The end-to-end theorem: how far what a diffusion model with learnt predictors generates is from
the data, with the softmax class for data on K points.

The setting is that of `diffusion_chain`. w is what the predictors are learnt from, drawn by the law
`learning`: predictor(w, k, i, x) is coordinate i of the data as the predictor takes it at the time
k, and p(w, k, .) the density of what the model with these predictors has at that time. How samples
of different steps depend on each other does not matter.

Data on K points: x_0 is the point label(x_0), the l-th one with the probability prob(l). At the
time k the predictor a + fhat is learnt from m pairs w(k), which have the law of x_k and of a label
in the ball of radius rho whose mean, given x_k, is that of x_0 - a where x_k is in the box |x|_∞ <=
R, and 0 elsewhere. The class is that of `boundcheck.theory.formulas.approximation.softmax`, with
everything that is within rho softmax_error of it on the box. R, eta, eta_p, A, nu and eps are free
at each step.
"""

from boundcheck import Reading, theorem
from boundcheck.math import Abs, exp, log, sqrt
from boundcheck.theorems.author.words import (
    And,
    Exists,
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
from boundcheck.theorems.language.sorts import NAT, REAL, pair, seq
from boundcheck.theory.formulas import diffusion, oracle
from boundcheck.theory.formulas.approximation import softmax

SOURCE = "derived here"


class Learnt:
    """The model, the forward process, and the data."""

    def __init__(self, t, W, predictor=None):
        self.t, self.normal = t, t.law("normal", REAL)
        self.base, (z, s) = samples(self.normal), t.real("z s")
        self.u, self.x, self.y = t.sequence("u x y", REAL)
        self.i, self.k, self.d, self.start, self.last = t.nat("i k d start last")
        self.beta, self.alpha_bar, self.sigma2 = t.sequence("beta alpha_bar sigma2", REAL)
        self.w, self.learning = t.variable("w", W), t.law("learning", W)
        self.p, self.data = t.function("p", W, NAT, self.x.sort), t.law("data", self.u.sort)
        self.predictor = predictor or t.function("predictor", W, NAT, NAT, self.x.sort)
        k, y, alpha_bar = self.k, self.y, self.alpha_bar
        self.times = [self.start <= k, k <= self.last]
        noise = And(self.beta(k + 1) > 0, self.beta(k + 1) < 1, self.sigma2(k + 1) > 0)
        product = alpha_bar(k + 1).eq(self.numbers(diffusion.ALPHA_BAR, k))
        moment = Mean(exp(s * z), (z, self.normal)).eq(exp(s**2 / 2))
        self.standard, self.noise, self.first, self.product = t.given(
            Forall(s, moment), Forall(k, noise), alpha_bar(0).eq(1), Forall(k, product)
        )
        t.given(self.start >= 1, self.start <= self.last)
        ends = LivesOn(self.base, y, self.p(self.w, self.last + 1, y).eq(1))
        steps = LivesOn(self.base, y, self.p(self.w, k, y).eq(self.after(k)))
        self.ends, self.model = t.given(
            self.always(ends), self.always(Forall(k, steps, self.times))
        )
        self.moment = self.over(self.sum(self.u(self.i) ** 2))
        self.level = t.use("diffusion_chain.noise_level", by=[self.noise, self.first, self.product])

    def numbers(self, formula, k, read=None, **more):
        """A formula of the step k + 1."""
        names = {
            "alpha_bar_before": self.alpha_bar(k),
            "alpha_bar": self.alpha_bar(k + 1),
            "beta": self.beta(k + 1),
            "sigma2": self.sigma2(k + 1),
        }
        return (read or self.t.quoted)(formula, **(names | more))

    def always(self, formula):
        """The formula for all that may be learnt from."""
        return LivesOn(self.learning, self.w, formula)

    def sum(self, term):
        return Sum(term, (self.i, 1, self.d))

    def over(self, v):
        """The mean over the data."""
        return Mean(v, (self.u, self.data))

    def mean(self, v):
        """Over a point x, with respect to the base."""
        return Mean(v, (self.x, self.base))

    def density(self, m, v, z):
        """Of N(m, vI) at z, m written in i."""
        z = z(self.i)
        return exp(self.sum(z**2 / 2 - (z - m) ** 2 / (2 * v) - log(v) / 2))

    def given_data(self, k):
        """The density at x of x_k given x_0 = u."""
        level = self.alpha_bar(k)
        return self.density(sqrt(level) * self.u(self.i), 1 - level, self.x)

    def mixed(self, k):
        """The density at x of x_k."""
        return self.over(self.given_data(k))

    def bayes(self, k):
        """Coordinate i of E[x_0 | x_k = x]."""
        return self.over(self.u(self.i) * self.given_data(k)) / self.mixed(k)

    def guess(self, k):
        """Coordinate i of the data, as the predictor takes it."""
        return self.predictor(self.w, k, self.i, self.x)

    def after(self, k):
        """The density at y of what the step k + 1 makes of p(w, k + 1, .)."""
        data, state = (self.numbers(f, k) for f in (diffusion.FROM_DATA, diffusion.FROM_STATE))
        center = data * self.guess(k + 1) + state * self.x(self.i)
        step = self.density(center, self.sigma2(k + 1), self.y)
        return self.mean(self.p(self.w, k + 1, self.x) * step)

    def loss(self, k):
        """E |x_0 - x̂_0(x_k)|²."""
        error = self.u(self.i) - self.guess(k)
        return self.over(self.mean(self.given_data(k) * self.sum(error**2)))

    def mmse(self, k):
        """E |x_0 - E[x_0|x_k]|²."""
        error = self.u(self.i) - self.bayes(k)
        return self.mean(self.over(self.given_data(k) * self.sum(error**2)))

    def excess(self, k):
        """E |E[x_0|x_k] - x̂_0(x_k)|²."""
        return self.mean(self.mixed(k) * self.sum((self.bayes(k) - self.guess(k)) ** 2))

    def divergence(self):
        """Of the law of x_start from what the model generates."""
        f2 = self.mixed(self.start)
        return self.mean(f2 * log(f2 / self.p(self.w, self.start, self.x)))

    def learnt(self, v):
        """The mean over what is learnt from."""
        return Mean(v, (self.w, self.learning))

    def prior(self, read):
        return read(
            diffusion.PRIOR, alpha_bar=self.alpha_bar(self.last + 1), second_moment=self.moment
        )

    def costs(self, k, risk, read):
        """What the step k + 1 costs where the excess risk is risk."""
        variance = self.numbers(diffusion.POSTERIOR_VARIANCE, k)
        cost = self.numbers(diffusion.VARIANCE_COST, k, read, posterior_variance=variance)
        return self.numbers(diffusion.WEIGHT, k, read) * (self.mmse(k + 1) + risk) + cost


@theorem(source=SOURCE)
def of_excess_risks(t):
    """E KL(x_s, model) is at most prior_term and the sum of w_k (mmse_k + risk_k) + variance_cost
    over the steps, risk_k being the excess risk of the predictor in the mean over what it is learnt
    from."""
    n = Learnt(t, t.space("W"))
    t.given(Exists(n.moment))
    k, w, x, i, start, last = n.k, n.w, n.x, n.i, n.start, n.last
    losses = t.given(n.always(Forall(k, Exists(n.loss(k + 1)), n.times)))
    risks = t.given(Forall(k, Exists(n.learnt(n.excess(k + 1))), n.times))
    prior = n.prior(t.read)

    def steps(risk, read):
        return Sum(n.costs(k, risk(k + 1), read), (k, start, last))

    kl = n.divergence()
    with t.let(w, given=[In(w, n.learning)]) as every:
        values = {
            "p": function([k, x], n.p(w, k, x)),
            "predictor": function([k, i, x], n.predictor(w, k, i, x)),
        }
        facts = [n.ends(w), n.model(w), losses(w)]
        found, least, sign = t.use("diffusion_chain.error_decomposition", values, by=facts)
        t.exists(prior, by=found)
        whole = steps(n.excess, t.quoted)
        less = t.show(kl <= prior + whole, by=[found, least], opaque=[prior, whole, kl])
        t.together(sign, less)
    numbers = numbers_of_a_step(t, n, losses)
    with t.let(k, given=n.times) as each:
        positive, *finite = numbers(k)
        weight, risk = n.numbers(diffusion.WEIGHT, k), n.excess(k + 1)
        mean = n.learnt(risk)
        new = n.costs(k, mean, t.quoted)
        cost = new.args[1]
        t.derive("integrand", risks(k), mean=mean)
        size = weight * (Abs(n.mmse(k + 1)) + n.learnt(Abs(risk))) + Abs(cost)
        hidden = {"at": w, "opaque": [weight, cost, n.mmse(k + 1), risk]}
        one = n.learnt(n.costs(k, risk, t.quoted))
        t.exists(one, bound=size, by=[positive, *finite], **hidden)
        t.average(one.eq(new), law=n.learning, **hidden)
    total = n.learnt(steps(n.excess, t.quoted))
    whole = t.mean_of_sum(total, by=each)
    right = steps(lambda k: n.learnt(n.excess(k)), t.quoted)
    most = t.add_up(whole.right.eq(right), by=each)
    mean, found = n.learnt(kl), prior + steps(n.excess, t.quoted)
    hidden = {"by": every, "at": w, "opaque": [kl, prior, found.args[1]]}
    t.exists(mean, bound=Abs(prior) + n.learnt(Abs(found.args[1])), **hidden)
    sign = t.average(mean >= 0, **hidden)
    less = t.average(mean <= prior + total, law=n.learning, **hidden)
    bound = prior + steps(lambda k: n.learnt(n.excess(k)), t.read)
    last = t.show(mean <= bound, by=[less, whole, most], opaque=[prior])
    return t.together(sign, last)


def numbers_of_a_step(t, n, losses):
    """w_k >= 0, and w_k, variance_cost and mmse_k are numbers."""
    k, i, x, v = n.k, n.i, n.x, "v"
    with t.obtain(t.derive("inhabited", law=n.learning), v) as some:
        v = some.value
        values = {"predictor": function([k, i, x], n.predictor(v, k, i, x))}
        known = [losses(v, by=some.facts), n.noise, n.first, n.product]
        split = t.use("diffusion_chain.least_error_and_the_rest", values, by=known)
        with t.let(k, given=n.times):
            split(k)
            t.exists(n.mmse(k + 1))
    with t.let(k, given=n.times) as each:
        late = t.show(k >= 1, by=each.facts)
        known = [*n.level(k, by=late), *n.level(k + 1), *n.noise(k)]
        finite = t.use("diffusion_chain.costs_exist", by=[n.noise, n.first, n.product])(k)
        positive = t.show(n.numbers(diffusion.WEIGHT, k) >= 0, by=known)
        t.together(positive, *finite, some.fact(k))
    return each.fact


class Step:
    """The softmax class, and what is learnt from m pairs, at a time of the noise 1 - alpha_bar."""

    def __init__(self, t, n, a):
        self.a = a
        self.t, self.u, self.x, self.y, self.base, self.data, self.i, self.d = t, *n
        self.c, self.k, self.l, self.m, self.o = t.nat("c j l m o")
        self.K, self.rho = t.nat("K"), t.real("rho")
        self.label, (self.prob, self.logs) = (
            t.function("label", self.u.sort, to=NAT),
            t.function("prob logs", NAT),
        )
        self.point = t.function("point", NAT, NAT)
        self.place = t.function("place", NAT, NAT, to=NAT)
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
        c, k, u = self.c, self.l, self.u
        label, inside = self.label(u), [k >= 1, k <= self.K]
        same = Forall(c, u(c).eq(self.point(label, c)), [c >= 1, c <= self.d])
        here = self.over(Ind(label <= k) * Ind(k <= label))
        return self.t.given(
            LivesOn(self.data, u, And(label >= 1, label <= self.K, same)),
            Forall(k, here.eq(self.prob(k)), inside),
            Forall(k, self.prob(k).eq(exp(self.logs(k)))),
            Forall(k, self.square(self.point(k, c) - self.a(c)) <= self.rho**2, inside),
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
def excess_of_a_step(t):  # noqa: PLR0915
    """E |E[x_0|x_k] - x̂_0(x_k)|² is at most `excess`, for w = 1."""
    (u, x, y), (i, d) = t.sequence("u x y", REAL), t.nat("i d")
    base, data = samples(t.law("normal", REAL)), t.law("data", u.sort)
    a = Step(t, (u, x, y, base, data, i, d), t.function("a", NAT))
    alpha_bar, R, eta, eta_p, A, nu, eps = t.real("alpha_bar R eta eta_p A nu eps")
    pi, kernel = t.law("pi", a.x.sort), t.kernel("kernel", a.x.sort, on=a.y.sort)
    s = t.variable("s", seq(joint(pi, (a.x, kernel(a.x))).sort.parts[0]))
    fhat, f0 = t.function("fhat", s.sort, NAT, a.x.sort), t.function("f0", NAT, a.x.sort)
    a.at(alpha_bar, R, pi, kernel, s, fhat, f0)
    c, k = a.c, a.k
    t.given(alpha_bar > 0, alpha_bar < 1, R >= 0, eta > 0, eta_p > 0, A > 0, nu > 0)
    t.given(nu <= t.read(oracle.DIAL))
    places = a.sizes()
    *law, ball = a.points()
    labels, mean, own, off = t.given(*a.pairs_of())
    learnt, zero, size, true, none, small, minimal = t.given(*a.learner(eps))
    within, pred = a.coordinates(), a.true(x)
    values = {"ell": function(k, a.logit(a.point, a.logs, k, x))}
    with t.let(x) as every:
        equal = t.use("softmax_predictor.bayes_predictor_by_densities", {"x": x}, by=law)
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
    k, c, ell = a.k, a.c, values["ell"]
    _, each, unit = t.use("softmax.softmax_is_a_probability", values)
    total = Sum(exp(ell(a.l)), (a.l, 1, a.K))
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


class Softmax:
    """The model whose predictors are learnt from the samples w(k) at the time k, and the class at
    each time."""

    def __init__(self, t):
        self.t, self.pi = t, t.kernel("pi", NAT, on=seq(REAL))
        self.kernel = t.kernel("kernel", NAT, seq(REAL), on=seq(REAL))
        pairs = pair(seq(REAL), seq(REAL))
        self.a = t.function("a", NAT)
        self.fhat = t.function("fhat", NAT, seq(pairs), NAT, seq(REAL))
        self.s = t.variable("drawn", seq(pairs))
        n = self.n = Learnt(t, seq(seq(pairs)), self.predictor)
        self.step = Step(t, (n.u, n.x, n.y, n.base, n.data, n.i, n.d), self.a)
        self.f0 = t.function("f0", NAT, NAT, seq(REAL))
        names = ("R", "eta", "eta_p", "A", "nu", "eps")
        self.numbers = dict(zip(names, t.function(" ".join(names), NAT), strict=True))

    def predictor(self, w, k, i, x):
        """Coordinate i of the predictor, which is learnt from w(k)."""
        return self.a(i) + self.fhat(k, w(k), i, x)

    def at(self, k):
        """The class at the time k."""
        return self.step.at(
            self.n.alpha_bar(k),
            self.numbers["R"](k),
            self.pi(k),
            lambda x: self.kernel(k, x),
            self.s,
            lambda s, c, x: self.fhat(k, s, c, x),
            lambda c, x: self.f0(k, c, x),
        )

    def names(self, k):
        """The numbers of the class at the time k."""
        return {name: f(k) for name, f in self.numbers.items()} | {"alpha_bar": self.n.alpha_bar(k)}


@theorem(
    label="P",
    source=(
        "arXiv:2601.21242 claims that the excess KL risk splits into an approximation and an "
        "estimation error; this form and its constants are derived here"
    ),
    reading=Reading(
        "P4", "data on K points: the excess of a step is at most this; steps add up", softmax.EXCESS
    ),
)
def end_to_end_bound(t):
    """E KL(x_s, model) is at most prior_term and the sum over the steps of w_k mmse_k, of
    variance_cost and of `excess`, what it costs to learn the predictor from m samples.

    The data are K points, and predictors are functions within rho softmax_error of those of the
    softmax class, on a box. That there are such networks is no part of this: see
    `softmax_approximation`. That pi is the law of x_k, and the samples those that the model learns
    from, stands in it as equations between the means that are needed.
    """
    b = Softmax(t)
    n, a = b.n, b.step
    k, w, i, s = n.k, n.w, n.i, b.s
    places = a.sizes()
    *law, ball = a.points()
    names, here = b.names(k + 1), b.at(k + 1)
    A, nu = names["A"], names["nu"]
    positive = And(*(names[f] > 0 for f in ("eta", "eta_p", "A", "nu")), names["R"] >= 0)
    dial = nu <= t.read(oracle.DIAL, A=A, nu=nu)
    sizes, pairs, learner = (
        t.given(*(Forall(k, f, n.times) for f in formulas))
        for formulas in ((positive, dial), here.pairs_of(), here.learner(names["eps"]))
    )
    drawn = In(w(k + 1), here.law)
    own = n.learnt(n.excess(k + 1)).eq(Mean(here.excess(), (s, here.law)))
    drawn, own = t.given(n.always(Forall(k, drawn, n.times)), Forall(k, own, n.times))
    inside = distances_of_the_data(t, n, a, law[0], ball)
    losses = losses_exist(t, b, inside, drawn, learner[2])
    c, x = a.c, n.x
    values = {
        **names,
        "pi": b.pi(k + 1),
        "kernel": function(x, b.kernel(k + 1, x)),
        "fhat": function([s, c, x], b.fhat(k + 1, s, c, x)),
        "f0": function([c, x], b.f0(k + 1, c, x)),
    }
    one = here.bound(t.quoted, 1, **names)
    with t.let(k, given=n.times) as each:
        facts = [*law, ball, places, *n.level(k + 1)]
        facts += [f(k) for f in (*sizes, *pairs, *learner)]
        found = t.use("end_to_end.excess_of_a_step", values, by=facts)
        t.show(own(k).left <= one, by=[found, own(k)], opaque=[one])
    with t.let(k, given=n.times) as risks:
        t.exists(n.learnt(n.excess(k + 1)), by=each.fact(k))
    values = {"predictor": function([w, k, i, x], n.predictor(w, k, i, x))}
    sign, found = t.use("end_to_end.of_excess_risks", values, {"W": w.sort}, [losses, risks])
    numbers = numbers_of_a_step(t, n, losses)
    old, weight = n.costs(k, n.learnt(n.excess(k + 1)), t.quoted), n.numbers(diffusion.WEIGHT, k)
    least = Sum(old, (k, n.start, n.last))
    with t.let(k, given=n.times) as terms:
        positive, *finite = numbers(k)
        cost, risk = old.args[1], each.fact(k)
        new = weight * n.mmse(k + 1) + cost + here.bound(t.read, weight, **names)
        hidden = [weight, cost, one, n.mmse(k + 1)]
        t.show(old <= new, by=[positive, *finite, risk], opaque=hidden)
    total = t.add_up(least <= Sum(new, (k, n.start, n.last)), by=terms)
    prior = n.prior(t.read)
    t.exists(prior, by=found)
    goal = found.left <= prior + total.right
    return t.together(sign, t.show(goal, by=[found, total], opaque=[prior]))


def distances_of_the_data(t, n, a, places, ball):
    """|x_0 - a| <= rho; and E |x_0|² exists."""
    u, i = n.u, n.i
    gap, squares = n.sum((u(i) - a.a(i)) ** 2), n.sum(u(i) ** 2)
    bound = 2 * a.rho**2 + 2 * n.sum(a.a(i) ** 2)
    with t.let(u, given=[In(u, n.data)]) as inside:
        low, high, equal = places(u)
        close = ball(a.label(u), by=[low, high])
        same = t.add_up(gap.eq(close.left), by=equal)
        less = t.show(gap <= a.rho**2, by=[same, close])
        size = t.add_up(squares <= 2 * gap + 2 * n.sum(a.a(i) ** 2))
        least = t.add_up(squares >= 0 * gap)
        t.together(less, t.show(squares <= bound, by=[size, less]), least)
    t.exists(n.moment, by=inside.fact, bound=bound)
    return inside.fact


def losses_exist(t, b, inside, drawn, size):
    """Since the predictors are in the ball, as the data are."""
    n, a = b.n, b.step
    w, k, u, x, i = n.w, n.k, n.u, n.x, n.i
    with t.let(w, given=[In(w, n.learning)]) as losses, t.let(k, given=n.times):
        bounded = size(k)(w(k + 1), by=drawn(w)(k))
        g, total = n.given_data(k + 1), n.sum((u(i) - n.guess(k + 1)) ** 2)
        normal = {"m": function(i, sqrt(n.alpha_bar(k + 1)) * u(i)), "v": 1 - n.alpha_bar(k + 1)}
        t.show(1 - n.alpha_bar(k + 1) > 0, by=n.level(k + 1))
        with t.let(u, given=[In(u, n.data)]) as each:
            one, _ = t.use("normal_vectors.moments_of_a_normal_vector", normal)
            near, *_ = inside(u)
            with t.let(x) as point:
                fhat = n.sum(b.fhat(k + 1, w(k + 1), i, x) ** 2)
                most = t.add_up(total <= 2 * near.left + 2 * fhat)
                least = t.add_up(total >= 0 * fhat)
                ends = And(total >= 0, total <= 4 * a.rho**2)
                t.together(t.show(ends, by=[most, least, near, bounded(x)]), t.show(g > 0))
            inner, hidden = n.mean(g * total), {"by": point, "at": x, "opaque": [g, total]}
            t.exists(inner, bound=4 * a.rho**2 * n.mean(g), **hidden)
            above = t.average(inner >= 0, **hidden)
            less = t.average(inner <= 4 * a.rho**2 * n.mean(g), **hidden)
            t.together(above, t.show(inner <= 4 * a.rho**2, by=[less, one]))
        t.exists(n.loss(k + 1), by=each.fact, bound=4 * a.rho**2)
    return losses.fact
