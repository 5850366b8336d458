"""L^p norms of networks: exact piecewise integrals, wide layers against expanded ones,
activations of a user's own."""

import itertools
import random
import time

import mpmath
import numpy as np
import pytest
from flint import arb, fmpq
from float_arrays import exactly
from norms_known import known, mpf_of
from random_networks import layered, one_hidden_layer
from users import Steep

from boundcheck import BoundcheckError, LeakyReLU, Network, ReLU, SignReLU, lp_norm, symbols
from boundcheck.enclosure.cubature.ridges import Ridges
from boundcheck.exact.terms.parser import parse_term
from boundcheck.norms import lebesgue
from boundcheck.norms.supremum import NotReached


def exact_square_integral(net, low, high):
    """∫ net² for a ReLU network in one variable: quadratic between its kinks, so three
    points do (Simpson's rule)."""
    kinks = {
        -b / w[0]
        for w, b in zip(net.layers[0].weight, net.layers[0].bias, strict=True)
        if w[0] != 0
    }
    edges = sorted({low, high} | {k for k in kinks if low < k < high})
    total = fmpq(0)
    for a, b in itertools.pairwise(edges):
        one, mid, two = (net.exactly([x])[0] ** 2 for x in (a, (a + b) / 2, b))
        total += (b - a) * (one + 4 * mid + two) / 6
    return total


ACTIVATIONS = [SignReLU(), ReLU(), LeakyReLU("1/10"), SignReLU("1/3"), SignReLU(2), LeakyReLU(3)]


@pytest.mark.parametrize("seed", range(6))
def test_wide_relu_networks_exactly(seed):
    rng = random.Random(seed)
    net = one_hidden_layer(rng, 1, 40, ReLU())
    low, high = fmpq(rng.randint(-9, 0), 7), fmpq(rng.randint(1, 9), 4)
    found = lp_norm(net, 2, on=f"x in [{low}, {high}]", rtol="1/100")
    true = exact_square_integral(net, low, high) / (high - low)
    assert found.lower**2 <= true <= found.upper**2


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
@pytest.mark.parametrize("d", [1, 2])
def test_wide_layers_agree_with_expanded_ones(activation, d, monkeypatch):
    """The tree of cells and the Taylor models of the expanded network are two
    algorithms for one number."""
    net = one_hidden_layer(random.Random(d), d, 20, activation)
    on = ", ".join(f"x{k} in [-1, 1/2]" for k in range(d))
    target = "exp(x0)"
    wide = lp_norm(target - net, 2, on=on, rtol="1/20")
    monkeypatch.setattr(lebesgue, "WIDE", 1000)
    small = lp_norm(target - net, 2, on=on, rtol="1/20")
    assert wide.lower <= small.upper
    assert small.lower <= wide.upper


def test_named_networks():
    """A quotient of two networks, as in a ratio."""
    rng = random.Random(3)
    one, two = one_hidden_layer(rng, 1, 20, SignReLU()), one_hidden_layer(rng, 1, 20, SignReLU())
    found = lp_norm(
        "g1/(1000 + g2)", 2, on="x in [0, 1]", rtol="1/50", networks={"g1": one, "g2": two}
    )
    xs = [fmpq(2 * k + 1, 400) for k in range(200)]
    mean = sum((one.exactly([x])[0] / (1000 + two.exactly([x])[0])) ** 2 for x in xs) / 200
    assert float(arb(found.lower)) <= float(arb(mean)) ** 0.5 * 1.001
    assert float(arb(mean)) ** 0.5 <= float(arb(found.upper)) * 1.001


def test_deep_networks():
    net = one_hidden_layer(random.Random(5), 1, 20, SignReLU()).padded(4)
    shallow = one_hidden_layer(random.Random(5), 1, 20, SignReLU())
    a, b = (lp_norm(n, 2, on="x in [-1, 1]", rtol="1/100") for n in (net, shallow))
    assert a.lower <= b.upper
    assert b.lower <= a.upper


def test_weights_that_are_no_doubles():
    """Where nothing else is rounded: an output's bias of 1/3, no outer weight."""
    net = Network.from_layers([([[1, 0]] * 20, [0] * 20), ([[0] * 20], [fmpq(1, 3)])])
    layer = Ridges(*net.layers, net.activation)
    _, (m,), _ = layer.refined(layer.tree(), np.zeros((2, 1)), np.ones((2, 1)), np.zeros(1))
    assert 0 < abs(exactly(m.a[0]) - fmpq(1, 3)) <= exactly(m.err[0])


# -- activations of a user's own -------------------------------------------------------------------


def test_2026_11_22_small_networks_with_an_activation_of_a_users_own():
    net = Network.from_layers([([[1]], [0]), ([["1/1000"]], [-1])], Steep())
    lower, upper = known(net, 2, "x in [0, 1]", rtol="1/100")
    true = mpmath.mpf(999999) / 1000 / mpmath.sqrt(3)
    assert mpf_of(lower) <= true <= mpf_of(upper) < 1.02 * true


def test_2026_11_22_deep_networks_with_an_activation_of_a_users_own():
    net = Network.from_layers([([[1]], [0]), ([[1]], [0]), ([[1]], [0])], Steep())
    with pytest.raises(NotReached, match="Steep is not for Taylor models.*give another form"):
        lp_norm(net, 2, "x in [0, 1]")


# -- weights ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [2, 20])
def test_2026_11_22_weights_with_symbols_are_refused(n):
    a = symbols("a")
    net = Network.from_layers([([[a]] * n, [0] * n), ([[1] * n], [0])])
    with pytest.raises(BoundcheckError, match="the weights contain a; give them numbers"):
        lp_norm(net, 2, "x in [0, 1]")


def test_2026_11_22_weights_that_are_irrational():
    root = parse_term("sqrt(2)")
    net = Network.from_layers([([[root]] * 20, [0] * 20), ([["1/20"] * 20], [0])])
    lower, upper = known(net, 2, "x in [0, 1]")
    assert mpf_of(lower) <= mpmath.sqrt(mpmath.mpf(2) / 3) <= mpf_of(upper) < 1


# -- work ------------------------------------------------------------------------------------------


def test_2026_11_22_the_budget_ends_long_rounds():
    """200 outputs of a wide layer were probed one by one: a minute of the processor."""
    net, start = layered(np.random.default_rng(1), 1, 150, 150, 1), time.process_time()
    with pytest.raises(NotReached):
        lp_norm(net, 2, "x in [0, 1]", budget=1)
    assert time.process_time() - start < 6
