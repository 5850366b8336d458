"""The axiom on information as it is written, by quadrature: for laws with atoms on a line."""

import math
from functools import cache

import numpy as np
import pytest

from boundcheck.theorems.axioms.information_axioms import AXIOMS

OPERATIONS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "npow": lambda a, b: a**b,
}
CALLS = {"exp": math.exp, "log": math.log, "sqrt": math.sqrt}
GRID = np.linspace(-14, 14, 141)
NORMAL = [
    ((None, z), math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi) * (GRID[1] - GRID[0])) for z in GRID
]
"""Sequences whose place 1 is z, with their weights: the trapezoid rule."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(8)


def value(e, known, bound=()):
    """A term in floats; the variables of binders stand innermost last."""
    again = cache(lambda part: value(part, known, bound))
    match e.head:
        case "number":
            return float(e.data)
        case "symbol":
            return known[e.data]
        case "bound":
            return bound[-1 - e.data]
        case "call":
            return CALLS[e.data](again(e.args[0]))
        case "at":
            return again(e.args[0])[int(again(e.args[1]))]
        case "mean":
            law = NORMAL if e.args[0].head == "independent" else again(e.args[0])
            return sum(w * value(e.args[1], known, (*bound, p)) for p, w in law)
        case "sum":
            low, high = (int(again(a)) for a in e.args[:2])
            return sum(value(e.args[2], known, (*bound, k)) for k in range(low, high + 1))
        case "integral":
            a, b = map(again, e.args[:2])
            points = (a + b) / 2 + (b - a) / 2 * NODES
            terms = [value(e.args[2], known, (*bound, r)) for r in points]
            return (b - a) / 2 * float(WEIGHTS @ terms)
    return OPERATIONS[e.head](*map(again, e.args))


@pytest.mark.parametrize(
    ("a", "b", "atoms"),
    [
        (0.2, 0.5, [(0, 0.5), (1, 0.5)]),
        (0.3, 0.7, [(-1, 0.2), (0.4, 0.8)]),
        (0.4, 0.4, [(2, 0.5), (3, 0.5)]),
        (0.1, 0.6, [(1, 1.0)]),
    ],
)
def test_the_axiom_as_it_is_written(a, b, atoms):
    (axiom,) = AXIOMS
    whole = axiom.formula
    while whole.head in ("forall", "implies"):
        whole = whole.args[-1]
    known = {"a": a, "b": b, "d": 1, "data": [((None, u), p) for u, p in atoms]}
    left, right = (value(side, known) for side in whole.args)
    assert left == pytest.approx(right, rel=1e-7, abs=1e-12)
    if len(atoms) > 1 and a < b:
        assert left > 0.01  # both sides say something
