"""A third reading of the symbol M in the paper's rate M^-1 n^(-1/2-3/(2d)): M as the size of
something that the target is about. Readings A and B are in `ratio_rates`.

Of all readings only A, M the lower bound of f2, and C3, M the half-width of Ω for d = p = 1 and a
fixed target, allow a product with M^-1. For d >= 2 C3 is open: between three atoms there are
directions in which f1/f2 has no limit.
"""

from boundcheck import Box, Reading, claim, identity, inequality, symbols, theorem, uses
from boundcheck.math import Abs, diff, exp
from boundcheck.theorems.author.words import (
    And,
    Forall,
    Implies,
    In,
    LivesOn,
    Norm,
    Prob,
    ThereIs,
    depth,
    value,
    width,
)
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.sorts import REAL, seq
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
    """C1: f2 >= 1/M on Ω. The class of these targets grows with M, so that the worst error over it
    does not fall: for every n and K, a target with f2 >= 1/M has a larger distance than
    K M^-1 n^(-1/2-3/(2d)) to all networks of depth 7 and of width n + 9 for some M, d = 1. What
    holds is C M n^(-1/2-3/(2d)), reading A with 1/M in place of M."""
    return no_rate(t, lambda f1, f2, M: f2 >= 1 / M)


@theorem(
    label="P",
    source=ABSTRACT.format("a reading"),
    reading=Reading("P2", "C2: M bounds the division gate, in a product with M^-1", refuted=True),
)
def bound_of_the_gate(t):
    """C2: M bounds the division gate, 1/M <= f2 <= M and |f1| <= M on Ω. The gate is exact on its
    box, whatever bounds it, and the distance of f1/f2 to the networks does not depend on M."""
    return no_rate(t, lambda f1, f2, M: And(f2 >= 1 / M, f2 <= M, Abs(f1) <= M))


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
def wide_boxes(x, u, v, s, S, p, q, f, g, r, L):
    """‖f1/f2 - r_n‖ in L^1([-M, M]) is at most M^-1 (inner + tail)/2, where r_n is constant beyond
    [-L, L], with the largest and the smallest atom as its values, and inner is the integral of the
    error over [-L, L].

    With v the largest atom, u another one, q and p their weights, f1/f2 is v minus the sum of
    (v - u) p φ(x - u)/f2(x), and f2(x) >= q φ(x - v). So right of L the error is at most the sum
    of (v - u) p/q exp(-(v - u)(2x - u - v)/(2s²)), whose integral is s² p/q exp(-(v - u)(2L - u -
    v)/(2s²)) for each u: tail is the sum of these, and of those on the left. f and g are the
    two densities, S their total. Splines make inner fall like n^-2 for a fixed L, and L ~ log n
    makes the tail as small.
    """
    yield uses("splines.interpolant")
    yield uses("textbook.calculus")
    decay = exp(-(v - u) * (2 * x - u - v) / (2 * s**2))
    line = Box.reals("x", "u", "v")
    powers = [-((x - z) ** 2) / (2 * s**2) for z in (u, v)]
    more = -(v - u) * (2 * x - u - v) / (2 * s**2)
    yield identity(powers[0], powers[1] + more, on=line, given=[s > 0])
    yield inequality(
        (v - u) * p * f / S,
        "<=",
        (v - u) * (p / q) * r,
        on=Box.reals("u", "v"),
        given=[v >= u, p >= 0, q > 0, g > 0, r >= 0, f <= r * g, f >= 0, q * g <= S],
    )
    whole = -(p / q) * s**2 * decay
    yield identity(diff(whole, x), (v - u) * (p / q) * decay, on=line, given=[s > 0, q > 0, p >= 0])
    yield inequality(
        decay, "<=", exp(-((v - u) ** 2) / (2 * s**2)), on=line, given=[s > 0, u <= v, v <= x]
    )
    yield inequality(
        Abs(L) / (2 * M), "<=", (inner + tail) / (2 * M), on=Box.reals("L"),
        given=[M > 0, inner >= 0, tail >= 0, Abs(L) <= inner + tail],
    )  # fmt: skip
