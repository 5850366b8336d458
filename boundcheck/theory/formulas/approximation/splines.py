"""The class of splines, in one dimension: marginals by their values at equidistant knots.

f(x) = ∫ exp(-|x-u|²/(2σ²)) dμ(u) on Ω = [-R, R], μ of total mass `mass`, has |f''| <= mass/σ². Its
piecewise linear interpolant at n+1 equidistant knots is a network with one hidden layer of n ReLU
neurons, and differs from f by at most `sup`; with SignReLU neurons of scale M by at most
lambda/M more: the neuron at the end of Ω is exact, the others have coefficients whose absolute
values add up to at most lambda.

The class: g1 and g2 are such networks with values in [-b, b] and in [0, 1] at the knots; then comes
the tail of `boundcheck.theory.formulas.covering`, g1 and g2 clipped and divided, and the quotient
clipped, which has mass 1 here. Its 2(n+1) parameters are the values, so that M is no part of
its size: it may be as large as one likes, and of each step another one. Some of its functions r has

    ∫_Ω q |f1/f2 - r|² dx <= `pointwise` if f2 >= c on Ω, where
        `inverse` >= ∫_Ω dx/f2 (see `boundcheck.theory.formulas.approximation.positivity`),
    ∫_Ω q |f1/f2 - r|² dx <= `relative` if also |(log f2)'| <= slope on Ω:

of the interpolation's error the second has nothing but its size relative to f2, as what f1'' and
f2'' are on average relative to f2 does not depend on where f2 is small; what SignReLU and the clips
cost still is multiplied by inverse, for which M >= n² sqrt(inverse) is large enough.

A net of exp(log_n) functions comes within `delta` of all. Everything is derived here [D], in
`proofs/splines/splines.py` and `proofs/splines/spline_class.py`.
"""

from __future__ import annotations

from boundcheck.exact.terms.term import Term
from boundcheck.math import Min, ceiling, exp, log, sqrt, symbols
from boundcheck.theory.formulas.approximation.positivity import inverse, kappa
from boundcheck.theory.formulas.covering import delta
from boundcheck.theory.formulas.ratio import approximation, b, c, error, n
from boundcheck.theory.formulas.shallow import M, R, mass, sigma

slope, spline, smooth, sensitivity = symbols("slope spline smooth sensitivity")
Lambda, parameters = symbols("Lambda parameters")

# -- one marginal --------------------------------------------------------------------------------

SUP: Term = mass * R**2 / (2 * sigma**2 * n**2)
"""sup >= |f - g| on Ω, g the interpolant."""

LAMBDA: Term = 2 * R * mass / sigma**2
"""lambda >= the sum of the |coefficients| of the neurons inside Ω."""

APPROXIMATION: Term = SUP + Lambda / M
"""approximation >= |f - g| on Ω with SignReLU neurons of scale M."""

# -- the ratio -----------------------------------------------------------------------------------

ERROR: Term = 2 * b * approximation + (1 + b) / M
"""error >= |f1 - g1| + b |f2 - g2| after the clips, each of which costs 1/M."""

POINTWISE: Term = (sqrt(kappa * inverse) * error + 1 / M) ** 2
"""pointwise >= ∫_Ω q |f1/f2 - r|² dx; the output clip costs 1/M."""

SPLINE: Term = sqrt(2) * b * (R / sigma) ** 2 / n**2 * exp(R * slope / n)
"""spline, of the interpolants alone: spline² >= ∫_Ω q |f1/f2 - g1/g2|² dx."""

SMOOTH: Term = 2 * b * Lambda / M + (1 + b) / M
"""smooth >= what SignReLU and the clips add to |f1 - g1| + b |f2 - g2|."""

RELATIVE: Term = (spline + sqrt(kappa * inverse) * smooth + 1 / M) ** 2
"""relative >= ∫_Ω q |f1/f2 - r|² dx."""

SQUARED: Term = Min(RELATIVE, POINTWISE)
"""The smaller one."""

# -- the class -----------------------------------------------------------------------------------

SENSITIVITY: Term = 1 + 2 * n**2 / (R * M)
"""sensitivity: |g - g'| on Ω, for values that differ by at most 1."""

PARAMETERS: Term = 2 * (n + 1)
"""parameters: those in [-1, 1] of which the values are affine functions."""

LOG_N: Term = parameters * log(ceiling(3 * b * sensitivity / (2 * c * delta)))
"""log_n >= log N(delta)."""

LOG_N_SMOOTH: Term = parameters * log(1 + 3 * b * sensitivity / (2 * c * delta))
"""log_n_smooth >= log_n, without the ceiling, and so fit for arguments of any size."""
