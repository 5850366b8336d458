"""Long terms and formulas over several lines: broken at what holds them together least."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from boundcheck.theorems.notation.phrases import Phrase
from boundcheck.theorems.notation.plain_text import (
    AND,
    ANY,
    PRODUCT,
    QUANTIFIERS,
    RELATION,
    SUM,
    binding,
    level_of,
    opening,
    operand,
    part,
    plain,
    word,
)

_STEP = "  "


def laid_out(p: Phrase, width: int) -> list[str]:
    """The lines of a phrase, of at most `width` characters where it can be broken; together they
    are its text with line ends for some of the spaces.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> from boundcheck.theorems.notation.names import names_of
    >>> from boundcheck.theorems.notation.phrases import phrase
    >>> x, y = symbol("x", REAL), symbol("y", REAL)
    >>> e = (x + y) ** 2 <= 2 * x**2 + 2 * y**2
    >>> print("\\n".join(laid_out(phrase(e, names_of([e])), 16)))
    (x + y)**2
      <= 2*x**2
           + 2*y**2
    """
    whole = plain(p)
    if len(whole) <= width:
        return [whole]
    match p.head:
        case "forall" | "exists":
            return [opening(p), *_indented(laid_out(p.parts[-1], width - 2))]
        case "implies":
            conditions = (_ended(_block(a, AND, width), " implies") for a in p.parts[:-1])
            return [*chain(*conditions), *laid_out(p.parts[-1], width)]
        case "and":
            joined = (_ended(_block(a, RELATION, width), " and") for a in p.parts[:-1])
            level = ANY if p.parts[-1].head in QUANTIFIERS else RELATION
            return [*chain(*joined), *_block(p.parts[-1], level, width)]
        case "relation":
            left, right = p.parts
            lines = _block(right, SUM, width - 2)
            return [*_block(left, SUM, width), *_indented(_begun(f"{p.data} ", lines))]
        case "terms":
            return _filled(p, width)
        case "brackets":
            return _in_brackets("(", laid_out(p.parts[0], width - 1), ")")
    if p.names or p.head in ("call", "ind", "defined", "prob"):
        return _arguments(p, width)
    return [whole]


def _block(p: Phrase, level: int, width: int) -> list[str]:
    """The lines of a phrase where a level is asked for."""
    if level_of(p) >= level:
        return laid_out(p, width)
    if len(part(p, level)) <= width:
        return [part(p, level)]
    return _in_brackets("(", laid_out(p, width - 1), ")")


def _filled(p: Phrase, width: int) -> list[str]:
    """A sum: as many terms in a line as there is room for."""
    lines = _block(p.parts[0], PRODUCT, width)
    rest: list[str] = []
    for sign, a in zip(p.data, p.parts[1:], strict=True):
        found = f"{sign} {operand(a, sign)}"
        last, room = (rest[-1], width - 2) if rest else (lines[-1], width)
        if len(last) + 1 + len(found) <= room:
            (rest or lines)[-1] = f"{last} {found}"
        elif len(found) <= width - 2 or found[len(sign) + 1] == "(":
            rest.append(found)
        else:
            rest += _begun(f"{sign} ", _block(a, PRODUCT, width - 4))
    return [*lines, *_indented(rest)]


def _arguments(p: Phrase, width: int) -> list[str]:
    """`Mean(...)` with each argument in a line of its own."""
    if not p.names:
        return _call(word(p), p.parts, width)
    outer, inner = binding(p)
    if not inner:
        return _call(word(p), outer, width)
    pair = _call("", inner, width - 2)
    lines = (_ended(_item(a, width - 2), ",") for a in outer)
    return [f"{word(p)}(", *_indented([*chain(*lines), *pair]), ")"]


def _call(name: str, items: Sequence[Phrase | str], width: int) -> list[str]:
    one = f"{name}({', '.join(a if isinstance(a, str) else plain(a) for a in items)})"
    if len(one) <= width:
        return [one]
    lines = [_item(a, width - 2) for a in items]
    ended = (_ended(found, ",") for found in lines[:-1])
    return [f"{name}(", *_indented([*chain(*ended), *lines[-1]]), ")"]


def _item(a: Phrase | str, width: int) -> list[str]:
    return [a] if isinstance(a, str) else laid_out(a, width)


def _in_brackets(opened: str, lines: list[str], closed: str) -> list[str]:
    return _ended(_begun(opened, lines), closed)


def _begun(start: str, lines: list[str]) -> list[str]:
    return [start + lines[0], *(" " * len(start) + line for line in lines[1:])]


def _ended(lines: list[str], end: str) -> list[str]:
    return [*lines[:-1], lines[-1] + end]


def _indented(lines: list[str]) -> list[str]:
    return [_STEP + line for line in lines]
