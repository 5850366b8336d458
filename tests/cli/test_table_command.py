"""`boundcheck table`: formats, files, help, bad input, interruption."""

import json
from dataclasses import replace

import pytest
from commands import run
from conftest import PROOFS

from boundcheck.errors import BoundcheckError
from boundcheck.report.tables import claim_verdicts as verdicts
from boundcheck.report.tables import comparisons_table as comparisons
from boundcheck.report.tables import errors_table as errors
from boundcheck.report.tables.registry import TABLES, table
from boundcheck.report.typeset.formats import FORMATS


def test_the_command(capsys, tmp_path):
    arguments = ("table", "shallow", "--set", "k=1;2", "--set", "sigma=1")
    for form in FORMATS:
        code, out, err = run(capsys, *arguments, "--format", form)
        assert (code, err) == (0, "")
        path = tmp_path / f"table.{form}"
        assert run(capsys, *arguments, "--format", form, "-o", str(path)) == (
            0,
            f"written to {path}\n",
            "",
        )
        assert path.read_text() == out
        if form == "json":
            assert [r["k"] for r in json.loads(out)["rows"]] == [1, 2]
    assert run(capsys, *arguments)[1].startswith(
        "**The shallow theorem: bounds and certified errors**"
    )
    assert {p.name for p in tmp_path.iterdir()} == {f"table.{f}" for f in FORMATS}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("deep",), "'deep' is no table; there are shallow, better, constants"),
        (("erors",), "; did you mean errors?"),
        (("architecture",), "; did you mean architectures?"),
        (
            ("shallow", "--format", "html"),
            "--format html; it must be one of markdown, latex, csv, json",
        ),
        (("shallow", "--format", "latx"), "json; did you mean latex?"),
        (
            ("shallow", "-o", "t.html"),
            "-o t.html: the suffix .html is no format of tables; use .md, .tex, .csv, .json",
        ),
        (("shallow", "--set", "sigm=1"), "seed, M; did you mean sigma?"),
        (
            ("constants", "--set", "theorem=rati"),
            "'rati' is no theorem with constants; there are shallow, ratio",
        ),
        (("constants", "--set", "thorem=ratio"), "did you mean theorem?"),
        (
            ("constants", "--set", "theorem=shallow,c=1/2"),
            "unknown parameter c; shallow takes d, k, R, sigma, mass, p, M",
        ),
        (("constants", "--set", "theorem=shallow,d=0"), "d = 0; the admissible range is"),
        (("constants", "--set", "verdicts=2"), "verdicts = 2; it must be an integer from 0 to 1"),
        (("paper", "--set", "proofs=no_such"), "proofs = no_such: there is nothing"),
        (
            ("paper", "--set", f"proofs={PROOFS},budget=0"),
            "budget = 0; the admissible range is 0 < budget",
        ),
        (("architectures", "--set", "n=13"), "n = 13; it must be an integer from 14 to 1000000"),
        (("architectures", "--set", "n=50,k=2"), "k and n are both given; give one of them"),
        (("architectures", "--set", "weights=1/2;1/3"), "the weights have the sum 5/6"),
        (("architectures", "--set", "abar=1"), "abar = 1; the admissible range is 0 < abar < 1"),
        (("errors", "--set", "k=2;0"), "k = 0; the list k has integers >= 1"),
        (("errors", "--set", "d=4"), "d = 4; errors are certified for d from 1 to 3"),
        (
            ("errors", "--set", "c=1/2"),
            "unknown parameter c; errors takes atoms, weights, abar, d, R, k, seed, M",
        ),
        (
            ("shallow", "--set", "n=9"),
            "unknown parameter n; shallow takes atoms, masses, sigma, d, R, k, seed, M",
        ),
        (("better", "--set", "k=2"), "unknown parameter k; better takes"),
        (("shallow", "--set", "k=2;0"), "k = 0; the list k has integers >= 1, such as k=1;2"),
        (("shallow", "--set", "k=2;5/2"), "k = 5/2; the list k has integers >= 1"),
        (("shallow", "--set", "k=2;10**9"), "more than the"),
        (("shallow", "--set", "k=2;;4"), "k = 2;;4; it has an empty entry"),
        (
            ("better", "--set", "n=8"),
            "n = 8; the list n has integers from 9 to 128, such as n=9;18",
        ),
        (("better", "--set", "n=9;129"), "n = 129; the list n has integers from 9 to 128"),
        (("better", "--set", "d=2"), "d = 2; networks with poles need d = 1"),
        (("shallow", "--set", "d=4"), "d = 4; errors are certified for d from 1 to 3"),
        (("shallow", "--set", "R=0"), "R = 0; the admissible range is 0 < R"),
        (("shallow", "--set", "sigma=-1"), "sigma = -1; the admissible range is 0 < sigma"),
        (("better", "--set", "M=0"), "M = 0; the admissible range is 0 < M"),
        (("better", "--set", "atoms=0;0,masses=1;-1"), "the total mass is zero"),
        (
            ("better", "--set", "sigma=1e-8,n=9"),
            "more than 2147483648 evaluations of a Gaussian's density",
        ),
        (
            ("shallow", "--set", "sigma=1e-300"),
            "k = 8, variance about 1e-600 and 1 atoms in dimension 1 need more",
        ),
        (("shallow", "--set", "k=2**300"), "k = about 2.04e+90 may need about 1.23e+91 neurons"),
        (("shallow", "--set", "atoms=99"), "towards 1, or bring the atoms nearer to the box"),
        (("shallow", "-o", "no/such/folder/t.md"), "cannot write 'no/such/folder/t.md'"),
    ],
)
def test_bad_input(capsys, monkeypatch, tmp_path, arguments, message):
    def long_work(*_, **__):
        raise AssertionError("long work was begun")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(comparisons, "lp_norm", long_work)
    monkeypatch.setattr(comparisons, "certified", long_work)
    monkeypatch.setattr(comparisons, "total_variation", long_work)
    monkeypatch.setattr(verdicts, "verify_one", long_work)
    monkeypatch.setattr(errors, "marginal_error", long_work)
    code, out, err = run(capsys, "table", *arguments)
    assert (code, out) == (3, "")
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_the_tables_are_listed(capsys):
    code, out, err = run(capsys, "table")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == list(TABLES)


def test_the_help_names_every_parameter(capsys):
    _, out, _ = run(capsys, "table", "--help")
    lines = " ".join(out.split())
    shortened = {
        "constants": ("theorem", "verdicts", "proofs", "budget", "and what the theorem takes"),
        "positivity": ("t", "and what boundcheck bound takes"),
        "noise": ("schedules", "T", "files", "stop", "and what boundcheck bound takes"),
        "measured": ("file", "what boundcheck experiment wrote"),
    }
    for name, entry in TABLES.items():
        known = shortened.get(name, entry.parameters)
        assert f" {name} {', '.join(known)} " in lines


def test_the_suffix_of_the_file(capsys, tmp_path):
    for suffix, form in (
        (".md", "markdown"),
        (".tex", "latex"),
        (".csv", "csv"),
        (".json", "json"),
    ):
        path = tmp_path / f"t{suffix}"
        assert run(capsys, "table", "architectures", "--set", "k=1", "-o", str(path))[0] == 0
        assert path.read_text() == FORMATS[form](table("architectures", ["k=1"]))


def test_the_parameters_make_the_table_again():
    for name, texts in (
        ("shallow", ["k=2;1,atoms=0;1/3"]),
        ("architectures", ["n=20"]),
        ("constants", ["verdicts=0,p=3"]),
    ):
        made = table(name, texts)
        assert table(name, [made.settings]) == made


def test_an_interruption_leaves_nothing(capsys, monkeypatch, tmp_path):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setitem(TABLES, "errors", replace(TABLES["errors"], make=interrupted))
    path = tmp_path / "t.tex"
    path.write_text("old")
    code, out, err = run(capsys, "table", "errors", "-o", str(path))
    assert (code, out, err) == (130, "", "interrupted\n")
    assert [p.name for p in tmp_path.iterdir()] == ["t.tex"]
    assert path.read_text() == "old"


def test_a_format_that_fails_leaves_nothing(capsys, monkeypatch, tmp_path):
    def refused(*_):
        raise BoundcheckError("no")

    monkeypatch.setitem(FORMATS, "csv", refused)
    assert run(capsys, "table", "architectures", "--set", "k=1", "-o", str(tmp_path / "t.csv")) == (
        3,
        "",
        "error: no\n",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("rates", "c=1", "c = 1; the admissible range is 0 < c < 1"),
        ("rates", "p=1/2", "the list p has numbers >= 1"),
        ("rates", "d=10**7", "the list d has integers from 1 to 1000000"),
        ("class_rates", "d=0", "the list d has integers from 1 to 500000"),
        ("class_rates", "d_y=0", "d_y = 0; it must be an integer from 1"),
        ("positivity", "t=1", "the list t has integers from 2 to 1000"),
        ("positivity", "m=0", "m = 0; it must be an integer"),
        ("measured", "file=none.json", "none.json"),
    ],
)
def test_bad_tables(name, text, message):
    with pytest.raises(BoundcheckError) as caught:
        table(name, [text])
    assert message in str(caught.value)
