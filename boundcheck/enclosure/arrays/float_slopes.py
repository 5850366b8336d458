"""The slopes of the grammar's functions on arrays of intervals: what contains every chord's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.doubles import ball_above, ball_below
from boundcheck.enclosure.arrays.float_functions import FUNCTIONS
from boundcheck.enclosure.arrays.floats import Pair


def number(q: fmpq) -> Pair:
    """A constant as an interval."""
    low, high = fl.from_exact(q)
    return np.asarray(low), np.asarray(high)


def unknown(x: Pair, _: Pair) -> Pair:
    return np.full_like(x[0], -np.inf), np.full_like(x[0], np.inf)


def _one_minus_square(x: Pair) -> Pair:
    one = np.ones_like(x[0])
    return fl.sub((one, one), fl.square(x))


def _plus_square(x: Pair) -> Pair:
    one = np.ones_like(x[0])
    return fl.add((one, one), fl.square(x))


def _abs(x: Pair, _: Pair) -> Pair:
    return np.where(x[0] >= 0, 1.0, -1.0), np.where((x[1] <= 0) & (x[0] < 0), -1.0, 1.0)


def _gauss(x: Pair, _: Pair) -> Pair:
    with ctx.workprec(64):
        c = 2 / arb.pi().sqrt()
    scale = np.asarray(ball_below(c)), np.asarray(ball_above(c))
    return fl.mul(FUNCTIONS["exp"](fl.neg(fl.square(x))), scale)


SLOPES: dict[str, Callable[[Pair, Pair], Pair]] = {
    "Abs": _abs,
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
"""From an interval and the function's values on it; nothing is known of the others' slopes."""
