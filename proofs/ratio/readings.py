"""A third reading of the symbol M in the paper's rate M^-1 n^(-1/2-3/(2d)): M as the size of
something that the target is about. Readings A and B are in `ratio_rates`.

Of all readings only A, M the lower bound of f2, and C3, M the half-width of Ω for d = p = 1 and a
fixed target, allow a product with M^-1. For d >= 2 C3 is open: between three atoms there are
directions in which f1/f2 has no limit.
"""

from boundcheck import Box, Reading, claim, inequality, symbols, theorem, uses
from boundcheck.math import Abs, exp
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Implies,
    In,
    Integral,
    LivesOn,
    Norm,
    Prob,
    Sum,
    ThereIs,
    depth,
    function,
    value,
    width,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas import ratio

ABSTRACT = "arXiv:2601.21242, abstract; {} of its symbol M, with an argument derived here"

M, inner, tail = symbols("M inner tail")


def no_rate(t, condition):
    """The setting of reading B, whose law is uniform on [-1, 1]. For every n and K there is M, with
    a condition on M, f1 and f2 at all points, such that the bound K M^-1 n^(-1/2-3/(2d)) fails for
    all networks of depth 7 and of width at most n + 9. The condition has to hold for M >= 3."""
    x, law, N = t.sequence("x", REAL), t.law("Omega", seq(REAL)), t.network("N", "signrelu")
    (p, K, M, a, b, u), (n, i) = t.real("p K M a b u"), t.nat("n i")
    f1 = exp(-((x(0) - 1) ** 2) / 4) / 2
    f2 = f1 + exp(-((x(0) + 1) ** 2) / 4) / 2
    inside = And(x(0) >= -1, x(0) <= 1, Forall(i, x(i).eq(0), given=[i >= 1]))
    mass = Prob(And(a <= x(0), x(0) <= b), (x, law)).eq((b - a) / 2)
    on_box, *_ = t.given(
        LivesOn(law, x, inside),
        Forall([a, b], mass, given=[a >= -1, a <= b, b <= 1]),
        p >= 1,
    )
    rate = t.quoted(ratio.RATE, d=1)

    def network(M):
        near = Norm(f1 / f2 - value(N, 0, x), p, (x, law)) <= K * rate / M
        return ThereIs(N, depth(N).eq(7), width(N) <= n + 9, near)

    def fits(M):
        return LivesOn(law, x, condition(f1, f2, M))

    refuted = t.use("ratio_rates.no_rate_with_m_the_weight_scale")
    low = t.show(exp(expr(-1)) >= expr("1/3"))
    with t.let(u, given=[u >= -1, u <= 1]) as bounds:
        factors = [exp(-((u - 1) ** 2) / 4), exp(-((u + 1) ** 2) / 4)]
        goals = [And(factor >= expr("1/3"), factor <= 1) for factor in factors]
        for goal in goals:
            t.show(goal, by=[*bounds.facts, low])
        t.show(And(*goals))
    with (
        t.let(n, K, given=[n >= 1, K > 0]) as every,
        t.obtain(refuted(n, K), "m") as scale,
    ):
        m, (positive, none) = scale.value, scale.facts
        large = 3 + m
        with t.let(x, given=[In(x, law)]):
            near = bounds(x(0), by=on_box(x))
            t.show(condition(f1, f2, large), by=[near, positive])
        with t.suppose(network(large)) as some, t.obtain(*some.facts, "D") as found:
            D, (deep, wide, near) = found.value, found.facts
            fast = t.show(rate > 0)
            goal = K * rate / large <= K * rate / m
            t.chain(near, t.show(goal, by=[positive, fast], opaque=[rate]))
            none(by=t.witness(network(m), D, by=[deep, wide]))
        t.witness(ThereIs(M, M > 0, fits(M), Implies(network(M), FALSE)), large)
    return every.fact


@theorem(
    label="P",
    source=ABSTRACT.format("a reading"),
    reading=Reading("P2", "C1: f2 >= 1/M on Ω, in a product with M^-1", refuted=True),
)
def class_that_grows(t):
    """C1: f2 >= 1/M on Ω. For d = 1, one f1/f2, and every n >= 1 and K > 0 there is M with
    f2 >= 1/M such that the distance of f1/f2 from all networks of depth 7 and of width n + 9 at
    most is larger than K M^-1 n^(-1/2-3/(2d)).

    The reason: the class of these targets grows with M, so that the worst error over it does not
    fall. Reading A, which is in `ratio_rates`, has 1/M in place of M, and so a factor M here."""
    return no_rate(t, lambda f1, f2, M: f2 >= 1 / M)


@theorem(
    label="P",
    source=ABSTRACT.format("a reading"),
    reading=Reading("P2", "C2: M bounds the division gate, in a product with M^-1", refuted=True),
)
def bound_of_the_gate(t):
    """C2: M bounds the division gate, 1/M <= f2 <= M and |f1| <= M on Ω. For d = 1, one f1/f2, and
    every n >= 1 and K > 0 there is such an M for which the distance of f1/f2 from all networks of
    depth 7 and of width n + 9 at most is larger than K M^-1 n^(-1/2-3/(2d)).

    The reason: the distance of f1/f2 from the networks does not depend on M."""
    return no_rate(t, lambda f1, f2, M: And(f2 >= 1 / M, f2 <= M, Abs(f1) <= M))


@theorem(source="derived here")
def right_of_the_atoms(t):
    """v - f1/f2 >= 0 is at most the sum over all atoms u_j, of weights p_j, of
    (v - u_j) p_j/q exp(-(v - u_j)(2x - u_j - v)/(2s²)), v being the largest atom, q its weight.

    f1 and f2 are the sums of u_j p_j φ(x - u_j) and of p_j φ(x - u_j), φ(t) = exp(-t²/(2s²)).
    """
    u, p = t.function("u p", NAT)
    (s, x), (j, k, m) = t.real("s x"), t.nat("j k m")
    t.given(s > 0, p(k) > 0, k >= 1, k <= m)
    inside = [j >= 1, j <= m]
    weights = t.given(Forall(j, And(p(j) >= 0, u(j) <= u(k)), given=inside))
    t.example(s=1, k=1, m=1, u=function(j, 0), p=function(j, 1))

    def f(j):
        return p(j) * exp(-((x - u(j)) ** 2) / (2 * s**2))

    def decay(j):
        return exp(-(u(k) - u(j)) * (2 * x - u(j) - u(k)) / (2 * s**2))

    def total(term):
        return Sum(term, (j, 1, m))

    f2, f1, gap = total(f(j)), total(u(j) * f(j)), total((u(k) - u(j)) * f(j))
    bound = total((u(k) - u(j)) * (p(j) / p(k)) * decay(j))
    top = exp(-((x - u(k)) ** 2) / (2 * s**2))
    high = t.show(And(top > 0, p(k) > 0))
    with t.let(j, given=inside) as terms:
        power, fall = exp(-((x - u(j)) ** 2) / (2 * s**2)), decay(j)
        equal = t.show(power.eq(top * fall))
        sign = t.show(And(power > 0, fall > 0))
        facts = [weights(j), sign, equal]
        t.show(f(j) >= 0, by=facts, opaque=[power])
        t.show((u(k) - u(j)) * f(j) >= 0, by=facts, opaque=[power])
        w = (u(k) - u(j)) * (p(j) / p(k)) * fall
        same = ((u(k) - u(j)) * f(j)).eq(p(k) * top * w)
        t.show(same, by=[equal, high], opaque=[power, top, fall])
        t.show(And(f(j) >= 0, (u(k) - u(j)) * f(j) >= 0, same))
    split = t.add_up(gap.eq(u(k) * f2 - f1))
    scaled = t.add_up(gap.eq(p(k) * top * bound), by=terms.fact)
    least = t.add_up(gap >= 0 * total(1), by=terms.fact)
    with t.let(j, given=inside) as each:
        t.show(f(j) >= 0, by=terms.fact(j), opaque=[exp(-((x - u(j)) ** 2) / (2 * s**2))])
    large = t.one_of_many(f2, k, by=each.fact)
    hidden = [f1, f2, gap, bound, top]
    positive = t.show(f2 > 0, by=[large, high], opaque=[f2, top])
    t.exists(f1 / f2, by=positive)
    bounds = t.show(bound >= 0, by=[scaled, least, high], opaque=[gap, bound, top])
    goal = And(u(k) - f1 / f2 >= 0, u(k) - f1 / f2 <= bound)
    return t.show(goal, by=[split, scaled, least, large, high, positive, bounds], opaque=hidden)


@theorem(source="derived here")
def tail_of_an_atom(t):
    """From L to M these terms have an integral of s² p/q times the fall of the exponential."""
    x, u, v, s, c, L, M = t.real("x u v s c L M")
    order, _ = t.given(L <= M, s > 0)
    t.example(s=1)

    def decay(x):
        return exp(-(v - u) * (2 * x - u - v) / (2 * s**2))

    whole = Integral((v - u) * c * decay(x), (x, L, M))
    return t.primitive(whole, function(x, -(s**2 * c * decay(x))), by=order)


@claim(
    label="P",
    source=ABSTRACT.format("a reading"),
    reading=Reading(
        "P2",
        "C3: Ω = [-M, M], d = p = 1, a fixed law of finitely many atoms; inner is the error on a "
        "fixed interval, tail what is left outside",
        (inner + tail) / (2 * M),
    ),
)
def wide_boxes(whole):
    """‖f1/f2 - r_n‖ in L^1([-M, M]) is at most M^-1 (inner + tail)/2, where r_n is constant beyond
    [-L, L], with the largest and the smallest atom as its values, and inner is the integral of the
    error over [-L, L].

    With v the largest atom, u another one, q and p their weights: right of L the error is at most
    the sum of (v - u) p/q exp(-(v - u)(2x - u - v)/(2s²)), whose integral is at most
    s² p/q exp(-(v - u)(2L - u - v)/(2s²)) for each u: tail is the sum of these, and of those on the
    left. `whole` is the integral of the error over [-M, M]. Splines make inner fall like n^-2 for a
    fixed L, and L ~ log n makes the tail as small.

    It is steps, since no rule of the kernel takes an integral apart at a point, as at -L and L.
    """
    yield uses("splines.interpolant")
    yield uses("readings.right_of_the_atoms")
    yield uses("readings.tail_of_an_atom")
    yield inequality(
        Abs(whole) / (2 * M), "<=", (inner + tail) / (2 * M), on=Box.reals("whole"),
        given=[M > 0, inner >= 0, tail >= 0, Abs(whole) <= inner + tail],
    )  # fmt: skip
