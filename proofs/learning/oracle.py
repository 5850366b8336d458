"""The oracle inequality for least squares: what it costs to learn from m samples.

X is drawn by pi, Y by the kernel K(X), and of Y a number v(Y) in [-b, b] is to be predicted, as in
`losses`: f*(x) = E[v(Y) | X = x], Z(f) = (v(Y) - f(X))² - (v(Y) - f*(X))², R(f) is its mean,
E (f(X) - f*(X))². s(1), s(2), ... are independent pairs (X, Y), and p(f) is the mean of Z(f) over
the first m of them: the empirical risk of f less that of f*. The predictor fhat(s, .) depends on
the samples in any measurable way; for all samples it is within delta of one of net(1), ..., net(N),
and its empirical risk is at most that of f0, which does not depend on the samples, plus eps.

A > 0 is the price of the approximation, and nu > 0 has nu <= g(A nu) with the g of `losses`. The
constants of `boundcheck.theory.formulas.oracle` are those for A = 2 and nu = 1/11.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    Prob,
    Sum,
    ThereIs,
    first,
    function,
    joint,
    samples,
    second,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, seq
from boundcheck.theory.formulas import oracle

SOURCE = "derived here"


def g(theta):
    """g of `losses`."""
    return (1 - exp(-4 * (theta - 2 * theta**2))) / 4


def fluctuation(theta):
    """By what the risk of f0 has to be multiplied, as its empirical risk fluctuates."""
    return (exp(4 * (theta + 2 * theta**2)) - 1) / (4 * theta)


class Learning:
    """The symbols that these theorems have in common, and what is assumed of them."""

    def __init__(self, t):
        self.t, self.X, self.Y = t, t.space("X"), t.space("Y")
        self.pi, self.K = t.law("pi", self.X), t.kernel("K", self.X, on=self.Y)
        self.x, self.y, self.b = t.variable("x", self.X), t.variable("y", self.Y), t.real("b")
        self.pairs = joint(self.pi, (self.x, self.K(self.x)))
        self.s, self.law = t.variable("s", seq(self.pairs.sort.parts[0])), samples(self.pairs)
        self.i, self.j, self.m, self.N = t.nat("i j m N")
        self.delta, self.eps, self.A, self.nu = t.real("delta eps A nu")
        self.declare()
        inside = [In(self.y, self.K(self.x))]
        labels = Forall([self.x, self.y], Abs(self.v(self.y)) <= self.b, inside)
        t.given(self.b > 0)
        self.labels = t.given(self.each(labels))

    def declare(self):
        """The label, the net, the predictor, and what it is compared with."""
        self.v = self.t.function("v", self.Y)
        self.net, self.f0 = self.t.function("net", NAT, self.X), self.t.function("f0", self.X)
        self.fhat = self.t.function("fhat", self.s.sort, self.X)

    def each(self, formula):
        """The formula in each coordinate, of which there is one."""
        return formula

    # -- what is assumed

    def prices(self):
        """nu <= g(A nu)."""
        return self.t.given(self.A > 0, self.nu > 0, self.nu <= self.t.quoted(oracle.DIAL))

    def bounded_net(self):
        """b bounds the net."""
        lives = LivesOn(self.pi, self.x, Abs(self.net(self.j, self.x)) <= self.b)
        self.t.given(self.N >= 1)
        return self.t.given(self.each(Forall(self.j, lives, [self.j >= 1, self.j <= self.N])))

    def predictor(self):
        """b bounds the predictor, and it is close to the net."""
        size = LivesOn(self.pi, self.x, Abs(self.fhat(self.s, self.x)) <= self.b)
        gap = Abs(self.fhat(self.s, self.x) - self.net(self.j, self.x)) <= self.delta
        near = ThereIs(self.j, self.j >= 1, self.j <= self.N, LivesOn(self.pi, self.x, gap))
        self.t.given(self.m >= 1)
        return [self.t.given(self.each(LivesOn(self.law, self.s, f))) for f in (size, near)]

    def competitor(self):
        """b bounds f0."""
        return self.t.given(self.each(LivesOn(self.pi, self.x, Abs(self.f0(self.x)) <= self.b)))

    def minimal(self):
        """The predictor has at most the empirical risk of f0 plus eps."""
        own, other = (self.empirical(f) for f in (self.chosen, self.f0))
        return self.t.given(LivesOn(self.law, self.s, own <= other + self.eps))

    def everything(self):
        """All of this but for the prices."""
        net, predictor = self.bounded_net(), self.predictor()
        return net, *predictor, self.competitor(), self.minimal()

    def example(self):
        """Everything is 0, and one function is the net."""
        zero = {"v": self.y, "net": [self.j, self.x], "f0": self.x, "fhat": [self.s, self.x]}
        zero = {n: function(args, 0) for n, args in zero.items()}
        self.t.example(**zero, b=1, m=1, N=1, delta=0, eps=0)

    # -- what it is about

    def star(self, x):
        """f*(x)."""
        return Mean(self.v(self.y), (self.y, self.K(x)))

    def chosen(self, x):
        """fhat, for the samples s."""
        return self.fhat(self.s, x)

    def at(self, j):
        """A function of the net."""
        return lambda x: self.net(j, x)

    def risk(self, f):
        """R(f)."""
        return Mean((f(self.x) - self.star(self.x)) ** 2, (self.x, self.pi))

    def error(self, f, p):
        """(v(Y) - f(X))² at a pair."""
        return (self.v(second(p)) - f(first(p))) ** 2

    def squares(self, f):
        """The sum of the squared errors over the samples."""
        return Sum(self.error(f, self.s(self.i)), (self.i, 1, self.m))

    def empirical(self, f):
        """The empirical risk."""
        return self.squares(f) / self.m

    def loss(self, f, p):
        """Z(f) at a pair."""
        return self.error(f, p) - self.error(self.star, p)

    def total(self, f):
        """m p(f)."""
        return Sum(self.loss(f, self.s(self.i)), (self.i, 1, self.m))

    def excess(self, f):
        """nu m (R(f) - A p(f) - 4(1 + A) b delta)/b²."""
        net = 4 * (1 + self.A) * self.b * self.delta
        gap = self.risk(f) - self.A * self.total(f) / self.m - net
        return self.nu * self.m * gap / self.b**2

    def likely(self, A, nu, theta, u):
        """What R(fhat) exceeds with probability 2 exp(-u) at most."""
        own = fluctuation(theta) * self.risk(self.f0) + self.b**2 * u / (theta * self.m) + self.eps
        net = 4 * (1 + A) * self.b * self.delta
        return A * own + net + self.b**2 * (log(self.N) + u) / (nu * self.m)

    def over_the_net(self):
        """The sum over the net of exp(nu m (R - A p)/b²)."""
        f = self.at(self.j)
        power = (self.nu * self.m * self.risk(f) - self.A * self.nu * self.total(f)) / self.b**2
        return Sum(exp(power), (self.j, 1, self.N))


class Coordinates(Learning):
    """The same in d coordinates: c is the one that is looked at."""

    def declare(self):
        t, self.c, self.d = self.t, *self.t.nat("c d")
        v, net = t.function("v", NAT, self.Y), t.function("net", NAT, NAT, self.X)
        f0, fhat = t.function("f0", NAT, self.X), t.function("fhat", NAT, self.s.sort, self.X)
        self.v, self.net = (lambda y: v(self.c, y)), (lambda j, x: net(self.c, j, x))
        self.f0, self.fhat = (lambda x: f0(self.c, x)), (lambda s, x: fhat(self.c, s, x))
        self.label = {"v": function(self.y, self.v(self.y))}
        self.range = [self.c >= 1, self.c <= self.d]

    def each(self, formula):
        return Forall(self.c, formula, self.range)

    def example(self):
        c, y, j, s, x = self.c, self.y, self.j, self.s, self.x
        zero = {"v": [c, y], "net": [c, j, x], "f0": [c, x], "fhat": [c, s, x]}
        zero = {n: function(args, 0) for n, args in zero.items()}
        self.t.example(**zero, b=1, m=1, N=1, delta=0, eps=0)

    def sum(self, term):
        """The sum over the coordinates."""
        return Sum(term, (self.c, 1, self.d))

    def empirical(self, f):
        return Sum(self.sum(self.error(f, self.s(self.i))), (self.i, 1, self.m)) / self.m

    def distance(self, f):
        """‖f - f*‖²."""
        return Mean(self.sum((f(self.x) - self.star(self.x)) ** 2), (self.x, self.pi))

    def stars(self):
        """b bounds f* in each coordinate."""
        with self.t.let(self.c, given=self.range) as stars:
            self.t.use("losses.bounded_regression", self.label, by=self.labels(self.c))
        return stars.fact


# -- one coordinate --------------------------------------------------------------------------------


@theorem(source=SOURCE)
def sum_over_the_net(t):
    """The sum of exp(nu m (R(f) - A p(f))/b²) over the net has a mean of at most N."""
    a = Learning(t)
    t.given(a.nu <= g(a.A * a.nu))
    net = a.bounded_net()
    values = {"f": function(a.x, a.net(a.j, a.x)), "theta": a.A * a.nu, "kappa": a.nu}
    with t.let(a.j, given=[a.j >= 1, a.j <= a.N]) as each:
        t.use("losses.moment_of_samples", values, by=net(a.j))
    whole = t.mean_of_sum(Mean(a.over_the_net(), (a.s, a.law)), by=each.fact)
    ones = Sum(1, (a.j, 1, a.N))
    below = t.add_up(whole.right <= ones, by=each.fact)
    return t.show(whole.left <= a.N, by=[whole, below, t.count(ones)])


@theorem(source=SOURCE)
def chosen_function(t):
    """For all samples exp(nu m (R(fhat) - A p(fhat) - 4(1 + A) b delta)/b²) is at most the sum over
    the net."""
    a = Learning(t)
    t.given(a.A > 0, a.nu > 0)
    net, (bounded, near) = a.bounded_net(), a.predictor()
    star, shift = t.use("losses.bounded_regression"), 4 * a.b * a.delta
    shifts = Sum(shift, (a.i, 1, a.m))
    with t.let(a.j, given=[a.j >= 1, a.j <= a.N]) as exists:
        t.exists(a.risk(a.at(a.j)), by=[net(a.j), star], bound=4 * a.b**2)
    with t.let(a.s, given=[In(a.s, a.law)]) as every, t.obtain(near(a.s), "k") as neighbour:
        k, close = neighbour.value, neighbour.facts[-1]
        values = {"f": function(a.x, a.chosen(a.x)), "h": function(a.x, a.net(k, a.x))}
        facts = [a.labels, bounded(a.s), net(k), close]
        risks, losses = t.use("losses.neighbouring_losses", values, by=facts)
        with t.let(a.i) as each:
            t.show(In(a.s(a.i), a.pairs))
            losses(a.s(a.i))
        totals = t.add_up(a.total(a.at(k)) <= a.total(a.chosen) + shifts, by=each.fact)
        one = t.one_of_many(a.over_the_net(), k, by=[exists.fact, star])
        own, other = a.excess(a.chosen), one.left.args[0]
        less = t.show(own <= other, by=[risks, totals, t.count(shifts)])
        t.show(exp(own) <= one.right, by=[less, one], opaque=[own, other])
    return every.fact


@theorem(source=SOURCE)
def learned_function(t):
    """E R(fhat) is at most A E p(fhat) + 4(1 + A) b delta + b² log N/(nu m)."""
    a = Learning(t)
    b, s, N, A = a.b, a.s, a.N, a.A
    a.prices()
    a.bounded_net()
    bounded, near = a.predictor()
    star = t.use("losses.bounded_regression")
    chosen = t.use("oracle.chosen_function", by=[a.labels, bounded, near])
    mean = t.use("oracle.sum_over_the_net")
    u = t.real("u")
    with t.let(u) as tangent:
        t.show(u <= log(N) - 1 + exp(u) / N)
    sizes = Sum(8 * b**2, (a.i, 1, a.m))
    net, own = 4 * (1 + A) * b * a.delta, a.total(a.chosen) / a.m

    def price(total):
        return b**2 / (a.nu * a.m) * (log(N) - 1 + total / N)

    with t.let(s, given=[In(s, a.law)]) as every:
        t.exists(a.risk(a.chosen), by=[bounded(s), star], bound=4 * b**2)
        with t.let(a.i) as each:
            pair = t.show(In(s(a.i), a.pairs))
            t.derive("halves", pair)
            x, y = first(s(a.i)), second(s(a.i))
            facts = [bounded(s)(x), star(x), a.labels(x, y)]
            t.show(Abs(a.loss(a.chosen, s(a.i))) <= 8 * b**2, by=facts)
        triangle = t.triangle(a.total(a.chosen))
        most = t.add_up(triangle.right <= sizes, by=each.fact)
        power = a.excess(a.chosen)
        t.exists(power)
        facts = [chosen(s), tangent(power)]
        above = t.show(power <= log(N) - 1 + a.over_the_net() / N, by=facts, opaque=[power])
        found = [
            t.average(a.risk(a.chosen) >= 0),
            t.average(a.risk(a.chosen) <= 4 * b**2, by=[bounded(s), star]),
            t.show(Abs(own) <= 8 * b**2, by=[triangle, most, t.count(sizes)]),
            t.show(a.risk(a.chosen) <= A * own + net + price(a.over_the_net()), by=above),
        ]
        t.together(*found)
    risk, loss = Mean(a.risk(a.chosen), (s, a.law)), Mean(own, (s, a.law))
    t.exists(risk, by=every.fact, bound=4 * b**2)
    t.exists(loss, by=every.fact, bound=8 * b**2)
    goal = risk <= A * loss + net + price(mean.left)
    found = t.average(goal, by=every.fact, law=a.law)
    return t.show(risk <= A * loss + net + b**2 * log(N) / (a.nu * a.m), by=[found, mean])


@theorem(source=SOURCE)
def competitor(t):
    """E p(f0) = R(f0), as f0 does not depend on the samples."""
    a = Learning(t)
    t.given(a.m >= 1)
    bounded, star = a.competitor(), t.use("losses.bounded_regression")
    values = {"f": function(a.x, a.f0(a.x))}
    one = t.use("losses.mean_of_a_loss", values, by=[a.labels, bounded])
    p = t.variable("p", a.pairs.sort.parts[0])
    values = {"pi": a.pairs, "w": function(p, a.loss(a.f0, p)), "n": a.m}
    mean = t.use("independence.mean_over_samples", values, {"X": p.sort}, by=[one, star])
    return t.show(mean.left.eq(a.risk(a.f0)), by=[mean, one])


@theorem(source=SOURCE)
def compared(t):
    """p(fhat) is at most p(f0) + eps, for all samples."""
    a = Learning(t)
    t.given(a.m >= 1)
    minimal, star = a.minimal(), t.use("losses.bounded_regression")
    with t.let(a.s, given=[In(a.s, a.law)]) as every:
        parts = [
            t.add_up(a.total(f).eq(a.squares(f) - a.squares(a.star)), by=star)
            for f in (a.chosen, a.f0)
        ]
        goal = a.total(a.chosen) / a.m <= a.total(a.f0) / a.m + a.eps
        t.show(goal, by=[*parts, minimal(a.s)])
    return every.fact


@theorem(source=SOURCE)
def dial(t):
    """E R(fhat) is at most A(R(f0) + eps) + 4(1 + A) b delta + b² log N/(nu m)."""
    a = Learning(t)
    a.prices()
    a.everything()
    learned, known = t.use("oracle.learned_function"), t.use("oracle.competitor")
    means = [Mean(a.total(f) / a.m, (a.s, a.law)) for f in (a.chosen, a.f0)]
    less = t.average(means[0] <= means[1] + a.eps, by=t.use("oracle.compared"))
    net, estimation = 4 * (1 + a.A) * a.b * a.delta, a.b**2 * log(a.N) / (a.nu * a.m)
    bound = a.A * (a.risk(a.f0) + a.eps) + net + estimation
    facts = [learned, known, less]
    return t.show(learned.left <= bound, by=facts, opaque=[estimation])


@theorem(source=SOURCE)
def with_high_probability(t):
    """With probability 1 - 2 exp(-u) at least, R(fhat) is at most A(h R(f0) + b² u/(theta m) + eps)
    + 4(1 + A) b delta + b² (log N + u)/(nu m), h = (exp(4(theta + 2 theta²)) - 1)/(4 theta).

    A single exp(-u) would not do: the empirical risk of f0 fluctuates, too.
    """
    a = Learning(t)
    b, m, s, N, A, nu = a.b, a.m, a.s, a.N, a.A, a.nu
    theta, u = t.real("theta u")
    a.prices()
    t.given(theta > 0)
    _, bounded, near, known, minimal = a.everything()
    star, mean = t.use("losses.bounded_regression"), t.use("oracle.sum_over_the_net")
    chosen = t.use("oracle.chosen_function", by=[bounded, near])
    compared = t.use("oracle.compared", by=minimal)
    growth = fluctuation(theta)
    rate = t.show(-theta * growth <= g(-theta))
    values = {"f": function(a.x, a.f0(a.x)), "theta": -theta, "kappa": -theta * growth, "m": m}
    moment = t.use("losses.moment_of_samples", values, by=[known, rate])
    t.exists(a.risk(a.f0), by=[known, star], bound=4 * b**2)

    risk, bound = a.risk(a.chosen), a.likely(A, nu, theta, u)
    event, whole, own = risk <= bound, a.over_the_net(), a.excess(a.chosen)
    other = (-theta * growth * m * a.risk(a.f0) - -theta * a.total(a.f0)) / b**2
    goal = Ind(event) >= 1 - exp(-u) * (exp(other) + whole / N)
    hidden = [exp(-u), exp(other), exp(own)]
    with t.let(s, given=[In(s, a.law)]) as every:
        t.exists(risk, by=[bounded(s), star], bound=4 * b**2)
        above, less = chosen(s), compared(s)
        with t.suppose(event) as holds:
            t.show(goal, by=[t.derive("indicator_true", *holds.facts), above], opaque=hidden)
        with t.suppose(bound < risk) as fails:
            none = t.derive("indicator_false", t.show(risk > bound, by=fails.facts))
            with t.suppose(u <= other) as large:
                one = t.show(exp(-u) * exp(other) >= 1, by=large.facts, opaque=[other])
                t.show(goal, by=[none, above, one], opaque=hidden)
            with t.suppose(other < u) as small:
                terms = [
                    nu * A / theta * (u - other),
                    nu * m / b**2 * (risk - bound),
                    nu * m * A / b**2 * (a.total(a.f0) / m + a.eps - a.total(a.chosen) / m),
                ]
                parts = [t.show((own - log(N) - u).eq(terms[0] + terms[1] + terms[2]))]
                for term in terms:
                    gap = t.show(term.args[1] >= 0, by=[*small.facts, *fails.facts, less])
                    parts.append(t.show(term >= 0, by=gap, opaque=[term.args[1]]))
                more = t.show(own >= log(N) + u, by=parts, opaque=[own, *terms])
                power = t.show(exp(own) >= N * exp(u), by=more, opaque=[own])
                one = t.show(exp(-u) * (whole / N) >= 1, by=[power, above], opaque=[exp(own)])
                t.show(goal, by=[none, one], opaque=hidden)
            t.cases(u, other, large, small)
        t.cases(risk, bound, holds, fails)
    probability = Prob(event, (s, a.law))
    below = 1 - exp(-u) * (moment.left + mean.left / N)
    found = t.average(probability >= below, by=every.fact, law=a.law)
    return t.show(probability >= 1 - 2 * exp(-u), by=[found, moment, mean], opaque=[exp(-u)])


# -- d coordinates ---------------------------------------------------------------------------------


@theorem(source=SOURCE)
def in_coordinates(t):
    """In d coordinates, each with a net of N functions, E‖fhat - f*‖² is at most
    A(‖f0 - f*‖² + eps) + d(4(1 + A) b delta + b² log N/(nu m)).

    Only the whole empirical risks are compared, so that the coordinates may share parameters.
    """
    a = Coordinates(t)
    b, m, s, c, A, f, f0 = a.b, a.m, a.s, a.c, a.A, a.chosen, a.f0
    a.prices()
    net, bounded, near, known, minimal = a.everything()
    stars = a.stars()
    values = {
        **a.label,
        "net": function([a.j, a.x], a.net(a.j, a.x)),
        "fhat": function([s, a.x], a.fhat(s, a.x)),
    }
    with t.let(c, given=a.range) as each:
        facts = [fact(c) for fact in (a.labels, net, bounded, near, known)]
        learned = t.use("oracle.learned_function", values, by=facts)
        values = {**a.label, "f0": function(a.x, f0(a.x))}
        other = t.use("oracle.competitor", values, by=facts)
        t.together(learned, other)

    def risks(f, bounded):
        """The distance is the sum of the risks."""
        with t.let(c, given=a.range) as exists:
            t.exists(a.risk(f), by=[bounded(c), stars(c)], bound=4 * b**2)
        return t.mean_of_sum(a.distance(f), by=exists.fact)

    def means(term):
        """The mean of a sum over the coordinates is the sum of the means."""
        return t.mean_of_sum(Mean(a.sum(term), (s, a.law)), by=each.fact)

    with t.let(s, given=[In(s, a.law)]) as inside:
        with t.let(c, given=a.range) as at_s:
            bounded(c)(s)
        risks(f, at_s)
    summed, own = means(a.risk(f)), Mean(a.total(f) / m, (s, a.law))
    whole = Mean(a.distance(f), (s, a.law))
    whole = t.same_mean(whole, summed.left, by=inside.fact)
    price = 4 * (1 + A) * b * a.delta + b**2 * log(a.N) / (a.nu * m)
    below = summed.right <= A * a.sum(own) + a.sum(price)
    below = t.add_up(below, by=each.fact)

    with t.let(s, given=[In(s, a.law)]) as compared:
        parts = []
        for h in (f, f0):
            with t.let(c, given=a.range) as losses:
                t.add_up(a.total(h).eq(a.squares(h) - a.squares(a.star)), by=stars(c))
            squares = a.sum(a.squares(h)) - a.sum(a.squares(a.star))
            parts.append(t.add_up((m * a.sum(a.total(h) / m)).eq(squares), by=losses.fact))
            errors = {"u": function([a.i, c], a.error(h, s(a.i))), "n": a.d}
            parts.append(t.use("sums.order_of_sums", errors))
        goal = a.sum(a.total(f) / m) <= a.sum(a.total(f0) / m) + a.eps
        t.show(goal, by=[*parts, minimal(s)])
    empirical = [means(a.total(h) / m) for h in (f, f0)]
    more = empirical[0].left <= empirical[1].left + a.eps
    more = t.average(more, by=compared.fact)
    fixed = risks(f0, known)
    others = t.add_up(empirical[1].right.eq(a.sum(a.risk(f0))), by=each.fact)
    facts = [whole, summed, below, t.count(a.sum(price)), *empirical, more, fixed, others]
    net, price = t.read(oracle.NET_DIAL), t.read(oracle.ESTIMATION_DIAL, log_n=log(a.N))
    bound = t.read(oracle.ORACLE_DIAL, comparator=a.distance(f0), net=net, estimation=price)
    return t.show(whole.left <= bound, by=facts, opaque=[price])


@theorem(source=SOURCE)
def trivial_predictor(t):
    """‖f*‖² is at most d b²: what the function 0 achieves."""
    t.example()
    a = Coordinates(t)
    a.example()
    stars, square = a.stars(), a.star(a.x) ** 2
    bounds, zeros = t.count(a.sum(a.b**2)), t.count(a.sum(0))
    with t.let(a.x, given=[In(a.x, a.pi)]) as each:
        with t.let(a.c, given=a.range) as one:
            t.show(And(square >= 0, square <= a.b**2), by=stars(a.c))
        found = [
            t.add_up(a.sum(0) <= a.sum(square), by=one.fact),
            t.add_up(a.sum(square) <= a.sum(a.b**2), by=one.fact),
        ]
        both = And(a.sum(square) >= 0, a.sum(square) <= a.d * a.b**2)
        t.show(both, by=[*found, bounds, zeros])
    whole, bound = Mean(a.sum(square), (a.x, a.pi)), t.read(oracle.TRIVIAL)
    t.exists(whole, by=each.fact, bound=bound)
    return t.average(whole <= bound, by=each.fact)


# -- in numbers: A = 2 and nu = 1/11 ---------------------------------------------------------------

DIAL = {"A": 2, "nu": "1/11"}


def estimation(t, a, formula):
    """The price of m samples, as the theory has it."""
    return t.read(formula, log_n=log(a.N))


@theorem(source=SOURCE)
def sharper_in_one_coordinate(t):
    """E R(fhat) is at most 2 R(f0) + 12 b delta + 11 b² log N/m + 2 eps."""
    a = Learning(t)
    a.everything()
    found = t.use("oracle.dial", DIAL)
    net, price = t.read(oracle.NET), estimation(t, a, oracle.ESTIMATION_SHARP)
    bound = 2 * a.risk(a.f0) + net + price + 2 * a.eps
    return t.show(found.left <= bound, by=found)


@theorem(source=SOURCE)
def in_one_coordinate(t):
    """E R(fhat) is at most 2 R(f0) + 12 b delta + 16 b² (log N + 1)/m + 2 eps: weaker than
    `sharper_in_one_coordinate`, in the form that Bernstein's inequality would give."""
    a = Learning(t)
    a.everything()
    a.example()
    found, net = t.use("oracle.sharper_in_one_coordinate"), t.read(oracle.NET)
    sharp, plain = (estimation(t, a, f) for f in (oracle.ESTIMATION_SHARP, oracle.ESTIMATION))
    less = t.show(sharp <= plain)
    bound = 2 * a.risk(a.f0) + net + plain + 2 * a.eps
    return t.show(found.left <= bound, by=[found, less], opaque=[sharp, plain])


@theorem(source=SOURCE)
def sharper_oracle_inequality(t):
    """In d coordinates E‖fhat - f*‖² is at most 2‖f0 - f*‖² + d(12 b delta + 11 b² log N/m) +
    2 eps."""
    a = Coordinates(t)
    a.everything()
    found = t.use("oracle.in_coordinates", DIAL)
    prices = {
        "net": t.read(oracle.NET),
        "estimation_sharp": estimation(t, a, oracle.ESTIMATION_SHARP),
    }
    bound = t.read(oracle.ORACLE_SHARP, comparator=a.distance(a.f0), **prices)
    return t.show(found.left <= bound, by=found)


@theorem(source=SOURCE)
def oracle_inequality(t):
    """In d coordinates E‖fhat - f*‖² is at most 2‖f0 - f*‖² + d(12 b delta + 16 b² (log N + 1)/m) +
    2 eps, where fhat has at most the empirical risk of f0 plus eps and is, coordinate by
    coordinate, within delta of one of N functions; labels, net, f0 and fhat are in [-b, b]."""
    a = Coordinates(t)
    a.everything()
    a.example()
    found = t.use("oracle.sharper_oracle_inequality")
    sharp, plain = (estimation(t, a, f) for f in (oracle.ESTIMATION_SHARP, oracle.ESTIMATION))
    less = t.show(sharp <= plain)
    prices = {"net": t.read(oracle.NET), "estimation": plain}
    bound = t.read(oracle.ORACLE, comparator=a.distance(a.f0), **prices)
    return t.show(found.left <= bound, by=[found, less], opaque=[sharp, plain])


@theorem(source=SOURCE)
def likely_in_one_coordinate(t):
    """With probability 1 - 2 exp(-u) at least, R(fhat) is at most
    2(17/11 R(f0) + 11 b² u/m + eps) + 12 b delta + 11 b² (log N + u)/m."""
    a, u = Learning(t), t.real("u")
    _, bounded, _, known, _ = a.everything()
    rate = expr("1/11")
    a.example()
    found = t.use("oracle.with_high_probability", {**DIAL, "theta": rate})
    star = t.use("losses.bounded_regression")
    own, other = a.risk(a.chosen), a.risk(a.f0)
    t.exists(other, by=[known, star], bound=4 * a.b**2)
    first_bound = a.likely(expr(2), rate, rate, u)
    bound = 2 * ("17/11" * other + 11 * a.b**2 * u / a.m + a.eps) + t.read(oracle.NET)
    bound = bound + 11 * a.b**2 * (log(a.N) + u) / a.m
    smaller = t.show(first_bound <= bound, by=t.average(other >= 0))
    with t.let(a.s, given=[In(a.s, a.law)]) as every:
        t.exists(own, by=[bounded(a.s), star], bound=4 * a.b**2)
        events = Ind(own <= first_bound) <= Ind(own <= bound)
        t.indicators(events, by=smaller, opaque=[first_bound, bound])
    likely = Prob(own <= bound, (a.s, a.law))
    more = t.average(found.left <= likely, by=every.fact)
    return t.show(likely >= 1 - 2 * exp(-u), by=[found, more], opaque=[exp(-u)])
