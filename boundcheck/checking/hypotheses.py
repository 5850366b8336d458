"""Whether hypotheses can hold at all: what follows from contradicting ones says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flint import fmpq

from boundcheck.checking.closed_terms import sign_of, undefined
from boundcheck.checking.families import decide_exactly
from boundcheck.checking.goals import bounded, goal_of
from boundcheck.checking.leaves import positive
from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.terms.box import Box, Range, rational_ends
from boundcheck.exact.terms.parser import Side
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import OPPOSITE, Relation, Term, symbol
from boundcheck.search.problem import holds

_ALGEBRA = 0.5  # units of work
_BITS = (64, 256, 1024)


def contradiction(statement: Comparison) -> str | None:
    """Why nothing satisfies the hypotheses, by those without variables and by constant ends;
    None where none is seen.

    Raises:
        BoundcheckError: a range with constant ends is empty, or one of its ends is not defined.
    """
    for h in statement.hypotheses:
        if h.free:
            continue
        try:
            if _constant(h) is False:
                return f"the hypothesis {shown(h)} is false; nothing satisfies it"
        except DomainError as error:
            return f"the hypothesis {shown(h)} is not defined: {error}"
    for r in statement.on.ranges:
        ends = [s.value for s in (r.lower, r.upper) if s.value is not None and not s.value.free]
        if all(e.op == "rational" for e in ends):  # a box knows their order
            continue
        try:
            for end in ends:
                if not _has_value(end) and (why := undefined(end)) is not None:
                    raise BoundcheckError(f"an end point of {r} is not defined: {why}")
            if len(ends) == 2 and _constant(_order(r)) is False:
                raise BoundcheckError(f"{r} is empty; write the smaller end first")
        except DomainError as error:
            raise BoundcheckError(f"an end point of {r} is not defined: {error}") from None
    for name, x in bounded(statement).hull.items():
        if x.lower > x.upper:
            return f"the hypotheses contradict each other: no {name} satisfies them"
    return None


def shown(h: Relation) -> str:
    """A hypothesis in a message."""
    return f"{brief(h.left)} {h.op} {brief(h.right)}"


def _order(r: Range) -> Relation:
    """That a range with two ends is not empty."""
    assert r.lower.value is not None
    assert r.upper.value is not None
    return Relation(r.lower.value, "<" if r.lower.open or r.upper.open else "<=", r.upper.value)


def _constant(h: Relation) -> bool | None:
    """Whether a relation without variables holds; None where that is not known. Raises
    DomainError."""
    try:
        sign, _ = sign_of(h.gap())
    except Unsupported:
        return None
    if sign is None:
        return None
    return sign == 0 if h.op == "==" else sign > 0 or (sign == 0 and not h.strict)


def _has_value(end: Term) -> bool:
    """Whether a constant is seen to have a value. Raises DomainError where it has none."""
    for bits in _BITS:
        try:
            at_point(end, {}, bits)
        except Unclear:
            continue
        except Unsupported:
            return False
        return True
    return False


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


def plain(statement: Comparison) -> bool:
    """Whether there is nothing but a box with constant ends, which is not empty, and
    hypotheses that hold by it."""
    if any(h.free for h in statement.given) or statement.on.symbols_in_ends:
        return False
    ranges = [
        r for r in statement.on.ranges if rational_ends(r) is None
    ]  # a box knows the order of numbers
    ends = [s.value for r in ranges for s in (r.lower, r.upper) if s.value is not None]
    orders = [_order(r) for r in ranges if r.lower.value is not None and r.upper.value is not None]
    try:
        return all(map(_has_value, ends)) and all(_constant(h) for h in (*statement.given, *orders))
    except DomainError:
        return False


def satisfied(statement: Comparison, point: Mapping[str, fmpq]) -> bool:
    """Whether all hypotheses hold at a rational point, rigorously."""
    return all(holds(h, point) is True for h in statement.hypotheses)
