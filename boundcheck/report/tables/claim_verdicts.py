"""Verdicts for tables: claims of the proof files, decided with all that they rest
on when the table is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from boundcheck.claims.verdict import Proved
from boundcheck.errors import BoundcheckError
from boundcheck.report.tables.lists import Watch
from boundcheck.report.typeset.table import Cell, Stated
from boundcheck.search.ladder import DEFAULT_BUDGET
from boundcheck.settings import Settings
from boundcheck.verification.collect import Collection, collect, default_proofs
from boundcheck.verification.verify import Result, settle, verify_one, with_dependencies

PARAMETERS = ("proofs", "budget")
"""The folder of the proof files, and the units of work for each statement."""


def proof_files(given: Settings) -> Collection:
    """The claims of the folder or file `proofs`; by default those of `default_proofs`.

    Raises:
        BoundcheckError: there is none, or a file in it cannot be read.
    """
    folder = given.text("proofs") if given.has("proofs") else str(default_proofs())
    if not Path(folder).exists():
        raise BoundcheckError(
            f"proofs = {folder}: there is nothing; name the folder of the proof files"
        )
    found = collect([folder])
    for b in found.broken:
        raise BoundcheckError(
            f"proofs = {folder}: {b.path} cannot be read: {b.reason}; mend it first"
        )
    return found


def budget_of(given: Settings) -> float:
    """The units of work for each statement."""
    units = given.rational("budget", str(int(DEFAULT_BUDGET)), above=0, below=10**6)
    return int(units.p) / int(units.q)


def decided(
    ids: Iterable[str], everything: Collection, budget: float, watch: Watch
) -> dict[str, Result]:
    """Results of these claims, in the light of those that they use.

    Raises:
        BoundcheckError: there is no such claim.
    """
    chosen = Collection(tuple(everything.by_id(i) for i in dict.fromkeys(ids)), ())
    claims = with_dependencies(chosen, everything)
    results = []
    for number, c in enumerate(claims, start=1):
        watch(f"claim {number} of {len(claims)}: {c.id}")
        results.append(verify_one(c, budget))
    return {r.claim.id: r for r in settle(results)}


def what_is_proved(results: Sequence[Result]) -> Cell:
    """The formula, where that is all that these claims say; else how many are proved."""
    if len(results) == 1 and results[0].formula:
        theorem = results[0].checked[0].theorem
        return Stated(results[0].formula, theorem.conclusion if theorem else "")
    number = sum(isinstance(c.verdict, Proved) for r in results for c in r.checked)
    return f"{number} formula{'s' * (number != 1)}" if number else ""
