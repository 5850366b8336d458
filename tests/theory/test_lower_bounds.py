"""What no learner can do better: Ψ, the bounds for one step and for all, against exact risks of
learners."""

from itertools import pairwise
from math import comb

import numpy as np
import pytest
from flint import arb, fmpq
from mpmath import cosh, exp, mp, mpf, npdf, quad, sech, sqrt
from problems import problem

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas import lower_bounds
from boundcheck.theory.risk.lower_bound import information, lower_bound


def psi(gamma):
    """E sech⁴(γ + √γ Z)."""
    root, ends = sqrt(gamma), [-12, -4, 0, 4, 12]
    places = sorted({*ends, *(-root + e / (1 + root) for e in ends)})
    return quad(lambda z: sech(gamma + root * z) ** 4 * npdf(z), places)


def number(ball):
    return mpf(ball.str(15, radius=False))


@pytest.mark.parametrize("gamma", ["0", "0.001", "0.3", "1", "4", "20"])
def test_information_by_another_formula(gamma):
    found = information([arb(1)], [arb(gamma)])
    assert found.rad() < 1e-8
    assert abs(number(found) - psi(mpf(gamma))) < mpf(10) ** -9


def test_information_of_several():
    weights, gammas = [arb(2), arb("0.5")], [arb("0.2"), arb(3)]
    assert abs(number(information(weights, gammas)) - 2 * psi(0.2) - psi(3) / 2) < 1e-8


def test_whole_information_is_one():
    """∫_0^∞ Ψ = 1: Σ w_t Ψ is a Riemann sum of it."""
    ends = [mpf(2) ** (k / mpf(32)) / 1000 for k in range(600)]
    widths = [arb(str(b - a)) for a, b in pairwise(ends)]
    low = information(widths, [arb(str(b)) for b in ends[1:]])
    high = information(widths, [arb(str(a)) for a in ends[:-1]])
    assert low < 1
    assert high + arb("0.001") > 1  # Ψ <= 1 below the first end
    assert high - low < arb("0.05")


# -- learners --------------------------------------------------------------------------------------


def grid(gamma):
    """Places of y = √γ x and weights: by the fair coin, E[sign | x] = tanh(places)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    places = np.concatenate([gamma + np.sqrt(gamma) * nodes, -gamma + np.sqrt(gamma) * nodes])
    return places, np.concatenate([weights, weights]) / 2


def risk(learner, tilt, m, gamma):
    """E‖f̂ - f‖² where the sign is 1 with the probability (1 + tilt)/2, and f̂ depends on how many
    of m signs are 1: exact in the signs, by quadrature in x."""
    places, weights = grid(gamma)
    T = np.tanh(places)
    truth, density, total = (T + tilt) / (1 + tilt * T), 1 + tilt * T, 0.0
    for k in range(m + 1):
        p = comb(m, k) * ((1 + tilt) / 2) ** k * ((1 - tilt) / 2) ** (m - k)
        total += p * (weights * density) @ (learner(k, m, T) - truth) ** 2
    return total


def plug_in(k, m, T):
    guess = 2 * (k + 1) / (m + 2) - 1
    return (T + guess) / (1 + guess * T)


def rounded(k, m, T):
    """One of the two laws."""
    guess = np.sign(2 * k - m) * 2 / (3 * np.sqrt(m))
    return (T + guess) / (1 + guess * T)


def fair(k, m, T):
    return T


def bound(formula, m, gamma, **more):
    known = {"m": fmpq(m), "reach": fmpq(1), "information": information([arb(1)], [arb(gamma)])}
    return float(arb(at_point(term(formula), {**known, **more}, 64)))


@pytest.mark.parametrize("learner", [plug_in, rounded, fair])
@pytest.mark.parametrize("m", [1, 2, 9, 50, 400])
@pytest.mark.parametrize("gamma", [0.1, 1.0, 4.0])
def test_no_learner_is_better(learner, m, gamma):
    tilt = 2 / (3 * np.sqrt(m))
    worst = max(risk(learner, s * tilt, m, gamma) for s in (1, -1))
    assert worst >= bound(lower_bounds.LE_CAM, m, gamma)
    for tilt in (0.3 / np.sqrt(m), 0.9 / np.sqrt(m)):
        mean = sum(risk(learner, s * tilt, m, gamma) for s in (1, -1)) / 2
        exact = fmpq(*float(tilt).as_integer_ratio())
        assert mean >= bound(lower_bounds.TWO_POINTS, m, gamma, tilt=exact)


def test_a_good_learner_is_within_a_factor_of_seven():
    """So a bound seven times as large would be false."""
    m, gamma = 400, 1.0
    tilts = np.linspace(-2, 2, 21) / np.sqrt(m)
    worst = max(risk(plug_in, t, m, gamma) for t in tilts)
    assert worst * m == pytest.approx(0.3165, rel=0.02)
    assert worst < 7.2 * bound(lower_bounds.LE_CAM, m, gamma) * (1 - 2 / (3 * np.sqrt(m))) ** -1
    assert bound(lower_bounds.LE_CAM, m, gamma) * m == pytest.approx(0.0469, rel=0.05)


def test_the_best_tilt():
    m = 10**6
    best = bound(lower_bounds.LE_CAM, m, 1.0)
    for f in (0.9, 1.1):
        tilt = fmpq(*(f * 2 / (3 * np.sqrt(m))).as_integer_ratio())
        assert bound(lower_bounds.TWO_POINTS, m, 1.0, tilt=tilt) < best
    same = fmpq(*float(2 / (3 * np.sqrt(m))).as_integer_ratio())
    assert bound(lower_bounds.TWO_POINTS, m, 1.0, tilt=same) == pytest.approx(best, rel=1e-12)


# -- all steps -------------------------------------------------------------------------------------

POINTS = "atoms=1;-1/2;-1,weights=1/2;1/4;1/4,T=1000,first=50"


def test_the_example_of_the_readme():
    found = lower_bound(problem(f"{POINTS},m=1000000"))
    assert float(found.excess) * 10**6 == pytest.approx(0.0747, abs=0.0001)


@pytest.mark.parametrize(
    "text",
    [
        "d=3,B=1,m=100,T=30,beta_1=0.01,beta_T=0.4,first=3",
        "d=2,B=2,second_moment=3,m=7,T=12,beta_1=0.05,beta_T=0.5,first=2,variance=beta",
        "atoms=1;-1/2,m=1,T=5,beta_1=0.1,beta_T=0.5,first=2",
    ],
)
def test_another_evaluation(text):
    asked = problem(text)
    found = lower_bound(asked)
    reach = mpf(int(found.reach.p)) / int(found.reach.q)
    assert found.reach**2 <= asked.second_moment
    assert found.reach <= asked.B
    with mp.workdps(25):
        total = mpf(0)
        for step in asked.schedule.steps(100)[asked.first - 1 :]:
            total += number(step.w) * psi(number(step.snr) * reach**2)
        factor = mpf(4) / 27 * (1 - 2 / (3 * sqrt(asked.m))) / asked.m
        again = factor * reach**2 * total
        assert abs(again - number(found.excess)) < again * mpf(10) ** -6


def test_density_of_the_tilted_law():
    """The mixture of normal laws has the density 1 + δ tanh with respect to the fair one."""
    gamma, tilt = mpf("0.7"), mpf("0.4")
    for y in (mpf("-2"), mpf("0.3"), mpf("1.9")):
        plus, minus = (npdf(y, s * gamma, sqrt(gamma)) for s in (1, -1))
        mixture = (1 + tilt) / 2 * plus + (1 - tilt) / 2 * minus
        assert abs(mixture / ((plus + minus) / 2) - 1 - tilt * mp.tanh(y)) < mpf(10) ** -12
        normal = npdf(y, 0, sqrt(gamma)) * exp(-gamma / 2) * cosh(y)
        assert abs((plus + minus) / 2 - normal) < mpf(10) ** -12
