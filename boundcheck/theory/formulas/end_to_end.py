"""The constants of the end-to-end theorem: the excess risk of diffusion models with
predictors learnt from m samples.

Setting: that of `boundcheck.theory.formulas.diffusion`, with the data in [-B, B]^d. At step t,
with σ = √(1-ᾱ_t), the Bayes predictor is f1_j/f2 in coordinate j, where f2 has the mass 1 and
|f1_j| <= B f2, on a box Ω = [-R, R]^d, R >= √ᾱ_t B. The class: x̂_0 is 0 outside Ω;
on Ω each coordinate has a shallow layer of its own, n = N_2(k) SignReLU neurons of scale M with
two outputs g2 and g1, all parameters in [-theta, theta], and then a fixed tail, the clip
of g2 to [c, 1] and of g1 to [-B, B], the division gate, and the clip of the quotient to [-B, B]
(see `boundcheck.theory.formulas.covering`). x̂_0 minimises the empirical risk of m independent
pairs (x_0, x_t) up to `eps`.

The theorem, for every k, R, c and `delta` that may depend on t: the expectation of the excess
of step t, that is w_t E|x̂_0(x_t) - E[x_0|x_t]|², is at most

    excess = w (A (d approximation + eps) + d (net + estimation) + off_box),

for every admissible pair (A, nu), with `net` and `estimation` (of a pair) of
`boundcheck.theory.formulas.oracle`, where `approximation` is one of three bounds of the infimum of
∫_Ω q |f1_j/f2 - x̂_0,j|² over the class: `uniform` and `weighted` hold with c = `positivity`, which
bounds f2 on Ω from below, and `positivity_free` with every c in (0, 1).

Everything is derived here [D]: a step in `proofs/diffusion/learnt_steps.py`
and `proofs/diffusion/ratio_steps.py`, and how the steps add up in `proofs/diffusion/end_to_end.py`.
"""

from __future__ import annotations

from boundcheck.exact.terms.rational import Q
from boundcheck.exact.terms.term import Term
from boundcheck.math import Max, exp, sqrt, symbols
from boundcheck.theory.formulas import oracle, ratio
from boundcheck.theory.formulas.diffusion import second_moment, w
from boundcheck.theory.formulas.oracle import A, comparator, eps, estimation, net
from boundcheck.theory.formulas.ratio import b
from boundcheck.theory.formulas.shallow import M, R, V, d, mass, sigma

approximation, off_box, slope = symbols("approximation off_box slope")

# -- the class -----------------------------------------------------------------------------------

SLOPE: Term = sqrt(d) * exp(-Q(1, 2)) / sigma
"""slope >= |∇f2(0)|_1; for f1 it is b times that."""

THETA: Term = Max(1, b) * Max(R * d, 3 * V, slope, 1 + R * slope)
"""theta: no parameter of the constructed shallow layers is larger.

Ridge neurons are ρ_M(v·x - s) with |v|_∞ = 1 and 0 <= s <= Rd; their |coefficients| have at most
the sum 3V, times b for g1.
The affine neurons are ρ_M(a·x + R|a|_1), a = ∇f(0), with the coefficient 1, and f(0) - R|a|_1
is the bias of the output."""

# -- approximation -------------------------------------------------------------------------------

_UNCLIPPED = ratio.UNIFORM_SQUARED.subs(mass, 1)

UNIFORM: Term = (sqrt(_UNCLIPPED) + 1 / M) ** 2
"""The bound where f2 >= c, from |f1/f2 - g1/G| <= e/c; the output clip costs 1/M."""

WEIGHTED: Term = ratio.WEIGHTED.subs(mass, 1)
"""The bound where f2 >= c, from f2 |f1/f2 - r̂|² <= e²/c."""

POSITIVITY_FREE: Term = ratio.POSITIVITY_FREE.subs(mass, 1)
"""The bound for every f2 > 0, from f2 |f1/f2 - r̂|² <= 2be."""

BOUNDS: dict[str, Term] = {
    "uniform": UNIFORM,
    "weighted": WEIGHTED,
    "positivity_free": POSITIVITY_FREE,
}
"""The three, by the name of the version."""

# -- one step ------------------------------------------------------------------------------------

EXCESS: Term = w * (oracle.ORACLE_DIAL.subs(comparator, d * approximation) + off_box)
"""excess of one step."""

PARTS: dict[str, Term] = {
    "approximation": A * d * w * approximation,
    "net": d * w * net,
    "samples": d * w * estimation,
    "optimisation": A * w * eps,
    "off_box": w * off_box,
}
"""What `excess` is the sum of; their sums over the steps have the same names."""

TRIVIAL: Term = w * second_moment
"""trivial, the excess of the predictor 0: a larger bound says nothing.
(E|E[x_0|x_t]|² <= E|x_0|².)"""
