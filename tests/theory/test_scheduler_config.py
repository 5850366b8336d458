"""Schedules as diffusers has them: their formulas, and their files, which are not trusted."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from commands import run
from mpmath import mp, mpf

from boundcheck.errors import BoundcheckError
from boundcheck.settings import Settings
from boundcheck.theory.risk.problem_files import read_config
from boundcheck.theory.risk.schedules import Schedule, schedule_of
from boundcheck.theory.theorems.constants import evaluate

DDPM = {
    "_class_name": "DDPMScheduler",
    "_diffusers_version": "0.30.0",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "clip_sample": False,
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "trained_betas": None,
    "variance_type": "fixed_small",
}


def written(tmp_path, **changed):
    path = tmp_path / "scheduler_config.json"
    path.write_text(json.dumps({k: v for k, v in {**DDPM, **changed}.items() if v != "drop"}))
    return path


def again(kind, T, first, last):
    """The betas as diffusers computes them, at 40 digits."""
    share = [mpf(k) / (T - 1) for k in range(T)]
    if kind == "scaled_linear":
        a, b = mp.sqrt(first), mp.sqrt(last)
        return [(a + s * (b - a)) ** 2 for s in share]
    return [(last - first) / (1 + mp.exp(-(-6 + 12 * s))) + first for s in share]


@pytest.mark.parametrize("kind", ["scaled_linear", "sigmoid"])
@pytest.mark.parametrize(("T", "first", "last"), [(2, "0.1", "0.5"), (50, "1e-4", "0.02")])
def test_another_evaluation(kind, T, first, last):
    steps = Schedule.curved(kind, T, first, last).steps(100)
    with mp.workdps(40):
        betas = again(kind, T, mpf(first), mpf(last))
        share = mpf(1)
        for step, beta in zip(steps, betas, strict=True):
            share *= 1 - beta
            for ours, theirs in ((step.beta, beta), (step.alpha_bar, share)):
                assert abs(mpf(ours.mid().str(35, radius=False)) - theirs) < mpf(10) ** -28
    assert all(a.beta < b.beta for a, b in pairwise(steps))


def rescaled(betas):
    """`rescale_zero_terminal_snr` of diffusers, at the precision that is set: the new ᾱ_t."""
    roots, product = [], mpf(1)
    for beta in betas:
        product *= 1 - beta
        roots.append(mp.sqrt(product))
    first, last = roots[0], roots[-1]
    return [((r - last) * first / (first - last)) ** 2 for r in roots]


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule.curved("scaled_linear", 1000, "0.00085", "0.012"),
        Schedule.linear(3, "0.1", "0.5", "beta"),
        Schedule.cosine(20),
        Schedule.of(["0.5", "1e-9", "0.1"]),
    ],
    ids=lambda s: s.kind,
)
def test_zero_snr_at_the_end(schedule):
    steps, before = schedule.with_zero_snr().steps(120), mpf(1)
    with mp.workdps(55):
        plain = [mpf(s.beta.mid().str(55, radius=False)) for s in schedule.steps(190)]
        for step, share in zip(steps, rescaled(plain), strict=True):
            for ours, theirs in ((step.alpha_bar, share), (step.beta, 1 - share / before)):
                assert abs(mpf(ours.mid().str(50, radius=False)) - theirs) < mpf(10) ** -33
            before = share
    assert steps[-1].alpha_bar == steps[-1].snr == 0
    assert steps[-1].beta == 1
    assert all(s.alpha_bar.rel_accuracy_bits() >= 120 for s in steps[:-1])
    assert all(s.beta.rel_accuracy_bits() >= 120 for s in steps)


def test_one_step_and_what_is_no_schedule():
    assert Schedule.curved("sigmoid", 1, "0.1", "0.1").kind == "linear"
    with pytest.raises(BoundcheckError, match="must not decrease"):
        Schedule.curved("sigmoid", 5, "0.2", "0.1")
    with pytest.raises(BoundcheckError, match="takes T, beta_1, beta_T"):
        schedule_of(Settings("bound", {"schedule": "sigmoid", "s": "0.008"}))


def test_constants_have_their_formulas():
    found = evaluate("ddpm", {"schedule": "scaled_linear", "T": "4", "beta_T": "0.5"}, 5)
    assert "sqrt(beta_T) - sqrt(beta_1)" in str(found["beta"].constant.formula)
    assert len(found["beta"].each) == 4


def test_a_file_of_diffusers(tmp_path, capsys):
    path = written(tmp_path)
    assert read_config(path) == {
        "schedule": "scaled_linear",
        "T": "1000",
        "beta_1": "0.00085",
        "beta_T": "0.012",
        "variance": "posterior",
    }
    small = written(tmp_path, num_train_timesteps=4, beta_end=0.5, variance_type="fixed_large")
    code, out, err = run(capsys, "bound", "--config", str(small), "--set", "m=1000")
    assert (code, err) == (0, "")
    assert "scaled_linear schedule with T = 4" in out


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"beta_schedule": "squaredcos_cap_v2"}, {"schedule": "cosine", "T": "1000"}),
        ({"beta_schedule": "sigmoid"}, {"schedule": "sigmoid", "T": "1000"}),
        ({"trained_betas": [0.1, 0.2]}, {"betas": "0.1;0.2"}),
        ({"num_train_timesteps": "drop"}, {"schedule": "scaled_linear"}),
        ({"rescale_betas_zero_snr": True}, {"zero_snr": "1"}),
        ({"rescale_betas_zero_snr": False}, {"schedule": "scaled_linear"}),
        ({"trained_betas": [0.1, 0.2], "rescale_betas_zero_snr": True}, {"betas": "0.1;0.2"}),
        ({"variance_type": "drop"}, {"schedule": "scaled_linear", "T": "1000"}),
    ],
)
def test_what_is_read(tmp_path, changed, found):
    parameters = read_config(written(tmp_path, **changed))
    assert found.items() <= parameters.items()
    assert ("s" in parameters, "most" in parameters) == (False, False)
    assert (2 if "betas" in found else 1000) == schedule_of(Settings("bound", parameters)).T


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"beta_schedule": "exp"}, "beta_schedule = 'exp' is not known; there are linear"),
        ({"beta_schedule": ["linear"]}, "is not known"),
        ({"beta_schedule": "drop", "trained_betas": "drop"}, "has no beta_schedule"),
        ({"trained_betas": "0.1"}, "no list of numbers"),
        ({"trained_betas": [True]}, "no list of numbers"),
        ({"num_train_timesteps": [1]}, "num_train_timesteps is no number"),
        ({"_class_name": "DDIMScheduler"}, "is of 'DDIMScheduler', and the bound is of DDPM"),
        ({"_class_name": None}, "is of 'None'"),
        ({"variance_type": "learned"}, "variance_type = 'learned' is not known"),
    ],
)
def test_what_is_refused(tmp_path, changed, message):
    with pytest.raises(BoundcheckError, match=message.replace("(", r"\(")):
        read_config(written(tmp_path, **changed))


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"beta_schedule": NaN}', "[" * 10**5])
def test_what_is_no_file_of_diffusers(tmp_path, text):
    path = tmp_path / "scheduler_config.json"
    path.write_text(text)
    with pytest.raises(BoundcheckError, match="is no JSON|has no beta_schedule"):
        read_config(path)


def test_numbers_that_are_no_numbers(tmp_path):
    """Texts go through the reader of numbers, which evaluates nothing."""
    parameters = read_config(written(tmp_path, beta_start="__import__('os')"))
    with pytest.raises(BoundcheckError, match="beta_1"):
        schedule_of(Settings("bound", parameters))


def test_the_path_is_named(tmp_path):
    with pytest.raises(BoundcheckError, match="cannot be read"):
        read_config(Path(tmp_path / "none.json"))
