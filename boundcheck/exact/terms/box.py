"""Boxes: named variables with exact end points."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.parser import (
    Side,
    parse_conditions,
    parse_domain,
    parse_name,
    parse_side,
)
from boundcheck.exact.terms.term import Relation, Term, substitute, symbol, term
from boundcheck.rims import rim


@dataclass(frozen=True)
class Range:
    """`name` between `lower` and `upper`; an end whose value is None is infinite."""

    name: str
    lower: Side
    upper: Side

    def __str__(self) -> str:
        left = "(" if self.lower.open else "["
        right = ")" if self.upper.open else "]"
        low = "-oo" if self.lower.value is None else self.lower.value
        high = "oo" if self.upper.value is None else self.upper.value
        return f"{self.name} in {left}{low}, {high}{right}"


class Box:
    """Ranges of named variables: `Box(x=(0, 1), y=("-1/2", oo), t="(0, 1]")`.

    A pair is closed where it is finite; its ends are exact numbers, texts, sympy expressions
    or terms (symbols allowed), and `float("inf")`, `"oo"` or `sympy.oo`. A text such as
    `"(0, 1]"` says which ends belong to the range. `Box.parse("x in [0, 1], y in (0, oo)")` reads
    several at once.

    Raises:
        BoundcheckError: an empty or reversed range, one that mentions its own
            variable, NaN, or a bad name.
    """

    def __init__(self, **ranges: Any) -> None:
        found = (Range(parse_name(n), *_sides(n, value)) for n, value in ranges.items())
        self.ranges: tuple[Range, ...] = tuple(found)
        for r in self.ranges:
            _check_order(r)

    @classmethod
    def made_of(cls, ranges: Iterable[Range]) -> Box:
        """The box of these ranges."""
        box = cls()
        box.ranges = tuple(ranges)
        for r in box.ranges:
            _check_order(r)
        return box

    @classmethod
    def reals(cls, *names: str) -> Box:
        """Every real number for each name."""
        return cls(**dict.fromkeys(names, (-math.inf, math.inf)))

    @classmethod
    def parse(cls, text: str) -> Box:
        """The box that a text such as `"x in [0,1], y in (-1,oo)"` describes."""
        sides = parse_domain(text) if text.strip() else {}
        return cls.made_of(Range(name, *both) for name, both in sides.items())

    @classmethod
    def of(cls, value: Any) -> Box:
        """A box from a box, a text, a mapping or None (no variables)."""
        if value is None:
            return cls()
        if isinstance(value, Box):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        if isinstance(value, Mapping):
            return cls(**value)
        raise BoundcheckError(
            f"{value!r} is not a box; use Box(x=(0, 1)) or the text 'x in [0, 1]'"
        )

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(r.name for r in self.ranges)

    @property
    def symbols_in_ends(self) -> frozenset[str]:
        """Names that the end points mention."""
        ends = (s.value for r in self.ranges for s in (r.lower, r.upper))
        return frozenset().union(*(e.free for e in ends if e is not None))

    def hypotheses(self) -> tuple[Relation, ...]:
        """The box as relations: all lower ends, then all upper ends."""
        lower = [
            Relation(symbol(r.name), ">" if r.lower.open else ">=", r.lower.value)
            for r in self.ranges
            if r.lower.value
        ]
        upper = [
            Relation(symbol(r.name), "<" if r.upper.open else "<=", r.upper.value)
            for r in self.ranges
            if r.upper.value
        ]
        return (*lower, *upper)

    def subs(self, values: Mapping[str, Term]) -> Box:
        """The box with symbols of its end points replaced."""

        def side(s: Side) -> Side:
            return s if s.value is None else Side(substitute((s.value,), dict(values))[0], s.open)

        return Box.made_of(Range(r.name, side(r.lower), side(r.upper)) for r in self.ranges)

    def __str__(self) -> str:
        return ", ".join(map(str, self.ranges))

    def __repr__(self) -> str:
        return f"Box({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Box) and self.ranges == other.ranges

    def __hash__(self) -> int:
        return hash(self.ranges)


def _sides(name: str, value: Any) -> tuple[Side, Side]:
    if isinstance(value, str):
        return parse_domain(f"{name} in {value}")[name]
    try:
        lower, upper = value
    except (TypeError, ValueError):
        raise BoundcheckError(
            f"the range of {name} is {value!r}; give a pair such as (0, 1), or a text "
            "such as '(0, 1]'"
        ) from None
    return _end(name, lower, lower=True), _end(name, upper, lower=False)


def _end(name: str, value: Any, *, lower: bool) -> Side:
    if isinstance(value, str):
        return parse_side(value, lower=lower)
    infinite = str(value) in ("oo", "-oo") or (isinstance(value, float) and math.isinf(value))
    if infinite:
        if (value < 0) != lower:
            raise BoundcheckError(
                f"the range of {name} has {value} as its {'lower' if lower else 'upper'} "
                "end; it is empty"
            )
        return Side(None, True)
    try:
        return Side(term(value), False)
    except BoundcheckError as error:
        raise BoundcheckError(f"an end point of {name}: {error}") from None


def _check_order(r: Range) -> None:
    low, high = r.lower.value, r.upper.value
    if any(end is not None and r.name in end.free for end in (low, high)):
        raise BoundcheckError(f"the range {r} mentions {r.name} itself; state that in given=")
    if low is None or high is None or low.op != "rational" or high.op != "rational":
        return
    if low.payload > high.payload:
        raise BoundcheckError(f"{r} is reversed: {low} > {high}; write the smaller end first")
    if low.payload == high.payload and (r.lower.open or r.upper.open):
        raise BoundcheckError(f"{r} is empty; close both ends or widen it")


def rational_ends(r: Range) -> tuple[fmpq | None, fmpq | None] | None:
    """The ends as exact rationals (None where infinite), or None where one
    is not a written number."""
    ends = [s.value for s in (r.lower, r.upper)]
    if any(e is not None and e.op != "rational" for e in ends):
        return None
    low, high = (None if e is None else e.payload for e in ends)
    return low, high


def conditions(value: Any) -> tuple[Relation, ...]:
    """Hypotheses from a text, relations, sympy relationals, or a list of these.

    Raises:
        BoundcheckError: something else, or a hypothesis that sympy has already decided.
    """
    if value is None:
        return ()
    if isinstance(value, str):
        return parse_conditions(value)
    if isinstance(value, Relation):
        return (value,)
    if isinstance(value, Iterable):
        return tuple(r for v in value for r in conditions(v))
    read: Relation = rim("sympy").from_relation(value)
    return (read,)
