"""What one function costs on one pair: what the theorems say, that their constants cannot be moved,
and that they are true of small laws."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from theorem_files import moved, read_as, says

from boundcheck.exact.terms.rational import Q
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theory.formulas import oracle

THEOREMS = {
    "losses.bounded_regression": (
        {
            "for all x : X, y in K(x). Abs(v(y)) <= b",
            "b > 0",
        },
        "for all x : X. Abs(Mean(v(y), (y, K(x)))) <= b",
    ),
    "losses.moment_given_x": (
        {
            "b > 0",
            "for all x : X, y in K(x). Abs(v(y)) <= b",
            "for all x in pi. Abs(f(x)) <= b",
        },
        (
            "for all x in pi. Mean(exp(-theta*((v(y) - f(x))**2 - (v(y) - Mean(v(y2), (y2, "
            "K(x))))**2)/b**2), (y, K(x))) <= 1 - (1 - exp(-4*(theta - 2*theta**2)))/4*((f(x) - "
            "Mean(v(y), (y, K(x))))**2/b**2)"
        ),
    ),
    "losses.moment_of_a_loss": (
        {
            "b > 0",
            "for all x : X, y in K(x). Abs(v(y)) <= b",
            "for all x in pi. Abs(f(x)) <= b",
        },
        (
            "Mean(exp(-theta*((v(second(p)) - f(first(p)))**2 - (v(second(p)) - Mean(v(y), (y, "
            "K(first(p)))))**2)/b**2), (p, joint(pi, (x, K(x))))) <= 1 - (1 - exp(-4*(theta - "
            "2*theta**2)))/4*(Mean((f(x) - Mean(v(y), (y, K(x))))**2, (x, pi))/b**2)"
        ),
    ),
    "losses.moment_of_samples": (
        {
            "for all x : X, y in K(x). Abs(v(y)) <= b",
            "b > 0",
            "kappa <= (1 - exp(-4*(theta - 2*theta**2)))/4",
            "for all x in pi. Abs(f(x)) <= b",
        },
        (
            "Mean(exp((kappa*m*Mean((f(x) - Mean(v(y), (y, K(x))))**2, (x, pi)) - "
            "theta*Sum((v(second(s(j))) - f(first(s(j))))**2 - (v(second(s(j))) - Mean(v(y), (y, "
            "K(first(s(j))))))**2, (j, 1, m)))/b**2), (s, joint(pi, (x, K(x)))^oo)) <= 1"
        ),
    ),
    "losses.mean_of_a_loss": (
        {
            "for all x in pi. Abs(f(x)) <= b",
            "for all x : X, y in K(x). Abs(v(y)) <= b",
            "b > 0",
        },
        (
            "Mean((v(second(p)) - f(first(p)))**2 - (v(second(p)) - Mean(v(y), (y, "
            "K(first(p)))))**2, (p, joint(pi, (x, K(x))))) == Mean((f(x) - Mean(v(y), (y, "
            "K(x))))**2, (x, pi))"
        ),
    ),
    "losses.second_moment_of_a_loss": (
        {
            "for all x : X, y in K(x). Abs(v(y)) <= b",
            "b > 0",
            "for all x in pi. Abs(f(x)) <= b",
        },
        (
            "Mean(((v(second(p)) - f(first(p)))**2 - (v(second(p)) - Mean(v(y), (y, "
            "K(first(p)))))**2)**2, (p, joint(pi, (x, K(x))))) <= 16/3*b**2*Mean((f(x) - "
            "Mean(v(y), (y, K(x))))**2, (x, pi))"
        ),
    ),
    "losses.range_of_a_loss": (
        {
            "for all x in pi. Abs(f(x)) <= b",
            "for all x : X, y in K(x). Abs(v(y)) <= b",
            "b > 0",
        },
        (
            "for all p in joint(pi, (x, K(x))). Mean((f(x) - Mean(v(y), (y, K(x))))**2, (x, pi)) "
            "- ((v(second(p)) - f(first(p)))**2 - (v(second(p)) - Mean(v(y), (y, "
            "K(first(p)))))**2) <= 8*b**2"
        ),
    ),
    "losses.neighbouring_losses": (
        {
            "for all x in pi. Abs(f(x)) <= b",
            "for all x in pi. Abs(h(x)) <= b",
            "for all x in pi. Abs(f(x) - h(x)) <= delta",
            "for all x : X, y in K(x). Abs(v(y)) <= b",
            "b > 0",
        },
        (
            "Abs(Mean((f(x) - Mean(v(y), (y, K(x))))**2, (x, pi)) - Mean((h(x) - Mean(v(y), (y, "
            "K(x))))**2, (x, pi))) <= 4*b*delta and for all p in joint(pi, (x, K(x))). "
            "Abs((v(second(p)) - f(first(p)))**2 - (v(second(p)) - Mean(v(y), (y, "
            "K(first(p)))))**2 - ((v(second(p)) - h(first(p)))**2 - (v(second(p)) - Mean(v(y), "
            "(y, K(first(p)))))**2)) <= 4*b*delta"
        ),
    ),
}


@pytest.mark.parametrize("name", THEOREMS)
def test_it_says(name):
    assert says(name) == THEOREMS[name]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("moment_given_x", "moment <= 1 - g(theta) * size", "moment <= 1 - 2 * g(theta) * size"),
        ("moment_of_samples", "t.show(mean <= 1,", 't.show(mean <= "99/100",'),
        ("moment_of_samples", "t.given(kappa <= g(theta))", "t.given(kappa <= 2 * g(theta))"),
        (
            "neighbouring_losses",
            "risks = t.show(Abs(one - two) <= 4 * b * delta",
            "risks = t.show(Abs(one - two) <= 3 * b * delta",
        ),
        (
            "neighbouring_losses",
            "a.loss(h, p)) <= 4 * b * delta",
            "a.loss(h, p)) <= 3 * b * delta",
        ),
    ],
)
def test_what_is_a_little_stronger_is_not_shown(tmp_path, name, old, new):
    with pytest.raises(StepFailed):
        moved(tmp_path, f"losses.{name}", (old, new))


@pytest.mark.parametrize(
    ("name", "constant"),
    [
        ("second_moment_of_a_loss", oracle.SECOND_MOMENT),
        ("range_of_a_loss", oracle.RANGE),
    ],
)
def test_constants_of_the_theory(name, constant):
    """A little less is not shown, a little more is."""
    assert read_as(f"losses.{name}", constant, Q(99, 100) * constant)
    assert not read_as(f"losses.{name}", constant, Q(101, 100) * constant)


unit = st.fractions(-1, 1, max_denominator=8)
labels = st.lists(st.tuples(st.integers(1, 4), unit), min_size=1, max_size=3)
"""Weights and values of Y/b, given some x."""


def mean(law, function=lambda v: v):
    return sum(w * function(v) for w, v in law) / Fraction(sum(w for w, _ in law))


@given(labels, unit)
def test_moments(law, f):
    star = mean(law)

    def z(y):
        return (y - f) ** 2 - (y - star) ** 2

    assert mean(law, z) == (f - star) ** 2
    assert mean(law, lambda y: z(y) ** 2) <= Fraction(16, 3) * (f - star) ** 2
    assert max((f - star) ** 2 - z(y) for _, y in law) <= 8


@given(labels, unit, st.fractions(-2, 2, max_denominator=6))
def test_exponential_moment(law, f, theta):
    star, total = mean(law), sum(w for w, _ in law)
    with mp.workdps(40):
        values = [(w, (y - f) ** 2 - (y - star) ** 2) for w, y in law]
        moment = sum(w * mp.exp(-_real(theta * z)) for w, z in values) / total
        g = (1 - mp.exp(-4 * _real(theta - 2 * theta**2))) / 4
        assert moment <= 1 - g * _real((f - star) ** 2) + mpf(10) ** -30


def _real(q):
    return mpf(q.numerator) / q.denominator


@given(labels, unit, unit)
def test_neighbours(law, f, h):
    for _, y in law:
        assert abs((y - f) ** 2 - (y - h) ** 2) <= 4 * abs(f - h)


def test_the_second_moment_is_attained():
    """At f* = 1/3, f = -1 and Y = ±1."""
    law, f = [(2, Fraction(1)), (1, Fraction(-1))], -1
    star = mean(law)
    moment = mean(law, lambda y: ((y - f) ** 2 - (y - star) ** 2) ** 2)
    assert (star, moment) == (Fraction(1, 3), Fraction(16, 3) * (f - star) ** 2)
