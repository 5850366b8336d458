"""The excess risk: every term on the standard schedule against mpmath, and the smallest version."""

import warnings

import pytest
from excess_again import excess_again, linear_alpha_bars, real
from flint import arb, fmpq
from mpmath import mp, mpf
from problems import problem

from boundcheck.errors import BoundcheckError
from boundcheck.report import bound as report
from boundcheck.theory.risk.bayes_error import bayes_steps, prior_term
from boundcheck.theory.risk.classes.excess_risk import risk, risks
from boundcheck.theory.risk.classes.step_risk import TERMS
from boundcheck.theory.theorems.constants import evaluate
from boundcheck.theory.theorems.theorem import ends


def contains(ball, value):
    lower, upper = (real(e) for e in ends(arb(ball)))
    slack = abs(value) * mpf(10) ** -30  # mpmath's own error; the balls are far wider than that
    return lower - slack <= value <= upper + slack


@pytest.mark.parametrize(
    ("d", "B", "m", "version"),
    [
        (1, "1", 10**9, "positivity_free"),
        (2, "1/2", 10**6, "positivity_free"),
        (1, "2", 10**9, "weighted"),
        (2, "1", 10**12, "uniform"),
    ],
)
def test_every_term_on_the_standard_schedule(d, B, m, version):
    """The 1000-step linear schedule: finite where it is positivity-free, astronomically
    vacuous where it is not."""
    asked = problem(f"d={d},B={B},m={m}")
    found = risk(asked, version)
    with mp.workdps(40):
        bound = real(asked.B)
        alpha_bars = linear_alpha_bars(1000, "0.0001", "0.02")
        totals = dict.fromkeys((*TERMS, "excess"), mpf(0))
        trivial = mpf(0)
        for step in found.steps:
            before, abar = alpha_bars[step.t - 2], alpha_bars[step.t - 1]
            w = (before / (1 - before) - abar / (1 - abar)) / 2
            again = excess_again(d, bound, m, abar, w, step.chosen, version)
            trivial += w * d * bound**2
            for name, value in again.items():
                assert contains(getattr(step, name), value), (step.t, name)
                totals[name] += value
        for name, value in totals.items():
            assert contains(found.total(name), value), name
        assert contains(risk(asked, "zero").total(), trivial)
        prior = (
            alpha_bars[-1] * d * bound**2 - d * alpha_bars[-1] - d * mp.log(1 - alpha_bars[-1])
        ) / 2
        assert contains(prior_term(asked), prior)
        if version == "positivity_free":
            assert totals["excess"] < 10**6
        else:
            assert totals["excess"] > mpf(10) ** 900


def test_the_bayes_steps():
    """Here w falls in t, so that by parts Σ (w_t - w_{t+1}) mmse_t."""
    asked = problem("T=50,beta_1=0.001,beta_T=0.3,d=2,B=3,second_moment=5,first=4,m=9")
    with mp.workdps(50):
        shares, total, weights = linear_alpha_bars(50, "0.001", "0.3"), mpf(0), []
        for t in range(4, 51):
            before, abar = shares[t - 2], shares[t - 1]
            mmse = (
                1 / (1 / mpf(5) * 2 + abar / (1 - abar)) * 2
            )  # of two independent normal coordinates, each 5/2
            weights.append(((before / (1 - before) - abar / (1 - abar)) / 2, mmse))
        for (weight, mmse), (later, _) in zip(weights, [*weights[1:], (0, 0)], strict=True):
            assert weight > later
            total += (weight - later) * mmse
        assert contains(bayes_steps(asked), total)


def test_the_smallest_class_wins_at_each_step():
    asked = problem("T=100,beta_1=0.001,beta_T=0.3,m=10**10,d=2")
    found = report.Bound.of(asked, {})
    best = found.smallest
    assert {s.predictors for s in best.steps} >= {"affine", "positivity_free"}
    for column in zip(best.steps, *(v.steps for v in found.classes), strict=True):
        assert all(column[0].excess <= other.excess or column[0] == other for other in column[1:])
    assert not found.vacuous(best)
    assert best.dominating in ("approximation", "samples")


def test_constants_agree_with_the_bound():
    asked = problem("T=12,beta_1=0.01,beta_T=0.5,m=10**8")
    found = evaluate("end_to_end", {"T": 12, "beta_1": "0.01", "beta_T": "0.5", "m": 10**8}, 9)
    document = report.as_json(report.Bound.of(asked, {}), 9)
    for name in document["classes"]:
        one, other = found[f"excess_{name}"].value, document["classes"][name]["excess"]
        assert one.as_json(9) == other
    assert found["excess_smallest"].value.as_json(9) == document["excess"]
    assert found["total"].value.as_json(9) == document["mixed"]
    assert len(found["excess"].each) == 11
    assert "total" not in evaluate(
        "end_to_end", {"T": 12, "beta_1": "0.01", "beta_T": "0.5", "first": 1}, 3
    )


@pytest.mark.parametrize("digits", [20, 50])
def test_sums_over_steps_have_all_digits(digits):
    found = evaluate(
        "end_to_end", {"T": "3", "beta_1": "0.1", "beta_T": "0.5", "m": "1000"}, digits
    )
    for name in ("total", "excess_smallest", "excess_zero", "prior_term"):
        value = found[name].value
        assert value.upper - value.lower <= value.lower / fmpq(10) ** digits
    parts = [found[name].value for name in ("prior_term", "bayes_steps", "excess_smallest")]
    assert sum((p.lower for p in parts), fmpq(0)) <= found["total"].value.upper
    assert sum((p.upper for p in parts), fmpq(0)) >= found["total"].value.lower


# -- numbers of every size -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "T=3,B=10**30",
        "T=3,B=10**10,d=100",
        "T=3,B=1e-100,M=1e-100,m=10**100",
        "T=3,B=1e100,M=1e100",
        "betas=1e-30;1e-30",
        "betas=1e-300;1-1e-300;1e-300",
        "betas=1e-320;1e-320",
        "schedule=cosine,T=5,s=0,most=1e-30",
        "atoms=0;0,T=2",
        "betas=1/2",
    ],
)
def test_extreme_problems_have_a_bound(text):
    """On the day of the review, 22 November 2026, most of these ended in a traceback
    or in an abort of FLINT."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = report.Bound.of(problem(text if "m=" in text else f"{text},m=10"), {})
    assert found.smallest.total().is_finite()
    assert found.smallest.total().rel_accuracy_bits() > 90
    document = report.as_json(found, 5)
    assert document["excess"]["upper"]
    assert document["classes"]["uniform"]["vacuous"]
    for version in found.classes:
        for step in version.steps:
            sizes = [getattr(step, name) for name in (*TERMS, "excess")]
            assert all(s.is_finite() for s in sizes) or not any(s.is_finite() for s in sizes)


def test_the_largest_bounds_are_infinite():
    found = report.Bound.of(problem("T=3,B=10**30,m=10"), {})
    document = report.as_json(found, 5)
    assert document["classes"]["uniform"]["excess"]["upper"] == "oo"
    assert document["classes"]["positivity_free"]["excess"]["upper"] != "oo"
    assert found.smallest.total().is_finite()


def test_constants_that_cannot_be_written_out():
    """A number with 10^10 digits is refused; as a rational it would abort the process."""
    with pytest.raises(BoundcheckError, match="millions of digits"):
        evaluate("end_to_end", {"B": "10**10", "T": 3, "beta_1": "0.1", "beta_T": "0.2"}, 5)


@pytest.mark.parametrize(
    "data", ["d=1", "d=2", "atoms=1;-1/2;-1", "atoms=1:0;-1/2:1;0:0", "fisher=10"]
)
def test_the_last_step_may_be_noise_alone(data):
    """With β_T = 1: the Bayes predictor is E x_0 there, and each class has its bound."""
    asked = problem(f"{data},T=4,beta_1=0.1,beta_T=1,m=1000,depth=2,width=9,theta=4")
    found = {r.name: r.steps[-1].excess for r in risks(asked)}
    assert found["affine"] >= 0
    assert found["affine"] <= found["zero"] * 2
    for name, excess in found.items():
        assert excess.is_finite(), name
        assert excess >= 0, name
