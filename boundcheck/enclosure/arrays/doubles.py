"""Doubles on either side of a ball: never subnormal, which a processor may read as 0,
and never infinite inside."""

from __future__ import annotations

import math

from flint import arb, ctx

from boundcheck.enclosure.arrays.floats import MAX, NORMAL
from boundcheck.enclosure.intervals.interval import Interval


def ball_below(ball: arb) -> float:
    """A double below the ball; never inf."""
    if not ball.is_finite():
        return -math.inf
    with ctx.workprec(
        53
    ):  # an end of 53 bits, rounded outward, is a double: `float` changes nothing
        return _settled_below(ball.lower())


def ball_above(ball: arb) -> float:
    """A double above the ball; never -inf."""
    if not ball.is_finite():
        return math.inf
    with ctx.workprec(53):
        return 0.0 - _settled_below(-ball.upper())


def _settled_below(end: arb) -> float:
    if -NORMAL < end < NORMAL:
        return 0.0 if end >= 0 else -NORMAL
    return min(float(end), MAX)


def doubles(x: Interval) -> tuple[float, float]:
    """The doubles around an interval; infinite where it is."""
    low = x.lower if isinstance(x.lower, float) else ball_below(x.lower)
    return low, x.upper if isinstance(x.upper, float) else ball_above(x.upper)
