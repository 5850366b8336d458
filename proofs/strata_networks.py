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
    Exists,
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
        return Sum(self.p(j, theta, g) * self.ridge(self.D(j)(g)), (g, 1, self.N)) - self.ridge(theta)

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
    s, j, g, r, theta, x = t.sequence("s", seq(seq(REAL))), c.j, c.g, c.r, c.theta, c.x
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
