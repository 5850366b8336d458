"""The softmax of affine forms, applied to K points, by a network of depth 2: the error everywhere.

The logits are ℓ(k) = b(k) + Σ_i w(k, i) x(i), k = 1, ..., K, and |u(k) - a| <= rho. The networks
are those of `softmax_networks`, and Ê is the interpolant of `exp_by_chords`.
"""

from boundcheck import theorem
from boundcheck.math import exp
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Implies,
    Ind,
    Sum,
    ThereIs,
    depth,
    function,
    signrelu,
    value,
    width,
)
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theory.formulas.approximation import softmax

SOURCE = "derived here"


def equal(i, j):
    """1 for i = j, 0 else."""
    return Ind(i <= j) * Ind(j <= i)


def knot(Lambda, n, i):
    """Knot number i, from 0."""
    return -Lambda + i * (2 * Lambda / n)


def rise(Lambda, n, i):
    """The slope of piece i."""
    return (exp(knot(Lambda, n, i)) - exp(knot(Lambda, n, i - 1))) / (2 * Lambda / n)


def kink(Lambda, n, i):
    """The change of slope at knot i - 1."""
    first, second = (Ind(k >= 1) * Ind(k <= n) * rise(Lambda, n, k) for k in (i, i - 1))
    return first - second


class Network:
    """The logits, and what stands in the place of exp of their differences."""

    def __init__(self, t):
        self.t, (self.Lambda, self.M) = t, t.real("Lambda M")
        self.w, self.b = t.function("w", NAT, NAT), t.function("b", NAT)
        self.i, self.j, self.k, self.d, self.K, self.n = t.nat("i j k d K n")
        self.c, self.x = t.nat("c"), t.sequence("x", REAL)
        t.given(self.n >= 1, self.Lambda > 0, self.M > 0)

    def logit(self, k):
        """ℓ(k)."""
        return self.b(k) + Sum(self.w(k, self.i) * self.x(self.i), (self.i, 1, self.d))

    def interpolant(self, v):
        """Ê(v)."""
        left, right = (knot(self.Lambda, self.n, k) for k in (self.i - 1, self.i))
        steps = [signrelu(self.M * (v - y)) / self.M for y in (left, right)]
        total = Sum(rise(self.Lambda, self.n, self.i) * (steps[0] - steps[1]), (self.i, 1, self.n))
        return exp(-self.Lambda) + total

    def F(self, k, j):
        """1 for j = k, else Ê(ℓ(j) - ℓ(k))."""
        return equal(k, j) + (1 - equal(k, j)) * self.interpolant(self.logit(j) - self.logit(k))

    def almost(self, k):
        """The sum of F."""
        return Sum(self.F(k, self.j), (self.j, 1, self.K))


@theorem(source=SOURCE)
def near_exp_of_logits(t):
    """F(k, j), which is 1 for j = k and Ê(ℓ(j) - ℓ(k)) else, is near exp(ℓ(j) - ℓ(k))."""
    a = Network(t)
    j, k, Lambda = a.j, a.k, a.Lambda
    t.example(n=1, Lambda=1, M=1)
    chord, surplus = t.read(softmax.CHORD), t.read(softmax.SURPLUS)
    v, E, F = a.logit(j) - a.logit(k), a.interpolant(a.logit(j) - a.logit(k)), a.F(k, j)
    before, behind = t.use("exp_by_chords.interpolant_of_exp", {"v": v})
    first = Implies(v <= Lambda, And(exp(v) <= F, F <= chord * exp(v) + surplus))
    goal = And(first, Implies(Lambda <= v, exp(Lambda) <= F))
    hidden = [chord, surplus, exp(v), exp(Lambda), E]
    one = t.show(chord >= 1)
    rest = t.show(
        surplus >= 0,
        by=[t.show(exp(Lambda) > 0), t.show(exp(-Lambda) > 0)],
        opaque=[exp(Lambda), exp(-Lambda)],
    )

    def other(off):
        """For j ≠ k."""
        same = t.show(F.eq(E), by=off, opaque=[E])
        same = t.symmetric(same)
        return t.show(goal, by=[t.rewrite(same, before), t.rewrite(same, behind)])

    with t.let(k, j) as each:
        with t.suppose(k <= j) as left:
            with t.suppose(j <= k) as here:
                same = t.show(k.eq(j), by=[*left.facts, *here.facts])
                logits = t.at_equals(function(k, a.logit(k)), same)
                on = [t.derive("indicator_true", f) for f in (*left.facts, *here.facts)]
                unit = t.show(F.eq(1), by=on, opaque=[E])
                zero = t.show(v.eq(0), by=logits)
                power = t.show(exp(v).eq(1), by=zero)
                with t.suppose(v <= Lambda) as small:
                    facts = [unit, power, one, rest]
                    t.show(first.args[1], by=facts, opaque=[F, *hidden])
                with t.suppose(Lambda <= v) as large:
                    least = t.show(v / Lambda >= 1, by=large.facts)
                    most = t.show(v / Lambda <= 0, by=zero)
                    t.impossible(least, most, exp(Lambda) <= F)
                t.together(small.fact, large.fact)
            with t.suppose(k < j) as above:
                other(t.derive("indicator_false", t.show(j > k)))
            t.cases(j, k, here, above)
        with t.suppose(j < k) as below:
            other(t.derive("indicator_false", t.show(k > j)))
        t.cases(k, j, left, below)
    return each.fact


@theorem(source=SOURCE)
def layer_of_denominators(t):
    """A network with one hidden layer of K²(n + 1) neurons has the outputs Σ_j F(k, j), k = 1, ...,
    K."""
    a = Network(t)
    t.given(a.K >= 1)
    t.example(K=1, n=1, Lambda=1, M=1)
    j, c, K, n, o, x, Lambda, M = a.j, a.c, a.K, a.n, t.nat("o"), a.x, a.Lambda, a.M
    N, Q = t.network("N", "signrelu"), n + 1
    share, part = t.real("share part")
    values = {
        "kappa": function(c, kink(Lambda, n, c) / M),
        "tau": function(c, knot(Lambda, n, c - 1)),
        "g": function(o, 1 + (K - 1) * exp(-Lambda)),
        "Q": Q,
    }
    with (
        t.obtain(t.witness(ThereIs(share, (share * K).eq(1)), 1 / K), "c0") as one,
        t.obtain(t.witness(ThereIs(part, (part * Q).eq(1)), 1 / Q), "c1") as other,
    ):
        values |= {"share": one.value, "part": other.value}
        layer = t.use("softmax_networks.layer_for_all_pairs", values, by=[*one.facts, *other.facts])
        with t.obtain(layer, "A") as first:
            A, (deep, wide, outputs) = first.value, first.facts
            with t.let(o, x, given=[o >= 1, o <= K]) as sums:
                found = outputs(o, x)
                with t.let(j) as each:
                    v, here = a.logit(j) - a.logit(o), equal(o, j)
                    known = {"h": 2 * Lambda / n, "v": v}
                    known = t.use("softmax_networks.interpolant_by_neurons", known)
                    of_pair = found.formula.args[1].args[1]
                    inner = opened(of_pair, j).args[1]
                    same = t.add_up(inner.eq(known.left))
                    hidden = [inner, known.left, known.right, exp(-Lambda)]
                    whole = here + (1 - here) * exp(-Lambda) + (1 - here) * inner
                    t.show(a.F(o, j).eq(whole), by=[same, known], opaque=hidden)
                units = Sum(equal(o, j), (j, 1, K))
                ones = Sum(1, (j, 1, K))
                split = units + exp(-Lambda) * (ones - units) + of_pair
                total = t.add_up(a.almost(o).eq(split), by=each.fact, opaque=[exp(-Lambda)])
                only = t.use("networks.one_term_of_a_sum", {"j": o, "u": function(j, 1)})(K)
                on = t.derive("indicator_true", sums.facts[1])
                t.show(
                    value(A, o, x).eq(a.almost(o)),
                    by=[found, total, only, on, t.count(ones)],
                    opaque=[exp(-Lambda), a.almost(o)],
                )
            size = And(depth(A).eq(1), width(A).eq(Q * (K * K)))
            t.show(size, by=[deep, wide])
            computes = Forall([o, x], value(N, o, x).eq(a.almost(o)), [o >= 1, o <= K])
            t.witness(ThereIs(N, depth(N).eq(1), width(N).eq(Q * (K * K)), computes), A)
    return one.fact


@theorem(source=SOURCE)
def denominators(t):
    """Σ_j F(k, j) >= 1 for k = 1, ..., K, and it is positive for all k."""
    a = Network(t)
    t.given(a.K >= 1)
    t.example(K=1, n=1, Lambda=1, M=1)
    j, k, K, Lambda = a.j, a.k, a.K, a.Lambda
    near = t.use("softmax_approximation.near_exp_of_logits")
    with t.let(k) as all_k:
        with t.let(j) as each:
            v, F = a.logit(j) - a.logit(k), a.F(k, j)
            before, behind = near(k, j)
            with t.suppose(v <= Lambda) as small:
                low, _ = before(by=small.facts)
                t.show(F > 0, by=[low, t.show(exp(v) > 0)], opaque=[F, exp(v)])
            with t.suppose(Lambda < v) as large:
                low = behind(by=t.show(Lambda <= v, by=large.facts))
                t.show(F > 0, by=[low, t.show(exp(Lambda) > 0)], opaque=[F, exp(Lambda)])
            t.cases(v, Lambda, small, large)
        first = t.one_of_many(a.almost(k), 1, by=each.fact)
        positive = t.show(a.almost(k) > 0, by=[first, each.fact(1)], opaque=[a.F(k, expr(1))])
        with t.suppose(k >= 1, k <= K) as within:
            own = t.one_of_many(a.almost(k), k, by=each.fact)
            on = t.derive("indicator_true", t.show(k <= k))  # noqa: PLR0124
            unit = t.show(a.F(k, k).eq(1), by=on)
            t.show(a.almost(k) >= 1, by=[own, unit], opaque=[a.F(k, k)])
        t.together(positive, within.fact)
    return all_k.fact


@theorem(source=SOURCE)
def softmax_network(t):
    """A network of depth 2, with K²(n + 1) neurons in a layer at most, is within rho softmax_error
    of Σ_k softmax_k u(k) in the Euclidean norm, for every x."""
    a = Network(t)
    u, centre, rho = t.function("u", NAT, NAT), t.function("a", NAT), t.real("rho")
    j, k, d, K, o, x = a.j, a.k, a.d, a.K, t.nat("o"), a.x
    t.given(K >= 1, rho > 0)
    within = [k >= 1, k <= K]
    t.given(Forall(k, Sum((u(k, o) - centre(o)) ** 2, (o, 1, d)) <= rho**2, within))
    t.example(u=function([k, o], 0), a=function(o, 0), rho=1, K=1, n=1, Lambda=1, M=1)
    N = t.network("N", "signrelu")
    error, most = t.read(softmax.SOFTMAX_ERROR), t.read(softmax.WIDTH)
    total = Sum(exp(a.logit(j)), (j, 1, K))
    exact = Sum(exp(a.logit(k)) / total * u(k, o), (k, 1, K))
    near = t.use("softmax_approximation.near_exp_of_logits")
    sizes = t.use("softmax_approximation.denominators")
    with t.obtain(t.use("softmax_approximation.layer_of_denominators"), "A") as first:
        A, (deep, wide, outputs) = first.value, first.facts
        with t.let(k, x, given=within):
            positive, large = sizes(k)
            above = large(by=t.together(t.show(k >= 1), t.show(k <= K)))
            t.rewrite(t.symmetric(outputs(k, x)), above)
        v = function([k, o], u(k, o) - centre(o))
        layer = t.use(
            "softmax_networks.reciprocals_of_many_outputs", {"v": v, "a": function(o, centre(o))}
        )
        with t.obtain(layer, "B") as second:
            B, (deeper, wider, values) = second.value, second.facts
            gap, positive = error_of_softmax(t, a, near, error)
            ell = function(k, a.logit(k))
            _, _, unit = t.use("softmax.softmax_is_a_probability", {"ell": ell})
            weights = {"p": function(k, exp(a.logit(k)) / total), "q": function(k, 1 / a.almost(k))}
            found = t.use(
                "weighted_points.other_weights",
                {**weights, "s": error},
                by=[gap, unit, positive, sizes],
            )
            sums = Sum((u(k, o) - centre(o)) / value(A, k, x), (k, 1, K))
            plain = Sum(1 / a.almost(k) * (u(k, o) - centre(o)), (k, 1, K))
            with t.let(x):
                with t.let(k, given=within) as equal_outputs:
                    outputs(k, x)
                    sizes(k)
                    ratio = (u(k, o) - centre(o)) / value(A, k, x)
                    same = ratio.eq(1 / a.almost(k) * (u(k, o) - centre(o)))
                    t.show(same, by=[outputs(k, x), sizes(k)], opaque=[a.almost(k)])
                with t.let(o) as each:
                    same = t.add_up(sums.eq(plain), by=equal_outputs.fact)
                    gap = exact - value(B, o, x)
                    t.show(gap.eq(exact - (centre(o) + plain)), by=[values(o, x), same])
                squares = Sum((exact - value(B, o, x)) ** 2, (o, 1, d))
                same = t.add_up(squares.eq(found.left), by=each.fact)
                t.show(squares <= (rho * error) ** 2, by=[same, found], opaque=[error])
            sizes_ = And(depth(B).eq(2), width(B) <= most)
            t.show(sizes_, by=[deep, wide, deeper, wider])
            close = Sum((exact - value(N, o, x)) ** 2, (o, 1, d)) <= (rho * error) ** 2
            t.witness(ThereIs(N, depth(N).eq(2), width(N) <= most, Forall(x, close)), B)
    return first.fact


def error_of_softmax(t, a, near, error):
    """Σ_k |softmax_k - 1/Σ_j F(k, j)| <= error, which is positive."""
    j, k = a.j, a.k
    within = [k >= 1, k <= a.K]
    chord, surplus = t.quoted(softmax.CHORD), t.quoted(softmax.SURPLUS)
    with t.let(k, given=within) as units:
        on = t.derive("indicator_true", t.show(k <= k))  # noqa: PLR0124
        t.show(a.F(k, k).eq(1), by=on)
    with t.let(k, given=within) as all_near, t.let(j, given=[j >= 1, j <= a.K]):
        near(k, j)
    one = t.show(chord >= 1)
    powers = [exp(a.Lambda), exp(-a.Lambda)]
    small = [t.show(p > 0) for p in powers]
    rest = t.show(surplus >= 0, by=small, opaque=powers)
    values = {"ell": function(k, a.logit(k)), "F": function([k, j], a.F(k, j))}
    values |= {"c": chord, "s": surplus}
    facts = [units.fact, all_near.fact, one, rest]
    gap = t.use("softmax.error_of_the_softmax", values, by=facts)
    most = t.show(gap.right <= error)
    return t.chain(gap, most), t.show(error > 0, by=[one, rest, most])
