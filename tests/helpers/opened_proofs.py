"""Theorems of `proofs`, with their functions open to a test that changes a constant."""

import importlib.util
import sys
from pathlib import Path

PROOFS = Path(__file__).parents[2] / "proofs"
BUDGET = 10


def proof_file(stem):
    """A file of `proofs`, loaded for this test alone."""
    spec = importlib.util.spec_from_file_location(
        f"_proofs_{stem}", next(PROOFS.rglob(f"{stem}.py"))
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[spec.name]
    return module


def shown(claim):
    """What a theorem says, once it has been derived."""
    (statement,) = claim.statements()
    return statement.derive(BUDGET)
