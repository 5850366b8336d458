"""The oracle inequality: its constants against mpmath, its moments on exact laws,
the whole of it in simulations."""

from fractions import Fraction

import numpy as np
import pytest
from conftest import PROOFS
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.theory.theorems.constants import evaluate
from boundcheck.verification.axioms import ledger
from boundcheck.verification.collect import collect

SETS = [
    {"d": 1, "b": 1, "m": 100, "delta": "1/1000", "log_n": 50, "comparator": "1/100", "eps": 0},
    {
        "d": 3,
        "b": "5/2",
        "m": 10**9,
        "delta": "1e-7",
        "log_n": "12345.6",
        "comparator": "1e-3",
        "eps": "1e-4",
    },
    {"d": 16, "b": "1/3", "m": 1, "delta": 0, "log_n": 0, "comparator": 0, "eps": 2},
]


def largest(function, start):
    return function(mp.findroot(lambda t: mp.diff(function, t), start))


def oracle_by_mpmath(d, b, m, delta, log_n, comparator, eps):
    """From the steps of the proof: the maximum over |f*|, Bernstein's two terms,
    the integral of the tail."""
    out = {}
    moment = out["second_moment"] = largest(lambda t: (b + t) ** 2 + 4 * (b**2 - t**2), b)
    out["range"] = (2 * b) ** 2 + (2 * b) ** 2
    # r - p <= √(2 moment r s/m) + range s/(3m) for all r: the largest r - 2p, at s = 1 and m = 1
    per_s = largest(lambda r: 2 * mp.sqrt(2 * moment * r) - r, moment) + 2 * out["range"] / 3
    tail = mp.quad(lambda s: min(mpf(1), mp.exp(log_n - s)), [0, log_n, log_n + 20, log_n + 200])
    out["net"] = (4 + 2 * 4) * b * delta
    out["estimation"] = per_s * tail / m
    out["estimation_sharp"] = log_n / (m / (11 * b**2))
    rest = 2 * comparator + 2 * eps
    out["oracle"] = rest + d * (out["net"] + out["estimation"])
    out["oracle_sharp"] = rest + d * (out["net"] + out["estimation_sharp"])
    out["trivial"] = d * b**2
    return out


@pytest.mark.parametrize("values", SETS, ids=["one", "several", "vacuous"])
def test_every_digit(values):
    found = evaluate("oracle", values, 20)
    with mp.workdps(60):
        numbers = {
            name: mpf(int(q.p)) / int(q.q)
            for name, q in ((n, rational(v)) for n, v in values.items())
        }
        wanted = oracle_by_mpmath(**numbers)
        assert set(found) == set(wanted)
        for name, known in found.items():
            text = known.value.as_json(20)
            low, high = mpf(text["lower"]), mpf(text["upper"])
            slack = abs(wanted[name]) * mpf(10) ** -28
            assert low - slack <= wanted[name] <= high + slack, name
            assert high - low <= 2 * abs(high) * mpf(10) ** -19, name


# -- moments, exactly ------------------------------------------------------------------------------

unit = st.fractions(-1, 1, max_denominator=12)
weights = st.lists(st.integers(1, 9), min_size=3, max_size=3)
laws = st.lists(
    st.tuples(unit, st.tuples(unit, unit, unit), weights, st.integers(1, 9)), min_size=1, max_size=3
)
"""For each x: f(x), three values of Y with their weights, and the weight
of x; all in units of b."""


def law_of_z(law, b):
    """(probability, Z, (f-f*)², Y-values) of a law."""
    total = sum(weight for *_, weight in law)
    out = []
    for f, ys, inner, weight in law:
        star = sum(w * y for w, y in zip(inner, ys, strict=True)) / Fraction(sum(inner))
        for w, y in zip(inner, ys, strict=True):
            probability = Fraction(weight * w, total * sum(inner))
            out.append(
                (probability, b * b * ((y - f) ** 2 - (y - star) ** 2), b * b * (f - star) ** 2)
            )
    return out


def moment_constant(name, b):
    value = evaluate("oracle", {"b": b})[name].value
    assert value.lower == value.upper
    return Fraction(int(value.lower.p), int(value.lower.q))


@given(laws, st.fractions(Fraction(1, 4), 4, max_denominator=4))
def test_moments(law, b):
    """E Z = ‖f-f*‖², E Z² <= second_moment E Z, EZ - Z <= range: in fractions."""
    z = law_of_z(law, b)
    mean = sum(p * v for p, v, _ in z)
    assert mean == sum(p * e for p, _, e in z)
    assert sum(p * v * v for p, v, _ in z) <= moment_constant("second_moment", b) * mean
    assert max(mean - v for _, v, _ in z) <= moment_constant("range", b)


@given(laws)
def test_exponential_moment(law):
    """E exp(-2μZ) <= 1 - μ E Z for μ = 1/11, b = 1."""
    z = law_of_z(law, Fraction(1))
    with mp.workdps(40):
        left = mp.fsum(real(p) * mp.exp(-2 * real(v) / 11) for p, v, _ in z)
        assert (
            left <= 1 - real(sum(p * v for p, v, _ in z)) / 11 + mpf(10) ** -35
        )  # equal where f = f*


def real(fraction):
    return mpf(fraction.numerator) / fraction.denominator


def test_second_moment_is_attained():
    """At f* = b/3, f = -b, Y = ±b."""
    law = [(Fraction(-1), (Fraction(1), Fraction(-1)), (2, 1), 1)]
    z = law_of_z(law, Fraction(1))
    assert sum(p * v * v for p, v, _ in z) == moment_constant("second_moment", 1) * sum(
        p * v for p, v, _ in z
    )


def test_range_is_nearly_attained():
    """f = b everywhere; nearly always Y = -b, and rarely Y = b where its mean is near -b."""
    ys = (Fraction(1), Fraction(-1))
    z = law_of_z([(Fraction(1), ys, (0, 1), 999), (Fraction(1), ys, (1, 999), 1)], Fraction(1))
    mean, most = sum(p * v for p, v, _ in z), moment_constant("range", 1)
    assert Fraction(99, 100) * most < max(mean - v for _, v, _ in z) <= most


def test_how_sharp_the_exponent_is():
    """At that law the exponent 1/8 instead of 1/11 fails: no constant below 8
    comes from this argument."""
    z = law_of_z([(Fraction(-1), (Fraction(1), Fraction(-1)), (2, 1), 1)], Fraction(1))
    mean = float(sum(p * v for p, v, _ in z))

    def gap(mu):
        return sum(float(p) * np.exp(-2 * mu * float(v)) for p, v, _ in z) - (1 - mu * mean)

    assert gap(1 / 11) < -0.01
    assert gap(1 / 8) > 0.01


def test_neighbours():
    """|Z_f - Z_g| comes near 4bδ."""
    b, delta = Fraction(2), Fraction(1, 1000)
    y, f, g = -b, b, b - delta
    assert Fraction(999, 1000) * 4 * b * delta < abs((y - f) ** 2 - (y - g) ** 2) <= 4 * b * delta


# -- the whole inequality, simulated ---------------------------------------------------------------


def simulate(m, cells, amplitudes, truth, repetitions=4000, seed=0):
    """Y = ±1 with the mean f*(x) = truth, x uniform on the cells; the class: one of the
    amplitudes in each cell.

    Returns the means of ‖f̂-f*‖² for the minimiser f̂ of the empirical risk, and of max
    (r_g - 2p_g) over the class.
    """
    rng = np.random.default_rng(seed)
    x = rng.integers(cells, size=(repetitions, m))
    y = np.where(rng.random((repetitions, m)) < (1 + truth) / 2, 1.0, -1.0)
    values = np.array(amplitudes)
    risks, largest = np.zeros(repetitions), np.zeros(repetitions)
    for cell in range(cells):
        inside = x == cell
        count, total = inside.sum(1), (y * inside).sum(1)
        # Σ (y-v)² - (y-f*)² over the samples of the cell, for each value v
        z = (values**2 - truth**2) * count[:, None] - 2 * (values - truth) * total[:, None]
        r = (values - truth) ** 2 / cells
        risks += r[z.argmin(1)]
        largest += (r - 2 * z / m).max(1)
    return risks.mean(), largest.mean(), cells * np.log(len(values))


@pytest.mark.parametrize(
    ("m", "cells", "amplitudes", "truth"),
    [
        (40, 6, (-0.3, 0.3), 0.0),
        (200, 10, (-0.2, -0.1, 0.1, 0.2), 0.0),
        (100, 3, (-1.0, 0.0, 1.0), 0.4),
        (1000, 8, (-0.1, 0.1), 0.05),
        (30, 5, (-1.0, 1.0), -1 / 3),
    ],
)
def test_simulation(m, cells, amplitudes, truth):
    """Observed: with a finite class (delta = 0) the excess of the minimiser and the largest
    r - 2p are below the bounds."""
    excess, largest, log_n = simulate(m, cells, amplitudes, truth)
    best = min((a - truth) ** 2 for a in amplitudes)
    values = {
        "m": m,
        "log_n": Fraction(float(log_n)),
        "delta": 0,
        "comparator": Fraction(float(best)),
    }
    found = evaluate("oracle", values)
    assert excess <= float(found["oracle_sharp"].value.lower)
    assert largest <= float(found["estimation_sharp"].value.lower)
    assert found["oracle_sharp"].value.upper <= found["oracle"].value.lower


def test_the_bound_is_not_idle():
    """The mean of max (r - 2p) is more than log N/m in a simulation: the constant 11
    cannot be 1."""
    _, largest, log_n = simulate(40, 6, (-0.3, 0.3), 0.0)
    assert largest > log_n / 40


# -- what it rests on ------------------------------------------------------------------------------


def test_axioms():
    """Both inequalities are theorems that rest on nothing cited."""
    claims = collect(
        [PROOFS / name for name in ("learning/oracle.py", "foundations/textbook.py")]
    ).claims
    names = ("oracle.oracle_inequality", "oracle.sharper_oracle_inequality")
    rests = {e.claim.id: e for e in ledger(claims, names.__contains__)}
    for name in names:
        assert rests[name].axioms == ()


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"m": 0}, "m = 0; the admissible range is the integers m >= 1"),
        ({"b": 0}, "b = 0; the admissible range is b > 0"),
        ({"delta": -1}, "delta = -1; the admissible range is delta >= 0"),
        ({"log_n": "log(2)"}, "log_n = .*rational"),
        ({"n": 3}, "unknown parameter n; oracle takes d, b, m, delta, log_n, comparator, eps"),
    ],
)
def test_bad_input(values, message):
    with pytest.raises(BoundcheckError, match=message):
        evaluate("oracle", values)
