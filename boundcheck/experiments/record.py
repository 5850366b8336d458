"""What an experiment measured, as JSON: what is measured stands under `measured`,
proved bounds under `bound`.

A measured number is a double. A bound is a decimal text, rounded up. `holds` says whether
what was measured, its quadrature's change added, is at most the bound: a comparison of exact
rationals, but of a measurement.
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np
from flint import fmpq

from boundcheck.documents import Document, JsonObject, read_document
from boundcheck.enclosure.intervals.decimals import decimal_text
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import decimal, rational
from boundcheck.version import __version__

FORMAT = "boundcheck.experiment"
VERSION = 2
REMEDY = "write one with boundcheck experiment NAME -o FILE.json"

Watch: TypeAlias = Callable[[str], None]
"""Told what is computed next."""

_Test: TypeAlias = Callable[[object], bool]
_Pattern: TypeAlias = dict[str, "_Pattern"] | list["_Pattern"] | _Test
"""The shape of a document: of an object, of a list by that of its entries, or of a value."""
_Found = TypeVar("_Found", bound=Document)

_DIGITS = 6
_MOST_BYTES = 16 * 1024 * 1024


def document(
    name: str,
    settings: Mapping[str, str],
    seed: int,
    rows: Sequence[Document],
    total: Document,
) -> JsonObject:
    """The document of an experiment: rows over t or over m, and what is said of all of them."""
    from boundcheck.torchnet.backend import torch  # reading a document does without

    found: JsonObject = {
        "format": FORMAT,
        "version": VERSION,
        "experiment": name,
        "settings": dict(settings),
        "seed": seed,
        "versions": {
            "boundcheck": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "torch": torch.__version__,
        },
        "rows": rows,
        "total": total,
    }
    return _checked(found)


def text(found: Document) -> str:
    """The document as JSON."""
    return json.dumps(found, indent=1, allow_nan=False) + "\n"


def load(path: Path) -> Document:
    """Read a document; the file is not trusted.

    Raises:
        BoundcheckError: no such file, another format or version, or an entry that is missing
            or not what it should be.
    """
    try:
        return _checked(read_document(path, FORMAT, VERSION, REMEDY, _MOST_BYTES))
    except _Malformed as error:
        raise BoundcheckError(f"{path} is malformed: {error}; {REMEDY}") from None


def at_most(bound: fmpq) -> str:
    """A bound as a text, rounded up."""
    return decimal_text(bound, _DIGITS, up=True)


def at_least(bound: fmpq) -> str:
    """A lower bound as a text, rounded down."""
    return decimal_text(bound, _DIGITS, up=False)


def holds(measured: float, change: float, bound: fmpq) -> bool:
    """Whether measured + change <= bound, exactly for these doubles."""
    return bool(rational(measured) + rational(change) <= bound)


def above(measured: float, change: float, bound: fmpq) -> bool:
    """Whether measured - change >= bound, exactly for these doubles."""
    return bool(rational(measured) - rational(change) >= bound)


def all_hold(found: Document) -> bool:
    """Whether everything that was measured is at most its bound."""
    return all(entry["holds"] for entry in (found["total"], *found["rows"]))


# -- the shape of a document -----------------------------------------------------------------------


class _Malformed(Exception):
    """What is wrong with a document, and where."""


def _checked(found: _Found) -> _Found:
    _match(found, _DOCUMENT, "the document")
    row, total = _SHAPES[found["experiment"]]
    _match(found["rows"], [row], "rows")
    _match(found["total"], total, "total")
    needed = _NEEDED.get(found["experiment"])
    if needed is not None and needed not in found["settings"]:
        raise _Malformed(f"the document, settings has no {needed}")
    of_rows, of_total = _COMPARED[found["experiment"]]
    for place, row in enumerate(found["rows"], start=1):
        _compare(row, of_rows, f"rows, entry {place}")
    _compare(found["total"], of_total, "total")
    return found


def _compare(entry: Document, pairs: dict[str, str], where: str) -> None:
    """Refuse an entry that is said to hold where a measured number is above its bound, or below
    its lower bound."""
    for measured, bound in pairs.items():
        seen, limit = rational(entry["measured"][measured]), decimal(entry["bound"][bound])
        lower = bound in _LOWER
        if entry["holds"] and (seen < limit if lower else seen > limit):
            side = "below the lower bound" if lower else "above the bound"
            raise _Malformed(
                f"{where} is said to hold, but {measured} is {side} {entry['bound'][bound]}"
            )


def _match(value: object, shape: _Pattern, where: str) -> None:
    """Refuse what has not the shape: a mapping of the same keys, a list [shape
    of each entry], or a test."""
    if isinstance(shape, dict):
        if not isinstance(value, dict) or value.keys() != shape.keys():
            raise _Malformed(f"{where} is not an object with the entries {', '.join(shape)}")
        for key, inner in shape.items():
            _match(value[key], inner, f"{where}, {key}")
    elif isinstance(shape, list):
        if not isinstance(value, list) or not value:
            raise _Malformed(f"{where} is not a list with entries")
        for k, entry in enumerate(value, start=1):
            _match(entry, shape[0], f"{where}, entry {k}")
    elif not shape(value):
        raise _Malformed(f"{where} is {str(value)[:40]!r}, not {shape.__doc__}")


def _whole(value: object) -> bool:
    """an integer >= 0"""
    return type(value) is int and value >= 0


def _number(value: object) -> bool:
    """a finite number"""
    return (type(value) is float and math.isfinite(value)) or (
        type(value) is int and abs(value) < 2**1023
    )


def _number_or_none(value: object) -> bool:
    """a finite number or null"""
    return value is None or _number(value)


def _bound(value: object) -> bool:
    """a decimal text >= 0"""
    try:
        return isinstance(value, str) and decimal(value) >= 0
    except BoundcheckError:
        return False


def _words(value: object) -> bool:
    """an object of texts"""
    return isinstance(value, dict) and all(_word(text) for entry in value.items() for text in entry)


def _word(value: object) -> bool:
    """a text that can be printed"""
    return isinstance(value, str) and value.isprintable()


def _truth(value: object) -> bool:
    """true or false"""
    return isinstance(value, bool)


def _experiment(value: object) -> bool:
    """the name of an experiment"""
    return isinstance(value, str) and value in _SHAPES


def _anything(_: object) -> bool:
    """checked later"""
    return True


def _all(test: _Test, names: str) -> dict[str, _Pattern]:
    return dict.fromkeys(names.split(), test)


_DOCUMENT: _Pattern = {
    "format": _word,
    "version": _whole,
    "experiment": _experiment,
    "settings": _words,
    "seed": _whole,
    "versions": _words,
    "rows": _anything,
    "total": _anything,
}

_NEEDED = {"ddpm": "samples", "erm": "repeats"}
"""What the tables read of the settings."""

_TERMS = "divergence prior bayes_steps excess"
_OF_TOTAL = {n: n for n in _TERMS.split()}
_COMPARED: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "ddpm": (
        {n: n for n in ("gap", "information", "bayes_step")},
        {n: n for n in ("divergence", "prior", "bayes_steps", "total_variation")},
    ),
    "erm": ({"mean": "excess"}, {}),
    "classes": (
        {n: n for n in ("excess", "loss", "bayes_step", "information", "guidance")},
        _OF_TOTAL,
    ),
    "values": ({n: n for n in ("excess", "loss", "bayes_step")}, _OF_TOTAL),
}
"""Where a row, and where the total holds: what was measured is at most the bound."""
_LOWER = {"information"}
"""Of these the bound is a lower one."""


def _conditional(seen: str, bound: str, about: dict[str, _Pattern]) -> tuple[_Pattern, _Pattern]:
    """Of models that know a condition: rows over t, and the total."""
    return (
        {
            "t": _whole,
            **_all(_number, "alpha_bar w"),
            **about,
            "measured": _all(_number, f"change excess loss mmse bayes_step mmse_alone {seen}"),
            "bound": _all(_bound, f"excess loss mmse bayes_step trivial {bound}"),
            "holds": _truth,
        },
        {
            "measured": _all(_number, f"{_TERMS} change sum"),
            "bound": _all(_bound, _TERMS),
            "holds": _truth,
        },
    )


_SHAPES: dict[str, tuple[_Pattern, _Pattern]] = {
    "ddpm": (
        {
            **_all(_whole, "t neurons depth"),
            **_all(_number, "alpha_bar R c w"),
            "version": _word,
            "measured": _all(_number, "gap change excess mmse information bayes_step"),
            "bound": _all(_bound, "gap excess mmse information bayes_step trivial"),
            "holds": _truth,
        },
        {
            "measured": _all(
                _number,
                "divergence change prior bayes_steps excess sum defect total_variation",
            ),
            "bound": _all(_bound, "divergence prior bayes_steps excess total_variation"),
            "histogram": {
                "edges": [_number],
                "counts": [_whole],
                "masses": [_number],
                "distance": _number,
            },
            "holds": _truth,
        },
    ),
    "erm": (
        {
            **_all(_whole, "m k neurons parameters"),
            **_all(_number, "c Theta delta"),
            "measured": {
                "excess": [_number],
                **_all(_number, "mean comparator change risk risk_of_comparator"),
            },
            "bound": _all(_bound, "excess estimation comparator proved"),
            "holds": _truth,
        },
        {
            **_all(_number, "alpha_bar R"),
            "measured": {"slope": _number_or_none},
            "bound": {**_all(_bound, "off_box trivial"), "exponent": _word},
            "holds": _truth,
        },
    ),
    "classes": _conditional("information guidance", "information guidance", {"predictors": _word}),
    "values": _conditional(
        "", "", {**_all(_whole, "neurons depth"), **_all(_number, "R c"), "version": _word}
    ),
}
