"""Tables as LaTeX: escapes, numbers, structure."""

import re

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from latex_read import EVIL, cells, check, strip
from tables_read import RATIONALS, decimal

from boundcheck import __version__
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.exact.terms.letters import escaped
from boundcheck.report.tables.registry import table
from boundcheck.report.typeset.latex import latex
from boundcheck.report.typeset.table import Formula, Table, at_most

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
