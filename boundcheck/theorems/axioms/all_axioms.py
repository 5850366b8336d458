"""All axioms, each once."""

from __future__ import annotations

from boundcheck.theorems.axioms import (
    gamma_axioms,
    network_axioms,
    normal_law_axioms,
    uniform_law_axioms,
)
from boundcheck.theorems.axioms.axiom import Axiom

AXIOMS: dict[str, Axiom] = {
    a.name: a
    for a in (
        *gamma_axioms.AXIOMS,
        *network_axioms.AXIOMS,
        *normal_law_axioms.AXIOMS,
        *uniform_law_axioms.AXIOMS,
    )
}
"""By their names."""
