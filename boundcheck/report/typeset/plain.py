"""Tables as Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.report.typeset.table import DIGITS, Cell, Formula, Stated, Table, ends
from boundcheck.version import __version__


def markdown(table: Table) -> str:
    """A GitHub table, the title above it and the notes below; the last note has the
    version and the parameters."""
    lines = [_row(map(_escaped, table.columns)), _row(["---:"] * len(table.columns))]
    lines += [_row(map(_markdown, row)) for row in table.rows]
    notes = [f"- {_escaped(n)}" for n in (*table.notes, table.origin)]
    return "\n".join([f"**{_escaped(table.title)}**", "", *lines, "", *notes]) + "\n"


def csv_text(table: Table) -> str:
    """A header and the rows; an enclosure fills two columns, lower and upper.

    No title, notes, version or parameters: CSV has no comments, and whoever reads the rows
    would read them as rows.
    """
    wide = [
        any(isinstance(row[j], Enclosure) for row in table.rows) for j in range(len(table.columns))
    ]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    names = [
        [f"{c} lower", f"{c} upper"] if w else [c] for c, w in zip(table.columns, wide, strict=True)
    ]
    writer.writerow([n for group in names for n in group])
    for row in table.rows:
        writer.writerow([text for c, w in zip(row, wide, strict=True) for text in _fields(c, w)])
    return stream.getvalue()


def json_text(table: Table) -> str:
    """`{"name", "title", "version", "parameters", "columns", "rows", "notes"}`.

    A row maps columns to texts, counts or `{"lower", "upper"}`; a formula is its LaTeX code, a
    statement is whole.
    """
    document = {
        "name": table.name,
        "title": table.title,
        "version": __version__,
        "parameters": dict(table.parameters),
        "columns": list(table.columns),
        "rows": [dict(zip(table.columns, map(_plain, row), strict=True)) for row in table.rows],
        "notes": list(table.notes),
    }
    return json.dumps(document, indent=1) + "\n"


def _plain(cell: Cell) -> str | int | dict[str, str]:
    if isinstance(cell, Enclosure):
        return cell.as_json(DIGITS)
    if isinstance(cell, Stated):
        return cell.text
    return cell.latex if isinstance(cell, Formula) else cell


def _fields(cell: Cell, wide: bool) -> list[str]:
    return list(ends(cell)) if isinstance(cell, Enclosure) else [str(_plain(cell))] * (1 + wide)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _markdown(cell: Cell) -> str:
    if isinstance(cell, Formula):
        code = cell.latex.replace("|", r"\vert ")  # a bar would end the cell
        return f"${code}$"
    if isinstance(cell, Enclosure):
        low, high = ends(cell)
        return low if low == high else f"[{low}, {high}]"
    return _escaped(cell.brief if isinstance(cell, Stated) else str(cell))


_ESCAPES = str.maketrans({c: f"\\{c}" for c in "\\|*_`<>$"})


def _escaped(text: str) -> str:
    """For Markdown; what terminals obey, in a text from a file, becomes a space."""
    return "".join(c if c.isprintable() else " " for c in text).translate(_ESCAPES)
