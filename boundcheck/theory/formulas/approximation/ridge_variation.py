"""The constants of the variation of the ridge measure in every dimension, without quadrature.

Setting: that of `boundcheck.theory.formulas.shallow`. With θ uniform on the unit sphere of R^d,
J(s) = ∫_0^∞ r^(d+1) exp(-r²/2) cos(rs) dr,

    κ_d = d E|θ|_∞ I_d,      I_d = ∫_R |J(s)| ds / (2^(d/2) Γ(d/2+1)),

and the variation with |v|_2 = 1 in place of |v|_∞ = 1 is at most V_2 = mass d I_d/σ, for every R.

I_d: with g(r) = r^(d+1) exp(-r²/2) for r > 0, Cauchy and Schwarz with the weight 1 + s²/a² and
Plancherel's identity give ∫|J| <= π √(2‖g‖‖g'‖) at the best a, where ‖g‖² = Γ(d+1/2)(d+1/2)/2 and
‖g'‖² = Γ(d+1/2)(d+3/4)/2. E|θ|_∞ = E|Z|_∞/E|Z|_2 for Z ~ N(0, I), with E|Z|_∞ <= √(2 log 2d) and
E|Z|_2 >= √(d - 1/2) (Watson). [D]; what no theorem of `proofs/ridges/ridge_variation.py` says of
these is an argument in words.
"""

from __future__ import annotations

from boundcheck.exact.terms.rational import Q
from boundcheck.exact.terms.term import Term, number
from boundcheck.math import Min, exp, log, loggamma, pi, sqrt, symbols

d, sigma, mass, I_d, kappa_d = symbols("d sigma mass I_d kappa_d")

PROFILE_MASS: Term = pi * exp(
    loggamma(d + Q(1, 2)) / 2
    + log((d + Q(1, 2)) * (d + Q(3, 4))) / 4
    - d / 2 * log(2)
    - loggamma(d / 2 + 1)
)
"""I_d, at least: π (Γ(d+1/2) √((d+1/2)(d+3/4)))^(1/2) / (2^(d/2) Γ(d/2+1)), falling to 2.8062; the
truth falls to 4/√π = 2.2568."""

PROFILE_MASS_LARGEST: Term = number(Q(153, 50))
"""At least PROFILE_MASS, for every d >= 1."""

LARGEST_COORDINATE: Term = Min(1, 2 * sqrt(log(2 * d) / (2 * d - 1)))
"""At least E|θ|_∞."""

KAPPA_AT_MOST: Term = d * LARGEST_COORDINATE * PROFILE_MASS
"""At least κ_d: of the order √(d log d)."""

SPHERE: Term = mass * d * I_d / sigma
"""V_2, from an I_d at least."""
