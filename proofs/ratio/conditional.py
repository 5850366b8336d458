"""Conditional densities as ratios: p(y|x) = κ_y f1(x, y)/f2(x), and what an approximation of f1 and
f2 makes of them.

A law mu draws a point u of the data, a pair (U, V), and the kernel N(u) the pair (X, Y) that is
seen, (U, V) plus noise. pi0 and rho are the uniform laws on boxes Ω_x and Ω_y, and live on these.
On Ω = Ω_x x Ω_y the law N(u) has the density κ_x k(x, u) κ_y l(y, u), k and l being the kernels
exp(-|x-u|²/(2σ_x²)) and exp(-|y-v|²/(2σ_y²)): for the functions that are integrated below, this is
a hypothesis, in which size_x = κ_x|Ω_x| and size_y = κ_y|Ω_y|. So

    f1(x, y) = E k(x, U) l(y, U),   f2(x) = E k(x, U),   0 <= f1 <= f2.

G = max(g2, c), and r̂ is g1/G clipped to [0, 1]; the approximation p̂ is κ_y r̂ on Ω, and 0 elsewhere.
The constants are those of `boundcheck.theory.formulas.approximation.conditional`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    first,
    function,
    joint,
    second,
)
from boundcheck.theorems.language.expr import number
from boundcheck.theory.formulas.approximation import conditional

SOURCE = "derived here"


def clipped(v):
    """The exact clip of v to [0, 1]."""
    return Max(0, Min(1, v))


# -- densities -------------------------------------------------------------------------------------


class Noisy:
    """mu, N, the boxes, and the kernels k and l, with values in (0, 1] and in [0, 1]."""

    def __init__(self, t, both=True):
        X, Y, U = t.space("X"), t.space("Y"), t.space("U")
        self.t, self.mu, self.u = t, t.law("mu", U), t.variable("u", U)
        self.pi, self.rho = t.law("pi0", X), t.law("rho", Y)
        self.x, self.y = t.variable("x", X), t.variable("y", Y)
        self.box = joint(self.pi, (self.x, self.rho))
        self.q = t.variable("q", self.box.sort.parts[0])
        self.N, self.p = t.kernel("N", U, on=self.q.sort), t.variable("p", self.q.sort)
        self.k, self.l = t.function("k", X, U), t.function("l", Y, U)
        self.size_x, self.size_y = t.real("size_x size_y")
        self.w, self.r = t.function("w r", X, Y)
        one, two = self.k(self.x, self.u), self.l(self.y, self.u)
        sets = [Forall([self.x, self.u], And(one > 0, one <= 1))]
        sets += [Forall([self.y, self.u], And(two >= 0, two <= 1))] if both else []
        self.kernels = [t.given(f) for f in sets]

    def f1(self, x, y):
        """The numerator."""
        return Mean(self.k(x, self.u) * self.l(y, self.u), (self.u, self.mu))

    def f2(self, x):
        """The denominator."""
        return Mean(self.k(x, self.u), (self.u, self.mu))

    def seen(self, v):
        """The mean of v(p) over what is seen."""
        return Mean(Mean(v, (self.p, self.N(self.u))), (self.u, self.mu))

    def inside(self, p):
        """1 on Ω, and 0 elsewhere."""
        return Ind(And(In(first(p), self.pi), In(second(p), self.rho)))

    def inside_x(self, p):
        """1 where the first half is in Ω_x."""
        return Ind(In(first(p), self.pi))

    def test_function(self):
        """The hypothesis on N for w."""
        t, p, q, w = self.t, self.p, self.q, self.w
        own = Mean(self.inside(p) * w(first(p), second(p)), (p, self.N(self.u)))
        kernel = self.k(first(q), self.u) * self.l(second(q), self.u)
        other = Mean(kernel * w(first(q), second(q)), (q, self.box))
        return t.given(LivesOn(self.mu, self.u, own.eq(self.size_x * self.size_y * other)))

    def bounded(self):
        """|w| <= 1."""
        return self.t.given(Forall([self.x, self.y], Abs(self.w(self.x, self.y)) <= 1))

    def mean_of_r(self, x):
        """The mean of r w over the uniform law of Ω_y."""
        return Mean(self.r(x, self.y) * self.w(x, self.y), (self.y, self.rho))

    def of_x(self):
        """E 1(X in Ω_x) times the mean of r w."""
        return self.seen(self.inside_x(self.p) * self.mean_of_r(first(self.p)))

    def in_x(self):
        """The hypothesis on N for the mean of r w, a function of x."""
        h, p = self.mean_of_r, self.p
        own = Mean(self.inside_x(p) * h(first(p)), (p, self.N(self.u)))
        other = Mean(self.k(self.x, self.u) * h(self.x), (self.x, self.pi))
        return self.t.given(LivesOn(self.mu, self.u, own.eq(self.size_x * other)))


@theorem(source=SOURCE)
def marginals_in_order(t):
    """0 <= f1 <= f2 and 0 < f2 <= 1."""
    s = Noisy(t)
    known = k, _ = s.kernels
    with t.let(s.x, s.y) as each:
        one, two = s.f1(s.x, s.y), s.f2(s.x)
        for mean in (one, two):
            t.exists(mean, by=known, bound=1)
        order = [
            t.average(one >= 0, by=known),
            t.average(one <= two, by=known),
            t.average(two <= 1, by=[k]),
        ]
        with t.suppose(two <= 0) as none, t.obtain(t.least(*none.facts), "z") as point:
            low = point.facts[-1]
            size, _ = k(s.x, point.value)
            value = size.left
            inverse = t.exists(1 / value, by=[size]).formula.args[0]
            sign, one_ = t.show(And(inverse > 0, value * inverse >= 1), by=[size])
            zero = t.show(value * inverse <= 0, by=[low, sign], opaque=[inverse])
            t.impossible(one_, zero, two > 0)
        with t.suppose(number(0) < two) as some:
            t.show(two > 0, by=some.facts)
        t.cases(two, 0, none, some)
        t.show(And(one >= 0, one <= two, two > 0, two <= 1), by=order)
    return each.fact


@theorem(source=SOURCE)
def mean_of_densities(t):
    """The mean over u of E a(z, u) w(z) is that of E_u a(z, u) times w(z), for |a| <= A and
    |w| <= B."""
    Z, U = t.space("Z"), t.space("U")
    theta, mu = t.law("theta", Z), t.law("mu", U)
    z, u, a, w = t.variable("z", Z), t.variable("u", U), t.function("a", Z, U), t.function("w", Z)
    A, B, v, c = t.real("A B v c")
    known = t.given(Forall([z, u], Abs(a(z, u)) <= A), Forall(z, Abs(w(z)) <= B))
    t.example(a=function([z, u], 0), w=function(z, 0), A=1, B=1)
    with t.let(v, c, given=[Abs(v) <= A, Abs(c) <= B]) as product:
        t.show(Abs(v * c) <= A * B, by=product.facts)
    with t.let(z, u) as at:
        values, size = known[0](z, u), known[1](z)
        product(a(z, u), w(z), by=[values, size])
    sizes, inner = Mean(abs(a(z, u) * w(z)), (z, theta)), Mean(a(z, u) * w(z), (z, theta))
    with t.let(u) as each:
        for mean in (sizes, inner):
            t.exists(mean, by=[at.fact], bound=A * B)
        both = [t.average(sizes >= 0), t.average(sizes <= A * B, by=[at.fact])]
        t.together(*both)
    t.exists(Mean(sizes, (u, mu)), by=[each.fact], bound=A * B)
    own, density = Mean(a(z, u) * w(z), (u, mu)), Mean(a(z, u), (u, mu))
    with t.let(z) as fixed:
        t.exists(own, by=[at.fact], bound=A * B)
        t.exists(density, by=known[:1], bound=A)
        t.average(own.eq(density * w(z)))
    with t.let(z) as small:
        t.exists(density, by=known[:1], bound=A)
        bounds = [t.average(g, by=known[:1]) for g in (density >= -A, density <= A)]
        size = t.show(Abs(density) <= A, by=bounds)
        product(density, w(z), by=[size, known[1](z)])
    swapped = t.exchange(Mean(inner, (u, mu)), by=[at.fact, fixed.fact])
    t.exists(Mean(density * w(z), (z, theta)), by=[small.fact], bound=A * B)
    same = t.same_mean(swapped.right, Mean(density * w(z), (z, theta)), by=[fixed.fact])
    return t.show(swapped.left.eq(same.right), by=[swapped, same])


@theorem(source=SOURCE)
def density_of_the_pair(t):
    """On Ω the pair that is seen has the density κ_x κ_y f1: E 1_Ω w(X, Y) is size_x size_y times
    the mean of f1 w over the uniform law, for a function w with values in [-1, 1]."""
    s = Noisy(t)
    w, bounded, density = s.w, s.bounded(), s.test_function()
    q, x, y, (one, two) = s.q, first(s.q), second(s.q), s.kernels
    kernel, left = s.k(x, s.u) * s.l(y, s.u), s.seen(s.inside(s.p) * w(first(s.p), second(s.p)))
    with t.let(q, s.u) as product:
        t.show(Abs(kernel) <= 1, by=[one(x, s.u), two(y, s.u)])
    values = {"theta": s.box, "a": function([q, s.u], kernel), "w": function(q, w(x, y))}
    values |= {"A": 1, "B": 1}
    known = [product.fact, bounded]
    swapped = t.use("conditional.mean_of_densities", values, {"Z": q.sort}, by=known)
    size = s.size_x * s.size_y
    own = t.average(left.eq(size * swapped.left), by=[density], law=s.mu)
    return t.show(left.eq(size * Mean(s.f1(x, y) * w(x, y), (q, s.box))), by=[own, swapped])


@theorem(source=SOURCE)
def density_of_the_first(t):
    """X has the density κ_x f2 on Ω_x: E of the mean of r w over y is size_x times the mean of
    f2 r w over the uniform law of Ω."""
    s = Noisy(t, both=False)
    bounded, (k,) = s.bounded(), s.kernels
    values = t.given(Forall([s.x, s.y], And(s.r(s.x, s.y) >= 0, s.r(s.x, s.y) <= 1)))
    density = s.in_x()
    x, y, q, rw = s.x, s.y, s.q, s.r(s.x, s.y) * s.w(s.x, s.y)
    with t.let(x, y) as product:
        t.show(Abs(rw) <= 1, by=[values(x, y), bounded(x, y)])
    mean = s.mean_of_r(x)
    with t.let(x) as small:
        t.exists(mean, by=[product.fact], bound=1)
        low, high = (t.average(g, by=[product.fact]) for g in (mean >= -1, mean <= 1))
        t.show(Abs(mean) <= 1, by=[low, high])
    functions = {"theta": s.pi, "a": function([x, s.u], s.k(x, s.u)), "w": function(x, mean)}
    functions |= {"A": 1, "B": 1}
    swapped = t.use("conditional.mean_of_densities", functions, {"Z": x.sort}, by=[k, small.fact])
    own = t.average(s.of_x().eq(s.size_x * swapped.left), by=[density], law=s.mu)

    f2 = s.f2(x)
    with t.let(x) as positive:
        t.exists(f2, by=[k], bound=1)
        low, high = t.average(f2 >= 0, by=[k]), t.average(f2 <= 1, by=[k])
        t.together(low, high)
    whole = Mean(s.f2(first(q)) * (s.r(first(q), second(q)) * s.w(first(q), second(q))), (q, s.box))
    inner, size = (Mean(u, (y, s.rho)) for u in (f2 * rw, abs(f2 * rw)))
    with t.let(x) as at:
        t.exists(inner, by=[product.fact, positive(x)], bound=1)
        t.exists(size, by=[product.fact, positive(x)], bound=1)
        found = [
            t.average(size >= 0),
            t.average(size <= 1, by=[product.fact, positive(x)]),
            t.average(inner.eq(f2 * mean), by=[positive(x)], law=s.rho),
        ]
        t.together(*found)
    t.exists(Mean(size, (x, s.pi)), by=[at.fact], bound=1)
    t.joint_exists(whole)
    fubini = t.disintegrate(whole)
    same = t.average(fubini.right.eq(swapped.right), by=[at.fact], law=s.pi)
    return t.show(s.of_x().eq(s.size_x * whole), by=[own, swapped, fubini, same])


@theorem(source=SOURCE)
def conditional_density(t):
    """κ_y f1/f2 is the conditional density of Y given X on Ω: E 1_Ω w(X, Y) is the mean of 1(X in
    Ω_x) times the integral of κ_y f1(X, y)/f2(X) w(X, y) over Ω_y, size_y times a mean over rho."""
    s = Noisy(t)
    s.r = lambda x, y: s.f1(x, y) / s.f2(x)
    s.bounded()
    s.test_function()
    s.in_x()
    order, (x, y, q) = t.use("conditional.marginals_in_order"), (s.x, s.y, s.q)
    with t.let(x, y) as ratio:
        t.exists(s.r(x, y), by=[order(x, y)])
        t.show(And(s.r(x, y) >= 0, s.r(x, y) <= 1), by=[order(x, y)])
    values = {"r": function([x, y], s.r(x, y))}
    one = t.use("conditional.density_of_the_pair")
    two = t.use("conditional.density_of_the_first", values, by=[ratio.fact])
    x, y = first(q), second(q)
    with t.let(q) as at:
        t.exists(s.r(x, y), by=[order(x, y)])
        t.show((s.f2(x) * (s.r(x, y) * s.w(x, y))).eq(s.f1(x, y) * s.w(x, y)), by=[order(x, y)])
    same = t.average(two.right.args[1].eq(one.right.args[1]), by=[at.fact], law=s.box)
    left = s.seen(s.inside(s.p) * s.w(first(s.p), second(s.p)))
    return t.show(left.eq(s.size_y * s.of_x()), by=[one, two, same])


# -- without positivity ----------------------------------------------------------------------------


class Clipped(Noisy):
    """The approximations g1 and g2, and r̂; the box, its points (a, b), and the two errors."""

    def __init__(self, t):
        super().__init__(t)
        X, Y, self.c = self.x.sort, self.y.sort, t.real("c")
        self.g1, self.g2 = t.function("g1", X, Y), t.function("g2", X)
        self.a, self.b = first(self.q), second(self.q)
        self.errors = (
            Mean(Abs(self.f1(self.a, self.b) - self.g1(self.a, self.b)), (self.q, self.box)),
            Mean(Abs(self.f2(self.x) - self.g2(self.x)), (self.x, self.pi)),
        )
        t.given(self.c > 0)
        self.r = lambda x, y: clipped(self.g1(x, y) / Max(self.g2(x), self.c))


@theorem(source=SOURCE)
def mean_error_of_the_numerator(t):
    """E|f1 - f2 r̂| <= E|f1 - g1| + E|f2 - g2| + c over the uniform law of Ω."""
    s = Clipped(t)
    q, a, b, x, y, c = s.q, s.a, s.b, s.x, s.y, s.c
    one, two = s.errors
    near = t.given(Exists(one), Exists(two))
    positive = t.use("conditional.marginals_in_order")
    lemma = t.use("conditional_errors.error_of_the_numerator")
    v = {"v": function(x, Abs(s.f2(x) - s.g2(x))), "pi0": s.pi, "rho": s.rho}
    with t.let(x):
        t.exists(s.f2(x) - s.g2(x), by=[positive(x, y)])
    same = t.use(
        "conditional_errors.mean_of_the_first", v, {"X": x.sort, "Y": y.sort}, by=[near[1]]
    )
    exact = s.f1(a, b) - s.f2(a) * s.r(a, b)
    mean, whole = Mean(Abs(exact), (q, s.box)), same.left
    with t.let(q) as at:
        positive(a, b)
        G = Max(s.g2(a), c)
        t.show(G.eq(Max(s.g2(a), c)))
        t.exists(s.r(a, b), by=[t.show(G > 0)])
        lemma(s.f1(a, b), s.f2(a), s.g1(a, b), s.g2(a), c, G)
    t.exists(whole, by=[same])
    hidden = {"at": q, "opaque": [s.r(a, b)]}
    t.exists(mean, by=[at.fact], bound=one + whole + c, **hidden)
    below = t.average(mean <= one + whole + c, by=[at.fact], law=s.box, **hidden)
    return t.show(mean <= one + two + c, by=[below, same])


@theorem(source=SOURCE)
def outside_the_box(t):
    """The means of w and of 1_Ω w over (X, Y) differ by at most the probability that (X, Y) is not
    in Ω, for a function w with values in [-1, 1]."""
    X, Y, U = t.space("X"), t.space("Y"), t.space("U")
    mu, u, pi, rho = t.law("mu", U), t.variable("u", U), t.law("pi0", X), t.law("rho", Y)
    (x, y), w = (t.variable("x", X), t.variable("y", Y)), t.function("w", X, Y)
    sort = joint(pi, (x, rho)).sort.parts[0]
    N, p = t.kernel("N", U, on=sort), t.variable("p", sort)
    bounded = t.given(Forall([x, y], Abs(w(x, y)) <= 1))
    seen, event = w(first(p), second(p)), And(In(first(p), pi), In(second(p), rho))
    inside, outside = Ind(event), 1 - Ind(event)
    parts = [Mean(v, (p, N(u))) for v in (seen, inside * seen, outside * seen, outside)]
    with t.let(p) as small:
        values = [t.derive("indicator_range", formula=inside.args[0])]
        values.append(bounded(first(p), second(p)))
        far = [outside * seen <= outside, -(outside * seen) <= outside, outside <= 1]
        sizes_here = [Abs(v) <= 1 for v in (inside * seen, outside * seen, outside)]
        t.together(*(t.show(g, by=values) for g in (*far, *sizes_here)))
    means = [
        Mean(Mean(v, (p, N(u))), (u, mu)) for v in (seen, inside * seen, outside * seen, outside)
    ]
    with t.let(u) as every:
        for part in parts:
            t.exists(part, by=[small.fact, bounded], bound=1)
        split = [
            t.average(parts[0].eq(parts[1] + parts[2])),
            t.average(parts[2] <= parts[3], by=[small.fact]),
            t.average(-parts[2] <= parts[3], by=[small.fact]),
        ]
        sizes = [t.average(g, by=[small.fact]) for v in parts[1:] for g in (v <= 1, v >= -1)]
        t.together(*split, *(t.show(Abs(v) <= 1, by=sizes) for v in parts[1:]))
    for mean in means[1:]:
        t.exists(mean, by=[every.fact], bound=1)
    t.exists(means[0], by=[every.fact], bound=2)
    whole = t.average(means[0].eq(means[1] + means[2]), by=[every.fact], law=mu)
    far = [t.average(m <= means[3], by=[every.fact], law=mu) for m in (means[2], -means[2])]
    return t.show(Abs(means[0] - means[1]) <= means[3], by=[whole, *far])


@theorem(source=SOURCE)
def total_variation_by_sizes(t):
    """For every function w with values in [-1, 1] the means of w over (X, Y) and over (X, Ŷ), where
    Ŷ has the density p̂, differ by at most size_x size_y (E|f1 - g1| + E|f2 - g2| + c) and the
    probability that (X, Y) is not in Ω."""
    s = Clipped(t)
    q, a, b, x, y, c = s.q, s.a, s.b, s.x, s.y, s.c
    t.given(*(Exists(e) for e in s.errors))
    sizes = t.given(s.size_x > 0, s.size_y > 0)
    bounded = s.bounded()
    s.test_function()
    s.in_x()
    with t.let(x, y) as values:
        G = Max(s.g2(x), c)
        t.exists(s.r(x, y), by=[t.show(G > 0)])
        t.show(And(s.r(x, y) >= 0, s.r(x, y) <= 1), opaque=[s.g1(x, y) / G])
    rs = {"r": function([x, y], s.r(x, y))}
    one = t.use("conditional.density_of_the_pair")
    two = t.use("conditional.density_of_the_first", rs, by=[values.fact])
    three = t.use("conditional.mean_error_of_the_numerator")
    positive = t.use("conditional.marginals_in_order")
    errors = [one.right.args[1], two.right.args[1], three.left]
    v, m, z = t.real("v m z")
    with t.let(v, m, z, given=[Abs(m) <= 1]) as product:
        t.show(And(v * m - z * m <= Abs(v - z), z * m - v * m <= Abs(v - z)), by=product.facts)
    with t.let(q) as at:
        t.exists(s.r(a, b), by=[values(a, b)])
        t.exists(s.f1(a, b) - s.f2(a) * s.r(a, b), by=[positive(a, b)])
        up, down = product(s.f1(a, b), s.w(a, b), s.f2(a) * s.r(a, b), by=[bounded(a, b)])
        t.together(up, down)
    gap = errors[0] - errors[1]
    above = t.average(gap <= errors[2], by=[at.fact], law=s.box, at=q, opaque=[s.r(a, b)])
    below = t.average(-gap <= errors[2], by=[at.fact], law=s.box, at=q, opaque=[s.r(a, b)])

    outside = t.use("conditional.outside_the_box")
    size, terms = s.size_x * s.size_y, s.errors[0] + s.errors[1] + c
    factor = t.show(size > 0, by=sizes)
    near = [
        t.show(size * gap <= size * terms, by=[above, three, factor], opaque=[size]),
        t.show(-size * gap <= size * terms, by=[below, three, factor], opaque=[size]),
    ]
    goal = Abs(outside.left.args[0].args[0] - s.size_y * s.of_x()) <= size * terms + outside.right
    return t.show(goal, by=[outside, one, two, *near])


@theorem(source=SOURCE)
def total_variation(t):
    """E_X TV(p(.|X), p̂(.|X)) <= total_variation: half of the difference of the means of w over
    (X, Y) and over (X, Ŷ), for every function w with values in [-1, 1]. The sizes are those of
    `boundcheck.theory.formulas.approximation.conditional`, or smaller."""
    s = Clipped(t)
    *_, R_x, R_y, sigma_x, sigma_y = t.real("d_x d_y R_x R_y sigma_x sigma_y")
    t.given(R_x > 0, R_y > 0, sigma_x > 0, sigma_y > 0)
    error_1, error_2, far = t.real("error_1 error_2 outside")
    beyond = s.seen(1 - s.inside(s.p))
    near = t.given(s.errors[0] <= error_1, s.errors[1] <= error_2, beyond <= far)
    positive = t.given(s.size_x > 0, s.size_y > 0)
    large = t.quoted(conditional.SIZE_X), t.quoted(conditional.SIZE_Y)
    sizes = t.given(s.size_x <= large[0], s.size_y <= large[1])
    s.bounded()
    s.test_function()
    s.in_x()
    found = t.use("conditional.total_variation_by_sizes", by=[*positive, *near])
    total, bound = s.errors[0] + s.errors[1] + s.c, error_1 + error_2 + s.c
    sign = t.average(s.errors[0] >= 0), t.average(s.errors[1] >= 0)
    t.show(bound >= total, by=near)
    a, b, m, n, u, v = t.real("a b m n h e")
    with t.let(a, b, m, n, u, v, given=[a > 0, b > 0, a <= m, b <= n, u >= 0, u <= v]) as product:
        first_ = t.show(a * b <= m * n, by=product.facts[:4])
        t.show(a * b * u <= m * n * v, by=[first_, *product.facts])
    t.show(total >= 0, by=sign)
    less = product(s.size_x, s.size_y, *large, total, bound, by=[*positive, *sizes])
    goal, right = found.left / 2, t.read(conditional.TOTAL_VARIATION)
    hidden = [found.left, *large]
    return t.show(goal <= right, by=[found, less, near[2]], opaque=hidden)
