"""Maurey's lemma with a budget: among k random parameters with a small error there are some whose
sizes add up to not much more than their mean.

f(x) = E phi(theta, x) over theta ~ nu at every point, phi is bounded by b, and E exp(rate v(theta))
is at most exp(c) for the sizes v.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp
from boundcheck.theorems.author.words import (
    Exists,
    In,
    LivesOn,
    Mean,
    Sum,
    ThereIs,
    first,
    function,
    joint,
    samples,
    second,
)
from boundcheck.theorems.language.sorts import pair as pairs

SOURCE = "derived here"


@theorem(source=SOURCE)
def weight_and_error(t):
    """a + K exp(y) <= K with a >= 0 and K > 0: then a <= K and y <= 0."""
    a, K, y, u, v = t.real("a K y u v")
    small, *_ = t.given(a + K * exp(y) <= K, a >= 0, K > 0)
    t.example(a=0, K=1, y=0)
    first = t.show(a <= K, by=small)
    one = t.show(K * exp(y) <= K, by=small, opaque=[exp(y)])
    with t.let(u, v, given=[v > 0, v * u <= v]) as divided:
        t.show(u <= 1, by=divided.facts)
    below = divided.fact(exp(y), K, by=one)
    with t.let(u, given=[exp(u) <= 1]) as root:
        tangent = t.show(1 + u <= exp(u))
        t.show(u <= 0, by=[*root.facts, tangent], opaque=[exp(u)])
    return t.together(first, root.fact(y, by=below))


class Draws:
    """Parameters theta by nu, points x by pi, k draws s."""

    def __init__(self, t):
        X, T = t.space("X"), t.space("T")
        self.t, self.pi, self.nu = t, t.law("pi", X), t.law("nu", T)
        phi, f = t.function("phi", T, X), t.function("f", X)
        self.x, self.theta, self.s = t.variable("x", X), t.variable("theta", T), t.sequence("s", T)
        self.C, self.b, self.k, self.j = *t.real("C b"), t.nat("k"), t.nat("j")
        self.f, self.value = f(self.x), phi(self.theta, self.x)
        self.law = samples(self.nu)
        self.total = Sum(phi(self.s(self.j), self.x), (self.j, 1, self.k))
        self.phi = phi
        t.given(self.k >= 1)
        self.represents, self.bounded, self.square = t.given(
            self.at_points(self.f.eq(self.mean(self.value))),
            self.at_points(LivesOn(self.nu, self.theta, Abs(self.value) <= self.b)),
            self.at_points(self.mean(self.value**2) <= self.C),
        )
        self.error = (self.f - self.total / self.k) ** 2

    def at_points(self, body):
        return LivesOn(self.pi, self.x, body)

    def mean(self, u):
        return Mean(u, (self.theta, self.nu))

    def over_points(self, u):
        return Mean(u, (self.x, self.pi))

    def over_draws(self, u):
        return Mean(u, (self.s, self.law))


@theorem(source=SOURCE)
def mean_square_of_draws(t):
    """At every point, the mean of k draws is off f by at most C/k in square mean; all are at most b
    in size."""
    r = Draws(t)
    with t.let(r.x, given=[In(r.x, r.pi)]) as each:
        values = {"pi": r.nu, "u": function(r.theta, r.value), "n": r.k}
        r.mean(r.value**2)
        _bounded, below = r.bounded(r.x), r.square(r.x)
        variance = t.use(
            "independence.variance_of_a_mean", values, spaces={"X": r.theta.sort}, by=below
        )
        variance = t.rewrite(t.symmetric(r.represents(r.x)), variance)
        t.show(r.over_draws(r.error) <= r.C / r.k, by=[variance, below])
    return each.fact


@theorem(source=SOURCE)
def bounded_means(t):
    """Two means of a bounded function, in either order."""
    X, Y = t.space("X"), t.space("Y")
    mu, nu, u, b = t.law("mu", X), t.law("nu", Y), t.function("u", X, Y), t.real("b")
    x, y = t.variable("x", X), t.variable("y", Y)
    bounded = t.given(LivesOn(mu, x, LivesOn(nu, y, Abs(u(x, y)) <= b)))
    t.example(u=function([x, y], 0), b=0)
    with t.let(x, y, given=[In(x, mu), In(y, nu)]) as twice:
        t.show(Abs(Abs(u(x, y))) <= b, by=bounded(x)(y))
    for body, _known in ((u(x, y), bounded), (Abs(u(x, y)), twice)):
        inner = Mean(body, (y, nu))
        with t.let(x, given=[In(x, mu)]) as each:
            with t.let(y, given=[In(y, nu)]) as at:
                t.show(Abs(body) <= b, by=bounded(x)(y))
            t.exists(inner, by=at, bound=b)
            sides = t.average(inner <= b, by=at), t.average(inner >= -b, by=at)
            t.show(Abs(inner) <= b, by=sides)
        t.exists(Mean(inner, (x, mu)), by=each, bound=b)
    with t.let(y, given=[In(y, nu)]) as other:
        with t.let(x, given=[In(x, mu)]) as at:
            t.show(Abs(u(x, y)) <= b, by=bounded(x)(y))
        t.exists(Mean(u(x, y), (x, mu)), by=at, bound=b)
    return t.exchange(Mean(Mean(u(x, y), (y, nu)), (x, mu)), by=other)


@theorem(source=SOURCE)
def bounded_pairs(t):
    """The mean of a bounded function of two independent points, as a nested mean."""
    X, Y = t.space("X"), t.space("Y")
    mu, nu, u, b = t.law("mu", X), t.law("nu", Y), t.function("u", X, Y), t.real("b")
    x, y, p = t.variable("x", X), t.variable("y", Y), t.variable("p", pairs(X, Y))
    bounded = t.given(LivesOn(mu, x, LivesOn(nu, y, Abs(u(x, y)) <= b)))
    t.example(u=function([x, y], 0), b=0)
    both = joint(mu, (x, nu))
    with t.let(p, given=[In(p, both)]) as at:
        one, two = t.derive("halves", *at.facts)
        bounded(first(p), by=one)(second(p), by=two)
    whole = Mean(u(first(p), second(p)), (p, both))
    t.exists(whole, by=at, bound=b)
    with t.let(x, given=[In(x, mu)]):
        t.exists(Mean(u(x, y), (y, nu)), by=bounded(x), bound=b)
    nested = t.disintegrate(whole)
    return t.together(nested, at.fact)


@theorem(source=SOURCE)
def first_of_a_pair(t):
    """The mean of a function of the first of two independent points."""
    X, Y = t.space("X"), t.space("Y")
    mu, nu, u = t.law("mu", X), t.law("nu", Y), t.function("u", X)
    x, y, p = t.variable("x", X), t.variable("y", Y), t.variable("p", pairs(X, Y))
    alone = Mean(u(x), (x, mu))
    t.given(Exists(alone))
    t.example(u=function(x, 0))
    with t.let(x, given=[In(x, mu)]) as each:
        t.average(Mean(u(x), (y, nu)).eq(u(x)), law=nu)
    with t.let(x, given=[In(x, mu)]) as sizes:
        t.average(Mean(Abs(u(x)), (y, nu)).eq(Abs(u(x))), law=nu)
    t.exists(Mean(Mean(Abs(u(x)), (y, nu)), (x, mu)), by=sizes, bound=Mean(Abs(u(x)), (x, mu)))
    whole = Mean(u(first(p)), (p, joint(mu, (x, nu))))
    t.joint_exists(whole)
    with t.let(x, given=[In(x, mu)]):
        t.exists(Mean(u(x), (y, nu)))
    nested = t.disintegrate(whole)
    same = t.average(nested.right.eq(alone), by=each, law=mu)
    return t.chain(nested, same)


def _nested(t, power, size, bounded, squared, symbols):
    """The mean of g or g² over all three points as one over w of one over the others, for each w as
    one over u of one over r; and the bound of it."""
    g, L, mu, U, w, u, r = symbols
    v = t.engine.fresh("v", pairs(u.sort, r.sort))

    def value(u, r):
        return g(w, u, r) if power == 1 else g(w, u, r) ** 2

    with t.let(w, given=[In(w, L)]) as here:
        with t.let(u, r, given=[In(u, mu), In(r, U)]) as point:
            one = bounded(w)(u)(r)
            if power == 2:
                squared.fact(g(w, u, r), by=one)
            else:
                t.show(one.formula, by=one)
        values = {"mu": mu, "nu": U, "u": function([u, r], value(u, r)), "b": size}
        sorts = {"X": u.sort, "Y": r.sort}
        t.use("small_draws.bounded_pairs", values, sorts, by=point)
    with t.let(w, given=[In(w, L)]) as sizes:
        _, small = here.fact(w)
        t.show(small.formula, by=small)
    body = value(first(v), second(v))
    values = {"mu": L, "nu": joint(mu, (u, U)), "u": function([w, v], body), "b": size}
    sorts = {"X": w.sort, "Y": v.sort}
    return (here, *t.use("small_draws.bounded_pairs", values, sorts, by=sizes))


@theorem(source=SOURCE)
def three_draws(t):
    """A bounded g(w, u, r) of three independent points, which has the mean m(w, u) over r, m the
    mean k(u) over w: then g has the mean of k, and a mean square of at most q, where over r it has
    one of at most q."""
    W, Y, Z = t.space("W"), t.space("Y"), t.space("Z")
    L, mu, U = t.law("L", W), t.law("mu", Y), t.law("U", Z)
    g, m, k = t.function("g", W, Y, Z), t.function("m", W, Y), t.function("k", Y)
    w, u, r, b, q = t.variable("w", W), t.variable("u", Y), t.variable("r", Z), *t.real("b q")

    def everywhere(body):
        return LivesOn(L, w, LivesOn(mu, u, body))

    def over_r(body):
        return Mean(body, (r, U))

    bounded, inner, spread, outer = t.given(
        everywhere(LivesOn(U, r, Abs(g(w, u, r)) <= b)),
        everywhere(over_r(g(w, u, r)).eq(m(w, u))),
        everywhere(over_r(g(w, u, r) ** 2) <= q),
        LivesOn(mu, u, Mean(m(w, u), (w, L)).eq(k(u))),
    )
    t.example(g=function([w, u, r], 0), m=function([w, u], 0), k=function(u, 0), b=0, q=0)
    z = t.real("z")
    with t.let(z, given=[Abs(z) <= b]) as squared:
        t.show(Abs(z**2) <= b**2, by=squared.facts)
    found = []
    for power, size in ((1, b), (2, b**2)):
        found.append(_nested(t, power, size, bounded, squared, (g, L, mu, U, w, u, r)))
    with t.let(w, u, given=[In(w, L), In(u, mu)]) as middle:
        small, mean = bounded(w)(u), over_r(g(w, u, r))
        t.exists(mean, by=small, bound=b)
        sides = [t.average(mean <= b, by=small), t.average(mean >= -b, by=small)]
        t.show(Abs(m(w, u)) <= b, by=[*sides, inner(w)(u)])
    values = {"mu": L, "nu": mu, "u": function([w, u], m(w, u)), "b": b}
    swapped = t.use("small_draws.bounded_means", values, {"X": W, "Y": Y}, by=middle)
    here, whole, bound = found[0]
    by_w = Mean(m(w, u), (u, mu))
    with t.let(w, given=[In(w, L)]) as first_mean:
        nested, _ = here.fact(w)
        t.exists(by_w)
        same = t.average(nested.right.eq(by_w), by=inner(w))
        t.chain(nested, same)
    t.exists(swapped.left)
    over_w = t.average(whole.right.eq(swapped.left), by=first_mean)
    with t.let(u, given=[In(u, mu)]) as source:
        with t.let(w, given=[In(w, L)]) as at_u:
            middle(w, u)
        mean = outer(u).left
        t.exists(mean, by=at_u, bound=b)
        sides = [t.average(mean <= b, by=at_u), t.average(mean >= -b, by=at_u)]
        t.show(Abs(k(u)) <= b, by=[*sides, outer(u)])
    t.exists(Mean(k(u), (u, mu)), by=source, bound=b)
    last = t.average(swapped.right.eq(Mean(k(u), (u, mu))), by=outer)
    mean = t.chain(whole, over_w, swapped, last)
    here, whole, _ = found[1]
    with t.let(w, given=[In(w, L)]) as second_mean:
        nested, _ = here.fact(w)
        below = t.average(nested.right <= q, by=spread(w))
        t.show(nested.left <= q, by=[nested, below])
    square = t.average(whole.right <= q, by=second_mean)
    return t.together(mean, t.show(whole.left <= q, by=[whole, square]), bound)


@theorem(source=SOURCE)
def error_in_either_order(t):
    """The mean square error over points, and over draws, in either order; it is at most 4b²."""
    r = Draws(t)
    with t.let(r.x, given=[In(r.x, r.pi)]) as each:
        bounded = r.bounded(r.x)
        t.exists(r.mean(r.value), by=bounded, bound=r.b)
        sides = (
            t.average(r.mean(r.value) <= r.b, by=bounded),
            t.average(r.mean(r.value) >= -r.b, by=bounded),
        )
        equal = r.represents(r.x)
        t.show(Abs(r.f) <= r.b, by=[*sides, equal])
    with t.let(r.s, r.x, given=[In(r.s, r.law), In(r.x, r.pi)]) as both:
        triangle = t.triangle(r.total)
        bounds = Sum(r.b, (r.j, 1, r.k))
        below = t.add_up(triangle.right <= bounds, by=r.bounded(r.x))
        count = t.count(bounds)
        mean = t.show(Abs(r.total / r.k) <= r.b, by=[triangle, below, count])
        known = [mean, each.fact(r.x)]
        t.show(Abs(r.error) <= 4 * r.b**2, by=known, opaque=[r.total / r.k])
    values = {"mu": r.law, "nu": r.pi, "u": function([r.s, r.x], r.error), "b": 4 * r.b**2}
    sorts = {"X": r.s.sort, "Y": r.x.sort}
    return t.together(t.use("small_draws.bounded_means", values, sorts, by=both), both.fact)


@theorem(source=SOURCE)
def draw_within(t):
    """There are k parameters whose mean of phi is off f by at most K in square mean, where
    C/k + K exp(-g) <= K, and whose sizes have a sum of at most (kc + g)/rate."""
    r = Draws(t)
    (c, g, rate, K), v = t.real("c g rate K"), t.function("v", r.theta.sort)
    positive = t.given(g > 0, rate > 0, K > 0)
    most = t.given(r.C / r.k + K * exp(-g) <= K)
    moment = r.mean(exp(rate * v(r.theta)))
    small = t.given(moment <= exp(c))
    size = Sum(v(r.s(r.j)), (r.j, 1, r.k))
    limit = (r.k * c + g) / rate
    swapped, bounded = t.use("small_draws.error_in_either_order")
    squares = t.use("small_draws.mean_square_of_draws")
    error = r.over_points(r.error)
    average, inner = r.over_draws(error), r.over_draws(r.error)
    t.exists(r.over_points(inner))
    below = t.average(r.over_points(inner) <= r.C / r.k, by=squares, fixed=[], law=r.pi)
    values = {"pi": r.nu, "v": function(r.theta, rate * v(r.theta)), "n": r.k}
    moment = t.use("normal_waves.moment_of_a_sum", values, {"X": r.theta.sort}, by=small)
    factor = exp(-(r.k * c + g))
    with t.let(r.s) as scaled:
        same = t.add_up(Sum(rate * v(r.s(r.j)), (r.j, 1, r.k)).eq(rate * size))
        plain = exp(Sum(rate * v(r.s(r.j)), (r.j, 1, r.k)))
        weight = exp(rate * (size - limit))
        t.show(weight.eq(factor * plain), by=[same, positive[1]])
    weights = r.over_draws(weight)
    t.exists(weights, by=scaled, bound=factor * moment.left)
    equal = t.average(weights.eq(factor * moment.left), by=scaled)
    rare = t.show(weights <= exp(-g), by=[equal, moment], opaque=[moment.left])
    with t.let(r.s, given=[In(r.s, r.law)]) as drawn:
        with t.let(r.x, given=[In(r.x, r.pi)]) as point:
            bounded(r.s, r.x)
        t.exists(error, by=point, bound=4 * r.b**2)
    both = error + K * weight
    t.exists(r.over_draws(both), by=drawn)
    parts = [error, weight]
    total = t.average(r.over_draws(both) <= average + K * weights, at=r.s, opaque=parts)
    known = [total, swapped, below, rare, most, positive[2]]
    mean = t.show(r.over_draws(both) <= K, by=known, opaque=[weights, average, exp(-g)])
    with t.obtain(t.least(mean), "z") as found:
        s, (_inside, small) = found.value, found.facts
        left, right = small.formula.args[0].args
        there = t.average(left >= 0)
        parts = t.use(
            "small_draws.weight_and_error",
            {"a": left, "K": K, "y": right.args[1].args[0]},
            by=[small, there],
        )
        _first, last = parts
        t.show(right.args[1].args[0].args[1].args[0] <= limit, by=[last, positive[1]])
        t.witness(ThereIs(r.s, In(r.s, r.law), error <= K, size <= limit), s)
    return found.fact


@theorem(source=SOURCE)
def small_draw(t):
    """There are k parameters whose mean of phi is off f by at most C/(k(1 - exp(-g))) in square
    mean, and whose sizes have a sum of at most (kc + g)/rate."""
    r = Draws(t)
    (c, g, rate), v = t.real("c g rate"), t.function("v", r.theta.sort)
    positive, *_ = t.given(g > 0, rate > 0, r.C > 0)
    t.given(r.mean(exp(rate * v(r.theta))) <= exp(c))
    K = r.C / (r.k * (1 - exp(-g)))
    chance = t.show(exp(-g) < 1, by=positive)
    t.show(K > 0, by=[chance], opaque=[exp(-g)])
    t.show(r.C / r.k + K * exp(-g) <= K, by=[chance], opaque=[exp(-g)])
    return t.use("small_draws.draw_within", {"K": K})
