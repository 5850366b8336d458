"""Long statements in LaTeX over several lines, broken at what holds them together least."""

from __future__ import annotations

from dataclasses import dataclass

from boundcheck.theorems.notation.latex_terms import (
    AND,
    ANY,
    ATOM,
    PRODUCT,
    RELATION,
    SIGN,
    SUM,
    TALL,
    Shell,
)
from boundcheck.theorems.notation.latex_text import SIGNS, Typesetter
from boundcheck.theorems.notation.latex_width import measure
from boundcheck.theorems.notation.phrases import Phrase

WIDTH = 69.0
"""About how many letters a line of an article has room for."""

_STEP = 2


@dataclass(frozen=True)
class Line:
    """A line of a display, and how far it is moved to the right."""

    depth: int
    code: str


def lines(t: Typesetter, p: Phrase, width: float = WIDTH, depth: int = 0) -> list[Line]:
    """The lines of a formula in words and signs."""
    whole = t.inline(p, words=True)
    room = width - _STEP * depth
    if measure(whole) <= room:
        return [Line(depth, whole)]
    match p.head:
        case "forall" | "exists":
            return [Line(depth, t.opening(p, True)), *lines(t, p.parts[-1], width, depth + 1)]
        case "brackets":
            return lines(t, p.parts[0], width, depth)
        case "implies":
            *given, last = p.parts
            found = _told(t, r"\text{if } ", given[0], AND, width, depth)
            for a in given[1:]:
                found += _told(t, r"\text{and } ", a, AND, width, depth)
            return [*ended(found, ","), *_told(t, r"\text{then } ", last, ANY, width, depth)]
        case "and":
            found = _block(t, p.parts[0], RELATION, width, depth)
            for a in p.parts[1:-1]:
                found += _told(t, r"\text{and } ", a, RELATION, width, depth)
            level = t.last_level(p)
            return found + _told(t, r"\text{and } ", p.parts[-1], level, width, depth)
        case "relation":
            left, right = p.parts
            below = _told(t, f"{SIGNS[p.data]} ", right, SUM, width, depth + 1)
            return [*_block(t, left, SUM, width, depth), *below]
        case "terms":
            return _filled(t, p, width, depth)
    shell = _shell(t, p)
    if shell is None:
        return [Line(depth, whole)]
    opening, closing = shell.signs
    size = "bigg" if TALL.search(whole) else "Big"
    start = rf"{shell.before}\{size}l{opening} "
    inside = _begun(start, lines(t, shell.inside, width - measure(start), depth))
    return ended(inside, rf" \{size}r{closing}{shell.after}")


def _told(t: Typesetter, start: str, p: Phrase, level: int, width: float, depth: int) -> list[Line]:
    return _begun(start, _block(t, p, level, width - measure(start), depth))


def _block(t: Typesetter, p: Phrase, level: int, width: float, depth: int) -> list[Line]:
    if t.level(p) >= level:
        return lines(t, p, width, depth)
    if measure(t.part(p, level)) <= width - _STEP * depth:
        return [Line(depth, t.part(p, level))]
    return ended(_begun(r"\bigl(", lines(t, p, width, depth)), r" \bigr)")


def _shell(t: Typesetter, p: Phrase) -> Shell | None:
    if p.head != "power":
        return t.shell(p)
    base, exponent = p.parts[0], rf"^{{{t.exponent(p.parts[1])}}}"
    if t.level(base) < ATOM:
        return Shell("", ("(", ")"), base, exponent)
    inner = t.shell(base)
    return inner and Shell(inner.before, inner.signs, inner.inside, inner.after + exponent)


def _filled(t: Typesetter, p: Phrase, width: float, depth: int) -> list[Line]:
    """A sum: as many terms in a line as there is room for."""
    found = lines(t, p.parts[0], width, depth) if t.level(p.parts[0]) >= SIGN else []
    found = found or [Line(depth, t.part(p.parts[0], SIGN))]
    for sign, a in zip(p.data, p.parts[1:], strict=True):
        term = f"{sign} {t.operand(a)}"
        longer = f"{found[-1].code} {term}"
        if measure(longer) <= width - _STEP * found[-1].depth:
            found[-1] = Line(found[-1].depth, longer)
        elif measure(term) <= width - _STEP * (depth + 1) or _shell(t, a) is None:
            found.append(Line(depth + 1, term))
        else:
            found += _told(t, f"{sign} ", a, PRODUCT, width, depth + 1)
    return found


def _begun(start: str, found: list[Line]) -> list[Line]:
    return [Line(found[0].depth, start + found[0].code), *found[1:]]


def ended(found: list[Line], end: str) -> list[Line]:
    """The lines, with something behind the last one."""
    return [*found[:-1], Line(found[-1].depth, found[-1].code + end)]


def aligned(found: list[Line]) -> str:
    """The lines one below the other, moved to the right by quads."""
    return " \\\\\n".join(
        "& " + (rf"\hspace{{{line.depth}em}} " if line.depth else "") + line.code for line in found
    )
