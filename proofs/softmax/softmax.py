"""The softmax of any number of logits, with something near exp in the place of exp.

softmax_k = exp(ℓ(k))/Σ_j exp(ℓ(j)) = 1/Σ_j exp(ℓ(j) - ℓ(k)). In the place of exp(ℓ(j) - ℓ(k))
stands a number F(k, j), which is 1 for j = k, and near exp as in `exp_by_chords` for j ≠ k. The
constants are those of `boundcheck.theory.formulas.approximation.softmax`.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Implies,
    Ind,
    Largest,
    Sum,
    function,
)
from boundcheck.theorems.language.sorts import NAT

SOURCE = "derived here"


def softmax_of(ell, j, k, K):
    """Place k of the softmax of ℓ(1), ..., ℓ(K)."""
    return exp(ell(k)) / Sum(exp(ell(j)), (j, 1, K))


def near_exp(E, v, Lambda, chord, surplus):
    """E is at least exp(v) and at most chord exp(v) + surplus up to Λ, and at least exp(Λ)
    behind it."""
    close = And(exp(v) <= E, E <= chord * exp(v) + surplus)
    return And(Implies(v <= Lambda, close), Implies(Lambda <= v, exp(Lambda) <= E))


@theorem(source="folklore")
def softmax_is_a_probability(t):
    """The softmax is positive and 1/Σ_j exp(ℓ(j) - ℓ(k)), and sums up to 1."""
    ell, (j, k, K) = t.function("ell", NAT), t.nat("j k K")
    t.given(K >= 1)
    t.example(ell=function(j, 0), K=1)
    total = Sum(exp(ell(j)), (j, 1, K))
    with t.let(j) as terms:
        t.show(exp(ell(j)) > 0)
    one = t.one_of_many(total, 1, by=terms.fact)
    positive = t.show(total > 0, by=[one, terms.fact(1)])
    with t.let(k) as each:
        inner = Sum(exp(ell(j) - ell(k)), (j, 1, K))
        same = t.add_up(inner.eq(total / exp(ell(k))))
        inverse = t.show(
            (1 / inner).eq(exp(ell(k)) / total), by=[same, positive], opaque=[exp(ell(k))]
        )
        above = t.show(exp(ell(k)) / total > 0, by=positive)
        t.together(above, t.symmetric(inverse))
    whole = t.add_up(
        Sum(softmax_of(ell, j, k, K), (k, 1, K)).eq(Sum(exp(ell(k)), (k, 1, K)) / total),
        by=positive,
    )
    unit = t.show(whole.left.eq(1), by=[whole, positive])
    return t.together(positive, each.fact, unit)


class Softmax:
    """Logits, and what stands in the place of exp of their differences."""

    def __init__(self, t):
        self.t, self.ell, self.F = t, t.function("ell", NAT), t.function("F", NAT, NAT)
        self.j, self.k, self.K = t.nat("j k K")
        self.Lambda, self.c, self.s = t.real("Lambda c s")
        t.given(self.K >= 1)
        self.range = [self.j >= 1, self.j <= self.K]

    def sizes(self):
        """c >= 1 and s >= 0."""
        return self.t.given(self.c >= 1, self.s >= 0)

    def hypotheses(self, k, given=()):
        """F is 1 for j = k, and near exp for all j."""
        facts = (self.F(k, k).eq(1), self.near(k))
        return self.t.given(*(Forall(k, f, given) if given else f for f in facts))

    def near(self, k):
        """F is near exp for all j."""
        v = self.ell(self.j) - self.ell(k)
        near = near_exp(self.F(k, self.j), v, self.Lambda, self.c, self.s)
        return Forall(self.j, near, self.range)

    def sum(self, k):
        """Of exp(ℓ(j) - ℓ(k))."""
        return Sum(exp(self.ell(self.j) - self.ell(k)), (self.j, 1, self.K))

    def almost(self, k):
        """Of F(k, j)."""
        return Sum(self.F(k, self.j), (self.j, 1, self.K))


@theorem(source=SOURCE)
def where_no_logit_is_much_larger(t):
    """If no logit is larger than ℓ(k) + Λ, then 1/Σ_j F(k, j) is below softmax_k, by at most
    softmax_k (c - 1 + (K - 1)s)."""
    a = Softmax(t)
    j, k, K, c, s = a.j, a.k, a.K, a.c, a.s
    sizes = a.sizes()
    t.given(k >= 1, k <= K)
    one, near = a.hypotheses(k)
    small = t.given(Forall(j, a.ell(j) - a.ell(k) <= a.Lambda, a.range))
    t.example(ell=function(j, 0), F=function([k, j], 1), k=1, K=1, Lambda=0, c=1, s=0)
    exact, almost = a.sum(k), a.almost(k)

    def power(j):
        return exp(a.ell(j) - a.ell(k))

    with t.let(j, given=a.range) as each:
        within, _ = near(j)
        low, high = within(by=small(j))
        t.show(power(j) > 0)
        t.show(And(a.F(k, j) - power(j) >= 0, c * power(j) + s - a.F(k, j) >= 0), by=[low, high])
    unit = t.show(power(k).eq(1))
    above = t.one_of_many(Sum(a.F(k, j) - power(j), (j, 1, K)), k, by=each.fact)
    below = t.one_of_many(Sum(c * power(j) + s - a.F(k, j), (j, 1, K)), k, by=each.fact)
    ones = Sum(s, (j, 1, K))
    sums = [
        t.add_up(Sum(a.F(k, j) - power(j), (j, 1, K)).eq(almost - exact)),
        t.add_up(Sum(c * power(j) + s - a.F(k, j), (j, 1, K)).eq(c * exact + ones - almost)),
    ]
    with t.let(j) as terms:
        t.show(power(j) >= 0)
    least = t.one_of_many(exact, k, by=terms.fact)
    large = t.show(exact >= 1, by=[least, unit])
    more = t.show(almost >= exact, by=[above, sums[0], one, unit])
    most = t.show(
        almost <= c * exact + (K - 1) * s,
        by=[below, sums[1], one, unit, t.count(ones), *sizes],
        opaque=[power(k)],
    )
    gap = 1 / exact - 1 / almost
    return t.show(
        And(gap >= 0, gap <= 1 / exact * (c - 1 + (K - 1) * s)), by=[large, more, most, *sizes]
    )


@theorem(source=SOURCE)
def where_a_logit_is_much_larger(t):
    """If one logit is larger than ℓ(k) + Λ, then softmax_k and 1/Σ_j F(k, j) are at most
    exp(-Λ)."""
    a = Softmax(t)
    j, k, K = a.j, a.k, a.K
    i = t.nat("i")
    t.given(i >= 1, i <= K)
    t.given(a.Lambda >= 0)
    near = t.given(a.near(k))
    large = t.given(a.Lambda < a.ell(i) - a.ell(k))
    t.example(ell=function(j, j), F=function([k, j], exp(j - k)), i=2, k=1, K=2, Lambda=0, c=1, s=0)
    exact, almost = a.sum(k), a.almost(k)
    with t.let(j, given=a.range) as each:
        power = t.show(exp(a.ell(j) - a.ell(k)) > 0)
        within, beyond = near(j)
        with t.suppose(a.ell(j) - a.ell(k) <= a.Lambda) as small:
            low, _ = within(by=small.facts)
            t.show(a.F(k, j) >= 0, by=[low, power])
        with t.suppose(a.Lambda < a.ell(j) - a.ell(k)) as other:
            high = beyond(by=t.show(a.Lambda <= a.ell(j) - a.ell(k), by=other.facts))
            t.show(a.F(k, j) >= 0, by=[high, t.show(exp(a.Lambda) > 0)])
        t.cases(a.ell(j) - a.ell(k), a.Lambda, small, other)
    with t.let(j) as terms:
        t.show(exp(a.ell(j) - a.ell(k)) >= 0)
    _, beyond = near(i)
    beyond = beyond(by=t.show(a.Lambda <= a.ell(i) - a.ell(k), by=large))
    first = t.one_of_many(almost, i, by=each.fact)
    second = t.one_of_many(exact, i, by=terms.fact)
    power = t.show(exp(a.ell(i) - a.ell(k)) >= exp(a.Lambda), by=large)
    top = exp(a.Lambda)
    most = [t.show(almost >= top, by=[first, beyond]), t.show(exact >= top, by=[second, power])]
    inverse = t.show((1 / top).eq(exp(-a.Lambda)))
    goals = [And(1 / u >= 0, 1 / u <= 1 / top) for u in (almost, exact)]
    positive = t.show(top > 0)
    found = [t.show(g, by=[m, positive], opaque=[top]) for g, m in zip(goals, most, strict=True)]
    return t.rewrite(inverse, t.together(*found))


@theorem(source=SOURCE)
def error_of_the_softmax(t):
    """Σ_k |softmax_k - 1/Σ_j F(k, j)| <= c - 1 + (K - 1)(s + exp(-Λ))."""
    a = Softmax(t)
    j, k, K, c, s = a.j, a.k, a.K, a.c, a.s
    sizes, within = [*a.sizes(), t.given(a.Lambda >= 0)], [k >= 1, k <= K]
    one, near = a.hypotheses(k, within)
    t.example(ell=function(j, 0), F=function([k, j], 1), K=1, Lambda=0, c=1, s=0)
    parts = t.use("softmax.softmax_is_a_probability")
    _, values, unit = parts
    top = Largest(a.ell(j), (j, 1, K))
    rest = c - 1 + (K - 1) * s
    pi = softmax_of(a.ell, j, k, K)
    far = Ind(top - a.ell(k) > a.Lambda)
    gap = Abs(pi - 1 / a.almost(k))
    bound, hidden = rest * pi + exp(-a.Lambda) * far, [rest, pi, 1 / a.almost(k), exp(-a.Lambda)]
    with t.let(k, given=within) as each, t.obtain(t.attained(top), "i") as largest:
        i, facts = largest.value, largest.facts
        positive, inverse = values(k)
        with t.suppose(top - a.ell(k) <= a.Lambda) as usual:
            with t.let(j, given=a.range):
                t.show(a.ell(j) - a.ell(k) <= a.Lambda, by=[t.among(top, j), *usual.facts])
            above, below = t.rewrite(
                t.symmetric(inverse),
                t.use("softmax.where_no_logit_is_much_larger", by=[one(k), near(k)]),
            )
            off = t.derive("indicator_false", *usual.facts)
            t.show(gap <= bound, by=[above, below, off], opaque=hidden)
        with t.suppose(a.Lambda < top - a.ell(k)) as other:
            t.show(a.Lambda < a.ell(i) - a.ell(k), by=[*facts, *other.facts])
            first = t.use("softmax.where_a_logit_is_much_larger", {"i": i}, by=[one(k), near(k)])
            first = t.rewrite(t.symmetric(inverse), first)
            on = t.derive("indicator_true", t.show(top - a.ell(k) > a.Lambda, by=other.facts))
            positive_rest = t.show(rest >= 0, by=sizes)
            t.show(gap <= bound, by=[*first, on, positive_rest, positive], opaque=hidden)
        t.cases(top - a.ell(k), a.Lambda, usual, other)
    total = t.add_up(
        Sum(gap, (k, 1, K)) <= rest * Sum(pi, (k, 1, K)) + exp(-a.Lambda) * Sum(far, (k, 1, K)),
        by=each.fact,
    )
    with t.let(k) as terms:
        t.indicators(1 - far >= 0)
    ones = Sum(1, (k, 1, K))
    with t.obtain(t.attained(top), "o") as largest:
        i, facts = largest.value, largest.facts
        one_ = t.one_of_many(Sum(1 - far, (k, 1, K)), i, by=terms.fact)
        off = t.derive("indicator_false", t.show(top - a.ell(i) <= a.Lambda, by=[*facts, *sizes]))
        sums = t.add_up(Sum(1 - far, (k, 1, K)).eq(ones - Sum(far, (k, 1, K))))
        t.show(Sum(far, (k, 1, K)) <= K - 1, by=[one_, off, sums, t.count(ones)])
    few = largest.fact
    goal = total.left <= c - 1 + (K - 1) * (s + exp(-a.Lambda))
    return t.show(goal, by=[total, unit, few, t.show(exp(-a.Lambda) > 0)], opaque=[exp(-a.Lambda)])
