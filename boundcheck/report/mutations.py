"""What people see of `boundcheck mutate` and `boundcheck sharpen`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from flint import fmpq
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from boundcheck.claims.verdict import Proved, Undecided
from boundcheck.enclosure.intervals.decimals import decimal_text
from boundcheck.perturb.mutate import Study
from boundcheck.perturb.sharpen import End, Sharpened
from boundcheck.report.console import styled
from boundcheck.verification.collect import BrokenFile

_STYLES = {
    "binds": "bold",
    "binds within": "bold",
    "breaks": "bold",
    "slack": "yellow",
    "some slack": "yellow",
    "unknown": "dim",
}


def print_studies(console: Console, studies: Iterable[Study], broken: Iterable[BrokenFile]) -> None:
    """For each statement the table of its numbers, one in a row, then a summary."""
    studies, broken = list(studies), list(broken)
    for s in studies:
        head = escape(f"{s.claim.id} #{s.index}" if s.index else s.claim.id)
        console.print(f"[bold]{head}[/]  {escape(_cut(s.text))}", soft_wrap=True)
        if s.probed:
            table = Table(box=None, pad_edge=False, header_style="dim")
            table.add_column("  constant", overflow="fold", ratio=4)
            table.add_column("role", overflow="fold", min_width=6)
            table.add_column("value", overflow="fold", max_width=14)
            table.add_column("lowered", overflow="fold", ratio=3)
            table.add_column("raised", overflow="fold", ratio=3)
            for p in s.probed:
                ends = [f"[{_STYLES[d.kind]}]{escape(str(d))}[/]" for d in (p.lowered, p.raised)]
                table.add_row(f"  {escape(p.where)}", p.role, _number(p.value), *ends)
            console.print(table)
        if s.note:
            detail = "" if isinstance(s.verdict, Proved) else f" ({s.verdict.detail()})"
            console.print(f"  [yellow]{escape(s.note)}[/]{escape(detail)}", soft_wrap=True)
        console.print()
    for b in broken:
        console.print(
            f"[bold red]not read[/] {escape(str(b.path))}: {escape(b.reason)}\n", soft_wrap=True
        )
    kinds = Counter(d.kind for s in studies for p in s.probed for d in (p.lowered, p.raised))
    number = sum(len(s.probed) for s in studies)
    counts = ", ".join(f"{kind} {kinds[kind]}" for kind in _STYLES if kinds[kind])
    left = sum(s.left_out for s in studies)
    console.print(
        (
            f"{number} constant{'s' * (number != 1)} of {len(studies)} "
            f"statement{'s' * (len(studies) != 1)}, each moved both ways: "
            f"{counts or 'nothing to move'}"
        )
        + (f"; {left} left out" if left else ""),
        soft_wrap=True,
    )


def print_sharpened(console: Console, s: Sharpened) -> None:
    """The bracket of each direction that tightens."""
    console.print(f"[bold]{escape(s.target.claim.id)}[/]  {escape(s.target.where)}", soft_wrap=True)
    for statement in s.target.statements:
        console.print(f"  {escape(_cut(statement))}", soft_wrap=True)
    if s.target.original is not None:
        console.print(f"  as it stands, {_number(s.target.original)}: {styled(s.verdict.name)}")
    if not isinstance(s.verdict, Proved) and s.verdict.detail():
        console.print(f"  {escape(s.verdict.detail())}", soft_wrap=True)
    if not s.ends and isinstance(s.verdict, Undecided) and s.probes == 1:
        console.print(
            "  no other number was tried, because it is undecided as it stands; raise --budget"
        )
    elif not s.ends:
        console.print(f"  none of the {s.probes} numbers that were tried proves the claim")
    for e in s.ends:
        if e.tightens:
            _print_end(console, s, e)
        else:
            console.print(
                f"  {e.name}: it does not tighten; still proved at {_number(e.proved)}",
                soft_wrap=True,
            )
    if s.ends and not any(e.tightens for e in s.ends):
        console.print(
            "  neither direction tightens: the claim does not depend on this number, as far as "
            "it was moved"
        )


def _print_end(console: Console, s: Sharpened, e: End) -> None:
    extreme = "smallest" if e.name == "lowered" else "largest"
    slack = s.slack(e)
    text = (
        "" if slack is None else f", {decimal_text(slack * 100, 4, up=False)} % from the original"
    )
    console.print(
        f"  {extreme} {styled('proved')}: {_number(e.proved)}{text}  "
        f"[dim]{escape(e.proof.method)}[/]"
    )
    if e.failure is not None and e.failing is not None:
        nearest = f"{styled(e.failure.name)} at {_number(e.failing)}"
        console.print(f"    {nearest}: {escape(e.failure.detail())}", soft_wrap=True)
    if e.undecided is not None:
        console.print(
            f"    {styled('undecided')} from {_number(e.undecided)}; a larger --budget "
            "may prove more"
        )


def _number(q: fmpq) -> str:
    """Exact: a decimal where that is exact and short, else the fraction."""
    text = decimal_text(q, 12, up=True)
    return text if decimal_text(q, 12, up=False) == text else str(q)


def _cut(text: str, width: int = 200) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."
