"""In what formats a table can be written, and which one a file name asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from boundcheck.errors import BoundcheckError, did_you_mean
from boundcheck.report.typeset.latex import latex
from boundcheck.report.typeset.plain import csv_text, json_text, markdown
from boundcheck.report.typeset.table import Table

FORMATS: dict[str, Callable[[Table], str]] = {
    "markdown": markdown,
    "latex": latex,
    "csv": csv_text,
    "json": json_text,
}
_SUFFIXES = {".md": "markdown", ".tex": "latex", ".csv": "csv", ".json": "json", "": "markdown"}


def format_of(asked: str | None, output: Path | None) -> str:
    """The format that is asked for, else that of the file's suffix; Markdown where there is none.

    Raises:
        BoundcheckError: an unknown format, or nothing asked and a suffix that says nothing.
    """
    if asked is not None:
        if asked not in FORMATS:
            known = f"it must be one of {', '.join(FORMATS)}"
            raise BoundcheckError(f"--format {asked[:60]}; {known}{did_you_mean(asked, FORMATS)}")
        return asked
    suffix = "" if output is None else output.suffix.lower()
    if suffix not in _SUFFIXES:
        known = ", ".join(s for s in _SUFFIXES if s)
        raise BoundcheckError(
            f"-o {output}: the suffix {suffix} is no format of tables; use {known} or give --format"
        )
    return _SUFFIXES[suffix]
