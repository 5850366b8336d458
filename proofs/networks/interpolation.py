"""Piecewise linear interpolation by shallow ReLU networks, on an interval.

The interpolant of the values y(0), y(1), ... at the knots a, a + h, a + 2h, ... needs one neuron a
piece: relu(x - a) is the identity on the interval, so that it carries the first slope.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max
from boundcheck.theorems.author.layers import hidden_layer
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Sum,
    ThereIs,
    depth,
    function,
    natceil,
    relu,
    value,
    width,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import REAL

SOURCE = "folklore; the constant is derived here"


def line(y, a, h, k, x):
    """The line through y(k) at a + kh and y(k + 1) at a + (k + 1)h."""
    return y(k) + (y(k + 1) - y(k)) * (x - (a + k * h)) / h


def change_of_slope(y, h, j):
    """By which the slope grows at the knot a + (j - 1)h; left of a it is 0."""
    return (y(j) - 2 * y(j - 1) + y(Max(0, j - 2))) / h


def neurons(y, a, h, j, K, x):
    """ReLUs at the first K knots, times the changes of slope."""
    return Sum(change_of_slope(y, h, j) * relu(x - (a + (j - 1) * h)), (j, 1, K))


def lipschitz_on(f, L, a, b, u, v):
    """|f(u) - f(v)| <= L|u - v| for all u, v in [a, b]."""
    inside = [a <= u, u <= b, a <= v, v <= b]
    return Forall([u, v], Abs(f(u) - f(v)) <= L * Abs(u - v), given=inside)


def largest_error(L, h):
    """Of a chord over a distance h."""
    return L * h / 2


def pieces(L, a, b, eps):
    """How many are needed; the number of neurons is the next natural number."""
    return L * (b - a) / (2 * eps)


# -- networks --------------------------------------------------------------------------------------


@theorem(source=SOURCE)
def sum_of_changes_of_slope(t):
    """ReLUs at the knots, times the changes of slope, sum up to the piecewise linear interpolant.

    Right of the K-th knot the first K of them continue its last line; on the piece behind knot k
    the neurons of later knots are 0.
    """
    y, (a, h, x), (j, k, K) = t.function("y", REAL), t.real("a h x"), t.nat("j k K")
    t.given(h > 0)
    t.example(h=1)

    def S(K):
        return neurons(y, a, h, j, K, x)

    with t.let(x, given=[x >= a + 0 * h]) as first:
        one = t.replace(t.single(S(1)), (Max(expr(0), -1), 0))
        t.show((y(0) + S(1)).eq(line(y, a, h, expr(0), x)), by=one)
    up_to = Forall(x, (y(0) + S(K)).eq(line(y, a, h, K - 1, x)), given=[x >= a + (K - 1) * h])
    with (
        t.induct(up_to, K, start=1, base=first.fact) as last,
        t.let(x, given=[x >= a + K * h]),
    ):
        more = t.replace(t.unroll(S(K + 1)), (Max(0, K - 1), K - 1))
        t.show((y(0) + S(K + 1)).eq(line(y, a, h, K, x)), by=[more, last.hypothesis(x)])

    with t.let(k, x, given=[a + k * h <= x, x <= a + (k + 1) * h]) as piece:
        on_piece = (y(0) + S(K)).eq(line(y, a, h, k, x))
        with t.induct(on_piece, K, start=k + 1, base=last(k + 1)(x)) as later:
            off = t.show(relu(x - (a + K * h)).eq(0), by=[piece.facts[1], later.facts[0]])
            t.show(later.goal, by=[t.unroll(S(K + 1)), off, later.hypothesis])
    return piece.fact


@theorem(source=SOURCE)
def piecewise_linear_network(t):
    """The piecewise linear interpolant of K + 1 values is a shallow ReLU network with K neurons."""
    y, (a, h) = t.function("y", REAL), t.real("a h")
    i, j, k, K = t.nat("i j k K")
    N, x = t.network("N", "relu"), t.sequence("x", REAL)
    t.given(h > 0)
    t.example(h=1)
    on_piece = [k + 1 <= K, a + k * h <= x(0), x(0) <= a + (k + 1) * h]
    sums = t.use("interpolation.sum_of_changes_of_slope")

    with t.obtain(t.derive("input_network", activation="relu"), "I") as base:
        inputs, (no_depth, no_width, same) = base.value, base.facts
        layer = hidden_layer(
            t,
            inputs,
            inputs=(0, 0),
            neurons=K,
            weights=function((j, k), 1),
            biases=function(j, -(a + (j - 1) * h)),
            outer=function((i, j), change_of_slope(y, h, j)),
            offsets=function(i, y(0)),
        )
        with t.obtain(layer, "A") as new:
            A, (deep, wide, values) = new.value, new.facts
            t.show(And(depth(A).eq(1), width(A).eq(K)), by=[deep, wide, no_depth, no_width])
            with t.let(k, x, given=on_piece):
                only = t.single(Sum(value(inputs, j, x), (j, 0, 0)))
                output = t.rewrite(same(0, x), t.rewrite(only, values(0, x)))
                _, layer_sum = output.formula.args[1].args
                plain = t.add_up(layer_sum.eq(neurons(y, a, h, j, K, x(0))))
                t.show(
                    value(A, 0, x).eq(line(y, a, h, k, x(0))),
                    by=[output, plain, sums(k, x(0), K)],
                )
            interpolates = Forall([k, x], value(N, 0, x).eq(line(y, a, h, k, x(0))), given=on_piece)
            t.witness(ThereIs(N, depth(N).eq(1), width(N).eq(K), interpolates), A)
    return base.fact


@theorem(source=SOURCE)
def constant_network(t):
    """A constant is a network with one hidden layer, which is empty."""
    c, (i, j, k), N, x = t.real("c"), t.nat("i j k"), t.network("N", "relu"), t.sequence("x", REAL)
    with t.obtain(t.derive("input_network", activation="relu"), "I") as base:
        layer = hidden_layer(
            t,
            base.value,
            inputs=(0, 0),
            neurons=0,
            weights=function((j, k), 0),
            biases=function(j, 0),
            outer=function((i, j), 0),
            offsets=function(i, c),
        )
        with t.obtain(layer, "A") as new:
            A, (deep, wide, values) = new.value, new.facts
            size = And(depth(A).eq(1), width(A).eq(0))
            t.show(size, by=[deep, wide, *base.facts[:2]])
            with t.let(i, x):
                output = values(i, x)
                none = t.empty(output.formula.args[1].args[1])
                t.show(value(A, i, x).eq(c), by=[output, none])
            constant = Forall([i, x], value(N, i, x).eq(c))
            t.witness(ThereIs(N, depth(N).eq(1), width(N).eq(0), constant), A)
    return base.fact


# -- the error -------------------------------------------------------------------------------------


@theorem(source=SOURCE)
def chord_error(t):
    """A chord over a distance h is within Lh/2 of an L-Lipschitz function."""
    f, (L, a, b, h, p, x, u, v) = t.function("f", REAL), t.real("L a b h p x u v")
    lipschitz = t.given(lipschitz_on(f, L, a, b, u, v))
    t.given(h > 0, L >= 0, a <= p, p + h <= b)
    t.example(f=function(u, 0), L=0, a=0, b=1, h=1, p=0)
    with t.let(x, given=[p <= x, x <= p + h]) as chord:
        left = t.show(Abs(f(x) - f(p)) <= L * (x - p), by=lipschitz(x, p))
        right = t.show(Abs(f(x) - f(p + h)) <= L * (p + h - x), by=lipschitz(x, p + h))
        on_chord = f(p) + (f(p + h) - f(p)) * (x - p) / h
        t.show(Abs(on_chord - f(x)) <= largest_error(L, h), by=[left, right])
    return chord.fact


@theorem(source=SOURCE)
def lipschitz_interpolation(t):
    """A shallow ReLU network with ⌈L(b - a)/(2ε)⌉ neurons is within ε of an L-Lipschitz function on
    [a, b].

    Without any neuron L is 0; else there are as many pieces as neurons, of length h, and Lh <= 2ε.
    """
    f, (a, b, L, eps, h, u, v) = t.function("f", REAL), t.real("a b L eps h u v")
    k, N, x = t.nat("k"), t.network("N", "relu"), t.sequence("x", REAL)
    t.given(a < b, L >= 0, eps > 0)
    lipschitz = t.given(lipschitz_on(f, L, a, b, u, v))
    t.example(f=function(u, 0), L=1, a=0, b=1, eps=1)

    needed = pieces(L, a, b, eps)
    K = natceil(needed)
    enough, _ = t.derive("nat_ceiling", t.exists(needed), term=needed)
    inside = [a <= x(0), x(0) <= b]
    close = Forall(x, Abs(value(N, 0, x) - f(x(0))) <= eps, given=inside)
    goal = ThereIs(N, depth(N).eq(1), width(N).eq(K), close)

    with (
        t.suppose(K <= 0) as none,
        t.obtain(t.use("interpolation.constant_network", {"c": f(a)}), "A") as new,
    ):
        A, (_, wide, constant) = new.value, new.facts
        t.show(width(A).eq(K), by=[wide, *none.facts])
        flat = t.show(L <= 0, by=[enough, *none.facts])
        with t.let(x, given=inside):
            same = t.show(L * Abs(a - x(0)) <= 0, by=flat)
            t.show(
                Abs(value(A, 0, x) - f(x(0))) <= eps,
                by=[lipschitz(a, x(0)), same, constant(0, x)],
            )
        t.witness(goal, A)

    with t.suppose(expr(0) < K) as some:
        part = (b - a) / K
        t.show(part > 0, by=some.facts)
        t.show(L * part <= 2 * eps, by=[enough, *some.facts])
        t.show((a + K * part).eq(b), by=some.facts)
        spacing = ThereIs(h, h > 0, L * h <= 2 * eps, (a + K * h).eq(b))
        with t.obtain(t.witness(spacing, part), "d") as found:
            d, (positive, fine, ends) = found.value, found.facts
            interpolant = t.use(
                "interpolation.piecewise_linear_network",
                {"y": function(u, f(a + u * d)), "h": d, "K": K},
            )
            with t.obtain(interpolant, "B") as new:
                B, (_, _, lines) = new.value, new.facts
                with t.let(x, given=inside) as at:
                    knots = function(k, a + k * d)
                    where = t.between(knots, 0, K, x(0), by=[*at.facts, ends, *some.facts])
                    with t.obtain(where, "m") as piece:
                        m, (_, last, _, right) = piece.value, piece.facts
                        p = a + m * d
                        t.show(a <= p, by=positive)
                        t.show(p + d <= b, by=[ends, last, positive])
                        t.show(x(0) <= p + d, by=right)
                        error = t.use("interpolation.chord_error", {"h": d, "p": p})(x(0))
                        line_here = t.replace(lines(m, x), (a + (m + 1) * d, p + d))
                        t.show(Abs(value(B, 0, x) - f(x(0))) <= eps, by=[error, fine, line_here])
                t.witness(goal, B)
    return t.cases(K, 0, none, some)
