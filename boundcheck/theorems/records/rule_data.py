"""What rules are told beside their premises, as JSON: by the signature of the rule, which says for
each name what it takes. A file chooses none of that."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from inspect import Parameter, signature
from typing import Any

from boundcheck.documents import Json, JsonObject
from boundcheck.errors import BoundcheckError
from boundcheck.theorems.language.binding import Lambda
from boundcheck.theorems.language.expr import Expr
from boundcheck.theorems.language.sorts import Sort
from boundcheck.theorems.language.storage import TableReader, TableWriter, as_list, checked_name
from boundcheck.theorems.rules.all_rules import RULES

MAX_ENTRIES = 10_000


@dataclass(frozen=True)
class Kind:
    """How something that rules take is written, and read."""

    write: Callable[[Any, TableWriter], Json]
    read: Callable[[Any, TableReader, str], Any]


@dataclass(frozen=True)
class Shape:
    """What a rule takes.

    Attributes:
        premises: how many it has at least; `more` says whether others may follow.
        kinds: what it takes by name; `needed` are those that may not be left out.
    """

    premises: int
    more: bool
    kinds: Mapping[str, Kind]
    needed: frozenset[str]


@cache
def shape_of(rule: str) -> Shape:
    """What a rule takes, by its signature.

    Raises:
        BoundcheckError: something of a kind that has no form in files.

    >>> shape = shape_of("instantiate")
    >>> shape.premises, shape.more, sorted(shape.kinds)
    (1, True, ['value'])
    """
    premises, more = 0, False
    kinds: dict[str, Kind] = {}
    needed: set[str] = set()
    for p in signature(RULES[rule]).parameters.values():
        if p.kind is Parameter.KEYWORD_ONLY:
            if p.annotation not in KINDS:
                raise BoundcheckError(f"{p.name} of the rule {rule} has no form in files")
            kinds[p.name] = KINDS[p.annotation]
            if p.default is Parameter.empty:
                needed.add(p.name)
        elif p.kind is Parameter.VAR_POSITIONAL:
            more = True
        else:
            premises += 1
    return Shape(premises, more, kinds, frozenset(needed))


def written(rule: str, data: Mapping[str, Any], tables: TableWriter) -> JsonObject:
    """What a rule was told, as JSON.

    Raises:
        BoundcheckError: it was told something that it does not take.
    """
    kinds = shape_of(rule).kinds
    found: JsonObject = {}
    for name, value in data.items():
        if name not in kinds:
            raise BoundcheckError(f"the rule {rule} takes no {name}")
        try:
            found[name] = kinds[name].write(value, tables)
        except (BoundcheckError, AttributeError, TypeError, ValueError) as error:
            raise BoundcheckError(f"{name} of the rule {rule} cannot be written: {error}") from None
    return found


def read(rule: str, entry: Any, tables: TableReader, where: str) -> dict[str, Any]:
    """What a rule is told, from JSON that is not trusted: all that it needs, and nothing that it
    does not take.

    Raises:
        BoundcheckError: something is missing, is too much, or is of another kind.
    """
    shape = shape_of(rule)
    if not isinstance(entry, dict):
        raise BoundcheckError(f"{where}: the data are not an object")
    for name in entry:
        if name not in shape.kinds:
            raise BoundcheckError(f"{where}: the rule {rule} takes no {name!r:.40}")
    for name in sorted(shape.needed - entry.keys()):
        raise BoundcheckError(f"{where}: the rule {rule} needs {name}")
    return {
        name: shape.kinds[name].read(value, tables, f"{where}, {name}")
        for name, value in entry.items()
    }


# -- kinds -----------------------------------------------------------------------------------------


def _write_expression(e: Expr, tables: TableWriter) -> Json:
    if not isinstance(e, Expr) or e.loose:
        raise BoundcheckError("it is no expression, or has bound variables without a binder")
    return tables.expression(e)


def _read_expression(entry: Any, tables: TableReader, where: str) -> Expr:
    return tables.expression(entry, where)


def _write_value(value: Expr | Lambda, tables: TableWriter) -> Json:
    if isinstance(value, Lambda):
        return tables.function(value)
    return _write_expression(value, tables)


def _read_value(entry: Any, tables: TableReader, where: str) -> Expr | Lambda:
    if isinstance(entry, dict):
        return tables.function(entry, where)
    return tables.expression(entry, where)


def _write_expressions(several: Sequence[Expr], tables: TableWriter) -> Json:
    return [_write_expression(e, tables) for e in several]


def _read_expressions(entry: Any, tables: TableReader, where: str) -> tuple[Expr, ...]:
    places = as_list(entry, where, MAX_ENTRIES)
    return tuple(tables.expression(p, where) for p in places)


def _write_values(values: Mapping[Expr, Expr | Lambda], tables: TableWriter) -> Json:
    return [[tables.expression(e), _write_value(v, tables)] for e, v in values.items()]


def _read_values(entry: Any, tables: TableReader, where: str) -> dict[Expr, Expr | Lambda]:
    found: dict[Expr, Expr | Lambda] = {}
    for pair in as_list(entry, where, MAX_ENTRIES):
        if len(as_list(pair, where, 2)) != 2:
            raise BoundcheckError(f"{where}: not a symbol and what is put for it")
        old = tables.expression(pair[0], where)
        if old in found:
            raise BoundcheckError(f"{where}: two things are put for one symbol")
        found[old] = _read_value(pair[1], tables, where)
    return found


def _write_spaces(spaces: Mapping[str, Sort] | None, tables: TableWriter) -> Json:
    if spaces is None:
        return None
    return {checked_name(name): tables.sort(sort) for name, sort in spaces.items()}


def _read_spaces(entry: Any, tables: TableReader, where: str) -> dict[str, Sort] | None:
    if entry is None:
        return None
    if not isinstance(entry, dict):
        raise BoundcheckError(f"{where}: not an object")
    return {checked_name(name): tables.sort(place, where) for name, place in entry.items()}


def _write_proof(proof: Mapping[str, Any], tables: TableWriter) -> Json:
    found: Json = json.loads(json.dumps(proof))
    return found


def _read_proof(entry: Any, tables: TableReader, where: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise BoundcheckError(f"{where}: a proof is an object")
    return entry


def _plain(of: type) -> Kind:
    def checked(value: Any, where: str) -> Any:
        if type(value) is not of:
            raise BoundcheckError(f"{where}: {value!r:.40} is not of the kind {of.__name__}")
        return value

    return Kind(
        lambda value, tables: checked(value, "what is written"),
        lambda entry, tables, where: checked(entry, where),
    )


KINDS: Mapping[str, Kind] = {
    "Expr": Kind(_write_expression, _read_expression),
    "Lambda": Kind(
        lambda f, tables: tables.function(f),
        lambda entry, tables, where: tables.function(entry, where),
    ),
    "Sequence[Expr]": Kind(_write_expressions, _read_expressions),
    "Mapping[Expr, Value]": Kind(_write_values, _read_values),
    "Mapping[str, Sort] | None": Kind(_write_spaces, _read_spaces),
    "Mapping[str, Any]": Kind(_write_proof, _read_proof),
    "str": _plain(str),
    "int": _plain(int),
}
"""What rules take, by its annotation."""
