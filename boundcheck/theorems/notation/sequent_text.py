"""The text of a whole theorem, which `sequent_reading` reads back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from boundcheck.theorems.notation.declarations import Declared, said
from boundcheck.theorems.notation.nodes import Node
from boundcheck.theorems.notation.plain_text import plain, sort_text
from boundcheck.theorems.notation.text_layout import laid_out

WIDTH = 92


def sequent_text(
    hyps: Sequence[Node],
    concl: Node,
    title: str = "",
    axioms: Mapping[str, str] | None = None,
    width: int = WIDTH,
) -> str:
    """A theorem: what it declares, assumes, says, and rests on.

    Args:
        hyps: the hypotheses; one that says on which set a law lives stands where the law is
            declared.
        concl: the conclusion.
        title: words for the first line.
        axioms: what it rests on, by name, with a reference or "".
        width: how long lines may become.

    Raises:
        BoundcheckError: it is too long.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> x, y = symbol("x", REAL), symbol("y", REAL)
    >>> print(sequent_text([x <= y, x >= 0], x**2 <= y**2, "squares grow"))
    Theorem: squares grow
    Let
      x, y : Real
    Assume
      (1) x <= y
      (2) x >= 0
    Then
      x**2 <= y**2
    """
    found = said(hyps, concl)
    lines = [f"Theorem: {_one_line(title)}" if _one_line(title) else "Theorem"]
    let = [f"{', '.join(names)} : {kind}" for names, kind in _kinds(found.spaces, found.inner)]
    for d in found.declared:
        let += _declaration(d, width - 2)
    if let:
        lines += ["Let", *_indented(let, 2)]
    if found.hypotheses:
        lines.append("Assume")
    for k, h in enumerate(found.hypotheses, 1):
        number = f"({k}) "
        first, *rest = laid_out(h, width - 2 - len(number))
        lines += [f"  {number}{first}", *_indented(rest, 2 + len(number))]
    lines += ["Then", *_indented(laid_out(found.conclusion, width - 2), 2)]
    if axioms:
        lines.append("Resting on")
    for name, reference in (axioms or {}).items():
        lines.append(f"  {_one_line(name)}: {_one_line(reference)}".removesuffix(": "))
    return "\n".join(lines)


def _kinds(spaces: Sequence[str], inner: Sequence[str]) -> list[tuple[Sequence[str], str]]:
    kinds = [(spaces, "Space"), (inner, "inner-product space")]
    return [(names, kind) for names, kind in kinds if names]


def _declaration(d: Declared, width: int) -> list[str]:
    start = f"{', '.join(d.names)} : {sort_text(d.sort)}"
    if d.true_of_it is None:
        return [start]
    whole = f"{start}, on {{{d.point} : {plain(d.true_of_it)}}}"
    if len(whole) <= width:
        return [whole]
    lines = _indented(laid_out(d.true_of_it, width - 4), 4)
    return [f"{start}, on {{{d.point} :", *lines[:-1], f"{lines[-1]}}}"]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _indented(lines: Sequence[str], by: int) -> list[str]:
    return [" " * by + line for line in lines]
