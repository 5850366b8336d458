"""Stratified sampling: a sum of means over strata is nearly that of the means of a few draws.

Stratum j has the law L(j) and the mass m(j); n(j) draws s(j)(1), ..., s(j)(n(j)) are made from it,
each with the weight w(j) = m(j)/n(j). The draws of different strata are independent.
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
    Sum,
    ThereIs,
    function,
    independent,
    samples,
)
from boundcheck.theorems.language.expr import number
from boundcheck.theorems.language.sorts import NAT, seq

SOURCE = "folklore; derived here"


class Strata:
    """Strata, and bounded functions phi(j, theta, .) of which means are estimated; `some` says that
    they are bounded in the strata from 1 to C."""

    def __init__(self, t, some=False):
        self.t, X, T = t, t.space("X"), t.space("T")
        self.pi, self.L = t.law("pi", X), t.kernel("L", NAT, on=T)
        self.phi, (self.m, self.w) = t.function("phi", NAT, T, X), t.function("m w", NAT)
        self.n = t.function("n", NAT, to=NAT)
        self.x, self.theta = t.variable("x", X), t.variable("theta", T)
        self.s, self.b = t.sequence("s", seq(T)), t.real("b")
        self.j, self.r, self.C = t.nat("j r C")
        j, self.T = self.j, T
        bounded = Abs(self.phi(j, self.theta, self.x)) <= self.b
        inside = LivesOn(self.L(j), self.theta, LivesOn(self.pi, self.x, bounded))
        self.some, self.weights, self.bounded = t.given(
            Forall(j, self.n(j) >= 1),
            Forall(j, (self.w(j) * self.n(j)).eq(self.m(j))),
            Forall(j, inside, given=[j >= 1, j <= self.C] if some else []),
        )
        self.law = independent(j, samples(self.L(j)))

    def sizes(self):
        """Bounds g of the mean squares, K of the weights, and V of all masses."""
        t, j, C = self.t, self.j, self.C
        g, K, V = t.real("g K V")
        square = Mean(self.value**2, (self.x, self.pi))
        small = LivesOn(self.L(j), self.theta, square <= g)
        _, _, *self.known = t.given(
            K >= 0,
            g >= 0,
            Forall(j, self.m(j) >= 0, given=[j >= 1, j <= C]),
            Forall(j, self.w(j) <= K, given=[j >= 1, j <= C]),
            Sum(self.m(j), (j, 1, C)) <= V,
            Forall(j, small, given=[j >= 1, j <= C]),
        )
        return g, K, V

    def mean(self, u):
        """Over stratum j."""
        return Mean(u, (self.theta, self.L(self.j)))

    @property
    def value(self):
        return self.phi(self.j, self.theta, self.x)

    def error(self, draws):
        """Of the weighted sum of the draws from stratum j, for m(j) times the mean."""
        total = Sum(self.phi(self.j, draws(self.r), self.x), (self.r, 1, self.n(self.j)))
        return self.m(self.j) * self.mean(self.value) - self.w(self.j) * total


@theorem(source=SOURCE)
def variance_of_strata(t):
    """The mean square of the error at x, over the draws: Σ m(j)² Var phi(j, ., x)/n(j)."""
    c = Strata(t)
    x, j, _s, C, T = c.x, c.j, c.s, c.C, c.T
    draws = t.sequence("z", T)
    t.given(In(x, c.pi))
    one, square = c.mean(c.value), c.mean(c.value**2)
    within = Mean(c.error(draws), (draws, samples(c.L(j))))
    spread = Mean(c.error(draws) ** 2, (draws, samples(c.L(j))))
    with t.let(j) as each:
        with t.let(c.theta, given=[In(c.theta, c.L(j))]) as inside:
            c.bounded(j, c.theta, x)
        for u, bound in ((c.value, c.b), (c.value**2, c.b**2)):
            t.exists(c.mean(u), by=inside.fact, bound=bound)
        values = {"pi": c.L(j), "n": c.n(j)}
        u = function(c.theta, c.value)
        variance = t.use(
            "independence.variance_of_a_mean", {**values, "u": u}, {"X": T}, by=c.some(j)
        )
        mean = t.use("independence.mean_over_samples", {**values, "w": u}, {"X": T}, by=c.some(j))
        over, weight = samples(c.L(j)), c.weights(j)
        some = t.show(c.n(j) >= 1, by=c.some)
        with t.let(draws) as scaled:
            plain = one - Sum(c.phi(j, draws(c.r), x), (c.r, 1, c.n(j))) / c.n(j)
            t.show(c.error(draws).eq(c.m(j) * plain), by=[some, weight])
        hidden = [c.error(draws), plain]
        most = 1 + c.m(j) ** 2 * variance.left
        t.exists(within, by=scaled.fact, bound=most, at=draws, opaque=hidden)
        first = t.average(within.eq(c.m(j) * (one - mean.left)), by=scaled.fact, law=over)
        centred = t.show(within.eq(0), by=[first, mean])
        most = c.m(j) ** 2 * variance.left
        t.exists(spread, by=scaled.fact, bound=most, at=draws, opaque=hidden)
        equal = spread.eq(most)
        second = t.average(equal, by=scaled.fact, law=over, at=draws, opaque=hidden)
        value = spread.eq(c.m(j) * c.w(j) * (square - one**2))
        t.together(centred, t.show(value, by=[second, variance, some, weight]))
    values = {
        "L": function(j, samples(c.L(j))),
        "v": function([j, draws], c.error(draws)),
        "n": C,
    }
    added = t.use("independence.variances_add", values, {"X": seq(T)}, by=each.fact)
    rows = t.add_up(added.right.eq(Sum(value.args[1], (j, 1, C))), by=each.fact)
    return t.show(added.left.eq(rows.right), by=[added, rows])


@theorem(source=SOURCE)
def size_of_an_error(t):
    """The error of bounded functions is bounded at every x."""
    c = Strata(t)
    x, j, s, C = c.x, c.j, c.s, c.C
    with t.let(x, given=[In(x, c.pi)]) as point, t.let(s, given=[In(s, c.law)]):
        one, total = c.mean(c.value), Sum(c.error(s(j)), (j, 1, C))
        with t.let(j) as each:
            with t.let(c.theta, given=[In(c.theta, c.L(j))]) as inside:
                c.bounded(j, c.theta, x)
            t.exists(one, by=inside.fact, bound=c.b)
            low, high = (t.average(g, by=inside.fact) for g in (one >= -c.b, one <= c.b))
            draws = Sum(c.phi(j, s(j)(c.r), x), (c.r, 1, c.n(j)))
            t.show(In(s(j), samples(c.L(j))))
            with t.let(c.r) as draw:
                t.show(
                    And(c.phi(j, s(j)(c.r), x) <= c.b, c.phi(j, s(j)(c.r), x) >= -c.b),
                    by=c.bounded(j, s(j)(c.r), x),
                )
            most, least = Sum(c.b, (c.r, 1, c.n(j))), Sum(-c.b, (c.r, 1, c.n(j)))
            above, below = (
                t.add_up(draws <= most, by=draw.fact),
                t.add_up(draws >= least, by=draw.fact),
            )
            counts = [t.count(most), t.count(least)]
            size = t.show(Abs(draws) <= c.n(j) * c.b, by=[above, below, *counts])
            mean = t.show(Abs(one) <= c.b, by=[low, high])
            t.show(
                Abs(c.error(s(j))) <= 2 * Abs(c.m(j)) * c.b,
                by=[size, mean, c.weights(j), c.some(j)],
            )
        sizes = Sum(Abs(c.error(s(j))), (j, 1, C))
        bound = Sum(2 * Abs(c.m(j)) * c.b, (j, 1, C))
        step = t.add_up(sizes <= bound, by=each.fact)
        t.show(Abs(total) <= bound, by=[step, t.triangle(total)])
    return point.fact


@theorem(source=SOURCE)
def stratified(t):  # noqa: PLR0915
    """There are draws whose weighted sum is off the sum of the means by at most K V g in square
    mean over x, where E_x phi(j, theta, x)² <= g, the weights are at most K and the masses add up
    to at most V."""
    c = Strata(t)
    x, theta, j, s, C, _T = c.x, c.theta, c.j, c.s, c.C, c.T
    g, K, V = c.sizes()
    square = Mean(c.value**2, (x, c.pi))
    signs, low, masses, squares = c.known
    total = Sum(c.error(s(j)), (j, 1, C))
    bound = Sum(2 * Abs(c.m(j)) * c.b, (j, 1, C))
    risk, absolute = (Mean(u, (s, c.law)) for u in (total**2, abs(total**2)))
    one, inner = c.mean(c.value), c.mean(c.value**2)
    with t.let(x, given=[In(x, c.pi)]) as each:
        with t.let(j):
            with t.let(theta, given=[In(theta, c.L(j))]) as inside:
                c.bounded(j, theta, x)
            t.exists(one, by=inside.fact, bound=c.b)
        with t.let(s, given=[In(s, c.law)]) as drawn:
            size = t.use("stratified_sampling.size_of_an_error")(x, s)
            t.show(total**2 <= bound**2, by=size, opaque=[total, bound])
        for mean in (risk, absolute):
            t.exists(mean, by=drawn.fact, bound=bound**2, at=s, opaque=[total, bound])
        same = t.average(absolute.eq(risk), at=s, opaque=[total])
        variance = t.use("stratified_sampling.variance_of_strata")
        with t.let(j, given=[j >= 1, j <= C]) as term:
            with t.let(theta, given=[In(theta, c.L(j))]) as inside:
                c.bounded(j, theta, x)
            for u, most in ((c.value, c.b), (c.value**2, c.b**2)):
                t.exists(c.mean(u), by=inside.fact, bound=most)
            plain = t.average(inner >= 0)
            weight = t.show(c.w(j) >= 0, by=[c.weights(j), c.some(j), signs(j)])
            part = c.m(j) * c.w(j) * (inner - one**2) <= K * (c.m(j) * inner)
            t.show(part, by=[plain, weight, signs(j), low(j)])
        sums = Sum(c.m(j) * inner, (j, 1, C))
        step = t.add_up(variance.right <= K * sums, by=term.fact)
        positive = t.average(risk >= 0, at=s, opaque=[total])
        t.together(t.show(risk <= K * sums, by=[variance, step]), same, positive)

    def outer(u):
        return Mean(u, (x, c.pi))

    size = c.mean(abs(c.value**2))
    with t.let(j, given=[j >= 1, j <= C]) as stratum:
        with t.let(x, given=[In(x, c.pi)]) as at_x:
            with t.let(theta, given=[In(theta, c.L(j))]) as inside:
                c.bounded(j, theta, x)
            for mean in (inner, size):
                t.exists(mean, by=inside.fact, bound=c.b**2)
            t.together(
                *(t.average(g, by=inside.fact) for g in (inner <= c.b**2, inner >= 0)),
                t.average(size.eq(inner)),
            )
        with t.let(theta, given=[In(theta, c.L(j))]) as at_theta:
            with t.let(x, given=[In(x, c.pi)]) as inside:
                c.bounded(j, theta, x)
            t.exists(square, by=inside.fact, bound=c.b**2)
        for mean in (inner, size):
            t.exists(outer(mean), by=at_x.fact, bound=c.b**2)
        swapped = t.exchange(outer(inner), by=at_theta.fact)
        with t.let(theta, given=[In(theta, c.L(j))]) as positive:
            at_theta.fact(theta)
            t.average(square >= 0)
        known = [squares(j), positive.fact]
        t.exists(swapped.right, by=known, bound=g)
        small = t.average(swapped.right <= g, by=known)
        scaled = t.average(outer(c.m(j) * inner).eq(c.m(j) * outer(inner)), by=at_x.fact)
        part = t.show(scaled.left <= c.m(j) * g, by=[scaled, swapped, small, signs(j)])
        t.together(part, t.exists(scaled.left))
    added = t.mean_of_sum(outer(sums), by=stratum.fact)
    rows = t.add_up(added.right <= g * masses.left, by=stratum.fact)
    for mean in (risk, absolute):
        t.exists(outer(mean), by=each.fact, bound=K * outer(sums))
    below = t.average(outer(risk) <= K * outer(sums), by=each.fact)
    with t.let(s, given=[In(s, c.law)]) as drawn:
        with t.let(x, given=[In(x, c.pi)]) as inside:
            size = t.use("stratified_sampling.size_of_an_error")(x, s)
            t.show(total**2 <= bound**2, by=size, opaque=[total, bound])
        t.exists(outer(total**2), by=inside.fact, bound=bound**2, at=x, opaque=[total, bound])
    found = t.exchange(outer(risk), by=drawn.fact)
    most = t.show(g * masses.left <= g * V, by=masses)
    return t.least(t.show(found.right <= K * V * g, by=[found, below, added, rows, most]))


@theorem(source=SOURCE)
def draws_of_strata(t):  # noqa: PLR0915
    """The same for functions that are bounded in the strata 1, ..., C: elsewhere 0 is taken."""
    c = Strata(t, some=True)
    x, theta, j, r, s, C, _T = c.x, c.theta, c.j, c.r, c.s, c.C, c.T
    t.given(c.b >= 0)
    g, K, V = c.sizes()
    _signs, _low, _masses, squares = c.known
    on = Ind(j >= 1) * Ind(j <= C)
    cut = on * c.value
    with t.let(j) as each:
        ranges = [t.derive("indicator_range", formula=f) for f in (j >= 1, j <= C)]
        with t.let(theta, given=[In(theta, c.L(j))]), t.let(x, given=[In(x, c.pi)]):
            with t.suppose(number(1) <= j) as after:
                with t.suppose(j <= C) as inside:
                    t.show(j >= 1, by=after.facts)
                    known = c.bounded(j, theta, x)
                    t.show(Abs(cut) <= c.b, by=[known, *ranges])
                with t.suppose(C < j) as beyond:
                    off = t.derive("indicator_false", t.show(j > C, by=beyond.facts))
                    t.show(Abs(cut) <= c.b, by=off)
                t.cases(j, C, inside, beyond)
            with t.suppose(j < number(1)) as before:
                off = t.derive("indicator_false", *before.facts)
                t.show(Abs(cut) <= c.b, by=off)
            t.cases(1, j, after, before)
    cut_square = Mean(cut**2, (x, c.pi))
    with t.let(j, given=[j >= 1, j <= C]) as inside:
        events = [t.derive("indicator_true", f) for f in inside.facts]
        with t.let(theta, given=[In(theta, c.L(j))]) as point:
            with t.let(x, given=[In(x, c.pi)]) as same:
                t.show(cut.eq(c.value), by=events)
            small = squares(j, theta)
            t.exists(cut_square, by=same.fact, bound=small.left)
            equal = t.average(cut_square.eq(small.left), by=same.fact)
            t.show(cut_square <= g, by=[equal, small])
    values = {"phi": function([j, theta, x], cut)}
    found = t.use("stratified_sampling.stratified", values, by=[each.fact, inside.fact])
    with t.obtain(found, "s0") as draws:
        s0, (_there, error) = draws.value, draws.facts
        with t.let(j, r) as drawn:
            t.show(In(s0(j), samples(c.L(j))))
            t.show(In(s0(j)(r), c.L(j)))
        whole = Sum(c.error(s0(j)), (j, 1, C))
        with t.let(x, given=[In(x, c.pi)]) as point:
            with t.let(j, given=[j >= 1, j <= C]) as term:
                events = [t.derive("indicator_true", f) for f in term.facts]
                with t.let(theta, given=[In(theta, c.L(j))]) as at:
                    known = c.bounded(j, theta, x)
                    t.together(known, t.show(cut.eq(c.value), by=events))
                mean = c.mean(c.value)
                t.exists(mean, by=at.fact, bound=c.b)
                t.exists(c.mean(cut), by=at.fact, bound=c.b)
                equal = t.average(c.mean(cut).eq(mean), by=at.fact)
                with t.let(r) as one:
                    t.show(
                        function(theta, cut)(s0(j)(r)).eq(function(theta, c.value)(s0(j)(r))),
                        by=events,
                    )
                rows = [Sum(function(theta, u)(s0(j)(r)), (r, 1, c.n(j))) for u in (cut, c.value)]
                total = t.add_up(rows[0].eq(rows[1]), by=one.fact)
                error_of_cut = c.m(j) * c.mean(cut) - c.w(j) * rows[0]
                t.show(error_of_cut.eq(c.error(s0(j))), by=[equal, total])
            t.add_up(Sum(error_of_cut, (j, 1, C)).eq(whole), by=term.fact)
        t.exists(Mean(whole**2, (x, c.pi)), by=point.fact, bound=error.left)
        same = t.average(Mean(whole**2, (x, c.pi)).eq(error.left), by=point.fact)
        small = t.show(Mean(whole**2, (x, c.pi)) <= K * V * g, by=[same, error])
        inside = Forall([j, r], In(s(j)(r), c.L(j)))
        size = Mean(Sum(c.error(s(j)), (j, 1, C)) ** 2, (x, c.pi)) <= K * V * g
        t.witness(ThereIs(s, inside, size), s0, by=[drawn.fact, small])
    return draws.fact
