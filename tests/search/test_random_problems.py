"""The excess risk of random problems: every term against mpmath, in other words."""

import random
from itertools import pairwise

import pytest
from bayes_error_again import bayes_steps_again
from excess_again import real
from flint import ctx
from mpmath import mp, mpf
from problems import problem

from boundcheck.theory.ridge.kappa import kappa
from boundcheck.theory.risk.bayes_error import bayes_steps, prior_term
from boundcheck.theory.risk.classes.excess_risk import risk
from boundcheck.theory.risk.classes.ratio_choices import VERSIONS
from boundcheck.theory.risk.classes.step_risk import TERMS


def contains(ball, value):
    """Whether the ball has the value, up to mpmath's own error."""
    middle, radius = (
        mpf(int(m)) * mpf(2) ** int(e) for m, e in (ball.mid().man_exp(), ball.rad().man_exp())
    )
    return abs(middle - value) <= radius + abs(value) * mpf(10) ** -60


def a_problem(seed):
    """The text of a problem, and β_1..β_T, σ_1²..σ_T² (None: posterior) as mpmath numbers."""
    draw = random.Random(seed)
    T = draw.randint(2, 7)
    kind = draw.choice(["linear", "cosine", "given"])
    if kind == "linear":
        sizes = ["1e-25", "1e-4", "0.02", "0.5", "0.999", "1-1e-25"]
        first, last = sorted(draw.randrange(len(sizes)) for _ in range(2))
        text = f"T={T},beta_1={sizes[first]},beta_T={sizes[last]}"
        low, high = (
            1 - mpf("1e-25") if sizes[k].startswith("1-") else mpf(sizes[k]) for k in (first, last)
        )
        betas = [low + mpf(t) / (T - 1) * (high - low) for t in range(T)]
    elif kind == "cosine":
        s, most = draw.choice(["0", "0.008", "1"]), draw.choice(["0.999", "0.3", "0.99999999"])
        text = f"schedule=cosine,T={T},s={s},most={most}"
        f = [mp.cos((mpf(t) / T + mpf(s)) / (1 + mpf(s)) * mp.pi / 2) ** 2 for t in range(T + 1)]
        betas = [min(1 - after / before, mpf(most)) for before, after in pairwise(f)]
    else:
        chosen = [draw.choice(["1/1000", "1/7", "9/10", "1/2"]) for _ in range(T)]
        text = f"betas={';'.join(chosen)}"
        betas = [mpf(int(v.split("/")[0])) / int(v.split("/")[1]) for v in chosen]
    variances = {"posterior": None, "beta": betas}.get(
        draw.choice(["posterior", "beta", "own"]), []
    )
    if variances == []:
        own = [draw.choice(["1/100", "3", "1/2"]) for _ in range(T)]
        text += f",sigmas2={';'.join(own)}"
        variances = [mpf(int(v.split("/")[0])) / int((v + "/1").split("/")[1]) for v in own]
    elif variances is betas:
        text += ",variance=beta"
    d, B = draw.randint(1, 5), draw.choice(["1e-60", "1/50", "1", "7", "10**6"])
    share = draw.choice([1, 2, 9])
    text += (
        f",d={d},B={B},second_moment={d}*({B})**2/{share}"
        f",m={draw.choice([1, 10**3, 10**12, 10**60])}"
    )
    text += f",M={draw.choice(['1/1000', '2**40', '1e50'])},eps={draw.choice(['0', '1/8'])}"
    return f"{text},first={draw.randint(1, T)}", betas, variances


def step_again(asked, step, alpha_bar, w):
    """Every term of a step: the Lipschitz constants, the variances and the sizes in other words."""
    d, B, m, M, eps = asked.d, real(asked.B), mpf(asked.m), real(asked.M), real(asked.eps)
    R, k, delta, A, nu = (real(step.chosen[name]) for name in ("R", "k", "delta", "A", "nu"))
    v = 1 - alpha_bar
    assert mp.expm1(-4 * A * nu * (1 - 2 * A * nu)) <= -4 * nu
    edge, sigma = mp.sqrt(alpha_bar) * B, mp.sqrt(v)
    assert edge <= R
    with ctx.workprec(400):
        largest = kappa(d, 300)
        kappa_d = mpf(int(largest.mid().man_exp()[0])) * mpf(2) ** int(largest.mid().man_exp()[1])
    lower = (
        real(step.chosen["c"])
        if step.predictors == "positivity_free"
        else mp.exp(-d * ((R + edge) / sigma) ** 2 / 2)
    )
    variation = min(2 * R / v * (d + d * (d - 1) * 2 / mp.pi), kappa_d / sigma)
    draws = 2 * d * k**d
    fourth = R**4 / 16 / k**4 * ((d**2 + mpf(4) / 3 * (d - 1)) ** 2 + mpf(64) * (d - 1) / 45)
    marginal = mp.sqrt(variation**2 / draws * fourth ** mpf("0.75") / (12 * R)) + 3 * variation / M
    both = B * marginal + 1 / M + B * (marginal + 1 / M)
    mass = ((2 * R) / mp.sqrt(2 * mp.pi * v)) ** d
    inside = {
        "uniform": mass * (both / lower) ** 2,
        "weighted": mass * both**2 / lower,
        "positivity_free": mass * 2 * B * (both + B * lower),
    }[step.predictors]
    approximation = (mp.sqrt(inside) + 1 / M) ** 2
    neurons = 2 * d * (k + 1) ** d + 2 * 2 * draws + 2
    slope = mp.sqrt(d) * mp.exp(mpf(-1) / 2) / sigma
    theta = max(
        size * factor for size in (R * d, 3 * variation, slope, 1 + R * slope) for factor in (1, B)
    )
    hidden = theta * (d * R + 1)
    sensitivity = neurons * (theta * (d * R + 1) + hidden) + 1
    log_n = (neurons * (d + 1) + 2 * neurons + 2) * mp.log1p(
        theta * sensitivity * (1 + B) / lower / delta
    )
    tail = min(mpf(1), d * mp.exp(-(((R - edge) / sigma) ** 2) / 2))
    return int(neurons), {
        "approximation": w * A * d * approximation,
        "net": w * d * 4 * (B + A * B) * delta,
        "samples": w * d * log_n * B**2 / m / nu,
        "optimisation": A * w * eps,
        "off_box": w * d * B**2 * tail,
    }


@pytest.mark.parametrize("seed", range(24))
def test_random_problems(seed):
    with mp.workdps(120):
        text, betas, variances = a_problem(seed)
        asked = problem(text)
        alpha_bars = [mpf(1)]
        for beta in betas:
            alpha_bars.append(alpha_bars[-1] * (1 - beta))
        posterior = [
            (1 - before) / (1 - after) * b
            for before, after, b in zip(alpha_bars, alpha_bars[1:], betas)
        ]
        used = variances or [betas[0], *posterior[1:]]
        weights = [
            alpha_bars[t] * (betas[t] / (1 - alpha_bars[t + 1])) ** 2 / 2 / used[t]
            for t in range(len(betas))
        ]
        for version in VERSIONS:
            found = risk(asked, version)
            assert [s.t for s in found.steps] == list(range(asked.first, len(betas) + 1))
            for step in found.steps:
                neurons, again = step_again(asked, step, alpha_bars[step.t], weights[step.t - 1])
                assert step.chosen["n"] == neurons
                again["excess"] = sum(again[name] for name in TERMS)
                for name, value in again.items():
                    assert contains(getattr(step, name), value), (text, version, step.t, name)
        d, moment, start = asked.d, real(asked.second_moment), max(2, asked.first)
        counted = range(start, len(betas) + 1)
        shares = [posterior[t - 1] / used[t - 1] for t in counted]
        total = bayes_steps_again(
            asked,
            [alpha_bars[t] / (1 - alpha_bars[t]) for t in counted],
            [weights[t - 1] * used[t - 1] / posterior[t - 1] for t in counted],
            [weights[t - 1] for t in counted],
            [mpf(d) / 2 * (r - 1 - mp.log(r)) for r in shares],
        )
        assert contains(bayes_steps(asked), total) or abs(total) < mpf(10) ** -60
        last = alpha_bars[-1]
        assert contains(
            prior_term(asked), (last * moment + d * (1 - last) - d - d * mp.log(1 - last)) / 2
        )
