"""The constants of the variation of the ridge measure in every dimension: their gamma functions and
their largest value. The constants are those of `boundcheck.theory.formulas.ridge_variation`.
"""

from boundcheck import claim, inequality, symbols
from boundcheck.math import gamma, log, loggamma, pi, sqrt
from boundcheck.theory.formulas import ridge_variation

SOURCE = "derived here"
x, d = symbols("x d")


@claim(source="Watson, 1959; this proof is derived here")
def watson():
    """Γ(x + 1/2) √(x + 1/4) <= Γ(x + 1) for x >= 0."""
    yield inequality(
        loggamma(x + "1/2") + log(x + "1/4") / 2, "<=", loggamma(x + 1), given=[x >= 0]
    )
