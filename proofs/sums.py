"""Finite sums and products of n terms, for every n."""

from boundcheck import theorem
from boundcheck.math import exp
from boundcheck.theorems.author.words import And, Forall, Product, Sum
from boundcheck.theorems.language.sorts import NAT

FOLKLORE = "folklore"


@theorem(source=FOLKLORE)
def exp_of_sum(t):
    """exp of a sum is a product."""
    c, j, n = t.function("c", NAT), *t.nat("j n")

    def total(n):
        return Sum(c(j), (j, 1, n))

    def product(n):
        return Product(exp(c(j)), (j, 1, n))

    empty = [t.empty(total(0)), t.empty(product(0))]
    with t.induct(exp(total(n)).eq(product(n)), n, base=empty) as step:
        t.show(step.goal, by=[step.hypothesis, t.unroll(total(n + 1)), t.unroll(product(n + 1))])
    return step(n)


@theorem(source=FOLKLORE)
def products_grow(t):
    """A product of numbers >= 0 is >= 0, and grows with its factors."""
    v, w, j, n = *t.function("v w", NAT), *t.nat("j n")
    order = t.given(Forall(j, And(v(j) >= 0, v(j) <= w(j))))

    def product(v, n):
        return Product(v(j), (j, 1, n))

    def claim(n):
        return And(product(v, n) >= 0, product(v, n) <= product(w, n))

    empty = [t.empty(product(v, 0)), t.empty(product(w, 0))]
    with t.induct(claim(n), n, base=empty) as step:
        longer = [t.unroll(product(v, n + 1)), t.unroll(product(w, n + 1))]
        t.show(step.goal, by=[step.hypothesis, *longer, order(n + 1)])
    return step(n)


@theorem(source=FOLKLORE)
def order_of_sums(t):
    """Two sums can be exchanged."""
    u, i, j, m, n = t.function("u", NAT, NAT), *t.nat("i j m n")

    def rows(m):
        return Sum(Sum(u(i, j), (j, 1, n)), (i, 1, m))

    def columns(m):
        return Sum(Sum(u(i, j), (i, 1, m)), (j, 1, n))

    with t.let(j) as empty:
        t.empty(Sum(u(i, j), (i, 1, 0)))
    zero = Sum(0, (j, 1, n))
    none = [t.empty(rows(0)), t.add_up(columns(0).eq(0 * zero), by=empty.fact)]
    with t.induct(rows(m).eq(columns(m)), m, base=none) as step:
        with t.let(j) as longer:
            t.unroll(Sum(u(i, j), (i, 1, m + 1)))
        row = Sum(u(m + 1, j), (j, 1, n))
        new = t.add_up(columns(m + 1).eq(columns(m) + row), by=longer.fact)
        t.show(step.goal, by=[step.hypothesis, new, t.unroll(rows(m + 1))])
    return step(m)
