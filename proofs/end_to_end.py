"""The end-to-end theorem: the excess risk of a diffusion model with learnt
predictors, from its parts.

Setting, class and constants are those of `boundcheck.theory.formulas.end_to_end`. At
step t the class consists of functions that are 0 off Ω_t = [-R, R]^d and at most B in size;
the target of the oracle inequality is the Bayes predictor times the indicator of Ω_t, which is
the conditional expectation of x_0 times that indicator. So what happens off the box counts once.
Every choice of the box, the width, c and the radius of the net is allowed, at each step.
"""

from boundcheck import Box, Q, Reading, claim, identity, inequality, symbols, uses
from boundcheck.math import Abs, Max, Min, exp, oo, pi, sqrt
from boundcheck.theory.formulas import diffusion, end_to_end, oracle
from boundcheck.theory.formulas.diffusion import alpha_bar, second_moment, w
from boundcheck.theory.formulas.end_to_end import approximation, off_box, slope
from boundcheck.theory.formulas.oracle import b
from boundcheck.theory.formulas.ratio import c, error_l2
from boundcheck.theory.formulas.shallow import M, R, V, d, sigma

SOURCE = "derived here"

norm, A, z = symbols("norm A z")
HALF = Q(1, 2)
SIZE = (2 * R**2 / (pi * sigma**2)) ** (d / 2)  # κ|Ω|
SIZES = [d >= 1, w >= 0]


# -- approximation by the class --------------------------------------------------------------------


@claim(source=SOURCE)
def uniform_with_the_output_clip():
    """∫_Ω q |f1/f2 - r|² <= UNIFORM where f2 >= c: the output clip, which makes r
    bounded by B, costs 1/M.

    norm is that of f1/f2 - g̃1/G in L²(q), where q integrates to at most 1; mass = 1, since f2
    belongs to a probability.
    """
    yield uses("ratio_networks.uniform_squared_network")
    yield uses("ratio.smooth_clip_costs_little")
    given = [A > 0, c > 0, M > 0, error_l2 >= 0, norm >= 0, norm**2 <= A * (error_l2 / c) ** 2]
    yield inequality((norm + 1 / M) ** 2, "<=", end_to_end.UNIFORM.subs(SIZE, A), given=given)


@claim(source=SOURCE)
def three_versions():
    """The bounds of the ratio theorem for mass = 1: `weighted` and `positivity_free` have
    the output clip already.

    norm is that of f1/f2 - r̂ in L²(q). Where c is a lower bound of f2 on Ω it may be `positivity`.
    """
    yield uses("end_to_end.uniform_with_the_output_clip")
    yield uses("ratio_networks.weighted_network")
    yield uses("ratio_networks.positivity_free_network")
    yield uses("bayes_predictor.ratio_of_marginals")
    yield uses("positivity.largest_distance")
    given = [A > 0, b > 0, c > 0, M > 0, error_l2 >= 0, norm >= 0]
    weighted, free = (f.subs(SIZE, A) for f in (end_to_end.WEIGHTED, end_to_end.POSITIVITY_FREE))
    yield inequality(
        (norm + 1 / M) ** 2, "<=", weighted, given=[*given, norm <= sqrt(A / c) * error_l2]
    )
    yield inequality(
        (norm + 1 / M) ** 2,
        "<=",
        free,
        given=[*given, norm <= sqrt(2 * b * A * (error_l2 + b * c))],
    )
    inside = [alpha_bar > 0, alpha_bar < 1, d >= 1, diffusion.B > 0, R > 0]
    yield inequality(diffusion.POSITIVITY, "<", 1, given=inside)
    yield inequality(diffusion.POSITIVITY, ">", 0, given=inside)


@claim(source=SOURCE)
def slope_at_the_origin(S, q):
    """|∇f2(0)|_1 <= √d exp(-1/2)/σ = slope, since z exp(-z²/2) <= exp(-1/2), z = |u|_2/σ.

    ∇f2(0) is a mean of (u/σ²) exp(-|u|²/(2σ²)), with |u|_1 <= √d |u|_2; S is |u|_1/σ. For f1 the
    mean has the weights u_j, |u_j| <= b.
    """
    yield uses("textbook.expectation")
    yield inequality(z * exp(-(z**2) / 2), "<=", exp(-HALF), on=Box(z=(0, oo)))
    given = [d >= 1, sigma > 0, z >= 0, S >= 0, sqrt(d) * z >= S, q > 0, z * q <= exp(-HALF)]
    yield inequality(S / sigma * q, "<=", end_to_end.SLOPE, given=given)


@claim(source=SOURCE)
def parameters_of_the_construction(T, S, g, v, a, s):
    """No parameter of the constructed shallow layers is larger than THETA, so
    they belong to the class.

    Ridge neurons: |v_i| <= 1; the bias s is at most Rd, at corners of cells too; each
    coefficient is at most their sum, 3V for g2 and 3bV for g1. Affine neurons: weights of at
    most S = |∇f2(0)|_1 <= slope, the bias RS, the coefficient 1; the bias of the output is g - RS
    with g = f2(0). For f1 they are b times numbers of these sizes, with |g| <= 1, but for
    the coefficient 1. T stands for the maximum.
    """
    yield uses("end_to_end.slope_at_the_origin")
    yield uses("marginals.approximation")
    yield uses("strata_networks.cost_of_neurons")
    sizes = [d >= 1, R > 0, V > 0, slope > 0, b >= 0]
    for size in (1, R * d, 3 * V, slope, 1 + R * slope):
        yield inequality(size, "<=", end_to_end.THETA, given=sizes)
        yield inequality(b * size, "<=", end_to_end.THETA, given=sizes)
    ridge = [v >= 0, v <= 1, s >= 0, s <= R * d, R > 0, d >= 1, R * d <= T, T >= 1]
    for size in (v, s):
        yield inequality(size, "<=", T, given=ridge)
    yield inequality(a, "<=", T, given=[V > 0, a >= 0, a <= 3 * V, T >= 3 * V])
    affine = [
        R > 0,
        slope > 0,
        S >= 0,
        slope >= S,
        slope <= T,
        1 + R * slope <= T,
        R * slope >= R * S,
    ]
    for size in (S, R * S, Abs(g - R * S)):
        yield inequality(size, "<=", T, given=[*affine, Abs(g) <= 1])
    for size in (z, b * z):
        yield inequality(size, "<=", Max(1, b) * T, given=[b >= 0, z >= 0, z <= T, T >= 1])


# -- one step --------------------------------------------------------------------------------------


@claim(source=SOURCE)
def on_and_off_the_box(f, y, i):
    """|x̂_0 - f*|² is |x̂_0 - f* 1_Ω|² on Ω, and |f*|² off it, where x̂_0 = 0: the two parts add up.

    i is the indicator of Ω, so that i(1-i) = 0, x̂_0 = if with some function f, and y is f*.
    For y = x_0 it says that the empirical risk for x_0 exceeds that for x_0 1_Ω by the mean
    of |x_0|² off Ω, the same for all predictors of the class: whoever minimises one up to eps
    minimises the other. And E[x_0 1_Ω|x_t] = f* 1_Ω.
    """
    yield uses("off_box.tail_by_exponentials")
    yield uses("textbook.expectation")
    parts = (i * f - i * y) ** 2 + (1 - i) * y**2
    yield identity(
        (i * f - y) ** 2, parts + i * (1 - i) * (y**2 - 2 * f * y), on=Box.reals("f", "y", "i")
    )


@claim(source=SOURCE)
def one_step(inside, outside, a):
    """w_t E|x̂_0 - E[x_0|x_t]|² <= w (A (d approximation + eps) + d (net + estimation) + off_box)
    = excess.

    inside is the part on Ω, by the oracle inequality for all coordinates together;
    a, the infimum over the class there, is at most d times the approximation of one coordinate;
    outside is the part off Ω. c, R, k and delta are free at each step; log_n is that of `covering`
    for n = N_2(k) neurons and THETA.
    """
    yield uses("end_to_end.on_and_off_the_box")
    yield uses("end_to_end.three_versions")
    yield uses("end_to_end.parameters_of_the_construction")
    yield uses("oracle.in_coordinates")
    yield uses("ratio_covering.ratio_covering_number")
    yield uses("neuron_counts.cells_for_neurons")
    yield uses("diffusion_chain.error_decomposition")
    known = [
        *SIZES,
        oracle.A > 0,
        a <= d * approximation,
        inside <= oracle.ORACLE_DIAL.subs(oracle.comparator, a),
        outside <= off_box,
    ]
    box = Box.reals(
        *("A", "inside", "outside", "a", "approximation", "off_box", "net", "estimation", "eps")
    )
    yield inequality(w * (inside + outside), "<=", end_to_end.EXCESS, on=box, given=known)
    parts = sum(end_to_end.PARTS.values())
    yield identity(parts, end_to_end.EXCESS, on=box, given=SIZES)


@claim(source=SOURCE)
def predictor_zero(m2):
    """The predictor 0 has the excess w E|E[x_0|x_t]|² <= w E|x_0|²: a larger bound says nothing.

    E|x_0|² = E|E[x_0|x_t]|² + mmse_t. m2 is E|E[x_0|x_t]|².
    """
    yield uses("diffusion_chain.error_decomposition")
    given = [w >= 0, diffusion.mmse >= 0, m2 + diffusion.mmse <= second_moment]
    yield inequality(w * m2, "<=", end_to_end.TRIVIAL, on=Box.reals("m2"), given=given)


# -- all steps -------------------------------------------------------------------------------------


@claim(
    label="P",
    source=(
        "arXiv:2601.21242 claims that the excess KL risk splits into an approximation and an "
        "estimation error; this form and its constants are derived here"
    ),
    reading=Reading(
        "P4", "the excess of a step is at most this, and the steps add up", end_to_end.EXCESS
    ),
)
def end_to_end_bound(S, T, e, f, prior, steps, K, x):
    """E KL(q(x_1) ‖ p(x_1)) <= prior_term + Σ bayes_step_t + Σ excess_t over t >= 2, for
    learnt predictors.

    The sums are over the steps: in the first statement S and T are the sums up to a step, e <= f
    what it adds. At each step the version may be another, so the smallest of the three may be
    taken. The expectation is over the samples. The same holds for x_s, s > 1, with the sums
    over t > s: the decomposition is an induction from T down, stopped earlier.
    """
    yield uses("diffusion_chain.error_decomposition")
    yield uses("end_to_end.one_step")
    yield uses("textbook.expectation")
    yield inequality(S + e, "<=", T + f, on=Box.reals("S", "T", "e", "f"), given=[S <= T, e <= f])
    known = [prior + steps + S >= K, S <= T]
    yield inequality(
        K, "<=", prior + steps + T, on=Box.reals("K", "prior", "steps", "S", "T"), given=known
    )
    yield inequality(
        S + Min(e, x), "<=", T + f, on=Box.reals("S", "T", "e", "f", "x"), given=[S <= T, e <= f]
    )
