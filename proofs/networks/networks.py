"""Networks as such: deeper ones of the same width and with the same values."""

from boundcheck import theorem
from boundcheck.theorems.author.layers import behind, hidden_layer
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Ind,
    Sum,
    ThereIs,
    depth,
    function,
    signrelu,
    value,
    width,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL

SOURCE = "derived here"


@theorem(source=SOURCE)
def padded(t):
    """Any number of hidden layers more, of the same width, for a network that has one.

    A hidden value h is above -1, so that h = ρ(h + 1) - 1: the last layer can be repeated.
    """
    (n, i), x, (N, A) = t.nat("n i"), t.sequence("x", REAL), t.network("N A", "signrelu")
    deep = t.given(depth(A) >= 1)

    def with_more(n):
        same = Forall([i, x], value(N, i, x).eq(value(A, i, x)))
        return ThereIs(N, depth(N).eq(depth(A) + n), width(N).eq(width(A)), same)

    with (
        t.induct(with_more(n), n, base=t.witness(with_more(0), A)) as deeper,
        t.obtain(deeper.hypothesis, "B") as before,
    ):
        B = before.value
        hidden = t.show(depth(B) >= 1, by=[before.facts[0], deep])
        with t.obtain(t.derive("pad", hidden, base=B), "C") as after:
            C = after.value
            size = And(depth(C).eq(depth(A) + (n + 1)), width(C).eq(width(A)))
            t.show(size, by=[*before.facts[:2], *after.facts[:2]])
            with t.let(i, x):
                t.rewrite(before.facts[2](i, x), after.facts[2](i, x))
            t.witness(with_more(n + 1), C)
    return deeper.fact


@theorem(source=SOURCE)
def one_term_of_a_sum(t):
    """A sum whose other terms have the factor 0 is its j-th term.

    By induction the sum up to n is u(j) if j <= n, and 0 else.
    """
    u, (j, k, n) = t.function("u", NAT), t.nat("j k n")
    t.given(j >= 1)
    t.example(j=1)
    only = Ind(j <= k) * Ind(k <= j) * u(k)

    def S(n):
        return Sum(only, (k, 1, n))

    start = t.derive("indicator_false", t.show(j > 0))
    with t.induct(S(n).eq(Ind(j <= n) * u(j)), n, base=[t.empty(S(expr(0))), start]) as sums:
        more = t.unroll(S(n + 1))
        known = [more, sums.hypothesis]
        with t.suppose(j <= n) as before:
            on = [t.derive("indicator_true", b) for b in (*before.facts, t.show(j <= n + 1))]
            off = t.derive("indicator_false", t.show(n + 1 > j))
            t.show(sums.goal, by=[*known, *on, off])
        with t.suppose(n < j) as after:
            off = t.derive("indicator_false", t.show(j > n))
            with t.suppose(j <= n + 1) as here:
                least = t.derive("next_number", *after.facts)
                same = t.show((n + 1).eq(j), by=[least, *here.facts])
                on = [t.derive("indicator_true", b) for b in (least, *here.facts)]
                values = t.at_equals(function(k, u(k)), same)
                t.show(sums.goal, by=[*known, *on, off, values])
            with t.suppose(n + 1 < j) as beyond:
                none = t.derive("indicator_false", t.show(j > n + 1))
                t.show(sums.goal, by=[*known, none, off])
            t.cases(j, n + 1, here, beyond)
        t.cases(j, n, before, after)
    return sums.fact


@theorem(source=SOURCE)
def activated(t):
    """One more layer applies the activation to the outputs 1, ..., W of a network."""
    (i, j, k, W), x, (N, A) = t.nat("i j k W"), t.sequence("x", REAL), t.network("N A", "signrelu")
    same = function((i, j), Ind(i <= j) * Ind(j <= i))
    layer = hidden_layer(
        t,
        A,
        neurons=W,
        inputs=(1, W),
        weights=same,
        biases=function(j, 0),
        outer=same,
        offsets=function(i, 0),
    )
    one_term = "networks.one_term_of_a_sum"
    with t.obtain(layer, "B") as new:
        B, values = new.value, new.facts[2]
        with t.let(i, x, given=[i >= 1, i <= W]) as output:
            on = t.derive("indicator_true", output.facts[1])
            inner = t.use(one_term, {"j": i, "u": function(k, value(A, k, x))})(W)
            row = Sum(same(j, k) * value(A, k, x), (k, 1, W))
            outer = t.use(one_term, {"j": i, "u": function(j, signrelu(0 + row))})(W)
            found = t.rewrite(on, t.rewrite(inner, t.rewrite(outer, values(i, x))))
            y = value(A, i, x)
            t.show(value(B, i, x).eq(signrelu(y)), by=t.replace(found, (0 + y, y)))
        applies = Forall([i, x], value(N, i, x).eq(signrelu(y)), given=[i >= 1, i <= W])
        t.witness(ThereIs(N, behind(N, A, 1, W), applies), B)
    return new.fact
