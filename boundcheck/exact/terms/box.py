"""Boxes: named variables with exact end points."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from flint import fmpq

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.parser import (
    Side,
    parse_conditions,
    parse_domain,
    parse_name,
    parse_side,
)
from boundcheck.exact.terms.term import (
    Relation,
    SympyLike,
    Term,
    TextOrTerm,
    substitute,
    symbol,
    term,
)
from boundcheck.rims import rim

RangeLike: TypeAlias = str | Sequence[TextOrTerm]
"""The range of a variable, as `Box` takes it: a pair of ends, or a text such as `"(0, 1]"`."""

_EndLike: TypeAlias = Any
"""What `TextOrTerm` says; an infinite one, of Python or of sympy, is compared with 0."""

RelationLike: TypeAlias = str | Relation | SympyLike
"""A relation given by a user: a text such as `"x < 1"`, `x < 1` itself, or one of sympy."""

ConditionsLike: TypeAlias = RelationLike | Iterable["ConditionsLike"] | None
"""Hypotheses given by a user, as `conditions` reads them: a text with several relations, one
relation, or a list of these."""


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
    `"(0, 1]"` says which ends belong to the range.

    Raises:
        BoundcheckError: an empty or reversed range, one that mentions its own
            variable, NaN, or a bad name.

    >>> box = Box(x=(0, 1), y=("-1/2", "oo"), t="(0, c]")
    >>> box
    Box('x in [0, 1], y in [-1/2, oo), t in (0, c]')
    >>> box.names, box.symbols_in_ends
    (('x', 'y', 't'), frozenset({'c'}))
    """

    def __init__(self, **ranges: RangeLike) -> None:
        found = (Range(parse_name(n), *_sides(n, value)) for n, value in ranges.items())
        self.ranges: tuple[Range, ...] = tuple(found)
        for r in self.ranges:
            _check_order(r)

    @classmethod
    def made_of(cls, ranges: Iterable[Range]) -> Box:
        """The box of these ranges.

        >>> box = Box(x=(0, 1), y=(2, 3))
        >>> Box.made_of(reversed(box.ranges))
        Box('y in [2, 3], x in [0, 1]')
        """
        box = cls()
        box.ranges = tuple(ranges)
        for r in box.ranges:
            _check_order(r)
        return box

    @classmethod
    def reals(cls, *names: str) -> Box:
        """Every real number for each name.

        >>> Box.reals("x", "y")
        Box('x in (-oo, oo), y in (-oo, oo)')
        """
        return cls(**dict.fromkeys(names, (-math.inf, math.inf)))

    @classmethod
    def parse(cls, text: str) -> Box:
        """The box that a text describes.

        Raises:
            BoundcheckError: a text outside the grammar, or what `Box` refuses.

        >>> Box.parse("x in [0, 1], y in (-1/2, oo)")
        Box('x in [0, 1], y in (-1/2, oo)')
        """
        sides = parse_domain(text) if text.strip() else {}
        return cls.made_of(Range(name, *both) for name, both in sides.items())

    @classmethod
    def of(cls, value: BoxLike) -> Box:
        """A box from a box, a text, a mapping or None (no variables).

        Raises:
            BoundcheckError: something else.

        >>> Box.of({"x": (0, 1)}) == Box.of("x in [0, 1]") == Box(x=(0, 1))
        True
        """
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
        """The variables, in order."""
        return tuple(r.name for r in self.ranges)

    @property
    def symbols_in_ends(self) -> frozenset[str]:
        """Names that the end points mention."""
        ends = (s.value for r in self.ranges for s in (r.lower, r.upper))
        return frozenset().union(*(e.free for e in ends if e is not None))

    def hypotheses(self) -> tuple[Relation, ...]:
        """The box as relations: all lower ends, then all upper ends.

        >>> print(*Box(x=(0, "c"), t="(0, 1]").hypotheses(), sep=", ")
        x >= 0, t > 0, x <= c, t <= 1
        """
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
        """The box with symbols of its end points replaced.

        >>> Box(x=(0, "c")).subs({"c": term("1/2")})
        Box('x in [0, 1/2]')
        """

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


BoxLike: TypeAlias = Box | str | Mapping[str, RangeLike] | None
"""A box given by a user, as `Box.of` reads it; None has no variables."""


def _sides(name: str, value: RangeLike) -> tuple[Side, Side]:
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


def _end(name: str, value: _EndLike, *, lower: bool) -> Side:
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


def conditions(value: ConditionsLike) -> tuple[Relation, ...]:
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
