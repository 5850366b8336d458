"""Whole theorems read from the text that `notation/sequent_text.py` makes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from boundcheck.errors import ParseError
from boundcheck.theorems.language.binding import closing
from boundcheck.theorems.language.expr import Expr, symbol
from boundcheck.theorems.language.formulas import implication, member
from boundcheck.theorems.language.reading import Reader
from boundcheck.theorems.language.sort_reading import Declarations, SortReader
from boundcheck.theorems.language.sorts import FORMULA, Sort
from boundcheck.theorems.language.tokens import MAX_LENGTH, Token, Tokens, tokens_of

_HEADINGS = ("Theorem", "Let", "Assume", "Then", "Resting on")
_NUMBERED = re.compile(r"^[ \t]*\(([0-9]+)\)[ \t]", re.MULTILINE | re.ASCII)


@dataclass(frozen=True)
class Written:
    """A theorem as a text states it; nothing is said of its truth.

    Attributes:
        hyps: the hypotheses, first those that say on which sets laws live.
        concl: the conclusion.
        title: of the theorem, or "".
        axioms: what the text says it rests on, with references.
        declared: its symbols and spaces.
    """

    hyps: tuple[Expr, ...]
    concl: Expr
    title: str
    axioms: Mapping[str, str]
    declared: Declarations


def read_sequent(text: str) -> Written:
    """The theorem that a text states.

    Raises:
        ParseError: the text is not of the form that `sequent_text` gives; the message says where.

    >>> found = read_sequent('''
    ... Theorem: squares grow
    ... Let
    ...   x, y : Real
    ... Assume
    ...   (1) 0 <= x
    ...   (2) x <= y
    ... Then
    ...   x**2 <= y**2
    ... ''')
    >>> found.title, found.hyps, found.concl
    ('squares grow', (0 <= x, x <= y), x**2 <= y**2)
    """
    parts = _sections(text)
    title = text[slice(*parts["Theorem"])].strip().removeprefix(":").strip()
    declared, sets = _declarations(text, *parts.get("Let", (0, 0)))
    hyps = [_lives(text, declared, s) for s in sets]
    hyps += [
        _formula(tokens_of(text, *where), declared)
        for where in _numbered(text, *parts.get("Assume", (0, 0)))
    ]
    concl = _formula(tokens_of(text, *parts["Then"]), declared)
    axioms = {}
    for line in text[slice(*parts.get("Resting on", (0, 0)))].splitlines():
        name, _, reference = line.strip().partition(": ")
        if name:
            axioms[name] = reference
    return Written(tuple(hyps), concl, title, axioms, declared)


def _sections(text: str) -> dict[str, tuple[int, int]]:
    """Where the parts of a text lie, by their headings."""
    if not isinstance(text, str):
        raise ParseError(f"a theorem is read from a text, not from {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise ParseError(f"the text has {len(text)} characters; at most {MAX_LENGTH} are read")
    found: dict[str, tuple[int, int]] = {}
    before, start, at = "", 0, 0
    for line in text.splitlines(keepends=True):
        heading = next((h for h in _HEADINGS if _is_heading(line, h)), "")
        if heading:
            if before:
                found[before] = (start, at)
            order = _HEADINGS.index(heading)
            if (before and order <= _HEADINGS.index(before)) or (not before and order):
                raise Tokens(text).refusal(
                    at, f"{heading} stands in a wrong place; the order is {', '.join(_HEADINGS)}"
                )
            before, start = heading, at + len(heading)
        elif line.strip() and (not before or not line[0].isspace()):
            raise Tokens(text).refusal(
                at, f"{line.strip()[:40]!r} is no heading; indent what stands below a heading"
            )
        elif line.strip() and before == "Theorem":
            raise Tokens(text).refusal(at, "a title has one line; write Let, Assume or Then next")
        at += len(line)
    if before:
        found[before] = (start, at)
    for needed in ("Theorem", "Then"):
        if needed not in found:
            raise ParseError(f"the text has no heading {needed}; begin a line with it")
    return found


def _is_heading(line: str, heading: str) -> bool:
    line = line.rstrip()
    return line == heading or (heading == "Theorem" and line.startswith("Theorem:"))


def _numbered(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the hypotheses (1), (2), ... lie."""
    starts: list[tuple[int, int]] = []
    for match in _NUMBERED.finditer(text, start, end):
        if match[1] == str(len(starts) + 1):
            starts.append((match.start(), match.end()))
    before = text[start : starts[0][0] if starts else end]
    if before.strip():
        at = start + len(before) - len(before.lstrip())
        raise Tokens(text).refusal(at, "hypotheses are numbered; begin them with (1), (2), ...")
    ends = [s for s, _ in starts[1:]] + [end]
    return [(s, e) for (_, s), e in zip(starts, ends, strict=True)] if starts else []


def _formula(tokens: Tokens, declared: Declarations) -> Expr:
    found = Reader(tokens, declared).whole()
    if found.sort != FORMULA:
        first = tokens.found[0].start
        raise tokens.refusal(first, f"{found!r} is a term; a theorem is made of formulas")
    return found


# -- declarations ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Set:
    """That a law lives on the set of x with a formula: where that stands."""

    law: str
    point: str
    start: int
    end: int


def _declarations(text: str, start: int, end: int) -> tuple[Declarations, list[_Set]]:
    """What is declared; spaces stand before what lies in them."""
    symbols: dict[str, Sort] = {}
    kinds: dict[str, set[str]] = {"Space": set(), "inner": set()}
    sets: list[_Set] = []
    reader = SortReader(tokens_of(text, start, end), Declarations({}))
    while reader.now.kind != "end":
        names = [reader.now]
        reader.new_name()
        while reader.accept(","):
            names.append(reader.now)
            reader.new_name()
        reader.expect(":", "write the sort behind a colon, as in x : Real")
        kind = reader.now.text
        known = kinds.get(kind, symbols.keys())
        for k, token in enumerate(names):
            if token.text in known or token.text in [n.text for n in names[:k]]:
                raise reader.tokens.refusal(
                    token.start, f"{token.text} is declared twice; rename one"
                )
        if kind in kinds:
            words = ("Space",) if kind == "Space" else ("inner", "-", "product", "space")
            for word in words:
                reader.expect(word, "write inner-product space")
            kinds[kind] |= {n.text for n in names}
        else:
            spaces, inner = map(frozenset, kinds.values())
            reader.declared = Declarations({}, spaces, inner)
            sort = reader.declared_sort()
            symbols |= {n.text: sort for n in names}
            if reader.accept(","):
                sets.append(_set(reader, names, sort))
    return Declarations(symbols, *map(frozenset, kinds.values())), sets


def _set(reader: SortReader, names: list[Token], sort: Sort) -> _Set:
    """`on {x : A}` behind a law; the formula is read when everything is declared."""
    form = "write pi : Law(X), on {x : A}"
    if sort.kind != "law" or len(names) != 1:
        raise reader.refuse(f"only a law, declared alone, lives on a set; {form}")
    reader.expect("on", form)
    opened = reader.at
    reader.expect("{", form)
    point = reader.new_name()
    reader.expect(":", form)
    start, last = reader.now.start, reader.tokens.closing[opened]
    reader.at = last + 1
    return _Set(names[0].text, point, start, reader.tokens.found[last].start)


def _lives(text: str, declared: Declarations, s: _Set) -> Expr:
    """For all points of the law, what is true of the points of the set."""
    law = declared.symbols[s.law]
    reader = Reader(tokens_of(text, s.start, s.end), declared)
    x = reader.variable(s.point, law.parts[0])
    token, formula = reader.now, reader.whole()
    with reader.placed(token):
        whole = implication([member(x, symbol(s.law, law))], formula)
        return closing("forall", x, whole, hint=s.point)
