"""Data with a density and a finite Fisher information: what the Bayes predictor's steps cost down
to x_0, and which variances of the steps are good.

In y_t = x_t/√ᾱ_t = x_0 + √s(t) ε the noise is s(t), s(0) = 0. Of the law of x_0 + √u ε, H(u) is the
entropy and J(u) the Fisher information, the mean square of the score. Four facts are cited and
stand among the hypotheses: de Bruijn's identity H(b) - H(a) = ½∫J, that J falls (noise only loses
information), Stam's inequality 1/J(u) >= 1/J(0) + u/d, and Tweedie's formula, by which the
mean square error of E[y_{t-1}|y_t] is dg - g²J(s(t)) with g = s(t) - s(t-1).
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, exp, log
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    Integral,
    Sum,
    function,
)
from boundcheck.theorems.language.expr import constant, expr
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theory.formulas import diffusion, to_the_data

SOURCE = "derived here"
pi = constant("pi")


# -- variances -------------------------------------------------------------------------------------


@theorem(source=SOURCE)
def cost_of_a_variance(t):
    """VARIANCE_COST is at least 0, and at most d(1/v - 1)²/4 for v <= 1."""
    d, v = t.real("d v")
    t.given(d >= 1)
    with t.let(v, given=[v > 0]) as sign:
        least = t.show(log(v) + 1 / v - 1 >= 0)
        t.show(t.read(to_the_data.VARIANCE_COST, stretch=v) >= 0, by=least, opaque=[log(v)])
    with t.let(v, given=[v > 0, v <= 1]) as most:
        below = t.show(log(v) + 1 / v - 1 <= (1 / v - 1) ** 2 / 2)
        goal = t.read(to_the_data.VARIANCE_COST, stretch=v) <= d * (1 / v - 1) ** 2 / 4
        t.show(goal, by=below, opaque=[log(v), 1 / v])
    t.example(d=1)
    return t.together(sign.fact, most.fact)


@theorem(source="Bao, Li, Zhu, Zhang, 2022; this proof is derived here")
def best_variance(t):
    """Of all variances BEST_VARIANCE makes w_t mmse_t + VARIANCE_COST least, and that is
    BEST_VARIANCE_COST, at most the w̃_t mmse_t of σ_t² = β̃_t."""
    d, sigma2, best, mmse, w = t.real("d sigma2 posterior_variance mmse w_best")
    x, v = t.real("x v")
    t.given(d >= 1, sigma2 > 0, best > 0, mmse >= 0, w >= 0)
    t.example(d=1)

    def cost(v):
        return w * best / v * mmse + t.quoted(diffusion.VARIANCE_COST, sigma2=v)

    least, chosen = t.read(to_the_data.BEST_VARIANCE_COST), t.read(to_the_data.BEST_VARIANCE)
    factor = 1 + 2 * w * mmse / d
    with t.let(x, given=[x > 0]) as tangent:
        t.show(x - 1 >= log(x))
    t.show(factor >= 1)
    with t.let(v, given=[v > 0]) as every:
        y = best / v * factor
        t.show(y > 0)
        value = t.show(log(y).eq(log(best / v) + log(factor)))
        t.show(least <= cost(v), by=[tangent(y), value])
    inverse = t.show((best / chosen).eq(1 / factor))
    value = t.show(log(1 / factor).eq(-log(factor)))
    same = t.show(log(best / chosen).eq(log(1 / factor)), by=inverse)
    found = [
        every(sigma2),
        t.show(cost(chosen).eq(least), by=[value, same]),
        t.show(least <= w * mmse, by=tangent(factor)),
    ]
    return t.together(*found)


@theorem(source=SOURCE)
def weight_of_a_step(t):
    """w_t = gap/(2v noise²): an error of the predictor is one of the score times the noise. And
    gap is the difference of the noise."""
    before, beta, v = t.real("alpha_bar_before beta stretch")
    t.given(before > 0, before <= 1, beta > 0, beta < 1, v > 0)
    t.example(beta="1/2")
    after = t.quoted(diffusion.ALPHA_BAR)
    names = {"alpha_bar": after, "sigma2": v * beta / (1 - beta)}
    gap, noise = (t.read(f, alpha_bar=after) for f in (to_the_data.GAP, to_the_data.NOISE))
    earlier = t.quoted(to_the_data.NOISE, alpha_bar=before)
    weight = t.quoted(diffusion.WEIGHT, **names)
    return t.show(
        And(
            weight.eq(gap / (2 * v * noise**2)),
            gap.eq(noise - earlier),
            t.read(to_the_data.STRETCH, **names).eq(v),
        )
    )


# -- scores ----------------------------------------------------------------------------------------


@theorem(source=SOURCE)
def score_of_a_sum(t):
    """From Stam's inequality: J <= SCORE; and the mean square error d noise - noise² J of Tweedie's
    formula is at least LEAST_ERROR."""
    J, fisher, noise, d = t.real("J fisher noise d")
    t.given(d >= 1, noise > 0, fisher > 0, J > 0)
    stam = t.given(1 / fisher + noise / d <= 1 / J)
    t.example(J="1/2")
    score, error = t.read(to_the_data.SCORE), t.read(to_the_data.LEAST_ERROR)
    return t.together(
        t.show(score >= J, by=stam),
        t.show(error <= d * noise - noise**2 * J, by=stam),
    )


# -- steps -----------------------------------------------------------------------------------------


class Process:
    """The noise s(0) = 0, s(1), ... of y_0, y_1, ..., and step k from y_k to y_(k-1): the model's
    law is normal with the variance v(k)(s(k) - s(k-1)) around E[y_(k-1)|y_k]."""

    def __init__(self, t):
        self.t, self.d, self.fisher = t, *t.real("d fisher")
        self.H, self.J, self.u = *t.function("H J", REAL), t.variable("u", REAL)
        self.s, self.v, self.error, self.entropy, self.bayes = t.sequence(
            "s v error entropy bayes", REAL
        )
        self.k, a, b = t.nat("k"), *t.real("a b")
        k, d, order = self.k, self.d, [a >= 0, a <= b]
        t.given(d >= 1, self.fisher > 0)
        self.start = t.given(self.s(0).eq(0))
        self.grows = t.given(Forall(k, self.s(k) < self.s(k + 1)))
        self.positive = t.given(Forall(k, self.v(k + 1) > 0))
        rise = Integral(self.J(self.u), (self.u, a, b)) / 2
        self.bruijn = t.given(Forall([a, b], (self.H(b) - self.H(a)).eq(rise), order))
        self.falls = t.given(Forall([a, b], self.J(b) <= self.J(a), order))
        sharper = 1 / self.J(a) >= 1 / self.fisher + a / d
        self.stam = t.given(Forall(a, And(self.J(a) > 0, sharper), [a >= 0]))
        g, end = self.gap(k), self.s(k + 1)
        self.tweedie = t.given(Forall(k, self.error(k + 1).eq(d * g - g**2 * self.J(end))))
        both = self.H(self.s(k)) + d / 2 * log(2 * pi * exp(expr(1)) * g) - self.H(end)
        self.chain = t.given(Forall(k, self.entropy(k + 1).eq(both)))
        v = self.v(k + 1)
        normal = d / 2 * log(2 * pi * (v * g)) + self.error(k + 1) / (2 * (v * g))
        self.step = t.given(Forall(k, self.bayes(k + 1).eq(normal - self.entropy(k + 1))))

    def gap(self, k):
        return self.s(k + 1) - self.s(k)

    def noise(self):
        """s(k) >= 0 for all k."""
        base = self.t.show(self.s(0) >= 0, by=self.start)
        with self.t.induct(self.s(self.k) >= 0, self.k, base=base) as step:
            self.t.show(step.goal, by=[step.hypothesis, self.grows(self.k)])
        return step

    def cost(self, k):
        return self.t.quoted(to_the_data.VARIANCE_COST, stretch=self.v(k + 1), d=self.d)


@theorem(source=SOURCE)
def bayes_step(t):
    """bayes_t is ½∫(J(u) - J(s_t)) du over the step, and what its variance costs: exactly."""
    a = Process(t)
    k, u = a.k, a.u
    d, noise, (x, y, j) = a.d, a.noise(), t.real("x y j")
    with t.let(x, y, given=[x > 0, y > 0]) as logs:
        unit = log(2 * pi * x)
        t.show(
            And(
                log(2 * pi * (y * x)).eq(log(y) + unit), log(2 * pi * exp(expr(1)) * x).eq(1 + unit)
            )
        )
    with t.let(x, y, j, given=[x > 0, y > 0]) as share:
        t.show(((a.d * x - x**2 * j) / (2 * (y * x))).eq(a.d / (2 * y) - x * j / (2 * y)))
    with t.let(k) as each:
        g, start, end, v = a.gap(k), a.s(k), a.s(k + 1), a.v(k + 1)
        sign, order = noise(k), a.grows(k)
        rise = a.bruijn(start, end, by=[sign, order])
        whole = Integral(a.J(u), (u, start, end))
        constant = Integral(a.J(end), (u, start, end))
        flat = t.primitive(constant, function(u, a.J(end) * u), by=order)
        above = Integral(a.J(u) - a.J(end), (u, start, end))
        with t.let(u, given=[start <= u, u <= end]) as inside:
            positive = t.show(u >= 0, by=[*inside.facts, sign])
            facts = [
                a.falls(start, u, by=[*inside.facts, sign]),
                a.falls(u, end, by=[positive, *inside.facts]),
            ]
            facts += [a.stam(end, by=[sign, order])]
            t.show(
                Abs(a.J(u) - a.J(end)) <= a.J(start),
                by=facts,
                opaque=[a.J(u), a.J(end), a.J(start)],
            )
        t.integral_exists(above, a.J(start), by=[inside.fact, order])
        split = t.integrate(above.eq(whole - constant))
        found = above / 2 + a.cost(k) - (1 / v - 1) * g * a.J(end) / 2
        width = [order, a.positive(k)]
        first, second = logs(g, v, by=width)
        part = share(g, v, a.J(end), by=width)
        value = t.rewrite(part, t.rewrite(first, t.rewrite(a.tweedie(k), a.step(k))))
        entropy, unit = t.rewrite(second, a.chain(k)), log(2 * pi * g)
        ends = a.H(start) - a.H(end)
        area = t.show(ends.eq(-(above + g * a.J(end)) / 2), by=[split, flat, rise])
        rest = d / 2 * (log(v) - 1) + d / (2 * v) - g * a.J(end) / (2 * v) - ends
        rest = t.show(
            a.bayes(k + 1).eq(rest), by=[value, entropy, a.positive(k)], opaque=[unit, log(v), g]
        )
        rest = t.rewrite(area, rest)
        t.show(a.bayes(k + 1).eq(found), by=[rest, a.positive(k)], opaque=[log(v), g])
    return each.fact


@theorem(source=SOURCE)
def bayes_step_at_most(t):
    """bayes_t is at most half of the gap times the fall of J, and what its variance costs."""
    a = Process(t)
    k, u = a.k, a.u
    noise, exact = a.noise(), t.use("fisher.bayes_step")
    with t.let(k) as each:
        g, start, end, v = a.gap(k), a.s(k), a.s(k + 1), a.v(k + 1)
        sign, order = noise(k), a.grows(k)
        one = exact(k)
        constant = Integral(a.J(start) - a.J(end), (u, start, end))
        flat = t.primitive(constant, function(u, (a.J(start) - a.J(end)) * u), by=order)
        above = Integral(a.J(u) - a.J(end), (u, start, end))
        t.exists(above, by=one)
        with t.let(u, given=[start <= u, u <= end]) as inside:
            fall = a.falls(start, u, by=[*inside.facts, sign])
            t.show(a.J(u) - a.J(end) <= a.J(start) - a.J(end), by=fall)
        most = t.integrate(above <= constant, by=inside.fact)
        bound = a.cost(k) - (1 / v - 1) * g * a.J(end) / 2 + g * (a.J(start) - a.J(end)) / 2
        fall = a.J(start) - a.J(end)
        area = t.show(above <= g * fall, by=[most, t.show(constant.eq(g * fall), by=flat)])
        hidden = [a.cost(k), (1 / v - 1) * g * a.J(end), above, g * fall]
        t.show(a.bayes(k + 1) <= bound, by=[one, area], opaque=hidden)
    return each.fact


@theorem(source=SOURCE)
def bayes_steps(t):
    """The sum of bayes_t over t = 1, ..., n + 1 is at most that of BAYES_STEP, if D(t) is at least
    the gap of the step t and grows: rise is D(t) - D(t - 1), D(0) = 0."""
    a = Process(t)
    k, n, D = a.k, t.nat("n"), t.sequence("D", REAL)
    zero, grows = t.given(D(0).eq(0), Forall(k, D(k) <= D(k + 1)))
    largest = t.given(Forall(k, a.gap(k) <= D(k + 1)))
    noise, single = a.noise(), t.use("fisher.bayes_step_at_most")
    x, g, j, r = t.real("x g j r")

    def score(k):
        return t.read(to_the_data.SCORE, noise=a.s(k))

    def bound(k):
        names = {"stretch": a.v(k + 1), "gap": a.gap(k), "rise": D(k + 1) - D(k)}
        return t.read(to_the_data.BAYES_STEP, score=score(k + 1), score_before=score(k), **names)

    with t.let(x, g, j, r, given=[x > 0, g >= 0, j > 0, j <= r]) as wide:
        most = Max(0, 1 - 1 / x) * g * r / 2
        t.show((1 / x - 1) * g * j / 2 + most >= 0, by=wide.facts)
    with t.let(k) as each:
        g, start, end, v = a.gap(k), a.s(k), a.s(k + 1), a.v(k + 1)
        signs, order = [noise(k), noise(k + 1)], a.grows(k)
        below = [
            t.show(a.J(e) <= score(j), by=[a.stam(e, by=sign), sign])
            for e, j, sign in ((start, k, signs[0]), (end, k + 1, signs[1]))
        ]
        facts = [a.positive(k), order, a.stam(end, by=signs[1]), below[1]]
        extra = wide(v, g, a.J(end), score(k + 1), by=facts)
        fall = a.falls(start, end, by=[signs[0], order])
        slow = t.show(
            g * (a.J(start) - a.J(end)) <= D(k + 1) * (a.J(start) - a.J(end)),
            by=[fall, largest(k)],
            opaque=[g],
        )
        rise = t.show(
            (D(k + 1) - D(k)) * a.J(start) <= (D(k + 1) - D(k)) * score(k),
            by=[grows(k), below[0]],
            opaque=[score(k)],
        )
        hidden = [a.cost(k), g * (a.J(start) - a.J(end)), score(k), *extra.left.args]
        goal = a.bayes(k + 1) <= bound(k) + D(k) * a.J(start) / 2 - D(k + 1) * a.J(end) / 2
        t.show(goal, by=[single(k), extra, slow, rise], opaque=hidden)

    def left(n):
        return Sum(a.bayes(k + 1), (k, 0, n))

    def right(n):
        return Sum(bound(k), (k, 0, n))

    def claim(n):
        return left(n) <= right(n) - D(n + 1) * a.J(a.s(n + 1)) / 2

    with t.let(k) as there:
        t.exists(bound(k), by=each(k))
    base = [each(0), t.single(left(0)), t.single(right(0)), zero]
    hidden = [bound(0)]
    start = t.show(claim(0), by=base, opaque=hidden)
    with t.induct(claim(n), n, base=start) as step:
        inside = Forall(k, Exists(bound(k)), [expr(0) <= k, k <= n + 1])
        ends = [t.show(Exists(e)) for e in (expr(0), n + 1)]
        t.derive("range_exists", t.show(inside, by=there.fact), *ends, term=right(n + 1))
        longer = [t.unroll(left(n + 1)), t.unroll(right(n + 1))]
        t.show(step.goal, by=[step.hypothesis, *longer, each(n + 1)], opaque=[bound(n + 1)])
    with t.induct(D(k) >= 0, k, base=zero) as size:
        t.show(size.goal, by=[size.hypothesis, grows(k)])
    with t.let(n) as whole:
        facts = [a.stam(a.s(n + 1), by=noise(n + 1)), size(n + 1)]
        sign = t.show(D(n + 1) * a.J(a.s(n + 1)) >= 0, by=facts)
        t.show(left(n) <= right(n), by=[step(n), sign])
    return whole.fact
