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
from typing import Any, Protocol, TypeAlias, runtime_checkable

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.activation import LeakyReLU, ReLU, SignReLU
from boundcheck.exact.terms.derivative import derivative
from boundcheck.exact.terms.parser import binomial as _binomial
from boundcheck.exact.terms.parser import parse_name, parse_term
from boundcheck.exact.terms.term import (
    Term,
    TextOrTerm,
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

Symbols: TypeAlias = Any
"""What `symbols` gives: a term for one name, a tuple of terms for several."""


@runtime_checkable
class _Function(Protocol):
    """A function of the grammar."""

    def __call__(self, *args: TextOrTerm) -> Term: ...


def symbols(names: str) -> Symbols:
    """Real variables, which keep every operation that is done with them: one, or
    a tuple for several names.

    Raises:
        BoundcheckError: no name, or one that is not a variable of the grammar.

    >>> x, y = symbols("x y")
    >>> x / x
    Term(x/x)
    """
    found = tuple(symbol(parse_name(n)) for n in names.replace(",", " ").split())
    if not found:
        raise BoundcheckError('symbols("") names nothing; write for instance symbols("x y")')
    return found if len(found) > 1 or "," in names else found[0]


def name_of(variable: TextOrTerm) -> str:
    """The name of a variable, given by itself or by its name.

    Raises:
        BoundcheckError: it is no variable.

    >>> name_of(symbols("x")), name_of("y")
    ('x', 'y')
    """
    found = _side(variable)
    if found.op != "symbol":
        raise BoundcheckError(f"{found} is no variable")
    return str(found.payload)


def _side(value: TextOrTerm) -> Term:
    return parse_term(value) if isinstance(value, str) else term(value)


def _function(name: str, meaning: str) -> _Function:
    def function(*args: TextOrTerm) -> Term:
        for a in args:
            if hasattr(a, "__called__"):  # a term of a theorem
                found: Term = a.__called__(name, args)
                return found
        return call(name, *map(_side, args))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = meaning
    return function


Abs = _function(
    "Abs",
    """|u|.

    >>> from boundcheck import prove
    >>> x, y = symbols("x y")
    >>> prove(Abs(x + y) <= Abs(x) + Abs(y), on="x in [-1, 1], y in [-1, 1]").name
    'proved'
    """,
)
sqrt = _function(
    "sqrt",
    """The square root; defined for u >= 0.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(sqrt(x) <= (1 + x) / 2, on="x in [0, oo)").name
    'proved'
    >>> prove(sqrt(x) >= 0, on="x in [-1, 1]").name
    'ill-posed'
    """,
)
cbrt = _function(
    "cbrt",
    """The cube root; defined for u >= 0.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove((cbrt(x) ** 3).eq(x), on="x in [0, oo)").name
    'proved'
    """,
)
exp = _function(
    "exp",
    """e^u.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(exp(x) >= 1 + x, on="x in (-oo, oo)").name
    'proved'
    """,
)
log = _function(
    "log",
    """The natural logarithm; defined for u > 0.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(log(x) <= x - 1, on="x in (0, oo)").name
    'proved'
    """,
)
sin = _function(
    "sin",
    """The sine.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(sin(x) <= x, on="x in [0, oo)").name
    'proved'
    """,
)
cos = _function(
    "cos",
    """The cosine.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(cos(x) >= 1 - x**2 / 2, on="x in (-oo, oo)").name
    'proved'
    """,
)
tan = _function(
    "tan",
    """sin(u)/cos(u); defined where cos(u) is not 0.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(tan(x) >= x, on="x in [0, 1]").name
    'proved'
    >>> prove(tan(x) >= x, on="x in [0, 2]").name
    'ill-posed'
    """,
)
asin = _function(
    "asin",
    """The arc sine, in [-pi/2, pi/2]; defined for |u| <= 1.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(asin(x) >= x, on="x in [0, 1]").name
    'proved'
    """,
)
acos = _function(
    "acos",
    """The arc cosine, in [0, pi]; defined for |u| <= 1.

    >>> from boundcheck import prove
    >>> prove(acos(-1).eq(pi)).name
    'proved'
    """,
)
atan = _function(
    "atan",
    """The arc tangent, in (-pi/2, pi/2).

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(atan(x) <= x, on="x in [0, oo)").name
    'proved'
    """,
)
sinh = _function(
    "sinh",
    """The hyperbolic sine.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(sinh(x) >= x, on="x in [0, oo)").name
    'proved'
    """,
)
cosh = _function(
    "cosh",
    """The hyperbolic cosine.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove((cosh(x) ** 2 - sinh(x) ** 2).eq(1), on="x in (-oo, oo)").name
    'proved'
    """,
)
tanh = _function(
    "tanh",
    """The hyperbolic tangent.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(tanh(x) < 1, on="x in (-oo, oo)").name
    'proved'
    """,
)
floor = _function(
    "floor",
    """The largest integer <= u.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(floor(x) <= x, on="x in [-9, 9]").name
    'proved'
    """,
)
ceiling = _function(
    "ceiling",
    """The smallest integer >= u.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(ceiling(x) < x + 1, on="x in [-9, 9]").name
    'proved'
    """,
)
sign = _function(
    "sign",
    """-1, 0 or 1.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove((sign(x) * x).eq(Abs(x)), on="x in (-oo, oo)").name
    'proved'
    """,
)
erf = _function(
    "erf",
    """The error function, 2/√π ∫ exp(-t²) dt from 0 to u.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(erf(x) <= 2 * x / sqrt(pi), on="x in [0, oo)").name
    'proved'
    """,
)
erfc = _function(
    "erfc",
    """1 - erf(u).

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(erfc(x) <= exp(-(x**2)), on="x in [0, oo)").name
    'proved'
    """,
)
gamma = _function(
    "gamma",
    """Euler's gamma function; undefined at 0, -1, -2, ...

    >>> from boundcheck import prove
    >>> prove(gamma(5).eq(24)).name
    'proved'
    >>> prove(gamma(-1) < 0).name
    'ill-posed'
    """,
)
loggamma = _function(
    "loggamma",
    """The logarithm of gamma(u); defined for u > 0.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(loggamma(x + 1).eq(log(x) + loggamma(x)), on="x in (0, oo)").name
    'proved'
    """,
)
factorial = _function(
    "factorial",
    """gamma(u + 1).

    >>> from boundcheck import prove
    >>> prove(factorial(5).eq(120)).name
    'proved'
    """,
)
Min = _function(
    "Min",
    """The smallest of its arguments.

    >>> from boundcheck import prove
    >>> x, y = symbols("x y")
    >>> prove(Min(x, y) <= (x + y) / 2, on="x in [0, 1], y in [0, 1]").name
    'proved'
    """,
)
Max = _function(
    "Max",
    """The largest of its arguments.

    >>> from boundcheck import prove
    >>> x, y = symbols("x y")
    >>> prove((Max(x, y) + Min(x, y)).eq(x + y), on="x in [0, 1], y in [0, 1]").name
    'proved'
    """,
)


def relu(u: TextOrTerm) -> Term:
    """max(u, 0).

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove((relu(x) - relu(-x)).eq(x), on="x in (-oo, oo)").name
    'proved'
    """
    return activate(ReLU(), _side(u))


def signrelu(u: TextOrTerm, alpha: TextOrTerm = 1) -> Term:
    """u for u >= 0, and alpha u/(1 - u) for u < 0, for alpha > 0. [P]

    >>> from boundcheck import prove
    >>> prove(signrelu("x") > -1, on="x in (-oo, oo)").name
    'proved'
    """
    return activate(SignReLU(_side(alpha)), _side(u))


def leakyrelu(u: TextOrTerm, slope: TextOrTerm = "1/100") -> Term:
    """u for u >= 0, and slope u for u < 0, for a slope > 0.

    >>> from boundcheck import prove
    >>> x = symbols("x")
    >>> prove(leakyrelu(x) >= x, on="x in (-oo, oo)").name
    'proved'
    """
    return activate(LeakyReLU(_side(slope)), _side(u))


def binomial(n: TextOrTerm, k: TextOrTerm) -> Term:
    """n(n-1)...(n-k+1)/k! for a written integer k; for others by gamma functions.

    >>> from boundcheck import prove
    >>> n = symbols("n")
    >>> prove(binomial(n, 2).eq(n * (n - 1) / 2), on="n in (-oo, oo)").name
    'proved'
    """
    return _binomial(_side(n), _side(k))


def diff(f: TextOrTerm, variable: TextOrTerm) -> Term:
    """The derivative of f in a variable: the formula, which holds wherever it is defined itself.

    Raises:
        Unsupported: there is no formula.

    >>> x = symbols("x")
    >>> diff(sin(x) ** 2, x)
    Term(2*sin(x)*cos(x))
    """
    return derivative(_side(f), name_of(variable))


def Sum(body: TextOrTerm, limits: tuple[TextOrTerm, TextOrTerm, TextOrTerm]) -> Term:
    """Σ body over the integers k from a to b, for limits (k, a, b).

    >>> from boundcheck import prove
    >>> x, k = symbols("x k")
    >>> prove(Sum(x**k / factorial(k), (k, 0, 3)) <= exp(x), on="x in [0, oo)").name
    'proved'
    """
    variable, lower, upper = limits
    return summation(_side(body), name_of(variable), _side(lower), _side(upper))


def Integral(body: TextOrTerm, limits: tuple[TextOrTerm, TextOrTerm, TextOrTerm]) -> Term:
    """∫ body dx from a to b, for limits (x, a, b).

    >>> from boundcheck import prove
    >>> t = symbols("t")
    >>> prove(Integral(exp(-(t**2)), (t, 0, 1)) <= "3/4").name
    'proved'
    """
    variable, lower, upper = limits
    return integral(_side(body), name_of(variable), _side(lower), _side(upper))
