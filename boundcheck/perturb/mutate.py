"""Mutations: every number of a statement moved a little, to see which of them
the statement depends on.

A number *binds* in a direction if the statement no longer holds after the smallest move;
otherwise it has slack. That a moved statement is refuted is evidence by a witness; that
it is proved is a proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flint import fmpq

from boundcheck.claims.claim import Claim
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.statement import ShapeStatement, Statement
from boundcheck.claims.verdict import IllPosed, Proved, Refuted, Undecided, Verdict
from boundcheck.errors import BoundcheckError
from boundcheck.perturb.occurrences import Place, marked, places, put, sizes
from boundcheck.verification.collect import describe
from boundcheck.verification.decide import decide

DEFAULT_MOST = 40
RELATIVE = (("1e-6", fmpq(1, 10**6)), ("1 %", fmpq(1, 100)), ("10 %", fmpq(1, 10)))
LOWERED, RAISED = "lowered", "raised"
BREAKS = "the proof breaks"
"""The method of the verdict on a theorem whose proof does not go through with another number."""


@dataclass(frozen=True)
class Step:
    """One move: how far, as people say it, and what became of the statement.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = next(place for place in places(statement) if place.value == fmpq(1, 4))
    >>> step = direction(statement, quarter, LOWERED, budget=10).steps[-1]
    >>> step.label, step.value, step.fails, step.as_json()["verdict"]
    ('1e-6', 999999/4000000, True, 'refuted')
    """

    label: str
    distance: fmpq
    value: fmpq
    verdict: Verdict

    @property
    def fails(self) -> bool:
        """Whether the statement is false, or has no meaning, after the move."""
        return isinstance(self.verdict, (Refuted, IllPosed))

    def as_json(self) -> dict[str, Any]:
        """The size of the move, the number, and the fields of the verdict."""
        return {"size": self.label, "value": str(self.value), **self.verdict.as_json()}


@dataclass(frozen=True)
class Direction:
    """The moves of one number in one direction, nearest first; they end
    where the statement fails.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = next(place for place in places(statement) if place.value == fmpq(1, 4))
    >>> found = direction(statement, quarter, LOWERED, budget=10)
    >>> print(found)
    binds (refuted at 1e-6, x = 1/2)
    >>> found.kind, found.failure.value, found.farthest, found.as_json()["verdict"]
    ('binds', 999999/4000000, None, 'binds')
    """

    name: str
    steps: tuple[Step, ...]

    @property
    def failure(self) -> Step | None:
        """The move after which the statement fails; None where there is none."""
        return next((s for s in self.steps if s.fails), None)

    @property
    def farthest(self) -> Step | None:
        """The farthest move after which the statement is still proved."""
        return next((s for s in reversed(self.steps) if isinstance(s.verdict, Proved)), None)

    @property
    def kind(self) -> str:
        """`binds` (after the nearest move), `slack` (proved after every move),
        `some slack`, `binds within` (nothing is known of the nearest move, but a farther
        one fails), `breaks` (the proof of a theorem, after the nearest move) or `unknown`."""
        if self.steps[0].fails:
            return "binds"
        if self.steps[0].verdict.method == BREAKS:
            return "breaks"
        if all(isinstance(s.verdict, Proved) for s in self.steps):
            return "slack"
        if self.farthest is not None:
            return "some slack"
        return "unknown" if self.failure is None else "binds within"

    def __str__(self) -> str:
        open_ones = [s for s in self.steps if isinstance(s.verdict, Undecided)]
        known = [f"{_of(open_ones[0].verdict)} at {open_ones[0].label}"] if open_ones else []
        if self.failure is not None:
            known.append(
                f"{self.failure.verdict.name} at {self.failure.label}{_where(self.failure.verdict)}"
            )
        detail = f" ({', '.join(known)})" if known else ""
        return {
            "binds": "binds",
            "slack": f"slack: proved up to {self.steps[-1].label}",
            "some slack": f"slack up to {self.farthest.label}" if self.farthest else "",
            "binds within": f"binds within {self.failure.label}" if self.failure else "",
            "breaks": "breaks",
            "unknown": "unknown",
        }[self.kind] + detail

    def as_json(self) -> dict[str, Any]:
        """The kind, the farthest number proved, the first that fails, and the moves."""
        farthest = self.farthest
        return {
            "verdict": self.kind,
            "proved_up_to": None if farthest is None else str(farthest.value),
            "fails_at": None if self.failure is None else str(self.failure.value),
            "steps": [s.as_json() for s in self.steps],
        }


@dataclass(frozen=True)
class Probed:
    """A number of a statement, and what happens when it is lowered and raised.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = Claim(id="quarter", build=lambda: [statement])
    >>> (study,) = studies(quarter, budget=10)
    >>> probed = list(study.probe(budget=10))[1]
    >>> print(probed.where, probed.role, probed.value, probed.lowered.kind, probed.raised.kind)
    x*(1 - x) <= [1/4] side 1/4 binds slack
    >>> sorted(probed.as_json())
    ['lowered', 'raised', 'role', 'value', 'where']
    """

    where: str
    role: str
    value: fmpq
    lowered: Direction
    raised: Direction

    def as_json(self) -> dict[str, Any]:
        """The number, its place, and both directions."""
        return {
            "where": self.where,
            "role": self.role,
            "value": str(self.value),
            "lowered": self.lowered.as_json(),
            "raised": self.raised.as_json(),
        }


@dataclass
class Study:
    """A statement of a claim with what is known of its numbers; it fills while `probe` runs.

    Attributes:
        claim: the claim.
        index: which of its statements, from 1.
        verdict: of the statement as it stands; only what is proved is mutated.
        places: the numbers to move, each in the comparison that it belongs to,
            after the name of a size.
        left_out: how many numbers beyond the limit are not moved.
        probed: the numbers that have been moved.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = Claim(id="quarter", build=lambda: [statement])
    >>> (study,) = studies(quarter, budget=10)
    >>> study.text, study.verdict.name, len(study.places), study.note
    ('x*(1 - x) <= 1/4, on x in [0, 1]', 'proved', 4, '')
    >>> study.as_json()["not_reached"]
    4
    """

    claim: Claim
    index: int
    kind: str
    text: str
    verdict: Verdict
    places: tuple[tuple[str, Comparison, Place], ...] = ()
    left_out: int = 0
    probed: list[Probed] = field(default_factory=list)

    def probe(self, budget: float) -> Iterator[Probed]:
        """Move each number in turn, with a budget (units of work) for each move.

        >>> from boundcheck import inequality
        >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
        >>> quarter = Claim(id="quarter", build=lambda: [statement])
        >>> (study,) = studies(quarter, budget=10)
        >>> for probed in study.probe(budget=10):
        ...     print(probed.where, "|", probed.lowered.kind, "|", probed.raised.kind)
        x*([1] - x) <= 1/4 | slack | binds
        x*(1 - x) <= [1/4] | binds | slack
        x in [[0], 1] | slack | slack
        x in [0, [1]] | slack | slack
        """
        for name, statement, place in self.places:
            where = f"{name}: {marked(statement, place)}" if name else marked(statement, place)
            directions = [direction(statement, place, way, budget) for way in (LOWERED, RAISED)]
            found = Probed(where, place.role, place.value, *directions)
            self.probed.append(found)
            yield found

    @property
    def note(self) -> str:
        """What has to be said of the statement as a whole."""
        if not isinstance(self.verdict, Proved):
            return f"not mutated: it is {self.verdict.name}, and only what is proved is mutated"
        if not self.places:
            return "it has no numeric constants"
        if self.left_out:
            return f"{self.left_out} more constants were left out; raise --constants to see them"
        ends = [d.kind for p in self.probed for d in (p.lowered, p.raised)]
        if len(self.probed) == len(self.places) and set(ends) == {"slack"}:
            return (
                (
                    "no constant of this statement binds: the bound is not tight, or it does not "
                    "depend on them"
                )
                if len(ends) > 2
                else (
                    "its only constant does not bind: the bound is not tight, or it does not "
                    "depend on it"
                )
            )
        return ""

    def as_json(self) -> dict[str, Any]:
        """The fields of `boundcheck mutate --json`."""
        return {
            "kind": self.kind,
            "statement": self.text,
            "verdict": self.verdict.name,
            "reason": "" if isinstance(self.verdict, Proved) else self.verdict.detail(),
            "constants": [p.as_json() for p in self.probed],
            "left_out": self.left_out,
            "not_reached": len(self.places) - len(self.probed),
            "note": self.note,
        }


def studies(claim: Claim, budget: float, most: int = DEFAULT_MOST) -> Iterator[Study]:
    """The comparisons and sizes that a claim states, each decided as it stands.

    Args:
        budget: units of work for each statement (see `exact.terms.work`).
        most: how many numbers of a statement are moved.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = Claim(id="quarter", build=lambda: [statement])
    >>> [(study.text, len(study.places)) for study in studies(quarter, budget=10)]
    [('x*(1 - x) <= 1/4, on x in [0, 1]', 4)]
    """
    try:
        stated: tuple[Statement, ...] = claim.statements()
    except (Exception, SystemExit) as error:  # the claim is the user's program
        yield Study(
            claim,
            0,
            "error",
            claim.states or claim.title,
            IllPosed(method="error", reason=describe(error, claim.path)),
        )
        return
    for index, statement in enumerate(stated, start=1):
        if isinstance(statement, Comparison):
            numbers = [("", statement, p) for p in places(statement)]
        elif isinstance(statement, ShapeStatement):
            numbers = [(name, size, p) for name, size, found in sizes(statement) for p in found]
        else:
            continue
        verdict = attempt(statement, budget)
        # of too many, signs go first: most of them are how sympy spells a subtraction
        kept = sorted(range(len(numbers)), key=lambda i: numbers[i][2].role == "sign")[:most]
        chosen = tuple(numbers[i] for i in sorted(kept)) if isinstance(verdict, Proved) else ()
        left = len(numbers) - len(chosen) if chosen else 0
        yield Study(claim, index, statement.kind, statement.text(), verdict, chosen, left)


def as_json_by_claim(found: list[Study]) -> list[dict[str, Any]]:
    """The studies under their claims.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = Claim(id="quarter", build=lambda: [statement])
    >>> (study,) = studies(quarter, budget=10)
    >>> [entry["id"] for entry in as_json_by_claim([study])]
    ['quarter']
    """
    ids = dict.fromkeys(s.claim.id for s in found)
    return [{"id": i, "statements": [s.as_json() for s in found if s.claim.id == i]} for i in ids]


def direction(statement: Comparison, place: Place, name: str, budget: float) -> Direction:
    """Lower or raise one number by growing distances until the statement fails.

    After two undecided moves the others are spared: they cost their whole budget each.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = next(place for place in places(statement) if place.value == fmpq(1, 4))
    >>> for way in (LOWERED, RAISED):
    ...     print(direction(statement, quarter, way, budget=10))
    binds (refuted at 1e-6, x = 1/2)
    slack: proved up to 100 %
    """
    steps: list[Step] = []
    for label, distance in moves(place, name):
        value = place.value - distance if name == LOWERED else place.value + distance
        steps.append(Step(label, distance, value, attempt_at(statement, place, value, budget)))
        if steps[-1].fails or sum(isinstance(s.verdict, Undecided) for s in steps) == 2:
            break
    return Direction(name, tuple(steps))


def moves(place: Place, name: str) -> list[tuple[str, fmpq]]:
    """Labels and distances: relative ones, absolute ones for 0, and whole steps
    for what counts something.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = next(place for place in places(statement) if place.value == fmpq(1, 4))
    >>> moves(quarter, LOWERED)
    [('1e-6', 1/4000000), ('1 %', 1/400), ('10 %', 1/40), ('50 %', 1/8)]
    """
    size = abs(place.value)
    if place.stepped:
        n = int(size.p)
        whole = {1, 2, -(-n // 2), n} - {0}
        return [
            (f"value {place.value + (d if name == RAISED else -d)}", fmpq(d)) for d in sorted(whole)
        ]
    if size == 0:
        return [
            (text, fmpq(1, n))
            for text, n in (("1e-6", 10**6), ("0.01", 100), ("0.1", 10), ("1", 1))
        ]
    shrinks = (place.value > 0) == (name == LOWERED)
    last = ("50 %", fmpq(1, 2)) if shrinks else ("100 %", fmpq(1))
    return [(label, size * r) for label, r in (*RELATIVE, last)]


def attempt_at(statement: Comparison, place: Place, value: fmpq, budget: float) -> Verdict:
    """The verdict with another number at that place; a box that becomes empty is ill-posed.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")
    >>> quarter = next(place for place in places(statement) if place.value == fmpq(1, 4))
    >>> attempt_at(statement, quarter, fmpq(1, 5), budget=10).name
    'refuted'
    """
    try:
        return attempt(put(statement, place, value), budget)
    except BoundcheckError as error:
        return IllPosed(method="box", reason=str(error))


def attempt(statement: Statement, budget: float) -> Verdict:
    """The verdict; bad input is ill-posed, and an error of the prover's own leaves
    the statement undecided.

    >>> from boundcheck import inequality
    >>> attempt(inequality("x*(1 - x) <= 1/4", on="x in [0, 1]"), budget=10).name
    'proved'
    """
    try:
        return decide(statement, budget)
    except BoundcheckError as error:
        return IllPosed(method="input", reason=str(error))
    except (
        Exception
    ) as error:  # a moved number may lead where nobody has been; it must not end a run of an hour
        return Undecided(method="error", reason=describe(error))


def _of(verdict: Verdict) -> str:
    return BREAKS if verdict.method == BREAKS else verdict.name


def _where(verdict: Verdict) -> str:
    witness = getattr(verdict, "witness", None)
    if witness is None or not witness.point:
        return ""
    text = ", ".join(f"{n} = {v}" for n, v in witness.point.items())
    return f", {text}" if len(text) <= 40 else ""
