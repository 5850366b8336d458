"""Linear combinations, collected: the same values, and the same for the search and for
the checker."""

import pytest
from flint import arb, fmpq
from hypothesis import given
from strategies import rationals, terms

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.linear import collected
from boundcheck.exact.terms.parser import parse_term


@given(terms(functions=("exp", "sqrt", "floor", "atan"), max_leaves=14), rationals(5), rationals(5))
def test_the_value_stays(t, a, b):
    point = {"x": a, "y": b}
    try:
        value = at_point(t, point, 200)
    except (DomainError, Unclear, Unsupported):
        return  # where there is no value, nothing is claimed
    again = at_point(collected(t), point, 200)
    assert (
        value == again
        if isinstance(value, fmpq) and isinstance(again, fmpq)
        else arb(value).overlaps(arb(again))
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x - x", "0"),
        ("y + x - (x + x)", "y - x"),
        ("exp((x - x)*exp(-1))", "exp(0)"),
        ("(2*x + y)/2 - y/2", "x"),
        ("3*(x - y) - 3*x + 3*y + 1/3", "1/3"),
        ("sin(x + y - x)*(x - x + 2)", "2*sin(y)"),
        ("x*y - x*y", "0"),
        ("x/y - x/y", "0"),
        ("-(-x)", "x"),
        ("x/(y - y + 4)", "1/4*x"),
    ],
)
def test_what_is_collected(text, expected):
    assert collected(parse_term(text)) == collected(parse_term(expected))


@pytest.mark.parametrize(
    "text", ["x*y", "x/y", "exp(x)", "x**2", "floor(x + y)", "relu(x) - relu(y)"]
)
def test_what_is_not_linear_stays(text):
    assert collected(parse_term(text)) == parse_term(text)


def test_a_division_by_what_vanishes_stays():
    assert collected(parse_term("x/(y - y)")) == parse_term("x/0")
