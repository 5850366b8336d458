"""The oracle inequality for least squares: what it costs to learn from m samples.

X is drawn by pi, Y by the kernel K(X), and of Y a number v(Y) in [-b, b] is to be predicted, as in
`losses`: f*(x) = E[v(Y) | X = x], Z(f) = (v(Y) - f(X))² - (v(Y) - f*(X))², R(f) = E (f(X) - f*(X))².
s(1), s(2), ... are independent pairs (X, Y), and p(f) is the mean of Z(f) over the first m of them:
the empirical risk of f less that of f*. The predictor fhat(s, .) depends on the samples in any
measurable way; for all samples it is within delta of one of net(1), ..., net(N).

The constants are those of `boundcheck.theory.formulas.oracle`, for A = 2 and nu = 1/11.
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
from boundcheck.theorems.language.sorts import NAT, seq

SOURCE = "derived here"


def slope(theta):
    """g(theta) of `losses`."""
    return (1 - exp(-4 * (theta - 2 * theta**2))) / 4


class Learning:
    """The symbols that these theorems have in common, and their hypotheses."""

    def __init__(self, t):
        self.t, self.X, self.Y = t, t.space("X"), t.space("Y")
        self.pi, self.K = t.law("pi", self.X), t.kernel("K", self.X, on=self.Y)
        self.x, self.y, self.b = t.variable("x", self.X), t.variable("y", self.Y), t.real("b")
        self.pairs = joint(self.pi, (self.x, self.K(self.x)))
        self.s, self.law = t.variable("s", seq(self.pairs.sort.parts[0])), samples(self.pairs)
        self.i, self.j, self.m, self.N = t.nat("i j m N")
        self.delta = t.real("delta")
        self.declare()
        inside = [In(self.y, self.K(self.x))]
        labels = Forall([self.x, self.y], Abs(self.v(self.y)) <= self.b, inside)
        t.given(self.b > 0, self.m >= 1)
        self.labels = t.given(self.each(labels))

    def declare(self):
        """The label, the net and the predictor."""
        self.v = self.t.function("v", self.Y)
        self.net = self.t.function("net", NAT, self.X)
        self.fhat = self.t.function("fhat", self.s.sort, self.X)

    def each(self, formula):
        """The formula in each coordinate, of which there is one."""
        return formula

    def star(self, x):
        """f*(x)."""
        return Mean(self.v(self.y), (self.y, self.K(x)))

    def loss(self, f, p):
        """Z(f) at a pair."""
        x, y = first(p), second(p)
        return (self.v(y) - f(x)) ** 2 - (self.v(y) - self.star(x)) ** 2

    def risk(self, f):
        """R(f)."""
        return Mean((f(self.x) - self.star(self.x)) ** 2, (self.x, self.pi))

    def squares(self, f, s):
        """The sum of the squared errors over the samples."""
        error = self.v(second(s(self.i))) - f(first(s(self.i)))
        return Sum(error**2, (self.i, 1, self.m))

    def total(self, f, s):
        """m p(f)."""
        return Sum(self.loss(f, s(self.i)), (self.i, 1, self.m))

    def bounded_net(self):
        """The hypothesis that b bounds the net."""
        inside = [1 <= self.j, self.j <= self.N]
        lives = LivesOn(self.pi, self.x, Abs(self.net(self.j, self.x)) <= self.b)
        self.t.given(self.N >= 1)
        return self.t.given(self.each(Forall(self.j, lives, inside)))

    def predictor(self):
        """The hypotheses that b bounds the predictor, and that it is close to the net."""
        size = LivesOn(self.pi, self.x, Abs(self.fhat(self.s, self.x)) <= self.b)
        gap = Abs(self.fhat(self.s, self.x) - self.net(self.j, self.x)) <= self.delta
        near = ThereIs(self.j, 1 <= self.j, self.j <= self.N, LivesOn(self.pi, self.x, gap))
        near = LivesOn(self.law, self.s, near)
        return self.t.given(self.each(LivesOn(self.law, self.s, size)), self.each(near))

    def at(self, j):
        """A function of the net."""
        return lambda x: self.net(j, x)

    def chosen(self, s):
        """The predictor that the samples give."""
        return lambda x: self.fhat(s, x)

    def empirical_size(self, f, s, bounded, star):
        """|m p(f)| <= 8b² m, where b bounds f."""
        t, b, i = self.t, self.b, self.i
        with t.let(i) as each:
            pair_i = t.show(In(s(i), self.pairs))
            t.derive("halves", pair_i)
            x, y = first(s(i)), second(s(i))
            facts = [bounded(x), star(x), self.labels(x, y)]
            t.show(Abs(self.loss(f, s(i))) <= 8 * b**2, by=facts)
        sizes = Sum(8 * b**2, (i, 1, self.m))
        triangle = t.triangle(self.total(f, s))
        most = t.add_up(triangle.formula.args[1] <= sizes, by=each.fact)
        return t.show(Abs(self.total(f, s)) <= 8 * b**2 * self.m, by=[triangle, most, t.count(sizes)])

    def minimal(self, f0, eps):
        """The hypothesis that the predictor has at most the empirical risk of f0 plus eps."""
        own, other = (self.squares(f, self.s) / self.m for f in (self.chosen(self.s), f0))
        return self.t.given(LivesOn(self.law, self.s, own <= other + eps))

    def compared(self, f0, minimal, eps):
        """So p(fhat) <= p(f0) + eps, for all samples."""
        t, s, f = self.t, self.s, self.chosen(self.s)
        star = t.use("losses.bounded_regression")
        with t.let(s, given=[In(s, self.law)]) as compared:
            parts = [
                t.add_up(self.total(h, s).eq(self.squares(h, s) - self.squares(self.star, s)), by=star)
                for h in (f, f0)
            ]
            own, other = (self.total(h, s) / self.m for h in (f, f0))
            t.show(own <= other + eps, by=[*parts, minimal(s)])
        return compared.fact

    def exponents(self, A, nu, s):
        """The sum over the net of exp(nu m (R - A p)/b²)."""
        f = self.at(self.j)
        power = (nu * self.m * self.risk(f) - A * nu * self.total(f, s)) / self.b**2
        return Sum(exp(power), (self.j, 1, self.N))


class Coordinates(Learning):
    """The same in d coordinates: c is the one that is looked at."""

    def declare(self):
        t, self.c, self.d = self.t, *self.t.nat("c d")
        v, net = t.function("v", NAT, self.Y), t.function("net", NAT, NAT, self.X)
        fhat, f0 = t.function("fhat", NAT, self.s.sort, self.X), t.function("f0", NAT, self.X)
        self.v, self.net = (lambda y: v(self.c, y)), (lambda j, x: net(self.c, j, x))
        self.fhat, self.f0 = (lambda s, x: fhat(self.c, s, x)), (lambda x: f0(self.c, x))

    def each(self, formula):
        return Forall(self.c, formula, [1 <= self.c, self.c <= self.d])

    def sum(self, term):
        """The sum over the coordinates."""
        return Sum(term, (self.c, 1, self.d))


@theorem(source=SOURCE)
def sum_over_the_net(t):
    """The sum of exp(nu m (R(f) - A p(f))/b²) over the net has a mean of at most N."""
    a = Learning(t)
    A, nu = t.real("A nu")
    bounded = a.bounded_net()
    t.given(nu <= slope(A * nu))
    values = {"f": function(a.x, a.net(a.j, a.x)), "theta": A * nu, "kappa": nu}
    with t.let(a.j, given=[1 <= a.j, a.j <= a.N]) as each:
        t.use("losses.moment_of_samples", values, by=bounded(a.j))
    whole = t.mean_of_sum(Mean(a.exponents(A, nu, a.s), (a.s, a.law)), by=each.fact)
    ones = Sum(1, (a.j, 1, a.N))
    below = t.add_up(whole.formula.args[1] <= ones, by=each.fact)
    return t.show(whole.formula.args[0] <= a.N, by=[whole, below, t.count(ones)])


@theorem(source=SOURCE)
def chosen_function(t):
    """For all samples exp(nu m (R(fhat) - A p(fhat) - 4(1 + A) b delta)/b²) is at most the sum over
    the net."""
    a = Learning(t)
    b, m, s, i, delta, A, nu = a.b, a.m, a.s, a.i, a.delta, *t.real("A nu")
    net = a.bounded_net()
    t.given(A > 0, nu > 0)
    bounded, near = a.predictor()
    f, shift = a.chosen(s), 4 * b * delta
    own = nu * m * (a.risk(f) - A * a.total(f, s) / m - 4 * (1 + A) * b * delta) / b**2
    whole = a.exponents(A, nu, s)
    star = t.use("losses.bounded_regression")
    with t.let(a.j, given=[1 <= a.j, a.j <= a.N]) as exists:
        t.exists(a.risk(a.at(a.j)), by=[net(a.j), star], bound=4 * b**2)
    with t.let(s, given=[In(s, a.law)]) as every:
        with t.obtain(near(s), "k") as neighbour:
            k, (low, high, close) = neighbour.value, neighbour.facts
            h = a.at(k)
            values = {"f": function(a.x, f(a.x)), "h": function(a.x, h(a.x))}
            risks, losses = t.use(
                "losses.neighbouring_losses", values, by=[bounded(s), net(k), close, a.labels]
            )
            with t.let(i) as each:
                t.show(In(s(i), a.pairs))
                losses(s(i))
            shifts = Sum(shift, (i, 1, m))
            totals = t.add_up(a.total(h, s) <= a.total(f, s) + shifts, by=each.fact)
            other = (nu * m * a.risk(h) - A * nu * a.total(h, s)) / b**2
            smaller = t.show(own <= other, by=[risks, totals, t.count(shifts)])
            t.show(exp(own) <= exp(other), by=smaller, opaque=[own, other])
            one = t.one_of_many(whole, k, by=[exists.fact, star])
            t.show(exp(own) <= whole, by=[smaller, one], opaque=[own, other])
    return every.fact


@theorem(source=SOURCE)
def learned_function(t):
    """E R(fhat) is at most A E p(fhat) + 4(1 + A) b delta + b² log N/(nu m)."""
    a = Learning(t)
    b, m, s, i, N, delta, A, nu = a.b, a.m, a.s, a.i, a.N, a.delta, *t.real("A nu")
    a.bounded_net()
    t.given(A > 0, nu > 0, nu <= slope(A * nu))
    bounded, near = a.predictor()
    f, whole = a.chosen(s), a.exponents(A, nu, s)
    star = t.use("losses.bounded_regression")
    chosen = t.use("oracle.chosen_function", by=[a.labels, bounded, near])
    mean = t.use("oracle.sum_over_the_net")
    u = t.real("u")
    with t.let(u) as tangent:
        t.show(u <= log(N) - 1 + exp(u) / N)
    net, empirical = 4 * (1 + A) * b * delta, a.total(f, s) / m
    own = nu * m * (a.risk(f) - A * a.total(f, s) / m - net) / b**2
    with t.let(s, given=[In(s, a.law)]) as every:
        t.exists(a.risk(f), by=[bounded(s), star], bound=4 * b**2)
        size = a.empirical_size(f, s, bounded(s), star)
        facts = [
            t.average(a.risk(f) <= 4 * b**2, by=[bounded(s), star]),
            t.average(a.risk(f) >= 0, by=[bounded(s), star]),
            t.show(Abs(empirical) <= 8 * b**2, by=size),
        ]
        t.exists(own)
        above = t.show(own <= log(N) - 1 + whole / N, by=[chosen(s), tangent(own)], opaque=[own])
        price = b**2 / (nu * m) * (log(N) - 1 + whole / N)
        facts.append(t.show(a.risk(f) <= A * empirical + net + price, by=above))
        t.show(And(*(f.formula for f in facts)))
    risk, loss = Mean(a.risk(f), (s, a.law)), Mean(empirical, (s, a.law))
    t.exists(risk, by=every.fact, bound=4 * b**2)
    t.exists(loss, by=every.fact, bound=8 * b**2)
    price = b**2 / (nu * m) * (log(N) - 1 + mean.formula.args[0] / N)
    whole = t.average(risk <= A * loss + net + price, by=every.fact, law=a.law)
    return t.show(risk <= A * loss + net + b**2 * log(N) / (nu * m), by=[whole, mean])


@theorem(source=SOURCE)
def competitor(t):
    """E p(f0) = R(f0) for a function f0 that does not depend on the samples."""
    a = Learning(t)
    f0 = t.function("f0", a.X)
    bounded = t.given(LivesOn(a.pi, a.x, Abs(f0(a.x)) <= a.b))
    values = {"f": function(a.x, f0(a.x))}
    one = t.use("losses.mean_of_a_loss", values, by=[a.labels, bounded])
    star = t.use("losses.bounded_regression")
    p = t.variable("p", a.pairs.sort.parts[0])
    values = {"pi": a.pairs, "w": function(p, a.loss(f0, p)), "n": a.m}
    mean = t.use("independence.mean_over_samples", values, {"X": p.sort}, by=[one, star])
    return t.show(mean.formula.args[0].eq(a.risk(f0)), by=[mean, one])


@theorem(source=SOURCE)
def dial(t):
    """Whoever has at most the empirical risk of f0 plus eps has E R(fhat) of at most
    A(R(f0) + eps) + 4(1 + A) b delta + b² log N/(nu m), for nu <= g(A nu)."""
    a = Learning(t)
    b, m, s, i, N, delta, A, nu = a.b, a.m, a.s, a.i, a.N, a.delta, *t.real("A nu")
    eps, f0 = t.real("eps"), t.function("f0", a.X)
    a.bounded_net()
    t.given(A > 0, nu > 0, nu <= slope(A * nu))
    a.predictor()
    t.given(LivesOn(a.pi, a.x, Abs(f0(a.x)) <= b))

    f, minimal = a.chosen(s), a.minimal(f0, eps)
    learned, known = t.use("oracle.learned_function"), t.use("oracle.competitor")
    compared = a.compared(f0, minimal, eps)
    own, other = (Mean(a.total(h, s) / m, (s, a.law)) for h in (f, f0))
    less = t.average(own <= other + eps, by=compared)
    net, estimation = 4 * (1 + A) * b * delta, b**2 * log(N) / (nu * m)
    risk = Mean(a.risk(f), (s, a.law))
    return t.show(risk <= A * (a.risk(f0) + eps) + net + estimation, by=[learned, known, less], opaque=[estimation])


@theorem(source=SOURCE)
def with_high_probability(t):
    """With probability 1 - 2 exp(-u) at least, R(fhat) is at most A((1 + eta) R(f0) + b² u/(theta m)
    + eps) + 4(1 + A) b delta + b² (log N + u)/(nu m), 1 + eta = (exp(4(theta + 2 theta²)) - 1)/(4
    theta)."""
    a = Learning(t)
    b, m, s, N, delta = a.b, a.m, a.s, a.N, a.delta
    A, nu, theta, u, eps = t.real("A nu theta u eps")
    f0, f = t.function("f0", a.X), a.chosen(s)
    a.bounded_net()
    t.given(A > 0, nu > 0, theta > 0, nu <= slope(A * nu))
    bounded, _ = a.predictor()
    known = t.given(LivesOn(a.pi, a.x, Abs(f0(a.x)) <= b))
    minimal, star = a.minimal(f0, eps), t.use("losses.bounded_regression")
    chosen = t.use("oracle.chosen_function", by=bounded)
    mean = t.use("oracle.sum_over_the_net")
    growth = (exp(4 * (theta + 2 * theta**2)) - 1) / (4 * theta)
    rate = t.show(-theta * growth <= slope(-theta))
    values = {"f": function(a.x, f0(a.x)), "theta": -theta, "kappa": -theta * growth, "m": m}
    other = t.use("losses.moment_of_samples", values, by=[known, rate])
    compared = a.compared(f0, minimal, eps)
    risk, net = a.risk(f), 4 * (1 + A) * b * delta
    bound = A * (growth * a.risk(f0) + b**2 * u / (theta * m) + eps) + net
    bound = bound + b**2 * (log(N) + u) / (nu * m)
    event, whole = risk <= bound, a.exponents(A, nu, s)
    p, q = a.total(f, s) / m, a.total(f0, s) / m
    beta = nu * m * (risk - A * a.total(f, s) / m - net) / b**2
    alpha = (-theta * growth * m * a.risk(f0) - -theta * a.total(f0, s)) / b**2
    t.exists(a.risk(f0), by=[known, star], bound=4 * b**2)
    low = 1 - exp(-u) * (exp(alpha) + whole / N)
    with t.let(s, given=[In(s, a.law)]) as every:
        t.exists(risk, by=[bounded(s), star], bound=4 * b**2)
        above = chosen(s)
        with t.suppose(event) as holds:
            one = t.derive("indicator_true", *holds.facts)
            hidden = [exp(-u), exp(alpha), exp(beta)]
            t.show(Ind(event) >= low, by=[one, above], opaque=hidden)
        with t.suppose(bound < risk) as fails:
            none = t.derive("indicator_false", t.show(risk > bound, by=fails.facts))
            with t.suppose(u <= alpha) as large:
                first_one = t.show(exp(-u) * exp(alpha) >= 1, by=large.facts, opaque=[alpha])
                t.show(Ind(event) >= low, by=[none, above, first_one], opaque=hidden)
            with t.suppose(alpha < u) as small:
                terms = [
                    nu * A / theta * (u - alpha),
                    nu * m / b**2 * (risk - bound),
                    nu * m * A / b**2 * (q + eps - p),
                ]
                parts = t.show((beta - log(N) - u).eq(terms[0] + terms[1] + terms[2]))
                facts = [*fails.facts, *small.facts, compared(s)]
                signs = []
                for term in terms:
                    gap = term.args[1]
                    sign = t.show(gap >= 0, by=facts)
                    signs.append(t.show(term >= 0, by=sign, opaque=[gap]))
                more = t.show(beta >= log(N) + u, by=[parts, *signs], opaque=[beta, *terms])
                power = t.show(exp(beta) >= N * exp(u), by=more, opaque=[beta])
                one = t.show(exp(-u) * (whole / N) >= 1, by=[power, above], opaque=[exp(beta)])
                t.show(Ind(event) >= low, by=[none, one], opaque=hidden)
            t.cases(u, alpha, large, small)
        t.cases(risk, bound, holds, fails)
    probability, certain = Prob(event, (s, a.law)), other.formula.args[0]
    below = 1 - exp(-u) * (certain + mean.formula.args[0] / N)
    found = t.average(probability >= below, by=every.fact, law=a.law)
    return t.show(probability >= 1 - 2 * exp(-u), by=[found, other, mean], opaque=[exp(-u)])


@theorem(source=SOURCE)
def in_coordinates(t):
    """In d coordinates, each with a net of N functions, E of the sum of R(fhat) is at most
    A(the sum of R(f0), plus eps) + d(4(1 + A) b delta + b² log N/(nu m)); only the whole
    empirical risks are compared, so that the coordinates of fhat may share parameters."""
    a = Coordinates(t)
    b, m, s, i, N, delta, A, nu = a.b, a.m, a.s, a.i, a.N, a.delta, *t.real("A nu")
    eps = t.real("eps")
    net = a.bounded_net()
    t.given(A > 0, nu > 0, nu <= slope(A * nu))
    bounded, near = a.predictor()
    known = t.given(a.each(LivesOn(a.pi, a.x, Abs(a.f0(a.x)) <= b)))
    f = a.chosen(s)

    def empirical(f):
        error = a.v(second(s(i))) - f(first(s(i)))
        return Sum(a.sum(error**2), (i, 1, m)) / m

    minimal = t.given(LivesOn(a.law, s, empirical(f) <= empirical(a.f0) + eps))
    f, f0, c, label = a.chosen(s), a.f0, a.c, {"v": function(a.y, a.v(a.y))}
    own = {
        "net": function([a.j, a.x], a.net(a.j, a.x)),
        "fhat": function([s, a.x], a.fhat(s, a.x)),
    }
    with t.let(c, given=[1 <= c, c <= a.d]) as stars:
        t.use("losses.bounded_regression", label, by=a.labels(c))
    with t.let(c, given=[1 <= c, c <= a.d]) as each:
        facts = [g(c) for g in (a.labels, net, bounded, near, known)]
        learned = t.use("oracle.learned_function", {**label, **own}, by=facts)
        other = t.use("oracle.competitor", {**label, "f0": function(a.x, f0(a.x))}, by=facts)
        t.show(And(learned.formula, other.formula))

    def risks(f, bounded):
        """The risk of all coordinates together is the sum of their risks."""
        with t.let(c, given=[1 <= c, c <= a.d]) as exists:
            t.exists(a.risk(f), by=[bounded(c), stars(c)], bound=4 * b**2)
        return t.mean_of_sum(Mean(a.sum((f(a.x) - a.star(a.x)) ** 2), (a.x, a.pi)), by=exists.fact)

    def means(term):
        """The mean of a sum over the coordinates is the sum of the means."""
        return t.mean_of_sum(Mean(a.sum(term), (s, a.law)), by=each.fact)

    with t.let(s, given=[In(s, a.law)]) as inside:
        with t.let(c, given=[1 <= c, c <= a.d]) as at_s:
            t.show(bounded(c)(s).formula)
        risks(f, at_s)
    summed, own = means(a.risk(f)), Mean(a.total(f, s) / m, (s, a.law))
    whole = Mean(Mean(a.sum((f(a.x) - a.star(a.x)) ** 2), (a.x, a.pi)), (s, a.law))
    whole = t.same_mean(whole, summed.formula.args[0], by=inside.fact)
    price = 4 * (1 + A) * b * delta + b**2 * log(N) / (nu * m)
    prices = t.count(a.sum(price))
    below = t.add_up(summed.formula.args[1] <= A * a.sum(own) + a.sum(price), by=each.fact)

    empiricals = {h: means(a.total(h, s) / m) for h in (f, f0)}
    with t.let(s, given=[In(s, a.law)]) as compared:
        parts = []
        for h in (f, f0):
            with t.let(c, given=[1 <= c, c <= a.d]) as losses:
                t.add_up(a.total(h, s).eq(a.squares(h, s) - a.squares(a.star, s)), by=stars(c))
            squares = a.sum(a.squares(h, s)) - a.sum(a.squares(a.star, s))
            parts.append(t.add_up((m * a.sum(a.total(h, s) / m)).eq(squares), by=losses.fact))
            error = (a.v(second(s(i))) - h(first(s(i)))) ** 2
            parts.append(t.use("sums.order_of_sums", {"u": function([i, c], error), "n": a.d}))
        t.show(a.sum(a.total(f, s) / m) <= a.sum(a.total(f0, s) / m) + eps, by=[*parts, minimal(s)])
    more = empiricals[f].formula.args[0] <= empiricals[f0].formula.args[0] + eps
    more = t.average(more, by=compared.fact)
    fixed = risks(f0, known)
    others = t.add_up(empiricals[f0].formula.args[1].eq(a.sum(a.risk(f0))), by=each.fact)
    facts = [whole, summed, below, prices, *empiricals.values(), more, fixed, others]
    bound = A * (fixed.formula.args[0] + eps) + a.d * price
    return t.show(whole.formula.args[0] <= bound, by=facts, opaque=[price])
