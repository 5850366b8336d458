"""Networks for functions with a ridge representation, on a grid of the faces of the cube.

f(x) = a(0) + a(1) x(1) + ... + a(d) x(d) + Σ m(j) E tau(j, θ) ReLU(ridge θ), the ridges θ ~ L(j) on
face j of the cube [-1, 1]^d, j = 1, ..., 2d: its place ⌈j/2⌉ is (-1)^j, and θ(0) is in [0, Rd]. On
a grid of each face, of (k + 1)^d ridges, ReLU is interpolated; what that leaves is sampled.
"""

from boundcheck import Q, theorem
from boundcheck.math import Abs, Max, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    Norm,
    Prob,
    Product,
    Sum,
    ThereIs,
    depth,
    function,
    natceil,
    relu,
    samples,
    sequence,
    value,
    width,
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


def draws(m, a):
    """How many draws a stratum of the mass m gets, if a draws are made for the mass 1."""
    return natceil(Max(1, Max(0, a * m)))


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
    one, last, _sign, face = t.given(q >= 1, q <= d, (v**2).eq(1), on_face(theta, q, v, d, R, i))
    _, more, positive, inverse, _mesh, width = s.sizes
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
    x, gap = s.x, s.gap(theta, q, v)
    most = 1 + (h**2 * (d * R**2) + h0**2) / 16
    with t.let(x, given=[In(x, s.law)]) as height:
        low, high = t.use("face_gaps.height_on_a_face", values, by=facts)
        with t.let(i) as place:
            t.show(x(i) ** 2 <= R**2, by=s.inside(x(i)))
        row, full = Sum(x(i) ** 2, (i, 1, d)), Sum(R**2, (i, 1, d))
        size = [t.add_up(row <= full, by=place.fact), t.count(full)]
        bound = t.show(high.right <= most - 1, by=size)
        t.show(Abs(gap) <= most, by=[high, bound], opaque=[gap, high.right, most])
    return t.together(signs.fact, total, height.fact, square)


@theorem(source=SOURCE)
def face_of_a_number(t):
    """Face j = 1, ..., 2d has a place from 1 to d, and the sign 1 or -1."""
    j, d, n = t.nat("j d n")
    t.given(j >= 1, j <= 2 * d)
    t.example(j=1, d=1)
    q = natceil(j / 2)
    above, below = t.derive("nat_ceiling", t.show(j / 2 >= 0), term=j / 2)
    first = t.derive("next_number", t.show(expr(0) < q, by=above))
    last = t.derive("next_number", t.show(q < d + 1, by=below))
    with t.induct(((expr(-1) ** n) ** 2).eq(1), n) as sign:
        t.show(sign.goal, by=sign.hypothesis)
    whole = And(q >= 1, q <= d, ((expr(-1) ** j) ** 2).eq(1))
    return t.show(whole, by=[first, last, sign(j)], opaque=[expr(-1) ** j])


class Represented(Grid):
    """A function f with a ridge representation of the variation V."""

    def __init__(self, t, grid=True):
        super().__init__(t)
        POINT = seq(REAL)
        self.theta, self.a = t.sequence("theta a", REAL)
        self.L, self.tau = t.kernel("L", NAT, on=POINT), t.function("tau", NAT, POINT)
        self.f, self.m, self.j = t.function("f", POINT), t.function("m", NAT), t.nat("j")
        self.V, self.M, self.y = t.real("V M y0")
        self.F = t.network("F", "signrelu")
        j, theta, x, d, i = self.j, self.theta, self.x, self.d, self.i
        self.C, inside = 2 * d, [j >= 1, j <= 2 * d]
        self.q, self.v = natceil(j / 2), expr(-1) ** j
        face = on_face(theta, self.q, self.v, d, self.R, i)
        mean = Mean(self.tau(j, theta) * relu(ridge(theta, x, d, i)), (theta, self.L(j)))
        self.line = Sum(self.a(i) * x(i), (i, 1, d))
        parts = Sum(self.m(j) * mean, (j, 1, self.C))
        self.signs, self.masses, self.total, self.faces, self.represents = t.given(
            Forall([j, theta], Abs(self.tau(j, theta)) <= 1),
            Forall(j, self.m(j) >= 0, given=inside),
            Sum(self.m(j), (j, 1, self.C)) <= self.V,
            Forall(j, LivesOn(self.L(j), theta, face), given=inside),
            LivesOn(self.law, x, self.f(x).eq(self.a(0) + self.line + parts)),
        )
        t.given(self.V > 0, self.M > 0)

    def network(self, neurons, error):
        """There is a network with one hidden layer of that width and with that error in L²."""
        F, x = self.F, self.x
        near = Norm(self.f(x) - value(F, 0, x), 2, (x, self.law)) <= error
        return ThereIs(F, depth(F).eq(1), width(F) <= neurons, near)


@theorem(source=SOURCE)
def affine_part(t):
    """An affine form is at least -K on [-R, R]^d, K being R times the sum of its slopes."""
    (a, x), u, (d, i) = t.sequence("a x", REAL), t.law("u", REAL), t.nat("d i")
    R, z = t.real("R z")
    _, inside, _there = t.given(R > 0, LivesOn(u, z, Abs(z) <= R), In(x, samples(u)))
    sizes = Sum(Abs(a(i)), (i, 1, d))
    with t.let(i) as each:
        size = inside(x(i))
        t.show(-(R * Abs(a(i))) <= a(i) * x(i), by=size)
    row = Sum(a(i) * x(i), (i, 1, d))
    step = t.add_up(-(R * sizes) <= row, by=each.fact)
    return t.show(row + R * sizes >= 0, by=step)


@theorem(source=SOURCE)
def sharp_bound(t):
    """2d k^d draws of gaps of at most R² X_d^(3/4)/(96 k³) in square mean, of the variation V: the
    error is c_sharp V R k^(-(d+3)/2) in L²."""
    (V, R, X, e, z), (d, k) = t.real("V R X e z"), t.nat("d k")
    _, _, some, more = t.given(V > 0, R > 0, k >= 1, d >= 1)
    t.example(V=1, R=1, k=1, d=1)
    bound = t.read(shallow.L2_SHARP, c_sharp=t.read(shallow.C_SHARP))
    w = t.quoted(shallow.X)
    with t.let(X, e, z, given=[X > 0, e >= 1, z > 0]) as real:
        inside = V / (2 * e * z**e) * V * (R**2 * X ** Q(3, 4) / (96 * z**3))
        found = X ** Q(3, 8) / (8 * sqrt(3 * e)) * V * R * z ** (-(e + 3) / 2)
        t.show(inside <= found**2)
        t.show(sqrt(inside) <= found)
    large = t.show(w > 0, by=more)
    t.show(k > 0, by=some)
    shown = real.fact(w, d, k, by=[large, more])
    same = t.use("neuron_counts.natural_powers", {"x": k})(d)
    plain = t.rewrite(same, shown)
    return t.show(plain.left <= bound, by=plain, opaque=[plain.left])


@theorem(source=SOURCE)
def network_on_a_grid(t):  # noqa: PLR0915
    """For every k there is a network with one hidden layer of at most N(k) neurons of scale M whose
    error in L² is at most c_sharp V R k^(-(d+3)/2) + 3V/M."""
    s = Represented(t)
    j, g, theta, x, d, k, R, i = s.j, s.g, s.theta, s.x, s.d, s.k, s.R, s.i
    h, h0 = s.H
    S = 2 * d * k**d
    X = t.quoted(shallow.X)
    square, bound = R**2 * X ** Q(3, 4) / (96 * k**3), 1 + (h**2 * (d * R**2) + h0**2) / 16
    points = sequence(j, sequence(g, s.corner(s.q, s.v, g)))
    p = s.weight(theta, s.q, g)
    with t.let(j, given=[j >= 1, j <= s.C]) as stratum:
        face = t.use("marginal_networks.face_of_a_number")
        with t.let(theta, given=[In(theta, s.L(j))]):
            on, values = s.faces(j, theta), {"q": s.q, "v": s.v}
            known = t.use("marginal_networks.gap_of_a_face", values, by=[*face, on])
            t.together(s.signs(j, theta), *known)
    shown = []
    for parts in ((0, 1, 2), (3,), (4,)):
        with t.let(j, given=[j >= 1, j <= s.C]) as part:
            all_theta = stratum.fact(j)
            with t.let(theta, given=[In(theta, s.L(j))]):
                known = [*all_theta(theta)]
                t.together(*(known[n] for n in parts))
        shown.append(part.fact)
    with t.let(j, g) as weights, t.let(theta, given=[In(theta, s.L(j))]):
        place = sequence(i, position(theta, s.q, k, s.b, i))
        low, high = t.use("faces.weights_are_positive", {"r": place, "c": s.c(g)})
        t.show(Abs(s.tau(j, theta) * p) <= 1, by=[low, high, s.signs(j, theta)], opaque=[p])
    with t.let(x, given=[In(x, s.law)]) as positive:
        t.use("marginal_networks.affine_part")
    with (
        t.obtain(t.witness(ThereIs(s.y, (s.y * s.V).eq(S)), S / s.V), "A") as scale,
        t.obtain(t.witness(ThereIs(s.y, (s.y * s.M).eq(1)), 1 / s.M), "H") as inverse,
    ):
        A, H = scale.value, inverse.value
        powers = t.use("neuron_counts.powers_grow")(d)
        some = t.show(S >= 1, by=powers)
        count = draws(s.m(j), A)
        values = {"a": A, "S": S, "C": s.C}
        ones, enough, numbers = t.use("draw_numbers.numbers_of_draws", values, by=some)
        share = s.V / S
        with t.let(j) as each:
            one = ones(j)
            t.show((s.m(j) / count * count).eq(s.m(j)), by=one)
        with t.let(j, given=[j >= 1, j <= s.C]) as low:
            t.show(s.m(j) / count <= share, by=[enough(j), ones(j), some], opaque=[S, count])
        t.show(And(share >= 0, square >= 0, bound >= 0), by=some, opaque=[S])
        values = {
            "C": s.C,
            "N": s.N,
            "n": function(j, count),
            "w": function(j, s.m(j) / count),
            "p": function([j, theta, g], p),
            "D": points,
            "pi": s.law,
            "K": R * Sum(Abs(s.a(i)), (i, 1, d)),
            "share": share,
            "square": square,
            "b": bound,
            "h": H,
        }
        facts = [ones, each.fact, low.fact, *shown, weights.fact, positive.fact]
        network = t.use("strata_networks.network_of_strata", values, by=facts)
        sharp = t.use("marginal_networks.sharp_bound")
        with t.obtain(network, "G") as there:
            G, (deep, wide, near) = there.value, there.facts
            size = t.show(width(G) <= t.read(shallow.NEURONS), by=[wide, numbers, *powers])
            cost = t.show((3 * H * s.V).eq(t.read(shallow.LAMBDA) / s.M), by=inverse.facts)
            error = Norm(s.f(x) - value(G, 0, x), 2, (x, s.law))
            bound = t.read(shallow.L2_SHARP, c_sharp=t.read(shallow.C_SHARP)) + cost.right
            last = t.show(
                error <= bound, by=[near, sharp, cost], opaque=[sharp.left, sharp.right, cost.left]
            )
            found = s.network(t.read(shallow.NEURONS), bound)
            t.witness(found, G, by=[deep, size, last])
    return scale.fact
