"""Verdicts: what is known of a statement after an attempt to decide it.

They are distinct types, and asking one for its truth raises: `if prove(...)` would hide the
difference between refuted, undecided and ill-posed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, NoReturn, TypeAlias

from flint import fmpq

from boundcheck.documents import JsonObject
from boundcheck.enclosure.intervals.decimals import Enclosure

Proof: TypeAlias = Mapping[str, Any]
"""A tree of rules, as JSON has it. The checker, which stands above, trusts nothing in it."""


@dataclass(frozen=True)
class Witness:
    """A rational point that satisfies the hypotheses, and both sides there, enclosed.

    >>> from boundcheck import prove
    >>> witness = prove("x**2 >= x", on="x in [0,1]").witness
    >>> print(witness)
    x = 1/2: left = 0.25, right = 0.5
    >>> witness.point["x"], witness.as_json()["left"]
    (1/2, {'lower': '0.25', 'upper': '0.25'})
    """

    point: Mapping[str, fmpq]
    left: Enclosure | None = None
    right: Enclosure | None = None

    def as_json(self) -> JsonObject:
        """The point as texts, the sides as decimals rounded outward."""
        sides = {
            k: v.as_json() for k, v in (("left", self.left), ("right", self.right)) if v is not None
        }
        return {"point": {n: str(v) for n, v in self.point.items()}, **sides}

    def __str__(self) -> str:
        at = ", ".join(f"{n} = {v}" for n, v in self.point.items()) or "the constants"
        return at if self.left is None else f"{at}: left = {self.left}, right = {self.right}"


@dataclass(frozen=True)
class Verdict:
    """What is common to all verdicts.

    Attributes:
        name: the verdict in a word, such as `proved`.
        exit_code: of the command line: 0 proved, steps or assumed, 1 refuted, 2 undecided,
            3 ill-posed.
        method: the tactic that decided, in a few words.
        seconds: wall-clock time spent.
        work: units of work spent, the same on every machine (see `exact.terms.work`).

    >>> from boundcheck import prove
    >>> verdict = prove("1 + x <= exp(x)", on="x in [-1, 1]")
    >>> verdict.name, verdict.exit_code, verdict.detail()
    ('proved', 0, 'margin 0')
    >>> bool(verdict)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    TypeError: a verdict (proved) has no truth value; ...
    """

    name: ClassVar[str] = ""
    exit_code: ClassVar[int] = 0
    method: str = ""
    seconds: float = field(default=0.0, compare=False)
    work: float = field(default=0.0, compare=False)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"a verdict ({self.name}) has no truth value; compare its type, as in "
            "isinstance(verdict, Proved)"
        )

    def timed(self, seconds: float, work: float) -> Verdict:
        """The same verdict with the seconds and the units of work spent.

        >>> Undecided(reason="no tactic applies").timed(seconds=0.5, work=0.25).work
        0.25
        """
        return replace(self, seconds=seconds, work=work)

    def detail(self) -> str:
        """One line for a table."""
        return ""

    def as_json(self) -> JsonObject:
        """The fields of the command line's contract; None where one does not apply.

        >>> sorted(Assumed(reference="Weierstrass").as_json())
        ['enclosure', 'margin', 'method', 'reference', 'seconds', 'verdict', 'witness', 'work']
        """
        return {
            "verdict": self.name,
            "method": self.method,
            "seconds": round(self.seconds, 4),
            "work": round(self.work, 6),
            "margin": None,
            "witness": None,
            "enclosure": None,
        }


@dataclass(frozen=True)
class Proved(Verdict):
    """The statement holds, for all values of its variables and symbols.

    Attributes:
        margin: encloses the least distance between the two sides; None for an equality.
        proof: what the checker replays (see `checking.checker`); None for what is not a comparison.
        point: a point that satisfies the hypotheses, where there are any but constant ranges.
        note: what a reader has to know.
        ex_falso: whether it is proved because nothing satisfies the hypotheses.

    >>> from boundcheck import prove
    >>> verdict = prove("x*y <= (x**2 + y**2)/2", on="x in [-3,3], y in [-3,3]")
    >>> isinstance(verdict, Proved), str(verdict.margin), verdict.note, verdict.proof is None
    (True, '0', '', False)
    >>> prove("a + 1/a >= 2", given="a > 0").point
    {'a': 1}
    """

    name = "proved"
    margin: Enclosure | None = None
    proof: Proof | None = field(default=None, compare=False, repr=False)
    point: Mapping[str, fmpq] | None = field(default=None, compare=False, repr=False)
    note: str = ""
    ex_falso: bool = False

    def detail(self) -> str:
        margin = [] if self.margin is None else [f"margin {self.margin}"]
        return "; ".join([*margin, *([self.note] if self.note else [])])

    def as_json(self) -> JsonObject:
        margin = None if self.margin is None else self.margin.as_json()
        return super().as_json() | {"margin": margin} | ({"note": self.note} if self.note else {})


@dataclass(frozen=True)
class Refuted(Verdict):
    """The statement fails at the witness, by rigorous evaluation.

    Attributes:
        witness: where it fails; None where it fails without one.
        reason: what fails, in words; empty where the witness says it.

    >>> from boundcheck import prove
    >>> verdict = prove("x**2 >= x", on="x in [0,1]")
    >>> verdict.name, verdict.exit_code, verdict.detail()
    ('refuted', 1, 'at x = 1/2: left = 0.25, right = 0.5')
    """

    name = "refuted"
    exit_code = 1
    witness: Witness | None = None
    reason: str = ""

    def detail(self) -> str:
        return "; ".join(
            t for t in (self.reason, f"at {self.witness}" if self.witness else "") if t
        )

    def as_json(self) -> JsonObject:
        return super().as_json() | {
            "witness": self.witness.as_json() if self.witness else None,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Undecided(Verdict):
    """The budget is spent, or no tactic applies.

    Attributes:
        reason: what stopped the attempt.
        enclosure: what is known of (right - left) over the box.
        worst: the box where the proof is stuck, as text.

    >>> from boundcheck import prove
    >>> verdict = prove("x*exp(-x)*sin(y) <= 3/8", on="x in [0,4], y in [0,4]", budget=0.001)
    >>> verdict.name, verdict.exit_code
    ('undecided', 2)
    """

    name = "undecided"
    exit_code = 2
    reason: str = ""
    enclosure: Enclosure | None = None
    worst: str | None = None

    def detail(self) -> str:
        known = [] if self.enclosure is None else [f"right - left in {self.enclosure}"]
        return "; ".join(
            [self.reason, *known, *([f"worst box {self.worst}"] if self.worst else [])]
        )

    def as_json(self) -> JsonObject:
        known = None if self.enclosure is None else self.enclosure.as_json()
        return super().as_json() | {"enclosure": known, "reason": self.reason, "worst": self.worst}


@dataclass(frozen=True)
class IllPosed(Verdict):
    """The statement has no meaning somewhere on its box.

    Attributes:
        reason: what is undefined, and where.
        witness: a point where it is, if one was found exactly.

    >>> from boundcheck import prove
    >>> verdict = prove("1/x >= 0", on="x in [-1,1]")
    >>> verdict.name, verdict.exit_code, verdict.detail()
    ('ill-posed', 3, 'division by zero in 1/x, at x = 0')
    """

    name = "ill-posed"
    exit_code = 3
    reason: str = ""
    witness: Witness | None = None

    def detail(self) -> str:
        return self.reason + (f", at {self.witness}" if self.witness else "")

    def as_json(self) -> JsonObject:
        return super().as_json() | {
            "witness": self.witness.as_json() if self.witness else None,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Assumed(Verdict):
    """A cited result: an axiom of every claim that uses it.

    Attributes:
        reference: where it is proved.

    >>> from boundcheck import cited, prove
    >>> prove(cited("a continuous function on [0, 1] has a maximum", "Weierstrass")).reference
    'Weierstrass'
    """

    name = "assumed"
    reference: str = ""

    def detail(self) -> str:
        return self.reference

    def as_json(self) -> JsonObject:
        return super().as_json() | {"reference": self.reference}


@dataclass(frozen=True)
class Steps(Verdict):
    """Of a claim, never of a statement: its formulas are proved, and words stand between them.

    No machine reads the words: what the claim is called, how its formulas are put together, what
    it takes from the claims that it uses.

    >>> from boundcheck import claim, inequality
    >>> from boundcheck.verification.verify import verify
    >>> @claim(source="folklore")
    ... def smaller(x):
    ...     \"\"\"So x**4 is smaller too.\"\"\"
    ...     yield inequality("x**2 <= x", on="x in [0, 1]")
    ...     yield inequality("x**3 <= x**2", on="x in [0, 1]")
    >>> (result,) = verify([smaller])
    >>> result.verdict.name, result.verdict.exit_code
    ('steps', 0)
    """

    name = "steps"


SEVERITY = (Refuted, IllPosed, Undecided, Assumed, Steps, Proved)
"""All verdicts, the worst first."""


def together(kinds: Iterable[type[Verdict]], *, words: bool = False) -> type[Verdict]:
    """The verdict on what several verdicts speak for: a claim, by those of its statements.

    The worst failure, where there is one; assumed, where nothing was decided; proved for a single
    one that is, with nothing beside it; and steps otherwise, as only words say what several
    formulas mean together.

    Args:
        words: whether something else stands beside them that was not decided.

    >>> together([Proved]).name, together([Proved, Proved]).name, together([Assumed, Assumed]).name
    ('proved', 'steps', 'assumed')
    >>> together([Proved], words=True).name, together([Proved, Undecided, Assumed]).name
    ('steps', 'undecided')
    """
    found = list(kinds)
    failures = [k for k in SEVERITY if k.exit_code and k in found]
    if failures:
        return failures[0]
    if all(k is Assumed for k in found):
        return Assumed
    return found[0] if len(found) == 1 and not words else Steps
