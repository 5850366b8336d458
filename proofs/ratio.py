"""The ratio theorem: a ratio f1/f2 from approximations g1, g2, and the rate of the
networks that compute it.

Setting: f2 > 0 and |f1| <= b f2 on Ω, c > 0; G is max(g2, c) or a clip of g2 to [c, C], so G >= c;
r̂ is g1/G clipped to [-b, b]; e = |f1 - g1| + b|f2 - G|. The inequalities are pointwise:
they hold at every point of Ω, and integrals of them are bounds of norms. There f1 and f2 are
kernel marginals, the measure of f1 at most b times that of f2, g1 and g2 are those of `marginals`,
g̃1 is g1 after its clip, and the constants (lp, approximation, error, ...) are those
of `boundcheck.theory.formulas.ratio`, whose names they have.
"""

from boundcheck import Box, Reading, cited, claim, fails, gates, identity, inequality, symbols, uses
from boundcheck.math import Abs, Max, Min, oo, pi, sqrt
from boundcheck.theory.formulas import ratio, shallow
from boundcheck.theory.formulas.ratio import approximation, error_l2, lp
from boundcheck.theory.formulas.shallow import R, V, c_hoeffding, c_sharp, k, mass, sigma

SOURCE = "derived here, for the ratio theorem that arXiv:2601.21242 claims"

f1, f2, g1, g2, G = symbols("f1 f2 g1 g2 G")
b, c, C, M, n, d = symbols("b c C M n d")

RATIO = [b >= 0, f2 > 0, Abs(f1) <= b * f2]
R_HAT = Max(-b, Min(b, g1 / G))
E = Abs(f1 - g1) + b * Abs(f2 - G)
EVERYWHERE = Box(f1=(-oo, oo), g1=(-oo, oo), g2=(-oo, oo))


def clip(low, high, t):
    """The exact clip of t to [low, high]."""
    return Max(low, Min(high, t))


@claim(source=SOURCE)
def error_of_a_quotient():
    """f1/f2 - g1/g2 = ((f1 - g1) - (g1/g2)(f2 - g2))/f2."""
    split = ((f1 - g1) - g1 / g2 * (f2 - g2)) / f2
    yield identity(
        f1 / f2 - g1 / g2, split, on=Box(f1=(-oo, oo), g1=(-oo, oo)), given=[f2 > 0, g2 > 0]
    )


@claim(source=SOURCE)
def error_times_denominator():
    """f2 |f1/f2 - r̂| <= e."""
    yield inequality(f2 * Abs(f1 / f2 - R_HAT), "<=", E, on=EVERYWHERE, given=[*RATIO, G > 0])


@claim(source=SOURCE)
def error_times_approximate_denominator():
    """G |f1/f2 - r̂| <= e."""
    yield inequality(G * Abs(f1 / f2 - R_HAT), "<=", E, on=EVERYWHERE, given=[*RATIO, G > 0])


@claim(source=SOURCE)
def uniformly_positive():
    """Where f2 >= c: |f1/f2 - g1/G| <= e/c, without an output clip, and G = max(g2, c)
    costs nothing."""
    given = [b >= 0, c > 0, f2 >= c, Abs(f1) <= b * f2]
    yield inequality(Abs(f1 / f2 - g1 / G), "<=", E / c, on=EVERYWHERE, given=[*given, c <= G])
    yield inequality(Abs(f2 - Max(g2, c)), "<=", Abs(f2 - g2), on=EVERYWHERE, given=given)


@claim(source=SOURCE)
def weighted(D, e):
    """f2 |f1/f2 - r̂|² <= min(e²/c, 2be): against the density κ f2 even the positive
    case costs 1/c, not 1/c².

    D stands for |f1/f2 - r̂|; the two pointwise lemmas say what is known of it.
    """
    yield uses("ratio.error_times_denominator")
    yield uses("ratio.error_times_approximate_denominator")
    yield inequality(Abs(f1 / f2 - R_HAT), "<=", 2 * b, on=EVERYWHERE, given=[*RATIO, G > 0])
    known = [c > 0, f2 > 0, c <= G, b >= 0, D >= 0, 2 * b >= D, f2 * D <= e, e >= G * D]
    yield inequality(f2 * D**2, "<=", e**2 / c, given=known)
    yield inequality(f2 * D**2, "<=", 2 * b * e, given=known)


@claim(source=SOURCE)
def positivity_free():
    """With G = max(g2, c), e <= |f1-g1| + b|f2-g2| + bc 1{f2 < c}: no lower bound of f2 is needed.

    With `weighted`, f2 |f1/f2 - r̂|² <= 2b(|f1-g1| + b|f2-g2| + bc 1{f2 < c}).
    """
    yield uses("ratio.weighted")
    error, plain = E.subs(G, Max(g2, c)), Abs(f1 - g1) + b * Abs(f2 - g2)
    yield inequality(error, "<=", plain, on=EVERYWHERE, given=[b >= 0, c > 0, f2 >= c])
    yield inequality(
        error, "<=", plain + b * c, on=EVERYWHERE, given=[b >= 0, c > 0, f2 > 0, f2 < c]
    )


@claim(source=SOURCE)
def clipping_never_hurts(r, v):
    """A clip to a range that contains the target brings every value nearer to it."""
    yield inequality(
        Abs(f2 - clip(c, C, g2)), "<=", Abs(f2 - g2), on=EVERYWHERE, given=[c <= f2, f2 <= C]
    )
    yield inequality(
        Abs(f1 - clip(-b * C, b * C, g1)),
        "<=",
        Abs(f1 - g1),
        on=EVERYWHERE,
        given=[b * C >= 0, Abs(f1) <= b * C],
    )
    yield inequality(
        Abs(r - clip(-b, b, v)), "<=", Abs(r - v), on=Box(v=(-oo, oo)), given=[b >= 0, Abs(r) <= b]
    )


@claim(source=SOURCE)
def smooth_clip_costs_little(t, v):
    """The clip gate clip_M costs at most 1/M more than the exact clip: nothing else
    in [c, C], at most c in [0, c]."""
    yield uses("gates.clip_gate")
    smooth = gates.clip(c, C, M)(v)
    yield inequality(
        Abs(t - smooth),
        "<=",
        Abs(t - v) + 1 / M,
        on=Box(t=(c, C), v=(-oo, oo)),
        given=[c < C, M > 0],
    )
    yield inequality(
        Abs(t - clip(c, C, v)),
        "<=",
        Abs(t - v) + c,
        on=Box(t=(0, c), v=(-oo, oo)),
        given=[c > 0, c < C],
    )


@claim(source=SOURCE)
def division_after_clips(s):
    """The clip layer feeds the division gate: g2 to [c, C] and g1 to [-bC, bC], since the
    gate needs |y| <= B = bC."""
    top, bottom = gates.clip(-b * C, b * C, M)(g1), gates.clip(c, C, M)(g2)
    quotient = gates.division(c, C, b * C, s)(bottom, top)
    given = [b > 0, c > 0, c < C, s > b * C + C, M > 0]
    yield identity(quotient, top / bottom, on=Box(g1=(-oo, oo), g2=(-oo, oo)), given=given)


# -- norms -----------------------------------------------------------------------------------------

PARAMETERS = [b > 0, c > 0, M > 0, mass > 0]
RATE, GROWTH = ratio.RATE, ratio.GROWTH ** ((d + 3) / (2 * d))
SIZE = (2 * R**2 / (pi * sigma**2)) ** (d / 2)  # κ|Ω|


@claim(source=SOURCE)
def error_in_norm(e1, e2):
    """‖e‖_p <= error = 2b approximation + (1+b)/M, where ‖f2 - g2‖_p <= approximation.

    Then ‖f1 - g1‖_p <= b approximation, since V is proportional to the mass, and the clips
    cost 1/M each. Of two independent draws some pair is as good as the expectations. e1, e2 are
    the norms of f1 - g̃1 and f2 - G.
    """
    yield uses("ratio.smooth_clip_costs_little")
    yield uses("marginals.approximation")
    yield uses("textbook.norms")
    given = [b >= 0, M > 0, e1 <= b * approximation + 1 / M, e2 <= approximation + 1 / M]
    yield inequality(e1 + b * e2, "<=", ratio.ERROR, given=given)


@claim(source=SOURCE)
def uniform_squared_norm(norm, A, D):
    """∫_Ω q |f1/f2 - g̃1/G|² dx <= mass κ|Ω| (‖e‖_2/c)² where f2 >= c: the uniform
    bound, since f2 <= mass.

    A is κ|Ω|, D stands for |f1/f2 - g̃1/G|, norm is its L² norm. The network 0 achieves
    b² mass: q (f1/f2)² <= b² q, and q, whose integral is A in the last statement,
    integrates to at most the mass.
    """
    yield uses("ratio.uniformly_positive")
    yield uses("ratio.error_in_norm")
    yield inequality(f2 * D**2, "<=", mass * D**2, on=Box(D=(0, oo)), given=[f2 > 0, f2 <= mass])
    given = [*PARAMETERS, A > 0, error_l2 >= 0, norm >= 0, norm <= error_l2 / c]
    yield inequality(mass * A * norm**2, "<=", ratio.UNIFORM_SQUARED.subs(SIZE, A), given=given)
    yield inequality(f2 * (f1 / f2) ** 2, "<=", b**2 * f2, on=Box(f1=(-oo, oo)), given=RATIO)
    yield inequality(b**2 * A, "<=", ratio.TRIVIAL, given=[*PARAMETERS, A >= 0, mass >= A])


@claim(source=SOURCE)
def weighted_norm(norm, A, v):
    """∫_Ω q |f1/f2 - r|² dx <= (√(κ|Ω|/c) ‖e‖_2 + √mass/M)² where f2 >= c: q = κ f2 is
    the density, κ = (2πσ²)^(-d/2).

    A is κ|Ω|, norm that of f1/f2 - r̂ in L²(q): norm² <= κ ∫ e²/c by `weighted`, and r, the output
    of the clip gate, is within 1/M of r̂, where q integrates to at most the mass of the measure.
    """
    yield uses("ratio.weighted")
    yield uses("ratio.error_in_norm")
    volume = SIZE.subs(sigma, sqrt(v))  # v is the variance σ²
    yield inequality(
        (2 * pi * v) ** (-d / 2) * (2 * R) ** d, "<=", volume, given=[R > 0, v > 0, d >= 1]
    )
    given = [*PARAMETERS, A > 0, error_l2 >= 0, norm >= 0, norm <= sqrt(A / c) * error_l2]
    yield inequality((norm + sqrt(mass) / M) ** 2, "<=", ratio.WEIGHTED.subs(SIZE, A), given=given)


@claim(source=SOURCE)
def positivity_free_norm(norm, A):
    """∫_Ω q |f1/f2 - r|² dx <= (√(2bκ|Ω|(‖e‖_2 + bc)) + √mass/M)² for every f2 > 0, so c may
    be as small as one likes.

    norm² <= 2bκ ∫ e by `positivity_free`, and the mean of e is at most its norm;
    where f2 < c, e has bc more.
    """
    yield uses("ratio.positivity_free")
    yield uses("ratio.weighted_norm")
    given = [
        *PARAMETERS,
        A > 0,
        error_l2 >= 0,
        norm >= 0,
        norm <= sqrt(2 * b * A * (error_l2 + b * c)),
    ]
    yield inequality(
        (norm + sqrt(mass) / M) ** 2, "<=", ratio.POSITIVITY_FREE.subs(SIZE, A), given=given
    )


@claim(source=SOURCE)
def crossing(s):
    """The weighted bound is at most the positivity-free one exactly while ‖e‖_2 <= (1+√3) bc.

    For s = ‖e‖_2/(bc) the question is e²/c against 2b(e + bc), which is s² against 2(s + 1).
    """
    yield identity((b * c * s) ** 2 / c, s**2 * (b**2 * c), on=Box(s=(0, oo)), given=[b > 0, c > 0])
    yield identity(
        2 * b * (b * c * s + b * c),
        2 * (s + 1) * (b**2 * c),
        on=Box(s=(0, oo)),
        given=[b > 0, c > 0],
    )
    yield identity(ratio.CROSSING, (1 + sqrt(3)) * (b * c), given=[b > 0, c > 0])
    yield inequality(s**2, "<=", 2 * (s + 1), on="s in [0, 1 + sqrt(3)]")
    yield inequality(s**2, ">", 2 * (s + 1), on="s in (1 + sqrt(3), oo)")


# -- for every number of neurons -------------------------------------------------------------------


@claim(source=SOURCE)
def neurons():
    """N_2(k) = 2 + 2d(k+1)^d + 8d k^d neurons give g1 and g2 with the same
    corners; N_2(k+1) <= N_2(2) k^d.

    So for n >= N_2(1) the largest whole k with N_2(k) <= n has n < N_2(2) k^d, and then
    k^(-(d+3)/2) <= (N_2(2)/n)^(1/2+3/(2d)).
    """
    yield uses("marginals.neurons")
    powers = [k >= 1, d >= 1, k**d >= 1, (k + 1) ** d <= 2**d * k**d, (k + 2) ** d <= 3**d * k**d]
    yield inequality(ratio.NEURONS.subs(k, k + 1), "<=", ratio.GROWTH * k**d, given=powers)
    given = [d >= 1, k >= 1, n >= ratio.N_0, n <= ratio.GROWTH * k**d]
    yield inequality(k ** (-shallow.EXPONENT), "<=", GROWTH * RATE, given=given)


def _all_n(factor, constant):
    """error/c <= C n^(-1/2-3/(2d)) + C'/M, from the bound of lp by n."""
    uniform = ratio.UNIFORM.subs(ratio.error, ratio.ERROR).subs(approximation, ratio.APPROXIMATION)
    bound = ratio.BOUND_AT_N.subs({ratio.C: constant, ratio.C_prime: ratio.C_PRIME})
    given = [
        b >= 0,
        c > 0,
        M > 0,
        R > 0,
        V > 0,
        d >= 1,
        n >= ratio.N_0,
        lp <= factor * GROWTH * RATE,
    ]
    return inequality(uniform, "<=", bound, given=[*given, c_hoeffding > 0, c_sharp > 0])


@claim(
    source="derived here: what replaces reading B of the symbol M",
    reading=Reading(
        "P2",
        "M is the weight scale of the activation, in a sum instead of a product",
        ratio.BOUND_AT_N,
    ),
)
def rate_with_m_in_a_sum():
    """For n >= N_2(1), p <= 2 and f2 >= c: ‖f1/f2 - g̃1/G‖_p <= C n^(-1/2-3/(2d)) + C'/M, M the
    weight scale.

    Reading B, mended: a sum does hold, since ρ_M instead of ReLU costs at most 1/M times
    the sum of the coefficients.
    """
    yield uses("ratio.uniformly_positive")
    yield uses("ratio.error_in_norm")
    yield uses("ratio.division_after_clips")
    yield uses("ratio.neurons")
    yield _all_n(c_sharp * V * R, ratio.C_UP_TO_2)


@claim(source=SOURCE)
def rate_above_two():
    """The same for 2 < p < ∞, with the constant of Hoeffding's inequality."""
    yield uses("ratio.rate_with_m_in_a_sum")
    yield uses("marginals.above_two_by_hoeffding")
    yield _all_n(c_hoeffding, ratio.C_ABOVE_2)


@claim(
    label="P",
    source="arXiv:2601.21242, abstract; reading A of its symbol M, with constants derived here",
    reading=Reading(
        "P2",
        "A: M is the lower bound of f2; A is M times the constant C",
        2 * symbols("A") * RATE / M,
    ),
)
def rate_with_m_the_lower_bound(A, S, Q):
    """Reading A: M is the lower bound of f2. Then the L^p error is at most 2A M^-1
    n^(-1/2-3/(2d)) for n >= N_2(1).

    The network has depth 7 and width max(n, 4); its weights have the scale S >= Q/A n^(1/2+3/(2d)).
    A and Q are M times the constants C and C' of `rate_with_m_in_a_sum` (of `rate_above_two`
    where p > 2), so they do not depend on M; b is fixed here, and A grows with it.
    """
    yield uses("architecture.depth_seven")
    yield uses("ratio.rate_with_m_in_a_sum")
    yield uses("ratio.rate_above_two")
    given = [M > 0, A > 0, Q > 0, d >= 1, n >= 1, S >= Q / (A * RATE)]
    yield inequality((A * RATE + Q / S) / M, "<=", 2 * A * RATE / M, given=given)


@claim(
    label="P",
    source="arXiv:2601.21242, abstract; reading B of its symbol M, refuted here",
    reading=Reading("P2", "B: M is the weight scale of the activation, in a product", refuted=True),
)
def no_rate_with_m_the_weight_scale(distance, K):
    """Reading B: M is the weight scale of the activation. The product bound K M^-1 n^(-1/2-3/(2d))
    then fails: for a fixed n it tends to 0 as M grows, but the distance to all networks
    with n neurons does not."""
    yield cited(
        "the L^p distance from a ratio of marginals that is not rational to the networks with n "
        "neurons is positive",
        "on a line these networks are piecewise rational with boundedly many pieces and bounded "
        "degree, a set closed in L^p that contains no such function; an argument in words, "
        "not checked by machine",
    )
    sizes = [distance > 0, K > 0, n >= 1, d >= 1]
    product = inequality(distance, "<=", K * RATE / M, given=[*sizes, M > 0])
    yield fails(product, at={M: 2 * K * RATE / distance}, given=sizes)
