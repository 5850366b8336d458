"""Tables of the shallow theorem beside its construction: the numbers by other means."""

from itertools import pairwise

import mpmath
import numpy as np
import pytest
from flint import fmpq
from sampled_marginals import l2_error
from tables_read import ends_of, json_of

from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.pole_networks import certified, rational_approximation
from boundcheck.constructions.stratified import stratified
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.norms.supremum import NotReached
from boundcheck.report.tables import comparisons_table as comparisons
from boundcheck.report.tables.registry import table


def _variation(marginal, R):
    """For d = 1, V = ∫ |f''| over [-R, R]."""
    s2 = float(marginal.variance.p) / float(marginal.variance.q)
    x = np.linspace(-R, R, 200_001)
    points = [float(u.payload.p) / float(u.payload.q) for (u,) in marginal.points]
    masses = [float(m.payload.p) / float(m.payload.q) for m in marginal.masses]
    second = sum(
        m * ((x - u) ** 2 / s2 - 1) / s2 * np.exp(-((x - u) ** 2) / (2 * s2))
        for u, m in zip(points, masses, strict=True)
    )
    return np.trapezoid(np.abs(second), x)


SETTINGS = ["atoms=0;1/2,masses=1;-1/3", "R=3/2,seed=3"]
MEASURE = Marginal.of(["0", "1/2"], ["1", "-1/3"], sigma="1/2")


def test_shallow_in_one_variable():
    found = json_of(table("shallow", [*SETTINGS, "k=8;2;4"]))
    rows = found["rows"]
    V = _variation(MEASURE, 1.5)
    assert [r["k"] for r in rows] == [2, 4, 8]
    for r in rows:
        bound = float(r["bound"])
        exact = V * 1.5 / (8 * 3**0.5) / r["k"] ** 2  # X_1 = 1
        assert exact * 0.999 <= bound <= exact * 1.03  # V is enclosed to 2 %
        built = stratified(MEASURE, "3/2", r["k"], seed=3)
        assert (r["neurons"], r["N(k)"]) == (built.neurons, 6 * r["k"] + 3)
        low, high = ends_of(r["L2 error"])
        assert low * 0.999 <= l2_error(built.network, MEASURE, 1.5) <= high * 1.001
        assert high <= bound
        assert ends_of(r["bound / error"]) == pytest.approx((bound / high, bound / low), rel=2e-3)
    (exponent,) = [c for c in rows[0] if c.startswith("exponent")]
    assert exponent == "exponent (theorem: -2)"
    assert rows[0][exponent] == ""
    for one, two in pairwise(rows):
        low, high = ends_of(two[exponent])
        (a, b), (c, d) = ends_of(one["L2 error"]), ends_of(two["L2 error"])
        steps = np.log(two["neurons"] / one["neurons"])
        assert low <= np.log((c + d) / (a + b)) / steps <= high
        assert high - low < 0.1
    assert "observed" in " ".join(found["notes"])


def test_shallow_in_two_variables():
    rows = json_of(table("shallow", ["d=2,sigma=1,k=2;3"]))["rows"]
    assert "exponent (theorem: -5/4)" in rows[0]
    c_sharp = ((4 + 4 / 3) ** 2 + 64 / 45) ** 0.375 / (8 * 6**0.5)
    for one, two in pairwise(rows):
        assert float(one["bound"]) / float(two["bound"]) == pytest.approx(1.5**2.5, rel=1e-3)
        assert ends_of(two["L2 error"])[1] < float(two["bound"])
        assert (
            2 < float(one["bound"]) / (c_sharp * 2**-2.5) < 2 * (2 + 8 / np.pi)
        )  # V <= 2R(d + 2d(d-1)/π)/σ²


def test_a_small_scale_costs_what_the_bound_says():
    """With M = 10 the network errs by more, and the bound has 3V/M."""
    (row,) = json_of(table("shallow", ["k=16,M=10"]))["rows"]
    V = _variation(Marginal.of([0], [1], sigma="1/2"), 1.0)
    bound = V / (8 * 3**0.5 * 256) + 3 * V / 10
    assert bound * 0.999 <= float(row["bound"]) <= bound * 1.03
    assert 1e-2 < ends_of(row["L2 error"])[0] < bound


def arb_of(q):
    return mpmath.mpf(int(q.p)) / int(q.q)


def test_equal_numbers_of_neurons():
    rows = json_of(table("better", [*SETTINGS, "n=20;9"]))["rows"]
    V = _variation(MEASURE, 1.5)
    assert [r["n"] for r in rows] == [9, 20]
    for r in rows:
        n, k = r["n"], r["theorem, k"]
        assert 6 * k + 3 <= n < 6 * (k + 1) + 3
        exact = V * 1.5 / (8 * 3**0.5) / k**2
        assert exact * 0.999 <= float(r["theorem, L2"]) <= exact * 1.03
        built = stratified(MEASURE, "3/2", r["construction, k"], seed=3)
        assert built.k >= k
        assert built.neurons <= n < stratified(MEASURE, "3/2", built.k + 1, seed=3).neurons
        low, high = ends_of(r["construction, L2"])
        assert low * 0.999 <= l2_error(built.network, MEASURE, 1.5) <= high * 1.001
        sup = certified(rational_approximation(MEASURE, "3/2", n))
        low, high = ends_of(r["poles, sup"])
        assert low <= float(arb_of(sup.upper)) <= high
        assert ends_of(r["poles, L2"])[1] < low
        assert high < ends_of(r["construction, L2"])[0]
        assert float(r["poles in float64, sup, observed"]) > low * 0.99
        assert float(r["largest coefficient"]) > 1


def test_the_closed_form_where_it_is_the_better_bound(monkeypatch):
    """V was said to lie in [..., 4.86], and the bound was made of that, although
    V <= 4 exp(-1/2)/σ = 4.8522..."""
    monkeypatch.setattr(
        comparisons, "total_variation", lambda *_, **__: Enclosure(fmpq(3), fmpq(486, 100))
    )
    found = table("shallow", ["k=1"])
    assert "lies in [3, 4.852245278]; the closed form bounds it by 4.853." in found.notes[0]
    (row,) = json_of(found)["rows"]
    assert 8 * np.exp(-0.5) / (8 * 3**0.5) <= float(row["bound"]) < 4.854 / (8 * 3**0.5)


def test_the_closed_form_where_nothing_else_is_known(monkeypatch):
    """An enclosure without an upper end was an AssertionError."""

    def spent(*_, **__):
        raise NotReached("spent", Enclosure(fmpq(0), None))

    monkeypatch.setattr(comparisons, "total_variation", spent)
    assert "lies in [0, 4.852245278]" in table("shallow", ["k=1"]).notes[0]


def test_what_is_known_is_shown_where_the_time_does_not_suffice(monkeypatch):
    def spent(*_, **__):
        raise NotReached("spent", Enclosure(fmpq(0), None))

    monkeypatch.setattr(comparisons, "lp_norm", spent)
    rows = json_of(table("shallow", ["k=1;2"]))["rows"]
    for r in rows:
        assert r["L2 error"] == {"lower": "0", "upper": "oo"}
        assert r["bound / error"] == {"lower": "0", "upper": "oo"}
        assert r["exponent (theorem: -2)"] == ""


def test_the_exponent_is_enclosed():
    one, two = Enclosure(fmpq(9, 10), fmpq(11, 10)), Enclosure(fmpq(1, 5), fmpq(1, 4))
    found = comparisons._slope([(10, one), (20, two)])
    assert float(arb_of(found.lower)) == pytest.approx(np.log(0.2 / 1.1) / np.log(2))
    assert float(arb_of(found.upper)) == pytest.approx(np.log(0.25 / 0.9) / np.log(2))
    assert comparisons._slope([(10, one), (10, two)]) == ""
    assert comparisons._slope([(10, one), (20, Enclosure(fmpq(0), fmpq(1)))]) == ""
