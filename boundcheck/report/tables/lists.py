"""What the tables share: lists of integers as parameters, progress, and the quotient
of a bound and an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from flint import fmpq

from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.settings import Settings, exact

Watch: TypeAlias = Callable[[str], None]
"""Told what is computed next."""


def integers(
    given: Settings, name: str, default: str, least: int, most: int | None = None
) -> list[int]:
    """The different integers of a list such as 2;4;8, in order.

    Raises:
        BoundcheckError: an entry that is no integer, or out of range.
    """
    values = [exact(text, name) for text in given.row(name, default)]
    for v in values:
        if v.q != 1 or v < least or (most is not None and v > most):
            range_ = f"integers >= {least}" if most is None else f"integers from {least} to {most}"
            raise BoundcheckError(
                f"{name} = {v}; the list {name} has {range_}, such as {name}={least};{2 * least}"
            )
    return sorted({int(v.p) for v in values})


def ratio_of(bound: fmpq, error: Enclosure) -> Enclosure:
    """bound/error, enclosed."""
    upper, lower = error.upper, error.lower
    return Enclosure(bound / upper if upper else fmpq(0), bound / lower if lower else None)
