"""Rates of the end-to-end theorem, by balancing: exponents in n and m that follow from
the formulas of the constants.

With a class of n neurons the risk on a fixed box is at most A n^(-a) + P n/m, up to factors
that grow like logarithms: a comes from the formulas of the approximation, n/m from the number
of parameters. Both terms are equal in order for n = m^x with -a x = x - 1, and then the risk is
of the order m^(-a x). No choice of n has a better order.

What happens off the box is of the order m^(-y) only if the box grows with m. Then c = `positivity`
falls like m^(-dy), and A grows like c^(-q), where q is 2 for `uniform`, 1 for `weighted`
and 0 for `positivity_free`, which has a c of its own. So the whole risk is of the order
m^(-y), y = a/(1 + a + dq): the versions that need positivity are faster on a fixed box and not
faster on the whole space.

`proofs/rates.py` has both balances for every a > 0, and the exponents for every d.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from boundcheck.exact.terms.term import Term
from boundcheck.math import symbols
from boundcheck.theory.formulas import covering, end_to_end, ratio, shallow
from boundcheck.theory.formulas.ratio import c, error_l2, l2_sharp, n
from boundcheck.theory.formulas.shallow import M, d, k

if TYPE_CHECKING:
    import sympy

a, x, q = symbols("a x q")

BALANCE: Term = 1 / (1 + a)
"""x, the solution of -a x = x - 1: n = m^x neurons."""

GROWING: Term = a / (1 + a + d * q)
"""y, the solution of d q y - a x = x - 1 = -y: the whole risk is of the order m^(-y)."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Exponents, as expressions of sympy in d, for tables alone.

    Attributes:
        version: of the end-to-end theorem.
        approximation: the risk from the approximation is of the order n^(-approximation), on
            a fixed box.
        neurons: n is of the order m^neurons, on a fixed box.
        excess: the risk is of the order m^(-excess), on a fixed box.
        whole: the risk on the whole space, with a box that grows, is of the order m^(-whole).
    """

    version: str
    approximation: sympy.Expr
    neurons: sympy.Expr
    excess: sympy.Expr
    whole: sympy.Expr


def rate(version: str) -> Rate:
    """The exponents of a version: uniform and weighted have the same, positivity_free others."""
    import sympy

    formula = sympy.sympify(end_to_end.BOUNDS[version])
    # c does not bind in the positivity-free version, and M is as large as one likes
    small = formula.subs(c, 0) if version == "positivity_free" else formula
    error = sympy.sympify(ratio.ERROR_L2.subs(l2_sharp, shallow.L2_SHARP))
    exponent = -_degree(small.subs(error_l2, error).subs(M, sympy.oo), k) / _degree(
        ratio.GROWTH * k**d, k
    )
    parameters = _degree(sympy.expand(covering.RATIO_PARAMETERS).coeff(n, 1) * n, n)
    (balance,) = sympy.solve(sympy.Eq(-exponent * sympy.sympify(x), parameters * x - 1), x)
    price = -_degree(small.subs(error_l2, 1).subs(M, sympy.oo), c)
    whole = sympy.sympify(GROWING).subs({a: exponent, q: price})
    return Rate(
        version=version,
        approximation=sympy.simplify(exponent),
        neurons=sympy.simplify(balance),
        excess=sympy.simplify(exponent * balance),
        whole=sympy.simplify(whole),
    )


def lp_exponent(hoeffding: bool = True) -> sympy.Expr:
    """The exponent in n of the L^p error of a marginal or a ratio: 1/2 + 3/(2d) for every p < oo,
    by Hoeffding's inequality where p > 2; by Khintchine's it is 1/2 + (1 + 1/p)/d."""
    formula = shallow.HOEFFDING if hoeffding else shallow.KHINTCHINE
    import sympy

    return sympy.simplify(-_degree(formula, k) / _degree(ratio.GROWTH * k**d, k))


def _degree(expression: Term | sympy.Expr, variable: Term) -> sympy.Expr:
    """e where the expression is a constant times variable^e, all symbols positive."""
    import sympy

    expression, variable = map(sympy.sympify, (expression, variable))
    positive = {
        s: sympy.Symbol(s.name, positive=True) for s in expression.free_symbols | {variable}
    }
    logarithm = sympy.expand_log(sympy.log(sympy.powsimp(expression.subs(positive))), force=True)
    found = sympy.simplify(sympy.diff(logarithm, positive[variable]) * positive[variable])
    if found.has(positive[variable]):
        raise ValueError(f"{expression} is no power of {variable}")
    return found.subs({new: old for old, new in positive.items()})
