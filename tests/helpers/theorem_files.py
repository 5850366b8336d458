"""Theorems of `proofs/`, derived as they are and with a piece of their text replaced."""

from __future__ import annotations

from pathlib import Path

from boundcheck.search.ladder import DEFAULT_BUDGET
from boundcheck.verification.collect import claim_beside, collect

PROOFS = Path(__file__).parents[2] / "proofs"


def shown(name, budget=0.7 * DEFAULT_BUDGET):
    """The theorem of that id; it is derived once, as for all that use it."""
    (statement,) = claim_beside(PROOFS / "any.py", name).statements()
    return statement.derive(budget)


def says(name):
    """The hypotheses, as a set, and the conclusion."""
    found = shown(name)
    assert found.unused == ()
    assert found.axioms == ()
    return set(found.hypotheses), found.conclusion


def moved(folder, name, *changes, budget=0.7 * DEFAULT_BUDGET):
    """The theorem with pieces of its text replaced: pairs of the old piece, which stands there
    once, and the new one. What it uses of its own file is left as it is.
    """
    stem, own = name.split(".")
    for p in PROOFS.rglob("*.py"):
        (folder / p.name).symlink_to(p)
    head, mark, rest = next(PROOFS.rglob(f"{stem}.py")).read_text().partition(f"def {own}(t):")
    text, end, after = rest.partition("\n@theorem")
    for old, new in changes:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    path = folder / f"moved_{stem}.py"
    path.write_text(head + mark + text + end + after)
    (claim,) = [c for c in collect([path]).claims if c.id == f"moved_{stem}.{own}"]
    (statement,) = claim.statements()
    return statement.derive(budget)


def read_as(name, formula, other, budget=0.7 * DEFAULT_BUDGET):
    """Why the proof does not go through with another formula of the theory; or empty."""
    found = shown(name)
    assert formula in found.formulas
    return found.with_formula(formula, other, budget)
