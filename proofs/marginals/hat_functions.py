"""Multilinear interpolation on a grid: weights of its points, of which the point between them is
the mean.

A point r of [0, k]^d lies between whole numbers; the weight of the grid point c is the product of
the hats of r(i) - c(i), which is 0 but for the corners of the cell of r. The weights are a law with
mean r; its coordinates are independent, and each has a variance of at most 1/4.
"""

from boundcheck import theorem
from boundcheck.math import Abs, Max, Min
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Implies,
    Product,
    Sum,
    function,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT

SOURCE = "folklore; derived here"


def hat(r):
    """1 at 0, 0 from distance 1 on, and linear between."""
    return Max(0, 1 - Abs(r))


@theorem(source=SOURCE)
def sums_of_hats(t):
    """Sums of hats at 0, 1, ..., n - 1, of their first and of their second moments, for r >= 0."""
    r, (g, n) = t.real("r"), t.nat("g n")
    t.given(r >= 0)
    t.example(r=0)
    weight = hat(r - (g - 1))
    total, moment, spread = (
        lambda n, u=u: Sum(u, (g, 1, n))
        for u in (weight, weight * (g - 1 - r), weight * (g - 1 - r) ** 2)
    )

    with t.induct(total(n).eq(Min(1, Max(0, n - r))), n, base=t.empty(total(0))) as weights:
        t.show(weights.goal, by=[weights.hypothesis, t.unroll(total(n + 1))])
    mean = moment(n).eq(Max(0, n - r) * Min(0, n - 1 - r))
    with t.induct(mean, n, base=t.empty(moment(0))) as means:
        t.show(means.goal, by=[means.hypothesis, t.unroll(moment(n + 1))])

    def second(n):
        last = spread(n) <= Max(0, n - r) * (n - 1 - r) ** 2
        return And(Implies(r >= n - 1, last), spread(n) <= 1 / 4)

    with t.induct(second(n), n, base=t.empty(spread(0))) as spreads:
        first, bound = spreads.hypothesis
        more = t.unroll(spread(n + 1))
        with t.suppose(r >= n) as behind:
            t.show(r >= n - 1, by=behind.facts)
            t.show(spread(n + 1) <= Max(0, n + 1 - r) * (n - r) ** 2, by=[first(), more])
        with t.suppose(n - 1 <= r) as near:
            t.show(r >= n - 1, by=near.facts)
            t.show(spread(n + 1) <= 1 / 4, by=[first(), more])
        with t.suppose(r < n - 1) as far:
            t.show(spread(n + 1) <= 1 / 4, by=[bound, more])
        small = t.cases(n - 1, r, near, far)
        t.show(spreads.goal, by=[behind.fact, small])
    _, bound = spreads(n)
    return t.together(weights(n), means(n), bound)


@theorem(source=SOURCE)
def weights_on_a_line(t):
    """The hats at 0, ..., k are weights with the mean r in [0, k], and a variance of at most 1/4:
    here of a value that depends on the grid point in an affine way."""
    (r, a, y), (g, k) = t.real("r a y"), t.nat("g k")
    t.given(r >= 0, r <= k)
    t.example(r=0, k=0)
    total, mean, bound = t.use("hat_functions.sums_of_hats", {"n": k + 1})
    weight = hat(r - (g - 1))
    value = a + (g - 1 - r) * y
    one, first, second = total.left, mean.left, bound.left
    linear, square = (Sum(weight * u, (g, 1, k + 1)) for u in (value, value**2))
    split = t.add_up(linear.eq(a * one + y * first))
    both = t.add_up(square.eq(a**2 * one + 2 * a * y * first + y**2 * second))
    goal = And(one.eq(1), linear.eq(a), square.eq(a**2 + y**2 * second), second <= 1 / 4)
    return t.show(goal, by=[split, both, total, mean, bound])


@theorem(source=SOURCE)
def sum_by_blocks(t):
    """A sum of G N terms is the sum over N blocks of the sums of their G terms."""
    (F, H), (G, N, e, g, m, n) = t.function("F H", NAT), t.nat("G N e g m n")
    blocks = t.given(Forall(e, Sum(F(G * e + g), (g, 1, G)).eq(H(e + 1))))

    def upto(n):
        return Sum(F(m), (m, 1, n))

    def block(n):
        return Sum(F(G * N + g), (g, 1, n))

    with t.induct(upto(G * N + n).eq(upto(G * N) + block(n)), n, base=t.empty(block(0))) as more:
        longer = t.replace(t.unroll(upto(G * N + n + 1)), (G * N + n + 1, G * N + (n + 1)))
        t.show(more.goal, by=[more.hypothesis, longer, t.unroll(block(n + 1))])

    def total(n):
        return Sum(H(e), (e, 1, n))

    start = [t.empty(upto(G * expr(0))), t.empty(total(0))]
    with t.induct(upto(G * N).eq(total(N)), N, base=start) as whole:
        next_one = t.replace(more(G), (G * N + G, G * (N + 1)))
        t.show(whole.goal, by=[whole.hypothesis, next_one, blocks(N), t.unroll(total(N + 1))])
    return whole(N)


@theorem(source=SOURCE)
def products_agree(t):
    """Products of n equal factors are equal."""
    (v, w), (j, n, N) = t.function("v w", NAT), t.nat("j n N")
    t.example(v=function(j, 1), w=function(j, 1))
    same = t.given(Forall(j, v(j).eq(w(j)), given=[j >= 1, j <= N]))

    def product(v, n):
        return Product(v(j), (j, 1, n))

    claim = Implies(n <= N, product(v, n).eq(product(w, n)))
    with t.suppose(0 <= N) as empty:
        t.show(product(v, 0).eq(product(w, 0)), by=[t.empty(product(v, 0)), t.empty(product(w, 0))])
    with t.induct(claim, n, base=empty.fact) as step, t.suppose(n + 1 <= N):
        t.show(n <= N)
        longer = [t.unroll(product(v, n + 1)), t.unroll(product(w, n + 1))]
        t.show(step.goal.args[1], by=[step.hypothesis(), same(n + 1), *longer])
    t.show(N <= N)  # noqa: PLR0124
    return step(N)()
