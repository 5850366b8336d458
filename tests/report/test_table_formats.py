"""How tables are written: Markdown, CSV, JSON; digits rounded outward."""

import csv
import io
from pathlib import Path

import pytest
from flint import fmpq
from hypothesis import example, given
from tables_read import RATIONALS, decimal, json_of

from boundcheck import __version__
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.report.typeset.formats import FORMATS, format_of
from boundcheck.report.typeset.table import Formula, Table, at_most

SMALL = Table(
    "small",
    "50 % of a_b | {x}",
    ("n", "value", "a & b", "f"),
    (
        (1, Enclosure(fmpq(1, 3), fmpq(2, 3)), "x^2 < [y]", Formula("|x|")),
        (2, "", "~\\#$", Formula("x^{2}")),
    ),
    ("one_note", "two * notes"),
    {"k": "1;2", "R": "1"},
)


# -- how they are written --------------------------------------------------------------------------


def test_terminals_obey_no_cell():
    """Parameters of `measured` come from a file that is not trusted."""
    evil = Table("t", "t\x1b[31m", ("x\x07",), (("a\nb\x9b\u202e",),), ("\x1b]0;z\x07",))
    text = FORMATS["markdown"](evil)
    assert all(c.isprintable() for c in text.replace("\n", ""))
    assert "| a b   |" in text


def test_markdown():
    assert FORMATS["markdown"](SMALL) == (
        "**50 % of a\\_b \\| {x}**\n\n"
        "| n | value | a & b | f |\n"
        "| ---: | ---: | ---: | ---: |\n"
        "| 1 | [0.3333, 0.6667] | x^2 \\< [y] | $\\vert x\\vert $ |\n"
        "| 2 |  | ~\\\\#\\$ | $x^{2}$ |\n\n"
        "- one\\_note\n"
        "- two \\* notes\n"
        f"- Made by boundcheck {__version__}, table small, with k = 1;2, R = 1.\n"
    )


def test_csv():
    rows = list(csv.reader(io.StringIO(FORMATS["csv"](SMALL))))
    assert rows == [
        ["n", "value lower", "value upper", "a & b", "f"],
        ["1", "0.3333", "0.6667", "x^2 < [y]", "|x|"],
        ["2", "", "", "~\\#$", "x^{2}"],
    ]


def test_json():
    found = json_of(SMALL)
    assert found == {
        "name": "small",
        "title": SMALL.title,
        "version": __version__,
        "parameters": {"k": "1;2", "R": "1"},
        "columns": ["n", "value", "a & b", "f"],
        "rows": [
            {
                "n": 1,
                "value": {"lower": "0.3333", "upper": "0.6667"},
                "a & b": "x^2 < [y]",
                "f": "|x|",
            },
            {"n": 2, "value": "", "a & b": "~\\#$", "f": "x^{2}"},
        ],
        "notes": ["one_note", "two * notes"],
    }


def test_ends_that_are_infinite_or_equal():
    found = Table("t", "t", ("a", "b"), ((Enclosure(fmpq(0), None), Enclosure(fmpq(2), fmpq(2))),))
    assert "| [0, oo] | 2 |" in FORMATS["markdown"](found)


def test_rows_must_fit():
    with pytest.raises(ValueError, match=r"rows with \[1\] cells under 2 columns"):
        Table("t", "t", ("a", "b"), ((1,),))


@given(RATIONALS)
@example(fmpq(99996, 10000))
@example(fmpq(-99996, 10000))
@example(fmpq(-1, 3))
@example(fmpq(1) / fmpq(10) ** 20000)
def test_rounding_is_outward(q):
    """What is printed, read again, contains the number, and is near it."""
    cell = Enclosure(q, q)
    found = json_of(Table("t", "t", ("c",), ((cell,),)))["rows"][0]["c"]
    low, high = decimal(found["lower"]), decimal(found["upper"])
    assert low <= q <= high
    assert high - low <= abs(q) / 1000
    assert decimal(at_most(q)) == high
    assert len(found["lower"].partition("e")[0].replace("-", "").replace(".", "").strip("0")) <= 4


def test_exponents_of_any_size_are_printed():
    assert at_most(fmpq(1, 3) / fmpq(10) ** 20000) == "3.334e-20001"
    assert at_most(-fmpq(1, 3) * fmpq(10) ** 5000) == "-3.333e+4999"
    assert at_most(fmpq(99996, 10000)) == "10"
    assert json_of(Table("t", "t", ("c",), ((Enclosure(fmpq(-99996, 10000), None),),)))["rows"] == [
        {"c": {"lower": "-10", "upper": "oo"}}
    ]


@pytest.mark.parametrize(
    ("asked", "path", "form"),
    [
        (None, None, "markdown"),
        (None, "t", "markdown"),
        (None, "a.b/t", "markdown"),
        (None, "t.md", "markdown"),
        (None, "t.tex", "latex"),
        (None, "t.TEX", "latex"),
        (None, "t.csv", "csv"),
        (None, "t.json", "json"),
        ("latex", "t.md", "latex"),
        ("csv", "t.html", "csv"),
    ],
)
def test_the_file_name_implies_the_format(asked, path, form):
    assert format_of(asked, None if path is None else Path(path)) == form
