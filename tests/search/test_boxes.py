"""Branch and bound over batches of boxes: what is proved, and what is not."""

import pytest
from within import within

from boundcheck import Proved, inequality, prove
from boundcheck.search.boxes import boxes
from boundcheck.search.problem import Problem

INTERVAL = {"by": "interval"}


@pytest.mark.parametrize("limit_", [120, 300, 700])
def test_2026_11_22_a_batch_is_not_lost_at_the_limit_of_boxes(monkeypatch, limit_):
    monkeypatch.setattr(boxes, "MAX_BOXES", limit_)
    false = inequality(
        "Abs(exp(3*x-1)-1)+Abs(sin(7*y-1)) > 0", on="x in [-1,1], y in [0,1]"
    )  # 0 at (1/3, 1/7)
    assert not isinstance(within(5, boxes.subdivide, Problem(false)), Proved)


def test_2026_11_22_an_unfinished_tree_proves_nothing(monkeypatch):
    """Every node of the tree has to be cut or to have its reason."""
    monkeypatch.setattr(boxes, "_mark", lambda *_: None)
    true = inequality("exp(x)*exp(y) >= x", on="x in [0,1], y in [0,1]")
    assert not isinstance(within(2, boxes.subdivide, Problem(true)), Proved)


def test_2026_11_22_what_the_search_says_of_domains_is_checked(monkeypatch):
    """Branch and bound evaluates loosely only where the checker, not the search, has
    seen that all is defined."""
    for claimed in ({}, {"x": {"option": 0, "proof": INTERVAL}}):
        monkeypatch.setattr(boxes, "definedness", lambda search, goal, claimed=claimed: claimed)
        for text in ("exp(x*y) + 0*log(x) + 5 >= 0", "exp(x*y) + x/x + 5 >= 0"):
            undefined = inequality(text, on="x in [-1,1], y in [0,1]")
            assert not isinstance(within(1, boxes.subdivide, Problem(undefined)), Proved)


def test_2026_11_30_a_search_that_is_stuck_says_why():
    verdict = prove("0 >= 1", "x in [-1,1]", given="log(x - 3) > 5", budget=2)
    assert "a box as small as doubles allow is not decided" in verdict.reason
