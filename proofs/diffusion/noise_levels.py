"""What a noisy observation says of the data, as the noise grows.

Given the data u, x is N(√ᾱ u, (1-ᾱ)I) at the level ᾱ of the signal, with the density g(ᾱ, u, x)
with respect to the base, as in `diffusion_steps`; mmse(ᾱ) = E |u - E[u|x]|² is the least error of
a predictor, and I(ᾱ) the information that x has of u.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log, sqrt
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    In,
    Integral,
    Mean,
    Sum,
    function,
    samples,
)
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas import diffusion, information

SOURCE = "derived here"


def exponent(m, v, z):
    """The logarithm of the density of N(m, v) at z."""
    return z**2 / 2 - (z - m) ** 2 / (2 * v) - log(v) / 2


class Levels:
    """Data with a finite second moment, and an observation of them."""

    def __init__(self, t, moment=True):
        self.t, self.normal = t, t.law("normal", REAL)
        self.base = samples(self.normal)
        self.u, self.x, self.y = t.sequence("u x y", REAL)
        self.i, self.d = t.nat("i d")
        self.data = t.law("data", self.u.sort)
        z, s = t.real("z s")
        moment_of = Mean(exp(s * z), (z, self.normal)).eq(exp(s**2 / 2))
        self.standard = t.given(Forall(s, moment_of))
        self.moment = self.over(self.sum(self.u(self.i) ** 2))
        self.within = [self.i >= 1, self.i <= self.d]
        if moment:
            self.finite = t.given(Exists(self.moment))

    def over(self, v):
        """The mean over the data."""
        return Mean(v, (self.u, self.data))

    def mean(self, v, x=None):
        """The mean over the base."""
        return Mean(v, (self.x if x is None else x, self.base))

    def sum(self, term):
        return Sum(term, (self.i, 1, self.d))

    def density(self, m, v, z):
        """Of N(m, vI) at z, m written in i."""
        return exp(self.sum(exponent(m, v, z(self.i))))

    def g(self, level, x=None):
        """The density at x of the observation of u."""
        x = self.x if x is None else x
        return self.density(sqrt(level) * self.u(self.i), 1 - level, x)

    def best(self, level, x=None):
        """E[u|x] in the coordinate i."""
        g = self.g(level, x)
        return self.over(self.u(self.i) * g) / self.over(g)

    def error_at(self, level, x=None):
        """E |u - E[u|x]|² at x, times the density of x."""
        g = self.g(level, x)
        return self.over(g * self.sum((self.u(self.i) - self.best(level, x)) ** 2))

    def mmse(self, level):
        return self.mean(self.error_at(level))

    def information(self, level):
        g = self.g(level)
        return self.mean(self.over(g * log(g / self.over(g))))

    def squares(self):
        """E u(i)² is finite."""
        t, u, i = self.t, self.u, self.i
        with t.let(i, given=self.within) as squares:
            with t.let(u) as one:
                t.one_of_many(self.sum(u(i) ** 2), i)
            t.exists(self.over(u(i) ** 2), bound=self.moment, by=one)
        return squares

    def most(self, level, x=None):
        """What g is not above, whatever the data are."""
        x = self.x if x is None else x
        return exp(self.sum(x(self.i) ** 2 / 2 - log(1 - level) / 2))

    def sizes(self, level, x=None, by=()):
        """0 < g <= e(x)."""
        t, g, most = self.t, self.g(level, x), self.most(level, x)
        low, high = g.args[0], most.args[0]
        t.exists(log(1 - level), by=[t.show(1 - level > 0, by=by)])
        with t.let(self.u, self.x if x is None else x) as sizes:
            less = t.add_up(low <= high, by=by, opaque=[log(1 - level)])
            t.together(t.show(g > 0), t.show(g <= most, by=less, opaque=[low, high]))
        return sizes

    def whole(self, level, x=None):
        """The mean of the density is 1."""
        values = {"m": function(self.i, sqrt(level) * self.u(self.i)), "v": 1 - level}
        found, _ = self.t.use("normal_vectors.moments_of_a_normal_vector", values)
        return found


@theorem(source="folklore")
def forward_kernel(t):
    """√(1-β) y + √β ε has the density g(ᾱ, u, .) with ᾱ = ᾱ_{t-1}(1-β), if y has the density
    g(ᾱ_{t-1}, u, .): so x_t given x_0 = u is N(√ᾱ_t u, (1-ᾱ_t)I)."""
    n = Levels(t, moment=False)
    u, x, y, i = n.u, n.x, n.y, n.i
    before, beta, after = t.real("alpha_bar_before beta alpha_bar")
    t.given(before > 0, before < 1, beta > 0, beta < 1)
    known = t.given(after.eq(t.read(diffusion.ALPHA_BAR)))
    every, _ = t.use("diffusion_steps.posterior", by=known)
    one = t.use("diffusion_steps.posterior_in_a_coordinate", by=known)
    old, new = n.g(before, y), n.g(after)
    h = n.density(sqrt(1 - beta) * y(i), beta, x)
    data, state = t.quoted(diffusion.FROM_DATA), t.quoted(diffusion.FROM_STATE)
    for term in (data, state):
        t.exists(term, by=one)
    center = data * u(i) + state * x(i)
    variance = t.quoted(diffusion.POSTERIOR_VARIANCE)
    n.density(center, variance, y)
    with t.let(u, x) as each:
        values = {"m": function(i, center), "v": variance}
        whole, _ = t.use("normal_vectors.moments_of_a_normal_vector", values, by=one)
        goal = n.mean(old * h, y)
        t.exists(goal, bound=new * whole.left, by=every)
        same = t.average(goal.eq(new * whole.left), by=every)
        t.show(goal.eq(new), by=[same, whole])
    return each.fact


@theorem(source="folklore; this proof is derived here")
def least_error(t):  # noqa: PLR0915
    """mmse(ᾱ) is finite, and the sum of that of the coordinates; it is not negative."""
    n = Levels(t)
    u, x, i, level = n.u, n.x, n.i, t.real("alpha_bar")
    t.given(level > 0, level < 1)
    g, squares, sizes = n.g(level), n.squares(), n.sizes(level)
    loss = n.over(n.mean(g * n.sum((u(i) - 0) ** 2)))
    with t.let(u) as each:
        one = n.whole(level)
        square = n.sum((u(i) - 0) ** 2)
        t.exists(n.mean(g * square))
        same = t.average(n.mean(g * square).eq(square * n.mean(g)), law=n.base)
        zero = t.add_up(square.eq(n.sum(u(i) ** 2)))
        t.show(n.mean(g * square).eq(n.sum(u(i) ** 2)), by=[one, same, zero])
    t.same_mean(loss, n.moment, by=each)
    values = {
        "data": n.data,
        "base": n.base,
        "g": function([u, x], g),
        "e": function(x, n.most(level)),
        "v": function([i, u], u(i)),
    }
    spaces = {"U": u.sort, "X": x.sort}
    whole = t.use(
        "bayes_predictor.error_of_a_predictor",
        values | {"r": function([i, x], 0)},
        spaces,
        [sizes, squares],
    )
    t.exists(n.mmse(level), by=whole)
    apart = (u(i) - n.best(level)) ** 2
    inside, total = n.sum(apart * g), g * n.sum(apart)
    with t.let(x, given=[In(x, n.base)]) as point:
        with t.let(u) as here:
            sizes(u, x)
        t.exists(n.over(g), bound=n.most(level), by=here)
        known = {"mu": n.data, "u": function(u, g)}
        positive = t.use("divergence.mean_of_positive", known, {"X": u.sort}, here)
        with t.let(i, given=n.within) as coordinates:
            squares(i)
            known = {**values, "v": function(u, u(i)), "r": 0}
            t.use("bayes_predictor.error_at_a_point", known, spaces, sizes)
            first = n.best(level).args[0]
            t.together(*(t.exists(e) for e in (first, n.best(level), n.over(apart * g))))
        with t.let(u, given=[In(u, n.data)]) as terms:
            weight, _ = sizes(u, x)
            same = t.add_up(inside.eq(total), by=[positive, coordinates])
            with t.let(i, given=n.within) as signs:
                t.exists(n.best(level), by=coordinates(i))
                t.show(apart * g >= 0, by=weight, opaque=[n.best(level), g])
            with t.let(i, given=n.within) as one:
                below = t.one_of_many(inside, i, by=[signs, coordinates])
                goal = apart * g <= total
                t.together(signs(i), t.show(goal, by=[below, same], opaque=[apart, g]))
            distance = t.add_up(n.sum(apart) >= 0, by=[positive, coordinates])
            t.together(same, one.fact, t.show(total >= 0, by=[distance, weight], opaque=[g]))
        split = t.mean_of_sum(n.over(inside), by=coordinates)
        same = t.same_mean(n.error_at(level), split.left, by=terms)
        equal = t.show(n.error_at(level).eq(split.right), by=[split, same])
        with t.let(i, given=n.within) as one:
            coordinates(i)
            with t.let(u, given=[In(u, n.data)]) as own:
                _, every, _ = terms(u)
                every(i)
            hidden = {"by": own, "at": u, "opaque": [apart * g, total]}
            t.together(
                t.average(n.over(apart * g) <= n.error_at(level), **hidden),
                t.average(n.over(apart * g) >= 0, **hidden),
            )
        with t.let(u, given=[In(u, n.data)]) as signs:
            tuple(terms(u))
        more = t.average(n.error_at(level) >= 0, by=signs, at=u, opaque=[total])
        t.together(equal, one.fact, more)
    with t.let(i, given=n.within) as each:
        with t.let(x, given=[In(x, n.base)]) as own:
            _, every, _ = point(x)
            every(i)
        t.exists(n.mean(n.over(apart * g)), bound=n.mmse(level), by=own)
    split = t.mean_of_sum(n.mean(n.sum(n.over(apart * g))), by=each)
    same = t.same_mean(n.mmse(level), split.left, by=point)
    with t.let(x, given=[In(x, n.base)]) as signs:
        tuple(point(x))
    more = t.average(n.mmse(level) >= 0, by=signs, at=x, opaque=[n.error_at(level)])
    return t.together(each.fact, t.show(n.mmse(level).eq(split.right), by=[split, same]), more)


@theorem(source="folklore; this proof is derived here")
def error_grows(t):
    """More noise does not make the least error smaller: mmse falls in ᾱ."""
    n = Levels(t)
    u, x, y, i = n.u, n.x, n.y, n.i
    before, beta, after = t.real("alpha_bar_before beta alpha_bar")
    t.given(before > 0, before < 1, beta > 0, beta < 1)
    known = t.given(after.eq(t.quoted(diffusion.ALPHA_BAR)))
    inside = t.show(And(after > 0, after < 1), by=known)
    squares, h = n.squares(), n.density(sqrt(1 - beta) * x(i), beta, y)
    kernel = t.use("noise_levels.forward_kernel", by=known)
    early, late = n.sizes(before), n.sizes(after, y, by=inside)
    with t.let(u, y) as observed:
        t.together(late(u, y), kernel(u, y))
    with t.let(x) as steps:
        with t.let(y) as sign:
            t.show(h > 0)
        values = {"m": function(i, sqrt(1 - beta) * x(i)), "v": beta}
        whole, _ = t.use("normal_vectors.moments_of_a_normal_vector", values)
        t.together(sign.fact, whole)
    values = {
        "data": n.data,
        "base": n.base,
        "g": function([u, x], n.g(before)),
        "G": function([u, y], n.g(after, y)),
        "h": function([x, y], h),
        "e": function(x, n.most(before)),
        "E": function(y, n.most(after, y)),
    }
    first, one, _ = t.use("noise_levels.least_error", {"alpha_bar": before})
    second, two, _ = t.use("noise_levels.least_error", {"alpha_bar": after}, by=inside)
    with t.let(i, given=n.within) as each:
        known = [observed, steps, early, squares, first, second]
        t.use(
            "bayes_predictor.noise_adds_error",
            values | {"v": function(u, u(i))},
            {"U": u.sort, "X": x.sort},
            known,
        )
    below = t.add_up(one.right <= two.right, by=each)
    return t.show(n.mmse(before) <= n.mmse(after), by=[below, one, two])


@theorem(source="Guo, Shamai, Verdú, 2005; this proof is derived here")
def information_of_a_step(t):
    """I(ᾱ_{t-1}) - I(ᾱ_t) is at least w̃_t mmse(ᾱ_{t-1}), where w̃_t is w_t with the variance β̃_t,
    half of the fall of the ratio of signal to noise."""
    n = Levels(t)
    before, beta, after, r = t.real("alpha_bar_before beta alpha_bar r")
    t.given(before > 0, before < 1, beta > 0, beta < 1)
    known = t.given(after.eq(t.quoted(diffusion.ALPHA_BAR)))
    order = t.show(And(after > 0, after <= before), by=known)
    area = Integral(n.mmse(r) / (1 - r) ** 2, (r, after, before))
    least = Integral(n.mmse(before) / (1 - r) ** 2, (r, after, before))
    axiom = t.derive("axiom", name="information_and_error").theorem
    values = {"data": n.data, "normal": n.normal, "d": n.d, "a": after, "b": before}
    found = t.use(axiom, values)(by=[n.standard, n.finite, order])
    p, q, w = t.real("p q w")
    with t.let(p, q, r, given=[r < 1, p <= q]) as divided:
        t.show(p / (1 - r) ** 2 <= q / (1 - r) ** 2, by=divided.facts)
    t.use("noise_levels.least_error", {"alpha_bar": before})
    t.exists(area, by=found)
    with t.let(r, given=[after <= r, r <= before]) as every:
        level = t.show(And(r > 0, r < 1), by=[order, *every.facts])
        t.use("noise_levels.least_error", {"alpha_bar": r}, by=level)
        goal = n.mmse(before) <= n.mmse(r)
        with t.suppose(before <= r) as end:
            same = t.show(r.eq(before), by=[*end.facts, *every.facts])
            t.show(goal, by=t.at_equals(function(r, n.mmse(r)), same))
        with t.suppose(r < before) as inside:
            less = t.show(And(1 - r / before > 0, 1 - r / before < 1), by=[*inside.facts, level])
            names = {"beta": 1 - r / before, "alpha_bar": r}
            t.use("noise_levels.error_grows", names, by=[less, *inside.facts])
        divided(n.mmse(before), n.mmse(r), r, by=[level, t.cases(before, r, end, inside)])
    with t.let(w, r, given=[after <= r, r <= before]) as slope:
        t.show(1 - r > 0, by=[order, *slope.facts])
        t.exists(w / (1 - r) ** 2)
        t.exists(w / (1 - r))
    with t.let(w) as values:
        constant = Integral(w / (1 - r) ** 2, (r, after, before))
        flat = t.primitive(constant, function(r, w / (1 - r)), by=[order, slope])
        best = t.read(diffusion.WEIGHT, sigma2=t.quoted(diffusion.POSTERIOR_VARIANCE))
        share = t.show((1 / (1 - before) - 1 / (1 - after)).eq(2 * best), by=known)
        t.show(constant.eq(2 * best * w), by=[flat, share, order], opaque=[best])
    value = values(n.mmse(before))
    below = t.integrate(least <= area, by=every)
    gain = n.information(before) - n.information(after)
    return t.show(gain >= best * n.mmse(before), by=[found, below, value], opaque=[best])


@theorem(source="folklore; this proof is derived here")
def information_is_positive(t):
    """I(ᾱ) >= 0."""
    n = Levels(t)
    u, x, level = n.u, n.x, t.real("alpha_bar")
    t.given(level > 0, level < 1)
    g, sizes = n.g(level), n.sizes(level)
    values = {"alpha_bar": level, "p": function(x, 1), "u": u}
    with t.let(u) as each:
        t.together(t.use("diffusion_steps.prior_term", values), n.whole(level))
    whole = n.over(n.mean(g * log(g / 1)))
    t.exists(log(1 - level))
    size = level * n.moment / 2 + Abs(n.d * level + n.d * log(1 - level)) / 2
    square = n.sum(u(n.i) ** 2)
    with t.let(u) as sign:
        t.add_up(square >= 0)
    hidden = {"at": u, "opaque": [log(1 - level), square]}
    t.exists(whole, bound=size, by=[each, sign], **hidden)
    values = {
        "mu": n.data,
        "beta": n.base,
        "q": function([u, x], g),
        "p": function(x, 1),
        "e": function(x, n.most(level)),
    }
    spaces = {"U": u.sort, "Y": x.sort}
    _, least = t.use("divergence.mixture", values, spaces, by=[sizes, each])
    return least


@theorem(source="Kingma, Salimans, Poole, Ho, 2021; this proof is derived here")
def weight_of_a_step(t):
    """With σ_t² = β̃_t, w_t is half of what the ratio of signal to noise falls, and > 0,
    t >= 2; w_1 is 1/(2σ_1²)."""
    before, beta, sigma2 = t.real("alpha_bar_before beta sigma2")
    t.given(beta > 0, beta < 1, sigma2 > 0)
    after = t.quoted(diffusion.ALPHA_BAR)
    variance = t.quoted(diffusion.POSTERIOR_VARIANCE, alpha_bar=after)
    best = t.read(diffusion.WEIGHT, alpha_bar=after, sigma2=variance)
    falls = t.read(diffusion.SNR, alpha_bar=before) - t.read(diffusion.SNR, alpha_bar=after)
    first = {"alpha_bar_before": 1, "alpha_bar": 1 - beta}
    with t.let(before, given=[before > 0, before < 1]) as later:
        t.together(t.show(best.eq(falls / 2)), t.show(best > 0))
    one = t.show(t.quoted(diffusion.WEIGHT, **first).eq(1 / (2 * sigma2)))
    t.example(beta="1/2", sigma2=1)
    return t.together(later.fact, one)


@theorem(source="textbooks of statistics; this proof is derived here")
def affine_predictor(t):  # noqa: PLR0915
    """m + a(x/√ᾱ - m) with the best a misses the data by AFFINE at most in the mean square, where
    `spread` bounds E |u - m|² and rank is d; for m = 0 that is MMSE."""
    n = Levels(t, moment=False)
    u, x, i, d, level, spread = n.u, n.x, n.i, n.d, *t.real("alpha_bar spread")
    m = t.function("m", NAT)(i)
    t.given(level > 0, level < 1, spread > 0, d >= 1)
    moment = n.over(n.sum((u(i) - m) ** 2))
    small = t.given(moment <= spread)
    root, s = sqrt(level), (1 - level) / level
    roots = t.show(And(root > 0, (root**2).eq(level), s > 0))
    g, b = n.g(level), t.real("b")

    def missed(b):
        """The square of the error, summed over the coordinates."""
        return n.sum((u(i) - (m + b * (x(i) / root - m))) ** 2)

    p, q, r, c = t.real("p q r c")
    with t.let(p, q, r, b, c, given=[r > 0, b > 0]) as terms:
        wrong = p - (q + b * (c / r - q))
        center = r * ((p - q) / b + q)
        one = t.show((wrong**2).eq((b / r) ** 2 * (c - center) ** 2))
        two = t.show(((r * p - center) ** 2).eq((r / b) ** 2 * (1 - b) ** 2 * (p - q) ** 2))
        t.together(one, two, t.show(((b / r) ** 2 * (r / b) ** 2).eq(1)))
    with t.let(b, given=[b > 0]) as best:
        center = root * ((u(i) - m) / b + m)
        t.exists(center)
        factor, other = (b / root) ** 2, (root / b) ** 2 * (1 - b) ** 2
        t.exists(factor, by=roots)
        t.exists(other)
        with t.let(u) as each:
            values = {"m": function(i, root * u(i)), "b": function(i, center), "v": 1 - level}
            whole = t.use("normal_vectors.squared_distance_from_a_point", values)
            with t.let(x) as out:
                with t.let(i) as coordinate:
                    terms(u(i), m, root, b, x(i), by=roots)
                same = t.add_up(
                    missed(b).eq(factor * n.sum((x(i) - center) ** 2)),
                    by=coordinate,
                    opaque=[factor, center],
                )
            goal = n.mean(g * missed(b))
            with t.let(x) as sign:
                distance = t.add_up(n.sum((x(i) - center) ** 2) >= 0, opaque=[center])
                t.together(out(x), distance, t.show(g > 0))
            square = n.sum((x(i) - center) ** 2)
            hidden = {"by": sign, "at": x, "opaque": [factor, missed(b), square, g]}
            t.exists(goal, bound=Abs(factor) * whole.left, **hidden)
            same = t.average(goal.eq(factor * whole.left), **hidden)
            with t.let(i) as coordinate:
                terms(u(i), m, root, b, 0, by=roots)
            apart = n.sum((u(i) - m) ** 2)
            middle = n.sum((root * u(i) - center) ** 2).eq(other * apart)
            middle = t.add_up(middle, by=coordinate, opaque=[center, other])
            _, _, one = terms(0, 0, root, b, 0, by=roots)
            product = t.show((factor * other).eq((1 - b) ** 2), by=one)
            noise = t.show((factor * (1 - level)).eq(b**2 * s), by=roots)
            known = [same, whole, middle, product, noise]
            goal = goal.eq((1 - b) ** 2 * apart + b**2 * (d * s))
            size = t.add_up(apart >= 0)
            t.together(t.show(goal, by=known, opaque=[factor, other, s, apart]), size)
        loss = n.over(n.mean(g * missed(b)))
        t.exists(loss, bound=(1 - b) ** 2 * moment + b**2 * d * s, by=each)
        t.average(loss.eq((1 - b) ** 2 * moment + b**2 * (d * s)), by=each)
    t.show(spread + d * s > 0, by=roots, opaque=[s])
    a = spread / (spread + d * s)
    found = best(a, by=t.show(a > 0, by=roots, opaque=[s]))
    bound = t.read(information.AFFINE, rank=d)
    most = (1 - a) ** 2 * spread + a**2 * (d * s)
    less = t.show(found.right <= most, by=small, opaque=[a, s])
    same = t.show(most.eq(bound))
    simple = t.show(most.eq(t.read(diffusion.MMSE, second_moment=spread)))
    return t.show(found.left <= bound, by=[found, less, same, simple])
