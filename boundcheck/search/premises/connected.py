"""Hypotheses that have nothing to do with a statement, by the variables in them.

Variables in one hypothesis, or in an end of a range and that range, belong together. A variable
that stands alone on one side of a single hypothesis, and nowhere else, connects nothing: whatever
the others are, it has a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

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
from boundcheck.exact.terms.work import OutOfBudget, at_most, spend
from boundcheck.search.points.refute import admissible
from boundcheck.search.points.repair import repaired
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
        self._places: dict[tuple[str, ...], Place] = {}
        self.pendants = list(self._pendants())
        gone = {p.given for p in self.pendants}
        names = set(self.goal.names) - {p.name for p in self.pendants}
        self.parts: list[set[str]] = [{n} for n in self.goal.names if n in names]
        self.given = [k for k, h in enumerate(self.goal.given) if k not in gone and h.free]
        links = [self.goal.given[k].free for k in self.given]
        links += [h.free for h in self.goal.on.hypotheses()]
        for link in links:
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
        return self._with(point, self.pieces(False))

    def point(self) -> Point | None:
        """A point that satisfies the hypotheses, as far as can be told part by part."""
        return self._with({}, (*self.pieces(True), *self.pieces(False)))

    def nowhere(self) -> list[Comparison]:
        """The parts of which it is not known whether anything satisfies what is said of them."""
        pieces = (*self.pieces(True), *self.pieces(False))
        return [p for p in pieces if not self._place(p).somewhere]

    def _with(self, point: Point, pieces: Iterable[Comparison]) -> Point | None:
        found = dict(point)
        for piece in pieces:
            other = self._place(piece).point
            if other is None:
                return None
            found |= other
        for p in reversed(self.pendants):
            value = p.value(found, range_of(self.goal, p.name))
            if value is None:
                return None
            found[p.name] = value
        return found

    def pieces(self, kept: bool) -> list[Comparison]:
        """What is said of each part, of those that have to do with the relation, or of the others,
        as a statement."""
        return [
            self._piece([n for n in self.goal.names if n in p])
            for p in self.parts
            if bool(p & self.goal.relation.free) == kept
        ]

    def _piece(self, names: list[str]) -> Comparison:
        ranges = [r for r in self.goal.on.ranges if r.name in names]
        given = [self.goal.given[k] for k in self.given]
        return Comparison(_TRUE, box_of(ranges), tuple(h for h in given if h.free <= set(names)))

    def _place(self, piece: Comparison) -> Place:
        key = piece.on.names
        if key not in self._places:
            self._places[key] = place_in(piece)
        return self._places[key]


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


class Place(NamedTuple):
    """What is known of the points that satisfy the hypotheses of a statement.

    Attributes:
        point: one with rational coordinates.
        somewhere: whether there is one at all.
    """

    point: Point | None
    somewhere: bool


def place_in(statement: Comparison) -> Place:
    """A point that satisfies the hypotheses. Equations are solved first; some points are tried,
    then one is repaired, then more are tried."""
    solved = without_equations(statement) if statement.given else None
    simpler = statement if solved is None else solved.statement
    whole, somewhere = Problem(statement), False
    for way, units in ((_some, 0.02), (repaired, 0.15), (_some, 0.2)):
        try:
            with at_most(units):
                for point in way(simpler) if simpler.names else _nothing(simpler):
                    found = point if solved is None else solved.lift(point)
                    if found is not None and whole.admits(found):
                        return Place(dict(found), True)
                    somewhere = True  # what the equations say of the others is no rational number
        except OutOfBudget:
            continue
        if somewhere:
            break
    return Place(None, somewhere)


def _some(statement: Comparison) -> Iterator[Point]:
    return islice(admissible(Problem(statement)), _FEW)


def _nothing(statement: Comparison) -> Iterator[Point]:
    """The point without coordinates, where the hypotheses hold."""
    if Problem(statement).admits({}):
        yield {}
