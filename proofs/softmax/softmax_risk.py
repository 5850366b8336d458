"""What it costs to learn a predictor of the softmax class from m samples, at one step.

X is x_t, and Y is (x_0 - a) where x_t is in the box, and 0 elsewhere: |Y| <= rho. The predictor
less a, fhat, is 0 off the box, and |fhat| <= rho. i(x) is 1 for x in the box, and 0 else.
"""

from contextlib import ExitStack

from boundcheck import theorem
from boundcheck.math import Abs, Max, exp, log, sqrt
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
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas import diffusion, oracle
from boundcheck.theory.formulas.approximation import softmax

SOURCE = "derived here"


def square(u, c, d):
    """|u|² of a vector, given as the coordinate c."""
    return Sum(u**2, (c, 1, d))


def shrinking(z, rho, c, d):
    """The factor that brings z into the ball of radius rho."""
    return rho / Max(rho, sqrt(square(z, c, d)))


class Learning:
    """The symbols of `oracle_vectors`, and the box."""

    def __init__(self, t, X=None):
        self.t, self.Y = t, t.space("Y")
        self.X = t.space("X") if X is None else X
        self.pi, self.kernel = t.law("pi", self.X), t.kernel("kernel", self.X, on=self.Y)
        self.x, self.y, self.rho = t.variable("x", self.X), t.variable("y", self.Y), t.real("rho")
        self.pairs = joint(self.pi, (self.x, self.kernel(self.x)))
        self.p = t.variable("p", self.pairs.sort.parts[0])
        self.s, self.law = t.variable("s", seq(self.p.sort)), samples(self.pairs)
        self.c, self.d, self.k, self.j, self.m, self.N = t.nat("c d k j m N")
        self.delta, self.eps, self.A, self.nu = t.real("delta eps A nu")
        self.v, self.f0 = t.function("v", NAT, self.Y), t.function("f0", NAT, self.X)
        self.fhat = t.function("fhat", self.s.sort, NAT, self.X)
        size = self.square(self.v(self.c, self.y)) <= self.rho**2
        t.given(Forall([self.x, self.y], size, [In(self.y, self.kernel(self.x))]))
        t.given(self.rho > 0, self.m >= 1, self.A > 0, self.nu > 0)
        t.given(self.nu <= t.read(oracle.DIAL))
        own, fixed = (self.empirical(f) for f in (self.chosen, self.competitor))
        self.bounded, _, _ = t.given(
            LivesOn(self.law, self.s, self.size(self.chosen)),
            self.size(self.competitor),
            LivesOn(self.law, self.s, own <= fixed + self.eps),
        )

    def square(self, u):
        """|u|² of a vector, given as the coordinate c."""
        return Sum(u**2, (self.c, 1, self.d))

    def size(self, f):
        """rho bounds |f|."""
        return LivesOn(self.pi, self.x, self.square(f(self.x)) <= self.rho**2)

    def star(self, x):
        """The coordinate c of E[v(Y) | X = x]."""
        return Mean(self.v(self.c, self.y), (self.y, self.kernel(x)))

    def chosen(self, x):
        """fhat, for the samples s."""
        return self.fhat(self.s, self.c, x)

    def competitor(self, x):
        """f0."""
        return self.f0(self.c, x)

    def distance(self, f):
        """‖f - f*‖²."""
        return Mean(self.square(f(self.x) - self.star(self.x)), (self.x, self.pi))

    def empirical(self, f):
        """The empirical risk."""

        def error(p):
            return self.square(self.v(self.c, second(p)) - f(first(p)))

        return Sum(error(self.s(self.k)), (self.k, 1, self.m)) / self.m

    def vanishes(self, i):
        """fhat is 0 where i is."""
        x, c = self.x, self.c
        zero = Forall(c, ((1 - i(x)) * self.chosen(x)).eq(0), [c >= 1, c <= self.d])
        return LivesOn(self.law, self.s, LivesOn(self.pi, x, zero))

    def near(self, i, g, N, delta):
        """For all samples fhat is within delta of one of N functions, where i is 1."""
        gap = i(self.x) * self.square(self.chosen(self.x) - g(self.j, self.x)) <= delta**2
        there = ThereIs(self.j, self.j >= 1, self.j <= N, LivesOn(self.pi, self.x, gap))
        return LivesOn(self.law, self.s, there)


def projections(t, a, g):
    """The factors exist."""
    (r, q), c, x, j = t.real("r q"), a.c, a.x, a.j
    with t.let(r, q, given=[q > 0]) as quotient:
        t.show((r / q * q).eq(r))
    with t.let(j, x) as exists:
        S = a.square(g(j, c, x))
        least = t.add_up(S >= 0 * Sum(0, (c, 1, a.d)))
        root = t.show(sqrt(S) >= 0, by=least)
        top = Max(a.rho, sqrt(S))
        above = t.show(top > 0, by=root, opaque=[sqrt(S)])
        quotient(a.rho, top, by=above)
    return exists.fact


@theorem(source=SOURCE)
def nets_outside_the_ball(t):
    """The oracle inequality for vectors and nets that are not in the ball, as predictors are; and
    which are near on the box only, as predictors are 0 off it."""
    a = Learning(t)
    i, g = t.function("i", a.X), t.function("g", NAT, NAT, a.X)
    c, j, x, s, N, rho = a.c, a.j, a.x, a.s, a.N, a.rho
    t.given(N >= 1, a.delta >= 0)
    unit = t.given(LivesOn(a.pi, x, (i(x) * (1 - i(x))).eq(0)))
    zero = t.given(a.vanishes(i))
    near = t.given(a.near(i, lambda j, x: g(j, c, x), N, a.delta))
    zeros = {"v": [c, a.y], "f0": [c, x], "fhat": [s, c, x], "g": [j, c, x], "i": x}
    zeros = {n: function(args, 0) for n, args in zeros.items()}
    numbers = {"m": 1, "N": 1, "delta": 0, "eps": 0, "A": 2, "nu": expr("1/11")}
    t.example(**zeros, rho=1, **numbers)

    def factor(j, x):
        return shrinking(g(j, c, x), rho, c, a.d)

    exists = projections(t, a, g)

    def member(j, x):
        return i(x) * (factor(j, x) * g(j, c, x))

    inside = [In(x, a.pi)]
    with t.let(x, given=inside) as idempotent:
        t.show(And((i(x) ** 2).eq(i(x)), i(x) >= 0, i(x) <= 1), by=unit(x))
    nothing = a.square(expr(0))
    none = t.show(nothing <= rho**2, by=t.count(nothing))
    with t.let(j, given=[j >= 1, j <= N]) as sizes, t.let(x, given=inside):
        values = {"z": function(c, g(j, c, x)), "w": function(c, 0)}
        exists(j, x)
        _, size = t.use("weighted_points.projection_onto_a_ball", values, by=none)
        whole = a.square(member(j, x))
        same = t.add_up(whole.eq(i(x) ** 2 * size.left), opaque=[factor(j, x)])
        least = t.add_up(size.left >= 0 * Sum(0, (c, 1, a.d)), opaque=[factor(j, x)])
        t.show(whole <= rho**2, by=[same, size, least, *idempotent(x)], opaque=[size.left])
    with t.let(s, given=[In(s, a.law)]) as close, t.obtain(near(s), "j0") as neighbour:
        k, (_, _, gaps) = neighbour.value, neighbour.facts
        with t.let(x, given=inside):
            exists(k, x)
            values = {"z": function(c, g(k, c, x)), "w": function(c, a.chosen(x))}
            less, _ = t.use("weighted_points.projection_onto_a_ball", values, by=a.bounded(s)(x))
            whole = a.square(a.chosen(x) - member(k, x))
            with t.let(c, given=[c >= 1, c <= a.d]) as terms:
                off = zero(s)(x)(c)
                gap, short = a.chosen(x) - member(k, x), a.chosen(x) - factor(k, x) * g(k, c, x)
                same = t.show(gap.eq(i(x) * short), by=off, opaque=[factor(k, x)])
                t.show((gap**2).eq(i(x) ** 2 * short**2), by=same, opaque=[gap, short])
            same = t.add_up(whole.eq(i(x) ** 2 * less.left), by=terms.fact)
            facts = [same, less, gaps(x), *idempotent(x)]
            t.show(whole <= a.delta**2, by=facts, opaque=[whole, less.left, less.right])
        net = a.square(a.chosen(x) - member(j, x)) <= a.delta**2
        goal = ThereIs(j, j >= 1, j <= N, LivesOn(a.pi, x, net))
        t.witness(goal, k)
    with t.let(j, c, x) as total:
        exists(j, x)
        t.exists(member(j, x))
    values = {"net": function([j, c, x], member(j, x)), "K": function(x, a.kernel(x))}
    return t.use("oracle_vectors.dial", values, by=[total.fact, sizes.fact, close.fact])


class SoftmaxClass(Learning):
    """The softmax class on the box, for inputs that are sequences."""

    def __init__(self, t):
        super().__init__(t, seq(REAL))
        self.i, self.l, self.o, self.K = t.nat("i l o K")
        self.alpha_bar, self.B, self.R, self.eta, self.eta_p = t.real("alpha_bar B R eta eta_p")
        self.p_min, self.error = t.real("p_min softmax_error")
        self.a, self.place = t.function("a", NAT), t.function("place", NAT, NAT, to=NAT)
        self.theta, self.lam = t.sequence("theta lam", REAL)
        t.given(self.alpha_bar > 0, self.alpha_bar < 1, self.B > 0, self.R >= 0)
        t.given(self.eta > 0, self.eta_p > 0, self.p_min > 0, self.p_min < 1)
        self.sizes = t.given(self.K >= 1, self.d >= 1, self.error > 0)
        inside = [self.place(self.k, self.i) >= 1, self.place(self.k, self.i) <= self.K * self.d]
        self.points = [self.k >= 1, self.k <= self.K]
        self.coordinates = [self.i >= 1, self.i <= self.d]
        t.given(Forall([self.k, self.i], And(*inside), [*self.points, *self.coordinates]))

    def shift(self, theta, k, x):
        """(√ᾱ u·x - ᾱ|u|²/2)/(1-ᾱ) for the point k."""
        u, i = theta(self.place(k, self.i)), self.i
        inner, squares = Sum(u * x(i), (i, 1, self.d)), Sum(u**2, (i, 1, self.d))
        return (sqrt(self.alpha_bar) * inner - self.alpha_bar * squares / 2) / (1 - self.alpha_bar)

    def logit(self, theta, lam, k, x):
        """Logit k."""
        return self.shift(theta, k, x) + lam(k)

    def predictor(self, theta, lam, x):
        """The coordinate c of Σ_k softmax_k u(k)."""
        total = Sum(exp(self.logit(theta, lam, self.l, x)), (self.l, 1, self.K))
        share = exp(self.logit(theta, lam, self.k, x)) / total
        return Sum(share * theta(self.place(self.k, self.c)), (self.k, 1, self.K))

    def allowed(self, theta, lam):
        """The parameters belong to the class."""
        i, k, q = self.i, self.k, self.o
        cube = Forall(q, Abs(theta(q)) <= self.B, [q >= 1, q <= self.K * self.d])
        distance = Sum((theta(self.place(k, i)) - self.a(i)) ** 2, (i, 1, self.d))
        ball = Forall(k, distance <= self.rho**2, self.points)
        low = -log(1 / self.p_min)
        shares = Forall(k, And(lam(k) >= low, lam(k) <= 0), self.points)
        return [cube, ball, shares]

    def largest(self, x):
        """|x|_∞."""
        return Largest(Abs(x(self.i)), (self.i, 1, self.d))

    def box(self, x):
        """1 where |x|_∞ <= R, 0 elsewhere."""
        return Ind(self.largest(x) <= self.R)

    def learnt(self):
        """For all samples fhat is a network of the class on the box, within rho softmax_error of
        the softmax with its parameters; and 0 off it."""
        gap = self.chosen(self.x) - (self.predictor(self.theta, self.lam, self.x) - self.a(self.c))
        close = self.square(gap) <= (self.rho * self.error) ** 2
        close = Forall(self.x, close, [In(self.x, self.pi), self.largest(self.x) <= self.R])
        there = ThereIs(self.lam, *self.allowed(self.theta, self.lam), close)
        return LivesOn(self.law, self.s, ThereIs(self.theta, there))


def near_on_the_box(t, a, near, gaps, both, whole, delta, e):
    """On the box the learnt predictor is within delta + e of the member of the net: within e of the
    softmax with its parameters, which is within delta of the member."""
    x, c, i, k = a.x, a.c, a.i, a.k
    goal = a.box(x) * whole <= (delta + e) ** 2
    with t.let(x, given=[In(x, a.pi)]) as every:
        for z in both:
            ell = function(k, a.logit(*z, k, x))
            t.use("softmax.softmax_is_a_probability", {"ell": ell})
        with t.suppose(a.largest(x) <= a.R) as inside:
            with t.let(i, given=a.coordinates) as box:
                t.show(Abs(x(i)) <= a.R, by=[t.among(a.largest(x), i), *inside.facts])
            own, other = near(x, by=inside.facts), gaps(x, by=box.fact)
            exact = [a.predictor(*z, x) for z in both]
            parts = [a.chosen(x) - (exact[0] - a.a(c)), exact[0] - exact[1]]
            values = {n: function(c, u) for n, u in zip("xy", parts, strict=True)}
            values |= {"r": e, "q": delta}
            total = t.use("weighted_points.triangle_inequality", values, by=[own, other])
            same = t.add_up(whole.eq(total.left), opaque=exact)
            on = t.derive("indicator_true", *inside.facts)
            t.show(goal, by=[same, total, on], opaque=[whole, delta])
        with t.suppose(a.R < a.largest(x)) as outside:
            off = t.derive("indicator_false", t.show(a.largest(x) > a.R, by=outside.facts))
            t.show(goal, by=[off], opaque=[whole, delta])
        t.cases(a.largest(x), a.R, inside, outside)
    return every.fact


def competitor(t, a, truth, gap, e):
    """‖f0 - f*‖² <= e²."""
    x, c = a.x, a.c
    values = {"K": function(x, a.kernel(x))}
    regression = t.use("vector_losses.regression", values, {"X": a.X})
    with t.let(x, c, given=[c >= 1, c <= a.d]):
        t.exists(a.star(x), by=regression(x))
    with t.let(x, given=[In(x, a.pi)]) as short:
        least = t.add_up(gap >= 0 * Sum(0, (c, 1, a.d)), by=truth(x))
        t.show(Abs(gap) <= e**2, by=[least, truth(x)])
    t.exists(a.distance(a.competitor), by=short.fact, bound=e**2)
    return t.average(a.distance(a.competitor) <= e**2, by=truth)


@theorem(source=SOURCE)
def learnt_softmax(t):
    """The excess of a learnt softmax network over the Bayes predictor, on the box."""
    a = SoftmaxClass(t)
    x, c, j, s, rho, k = a.x, a.c, a.j, a.s, a.rho, a.k
    learnt, zero = t.given(a.learnt(), a.vanishes(a.box))
    gap = a.square(a.competitor(x) - a.star(x))
    truth = t.given(LivesOn(a.pi, x, gap <= (rho * a.error) ** 2))
    change = t.read(softmax.LOGIT_CHANGE)
    delta, log_n = t.read(softmax.NET, logit_change=change), t.read(softmax.LOG_N)
    e = rho * a.error
    nets = t.use("softmax_class.net_of_the_softmax_class")
    root, r = t.show(sqrt(a.d) > 0, by=a.sizes), sqrt(a.alpha_bar)
    steep = t.show(change > 0, by=[t.show(r > 0)], opaque=[r])
    t.show(delta > 0, by=[root, steep], opaque=[sqrt(a.d), change])
    t.show(e > 0, by=a.sizes)
    with (
        t.obtain(nets, "N0") as number,
        t.obtain(number.facts[0], "points0") as first_,
        t.obtain(first_.facts[0], "weights0") as second_,
    ):
        N, points, weights = number.value, first_.value, second_.value
        _, size, covered = second_.facts

        def g(j, x):
            return a.predictor(points(j), weights(j), x) - a.a(c)

        with t.let(s, given=[In(s, a.law)]) as close, ExitStack() as scopes:
            one = scopes.enter_context(t.obtain(learnt(s), "theta0"))
            two = scopes.enter_context(t.obtain(one.facts[0], "lam0"))
            theta, lam = one.value, two.value
            *member, near = two.facts
            three = scopes.enter_context(t.obtain(covered(theta, lam, by=member), "m0"))
            m, (_, _, gaps) = three.value, three.facts
            whole = a.square(a.chosen(x) - g(m, x))
            both = (theta, lam), (points(m), weights(m))
            near_on_the_box(t, a, near, gaps, both, whole, delta, e)
            net = a.box(x) * a.square(a.chosen(x) - g(j, x)) <= (delta + e) ** 2
            goal = ThereIs(j, j >= 1, j <= N, LivesOn(a.pi, x, net))
            t.witness(goal, m)
        with t.let(x) as unit:
            t.indicators((a.box(x) * (1 - a.box(x))).eq(0))
        with t.let(j, c, x) as total:
            ell = function(k, a.logit(points(j), weights(j), k, x))
            t.use("softmax.softmax_is_a_probability", {"ell": ell})
            t.exists(g(j, x))
        values = {
            "i": function(x, a.box(x)),
            "g": function([j, c, x], g(j, x)),
            "N": N,
            "delta": delta + e,
            "kernel": function(x, a.kernel(x)),
        }
        facts = [total.fact, unit.fact, close.fact, zero]
        spaces = {"X": a.X}
        found = t.use("softmax_risk.nets_outside_the_ball", values, spaces, by=facts)
        less = competitor(t, a, truth, gap, e)
        numbers = {"log_n": log_n, "delta": delta, "softmax_error": a.error, "off_box": 0, "w": 1}
        bound = t.read(softmax.EXCESS, **numbers)
        hidden = [found.left, delta, log(N), log_n]
        t.show(found.left <= bound, by=[found, less, size], opaque=hidden)
    return number.fact


@theorem(source=SOURCE)
def excess_of_a_step(t):
    """w times the squared distance of a + fhat from the Bayes predictor f is at most `excess`, if a
    is predicted off the box; on it Y is x_0 - a, whose mean is f(x) - a."""
    a = SoftmaxClass(t)
    x, c, s, rho = a.x, a.c, a.s, a.rho
    f, w = t.function("f", NAT, a.X), t.real("w")
    sign = t.given(w >= 0)
    _, zero = t.given(a.learnt(), a.vanishes(a.box))
    gap = a.square(a.competitor(x) - a.star(x))
    t.given(LivesOn(a.pi, x, gap <= (rho * a.error) ** 2))
    target = a.star(x).eq(a.box(x) * (f(c, x) - a.a(c)))
    target = t.given(LivesOn(a.pi, x, Forall(c, target, [c >= 1, c <= a.d])))
    ball = t.given(LivesOn(a.pi, x, a.square(f(c, x) - a.a(c)) <= rho**2))
    off = Mean(1 - a.box(x), (x, a.pi))
    tail = t.given(off <= t.quoted(diffusion.TAIL))
    learnt = t.use("softmax_risk.learnt_softmax")
    names = {"f": function([c, x], a.chosen(x)), "K": function(x, a.kernel(x))}
    with t.let(s, given=[In(s, a.law)]) as every:
        spaces, known = {"X": a.X}, a.bounded(s)
        _, *risks = t.use("vector_losses.distances", names, spaces, by=known)
        whole, part = a.square(a.a(c) + a.chosen(x) - f(c, x)), a.square(a.chosen(x) - a.star(x))
        with t.let(x, given=[In(x, a.pi)]) as pointwise:
            i = a.box(x)
            unit = t.indicators((i * (1 - i)).eq(0))
            with t.let(c, given=[c >= 1, c <= a.d]) as terms:
                none, mean = zero(s)(x)(c), target(x)(c)
                one = (a.a(c) + a.chosen(x) - f(c, x)) ** 2
                split = (a.chosen(x) - a.star(x)) ** 2 + (1 - i) * (f(c, x) - a.a(c)) ** 2
                t.show(one.eq(split), by=[none, mean, unit], opaque=[a.star(x), i])
            size = a.square(f(c, x) - a.a(c))
            same = t.add_up(whole.eq(part + (1 - i) * size), by=terms.fact, opaque=[i])
            least = t.add_up(whole >= 0 * Sum(0, (c, 1, a.d)), by=terms.fact, opaque=[i])
            less = whole <= part + rho**2 * (1 - i)
            less = t.show(less, by=[same, ball(x), unit], opaque=[whole, part, size])
            low = t.show(whole >= 0, by=least, opaque=[whole])
            t.together(low, less)
        total, own = Mean(whole, (x, a.pi)), Mean(part, (x, a.pi))
        t.exists(total, by=pointwise.fact, bound=own + rho**2 * off)
        above = t.average(total >= 0, by=pointwise.fact)
        less = t.average(total <= own + rho**2 * off, by=pointwise.fact)
        t.together(above, less, *risks)
    means = [Mean(u, (s, a.law)) for u in (total, own)]
    t.exists(means[0], by=every.fact, bound=4 * rho**2 + rho**2 * off)
    less = t.average(means[0] <= means[1] + rho**2 * off, by=every.fact, law=a.law)
    delta = t.quoted(softmax.NET, logit_change=t.quoted(softmax.LOGIT_CHANGE))
    outside, log_n = t.read(softmax.OFF_BOX), t.quoted(softmax.LOG_N)
    numbers = {"log_n": log_n, "delta": delta, "softmax_error": a.error, "off_box": outside}
    bound = t.read(softmax.EXCESS, **numbers)
    hidden = [*means, off, delta, log_n, t.quoted(diffusion.TAIL)]
    return t.show(w * means[0] <= bound, by=[less, learnt, tail, sign], opaque=hidden)
