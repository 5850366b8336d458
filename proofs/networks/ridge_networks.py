"""Sums of ridges as networks with one hidden layer.

A ridge is an activation at θ(1) x(1) + ... + θ(d) x(d) - θ(0); W(1), ..., W(n) are n of them, and
c(1), ..., c(n) their coefficients. The scale of the neurons is M.
"""

from contextlib import ExitStack

from boundcheck import theorem
from boundcheck.theorems.author.layers import hidden_layer
from boundcheck.theorems.author.rewriting import replaced_in
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Ind,
    Sum,
    ThereIs,
    depth,
    function,
    natceil,
    sequence,
    signrelu,
    value,
    width,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL, seq

SOURCE = "derived here"


def ridge(theta, x, d, i):
    """θ(1) x(1) + ... + θ(d) x(d) - θ(0)."""
    return Sum(theta(i) * x(i), (i, 1, d)) - theta(0)


def ridges(c, W, n, x, M, d, i, j):
    """c(1) ρ(M ridge(1)) + ... + c(n) ρ(M ridge(n))."""
    return Sum(c(j) * signrelu(M * ridge(W(j), x, d, i)), (j, 1, n))


@theorem(source=SOURCE)
def network_of_ridges(t):
    """A sum of n ridges and a constant is a network with one hidden layer of n neurons."""
    N, (c, x), W = t.network("N", "signrelu"), t.sequence("c x", REAL), t.sequence("W", seq(REAL))
    (n, d, i, j, k), (a, M) = t.nat("n d i j k"), t.real("a M")
    with t.obtain(t.derive("input_network", activation="signrelu"), "I") as base:
        inputs, (no_depth, no_width, same) = base.value, base.facts
        layer = hidden_layer(
            t,
            inputs,
            inputs=(1, d),
            neurons=n,
            weights=function((j, k), M * W(j)(k)),
            biases=function(j, -(M * W(j)(0))),
            outer=function((i, j), c(j)),
            offsets=function(i, a),
        )
        with t.obtain(layer, "A") as new:
            A, (deep, wide, values) = new.value, new.facts
            size = t.show(And(depth(A).eq(1), width(A).eq(n)), by=[deep, wide, no_depth, no_width])
            with t.let(x):
                with t.let(j) as neuron:
                    row = Sum(M * W(j)(k) * value(inputs, k, x), (k, 1, d))
                    plain = Sum(W(j)(i) * x(i), (i, 1, d))
                    with t.let(k) as each:
                        same(k, x)
                    rows = t.add_up(row.eq(M * plain), by=each.fact)
                    inner = t.show((-(M * W(j)(0)) + row).eq(M * ridge(W(j), x, d, i)), by=rows)
                    t.at_equals(function(a, c(j) * signrelu(a)), inner)
                total = values(0, x)
                sums = t.add_up(
                    total.formula.args[1].args[1].eq(ridges(c, W, n, x, M, d, i, j)),
                    by=neuron.fact,
                )
                t.show(value(A, 0, x).eq(a + sums.right), by=[total, sums])
            computes = Forall(x, value(N, 0, x).eq(a + ridges(c, W, n, x, M, d, i, j)))
            t.witness(ThereIs(N, depth(N).eq(1), width(N).eq(n), computes), A, by=size)
    return base.fact


@theorem(source=SOURCE)
def sums_side_by_side(t):
    """A sum of m + n terms is that of the first m and that of the last n."""
    (F, G, H), (m, n, j) = t.function("F G H", NAT), t.nat("m n j")
    first, last = t.given(
        Forall(j, F(j).eq(G(j)), given=[j >= 1, j <= m]),
        Forall(j, F(m + j).eq(H(j)), given=[j >= 1]),
    )

    def total(F, n):
        return Sum(F(j), (j, 1, n))

    start = t.add_up(total(F, m).eq(total(G, m)), by=first)
    base = [start, t.empty(total(H, 0))]
    with t.induct(total(F, m + n).eq(total(G, m) + total(H, n)), n, base=base) as step:
        longer = t.replace(t.unroll(total(F, m + n + 1)), (m + n + 1, m + (n + 1)))
        t.show(n + 1 >= 1)
        t.show(step.goal, by=[step.hypothesis, longer, t.unroll(total(H, n + 1)), last(n + 1)])
    return step(n)


def joined(u, v, m, j):
    """Term j of a sequence that has m terms of u, and those of v behind."""
    return Ind(j <= m) * u(j) + Ind(j > m) * v(natceil(j - m))


@theorem(source=SOURCE)
def joined_sequences(t):
    """What the terms of a joined sequence are."""
    (u, v), (m, j) = t.function("u v", NAT), t.nat("m j")
    with t.let(j, given=[j >= 1, j <= m]) as first:
        on = t.derive("indicator_true", first.facts[1])
        off = t.derive("indicator_false", first.facts[1])
        t.show(joined(u, v, m, j).eq(u(j)), by=[on, off])
    with t.let(j, given=[j >= 1]) as last:
        at = m + j
        behind = t.show(at > m, by=last.facts)
        on = t.derive("indicator_true", behind)
        off = t.derive("indicator_false", behind)
        above, below = t.derive("nat_ceiling", t.show(at - m >= 0), term=at - m)
        number = natceil(at - m)
        most = t.derive("next_number", t.show(number < j + 1, by=below))
        same = t.show(number.eq(j), by=[above, most])
        values = t.at_equals(function(j, v(j)), same)
        t.show(joined(u, v, m, at).eq(v(j)), by=[on, off, values])
    return t.together(first.fact, last.fact)


@theorem(source=SOURCE)
def ridges_side_by_side(t):
    """Two sums of m and of n ridges are one of m + n."""
    (c, b, e), x = t.sequence("c b e", REAL), t.sequence("x", REAL)
    W, U, Z = t.sequence("W U Z", seq(REAL))
    (m, n, d, i, j), (a, M) = t.nat("m n d i j"), t.real("a M")
    first, last = function(j, b(j)), function(j, e(j))
    new = sequence(j, joined(first, last, m, j))
    rows = sequence(j, sequence(i, joined(function(j, U(j)(i)), function(j, Z(j)(i)), m, j)))
    outer = t.use("ridge_networks.joined_sequences", {"u": first, "v": last})
    with t.let(i) as place:
        values = {"u": function(j, U(j)(i)), "v": function(j, Z(j)(i))}
        t.use("ridge_networks.joined_sequences", values)
    with t.let(x):
        found = []
        for which, (given, at, old, ridge_of) in enumerate(
            (([j >= 1, j <= m], j, b, U), ([j >= 1], m + j, e, Z))
        ):
            with t.let(j, given=given) as each:
                coefficient = [*outer][which](j)
                with t.let(i) as inner:
                    [*place.fact(i)][which](j)
                row = Sum(rows(at)(i) * x(i), (i, 1, d))
                same = t.add_up(row.eq(Sum(ridge_of(j)(i) * x(i), (i, 1, d))), by=inner.fact)
                plain = ridge(ridge_of(j), x, d, i)
                equal = t.show(ridge(rows(at), x, d, i).eq(plain), by=[same, inner.fact(0)])
                neuron = t.at_equals(function(a, signrelu(M * a)), equal)
                whole = new(at) * neuron.left
                t.show(
                    whole.eq(old(j) * neuron.right),
                    by=[coefficient, neuron],
                    opaque=[new(at), neuron.left, neuron.right],
                )
            found.append(each.fact)
        values = {
            "F": function(j, new(j) * signrelu(M * ridge(rows(j), x, d, i))),
            "G": function(j, b(j) * signrelu(M * ridge(U(j), x, d, i))),
            "H": function(j, e(j) * signrelu(M * ridge(Z(j), x, d, i))),
        }
        t.use("ridge_networks.sums_side_by_side", values, by=found)
    goal = Forall(
        x,
        ridges(c, W, m + n, x, M, d, i, j).eq(
            ridges(b, U, m, x, M, d, i, j) + ridges(e, Z, n, x, M, d, i, j)
        ),
    )
    some = t.witness(ThereIs(W, replaced_in(goal, c, new)), rows)
    return t.witness(ThereIs(c, ThereIs(W, goal)), new, by=some)


@theorem(source=SOURCE)
def ridges_of_strata(t):
    """Sums of n(1), ..., n(C) ridges are one sum of as many."""
    (c, x), B = t.sequence("c x", REAL), t.function("B", NAT, NAT)
    W, U = t.sequence("W", seq(REAL)), t.sequence("U", seq(seq(REAL)))
    (C, D, d, i, j, r), n, M = t.nat("C D d i j r"), t.function("n", NAT, to=NAT), t.real("M")

    def row(j):
        return sequence(r, B(j, r))

    def all_of_them(c, W, D, C):
        parts = Sum(ridges(row(j), U(j), n(j), x, M, d, i, r), (j, 1, C))
        same = Forall(x, ridges(c, W, D, x, M, d, i, r).eq(parts))
        return And(D.eq(Sum(n(j), (j, 1, C))), same)

    def there_are(C):
        return ThereIs(D, ThereIs(c, ThereIs(W, all_of_them(c, W, D, C))))

    def shown(c0, W0, D0, C0, by):
        """From the formula for the things that are there."""
        inner = t.witness(ThereIs(W, all_of_them(c0, W, D0, C0)), W0, by=by)
        middle = t.witness(ThereIs(c, ThereIs(W, all_of_them(c, W, D0, C0))), c0, by=inner)
        return t.witness(there_are(C0), D0, by=middle)

    zero, none = expr(0), sequence(r, 0)
    with t.let(x) as start:
        left = ridges(none, sequence(r, none), zero, x, M, d, i, r)
        right = Sum(ridges(row(j), U(j), n(j), x, M, d, i, r), (j, 1, 0))
        t.show(left.eq(right), by=[t.empty(left), t.empty(right)])
    first = t.show(zero.eq(Sum(n(j), (j, 1, 0))), by=t.empty(Sum(n(j), (j, 1, 0))))
    base = shown(none, sequence(r, none), zero, zero, [first, start.fact])
    with (
        t.induct(there_are(C), C, base=base) as step,
        t.obtain(step.hypothesis, "D0") as count,
        t.obtain(count.facts[0], "c0") as outer,
        t.obtain(outer.facts[0], "W0") as rows,
    ):
        number, same = rows.facts
        values = {
            "m": count.value,
            "b": outer.value,
            "U": rows.value,
            "n": n(C + 1),
            "e": row(C + 1),
            "Z": U(C + 1),
        }
        both = t.use("ridge_networks.ridges_side_by_side", values)
        with t.obtain(both, "c1") as new, t.obtain(new.facts[0], "W1") as behind:
            with t.let(x) as point:
                more = t.unroll(Sum(ridges(row(j), U(j), n(j), x, M, d, i, r), (j, 1, C + 1)))
                t.show(
                    behind.facts[0](x).left.eq(more.left), by=[behind.facts[0](x), same(x), more]
                )
            longer = t.unroll(Sum(n(j), (j, 1, C + 1)))
            total = t.show((count.value + n(C + 1)).eq(longer.left), by=[number, longer])
            shown(new.value, behind.value, count.value + n(C + 1), C + 1, [total, point.fact])
    return step(C)


@theorem(source=SOURCE)
def shallow_network(t):  # noqa: PLR0915
    """A network with one hidden layer: an affine neuron, and in C strata N ridges U with the
    coefficients A, and n(j) ridges S with the coefficients B; the scale of its neurons is M, and h
    is 1/M."""
    (_c, x, a), (A, B) = t.sequence("c x a", REAL), t.function("A B", NAT, NAT)
    _W, (U, S) = t.sequence("W", seq(REAL)), t.sequence("U S", seq(seq(REAL)))
    n, (C, N, d, i, j, r) = t.function("n", NAT, to=NAT), t.nat("C N d i j r")
    (M, K, h, c0), F = t.real("M K h c0"), t.network("F", "signrelu")

    def strata(A, U, n):
        parts = ridges(sequence(r, h * A(j, r)), U(j), n, x, M, d, i, r)
        return Sum(parts, (j, 1, C))

    line = sequence(i, Ind(i >= 1) * a(i) - Ind(i <= 0) * K)
    one = {"c": sequence(r, h), "W": sequence(r, line)}
    whole = Sum(a(i) * x(i), (i, 1, d))
    with t.let(x) as affine:
        with t.let(i, given=[i >= 1]) as place:
            on = t.derive("indicator_true", *place.facts)
            off = t.derive("indicator_false", t.show(i > 0, by=place.facts))
            t.show(line(i).eq(a(i)), by=[on, off])
        with t.let(i, given=[i >= 1, i <= d]) as inside:
            place.fact(i)
        row = t.add_up(Sum(line(i) * x(i), (i, 1, d)).eq(whole), by=inside.fact)
        on = t.derive("indicator_true", t.show(expr(0) <= 0))
        off = t.derive("indicator_false", t.show(expr(0) < 1))
        value0 = t.show(line(0).eq(-K), by=[on, off])
        inner = t.show(ridge(line, x, d, i).eq(whole + K), by=[row, value0], opaque=[line(0)])
        neuron = t.at_equals(function(c0, h * signrelu(M * c0)), inner)
        single = t.single(ridges(one["c"], one["W"], expr(1), x, M, d, i, r))
        equal = single.left.eq(neuron.right)
        t.show(equal, by=[single, neuron], opaque=[neuron.left, neuron.right])
    values = [
        {"B": function([j, r], h * A(j, r)), "U": U, "n": function(j, N)},
        {"B": function([j, r], h * B(j, r)), "U": S, "n": n},
    ]
    families = [t.use("ridge_networks.ridges_of_strata", v) for v in values]
    blocks = []
    with ExitStack() as scopes:

        def taken(fact, *names):
            """The things that are there, and what is known of them."""
            found = []
            for name in names:
                block = scopes.enter_context(t.obtain(fact, name))
                blocks.append(block)
                found.append(block.value)
                fact = block.facts[0]
            return found, block.facts

        (D1, c1, W1), (count1, same1) = taken(families[0], "D1", "c1", "W1")
        (D2, c2, W2), (count2, same2) = taken(families[1], "D2", "c2", "W2")
        both = {"m": D1, "n": D2, "b": c1, "U": W1, "e": c2, "Z": W2}
        (c3, W3), (same3,) = taken(t.use("ridge_networks.ridges_side_by_side", both), "c3", "W3")
        all_three = {"m": 1, "n": D1 + D2, "b": one["c"], "U": one["W"], "e": c3, "Z": W3}
        last = t.use("ridge_networks.ridges_side_by_side", all_three)
        (c4, W4), (same4,) = taken(last, "c4", "W4")
        values = {"n": 1 + (D1 + D2), "c": c4, "W": W4, "a": a(0) - K}
        (G,), (deep, wide, computes) = taken(t.use("ridge_networks.network_of_ridges", values), "G")
        constant = t.count(Sum(N, (j, 1, C)))
        sizes = Sum(n(j), (j, 1, C))
        size = width(G).eq(1 + C * N + sizes)
        size = t.show(size, by=[wide, count1, count2, constant])
        with t.let(x) as point:
            facts = [computes(x), same4(x), affine.fact(x), same3(x), same1(x), same2(x)]
            neuron = h * signrelu(M * (whole + K))
            total = a(0) - K + neuron + strata(A, U, N) + strata(B, S, n(j))
            t.show(value(G, 0, x).eq(total), by=facts, opaque=[neuron])
        goal = Forall(x, value(F, 0, x).eq(total))
        width_of = width(F).eq(1 + C * N + sizes)
        t.witness(ThereIs(F, depth(F).eq(1), width_of, goal), G, by=[deep, size, point.fact])
    return blocks[0].fact
