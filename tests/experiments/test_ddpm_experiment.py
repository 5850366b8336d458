"""A diffusion model with constructed predictors: what is measured agrees with other computations
and stays below its bounds."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from experiment_settings import settings
from flint import fmpq

from boundcheck.exact.terms.rational import decimal
from boundcheck.experiments import chain
from boundcheck.experiments import ddpm_experiment as ddpm
from boundcheck.experiments import record as document
from boundcheck.experiments.predictor import Predictor
from boundcheck.experiments.quadrature import line
from boundcheck.experiments.runs import run
from boundcheck.report.tables.measured_table import table
from boundcheck.report.typeset.formats import FORMATS
from boundcheck.settings import Settings


@pytest.fixture(scope="module")
def line_run():
    return run("ddpm", ["T=4,k=16,samples=5000"])


@pytest.fixture(scope="module")
def plane_run():
    return run("ddpm", ["d=2,betas=1/5;1/2;3/5,k=6,samples=3000"])


@pytest.mark.parametrize("d", [1, 2])
def test_densities_of_a_chain_with_a_constant_predictor_are_normal(d):
    """Then every step is affine: mean and variance of x_1 follow by hand."""
    case = ddpm.case_of(settings("ddpm", f"d={d},betas=1/5;1/2;3/5,k=2"))
    guess = np.array([0.25, -0.5])[:d]
    mean, variance = np.zeros(d), 1.0
    axis, rule = chain.grid(case.levels[-1], d, chain.RESOLUTIONS[d][1])
    density = chain.normal(rule.nodes)
    for level in reversed(case.levels[1:]):
        axis, following = chain.grid(case.levels[level.t - 2], d, chain.RESOLUTIONS[d][1])
        density = chain.pushed(level, rule, density, np.broadcast_to(guess, rule.nodes.shape), axis)
        rule = following
        mean, variance = (
            level.from_data * guess + level.from_state * mean,
            level.from_state**2 * variance + level.variance,
        )
    expected = np.exp(-((rule.nodes - mean) ** 2).sum(axis=1) / (2 * variance)) * (
        2 * np.pi * variance
    ) ** (-d / 2)
    assert np.abs(density - expected).max() < 1e-6
    points = chain.sample(
        case.levels,
        dict.fromkeys((2, 3), lambda x: torch.from_numpy(guess).expand_as(x)),
        d,
        40_000,
        0,
    )
    assert np.abs(points.mean(axis=0) - mean).max() < 5 * math.sqrt(variance / 40_000)
    assert points.var(axis=0) == pytest.approx(variance, rel=0.04)


def test_the_divergence_of_normal_laws():
    rule = line([-12, 12], 0.1)
    p, q = (
        np.exp(-((rule.nodes[:, 0] - m) ** 2) / (2 * v)) / math.sqrt(2 * math.pi * v)
        for m, v in ((0.5, 0.5), (0, 1))
    )
    assert chain.divergence(rule.weights, p, q) == pytest.approx(
        (0.5 + 0.25 - 1 - math.log(0.5)) / 2, abs=1e-9
    )


@pytest.fixture(scope="module")
def softmax_run():
    return run("ddpm", ["T=4,network=softmax,n=100,Lambda=10,samples=5000"])


@pytest.mark.parametrize("name", ["line_run", "plane_run", "softmax_run"])
def test_what_is_measured_stays_below_its_bounds(name, request):
    found = request.getfixturevalue(name)
    assert document.all_hold(found)
    for row in found["rows"]:
        seen, bound = row["measured"], row["bound"]
        assert seen["change"] <= 0.2 * seen["gap"]
        assert row["version"] in ("weighted", "positivity_free", "softmax")
        assert fmpq(*seen["gap"].as_integer_ratio()) <= decimal(bound["gap"])
        assert 0 <= seen["bayes_step"] <= float(bound["bayes_step"])
        assert 0 < seen["mmse"] <= float(bound["mmse"])
        assert 0 <= float(bound["information"]) <= seen["information"]
        assert seen["excess"] == pytest.approx(row["w"] * seen["gap"])
    seen, bound = found["total"]["measured"], found["total"]["bound"]
    assert (
        0 < seen["divergence"] <= seen["sum"] <= float(bound["divergence"])
    )  # the chain rule, then the bounds
    assert seen["defect"] < 1e-6
    assert 0 < seen["bayes_steps"] <= float(bound["bayes_steps"])
    assert 0 < seen["total_variation"] <= float(bound["total_variation"])
    assert seen["total_variation"] <= math.sqrt(seen["divergence"] / 2)
    assert sum(float(bound[n]) for n in ("prior", "bayes_steps", "excess")) == pytest.approx(
        float(bound["divergence"]), rel=1e-4
    )


@pytest.mark.parametrize("name", ["line_run", "plane_run"])
def test_samples_agree_with_the_computed_density(name, request):
    found = request.getfixturevalue(name)
    histogram = found["total"]["histogram"]
    counts, masses = np.array(histogram["counts"]), np.array(histogram["masses"])
    assert counts.sum() == int(found["settings"]["samples"])
    assert masses.sum() == pytest.approx(1, abs=1e-6)
    noise = np.sqrt(masses * (1 - masses) / counts.sum())
    assert histogram["distance"] < 1.5 * math.sqrt(2 / math.pi) * noise.sum() / 2
    assert (np.abs(counts / counts.sum() - masses) < 5 * noise + 3 / counts.sum()).all()


def test_gap_and_mmse_agree_with_other_computations(line_run):
    """The gap by the midpoint rule, since rare x have the largest errors;
    E|x̂_0 - x_0|² = gap + mmse by simulation."""
    row = line_run["rows"][-1]
    case = ddpm.case_of(Settings("ddpm", line_run["settings"]))
    built = case.targets[row["t"]].predictor(case.choice, case.choice.seed + row["t"])
    x = np.linspace(-9, 9, 20_001)[:, None]
    law, bayes = case.data.posterior(x, row["alpha_bar"])
    squares = (built(torch.from_numpy(x)).numpy() - bayes)[:, 0] ** 2
    assert (law * squares).sum() * 18 / 20_000 == pytest.approx(row["measured"]["gap"], rel=0.01)
    rng = np.random.default_rng(5)
    atoms, chances = case.data.arrays()
    x_0 = rng.choice(atoms[:, 0], 20_000, p=chances)
    x = (
        math.sqrt(row["alpha_bar"]) * x_0
        + math.sqrt(1 - row["alpha_bar"]) * rng.standard_normal(len(x_0))
    )[:, None]
    losses = (built(torch.from_numpy(x)).numpy()[:, 0] - x_0) ** 2
    assert abs(
        losses.mean() - row["measured"]["gap"] - row["measured"]["mmse"]
    ) < 5 * losses.std() / math.sqrt(len(x))


def test_the_step_of_the_bayes_predictor_agrees_with_simulation(line_run):
    """E log q(x_{t-1}|x_t) - E log N(x_{t-1}; the Bayes predictor's mean, σ_t²), where
    q(x_{t-1}|x_t) comes from Bayes."""
    case = ddpm.case_of(Settings("ddpm", line_run["settings"]))
    rng = np.random.default_rng(6)
    atoms, chances = case.data.arrays()

    def log_normal(x, mean, variance):
        return -((x - mean) ** 2) / (2 * variance) - math.log(2 * math.pi * variance) / 2

    for row in line_run["rows"]:
        t = row["t"]
        before, now = case.levels[t - 2], case.levels[t - 1]
        x_0 = rng.choice(atoms[:, 0], 100_000, p=chances)
        x_before = math.sqrt(before.alpha_bar) * x_0 + math.sqrt(
            1 - before.alpha_bar
        ) * rng.standard_normal(len(x_0))
        alpha = now.alpha_bar / before.alpha_bar
        x = math.sqrt(alpha) * x_before + math.sqrt(1 - alpha) * rng.standard_normal(len(x_0))
        law_before, _ = case.data.posterior(x_before[:, None], before.alpha_bar)
        law, bayes = case.data.posterior(x[:, None], now.alpha_bar)
        reverse = (
            np.log(law_before) + log_normal(x, math.sqrt(alpha) * x_before, 1 - alpha) - np.log(law)
        )
        model = log_normal(x_before, now.from_data * bayes[:, 0] + now.from_state * x, now.variance)
        gaps = reverse - model
        assert abs(gaps.mean() - row["measured"]["bayes_step"]) < 5 * gaps.std() / math.sqrt(len(x))


def test_a_wrong_predictor_is_caught(monkeypatch):
    monkeypatch.setattr(Predictor, "__call__", lambda _, x: torch.zeros_like(x) - 1)
    found = run("ddpm", ["betas=1/5;1/2;3/5,k=32,samples=100"])
    over = [entry for entry in (*found["rows"], found["total"]) if not entry["holds"]]
    assert over
    for row in found["rows"]:
        seen, bound = row["measured"], decimal(row["bound"]["gap"])
        assert row["holds"] == (fmpq(*(seen["gap"] + seen["change"]).as_integer_ratio()) <= bound)
    assert not found["rows"][0]["holds"]
    assert not document.all_hold(found)
    assert f"above their bounds: {len(over)}." in FORMATS["markdown"](table(found))


def test_the_cosine_schedule():
    found = run("ddpm", ["schedule=cosine,T=3,k=8,samples=100"])
    assert [row["t"] for row in found["rows"]] == [2, 3]
    assert document.all_hold(found)


@pytest.mark.parametrize("shift", [1.0, 1e-3, 1e-9, 1e-12])
def test_small_divergences_are_not_lost_in_rounding(shift):
    x, h = np.linspace(-9, 9, 4001, retstep=True)
    p, q = (
        np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi),
        np.exp(-((x - shift) ** 2) / 2) / math.sqrt(2 * math.pi),
    )
    assert chain.divergence(np.full(len(x), h), p, q) == pytest.approx(
        shift**2 / 2, rel=1e-3, abs=0
    )


def test_the_divergence_of_what_is_nowhere_near():
    weights, p, q = np.array([0.5, 0.5, 1.0]), np.array([2.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.5])
    assert chain.divergence(weights, p, q) == pytest.approx(
        math.log(2) - math.log(np.finfo(float).tiny)
    )


def test_nothing_is_above_its_bound_on_a_long_schedule():
    """At t = 100 the Bayes step and its bound are 1e-21: they were lost in
    the rounding of entropies."""
    found = run("ddpm", ["T=100,k=1,samples=100"])
    assert document.all_hold(found)
    last = found["rows"][-1]["measured"]["bayes_step"]
    assert abs(last) < 1e-20


_RUN = """
from boundcheck.experiments import record, runs
print(record.text(runs.run("ddpm", ["d=2,T=2,k=2,samples=100"])))
"""


def test_measured_numbers_do_not_depend_on_the_number_of_threads():
    def found(threads):
        env = os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        return subprocess.run(
            [sys.executable, "-c", _RUN], env=env, capture_output=True, check=True
        ).stdout

    assert found("1") == found("2")
