"""The gap that interpolation on a grid of a face of the cube leaves of ReLU, measured."""

import itertools

import numpy as np
import pytest
import sympy

from boundcheck.theory.formulas import shallow

R = 1.5


def largest_square(d, k):
    """R² X_d^(3/4)/(96 k³), the bound of the mean square."""
    X = float(sympy.sympify(str(shallow.X), {"d": sympy.Integer(d)}))
    return R**2 * X**0.75 / (96 * k**3)


def corners(position, k):
    """The corners of the cell of a position in [0, k]^d, and their weights."""
    low = np.minimum(np.floor(position), k - 1)
    share = position - low
    for up in itertools.product((0, 1), repeat=len(position)):
        yield low + up, np.prod(np.where(up, share, 1 - share))


def ridge(position, q, v, k, x):
    """θ·x - θ(0): place q of θ is v, and the position says what the others and θ(0) are."""
    theta = 2 * position / k - 1
    theta[q] = v
    return x @ theta - position[q] * R * len(position) / k


def gap(position, q, v, k, x):
    inside = sum(w * np.maximum(ridge(c, q, v, k, x), 0) for c, w in corners(position, k))
    return inside - np.maximum(ridge(position.copy(), q, v, k, x), 0)


def midpoints(d):
    """Of a fine grid of [-R, R]^d."""
    half = 2000 if d == 1 else 150
    line = R * (np.arange(-half, half) + 0.5) / half
    return np.stack(np.meshgrid(*[line] * d), axis=-1).reshape(-1, d)


@pytest.mark.parametrize(("d", "k"), [(1, 1), (1, 3), (2, 1), (2, 4)])
def test_the_mean_square_of_a_gap_is_below_its_bound(d, k):
    """On every face, in the middle of a cell and at random places; for d = 1 the bound is attained.

    The slopes of a gap are at most 1, so that the midpoint rule errs by at most d step²/12.
    """
    rng, x = np.random.default_rng(d * 10 + k), midpoints(d)
    step = R / 2000 if d == 1 else R / 150
    places = [np.full(d, 0.5), *rng.uniform(0, k, (12, d))]
    found = [
        np.mean(gap(place, q, v, k, x) ** 2) for place in places for q in range(d) for v in (-1, 1)
    ]
    bound = largest_square(d, k)
    assert max(found) <= bound + d * step**2 / 12
    assert max(found) >= bound * (0.999 if d == 1 else 0.1)


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_weights_of_a_grid_are_a_law_with_a_small_variance(d):
    rng, k = np.random.default_rng(d), 4
    for position in rng.uniform(0, k, (20, d)):
        points, weights = map(np.array, zip(*corners(position, k), strict=True))
        y = rng.normal(size=d)
        z = (points - position) @ y
        assert weights.sum() == pytest.approx(1)
        assert weights @ z == pytest.approx(0, abs=1e-12)
        assert weights @ z**2 <= np.sum(y**2) / 4
