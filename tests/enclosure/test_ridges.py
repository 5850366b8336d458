"""Wide layers on trees of cells: their models contain them, and the roundings are seen."""

import itertools
import random

import numpy as np
import pytest
from containments import tried
from flint import fmpq
from float_arrays import exactly, total
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import one_hidden_layer
from users import HardTanh, Steep

from boundcheck import (
    Activation,
    LeakyReLU,
    Network,
    Piece,
    Proved,
    ReLU,
    SignReLU,
    norm_bound,
    prove,
)
from boundcheck.enclosure.cubature.ridges import Ridges

ACTIVATIONS = [SignReLU(), ReLU(), LeakyReLU("1/10"), SignReLU("1/3"), SignReLU(2), LeakyReLU(3)]
points = st.sampled_from([fmpq(-1), fmpq(1), fmpq(0), fmpq(1, 3), fmpq(-5, 8)])


def assert_contained(first, last, activation, cell=None):
    """On a cell (center, radius), at its corners and its center."""
    net = Network.from_layers([first, last], activation)
    ridges, d = Ridges(*net.layers, activation), len(first[0][0])
    center, radius = (np.zeros((d, 1)), np.ones((d, 1))) if cell is None else cell
    with np.errstate(all="ignore"):
        _, found, _ = ridges.refined(ridges.tree(), center, radius, np.zeros(len(last[0])))
    for y in [*itertools.product((-1, 1), repeat=d), (0,) * d]:
        x = [
            exactly(c) + exactly(r) * t
            for c, r, t in zip(center[:, 0], radius[:, 0], y, strict=True)
        ]
        for m, value in zip(found, net.exactly(x), strict=True):
            if np.isfinite([m.a[0], *m.g[:, 0], m.err[0]]).all():
                near = exactly(m.a[0]) + total(
                    exactly(g) * t for g, t in zip(m.g[:, 0], y, strict=True)
                )
                assert abs(value - near) <= exactly(m.err[0])


TINIEST = fmpq(1, 2) ** 1074
HUGE = fmpq(2) ** 900


@pytest.mark.parametrize(
    "activation", [ReLU(), SignReLU(), SignReLU(2), LeakyReLU(HUGE), HardTanh()], ids=repr
)
@pytest.mark.parametrize("inner", [TINIEST / 3, TINIEST * 4 / 3, fmpq(1, 3), HUGE / 3])
@pytest.mark.parametrize("outer", [TINIEST / 3, TINIEST * 4 / 3, fmpq(1, 3), HUGE / 3])
def test_weights_that_underflow_times_large_ones(activation, inner, outer):
    """The rounding of one of them, times the other, is nothing to overlook."""
    for bias in (fmpq(0), inner):
        assert_contained(([[inner]] * 2, [bias] * 2), ([[outer, 0]], [0]), activation)


class Nothing(Activation):
    """0."""

    @staticmethod
    def pieces():
        return (Piece(None, lambda t: t * 0),)

    def derivative_range(self, lower, upper):
        return fmpq(0), fmpq(0)


def test_a_layer_of_nothing_but_a_bias():
    assert_contained(([[1]], [0]), ([[0]], [TINIEST / 3]), Nothing())
    assert_contained(([[1]], [0]), ([[0]], [fmpq(1, 3)]), Nothing())


def test_2026_11_30_a_norm_of_weights_that_underflow():
    """20 · 2^-76 ‖max(x, 0)‖ is about 1e-22, and was proved to be at most 1e-40."""
    net = Network.from_layers(
        [([[fmpq(2) ** 1000, 0]] * 20, [0] * 20), ([[fmpq(1, 2**1076)] * 20], [0])], ReLU()
    )
    assert not isinstance(
        prove(norm_bound(net, "10**-40", on="x in [-1, 1], y in [-1, 1]")), Proved
    )


@pytest.mark.parametrize(
    "activation", [ReLU(), SignReLU("1/3"), SignReLU(2), LeakyReLU("1/7"), HardTanh()], ids=repr
)
def test_layers_on_tiny_cells_exactly(activation):
    """There lines have no errors to speak of: what is left are the roundings, also where
    sums cancel."""
    rng = random.Random(4)
    for _ in range(12):
        n, d, reach = rng.choice([1, 5, 40]), rng.choice([1, 2]), rng.choice([0, 40])
        some = lambda: fmpq(rng.randint(-99, 99), 77) * fmpq(2) ** rng.randint(-reach, reach)  # noqa: B023, E731
        first = [[some() for _ in range(d)] for _ in range(n)], [some() for _ in range(n)]
        outer = [some() for _ in range(n)]
        first = [row for row in first[0] for _ in "12"], [b for b in first[1] for _ in "12"]
        outer = [
            v * s for v in outer for s in (1, -1)
        ]  # all neurons twice, so that the output is its bias
        center = np.array([[rng.randint(-(2**20), 2**20) * 2.0**-20] for _ in range(d)])
        radius = np.full((d, 1), rng.choice([2.0**-48, 2.0**-20]))
        assert_contained(
            first, ([outer, outer[::-1]], [fmpq(1, 3), some()]), activation, (center, radius)
        )


def layer(first, last, activation):
    return Ridges(*Network.from_layers([first, last], activation).layers, activation)


@pytest.mark.parametrize(
    "activation", [SignReLU(2), SignReLU("13/7"), SignReLU(9), HardTanh()], ids=repr
)
@pytest.mark.parametrize("exponent", [0, -3, -50, 8, -990, -1010])
def test_lines_near_activations_exactly(activation, exponent):
    """s t + o - below <= ρ(t) <= s t + o + above on [low, high], also on intervals
    that underflow in quotients."""
    rng = np.random.default_rng(abs(exponent))
    one, two = rng.normal(size=(2, 150)) * 2.0 ** rng.integers(-4, 4, (2, 150)) * 2.0**exponent
    one[:10], two[10:20], two[20:30] = 0.0, 0.0, one[20:30]
    low, high = np.minimum(one, two), np.maximum(one, two)
    s, o, above, below = layer(([[1]], [0]), ([[1]], [0]), activation)._lines(low, high)
    for k in range(len(low)):
        a, b = exactly(low[k]), exactly(high[k])
        for t in {
            a,
            b,
            (a + b) / 2,
            (3 * a + b) / 4,
            min(max(fmpq(0), a), b),
            min(max(fmpq(-1), a), b),
        }:
            middle, rho = exactly(s[k]) * t + exactly(o[k]), activation(t)
            assert (
                middle - exactly(below[k])
                <= fmpq(rho.numerator, rho.denominator)
                <= middle + exactly(above[k])
            )


@settings(deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(ACTIVATIONS),
    st.sampled_from([1, 2**40]),
    st.lists(points, min_size=2, max_size=2),
    st.floats(0, 0.3),
)
def test_models_of_wide_layers_contain_them(seed, activation, scale, at, tolerance):
    """Down a random path of cells, with neurons settled on the way."""
    rng = random.Random(seed)
    net = one_hidden_layer(rng, 2, 12, activation, outputs=2)
    first = net.layers[0]
    first = type(first)(
        tuple(tuple(w * scale for w in r) for r in first.weight),
        tuple(b * scale for b in first.bias),
    )
    layer = Ridges(first, net.layers[1], activation)
    scaled = Network([first, net.layers[1]], activation)
    tree, center, radius = layer.tree(), np.zeros((2, 1)), np.ones((2, 1))
    for _ in range(rng.randint(0, 12)):
        tree, _, blame = layer.refined(tree, center, radius, np.full(2, tolerance * scale))
        k = int(np.argmax(blame[:, 0] + radius[:, 0] * 1e-9))
        radius[k] *= 0.5
        center[k] += rng.choice([-1, 1]) * radius[k]
    _, models, _ = layer.refined(tree, center, radius, np.full(2, tolerance * scale))
    x = [
        exactly(c) + exactly(r) * y for c, r, y in zip(center[:, 0], radius[:, 0], at, strict=True)
    ]
    for m, value in zip(models, scaled.exactly(x), strict=True):
        near = exactly(m.a[0]) + sum(exactly(g) * y for g, y in zip(m.g[:, 0], at, strict=True))
        assert abs(value - near) <= exactly(m.err[0])
        tried()


def test_2026_11_22_rounding_errors_grow_with_the_slopes_of_an_activation():
    """w x + b is near 0 because 2^40 x/3 and -2^40/9 cancel; its rounding
    error is multiplied by 10^6."""
    weight, bias = fmpq(2**40, 3), -fmpq(2**40, 9)
    net = Network.from_layers(
        [([[weight]] * 3, [bias, bias + 1, bias - 2]), ([["1/3", "2/7", "1/9"]], [0])], Steep()
    )
    layer = Ridges(*net.layers, net.activation)
    for k in range(20, 50):
        center, radius = np.array([[round(2**k / 3) / 2**k]]), np.array([[2.0**-k]])
        _, (m,), _ = layer.refined(layer.tree(), center, radius, np.zeros(1))
        for y in (fmpq(-1), fmpq(0), fmpq(1)):
            value = net.exactly([exactly(center[0, 0]) + exactly(radius[0, 0]) * y])[0]
            assert abs(value - exactly(m.a[0]) - exactly(m.g[0, 0]) * y) <= exactly(m.err[0])
