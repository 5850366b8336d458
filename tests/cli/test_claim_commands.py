"""The commands about claims: outputs, exit codes, bad input."""

import json
import re

import pytest
from claims_files import GOOD, PROOF
from commands import run
from conftest import PROOFS

from boundcheck.cli import main


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("prove", "x*y <= (x**2+y**2)/2", "--on", "x in [-3,3], y in [-3,3]"), 0, "proved"),
        (("prove", "-x**2 <= 0", "--on", "x in [-1,1]"), 0, "proved"),
        (("prove", "t/(1+M*t) <= 1/M", "--on", "t in [0,oo)", "--given", "M > 0"), 0, "proved"),
        (("prove", "x**2 >= x", "--on", "x in [0,1]"), 1, "refuted"),
        (("prove", "exp(1) == E"), 0, "proved"),
        (("prove", "(x**2-2)**2 > 0", "--on", "x in [-2,2]", "--budget", "1"), 2, "undecided"),
        (("prove", "1/x >= 0", "--on", "x in [-1,1]"), 3, "division by zero in 1/x, at x = 0"),
    ],
)
def test_prove(capsys, arguments, code, word):
    found, out, err = run(capsys, *arguments)
    assert (found, err) == (code, "")
    assert word in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("prove", "__import__('os').system('touch owned')"),
        ("prove", "z <= 1", "--on", "x in [0,1]"),
        ("prove", "f(x) <= 1", "--on", "x in [0,1]"),
        ("prove", "(x <= 1", "--on", "x in [0,1]"),
        ("prove", "x <= 1", "--on", "x in [1,0]"),
        ("prove", "x <= 1", "--on", "x in [0,1]", "--budget", "nan"),
        ("prove", "x <= 1", "--on", "x in [0,1]", "--budget", "soon"),
        ("prove", "(" * 10_000),
        ("prove",),
        ("frobnicate",),
        (),
        ("verify", "nowhere"),
        ("verify", str(PROOFS / "__pycache__" / "x.pyc")),
        ("verify", str(PROOFS), "-k", "(("),
        ("verify", str(PROOFS), "-k", "nothing-like-this"),
        ("verify", str(PROOFS), "--jobs", "0"),
        ("axioms", "no.such.claim", "--path", str(PROOFS)),
    ],
)
def test_bad_input_is_one_line_and_exit_code_3(capsys, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert code == 3
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "owned").exists()


def test_json_is_all_there_is(capsys):
    code, out, err = run(capsys, "prove", "x**2 >= x", "--on", "x in [0,1]", "--json")
    document = json.loads(out)
    assert (code, err) == (1, "")
    assert document["verdict"] == "refuted"
    assert document["witness"]["point"] == {"x": "1/2"}
    assert document["witness"]["left"] == {"lower": "0.25", "upper": "0.25"}


def test_verify_a_claims_file(capsys, claims):
    code, out, _ = run(capsys, "verify", claims(GOOD))
    assert code == 0
    assert "2 claims: 2 proved" in out
    code, out, _ = run(capsys, "verify", claims(GOOD), "--json")
    (mean, tenth) = json.loads(out)["claims"]
    assert (mean["id"], mean["verdict"], mean["source"]) == ("mean", "proved", "folklore")
    assert set(mean["statements"][0]) >= {"kind", "verdict", "method", "seconds", "margin"}
    assert tenth["statements"][0]["statement"].startswith("1/10*x <= 1/10")


def test_what_claims_rest_on(capsys, claims, tmp_path):
    claims(
        PROOF
        + (
            '@claim(source="s")\n'
            "def base():\n"
            '    """B."""\n'
            '    yield cited("deep theorem", "Someone 1900")\n'
        )
        + (
            '@claim(source="s")\n'
            "def middle():\n"
            '    """M."""\n'
            "    yield uses(base)\n"
            '    yield inequality("1 <= 2")\n'
        )
        + (
            '@claim(source="s")\n'
            "def top():\n"
            '    """T."""\n'
            '    yield uses("p.middle")\n'
            '    yield inequality("1 <= 3")\n'
        )
        + (
            '@claim(source="s")\n'
            "def shaky():\n"
            '    """S."""\n'
            '    yield uses("p.wrong")\n'
            '    yield inequality("1 <= 3")\n'
        )
        + '@claim(source="s")\ndef wrong():\n    """W."""\n    yield inequality("2 <= 1")\n'
        + (
            '@claim(source="s")\n'
            "def circle():\n"
            '    """C."""\n'
            '    yield uses("p.circle")\n'
            '    yield inequality("1 <= 3")\n'
        )
        + (
            '@claim(source="s")\n'
            "def orphan():\n"
            '    """O."""\n'
            '    yield uses("p.gone")\n'
            '    yield inequality("1 <= 3")\n'
        ),
        "p.py",
    )
    code, out, _ = run(capsys, "verify", str(tmp_path), "--json")
    verdicts = {c["id"]: (c["verdict"], len(c["axioms"])) for c in json.loads(out)["claims"]}
    assert code == 1
    assert verdicts == {
        "p.base": ("assumed", 1),
        "p.middle": ("steps", 1),
        "p.top": ("steps", 1),
        "p.shaky": ("undecided", 0),
        "p.wrong": ("refuted", 0),
        "p.circle": ("ill-posed", 0),
        "p.orphan": ("undecided", 0),
    }
    code, out, _ = run(capsys, "axioms", "p.top", "--path", str(tmp_path))
    assert code == 0
    assert "uses p.middle, p.base" in out
    assert "deep theorem" in out
    assert "Someone 1900" in out
    code, out, _ = run(capsys, "axioms", "--path", str(tmp_path), "--json")
    assert code == 3
    assert next(c for c in json.loads(out)["claims"] if c["id"] == "p.orphan")["missing"] == [
        "p.gone"
    ]


def test_several_processes_give_the_same(capsys):
    alone = run(capsys, "verify", str(PROOFS / "networks/activation.py"), "--json")
    together = run(
        capsys, "verify", str(PROOFS / "networks/activation.py"), "--json", "--jobs", "2"
    )
    assert alone[0] == together[0] == 0
    one, two = (
        [
            (c["id"], c["verdict"], [s["method"] for s in c["statements"]])
            for c in json.loads(r[1])["claims"]
        ]
        for r in (alone, together)
    )
    assert one == two


def test_axioms_of_a_file(capsys):
    """The end-to-end theorem rests on a shift and a scale of the normal law alone."""
    code, out, _ = run(capsys, "axioms", "end_to_end", "--path", str(PROOFS), "--json")
    (entry,) = json.loads(out)["claims"]
    assert (code, entry["id"]) == (0, "end_to_end")
    (axiom,) = entry["axioms"]
    assert axiom["reference"].startswith("textbooks of probability: the density of N(m, r²)")


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


def test_axioms_say_what_a_theorem_is_conditional_on(capsys):
    """That there is a shallow network for the marginals is a hypothesis of the main theorem."""
    name = "ratio_networks.network_for_a_ratio"
    code, out, _ = run(capsys, "axioms", name, "--path", str(PROOFS))
    assert code == 0
    assert "given   there is A : Network(signrelu)" in out
    _, out, _ = run(capsys, "axioms", name, "--path", str(PROOFS), "--json")
    (entry,) = json.loads(out)["claims"]
    assert entry["hypotheses"][0].startswith("there is A : Network(signrelu)")


def test_two_claims_of_one_name_are_an_error(capsys, claims):
    one = """
@claim(source="folklore")
def square(x):
    \"\"\"A square is not negative.\"\"\"
    yield inequality(x**2 >= {}, on="x in [0, 1]")
"""
    text = PROOF + one.format(-1) + one.format(-2)
    code, out, err = run(capsys, "verify", claims(text, "twice.py"))
    assert code == 3
    assert "twice; the first one would be lost: rename one" in " ".join((out + err).split())


def test_a_claims_file_does_not_prove_a_hypothesis(capsys, claims):
    text = '[[claim]]\nid = "riemann"\nstates = "y + 1 >= x + 1"\ngiven = "x <= y"\n'
    code, out, err = run(capsys, "verify", claims(text))
    assert code == 3
    assert "says nothing" in " ".join((out + err).split())


def test_a_file_alone_brings_the_claims_that_it_uses(capsys):
    alone = str(PROOFS / "ridges/ridges.py")
    code, out, _ = run(capsys, "verify", alone, "-k", "taylor_remainder", "--json")
    assert code == 0
    assert "textbook.calculus" in [c["id"] for c in json.loads(out)["claims"]]


# -- what verify prints ----------------------------------------------------------------------------

LONG = f'''{PROOF}

@claim(source="here")
def a_claim_with_a_name_that_is_longer_than_half_of_a_terminal(x):
    """Words that nobody checks."""
    most = "1/4 + x**2/4 + x**4/1000 + x**6/1000"
    yield inequality(f"x*(1 - x)*(1 + x**2) <= {{most}}", on="x in [0, 1]")
'''


@pytest.mark.parametrize("width", [40, 80, 200])
def test_names_and_formulas_are_whole_at_every_width(capsys, tmp_path, monkeypatch, width):
    (tmp_path / "own.py").write_text(LONG)
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, _ = run(capsys, "verify", str(tmp_path))
    first, *formula = out.splitlines()[:-2]
    assert code == 0
    name = "own.a_claim_with_a_name_that_is_longer_than_half_of_a_terminal"
    assert first == f"proved     [D]  {name}"
    whole = "x*(1 - x)*(1 + x**2) <= 1/4 + x**2/4 + x**4/1000 + x**6/1000, on x in [0, 1]"
    assert " ".join(line.strip() for line in formula) == whole
    assert all(len(line) <= width for line in formula)


def test_details_are_shown_on_demand(capsys, tmp_path):
    (tmp_path / "own.py").write_text(LONG)
    plain, told = (run(capsys, "verify", str(tmp_path), *more)[1] for more in ((), ("-v",)))
    assert "Words" not in plain
    words, how = (line.strip() for line in told.splitlines()[1:3])
    assert words == "“Words that nobody checks.” (words)"
    assert re.fullmatch(r"[\w ,]+, margin [^ ]+( [^ ]+)?, \d+\.\d\d s", how)
    rest = [line for line in told.splitlines() if line.strip() not in (words, how)]
    assert rest == plain.splitlines()
