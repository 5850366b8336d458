"""Differences of networks and expressions: what a norm is taken of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """A sum of networks and expressions with signs 1 and -1; what `sup_norm` and
    `lp_norm` take as an error."""

    parts: tuple[tuple[int, Any], ...]

    def __sub__(self, other: Any) -> Difference:
        return Difference((*self.parts, *parts_of(other, -1)))

    def __rsub__(self, other: Any) -> Difference:
        return Difference((*parts_of(other, 1), *((-s, p) for s, p in self.parts)))


def parts_of(value: Any, sign: int) -> tuple[tuple[int, Any], ...]:
    """The parts of a difference, or of one network or expression, times a sign."""
    if isinstance(value, Difference):
        return tuple((sign * s, p) for s, p in value.parts)
    return ((sign, value),)
