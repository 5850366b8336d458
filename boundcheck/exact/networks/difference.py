"""Differences of networks and expressions: what a norm is taken of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Part: TypeAlias = Any
"""A network, which stands above this file, or an expression: what `term` takes, or a text."""


@dataclass(frozen=True)
class Difference:
    """A sum of networks and expressions with signs 1 and -1; what `sup_norm` and
    `lp_norm` take as an error.

    >>> from boundcheck import gates, sup_norm
    >>> error = "1/x" - gates.reciprocal("1/2")
    >>> print(sup_norm(error, on="x in [1/2, 2]"))
    0
    """

    parts: tuple[tuple[int, Part], ...]

    def __sub__(self, other: Part | Difference) -> Difference:
        return Difference((*self.parts, *parts_of(other, -1)))

    def __rsub__(self, other: Part) -> Difference:
        return Difference((*parts_of(other, 1), *((-s, p) for s, p in self.parts)))


def parts_of(value: Part | Difference, sign: int) -> tuple[tuple[int, Part], ...]:
    """The parts of a difference, or of one network or expression, times a sign."""
    if isinstance(value, Difference):
        return tuple((sign * s, p) for s, p in value.parts)
    return ((sign, value),)
