"""Lower bounds of f2 and tails against sums over atoms, and the integral of 1/f2 by quadrature."""

import math

import numpy as np
import pytest
from flint import arb, fmpq
from mpmath import exp, linspace, mp, mpf, pi, quad, sqrt

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas import diffusion
from boundcheck.theory.formulas.approximation import positivity


def value(formula, **known):
    """At floats, which are taken as they are."""
    point = {name: fmpq(*float(v).as_integer_ratio()) for name, v in known.items()}
    return float(arb(at_point(term(formula), point, 128)))


class Law:
    """A random law of K atoms in [-1, 1]^d, and a step."""

    def __init__(self, seed):
        rng = np.random.default_rng(seed)
        self.d, K = int(rng.integers(1, 4)), int(rng.integers(1, 5))
        self.p, self.u = rng.dirichlet(np.ones(K)), rng.uniform(-1, 1, (K, self.d))
        self.alpha_bar = float(rng.uniform(0.05, 0.99))
        self.scale, self.sigma = math.sqrt(self.alpha_bar), math.sqrt(1 - self.alpha_bar)
        self.x, self.rng = rng.normal(size=self.d), rng
        self.step = {"alpha_bar": self.alpha_bar, "sigma": self.sigma}

    def squares(self, x):
        return ((x - self.scale * self.u) ** 2).sum(axis=1)

    def f2(self, x):
        return float(self.p @ np.exp(-self.squares(x) / (2 * self.sigma**2)))


LAWS = [Law(seed) for seed in range(60)]


@pytest.mark.parametrize("law", LAWS)
def test_f2_from_below(law):
    mean = law.p @ law.u
    spread = float(law.p @ ((law.u - mean) ** 2).sum(axis=1))
    truth = law.f2(law.x) * (1 + 1e-12)
    at = {**law.step, "spread": spread}
    distance = float(((law.x - law.scale * mean) ** 2).sum())
    assert value(positivity.JENSEN, **at, distance=distance) <= truth
    q = law.rng.dirichlet(np.ones(len(law.p)))
    kl = float(q @ np.log(q / law.p))
    far = float(q @ law.squares(law.x))
    assert value(positivity.COMPARISON, **law.step, distance=far, kl=kl) <= truth
    for p, square in zip(law.p, law.squares(law.x), strict=True):
        ball = value(positivity.BALL, **law.step, p=p, rho=0, distance=math.sqrt(square))
        assert ball <= truth
    a = law.rng.uniform(-1, 1, law.d)
    away = float(np.sqrt(((law.u - a) ** 2).sum(axis=1)).max())
    distance = float(np.linalg.norm(law.x - law.scale * a))
    assert value(positivity.BALL, **law.step, p=1, rho=away, distance=distance) <= truth


@pytest.mark.parametrize("law", LAWS)
def test_on_a_box(law):
    """The reaches add up to a distance at every point of the box."""
    mean = law.p @ law.u
    spread = float(law.p @ ((law.u - mean) ** 2).sum(axis=1))
    centre, R = law.rng.normal(size=law.d), law.rng.uniform(0.1, 2, law.d)
    shift = centre - law.scale * mean
    reach = sum(value(positivity.REACH, R=r, shift=s) for r, s in zip(R, shift, strict=True))
    bound = value(positivity.JENSEN, **law.step, spread=spread, distance=reach)
    corner = centre + R * np.sign(shift)
    assert bound <= law.f2(corner) * (1 + 1e-12)
    for _ in range(20):
        assert bound <= law.f2(centre + R * law.rng.uniform(-1, 1, law.d)) * (1 + 1e-12)


def test_two_atoms_at_the_same_distance_attain_it():
    found = value(positivity.JENSEN, alpha_bar=0.5, sigma=0.5, spread=1, distance=0)
    assert found == pytest.approx(math.exp(-0.5 / (2 * 0.25)))


@pytest.mark.parametrize("law", [law for law in LAWS if law.d == 1])
def test_by_the_second_moment(law):
    second, R = float(law.p @ law.u[:, 0] ** 2) + 1e-9, law.scale + law.sigma
    at = {**law.step, "second_moment": second, "R": R}
    bound = value(positivity.MOMENT, **at)
    grid = np.linspace(-R, R, 101)
    assert bound <= min(law.f2(np.array([x])) for x in grid) * (1 + 1e-12)
    with mp.workdps(20):
        whole = quad(lambda x: 1 / mpf(law.f2(np.array([float(x)]))), linspace(-R, R, 9))
    found = value(positivity.INVERSE, **at)
    assert whole <= found * (1 + 1e-9)
    assert found <= 2 * R / bound


def test_the_integral_is_sharp_for_a_law_at_zero():
    """f2 = exp(-x²/(2σ²)), for which the bound is that of a chord: less than twice the integral."""
    for R in (0.1, 1.0, 3.0, 6.0):
        whole = quad(lambda x: exp(x**2 / 2), [-R, 0, R])
        found = value(positivity.INVERSE, alpha_bar=0.75, sigma=1, second_moment=1e-30, R=R)
        assert whole <= found * (1 + 1e-9)
        assert found <= 2 * whole


@pytest.mark.parametrize("law", LAWS)
def test_the_tail(law):
    """P(|x_t|_∞ > R) is known for each atom; for ±B in every coordinate the bound is its sum over
    the coordinates."""

    def side(R, m):
        one = (R - m) / (law.sigma * math.sqrt(2)), (R + m) / (law.sigma * math.sqrt(2))
        return (math.erfc(one[0]) + math.erfc(one[1])) / 2

    for reach in (0.0, 0.5, 2.0, 4.0):
        R = law.scale + reach * law.sigma
        inside = [math.prod(1 - side(R, m) for m in law.scale * u) for u in law.u]
        truth = float(law.p @ (1 - np.array(inside)))
        at = {"d": law.d, "B": 1, "R": R, **law.step}
        found = value(positivity.TAIL, **at)
        assert truth <= found + 1e-12
        at_ends = law.d * side(R, law.scale)
        assert found == pytest.approx(min(1, at_ends), rel=1e-9)
        assert found <= value(diffusion.TAIL, **at)
        assert value(positivity.OFF_BOX, **at) == pytest.approx(law.d * found)


def test_eight_times_smaller_at_three_sigma():
    at = {"d": 1, "B": 1, "alpha_bar": 0.5, "sigma": math.sqrt(0.5)}
    R = math.sqrt(0.5) * 4
    before, now = (value(f, **at, R=R) for f in (diffusion.TAIL, positivity.TAIL))
    assert 8 < before / now < 8.5


@pytest.mark.parametrize("law", [law for law in LAWS if law.d == 1][:8])
def test_the_weighted_error(law):
    """f1/f2 against the ratio of other functions, their errors of one size everywhere."""
    size, R = 1e-3, law.scale + 2 * law.sigma
    u = law.u[:, 0]
    c = min(law.f2(np.array([x])) for x in np.linspace(-R, R, 200)) * 0.9

    def parts(x):
        k = law.p * np.exp(-((x - law.scale * u) ** 2) / (2 * law.sigma**2))
        return float(k @ u), float(k.sum())

    def loss(x):
        f1, f2 = parts(float(x))
        g1, g2 = f1 + size / 2 * math.sin(9 * x), f2 - size / 2 * math.cos(7 * x)
        r = max(-1, min(1, g1 / max(g2, c)))
        return f2 * (f1 / f2 - r) ** 2

    nodes = linspace(-R, R, 17)
    kappa = 1 / sqrt(2 * pi * law.sigma**2)
    assert value(positivity.DENSITY, sigma=law.sigma) == pytest.approx(float(kappa))
    inverse = float(quad(lambda x: 1 / parts(float(x))[1], nodes))
    truth = float(kappa * quad(loss, nodes))
    at = {"kappa": float(kappa), "error": size, "inverse": inverse}
    found = value(positivity.WEIGHTED, **at)
    assert truth <= found
    assert found <= float(kappa) * size**2 * 2 * R / c
