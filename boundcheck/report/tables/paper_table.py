"""The table `paper`: the claims P1 to P5 of the paper, each with our readings,
verdicts and bounds."""

from __future__ import annotations

from boundcheck.claims.claim import Claim, Reading
from boundcheck.claims.verdict import Proved
from boundcheck.errors import BoundcheckError
from boundcheck.report.tables.claim_verdicts import PARAMETERS, budget_of, decided, proof_files
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
        rows += found or [(name, "none: these proof files have no reading of it", "", "", "", "")]
    notes = (
        *(f"{name}: {words}." for name, words in CLAIMS.items()),
        (
            "A reading is refuted where our theorem that it fails is proved. Verdicts were "
            "decided when this table was made; cited is the number of results that are assumed."
        ),
    )
    asked = {key: given.text(key) for key in PARAMETERS if given.has(key)}
    columns = ("claim", "our reading", "verdict", "our bound", "theorem", "cited")
    return Table("paper", "The claims of the paper", columns, tuple(rows), notes, asked)


def _row(c: Claim, reading: Reading, result: Result) -> tuple[Cell, ...]:
    refuted = reading.refuted and result.verdict is Proved
    verdict = (
        "refuted" if refuted else _other_way(result) if reading.refuted else result.verdict.name
    )
    bound = "" if reading.bound is None else Formula(latex(reading.bound))
    return reading.paper, reading.words, verdict, bound, c.id, len(result.axioms)


def _other_way(result: Result) -> str:
    """Where the theorem that a reading fails is not proved itself, nothing
    is known of the reading."""
    return f"undecided (its refutation is {result.verdict.name})"
