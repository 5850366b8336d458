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

Everything is derived here [D]; in `proofs/conditional.py`.
"""

from __future__ import annotations

from boundcheck.exact.terms.term import Term
from boundcheck.math import pi, symbols

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
