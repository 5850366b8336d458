"""The stratified construction: its integrals, draws, sizes and errors. Errors are sampled here;
norms are certified elsewhere."""

import itertools
import math

import numpy as np
import pytest
from flint import fmpq

from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.ridge_density import Density
from boundcheck.constructions.sizes import neuron_limit, pieces_of_rule
from boundcheck.constructions.strata import Cells
from boundcheck.constructions.stratified import a_posteriori, stratified
from boundcheck.errors import BoundcheckError

KAPPA = {1: 4 / math.sqrt(math.e), 2: 4.2936, 3: 5.8351}


def measures(d):
    """Name: atoms and masses; one with a negative mass, one with atoms at
    corners of the box [-1, 1]^d."""
    return {
        "one atom": ([[0] * d], [1]),
        "signed": ([[0] * d, ["1/2"] * d, ["-3/10"] + ["7/10"] * (d - 1)], [1, "1/2", "-7/10"]),
        "corners": ([[1] * d, [-1] * d], [1, "1/3"]),
    }


def marginal(d, name="signed", sigma="1/2"):
    return Marginal.of(*measures(d)[name], sigma=sigma)


def number(q):
    return int(q.p) / int(q.q)


def target(f, x):
    """f at the points x (n, d), by its definition."""
    atoms = np.array([[number(c.payload) for c in u] for u in f.points])
    squares = ((x[:, None, :] - atoms) ** 2).sum(axis=2)
    return np.exp(-squares / (2 * number(f.variance))) @ np.array(
        [number(m.payload) for m in f.masses]
    )


def relu(net, x):
    """A network with one hidden layer of ReLU at the points x (n, d), as (n, outputs)."""
    (w, b), (v, c) = (
        [
            np.array([[number(e) for e in r] for r in a.weight]),
            np.array([number(e) for e in a.bias]),
        ]
        for a in net.layers
    )
    return np.maximum(x @ w.T + b, 0) @ v.T + c


def rms(built, x, output=0):
    return math.sqrt(
        np.mean((relu(built.relu, x)[:, output] - target(built.marginals[output], x)) ** 2)
    )


def points(d, R=1.0, n=2000):
    return np.random.default_rng(7).uniform(-R, R, (n, d))


def sharp(d, k, V, R=1.0):
    X = (d * d + 4 * (d - 1) / 3) ** 2 + 64 * (d - 1) / 45
    return X**0.375 / (8 * math.sqrt(3 * d)) * V * R * k ** (-(d + 3) / 2)


# -- the theorem -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sigma", ["1/4", "1/2", "1"])
@pytest.mark.parametrize("name", ["one atom", "signed", "corners"])
@pytest.mark.parametrize(("d", "ks"), [(1, (1, 3, 8, 40)), (2, (1, 3, 8)), (3, (2, 5))])
def test_errors_are_below_the_bounds(d, ks, name, sigma):
    f, x, s = marginal(d, name, sigma), points(d), number(fmpq(*map(int, sigma.split("/"))))
    mass = sum(abs(number(m.payload)) for m in f.masses)
    largest = mass * min(2 * (d + 2 * d * (d - 1) / math.pi) / s**2, KAPPA[d] / s)
    for k in ks:
        built = stratified(f, 1, k)
        V, error = built.variation[0].total, rms(built, x)
        assert largest >= V
        assert (
            error
            <= sharp(d, k, V)
            < (3 * d - 2) ** 1.5 / (8 * math.sqrt(d)) * V * k ** (-(d + 3) / 2)
        )
        assert a_posteriori(built)[0] <= sharp(d, k, V) * (1 + 1e-9)
        assert built.neurons <= built.limit == 1 + 2 * d * (k + 1) ** d + 4 * d * k**d


@pytest.mark.parametrize(
    ("d", "k", "R", "sigma", "draws"),
    [(1, 3, "3/2", "1/2", 200), (2, 3, 1, "1/4", 150), (3, 2, 1, 1, 60)],
)
def test_draws_are_unbiased_and_the_a_posteriori_bound_holds_for_their_mean(d, k, R, sigma, draws):
    f, x = marginal(d, sigma=sigma), points(d, number(fmpq(*map(int, str(R).split("/")))), 500)
    errors = np.array(
        [
            relu((b := stratified(f, R, k, seed=s)).relu, x)[:, 0] - target(f, x)
            for s in range(draws)
        ]
    )
    mean = math.sqrt(np.mean(errors**2))
    assert math.sqrt(np.mean(errors.mean(axis=0) ** 2)) < 2.5 * mean / math.sqrt(draws)
    (B,) = a_posteriori(b)
    assert mean < B < 3 * mean


def test_the_rate():
    errors = {
        k: np.sqrt(
            np.mean([rms(stratified(marginal(2), 1, k, seed=s), points(2)) ** 2 for s in range(4)])
        )
        for k in (4, 16)
    }
    assert 2.2 < math.log(errors[4] / errors[16]) / math.log(4) < 2.8  # (d + 3)/2


# -- the corner part -------------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3])
def test_corners_alone_err_by_k_to_the_minus_two(d):
    f, x, D = (
        marginal(d, "corners", "1"),
        points(d),
        2 * (4 / 3) * math.gamma(d / 2 + 1) / math.pi ** (d / 2),
    )
    worst = {}
    for k in (4, 8):
        built = stratified(f, 1, k, corners_only=True)
        worst[k] = np.abs(relu(built.relu, x)[:, 0] - target(f, x)).max()
        S, h = math.sqrt(d * d + 4 * d - 4) / (2 * k), d / k
        assert worst[k] <= D * d * 2**d * (S * S / 2 + h * S / 2)
        assert not built.variation[0].samples.any()
        assert built.neurons <= 1 + 2 * d * (k + 1) ** d
    assert 3 < worst[4] / worst[8] < 5.5


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


# -- integrals and draws ---------------------------------------------------------------------------


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


# -- networks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("d", "k"), [(1, 4), (2, 3), (3, 2)])
def test_signrelu_is_close_to_relu_exactly(d, k):
    M, R = 1000, fmpq(3, 2)
    built = stratified([marginal(d), marginal(d, "corners")], R, k, M=M)
    for at in [
        *itertools.islice(itertools.product((R, -R), repeat=d), 2),
        [fmpq(1, 3)] * d,
        [fmpq(0)] * d,
    ]:
        for one, two, size in zip(
            built.relu.exactly(at), built.network.exactly(at), built.coefficients, strict=True
        ):
            assert 0 < abs(one - two) <= size / M
    assert [number(c) for c in built.coefficients] < [3.001 * v.total for v in built.variation]
    assert stratified(marginal(d), R, k).M == 2**40


def test_neurons():
    d, k, R = 2, 5, fmpq(3, 4)
    built = stratified([marginal(d), marginal(d, "corners")], R, k)
    first, last = built.relu.layers
    drawn = [int(v.samples.sum()) for v in built.variation]
    corners = built.neurons - sum(drawn) - 2
    for v in built.variation:
        assert (v.samples == np.ceil(2 * d * k**d * v.masses / v.total)).all()
    rows = list(zip(first.weight, first.bias, strict=True))
    assert len(set(rows)) == len(rows)  # a corner of several cells or faces is one neuron
    for weight, bias in rows[:-2]:  # none vanishes on the box
        assert 0 <= -bias < R * sum(map(abs, weight))
        assert max(map(abs, weight)) == 1
    for row, (weight, bias) in zip(last.weight, rows[-2:], strict=True):
        assert bias >= R * sum(map(abs, weight))
        assert sorted(row[-2:]) == [0, 1]
    used = [{i for i, w in enumerate(row[:-2]) if w} for row in last.weight]
    assert used[0] & used[1] <= set(range(corners))  # corners are shared, samples are not
    assert [len(u - set(range(corners))) for u in used] == drawn
    assert all(
        e.q & (e.q - 1) == 0 for layer in built.relu.layers for e in layer.entries()
    )  # dyadic


def test_the_affine_part_is_that_of_the_marginal():
    """Far from its ridges, which begin at b >= 0, nothing: g(0) = f(0), and one
    output of many is that of one."""
    f, g = marginal(2), marginal(2, "corners")
    one, both = stratified(f, 1, 3), stratified([f, g], 1, 3)
    assert (
        both.relu.exactly([fmpq(1, 3), fmpq(-1, 5)])[0]
        == one.relu.exactly([fmpq(1, 3), fmpq(-1, 5)])[0]
    )
    for value, m in zip(both.relu.exactly([fmpq(0)] * 2), (f, g), strict=True):
        assert number(value) == pytest.approx(float(m.value([0, 0])), abs=1e-15)
    assert rms(both, points(2), output=1) <= sharp(2, 3, both.variation[1].total)


def test_a_seed_is_a_draw():
    f = marginal(2)
    first = stratified(f, 1, 4, seed=5)
    assert stratified([f], 1, 4, seed=5).network == first.network
    assert stratified(f, 1, 4, seed=6).network != first.network
    assert stratified(f, 1, 4).seed == 0


def test_irrational_atoms_and_a_box_beside_doubles():
    f = Marginal.of(["sqrt(2)/2", "-1/3"], ["1", "sqrt(3)/2"], variance="1/5")
    built = stratified(f, "1/3", 7)
    x = points(1, 1 / 3)
    expected = np.exp(-2.5 * (x[:, 0] - math.sqrt(0.5)) ** 2) + math.sqrt(0.75) * np.exp(
        -2.5 * (x[:, 0] + 1 / 3) ** 2
    )
    assert math.sqrt(np.mean((relu(built.relu, x)[:, 0] - expected) ** 2)) <= sharp(
        1, 7, built.variation[0].total, 1 / 3
    )


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"k": 0}, "k = 0; it must be an integer >= 1"),
        ({"k": 2.5}, "k = 2.5; it must be an integer >= 1"),
        ({"k": True}, "k = True; it must be an integer >= 1"),
        ({"seed": -1}, "seed = -1; it must be an integer >= 0"),
        ({"R": 0}, "R = 0; it must be a positive number"),
        ({"R": fmpq(10) ** 400}, "in the range of doubles"),
        ({"M": "-1/2"}, "M = -1/2; it must be a positive number"),
        ({"marginals": []}, "no marginals"),
        ({"marginals": [marginal(1), marginal(2)]}, "dimensions 1, 2; they must agree"),
        ({"marginals": [marginal(1), marginal(1, sigma=1)]}, "variances 1/4, 1; they must agree"),
        ({"marginals": Marginal.of([0, 0], [1, -1], sigma=1)}, "total mass is zero"),
        (
            {"marginals": marginal(2), "k": 10**9},
            r"neurons in dimension 2, more than the 1000000 that are allowed; take k <= 288$",
        ),
        (
            {"marginals": Marginal.of([[0] * 20], [1], sigma=1)},
            "take fewer dimensions or marginals",
        ),
        (
            {"marginals": marginal(1, sigma="1e-12")},
            "more than 2147483648 evaluations .* take a larger sigma",
        ),
        ({"marginals": marginal(8)}, "or more than 1048576 in a cell"),
        ({"marginals": Marginal.of([0], [1], sigma=10**200)}, "has the mass 0.0 in float64"),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(BoundcheckError, match=message):
        stratified(**{"marginals": marginal(1), "R": 1, "k": 2, **arguments})


def test_the_largest_k_is_the_largest():
    assert neuron_limit(2, 288) <= 1_000_000 < neuron_limit(2, 289)
    assert neuron_limit(3, 2, 4) == 6 * 27 + 4 * (1 + 12 * 8)


def test_corners_alone_have_no_a_posteriori_bound():
    with pytest.raises(
        BoundcheckError, match="no samples to bound; build it with corners_only=False"
    ):
        a_posteriori(stratified(marginal(1), 1, 2, corners_only=True))
