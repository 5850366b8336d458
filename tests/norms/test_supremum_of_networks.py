"""Networks in the supremum norm: minus a function, minus each other, in every spelling."""

import random

import pytest
from containments import tried
from flint import fmpq
from random_networks import shallow

from boundcheck import Box, LeakyReLU, ReLU, SignReLU, maximum, sup_norm, symbols
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.parser import parse_term


def width(found):
    return (found.upper - found.lower) / found.upper


x, y = symbols("x y")


@pytest.mark.parametrize(
    "activation", [SignReLU(), SignReLU("1/2"), ReLU(), LeakyReLU("1/10")], ids=str
)
@pytest.mark.parametrize("d", [1, 2])
def test_networks(activation, d):
    net = shallow(12, d, activation)
    names = ["x", "y"][:d]
    box = Box(**dict.fromkeys(names, (-1, 1)))
    norm, top = sup_norm(net, on=box, rtol="1e-2"), maximum(net, on=box, atol="1e-3")
    assert width(norm) <= fmpq(1, 100)
    assert top.upper - top.lower <= fmpq(1, 1000)
    rng = random.Random(3)
    for _ in range(300):
        point = [fmpq(rng.randint(-64, 64), 64) for _ in names]
        (value,) = net.exactly(point)
        tried(2)
        assert value <= top.upper
        assert abs(value) <= norm.upper
    (there,) = net.exactly(list(top.point))
    assert top.lower <= there


def test_errors_of_networks_in_every_spelling():
    net = shallow(8, 2, SignReLU())
    box = Box(x=(-1, 1), y=(-1, 1))
    by_text = sup_norm("exp(-(x**2+y**2))" - net, on=box, rtol="1e-2")
    import sympy

    by_sympy = sup_norm(net - sympy.exp(-(x**2 + y**2)), on=box, rtol="1e-2")
    as_term = sup_norm(sympy.exp(-(x**2 + y**2)) - net(x, y), on=box, rtol="1e-2")
    for a in (by_text, by_sympy, as_term):
        for b in (by_text, by_sympy, as_term):
            assert a.lower <= b.upper
    rng = random.Random(5)
    for _ in range(200):
        p = {"x": fmpq(rng.randint(-32, 32), 32), "y": fmpq(rng.randint(-32, 32), 32)}
        (n,) = net.exactly([p["x"], p["y"]])
        v = at_point(parse_term("exp(-(x**2+y**2))"), p, 100) - n
        tried()
        assert abs(v).lower() <= by_text.upper


def test_a_network_minus_itself_is_0():
    net = shallow(3, 1, SignReLU())
    found = sup_norm(net - net, on="x in [-1,1]")
    assert (found.lower, found.upper) == (0, 0)
