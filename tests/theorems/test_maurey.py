"""Maurey's lemma: what it says, and that it is true of small laws."""

import itertools
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from theorem_files import moved, says

from boundcheck.theorems.engine.context import StepFailed

THEOREMS = {
    "maurey.maurey_on_average": (
        {
            "k >= 1",
            "for all x in pi. f(x) == Mean(phi(theta, x), (theta, nu))",
            "for all x in pi. exists(Mean(phi(theta, x)**2, (theta, nu)))",
            "for all theta in nu. Mean(phi(theta, x)**2, (x, pi)) <= V**2",
        },
        ("Mean(Mean((f(x) - Sum(phi(s(j), x), (j, 1, k))/k)**2, (x, pi)), (s, nu^oo)) <= V**2/k"),
    ),
    "maurey.maurey": (
        {
            "k >= 1",
            "for all x in pi. f(x) == Mean(phi(theta, x), (theta, nu))",
            "for all x in pi. exists(Mean(phi(theta, x)**2, (theta, nu)))",
            "for all theta in nu. Mean(phi(theta, x)**2, (x, pi)) <= V**2",
        },
        (
            "there is s in nu^oo. Mean((f(x) - Sum(phi(s(j), x), (j, 1, k))/k)**2, (x, pi)) <= "
            "V**2/k"
        ),
    ),
}


@pytest.mark.parametrize("name", THEOREMS)
def test_it_says(name):
    assert says(name) == THEOREMS[name]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("found.right <= V**2 / k", "found.right <= V**2 / (k + 1)"),
        ("found.right <= V**2 / k", "found.right <= V**2 / (2 * k)"),
        ("t.given(k >= 1)", "t.given(k >= 0)"),
    ],
)
def test_what_is_a_little_stronger_is_not_shown(tmp_path, old, new):
    with pytest.raises(StepFailed):
        moved(tmp_path, "maurey.maurey_on_average", (old, new))


def test_what_is_weaker_is_shown(tmp_path):
    change = ("found.right <= V**2 / k", "found.right <= 2 * V**2 / k")
    assert moved(tmp_path, "maurey.maurey_on_average", change).unused == ()


rows = st.lists(st.fractions(-2, 2, max_denominator=4), min_size=2, max_size=2)
parameters = st.lists(st.tuples(st.integers(1, 3), rows), min_size=1, max_size=3)
"""For each parameter its weight, and phi at two points."""


@given(parameters, st.integers(1, 3), st.integers(1, 3))
def test_it_is_true(parameters, k, first):
    points = [Fraction(first, first + 1), Fraction(1, first + 1)]  # the weights of x

    def square(row):
        return sum(w * v**2 for w, v in zip(points, row, strict=True))

    total = Fraction(sum(w for w, _ in parameters))
    f = [sum(w * row[i] for w, row in parameters) / total for i in (0, 1)]
    most = max(square(row) for _, row in parameters)
    errors, weights = [], []
    for s in itertools.product(parameters, repeat=k):
        mean = [sum(row[i] for _, row in s) / Fraction(k) for i in (0, 1)]
        errors.append(square([a - b for a, b in zip(f, mean, strict=True)]))
        weights.append(prod(w for w, _ in s))
    average = sum(w * e for w, e in zip(weights, errors, strict=True)) / total**k
    assert average <= most / k
    assert min(errors) <= most / k
