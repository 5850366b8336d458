"""Draws with a control variate: what is sampled is the gap of an interpolation.

A value psi(theta) is interpolated as Σ p(theta, g) rho(g), with weights p; the interpolation leaves
a gap. The mean of tau psi over theta is that of the interpolation, of which the coefficients of
rho(g) are known, without that of the gap, for which n draws s(1), ..., s(n) of weight w are taken.
"""

from boundcheck import theorem
from boundcheck.math import Abs
from boundcheck.theorems.author.words import And, Forall, In, LivesOn, Mean, Sum, function
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT

SOURCE = "derived here"


class Draws:
    """A law of theta, of the mass m = w n, with weights p; draws s(r), and |tau| <= 1."""

    def __init__(self, t, drawn=True):
        self.t, T = t, t.space("T")
        self.L, self.theta = t.law("L", T), t.variable("theta", T)
        self.tau, self.p = t.function("tau", T), t.function("p", T, NAT)
        self.s, (self.g, self.r, self.n, self.N) = t.sequence("s", T), t.nat("g r n N")
        self.m, self.w = t.real("m w")
        theta, g, N = self.theta, self.g, self.N
        law = And(
            Abs(self.tau(theta)) <= 1,
            Forall(g, self.p(theta, g) >= 0, given=[g >= 1, g <= N]),
            Sum(self.p(theta, g), (g, 1, N)).eq(1),
        )
        self.weights = t.given(LivesOn(self.L, theta, law))
        if drawn:
            self.mass, self.drawn = t.given(
                (self.w * self.n).eq(self.m), Forall(self.r, In(self.s(self.r), self.L))
            )

    def mean(self, u):
        return Mean(u, (self.theta, self.L))

    def each_draw(self, u):
        return Sum(u, (self.r, 1, self.n))

    @property
    def coefficient(self):
        """Of rho(g)."""
        theta, g, draw = self.theta, self.g, self.s(self.r)
        drawn = self.each_draw(self.tau(draw) * self.p(draw, g))
        return self.m * self.mean(self.tau(theta) * self.p(theta, g)) - self.w * drawn

    def weight_exists(self):
        """Means of tau p(., g), for g from 1 to N."""
        t, theta, g, N = self.t, self.theta, self.g, self.N
        with t.let(g, given=[g >= 1, g <= N]) as each:
            with t.let(theta, given=[In(theta, self.L)]) as inside:
                size, positive, total = self.weights(theta)
                one = t.one_of_many(total.left, g, by=positive)
                both = t.show(
                    And(self.p(theta, g) <= 1, self.p(theta, g) >= 0), by=[one, total, positive(g)]
                )
                term = self.tau(theta) * self.p(theta, g)
                t.together(both, t.show(Abs(term) <= self.p(theta, g), by=[both, size]))
            t.exists(self.mean(self.p(theta, g)), by=inside.fact, bound=1)
            t.exists(self.mean(term), by=inside.fact, bound=1)
            low, high = -self.mean(self.p(theta, g)), self.mean(self.p(theta, g))
            t.together(
                t.average(self.mean(term) >= low, by=inside.fact),
                t.average(self.mean(term) <= high, by=inside.fact),
            )
        return each.fact


@theorem(source=SOURCE)
def mean_weights(t):
    """The mean of tau p is at most that of p in absolute value."""
    return Draws(t, drawn=False).weight_exists()


@theorem(source=SOURCE)
def size_of_coefficients(t):
    """The coefficients of the corners and of the draws add up to at most 3m in absolute value."""
    c = Draws(t)
    theta, g, r, n, N, s = c.theta, c.g, c.r, c.n, c.N, c.s
    t.given(c.m >= 0, n >= 1)
    sign = t.show(c.w >= 0, by=c.mass)
    sizes = c.weight_exists()
    with t.let(r) as draw:
        c.weights(s(r), by=c.drawn(r))
    one = c.mean(c.p(theta, g))
    with t.let(g, given=[g >= 1, g <= N]) as each:
        low, high = sizes(g)
        with t.let(r) as term:
            size, positive, _ = draw.fact(r)
            u, v = c.tau(s(r)) * c.p(s(r), g), c.p(s(r), g)
            t.show(And(u <= v, -v <= u), by=[size, positive(g)])
        row, bound = c.each_draw(u), c.each_draw(v)
        above = t.add_up(row <= bound, by=term.fact)
        below = t.add_up(-bound <= row, by=term.fact)
        drawn = t.show(Abs(c.w * row) <= c.w * bound, by=[above, below, sign])
        mean = t.show(Abs(c.m * low.left) <= c.m * one, by=[low, high])
        part = Abs(c.coefficient) <= c.m * one + c.w * bound
        t.show(part, by=[drawn, mean], opaque=[c.w * row, c.w * bound, c.m * low.left, c.m * one])
    with t.let(g, given=[g >= 1, g <= N]) as there:
        sizes(g)
        t.exists(one)
    whole = Sum(c.p(theta, g), (g, 1, N))
    summed = t.mean_of_sum(c.mean(whole), by=there.fact)
    with t.let(theta, given=[In(theta, c.L)]) as inside:
        _, _, total = c.weights(theta)
        t.show(total.formula)
    unit = t.average(c.mean(whole).eq(1), by=inside.fact)
    swapped = t.use("sums.order_of_sums", {"u": function([g, r], c.p(s(r), g)), "m": N, "n": n})
    with t.let(r) as unit_draw:
        _, _, total = draw.fact(r)
        t.show(total.formula)
    ones = t.add_up(swapped.right.eq(c.each_draw(expr(1))), by=unit_draw.fact)
    corners = Sum(Abs(c.coefficient), (g, 1, N))
    first = t.add_up(corners <= c.m * summed.right + c.w * swapped.left, by=each.fact)
    draws = c.each_draw(Abs(c.w * c.tau(s(r))))
    with t.let(r) as last:
        size, _, _ = draw.fact(r)
        t.show(Abs(c.w * c.tau(s(r))) <= c.w, by=[size, sign])
    second = t.add_up(draws <= c.w * c.each_draw(expr(1)), by=last.fact)
    known = [first, second, summed, unit, swapped, ones, t.count(c.each_draw(expr(1))), c.mass]
    return t.show(corners + draws <= 3 * c.m, by=known)


@theorem(source=SOURCE)
def interpolation_and_draws(t):  # noqa: PLR0915
    """The interpolation and the draws together are m E tau psi, but for the error of the draws of
    the gaps."""
    c = Draws(t, drawn=False)
    theta, g, r, n, N, s = c.theta, c.g, c.r, c.n, c.N, c.s
    psi, rho, b = t.function("psi", theta.sort), t.function("rho", NAT), t.real("b")

    def gap(theta):
        return Sum(c.p(theta, g) * rho(g), (g, 1, N)) - psi(theta)

    bounded = t.given(LivesOn(c.L, theta, Abs(gap(theta)) <= b))
    sizes = c.weight_exists()
    tau, total = c.tau(theta), Sum(c.p(theta, g) * rho(g), (g, 1, N))
    with t.let(g, given=[g >= 1, g <= N]) as term:
        low, _high = sizes(g)
        scaled = c.mean(tau * c.p(theta, g) * rho(g))
        with t.let(theta, given=[In(theta, c.L)]):
            t.show((tau * c.p(theta, g) * rho(g)).eq(rho(g) * (tau * c.p(theta, g))))
        t.exists(c.mean(Abs(tau * c.p(theta, g))))
        t.exists(scaled, bound=Abs(rho(g)) * c.mean(Abs(tau * c.p(theta, g))))
        t.average(scaled.eq(rho(g) * low.left))
    with t.let(g, given=[g >= 1, g <= N]) as there:
        t.exists(scaled, by=term.fact)
    product = Sum(tau * c.p(theta, g) * rho(g), (g, 1, N))
    summed = t.mean_of_sum(c.mean(product), by=there.fact)
    with t.let(theta, given=[In(theta, c.L)]) as point:
        size, _, _ = c.weights(theta)
        split = t.add_up(product.eq(tau * total))
        value = t.show((tau * gap(theta)).eq(product - tau * psi(theta)), by=split)
        t.together(
            value,
            t.show(Abs(tau * gap(theta)) <= b, by=[size, bounded(theta)], opaque=[gap(theta)]),
        )
    error, plain = c.mean(tau * gap(theta)), c.mean(tau * psi(theta))
    hidden = [product, gap(theta)]
    t.exists(error, by=point.fact, bound=b, at=theta, opaque=hidden)
    t.exists(c.mean(Abs(product)))
    most = c.mean(Abs(product)) + b
    t.exists(
        plain,
        by=point.fact,
        bound=most,
        at=theta,
        opaque=[*hidden, tau * psi(theta), tau * gap(theta)],
    )
    parts = t.average(
        plain.eq(c.mean(product) - error),
        by=point.fact,
        at=theta,
        opaque=[*hidden, tau * psi(theta), tau * gap(theta)],
    )
    value = c.tau(s(r)) * c.p(s(r), g)
    with t.let(r) as draw:
        row = Sum(value * rho(g), (g, 1, N))
        split = t.add_up(row.eq(c.tau(s(r)) * Sum(c.p(s(r), g) * rho(g), (g, 1, N))))
        t.show((c.tau(s(r)) * gap(s(r))).eq(row - c.tau(s(r)) * psi(s(r))), by=split)
    gaps, values = (c.each_draw(c.tau(s(r)) * u) for u in (gap(s(r)), psi(s(r))))
    rows = c.each_draw(row)
    drawn = t.add_up(gaps.eq(rows - values), by=draw.fact)
    values_of = {"u": function([r, g], value * rho(g)), "m": n, "n": N}
    swapped = t.use("sums.order_of_sums", values_of)
    with t.let(g, given=[g >= 1, g <= N]) as corner:
        column = t.add_up(c.each_draw(value * rho(g)).eq(rho(g) * c.each_draw(value)))
        mean = term.fact(g)
        goal = (c.coefficient * rho(g)).eq(c.m * scaled - c.w * column.left)
        t.show(goal, by=[column, mean])
    corners = Sum(c.coefficient * rho(g), (g, 1, N))
    first = t.add_up(corners.eq(c.m * summed.right - c.w * swapped.right), by=corner.fact)
    draws = c.each_draw(c.w * c.tau(s(r)) * psi(s(r)))
    second = t.add_up(draws.eq(c.w * values))
    total = c.m * plain + (c.m * error - c.w * gaps)
    return t.show((corners + draws).eq(total), by=[first, second, summed, swapped, drawn, parts])
