"""A statement reduced to a simpler one: what proves that proves the statement.

What a reduction says is what the rules `subset` and `equation` say (`checking.hypothesis_rules`):
the simpler statement is made by the functions of the checker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from flint import fmpq

from boundcheck.checking.goals import goal_of
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.rational_points import Point, value_at
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.term import Relation, Term


@dataclass(frozen=True)
class Reduction:
    """A simpler statement.

    Attributes:
        statement: the simpler one.
        wrap: makes a proof of the statement out of one of the simpler one.
        lift: makes a guess at a point of the statement's set out of a point of the simpler one's;
            None where it has none.
    """

    statement: Comparison
    wrap: Callable[[Proof], Proof] = dict
    lift: Callable[[Point], Point | None] = dict

    def then(self, other: Reduction) -> Reduction:
        """This one, and then one of the simpler statement."""

        def lift(point: Point) -> Point | None:
            between = other.lift(point)
            return None if between is None else self.lift(between)

        return Reduction(other.statement, lambda proof: self.wrap(other.wrap(proof)), lift)


def reduced(statement: Comparison, child: Comparison) -> Comparison | None:
    """A statement whose goal is `child`, with its relation the way the statement has it."""
    r, op = child.relation, statement.relation.op
    turned = r if op in (">", ">=", "==") else Relation(r.right, op, r.left)
    found = replace(child, relation=turned)
    return found if goal_of(found) == child else None


def exact_value(t: Term, point: Point) -> fmpq | None:
    """The value of a term at a point, where it is a rational number."""
    try:
        value = value_at(t, point, 64)
    except (Unclear, DomainError, Unsupported, KeyError):
        return None
    return value if isinstance(value, fmpq) else None
