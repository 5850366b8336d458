"""The roundings inside round-off bounds, each seen on its own: exact evaluation beside
the doubles, without slack."""

import contextlib

import numpy as np
import pytest
import torch
from flint import fmpq
from float_arrays import exactly

from boundcheck import LeakyReLU, Network, ReLU, SignReLU
from boundcheck.enclosure.arrays import floats as fl
from boundcheck.exact.networks.affine import Affine
from boundcheck.torchnet.dtypes import FORMATS, Format
from boundcheck.torchnet.propagation import Propagation, _affine, _exceeds, _size, _weighted
from boundcheck.torchnet.rounding import Rounded, RoundedActivation

COARSE = [
    Format("coarse", p, -40, 60) for p in (4, 5, 6)
]  # γ_n is not small, nor is 1 + γ_n close to 1
SOME = [*FORMATS.values(), *COARSE]


@contextlib.contextmanager
def arithmetic(flush):
    """With subnormal numbers flushed to zero, or not."""
    if flush and not torch.set_flush_denormal(True):
        pytest.skip("this processor does not flush subnormal numbers")
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def sizes(rng, *shape):
    """Numbers >= 0, some of them 0, none subnormal: about 1, of any size, at the end
    of the doubles, or below."""
    middle, reach = ((0, 2), (0, 60), (-540, 8), (-1021, 8))[rng.integers(4)]
    found = np.ldexp(
        rng.uniform(1, 2, shape), np.maximum(middle + rng.integers(-reach, reach, shape), -1022)
    )
    return found * (rng.uniform(size=shape) > rng.choice([0.0, 0.3, 0.8]))


def nearly(rng, *shape):
    """Numbers in [1, 2), so that sums of their products with tiny numbers
    lose as many subnormal ones."""
    return 1 + rng.uniform(size=shape)


# -- one affine map in a format --------------------------------------------------------------------


def entries(rng, fmt, count):
    """Rationals: 0, powers of two, numbers of the format and others, alike or of all
    sizes, subnormal ones as well."""
    middle = int(rng.choice([fmt.emin, fmt.emin // 2, 0, 20]))
    reach = int(rng.choice([1, 3, fmt.precision]))
    for _ in range(count):
        e = min(
            max(middle + int(rng.integers(-reach, reach + 1)), fmt.emin - fmt.precision),
            fmt.emax - 4,
        )
        kind, sign = rng.integers(5), int(rng.choice([-1, 1]))
        if kind == 0:
            yield fmpq(0)
        elif kind == 1:
            yield sign * fmpq(2) ** e
        elif kind == 2:
            yield exactly(fmt.nearest(sign * exactly(rng.uniform(1, 2)) * fmpq(2) ** e))
        else:
            yield sign * fmpq(int(rng.integers(50, 100)), int(rng.integers(30, 50))) * fmpq(2) ** e


def is_power_of_two(w):
    top, bottom = abs(int(w.p)), int(w.q)
    return top > 0 and top & (top - 1) == 0 and bottom & (bottom - 1) == 0


def claimed(weights, bias, fmt):
    """factor, offset, size and start of one row, by the docstring of `Rounded`."""
    u, flushes = fmt.roundoff, fmt.name != "float16"
    eta = fmpq(2) ** fmt.emin if flushes else fmpq(1, 2**25)
    stored, shift = [exactly(fmt.nearest(w)) for w in weights], exactly(fmt.nearest(bias))
    n = sum(w != 0 for w in [*stored, shift])

    def gamma(m):
        return m * u / (1 - m * u) if m > 0 else fmpq(0)

    def unread(v):
        return abs(v) if flushes and abs(v) < eta else fmpq(0)

    lost = (1 + gamma(n)) * (4 * n + (sum(map(abs, stored), fmpq(0)) if flushes else 0)) * eta
    factor = [
        gamma(n - 1 if is_power_of_two(s) else n) * abs(s) + abs(s - w) + unread(s)
        for s, w in zip(stored, weights)
    ]
    offset = gamma(n - 1) * abs(shift) + abs(shift - bias) + unread(shift) + lost
    return (
        factor,
        offset,
        [abs(s) * (1 + gamma(n)) for s in stored],
        abs(shift) * (1 + gamma(n)) + lost,
    )


@pytest.mark.parametrize("flush", [False, True])
@pytest.mark.parametrize("fmt", SOME, ids=lambda f: f"{f}-{f.precision}")
def test_affine_maps_exactly(fmt, flush):
    rng = np.random.default_rng([fmt.precision, flush])
    for _ in range(60):
        outputs, inputs = 4, int(rng.integers(1, min(2**fmt.precision - 2, 12)))
        rows = [tuple(entries(rng, fmt, inputs)) for _ in range(outputs)]
        bias = tuple(entries(rng, fmt, outputs)) if rng.uniform() < 0.7 else (fmpq(0),) * outputs
        with arithmetic(flush):
            found = Rounded.of(Affine(tuple(rows), bias), fmt, 1)
        for i, (row, b) in enumerate(zip(rows, bias)):
            factor, offset, size, start = claimed(row, b, fmt)
            assert all(need <= exactly(v) for need, v in zip(factor, found.factor[i]))
            assert offset <= exactly(found.offset[i, 0])
            assert all(need <= exactly(v) for need, v in zip(size, found.size[i]))
            assert start <= exactly(found.start[i, 0])


def test_a_long_row_exactly():
    """Its sum stays at the first weight for some time."""
    row = [fmpq(2) ** 200, *[fmpq(2) ** 147] * 126]
    found = Rounded.of(Affine((tuple(row),), (fmpq(0),)), FORMATS["float64"], 1)
    _, offset, _, start = claimed(row, fmpq(0), FORMATS["float64"])
    assert offset <= exactly(found.offset[0, 0])
    assert start <= exactly(found.start[0, 0])


# -- one activation --------------------------------------------------------------------------------


ACTIVATIONS = [  # with the number of roundings left of 0
    (ReLU(), 0),
    (SignReLU(), 2),
    (SignReLU("9/4"), 3),
    (SignReLU("7/3"), 4),
    (LeakyReLU("11/16"), 1),
    (LeakyReLU(3), 1),
    (LeakyReLU(1), 0),
    (LeakyReLU("0.3"), 2),
]


@pytest.mark.parametrize("flush", [False, True])
@pytest.mark.parametrize("fmt", SOME, ids=lambda f: f"{f}-{f.precision}")
@pytest.mark.parametrize(("act", "operations"), ACTIVATIONS, ids=repr)
def test_activations_exactly(act, operations, fmt, flush):
    u, slope = fmt.roundoff, max([fmpq(1), *act.parameters])
    gamma = operations * u / (1 - operations * u)
    eta = fmpq(1, 2**25) if fmt.name == "float16" else fmpq(2) ** fmt.emin
    rng = np.random.default_rng([operations, fmt.precision])
    with arithmetic(flush):
        rho = RoundedActivation.of(Network.from_layers([([[1]], [0]), ([[1]], [0])], act), fmt)
        growth = rho.growth
    assert slope * (1 + gamma) <= exactly(growth)
    for _ in range(6):
        low = -sizes(rng, 20)
        if rng.uniform() < 0.5:  # where both terms count
            low = np.ldexp(
                rng.uniform(-2, -1, 20),
                np.maximum(fmt.emin + rng.integers(0, 2 * fmt.precision, 20), -1022),
            )
        with arithmetic(flush):
            found = rho.error((low, low + 1.0))
        for t, e in zip(low, found):
            assert gamma * max(-exactly(t), fmpq(0)) + 4 * eta * slope <= exactly(e)


def test_growth_exactly():
    """1 + γ_3 of float16 is rounded down by nearly half a unit, and so are some of its products."""
    for k in range(1024, 1536):
        rho = RoundedActivation.of(
            Network.from_layers([([[1]], [0]), ([[1]], [0])], SignReLU(fmpq(k, 1024))),
            FORMATS["float16"],
        )
        m = 2 + (k > 1024)
        assert fmpq(k, 1024) * (1 + fmpq(m, 2**11) / (1 - fmpq(m, 2**11))) <= exactly(rho.growth)


# -- propagation -----------------------------------------------------------------------------------


@pytest.mark.parametrize("flush", [False, True])
def test_products_of_non_negative_numbers_exactly(flush):
    rng = np.random.default_rng(flush)
    for k in range(300):
        outputs, inputs, cells = rng.integers(1, 12, 3)
        if k % 3:
            factor, size, offset = (
                sizes(rng, outputs, inputs),
                sizes(rng, inputs, cells),
                sizes(rng, outputs, 1),
            )
        else:  # each product is below the normal numbers
            factor, size = (
                nearly(rng, outputs, inputs) * 2.0**-512,
                nearly(rng, inputs, cells) * 2.0**-512,
            )
            offset = np.zeros((outputs, 1))
        with arithmetic(flush):
            found = _affine(factor, size, offset)
        factor, size, offset = (
            [[exactly(v) for v in row] for row in m] for m in (factor, size, offset)
        )
        for i, (row, shift) in enumerate(zip(factor, offset)):
            for j, column in enumerate(zip(*size)):
                assert shift[0] + sum((a * b for a, b in zip(row, column)), fmpq(0)) <= exactly(
                    found[i, j]
                )


@pytest.mark.parametrize("flush", [False, True])
def test_weighted_sums_exactly(flush):
    rng = np.random.default_rng(flush)
    for k in range(300):
        width, outputs, cells = rng.integers(1, 12, 3)
        if k % 3:
            start, errors = sizes(rng, outputs, cells), sizes(rng, width, cells)
            rows = np.sort(
                sizes(rng, 2, width, outputs, cells)
                * rng.choice([-1, 1], (2, width, outputs, cells)),
                0,
            )
        else:
            start, errors = np.zeros((outputs, cells)), nearly(rng, width, cells) * 2.0**-512
            rows = np.sort(nearly(rng, 2, width, outputs, cells) * 2.0**-512, 0)
        with arithmetic(flush):
            found = _weighted(start, (rows[0], rows[1]), errors)
        for i, j in np.ndindex(outputs, min(cells, 3)):
            largest = [max(abs(exactly(v)) for v in ends) for ends in rows[:, :, i, j].T]
            total = exactly(start[i, j]) + sum(
                (v * exactly(e) for v, e in zip(largest, errors[:, j])), fmpq(0)
            )
            assert total <= exactly(found[i, j])


def test_what_is_unknown_has_no_bound():
    zero, inf = np.zeros((1, 1)), np.full((1, 1), np.inf)
    with np.errstate(all="ignore"):
        assert np.isposinf(_affine(zero, inf, zero)).all()
        assert np.isposinf(_weighted(zero, (-inf[None], inf[None]), zero)).all()
        assert _exceeds(1.0, np.full((1, 1), np.nan), fl.MAX).all()


@pytest.mark.parametrize("flush", [False, True])
def test_sizes_in_torch_exactly(flush):
    rng = np.random.default_rng(flush)
    for _ in range(60):
        values = np.sort(sizes(rng, 2, 20) * rng.choice([-1, 1], (2, 20)), 0)
        error = sizes(rng, 20)
        with arithmetic(flush):
            found = _size((values[0], values[1]), error)
        for low, high, e, size in zip(*values, error, found):
            assert max(abs(exactly(low)), abs(exactly(high))) + exactly(e) <= exactly(size)


@pytest.mark.parametrize("fmt", SOME, ids=lambda f: f"{f}-{f.precision}")
def test_a_sum_just_beyond_the_largest_number(fmt):
    rng = np.random.default_rng(fmt.precision)
    largest, close = fl.from_exact(fmt.largest)[0], 0
    for growth in [
        1.0,
        *rng.uniform(1, 2, 200).tolist(),
        *(1 + 2.0**-52 * rng.integers(1, 9, 20)).tolist(),
    ]:
        near = largest / growth
        with np.errstate(over="ignore"):
            tried = near * (1 + 2.0**-52 * np.arange(-8, 9))[None]
            exceeds = _exceeds(growth, np.concatenate([tried, np.zeros_like(tried)]), largest)
        for total, beyond in zip(tried[0], exceeds):
            assert beyond or exactly(growth) * exactly(total) <= fmt.largest
            close += not beyond
    assert close > 500


def test_weights_that_are_no_doubles_are_enclosed():
    rng = np.random.default_rng(0)
    for scale in (1, fmpq(2) ** -540, fmpq(2) ** 540, fmpq(2) ** -1021):
        tops, bottoms = rng.integers(-99, 100, (4, 3)), rng.integers(1, 100, (4, 3))
        weights = [
            [fmpq(int(a), int(b)) * scale for a, b in zip(*rows)] for rows in zip(tops, bottoms)
        ]
        propagation = Propagation(Network.from_layers([(weights, [0] * 4)]), FORMATS["float64"])
        delta = np.ones((4, 1))
        error, (low, high) = propagation._pulled(1, delta, [], [])
        assert (error == delta).all()
        for i, row in enumerate(weights):
            for j, w in enumerate(row):
                assert exactly(low[j, i, 0]) <= w <= exactly(high[j, i, 0])
