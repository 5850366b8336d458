"""Attempts to exceed the round-off bounds with the kernels of torch."""

import random

import numpy as np
import pytest
import torch
from bounds_at_points import bounds_at
from emulators import ACTIVATIONS, layers, small
from flint import fmpq
from float_arrays import exactly

from boundcheck import Network, SignReLU
from boundcheck.testing.targets import NetworkTarget
from boundcheck.torchnet.convert import to_torch
from boundcheck.torchnet.dtypes import FORMATS
from boundcheck.torchnet.propagation import Propagation

DTYPES = list(FORMATS)


@pytest.mark.parametrize("dtype", DTYPES)
def test_any_number_of_rows_and_wide_layers(dtype):
    """Kernels depend on the number of rows: vectors, blocks, and reductions in a wider format."""
    fmt, source, numbers = FORMATS[dtype], random.Random(7), np.random.default_rng(7)
    width = 1000 if dtype != "bfloat16" else 250
    net = Network.from_layers(
        layers(source, [2, width, 3, 1], lambda s: fmpq(s.randint(1, 10**6), 10**6)),
        SignReLU("1/3"),
    )
    module, reference, truth = to_torch(net, dtype), to_torch(net), NetworkTarget(net)
    x = torch.from_numpy(numbers.uniform(-1, 1, (1000, 2))).to(fmt.dtype)
    for rows in (1, 3, 64, 1000):
        gap = (module(x[:rows]).double() - reference(x[:rows].double())).abs()[:, 0]
        k = int(gap.argmax())
        at = x[k].double().numpy()
        (value,) = truth([exactly(v) for v in at], 200)
        assert (
            abs(value - exactly(module(x[:rows])[k].item())) <= bounds_at(net, fmt, at[None])[0, 0]
        )


def wild(fmt):
    def weight(source):
        kind = source.random()
        if kind < 0.2:
            return fmpq(0)
        if kind < 0.6:  # subnormal ones as well
            return fmpq(source.randint(-99, 99), 77) * fmpq(2) ** source.randint(
                fmt.emin - fmt.precision, 3
            )
        return fmpq(source.randint(-99, 99), 77)

    return weight


@pytest.mark.parametrize("flush", [False, True])
@pytest.mark.parametrize("dtype", DTYPES)
def test_numbers_of_all_sizes(dtype, flush):
    """Subnormal weights, inputs and results; with flushing, the bound itself is
    computed by such a processor."""
    fmt, source = FORMATS[dtype], random.Random(11)
    numbers = np.random.default_rng(11)
    for k in range(12):
        d = 1 + k % 2
        net = Network.from_layers(layers(source, [d, 3, 2, 1], wild(fmt)), ACTIVATIONS[k % 6])
        module = to_torch(net, dtype)
        sizes = 2.0 ** numbers.uniform(max(fmt.emin - fmt.precision + 1, -1050), 1, (16, d))
        x = torch.from_numpy(sizes * numbers.choice([-1, 1], (16, d))).to(fmt.dtype)
        points = x.double().numpy()
        if not (torch.set_flush_denormal(flush) or not flush):
            pytest.skip("this processor does not flush")
        try:
            values, bounds = module(x), bounds_at(net, fmt, points)[0]
        finally:
            torch.set_flush_denormal(False)
        for p, value, bound in zip(points, values.double()[:, 0].tolist(), bounds):
            assert abs(exactly(value) - net.exactly([exactly(v) for v in p])[0]) <= exactly(bound)


def test_underflow_inside_an_activation():
    """x/1000 is 0 in float16, and what follows multiplies by 1024."""
    net = Network.from_layers([([[1]], [0]), ([[1024]], [0])], SignReLU("1/1000"))
    x = torch.full((1, 1), -0.9 * 2.0**-15, dtype=torch.float16)
    error = exactly(to_torch(net, "float16")(x).item()) - net.exactly([exactly(x.item())])[0]
    assert (
        fmpq(1, 2**16)
        < error
        <= exactly(bounds_at(net, FORMATS["float16"], x.double().numpy())[0, 0])
    )


@pytest.mark.parametrize("dtype", DTYPES)
def test_cells_around_kinks(dtype):
    """Points of boxes that are a few numbers to half of the plane wide: what is known
    of them holds for the box."""
    fmt, source = FORMATS[dtype], random.Random(5)
    numbers = np.random.default_rng(5)
    for k in range(12):
        net = Network.from_layers(layers(source, [2, 3, 3, 1], small), ACTIVATIONS[k % 6])
        module, reference = to_torch(net, dtype), to_torch(net)
        centre, reach = numbers.uniform(-1, 1, (2, 5)), 2.0 ** numbers.uniform(-12, 0, (1, 5))
        low, high = (
            torch.from_numpy(e).to(fmt.dtype).double().numpy()
            for e in (centre - reach, centre + reach)
        )
        bounds = Propagation(net, fmt)(low, high).bound[0]
        for j in np.flatnonzero(np.isfinite(bounds)):
            x = low[:, j] + (high - low)[:, j] * np.clip(numbers.uniform(-0.1, 1.1, (200, 2)), 0, 1)
            x = torch.from_numpy(x).to(fmt.dtype)
            assert (bounds_at(net, fmt, x.double().numpy())[0] <= bounds[j] * (1 + 2.0**-20)).all()
            worst = int((module(x).double() - reference(x.double())).abs()[:, 0].argmax())
            truth = net.exactly([exactly(v) for v in x[worst].tolist()])[0]
            assert abs(exactly(module(x)[worst].item()) - truth) <= exactly(bounds[j])
