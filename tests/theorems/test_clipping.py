"""proofs/networks/clipping.py: what its theorems say, a smaller defect, other sizes."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opened_proofs import proof_file, shown

from boundcheck.theorems.author.layers import behind
from boundcheck.theorems.engine.context import StepFailed


def clip(c, C, y):
    low = f"({c})" if c.startswith("-") else c
    return f"{c} + signrelu(M*({y} - {low}))/M - signrelu(M*({y} - {C}))/M"


@pytest.fixture
def clipping():
    return proof_file("clipping")


def test_clip_is_almost_hard(clipping):
    found = shown(clipping.clip_is_almost_hard)
    soft, hard = clip("c", "C", "y"), "Min(C, Max(c, y))"
    assert set(found.hypotheses) == {"c < C", "M > 0"}
    assert found.conclusion == (
        f"for all y : Real. {hard} <= {soft} and {soft} <= {hard} + (C - c)/(1 + M*(C - c)) and "
        f"c < {soft} and {soft} <= C"
    )


@pytest.mark.parametrize(
    "smaller",
    [
        lambda c, C, M: (C - c) / (1 + M * (C - c)) * "999/1000",
        lambda c, C, M: (C - c) / ("1001/1000" + M * (C - c)),
        lambda c, C, M: (C - c) / (1 + "1001/1000" * M * (C - c)),
    ],
)
def test_a_smaller_defect_is_not_proved(clipping, monkeypatch, smaller):
    monkeypatch.setattr(clipping, "defect", smaller)
    with pytest.raises(StepFailed):
        shown(clipping.clip_is_almost_hard)


def test_a_larger_defect_is_proved(clipping, monkeypatch):
    monkeypatch.setattr(clipping, "defect", lambda c, C, M: 1 / M)
    assert "+ 1/M and" in shown(clipping.clip_is_almost_hard).conclusion


def test_clips_behind(clipping):
    found = shown(clipping.clips_behind)
    assert found.hypotheses == ("M > 0",)
    assert found.conclusion == (
        "there is N : Network(signrelu). depth(N) == depth(A) + 1 and "
        "width(N) == Max(width(A), 4) and "
        f"(for all x : Seq(Real). value(N, 0, x) == {clip('a', 'b', 'value(A, 0, x)')}) and "
        f"for all x : Seq(Real). value(N, 1, x) == {clip('c', 'C', 'value(A, 1, x)')}"
    )


def test_clip_gate(clipping):
    assert shown(clipping.clip_gate).conclusion == (
        "there is N : Network(signrelu). depth(N) == 1 and width(N) == 2 and "
        f"for all x : Seq(Real). value(N, 0, x) == {clip('c', 'C', 'x(0)')}"
    )


def test_ratio_behind(clipping):
    found = shown(clipping.ratio_behind)
    assert set(found.hypotheses) == {"b > 0", "c > 0", "c < C", "M > 0"}
    above = clip("-(b*C)", "b*C", "value(A, 1, x)")
    below = clip("c", "C", "value(A, 0, x)")
    assert found.conclusion == (
        "there is N : Network(signrelu). depth(N) == depth(A) + 4 and "
        "width(N) == Max(width(A), 4) and "
        f"for all x : Seq(Real). value(N, 0, x) == {clip('-b', 'b', f'({above})/({below})')}"
    )


@pytest.mark.parametrize("name", ["clip_behind", "clips_behind", "ratio_behind"])
@pytest.mark.parametrize("change", [(-1, 0), (1, 0), (0, -1), (0, 1)])
def test_other_sizes_are_not_proved(clipping, monkeypatch, name, change):
    monkeypatch.setattr(
        clipping,
        "behind",
        lambda N, A, layers, most: behind(N, A, layers + change[0], most + change[1]),
    )
    with pytest.raises(StepFailed):
        shown(getattr(clipping, name))


numbers = st.fractions(-3, 3, max_denominator=8)
positive = st.fractions(Fraction(1, 8), 4, max_denominator=8)


@given(c=numbers, more=positive, M=positive, y=numbers)
def test_clip_by_numbers(c, more, M, y):
    def rho(t):
        return t if t >= 0 else t / (1 - t)

    C = c + more
    soft = c + rho(M * (y - c)) / M - rho(M * (y - C)) / M
    hard = min(C, max(c, y))
    assert hard <= soft <= hard + (C - c) / (1 + M * (C - c))
    assert c < soft <= C
