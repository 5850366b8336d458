"""Hypotheses that are left out, added, used up, or that contradict each other: what the checker
accepts of that, and what it does not."""

import json

import pytest

from boundcheck import BoundcheckError, IllPosed, Proved, Refuted, cited, prove
from boundcheck.checking.certificate import certificate, replay
from boundcheck.checking.checker import Checker
from boundcheck.checking.goals import Rejected, goal_of
from boundcheck.checking.hypothesis_rules import absurd_goals, equation_goal, subset_goal
from boundcheck.claims.comparison import stated
from boundcheck.exact.terms.parser import parse_term
from boundcheck.verification.recheck import says_something

INTERVAL = {"by": "interval"}
BOTH = ["lower", "upper"]


def accepts(text, on, given, proof, ex_falso=False):
    try:
        Checker(ex_falso).check(goal_of(stated(text, on or None, given)), proof)
    except Rejected:
        return False
    return True


# -- subset ----------------------------------------------------------------------------------------


def fewer(on, given, proof=INTERVAL):
    return {"by": "subset", "on": on, "given": given, "proof": proof}


def test_some_hypotheses_are_left_out():
    proof = fewer({"x": BOTH}, [])
    assert accepts("x**2 <= 1", "x in [0,1], y in [0,1]", "x + y >= 1, y**2 <= x", proof)
    assert not accepts("x**2 <= 1/2", "x in [0,1], y in [0,1]", "x + y >= 1, y**2 <= x", proof)
    child = subset_goal(
        goal_of(stated("x >= 0", "x in [0,1], y in [0,1]", "x <= y")), {"x": []}, []
    )
    assert child.text() == "x >= 0, on x in (-oo, oo)"


@pytest.mark.parametrize("ends", [["lower"], ["upper"], []])
def test_an_end_that_is_left_out_is_missed(ends):
    statement = ("x*(1 - x) >= 0", "x in [0,1]", "")
    assert accepts(*statement, fewer({"x": BOTH}, []))
    assert not accepts(*statement, fewer({"x": ends}, []))


def test_a_hypothesis_that_is_left_out_is_missed():
    sum_ = {"by": "squares_sum", "squares": [["1", "1", [0]], ["1", "1", [1]]]}
    statement = ("x <= z", "x in (-oo,oo), y in (-oo,oo), z in (-oo,oo)", "x <= y, y <= z, z <= 1")
    everything = dict.fromkeys("xyz", BOTH)
    assert accepts(*statement, fewer(everything, [0, 1], sum_))
    for given in ([0], [1], [], [1, 1], [0, 7]):
        assert not accepts(*statement, fewer(everything, given, sum_))


def test_what_defines_a_side_is_missed():
    """The sides have to be defined where the other hypotheses hold."""
    statement = ("sqrt(x) >= 0", "x in (-oo,oo)", "x >= 0")
    assert accepts(*statement, fewer({"x": ["lower"]}, []))
    assert not accepts(*statement, fewer({"x": []}, []))
    assert not accepts("x/x == 1", "x in (0,1], y in [0,1]", "", fewer({"x": ["upper"]}, []))


@pytest.mark.parametrize(
    ("on", "given"),
    [
        ({}, []),  # the variable of the relation
        ({"x": BOTH}, [0]),  # a variable of a hypothesis that is left
        ({"y": BOTH}, []),
        ({"x": BOTH, "t": BOTH}, []),  # a variable of its own
        ({"x": ["lower", "middle"]}, []),
        ({"x": "lower"}, []),
        ({"x": None}, []),
        ({"x": BOTH}, [-1]),
        ({"x": BOTH}, [True]),
        ({"x": BOTH}, None),
        (None, []),
        (["x"], []),
    ],
)
def test_what_is_no_choice_of_hypotheses(on, given):
    assert not accepts("x**2 >= 0", "x in [0,1], y in [0,1]", "x <= y", fewer(on, given))


def test_the_end_of_a_range_may_mention_what_is_left():
    statement = ("x >= 0", "x in [a,1], a in [0,1]", "")
    assert accepts(*statement, fewer({"x": BOTH, "a": BOTH}, []))
    assert not accepts(*statement, fewer({"x": BOTH}, []))
    assert not accepts(*statement, fewer({"x": ["upper"], "a": BOTH}, []))


def test_strict_ends_stay_strict():
    assert accepts("x > 0", "x in (0,1], y in [0,1]", "", fewer({"x": BOTH}, [], {"by": "sturm"}))
    assert not accepts(
        "x > 0", "x in [0,1], y in [0,1]", "", fewer({"x": BOTH}, [], {"by": "sturm"})
    )


# -- equation --------------------------------------------------------------------------------------


def used_up(given, variable, proof=INTERVAL, **more):
    return {"by": "equation", "given": given, "variable": variable, "proof": proof, **more}


def test_an_equation_is_used_up():
    proof = used_up(0, "x")
    assert accepts("x >= 1", "x in (-oo,oo), y in (-oo,oo)", "x == y**2 + 1", proof)
    assert accepts("x >= 1", "x in (-oo,oo), y in (-oo,oo)", "y**2 + 1 == x", proof)
    assert not accepts("x > 1", "x in (-oo,oo), y in (-oo,oo)", "x == y**2 + 1", proof)
    assert not accepts("x >= 1", "x in (-oo,oo), y in (-oo,oo)", "x == y**2", proof)
    assert not accepts("x >= 1", "x in (-oo,oo), y in (-oo,oo)", "x >= y**2 + 1", proof)
    assert not accepts("y >= 1", "x in (-oo,oo), y in (-oo,oo)", "x == y**2 + 1", proof)


def test_the_range_of_the_variable_stays_as_hypotheses():
    goal = goal_of(
        stated("y <= 2", "x in (0,4], y in [0,oo), z in [x, 2*x)", "x == y**2, x*y >= 1, z > 1")
    )
    child = equation_goal(goal, 0, "x", parse_term("y**2"))
    assert child.text() == (
        "2 >= y, on y in [0, oo), z in (1, oo), "
        "given y**2*y >= 1, y**2 > 0, y**2 <= 4, z >= y**2, z < 2*y**2"
    )


def test_a_variable_in_its_own_equation_is_not_replaced():
    everywhere = "x in (-oo,oo), y in (-oo,oo)"
    assert not accepts("x >= 1", everywhere, "x == x**2 + 1", used_up(0, "x"))
    assert not accepts(
        "x**2 >= 1", everywhere, "x == x**2 + 1", used_up(0, "x", value="x**2 + 1", times="1")
    )
    with pytest.raises(Rejected, match="is not a term in the variables other than x"):
        equation_goal(goal_of(stated("x >= 1", everywhere, "x == y")), 0, "x", parse_term("x + y"))


def test_what_is_put_in_has_to_be_defined_where_it_stands():
    """x == log(y) says that y > 0, which is lost with the equation."""
    statement = ("{} >= {} - 1", "x in (-oo,oo), y in {}", "x == log(y)")
    for relation, on, right in (
        ("x >= x - 1", "(-oo,oo)", False),
        ("x >= x - 1", "(0,oo)", True),
        ("y**2 >= 0", "(-oo,oo)", True),
    ):
        text = statement[1].format(on)
        proof = used_up(0, "x", {"by": "normal", "proof": {"by": "interval"}})
        assert accepts(relation, text, statement[2], proof) == right


def solved_for(value, times, **more):
    return used_up(0, "f", {"by": "normal", "proof": INTERVAL}, value=value, times=times, **more)


def test_a_linear_equation_is_solved():
    statement = ("f <= 1", "f in (-oo,oo), n in [1,oo), s in [0,1]", "n*f == s*n")
    assert accepts(*statement, solved_for("s", "n"))
    assert accepts("f <= 1", statement[1], "2*f - s == s", solved_for("s", "2"))
    assert accepts("f <= 1", statement[1], "s - f == 0", solved_for("s", "-1"))
    assert not accepts("f <= 1/2", statement[1], "n*f == s*n", solved_for("s", "n"))
    for value, times in (
        ("s*n", "1"),
        ("s", "1"),
        ("s", "2*n"),
        ("s", "0"),
        ("0", "0"),
        ("s", "n - n"),
        ("t", "n"),
        ("s", "t"),
        ("f", "n"),
        ("", "n"),
        ("1/0", "n"),
    ):
        assert not accepts(*statement, solved_for(value, times)), (value, times)


def test_what_is_divided_by_may_not_be_zero():
    equation = "n*f == n*s"
    for on, right in (("[1,oo)", True), ("(0,oo)", True), ("(-oo,0)", True), ("[0,oo)", False)):
        where = f"f in (-oo,oo), n in {on}, s in [0,1]"
        assert accepts("f <= 1", where, equation, solved_for("s", "n")) == right


def test_a_solution_has_to_be_defined():
    where = "f in (-oo,oo), s in {}"
    equation = "f*s == 1"
    for on, right in (("[1,oo)", True), ("(0,oo)", True), ("(-oo,oo)", False)):
        proof = used_up(0, "f", {"by": "sturm"}, value="1/s", times="s")
        assert accepts("f**2 > 0", where.format(on), equation, proof) == right


@pytest.mark.parametrize(
    "changes",
    [{"given": 1}, {"given": -1}, {"given": "0"}, {"variable": "y"}, {"variable": "t"},
     {"variable": None}, {"proof": None}, {"proof": {}}],
)  # fmt: skip
def test_every_part_of_an_equation_counts(changes):
    statement = ("x >= 1", "x in (-oo,oo), y in (-oo,oo)", "x == y**2 + 1, y*x >= 1")
    proof = used_up(0, "x")
    assert accepts(*statement, proof)
    assert not accepts(*statement, {**proof, **changes})
    for key in proof:
        assert not accepts(*statement, {k: v for k, v in proof.items() if k != key})


# -- lemma -----------------------------------------------------------------------------------------

BOX = "x in [0,1], y in [0,1]"
USED = {"by": "squares_sum", "squares": [["1", "1", [0]], ["1", "1", []]]}


def with_lemma(relation, shown=INTERVAL, proof=USED):
    return {"by": "lemma", "relation": relation, "shown": shown, "proof": proof}


def test_what_is_shown_becomes_a_hypothesis():
    proof = with_lemma("exp(x)*y <= 3")
    assert accepts("exp(x)*y <= 4", BOX, "", proof)
    assert not accepts("exp(x)*y <= 3", BOX, "", proof)
    assert not accepts("exp(x)*y <= 4", BOX, "", with_lemma("exp(x)*y <= 3", {"by": "sturm"}))
    assert not accepts("exp(x)*y <= 3", BOX, "", with_lemma("exp(x)*y <= 2"))
    for key in proof:
        assert not accepts("exp(x)*y <= 4", BOX, "", {k: v for k, v in proof.items() if k != key})


def test_a_lemma_is_about_the_variables_of_the_goal_and_defined():
    for relation in ("t <= 3", "exp(x)*y*t <= 3", "exp(x)*y", "log(x) <= 3", "1/x > 0", ""):
        assert not accepts("exp(x)*y <= 4", BOX, "", with_lemma(relation))


# -- ex falso --------------------------------------------------------------------------------------


def nothing(proof, **which):
    return {"by": "absurd", "proof": proof, **which}


FALSE = {"by": "squares_sum", "squares": [["1", "1", [0]], ["1", "1", []]]}
CONTRADICTING = ("1 <= 0", "x in (-oo,oo), y in (-oo,oo)", "x*y <= 0, x*y >= 1")


def test_nothing_satisfies_the_hypotheses():
    fails = nothing({"by": "squares_sum", "squares": [["1", "1", [0]], ["1", "1", []]]}, given=1)
    together = {"by": "squares_sum", "squares": [["1", "1", [0]], ["1", "1", [1]], ["1", "1", []]]}
    for proof in (fails, nothing(together), {**fails, "option": 0}):
        assert accepts(*CONTRADICTING, proof, ex_falso=True)
        assert accepts("log(x) <= 1/x", *CONTRADICTING[1:], proof, ex_falso=True)
        assert not accepts(*CONTRADICTING, proof)  # unless it is said, it is no proof
        for given in ("x*y <= 0, x*y >= 0", "x*y <= 1, x*y >= 1", "x*y <= 0"):
            assert not accepts(*CONTRADICTING[:2], given, proof, ex_falso=True)
    assert not accepts(*CONTRADICTING, {**fails, "option": 1}, ex_falso=True)
    assert not accepts(*CONTRADICTING, {**fails, "given": 2}, ex_falso=True)
    assert not accepts(*CONTRADICTING, {"by": "absurd", "given": 1}, ex_falso=True)


def test_the_end_of_a_range_fails():
    statement = ("1 <= 0", "x in [2,3], y in [0,1]", "x <= y**2")
    top = {"by": "algebra", "plan": [], "script": []}
    goal = goal_of(stated(*statement))
    (found,) = absurd_goals(goal, {"end": ["x", "lower"]})
    assert found.text() == "2 > x, on x in (-oo, 3], y in [0, 1], given x <= y**2"
    assert not accepts(*statement, nothing(top, end=["x", "lower"]), ex_falso=True)
    assert accepts(*statement, nothing(INTERVAL, given=0), ex_falso=True)
    assert not accepts(
        "1 <= 0", "x in [1,3], y in [0,1]", "x <= y**2", nothing(INTERVAL, given=0), True
    )
    for wrong in (["x", "middle"], ["t", "lower"], ["x"], None, "x"):
        assert not accepts(*statement, nothing(INTERVAL, end=wrong), ex_falso=True)


def test_an_equation_fails_to_one_side():
    statement = ("1 <= 0", "x in [0,1]", "exp(x) == {}")
    for value, option in ((4, 0), ("1/2", 1)):
        text = (*statement[:2], statement[2].format(value))
        for k in (0, 1):
            proof = nothing(INTERVAL, given=0, option=k)
            assert accepts(*text, proof, ex_falso=True) == (k == option)
    for k in (0, 1):
        assert not accepts(
            *statement[:2], "exp(x) == 2", nothing(INTERVAL, given=0, option=k), True
        )


EX_FALSO = [
    ("1 <= 0", "", "x >= 1, x <= 0"),
    ("log(z) <= 1/z", "z in (-oo,oo)", "x + y >= 1, x + y <= 0"),
    ("1 <= 0", "", "a > b, b > c, c > a"),
    ("1 <= 0", "", "n >= 1, m == n + 1, m <= n"),
    ("x >= 7", "x in [0,1]", "floor(x) >= 2"),
    ("0 >= 1", "", "1 >= 2"),
    ("x >= 0", "x in [exp(y),1], y in [1,2]", ""),
    ("1 <= 0", "", "Abs(x) <= 1, x >= 2, u**2 + v**2 >= 2*u*v"),
]


@pytest.mark.parametrize(("text", "on", "given"), EX_FALSO)
def test_what_may_be_proved_ex_falso(text, on, given):
    s = stated(text, on or None, given)
    assert isinstance(prove(s), IllPosed)
    verdict = prove(s, ex_falso=True)
    assert isinstance(verdict, Proved)
    assert verdict.ex_falso
    assert verdict.note == "ex falso: nothing satisfies the hypotheses"
    document = json.loads(json.dumps(certificate(s, verdict)))
    assert document["ex_falso"] is True
    accepted = says_something(replay(document))
    assert accepted.ex_falso
    assert accepted.note.startswith("ex falso: ")
    for ordinary in (
        {**document, "ex_falso": False},
        {k: document[k] for k in ("statement", "proof")},
    ):
        with pytest.raises(BoundcheckError):
            replay(ordinary)
    with pytest.raises(BoundcheckError, match="malformed"):
        replay({**document, "ex_falso": 1})


def test_ex_falso_changes_nothing_else():
    for text, on, given in (("x**2 >= x", "x in [0,1]", ""), ("1 <= 0", "", "x >= 1, x <= 1")):
        assert isinstance(prove(text, on or None, given=given, ex_falso=True), Refuted)
    verdict = prove("x + 1/x >= 2", given="x > 0", ex_falso=True)
    assert isinstance(verdict, Proved)
    assert not verdict.ex_falso
    assert "ex_falso" not in certificate(stated("x + 1/x >= 2", given="x > 0"), verdict)
    undefined = prove("1 <= 0", given="log(0) > 1", ex_falso=True)
    assert isinstance(undefined, IllPosed)
    assert "is not defined" in undefined.reason
    assert isinstance(prove("1/x >= 0", "x in [-1,1]", ex_falso=True), IllPosed)
    with pytest.raises(BoundcheckError, match="ex_falso is for a relation"):
        prove(cited("a theorem", "somebody"), ex_falso=True)


def test_an_ordinary_certificate_does_not_say_ex_falso_in_a_subproof():
    """Not even where one case of several cannot occur."""
    inner = nothing({"by": "interval"}, given=0)
    proof = fewer({"x": BOTH}, [0], inner)
    statement = ("1 <= 0", "x in [0,1]", "exp(x) >= 3")
    assert accepts(*statement, proof, ex_falso=True)
    assert not accepts(*statement, proof)
