"""Whether hypotheses can hold at all: what follows from contradicting ones says nothing."""

from __future__ import annotations

from collections.abc import Mapping

from flint import fmpq

from boundcheck.checking.closed_terms import sign_of, undefined
from boundcheck.checking.goals import bounded
from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.rational_points import holds
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.terms.box import Range, rational_ends
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import Relation, Term

_BITS = (64, 256, 1024)


def contradiction(statement: Comparison, ex_falso: bool = False) -> str | None:
    """Why nothing satisfies the hypotheses, by those without variables and by constant ends;
    None where none is seen.

    Args:
        ex_falso: whether hypotheses may contradict each other; those without a value may not.

    Raises:
        BoundcheckError: a range with constant ends is empty, or one of its ends is not defined.
    """
    for h in statement.hypotheses:
        if h.free:
            continue
        try:
            if _constant(h) is False and not ex_falso:
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
        if x.lower > x.upper and not ex_falso:
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
