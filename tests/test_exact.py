"""Rationals, terms and sympy at the rim."""

import pickle
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from oracle import Nowhere, value
from strategies import rationals, terms

from boundcheck import BoundcheckError, Q, SympyWarning, symbols
from boundcheck.exact.terms.parser import parse_relation, parse_term
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import number, substitute, symbol
from boundcheck.sympy_rim import from_relation, from_sympy, to_sympy

x, y = symbols("x y")


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


def test_hidden_hypotheses_are_refused():
    for hidden in (sympy.Symbol("n", integer=True), sympy.Symbol("p", positive=True)):
        with pytest.raises(BoundcheckError, match="state them in given="):
            from_sympy(hidden + 1)


def test_what_sympy_has_decided_is_refused():
    with pytest.raises(BoundcheckError, match="is not a relation; use"):
        from_relation(sympy.Integer(1) < 2)


def test_sympy_floats_are_dyadic():
    with pytest.warns(SympyWarning):
        assert from_sympy(sympy.Symbol("x", real=True) + sympy.Float(0.1)).free == {"x"}
    assert from_sympy(sympy.Float(0.1, 15)).payload == rational(float(sympy.Float(0.1, 15)))


@given(terms(), rationals(), rationals())
def test_the_rim_keeps_values(t, a, b):
    point = {"x": a, "y": b}
    try:
        expected = value(t, point)
        back = value(from_sympy(to_sympy(t)), point)
    except Nowhere:
        return
    except BoundcheckError:
        return  # sympy has found an infinity or NaN: refused at the rim
    assert back == expected


def test_powers_survive_the_rim():
    for text in (
        "1/(400*x**2)",
        "sqrt(x)/y",
        "x**(1/3)",
        "exp(x)*E",
        "2**x",
        "Abs(x)*Max(x,y)",
        "x**(-1/2)",
    ):
        t = parse_term(text)
        point = {"x": fmpq(7, 3), "y": fmpq(1, 2)}
        assert abs(value(from_sympy(to_sympy(t)), point) - value(t, point)) < 10**-50


def test_substitution_does_not_capture():
    t = parse_term("Sum(k*x, (k, 1, 3))")
    assert str(substitute((t,), {"x": parse_term("y + 1")})[0]) == "Sum(k*(y + 1), (k, 1, 3))"
    assert substitute((t,), {"k": number(5)})[0] is t
    with pytest.raises(BoundcheckError, match="rename the bound variable"):
        substitute((t,), {"x": symbol("k")})


def test_terms_can_be_pickled():
    relation = parse_relation("signrelu(x, a) + 0.1 <= Integral(exp(t), (t, 0, x))")
    again = pickle.loads(pickle.dumps(relation.left))
    assert again is relation.left
