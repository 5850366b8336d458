"""Sums of independent random variables: means of products, variances, Hoeffding's inequality.

The samples s(1), s(2), ... are independent, s(j) drawn by the law L(j) on a space; with one law
for all of them they are `samples(pi)`, and whatever is said of L holds for it, too.
"""

from boundcheck import theorem
from boundcheck.math import Abs, exp
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    In,
    Ind,
    LivesOn,
    Mean,
    Prob,
    Sum,
    function,
    independent,
    samples,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, seq

FOLKLORE = "folklore"
SOURCE = "textbooks of probability; this proof is derived here"


@theorem(source=SOURCE)
def chord_of_exp(t):
    """exp lies below its chord from 0 to h, and the chord below exp(ph + h²/8)."""
    p, h = t.real("p h")
    t.given(p >= 0, p <= 1)
    below = t.show(exp(p * h) <= 1 - p + p * exp(h))
    above = t.show(1 - p + p * exp(h) <= exp(p * h + h**2 / 8))
    return t.together(below, above)


@theorem(source="Hoeffding, 1963; this proof is derived here")
def hoeffding_lemma(t):
    """A random variable u in [a, b] with the mean q has E exp(h(u - q)) <= exp(h²(b - a)²/8)."""
    X = t.space("X")
    law, u, x = t.law("pi", X), t.function("u", X), t.variable("x", X)
    a, b, h = t.real("a b h")
    t.given(a < b)
    lives = t.given(LivesOn(law, x, And(a <= u(x), u(x) <= b)))
    q = Mean(u(x), (x, law))
    t.exists(q, bound=Abs(a) + Abs(b))
    ends = [t.average(q >= a), t.average(q <= b)]

    def chord(y):
        return 1 - (y - a) / (b - a) + (y - a) / (b - a) * exp(h * (b - a))

    def at(y, by):
        p = (y - a) / (b - a)
        inside = t.show(And(p >= 0, p <= 1), by=by)
        return t.use("concentration.chord_of_exp", {"p": p, "h": h * (b - a)}, by=inside)

    factor = exp(h * (a - q))
    with t.let(x, given=[In(x, law)]) as convex:
        below, _ = at(u(x), lives(x))
        t.show(exp(h * (u(x) - q)) <= factor * chord(u(x)), by=below, opaque=[chord(u(x))])
    moment = Mean(exp(h * (u(x) - q)), (x, law))
    t.exists(moment, bound=factor * chord(q), by=convex.fact)
    mean = t.average(moment <= factor * chord(q), by=convex.fact)
    _, above = at(q, ends)
    bound = exp(h**2 * (b - a) ** 2 / 8)
    last = t.show(factor * chord(q) <= bound, by=above, opaque=[chord(q)])
    return t.show(moment <= bound, by=[mean, last], opaque=[chord(q)])


@theorem(source="Hoeffding, 1963; this proof is derived here")
def hoeffding_lemma_around_zero(t):
    """A random variable u in [-r, r] with the mean q has E exp(h(u - q)) <= exp(h² r²/2), r = 0
    included."""
    X = t.space("X")
    law, u, x = t.law("pi", X), t.function("u", X), t.variable("x", X)
    r, h = t.real("r h")
    t.given(r >= 0)
    lives = t.given(LivesOn(law, x, Abs(u(x)) <= r))
    t.example(u=function(x, 0), r=1)
    q = Mean(u(x), (x, law))
    goal = Mean(exp(h * (u(x) - q)), (x, law)) <= exp(h**2 * r**2 / 2)
    with t.suppose(expr(0) < r) as some:
        found = t.use("concentration.hoeffding_lemma", {"a": -r, "b": r}, by=[lives, *some.facts])
        t.show(goal, by=found)
    with t.suppose(r <= 0) as none:
        t.exists(q, bound=r)
        zero = t.average(q.eq(0), by=[lives, *none.facts])
        with t.let(x, given=[In(x, law)]) as one:
            nothing = t.show(u(x).eq(0), by=[lives(x), *none.facts])
            t.show(exp(h * (u(x) - q)).eq(1), by=[nothing, zero])
        t.exists(goal.args[0], bound=1, by=one.fact)
        mean = t.average(goal.args[0].eq(1), by=one.fact)
        t.show(goal, by=[mean, *none.facts])
    return t.cases(r, 0, none, some)


@theorem(source="Hoeffding, 1963; this proof is derived here")
def moment_of_a_sum(t):
    """Independent u(j) in [a(j), b(j)] with means q(j): E exp(h Σ(u(j) - q(j))) is at most
    exp(h² Σ(b(j) - a(j))²/8)."""
    X = t.space("X")
    L, u = t.kernel("L", NAT, on=X), t.function("u", NAT, X)
    x, s, j, n = t.variable("x", X), t.sequence("s", X), *t.nat("j n")
    a, b, h = *t.function("a b", NAT), t.real("h")
    law = independent(j, L(j))
    order = t.given(Forall(j, a(j) < b(j)))
    lives = t.given(Forall(j, LivesOn(L(j), x, And(a(j) <= u(j, x), u(j, x) <= b(j)))))
    q, size = Mean(u(j, x), (x, L(j))), exp(h**2 * (b(j) - a(j)) ** 2 / 8)
    moment = exp(h * (u(j, x) - q))
    with t.let(j) as one:
        values = {"pi": L(j), "u": function(x, u(j, x)), "a": a(j), "b": b(j), "h": h}
        t.use("concentration.hoeffding_lemma", values, by=[order(j), lives(j)])
    with t.let(j) as exists:
        t.exists(q, by=lives(j), bound=Abs(a(j)) + Abs(b(j)))
    with t.let(j) as positive:
        t.average(Mean(moment, (x, L(j))) >= 0, by=one(j))
    product = t.use(
        "independence.product_of_means", {"w": function([j, x], moment)}, by=[exists.fact, one.fact]
    )
    _, below = t.use(
        "sums.products_grow",
        {"v": function(j, Mean(moment, (x, L(j)))), "w": function(j, size)},
        by=[positive.fact, one.fact],
    )
    spread = Sum((b(j) - a(j)) ** 2, (j, 1, n))
    shares = h**2 * (b(j) - a(j)) ** 2 / 8
    sizes = t.use("sums.exp_of_sum", {"c": function(j, shares)})
    whole = t.add_up(Sum(shares, (j, 1, n)).eq(h**2 / 8 * spread))
    gap = u(j, s(j)) - q
    with t.let(s) as power:
        product_of_exp = t.use("sums.exp_of_sum", {"c": function(j, h * gap)})
        scaled = t.add_up(Sum(h * gap, (j, 1, n)).eq(h * Sum(gap, (j, 1, n))))
        t.rewrite(scaled, product_of_exp)
    mean = Mean(exp(h * Sum(gap, (j, 1, n))), (s, law))
    same = t.same_mean(mean, product.left, by=power.fact)
    return t.show(mean <= exp(h**2 * spread / 8), by=[same, product, below, sizes, whole])


@theorem(source=FOLKLORE)
def markov(t):
    """P(v >= c) is at most exp(-hc) E exp(hv) for h >= 0."""
    X = t.space("X")
    law, v, x = t.law("pi", X), t.function("v", X), t.variable("x", X)
    c, h = t.real("c h")
    moment = Mean(exp(h * v(x)), (x, law))
    t.given(h >= 0, Exists(moment))
    event = v(x) >= c
    with t.let(x) as bound:
        t.indicators(Ind(event) <= exp(-h * c) * exp(h * v(x)))
    probability = Prob(event, (x, law))
    return t.average(probability <= exp(-h * c) * moment, by=bound.fact)


@theorem(source="Hoeffding, 1963; this proof is derived here")
def hoeffding(t):
    """Independent u(j) in [a(j), b(j)] with means q(j): P(Σ(u(j) - q(j)) >= c) is at most
    exp(-2c²/Σ(b(j) - a(j))²) for c >= 0."""
    X = t.space("X")
    L, u = t.kernel("L", NAT, on=X), t.function("u", NAT, X)
    x, s, j, n = t.variable("x", X), t.sequence("s", X), *t.nat("j n")
    a, b, c = *t.function("a b", NAT), t.real("c")
    law = independent(j, L(j))
    t.given(n >= 1, c >= 0)
    order = t.given(Forall(j, a(j) < b(j)))
    lives = t.given(Forall(j, LivesOn(L(j), x, And(a(j) <= u(j, x), u(j, x) <= b(j)))))
    spread = Sum((b(j) - a(j)) ** 2, (j, 1, n))
    with t.let(j) as square:
        t.show((b(j) - a(j)) ** 2 >= 0)
    one = t.one_of_many(spread, 1, by=square.fact)
    positive = t.show(spread > 0, by=[one, order(1)])
    h = 4 * c / spread
    gap = u(j, s(j)) - Mean(u(j, x), (x, L(j)))
    total = Sum(gap, (j, 1, n))
    t.exists(h, by=positive)
    with t.let(j) as means:
        t.exists(Mean(u(j, x), (x, L(j))), by=lives(j), bound=Abs(a(j)) + Abs(b(j)))
    moment = t.use("concentration.moment_of_a_sum", {"h": h})
    tail = t.use(
        "concentration.markov",
        {"pi": law, "v": function(s, total), "h": h},
        spaces={"X": seq(X)},
        by=[moment, positive, means.fact],
    )
    return t.show(
        Prob(total >= c, (s, law)) <= exp(-2 * c**2 / spread), by=[tail, moment, positive]
    )


@theorem(source="Hoeffding, 1963; this proof is derived here")
def hoeffding_two_sided(t):
    """P(|Σ(u(j) - q(j))| >= c) is at most 2 exp(-2c²/Σ(b(j) - a(j))²) for c >= 0."""
    X = t.space("X")
    L, u = t.kernel("L", NAT, on=X), t.function("u", NAT, X)
    x, s, j, n = t.variable("x", X), t.sequence("s", X), *t.nat("j n")
    a, b, c = *t.function("a b", NAT), t.real("c")
    law = independent(j, L(j))
    t.given(n >= 1, c >= 0)
    order = t.given(Forall(j, a(j) < b(j)))
    lives = t.given(Forall(j, LivesOn(L(j), x, And(a(j) <= u(j, x), u(j, x) <= b(j)))))
    q, minus = (Mean(v, (x, L(j))) for v in (u(j, x), -u(j, x)))
    with t.let(j) as means:
        t.exists(q, by=lives(j), bound=Abs(a(j)) + Abs(b(j)))
        t.average(minus.eq(-q))
    total, opposite = (Sum(g, (j, 1, n)) for g in (u(j, s(j)) - q, -u(j, s(j)) - minus))
    above = t.use("concentration.hoeffding")
    below = t.use(
        "concentration.hoeffding",
        {"u": function([j, x], -u(j, x)), "a": function(j, -b(j)), "b": function(j, -a(j))},
        by=[order, lives],
    )
    spread = Sum((b(j) - a(j)) ** 2, (j, 1, n))
    same = t.add_up(Sum((-a(j) - -b(j)) ** 2, (j, 1, n)).eq(spread))
    below = t.rewrite(same, below)
    with t.let(s) as events:
        sign = t.add_up(opposite.eq(-total), by=means.fact)
        t.indicators(Ind(Abs(total) >= c) <= Ind(total >= c) + Ind(opposite >= c), by=sign)
    event, bound = Prob(Abs(total) >= c, (s, law)), exp(-2 * c**2 / spread)
    both = event <= Prob(total >= c, (s, law)) + Prob(opposite >= c, (s, law))
    both = t.average(both, by=events.fact)
    return t.show(event <= 2 * bound, by=[both, above, below], opaque=[bound])


@theorem(source="Hoeffding, 1963; this proof is derived here")
def hoeffding_for_means(t):
    """The mean of n independent samples of u in [a, b] exceeds q = E u by eps >= 0 with a
    probability of at most exp(-2n eps²/(b - a)²), q exceeds it so, and either with twice that."""
    t.example(a=0)
    X = t.space("X")
    law, u = t.law("pi", X), t.function("u", X)
    x, s, j, n = t.variable("x", X), t.sequence("s", X), *t.nat("j n")
    a, b, eps = t.real("a b eps")
    t.given(n >= 1, a < b, eps >= 0)
    lives = t.given(LivesOn(law, x, And(a <= u(x), u(x) <= b)))
    t.example(u=function(x, 0), a=-1, b=1, n=1, eps=1)
    q, mean = Mean(u(x), (x, law)), Sum(u(s(j)), (j, 1, n)) / n
    t.exists(q, bound=Abs(a) + Abs(b))
    minus = Mean(-u(x), (x, law))
    opposite = t.average(minus.eq(-q))
    sums = [Sum(g, (j, 1, n)) for g in (u(s(j)) - q, -u(s(j)) - minus)]
    equal = {"L": function(j, law), "c": n * eps}
    up = {"u": function([j, x], u(x)), "a": function(j, a), "b": function(j, b)}
    down = {"u": function([j, x], -u(x)), "a": function(j, -b), "b": function(j, -a)}
    tails = [
        t.use("concentration.hoeffding", equal | up, by=lives),
        t.use("concentration.hoeffding", equal | down, by=lives),
        t.use("concentration.hoeffding_two_sided", equal | up, by=lives),
    ]
    events = [
        (mean - q >= eps, sums[0] >= n * eps),
        (q - mean >= eps, sums[1] >= n * eps),
        (Abs(mean - q) >= eps, Abs(sums[0]) >= n * eps),
    ]
    constant = t.count(Sum(q, (j, 1, n)))
    with t.let(s) as same:
        split = t.add_up(sums[0].eq(Sum(u(s(j)), (j, 1, n)) - Sum(q, (j, 1, n))))
        sign = t.add_up(sums[1].eq(-sums[0]), by=opposite)
        scaled = t.show((mean - q).eq(sums[0] / n), by=[split, constant])
        below = [t.indicators(Ind(e) <= Ind(f), by=[scaled, sign]) for e, f in events]
        t.together(*below)
    bound = exp(-2 * n * eps**2 / (b - a) ** 2)
    found = []
    for (e, f), tail, width in zip(events, tails, (b - a, -a - -b, b - a), strict=True):
        spread = Sum(width**2, (j, 1, n))
        old = exp(-2 * (n * eps) ** 2 / spread)
        size = t.show(old.eq(bound), by=t.count(spread))
        less = t.average(Prob(e, (s, samples(law))) <= Prob(f, (s, samples(law))), by=same.fact)
        goal = Prob(e, (s, samples(law))) <= (bound if len(found) < 2 else 2 * bound)
        found.append(t.show(goal, by=[less, tail, size], opaque=[old, bound]))
    return t.together(*found)
