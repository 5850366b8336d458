"""The constants of the ratio theorem: f1/f2 by SignReLU networks, f1 and f2 kernel
marginals with the same σ.

Hypotheses: f2 is the marginal of a positive measure of mass `mass`, and f1 that of a signed measure
that is at most b times as large on every set (f1 has the weights u_k m_k with |u_k| <= b where
f2 has m_k). So |f1| <= b f2 and V_1 <= b V_2. V, lp, ... are those of f2 on Ω = [-R, R]^d
(see `boundcheck.theory.formulas.shallow`).

The network: one hidden layer whose corner neurons serve both marginals, a clip of g2 to [c, mass],
which gives G, and of g1 to [-b mass, b mass], which gives g̃1, the division gate, and, for
`weighted` and `positivity_free`, an output clip to [-b, b], which gives r (without the 1/M that
this clip costs: r̂). The shallow layer and the clips have the scale M.

The bounds for p <= 2 hold for one draw of the samples; for p > 2 some draw fulfils that one.
Everything is derived here [D]; for p > 2 it rests on the inequalities that `shallow` cites [C].
"""

from __future__ import annotations

from boundcheck.exact.terms.rational import Q
from boundcheck.exact.terms.term import Term
from boundcheck.math import Min, pi, sqrt, symbols
from boundcheck.theory.formulas import shallow
from boundcheck.theory.formulas.shallow import (
    CORNERS,
    SAMPLES,
    M,
    R,
    V,
    c_hoeffding,
    c_sharp,
    d,
    k,
    mass,
    sigma,
)

b, c, n = symbols("b c n")
lp, l2_sharp, approximation, error, error_l2 = symbols("lp l2_sharp approximation error error_l2")
uniform_squared, weighted, positivity_free, C, C_prime = symbols(
    "uniform_squared weighted positivity_free C C_prime"
)

# -- the network ---------------------------------------------------------------------------------

NEURONS: Term = 2 + CORNERS + 2 * SAMPLES
"""N_2(k), the width n of the shallow layer: shared corners, the samples of both
marginals, two affine neurons."""

# -- the error against the uniform probability ---------------------------------------------------

APPROXIMATION: Term = lp + 3 * V / M
"""approximation >= ‖f2 - g2‖_p; that of f1 is at most b times as large."""

ERROR: Term = 2 * b * approximation + (1 + b) / M
"""error >= ‖e‖_p, e = |f1 - g̃1| + b|f2 - G| with the clipped g̃1 and G; each clip costs 1/M."""

UNIFORM: Term = error / c
"""uniform >= ‖f1/f2 - g̃1/G‖_p in L^p(Ω) with the uniform probability, if f2 >= c on
Ω. Needs no output clip."""

# -- the error against the density q = (2πσ²)^(-d/2) f2 -------------------------------------------

_DENSITY_FACTOR = (2 * R**2 / (pi * sigma**2)) ** (d / 2)  # (2πσ²)^(-d/2) |Ω|
_OUTPUT_CLIP = sqrt(mass) / M  # 1/M in L²(q), where q has at most the mass `mass`

ERROR_L2: Term = 2 * b * (l2_sharp + 3 * V / M) + (1 + b) / M
"""error_l2, which is `error` for p = 2."""

TO_ERROR_L2: dict[str, Term] = {
    "c_sharp": shallow.C_SHARP,
    "V_moment": shallow.MOMENT_BOUND,
    "V_kernel": shallow.KERNEL_BOUND,
    "V": shallow.VARIATION,
    "l2_sharp": shallow.L2_SHARP,
    "error_l2": ERROR_L2,
}
"""What error_l2 needs, in the order of evaluation."""

UNIFORM_SQUARED: Term = mass * _DENSITY_FACTOR * (error_l2 / c) ** 2
"""uniform_squared >= ∫_Ω q |f1/f2 - g̃1/G|² dx: the uniform bound for p = 2, read in
this norm by f2 <= mass."""

WEIGHTED: Term = (sqrt(_DENSITY_FACTOR / c) * error_l2 + _OUTPUT_CLIP) ** 2
"""weighted >= ∫_Ω q |f1/f2 - r|² dx, if f2 >= c on Ω: by f2 |f1/f2 - r̂|² <= e²/c
and |r - r̂| <= 1/M."""

POSITIVITY_FREE: Term = (sqrt(2 * b * _DENSITY_FACTOR * (error_l2 + b * c)) + _OUTPUT_CLIP) ** 2
"""positivity_free >= ∫_Ω q |f1/f2 - r|² dx, for every f2 > 0: by f2 |f1/f2 - r̂|² <= 2be, where
the clip of g2 costs at most c where f2 < c."""

CROSSING: Term = (1 + sqrt(3)) * b * c
"""crossing, the value of error_l2 at which weighted = positivity_free;
below it weighted is smaller."""

TRIVIAL: Term = b**2 * mass
"""trivial >= ∫_Ω q |f1/f2|² dx: what the network 0 achieves. A larger bound says nothing."""

SMALLEST: Term = Min(uniform_squared, weighted, positivity_free)
"""smallest, of the three bounds in this norm."""

# -- for all n -----------------------------------------------------------------------------------

N_0: Term = NEURONS.subs(k, 1)
"""n0 = N_2(1)."""

GROWTH: Term = NEURONS.subs(k, 2)
"""N_2(2) >= N_2(k+1)/k^d for k >= 1, since 1/k, (k+1)/k and (k+2)/k decrease. So
for n >= n0 the largest k with N_2(k) <= n has n < N_2(k+1) <= N_2(2) k^d, that is
k^-(d+3)/2 < (N_2(2)/n)^(1/2+3/(2d))."""

LP_EXPONENT: Term = Q(1, 2) + 3 / (2 * d)
"""1/2 + 3/(2d), the exponent of the L^p error."""

RATE: Term = n ** (-LP_EXPONENT)
"""n^(-1/2-3/(2d))."""

OF_K_TO_N: Term = GROWTH ** ((d + 3) / (2 * d))
"""N_2(2)^(1/2+3/(2d)), what k^-(d+3)/2 costs in terms of n."""

A_UP_TO_2: Term = 2 * b * c_sharp * V * R * OF_K_TO_N
"""A for p <= 2: c times C, which does not depend on the lower bound c of f2."""

A_ABOVE_2: Term = 2 * b * c_hoeffding * OF_K_TO_N
"""A for 2 < p < oo."""

C_UP_TO_2: Term = A_UP_TO_2 / c
"""C for p <= 2."""

C_ABOVE_2: Term = A_ABOVE_2 / c
"""C for 2 < p < oo."""

A_PRIME: Term = 1 + b + 6 * b * V
"""c times C'."""

C_PRIME: Term = A_PRIME / c
"""C'. If f2 >= c on Ω, then for every n >= n0 a network whose shallow layer has at most n neurons
errs by at most C n^(-1/2-3/(2d)) + C'/M in L^p(Ω)."""

BOUND_AT_N: Term = C * RATE + C_prime / M
"""bound_at_n = C n^(-1/2-3/(2d)) + C'/M."""

A = symbols("A")

BY_LOWER_BOUND: Term = 2 * A * RATE / M
"""The bound 2A M^-1 n^(-1/2-3/(2d)) with another M, the lower bound c of f2: for a scale so large
that C'/M is at most the other term."""
