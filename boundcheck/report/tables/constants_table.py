"""The table `constants`: every constant of a theorem with its formula, its value and
the verdict on the claims that show where it comes from."""

from __future__ import annotations

from boundcheck.claims.claim import LABELS
from boundcheck.claims.verdict import together
from boundcheck.report.tables.claim_verdicts import (
    budget_of,
    decided,
    proof_files,
    what_is_proved,
)
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
    "The verdict is that of the claims named, with all that they use, decided when this table was "
    "made: proved is the statement beside it, and steps are formulas that are proved with words "
    "between them, which no machine reads. That they give the constant is said in words. Cited is "
    "the number of results that are assumed. Where no claim is named, nothing was decided."
)
_NOT_DECIDED = "The claims that show the formulas were not decided for this table (verdicts = 0)."


def constants(given: Settings, watch: Watch) -> Table:
    """The constants of `theorem`, and verdicts on the claims that show them, unless
    `verdicts` is 0."""
    name = given.text("theorem", "ratio")
    chosen, run = theorem(name), given.flag("verdicts", True)
    own = {key: text for key, text in given.given.items() if key not in PARAMETERS}
    where = chosen.shown_in(chosen.read(own))
    proofs, budget = (proof_files(given), budget_of(given)) if run else (None, 0.0)
    watch("constants")
    found = evaluate(name, own)
    ids = [i for c in found for i in where.get(c, ())]
    results = {} if proofs is None else decided(ids, proofs, budget, watch)
    rows: list[tuple[Cell, ...]] = []
    for e in found.values():
        c = e.constant
        shown = f"{c.name}, {c.index} = 1..{len(e.each)}" if c.index else c.name
        shown_in = where.get(c.name, ())
        verdict = _verdict(shown_in, results) if run else ()
        rows.append(
            (shown, Formula(c.latex), e.value, f"[{c.label}]", ", ".join(shown_in), *verdict)
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
        "shown in",
        *(("verdict", "proved", "cited") if run else ()),
    )
    notes = (*_NOTES, _DECIDED if run else _NOT_DECIDED)
    title = f"The constants of the theorem {name}"
    label = f"constants-{name.replace('_', '-')}"
    return Table("constants", title, columns, tuple(rows), notes, parameters | asked, label)


def _verdict(claims: tuple[str, ...], results: dict[str, Result]) -> tuple[Cell, Cell, Cell]:
    """The verdict on these claims together, what is proved, and the number of cited results;
    empty where nothing was decided."""
    found = [results[i] for i in claims if i in results]
    if not found:
        return "", "", ""
    cited = len({a for r in found for a in r.axioms})
    return together(r.verdict for r in found).name, what_is_proved(found), cited
