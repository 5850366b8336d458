"""Random neurons: simulated errors and counts beside the formulas, exact integrals, mpmath."""

import math

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from mpmath import mp, mpf

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas.approximation import random_neurons, ridge_variation
from boundcheck.theory.ridge.kappa import kappa, kappa_at_most, profile_mass

H = 2633 / 1000
CASES = [(1, 0.5, 1.0), (2, 0.5, 1.0), (5, 1.0, 2.0), (50, 0.7, 0.5)]  # d, sigma, R


def value(formula, **numbers):
    known = {name: fmpq(*float(x).as_integer_ratio()) for name, x in numbers.items()}
    return float(arb(at_point(term(formula), known, 100)))


def spread(h=H):
    return value(random_neurons.SPREAD, h=h)


def interpolant(phase, p, h=H):
    """Of cos at a point where it is cos(phase), a share p of a step behind a knot."""
    return (1 - p) * np.cos(phase - h * p) + p * np.cos(phase + h - h * p)


class Blocks:
    """Draws of the mean of n_1 blocks for three atoms, at points of the box."""

    def __init__(self, d, sigma, R, n_1, seed):
        self.d, self.sigma, self.R, self.n_1 = d, sigma, R, n_1
        self.rng = np.random.default_rng(seed)
        self.atoms = self.rng.uniform(-R, R, (3, d))
        self.masses = np.array([0.5, -0.3, 0.2])
        self.x = self.rng.uniform(-R, R, (40, d))
        gaps = ((self.x[:, None] - self.atoms) ** 2).sum(-1)
        self.f = np.exp(-gaps / (2 * sigma**2)) @ self.masses

    def draw(self):
        """g at the points, the number of neurons, and the sum of |outer coefficients|."""
        w = self.rng.normal(size=(self.n_1, self.d)) / self.sigma
        k = self.rng.choice(3, size=self.n_1, p=abs(self.masses))
        r = self.rng.uniform(size=self.n_1)
        reach = self.R * abs(w).sum(1)
        z = self.x @ w.T + reach
        a = (w * self.atoms[k]).sum(1) + reach
        y = z / H + r
        p = y - np.floor(y)
        shrink = 2 * (1 - math.cos(H)) / H**2
        g = (np.sign(self.masses[k]) * interpolant(z - a, p) / shrink).mean(1)
        kinks = np.ceil(2 * reach / H)
        size = 2 * (1 - math.cos(H)) / (H * shrink * self.n_1)
        return g, 1 + kinks.sum(), size * kinks.sum()


@pytest.mark.parametrize(("d", "sigma", "R"), CASES)
def test_blocks(d, sigma, R):
    """The mean square error over draws is at most the bound at every point and near it, the mean
    of the draws is f, the neurons and the coefficients are as many and as large as is said."""
    n_1, t, draws = 20, 2.0, 1500
    blocks = Blocks(d, sigma, R, n_1, seed=d)
    found, counts, sizes = zip(*(blocks.draw() for _ in range(draws)), strict=True)
    errors = np.array(found) - blocks.f
    bound = value(random_neurons.MEAN_BLOCKS, mass=1, Q_h=spread(), n_1=n_1)
    squares = (errors**2).mean(0)
    assert squares.max() < bound * 1.15  # the mean of draws has an error of its own
    assert squares.mean() > bound / 8
    deviation = math.sqrt(bound / draws)
    assert abs(errors.mean(0)).max() < 5 * deviation
    assert np.sqrt((errors.mean(0) ** 2).mean()) < 1.5 * deviation
    most = value(random_neurons.BLOCKS_NEURONS, n_1=n_1, R=R, h=H, sigma=sigma, d=d, t=t)
    counts = np.array(counts)
    assert (counts > most).mean() < math.exp(-(t**2) / 2)
    assert counts.mean() > most / 3
    for count, size in zip(counts, sizes, strict=True):
        assert size <= value(random_neurons.BLOCKS_LAMBDA, mass=1, h=H, n_blocks=count, n_1=n_1) * (
            1 + 1e-9
        )


@pytest.mark.parametrize("h", [0.1, 1.0, H, math.pi])
def test_means_of_the_interpolant(h):
    """s_h, flat and wave are integrals over the first knot."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    p, w = (nodes + 1) / 2, weights / 2
    for b in np.linspace(0, 3, 7):
        wave = interpolant(b, p, h)
        assert w @ wave == pytest.approx(value(random_neurons.SHRINK, h=h) * np.cos(b), abs=1e-12)
        square = value(random_neurons.FLAT, h=h) + value(random_neurons.WAVE, h=h) * np.cos(2 * b)
        assert w @ wave**2 == pytest.approx(square, abs=1e-10)
    assert value(random_neurons.MEAN_SQUARE, h=h) >= w @ interpolant(0.0, p, h) ** 2 - 1e-12


def test_the_step():
    """At h = 2.633 Q_h is below 1.191, and Q_h/h is least among steps."""
    assert spread() <= value(random_neurons.SPREAD_AT_BEST)
    assert spread() > 1.19
    ratios = [spread(h) / h for h in np.linspace(2, 3.1, 111)]
    assert spread() / H <= min(ratios) + 1e-6


@pytest.mark.parametrize(("d", "sigma", "R"), CASES)
def test_one_neuron(d, sigma, R):
    """E ReLU(v·x - b)² is at most R²d/6 for |v|_∞ <= 1, and R²|v|²/6."""
    rng = np.random.default_rng(d)
    x = rng.uniform(-R, R, (200_000, d))
    for v in (np.ones(d), rng.uniform(-1, 1, d)):
        for b in (0.0, 0.3):
            mean = (np.maximum(x @ v - b, 0) ** 2).mean()
            assert mean <= R**2 * (v @ v) / 6 * 1.02
            assert mean <= value(random_neurons.NEURON, d=d, R=R) * 1.02
    whole = (np.maximum(x @ np.ones(d), 0) ** 2).mean()
    assert whole == pytest.approx(value(random_neurons.NEURON, d=d, R=R), rel=0.02)


# -- the variation in every dimension --------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3, 4, 10, 50, 100])
def test_bound_of_kappa(d):
    """The formula is above κ_d and within a factor of 1.7 of it; likewise of I_d."""
    above = float(arb(at_point(ridge_variation.KAPPA_AT_MOST, {"d": fmpq(d)}, 100)))
    true = float(kappa(d, 60))
    assert true < above < 1.7 * true
    mass = float(arb(at_point(ridge_variation.PROFILE_MASS, {"d": fmpq(d)}, 100)))
    with ctx.workprec(92 + 4 * d):
        truth = float(profile_mass(d) / (arb(2) ** fmpq(d, 2) * arb(fmpq(d + 2, 2)).gamma()))
    assert truth < mass < 1.25 * truth
    assert float(kappa_at_most(d, 60)) == pytest.approx(true)


@pytest.mark.parametrize("d", [1, 7, 3072, 10**6])
def test_profile_mass_against_mpmath(d):
    with mp.workdps(40):
        half = mpf(1) / 2
        size = mp.loggamma(d + half) + mp.log((d + half) * (d + 3 * half / 2)) / 2
        again = mp.pi * mp.exp(size / 2 - d * mp.log(2) / 2 - mp.loggamma(d * half + 1))
        chain = mp.pi * (2 / mp.pi) ** (half / 2) * (mpf(4 * d + 3) / (4 * d + 1)) ** (half / 2)
    assert value(ridge_variation.PROFILE_MASS, d=d) == pytest.approx(float(again), rel=1e-12)
    assert again <= chain <= value(ridge_variation.PROFILE_MASS_LARGEST) + 1e-12


@pytest.mark.parametrize("d", [1, 2, 10, 1000])
def test_largest_coordinate(d):
    z = np.random.default_rng(d).normal(size=(4000, d))
    mean = (abs(z).max(1) / np.linalg.norm(z, axis=1)).mean()
    assert mean <= value(ridge_variation.LARGEST_COORDINATE, d=d) * (1 + 1e-9)
    assert mean > value(ridge_variation.LARGEST_COORDINATE, d=d) / 2


def test_large_dimensions():
    assert float(kappa_at_most(3072, 60)) == pytest.approx(649.736, abs=1e-3)
    assert kappa_at_most(10**6, 60) < 15117
