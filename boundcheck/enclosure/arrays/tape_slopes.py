"""The slopes of the operations of a tape: intervals of float64 that contain every
chord's slope in each operand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.doubles import ball_above, ball_below
from boundcheck.enclosure.arrays.float_functions import FUNCTIONS
from boundcheck.enclosure.arrays.floats import Pair
from boundcheck.exact.terms.activation import LeakyReLU, ReLU


def number(q: fmpq) -> Pair:
    """A constant as an interval."""
    low, high = fl.from_exact(q)
    return np.float64(low), np.float64(high)  # type: ignore[return-value]


def local_slopes(s: Any, x: list[Pair], value: Pair) -> list[Pair]:
    """The slopes of one operation in each operand."""
    match s.kind:
        case "mul":
            return [x[1], x[0]]
        case "div":
            r = fl.reciprocal(x[1])
            return [r, fl.neg(fl.mul(x[0], fl.square(r)))]
        case "power":
            if s.extra == 0:
                return [(np.zeros_like(x[0][0]), np.zeros_like(x[0][0]))]
            return [fl.mul(fl.power(x[0], s.extra - 1), number(fmpq(s.extra)))]
        case "real":
            return [fl.mul(value, fl.divide(x[1], x[0])), fl.mul(value, FUNCTIONS["log"](x[0]))]
        case "Min" | "Max":
            first, second = (x[0], x[1]) if s.kind == "Max" else (x[1], x[0])
            low = np.where(first[0] > second[1], 1.0, 0.0), np.where(second[0] > first[1], 1.0, 0.0)
            return [(low[0], 1.0 - low[1]), (low[1], 1.0 - low[0])]
        case "activate":
            return [_slope(s.extra, x[0])]
    return [_SLOPES[s.extra](x[0], value)] if s.extra in _SLOPES else [_unknown(x[0])]


def _slope(rho: Any, t: Pair) -> Pair:
    """The slopes of chords: those of both sides where 0 is inside."""
    one = np.ones_like(t[0])
    if isinstance(rho, ReLU):
        return np.where(t[0] >= 0, 1.0, 0.0), np.where(t[1] > 0, 1.0, 0.0)
    if isinstance(rho, LeakyReLU):
        c = number(rho.slope)
        left = (one * c[0], one * c[1])
    else:  # α/(1 - t)² grows on t <= 0
        negative = np.minimum(t[0], 0.0), np.minimum(t[1], 0.0)
        root = fl.reciprocal(fl.sub((one, one), negative))
        left = fl.mul(fl.square(root), number(rho.alpha))
    low = np.where(t[0] >= 0, 1.0, np.where(t[1] > 0, np.minimum(left[0], 1.0), left[0]))
    high = np.where(t[0] >= 0, 1.0, np.where(t[1] > 0, np.maximum(left[1], 1.0), left[1]))
    return low, high


def _unknown(x: Pair) -> Pair:
    return np.full_like(x[0], -np.inf), np.full_like(x[0], np.inf)


def _one_minus_square(x: Pair) -> Pair:
    one = np.ones_like(x[0])
    return fl.sub((one, one), fl.square(x))


def _abs_slope(x: Pair, _: Pair) -> Pair:
    return np.where(x[0] >= 0, 1.0, -1.0), np.where((x[1] <= 0) & (x[0] < 0), -1.0, 1.0)


def _gauss(x: Pair, _: Pair) -> Pair:
    with ctx.workprec(64):
        c = 2 / arb.pi().sqrt()
    scale = np.float64(ball_below(c)), np.float64(ball_above(c))
    return fl.mul(FUNCTIONS["exp"](fl.neg(fl.square(x))), scale)  # type: ignore[arg-type]


def _plus_square(x: Pair) -> Pair:
    one = np.ones_like(x[0])
    return fl.add((one, one), fl.square(x))


_SLOPES: dict[str, Callable[[Pair, Pair], Pair]] = {
    "Abs": _abs_slope,
    "exp": lambda x, v: v,
    "log": lambda x, v: fl.reciprocal(x),
    "sqrt": lambda x, v: fl.reciprocal(fl.add(v, v)),
    "cbrt": lambda x, v: fl.reciprocal(fl.mul(fl.square(v), number(fmpq(3)))),
    "sin": lambda x, v: FUNCTIONS["cos"](x),
    "cos": lambda x, v: fl.neg(FUNCTIONS["sin"](x)),
    "tan": lambda x, v: _plus_square(v),
    "atan": lambda x, v: fl.reciprocal(_plus_square(x)),
    "asin": lambda x, v: fl.reciprocal(FUNCTIONS["sqrt"](_one_minus_square(x))),
    "acos": lambda x, v: fl.neg(fl.reciprocal(FUNCTIONS["sqrt"](_one_minus_square(x)))),
    "sinh": lambda x, v: FUNCTIONS["cosh"](x),
    "cosh": lambda x, v: FUNCTIONS["sinh"](x),
    "tanh": lambda x, v: _one_minus_square(v),
    "erf": _gauss,
    "erfc": lambda x, v: fl.neg(_gauss(x, v)),
}
