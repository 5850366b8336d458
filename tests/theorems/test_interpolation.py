"""proofs/networks/interpolation.py: what its theorems say, that no constant may be smaller, and
networks."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opened_proofs import proof_file, shown

from boundcheck.theorems.engine.context import StepFailed

fractions = st.fractions(-4, 4, max_denominator=8)
positive = st.fractions(Fraction(1, 8), 4, max_denominator=8)

LIPSCHITZ = (
    "for all u, v : Real. a <= u implies u <= b implies a <= v implies v <= b "
    "implies Abs(f(u) - f(v)) <= L*Abs(u - v)"
)


@pytest.fixture
def interpolation():
    return proof_file("interpolation")


def test_lipschitz_interpolation(interpolation):
    found = shown(interpolation.lipschitz_interpolation)
    assert set(found.hypotheses) == {"a < b", "L >= 0", "eps > 0", LIPSCHITZ}
    assert found.conclusion == (
        "there is N : Network(relu). depth(N) == 1 and width(N) == natceil(L*(b - a)/(2*eps)) and "
        "for all x : Seq(Real). a <= x(0) implies x(0) <= b implies "
        "Abs(value(N, 0, x) - f(x(0))) <= eps"
    )
    assert not found.axioms
    assert not found.unused


def test_piecewise_linear_network(interpolation):
    found = shown(interpolation.piecewise_linear_network)
    assert found.hypotheses == ("h > 0",)
    assert found.conclusion == (
        "there is N : Network(relu). depth(N) == 1 and width(N) == K and "
        "for all k : Nat, x : Seq(Real). k + 1 <= K implies a + k*h <= x(0) implies "
        "x(0) <= a + (k + 1)*h implies "
        "value(N, 0, x) == y(k) + (y(k + 1) - y(k))*(x(0) - (a + k*h))/h"
    )


def test_fewer_neurons_are_not_proved(interpolation, monkeypatch):
    monkeypatch.setattr(
        interpolation, "pieces", lambda L, a, b, eps: L * (b - a) / ("201/100" * eps)
    )
    with pytest.raises(StepFailed):
        shown(interpolation.lipschitz_interpolation)


def test_more_neurons_are(interpolation, monkeypatch):
    monkeypatch.setattr(interpolation, "pieces", lambda L, a, b, eps: L * (b - a) / eps)
    assert "natceil(L*(b - a)/eps)" in shown(interpolation.lipschitz_interpolation).conclusion


def test_a_smaller_error_is_not_proved(interpolation, monkeypatch):
    monkeypatch.setattr(interpolation, "largest_error", lambda L, h: L * h * "499/1000")
    with pytest.raises(StepFailed):
        shown(interpolation.chord_error)


@pytest.mark.parametrize("factor", [1, 3])
def test_other_changes_of_slope_do_not_interpolate(interpolation, monkeypatch, factor):
    monkeypatch.setattr(
        interpolation,
        "change_of_slope",
        lambda y, h, j: (y(j) - factor * y(j - 1) + y(interpolation.Max(0, j - 2))) / h,
    )
    with pytest.raises(StepFailed):
        shown(interpolation.sum_of_changes_of_slope)


def network(y, a, h, neurons, x):
    """The sum that the proof makes, by numbers."""
    total = y(0)
    for j in range(1, neurons + 1):
        change = (y(j) - 2 * y(j - 1) + y(max(0, j - 2))) / h
        total += change * max(x - (a + (j - 1) * h), 0)
    return total


@given(
    values=st.lists(fractions, min_size=2, max_size=6),
    a=fractions,
    h=positive,
    place=st.fractions(0, 1, max_denominator=8),
    data=st.data(),
)
def test_the_sum_interpolates(values, a, h, place, data):
    k = data.draw(st.integers(0, len(values) - 2))
    x = a + (k + place) * h
    on_line = values[k] + (values[k + 1] - values[k]) * place
    assert network(values.__getitem__, a, h, len(values) - 1, x) == on_line


@given(
    L=st.fractions(0, 4, max_denominator=4),
    a=fractions,
    length=positive,
    eps=positive,
    centre=fractions,
    place=st.fractions(0, 1, max_denominator=16),
)
def test_networks_are_close(L, a, length, eps, centre, place):
    """f = L|x - centre| is L-Lipschitz."""

    def f(x):
        return L * abs(x - centre)

    neurons = ceil(L * length / (2 * eps))
    x = a + place * length
    if neurons == 0:
        assert abs(f(a) - f(x)) <= eps
        return
    h = length / neurons
    assert abs(network(lambda j: f(a + j * h), a, h, neurons, x) - f(x)) <= eps
