"""The operations of a tape, one by one: what no other test would miss."""

import numpy as np
import pytest

from boundcheck.enclosure.arrays.tape import Tape
from boundcheck.exact.terms.parser import parse_term


@pytest.mark.parametrize("text", ["x**-2", "0*x**(-1)", "x/(x*x)", "x + log(-1)", "x*sqrt(-2)"])
def test_what_is_not_defined_everywhere_is_not_taken_for_it(text):
    tape = Tape(parse_term(text), ["x"])
    ends = np.array([[-1.0, 2.0]]), np.array([[1.0, 3.0]])
    around, beside = tape.defined(*tape.values(*ends))
    assert not around
    assert beside == (text not in ("x + log(-1)", "x*sqrt(-2)"))


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("Max(x, 1/2)", {0: (0, 0), 1: (1, 1), 2: (0, 1)}),
        ("Max(1/2, x)", {0: (0, 0), 1: (1, 1), 2: (0, 1)}),
        ("Min(x, 1/2)", {0: (1, 1), 1: (0, 0), 2: (0, 1)}),
        ("Min(1/2, x)", {0: (1, 1), 1: (0, 0), 2: (0, 1)}),
        ("leakyrelu(x - 1/2, 3)", {0: (3, 3), 1: (1, 1), 2: (1, 3)}),
        ("leakyrelu(x - 1/2, 1/4)", {0: (0.25, 0.25), 1: (1, 1), 2: (0.25, 1)}),
        ("relu(x - 1/2)", {0: (0, 0), 1: (1, 1), 2: (0, 1)}),
    ],
)
def test_slopes_on_both_sides_of_a_kink(text, slope):
    tape = Tape(parse_term(text), ["x"])
    low, high = tape.slopes(*tape.values(np.array([[-2.0, 1.0, 0.0]]), np.array([[0.0, 2.0, 1.0]])))
    for k, (least, most) in slope.items():
        assert least - 1e-9 <= low[0, k] <= least
        assert most <= high[0, k] <= most + 1e-9


def test_products():
    tape = Tape(parse_term("x*y"), ["x", "y"])
    table = tape.values(np.array([[2.0], [5.0]]), np.array([[3.0], [7.0]]))
    low, high = tape.slopes(*table)
    for found, least, most in [
        ([e[tape.root, 0] for e in table], 10, 21),
        ((low[0, 0], high[0, 0]), 5, 7),
        ((low[1, 0], high[1, 0]), 2, 3),
    ]:
        assert least - 1e-9 <= found[0] <= least
        assert most <= found[1] <= most + 1e-9
