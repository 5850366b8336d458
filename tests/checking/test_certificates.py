"""Certificates: what is written is accepted, what is changed is not."""

import copy
import json
import random

import pytest
from flint import fmpq
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from strategies import rationals, terms

from boundcheck import BoundcheckError, Box, Network, Proved, SignReLU, inequality, prove
from boundcheck.checking import checker, goals
from boundcheck.checking.certificate import certificate, recheck, replay, save
from boundcheck.checking.goals import Rejected
from boundcheck.claims import comparison
from boundcheck.cli import main
from boundcheck.documents import sealed
from boundcheck.enclosure.intervals.interval import Unclear, between
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.box import rational_ends
from boundcheck.exact.terms.term import Relation, call, number, postorder, sub, symbol

CASES = [
    ("1 + x <= exp(x)", "x in (-oo,oo)", ""),
    ("(1+1/n)**n <= E", "n in [1,oo)", ""),
    ("2*sqrt(x*y) <= x + y", "x in [0,oo), y in [0,oo)", ""),
    ("tan(x) >= x", "x in [0,pi/2)", ""),
    ("Abs(sin(x) - x) <= 0.17", "x in [-1,1]", ""),
    ("exp(-(x**2+y**2))*(1+x*y) <= 1.01", "x in [-2,2], y in [-2,2]", ""),
    ("signrelu(x)*y - Abs(x - y/3) <= 0.8", "x in [-1,1], y in [-1,1]", ""),
    ("t/(1+M*t) <= 1/M", "t in [0,oo)", "M > 0"),
    ("sqrt(2)+sqrt(3) > pi", "", ""),
    ("sin(x)**2 + cos(x)**2 == 1", "x in (-oo,oo)", ""),
]


def made(text, on, given=""):
    s = comparison.stated(text, on, given)
    verdict = prove(s, budget=20)
    assert isinstance(verdict, Proved), (text, verdict)
    return s, certificate(s, verdict)


@pytest.mark.parametrize(("text", "on", "given_"), CASES)
def test_certificates_are_accepted_after_a_round_trip(tmp_path, text, on, given_):
    s, document = made(text, on, given_)
    path = tmp_path / "c.json"
    path.write_text(json.dumps(document))
    again = recheck(path).statement
    assert (again.relation, again.on, again.given) == (s.relation, s.on, s.given)


# the search cancelled what the checker did not
CANCELLED = [
    (
        "exp((x - x)*exp(-1)) <= 2306995930718300799/2305843009213693952",
        "x in [0,2], y in [-5,-49/10]",
    ),
    ("atan(-13/3) - ceiling(y + x - (x + x)) < 4756/1000", "x in [3,4], y in [-2221/1000,-2]"),
    ("exp(x - x) <= 1", "x in [0,2]"),
    ("sin((2*x - x - x)*y) <= 0", "x in [-1,1], y in [-1,1]"),
    ("floor(3*y + x - (x + y) - 2*y) >= 0", "x in [3,4], y in [0,2]"),
    ("Max(x - y, y - x + 2*(x - y)) <= 1", "x in [0,1], y in [0,1]"),
    ("sqrt(4 + x - x) - 2 >= 0", "x in [0,9]"),
]


@pytest.mark.parametrize(("text", "on"), CANCELLED)
def test_search_and_checker_cancel_alike(tmp_path, text, on):
    s = comparison.stated(text, on)
    assert isinstance(save(tmp_path / "c.json", s, prove(s)), Proved)


@st.composite
def statements_with_a_bound(draw):
    """A random function with a bound that intervals, or nearly, give for it; sums
    come from the same parts."""
    functions = (
        "exp",
        "sin",
        "cos",
        "atan",
        "tanh",
        "sqrt",
        "log",
        "floor",
        "ceiling",
        "sign",
        "cbrt",
    )
    f = draw(terms(functions=functions, max_leaves=8))
    if draw(st.booleans()):
        f = sub(f, draw(st.sampled_from([a for a in postorder(f) if a.op != "rational"] or [f])))
    ends = draw(st.lists(rationals(4), min_size=4, max_size=4))
    box = Box(x=sorted(ends[:2]), y=sorted(ends[2:]))
    assume(ends[0] != ends[1] and ends[2] != ends[3])
    try:
        values = on_box(f, {n: between(*e) for n, e in box_ends(box).items()})
    except (Unclear, Unsupported, DomainError, OverflowError):
        assume(False)
    up = draw(st.booleans())
    end = values.upper if up else values.lower
    assume(not isinstance(end, float) and abs(end) < 10**6)
    slack = draw(st.sampled_from([fmpq(0), fmpq(1, 10**9), fmpq(1, 100), fmpq(-1, 100)]))
    bound = number(end.fmpq() + (slack if up else -slack))
    strict = draw(st.booleans())
    relation = Relation(f, ("<" if strict else "<=") if up else (">" if strict else ">="), bound)
    return comparison.Comparison(relation, box)


def box_ends(box):
    return {r.name: rational_ends(r) for r in box.ranges}


@given(statements_with_a_bound())
@settings(
    max_examples=min(500, settings.default.max_examples), suppress_health_check=list(HealthCheck)
)
def test_no_certificate_of_our_own_is_rejected(s):
    try:
        s.check()
        verdict = prove(s, budget=0.3)
    except BoundcheckError:
        return
    if isinstance(verdict, Proved):
        event("proved")
        replay(json.loads(json.dumps(certificate(s, verdict))))


@pytest.mark.parametrize(("text", "on", "given_"), CASES)
def test_any_changed_byte_is_rejected(tmp_path, text, on, given_):
    _, document = made(text, on, given_)
    whole = json.dumps(document)
    rng = random.Random(1)
    path = tmp_path / "c.json"
    for _ in range(60):
        k = rng.randrange(len(whole))
        other = chr(rng.randrange(32, 127))
        changed = whole[:k] + other + whole[k + 1 :]
        try:
            same = json.loads(changed) == document
        except ValueError:
            same = False
        path.write_text(changed)
        if not same:
            with pytest.raises(BoundcheckError):
                recheck(path)


@pytest.mark.parametrize(
    ("text", "on", "false"),
    [
        (
            "exp(-(x**2+y**2))*(1+x*y) <= 1.01",
            "x in [-2,2], y in [-2,2]",
            "exp(-(x**2+y**2))*(1+x*y) <= 0.99",
        ),
        ("Abs(sin(x) - x) <= 0.17", "x in [-1,1]", "Abs(sin(x) - x) <= 0.15"),
        ("1 + x <= exp(x)", "x in (-oo,oo)", "1.001 + x <= exp(x)"),
        ("1 + x <= exp(x)", "x in (-oo,oo)", "1 + x < exp(x)"),
        ("(1+1/n)**n <= E", "n in [1,oo)", "(1+1/n)**n <= 2.718"),
        ("2*sqrt(x*y) <= x + y", "x in [0,oo), y in [0,oo)", "2.01*sqrt(x*y) <= x + y"),
        ("sqrt(2)+sqrt(3) > pi", "", "sqrt(2)+sqrt(3) < pi"),
        ("x*y <= (x**2+y**2)/2", "x in [-3,3], y in [-3,3]", "x*y <= (x**2+y**2)/2.1"),
        ("tan(x) >= x", "x in [0,pi/2)", "tan(x) >= 1.0001*x"),
        ("sin(x)**2 + cos(x)**2 == 1", "x in (-oo,oo)", "sin(x)**2 + cos(x)**2 == x"),
    ],
)
def test_a_false_statement_with_the_proof_of_a_true_one_is_rejected(text, on, false):
    _, document = made(text, on)
    document["statement"]["relation"] = str(comparison.stated(false, on).relation)
    with pytest.raises(Rejected):
        replay(document)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x in [0, 1]", "x in [-1, 1]"),
        ("x in [0, 1]", "x in [0, 2]"),
        ("x in [0, 1]", "x in [0, oo)"),
    ],
)
def test_a_larger_box_is_rejected(old, new):
    _, document = made("exp(x) - x**2 >= 0.99", "x in [0,1]")
    assert document["statement"]["on"] == [old]
    document["statement"]["on"] = [new]
    with pytest.raises(Rejected):
        replay(document)


def test_tampered_trees_are_rejected_or_still_prove():
    """A leaf that is dropped, added or moved: whatever is accepted covers the
    box and holds on each leaf."""
    _, document = made("exp(-(x**2+y**2))*(1+x*y) <= 1.01", "x in [-2,2], y in [-2,2]")
    tree = document["proof"]["tree"]
    rng = random.Random(2)
    rejected = 0
    for _ in range(80):
        k = rng.randrange(len(tree))
        forged = copy.deepcopy(document)
        forged["proof"]["tree"] = rng.choice(
            [
                tree[:k] + tree[k + 1 :],
                tree[:k] + "m" + tree[k:],
                tree[:k] + "x" + tree[k + 1 :],
                tree[:k] + "7" + tree[k + 1 :],
            ]
        )
        if forged["proof"]["tree"] == tree:
            continue
        with pytest.raises(Rejected):
            replay(forged)
        rejected += 1
    assert rejected > 60


def test_a_smaller_hull_is_rejected():
    _, document = made("exp(-(x**2+y**2))*(1+x*y) <= 1.01", "x in [-2,2], y in [-2,2]")
    document["proof"]["hull"]["x"] = ["-2", "1"]
    with pytest.raises(Rejected, match="do not cover"):
        replay(document)


@pytest.mark.parametrize(
    "proof",
    [
        None,
        {},
        [],
        {"by": "oracle"},
        {"by": "_check"},
        {"by": "boxes"},
        {"by": "boxes", "hull": {"x": ["0", "1"]}, "tree": ""},
        {"by": "boxes", "hull": {"x": ["0", "1"]}, "tree": "m", "bits": 10**9},
        {"by": "boxes", "hull": {"x": ["0", "1"]}, "tree": "0" * 5000},
        {"by": "boxes", "hull": {"x": ["0", "1"]}, "tree": 5},
        {"by": "boxes", "hull": {"x": [0, 1]}, "tree": "m"},
        {
            "by": "split",
            "variable": "x",
            "at": "2",
            "parts": [{"by": "interval"}, {"by": "interval"}],
        },
        {
            "by": "split",
            "variable": "y",
            "at": "1/2",
            "parts": [{"by": "interval"}, {"by": "interval"}],
        },
        {
            "by": "split",
            "variable": "x",
            "at": "__import__('os')",
            "parts": [{"by": "interval"}] * 2,
        },
        {
            "by": "monotone",
            "variable": "x",
            "end": "middle",
            "face": {"by": "constant"},
            "slope": {"by": "interval"},
        },
        {
            "by": "monotone",
            "variable": "x",
            "end": "lower",
            "face": {"by": "constant"},
            "slope": {"by": "algebra"},
        },
        {"by": "interval", "defined": "leaf by leaf"},
        {"by": "constant"},
        {"by": "algebra"},
        {"by": "cases", "parts": []},
        {
            "by": "normal",
            "times": "-1",
            "positive": {"by": "interval"},
            "proof": {"by": "interval"},
        },
        {
            "by": "squares",
            "left": "x",
            "right": "x",
            "positive": {"by": "interval"},
            "proof": {"by": "algebra"},
        },
        {"by": "inverse", "variable": "x", "proof": {"by": "interval"}},
        {
            "by": "boxes",
            "hull": {"x": ["0", "1"]},
            "tree": "c",
            "touching": [{"at": {"x": "0"}, "basis": [["1"]]}],
        },
        {"by": "boxes", "hull": {"x": ["0", "1"]}, "tree": "c"},
        {"by": "factors", "parts": [{"sign": "+", "proof": {"by": "interval"}}]},
    ],
)
def test_nonsense_is_rejected(proof):
    """For the false goal x*(1-x) >= 1/5 on [0,1]."""
    goal = goals.goal_of(inequality("x*(1-x) >= 1/5", on="x in [0,1]"))

    with pytest.raises(Rejected):
        checker.Checker().check(goal, proof)


def test_a_statement_that_is_undefined_somewhere_has_no_proof():

    for text in ("0*log(x) >= 0", "x/x >= 1", "sqrt(x)**2 >= x", "0/x >= 0"):
        goal = goals.goal_of(inequality(text, on="x in [-1,1]"))
        for proof in ({"by": "interval"}, {"by": "normal", "proof": {"by": "constant"}},
                      {"by": "normal", "proof": {"by": "interval"}},
                      {"by": "boxes", "hull": {"x": ["-1", "1"]}, "tree": "m",
                       "defined": "leaf by leaf"},
                      {"by": "boxes", "hull": {"x": ["-1", "1"]}, "tree": "t",
                       "defined": "leaf by leaf"},
                      {"by": "boxes", "hull": {"x": ["-1", "1"]}, "tree": "0tt",
                       "defined": "leaf by leaf"},
                      {"by": "cases", "parts": [{"by": "interval"}],
                       "defined": "part by part"}):  # fmt: skip
            with pytest.raises(Rejected):
                checker.Checker().check(goal, proof)


def test_large_statements_travel_as_programs(tmp_path):
    net = Network.from_layers(
        [([["1/3", -1], [2, 1]], [0, "1/7"]), ([[1, "1/2"]], [0])], SignReLU()
    )
    x, y = symbol("x"), symbol("y")
    (out,) = net.terms([x, y])
    for _ in range(9):
        out = call("sin", out * out + out)  # shared: the text would double each time
    s = comparison.Comparison(
        Relation(out, "<=", number(2)), comparison.Box.parse("x in [0,1], y in [0,1]")
    )
    verdict = prove(s, budget=20)
    assert isinstance(verdict, Proved)
    document = certificate(s, verdict)
    assert "program" in document["statement"]
    assert replay(json.loads(json.dumps(document))).statement.relation == s.relation
    for entry in (
        ["oracle", 0],
        ["add", 0],
        ["add", 0, 10**6],
        ["add", 0, -1],
        ["add", 0, True],
        7,
    ):
        forged = copy.deepcopy(document)
        forged["statement"]["program"][-1] = entry
        with pytest.raises(BoundcheckError):
            replay(forged)


def test_commands(tmp_path, capsys):
    path = tmp_path / "c.json"
    assert main(["prove", "sin(x) <= x", "--on", "x in [0,oo)", "--certificate", str(path)]) == 0
    assert main(["recheck", str(path)]) == 0
    assert "accepted" in capsys.readouterr().out
    document = json.loads(path.read_text())
    document["statement"]["relation"] = "sin(x) <= x/2"
    path.write_text(json.dumps(document))
    assert main(["recheck", str(path)]) == 1
    assert "the checksum does not match" in capsys.readouterr().out
    path.write_text(json.dumps(sealed(document)))
    assert main(["recheck", str(path), "--json"]) == 1
    (entry,) = json.loads(capsys.readouterr().out)["certificates"]
    assert entry["accepted"] is False
    path.write_text("{}")
    assert main(["recheck", str(path)]) == 3
    assert "is not a boundcheck.certificate or boundcheck.theorem file" in capsys.readouterr().err
    assert (
        main(
            [
                "prove",
                "sin(x) <= x/2",
                "--on",
                "x in [0,1]",
                "--certificate",
                str(tmp_path / "none.json"),
            ]
        )
        == 1
    )
    assert not (tmp_path / "none.json").exists()


def test_verify_writes_certificates(tmp_path, capsys):
    claims = tmp_path / "claims.toml"
    claims.write_text(
        '[[claim]]\nid = "tangent"\nstates = "1 + x <= exp(x)"\non = "x in [-1, oo)"\n'
    )
    folder = tmp_path / "certificates"
    assert main(["verify", str(claims), "--certificates", str(folder)]) == 3
    assert "is not a folder; make it first" in capsys.readouterr().err
    folder.mkdir()
    assert main(["verify", str(claims), "--certificates", str(folder)]) == 0
    (written,) = folder.iterdir()
    assert main(["recheck", str(written)]) == 0


def test_a_verdict_without_a_proof_has_no_certificate(tmp_path):
    s = inequality("exp(x) <= 3", on="x in [0,1]")
    with pytest.raises(BoundcheckError, match="has no certificate yet"):
        save(tmp_path / "c.json", s, Proved(method="by hand"))


def test_2026_11_30_ends_are_taken_as_they_are_written(tmp_path):
    """1/10 is no double: where the gap at the end is less than the rounding of one, the checker
    has to take the end that the search had."""
    s, document = made("exp(x) - 1 - x <= 0.005170918075647625", "x in [0,1/10]")
    assert document["proof"]["by"] == "boxes"
    assert replay(document).statement == s
    wider = json.loads(json.dumps(document))
    wider["statement"]["on"] = ["x in [0, 1/10 + 1/10**15]"]
    with pytest.raises(Rejected):
        replay(wider)


def test_a_key_that_stands_twice_is_refused(tmp_path):
    """Who reads the file with another program might see the other value."""
    _, document = made("1 + x <= exp(x)", "x in [0,1]")
    text = json.dumps(document)
    path = tmp_path / "c.json"
    path.write_text(text.replace('"on":', '"given": [], "on":'))
    with pytest.raises(BoundcheckError, match="an object has a key twice"):
        recheck(path)
