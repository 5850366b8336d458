"""Gaussian kernel marginals: values, bounds, refusals."""

import math

import mpmath
import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from three_atoms import ATOMS, MASSES, fraction, number, one, three

from boundcheck import Box, symbols
from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.ridge_density import Density
from boundcheck.constructions.variation import total_variation
from boundcheck.errors import BoundcheckError
from boundcheck.theory.ridge.profile_table import profile_table


def by_hand(x):
    """f(x) for `three`, written out."""
    total = mpmath.mpf(0)
    for u, m in zip(ATOMS, MASSES, strict=True):
        square = sum((c - fraction(e)) ** 2 for c, e in zip(x, u))
        total += fraction(m) * mpmath.exp(-2 * square)
    return total


@pytest.mark.parametrize("d", [1, 2, 3])
def test_values_and_gradients(d):
    f, x = three(d), ["0.3", "-0.7", "0.11"][:d]
    with mpmath.workdps(50):
        at = [mpmath.mpf(c) for c in x]
        value = f.value(x, 30)
        assert (
            abs(mpmath.mpf(value.mid().str(45, radius=False)) - by_hand(at)) < mpmath.mpf(10) ** -29
        )
        for i, slope in enumerate(f.gradient(x, 20)):
            wanted = mpmath.diff(lambda t, i=i: by_hand([*at[:i], t, *at[i + 1 :]]), at[i])
            assert (
                abs(mpmath.mpf(slope.mid().str(45, radius=False)) - wanted) < mpmath.mpf(10) ** -18
            )
    assert value.rad() < 1e-29


def test_values_of_far_points_keep_their_digits():
    value = one(1).value(20, 40)
    with mpmath.workdps(60):
        assert (
            abs(mpmath.mpf(value.mid().str(60, radius=False)) / mpmath.exp(-800) - 1)
            < mpmath.mpf(10) ** -39
        )


def test_the_term_and_its_sympy_form_agree_with_the_value():
    f = Marginal.of([["sqrt(2)", 0], ["1/3", -1]], ["pi", "-1/2"], sigma="2/3")
    symbolic = f.sympy().subs(
        dict(zip(symbols("x1 x2"), (sympy.Rational(1, 5), sympy.Rational(-2, 7))))
    )
    assert abs(float(f.value(["1/5", "-2/7"], 25)) - float(symbolic)) < 1e-15


def test_total_mass():
    assert three(2).total_mass.lower == three(2).total_mass.upper == fmpq(9, 4)
    mass = Marginal.of([0, 1], ["pi", "-sqrt(2)"], sigma=1).total_mass
    with mpmath.workdps(60):
        assert number(mass.lower) <= mpmath.pi + mpmath.sqrt(2) <= number(mass.upper)
        assert number(mass.upper - mass.lower) < 1e-50
    assert (
        Marginal.of([0, 0, 1], [1, -3, 1], sigma=1).total_mass.upper == 3
    )  # the masses at one point add up


@pytest.mark.parametrize("masses", [[1, -1], ["sqrt(2)*sqrt(2) - 2", "sqrt(3)*sqrt(3) - 3"]])
def test_the_measure_zero_is_refused_where_one_is_needed(masses):
    f = Marginal.of([1, 1], masses, sigma=1)
    with pytest.raises(
        BoundcheckError, match="the total mass is zero: the masses vanish or cancel; change"
    ):
        f.check()
    with pytest.raises(BoundcheckError, match="the total mass is zero"):
        total_variation(f, 1)


def test_bounds_of_one_atom_are_those_of_the_nearest_and_the_farthest_point():
    f = Marginal.of([["1/2", 3]], [-2], sigma="1/2")
    low, high = f.bounds("x in [0, 1], y in [-1, 1]")
    with mpmath.workdps(50):
        assert number(low.lower) <= -2 * mpmath.exp(-8) <= number(low.upper)
        assert (
            number(high.lower)
            <= -2 * mpmath.exp(-2 * (mpmath.mpf(1) / 4 + 16))
            <= number(high.upper)
        )
    assert high.upper - high.lower < abs(high.upper) * fmpq(1, 10**40)
    inside = Marginal.of([0], ["1/3"], sigma=1).bounds("x in [-1, 2]")
    assert inside[1].lower <= fmpq(1, 3) <= inside[1].upper
    assert abs(float(arb(inside[0].lower)) - math.exp(-2) / 3) < 1e-15


@pytest.mark.parametrize("positive", [True, False])
def test_bounds_of_several_atoms(positive):
    f = Marginal.of([a[:2] for a in ATOMS], [1, "1/2", "3/4"] if positive else MASSES, sigma="1/4")
    low, high = f.bounds(f.box(1))
    grid = [[-1 + 2 * i / 24, -1 + 2 * j / 24] for i in range(25) for j in range(25)]
    values = [float(f.value(x, 15)) for x in grid]
    assert float(arb(low.lower)) <= min(values)
    assert max(values) <= float(arb(high.upper))
    width = abs(low.upper) if positive else fmpq(9, 4)
    assert low.upper - low.lower <= width / 1000
    assert high.upper - high.lower <= (abs(high.upper) if positive else width) / 1000
    if positive:
        assert low.lower > 0
        assert min(values) <= 1.05 * float(arb(low.upper))


def test_refusals_of_marginals():
    f = three(2)
    for action, message in [
        (lambda: f.value([1]), "the point has 1 coordinates; this marginal takes 2"),
        (lambda: f.value([1, math.nan]), "not a rational number"),
        (lambda: f.value([1, 1], 0), "digits = 0; it must be between 1 and 10000"),
        (lambda: f.bounds("x in [0, 1]"), "the box has 1 variables; this marginal takes 2"),
        (lambda: f.bounds(f.box(1), rtol=0), "rtol = 0 is not between 0 and 1"),
        (lambda: one(1).bounds("x in [0, oo)"), "the range of x must have finite ends"),
        (lambda: Density(f).values(np.ones((3, 1)), np.ones(3)), r"must be \(N, 2\) and \(N,\)"),
        (lambda: Density(f).exact([1], 0), "v has 1 components; it must have 2"),
        (lambda: total_variation(f, 0), "R = 0; it must be a positive number"),
        (lambda: total_variation(f, 1, rtol=1), "rtol = 1 is not between 0 and 1"),
        (
            lambda: total_variation(f, "1e400"),
            "R or an atom is beyond 1e.12 σ, where σ² = 1/4; rescale",
        ),
        (lambda: total_variation(one(5), 1), "in at most 4 dimensions, not 5"),
        (lambda: profile_table(40, 1), "order 41 is beyond the tables, which end at 40"),
    ]:
        with pytest.raises(BoundcheckError, match=message):
            action()


def test_the_marginal_is_for_boxes_of_any_names():
    f = three(2)
    assert (
        f.bounds(Box(s=(0, 1), t=(0, 1)))[1].upper == f.bounds(Box(x1=(0, 1), x2=(0, 1)))[1].upper
    )
