"""Shallow networks between their kinks, against the networks themselves."""

import itertools
import random

import pytest
from flint import fmpq

from boundcheck import LeakyReLU, Network, ReLU, SignReLU
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import Unsupported
from boundcheck.exact.networks.line import formula, kinks


@pytest.mark.parametrize(
    "activation", [ReLU(), SignReLU(), SignReLU("1/3"), LeakyReLU("1/10")], ids=repr
)
def test_formulas_are_the_network(activation):
    rng = random.Random(1)
    rows = [
        [[fmpq(rng.randint(-5, 5), 3)] for _ in range(12)],
        [fmpq(rng.randint(-5, 5), 7) for _ in range(12)],
    ]
    net = Network.from_layers(
        [rows, ([[fmpq(rng.randint(-5, 5)) for _ in range(12)]], [fmpq(1, 3)])], activation
    )
    edges = sorted({fmpq(-2), fmpq(2)} | kinks(net, fmpq(-2), fmpq(2)))
    assert len(edges) > 6
    for low, high in itertools.pairwise(edges):
        for t in (fmpq(0), fmpq(1, 3), fmpq(1)):
            x = low + (high - low) * t
            assert at_point(formula(net, low, high, "x"), {"x": x}) == net.exactly([x])[0]


def test_kinks_are_strictly_inside_and_not_crossed():
    net = Network.from_layers([([[1], [2], [0]], [0, -2, 1]), ([[1, 1, 1]], [0])], ReLU())
    assert kinks(net, fmpq(-1), fmpq(1)) == {fmpq(0)}
    assert kinks(net, fmpq(0), fmpq(2)) == {fmpq(1)}
    with pytest.raises(Unsupported, match="a neuron changes its piece between -1 and 1"):
        formula(net, fmpq(-1), fmpq(1), "x")


def test_deep_networks_are_not_for_this():
    net = Network.from_layers([([[1]], [0]), ([[1]], [0]), ([[1]], [0])], ReLU())
    with pytest.raises(Unsupported, match="one input, output and hidden layer"):
        kinks(net, fmpq(0), fmpq(1))
