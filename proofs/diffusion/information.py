"""What the Bayes predictor's steps cost, by information: sharper bounds, and what nothing but an
affine predictor achieves.

The formulas are those of `boundcheck.theory.formulas.information`; the setting is that of
`proofs/diffusion/diffusion.py`. a, b, c stand for densities at a point, as there.
"""

from boundcheck import Box, cited, claim, identity, inequality, symbols, theorem, uses
from boundcheck.math import diff, exp, sqrt
from boundcheck.theorems.author.words import Forall, Sum, sequence
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theory.formulas import diffusion, information
from boundcheck.theory.formulas.diffusion import alpha_bar, mmse, w

SOURCE = "derived here"
VARIANCES = [diffusion.posterior_variance > 0, diffusion.sigma2 > 0, diffusion.d >= 1]


# -- what is cited ---------------------------------------------------------------------------------


@claim(source="Guo, Shamai, Verdú 2005", label="C")
def information_and_error():
    """The derivative of I(x_0; √s x_0 + ε) is half of the mean squared error."""
    yield cited(
        "d/ds I(x_0; √s x_0 + ε) = E|x_0 - E[x_0|√s x_0 + ε]|²/2 for ε ~ N(0, I), E|x_0|² < ∞",
        "Guo, Shamai, Verdú 2005, theorem 1",
    )


# -- sums by parts ---------------------------------------------------------------------------------


@theorem(source=SOURCE)
def sum_by_parts(t):
    """If w(k) <= W(k), W falls, m grows, 0 <= m(k) <= M(k), then the sum of
    w(k + 1)(m(k + 1) - m(k)) is at most that of (W(k + 1) - W(k + 2)) M(k + 1), where W ends with
    0: index k + 1 is the step, from s = a + 1 to T = b + 1."""
    k, a, b = t.nat("k a b")
    w, W, m, M = t.sequence("w W m M", REAL)
    n = t.nat("n")
    zero = sequence(k, 0)
    t.example(w=zero, W=zero, m=zero, M=zero, a=0, b=0)
    below = t.given(Forall(k, w(k) <= W(k)))
    falls = t.given(Forall(k, W(k + 1) <= W(k)))
    grows = t.given(Forall(k, m(k) <= m(k + 1)))
    bounded = t.given(Forall(k, m(k) <= M(k)))
    start, last = t.given(m(a) >= 0, W(b + 2).eq(0))
    sign = t.given(W(a + 1) >= 0)
    ordered = t.given(a <= b)

    def left(n):
        return Sum(w(k + 1) * (m(k + 1) - m(k)), (k, a, n))

    def right(n):
        return Sum((W(k + 1) - W(k + 2)) * M(k + 1), (k, a, n))

    def claim(n):
        return left(n) <= right(n) + W(n + 2) * m(n + 1) - W(a + 1) * m(a)

    def one(n):
        """(w, W, m, M) at one step."""
        return [below(n + 1), falls(n + 1), grows(n), bounded(n + 1)]

    base = [*one(a), t.single(left(a)), t.single(right(a))]
    with t.induct(claim(n), n, start=a, base=base) as step:
        order = step.facts[0]
        longer = [t.unroll(left(n + 1)), t.unroll(right(n + 1))]
        t.show(step.goal, by=[step.hypothesis, order, *longer, *one(n + 1)])
    whole = step(b, by=ordered)
    positive = t.show(W(a + 1) * m(a) >= 0, by=[sign, start])
    return t.show(left(b) <= right(b), by=[whole, positive, last])


# -- the Bayes predictor's steps -------------------------------------------------------------------


@claim(source=SOURCE)
def bayes_step(k, j, before, cost):
    """bayes_t <= VARIANCE_COST + w_t mmse_t - w̃_t mmse_{t-1}, t >= 2, and mmse_{t-1} <= mmse_t.

    x_t is a bijection of √s x_0 + ε with s = snr_t, and x_0, x_{t-1}, x_t is a Markov chain: so
    j = I(x_0; x_{t-1}|x_t) = I(x_0; x_{t-1}) - I(x_0; x_t) is half of the integral of the error
    over [snr_t, snr_{t-1}], which falls in s (add noise to the better observation): it is
    at least w̃_t mmse_{t-1}. k is bayes_t = w_t mmse_t + VARIANCE_COST - j (`diffusion.bayes_step`).
    """
    yield uses("diffusion.bayes_step")
    yield uses("diffusion.weights_telescope")
    yield uses("diffusion.information_telescopes")
    yield uses("information.information_and_error")
    w_best = information.w_best
    given = [before >= 0, w_best > 0, j >= w_best * before, k <= w * mmse + cost - j]
    yield inequality(
        k, "<=", cost + w * mmse - w_best * before, on=Box.reals("k", "cost", "mmse"), given=given
    )


@claim(source=SOURCE)
def bayes_steps(before, largest, later):
    """Σ_{t>=s} bayes_t is at most Σ_{t>=s} BAYES_STEP: `fall` is W_t - W_{t+1}, W_t the largest of
    w̃_t, ..., w̃_T, and `mmse` any bound of mmse_t.

    w_t mmse_t - w̃_t mmse_{t-1} = (w_t - w̃_t) mmse_t + w̃_t (mmse_t - mmse_{t-1}); the second terms
    are summed by parts.
    """
    yield uses("information.bayes_step")
    yield uses("information.sum_by_parts")
    w_best = information.w_best
    split = (w - w_best) * mmse + w_best * (mmse - before)
    symbols_of_both = Box.reals("w", "mmse", "w_best", "before")
    yield identity(w * mmse - w_best * before, split, on=symbols_of_both)
    yield inequality(
        diffusion.VARIANCE_COST + (w - w_best) * mmse + (largest - later) * mmse,
        "<=",
        information.BAYES_STEP.subs(information.fall, largest - later),
        on=Box.reals("w", "w_best", "largest", "later"),
        given=[*VARIANCES, mmse >= 0],
    )


@claim(source=SOURCE)
def affine_predictor(a, q, z, u, moment):
    """E|x_0 - x̂_0|² is at most AFFINE for the affine predictor m + a(y - m) with y = x_t/√ᾱ_t
    projected to the affine space of dimension `rank` that contains x_0, and m = E x_0.

    In a coordinate of that space, with s = (1 - ᾱ)/ᾱ: u - a(u + √s z) where u = x_0 - m;
    E u z = 0 and E z² = 1. Summed over them, (1 - a)² E|x_0 - m|² + a² rank s, which grows with
    E|x_0 - m|²; a is the best one for the bound `spread` of it. With m = 0 and a linear space
    this holds for E|x_0|² as well.
    """
    yield uses("diffusion.forward_kernel")
    yield uses("textbook.expectation")
    spread, rank = information.spread, information.rank
    split = (1 - a) ** 2 * u**2 + a**2 * q**2 * z**2 - 2 * (1 - a) * a * q * (u * z)
    yield identity((u - a * (u + q * z)) ** 2, split, on=Box.reals("a", "u", "q", "z"))
    known = [alpha_bar > 0, alpha_bar < 1, rank >= 1, spread >= 0]
    s = (1 - alpha_bar) / alpha_bar
    best = spread / (spread + rank * s)
    risk = (1 - best) ** 2 * moment + best**2 * rank * s
    yield identity(risk.subs(moment, spread), information.AFFINE, given=known)
    given = [*known, moment >= 0, moment <= spread]
    yield inequality(risk, "<=", information.AFFINE, given=given)
    yield inequality(information.AFFINE, "<=", spread, given=known)


@claim(source=SOURCE)
def error_for_atoms(a, b, rest, product):
    """mmse_t is at most the sum of ATOMS over the pairs of atoms.

    The trace of the covariance of the posterior is Σ_{i<j} π_i π_j |u_i - u_j|², π_i = a_i/q with
    a_i = p_i φ_i and q their sum; the mean of π_i π_j is ∫ a b/q <= ∫ a b/(a + b) <= ∫ √(ab)/2, and
    the integral of √(φ_i φ_j), of normal densities with the variance 1/snr at a distance D, is
    exp(-snr D²/8): the square is completed below, in one coordinate.
    """
    yield uses("diffusion.bayes_predictor")
    yield uses("textbook.expectation")
    known = [a > 0, b > 0, rest >= 0]
    yield inequality(a * b / (a + b + rest), "<=", a * b / (a + b), given=known)
    yield inequality(a * b / (a + b), "<=", sqrt(a * b) / 2, given=known[:2])
    x, u, v, snr, square = *symbols("x u v"), information.snr, information.square
    half = snr * (x - u) ** 2 / 4 + snr * (x - v) ** 2 / 4
    whole = snr * (x - (u + v) / 2) ** 2 / 2 + snr * (u - v) ** 2 / 8
    yield identity(half, whole, on=Box.reals("x", "u", "v"), given=[snr > 0])
    p_i, p_j = information.p_i, information.p_j
    positive = [p_i > 0, p_j > 0, snr >= 0, square >= 0]
    yield inequality(
        square * product,
        "<=",
        information.ATOMS,
        given=[*positive, product >= 0, product <= sqrt(p_i * p_j) * exp(-snr * square / 8) / 2],
    )


@claim(source=SOURCE)
def information_of_atoms():
    """H(x_0) - I(x_0; x_t) is at most the sum of LEAK over the pairs.

    It is half of the integral of mmse over [snr, ∞), as I tends to H, so at most that of the sum
    of ATOMS, which is the derivative of -LEAK; and LEAK tends to 0.
    """
    yield uses("information.information_and_error")
    yield uses("information.error_for_atoms")
    yield uses("textbook.calculus")
    snr = information.snr
    positive = [information.p_i > 0, information.p_j > 0, information.square > 0]
    slope = -diff(information.LEAK, snr)
    yield identity(slope, information.ATOMS / 2, on=Box.reals("snr"), given=positive)
    yield inequality(information.ENTROPY, ">=", 0, given=[information.p > 0, information.p <= 1])


@claim(source=SOURCE)
def without_learning(loss, gain, apart, total, steps, above, prior, start, end):
    """KL(x_{s-1} ‖ model) <= prior_term + Σ_{t>=s} WITHOUT_LEARNING - I(x_0; x_{s-1}), s >= 2, for
    the affine predictor.

    A step with the predictor x̂_0 costs bayes_t + w_t E|x̂_0 - E[x_0|x_t]|², and bayes_t is w_t
    mmse_t + VARIANCE_COST - I(x_0; x_{t-1}|x_t), below `gain`; the two errors have the sum
    E|x_0 - x̂_0|², and the informations telescope to I(x_0; x_{s-1}) - I(x_0; x_T), start - end. The
    last one is paid by `prior_term`, below `above`, which bounds KL(x_T ‖ N(0, I)) + I(x_0; x_T).
    """
    yield uses("diffusion_chain.error_decomposition")
    yield uses("diffusion.bayes_step")
    yield uses("diffusion.information_telescopes")
    yield uses("diffusion.prior_term")
    yield uses("information.affine_predictor")
    known = [alpha_bar > 0, alpha_bar < 1, information.spread >= 0, information.rank >= 1]
    yield inequality(
        (w * mmse + diffusion.VARIANCE_COST - gain) + w * apart,
        "<=",
        information.WITHOUT_LEARNING - gain,
        on=Box.reals("gain", "mmse", "apart", "loss"),
        given=[*VARIANCES, *known, w > 0, mmse + apart <= loss, loss <= information.AFFINE],
    )
    yield inequality(
        total,
        "<=",
        above + steps - start,
        on=Box.reals("total", "above", "steps", "start", "prior", "end"),
        given=[total <= prior + (steps - (start - end)), prior + end <= above],
    )
