"""A problem: a comparison while it is being decided, with rigorous point checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from flint import arb, fmpq

from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Verdict, Witness
from boundcheck.enclosure.intervals.decimals import enclosure
from boundcheck.enclosure.intervals.rational_points import Point, holds, value_at
from boundcheck.exact.terms.term import Relation, Term, sub


@dataclass
class Problem:
    """A comparison; `gap` is the term that must be >= 0, > 0 or == 0.

    Attributes:
        samples: points of the set that were looked at.
        watch: is told how far a long search is.
        partial: what a long search knows so far, for one that is interrupted.
        worst: a point of the box where a search got stuck.
        caps: why searches did not begin, whatever the budget.
        allowance: units of work for saying what is known, even where the budget is spent.
    """

    statement: Comparison
    samples: list[Point] = field(default_factory=list)
    watch: Callable[[str], None] = lambda _: None
    partial: Callable[[], Verdict] | None = None
    worst: Point | None = None
    caps: list[str] = field(default_factory=list)
    allowance: float = 0.05

    @property
    def relation(self) -> Relation:
        return self.statement.relation

    @cached_property
    def names(self) -> tuple[str, ...]:
        return self.statement.names

    @cached_property
    def gap(self) -> Term:
        return self.relation.gap()

    def admits(self, point: Point) -> bool:
        """Whether all hypotheses hold at the point, rigorously."""
        return all(holds(h, point) is True for h in self.statement.hypotheses)

    def difference(self) -> Term:
        """right - left, whatever the relation."""
        return sub(self.relation.right, self.relation.left)

    def witness(self, point: Point, *, equal: bool = False) -> Witness:
        """The point with both sides, enclosed: apart from each other unless
        they are known to be equal."""
        sides = (self.relation.left, self.relation.right)
        for bits in (256,) if equal else (256, 2048, 16384):
            left, right = (value_at(s, point, bits) for s in sides)
            if isinstance(left, fmpq) and isinstance(right, fmpq):
                break
            if not arb(left).overlaps(arb(right)):
                break
        return Witness({n: point[n] for n in self.names}, enclosure(left), enclosure(right))
