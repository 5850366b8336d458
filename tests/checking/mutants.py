"""Mutants of proofs: every list, count, index, number, text and part of a proof changed,
one at a time."""

import copy
import itertools
from collections.abc import Iterator
from typing import Any

RULES = ("interval", "algebra", "constant", "sturm", "power", "boxes", "nothing")
WORDS = (
    "lower",
    "upper",
    "slope",
    "face",
    "limit",
    "change",
    "logarithms",
    "exp",
    "tan",
    "cosh",
    "+",
    "-",
    "",
)
LETTERS = "imtxc0123b"


def places(node: Any, path: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    """Every value in a document, with the keys that lead to it."""
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from places(value, (*path, key))
    elif isinstance(node, list):
        for k, value in enumerate(node):
            yield from places(value, (*path, k))


def put(document: Any, path: tuple, value: Any) -> Any:
    """A copy of the document with another value at a place."""
    changed = copy.deepcopy(document)
    if not path:
        return copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = copy.deepcopy(value)
    return changed


def subproofs(proof: Any) -> list[Any]:
    return [value for _, value in places(proof) if isinstance(value, dict) and "by" in value]


def mutants(proof: Any, others: list[Any]) -> Iterator[Any]:
    """Each proof that differs from this one in one place; `others` are sub-proofs to put in."""
    for path, value in list(places(proof)):
        key = path[-1] if path else ""
        for other in _changed(key, value, others):
            if other != value or type(other) is not type(value):
                yield put(proof, path, other)
        if isinstance(value, dict):
            for name in value:
                yield put(proof, path, {k: v for k, v in value.items() if k != name})
            for name in ("defined", "strict", "sides", "touching", "first", "times"):
                if name not in value:
                    yield put(
                        proof, path, {**value, name: "leaf by leaf" if name == "defined" else []}
                    )


def _changed(key: Any, value: Any, others: list[Any]) -> Iterator[Any]:
    yield None
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (0, 1, -1, value + 1, value - 1, 10**6, str(value), value + 0.5, True)
    elif isinstance(value, list):
        yield from (
            [],
            value[:-1],
            value[1:],
            value + value[-1:],
            value[:1] + value,
            value[::-1],
            value + value,
            {},
        )
    elif isinstance(value, dict):
        yield from ({}, [], [value])
        if "by" in value:
            yield from ({**value, "by": rule} for rule in RULES)
            yield from others
    elif isinstance(value, str) and key == "tree":
        spots = {0, 1, len(value) // 2, len(value) - 1}
        for k in sorted(k for k in spots if 0 <= k < len(value)):
            yield value[:k] + value[k + 1 :]
            yield value[:k] + value[k] + value[k:]
            yield from (value[:k] + letter + value[k + 1 :] for letter in LETTERS)
        yield from ("", "c", "x", "t", "i", "m", "b", "0mm", "0tt", value + "m", list(value))
    elif isinstance(value, str):
        yield from (
            "0",
            "1",
            "-1",
            "2",
            "oo",
            "-oo",
            "x",
            "y",
            "1/0",
            "pi",
            f"-({value})",
            f"({value}) + 1",
            "",
        )
        yield from (
            f"({value})*1001/1000",
            f"({value})/2",
            *(w for w in WORDS if key in ("end", "strict", "form", "sign", "by")),
        )


def spread(several: list[Iterator[Any]], count: int) -> Iterator[Any]:
    """Items of several iterators in turn, so many of them."""
    turns = (item for row in itertools.zip_longest(*several) for item in row if item is not None)
    return itertools.islice(turns, count)
