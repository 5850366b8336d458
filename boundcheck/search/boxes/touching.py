"""Points where the gap is zero, and how far
around them it is convex.

Guesses come from descent and from simple numbers; `leaves.Touching` checks them exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np
from flint import arb, fmpq

from boundcheck.checking.goals import Rejected
from boundcheck.checking.leaves import Touching
from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Interval, Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.derivative import derivative
from boundcheck.exact.terms.parser import parse_term
from boundcheck.search.points.descent import minima
from boundcheck.search.problem import Problem

_TROUBLE = (Rejected, Unclear, DomainError, Unsupported, ValueError, np.linalg.LinAlgError)
_MAX_POINTS = 8
_SMALLEST = 24


class Convex:
    """A cube of half-width `radius` around a zero of the gap on which it is convex;
    `proof` is for the checker."""

    def __init__(self, goal: Comparison, at: dict[str, str]) -> None:
        names, gap = list(goal.on.names), goal.relation.gap()
        identity = [[str(int(i == j)) for j in range(len(names))] for i in range(len(names))]
        Touching(gap, names, {"at": at, "basis": identity})  # raises early where it is no zero
        values = {n: at_point(parse_term(at[n]), {}, 96) for n in names}
        gradient = [derivative(gap, n) for n in names]
        bends = [
            [float(arb(at_point(derivative(g, n), values, 96)).mid()) for n in names]
            for g in gradient
        ]
        basis = np.linalg.inv(np.linalg.cholesky(np.array(bends))).T
        rows = [
            [_exact(b) if i <= j else "0" for j, b in enumerate(r)]
            for i, r in enumerate(basis.tolist())
        ]
        self.proof = {"at": at, "basis": rows}
        touching = Touching(gap, names, self.proof)
        self.centre = np.array([float(arb(values[n]).mid()) for n in names])
        self.radius = 0.0
        for k in range(_SMALLEST):
            r = 2.0**-k
            cube = {
                n: Interval(arb(c - r), arb(c + r))
                for n, c in zip(names, self.centre.tolist(), strict=True)
            }
            if touching.covers(cube):
                self.radius = r
                break

    def inside(self, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
        """Which boxes lie in the cube."""
        low, high = self.centre - self.radius, self.centre + self.radius
        return np.asarray(((lower >= low[:, None]) & (upper <= high[:, None])).all(axis=0))


def _exact(x: float) -> str:
    return str(fmpq(*x.as_integer_ratio()))


def convex_points(problem: Problem, goal: Comparison) -> list[Convex]:
    """Zeros of the gap inside the range around which it is convex."""
    found: list[Convex] = []
    seen: set[tuple[str, ...]] = set()
    for point in minima(problem):
        for at in _spellings(point):
            key = tuple(at.values())
            if key in seen:
                continue
            seen.add(key)
            try:
                convex = Convex(goal, at)
            except _TROUBLE:
                continue
            if convex.radius > 0:
                found.append(convex)
                break
        if len(found) >= _MAX_POINTS:
            break
    return found


def _spellings(point: Mapping[str, fmpq]) -> Iterator[dict[str, str]]:
    """The point in simple numbers: rationals, or multiples of pi. A point
    beyond the doubles has none."""
    near = {n: float(arb(v).mid()) for n, v in point.items()}
    if not all(map(math.isfinite, near.values())):
        return
    plain = {n: _simple(v) for n, v in near.items()}
    yield {n: str(f) for n, f in plain.items()}
    turns = {n: _simple(v / math.pi) for n, v in near.items()}
    yield {n: f"{f}*pi" if f.denominator <= 12 and f else str(plain[n]) for n, f in turns.items()}


def _simple(value: float) -> Fraction:
    """The fraction with the smallest denominator near the value."""
    for size in (1, 2, 3, 4, 6, 8, 10, 12, 20, 60, 100, 1000):
        f = Fraction(value).limit_denominator(size)
        if abs(f - Fraction(value)) < Fraction(1, 10**9):
            return f
    return Fraction(value).limit_denominator(1000)
