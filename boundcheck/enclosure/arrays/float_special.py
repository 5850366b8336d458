"""The rare functions on arrays of intervals, element by element through python-flint's balls
at the ends."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from flint import arb, ctx

from boundcheck.enclosure.arrays.doubles import ball_above, ball_below
from boundcheck.enclosure.arrays.floats import MAX, Pair
from boundcheck.exact.terms.work import spend

_BITS = 128  # in all, so that 53 are left near the zeros of acos and log Γ

Limits = dict[float, tuple[float, float]]


def _ends(function: Callable[[arb], arb], x: float, limits: Limits) -> tuple[float, float]:
    """Doubles around the function at a double; `limits` has the values at infinite ends."""
    if x in limits:
        return limits[x]
    with ctx.workprec(_BITS):
        value = function(arb(x))
    return ball_below(value), ball_above(value)


def _by_balls(enclose: Callable[[float, float], tuple[float, float]]) -> Callable[[Pair], Pair]:
    """Element by element."""

    def on_arrays(x: Pair) -> Pair:
        low, high = np.broadcast_arrays(*x)
        spend(16 * low.size)
        found = [
            enclose(a, b) for a, b in zip(low.ravel().tolist(), high.ravel().tolist(), strict=True)
        ]
        ends = np.array(found, np.float64).reshape(*low.shape, 2)
        return ends[..., 0], ends[..., 1]

    return on_arrays


def _monotone(
    function: Callable[[arb], arb],
    domain: tuple[float, float],
    values: tuple[float, float],
    limits: Limits,
    *,
    increasing: bool = True,
) -> Callable[[Pair], Pair]:
    def enclose(a: float, b: float) -> tuple[float, float]:
        a, b = max(a, domain[0]), min(b, domain[1])
        if a > b:
            return -math.inf, math.inf
        ends = _ends(function, a, limits), _ends(function, b, limits)
        if not increasing:
            ends = ends[1], ends[0]
        return max(ends[0][0], values[0]), min(ends[1][1], values[1])

    return _by_balls(enclose)


_UNLIMITED = {math.inf: (MAX, math.inf)}

# Γ decreases on (0, 187/128] and increases on [47/32, oo): it turns at 1.46163...; its minimum is
# above 0.8856 and that of log Γ above -0.1215.
_TURN = (187 / 128, 47 / 32)


def _valley(
    function: Callable[[arb], arb], bottom: float, pole: float, *, beyond: bool
) -> Callable[[Pair], Pair]:
    """Γ or log Γ, shifted so that the first pole is at `pole`; `beyond` it there are values
    as well, unbounded ones."""
    limits = {pole: (MAX, math.inf), **_UNLIMITED}

    def enclose(a: float, b: float) -> tuple[float, float]:
        if b <= pole or (beyond and a < pole):
            return -math.inf, math.inf
        a = max(a, pole)
        ends = _ends(function, a, limits), _ends(function, b, limits)
        if b <= _TURN[0] + pole:
            return max(ends[1][0], bottom), ends[0][1]
        if a >= _TURN[1] + pole:
            return max(ends[0][0], bottom), ends[1][1]
        return bottom, max(ends[0][1], ends[1][1])

    return _by_balls(enclose)


_ALL, _POSITIVE = (-math.inf, math.inf), (0.0, math.inf)
asin = _monotone(arb.asin, (-1.0, 1.0), _ALL, {})
acos = _monotone(arb.acos, (-1.0, 1.0), _POSITIVE, {}, increasing=False)
erf = _monotone(arb.erf, _ALL, (-1.0, 1.0), {-math.inf: (-1.0, -1.0), math.inf: (1.0, 1.0)})
erfc = _monotone(
    arb.erfc, _ALL, (0.0, 2.0), {-math.inf: (2.0, 2.0), math.inf: (0.0, 0.0)}, increasing=False
)
cbrt = _monotone(lambda x: x.root(3) if x != 0 else x, _POSITIVE, _POSITIVE, _UNLIMITED)
gamma = _valley(arb.gamma, 0.8856, 0.0, beyond=True)
loggamma = _valley(arb.lgamma, -0.1215, 0.0, beyond=False)
factorial = _valley(lambda x: (x + 1).gamma(), 0.8856, -1.0, beyond=True)
