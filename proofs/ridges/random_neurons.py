"""Random neurons, one by one: Maurey's lemma for functions that are means of ridges.

F(x) = V E e(theta) relu(v(theta)·x - b(theta)) over theta ~ nu, |e| <= 1, b >= 0, on the box
|x(i)| <= R, i = 1..d. The law of x has E (v·x)² = R²|v|²/3 for every v, and is symmetric, like the
uniform one. The constants are those of `boundcheck.theory.formulas.approximation.random_neurons`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, sqrt
from boundcheck.theorems.author.words import (
    Exists,
    Forall,
    In,
    LivesOn,
    Mean,
    Sum,
    ThereIs,
    depth,
    function,
    relu,
    sequence,
    value,
    width,
)
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas.approximation import random_neurons

SOURCE = "derived here"


class Points:
    """The law of x, and what is known of it."""

    def __init__(self, t):
        self.t, self.pi, self.x = t, t.law("Omega", seq(REAL)), t.sequence("x", REAL)
        self.R, self.d, self.i = t.real("R"), *t.nat("d i")
        v, b = t.sequence("v", REAL), t.real("b")
        squares = self.mean(self.along(v) ** 2).eq(self.R**2 / 3 * self.size(v))
        one, other = (self.mean(relu(y - b) ** 2) for y in (self.along(v), -self.along(v)))
        self.box = Forall(self.i, Abs(self.x(self.i)) <= self.R, [self.i >= 1, self.i <= self.d])
        self.side, self.inside, self.squares, self.symmetric = t.given(
            self.R >= 0,
            LivesOn(self.pi, self.x, self.box),
            Forall(v, squares),
            Forall([v, b], one.eq(other)),
        )

    def mean(self, u):
        return Mean(u, (self.x, self.pi))

    def along(self, v):
        return Sum(v(self.i) * self.x(self.i), (self.i, 1, self.d))

    def size(self, v):
        return Sum(v(self.i) ** 2, (self.i, 1, self.d))


@theorem(source=SOURCE)
def square_of_a_neuron(t):
    """E relu(v·x - b)² <= R²|v|²/6 for b >= 0: of v·x and -v·x one is not positive."""
    s, v, b, y = Points(t), t.sequence("w", REAL), t.real("c"), t.real("y")
    positive = t.given(b >= 0)
    with t.let(y) as each:
        t.show(relu(y - b) ** 2 + relu(-y - b) ** 2 <= y**2, by=positive)
    along, same = s.along(v), s.symmetric(v, b)
    with t.let(s.x, given=[In(s.x, s.pi)]) as point:
        each.fact(along)
    squares = s.squares(v)
    both = t.average(same.left + same.right <= squares.left, by=point)
    return t.show(same.left <= s.R**2 / 6 * s.size(v), by=[both, same, squares])


class Ridges(Points):
    """A function F that is a mean of ridges."""

    def __init__(self, t):
        super().__init__(t)
        T = t.space("T")
        self.nu, self.theta = t.law("nu", T), t.variable("theta", T)
        self.V, self.S = t.real("V S")
        self.n, self.j = t.nat("n j")
        self.e, self.c = t.function("e c", T)
        self.w, self.F = t.function("w", NAT, T), t.function("F", seq(REAL))
        self.draws, i = t.sequence("s", T), self.i
        self.direction = lambda theta: sequence(i, self.w(i, theta))
        self.ridge = self.at(self.theta)
        over = Mean(self.ridge, (self.theta, self.nu))
        square = Mean(self.ridge**2, (self.theta, self.nu))
        length = Sum(self.w(i, self.theta) ** 2, (i, 1, self.d))
        self.sizes = t.given(self.V >= 0, self.S >= 0, self.n >= 1)
        self.signs, self.starts, self.lengths, self.means, self.exist = t.given(
            LivesOn(self.nu, self.theta, Abs(self.e(self.theta)) <= 1),
            LivesOn(self.nu, self.theta, self.c(self.theta) >= 0),
            LivesOn(self.nu, self.theta, length <= self.S),
            LivesOn(self.pi, self.x, self.F(self.x).eq(over)),
            LivesOn(self.pi, self.x, Exists(square)),
        )

    def at(self, theta):
        along = Sum(self.w(self.i, theta) * self.x(self.i), (self.i, 1, self.d))
        return self.V * self.e(theta) * relu(-self.c(theta) + along)


@theorem(source=SOURCE)
def good_neurons(t):
    """n ridges whose mean is off F by at most V² S R²/(6n) in square mean."""
    s = Ridges(t)
    bound = s.V * s.R * sqrt(s.S / 6)
    root = t.show((sqrt(s.S / 6) ** 2).eq(s.S / 6), by=s.sizes)
    y, q, k = t.real("y q k")
    with t.let(y, q, k, given=[Abs(y) <= 1, q >= 0, q <= s.R**2 / 6 * k, k <= s.S]) as scaled:
        t.show(s.V**2 * y**2 * q <= s.V**2 * (s.R**2 / 6 * s.S), by=[*scaled.facts])
    final = t.show((s.V**2 * (s.R**2 / 6 * s.S)).eq(bound**2), by=root, opaque=[sqrt(s.S / 6)])
    with t.let(s.theta, given=[In(s.theta, s.nu)]) as each:
        start = s.starts(s.theta)
        values = {"w": s.direction(s.theta), "c": s.c(s.theta)}
        one = t.use("random_neurons.square_of_a_neuron", values, by=start)
        square, length = one.left, one.right.args[1]
        positive, e = t.average(square >= 0), s.e(s.theta)
        known = [s.signs(s.theta), positive, one, s.lengths(s.theta)]
        below = scaled.fact(e, square, length, by=known)
        mean = s.mean(s.ridge**2)
        t.exists(mean, bound=s.V**2 * e**2 * square)
        same = t.average(mean.eq(s.V**2 * e**2 * square))
        t.show(mean <= bound**2, by=[same, below, final], opaque=[bound])
    values = {"pi": s.pi, "phi": function([s.theta, s.x], s.ridge), "f": function(s.x, s.F(s.x))}
    values |= {"V": bound, "k": s.n}
    sorts = {"X": seq(REAL), "T": s.theta.sort}
    return t.use("maurey.maurey", values, sorts, by=[each, s.means, s.exist])


@theorem(source=SOURCE)
def network_of_random_neurons(t):
    """a + F, a an affine form, by a network with one hidden layer of at most n + 1 neurons, off by
    at most V² S R²/(6n) in square mean."""
    s, a0, a, N = Ridges(t), t.real("p"), t.function("a", NAT), t.network("N", "relu")
    j, m = s.j, t.nat("m")
    form = a0 + Sum(a(s.i) * s.x(s.i), (s.i, 1, s.d))

    def error(output):
        return s.mean((s.F(s.x) - output) ** 2)

    goal = ThereIs(
        N,
        depth(N).eq(1),
        width(N) <= s.n + 1,
        error(value(N, 0, s.x) - form) <= s.V**2 * s.S * s.R**2 / (6 * s.n),
    )
    with t.obtain(t.use("random_neurons.good_neurons"), "D") as drawn:
        theta = drawn.value(j)
        small = drawn.facts[1]
        values = {"p": function(j, a0 / s.n), "q": function([j, s.i], a(s.i) / s.n), "k": s.n}
        values |= {"c": function([j, m], s.V * s.e(theta) / s.n), "n": function(j, 1)}
        values |= {"b": function([j, m], -s.c(theta))}
        values |= {"v": function([j, s.i], s.w(s.i, theta))}
        layer = t.use("shallow_sums.with_an_affine_part", values)
        with t.obtain(layer, "L") as new:
            _, wide, computes = new.facts
            ones = t.count(Sum(1, (j, 1, s.n)))
            t.show(width(new.value) <= s.n + 1, by=[wide, ones])
            with t.let(s.x, given=[In(s.x, s.pi)]) as same:
                found = computes(s.x, by=s.inside(s.x))
                ridge = s.at(theta)
                with t.let(j) as each:
                    along = Sum(s.w(s.i, theta) * s.x(s.i), (s.i, 1, s.d))
                    neuron = s.V * s.e(theta) / s.n * relu(-s.c(theta) + along)
                    one = t.single(Sum(neuron, (m, 1, 1)))
                    plain = Sum(a(s.i) / s.n * s.x(s.i), (s.i, 1, s.d))
                    scaled = t.add_up(plain.eq(1 / s.n * form.args[1]), by=s.sizes)
                    known = [one, scaled, *s.sizes]
                    part = a0 / s.n + plain + one.left
                    t.show(part.eq(1 / s.n * ridge + form / s.n), by=known)
                ridges, forms = Sum(ridge, (j, 1, s.n)), Sum(form / s.n, (j, 1, s.n))
                t.exists(form / s.n, by=s.sizes)
                split = t.add_up(found.right.eq(1 / s.n * ridges + forms), by=each)
                output = value(new.value, 0, s.x) - form
                known = [found, split, t.count(forms), *s.sizes]
                equal = t.show(output.eq(ridges / s.n), by=known)
                t.at_equals(function(a0, (s.F(s.x) - a0) ** 2), equal)
            equal = t.same_mean(error(output), small.left, by=same)
            root = t.show((sqrt(s.S / 6) ** 2).eq(s.S / 6), by=s.sizes)
            bound = s.V**2 * s.S * s.R**2 / (6 * s.n)
            last = t.show(small.right.eq(bound), by=[root, *s.sizes], opaque=[sqrt(s.S / 6)])
            t.show(error(output) <= bound, by=[equal, small, last], opaque=[bound])
            t.witness(goal, new.value)
    return drawn.fact


@theorem(source=SOURCE)
def the_bounds(t):
    """The bounds `maurey`, with |v|² <= d, and `maurey_sphere`, with |v|² <= 1, are roots of V² S
    R²/(6n)."""
    V, R, V_2 = t.real("V R V_2")
    n, d = t.nat("n d")
    t.given(n >= 1, d >= 1, V >= 0, V_2 >= 0, R >= 0)
    t.example(V=1, V_2=1, R=1, n=1, d=1)
    left = (t.read(random_neurons.MAUREY) ** 2).eq(V**2 * d * R**2 / (6 * n))
    right = (t.read(random_neurons.MAUREY_SPHERE) ** 2).eq(V_2**2 * 1 * R**2 / (6 * n))
    return t.together(t.show(left), t.show(right))
