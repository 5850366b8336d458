"""The variation of marginals of kernels other than the isotropic normal one.

Setting: K(x) = ∫ cos(ω·x) λ(|ω|) dω on R^d with λ >= 0 and K(0) = 1; f(x) = ∫ K(x - u) dμ(u) with
the total mass `mass` of μ. As in `boundcheck.theory.formulas.shallow`, f is a mean of ridges
ReLU(v·x - b), here with |v|_2 = 1; V_2 is the total variation of their weights. With
G(r) = r^(d+1) λ(r), G_inf its limit at infinity and G_1 = G - G_inf, the profile of the ridges is
the cosine transform of G: G_inf gives an atom of mass π G_inf, and G_1 at most π √(2‖G_1‖‖G_1'‖) by
Cauchy and Schwarz with Plancherel's identity, norms being those of L²(0, ∞). So for every box

    V_2 <= mass |S^(d-1)| π (G_inf + √(2‖G_1‖‖G_1'‖)).

A mixture of normal kernels, K = E exp(-|x|²/(2ℓ²)) over a law of ℓ, has V_2 <= E[1/ℓ] times that of
ℓ = 1, and the kernel exp(-x·S⁻¹x/2) has √(tr S⁻¹/d) times that.

The integral over the profile is a theorem of `proofs/ridges/kernel_variation.py`, the rest are
steps. [D]
"""

from __future__ import annotations

from boundcheck.exact.terms.rational import Q
from boundcheck.exact.terms.term import Term
from boundcheck.math import gamma, pi, sqrt, symbols

d, mass, G_inf, norm_G, norm_slope = symbols("d mass G_inf norm_G norm_slope")
nu, ell, a, trace, inverse_length = symbols("nu ell a trace inverse_length")

SPHERE: Term = 2 * pi ** (d / 2) / gamma(d / 2)
"""|S^(d-1)|, the area of the unit sphere."""

PROFILE: Term = pi * (G_inf + sqrt(2 * norm_G * norm_slope))
"""At least the variation of the profile, with norm_G = ‖G_1‖ and norm_slope = ‖G_1'‖."""

VARIATION: Term = mass * (2 * pi ** (d / 2) / gamma(d / 2)) * PROFILE
"""V_2, at least."""

# -- the normal kernel with σ = 1: λ = (2π)^(-d/2) exp(-r²/2), G_inf = 0 ---------------------------

NORMAL_G: Term = (2 * pi) ** (-d / 2) * sqrt(gamma(d + Q(3, 2)) / 2)
"""‖G‖."""

NORMAL_SLOPE: Term = (2 * pi) ** (-d / 2) * sqrt(gamma(d + Q(1, 2)) * (d + Q(3, 4)) / 2)
"""‖G'‖."""

# -- Matérn: λ = c (1 + r²/q)^(-ν-d/2), q = 2ν/ℓ²; in units of √q ---------------------------------


def _beta(x: Term, y: Term) -> Term:
    return gamma(x) * gamma(y) / gamma(x + y)


MATERN_SCALE: Term = gamma(nu + d / 2) / (gamma(nu) * pi ** (d / 2)) * sqrt(2 * nu) / ell
"""c q^((d+1)/2), by which all of G is multiplied."""

MATERN_G: Term = sqrt(_beta(d + Q(3, 2), 2 * nu - Q(3, 2)) / 2)
"""‖G‖ for ν > 3/4."""

EXPONENTIAL_G: Term = sqrt(
    2 * sqrt(pi) * gamma(d / 2 + 1) / gamma((d + 1) / 2)
    - sqrt(pi) * gamma(d + Q(3, 2)) / gamma(d + 1)
)
"""‖G_1‖ for ν = 1/2, the kernel exp(-|x|/ℓ), where G_inf = 1."""

MATERN_SLOPE: Term = sqrt(
    (
        (d + 1) ** 2 * _beta(d + Q(1, 2), 2 * nu + Q(3, 2))
        + 2 * (d + 1) * (1 - 2 * nu) * _beta(d + Q(3, 2), 2 * nu + Q(1, 2))
        + (1 - 2 * nu) ** 2 * _beta(d + Q(5, 2), 2 * nu - Q(1, 2))
    )
    / 2
)
"""‖G'‖, for all ν >= 1/2."""

# -- mixtures of bandwidths ------------------------------------------------------------------------

MATERN_INVERSE_LENGTH: Term = sqrt(nu) * gamma(nu - Q(1, 2)) / (ell * gamma(nu))
"""E[1/ℓ'] for ν > 1/2: 1/ℓ'² is ν/ℓ² over a gamma variable with shape ν."""

RATIONAL_INVERSE_LENGTH: Term = gamma(a + Q(1, 2)) / (sqrt(a) * gamma(a) * ell)
"""E[1/ℓ'] for (1 + |x|²/(2aℓ²))^(-a): 1/ℓ'² is a gamma variable with shape a over aℓ²."""

ANISOTROPIC_INVERSE_LENGTH: Term = sqrt(trace / d)
"""What stands in the place of 1/ℓ for exp(-x·S⁻¹x/2), with trace = tr S⁻¹."""
