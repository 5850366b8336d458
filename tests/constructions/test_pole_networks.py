"""Networks with poles: certified errors against independent values, how fast they
fall, and what is refused."""

import math
from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
from flint import ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from boundcheck import Box, Network, branches, lp_norm
from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.pole_networks import (
    Poles,
    a_priori,
    as_rational_function,
    certified,
    default_poles,
    float64_floor,
    rational_approximation,
)
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import fraction, rational

MEASURES = {
    "one atom": ([0], [1]),
    "a negative mass": (["0", "1/2", "-1"], ["1", "-1/3", "2/7"]),
    "atoms outside": (["sqrt(3)", "-2", "5/2"], ["1", "-1", "1/2"]),
}


def marginal(name, sigma="1/2"):
    return Marginal.of(*MEASURES[name], sigma=sigma)


def gaussian(m, x):
    """f(x) by mpmath, from the definition."""
    points = [
        mpmath.sqrt(3) if str(u) == "sqrt(3)" else mpmath.mpmathify(str(u)) for (u,) in m.points
    ]
    weights = [mpmath.mpmathify(str(w)) for w in m.masses]
    s2 = mpmath.mpf(int(m.variance.p)) / int(m.variance.q)
    return sum(
        w * mpmath.exp(-((x - u) ** 2) / (2 * s2)) for w, u in zip(weights, points, strict=True)
    )


def sampled(found, points=400):
    """max |network - f| on a grid: the network by exact arithmetic, f by mpmath."""
    return max(gap(found, found.R * fmpq(2 * j - points, points)) for j in range(points + 1))


def gap(found, x):
    return abs(size(rational(found.network(x))) - gaussian(found.marginal, size(rational(x))))


def size(q):
    return mpmath.mpf(int(q.p)) / int(q.q)


def _doubled(errors):
    return [(4 * 2**k, *pair) for k, pair in enumerate(pairwise(errors))]


def closed_form(mass, sigma, R, N):
    """4|μ|/(r - 1) exp(3R²/(32σ²)) (5eR²/(16σ²N))^(N/2) with r² = 16σ²N/(5R²)."""
    b = mpmath.mpf(R) ** 2 / mpmath.mpf(sigma) ** 2
    r = mpmath.sqrt(16 * N / (5 * b))
    assert r > 1
    return (
        4
        * mass
        / (r - 1)
        * mpmath.exp(3 * b / 32)
        * (5 * mpmath.e * b / (16 * N)) ** (mpmath.mpf(N) / 2)
    )


@pytest.fixture(autouse=True)
def _digits():
    with mpmath.workdps(80):
        yield


@pytest.mark.parametrize("sigma", ["1/4", "1/2", "1"])
@pytest.mark.parametrize("measure", MEASURES)
def test_errors_are_certified_and_fall_faster_than_geometrically(measure, sigma):
    errors = []
    for N in (4, 8, 16, 32):
        found = rational_approximation(marginal(measure, sigma), 1, N)
        assert found.network.depth == 1
        assert found.network.widths == (N,)
        error = certified(found, "1/100")
        assert error.upper - error.lower <= error.upper / 100
        seen = sampled(found, 100)
        assert size(error.lower) * mpmath.mpf("0.8") <= seen <= size(error.upper)
        errors.append(error)
    rates = [
        (size(two.upper) / size(one.lower)) ** (mpmath.mpf(1) / N)
        for N, one, two in _doubled(errors)
    ]
    assert rates[-1] == min(rates) < 0.5  # per neuron
    if measure != "atoms outside":  # whose errors are small beside its masses
        assert rates == sorted(rates, reverse=True)
        assert all(two.upper < one.lower**2 for _, one, two in _doubled(errors))


def test_the_seen_figures():
    found = [certified(rational_approximation(marginal("one atom"), 1, N)) for N in (4, 8, 16, 32)]
    for e, wanted in zip(found, (4e-2, 7e-4, 2e-8, 3e-19), strict=True):
        assert e.upper < rational(wanted)
    assert rational_approximation(marginal("one atom"), 1, 16).largest > 10**12


@pytest.mark.parametrize("N", [1, 2, 3, 7])
def test_odd_and_small_numbers_of_neurons(N):
    found = rational_approximation(marginal("a negative mass"), "3/2", N)
    assert found.network.widths == (N,)
    error = certified(found)
    assert size(error.lower) * mpmath.mpf("0.9") <= sampled(found) <= size(error.upper)


def test_the_mean_square():
    found = rational_approximation(marginal("a negative mass"), "3/2", 8)
    error = lp_norm(found.marginal - found.network, 2, found.marginal.box(found.R), "1/10000")
    assert error.upper - error.lower <= error.upper / 10000
    points = [found.R * fmpq(2 * j + 1 - 400, 400) for j in range(400)]
    mean = mpmath.sqrt(sum(gap(found, x) ** 2 for x in points) / 400)
    assert abs(mean / size(error.lower) - 1) < 1e-3


def test_the_enclosure_is_sharp():
    found = rational_approximation(marginal("one atom"), 1, 8)
    error = certified(found, "1/1000000")
    seen = sampled(found, 4000)
    assert seen <= size(error.upper)
    assert seen >= size(error.lower) * (1 - mpmath.mpf("1e-4"))


def test_the_weights_are_exact_and_the_branches_decided():
    found = rational_approximation(marginal("a negative mass"), 1, 6)
    assert all(c.q & (c.q - 1) == 0 for c in found.coefficients)  # dyadic
    assert branches(found.network, Box(x=(-1, 1))) == [
        ((0,) * 6,)
    ]  # by another method: one table, all on the left
    for x in (Fraction(-1), Fraction(1, 7), Fraction(1)):
        terms = [
            fraction(a) / abs(fraction(p) - x)
            for a, p in zip(found.coefficients[1:], found.poles, strict=True)
        ]
        assert found.network(x) == fraction(found.coefficients[0]) + sum(terms)


def test_a_neuron_off_its_branch_is_no_rational_function():
    found = rational_approximation(marginal("one atom"), 1, 4)
    with pytest.raises(
        BoundcheckError, match=r"a neuron is not on one branch: it changes at .*, in \[-1001/1000,"
    ):
        as_rational_function(found.network, fmpq(1001, 1000))
    wider = Poles(
        found.network, found.marginal, fmpq(2), found.poles, found.coefficients, found.bits
    )
    with pytest.raises(BoundcheckError, match="not on one branch"):
        certified(wider)


def test_a_worse_network_gets_a_worse_error():
    """What is certified is the stored network, not the one that was meant."""
    found = rational_approximation(marginal("one atom"), 1, 8)
    first, last = found.network.layers
    moved = type(last)(last.weight, (last.bias[0] + fmpq(1, 10),))
    other = Poles(
        Network((first, moved)),
        found.marginal,
        found.R,
        found.poles,
        found.coefficients,
        found.bits,
    )
    assert fmpq(99, 1000) < certified(other).lower < certified(other).upper < fmpq(102, 1000)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("sigma", "R", "N"),
    [("1/4", 1, 16), ("1/2", 1, 7), ("1/2", 2, 32), ("1", 1, 12), ("1/2", 1, 1)],
)
def test_the_bound_in_advance(measure, sigma, R, N):
    m = marginal(measure, sigma)
    bound = a_priori(m, R, N)
    error = certified(rational_approximation(m, R, N))
    assert bound.lower == 0
    assert error.upper <= bound.upper


@pytest.mark.parametrize(
    ("N", "pairs", "others"), [(4, [3, 5], []), (3, [2], [7]), (2, [], [-3, 4])]
)
def test_the_bound_in_advance_by_its_formula(N, pairs, others):
    """The whole formula once more, minimised by a search of its own; the masses add up to 11/6."""
    s2, R = mpmath.mpf(1) / 4, mpmath.mpf(3) / 2

    def bound(r):
        h = R * (r + 1 / r) / 2
        found = (
            4
            * mpmath.mpf(11)
            / 6
            * r**-N
            / (r - 1)
            * mpmath.exp(R**2 * (r - 1 / r) ** 2 / (8 * s2))
        )
        for p in pairs:
            found *= (p**2 + h**2) / (p**2 - R**2)
        for p in others:
            found *= (abs(p) + h) / (abs(p) - R)
        return found * (1 + mpmath.mpf(2) ** -20)

    m = Marginal.of([0, "1/2", "sqrt(2)"], [1, "-1/2", "1/3"], sigma="1/2")
    found = size(a_priori(m, "3/2", N, poles=[*pairs, *others, *(-p for p in pairs)]).upper)
    best = min(bound(1 + mpmath.mpf(j) / 500) for j in range(1, 2000))
    grid = min(bound(1 + mpmath.mpf(5) ** j / 4**j) for j in range(-10, 10))
    assert abs(found / grid - 1) < 1e-20
    assert best * (1 - mpmath.mpf("1e-9")) <= found <= best * 1.2


@pytest.mark.parametrize(("sigma", "R"), [(0.25, 1), (0.5, 1), (1, 1), (0.5, 3), (2, 1)])
@pytest.mark.parametrize("N", [20, 40, 100])
def test_the_bound_for_all_even_numbers_of_neurons(sigma, R, N):
    """The closed form bounds what the finer one gives, which is computed from the actual poles."""
    if 16 * N * sigma**2 / (5 * R**2) > 1:
        bound = a_priori(Marginal.of([0, 1], ["1/2", "-3/2"], sigma=sigma), R, N)
        assert size(bound.upper) <= 2 * closed_form(
            2, sigma, R, N
        )  # twice, since its r is on a grid


def test_the_product_over_the_poles():
    """Π (p² + h²)/(p² - R²) <= exp((h² + R²)/(8σ²)) for even N."""
    m = marginal("one atom")
    for N in (2, 8, 50):
        for h in (1, 2, 5):
            found = mpmath.mpf(1)
            for p in default_poles(m, 1, N)[::2]:
                found *= (size(p) ** 2 + h**2) / (size(p) ** 2 - 1)
            assert found <= mpmath.exp((h**2 + 1) / mpmath.mpf(2))


@given(
    st.lists(st.fractions(-2, 2, max_denominator=20), min_size=1, max_size=3, unique=True),
    st.fractions(Fraction(1, 3), 2, max_denominator=9),
    st.fractions(Fraction(1, 4), 2, max_denominator=9),
    st.integers(1, 12),
    st.fractions(-1, 1, max_denominator=1000),
)
@settings(max_examples=25, deadline=None)
def test_certified_errors_contain_every_sample(atoms, sigma, R, N, at):
    m = Marginal.of(
        [str(a) for a in atoms],
        [str(Fraction(k + 1, 2) * (-1) ** k) for k in range(len(atoms))],
        sigma=sigma,
    )
    found = rational_approximation(m, R, N)
    error = certified(found)
    assert gap(found, at * R) <= size(error.upper)


def test_poles_of_ones_own():
    m = marginal("one atom")
    near = rational_approximation(m, 1, 4, poles=["5/4", "-5/4", 2, -2])
    far = rational_approximation(m, 1, 4, poles=[10, -10, 20, -20])
    assert near.poles == (fmpq(5, 4), fmpq(-5, 4), fmpq(2), fmpq(-2))
    assert certified(far).upper < certified(near).lower
    assert far.largest > near.largest
    assert certified(near).upper <= a_priori(m, 1, 4, poles=near.poles).upper


def test_default_poles_are_far_enough():
    for sigma, R in (("1/4", "1"), ("2", "1/3"), ("1/50", "7")):
        for N in (1, 2, 9, 64):
            poles = default_poles(Marginal.of([0], [1], sigma=sigma), R, N)
            assert len(set(poles)) == N
            assert min(abs(p) for p in poles) ** 2 > 4 * (
                rational(R) ** 2 + N * rational(sigma) ** 2
            )
            assert all(-p in poles for p in poles) == (N % 2 == 0)


def test_the_float64_floor():
    m = marginal("one atom")
    errors = [certified(found := rational_approximation(m, 1, N)) for N in (4, 32)]
    small, large = (rational_approximation(m, 1, N) for N in (4, 32))
    floor = float64_floor(small)
    assert float(errors[0].lower.p) / float(errors[0].lower.q) * 0.99 < floor < 0.0466
    assert float64_floor(large) > 1  # the coefficients are 1e27, and doubles have 16 digits
    assert found.network.widths == (32,)


def test_weights_beyond_the_doubles():
    net = Network.from_layers([([[1], [1]], [-2, -3]), ([["1e400", "-1e400"]], [0])])
    found = Poles(net, marginal("one atom"), fmpq(1), (fmpq(3), fmpq(4)), (fmpq(0),) * 3, 64)
    assert float64_floor(found) == math.inf


def test_float64_floor_of_a_known_network():
    """0.1 is not a double: its rounding shows, at its size."""
    x = Marginal.of([0], [1], sigma=1)
    tenth = Network.from_layers([([[1]], [-2]), ([["0"]], ["0.1"])])
    found = Poles(tenth, x, fmpq(1), (fmpq(3),), (fmpq(0), fmpq(0)), 64)
    assert float64_floor(found, 3) == pytest.approx(1 - 0.1, rel=1e-15)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"R": 0}, "R = 0; it must be a positive number"),
        ({"R": "-1/2"}, "R = -1/2; it must be a positive number"),
        ({"N": 0}, "N = 0 neurons; it must be an integer from 1 to 512"),
        ({"N": 2.0}, r"N = 2\.0 neurons; it must be an integer from 1 to 512"),
        ({"N": True}, "N = True neurons"),
        ({"N": 513}, "N = 513 neurons; it must be an integer from 1 to 512"),
        (
            {"poles": [2, -2, 3, "1/2"]},
            r"the pole 1/2 lies in \[-1, 1\]; every pole must lie outside",
        ),
        ({"poles": [2, -2, 3, 1]}, r"the pole 1 lies in \[-1, 1\]"),
        ({"poles": [2, -2, 3]}, "3 different poles for N = 4 neurons; the two numbers must agree"),
        ({"poles": [2, -2, 3, 2]}, "3 different poles for N = 4 neurons"),
        (
            {"marginal": Marginal.of([(0, 0)], [1], sigma=1)},
            "d = 2 variables; poles on a line need d = 1",
        ),
        ({"marginal": Marginal.of([0, 0], [1, -1], sigma=1)}, "the total mass is zero"),
    ],
)
def test_refusals(arguments, message):
    given = {"marginal": marginal("one atom"), "R": 1, "N": 4} | arguments
    for build in (rational_approximation, a_priori):
        with pytest.raises(BoundcheckError, match=message):
            build(**given)


@pytest.mark.parametrize("rtol", [0, 1, "-1/2", 2])
def test_a_tolerance_out_of_range(rtol):
    with pytest.raises(BoundcheckError, match="is not between 0 and 1"):
        certified(rational_approximation(marginal("one atom"), 1, 2), rtol)


def test_the_precision_of_the_caller_does_not_matter():
    with ctx.workprec(20):
        low = rational_approximation(marginal("a negative mass"), "1/3", 8)
        error = certified(low)
    assert low == rational_approximation(marginal("a negative mass"), "1/3", 8)
    assert sampled(low, 50) <= size(error.upper)
