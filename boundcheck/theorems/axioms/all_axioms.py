"""All axioms, each once."""

from __future__ import annotations

from boundcheck.theorems.axioms import interval_law_axioms, network_axioms
from boundcheck.theorems.axioms.axiom import Axiom

AXIOMS: dict[str, Axiom] = {
    a.name: a for a in (*interval_law_axioms.AXIOMS, *network_axioms.AXIOMS)
}
"""By their names."""
