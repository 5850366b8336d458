"""Random neurons: simulated errors and counts beside the formulas, exact integrals, mpmath."""

import math

import numpy as np
import pytest
from flint import arb, fmpq
from mpmath import mp, mpf

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas.approximation import random_neurons, ridge_variation
from boundcheck.theory.ridge.approximations import approximations
from boundcheck.theory.ridge.kappa import kappa, kappa_at_most, profile_mass_at_most

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
    assert float(profile_mass_at_most(d, 60)) < mass < 1.25 * float(profile_mass_at_most(d, 60))
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


# -- the least of all bounds -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("d", "n", "wanted"),
    [
        (3, 10**5, {"stratified": 6.3e-4, "maurey": 0.026, "blocks": 0.0075}),
        (6, 10**5, {"stratified": 0.068, "maurey": 0.061, "blocks": 0.010}),
        (10, 10**7, {"stratified": 0.24, "maurey": 0.0114, "blocks": 0.00125}),
        (100, 10**5, {"maurey": 1.61, "blocks": 0.0385}),
        (3072, 10**5, {"maurey": 93, "blocks": 0.214}),
    ],
)
def test_comparison(d, n, wanted):
    """R = 1, sigma = 1/2, mass 1: the digits are those of an evaluation in doubles."""
    found = approximations(d, fmpq(1), fmpq(1, 2), fmpq(1), n)
    errors = {a.method: float(a.error) for a in found}
    assert {m: errors.get(m) for m in wanted} == pytest.approx(wanted, rel=0.03)
    assert ("stratified" in errors) == ("stratified" in wanted)
    assert list(errors.values()) == sorted(errors.values())
    blocks = next(a for a in found if a.method == "blocks")
    n_1, t = (float(arb(blocks.choice[name])) for name in ("n_1", "t"))
    size = math.sqrt(2 / math.pi) * n_1 * d + t * math.sqrt(n_1 * d)
    assert 0.9 * n < 1 + n_1 + 4 / H * size <= n
    again = math.sqrt(spread() / (n_1 * (1 - math.exp(-(t**2) / 2))))
    assert errors["blocks"] == pytest.approx(again)


@pytest.mark.parametrize("n", [2, 3, 17, 1000])
@pytest.mark.parametrize("d", [1, 2, 5, 50])
def test_few_neurons(d, n):
    for a in approximations(d, fmpq(2), fmpq(1, 3), fmpq(5), n):
        assert a.error > 0
        assert a.coefficients > 0
    with pytest.raises(BoundcheckError, match="n = 1"):
        approximations(d, fmpq(2), fmpq(1, 3), fmpq(5), 1)
