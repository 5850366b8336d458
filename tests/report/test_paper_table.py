"""The claims of the paper: readings, verdicts, and what is refused."""

import pytest
from conftest import PROOFS
from proof_files import FALSE_AND_TRUE, LONG, proof_file
from tables_read import json_of

from boundcheck.errors import BoundcheckError
from boundcheck.report.tables import paper_table as paper
from boundcheck.report.tables.registry import table
from boundcheck.report.typeset.formats import FORMATS
from boundcheck.report.typeset.table import LONGEST
from boundcheck.verification.collect import collect


def test_the_paper(tmp_path):
    """A verdict is one that was computed; a reading is refuted only where
    its refutation is proved."""
    path = proof_file(tmp_path, bound="2 * __import__('sympy').Symbol('R')")
    rows = json_of(table("paper", [f"proofs={path}"]))["rows"]
    keys = ("claim", "our reading, in words", "verdict", "theorem", "cited")
    assert [tuple(r[k] for k in keys) for r in rows] == [
        ("P1", "as it is", "steps", "deep.right", 1),
        ("P2", "not so", "refuted", "deep.wrong", 0),
        ("P2", "rests on what is wrong", "undecided", "deep.above", 0),
        ("P2", "all there is", "proved", "deep.plain", 0),
        ("P2", "too strong", "refuted", "deep.limit", 0),
        ("P2", "too strong as well", "steps (that it fails)", "deep.in_words", 1),
        ("P2", "not too strong", "undecided (its refutation is refuted)", "deep.no_limit", 0),
        *(
            (p, "none: these proof files have no reading of it", "", "", "")
            for p in ("P3", "P4", "P5")
        ),
    ]
    assert rows[0]["our bound"] == r"2\,R"


def test_beside_proved_stands_the_formula(tmp_path):
    """Whole where a machine reads it, and cut where people do."""
    made = table("paper", [f"proofs={proof_file(tmp_path)}"])
    shown = {r["theorem"]: r["proved"] for r in json_of(made)["rows"]}
    formula = f"{LONG} <= 1 + x, on x in [0, 1]"
    assert shown["deep.plain"] == formula
    assert shown["deep.limit"] == "not (x <= 1, on x in [0, 2]), at x = 2"
    assert (shown["deep.right"], shown["deep.wrong"], shown[""]) == ("1 formula", "", "")
    assert formula in FORMATS["csv"](made)
    cut = LONG[: LONGEST - 3] + "..."
    for name, left_out in (("markdown", "\\"), ("latex", r"\allowbreak{}")):
        text = FORMATS[name](made).replace(left_out, "").replace("{*}", "*")
        assert cut in text
        assert LONG not in text


def test_every_claim_of_the_paper_has_a_reading():
    """A claim labelled P says which claim of the paper it reads, and every
    claim of the paper is read."""
    claims = collect([PROOFS]).claims
    assert [c.id for c in claims if c.label == "P" and c.reading is None] == []
    assert {c.reading.paper for c in claims if c.reading} == set(paper.CLAIMS)


def test_an_unknown_claim_of_the_paper_is_refused(tmp_path):
    path = proof_file(tmp_path, text=FALSE_AND_TRUE.replace('"P1"', '"P7"'))
    with pytest.raises(
        BoundcheckError, match="right reads P7; the claims of the paper are P1, P2, P3, P4, P5"
    ):
        table("paper", [f"proofs={path}"])


def test_a_proof_file_that_cannot_be_read_is_refused(tmp_path):
    """Its claims would be missing without a word."""
    proof_file(tmp_path)
    (tmp_path / "broken.py").write_text("1/0")
    with pytest.raises(
        BoundcheckError, match=r"broken.py cannot be read: ZeroDivisionError.*; mend it first"
    ):
        table("paper", [f"proofs={tmp_path}"])
