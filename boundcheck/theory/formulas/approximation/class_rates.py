"""Rates of the classes of predictors beside ratio networks: splines, softmax networks, blocks.

Setting: those of `splines`, `softmax` and `random_neurons` beside this file; n counts neurons, m
samples. Everything is derived here [D], in `proofs/learning/class_rates.py`.
"""

from __future__ import annotations

from boundcheck.exact.terms.rational import Q
from boundcheck.exact.terms.term import Term, number
from boundcheck.math import exp, log, pi, sqrt, symbols
from boundcheck.theory.formulas.approximation.positivity import inverse, kappa
from boundcheck.theory.formulas.approximation.random_neurons import Q_h, h, t
from boundcheck.theory.formulas.approximation.softmax import K, p_min
from boundcheck.theory.formulas.approximation.splines import Lambda, slope
from boundcheck.theory.formulas.diffusion import B, alpha_bar
from boundcheck.theory.formulas.oracle import A, nu, rho
from boundcheck.theory.formulas.ratio import b
from boundcheck.theory.formulas.shallow import R, d, mass, sigma

m = symbols("m")

# -- splines, d = 1, on a fixed box ------------------------------------------------------------

SPLINE_RISK: Term = number(4)
"""The risk from the approximation is of the order n^-4."""

SPLINE_NEURONS: Term = number(Q(1, 5))
"""n is of the order m^(1/5)."""

SPLINE_EXCESS: Term = number(Q(4, 5))
"""The risk is of the order m^(-4/5)."""

SPLINE_CONSTANT: Term = (
    sqrt(2) * b * (R / sigma) ** 2 * exp(R * slope)
    + sqrt(kappa * inverse) * (2 * b * Lambda + 1 + b)
    + 1
) ** 2
"""`relative` <= that times n^-4, for neurons of the scale M = n²."""

# -- blocks -------------------------------------------------------------------------------------

BLOCKS_ERROR: Term = number(Q(1, 2))
"""The error of a marginal is of the order n^(-1/2), in every dimension."""

BLOCKS_CONSTANT: Term = mass * sqrt(
    Q_h / (1 - exp(-(t**2 / 2))) * (2 + 2 * R / (h * sigma) * (sqrt(2 / pi) * d + t * sqrt(d)))
)
"""`blocks` <= that times n_blocks^(-1/2)."""

# -- softmax networks ---------------------------------------------------------------------------

SOFTMAX_ERROR: Term = (3 * K - 2) / m
"""softmax_error <= that, for Λ = log m, n >= √m log m pieces and M = m²: the error of the predictor
is of the order n^-2, up to logarithms."""

SOFTMAX_NEURONS: Term = number(Q(1, 2))
"""n is of the order m^(1/2), up to logarithms: what is learnt does not grow with n."""

SOFTMAX_EXCESS: Term = number(Q(1))
"""The risk is of the order 1/m, up to logarithms."""

_CHANGE = d * (sqrt(alpha_bar) * R + alpha_bar * B) / (1 - alpha_bar) * B + log(1 / p_min) / 2

_CONSTANT = A * rho**2 * (3 * K - 2) ** 2 + 4 * (1 + A) * rho * (
    sqrt(d) * B + rho * _CHANGE + rho * (3 * K - 2)
)

SOFTMAX_RISK: Term = _CONSTANT + rho**2 * K * (d + 1) * log(2 * m) / nu
"""The excess of a step is at most w/m times that, the optimisation and the part off the box
apart."""
