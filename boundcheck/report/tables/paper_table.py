"""The table `paper`: the claims P1 to P5 of the paper, each with our readings,
verdicts and bounds."""

from __future__ import annotations

from boundcheck.claims.claim import Claim, Reading
from boundcheck.claims.verdict import Proved, Steps
from boundcheck.errors import BoundcheckError
from boundcheck.report.tables.claim_verdicts import (
    PARAMETERS,
    budget_of,
    decided,
    proof_files,
    what_is_proved,
)
from boundcheck.report.tables.lists import Watch
from boundcheck.report.typeset.table import Cell, Formula, Table
from boundcheck.settings import Settings
from boundcheck.theory.theorems.theorem import latex
from boundcheck.verification.verify import Result

CLAIMS = {
    "P1": (
        "SignReLU networks realise a division gate; shallow ones approximate "
        "kernel-induced marginals"
    ),
    "P2": (
        "if f2 is uniformly positive, a SignReLU network of depth 7 and width O(n+9) approximates "
        "f1/f2 in L^p at the rate M^-1 n^(-1/2-3/(2d)); the symbol M is not defined in what was "
        "available of the paper"
    ),
    "P3": (
        "the Bayes predictor of a DDPM is such a ratio, and a SignReLU network estimates the "
        "reverse process with an explicit error decomposition"
    ),
    "P4": "the excess KL risk splits into an approximation error and an estimation error "
    "that depends on the sample size",
    "P5": "the forward and the backward process differ by a controlled amount",
}
"""What the paper (arXiv:2601.21242) claims, from its abstract and public summaries."""
_COLUMNS = (
    "claim",
    "our reading, in words",
    "verdict",
    "proved",
    "our bound",
    "theorem",
    "cited",
)


def paper(given: Settings, watch: Watch) -> Table:
    """Every claim of the proof files that has a reading, decided with all that it uses."""
    everything, budget = proof_files(given), budget_of(given)
    readings = {c: c.reading for c in everything.claims if c.reading is not None}
    for c, reading in readings.items():
        if reading.paper not in CLAIMS:
            raise BoundcheckError(
                f"{c.id} reads {reading.paper}; the claims of the paper are {', '.join(CLAIMS)}"
            )
    results = decided([c.id for c in readings], everything, budget, watch)
    rows: list[tuple[Cell, ...]] = []
    for name in CLAIMS:
        found = [_row(c, r, results[c.id]) for c, r in readings.items() if r.paper == name]
        none = (name, "none: these proof files have no reading of it", *[""] * (len(_COLUMNS) - 2))
        rows += found or [none]
    notes = (
        *(f"{name}: {words}." for name, words in CLAIMS.items()),
        (
            "What is proved is the statement beside it, not the reading: no machine reads words. "
            "Steps are formulas that are proved, with words between them; their number is shown. "
            "A reading is refuted where a formula that it fails is proved. Verdicts were "
            "decided when this table was made; cited is the number of results that are assumed."
        ),
    )
    asked = {key: given.text(key) for key in PARAMETERS if given.has(key)}
    return Table("paper", "The claims of the paper", _COLUMNS, tuple(rows), notes, asked)


def _row(c: Claim, reading: Reading, result: Result) -> tuple[Cell, ...]:
    verdict = _other_way(result) if reading.refuted else result.verdict.name
    bound = "" if reading.bound is None else Formula(latex(reading.bound))
    proved, cited = what_is_proved([result]), len(result.axioms)
    return reading.paper, reading.words, verdict, proved, bound, c.id, cited


def _other_way(result: Result) -> str:
    """Of a reading, by the verdict on the claim that it fails: where that is not proved, nothing
    is known of the reading."""
    if result.verdict is Proved:
        return "refuted"
    if result.verdict is Steps:
        return "steps (that it fails)"
    return f"undecided (its refutation is {result.verdict.name})"
