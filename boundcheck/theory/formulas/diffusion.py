"""The constants of the diffusion model: DDPM with T steps, noise β_1..β_T and reverse
steps of covariance σ_t² I.

x_t = √ᾱ_t x_0 + √(1-ᾱ_t) ε, where ε ~ N(0, I) and ᾱ_t is the product of 1-β_s over s <= t;
the data x_0 lie in [-B, B]^d and E|x_0|² <= `second_moment`. The model starts at N(0, I),
and its reverse step is p(x_{t-1}|x_t) = N(`from_data` x̂_0(x_t) + `from_state` x_t, σ_t² I) with
a predictor x̂_0 of the data.

The theorem, in nats: the Kullback-Leibler divergence of x_1 from what the model generates
is at most `prior_term` + Σ_{t>=2} bayes_t + Σ_{t>=2} w_t E|x̂_0(x_t) - E[x_0|x_t]|², where
bayes_t is what the step of the Bayes predictor costs (at most `BAYES_STEP` + `VARIANCE_COST`; their
sum is at most that of `information.BAYES_STEP`) and the last sum the excess over it. (That of x_0,
where it has a density, needs the step t = 1 too.)

The expressions are in the symbols below: those of one step are `beta`, `alpha_bar`,
`alpha_bar_before` (ᾱ_{t-1}) and `sigma2` (σ_t²). Everything is derived here [D]. All formulas are
derived in `proofs/diffusion/diffusion_chain.py`, `proofs/diffusion/noise_levels.py` and what
these use.
"""

from __future__ import annotations

from boundcheck.exact.terms.term import Term
from boundcheck.math import Min, cos, exp, log, pi, sqrt, symbols

t, T, beta_1, beta_T, s, most = symbols("t T beta_1 beta_T s most")
beta, alpha_bar, alpha_bar_before, sigma2 = symbols("beta alpha_bar alpha_bar_before sigma2")
d, B, R, second_moment = symbols("d B R second_moment")
alpha_bar_1, alpha_bar_T = symbols("alpha_bar_1 alpha_bar_T")
w, mmse, posterior_variance = symbols("w mmse posterior_variance")

# -- schedules -----------------------------------------------------------------------------------

LINEAR: Term = beta_1 + (t - 1) / (T - 1) * (beta_T - beta_1)
"""β_t of the linear schedule, T >= 2."""

SCALED_LINEAR: Term = (sqrt(beta_1) + (t - 1) / (T - 1) * (sqrt(beta_T) - sqrt(beta_1))) ** 2
"""β_t of the schedule whose square roots are linear, T >= 2."""

SIGMOID: Term = beta_1 + (beta_T - beta_1) / (1 + exp(6 - 12 * (t - 1) / (T - 1)))
"""β_t of the sigmoid schedule, T >= 2."""

COSINE: Term = cos((t / T + s) / (1 + s) * (pi / 2)) ** 2
"""f(t) of the cosine schedule, which has β_t = min(1 - f(t)/f(t-1), most): ᾱ_t is
f(t)/f(0) while no β_t is cut."""

ALPHA_BAR: Term = alpha_bar_before * (1 - beta)
"""ᾱ_t, from ᾱ_{t-1} and β_t; ᾱ_0 = 1."""

ZERO_SNR: Term = (
    (sqrt(alpha_bar) - sqrt(alpha_bar_T))
    * (sqrt(alpha_bar_1) / (sqrt(alpha_bar_1) - sqrt(alpha_bar_T)))
) ** 2
"""ᾱ_t of the schedule with √ᾱ_t shifted and scaled: ᾱ_1 stays and ᾱ_T is 0, T >= 2. (In diffusers:
`rescale_betas_zero_snr`.)"""

SNR: Term = alpha_bar / (1 - alpha_bar)
"""snr, the ratio of signal to noise in x_t."""

# -- one reverse step ----------------------------------------------------------------------------

FROM_DATA: Term = sqrt(alpha_bar_before) * beta / (1 - alpha_bar)
"""from_data, the coefficient of x_0 in the mean of q(x_{t-1}|x_t, x_0)."""

FROM_STATE: Term = sqrt(1 - beta) * (1 - alpha_bar_before) / (1 - alpha_bar)
"""from_state, the coefficient of x_t in it."""

POSTERIOR_VARIANCE: Term = (1 - alpha_bar_before) / (1 - alpha_bar) * beta
"""posterior_variance β̃_t of q(x_{t-1}|x_t, x_0), in each coordinate; it is 0 for
t = 1 and positive for t >= 2."""

WIDE_VARIANCE: Term = beta / (1 - beta)
"""σ_t² of steps that suit densities, even t = 1: see `boundcheck.theory.formulas.to_the_data`."""

WEIGHT: Term = alpha_bar_before * beta**2 / ((1 - alpha_bar) ** 2 * (2 * sigma2))
"""w_t = from_data²/(2σ_t²): a predictor that is off by |x̂_0 - E[x_0|x_t]|² in the
mean costs w_t times that."""

# -- the steps of the Bayes predictor ------------------------------------------------------------

MMSE: Term = second_moment * (1 - alpha_bar) / (alpha_bar * second_moment / d + 1 - alpha_bar)
"""mmse_t >= E|x_0 - E[x_0|x_t]|²: what the best multiple of x_t achieves."""

_SHRINKAGE = posterior_variance / sigma2

VARIANCE_COST: Term = d * (_SHRINKAGE - 1 - log(_SHRINKAGE)) / 2
"""The divergence of N(0, β̃_t I) from N(0, σ_t² I); it is 0 where σ_t² = β̃_t."""

BAYES_STEP: Term = w * mmse
"""With `VARIANCE_COST`: >= E KL(q(x_{t-1}|x_t) ‖ the Bayes predictor's step), t >= 2. (The sum may
be lowered by I(x_0; x_1) - I(x_0; x_T).)"""

# -- the prior -----------------------------------------------------------------------------------

PRIOR: Term = (alpha_bar * second_moment - d * alpha_bar - d * log(1 - alpha_bar)) / 2
"""prior_term >= KL(law of x_T ‖ N(0, I)), with ᾱ = ᾱ_T."""

# -- boxes Ω_t = [-R, R]^d -----------------------------------------------------------------------

TAIL: Term = Min(1, d * exp(-((R - sqrt(alpha_bar) * B) ** 2) / (2 * (1 - alpha_bar))))
"""tail >= P(|x_t|_∞ > R), for R >= √ᾱ_t B."""

OFF_BOX: Term = d * B**2 * TAIL
"""off_box >= E |E[x_0|x_t]|² 1{x_t outside Ω_t}: what it costs to predict 0 there,
for R >= √ᾱ_t B."""

POSITIVITY: Term = exp(-d * (R + sqrt(alpha_bar) * B) ** 2 / (2 * (1 - alpha_bar)))
"""positivity <= f2 on Ω_t, where f2(x) = E exp(-|x - √ᾱ_t x_0|²/(2(1-ᾱ_t))) is the Bayes
predictor's denominator."""
