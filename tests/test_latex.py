"""Tables as LaTeX: escapes, numbers, structure; and pdflatex compiles every
table where it is installed."""

import re
import shutil
import subprocess
import sys

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from test_table_formats import RATIONALS, decimal
from test_tables import FALSE_AND_TRUE

from boundcheck import __version__
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.experiments import record as document
from boundcheck.experiments.runs import run as experiment
from boundcheck.report.tables.registry import TABLES, table
from boundcheck.report.typeset.formats import FORMATS
from boundcheck.report.typeset.latex import latex
from boundcheck.report.typeset.letters import escaped
from boundcheck.report.typeset.table import Formula, Table, at_most
from boundcheck.theory.theorems.constants import THEOREMS

EVIL = Table(
    "evil",
    '50 % of a_b & {x} ~ ^2 \\ #1 $5 | [y] <z>, `q\' "r" --- κ_d ≤ ‖f‖²',
    ("n", "value", "text & more", "*", "f", "long"),
    (
        (
            1,
            Enclosure(fmpq(1, 3), fmpq(2, 3)),
            "[x] & %",
            "*",
            Formula(r"\operatorname{erf}{\left(x\right)}"),
            "a_b" * 20,
        ),
        (
            -2,
            Enclosure(fmpq(-1), None),
            "ᾱ x̂ g̃₁ Ω² ∫ ½",
            "[0, 1]",
            Formula(r"\left|{x}\right|"),
            "á ñ ß ø 𝔘 😀 \t\n",
        ),
        (
            10**6,
            Enclosure(fmpq(1, 10**20000), fmpq(2, 10**20000)),
            "",
            "1e-7",
            "",
            "\\\\ \\end{table} ?` ;;",
        ),
    ),
    ("note with 100 % of _ ^ ~ \\ { } & # $", "−1 ≠ ∉ → ∞"),
    {"atoms": "0:0;1/2:-1/2", "M": "2**40"},
)
MACROS = set(
    re.findall(
        r"\w+",
        "alpha beta gamma delta epsilon varepsilon kappa lambda mu pi rho sigma tau theta "
        "omega Gamma Delta Lambda Omega Theta bar ddot dot hat tilde cdot times exp log max min "
        "frac sqrt in infty int le ne notin nolimits prod sum surd to left right lceil rceil "
        "lfloor rfloor ensuremath begin end caption label centering toprule midrule bottomrule "
        "makebox linewidth raggedright num arraybackslash setlength tabcolsep shortstack par "
        "small smallskip footnotesize scriptsize tiny o ss allowbreak mathop mathrm texttt "
        "textasciicircum textasciitilde textbackslash textbar addlinespace textgreater textless",
    )
)


def strip(text):
    """Without comments."""
    return re.sub(r"(?<!\\)%.*", "", text)


def check(text):
    """What a compiler would complain about: letters, braces, environments, unknown
    macros, numbers of cells."""
    assert text.isascii()
    body = strip(text)
    bare = re.sub(r"\\\\", "  ", body)
    assert set(re.findall(r"\\([a-zA-Z]+)", bare)) <= MACROS
    assert set(re.findall(r"\\([^a-zA-Z])", bare)) <= set("&%$#_{}|,'`^~=\"")
    plain = re.sub(r"\\[^a-zA-Z]", "", bare)
    assert plain.count("$") % 2 == 0
    depth = 0
    for c in plain:
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0
    assert re.findall(r"\\(begin|end)\{(\w+)\}", body) == [
        ("begin", "table"),
        ("begin", "tabular"),
        ("end", "tabular"),
        ("end", "table"),
    ]
    around = plain[: plain.index("{tabular}")] + plain[plain.rindex("{tabular}") :]
    assert not {"&", "#"} & set(around)
    columns, rows = cells(body)
    assert all(len(row) == columns for row in rows)
    assert r"\caption{" in body
    assert re.search(r"\\label\{tab:[a-z0-9:-]+\}", body)
    assert __version__ in body
    return rows


def cells(body):
    """The number of columns, and the cells of each row, the header first."""
    start = body.index(r"\begin{tabular}") + len(r"\begin{tabular}")
    spec, rest = group(body[start:])
    spec = re.sub(r"S\[[^]]*\]", "S", spec)
    while ">{" in spec or "p{" in spec:
        at = min(i for i in (spec.find(">{"), spec.find("p{")) if i >= 0)
        _, after = group(spec[at + 1 :])
        spec = spec[:at] + ("p" if spec[at] == "p" else "") + after
    inside = rest[: rest.index(r"\end{tabular}")]
    inside = re.sub(r"\\(toprule|midrule|bottomrule|addlinespace\[3pt\])\n", "", inside)
    rows = [split(row, "&") for row in split(inside, r"\\")]
    assert rows[-1] in ([""], [r"\bottomrule"])
    return len(spec), [[c.strip() for c in row] for row in rows[:-1]]


def group(text):
    """What the braces at the start hold, and what follows them."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "{") - (c == "}")
        if depth == 0:
            return text[1:i], text[i + 1 :]
    raise AssertionError(f"no closing brace in {text[:40]}")


def split(text, at):
    """Split where the separator is neither in braces nor escaped."""
    parts, depth, i = [""], 0, 0
    while i < len(text):
        if depth == 0 and text.startswith(at, i):
            parts.append("")
            i += len(at)
            continue
        token = text[i : i + 2] if text[i] == "\\" else text[i]
        depth += (token == "{") - (token == "}")
        parts[-1] += token
        i += len(token)
    return [p.strip() for p in parts]


# -- texts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50 % of a_b", r"50 \% of a\_b"),
        ("&%$#_{}", r"\&\%\$\#\_\{\}"),
        ("~^\\", r"\textasciitilde{}\textasciicircum{}\textbackslash{}"),
        ("|x| < [y]", r"\textbar{}x\textbar{} \textless{} {[}y{]}"),
        ("--set ---", "-{}-set -{}-{}-"),
        ("Ω κ Α", r"\ensuremath{\Omega} \ensuremath{\kappa} \ensuremath{\mathrm{A}}"),
        ("λ ς", r"\ensuremath{\lambda} \ensuremath{\varsigma}"),
        ("R² x₁ n⁻¹", r"R\ensuremath{^{2}} x\ensuremath{_{1}} n\ensuremath{^{-}}\ensuremath{^{1}}"),
        ("½", r"\ensuremath{1/2}"),
        ("‖f‖ ≤ ∞", r"\ensuremath{\|}f\ensuremath{\|} \ensuremath{\le} \ensuremath{\infty}"),
        ("≠∉", r"\ensuremath{\ne}\ensuremath{\notin}"),
        ("é g̃ r̂", r"\'{e} \~{g} \^{r}"),
        ("ᾱ μ̃", r"\ensuremath{\bar{\alpha}} \ensuremath{\tilde{\mu}}"),
        ("ß – …", r"\ss{} -- \dots{}"),
        ("a\nb\tc", "a b c"),
        ("😀", r"\texttt{U+1F600}"),
        ("\x00", r"\texttt{U+0000}"),
        ("\u0301", r"\texttt{U+0301}"),
        ("ǘ 1\u0303", r"\"{u}\texttt{U+0301} 1\texttt{U+0303}"),
    ],
)
def test_escapes(text, expected):
    assert escaped(text) == expected


@given(st.text())
def test_any_text_is_escaped(text):
    """The table is whole, whatever is in its texts."""
    found = latex(Table("t", text, ("a", text), ((text, 1), (2, text)), (text,), {"k": text}))
    assert found.isascii()
    columns, rows = cells(strip(found))
    assert columns == 2
    assert all(len(row) == 2 for row in rows)
    depth = 0
    for c in re.sub(r"\\[^a-zA-Z]", "", re.sub(r"\\\\", "", strip(found))):
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0


def test_the_evil_table():
    rows = check(latex(EVIL))
    assert rows[1][4] == r"$\mathop{\mathrm{erf}}\nolimits{\left(x\right)}$"
    assert rows[3][1] == r"$[\num{1}, \num{2}] \times \num{e-20000}$"


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        (r"\caption{", r"\caption{{"),
        (r"\&", "&"),
        ("$[", "["),
        (r"\num", r"\nmu"),
        ("note", "nöte"),
        ("S[", "SS["),
    ],
)
def test_the_check_finds_what_is_broken(whole, broken):
    text = latex(EVIL)
    assert whole in text
    with pytest.raises(AssertionError):
        check(text.replace(whole, broken, 1))


def test_caption_label_and_origin():
    lines = latex(EVIL).splitlines()
    origin = f"Made by boundcheck {__version__}, table evil, with atoms = 0:0;1/2:-1/2, M = 2**40."
    assert lines[0] == f"% {origin}"
    assert r"\label{tab:evil}" in lines
    assert any(line.startswith(r"\caption{50 \% of a\_b \& \{x\}") for line in lines)
    assert any("with atoms = 0:0;\\allowbreak{}1/2:-1/2" in line for line in lines)
    assert r"\label{tab:constants-ratio}" in latex(table("constants", ["verdicts=0"]))


def test_tall_formulas_have_room():
    """Fractions in neighbouring rows would touch each other, and a caption the rule below it."""
    tall, flat = Formula(r"\frac{a}{b}"), Formula("a b")
    assert (
        latex(Table("t", "t", ("x",), ((tall,), (flat,), (flat,)))).count(
            "\\\\\n\\addlinespace[3pt]\n$a b$"
        )
        == 2
    )
    assert "addlinespace" not in latex(Table("t", "t", ("x",), ((flat,), (flat,))))
    lines = latex(EVIL).splitlines()
    assert lines[lines.index(r"\label{tab:evil}") + 1] == r"\smallskip"


# -- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.5e-44", r"\num{1.5e-44}"),
        ("3e+06", r"\num{3e6}"),
        ("1e-20000", r"\num{1e-20000}"),
        (Enclosure(fmpq(-1, 10**10), None), r"$[\num{-1e-10}, \infty]$"),
        (Enclosure(None, fmpq(1)), r"$[-\infty, \num{1}]$"),
        (Enclosure(fmpq(1), fmpq(1)), r"$\num{1}$"),
        (Enclosure(fmpq(1, 10**9), fmpq(2, 10**9)), r"$[\num{1}, \num{2}] \times \num{e-9}$"),
        (Enclosure(fmpq(9, 10**10), fmpq(2, 10**9)), r"$[\num{9e-10}, \num{2e-9}]$"),
        ("1e", "1e"),
        ("k = 2", "k = 2"),
    ],
)
def test_numbers(cell, expected):
    assert f"\n{expected} \\\\\n" in latex(Table("t", "t", ("x",), ((cell,),)))


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ([1, 20, "3.25"], "S[table-format=2.2]"),
        ([-1, "", "0.125"], "S[table-format=-1.3]"),
        (["1e-5", 1], "r"),
        ([10**9, 1], "r"),
        (["a", "b"], "l"),
        ([1, "O(n)"], "r"),
        (["1/5", "-2/7"], "r"),
        (["1/x"], "l"),
        ([Enclosure(fmpq(1), fmpq(2)), ""], "r"),
        (["", ""], "l"),
    ],
)
def test_columns(column, kind):
    assert rf"\begin{{tabular}}{{{kind}}}" in latex(
        Table("t", "t", ("x",), tuple((c,) for c in column))
    )


@given(RATIONALS, RATIONALS)
def test_what_is_typeset_is_rounded_outward(p, q):
    """The numbers that LaTeX gets are those of the other formats, and contain what they enclose."""
    low, high = min(p, q), max(p, q)
    rows = check(latex(Table("t", "t", ("c", "d"), ((Enclosure(low, high), at_most(high)),))))
    interval, bound = rows[1]
    numbers = re.findall(r"\\num\{([^}]*)\}", interval)
    assert decimal(re.sub(r"\\num\{|\}", "", bound)) >= high
    if len(numbers) == 3:
        power = numbers.pop()
        numbers = [n + power for n in numbers]
    assert decimal(numbers[0]) <= low
    assert decimal(numbers[-1]) >= high
    assert {n.replace("e+", "e") for n in Enclosure(low, high).as_json(4).values()} == set(numbers)


# -- every table -----------------------------------------------------------------------------------

QUICK = {
    "shallow": ["k=1;2"],
    "better": ["n=9"],
    "architectures": ["k=1"],
    "errors": ["k=1;2"],
    "constants": ["verdicts=0"],
    "rates": ["d=1;2"],
    "positivity": ["T=4,m=1000"],
}
MEASURED = {"ddpm": ["T=2,k=2,samples=100"], "erm": ["m=8;16,k=1,repeats=1,steps=2"]}


@pytest.fixture(scope="module")
def every_table(tmp_path_factory):
    """One of every kind, and the constants of every theorem."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "deep.py").write_text(
        FALSE_AND_TRUE.format(stem="deep", bound="2 * __import__('sympy').Symbol('R')")
    )
    for name, texts in MEASURED.items():
        (folder / f"{name}.json").write_text(document.text(experiment(name, texts)))
    settings = QUICK | {"paper": [f"proofs={folder}"], "measured": [f"file={folder / 'ddpm.json'}"]}
    found = {name: table(name, settings.get(name, [])) for name in TABLES}
    found["measured errors"] = table("measured", [f"file={folder / 'erm.json'}"])
    found |= {
        f"constants of {name}": table("constants", [f"theorem={name},verdicts=0"])
        for name in THEOREMS
    }
    return found | {"p > 2": table("constants", ["p=3,n=14,verdicts=0"]), "evil": EVIL}


def test_every_table_is_whole(every_table):
    for made in every_table.values():
        rows = check(latex(made))
        assert len(rows) == 1 + len(made.rows)


def test_every_table_can_be_written_in_every_format(every_table):
    for made in every_table.values():
        for write in FORMATS.values():
            assert write(made).endswith("\n")


def test_pdflatex_compiles_every_table(every_table, tmp_path):
    """In a document that loads booktabs and siunitx, and nothing else."""
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex here; apt-get install texlive-latex-recommended texlive-science")
    said = compiled([latex(made) for made in every_table.values()], tmp_path)
    assert f"Output written on all.pdf ({len(every_table)} pages" in said.replace("\n", "")
    assert "Missing character" not in said
    print("compiled by", said.splitlines()[0], file=sys.stderr)


@pytest.mark.parametrize("width", [345, 500])
def test_no_table_is_wider_than_paper(every_table, tmp_path, width):
    """The box that lets tables reach into the margins hides how wide
    they are; A4 has 597 points."""
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex here; apt-get install texlive-latex-recommended texlive-science")
    every = [
        latex(made).replace(r"\makebox[\linewidth]{%", r"\mbox{%") for made in every_table.values()
    ]
    said = compiled(every, tmp_path, rf"\setlength{{\textwidth}}{{{width}pt}}")
    over = [
        float(points) for points in re.findall(r"Overfull \\hbox \(([0-9.]+)pt too wide\)", said)
    ]
    assert len(over) >= 3
    assert width + max(over) <= 590


def compiled(tables, folder, preamble=""):
    """What pdflatex says of a document with these tables."""
    inputs = []
    for number, code in enumerate(tables):
        (folder / f"t{number}.tex").write_text(code, encoding="ascii")
        inputs.append(rf"\input{{t{number}}}\clearpage")
    packages = r"\usepackage{booktabs}\usepackage{siunitx}"
    document = [
        r"\documentclass{article}",
        packages,
        preamble,
        r"\begin{document}",
        *inputs,
        r"\end{document}",
    ]
    (folder / "all.tex").write_text("\n".join(document))
    command = [
        "pdflatex",
        "-interaction=nonstopmode",
        "-halt-on-error",
        "-no-shell-escape",
        "all.tex",
    ]
    done = subprocess.run(
        command,
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout
