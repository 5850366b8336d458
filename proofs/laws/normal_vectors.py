"""Normal laws on R^d by their densities with respect to d independent standard normal variables.

A point y of R^d is a sequence of which y(1), ..., y(d) matter; `normal` is the standard normal law,
and samples(normal) the base. N(m, vI) has the density exp(Σ e(m(i), v, y(i))) with respect to it,
e(m, v, z) = z²/2 - (z - m)²/(2v) - log(v)/2 as in `normal_laws`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log
from boundcheck.theorems.author.words import And, Forall, Mean, Sum, function, samples
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas import diffusion

SOURCE = "textbooks of probability; this proof is derived here"


def exponent(m, v, z):
    """The logarithm of the density of N(m, v) at z."""
    return z**2 / 2 - (z - m) ** 2 / (2 * v) - log(v) / 2


class Vectors:
    """The standard normal law, and points y of R^d."""

    def __init__(self, t, standard=True):
        self.t, self.normal = t, t.law("normal", REAL)
        self.law = samples(self.normal)
        self.y, self.z, s = t.sequence("y", REAL), *t.real("z s")
        self.i, self.j, self.k, self.d = t.nat("i j k d")
        moment = Mean(exp(s * self.z), (self.z, self.normal))
        if standard:
            t.given(Forall(s, moment.eq(exp(s**2 / 2))))

    def sum(self, term):
        """The sum over the coordinates, of which i is one."""
        return Sum(term, (self.i, 1, self.d))

    def mean(self, u):
        return Mean(u, (self.y, self.law))

    def log_density(self, m, v):
        """Of N(m, vI) at y."""
        return self.sum(exponent(m(self.i), v, self.y(self.i)))

    def density(self, m, v):
        return exp(self.log_density(m, v))


@theorem(source=SOURCE)
def moments_of_a_normal_vector(t):
    """Of N(m, vI): its density has the mean 1, E y(k) = m(k), E (y(k) - a)² = (m(k) - a)² + v."""
    n = Vectors(t)
    y, z, j, k, d = n.y, n.z, n.j, n.k, n.d
    m, v, a = t.function("m", NAT), *t.real("v a")
    t.given(v > 0)
    density = n.density(m, v)
    with t.let(y) as every:
        t.use("sums.exp_of_sum", {"c": function(j, exponent(m(j), v, y(j))), "n": d})
    with t.let(j) as one:
        t.use("normal_laws.density_of_a_normal_law")(m(j), v)
    factor = {"w": function([j, z], exp(exponent(m(j), v, z))), "L": function(j, n.normal)}
    whole = t.use("independence.mean_of_a_density", factor | {"n": d}, {"X": REAL}, by=one)
    same = t.same_mean(n.mean(density), whole.left, by=every)
    total = t.show(n.mean(density).eq(1), by=[same, whole])
    moments = t.use("normal_laws.moments_of_a_density")
    with t.let(k, a, given=[k >= 1, k <= d]) as each:
        low, high = each.facts
        first, second = moments(m(k), v, a)
        found = []
        with t.obtain(t.derive("zero_or_next", low, value=k), "l") as index:
            before, (equal,) = index.value, index.facts
            back = t.symmetric(equal)
            for u in (z, (z - a) ** 2):
                moments(m(before + 1), v, a)
                values = {"f": function(z, u), "k": before}
                weighted = t.use(
                    "independence.mean_with_a_density", factor | values, {"X": REAL}, by=one
                )
                found.append(t.rewrite(back, weighted(d, by=[high, equal])))
            t.together(*found)
        first_part, second_part = index.fact
        one_, two_ = n.mean(y(k) * density), n.mean((y(k) - a) ** 2 * density)
        same = [
            t.same_mean(one_, first_part.left, by=every),
            t.same_mean(two_, second_part.left, by=every),
        ]
        known = [*same, first_part, second_part, first, second]
        t.show(And(one_.eq(m(k)), two_.eq((m(k) - a) ** 2 + v)), by=known)
    return t.together(total, each.fact)


@theorem(source=SOURCE)
def squared_distance_from_a_point(t):
    """The mean of |y - b|² under N(m, vI) is |m - b|² + dv."""
    n = Vectors(t)
    y, i, d = n.y, n.i, n.d
    m, b, v = *t.function("m b", NAT), t.real("v")
    t.given(v > 0)
    density = n.density(m, v)
    _, each = t.use("normal_vectors.moments_of_a_normal_vector")
    with t.let(i, given=[i >= 1, i <= d]) as one:
        each(i, b(i), by=one.facts)
    inside = (y(i) - b(i)) ** 2 * density
    whole = t.mean_of_sum(n.mean(n.sum(inside)), by=one)
    distance = n.sum((y(i) - b(i)) ** 2)
    with t.let(y) as out:
        t.add_up(n.sum(inside).eq(density * distance), opaque=[density])
    goal = n.mean(distance * density)
    same = t.same_mean(goal, whole.left, by=out)
    constant = n.sum(v)
    values = t.add_up(whole.right.eq(n.sum((m(i) - b(i)) ** 2) + constant), by=one)
    return t.show(
        goal.eq(n.sum((m(i) - b(i)) ** 2) + d * v), by=[same, whole, values, t.count(constant)]
    )


class Two(Vectors):
    """N(m, vI) and N(b, wI)."""

    def __init__(self, t, standard=True):
        super().__init__(t, standard)
        self.m, self.b = t.function("m b", NAT)
        self.v, self.w = t.real("v w")
        t.given(self.v > 0, self.w > 0)
        self.density_m, self.density_b = self.density(self.m, self.v), self.density(self.b, self.w)
        self.ratio = self.density_m / self.density_b

    def squares(self, u, center=None):
        """Σ (u(i) - center(i))²."""
        i = self.i
        return self.sum(u(i) ** 2 if center is None else (u(i) - center(i)) ** 2)


@theorem(source=SOURCE)
def logarithm_of_a_ratio(t):
    """log of the densities' ratio: (|y - b|²/w - |y - m|²/v - d log(v/w))/2, and its size."""
    n = Two(t, standard=False)
    y, d, m, b, v, w = n.y, n.d, n.m, n.b, n.v, n.w
    p, q = t.real("p q")
    with t.let(p, q) as logarithm:
        t.show(log(exp(p) / exp(q)).eq(p - q))
    gap = (log(w) - log(v)) / 2
    constant, size = n.sum(gap), n.sum(Abs(gap))
    t.exists(gap)
    t.exists(constant)
    counted = [t.count(constant), t.count(size)]
    with t.let(y) as every:
        split = logarithm(n.log_density(m, v), n.log_density(b, w))
        left, right = n.squares(y, b), n.squares(y, m)
        whole = n.log_density(m, v) - n.log_density(b, w)
        parts = t.add_up(whole.eq(left * (1 / (2 * w)) - right * (1 / (2 * v)) + constant))
        most = n.squares(y) * (1 / v + 1 / w) + n.squares(m) * (1 / v) + n.squares(b) * (1 / w)
        upper = t.add_up(whole <= most + size)
        lower = t.add_up(whole >= -most - size)
        t.together(
            t.show(
                split.left.eq((left / w - right / v + d * (log(w) - log(v))) / 2),
                by=[split, parts, *counted],
            ),
            t.show(Abs(split.left) <= most + d * Abs(gap), by=[split, upper, lower, *counted]),
        )
    return every.fact


@theorem(source=SOURCE)
def divergence_of_normal_laws(t):
    """KL(N(m, vI), N(b, wI)) = |m - b|²/(2w) + variance_cost, which is 0 for v = w."""
    n = Two(t)
    y, i, d, m, b, v, w = n.y, n.i, n.d, n.m, n.b, n.v, n.w
    every, density = t.use("normal_vectors.logarithm_of_a_ratio"), n.density_m
    one, _ = t.use("normal_vectors.moments_of_a_normal_vector")
    far = t.use("normal_vectors.squared_distance_from_a_point")
    near = t.use("normal_vectors.squared_distance_from_a_point", {"b": function(i, m(i))})
    zero = t.add_up(n.sum((m(i) - m(i)) ** 2).eq(0 * n.sum(m(i) ** 2)))
    cost = t.read(diffusion.VARIANCE_COST, posterior_variance=v, sigma2=w)
    goal, gap = n.mean(density * log(n.ratio)), log(w) - log(v)
    parts = far.left / (2 * w) - near.left / (2 * v) + d * gap / 2 * one.left
    hidden = {"at": y, "opaque": [density, log(n.ratio), log(w), log(v)]}
    with t.let(y) as point:
        every(y)
        signs = [t.add_up(n.squares(y, u) >= 0) for u in (b, m)]
        t.together(*signs, t.show(density > 0))
    size = far.left / (2 * w) + near.left / (2 * v) + d * Abs(gap) / 2 * one.left
    for term in (log(v), log(w), 1 / (2 * w), 1 / (2 * v)):
        t.exists(term)
    t.exists(goal, bound=size, by=[every, point], **hidden)
    whole = t.average(goal.eq(parts), by=every, **hidden)
    log_of_a_ratio = t.show(log(v / w).eq(-gap))
    known = [whole, one, far, near, zero, log_of_a_ratio]
    spread = far.right.args[0] / (2 * w)
    return t.show(goal.eq(spread + cost), by=known, opaque=[log(v), log(w), log(v / w)])
