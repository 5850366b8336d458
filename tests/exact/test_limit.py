"""Limits at infinity."""

import pytest

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.limit import limit
from boundcheck.exact.terms.parser import parse_term


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("atan(x)", "pi/2"),
        ("x/sqrt(1+x**2) + tanh(x)", None),
        ("(2*x+1)/(3*x-5)", "2/3"),
        ("log(x+1) - log(x)", "log(1)"),
        ("exp(-x)*atan(x)", "0*(pi/2)"),
        ("(1/x)**(1/x)", None),  # 0**0
        ("x*exp(-x)", None),
        ("sin(x)", None),
        ("x - x**2", None),
        ("floor(1/x)", None),
    ],
)
def test_limits(text, value):
    if value is None:
        with pytest.raises(Unsupported):
            limit(parse_term(text), "x")
    else:
        assert limit(parse_term(text), "x") is parse_term(value)


def test_2026_11_22_a_limit_keeps_its_divisions():
    c = "(sqrt(2)*sqrt(3)-sqrt(6))"  # 0, but not to the normal form
    found = limit(parse_term(f"({c}*x**2+x)/({c}*x**2+2*x)"), "x")
    assert found is None or found.op == "div"
