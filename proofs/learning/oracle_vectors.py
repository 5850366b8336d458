"""The oracle inequality for vectors: all coordinates are learnt together, by one class.

Setting and symbols are those of `oracle`, with labels v(Y) and functions f(x) in R^d that have a
Euclidean norm of at most rho, as in `vector_losses`. The predictor fhat(s, .) is for all samples
within delta of one of net(1), ..., net(N), which are functions with values in R^d, in the Euclidean
norm: coordinates that share parameters cost log N once. Its empirical risk is at most that of f0
plus eps. A > 0 is the price of the approximation, and nu > 0 has nu <= g(A nu).
"""

from boundcheck import theorem
from boundcheck.math import Abs, Min, exp, log
from boundcheck.theorems.author.words import (
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


class Learning:
    """The symbols that these theorems have in common, and what is assumed of them."""

    def __init__(self, t):
        self.t, self.X, self.Y = t, t.space("X"), t.space("Y")
        self.pi, self.K = t.law("pi", self.X), t.kernel("K", self.X, on=self.Y)
        self.x, self.y, self.rho = t.variable("x", self.X), t.variable("y", self.Y), t.real("rho")
        self.pairs = joint(self.pi, (self.x, self.K(self.x)))
        self.p = t.variable("p", self.pairs.sort.parts[0])
        self.s, self.law = t.variable("s", seq(self.p.sort)), samples(self.pairs)
        self.c, self.d, self.i, self.j, self.m, self.N = t.nat("c d i j m N")
        self.delta, self.eps, self.A, self.nu = t.real("delta eps A nu")
        self.v, self.net = t.function("v", NAT, self.Y), t.function("net", NAT, NAT, self.X)
        self.f0 = t.function("f0", NAT, self.X)
        self.fhat = t.function("fhat", self.s.sort, NAT, self.X)
        size = self.square(self.v(self.c, self.y)) <= self.rho**2
        self.labels = t.given(Forall([self.x, self.y], size, [In(self.y, self.K(self.x))]))
        t.given(self.rho > 0)

    # -- what is assumed

    def prices(self):
        """nu is at most the dial."""
        return self.t.given(self.nu > 0, self.nu <= self.t.read(oracle.DIAL))

    def size(self, f):
        """rho bounds |f|."""
        return LivesOn(self.pi, self.x, self.square(f(self.x)) <= self.rho**2)

    def everything(self):
        """rho bounds the net, the predictor and f0; the predictor is close to the net, and has at
        most the empirical risk of f0 plus eps."""
        net, chosen, other = self.at(self.j), self.chosen, self.competitor
        inside = [self.j >= 1, self.j <= self.N]
        gap = self.square(chosen(self.x) - net(self.x)) <= self.delta**2
        near = ThereIs(self.j, *inside, LivesOn(self.pi, self.x, gap))
        own, fixed = (self.empirical(f) for f in (chosen, other))
        self.t.given(self.m >= 1, self.N >= 1, self.delta >= 0)
        return self.t.given(
            Forall(self.j, self.size(net), inside),
            LivesOn(self.law, self.s, self.size(chosen)),
            LivesOn(self.law, self.s, near),
            self.size(other),
            LivesOn(self.law, self.s, own <= fixed + self.eps),
        )

    def example(self, **more):
        """Everything is 0, and one function is the net."""
        c, s, x = self.c, self.s, self.x
        zero = {"v": [c, self.y], "net": [self.j, c, x], "f0": [c, x], "fhat": [s, c, x]}
        zero = {n: function(args, 0) for n, args in zero.items()}
        numbers = {"m": 1, "N": 1, "delta": 0, "eps": 0, "A": 2, "nu": expr("1/11")}
        self.t.example(**zero, rho=1, **numbers, **more)

    # -- what it is about

    def square(self, u):
        """|u|² of a vector, given as the coordinate c."""
        return Sum(u**2, (self.c, 1, self.d))

    def star(self, x):
        """The coordinate c of f*(x)."""
        return Mean(self.v(self.c, self.y), (self.y, self.K(x)))

    def chosen(self, x):
        """fhat, for the samples s."""
        return self.fhat(self.s, self.c, x)

    def competitor(self, x):
        """f0."""
        return self.f0(self.c, x)

    def at(self, j):
        """A function of the net."""
        return lambda x: self.net(j, self.c, x)

    def distance(self, f):
        """R(f), which is ‖f - f*‖²."""
        return Mean(self.square(f(self.x) - self.star(self.x)), (self.x, self.pi))

    def cut(self, f):
        """R(f) where rho bounds f, and something that exists where it does not."""
        square = self.square(f(self.x) - self.star(self.x))
        return Mean(Min(square, 4 * self.rho**2), (self.x, self.pi))

    def error(self, f, p):
        """|v(Y) - f(X)|² at a pair."""
        return self.square(self.v(self.c, second(p)) - f(first(p)))

    def loss(self, f, p):
        """Z(f) at a pair."""
        return self.error(f, p) - self.error(self.star, p)

    def empirical(self, f):
        """The empirical risk."""
        return Sum(self.error(f, self.s(self.i)), (self.i, 1, self.m)) / self.m

    def total(self, f):
        """The sum of Z(f) over the samples."""
        return Sum(self.loss(f, self.s(self.i)), (self.i, 1, self.m))


@theorem(source=SOURCE)
def closed_form(t):
    """1/nu = 4A²/(A - 1) will do for every A > 1."""
    A = t.real("A")
    t.given(A > 1)
    t.example(A=2)
    nu, theta = t.read(oracle.DIAL_CLOSED), t.real("theta")
    with t.let(theta, given=[theta >= 0, theta <= "1/4"]) as parabola:
        t.show(theta - 4 * theta**2 <= (1 - exp(-4 * (theta - 2 * theta**2))) / 4)
    inside = t.show(A * nu <= "1/4")
    below = parabola(A * nu)
    return t.show(nu <= t.quoted(oracle.DIAL, nu=nu), by=[below, inside])


@theorem(source=SOURCE)
def cut_risk_exists(t):
    """The mean of the smaller one of |f - f*|² and 4 rho² exists, whatever f is."""
    a = Learning(t)
    c, x, top = a.c, a.x, 4 * a.rho**2
    a.example()
    regression = t.use("vector_losses.regression")
    with t.let(x, c, given=[c >= 1, c <= a.d]):
        t.exists(a.star(x), by=regression(x))
    square = a.square(a.competitor(x) - a.star(x))
    with t.let(x, given=[In(x, a.pi)]) as inside:
        least = t.add_up(square >= 0 * a.square(a.competitor(x)))
        t.show(Abs(Min(square, top)) <= top, by=least)
    return t.exists(a.cut(a.competitor), by=inside.fact, bound=top)


@theorem(source=SOURCE)
def cut_risk(t):
    """Where rho bounds f, that mean is R(f); and R(f) is from 0 to 4 rho²."""
    a = Learning(t)
    bounded, top = t.given(a.size(a.competitor)), 4 * a.rho**2
    values = {"f": function([a.c, a.x], a.competitor(a.x))}
    star = t.use("vector_losses.regression")
    inside, least, most = t.use("vector_losses.distances", values, by=[a.labels, bounded])
    square = a.square(a.competitor(a.x) - a.star(a.x))
    cut, risk = a.cut(a.competitor), a.distance(a.competitor)
    with t.let(a.x, given=[In(a.x, a.pi)]) as same:
        t.show(Min(square, top).eq(square), by=inside(a.x), opaque=[square])
    t.use("oracle_vectors.cut_risk_exists")
    equal = t.average(cut.eq(risk), by=[same.fact, least, star])
    return t.together(equal, least, most)


@theorem(source=SOURCE)
def moment_of_a_function(t):
    """E exp(nu(R(f) - A Z(f))/rho²) is at most 1 for every f that rho bounds."""
    a = Learning(t)
    f, rho, nu, p, c, x = a.competitor, a.rho, a.nu, a.p, a.c, a.x
    _, rate = a.prices()
    bounded = t.given(a.size(f))
    values = {"f": function([c, x], f(x)), "theta": a.A * nu}
    linear = t.use("vector_losses.moment_of_a_loss", values, by=[a.labels, bounded])
    same, least, _ = t.use("oracle_vectors.cut_risk", by=bounded)
    size = a.cut(f)
    facts = [linear, same, least, rate]
    below = linear.left <= 1 - nu * size / rho**2
    below = t.show(below, by=facts, opaque=[t.quoted(oracle.DIAL), size, linear.left])
    regression = t.use("vector_losses.regression")
    with t.let(x, c, given=[c >= 1, c <= a.d]):
        t.exists(a.star(x), by=regression(x))
    values = {"Z": function(p, a.loss(f, p)), "R": size, "P": a.pairs, "beta": rho**2}
    return t.use("dial.normalised_moment", values, {"S": p.sort}, by=below)


def as_losses(t, a, net, bounded, near, minimal):
    """What the symbols of `dial` are here, its hypotheses about them, and that the cut risk of the
    predictor is its risk."""
    rho, p, s, x, c, j = a.rho, a.p, a.s, a.x, a.c, a.j
    regression, e = t.use("vector_losses.regression"), 4 * rho * a.delta

    def function_of(f):
        return function([c, x], f(x))

    def cut(f, by):
        return t.use("oracle_vectors.cut_risk", {"f0": function_of(f)}, by=[a.labels, by])

    with t.let(x, c, given=[c >= 1, c <= a.d]):
        t.exists(a.star(x), by=regression(x))
    with t.let(j, given=[j >= 1, j <= a.N]) as moments:
        values = {"f0": function_of(a.at(j))}
        t.use("oracle_vectors.moment_of_a_function", values, by=net(j))
    with t.let(s, given=[In(s, a.law)]) as close, t.obtain(near(s), "k") as neighbour:
        k, gap = neighbour.value, neighbour.facts[-1]
        facts = [a.labels, bounded(s), net(k), gap]
        values = {"f": function_of(a.chosen), "h": function_of(a.at(k))}
        risks, losses = t.use("vector_losses.neighbouring_losses", values, by=facts)
        cuts = [cut(a.chosen, bounded(s)), cut(a.at(k), net(k))]
        t.show(a.cut(a.chosen) <= a.cut(a.at(k)) + e, by=[risks, *cuts])
        with t.let(p, given=[In(p, a.pairs)]):
            t.show(a.loss(a.at(k), p) <= a.loss(a.chosen, p) + e, by=losses(p))
        inside = [j >= 1, j <= a.N]
        own, gap = a.cut(a.chosen) <= a.cut(a.at(j)) + e, a.loss(a.at(j), p)
        gap = LivesOn(a.pairs, p, gap <= a.loss(a.chosen, p) + e)
        t.witness(ThereIs(j, *inside, own, gap), k)
    with t.let(s, given=[In(s, a.law)]) as compared:
        parts = []
        for f in (a.chosen, a.competitor):
            squares = Sum(a.error(f, s(a.i)), (a.i, 1, a.m))
            stars = Sum(a.error(a.star, s(a.i)), (a.i, 1, a.m))
            parts.append(t.add_up(a.total(f).eq(squares - stars)))
        goal = a.total(a.chosen) <= a.total(a.competitor) + a.m * a.eps
        t.show(goal, by=[*parts, minimal(s)])
    for f, z in ((a.at(j), j), (a.chosen, s)):
        with t.let(z):
            t.use("oracle_vectors.cut_risk_exists", {"f0": function_of(f)})
    with t.let(s, given=[In(s, a.law)]) as risks:
        t.together(*cut(a.chosen, bounded(s)))
    values = {
        "P": a.pairs,
        "Z": function([j, p], a.loss(a.at(j), p)),
        "R": function(j, a.cut(a.at(j))),
        "own": function([s, p], a.loss(a.chosen, p)),
        "risk": function(s, a.cut(a.chosen)),
        "other": function(p, a.loss(a.competitor, p)),
        "beta": rho**2,
        "e": e,
    }
    return values, [moments.fact, close.fact, compared.fact], risks.fact


@theorem(source=SOURCE)
def dial(t):
    """E‖fhat - f*‖² is at most A(‖f0 - f*‖² + eps) + 4(1 + A) rho delta + rho² log N/(nu m)."""
    a = Learning(t)
    s, c, x = a.s, a.c, a.x
    a.prices()
    t.given(a.A > 0)
    net, bounded, near, known, minimal = a.everything()
    a.example()
    values, facts, risks = as_losses(t, a, net, bounded, near, minimal)
    own, other = Mean(a.cut(a.chosen), (s, a.law)), Mean(a.distance(a.chosen), (s, a.law))
    t.exists(own, by=risks, bound=4 * a.rho**2)
    competitor = {"f": function([c, x], a.competitor(x))}
    fixed = t.use("vector_losses.mean_of_a_loss", competitor, by=[a.labels, known])
    found = t.use("dial.learned", values, {"S": a.p.sort}, by=[*facts, fixed])
    same = t.average(other.eq(own), by=risks, law=a.law)
    bound = t.read(oracle.ORACLE_VECTORS, comparator=a.distance(a.competitor), log_n=log(a.N))
    return t.show(other <= bound, by=[same, found, fixed])


@theorem(source=SOURCE)
def moment_of_the_competitor(t):
    """E exp(theta(Z(f0) - h ‖f0 - f*‖²)/rho²) is at most 1, h = (exp(4(theta + 2 theta²)) - 1)/
    (4 theta)."""
    a = Learning(t)
    p, c, x, rho, theta = a.p, a.c, a.x, a.rho, t.real("theta")
    t.given(theta > 0)
    known = t.given(a.size(a.competitor))
    regression = t.use("vector_losses.regression")
    with t.let(x, c, given=[c >= 1, c <= a.d]):
        t.exists(a.star(x), by=regression(x))
    values = {"f": function([c, x], a.competitor(x)), "theta": -theta}
    linear = t.use("vector_losses.moment_of_a_loss", values, by=[a.labels, known])
    growth, risk = t.quoted(oracle.FLUCTUATION), a.distance(a.competitor)
    factor = (1 - exp(-4 * (-theta - 2 * (-theta) ** 2))) / 4
    rate = t.show(factor.eq(-theta * growth))
    size, loss = theta * (growth * risk) / rho**2, a.loss(a.competitor, p)
    above = t.show(1 + size <= exp(size), by=linear, opaque=[size])
    power, old = theta * (loss - growth * risk) / rho**2, theta * loss / rho**2
    with t.let(p) as split:
        sums = t.show(power.eq(old - size), by=linear, opaque=[growth, risk])
        t.show(exp(power).eq(exp(-size) * exp(old)), by=sums, opaque=[power, old, size])
    plain = Mean(exp(old), (p, a.pairs))
    same = t.same_mean(plain, linear.left)
    small = plain <= 1 + size
    small = t.show(small, by=[same, linear, rate], opaque=[factor, growth, risk, plain])
    moment = Mean(exp(power), (p, a.pairs))
    t.exists(moment, by=split.fact, bound=exp(-size) * plain, opaque=[power, size, old], at=p)
    equal = moment.eq(exp(-size) * plain)
    equal = t.average(equal, by=split.fact, opaque=[power, size, old], at=p)
    return t.show(moment <= 1, by=[equal, small, above], opaque=[size, plain])


@theorem(source=SOURCE)
def with_high_probability(t):
    """With probability 1 - 2 exp(-u) at least, ‖fhat - f*‖² is at most A(h ‖f0 - f*‖² + rho² u/
    (theta m) + eps) + 4(1 + A) rho delta + rho² (log N + u)/(nu m), h = (exp(4(theta + 2 theta²)) -
    1)/(4 theta): the empirical risk of f0 fluctuates, too."""
    a = Learning(t)
    s, p = a.s, a.p
    theta, u = t.real("theta u")
    a.prices()
    t.given(a.A > 0, theta > 0)
    net, bounded, near, known, minimal = a.everything()
    a.example(theta=1)
    values, facts, risks = as_losses(t, a, net, bounded, near, minimal)
    growth, risk = t.read(oracle.FLUCTUATION), a.distance(a.competitor)
    moment = t.use("oracle_vectors.moment_of_the_competitor", by=[a.labels, known])
    t.use("oracle_vectors.cut_risk", by=[a.labels, known])
    t.exists(growth)
    values |= {"level": growth * risk}
    found = t.use("dial.with_high_probability", values, {"S": p.sort}, by=[*facts, moment])
    names = {"comparator": risk, "fluctuation": growth, "log_n": log(a.N)}
    bound = t.read(oracle.VECTORS_LIKELY, **names)
    own, old = a.distance(a.chosen), found.left.args[1].args[0].args[1]
    equal = t.show(old.eq(bound), by=moment, opaque=[growth, risk])
    with t.let(s, given=[In(s, a.law)]) as every:
        events = Ind(a.cut(a.chosen) <= old) <= Ind(own <= bound)
        t.indicators(events, by=[risks(s), equal], opaque=[old, bound])
    likely = Prob(own <= bound, (s, a.law))
    more = t.average(found.left <= likely, by=every.fact)
    return t.show(likely >= 1 - 2 * exp(-u), by=[found, more], opaque=[exp(-u)])
