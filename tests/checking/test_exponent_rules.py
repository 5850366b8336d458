"""Rules that powers with variable exponents need: a true use, a false goal with the same proof,
and each part left out."""

import copy

import pytest

from boundcheck import inequality
from boundcheck.checking.checker import Checker as Strict
from boundcheck.checking.goals import Rejected, edge_goals, goal_of, slope_goal
from boundcheck.claims.comparison import stated
from boundcheck.search.calculus.attempts import deepening, new_search
from boundcheck.search.completion import Completer as Checker

INTERVAL = {"by": "interval"}
POSITIVE = {"option": 1, "proof": INTERVAL}


def accepts(text, on, proof, given=""):
    """The checker writes into a proof what is missing, so it has one of its own."""
    Checker().check(goal_of(stated(text, on, given)), copy.deepcopy(proof))


def rejected(text, on, proof, given=""):
    with pytest.raises(Rejected):
        accepts(text, on, proof, given)


# -- where powers are defined ----------------------------------------------------------------------


def test_a_power_is_defined_for_a_positive_base_or_exponent():
    accepts("x**p >= 0", "x in [0,1], p in [1,2]", INTERVAL)
    accepts("x**p >= 0", "x in [1,2], p in [-1,2]", INTERVAL)
    accepts("x**p >= 0", "x in [0,1], p in (0,2]", INTERVAL)
    accepts("x**p >= 0", "x in [0,1], p in [-1,2]", INTERVAL, "p >= 1")
    accepts("Max(x,p)**p >= 0", "x in [0,1], p in (0,2]", INTERVAL)


@pytest.mark.parametrize(
    "on",
    [
        "x in [0,1], p in [0,2]",
        "x in [0,1], p in [-1,1]",
        "x in [-1,1], p in [1,2]",
        "x in (-1,1], p in (1,2]",
    ],
)
def test_it_is_not_elsewhere(on):
    rejected("x**p >= 0", on, INTERVAL)
    rejected("x**p >= 0", on, {**INTERVAL, "defined": {"Max(x, p)": POSITIVE}})


def test_a_derivative_asks_for_a_smaller_exponent():
    """x**p has a slope at 0 inside a range for p > 1, and none for p = 1/2."""
    proof = {
        "by": "monotone", "variable": "y", "end": "lower", "face": INTERVAL, "slope": INTERVAL,
    }  # fmt: skip
    accepts("(y**2)**p >= 0", "y in [-1,1], p in [2,3]", INTERVAL)
    rejected("(y**2)**p >= 0", "y in [-1,1], p in [1/4,1/2]", proof)


def test_positive_powers_have_positive_bases():
    proof = {"by": "power", "proof": {"by": "algebra"}}
    accepts("x**p > 0", "x in (0,1], p in (0,2]", proof)
    rejected("x**p > 0", "x in [0,1], p in (0,2]", proof)
    rejected("x**p > 0", "x in [0,1], p in (0,2]", {"by": "power", "proof": INTERVAL})


def test_a_hypothesis_about_a_power_does_not_make_its_base_positive():
    for by in ("algebra", "interval"):
        rejected("x > 0", "x in [-1,1], p in [1,2]", {"by": by}, "x**p <= 1")


# -- what tends to 0**0 ----------------------------------------------------------------------------


def _from_the_left(text, on):
    """`monotone` from the lower end of v, with a proof of the slope that the search finds."""
    goal = goal_of(inequality(text, on=on))
    slope = deepening(new_search(), slope_goal(goal, "v", "lower", ">="))
    assert slope is not None
    return {
        "by": "monotone", "variable": "v", "end": "lower", "face": {"by": "constant"},
        "slope": slope,
    }  # fmt: skip


def test_a_face_with_the_exponent_0_at_an_open_end():
    """v**v tends to 1, as 0**0 is; of sqrt(v)**v that is not seen."""
    proof = _from_the_left("v**v <= 1", "v in (0,1/4]")
    accepts("v**v <= 1", "v in (0,1/4]", proof)
    rejected("v**v <= 99/100", "v in (0,1/4]", proof)
    other = _from_the_left("sqrt(v)**v <= 1", "v in (0,1/4]")
    rejected("sqrt(v)**v <= 1", "v in (0,1/4]", other)


def test_0_to_a_power_that_tends_to_0():
    """0**p is 0 for all p > 0, and 0**0 is written as 1: the slope has log(0)."""
    for text in ("0**v >= 1", "x**v >= 1", "x**v + x >= 1"):
        on = "v in (0,1]" if "x" not in text else "v in (0,1], x in [0,1]"
        for end in ("lower", "upper"):
            proof = {
                "by": "monotone", "variable": "v", "end": end, "face": {"by": "algebra"},
                "slope": {"by": "algebra"},
            }  # fmt: skip
            rejected(text, on, proof)


# -- edge ------------------------------------------------------------------------------------------

LESS = ("x**q <= x**p", "x in [0,1]", "p > 0, p <= q")


def _edge(text, on, given=""):
    goal = goal_of(stated(text, on, given))
    parts = [deepening(new_search(), g, defined=True) for g in edge_goals(goal, "x", "lower")]
    assert None not in parts
    return {"by": "edge", "variable": "x", "end": "lower", "face": parts[0], "proof": parts[1]}


def test_edge():
    proof = _edge(*LESS)
    accepts(LESS[0], LESS[1], proof, LESS[2])
    rejected("x**q <= x**p - x/1000", LESS[1], proof, LESS[2])


@pytest.mark.parametrize("missing", ["face", "proof", "variable", "end"])
def test_edge_needs_all_its_parts(missing):
    proof = {k: v for k, v in _edge(*LESS).items() if k != missing}
    rejected(LESS[0], LESS[1], proof, LESS[2])


@pytest.mark.parametrize(
    ("on", "given", "end"),
    [
        ("x in (0,1]", "p > 0, p <= q", "lower"),  # an open end is no edge
        ("x in [0,oo)", "p > 0, p <= q, x <= 1", "lower"),  # a hypothesis depends on x
        ("x in [0,1]", "p > 0, p <= q", "middle"),
        ("x in [0,oo)", "p > 0, p <= q", "upper"),
    ],
)
def test_edge_is_for_closed_ends_alone(on, given, end):
    """`bounded` makes the hypothesis x <= 1 an end; the one about x + p stays."""
    given = given.replace("x <= 1", "x + p <= 1 + p")
    proof = {**_edge(*LESS), "end": end}
    rejected(LESS[0], on, proof, given)


def test_an_edge_decides_there():
    """At x = 0 the goal fails, on the rest it holds."""
    rest = {"by": "algebra"}
    rejected(
        "x > 0",
        "x in [0,1]",
        {"by": "edge", "variable": "x", "end": "lower", "face": {"by": "constant"}, "proof": rest},
    )
    rejected(
        "1 - x > 0",
        "x in [0,1]",
        {"by": "edge", "variable": "x", "end": "lower", "face": {"by": "constant"}, "proof": rest},
    )


# -- instance --------------------------------------------------------------------------------------

MEANS = ("Abs(x)*Abs(y) <= (Abs(x)**2 + Abs(y)**2)/2", "x in (-oo,oo), y in (-oo,oo)")
GENERAL = {
    "by": "instance",
    "parts": {"u": "Abs(x)", "v": "Abs(y)"},
    "known": [{"states": "u >= 0", "proof": INTERVAL}, {"states": "v >= 0", "proof": INTERVAL}],
    "proof": {"by": "algebra"},
}


def test_instance():
    accepts(*MEANS, GENERAL)
    rejected(MEANS[0].replace("/2", "/3"), MEANS[1], GENERAL)


@pytest.mark.parametrize("missing", ["parts", "known", "proof"])
def test_instance_needs_all_its_parts(missing):
    rejected(*MEANS, {k: v for k, v in GENERAL.items() if k != missing})


@pytest.mark.parametrize(
    "changed",
    [
        {"known": [{"states": "u >= 1", "proof": INTERVAL}]},  # not so
        {"known": [{"states": "u <= v", "proof": INTERVAL}]},
        {"known": [{"states": "u >= 0"}]},  # not shown
        {"known": [{"states": "x >= 0", "proof": INTERVAL}]},  # of what is gone
        {"known": [{"states": "z >= 0", "proof": INTERVAL}]},  # of what never was
        {"known": [{"states": "1/u >= 0", "proof": INTERVAL}]},  # not defined for x = 0
        {"parts": {"y": "Abs(x)", "v": "Abs(y)"}},  # an old name
        {"parts": {"u": "Abs(z)", "v": "Abs(y)"}},  # no part
        {"parts": {"u": 5}},
    ],
)
def test_instance_says_nothing_that_is_not_shown(changed):
    rejected(*MEANS, {**GENERAL, **changed})


def test_the_general_goal_has_to_be_defined():
    """1/(1 + u) is for u >= 0 only, which has to be kept."""
    text, on = "1/(1 + Abs(x)) <= 1", "x in (-oo,oo)"
    proof = {"by": "instance", "parts": {"u": "Abs(x)"}, "proof": {"by": "algebra"}}
    accepts(text, on, {**proof, "known": GENERAL["known"][:1]})
    rejected(text, on, {**proof, "known": []})


def test_ranges_that_depend_on_what_is_gone():
    proof = {**GENERAL, "parts": {"u": "Abs(x)"}, "known": [], "proof": INTERVAL}
    rejected("Abs(x)*y >= -1", "x in [0,1], y in [x,2]", proof)


# -- equation --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "on", "given"),
    [
        ("x**p >= 0", "x in [-1,1]", "p == 2"),
        ("x**p >= 1", "x in [0,1]", "p == 0"),
        ("x**(2*p) >= 0", "x in [-1,1]", "p == 1"),
    ],
)
def test_an_exponent_that_becomes_a_number_does_not_define_a_power(text, on, given):
    proof = {"by": "equation", "given": 0, "variable": "p", "proof": INTERVAL}
    with pytest.raises(Rejected, match="needed, and not shown"):
        Strict().check(goal_of(stated(text, on, given)), proof)
    accepts(text, on.replace("[-1,", "[1/2,").replace("[0,", "[1,"), proof, given)
