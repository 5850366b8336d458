"""Whether a hypothesis fails wherever the others hold: what is looked for to say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from boundcheck.checking.goals import goal_of
from boundcheck.checking.leaves import positive
from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.box import Box, Range
from boundcheck.exact.terms.parser import Side
from boundcheck.exact.terms.term import OPPOSITE, Relation, symbol
from boundcheck.search.cells.exactly import decide_exactly

_ALGEBRA = 0.5  # units of work


def opposites(statement: Comparison) -> Iterator[tuple[Relation, list[Comparison]]]:
    """Each hypothesis with variables, and statements each of which says that it fails
    wherever the others hold."""
    for k, h in enumerate(statement.given):
        rest = (*statement.given[:k], *statement.given[k + 1 :])
        if h.free:
            yield h, _fails(h, statement.on.ranges, rest)
    for k, r in enumerate(statement.on.ranges):
        for which in ("lower", "upper"):
            side: Side = getattr(r, which)
            if side.value is None or not side.value.free:
                continue
            one, other = (">", ">=") if which == "lower" else ("<", "<=")
            h = Relation(symbol(r.name), one if side.open else other, side.value)
            open_ = Side(None, True)
            wider = (
                Range(r.name, open_, r.upper) if which == "lower" else Range(r.name, r.lower, open_)
            )
            ranges = (*statement.on.ranges[:k], wider, *statement.on.ranges[k + 1 :])
            yield h, _fails(h, ranges, statement.given)


def _fails(h: Relation, ranges: Sequence[Range], rest: tuple[Relation, ...]) -> list[Comparison]:
    known = frozenset(r.name for r in ranges).union(*(r.free for r in rest))
    free = (Range(n, Side(None, True), Side(None, True)) for n in sorted(h.free - known))
    box = Box.made_of((*ranges, *free))
    return [Comparison(Relation(h.left, op, h.right), box, rest) for op in _FAILS[h.op]]


_FAILS = {**{op: (other,) for op, other in OPPOSITE.items()}, "==": ("<", ">")}


def contradicting(statement: Comparison) -> Relation | None:
    """A hypothesis that intervals show to fail wherever the others hold, or exact algebra."""
    for h, options in opposites(statement):
        for option in options:
            goal = goal_of(option)
            try:
                if positive(on_box(goal.relation.gap(), goal.hull), goal.relation.op):
                    return h
            except (Unclear, DomainError, Unsupported):
                pass
            if decide_exactly(option, _ALGEBRA) is not None:
                return h
    return None
