"""The constants of the diffusion model, against mpmath, and what is refused."""

import json

import numpy as np
import pytest
from commands import run
from flint import arb, fmpq
from mpmath import mp, mpf

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import term
from boundcheck.settings import Settings
from boundcheck.theory.risk.schedules import Step, schedule_of
from boundcheck.theory.theorems.constants import evaluate
from boundcheck.theory.theorems.theorem import ends


def by_falls(best, errors):
    """The sum of (W_t - W_{t+1}) mmse_t, W_t the largest of the weights from t on."""
    largest = [max(best[k:]) for k in range(len(best))] + [0]
    return sum((largest[k] - largest[k + 1]) * e for k, e in enumerate(errors))


def ddpm_by_mpmath(T, first, last, d, B):
    """The constants, from the definitions, posterior variances by precisions that add up."""
    betas = [first + mpf(k) / (T - 1) * (last - first) for k in range(T)]
    out = {
        name: []
        for name in ("beta", "alpha_bar", "snr", "sigma2", "from_data", "from_state", "w", "mmse")
    }
    before, moment = mpf(1), d * B**2
    for beta in betas:
        share = before * (1 - beta)
        if before == 1:
            sigma2, data, state = beta, mpf(1), mpf(0)
        else:
            sigma2 = 1 / (1 / (1 - before) + (1 - beta) / beta)
            data, state = sigma2 * mp.sqrt(before) / (1 - before), sigma2 * mp.sqrt(1 - beta) / beta
        slope = (
            mp.sqrt(share) * B**2 / (share * B**2 + 1 - share)
        )  # the best multiple of x_t, one coordinate
        risk = d * ((1 - slope * mp.sqrt(share)) ** 2 * B**2 + slope**2 * (1 - share))
        row = (beta, share, share / (1 - share), sigma2, data, state, data**2 / (2 * sigma2), risk)
        for name, value in zip(out, row, strict=True):
            out[name].append(value)
        before = share
    v = 1 - before
    prior = d * (v - 1 - mp.log(v)) / 2 + before * moment / 2
    bayes = by_falls(out["w"][1:], out["mmse"][1:])
    return out | {
        "second_moment": moment,
        "alpha_bar_T": before,
        "w_sum": sum(out["w"]),
        "w_sum_early": (out["snr"][0] - out["snr"][-1]) / 2,
        "prior_term": prior,
        "bayes_steps": bayes,
        "bayes_total": prior + bayes,
    }


def test_every_constant_of_the_command(capsys):
    code, out, _ = run(
        capsys,
        "constants",
        "ddpm",
        "--json",
        "--digits",
        "30",
        "--set",
        "T=1000,schedule=linear,beta_1=1e-4,d=2",
    )
    found = json.loads(out)
    assert code == 0
    with mp.workdps(60):
        wanted = ddpm_by_mpmath(1000, mpf("1e-4"), mpf("0.02"), 2, mpf(1))
        assert set(found) == set(wanted)
        for name, value in wanted.items():
            values, entries = (
                (value, found[name]) if isinstance(value, list) else ([value], [found[name]])
            )
            assert len(values) == len(entries)
            for v, e in zip(values, entries, strict=True):
                assert mpf(e["lower"]) <= v * (1 + mpf(10) ** -50), (name, v, e)
                assert mpf(e["upper"]) >= v * (1 - mpf(10) ** -50), (name, v, e)
                assert mpf(e["upper"]) - mpf(e["lower"]) <= mpf(10) ** -28 * abs(v), (name, v, e)


def test_other_variances():
    betas = {"betas": "0.1;0.2;0.5", "d": 2, "second_moment": "1.5"}
    best = evaluate("ddpm", betas)
    for extra in ({"variance": "beta"}, {"sigmas2": "0.1;0.3;0.01"}):
        other = evaluate("ddpm", betas | extra)
        sigmas2 = (0.2, 0.5) if "variance" in extra else (0.3, 0.01)
        total, before, weights, errors = 0.0, 0.9, [], []
        for beta, sigma2 in zip((0.2, 0.5), sigmas2, strict=True):
            share = before * (1 - beta)
            posterior, data = (1 - before) / (1 - share) * beta, before**0.5 * beta / (1 - share)
            mmse = 1.5 * (1 - share) / (share * 0.75 + 1 - share)
            weights.append(data**2 / (2 * posterior))
            errors.append(mmse)
            total += posterior / sigma2 - 1 - np.log(posterior / sigma2)
            total += max(0, data**2 / (2 * sigma2) - weights[-1]) * mmse
            before = share
        total += by_falls(weights, errors)
        assert float(arb(other["bayes_steps"].value.lower)) == pytest.approx(total, rel=1e-12)
    same = evaluate("ddpm", betas | {"sigmas2": "0.1;1/14;7/32"})  # those of the posterior, exactly
    assert same["bayes_steps"].value.lower <= best["bayes_steps"].value.upper
    assert same["bayes_steps"].value.upper >= best["bayes_steps"].value.lower


def fmpq_or_ball(value):
    return fmpq(value) if isinstance(value, int) else value


@pytest.mark.parametrize(
    "given",
    [
        {"T": 7, "beta_T": "1/2"},
        {"T": 5, "schedule": "cosine", "variance": "beta"},
        {"betas": "0.1;0.9"},
    ],
)
def test_formulas_with_an_index_are_those_of_the_values(given):
    """What is printed as a formula gives the printed values, from those of the step."""
    own = {"beta_1": "1e-4", "s": "0.008", "most": "0.999", "second_moment": 1, "d": 1, **given}
    numbers = {n: rational(v) for n, v in own.items() if n not in ("schedule", "variance", "betas")}
    constants = evaluate("ddpm", given, digits=20)
    steps = schedule_of(Settings("ddpm", {n: str(v) for n, v in given.items()})).steps(100)
    for c, _, each in constants.values():
        for step, value in zip(steps, each, strict=True) if c.index else ():
            known = {**numbers, **dict(zip(Step._fields, map(fmpq_or_ball, step), strict=True))}
            low, high = ends(at_point(term(c.formula), known, 100))
            assert low <= value.upper, (c.name, step)
            assert high >= value.lower, (c.name, step)


def test_one_step():
    one = evaluate("ddpm", {"betas": "0.5"})
    assert (one["w_sum_early"].value.upper, one["bayes_steps"].value.upper) == (0, 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("T=0", "T = 0; the admissible range is the integers from 1 to 100000"),
        ("beta_1=1", "beta_1 = 1; the admissible range is 0 < beta_1 < 1"),
        ("beta_1=1/2", "beta_1 = 1/2 is above beta_T = 1/50"),
        (
            "schedule=cos",
            "schedule = cos; the admissible range is linear, scaled_linear, sigmoid or cosine",
        ),
        (
            "schedule=cosine,beta_1=0.1",
            "beta_1 = 1/10, but the cosine schedule takes T, s, most; leave beta_1 out",
        ),
        ("betas=0.1;2", "beta_2 = 2; the admissible range is 0 < beta_2 <= 1"),
        ("variance=none", "variance = none; the admissible range is posterior or beta"),
        ("T=2,sigmas2=1;0", "sigmas2_2 = 0; the variance of a reverse step must be positive"),
        ("d=0", "d = 0; the admissible range is the integers d >= 1"),
        ("B=0", "B = 0; the admissible range is B > 0"),
        ("second_moment=0", "second_moment = 0; the admissible range is second_moment > 0"),
        (
            "second_moment=5,d=2",
            "second_moment = 5 is above d B^2 = 2, which bounds E|x_0|^2 already; leave it out",
        ),
        ("beta_t=0.1", "unknown parameter beta_t; ddpm takes schedule, T, "),
        ("beta_t=0.1", "did you mean beta_T or beta_1 or betas?"),
    ],
)
def test_bad_input(capsys, text, message):
    code, out, err = run(capsys, "constants", "ddpm", "--set", text)
    assert (code, out) == (3, "")
    assert message in " ".join(err.split())


def test_floats_are_dyadic():
    with pytest.raises(
        BoundcheckError, match=r"beta_1 = 3602879701896397/36028797018963968 is above beta_T = 1/50"
    ):
        evaluate("ddpm", {"beta_1": 0.1})
