"""Dated regression tests: what adversarial reviews of the prover found."""

import contextlib
import json

import pytest
from flint import arb, ctx, fmpq
from within import within

from boundcheck import (
    BoundcheckError,
    IllPosed,
    Network,
    Proved,
    Refuted,
    ReLU,
    inequality,
    maximum,
    prove,
    sup_norm,
)
from boundcheck.checking.certificate import replay
from boundcheck.checking.checker import Checker
from boundcheck.checking.goals import Rejected, goal_of
from boundcheck.cli import main
from boundcheck.enclosure.arrays.doubles import ball_above, ball_below
from boundcheck.exact.algebra.limit import limit
from boundcheck.exact.terms.parser import parse_term
from boundcheck.search.boxes import boxes
from boundcheck.search.problem import Problem

INTERVAL = {"by": "interval"}


def rejected(text, on, proof):
    with pytest.raises(Rejected):
        Checker().check(goal_of(inequality(text, on=on)), proof)


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


def test_2026_11_22_a_limit_keeps_its_divisions():
    c = "(sqrt(2)*sqrt(3)-sqrt(6))"  # 0, but not to the normal form
    found = limit(parse_term(f"({c}*x**2+x)/({c}*x**2+2*x)"), "x")
    assert found is None or found.op == "div"


def test_2026_11_22_reversed_sums_are_not_taken_as_empty():
    assert prove("Sum(k,(k,3,1)) == 0").name == "undecided"
    assert prove("Sum(k,(k,3,2)) == 0").name == "proved"


@pytest.mark.parametrize(
    ("f", "on", "most"),
    [
        ("x", "x in [0,1/3]", "1/3"),
        ("x", "x in [0,pi]", "pi"),
        ("10**20*(x-1/3)", "x in [0,1/3]", "0"),
        ("1+10**20*Max(x-1/3,0)", "x in [0,1/3]", "1"),
        ("10**20*Max(x-1/3,0)+y", "x in [0,1/3], y in [0,1]", "1"),
    ],
)
def test_2026_11_22_values_are_taken_inside_the_box(f, on, most):
    found = maximum(f, on, atol="1e-3")
    assert prove(f"{found.lower} <= {most}").name == "proved"
    assert prove(f"{most} <= {found.upper}").name == "proved"


def test_2026_11_22_a_box_without_doubles():
    net = Network.from_layers(
        [([["100000000000000000000"]], ["-100000000000000000000/3"]), ([[1]], [0])], ReLU()
    )
    found = maximum(net, on="x in [1/3,1/3]", atol="1/100", budget=5)
    assert found.lower <= 0 <= found.upper


@pytest.mark.parametrize(
    ("f", "on", "message"),
    [
        ("sign(x)", "x in (-1,0)", "a function with jumps needs closed ranges"),
        ("x-y", "x in [0,y], y in [0,1]", "must be constants; a norm needs a box"),
    ],
)
def test_2026_11_22_norms_need_plain_boxes(f, on, message):
    with pytest.raises(BoundcheckError, match=message):
        maximum(f, on)


@pytest.mark.parametrize(
    ("f", "on"),
    [
        ("exp(-10**20*x**2)", "x in [-1,1]"),
        ("x*exp(-exp(10*x))", "x in [0,10]"),
        ("exp(10**18*(x-1/3))", "x in [0,1/3]"),
    ],
)
def test_2026_11_22_numbers_with_huge_exponents_do_not_end_the_process(f, on):
    found = sup_norm(f, on, rtol="1/10", budget=10)
    assert found.lower <= found.upper


def test_2026_11_22_an_id_is_not_a_path(tmp_path):
    folder = tmp_path / "certificates"
    folder.mkdir()
    claims = tmp_path / "claims.toml"
    claims.write_text('[[claim]]\nid = "../escaped"\nstates = "1 > 0"\n')
    assert main(["verify", str(claims), "--certificates", str(folder)]) == 0
    (written,) = folder.iterdir()
    assert written.name.startswith("_escaped")


def test_2026_11_22_a_folder_is_no_certificate_file(tmp_path, capsys):
    assert main(["prove", "1 > 0", "--certificate", str(tmp_path)]) == 3
    assert "name a file, not a folder" in capsys.readouterr().err


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


def test_2026_11_22_verdicts_are_not_asked_for_their_truth():
    assert prove("erfc(x) < exp(-x**2)/(x*sqrt(pi))", "x in (-1,oo)").name == "ill-posed"
    assert not isinstance(
        prove("signrelu(x) >= x/(-1/1000000000000+Abs(x))", "x in (-oo,oo)", budget=3), Proved
    )
    assert isinstance(prove("(sqrt(2)*sqrt(3)-sqrt(6))*x >= 1", "x in [0,1]"), Refuted)


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


def test_2026_11_22_a_bound_that_is_not_known_is_no_number():
    """It once stood for 2**2000, and exp(10**9) is larger."""
    for text in ("exp(-x)", "leakyrelu(1/exp(x))"):
        try:
            found = maximum(text, "x in [-1000000000, 0]", atol="1/10", budget=1)
        except BoundcheckError as error:
            found = getattr(error, "enclosure", None)
        assert found is None or found.upper is None or found.upper > 2**5000


def test_2026_11_22_what_the_search_says_of_domains_is_checked(monkeypatch):
    """Branch and bound evaluates loosely only where the checker, not the search, has
    seen that all is defined."""
    for claimed in ({}, {"x": {"option": 0, "proof": INTERVAL}}):
        monkeypatch.setattr(
            boxes.Calculus, "definedness", lambda self, goal, claimed=claimed: claimed
        )
        for text in ("exp(x*y) + 0*log(x) + 5 >= 0", "exp(x*y) + x/x + 5 >= 0"):
            undefined = inequality(text, on="x in [-1,1], y in [0,1]")
            assert not isinstance(within(1, boxes.subdivide, Problem(undefined)), Proved)


def test_2026_11_22_doubles_lie_outside_whatever_the_working_precision_is():
    """An end of more than 53 bits was rounded to the nearest double, where the caller
    had not set the precision."""
    for bits in (20, 53, 96, 300):
        with ctx.workprec(300):
            balls = [arb(fmpq(k, 7)) for k in range(-40, 40)]
        with ctx.workprec(bits):
            ends = [(ball_below(b), ball_above(b)) for b in balls]
        for k, (low, high) in zip(range(-40, 40), ends, strict=True):
            assert fmpq(*low.as_integer_ratio()) <= fmpq(k, 7) <= fmpq(*high.as_integer_ratio())


def test_2026_11_22_points_beyond_the_doubles():
    """A candidate for a touching point beyond 1e308 ended in an OverflowError instead
    of a verdict."""
    text = "k**(-(d+3)/2)*n**(1/2+3/(2*d)) <= 2**((d+3)/2)*a**(1/2+3/(2*d))"
    verdict = prove(text, given="k >= 1, d >= 1, a >= 1, n >= 1, n <= a*(2*k)**d", budget=5)
    assert not isinstance(verdict, (Refuted, IllPosed))
