"""Snapshots: what is proved today as JSON, with constants and margins, to compare a later run with.

A snapshot has no times and no methods, so that it changes when a claim does, and goes
well under version control.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from flint import fmpq

from boundcheck.claims.verdict import SEVERITY, Proved, Steps
from boundcheck.documents import Document, JsonObject, read_document, write_atomically
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import MAX_DECIMAL_EXPONENT, decimal
from boundcheck.verification.stated_constant import StatedConstant
from boundcheck.verification.verify import Checked, Result
from boundcheck.version import __version__

FORMAT = "boundcheck.snapshot"
VERSION = 2  # version 1 called proved what is steps now
DIGITS = 12
_TINY = fmpq(10) ** (
    100 - MAX_DECIMAL_EXPONENT
)  # what is nearer to 0 or to oo is rounded outward to it
_T = TypeVar("_T")
_OF_CLAIMS = [kind.name for kind in SEVERITY]
_OF_STATEMENTS = [name for name in _OF_CLAIMS if name != Steps.name]


@dataclass(frozen=True)
class RecordedStatement:
    """A statement as a snapshot knows it; `text` is all that is compared of what it asserts.

    >>> was = {"kind": "inequality", "statement": "1 < 2", "verdict": "proved"}
    >>> (found,) = recorded(
    ...     {"claims": [{"id": "one", "verdict": "proved", "axioms": [], "statements": [was]}]}
    ... )
    >>> found.statements[0].text, found.statements[0].margin
    ('1 < 2', None)
    """

    kind: str
    text: str
    verdict: str
    margin: Enclosure | None
    constant: StatedConstant | None


@dataclass(frozen=True)
class RecordedClaim:
    """A claim as a snapshot knows it; `axioms` are the cited statements that it rests on.

    >>> entry = {"id": "weierstrass", "verdict": "proved", "axioms": [], "statements": []}
    >>> recorded({"claims": [entry]})
    (RecordedClaim(id='weierstrass', label=None, verdict='proved', axioms=(), statements=()),)
    """

    id: str
    label: str | None
    verdict: str
    axioms: tuple[str, ...]
    statements: tuple[RecordedStatement, ...]


def document_of(results: Iterable[Result]) -> JsonObject:
    """The document of some settled results (see `verify.settle`).

    >>> from boundcheck import inequality
    >>> from boundcheck.claims.claim import Claim
    >>> from boundcheck.verification.verify import settle, verify
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = Claim(id="quarter", build=lambda: [statement])
    >>> document_of(settle(verify([quarter])))["claims"][0]["statements"][0]["constant"]["of"]
    'x*(1 - x) <= C, on x in [0, 1]'
    """
    claims = [
        {
            "id": r.claim.id,
            "label": r.claim.label,
            "verdict": r.verdict.name,
            "axioms": [{"statement": a.statement, "reference": a.reference} for a in r.axioms],
            "statements": [_statement_as_json(c) for c in r.checked],
        }
        for r in results
    ]
    made_with = f"boundcheck {__version__}"
    return {"format": FORMAT, "version": VERSION, "made_with": made_with, "claims": claims}


def _statement_as_json(c: Checked) -> JsonObject:
    margin = c.verdict.margin if isinstance(c.verdict, Proved) else None
    return {
        "kind": c.kind,
        "statement": c.text,
        "verdict": c.verdict.name,
        "margin": None if margin is None else _printed(margin),
        "constant": c.constant  # type: ignore[dict-item]  # never false
        and {
            "of": c.constant.of,
            "bounds_from_above": c.constant.upper,
            **_printed(c.constant.value),
        },
    }


def _printed(e: Enclosure) -> dict[str, str]:
    """The ends as decimal texts, rounded outward to digits, and to exponents that
    `decimal` reads."""
    upper = None if e.upper is None else _raised(e.upper)
    lower = None if e.lower is None else _raised(-e.lower)
    return Enclosure(None if lower is None else -lower, upper).as_json(DIGITS)


def _raised(q: fmpq) -> fmpq | None:
    """The least number >= q that is 0 or of a size between _TINY and 1/_TINY; None for oo."""
    if q > 1 / _TINY:
        return None
    if q < -1 / _TINY:
        return -1 / _TINY
    if 0 < abs(q) < _TINY:
        return _TINY if q > 0 else fmpq(0)
    return q


def save(path: Path, document: JsonObject) -> None:
    """Write a snapshot, atomically.

    >>> from boundcheck import inequality
    >>> from boundcheck.claims.claim import Claim
    >>> from boundcheck.verification.verify import settle, verify
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = Claim(id="quarter", build=lambda: [statement])
    >>> save(Path("proved.json"), document_of(settle(verify([quarter]))))
    """
    write_atomically(path, json.dumps(document, indent=1) + "\n")


def load(path: Path) -> tuple[RecordedClaim, ...]:
    """Read what `save` wrote; the file is not trusted.

    Raises:
        BoundcheckError: no such file, not a snapshot, another version, or one that is damaged.

    >>> from boundcheck import inequality
    >>> from boundcheck.claims.claim import Claim
    >>> from boundcheck.verification.verify import settle, verify
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = Claim(id="quarter", build=lambda: [statement])
    >>> save(Path("proved.json"), document_of(settle(verify([quarter]))))
    >>> [claim.verdict for claim in load(Path("proved.json"))]
    ['proved']
    """
    remedy = "write one with boundcheck verify --snapshot FILE"
    document = read_document(path, FORMAT, VERSION, remedy)
    try:
        return recorded(document)
    except BoundcheckError as error:
        raise BoundcheckError(f"{path} is damaged: {error}; {remedy}") from None


def recorded(document: Document) -> tuple[RecordedClaim, ...]:
    """The claims of a document.

    Raises:
        BoundcheckError: something is missing, of the wrong type, or there twice.

    >>> entry = {"id": "weierstrass", "verdict": "proved", "axioms": [], "statements": []}
    >>> [claim.id for claim in recorded({"claims": [entry]})]
    ['weierstrass']
    """
    claims = [_claim(_of_type(c, dict, "claims")) for c in _entry(document, "claims", list)]
    ids = [c.id for c in claims]
    twice = (
        next((i for k, i in enumerate(ids) if i in set(ids[:k])), None)
        if len(set(ids)) < len(ids)
        else None
    )
    if twice is not None:
        raise BoundcheckError(f"the claim {twice[:60]!r} is there twice")
    return tuple(claims)


def _claim(entry: Document) -> RecordedClaim:
    label = entry.get("label")
    return RecordedClaim(
        _entry(entry, "id", str),
        None if label is None else _of_type(label, str, "label"),
        _verdict(entry, _OF_CLAIMS),
        tuple(
            _entry(_of_type(a, dict, "axioms"), "statement", str)
            for a in _entry(entry, "axioms", list)
        ),
        tuple(
            _statement(_of_type(s, dict, "statements")) for s in _entry(entry, "statements", list)
        ),
    )


def _statement(entry: Document) -> RecordedStatement:
    margin, constant = entry.get("margin"), entry.get("constant")
    return RecordedStatement(
        _entry(entry, "kind", str),
        _entry(entry, "statement", str),
        _verdict(entry, _OF_STATEMENTS),
        None if margin is None else _enclosure(_of_type(margin, dict, "margin")),
        None if constant is None else _constant(_of_type(constant, dict, "constant")),
    )


def _constant(entry: Document) -> StatedConstant:
    return StatedConstant(
        _entry(entry, "of", str), _entry(entry, "bounds_from_above", bool), _enclosure(entry)
    )


def _enclosure(entry: Document) -> Enclosure:
    lower, upper = _entry(entry, "lower", str), _entry(entry, "upper", str)
    found = Enclosure(
        None if lower == "-oo" else decimal(lower), None if upper == "oo" else decimal(upper)
    )
    if found.lower is not None and found.upper is not None and found.lower > found.upper:
        raise BoundcheckError(f"the enclosure from {lower[:40]} to {upper[:40]} is empty")
    return found


def _verdict(entry: Document, known: list[str]) -> str:
    name = _entry(entry, "verdict", str)
    if name not in known:
        raise BoundcheckError(f"{name[:40]!r} is not a verdict; there are {', '.join(known)}")
    return str(name)


def _entry(document: Document, key: str, wanted: type[_T]) -> _T:
    if key not in document:
        raise BoundcheckError(f"an entry lacks {key!r}")
    return _of_type(document[key], wanted, key)


def _of_type(value: object, wanted: type[_T], key: str) -> _T:
    if not isinstance(value, wanted):
        raise BoundcheckError(
            f"{key!r} holds {str(value)[:40]!r}, which is not a {wanted.__name__}"
        )
    return value
