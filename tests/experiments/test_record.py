"""Documents of what was measured: they come back as they were written, and none is trusted."""

import copy
import json

import pytest
from experiment_settings import settings

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import decimal
from boundcheck.experiments import ddpm_experiment as ddpm
from boundcheck.experiments import record as document
from boundcheck.experiments.runs import run
from boundcheck.report.tables.measured_table import table
from boundcheck.report.typeset.formats import FORMATS


@pytest.fixture(scope="module")
def line_run():
    return run("ddpm", ["T=4,k=16,samples=5000"])


@pytest.fixture(scope="module")
def plane_run():
    return run("ddpm", ["d=2,betas=1/5;1/2;3/5,k=6,samples=3000"])


@pytest.fixture(scope="module")
def trained():
    return run("erm", ["m=64;512;4096,k=2,repeats=2,steps=100"])


@pytest.fixture(scope="module")
def small():
    return run("ddpm", ["T=2,k=2,samples=100"])


def test_documents_come_back_as_they_were_written(tmp_path, line_run, plane_run, trained):
    for found in (line_run, plane_run, trained):
        path = tmp_path / "found.json"
        path.write_text(document.text(found))
        assert document.load(path) == found
        assert set(found["versions"]) == {"boundcheck", "python", "numpy", "torch"}


def test_the_settings_of_a_document_give_it_again():
    texts = ["betas=1/5;1/2;3/5,k=4,samples=100,atoms=1/2;-1/3,weights=0.25;0.75,B=3/4,seed=3"]
    found = run("ddpm", texts)
    again = run("ddpm", [",".join(f"{name}={value}" for name, value in found["settings"].items())])
    assert again == found
    assert found["seed"] == 3
    assert (
        settings("ddpm", "T=2,beta_1=1/5").given.items()
        < ddpm.case_of(settings("ddpm", "T=2,beta_1=1/5")).settings.items()
    )
    assert ddpm.case_of(settings("ddpm", "k=2,T=2,schedule=cosine")).settings["most"] == "0.999"
    assert run("ddpm", [texts[0].replace("seed=3", "seed=4")])["rows"] != found["rows"]


def _changed(found, change):
    copy = json.loads(json.dumps(found))
    change(copy)
    return copy


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda d: d.pop("total"),
            "the document is not an object with the entries format, version, experiment",
        ),
        (
            lambda d: d.update(experiment="other"),
            "the document, experiment is 'other', not the name of an experiment",
        ),
        (lambda d: d.update(experiment=[1]), "not the name of an experiment"),
        (lambda d: d.update(seed=True), "the document, seed is 'True', not an integer >= 0"),
        (
            lambda d: d.update(settings={"k": 3}),
            "the document, settings is .* not an object of texts",
        ),
        (lambda d: d.update(rows=[]), "rows is not a list with entries"),
        (
            lambda d: d["rows"][1].update(extra=1),
            "rows, entry 2 is not an object with the entries t, ",
        ),
        (
            lambda d: d["rows"][0].update(w=float("nan")),
            "rows, entry 1, w is 'nan', not a finite number",
        ),
        (
            lambda d: d["rows"][0]["bound"].update(gap=0.1),
            "rows, entry 1, bound, gap is '0.1', not a decimal text >= 0",
        ),
        (lambda d: d["rows"][0]["bound"].update(gap="-1"), "gap is '-1', not a decimal text >= 0"),
        (
            lambda d: d["rows"][0]["bound"].update(gap="many"),
            "gap is 'many', not a decimal text >= 0",
        ),
        (lambda d: d["total"].update(holds=1), "total, holds is '1', not true or false"),
        (
            lambda d: d["total"]["histogram"].update(counts=[1.5]),
            "counts, entry 1 is '1.5', not an integer >= 0",
        ),
        (lambda d: d.update(version=1), "has version 1; this boundcheck reads version 2"),
        (
            lambda d: d.update(format="boundcheck.network"),
            "is not a boundcheck.experiment file; write one with",
        ),
    ],
)
def test_malformed_documents_are_refused(tmp_path, line_run, change, message):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(_changed(line_run, change)))
    with pytest.raises(BoundcheckError, match=message):
        document.load(path)


def test_tables_show_what_was_measured_and_round_bounds_up(line_run, plane_run, trained):
    for found, first in ((line_run, "t"), (plane_run, "t"), (trained, "m")):
        shown = table(found)
        assert [row[0] for row in shown.rows] == [row[first] for row in found["rows"]]
        for row, cells in zip(found["rows"], shown.rows, strict=True):
            named = dict(zip(shown.columns, cells, strict=True))
            name, key = ("gap, bound", "gap") if first == "t" else ("excess risk, bound", "excess")
            assert decimal(named[name]) >= decimal(row["bound"][key])
        assert any("no proof" in note for note in shown.notes)
        assert any(note == "Measured numbers above their bounds: none." for note in shown.notes)
        for form in FORMATS.values():
            assert form(shown)


# -- files that are not trusted --------------------------------------------------------------------


def _lie(found):
    found["rows"][0]["measured"]["gap"] = 1e9


def _lie_of_the_total(found):
    found["total"]["measured"]["divergence"] = 1e9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(settings={}), "settings has no samples"),
        (
            lambda d: d["rows"][0]["measured"].update(gap=10**400),
            "gap is '1000.*', not a finite number",
        ),
        (lambda d: d["rows"][0]["bound"].update(gap="١٢"), "not a decimal text >= 0"),
        (lambda d: d["settings"].update(d="\ud800"), "not an object of texts"),
        (lambda d: d["settings"].update(d="\x1b[2J"), "not an object of texts"),
        (_lie, r"rows, entry 1 is said to hold, but gap is above the bound 3.15"),
        (_lie_of_the_total, "total is said to hold, but divergence is above the bound"),
    ],
)
def test_documents_that_were_read_or_ended_in_a_traceback(tmp_path, small, change, message):
    found = copy.deepcopy(small)
    change(found)
    path = tmp_path / "found.json"
    path.write_text(json.dumps(found))
    with pytest.raises(BoundcheckError, match=message):
        document.load(path)


def test_what_does_not_hold_may_say_so(tmp_path, small):
    found = copy.deepcopy(small)
    _lie(found)
    found["rows"][0]["holds"] = False
    path = tmp_path / "found.json"
    path.write_text(json.dumps(found))
    assert not document.all_hold(document.load(path))


def test_large_documents_are_refused_unread(tmp_path, monkeypatch, small):
    path = tmp_path / "found.json"
    path.write_text(document.text(small))
    monkeypatch.setattr(document, "_MOST_BYTES", 100)
    with pytest.raises(BoundcheckError, match="is larger than 100 bytes; it is not read"):
        document.load(path)
