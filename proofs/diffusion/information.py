"""Errors of an affine predictor on an affine space, and errors and information of atoms.

The formulas are those of `boundcheck.theory.formulas.information`; the setting is that of
`noise_levels`. These are steps: of the affine predictor only the case rank = d is a theorem,
`noise_levels.affine_predictor`, since the projection to a space of a smaller dimension, and the
sums over pairs of atoms, have not been written in formulas.
"""

from boundcheck import Box, claim, identity, inequality, symbols, uses
from boundcheck.math import exp, log, sqrt
from boundcheck.theory.formulas import information
from boundcheck.theory.formulas.diffusion import alpha_bar

SOURCE = "derived here"


@claim(source=SOURCE)
def affine_predictor(a, q, z, u, moment):
    """E|x_0 - x̂_0|² is at most AFFINE for the affine predictor m + a(y - m) with y = x_t/√ᾱ_t
    projected to the affine space of dimension `rank` that contains x_0, and m = E x_0.

    In a coordinate of that space, with s = (1 - ᾱ)/ᾱ: u - a(u + √s z) where u = x_0 - m;
    E u z = 0 and E z² = 1. Summed over them, (1 - a)² E|x_0 - m|² + a² rank s, which grows with
    E|x_0 - m|²; a is the best one for the bound `spread` of it. With m = 0 and a linear space
    this holds for E|x_0|² as well. It is steps, since the projection to the space is not written
    as a formula yet.
    """
    yield uses("noise_levels.forward_kernel")
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
    exp(-snr D²/8): the square is completed below, in one coordinate. It is steps, since the sum
    over the pairs is not written as a formula yet.
    """
    yield uses("bayes_predictor.ratio_of_marginals")
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
def information_of_atoms(a, b):
    """H(x_0) - I(x_0; x_t) is at most the sum of LEAK over the pairs.

    It is the mean entropy of the posterior, of the π_k log(1/π_k) with π_k = a_k/q as above. There
    log(1/π_k) = log(1 + Σ a_j/a_k) over the j other than k is at most the sum of log(1 + a_j/a_k)
    <= √(a_j/a_k). So each pair has 2 √(a_i a_j)/q at most, whose mean is the integral in
    `error_for_atoms`. It is steps, since the sum over the pairs is not written as a formula yet.
    """
    yield uses("information.error_for_atoms")
    yield uses("textbook.expectation")
    one, other = [a >= 0], [a >= 0, b >= 0]
    yield inequality(log(1 + a + b), "<=", log(1 + a) + log(1 + b), given=other)
    yield inequality(log(1 + a**2), "<=", a, given=one)
    positive = [information.p_i > 0, information.p_j > 0, information.square > 0]
    leak = information.LEAK.subs(information.snr, 0)
    yield identity(leak, 2 * sqrt(information.p_i * information.p_j), given=positive)
    yield inequality(information.ENTROPY, ">=", 0, given=[information.p > 0, information.p <= 1])
