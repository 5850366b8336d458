"""What numbers mean: exact rationals of all kinds, and what is none."""

from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from flint import fmpq

from boundcheck import BoundcheckError, Q
from boundcheck.exact.terms.rational import rational


@pytest.mark.parametrize(
    "v",
    [
        float("nan"),
        float("inf"),
        "abc",
        "1/0",
        None,
        True,
        [],
        "1e999999",
        mpmath.inf,
        np.float64("nan"),
    ],
)
def test_what_is_no_rational_is_refused(v):
    with pytest.raises(BoundcheckError):
        rational(v)


def test_numbers_of_all_kinds_are_exact():
    third = fmpq(1, 3)
    assert rational(Fraction(1, 3)) == rational("1/3") == rational(sympy.Rational(1, 3)) == third
    assert rational(Decimal("0.1")) == fmpq(1, 10)
    assert rational(np.float32(0.1)) == fmpq(13421773, 134217728)
    assert rational(mpmath.mpf("0.5")) == fmpq(1, 2)
    assert rational(mpmath.mpf("-0.5")) == fmpq(-1, 2)  # 2026-11-21: man_exp drops the sign
    assert rational(np.int64(7)) == 7
    assert rational(5e-324) == fmpq(1, 2) ** 1074
    assert Q(1, 3) == Fraction(1, 3)
