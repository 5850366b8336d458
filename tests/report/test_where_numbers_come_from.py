"""A number that is printed names the claims that show its formula, and they exist."""

import json
import re

import pytest
from commands import run
from conftest import PROOFS

from boundcheck.theory.theorems.constants import THEOREMS
from boundcheck.verification.collect import collect

CLAIMS = {c.id for c in collect([PROOFS]).claims}
FILES = {i.partition(".")[0] for i in CLAIMS}
PROBLEM = "d=1,T=4,beta_1=0.1,beta_T=0.5,m=1000,M=1000"


def named(text):
    """What looks like the id of a claim: a file of proofs/, a point, a name."""
    ids = set(re.findall(r"\b[a-z_]+\.[a-z_]+\b", text.replace("\\_", "_")))
    return {i for i in ids if i.partition(".")[0] in FILES and not i.endswith((".py", ".toml"))}


@pytest.mark.parametrize("theorem", THEOREMS)
def test_constants(capsys, theorem):
    code, out, _ = run(capsys, "constants", theorem)
    assert code == 0
    assert named(out)
    assert named(out) <= CLAIMS
    code, out, _ = run(capsys, "constants", theorem, "--json")
    shown = [c["shown_in"] for c in json.loads(out).values() if isinstance(c, dict)]
    assert any(shown)
    assert {i for ids in shown for i in ids} <= CLAIMS


def test_bound(capsys):
    code, out, _ = run(capsys, "bound", "--set", PROBLEM)
    assert code == 0
    assert "end_to_end.end_to_end_bound (total)" in " ".join(out.split())
    assert named(out) <= CLAIMS
    code, out, _ = run(capsys, "bound", "--set", PROBLEM, "--json")
    shown = json.loads(out)["shown_in"]
    assert shown["weighted"][:2] == ["learnt_steps.one_step", "ratio_networks.weighted_network"]
    assert {i for ids in shown.values() for i in ids} <= CLAIMS


@pytest.mark.parametrize(
    ("table", "settings"),
    [
        ("shallow", "k=2"),
        ("better", "n=9"),
        ("errors", "k=2"),
        ("positivity", f"t=2,{PROBLEM}"),
        ("noise", "T=4,m=1000"),
        ("constants", "verdicts=0"),
        ("class_rates", "d=1;2"),
    ],
)
def test_tables(capsys, table, settings):
    code, out, _ = run(capsys, "table", table, "--set", settings, "--format", "markdown")
    assert code == 0
    assert named(out)
    assert named(out) <= CLAIMS
