"""Snapshots: what is worse fails, the noise of a search does not, and a file
that is not ours is refused."""

import copy
import json
from itertools import islice

import pytest
from commands import run
from conftest import PROOFS
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st
from mpmath import mp, mpf

from boundcheck import inequality, norm_bound
from boundcheck.claims.comparison import identity
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import decimal
from boundcheck.verification.changes import _direction, changes
from boundcheck.verification.collect import collect
from boundcheck.verification.snapshot import _printed, document_of, load, recorded, save
from boundcheck.verification.stated_constant import stated_constant
from boundcheck.verification.verify import settle, verify

HEAD = (
    "from boundcheck import Network, ReLU, SignReLU, claim, cited, identity, inequality, "
    "norm_bound, shape, uses\n"
)
CLAIM = '\n@claim(source="s", label="D")\ndef c(x):\n    """C."""\n'
ON = 'on="x in [0,1]")\n'


def body(*lines):
    return HEAD + CLAIM + "".join(f"    {line}\n" for line in lines)


def bound(constant, op="<="):
    return f'yield inequality("exp(x) - 1 - x {op} {constant}", on="x in [0,1]")'


def network(weight, limit="1/10"):
    """|x² - net| on [0, 1], where the net is a ReLU of slope `weight`: the text of the
    statement does not say which."""
    return (
        f'net = Network.from_layers([([["{weight}"]], [0]), ([[1]], [0])], ReLU())',
        f'yield norm_bound("x**2" - net, "{limit}", p="oo", on="x in [0,1]")',
    )


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


TRUE = 'yield inequality("x <= 1", on="x in [0,1]")'


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
                     [("statement", "x <= 1, on x in [0, 1]", "x <= 1, on x in [0, 1/2]", True)],
                     id="a smaller box"),
        pytest.param([TRUE, bound("1")], [TRUE], 1,
                     [("statement", "exp(x) - 1 - x <= 1, on x in [0, 1]", None, True)], id="gone"),
        pytest.param([TRUE], [bound("1"), TRUE], 0,
                     [("statement", None, "exp(x) - 1 - x <= 1, on x in [0, 1]", False)],
                     id="one more"),
        pytest.param([TRUE, bound("1")], [bound("1"), TRUE], 0, [], id="another order"),
        pytest.param([TRUE, TRUE], [TRUE], 1, [("statement", "x <= 1, on x in [0, 1]", None, True)],
                     id="one of two"),
        pytest.param([TRUE], ["yield 1/0"], 3, [("verdict", "proved", "ill-posed", True)],
                     id="it raises"),
        pytest.param(["yield 1/0"], [TRUE], 0, [("verdict", "ill-posed", "proved", False)],
                     id="it raised"),
        pytest.param([TRUE], [TRUE, 'yield cited("deep", "A 1900")'], 1,
                     [("axiom", None, "deep", True)], id="an axiom"),
        pytest.param([TRUE, 'yield cited("deep", "A 1900")'], [TRUE], 0,
                     [("axiom", "deep", None, False)], id="one axiom less"),
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
    used = CLAIM.replace("def c(", "def base(") + "    yield inequality(x, '<=', {}, " + ON
    top = CLAIM + f"    {TRUE}\n    yield uses('p.base')\n"
    code, found = compared(
        HEAD + used.format(1) + top, HEAD + used.format("x**2") + top, "-k", "p.c"
    )
    assert code == 1
    assert ("verdict", "proved", "undecided", True) in found  # of p.c, which is selected
    assert any(what == "statement" for what, *_ in found)  # of p.base, which it brings


def test_an_inherited_axiom_is_shown_once(capsys, claims, tmp_path):
    base = CLAIM.replace("def c(", "def base(") + f"    {TRUE}\n"
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


def test_the_two_together_are_a_ratchet(capsys, claims, tmp_path):
    """A worse run leaves the file as it is, a better one moves it; without
    --against it is replaced."""
    snap = tmp_path / "s.json"
    both = ("--snapshot", str(snap), "--against", str(snap))
    code, _, err = run(capsys, "verify", claims(body(TRUE), "p.py"), *both)
    assert code == 3  # there is nothing yet to compare with
    assert "is not a file" in err
    run(capsys, "verify", claims(body(bound("0.73")), "p.py"), "--snapshot", str(snap))
    first = snap.read_text()
    for _ in range(2):
        code, out, err = run(capsys, "verify", claims(body(bound("0.74")), "p.py"), *both)
        assert code == 1
        assert (
            "worse constant of p.c\n  exp(x) - 1 - x <= C, on x in [0, 1]\n  was 0.73\n  now 0.74"
            in out
        )
        assert "is not written: something got worse; leave out --against to accept that" in err
        assert snap.read_text() == first
    code, out, err = run(capsys, "verify", claims(body(bound("0.72")), "p.py"), *both)
    assert (code, err) == (0, "")
    assert "0 worse, 1 better or new" in out
    assert '"lower": "0.72"' in snap.read_text()
    code, out, _ = run(capsys, "verify", claims(body(bound("0.72")), "p.py"), *both)
    assert out.rstrip().endswith("no difference")
    assert (
        run(capsys, "verify", claims(body(bound("0.74")), "p.py"), "--snapshot", str(snap))[0] == 0
    )
    assert '"lower": "0.74"' in snap.read_text()


def test_a_run_that_is_not_whole_leaves_no_snapshot(capsys, claims, tmp_path, monkeypatch):
    snap = tmp_path / "s.json"
    path = claims(body(TRUE), "p.py")
    code, _, err = run(capsys, "verify", path, claims("1/0", "q.py"), "--snapshot", str(snap))
    assert code == 3
    assert "is not written: some files were not read" in err
    code, out, err = run(capsys, "verify", path, "-k", "c", "--snapshot", str(snap))
    assert (code, out) == (3, "")
    assert "--snapshot with -k would leave out claims; drop -k" in err
    code, out, err = run(capsys, "verify", path, "--snapshot", str(tmp_path / "none" / "s.json"))
    assert (code, out) == (3, "")
    assert "name a file in a folder that exists" in err
    run(capsys, "verify", path, "--snapshot", str(tmp_path / "before.json"))

    def interrupted(claims, *_, **__):
        yield from verify(islice(claims, 1), 5)
        raise KeyboardInterrupt

    monkeypatch.setattr("boundcheck.verification.verify.verify", interrupted)
    before = ("--against", str(tmp_path / "before.json"))
    code, out, err = run(
        capsys,
        "verify",
        path,
        claims(body(TRUE), "r.py"),
        "--snapshot",
        str(snap),
        *before,
        "--json",
    )
    assert code == 130
    assert "differences" not in json.loads(out)
    assert "is not written: the run was interrupted" in err
    assert not snap.exists()


def made(*paths):
    return document_of(settle(verify(collect(paths).claims, 20)))


def test_the_same_claims_have_no_differences(tmp_path):
    """What is written is read back, and neither times nor names of methods are in it."""
    document = made(PROOFS / "activation.py", PROOFS / "textbook.py", PROOFS / "instances.py")
    path = tmp_path / "s.json"
    save(path, document)
    assert load(path) == recorded(document)
    assert (
        changes(
            load(path),
            recorded(
                made(PROOFS / "activation.py", PROOFS / "textbook.py", PROOFS / "instances.py")
            ),
        )
        == ()
    )
    assert "seconds" not in path.read_text()
    norms = [s for c in load(path) for s in c.statements if s.kind == "norm bound"]
    assert len(norms) == 2
    for s in norms:
        assert s.constant.upper
        assert s.margin.lower > 0
    with mp.workdps(
        30
    ):  # c_sharp V R k^-2 with V = κ_1/σ = 8 exp(-1/2), k = 8 (see proofs/instances.py)
        bound = mpf(int(norms[0].constant.value.lower.p)) / int(norms[0].constant.value.lower.q)
        c_sharp = bound * 64 / (8 * mp.exp(-mpf(1) / 2))
        assert abs(c_sharp - mpf("0.0722")) < mpf("0.00005")


def test_several_processes_make_the_same_snapshot(capsys, claims, tmp_path):
    path = claims(body(bound("0.72"), *network("3/4", "1/3")), "p.py")
    for jobs in "12":
        assert (
            run(capsys, "verify", path, "--jobs", jobs, "--snapshot", str(tmp_path / jobs))[0] == 0
        )
    assert (tmp_path / "1").read_text() == (tmp_path / "2").read_text()


@pytest.mark.parametrize(
    ("statement", "of", "upper", "value"),
    [
        (inequality("x*y <= 3/4", on="x in [0,1], y in [0,1/2]"),
         "x*y <= C, on x in [0, 1], y in [0, 1/2]", True, fmpq(3, 4)),
        (inequality("3/4 > x", on="x in [0,1/2]"), "x < C, on x in [0, 1/2]", True, fmpq(3, 4)),
        (inequality("-2 < x", on="x in [0,1/2]"), "x > C, on x in [0, 1/2]", False, fmpq(-2)),
        (norm_bound("x", 2, on="x in [0,1]"), "norm of (x) in L^2 <= C, on x in [0, 1]", True,
         fmpq(2)),
    ],
)  # fmt: skip
def test_stated_constants(statement, of, upper, value):
    found = stated_constant(statement)
    assert (found.of, found.upper, found.value.lower, found.value.upper) == (
        of,
        upper,
        value,
        value,
    )


@pytest.mark.parametrize(
    "statement",
    [
        inequality("1 <= 2"),
        inequality("x <= y", on="x in [0,1], y in [1,2]"),
        identity("x", "x", on="x in [0,1]"),
        inequality("x <= 1/0", on="x in [0,1]"),
    ],
)
def test_statements_without_a_constant(statement):
    assert stated_constant(statement) is None


def test_an_irrational_constant_is_enclosed():
    found = stated_constant(inequality("x <= exp(-1/3) + pi", on="x in [0,1]")).value
    with mp.workdps(40):
        low, high = (mpf(int(e.p)) / int(e.q) for e in (found.lower, found.upper))
        assert low < mp.exp(-mpf(1) / 3) + mp.pi < high
        assert high - low < mpf(10) ** -30


NUMBERS = st.builds(fmpq, st.integers(-50, 50), st.integers(1, 20))
ENDS = st.none() | st.builds(fmpq, st.integers(0, 20), st.integers(1, 20))


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


@given(NUMBERS, st.integers(-12_000, 12_000), st.integers(0, 3))
@example(fmpq(1, 3), -9999, 1)
@example(fmpq(-1, 3), -9999, 0)
@example(fmpq(-1, 3), 9999, 1)
def test_printed_ends_enclose_and_can_be_read(q, exponent, width):
    """A margin of 10^-3043 is real (see proofs/marginals.py), and one of 10^-9999 has
    to be read back as well."""
    exact = Enclosure(q * fmpq(10) ** exponent, (q + width) * fmpq(10) ** exponent)
    texts = _printed(exact)
    low, high = texts["lower"], texts["upper"]
    assert low == "-oo" or decimal(low) <= exact.lower
    assert high == "oo" or exact.upper <= decimal(high)
    if abs(exponent) < 4000:
        assert exact.lower - decimal(low) <= abs(exact.lower) / 10**10
        assert decimal(high) - exact.upper <= abs(exact.upper) / 10**10


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    path = tmp_path_factory.mktemp("claims") / "p.py"
    path.write_text(body(bound("0.72"), 'yield cited("deep", "A 1900")'))
    return made(path)


@pytest.mark.parametrize(
    ("where", "value", "message"),
    [
        (("format",), "boundcheck.network",
         "is not a boundcheck.snapshot file; write one with boundcheck verify --snapshot"),
        (("version",), 2, "has version 2; this boundcheck reads version 1"),
        (("claims",), {}, "'claims' holds '{}', which is not a list"),
        (("claims",), None, "an entry lacks 'claims'"),
        (("claims", 0), 7, "'claims' holds '7', which is not a dict"),
        (("claims", 0, "id"), 7, "'id' holds '7', which is not a str"),
        (("claims", 0, "label"), [], "'label' holds"),
        (("claims", 0, "verdict"), "fine", "'fine' is not a verdict; there are refuted, ill-posed"),
        (("claims", 0, "axioms", 0), "deep", "'axioms' holds 'deep', which is not a dict"),
        (("claims", 0, "axioms", 0, "statement"), None, "an entry lacks 'statement'"),
        (("claims", 0, "statements", 0, "margin"), "0.1",
         "'margin' holds '0.1', which is not a dict"),
        (("claims", 0, "statements", 0, "margin", "lower"), "nan", "'nan' is not a decimal number"),
        (("claims", 0, "statements", 0, "margin", "lower"), "1e999999999",
         "has more than 5000 digits"),
        (("claims", 0, "statements", 0, "margin", "lower"), "5", "the enclosure from 5 to 0.0"),
        (("claims", 0, "statements", 0, "constant", "bounds_from_above"), 1, "which is not a bool"),
    ],
)  # fmt: skip
def test_damaged_files(capsys, claims, tmp_path, document, where, value, message):
    damaged = copy.deepcopy(document)
    inner = damaged
    for key in where[:-1]:
        inner = inner[key]
    if value is None:
        del inner[where[-1]]
    else:
        inner[where[-1]] = value
    path = tmp_path / "s.json"
    path.write_text(json.dumps(damaged))
    code, out, err = run(capsys, "verify", claims(body(TRUE), "p.py"), "--against", str(path))
    assert (code, out) == (3, "")
    assert message in err
    assert err.count("\n") == 1


def test_other_files_are_refused(capsys, claims, tmp_path, monkeypatch, document):
    path = tmp_path / "s.json"
    for text, message in (
        ("", "is not JSON"),
        ("[" * 10**5, "is not JSON"),
        ("[]", "is not a boundcheck.snapshot file"),
    ):
        path.write_text(text)
        code, out, err = run(capsys, "verify", claims(body(TRUE), "p.py"), "--against", str(path))
        assert (code, out) == (3, "")
        assert message in err
    assert (
        "is not a file"
        in run(capsys, "verify", claims(body(TRUE), "p.py"), "--against", str(tmp_path))[2]
    )
    twice = {**document, "claims": document["claims"] * 2}
    with pytest.raises(BoundcheckError, match="the claim 'p.c' is there twice"):
        recorded(twice)
    save(path, document)
    monkeypatch.setattr("boundcheck.documents.MAX_BYTES", 100)
    assert (
        "is larger than 100 bytes"
        in run(capsys, "verify", claims(body(TRUE), "p.py"), "--against", str(path))[2]
    )


@given(st.data())
def test_a_damaged_file_is_read_or_refused(document, data):
    """Whatever stands in the place of any value: a clear error, or a document that can
    be compared."""
    damaged = copy.deepcopy(document)
    inner = damaged
    while isinstance(inner, (dict, list)) and inner:
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(inner[key], (dict, list)) or data.draw(st.integers(0, 3)) == 0:
            inner[key] = data.draw(
                st.sampled_from(
                    [None, 0, 1.5, True, "", "x", "1e-7", "oo", [], {}, [[]], {"id": "x"}]
                )
            )
            break
        inner = inner[key]
    try:
        read = recorded(damaged)
    except BoundcheckError:
        return
    changes(read, recorded(document))
