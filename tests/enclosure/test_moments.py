"""Moments of Taylor models, and their shares of cells, exactly: the roundings are seen."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from containments import tried
from flint import arb, ctx, fmpq
from float_arrays import exactly, flushing, total
from hypothesis import example, given
from hypothesis import strategies as st

from boundcheck.enclosure.arrays.models import Models, pairs
from boundcheck.enclosure.cubature.cubature import Cells, _sums, moments

SCALES = [1.0, 2.0**-270, 2.0**-445, 2.0**-540]
"""Of the last ones, the fourth powers or the squares are below all doubles, or nearly."""


def random_models(rng, d, count, sparse, scale=1.0):
    """Parts of any size, some of them 0; in some of them, the parts of the mean cancel."""

    def some(*shape):
        kept = rng.uniform(size=(*shape, count)) > sparse
        reach = rng.choice([2, 30, 60], size=count)
        exponents = rng.integers(-reach, reach // 8 + 1, (*shape, count))
        return np.ldexp(rng.normal(size=(*shape, count)), exponents) * kept * scale

    a, g, bent = some(), some(d), some(d * (d + 1) // 2)
    trace = bent[[i == j for i, j in pairs(d)]].sum(axis=0) / 3
    a = np.where(rng.uniform(size=count) < 0.2, -trace, a)
    return Models(a, g, bent, np.abs(some()))


def columns(m):
    """a, g, the diagonal and the other part of q, and err, exactly."""
    d = len(m.g)
    for k in range(len(m.a)):
        diagonal = [exactly(c) for c, (i, j) in zip(m.q[:, k], pairs(d), strict=True) if i == j]
        mixed = [exactly(c) for c, (i, j) in zip(m.q[:, k], pairs(d), strict=True) if i != j]
        yield exactly(m.a[k]), [exactly(v) for v in m.g[:, k]], diagonal, mixed, exactly(m.err[k])


def mean_square(a, g, diagonal, mixed):
    """E P²: the variances of y, y² and y_i y_j are 1/3, 4/45 and 1/9."""
    mean = a + total(diagonal) / 3
    squares = (total(c * c for c in part) for part in (g, diagonal, mixed))
    return mean**2 + sum(
        s * v for s, v in zip(squares, (fmpq(1, 3), fmpq(4, 45), fmpq(1, 9)), strict=True)
    )


def fourth_moment(mean, g):
    """E (mean + g·y)⁴: the means of y² and y⁴ are 1/3 and 1/5."""
    square = total(s * s for s in g)
    products = total((s * t) ** 2 for s, t in itertools.combinations(g, 2))
    return mean**4 + 2 * mean**2 * square + total(s**4 for s in g) / 5 + products * fmpq(2, 3)


# -- moments ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("sparse", [0.8, 0.5, 0.1])
def test_mean_squares_exactly(scale, sparse):
    rng = np.random.default_rng([int(10 * sparse), int(-math.log2(scale))])
    for d in (1, 2, 4):
        m = random_models(rng, d, 60, sparse, scale)
        low, high, delta = moments(m, fmpq(2))
        for k, (*polynomial, err) in enumerate(columns(m)):
            assert exactly(low[k]) <= mean_square(*polynomial) <= exactly(high[k])
            assert err <= exactly(delta[k])


@pytest.mark.parametrize("scale", [1.0, 2.0**-270])
@pytest.mark.parametrize("p", [1, "3/2", 3, 4, "9/2", 8])
def test_what_is_no_plane_belongs_to_the_error(p, scale):
    """y_i² - 1/3 is at most 2/3, and y_i y_j at most 1."""
    rng = np.random.default_rng(6)
    for d in (1, 2, 4):
        m = random_models(rng, d, 20, 0.4, scale)
        delta = moments(m, fmpq(p))[2]
        for k, (_, _, diagonal, mixed, err) in enumerate(columns(m)):
            rest = total(abs(c) for c in diagonal) * fmpq(2, 3) + total(abs(c) for c in mixed)
            assert err + rest <= exactly(delta[k])


@pytest.mark.parametrize("scale", SCALES)
def test_fourth_moments_of_planes_exactly(scale):
    """Those of p = 4; for larger p what is below is a power of them, what is above has
    a power of max |P| as well."""
    rng = np.random.default_rng(int(-math.log2(scale)))
    for d in (1, 2, 4):
        m = random_models(rng, d, 60, 0.4, scale)
        m = Models(m.a, m.g, 0 * m.q, m.err)
        found = {p: moments(m, fmpq(p)) for p in ("4", "4001/1000", "6")}
        for k, (a, g, *_) in enumerate(columns(m)):
            fourth, most = fourth_moment(a, g), abs(a) + total(abs(s) for s in g)
            assert exactly(found["4"][0][k]) <= fourth <= exactly(found["4"][1][k])
            assert exactly(found["6"][0][k]) ** 2 <= fourth**3
            assert fourth * most**2 <= exactly(found["6"][1][k])
            with ctx.workprec(300):
                assert arb(exactly(found["4001/1000"][0][k])) <= arb(fourth) ** arb("1.00025")
                if most:
                    assert arb(fourth) * arb(most) ** (arb(1) / 1000) <= arb(
                        exactly(found["4001/1000"][1][k])
                    )


def test_moments_near_1_to_large_powers():
    """There the power itself is nearly exact, so that the rounding of what it is taken of is seen:
    E|P|^4 >= (E P²)², and E|P|^1000 <= E P⁴ max |P|^996."""
    some = np.random.default_rng(0).uniform(0.2, 1, (5, 1000))
    one = some / np.sqrt(some[0] ** 2 + (some[1:] ** 2).sum(axis=0) / 3)
    m = Models.of(one[0], one[1:])
    low = moments(m, fmpq(4))[0]
    for k, (*polynomial, _) in enumerate(columns(m)):
        assert exactly(low[k]) <= mean_square(*polynomial) ** 2
    one = some / some.sum(axis=0)
    m = Models.of(one[0], one[1:])
    high = moments(m, fmpq(1000))[1]
    for k, (a, g, *_) in enumerate(columns(m)):
        with ctx.workprec(300):
            assert arb(fourth_moment(a, g)) * arb(a + total(g)) ** 996 <= arb(exactly(high[k]))


def test_fourth_moments_where_small_numbers_are_flushed():
    """All fourth powers are below NORMAL, and read as 0; together they are above it,
    and above what `mul` adds."""
    m = Models(np.zeros(1), np.full((4, 1), 0.99 * 2.0**-255.5), np.zeros((10, 1)), np.zeros(1))
    (a, g, *_) = next(columns(m))
    with flushing():
        high = moments(m, fmpq(400001, 100000))[1]
    most = total(g)
    with ctx.workprec(300):
        assert arb(fourth_moment(a, g)) * arb(most) ** (arb(1) / 100000) <= arb(exactly(high[0]))


def power_of(x, p):
    return arb(0) if x == 0 else arb(x) ** p


@pytest.mark.parametrize("p", [1, "10/9", "3/2", "19/10", "5/2", 3, "17/2", 100])
@pytest.mark.parametrize("scale", [*SCALES, 2.0**-300, 2.0**200])
def test_powers_of_constants_and_of_a_slope(p, scale):
    """E|a|^p, and E|g y|^p = |g|^p/(p + 1)."""
    rng = np.random.default_rng(5)
    m = random_models(rng, 2, 40, 0.2, scale)
    flat, steep = (np.where(np.arange(40) % 2, v, 0.0) for v in (m.a, m.g[0][::-1]))
    m = Models(flat, np.stack([0 * steep, steep[::-1]]), 0 * m.q, m.err)
    low, high, _ = moments(m, fmpq(p))
    with ctx.workprec(300):
        power = arb(fmpq(p))
        for k, (a, (_, g), *_) in enumerate(columns(m)):
            assert a == 0 or g == 0
            value = power_of(abs(a), power) + power_of(abs(g), power) / (power + 1)
            assert arb(exactly(low[k])) <= value
            assert not np.isfinite(high[k]) or value <= arb(exactly(high[k]))


@pytest.mark.parametrize("p", [1, "3/2", 2, 3, 4, 5])
@pytest.mark.parametrize("exponent", [300, 600, 800])
def test_powers_beyond_doubles_are_unknown(p, exponent):
    """Of a constant, a slope, and a sum of both, also where another square
    is 0; |P| <= 3 2^exponent."""
    parts = np.array(
        [[2.0**exponent, 0.0, 2.0**exponent], [0.0, 2.0**exponent, 1.0], [0.0, 0.0, 2.0**exponent]]
    )
    with np.errstate(all="ignore"):
        low, high, _ = moments(Models.of(parts[0], parts[1:]), fmpq(p))
    with ctx.workprec(300):
        power = arb(fmpq(p))
        for k, (least, most) in enumerate(
            [(1, 1), (1 / (power + 1), 1 / (power + 1)), (1, arb(3) ** power)]
        ):
            if np.isfinite(high[k]):
                assert arb(exactly(low[k])) <= arb(2) ** (exponent * power) * most
                assert arb(2) ** (exponent * power) * least <= arb(exactly(high[k]))


@example([0, 1, 1, 0, 0, 0], "4")
@example([1, 2, -3, 0, 0, 0], "4")
@given(
    st.lists(st.integers(-5, 5), min_size=6, max_size=6),
    st.sampled_from(["1", "3/2", "2", "3", "4", "5", "17/2"]),
)
def test_moments_enclose(coefficients, p):
    """E|P|^p over a cell against a sum over a fine grid of the square, for P without sign
    changes of weight."""
    a, g1, g2, q11, q12, q22 = coefficients
    c = lambda v: np.array([float(v)])  # noqa: E731
    m = Models(c(a), np.array([[g1], [g2]], float), np.array([[q11], [q12], [q22]], float), c(0))
    low, high, delta = (float(v[0]) for v in moments(m, fmpq(p)))
    nodes, weight = np.polynomial.legendre.leggauss(60)
    y, z = np.meshgrid(nodes, nodes)
    w = np.outer(weight, weight) / 4
    value = a + g1 * y + g2 * z + q11 * y * y + q12 * y * z + q22 * z * z
    q = float(arb(fmpq(p)))
    norm = float((w * np.abs(value) ** q).sum()) ** (1 / q)
    # the quadrature of |.|^p is good to a few 1e-4
    assert low ** (1 / q) - delta <= norm * 1.002 + 1e-9
    assert norm <= (high ** (1 / q) + delta) * 1.002 + 1e-9
    tried()


def test_2026_11_22_squares_that_are_rounded_up_below_the_doubles():
    """1.3² 2^-1074 is rounded to 2^-1073."""
    a = np.array([1.3 * 2.0**-537])
    low, high, _ = moments(Models.of(a, np.zeros((1, 1))), fmpq(2))
    assert exactly(low[0]) <= exactly(a[0]) ** 2 <= exactly(high[0])


# -- shares of cells -------------------------------------------------------------------------------


def cells(rng, m, finest):
    """Cells of any size around these models."""
    radius = np.ldexp(1.0, -rng.integers(0, finest + 1, m.g.shape))
    return Cells(np.zeros_like(radius), radius, (), m, np.zeros_like(radius))


@pytest.mark.parametrize("scale", [*SCALES, 2.0**-410, 2.0**-485])
@pytest.mark.parametrize("finest", [0, 10, 48])
def test_shares_of_mean_squares_exactly(scale, finest):
    """Also where |Q| times a number is below all doubles, or rounded up there."""
    rng = np.random.default_rng([finest, int(-math.log2(scale))])
    for d in (1, 2, 4):
        c = cells(rng, random_models(rng, d, 60, 0.5, scale), finest)
        low, high, lost = _sums(c, fmpq(2))
        for k, (*polynomial, err) in enumerate(columns(c.model)):
            share = math.prod(map(exactly, c.radius[:, k]), start=fmpq(1))
            assert exactly(low[k]) <= share * mean_square(*polynomial) <= exactly(high[k])
            assert share * err**2 <= exactly(lost[k])


@pytest.mark.parametrize("p", [1, "3/2", 3, 7, 100])
@pytest.mark.parametrize("exponent", [0, -880, -980, -1020, -1074])
def test_shares_of_powers_of_constants(p, exponent):
    """|a|^p and err^p of about 2^exponent."""
    rng = np.random.default_rng(-exponent)
    scale = 2.0 ** (exponent / float(Fraction(p)))
    a, err = rng.uniform(0.5, 1.5, (2, 30)) * scale
    c = cells(rng, Models.of(a, np.zeros((4, 30)), err), 48)
    low, high, lost = _sums(c, fmpq(p))
    with ctx.workprec(300):
        for k, (value, _, _, _, error) in enumerate(columns(c.model)):
            share = arb(math.prod(map(exactly, c.radius[:, k]), start=fmpq(1)))
            assert (
                arb(exactly(low[k])) <= share * arb(value) ** arb(fmpq(p)) <= arb(exactly(high[k]))
            )
            assert share * arb(error) ** arb(fmpq(p)) <= arb(exactly(lost[k]))
