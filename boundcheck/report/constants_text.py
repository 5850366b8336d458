"""What people see of the constants of theorems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from boundcheck.documents import JsonObject
from boundcheck.theory.theorems.constants import THEOREMS, Evaluated

Shown: TypeAlias = Mapping[str, Sequence[str]]
"""By the name of a constant, the claims of the proof files that show its formula."""


def as_json(found: Mapping[str, Evaluated], shown_in: Shown, digits: int) -> JsonObject:
    """`{name: {"latex": ..., "lower": ..., "upper": ..., "shown_in": [...]}}`, decimal texts
    rounded outward; where there is one value for each index, a list of them."""
    return {
        name: [v.as_json(digits) for v in e.each]
        if c.index
        else {"latex": c.latex, **e.value.as_json(digits), "shown_in": [*shown_in.get(name, ())]}
        for name, e in found.items()
        for c in (e.constant,)
    }


def print_constants(
    console: Console,
    found: Mapping[str, Evaluated],
    shown_in: Shown,
    digits: int,
    parameters: Mapping[str, str],
) -> None:
    """The parameters; a table with name, value, formula and label; of values with an index, their
    range. Below it, the claims that state the formulas."""
    console.print(escape("with " + ", ".join(f"{n} = {v}" for n, v in parameters.items())) + "\n")
    table = _table("constant", "value", "formula", "label")
    for name, (c, e, each) in found.items():
        ends = e.as_json(digits)
        value = (
            ends["lower"]
            if ends["lower"] == ends["upper"]
            else f"[{ends['lower']}, {ends['upper']}]"
        )
        if each:
            value += f" for {c.index} = 1..{len(each)}"
        table.add_row(name, escape(value), escape(str(c.formula)), escape(f"[{c.label}]"))
    where: dict[str, list[str]] = {}
    for name in found:
        for claim in shown_in.get(name, ()):
            where.setdefault(claim, []).append(name)
    claims = _table("claim", "states the formula of")
    claims.columns[0].no_wrap = True
    for claim, names in where.items():
        claims.add_row(claim, ", ".join(names))
    console.print(table)
    if where:
        console.print("", claims, sep="\n")


def theorems_as_json() -> JsonObject:
    """Every theorem with its parameters and, for their default values, its constants."""
    return {
        t.name: {
            "says": t.says,
            "parameters": {
                p.name: {"default": p.default, "admissible": p.admissible, "meaning": p.meaning}
                for p in t.parameters
            },
            "constants": {
                c.name: {"latex": c.latex, "label": c.label, "meaning": c.meaning}
                for c in t.constants(t.read({}))
            },
        }
        for t in THEOREMS.values()
    }


def print_theorems(console: Console) -> None:
    """The same for people."""
    for t in THEOREMS.values():
        console.print(f"[bold]{t.name}[/]: {escape(t.says)}\n", highlight=False)
        parameters = _table("parameter", "default", "range", "meaning")
        for p in t.parameters:
            parameters.add_row(p.name, p.default or "", escape(p.admissible), escape(p.meaning))
        constants = _table("constant", "meaning", "label")
        for c in t.constants(t.read({})):
            constants.add_row(c.name, escape(c.meaning), escape(f"[{c.label}]"))
        console.print(parameters, "", constants, "", sep="\n")


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    return table
