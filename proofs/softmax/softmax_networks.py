"""The softmax network: two hidden layers of SignReLU neurons.

Of K logits, affine forms in x(1), ..., x(d), the first layer has n + 1 neurons for each pair of
them, which give Ê(ℓ(j) - ℓ(k)) as in `exp_by_chords`; the second layer has the reciprocals of
1 + Σ_{j≠k} Ê(ℓ(j) - ℓ(k)), for each k. Pairs are counted as in `pairs`.
"""

from boundcheck import theorem
from boundcheck.math import exp
from boundcheck.theorems.author.layers import behind, hidden_layer
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Ind,
    Sum,
    ThereIs,
    depth,
    function,
    natceil,
    signrelu,
    value,
    width,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL

SOURCE = "derived here"


def step(M, v):
    """max(v, 0), up to 1/M."""
    return signrelu(M * v) / M


def knot(Lambda, h, i):
    """Knot number i, from 0."""
    return -Lambda + i * h


@theorem(source="Abel")
def summation_by_parts(t):
    """Σ_{i<=m} (s(i) - s(i - 1)) r(i - 1) = Σ_{i<=m} s(i)(r(i - 1) - r(i)) + s(m) r(m) -
    s(0) r(0)."""
    s, r, (i, m) = *t.function("s r", REAL), t.nat("i m")

    def left(m):
        return Sum((s(i) - s(i - 1)) * r(i - 1), (i, 1, m))

    def right(m):
        return Sum(s(i) * (r(i - 1) - r(i)), (i, 1, m))

    claim = left(m).eq(right(m) + s(m) * r(m) - s(0) * r(0))
    zero = expr(0)
    with t.induct(claim, m, base=[t.empty(left(zero)), t.empty(right(zero))]) as grows:
        same = t.show((expr(m) + 1 - 1).eq(m))
        new = [t.rewrite(same, t.unroll(f(m + 1))) for f in (left, right)]
        t.show(grows.goal, by=[*new, grows.hypothesis])
    return grows.fact


@theorem(source=SOURCE)
def changes_of_slope(t):
    """Σ_{i<=n} y(i)(r(i - 1) - r(i)) as a sum of the r(i - 1), i = 1, ..., n + 1, times the changes
    of y, which is 0 at 0 and n + 1."""
    y, r, (i, n), v = *t.function("y r", REAL), t.nat("i n"), t.real("v")

    def s(i):
        return Ind(i >= 1) * Ind(i <= n) * y(i)

    parts = t.use("softmax_networks.summation_by_parts", {"s": function(v, s(v))})(n + 1)
    none = t.derive("indicator_false", t.show(expr(0) < 1))
    beyond = t.derive("indicator_false", t.show(n + 1 > n))
    with t.let(i, given=[i >= 1, i <= n]) as within:
        on = [t.derive("indicator_true", f) for f in within.facts]
        t.show(s(i).eq(y(i)), by=on)
    total = Sum(y(i) * (r(i - 1) - r(i)), (i, 1, n))
    inner = Sum(s(i) * (r(i - 1) - r(i)), (i, 1, n))
    same = t.add_up(inner.eq(total), by=within.fact)
    more = t.unroll(Sum(s(i) * (r(i - 1) - r(i)), (i, 1, n + 1)))
    return t.show(parts.left.eq(total), by=[parts, more, same, none, beyond])


@theorem(source=SOURCE)
def interpolant_by_neurons(t):
    """The interpolant is a sum of n + 1 neurons, one at each knot."""
    Lambda, h, M, v = t.real("Lambda h M v")
    t.given(h > 0, M > 0)
    t.example(Lambda=0, h=1, M=1)
    y = t.real("y")
    rise = (exp(knot(Lambda, h, y)) - exp(knot(Lambda, h, y - 1))) / h
    values = {"y": function(y, rise), "r": function(y, step(M, v - knot(Lambda, h, y)))}
    values["n"] = t.nat("n")
    return t.use("softmax_networks.changes_of_slope", values)


def row(m, part):
    """See `pairs`."""
    return natceil(m * part)


def column(m, G, part):
    """See `pairs`."""
    return natceil(m - G * (row(m, part) - 1))


def equal(i, j):
    """1 for i = j, 0 else."""
    return Ind(i <= j) * Ind(j <= i)


class Logits:
    """K affine forms in x(1), ..., x(d)."""

    def __init__(self, t):
        self.w, self.b = t.function("w", NAT, NAT), t.function("b", NAT)
        self.i, self.j, self.k, self.d, self.K = t.nat("i j k d K")
        self.x = t.sequence("x", REAL)

    def logit(self, k):
        """ℓ(k)."""
        return self.b(k) + Sum(self.w(k, self.i) * self.x(self.i), (self.i, 1, self.d))


def of_pair(m, K, Q, part, share):
    """The numbers k, j and c that neuron m is for."""
    first = row(m, part)
    return row(first, share), column(first, K, share), column(m, Q, part)


@theorem(source=SOURCE)
def neurons_of_one_output(t):
    """Of all numbers u(j, k, c) for k, j <= K and c <= Q, in the order of `pairs`, the sum of those
    with k = o and j ≠ o."""
    u, (c, r, Q, j, k, K, o) = t.function("u", NAT, NAT, NAT), t.nat("c r Q j k K o")
    part, share = t.real("part share")
    t.given((share * K).eq(1), (part * Q).eq(1), o >= 1)
    within = t.given(o <= K)
    t.example(K=1, Q=1, share=1, part=1, o=1)

    def block(k, j):
        """Those of the pair of k and j."""
        return equal(o, k) * ((1 - equal(k, j)) * Sum(u(j, k, c), (c, 1, Q)))

    def of_row(r, c):
        """That of the neuron c of pair r."""
        left, right = row(r, share), column(r, K, share)
        return equal(o, left) * ((1 - equal(left, right)) * u(right, left, c))

    others = Sum((1 - equal(k, j)) * Sum(u(j, k, c), (c, 1, Q)), (j, 1, K))
    values = {"u": function([r, c], of_row(r, c)), "G": Q}
    whole = t.use("pairs.sum_over_pairs", values)(K * K)
    with t.let(r) as inside:
        sums = Sum(of_row(r, c), (c, 1, Q))
        t.add_up(sums.eq(block(row(r, share), column(r, K, share))))
    blocks = Sum(block(row(r, share), column(r, K, share)), (r, 1, K * K))
    by_pair = t.add_up(whole.right.eq(blocks), by=inside.fact)
    values = {"u": function([k, j], block(k, j)), "G": K, "part": share}
    by_row = t.use("pairs.sum_over_pairs", values)(K)
    with t.let(k) as rows:
        t.add_up(Sum(block(k, j), (j, 1, K)).eq(equal(o, k) * others))
    rows = t.add_up(by_row.right.eq(Sum(equal(o, k) * others, (k, 1, K))), by=rows.fact)
    only = t.use("networks.one_term_of_a_sum", {"j": o, "u": function(k, others)})(K)
    on = t.derive("indicator_true", within)
    goal = Sum((1 - equal(o, j)) * Sum(u(j, o, c), (c, 1, Q)), (j, 1, K))
    return t.show(whole.left.eq(goal), by=[whole, by_pair, by_row, rows, only, on])


@theorem(source=SOURCE)
def layer_for_all_pairs(t):
    """One hidden layer with Q neurons for each pair of logits, of which output k has those of the
    pairs of k with another one."""
    a = Logits(t)
    kappa, tau, g = t.function("kappa tau g", NAT)
    (c, m, o, Q), (M, part, share, v) = t.nat("c m o Q"), t.real("M part share v")
    t.given((share * a.K).eq(1), (part * Q).eq(1))
    t.example(K=1, Q=1, share=1, part=1)
    N, x, i, j, k, K = t.network("N", "signrelu"), a.x, a.i, a.j, a.k, a.K

    def neuron(j, k, c):
        return kappa(c) * signrelu(M * (a.logit(j) - a.logit(k) - tau(c)))

    output = g(o) + Sum((1 - equal(o, j)) * Sum(neuron(j, o, c), (c, 1, Q)), (j, 1, K))
    left, right, place = of_pair(m, K, Q, part, share)
    bias = M * (a.b(right) - a.b(left) - tau(place))
    weight = M * (a.w(right, i) - a.w(left, i))
    factor = equal(o, left) * ((1 - equal(left, right)) * kappa(place))
    with t.obtain(t.derive("input_network", activation="signrelu"), "I") as base:
        layer = hidden_layer(
            t,
            base.value,
            neurons=Q * (K * K),
            inputs=(1, a.d),
            weights=function((m, i), weight),
            biases=function(m, bias),
            outer=function((o, m), factor),
            offsets=function(o, g(o)),
        )
        with t.obtain(layer, "A") as new:
            A, (deep, wide, values) = new.value, new.facts
            with t.let(o, x, given=[o >= 1, o <= K]):
                with t.let(m) as each:
                    with t.let(i) as inputs:
                        same = base.facts[2](i, x)
                        t.show((weight * value(base.value, i, x)).eq(weight * x(i)), by=same)
                    total = Sum(weight * value(base.value, i, x), (i, 1, a.d))
                    sums = [Sum(a.w(z, i) * x(i), (i, 1, a.d)) for z in (right, left)]
                    linear = t.add_up(total.eq(M * sums[0] - M * sums[1]), by=inputs.fact)
                    inner = M * (a.logit(right) - a.logit(left) - tau(place))
                    same = t.show((bias + total).eq(inner), by=linear)
                    applied = t.at_equals(function(v, factor * signrelu(v)), same)
                    term = equal(o, left) * ((1 - equal(left, right)) * neuron(right, left, place))
                    hidden = [signrelu(inner), signrelu(bias + total)]
                    t.show(applied.left.eq(term), by=applied, opaque=hidden)
                found = values(o, x)
                whole = found.formula.args[1].args[1]
                pairs = {"u": function([j, k, c], neuron(j, k, c))}
                pairs = t.use("softmax_networks.neurons_of_one_output", pairs)
                same = t.add_up(whole.eq(pairs.left), by=each.fact)
                t.show(value(A, o, x).eq(output), by=[found, same, pairs])
            size = And(depth(A).eq(1), width(A).eq(Q * (K * K)))
            t.show(size, by=[deep, wide, *base.facts[:2]])
            computes = Forall([o, x], value(N, o, x).eq(output), [o >= 1, o <= K])
            t.witness(ThereIs(N, depth(N).eq(1), width(N).eq(Q * (K * K)), computes), A)
    return base.fact


@theorem(source=SOURCE)
def reciprocals_of_many_outputs(t):
    """One more layer, of K neurons: outputs a(o) + Σ_k v(k, o)/y(k), where y(k) >= 1 is output k of
    a network, k = 1, ..., K."""
    v, a, (j, k, o, K) = t.function("v", NAT, NAT), t.function("a", NAT), t.nat("j k o K")
    x, (N, A) = t.sequence("x", REAL), t.network("N A", "signrelu")
    large = t.given(Forall([k, x], value(A, k, x) >= 1, [k >= 1, k <= K]))
    z = t.real("z")
    layer = hidden_layer(
        t,
        A,
        neurons=K,
        inputs=(1, K),
        weights=function((k, j), -equal(k, j)),
        biases=function(k, 1),
        outer=function((o, k), v(k, o)),
        offsets=function(o, a(o) + Sum(v(k, o), (k, 1, K))),
    )
    with t.obtain(layer, "B") as new:
        B, (_, _, values) = new.value, new.facts
        with t.let(o, x):
            found = values(o, x)
            with t.let(k, given=[k >= 1, k <= K]) as each:
                inner = Sum(-equal(k, j) * value(A, j, x), (j, 1, K))
                flipped = t.add_up(inner.eq(-Sum(equal(k, j) * value(A, j, x), (j, 1, K))))
                only = t.use(
                    "networks.one_term_of_a_sum", {"j": k, "u": function(j, value(A, j, x))}
                )(K)
                on = t.derive("indicator_true", each.facts[1])
                y = value(A, k, x)
                same = t.show((1 + inner).eq(1 - y), by=[flipped, only, on])
                applied = t.at_equals(function(z, v(k, o) * signrelu(z)), same)
                t.show(applied.left.eq(v(k, o) / y - v(k, o)), by=[applied, large(k, x)])
            whole = found.formula.args[1].args[1]
            ratios = Sum(v(k, o) / value(A, k, x), (k, 1, K))
            total = t.add_up(whole.eq(ratios - Sum(v(k, o), (k, 1, K))), by=each.fact)
            t.show(value(B, o, x).eq(a(o) + ratios), by=[found, total])
        computes = Forall([o, x], value(N, o, x).eq(a(o) + ratios))
        t.witness(ThereIs(N, behind(N, A, 1, K), computes), B)
    return new.fact
