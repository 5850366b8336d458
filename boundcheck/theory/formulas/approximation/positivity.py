"""How small the denominator f2 of the Bayes predictor may be, and how far x_t goes.

Setting: that of `boundcheck.theory.formulas.diffusion`, with σ² = 1-ᾱ_t (any σ > 0 will do) and
f2(x) = E exp(-|x - √ᾱ x_0|²/(2σ²)). Instead of the largest distance |x - √ᾱ x_0| there is, these
bounds take the mean one, or that of some of the x_0:

    f2(x) >= `jensen` where |x - √ᾱ E x_0|² <= distance and E|x_0 - E x_0|² <= spread,
    f2(x) >= `comparison` where E_Q|x - √ᾱ x_0|² <= distance, for any law Q with
        KL(Q ‖ law of x_0) <= kl,
    f2(x) >= `ball` where |x - √ᾱ a| <= distance and P(|x_0 - a| <= rho) >= p: for an atom rho = 0,
        for a ball that contains all the data p = 1.

On the box of the points with |x_i - a_i| <= R_i, `reach` summed over the coordinates is a
distance for `jensen`, with shift_i = a_i - √ᾱ E x_0,i. In one dimension, where only
E x_0² <= second_moment is known, `moment` bounds f2 on [-R, R].

`tail` >= P(|x_t|_∞ > R) is the normal distribution's own, as the worst x_0 is ±B in each
coordinate. `weighted` >= ∫_Ω q |f1/f2 - r̂|² dx, where q = kappa f2 is the density of x_t and
e = |f1 - g1| + b|f2 - G| has E e(x)² <= error² at every x of Ω, over the draws of g1 and G: it has
the integral `inverse` >= ∫_Ω dx/f2 in place of |Ω|/c. Everything is derived here [D], in
`proofs/diffusion/positivity.py` and `proofs/diffusion/inverse_density.py`.
"""

from __future__ import annotations

from boundcheck.exact.terms.term import Term
from boundcheck.math import Abs, Min, erfc, exp, pi, sqrt, symbols
from boundcheck.theory.formulas.diffusion import B, R, alpha_bar, d, second_moment
from boundcheck.theory.formulas.shallow import sigma

distance, spread, kl, p, rho, shift = symbols("distance spread kl p rho shift")
error, kappa, inverse = symbols("error kappa inverse")

# -- lower bounds of f2 --------------------------------------------------------------------------

JENSEN: Term = exp(-(distance + alpha_bar * spread) / (2 * sigma**2))
"""jensen <= f2(x)."""

REACH: Term = (R + Abs(shift)) ** 2
"""Of one coordinate of a box."""

COMPARISON: Term = exp(-distance / (2 * sigma**2) - kl)
"""comparison <= f2(x)."""

BALL: Term = p * exp(-((distance + sqrt(alpha_bar) * rho) ** 2) / (2 * sigma**2))
"""ball <= f2(x)."""

MOMENT: Term = exp(-((R + sqrt(alpha_bar * second_moment)) ** 2) / (2 * sigma**2))
"""moment <= f2(x) for |x| <= R, d = 1."""

# -- off the box ---------------------------------------------------------------------------------

_SIDE = sqrt(2) * sigma

TAIL: Term = Min(
    1,
    d * (erfc((R - sqrt(alpha_bar) * B) / _SIDE) + erfc((R + sqrt(alpha_bar) * B) / _SIDE)) / 2,
)
"""tail >= P(|x_t|_∞ > R), for every R >= 0."""

OFF_BOX: Term = d * B**2 * TAIL
"""off_box >= E |E[x_0|x_t]|² 1{x_t outside Ω_t}."""

# -- the weighted error --------------------------------------------------------------------------

DENSITY: Term = 1 / sqrt(2 * pi * sigma**2)
"""kappa for d = 1."""

WEIGHTED: Term = kappa * error**2 * inverse
"""weighted >= ∫_Ω q |f1/f2 - r̂|² dx."""

_MEAN = sqrt(alpha_bar * second_moment)

INVERSE: Term = (
    4 * sigma**2 / (R + _MEAN)
    * (exp((R + _MEAN) ** 2 / (2 * sigma**2)) - exp(_MEAN * (R + _MEAN) / (2 * sigma**2)))
)  # fmt: skip
"""inverse >= the integral of 1/f2 over [-R, R], d = 1, where only E x_0² <= second_moment is
known."""
