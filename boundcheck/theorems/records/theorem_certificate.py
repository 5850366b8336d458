"""Certificates of theorems: a theorem, its whole derivation and what it assumes, as JSON, which
`recheck_theorem` derives again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boundcheck.documents import (
    REPLAY_BUDGET,
    Document,
    read_sealed,
    sealed,
    write_atomically,
)
from boundcheck.errors import BoundcheckError
from boundcheck.theorems.axioms.all_axioms import AXIOMS
from boundcheck.theorems.kernel.sequent import Theorem
from boundcheck.theorems.notation.sequent_text import sequent_text
from boundcheck.theorems.records.replay import KEYS, replay, stored
from boundcheck.version import __version__

FORMAT = "boundcheck.theorem"
VERSION = 1
REMEDY = "write one with boundcheck verify --certificates"
_AROUND = frozenset({"format", "version", "made_with", "theorem", "sha256"})
"""The keys of a file beside those of a derivation."""


@dataclass(frozen=True)
class Derived:
    """What a certificate of a theorem proves.

    Attributes:
        theorem: the theorem, derived from the certificate.
        note: what a reader has to know, or empty.
    """

    theorem: Theorem
    note: str = ""

    @property
    def text(self) -> str:
        """The theorem, as it was derived, whatever the file calls it."""
        return theorem_text(self.theorem)

    @property
    def axioms(self) -> dict[str, str]:
        """The axioms that it rests on, each with its reference."""
        return axioms_of(self.theorem)


def axioms_of(theorem: Theorem) -> dict[str, str]:
    """The axioms that a theorem rests on, each with its reference."""
    found = [AXIOMS[name] for name in sorted(theorem.axioms)]
    return {repr(a.formula): a.reference for a in found}


def theorem_text(theorem: Theorem) -> str:
    """A theorem: what it declares, assumes and says, and what it rests on.

    >>> from boundcheck.theorems.kernel.sequent import derive
    >>> from boundcheck.theorems.language.formulas import FALSE
    >>> print(theorem_text(derive("discharge", derive("assume", formula=FALSE), formula=FALSE)))
    Theorem
    Then
      0 >= 1 implies 0 >= 1
    """
    try:
        return sequent_text(theorem.hyps, theorem.concl, axioms=axioms_of(theorem))
    except BoundcheckError as error:  # it is too long for a person to read
        return f"a theorem that is not printed: {error}"


def theorem_certificate(theorem: Theorem) -> dict[str, Any]:
    """The certificate of a theorem.

    Raises:
        BoundcheckError: a symbol whose name cannot be written.

    >>> from boundcheck.theorems.kernel.sequent import derive
    >>> from boundcheck.theorems.language.formulas import FALSE
    >>> document = theorem_certificate(derive("assume", formula=FALSE))
    >>> document["theorem"]
    ['Theorem', 'Assume', '  (1) 0 >= 1', 'Then', '  0 >= 1']
    """
    around = {
        "format": FORMAT,
        "version": VERSION,
        "made_with": f"boundcheck {__version__}",
        "theorem": theorem_text(theorem).splitlines(),
    }
    return sealed({**around, **stored(theorem)})


def save_theorem(path: Path, theorem: Theorem, budget: float = REPLAY_BUDGET) -> None:
    """Derive a theorem again from its certificate, as `recheck` would, and write that, atomically.

    Args:
        budget: units of work for the replay (see `exact.terms.work`).

    Raises:
        Rejected: it is not derived again; nothing is written.
        BoundcheckError: as `theorem_certificate`, or the file cannot be written.

    >>> from boundcheck.theorems.kernel.sequent import derive
    >>> from boundcheck.theorems.language.formulas import FALSE
    >>> save_theorem(Path("false.json"), derive("assume", formula=FALSE))
    >>> recheck_theorem(Path("false.json")).theorem
    0 >= 1 |- 0 >= 1
    """
    text = in_lines(theorem_certificate(theorem))
    accepted(json.loads(text), budget)
    write_atomically(path, text)


def recheck_theorem(path: Path, budget: float = REPLAY_BUDGET) -> Derived:
    """The theorem that a certificate file proves.

    Raises:
        Rejected: a step does not follow, another theorem is claimed, or the checksum is wrong.
        BoundcheckError: not a certificate of a theorem.
    """
    return accepted(read_sealed(path, {FORMAT: VERSION}, REMEDY), budget)


def accepted(document: Document, budget: float = REPLAY_BUDGET) -> Derived:
    """As `recheck_theorem`, for a document in memory and without its checksum.

    >>> from boundcheck.theorems.kernel.sequent import derive
    >>> from boundcheck.theorems.language.formulas import FALSE
    >>> document = theorem_certificate(derive("assume", formula=FALSE))
    >>> accepted({**document, "theorem": ["1 >= 0"]})
    Derived(theorem=0 >= 1 |- 0 >= 1, note='the file words the theorem in another way')
    """
    strange = document.keys() - KEYS - _AROUND
    if strange:
        raise BoundcheckError(f"the certificate has unknown keys: {', '.join(sorted(strange))}")
    theorem = replay({k: v for k, v in document.items() if k in KEYS}, budget)
    same = document.get("theorem") == theorem_text(theorem).splitlines()
    return Derived(theorem, "" if same else "the file words the theorem in another way")


def in_lines(document: Document) -> str:
    """JSON with a line for each key, and for each entry of a list.

    >>> print(in_lines({"format": "f", "steps": [{"a": 1}, [2, 3]]}).strip())
    {
    "format": "f",
    "steps": [
     {"a": 1},
     [2, 3]
    ]
    }
    """
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            entries = ",\n ".join(map(json.dumps, value))
            lines.append(f"{json.dumps(key)}: [\n {entries}\n]")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
