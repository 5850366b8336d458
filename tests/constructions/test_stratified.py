"""The stratified construction: its sizes and errors. Errors are sampled here; norms are certified
elsewhere."""

import itertools
import math

import numpy as np
import pytest
from flint import fmpq
from sampled_marginals import marginal, number, points, relu, rms, sharp, target

from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.sizes import neuron_limit
from boundcheck.constructions.stratified import a_posteriori, stratified
from boundcheck.errors import BoundcheckError

KAPPA = {1: 4 / math.sqrt(math.e), 2: 4.2936, 3: 5.8351}


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
