"""Covering numbers of network classes in the sup-norm: how many networks come within δ of
all networks of a class.

N(δ) is the least number of networks of the class such that each network of the class differs from
one of them by at most δ, at every |x|_∞ <= R0. The activation is SignReLU with α <= 1, at any
scale: |ρ(s) - ρ(t)| <= |s - t| and |ρ(t)| <= |t|. Parameters (weights and biases) lie in [-Θ, Θ].
Changing each of them by at most η changes the output by at most `sensitivity` η, and a grid
of ⌈Θ/η⌉ values for each makes a net: log N(δ) <= P log⌈sensitivity Θ/δ⌉.

Two classes:

- all networks with L hidden layers, widths and input dimension at most W, and P parameters, where
  Θ(W+1) >= 1;
- the networks of the ratio theorem: a shallow layer of n neurons on [-R0, R0]^d with the outputs
  g2 and g1, all its parameters in [-Θ, Θ]; then a tail without free parameters, clip_M(clip_M(g1;
  -bC, bC)/clip_M(g2; c, C); -b, b), whose Lipschitz constant enters.

The expressions are in the symbols below; sensitivity, argument, ... in an expression mean
the constant of that name. Everything is derived here [D].
"""

from __future__ import annotations

from boundcheck.exact.terms.term import Term
from boundcheck.math import Max, ceiling, log, symbols
from boundcheck.theory.formulas.ratio import b, c, n
from boundcheck.theory.formulas.shallow import d

L, W, P, Theta, R0, delta = symbols("L W P Theta R0 delta")
sensitivity, argument = symbols("sensitivity argument")
neurons, choices = symbols("neurons choices")
lipschitz, ratio_parameters, ratio_sensitivity, ratio_argument = symbols(
    "lipschitz ratio_parameters ratio_sensitivity ratio_argument"
)

# -- all networks of given sizes -----------------------------------------------------------------

SENSITIVITY: Term = (L + 1) * (W + 1) ** (L + 1) * Theta**L * Max(1, R0)
"""sensitivity: |f_θ - f_θ'| <= sensitivity |θ - θ'|_∞ on the box, if Θ(W+1) >= 1."""

ARGUMENT: Term = sensitivity * Theta / delta
"""argument = Θ/η, where η = δ/sensitivity."""

LOG_N: Term = P * log(ceiling(argument))
"""log_n >= log N(δ)."""

LOG_N_SMOOTH: Term = P * log(1 + argument)
"""log_n_smooth >= log_n, without the ceiling."""

# -- the networks of the ratio theorem -----------------------------------------------------------

RATIO_PARAMETERS: Term = n * (d + 1) + 2 * (n + 1)
"""P of the shallow layer with two outputs."""

RATIO_SENSITIVITY: Term = 1 + 2 * n * Theta * (d * R0 + 1)
"""ratio_sensitivity, of g1 and of g2, for every Θ > 0: at most 2(n+1)² Θ max(1, R0) where d <= n
and Θ(n+1) >= 1, which is `sensitivity` for L = 1, W = n."""

LIPSCHITZ: Term = (1 + b) / c
"""lipschitz, of the tail with respect to max(|dg1|, |dg2|), for every C and M."""

RATIO_ARGUMENT: Term = ratio_sensitivity * Theta * lipschitz / delta
"""ratio_argument = Θ/η, where η = δ/(ratio_sensitivity lipschitz)."""

RATIO_LOG_N: Term = ratio_parameters * log(ceiling(ratio_argument))
"""ratio_log_n >= log N(δ)."""

RATIO_LOG_N_SMOOTH: Term = ratio_parameters * log(1 + ratio_argument)
"""ratio_log_n_smooth >= ratio_log_n, without the ceiling, and so fit for arguments of any size."""

TO_RATIO_LOG_N: dict[str, Term] = {
    "ratio_parameters": RATIO_PARAMETERS,
    "ratio_sensitivity": RATIO_SENSITIVITY,
    "lipschitz": LIPSCHITZ,
    "ratio_argument": RATIO_ARGUMENT,
}
"""What ratio_log_n needs, in the order of evaluation."""

UNORDERED: Term = neurons * (1 + log(1 + choices / neurons))
"""unordered >= the logarithm of the number of networks whose `neurons` neurons have equal outer
weights, each being one of `choices`: their order does not matter, so that they are multisets.
With both signs and K grid points for the inner parameters `choices` is 2K."""
