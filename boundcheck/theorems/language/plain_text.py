"""The text of a term or a formula, which `reading` reads back."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

_QUANTIFIER, _IMPLIES, _AND, _RELATION, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(9)

_INFIX = {
    "add": (" + ", _SUM, _SUM, _PRODUCT),
    "sub": (" - ", _SUM, _SUM, _PRODUCT),
    "vadd": (" + ", _SUM, _SUM, _PRODUCT),
    "vsub": (" - ", _SUM, _SUM, _PRODUCT),
    "mul": ("*", _PRODUCT, _PRODUCT, _SIGN),
    "vscale": ("*", _PRODUCT, _PRODUCT, _SIGN),
    "div": ("/", _PRODUCT, _PRODUCT, _POWER),
    "npow": ("**", _POWER, _ATOM, _ATOM),
    "rpow": ("^", _POWER, _ATOM, _ATOM),
    "and": (" and ", _AND, _AND, _RELATION),
    "implies": (" implies ", _IMPLIES, _AND, _IMPLIES),
    "member": (" in ", _RELATION, _SUM, _SUM),
}
"""Text, own level, and the levels that the two parts need."""


class Node(Protocol):
    """What is printed: an `Expr`, which is defined above this file."""

    @property
    def head(self) -> str: ...
    @property
    def data(self) -> Any: ...
    @property
    def args(self) -> tuple[Node, ...]: ...
    @property
    def sort(self) -> Any: ...
    @property
    def hint(self) -> str: ...
    @property
    def free(self) -> frozenset[Any]: ...


def text(e: Node) -> str:
    """`e` in one line.

    >>> from boundcheck.theorems.language.expr import made, number, symbol
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> x = symbol("x", REAL)
    >>> text(made("relation", "<=", (made("add", None, (x, number(1))), x)))
    'x + 1 <= x'
    """
    taken = {s.data for s in e.free}
    return _text(e, (), taken)[0]


def fresh_name(hint: str, taken: set[str] | frozenset[str]) -> str:
    """The hint, or the hint with a number, so that it differs from the names taken."""
    base, k = hint or "x", 1
    name = base
    while name in taken:
        k += 1
        name = f"{base}{k}" if not base[-1].isdigit() else f"{base}_{k}"
    return name


def _text(e: Node, names: Sequence[str], taken: set[str]) -> tuple[str, int]:
    """The text, and the level up to which it needs no brackets."""

    def part(a: Node, level: int) -> str:
        found, own = _text(a, names, taken)
        return found if own >= level else f"({found})"

    head, args = e.head, e.args
    if head == "number":
        value: Fraction = e.data
        level = _SIGN if value < 0 else _ATOM if value.denominator == 1 else _PRODUCT
        return str(value), level if value.denominator == 1 else min(level, _PRODUCT)
    if head in ("symbol", "constant"):
        return str(e.data), _ATOM
    if head == "bound":
        return names[-1 - e.data] if e.data < len(names) else f"_{e.data - len(names)}", _ATOM
    if head in _INFIX:
        sign, own, left, right = _INFIX[head]
        return f"{part(args[0], left)}{sign}{part(args[1], right)}", own
    if head == "relation":
        return f"{part(args[0], _SUM)} {e.data} {part(args[1], _SUM)}", _RELATION
    if head in ("neg", "vneg"):
        return f"-{part(args[0], _POWER)}", _SIGN
    if head == "apply":
        inner = ", ".join(part(a, _SUM) for a in args[1:])
        return f"{part(args[0], _ATOM)}({inner})", _ATOM
    if head == "at":
        return f"{part(args[0], _ATOM)}({part(args[1], _SUM)})", _ATOM
    if head == "defined":
        return f"exists({part(args[0], _SUM)})", _ATOM
    if head in _BINDERS:
        return _binder(e, names, taken)
    name = e.data if head == "call" else _NAMES.get(head, head)
    return f"{name}({', '.join(part(a, _QUANTIFIER) for a in args)})", _ATOM


_NAMES = {"ind": "Ind"}
_BINDERS = {
    "forall": "for all",
    "exists": "there is",
    "mean": "Mean",
    "norm": "Norm",
    "sum": "Sum",
    "product": "Product",
    "largest": "Largest",
    "smallest": "Smallest",
    "integral": "Integral",
    "joint": "joint",
    "independent": "independent",
    "sequence": "sequence",
}


def _binder(e: Node, names: Sequence[str], taken: set[str]) -> tuple[str, int]:
    name = fresh_name(e.hint, taken | set(names))
    outside = [_text(a, names, taken)[0] for a in e.args[:-1]]
    body = _text(e.args[-1], (*names, name), taken)[0]
    word = _BINDERS[e.head]
    if e.head in ("forall", "exists"):
        return f"{word} {name} : {e.data}. {body}", _QUANTIFIER
    if e.head == "norm":
        return f"Norm({body}, {outside[1]}, ({name}, {outside[0]}))", _ATOM
    if e.head == "joint":
        return f"joint({outside[0]}, ({name}, {body}))", _ATOM
    if e.head in ("independent", "sequence"):
        return f"{word}({name}, {body})", _ATOM
    return f"{word}({body}, ({', '.join([name, *outside])}))", _ATOM
