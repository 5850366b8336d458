"""Sharpening: how far a number of a claim can be moved before a statement of it can no longer be
proved.

Every number that is reported as proved has been put into the statements in which it occurs, and
these have been proved with exactly that number. Between the last number that is proved and the
first that is refuted nothing is claimed, and of the other statements and words of the claim nothing
at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from boundcheck.claims.claim import Claim
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import IllPosed, Proved, Refuted, Undecided, Verdict
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.perturb.grid import between
from boundcheck.perturb.mutate import LOWERED, RAISED, attempt
from boundcheck.perturb.occurrences import marked, places, put, with_symbol

_FAR = (1, 2, 11, 101, 1001, 1_000_001)
"""How far a number is moved at most, in multiples of itself; 1 leads to 0."""


@dataclass(frozen=True)
class Target:
    """A number of a claim that can be replaced.

    Attributes:
        claim: the claim.
        where: the expression that it stands in, the number in brackets; or the symbol.
        original: the number as it stands; None for a symbol.
        statements: those in which it occurs, as they are printed; only these are decided.
        build: the statements in which it occurs, with another number in its place.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/2", on="x in [0, 1]")
    >>> half = Claim(id="half", build=lambda: [statement])
    >>> goal = target(half, "1/2")
    >>> goal.where, goal.original, goal.statements
    ('x*(1 - x) <= [1/2]', 1/2, ('x*(1 - x) <= 1/2, on x in [0, 1]',))
    >>> goal.build(fmpq(1, 4))[0].text()
    'x*(1 - x) <= 1/4, on x in [0, 1]'
    """

    claim: Claim
    where: str
    original: fmpq | None
    statements: tuple[str, ...]
    build: Callable[[fmpq], list[Comparison]]


@dataclass(frozen=True)
class End:
    """One direction: the last number proved and the nearest one at which the claim fails.

    Attributes:
        name: `lowered` or `raised`.
        proved: the last number with which the claim was proved.
        proof: the verdict there.
        failing: None if the claim was proved, or not decided, as far as it was tried.
        failure: the verdict there.
        tried: the farthest number tried.
        undecided: a number in between that was not decided, the nearest to `proved`.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/2", on="x in [0, 1]")
    >>> half = Claim(id="half", build=lambda: [statement])
    >>> lowered, raised = sharpen(target(half, "1/2"), budget=10, digits=2).ends
    >>> lowered.proved, lowered.failing, lowered.tightens, raised.tightens
    (1/4, 6/25, True, False)
    >>> lowered.as_json()["direction"]
    'lowered'
    """

    name: str
    proved: fmpq
    proof: Verdict
    failing: fmpq | None
    failure: Verdict | None
    undecided: fmpq | None
    tried: fmpq

    @property
    def tightens(self) -> bool:
        """Whether there is an end: the claim fails, or is not decided, further out."""
        return self.failing is not None or self.undecided is not None

    def as_json(self) -> dict[str, Any]:
        """The fields, numbers as texts, with both verdicts."""
        return {
            "direction": self.name,
            "tightens": self.tightens,
            "proved": {"value": str(self.proved), **self.proof.as_json()},
            "fails": None
            if self.failure is None
            else {"value": str(self.failing), **self.failure.as_json()},
            "undecided": None if self.undecided is None else str(self.undecided),
            "tried": str(self.tried),
        }


@dataclass(frozen=True)
class Sharpened:
    """What is known of a number: the verdict at the original, and each direction from
    a number that is proved.

    Attributes:
        target: the number.
        digits: significant digits of the numbers tried.
        verdict: of the claim as it stands; of a symbol, with the first number that is proved.
        ends: the directions; empty where no number is proved.
        probes: how many numbers were tried.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/2", on="x in [0, 1]")
    >>> half = Claim(id="half", build=lambda: [statement])
    >>> found = sharpen(target(half, "1/2"), budget=10, digits=2)
    >>> found.verdict.name, found.exit_code, found.slack(found.ends[0]), found.as_json()["original"]
    ('proved', 0, 1/2, '1/2')
    """

    target: Target
    digits: int
    verdict: Verdict
    ends: tuple[End, ...]
    probes: int

    @property
    def exit_code(self) -> int:
        """That of the verdict."""
        return self.verdict.exit_code

    def slack(self, end: End) -> fmpq | None:
        """How far the original is from the last number proved, relative to the original."""
        c = self.target.original
        return (
            None if not c or not isinstance(self.verdict, Proved) else abs(c - end.proved) / abs(c)
        )

    def as_json(self) -> dict[str, Any]:
        """The fields of `boundcheck sharpen --json`."""
        ends = [
            {**e.as_json(), "slack": None if (s := self.slack(e)) is None else str(s)}
            for e in self.ends
        ]
        return {
            "claim": self.target.claim.id,
            "constant": self.target.where,
            "statements": list(self.target.statements),
            "original": None if self.target.original is None else str(self.target.original),
            "digits": self.digits,
            "verdict": self.verdict.name,
            "reason": "" if isinstance(self.verdict, Proved) else self.verdict.detail(),
            "ends": ends,
            "probes": self.probes,
        }


def target(claim: Claim, name: str) -> Target:
    """The number of a claim that `name` means: `1.5`, `3/2`, `1.5#2` (its second
    occurrence) or a symbol.

    Raises:
        BoundcheckError: there is no such number or symbol, or several.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/2", on="x in [0, 1]")
    >>> half = Claim(id="half", build=lambda: [statement])
    >>> target(half, "1/2").where
    'x*(1 - x) <= [1/2]'
    >>> target(half, "7")
    Traceback (most recent call last):
        ...
    boundcheck.errors.BoundcheckError: 7 does not occur in half; its numbers are 1, 1/2, 0
    """
    comparisons = [s for s in claim.statements() if isinstance(s, Comparison)]
    if not comparisons:
        raise BoundcheckError(
            f"{claim.id} states no identity or inequality; there is nothing to sharpen"
        )
    if re.fullmatch(r"[A-Za-z]\w*", name):
        return _symbol(claim, name, comparisons)
    text, _, index = name.partition("#")
    try:
        value = rational(text)
    except BoundcheckError:
        raise BoundcheckError(
            f"--constant {name!r} is neither a number nor a symbol; write it as 1.5, "
            "3/2, 1.5#2 or K"
        ) from None
    every = [(s, p) for s in comparisons for p in places(s)]
    found = [(s, p) for s, p in every if p.value == value]
    if not found:
        known = ", ".join(dict.fromkeys(str(p.value) for _, p in every)) or "none"
        raise BoundcheckError(f"{text} does not occur in {claim.id}; its numbers are {known}")
    listed = "; ".join(f"#{k} {marked(s, p, 40)}" for k, (s, p) in enumerate(found[:20], start=1))
    more = f"; and {len(found) - 20} more" if len(found) > 20 else ""
    if index and not (index.isdecimal() and 1 <= int(index) <= len(found)):
        raise BoundcheckError(
            f"--constant {name!r}: {text} occurs {len(found)} times in {claim.id}: {listed}{more}"
        )
    if not index and len(found) > 1:
        raise BoundcheckError(
            f"{text} occurs {len(found)} times in {claim.id}; say which: --constant '{text}#2'. "
            f"{listed}{more}"
        )
    statement, place = found[int(index) - 1 if index else 0]
    return Target(
        claim,
        marked(statement, place),
        value,
        (statement.text(),),
        lambda q: [put(statement, place, q)],
    )


def _symbol(claim: Claim, name: str, comparisons: list[Comparison]) -> Target:
    with_it = [s for s in comparisons if name in frozenset(s.names) | s.relation.free]
    if not with_it:
        known = ", ".join(sorted({n for s in comparisons for n in s.names})) or "none"
        raise BoundcheckError(f"{name} is no symbol of {claim.id}; its symbols are {known}")
    return Target(
        claim,
        name,
        None,
        tuple(s.text() for s in with_it),
        lambda q: [with_symbol(s, name, q) for s in with_it],
    )


class _Search:
    """Decides the claim at one number at a time and remembers the verdicts."""

    def __init__(self, goal: Target, budget: float, seen: Callable[[fmpq, Verdict], None]) -> None:
        self.goal, self.budget, self.seen = goal, budget, seen
        self.known: dict[fmpq, Verdict] = {}

    def at(self, q: fmpq) -> Verdict:
        if q not in self.known:
            self.known[q] = self._decide(q)
            self.seen(q, self.known[q])
        return self.known[q]

    def _decide(self, q: fmpq) -> Verdict:
        try:
            statements = self.goal.build(q)
        except BoundcheckError as error:
            return IllPosed(method="box", reason=str(error))
        verdict: Verdict = Undecided()
        for s in statements:
            verdict = attempt(s, self.budget)
            if not isinstance(verdict, Proved):
                return verdict
        return verdict

    def proved(self, q: fmpq) -> bool:
        return isinstance(self.at(q), Proved)

    def undecided(self, q: fmpq) -> bool:
        return isinstance(self.at(q), Undecided)

    def end(self, start: fmpq, name: str, digits: int) -> End:
        """From a number that is proved outwards until the claim fails,
        then inwards by bisection."""
        unit = abs(start) or fmpq(1)
        near = [unit / 10**k for k in range(digits, 0, -1)]
        last, blocked, failing, undecided = start, start, None, 0
        for distance in [*near, *(unit * k for k in _FAR)]:
            q = start - distance if name == LOWERED else start + distance
            verdict = self.at(q)
            blocked = q
            if isinstance(verdict, Proved):
                last = q
            elif isinstance(verdict, Undecided):
                undecided += 1
            else:
                failing = q
            if failing is not None or undecided == 3:
                break
        floor = unit / 10 ** (digits + 8)
        gap, tried = None, blocked
        if last != blocked:
            last, stuck = self._narrow(last, blocked, digits, floor, self.proved)
            if not self.undecided(stuck):
                failing = stuck
            else:
                gap = stuck
                if failing is not None:  # which lies farther out
                    _, failing = self._narrow(stuck, failing, digits, floor, self.undecided)
        return End(
            name,
            last,
            self.at(last),
            failing,
            None if failing is None else self.at(failing),
            gap,
            tried,
        )

    def _narrow(
        self, inner: fmpq, outer: fmpq, digits: int, floor: fmpq, holds: Callable[[fmpq], bool]
    ) -> tuple[fmpq, fmpq]:
        """Neighbours on the grid of decimals: `inner` is one where `holds`,
        `outer` one where it does not."""
        if inner == outer:
            return inner, outer
        while (middle := between(inner, outer, digits, floor)) is not None:
            if holds(middle):
                inner = middle
            else:
                outer = middle
        return inner, outer


def sharpen(
    goal: Target,
    budget: float,
    digits: int = 4,
    seen: Callable[[fmpq, Verdict], None] = lambda *_: None,
) -> Sharpened:
    """How far the number can be moved, in both directions.

    Args:
        goal: see `target`.
        budget: units of work for each number tried (see `exact.terms.work`).
        digits: significant digits of the numbers tried.
        seen: called after each number tried.

    >>> from boundcheck import inequality
    >>> statement = inequality("x*(1 - x) <= 1/2", on="x in [0, 1]")
    >>> half = Claim(id="half", build=lambda: [statement])
    >>> found = sharpen(target(half, "1/2"), budget=10, digits=2)
    >>> [(end.name, str(end.proved)) for end in found.ends if end.tightens]
    [('lowered', '1/4')]
    """
    search = _Search(goal, budget, seen)
    start: fmpq | None
    if goal.original is not None:
        verdict = search.at(goal.original)
        start = goal.original
        if isinstance(verdict, Refuted):  # perhaps a number near it is right
            start = _nearest(search, [start * r for r in _ratios()] if start else _either_sign())
        elif not isinstance(verdict, Proved):
            start = None
    else:
        start = _nearest(search, [*_either_sign(), fmpq(0)])
        verdict = search.at(start) if start is not None else _best(list(search.known.values()))
    if start is None:
        return Sharpened(goal, digits, verdict, (), len(search.known))
    if isinstance(verdict, Refuted) and goal.original is not None:
        back = LOWERED if start > goal.original else RAISED
        return Sharpened(
            goal, digits, verdict, (search.end(start, back, digits),), len(search.known)
        )
    ends = tuple(search.end(start, name, digits) for name in (LOWERED, RAISED))
    return Sharpened(goal, digits, verdict, ends, len(search.known))


def _ratios() -> list[fmpq]:
    """1, 2, 1/2, 5, 1/5, ...: where a number that works is looked for."""
    steps = (1, 2, 5, 10, 100, 1000, 10**6)
    return list(dict.fromkeys(q for k in steps for q in (fmpq(k), fmpq(1, k))))


def _either_sign() -> list[fmpq]:
    return [q for r in _ratios() for q in (r, -r)]


def _nearest(search: _Search, candidates: list[fmpq]) -> fmpq | None:
    """The first that is proved; three undecided ones end the search."""
    undecided = 0
    for q in candidates:
        if search.proved(q):
            return q
        undecided += search.undecided(q)
        if undecided == 3:
            return None
    return None


def _best(verdicts: list[Verdict]) -> Verdict:
    """Of a symbol for which nothing is proved: undecided if some number is, else refuted."""
    for kind in (Undecided, Refuted, IllPosed):
        found = next((v for v in verdicts if isinstance(v, kind)), None)
        if found is not None:
            return found
    return Undecided()
