"""Planes around networks, against exact arithmetic: no tolerance anywhere."""

import numpy as np
import pytest
from flint import fmpq
from float_arrays import exactly
from random_networks import ACTIVATIONS, points_of, random_boxes, random_network
from users import HardTanh, Pole, Step

from boundcheck import BoundcheckError, LeakyReLU, Network, ReLU, SignReLU, symbols
from boundcheck.enclosure.networks import relaxation
from boundcheck.enclosure.networks.relaxation import Relaxed, concretise


def assert_contained(net, rng, count=6):
    """Planes and bounds hold at exact points of the boxes."""
    relaxed = Relaxed(net)
    lower, upper = random_boxes(rng, net.inputs, count)
    for output in range(net.outputs):
        planes = relaxed.planes(lower, upper, output)
        below, above = relaxed.bounds(lower, upper, output)
        assert np.isfinite(planes.at_center_upper).all()
        assert np.isfinite(planes.at_center_lower).all()
        assert np.all(concretise(planes, lower, upper)[1] >= above)
        assert np.all((lower <= planes.center) & (planes.center <= upper))
        least = relaxed.at_least(planes.center, output)
        most = -relaxed.at_least(planes.center, output, -1)
        for b in range(count):
            center = [exactly(c) for c in planes.center[:, b]]
            assert exactly(least[b]) <= net.exactly(center)[output] <= exactly(most[b])
            for x in points_of(rng, lower[:, b], upper[:, b]):
                value = net.exactly(x)[output]

                def at(constant, slope, x=x, center=center, b=b):
                    return sum(
                        (exactly(s) * (u - c) for s, u, c in zip(slope[:, b], x, center)),
                        exactly(constant[b]),
                    )

                assert (
                    at(planes.at_center_lower, planes.slope_lower)
                    <= value
                    <= at(planes.at_center_upper, planes.slope_upper)
                )
                assert exactly(below[b]) <= value <= exactly(above[b])


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_planes_contain_the_network(activation, depth):
    rng = np.random.default_rng([depth, ACTIVATIONS.index(activation)])
    for _ in range(2 if isinstance(activation, HardTanh) else 5):
        assert_contained(random_network(rng, depth, activation), rng)


def test_affine_maps():
    rng = np.random.default_rng(0)
    assert_contained(random_network(rng, 0, None), rng)


@pytest.mark.parametrize("depth", [1, 3])
@pytest.mark.parametrize(
    "activation", [SignReLU(), SignReLU(3), ReLU(), LeakyReLU("7/3")], ids=repr
)
def test_ends_at_the_kink(activation, depth):
    """Intervals that end at 0, or next to it, where slopes jump."""
    rng = np.random.default_rng(depth)
    identity = Network.from_layers([([[1]], [0])] * (depth + 1), activation)
    relaxed = Relaxed(identity)
    ends = np.array([-7.0, -1.0, -1e-9, -5e-324, 0.0, 5e-324, 1e-9, 1.0, 7.0])
    pairs = [(a, b) for a in ends for b in ends if a <= b]
    lower, upper = (np.array(side)[None] for side in zip(*pairs))
    planes = relaxed.planes(lower, upper)
    for b, (start, stop) in enumerate(pairs):
        for x in points_of(rng, [start], [stop]):
            move, value = x[0] - exactly(planes.center[0, b]), identity.exactly(x)[0]
            assert (
                exactly(planes.at_center_lower[b]) + exactly(planes.slope_lower[0, b]) * move
                <= value
            )
            assert (
                value
                <= exactly(planes.at_center_upper[b]) + exactly(planes.slope_upper[0, b]) * move
            )


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("activation", [SignReLU(), ReLU(), LeakyReLU("7/3"), HardTanh()], ids=repr)
def test_without_outward_rounding_it_fails(monkeypatch, activation, depth):
    monkeypatch.setattr(relaxation, "widen", lambda value, slack=0.0: value)
    rng = np.random.default_rng(1)

    def search():
        for _ in range(20):
            assert_contained(random_network(rng, depth, activation), rng)

    with pytest.raises(AssertionError):
        search()


def test_planes_are_tight():
    """They touch at points; on small boxes the gap is of second order; linear parts have none."""
    rng = np.random.default_rng(5)
    net = random_network(rng, 1, SignReLU(), inputs=2)
    relaxed, middle = Relaxed(net), rng.normal(size=(2, 50))
    gaps = []
    for radius in (0.0, 1e-4, 1e-3, 1e-2):
        planes = relaxed.planes(middle - radius, middle + radius)
        gaps.append(np.median(planes.at_center_upper - planes.at_center_lower))
    scale = np.abs(relaxed.at_least(middle)).max() + 1e3
    assert gaps[0] < 1e-11 * scale
    assert gaps[2] < 0.02 * gaps[3] + 1e-9
    hat = Relaxed(Network.from_layers([([[1], [1]], [1, 2]), ([[3, -2]], [0])], ReLU()))
    planes = hat.planes(np.array([[0.5]]), np.array([[7.0]]))
    assert abs(planes.slope_lower - 1) < 1e-14
    assert abs(planes.slope_upper - 1) < 1e-14
    assert planes.at_center_upper - planes.at_center_lower < 1e-11


def test_deep_sawtooth_stays_sharp():
    """Twelve hats, each after the other: values in [0, 1], though the weights' product is 8^12."""
    hat = ([[2], [4]], [0, -2])
    join = ([[2, -1], [4, -2]], [0, -2])
    net = Network.from_layers([hat, *[join] * 11, ([[1, -1]], [0])], ReLU())
    points = np.linspace(0, 1, 101)[None]
    relaxed = Relaxed(net)
    width = -relaxed.at_least(points, 0, -1) - relaxed.at_least(points)
    assert width.max() < 1e-6
    for b in (0, 33, 71):
        assert exactly(relaxed.at_least(points)[b]) <= net.exactly([exactly(points[0, b])])[0]


@pytest.mark.parametrize("activation", [SignReLU(), SignReLU(2), ReLU(), HardTanh()], ids=repr)
def test_overflow_gives_no_plane(activation):
    for weights in ([[10**200]], [[fmpq(10) ** 400]]):
        net = Network.from_layers([(weights, [0]), ([[1]], [0])], activation)
        relaxed = Relaxed(net)
        lower, upper = np.array([[-1e200, -1e308, -1e-300]]), np.array([[1e200, 1e308, 1e-300]])
        planes = relaxed.planes(lower, upper)
        lost = planes.at_center_upper == np.inf
        assert not planes.slope_upper[:, lost].any()
        for array in (
            *vars(planes).values(),
            *relaxed.bounds(lower, upper),
            *concretise(planes, lower, upper),
        ):
            assert not np.isnan(array).any()
        below, above = relaxed.bounds(lower, upper)
        for b, x in enumerate(upper[0]):
            value = net.exactly([exactly(x)])[0]
            assert np.isinf(above[b]) or value <= exactly(above[b])
            assert np.isinf(below[b]) or value >= exactly(below[b])


@pytest.mark.parametrize("activation", [Step(), Pole()], ids=repr)
def test_activations_without_slopes(activation):
    net = Network.from_layers([([[1]], [0]), ([[1]], [0])], activation)
    below, above = Relaxed(net).bounds(np.array([[-1.0, 2.0]]), np.array([[1.0, 2.0]]))
    assert above[0] == -below[0] == np.inf


def test_bad_input_is_reported():
    a = symbols("a")
    with pytest.raises(BoundcheckError, match="symbolic weights"):
        Relaxed(Network.from_layers([([[a]], [0]), ([[1]], [0])]))
    with pytest.raises(BoundcheckError, match="symbolic parameter"):
        Relaxed(Network.from_layers([([[1]], [0]), ([[1]], [0])], SignReLU(a)))
    relaxed = Relaxed(Network.from_layers([([[1]], [0]), ([[1]], [0])]))
    one = np.ones((1, 1))
    for lower, upper in ((one, -one), (one, np.inf * one), (np.ones((2, 1)), np.ones((2, 1)))):
        with pytest.raises(BoundcheckError, match="box"):
            relaxed.planes(lower, upper)
