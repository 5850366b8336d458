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
    LivesOn,
    Mean,
    Sum,
    function,
    samples,
)
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theory.formulas import diffusion

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
        t.given(Forall(s, Mean(exp(s * z), (z, self.normal)).eq(exp(s**2 / 2))))
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

    def sizes(self, level, x=None):
        """0 < g <= e(x)."""
        t, g, most = self.t, self.g(level, x), self.most(level, x)
        low, high = g.args[0], most.args[0]
        t.exists(log(1 - level))
        with t.let(self.u, self.x if x is None else x) as sizes:
            less = t.add_up(low <= high, opaque=[log(1 - level)])
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
    post = n.density(center, variance, y)
    with t.let(u, x) as each:
        values = {"m": function(i, center), "v": variance}
        whole, _ = t.use("normal_vectors.moments_of_a_normal_vector", values, by=one)
        goal = n.mean(old * h, y)
        t.exists(goal, bound=new * whole.left, by=every)
        same = t.average(goal.eq(new * whole.left), by=every)
        t.show(goal.eq(new), by=[same, whole])
    return each.fact
