"""Splines: interpolants of random marginals, the error of their ratios by quadrature, the size of
the class, and the excess of a step in other words."""

import math

import numpy as np
import pytest
from excess_again import linear_alpha_bars, real
from flint import arb, fmpq
from mpmath import mp, mpf
from problems import problem

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas.approximation import splines
from boundcheck.theory.risk.classes.excess_risk import risk
from boundcheck.theory.risk.classes.spline_density import by_atoms, by_moment
from boundcheck.theory.theorems.theorem import ends

SEEDS = range(40)


def value(formula, **known):
    point = {name: fmpq(*float(v).as_integer_ratio()) for name, v in known.items()}
    return float(arb(at_point(term(formula), point, 128)))


class Case:
    """Random atoms in [-1, 1], σ, a box, knots; signed weights for a marginal alone."""

    def __init__(self, seed):
        self.rng = rng = np.random.default_rng(seed)
        K = int(rng.integers(1, 5))
        self.p, self.u = rng.dirichlet(np.ones(K)), rng.uniform(-1, 1, K)
        self.alpha_bar = float(rng.uniform(0.1, 0.97))
        self.scale, self.sigma = math.sqrt(self.alpha_bar), math.sqrt(1 - self.alpha_bar)
        self.R = self.scale + float(rng.uniform(0.3, 3)) * self.sigma
        self.n = int(rng.integers(1, 60))
        self.x = np.linspace(-self.R, self.R, 4001)
        self.knots = np.linspace(-self.R, self.R, self.n + 1)
        self.weights = rng.normal(size=K)

    def kernels(self, x):
        return np.exp(-((np.asarray(x)[..., None] - self.scale * self.u) ** 2) / 2 / self.sigma**2)

    def f2(self, x):
        return self.kernels(x) @ self.p

    def f1(self, x):
        return self.kernels(x) @ (self.p * self.u)

    def interpolant(self, f):
        return np.interp(self.x, self.knots, f(self.knots))

    def smooth(self, values, M, x):
        """The network of `proofs/splines/spline_class.py` with these values at the knots."""
        h = 2 * self.R / self.n
        total = np.full_like(x, values[0])
        for j in range(1, self.n + 1):
            slope = (values[j] - 2 * values[j - 1] + values[max(0, j - 2)]) / h
            t = M * (x - (-self.R + (j - 1) * h))
            total = total + slope * np.where(t >= 0, t, t / (1 + np.abs(t))) / M
        return total

    @property
    def at(self):
        return {"R": self.R, "sigma": self.sigma, "n": self.n}


def signrelu(t):
    return np.where(t >= 0, t, t / (1 + np.abs(t)))


def clip(c, C, M, v):
    return c + signrelu(M * (v - c)) / M - signrelu(M * (v - C)) / M


@pytest.mark.parametrize("seed", SEEDS)
def test_interpolants(seed):
    case = Case(seed)
    mass = float(abs(case.weights).sum())

    def f(x):
        return case.kernels(x) @ case.weights

    error = abs(f(case.x) - case.interpolant(f)).max()
    assert error <= value(splines.SUP, mass=mass, **case.at) * (1 + 1e-9)
    M = 10 ** float(case.rng.uniform(0, 6))
    network = case.smooth(f(case.knots), M, case.x)
    bound = value(
        splines.APPROXIMATION,
        mass=mass,
        M=M,
        Lambda=value(splines.LAMBDA, mass=mass, R=case.R, sigma=case.sigma),
        **case.at,
    )
    assert abs(f(case.x) - network).max() <= bound * (1 + 1e-9)


def test_the_sup_bound_is_nearly_attained():
    """exp(-x²/(2σ²)) has the second derivative -1/σ² at 0, in the middle of the middle cell."""
    x, knots = np.linspace(-1, 1, 20001), np.linspace(-1, 1, 22)
    error = abs(np.exp(-2 * x**2) - np.interp(x, knots, np.exp(-2 * knots**2))).max()
    bound = value(splines.SUP, mass=1, R=1, sigma=0.5, n=21)
    assert 0.99 * bound < error <= bound


def test_the_coefficients():
    """Nearly a parabola: all coefficients inside are h/σ²."""
    n, R, sigma = 50, 1.0, 20.0
    f = np.exp(-(np.linspace(-R, R, n + 1) ** 2) / (2 * sigma**2))
    total = abs(np.diff(f, 2)).sum() / (2 * R / n)
    bound = value(splines.LAMBDA, R=R, sigma=sigma, mass=1)
    assert 0.97 * bound < total <= bound


def ratio_errors(case):
    """κ times the integral of f2 |f1/f2 - g1/g2|² over the box, by sums over many points, and
    the bound of it."""
    f1, f2 = case.f1(case.x), case.f2(case.x)
    g1, g2 = case.interpolant(case.f1), case.interpolant(case.f2)
    slope = abs(case.kernels(case.x) @ (case.p * case.scale * case.u) / f2 - case.x) / case.sigma**2
    loss = f2 * (f1 / f2 - g1 / g2) ** 2 / math.sqrt(2 * math.pi) / case.sigma
    truth = float(np.trapezoid(loss, case.x))
    return truth, value(splines.SPLINE, b=1, slope=float(slope.max()) * 1.001, **case.at) ** 2


@pytest.mark.parametrize("seed", SEEDS)
def test_relative_error(seed):
    truth, bound = ratio_errors(Case(seed))
    assert truth <= bound * (1 + 1e-6)


def test_the_relative_error_without_the_steepness():
    """exp(2R slope/n) is no luxury: on few knots the error of f2 alone, relative to f2, exceeds
    what there is without it."""
    largest = 0.0
    for reach in (2.0, 4.0, 6.0):
        for n in (1, 2, 3, 4):
            x, knots = np.linspace(-reach, reach, 8001), np.linspace(-reach, reach, n + 1)
            f, g = np.exp(-(x**2) / 2), np.interp(x, knots, np.exp(-(knots**2) / 2))
            truth = float(np.trapezoid((f - g) ** 2 / f, x)) / math.sqrt(2 * math.pi)
            at = {"b": 0.5, "R": reach, "sigma": 1, "n": n}
            assert truth <= value(splines.SPLINE, slope=reach, **at) ** 2
            largest = max(largest, truth / value(splines.SPLINE, slope=0, **at) ** 2)
    assert largest > 1


def member(case, theta, b, c, M):
    """A function of the class, at the points of the case."""
    g2, g1 = (case.smooth(v, M, case.x) for v in ((1 + theta[0]) / 2, b * theta[1]))
    return clip(-b, b, M, clip(-b, b, M, g1) / clip(c, 1, M, g2))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_size_of_the_class(seed):
    """Parameters within η of each other: how far the functions are apart."""
    case = Case(seed)
    b, c, eta = float(case.rng.uniform(0.2, 3)), float(case.rng.uniform(0.01, 0.9)), 1e-3
    M = 10 ** float(case.rng.uniform(-1, 5))
    theta = case.rng.uniform(-1, 1, (2, case.n + 1))
    sign = case.rng.choice([-1, 1], theta.shape)
    tau = np.clip(theta + eta * sign, -1, 1)

    one, other = (member(case, t, b, c, M) for t in (theta, tau))
    change = abs(one - other).max()
    sensitivity = value(splines.SENSITIVITY, n=case.n, R=case.R, M=M)
    assert change <= 3 * b * sensitivity / (2 * c) * eta * (1 + 1e-6)
    known = {"b": b, "c": c, "delta": 0.1, "sensitivity": sensitivity}
    parameters = value(splines.PARAMETERS, n=case.n)
    exact = parameters * math.log(math.ceil(3 * b * sensitivity / (2 * c * 0.1)))
    assert value(splines.LOG_N, parameters=parameters, **known) == pytest.approx(exact)
    assert exact <= value(splines.LOG_N_SMOOTH, parameters=parameters, **known)


def test_the_change_is_attained():
    """At a knot with the values c and bc, if the first grows and the second falls."""
    b, c, eta, M = 1.0, 0.25, 1e-5, 1e12
    case = Case(0)
    theta = np.zeros((2, case.n + 1))
    theta[:, 0] = 2 * c - 1, c
    tau = theta.copy()
    tau[:, 0] += eta, -eta
    one, other = (member(case, t, b, c, M)[0] for t in (theta, tau))
    assert abs(one - other) == pytest.approx(3 * b * eta / (2 * c), rel=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_shape_of_f2(seed):
    case = Case(seed)
    atoms = [
        (fmpq(*float(p).as_integer_ratio()), fmpq(*float(u).as_integer_ratio()))
        for p, u in zip(case.p, case.u, strict=True)
    ]
    R = fmpq(*case.R.as_integer_ratio())
    alpha_bar = arb(case.alpha_bar)
    found = by_atoms(atoms, R, alpha_bar, (1 - alpha_bar).sqrt(), 128)
    f2 = case.f2(case.x)
    slope = abs(case.kernels(case.x) @ (case.p * case.scale * case.u) / f2 - case.x) / case.sigma**2
    inverse = float(np.trapezoid(1 / f2, case.x))
    assert 0.99 * f2.min() < float(found.c) <= f2.min() * (1 + 1e-12)
    assert slope.max() <= float(found.slope) <= slope.max() + 0.126 / case.sigma
    assert inverse * (1 - 1e-5) <= float(found.inverse) <= 1.02 * inverse
    second = float(case.p @ case.u**2) + 1e-9
    known = {"R": R, "sigma": (1 - alpha_bar).sqrt(), "alpha_bar": alpha_bar, "B": fmpq(1)}
    known["second_moment"] = fmpq(*second.as_integer_ratio())
    plain = by_moment(known, 128)
    assert float(plain.c) <= f2.min() * (1 + 1e-12)
    assert float(plain.slope) >= slope.max()
    assert float(plain.inverse) >= inverse * (1 - 1e-5)


def contains(ball, number):
    lower, upper = (real(e) for e in ends(arb(ball)))
    slack = abs(number) * mpf(10) ** -25
    return lower - slack <= number <= upper + slack


def again(step, abar, w, m, second):
    """The terms of a step without atoms, B = 1, in other words."""
    R, n, delta, A, nu, M = (real(step.chosen[k]) for k in ("R", "n", "delta", "A", "nu", "M"))
    v = 1 - abar
    far = R + mp.sqrt(abar * second)
    c, cell = mp.exp(-(far**2) / (2 * v)), 2 * R / n
    rise = mp.exp(far**2 / (2 * v)) - mp.exp(far * mp.sqrt(abar * second) / (2 * v))
    inverse = 4 * v / far * rise
    root = mp.sqrt(inverse / mp.sqrt(2 * mp.pi * v))
    extra = 2 * (2 * R / v) / M + 2 / M
    pointwise = root * (2 * cell**2 / (8 * v) + extra) + 1 / M
    steep = mp.exp(cell / 2 * (R + mp.sqrt(abar)) / v)
    relative = cell**2 / (2 * mp.sqrt(2) * v) * steep + root * extra + 1 / M
    sides = [(R + s * mp.sqrt(abar)) / mp.sqrt(2 * v) for s in (-1, 1)]
    grid = mpf(3) / 2 * (1 + 2 * n**2 / (R * M)) / (c * delta)
    parts = {
        "approximation": A * w * min(pointwise, relative) ** 2,
        "net": 4 * (1 + A) * delta * w,
        "samples": w * 2 * (n + 1) * mp.log(1 + grid) / (nu * m),
        "optimisation": mpf(0),
        "off_box": w * min(1, (mp.erfc(sides[0]) + mp.erfc(sides[1])) / 2),
    }
    return {**parts, "excess": sum(parts.values())}


@pytest.mark.parametrize(("m", "second"), [(10**5, "1"), (10**9, "1/3")])
def test_every_term_without_atoms(m, second):
    asked = problem(f"m={m},second_moment={second},first=60")
    found = risk(asked, "splines")
    with mp.workdps(40):
        alpha_bars = linear_alpha_bars(1000, "0.0001", "0.02")
        moment = real(asked.second_moment)
        for step in found.steps[::50]:
            before, abar = alpha_bars[step.t - 2], alpha_bars[step.t - 1]
            w = (before / (1 - before) - abar / (1 - abar)) / 2
            for name, number in again(step, abar, w, m, moment).items():
                assert contains(getattr(step, name), number), (step.t, name)


@pytest.mark.parametrize(("m", "most"), [(10**4, 18.0), (10**6, 0.54), (10**8, 0.017)])
def test_three_atoms(m, most):
    """The README's atoms; what floats found for this class, with a cruder net, in `most`."""
    atoms = "atoms=1;-1/2;-1,weights=1/2;1/4;1/4,first=50"
    asked = problem(f"{atoms},m={m}")
    found = risk(asked, "splines").total()
    assert found < most
    assert found > most / 2
    assert found < risk(asked, "weighted").total()
