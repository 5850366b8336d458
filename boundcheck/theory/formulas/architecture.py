"""Networks of given sizes: what a model of L hidden layers of W neurons, with parameters in
[-Theta, Theta], costs after training.

Setting: that of `boundcheck.theory.formulas.end_to_end`, with another class: x̂_0 is 0 outside the
box Ω = [-R, R]^d; on Ω each coordinate is a network of its own, clipped to [-B, B]. Networks are
those of `covering`, d <= W, with SignReLU at any scale. The excess of step t is at most

    excess = w (A (comparator + eps) + d (net + estimation) + off_box),

with `net` and `estimation` of a pair (A, nu), log_n of `covering` with P = `parameters`. The class
contains an affine predictor if Theta >= `affine_parameters`, so that `comparator` may be
`information.AFFINE`; and the predictor 0, so that it may be `second_moment`. (Networks that come
nearer to the Bayes predictor may be in the class as well: the bound does not know them.)

[D]; in `proofs/networks/architectures.py` and `proofs/diffusion/learnt_steps.py`.
"""

from __future__ import annotations

from boundcheck.exact.terms.term import Term
from boundcheck.math import Max, Min, sqrt
from boundcheck.theory.formulas import oracle
from boundcheck.theory.formulas.covering import L, W
from boundcheck.theory.formulas.diffusion import B, R, alpha_bar, w
from boundcheck.theory.formulas.end_to_end import off_box
from boundcheck.theory.formulas.information import spread
from boundcheck.theory.formulas.shallow import d

PARAMETERS: Term = W * (d + 1) + (L - 1) * W * (W + 1) + W + 1
"""P, the parameters of one network with one output."""

GAIN: Term = Min(1 / sqrt(alpha_bar), sqrt(spread) / (2 * sqrt(1 - alpha_bar)))
"""gain >= the largest eigenvalue √ᾱλ/(ᾱλ + 1-ᾱ) of the best affine predictor, λ <= spread."""

AFFINE_PARAMETERS: Term = Max(1, R, B * (1 + sqrt(d)) + R * sqrt(d) * GAIN)
"""affine_parameters: no parameter of the affine predictor is larger, as it is written in
`architectures.affine_functions`."""

EXCESS: Term = w * (oracle.ORACLE_DIAL + off_box)
"""excess of one step."""
