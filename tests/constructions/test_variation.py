"""The total variation of the ridge density, against independent numbers."""

import itertools
import math

import mpmath
import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from three_atoms import ATOMS, number, one, three

from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.ridge_density import Density
from boundcheck.constructions.variation import _Cells, _Integrand, total_variation
from boundcheck.enclosure.cubature.averages import Model
from boundcheck.norms.supremum import NotReached
from boundcheck.theory.ridge.profile_table import derivative


@pytest.mark.parametrize("R", ["1/5", 1, 3])
def test_the_variation_of_one_atom_on_a_line(R):
    """-2 (2π)^(-1/2) σ^-2 c_2(b/σ) is the derivative of -2/σ t exp(-t²/2)
    at t = b/σ, twice, for v = ±1."""
    found = total_variation(one(1), R, rtol="1e-7")
    with mpmath.workdps(30):
        t = mpmath.mpf(sympy.Rational(R).p) / sympy.Rational(R).q * 2
        end = t * mpmath.exp(-t * t / 2)
        exact = 2 * 2 * (end if t <= 1 else 2 * mpmath.exp(-0.5) - end)
        assert number(found.lower) <= exact <= number(found.upper)
    assert found.upper - found.lower <= found.upper * fmpq(1, 10**7)


def by_quadrature(f, R, n):
    """The midpoint rule for ∫∫ |dν| over all faces and b = βR|v|_1, from the fast density."""
    d, total = f.dimension, 0.0
    axis = (np.arange(n) + 0.5) / n
    grids = np.meshgrid(*[2 * axis - 1] * (d - 1), axis, indexing="ij")
    *free, beta = (g.ravel() for g in grids)
    for face, sign in itertools.product(range(d), (-1, 1)):
        v = np.insert(np.array(free).reshape(d - 1, len(beta)).T, face, sign, axis=1)
        reach = R * np.abs(v).sum(axis=1)
        total += float((reach * np.abs(Density(f).values(v, beta * reach))).sum())
    return total * (2 / n) ** (d - 1) / n


@pytest.mark.parametrize(
    ("d", "sigma", "R", "n"),
    [
        (1, "1/2", 1, 4000),
        (1, "1/20", 4, 20000),
        (2, "1/2", 1, 400),
        (2, "1/10", 2, 800),
        (3, "1", 1, 60),
    ],
)
def test_the_variation_is_that_of_the_density(d, sigma, R, n):
    f = three(d, sigma)
    found = total_variation(f, R)
    lower, upper = float(arb(found.lower)), float(arb(found.upper))
    assert upper - lower <= 0.02 * upper * (1 + 1e-12)
    assert lower * (1 - 3e-4) <= by_quadrature(f, R, n) <= upper * (1 + 3e-4)


def test_the_rounding_of_sums_of_cells_is_made_up_for():
    """Both ends of the total, from the exact sums of what the cells hold."""
    rng = np.random.default_rng(3)
    for count in [2, 3, 7, 30, 200, 3000] * 20:
        lower, upper = rng.uniform(size=(2, count)) * 10.0 ** rng.integers(-3, 3, (2, count))
        none = np.zeros((1, count))
        found = _Cells(np.zeros(count, int), none, none, lower, upper, none).total(arb(1))
        low, high = (
            sum((fmpq(*x.as_integer_ratio()) for x in map(float, a)), fmpq(0))
            for a in (lower, upper)
        )
        assert found.lower <= low
        assert high <= found.upper
        assert found.upper - high <= high * fmpq(1, 10**11)


@pytest.mark.parametrize("d", [1, 2, 3])
def test_what_the_variation_takes_from_the_tables(d):
    """Each Taylor coefficient of the profile is as near as the expansion says; its
    fourth derivative is bounded."""
    integrand = _Integrand(three(d), fmpq(1))
    s = np.random.default_rng(d).uniform(-12, 12, 300)
    expansion = integrand._profile(s)
    slope = np.full((d, 300), 0.25 / d)
    largest = integrand._fourth(Model.affine(s, slope))
    with ctx.workprec(200):
        for j, (values, error) in enumerate(zip(expansion.coefficients, expansion.errors)):
            for t, value in zip(s, values, strict=True):
                exact = derivative(d + 1, j, arb(float(t))) / math.factorial(j)
                assert abs(arb(float(value)) - exact) <= float(error)
        for t, bound in zip(s, largest, strict=True):
            for shift in (-0.25, 0, 0.25):
                assert abs(derivative(d + 1, 4, arb(float(t)) + arb(shift)) / 24) <= float(bound)


def test_a_finer_enclosure_lies_in_the_coarser_one():
    coarse, fine = (total_variation(three(2), 1, rtol=r) for r in ("1/5", "1/1000"))
    assert coarse.lower <= fine.lower <= fine.upper <= coarse.upper
    assert abs(by_quadrature(three(2), 1, 1000) / float(arb(fine.upper)) - 1) < 1.5e-3


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("sigma", ["2", "1/2"])
def test_the_variation_is_below_its_bounds(d, sigma):
    """V <= |μ| min(2R (d + 2d(d-1)/π)/σ², κ_d/σ), with κ_d rounded up."""
    kappa, s = [2.42613, 4.2931, 5.8351][d - 1], float(sympy.Rational(sigma))
    for f, mass in ((one(d, sigma), 1), (three(d, sigma), 9 / 4)):
        found = total_variation(f, 1)
        assert float(arb(found.lower)) <= mass * min(
            2 * (d + 2 * d * (d - 1) / math.pi) / s**2, kappa / s
        )


def test_the_variation_scales_with_the_masses_and_is_translated_by_irrational_atoms():
    huge = Marginal.of(
        [a[:1] for a in ATOMS], ["10**300", "-10**300/2", "3*10**300/4"], sigma="1/2"
    )
    found, wanted = total_variation(huge, 1, rtol="1e-4"), total_variation(three(1), 1, rtol="1e-4")
    assert found.lower <= wanted.upper * fmpq(10) ** 300
    assert wanted.lower * fmpq(10) ** 300 <= found.upper
    f = Marginal.of(["sqrt(2)/2", "-pi/4"], ["E/3", "-1/3"], sigma="1/3")
    found = total_variation(f, 1, rtol="1e-4")
    assert (
        float(arb(found.lower)) * (1 - 1e-4)
        <= by_quadrature(f, 1, 5000)
        <= float(arb(found.upper)) * (1 + 1e-4)
    )


def test_what_is_known_when_the_budget_is_spent():
    with pytest.raises(
        NotReached,
        match=(
            "rtol was not reached with the budget of 0.3 units of work: the total variation is in "
            ".*; give a larger"
        ),
    ) as error:
        total_variation(three(2), 1, rtol="1e-9", budget=0.3)
    known, fine = error.value.enclosure, total_variation(three(2), 1)
    assert known.lower <= fine.upper
    assert fine.lower <= known.upper


def test_cells_never_get_too_small_for_doubles():
    """Two atoms that cancel but for a narrow remainder: the search ends,
    and what it knows is right."""
    f = Marginal.of([0, "1e-30"], [1, -1], sigma=1)  # f is about 1e-30 x exp(-x²/2)
    with pytest.raises(NotReached) as error:
        total_variation(f, 1, budget=0.5)
    assert 0 <= error.value.enclosure.lower <= error.value.enclosure.upper < fmpq(1, 10**9)


def test_what_the_variation_is_made_of_is_enclosed():
    """Masses, coordinates and R in doubles around the exact numbers."""
    f = Marginal.of([["1/3", "-1/7"], ["2/9", 0]], ["1/3", "-2/7"], sigma="1/3")
    integrand = _Integrand(f, fmpq(1, 5))
    exact = [(integrand.reach, fmpq(3, 5))]
    total = fmpq(1, 3) + fmpq(2, 7)
    exact += zip(integrand.masses, (fmpq(1, 3) / total, -fmpq(2, 7) / total), strict=True)
    exact += zip(
        (e for u in integrand.points for e in u),
        (fmpq(1), -fmpq(3, 7), fmpq(2, 3), fmpq(0)),
        strict=True,
    )
    for (low, high), value in exact:
        assert fmpq(*low.as_integer_ratio()) <= value <= fmpq(*high.as_integer_ratio())
