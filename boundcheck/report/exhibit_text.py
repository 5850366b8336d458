"""A claim with all that is known of it, in a terminal and in LaTeX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.console import Console
from rich.markup import escape

from boundcheck.claims.claim import LABELS, Claim
from boundcheck.claims.statement import Statement
from boundcheck.claims.verdict import IllPosed, Undecided
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.letters import escaped
from boundcheck.report.console import styled
from boundcheck.report.typeset.claim_latex import statement_latex
from boundcheck.verification.exhibit import Exhibit
from boundcheck.verification.verify import Checked

_MOST_NAMES = 12
_AXIOMS = "Resting on"


def print_exhibit(console: Console, found: Exhibit) -> None:
    """The claim: its verdict, its statements, and what it reads, uses and rests on."""
    claim, result = found.claim, found.result
    console.print(f"[bold]{escape(claim.id)}[/]  {styled(result.verdict.name)}")
    about = dict.fromkeys((LABELS.get(claim.label or "", ""), claim.source, found.place))
    console.print(f"  [dim]{escape('; '.join(a for a in about if a))}[/]", soft_wrap=True)
    if claim.title:
        console.print()
        for line in wrap(f"“{claim.title}”", max(40, console.width - 2)):
            console.print(f"  [dim]{escape(line)}[/]")
        console.print("  [dim](the author's words, which no machine reads)[/]")
    for checked in result.checked:
        console.print()
        for line in _statement(checked, claim.title, console.width):
            console.print(line, soft_wrap=True)
    console.print()
    for name, value in _facts(found):
        _print_fact(console, name, value)


def _statement(checked: Checked, title: str, width: int) -> Iterator[str]:
    """What was decided, and how."""
    if checked.theorem is not None:
        lines = checked.theorem.narrow.splitlines()[1:]
        whole = lines.index(_AXIOMS) if _AXIOMS in lines else len(lines)  # all are named below
        yield from (f"  {escape(line)}" for line in lines[:whole])
    elif checked.text != title:  # the title stands for what could not be built
        yield from (f"  {escape(line)}" for line in wrap(checked.text, max(40, width - 2)))
    verdict = checked.verdict
    how = f"{verdict.method}, {verdict.seconds:.2f} s" if verdict.method else ""
    yield f"  {styled(verdict.name)}  [dim]{escape(how)}[/]".rstrip()
    detail = verdict.detail()
    for line in wrap(detail, max(40, width - 2)):
        yield f"  {escape(line)}"


def _facts(found: Exhibit) -> Iterator[tuple[str, Sequence[str]]]:
    """What it reads, uses and rests on, a name and what there is of it."""
    theorem = next((c.theorem for c in found.result.checked if c.theorem is not None), None)
    if found.result.note:
        yield "note", [found.result.note]
    if found.formulas:
        yield "formulas", [f"{name} = {formula}" for name, formula in found.formulas]
    direct = theorem.uses if theorem is not None else found.result.rests_on
    if direct:
        yield "uses", [", ".join(direct)]
    if found.named_by:
        more = len(found.named_by) - _MOST_NAMES
        tail = f" and {more} more" if more > 0 else ""
        yield "used by", [", ".join(found.named_by[:_MOST_NAMES]) + tail]
    if theorem is not None and theorem.hypotheses and theorem.inhabited:
        yield "example", ["one shows that its hypotheses can hold"]
    if theorem is not None and theorem.unused:
        yield "unused", [f"no step uses {h}" for h in theorem.unused]
    if found.entry.hypotheses:
        yield "given", [f"that {h}" for h in found.entry.hypotheses]
    axioms = [f"{a.statement} ({a.reference})" for a in found.entry.axioms]
    known = found.result.verdict not in (Undecided, IllPosed)
    yield "assumes", axioms or (["nothing: no axiom"] if known else [])
    if found.entry.words:
        yield "words", [f"of {', '.join(found.entry.words)}, which no machine reads"]


def _print_fact(console: Console, name: str, values: Sequence[str]) -> None:
    for value in values:
        for k, line in enumerate(wrap(value, max(40, console.width - 12)) or [""]):
            head = f"{name:<10}" if k == 0 else " " * 10
            console.print(f"[cyan]{head}[/]{escape(line)}", soft_wrap=True)


def exhibit_latex(found: Exhibit) -> str:
    """The statements of the claim for a document, below a comment that says what they are.

    Raises:
        BoundcheckError: the claim has no statements; it is ill-posed.
    """
    claim = found.claim
    about = f"{claim.id}: {found.result.verdict.name}; {claim.source}"
    lines = [f"% {_ascii(about.removesuffix('; '))}"]
    statements = [s for s in _stated(claim) if s.kind != "use"]
    for s, checked in zip(statements, found.result.checked, strict=True):
        lines.append(statement_latex(s, checked.verdict))
    return "\n".join(lines) + "\n"


def _stated(claim: Claim) -> Sequence[Statement]:
    try:
        return claim.statements()
    except BoundcheckError as error:
        raise BoundcheckError(f"{claim.id} is ill-posed: {error}") from None


def _ascii(text: str) -> str:
    """A text for a comment, in one line."""
    return escaped(" ".join(text.split()))
