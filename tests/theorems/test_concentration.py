"""Hoeffding's lemma and inequality: what the theorems say, that constants cannot be moved, and that
they are true of small laws."""

import itertools
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from theorem_files import moved, says

from boundcheck.theorems.engine.context import StepFailed

THEOREMS = {
    "concentration.chord_of_exp": (
        {
            "p >= 0",
            "p <= 1",
        },
        "exp(p*h) <= 1 - p + p*exp(h) and 1 - p + p*exp(h) <= exp(p*h + h**2/8)",
    ),
    "concentration.hoeffding_lemma": (
        {
            "for all x in pi. a <= u(x) and u(x) <= b",
            "a < b",
        },
        "Mean(exp(h*(u(x) - Mean(u(x2), (x2, pi)))), (x, pi)) <= exp(h**2*(b - a)**2/8)",
    ),
    "concentration.moment_of_a_sum": (
        {
            "for all j : Nat, x in L(j). a(j) <= u(j, x) and u(j, x) <= b(j)",
            "for all j : Nat. a(j) < b(j)",
        },
        (
            "Mean(exp(h*Sum(u(j, s(j)) - Mean(u(j, x), (x, L(j))), (j, 1, n))), (s, "
            "independent(j, L(j)))) <= exp(h**2*Sum((b(j) - a(j))**2, (j, 1, n))/8)"
        ),
    ),
    "concentration.markov": (
        {
            "h >= 0",
            "exists(Mean(exp(h*v(x)), (x, pi)))",
        },
        "Prob(v(x) >= c, (x, pi)) <= exp(-h*c)*Mean(exp(h*v(x)), (x, pi))",
    ),
    "concentration.hoeffding": (
        {
            "for all j : Nat, x in L(j). a(j) <= u(j, x) and u(j, x) <= b(j)",
            "n >= 1",
            "for all j : Nat. a(j) < b(j)",
            "c >= 0",
        },
        (
            "Prob(Sum(u(j, s(j)) - Mean(u(j, x), (x, L(j))), (j, 1, n)) >= c, (s, independent(j, "
            "L(j)))) <= exp(-2*c**2/Sum((b(j) - a(j))**2, (j, 1, n)))"
        ),
    ),
    "concentration.hoeffding_two_sided": (
        {
            "for all j : Nat, x in L(j). a(j) <= u(j, x) and u(j, x) <= b(j)",
            "n >= 1",
            "c >= 0",
            "for all j : Nat. a(j) < b(j)",
        },
        (
            "Prob(Abs(Sum(u(j, s(j)) - Mean(u(j, x), (x, L(j))), (j, 1, n))) >= c, (s, "
            "independent(j, L(j)))) <= 2*exp(-2*c**2/Sum((b(j) - a(j))**2, (j, 1, n)))"
        ),
    ),
    "concentration.hoeffding_for_means": (
        {
            "n >= 1",
            "for all x in pi. a <= u(x) and u(x) <= b",
            "a < b",
            "eps >= 0",
        },
        (
            "Prob(Sum(u(s(j)), (j, 1, n))/n - Mean(u(x), (x, pi)) >= eps, (s, pi^oo)) <= "
            "exp(-2*n*eps**2/(b - a)**2) and Prob(Mean(u(x), (x, pi)) - Sum(u(s(j)), (j, 1, n))/n "
            ">= eps, (s, pi^oo)) <= exp(-2*n*eps**2/(b - a)**2) and Prob(Abs(Sum(u(s(j)), (j, 1, "
            "n))/n - Mean(u(x), (x, pi))) >= eps, (s, pi^oo)) <= 2*exp(-2*n*eps**2/(b - a)**2)"
        ),
    ),
}


@pytest.mark.parametrize("name", THEOREMS)
def test_it_says(name):
    assert says(name) == THEOREMS[name]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("chord_of_exp", "exp(p * h + h**2 / 8)", "exp(p * h + h**2 / 9)"),
        (
            "hoeffding_lemma",
            "bound = exp(h**2 * (b - a) ** 2 / 8)",
            "bound = exp(h**2 * (b - a) ** 2 / 9)",
        ),
        ("moment_of_a_sum", "exp(h**2 * spread / 8)", "exp(h**2 * spread / 9)"),
        ("hoeffding", "exp(-2 * c**2 / spread)", "exp(-3 * c**2 / spread)"),
        ("hoeffding", "n >= 1, c >= 0", "n >= 1, c >= -1"),
        ("hoeffding_two_sided", "event <= 2 * bound", "event <= bound"),
        ("hoeffding_for_means", "exp(-2 * n * eps**2", "exp(-3 * n * eps**2"),
        ("hoeffding_for_means", "else 2 * bound", "else bound"),
    ],
)
def test_what_is_a_little_stronger_is_not_shown(tmp_path, name, old, new):
    with pytest.raises(StepFailed):
        moved(tmp_path, f"concentration.{name}", (old, new))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("moment_of_a_sum", "exp(h**2 * spread / 8)", "exp(h**2 * spread / 8) + 1"),
        ("hoeffding_two_sided", "event <= 2 * bound", "event <= 3 * bound"),
    ],
)
def test_what_is_weaker_is_shown(tmp_path, name, old, new):
    assert moved(tmp_path, f"concentration.{name}", (old, new)).unused == ()


values = st.fractions(-2, 3, max_denominator=5)
law = st.lists(st.tuples(st.integers(1, 5), values), min_size=2, max_size=3)
"""Weights and values of a random variable, which lies between the least and the largest one."""


def mean(law, function=lambda v: v):
    return sum(w * function(v) for w, v in law) / Fraction(sum(w for w, _ in law))


def _exp(q):
    return mp.exp(mpf(q.numerator) / q.denominator)


@given(law, st.fractions(-3, 3, max_denominator=4))
def test_the_lemma(law, h):
    q, width = mean(law), max(v for _, v in law) - min(v for _, v in law)
    weights = sum(w for w, _ in law)
    with mp.workdps(40):
        moment = sum(w * _exp(h * (v - q)) for w, v in law) / weights
        assert moment <= _exp(h**2 * width**2 / 8) * (1 + mpf(10) ** -30)


@given(st.lists(law, min_size=1, max_size=3), st.fractions(0, 4, max_denominator=4))
def test_the_inequality(laws, c):
    """Exact probabilities."""
    spread = sum((max(v for _, v in one) - min(v for _, v in one)) ** 2 for one in laws)
    if spread == 0:
        return
    centre, up, both, whole = sum(mean(one) for one in laws), 0, 0, 0
    for s in itertools.product(*laws):
        weight, gap = prod(w for w, _ in s), sum(v for _, v in s) - centre
        whole += weight
        up += weight * (gap >= c)
        both += weight * (abs(gap) >= c)
    with mp.workdps(40):
        bound = _exp(-2 * c**2 / spread) * (1 + mpf(10) ** -30)
        assert mpf(up) / whole <= bound
        assert mpf(both) / whole <= 2 * bound


def test_the_eight_is_needed():
    """For ±1 with equal weights the constants are the best ones: cosh(h) is more than exp(h²/2.01)
    for some small h."""
    with mp.workdps(40):
        h = mpf("0.1")
        assert mp.exp(h**2 / mpf("2.01")) < mp.cosh(h) < mp.exp(h**2 * 4 / 8)
