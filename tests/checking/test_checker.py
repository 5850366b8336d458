"""Proofs that the checker has to reject, whatever made them."""

import contextlib
import json

import pytest
from rejected import rejected

from boundcheck import Proved, Undecided, inequality, prove
from boundcheck.checking.certificate import certificate, replay
from boundcheck.checking.checker import Checker as Strict
from boundcheck.checking.goals import Rejected, goal_of
from boundcheck.claims.comparison import stated
from boundcheck.search.completion import Completer as Checker

INTERVAL = {"by": "interval"}
HUGE = 10**9 + 1


@pytest.mark.parametrize(
    ("text", "terms", "strict"),
    [("0 > 0", ["0"], 1), ("0 > 0", [], 0), ("x**2 > 0", ["x**2"], 7), ("x**2 > 0", ["x**2"], -1)],
)
def test_2026_11_22_one_term_of_a_strict_sum_is_positive(text, terms, strict):
    rejected(
        text,
        "x in [-1,1]",
        {"by": "sum", "terms": terms, "strict": strict, "parts": [INTERVAL] * len(terms)},
    )


def test_2026_11_22_a_proof_brings_no_names_of_its_own():
    gap = "-((Abs(x)-Abs(x-5))/(1+Abs(x-5)))**2"
    terms = ["-(x_1*(1+Abs(x))-1)**2", f"(x_1*(1+Abs(x))-1)**2 + ({gap})"]

    def halves(at):
        return {
            "by": "split",
            "variable": "x",
            "at": at,
            "parts": [{"by": "inverse", "variable": "x", "proof": {"by": "algebra"}}] * 2,
        }

    rejected(
        f"{gap} >= 0",
        "x in (-oo,oo)",
        {"by": "sum", "terms": terms, "parts": [halves("0"), halves("5")]},
    )


@pytest.mark.parametrize(
    "proof",
    [
        '{"by": "boxes", "hull": {"x": ["0", "1"]}, "tree": "m", "bits": 1e999}',
        '{"by": "boxes", "hull": {"x": ["0", "1"]}, "tree": "m", "order": 1e999}',
        '{"by": "interval", "defined": {"sin(x)": 5}}',
        '{"by": "interval", "defined": {"sin(x)": {}}}',
        '{"by": "interval", "defined": {"sin(x)": {"option": -7, "proof": {"by": "interval"}}}}',
        '{"by": "interval", "defined": {"sin(x)": {"option": 1e999, "proof": {"by": "interval"}}}}',
    ],
)
def test_2026_11_22_hostile_proofs_are_rejected(proof):
    rejected("sqrt(sin(x)) + 2 > exp(-x) + 5", "x in [0,1]", json.loads(proof))


def test_2026_11_22_enormous_degrees_are_refused():
    program: list = ["x"]
    for k in range(60):
        program.append(["mul", k, k])
    document = {
        "statement": {
            "on": ["x in [-1, 1]"],
            "given": [],
            "operation": ">=",
            "program": [*program, "0"],
            "sides": [60, 61],
        },
        "proof": {"by": "algebra"},
    }
    for proof in (
        {"by": "algebra"},
        {"by": "sturm"},
        {"by": "normal", "proof": INTERVAL},
        {"by": "bernstein", "tree": "b"},
    ):
        with contextlib.suppress(
            Rejected
        ):  # x**(2**60) >= 0 is true: accepted or rejected, but at once
            replay({**document, "proof": proof}, budget=5)


@pytest.mark.parametrize(
    ("text", "basis"),
    [("x*y >= 0", [["1", "0"], ["0", "1"]]), ("x**2 - y**2 >= 0", [["1", "0"], ["0", "1"]]),
     ("x**2 + 3*x*y + y**2 >= 0", [["1", "0"], ["0", "1"]]),
     ("x**2 - 100*y**4 >= 0", [["1", "0"], ["0", "1"]]),
     ("x**2 + 3*x*y + y**2 >= 0", [["0", "0"], ["0", "0"]]),
     ("x**2 + 3*x*y + y**2 >= 0", [["1", "1"], ["1", "1"]]),
     ("x**2 + y**2 > 0", [["1", "0"], ["0", "1"]])],
)  # fmt: skip
def test_a_touching_point_has_to_be_convex(text, basis):
    tree = {
        "by": "boxes",
        "hull": {"x": ["-1", "1"], "y": ["-1", "1"]},
        "tree": "c",
        "touching": [{"at": {"x": "0", "y": "0"}, "basis": basis}],
    }
    rejected(text, "x in [-1,1], y in [-1,1]", tree)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        (f"x**{HUGE} >= 0", "x in [-1,1]"),
        (f"1/(x**{HUGE} + 1/2) > 0", "x in [-1,1]"),
        (f"log(1 + x**{HUGE}) >= 0", "x in [-1,1]"),
        (f"(x - y)**{HUGE} >= -1/2", "x in [0,1], y in [0,1]"),
        ("x**(10**40 + 1) >= -1/2", "x in [-1,1]"),
        ("(x - y)**1000001 >= -1/2", "x in [0,1], y in [0,1]"),
        ("x**(-10**9 - 1) >= 0", "x in [-1,-1/2]"),
    ],
)
def test_2026_11_30_huge_powers_of_negative_numbers(text, on):
    """Their enclosure forgot the negative bases."""
    assert not isinstance(prove(text, on), (Proved, Undecided))
    goal = goal_of(inequality(text, on=on))
    hull = {n: [str(x.lower.fmpq()), str(x.upper.fmpq())] for n, x in goal.hull.items()}
    for proof in (
        {"by": "interval"},
        {"by": "boxes", "hull": hull, "tree": "i"},
        {"by": "boxes", "hull": hull, "tree": "m"},
    ):
        rejected(text, on, proof)


def test_2026_11_30_constant_integrals_are_as_good_for_the_checker():
    s = stated("Max(x, Integral(cos(t), (t, 0, 2))) >= -1/11", "x in (-1,1]")
    verdict = prove(s)
    assert isinstance(verdict, Proved)
    replay(json.loads(json.dumps(certificate(s, verdict))))


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("0**log(1) == 1", ""),
        ("x**log(1) == 1", "x in [-1,1]"),
        ("x**sqrt(4) >= 0", "x in [-1,1]"),
        ("x**factorial(3) >= 0", "x in [-1,1]"),
    ],
)
def test_2026_11_30_only_written_exponents_are_whole(text, on):
    """x**2 is defined for all x, x**sqrt(4) for x > 0: folding made the one of the other."""
    assert not isinstance(prove(text, on or None, budget=1), Proved)
    goal = goal_of(stated(text, on or None))
    for proof in ({"by": "constant"}, {"by": "interval"}, {"by": "algebra"}):
        with pytest.raises(Rejected):
            Checker().check(goal, proof)


def test_2026_11_30_a_goal_has_no_less_than():
    with pytest.raises(Rejected, match="a goal is an equality, or has > or >="):
        Checker().check(stated("0 < x**2", "x in [-1,1]"), {"by": "sturm"})


def test_2026_11_30_proofs_that_would_take_all_memory():
    """Each ended the process, or nearly."""
    rejected(
        "x >= 0",
        "x in [2,oo)",
        {"by": "powers", "exponents": {"x": 10**12}, "proof": {"by": "interval"}},
    )
    moves: object = "+"
    for k in range(40):
        moves = {"scale": [k % 2, 1 - k % 2], "parts": [moves]}
    rejected("x*y >= 0", "x in [0,oo), y in [0,oo)", {"by": "signs", "tree": {**moves}})
    degrees: object = {"one": 0, "parts": ["+", "+"]}
    for k in range(40):
        degrees = {"scale": [k % 2, 1 - k % 2], "parts": [degrees]}
    rejected("x*y >= 0", "x in [0,oo), y in [0,oo)", {"by": "signs", "tree": degrees})
    rejected("1 + x + x**2 + x**5 >= 0", "x in [0,1]", {"by": "bernstein", "tree": "0" * 30_000})
    rejected(
        "Sum(Sum(Sum(x*(i + j + k), (i,1,200)), (j,1,200)), (k,1,200)) >= 0",
        "x in [0,1]",
        {"by": "interval"},
    )


@pytest.mark.parametrize(("on", "fine"), [("y in [-1,0)", True), ("y in [-1,0]", False)])
def test_2026_11_30_the_old_end_of_a_range_is_defined(on, fine):
    """1/y has no value at y = 0: there the range would grow from nothing to [5, oo)."""
    goal = goal_of(stated("x >= 4", f"x in [1/y,oo), {on}", given="x >= 5"))
    proof = {"by": "bound", "given": 0, "variable": "x", "proof": INTERVAL}
    if fine:
        Strict().check(goal, proof)
        return
    with pytest.raises(Rejected, match="needed, and not shown"):
        Strict().check(goal, proof)
