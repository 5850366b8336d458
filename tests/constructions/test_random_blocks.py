"""Networks of random blocks: their sizes, and certified errors below the bounds."""

import itertools

import numpy as np
import pytest
from flint import arb, fmpq

from boundcheck.constructions.builders import build
from boundcheck.constructions.certified import drawn_blocks
from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.random_blocks import random_blocks
from boundcheck.errors import BoundcheckError

CASES = {
    1: Marginal.of([0, "1/2", -1], [1, "-1/2", "1/4"], sigma="1/2"),
    2: Marginal.of([(0, 0), ("1/2", "-1/2")], [1, "-1/2"], sigma="1/2"),
}


def outputs(net, x):
    """Of a ReLU network with one hidden layer, in float64."""
    first, last = net.layers
    v, w = ([[float(arb(c)) for c in row] for row in a.weight] for a in (first, last))
    b, c = ([float(arb(e)) for e in a.bias] for a in (first, last))
    return np.maximum(x @ np.array(v).T + b, 0) @ np.array(w).T + c


def target(f, x):
    return np.array([float(f.value([fmpq(int(c * 2**20), 2**20) for c in p])) for p in x])


@pytest.mark.parametrize("d", CASES)
def test_a_certified_error_is_below_the_bound(d):
    built, error = drawn_blocks(CASES[d], 1, 24, rtol="1/5")
    assert built.neurons <= built.limit(2)
    assert error.upper <= built.bound(2)
    assert error.lower > 0


@pytest.mark.parametrize(("d", "n_1"), [(1, 4), (1, 40), (2, 20), (5, 10)])
def test_draws_are_unbiased_and_as_near_as_is_said(d, n_1):
    point = [0] * d, [fmpq(1, 2)] * d
    f = Marginal.of(point, [1, "-1/2"], sigma="1/2")
    x = np.random.default_rng(0).integers(-(2**10), 2**10, (12, d)) / 2**10
    wanted = target(f, x)
    errors = np.array(
        [outputs(random_blocks(f, 1, n_1, seed=s).relu, x)[:, 0] - wanted for s in range(200)]
    )
    mean = np.sqrt((errors**2).mean())
    bound = 1.5 * np.sqrt(1.191 / n_1)  # without the factor for the neurons
    assert bound / 4 < mean < bound
    assert np.sqrt((errors.mean(0) ** 2).mean()) < 2.5 * mean / np.sqrt(200)


def test_it_interpolates_the_waves():
    """One block is the interpolant of a cosine: at a knot it is that cosine, and the network is
    affine between knots."""
    f = Marginal.of([0], [1], sigma=1)
    net = random_blocks(f, 4, 1, seed=3).relu
    first, _ = net.layers
    w = float(arb(first.weight[0][0]))
    knots = [-float(arb(b)) / w for b in first.bias[:-1]]
    values = outputs(net, np.array(knots)[:, None])[:, 0]
    shrink = 2 * (1 - np.cos(2.633)) / 2.633**2
    assert np.allclose(values, np.cos(w * np.array(knots)) / shrink)
    for a, b in itertools.pairwise(sorted(knots)):
        ends = outputs(net, np.array([[a], [(a + b) / 2], [b]]))[:, 0]
        assert ends[1] == pytest.approx((ends[0] + ends[2]) / 2)


def test_neurons_and_coefficients():
    f, many = CASES[2], 200
    built = [random_blocks(f, 1, 9, seed=s) for s in range(many)]
    above = sum(b.neurons > b.limit(1) for b in built)
    assert above < many * np.exp(-1 / 2)
    for b in built:
        kinks = b.neurons - 1
        assert b.coefficients[0] <= fmpq(3, 2) * fmpq(2633, 1000) / 9 * kinks * (1 + fmpq(1, 10**9))
    assert len({b.neurons for b in built}) > 10


def test_several_marginals_share_the_kinks():
    f, g = CASES[2], Marginal.of([(1, 0)], [3], sigma="1/2")
    both = random_blocks([f, g], 1, 12)
    assert both.neurons == random_blocks(f, 1, 12).neurons + 1
    assert both.network.outputs == 2


def test_the_same_arguments_give_the_same_network():
    one, two = (build("marginal", ["method=blocks,draws=5,d=7,seed=2"]) for _ in range(2))
    assert one.network == two.network
    assert one.settings["method"] == "blocks"
    assert one.details["neurons"] <= one.details["limit"]
    assert one.network != build("marginal", ["method=blocks,draws=5,d=7,seed=3"]).network


@pytest.mark.parametrize(
    ("draws", "seed", "message"),
    [(0, 0, "draws = 0"), (1.5, 0, "draws"), (3, -1, "seed"), (10**8, 0, "neurons|numbers")],
)
def test_refused(draws, seed, message):
    with pytest.raises(BoundcheckError, match=message):
        random_blocks(CASES[1], 1, draws, seed=seed)


def test_nothing_found():
    """With t near 0 the limit of neurons is their mean, which some draw exceeds."""
    t = "1/1000"
    draws = (random_blocks(CASES[1], 4, 2, seed=s) for s in range(100))
    many = next(b for b in draws if b.neurons > b.limit(t))
    with pytest.raises(BoundcheckError, match=f"none of the seeds {many.seed} to {many.seed}"):
        drawn_blocks(CASES[1], 4, 2, t=t, seed=many.seed, tries=1)
