"""Dated regression tests: what was accepted though it is false, what ended the process, what
hung, what was not said."""

import contextlib
import json
import re

import numpy as np
import pytest
import sympy

from boundcheck import (
    BoundcheckError,
    Box,
    IllPosed,
    Proved,
    Undecided,
    inequality,
    lp_norm,
    prove,
    sup_norm,
    symbols,
)
from boundcheck.checking.certificate import certificate, replay
from boundcheck.checking.checker import Checker
from boundcheck.checking.goals import Rejected, box_of, free_of_hypotheses, goal_of
from boundcheck.claims.comparison import Comparison, stated
from boundcheck.enclosure.arrays.tape import Tape
from boundcheck.errors import SympyWarning
from boundcheck.exact.terms.box import Range
from boundcheck.exact.terms.parser import parse_domain, parse_relation, parse_term
from boundcheck.exact.terms.term import Binder, _make, add, mul, number, term
from boundcheck.exact.terms.work import at_most
from boundcheck.norms.supremum import NotReached


def rejected(text, on, proof):
    with pytest.raises(Rejected):
        Checker().check(goal_of(inequality(text, on=on)), proof)


HUGE = 10**9 + 1


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


def test_2026_11_30_huge_powers_in_doubles():
    tape = Tape(parse_term("x**1000001"), ("x",))
    low, _ = tape.values(np.array([[-1.0]]), np.array([[1.0]]))
    assert low[tape.root][0] <= -1


@pytest.mark.parametrize(
    "on",
    [
        "x in [0, x + (x - 1)*(x - 4)]",
        "x in [Max(0, (1 + sign(x))*(1 + sign(1 - x)) - 3)*200 - 1/10, 5]",
        "x in (x, 1]",
    ],
)
def test_2026_11_30_a_range_does_not_mention_its_own_variable(on):
    """The set is no interval then, and a slope on its pieces says nothing."""
    with pytest.raises(
        BoundcheckError, match=r"the range x in .* mentions x itself; state that in given="
    ):
        prove("x**3/3 - 5*x**2/2 + 4*x >= 0", on)
    (r,) = parse_domain(on).items()
    made = Comparison(parse_relation("x >= 0"), box_of([Range(r[0], *r[1])]))
    assert not free_of_hypotheses(made, "x")
    proof = {
        "by": "monotone",
        "variable": "x",
        "end": "lower",
        "face": {"by": "constant"},
        "slope": {"by": "algebra"},
    }
    document = {
        "statement": {"on": [on], "given": [], "relation": "x**3/3 - 5*x**2/2 + 4*x >= 0"},
        "proof": proof,
    }
    with pytest.raises(BoundcheckError, match="mentions x itself"):
        replay(document)


@pytest.mark.parametrize(
    ("text", "on", "given"),
    [
        ("1 <= 0", "", "log(4) - 2*log(2) >= 10**-400"),
        ("x >= 3", "x in (pi, 4*atan(1))", ""),
        ("x >= 0", "x in [10, 10**400*(sqrt(8) - 2*sqrt(2))]", ""),
        ("x >= 0", "x in [0,1]", "pi > 4*atan(1)"),
        ("x >= 0", "x in [0,1]", "sqrt(2)*sqrt(3) < sqrt(6)"),
        ("leakyrelu(x, a) >= x - 5", "a in [1,2]", "x >= 1, x <= -1"),
    ],
)
def test_2026_11_30_constants_that_agree_to_all_digits(text, on, given):
    """What balls do not settle was taken for true."""
    try:
        assert isinstance(prove(text, on or None, given=given), IllPosed)
    except BoundcheckError as error:
        assert "is empty" in str(error)
    document = {
        "statement": {
            "on": [on] if on else [],
            "given": given.split(", ") if given else [],
            "relation": text,
        },
        "proof": {"by": "interval"},
    }
    with pytest.raises(BoundcheckError, match=r"ill-posed|is empty"):
        replay(document)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("x <= 2", "x in [Sum(1, (k, 1, 20000)), 1]"),
        ("x**2 >= 0", "x in [sqrt(log(4) - 2*log(2)), oo)"),
    ],
)
def test_2026_11_30_an_end_without_a_known_value_is_said(text, on):
    verdict = prove(text, on)
    assert not isinstance(verdict, Proved) or "no point was found" in verdict.note
    with contextlib.suppress(BoundcheckError):
        found = replay(
            {"statement": {"on": [on], "given": [], "relation": text}, "proof": {"by": "interval"}}
        )
        assert "no point is given" in found.note


def test_2026_11_30_an_end_that_is_undefined():
    with pytest.raises(
        BoundcheckError,
        match=r"an end point of x in .* is not defined: .* pi - 4\*atan\(1\) is exactly 0",
    ):
        prove("x**2 >= 0", "x in [1/(pi - 4*atan(1)), oo)")


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


def test_2026_11_30_texts_that_would_take_all_memory():
    name, total = symbols("a" * 3000), number(0)
    for k in range(1500):
        total = add(total, mul(number(k), name))
    assert re.fullmatch("<expression of [0-9]+ shared nodes>", str(total))
    assert len(str(add(name, name))) == 6003


def test_2026_11_30_a_hypothesis_that_no_split_settles():
    """It was split again and again, to a RecursionError."""
    assert isinstance(prove("x >= 0", "x in [0,1]", given="sign(x*(1-x)) <= 1"), Proved)


def tower(make, height):
    e, t = symbols("x"), symbols("t")
    for _ in range(height):
        e = make(e * t) + e
    return e


@pytest.mark.parametrize("kind", ["integral", "sum"])
@pytest.mark.parametrize("height", [26, 60])
def test_2026_11_30_bodies_are_shared_as_well(kind, height):
    """A tower of integrals, or of sums, each with the one below in two places: 2**26
    nodes as a tree."""

    def over(body):
        return _make(kind, Binder("t", term(body)), (number(0), number(1)))

    e = tower(over, height)
    assert len(str(e)) < 100
    for statement in (
        inequality(e <= 10**9, on="x in [0,1]"),
        inequality(symbols("x") <= 1, on="x in [0,1]", given=[e <= 10**9]),
    ):
        assert prove(statement, budget=0.3).work <= 0.3 * 1.2


def test_2026_11_30_numbers_of_sympy_come_with_a_warning():
    """1 may be what it made of x/x."""
    s, ours = sympy.Symbol("x"), symbols("x")
    n = sympy.Symbol("n", integer=True)
    for made in (
        lambda: inequality(ours + s / s <= 3, on="x in [0,1]"),
        lambda: inequality(ours + sympy.sin(sympy.pi * n) <= 2, on="x in [0,1]"),
        lambda: Box(y=(0, s / s)),
    ):
        with pytest.warns(SympyWarning, match="[01] comes from sympy"):
            made()


@pytest.mark.parametrize(
    "hidden",
    [{"finite": True}, {"extended_real": True}, {"positive": True}, {"commutative": False}],
)
def test_2026_11_30_hidden_assumptions_are_named(hidden):
    with pytest.warns(SympyWarning), pytest.raises(BoundcheckError) as error:
        inequality(sympy.Symbol("x", **hidden) + 1, ">=", 0, on="x in [0,1]")
    ((name, value),) = hidden.items()
    assert f"({name}={value})" in str(error.value)


@pytest.mark.parametrize("budget", [0, -1, float("nan"), "3", None, True])
def test_2026_11_30_budgets_are_positive_numbers(budget):
    for call_ in (
        lambda: prove("x >= 0", "x in [0,1]", budget=budget),
        lambda: sup_norm("x", "x in [0,1]", budget=budget),
        lambda: lp_norm("x", 2, "x in [0,1]", budget=budget),
    ):
        with pytest.raises(
            BoundcheckError,
            match=f"the budget is {budget!r}( units of work; it must be positive|; give a number)",
        ):
            call_()


def test_2026_11_30_a_search_that_is_stuck_says_why():
    verdict = prove("0 >= 1", "x in [-1,1]", given="log(x - 3) > 5", budget=2)
    assert "a box as small as doubles allow is not decided" in verdict.reason


def test_2026_11_30_a_budget_is_only_spent_where_it_is():
    text = "cos(x)**20 == Sum(binomial(20,k)*cos((20-2*k)*x), (k,0,20))/2**20"
    verdict = prove(text, "x in [0,1]", budget=20)
    assert isinstance(verdict, Proved) or "was spent" not in verdict.reason


def test_2026_11_30_lp_norms_keep_what_a_larger_rtol_gets():
    """With 1e-12 it stopped after a thousand cells."""
    wide, narrow = (
        norm_so_far("sin(9*x*y)*cos(8*y)", "x in [0,1], y in [0,1]", r, 1)
        for r in ("1e-3", "1e-12")
    )
    assert narrow.upper - narrow.lower <= wide.upper - wide.lower


def norm_so_far(f, on, rtol, budget):
    try:
        return lp_norm(f, 2, on, rtol, budget=budget)
    except NotReached as error:
        return error.enclosure


@pytest.mark.parametrize("f", ["x - x", "sin(x)**2 + cos(x)**2 - 1", "exp(x)*exp(-x) - 1"])
@pytest.mark.parametrize("p", [1, 2])
def test_2026_11_30_lp_norms_of_0(f, p):
    found = lp_norm(f, p, "x in [0,1]")
    assert (found.lower, found.upper) == (0, 0)


@pytest.mark.parametrize(
    "f", ["gamma(x+1) - x*gamma(x)", "sqrt(x)*sqrt(y) - sqrt(x*y)", "x**y - exp(y*log(x))"]
)
def test_2026_11_30_what_nothing_tells_from_0_does_not_take_all_of_the_budget(f):
    with at_most(4), pytest.raises(NotReached, match="nothing tells the function from 0"):
        sup_norm(f, "x in [1,2], y in [1,2]")
