"""Splines with SignReLU neurons: networks near a Gaussian marginal on an interval.

The neurons are ρ_M(x - knot), their coefficients those of the piecewise linear interpolant. That of
the knot at the left end is exact. The constants are those of
`boundcheck.theory.formulas.approximation.splines`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, exp
from boundcheck.theorems.author.layers import hidden_layer
from boundcheck.theorems.author.words import (
    And,
    Forall,
    LivesOn,
    Mean,
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
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theory.formulas.approximation import splines

SOURCE = "derived here"


def second_difference(y, j):
    """Of the values y(0), y(1), ... at the knot number j - 1."""
    return y(j) - 2 * y(j - 1) + y(Max(0, j - 2))


@theorem(source=SOURCE)
def smooth_neurons(t):
    """Neurons of scale M for those of the interpolant: all but the first have coefficients of at
    most hL, if h²L bounds the second differences, and each errs by at most 1/M."""
    y, (R, M, L, x, v, u), (j, n) = t.function("y", REAL), t.real("R M L x v u"), t.nat("j n")
    t.given(R > 0, M > 0, n >= 1, L >= 0)
    h = 2 * R / n
    t.show(h > 0)
    bends = Forall(v, Abs(second_difference(y, v)) <= h**2 * L, given=[v >= 2, v <= n])
    bends, inside = t.given(bends, Abs(x) <= R)
    t.example(y=function(v, 0), R=1, M=1, n=2, L=0, x=0)
    knot = -R + (j - 1) * h
    slope = second_difference(y, j) / h
    smooth, linear = signrelu(M * (x - knot)) / M, relu(x - knot)
    with t.let(u) as neuron:
        t.show(Abs(signrelu(M * u) / M - relu(u)) <= 1 / M)
    with t.let(u, given=[u >= 0]) as exact:
        t.show((signrelu(M * u) / M).eq(relu(u)), by=exact.facts)
    most = h * L / M
    with t.let(j, given=[j >= 1, j <= n]) as each:
        goal, gap = Abs(slope * (smooth - linear)) <= most, smooth - linear
        with t.suppose(j <= 1) as first:
            right = t.show(x - knot >= 0, by=[*first.facts, inside])
            none = exact(x - knot, by=right)
            zero = t.show(gap.eq(0), by=none, opaque=[smooth, linear])
            t.show(goal, by=zero, opaque=[slope, gap])
        with t.suppose(expr(1) < j) as later:
            two = t.derive("next_number", *later.facts)
            bend = bends(j, by=two)
            steep = t.show(Abs(slope) <= h * L, by=bend, opaque=[bend.left.args[0]])
            t.show(goal, by=[steep, neuron(x - knot)], opaque=[slope, gap])
        t.cases(j, 1, first, later)
    error = Sum(slope * (smooth - linear), (j, 1, n))
    sums = [Sum(slope * each_, (j, 1, n)) for each_ in (smooth, linear)]
    triangle = t.triangle(error)
    hidden = [slope * (smooth - linear)]
    above = t.add_up(triangle.right <= Sum(most, (j, 1, n)), by=each.fact, opaque=hidden)
    split = t.add_up((sums[0] - sums[1]).eq(error), opaque=[slope])
    total = t.show((n * most).eq(2 * R * L / M))
    known = [triangle, above, split, t.count(above.right), total]
    return t.show(Abs(sums[0] - sums[1]) <= 2 * R * L / M, by=known, opaque=[most])


class Marginal:
    """f(x) = E s(u) exp(-((x - u)/σ)²/2), |s(u)| <= mass, as in `splines`."""

    def __init__(self, t):
        self.t = t
        self.R, self.sigma, self.mass, self.M = t.real("R sigma mass M")
        (self.u, self.v), self.law = t.real("u v"), t.law("mu", REAL)
        self.s = t.function("s", REAL)
        t.given(self.sigma > 0, self.R > 0, self.M > 0)
        self.sizes = t.given(LivesOn(self.law, self.u, Abs(self.s(self.u)) <= self.mass))

    def __call__(self, x):
        kernel = exp(-(((x - self.u) / self.sigma) ** 2) / 2)
        return Mean(self.s(self.u) * kernel, (self.u, self.law))


@theorem(source=SOURCE)
def smooth_interpolant(t):  # noqa: PLR0915
    """A SignReLU network with one hidden layer of n neurons of scale M is within
    mass R²/(2σ²n²) + lambda/M of f on [-R, R]."""
    f, n, N, x = Marginal(t), t.nat("n"), t.network("N", "signrelu"), t.sequence("x", REAL)
    (j, k, i), R, M, w = t.nat("j k i"), f.R, f.M, t.real("w")
    t.given(n >= 1)
    t.example(sigma=1, mass=1, s=function(f.u, 0), n=1, R=1, M=1)
    h = 2 * R / n
    positive = t.show(h > 0)
    sup, Lambda = t.read(splines.SUP), t.read(splines.LAMBDA)
    bound = t.read(splines.APPROXIMATION, Lambda=Lambda)
    chords = t.use("splines.chords_of_a_marginal")
    with t.let(f.v):
        t.exists(f(f.v), by=f.sizes, bound=f.mass)

    def y(v):
        return f(-R + v * h)

    with t.let(f.v, given=[f.v >= 2, f.v <= n]) as bends:
        v = f.v
        p = -R + (v - 2) * h
        chord = chords(p + h, p, 2 * h, by=positive)
        places = [(p + 2 * h, -R + v * h), (p + h, -R + (v - 1) * h), (p, -R + Max(0, v - 2) * h)]
        for old, new in places:
            same = t.show(old.eq(new), by=bends.facts, opaque=[h])
            chord = t.rewrite(t.at_equals(function(w, f(w)), same), chord)
        most = h**2 * (f.mass / f.sigma**2)
        t.show(Abs(second_difference(y, v)) <= most, by=[chord, positive], opaque=[h])
    values = {"y": function(w, y(w))}
    numbers = {"a": -R, "h": h}
    pieces = t.use("interpolation.sum_of_changes_of_slope", {**values, **numbers})
    knot, slope = -R + (j - 1) * h, second_difference(y, j) / h
    layers = t.derive("input_network", activation="signrelu")
    with t.obtain(layers, "I") as base:
        inputs, (no_depth, no_width, same) = base.value, base.facts
        layer = hidden_layer(
            t,
            inputs,
            inputs=(0, 0),
            neurons=n,
            weights=function((j, k), M),
            biases=function(j, -M * knot),
            outer=function((i, j), slope / M),
            offsets=function(i, y(0)),
        )
        with t.obtain(layer, "A") as new:
            A, (deep, wide, outputs) = new.value, new.facts
            t.show(And(depth(A).eq(1), width(A).eq(n)), by=[deep, wide, no_depth, no_width])
            with t.let(x, given=[Abs(x(0)) <= R]) as at:
                only = t.single(Sum(M * value(inputs, j, x), (j, 0, 0)))
                output = t.rewrite(same(0, x), t.rewrite(only, outputs(0, x)))
                total = output.right.args[1]
                smooth = Sum(slope * (signrelu(M * (x(0) - knot)) / M), (j, 1, n))
                plain = t.add_up(total.eq(smooth), opaque=[slope])
                where = t.between(function(k, -R + k * h), 0, n, x(0), by=at.facts)
                with t.obtain(where, "m") as piece:
                    m, (_, last, left, right) = piece.value, piece.facts
                    p = -R + m * h
                    line = pieces(m, x(0), n, by=[left, right, last])
                    error = chords(x(0), p, h, by=[left, right, positive])
                    ends = t.show((-R + (m + 1) * h).eq(p + h), opaque=[h])
                    line = t.rewrite(t.at_equals(function(w, f(w)), ends), line)
                    near = t.show(Abs(line.left - f(x(0))) <= sup, by=[line, error])
                    small = {**values, "L": f.mass / f.sigma**2, "x": x(0)}
                    change = t.use("spline_networks.smooth_neurons", small, by=bends.fact)
                    size = t.show(change.right.eq(Lambda / M))
                    known = [output, plain, near, change, size]
                    hidden = [sup, Lambda / M, change.right]
                    t.show(Abs(value(A, 0, x) - f(x(0))) <= bound, by=known, opaque=hidden)
            close = Forall(x, Abs(value(N, 0, x) - f(x(0))) <= bound, given=[Abs(x(0)) <= R])
            t.witness(ThereIs(N, depth(N).eq(1), width(N).eq(n), close), A)
    return base.fact
