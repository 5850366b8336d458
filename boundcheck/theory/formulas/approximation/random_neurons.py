"""The constants of shallow networks with random neurons, for every dimension and every n.

Setting: that of `boundcheck.theory.formulas.shallow`; every network has one affine neuron besides
those that are counted by n, unless it is said otherwise. With ReLU neurons some network errs in
L^2(Ω) by at most

    maurey        n neurons, drawn from the ridge measure ν with |v|_∞ = 1, V >= ‖ν‖;
    maurey_sphere the same with |v|_2 = 1, V_2 >= ‖ν‖ (see `ridge_variation`);
    blocks        at most n_blocks neurons, the affine one among them: n_1 frequencies ω are drawn,
                  and cos(ω·(x - u)) is interpolated linearly at knots of the distance h in ω·x, the
                  first of them at random; every t > 0 and 0 < h <= π is admissible.

With SignReLU neurons of scale M each errs by at most Λ/M more, Λ the sum of |outer coefficients|.
Blocks do not see L^2(Ω): the mean square error over draws holds at every point. [D], in
`proofs/ridges/random_neurons.py`, `proofs/ridges/blocks.py` and `proofs/ridges/block_networks.py`.

Meets: Pisier 1981 (Maurey), Barron 1993, Rahimi and Recht 2008.
"""

from __future__ import annotations

from boundcheck.exact.terms.rational import Q
from boundcheck.exact.terms.term import Term, number
from boundcheck.math import cos, exp, pi, sin, sqrt, symbols
from boundcheck.theory.formulas.shallow import R, V, d, mass, sigma

n, n_1, h, t, V_2 = symbols("n n_1 h t V_2")
Q_h, n_blocks = symbols("Q_h n_blocks")

# -- neurons one by one ----------------------------------------------------------------------------

NEURON: Term = R**2 * d / 6
"""At least E_x ReLU(v·x - b)², for |v|_∞ <= 1 and b >= 0; R²|v|_2²/6 for every v."""

MAUREY: Term = V * sqrt(NEURON) / sqrt(n)
"""maurey = V R √(d/(6n)); Λ <= V."""

MAUREY_SPHERE: Term = V_2 * R / sqrt(6 * n)
"""maurey_sphere = V_2 R/√(6n); Λ <= V_2."""

# -- blocks ----------------------------------------------------------------------------------------

SHRINK: Term = 2 * (1 - cos(h)) / h**2
"""s_h = (sin(h/2)/(h/2))²: the interpolant of cos, averaged over the first knot, is s_h cos."""

FLAT: Term = (2 + cos(h)) / 6
WAVE: Term = 1 / (2 * h**2) - sin(2 * h) / (4 * h**3) + (sin(h) - h * cos(h)) / (2 * h**3)
"""The mean square of the interpolant of cos at z is flat + wave cos(2z), with wave >= 0."""

MEAN_SQUARE: Term = FLAT + WAVE
"""q_h, at least that mean square."""

SPREAD: Term = MEAN_SQUARE / SHRINK**2
"""Q_h: at most 1.191 at h = 2633/1000, where Q_h/h is least."""

BEST_STEP: Term = number(Q(2633, 1000))
SPREAD_AT_BEST: Term = number(Q(1191, 1000))

MEAN_BLOCKS: Term = mass**2 * Q_h / n_1
"""At least E|f(x) - g(x)|², for every x of R^d: the draws have the mean f."""

BLOCKS: Term = mass * sqrt(Q_h / (n_1 * (1 - exp(-(t**2 / 2)))))
"""blocks: about 0.85 mass √(Rd/(σn)) for large n."""

FREQUENCIES: Term = sqrt(2 / pi) * n_1 * d + t * sqrt(n_1 * d)
"""Σ|σω|_1 over n_1 draws is above this with a probability of at most exp(-t²/2)."""

BLOCKS_NEURONS: Term = 1 + n_1 + 2 * R / (h * sigma) * FREQUENCIES
"""n_blocks."""

BLOCKS_LAMBDA: Term = mass * h * n_blocks / n_1
"""Λ of blocks: each kink has a coefficient of at most mass h/n_1."""
