"""Predictors trained on m samples: what is measured stays below the oracle inequality."""

import math

import mpmath
import numpy as np
import pytest
import torch
from experiment_settings import settings
from flint import fmpq

from boundcheck.constructions.sizes import neuron_limit
from boundcheck.errors import BoundcheckError
from boundcheck.experiments import ddpm_experiment as ddpm
from boundcheck.experiments import erm_experiment as erm
from boundcheck.experiments import record as document
from boundcheck.experiments import training
from boundcheck.experiments.runs import run
from boundcheck.report.plots import plot
from boundcheck.report.tables.measured_table import table
from boundcheck.report.typeset.formats import FORMATS


@pytest.fixture(scope="module")
def trained():
    return run("erm", ["m=64;512;4096,k=2,repeats=2,steps=100"])


def test_trained_predictors_stay_below_the_oracle_inequality(trained):
    assert document.all_hold(trained)
    for row in trained["rows"]:
        seen, bound = row["measured"], row["bound"]
        assert seen["risk"] <= seen["risk_of_comparator"]
        assert float(bound["excess"]) >= 2 * seen["comparator"] + float(bound["estimation"]) - 1e-3
        assert seen["mean"] == pytest.approx(sum(seen["excess"]) / len(seen["excess"]))
        assert seen["comparator"] <= float(bound["comparator"])
        assert row["parameters"] == 4 * row["neurons"] + 2
    means = [row["measured"]["mean"] for row in trained["rows"]]
    assert means[0] > means[-1]
    slope = np.polyfit(np.log([64, 512, 4096]), np.log(means), 1)[0]
    assert trained["total"]["measured"]["slope"] == pytest.approx(slope)
    assert trained["total"]["bound"]["exponent"] == "-1"


def test_the_bound_of_the_estimation_agrees_with_mpmath(trained):
    row = trained["rows"][1]
    with mpmath.workdps(30):
        P, n, m, Theta = row["parameters"], row["neurons"], row["m"], row["Theta"]
        c = mpmath.mpf(1) / 100
        delta = mpmath.mpf(11) * P / (12 * m)
        R = mpmath.mpf(trained["total"]["R"])
        argument = mpmath.ceil((1 + 2 * n * Theta * (R + 1)) * Theta * 2 / c / delta)
        bound = 12 * delta + 11 * P * mpmath.log(argument) / m
        found = mpmath.mpf(row["bound"]["estimation"])
        assert bound <= found <= bound * (1 + mpmath.mpf("1e-5"))


def test_training_stays_in_the_class_and_never_raises_the_empirical_risk():
    case = erm.case_of(settings("erm", "m=100,k=2"))
    learner = erm.Learner(case.targets[0], case.choices[0])
    start = [p.detach().clone() for p in learner.shallow.parameters()]
    assert max(float(p.abs().max()) for p in start) <= learner.Theta
    x, y = erm._samples(case.targets[0], 100, [7])
    many, _ = erm._samples(case.targets[0], 10_000, [7])
    R = float(case.targets[0].R.p) / float(case.targets[0].R.q)
    assert (many.abs() <= R).all()
    assert 9_900 < len(many) < 10_000
    before, after = learner.train(x, y, 100, 60, 0)
    with torch.no_grad():
        assert after == float(((learner.predict(x) - y) ** 2).sum() / 100) < before
    learner.Theta = 1  # the projection binds
    learner.train(x, y, 100, 30, 0)
    moved = [
        p
        for p, old in zip(learner.shallow.parameters(), start, strict=True)
        if not torch.equal(p, old)
    ]
    assert not moved or all(
        float(p.detach().abs().max()) <= 1 for p in learner.shallow.parameters()
    )
    learner.reset()
    assert all(
        torch.equal(p, old) for p, old in zip(learner.shallow.parameters(), start, strict=True)
    )
    with torch.no_grad():
        assert float(((learner.predict(x) - y) ** 2).sum() / 100) == before


def test_training_that_goes_astray_keeps_the_comparator(monkeypatch):
    monkeypatch.setattr(training, "_RATE", 1e3)
    case = erm.case_of(settings("erm", "m=2000,k=8"))
    learner = erm.Learner(case.targets[0], case.choices[0])
    before, after = learner.train(*erm._samples(case.targets[0], 2000, [7]), 2000, 5, 0)
    assert after == before
    assert all(
        torch.equal(p, old)
        for p, old in zip(learner.shallow.parameters(), learner._comparator, strict=True)
    )


def test_the_comparator_is_the_constructed_ratio_network():
    case = erm.case_of(settings("erm", "k=2"))
    learner = erm.Learner(case.targets[0], case.choices[0])
    built = case.targets[0].predictor(case.choices[0], case.choices[0].seed)
    x = torch.linspace(-2.8, 2.8, 501, dtype=torch.float64)[:, None]
    with torch.no_grad():
        assert (learner.predict(x) - built(x)).abs().max() < 1e-9


def test_training_can_have_nothing_to_learn_from():
    case = erm.case_of(settings("erm", "m=5,k=1"))
    learner = erm.Learner(case.targets[0], case.choices[0])
    none = torch.zeros(0, 1, dtype=torch.float64)
    assert learner.train(none, none, 5, 3, 0) == (0, 0)
    assert learner.excess(200) > 0


def test_one_size_of_sample_has_no_slope():
    found = run("erm", ["m=50,k=1,repeats=1,steps=5"])
    assert found["total"]["measured"]["slope"] is None
    assert "falls like" not in FORMATS["markdown"](table(found))


def test_growing_classes_have_another_exponent():
    found = run("erm", ["m=50;100,k=1;2,repeats=1,steps=5"])
    assert [row["k"] for row in found["rows"]] == [1, 2]
    assert found["total"]["bound"]["exponent"] == "-2/3"  # without positivity; -4/5 where f2 >= c


# -- what was once wrong ---------------------------------------------------------------------------


def test_noise_that_the_quadrature_does_not_resolve_is_refused():
    for text in ("abar=0.9999999999", "abar=0.9999", "atoms=1000;-1000"):
        with pytest.raises(
            BoundcheckError,
            match=r"standard deviations of the noise, more than the 100 that the quad",
        ):
            erm.case_of(settings("erm", text))
    erm.case_of(settings("erm", "abar=0.999,reach=1"))


@pytest.mark.parametrize("of", ["ddpm", "erm"])
@pytest.mark.parametrize("atoms", ["1e200;-1e200", "2**1050;-1", "1e-7;-1e-7", "1e7;1"])
def test_data_of_extreme_size_are_refused(of, atoms):
    read = {"ddpm": ddpm.case_of, "erm": erm.case_of}[of]
    with pytest.raises(
        BoundcheckError, match="the admissible range is 1e-6 <= B <= 1e6: scale the data"
    ):
        read(settings(of, f"atoms={atoms}"))


def test_samples_and_draws_have_different_seeds(monkeypatch):
    """[seed, 1] and [seed, 1, 0] are the same seed for numpy."""
    states, make = [], np.random.default_rng

    def recorded(seed):
        states.append(tuple(np.random.SeedSequence(seed).generate_state(4)))
        return make(seed)

    monkeypatch.setattr(np.random, "default_rng", recorded)
    run("erm", ["m=1;2,k=1,repeats=2,steps=1,seed=1"])
    draws = set(states[:2])  # of f_0, the same for every m
    assert not draws & set(states[2:4])


def test_what_is_all_proved_depends_on_no_draw():
    given = settings("erm", "m=100,k=2")
    case, delta = erm.case_of(given), fmpq(1, 10)
    (aim,), (choice,) = case.targets, case.choices
    found = set()
    for seed in range(4):
        learner = erm.Learner(aim, erm.Choice(choice.k, choice.reach, choice.c, choice.M, seed))
        assert learner.Theta <= math.ceil(aim.theta)
        assert learner.neurons <= neuron_limit(1, 2, 2) == 24
        assert learner.proved(100, delta) >= 2 * aim.approximation + learner.estimation(100, delta)
        found.add(str(learner.proved(100, delta)))
    assert len(found) == 1
    R, sigma = float(aim.R.p) / float(aim.R.q), math.sqrt(0.5)
    V = min(2 * R / sigma**2, 4 * math.exp(-0.5) / sigma)
    slope = math.exp(-0.5) / sigma
    assert float(aim.theta.p) / float(aim.theta.q) == pytest.approx(
        max(R, 3 * V, slope, 1 + R * slope)
    )


# -- pictures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["m=50,k=1,repeats=1,steps=5", "m=50;100,k=1;2,repeats=1,steps=5"])
def test_pictures_of_one_sample_and_of_growing_classes(text):
    found = run("erm", [text])
    exponents = {"m=50,": "-1", "m=50;": "-2/3"}  # -4/5 needs f2 >= c, which no box here has
    assert found["total"]["bound"]["exponent"] == exponents[text[:5]]
    picture = plot(found, ".svg").decode()
    assert picture.startswith("<?xml")
