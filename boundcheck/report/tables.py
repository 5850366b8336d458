"""Tables of certified numbers, as markdown, LaTeX, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from flint import fmpq

from boundcheck.enclosure.decimals import Enclosure, decimal_text

Cell: TypeAlias = str | int | Enclosure
"""A text, a count, or a number that is enclosed: `[lower, upper]`, rounded outward."""

DIGITS = 4
"""Significant digits of the ends of an enclosure."""


@dataclass(frozen=True)
class Table:
    """Rows under columns, what they are about, and what is to be said about them.

    Attributes:
        title: one line.
        columns: their names; each row has as many cells.
        notes: sentences below the table, such as where a number comes from.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"rows with {[len(r) for r in self.rows]} cells under {len(self.columns)} columns")

    def markdown(self) -> str:
        """A GitHub table, the title above it and the notes below."""
        lines = [_markdown_row(self.columns), _markdown_row(["---:"] * len(self.columns))]
        lines += [_markdown_row([_markdown(_text(c)) for c in row]) for row in self.rows]
        notes = [f"- {_markdown(n)}" for n in self.notes]
        return "\n".join([f"**{_markdown(self.title)}**", "", *lines, *([""] if notes else []), *notes]) + "\n"

    def latex(self) -> str:
        """A `table` with `booktabs` rules; the title is its caption."""
        rows = [" & ".join(_latex_cell(c) for c in row) + r" \\" for row in (self.columns, *self.rows)]
        lines = [
            r"% \usepackage{booktabs}",
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{_latex(self.title)}}}",
            rf"\begin{{tabular}}{{{'r' * len(self.columns)}}}",
            r"\toprule",
            rows[0],
            r"\midrule",
            *rows[1:],
            r"\bottomrule",
            r"\end{tabular}",
            *(rf"\par\footnotesize {_latex(n)}" for n in self.notes),
            r"\end{table}",
        ]
        return "\n".join(lines) + "\n"

    def csv(self) -> str:
        """A header and the rows, without title and notes; an enclosure fills two columns, lower and upper."""
        wide = [any(isinstance(row[j], Enclosure) for row in self.rows) for j in range(len(self.columns))]
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(
            [n for c, w in zip(self.columns, wide, strict=True) for n in ([f"{c} lower", f"{c} upper"] if w else [c])]
        )
        for row in self.rows:
            cells: list[str] = []
            for c, w in zip(row, wide, strict=True):
                cells += list(c.as_json(DIGITS).values()) if isinstance(c, Enclosure) else [str(c)] * (1 + w)
            writer.writerow(cells)
        return stream.getvalue()

    def json(self) -> str:
        """`{"title", "columns", "rows", "notes"}`; a row maps columns to texts, counts or `{"lower", "upper"}`."""
        rows = [dict(zip(self.columns, map(_plain, row), strict=True)) for row in self.rows]
        document = {"title": self.title, "columns": list(self.columns), "rows": rows, "notes": list(self.notes)}
        return json.dumps(document, indent=1) + "\n"


FORMATS: dict[str, Callable[[Table], str]] = {
    "markdown": Table.markdown,
    "latex": Table.latex,
    "csv": Table.csv,
    "json": Table.json,
}


def at_most(bound: fmpq, digits: int = DIGITS) -> str:
    """An upper bound as a decimal text, rounded up."""
    return decimal_text(bound, digits, up=True)


def _text(cell: Cell) -> str:
    if not isinstance(cell, Enclosure):
        return str(cell)
    low, high = cell.as_json(DIGITS).values()
    return low if low == high else f"[{low}, {high}]"


def _plain(cell: Cell) -> Any:
    return cell.as_json(DIGITS) if isinstance(cell, Enclosure) else cell


def _markdown_row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\|*_`<>"} | {"\n": " "})
_LATEX = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\n": " "}
    | {"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}"}
    | {"[": "{[}", "]": "{]}"}  # after the end of a row, [ would begin an optional argument
)

_NUMBER = r"-?(?:[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?|oo)"
_NUMBERS = re.compile(rf"{_NUMBER}|\[{_NUMBER}, {_NUMBER}\]")
_POWER = re.compile(r"e\+?(-?)0*([0-9]+)")


def _markdown(text: str) -> str:
    return text.translate(_MARKDOWN)


def _latex_cell(cell: Cell) -> str:
    """Numbers in mathematical mode, with powers of ten."""
    text = _text(cell)
    if not _NUMBERS.fullmatch(text):
        return _latex(text)
    spelled = _POWER.sub(r" \\cdot 10^{\1\2}", text).replace("oo", r"\infty")
    return f"${spelled}$"


def _latex(text: str) -> str:
    return text.translate(_LATEX)
