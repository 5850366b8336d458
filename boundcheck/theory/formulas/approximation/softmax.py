"""The constants of the softmax class: predictors for data that are one of K points.

x_0 is u_k with probability p_k, k = 1..K, and x_t = √ᾱ x_0 + √(1-ᾱ) ε. Then the Bayes predictor is

    E[x_0|x_t = x] = Σ_k u_k softmax(ℓ(x))_k,   ℓ_k(x) = (√ᾱ u_k·x - ᾱ|u_k|²/2)/(1-ᾱ) + log p_k,

in any dimension d. A network of depth 2 computes almost that: Ê interpolates exp at n + 1 knots of
[-Λ, Λ] and is constant outside, up to SignReLU neurons of scale M in the place of kinks, and

    x̂(x) = a + Σ_k (u_k - a)/(1 + Σ_{j≠k} Ê(ℓ_j(x) - ℓ_k(x))).

The class: these networks for all u_k in [-B, B]^d with |u_k - a|_2 <= rho and all p_k in
[p_min, 1], p_min < 1, projected onto the ball (a, rho), for |x|_∞ <= R; and a elsewhere. So K,
p_min, B, a and rho are what has to be known of the data. The target of the oracle inequality is
(x_0 - a) on the box, and 0 off it; (A, nu) is an admissible pair of `oracle`.

Where the data lie in a known affine subspace a + U of dimension r, the class stands in coordinates
of U: d is r, and B is rho.

The expressions are in the symbols below; `softmax_error`, `log_n`, ... in an expression mean the
constant of that name. Everything is derived here [D], in `proofs/softmax/softmax.py` and the files
beside it.
"""

from __future__ import annotations

from boundcheck.exact.terms.term import Term
from boundcheck.math import ceiling, exp, log, sqrt, symbols
from boundcheck.theory.formulas import oracle
from boundcheck.theory.formulas.covering import delta
from boundcheck.theory.formulas.diffusion import TAIL, B, R, alpha_bar, d, w
from boundcheck.theory.formulas.end_to_end import off_box
from boundcheck.theory.formulas.oracle import A, eps, log_n, m, nu, rho
from boundcheck.theory.formulas.ratio import n
from boundcheck.theory.formulas.shallow import M

K, Lambda, p_min, eta, eta_p = symbols("K Lambda p_min eta eta_p")
softmax_error, logit_change = symbols("softmax_error logit_change")

# -- the network -----------------------------------------------------------------------------------

CHORD: Term = exp(Lambda**2 / (2 * n**2))
"""chord: chords of exp over a distance h = 2Λ/n are at most exp(h²/8) times exp."""

SURPLUS: Term = exp(-Lambda) + exp(Lambda) / M
"""surplus: Ê <= chord exp + surplus; the second part comes from SignReLU in the place of kinks."""

SOFTMAX_ERROR: Term = (
    exp(Lambda**2 / (2 * n**2)) - 1 + (2 * K - 2) * exp(-Lambda) + (K - 1) * exp(Lambda) / M
)
"""softmax_error >= Σ_k |softmax_k - its approximation|, for all logits; so x̂ errs by at most rho
times that, everywhere. For ReLU kinks M is infinite."""

WIDTH: Term = K**2 * (n + 1)
"""width of the first hidden layer; the second one has K neurons."""

# -- the class -------------------------------------------------------------------------------------

LOGIT_CHANGE: Term = d * (sqrt(alpha_bar) * R + alpha_bar * B) / (1 - alpha_bar) * eta + eta_p
"""logit_change: by which logits change on the box, if all coordinates of the points change by at
most η, and all log p_k by at most η'."""

NET: Term = sqrt(d) * eta + rho * logit_change
"""delta: by which the predictor changes in the Euclidean norm, where rho bounds all |u_k - a|."""

LOG_N: Term = K * d * log(ceiling(B / eta)) + K * log(ceiling(log(1 / p_min) / (2 * eta_p)))
"""log_n, for p_min < 1: so large is the logarithm of the number of functions that come within
delta of all."""

# -- one step ------------------------------------------------------------------------------------

OFF_BOX: Term = rho**2 * TAIL
"""off_box: what it costs to predict a where x_t is not in the box."""

PARTS: dict[str, Term] = {
    "approximation": w * A * (rho * softmax_error) ** 2,
    "net": w * 4 * (1 + A) * rho * (delta + rho * softmax_error),
    "samples": w * rho**2 * log_n / (nu * m),
    "optimisation": w * A * eps,
    "off_box": w * off_box,
}
"""What `excess` is the sum of. The comparator is the network with the parameters of the data; the
net consists of exact softmax functions, so that all networks are within delta + rho softmax_error
of it."""

_ORACLE = oracle.ORACLE_VECTORS.subs(oracle.comparator, (rho * softmax_error) ** 2)

EXCESS: Term = w * (_ORACLE.subs(delta, delta + rho * softmax_error) + off_box)
"""excess of a step, at least w E|x̂ - E[x_0|x_t]|²."""
