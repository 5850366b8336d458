"""Finite sums and products, and sums of independent random variables: what the theorems say, and
that it is true of small laws."""

import itertools
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from theorem_files import moved, says

from boundcheck.theorems.engine.context import StepFailed

THEOREMS = {
    "sums.exp_of_sum": (
        set(),
        "exp(Sum(c(j), (j, 1, n))) == Product(exp(c(j)), (j, 1, n))",
    ),
    "sums.products_grow": (
        {
            "for all j : Nat. v(j) >= 0 and v(j) <= w(j)",
        },
        ("Product(v(j), (j, 1, n)) >= 0 and Product(v(j), (j, 1, n)) <= Product(w(j), (j, 1, n))"),
    ),
    "sums.order_of_sums": (
        set(),
        "Sum(Sum(u(i, j), (j, 1, n)), (i, 1, m)) == Sum(Sum(u(i, j), (i, 1, m)), (j, 1, n))",
    ),
    "independence.product_of_means": (
        {
            "for all j : Nat. exists(Mean(w(j, x), (x, L(j))))",
        },
        (
            "Mean(Product(w(j, s(j)), (j, 1, n)), (s, independent(j, L(j)))) == Product(Mean(w(j, "
            "x), (x, L(j))), (j, 1, n))"
        ),
    ),
    "independence.variances_add": (
        {
            "for all j : Nat. Mean(v(j, x), (x, L(j))) == 0",
            "for all j : Nat. exists(Mean(v(j, x)**2, (x, L(j))))",
        },
        (
            "Mean(Sum(v(j, s(j)), (j, 1, n))**2, (s, independent(j, L(j)))) == Sum(Mean(v(j, "
            "x)**2, (x, L(j))), (j, 1, n))"
        ),
    ),
    "independence.variance_of_a_mean": (
        {
            "n >= 1",
            "exists(Mean(u(x)**2, (x, pi)))",
        },
        (
            "Mean((Mean(u(x), (x, pi)) - Sum(u(s(j)), (j, 1, n))/n)**2, (s, pi^oo)) == "
            "(Mean(u(x)**2, (x, pi)) - Mean(u(x), (x, pi))**2)/n"
        ),
    ),
    "independence.mean_over_samples": (
        {
            "exists(Mean(w(x), (x, pi)))",
            "n >= 1",
        },
        "Mean(Sum(w(s(j)), (j, 1, n))/n, (s, pi^oo)) == Mean(w(x), (x, pi))",
    ),
}


@pytest.mark.parametrize("name", THEOREMS)
def test_it_says(name):
    assert says(name) == THEOREMS[name]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (
            "independence.variance_of_a_mean",
            "goal.eq((square - q**2) / n)",
            "goal <= (square - q**2) / (n + 1)",
        ),
        ("independence.variance_of_a_mean", "(square - q**2) / n)", "(square - q**2))"),
        ("independence.mean_over_samples", "t.show(scaled.eq(one),", "t.show(scaled.eq(one * n),"),
        ("sums.products_grow", "v(j) >= 0", "v(j) >= -1"),
    ],
)
def test_what_is_a_little_stronger_is_not_shown(tmp_path, name, old, new):
    with pytest.raises(StepFailed):
        moved(tmp_path, name, (old, new))


def test_what_is_weaker_is_shown(tmp_path):
    change = ("goal.eq((square - q**2) / n)", "goal <= square / n")
    found = moved(tmp_path, "independence.variance_of_a_mean", change)
    assert found.conclusion.endswith("<= Mean(u(x)**2, (x, pi))/n")


values = st.fractions(-3, 3, max_denominator=6)
law = st.lists(st.tuples(st.integers(1, 5), values), min_size=1, max_size=3)
"""Weights and values of a random variable."""


def mean(law, function=lambda v: v):
    return sum(w * function(v) for w, v in law) / Fraction(sum(w for w, _ in law))


def over_samples(laws, function):
    """The mean of a function of independent values."""
    samples = itertools.product(*laws)
    weight = Fraction(prod(sum(w for w, _ in one) for one in laws))
    return sum(prod(w for w, _ in s) * function([v for _, v in s]) for s in samples) / weight


@given(st.lists(law, max_size=3))
def test_product_of_means(laws):
    assert over_samples(laws, prod) == prod(mean(one) for one in laws)


@given(st.lists(law, max_size=3))
def test_variances_add(laws):
    centred = [[(w, v - mean(one)) for w, v in one] for one in laws]
    wanted = sum(mean(one, lambda v: v**2) for one in centred)
    assert over_samples(centred, lambda s: sum(s) ** 2) == wanted


@given(law, st.integers(1, 3))
def test_variance_of_a_mean(one, n):
    q = mean(one)
    found = over_samples([one] * n, lambda s: (q - sum(s) / Fraction(n)) ** 2)
    assert found == (mean(one, lambda v: v**2) - q**2) / n
    assert over_samples([one] * n, lambda s: sum(s) / Fraction(n)) == q
