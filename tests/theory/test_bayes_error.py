"""What the Bayes predictor's steps cost: against another evaluation, and against the truth."""

import numpy as np
import pytest
from bayes_error_again import affine_again, bayes_steps_again, known_again, real
from flint import fmpq
from mpmath import mp, mpf
from problems import problem

from boundcheck.theory.risk.bayes_error import affine, bayes_steps, prior_term, without_learning

POINTS = "atoms=1;-1/2;-1,weights=1/2;1/4;1/4,m=9"


def contains(ball, value):
    """Whether a ball contains a number, up to what mpmath rounds."""
    slack = abs(value) * mpf(10) ** -30 + mpf(10) ** -40
    low, high = (mpf(str(end.str(60, radius=False))) for end in (ball.lower(), ball.upper()))
    return low - slack <= value <= high + slack


PROBLEMS = [
    f"{POINTS},T=30,beta_1=0.01,beta_T=0.4,first=3",
    f"{POINTS},T=30,beta_1=0.01,beta_T=0.4,first=2,variance=beta",
    f"{POINTS},betas=0.5;0.01;0.4;0.3;0.01;0.6,first=2",
    f"{POINTS},betas=0.1;0.2;0.3,sigmas2=1;1/3;1/100,first=2",
    "atoms=0:0;1/2:-1/2;1:0;-1:-1,m=9,T=20,beta_1=0.05,beta_T=0.5,first=4",
    "d=3,B=2,second_moment=5,m=9,T=20,beta_1=0.05,beta_T=0.5,first=4",
    f"{POINTS},T=9,beta_1=0.05,beta_T=1,first=3",
    f"{POINTS},betas=0.1;0.2;1,first=2,variance=beta",
    f"{POINTS},T=20,beta_1=0.05,beta_T=0.2,zero_snr=1,first=3",
]


def schedule(asked):
    """(ᾱ_{t-1}, ᾱ_t, β_t, β̃_t, σ_t²) of the steps t = 1..T."""
    found, before = [], mpf(1)
    for step in asked.schedule.steps(200):
        beta = mpf(step.beta.mid().str(60, radius=False))
        after = before * (1 - beta)
        posterior = (1 - before) / (1 - after) * beta
        used = mpf(step.sigma2.mid().str(60, radius=False))
        found.append((before, after, beta, posterior, used))
        before = after
    return found


def parts(asked):
    """Lists over t >= first (>= 2): snr, w̃, w, the cost of the variance."""
    rows = schedule(asked)[max(2, asked.first) - 1 :]
    snrs = [a / (1 - a) for _, a, *_ in rows]
    best = [(b / (1 - b) - a / (1 - a)) / 2 for b, a, *_ in rows]
    used = [w * p / s for w, (*_, p, s) in zip(best, rows, strict=True)]
    costs = [asked.d * (p / s - 1 - mp.log(p / s)) / 2 for *_, p, s in rows]
    return snrs, best, used, costs


@pytest.mark.parametrize("text", PROBLEMS)
def test_another_evaluation(text):
    asked = problem(text)
    with mp.workdps(50):
        snrs, best, used, costs = parts(asked)
        assert contains(bayes_steps(asked), bayes_steps_again(asked, snrs, best, used, costs))
        lost = [affine_again(real(asked.spread), asked.rank, s) for s in snrs]
        for ours, w, loss in zip(affine(asked), used, lost, strict=True):
            assert contains(ours, w * loss)
        last = schedule(asked)[-1][1]
        moment = real(asked.second_moment)
        prior = (last * moment - asked.d * last - asked.d * mp.log(1 - last)) / 2
        assert contains(prior_term(asked), prior)
        start = schedule(asked)[asked.first - 2][1]
        known = known_again(asked.atoms, start / (1 - start)) if asked.atoms else mpf(0)
        steps = sum((c + w * loss for c, w, loss in zip(costs, used, lost, strict=True)), mpf(0))
        assert contains(without_learning(asked), prior + steps - known)


def exact_error(atoms, snr):
    """mmse for atoms on the line, by the trapezoid rule: it is exact to 10^-10 for densities that
    are analytic and decay."""
    p, u = (np.array([float(real(v)) for v in vs]) for vs in zip(*((p, u[0]) for p, u in atoms)))
    reach = np.sqrt(snr) * np.abs(u).max() + 9
    y = np.linspace(-reach, reach, 4001)
    weights = p * np.exp(-((y[:, None] - np.sqrt(snr) * u) ** 2) / 2) / np.sqrt(2 * np.pi)
    q = weights.sum(axis=1)
    mean, square = weights @ u / q, weights @ u**2 / q
    return float(((square - mean**2) * q).sum() * (y[1] - y[0]))


@pytest.mark.parametrize("text", PROBLEMS[:4])
def test_the_truth_is_below(text):
    """The exact cost of the Bayes steps, w_t mmse_t + cost - I(x_0; x_{t-1}|x_t), I being half of
    the integral of mmse."""
    asked = problem(text)
    nodes, shares = np.polynomial.legendre.leggauss(40)
    snrs, _, used, costs = ([float(v) for v in column] for column in parts(asked))
    start = float(schedule(asked)[asked.first - 2][1])
    exact = 0.0
    for s, b, w, cost in zip(snrs, [start / (1 - start), *snrs[:-1]], used, costs, strict=True):
        inside = [exact_error(asked.atoms, (s + b) / 2 + (b - s) / 2 * x) for x in nodes]
        exact += w * exact_error(asked.atoms, s) + cost - float(shares @ inside) * (b - s) / 4
    bound = float(bayes_steps(asked).mid())
    assert 0 < exact <= bound * (1 + 1e-9)
    assert bound <= 20 * exact


def test_sharper_than_before():
    """What dropping the information gave: Σ w MMSE. The readme's example has 1.7013."""
    asked = problem("atoms=1;-1/2;-1,weights=1/2;1/4;1/4,m=10**6,first=50")
    assert bayes_steps(asked) < fmpq(28, 1000)
    assert without_learning(asked) < fmpq(821, 1000)


@pytest.mark.parametrize("text", [PROBLEMS[0], PROBLEMS[4], PROBLEMS[5]])
def test_the_best_variances(text):
    """The affine predictor's steps cost (d/2) log(1 + 2w̃ loss/d) with them, not w̃ loss."""
    best, plain = (problem(f"{text},variance={v}") for v in ("best", "posterior"))
    with mp.workdps(50):
        snrs, weights, *_ = parts(plain)
        lost = [affine_again(real(plain.spread), plain.rank, s) for s in snrs]
        terms = [
            plain.d * mp.log(1 + 2 * w * e / plain.d) / 2
            for w, e in zip(weights, lost, strict=True)
        ]
        saved = sum(w * e for w, e in zip(weights, lost, strict=True)) - sum(terms)
        gap = without_learning(plain) - without_learning(best)
        assert abs(mpf(gap.mid().str(40, radius=False)) - saved) < mpf(10) ** -12
        assert saved > mpf("0.001")
    for v in ("beta", "posterior"):
        assert without_learning(best) < without_learning(problem(f"{text},variance={v}"))


def test_atoms_that_are_one():
    asked = problem("atoms=1;1,m=9,T=5,beta_1=0.1,beta_T=0.5")
    assert asked.spread == 0
    assert abs(bayes_steps(asked)) < fmpq(1, 10**40)
    assert all(a == 0 for a in affine(asked))
    assert abs(without_learning(asked) - prior_term(asked)) < fmpq(1, 10**30)


def test_the_rank_is_that_of_the_points():
    plane = problem("atoms=0:0:0;1:1:0;2:2:0;1:1:1,m=9,T=5,beta_1=0.1,beta_T=0.5")
    assert plane.rank == 2
    many = problem(f"atoms={';'.join(str(k) for k in range(30))},B=100,m=9,T=5")
    assert many.atoms == ()


def test_points_of_no_probability_do_not_count():
    asked = problem("atoms=0;1;5,weights=1/2;1/2;0,m=9,T=5,beta_1=0.1,beta_T=0.5")
    assert [u for _, u in asked.atoms] == [(0,), (1,)]
    assert asked.spread == fmpq(1, 4)
