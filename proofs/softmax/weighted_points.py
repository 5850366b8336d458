"""Weighted sums of points in the Euclidean norm: how much they change with the weights and with the
points.

The points are u(k, .), k = 1, ..., K, of which the places 1, ..., d count; those of w are other
ones, and p(k) and q(k) are weights. |u(k) - a| <= rho.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, sqrt
from boundcheck.theorems.author.words import And, Forall, Sum, function
from boundcheck.theorems.language.sorts import NAT
from boundcheck.theory.formulas.approximation import softmax

SOURCE = "folklore; derived here"


def square(u, c, d):
    """|u|² of a vector, given as the coordinate c."""
    return Sum(u**2, (c, 1, d))


def shrinking(z, rho, c, d):
    """The factor that brings z into the ball of radius rho."""
    return rho / Max(rho, sqrt(square(z, c, d)))


@theorem(source=SOURCE)
def triangle_inequality(t):
    """|x| <= r and |y| <= q give |x + y| <= r + q."""
    x, y = t.function("x y", NAT)
    (r, q), (i, d) = t.real("r q"), t.nat("i d")
    sizes = t.given(r > 0, q > 0)
    one, other = (Sum(f(i) ** 2, (i, 1, d)) for f in (x, y))
    known = t.given(one <= r**2, other <= q**2)
    t.example(x=function(i, 0), y=function(i, 0), r=1, q=1)
    bound = (1 + q / r) * one + (1 + r / q) * other
    goal = Sum((x(i) + y(i)) ** 2, (i, 1, d)) <= bound
    a, b = t.real("a b")
    with t.let(a, b) as young:
        t.show((a + b) ** 2 <= (1 + q / r) * a**2 + (1 + r / q) * b**2, by=sizes)
    with t.let(i) as terms:
        young(x(i), y(i))
    found = t.add_up(goal, by=[terms.fact, *sizes])
    return t.show(goal.args[0] <= (r + q) ** 2, by=[found, *known, *sizes])


@theorem(source="folklore")
def projection_onto_a_ball(t):
    """The projection of z onto the ball of radius rho is in it, and nearer to each point of it than
    z."""
    z, w, (c, d), rho = *t.function("z w", NAT), t.nat("c d"), t.real("rho")
    positive = t.given(rho > 0)
    inside = t.given(square(w(c), c, d) <= rho**2)
    t.example(z=function(c, 0), w=function(c, 0), rho=1, d=1)
    S = square(z(c), c, d)
    zero = Sum(0, (c, 1, d))
    least = t.add_up(S >= 0 * zero)
    r = sqrt(S)
    root = t.show(And(r >= 0, (r**2).eq(S)), by=least)
    top = Max(rho, r)
    above = t.show(top > 0, by=positive, opaque=[r])
    y, q = t.real("y q")
    with t.let(y, q, given=[q > 0]) as quotient:
        t.show((y / q * q).eq(y))
    quotient(rho, top, by=above)
    factor = shrinking(z(c), rho, c, d)
    near, far = square(w(c) - factor * z(c), c, d), square(w(c) - z(c), c, d)
    cross = Sum(w(c) * z(c), (c, 1, d))
    whole = square(w(c), c, d)
    size = t.add_up(square(factor * z(c), c, d).eq(factor**2 * S), opaque=[factor])
    parts = [
        t.add_up(near.eq(whole - 2 * factor * cross + factor**2 * S), opaque=[factor]),
        t.add_up(far.eq(whole - 2 * cross + S)),
    ]
    goal = And(near <= far, square(factor * z(c), c, d) <= rho**2)
    with t.suppose(r <= rho) as short:
        one = t.show(factor.eq(1), by=[*short.facts, positive], opaque=[r])
        t.show(goal, by=[one, size, root, *parts, *short.facts], opaque=[factor, r])
    with t.suppose(rho < r) as long:
        ratio = t.show(factor.eq(rho / r), by=[*long.facts, positive], opaque=[r])
        young = 2 * cross <= r / rho * whole + rho / r * S
        young = t.add_up(young, by=[*long.facts, positive], opaque=[r])
        facts = [young, inside, ratio, root, size, *parts, *long.facts, positive]
        t.show(cross <= rho * r, by=[young, inside, root, *long.facts, positive], opaque=[r])
        t.show(factor < 1, by=[ratio, *long.facts, positive], opaque=[r, factor])
        t.show(goal, by=facts, opaque=[factor, r])
    return t.cases(r, rho, short, long)


@theorem(source=SOURCE)
def weights_of_points(t):
    """|Σ_k c(k) v(k)| <= rho s, where |v(k)| <= rho and Σ_k |c(k)| <= s."""
    v, c = t.function("v", NAT, NAT), t.function("c", NAT)
    (rho, s, y), (i, k, d, K) = t.real("rho s y"), t.nat("i k d K")
    positive, small = t.given(s > 0, Sum(Abs(c(k)), (k, 1, K)) <= s)
    sizes = t.given(Forall(k, Sum(v(k, i) ** 2, (i, 1, d)) <= rho**2, [k >= 1, k <= K]))
    t.example(v=function([k, i], 0), c=function(k, 0), s=1, rho=0)
    total, weights = Sum(c(k) * v(k, i), (k, 1, K)), Sum(Abs(c(k)), (k, 1, K))
    squares = Sum(Abs(c(k)) * v(k, i) ** 2, (k, 1, K))
    with t.let(i) as each:
        with t.let(y) as tangents:
            with t.let(k) as tangent:
                t.show(2 * y * (c(k) * v(k, i)) <= y**2 * Abs(c(k)) + Abs(c(k)) * v(k, i) ** 2)
            t.add_up(2 * y * total <= y**2 * weights + squares, by=tangent.fact)
        t.show(total**2 <= s * squares, by=[tangents(total / s), positive, small])
    columns = Sum(Sum(Abs(c(k)) * v(k, i) ** 2, (i, 1, d)), (k, 1, K))
    rows = t.use(
        "sums.order_of_sums",
        {"u": function([i, k], Abs(c(k)) * v(k, i) ** 2), "m": d, "n": K},
    )
    with t.let(k, given=[k >= 1, k <= K]) as column:
        row = Sum(Abs(c(k)) * v(k, i) ** 2, (i, 1, d))
        same = t.add_up(row.eq(Abs(c(k)) * Sum(v(k, i) ** 2, (i, 1, d))))
        t.show(row <= rho**2 * Abs(c(k)), by=[same, sizes(k)])
    below = t.add_up(columns <= rho**2 * weights, by=column.fact)
    whole = Sum(total**2, (i, 1, d))
    most = t.add_up(whole <= s * Sum(squares, (i, 1, d)), by=each.fact)
    return t.show(whole <= (rho * s) ** 2, by=[most, rows, below, small, positive])


class Predictors:
    """Points within rho of a, weights, and others near them."""

    def __init__(self, t):
        self.t, (self.i, self.k, self.d, self.K) = t, t.nat("i k d K")
        self.u, self.p, self.q = t.function("u", NAT, NAT), *t.function("p q", NAT)
        self.a, (self.rho, self.s) = t.function("a", NAT), t.real("rho s")
        i, k = self.i, self.k
        self.inside = [k >= 1, k <= self.K]
        t.given(self.rho > 0, self.s > 0)
        distance = Sum((self.u(k, i) - self.a(i)) ** 2, (i, 1, self.d)) <= self.rho**2
        t.given(Forall(k, distance, self.inside))
        gap = Sum(Abs(self.p(k) - self.q(k)), (k, 1, self.K))
        self.unit, _ = t.given(self.sum(self.p(k)).eq(1), gap <= self.s)

    def sum(self, u):
        """Over the points."""
        return Sum(u, (self.k, 1, self.K))

    def moved(self):
        """|Σ_k (p(k) - q(k))(u(k) - a)| <= rho s."""
        values = {
            "v": function([self.k, self.i], self.u(self.k, self.i) - self.a(self.i)),
            "c": function(self.k, self.p(self.k) - self.q(self.k)),
        }
        return self.t.use("weighted_points.weights_of_points", values)


@theorem(source=SOURCE)
def other_weights(t):
    """|Σ_k p(k) u(k) - (a + Σ_k q(k)(u(k) - a))| <= rho s, if Σ_k |p(k) - q(k)| <= s."""
    b = Predictors(t)
    i, k, d = b.i, b.k, b.d
    t.example(
        u=function([k, i], 0), a=function(i, 0), p=function(k, 1), q=function(k, 1), K=1, rho=1, s=1
    )
    moved = b.moved()
    gap = b.sum(b.p(k) * b.u(k, i)) - (b.a(i) + b.sum(b.q(k) * (b.u(k, i) - b.a(i))))
    change = b.sum((b.p(k) - b.q(k)) * (b.u(k, i) - b.a(i)))
    with t.let(i) as each:
        parts = t.add_up(
            change.eq(
                b.sum(b.p(k) * b.u(k, i))
                - b.a(i) * b.sum(b.p(k))
                - b.sum(b.q(k) * (b.u(k, i) - b.a(i)))
            )
        )
        t.show((gap**2).eq(change**2), by=[parts, b.unit])
    same = t.add_up(Sum(gap**2, (i, 1, d)).eq(Sum(change**2, (i, 1, d))), by=each.fact)
    return t.show(Sum(gap**2, (i, 1, d)) <= (b.rho * b.s) ** 2, by=[same, moved])


@theorem(source=SOURCE)
def other_weights_and_points(t):
    """|Σ_k p(k) u(k) - Σ_k q(k) w(k)| <= sqrt(d) eta + rho s, where q(1), ... is a probability and
    the places of u(k) and of w(k) are within eta."""
    b = Predictors(t)
    i, k, d, eta, w = b.i, b.k, b.d, t.real("eta"), t.function("w", NAT, NAT)
    t.given(eta > 0, d >= 1)
    places = [i >= 1, i <= d]
    positive = t.given(Forall(k, b.q(k) >= 0, b.inside))
    unit = t.given(b.sum(b.q(k)).eq(1))
    near = t.given(Forall([k, i], Abs(b.u(k, i) - w(k, i)) <= eta, [*b.inside, *places]))
    zero = function([k, i], 0)
    t.example(
        u=zero,
        w=zero,
        a=function(i, 0),
        p=function(k, 1),
        q=function(k, 1),
        K=1,
        rho=1,
        s=1,
        eta=1,
        d=1,
    )
    moved = b.moved()
    first = b.sum((b.p(k) - b.q(k)) * (b.u(k, i) - b.a(i)))
    second = b.sum(b.q(k) * (b.u(k, i) - w(k, i)))
    gap = b.sum(b.p(k) * b.u(k, i)) - b.sum(b.q(k) * w(k, i))
    with t.let(i, given=places) as each:
        with t.let(k, given=b.inside) as terms:
            ends = [near(k, i), positive(k)]
            change = b.q(k) * (b.u(k, i) - w(k, i))
            t.show(change <= eta * b.q(k), by=ends)
            t.show(change >= -eta * b.q(k), by=ends)
            t.show(And(change <= eta * b.q(k), change >= -eta * b.q(k)))
        above = t.add_up(second <= eta * b.sum(b.q(k)), by=terms.fact)
        below = t.add_up(second >= -eta * b.sum(b.q(k)), by=terms.fact)
        small = t.show(second**2 <= eta**2, by=[above, below, unit])
        parts = t.add_up(
            first.eq(
                b.sum(b.p(k) * b.u(k, i))
                - b.sum(b.q(k) * b.u(k, i))
                - b.a(i) * (b.sum(b.p(k)) - b.sum(b.q(k)))
            )
        )
        rest = t.add_up(second.eq(b.sum(b.q(k) * b.u(k, i)) - b.sum(b.q(k) * w(k, i))))
        same = t.show((gap**2).eq((first + second) ** 2), by=[parts, rest, unit, b.unit])
        t.together(same, small)
    etas = Sum(eta**2, (i, 1, d))
    most = t.add_up(Sum(second**2, (i, 1, d)) <= etas, by=each.fact)
    root = t.show(And(sqrt(d) > 0, (sqrt(d) ** 2).eq(d)))
    size = t.show(
        Sum(second**2, (i, 1, d)) <= (sqrt(d) * eta) ** 2,
        by=[most, t.count(etas), root],
        opaque=[sqrt(d)],
    )
    t.show(sqrt(d) * eta > 0, by=root)
    t.show(b.rho * b.s > 0)
    values = {
        "x": function(i, first),
        "y": function(i, second),
        "r": b.rho * b.s,
        "q": sqrt(d) * eta,
    }
    whole = t.use("weighted_points.triangle_inequality", values, by=[moved, size])
    same = t.add_up(Sum(gap**2, (i, 1, d)).eq(Sum((first + second) ** 2, (i, 1, d))), by=each.fact)
    bound = t.read(softmax.NET, logit_change=b.s)
    return t.show(Sum(gap**2, (i, 1, d)) <= bound**2, by=[whole, same], opaque=[sqrt(d)])
