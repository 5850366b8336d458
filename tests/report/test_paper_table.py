"""The claims of the paper: readings, verdicts, and what is refused."""

import pytest
from conftest import PROOFS
from proof_files import FALSE_AND_TRUE, proof_file
from tables_read import json_of

from boundcheck.errors import BoundcheckError
from boundcheck.report.tables import paper_table as paper
from boundcheck.report.tables.registry import table
from boundcheck.verification.collect import collect


def test_the_paper(tmp_path):
    """A verdict is one that was computed; a reading is refuted only where
    its refutation is proved."""
    path = proof_file(tmp_path, bound="2 * __import__('sympy').Symbol('R')")
    rows = json_of(table("paper", [f"proofs={path}"]))["rows"]
    told = [(r["claim"], r["our reading"], r["verdict"], r["theorem"], r["cited"]) for r in rows]
    assert told == [
        ("P1", "as it is", "proved", "deep.right", 1),
        ("P2", "not so", "refuted", "deep.wrong", 0),
        ("P2", "rests on what is wrong", "undecided", "deep.above", 0),
        ("P2", "too strong", "refuted", "deep.limit", 0),
        ("P2", "not too strong", "undecided (its refutation is refuted)", "deep.no_limit", 0),
        *(
            (p, "none: these proof files have no reading of it", "", "", "")
            for p in ("P3", "P4", "P5")
        ),
    ]
    assert rows[0]["our bound"] == r"2\,R"


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
