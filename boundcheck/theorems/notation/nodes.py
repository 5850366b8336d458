"""What is printed, seen from below: an expression and its sort, as far as printers look at them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol


class SortLike(Protocol):
    """A `Sort`, which is defined above this file."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def parts(self) -> tuple[SortLike, ...]: ...
    def __hash__(self) -> int: ...


class Node(Protocol):
    """An `Expr`, which is defined above this file since it prints itself."""

    @property
    def head(self) -> str: ...
    @property
    def data(self) -> Any: ...
    @property
    def args(self) -> tuple[Node, ...]: ...
    @property
    def sort(self) -> SortLike: ...
    @property
    def hint(self) -> str: ...
    @property
    def free(self) -> frozenset[Any]: ...
    @property
    def loose(self) -> int: ...
    @property
    def binder(self) -> bool: ...


def each(expressions: Iterable[Node]) -> Iterator[Node]:
    """The expressions and all their parts, bodies included, each object once."""
    seen: set[int] = set()
    stack = list(expressions)
    while stack:
        e = stack.pop()
        if id(e) not in seen:
            seen.add(id(e))
            yield e
            stack += e.args


def tree_size(e: Node, most: int) -> int:
    """How many nodes the expression has if shared parts count wherever they stand; `most` or more
    where there are more."""
    done: dict[int, int] = {}
    stack = [(e, False)]
    while stack:
        x, ready = stack.pop()
        if ready:
            done[id(x)] = min(most, 1 + sum(done[id(a)] for a in x.args))
        elif id(x) not in done:
            stack.append((x, True))
            stack += [(a, False) for a in x.args if id(a) not in done]
    return done[id(e)]


def depends(e: Node, place: int) -> bool:
    """Whether the variable of the binder that is `place` binders above occurs in the expression."""
    if e.loose <= place:
        return False
    if e.head == "bound":
        return bool(e.data == place)
    last = len(e.args) - 1
    return any(depends(a, place + (e.binder and k == last)) for k, a in enumerate(e.args))


def spine(e: Node, heads: Iterable[str]) -> list[tuple[str, Node]]:
    """`((a + b) - c) + d` from left to right, each part with the head that joins it to those before
    it; the first has none."""
    found: list[tuple[str, Node]] = []
    while e.head in heads:
        found.append((e.head, e.args[1]))
        e = e.args[0]
    return [("", e), *reversed(found)]
