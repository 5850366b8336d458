"""What sympy made of a statement is not what was written: symbols of our own, warnings for
foreign expressions, and what is refused."""

import pytest
import sympy
from flint import fmpq
from hypothesis import given
from oracle import Nowhere, value
from strategies import rationals, terms

from boundcheck import (
    BoundcheckError,
    Box,
    IllPosed,
    Proved,
    SympyWarning,
    claim,
    identity,
    inequality,
    prove,
    symbols,
    uses,
)
from boundcheck.claims.claim import Claim
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import Relation, Term
from boundcheck.math import Integral, Max, Sum, binomial, diff, exp, gamma, log, oo, pi, sin, sqrt
from boundcheck.sympy_rim import from_relation, from_sympy, to_sympy
from boundcheck.verification.verify import verify_one

x, y, n = symbols("x y n")
LINE = Box(x=(-1, 1))
X, N = sympy.Symbol("x", real=True), sympy.Symbol("n", integer=True)


def riemann(x, y):
    """Every nontrivial zero of zeta has real part 1/2."""
    yield uses("gates.division_gate")
    yield inequality(x, "<=", y, given=[x <= y])


def turned(x, y):
    """The same, turned round."""
    yield inequality(x, "<=", y, given=[y >= x])


def itself(x):
    """x is x."""
    yield identity(x + 1, x + 1, on=LINE)


@pytest.mark.parametrize(
    "statement",
    [
        identity(exp(log(x)), x, on=LINE),
        identity(sqrt(x) ** 2, x, on=LINE),
        inequality(log(x) - log(x) + x, ">=", -2, on=LINE),
        inequality(x / x, "<=", 1, on=LINE),
        inequality(0 * (1 / x), "<=", 1, on=LINE),
        identity(x**-1 * x, 1, on=LINE),
    ],
    ids=str,
)
def test_our_symbols_keep_every_operation(statement):
    assert isinstance(prove(statement), IllPosed)


def test_no_symbol_is_an_integer_by_itself():
    assert prove(inequality(sin(pi * n), "<=", 0, on=Box(n=(0, 1)))).name == "refuted"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sympy.exp(sympy.log(X)), X),
        (sympy.sqrt(sympy.Symbol("x", nonnegative=True)) ** 2, "x"),
        (sympy.log(X) - sympy.log(X) + X, "x"),
        (sympy.sin(sympy.pi * N), 0),
        (sympy.Integer(0), 0),
        (X + 1, "x + 1"),
        ("x", sympy.Rational(1, 2)),
    ],
    ids=str,
)
def test_foreign_expressions_are_taken_with_a_warning(left, right):
    try:
        with pytest.warns(
            SympyWarning, match="comes from sympy, which simplifies what it is given"
        ):
            identity(left, right, on=LINE)
    except BoundcheckError as error:  # an assumption that survives is refused
        assert "carries hypotheses that sympy hides" in str(error)


def test_relations_of_sympy_are_taken_with_a_warning():
    with pytest.warns(SympyWarning):
        assert isinstance(prove(sympy.Le(X**2, 1), on=LINE), Proved)
    with pytest.raises(BoundcheckError, match="is not a relation; use"):
        prove(sympy.Le(X / X, 1), on=LINE)


def test_verify_shows_the_warning():
    def build():
        return [inequality(sympy.log(X) - sympy.log(X) + X, ">=", -2, on=LINE)]

    result = verify_one(Claim("a.b", build), 1)
    assert result.verdict is Proved
    assert "comes from sympy" in result.note


def test_relations_of_terms():
    assert (x < 1, x <= y, x < 1, x >= 2) == (
        Relation(x, "<", (1 + 0 * x).args[0]),
        Relation(x, "<=", y),
        x < 1,
        x >= 2,
    )
    assert x.eq(y) == Relation(x, "==", y)
    with pytest.raises(TypeError, match="has to be written as two relations"):
        bool(x < 1)
    with pytest.raises(TypeError, match="has to be written as two relations"):
        0 < x < 1  # noqa: B015


def test_parts_are_replaced_all_at_once():
    assert (x / (x + y)).subs({x: y, y: x}) is y / (y + x)
    assert (gamma(x + 1) * y).subs(gamma(x + 1), n) is n * y
    assert (x**2).subs("x", 3).payload == 9
    k = symbols("k")
    assert Sum(x * k, (k, 1, 3)).subs(x, y) is Sum(y * k, (k, 1, 3))
    with pytest.raises(BoundcheckError, match="rename the bound variable"):
        Sum(x * k, (k, 1, 3)).subs(x, k)


def test_functions_take_what_statements_take():
    assert exp("x + 1/2") is exp("x + 0.5")
    assert Max(1, "x", y).free == {"x", "y"}
    assert isinstance(Integral(x, (x, 0, 1)), Term)
    assert binomial(n, 2) is binomial("n", 2)
    assert prove(identity(diff(x**3, x), 3 * x**2, on=Box.reals("x"))).name == "proved"
    assert Box(x=(-oo, oo)) == Box.reals("x")
    with pytest.raises(BoundcheckError, match="is no variable"):
        diff(x**2, x + 1)
    with pytest.raises(BoundcheckError, match="names nothing"):
        symbols(" ")
    with pytest.raises(BoundcheckError, match="has a meaning of its own"):
        symbols("pi")
    assert symbols("x,") == (x,)


@pytest.mark.parametrize("function", [riemann, turned, itself])
def test_claims_that_say_nothing_are_errors(function):
    result = verify_one(claim(source="nobody")(function), 1)
    assert result.verdict is IllPosed
    assert "which says nothing" in result.checked[-1].verdict.reason


def test_numbers_that_were_computed_may_be_equal():
    assert isinstance(prove(identity(3, 3)), Proved)


# -- what is refused, and what is kept -------------------------------------------------------------


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


def test_2026_11_30_numbers_of_sympy_come_with_a_warning():
    """1 may be what it made of x/x."""
    s, ours = sympy.Symbol("x"), symbols("x")
    n = sympy.Symbol("n", integer=True)
    for made in (
        lambda: inequality(ours + s / s <= 3, on="x in [0,1]"),
        lambda: inequality(ours + sympy.sin(sympy.pi * n) <= 2, on="x in [0,1]"),
        lambda: Box(y=(0, s / s)),
    ):
        with pytest.warns(SympyWarning, match="[01] comes from sympy"):
            made()


@pytest.mark.parametrize(
    "hidden",
    [{"finite": True}, {"extended_real": True}, {"positive": True}, {"commutative": False}],
)
def test_2026_11_30_hidden_assumptions_are_named(hidden):
    with pytest.warns(SympyWarning), pytest.raises(BoundcheckError) as error:
        inequality(sympy.Symbol("x", **hidden) + 1, ">=", 0, on="x in [0,1]")
    ((name, value),) = hidden.items()
    assert f"({name}={value})" in str(error.value)
