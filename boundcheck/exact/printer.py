"""The text of a term, in the grammar that the parser reads back."""

from __future__ import annotations

from functools import lru_cache

from boundcheck.exact.term import Term, walk
from boundcheck.exact.work import spend

_MAX_NODES = 20_000
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)


def text(t: Term) -> str:
    """`t` as a statement would spell it; a term whose tree is enormous is abbreviated.

    >>> from boundcheck.exact.parser import parse_term
    >>> text(parse_term("(x+1)*-2**-y/0.5"))
    '(x + 1)*(-2**(-y))/(1/2)'
    """
    spend(3)
    return _text(t)


@lru_cache(maxsize=256)
def _text(t: Term) -> str:
    size: dict[Term, int] = {}
    shown: dict[Term, tuple[str, int]] = {}
    for node in walk(t):
        size[node] = 1 + sum(size[a] for a in node.args)
        if size[node] > _MAX_NODES:
            return f"<expression of {len(list(walk(t)))} shared nodes>"
        shown[node] = _show(node, [shown[a] for a in node.args])
    return shown[t][0]


def brief(t: Term, width: int = 80) -> str:
    """`text(t)`, cut to fit in a message."""
    full = text(t)
    return full if len(full) <= width else full[: width - 3] + "..."


def _show(node: Term, args: list[tuple[str, int]]) -> tuple[str, int]:
    def at(i: int, level: int) -> str:
        body, own = args[i]
        return body if own >= level else f"({body})"

    op = node.op
    if op == "rational":
        value = node.payload
        level = _ATOM if value >= 0 and value.q == 1 else _PRODUCT if value >= 0 else _SIGN
        return str(value), level if value.q == 1 else min(level, _PRODUCT)
    if op in ("symbol", "constant"):
        return node.payload, _ATOM
    if op == "add":
        return f"{at(0, _SUM)} + {at(1, _PRODUCT)}", _SUM
    if op == "sub":
        return f"{at(0, _SUM)} - {at(1, _PRODUCT)}", _SUM
    if op == "mul":
        return f"{at(0, _PRODUCT)}*{at(1, _POWER)}", _PRODUCT
    if op == "div":
        return f"{at(0, _PRODUCT)}/{at(1, _POWER)}", _PRODUCT
    if op == "neg":
        return f"-{at(0, _POWER)}", _SIGN
    if op == "pow":
        return f"{at(0, _ATOM)}**{at(1, _ATOM)}", _POWER
    if op == "call":
        return f"{node.payload}({', '.join(a for a, _ in args)})", _ATOM
    if op == "activate":
        values = [a for a, _ in args]
        default = node.payload().parameters if node.payload.optional else None
        if default is not None and all(a == str(p) for a, p in zip(values[1:], default, strict=True)):
            values = values[:1]
        return f"{node.payload.name}({', '.join(values)})", _ATOM
    binder = node.payload
    return f"{op.capitalize()}({_text(binder.body)}, ({binder.name}, {args[0][0]}, {args[1][0]}))", _ATOM
