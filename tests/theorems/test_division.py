"""proofs/networks/division.py, proofs/networks/networks.py: what they say, larger domains, other
sizes, numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opened_proofs import proof_file, shown

from boundcheck.math import Abs
from boundcheck.theorems.author.layers import behind
from boundcheck.theorems.engine.context import StepFailed

SIZE = "depth(N) == depth(A) + {} and width(N) == Max(width(A), {})"
BEHIND = {
    "reciprocal_behind": (
        {"c > 0"},
        (1, 1),
        "value(A, 0, x) >= c implies value(N, 0, x) == 1/value(A, 0, x)",
    ),
    "square_behind": (
        {"Y >= 0"},
        (2, 2),
        "Abs(value(A, 0, x)) <= Y implies value(N, 0, x) == value(A, 0, x)**2",
    ),
    "product_behind": (
        {"Y >= 0", "Z >= 0"},
        (2, 4),
        "Abs(value(A, 0, x)) <= Y implies Abs(value(A, 1, x)) <= Z implies "
        "value(N, 0, x) == value(A, 0, x)*value(A, 1, x)",
    ),
    "division_behind": (
        {"c > 0", "c <= C", "B >= 0"},
        (2, 4),
        "c <= value(A, 0, x) implies value(A, 0, x) <= C implies Abs(value(A, 1, x)) <= B implies "
        "value(N, 0, x) == value(A, 1, x)/value(A, 0, x)",
    ),
}
ALONE = {
    "reciprocal_gate": ("x(0) >= c implies value(N, 0, x) == 1/x(0)", 1, 1),
    "square_gate": ("Abs(x(0)) <= Y implies value(N, 0, x) == x(0)**2", 2, 2),
    "product_gate": (
        "Abs(x(0)) <= Y implies Abs(x(1)) <= Z implies value(N, 0, x) == x(0)*x(1)",
        2,
        4,
    ),
    "division_gate": (
        "c <= x(0) implies x(0) <= C implies Abs(x(1)) <= B implies value(N, 0, x) == x(1)/x(0)",
        2,
        4,
    ),
}


@pytest.fixture
def division():
    return proof_file("division")


@pytest.mark.parametrize("name", BEHIND)
def test_gates_behind_networks(division, name):
    hypotheses, (layers, most), says = BEHIND[name]
    found = shown(getattr(division, name))
    assert set(found.hypotheses) == hypotheses
    assert found.conclusion == (
        f"there is N : Network(signrelu). {SIZE.format(layers, most)} and "
        f"for all x : Seq(Real). {says}"
    )
    assert not found.unused
    assert not found.axioms


@pytest.mark.parametrize("name", ALONE)
def test_gates_of_their_own(division, name):
    says, layers, most = ALONE[name]
    found = shown(getattr(division, name))
    assert set(found.hypotheses) == BEHIND[name.replace("gate", "behind")][0]
    assert found.conclusion == (
        f"there is N : Network(signrelu). depth(N) == {layers} and width(N) == {most} and "
        f"for all x : Seq(Real). {says}"
    )


SMALLER = Fraction(99, 100)
LARGER = {
    "reciprocal_behind": [("half_line", lambda c, y: [y >= c * SMALLER])],
    "square_behind": [("interval", lambda Y, y: [Abs(y) <= Y + 2])],
    "product_behind": [
        ("centred", lambda Y, Z, y, z: [Abs(y) <= Y + 3, Abs(z) <= Z]),
        ("centred", lambda Y, Z, y, z: [Abs(y) <= Y, Abs(z) <= Z + 3]),
    ],
    "division_behind": [
        ("rectangle", lambda c, C, B, y, z: [c * SMALLER <= y, y <= C, Abs(z) <= B]),
        ("rectangle", lambda c, C, B, y, z: [c <= y, y <= C + 2, Abs(z) <= B]),
        ("rectangle", lambda c, C, B, y, z: [c <= y, y <= C, Abs(z) <= B * 2]),
    ],
}


@pytest.mark.parametrize(
    ("name", "domain", "larger"),
    [(name, *case) for name, cases in LARGER.items() for case in cases],
)
def test_larger_domains_are_not_proved(division, monkeypatch, name, domain, larger):
    monkeypatch.setattr(division, domain, larger)
    with pytest.raises(StepFailed):
        shown(getattr(division, name))


@pytest.mark.parametrize("change", [(-1, 0), (1, 0), (0, -1), (0, 1)])
@pytest.mark.parametrize("name", BEHIND)
def test_other_sizes_are_not_proved(division, monkeypatch, name, change):
    monkeypatch.setattr(
        division,
        "behind",
        lambda N, A, layers, most: behind(N, A, layers + change[0], most + change[1]),
    )
    with pytest.raises(StepFailed):
        shown(getattr(division, name))


def test_padded():
    found = shown(proof_file("networks").padded)
    assert found.hypotheses == ("depth(A) >= 1",)
    assert found.conclusion == (
        "for all n : Nat. there is N : Network(signrelu). "
        "depth(N) == depth(A) + n and width(N) == width(A) and "
        "for all i : Nat, x : Seq(Real). value(N, i, x) == value(A, i, x)"
    )


# -- the formulas of the proofs, by numbers --------------------------------------------------------


def rho(t):
    return t if t >= 0 else t / (1 - t)


def inverse(k, u):
    return (1 + rho(1 - u / k)) / k


positive = st.fractions(Fraction(1, 8), 4, max_denominator=8)
part = st.fractions(0, 1, max_denominator=8)
signed = st.fractions(-1, 1, max_denominator=8)


@given(c=positive, more=positive, B=positive, at=part, height=signed)
def test_division_by_numbers(c, more, B, at, height):
    C = c + more
    y, z, s = c + at * more, B * height, B + C + 1
    k = c / ((s + B) * (s + B + c))
    first = inverse(k, inverse(1, s + z) - inverse(1, s + z + y))
    second = inverse(k, inverse(1, s - z - y) - inverse(1, s - z))
    assert (first - second) / (4 * s) - Fraction(1, 2) == z / y


@given(Y=positive, Z=positive, left=signed, right=signed)
def test_product_by_numbers(Y, Z, left, right):
    y, z, s = Y * left, Z * right, (Y + Z) / 2 + 1

    def S(w):
        return 2 * s * inverse(2 / s, inverse(1, s + w) + inverse(1, s - w))

    assert S((y - z) / 2) - S((y + z) / 2) == y * z
    s = Y + 1
    assert s**2 - S(y) == y**2
