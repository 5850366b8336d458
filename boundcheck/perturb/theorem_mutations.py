"""Mutations of theorems: a number of the conclusion or of a hypothesis is moved, and the proof run
again. That a proof breaks is no refutation: another proof might do better."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq

from boundcheck.claims.claim import Claim
from boundcheck.claims.theorem_statement import Number, Shown, TheoremStatement
from boundcheck.claims.verdict import Proved, Undecided, Verdict
from boundcheck.perturb.mutate import (
    BREAKS,
    DEFAULT_MOST,
    LOWERED,
    RAISED,
    Direction,
    Probed,
    Step,
    Study,
    moves,
    studies,
)
from boundcheck.perturb.occurrences import Place
from boundcheck.verification.decide import decide


@dataclass
class TheoremStudy(Study):
    """A theorem with what is known of its numbers."""

    theorem: Shown | None = None
    numbers: tuple[Number, ...] = ()

    def probe(self, budget: float) -> Iterator[Probed]:
        """Move each number in turn, with a budget for each question of the proof to the prover."""
        assert self.theorem is not None
        for n in self.numbers:
            ways = [_direction(self.theorem, n, name, budget) for name in (LOWERED, RAISED)]
            found = Probed(n.marked(), n.role, _exact(n.value), *ways)
            self.probed.append(found)
            yield found

    @property
    def note(self) -> str:
        """What has to be said of the theorem as a whole."""
        if not isinstance(self.verdict, Proved):
            return f"not mutated: it is {self.verdict.name}, and only what is proved is mutated"
        if not self.numbers:
            return "it has no numeric constants"
        if self.left_out:
            return f"{self.left_out} more constants were left out; raise --constants to see them"
        return ""


def all_studies(claim: Claim, budget: float, most: int = DEFAULT_MOST) -> Iterator[Study]:
    """As `mutate.studies`, for theorems, too."""
    try:
        (statement,) = claim.statements()
        assert isinstance(statement, TheoremStatement)
    except (Exception, SystemExit):  # not one theorem; an error is reported there
        yield from studies(claim, budget, most)
        return
    verdict = decide(statement)
    shown = statement.shown
    numbers = tuple(shown.numbers()) if shown is not None else ()
    yield TheoremStudy(
        claim,
        1,
        statement.kind,
        shown.texts().conclusion if shown is not None else statement.text(),
        verdict,
        left_out=max(0, len(numbers) - most),
        theorem=shown,
        numbers=numbers[:most],
    )


def _exact(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _direction(theorem: Shown, n: Number, name: str, budget: float) -> Direction:
    place = Place(("theorem", 0, "left"), (), None, _exact(n.value), n.role)
    steps: list[Step] = []
    for label, distance in moves(place, name):
        value = place.value - distance if name == LOWERED else place.value + distance
        steps.append(Step(label, distance, value, _verdict(theorem, n, value, budget)))
        if not isinstance(steps[-1].verdict, Proved):
            break
    return Direction(name, tuple(steps))


def _verdict(theorem: Shown, n: Number, value: fmpq, budget: float) -> Verdict:
    why = theorem.still_derived(n, Fraction(int(value.p), int(value.q)), budget)
    return Undecided(method=BREAKS, reason=why) if why else Proved(method="kernel")
