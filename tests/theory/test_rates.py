"""Rates of the end-to-end theorem: exponents, the whole space, and their table."""

from fractions import Fraction

import numpy as np
import pytest
from excess_again import kappa
from flint import arb
from mpmath import mp, mpf
from problems import problem

from boundcheck.report.tables.registry import table
from boundcheck.theory.formulas import rates
from boundcheck.theory.risk.classes.excess_risk import risk
from boundcheck.theory.risk.classes.ratio_choices import VERSIONS


def _at(exponent, d):
    """The value of an exponent, a formula in d."""
    return float(Fraction(str(exponent.subs(rates.d, d))))


@pytest.mark.parametrize("d", [1, 2, 3, 4, 8, 16, 64])
def test_exponents(d):
    for version in ("uniform", "weighted"):
        found = rates.rate(version)
        assert [_at(e, d) for e in (found.approximation, found.neurons, found.excess)] == [
            pytest.approx(v, rel=1e-15) for v in (1 + 3 / d, d / (2 * d + 3), (d + 3) / (2 * d + 3))
        ]
    free = rates.rate("positivity_free")
    assert [_at(e, d) for e in (free.approximation, free.neurons, free.excess)] == [
        pytest.approx(v, rel=1e-15)
        for v in (0.5 + 1.5 / d, 2 * d / (3 * d + 3), (d + 3) / (3 * d + 3))
    ]
    assert _at(rates.LP, d) == pytest.approx(0.5 + 1.5 / d, rel=1e-15)


def test_the_table_of_rates():
    found = table("rates", ["d=1;2;64,p=2;4"])
    one, two, many = found.rows
    assert one[:-1] == (1, "2", "7/4", "4", "1/5", "4/5", "2/3", "2", "1/3", "2/3")
    assert two[:-1] == (2, "5/4", "9/8", "5/2", "2/7", "5/7", "5/11", "5/4", "4/9", "5/9")
    assert many[3:-1] == ("67/64", "64/131", "67/131", "67/4227", "67/128", "128/195", "67/195")

    def below(k):  # error_l2 < (1+√3) b c for d = 2, R = b = 1, σ = 1/2, c = 1/10, M = 2^40
        V = min(2 * (2 + 4 / mp.pi) * 4, 2 * kappa(2))
        fourth = (4 + mpf(4) / 3) ** 2 + mpf(64) / 45
        shallow = fourth ** (mpf(3) / 8) / (8 * mp.sqrt(6)) * V / mpf(k) ** mpf("2.5")
        return 2 * (shallow + 3 * V / mpf(2) ** 40) + 2 / mpf(2) ** 40 < (1 + mp.sqrt(3)) / 10

    k = next(k for k in range(1, 100) if 2 + 4 * (k + 1) ** 2 + 16 * k**2 == two[-1])
    assert below(k)
    assert not below(k - 1)
    assert table("rates", ["d=1,c=1e-9,M=2**20"]).rows[0][-1] == "-"


# -- on the whole space ----------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3, 8])
@pytest.mark.parametrize("version", VERSIONS)
def test_rates_on_the_whole_space(version, d):
    """The best box and the best number of neurons by a search: the rates of the
    fixed box are not attained."""
    found = rates.rate(version)
    a, whole = (_at(e, d) for e in (found.approximation, found.whole))
    power = {"uniform": 2, "weighted": 1, "positivity_free": 0}[version]
    tail, n = (
        np.linspace(0, 1, 1501)[:, None],
        np.linspace(0, 1, 1501)[None],
    )  # exponents of m, off the box and for n
    best = np.maximum(np.maximum(d * power * tail - a * n, n - 1), -tail).min()
    assert -best == pytest.approx(whole, abs=2e-2)
    assert whole <= _at(found.excess, d) + 1e-12
    assert whole <= _at(rates.rate("positivity_free").whole, d) + 1e-12


def test_the_bound_has_the_rate_of_the_whole_space():
    """With small data, d = 2: the weighted version falls like m^(-5/11), not like m^(-5/7)."""
    values = [
        float(
            arb(
                risk(problem(f"betas=1/2;9/10,d=2,B=1/1000,M=1e90,m=10**{e}"), "weighted").total(
                    "excess"
                )
            ).log()
        )
        for e in (12, 24)
    ]
    slope = (values[1] - values[0]) / (12 * np.log(10))
    assert -0.5 < slope < -0.38
