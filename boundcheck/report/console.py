"""What people see in a terminal: verdicts, tables of claims, progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from flint import fmpq
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from boundcheck.claims.theorem_statement import TheoremText
from boundcheck.claims.verdict import Proved, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.verification.axioms import Entry
from boundcheck.verification.changes import Change
from boundcheck.verification.collect import BrokenFile
from boundcheck.verification.verify import Result

if TYPE_CHECKING:
    from boundcheck.constructions.builders import Built

_STYLES = {
    "proved": "green",
    "steps": "blue",
    "assumed": "cyan",
    "refuted": "bold red",
    "undecided": "yellow",
    "ill-posed": "magenta",
}
_WIDTH = 300  # of a text that is shown, at most
_LABEL, _INDENT = 11, 16  # where the labels of claims stand, and their names with all below them


def styled(name: str) -> str:
    return f"[{_STYLES.get(name, 'white')}]{name}[/]"


def print_verdict(console: Console, verdict: Verdict) -> None:
    """One verdict: what it is, how and how fast, and its detail."""
    console.print(
        f"{styled(verdict.name)}  [dim]{escape(verdict.method)}, {verdict.seconds:.3f} s[/]"
    )
    if verdict.detail():
        console.print(f"  {escape(verdict.detail())}", soft_wrap=True)


def print_results(
    console: Console,
    results: Iterable[Result],
    broken: Iterable[BrokenFile],
    verbose: bool = False,
) -> None:
    """The claims, theorems first, below each that is proved what was proved; then what fails; then
    a summary. Methods, margins, times and the authors' words only if it is to be `verbose`."""
    results, broken = sorted(results, key=lambda r: not _theorem(r)), list(broken)
    _print_claims(console, results, verbose)
    for r in results:
        for c in r.checked:
            if c.verdict.exit_code:
                console.print(
                    f"\n{styled(c.verdict.name)} {escape(r.claim.id)}: {escape(_cut(c.text))}",
                    soft_wrap=True,
                )
                console.print(f"  {escape(c.verdict.detail())}", soft_wrap=True)
        if r.note:
            console.print(
                f"\n{styled(r.verdict.name)} {escape(r.claim.id)}: {escape(r.note)}", soft_wrap=True
            )
    for b in broken:
        console.print(
            f"\n[bold red]not read[/] {escape(str(b.path))}: {escape(b.reason)}", soft_wrap=True
        )
    console.print(f"\n{_summary(results, broken)}")


def _print_claims(console: Console, results: list[Result], verbose: bool) -> None:
    """A line for each claim, its name whole. What stands below *proved* is what was: a name is but
    words, and so is a title, which is shown as such."""
    for r in results:
        verdict = f"{styled(r.verdict.name)}{' ' * (_LABEL - len(r.verdict.name))}"
        label = f"[{r.claim.label}]" if r.claim.label else ""
        name = f"[dim]{escape(label)}[/]{' ' * (_INDENT - _LABEL - len(label))}{escape(r.claim.id)}"
        console.print(f"{verdict}{name}", soft_wrap=True)
        room = max(20, console.width - _INDENT)
        for text in _details(r) if verbose else ():
            for line in wrap(text, room):
                console.print(f"{' ' * _INDENT}[dim]{escape(line)}[/]", soft_wrap=True)
        theorem = _theorem(r)
        formula = wrap(_cut(r.formula), room, break_on_hyphens=False)
        for line in formula if theorem is None else theorem.narrow.splitlines()[1:]:
            console.print(f"{' ' * _INDENT}{escape(line)}", soft_wrap=True)


def _details(r: Result) -> Iterator[str]:
    """The author's words, and how it was decided."""
    if r.claim.title:
        yield f"“{r.claim.title}” (words)"
    margin = _margin(r)
    how = [_methods(r), f"margin {margin}" if margin else "", f"{r.seconds:.2f} s"]
    yield ", ".join(h for h in how if h)


def _theorem(r: Result) -> TheoremText | None:
    """The theorem that a claim has derived."""
    return next((c.theorem for c in r.checked if c.theorem is not None), None)


def _methods(r: Result) -> str:
    names = Counter(
        c.verdict.method.split(",")[0].split(";")[0] for c in r.checked if c.verdict.method
    )
    return ", ".join(name for name, _ in names.most_common(3))


def _margin(r: Result) -> str:
    """The least margin among the statements, where there is one."""
    known = [
        c.verdict.margin
        for c in r.checked
        if isinstance(c.verdict, Proved) and c.verdict.margin is not None
    ]
    if not known:
        return ""
    uppers = [m.upper for m in known if m.upper is not None]
    least = Enclosure(
        min((m.lower if m.lower is not None else fmpq(0)) for m in known), min(uppers, default=None)
    )
    ends = least.as_json(3)
    return (
        ends["lower"] if ends["lower"] == ends["upper"] else f"[{ends['lower']}, {ends['upper']}]"
    )


def _cut(text: str, width: int = _WIDTH) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _summary(results: list[Result], broken: list[BrokenFile]) -> str:
    counts = Counter(r.verdict.name for r in results)
    parts = [f"{counts[name]} {styled(name)}" for name in _STYLES if counts[name]]
    axioms = {a for r in results for a in r.axioms}
    tail = (
        f"; {len(axioms)} axiom{'s' * (len(axioms) != 1)} cited (boundcheck axioms)"
        if axioms
        else ""
    )
    files = f"; {len(broken)} file{'s' * (len(broken) != 1)} not read" if broken else ""
    return (
        f"{len(results)} claim{'s' * (len(results) != 1)}: "
        f"{', '.join(parts) or 'none'}{tail}{files}"
    )


def print_changes(console: Console, changes: Iterable[Change], since: str) -> None:
    """What changed since a snapshot; one change of several claims (an axiom that they
    inherit, say) is shown once."""
    together: dict[tuple[bool, str, str, str, str], list[str]] = {}
    for c in changes:
        together.setdefault((c.worse, c.what, c.statement, c.was, c.now), []).append(c.claim)
    for (worse, what, statement, was, now), claims in together.items():
        style = "bold red]worse" if worse else "green]better" if was else "cyan]new"
        console.print(f"\n[{style}[/] {what} of {_plain(_some(claims))}", soft_wrap=True)
        if statement:
            console.print(f"  {_plain(statement)}", soft_wrap=True)
        same = _alike(was, now) if min(len(was), len(now)) > _WIDTH else 0
        for word, text in (("was", was), ("now", now)):
            console.print(
                f"  {word} {_plain(('...' if same else '') + text[same:] or 'none')}",
                soft_wrap=True,
            )
    number = sum(key[0] for key in together)
    told = (
        f"{number} worse, {len(together) - number} better or new" if together else "no difference"
    )
    console.print(f"\nsince {_plain(since)}: {told}", soft_wrap=True)


def _some(claims: Sequence[str]) -> str:
    """The first of many."""
    return ", ".join(claims[:8]) + (f" and {len(claims) - 8} more" if len(claims) > 8 else "")


def _alike(was: str, now: str) -> int:
    """Where to begin to show two long texts: a little before the first difference."""
    return max(
        0,
        next((k for k, (a, b) in enumerate(zip(was, now)) if a != b), min(len(was), len(now))) - 80,
    )


def _plain(text: str) -> str:
    """A text from a file that is not trusted, for a terminal."""
    return escape("".join(c if c.isprintable() else " " for c in _cut(text)))


def print_ledger(console: Console, entries: Iterable[Entry]) -> None:
    """For each claim, the cited results that it rests on, and whose words."""
    for e in entries:
        console.print(
            f"[bold]{escape(e.claim.id)}[/]"
            + (f" [dim]{escape(f'[{e.claim.label}]')}[/]" if e.claim.label else "")
        )
        if e.uses:
            console.print(f"  uses {escape(', '.join(e.uses))}", soft_wrap=True)
        for a in e.axioms:
            console.print(
                f"  [cyan]assumes[/] {escape(a.statement)}\n"
                f"          [dim]{escape(a.reference)}[/]",
                soft_wrap=True,
            )
        for m in e.missing:
            console.print(f"  [red]missing[/] {escape(m)}")
        for h in e.hypotheses:
            console.print(f"  [cyan]given[/]   {escape(h)}", soft_wrap=True)
        if not e.axioms:
            console.print("  no axioms" if e.words else "  [green]no axioms[/]")
        if e.words:
            console.print(
                f"  [blue]words[/]   that no machine reads, of {_plain(_some(e.words))}",
                soft_wrap=True,
            )


def print_built(console: Console, built: Built, path: Path, dtype: str = "") -> None:
    """A network that was built: its sizes, its parameters, where it is, and to what
    dtype it was rounded there."""
    facts = built.as_json()
    console.print(f"[bold]{built.name}[/]  {built.network.shape}", soft_wrap=True)
    console.print(
        f"  depth {facts['depth']}, width {facts['width']}, {facts['parameters']} parameters that "
        f"are not 0, the largest at most {facts['largest_weight']}",
        soft_wrap=True,
    )
    if built.details:
        console.print(
            f"  {', '.join(f'{name} {value}' for name, value in built.details.items())}",
            soft_wrap=True,
        )
    console.print(
        f"  {escape(', '.join(f'{name}={value}' for name, value in built.settings.items()))}",
        soft_wrap=True,
    )
    rounded = f", rounded to {dtype}" if dtype else ""
    console.print(f"  written to {escape(str(path))}{rounded}", soft_wrap=True)


@contextmanager
def progress(total: int, console: Console) -> Iterator[Progress]:
    """A live display on the error stream; silent where that is not a terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as display:
        display.add_task("verifying", total=total)
        yield display
