"""What a rule of the checker is, and what it may ask the checker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

from flint import fmpq

from boundcheck.checking.goals import Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.intervals.interval import End


class Checks(Protocol):
    """The checker, as rules see it; see `checking.checker.Checker`."""

    def check(self, goal: Comparison, proof: Proof, defined: bool = False) -> None: ...

    def define(self, goal: Comparison, proof: Proof, key: str = "defined") -> None: ...

    def at_once(self, goal: Comparison) -> bool: ...

    def missing(
        self, options: Sequence[Comparison], proof: Proof, key: str, name: str | int
    ) -> Proof: ...


Rule: TypeAlias = Callable[[Checks, Comparison, Proof, bool], None]
"""Returns where the proof proves the goal; raises Rejected, or another error, where it does not.

Both sides are known to be defined on the set of the goal where the last argument is true, which is
not so only for rules that show it themselves."""


def place(k: Any) -> int:
    """A place in a list, as a proof names it."""
    if type(k) is not int or k < 0:
        raise Rejected(f"{k!r} is not a place in a list")
    return k


def finite(end: End) -> fmpq:
    """An end that is not infinite."""
    if isinstance(end, float):
        raise Rejected("the range is not bounded")
    return end.fmpq()


def accepted(sign: int | None, op: str) -> bool:
    """Whether a sign is what `op 0` asks for."""
    if sign is None:
        return False
    return sign == 0 if op == "==" else sign > 0 or (sign == 0 and op == ">=")
