"""Lower bounds: what no learner can do better with m images, whatever network it uses.

Setting: that of `boundcheck.theory.formulas.diffusion`. Two laws of x_0 in one coordinate: x_0 is
B' or -B', with the probabilities (1 ± tilt)/2, 0 < tilt < 1, and B' <= B. With the same
probabilities, x_t has E[sign x_0 | x_t] = T = tanh(√snr B' y), y = x_t/√(1-ᾱ_t), and the Bayes
predictors of the two laws are f_± = B'(T ± tilt)/(1 ± tilt T), which are 2B' tilt (1 - T²) apart
at least. Le Cam's argument: m images do not tell one law from the other if tilt is of the order
1/√m. `information` is Ψ(γ) = E(1 - T²)², a mean over x_t, which depends on γ = snr B'² alone,

    Ψ(γ) = E sech⁴(γ + √γ Z) = exp(-γ/2) E sech³(√γ Z)   with Z standard normal,

and falls from Ψ(0) = 1 to 0. The same two laws serve all steps, and in d coordinates, independent
of each other, everything happens d times (each coordinate has two laws of its own).

Meets: Le Cam 1973, Yu 1997, here with constants and for every m. [D];
`proofs/learning/lower_bounds.py`.
"""

from __future__ import annotations

from boundcheck.exact.terms.rational import Q
from boundcheck.exact.terms.term import Term
from boundcheck.math import sqrt, symbols
from boundcheck.theory.formulas.oracle import m

reach, tilt, information = symbols("reach tilt information")

TWO_POINTS: Term = (1 - tilt) * (1 - sqrt(m) * tilt) * tilt**2 * reach**2 * information
"""two_points <= the mean, over the two laws, of E‖f̂ - f_±‖², for every f̂ that depends on m images
and on whatever noise is added to them; `reach` is B'."""

LE_CAM: Term = Q(4, 27) * (1 - 2 / (3 * sqrt(m))) * reach**2 * information / m
"""le_cam, two_points at tilt = 2/(3√m), the best one for large m."""
