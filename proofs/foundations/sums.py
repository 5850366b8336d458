"""Finite sums and products of n terms, for every n."""

from boundcheck import theorem
from boundcheck.math import Abs, exp
from boundcheck.theorems.author.words import And, Forall, Product, Sum
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL

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


@theorem(source="Cauchy, 1821; this proof is derived here")
def cauchy_schwarz(t):
    """|Σ u w| is at most a b if Σ u² is at most a² and Σ w² at most b²."""
    u, w, j, n = *t.function("u w", NAT), *t.nat("j n")
    a, b, r = t.real("a b r")

    def total(term):
        return Sum(term, (j, 1, n))

    product, squares = total(u(j) * w(j)), [total(u(j) ** 2), total(w(j) ** 2)]
    t.given(a >= 0, b > 0)
    bounds = t.given(squares[0] <= a**2, squares[1] <= b**2)
    goal = Abs(product) <= a * b
    with t.let(r, given=[r > 0]) as young:
        above = t.add_up(2 * product <= r * squares[0] + squares[1] / r)
        below = t.add_up(-2 * product <= r * squares[0] + squares[1] / r)
        t.together(above, below)
    with t.suppose(expr(0) < a) as some:
        above, below = young(b / a)
        t.show(goal, by=[above, below, *bounds, *some.facts], opaque=[product, *squares])
    with t.suppose(a <= 0) as none:
        with t.let(j, given=[j >= 1, j <= n]) as each:
            one = t.one_of_many(squares[0], j)
            t.show(u(j).eq(0), by=[one, bounds[0], *none.facts])
        zero = t.add_up(product.eq(0 * total(w(j))), by=each.fact)
        t.show(goal, by=[zero, *none.facts])
    return t.cases(a, 0, none, some)


@theorem(source=FOLKLORE)
def telescope(t):
    """v(1) - v(0) + ... + (v(n) - v(n - 1)) = v(n) - v(0)."""
    v, (j, n) = t.function("v", REAL), t.nat("j n")

    def total(n):
        return Sum(v(j) - v(j - 1), (j, 1, n))

    with t.induct(total(n).eq(v(n) - v(0)), n, base=t.empty(total(0))) as step:
        last = t.unroll(total(n + 1))
        last = t.replace(last, (expr(n) + 1 - 1, expr(n)))
        t.show(step.goal, by=[step.hypothesis, last])
    return step(n)
