"""Intervals and balls contain the values; the exact zero test is right."""

import mpmath
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from oracle import Nowhere, value
from strategies import rationals, terms

from boundcheck.enclosure.intervals import interval as iv
from boundcheck.enclosure.intervals.algebraic import is_zero
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.decimals import Enclosure, decimal_text, enclosure
from boundcheck.enclosure.intervals.interval import Interval, Unclear, between
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.rational import rational

FUNCTIONS = [
    "Abs",
    "sqrt",
    "cbrt",
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "erf",
    "erfc",
    "gamma",
    "loggamma",
    "factorial",
]
ends = st.one_of(
    rationals(20),
    rationals(5).map(lambda q: q * fmpq(1, 2) ** 80),
    rationals(5).map(lambda q: q * fmpq(10) ** 9),
)


def _exactly(v):
    """An mpmath number as an interval of its last digits, or a fraction as itself."""
    if isinstance(v, mpmath.mpf):
        q = rational(v)
        return q - abs(q) * fmpq(1, 10**40), q + abs(q) * fmpq(1, 10**40)
    return rational(v), rational(v)


def _below(end, q):
    return isinstance(end, float) or end.fmpq() <= q


def _above(end, q):
    return isinstance(end, float) or end.fmpq() >= q


def _check(t, low, high, where):
    point = {"x": where}
    try:
        box = on_box(t, {"x": between(low, high)})
    except (Unclear, Unsupported, DomainError):
        return False
    try:
        bottom, top = _exactly(value(t, point))
    except (Nowhere, OverflowError):
        raise AssertionError(
            f"{t} is not defined at {where}, but was enclosed on [{low}, {high}]"
        ) from None
    assert _below(box.lower, top), (str(t), low, high, where, box)
    assert _above(box.upper, bottom), (str(t), low, high, where, box)
    return True


@given(
    st.sampled_from(FUNCTIONS),
    ends,
    ends,
    st.integers(0, 16),
    st.sampled_from(["both", "left", "right"]),
)
def test_functions_are_enclosed(name, a, b, k, sides):
    low, high = min(a, b), max(a, b)
    where = low + (high - low) * fmpq(k, 16)
    if abs(where) > 400 and name not in (
        "Abs",
        "sqrt",
        "cbrt",
        "atan",
        "tanh",
        "erf",
        "log",
        "sin",
        "cos",
    ):
        return
    _check(
        parse_term(f"{name}(x)"),
        low if sides != "left" else None,
        high if sides != "right" else None,
        where,
    )


@given(st.sampled_from(["x**2", "x**3", "x**-1", "x**-2", "x**(1/3)", "x**(-5/2)", "x**x", "2**x",
                        "1/x", "floor(x)", "ceiling(x)",
                        "sign(x)", "signrelu(x)", "signrelu(x, 3)",
                        "relu(x)", "leakyrelu(x)", "Sum(x**k, (k, 0, 3))*1",
                        "binomial(x, 3)"]),
       rationals(20), rationals(20), st.integers(0, 8))  # fmt: skip
def test_powers_and_pieces_are_enclosed(text, a, b, k):
    low, high = min(a, b), max(a, b)
    t = parse_term(text.replace("Sum(x**k, (k, 0, 3))*1", "1 + x + x**2 + x**3"))
    _check(t, low, high, low + (high - low) * fmpq(k, 8))


@given(
    terms(("x",), functions=FUNCTIONS, max_leaves=8), rationals(6), rationals(6), st.integers(0, 4)
)
def test_expressions_are_enclosed(t, a, b, k):
    low, high = min(a, b), max(a, b)
    try:
        _check(t, low, high, low + (high - low) * fmpq(k, 4))
    except (OverflowError, MemoryError, mpmath.libmp.libhyper.NoConvergence):
        return


@given(terms(("x",), functions=("exp", "sin", "sqrt", "log", "atan"), max_leaves=8), rationals(6))
def test_two_precisions_overlap(t, a):
    try:
        rough, fine = at_point(t, {"x": a}, 60), at_point(t, {"x": a}, 300)
    except (Unclear, DomainError, Unsupported):
        return
    with ctx.workprec(400):
        assert arb(rough).overlaps(arb(fine))


def test_a_sum_is_the_sum_of_its_terms():
    assert at_point(parse_term("Sum(1/k, (k, 1, 4))"), {}) == fmpq(25, 12)
    assert on_box(parse_term("Sum(x**k, (k, 0, 2))"), {"x": between(fmpq(1), fmpq(2))}).upper >= 7


@pytest.mark.parametrize("removed", ["down", "up"])
def test_rounding_outward_matters(monkeypatch, removed):
    """The check of containment goes red when a rounding direction is taken away."""
    monkeypatch.setattr(iv, removed, lambda v: v if isinstance(v, float) else v.mid())
    missed = 0
    for k in range(-40, 40):  # flint rounds midpoints towards zero, so both signs are needed
        exact = fmpq(k, 7) + fmpq(1, 3)
        box = on_box(parse_term("x + 1/3"), {"x": iv.between(fmpq(k, 7), fmpq(k, 7))})
        missed += not (_below(box.lower, exact) and _above(box.upper, exact))
    assert missed > 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1/(x-1)", "division by zero in 1/(x - 1)"),
        ("log(x-1)", "logarithm of 0, which is not positive in log(x - 1)"),
        ("sqrt(x-2)", "sqrt of the negative number -1 in sqrt(x - 2)"),
        ("asin(2*x)", "asin of 2, which is outside [-1,1] in asin(2*x)"),
        ("gamma(x-1)", "gamma has a pole at 0 in gamma(x - 1)"),
        (
            "(x-2)**(1/2)",
            "a negative number to a power that is no written integer in (x - 2)**(1/2)",
        ),
        ("0**(x-2)", "division by zero (0 to a negative power) in 0**(x - 2)"),
        ("0/(x-x)", "division by zero in 0/(x - x)"),
    ],
)
def test_domain_errors_name_the_place(text, reason):
    with pytest.raises(DomainError) as error:
        at_point(parse_term(text), {"x": fmpq(1)})
    assert str(error.value) == reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sin(pi/6) - 1/2", True),
        ("sqrt(2)*sqrt(3) - sqrt(6)", True),
        ("sqrt(2) + sqrt(3) - sqrt(5 + 2*sqrt(6))", True),
        ("cos(pi/5) - (1 + sqrt(5))/4", True),
        ("tan(pi/8) - (sqrt(2) - 1)", True),
        ("sin(pi/7)*sin(2*pi/7)*sin(3*pi/7) - sqrt(7)/8", True),
        ("cbrt(2)**3 - 2", True),
        ("2**(1/3)*4**(1/3) - 2", True),
        ("sqrt(2) - 1.41421356237309504880168872420969807856967", False),
        ("sqrt(10**40 + 1) - 10**20", False),
        ("sin(pi/6) - 0.5000000000000000000000000000000000000001", False),
    ],
)
def test_exact_zeros(text, expected):
    assert is_zero(parse_term(text)) is expected


@pytest.mark.parametrize("text", ["pi", "exp(1) - E", "sin(1)", "log(2)"])
def test_transcendental_numbers_are_not_judged(text):
    with pytest.raises(Unsupported):
        is_zero(parse_term(text))


@given(
    st.lists(st.integers(2, 12), min_size=2, max_size=3),
    st.lists(st.integers(-3, 3), min_size=3, max_size=3),
)
def test_the_zero_test_agrees_with_squares(radicands, factors):
    """sqrt(a b) - sqrt(a) sqrt(b) is 0, and adding a rational is not."""
    a, b = radicands[:2]
    assert is_zero(parse_term(f"sqrt({a * b}) - sqrt({a})*sqrt({b})")) is True
    shift = fmpq(factors[0], 10**30)
    assert is_zero(parse_term(f"sqrt({a * b}) - sqrt({a})*sqrt({b}) + ({shift})")) is (shift == 0)


@given(st.fractions(), st.integers(1, 15))
def test_printed_decimals_enclose(q, digits):
    exact = rational(q)
    low, high = decimal_text(exact, digits, up=False), decimal_text(exact, digits, up=True)
    assert rational(low) <= exact <= rational(high)


def test_enclosures_print():
    assert str(Enclosure(fmpq(1, 4), fmpq(1, 4))) == "0.25"
    assert Enclosure(None, fmpq(1)).as_json() == {"lower": "-oo", "upper": "1"}
    assert enclosure(Interval(arb(1), float("inf"))).upper is None
    assert decimal_text(fmpq(10) ** 40, 5, up=True) == "1e+40"
