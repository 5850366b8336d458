"""A third reading of the symbol M in the paper's rate M^-1 n^(-1/2-3/(2d)): M as the size of
something that the target is about. Readings A and B are in `ratio_rates`.

Of all readings only A, M the lower bound of f2, and C3, M the half-width of Ω for d = p = 1 and a
fixed target, allow a product with M^-1. For d >= 2 C3 is open: between three atoms there are
directions in which f1/f2 has no limit.
"""

from boundcheck import Box, Reading, claim, identity, inequality, symbols, uses
from boundcheck.math import Abs, diff, exp

ABSTRACT = "arXiv:2601.21242, abstract; {} of its symbol M, with an argument derived here"

M, K, inner, tail = symbols("M K inner tail")


@claim(
    label="P",
    source=ABSTRACT.format("a reading"),
    reading=Reading("P2", "C1: f2 >= 1/M on Ω, in a product with M^-1", refuted=True),
)
def class_that_grows(e, m):
    """The class of targets with f2 >= 1/M grows with M, so that the worst error over it does not
    fall: a target with f2 >= 1/m belongs to it for every M >= m, and has a distance e > 0 to all
    networks of that size. What holds is C M n^(-1/2-3/(2d)), reading A with 1/M in place of M.
    """
    yield uses("ratio_rates.no_rate_with_m_the_weight_scale")
    yield uses("ratio_rates.rate_with_m_the_lower_bound")
    yield inequality(1 / M, "<=", 1 / m, given=[m > 0, m <= M])
    yield inequality(K / M, "<", e, given=[e > 0, K > 0, K / e < M])


@claim(
    label="P",
    source=ABSTRACT.format("a reading"),
    reading=Reading("P2", "C2: M bounds the division gate, in a product with M^-1", refuted=True),
)
def bound_of_the_gate(e):
    """The division gate is exact on its box, whatever bounds it: the error does not depend on M,
    and a distance e > 0 exceeds K/M for large M."""
    yield uses("division.division_gate")
    yield uses("ratio_rates.no_rate_with_m_the_weight_scale")
    yield inequality(K / M, "<", e, given=[e > 0, K > 0, K / e < M])


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
