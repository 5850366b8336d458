"""Snapshots: the noise of a search is no difference, and a file that is not ours is refused."""

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
from snapshot_claims import TRUE, body, bound, network

from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import decimal
from boundcheck.verification.changes import changes
from boundcheck.verification.collect import collect
from boundcheck.verification.snapshot import _printed, document_of, load, recorded, save
from boundcheck.verification.verify import settle, verify


def made(*paths):
    return document_of(settle(verify(collect(paths).claims, 20)))


NUMBERS = st.builds(fmpq, st.integers(-50, 50), st.integers(1, 20))


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    path = tmp_path_factory.mktemp("claims") / "p.py"
    path.write_text(body(bound("0.72"), 'yield cited("deep", "A 1900")'))
    return made(path)


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


def test_the_same_claims_have_no_differences(tmp_path):
    """What is written is read back, and neither times nor names of methods are in it."""
    document = made(
        PROOFS / "networks/activation.py",
        PROOFS / "foundations/textbook.py",
        PROOFS / "networks/instances.py",
    )
    path = tmp_path / "s.json"
    save(path, document)
    assert load(path) == recorded(document)
    assert (
        changes(
            load(path),
            recorded(
                made(
                    PROOFS / "networks/activation.py",
                    PROOFS / "foundations/textbook.py",
                    PROOFS / "networks/instances.py",
                )
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
    ):  # c_sharp V R k^-2 with V = κ_1/σ = 8 exp(-1/2), k = 8 (see proofs/networks/instances.py)
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


@given(NUMBERS, st.integers(-12_000, 12_000), st.integers(0, 3))
@example(fmpq(1, 3), -9999, 1)
@example(fmpq(-1, 3), -9999, 0)
@example(fmpq(-1, 3), 9999, 1)
def test_printed_ends_enclose_and_can_be_read(q, exponent, width):
    """A margin of 10^-3043 is real (see proofs/marginals/marginal_steps.py), and one of 10^-9999
    has to be read back as well."""
    exact = Enclosure(q * fmpq(10) ** exponent, (q + width) * fmpq(10) ** exponent)
    texts = _printed(exact)
    low, high = texts["lower"], texts["upper"]
    assert low == "-oo" or decimal(low) <= exact.lower
    assert high == "oo" or exact.upper <= decimal(high)
    if abs(exponent) < 4000:
        assert exact.lower - decimal(low) <= abs(exact.lower) / 10**10
        assert decimal(high) - exact.upper <= abs(exact.upper) / 10**10


@pytest.mark.parametrize(
    ("where", "value", "message"),
    [
        (("format",), "boundcheck.network",
         "is not a boundcheck.snapshot file; write one with boundcheck verify --snapshot"),
        (("version",), 1,
         "has version 1; this boundcheck reads version 2; write one with boundcheck verify"),
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


def test_statements_are_proved_or_not_and_claims_may_be_steps(document):
    """Version 1 called such a claim proved."""
    (entry,) = document["claims"]
    assert entry["verdict"] == "steps"  # a statement beside a citation
    assert [s["verdict"] for s in entry["statements"]] == ["proved", "assumed"]
    damaged = copy.deepcopy(document)
    damaged["claims"][0]["statements"][0]["verdict"] = "steps"
    with pytest.raises(BoundcheckError, match="'steps' is not a verdict; there are refuted"):
        recorded(damaged)
