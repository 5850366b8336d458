"""What a search for a proof remembers, and what its rules may ask.

A rule is a function `rule(search, goal, depth)`: a proof of a goal whose sides are known to be
defined, or None. It guesses from samples and proposes a step; nothing here is trusted, the
checker decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import BoundcheckError
from boundcheck.search.completion import Completer
from boundcheck.search.points import sampling

TROUBLE = (Unclear, ArithmeticError, BoundcheckError, ValueError, KeyError, NotImplementedError)
"""What may happen to a proposal that makes no sense; `Rejected` is a BoundcheckError."""

Found: TypeAlias = Proof | None
Wrap: TypeAlias = Callable[[Proof], dict[str, Any]]
"""Makes a proof of a goal out of one of a simpler goal."""


@dataclass
class Search:
    """One search: two functions that lead to all rules, from above, and what was found so far.

    Attributes:
        any_rule: a proof of a goal by any rule, so many steps deep; asked by `prove`.
        side_rule: a proof of a side condition; asked by `easy`.
        tried: the depth to which a goal was tried, and its proof.
        seen: the proofs of what is visible at once, and of side conditions.
        known: the proofs that the sides of a goal are defined.
        shorter: the reduced forms of goals.
        climbed: the length to which a ladder was tried, and its proof.
        sampled: all samples of a gap.
        below: the goals against which a sample speaks.
        nested: how many side conditions are being cut into pieces.
    """

    any_rule: Callable[[Search, Comparison, int, bool], Found]
    side_rule: Callable[[Search, Comparison], Found]
    tried: dict[Any, tuple[int, Found]] = field(default_factory=dict)
    seen: dict[Any, Found] = field(default_factory=dict)
    known: dict[Any, dict[str, Any] | None] = field(default_factory=dict)
    shorter: dict[Any, tuple[Comparison, Wrap]] = field(default_factory=dict)
    climbed: dict[Any, tuple[int, Found]] = field(default_factory=dict)
    sampled: dict[Any, list[sampling.Sample]] = field(default_factory=dict)
    below: set[Any] = field(default_factory=set)
    nested: int = 0

    def prove(self, goal: Comparison, depth: int, defined: bool = False) -> Found:
        """A proof by any rule; where `defined`, both sides are known to be defined."""
        return self.any_rule(self, goal, depth, defined)

    def easy(self, goal: Comparison) -> Found:
        """A proof of a side condition, where both sides are known to be defined."""
        return self.side_rule(self, goal)

    def holds(self, goal: Comparison, proof: Proof) -> bool:
        """Whether the checker accepts a proof, where both sides are known to be defined."""
        try:
            Completer().check(goal, proof, True)
        except TROUBLE:
            return False
        return True

    def samples(self, goal: Comparison) -> list[sampling.Sample]:
        """Points of the set with the gap there."""
        key = _gap_of(goal)
        if key not in self.sampled:
            self.sampled[key] = list(sampling.gaps(goal))
        return self.sampled[key]

    def refuted(self, goal: Comparison) -> bool:
        """Whether a sample speaks against a goal."""
        key = _gap_of(goal)
        equal = goal.relation.op == "=="
        if key in self.sampled:
            return any(v < 0 or (equal and v > 0) for _, v in self.sampled[key])
        if key not in self.below:
            found = []
            for point, v in sampling.gaps(goal):
                found.append((point, v))
                if v < 0 or (equal and v > 0):
                    self.below.add(key)
                    return True
            self.sampled[key] = found
        return key in self.below


Rule: TypeAlias = Callable[[Search, Comparison, int], Found]


def key_of(goal: Comparison) -> tuple[Any, ...]:
    """What two goals that are the same have in common."""
    return goal.relation, goal.on.ranges, goal.given


def _gap_of(goal: Comparison) -> tuple[Any, ...]:
    return goal.relation.gap(), goal.on.ranges, goal.given


def bounded(goal: Comparison) -> bool:
    """Whether all ranges are bounded."""
    return all(r.lower.value is not None and r.upper.value is not None for r in goal.on.ranges)
