"""The diffusion model: the Bayes predictor as a ratio of kernel marginals, and the
divergence of DDPM, term by term.

Setting: x_0 in [-B, B]^d with the law p_0; x_t = √(1-β_t) x_{t-1} + √β_t ε_t with independent ε_t ~
N(0, I), so that q(x_1, ..., x_T) has a density; ᾱ_t is the product of 1-β_s, s <= t. The model
starts at N(0, I), and its step from x_t is N(from_data x̂_0(x_t) + from_state x_t, σ_t² I) with any
σ_t² > 0. KL(q‖p) = E_q log(q/p). The constants are those of `boundcheck.theory.formulas.diffusion`.
In the statements p and r are √ᾱ_{t-1} and √(1-β_t), x a coordinate of x_t, y of x_{t-1}, u of x_0,
and products and sums over the coordinates are meant where d enters.
"""

from boundcheck import Box, Reading, claim, identity, inequality, symbols, uses
from boundcheck.math import Abs, diff, erfc, exp, log, oo, pi, sqrt
from boundcheck.theory.formulas import diffusion
from boundcheck.theory.formulas.diffusion import (
    B,
    R,
    alpha_bar,
    alpha_bar_before,
    beta,
    d,
    mmse,
    posterior_variance,
    second_moment,
    sigma2,
    w,
)

SOURCE = "derived here"

p, r, u, v, x, y, z = symbols("p r u v x y z")
ROOTS = {
    alpha_bar_before: p**2,
    beta: 1 - r**2,
    alpha_bar: p**2 * r**2,
}  # what p and r are the roots of
INSIDE = [p > 0, p < 1, r > 0, r < 1]
STEP = [beta > 0, beta < 1, alpha_bar_before > 0, alpha_bar_before < 1]
BAYES_TOTAL = symbols("prior_term") + diffusion.BAYES_STEPS
KNOWN = {alpha_bar: diffusion.ALPHA_BAR}


# -- the forward process ---------------------------------------------------------------------------


@claim(source=SOURCE)
def forward_kernel(a, b):
    """x_t given x_0 is N(√ᾱ_t x_0, (1-ᾱ_t) I).

    By induction: x_t is √(1-β_t) times x_{t-1} and independent noise. The sum of two independent
    normal variables with variances a and b is normal with the variance a + b: in the convolution
    of their densities the square is completed, and what depends on y has an integral
    that does not depend on x.
    """
    yield uses("textbook.expectation")
    square = x**2 / (a + b) + (a + b) / (a * b) * (y - a * x / (a + b)) ** 2
    yield identity(
        y**2 / a + (x - y) ** 2 / b, square, on=Box.reals("x", "y"), given=[a > 0, b > 0]
    )
    variance = (1 - beta) * (1 - alpha_bar_before) + beta
    yield identity(variance, 1 - diffusion.ALPHA_BAR, on=Box.reals("beta", "alpha_bar_before"))
    yield identity(r * (p * u), sqrt(p**2 * r**2) * u, on=Box.reals("u"), given=INSIDE)


@claim(
    label="P",
    source=(
        "arXiv:2601.21242 claims that the Bayes predictor of DDPM is a ratio of kernel "
        "marginals; our reading"
    ),
    reading=Reading(
        "P3",
        "the Bayes predictor E[x_0|x_t] is f1/f2, kernel marginals with the variance 1 - alpha_bar",
    ),
)
def bayes_predictor(k, f1, f2, m):
    """E[x_0|x_t = x] = f1(x)/f2(x), f2(x) = ∫ exp(-|x - √ᾱ_t u|²/(2(1-ᾱ_t))) dp_0(u),
    f1 the same with u dp_0(u).

    By Fubini ∫ g(x) k f1(x) dx = E g(x_t) x_0 for bounded g, and k f2 is the density of x_t, k the
    factor of the normal density. So f1 and f2 are kernel marginals with σ² = 1-ᾱ_t of the law
    of √ᾱ_t x_0, which has the mass 1, and of that law times the data, which is at most B times
    as large on every set: the hypotheses of the ratio theorem with b = B in each coordinate.
    Among all predictors it has the least E|x_0 - x̂_0|²: the last term below has the mean 0.
    """
    yield uses("diffusion.forward_kernel")
    yield uses("textbook.expectation")
    yield identity(k * f1 / (k * f2), f1 / f2, on=Box.reals("f1"), given=[k > 0, f2 > 0])
    yield inequality(Abs(u) * k, "<=", B * k, on=Box(u=(-B, B)), given=[k > 0, B > 0])
    yield inequality(
        Abs(f1 / f2), "<=", B, on=Box.reals("f1"), given=[f2 > 0, B > 0, Abs(f1) <= B * f2]
    )
    split = (u - m) ** 2 + (y - m) ** 2 + 2 * (u - m) * (m - y)
    yield identity((u - y) ** 2, split, on=Box.reals("u", "m", "y"))


# -- the steps -------------------------------------------------------------------------------------


@claim(source=SOURCE)
def excess_of_a_step(a, b, m):
    """The step with the predictor x̂_0 exceeds the step with the Bayes predictor by exactly
    w_t E|x̂_0 - E[x_0|x_t]|².

    For every σ_t² > 0. Its mean is b, that of the Bayes predictor is a = E[y|x_t], as the mean
    of q(x_{t-1}|x_t, x_0) is affine in x_0. So the difference of the two log densities at y has
    the mean (a-b)²/(2σ_t²).
    """
    yield uses("diffusion_steps.posterior")
    yield uses("diffusion.bayes_predictor")
    yield uses("textbook.expectation")
    difference = ((a - b) ** 2 + 2 * (a - b) * (y - a)) / (2 * sigma2)
    yield identity(
        ((y - b) ** 2 - (y - a) ** 2) / (2 * sigma2),
        difference,
        on=Box.reals("a", "b", "y"),
        given=[sigma2 > 0],
    )
    apart = (diffusion.FROM_DATA * (u - m)) ** 2 / (2 * sigma2)
    given = [alpha_bar_before > 0, alpha_bar < 1, beta > 0, sigma2 > 0]
    yield identity(apart, diffusion.WEIGHT * (u - m) ** 2, on=Box.reals("u", "m"), given=given)


@claim(source=SOURCE)
def weights_telescope():
    """With σ_t² = β̃_t, w_t = (SNR_{t-1} - SNR_t)/2 for t >= 2, so w_2 + ... + w_T = (SNR_1 -
    SNR_T)/2; w_1 = 1/(2σ_1²).

    Other variances: w_t is inversely proportional to σ_t²; for σ_t² = β_t > β̃_t it is smaller.
    """
    yield uses("diffusion_steps.posterior")
    best = diffusion.WEIGHT.subs(sigma2, diffusion.POSTERIOR_VARIANCE).subs(KNOWN)
    falls = diffusion.SNR.subs(alpha_bar, alpha_bar_before) - diffusion.SNR.subs(KNOWN)
    yield identity(best, falls / 2, given=STEP)
    yield inequality(falls, ">", 0, given=STEP)
    first = {alpha_bar_before: 1, alpha_bar: 1 - beta}
    yield identity(
        diffusion.WEIGHT.subs(first), 1 / (2 * sigma2), given=[beta > 0, beta < 1, sigma2 > 0]
    )
    yield inequality(diffusion.WEIGHT.subs(sigma2, beta).subs(KNOWN), "<", best, given=STEP)


@claim(source=SOURCE)
def least_error_of_a_predictor(a, moment):
    """mmse_t = E|x_0 - E[x_0|x_t]|² is at most MMSE: what the predictor a x_t
    achieves, with the best a.

    With p = √ᾱ_t, v = 1 - ᾱ_t, and E z = 0, E z² = 1 in each coordinate: E|x_0 - a
    x_t|² = (1 - ap)² E|x_0|² + d a² v, the same a for all coordinates. This grows with the moment
    E|x_0|², for which `second_moment` may stand.
    """
    yield uses("diffusion.bayes_predictor")
    yield uses("textbook.expectation")
    noise = u * (1 - a * p) - a * sqrt(v) * z  # u - a(pu + √v z)
    split = (1 - a * p) ** 2 * u**2 + a**2 * v * z**2 - 2 * (1 - a * p) * a * sqrt(v) * (u * z)
    yield identity(noise**2, split, on=Box.reals("u", "z", "a", "p"), given=[v > 0])
    known = [alpha_bar > 0, alpha_bar < 1, d >= 1, moment >= 0, moment <= second_moment]
    one = second_moment / d
    best = sqrt(alpha_bar) * one / (alpha_bar * one + 1 - alpha_bar)
    risk = (1 - best * sqrt(alpha_bar)) ** 2 * moment + d * best**2 * (1 - alpha_bar)
    yield identity(
        risk.subs(moment, second_moment), diffusion.MMSE, given=[*known[:3], second_moment >= 0]
    )
    yield inequality(
        (1 - a * p) ** 2 * moment,
        "<=",
        (1 - a * p) ** 2 * second_moment,
        on=Box.reals("a", "p"),
        given=known[3:],
    )
    yield inequality(diffusion.MMSE, "<=", second_moment, given=[*known[:3], second_moment >= 0])


@claim(source=SOURCE)
def bayes_step(a, b, c, k, j):
    """E KL(q(x_{t-1}|x_t) ‖ Bayes step) = w_t mmse_t + VARIANCE_COST - I(x_0;
    x_{t-1}|x_t), t >= 2, and I >= 0.

    a, b, c stand for the densities q(y|x_t, x_0), q(y|x_t) and that of the Bayes step at y.
    The mean of log(a/c) is a divergence of normal laws whose means differ by from_data
    (x_0 - E[x_0|x_t]); that of log(a/b) is I, below j.
    """
    yield uses("diffusion_steps.posterior")
    yield uses("divergence.mixture")
    yield uses("normal_vectors.divergence_of_normal_laws")
    yield uses("diffusion.excess_of_a_step")
    yield uses("diffusion.least_error_of_a_predictor")
    yield identity(log(a / c), log(a / b) + log(b / c), given=[a > 0, b > 0, c > 0])
    both = diffusion.BAYES_STEP_ANY_VARIANCE
    known = [w > 0, mmse >= 0, sigma2 > 0, posterior_variance > 0, d >= 1]
    yield inequality(
        k,
        "<=",
        both,
        on=Box.reals("k"),
        given=[*known, j >= 0, k + j <= w * mmse + diffusion.VARIANCE_COST],
    )
    yield identity(
        both.subs(posterior_variance, sigma2), diffusion.BAYES_STEP, given=[*known[:3], d >= 1]
    )


@claim(source=SOURCE)
def information_telescopes(a, b, c, e, f):
    """I(x_0; x_{t-1}|x_t) = I(x_0; x_{t-1}) - I(x_0; x_t): the Bayes steps cost, with β̃_t,
    Σ_{t>=2} w_t mmse_t - I(x_0; x_1) + I(x_0; x_T) exactly.

    At points (u, y, x) of x_0, x_{t-1}, x_t: a = q(y|u), b = q(x|y), c = q(x|u), e = q(y),
    f = q(x). Since x_0, x_{t-1}, x_t is a Markov chain, q(y|x, u) = b a/c and q(y|x) = b e/f.
    """
    yield uses("diffusion.bayes_step")
    given = [a > 0, b > 0, c > 0, e > 0, f > 0]
    yield identity(log(b * a / c / (b * e / f)), log(a / e) - log(c / f), given=given)


@claim(source=SOURCE)
def prior_term(a, b, c):
    """KL(law of x_T ‖ N(0, I)) <= PRIOR = (ᾱ_T E|x_0|² - d ᾱ_T - d log(1-ᾱ_T))/2, by convexity.

    With a, b, c for the densities of x_T given x_0, of x_T and of N(0, I): the mean
    of log(a/b) is I(x_0; x_T) >= 0, and that of log(a/c) is a divergence of normal laws whose
    means differ by √ᾱ_T x_0.
    """
    yield uses("diffusion.forward_kernel")
    yield uses("divergence.mixture")
    yield uses("normal_vectors.divergence_of_normal_laws")
    yield identity(log(a / c), log(a / b) + log(b / c), given=[a > 0, b > 0, c > 0])
    normal = diffusion.VARIANCE_COST.subs({posterior_variance: 1 - alpha_bar, sigma2: 1})
    known = [alpha_bar > 0, alpha_bar < 1, d >= 1, second_moment >= 0]
    yield identity(alpha_bar * second_moment / 2 + normal, diffusion.PRIOR, given=known)
    yield inequality(diffusion.PRIOR, ">", 0, given=known)


# -- boxes -----------------------------------------------------------------------------------------


@claim(source=SOURCE)
def normal_tail(s, m, q):
    """P(|y| > R) <= exp(-(R-q)²/(2v)) for y ~ N(m, v) with |m| <= q <= R: each side
    has at most half of that.

    P(z > s) = erfc(s/√2)/2 for z ~ N(0, 1), since both vanish at ∞ and have
    the same derivative in s.
    """
    yield uses("textbook.calculus")
    yield identity(
        diff(erfc(s / sqrt(2)) / 2, s), -exp(-(s**2) / 2) / sqrt(2 * pi), on=Box.reals("s")
    )
    yield inequality(erfc(s / sqrt(2)) / 2, "<=", exp(-(s**2) / 2) / 2, on=Box(s=(0, oo)))
    given = [v > 0, q >= 0, q <= R]
    for side in (R - m, R + m):
        bound = exp(-((R - q) ** 2) / (2 * v)) / 2
        yield inequality(exp(-(side**2) / (2 * v)) / 2, "<=", bound, on=Box(m=(-q, q)), given=given)


@claim(source=SOURCE)
def off_the_box(chance):
    """Where x_t is off Ω_t = [-R, R]^d, R >= √ᾱ_t B, predicting 0 costs at most
    OFF_BOX = dB² P(x_t off Ω_t).

    |E[x_0|x_t]|² <= dB², and given x_0 each of the d coordinates of x_t leaves [-R, R] with
    the probability of `normal_tail` at most, with v = 1-ᾱ_t and q = √ᾱ_t B >= √ᾱ_t |u|.
    """
    yield uses("diffusion.bayes_predictor")
    yield uses("diffusion.normal_tail")
    yield uses("textbook.expectation")
    known = [alpha_bar > 0, B > 0]
    yield inequality(
        Abs(sqrt(alpha_bar) * u), "<=", sqrt(alpha_bar) * B, on=Box(u=(-B, B)), given=known
    )
    yield inequality(z**2, "<=", B**2, on=Box(z=(-B, B)), given=known[1:])
    given = [
        alpha_bar > 0,
        alpha_bar < 1,
        d >= 1,
        B > 0,
        sqrt(alpha_bar) * B <= R,
        chance >= 0,
        chance <= diffusion.TAIL,
    ]
    yield inequality(d * B**2 * chance, "<=", diffusion.OFF_BOX, given=given)
    yield inequality(diffusion.OFF_BOX, "<=", d * B**2, given=given[:-2])


@claim(source=SOURCE)
def positivity(squares):
    """f2 >= POSITIVITY on Ω_t = [-R, R]^d: f2 is a mean of exp(-|x - √ᾱ_t u|²/(2(1-ᾱ_t)))
    over u in [-B, B]^d.

    In the last statement, squares is the sum over the coordinates.
    """
    yield uses("textbook.expectation")
    root, given = sqrt(alpha_bar), [alpha_bar > 0, alpha_bar < 1, d >= 1, B > 0, R > 0]
    box = Box(x=(-R, R), u=(-B, B))
    yield inequality((x - root * u) ** 2, "<=", (R + root * B) ** 2, on=box, given=given)
    known = [*given, squares >= 0, squares <= d * (R + root * B) ** 2]
    yield inequality(exp(-squares / (2 * (1 - alpha_bar))), ">=", diffusion.POSITIVITY, given=known)


# -- the theorem -----------------------------------------------------------------------------------


@claim(
    label="P",
    source=(
        "arXiv:2601.21242 claims that forward and backward process differ by a controlled "
        "amount; our reading"
    ),
    reading=Reading(
        "P5", "the divergence of x_1 from the Bayes predictor's model is at most this", BAYES_TOTAL
    ),
)
def forward_and_backward(j, k, b):
    """Even with the Bayes predictor, KL(q(x_1) ‖ p(x_1)) <= prior_term + Σ_{t>=2}
    bayes_step_t, all of it explicit.

    j stands for the divergence of the laws of (x_t, ..., x_T), k for that of
    (x_{t-1}, ..., x_T), b for a step's.
    """
    yield uses("divergence.one_step")
    yield uses("diffusion.prior_term")
    yield uses("diffusion.bayes_step")
    yield uses("diffusion.weights_telescope")
    cost = diffusion.BAYES_STEP_ANY_VARIANCE
    known = [w > 0, mmse >= 0, sigma2 > 0, posterior_variance > 0, d >= 1]
    yield inequality(
        k, "<=", j + cost, on=Box.reals("k", "j", "b"), given=[*known, k <= j + b, b <= cost]
    )
