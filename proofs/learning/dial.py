"""What it costs to learn from m samples, whatever is drawn and whatever the loss is.

s(1), s(2), ... are independent, each drawn by the law P on a space S. N functions are to be learnt
from: the j-th has the loss Z(j, p) at the sample p, and the risk R(j). What the learner chooses by
means of the samples s has the loss own(s, p) at p, and the risk risk(s). For all s it is near one
of the N functions: its risk is at most e above, and its losses at most e below those of the
function. Its losses add up to at most those of a competitor, other(p), plus m eps.

Of the losses it is asked that E exp(nu(R(j) - A Z(j, p))/beta) is at most 1. A > 0 is the price of
the approximation, beta > 0 the scale of the losses: b² in `losses`, rho² in `vector_losses`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log
from boundcheck.theorems.author.words import (
    Exists,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    Prob,
    Sum,
    ThereIs,
    function,
    samples,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, seq

SOURCE = "derived here"


class Losses:
    """The symbols that these theorems have in common, and what is assumed of them."""

    def __init__(self, t):
        self.t, self.S = t, t.space("S")
        self.P, self.p = t.law("P", self.S), t.variable("p", self.S)
        self.s, self.law = t.variable("s", seq(self.S)), samples(self.P)
        self.i, self.j, self.m, self.N = t.nat("i j m N")
        self.A, self.nu, self.beta, self.e, self.eps = t.real("A nu beta e eps")
        self.Z, self.R = t.function("Z", NAT, self.S), t.function("R", NAT)
        self.own, self.risk = (
            t.function("own", self.s.sort, self.S),
            t.function("risk", self.s.sort),
        )
        self.other = t.function("other", self.S)
        t.given(self.beta > 0, self.N >= 1)

    def prices(self):
        """What is positive."""
        self.t.given(self.A > 0, self.nu > 0, self.m >= 1)

    def power(self, j, p):
        """nu(R - A Z)/beta."""
        return self.nu * (self.R(j) - self.A * self.Z(j, p)) / self.beta

    def moments(self):
        """The exponential moments are at most 1."""
        moment = Mean(exp(self.power(self.j, self.p)), (self.p, self.P))
        return self.t.given(Forall(self.j, moment <= 1, [self.j >= 1, self.j <= self.N]))

    def near(self):
        """The learner is near one of the N functions."""
        gap = LivesOn(self.P, self.p, self.Z(self.j, self.p) <= self.own(self.s, self.p) + self.e)
        risks = self.risk(self.s) <= self.R(self.j) + self.e
        there = ThereIs(self.j, self.j >= 1, self.j <= self.N, risks, gap)
        return self.t.given(LivesOn(self.law, self.s, there))

    def minimal(self):
        """The learner has at most the losses of the competitor, and m eps."""
        own, other = (self.total(f) for f in (self.chosen, self.other))
        return self.t.given(LivesOn(self.law, self.s, own <= other + self.m * self.eps))

    def chosen(self, p):
        """The loss of the learner, for the samples s."""
        return self.own(self.s, p)

    def total(self, z):
        """The sum of losses over the samples."""
        return Sum(z(self.s(self.i)), (self.i, 1, self.m))

    def over_the_net(self):
        """The sum over the N functions of exp(Σ nu(R - A Z)/beta)."""
        powers = Sum(self.power(self.j, self.s(self.i)), (self.i, 1, self.m))
        return Sum(exp(powers), (self.j, 1, self.N))

    def excess(self):
        """nu m (risk - A own/m - (1 + A) e)/beta."""
        gap = self.risk(self.s) - self.A * self.total(self.chosen) / self.m - (1 + self.A) * self.e
        return self.nu * self.m * gap / self.beta


@theorem(source=SOURCE)
def normalised_moment(t):
    """E exp(nu(R - A Z)/beta) is at most 1 if E exp(-A nu Z/beta) is at most 1 - nu R/beta."""
    S = t.space("S")
    P, p, Z = t.law("P", S), t.variable("p", S), t.function("Z", S)
    R, A, nu, beta = t.real("R A nu beta")
    t.given(beta > 0)
    size, power = nu * R / beta, -(A * nu) * Z(p) / beta
    one = t.given(Mean(exp(power), (p, P)) <= 1 - size)
    t.example(Z=function(p, 0), R=0, beta=1)
    below = t.show(1 - size <= exp(-size), opaque=[size])
    whole = nu * (R - A * Z(p)) / beta
    with t.let(p) as each:
        split = t.show(whole.eq(size + power))
        t.show(exp(whole).eq(exp(size) * exp(power)), by=split, opaque=[whole, size, power])
    moment = Mean(exp(whole), (p, P))
    t.exists(moment, by=each.fact, bound=exp(size) * one.left)
    same = t.average(moment.eq(exp(size) * one.left), by=each.fact, opaque=[size])
    return t.show(moment <= 1, by=[same, one, below], opaque=[size])


@theorem(source=SOURCE)
def moment_of_several(t):
    """If E exp(-A nu Z(k)/beta) is at most 1 - nu R(k)/beta for each of n losses of one sample,
    however they depend on each other, then the same is true of a weighted mean of them: with
    weights lam(k) >= 0 that add up to W > 0, Σ lam Z and Σ lam R, with W beta for beta."""
    S = t.space("S")
    P, p, Z = t.law("P", S), t.variable("p", S), t.function("Z", NAT, S)
    R, lam, (k, n) = t.function("R", NAT), t.function("lam", NAT), t.nat("k n")
    A, nu, beta, q = t.real("A nu beta q")
    W = Sum(lam(k), (k, 1, n))
    _, positive = t.given(beta > 0, W > 0)
    inside = [k >= 1, k <= n]
    weights = t.given(Forall(k, lam(k) >= 0, inside))

    def power(k):
        return -(A * nu) * Z(k, p) / beta

    moment = Mean(exp(power(k)), (p, P))
    each = t.given(Forall(k, moment <= 1 - nu * R(k) / beta, inside))
    zero = {"Z": function([k, p], 0), "R": function(k, 0), "lam": function(k, 1)}
    t.example(**zero, beta=1, n=1)

    def total(u):
        return Sum(lam(k) * u, (k, 1, n))

    whole, sums = -(A * nu) * total(Z(k, p)) / (W * beta), total(exp(power(k)))
    r, z = t.real("r z")
    with t.let(r, z, q, given=[q >= 0]) as tangent:
        one = t.show(exp(z - r) >= 1 + z - r)
        split = t.show(exp(z).eq(exp(r) * exp(z - r)))
        facts = [one, split]
        t.show(q * exp(z) >= q * exp(r) * (1 + z - r), by=facts, opaque=[exp(z), exp(r)])
    with t.let(p, r) as jensen:
        with t.let(k, given=inside) as below:
            goal = lam(k) * exp(power(k)) >= lam(k) * exp(r) * (1 + power(k) - r)
            t.show(goal, by=tangent(r, power(k), lam(k), by=weights(k)))
        goal = sums >= exp(r) * (1 - r) * W - exp(r) * A * nu / beta * total(Z(k, p))
        t.add_up(goal, by=below.fact, opaque=[exp(r)])
    with t.let(p) as convex:
        t.show(W * exp(whole) <= sums, by=jensen(p, whole), opaque=[exp(whole), sums])
    with t.let(k, given=inside) as terms:
        weighted = Mean(lam(k) * exp(power(k)), (p, P))
        t.exists(weighted, by=each(k), bound=Abs(lam(k)) * moment)
        t.average(weighted.eq(lam(k) * moment), by=each(k))
    mean = t.mean_of_sum(Mean(sums, (p, P)), by=terms.fact)
    bound = mean.right <= W - nu / beta * total(R(k))
    with t.let(k, given=inside) as smaller:
        goal = lam(k) * moment <= lam(k) * (1 - nu * R(k) / beta)
        t.show(goal, by=[each(k), weights(k)], opaque=[moment])
    bound = t.add_up(bound, by=[terms.fact, smaller.fact])
    left = Mean(exp(whole), (p, P))
    with t.let(p, given=[In(p, P)]) as divided:
        goal = exp(whole) <= sums / W
        t.show(goal, by=[convex(p), positive], opaque=[exp(whole), sums])
    hidden = [whole, sums / W]
    t.exists(left, by=divided.fact, bound=mean.left / W, opaque=hidden, at=p)
    less = t.average(left <= mean.left / W, by=divided.fact, opaque=hidden, at=p)
    goal = left <= 1 - nu * total(R(k)) / (W * beta)
    return t.show(goal, by=[less, mean, bound, positive], opaque=[left])


@theorem(source=SOURCE)
def moment_of_samples(t):
    """If E exp(w) is at most 1, then so is E exp of the sum of w over m independent samples."""
    S = t.space("S")
    P, w, p, s = t.law("P", S), t.function("w", S), t.variable("p", S), t.sequence("s", S)
    i, m = t.nat("i m")
    one = t.given(Mean(exp(w(p)), (p, P)) <= 1)
    t.example(w=function(p, 0))
    moment = Mean(exp(w(p)), (p, P))
    values = {"L": function(i, P), "w": function([i, p], exp(w(p))), "n": m}
    product = t.use("independence.product_of_means", values, {"X": S}, by=one)
    positive = t.average(moment >= 0)
    unit = exp(expr(0) * i)
    below = t.show(moment <= unit, by=one)
    values = {"v": function(i, moment), "w": function(i, unit), "n": m}
    _, grows = t.use("sums.products_grow", values, by=[below, positive])
    ones = t.use("sums.exp_of_sum", {"c": function(i, expr(0) * i), "n": m})
    zero = t.add_up(Sum(expr(0) * i, (i, 1, m)).eq(0 * Sum(i, (i, 1, m))))
    with t.let(s) as factors:
        t.use("sums.exp_of_sum", {"c": function(i, w(s(i))), "n": m})
    mean = Mean(exp(Sum(w(s(i)), (i, 1, m))), (s, samples(P)))
    same = t.same_mean(mean, product.left, by=factors.fact)
    return t.show(mean <= 1, by=[same, product, grows, ones, zero])


@theorem(source=SOURCE)
def sum_over_the_net(t):
    """The sum over the N functions of exp(Σ nu(R - A Z)/beta) has a mean of at most N."""
    a = Losses(t)
    moments = a.moments()
    values = {"w": function(a.p, a.power(a.j, a.p))}
    with t.let(a.j, given=[a.j >= 1, a.j <= a.N]) as each:
        t.use("dial.moment_of_samples", values, by=moments(a.j))
    whole = t.mean_of_sum(Mean(a.over_the_net(), (a.s, a.law)), by=each.fact)
    ones = Sum(1, (a.j, 1, a.N))
    below = t.add_up(whole.right <= ones, by=each.fact)
    return t.show(whole.left <= a.N, by=[whole, below, t.count(ones)])


@theorem(source=SOURCE)
def chosen_function(t):
    """For all samples exp(nu m (risk - A own/m - (1 + A) e)/beta) is at most the sum over the N
    functions."""
    a = Losses(t)
    a.prices()
    near = a.near()
    shifts = Sum(a.e, (a.i, 1, a.m))
    with t.let(a.s, given=[In(a.s, a.law)]) as every, t.obtain(near(a.s), "k") as neighbour:
        k, (_, _, risks, losses) = neighbour.value, neighbour.facts
        with t.let(a.i) as each:
            t.show(In(a.s(a.i), a.P))
            losses(a.s(a.i))
        one = t.one_of_many(a.over_the_net(), k)
        own, other = a.excess(), one.left.args[0]
        start, total = Sum(a.R(k), (a.i, 1, a.m)), a.total(a.chosen)
        sums = a.nu / a.beta * (start - a.A * total - a.A * shifts) <= other
        sums = t.add_up(sums, by=each.fact)
        facts = [sums, risks, t.count(shifts), t.count(start)]
        less = t.show(own <= other, by=facts, opaque=[total])
        t.show(exp(own) <= one.right, by=[less, one], opaque=[own, other])
    return every.fact


@theorem(source=SOURCE)
def learned(t):
    """E risk is at most A(E other + eps) + (1 + A) e + beta log N/(nu m)."""
    a = Losses(t)
    s, m, N, A, nu, beta = a.s, a.m, a.N, a.A, a.nu, a.beta
    a.prices()
    _, near, minimal = a.moments(), a.near(), a.minimal()
    risk, other = Mean(a.risk(s), (s, a.law)), Mean(a.other(a.p), (a.p, a.P))
    t.given(Exists(risk), Exists(other))
    zero = {"Z": [a.j, a.p], "R": a.j, "own": [s, a.p], "risk": s, "other": a.p}
    zero = {n: function(args, 0) for n, args in zero.items()}
    t.example(**zero, A=1, nu=1, beta=1, e=0, eps=0, m=1, N=1)
    chosen, mean = t.use("dial.chosen_function", by=near), t.use("dial.sum_over_the_net")
    values = {"pi": a.P, "w": function(a.p, a.other(a.p)), "n": m}
    others = t.use("independence.mean_over_samples", values, {"X": a.S})
    u = t.real("u")
    with t.let(u) as tangent:
        t.show(u <= log(N) - 1 + exp(u) / N)

    def price(total):
        return beta / (nu * m) * (log(N) - 1 + total / N)

    loss = a.total(a.other) / m
    with t.let(s, given=[In(s, a.law)]) as every:
        power, whole = a.excess(), a.over_the_net()
        facts = [chosen(s), tangent(power)]
        above = t.show(power <= log(N) - 1 + whole / N, by=facts, opaque=[power])
        goal = a.risk(s) <= A * (loss + a.eps) + (1 + A) * a.e + price(whole)
        t.show(goal, by=[above, minimal(s)])
    bound = A * (others.left + a.eps) + (1 + A) * a.e + price(mean.left)
    found = t.average(risk <= bound, by=every.fact, law=a.law)
    goal = risk <= A * (other + a.eps) + (1 + A) * a.e + beta * log(N) / (nu * m)
    return t.show(goal, by=[found, mean, others])


@theorem(source=SOURCE)
def with_high_probability(t):
    """With probability 1 - 2 exp(-u) at least, risk is at most A(level + beta u/(theta m) + eps) +
    (1 + A) e + beta(log N + u)/(nu m), if E exp(theta(other - level)/beta) is at most 1.

    A single exp(-u) would not do: the losses of the competitor fluctuate, too.
    """
    a = Losses(t)
    s, m, N, A, nu, beta = a.s, a.m, a.N, a.A, a.nu, a.beta
    theta, u, level = t.real("theta u level")
    a.prices()
    t.given(theta > 0)
    _, near, minimal = a.moments(), a.near(), a.minimal()
    power = theta * (a.other(a.p) - level) / beta
    one = t.given(Mean(exp(power), (a.p, a.P)) <= 1)
    zero = {"Z": [a.j, a.p], "R": a.j, "own": [s, a.p], "risk": s, "other": a.p}
    zero = {n: function(args, 0) for n, args in zero.items()}
    t.example(**zero, A=1, nu=1, beta=1, e=0, eps=0, m=1, N=1, theta=1, level=0)
    chosen, mean = t.use("dial.chosen_function", by=near), t.use("dial.sum_over_the_net")
    values = {"w": function(a.p, power)}
    moment = t.use("dial.moment_of_samples", values, by=one)
    whole, own, total = a.over_the_net(), a.excess(), a.total(a.other)
    powers = Sum(theta * (a.other(s(a.i)) - level) / beta, (a.i, 1, m))
    levels = t.count(Sum(level, (a.i, 1, m)))
    bound = A * (level + beta * u / (theta * m) + a.eps) + (1 + A) * a.e
    bound = bound + beta * (log(N) + u) / (nu * m)
    event = a.risk(s) <= bound
    goal = Ind(event) >= 1 - exp(-u) * (exp(powers) + whole / N)
    hidden = [exp(-u), exp(powers), exp(own)]
    with t.let(s, given=[In(s, a.law)]) as every:
        above, less = chosen(s), minimal(s)
        scaled = powers.eq(theta / beta * total - theta / beta * levels.left)
        scaled = t.add_up(scaled)
        with t.suppose(event) as holds:
            t.show(goal, by=[t.derive("indicator_true", *holds.facts), above], opaque=hidden)
        with t.suppose(bound < a.risk(s)) as fails:
            none = t.derive("indicator_false", t.show(a.risk(s) > bound, by=fails.facts))
            with t.suppose(u <= powers) as large:
                one = t.show(exp(-u) * exp(powers) >= 1, by=large.facts, opaque=[powers])
                t.show(goal, by=[none, above, one], opaque=hidden)
            with t.suppose(powers < u) as small:
                terms = [
                    nu * A / theta * (u - powers),
                    nu * m / beta * (a.risk(s) - bound),
                    nu * A / beta * (total + m * a.eps - a.total(a.chosen)),
                ]
                split = (own - log(N) - u).eq(terms[0] + terms[1] + terms[2])
                parts = [t.show(split, by=[scaled, levels])]
                for term in terms:
                    gap = t.show(term.args[1] >= 0, by=[*small.facts, *fails.facts, less])
                    parts.append(t.show(term >= 0, by=gap, opaque=[term.args[1]]))
                more = t.show(own >= log(N) + u, by=parts, opaque=[own, *terms])
                large_own = t.show(exp(own) >= N * exp(u), by=more, opaque=[own])
                one = t.show(exp(-u) * (whole / N) >= 1, by=[large_own, above], opaque=[exp(own)])
                t.show(goal, by=[none, one], opaque=hidden)
            t.cases(u, powers, large, small)
        t.cases(a.risk(s), bound, holds, fails)
    probability = Prob(event, (s, a.law))
    below = 1 - exp(-u) * (moment.left + mean.left / N)
    found = t.average(probability >= below, by=every.fact, law=a.law)
    return t.show(probability >= 1 - 2 * exp(-u), by=[found, moment, mean], opaque=[exp(-u)])
