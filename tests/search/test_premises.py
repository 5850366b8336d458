"""How hypotheses are chosen, used up and combined: guesses, of which the checker accepts proofs."""

import random

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from within import within

from boundcheck import Box, Proved, Undecided, prove
from boundcheck.checking.checker import Checker
from boundcheck.checking.goals import goal_of
from boundcheck.claims.comparison import stated
from boundcheck.enclosure.intervals.rational_points import holds
from boundcheck.search import fewer
from boundcheck.search.points.repair import repaired
from boundcheck.search.premises import farkas
from boundcheck.search.premises.connected import Parts, place_in
from boundcheck.search.premises.equations import without_equations
from boundcheck.search.premises.relevance import needed
from boundcheck.search.premises.simplex import combination
from boundcheck.search.problem import Problem

ALL = ", ".join(f"{n} in (-oo,oo)" for n in "abcdefghpqrstuvwxyz")


def statement(text, *given_, on=ALL):
    return stated(text, on, list(given_))


# -- what has to do with the relation --------------------------------------------------------------


def test_hypotheses_without_a_common_variable_are_left_out():
    s = statement("x <= y", "x <= z", "z <= y", "a >= b", "b**2 <= c", "d >= 0", "d == 7")
    simpler = Parts(s).reduction()
    assert simpler.statement.text() == (
        "x <= y, on x in (-oo, oo), y in (-oo, oo), z in (-oo, oo), given x <= z, z <= y"
    )


def test_a_variable_that_is_defined_connects_nothing():
    s = statement("x <= y", "x <= y", "z == x + a", "b >= z**2", "c < b - x", "d == log(x)")
    simpler = Parts(s).reduction()
    assert simpler.statement.given == s.given[:1] + s.given[4:]  # log(x) says that x > 0
    lifted = simpler.lift({"x": fmpq(1), "y": fmpq(2), "d": fmpq(0)})
    assert all(holds(h, lifted) for h in s.given)


def test_an_end_that_mentions_a_variable_connects():
    s = stated("x >= 0", "x in [a,b], a in [0,1], b in [2,c], c in (-oo,oo), d in [c,3]", "d >= p")
    assert Parts(s).reduction().statement.names == ("x", "a", "b", "c", "d")


def test_nothing_is_left_out_where_all_is_connected():
    assert Parts(statement("x <= y", "x <= z", "z <= y", on=None)).reduction() is None


# -- equations -------------------------------------------------------------------------------------

USED_UP = [
    ("x >= 1", ["x == y**2 + 1"], "y**2 + 1 >= 1"),
    ("x >= 1", ["y**2 + 1 == x"], "y**2 + 1 >= 1"),
    ("x <= 1", ["y == x", "y == z", "z <= a"], "x <= 1"),
    ("x <= 1", ["2*x + 3*y == 6"], "-(3/2*y) + 3 <= 1"),
    ("f <= 1", ["p*f == exp(f*p)", "p >= 1", "y*(f - p) == exp(p)"], "f <= 1"),
    ("f <= 1", ["p*f == p**2", "p >= 1"], "-(-p**2/p) <= 1"),
    ("x <= 1", ["x == 2", "x == y"], "2 <= 1"),
]


@pytest.mark.parametrize(("text", "given_", "relation"), USED_UP)
def test_equations_are_used_up(text, given_, relation):
    simpler = without_equations(statement(text, *given_))
    found = statement(text) if simpler is None else simpler.statement
    assert str(goal_of(found).relation) == str(goal_of(statement(relation)).relation)
    if "exp(f*p)" not in str(given_):
        assert not [h for h in found.given if h.op == "==" and h.free]


@pytest.mark.parametrize(
    "equation",
    ["x == x**2", "x**2 + y**2 == 1", "p*f == s", "x == 1/y", "x == log(y)", "x == sqrt(x)",
     "exp(x) == y*exp(y)"],
)  # fmt: skip
def test_other_equations_stay(equation):
    """Where v is on both sides, or what replaces it may have no value, or be divided by zero."""
    s = statement("x*f <= 1 + y*s*p", equation)
    simpler = without_equations(s)
    if equation == "p*f == s":  # s is p*f; f is not s/p
        assert simpler.statement.text().startswith("x*f <= 1 + y*(p*f)*p, ")
    else:
        assert simpler is None


def test_a_chain_is_followed_to_its_end_and_back():
    s = statement("f >= 0", "f == e + 1", "e == d*2", "d == c - 1", "c == b**2", "b == a + 1")
    simpler = without_equations(s)
    assert simpler.statement.text().startswith("((a + 1)**2 - 1)*2 + 1 >= 0")
    point = simpler.lift({n: fmpq(2) for n in simpler.statement.names})
    assert all(holds(h, point) for h in s.given)
    assert point["f"] == 17


# -- the hypotheses that are needed ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "own", "others"),
    [
        ("x <= y", ["x <= z", "z <= y"], ["x <= y + 1", "a**2 <= x", "y <= b", "Abs(z) <= a"]),
        ("x*y >= 0", ["x*z >= 0", "y*z >= 0", "z**2 >= 1"], ["x**2 + y**2 >= 2*x*y", "z <= a"]),
        ("x**2 + y**2 >= 2*x*y", [], ["x <= y", "y <= z", "Abs(x) <= z"]),
        ("sqrt(x - y) >= 0", ["x >= y"], ["x**2 >= 0", "x <= z", "y >= a - z**2"]),
        ("x/(y - z) >= -1", ["y > z", "x >= z - y"], ["y >= z - 1", "x >= 2*z - 2*y"]),
    ],
)
def test_what_is_needed_is_chosen(text, own, others):
    for seed in range(3):
        given_ = [*own, *others]
        random.Random(seed).shuffle(given_)
        simpler = needed(statement(text, *given_))
        assert sorted(map(str, simpler.statement.given)) == sorted(own)


def test_where_all_are_needed_nothing_is_left_out():
    assert needed(statement("x <= y", "x <= z", "z <= y")) is None
    assert needed(stated("x <= 1", "x in [0,1]")) is None


def test_a_point_that_was_tried_counts():
    """The relation fails only close to two planes, which no sample hits."""
    s = statement("(x - y)**2 + (z - 7/3)**2 >= 10**-9", "x >= y + 1", "x >= 2*y")
    assert needed(s).statement.given == ()
    near = {"x": fmpq(5, 2), "y": fmpq(5, 2), "z": fmpq(7, 3)}
    assert list(map(str, needed(s, [near]).statement.given)) == ["x >= y + 1"]


# -- combinations ----------------------------------------------------------------------------------


def combined(text, *given_, on=ALL):
    s = statement(text, *given_, on=on)
    verdict = within(2, farkas.by_combination, Problem(s))
    if verdict is not None:
        Checker().check(goal_of(s), verdict.proof)
    return verdict is not None


@pytest.mark.parametrize(
    ("text", "given_"),
    [
        ("x <= z", ["x <= y", "y <= z"]),
        ("x < z", ["x <= y", "y < z"]),
        ("3*x + 2*y <= 8", ["x + y <= 3", "x <= 2"]),
        ("x*y <= 6", ["x <= 2", "y <= 3", "x >= 0", "y >= 0"]),
        ("x/y <= z", ["x <= z*y", "y > 0"]),
        ("x/y**2 <= z", ["x <= z*y**2", "y > 0"]),
        ("Abs(x - z) <= a + b", ["Abs(x - y) <= a", "Abs(y - z) <= b"]),
        ("Max(x, y) <= z", ["x <= z", "y <= a", "a <= z"]),
        ("x <= Max(y, z) + 1", ["x <= y + 1"]),
        ("x <= z", ["x == y", "y == z"]),
        ("x*z <= y*z", ["x <= y", "z >= 0"]),
        ("x**2 + y**2 >= 2*x*y - z", ["z >= 0"]),
        ("x >= 1", ["1/y <= x", "y > 0", "y <= 1"]),
        ("u*exp(x) <= v*exp(x) + w", ["u <= v + w*exp(-x)", "u*exp(x) <= v*exp(x) + w"]),
    ],
)
def test_a_combination_is_found(text, given_):
    assert combined(text, *given_)
    noise = ["p <= q", "p*x <= r", "q**2 <= y", "Abs(p - z) <= r", "z*p >= x*q"]
    assert combined(text, *noise, *given_)


@pytest.mark.parametrize(
    ("text", "given_"),
    [
        ("x < z", ["x <= y", "y <= z"]),
        ("x <= z", ["x <= y", "z <= y"]),
        ("x*y <= 6", ["x <= 2", "y <= 3"]),
        ("x/y <= z", ["x <= z*y", "y >= -1"]),
        ("Abs(x - z) <= a", ["Abs(x - y) <= a", "Abs(y - z) <= b"]),
        ("Max(x, y) <= z", ["x <= z"]),
        ("x*z <= y*z", ["x <= y"]),
        ("x <= 0", []),
    ],
)
def test_no_combination_shows_what_is_false(text, given_):
    assert not combined(text, *given_)


def test_contradicting_hypotheses_are_combined():
    for given_ in (
        ["x < y", "y < z", "z < x"],
        ["x >= 1", "y >= 2", "x*y <= 1"],
        ["x == 1", "y == x + 1", "y <= 1"],
        ["Abs(x) <= 1", "x >= 2"],
        ["x**2 <= -1"],
    ):
        found = farkas.impossible(statement("1 <= 0", *given_))
        assert found is not None, given_
    for given_ in (["x <= y", "y <= z", "z <= x"], ["x >= 1", "y >= 2", "x*y <= 2"], ["x**2 <= 0"]):
        assert farkas.impossible(statement("1 <= 0", *given_)) is None


@given(st.integers(0, 10**6))
def test_a_non_negative_solution_is_one(seed):
    rng = random.Random(seed)
    rows, count = rng.randint(1, 6), rng.randint(1, 9)
    columns = [
        {i: fmpq(rng.randint(-3, 3), rng.randint(1, 3)) for i in range(rows) if rng.random() < 0.6}
        for _ in range(count)
    ]
    columns = [{i: v for i, v in c.items() if v} for c in columns]
    hidden = [fmpq(rng.choice([0, 0, 1, 2, 3]), rng.randint(1, 3)) for _ in columns]
    made = list(zip(hidden, columns, strict=True))
    total = [sum((h * c.get(i, 0) for h, c in made), fmpq(0)) for i in range(rows)]
    right = {i: v for i, v in enumerate(total) if v}
    found = combination(columns, right, rows, [False] * count)
    assert found is not None
    assert all(v > 0 for v in found.values())
    for i in range(rows):
        assert sum((v * columns[k].get(i, 0) for k, v in found.items()), fmpq(0)) == total[i]


def test_there_may_be_no_solution():
    one = fmpq(1)
    assert combination([{0: one}, {0: 2 * one}], {0: -one}, 1, [False, False]) is None
    assert combination([{0: one, 1: one}], {0: one}, 2, [False]) is None
    assert combination([], {0: one}, 1, []) is None
    assert combination([{0: one}, {0: one}], {0: one}, 1, [False, True]) == {1: one}
    assert combination([{0: one}, {0: one}], {0: one}, 1, [False, False]) == {0: one}


# -- points ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given_",
    [
        ["x*y >= 7", "x <= y/2", "z == x + y", "w >= z**2", "Abs(w - 100) <= a", "a <= 10"],
        ["a <= b", "b <= c", "c <= d", "d <= a + 1", "a + b + c + d == 10"],
        ["x > 0", "y > x**2", "y < x", "u >= v + x*(u - v)", "u*v >= 3"],
    ],
)
def test_a_point_is_found(given_):
    place = place_in(statement("0 <= 1", *given_))
    assert place.somewhere
    assert all(holds(h, place.point) for h in statement("0 <= 1", *given_).given)


def test_a_point_without_rational_coordinates_is_somewhere():
    place = place_in(statement("0 <= 1", "x == log(3) - y**2", "z >= x", on="x in (-oo,oo)"))
    assert place.point is None
    assert place.somewhere


def test_no_point_is_found_where_there_is_none():
    for given_ in (["x**2 <= -1"], ["x < y", "y < x"], ["x == 1", "x == 2"], ["exp(x) == 0"]):
        place = place_in(statement("0 <= 1", *given_, on=None))
        assert (place.point, place.somewhere) == (None, False)


def test_what_is_repaired_holds():
    s = stated("0 <= 1", "x in [2,3], y in (0,oo)", ["x*y <= 1", "y >= x/100", "z == 3*y"])
    point = next(repaired(s))
    assert all(holds(h, point) for h in s.hypotheses)


# -- in the ladder ---------------------------------------------------------------------------------


def test_a_reduction_that_lies_proves_nothing(monkeypatch):
    """That one statement proves another one is said by the checker's own rules."""
    s = statement("x <= 1", "x <= y", "y <= z", "z <= 1 + a", "a**2 <= 1", on=None)
    lie = stated("x <= 1", "x in [0,1]")
    monkeypatch.setattr(fewer, "needed", lambda *_: fewer.Reduction(lie, lambda p: p, dict))
    assert not isinstance(prove(s), Proved)


def test_little_is_spent_where_nothing_can_be_left_out():
    s = statement("x <= z", "x <= y", "y <= z", on=None)
    assert prove(s).work < 0.02


def test_small_budgets_end():
    s = statement("exp(x)*y <= z", "x <= y", "y <= z**2", "a <= x", "b == a*y", "c >= b")
    for budget in (1e-4, 1e-3, 0.01, 0.1):
        verdict = prove(s, budget=budget)
        assert isinstance(verdict, Undecided) or verdict.work <= budget + 0.2


def test_the_work_is_the_same_every_time():
    s = stated(
        "x*y <= 6", Box.reals(*"xyuvw"), ["x <= 2", "y <= 3", "x >= 0", "y >= 0", "u >= v*w"]
    )
    assert prove(s).work == prove(s).work


def test_equations_may_leave_no_variable():
    for text, right in (("x**2 <= 2", True), ("x**2 < 2", False), ("x + y >= 2*sqrt(2)", True)):
        verdict = prove(text, given=["x == sqrt(2)", "y == x"])
        assert isinstance(verdict, Proved) == right, verdict
