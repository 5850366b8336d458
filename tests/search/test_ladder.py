"""Each tactic alone: without the samples that refute a false statement before."""

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from oracle import holds
from strategies import rationals, terms
from users import Step
from within import within

from boundcheck import Box, Proved, fails, inequality, prove, symbols
from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.exact.terms.box import conditions
from boundcheck.exact.terms.parser import parse_relation
from boundcheck.exact.terms.term import Relation
from boundcheck.search.boxes import boxes
from boundcheck.search.calculus.tools import taylor
from boundcheck.search.cells import exactly as families
from boundcheck.search.problem import Problem

SIGNS = st.sampled_from(["<", "<=", ">", ">=", "=="])
a, n, x, y = symbols("a n x y")
FALSE = [
    ("x**3 >= 0", "x in (-oo,oo)", ""),
    ("x**3 <= 0", "x in (-oo,oo)", ""),
    ("x < 1", "x in [0,1]", ""),
    ("x > 0", "x in [0,1]", ""),
    ("Abs(x) <= 1", "x in [-2,1]", ""),
    ("Abs(x) <= 1", "x in [-1,2]", ""),
    ("Max(x, y) <= 1", "x in [0,1], y in [0,2]", ""),
    ("Max(x, y) <= 1", "x in [0,2], y in [0,1]", ""),
    ("y*Abs(x) <= y", "x in [-2,1], y in [0,1]", ""),
    ("y*Abs(x) >= -1", "x in [0,1], y in [-2,1]", ""),
    ("x*(x-1)**2 >= 0", "x in [-1,1]", ""),
    ("(x-1)**2 > 0", "x in [0,2]", ""),
    ("x**2 - 2*x*y + y**2 > 0", "x in [0,1], y in [0,1]", ""),
    ("x <= y", "x in [0,1], y in [0,1]", ""),
    ("x + y <= 1", "x in [0,1], y in [0,1]", "x <= y"),
    ("signrelu(x) >= 0", "x in [-1,1]", ""),
    ("signrelu(x) <= 0", "x in [-1,1]", ""),
    ("relu(x) == x", "x in [-1,1]", ""),
    ("Abs(x) == x", "x in [-1,1]", ""),
    ("x == y", "x in [0,1], y in [0,1]", ""),
    ("1/x > 0", "x in [0,1]", ""),
    ("1/x >= 1", "x in [-1,1]", "x <= 1/2"),
    ("x/x == 1", "x in [0,1]", ""),
    ("log(x) == log(x)", "x in [0,1]", ""),
    ("sqrt(x) >= 0", "x in [-1,1]", ""),
    ("b <= 1", "", "a >= 0, a*b >= 0, a + b <= 2"),
    ("a*b >= 0", "", "a + b >= 0"),
    ("x >= 1", "", "x**2 >= 1"),
    ("x <= 1", "", "x**2 <= 2"),
    ("x >= 0", "", "x**2 == 1"),
]


@pytest.mark.parametrize("tactic", [families.exactly, boxes.subdivide])
@pytest.mark.parametrize(("text", "on", "given_"), FALSE)
def test_no_tactic_alone_proves_a_falsehood(tactic, text, on, given_):
    relation = parse_relation(text)
    statement = Comparison(relation, Box.of(on), conditions(given_))
    verdict = within(0.5, tactic, Problem(statement))
    assert not isinstance(verdict, Proved)


@given(
    terms(max_leaves=6),
    terms(max_leaves=3),
    SIGNS,
    rationals(4),
    rationals(4),
    rationals(4),
    rationals(4),
)
def test_no_tactic_alone_contradicts_an_evaluation(left, right, op, p, q, r, s):
    box = Box(x=(min(p, q), max(p, q)), y=(min(r, s), max(r, s)))
    relation = Relation(left, op, right)
    points = [
        {"x": u, "y": v} for u in (p, q, (p + q) / 2, (p + 2 * q) / 3) for v in (r, s, (r + s) / 2)
    ]
    if all(holds(relation, point) is True for point in points):
        return
    for tactic in (families.exactly, boxes.subdivide):
        assert not isinstance(within(0.3, tactic, Problem(Comparison(relation, box))), Proved)


def test_a_jump_is_not_overlooked():
    step = inequality(Step()(x), ">=", 1, on="x in (-oo, 0]")
    for tactic in (families.exactly, boxes.subdivide):
        assert not isinstance(within(0.5, tactic, Problem(step)), Proved)


def test_a_witness_outside_the_box_shows_nothing():
    assert prove(fails(inequality(x, "<=", 1, on="x in [0,1]"), at={x: 2})).name == "refuted"
    assert prove(fails(inequality(x, "<=", 1, on="x in [0,3]"), at={x: 2})).name == "proved"
    assert (
        prove(fails(inequality(x, "<=", 1, on="x in [0,3]", given="x <= 1"), at={x: 2})).name
        == "refuted"
    )


def test_2026_11_30_balls_that_lie_prove_nothing(monkeypatch):
    """The checker replays the boxes."""
    monkeypatch.setattr(boxes, "_by_balls", lambda *_: ("i", 1, Enclosure(fmpq(0), None)))
    assert not isinstance(prove("x*y >= 5", "x in [-3,3], y in [-3,3]"), Proved)


def test_2026_11_30_taylor_forms_that_lie_prove_nothing(monkeypatch):
    hull = {"x": ["-3", "3"]}
    proof = {"by": "boxes", "hull": hull, "bits": 64, "order": 12, "tree": "t"}
    lie = {**proof, "defined": "leaf by leaf"}
    monkeypatch.setattr(taylor, "taylor_tree", lambda *_, **__: taylor.Boxes(lie, fmpq(0), 1))
    assert not isinstance(prove("exp(x) >= 5", "x in [-3,3]"), Proved)
