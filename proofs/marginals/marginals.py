"""Shallow networks approximate functions with a ridge representation, with explicit constants.

On [-R, R]^d, f(x) = a(0) + a(1) x(1) + ... + a(d) x(d) + Σ m(j) E tau(j, θ) ReLU(ridge θ) with
|tau| <= 1: the ridges θ ~ L(j) are on face j of the cube [-1, 1]^d, j = 1, ..., 2d, whose place
⌈j/2⌉ is (-1)^j, and θ(0) is in [0, Rd]. V is at least Σ m(j), the variation of the measure. That a
marginal of a Gaussian kernel is such a function is steps (`ridges`). x is uniform on [-R, R]^d.
"""

from contextlib import ExitStack

from boundcheck import Q, Reading, theorem
from boundcheck.math import Abs, sqrt
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
    s, (k, _g), w = Represented(t), t.nat("k g"), t.real("w")
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


@theorem(source=SOURCE)
def neurons(t):
    """N(k) = 1 + 2d(k+1)^d + 4d k^d; N(k+1) <= N(2) k^d."""
    k, d = t.nat("k d")
    t.given(k >= 1)
    with t.let(d, given=[d >= 1]) as all_d:
        powers = t.use("neuron_counts.powers_grow")(d)
        growth = t.read(shallow.GROWTH)
        t.show(t.read(shallow.NEURONS, k=k + 1) <= growth * k**d, by=powers)
    return all_d.fact


@theorem(source=SOURCE)
def cells(t):
    """For n >= N(1) there is k with N(k) <= n and k^(-(d+3)/2) <= (N(2)/n)^(1/2+3/(2d))."""
    (n, k, d), (g, z, e, m) = t.nat("n k d"), t.real("g z e m")
    size, growth = function(k, t.quoted(shallow.NEURONS)), t.quoted(shallow.GROWTH)
    some, least = t.given(d >= 1, n >= t.read(shallow.N_0))
    t.example(n=20, d=1)
    with t.let(k, given=[k >= 1]) as powers:
        t.use("neuron_counts.powers_grow")(d)
    with t.let(z, e, m, g, given=[z > 0, e >= 1, m > 0, g > 0, m <= g * z**e]) as real:
        left = z ** (-t.quoted(shallow.EXPONENT, d=e))
        t.show(left <= g ** ((e + 3) / (2 * e)) * t.quoted(ratio.RATE, n=m, d=e))
    *_, large = powers(n + 1)
    top = t.show(n <= size(n + 1), by=[large, some])
    found = t.between(size, 1, n + 1, n, by=[least, top, some])
    with t.obtain(found, "j") as between:
        j, (low, _, _, many) = between.value, between.facts
        t.show(And(j >= 1, j > 0), by=[low])
        step = t.use("marginals.neurons", {"k": j})(d)
        same = t.use("neuron_counts.natural_powers", {"x": j})(d)
        whole = t.show(n <= growth * j**d, by=[many, step])
        power = made("rpow", None, (j, d))
        t.show(n <= growth * power, by=[whole, same], opaque=[power])
        t.show(And(n > 0, growth > 0), by=[least])
        shown = real.fact(j, d, n, growth)
        left = k ** (-t.quoted(shallow.EXPONENT))
        goal = left <= growth ** ((d + 3) / (2 * d)) * t.quoted(ratio.RATE)
        t.witness(ThereIs(k, k >= 1, size(k) <= n, goal), j, by=[shown])
    return between.fact


@theorem(
    label="P",
    source=(
        "arXiv:2601.21242 claims that shallow networks approximate kernel marginals; the bound is "
        "derived here"
    ),
    reading=Reading(
        "P1",
        "one hidden layer of n >= N(1) neurons of scale M, in L^p for p <= 2, for functions with a "
        "ridge representation",
        shallow.L2_AT_N + shallow.LAMBDA / shallow.M,
    ),
)
def approximation(t):
    """For n >= N(1) there is a network with one hidden layer of at most n neurons of scale M whose
    error in L² is at most C n^(-1/2-3/(2d)) + 3V/M, C = c_sharp V R N(2)^(1/2+3/(2d)); and in L^p,
    for p <= 2."""
    s, (n, k), p = Represented(t), t.nat("n k"), t.real("p")
    d = s.d
    _least, low, high = t.given(n >= t.quoted(shallow.N_0), p >= 1, p <= 2)
    c, cost = t.quoted(shallow.C_SHARP), t.quoted(shallow.LAMBDA) / s.M
    growth = t.quoted(shallow.GROWTH) ** ((d + 3) / (2 * d)) * t.quoted(ratio.RATE)
    bound = t.read(shallow.L2_AT_N, c_sharp=c) + cost
    with t.obtain(t.use("marginals.cells"), "k0") as cells:
        k, (_some, fits, falls) = cells.value, cells.facts
        with t.obtain(t.use("marginals.sharp_bound", {"k": k}), "G") as network:
            G, (deep, wide, near) = network.value, network.facts
            size = t.show(width(G) <= n, by=[wide, fits])
            factor = c * s.V * s.R
            positive = t.show(factor >= 0)
            hidden = [factor, growth]
            order = factor * falls.left <= factor * growth
            steps = t.show(order, by=[falls, positive], opaque=hidden)
            grow = t.derive("norms_grow", high, low, near, norm=near.left)
            hidden = [c, *growth.args, cost, falls.left]
            last = t.show(grow.left <= bound, by=[grow, near, steps], opaque=hidden)
            t.witness(s.network(n, bound, p), G, by=[deep, size, last])
    return cells.fact


@theorem(source=SOURCE)
def plain_bound(t):
    """The same with the constant c_plain, which is larger: it stands for the bound by the height of
    a gap and the probability of the strip where there is one."""
    s, k, e = Represented(t), t.nat("k"), t.real("e")
    t.given(k >= 1)
    with t.let(e, given=[e >= 1]) as real:
        X = t.quoted(shallow.X, d=e)
        small = t.show(And(X <= (3 * e - 2) ** 4, X > 0))
        root = t.show(X ** Q(3, 8) <= (3 * e - 2) ** Q(3, 2), by=small, opaque=[X])
        large = t.show(root.right > 0)
        sharp, plain = t.quoted(shallow.C_SHARP, d=e), t.quoted(shallow.C_PLAIN, d=e)
        between, hidden = root.right / (8 * sqrt(3 * e)), [root.left, root.right]
        first = t.show(sharp <= between, by=root, opaque=hidden)
        t.chain(first, t.show(between <= plain, by=large, opaque=hidden[1:]))
    with t.obtain(t.use("marginals.sharp_bound"), "G") as network:
        G, (deep, wide, near) = network.value, network.facts
        sharp, power = t.quoted(shallow.C_SHARP), k ** (-t.quoted(shallow.EXPONENT))
        bound = (
            t.read(shallow.L2_PLAIN, c_plain=t.read(shallow.C_PLAIN))
            + t.quoted(shallow.LAMBDA) / s.M
        )
        t.show(k > 0)
        size = t.show(power > 0)
        cost = near.right.args[1]
        order = real.fact(s.d)
        last = t.show(
            near.left <= bound, by=[near, order, size], opaque=[*order.formula.args, power, cost]
        )
        t.witness(s.network(t.quoted(shallow.NEURONS), bound), G, by=[deep, wide, last])
    return network.fact
