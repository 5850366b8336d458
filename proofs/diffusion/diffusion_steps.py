"""A step of a diffusion model, forwards and backwards, for given data x_0 = u.

Forwards, x_t = √(1-β_t) x_{t-1} + √β_t ε with independent normal ε. Given x_0 = u, x_t is N(√ᾱ_t u,
(1-ᾱ_t)I), whose density with respect to the base is g(t, u, x), as in `normal_vectors`. Backwards,
the model draws x_{t-1} by N(from_data x̂_0(x_t) + from_state x_t, σ_t² I), x̂_0 being its predictor.
The coefficients are those of `boundcheck.theory.formulas.diffusion`, in which ᾱ_{t-1} is
`alpha_bar_before`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log, sqrt
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    In,
    LivesOn,
    Mean,
    Sum,
    function,
    samples,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas import diffusion

SOURCE = "Ho, Jain, Abbeel, 2020; this proof is derived here"


def exponent(m, v, z):
    """The logarithm of the density of N(m, v) at z."""
    return z**2 / 2 - (z - m) ** 2 / (2 * v) - log(v) / 2


@theorem(source=SOURCE)
def posterior_in_a_coordinate(t):
    """The densities of y = x_{t-1} given u = x_0 and of x = x_t given y have the product of those
    of x given u, and of y given x and u: the square is completed in y."""
    x, y, u = t.real("x y u")
    alpha_bar_before, beta, alpha_bar = t.real("alpha_bar_before beta alpha_bar")
    t.given(alpha_bar_before > 0, alpha_bar_before < 1, beta > 0, beta < 1)
    after = t.given(alpha_bar.eq(t.quoted(diffusion.ALPHA_BAR)))
    t.example(alpha_bar_before="1/2", beta="1/2", alpha_bar="1/4")
    mean = t.read(diffusion.FROM_DATA) * u + t.read(diffusion.FROM_STATE) * x
    variance = t.read(diffusion.POSTERIOR_VARIANCE)
    P, r, S = sqrt(alpha_bar_before), sqrt(1 - beta), sqrt(alpha_bar)
    inside = t.show(And(alpha_bar > 0, alpha_bar < 1), by=after)
    positive = t.show(variance > 0, by=inside)
    smaller = t.show(variance < beta, by=[inside, after])
    four = [1 - alpha_bar_before, beta, 1 - alpha_bar]
    product = t.show((four[0] * four[1]).eq(four[2] * variance), by=inside)
    a, b = t.real("a b")
    with t.let(a, b, given=[a > 0, b > 0]) as split:
        t.show(log(a * b).eq(log(a) + log(b)))
    ends = [split(*four[:2]), split(four[2], variance, by=[inside, positive])]
    same = t.at_equals(function(a, log(a)), product, by=ends)
    logs = log(four[0]) + log(beta)
    hidden = [log(u) for u in (*four, variance, *product.formula.args)]
    logs = t.show(logs.eq(log(four[2]) + log(variance)), by=[*ends, same], opaque=hidden)
    root = t.show(S.eq(P * r), by=after)
    with t.let(x, y, u) as every:
        t.exists(mean)
        squares = (y - P * u) ** 2 / (1 - alpha_bar_before) + (x - r * y) ** 2 / beta
        others = (y - mean) ** 2 / variance + (x - S * u) ** 2 / (1 - alpha_bar)
        one = t.show(squares.eq(others), by=[after, root])
        left = exponent(P * u, 1 - alpha_bar_before, y) + exponent(r * y, beta, x)
        right = exponent(S * u, 1 - alpha_bar, x) + exponent(mean, variance, y)
        hidden = [mean, variance, P, r, S, *(log(v) for v in (*four, variance))]
        t.show(left.eq(right), by=[one, logs, positive, inside], opaque=hidden)
    return t.together(inside, positive, smaller, every.fact)


class Step:
    """A step from x_{t-1} to x_t of the process that starts at u."""

    def __init__(self, t, standard=True):
        self.t, self.normal = t, t.law("normal", REAL)
        self.base = samples(self.normal)
        self.u, self.x, self.y = t.sequence("u x y", REAL)
        self.i, self.d = t.nat("i d")
        self.before, self.beta, self.after = t.real("alpha_bar_before beta alpha_bar")
        if standard:
            z, s = t.real("z s")
            t.given(Forall(s, Mean(exp(s * z), (z, self.normal)).eq(exp(s**2 / 2))))
        t.given(self.before > 0, self.before < 1, self.beta > 0, self.beta < 1)
        self.alpha = t.given(self.after.eq(t.quoted(diffusion.ALPHA_BAR)))
        self.variance = t.quoted(diffusion.POSTERIOR_VARIANCE)
        self.one = t.use("diffusion_steps.posterior_in_a_coordinate", by=self.alpha)
        self.inside, self.below_one, self.positive, *_ = self.one

    def sum(self, term):
        return Sum(term, (self.i, 1, self.d))

    def density(self, m, v, z):
        """Of N(m, vI) at z, m written in i."""
        return exp(self.sum(exponent(m, v, z(self.i))))

    def mean(self, u):
        """Over x_t = x, with respect to the base."""
        return Mean(u, (self.x, self.base))

    def given_data(self, alpha_bar, x):
        """g: the density at x of x_t given x_0 = u."""
        return self.density(sqrt(alpha_bar) * self.u(self.i), 1 - alpha_bar, x)

    def forward(self):
        """The density at x of x_t given x_{t-1} = y."""
        return self.density(sqrt(1 - self.beta) * self.y(self.i), self.beta, self.x)

    def center(self, data):
        """The mean of x_{t-1} in a coordinate, given x_t = x and what is taken for x_0."""
        t, i = self.t, self.i
        return t.quoted(diffusion.FROM_DATA) * data + t.quoted(diffusion.FROM_STATE) * self.x(i)

    def posterior(self):
        """The density at y of x_{t-1} given x_t = x and x_0 = u."""
        return self.density(self.center(self.u(self.i)), self.variance, self.y)

    def coefficients(self):
        """from_data and from_state, which exist."""
        found = [self.t.quoted(f) for f in (diffusion.FROM_DATA, diffusion.FROM_STATE)]
        for term in found:
            self.t.exists(term, by=self.below_one)
        return found

    def finite_squares(self, predictor, total, moments, signs):
        """The squares of the two centers have means, as the loss of the predictor does."""
        t, u, x, i, (data, state) = self.t, self.u, self.x, self.i, self.coefficients()
        new, error = self.given_data(self.after, x), u(i) - predictor(i, x)
        f, g, h = t.real("f g h")
        with t.let(f, g, h, given=[h > 0]) as young:
            t.show(Abs(h * (f + g) ** 2) <= 2 * (h * f**2) + 2 * (h * g**2), by=young.facts)
        with t.let(i, given=[i >= 1, i <= self.d]) as finite:
            with t.let(x) as one_error:
                t.together(t.one_of_many(self.sum(error**2), i), signs(x))
            square, loss = predictor(i, x) ** 2, self.mean(new * self.sum(error**2))
            bound = 2 * loss + 2 * u(i) ** 2 * total.left
            t.exists(self.mean(new * square), bound=bound, by=one_error, at=x, opaque=[new])
            t.exists(self.mean(new * u(i) ** 2))
            _, second = moments(i, 0)
            found = []
            for guess in (u(i), predictor(i, x)):
                bound = 2 * data**2 * self.mean(new * guess**2) + 2 * state**2 * second.left
                with t.let(x) as apart:
                    young(data * guess, state * x(i), new, by=signs(x))
                hidden = {"at": x, "opaque": [data, state, new], "by": apart}
                mean = self.mean(new * self.center(guess) ** 2)
                found.append(t.exists(mean, bound=bound, **hidden))
            t.together(*found)
        return finite


@theorem(source=SOURCE)
def posterior(t):
    """In d dimensions g(t - 1, u, y) h(y, x) = g(t, u, x) post(u, x, y), and so g(t - 1, u, .) is
    the density of y, if x has the density g(t, u, .) and y is drawn by the posterior."""
    n = Step(t)
    u, x, y, i = n.u, n.x, n.y, n.i
    *_, one = n.one
    h, post = n.forward(), n.posterior()
    old, new = n.given_data(n.before, y), n.given_data(n.after, x)
    a, b, c, e = t.real("a b c e")
    with t.let(a, b, c, e, given=[(a + b).eq(c + e)]) as product:
        t.show((exp(c) * exp(e)).eq(exp(a) * exp(b)), by=product.facts)
    with t.let(u, x, y) as every:
        with t.let(i) as each:
            one(x(i), y(i), u(i))
        logs = [e.args[0] for e in (old, h, new, post)]
        same = t.add_up((logs[0] + logs[1]).eq(logs[2] + logs[3]), by=each)
        product(*logs, by=same)
    drawn = {"m": function(i, sqrt(1 - n.beta) * y(i)), "v": n.beta}
    with t.let(u, y) as mixed:
        whole, _ = t.use("normal_vectors.moments_of_a_normal_vector", drawn)
        goal = n.mean(new * post)
        t.exists(goal, bound=old * whole.left, by=every)
        same = t.average(goal.eq(old * whole.left), by=every)
        t.show(goal.eq(old), by=[same, whole])
    return t.together(every.fact, mixed.fact)


@theorem(source=SOURCE)
def reverse_step(t):
    """The divergence of x_{t-1} given x_0 = u from the model's density p' is at most that of x_t
    given u from the model's density p and w_t E |u - x̂_0(x_t)|² + variance_cost; and p' is a
    density if p is."""
    n = Step(t)
    u, x, y, i, base = n.u, n.x, n.y, n.i, n.base
    sigma2, p = t.real("sigma2"), t.function("p", x.sort)
    predictor = t.function("predictor", NAT, x.sort)
    old, new = n.given_data(n.before, y), n.given_data(n.after, x)
    t.given(sigma2 > 0)
    positive = t.given(LivesOn(base, x, p(x) > 0))
    t.given(Exists(n.mean(p(x))), Exists(n.mean(new * log(new / p(x)))))
    gap, error = n.sum((n.center(u(i)) - n.center(predictor(i, x))) ** 2), u(i) - predictor(i, x)
    loss = n.mean(new * n.sum(error**2))
    t.given(Exists(loss))

    start = {"m": function(i, sqrt(n.after) * u(i)), "v": 1 - n.after}
    total, moments = t.use("normal_vectors.moments_of_a_normal_vector", start, by=n.below_one)
    data, state = n.coefficients()
    with t.let(x) as signs:
        t.show(new > 0)
    finite = n.finite_squares(predictor, total, moments, signs)
    a, b, c = t.real("a b c")
    values = {
        "q": function(x, new),
        "p": function(x, p(x)),
        "m": function([i, x], n.center(u(i))),
        "b": function([i, x], n.center(predictor(i, x))),
        "v": n.variance,
        "w": sigma2,
    }
    density, mass, whole = t.use(
        "normal_chains.one_step", values, by=[positive, signs, total, finite, n.positive]
    )
    with t.let(x) as distances:
        t.add_up(gap.eq(data**2 * n.sum(error**2)), opaque=[data, state])
    weight, cost = (
        t.read(diffusion.WEIGHT),
        t.read(diffusion.VARIANCE_COST, posterior_variance=n.variance),
    )
    far = n.mean(new * gap)
    t.exists(far, by=whole)
    scaled = t.average(far.eq(data**2 * loss), by=distances, at=x, opaque=[data, new])
    factor = t.show((data**2 / (2 * sigma2)).eq(weight), by=n.below_one)
    start = whole.right.args[0].args[0]
    right = start + weight * loss + cost
    t.exists(cost, by=whole)
    found = t.show(whole.left <= right, by=[whole, scaled, factor], opaque=[data, weight, cost])
    _, marginal = t.use("diffusion_steps.posterior")
    after = n.mean(p(x) * n.density(n.center(predictor(i, x)), sigma2, y))
    goal, mixed = Mean(old * log(old / after), (y, base)), n.mean(new * n.posterior())
    with t.let(a, b, c, given=[a.eq(b), b > 0, c > 0]) as terms:
        t.show((b * log(b / c)).eq(a * log(a / c)), by=terms.facts)
    with t.let(y, given=[In(y, base)]) as equal:
        known = [marginal(u, y), t.show(old > 0), density(y)]
        terms(mixed, old, after, by=known)
    other = mixed * log(mixed / after)
    hidden = {"at": y, "opaque": [other, old * log(old / after)]}
    t.exists(goal, bound=Mean(Abs(other), (y, base)), by=equal, **hidden)
    same = t.average(goal.eq(whole.left), by=equal, **hidden)
    return t.together(
        density, mass, t.show(goal <= right, by=[same, found], opaque=[start, weight, cost])
    )


@theorem(source=SOURCE)
def prior_term(t):
    """The divergence of x_T given x_0 = u from N(0, I), whose density is 1, is
    (ᾱ|u|² - dᾱ - d log(1-ᾱ))/2."""
    normal, (u, y), (i, d) = t.law("normal", REAL), t.sequence("u y", REAL), t.nat("i d")
    z, s, alpha_bar, p = *t.real("z s alpha_bar"), t.function("p", u.sort)
    base = samples(normal)
    t.given(Forall(s, Mean(exp(s * z), (z, normal)).eq(exp(s**2 / 2))))
    t.given(alpha_bar > 0, alpha_bar < 1)
    ends = t.given(LivesOn(base, y, p(y).eq(1)))

    def density(m, v):
        return exp(Sum(exponent(m, v, y(i)), (i, 1, d)))

    g, one = density(sqrt(alpha_bar) * u(i), 1 - alpha_bar), density(expr(0), expr(1))
    values = {"m": function(i, sqrt(alpha_bar) * u(i)), "v": 1 - alpha_bar}
    values |= {"b": function(i, 0), "w": 1}
    found = t.use("normal_vectors.divergence_of_normal_laws", values)
    a, b, c = t.real("a b c")
    with t.let(a, b, c, given=[a > 0, b.eq(1), c.eq(1)]) as terms:
        t.show((a * log(a / c)).eq(a * log(a / b)), by=terms.facts)
    with t.let(y, given=[In(y, base)]) as equal:
        empty = t.add_up(one.args[0].eq(0 * Sum(1, (i, 1, d))))
        flat = t.show(one.eq(1), by=empty, opaque=[one.args[0]])
        terms(g, one, p(y), by=[flat, ends(y), t.show(g > 0)])
    old, new = g * log(g / one), g * log(g / p(y))
    hidden = {"at": y, "opaque": [old, new]}
    goal = Mean(new, (y, base))
    t.exists(goal, bound=Mean(Abs(old), (y, base)), by=equal, **hidden)
    same = t.average(goal.eq(found.left), by=equal, **hidden)
    size = Sum(u(i) ** 2, (i, 1, d))
    squares = t.add_up(Sum((sqrt(alpha_bar) * u(i) - 0) ** 2, (i, 1, d)).eq(alpha_bar * size))
    prior = t.read(diffusion.PRIOR, second_moment=size)
    return t.show(goal.eq(prior), by=[same, found, squares])
