"""Independent random variables: the mean of a product, the variance of a sum.

The samples s(1), s(2), ... are independent, s(j) drawn by the law L(j) on a space; with one law
for all of them they are `samples(pi)`, and whatever is said of L holds for it, too.
"""

from boundcheck import theorem
from boundcheck.theorems.author.words import (
    Exists,
    Forall,
    In,
    Mean,
    Product,
    Sum,
    function,
    independent,
    samples,
)
from boundcheck.theorems.language.sorts import NAT

FOLKLORE = "folklore"
SOURCE = "textbooks of probability; this proof is derived here"


@theorem(source=SOURCE)
def product_of_means(t):
    """The mean of a product of independent factors is the product of their means."""
    X = t.space("X")
    L, w = t.kernel("L", NAT, on=X), t.function("w", NAT, X)
    x, s, j, n = t.variable("x", X), t.sequence("s", X), *t.nat("j n")
    law = independent(j, L(j))
    means = t.given(Forall(j, Exists(Mean(w(j, x), (x, L(j))))))

    def product(last):
        return Product(w(j, s(j)), (j, 1, last))

    def claim(n):
        left, right = Mean(product(n), (s, law)), Product(Mean(w(j, x), (x, L(j))), (j, 1, n))
        return left.eq(right)

    with t.let(s) as empty:
        t.empty(product(0))
    t.exists(Mean(product(0), (s, law)), by=empty.fact, bound=1)
    one = t.average(Mean(product(0), (s, law)).eq(1), by=empty.fact)
    with t.induct(claim(n), n, base=[one, t.empty(claim(0).args[1])]) as step:
        new, size = (Mean(v, (x, L(n + 1))) for v in (w(n + 1, x), abs(w(n + 1, x))))
        t.exists(new, by=means(n + 1))
        t.exists(size)
        positive = t.average(size >= 0)
        both, old = product(n) * w(n + 1, x), Mean(product(n), (s, law))
        with t.let(s, given=[In(s, law)]) as absolute:
            inner = Mean(abs(both), (x, L(n + 1)))
            t.average(inner.eq(abs(product(n)) * size))
        with t.let(s, given=[In(s, law)]) as inside:
            t.average(Mean(both, (x, L(n + 1))).eq(product(n) * new))
        nested = Mean(Mean(abs(both), (x, L(n + 1))), (s, law))
        t.exists(nested, by=[absolute.fact, positive], bound=Mean(abs(product(n)), (s, law)) * size)
        apart = Mean(product(n) * w(n + 1, s(n + 1)), (s, law))
        t.coordinate_exists(apart, n + 1)
        fubini = t.coordinate(apart, n + 1, by=inside.fact)
        with t.let(s) as longer:
            t.unroll(product(n + 1))
        unrolled = t.same_mean(claim(n + 1).args[0], apart, by=longer.fact)
        factors = Mean(Mean(both, (x, L(n + 1))), (s, law))
        pulled = t.average(factors.eq(old * new), law=law, by=inside.fact)
        last = t.unroll(claim(n + 1).args[1])
        t.show(step.goal, by=[unrolled, fubini, pulled, last, step.hypothesis])
    return step(n)


@theorem(source="Bienaymé; this proof is derived here")
def variances_add(t):
    """E(Σ v(j))² is ΣE v(j)² for independent v(j) with mean 0."""
    X = t.space("X")
    L, v = t.kernel("L", NAT, on=X), t.function("v", NAT, X)
    x, s, j, n = t.variable("x", X), t.sequence("s", X), *t.nat("j n")
    law = independent(j, L(j))
    centred = t.given(Forall(j, Mean(v(j, x), (x, L(j))).eq(0)))
    squares = t.given(Forall(j, Exists(Mean(v(j, x) ** 2, (x, L(j))))))

    def total(n):
        return Sum(v(j, s(j)), (j, 1, n))

    def claim(n):
        left, right = Mean(total(n) ** 2, (s, law)), Sum(Mean(v(j, x) ** 2, (x, L(j))), (j, 1, n))
        return left.eq(right)

    with t.let(s) as empty:
        t.empty(total(0))
    t.exists(claim(0).args[0], by=empty.fact, bound=0)
    zero = t.average(claim(0).args[0].eq(0), by=empty.fact)
    with t.induct(claim(n), n, base=[zero, t.empty(claim(0).args[1])]) as step:
        new = Mean(v(n + 1, x) ** 2, (x, L(n + 1)))
        both = (total(n) + v(n + 1, x)) ** 2
        t.exists(new, by=squares(n + 1))
        mean, positive = centred(n + 1), t.average(new >= 0)
        with t.let(s, given=[In(s, law)]) as inside:
            found = []
            for value in (both, abs(both)):
                inner = Mean(value, (x, L(n + 1)))
                t.exists(inner, bound=2 * total(n) ** 2 + 2 * new)
                parts = total(n) ** 2 + 2 * total(n) * mean.left + new
                whole = t.average(inner.eq(parts))
                found.append(t.show(inner.eq(total(n) ** 2 + new), by=[whole, mean]))
            t.together(*found)
        old = Mean(total(n) ** 2, (s, law))
        nested = [Mean(Mean(value, (x, L(n + 1))), (s, law)) for value in (both, abs(both))]
        for m in nested:
            t.exists(m, by=[inside.fact, positive], bound=old + new)
        apart = Mean((total(n) + v(n + 1, s(n + 1))) ** 2, (s, law))
        t.coordinate_exists(apart, n + 1)
        fubini = t.coordinate(apart, n + 1, by=inside.fact)
        sums = t.average(nested[0].eq(old + new), law=law, by=inside.fact)
        with t.let(s) as longer:
            t.unroll(total(n + 1))
        unrolled = t.same_mean(claim(n + 1).args[0], apart, by=longer.fact)
        last = t.unroll(claim(n + 1).args[1])
        t.show(step.goal, by=[unrolled, fubini, sums, last, step.hypothesis])
    return step(n)


@theorem(source="Bienaymé; this proof is derived here")
def variance_of_a_mean(t):
    """The mean of n independent samples of u is off E u by E u² / n - (E u)² / n in square mean."""
    X = t.space("X")
    law, u = t.law("pi", X), t.function("u", X)
    x, s, j, n = t.variable("x", X), t.sequence("s", X), *t.nat("j n")
    r = t.real("r")
    q, square = Mean(u(x), (x, law)), Mean(u(x) ** 2, (x, law))
    t.given(n >= 1, Exists(square))
    t.exists(q, bound=1 + square)
    with t.let(r) as shifted:
        spread = Mean((u(x) - r) ** 2, (x, law))
        t.exists(spread, bound=2 * square + 2 * r**2)
        first = t.average(Mean(u(x) - r, (x, law)).eq(q - r))
        second = t.average(spread.eq(square - 2 * r * q + r**2))
        t.together(first, second)
    centre, spread = shifted(q)
    zero = t.show(centre.left.eq(0), by=centre)
    values = {"L": function(j, law), "v": function([j, x], u(x) - q)}
    added = t.use("independence.variances_add", values, by=[zero, spread])
    equal = t.count(added.right)
    sums = [Sum(v, (j, 1, n)) for v in (u(s(j)), q, u(s(j)) - q)]
    constant = t.count(sums[1])
    with t.let(s) as scaled:
        split = t.add_up(sums[2].eq(sums[0] - sums[1]))
        t.show(((q - sums[0] / n) ** 2).eq(sums[2] ** 2 / n**2), by=[split, constant])
    goal = Mean((q - sums[0] / n) ** 2, (s, samples(law)))
    t.exists(goal, by=scaled.fact, bound=added.left / n**2)
    same = t.average(goal.eq(added.left / n**2), by=scaled.fact)
    return t.show(goal.eq((square - q**2) / n), by=[same, added, equal, spread])


@theorem(source=FOLKLORE)
def mean_over_samples(t):
    """The mean of the mean of n independent samples of w is E w."""
    X = t.space("X")
    law, w = t.law("pi", X), t.function("w", X)
    x, s, j, n = t.variable("x", X), t.sequence("s", X), *t.nat("j n")
    one = Mean(w(x), (x, law))
    t.given(n >= 1, Exists(one))
    with t.let(j) as each:
        sample = Mean(w(s(j)), (s, samples(law)))
        t.exists(Mean(abs(w(x)), (x, law)))
        t.coordinate_exists(sample, j)
        fubini = t.coordinate(sample, j)
        constant = t.average(fubini.right.eq(one), law=samples(law))
        t.show(sample.eq(one), by=[fubini, constant])
    total = Sum(w(s(j)), (j, 1, n))
    summed = t.mean_of_sum(Mean(total, (s, samples(law))), by=each.fact)
    same = t.add_up(summed.right.eq(Sum(one, (j, 1, n))), by=each.fact)
    scaled = Mean(total / n, (s, samples(law)))
    mean = t.average(scaled.eq(summed.left / n), by=summed)
    return t.show(scaled.eq(one), by=[mean, summed, same, t.count(Sum(one, (j, 1, n)))])


@theorem(source=SOURCE)
def mean_of_a_density(t):
    """The product Π w(j, s(j)) of independent factors with mean 1 has the mean 1."""
    X = t.space("X")
    L, w = t.kernel("L", NAT, on=X), t.function("w", NAT, X)
    x, j, n = t.variable("x", X), *t.nat("j n")
    mean = Mean(w(j, x), (x, L(j)))
    ones = t.given(Forall(j, mean.eq(1)))
    product = Product(mean, (j, 1, n))
    with t.induct(product.eq(1), n, base=t.empty(Product(mean, (j, 1, 0)))) as step:
        t.show(step.goal, by=[step.hypothesis, t.unroll(Product(mean, (j, 1, n + 1))), ones(n + 1)])
    means = t.use("independence.product_of_means", by=ones)
    return t.show(means.left.eq(1), by=[means, step(n)])


@theorem(source=SOURCE)
def mean_with_a_density(t):
    """With the density Π w(j, s(j)) of independent factors with mean 1, the k-th sample has the
    density w(k, .), for 1 <= k <= n."""
    X = t.space("X")
    L, w = t.kernel("L", NAT, on=X), t.function("w", NAT, X)
    x, s, f = t.variable("x", X), t.sequence("s", X), t.function("f", X)
    j, k, n = t.nat("j k n")
    law = independent(j, L(j))
    ones = t.given(Forall(j, Mean(w(j, x), (x, L(j))).eq(1)))
    one = Mean(f(x) * w(k + 1, x), (x, L(k + 1)))
    t.given(Exists(one))

    def product(last):
        return Product(w(j, s(j)), (j, 1, last))

    def further(old, new, place, by):
        """E old(s) new(s(place)) == E old * E new, where old does not depend on that sample."""
        means = [Mean(new(x), (x, L(place))), Mean(abs(new(x)), (x, L(place)))]
        t.exists(means[1])
        positive = t.average(means[1] >= 0)
        found = []
        for u, mean in zip((old, abs(old)), means, strict=True):
            with t.let(s, given=[In(s, law)]) as inner:
                inside = Mean(u * new(x) if u is old else abs(old * new(x)), (x, L(place)))
                t.average(inside.eq(u * mean), by=by)
            found.append(inner.fact)
        total, size = (Mean(u, (s, law)) for u in (old, abs(old)))
        t.exists(size)
        nested = Mean(Mean(abs(old * new(x)), (x, L(place))), (s, law))
        t.exists(nested, by=[found[1], positive], bound=size * means[1])
        apart = Mean(old * new(s(place)), (s, law))
        t.coordinate_exists(apart, place, by=by)
        fubini = t.coordinate(apart, place, by=[found[0], *by])
        pulled = t.average(fubini.right.eq(total * means[0]), law=law, by=found[0])
        return t.show(apart.eq(total * means[0]), by=[fubini, pulled])

    def claim(n):
        return Mean(f(s(k + 1)) * product(n), (s, law)).eq(one)

    before = t.use("independence.mean_of_a_density", {"n": k}, by=ones)
    first = further(product(k), lambda x: f(x) * w(k + 1, x), k + 1, [])
    with t.let(s) as longer:
        t.unroll(product(k + 1))
    same = t.same_mean(claim(k + 1).args[0], first.left, by=longer)
    with t.induct(claim(n), n, start=k + 1, base=[same, first, before]) as step:
        order, unit = t.show(k + 1 < n + 1, by=step.facts[0]), ones(n + 1)
        more = further(f(s(k + 1)) * product(n), lambda x: w(n + 1, x), n + 1, [order])
        with t.let(s) as longer:
            t.unroll(product(n + 1))
        same = t.same_mean(step.goal.args[0], more.left, by=longer)
        t.show(step.goal, by=[same, more, step.hypothesis, unit])
    return step.fact
