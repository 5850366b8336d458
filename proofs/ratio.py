"""The ratio theorem: f1/f2 from approximations g1 of f1 and g2 of f2, at every point, in L^p and
against the density of which f2 is a multiple.

Setting: f2 > 0 and |f1| <= b f2 on the set of a law pi, c > 0. G is a clip of g2, so that G >= c,
and g a clip of g1; r̂ is g/G clipped to [-b, b]; e = |f1 - g| + b|f2 - G|. On Ω = [-R, R]^d, pi the
uniform law, the density is q = (2πσ²)^(-d/2) f2, and the integral of q u over Ω is
(2πσ²)^(-d/2) (2R)^d times the mean of f2 u. The constants are those of
`boundcheck.theory.formulas.ratio`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min, sqrt
from boundcheck.theorems.author.words import (
    And,
    Exists,
    In,
    Ind,
    LivesOn,
    Mean,
    Norm,
    Prob,
    function,
    signrelu,
)
from boundcheck.theorems.language.expr import constant
from boundcheck.theory.formulas import ratio

pi = constant("pi")

SOURCE = "derived here, for the ratio theorem that arXiv:2601.21242 claims"


def clip(low, high, M, v):
    """The clip gate of scale M at v: v brought to [low, high], but for 1/M."""
    return low + (signrelu(M * (v - low)) - signrelu(M * (v - high))) / M


def clipped(b, v):
    """The exact clip of v to [-b, b]."""
    return Max(-b, Min(b, v))


# -- at every point --------------------------------------------------------------------------------


@theorem(source=SOURCE)
def error_times_denominator(t):
    """f2 |f1/f2 - r̂| <= |f1 - g| + b|f2 - G|."""
    b, f1, f2, g, G = t.real("b f1 f2 g G")
    with t.let(b, f1, f2, g, G, given=[b >= 0, f2 > 0, G > 0, Abs(f1) <= b * f2]) as point:
        t.show(f2 * Abs(f1 / f2 - clipped(b, g / G)) <= Abs(f1 - g) + b * Abs(f2 - G))
    return point.fact


@theorem(source=SOURCE)
def error_times_approximate_denominator(t):
    """G |f1/f2 - r̂| <= |f1 - g| + b|f2 - G|."""
    b, f1, f2, g, G = t.real("b f1 f2 g G")
    with t.let(b, f1, f2, g, G, given=[b >= 0, f2 > 0, G > 0, Abs(f1) <= b * f2]) as point:
        t.show(G * Abs(f1 / f2 - clipped(b, g / G)) <= Abs(f1 - g) + b * Abs(f2 - G))
    return point.fact


@theorem(source=SOURCE)
def error_of_the_quotient(t):
    """|f1/f2 - g/G| <= (|f1 - g| + b|f2 - G|)/c where G >= c, without an output clip."""
    b, c, f1, f2, g, G = t.real("b c f1 f2 g G")
    given = [c > 0, f2 > 0, G >= c, Abs(f1) <= b * f2]
    with t.let(b, c, f1, f2, g, G, given=given) as point:
        t.show(Abs(f1 / f2 - g / G) <= (Abs(f1 - g) + b * Abs(f2 - G)) / c, by=point.facts)
    return point.fact


@theorem(source=SOURCE)
def squared_error(t):
    """f2 |f1/f2 - r̂|² <= e²/c and <= 2be: with the weight f2 even the first costs 1/c, not 1/c²,
    and the second needs no lower bound of f2."""
    b, c, f1, f2, g, G = t.real("b c f1 f2 g G")
    y, u, w = t.real("y u w")
    with t.let(c, y, u, w, given=[c > 0, u > 0, y >= 0, u * y <= w, c * y <= w]) as first:
        t.show(u * y**2 <= w**2 / c, by=first.facts)
    with t.let(b, y, u, w, given=[u > 0, y >= 0, y <= 2 * b, u * y <= w]) as second:
        t.show(u * y**2 <= 2 * b * w, by=second.facts)
    given = [b >= 0, c > 0, f2 > 0, G >= c, Abs(f1) <= b * f2]
    D, e = Abs(f1 / f2 - clipped(b, g / G)), Abs(f1 - g) + b * Abs(f2 - G)
    with t.let(b, c, f1, f2, g, G, given=given) as point:
        t.show(G > 0, by=point.facts)
        t.use("ratio.error_times_denominator")(b, f1, f2, g, G)
        other = t.use("ratio.error_times_approximate_denominator")(b, f1, f2, g, G)
        positive = t.show(D >= 0, by=point.facts[2:4])
        t.show(D <= 2 * b, by=point.facts)
        t.show(c * D <= e, by=[other, positive, *point.facts[2:4]], opaque=[D, e])
        one, two = first(c, D, f2, e), second(b, D, f2, e)
        t.show(And(one.formula, two.formula))
    return point.fact


@theorem(source=SOURCE)
def smooth_clip_costs_little(t):
    """Of a number in [low, high] a clip of v is at most 1/M further than v is, and of one in
    [0, low] at most low more; its values lie in [low, high]."""
    low, high, M, v, u = t.real("low high M v u")
    with t.let(low, high, M, v, u, given=[M > 0, low >= 0, 0 <= u, u <= high, low <= high]) as below:
        t.show(Abs(u - clip(low, high, M, v)) <= Abs(u - v) + 1 / M + low, by=below.facts)
    with t.let(low, high, M, v, u, given=[M > 0, low <= u, u <= high]) as inside:
        t.show(Abs(u - clip(low, high, M, v)) <= Abs(u - v) + 1 / M, by=inside.facts)
    with t.let(low, high, M, v, given=[M > 0, low <= high]) as values:
        value = clip(low, high, M, v)
        t.show(And(low <= value, value <= high), by=values.facts)
    facts = (inside.fact, below.fact, values.fact)
    return t.show(And(*(f.formula for f in facts)))


# -- means and norms -------------------------------------------------------------------------------


class Ratio:
    """A law pi on a space, f1, f2, g, G on it with f2 > 0, G >= c and |f1| <= b f2 on its set."""

    def __init__(self, t):
        self.t, X = t, t.space("X")
        self.b, self.c = t.real("b c")
        self.law, self.x = t.law("pi", X), t.variable("x", X)
        self.f1, self.f2, self.g, self.G = (f(self.x) for f in t.function("f1 f2 g G", X))
        t.given(self.b >= 0, self.c > 0)
        self.sets = t.given(
            self.everywhere(self.f2 > 0),
            self.everywhere(self.G >= self.c),
            self.everywhere(Abs(self.f1) <= self.b * self.f2),
        )
        self.r_hat = clipped(self.b, self.g / self.G)
        self.e = Abs(self.f1 - self.g) + self.b * Abs(self.f2 - self.G)

    def everywhere(self, body):
        return LivesOn(self.law, self.x, body)

    def mean(self, u):
        return Mean(u, (self.x, self.law))

    def norm(self, u, p=2):
        return Norm(u, p, (self.x, self.law))

    def total(self, p=2):
        return self.norm(self.f1 - self.g, p) + self.b * self.norm(self.f2 - self.G, p)

    def at(self):
        """The block of an arbitrary point of the set of the law."""
        return self.t.let(self.x, given=[In(self.x, self.law)])

    def here(self):
        """What is known of f2, G and f1 at the point."""
        return [s(self.x) for s in self.sets]

    def squared_error(self):
        """f2 |f1/f2 - r̂|² <= e²/c and <= 2be, at the point."""
        self.here()
        return self.t.use("ratio.squared_error")(
            self.b, self.c, self.f1, self.f2, self.g, self.G
        )


@theorem(source=SOURCE)
def uniformly_positive(t):
    """‖f1/f2 - g/G‖_p <= (‖f1 - g‖_p + b ‖f2 - G‖_p)/c where G >= c, for every law and p >= 1."""
    s, p = Ratio(t), t.real("p")
    t.given(p >= 1, Exists(s.norm(s.f1 - s.g, p)), Exists(s.norm(s.f2 - s.G, p)))
    return t.minkowski(s.norm(s.f1 / s.f2 - s.g / s.G, p) <= s.total(p) / s.c)


@theorem(source=SOURCE)
def weighted(t):
    """The mean of f2 |f1/f2 - r̂|² is at most E e²/c, and at most 2b E e."""
    s = Ratio(t)
    t.given(Exists(s.mean(s.e**2)))
    D = Abs(s.f1 / s.f2 - s.r_hat)
    with s.at() as bounds:
        sign = t.show(s.f2 * D**2 >= 0, by=s.here())
        first, second = s.squared_error()
        t.show(And(sign.formula, first.formula, second.formula))
    known = dict(by=[bounds.fact], at=s.x, opaque=[D, s.e])
    mean = s.mean(s.f2 * D**2)
    t.exists(mean, bound=s.mean(s.e**2) / s.c, **known)
    t.exists(s.mean(s.e), bound=1 + s.mean(s.e**2), at=s.x)
    one = t.average(mean <= s.mean(s.e**2) / s.c, **known)
    two = t.average(mean <= 2 * s.b * s.mean(s.e), **known)
    return t.show(mean <= Min(s.mean(s.e**2) / s.c, 2 * s.b * s.mean(s.e)), by=[one, two])


# -- the clips -------------------------------------------------------------------------------------


def clips(b, c, mass, M, g1, g2):
    """g1 clipped to [-b mass, b mass], and g2 to [c, mass]: the numbers that are divided."""
    return clip(-b * mass, b * mass, M, g1), clip(c, mass, M, g2)


def error_after_clips(t, lowest, part):
    """‖f1 - g‖_p + b ‖f2 - G‖_p <= error (+ bc), by a part of `smooth_clip_costs_little`."""
    X, b, c, mass, M, p, approximation = t.space("X"), *t.real("b c mass M p approximation")
    law, x, (f1, f2, g1, g2) = t.law("pi", X), t.variable("x", X), t.function("f1 f2 g1 g2", X)
    f1, f2, g1, g2 = f1(x), f2(x), g1(x), g2(x)

    def norm(u):
        return Norm(u, p, (x, law))

    t.given(p >= 1, b >= 0, c > 0, M > 0, c <= mass)
    sets = t.given(
        LivesOn(law, x, lowest(f2, c)),
        LivesOn(law, x, f2 <= mass),
        LivesOn(law, x, Abs(f1) <= b * f2),
    )
    near = t.given(norm(f1 - g1) <= b * approximation, norm(f2 - g2) <= approximation)
    g, G = clips(b, c, mass, M, g1, g2)
    clipping = list(t.use("ratio.smooth_clip_costs_little"))
    with t.let(x, given=[In(x, law)]) as first:
        t.show(And(-b * mass <= f1, f1 <= b * mass), by=[s(x) for s in sets])
        clipping[0](-b * mass, b * mass, M, g1, f1)
    with t.let(x, given=[In(x, law)]) as second:
        low, high, _ = (s(x) for s in sets)
        t.show(f2 >= 0, by=[low])
        clipping[part](c, mass, M, g2, f2)
    one = t.minkowski(norm(f1 - g) <= norm(f1 - g1) + 1 / M, by=[first.fact])
    above = (1 / M + c) if part else 1 / M
    two = t.minkowski(norm(f2 - G) <= norm(f2 - g2) + above, by=[second.fact])
    bound = t.read(ratio.ERROR) + b * c if part else t.read(ratio.ERROR)
    return t.show(norm(f1 - g) + b * norm(f2 - G) <= bound, by=[one, two, *near])


@theorem(source=SOURCE)
def error_in_norm(t):
    """‖f1 - g‖_p + b ‖f2 - G‖_p <= error where f2 >= c, g2 is within `approximation` of f2 and g1
    within b times that of f1: the clips cost 1/M each."""
    return error_after_clips(t, lambda f2, c: f2 >= c, 0)


@theorem(source=SOURCE)
def error_without_positivity(t):
    """‖f1 - g‖_p + b ‖f2 - G‖_p <= error + bc where f2 > 0: the clip costs at most c more."""
    return error_after_clips(t, lambda f2, c: f2 > 0, 1)


# -- against the density ---------------------------------------------------------------------------


@theorem(source=SOURCE)
def density_of_the_box(t):
    """(2πσ²)^(-d/2) |Ω| = (2R²/(πσ²))^(d/2) > 0 for Ω = [-R, R]^d."""
    d, R, sigma, v = t.real("d R sigma v")
    left, right = (2 * pi * v) ** (-d / 2) * (2 * R) ** d, (2 * R**2 / (pi * v)) ** (d / 2)
    with t.let(d, R, v, given=[d >= 1, R > 0, v > 0]) as variance:
        t.show(And(left.eq(right), left > 0))
    with t.let(d, R, sigma, given=[d >= 1, R > 0, sigma > 0]) as box:
        t.show(sigma**2 > 0)
        variance(d, R, sigma**2)
    return box.fact


@theorem(source=SOURCE)
def output_clip_in_the_density(t):
    """A N² <= (z + √mass/M)² where N <= y + n/M, A y² <= z² and A n² <= mass: what the output clip
    costs, N being the norm of an error and n that of √f2."""
    A, M, N, n, y, z, mass, v, w, m = t.real("A M N n y z mass v w m")
    with t.let(v, w, given=[v >= 0, v <= w]) as square:
        t.show(v**2 <= w**2, by=square.facts)
    with t.let(A, v, w, given=[A >= 0, v >= 0, w >= 0, A * v**2 <= w**2]) as root:
        t.show(sqrt(A) * v <= w, by=root.facts)
    with t.let(M, N, n, y, m, z, given=[M > 0, N <= y + n / M, n <= m, y <= z]) as add:
        t.show(N <= z + m / M, by=add.facts)
    given = [A > 0, M > 0, N >= 0, n >= 0, y >= 0, z >= 0, mass >= 0, N <= y + n / M]
    given += [A * y**2 <= z**2, A * n**2 <= mass]
    with t.let(A, M, N, n, y, z, mass, given=given) as whole:
        a, last = sqrt(A), sqrt(mass)
        sign = t.show(And(a >= 0, last >= 0, (last**2).eq(mass)))
        t.show(A * n**2 <= last**2, by=[whole.facts[9], sign], opaque=[last])
        root(A, y, z)
        root(A, n, last)
        t.show(a * N <= a * y + a * n / M, by=[whole.facts[7], whole.facts[1], sign])
        add(M, a * N, a * n, a * y, last, z)
        t.show(a * N >= 0, by=[sign])
        bound = square(a * N, z + last / M)
        same = t.show(((a * N) ** 2).eq(A * N**2))
        right = (z + last / M) ** 2
        t.show(A * N**2 <= right, by=[bound, same], opaque=[right, (a * N) ** 2])
    return whole.fact


class Density(Ratio):
    """The density q = (2πσ²)^(-d/2) f2 on Ω = [-R, R]^d: integrals of q u are `factor` times means
    of f2 u; f2 is at most `mass`."""

    def __init__(self, t):
        super().__init__(t)
        d, R, sigma, self.mass, self.error_l2 = t.real("d R sigma mass error_l2")
        t.given(d >= 1, R > 0, sigma > 0, self.mass > 0)
        self.factor = (2 * pi * sigma**2) ** (-d / 2) * (2 * R) ** d
        self.volume, self.positive = t.use("ratio.density_of_the_box")(d, R, sigma)
        self.size = self.volume.formula.args[1]
        self.high = t.given(self.everywhere(self.f2 <= self.mass))


@theorem(source=SOURCE)
def uniform_squared_norm(t):
    """∫_Ω q |f1/f2 - g/G|² dx <= uniform_squared where G >= c: the uniform bound, since f2 is at
    most the mass."""
    s = Density(t)
    given = t.given(s.total() <= s.error_l2)
    D = s.f1 / s.f2 - s.g / s.G
    mean, squares = s.mean(s.f2 * D**2), s.mean(Abs(D) ** 2)
    u, v, y = t.real("u v y")
    with t.let(u, v, y, given=[0 <= u, u <= v]) as product:
        t.show(Abs(u * y**2) <= v * Abs(y) ** 2, by=product.facts)
    e, k, n, m, A, B = t.real("e k n m A B")
    conditions = [k > 0, n >= 0, n <= e / k, m <= v * n**2, v >= 0, A > 0, A.eq(B)]
    with t.let(e, k, n, m, v, A, B, given=conditions) as final:
        t.show(A * m <= v * B * (e / k) ** 2, by=final.facts)

    error = t.use("ratio.uniformly_positive", {"p": 2})
    _, square = t.derive("norm_power", error, norm=s.norm(D))
    t.show(s.norm(D) <= s.error_l2 / s.c, by=[error, given])
    with s.at() as point:
        here = [*s.here(), s.high(s.x)]
        t.show(And(s.f2 >= 0, s.f2 <= s.mass), by=here)
        t.exists(D, by=here[:2])
        product(s.f2, s.mass, D)
    t.exists(mean, bound=s.mass * squares, by=[point.fact])
    bound = t.average(mean <= s.mass * squares, by=[point.fact], at=s.x, opaque=[D])
    t.show(mean <= s.mass * s.norm(D) ** 2, by=[bound, square])
    t.show(s.mass >= 0)
    return final(s.error_l2, s.c, s.norm(D), mean, s.mass, s.factor, s.size)


class OutputClip(Density):
    """The same with r within 1/M of r̂, where the integral of q is at most `mass`."""

    def __init__(self, t):
        super().__init__(t)
        self.M, self.r = t.real("M"), t.function("r", self.x.sort)(self.x)
        t.given(self.M > 0)
        self.near, self.at_most = t.given(
            self.everywhere(Abs(self.r - self.r_hat) <= 1 / self.M),
            self.factor * self.mean(self.f2) <= self.mass,
        )
        self.root, self.ratio = sqrt(self.f2), self.f1 / self.f2
        self.error = self.norm(self.root * (self.ratio - self.r))

    def bounded(self, u, bound):
        """exists(Mean(u)), from |u| <= bound at every point."""
        with self.at() as point:
            self.t.show(Abs(u) <= bound, by=[*self.here(), self.high(self.x)])
        return self.t.exists(self.mean(u), bound=bound, by=[point.fact])

    def output_clip(self):
        """The norm of √f2, times 1/M, is what the clip costs: its square is at most the mass."""
        t, square = self.t, Abs(self.root) ** 2
        self.bounded(self.f2, self.mass)
        self.bounded(square, self.mass)
        one = self.norm(self.root)
        _, power = t.derive("norm_power", t.exists(one), norm=one)
        same = t.average(self.mean(square).eq(self.mean(self.f2)), by=self.sets[:1])
        t.show(self.factor * one**2 <= self.mass, by=[power, same, self.at_most])
        return one

    def signs(self, known):
        """The norms of f1 - g and f2 - G are not negative, nor is what they sum up to."""
        one, two = self.norm(self.f1 - self.g), self.norm(self.f2 - self.G)
        least = [self.t.derive("norm_power", known, norm=n) for n in (one, two)]
        signs = [next(iter(part)) for part in least]
        return self.t.show(self.total() >= 0, by=signs)

    def squared(self, difference, norm):
        """The square of the norm of √f2 times a difference that exists everywhere is the mean of f2
        times its square."""
        t, u, y = self.t, *self.t.real("u_ y_")
        with t.let(u, y, given=[u > 0]) as same:
            t.show((u * y**2).eq(Abs(sqrt(u) * y) ** 2))
        with t.let(u, y, given=[u > 0]) as bound:
            t.show(Abs(u * y**2) <= Abs(sqrt(u) * y) ** 2)
        mean, squares = self.mean(self.f2 * difference**2), self.mean(Abs(self.root * difference)**2)
        _, power = t.derive("norm_power", norm, norm=self.norm(self.root * difference))
        for lemma in (bound, same):
            with self.at() as point:
                self.here()
                t.exists(difference, by=self.here())
                lemma(self.f2, difference)
            if lemma is bound:
                t.exists(mean, bound=squares, by=[point.fact])
            else:
                equal = t.average(mean.eq(squares), by=[point.fact])
        return t.show(mean.eq(self.norm(self.root * difference)**2), by=[equal, power])


def _and_the_clip(t):
    """|√u (a - r)| <= w + |√u|/M where |√u (a - v)| <= w and r is within 1/M of v."""
    u, a, v, r, w, M = t.real("u1 a1 v1 r1 w1 M1")
    given = [u > 0, M > 0, Abs(sqrt(u) * (a - v)) <= w, Abs(r - v) <= 1 / M]
    with t.let(u, a, v, r, w, M, given=given) as block:
        t.show(Abs(sqrt(u) * (a - r)) <= w + Abs(sqrt(u)) / M, by=block.facts)
    return block.fact


@theorem(source=SOURCE)
def weighted_norm(t):
    """∫_Ω q |f1/f2 - r|² dx <= weighted where G >= c, r the clip of g/G to [-b, b]."""
    s, k, u, y, w, A, B = OutputClip(t), *t.real("k u y w A B")
    given = t.given(s.total() <= s.error_l2)
    clip_costs = _and_the_clip(t)
    with t.let(k, u, y, w, given=[k > 0, u > 0, w >= 0, u * Abs(y) ** 2 <= w**2 / k]) as rooted:
        t.show(Abs(sqrt(u) * y) <= w / sqrt(k), by=rooted.facts)
    with t.let(A, B, k, w, y, given=[A > 0, A.eq(B), k > 0, w >= 0, w <= y]) as factor:
        left, right = A * (w / sqrt(k)) ** 2, (sqrt(B / k) * y) ** 2
        positive = t.show(B > 0, by=factor.facts[:2])
        one = t.show(left.eq(A / k * w**2))
        two = t.show(right.eq(B / k * y**2), by=[positive])
        both = t.show(A / k * w**2 <= B / k * y**2, by=factor.facts)
        t.show(left <= right, by=[one, two, both], opaque=[left, right])
    one = s.output_clip()
    with s.at() as point:
        s.squared_error()
        s.near(s.x)
        t.show(s.e >= 0)
        t.exists(s.r_hat, by=s.here())
        t.exists(s.ratio, by=s.here())
        rooted(s.c, s.f2, s.ratio - s.r_hat, s.e)
        clip_costs(s.f2, s.ratio, s.r_hat, s.r, s.e / sqrt(s.c), s.M)
    total = t.minkowski(s.error <= s.total() / sqrt(s.c) + one / s.M, by=[point.fact])
    same = s.squared(s.ratio - s.r, total)
    s.signs(given)
    t.show(s.error_l2 >= 0, by=[s.signs(given), given])
    t.show(s.size > 0, by=[s.volume, s.positive])
    t.show(sqrt(s.size/s.c)>=0)
    factor(s.factor, s.size, s.c, s.total(), s.error_l2)
    last = t.use("ratio.output_clip_in_the_density")(s.factor, s.M, s.error, one, s.total() / sqrt(s.c), sqrt(s.size / s.c) * s.error_l2, s.mass)
    goal = s.factor * s.mean(s.f2 * (s.ratio - s.r)**2) <= t.read(ratio.WEIGHTED)
    return t.show(goal, by=[last, same])
