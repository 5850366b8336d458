"""Budgets: what they count, and that verdicts, margins and certificates are the same
whatever else the machine does."""

import json
import os
import subprocess
import sys
import threading
import time
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from threadpoolctl import ThreadpoolController

from boundcheck import BoundcheckError, Proved, Undecided, lp_norm, maximum, prove, sup_norm
from boundcheck.claims.comparison import stated
from boundcheck.enclosure.arrays.threads import single_threaded
from boundcheck.exact.terms import work
from boundcheck.exact.terms.work import (
    UNIT,
    OutOfBudget,
    at_most,
    grace,
    left,
    refused,
    share,
    spend,
)
from boundcheck.norms import supremum as norms
from boundcheck.norms.supremum import NotReached

CASES = tomllib.loads((Path(__file__).parents[1] / "suite.toml").read_text(encoding="utf-8"))[
    "case"
]


# -- scopes ----------------------------------------------------------------------------------------


def test_a_scope_ends_where_its_units_are_spent():
    with at_most(1) as budget:
        spend(0.5 * UNIT)
        assert left() == pytest.approx(0.5)
        with pytest.raises(OutOfBudget):
            spend(0.6 * UNIT)
        assert left() == 0
        with pytest.raises(OutOfBudget):
            spend(1)
        assert budget.spent == pytest.approx(0.5)  # what did not fit was not done
    assert left() == float("inf")
    spend(10 * UNIT)


def test_what_is_refused_does_not_count_outside():
    """A step that does not fit into an inner scope leaves the rest of the outer one."""
    with at_most(1):
        before = refused()
        with pytest.raises(OutOfBudget), at_most(0.1):
            spend(100 * UNIT)
        assert left() == pytest.approx(1)
        assert refused() == before + 1


def test_an_inner_scope_is_not_larger_than_the_outer_one():
    with at_most(0.1), pytest.raises(OutOfBudget), at_most(5):
        spend(0.2 * UNIT)


def test_shares_are_of_what_is_left():
    with at_most(1):
        spend(0.5 * UNIT)
        with share(0.2) as part:
            assert part.units == pytest.approx(0.1)
    with share(0.5) as all_of_it:
        assert all_of_it.units == float("inf")


def test_grace_goes_beyond_an_exhausted_scope():
    with at_most(0.1):
        with pytest.raises(OutOfBudget):
            spend(UNIT)
        with grace(0.01):
            spend(0.005 * UNIT)
            with pytest.raises(OutOfBudget):
                spend(0.1 * UNIT)
        with pytest.raises(OutOfBudget):
            spend(1)


def test_each_thread_has_its_own_counter():
    seen = []

    def other():
        spend(5 * UNIT)
        seen.append(left())

    with at_most(1):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert left() == 1
    assert seen == [float("inf")]


# -- budgets ---------------------------------------------------------------------------------------


HARD = [
    (
        "(sqrt(x)-sqrt(y))**2 + (sqrt(1-x)-sqrt(1-y))**2 <= x*log(x/y) + (1-x)*log((1-x)/(1-y))",
        "x in (0,1), y in (0,1)",
    ),
    (
        "20 + E - 20*exp(-0.2*sqrt((x**2+y**2)/2)) - exp((cos(2*pi*x)+cos(2*pi*y))/2) >= 0",
        "x in [-5,5], y in [-5,5]",
    ),
    ("sin(a) + sin(b) + sin(c) <= 3*sqrt(3)/2 + 10**-30", "a in [0,3], b in [0,3], c in [0,3]"),
    ("Integral(sqrt(1-x**2), (x, -1, 1)) == pi/2", ""),
    ("erf(x)**2 <= 1 - exp(-4*x**2/pi)", "x in [0,oo)"),
]


@pytest.mark.parametrize(("text", "on"), HARD, ids=[t[:20] for t, _ in HARD])
@pytest.mark.parametrize("budget", [0.02, 0.2, 1.5])
def test_no_budget_is_overrun_and_a_spent_one_says_so(text, on, budget):
    verdict = prove(text, on, budget=budget)
    assert verdict.work <= 1.2 * budget
    if isinstance(verdict, Undecided) and verdict.work >= budget:
        assert "budget" in verdict.reason


def test_caps_are_told():
    """What no budget would mend."""
    names = [f"x{k}" for k in range(11)]
    squares = "+".join(f"({a}**2 - {b}**3/{k + 2})**2" for k, (a, b) in enumerate(pairwise(names)))
    on = ", ".join(f"{n} in [-1,1]" for n in names)
    verdict = prove(f"{squares} - x0**2*x1/10**6 + 10**-8 >= 0", on, budget=2)
    assert verdict.reason == (
        "some tactic needs more than its share of the budget; a larger one may do; "
        "the rules for polynomials take at most 8 variables, not 11; "
        "branch and bound takes at most 10 variables, not 11"
    )


def test_norms_tell_their_cap_of_boxes(monkeypatch):
    monkeypatch.setattr(norms, "_MOST_BOXES", 200)
    with pytest.raises(
        NotReached, match="rtol was not reached with 200 boxes and balls of 1024 bits"
    ):
        sup_norm("sin(9*x*y)*cos(8*y)", "x in [0,1], y in [0,1]", "1e-9")


@pytest.mark.parametrize(
    "norm",
    [
        lambda f, on: sup_norm(f, on, "1e-12", budget=0.3),
        lambda f, on: maximum(f, on, "1e-14", budget=0.3),
    ],
)
def test_norms_keep_their_budgets(norm):
    start = work._meter.done
    with pytest.raises(NotReached, match=r"with the budget of 0.3 units of work"):
        norm("sin(9*x*y+z)*cos(8*y*z-x)*exp(sin(7*x*z))", "x in [0,1], y in [0,1], z in [0,1]")
    assert 0.2 * UNIT <= work._meter.done - start <= 1.2 * 0.3 * UNIT


def test_a_statement_costs_the_same_every_time():
    """Also where it is the same object, which remembers its hull."""
    s = stated("x*exp(y) + y <= 10", "x in [0, pi/2], y in [0, x]")
    first, second = prove(s), prove(s)
    assert first.work == second.work
    assert first == second


# -- the same on every run -------------------------------------------------------------------------


PROGRAM = """
import json, sys
from boundcheck import Proved, prove
from boundcheck.checking.certificate import certificate
from boundcheck.claims.comparison import stated
found = []
for text, on, given in json.load(sys.stdin):
    verdict = prove(text, on, given=given, budget=1)
    document = {k: v for k, v in verdict.as_json().items() if k != "seconds"}
    if isinstance(verdict, Proved):
        document["certificate"] = certificate(stated(text, on, given), verdict)
    found.append([text, on, document])
print(json.dumps(sorted(found, key=str)))
"""
SOME = [(c["states"], c.get("on"), c.get("given", "")) for c in CASES[::7]]


def _started(statements, seed):
    env = os.environ | {"PYTHONHASHSEED": str(seed)}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=env,
    )
    process.stdin.write(json.dumps(statements))
    process.stdin.close()
    return process


def test_verdicts_do_not_depend_on_load_order_or_hashes():
    """Verdict, work, margin and certificate, byte for byte, beside eight busy processes."""
    alone = _started(SOME, 1)
    expected = alone.stdout.read()
    assert alone.wait() == 0
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(8)]
    try:
        time.sleep(0.1)
        loaded = _started(SOME[::-1], 2)
        found = loaded.stdout.read()
        assert loaded.wait() == 0
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert len(json.loads(expected)) == len(SOME)
    assert found == expected


def test_matrices_are_multiplied_in_one_thread_and_in_as_many_as_before_afterwards():
    blas = ThreadpoolController().select(user_api="blas")
    before = [m["num_threads"] for m in blas.info()]
    first, second = single_threaded(), single_threaded()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)  # as other threads may
    assert all(m["num_threads"] == 1 for m in blas.info())
    second.__exit__(None, None, None)
    assert [m["num_threads"] for m in blas.info()] == before


# -- what budgets may be ---------------------------------------------------------------------------


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


def test_2026_11_30_a_budget_is_only_spent_where_it_is():
    text = "cos(x)**20 == Sum(binomial(20,k)*cos((20-2*k)*x), (k,0,20))/2**20"
    verdict = prove(text, "x in [0,1]", budget=20)
    assert isinstance(verdict, Proved) or "was spent" not in verdict.reason
