"""From divergences to distances, and to the data themselves: total variation, the distance W_2, and
what the Bayes predictor's steps cost where the data have a density.

Setting: that of `boundcheck.theory.formulas.diffusion`, kl a divergence in nats, tv = sup |Q - P|
over events, in [0, 1]. **Distances**: the model stops at x_s; its output is a prediction in
[-B, B]^d, with mmse_s and `excess` = E|x̂_s - E[x_0|x_s]|², or x_s/√ᾱ_s clipped to that cube:

    W_2(data, output) <= √(mmse_s + excess) + 2B√d √tv,    or  <= √(d/snr_s) + 2B√d √tv.

All of them are concave in kl and in `excess`: of means over the samples they are bounds, too.

**Densities**: x_0 has a density whose score has the mean square E|∇ log p_0|² <= `fisher`. In
y_t = x_t/√ᾱ_t = x_0 + √noise_t ε a step adds the noise `gap`, and σ_t² = `stretch` β_t/(1-β_t).
With J_s the mean square of the score of x_0 + √s ε, J falls, J_noise <= `score` (Stam), and for all
t >= 1

    bayes_t = ½∫_{noise_{t-1}}^{noise_t} (J_s - J_{noise_t}) ds
              + (d/2)(log v + 1/v - 1) - ½(1/v - 1) gap J_{noise_t},       v = stretch.

Summed over t <= t*, with D_t the largest of gap_1, ..., gap_t, D_0 = 0, `rise` = D_t - D_{t-1} and
`score_before` = score_{t-1}, that is at most the sum of BAYES_STEP. So the model may go on to x_0.

Meets: Pinsker; Bretagnolle and Huber 1979; Conforti, Durmus, Gentiloni Silveri 2023 (densities with
finite Fisher information). [D] but for de Bruijn's identity, Stam's inequality and Tweedie's
formula [C], which are hypotheses of `proofs/diffusion/fisher.py`; the distances:
`proofs/foundations/total_variation.py`.
"""

from __future__ import annotations

from boundcheck.exact.terms.term import Term
from boundcheck.math import Max, Min, exp, log, sqrt, symbols
from boundcheck.theory.formulas.diffusion import (
    B,
    alpha_bar,
    beta,
    d,
    mmse,
    posterior_variance,
    sigma2,
)
from boundcheck.theory.formulas.information import snr, w_best

kl, tv, excess, fisher = symbols("kl tv excess fisher")
noise, gap, stretch, score, score_before, rise = symbols(
    "noise gap stretch score score_before rise"
)

# -- distances -------------------------------------------------------------------------------------

TOTAL_VARIATION: Term = Min(sqrt(kl / 2), sqrt(1 - exp(-kl)))
"""tv <= total_variation: Pinsker's bound for small divergences, and one below 1 for all."""

WASSERSTEIN: Term = sqrt(mmse + excess) + 2 * B * sqrt(d) * sqrt(tv)
"""wasserstein >= W_2(data, prediction at x_s)."""

WASSERSTEIN_CLIPPED: Term = sqrt(d / snr) + 2 * B * sqrt(d) * sqrt(tv)
"""wasserstein_clipped >= W_2(data, x_s/√ᾱ_s clipped to the cube)."""

# -- densities -------------------------------------------------------------------------------------

NOISE: Term = (1 - alpha_bar) / alpha_bar
"""noise, the variance of the noise in y_t; 1/snr."""

GAP: Term = beta / alpha_bar
"""gap = noise_t - noise_{t-1}."""

STRETCH: Term = sigma2 * (1 - beta) / beta
"""stretch, σ_t² in units of β_t/(1-β_t): 1 is that of a step of the reversed process whose score
is constant, 1-β_t that of σ_t² = β_t."""

SCORE: Term = 1 / (1 / fisher + noise / d)
"""score >= J_noise."""

VARIANCE_COST: Term = d * (log(stretch) + 1 / stretch - 1) / 2
"""What another variance costs; 0 for stretch = 1, at most d(1/stretch - 1)²/4 below it."""

BAYES_STEP: Term = (
    VARIANCE_COST + Max(0, 1 - 1 / stretch) * gap * score / 2 + rise * score_before / 2
)
"""Summed over t = 1, ..., t*: at least what the Bayes predictor's steps cost."""

LEAST_ERROR: Term = d * noise / (1 + noise * fisher / d)
"""least_error <= mmse_t: no predictor of such data is better than that of normal data."""

# -- the best variance -----------------------------------------------------------------------------

BEST_VARIANCE: Term = posterior_variance * (1 + 2 * w_best * mmse / d)
"""The σ_t² that makes w_t mmse_t + VARIANCE_COST of `diffusion` least, where a predictor has the
mean squared error `mmse`, the Bayes predictor or another (Bao, Li, Zhu, Zhang 2022)."""

BEST_VARIANCE_COST: Term = d * log(1 + 2 * w_best * mmse / d) / 2
"""Their least value; w̃_t `mmse` is what σ_t² = β̃_t costs."""
