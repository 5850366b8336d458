"""The strata of the construction: integrals, draws, and the steps that are words in the proofs, in
exact arithmetic or by quadrature."""

import itertools
import math
import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from flint import fmpq
from sampled_marginals import marginal, relu

from boundcheck.constructions.ridge_density import Density
from boundcheck.constructions.sizes import pieces_of_rule
from boundcheck.constructions.strata import Cells
from boundcheck.constructions.stratified import a_posteriori, stratified

# -- integrals and draws ---------------------------------------------------------------------------


@pytest.mark.parametrize("k", [2, 3])
def test_corner_weights_against_a_midpoint_rule(k):
    """∫ (the multilinear interpolation of ReLU(v·x - b) in the cell of (v, b)) dν, d = 2, by
    400 x 400 midpoints a face."""
    f, x, n, R = marginal(2), np.array([[0.3, -0.8], [0.9, 0.7], [-0.5, 0.1]]), 400, 1.25
    total = np.zeros(len(x))
    t, b = ((g.ravel() + 0.5) / n for g in np.indices((n, n)))
    for axis, sign in itertools.product((0, 1), (1.0, -1.0)):

        def vector(free, axis=axis, sign=sign):
            return np.stack(
                [np.full_like(free, sign), free] if axis == 0 else [free, np.full_like(free, sign)],
                axis=1,
            )

        free = 2 * t - 1
        top = R * (1 + np.abs(free))  # b runs through [0, R|v|_1]
        height = top * b
        weight = Density(f).values(vector(free), height) * (2 / n) * top / n
        i, j = np.floor(t * k), np.floor(height / (2 * R / k))
        s, r = t * k - i, height / (2 * R / k) - j
        for p, q in itertools.product((0, 1), (0, 1)):
            share = (s if p else 1 - s) * (r if q else 1 - r)
            ridge = np.maximum(
                vector(2 * (i + p) / k - 1) @ x.T - (2 * R / k * (j + q))[:, None], 0
            )
            total += (weight * share) @ ridge
    gradient = np.array([float(g) for g in f.gradient([0, 0])])
    built = stratified(f, R, k, corners_only=True)
    assert relu(built.relu, x)[:, 0] == pytest.approx(
        float(f.value([0, 0])) + x @ gradient + total, abs=2e-4
    )


@pytest.mark.parametrize(("d", "k"), [(1, 1), (1, 4), (2, 2), (2, 3), (3, 2), (3, 3), (4, 2)])
def test_integrals_of_constant_density(d, k):
    R = 1.5
    cells = Cells.of(d, k, R)
    found = cells.integrals(lambda v, b: np.ones(len(b)), (2, 1))
    faces = 2 * d * 2 ** (d - 1)
    accuracy = 1e-12 if d < 3 else 2e-3
    assert found.mass.sum() == pytest.approx(faces * R * (1 + (d - 1) / 2), rel=accuracy)
    assert found.corners.sum(axis=1) == pytest.approx(found.mass)
    keys = cells.corner_keys()
    lattice = cells.corner_lattice(keys.ravel())
    assert ((lattice >= 0) & (lattice <= k)).all()
    assert np.isin(lattice[:, :d], [0, k]).any(axis=1).all()  # on the surface
    # Interpolation reproduces b: ∫ b = ½R² Σ ∫ |v|_1², E|v_i| = 1/2 and E v_i² = 1/3 on a face.
    moment = found.corners.ravel() @ lattice[:, d] * cells.height
    square = 1 + (d - 1) + (d - 1) / 3 + (d - 1) * (d - 2) / 4
    assert moment == pytest.approx(faces * R**2 * square / 2, rel=accuracy)
    directions = (2 * lattice[:, :d] - k) / k
    assert found.corners.ravel() @ directions == pytest.approx(np.zeros(d), abs=1e-9)
    if d > 1:  # ... and v: the mean of v_axis · sign is 1
        first = cells.axis == 0
        assert (found.corners[first] * directions[:, 0].reshape(keys.shape)[first]).sum(
            axis=1
        ) == pytest.approx(found.mass[first] * cells.sign[first])


@pytest.mark.parametrize("d", [1, 2, 3])
def test_spread_bounds_the_square_of_the_gap(d):
    """∫_cell E_x gap² against ReLU minus its interpolation at drawn atoms and points."""
    k, R, rng = 2, 1.5, np.random.default_rng(1)
    cells = Cells.of(d, k, R)
    ones = lambda v, b: np.ones(len(b))  # noqa: E731
    found = cells.integrals(ones, (2, 1))
    draw = cells.draw(ones, np.full(len(cells), 600), found.peak, rng)
    lattice = cells.corner_lattice(cells.corner_keys().ravel()).reshape(len(cells), 2**d, d + 1)[
        draw.cell
    ]
    x = rng.uniform(-R, R, (len(draw.b), d))
    ridge = (
        np.einsum("nci,ni->nc", (2 * lattice[..., :d] - k) / k, x) - cells.height * lattice[..., d]
    )
    gap = (draw.shares * np.maximum(ridge, 0)).sum(axis=1) - np.maximum(
        (draw.v * x).sum(axis=1) - draw.b, 0
    )
    assert gap.min() > -1e-12
    square = np.bincount(draw.cell, gap**2) / 600 * found.mass
    assert (
        square < 1.25 * found.spread
    ).all()  # the means of 600 draws have some spread themselves
    assert square.sum() < found.spread.sum() < 3 * square.sum()


@pytest.mark.parametrize("d", [2, 3])
def test_spread_of_constant_density(d):
    """In an uncut cell: the mean over λ and the fourth moment of S over x by Gauss rules."""
    k, R = 3, 1.5
    cells = Cells.of(d, k, R)
    found = cells.integrals(lambda v, b: np.ones(len(b)), (4, 4))
    x, w = np.polynomial.legendre.leggauss(4)
    n = 40
    place = (np.indices((n,) * d).reshape(d, -1).T + 0.5) / n
    h, bow = np.array([2 / k] * (d - 1) + [R * d / k]), place * (1 - place)
    fourth = np.zeros(len(place))
    for choice in itertools.product(range(4), repeat=d - 1):
        at = np.array([R * x[i] for i in choice] + [1.0])
        fourth += np.prod([w[i] / 2 for i in choice]) * (bow @ (at * h) ** 2) ** 2
    uncut = cells.level == 0
    assert found.spread[uncut] == pytest.approx(
        np.mean(fourth**0.75) / (12 * R) * np.prod(h), rel=2e-3
    )


@pytest.mark.parametrize(
    ("d", "k", "sigma"), [(1, 2, "1/4"), (2, 3, "1/2"), (2, 8, "1/5"), (3, 2, "1/2"), (3, 3, 1)]
)
def test_the_rule_is_fine_enough(d, k, sigma):
    """Twice as many pieces change integrals over ν by less than 1e-5, and V
    by less than 1e-3, of V."""
    f, cells = marginal(d, sigma=sigma), Cells.of(d, k, 1.0)
    across, up = pieces_of_rule([f], fmpq(1), k)
    found, finer = (cells.integrals(Density(f).values, (m * across, m * up)) for m in (1, 2))
    V = finer.mass.sum()
    assert np.abs(found.corners - finer.corners).sum() < (1e-5 if d < 3 else 2e-3) * V
    assert np.abs(found.mass - finer.mass).sum() < 3e-3 * V
    assert d == 1 or k % 2 == 0 or across % 2 == 0  # |v_i| has a kink in the middle of a cell


def test_a_posteriori_in_one_variable():
    """Given x, S² = h²λ(1-λ): B² = Σ (V_j/n_j) ∫ (h²λ(1-λ))^(3/2)/(12R) d|ν| by midpoints."""
    f, R, k, n = marginal(1), 1.5, 4, 4000
    built, h = stratified(f, R, k), R / k
    b = (np.arange(k * n) + 0.5) * h / n
    share = b / h % 1
    total = 0.0
    for sign in (1.0, -1.0):
        density = np.abs(Density(f).values(np.full((len(b), 1), sign), b)).reshape(k, n) * h / n
        V = built.variation[0].total
        mass, spread = (
            density.sum(axis=1),
            (density * ((h * h * share * (1 - share)) ** 1.5 / 12 / R).reshape(k, n)).sum(axis=1),
        )
        total += (mass / np.ceil(2 * k * mass / V) * spread).sum()
    assert a_posteriori(built)[0] == pytest.approx(math.sqrt(total), rel=1e-3)


@pytest.mark.parametrize(("d", "k"), [(1, 3), (2, 2), (3, 1)])
def test_draws_follow_the_density(d, k):
    R, f, pieces = 1.0, marginal(d, sigma="1/4"), (2, 6)
    cells, values, count = Cells.of(d, k, R), Density(f).values, 2000
    found = cells.integrals(values, pieces)
    absolute = cells.integrals(lambda v, b: np.abs(values(v, b)), pieces)
    draw = cells.draw(values, np.full(len(cells), count), found.peak, np.random.default_rng(3))
    assert (draw.b < R * np.abs(draw.v).sum(axis=1)).all()
    assert (np.sign(values(draw.v, draw.b)) == draw.sign).all()
    assert (np.abs(draw.v).max(axis=1) == 1).all()
    for drawn, expected in (
        (draw.shares, absolute.corners / absolute.mass[:, None]),
        (draw.shares * draw.sign[:, None], found.corners / found.mass[:, None]),
    ):
        each = drawn.reshape(len(cells), count, -1)
        assert (
            np.abs(each.mean(axis=1) - expected) < 5 * each.std(axis=1) / math.sqrt(count) + 1e-3
        ).all()
    lattice = cells.corner_lattice(cells.corner_keys().ravel()).reshape(len(cells), 2**d, d + 1)[
        draw.cell
    ]
    assert (draw.shares * lattice[..., d]).sum(axis=1) * cells.height == pytest.approx(draw.b)
    assert np.einsum("nc,nci->ni", draw.shares, (2 * lattice[..., :d] - k) / k) == pytest.approx(
        draw.v
    )


# -- the steps in words ----------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3])
def test_cells_that_meet_a_hyperplane(d):
    """Hoeffding's bound counts, for each v, cells in b with a length of at most
    R(4d-2)/k: exactly, on random x."""
    rng, longest = random.Random(d), Fraction(0)
    for k, _ in product(range(1, 6), range(40)):
        x = [Fraction(rng.randint(-64, 64), 64) for _ in range(d)]  # R = 1
        for start in product(range(k), repeat=d - 1):
            ends = [
                [(Fraction(2 * (i + e), k) - 1) * t for e in (0, 1)]
                for i, t in zip(start, x[1:], strict=True)
            ]
            low, high = (x[0] + sum(f(e) for e in ends) for f in (min, max))
            met = sum(
                Fraction(d * j, k) < high and low < Fraction(d * (j + 1), k)
                for j in range(-2 * k, 2 * k)
            )
            assert Fraction(d * met, k) <= Fraction(4 * d - 2, k)
            longest = max(longest, met * Fraction(d, 4 * d - 2))
    assert longest >= Fraction(1, 2)


def gaps(d, k, x, face, v, b):
    """Multilinear interpolation of ReLU(v·x - b) from the corners of the cells, minus its
    value; R = 1."""
    theta = np.column_stack([*((v[:, i] + 1) * k / 2 for i in range(d - 1)), b * k / d])
    low = np.minimum(np.floor(theta), k - 1)
    total = np.zeros(len(b))
    for corner in product((0, 1), repeat=d):
        at = low + corner
        weight = np.prod(np.where(np.array(corner, bool), theta - low, 1 - theta + low), axis=1)
        total += weight * np.maximum(
            0, face * x[0] + (at[:, :-1] * 2 / k - 1) @ x[1:] - at[:, -1] * d / k
        )
    return total - np.maximum(0, face * x[0] + v @ x[1:] - b)


@pytest.mark.parametrize(("d", "k"), [(1, 1), (1, 3), (2, 1), (2, 2), (3, 2)])
def test_the_gaps_of_the_corner_part(d, k):
    """∫ gap dS db <= A S²/2 at every x, observed: by a midpoint rule on one pair of
    faces, which stands for each."""
    steps = {1: 3000, 2: 300, 3: 60}[d]
    middles = (np.arange(steps) + 0.5) / steps
    grid = np.stack(np.meshgrid(*[middles] * d, indexing="ij"), -1).reshape(-1, d)
    v, b = grid[:, :-1] * 2 - 1, grid[:, -1] * d
    bound = 2 ** (d - 1) * (d * d + 4 * d - 4) / (8 * k * k)  # of one face: 2^(d-1) S²/2
    best = 0.0
    for x in [np.ones(d), *np.random.default_rng(d).uniform(-1, 1, (12, d))]:
        found = gaps(d, k, x, 1, v, b)
        assert found.min() > -1e-12
        total = found.mean() * 2 ** (d - 1) * d
        assert total <= bound * 1.001
        best = max(best, total / bound)
    assert best > 0.25


@pytest.mark.parametrize("d", [1, 2, 3, 5])
def test_the_moments_of_a_gap(d):
    """E_x gap² <= R² X_d^(3/4)/(96 k³), gap <= δ/4, P(gap > 0) <= δ/(2R), observed:
    v_1 = 1, x_1 on a grid, R = 1."""
    rng, k, worst = np.random.default_rng(d), 4, 0.0
    X, delta = (d * d + 4 * (d - 1) / 3) ** 2 + 64 * (d - 1) / 45, (3 * d - 2) / k
    first = np.linspace(-1, 1, 2001)
    for trial in range(8):
        where = np.full(d, 0.5) if trial == 0 else rng.uniform(0, 1, d)
        corner = np.array(list(product((0, 1), repeat=d)))
        weight = np.prod(np.where(corner == 1, where, 1 - where), axis=1)
        v, b = (corner[:, :-1] + 1) * 2 / k - 1, corner[:, -1:] * d / k
        squares, positive = [], []
        for others in rng.uniform(-1, 1, (300 if d > 1 else 1, d - 1)):
            values = first + (v @ others)[:, None] - b
            gap = weight @ np.maximum(0, values) - np.maximum(0, weight @ values)
            assert -1e-12 < gap.min() <= gap.max() <= delta / 4 + 1e-12
            squares.append(np.mean(gap**2))
            positive.append(np.mean(gap > 1e-12))
        assert np.mean(positive) <= delta / 2 + 1e-3
        worst = max(worst, np.mean(squares) * 96 * k**3 / X**0.75)
    assert (0.99 if d == 1 else 0.3) < worst < 1.01  # for d = 1 it is sharp
