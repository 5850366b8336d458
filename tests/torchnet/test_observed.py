"""The largest round-off error that a search finds."""

import numpy as np
import pytest
from bounds_at_points import bounds_at
from flint import fmpq
from float_arrays import exactly

from boundcheck import Box, LeakyReLU, Network, gates
from boundcheck.exact.networks.network import linear
from boundcheck.torchnet import observed
from boundcheck.torchnet.dtypes import FORMATS
from boundcheck.torchnet.observed import observed_error
from boundcheck.torchnet.roundoff import roundoff_bound


def needle(d):
    """1/(1/100 + Σ (x_i - 1/3)²), whose error is large near one point only,
    far from corners and grids."""
    shift = linear([[int(i == j) for j in range(d)] for i in range(d)], ["-1/3"] * d)
    squares = gates.square(3, 2)
    for _ in range(d - 1):
        squares = squares.beside(gates.square(3, 2))
    total = linear([[1] * d], ["1/100"])
    return shift.then(squares).then(total).then(gates.reciprocal("1/200")).instantiate()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_gradient_leads_to_a_needle(monkeypatch, dtype):
    """2026-11-22: corners, grids and random points missed it by a factor
    of 600 in six variables."""
    net, box = needle(4), Box(**{f"x{i}": (-1, 1) for i in range(4)})
    found = observed_error(net, dtype, box, points=1000, rounds=2)
    assert all(abs(v - 1 / 3) < 0.05 for v in found.point)
    assert found.error <= exactly(bounds_at(net, FORMATS[dtype], np.array([found.point]))[0, 0])
    monkeypatch.setattr(observed._Search, "ascent", lambda self: np.zeros((0, 4)))
    assert found.error > 2 * observed_error(net, dtype, box, points=1000, rounds=2).error


def test_float64_has_a_reference_that_is_finer():
    """2026-11-22: it was compared with itself, and only each 20th point was looked at."""
    net = gates.reciprocal("1/10").instantiate()
    found = observed_error(net, "float64", Box(x=("1/10", 1)), points=4000, rounds=4)
    assert found.error > fmpq(3, 10) * roundoff_bound(net, "float64", Box(x=("1/10", 1))).bound
    tent = Network.from_layers([([[1], [2]], [0, "1/3"]), ([["1/3", 1]], [0])], LeakyReLU("1/3"))
    points = np.linspace(-1, 1, 33)[:, None]
    for p, value in zip(points, observed._Reference(tent)(points)):
        gap = fmpq(*value[0].as_integer_ratio()) - tent.exactly([exactly(p[0])])[0]
        assert abs(gap) <= 8 * fmpq(2) ** -(
            np.finfo(np.longdouble).nmant + 1
        )  # float64 is off by 2^-54 and more
