"""Expressions, functions and sorts as JSON: tables of sorts and of nodes, each written once.

A node is a list of its head, what it carries, and the places of its parts, which stand before it:

    ["number", "1/3"]   ["constant", "pi"]   ["symbol", "x", sort]   ["bound", 0, sort]
    ["add", part, part]   ["relation", "<=", part, part]   ["forall", "hint", sort, part]

A file is not trusted. `TableReader` makes every node by the functions of this folder, which check
sorts; what they would write in another way (1 + 2 is the number 3) is refused, so that one thing
has one form in a file, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from boundcheck.documents import Json, JsonObject
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.work import spend
from boundcheck.theorems.language.binding import INTERNAL, Lambda
from boundcheck.theorems.language.expr import Data, Expr, bound, constant, made, number, symbol
from boundcheck.theorems.language.heads import HEADS
from boundcheck.theorems.language.sorts import (
    FORMULA,
    NAT,
    REAL,
    Sort,
    function,
    law,
    network,
    pair,
    seq,
    space,
    vec,
)

MAX_SORTS = 10_000
MAX_NODES = 1_000_000
MAX_FREE = 20_000_000
"""Free symbols, over all nodes: each node knows its own."""

_DIGITS = 4_000
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_']{0,99}")
_SIGNED = ("relation", "call")
"""The heads that carry a text."""

assert not _NAME.match(INTERNAL)


class TableWriter:
    """Writes sorts and expressions into two tables, and says where they stand.

    >>> from boundcheck.theorems.language.formulas import for_all
    >>> x = symbol("x", REAL)
    >>> writer = TableWriter()
    >>> writer.expression(for_all(x, x * x >= 0))
    4
    >>> for node in writer.tables()["nodes"]:
    ...     print(node)
    ['bound', 0, 0]
    ['mul', 0, 0]
    ['number', '0']
    ['relation', '>=', 1, 2]
    ['forall', 'x', 0, 3]
    """

    def __init__(self) -> None:
        self._sorts: dict[Sort, int] = {}
        self._rows: list[Json] = []  # of the table of sorts
        self._nodes: dict[tuple[Any, ...], int] = {}
        self._done: dict[int, int] = {}
        self._kept: list[Expr] = []  # their ids are keys above

    def tables(self) -> JsonObject:
        """The tables so far."""
        return {"sorts": list(self._rows), "nodes": [list(n) for n in self._nodes]}

    def sort(self, sort: Sort) -> int:
        """The place of a sort.

        Raises:
            BoundcheckError: a space whose name is none; the sort of formulas, which no variable
                has.
        """
        if sort not in self._sorts:
            if sort == FORMULA:
                raise BoundcheckError("no variable stands for a formula")
            names = [checked_name(sort.name)] if sort.name else []
            row: list[Json] = [sort.kind, *names, *map(self.sort, sort.parts)]
            self._sorts[sort] = len(self._rows)
            self._rows.append(row)
        return self._sorts[sort]

    def function(self, f: Lambda) -> JsonObject:
        """A function, with the places of the sorts of its arguments and of its body."""
        return {"arguments": [self.sort(s) for s in f.sorts], "body": self.expression(f.body)}

    def expression(self, whole: Expr) -> int:
        """The place of an expression.

        Raises:
            BoundcheckError: a symbol whose name is none.
        """
        stack = [whole]
        while stack:
            e = stack[-1]
            missing = [a for a in e.args if id(a) not in self._done]
            if id(e) in self._done or not missing:
                stack.pop()
                if id(e) not in self._done:
                    spend(3)
                    row = self._row(e)
                    self._done[id(e)] = self._nodes.setdefault(row, len(self._nodes))
                    self._kept.append(e)
            else:
                stack += reversed(missing)
        return self._done[id(whole)]

    def _row(self, e: Expr) -> tuple[Any, ...]:
        parts = [self._done[id(a)] for a in e.args]
        match e.head:
            case "number" | "constant":
                return (e.head, str(e.data))
            case "symbol":
                return (e.head, checked_name(e.data), self.sort(e.sort))
            case "bound":
                return (e.head, e.data, self.sort(e.sort))
        if e.binder:
            assert isinstance(e.data, Sort)
            hint = e.hint if _NAME.fullmatch(e.hint) else ""  # it is for printing alone
            return (e.head, hint, self.sort(e.data), *parts)
        return (e.head, e.data, *parts) if e.head in _SIGNED else (e.head, *parts)


class TableReader:
    """Reads tables of a file, which is not trusted.

    Raises (all methods, too): BoundcheckError, which says where.

    >>> tables = {"sorts": [["real"]], "nodes": [["symbol", "x", 0], ["add", 0, 0]]}
    >>> TableReader(tables).expression(1, "the goal")
    x + x
    >>> tables["nodes"][1] = ["add", 0, 1]
    >>> TableReader(tables)
    Traceback (most recent call last):
        ...
    boundcheck.errors.BoundcheckError: node 1: 1 is not the place of an earlier node
    """

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._sorts: list[Sort] = []
        self._nodes: list[Expr] = []
        self._free = 0
        rows = as_list(tables.get("sorts"), "the table of sorts", MAX_SORTS)
        self._fill(self._sorts, rows, self._read_sort, "sort")
        rows = as_list(tables.get("nodes"), "the table of nodes", MAX_NODES)
        self._fill(self._nodes, rows, self._read_node, "node")

    def sort(self, place: Any, where: str) -> Sort:
        """The sort that stands at a place."""
        return _at(self._sorts, place, f"{where}: {place!r:.40} is not the place of a sort")

    def expression(self, place: Any, where: str) -> Expr:
        """The expression that stands at a place, without loose bound variables."""
        e = _at(self._nodes, place, f"{where}: {place!r:.40} is not the place of an expression")
        if e.loose:
            raise BoundcheckError(f"{where}: node {place} has bound variables without a binder")
        return e

    def formula(self, place: Any, where: str) -> Expr:
        """The formula that stands at a place, without loose bound variables."""
        e = self.expression(place, where)
        if e.sort != FORMULA:
            raise BoundcheckError(f"{where}: node {place} is not a formula")
        return e

    def function(self, entry: Any, where: str) -> Lambda:
        """A function, as `TableWriter.function` writes it."""
        fields = as_object(entry, where, {"arguments", "body"})
        places = as_list(fields["arguments"], where, 100)
        sorts = tuple(self.sort(p, where) for p in places)
        wrong = f"{where}: {fields['body']!r:.40} is not the place of an expression"
        body = _at(self._nodes, fields["body"], wrong)
        try:
            return Lambda(sorts, body)
        except BoundcheckError as error:
            raise BoundcheckError(f"{where}: {error}") from None

    # -- one entry ---------------------------------------------------------------------------------

    def _fill(
        self, table: list[Any], rows: Sequence[Any], read: Callable[[list[Any]], Any], what: str
    ) -> None:
        for k, row in enumerate(rows):
            spend(3)
            try:
                if not isinstance(row, list) or not row or not isinstance(row[0], str):
                    raise BoundcheckError(f"{row!r:.40} is not a list that begins with a text")
                table.append(read(row))
            except BoundcheckError as error:
                raise BoundcheckError(f"{what} {k}: {error}") from None

    def _earlier(self, table: Sequence[Any], place: Any, what: str) -> Any:
        return _at(table, place, f"{place!r:.40} is not the place of an earlier {what}")

    def _read_sort(self, row: list[Any]) -> Sort:
        def parts() -> list[Sort]:
            return [self._earlier(self._sorts, p, "sort") for p in row[1:]]

        match row:
            case ["real"]:
                return REAL
            case ["nat"]:
                return NAT
            case ["space", name]:
                return space(checked_name(name))
            case ["vec", name]:
                return vec(checked_name(name))
            case ["network", str(activation)]:
                return network(activation)
            case ["seq", _]:
                return seq(*parts())
            case ["law", _]:
                return law(*parts())
            case ["pair", _, _]:
                return pair(*parts())
            case ["function", _, *_]:
                *arguments, result = parts()
                return function(tuple(arguments), result)
        raise BoundcheckError(f"{row!r:.80} is not a sort")

    def _read_node(self, row: list[Any]) -> Expr:
        match row:
            case ["number", str(text)]:
                return number(_exact(text))
            case ["constant", str(name)]:
                return constant(name)
            case ["symbol", name, place]:
                return self._counted(
                    symbol(checked_name(name), self._earlier(self._sorts, place, "sort"))
                )
            case ["bound", int(k), place] if type(k) is int:
                return bound(k, self._earlier(self._sorts, place, "sort"))
        head, *rest = row
        if head not in HEADS:
            raise BoundcheckError(f"{row!r:.80} is not a node")
        data: Data = None
        hint = ""
        if HEADS[head].binds is not None:
            if len(rest) < 2:
                raise BoundcheckError(f"{head} has a name, a sort and parts")
            hint = rest[0] if rest[0] == "" else checked_name(rest[0])
            data = self._earlier(self._sorts, rest[1], "sort")
            rest = rest[2:]
        elif head in _SIGNED:
            if not rest or not isinstance(rest[0], str):
                raise BoundcheckError(f"{head} carries a text")
            data, *rest = rest
        parts = tuple(self._earlier(self._nodes, p, "node") for p in rest)
        e = made(head, data, parts, hint)
        if e.head != head or len(e.args) != len(parts):
            raise BoundcheckError(f"{row!r:.80} is written in another way, as {e.head}")
        if any(a is not b for a, b in zip(e.args, parts, strict=True)):
            raise BoundcheckError(f"{row!r:.80} is written with other parts")
        return self._counted(e)

    def _counted(self, e: Expr) -> Expr:
        self._free += len(e.free)
        if self._free > MAX_FREE:
            raise BoundcheckError(f"more than {MAX_FREE} free symbols in all nodes together")
        return e


def as_list(value: Any, where: str, most: int) -> list[Any]:
    """A list that was read, which has at most so many entries.

    >>> as_list([1], "here", 10)
    [1]
    """
    if not isinstance(value, list):
        raise BoundcheckError(f"{where}: {value!r:.40} is not a list")
    if len(value) > most:
        raise BoundcheckError(f"{where} has {len(value)} entries, more than {most}")
    return value


def as_object(value: Any, where: str, keys: set[str]) -> dict[str, Any]:
    """An object that was read, which has just these keys.

    >>> as_object({"rule": "assume"}, "here", {"rule"})
    {'rule': 'assume'}
    """
    if not isinstance(value, dict):
        raise BoundcheckError(f"{where}: {value!r:.40} is not an object")
    if value.keys() != keys:
        have, want = ", ".join(map(str, value)), ", ".join(sorted(keys))
        raise BoundcheckError(f"{where} has the keys {have[:200]} instead of {want}")
    return value


def _at(table: Sequence[Any], place: Any, message: str) -> Any:
    if type(place) is not int or not 0 <= place < len(table):
        raise BoundcheckError(message)
    return table[place]


def checked_name(name: Any) -> str:
    """The name of a symbol or a space: at most 100 letters, digits, `_` and primes, in ASCII.

    Names that rules make (`INTERNAL`) are none: a rule may rely on it that nobody else uses them.

    >>> checked_name("x_1'")
    "x_1'"
    >>> checked_name("·0")
    Traceback (most recent call last):
        ...
    boundcheck.errors.BoundcheckError: '·0' is no name: a letter, then letters, digits, _ and '
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BoundcheckError(f"{name!r:.40} is no name: a letter, then letters, digits, _ and '")
    return name


def _exact(text: str) -> Fraction:
    if len(text) > 2 * _DIGITS or not _NUMBER.fullmatch(text):
        raise BoundcheckError(f"{text[:40]!r} is not a number such as 12, -3 or 1/3")
    top, _, bottom = text.partition("/")
    if max(len(top), len(bottom)) > _DIGITS:
        raise BoundcheckError(f"{text[:40]}... has more than {_DIGITS} digits")
    found = Fraction(int(top), int(bottom or 1))
    if str(found) != text:
        raise BoundcheckError(f"{text[:40]!r} is to be written as {str(found)[:40]}")
    return found
