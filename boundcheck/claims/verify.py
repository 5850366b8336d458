"""Verification of claims: a verdict for every statement, then for every claim with all that it rests on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from boundcheck.claims.claim import Claim
from boundcheck.claims.collect import Collection, _last_line
from boundcheck.claims.prover import DEFAULT_BUDGET, decide
from boundcheck.claims.statement import Citation, Use
from boundcheck.claims.verdict import Assumed, IllPosed, Undecided, Verdict, worst


@dataclass(frozen=True)
class Checked:
    """A statement with its verdict."""

    kind: str
    text: str
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "statement": self.text, **self.verdict.as_json()}


@dataclass(frozen=True)
class Result:
    """A claim with the verdicts of its statements.

    Attributes:
        verdict: the type of the worst verdict among its statements and the claims that it uses.
        axioms: the cited results that it rests on, directly or through other claims.
        rests_on: the ids of the claims that it uses.
        note: what holds it back where its own statements are proved.
    """

    claim: Claim
    checked: tuple[Checked, ...]
    rests_on: tuple[str, ...] = ()
    axioms: tuple[Citation, ...] = ()
    verdict: type[Verdict] = Undecided
    note: str = ""
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.claim.id,
            "label": self.claim.label,
            "source": self.claim.source,
            "title": self.claim.title,
            "verdict": self.verdict.name,
            "seconds": round(self.seconds, 4),
            "note": self.note,
            "statements": [c.as_json() for c in self.checked],
            "uses": list(self.rests_on),
            "axioms": [{"statement": a.statement, "reference": a.reference} for a in self.axioms],
        }


def verify(
    claims: Iterable[Claim], budget: float = DEFAULT_BUDGET, seen: Callable[[Checked], None] = lambda _: None
) -> Iterator[Result]:
    """The result of each claim, without what it uses (see `settle`).

    Args:
        budget: seconds for each statement.
        seen: called after each statement.
    """
    for c in claims:
        yield verify_one(c, budget, seen)


def verify_one(claim: Claim, budget: float, seen: Callable[[Checked], None] = lambda _: None) -> Result:
    """Decide the statements of one claim; an error raised by the claim itself is reported as ill-posed."""
    start = time.perf_counter()
    checked: list[Checked] = []
    uses: list[str] = []
    axioms: list[Citation] = []
    try:
        for statement in claim.statements():
            if isinstance(statement, Use):
                uses.append(statement.claim)
                continue
            if isinstance(statement, Citation):
                axioms.append(statement)
            done = Checked(statement.kind, statement.text(), decide(statement, budget))
            checked.append(done)
            seen(done)
    except Exception as error:  # the claim is the user's program; nothing it raises can look proved
        checked.append(Checked("error", claim.title, IllPosed(method="error", reason=_last_line(error))))
    kind = worst([c.verdict for c in checked]) if checked else Assumed
    return Result(claim, tuple(checked), tuple(uses), tuple(axioms), kind, "", time.perf_counter() - start)


def settle(results: Iterable[Result]) -> tuple[Result, ...]:
    """Results with the claims that they use taken into account: their axioms are inherited, and a claim that
    rests on one that is not proved is not proved either."""
    by_id = {r.claim.id: r for r in results}
    return tuple(_settled(r, by_id) for r in by_id.values())


def _settled(result: Result, by_id: dict[str, Result]) -> Result:
    axioms = list(result.axioms)
    note, kind = "", result.verdict
    for claim_id in _reachable(result, by_id):
        used = by_id.get(claim_id)
        if used is None:
            note, missing = f"uses {claim_id}, which is not among the claims verified", Undecided
        elif claim_id == result.claim.id:
            note, missing = f"uses itself through {' and '.join(result.rests_on)}", IllPosed
        else:
            axioms += [a for a in used.axioms if a not in axioms]
            if used.verdict.exit_code == 0:
                continue
            note, missing = f"uses {claim_id}, which is {used.verdict.name}", Undecided
        if kind.exit_code == 0:
            kind = missing
    return replace(result, axioms=tuple(axioms), verdict=kind, note=note)


def _reachable(result: Result, by_id: dict[str, Result]) -> list[str]:
    order: list[str] = []
    stack = list(reversed(result.rests_on))
    while stack:
        claim_id = stack.pop()
        if claim_id not in order:
            order.append(claim_id)
            stack.extend(reversed(by_id[claim_id].rests_on if claim_id in by_id else ()))
    return order


def with_dependencies(chosen: Collection, everything: Collection) -> list[Claim]:
    """The chosen claims and, before nothing else, the claims that they use."""
    known = {c.id: c for c in everything.claims}
    order: dict[str, Claim] = {}
    stack = [c.id for c in reversed(chosen.claims)]
    while stack:
        claim_id = stack.pop()
        if claim_id in order or claim_id not in known:
            continue
        order[claim_id] = known[claim_id]
        stack.extend(_uses(known[claim_id]))
    return [c for c in everything.claims if c.id in order]


def _uses(claim: Claim) -> list[str]:
    try:
        return [s.claim for s in claim.statements() if isinstance(s, Use)]
    except Exception:  # reported when the claim itself is verified
        return []
