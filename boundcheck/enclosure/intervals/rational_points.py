"""What holds at a rational point: values, signs and relations, rigorously."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from flint import arb, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.term import Relation, Term

Point: TypeAlias = Mapping[str, fmpq]
_BITS = (64, 256, 1024)


def value_at(root: Term, point: Point, bits: int = 256) -> Value:
    """The value at a point to a width that is fit to print."""
    while True:
        try:
            return at_point(root, point, bits)
        except Unclear:
            if bits > 4096:
                raise
            bits *= 4


def sign_at(root: Term, point: Point) -> int | None:
    """-1, 0 or 1: the sign at a rational point; None where balls of moderate precision cannot tell.

    Raises:
        DomainError: the expression has no value there.
        Unsupported: there is no method for it.
    """
    for bits in _BITS:
        try:
            value = at_point(root, point, bits)
        except Unclear:
            continue
        if isinstance(value, fmpq):
            return (value > 0) - (value < 0)
        if value > 0:
            return 1
        if value < 0:
            return -1
        if isinstance(value, arb) and value.is_zero():
            return 0
    return None


def holds(relation: Relation, point: Point) -> bool | None:
    """Whether a relation holds at a rational point; None where that is not
    settled (or not defined)."""
    try:
        sign = sign_at(relation.gap(), point)
    except (DomainError, Unsupported):
        return None
    if sign is None:
        return None
    if relation.op == "==":
        return sign == 0
    return sign > 0 or (sign == 0 and not relation.strict)
