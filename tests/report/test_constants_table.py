"""Tables of constants: values, where they are shown, verdicts."""

from dataclasses import replace

import pytest
from conftest import PROOFS
from proof_files import proof_file
from tables_read import json_of

from boundcheck.errors import BoundcheckError
from boundcheck.report.tables.registry import table
from boundcheck.theory.theorems.constants import THEOREMS, evaluate
from boundcheck.verification.collect import collect


def test_constants():
    """Every constant of the theorem, as `boundcheck constants` has it, and where it is shown."""
    found = json_of(table("constants", ["theorem=shallow,d=2,k=3,p=4,M=8,verdicts=0"]))
    known = evaluate("shallow", {"d": "2", "k": "3", "p": "4", "M": "8"})
    assert [r["constant"] for r in found["rows"]] == list(known)
    for row, e in zip(found["rows"], known.values(), strict=True):
        assert row["formula"] == e.constant.latex
        assert row["value"] == e.value.as_json(4)
        assert row["label"] == f"[{e.constant.label}]"
    assert found["columns"] == ["constant", "formula", "value", "label", "shown in"]
    assert "were not decided" in found["notes"][-1]
    rows = {r["constant"]: r for r in found["rows"]}
    assert rows["lp_hoeffding"]["label"] == "[D, C]"
    assert (
        rows["lp"]["shown in"]
        == "marginal_steps.above_two_by_khintchine, marginal_steps.above_two_by_hoeffding"
    )
    assert found["parameters"]["p"] == "4"


def test_where_constants_are_shown_exists():
    """And every constant of the first two theorems names a claim."""
    claims = {c.id for c in collect([PROOFS]).claims}
    for theorem in THEOREMS.values():
        for p in ("2", "4"):
            given = {"p": p} if any(q.name == "p" for q in theorem.parameters) else {}
            given |= (
                {"M": "8"}
                if theorem.name == "shallow"
                else {"n": "30"}
                if theorem.name == "ratio"
                else {}
            )
            numbers = theorem.read(given)
            where = theorem.shown_in(numbers)
            assert {i for ids in where.values() for i in ids} <= claims
            if theorem.name in ("shallow", "ratio"):
                assert all(where[c.name] for c in theorem.constants(numbers))


def test_verdicts_on_constants(tmp_path, monkeypatch):
    """That of the claims that show a constant, together; nothing where none is named."""
    path = proof_file(tmp_path)
    where = {
        "V": ("deep.right",),
        "c_sharp": ("deep.plain",),
        "lp": ("deep.right", "deep.above"),
        "approximation": ("deep.plain", "deep.limit"),
        "error": ("deep.wrong", "deep.above"),
    }
    monkeypatch.setitem(THEOREMS, "ratio", replace(THEOREMS["ratio"], shown_in=lambda _: where))
    rows = {r["constant"]: r for r in json_of(table("constants", [f"proofs={path}"]))["rows"]}
    told = ("verdict", "proved", "cited")
    assert tuple(rows["V"][k] for k in told) == ("steps", "1 formula", 1)
    assert rows["c_sharp"]["verdict"] == "proved"
    assert rows["c_sharp"]["proved"].endswith(" <= 1 + x, on x in [0, 1]")
    assert tuple(rows["approximation"][k] for k in told) == ("steps", "2 formulas", 0)
    assert tuple(rows["lp"][k] for k in told) == ("undecided", "2 formulas", 1)
    assert (rows["error"]["verdict"], rows["error"]["shown in"]) == (
        "refuted",
        "deep.wrong, deep.above",
    )
    assert (rows["C"]["verdict"], rows["C"]["shown in"]) == ("", "")
    monkeypatch.setitem(
        THEOREMS, "ratio", replace(THEOREMS["ratio"], shown_in=lambda _: {"V": ("deep.rigt",)})
    )
    with pytest.raises(
        BoundcheckError, match=r"there is no claim 'deep.rigt'; did you mean deep.right"
    ):
        table("constants", [f"proofs={path}"])
