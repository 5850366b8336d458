"""The text of a term, in the grammar that the parser reads back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.work import spend

_MAX_NODES, _MAX_CHARACTERS = 20_000, 400_000
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)


class Node(Protocol):
    """What is printed: a `Term`, which is defined above this file since it prints itself."""

    @property
    def op(self) -> str: ...
    @property
    def payload(self) -> Any: ...
    @property
    def args(self) -> tuple[Node, ...]: ...
    def __hash__(self) -> int: ...


_Piece: TypeAlias = str | tuple[Node, int]


def text(t: Node) -> str:
    """`t` as a statement would spell it; a term whose tree is enormous is abbreviated.

    >>> from boundcheck.exact.terms.parser import parse_term
    >>> text(parse_term("(x+1)*-2**-y/0.5"))
    '(x + 1)*(-2**(-y))/(1/2)'
    """
    found, nodes = _text(t)
    spend(2 + nodes)  # also where it is remembered, so that a statement costs the same every time
    return found


@lru_cache(maxsize=256)
def _text(t: Node) -> tuple[str, int]:
    """The text, and how many nodes were looked at."""
    size: dict[Node, tuple[int, int]] = {}  # nodes of the tree, and about how many characters
    nodes = _nodes(t)
    for node in nodes:
        below = [size[a] for a in _parts(node)]
        own = len(str(node.payload)) if node.op in ("rational", "symbol", "constant") else 12
        size[node] = 1 + sum(n for n, _ in below), own + sum(c for _, c in below)
        if size[node][0] > _MAX_NODES or size[node][1] > _MAX_CHARACTERS:
            return f"<expression of {len(nodes)} shared nodes>", len(nodes)
    done: list[str] = []
    todo: list[_Piece] = [(t, _SUM)]
    while todo:
        piece = todo.pop()
        if isinstance(piece, str):
            done.append(piece)
            continue
        node, level = piece
        pieces, own = _show(node)
        todo += reversed(pieces if own >= level else ["(", *pieces, ")"])
    return "".join(done), size[t][0]


def _nodes(t: Node) -> list[Node]:
    """Each node once, also those of bodies, operands first."""
    found: dict[Node, None] = {}
    stack = [(t, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            found[node] = None
        elif node not in found:
            stack.append((node, True))
            stack += [(a, False) for a in reversed(_parts(node)) if a not in found]
    return list(found)


def _parts(node: Node) -> tuple[Node, ...]:
    return (*node.args, node.payload.body) if node.op in ("sum", "integral") else node.args


def brief(t: Node, width: int = 80) -> str:
    """`text(t)`, cut to fit in a message."""
    full = text(t)
    return full if len(full) <= width else full[: width - 3] + "..."


def _show(node: Node) -> tuple[list[_Piece], int]:
    """What a node is spelled as: texts, and operands with the level from which
    on they need no brackets."""
    args = node.args
    match node.op:
        case "rational":
            value = node.payload
            level = _ATOM if value >= 0 and value.q == 1 else _PRODUCT if value >= 0 else _SIGN
            return [str(value)], level if value.q == 1 else min(level, _PRODUCT)
        case "symbol" | "constant":
            return [node.payload], _ATOM
        case "add":
            return [(args[0], _SUM), " + ", (args[1], _PRODUCT)], _SUM
        case "sub":
            return [(args[0], _SUM), " - ", (args[1], _PRODUCT)], _SUM
        case "mul":
            return [(args[0], _PRODUCT), "*", (args[1], _POWER)], _PRODUCT
        case "div":
            return [(args[0], _PRODUCT), "/", (args[1], _POWER)], _PRODUCT
        case "neg":
            return ["-", (args[0], _POWER)], _SIGN
        case "pow":
            return [(args[0], _ATOM), "**", (args[1], _ATOM)], _POWER
        case "call":
            return [f"{node.payload}(", *_listed(args), ")"], _ATOM
        case "activate":
            default = (
                [rational(p) for p in node.payload().parameters] if node.payload.optional else None
            )
            written = [a.payload if a.op == "rational" else None for a in args[1:]]
            return [
                f"{node.payload.name}(",
                *_listed(args[:1] if written == default else args),
                ")",
            ], _ATOM
    name, (low, high) = node.payload.name, args
    ends: list[_Piece] = [(low, _SUM), ", ", (high, _SUM)]
    return [
        f"{node.op.capitalize()}(",
        (node.payload.body, _SUM),
        f", ({name}, ",
        *ends,
        "))",
    ], _ATOM


def _listed(args: Sequence[Node]) -> list[_Piece]:
    found: list[_Piece] = []
    for a in args:
        found += [", ", (a, _SUM)]
    return found[1:]
