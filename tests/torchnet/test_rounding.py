"""The rounding errors of layers, against emulated formats: any order of summation, fused or not,
in the format or a wider one."""

import itertools
import random

import numpy as np
import pytest
import torch
from bounds_at_points import bounds_at, pointwise
from emulators import ACTIVATIONS, Adversary, Emulator, layers, numbers, small
from flint import fmpq
from float_arrays import exactly

from boundcheck import Box, LeakyReLU, Network, ReLU, SignReLU, gates
from boundcheck.enclosure.arrays import floats as fl
from boundcheck.torchnet import dtypes
from boundcheck.torchnet.convert import to_torch
from boundcheck.torchnet.dtypes import FORMATS, Format
from boundcheck.torchnet.observed import observed_error
from boundcheck.torchnet.roundoff import Void, roundoff_bound

DTYPES = ["float64", "float32", "float16", "bfloat16"]
TOY = Format("toy", 5, -16, 9)


@pytest.fixture
def toy(monkeypatch):
    monkeypatch.setitem(dtypes.FORMATS, "toy", TOY)
    return TOY


WIDE = Format("wide", 2 * TOY.precision + 1, -60, 60)


@pytest.mark.parametrize("seed", range(12))
def test_no_order_of_summation_in_a_toy_format_exceeds_the_bound(toy, seed):
    source = random.Random(seed)
    d = 1 + seed % 2
    act = [SignReLU(), ReLU(), LeakyReLU("0.3"), SignReLU("1/3"), SignReLU("7/3")][seed % 5]
    sizes = [d, 3, 2, 2]
    net = Network.from_layers(
        [
            (
                [
                    [fmpq(source.randint(-9, 9), source.choice([1, 2, 3, 5])) for _ in range(a)]
                    for _ in range(b)
                ],
                [fmpq(source.randint(-9, 9), source.choice([1, 3, 7])) for _ in range(b)],
            )
            for a, b in itertools.pairwise(sizes)
        ],
        act,
    )
    low, high = fmpq(-1, 3), fmpq(5, 4)
    bound = roundoff_bound(net, "toy", Box(**{f"x{i}": (low, high) for i in range(d)}), cells=200)
    if isinstance(bound, Void):
        assert "may exceed" in bound.reason
        return
    values = numbers(toy, low, high)
    points = (
        [(v,) for v in values] if d == 1 else [tuple(source.sample(values, 2)) for _ in range(200)]
    )
    worst = [fmpq(0)] * 2
    for trial, wide in enumerate([None, WIDE, WIDE]):
        emulator = Emulator(net, toy, seed + trial, wide)
        for p, here in zip(points, pointwise(net, "toy", points).T):
            truth = net.exactly(p)
            assert all(abs(a - b) <= exactly(c) for a, b, c in zip(emulator(p), truth, here))
            worst = [max(w, abs(a - b)) for w, a, b in zip(worst, emulator(p), truth)]
    assert all(w <= b for w, b in zip(worst, bound.bounds))
    assert bound.bound <= 60 * max(worst)


def test_the_bound_of_a_sum_is_attained(toy):
    # 1 + u + u + ...: each sum is a tie that goes to the even 1, so n terms lose (n - 1) u
    for fmt, n in ((TOY, 6), (FORMATS["float32"], 9), (FORMATS["bfloat16"], 20)):
        u = fmt.roundoff
        net = Network.from_layers([([[1] * n], [0])])
        point = [fmpq(1)] + [u] * (n - 1)
        error = abs(Emulator(net, fmt, 0, sequential=True)(point)[0] - net.exactly(point)[0])
        assert error == (n - 1) * u
        found = roundoff_bound(net, fmt.name, Box(**{f"x{i}": (v, v) for i, v in enumerate(point)}))
        assert error <= found.bound
        assert found.bound <= error * (1 + 3 * n * u)


@pytest.mark.parametrize("dtype", DTYPES)
def test_conversion_of_weights_counts(dtype):
    u = FORMATS[dtype].roundoff
    net = Network.from_layers([([["1/3"]], ["1/5"])])
    bias = Network.from_layers([([[0]], ["1/5"])])
    for n, point, scale in ((net, fmpq(1), fmpq(4, 5)), (bias, fmpq(1), fmpq(1, 5))):
        found = roundoff_bound(n, dtype, Box(x=(point, point)))
        error = observed_error(n, dtype, Box(x=(point, point))).error
        assert 0 < error <= found.bound <= 4 * u * scale


def test_a_weight_that_rounds_to_a_power_of_two():
    u = FORMATS["float32"].roundoff
    error = u * 9 / 10  # 1 + 9u/10 is stored as 1, with which products are exact
    found = roundoff_bound(Network.from_layers([([[1 + error]], [0])]), "float32", Box(x=(1, 1)))
    assert error <= found.bound <= error * (1 + u)


FINE = Format("fine", 8, -16, 9)
PRODUCT = Network.from_layers([([["171/128"]], [0])])


def neuron(act):
    return Network.from_layers([([[1]], [0]), ([[1]], [0])], act)


@pytest.mark.parametrize(
    ("net", "operations"),
    [
        (PRODUCT, 1),
        (neuron(SignReLU()), 2),
        (neuron(SignReLU("9/4")), 3),
        (neuron(SignReLU(1 + fmpq(1901, 25_600))), 4),  # the parameter is rounded by nearly u
        (neuron(LeakyReLU("11/16")), 1),
        (neuron(LeakyReLU(1 + fmpq(299, 25_600))), 2),
    ],
    ids=repr,
)
def test_operations_at_every_number(monkeypatch, net, operations):
    """One operation less in the bound, and some number would exceed it."""
    monkeypatch.setitem(dtypes.FORMATS, "fine", FINE)
    values = [(v,) for v in numbers(FINE, fmpq(-8), fmpq(2)) if abs(v) >= fmpq(1, 16)]
    share = 0.0
    for wide in (None, Format("wide", 17, -60, 60)):
        emulator = Emulator(net, FINE, 0, wide)
        for p, bound in zip(values, pointwise(net, "fine", values)[0]):
            error = abs(emulator(p)[0] - net.exactly(p)[0])
            assert error <= exactly(bound)
            share = max(share, fl.nearest(error) / bound)
    assert share > 1 - 1 / (operations + 0.1)


@pytest.mark.parametrize(
    "act", [SignReLU(), SignReLU("1/3"), SignReLU(3), LeakyReLU("0.3"), ReLU()], ids=repr
)
def test_activations_of_torch_at_every_bfloat16(act):
    net = Network.from_layers([([[1]], [0]), ([[1]], [0])], act)
    x = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16).view(torch.bfloat16)
    x = x[(x.abs() <= 2.0**20) & (x.abs() >= 2.0**-20)][:, None]
    values = to_torch(net, torch.bfloat16)(x).double()[:, 0].tolist()
    points = [(exactly(v),) for v in x[:, 0].tolist()]
    for p, value, bound in zip(points, values, pointwise(net, "bfloat16", points)[0]):
        assert abs(exactly(value) - net.exactly(p)[0]) <= exactly(bound)


def test_slopes_at_a_kink_that_an_error_crosses():
    # z = x/3 + x/5 - 8/15 is 0 at x = 1, but not in floats, where a slope of 1000 follows
    below = 0
    for dtype in DTYPES:
        net = Network.from_layers([([["1/3", "1/5"]], ["-8/15"]), ([[1]], [0])], SignReLU(1000))
        value = to_torch(net, dtype)(torch.ones(1, 2, dtype=getattr(torch, dtype))).item()
        bound = pointwise(net, dtype, [(fmpq(1), fmpq(1))])[0, 0]
        assert abs(value) <= bound <= 6000 * fl.nearest(FORMATS[dtype].roundoff)
        below += value < -100 * fl.nearest(FORMATS[dtype].roundoff)
    assert below


def test_slopes_on_the_perturbed_range():
    # z is slightly negative at x = y = 1, where ReLU is flat; in floats it is
    # positive for one of the signs
    crossed = 0
    for dtype, sign in itertools.product(DTYPES, (1, -1)):
        tiny = FORMATS[dtype].roundoff / 100
        first = ([[sign * fmpq(1, 3), sign * fmpq(1, 5)]], [-sign * fmpq(8, 15) - tiny])
        net = Network.from_layers([first, ([[1]], [0])], ReLU())
        value = to_torch(net, dtype)(torch.ones(1, 2, dtype=getattr(torch, dtype))).item()
        assert net(1, 1) == 0
        assert value <= pointwise(net, dtype, [(fmpq(1), fmpq(1))])[0, 0]
        crossed += value > 0
    assert crossed


@pytest.mark.parametrize("side", [1, -1])
def test_the_worst_side_of_a_box_counts(side):
    net = (
        Network.from_layers([([[side, 0], [0, 1]], [0, 0])])
        .then(gates.division("1/100", 1, 1))
        .instantiate()
    )
    x = ("1/100", 1) if side > 0 else (-1, "-1/100")
    found = roundoff_bound(net, "float32", Box(x=x, y=(-1, 1)))
    assert found.at_points[0] <= found.bound
    assert fmpq(8, 100) < found.bound < fmpq(1, 10)


def test_underflow_counts():
    net = Network.from_layers([([[fmpq(1, 2**14)]], [0])])
    box = Box(x=(0, fmpq(1, 2**10)))
    error = observed_error(
        net, "float16", box
    ).error  # 2^-14 · 2^-11 is a tie between 0 and the smallest number
    assert error == fmpq(1, 2**25)
    assert error <= roundoff_bound(net, "float16", box).bound <= 16 * error
    # flushing to zero, which float32 has to survive, loses less than the smallest normal number
    small = fmpq(1, 2**126)
    net = Network.from_layers([([["1/2"]], [0])])
    assert small / 2 <= roundoff_bound(net, "float32", Box(x=(0, small))).bound <= 8 * small


def test_subnormal_numbers_that_are_read_as_zero():
    net = Network.from_layers([([[fmpq(1, 2**130)]], [0])])  # a subnormal weight of float32
    x, error = torch.full((1, 1), 2.0**100), fmpq(1, 2**30)
    bound = roundoff_bound(net, "float32", Box(x=(2**100, 2**100))).bound
    assert error <= bound <= error * fmpq(1001, 1000)
    if torch.set_flush_denormal(True):
        try:
            value = to_torch(net, "float32")(x).item()
        finally:
            torch.set_flush_denormal(False)
        assert abs(exactly(value) - error) <= bound


# -- the worst that the error model admits ---------------------------------------------------------


TOYS = [Format("toy", 5, -16, 200), Format("fine", 9, -30, 200)]


@pytest.mark.parametrize("seed", range(18))
def test_no_rounding_within_the_model_exceeds_the_bound(seed):
    source, fmt = random.Random(seed), TOYS[seed % 2]
    net = Network.from_layers(layers(source, [2, 4, 3, 2], small), ACTIVATIONS[seed % 6])
    points = np.array([[source.randint(-16, 16) / 8 for _ in range(2)] for _ in range(12)])
    share = 0.0
    for p, bounds in zip(points, bounds_at(net, fmt, points).T):
        truth = net.exactly([exactly(v) for v in p])
        for k in range(20):
            for value, e, bound in zip(
                Adversary(net, fmt, 100 * seed + k)([exactly(v) for v in p]), truth, bounds
            ):
                if np.isfinite(bound):
                    assert abs(value - e) <= exactly(bound)
                    share = max(share, fl.nearest(abs(value - e)) / bound)
    assert share > 0.1
