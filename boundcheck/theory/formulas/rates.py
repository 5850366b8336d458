"""Rates of the end-to-end theorem, by balancing: exponents in n and m.

With a class of n neurons the risk on a fixed box is at most A n^(-a) + P n/m, up to factors
that grow like logarithms: a comes from the approximation, n/m from the number of parameters. Both
terms are equal in order for n = m^x with -a x = x - 1, and then the risk is of the order m^(-a x).
No choice of n has a better order.

What happens off the box is of the order m^(-y) only if the box grows with m. Then c = `positivity`
falls like m^(-dy), and A grows like c^(-q), where q is 2 for `uniform`, 1 for `weighted`
and 0 for `positivity_free`, which has a c of its own. So the whole risk is of the order
m^(-y), y = a/(1 + a + dq): the versions that need positivity are faster on a fixed box and not
faster on the whole space.

`proofs/learning/rates.py` proves both balances for every a > 0, and with the exponents below for
every d.
"""

from __future__ import annotations

from dataclasses import dataclass

from boundcheck.exact.terms.rational import Q
from boundcheck.exact.terms.term import Term
from boundcheck.math import symbols
from boundcheck.theory.formulas import ratio
from boundcheck.theory.formulas.shallow import d, p

a, x, q = symbols("a x q")

BALANCE: Term = 1 / (1 + a)
"""x, the solution of -a x = x - 1: n = m^x neurons."""

GROWING: Term = a / (1 + a + d * q)
"""y, the solution of d q y - a x = x - 1 = -y: the whole risk is of the order m^(-y)."""

LP: Term = ratio.LP_EXPONENT
"""The L^p error of a marginal or a ratio is of the order n^(-lp) for every p < oo, by Hoeffding's
inequality where p > 2."""

LP_KHINTCHINE: Term = Q(1, 2) + (1 + 1 / p) / d
"""The same for p > 2 by Khintchine's inequality."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Exponents, in d.

    Attributes:
        version: of the end-to-end theorem.
        power: q, where the risk from the approximation grows like c^(-q).
        approximation: the risk from the approximation is of the order n^(-approximation), on
            a fixed box.
        neurons: n is of the order m^neurons, on a fixed box.
        excess: the risk is of the order m^(-excess), on a fixed box.
        whole: the risk on the whole space, with a box that grows, is of the order m^(-whole).
    """

    version: str
    power: int
    approximation: Term
    neurons: Term
    excess: Term
    whole: Term


_POSITIVE = {
    "approximation": 1 + 3 / d,
    "neurons": d / (2 * d + 3),
    "excess": (d + 3) / (2 * d + 3),
}
RATES: dict[str, Rate] = {
    "uniform": Rate(
        version="uniform", power=2, whole=(d + 3) / (2 * d**2 + 2 * d + 3), **_POSITIVE
    ),
    "weighted": Rate(version="weighted", power=1, whole=(d + 3) / (d**2 + 2 * d + 3), **_POSITIVE),
    "positivity_free": Rate(
        version="positivity_free",
        power=0,
        approximation=LP,
        neurons=2 * d / (3 * d + 3),
        excess=(d + 3) / (3 * d + 3),
        whole=(d + 3) / (3 * d + 3),
    ),
}
"""Of each version: uniform and weighted have the same on a fixed box."""


def rate(version: str) -> Rate:
    """The exponents of a version.

    >>> str(rate("weighted").excess)
    '(d + 3)/(2*d + 3)'
    """
    return RATES[version]
