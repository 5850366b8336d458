"""Shallow networks approximate functions with a ridge representation, with explicit constants.

f(x) = a(0) + a(1) x(1) + ... + a(d) x(d) + Σ m(j) E tau(j, θ) ReLU(ridge θ) on [-R, R]^d, |tau| <= 1:
the ridges θ ~ L(j) are on face j of the cube [-1, 1]^d, j = 1, ..., 2d, whose place ⌈j/2⌉ is
(-1)^j, and θ(0) is in [0, Rd]. V is at least Σ m(j), the variation of the measure. A marginal of a
Gaussian kernel is such a function (`ridges`). The law of x is uniform on [-R, R]^d.
"""

from contextlib import ExitStack

from boundcheck import Reading, theorem
from boundcheck.math import Abs
from boundcheck.theorems.author.words import (
    And,
    Forall,
    LivesOn,
    Mean,
    Norm,
    Prob,
    Sum,
    ThereIs,
    depth,
    function,
    natceil,
    relu,
    samples,
    value,
    width,
)
from boundcheck.theorems.language.expr import expr, made
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas import ratio, shallow

SOURCE = "derived here"


class Represented:
    """A function f with a ridge representation of the variation V, and networks of scale M."""

    def __init__(self, t):
        self.t, POINT = t, seq(REAL)
        self.d, self.i, self.j = t.nat("d i j")
        self.R, self.V, self.M, low, high, z = t.real("R V M l h z")
        self.x, self.theta, self.a = t.sequence("x theta a", REAL)
        self.u, self.f = t.law("u", REAL), t.function("f", POINT)
        self.L, self.tau = t.kernel("L", NAT, on=POINT), t.function("tau", NAT, POINT)
        self.m, self.F = t.function("m", NAT), t.network("F", "signrelu")
        self.law = samples(self.u)
        d, i, j, R, theta, x = self.d, self.i, self.j, self.R, self.theta, self.x
        t.given(d >= 1, R > 0, self.V > 0, self.M > 0)
        share = Prob(And(low <= z, z <= high), (z, self.u)).eq((high - low) / (2 * R))
        t.given(
            LivesOn(self.u, z, Abs(z) <= R),
            Forall([low, high], share, given=[low >= -R, low <= high, high <= R]),
        )
        inside = Forall(i, Abs(theta(i)) <= 1, given=[i >= 1, i <= d])
        place = theta(natceil(j / 2)).eq(expr(-1) ** j)
        face = And(place, inside, theta(0) >= 0, theta(0) <= R * d)
        ridge = relu(Sum(theta(i) * x(i), (i, 1, d)) - theta(0))
        mean = Mean(self.tau(j, theta) * ridge, (theta, self.L(j)))
        line, parts = Sum(self.a(i) * x(i), (i, 1, d)), Sum(self.m(j) * mean, (j, 1, 2 * d))
        faces = [j >= 1, j <= 2 * d]
        t.given(
            Forall([j, theta], Abs(self.tau(j, theta)) <= 1),
            Forall(j, self.m(j) >= 0, given=faces),
            Sum(self.m(j), (j, 1, 2 * d)) <= self.V,
            Forall(j, LivesOn(self.L(j), theta, face), given=faces),
            LivesOn(self.law, x, self.f(x).eq(self.a(0) + line + parts)),
        )

    def network(self, neurons, error, p=2):
        """There is a network with one hidden layer of that width and with that error in L^p."""
        F, x = self.F, self.x
        near = Norm(self.f(x) - value(F, 0, x), p, (x, self.law)) <= error
        return ThereIs(F, depth(F).eq(1), width(F) <= neurons, near)


@theorem(source=SOURCE)
def sharp_bound(t):
    """For every k there is a network with one hidden layer of at most N(k) neurons of scale M whose
    error in L² is at most c_sharp V R k^(-(d+3)/2) + 3V/M."""
    s, (k, g), w = Represented(t), t.nat("k g"), t.real("w")
    d, R = s.d, s.R
    t.given(k >= 1)
    grids = t.use("grid_interpolation.grid")(d)
    t.show(R * d > 0)
    with ExitStack() as scopes:

        def inverse(name, factor, result):
            """A number w with w times the factor == the result."""
            there = t.witness(ThereIs(w, (w * factor).eq(result)), result / factor)
            block = scopes.enter_context(t.obtain(there, name))
            return block.value

        grid = scopes.enter_context(t.obtain(grids, "c"))
        values = {
            "c": grid.value,
            "b": inverse("b0", R * d, 1),
            "h": inverse("h0", k, 2),
            "h0": inverse("h1", k, R * d),
        }
        found = t.use("marginal_networks.network_on_a_grid", values, by=grid.facts)
        bound = t.read(shallow.L2_SHARP, c_sharp=t.read(shallow.C_SHARP))
        cost = t.read(shallow.LAMBDA) / s.M
        t.show(s.network(t.read(shallow.NEURONS), bound + cost), by=found)
    return grid.fact
