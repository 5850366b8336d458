"""Polynomials in one variable, against sympy's real roots."""

import itertools

import pytest
import sympy
from flint import fmpq, fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st
from polynomial_problems import accepts, goal_of, problem, verdict

from boundcheck.claims.verdict import Proved
from boundcheck.enclosure.intervals.rational_points import holds
from boundcheck.exact.algebra.sturm import Span, isolate, keeps_sign, zeros_inside
from boundcheck.exact.algebra.sturm import negative_points as points_below
from boundcheck.exact.terms.parser import parse_relation
from boundcheck.search.algebra.polynomials import negative_points

X = sympy.Symbol("x")
small = st.builds(fmpq, st.integers(-6, 6), st.integers(1, 4))
ends = st.one_of(st.none(), small)
sqrt_like = st.sampled_from(
    [[-2, 0, 1], [-3, 0, 1], [-1, -1, 1], [-2, 0, 0, 1]]
)  # irrational zeros
positive = st.sampled_from([[1, 0, 1], [1, 1, 1], [5, -4, 1]])
factor = st.one_of(st.builds(lambda r: [-r, fmpq(1)], small), sqrt_like, positive)


@st.composite
def products(draw):
    """c ∏ f**m with known kinds of factors."""
    p = fmpq_poly([draw(st.sampled_from([fmpq(1), fmpq(-1), fmpq(3, 2)]))])
    for _ in range(draw(st.integers(0, 3))):
        p *= fmpq_poly(draw(factor)) ** draw(st.integers(1, 3))
    return p


@st.composite
def spans(draw):
    a, b = draw(ends), draw(ends)
    if a is not None and b is not None and a > b:
        a, b = b, a
    closed = a == b
    return Span(a, b, not closed and draw(st.booleans()), not closed and draw(st.booleans()))


def to_sympy(p):
    return sympy.Poly([sympy.Rational(int(c.p), int(c.q)) for c in reversed(p.coeffs())] or [0], X)


def _inside(r, span):
    low = (
        span.lower is None
        or r > sympy.Rational(str(span.lower))
        or (r == sympy.Rational(str(span.lower)) and not span.lower_open)
    )
    high = (
        span.upper is None
        or r < sympy.Rational(str(span.upper))
        or (r == sympy.Rational(str(span.upper)) and not span.upper_open)
    )
    return bool(low) and bool(high)


def truth(p, span, strict):
    """By sympy's real roots: signs between neighbouring ones."""
    q = to_sympy(p)
    if q.is_zero:
        return not strict
    zeros = sorted(set(sympy.real_roots(q)) if q.degree() > 0 else set())
    if strict and any(_inside(r, span) for r in zeros):
        return False
    marks = [sympy.Rational(str(e)) for e in (span.lower, span.upper) if e is not None]
    cuts = sorted({*zeros, *marks})
    tests = (
        [cuts[0] - 1, cuts[-1] + 1, *((a + b) / 2 for a, b in itertools.pairwise(cuts))]
        if cuts
        else [sympy.Integer(0)]
    )
    tests += marks
    return not any(q.eval(t) < 0 for t in tests if _inside(t, span))


@settings(max_examples=80, deadline=None)
@given(products(), spans(), st.booleans())
def test_signs_in_one_variable_agree_with_sympy(p, span, strict):
    assert keeps_sign(p, span, strict) == truth(p, span, strict)


@settings(max_examples=80, deadline=None)
@given(products(), spans(), st.booleans())
def test_points_where_a_polynomial_is_negative(p, span, strict):
    found = list(points_below(p, span, strict))
    for x in found:
        assert _inside(sympy.Rational(str(x)), span)
        assert p(x) < 0 or (strict and p(x) == 0)
    if not truth(p, span, False):
        assert found


@settings(max_examples=60, deadline=None)
@given(products(), ends, ends)
def test_numbers_of_zeros_agree_with_sympy(p, a, b):
    if a is not None and b is not None and a >= b:
        return
    if p.degree() < 1:
        return
    inside = [r for r in set(sympy.real_roots(to_sympy(p))) if _inside(r, Span(a, b, True, True))]
    assert zeros_inside(p, a, b) == len(inside)
    s = p // p.gcd(p.derivative())
    boxes = isolate(s, a, b)
    assert len(boxes) == len(inside)
    for (low, high), r in zip(boxes, sorted(inside), strict=True):
        assert sympy.Rational(str(low)) < r < sympy.Rational(str(high))


@pytest.mark.parametrize(
    ("text", "on", "true"),
    [
        ("(x**2-2)**2 >= 0", "x in (-oo,oo)", True),
        ("x**4 - 4*x**2 + 4 >= 0", "x in (-oo,oo)", True),
        ("x**4 - 4*x**2 + 4 > 0", "x in (-oo,oo)", False),
        ("x**4 - 4*x**2 + 4 >= 10**-40", "x in (-oo,oo)", False),
        ("x**4 - 4*x**2 + 4 + 10**-40 > 0", "x in (-oo,oo)", True),
        ("x**3 >= 3*x - 2", "x in [-2,oo)", True),
        ("x**3 >= 3*x - 2", "x in [-2.0001,oo)", False),
        ("x > x**2", "x in (0,1)", True),
        ("x > x**2", "x in (0,1]", False),
        ("1/x + x >= 2", "x in (0,oo)", True),
        ("(x**2+1)/(x**2+x+1) <= 2", "x in (-oo,oo)", True),
        ("(x**2+1)/(x**2+x+1) < 2", "x in (-oo,oo)", False),
        ("Abs(8*x**4 - 8*x**2 + 1) <= 1", "x in [-1,1]", True),
        ("x**2 >= x**3/x", "x in [-1,1]", False),  # undefined at 0
    ],
)
def test_one_variable(text, on, true):
    found = verdict(text, on)
    assert isinstance(found, Proved) == true
    if true:
        assert accepts(goal_of(text, on), found.proof)
    elif "/" not in text:
        for point in negative_points(problem(text, on)):
            assert holds(parse_relation(text), point) is False


def test_a_tiny_violation_has_a_rational_witness():
    found = list(negative_points(problem("x**4 - 4*x**2 + 4 - 10**-40 >= 0", "x in (-oo,oo)")))
    assert found
    assert all(holds(parse_relation("x**4 - 4*x**2 + 4 - 10**-40 >= 0"), p) is False for p in found)


@settings(max_examples=60, deadline=None)
@given(products(), spans(), st.booleans())
def test_the_rule_for_one_variable_is_right(p, span, strict):
    if p.degree() < 1:
        return
    text = f"{to_sympy(p).as_expr()} {'>' if strict else '>='} 0"
    left = "-oo" if span.lower is None else span.lower
    right = "oo" if span.upper is None else span.upper
    on = (
        "x in "
        f"{'(' if span.lower is None or span.lower_open else '['}{left},"
        f"{right}{')' if span.upper is None or span.upper_open else ']'}"
    )
    assert accepts(goal_of(text, on), {"by": "sturm"}) == truth(p, span, strict)
