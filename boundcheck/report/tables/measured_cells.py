"""What tables of measured numbers have in common."""

from __future__ import annotations

from boundcheck.documents import Document
from boundcheck.exact.terms.rational import decimal
from boundcheck.report.typeset.table import at_most

MEASURED = (
    "Measured: quadrature in float64 at two resolutions, no proof; the change between them is "
    "{change} at most. Bounds are evaluated in balls and rounded up; their formulas are shown in "
    "{claims}."
)
DRAWS = (
    "Bounds of networks are those of the ideal construction, in the mean over draws; "
    "one draw was measured."
)


def of_document(found: Document) -> dict[str, str]:
    """The parameters of the table."""
    return {"experiment": found["experiment"], **found["settings"]}


def short(value: float) -> str:
    """A measured number with four digits, in the spelling of bounds."""
    text = f"{value:.4g}"
    return text.replace("e-0", "e-").replace("e+0", "e+")


def rounded_up(bound: str) -> str:
    """A bound as it is shown."""
    return at_most(decimal(bound))


def quotient(bound: str, measured: float) -> str:
    """bound / measured."""
    return short(float(bound) / measured) if measured > 0 else ""


def largest_change(found: Document) -> str:
    """Between the two quadratures."""
    return short(max(row["measured"]["change"] for row in found["rows"]))


def verdict(found: Document) -> str:
    """How many entries do not hold."""
    over = [row for row in (*found["rows"], found["total"]) if not row["holds"]]
    return f"Measured numbers above their bounds: {len(over) or 'none'}."
