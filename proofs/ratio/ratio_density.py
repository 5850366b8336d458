"""The ratio theorem against a density: the squared error of three approximations of f1/f2, weighted
with the density of which f2 is a multiple.

On Ω = [-R, R]^d, pi its uniform law, the density is q = (2πσ²)^(-d/2) f2, so that the integral of
q u over Ω is (2πσ²)^(-d/2) (2R)^d times the mean of f2 u. As in `ratio`: |f1| <= b f2, f2 > 0,
G >= c > 0, e = |f1 - g| + b|f2 - G|, r̂ is g/G clipped to [-b, b]; r is the output of a clip gate,
within 1/M of r̂. The constants are those of `boundcheck.theory.formulas.ratio`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min, sqrt
from boundcheck.theorems.author.words import (
    And,
    Exists,
    In,
    LivesOn,
    Mean,
    Norm,
    function,
)
from boundcheck.theorems.language.expr import constant, number
from boundcheck.theory.formulas import ratio

SOURCE = "derived here, for the ratio theorem that arXiv:2601.21242 claims"
pi = constant("pi")


# -- numbers ---------------------------------------------------------------------------------------


@theorem(source=SOURCE)
def density_of_the_box(t):
    """(2πσ²)^(-d/2) |Ω| = (2R²/(πσ²))^(d/2) > 0 for Ω = [-R, R]^d."""
    d, R, sigma, v = t.real("d R sigma v")
    left, right = (2 * pi * v) ** (-d / 2) * (2 * R) ** d, (2 * R**2 / (pi * v)) ** (d / 2)
    with t.let(d, R, v, given=[d >= 1, R > 0, v > 0]) as variance:
        t.show(And(left.eq(right), left > 0, right > 0))
    with t.let(d, R, sigma, given=[d >= 1, R > 0, sigma > 0]) as box:
        t.show(sigma**2 > 0)
        variance(d, R, sigma**2)
    return box.fact


@theorem(source=SOURCE)
def output_clip_in_the_density(t):
    """A v² <= (z + √mass/M)² where v <= y + n/M, A y² <= z² and A n² <= mass: what the output clip
    costs, v being the norm of an error and n that of √f2."""
    A, M, v, n, y, z, mass, w, m, x = t.real("A M v n y z mass w m x")
    with t.let(x, w, given=[x >= 0, x <= w]) as square:
        t.show(x**2 <= w**2, by=square.facts)
    with t.let(A, x, w, given=[A >= 0, x >= 0, w >= 0, A * x**2 <= w**2]) as root:
        t.show(sqrt(A) * x <= w, by=root.facts)
    with t.let(M, v, n, y, m, z, given=[M > 0, v <= y + n / M, n <= m, y <= z]) as add:
        t.show(v <= z + m / M, by=add.facts)
    given = [A > 0, M > 0, v >= 0, n >= 0, y >= 0, z >= 0, mass >= 0, v <= y + n / M]
    given += [A * y**2 <= z**2, A * n**2 <= mass]
    with t.let(A, M, v, n, y, z, mass, given=given) as whole:
        a, last = sqrt(A), sqrt(mass)
        sign = t.show(And(a >= 0, last >= 0, (last**2).eq(mass)))
        t.show(A * n**2 <= last**2, by=[whole.facts[9], sign], opaque=[last])
        root(A, y, z)
        root(A, n, last)
        t.show(a * v <= a * y + a * n / M, by=[whole.facts[7], whole.facts[1], sign])
        add(M, a * v, a * n, a * y, last, z)
        t.show(a * v >= 0, by=[sign])
        bound = square(a * v, z + last / M)
        same = t.show(((a * v) ** 2).eq(A * v**2))
        right = (z + last / M) ** 2
        t.show(A * v**2 <= right, by=[bound, same], opaque=[right, (a * v) ** 2])
    return whole.fact


@theorem(source=SOURCE)
def output_clip_at_a_point(t):
    """|√u (a - r)| <= w + |√u|/M where |√u (a - v)| <= w and r is within 1/M of v."""
    u, a, v, r, w, M = t.real("u a v r w M")
    given = [u > 0, M > 0, Abs(sqrt(u) * (a - v)) <= w, Abs(r - v) <= 1 / M]
    with t.let(u, a, v, r, w, M, given=given) as point:
        t.show(Abs(sqrt(u) * (a - r)) <= w + Abs(sqrt(u)) / M, by=point.facts)
    return point.fact


@theorem(source=SOURCE)
def weight_under_the_square(t):
    """u y² = |√u y|² for u > 0, which is at most w where u|y|² <= w, and then |√u y| <= √w."""
    u, y, w = t.real("u y w")
    left, right, plain = Abs(sqrt(u) * y) ** 2, u * Abs(y) ** 2, u * y**2
    with t.let(u, y, given=[u > 0]) as same:
        t.show(And(plain.eq(left), Abs(plain) <= left, right.eq(left), left >= 0))
    with t.let(u, y, w, given=[u > 0, right <= w]) as bound:
        known = same(u, y)
        t.show(And(left <= w, Abs(left) <= w), by=[known, bound.facts[1]], opaque=[left, right])
    return t.show(And(same.fact.formula, bound.fact.formula))


@theorem(source=SOURCE)
def mean_below_the_norm(t):
    """E|u| <= ‖u‖_2, for every law."""
    X = t.space("X")
    law, x, u = t.law("Omega", X), t.variable("x", X), t.function("u", X)
    one, two = (Norm(u(x), k, (x, law)) for k in (1, 2))
    power, mean = Mean(Abs(u(x)) ** 1, (x, law)), Mean(Abs(u(x)), (x, law))
    given = t.given(Exists(two))
    grow = t.derive("norms_grow", t.show(number(1) <= 2), t.show(number(1) >= 1), given, norm=two)
    _, first = t.derive("norm_power", grow, norm=one)
    t.exists(mean, bound=power, by=[first])
    same = t.average(mean.eq(power))
    return t.show(mean <= two, by=[grow, first, same])


@theorem(source=SOURCE)
def factors_of_the_bounds(t):
    """What the squared norms are multiplied with: A = B is κ|Ω|, the first two for `weighted`, the
    last for `positivity_free`."""
    A, B, k, m, n, v, w, y, e, b = t.real("A B k m n v w y e b")
    with t.let(k, v, y, w, given=[k > 0, v > 0, w >= 0, v * Abs(y) ** 2 <= w**2 / k]) as rooted:
        t.show(Abs(sqrt(v) * y) <= w / sqrt(k), by=rooted.facts)
    with t.let(A, B, k, w, y, given=[A > 0, A.eq(B), k > 0, w >= 0, w <= y]) as first:
        left, right = A * (w / sqrt(k)) ** 2, (sqrt(B / k) * y) ** 2
        positive = t.show(B > 0, by=first.facts[:2])
        one, two = t.show(left.eq(A / k * w**2)), t.show(right.eq(B / k * y**2), by=[positive])
        both = t.show(A / k * w**2 <= B / k * y**2, by=first.facts)
        t.show(left <= right, by=[one, two, both], opaque=[left, right])
    with t.let(v, w, given=[v >= 0, v <= w]) as square:
        t.show(And(sqrt(w) >= 0, v <= sqrt(w) ** 2), by=square.facts)
    given = [A > 0, A.eq(B), b >= 0, n**2 <= 2 * b * m, m <= e + b * k]
    with t.let(A, B, b, m, n, e, k, given=given) as second:
        bound = 2 * b * B * (e + b * k)
        t.show(A * n**2 >= 0)
        t.show(A * n**2 <= bound, by=second.facts)
        square(A * n**2, bound)
    return t.show(And(rooted.fact.formula, first.fact.formula, second.fact.formula))


# -- the three bounds ------------------------------------------------------------------------------


class Density:
    """A law pi on Ω, f1, f2, g, G on it with 0 < f2 <= mass, G >= c and |f1| <= b f2; `factor` is
    (2πσ²)^(-d/2) |Ω|, which is `size`."""

    def __init__(self, t):
        self.t, X = t, t.space("X")
        self.b, self.c, self.mass, self.error_l2 = t.real("b c mass error_l2")
        d, R, sigma = t.real("d R sigma")
        self.law, self.x = t.law("Omega", X), t.variable("x", X)
        self.f1, self.f2, self.g, self.G = (f(self.x) for f in t.function("f1 f2 g G", X))
        t.given(self.b >= 0, self.c > 0, self.mass > 0, d >= 1, R > 0, sigma > 0)
        self.sets = t.given(
            self.everywhere(self.f2 > 0),
            self.everywhere(self.f2 <= self.mass),
            self.everywhere(self.c <= self.G),
            self.everywhere(Abs(self.f1) <= self.b * self.f2),
        )
        self.factor = (2 * pi * sigma**2) ** (-d / 2) * (2 * R) ** d
        self.volume, *_ = t.use("ratio_density.density_of_the_box")(d, R, sigma)
        self.size = self.volume.formula.args[1]
        self.ratio, self.r_hat = self.f1 / self.f2, Max(-self.b, Min(self.b, self.g / self.G))
        self.e = Abs(self.f1 - self.g) + self.b * Abs(self.f2 - self.G)
        self.total = self.norm(self.f1 - self.g) + self.b * self.norm(self.f2 - self.G)

    def everywhere(self, body):
        return LivesOn(self.law, self.x, body)

    def mean(self, u):
        return Mean(u, (self.x, self.law))

    def norm(self, u, p=2):
        return Norm(u, p, (self.x, self.law))

    def at(self):
        """The block of an arbitrary point of the set of the law."""
        return self.t.let(self.x, given=[In(self.x, self.law)])

    def here(self):
        """What is known of f2, G and f1 at the point."""
        return [s(self.x) for s in self.sets]

    def quotients(self):
        """f1/f2 and r̂ exist at the point."""
        positive, _, above, _ = self.here()
        self.t.exists(self.ratio, by=[positive])
        self.t.exists(self.r_hat, by=[above])
        self.t.exists(self.ratio - self.r_hat)

    def squared_error(self):
        """f2 |f1/f2 - r̂|² <= e²/c and <= 2be at the point."""
        self.here()
        return self.t.use("ratio.squared_error")(self.b, self.c, self.f1, self.f2, self.g, self.G)


@theorem(source=SOURCE)
def uniform_squared_norm(t):
    """∫_Ω q |f1/f2 - g/G|² dx <= uniform_squared: the uniform bound, by f2 <= mass."""
    s = Density(t)
    given = t.given(s.total <= s.error_l2)
    D = s.ratio - s.g / s.G
    mean, squares = s.mean(s.f2 * D**2), s.mean(Abs(D) ** 2)
    u, v, y, e, k, n, m, A, B = t.real("u v y e k n m A B")
    with t.let(u, v, y, given=[u >= 0, u <= v]) as product:
        t.show(Abs(u * y**2) <= v * Abs(y) ** 2, by=product.facts)
    conditions = [k > 0, n >= 0, n <= e / k, m <= v * n**2, v >= 0, A > 0, A.eq(B)]
    with t.let(e, k, n, m, v, A, B, given=conditions) as final:
        t.show(A * m <= v * B * (e / k) ** 2, by=final.facts)

    error = t.use("ratio.uniformly_positive", {"p": 2, "pi": s.law})
    _, square = t.derive("norm_power", error, norm=s.norm(D))
    t.show(s.norm(D) <= s.error_l2 / s.c, by=[error, given])
    with s.at() as point:
        positive, _, above, _ = s.here()
        t.show(s.f2 >= 0, by=[positive])
        t.exists(D, by=[positive, above])
        product(s.f2, s.mass, D)
    t.exists(mean, bound=s.mass * squares, by=[point.fact])
    bound = t.average(mean <= s.mass * squares, by=[point.fact], at=s.x, opaque=[D])
    t.show(mean <= s.mass * s.norm(D) ** 2, by=[bound, square])
    t.show(s.mass >= 0)
    last = final(s.error_l2, s.c, s.norm(D), mean, s.mass, s.factor, s.size)
    right = t.read(ratio.UNIFORM_SQUARED)
    return t.show(s.factor * mean <= right, by=[last], opaque=[s.factor, right])


class OutputClip(Density):
    """The same with r within 1/M of r̂, where the integral of q is at most the mass."""

    def __init__(self, t):
        super().__init__(t)
        self.M, self.r = t.real("M"), t.function("r", self.x.sort)(self.x)
        t.given(self.M > 0)
        self.near, at_most = t.given(
            self.everywhere(Abs(self.r - self.r_hat) <= 1 / self.M),
            self.factor * self.mean(self.f2) <= self.mass,
        )
        self.root = sqrt(self.f2)
        self.error = self.norm(self.root * (self.ratio - self.r))
        self.goal = self.factor * self.mean(self.f2 * (self.ratio - self.r) ** 2)
        self.one = self.norm(self.root)
        self._norm_of_one(at_most)

    def _norm_of_one(self, at_most):
        """The norm of √f2, times 1/M, is what the clip costs: its square is at most the mass."""
        t, square = self.t, Abs(self.root) ** 2
        for u in (self.f2, square):
            with self.at() as point:
                self.t.show(Abs(u) <= self.mass, by=self.here()[:2])
            t.exists(self.mean(u), bound=self.mass, by=[point.fact])
        _, power = t.derive("norm_power", t.exists(self.one), norm=self.one)
        same = t.average(self.mean(square).eq(self.mean(self.f2)), by=self.sets[:1])
        t.show(self.factor * self.one**2 <= self.mass, by=[power, same, at_most])

    def clip_at_a_point(self, bound):
        """|√f2 (f1/f2 - r)| <= bound + |√f2|/M, where it is known for r̂ without the second part."""
        self.near(self.x)
        return self.t.use("ratio_density.output_clip_at_a_point")(
            self.f2, self.ratio, self.r_hat, self.r, bound, self.M
        )

    def bounded(self, formula, error, y, z):
        """The goal is at most the formula, from what is known of the norm of √f2 (f1/f2 - r)."""
        t, D = self.t, self.ratio - self.r
        same, _ = t.use("ratio_density.weight_under_the_square")
        mean, squares = self.mean(self.f2 * D**2), self.mean(Abs(self.root * D) ** 2)
        _, power = t.derive("norm_power", error, norm=self.error)
        with self.at() as point:
            positive, *_ = self.here()
            t.exists(D, by=[positive])
            _, bound, _, _ = same(self.f2, D)
            t.show(bound.formula)
        t.exists(mean, bound=squares, by=[point.fact])
        with self.at() as point:
            positive, *_ = self.here()
            t.exists(D, by=[positive])
            equal, _, _, _ = same(self.f2, D)
            t.show(equal.formula)
        equal = t.average(mean.eq(squares), by=[point.fact])
        bound = t.use("ratio_density.output_clip_in_the_density")(
            self.factor, self.M, self.error, self.one, y, z, self.mass
        )
        right = t.read(formula)
        known = [equal, power, bound]
        return t.show(self.goal <= right, by=known, opaque=[self.factor, right])


@theorem(source=SOURCE)
def weighted_norm(t):
    """∫_Ω q |f1/f2 - r|² dx <= weighted, with 1/c in place of 1/c²."""
    s = OutputClip(t)
    given = t.given(s.total <= s.error_l2)
    rooted, factor, _ = t.use("ratio_density.factors_of_the_bounds")
    with s.at() as point:
        s.squared_error()
        s.quotients()
        t.show(s.e >= 0)
        rooted(s.c, s.f2, s.ratio - s.r_hat, s.e)
        s.clip_at_a_point(s.e / sqrt(s.c))
    error = t.minkowski(s.error <= s.total / sqrt(s.c) + s.one / s.M, by=[point.fact])

    signs = [t.derive("norm_power", given, norm=s.norm(v)) for v in (s.f1 - s.g, s.f2 - s.G)]
    sign = t.show(s.total >= 0, by=[least for least, _ in signs])
    positive = t.show(s.error_l2 >= 0, by=[sign, given])
    root = sqrt(s.size / s.c)
    t.show(root * s.error_l2 >= 0, by=[positive, t.show(root >= 0)], opaque=[root])
    factor(s.factor, s.size, s.c, s.total, s.error_l2)
    return s.bounded(ratio.WEIGHTED, error, s.total / sqrt(s.c), root * s.error_l2)


@theorem(source=SOURCE)
def positivity_free_norm(t):
    """∫_Ω q |f1/f2 - r|² dx <= positivity_free, where the clip of f2 to [c, mass] may cost bc: for
    every f2 > 0."""
    s = OutputClip(t)
    given = t.given(s.total <= s.error_l2 + s.b * s.c)
    *_, factor = t.use("ratio_density.factors_of_the_bounds")
    _, rooted = t.use("ratio_density.weight_under_the_square")
    below = [
        t.use("ratio_density.mean_below_the_norm", {"u": function(s.x, u)}, by=[given])
        for u in (s.f1 - s.g, s.f2 - s.G)
    ]
    parts = s.mean(Abs(s.f1 - s.g)) + s.b * s.mean(Abs(s.f2 - s.G))
    t.exists(s.mean(s.e), bound=parts)
    sum_ = t.average(s.mean(s.e).eq(parts))
    t.show(s.mean(s.e) <= s.error_l2 + s.b * s.c, by=[sum_, *below, given])

    exact = s.root * (s.ratio - s.r_hat)
    square, bound = Abs(exact) ** 2, 2 * s.b * s.mean(s.e)
    with s.at() as point:
        s.squared_error()
        s.quotients()
        rooted(s.f2, s.ratio - s.r_hat, 2 * s.b * s.e)
    t.exists(s.mean(square), bound=bound, by=[point.fact])
    mean = t.average(s.mean(square) <= bound, by=[point.fact], at=s.x, opaque=[square, s.e])
    _, power = t.derive("norm_power", t.exists(s.norm(exact)), norm=s.norm(exact))
    t.show(s.norm(exact) ** 2 <= bound, by=[power, mean])
    with s.at() as point:
        s.quotients()
        t.exists(exact, by=s.here()[::2])
        t.show(Abs(exact) <= Abs(exact), opaque=[exact])
        s.clip_at_a_point(Abs(exact))
    error = t.minkowski(s.error <= s.norm(exact) + s.one / s.M, by=[point.fact])

    factor(s.factor, s.size, s.b, s.mean(s.e), s.norm(exact), s.error_l2, s.c)
    size = 2 * s.b * s.size * (s.error_l2 + s.b * s.c)
    return s.bounded(ratio.POSITIVITY_FREE, error, s.norm(exact), sqrt(size))


@theorem(source=SOURCE)
def trivial_norm(t):
    """∫_Ω q |f1/f2|² dx <= trivial: what the network 0 achieves."""
    X, b, mass = t.space("X"), *t.real("b mass")
    d, R, sigma = t.real("d R sigma")
    law, x, f1, f2 = t.law("Omega", X), t.variable("x", X), *t.function("f1 f2", X)
    f1, f2, factor = f1(x), f2(x), (2 * pi * sigma**2) ** (-d / 2) * (2 * R) ** d
    t.given(b >= 0, d >= 1, R > 0, sigma > 0)
    sets = t.given(LivesOn(law, x, f2 > 0), LivesOn(law, x, Abs(f1) <= b * f2))
    mean, density = Mean(f2 * (f1 / f2) ** 2, (x, law)), Mean(f2, (x, law))
    at_most = t.given(factor * density <= mass)
    u, v, w, k, m = t.real("u v w k m")
    with t.let(k, u, v, given=[k >= 0, u > 0, Abs(v) <= k * u]) as point:
        square = t.show((u * (v / u) ** 2).eq(v**2 / u), by=point.facts)
        t.show(Abs(u * (v / u) ** 2) <= k**2 * u, by=[square, *point.facts])
    with t.let(u, v, w, k, m, given=[u > 0, v <= k**2 * w, u * w <= m]) as scaled:
        one = t.show(u * v <= u * (k**2 * w), by=scaled.facts[:2])
        two = t.show(k**2 * (u * w) <= k**2 * m, by=scaled.facts[2:])
        t.show(u * v <= k**2 * m, by=[one, two])
    with t.let(x, given=[In(x, law)]) as at:
        positive, _ = (s(x) for s in sets)
        t.exists(f1 / f2, by=[positive])
        point(b, f2, f1)
    t.exists(density, by=[at_most])
    t.exists(mean, bound=b**2 * density, by=[at.fact])
    t.average(mean <= b**2 * density, by=[at.fact], at=x, opaque=[f1 / f2])
    t.use("ratio_density.density_of_the_box")(d, R, sigma)
    last = scaled(factor, mean, density, b, mass)
    return t.show(factor * mean <= t.read(ratio.TRIVIAL), by=[last], opaque=[factor])


@theorem(source=SOURCE)
def crossing(t):
    """The square in `weighted` is at most that in `positivity_free` exactly while the error is at
    most the crossing: e²/c against 2b(e + bc)."""
    b, c, e, s = t.real("b c e s")
    point = t.read(ratio.CROSSING)
    with t.let(s, given=[s >= 0, s <= 1 + sqrt(number(3))]) as low:
        t.show(s**2 <= 2 * (s + 1), by=low.facts)
    with t.let(s, given=[s > 1 + sqrt(number(3))]) as high:
        t.show(s**2 > 2 * (s + 1), by=high.facts)
    with t.let(b, c, e, given=[b > 0, c > 0, e >= 0, e <= point]) as below:
        t.show(And(e / (b * c) >= 0, e / (b * c) <= 1 + sqrt(number(3))), by=below.facts)
        t.show(e**2 / c <= 2 * b * (e + b * c), by=[low(e / (b * c))])
    with t.let(b, c, e, given=[b > 0, c > 0, e > point]) as above:
        t.show(e / (b * c) > 1 + sqrt(number(3)), by=above.facts)
        t.show(e**2 / c > 2 * b * (e + b * c), by=[high(e / (b * c))])
    return t.show(And(below.fact.formula, above.fact.formula))
