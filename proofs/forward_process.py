"""The forward process of a diffusion model: data, and noise that is added in steps.

x_0 is drawn by a law on R^d, and x_{t+1} = √(1-β_{t+1}) x_t + √β_{t+1} ε with independent normal ε.
Given x_0 = u, x_t is N(√ᾱ_t u, (1-ᾱ_t)I), whose density with respect to the base is g(t, u, x), as in
`normal_vectors`; ᾱ_0 = 1 and ᾱ_{t+1} = ᾱ_t (1-β_{t+1}).
"""

from boundcheck import theorem
from boundcheck.math import exp, log, sqrt
from boundcheck.theorems.author.words import And, Exists, Forall, In, Mean, Sum, function, samples
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas import diffusion

SOURCE = "Ho, Jain, Abbeel, 2020; this proof is derived here"


def exponent(m, v, z):
    """The logarithm of the density of N(m, v) at z."""
    return z**2 / 2 - (z - m) ** 2 / (2 * v) - log(v) / 2


@theorem(source=SOURCE)
def posterior_in_a_coordinate(t):
    """The densities of y = x_{t-1} given u = x_0 and of x = x_t given y have the product of those of x
    given u, and of y given x and u: the square is completed in y."""
    x, y, u, P, r = t.real("x y u P r")
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
        self.one = t.use("forward_process.posterior_in_a_coordinate", by=self.alpha)
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


@theorem(source=SOURCE)
def posterior(t):
    """In d dimensions g(t - 1, u, y) h(y, x) = g(t, u, x) post(u, x, y), and so g(t - 1, u, .) is the
    density of y, if x has the density g(t, u, .) and y is drawn by the posterior."""
    n = Step(t)
    u, x, y, i, d = n.u, n.x, n.y, n.i, n.d
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
