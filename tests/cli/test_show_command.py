"""`boundcheck show`: what it says of a claim of each kind."""

import json
import shutil
import subprocess

import pytest
from commands import run
from conftest import PROOFS

HEAD = """
from boundcheck import cited, claim, inequality, theorem, uses
from boundcheck.math import Abs
"""
FILE = f'''{HEAD}

@theorem(source="Euclid, I.5")
def squares(t):
    """x² is at least 2x - 1."""
    x = t.real("x")
    some = t.given(x >= 1)
    t.example(x=2)
    return t.show(x**2 >= 2 * x - 1, by=some)


@theorem(source="derived here")
def follows(t):
    """x² is at least 1."""
    x = t.real("x")
    t.given(x >= 1)
    found = t.use("own.squares")
    return t.show(x**2 >= 1, by=found)


@claim(source="folklore")
def quarter(x):
    """Parabolas are low."""
    yield inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")


@claim(source="folklore")
def wrong(x):
    """Parabolas are lower."""
    yield inequality("x*(1 - x) <= 1/5", on="x in [0, 1]")


@claim(source="folklore")
def words(x):
    """A proof in words."""
    yield uses("own.maximum")
    yield inequality("x <= 2", on="x in [0, 1]")


@claim(source="a book", label="C")
def maximum():
    """Maxima."""
    yield cited("a continuous function on [0, 1] has a maximum", "Weierstrass")
'''


UNDECIDED = '''

@theorem(source="derived here")
def early(t):
    """x is at least 2."""
    x = t.real("x")
    t.given(x >= 1)
    return t.show(x >= 2)
'''


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.py"
    path.write_text(FILE)
    return str(path)


def lines(out):
    return [line.strip() for line in out.splitlines()]


def test_a_theorem(capsys, own):
    code, out, err = run(capsys, "show", "own.squares", "--path", own)
    assert (code, err) == (0, "")
    told = lines(out)
    assert told[0] == "own.squares  proved"
    assert told[1] == f"derived here; Euclid, I.5; {own}:6"
    assert told[3] == "“x² is at least 2x - 1.”"
    place = told.index("Let")
    assert told[place : place + 6] == ["Let", "x : Real", "Assume", "(1) x >= 1", "Then", "x**2"
        " >= 2*x - 1"]  # fmt: skip
    assert told[-3:] == [
        "used by   own.follows",
        "example   one shows that its hypotheses can hold",
        "assumes   nothing: no axiom",
    ]


def test_what_uses_it_and_what_it_uses(capsys, own):
    told = lines(run(capsys, "show", "own.follows", "--path", own)[1])
    assert "uses      own.squares" in told
    assert not any(line.startswith("example") for line in told)


@pytest.mark.parametrize(
    ("name", "code", "verdict", "said"),
    [
        ("quarter", 0, "proved", "x*(1 - x) <= 1/4, on x in [0, 1]"),
        ("wrong", 1, "refuted", "x*(1 - x) <= 1/5, on x in [0, 1]"),
        ("words", 0, "steps", "words     of own.words, which no machine reads"),
        ("maximum", 0, "assumed", "a continuous function on [0, 1] has a maximum"),
    ],
)
def test_other_claims(capsys, own, name, code, verdict, said):
    found, out, _ = run(capsys, "show", f"own.{name}", "--path", own)
    assert found == code
    assert lines(out)[0] == f"own.{name}  {verdict}"
    assert said in lines(out)


def test_a_citation_is_assumed(capsys, own):
    told = lines(run(capsys, "show", "own.words", "--path", own)[1])
    assert any(t.startswith("assumes   a continuous function on [0, 1] has a max") for t in told)


def test_the_formulas_that_a_proof_reads(capsys):
    out = run(capsys, "show", "clipping.clip_is_almost_hard", "--path", str(PROOFS))[1]
    assert "formulas" not in out
    out = run(capsys, "show", "oracle_vectors.closed_form", "--path", str(PROOFS))[1]
    assert "oracle.DIAL_CLOSED = " in out
    names = run(capsys, "show", "oracle_vectors.closed_form", "--path", str(PROOFS), "--json")[1]
    assert list(json.loads(names)["formulas"]) == ["oracle.DIAL_CLOSED"]


def test_json(capsys, own):
    code, out, _ = run(capsys, "show", "own.squares", "--path", own, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["verdict"] == "proved"
    assert found["place"] == f"{own}:6"
    assert found["used_by"] == ["own.follows"]
    assert found["statements"][0]["kind"] == "theorem"
    assert found["words_of"] == []


@pytest.mark.parametrize("width", [40, 60, 80])
def test_words_are_not_cut_where_there_is_room(capsys, own, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    out = run(capsys, "show", "own.words", "--path", own)[1]
    told = " ".join(out.split())
    assert "a continuous function on [0, 1] has a maximum (Weierstrass)" in told
    own_lines = [line for line in out.splitlines() if own not in line]
    assert all(len(line) <= max(width, 52) for line in own_lines)


def test_claims_that_are_ill_posed_do_not_hide_others(capsys, own):
    with open(own, "a", encoding="utf-8") as file:
        file.write("\n\n@claim(source='nobody')\ndef none(x):\n    'Nothing.'\n    return []\n")
    assert run(capsys, "show", "own.quarter", "--path", own)[0] == 0
    code, out, _ = run(capsys, "show", "own.none", "--path", own)
    assert code == 3
    assert "BoundcheckError: own.none asserts nothing; yield at least" in out
    assert out.count("Nothing.") == 1  # the words are no statement
    assert "assumes" not in out  # nothing is known
    code, out, err = run(capsys, "show", "own.none", "--path", own, "--latex")
    assert (code, out) == (3, "")
    assert err.startswith("error: own.none is ill-posed: own.none asserts nothing")


def test_axioms_stand_once(capsys):
    """Those of the theorem itself stand among all that it assumes."""
    out = run(capsys, "show", "diffusion_steps.reverse_step", "--path", str(PROOFS))[1]
    assert "assumes " in out
    assert "Resting on" not in out


def test_what_a_width_says_of_the_depth_is_said_once(capsys):
    out = run(capsys, "show", "gates.division_gate_size", "--path", str(PROOFS))[1]
    assert out.count("depth == 2") == 1


def test_the_heading_says_what_is_not_proved(capsys, own):
    """A document must not show as a theorem what is none."""
    with open(own, "a", encoding="utf-8") as file:
        file.write(UNDECIDED)
    shown = {
        name: run(capsys, "show", f"own.{name}", "--path", own, "--latex")[1]
        for name in ("wrong", "maximum", "early", "quarter")
    }
    assert "\\begin{theorem}[refuted]\nLet" in shown["wrong"]
    assert "\\begin{theorem}[assumed]\na continuous" in shown["maximum"]
    assert "\\begin{theorem}[undecided]\n" in shown["early"]
    assert "\\begin{theorem}\n" in shown["quarter"]


ENTRIES = """
[[claim]]
id = "low"
states = "x*(1-x) <= 1/4"
on = "x in [0, 1]"

[[claim]]
id = "unknown"
states = "zeta(x) <= x"
on = "x in [2, oo)"
note = "A function that the grammar has not."
"""


def test_an_entry_of_a_claims_file(capsys, tmp_path, monkeypatch):
    """What it states is no author's words: a machine reads it."""
    monkeypatch.setenv("COLUMNS", "80")
    path = tmp_path / "claims.toml"
    path.write_text(ENTRIES)
    out = run(capsys, "show", "low", "--path", str(path))[1]
    assert lines(out)[1] == f"{path}, claim 1"
    assert "x*(1 - x) <= 1/4, on x in [0, 1]" in lines(out)
    assert "words" not in out
    shown = run(capsys, "show", "low", "--path", str(path), "--latex")[1]
    assert shown.startswith("% low: proved\n")
    code, out, _ = run(capsys, "show", "unknown", "--path", str(path))
    assert code == 3
    assert {"“A function that the grammar has not.”", "zeta(x) <= x"} <= set(lines(out))
    assert all(len(line) <= 80 for line in out.splitlines()[2:])
    told = run(capsys, "verify", "-v", str(path))[1]
    assert "“x*(1-x) <= 1/4”" not in told
    assert "ill-posed unknown: zeta(x) <= x" in told


def test_a_file_that_cannot_be_read_is_named(capsys, tmp_path):
    (tmp_path / "own.py").write_text("from boundcheck import nothing_like_this")
    code, out, err = run(capsys, "show", "own.quarter", "--path", str(tmp_path / "own.py"))
    assert (code, out) == (3, "")
    assert err.startswith(f"not read: {tmp_path / 'own.py'}: ImportError: cannot import name")
    assert "error: there is no claim 'own.quarter'" in err


def test_no_such_claim(capsys, own):
    code, out, err = run(capsys, "show", "own.square", "--path", own)
    assert (code, out) == (3, "")
    assert err.startswith("error: there is no claim 'own.square'; did you mean own.squares")


DOCUMENT = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb,amsthm}
\newtheorem{theorem}{Theorem}
\begin{document}
%s
\end{document}
"""


def test_latex(capsys, own, tmp_path):
    whole = ""
    for name in ("squares", "follows", "quarter", "words", "maximum"):
        code, out, _ = run(capsys, "show", f"own.{name}", "--path", own, "--latex")
        assert code == 0
        assert out.startswith(f"% own.{name}: ")
        whole += out
    assert r"& x \cdot (1 - x) \le \frac{1}{4}." in whole
    assert "a continuous function on {[}0, 1{]} has a maximum (Weierstrass)" in whole
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex")
    (tmp_path / "shown.tex").write_text(DOCUMENT % whole)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "shown.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
