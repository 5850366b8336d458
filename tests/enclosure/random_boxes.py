"""Random expressions, boxes for them with a point inside, and the values there."""

import math

import numpy as np
from flint import arb, ctx
from float_arrays import exactly
from hypothesis import strategies as st
from strategies import terms

from boundcheck.enclosure.arrays import floats
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported

TROUBLE = (Unclear, DomainError, Unsupported, OverflowError)
FUNCTIONS = (
    "exp",
    "log",
    "sqrt",
    "sin",
    "cos",
    "tan",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "erf",
    "cbrt",
    "asin",
)
#: ends of boxes: ordinary, tiny, huge, subnormal, special
doubles = st.one_of(
    st.floats(-3, 3, allow_subnormal=False),
    st.sampled_from(
        [
            0.0,
            1.0,
            -1.0,
            0.5,
            -0.5,
            2.0,
            1e-300,
            -1e-300,
            5e-324,
            1e-16,
            1e16,
            1e200,
            -1e200,
            math.pi,
            1 - 2**-53,
        ]
    ),
    st.floats(-1e6, 1e6, allow_subnormal=False),
)
trees = terms(functions=FUNCTIONS, max_leaves=8)


@st.composite
def boxes(draw, ends=doubles):
    """(low, high, point) in each of two variables; one-point boxes now and then."""
    found = []
    for _ in range(2):
        a, b = draw(ends), draw(ends)
        if draw(st.integers(0, 5)) == 0:
            b = a
        low, high = min(a, b), max(a, b)
        t = draw(st.sampled_from([0, 1, 0.5, 0.25]))
        at = exactly(low) + (exactly(high) - exactly(low)) * exactly(float(t))
        found.append((low, high, at))
    return found


def value(t, box):
    """A ball around the value at the box's point, or None where it has none or is not settled."""
    try:
        found = at_point(t, {"x": box[0][2], "y": box[1][2]}, 300)
    except TROUBLE:
        return None
    with ctx.workprec(300):
        return arb(found)


def inside(ball_, low, high):
    """Whether a ball around the exact value meets [low, high]."""
    return not (ball_ < low or ball_ > high)


def arrays(box):
    return np.array([[b[0]] for b in box]), np.array([[b[1]] for b in box])


def settled(box):
    low, high = arrays(box)
    return floats.settled((low, high))
