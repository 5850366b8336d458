"""Questions that are asked again cost what they cost, so that no verdict depends on the order."""

from contextlib import suppress

import pytest

from boundcheck import inequality
from boundcheck.exact.terms.work import OutOfBudget, at_most
from boundcheck.theorems.engine.questions import answered

ASKED = inequality("x**2*y + y**2*z + z**2*x <= x**3 + y**3 + z**3", given="x >= 0, y >= 0, z >= 0")


def test_an_answer_that_is_kept_costs_its_work():
    spent = []
    for _ in range(3):
        with at_most(1000) as scope:
            assert answered(ASKED, 10).name == "proved"
        spent.append(scope.spent)
    assert spent[0] > 0
    assert spent[1] == pytest.approx(spent[0], rel=0.01)
    assert spent[2] == pytest.approx(spent[1], rel=1e-12)


def test_nothing_is_kept_from_a_smaller_budget():
    other = inequality("x**4 + 1 >= x", on="x in (-oo,oo)")
    with at_most(1e-9), suppress(OutOfBudget):
        assert answered(other, 10).name == "undecided"
    assert answered(other, 10).name == "proved"
