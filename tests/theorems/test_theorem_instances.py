"""Every theorem of proofs/ at random finite instances: wherever its hypotheses hold, so does its
conclusion."""

import random
from pathlib import Path

import pytest
from models import Unclear, random_model

from boundcheck.claims.theorem_statement import TheoremStatement
from boundcheck.verification.collect import collect

PROOFS = Path(__file__).parents[2] / "proofs"
TRIES, ENOUGH = 300, 8


def theorems():
    """The claims that are theorems."""
    for claim in collect([PROOFS]).claims:
        for statement in claim.statements():
            if isinstance(statement, TheoremStatement):
                yield pytest.param(statement, id=claim.id)


@pytest.mark.parametrize("statement", list(theorems()))
def test_no_instance_contradicts_a_theorem(statement):
    theorem = statement.derive(10).theorem
    rng = random.Random(statement.name)
    met = 0
    for _ in range(TRIES):
        try:
            model = random_model(theorem.free, rng)
            if not all(model.holds(h) for h in theorem.hyps):
                continue
            met += 1
            assert model.holds(theorem.concl), model.values
        except (Unclear, NotImplementedError, IndexError, OverflowError):
            continue  # beyond these models
        if met >= ENOUGH:
            break
