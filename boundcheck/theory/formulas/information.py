"""What the Bayes predictor's own steps cost, by the information that x_t has of x_0, and what
follows for predictors that learn nothing.

Setting: that of `boundcheck.theory.formulas.diffusion`. I(x_0; x_t) is the mutual information in
nats, mmse_t = E|x_0 - E[x_0|x_t]|², snr = ᾱ_t/(1-ᾱ_t), and w̃_t = (snr_{t-1} - snr_t)/2, the weight
w_t of steps with the variance σ_t² = β̃_t; for others w_t = w̃_t β̃_t/σ_t². Sharper than
`diffusion.BAYES_STEP`, since I(x_0; x_{t-1}|x_t) >= w̃_t mmse_{t-1} is not dropped:

    bayes_t <= VARIANCE_COST + w_t mmse_t - w̃_t mmse_{t-1},

and mmse_t grows with t. So, with W_t the largest of w̃_t, w̃_{t+1}, ..., w̃_T and W_{T+1} = 0,
any MMSE_t >= mmse_t and any s >= 2,

    Σ_{t>=s} bayes_t <= Σ_{t>=s} (VARIANCE_COST + (w_t - w̃_t)₊ MMSE_t + (W_t - W_{t+1}) MMSE_t).

With an affine predictor x̂_0 (mean and covariance known, nothing learnt) the whole divergence is

    KL(x_{s-1} ‖ model) <= prior_term + Σ_{t>=s} (VARIANCE_COST + w_t AFFINE_t) - I(x_0; x_{s-1}).

Meets: Guo, Shamai, Verdú 2005 (I-MMSE, cited); Benton et al. 2023 (a sum of the order d log²/T,
its constant not explicit). [D] unless cited; in `proofs/diffusion/noise_levels.py`,
`proofs/diffusion/diffusion_chain.py` and `proofs/diffusion/information.py`.
"""

from __future__ import annotations

from boundcheck.exact.terms.term import Term
from boundcheck.math import Max, exp, log, sqrt, symbols
from boundcheck.theory.formulas.diffusion import VARIANCE_COST, alpha_bar, mmse, w

snr, spread, rank, fall, w_best = symbols("snr spread rank fall w_best")
square, p_i, p_j, p = symbols("square p_i p_j p")

AFFINE: Term = spread * (1 - alpha_bar) / (alpha_bar * spread / rank + 1 - alpha_bar)
"""affine >= E|x_0 - x̂_0|² for the best affine predictor: `spread` bounds E|x_0 - E x_0|² (or
E|x_0|²), and the data lie in an affine (or linear) space of dimension `rank`."""

ATOMS: Term = square * sqrt(p_i * p_j) * exp(-snr * square / 8) / 2
"""Summed over the pairs i < j of atoms, with `square` = |u_i - u_j|²: >= mmse_t."""

LEAK: Term = 2 * sqrt(p_i * p_j) * exp(-snr * square / 8)
"""Summed over the pairs i < j: >= H(x_0) - I(x_0; x_t)."""

ENTROPY: Term = -p * log(p)
"""Summed over the atoms: H(x_0)."""

BAYES_STEP: Term = VARIANCE_COST + Max(0, w - w_best) * mmse + fall * mmse
"""Summed over t >= s, with `fall` = W_t - W_{t+1} and `w_best` = w̃_t: at least what the Bayes
predictor's steps cost."""

WITHOUT_LEARNING: Term = VARIANCE_COST + w * AFFINE
"""Summed over t >= s: what the steps of the affine predictor cost, and I(x_0; x_{s-1}) -
I(x_0; x_T)."""
