"""Rates by balancing: what the theorems say, that no exponent and no factor can be moved, and exact
instances."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from theorem_files import moved, read_as, says

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.rational import Q
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theory.formulas import covering, rates

THEOREMS = {
    "rates.parameters": (
        {
            "n >= 1",
            "d >= 1",
        },
        "n*(d + 1) + 2*(n + 1) >= (d + 3)*n and n*(d + 1) + 2*(n + 1) <= (d + 5)*n",
    ),
    "rates.balance": (
        {
            "a > 0",
            "m >= 1",
            "A >= 0",
            "P >= 0",
        },
        (
            "there is n : Nat. m**(1/(1 + a)) <= n and n <= 2*m**(1/(1 + a)) and A*n**(-a) + "
            "P*n/m <= (A + 2*P)*m**(-(a*(1/(1 + a))))"
        ),
    ),
    "rates.balance_is_best": (
        {
            "a > 0",
            "m >= 1",
            "A >= 0",
            "P >= 0",
        },
        "for all n : Real. n > 0 implies A*n**(-a) + P*n/m >= Min(A, P)*m**(-(a*(1/(1 + a))))",
    ),
    "rates.where_f2_is_positive": (
        {
            "d >= 1",
            "m >= 1",
            "A >= 0",
            "P >= 0",
        },
        (
            "(there is n : Nat. m**(d/(2*d + 3)) <= n and n <= 2*m**(d/(2*d + 3)) and "
            "A*n**(-(1 + 3/d)) + P*n/m <= (A + 2*P)*m**(-((d + 3)/(2*d + 3)))) and for all n : "
            "Real. n > 0 implies A*n**(-(1 + 3/d)) + P*n/m >= Min(A, P)*m**(-((d + 3)/(2*d + "
            "3)))"
        ),
    ),
    "rates.for_every_f2": (
        {
            "d >= 1",
            "m >= 1",
            "A >= 0",
            "P >= 0",
        },
        (
            "(there is n : Nat. m**(2*d/(3*d + 3)) <= n and n <= 2*m**(2*d/(3*d + 3)) and "
            "A*n**(-(1/2 + 3/(2*d))) + P*n/m <= (A + 2*P)*m**(-((d + 3)/(3*d + 3)))) and for "
            "all n : Real. n > 0 implies A*n**(-(1/2 + 3/(2*d))) + P*n/m >= Min(A, P)*m**(-((d "
            "+ 3)/(3*d + 3)))"
        ),
    ),
    "rates.growing_box": (
        {
            "a > 0",
            "d >= 1",
            "q >= 0",
            "m >= 1",
            "s >= 0",
            "A >= 0",
            "P >= 0",
            "T >= 0",
        },
        (
            "there is n : Nat. m**(1 - a/(1 + a + d*q)) <= n and n <= 2*m**(1 - a/(1 + a + "
            "d*q)) and A*exp(d*q*(sqrt(2*(a/(1 + a + d*q))*log(m)) + s)**2/2)*n**(-a) + P*n/m "
            "+ T*exp(-(sqrt(2*(a/(1 + a + d*q))*log(m))**2/2)) <= (A*exp(d*q*s*(sqrt(2*(a/(1 + "
            "a + d*q))*log(m)) + s/2)) + 2*P + T)*m**(-(a/(1 + a + d*q)))"
        ),
    ),
    "rates.growing_box_is_best": (
        {
            "a > 0",
            "d >= 1",
            "q >= 0",
            "m >= 1",
            "s >= 0",
            "A >= 0",
            "P >= 0",
            "T >= 0",
        },
        (
            "for all n, z : Real. n > 0 implies z >= 0 implies A*exp(d*q*(z + s)**2/2)*n**(-a) "
            "+ P*n/m + T*exp(-(z**2/2)) >= Min(A, P, T)*m**(-(a/(1 + a + d*q)))"
        ),
    ),
    "rates.weighted_on_the_whole_space": (
        {
            "d >= 1",
            "m >= 1",
            "s >= 0",
            "A >= 0",
            "P >= 0",
            "T >= 0",
        },
        (
            "(there is n : Nat. A*exp(d*((sqrt(2*((d + 3)/(d**2 + 2*d + 3))*log(m)) + "
            "s)**2/2))*n**(-(1 + 3/d)) + P*n/m + T*exp(-(sqrt(2*((d + 3)/(d**2 + 2*d + "
            "3))*log(m))**2/2)) <= (A*exp(d*(s*(sqrt(2*((d + 3)/(d**2 + 2*d + 3))*log(m)) + "
            "s/2))) + 2*P + T)*m**(-((d + 3)/(d**2 + 2*d + 3)))) and for all u, z : Real. u > "
            "0 implies z >= 0 implies A*exp(d*((z + s)**2/2))*u**(-(1 + 3/d)) + P*u/m + "
            "T*exp(-(z**2/2)) >= Min(A, P, T)*m**(-((d + 3)/(d**2 + 2*d + 3)))"
        ),
    ),
    "rates.uniform_on_the_whole_space": (
        {
            "d >= 1",
            "m >= 1",
            "s >= 0",
            "A >= 0",
            "P >= 0",
            "T >= 0",
        },
        (
            "(there is n : Nat. A*exp(2*d*((sqrt(2*((d + 3)/(2*d**2 + 2*d + 3))*log(m)) + "
            "s)**2/2))*n**(-(1 + 3/d)) + P*n/m + T*exp(-(sqrt(2*((d + 3)/(2*d**2 + 2*d + "
            "3))*log(m))**2/2)) <= (A*exp(2*d*(s*(sqrt(2*((d + 3)/(2*d**2 + 2*d + 3))*log(m)) "
            "+ s/2))) + 2*P + T)*m**(-((d + 3)/(2*d**2 + 2*d + 3)))) and for all u, z : Real. "
            "u > 0 implies z >= 0 implies A*exp(2*d*((z + s)**2/2))*u**(-(1 + 3/d)) + P*u/m + "
            "T*exp(-(z**2/2)) >= Min(A, P, T)*m**(-((d + 3)/(2*d**2 + 2*d + 3)))"
        ),
    ),
    "rates.positivity_free_on_the_whole_space": (
        {
            "d >= 1",
            "m >= 1",
            "s >= 0",
            "A >= 0",
            "P >= 0",
            "T >= 0",
        },
        (
            "(there is n : Nat. A*n**(-(1/2 + 3/(2*d))) + P*n/m + T*exp(-(sqrt(2*((d + 3)/(3*d "
            "+ 3))*log(m))**2/2)) <= (A + 2*P + T)*m**(-((d + 3)/(3*d + 3)))) and for all u, z "
            ": Real. u > 0 implies z >= 0 implies A*u**(-(1/2 + 3/(2*d))) + P*u/m + "
            "T*exp(-(z**2/2)) >= Min(A, P, T)*m**(-((d + 3)/(3*d + 3)))"
        ),
    ),
    "rates.positivity_does_not_help": (
        {
            "d >= 1",
        },
        (
            "(d + 3)/(2*d**2 + 2*d + 3) <= (d + 3)/(d**2 + 2*d + 3) and (d + 3)/(d**2 + 2*d + "
            "3) <= (d + 3)/(3*d + 3)"
        ),
    ),
}


@pytest.mark.parametrize("name", list(THEOREMS))
def test_it_says(name):
    assert says(name) == THEOREMS[name]


LESS, MORE = Q(99, 100), Q(101, 100)
WEIGHTED, FREE = rates.RATES["weighted"], rates.RATES["positivity_free"]
EXPONENTS = [
    ("balance", rates.BALANCE),
    ("where_f2_is_positive", WEIGHTED.approximation),
    ("where_f2_is_positive", WEIGHTED.neurons),
    ("where_f2_is_positive", WEIGHTED.excess),
    ("for_every_f2", FREE.approximation),
    ("for_every_f2", FREE.neurons),
    ("for_every_f2", FREE.excess),
    ("weighted_on_the_whole_space", WEIGHTED.whole),
    ("uniform_on_the_whole_space", rates.RATES["uniform"].whole),
    ("positivity_free_on_the_whole_space", FREE.whole),
]


@pytest.mark.parametrize(("name", "exponent"), EXPONENTS)
@pytest.mark.parametrize("factor", [LESS, MORE])
def test_no_other_exponent_is_shown(name, exponent, factor):
    assert read_as(f"rates.{name}", exponent, factor * exponent, 2)


def test_no_faster_rate_with_a_growing_box_is_shown():
    assert read_as("rates.growing_box", rates.GROWING, MORE * rates.GROWING, 2)
    assert read_as("rates.growing_box_is_best", rates.GROWING, LESS * rates.GROWING, 2)


def test_a_slower_rate_with_a_growing_box_is_shown():
    assert not read_as("rates.growing_box", rates.GROWING, LESS * rates.GROWING)


def test_more_parameters_are_not_shown():
    formula = covering.RATIO_PARAMETERS
    assert read_as("rates.parameters", formula, MORE * formula, 2)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("balance", "(A + 2 * P) * order", "(A + 1 * P) * order"),
        ("balance", "n <= 2 * top", "n <= 1 * top"),
        ("balance_is_best", "Min(A, P) * order", '"101/100" * Min(A, P) * order'),
        ("growing_box", "+ 2 * b.P + b.T", "+ 1 * b.P + b.T"),
        ("growing_box", "2 * b.P + b.T", '2 * b.P + "99/100" * b.T'),
        ("growing_box_is_best", "Min(Min(b.A, b.P), b.T)", '"101/100" * Min(Min(b.A, b.P), b.T)'),
    ],
)
def test_what_is_a_little_stronger_is_not_shown(tmp_path, name, old, new):
    with pytest.raises(StepFailed):
        moved(tmp_path, f"rates.{name}", (old, new), budget=2)


# -- exact instances -------------------------------------------------------------------------------

sizes = st.fractions(0, 5, max_denominator=6)


@given(a=st.integers(1, 5), j=st.integers(1, 9), A=sizes, P=sizes, n=st.integers(1, 50))
def test_the_balance_in_whole_numbers(a, j, A, P, n):
    """m = j^(1+a), so that m^x = j and m^(ax) = j^a are whole."""
    m, order = j ** (1 + a), Fraction(1, j**a)
    assert A * Fraction(1, j**a) + P * Fraction(j, m) <= (A + 2 * P) * order
    assert A * Fraction(1, n**a) + P * Fraction(n, m) >= min(A, P) * order


@pytest.mark.parametrize("d", [1, 2, 3, 8, 64])
@pytest.mark.parametrize("version", rates.RATES)
def test_exponents_balance(version, d):
    """a x = 1 - x on a fixed box, and y = a/(1 + a + dq) with it on the whole space."""
    r = rates.RATES[version]
    found = [at_point(e, {"d": fmpq(d)}) for e in (r.approximation, r.neurons, r.excess, r.whole)]
    a, x, excess, whole = found
    assert a * x == 1 - x == excess
    assert whole == a / (1 + a + d * r.power)
