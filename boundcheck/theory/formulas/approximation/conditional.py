"""The constants for conditional densities: p(y|x) by a ratio of kernel marginals.

Setting: (X, Y) is (U, V) plus independent normal noise, of variance sigma_x² in each of the d_x
coordinates of X and sigma_y² in each of the d_y coordinates of Y. With

    f1(x, y) = E exp(-|x-U|²/(2 sigma_x²) - |y-V|²/(2 sigma_y²)),
    f2(x)    = E exp(-|x-U|²/(2 sigma_x²))

the conditional density is kappa_y f1/f2, kappa_y = (2π sigma_y²)^(-d_y/2), and 0 <= f1 <= f2: the
ratio theorem with b = 1, where f2 has fewer variables. Ω is the box [-R_x, R_x]^d_x x
[-R_y, R_y]^d_y, with uniform laws; error_1 and error_2 are the norms of f1 - g1 on Ω and of f2 - G
on its x-part, G >= c; r̂ is g1/G clipped to [0, 1], and p̂ = kappa_y r̂ on Ω, 0 elsewhere. `outside`
is the probability that (X, Y) is not in Ω.

Everything is derived here [D]; in `proofs/ratio/conditional.py`.
"""

from __future__ import annotations

from boundcheck.exact.terms.rational import Q
from boundcheck.exact.terms.term import Term
from boundcheck.math import Min, exp, pi, symbols
from boundcheck.theory.formulas import shallow
from boundcheck.theory.formulas.approximation import kernels

d_x, d_y, R_x, R_y, sigma_x, sigma_y, c = symbols("d_x d_y R_x R_y sigma_x sigma_y c")
error_1, error_2, outside = symbols("error_1 error_2 outside")

# -- the density -----------------------------------------------------------------------------------

KAPPA_Y: Term = (2 * pi * sigma_y**2) ** (-d_y / 2)
"""kappa_y: p(y|x) = kappa_y f1(x, y)/f2(x)."""

SIZE_X: Term = (2 * R_x**2 / (pi * sigma_x**2)) ** (d_x / 2)
"""kappa_x times the volume of the x-part of Ω, kappa_x = (2π sigma_x²)^(-d_x/2)."""

SIZE_Y: Term = (2 * R_y**2 / (pi * sigma_y**2)) ** (d_y / 2)
"""kappa_y times the volume of the y-part of Ω."""

# -- the two bounds --------------------------------------------------------------------------------

UNIFORM: Term = KAPPA_Y * (error_1 + error_2) / c
"""uniform >= ‖p - kappa_y g1/G‖_p over the uniform law of Ω, if f2 >= c on it."""

TOTAL_VARIATION: Term = SIZE_X * SIZE_Y * (error_1 + error_2 + c) / 2 + outside / 2
"""total_variation >= E_X TV(p(.|X), p̂(.|X)), TV being half of the integral of |p - p̂|, for every
f2 > 0: error_1 and error_2 are norms in L^1, of f2 - g2 before g2 is clipped to c."""

# -- by networks -----------------------------------------------------------------------------------
# Ω is scaled to [-1, 1]^d, d = d_x + d_y, and the x-part to [-1, 1]^d_x: lengths are in units of R.

k_1, k_2, M, B = symbols("k_1 k_2 M B")
trace_1, trace_2, V_1, V_2, l2_1, l2_2 = symbols("trace_1 trace_2 V_1 V_2 l2_1 l2_2")

TRACE_1: Term = d_x * (R_x / sigma_x) ** 2 + d_y * (R_y / sigma_y) ** 2
"""tr S⁻¹ for the kernel of f1, a product of two normal ones."""

TRACE_2: Term = d_x * (R_x / sigma_x) ** 2
"""The same for the kernel of f2."""

_ROOTS_2 = d_x * R_x / sigma_x
_ROOTS_1 = _ROOTS_2 + d_y * R_y / sigma_y

MOMENT_1: Term = 2 * ((1 - 2 / pi) * trace_1 + 2 / pi * _ROOTS_1**2)
"""2 E|ω|_1² for ω ~ N(0, S⁻¹), S diagonal: a bound of V_1, the variation for f1."""

MOMENT_2: Term = 2 * ((1 - 2 / pi) * trace_2 + 2 / pi * _ROOTS_2**2)
"""The same for V_2."""


def _normal(d: Term, trace: Term) -> Term:
    norms = {
        kernels.G_inf: Q(0),
        kernels.norm_G: kernels.NORMAL_G,
        kernels.norm_slope: kernels.NORMAL_SLOPE,
        kernels.mass: Q(1),
    }
    whole = kernels.VARIATION
    for symbol, value in norms.items():
        whole = whole.subs(symbol, value)
    inverse = kernels.ANISOTROPIC_INVERSE_LENGTH.subs(kernels.trace, trace)
    return (inverse * whole).subs(kernels.d, d)


KERNEL_1: Term = _normal(d_x + d_y, trace_1)
"""A bound of V_1 by the kernel: at most 3.06 √(d tr S⁻¹)."""

KERNEL_2: Term = _normal(d_x, trace_2)
"""The same for V_2."""

L2_1: Term = (
    shallow.L2_SHARP.subs(shallow.c_sharp, shallow.C_SHARP)
    .subs(shallow.V, V_1)
    .subs(shallow.R, 1)
    .subs(shallow.k, k_1)
    .subs(shallow.d, d_x + d_y)
)
"""‖f1 - g1‖_2 for a network of ReLU neurons, k_1 cells along an edge."""

L2_2: Term = (
    shallow.L2_SHARP.subs(shallow.c_sharp, shallow.C_SHARP)
    .subs(shallow.V, V_2)
    .subs(shallow.R, 1)
    .subs(shallow.k, k_2)
    .subs(shallow.d, d_x)
)
"""‖f2 - g2‖_2, k_2 cells along an edge."""

ERROR_1: Term = l2_1 + 3 * V_1 / M
"""error_1: neurons of scale M cost 3 V_1/M; the clips are exact."""

ERROR_2: Term = l2_2 + 3 * V_2 / M
"""error_2, of f2 - g2, and of f2 - max(g2, c) where f2 >= c."""

NEURONS_1: Term = shallow.NEURONS.subs(shallow.k, k_1).subs(shallow.d, d_x + d_y)
"""Neurons for f1, at most."""

NEURONS_2: Term = shallow.NEURONS.subs(shallow.k, k_2).subs(shallow.d, d_x)
"""Neurons for f2, at most."""

OUTSIDE: Term = Min(
    1,
    d_x * exp(-((R_x - B) ** 2) / (2 * sigma_x**2))
    + d_y * exp(-((R_y - B) ** 2) / (2 * sigma_y**2)),
)
"""outside >= P((X, Y) not in Ω) for data (U, V) in [-B, B]^d, R_x and R_y >= B."""

POSITIVITY: Term = exp(-d_x * (R_x + B) ** 2 / (2 * sigma_x**2))
"""At most f2 on Ω, for data in [-B, B]^d."""
