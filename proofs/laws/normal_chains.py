"""A step of two Markov chains on R^d whose steps are normal: y is drawn by N(m(x), vI), where x has
the density q, or by N(b(x), wI), where it has p. Densities are those of `normal_vectors`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log
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
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas import diffusion

SOURCE = "derived here"


def exponent(m, v, z):
    """The logarithm of the density of N(m, v) at z."""
    return z**2 / 2 - (z - m) ** 2 / (2 * v) - log(v) / 2


class Chains:
    """Two chains at a step."""

    def __init__(self, t):
        self.t, self.normal = t, t.law("normal", REAL)
        self.base, (z, s) = samples(self.normal), t.real("z s")
        self.x, self.y = t.sequence("x y", REAL)
        self.i, self.d = t.nat("i d")
        self.m, self.b = t.function("m b", NAT, self.x.sort)
        self.v, self.w = t.real("v w")
        t.given(Forall(s, Mean(exp(s * z), (z, self.normal)).eq(exp(s**2 / 2))))
        t.given(self.v > 0, self.w > 0)
        self.kq, self.kp = self.density(self.m, self.v), self.density(self.b, self.w)

    def sum(self, term):
        return Sum(term, (self.i, 1, self.d))

    def density(self, m, v):
        return exp(self.sum(exponent(m(self.i, self.x), v, self.y(self.i))))

    def squares(self, u):
        return self.sum(u(self.i, self.x) ** 2)

    def mean(self, u):
        """Over x, with respect to the base."""
        return Mean(u, (self.x, self.base))

    def step(self, u):
        """Over y, with respect to the base."""
        return Mean(u, (self.y, self.base))

    def squares_have_means(self, q, known):
        """E |m(x)|² and E |b(x)|², as each coordinate has."""
        t, x, i = self.t, self.x, self.i
        for u, each in zip((self.m, self.b), known, strict=True):
            inside = self.mean(self.sum(q(x) * u(i, x) ** 2))
            t.exists(t.mean_of_sum(inside, by=each).left)
            with t.let(x) as apart:
                t.add_up(self.sum(q(x) * u(i, x) ** 2).eq(q(x) * self.squares(u)))
            t.same_mean(self.mean(q(x) * self.squares(u)), inside, by=apart)

    def at(self, u):
        """The center of a step from x."""
        return function(self.i, u(self.i, self.x))

    def most(self, v):
        """What no density of a step is above, at y."""
        return exp(self.sum(self.y(self.i) ** 2 / 2 - log(v) / 2))

    def bound(self):
        return self.most(self.v) + self.most(self.w)

    def of_x(self):
        """The part of the bound of log(kq/kp) that depends on x."""
        gap = self.d * Abs((log(self.w) - log(self.v)) / 2)
        return self.squares(self.m) * (1 / self.v) + self.squares(self.b) * (1 / self.w) + gap

    def of_y(self):
        return self.sum(self.y(self.i) ** 2) * (1 / self.v + 1 / self.w)


@theorem(source=SOURCE)
def sizes_of_normal_steps(t):
    """The densities of steps at y are bounded for all x, and so is the logarithm of their ratio, by
    quadratic functions of m(x), b(x) and y."""
    n = Chains(t)
    x, y, i, d, v, w = n.x, n.y, n.i, n.d, n.v, n.w
    centers = {"m": n.at(n.m), "b": n.at(n.b)}
    a, b = t.real("a c")
    with t.let(a, b, given=[a <= b]) as grows:
        t.show(exp(a) <= exp(b), by=grows.facts)
    with t.let(x, y) as kernels:
        split, size = t.use("normal_vectors.logarithm_of_a_ratio", centers)(y)
        signs, below = [], []
        for m, s in ((n.m, v), (n.b, w)):
            density, most = n.density(m, s), n.most(s)
            t.exists(log(s))
            less = t.add_up(density.args[0] <= most.args[0], opaque=[log(s)])
            below.append(grows(less.left, less.right, by=less))
            signs += [t.show(density > 0), t.show(most > 0)]
        upper = [t.show(k <= n.bound(), by=[*signs, *below]) for k in (n.kq, n.kp)]
        t.together(
            signs[0],
            signs[2],
            *upper,
            t.show(
                Abs(split.left) <= n.of_x() + n.of_y(), by=size, opaque=[split.left, log(v), log(w)]
            ),
        )
    with t.let(x) as laws:
        found = []
        for m, s in ((n.m, v), (n.b, w)):
            whole, _ = t.use("normal_vectors.moments_of_a_normal_vector", {"m": n.at(m), "v": s})
            found.append(whole)
        far = t.use(
            "normal_vectors.squared_distance_from_a_point", {"m": n.at(n.m), "b": function(i, 0)}
        )
        with t.let(y) as same:
            t.add_up(n.sum((y(i) - 0) ** 2).eq(n.sum(y(i) ** 2)))
        zero = t.add_up(n.sum((n.m(i, x) - 0) ** 2).eq(n.squares(n.m)))
        goal = n.step(n.kq * n.of_y())
        factor = 1 / v + 1 / w
        t.exists(factor)
        with t.let(y) as positive:
            t.together(same(y), t.add_up(n.sum((y(i) - 0) ** 2) >= 0), t.show(n.kq > 0))
        t.exists(goal, bound=far.left * Abs(factor), by=positive)
        moment = t.average(goal.eq(far.left * factor), by=same)
        t.together(
            *found, t.show(goal.eq((n.squares(n.m) + d * v) * factor), by=[moment, far, zero])
        )
    return t.together(kernels.fact, laws.fact)


@theorem(source=SOURCE)
def one_step(t):
    """The divergence of the laws of y is at most that of the laws of x and E |m(x) - b(x)|²/(2w) +
    variance_cost, the mean over q; and the density of y in the second chain is one."""
    n = Chains(t)
    x, y, i, d, v, w, base = n.x, n.y, n.i, n.d, n.v, n.w, n.base
    q, p = t.function("q p", x.sort)
    start = q(x) * log(q(x) / p(x))
    positive = t.given(LivesOn(base, x, And(q(x) > 0, p(x) > 0)))
    one = t.given(n.mean(q(x)).eq(1))
    t.given(Exists(n.mean(p(x))), Exists(n.mean(start)))
    squares = [
        t.given(Forall(i, Exists(n.mean(q(x) * u(i, x) ** 2)), [i >= 1, i <= d]))
        for u in (n.m, n.b)
    ]
    kernels, laws = t.use("normal_chains.sizes_of_normal_steps")
    n.squares_have_means(q, squares)
    with t.let(x) as signs:
        t.together(*(t.add_up(n.squares(u) >= 0) for u in (n.m, n.b)))
    gap = n.d * Abs((log(w) - log(v)) / 2)
    for term in (1 / v, 1 / w, gap):
        t.exists(term)
    size = n.mean(q(x) * n.squares(n.m)) * Abs(1 / v) + n.mean(q(x) * n.squares(n.b)) * Abs(1 / w)
    hidden = {"at": x, "opaque": [1 / v, 1 / w, gap]}
    most = size + n.mean(q(x)) * Abs(gap)
    t.exists(n.mean(q(x) * n.of_x()), bound=most, by=[signs, positive], **hidden)
    inner = n.step(n.kq * n.of_y())
    factor = 1 / v + 1 / w
    with t.let(x, given=[In(x, base)]) as moments:
        _, _, moment = laws(x)
        t.show(
            (q(x) * inner).eq((q(x) * n.squares(n.m) + d * v * q(x)) * factor),
            by=moment,
            opaque=[factor],
        )
    t.exists(
        n.mean(q(x) * inner),
        bound=n.mean(q(x) * n.squares(n.m)) * Abs(factor) + d * v * Abs(factor) * n.mean(q(x)),
        by=[moments, signs, positive],
        at=x,
        opaque=[factor],
    )
    values = {
        "beta": base,
        "q": function(x, q(x)),
        "p": function(x, p(x)),
        "c": function(y, n.bound()),
        "L": function(x, n.of_x()),
        "M": function(y, n.of_y()),
        "kq": function([x, y], n.kq),
        "kp": function([x, y], n.kp),
    }
    found = t.use("divergence.one_step", values, {"X": x.sort}, by=[positive, kernels, laws])
    distance = n.sum((n.m(i, x) - n.b(i, x)) ** 2)
    cost = t.read(diffusion.VARIANCE_COST, posterior_variance=v, sigma2=w)
    t.exists(cost)
    centers = {"m": n.at(n.m), "b": n.at(n.b)}
    with t.let(x) as each:
        known = t.use("normal_vectors.divergence_of_normal_laws", centers)
        apart = t.add_up(distance <= 2 * n.squares(n.m) + 2 * n.squares(n.b))
        t.together(known, apart, t.add_up(distance >= 0))
    far = n.mean(q(x) * distance)
    bound = 2 * n.mean(q(x) * n.squares(n.m)) + 2 * n.mean(q(x) * n.squares(n.b))
    t.exists(far, bound=bound, by=[each, positive])
    steps = found.right.args[1]
    inner = opened(steps, x).args[1]
    total = far * (1 / (2 * w)) + cost * n.mean(q(x))
    t.exists(1 / (2 * w))
    with t.let(x) as halves:
        t.show(inner.eq(distance * (1 / (2 * w)) + cost), by=each(x), opaque=[cost])
    total = t.average(steps.eq(total), by=halves, at=x, opaque=[cost, 1 / (2 * w)])
    last = found.left <= n.mean(start) + far / (2 * w) + cost
    bounded = t.show(last, by=[found, total, one], opaque=[cost])
    values = {"k": function([x, y], n.kp), "c": function(y, n.bound()), "beta": base}
    values["p"] = function(x, p(x))
    after = t.use(
        "divergence.density_after_a_step", values, {"X": x.sort}, by=[positive, kernels, laws]
    )
    return t.together(after, bounded)
