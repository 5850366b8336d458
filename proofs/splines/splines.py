"""Gaussian marginals on an interval by their values at equidistant knots.

f(x) = E s(u) exp(-(x - u)²/(2σ²)), u drawn by a law and |s(u)| <= mass, has |f''| <= mass/σ². The
interpolant of its values at n + 1 equidistant knots of [-R, R] is a network with n neurons, as
`interpolation` shows. The constants are those of
`boundcheck.theory.formulas.approximation.splines`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Integral,
    LivesOn,
    Mean,
    ThereIs,
    depth,
    function,
    value,
    width,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theory.formulas.approximation import splines

SOURCE = "derived here"


def bell(z):
    """exp(-z²/2)."""
    return exp(-(z**2) / 2)


def bend(z):
    """Its derivative."""
    return -z * bell(z)


def kernel(x, u, sigma):
    """exp(-(x - u)²/(2σ²))."""
    return bell((x - u) / sigma)


# -- one kernel ------------------------------------------------------------------------------------


@theorem(source=SOURCE)
def slopes(t):
    """The derivative of exp(-z²/2) is 1-Lipschitz."""
    x, y, z = t.real("x y z")
    with t.let(z) as size:
        t.show(Abs((z**2 - 1) * bell(z)) <= 1)
    with t.let(x, y, given=[x <= y]) as rises:
        whole, one = (Integral(u, (z, x, y)) for u in ((z**2 - 1) * bell(z), expr(1)))
        t.integral_exists(whole, 1, by=size.fact)
        t.integral_exists(one, 1)
        values = [t.primitive(whole, function(z, bend(z))), t.primitive(one, function(z, z))]
        ends = [t.integrate(whole <= one, by=size.fact), t.integrate(whole >= -one, by=size.fact)]
        t.show(Abs(bend(y) - bend(x)) <= y - x, by=[*values, *ends], opaque=[bend(y), bend(x)])
    return rises.fact


@theorem(source=SOURCE)
def tangents(t):
    """exp(-y²/2) is within (y - x)²/2 of its tangent at x."""
    x, y, z = t.real("x y z")
    gap = bell(y) - bell(x) - bend(x) * (y - x)
    lipschitz = t.use("splines.slopes")
    with t.let(x, y, given=[x <= y]) as right:
        whole, line = (Integral(u, (z, x, y)) for u in (bend(z) - bend(x), z - x))

        def between(goal):
            """At every point between x and y."""
            with t.let(z, given=[x <= z, z <= y]) as point:
                known = [lipschitz(x, z, by=point.facts), *point.facts]
                t.show(goal, by=known, opaque=[bend(z), bend(x)])
            return point.fact

        t.integral_exists(whole, y - x, by=between(Abs(bend(z) - bend(x)) <= y - x))
        t.integral_exists(line, y - x, by=between(Abs(z - x) <= y - x))
        ends = [
            t.primitive(whole, function(z, bell(z) - bend(x) * z)),
            t.primitive(line, function(z, (z - x) ** 2 / 2)),
            t.integrate(whole <= line, by=between(bend(z) - bend(x) <= z - x)),
            t.integrate(whole >= -line, by=between(bend(z) - bend(x) >= -(z - x))),
        ]
        hidden = [bell(x), bell(y), bend(x)]
        t.show(Abs(gap) <= (y - x) ** 2 / 2, by=ends, opaque=hidden)
    with t.let(x, y) as whole:
        with t.suppose(x <= y) as rises:
            right(x, y, by=rises.facts)
        with t.suppose(y < x) as falls:
            other = right(-x, -y, by=t.show(-x <= -y, by=falls.facts))
            same = [t.show(bell(-v).eq(bell(v))) for v in (x, y)]
            same.append(t.show(bend(-x).eq(-bend(x))))
            hidden = [bell(x), bell(y), bell(-x), bell(-y), bend(x), bend(-x)]
            t.show(Abs(gap) <= (y - x) ** 2 / 2, by=[other, *same], opaque=hidden)
        t.cases(x, y, rises, falls)
    return whole.fact


@theorem(source=SOURCE)
def chord_by_tangents(t):
    """Where the values k and a at both ends are within z²/2 and w²/2 of a line through y, their
    chord is within (z + w)²/8 of y at the point between them: z w/2 <= (z + w)²/8."""
    y, z, w, k, a, d = t.real("y z w k a d")
    given = [z >= 0, w >= 0, z + w > 0, Abs(k - y + d * z) <= z**2 / 2]
    given += [Abs(a - y - d * w) <= w**2 / 2]
    with t.let(z, w, y, k, a, d, given=given) as chord:
        share = z / (z + w)
        t.exists(share, by=chord.facts)
        t.show(And(share >= 0, share <= 1), by=chord.facts[:3])
        t.show(Abs(k + (a - k) * share - y) <= (z + w) ** 2 / 8, by=chord.facts)
    return chord.fact


@theorem(source=SOURCE)
def chords_of_the_kernel(t):
    """A chord over a distance h is within h²/(8σ²) of exp(-(x - u)²/(2σ²))."""
    x, u, p, h, sigma = t.real("x u p h sigma")
    tangents, chord = t.use("splines.tangents"), t.use("splines.chord_by_tangents")
    with t.let(x, u, p, h, sigma, given=[sigma > 0, h > 0, p <= x, x <= p + h]) as point:
        left, here, right = ((v - u) / sigma for v in (p, x, p + h))
        z, w = (x - p) / sigma, (p + h - x) / sigma
        values = [bell(v) for v in (left, here, right)]
        slope = bend(here)
        hidden = [*values, slope]
        for v in (left, here, right, z, w, slope):
            t.exists(v, by=point.facts[0])
        signs = [t.show(And(z >= 0, w >= 0, z + w > 0), by=point.facts)]
        for end, length, sign in ((left, z, 1), (right, w, -1)):
            known = tangents(here, end)
            step = t.show((end - here).eq(-sign * length))
            form = Abs(bell(end) - values[1] + sign * slope * length) <= length**2 / 2
            t.show(form, by=[known, step], opaque=[*hidden, end, here, length])
        found = chord(z, w, values[1], values[0], values[2], slope, by=signs)
        share = t.show((z / (z + w)).eq((x - p) / h), by=point.facts)
        size = t.show(((z + w) ** 2 / 8).eq(h**2 / (8 * sigma**2)), by=point.facts)
        first, middle, last = values
        product = ((last - first) * (x - p) / h).eq((last - first) * share.right)
        product = t.show(product, by=point.facts, opaque=values)
        goal = Abs(first + product.left - middle) <= size.right
        hidden = [*values, *share.formula.args, *size.formula.args, product.left]
        t.show(goal, by=[found, share, size, product], opaque=hidden)
    return point.fact


# -- a marginal ------------------------------------------------------------------------------------


class Marginal:
    """f(x) = E s(u) exp(-(x - u)²/(2σ²)), |s(u)| <= mass, on [-R, R]."""

    def __init__(self, t, f="s"):
        self.t = t
        self.R, self.sigma, self.mass = t.real("R sigma mass")
        (self.u, self.v), self.law = t.real("u v"), t.law("mu", REAL)
        self.s = t.function(f, REAL)
        t.given(self.sigma > 0)
        self.sizes = t.given(LivesOn(self.law, self.u, Abs(self.s(self.u)) <= self.mass))

    def __call__(self, x):
        return Mean(self.s(self.u) * kernel(x, self.u, self.sigma), (self.u, self.law))

    def exists(self, *points):
        """That the means exist."""
        for x in points:
            self.t.exists(self(x), by=self.sizes, bound=self.mass)


@theorem(source=SOURCE)
def chords_of_a_marginal(t):
    """A chord over a distance h is within mass h²/(8σ²) of f."""
    f, (x, p, h) = Marginal(t), t.real("x p h")
    t.example(sigma=1, mass=1, s=function(f.u, 0))
    kernels = t.use("splines.chords_of_the_kernel")
    with t.let(x, p, h, given=[h > 0, p <= x, x <= p + h]) as point:
        f.exists(x, p, p + h)
        u, most = f.u, h**2 / (8 * f.sigma**2)
        parts = [kernel(v, u, f.sigma) for v in (p, x, p + h)]
        first, middle, last = (f.s(u) * k for k in parts)
        error = first + (last - first) * (x - p) / h - middle
        with t.let(u, given=[In(u, f.law)]) as each:
            one = kernels(x, u, p, h, f.sigma)
            product = t.show(error.eq(f.s(u) * one.left.args[0]), opaque=parts)
            own = one.left.args[0]
            t.exists(own)
            goal = Abs(f.s(u) * own) <= f.mass * most
            t.show(goal, by=[one, f.sizes(u)], opaque=[own, most])
            t.show(
                Abs(error) <= f.mass * most, by=[product, t.show(goal)], opaque=[error, own, most]
            )
        chord = f(p) + (f(p + h) - f(p)) * (x - p) / h - f(x)
        ends = [
            t.average(chord <= f.mass * most, by=each.fact, at=u, opaque=[*parts, most]),
            t.average(chord >= -f.mass * most, by=each.fact, at=u, opaque=[*parts, most]),
        ]
        t.show(Abs(chord) <= f.mass * most, by=ends, opaque=[most])
    return point.fact


@theorem(source=SOURCE)
def interpolant(t):
    """A ReLU network with one hidden layer of n neurons is within mass R²/(2σ²n²) of f on [-R, R]:
    it is linear between n + 1 equidistant knots."""
    f, n, N, x = Marginal(t), t.nat("n"), t.network("N", "relu"), t.sequence("x", REAL)
    k, R = t.nat("k"), f.R
    t.given(n >= 1, R > 0)
    t.example(sigma=1, mass=1, s=function(f.u, 0), n=1, R=1)
    chords, bound = t.use("splines.chords_of_a_marginal"), t.read(splines.SUP)
    h = 2 * R / n
    t.show(h > 0)
    with t.let(f.v):
        f.exists(f.v)
    values = {"y": function(f.v, f(-R + f.v * h)), "a": -R, "h": h, "K": n}
    with t.obtain(t.use("interpolation.piecewise_linear_network", values), "A") as new:
        A, (_, _, lines) = new.value, new.facts
        with t.let(x, given=[Abs(x(0)) <= R]) as at:
            where = t.between(function(k, -R + k * h), 0, n, x(0), by=at.facts)
            with t.obtain(where, "m") as piece:
                m, (_, _, left, right) = piece.value, piece.facts
                p = -R + m * h
                error = chords(x(0), p, h, by=[left, right])
                here = t.replace(lines(m, x), (-R + (m + 1) * h, p + h))
                t.show(Abs(value(A, 0, x) - f(x(0))) <= bound, by=[error, here])
        close = Forall(x, Abs(value(N, 0, x) - f(x(0))) <= bound, given=[Abs(x(0)) <= R])
        t.witness(ThereIs(N, depth(N).eq(1), width(N).eq(n), close), A)
    return new.fact
