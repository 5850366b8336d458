"""Networks for functions with a ridge representation, on a grid of the faces of the cube.

f(x) = a(0) + a(1) x(1) + ... + a(d) x(d) + Σ m(j) E tau(j, θ) ReLU(ridge θ), the ridges θ ~ L(j) on
face j of the cube [-1, 1]^d, j = 1, ..., 2d: its place ⌈j/2⌉ is (-1)^j, and θ(0) is in [0, Rd]. On
a grid of each face, of (k + 1)^d ridges, ReLU is interpolated; what that leaves is sampled.
"""

from boundcheck import Q, theorem
from boundcheck.math import Abs, Max
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    Prob,
    Product,
    Sum,
    function,
    natceil,
    relu,
    samples,
    sequence,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas import shallow

SOURCE = "derived here"


def ridge(theta, x, d, i):
    """θ(1) x(1) + ... + θ(d) x(d) - θ(0)."""
    return Sum(theta(i) * x(i), (i, 1, d)) - theta(0)


def here(i, q):
    """1 where i is q, else 0."""
    return Ind(i <= q) * Ind(i >= q)


def position(theta, q, k, b, i):
    """Place i of θ in the grid of the face, [0, k]^d; b is 1/(Rd)."""
    on = here(i, q)
    return on * (k * theta(0) * b) + (1 - on) * (k * (theta(i) + 1) / 2)


def weight(theta, c, q, k, b, d, i):
    """Of the grid point c in the interpolation at θ."""
    return Product(Max(0, 1 - Abs(position(theta, q, k, b, i) - c(i))), (i, 1, d))


def corner(c, q, v, H, i):
    """Place i of the ridge at the grid point c; H is (2/k, Rd/k)."""
    on, first, (h, h0) = here(i, q), Ind(i <= 0), H
    return first * (c(q) * h0) + (1 - first) * (on * v + (1 - on) * (h * c(i) - 1))


def on_face(theta, q, v, d, R, i):
    """θ is a ridge of the face."""
    inside = Forall(i, Abs(theta(i)) <= 1, given=[i >= 1, i <= d])
    return And(theta(q).eq(v), inside, theta(0) >= 0, theta(0) <= R * d)


def interpolates(c, k, d, symbols):
    """The weights of the first (k + 1)^d points c have the mean r, for every r of [0, k]^d, and the
    variance of c·y is at most Σ y(i)²/4."""
    r, y, m, i = symbols
    p = Product(Max(0, 1 - Abs(r(i) - c(m)(i))), (i, 1, d))
    z = Sum((c(m)(i) - r(i)) * y(i), (i, 1, d))
    total, first, second = (Sum(u, (m, 1, (k + 1) ** d)) for u in (p, p * z, p * z**2))
    law = And(total.eq(1), first.eq(0), second <= Sum(y(i) ** 2, (i, 1, d)) / 4)
    inside = Forall(i, And(r(i) >= 0, r(i) <= k), given=[i >= 1, i <= d])
    return Forall([r, y], law, given=[inside])


class Grid:
    """The grids of the faces, with k cells along an edge, and the uniform law on [-R, R]^d."""

    def __init__(self, t):
        self.t = t
        self.k, self.d, self.i, self.g = t.nat("k d i g")
        self.R, self.b, *self.H = t.real("R b h h0")
        self.c, (self.x, r, y) = t.sequence("c", seq(REAL)), t.sequence("x r y", REAL)
        self.u, (low, high, z) = t.law("u", REAL), t.real("l h1 z")
        d, k, R, (h, h0) = self.d, self.k, self.R, self.H
        self.N, self.law = (k + 1) ** d, samples(self.u)
        share = Prob(And(low <= z, z <= high), (z, self.u)).eq((high - low) / (2 * R))
        limits = [low >= -R, low <= high, high <= R]
        self.sizes = t.given(
            d >= 1,
            k >= 1,
            R > 0,
            (self.b * (R * d)).eq(1),
            (h * k).eq(2),
            (h0 * k).eq(R * d),
        )
        self.inside, self.uniform, self.grid = t.given(
            LivesOn(self.u, z, Abs(z) <= R),
            Forall([low, high], share, given=limits),
            interpolates(self.c, k, d, (r, y, self.g, self.i)),
        )

    def weight(self, theta, q, g):
        return weight(theta, self.c(g), q, self.k, self.b, self.d, self.i)

    def corner(self, q, v, g):
        return sequence(self.i, corner(self.c(g), q, v, self.H, self.i))

    def gap(self, theta, q, v):
        """What ReLU leaves in Jensen's inequality at x."""
        g, ridge_of = self.g, lambda theta: relu(ridge(theta, self.x, self.d, self.i))
        p, point = self.weight(theta, q, g), self.corner(q, v, g)
        return Sum(p * ridge_of(point), (g, 1, self.N)) - ridge_of(theta)


@theorem(source=SOURCE)
def gap_of_a_face(t):
    """The weights of the grid of a face add up to 1, and the gap is at most R² X_d^(3/4)/(96 k³) in
    square mean."""
    s, q, v, theta = Grid(t), t.nat("q"), t.real("v"), t.sequence("theta", REAL)
    d, k, R, g, i, N, (h, h0) = s.d, s.k, s.R, s.g, s.i, s.N, s.H
    one, last, sign, face = t.given(q >= 1, q <= d, (v**2).eq(1), on_face(theta, q, v, d, R, i))
    _, more, positive, inverse, mesh, width = s.sizes
    product = t.show((h0 * k * s.b).eq(1), by=[inverse, width])
    t.show(R * d > 0)
    t.show(h0 > 0, by=[width, more, positive])
    with t.obtain(t.derive("zero_or_next", one, value=q), "e") as place:
        same = place.facts[0]
        moved = [t.rewrite(same, f) for f in (last, face)]
        t.show(d >= place.value + 1, by=moved[0])
        on, *_ = moved[1]
        known = t.use("faces.grid_of_a_face", by=[*moved, on, product])
        t.rewrite(t.symmetric(same), known)
    each, total, centred = place.fact
    on, *_ = face
    points = sequence(g, s.corner(q, v, g))
    values = {"p": function(g, s.weight(theta, q, g)), "D": points, "N": N, "q": q}
    with t.let(g, given=[g >= 1, g <= N]) as signs:
        low, _ = each(g)
        t.show(low.formula)
    with t.let(g, given=[g >= 1, g <= N]) as places:
        _, high = each(g)
        t.show(high.formula)
    facts = [signs.fact, places.fact, total, centred, on]
    square = t.use("face_gaps.sharp_square", {**values, "k": k}, by=facts)
    with t.let(s.x) as height:
        t.use("face_gaps.height_on_a_face", values, by=facts)
    return t.together(signs.fact, total, height.fact, square)
