"""Hypotheses that have nothing to do with a statement, by the variables in them.

Variables in one hypothesis, or in an end of a range and that range, belong together. A variable
that stands alone on one side of a single hypothesis, and nowhere else, connects nothing: whatever
the others are, it has a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from flint import fmpq

from boundcheck.checking.goals import box_of, goal_of, range_of
from boundcheck.checking.hypothesis_rules import subset_goal
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.intervals.rational_points import Point
from boundcheck.errors import Unsupported
from boundcheck.exact.terms.box import Range
from boundcheck.exact.terms.defined import obligations
from boundcheck.exact.terms.term import Relation, Term, number
from boundcheck.exact.terms.work import spend
from boundcheck.search.points.refute import admissible
from boundcheck.search.premises.equations import without_equations
from boundcheck.search.premises.reduction import Reduction, exact_value, reduced
from boundcheck.search.problem import Problem

_TRUE = Relation(number(0), "<=", number(1))
_FEW = 8


@dataclass(frozen=True)
class Pendant:
    """A variable that a single hypothesis `name op at` mentions, and nothing else."""

    name: str
    op: str
    at: Term
    given: int

    def value(self, point: Point, r: Range) -> fmpq | None:
        at = exact_value(self.at, point)
        if at is None or self.op == "==":
            return at
        up = self.op in (">", ">=")
        end = r.lower.value if up else r.upper.value
        if end is not None:
            at = max(at, end.payload) if up else min(at, end.payload)
        return at + 1 if up else at - 1


class Parts:
    """A statement's variables in parts that have nothing to do with each other."""

    def __init__(self, statement: Comparison) -> None:
        self.statement, self.goal = statement, goal_of(statement)
        self.pendants = list(self._pendants())
        gone = {p.given for p in self.pendants}
        names = set(self.goal.names) - {p.name for p in self.pendants}
        self.parts: list[set[str]] = [{n} for n in self.goal.names if n in names]
        self.given = [k for k, h in enumerate(self.goal.given) if k not in gone and h.free]
        links = [self.goal.given[k].free for k in self.given]
        links += [h.free for h in self.goal.on.hypotheses()]
        for link in [*links, self.goal.relation.free]:
            self._join(link)
        spend(20 + 5 * len(links))

    def _join(self, names: frozenset[str]) -> None:
        hit = [p for p in self.parts if p & names]
        self.parts = [p for p in self.parts if not p & names]
        self.parts += [set().union(*hit)] if hit else []

    def _pendants(self) -> Iterator[Pendant]:
        """One after the other: each is the last one that mentions its variable."""
        goal = self.goal
        ends = goal.on.symbols_in_ends | goal.relation.free
        left = dict(enumerate(goal.given))
        found = True
        while found:
            found = False
            for k, h in list(left.items()):
                others = ends.union(*(g.free for j, g in left.items() if j != k))
                pendant = next((p for p in _alone(goal, k, h) if p.name not in others), None)
                if pendant is not None:
                    del left[k]
                    found = True
                    yield pendant

    @cached_property
    def kept(self) -> list[str]:
        """The variables that have to do with the relation, in order."""
        connected = set().union(*(p for p in self.parts if p & self.goal.relation.free))
        return [n for n in self.goal.names if n in connected]

    def reduction(self) -> Reduction | None:
        """The statement without what has nothing to do with the relation; None where all has."""
        goal, kept = self.goal, self.kept
        if len(kept) == len(goal.names):
            return None
        on = {n: ["lower", "upper"] for n in kept}
        given = [k for k in self.given if goal.given[k].free <= set(kept)]
        simpler = reduced(self.statement, subset_goal(goal, on, given))

        def wrap(proof: Proof) -> Proof:
            return {"by": "subset", "on": on, "given": given, "proof": proof}

        return None if simpler is None else Reduction(simpler, wrap, self.lifted)

    def lifted(self, point: Point) -> Point | None:
        """A point of the parts that are kept, with one of the others."""
        if self.others is None:
            return None
        return self._with_pendants({**self.others, **point})

    def point(self) -> Point | None:
        """A guess at a point that satisfies the hypotheses."""
        first = [n for n in self.goal.names if n in set().union(*self.parts)]
        kept = _point(self._part([n for n in first if n in self.kept]))
        return None if kept is None else self.lifted(kept)

    def _with_pendants(self, found: Point) -> Point | None:
        point = dict(found)
        for p in reversed(self.pendants):
            value = p.value(point, range_of(self.goal, p.name))
            if value is None:
                return None
            point[p.name] = value
        return point

    def apart(self) -> list[Comparison]:
        """What is said of each part that has nothing to do with the relation, as a statement."""
        inside = set(self.kept)
        return [
            self._part([n for n in self.goal.names if n in p]) for p in self.parts if not p & inside
        ]

    def _part(self, names: list[str]) -> Comparison:
        ranges = [r for r in self.goal.on.ranges if r.name in names]
        given = [self.goal.given[k] for k in self.given]
        return Comparison(_TRUE, box_of(ranges), tuple(h for h in given if h.free <= set(names)))

    @cached_property
    def others(self) -> Point | None:
        """A point of the parts that have nothing to do with the relation."""
        found: dict[str, fmpq] = {}
        for part in self.apart():
            point = _point(part)
            if point is None:
                return None
            found |= point
        return found


def _alone(goal: Comparison, index: int, h: Relation) -> Iterator[Pendant]:
    """The ways to read a hypothesis as one that says of a variable where it is."""
    for one, other, op in ((h.left, h.right, h.op), (h.right, h.left, _MIRRORED[h.op])):
        if one.op != "symbol" or one.payload in other.free:
            continue
        r = range_of(goal, one.payload)
        below = op in ("<", "<=", "==") and r.lower.value is not None
        above = op in (">", ">=", "==") and r.upper.value is not None
        numbers = all(s.value is None or s.value.op == "rational" for s in (r.lower, r.upper))
        try:
            if not below and not above and numbers and not obligations(other):
                yield Pendant(one.payload, op, other, index)
        except Unsupported:
            continue


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def _point(statement: Comparison) -> Point | None:
    """A point that satisfies the hypotheses of a statement, its equations solved first."""
    if not statement.names:
        return {}
    simpler = without_equations(statement) if statement.given else None
    if simpler is not None:
        whole = Problem(statement)
        for point in islice(admissible(Problem(simpler.statement)), _FEW):
            found = simpler.lift(point)
            if found is not None and whole.admits(found):
                return found
    return next(iter(admissible(Problem(statement))), None)
