"""Exact rationals: what a number given by a user means, without rounding."""

from __future__ import annotations

import math
import numbers
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, SupportsFloat, TypeAlias

from flint import fmpq, fmpz

from boundcheck.errors import BoundcheckError

# 10**exponent is built in full, so a text must not be able to ask for gigabytes of digits.
MAX_DECIMAL_EXPONENT = 5_000

ExactLike: TypeAlias = int | float | str | Decimal | Fraction | fmpq | fmpz | SupportsFloat
"""A number given by a user, as `rational` reads it. `SupportsFloat` stands for those of sympy,
numpy and mpmath; a text is `"3"`, `"0.1"` or `"1/3"`."""

Foreign: TypeAlias = Any
"""A number of another library, asked for what only such a number has."""

_DECIMAL = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?", re.ASCII)


def decimal(text: str) -> fmpq:
    """The exact value of a decimal numeral: `"0.1"` is 1/10 and `"2.5e-3"` is 1/400.

    Raises:
        BoundcheckError: not a decimal numeral, or one with an exponent beyond 5000.
    """
    match = _DECIMAL.fullmatch(text.strip())
    if match is None or not (match[2] or match[3]):
        raise BoundcheckError(
            f"{text[:40]!r} is not a decimal number; write it as 12, 0.1 or 2.5e-3"
        )
    sign, whole, fraction, power = match[1], match[2] or "", match[3] or "", match[4] or "0"
    shift = int(power) - len(fraction) if len(power) < 12 else MAX_DECIMAL_EXPONENT + 1
    if abs(shift) > MAX_DECIMAL_EXPONENT or len(whole) + len(fraction) > MAX_DECIMAL_EXPONENT:
        raise BoundcheckError(
            f"{text[:40]!r} has more than {MAX_DECIMAL_EXPONENT} digits; "
            f"write it as a power, such as 10**-{MAX_DECIMAL_EXPONENT}"
        )
    digits = fmpz(
        f"{'-' if sign == '-' else ''}{whole}{fraction}"
    )  # Python's int refuses more than 4300 digits
    scale = fmpz(10) ** abs(shift)
    return fmpq(digits * scale) if shift >= 0 else fmpq(digits, scale)


def rational(value: ExactLike) -> fmpq:
    """The exact rational that `value` is.

    Ints, fractions, flint and sympy rationals and decimals are themselves; a binary float (Python,
    numpy, mpmath) is the dyadic rational that it stores; a text is `"3"`, `"0.1"` or `"1/3"`.

    Raises:
        BoundcheckError: NaN, an infinity, a bool, or something that is not a rational number.
    """
    if isinstance(value, fmpq):
        return value
    if isinstance(value, bool):
        raise BoundcheckError(
            f"{value} is a truth value, not a number; write {int(value)} if that is meant"
        )
    if isinstance(value, (int, fmpz)):
        return fmpq(value)
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise BoundcheckError(
                f"{value} is not a rational number; weights and end points must be finite"
            )
        return fmpq(*value.as_integer_ratio())
    if isinstance(value, str):
        top, slash, bottom = value.partition("/")
        quotient = decimal(bottom) if slash else fmpq(1)
        if quotient == 0:
            raise BoundcheckError(
                f"{value[:40]!r} divides by zero; a rational number needs a non-zero denominator"
            )
        return decimal(top) / quotient
    if isinstance(value, Decimal):
        return decimal(str(value))
    foreign: Foreign = value
    if getattr(foreign, "is_Rational", False):  # sympy, without importing it
        return fmpq(int(foreign.p), int(foreign.q))
    if hasattr(foreign, "man_exp"):  # mpmath
        mantissa, exponent = foreign.man_exp  # without the sign
        if not mantissa and foreign != 0:
            raise BoundcheckError(
                f"{value} is not a rational number; weights and end points must be finite"
            )
        size = fmpq(int(mantissa)) * fmpq(2) ** int(exponent)
        return -size if foreign < 0 else size
    if isinstance(value, numbers.Integral):  # numpy integers
        return fmpq(int(value))
    if isinstance(value, numbers.Real) and hasattr(value, "as_integer_ratio"):  # numpy floats
        return (
            rational(float(value))
            if math.isfinite(value) and float(value) == value
            else _long_double(foreign)
        )
    raise BoundcheckError(
        f"{value!r} ({type(value).__name__}) is not a rational number; "
        "use an int, a Fraction, a float or a text such as '1/3'"
    )


def _long_double(value: Foreign) -> fmpq:
    if not math.isfinite(value):
        raise BoundcheckError(
            f"{value} is not a rational number; weights and end points must be finite"
        )
    top, bottom = value.as_integer_ratio()
    return fmpq(int(top), int(bottom))


def whole_root(n: fmpz, k: int) -> fmpz | None:
    """The integer r >= 0 with r**k = n, if there is one."""
    if n < 0:
        return None
    low, high = fmpz(0), fmpz(1) << (int(n).bit_length() // k + 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**k < n else (low, middle)
    return low if low**k == n else None


def fraction(value: fmpq) -> Fraction:
    """The same number for the world outside flint."""
    return Fraction(int(value.p), int(value.q))


def Q(value: ExactLike, denominator: ExactLike = 1) -> Fraction:
    """The exact rational `value/denominator`, as a `fractions.Fraction`.

    A text is a decimal or a quotient; a float is the dyadic rational that it stores.

    Raises:
        BoundcheckError: NaN, an infinity, a zero denominator, or not a number.

    >>> Q("0.1"), Q(1, 3), Q("2/3")
    (Fraction(1, 10), Fraction(1, 3), Fraction(2, 3))
    >>> Q(0.1)
    Fraction(3602879701896397, 36028797018963968)
    """
    below = rational(denominator)
    if below == 0:
        raise BoundcheckError(
            f"Q({value!r}, {denominator!r}) divides by zero; a rational number needs a "
            "non-zero denominator"
        )
    return fraction(rational(value) / below)
