"""The table `constants`: every constant of a theorem with its formula, its value and
the verdict on its proof."""

from __future__ import annotations

from boundcheck.claims.claim import LABELS
from boundcheck.claims.verdict import SEVERITY
from boundcheck.report.tables.claim_verdicts import budget_of, decided, proof_files
from boundcheck.report.tables.lists import Watch
from boundcheck.report.typeset.table import Cell, Formula, Table
from boundcheck.settings import Settings
from boundcheck.theory.risk.schedules import settings_of
from boundcheck.theory.theorems.constants import evaluate, theorem
from boundcheck.verification.verify import Result

PARAMETERS = ("theorem", "verdicts", "proofs", "budget")
"""What it takes, besides the parameters of the theorem."""
_NOTES = (
    (
        "Values are enclosed and rounded outward; of a constant with an index, the enclosure is "
        "of all its values."
    ),
    f"Labels: {', '.join(f'[{k}] {v}' for k, v in LABELS.items())}.",
)
_DECIDED = (
    "The verdict is the worst one among the claims that prove the formula and all that they use, "
    "decided when this table was made; cited is the number of results that these assume. "
    "Where no claim is named, nothing was decided."
)
_NOT_DECIDED = "The claims that prove the formulas were not decided for this table (verdicts = 0)."


def constants(given: Settings, watch: Watch) -> Table:
    """The constants of `theorem`, and verdicts on the claims that prove them, unless
    `verdicts` is 0."""
    name = given.text("theorem", "ratio")
    chosen, run = theorem(name), given.flag("verdicts", True)
    own = {key: text for key, text in given.given.items() if key not in PARAMETERS}
    where = chosen.proved_in(chosen.read(own))
    proofs, budget = (proof_files(given), budget_of(given)) if run else (None, 0.0)
    watch("constants")
    found = evaluate(name, own)
    ids = [i for c in found for i in where.get(c, ())]
    results = {} if proofs is None else decided(ids, proofs, budget, watch)
    rows: list[tuple[Cell, ...]] = []
    for e in found.values():
        c = e.constant
        shown = f"{c.name}, {c.index} = 1..{len(e.each)}" if c.index else c.name
        proved_in = where.get(c.name, ())
        verdict = _verdict(proved_in, results) if run else ()
        rows.append(
            (shown, Formula(c.latex), e.value, f"[{c.label}]", ", ".join(proved_in), *verdict)
        )
    used = {p.name: own.get(p.name, p.default) for p in chosen.parameters}
    if "schedule" in used:
        used |= settings_of(Settings(name, own))
    parameters = {"theorem": name, **{key: text for key, text in used.items() if text is not None}}
    asked = {key: given.text(key) for key in PARAMETERS[1:] if given.has(key)}
    columns = (
        "constant",
        "formula",
        "value",
        "label",
        "proved in",
        *(("verdict", "cited") if run else ()),
    )
    notes = (*_NOTES, _DECIDED if run else _NOT_DECIDED)
    title = f"The constants of the theorem {name}"
    label = f"constants-{name.replace('_', '-')}"
    return Table("constants", title, columns, tuple(rows), notes, parameters | asked, label)


def _verdict(claims: tuple[str, ...], results: dict[str, Result]) -> tuple[Cell, Cell]:
    """The worst verdict, and the number of cited results; empty where nothing was decided."""
    found = [results[i] for i in claims if i in results]
    if not found:
        return "", ""
    kinds = {r.verdict for r in found}
    return next(k for k in SEVERITY if k in kinds).name, len({a for r in found for a in r.axioms})
