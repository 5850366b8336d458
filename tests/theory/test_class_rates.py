"""Rates of the classes of predictors: formulas beside what they bound, slopes, and the table."""

import math

import numpy as np
import pytest
from flint import arb, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import term
from boundcheck.report.tables.registry import table
from boundcheck.theory.formulas.approximation import class_rates, random_neurons, softmax, splines


def value(formula, **numbers):
    known = {name: fmpq(*float(x).as_integer_ratio()) for name, x in numbers.items()}
    return float(arb(at_point(term(formula), known, 200)))


def slope(f, one, two):
    """Of log f over log n."""
    return math.log(f(two) / f(one)) / math.log(two / one)


@pytest.mark.parametrize("seed", range(6))
def test_splines(seed):
    rng = np.random.default_rng(seed)
    names = ("R", "sigma", "b", "slope", "kappa", "inverse", "Lambda")
    known = dict(zip(names, rng.uniform(0.2, 2, len(names)), strict=True))
    most = value(class_rates.SPLINE_CONSTANT, **known)

    def error(n):
        parts = known | {"n": n, "M": n**2}
        parts |= {
            "spline": value(splines.SPLINE, **parts),
            "smooth": value(splines.SMOOTH, **parts),
        }
        return value(splines.RELATIVE, **parts)

    for n in (1, 2, 5, 30, 1000):
        assert error(n) <= most * n**-4.0 * (1 + 1e-12)
    assert error(1) == pytest.approx(most)  # exp(R slope/n) is all that is lost
    assert slope(error, 10**5, 10**6) == pytest.approx(-value(class_rates.SPLINE_RISK), abs=1e-3)


@pytest.mark.parametrize("d", [1, 3, 100])
def test_blocks(d):
    known = {"mass": 2, "h": 2.5, "t": 1.5, "Q_h": 1.2, "R": 1.5, "sigma": 0.5, "d": d}
    most = value(class_rates.BLOCKS_CONSTANT, **known)

    def pair(n_1):
        neurons = value(random_neurons.BLOCKS_NEURONS, n_1=n_1, **known)
        return neurons, value(random_neurons.BLOCKS, n_1=n_1, **known)

    for n_1 in (1, 2, 50, 10**4):
        neurons, error = pair(n_1)
        assert most * neurons**-0.5 / 3 < error <= most * neurons**-0.5 * (1 + 1e-12)
    (n, one), (m, two) = pair(10**8), pair(10**9)
    found = math.log(two / one) / math.log(m / n)
    assert found == pytest.approx(-value(class_rates.BLOCKS_ERROR), abs=1e-3)


@pytest.mark.parametrize("K", [1, 3, 20])
def test_softmax_error(K):
    def error(m):
        n = math.ceil(math.sqrt(m) * math.log(m) * (1 + 1e-12))
        return value(softmax.SOFTMAX_ERROR, K=K, n=n, Lambda=math.log(m), M=m**2)

    for m in (2, 3, 10, 1000, 10**6):
        most = value(class_rates.SOFTMAX_ERROR, K=K, m=m)
        assert most / 4 < error(m) <= most


@pytest.mark.parametrize("seed", range(4))
def test_softmax_risk(seed):
    rng = np.random.default_rng(seed)
    names = ("A", "rho", "B", "R", "w")
    known = dict(zip(names, rng.uniform(1.1, 3, len(names)), strict=True))
    known |= {"nu": 0.1, "alpha_bar": rng.uniform(0.1, 0.9), "p_min": rng.uniform(0.01, 0.5)}
    known |= {"K": int(rng.integers(1, 9)), "d": int(rng.integers(1, 30))}

    def both(m):
        at = known | {"m": m, "eta": known["B"] / m, "eta_p": -math.log(known["p_min"]) / (2 * m)}
        at["softmax_error"] = value(class_rates.SOFTMAX_ERROR, **at)
        at["logit_change"] = value(softmax.LOGIT_CHANGE, **at)
        at["delta"] = value(softmax.NET, **at)
        logs = known["K"] * (known["d"] + 1) * math.log(m)  # ceilings of m, but for rounding
        excess = value(softmax.EXCESS, **at, log_n=logs, eps=0, off_box=0.25)
        most = value(class_rates.SOFTMAX_RISK, **at) / m
        return excess, known["w"] * (most + 0.25)

    for m in (2, 10, 10**4, 10**8):
        excess, most = both(m)
        assert excess <= most
    one, two = (both(m) for m in (10**3, 10**6))
    for k in (0, 1):
        fall = (two[k] - known["w"] * 0.25) / (one[k] - known["w"] * 0.25)
        assert 1e-3 < fall < 2.5e-3  # of the order 1/m, but for the logarithm


# -- the table -------------------------------------------------------------------------------------


def test_the_table():
    found = table("class_rates", ["d=1;2;64,d_y=2"])
    rows = {(name, d): rest for name, d, *rest in found.rows}
    assert rows["ratio, f2 >= c", 2][:4] == ["5/4", "5/2", "2/7", "5/7"]
    assert rows["ratio, every f2", 64][:4] == ["67/128", "67/128", "128/195", "67/195"]
    assert rows["splines", 1][:4] == ["2", "4", "1/5", "4/5"]
    assert ("splines", 2) not in rows
    assert rows["softmax", 64][:4] == ["2", "-", "1/2", "1"]
    assert rows["blocks", 64][:4] == ["1/2", "-", "-", "-"]
    assert rows["class known, f2 >= c", 2][:4] == rows["ratio, f2 >= c", 2][:4]
    assert rows["value known, f2 >= c", 1][:4] == ["1", "2", "1/3", "2/3"]  # those of d = 3
    assert rows["conditional density", 2][:4] == ["7/8", "-", "-", "-"]
    assert all(claims and "." in claims for *_, claims in found.rows)
