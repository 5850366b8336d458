"""Planes above ± (a sum of networks and an expression) on whole arrays of boxes, in doubles."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TypeAlias

import numpy as np

from boundcheck.enclosure.arrays.floats import above, below, mul
from boundcheck.enclosure.arrays.tape import Tape
from boundcheck.enclosure.networks.one_layer import Points, Values
from boundcheck.enclosure.networks.relaxation import Above, Relaxed, widen
from boundcheck.enclosure.networks.relaxation import middle as centre_of
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.term import Term

Sign: TypeAlias = int


class Planes:
    """Planes above sign * f, and values at points, for f = Σ s_k net_k + expression.

    Raises:
        Unsupported: the expression has an operation that is not for doubles.
    """

    def __init__(
        self,
        networks: Sequence[tuple[Sign, Network]],
        expression: Term | None,
        names: Sequence[str],
    ) -> None:
        self.networks = [(s, Relaxed(net)) for s, net in networks]
        self.tape = None if expression is None else Tape(expression, tuple(names))

    def above(self, lower: Points, upper: Points, sign: Sign) -> Above:
        parts = [net.above(lower, upper, 0, sign * s) for s, net in self.networks]
        if self.tape is not None:
            parts.append(_expression_above(self.tape, lower, upper, sign))
        return reduce(added, parts)

    def at_least(self, points: Points, sign: Sign) -> Values:
        values = [net.at_least(points, 0, sign * s) for s, net in self.networks]
        if self.tape is not None:
            low, high = self.tape.values(points, points)
            clear = self.tape.defined(low, high)
            values.append(
                np.where(clear, low[self.tape.root] if sign > 0 else -high[self.tape.root], -np.inf)
            )
        total = values[0]
        for v in values[1:]:
            total = below(total + v)
        return total

    def bending(self, found: Above, sign: Sign) -> Points:
        scores = [net.bending(found.center, found.radius, 0, sign * s) for s, net in self.networks]
        return scores[0] if scores else np.abs(found.slope) * found.radius + found.radius


def added(a: Above, b: Above) -> Above:
    """A plane above f + g on boxes, from one above f and one above g."""
    slope = a.slope + b.slope
    # |fl(s + t) - (s + t)| <= u |fl(s + t)| for each slope, times the radius
    slack = (np.abs(slope) * a.radius).sum(axis=0) * 2.0**-51
    with np.errstate(all="ignore"):
        value = widen(a.at_center + b.at_center, slack)
    fine = np.isfinite(value) & np.isfinite(slope).all(axis=0)
    return Above(np.where(fine, slope, 0.0), np.where(fine, value, np.inf), a.center, a.radius)


def _expression_above(tape: Tape, lower: Points, upper: Points, sign: Sign) -> Above:
    """f(x) <= f(c) + s (x - c) + Σ rad S_i r_i, for s in the middle of the slopes S."""
    centre, radius = centre_of(lower, upper)
    low, high = tape.values(lower, upper)
    ok = tape.defined(low, high)
    s_low, s_high = tape.slopes(low, high)
    value_low, value_high = tape.values(centre, centre)
    value = value_high[tape.root] if sign > 0 else -value_low[tape.root]
    with np.errstate(all="ignore"):
        slope = 0.5 * s_low + 0.5 * s_high
        spread = above(np.maximum(s_high - slope, slope - s_low))
        for k in range(len(slope)):
            value = above(value + mul((spread[k], spread[k]), (radius[k], radius[k]))[1])
        flat = high[tape.root] if sign > 0 else -low[tape.root]
        # the interval extension may be lower than the plane anywhere on the box
        reach = (np.abs(slope) * radius).sum(axis=0)
        better = ~(value + reach < flat)
        slope = np.where(better, 0.0, slope * sign)
        value = np.where(better, flat, value)
        fine = ok & np.isfinite(value) & np.isfinite(slope).all(axis=0)
    return Above(np.where(fine, slope, 0.0), np.where(fine, value, np.inf), centre, radius)
