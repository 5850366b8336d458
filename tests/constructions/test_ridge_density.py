"""The ridge density of a marginal, and the ridge identity."""

import itertools
import math

import mpmath
import numpy as np
import pytest
import sympy
from flint import arb
from three_atoms import ATOMS, MASSES, three

from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.ridge_density import Density
from boundcheck.theory.ridge.profile_table import profile_table


def points(d, count, R, seed):
    """Random points (v, b) with |v|_∞ = 1 and 0 <= b < R|v|_1."""
    rng = np.random.default_rng(seed)
    v = rng.uniform(-1, 1, (count, d))
    v[np.arange(count), rng.integers(0, d, count)] = rng.choice([-1, 1], count)
    return v, rng.uniform(0, R, count) * np.abs(v).sum(axis=1)


@pytest.mark.parametrize(("d", "sigma"), [(1, "1/2"), (2, "1/3"), (3, "1/2"), (3, "2")])
def test_the_density_is_its_defining_integral(d, sigma):
    density = Density(three(d, sigma))
    v, b = points(d, 3, 2, d)
    width = float(sympy.Rational(sigma))
    for vi, bi in zip(v, b, strict=True):
        norm = math.sqrt(float(vi @ vi))
        with mpmath.workdps(25):
            shifts = [bi - sum(c * float(sympy.Rational(e)) for c, e in zip(vi, u)) for u in ATOMS]
            weights = [float(sympy.Rational(m)) for m in MASSES]

            def integrand(r, shifts=shifts, weights=weights, norm=norm):
                return (
                    r ** (d + 1)
                    * mpmath.exp(-((width * r * norm) ** 2) / 2)
                    * sum(m * mpmath.cos(r * s) for m, s in zip(weights, shifts))
                )

            wanted = (
                -2
                * (width**2 / (2 * mpmath.pi)) ** (d / mpmath.mpf(2))
                * mpmath.quad(integrand, mpmath.linspace(0, 12 / width, 25))
            )
        exact = density.exact(list(map(float, vi)), float(bi))
        assert abs(float(exact) - float(wanted)) < 1e-12
        assert exact.rad() < 1e-30


@pytest.mark.parametrize(
    ("d", "sigma", "R"),
    [(1, "1/20", 4), (2, "1/20", 4), (3, "1/20", 4), (3, "1/2", 1), (6, "1", 1)],
)
def test_fast_values_are_the_exact_ones(d, sigma, R):
    rng = np.random.default_rng(d)
    f = Marginal.of((rng.integers(-8, 9, (3, d)) / 8 * R).tolist(), MASSES, sigma=sigma)
    density = Density(f)
    v, b = points(d, 100, R, 7)
    exact = np.array(
        [float(density.exact(list(map(float, vi)), float(bi))) for vi, bi in zip(v, b, strict=True)]
    )
    sup = 4 * profile_table(d + 1).largest / float(arb(f.variance)) / (2 * math.pi) ** (d / 2)
    assert np.abs(density.values(v, b) - exact).max() < 2e-13 * sup


def legendre(low, high, pieces, order=16):
    nodes, weights = np.polynomial.legendre.leggauss(order)
    ends = np.linspace(low, high, pieces + 1)
    half = np.diff(ends)[:, None] / 2
    return ((ends[:-1, None] + half) + half * nodes).ravel(), (half * weights).ravel()


@pytest.mark.parametrize("d", [1, 2])
def test_the_ridge_identity(d):
    """f(x) = f(0) + ∇f(0)·x + ∫∫ ReLU(v·x - b) dν, where the integral over b ends at v·x."""
    f, x = three(d), np.array([0.625, -0.375][:d])
    density, total = Density(f), 0.0
    free, weight = legendre(-1, 1, 12) if d == 2 else (np.zeros(1), np.ones(1))
    for axis, sign in itertools.product(range(d), (-1, 1)):
        v = np.insert(free[:, None], axis, sign, axis=1) if d == 2 else np.array([[float(sign)]])
        for vi, wi in zip(v, weight, strict=True):
            top = float(vi @ x)
            if top > 0:
                b, w = legendre(0, top, 2)
                total += wi * float((w * (top - b)) @ density.values(np.tile(vi, (len(b), 1)), b))
    zero, at = [0] * d, list(map(float, x))
    affine = float(f.value(zero)) + sum(
        float(g) * c for g, c in zip(f.gradient(zero), at, strict=True)
    )
    assert abs(affine + total - float(f.value(at))) < (
        1e-12 if d == 1 else 1e-6
    )  # d = 2: kinks where v·x = 0
