"""Which division gate to run in floating point."""

import numpy as np
import pytest
from flint import fmpq

from boundcheck import Box, identity, prove
from boundcheck.claims.verdict import Proved
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import symbol
from boundcheck.torchnet.division import recommend_gate, scaled_textbook

# -- the division gates ----------------------------------------------------------------------------


def test_the_trade_between_the_division_gates():
    found = [recommend_gate(fmpq(1, 4**k), 1, 1, "float32") for k in (1, 3, 5)]
    compact, textbook, scaled = ([f.candidates[i].bound for f in found] for i in range(3))
    for k in (1, 2):  # c is 16 times smaller: 1/c² against 1/c
        assert 200 < compact[k] / compact[k - 1] < 400
        assert 8 < scaled[k] / scaled[k - 1] < 32
    assert all(s < t < c for s, t, c in zip(scaled, textbook, compact))
    assert {f.recommended.name for f in found} == {"scaled textbook"}
    assert found[0].reason == "the smallest bound"


def test_an_allowance_for_the_smaller_gate():
    free = recommend_gate("1/4", 1, 1, "float32", at_most="1/1000")
    assert (free.recommended.name, free.reason) == (
        "compact",
        "the fewest neurons within the allowance",
    )
    tight = recommend_gate("1/4", 1, 1, "float32", at_most="1e-9")
    assert tight.recommended.name == "scaled textbook"
    assert tight.reason == "the smallest bound; none is within the allowance"
    assert np.prod(free.recommended.network.widths) == 8


def test_recommendations_refuse():
    with pytest.raises(BoundcheckError, match="it must be positive"):
        recommend_gate(0, 1, 1, "float32")
    with pytest.raises(
        BoundcheckError, match="no division gate has a round-off bound: .*; use a wider dtype"
    ):
        recommend_gate("1e-6", 1, 1, "float16")
    with pytest.raises(BoundcheckError, match="c is -1; it must be positive"):
        scaled_textbook(-1, 1, 1)


@pytest.mark.parametrize(("c", "C", "B"), [("1/10", 1, 1), ("1/3", "1/3", 0), (2, 5, "1/4")])
def test_the_scaled_gate_divides(c, C, B):
    x, y = symbol("x"), symbol("y")
    gate = scaled_textbook(c, C, B)
    assert gate.widths == (2, 4, 2)
    verdict = prove(identity(gate(x, y), y / x, on=Box(x=(c, C), y=(-rational(B), B))))
    assert isinstance(verdict, Proved)
