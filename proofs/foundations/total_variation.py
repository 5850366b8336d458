"""Total variation, from the divergence: the inequalities of Pinsker and of Bretagnolle and Huber,
images, and couplings.

beta is a law on any space, q >= 0 and p > 0 are densities of two laws with respect to it. The
divergence is the mean of q log(q/p), where 0 log 0 = 0: so the indicator in it is that of q <= 0.
tv is half of the mean of |q - p|.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp, log, sqrt
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
    sq,
)
from boundcheck.theorems.language.expr import expr, number
from boundcheck.theory.formulas import to_the_data

SOURCE = "textbooks of probability; this proof is derived here"


# -- densities at a point --------------------------------------------------------------------------


def divergence_at(q, p):
    """q log(q/p), and 0 for q = 0."""
    return q * log(q / p + Ind(q <= 0))


class Densities:
    """The symbols, what is assumed, and the terms."""

    def __init__(self, t):
        self.t, X = t, t.space("X")
        self.beta, self.x = t.law("beta", X), t.variable("x", X)
        q, p = t.function("q p", X)
        self.q, self.p = q(self.x), p(self.x)
        self.signs = t.given(LivesOn(self.beta, self.x, And(self.q >= 0, self.p > 0)))
        self.ones = t.given(self.mean(self.q).eq(1), self.mean(self.p).eq(1))
        t.example(q=function(self.x, 1), p=function(self.x, 1))
        self.integrand = divergence_at(self.q, self.p)
        self.kl = self.mean(self.integrand)
        self.size = self.mean(Abs(self.q - self.p))
        self.tv = self.size / 2

    def mean(self, u):
        return Mean(u, (self.x, self.beta))


@theorem(source=SOURCE)
def pinsker_at_a_point(t):
    """3(q - p)² <= (4p + 2q)(q log(q/p) - q + p), for q >= 0 and p > 0."""
    q, p, x = t.real("q p x")
    with t.let(x, given=[x > 0]) as one:
        t.show(3 * (x - 1) ** 2 <= (4 + 2 * x) * (x * log(x) - x + 1))
    goal = 3 * (q - p) ** 2 <= (4 * p + 2 * q) * (divergence_at(q, p) - q + p)
    with t.let(q, p, given=[q > 0, p > 0]) as positive:
        known = one(q / p)
        t.show(3 * (q - p) ** 2 <= (4 * p + 2 * q) * (q * log(q / p) - q + p), by=[known])
    with t.let(q, p, given=[q >= 0, p > 0]) as both:
        with t.suppose(q <= 0) as zero:
            t.indicators(goal, by=zero.facts)
        with t.suppose(expr(0) < q) as more:
            known = positive(q, p)
            t.indicators(goal, by=[known, t.show(q > 0, by=more.facts)])
        t.cases(q, 0, zero, more)
    return both.fact


@theorem(source=SOURCE)
def affinity_at_a_point(t):
    """√(qp) >= a(q - q log(q/p)/2 + cq) where a = exp(-c), for q >= 0 and p > 0."""
    q, p, c, x = t.real("q p c x")
    with t.let(x, given=[x > 0]) as one:
        t.show(x >= 1 + log(x))
    goal = sqrt(q * p) >= exp(-c) * (q - divergence_at(q, p) / 2 + c * q)
    with t.let(q, p, c, given=[q > 0, p > 0]) as positive:
        root = sqrt(p / q) * exp(c)
        t.show(root > 0)
        tangent = one(root)
        value = t.show(log(root).eq(c - log(q / p) / 2))
        split = t.show(sqrt(q * p).eq(exp(-c) * (q * root)))
        t.show(
            sqrt(q * p) >= exp(-c) * (q - q * log(q / p) / 2 + c * q),
            by=[tangent, value, split],
            opaque=[root],
        )
    with t.let(q, p, c, given=[q >= 0, p > 0]) as both:
        with t.suppose(q <= 0) as zero:
            same = t.show(q.eq(0), by=[*zero.facts, *both.facts])
            t.indicators(goal, by=[same, *zero.facts])
        with t.suppose(expr(0) < q) as more:
            known = positive(q, p, c)
            t.indicators(goal, by=[known, t.show(q > 0, by=more.facts)])
        t.cases(q, 0, zero, more)
    return both.fact


# -- two inequalities ------------------------------------------------------------------------------


@theorem(source=SOURCE)
def divergence_is_not_negative(t):
    """KL >= 0 and 0 <= tv <= 1."""
    a = Densities(t)
    t.given(Exists(a.kl))
    point = t.use("total_variation.pinsker_at_a_point")
    with t.let(a.x, given=[In(a.x, a.beta)]) as each:
        known = point(a.q, a.p, by=a.signs(a.x))
        t.show(a.integrand >= a.q - a.p, by=[known, a.signs(a.x)], opaque=[a.integrand])
    t.exists(a.size, bound=a.mean(a.q) + a.mean(a.p), by=a.signs)
    least = t.average(a.kl >= a.mean(a.q) - a.mean(a.p), by=each.fact)
    most = t.average(a.size <= a.mean(a.q) + a.mean(a.p), by=a.signs)
    sign = t.average(a.size >= 0)
    return t.show(And(a.kl >= 0, a.tv >= 0, a.tv <= 1), by=[least, most, sign, *a.ones])


@theorem(source="Pinsker; this proof is derived here")
def pinsker(t):
    """tv <= √(KL/2)."""
    a = Densities(t)
    t.given(Exists(a.kl))
    bounds = t.use("total_variation.divergence_is_not_negative")
    point = t.use("total_variation.pinsker_at_a_point")
    c, y, z, k = t.real("c y z k")
    given = [c > 0, y >= 0, z > 0, 3 * (y - z) ** 2 <= (4 * z + 2 * y) * (k - y + z)]
    with t.let(c, y, z, k, given=given) as young:
        t.show(Abs(y - z) <= c * (2 * z + y) / 3 + (k - y + z) / (2 * c), by=young.facts)
    with t.let(c, given=[c > 0]) as split:
        with t.let(a.x, given=[In(a.x, a.beta)]) as each:
            known = point(a.q, a.p, by=a.signs(a.x))
            young(c, a.q, a.p, a.integrand, by=[known, a.signs(a.x)])
        bound = c * (2 * a.mean(a.p) + a.mean(a.q)) / 3
        bound += (a.kl - a.mean(a.q) + a.mean(a.p)) / (2 * c)
        whole = t.average(a.size <= bound, by=each.fact)
        t.show(2 * a.tv <= c + a.kl / (2 * c), by=[whole, *a.ones])
    with t.suppose(a.tv <= 0) as zero:
        t.show(a.tv <= sqrt(a.kl / 2), by=[bounds, *zero.facts])
    with t.suppose(expr(0) < a.tv) as more:
        known = split(a.tv, by=more.facts)
        square = t.show(a.tv**2 <= a.kl / 2, by=[known, *more.facts])
        t.show(a.tv <= sqrt(a.kl / 2), by=[square, bounds])
    return t.cases(a.tv, 0, zero, more)


@theorem(source="Bretagnolle, Huber, 1979; this proof is derived here")
def bretagnolle_huber(t):
    """tv <= √(1 - exp(-KL))."""
    a = Densities(t)
    t.given(Exists(a.kl))
    bounds = t.use("total_variation.divergence_is_not_negative")
    point = t.use("total_variation.affinity_at_a_point")
    affinity = a.mean(sqrt(a.q * a.p))
    t.exists(affinity, bound=a.mean(a.q) + a.mean(a.p), by=a.signs)
    c, y, z = t.real("c y z")
    below = exp(-c) * (a.mean(a.q) - a.kl / 2 + c * a.mean(a.q))
    with t.let(c) as lower:
        with t.let(a.x, given=[In(a.x, a.beta)]) as each:
            point(a.q, a.p, c, by=a.signs(a.x))
        t.average(affinity >= below, by=each.fact)
    least = t.show(affinity >= exp(-a.kl / 2), by=[lower(a.kl / 2), *a.ones])
    with t.let(c, y, z, given=[c > 0, y >= 0, z > 0]) as young:
        low, high = (y + z - Abs(y - z)) / 2, (y + z + Abs(y - z)) / 2
        t.show(sqrt(y * z) <= c * low / 2 + high / (2 * c))
    with t.let(c, given=[c > 0]) as split:
        with t.let(a.x, given=[In(a.x, a.beta)]) as each:
            young(c, a.q, a.p, by=a.signs(a.x))
        sums = [(a.mean(a.q) + a.mean(a.p) + s * a.size) / 2 for s in (-1, 1)]
        whole = t.average(affinity <= c * sums[0] / 2 + sums[1] / (2 * c), by=each.fact)
        t.show(affinity <= c * (1 - a.tv) / 2 + (1 + a.tv) / (2 * c), by=[whole, *a.ones])
    positive = t.show(affinity > 0, by=least)
    best = split((1 + a.tv) / affinity, by=[positive, bounds])
    square = t.show(affinity**2 <= 1 - a.tv**2, by=[best, positive, bounds])
    root = t.show(exp(-a.kl) <= affinity**2, by=[least, positive])
    rest = 1 - exp(-a.kl)
    both = t.show(a.tv**2 <= rest, by=[square, root])
    with t.let(y, z, given=[y >= 0, y**2 <= z]) as rooted:
        t.show(y <= sqrt(z), by=rooted.facts)
    return rooted(a.tv, rest, by=[both, bounds])


@theorem(source="Pinsker; Bretagnolle, Huber, 1979; this proof is derived here")
def total_variation(t):
    """tv is at most TOTAL_VARIATION, of the divergence or of any larger number."""
    a = Densities(t)
    t.given(Exists(a.kl))
    kl, k, y = t.real("kl k y")
    both = [t.use(f"total_variation.{n}") for n in ("pinsker", "bretagnolle_huber")]
    sign, *_ = t.use("total_variation.divergence_is_not_negative")
    with t.let(k, y, given=[k >= 0, k <= y]) as root:
        t.show(sqrt(k) <= sqrt(y), by=root.facts)
    with t.let(k, y, given=[k >= 0, k <= y]) as grows:
        root(k / 2, y / 2)
        t.show(And(1 - exp(-k) >= 0, 1 - exp(-k) <= 1 - exp(-y)), by=grows.facts)
        root(1 - exp(-k), 1 - exp(-y))
        t.show(And(sqrt(k / 2) <= sqrt(y / 2), sqrt(1 - exp(-k)) <= sqrt(1 - exp(-y))))
    with t.let(kl, given=[a.kl <= kl]) as most:
        larger = grows(a.kl, kl, by=[sign, *most.facts])
        found = [t.chain(one, more) for one, more in zip(both, larger, strict=True)]
        parts = [f.right for f in larger]
        t.show(a.tv <= t.read(to_the_data.TOTAL_VARIATION), by=found, opaque=parts)
    return most.fact


# -- images, outputs -------------------------------------------------------------------------------


@theorem(source=SOURCE)
def bounded_functions(t):
    """|E_Q h - E_P h| <= tv for 0 <= h <= 1."""
    a = Densities(t)
    h = t.function("h", a.x.sort)(a.x)
    bounds = t.given(LivesOn(a.beta, a.x, And(h >= 0, h <= 1)))
    t.exists(a.size, bound=a.mean(a.q) + a.mean(a.p), by=a.signs)
    under = [a.mean(h * density) for density in (a.q, a.p)]
    for mean, density in zip(under, (a.q, a.p), strict=True):
        t.exists(mean, bound=a.mean(density), by=[bounds, a.signs])
    sides = []
    for one, other, sign in ((*under, 1), (*under[::-1], -1)):
        gap = sign * (a.mean(a.q) - a.mean(a.p))
        goal = one - other <= (a.size + gap) / 2
        with t.let(a.x, given=[In(a.x, a.beta)]) as each:
            t.show(
                sign * h * (a.q - a.p) <= (Abs(a.q - a.p) + sign * (a.q - a.p)) / 2, by=bounds(a.x)
            )
        sides.append(t.average(goal, by=each.fact))
    return t.show(Abs(under[0] - under[1]) <= a.tv, by=[*sides, *a.ones])


@theorem(source=SOURCE)
def image(t):
    """The images of the laws under a Borel function have at most the tv: with respect to mu they
    have the densities r and s, and what is used of them is the probability of the event r >= s."""
    a = Densities(t)
    Y = t.space("Y")
    mu, y = t.law("mu", Y), t.variable("y", Y)
    f, (r, s) = t.function("f", a.x.sort, to=Y), t.function("r s", Y)

    def over(u):
        return Mean(u, (y, mu))

    densities = [t.given(LivesOn(mu, y, And(r(y) >= 0, s(y) >= 0)))]
    densities += t.given(over(r(y)).eq(1), over(s(y)).eq(1))
    event = function(y, Ind(r(y) >= s(y)))
    images = t.given(
        over(event(y) * r(y)).eq(a.mean(event(f(a.x)) * a.q)),
        over(event(y) * s(y)).eq(a.mean(event(f(a.x)) * a.p)),
    )
    with t.let(a.x) as inside:
        t.show(And(event(f(a.x)) >= 0, event(f(a.x)) <= 1))
    less = t.use(
        "total_variation.bounded_functions", {"h": function(a.x, event(f(a.x)))}, by=inside.fact
    )
    size = over(Abs(r(y) - s(y)))
    t.exists(size, bound=over(r(y)) + over(s(y)), by=densities[0])
    with t.let(y) as split:
        t.indicators(Abs(r(y) - s(y)).eq(2 * event(y) * r(y) - 2 * event(y) * s(y) - r(y) + s(y)))
    parts = 2 * over(event(y) * r(y)) - 2 * over(event(y) * s(y)) - over(r(y)) + over(s(y))
    whole = t.average(size.eq(parts), by=split.fact)
    return t.show(size / 2 <= a.tv, by=[whole, less, *images, *densities[1:]])


class Coupling:
    """X, Y and Z on one space: the data, the output at the true x_s, the output of the model."""

    def __init__(self, t):
        self.t, H, W = t, t.vectors("H"), t.space("W")
        self.law, self.z = t.law("coupling", W), t.variable("z", W)
        self.X, self.Y, self.Z = (f(self.z) for f in t.function("X Y Z", W, to=H))
        self.d, self.B, self.tv = t.real("d B tv")
        self.differ = sq(self.Y - self.Z) > 0
        t.given(self.d >= 1, self.B > 0)
        cube = LivesOn(self.law, self.z, sq(self.Y - self.Z) <= 4 * self.d * self.B**2)
        self.rare = t.given(Prob(self.differ, (self.z, self.law)) <= self.tv)
        self.cube = t.given(cube)
        point = t.variable("point", H)
        same, event = function(self.z, point), sq(point - point) > 0
        t.example(X=same, Y=same, Z=same, tv=Ind(event))

    def near(self, error):
        return self.t.given(Mean(sq(self.X - self.Y), (self.z, self.law)) <= error)

    def norm(self, u):
        return Norm(u, 2, (self.z, self.law))


@theorem(source="textbooks of optimal transport; this proof is derived here")
def distance_by_coupling(t):
    """If Y and Z lie in the cube, which has the diameter 2B√d, and differ with a probability of at
    most tv, (E|X - Z|²)^(1/2) is at most (E|X - Y|²)^(1/2) + 2B√d √tv."""
    a = Coupling(t)
    error, v, w = t.real("error v w")
    near = a.near(error)
    diameter = 2 * a.B * sqrt(a.d)
    root, whole, event = sqrt(sq(a.X - a.Y)), sqrt(sq(a.X - a.Z)), Ind(a.differ)
    with t.let(v, w, given=[v >= 0, v <= w**2, w >= 0]) as rooted:
        t.show(sqrt(v) <= w, by=rooted.facts)
    with t.let(v, w, given=[v >= 0, v <= w**2, w >= 0]) as jump:
        t.indicators(sqrt(v) <= w * Ind(v > 0), by=[*jump.facts, rooted(v, w)])
    x, y = t.variable("x y", a.X.sort)
    with t.let(x, y) as triangle:
        lengths = sqrt(sq(x)), sqrt(sq(y))
        t.show(sq(x + y) <= (lengths[0] + lengths[1]) ** 2)
        rooted(sq(x + y), lengths[0] + lengths[1])
    with t.let(a.z, given=[In(a.z, a.law)]) as each:
        apart = sqrt(sq(a.Y - a.Z))
        known = triangle(a.X - a.Y, a.Y - a.Z)
        same = t.show(sq(a.X - a.Z).eq(sq((a.X - a.Y) + (a.Y - a.Z))))
        known = t.rewrite(t.symmetric(same), known)
        size = t.show(sq(a.Y - a.Z) <= diameter**2, by=a.cube(a.z))
        sign = t.show(diameter >= 0)
        far = jump(sq(a.Y - a.Z), diameter, by=[size, sign])
        sign = t.show(And(root >= 0, whole >= 0))
        goal = Abs(whole) <= Abs(root) + diameter * Abs(event)
        t.show(goal, by=[known, far, sign], opaque=[root, apart, whole])
    with t.let(v) as indicator:
        t.indicators((Abs(Ind(v > 0)) ** 2).eq(Ind(v > 0)))
    least = t.show(number(2) >= 1)
    found = []
    for u, mean, bound in ((root, near.left, error), (event, a.rare.left, a.tv)):
        norm, power = a.norm(u), Mean(Abs(u) ** 2, (a.z, a.law))
        t.exists(power, bound=mean)
        t.derive("norm_exists", t.show(Exists(power)), least, norm=norm)
        sign, square = t.derive("norm_power", t.show(Exists(norm)), norm=norm)
        same = t.average(power.eq(mean), by=indicator.fact)
        found.append(t.show(norm <= sqrt(bound), by=[sign, square, same, near, a.rare]))
    goal = a.norm(whole) <= a.norm(root) + diameter * a.norm(event)
    norms = t.minkowski(goal, by=each.fact, opaque=[root, whole, event], at=a.z)
    sign, parts = t.show(diameter >= 0), (diameter, sqrt(a.tv), sqrt(error))
    jumps = t.show(
        diameter * a.norm(event) <= diameter * parts[1], by=[sign, found[1]], opaque=parts
    )
    goal = norms.left <= sqrt(error) + diameter * sqrt(a.tv)
    return t.show(goal, by=[norms, found[0], jumps], opaque=parts)


@theorem(source="textbooks of optimal transport; this proof is derived here")
def distance_to_the_data(t):
    """Outputs of two kinds, (E|X - Z|²)^(1/2): predictions at x_s, whose mean square error is that
    of the Bayes predictor and their excess, and x_s/√ᾱ_s clipped to the cube. (There are couplings
    in which x_s and that of the model differ with the probability tv; outputs that are functions of
    them then differ with at most that. So this bounds W_2.)"""
    a = Coupling(t)
    mmse, excess, snr = t.real("mmse excess snr")
    size, square = a.norm(sqrt(sq(a.X - a.Z))), Mean(sq(a.X - a.Y), (a.z, a.law))
    bounds = t.read(to_the_data.WASSERSTEIN), t.read(to_the_data.WASSERSTEIN_CLIPPED)
    cases = []
    for error, bound in zip((mmse + excess, a.d / snr), bounds, strict=True):
        with t.suppose(square <= error) as one:
            t.exists(error, by=one.facts)
            found = t.use("total_variation.distance_by_coupling", {"error": error}, by=one.facts)
            parts = [sqrt(error), sqrt(a.tv), sqrt(a.d)]
            t.show(size <= bound, by=found, opaque=parts)
        cases.append(one.fact)
    return t.together(*cases)
