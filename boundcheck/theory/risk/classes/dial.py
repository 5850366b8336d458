"""Pairs (A, ν) for the oracle inequality: the comparator counts A times, b² log N/m 1/ν times."""

from __future__ import annotations

from functools import cache

from flint import arb, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas import oracle

_FACTORS = ("21/20", "11/10", "6/5", "27/20", "3/2", "7/4", "2", "5/2")
_GRID = 2**20


@cache
def dials() -> tuple[tuple[fmpq, fmpq], ...]:
    """A few admissible pairs, A from 1.05 to 2.5, with ν as large as A admits, nearly.

    >>> [(str(A), (1 / arb(nu)).str(4, radius=False)) for A, nu in dials()][::3]
    [('21/20', '85.40'), ('27/20', '17.20'), ('2', '10.70')]
    """
    found = []
    for text in _FACTORS:
        A = fmpq(*map(int, text.split("/")))
        low, high = fmpq(0), fmpq(1, 4)  # the condition fails at 1/4
        while high - low > fmpq(1, _GRID):
            middle = (low + high) / 2
            low, high = (middle, high) if admissible(A, middle) else (low, middle)
        if low == 0:
            raise ArithmeticError(f"no nu is admissible for A = {A}")
        found.append((A, low))
    return tuple(found)


def admissible(A: fmpq, nu: fmpq) -> bool:
    """Whether A > 1, ν > 0 and ν <= `oracle.DIAL`, for certain."""
    return bool(A > 1 and nu > 0) and bool(
        arb(nu) <= arb(at_point(term(oracle.DIAL), {"A": A, "nu": nu}, 128))
    )
