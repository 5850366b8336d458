"""Nets of pairs of parameters: a point of a cube, and numbers in an interval.

theta(1), ..., theta(P) are in [-Theta, Theta], and lam(1), ..., lam(K) in [-2T, 0]; the net has a
grid of its own for each of the two, and its members are counted as in `pairs`.
"""

from contextlib import ExitStack

from boundcheck import theorem
from boundcheck.math import Abs, ceiling, log
from boundcheck.theorems.author.words import And, Forall, ThereIs, natceil, sequence
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL, seq

SOURCE = "folklore; derived here"


def row(m, part):
    """See `pairs`."""
    return natceil(m * part)


def column(m, G, part):
    """See `pairs`."""
    return natceil(m - G * (row(m, part) - 1))


def near(theta, tau, eta, P, p):
    """The places 1, ..., P are within eta."""
    return Forall(p, Abs(theta(p) - tau(p)) <= eta, [p >= 1, p <= P])


@theorem(source=SOURCE)
def size_of_a_product_net(t):
    """⌈u⌉^P ⌈v⌉^K has the logarithm P log⌈u⌉ + K log⌈v⌉, for u > 0 and v > 0, and is at least 1."""
    (u, v, y, q), (P, K) = t.real("u v y q"), t.nat("P K")
    t.given(u > 0, v > 0)
    t.example(u=1, v=1)
    one, _, size = t.use("class_nets.size_of_a_net", {"u": u, "P": P})
    one_v, _, size_v = t.use("class_nets.size_of_a_net", {"u": v, "P": K})
    many, _ = t.use("class_nets.log_of_a_power", {"y": natceil(u)}, by=one)(P)
    some, _ = t.use("class_nets.log_of_a_power", {"y": natceil(v)}, by=one_v)(K)
    first, second = natceil(u) ** P, natceil(v) ** K
    with t.let(y, q, given=[y > 0, q > 0]) as product:
        t.show(log(y * q).eq(log(y) + log(q)))
    product = product(first, second, by=[many, some])
    logs = [log(w) for w in (first * second, first, second, ceiling(u), ceiling(v))]
    whole = log(first * second).eq(P * log(ceiling(u)) + K * log(ceiling(v)))
    whole = t.show(whole, by=[product, size, size_v], opaque=logs)
    least = t.derive("next_number", t.show(expr(0) < first * second, by=[many, some]))
    positive = t.derive("next_number", t.show(expr(0) < second, by=some))
    return t.together(whole, least, positive)


@theorem(source=SOURCE)
def net_of_a_product(t):
    """Some nH pairs come within eta and eta' of all pairs, if n points come within eta of all of
    the cube, and H points within eta' of all of [-T, T]^K."""
    (Theta, T, eta, eta_p), (P, K, n, H) = t.real("Theta T eta eta_p"), t.nat("P K n H")
    (f, g, points, weights), (m, p) = t.sequence("f g points weights", seq(REAL)), t.nat("m p")
    (theta, lam), part = t.sequence("theta lam", REAL), t.real("part")

    def cube(theta, T, P):
        return Forall(p, Abs(theta(p)) <= T, [p >= 1, p <= P])

    def covers(f, n, T, eta, P):
        there = ThereIs(m, m >= 1, m <= n, near(theta, f(m), eta, P, p))
        return Forall(theta, there, [cube(theta, T, P)])

    shares = Forall(p, And(lam(p) >= -2 * T, lam(p) <= 0), [p >= 1, p <= K])
    inside = t.given(Forall([m, p], Abs(f(m)(p)) <= Theta))
    first, second = t.given(covers(f, n, Theta, eta, P), covers(g, H, T, eta_p, K))
    t.given(H >= 1)

    def members(points, weights):
        close = And(near(theta, points(m), eta, P, p), near(lam, weights(m), eta_p, K, p))
        there = ThereIs(m, m >= 1, m <= n * H, close)
        every = Forall([theta, lam], there, [cube(theta, Theta, P), shares])
        return And(Forall([m, p], Abs(points(m)(p)) <= Theta), every)

    with t.obtain(t.witness(ThereIs(part, (part * H).eq(1)), 1 / H), "c0") as inverse:
        part, (whole,) = inverse.value, inverse.facts
        tau = sequence(m, f(row(m, part)))
        mu = sequence(m, sequence(p, g(column(m, H, part))(p) - T))
        with t.let(m, p) as bounded:
            inside(row(m, part), p)
        with t.let(theta, lam, given=[cube(theta, Theta, P), shares]) as each:
            moved = sequence(p, lam(p) + T)
            with t.let(p, given=[p >= 1, p <= K]):
                t.show(Abs(moved(p)) <= T, by=each.facts[1](p))
            with ExitStack() as scopes:
                i, (*low, near_f) = taken(t, scopes, first(theta), "i0")
                j, (*high, near_g) = taken(t, scopes, second(moved), "j0")
                values = {"G": H, "n": n, "i": i, "j": j, "part": part}
                pair = t.use("pairs.number_of_a_pair", values, by=[*low, *high, whole])
                k, (*_, rows, columns) = taken(t, scopes, pair, "m0")
                t.rewrite(t.symmetric(rows), near_f)
                near_g = t.rewrite(t.symmetric(columns), near_g)
                with t.let(p, given=[p >= 1, p <= K]):
                    t.show(Abs(lam(p) - mu(k)(p)) <= eta_p, by=near_g(p))
                close = And(near(theta, tau(m), eta, P, p), near(lam, mu(m), eta_p, K, p))
                t.witness(ThereIs(m, m >= 1, m <= n * H, close), k)
        t.together(bounded.fact, each.fact)
        goal = ThereIs(points, ThereIs(weights, members(points, weights)))
        t.witness(opened(goal, tau), mu)
        t.witness(goal, tau)
    return inverse.fact


def taken(t, scopes, there, name):
    """A thing that is there, and what is known of it, until the scopes end."""
    block = scopes.enter_context(t.obtain(there, name))
    return block.value, block.facts
