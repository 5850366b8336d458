"""The constants of the shallow theorem: kernel marginals by networks with one hidden layer.

f(x) = ∫ exp(-|x-u|²/(2σ²)) dμ(u) on Ω = [-R, R]^d, where μ is a finite signed measure of total
mass `mass`; norms are those of L^p(Ω) with the uniform probability; k is the number of cells
along an edge. The ridge measure ν of f has f(x) = f(0) + ∇f(0)·x + ∫∫ ReLU(v·x - b) dν(v, b) over
|v|_∞ = 1 and 0 <= b < R|v|_1; V >= ‖ν‖.

The theorem: some network with at most `neurons` ReLU neurons errs by at most `lp` (for p <= 2 that
is `l2_sharp`); with SignReLU neurons of scale M by at most lambda/M more.

The expressions are in the symbols below; V, kappa_d, c_plain, ... in an expression mean
the constant of that name. Everything is derived here [D]; for p > 2 it rests on inequalities
of Khintchine or Hoeffding [C].
"""

from __future__ import annotations

from boundcheck.exact.terms.rational import Q
from boundcheck.exact.terms.term import Term
from boundcheck.math import Min, gamma, pi, sqrt, symbols

d, k, R, sigma, mass, p, M, n = symbols("d k R sigma mass p M n")
kappa_d, V_moment, V_kernel, V = symbols("kappa_d V_moment V_kernel V")
c_plain, c_sharp, c_hoeffding = symbols("c_plain c_sharp c_hoeffding")
lp_khintchine, lp_hoeffding = symbols("lp_khintchine lp_hoeffding")

# -- the variation of the ridge measure ----------------------------------------------------------

MOMENT_BOUND: Term = mass * 2 * R * (d + 2 * d * (d - 1) / pi) / sigma**2
"""V_moment: 2R E|ω|_1² for ω ~ N(0, I/σ²), since ‖ν‖ <= 2R E|ω|_1|ω|_∞."""

KERNEL_BOUND: Term = mass * kappa_d / sigma
"""V_kernel: the variation over all b, which does not depend on R; κ_d as in
`boundcheck.theory.ridge.kappa`."""

VARIATION: Term = Min(V_moment, V_kernel)
"""V, the smaller of the two."""

# -- the network ---------------------------------------------------------------------------------

CORNERS: Term = 2 * d * (k + 1) ** d
"""Corners of the cells: 2d faces of the cube, (k+1)^(d-1) corners on each, k+1 values of b."""

SAMPLES: Term = 4 * d * k**d
"""Sampled neurons: Σ ⌈n_s V_j/V⌉ <= n_s + the number of cells, both 2d k^d."""

NEURONS: Term = 1 + CORNERS + SAMPLES
"""N(k): corners, samples, and one neuron that carries the affine part."""

LAMBDA: Term = 3 * V
"""Λ, a bound of the sum of |outer coefficients|: V for the corners, 2V for the
samples and their corners."""

# -- p <= 2 --------------------------------------------------------------------------------------

EXPONENT: Term = (d + 3) / 2
"""Errors fall like k^-(d+3)/2."""

C_PLAIN: Term = (3 * d - 2) ** Q(3, 2) / (8 * sqrt(d))
"""c_plain, from the Jensen gap <= δ/4 on a strip of probability <= δ/(2R), δ = R(3d-2)/k."""

X: Term = (d**2 + 4 * (d - 1) / 3) ** 2 + 64 * (d - 1) / 45
"""X_d, the fourth moment: E S⁴ <= R⁴ X_d/(16 k⁴), S² the variance of v·x - b
inside a cell, x uniform on Ω."""

C_SHARP: Term = X ** Q(3, 8) / (8 * sqrt(3 * d))
"""c_sharp, from ∫ gap² <= S³/6."""

L2_PLAIN: Term = c_plain * V * R * k ** (-EXPONENT)
L2_SHARP: Term = c_sharp * V * R * k ** (-EXPONENT)

N_0: Term = NEURONS.subs(k, 1)
"""N(1)."""

GROWTH: Term = NEURONS.subs(k, 2)
"""N(2) >= N(k+1)/k^d for k >= 1: for n >= N(1) the largest k with N(k) <= n has n < N(2) k^d."""

L2_AT_N: Term = c_sharp * V * R * GROWTH ** ((d + 3) / (2 * d)) * n ** (-(Q(1, 2) + 3 / (2 * d)))
"""l2_sharp for n >= N(1) neurons: k^-(d+3)/2 is at most (N(2)/n)^(1/2+3/(2d))."""

# -- 2 < p < oo ----------------------------------------------------------------------------------

_SLAB = R * (3 * d - 2) / k  # δ, the most by which v·x - b changes inside a cell
_DEVIATION = (
    R * sqrt(d**2 + 4 * d - 4) / (2 * k)
)  # S, the largest standard deviation of v·x - b inside a cell
_AREA = d * 2**d  # A, of the surface of [-1,1]^d

DENSITY: Term = 2 * mass * gamma(d / 2 + 1) / (pi ** (d / 2) * sigma**2)
"""D >= sup |dν/(dS db)|."""

B_P: Term = sqrt(2) * (gamma((p + 1) / 2) / sqrt(pi)) ** (1 / p)
"""B_p, the best constant of Khintchine's inequality for p >= 2."""

K_P: Term = (p * 2 ** (p / 2) * gamma(p / 2)) ** (1 / p)
"""K_p, from ∫_0^∞ p t^(p-1) 2 exp(-t²/(2v²)) dt = (K_p v)^p: moments from the tails
in Hoeffding's inequality."""

KHINTCHINE: Term = 2 * B_P * V * (_SLAB / 4) * (_SLAB / (2 * R)) ** (1 / p) / sqrt(2 * d * k**d)
"""lp_khintchine = 2 B_p V (δ/4)(δ/(2R))^(1/p)/√n_s, n_s = 2d k^d: symmetrisation and
Khintchine's inequality."""

C_HOEFFDING: Term = (
    K_P * (R * sqrt(d**2 + 4 * d - 4) / 4) * sqrt(V * DENSITY * R * (2 * d - 1) * 2**d)
)
"""c_hoeffding, the factor before k^-(d+3)/2 in lp_hoeffding."""

HOEFFDING: Term = c_hoeffding * k ** (-EXPONENT)
"""lp_hoeffding = K_p (S/2) √(V D A R(4d-2)/(k n_s)), A = d 2^d: Hoeffding's inequality at every x,
where only those samples count whose cells meet the hyperplane v·x = b."""

LP_ABOVE_2: Term = Min(lp_khintchine, lp_hoeffding)
"""lp for 2 < p < oo."""

# -- the corner part alone, p = oo ---------------------------------------------------------------

SUP_CORNER: Term = DENSITY * _AREA * (_DEVIATION**2 / 2 + (R * d / k) * _DEVIATION / 2)
"""sup_corner = D A (S²/2 + h_b S/2), h_b = Rd/k: the sup-norm error of the corner
neurons without any sample."""

SUP_CORNER_SHARP: Term = DENSITY * _AREA * _DEVIATION**2 / 2
"""sup_corner_sharp = D A S²/2: the trapezoid error of a kink integrates over b to at most h_b²/8,
and the gap in v to half its variance, at most (d-1)R²/(2k²)."""
