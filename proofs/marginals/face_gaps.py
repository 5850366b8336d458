"""The mean square of a gap on a face of the cube, over the uniform law on [-R, R]^d.

A ridge is ReLU(θ(1) x(1) + ... + θ(d) x(d) - θ(0)). Near θ there are ridges D(1), ..., D(N) with
weights p(1), ..., p(N), whose mean is θ; place q of all of them is v = 1 or v = -1. The gap is what
ReLU leaves in Jensen's inequality. Given the other coordinates of x, the argument of θ is uniform
on an interval of length 2R.
"""

from boundcheck import Q, theorem
from boundcheck.math import Abs, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    Prob,
    Sum,
    function,
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


class Cell:
    """Ridges with weights near a ridge of a face."""

    def __init__(self, t, q=None, moments=True):
        self.t = t
        self.p, self.D = t.function("p", NAT), t.sequence("D", seq(REAL))
        self.theta, self.x = t.sequence("theta x", REAL)
        self.d, self.N, self.m, self.i = t.nat("d N m i")
        self.q = t.nat("q") if q is None else q
        self.h, self.h0, self.v, self.R = t.real("h h0 v R")
        m, N = self.m, self.N
        self.places = t.given(self.q >= 1, self.q <= self.d)
        if not moments:
            return
        _, self.weights, self.total, self.moments = t.given(
            self.h0 > 0,
            Forall(m, self.p(m) >= 0, given=[m >= 1, m <= N]),
            Sum(self.p(m), (m, 1, N)).eq(1),
            Forall(self.x, self.centred(self.step)),
        )

    def uniform(self, face=True):
        """x is uniform on [-R, R]^d, and place q of all ridges is v = 1 or v = -1."""
        t, m, R, (low, high, y) = self.t, self.m, self.R, self.t.real("l h1 y")
        self.u, self.y = t.law("u", REAL), y
        self.law = samples(self.u)
        share = Prob(And(low <= y, y <= high), (y, self.u)).eq((high - low) / (2 * R))
        limits = [low >= -R, low <= high, high <= R]
        _, self.inside, self.shares = t.given(
            R > 0, LivesOn(self.u, y, Abs(y) <= R), Forall([low, high], share, given=limits)
        )
        if not face:
            return
        _, self.on, self.corners = t.given(
            (self.v**2).eq(1),
            self.theta(self.q).eq(self.v),
            Forall(m, self.D(m)(self.q).eq(self.v), given=[m >= 1, m <= self.N]),
        )

    def ridge(self, theta):
        return ridge(theta, self.x, self.d, self.i)

    @property
    def step(self):
        """By how much the ridge m differs from θ at x."""
        return self.ridge(self.D(self.m)) - self.ridge(self.theta)

    def sum(self, u):
        return Sum(self.p(self.m) * u, (self.m, 1, self.N))

    def centred(self, z):
        """The mean of z is 0, and its variance at most `spread`."""
        return And(self.sum(z).eq(0), self.sum(z**2) <= self.spread)

    @property
    def spread(self):
        """A bound of the variance at x."""
        x, i = self.x, self.i
        squares = Sum(x(i) ** 2, (i, 1, self.d)) - x(self.q) ** 2
        return (self.h**2 * squares + self.h0**2) / 4

    @property
    def gap(self):
        """What ReLU leaves in Jensen's inequality at x."""
        return self.sum(relu(self.ridge(self.D(self.m)))) - relu(self.ridge(self.theta))

    def positive(self, x):
        """The bound of the variance is positive, and so it is the square of S."""
        least = self.t.one_of_many(Sum(x(self.i) ** 2, (self.i, 1, self.d)), self.q)
        positive = self.t.show(self.spread > 0, by=least)
        S = sqrt(self.spread)
        return self.t.show(And(S > 0, (S**2).eq(self.spread)), by=positive, opaque=[self.spread])


@theorem(source=SOURCE)
def height_on_a_face(t):
    """At every x: 0 <= gap, and gap² is at most a quarter of the bound of the variance."""
    c = Cell(t)
    m, y, z = c.m, c.ridge(c.theta), c.step
    zero = sequence(c.i, 0)
    t.example(d=1, q=1, N=1, h0=1, h=0, p=function(m, 1), theta=zero, D=sequence(m, zero))
    root = c.positive(c.x)
    S = sqrt(c.spread)
    values = {"z": function(m, z), "s": y, "S": S}
    t.show(c.centred(z).args[1].args[0] <= S**2, by=[root, c.moments(c.x)], opaque=[S, c.spread])
    low, high = t.use("jensen_gaps.height_of_a_gap", values, by=[*c.moments(c.x), *root])
    same = t.add_up(low.left.args[0].eq(c.gap.args[0]))
    hidden = [S, c.spread, y, c.gap.args[0], low.left.args[0], relu(y)]
    goal = And(c.gap >= 0, c.gap**2 <= c.spread / 4)
    return t.show(goal, by=[low, high, same, root], opaque=hidden)


def around(u, e, d, i):
    """The sum of u over 1, ..., d without e + 1."""
    return Sum(u, (i, 1, e)) + Sum(u, (i, e + 2, d))


@theorem(source=SOURCE)
def square_on_a_face(t):  # noqa: PLR0915
    """E gap² <= E S³/(12R) over x uniform on [-R, R]^d, S² being the bound of the variance at x."""
    e = t.nat("e")
    c = Cell(t, e + 1)
    c.uniform()
    x, q, d, m, i, R, v, N = c.x, c.q, c.d, c.m, c.i, c.R, c.v, c.N
    S = sqrt(c.spread)

    def rest(theta):
        """A ridge without its place q."""
        return around(theta(i) * x(i), e, d, i) - theta(0)

    def apart(theta, on):
        """A ridge as v x(q) and the rest."""
        parts = t.use("faces.sum_around", {"F": function(i, theta(i) * x(i))})(d)
        return t.show(c.ridge(theta).eq(v * x(q) + rest(theta)), by=[parts, on])

    y, z = rest(c.theta), rest(c.D(m)) - rest(c.theta)

    def value(w):
        return c.sum(relu(v * w + y + z)) - relu(v * w + y)

    def known():
        """That y and z are the rest of the ridges, at x."""
        line = apart(c.theta, c.on)
        with t.let(m, given=[m >= 1, m <= N]) as corner:
            apart(c.D(m), c.corners(m))
        with t.let(m, given=[m >= 1, m <= N]) as term:
            steps = t.show(c.step.eq(z), by=[line, corner.fact(m)])
            t.together(steps, t.show(c.ridge(c.D(m)).eq(v * x(q) + y + z), by=corner.fact(m)))
        return line, term.fact

    with t.let(x) as equal:
        line, terms = known()
        rows = t.add_up(c.gap.args[0].eq(value(x(q)).args[0]), by=terms)
        t.show(c.gap.eq(value(x(q))), by=[rows, line])

    Mean(value(c.y) ** 2, (c.y, c.u))
    with t.let(x) as inside:
        _, terms = known()
        moments = [*c.moments(x)]
        for u, w in ((c.step, z), (c.step**2, z**2)):
            moments.append(t.add_up(c.sum(u).eq(c.sum(w)), by=terms))
        root = c.positive(x)
        centred = And(c.sum(z).eq(0), c.sum(z**2) <= S**2)
        shown = [*t.show(centred, by=[*moments, root], opaque=[S, c.spread]), *root]
        values = {"y": y, "z": function(m, z), "S": S}
        t.use("jensen_gaps.mean_square_of_a_gap", values, by=shown)

    most = (c.h**2 * (d * R**2) + c.h0**2) / 4
    with t.let(x, given=[In(x, c.law)]) as bounded:
        with t.let(i) as places:
            t.show(x(i) ** 2 <= R**2, by=c.inside(x(i)))
        row, full = Sum(x(i) ** 2, (i, 1, d)), Sum(R**2, (i, 1, d))
        size = [t.add_up(row <= full, by=places.fact), t.count(full)]
        t.show(c.spread <= most, by=size)
    with t.let(x, given=[In(x, c.law)]) as small:
        root = c.positive(x)
        both = t.use("face_gaps.height_on_a_face", {"q": q})
        first = t.show(c.gap**2 <= most, by=[both, root, bounded.fact(x)], opaque=[c.gap, c.spread])
        size = t.show(S <= 1 + most, by=[root, bounded.fact(x)], opaque=[S, c.spread])
        cube = t.show(S**3 <= (1 + most) ** 3, by=[size, root], opaque=[S, c.spread])
        t.together(first, cube, t.show(S**3 >= 0, by=root, opaque=[S, c.spread]))
    square, split = (Mean(u**2, (x, c.law)) for u in (c.gap, value(x(q))))
    for mean, why in ((square, [small.fact]), (split, [small.fact, equal.fact])):
        t.exists(mean, by=why, bound=most, at=x, opaque=[c.gap, value(x(q)), S])
    t.exists(Mean(S**3, (x, c.law)), by=small.fact, bound=(1 + most) ** 3, at=x, opaque=[S, c.gap])
    first = t.average(square.eq(split), by=equal.fact, at=x, opaque=[c.gap, value(x(q))])
    fubini = t.coordinate(split, q, by=inside.fact)
    last = t.average(fubini.right <= Mean(S**3, (x, c.law)) / (12 * R), by=inside.fact, law=c.law)
    return t.show(square <= Mean(S**3, (x, c.law)) / (12 * R), by=[first, fubini, last])


@theorem(source=SOURCE)
def fourth_moment_on_a_face(t):
    """E S⁴ = R⁴ X_d/(16 k⁴) for x uniform on [-R, R]^d: S² is the bound of the variance at x, for
    cells with the sides h = 2/k and h0 = Rd/k."""
    c = Cell(t, moments=False)
    c.uniform(face=False)
    x, d, q, i, R, k = c.x, c.d, c.q, c.i, c.R, t.real("k")
    mesh, width, _ = t.given((c.h * k).eq(2), (c.h0 * k).eq(R * d), k > 0)
    on = Ind(q <= i) * Ind(i <= q)
    with t.let(i) as each:
        t.indicators(((1 - on) ** 2).eq(1 - on))
    inside = t.derive("indicator_true", t.show(q <= d))
    one = "networks.one_term_of_a_sum"
    rest = Sum(1 - on, (i, 1, d))
    ones, _marked = Sum(expr(1), (i, 1, d)), Sum(on * expr(1), (i, 1, d))
    number = t.use(one, {"j": q, "u": function(i, 1)})(d)
    split = t.add_up(rest.eq(ones - number.left))
    count = t.show(rest.eq(d - 1), by=[split, t.count(ones), number, inside])
    A, B = c.h0**2 / 4, c.h**2 / 4
    values = {"c": function(i, 1 - on), "A": A, "B": B, "K": d - 1}
    moment = t.use("uniform_laws.fourth_moment", values, by=[each.fact, count])
    with t.let(x) as point:
        term = t.use(one, {"j": q, "u": function(i, x(i) ** 2)})(d)
        squares = Sum((1 - on) * x(i) ** 2, (i, 1, d))
        split = t.add_up(squares.eq(Sum(x(i) ** 2, (i, 1, d)) - term.left))
        same = t.show(squares.eq(Sum(x(i) ** 2, (i, 1, d)) - x(q) ** 2), by=[split, term, inside])
        t.show(c.spread.eq(A + B * squares), by=same)
    goal = Mean(c.spread**2, (x, c.law))
    t.exists(goal, by=point.fact, bound=moment.left, at=x, opaque=[c.spread, A + B * squares])
    equal = t.average(goal.eq(moment.left), by=point.fact, at=x, opaque=[c.spread, A + B * squares])
    value = R**4 * t.read(shallow.X) / (16 * k**4)
    sides = t.show(And(c.h.eq(2 / k), c.h0.eq(R * d / k)), by=[mesh, width])
    formula = t.show(moment.right.eq(value), by=sides)
    return t.show(goal.eq(value), by=[equal, moment, formula], opaque=[value, moment.right])


@theorem(source=SOURCE)
def sharp_square(t):
    """E gap² <= R² X_d^(3/4)/(96 k³), from E S³ <= (E S⁴)^(3/4), for cells with the sides h = 2/k
    and h0 = Rd/k."""
    c = Cell(t)
    c.uniform()
    (k, a, w), x, q, R = t.real("k a w"), c.x, c.q, c.R
    _mesh, _width, _some = t.given((c.h * k).eq(2), (c.h0 * k).eq(R * c.d), k > 0)
    square = Mean(c.gap**2, (x, c.law))
    S, cubes = sqrt(c.spread), Mean(sqrt(c.spread) ** 3, (x, c.law))
    with t.obtain(t.derive("zero_or_next", c.places[0], value=q), "e") as place:
        same = place.facts[0]
        known = [*c.places, c.on, c.corners, c.moments]
        facts = [t.rewrite(same, f) for f in known]
        found = t.use("face_gaps.square_on_a_face", by=facts)
        t.rewrite(t.symmetric(same), found)
    fourth = t.use("face_gaps.fourth_moment_on_a_face")
    X = t.quoted(shallow.X)
    large = t.show(X > 0, by=c.places)
    with t.let(w, a, given=[w > 0, a > 0]) as young:
        t.show(w**3 <= 3 * w**4 / (4 * a) + a**3 / 4)
    with t.let(w, given=[w > 0]) as root:
        level = R * w ** Q(1, 4) / (2 * k)
        size = t.show((level**4).eq(R**4 * w / (16 * k**4)))
        cube = (level**3 / (12 * R)).eq(R**2 * w ** Q(3, 4) / (96 * k**3))
        t.together(t.show(level > 0), size, t.show(cube))
    positive, size, cube = root.fact(X, by=large)
    level = positive.left
    with t.let(x) as pointwise:
        known = c.positive(x)
        bound = young.fact(S, level, by=[known, positive])
        fourth_power = t.show((S**4).eq(c.spread**2), by=known, opaque=[S, c.spread])
        t.rewrite(fourth_power, bound)
    mean = 3 * fourth.left / (4 * level) + level**3 / 4
    step = t.average(cubes <= mean, by=pointwise.fact, at=x, opaque=[S, c.spread, level])
    power = t.show(
        mean.eq(level**3), by=[fourth, size, positive], opaque=[level, fourth.left, size.right]
    )
    goal = square <= cube.right
    return t.show(goal, by=[place.fact, step, power, cube], opaque=[level**3, mean, cube.right])
