"""Maxima by branch and bound on batches of boxes."""

from fractions import Fraction

import numpy as np
import pytest
from float_arrays import exactly
from random_networks import ACTIVATIONS, points_of, random_network
from users import HardTanh

from boundcheck.enclosure.networks.batch_maximum import maximum, network_maximum
from boundcheck.enclosure.networks.relaxation import Relaxed


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
@pytest.mark.parametrize("depth", [1, 2])
def test_maximum_of_networks(activation, depth):
    rng = np.random.default_rng([7, depth])
    net = random_network(rng, depth, activation, inputs=2)
    lower, upper = np.array([-1.0, 0.25]), np.array([0.5, 1.0])
    relaxed = Relaxed(net)
    below, above = (float(v[0]) for v in relaxed.bounds(lower[:, None], upper[:, None]))
    tolerance = max((above - below) / (4 if isinstance(activation, HardTanh) else 20), 1e-9)
    for sign in (1, -1):
        found = network_maximum(relaxed, lower, upper, tolerance, sign=sign, limit=4000)
        assert found.reached
        assert Fraction(found.upper) - Fraction(found.lower) <= Fraction(tolerance)
        assert sign * net.exactly([exactly(x) for x in found.point])[0] >= exactly(found.lower)
        assert np.all((lower <= found.point) & (found.point <= upper))
        for x in points_of(rng, lower, upper):
            assert sign * net.exactly(x)[0] <= exactly(found.upper)


def square_root_of(center):
    """-|x - center|_1 with exact operations."""
    return (
        lambda lower, upper: (
            -np.maximum(np.maximum(lower - center, center - upper), 0).sum(axis=0),
            upper - lower,
        ),
        lambda points: -np.abs(points - center).sum(axis=0),
    )


def test_maximum_of_any_function():
    center = np.array([[0.375], [-0.125]])
    bound, sample = square_root_of(center)
    found = maximum(bound, sample, [-1, -1], [1, 1], 2.0**-20)
    assert found.reached
    assert found.lower <= 0 <= found.upper
    relative = maximum(bound, sample, [1, 1], [2, 2], lambda low: 0.01 * abs(low))
    assert relative.reached
    assert relative.lower <= -1.75 <= relative.upper <= relative.lower + 0.01 * abs(relative.lower)
    point = maximum(bound, sample, [1, 1], [1, 1], 0.0)
    assert point.lower == point.upper == -1.75


def test_leaves_prove_the_maximum():
    """They cover the box, and no bound exceeds the upper one."""
    bound, sample = square_root_of(np.array([[0.3], [0.4]]))
    found = maximum(bound, sample, [-1, -1], [1, 1], 0.01, keep=True)
    leaves = found.leaves
    assert (leaves.bound <= found.upper).all()
    sides = [[Fraction(float(x)) for x in row] for row in leaves.upper - leaves.lower]
    assert sum(a * b for a, b in zip(*sides)) == 4
    assert np.all(bound(leaves.lower, leaves.upper)[0] <= leaves.bound)


def test_interruption_leaves_an_enclosure():
    bound, sample = square_root_of(np.array([[0.3], [0.4]]))
    left = [4]

    def interrupted(points):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        return sample(points)

    with pytest.raises(KeyboardInterrupt) as caught:
        maximum(bound, interrupted, [-1, -1], [1, 1], 0.0)
    found = caught.value.extreme
    assert found.boxes > 0
    assert found.lower <= 0 <= found.upper < np.inf
    assert not found.reached


def test_limits_end_without_a_verdict():
    bound, sample = square_root_of(np.array([[0.3], [0.4]]))
    found = maximum(bound, sample, [-1, -1], [1, 1], -1.0, limit=500)
    assert not found.reached
    assert found.lower <= 0 <= found.upper
    # At the resolution of the doubles boxes cannot be cut any further.
    stuck = maximum(
        lambda a, b: (np.ones(a.shape[1]), b - a),
        lambda p: np.zeros(p.shape[1]),
        [1.0],
        [1.0 + 2.0**-50],
        0.5,
    )
    assert (stuck.lower, stuck.upper, stuck.reached) == (0.0, 1.0, False)
