"""A function that is an affine one and a sum over strata of means of ridges, as a network.

f(x) = a(0) + a(1) x(1) + ... + a(d) x(d) + Σ m(j) E tau(j, θ) ReLU(ridge θ), θ ~ L(j). In stratum j
ReLU is interpolated by N ridges D(j)(1), ..., D(j)(N), with weights p(j, θ, g); the gaps are
sampled. The network has one hidden layer: an affine neuron, the N ridges of each stratum, and the
draws; a neuron of scale M in the place of ReLU costs its coefficient, divided by M.
"""

from boundcheck import theorem
from boundcheck.math import Abs, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    LivesOn,
    Mean,
    Norm,
    Sum,
    ThereIs,
    depth,
    function,
    relu,
    signrelu,
    value,
    width,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL, seq

SOURCE = "derived here"


def ridge(theta, x, d, i):
    """θ(1) x(1) + ... + θ(d) x(d) - θ(0)."""
    return Sum(theta(i) * x(i), (i, 1, d)) - theta(0)


class Strata:
    """Ridges in strata, and their interpolation."""

    def __init__(self, t):
        self.t, POINT = t, seq(REAL)
        self.theta, self.x, self.a = t.sequence("theta x a", REAL)
        self.L, self.tau = t.kernel("L", NAT, on=POINT), t.function("tau", NAT, POINT)
        self.p, (self.m, self.w) = t.function("p", NAT, POINT, NAT), t.function("m w", NAT)
        self.n, self.D = t.function("n", NAT, to=NAT), t.sequence("D", seq(POINT))
        self.C, self.N, self.d, self.i, self.j, self.g, self.r = t.nat("C N d i j g r")
        j, g, theta = self.j, self.g, self.theta
        inside = [j >= 1, j <= self.C]
        law = And(
            Abs(self.tau(j, theta)) <= 1,
            Forall(g, self.p(j, theta, g) >= 0, given=[g >= 1, g <= self.N]),
            Sum(self.p(j, theta, g), (g, 1, self.N)).eq(1),
        )
        self.some, self.weights, self.masses, self.laws = t.given(
            Forall(j, self.n(j) >= 1),
            Forall(j, (self.w(j) * self.n(j)).eq(self.m(j))),
            Forall(j, self.m(j) >= 0, given=inside),
            Forall(j, LivesOn(self.L(j), theta, law), given=inside),
        )

    def ridge(self, theta):
        return relu(ridge(theta, self.x, self.d, self.i))

    def gap(self, theta):
        """What the interpolation leaves at θ, in stratum j."""
        g, j = self.g, self.j
        return Sum(self.p(j, theta, g) * self.ridge(self.D(j)(g)), (g, 1, self.N)) - self.ridge(
            theta
        )

    def mean(self, u):
        return Mean(u, (self.theta, self.L(self.j)))

    def corner(self, s):
        """The coefficient of the ridge g, for draws s."""
        j, g, r, draw = self.j, self.g, self.r, s(self.j)(self.r)
        drawn = Sum(self.tau(j, draw) * self.p(j, draw, g), (r, 1, self.n(j)))
        mean = self.mean(self.tau(j, self.theta) * self.p(j, self.theta, g))
        return self.m(j) * mean - self.w(j) * drawn

    def draw(self, s):
        """The coefficient of draw r."""
        return self.w(self.j) * self.tau(self.j, s(self.j)(self.r))

    def neurons(self, s, of_corner, of_draw):
        """Sums over the ridges and over the draws of a stratum."""
        j, g, r = self.j, self.g, self.r
        return Sum(of_corner, (g, 1, self.N)), Sum(of_draw, (r, 1, self.n(j)))

    def error(self, s):
        """Of the draws of gaps."""
        j, r, theta = self.j, self.r, self.theta
        gaps = Sum(self.tau(j, s(j)(r)) * self.gap(s(j)(r)), (r, 1, self.n(j)))
        return self.m(j) * self.mean(self.tau(j, theta) * self.gap(theta)) - self.w(j) * gaps

    def one_stratum(self, **draws):
        """The values for theorems about one stratum, and its draws."""
        j, g, theta = self.j, self.g, self.theta
        law = {
            "L": self.L(j),
            "tau": function(theta, self.tau(j, theta)),
            "p": function([theta, g], self.p(j, theta, g)),
        }
        return {**law, "n": self.n(j), "m": self.m(j), "w": self.w(j), **draws} if draws else law


@theorem(source=SOURCE)
def cost_of_neurons(t):
    """SignReLU neurons of scale M in the place of ReLU cost at most 3 m(j)/M in stratum j."""
    c, (M, h, b, z) = Strata(t), t.real("M h b z")
    s, j, g, r, _theta, x = t.sequence("s", seq(seq(REAL))), c.j, c.g, c.r, c.theta, c.x
    _, inverse, drawn, _, _ = t.given(
        M > 0, (h * M).eq(1), Forall([j, r], In(s(j)(r), c.L(j))), j >= 1, j <= c.C
    )
    positive = t.show(h > 0, by=inverse)
    values = c.one_stratum(s=s(j))
    with t.let(r) as inside:
        drawn(j, r)
    facts = [c.weights(j), c.laws(j), inside.fact, c.masses(j), c.some(j)]
    sizes = t.use("control_variates.size_of_coefficients", values, {"T": seq(REAL)}, by=facts)
    corners, draws = c.neurons(s, Abs(c.corner(s)), Abs(c.draw(s)))
    with t.let(b, z) as neuron:
        most = t.show(Abs(relu(z) - h * signrelu(M * z)) <= h, by=inverse)
        rest = relu(z) - h * signrelu(M * z)
        two = And(b * rest <= Abs(b) * h, -(Abs(b) * h) <= b * rest)
        t.show(two, by=most, opaque=[rest])
    weights = t.use("control_variates.mean_weights", c.one_stratum(), {"T": seq(REAL)}, by=facts)
    parts = []
    for coefficient, at, index, last in (
        (c.corner(s), c.D(j)(g), g, c.N),
        (c.draw(s), s(j)(r), r, c.n(j)),
    ):
        line = ridge(at, x, c.d, c.i)
        plain, smooth = coefficient * relu(line), h * coefficient * signrelu(M * line)
        size = Abs(coefficient)
        with t.let(index, given=[index >= 1, index <= last]) as each:
            if index == g:
                weights(g)
            t.exists(coefficient)
            known = neuron.fact(coefficient, line)
            order = And(plain - smooth <= h * size, -(h * size) <= plain - smooth)
            t.show(order, by=known, opaque=[coefficient, relu(line), signrelu(M * line), size])
        sums = [Sum(u, (index, 1, last)) for u in (plain, smooth, size)]
        above = t.add_up(sums[0] - sums[1] <= h * sums[2], by=each.fact, opaque=[])
        below = t.add_up(-(h * sums[2]) <= sums[0] - sums[1], by=each.fact)
        parts.append((sums, above, below))
    (A, *first), (B, *second) = parts
    goal = Abs(A[0] + B[0] - (A[1] + B[1])) <= 3 * h * c.m(j)
    scaled = t.show(h * (corners + draws) <= h * (3 * c.m(j)), by=[sizes, positive])
    return t.show(goal, by=[*first, *second, scaled])


class Approximated(Strata):
    """A function f with that representation at the points of a law."""

    def __init__(self, t):
        super().__init__(t)
        j, g, theta, x, a = self.j, self.g, self.theta, self.x, self.a
        self.f, self.pi = t.function("f", seq(REAL)), t.law("pi", seq(REAL))
        self.M, self.h, self.K, self.share, self.V, self.square, self.b = t.real(
            "M h K share V square b"
        )
        inside = [j >= 1, j <= self.C]
        self.line = Sum(a(self.i) * x(self.i), (self.i, 1, self.d))
        mean = self.mean(self.tau(j, theta) * self.ridge(theta))
        self.parts = Sum(self.m(j) * mean, (j, 1, self.C))
        everywhere = Abs(self.tau(j, theta) * self.p(j, theta, g)) <= 1
        bounded = Abs(self.gap(theta)) <= self.b
        small = Mean(self.gap(theta) ** 2, (x, self.pi)) <= self.square
        self.scale = t.given(self.M > 0, (self.h * self.M).eq(1))
        t.given(self.share >= 0, self.square >= 0, self.b >= 0, self.V >= 0)
        self.represents, self.positive, self.everywhere = t.given(
            LivesOn(self.pi, x, self.f(x).eq(a(0) + self.line + self.parts)),
            LivesOn(self.pi, x, self.line + self.K >= 0),
            Forall([j, g], LivesOn(self.L(j), theta, everywhere)),
        )
        self.bounded, self.small, self.low, self.total = t.given(
            Forall(j, LivesOn(self.L(j), theta, LivesOn(self.pi, x, bounded)), given=inside),
            Forall(j, LivesOn(self.L(j), theta, small), given=inside),
            Forall(j, self.w(j) <= self.share, given=inside),
            Sum(self.m(j), (j, 1, self.C)) <= self.V,
        )

    def draws(self):
        """There are draws."""
        t, j, theta, x = self.t, self.j, self.theta, self.x
        value = self.tau(j, theta) * self.gap(theta)
        with t.let(j, given=[j >= 1, j <= self.C]) as sizes:  # noqa: SIM117
            with t.let(theta, given=[In(theta, self.L(j))]), t.let(x, given=[In(x, self.pi)]):
                size, _, _ = self.laws(j, theta)
                known = [size, self.bounded(j, theta, x)]
                t.show(Abs(value) <= self.b, by=known, opaque=[self.gap(theta)])
        with t.let(j, given=[j >= 1, j <= self.C]) as squares:  # noqa: SIM117
            with t.let(theta, given=[In(theta, self.L(j))]):
                size, _, _ = self.laws(j, theta)
                small = self.small(j, theta)
                mean, hidden = Mean(value**2, (x, self.pi)), [self.gap(theta)]
                with t.let(x) as point:
                    smaller = value**2 <= self.gap(theta) ** 2
                    t.show(smaller, by=size, opaque=hidden)
                t.exists(mean, by=point.fact, bound=small.left, at=x, opaque=hidden)
                below = t.average(mean <= small.left, by=point.fact, at=x, opaque=hidden)
                t.show(mean <= self.square, by=[below, small])
        values = {
            "phi": function([j, theta, x], value),
            "g": self.square,
            "K": self.share,
            "b": self.b,
        }
        return t.use(
            "stratified_sampling.draws_of_strata",
            values,
            {"X": seq(REAL), "T": seq(REAL)},
            by=[sizes.fact, squares.fact],
        )


@theorem(source=SOURCE)
def error_at_a_point(t):
    """At x: the error of the network is at most that of the draws, and 3V/M."""
    c, s = Approximated(t), t.sequence("s", seq(seq(REAL)))
    j, g, r, theta, x, M, h = c.j, c.g, c.r, c.theta, c.x, c.M, c.h
    _inside, drawn = t.given(In(x, c.pi), Forall([j, r], In(s(j)(r), c.L(j))))
    lines = [ridge(at, x, c.d, c.i) for at in (c.D(j)(g), s(j)(r))]
    factors = (c.corner(s), c.draw(s))
    plain = c.neurons(s, *(u * relu(line) for u, line in zip(factors, lines, strict=True)))
    smooth = c.neurons(
        s, *(h * u * signrelu(M * line) for u, line in zip(factors, lines, strict=True))
    )
    with t.let(j, given=[j >= 1, j <= c.C]) as term:
        cost = t.use("strata_networks.cost_of_neurons")
        with t.let(r) as one:
            drawn(j, r)
        values = {
            **c.one_stratum(s=s(j)),
            "psi": function(theta, c.ridge(theta)),
            "rho": function(g, c.ridge(c.D(j)(g))),
        }
        with t.let(theta, given=[In(theta, c.L(j))]) as bounded:
            c.bounded(j, theta, x)
        known = [c.weights(j), c.laws(j), one.fact, bounded.fact]
        whole = t.use(
            "control_variates.interpolation_and_draws", values, {"T": seq(REAL)}, by=known
        )
        t.together(
            t.show(cost.left.args[0] <= 3 * h * c.m(j), by=cost, opaque=[*plain, *smooth]),
            t.show(-(3 * h * c.m(j)) <= cost.left.args[0], by=cost, opaque=[*plain, *smooth]),
            whole,
        )

    def added(u):
        return Sum(u, (j, 1, c.C))

    sums, mass = [added(u) for u in (*plain, *smooth)], added(c.m(j))
    rest = sums[0] + sums[1] - (sums[2] + sums[3])
    above = t.add_up(rest <= 3 * h * mass, by=term.fact)
    below = t.add_up(-(3 * h * mass) <= rest, by=term.fact)
    error = added(c.error(s))
    equal = t.add_up((sums[0] + sums[1]).eq(c.parts + error), by=term.fact)
    line = c.positive(x)
    neuron = h * signrelu(M * (c.line + c.K))
    exact = t.show(neuron.eq(c.line + c.K), by=[line, *c.scale])
    most = t.show(h * mass <= h * c.V, by=[c.total, *c.scale])
    network = c.a(0) - c.K + neuron + sums[2] + sums[3]
    goal = Abs(c.f(x) - network) <= Abs(error) + 3 * h * c.V
    known = [above, below, equal, exact, most, c.represents(x)]
    return t.show(goal, by=known, opaque=[neuron, error, *sums])


@theorem(source=SOURCE)
def network_of_strata(t):
    """There is a network whose error in L² is at most that of the draws and 3V/M."""
    c, F = Approximated(t), t.network("F", "signrelu")
    j, g, r, theta, x, h = c.j, c.g, c.r, c.theta, c.x, c.h
    with t.obtain(c.draws(), "s0") as draws:
        s, (drawn, small) = draws.value, draws.facts
        with t.let(j, g) as there:
            with t.let(theta, given=[In(theta, c.L(j))]) as inside:
                c.everywhere(j, g, theta)
            t.exists(c.mean(c.tau(j, theta) * c.p(j, theta, g)), by=inside.fact, bound=1)
            t.exists(c.corner(s))
        values = {
            "A": function([j, g], c.corner(s)),
            "B": function([j, r], c.draw(s)),
            "U": c.D,
            "S": s,
        }
        layer = t.use("ridge_networks.shallow_network", values, by=there.fact)
        with t.obtain(layer, "G") as network:
            G, (deep, wide, values) = network.value, network.facts
            with t.let(x, given=[In(x, c.pi)]) as point:
                near = t.use("strata_networks.error_at_a_point", {"s": s}, by=drawn)
                t.rewrite(t.symmetric(values(x)), near)
            error = Sum(c.error(s), (j, 1, c.C))
            draws_norm = Norm(error, 2, (x, c.pi))
            square = Mean(Abs(error) ** 2, (x, c.pi))
            known, hidden = point.fact, [error, value(G, 0, x)]
            t.exists(square, by=known, bound=small.left, at=x, opaque=hidden)
            same = t.average(square.eq(small.left), by=known, at=x, opaque=hidden)
            there = t.derive("norm_exists", same, t.show(expr(2) >= 1), norm=draws_norm)
            positive, power = t.derive("norm_power", there, norm=draws_norm)
            total = c.share * c.V * c.square
            root = t.show(draws_norm <= sqrt(total), by=[positive, power, same, small])
            whole = Norm(c.f(x) - value(G, 0, x), 2, (x, c.pi))
            t.show(3 * h * c.V >= 0, by=c.scale)
            step = t.minkowski(whole <= draws_norm + 3 * h * c.V, by=known, at=x, opaque=hidden)
            bound = sqrt(total) + 3 * h * c.V
            last = t.show(whole <= bound, by=[step, root], opaque=[sqrt(total)])
            near = Norm(c.f(x) - value(F, 0, x), 2, (x, c.pi)) <= bound
            size = width(F).eq(1 + c.C * c.N + Sum(c.n(j), (j, 1, c.C)))
            t.witness(ThereIs(F, depth(F).eq(1), size, near), G, by=[deep, wide, last])
    return draws.fact
