"""Normal forms and exact factorisations."""

import pytest
from flint import fmpq

from boundcheck.exact.algebra.normal import normal
from boundcheck.exact.terms.parser import parse_term
from boundcheck.search.algebra.sos import ldl


def test_ldl():
    q = [[fmpq(2), fmpq(1)], [fmpq(1), fmpq(1, 2)]]
    assert ldl(q) == [(fmpq(2), [fmpq(1), fmpq(1, 2)])]
    assert ldl([[fmpq(0), fmpq(1)], [fmpq(1), fmpq(5)]]) is None
    assert ldl([[fmpq(1), fmpq(2)], [fmpq(2), fmpq(1)]]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cbrt(x**3*y)", "x*cbrt(y)"),
        ("(x**4*y**4)**(1/4)", "x*y"),
        ("(8*x**3)**(1/3)", "2*x"),
        ("(x**6)**(1/4)", "x*(x**2)**(1/4)"),
        ("sqrt(x**2)", "x"),
        ("(x**2)**(3/2)", "x**3"),
        ("cbrt(x**3*z**3)", "x*cbrt(z**3)"),
    ],
)
def test_roots_of_powers(text, expected):
    assert normal(parse_term(text), lambda t: str(t) in ("x", "y")) is normal(parse_term(expected))
