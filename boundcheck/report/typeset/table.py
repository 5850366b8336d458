"""A table of certified numbers: what it is before it is written as Markdown, LaTeX, CSV or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from flint import fmpq

from boundcheck.enclosure.intervals.decimals import Enclosure, decimal_text
from boundcheck.version import __version__

DIGITS = 4
"""Significant digits of bounds and of the ends of enclosures."""
LONGEST = 80
"""Letters of a statement that people see."""


@dataclass(frozen=True)
class Formula:
    """A formula, as LaTeX code for mathematical mode."""

    latex: str


@dataclass(frozen=True)
class Stated:
    """A statement as boundcheck prints it: whole in CSV and JSON, else cut to `LONGEST` letters.

    Attributes:
        text: the whole.
        conclusion: of a theorem, what people see a part of.
    """

    text: str
    conclusion: str = ""

    @property
    def brief(self) -> str:
        """What people see."""
        shown = self.conclusion or self.text
        return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 3]}..."


Cell: TypeAlias = str | int | Enclosure | Formula | Stated
"""A text, a count, a number that is enclosed, a formula, or a statement. A text that spells
a number is typeset as one."""


@dataclass(frozen=True)
class Table:
    """Rows under columns, what they are about, and what is to be said about them.

    Attributes:
        name: of the command that makes it: `boundcheck table NAME`.
        title: one line.
        columns: their names; each row has as many cells.
        notes: sentences below the table, such as where a number comes from.
        parameters: every parameter as a text, the defaults included: the same
            ones give the same table.
        label: tells it from other tables of this name.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    label: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(
                f"rows with {[len(r) for r in self.rows]} cells under {len(self.columns)} columns"
            )

    @property
    def settings(self) -> str:
        """The parameters as `--set` takes them."""
        return ",".join(f"{name}={value}" for name, value in self.parameters.items())

    @property
    def origin(self) -> str:
        """The version of boundcheck that made the table, and the parameters, in words."""
        chosen = ", ".join(f"{name} = {value}" for name, value in self.parameters.items())
        return (
            f"Made by boundcheck {__version__}, table "
            f"{self.name}{', with ' * bool(chosen)}{chosen}."
        )


def at_most(bound: fmpq, digits: int = DIGITS) -> str:
    """An upper bound as a decimal text, rounded up."""
    return decimal_text(bound, digits, up=True)


def ends(cell: Enclosure) -> tuple[str, str]:
    """The ends as decimal texts, rounded outward; -oo and oo where one is infinite."""
    low, high = cell.as_json(DIGITS).values()
    return low, high
