"""`norm_bound`: proved, refuted, undecided; in L^p and in the supremum."""

import numpy as np
import pytest
import sympy
from flint import fmpq
from random_networks import shallow

from boundcheck import (
    BoundcheckError,
    IllPosed,
    Network,
    Proved,
    Q,
    Refuted,
    SignReLU,
    Undecided,
    norm_bound,
    prove,
    sup_norm,
    symbols,
)

NET = Network.from_layers([([[1], [-1]], [0, "1/2"]), ([[1, "1/3"]], ["1/5"])])


@pytest.mark.parametrize("p", [1, 2, "7/2", "oo"])
def test_proved_and_refuted_close_to_the_truth(p):
    f = "x" - NET
    on = "x in [-1, 1]"
    known = None
    low, high = fmpq(0), fmpq(4)
    for _ in range(9):  # bisection by verdicts alone
        middle = (low + high) / 2
        verdict = prove(norm_bound(f, middle, p=p, on=on))
        assert isinstance(verdict, (Proved, Refuted))
        low, high = (low, middle) if isinstance(verdict, Proved) else (middle, high)
        known = verdict if isinstance(verdict, Proved) else known
    size = [abs(float(x - NET(x))) for x in (Q(k, 200) for k in range(-200, 201))]
    q = None if p == "oo" else float(Q(p))
    observed = max(size) if q is None else (sum(v**q for v in size) / len(size)) ** (1 / q)
    assert float(Q(low)) - 0.02 <= observed <= float(Q(high)) + 0.02
    assert known is not None
    assert known.margin.lower >= 0


def test_the_verdict_shows_the_norm():
    verdict = prove(norm_bound("x", "1/2", p=2, on="x in [-1, 1]"))
    assert isinstance(verdict, Refuted)
    assert verdict.detail().startswith("the norm is in [0.57735")


def test_equality_is_undecided():
    """‖x‖_2 = 1/sqrt(3): no enclosure of the norm decides this."""
    verdict = prove(norm_bound("x", "1/sqrt(3)", on="x in [-1, 1]"), budget=2)
    assert isinstance(verdict, Undecided)


def test_the_remedy_of_the_undecided():
    """A larger budget was asked for although nearly all of it was left."""
    bound = norm_bound("x", "1/sqrt(3)", p=2, on="x in [-1, 1]")
    assert (
        "that is as near as it gets; state a larger bound, or a smaller one"
        in prove(bound, budget=20).detail()
    )
    assert "; give a larger budget" in prove(bound, budget=1e-6).detail()


@pytest.mark.parametrize("p", ["oo", float("inf"), np.inf, sympy.oo])
def test_ways_to_write_the_supremum(p):
    assert norm_bound("x", 1, p=p, on="x in [0, 1]").p is None


def test_bad_input():
    a = symbols("a")
    with pytest.raises(BoundcheckError, match="the bound a contains a; it must be a constant"):
        norm_bound("x", a, on="x in [0, 1]")
    with pytest.raises(BoundcheckError, match="p = 1/2; a norm needs 1 <= p <= oo"):
        norm_bound("x", 1, p="1/2", on="x in [0, 1]")


def test_text():
    assert (
        norm_bound("x" - NET, "1/10", on="x in [0, 1]").text()
        == "norm of (x) - (1 -> 2 -> 1) in L^2 <= 1/10, on x in [0, 1]"
    )


def test_norm_bounds_have_certificates(tmp_path):
    from boundcheck.checking.certificate import recheck

    path = tmp_path / "norm.json"
    found = sup_norm(
        "exp(-(x**2+y**2))" - shallow(4, 2, SignReLU()),
        on="x in [-1,1], y in [-1,1]",
        rtol="1/10",
        certificate=path,
    )
    statement = recheck(path).statement
    assert statement.relation.op == "<="
    assert statement.relation.right.payload == found.upper


@pytest.mark.parametrize("bound", ["1/0", "sqrt(-1)", "log(0)"])
def test_2026_11_22_bounds_that_are_undefined(bound):
    assert isinstance(prove(norm_bound("x", bound, on="x in [0, 1]")), IllPosed)


@pytest.mark.parametrize("bound", ["exp(exp(exp(10)))", "1/(sqrt(2)**2 - 2)"])
def test_2026_11_22_bounds_of_unclear_value(bound):
    assert isinstance(prove(norm_bound("x", bound, on="x in [0, 1]")), Undecided)
