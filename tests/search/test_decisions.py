"""Decisions at special places: poles, touching points, jumps, closed constants; each
method with its near misses."""

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from boundcheck import prove
from boundcheck.enclosure.intervals.algebraic import arcs_cancel, is_zero
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.cells.integration import diverges, without_integrals
from boundcheck.exact.terms.parser import parse_term
from boundcheck.search.points.refute import simple_near


@pytest.mark.parametrize(
    ("text", "on", "given_", "verdict"),
    [
        # a pole at an irrational place
        ("1/(x**2-2)**2 > 0", "x in [0,2]", "", "ill-posed"),
        ("1/(x**2-2)**2 > 0", "x in [0,1]", "", "proved"),
        ("1/(x**2-2)**2 > 0", "x in [0,1.4142]", "", "proved"),
        ("1/(x**2-2)**2 > 0", "x in [0,sqrt(2))", "", "proved"),
        ("1/(x**2-2)**2 > 0", "x in [0,sqrt(2)]", "", "ill-posed"),
        ("1/(x**2-2)**2 > 0", "x in [0,2]", "x > 3/2", "proved"),
        ("1/(x**2-2)**2 > 0", "x in [0,2]", "x < 3/2", "ill-posed"),
        ("1/(x**2+2)**2 > 0", "x in (-oo,oo)", "", "proved"),
        ("(x**2-2*y)**(-2) > 0", "x in [0,2], y in [1,2]", "", "ill-posed"),
        ("(x**2+2*y)**(-2) > 0", "x in [0,2], y in [1,2]", "", "proved"),
        ("log((x**2-2)**2) > -1000", "x in [0,2]", "", "ill-posed"),
        ("sqrt((x**2-2)**2) >= 0", "x in [0,2]", "", "proved"),
        # an end that is a constant
        ("x <= tan(x)", "x in [0,pi/2]", "", "ill-posed"),
        ("x <= tan(x)", "x in [0,pi/2)", "", "proved"),
        ("tan(x) < 100", "x in [0,3]", "", "ill-posed"),
        ("1/sin(x) > 0", "x in [1,pi]", "", "ill-posed"),
        ("x**pi >= -1", "x in [-1,1]", "", "ill-posed"),
        ("x**pi >= 0", "x in [0,1]", "", "proved"),
        # constants
        ("1/(sqrt(2)*sqrt(3) - sqrt(6)) > 0", "", "", "ill-posed"),
        ("1/(sqrt(2)*sqrt(3) - sqrt(5)) > 0", "", "", "proved"),
        ("x <= 1/(sqrt(2)*sqrt(3) - sqrt(6))", "x in [0,1]", "", "ill-posed"),
        ("x <= 1/(sqrt(2)*sqrt(3) - sqrt(5))", "x in [0,1]", "", "proved"),
        ("x <= Integral(1/t, (t, 0, 1))", "x in [0,1]", "", "ill-posed"),
        ("log(2*sin(pi/6) - 1) < 0", "", "", "ill-posed"),
        ("tan(pi/2) > 0", "", "", "ill-posed"),
        ("sqrt(sqrt(2)*sqrt(3) - sqrt(6) + 1) == 1", "", "", "proved"),
        ("Integral(1/x, (x, -1, 1)) <= 1", "", "", "ill-posed"),
        ("Integral(1/x, (x, 0, 1)) > 1", "", "", "ill-posed"),
        ("Integral(1/x, (x, 1, 2)) <= 1", "", "", "proved"),
        ("Integral(x**4*(1-x)**4/(1+x**2), (x, 0, 1)) == 22/7 - pi", "", "", "proved"),
        ("Integral(x**4*(1-x)**4/(1+x**2), (x, 0, 1)) < 22/7 - pi", "", "", "refuted"),
        ("16*atan(1/5) - 4*atan(1/239) == pi", "", "", "proved"),
        ("16*atan(1/5) - 4*atan(1/239) < pi", "", "", "refuted"),
        ("16*atan(1/5) - 4*atan(1/238) == pi", "", "", "refuted"),
        ("16*atan(1/5) - 4*atan(1/239) == 2*pi", "", "", "refuted"),
        ("cbrt(cbrt(2) - 1) == cbrt(1/9) - cbrt(2/9) + cbrt(4/9)", "", "", "proved"),
        ("cbrt(cbrt(2) - 1) == cbrt(1/9) - cbrt(2/9) + cbrt(4/9) + 1/10**60", "", "", "refuted"),
        # hypotheses that nothing satisfies
        ("x <= y", "x in (-oo,oo), y in (-oo,oo)", "x**2 + y**2 <= 2*x*y - 1", "ill-posed"),
        ("x <= x + n**2", "x in (-oo,oo)", "n**2 < 0", "ill-posed"),
        # touching points
        ("Abs(sqrt(x) - x - 1/8) < 1/8", "x in [0.01,0.99]", "", "refuted"),
        ("-x*log(x) - (1-x)*log(1-x) < log(2)", "x in (0,1)", "", "refuted"),
        ("-x*log(x) - (1-x)*log(1-x) <= log(2)", "x in (0,1)", "", "proved"),
        ("cos(x) <= 1 - 0.406*x**2", "x in [-pi/2,pi/2]", "", "refuted"),
        # jumps
        ("floor(x) + floor(y) <= floor(x+y)", "x in [0,3], y in [0,3]", "", "proved"),
        ("floor(x) + floor(y) < floor(x+y)", "x in [0,3], y in [0,3]", "", "refuted"),
        ("floor(x+y) <= floor(x) + floor(y)", "x in [0,3], y in [0,3]", "", "refuted"),
        ("floor(x+y) <= floor(x) + floor(y) + 1", "x in (-oo,oo), y in (-oo,oo)", "", "proved"),
        ("ceiling(x) - floor(x) <= 1", "x in (-oo,oo)", "", "proved"),
        ("ceiling(x) - floor(x) < 1", "x in (-oo,oo)", "", "refuted"),
        ("ceiling(x) - floor(x) >= 1", "x in (-oo,oo)", "", "refuted"),
        ("x - floor(x) < 1", "x in (-oo,oo)", "", "proved"),
        ("x - floor(x) > 0", "x in (-oo,oo)", "", "refuted"),
        ("x*sign(x) == Abs(x)", "x in (-oo,oo)", "", "proved"),
        ("x*sign(x) == x", "x in (-oo,oo)", "", "refuted"),
        ("sign(x)**2 == 1", "x in (-oo,oo)", "", "refuted"),
        ("sign(x)**2 == 1", "x in (0,oo)", "", "proved"),
        ("1/sign(x) >= -1", "x in [-1,1]", "", "ill-posed"),
    ],
)
def test_decides(text, on, given_, verdict):
    assert prove(text, on, given=given_, budget=10).name == verdict


@pytest.mark.parametrize(
    ("text", "on", "given_"),
    [
        ("x <= tan(x)", "x in [0,pi/2]", "x <= 1"),
        ("x <= y", "x in (-oo,oo), y in (-oo,oo)", "x**2 + y**2 <= 2*x*y"),
        ("sign(x*y) == sign(x)*sign(y)", "x in (-oo,oo), y in (-oo,oo)", ""),
        ("floor(2*x) == floor(x) + floor(x+1/2)", "x in (-oo,oo)", ""),
        ("1/(x-pi) + 1 > 1/(x-pi)", "x in [pi/2,3]", ""),
    ],
)
def test_true_statements_may_be_undecided_but_no_more(text, on, given_):
    assert prove(text, on, given=given_, budget=0.5).name in ("proved", "undecided")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Integral(1/x, (x, -1, 1))", True),
        ("Integral(1/x, (x, 1, 0))", True),
        ("Integral(x/x, (x, -1, 1))", False),  # no pole: a gap
        ("Integral(1/(x**2-2)**2, (x, 0, 2))", True),
        ("Integral(1/(x**2-2)**2, (x, 0, 1))", False),
        ("Integral(1/x, (x, 0, 0))", False),
        ("Integral(1/(x-pi), (x, 3, 4))", False),  # not judged
        ("Integral(1/sqrt(x), (x, 0, 1))", False),
    ],
)
def test_divergence(text, expected):
    assert diverges(parse_term(text)) is expected


@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=4),
    st.lists(st.integers(-5, 5), min_size=1, max_size=3),
    st.integers(1, 3),
)
def test_closed_forms_are_what_the_quadrature_encloses(above, zeros, c):
    """Poles at -5 .. 5 and a quadratic factor, on [6, 8]."""
    n = " + ".join(f"({a})*x**{k}" for k, a in enumerate(above))
    d = "*".join(f"(x - ({z}))" for z in zeros)
    node = parse_term(f"Integral(({n})/({d}*(x**2 + x + {c})), (x, 6, 8))")
    exact = without_integrals(node)
    assert all(t.op != "integral" for t in (exact, *exact.args))
    assert (at_point(node, {}, 64) - at_point(exact, {}, 128)).contains(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("atan(1) - pi/4", True),
        ("atan(1/2) + atan(1/3) - pi/4", True),
        ("atan(2) + atan(3) - pi/4", False),  # it is pi/2 more
        ("atan(2) + atan(3) - 3*pi/4", True),
        ("atan(1/2)/3 + atan(1/3)/3 - pi/12", True),
        ("atan(1/2) + atan(1/3) - pi/4 + 1/10**30", False),
        ("atan(1/2) - atan(1/3)", False),
        ("atan(sqrt(2)) + atan(1/sqrt(2)) - pi/2", False),  # not judged
        ("pi", False),
    ],
)
def test_sums_of_arcs(text, expected):
    assert arcs_cancel(parse_term(text)) is expected


@given(st.integers(2, 9), st.integers(2, 9), st.sampled_from([2, 3]), st.integers(-1, 1))
def test_radicals_of_quotients(a, b, k, shift):
    f = "sqrt" if k == 2 else "cbrt"
    text = f"{f}({f}({a})/{b} + 1)**{k} - {f}({a})/{b} - 1 + ({shift})/10**40"
    assert is_zero(parse_term(text)) in ((True,) if shift == 0 else (False,))


@given(st.fractions(-50, 50, max_denominator=1000), st.fractions(0, 1, max_denominator=1000))
def test_the_simplest_number(x, reach):
    x, reach = (fmpq(v.numerator, v.denominator) for v in (x, reach))
    found = simple_near(x, reach)
    assert x - reach <= found <= x + reach
    for q in range(1, min(int(found.q), 60)):
        assert ((x - reach) * q).ceil() > ((x + reach) * q).floor()
