"""The Bayes predictor: the mean of the data given what is observed, a ratio of two marginals.

u is drawn by the law `data`, and x given u has the density g(u, .) with respect to the base, where
g <= e(x). With f2(x) = E g(u, x) and f1(x) = E v(u) g(u, x), f2 is the density of x, and
E[v(u)|x] = f1/f2.
"""

from boundcheck import Reading, theorem
from boundcheck.math import Abs, exp, log, sqrt
from boundcheck.theorems.author.words import And, Exists, Forall, In, LivesOn, Mean, Sum, function
from boundcheck.theorems.language.sorts import NAT, REAL

SOURCE = "derived here"


class Observed:
    """Data u, and an observation x of it."""

    def __init__(self, t):
        self.t, self.U, self.X = t, t.space("U"), t.space("X")
        self.data, self.base = t.law("data", self.U), t.law("base", self.X)
        self.u, self.x = t.variable("u", self.U), t.variable("x", self.X)
        self.g = t.function("g", self.U, self.X)(self.u, self.x)
        self.e = t.function("e", self.X)(self.x)
        sizes = And(self.g > 0, self.g <= self.e)
        self.sizes = t.given(LivesOn(self.data, self.u, LivesOn(self.base, self.x, sizes)))

    def over(self, v):
        """The mean over the data."""
        return Mean(v, (self.u, self.data))

    def mean(self, v):
        """The mean over the base."""
        return Mean(v, (self.x, self.base))

    def here(self):
        """g at a point x of the base, for all data."""
        with self.t.let(self.u, given=[In(self.u, self.data)]) as here:
            self.sizes(self.u)(self.x)
        return here

    def absolute(self, square, given):
        """The mean of |square * g| exists, as that of square * g does, by `given`."""
        t, u, x, body = self.t, self.u, self.x, self.g * square
        loss = self.over(self.mean(body))
        inside = t.derive("integrand", given, mean=loss)
        with t.let(u, given=[In(u, self.data)]) as sizes:
            inside(u)
            with t.let(x, given=[In(x, self.base)]) as signs:
                weight, _ = self.sizes(u)(x)
                t.show(body >= 0, by=[weight, t.add_up(square >= 0)])
            t.exists(self.mean(Abs(body)))
            same = t.average(self.mean(Abs(body)).eq(self.mean(body)), by=signs)
            t.together(same, t.average(self.mean(body) >= 0, by=signs))
        t.exists(self.over(self.mean(Abs(body))), bound=loss, by=sizes)


@theorem(source=SOURCE)
def error_at_a_point(t):
    """E (v - r)² g = E (v - f1/f2)² g + f2 (f1/f2 - r)² at a point x: f1/f2 is the best number."""
    n = Observed(t)
    v, r = t.function("v", n.U)(n.u), t.real("r")
    t.given(In(n.x, n.base))
    t.given(Exists(n.over(v**2)))
    here = n.here()
    f1, f2, square = n.over(v * n.g), n.over(n.g), n.over(v**2 * n.g)
    t.exists(f2, bound=n.e, by=here)
    t.exists(square, bound=n.e * n.over(v**2), by=here)
    t.exists(f1, bound=square + f2, by=here)
    positive = t.use(
        "divergence.mean_of_positive", {"mu": n.data, "u": function(n.u, n.g)}, {"X": n.U}, here
    )
    with t.let(r) as every:
        goal = n.over((v - r) ** 2 * n.g)
        t.exists(goal, bound=2 * square + 2 * r**2 * f2, by=here)
        t.average(goal.eq(square - 2 * r * f1 + r**2 * f2))
    best = f1 / f2
    t.exists(best, by=positive)
    one, two = every(r), every(best)
    same = t.show((best * f2).eq(f1), by=positive)
    return t.show(one.left.eq(two.left + f2 * (best - r) ** 2), by=[one, two, same], opaque=[best])


@theorem(source=SOURCE)
def error_of_a_predictor(t):
    """E |v(u) - r(x)|² is mmse = E |v(u) - E[v(u)|x]|², the least error, and the rest is
    E |E[v(u)|x] - r(x)|²."""
    n = Observed(t)
    u, x, (i, d) = n.u, n.x, t.nat("i d")
    v, r = t.function("v", NAT, n.U)(i, u), t.function("r", NAT, n.X)(i, x)
    within = [i >= 1, i <= d]

    def sum_of(term):
        return Sum(term, (i, 1, d))

    squares = t.given(Forall(i, Exists(n.over(v**2)), within))
    loss = n.over(n.mean(n.g * sum_of((v - r) ** 2)))
    given = t.given(Exists(loss))
    f2 = n.over(n.g)
    best = n.over(v * n.g) / f2
    least, excess_sum = n.over(n.g * sum_of((v - best) ** 2)), sum_of((best - r) ** 2)
    with t.let(x, given=[In(x, n.base)]) as point:
        here = n.here()
        t.exists(f2, bound=n.e, by=here)
        values = {"mu": n.data, "u": function(u, n.g)}
        positive = t.use("divergence.mean_of_positive", values, {"X": n.U}, here)
        with t.let(i, given=within) as each:
            squares(i)
            values = {"v": function(u, v), "r": r}
            t.use("bayes_predictor.error_at_a_point", values)
        t.exists(f2 * excess_sum, by=[positive, each])
        found = []
        for guess in (r, best):
            inside = sum_of((v - guess) ** 2 * n.g)
            total = n.over(n.g * sum_of((v - guess) ** 2))
            whole = t.mean_of_sum(n.over(inside), by=each)
            with t.let(u, given=[In(u, n.data)]) as apart:
                whole_square = n.g * sum_of((v - guess) ** 2)
                equal = t.add_up(inside.eq(whole_square), by=positive)
                distance = t.add_up(sum_of((v - guess) ** 2) >= 0, by=positive)
                weight, _ = n.sizes(u)(x)
                t.together(equal, t.show(whole_square >= 0, by=[distance, weight]))
            same = t.same_mean(total, whole.left, by=apart)
            found += [
                t.show(total.eq(whole.right), by=[same, whole]),
                t.average(total >= 0, by=apart),
            ]
        right = t.add_up(found[0].right.eq(found[2].right + f2 * excess_sum), by=each)
        split = t.show(found[0].left.eq(least + f2 * excess_sum), by=[found[0], found[2], right])
        distance = t.add_up(excess_sum >= 0, by=positive)
        t.together(split, found[1], found[3], t.show(f2 * excess_sum >= 0, by=[positive, distance]))
    n.absolute(sum_of((v - r) ** 2), given)
    swapped = t.exchange(loss, by=point)
    mmse, excess = n.mean(least), n.mean(f2 * excess_sum)
    for part in (mmse, excess):
        t.exists(part, bound=swapped.right, by=point)
    total = t.average(swapped.right.eq(mmse + excess), by=point)
    return t.show(loss.eq(mmse + excess), by=[swapped, total])


@theorem(source="folklore; this proof is derived here")
def noise_adds_error(t):  # noqa: PLR0915
    """Where y is x with more noise, drawn by the density h(x, .), the least error E (v - E[v|y])²
    is not below E (v - E[v|x])². G(u, .) is the density of y given u."""
    n = Observed(t)
    u, x, y, v = n.u, n.x, t.variable("y", n.X), t.function("v", n.U)(n.u)
    G, h, most = (
        t.function("G", n.U, n.X)(u, y),
        t.function("h", n.X, n.X)(x, y),
        t.function("E", n.X),
    )

    def over_y(w):
        return Mean(w, (y, n.base))

    after = And(G > 0, G <= most(y), n.mean(n.g * h).eq(G))
    after = t.given(LivesOn(n.data, u, LivesOn(n.base, y, after)))
    kernel = t.given(Forall([x, y], h > 0, [In(x, n.base), In(y, n.base)]))
    law = t.given(LivesOn(n.base, x, over_y(h).eq(1)))
    t.given(Exists(n.over(v**2)))
    best, late = n.over(v * n.g) / n.over(n.g), n.over(v * G) / n.over(G)
    least, worst = n.over((v - best) ** 2 * n.g), n.over((v - late) ** 2 * G)
    t.given(Exists(n.mean(least)), Exists(over_y(worst)))
    with t.let(u, given=[In(u, n.data)]) as own, t.let(y, given=[In(y, n.base)]):
        bound = after(u)(y)
        t.show(And(G > 0, G <= most(y)), by=bound)
    values = {"g": function([u, y], G), "e": function(y, most(y)), "x": y}
    c, gain = t.real("c"), n.mean(h * least)
    with t.let(x, c, given=[In(x, n.base)]) as here:
        n.here()
        known = {"v": function(u, v), "r": c}
        split = t.use("bayes_predictor.error_at_a_point", known)
        known = {"mu": n.data, "u": function(u, n.g)}
        above = t.use("divergence.mean_of_positive", known, {"X": n.U}, n.here())
        more = t.show(split.right.args[1] >= 0, by=above, opaque=[best])
        with t.let(u, given=[In(u, n.data)]) as signs:
            t.show((v - best) ** 2 * n.g >= 0, by=n.sizes(u)(x), opaque=[best])
        positive = t.average(least >= 0, by=signs)
        below = t.show(least <= split.left, by=[split, more], opaque=[split.right.args[1]])
        t.together(t.exists(split.left), positive, below)
    with t.let(y, c, given=[In(y, n.base)]) as fixed:
        t.use("bayes_predictor.error_at_a_point", values | {"v": function(u, v), "r": c}, by=own)
        inside = (v - c) ** 2 * n.g * h
        whole = n.over(n.mean(inside))
        with t.let(u, given=[In(u, n.data)]) as parts:
            with t.let(x, given=[In(x, n.base)]) as sign:
                weight, _ = n.sizes(u)(x)
                t.show(inside >= 0, by=[weight, kernel(x, y)])
            known = after(u)(y)
            t.exists(n.mean(inside))
            t.exists(n.mean(Abs(inside)))
            equal = t.average(n.mean(inside).eq((v - c) ** 2 * n.mean(n.g * h)))
            same = t.average(n.mean(Abs(inside)).eq(n.mean(inside)), by=sign)
            last = t.show(n.mean(inside).eq((v - c) ** 2 * G), by=[equal, known])
            t.together(last, same)
        later = n.over((v - c) ** 2 * G)
        t.same_mean(whole, later, by=parts)
        t.same_mean(n.over(n.mean(Abs(inside))), whole, by=parts)
        with t.let(x, given=[In(x, n.base)]) as outer:
            sizes = here(x, c)
            t.exists(n.over(inside))
            pulled = t.average(n.over(inside).eq(h * n.over((v - c) ** 2 * n.g)))
            below = t.show(h * least <= pulled.left, by=[pulled, sizes, kernel(x, y)])
            t.together(below, t.show(h * least >= 0, by=[sizes, kernel(x, y)]))
        swapped = t.exchange(whole, by=outer)
        t.exists(gain, bound=swapped.right, by=outer)
        less = t.average(gain <= swapped.right, by=outer)
        same = t.same_mean(whole, later, by=parts)
        positive = t.average(gain >= 0, by=outer)
        t.together(t.show(gain <= later, by=[less, swapped, same]), positive)
    with t.let(y, given=[In(y, n.base)]) as each:
        t.use("bayes_predictor.error_at_a_point", values | {"v": function(u, v), "r": 0}, by=own)
        t.exists(late)
        fixed(y, late)
    total = over_y(gain)
    t.exists(total, bound=over_y(worst), by=each)
    below = t.average(total <= over_y(worst), by=each)
    with t.let(x, given=[In(x, n.base)]) as rows:
        known = law(x)
        sign = here(x, 0)
        with t.let(y, given=[In(y, n.base)]) as terms:
            t.show(h * least >= 0, by=[sign, kernel(x, y)])
        t.exists(over_y(h * least))
        t.exists(over_y(Abs(h * least)))
        one = t.average(over_y(h * least).eq(least * over_y(h)), law=n.base, opaque=[least])
        hidden = {"law": n.base, "opaque": [least]}
        same = t.average(over_y(Abs(h * least)).eq(over_y(h * least)), by=terms, **hidden)
        t.together(t.show(over_y(h * least).eq(least), by=[one, known]), same)
    whole = n.mean(over_y(h * least))
    same = t.same_mean(whole, n.mean(least), by=rows)
    t.same_mean(n.mean(over_y(Abs(h * least))), whole, by=rows)
    swapped = t.exchange(whole, by=each)
    return t.show(n.mean(least) <= over_y(worst), by=[same, swapped, below])


@theorem(
    label="P",
    source=(
        "arXiv:2601.21242 claims that the Bayes predictor of DDPM is a ratio of kernel "
        "marginals; our reading"
    ),
    reading=Reading(
        "P3",
        "the Bayes predictor E[x_0|x_t] is f1/f2, kernel marginals with the variance 1 - alpha_bar",
    ),
)
def ratio_of_marginals(t):
    """E[u(k)|x] = f1/f2 and |f1| <= B f2, with f2(x) = E exp(-|x - √ᾱ u|²/(2(1-ᾱ))) and f1 the
    same with u(k), where |u(k)| <= B: the density of x given u is that kernel and a factor which
    does not depend on u."""
    (u, x), (i, k, d) = t.sequence("u x", REAL), t.nat("i k d")
    data, (alpha_bar, B) = t.law("data", u.sort), t.real("alpha_bar B")
    t.given(alpha_bar > 0, alpha_bar < 1, B >= 0)
    small = t.given(LivesOn(data, u, Abs(u(k)) <= B))

    def over(v):
        return Mean(v, (u, data))

    gap, noise = x(i) - sqrt(alpha_bar) * u(i), 1 - alpha_bar
    power = Sum(x(i) ** 2 / 2 - gap**2 / (2 * noise) - log(noise) / 2, (i, 1, d))
    distance = Sum(gap**2, (i, 1, d))
    kernel = exp(-distance / (2 * noise))
    factor = exp(Sum(x(i) ** 2 / 2 - log(noise) / 2, (i, 1, d)))
    g, (a, b) = exp(power), t.real("a b")
    t.exists(log(noise))
    with t.let(a, b) as product:
        t.show(exp(a + b).eq(exp(a) * exp(b)))
    with t.let(u) as each:
        split = t.add_up(power.eq(factor.args[0] - distance / (2 * noise)), opaque=[log(noise)])
        law = product(factor.args[0], -distance / (2 * noise))
        same = t.show(power.eq(factor.args[0] + -distance / (2 * noise)), by=split)
        sign = t.show(distance >= 0, by=t.add_up(distance >= 0))
        below = t.show(-distance / (2 * noise) <= 0, by=sign, opaque=[distance])
        positive = t.show(kernel > 0)
        less = t.show(kernel <= 1, by=below, opaque=[kernel.args[0]])
        t.together(t.rewrite(t.symmetric(same), law), positive, less)
    f1, f2 = over(u(k) * kernel), over(kernel)
    t.exists(f2, bound=1, by=each)
    t.exists(f1, bound=B, by=[each, small])
    hidden = {"by": each, "at": u, "opaque": [g, kernel, factor]}
    values = {"mu": data, "u": function(u, kernel)}
    positive = t.use("divergence.mean_of_positive", values, {"X": u.sort}, by=each)
    t.exists(over(g), bound=factor * f2, **hidden)
    t.exists(over(u(k) * g), bound=factor * over(Abs(u(k) * kernel)), **hidden)
    top = t.average(over(u(k) * g).eq(factor * f1), **hidden)
    bottom = t.average(over(g).eq(factor * f2), **hidden)
    some = t.show(factor > 0)
    hidden = {"by": [each, small], "at": u, "opaque": [kernel]}
    sizes = [t.average(f1 <= B * f2, **hidden), t.average(f1 >= -B * f2, **hidden)]
    equal = t.show((over(u(k) * g) / over(g)).eq(f1 / f2), by=[top, bottom, some, positive])
    return t.together(equal, t.show(Abs(f1) <= B * f2, by=sizes))
