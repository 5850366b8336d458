"""What a later run proves less of than a snapshot, and what more."""

import json

import pytest
from commands import run
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from snapshot_claims import CLAIM, HEAD, ON, TRUE, body, bound, network

from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.exact.terms.rational import decimal
from boundcheck.verification.changes import _direction, changes
from boundcheck.verification.snapshot import RecordedClaim


@pytest.fixture
def compared(capsys, claims, tmp_path):
    """The exit code and the differences of two proof files, the second against
    a snapshot of the first."""

    def compare(old, new, *arguments):
        snap = str(tmp_path / "snapshot.json")
        run(capsys, "verify", claims(old, "p.py"), "--snapshot", snap)
        code, out, err = run(
            capsys, "verify", claims(new, "p.py"), "--against", snap, "--json", *arguments
        )
        assert err == ""
        return code, [
            (d["what"], d["was"], d["now"], d["worse"]) for d in json.loads(out)["differences"]
        ]

    return compare


RANKS = {"assumed": 1, "steps": 2, "proved": 3}
FAILURES = ("refuted", "ill-posed", "undecided")
NUMBERS = st.builds(fmpq, st.integers(-50, 50), st.integers(1, 20))
ENDS = st.none() | st.builds(fmpq, st.integers(0, 20), st.integers(1, 20))


@pytest.mark.parametrize(
    ("old", "new", "code", "differences"),
    [
        pytest.param([TRUE], [TRUE], 0, [], id="nothing"),
        pytest.param([bound("0.72")], [bound("0.73")], 1, [("constant", "0.72", "0.73", True)],
                     id="a larger constant"),
        pytest.param([bound("0.73")], [bound("0.72")], 0, [("constant", "0.73", "0.72", False)],
                     id="a smaller one"),
        pytest.param([bound("0", ">=")], [bound("-1", ">=")], 1, [("constant", "0", "-1", True)],
                     id="from below"),
        pytest.param([bound("-1", ">=")], [bound("0", ">=")], 0, [("constant", "-1", "0", False)],
                     id="from below, up"),
        pytest.param(network("3/4", "1/3"), network("3/4", "1/2"), 1,
                     [("constant", "[0.333333333333, 0.333333333334]", "0.5", True)],
                     id="a norm's constant"),
        pytest.param(network("4/5", "1/3"), network("3/4", "1/3"), 1,
                     [("margin", None, None, True)], id="a worse network"),
        pytest.param(network("3/4", "1/3"), network("4/5", "1/3"), 0,
                     [("margin", None, None, False)], id="a better network"),
        pytest.param(network("3/4", "1/3"), network("1/2", "1/3"), 1,
                     [("verdict", "proved", "refuted", True)], id="refuted"),
        pytest.param(network("1/2", "1/3"), network("3/4", "1/3"), 0,
                     [("verdict", "refuted", "proved", False)], id="mended"),
        pytest.param([bound("0.72")], [bound("0.71")], 1, [("verdict", "proved", "refuted", True)],
                     id="too sharp"),
        pytest.param([bound("0.71")], [bound("0.72")], 0, [("verdict", "refuted", "proved", False)],
                     id="no longer too sharp"),
        pytest.param([bound("0.72")], [bound("0.72", "<")], 1,
                     [("statement", "exp(x) - 1 - x <= 18/25, on x in [0, 1]",
                       "exp(x) - 1 - x < 18/25, on x in [0, 1]", True)], id="another sign"),
        pytest.param([TRUE], [TRUE.replace("[0,1]", "[0,1/2]")], 1,
                     [("statement", "x**2 <= 1, on x in [0, 1]", "x**2 <= 1, on x in [0, 1/2]",
                       True)], id="a smaller box"),
        pytest.param([TRUE, bound("1")], [TRUE], 1,
                     [("statement", "exp(x) - 1 - x <= 1, on x in [0, 1]", None, True),
                      ("verdict", "steps", "proved", False)], id="gone"),
        pytest.param([TRUE], [bound("1"), TRUE], 0,
                     [("verdict", "proved", "steps", True),
                      ("statement", None, "exp(x) - 1 - x <= 1, on x in [0, 1]", False)],
                     id="one more"),
        pytest.param([TRUE, bound("1")], [TRUE, bound("1"), bound("2")], 0,
                     [("statement", None, "exp(x) - 1 - x <= 2, on x in [0, 1]", False)],
                     id="one more of several"),
        pytest.param([TRUE, bound("1")], [bound("1"), TRUE], 0, [], id="another order"),
        pytest.param([TRUE, TRUE], [TRUE], 1,
                     [("statement", "x**2 <= 1, on x in [0, 1]", None, True),
                      ("verdict", "steps", "proved", False)], id="one of two"),
        pytest.param([TRUE], ["yield 1/0"], 3, [("verdict", "proved", "ill-posed", True)],
                     id="it raises"),
        pytest.param(["yield 1/0"], [TRUE], 0, [("verdict", "ill-posed", "proved", False)],
                     id="it raised"),
        pytest.param([TRUE], [TRUE, 'yield cited("deep", "A 1900")'], 1,
                     [("axiom", None, "deep", True), ("verdict", "proved", "steps", True)],
                     id="an axiom"),
        pytest.param([TRUE, 'yield cited("deep", "A 1900")'], [TRUE], 0,
                     [("axiom", "deep", None, False), ("verdict", "steps", "proved", False)],
                     id="one axiom less"),
        pytest.param([TRUE, bound("1")], [TRUE, bound("1"), 'yield cited("deep", "A 1900")'], 1,
                     [("axiom", None, "deep", True)], id="an axiom of several statements"),
        pytest.param(['yield cited("deep", "A 1900")'], ['yield cited("deep", "A 1900")', TRUE], 0,
                     [("statement", None, "x**2 <= 1, on x in [0, 1]", False),
                      ("verdict", "assumed", "steps", False)], id="something decided"),
        pytest.param([TRUE, 'yield cited("deep", "A 1900")'], ['yield cited("deep", "A 1900")'], 0,
                     [("statement", "x**2 <= 1, on x in [0, 1]", None, True),
                      ("verdict", "steps", "assumed", True)], id="nothing decided any more"),
        pytest.param([TRUE, bound("1")], [TRUE, bound("0.71")], 1,
                     [("verdict", "proved", "refuted", True)], id="a formula of several fails"),
        pytest.param([TRUE, 'yield cited("deep", "A 1900")'],
                     [TRUE, 'yield cited("deep", "B 1901")'], 0, [], id="a reference"),
        pytest.param([TRUE], [TRUE, 'yield uses("p.d")'], 2,
                     [("verdict", "proved", "undecided", True)], id="held back"),
    ],
)  # fmt: skip
def test_what_is_worse(compared, old, new, code, differences):
    found_code, found = compared(body(*old), body(*new))
    # a comparison that fails exits with 1 whatever else is wrong
    assert found_code == (1 if any(worse for *_, worse in differences) else code)
    expected = [(w, a, b, worse) if w != "margin" else (w, worse) for w, a, b, worse in differences]
    assert [d if d[0] != "margin" else (d[0], d[3]) for d in found] == expected


def test_the_margin_of_a_worse_network_is_what_it_is(compared):
    """sup |x² - w x| on [0, 1] is max(w²/4, 1 - w): for 4/5 and 3/4 that is 1/5 and 1/4."""
    _, ((_, was, now, _),) = compared(body(*network("4/5", "1/3")), body(*network("3/4", "1/3")))
    for text, norm in ((was, fmpq(1, 5)), (now, fmpq(1, 4))):
        low, high = map(decimal, text.strip("[]").split(", "))
        assert low <= fmpq(1, 3) - norm <= high


def test_labels_and_claims(compared):
    second = CLAIM.replace("def c(", "def d(") + f"    {TRUE}\n"
    assert compared(body(TRUE), body(TRUE).replace('label="D"', 'label="P"')) == (
        1,
        [("label", "D", "P", True)],
    )
    assert compared(body(TRUE) + second, body(TRUE)) == (1, [("claim", "proved", None, True)])
    assert compared(body(TRUE), body(TRUE) + second) == (0, [("claim", None, "proved", False)])
    assert compared(body(TRUE) + second, body(TRUE), "-k", "c") == (0, [])
    assert compared(body(TRUE) + second, body(bound("1")), "-k", "p.c")[0] == 1


def test_what_a_claim_uses_is_compared_with_it(compared):
    used = CLAIM.replace("def c(", "def base(") + "    yield inequality(x**2, '<=', {}, " + ON
    top = CLAIM + f"    {TRUE}\n    yield uses('p.base')\n"
    code, found = compared(
        HEAD + used.format(1) + top, HEAD + used.format("x**3") + top, "-k", "p.c"
    )
    assert code == 1
    assert ("verdict", "steps", "undecided", True) in found  # of p.c, which is selected
    assert any(what == "statement" for what, *_ in found)  # of p.base, which it brings


def test_an_inherited_axiom_is_shown_once(capsys, claims, tmp_path):
    base = CLAIM.replace("def c(", "def base(") + f"    {TRUE}\n    {bound('1')}\n"
    tops = "".join(
        CLAIM.replace("def c(", f"def top{k}(") + f"    {TRUE}\n    yield uses('p.base')\n"
        for k in range(9)
    )
    snap = str(tmp_path / "s.json")
    run(capsys, "verify", claims(HEAD + base + tops, "p.py"), "--snapshot", snap)
    new = HEAD + base + '    yield cited("[bold]deep[/] \\x1b[2J", "A 1900")\n' + tops
    code, out, _ = run(capsys, "verify", claims(new, "p.py"), "--against", snap)
    assert code == 1
    assert out.count("[bold]deep[/]  [2J") == 1  # neither markup nor control characters of a file
    assert "\x1b" not in out
    assert (
        "worse axiom of p.base, p.top0, p.top1, p.top2, p.top3, p.top4, p.top5, p.top6 and 2 more"
        in out
    )
    assert "was none\n  now [bold]" in out
    assert out.rstrip().endswith("1 worse, 0 better or new")


def test_long_texts_are_shown_where_they_differ(capsys, claims, tmp_path):
    long = " + ".join(f"x**{k}" for k in range(2, 90))
    snap = str(tmp_path / "s.json")
    one, two = (
        body(f'yield inequality("{long} + {c}*x**100 <= 100 + x", on="x in [0,1]")') for c in (1, 2)
    )
    run(capsys, "verify", claims(one, "p.py"), "--snapshot", snap)
    code, out, _ = run(capsys, "verify", claims(two, "p.py"), "--against", snap)
    was, now = (line for line in out.splitlines() if line.startswith(("  was", "  now")))
    assert code == 1
    assert "x**100" in was
    assert "2*x**100" in now
    assert len(was) < 320


@given(NUMBERS, NUMBERS, ENDS, ENDS, ENDS, ENDS)
def test_only_a_real_change_is_a_change(old, new, a, b, c, d):
    """Whatever the enclosures of the two numbers: what is said to have fallen, fell."""
    was = Enclosure(None if a is None else old - a, None if b is None else old + b)
    now = Enclosure(None if c is None else new - c, None if d is None else new + d)
    direction = _direction(was, now)
    assert direction in (0, -1 if new < old else 1)
    assert _direction(now, was) == -direction
    apart = None not in (a, d) and new + d < old - a
    assert (direction == -1) == apart


@pytest.mark.parametrize("was", [*RANKS, *FAILURES])
@pytest.mark.parametrize("now", [*RANKS, *FAILURES])
def test_a_verdict_is_worse_where_it_says_less(was, now):
    """Proved says more than steps, steps more than assumed, and no failure more than another."""
    old, new = (RecordedClaim("c", None, name, (), ()) for name in (was, now))
    found = changes([old], [new])
    if was == now:
        assert found == ()
        return
    ((what, a, b, worse),) = [(c.what, c.was, c.now, c.worse) for c in found]
    assert (what, a, b) == ("verdict", was, now)
    assert worse == (RANKS.get(now, 0) <= RANKS.get(was, 0))
