"""Derivatives of terms, by the rules of calculus, and where they may be believed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from boundcheck.theorems.kernel.sequent import Refused
from boundcheck.theorems.language.expr import Expr, constant, made, number

_ZERO, _ONE = number(0), number(1)


def _call(name: str, u: Expr) -> Expr:
    return made("call", name, (u,))


_OUTER: dict[str, Callable[[Expr], Expr]] = {
    "exp": lambda u: _call("exp", u),
    "log": lambda u: 1 / u,
    "sqrt": lambda u: 1 / (2 * _call("sqrt", u)),
    "sin": lambda u: _call("cos", u),
    "cos": lambda u: -_call("sin", u),
    "atan": lambda u: 1 / (1 + u**2),
    "sinh": lambda u: _call("cosh", u),
    "cosh": lambda u: _call("sinh", u),
    "tanh": lambda u: 1 - _call("tanh", u) ** 2,
    "erf": lambda u: 2 * _call("exp", -(u**2)) / _call("sqrt", constant("pi")),
    "erfc": lambda u: -2 * _call("exp", -(u**2)) / _call("sqrt", constant("pi")),
}
"""Continuous where they exist, and with a derivative wherever this term exists."""


def derivative(e: Expr, t: Expr) -> Expr:
    """The derivative of a term in the real variable t.

    Where the term exists on a neighbourhood of t, and the result exists at t, the result is the
    derivative there; and both are continuous wherever they exist. A part without t is a number.

    Raises:
        Refused: an operation for which there is no such rule is applied to t: a function symbol,
            a mean, Abs, floor, a power of natural exponent that is no number.
    """
    if t not in e.free:
        return _ZERO
    if e == t:
        return _ONE
    d = [derivative(a, t) for a in e.args] if e.head in _OPERATIONS else []
    match e.head:
        case "add":
            return d[0] + d[1]
        case "sub":
            return d[0] - d[1]
        case "neg":
            return -d[0]
        case "mul":
            return _sum(_times(d[0], e.args[1]), _times(e.args[0], d[1]))
        case "div":
            a, b = e.args
            if t not in b.free:
                return d[0] / b
            return (_times(d[0], b) - _times(a, d[1])) / b**2
        case "npow" if e.args[1].head == "number":
            k = Fraction(e.args[1].data)  # type: ignore[arg-type]
            return _ZERO if k == 0 else _times(number(k) * e.args[0] ** number(k - 1), d[0])
        case "rpow" if t not in e.args[1].free:
            # u^p for u > 0 alone: at 0 it may have no derivative, and u^(p - 1) exists there
            u, p = e.args
            return _times(p * made("rpow", None, (u, p)) / u, d[0])
        case "call" if e.data in _OUTER:
            return _times(_OUTER[str(e.data)](e.args[0]), d[0])
    raise Refused(f"there is no rule for the derivative of {e!r} in {t!r}")


_OPERATIONS = ("add", "sub", "neg", "mul", "div", "npow", "rpow", "call")


def _times(a: Expr, b: Expr) -> Expr:
    if _ZERO in (a, b):
        return _ZERO
    return b if a == _ONE else a if b == _ONE else a * b


def _sum(a: Expr, b: Expr) -> Expr:
    return b if a == _ZERO else a if b == _ZERO else a + b
