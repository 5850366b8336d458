"""All axioms, each once."""

from __future__ import annotations

from boundcheck.theorems.axioms import (
    gamma_axioms,
    information_axioms,
    interval_law_axioms,
    network_axioms,
    normal_density_axioms,
    normal_law_axioms,
    uniform_law_axioms,
)
from boundcheck.theorems.axioms.axiom import Axiom

_SUBJECTS = (
    gamma_axioms,
    information_axioms,
    interval_law_axioms,
    network_axioms,
    normal_density_axioms,
    normal_law_axioms,
    uniform_law_axioms,
)
AXIOMS: dict[str, Axiom] = {a.name: a for subject in _SUBJECTS for a in subject.AXIOMS}
"""By their names."""
