"""Whether hypotheses can hold at all: what follows from contradicting ones says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flint import fmpq

from boundcheck.claims.families import decide_exactly
from boundcheck.claims.problem import holds, sign_at
from boundcheck.claims.statement import Comparison
from boundcheck.enclosure.evaluate import on_box
from boundcheck.enclosure.interval import Unclear
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.box import Box, Range
from boundcheck.exact.parser import Side
from boundcheck.exact.term import OPPOSITE, Relation

_ALGEBRA = 0.5  # units of work


def contradiction(statement: Comparison) -> str | None:
    """Why nothing satisfies the hypotheses, by those without variables alone; None where these hold.

    Raises:
        BoundcheckError: a range with constant ends is empty, or one of its ends is not defined.
    """
    for h in statement.hypotheses:
        if h.free:
            continue
        try:
            sign_at(h.gap(), {})
        except DomainError as error:
            return f"the hypothesis {h} is not defined: {error}"
        except Unsupported:
            continue
        if holds(h, {}) is False:
            return f"the hypothesis {h} is false; nothing satisfies it"
    for r in statement.on.ranges:
        ends = [s.value for s in (r.lower, r.upper) if s.value is not None and not s.value.free]
        if all(e.op == "rational" for e in ends):  # a box knows their order
            continue
        for end in ends:
            try:
                sign_at(end, {})
            except DomainError as error:
                raise BoundcheckError(f"an end point of {r} is not defined: {error}") from None
            except Unsupported:
                pass
        if len(ends) == 2:
            op = "<" if r.lower.open or r.upper.open else "<="
            if holds(Relation(ends[0], op, ends[1]), {}) is False:
                raise BoundcheckError(f"{r} is empty; write the smaller end first")
    return None


def opposites(statement: Comparison) -> Iterator[tuple[Relation, Comparison]]:
    """Each hypothesis that is an inequality, and that it fails wherever the others hold, as a statement."""
    for k, h in enumerate(statement.given):
        if h.op != "==" and h.free:
            rest = (*statement.given[:k], *statement.given[k + 1 :])
            known = frozenset(statement.on.names).union(*(r.free for r in rest))
            free = (Range(n, Side(None, True), Side(None, True)) for n in sorted(h.free - known))
            box = Box.made_of((*statement.on.ranges, *free))
            yield h, Comparison(Relation(h.left, OPPOSITE[h.op], h.right), box, rest)


def contradicting(statement: Comparison) -> Relation | None:
    """A hypothesis that intervals show to fail wherever the others hold, or exact algebra."""
    for h, opposite in opposites(statement):
        try:
            if on_box(h.gap(), statement.hull).upper < 0:
                return h
        except (Unclear, DomainError, Unsupported):
            pass
        if decide_exactly(opposite, _ALGEBRA) is not None:
            return h
    return None


def plain(statement: Comparison) -> bool:
    """Whether there is nothing but a box with constant ends, which is not empty where `contradiction` sees none."""
    return not any(h.free for h in statement.given) and not statement.on.symbols_in_ends


def satisfied(statement: Comparison, point: Mapping[str, fmpq]) -> bool:
    """Whether all hypotheses hold at a rational point, rigorously."""
    return all(holds(h, point) is True for h in statement.hypotheses)
