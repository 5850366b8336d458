"""The collector: claims from proof files and claims files, what is wrong in them, selection."""

import json

import pytest
from claims_files import GOOD, PROOF
from commands import run

from boundcheck.errors import BoundcheckError
from boundcheck.verification.collect import claim_beside, compile_selection


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[claim]]\nid = "a"', "lacks the key 'states'"),
        ('[[claim]]\nstates = "x <= 1"', "lacks the key 'id'"),
        ('[[claim]]\nid = "a"\nstates = "1 <= 2"\nwhere = "x"', "unknown key 'where'"),
        ('[[claim]]\nid = 3\nstates = "1 <= 2"', "id is 3; it must be a text"),
        ('[[claim]]\nid = "a"\nstates = "1 <= 2"\non = 3', "on is 3"),
        ('[[claim]]\nid = "a"\nstates = "1 <= 2"\ngiven = [1]', "given is [1]"),
        ('[[claim]]\nid = "a"\nstates = "1 <= 2"\nlabel = "Z"', "label is 'Z'"),
        ('[claim]\nid = "a"\nstates = "1 <= 2"', "with two brackets"),
        ('title = "x"', "unknown key 'title'"),
        ("", "has no [[claim]] entries"),
        ("[[claim", "is not TOML"),
        (
            '[[claim]]\nid = "a"\nstates = "1 <= 2"\n[[claim]]\nid = "a"\nstates = "1 <= 2"',
            "the id 'a' is used twice",
        ),
    ],
)
def test_bad_claims_files(capsys, claims, text, message):
    code, out, _ = run(capsys, "verify", claims(text))
    assert code == 3
    assert message in out


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('states = "x <= 1"', "unknown symbol x"),
        ('states = "x <= 1"\non = { x = ["1", "0"] }', "is reversed"),
        ('states = "open(1)"', "unknown function 'open'"),
        ('states = "x <= 1"\non = { x = [0, nan] }', "not a decimal number"),
    ],
)
def test_a_bad_claim_does_not_stop_the_others(capsys, claims, entry, message):
    code, out, _ = run(capsys, "verify", claims(f'[[claim]]\nid = "bad"\n{entry}\n{GOOD}'))
    assert code == 3
    assert message in out
    assert "2 proved" in out


def test_decimals_in_claims_files_are_exact(capsys, claims):
    text = '[[claim]]\nid = "a"\nstates = "10*x <= 1"\non = { x = [0, 0.1] }'
    assert run(capsys, "verify", claims(text))[0] == 0


def test_proof_files_that_fail(capsys, claims, tmp_path):
    claims("1/0", "broken.py")
    claims(
        PROOF + '@claim(source="s")\ndef raises():\n    """It raises."""\n    yield 1/0\n',
        "raising.py",
    )
    claims(
        PROOF
        + (
            '@claim(source="s")\n'
            "def fine(x):\n"
            '    """Fine."""\n'
            '    yield inequality(x**2, "<=", 1, on="x in [0,1]")\n'
        ),
        "fine.py",
    )
    code, out, _ = run(capsys, "verify", str(tmp_path))
    assert code == 3
    assert "ZeroDivisionError: division by zero (line 1 of broken.py)" in out
    assert "raising.raises" in out
    assert "ZeroDivisionError" in out
    assert "1 proved" in out
    code, out, _ = run(capsys, "verify", str(tmp_path), "--json")
    document = json.loads(out)
    assert len(document["errors"]) == 1
    assert {c["id"]: c["verdict"] for c in document["claims"]} == {
        "fine.fine": "proved",
        "raising.raises": "ill-posed",
    }


def test_bad_claims(capsys, claims, tmp_path):
    claims(PROOF + '@claim(source="s")\ndef nothing():\n    """N."""\n    return []\n', "a.py")
    claims(PROOF + '@claim(source="s")\ndef wrong():\n    """N."""\n    yield 1 <= 2\n', "b.py")
    claims(
        PROOF + '@claim(source="s", label="X")\ndef label():\n    """N."""\n    yield 1 <= 2\n',
        "c.py",
    )
    claims(PROOF + '@claim(source="s")\ndef silent():\n    yield 1 <= 2\n', "d.py")
    code, out, _ = run(capsys, "verify", str(tmp_path))
    assert code == 3
    for message in (
        "asserts nothing",
        "is not a statement",
        "'X' is not a label",
        "needs a docstring",
    ):
        assert message in out


def test_a_proof_file_that_exits_does_not_end_the_run(capsys, claims, tmp_path):
    """2026-11-21: `sys.exit(0)` in a proof file ended everything with exit code 0."""
    claims("import sys\nsys.exit(0)", "a.py")
    claims(
        PROOF
        + '@claim(source="s")\ndef leaves():\n    """L."""\n    raise SystemExit(0)\n    yield\n',
        "b.py",
    )
    claims(
        PROOF + '@claim(source="s")\ndef fine():\n    """F."""\n    yield inequality("1 <= 2")\n',
        "c.py",
    )
    code, out, _ = run(capsys, "verify", str(tmp_path))
    assert code == 3
    assert "SystemExit: 0" in out
    assert "1 proved" in out


def test_a_folder_is_read_without_its_hidden_folders_and_environments(capsys, claims, tmp_path):
    """Their programs would run."""
    claims('[[claim]]\nid = "one"\nstates = "1 <= 2"\n')
    for name in (".hidden", "environment"):
        (tmp_path / name / "lib").mkdir(parents=True)
        claims("raise SystemExit('imported')", f"{name}/lib/program.py")
    claims("", "environment/pyvenv.cfg")
    code, out, _ = run(capsys, "verify", str(tmp_path), "--json")
    assert code == 0
    assert "errors" not in json.loads(out)


USES = """
from boundcheck import claim, inequality, uses

@claim(source="test")
def below(x):
    \"\"\"A square is not negative.\"\"\"
    yield inequality(x**2, ">=", 0, on="x in [0, 1]")

@claim(source="test")
def above(x):
    \"\"\"A square and one are positive.\"\"\"
    yield uses("p.below")
    yield inequality(x**2 + 1, ">", 0, on="x in [0, 1]")

@claim(source="test")
def beside(x):
    \"\"\"One is at least a half.\"\"\"
    yield inequality(1, ">=", x, on="x in [0, 1/2]")
"""


# -- selection -------------------------------------------------------------------------------------


def test_selection():
    chosen = compile_selection("gate and not (clip or square)")
    assert chosen("gates.division_gate")
    assert not chosen("gates.clip_gate")
    for bad in ("", "and", "a b", "(a", "not", "a or"):
        with pytest.raises(BoundcheckError, match="use words with and, or, not"):
            compile_selection(bad)


def test_a_selection_brings_what_it_uses(capsys, tmp_path):
    (tmp_path / "p.py").write_text(USES)
    code, out, _ = run(capsys, "verify", str(tmp_path), "-k", "above", "--json")
    assert code == 0
    assert {c["id"] for c in json.loads(out)["claims"]} == {"p.above", "p.below"}


# -- theorems of other files -----------------------------------------------------------------------

YOUNG = f"""{PROOF}

@claim(label="D", source="here")
def young():
    '''Young's inequality.'''
    return [inequality("2*x <= 1 + x**2", on="x in [0, 9]")]
"""


@pytest.mark.parametrize("folder", ["user", "user/deeper", "other"])
def test_a_claim_is_found_anywhere_in_the_proofs_that_hold_its_user(tmp_path, folder):
    home = tmp_path / "proofs" / folder
    for f in (home, tmp_path / "proofs" / "user"):
        f.mkdir(parents=True, exist_ok=True)
    (home / "inequalities.py").write_text(YOUNG)
    found = claim_beside(tmp_path / "proofs" / "user" / "mine.py", "inequalities.young")
    assert found.path == home / "inequalities.py"


@pytest.mark.parametrize("folder", ["elsewhere", "elsewhere/deeper", "mine/deeper"])
def test_no_program_is_run_outside_these(tmp_path, folder):
    for f in (tmp_path / "mine", tmp_path / folder):
        f.mkdir(parents=True, exist_ok=True)
    (tmp_path / folder / "inequalities.py").write_text("raise SystemExit")
    with pytest.raises(BoundcheckError, match=r"there is no inequalities\.py beside"):
        claim_beside(tmp_path / "mine" / "mine.py", "inequalities.young")


def test_a_file_that_moves_is_found_again(tmp_path):
    one, two = (tmp_path / "proofs" / f / "moving_file.py" for f in "ab")
    for p in (one, two):
        p.parent.mkdir(parents=True)
    one.write_text(YOUNG)
    user = tmp_path / "proofs" / "mine.py"
    assert claim_beside(user, "moving_file.young").path == one
    one.rename(two)
    assert claim_beside(user, "moving_file.young").path == two
