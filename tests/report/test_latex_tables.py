"""Every table as LaTeX: whole, in every format; pdflatex compiles them where it is installed."""

import re
import shutil
import subprocess
import sys

import pytest
from latex_read import EVIL, check
from proof_files import FALSE_AND_TRUE, LONG

from boundcheck.experiments import record as document
from boundcheck.experiments.runs import run as experiment
from boundcheck.report.tables.registry import TABLES, table
from boundcheck.report.typeset.formats import FORMATS
from boundcheck.report.typeset.latex import latex
from boundcheck.theory.theorems.constants import THEOREMS

QUICK = {
    "shallow": ["k=1;2"],
    "better": ["n=9"],
    "architectures": ["k=1"],
    "errors": ["k=1;2"],
    "constants": ["verdicts=0"],
    "rates": ["d=1;2"],
    "class_rates": ["d=1;2"],
    "positivity": ["T=4,m=1000"],
    "noise": ["T=4;9,m=1000"],
}
MEASURED = {
    "ddpm": ["T=2,k=2,samples=100"],
    "erm": ["m=8;16,k=1,repeats=1,steps=2"],
    "classes": ["T=2,m=1000,n=10,repeats=1"],
    "values": ["T=2,k=2"],
}


@pytest.fixture(scope="module")
def every_table(tmp_path_factory):
    """One of every kind, and the constants of every theorem."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "deep.py").write_text(
        FALSE_AND_TRUE.format(stem="deep", bound="2 * __import__('sympy').Symbol('R')", long=LONG)
    )
    for name, texts in MEASURED.items():
        (folder / f"{name}.json").write_text(document.text(experiment(name, texts)))
    settings = QUICK | {"paper": [f"proofs={folder}"], "measured": [f"file={folder / 'ddpm.json'}"]}
    found = {name: table(name, settings.get(name, [])) for name in TABLES}
    for name in ("erm", "classes", "values"):
        found[f"measured {name}"] = table("measured", [f"file={folder / name}.json"])
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
