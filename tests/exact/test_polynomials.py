"""Polynomial and rational inequalities in several variables, against rational grids."""

import itertools

import pytest
from flint import fmpq, fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st
from polynomial_problems import CLASSICS, accepts, forms, goal_of, grids, problem, verdict
from within import within

from boundcheck import prove
from boundcheck.claims.verdict import Proved
from boundcheck.enclosure.intervals.rational_points import holds
from boundcheck.exact.algebra.normal import normal
from boundcheck.exact.algebra.polynomial import polynomial as polynomial_of
from boundcheck.exact.algebra.polynomial import univariate
from boundcheck.exact.terms.parser import parse_relation, parse_term
from boundcheck.exact.terms.work import at_most, left
from boundcheck.search.algebra.polynomials import Polynomials, polynomial


@pytest.mark.parametrize(("text", "on"), CLASSICS, ids=[t for t, _ in CLASSICS])
def test_classics(text, on):
    found = verdict(text, on)
    assert isinstance(found, Proved)
    assert accepts(goal_of(text, on), found.proof)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("cbrt(x*y*z) < (x+y+z)/3", "x in [0,oo), y in [0,oo), z in [0,oo)"),
        ("a/(b+c) + b/(c+a) + c/(a+b) > 3/2", "a in (0,oo), b in (0,oo), c in (0,oo)"),
        ("a/(b+c) + b/(c+a) + c/(a+b) >= 3/2", "a in [0,1], b in [0,1], c in [0,1]"),
        (
            "a*(a-b)*(a-c) + b*(b-c)*(b-a) + c*(c-a)*(c-b) >= 0",
            "a in (-oo,oo), b in (-oo,oo), c in (-oo,oo)",
        ),
        ("x**4*y**2 + x**2*y**4 - 3.0000001*x**2*y**2 + 1 >= 0", "x in (-oo,oo), y in (-oo,oo)"),
        ("x*y*(1-x) <= 1/4 - 10**-9", "x in [0,1], y in [0,1]"),
        ("x + y - x*y < 1", "x in [0,1], y in [0,1]"),
        ("Abs(1/x + x/2 - (3/2 + sqrt(2))/2) < (3/2 - sqrt(2))/2", "x in [1,2]"),
        ("sqrt(x) >= x", "x in [0,2]"),
        ("sqrt(x*y) <= 10*x + y/50", "x in [0,oo), y in [0,oo)"),
    ],
)
def test_false_ones_are_not_proved(text, on):
    assert within(1.0, polynomial, problem(text, on)) is None


def test_hypotheses_as_weights():
    assert isinstance(
        verdict("x + y <= 2", "x in (-oo,oo), y in (-oo,oo)", "x**2 + y**2 <= 2"), Proved
    )
    assert isinstance(
        verdict("x*y <= 1/2", "x in (-oo,oo), y in (-oo,oo)", "x**2 + y**2 == 1"), Proved
    )
    assert verdict("x*y < 1/2", "x in (-oo,oo), y in (-oo,oo)", "x**2 + y**2 == 1") is None
    assert verdict("x + y <= 1.999", "x in (-oo,oo), y in (-oo,oo)", "x**2 + y**2 <= 2") is None


def _varies(text):
    return bool(normal(parse_relation(text).left).free)


@settings(max_examples=60, deadline=None)
@given(forms, st.sampled_from(["(-oo,oo)", "[0,oo)", "[-1,1]", "(0,1]"]), st.booleans())
def test_no_wrong_proof_on_a_grid(terms, where, strict):
    text = " + ".join(f"({c})*x**{i}*y**{j}" for c, i, j in terms) + (" > 0" if strict else " >= 0")
    on = f"x in {where}, y in {where}"
    found = within(0.3, polynomial, problem(text, on)) if _varies(text) else None
    if found is not None:
        stated = problem(text, on)
        for x, y in itertools.product(grids, grids):
            point = {"x": x, "y": y}
            if stated.admits(point):
                assert holds(stated.relation, point) is True


def test_the_search_gives_up_quickly():
    for text, on in [("exp(x) >= x", "x in (-oo,oo)"), ("sin(x*y) <= 1", "x in [0,1], y in [0,1]")]:
        with at_most(0.3):
            assert polynomial(problem(text, on)) is None
        assert left() > 0


def test_polynomials_of_terms():
    p = polynomial_of(parse_term("(x+1)**2/2 - x"), ["x"])
    assert univariate(p) == fmpq_poly([fmpq(1, 2), 0, fmpq(1, 2)])
    assert Polynomials().prove(goal_of("x**2 + 1 > 0", "x in (-oo,oo)")) is not None
    assert isinstance(prove("x**2 + 1 > 0", "x in (-oo,oo)"), Proved)
