"""Every theorem of proofs/ at random finite instances: wherever its hypotheses hold, so does its
conclusion."""

import random
from pathlib import Path

import pytest
from models import WORK, Unclear, random_model

from boundcheck.claims.theorem_statement import TheoremStatement
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.expr import symbol
from boundcheck.verification.collect import collect

PROOFS = Path(__file__).parents[2] / "proofs"
TRIES, ENOUGH = 300, 20
MOST = 10_000  # bodies of binders that are evaluated, for one theorem


def theorems():
    """The claims that are theorems."""
    for claim in collect([PROOFS]).claims:
        for statement in claim.statements():
            if isinstance(statement, TheoremStatement):
                yield pytest.param(statement, id=claim.id)


def parts(formula, conditions=(), variables=()):
    """What a formula says for arbitrary values of what it is for all of, each part with its
    conditions and its variables: these have random values, too, as all of them are too many."""
    match formula.head:
        case "and":
            for part in formula.args:
                yield from parts(part, conditions, variables)
        case "implies":
            condition, concl = formula.args
            yield from parts(concl, (*conditions, condition), variables)
        case "forall":
            x = symbol(f"for_all_{len(variables)}", formula.data)
            yield from parts(opened(formula, x), conditions, (*variables, x))
        case _:
            yield conditions, formula, variables


def tried(theorem, rng):
    """How often the hypotheses held at random values, and with them what it says."""
    wanted = list(parts(theorem.concl))
    symbols = set(theorem.free).union(*(variables for _, _, variables in wanted))
    met, last = 0, WORK["done"] + MOST
    for _ in range(TRIES):
        try:
            model = random_model(symbols, rng)
        except NotImplementedError:
            break
        for conditions, concl, _ in wanted:
            try:
                if all(model.holds(h) for h in (*theorem.hyps, *conditions)):
                    met += 1
                    assert model.holds(concl), model.values
            except (Unclear, NotImplementedError, IndexError, OverflowError):
                continue  # beyond these models
        if met >= ENOUGH or WORK["done"] > last:
            break
    return met


@pytest.mark.parametrize("statement", list(theorems()))
def test_no_instance_contradicts_a_theorem(statement):
    tried(statement.derive(10).theorem, random.Random(statement.name))
