"""The class of splines: networks with neurons at fixed knots, their parameters the values there.

On [-R, R] with n + 1 equidistant knots, h = 2R/n. A network of the class is given by θ(1), ...,
θ(2n + 2) in [-1, 1]: (1 + θ(k + 1))/2 is the value of g2 at knot k, b θ(k + n + 2) that of g1. Its
neurons are ρ_M(x - knot), its tail is that of `ratio_tail`. The constants are those of
`boundcheck.theory.formulas.approximation.splines`. Of the input x the place 1 counts.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, ceiling, log
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Sum,
    function,
    natceil,
    relu,
    signrelu,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL, seq
from boundcheck.theory.formulas.approximation import splines

SOURCE = "derived here"


def change_of_slope(y, h, j):
    """Of the interpolant of y(0), y(1), ... at the knot number j - 1; see `interpolation`."""
    return (y(j) - 2 * y(j - 1) + y(Max(0, j - 2))) / h


def network(y, R, M, n, x, j):
    """The network with the values y(0), ..., y(n) at the knots, but for its smooth neurons."""
    h = 2 * R / n
    neuron = signrelu(M * (x - (-R + (j - 1) * h))) / M
    return y(0) + Sum(change_of_slope(y, h, j) * neuron, (j, 1, n))


@theorem(source=SOURCE)
def size_of_a_spline(t):
    """A network of neurons of scale M whose values at the knots are at most e in size is at most
    e(1 + 2n²/(RM)) between them: the interpolant is at most e, and n coefficients of at most 4e/h
    each make an error of at most 1/M."""
    y, (R, M, e, x, v), (j, k, n) = t.function("y", REAL), t.real("R M e x v"), t.nat("j k n")
    t.given(R > 0, M > 0, n >= 1)
    small = t.given(Forall(v, Abs(y(v)) <= e, given=[v >= 0, v <= n]))
    inside = t.given(Abs(x) <= R)
    t.example(y=function(v, 0), R=1, M=1, n=1, e=0, x=0)
    h = 2 * R / n
    t.show(h > 0)
    knot = -R + (j - 1) * h
    whole = network(y, R, M, n, x, j)
    linear = y(0) + Sum(change_of_slope(y, h, j) * relu(x - knot), (j, 1, n))
    values = {"a": -R, "h": h}
    pieces = t.use("interpolation.sum_of_changes_of_slope", values)
    where = t.between(function(k, -R + k * h), 0, n, x, by=inside)
    with t.obtain(where, "m") as piece:
        m, (_, last, left, right) = piece.value, piece.facts
        line = pieces(m, x, n, by=[left, right, last])
        share = (x - (-R + m * h)) / h
        known = t.show(And(share >= 0, share <= 1), by=[left, right])
        ends = [small(m, by=last), small(m + 1, by=last)]
        t.show(Abs(linear) <= e, by=[line, known, *ends], opaque=[share])
    u = t.real("u")
    with t.let(u) as neuron:
        t.show(Abs(signrelu(M * u) / M - relu(u)) <= 1 / M)
    positive = t.show(e >= 0, by=small(0))
    gap = signrelu(M * (x - knot)) / M - relu(x - knot)
    slope, most = change_of_slope(y, h, j), 4 * e / (h * M)
    with t.let(j, given=[j >= 1, j <= n]) as each:
        values = [small(v, by=each.facts) for v in (j, j - 1, Max(0, j - 2))]
        numerator = t.show(Abs(y(j) - 2 * y(j - 1) + y(Max(0, j - 2))) <= 4 * e, by=values)
        steep = t.show(Abs(slope) <= 4 * e / h, by=numerator, opaque=[numerator.left.args[0]])
        near = neuron(x - knot)
        t.show(Abs(slope * gap) <= most, by=[steep, near, positive], opaque=[slope, gap])
    error = Sum(slope * gap, (j, 1, n))
    triangle = t.triangle(error)
    above = t.add_up(triangle.right <= Sum(most, (j, 1, n)), by=each.fact, opaque=[slope * gap])
    split = t.add_up((whole.args[1] - linear.args[1]).eq(error), opaque=[slope])
    bound = t.read(splines.SENSITIVITY)
    total = t.show((n * most).eq(e * (bound - 1)))
    known = [piece.fact, triangle, above, split, t.count(above.right), total]
    return t.show(Abs(whole) <= e * bound, by=known, opaque=[most, bound])


# -- the class -------------------------------------------------------------------------------------


def clip(c, C, M, v):
    """clip_M; see `clipping`."""
    return c + signrelu(M * (v - c)) / M - signrelu(M * (v - C)) / M


class Splines:
    """The symbols of the class, and its functions f(θ, x) as hypotheses: the mass is 1."""

    def __init__(self, t, functions=True):
        self.t, self.b = t, t.real("b")
        (self.n, self.p, self.j), self.v = t.nat("n p j"), t.real("v")
        self.theta, self.tau = theta, _ = t.sequence("theta tau", REAL)
        t.given(self.b > 0, self.n >= 1)
        if functions:
            self.low, self.R, self.M = t.real("c R M")
            self.x = x = t.sequence("x", REAL)
            self.g1, self.g2, self.f = t.function("g1 g2 f", seq(REAL), seq(REAL))
            self.signs = t.given(self.low > 0, self.low < 1, self.R > 0, self.M > 0)
            first = self.g1(theta, x).eq(self.network(self.numerator(theta), x))
            second = self.g2(theta, x).eq(self.network(self.denominator(theta), x))
            member = self.f(theta, x).eq(self.after_tail(theta, x))
            self.outputs = [t.given(Forall([theta, x], each)) for each in (first, second)]
            self.members = t.given(Forall([theta, x], member))

    def denominator(self, theta):
        """The values of g2 at the knots."""
        return lambda k: (1 + theta(natceil(k) + 1)) / 2

    def numerator(self, theta):
        """The values of g1 at the knots."""
        return lambda k: self.b * theta(natceil(k) + (self.n + 2))

    def network(self, values, x):
        return network(values, self.R, self.M, self.n, x(1), self.j)

    def after_tail(self, theta, x):
        above = clip(-self.b, self.b, self.M, self.g1(theta, x))
        below = clip(self.low, expr(1), self.M, self.g2(theta, x))
        return clip(-self.b, self.b, self.M, above / below)


@theorem(source=SOURCE)
def change_of_the_values(t):
    """Parameters within eta of each other give values within eta/2 and b eta at the knots."""
    s, eta = Splines(t, False), t.real("eta")
    theta, tau, v, p, n = s.theta, s.tau, s.v, s.p, s.n
    places = [p >= 1, p <= t.read(splines.PARAMETERS)]
    near = t.given(Forall(p, Abs(theta(p) - tau(p)) <= eta, given=places))
    with t.let(v, given=[v >= 0, v <= n]) as knot:
        place = natceil(v)
        _, below = t.derive("nat_ceiling", knot.facts[0], term=v)
        last = t.derive("next_number", t.show(place < n + 1, by=[below, *knot.facts]))
        first = near(place + 1, by=last)
        second = near(place + (n + 2), by=last)
        one = s.denominator(theta)(v) - s.denominator(tau)(v)
        other = s.numerator(theta)(v) - s.numerator(tau)(v)
        t.show(And(Abs(one) <= eta / 2, Abs(other) <= s.b * eta), by=[first, second])
    return knot.fact


@theorem(source=SOURCE)
def change_of_the_quotient(t):
    """z/y between clips changes by at most 3b D/c, if y changes by at most D and z by at most
    2b D: in the scale of 2b both change by at most D."""
    b, c, C, M, D, y, z, v, w = t.real("b c C M D y z v w")
    bounds = t.given(b > 0, c > 0, c < C, M > 0, D >= 0)
    near = t.given(Abs(y - v) <= D, Abs(z - w) <= 2 * b * D)
    t.example(b=1, c=1, C=2, M=1, D=0, y=0, z=0, v=0, w=0)
    most, u = b * C, t.real("u")
    t.show(-most < most, by=t.show(most > 0, by=bounds))
    hard = t.use("clipping.clip_is_almost_hard")
    _, slope = t.use("clipping.clip_is_lipschitz")
    _, wide_slope = t.use("clipping.clip_is_lipschitz", {"c": -most, "C": most})
    Y, V = clip(c, C, M, y), clip(c, C, M, v)
    Z, W = clip(-most, most, M, z), clip(-most, most, M, w)
    low = [
        t.show(each >= c, by=list(hard(at))[2:3], opaque=[each]) for each, at in ((Y, y), (V, v))
    ]
    first = t.chain(slope(y, v), near[0])
    second = t.chain(wide_slope(z, w), near[1])
    scaled = t.show(Abs(Z / (2 * b) - W / (2 * b)) <= D, by=second, opaque=[Z, W])
    values = {"b": expr("1/2"), "M": 2 * b * M, "x": Y, "z": V}
    values |= {"y": Z / (2 * b), "w": W / (2 * b)}
    t.show(2 * b * M > 0)
    whole = t.use("ratio_tail.change_of_a_clipped_quotient", values, by=[*low, first, scaled])
    half = expr("1/2")
    with t.let(u) as scale:
        t.show(clip(-b, b, M, u).eq(2 * b * clip(-half, half, 2 * b * M, u / (2 * b))))
    same, outputs = [], []
    for above, below, positive in ((Z, Y, low[0]), (W, V, low[1])):
        t.exists(above / below, by=positive)
        quotient = t.show(
            (above / below / (2 * b)).eq(above / (2 * b) / below),
            by=positive,
            opaque=[above, below],
        )
        large = clip(-half, half, 2 * b * M, above / (2 * b) / below)
        equal = t.replace(scale(above / below), quotient.formula.args)
        same.append(equal)
        outputs.append((equal.left, large))
    (p, pp), (q, qq) = outputs
    goal = Abs(p - q) <= 3 * b * D / c
    return t.show(goal, by=[whole, *same], opaque=[p, pp, q, qq])


@theorem(source=SOURCE)
def change_with_the_parameters(t):
    """Parameters within eta of each other give functions within 3b sensitivity/(2c) eta."""
    s, eta = Splines(t), t.real("eta")
    theta, tau, x, p, n, b = s.theta, s.tau, s.x, s.p, s.n, s.b
    places = [p >= 1, p <= t.read(splines.PARAMETERS)]
    near = Forall(p, Abs(theta(p) - tau(p)) <= eta, given=places)
    with t.let(theta, tau, eta, x, given=[eta >= 0, near, Abs(x(1)) <= s.R]) as change:
        values = t.use("spline_class.change_of_the_values", by=change.facts)
        bound, changes = t.read(splines.SENSITIVITY), []
        for make, e in ((s.denominator, eta / 2), (s.numerator, b * eta)):
            one, other = make(theta), make(tau)
            with t.let(s.v, given=[s.v >= 0, s.v <= n]):
                t.show(Abs(one(s.v) - other(s.v)) <= e, by=values(s.v))
            gap = function(s.v, one(s.v) - other(s.v))
            size = t.use("spline_class.size_of_a_spline", {"y": gap, "e": e, "x": x(1)})
            third = s.network(lambda k, u=one, v=other: u(k) - v(k), x)
            first, second = s.network(one, x), s.network(other, x)
            split = t.add_up((first.args[1] - second.args[1]).eq(third.args[1]))
            changes.append(
                t.show(Abs(first - second) <= e * bound, by=[size, split], opaque=[bound])
            )
        D = eta / 2 * bound
        t.show(bound >= 1)
        t.show(D >= 0)
        (g1, g2), (h1, h2) = ([g(each, x) for g in (s.g1, s.g2)] for each in (theta, tau))
        for g, most, known in ((s.g2, D, changes[0]), (s.g1, 2 * b * D, changes[1])):
            outputs = [s.outputs[g is s.g2](each, x) for each in (theta, tau)]
            sides = [o.right for o in outputs]
            goal = Abs(g(theta, x) - g(tau, x)) <= most
            t.show(goal, by=[known, *outputs], opaque=[*sides, bound])
        values = {"C": 1, "D": D, "y": g2, "z": g1, "v": h2, "w": h1}
        moved = t.use("spline_class.change_of_the_quotient", values)
        for each in (theta, tau):
            moved = t.rewrite(t.symmetric(s.members(each, x)), moved)
        last = 3 * b * bound / (2 * s.low) * eta
        t.chain(moved, t.show((3 * b * D / s.low).eq(last), opaque=[bound]))
    return change.fact


@theorem(source=SOURCE)
def covering_number(t):
    """Some exp(log_n) functions of the class, log_n = 2(n + 1) log⌈3b sensitivity/(2c delta)⌉,
    come within delta of all on [-R, R]."""
    s, (delta, eta) = Splines(t), t.real("delta eta")
    (theta, tau, x, p), i = (s.theta, s.tau, s.x, s.p), t.nat("i")
    t.given(delta > 0)
    P, bound = t.read(splines.PARAMETERS), t.read(splines.SENSITIVITY)
    S = 3 * s.b * bound / (2 * s.low)
    change = t.use("spline_class.change_with_the_parameters")
    box = Forall(i, Abs(x(i)) <= s.R, given=[i >= 1, i <= 1])
    cube = [Forall(p, Abs(each(p)) <= 1, given=[p >= 1, p <= P]) for each in (theta, tau)]
    near = Forall(p, Abs(theta(p) - tau(p)) <= eta, given=[p >= 1, p <= P])
    with t.let(theta, tau, eta, x, given=[eta >= 0, *cube, near, box]) as close:
        inside = close.facts[-1](1)
        change(theta, tau, eta, x, by=[inside, close.facts[-2]])
    t.show(S > 0, by=t.show(bound > 0), opaque=[bound])
    values = {"f": s.f, "S": S, "Theta": 1, "P": P, "d": 1, "R0": s.R}
    net = t.use("class_nets.net_of_a_class_of_all_parameters", values)
    log_n = t.read(splines.LOG_N, sensitivity=bound, parameters=P)
    ratio = log_n.args[1].args[0].args[0]
    net = t.replace(net, (S * 1 / delta, ratio))
    return net


@theorem(source=SOURCE)
def covering_number_without_ceiling(t):
    """log_n <= log_n_smooth."""
    b, sensitivity, c, delta, parameters = t.real("b sensitivity c delta parameters")
    t.given(b > 0, sensitivity > 0, c > 0, delta > 0, parameters >= 0)
    t.example(b=1, sensitivity=1, c=1, delta=1, parameters=1)
    y = t.real("y")
    with t.let(y, given=[y > 0]) as one:
        t.show(log(ceiling(y)) <= log(1 + y), by=one.facts)
    smaller, larger = t.read(splines.LOG_N), t.read(splines.LOG_N_SMOOTH)
    argument = smaller.args[1].args[0].args[0]
    found = one(argument, by=t.show(argument > 0))
    return t.show(smaller <= larger, by=found, opaque=[*found.formula.args])
