"""The text of a term or a formula, which `reading` reads back.

Powers: `u**p` is what it is in Python, repeated multiplication where p is of sort Nat and a real
power else; `u^p` is a real power whatever p is, as in `u^2`, written where `**` would be the other.
"""

from __future__ import annotations

from collections.abc import Iterable

from boundcheck.exact.terms.work import spend
from boundcheck.theorems.notation.names import names_of
from boundcheck.theorems.notation.nodes import Node, tree_size
from boundcheck.theorems.notation.phrases import Phrase, phrase

MOST_NODES = 20_000
ANY, IMPLIES, AND, RELATION, SUM, PRODUCT, SIGN, POWER, ATOM = range(9)
"""How much an expression holds together: one that stands where a higher level is asked for needs
brackets. A quantifier reaches as far as it can, so that it is of the lowest."""

QUANTIFIERS = ("forall", "exists")
_WORDS = {"ind": "Ind", "defined": "exists", "prob": "Prob"}
_SORTS = {"real": "Real", "nat": "Nat", "formula": "Formula"}


def text(e: Node) -> str:
    """`e` in one line; an expression that is enormous is abbreviated.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import NAT, REAL
    >>> x, k = symbol("x", REAL), symbol("k", NAT)
    >>> text(-(x + 1) ** k / 2 <= x**x * (1 - x))
    '-(x + 1)**k/2 <= x**x*(1 - x)'
    """
    size = tree_size(e, MOST_NODES)
    spend(2 + 2 * size)
    if size >= MOST_NODES:
        return f"<expression of more than {MOST_NODES} nodes>"
    try:
        return plain(phrase(e, names_of((e,))))
    except RecursionError:
        return "<expression nested too deep>"


def plain(p: Phrase) -> str:
    """A phrase in one line."""
    return _shown(p)[0]


def part(p: Phrase, level: int) -> str:
    """A phrase where a level is asked for."""
    found, own = _shown(p)
    return found if own >= level else f"({found})"


def level_of(p: Phrase) -> int:
    """How much a phrase holds together."""
    match p.head:
        case "forall" | "exists":
            return ANY
        case "implies":
            return IMPLIES
        case "and":
            return ANY if p.parts[-1].head in QUANTIFIERS else AND
        case "relation" | "member":
            return RELATION
        case "terms":
            return SUM
        case "factors":
            return PRODUCT
        case "minus":
            return SIGN
        case "power" | "iid":
            return POWER
        case "number" if p.data.denominator != 1:
            return PRODUCT
        case "number" if p.data < 0:
            return SIGN
    return ATOM


def conjunct(p: Phrase) -> str:
    """What a conjunction joins last, where a quantifier needs no brackets."""
    return plain(p) if p.head in QUANTIFIERS else part(p, RELATION)


def opening(p: Phrase) -> str:
    """A quantifier with its variables: `for all x, y : Real.`"""
    groups = p.parts[:-1]
    many = len(groups) > 1 or len(groups[0].names) > 1
    words = "for all" if p.head == "forall" else "there are" if many else "there is"
    return f"{words} {_commas(map(_group, groups))}."


def operand(p: Phrase, sign: str) -> str:
    """A part of a chain behind its sign."""
    found = part(p, PRODUCT if sign in "+-" else SIGN if sign == "*" else POWER)
    return f"({found})" if found.startswith("-") else found


def binding(p: Phrase) -> tuple[tuple[Phrase | str, ...], tuple[Phrase | str, ...]]:
    """What stands between the brackets of `Mean(u, (x, law))`, and between the inner ones; a text
    is a name."""
    *outside, body = p.parts
    name = p.names[0]
    match p.head:
        case "norm":
            return (body, outside[1]), (name, outside[0])
        case "joint":
            return (outside[0],), (name, body)
        case "independent" | "sequence":
            return (name, body), ()
    return (body,), (name, *outside)


def word(p: Phrase) -> str:
    """What stands before brackets."""
    if p.head == "call":
        return str(p.data)
    if p.head in ("joint", "independent", "sequence"):
        return p.head
    return _WORDS.get(p.head) or (p.head.capitalize() if p.names else p.head)


def sort_text(p: Phrase) -> str:
    """The text of a sort."""
    match p.data:
        case "space":
            return p.names[0]
        case "vec" | "network":
            return f"{p.data.capitalize()}({p.names[0]})"
        case "function":
            *given, result = map(sort_text, p.parts)
            return f"{given[0] if len(given) == 1 else f'({_commas(given)})'} -> {result}"
        case "seq" | "pair" | "law":
            return f"{p.data.capitalize()}({_commas(map(sort_text, p.parts))})"
    return _SORTS[p.data]


def _shown(p: Phrase) -> tuple[str, int]:
    return _text(p), level_of(p)


def _text(p: Phrase) -> str:
    parts = p.parts
    match p.head:
        case "name" | "constant":
            return str(p.data)
        case "number":
            return str(p.data)
        case "terms" | "factors":
            found = [part(parts[0], PRODUCT)]
            for sign, a in zip(p.data, parts[1:], strict=True):
                found.append(f" {sign} " if p.head == "terms" else sign)
                found.append(operand(a, sign))
            return "".join(found)
        case "minus":
            return f"-{part(parts[0], POWER)}"
        case "power":
            return f"{part(parts[0], ATOM)}{p.data}{part(parts[1], ATOM)}"
        case "iid":
            return f"{part(parts[0], ATOM)}^oo"
        case "relation":
            return f"{part(parts[0], SUM)} {p.data} {part(parts[1], SUM)}"
        case "member":
            return f"{part(parts[0], SUM)} in {part(parts[1], SUM)}"
        case "and":
            *first, last = parts
            return " and ".join([*(part(a, RELATION) for a in first), conjunct(last)])
        case "implies":
            return " implies ".join([*(part(a, AND) for a in parts[:-1]), part(parts[-1], ANY)])
        case "forall" | "exists":
            return f"{opening(p)} {_text(parts[-1])}"
        case "brackets":
            return f"({_text(parts[0])})"
        case "apply" | "at":
            return f"{part(parts[0], ATOM)}({_listed(parts[1:])})"
        case "sort":
            return sort_text(p)
    if not p.names:
        return f"{word(p)}({_listed(parts)})"
    outer, inner = binding(p)
    if inner:
        return f"{word(p)}({_listed(outer)}, ({_listed(inner)}))"
    return f"{word(p)}({_listed(outer)})"


def _listed(parts: tuple[Phrase | str, ...]) -> str:
    return _commas(a if isinstance(a, str) else _text(a) for a in parts)


def _commas(texts: Iterable[str]) -> str:
    return ", ".join(texts)


def _group(g: Phrase) -> str:
    names = _commas(g.names)
    match g.data:
        case "law":
            return f"{names} in {part(g.parts[0], SUM)}"
        case "range":
            return f"{names} in {part(g.parts[0], SUM)}..{part(g.parts[1], SUM)}"
    return f"{names} : {sort_text(g.parts[0])}"
