"""The mean square of a gap on a face of the cube, over the uniform law on [-R, R]^d.

A ridge is ReLU(θ(1) x(1) + ... + θ(d) x(d) - θ(0)). Near θ there are ridges D(1), ..., D(N) with
weights p(1), ..., p(N), whose mean is θ; place q of all of them is v = 1 or v = -1. The gap is what
ReLU leaves in Jensen's inequality. Given the other coordinates of x, the argument of θ is uniform
on an interval of length 2R.
"""

from boundcheck import theorem
from boundcheck.math import Abs, sqrt
from boundcheck.theorems.author.words import (
    And,
    Forall,
    In,
    LivesOn,
    Mean,
    Prob,
    Sum,
    function,
    relu,
    samples,
    sequence,
)
from boundcheck.theorems.language.sorts import NAT, REAL, seq

SOURCE = "derived here"


def ridge(theta, x, d, i):
    """θ(1) x(1) + ... + θ(d) x(d) - θ(0)."""
    return Sum(theta(i) * x(i), (i, 1, d)) - theta(0)


class Cell:
    """Ridges with weights near a ridge of a face."""

    def __init__(self, t, q=None):
        self.t = t
        self.p, self.D = t.function("p", NAT), t.sequence("D", seq(REAL))
        self.theta, self.x = t.sequence("theta x", REAL)
        self.d, self.N, self.m, self.i = t.nat("d N m i")
        self.q = t.nat("q") if q is None else q
        self.h, self.h0, self.v, self.R = t.real("h h0 v R")
        m, N = self.m, self.N
        self.places = t.given(self.q >= 1, self.q <= self.d)
        _, self.weights, self.total, self.moments = t.given(
            self.h0 > 0,
            Forall(m, self.p(m) >= 0, given=[m >= 1, m <= N]),
            Sum(self.p(m), (m, 1, N)).eq(1),
            Forall(self.x, self.centred(self.step)),
        )

    def uniform(self):
        """x is uniform on [-R, R]^d, and place q of all ridges is v = 1 or v = -1."""
        t, m, R, (low, high, y) = self.t, self.m, self.R, self.t.real("l h1 y")
        self.u, self.y = t.law("u", REAL), y
        self.law = samples(self.u)
        share = Prob(And(low <= y, y <= high), (y, self.u)).eq((high - low) / (2 * R))
        limits = [low >= -R, low <= high, high <= R]
        t.given(R > 0, (self.v**2).eq(1))
        self.inside, self.shares, self.on, self.corners = t.given(
            LivesOn(self.u, y, Abs(y) <= R),
            Forall([low, high], share, given=limits),
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
def square_on_a_face(t):
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

    inner = Mean(value(c.y) ** 2, (c.y, c.u))
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
