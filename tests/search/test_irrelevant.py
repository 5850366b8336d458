"""True hypotheses that have nothing to do with a statement, or follow from its others, cost little
and lose no proof."""

import random
import tomllib
from pathlib import Path

import pytest
from irrelevant import irrelevant

from boundcheck import IllPosed, Proved, Refuted, Undecided, prove
from boundcheck.checking.certificate import certificate, replay
from boundcheck.claims.comparison import stated

BUDGET = 20
SUITE = tomllib.loads((Path(__file__).parents[1] / "suite.toml").read_text(encoding="utf-8"))
TRUE = [c for c in SUITE["case"] if c["truth"] == "true"]
CHOSEN = random.Random(2027).sample(TRUE, 105)
LOST: dict[str, str] = {}
"""What is not proved any more, and why: at most two."""


def with_others(case, seed):
    """The statement with 1 to 12 hypotheses more."""
    rng = random.Random(f"{case['id']} {seed}")
    own = stated(case["states"], case.get("on"), case.get("given", ""))
    others, ranges = irrelevant(own, rng, rng.randint(1, 12))
    on = ", ".join(t for t in (case.get("on", ""), ranges) if t)
    return own, stated(case["states"], on or None, [case.get("given", ""), *others])


@pytest.mark.parametrize("case", CHOSEN, ids=[c["id"] for c in CHOSEN])
def test_a_proof_is_found_with_other_hypotheses_for_little_more(case):
    own, larger = with_others(case, 0)
    alone = prove(own, budget=BUDGET)
    if isinstance(alone, Undecided):
        pytest.skip("it is not proved alone")
    verdict = prove(larger, budget=BUDGET)
    assert isinstance(verdict, Proved) == (case["id"] not in LOST), (larger.text(), verdict)
    if case["id"] not in LOST:
        assert verdict.work <= 2 * alone.work + 0.3, (larger.text(), alone.work, verdict.work)


def test_most_are_still_proved():
    assert len(LOST) <= 2


@pytest.mark.parametrize("case", CHOSEN[::9], ids=[c["id"] for c in CHOSEN[::9]])
def test_certificates_say_what_is_left_out(case):
    _, larger = with_others(case, 1)
    verdict = prove(larger, budget=BUDGET)
    if isinstance(verdict, Proved):
        replay(certificate(larger, verdict))
