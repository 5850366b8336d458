"""The constant of a statement that bounds something by a number: the C of `f <= C`,
of `f >= C` and of ‖f‖_p <= C."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flint import ctx

from boundcheck.claims.comparison import Comparison
from boundcheck.claims.statement import NormBound, Statement
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.decimals import Enclosure, enclosure
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.term import Relation, Term, symbol
from boundcheck.exact.terms.work import OutOfBudget, at_most

_BITS = 128
_UNITS = 1.0
_PLACE = symbol("C")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class StatedConstant:
    """What is bounded, and by what number.

    Attributes:
        of: the statement with C in the place of the constant; two statements with
            equal `of` differ in C alone.
        upper: C bounds from above, so that a smaller C says more.
        value: encloses C.
    """

    of: str
    upper: bool
    value: Enclosure


def stated_constant(statement: Statement) -> StatedConstant | None:
    """The constant, where one side of an inequality, and only one, is a number; None otherwise.

    [D] On a given set f <= C implies f <= C' for each C' >= C, and ‖f‖ <= C likewise: of two bounds
    from above with the same `of` the smaller says more; for f >= C it is the larger.
    """
    if isinstance(statement, NormBound):
        return _of(replace(statement, bound=_PLACE).text(), True, statement.bound)
    if not isinstance(statement, Comparison) or statement.relation.op == "==":
        return None
    r = statement.relation
    if bool(r.left.free) == bool(r.right.free):
        return None
    if not r.left.free:
        r = Relation(r.right, _MIRRORED[r.op], r.left)
    general = replace(statement, relation=Relation(r.left, r.op, _PLACE)).text()
    return _of(general, r.op in ("<", "<="), r.right)


def _of(general: str, upper: bool, constant: Term) -> StatedConstant | None:
    try:
        with ctx.workprec(_BITS), at_most(_UNITS):
            value = enclosure(at_point(constant, {}, _BITS))
    except (DomainError, Unclear, Unsupported, OutOfBudget):
        return None  # the verdict says what is wrong with it
    return StatedConstant(general, upper, value)
