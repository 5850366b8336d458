"""The boxes, widths and nets of the end-to-end bound: nearly best, finite, not trusted."""

import math

import numpy as np
import pytest
from excess_again import excess_again, linear_alpha_bars, real
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from problems import problem

from boundcheck.theory.risk.classes import ratio_class
from boundcheck.theory.risk.classes.dial import dials
from boundcheck.theory.risk.classes.excess_risk import risk
from boundcheck.theory.risk.classes.ratio_choices import VERSIONS, Case, Choices, choices
from boundcheck.theory.risk.classes.step_risk import short


def test_choices_are_nearly_best():
    """No other box, width or net nearby is better by more than a few per cent:
    the search finds a minimum."""
    asked = problem("d=1,m=10**9")
    found = risk(asked, "positivity_free")
    with mp.workdps(30):
        alpha_bars = linear_alpha_bars(1000, "0.0001", "0.02")
        for step in (found.steps[0], found.steps[200], found.steps[-1]):
            abar = alpha_bars[step.t - 1]
            here = excess_again(1, 1, 10**9, abar, 1, step.chosen, "positivity_free")["excess"]
            for name, factors in {
                "k": (0.8, 1.25),
                "delta": (0.5, 2),
                "c": (0.5, 2),
                "R": (1.1, 1.3),
            }.items():
                for factor in factors:
                    value = step.chosen[name] * fmpq(int(100 * factor), 100)
                    moved = {
                        **step.chosen,
                        name: fmpq(value.p // value.q) if name == "k" else value,
                    }
                    again = excess_again(1, 1, 10**9, abar, 1, moved, "positivity_free")
                    assert again["excess"] > here * 0.97
            for A, nu in dials():
                moved = {**step.chosen, "A": A, "nu": nu}
                again = excess_again(1, 1, 10**9, abar, 1, moved, "positivity_free")
                assert again["excess"] > here * 0.97


@given(st.integers(1, 9), st.floats(0.01, 100), st.floats(1, 1e30), st.floats(1e-12, 1 - 1e-9))
def test_choices_are_finite(d, B, m, abar):
    case = Case(
        d=d, B=B, kappa=5.0, c_sharp=0.3, M=2.0**40, m=m, dials=((2.0, 1 / 11), (1.5, 0.07))
    )
    for version in VERSIONS:
        found = choices(case, version, np.sqrt([1 - abar]), np.sqrt([abar]) * B)
        assert np.isfinite([found.R, found.k, found.log2_c, found.delta]).all()
        assert found.R[0] >= math.sqrt(abar) * B
        assert found.k[0] >= 1


@given(st.floats(1e-300, 1e300))
def test_short_numbers_are_above(value):
    exact = fmpq(*value.as_integer_ratio())
    assert exact <= short(value) <= exact * fmpq(129, 128)


def test_the_search_is_not_trusted(monkeypatch):
    """A box that is too small is enlarged; other choices that the theorem does not
    admit give no bound at all."""
    asked = problem("T=3,beta_1=0.1,beta_T=0.5,m=10**6")
    shifts = {2: mp.sqrt(mpf("0.63")), 3: mp.sqrt(mpf("0.315"))}

    def chosen(R=0.01, k=2.0, log2_c=-5.0, delta=0.5):
        return lambda *_: Choices(*(np.full(2, v) for v in (R, k, log2_c, delta, 3)))

    monkeypatch.setattr(ratio_class, "choices", chosen())
    for step in risk(asked, "positivity_free").steps:
        assert shifts[step.t] <= real(step.chosen["R"]) < 1.01 * shifts[step.t]
    for wrong in ({"k": 0.0}, {"delta": 0.0}, {"log2_c": 0.0}, {"log2_c": 3.0}):
        monkeypatch.setattr(ratio_class, "choices", chosen(**wrong))
        with pytest.raises(ArithmeticError, match="is not admissible"):
            risk(asked, "positivity_free")


def test_more_samples_never_hurt_much():
    sums = [
        risk(problem(f"d=1,T=40,beta_1=0.001,beta_T=0.3,m=10**{e}"), "positivity_free")
        for e in (6, 9, 12, 15)
    ]
    values = [float(s.total("excess")) for s in sums]
    assert values == sorted(values, reverse=True)
    slopes = np.diff(np.log10(values)) / 3
    assert all(
        -4 / 6 < s < -0.45 for s in slopes
    )  # the theorem: -(d+3)/(3d+3) = -2/3, up to logarithms
