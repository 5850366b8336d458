"""Many events at once: the union bound."""

from boundcheck import theorem
from boundcheck.math import exp, log
from boundcheck.theorems.author.words import (
    Forall,
    Ind,
    Largest,
    Mean,
    Prob,
    Sum,
    function,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT

FOLKLORE = "folklore"


@theorem(source=FOLKLORE)
def union_bound(t):
    """v(1), ..., v(T) are all at most 0 with the probability 1 - Σ p(k) at least, if each v(k) is
    at most 0 with the probability 1 - p(k) at least."""
    S = t.space("S")
    law, v, p = t.law("P", S), t.function("v", NAT, S), t.function("p", NAT)
    s, k, T = t.variable("s", S), *t.nat("k T")
    inside = [k >= 1, k <= T]
    t.given(T >= 1)
    likely = t.given(Forall(k, Prob(v(k, s) <= 0, (s, law)) >= 1 - p(k), inside))
    worst = Largest(v(k, s), (k, 1, T))
    missed = Sum(1 - Ind(v(k, s) <= 0), (k, 1, T))
    with t.let(s) as every:
        goal = Ind(worst <= 0) >= 1 - missed
        with t.let(k) as each:
            t.indicators(1 - Ind(v(k, s) <= 0) >= 0)
        positive = t.add_up(missed >= 0 * Sum(1, (k, 1, T)), by=each.fact)
        with t.suppose(worst <= 0) as small:
            t.show(goal, by=[t.derive("indicator_true", *small.facts), positive])
        with t.suppose(expr(0) < worst) as large:
            none = t.derive("indicator_false", t.show(worst > 0, by=large.facts))
            with t.obtain(t.attained(worst), "l") as place:
                index = place.value
                fails = t.show(v(index, s) > 0, by=[*place.facts, *large.facts])
                fails = t.derive("indicator_false", fails)
                one = t.one_of_many(missed, index, by=each.fact)
                t.show(goal, by=[none, fails, one])
        t.cases(worst, 0, small, large)
    with t.let(k, given=inside) as parts:
        event = Mean(1 - Ind(v(k, s) <= 0), (s, law))
        t.exists(event, bound=1)
        mean = t.average(event.eq(1 - likely(k).left), by=likely(k))
        t.show(event <= p(k), by=[mean, likely(k)])
    sums = t.mean_of_sum(Mean(missed, (s, law)), by=parts.fact)
    whole = Prob(worst <= 0, (s, law))
    below = t.add_up(sums.right <= Sum(p(k), (k, 1, T)), by=parts.fact)
    found = t.average(whole >= 1 - sums.left, by=every.fact)
    return t.show(whole >= 1 - Sum(p(k), (k, 1, T)), by=[found, sums, below])


@theorem(source=FOLKLORE)
def equal_risks(t):
    """All of T events have the probability 1 - 2 exp(-u) at least, if each has 1 - 2 exp(-(u + log
    T)): for T predictors at once, u is replaced by u + log T."""
    S = t.space("S")
    law, v, u = t.law("P", S), t.function("v", NAT, S), t.real("u")
    s, k, T = t.variable("s", S), *t.nat("k T")
    inside = [k >= 1, k <= T]
    t.given(T >= 1)
    missed = 2 * exp(-(u + log(T)))
    likely = Prob(v(k, s) <= 0, (s, law)) >= 1 - missed
    likely = t.given(Forall(k, likely, inside))
    found = t.use("union_bound.union_bound", {"p": function(k, missed)}, by=likely)
    size = t.show((T * missed).eq(2 * exp(-u)))
    facts = [found, t.count(Sum(missed, (k, 1, T))), size]
    return t.show(found.left >= 1 - 2 * exp(-u), by=facts, opaque=[missed, exp(-u)])
