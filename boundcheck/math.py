"""The functions and constants of the grammar, for formulas in Python: they keep every
operation, unlike sympy's.

>>> from boundcheck import symbols
>>> from boundcheck.math import exp, log
>>> x = symbols("x")
>>> exp(log(x))
Term(exp(log(x)))
"""

from __future__ import annotations

import math
from typing import Any

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.activation import LeakyReLU, ReLU, SignReLU
from boundcheck.exact.terms.derivative import derivative
from boundcheck.exact.terms.parser import binomial as _binomial
from boundcheck.exact.terms.parser import parse_name, parse_term
from boundcheck.exact.terms.term import (
    Term,
    activate,
    call,
    constant,
    integral,
    summation,
    symbol,
    term,
)

pi, E = constant("pi"), constant("E")
oo = math.inf
"""The end of an unbounded range."""


def symbols(names: str) -> Any:
    """Real variables, which keep every operation that is done with them: one, or
    a tuple for several names.

    >>> x, y = symbols("x y")
    >>> x / x
    Term(x/x)
    """
    found = tuple(symbol(parse_name(n)) for n in names.replace(",", " ").split())
    if not found:
        raise BoundcheckError('symbols("") names nothing; write for instance symbols("x y")')
    return found if len(found) > 1 or "," in names else found[0]


def name_of(variable: Any) -> str:
    """The name of a variable, given by itself or by its name.

    Raises:
        BoundcheckError: it is no variable.
    """
    found = _side(variable)
    if found.op != "symbol":
        raise BoundcheckError(f"{found} is no variable")
    return str(found.payload)


def _side(value: Any) -> Term:
    return parse_term(value) if isinstance(value, str) else term(value)


def _function(name: str, meaning: str) -> Any:
    def function(*args: Any) -> Term:
        return call(name, *map(_side, args))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = meaning
    return function


Abs = _function("Abs", "|u|.")
sqrt = _function("sqrt", "The square root; defined for u >= 0.")
cbrt = _function("cbrt", "The cube root; defined for u >= 0.")
exp = _function("exp", "e^u.")
log = _function("log", "The natural logarithm; defined for u > 0.")
sin = _function("sin", "The sine.")
cos = _function("cos", "The cosine.")
tan = _function("tan", "sin(u)/cos(u); defined where cos(u) is not 0.")
asin = _function("asin", "The arc sine; defined for |u| <= 1.")
acos = _function("acos", "The arc cosine; defined for |u| <= 1.")
atan = _function("atan", "The arc tangent.")
sinh = _function("sinh", "The hyperbolic sine.")
cosh = _function("cosh", "The hyperbolic cosine.")
tanh = _function("tanh", "The hyperbolic tangent.")
floor = _function("floor", "The largest integer <= u.")
ceiling = _function("ceiling", "The smallest integer >= u.")
sign = _function("sign", "-1, 0 or 1.")
erf = _function("erf", "The error function.")
erfc = _function("erfc", "1 - erf(u).")
gamma = _function("gamma", "Euler's gamma function; undefined at 0, -1, -2, ...")
loggamma = _function("loggamma", "The logarithm of gamma(u); defined for u > 0.")
factorial = _function("factorial", "gamma(u + 1).")
Min = _function("Min", "The smallest of its arguments.")
Max = _function("Max", "The largest of its arguments.")


def relu(u: Any) -> Term:
    """max(u, 0)."""
    return activate(ReLU(), _side(u))


def signrelu(u: Any, alpha: Any = 1) -> Term:
    """u for u >= 0, and alpha u/(1 - u) for u < 0, for alpha > 0."""
    return activate(SignReLU(_side(alpha)), _side(u))


def leakyrelu(u: Any, slope: Any = "1/100") -> Term:
    """u for u >= 0, and slope u for u < 0, for a slope > 0."""
    return activate(LeakyReLU(_side(slope)), _side(u))


def binomial(n: Any, k: Any) -> Term:
    """n(n-1)...(n-k+1)/k! for a written integer k; for others by gamma functions."""
    return _binomial(_side(n), _side(k))


def diff(f: Any, variable: Any) -> Term:
    """The derivative of f in a variable: the formula, which holds wherever it is defined itself.

    Raises:
        Unsupported: there is no formula.

    >>> from boundcheck import symbols
    >>> diff(sin(symbols("x")) ** 2, "x")
    Term(2*sin(x)*cos(x))
    """
    return derivative(_side(f), name_of(variable))


def Sum(body: Any, limits: tuple[Any, Any, Any]) -> Term:
    """Σ body over the integers k from a to b, for limits (k, a, b)."""
    variable, lower, upper = limits
    return summation(_side(body), name_of(variable), _side(lower), _side(upper))


def Integral(body: Any, limits: tuple[Any, Any, Any]) -> Term:
    """∫ body dx from a to b, for limits (x, a, b)."""
    variable, lower, upper = limits
    return integral(_side(body), name_of(variable), _side(lower), _side(upper))
