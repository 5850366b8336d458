"""Claims: named, sourced statements. A decorated function in a proof file, or
an entry of a claims file. The name, the source and the docstring are words, which nobody checks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from boundcheck.claims.comparison import Comparison, identity, inequality
from boundcheck.claims.says_nothing import says_nothing
from boundcheck.claims.statement import (
    Citation,
    Failure,
    NormBound,
    ShapeStatement,
    Statement,
    Use,
)
from boundcheck.claims.theorem_statement import TheoremStatement
from boundcheck.documents import Document
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.box import Box
from boundcheck.exact.terms.parser import parse_relation
from boundcheck.math import symbols

if TYPE_CHECKING:
    import sympy

LABELS = {"P": "claimed by the paper", "D": "derived here", "C": "cited"}
_KINDS = (Comparison, ShapeStatement, NormBound, Failure, Citation, Use, TheoremStatement)


@dataclass(frozen=True)
class Reading:
    """How a claim of the paper is understood where a theorem here decides it.

    Attributes:
        paper: which claim of the paper: P1 to P5.
        words: how it is read.
        bound: the bound with our constants, a sympy expression; None where there is none.
        refuted: whether the theorem says that the claim fails, so read.

    >>> import sympy
    >>> reading = Reading(paper="P1", words="M is a constant", bound=1 / sympy.Symbol("n"))
    >>> reading.paper, reading.bound, reading.refuted
    ('P1', 1/n, False)
    """

    paper: str
    words: str
    bound: sympy.Expr | None = None
    refuted: bool = False


@dataclass(frozen=True)
class Claim:
    """A theorem with its source.

    Attributes:
        id: `file.function` for proof files, the entry's id for claims files.
        build: makes the statements; called each time, so that an error in it is
            reported with the claim.
        source: where it comes from, in words.
        label: "P" claimed by the paper, "D" derived here, "C" cited; None for users' own claims.
        title: the first paragraph of the docstring, or the note: words.
        states: what an entry of a claims file states, as it is written there.
        path: the file.
        line: where it is in the file: a line, or the number of the entry.
        reading: of which claim of the paper it decides a reading, if of any.

    >>> @claim(source="folklore")
    ... def half(x):
    ...     \"\"\"x(1 - x) is at most 1/4.\"\"\"
    ...     yield inequality(x * (1 - x) <= "1/4", on="x in [0, 1]")
    >>> half.label, half.source, half.title
    ('D', 'folklore', 'x(1 - x) is at most 1/4.')
    >>> [s.text() for s in half.statements()]
    ['x*(1 - x) <= 1/4, on x in [0, 1]']
    """

    id: str
    build: Callable[[], Iterable[Statement]] = field(repr=False, compare=False)
    source: str = ""
    label: str | None = None
    title: str = ""
    states: str = ""
    path: Path | None = None
    line: int = 0
    reading: Reading | None = field(default=None, compare=False)

    def statements(self) -> tuple[Statement, ...]:
        """The statements, in order.

        Raises:
            BoundcheckError: it asserts nothing, or yields something that is no statement, or one
                that says nothing.
        """
        found = tuple(self.build())
        for s in found:
            if not isinstance(s, _KINDS):
                raise BoundcheckError(
                    f"{self.id} yields {s!r}, which is not a statement; "
                    "use identity, inequality, shape, fails, cited or uses"
                )
            why = says_nothing(self._as_claimed(s)) if isinstance(s, Comparison) else None
            if why is not None:
                raise BoundcheckError(
                    f"{self.id} yields {s.text()[:200]}, which says nothing: {why}; "
                    "state what is to be shown, or leave it out"
                )
        if not found:
            raise BoundcheckError(f"{self.id} asserts nothing; yield at least one statement")
        return found

    def _as_claimed(self, s: Comparison) -> Comparison:
        """The statement; in claims files, where x <= 1 on [0, 1] may be meant, without the ends of
        its ranges among the hypotheses."""
        return s if self.proof_file else Comparison(s.relation, Box.reals(*s.names), s.given)

    @property
    def proof_file(self) -> bool:
        """Whether it is a function of a proof file, not an entry of a claims file."""
        return self.path is not None and self.path.suffix == ".py"


def claim(
    *, source: str, label: str = "D", reading: Reading | None = None
) -> Callable[[Callable[..., Iterable[Statement]]], Claim]:
    """Declare a function that yields statements to be a claim.

    The names of its arguments become real symbols, and its docstring says the theorem in words. It
    is proved if it is one statement that is; with several, or with words that connect it to others,
    it is steps.

    Args:
        source: where the theorem comes from, in words.
        label: "P" claimed by the paper, "D" derived here, "C" cited.
        reading: of a claim of the paper, where the claim decides one.

    Raises:
        BoundcheckError: an unknown label, or a function without a docstring.

    >>> from boundcheck import Box
    >>> @claim(source="folklore")
    ... def mean(x, y):
    ...     \"\"\"The geometric mean is at most the arithmetic one.\"\"\"
    ...     yield inequality(x * y, "<=", (x**2 + y**2) / 2, on=Box(x=(0, 1), y=(0, 1)))
    >>> mean.title, mean.label
    ('The geometric mean is at most the arithmetic one.', 'D')
    """
    if label not in LABELS:
        raise BoundcheckError(
            f"{label!r} is not a label; use " + ", ".join(f"{k} ({v})" for k, v in LABELS.items())
        )

    def declare(function: Callable[..., Iterable[Statement]]) -> Claim:
        words = inspect.getdoc(function) or ""
        if not words.strip():
            raise BoundcheckError(
                f"the claim {function.__name__} needs a docstring that says it in words"
            )
        names = tuple(inspect.signature(function).parameters)

        def build() -> Iterable[Statement]:
            return function(*(symbols(n) for n in names))

        path = inspect.getsourcefile(function)
        stem = Path(path).stem if path else function.__module__
        return Claim(
            id=f"{stem}.{function.__name__}",
            build=build,
            source=source,
            label=label,
            title=" ".join(words.split("\n\n")[0].split()),
            path=Path(path) if path else None,
            line=function.__code__.co_firstlineno,
            reading=reading,
        )

    return declare


def claim_from(entry: Document, path: Path, number: int) -> Claim:
    """The claim that an entry of a claims file states.

    Raises:
        BoundcheckError: a missing or unknown key, or a value of the wrong type; the text of the
            statement itself is read when the claim is verified.

    >>> entry = {"id": "young", "states": "2*a*b <= a**2 + b**2", "on": "a in [0,1], b in [0,1]"}
    >>> found = claim_from(entry, Path("claims.toml"), 1)
    >>> found.id, found.statements()[0].text()
    ('young', '2*a*b <= a**2 + b**2, on a in [0, 1], b in [0, 1]')
    """
    where = f"{path}, claim {number}"
    known = {"id", "states", "on", "given", "source", "label", "note"}
    unknown = sorted(entry.keys() - known)
    if unknown:
        raise BoundcheckError(
            f"{where} has the unknown key {unknown[0]!r}; the keys are {', '.join(sorted(known))}"
        )
    for key in ("id", "states"):
        if key not in entry:
            raise BoundcheckError(
                f"{where} lacks the key {key!r}; every claim has an id and states something"
            )
    for key in ("id", "states", "source", "label", "note"):
        if key in entry and not isinstance(entry[key], str):
            raise BoundcheckError(f"{where}: {key} is {entry[key]!r}; it must be a text")
    if entry.get("label") not in (None, *LABELS):
        raise BoundcheckError(
            f"{where}: label is {entry['label']!r}; use one of {', '.join(LABELS)}"
        )
    on, given = entry.get("on"), entry.get("given", "")
    if not isinstance(on, (str, dict, type(None))):
        raise BoundcheckError(
            f'{where}: on is {on!r}; write on = "x in [0,1]" or on = {{ x = ["0", "1"] }}'
        )
    if not isinstance(given, (str, list)) or (
        isinstance(given, list) and not all(isinstance(g, str) for g in given)
    ):
        raise BoundcheckError(
            f'{where}: given is {given!r}; write given = "a > 0" or a list of such texts'
        )

    def build() -> Iterable[Statement]:
        relation = parse_relation(entry["states"])
        if relation.op == "==":
            return [identity(relation.left, relation.right, on=on, given=given)]
        return [inequality(entry["states"], on=on, given=given)]

    return Claim(
        id=entry["id"],
        build=build,
        source=entry.get("source", ""),
        label=entry.get("label"),
        title=entry.get("note", ""),
        states=entry["states"],
        path=path,
        line=number,
    )
