"""The sums behind L^p norms, and wide layers, exactly: where nothing else is
lost, the roundings are seen."""

import itertools
import math
import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from test_floats import flushing
from users import HardTanh

from boundcheck import (
    Activation,
    LeakyReLU,
    Network,
    Piece,
    Proved,
    ReLU,
    SignReLU,
    norm_bound,
    prove,
)
from boundcheck.enclosure.arrays.floats import NORMAL
from boundcheck.enclosure.arrays.models import Models, pairs
from boundcheck.enclosure.cubature.cubature import (
    Cells,
    Integrand,
    _norm,
    _sums,
    lp,
    moments,
    variable,
)
from boundcheck.enclosure.cubature.ridges import Ridges
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.term import substitute

SCALES = [1.0, 2.0**-270, 2.0**-445, 2.0**-540]
"""Of the last ones, the fourth powers or the squares are below all doubles, or nearly."""


def q(x):
    return fmpq(*float(x).as_integer_ratio())


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
        diagonal = [q(c) for c, (i, j) in zip(m.q[:, k], pairs(d), strict=True) if i == j]
        mixed = [q(c) for c, (i, j) in zip(m.q[:, k], pairs(d), strict=True) if i != j]
        yield q(m.a[k]), [q(v) for v in m.g[:, k]], diagonal, mixed, q(m.err[k])


def total(numbers):
    return sum(numbers, fmpq(0))


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
            assert q(low[k]) <= mean_square(*polynomial) <= q(high[k])
            assert err <= q(delta[k])


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
            assert err + rest <= q(delta[k])


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
            assert q(found["4"][0][k]) <= fourth <= q(found["4"][1][k])
            assert q(found["6"][0][k]) ** 2 <= fourth**3
            assert fourth * most**2 <= q(found["6"][1][k])
            with ctx.workprec(300):
                assert arb(q(found["4001/1000"][0][k])) <= arb(fourth) ** arb("1.00025")
                if most:
                    assert arb(fourth) * arb(most) ** (arb(1) / 1000) <= arb(
                        q(found["4001/1000"][1][k])
                    )


def test_moments_near_1_to_large_powers():
    """There the power itself is nearly exact, so that the rounding of what it is taken of is seen:
    E|P|^4 >= (E P²)², and E|P|^1000 <= E P⁴ max |P|^996."""
    some = np.random.default_rng(0).uniform(0.2, 1, (5, 1000))
    one = some / np.sqrt(some[0] ** 2 + (some[1:] ** 2).sum(axis=0) / 3)
    m = Models.of(one[0], one[1:])
    low = moments(m, fmpq(4))[0]
    for k, (*polynomial, _) in enumerate(columns(m)):
        assert q(low[k]) <= mean_square(*polynomial) ** 2
    one = some / some.sum(axis=0)
    m = Models.of(one[0], one[1:])
    high = moments(m, fmpq(1000))[1]
    for k, (a, g, *_) in enumerate(columns(m)):
        with ctx.workprec(300):
            assert arb(fourth_moment(a, g)) * arb(a + total(g)) ** 996 <= arb(q(high[k]))


def test_fourth_moments_where_small_numbers_are_flushed():
    """All fourth powers are below NORMAL, and read as 0; together they are above it,
    and above what `mul` adds."""
    m = Models(np.zeros(1), np.full((4, 1), 0.99 * 2.0**-255.5), np.zeros((10, 1)), np.zeros(1))
    (a, g, *_) = next(columns(m))
    with flushing():
        high = moments(m, fmpq(400001, 100000))[1]
    most = total(g)
    with ctx.workprec(300):
        assert arb(fourth_moment(a, g)) * arb(most) ** (arb(1) / 100000) <= arb(q(high[0]))


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
            assert arb(q(low[k])) <= value
            assert not np.isfinite(high[k]) or value <= arb(q(high[k]))


def power_of(x, p):
    return arb(0) if x == 0 else arb(x) ** p


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
                assert arb(q(low[k])) <= arb(2) ** (exponent * power) * most
                assert arb(2) ** (exponent * power) * least <= arb(q(high[k]))


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
            share = math.prod(map(q, c.radius[:, k]), start=fmpq(1))
            assert q(low[k]) <= share * mean_square(*polynomial) <= q(high[k])
            assert share * err**2 <= q(lost[k])


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
            share = arb(math.prod(map(q, c.radius[:, k]), start=fmpq(1)))
            assert arb(q(low[k])) <= share * arb(value) ** arb(fmpq(p)) <= arb(q(high[k]))
            assert share * arb(error) ** arb(fmpq(p)) <= arb(q(lost[k]))


# -- sums over cells -------------------------------------------------------------------------------


def drifting(count, up):
    """Numbers after 1 that are a little more, or a little less, than half its last
    place: each is rounded so."""
    numbers = np.full(count, 2.0**-53 * (1 + 2.0**-10 if up else 1 - 2.0**-10))
    numbers[: 8 if count > 8 else 1] = 1.0
    return numbers


def sums(rng):
    for count in (7, 128):
        above, below, none = drifting(count, up=True), drifting(count, up=False), np.zeros(count)
        assert q(below.sum()) < total(map(q, below))
        assert total(map(q, above)) < q(above.sum())
        yield from itertools.product(
            (above, below), (above, below), (none, above / 16, below / 16, below / 2)
        )
    for count in (1, 50, 1000):
        low = np.abs(rng.normal(size=count)) * 2.0 ** rng.integers(-40, 40, count)
        for lost in (0 * low, low / 2, 4 * low):
            yield low, 1.5 * low, lost


@pytest.mark.parametrize("p", ["1", "2", "5/2", "7"])
def test_norms_from_sums_exactly(p):
    """low^(1/p) - lost^(1/p) and high^(1/p) + lost^(1/p), of exact sums."""
    with ctx.workprec(300):
        root = arb(1) / arb(fmpq(p))
        for parts in sums(np.random.default_rng(8)):
            below, above, delta = (power_of(total(map(q, v)), root) for v in parts)
            norm = _norm(*parts, fmpq(p), len(parts[0]))
            assert norm.lower == 0 or arb(q(norm.lower)) <= below - delta
            assert above + delta <= arb(q(norm.upper))


def test_norms_where_sums_leave_the_doubles():
    huge, none, tiny = np.full(4, 1e308), np.zeros(4), np.full(4, 2.0**-1060)
    for parts in ((huge, huge, none), (huge, huge, huge), (np.full(4, np.nan), huge, none)):
        norm = _norm(*parts, fmpq(2), 4)
        assert (norm.lower, norm.upper) == (0.0, np.inf)
    assert (
        _norm(none, tiny, none, fmpq(1), 4).upper >= NORMAL
    )  # never a number that may be read as 0
    assert _norm(none, none, none, fmpq(2), 4).upper == 0.0
    assert _norm(none, none, np.array([0, 0, np.inf, 0]), fmpq(2), 4).upper == np.inf


def test_a_width_that_is_as_small_as_wanted_only_when_rounded():
    """For each norm on the way, an rtol that it meets in doubles, and misses exactly."""
    f = Integrand(substitute((parse_term("exp(x)"),), {"x": variable(0)})[0], (), 1)
    norms = []
    lp(f, fmpq(2), 1e-5, norms.append)
    tried = 0
    for norm in norms:
        if norm.upper == np.inf:
            continue
        width, rtol = q(norm.upper) - q(norm.lower), norm.width / norm.upper
        for wanted in (rtol, math.nextafter(rtol, 0.0), math.nextafter(rtol, 1.0)):
            if norm.width <= wanted * norm.upper and q(wanted) * q(norm.upper) < width:
                found = lp(f, fmpq(2), wanted, lambda _: None)
                assert q(found.upper) - q(found.lower) <= q(wanted) * q(found.upper)
                tried += 1
    assert tried


# -- wide layers -----------------------------------------------------------------------------------


class Nothing(Activation):
    """0."""

    @staticmethod
    def pieces():
        return (Piece(None, lambda t: t * 0),)

    def derivative_range(self, lower, upper):
        return fmpq(0), fmpq(0)


def layer(first, last, activation):
    return Ridges(*Network.from_layers([first, last], activation).layers, activation)


def assert_contained(first, last, activation, cell=None):
    """On a cell (center, radius), at its corners and its center."""
    net = Network.from_layers([first, last], activation)
    ridges, d = Ridges(*net.layers, activation), len(first[0][0])
    center, radius = (np.zeros((d, 1)), np.ones((d, 1))) if cell is None else cell
    with np.errstate(all="ignore"):
        _, found, _ = ridges.refined(ridges.tree(), center, radius, np.zeros(len(last[0])))
    for y in [*itertools.product((-1, 1), repeat=d), (0,) * d]:
        x = [q(c) + q(r) * t for c, r, t in zip(center[:, 0], radius[:, 0], y, strict=True)]
        for m, value in zip(found, net.exactly(x), strict=True):
            if np.isfinite([m.a[0], *m.g[:, 0], m.err[0]]).all():
                near = q(m.a[0]) + total(q(g) * t for g, t in zip(m.g[:, 0], y, strict=True))
                assert abs(value - near) <= q(m.err[0])


TINIEST = fmpq(1, 2) ** 1074
HUGE = fmpq(2) ** 900


@pytest.mark.parametrize(
    "activation", [ReLU(), SignReLU(), SignReLU(2), LeakyReLU(HUGE), HardTanh()], ids=repr
)
@pytest.mark.parametrize("inner", [TINIEST / 3, TINIEST * 4 / 3, fmpq(1, 3), HUGE / 3])
@pytest.mark.parametrize("outer", [TINIEST / 3, TINIEST * 4 / 3, fmpq(1, 3), HUGE / 3])
def test_weights_that_underflow_times_large_ones(activation, inner, outer):
    """The rounding of one of them, times the other, is nothing to overlook."""
    for bias in (fmpq(0), inner):
        assert_contained(([[inner]] * 2, [bias] * 2), ([[outer, 0]], [0]), activation)


def test_a_layer_of_nothing_but_a_bias():
    assert_contained(([[1]], [0]), ([[0]], [TINIEST / 3]), Nothing())
    assert_contained(([[1]], [0]), ([[0]], [fmpq(1, 3)]), Nothing())


def test_2026_11_30_a_norm_of_weights_that_underflow():
    """20 · 2^-76 ‖max(x, 0)‖ is about 1e-22, and was proved to be at most 1e-40."""
    net = Network.from_layers(
        [([[fmpq(2) ** 1000, 0]] * 20, [0] * 20), ([[fmpq(1, 2**1076)] * 20], [0])], ReLU()
    )
    assert not isinstance(
        prove(norm_bound(net, "10**-40", on="x in [-1, 1], y in [-1, 1]")), Proved
    )


@pytest.mark.parametrize(
    "activation", [ReLU(), SignReLU("1/3"), SignReLU(2), LeakyReLU("1/7"), HardTanh()], ids=repr
)
def test_layers_on_tiny_cells_exactly(activation):
    """There lines have no errors to speak of: what is left are the roundings, also where
    sums cancel."""
    rng = random.Random(4)
    for _ in range(12):
        n, d, reach = rng.choice([1, 5, 40]), rng.choice([1, 2]), rng.choice([0, 40])
        some = lambda: fmpq(rng.randint(-99, 99), 77) * fmpq(2) ** rng.randint(-reach, reach)  # noqa: B023, E731
        first = [[some() for _ in range(d)] for _ in range(n)], [some() for _ in range(n)]
        outer = [some() for _ in range(n)]
        first = [row for row in first[0] for _ in "12"], [b for b in first[1] for _ in "12"]
        outer = [
            v * s for v in outer for s in (1, -1)
        ]  # all neurons twice, so that the output is its bias
        center = np.array([[rng.randint(-(2**20), 2**20) * 2.0**-20] for _ in range(d)])
        radius = np.full((d, 1), rng.choice([2.0**-48, 2.0**-20]))
        assert_contained(
            first, ([outer, outer[::-1]], [fmpq(1, 3), some()]), activation, (center, radius)
        )


@pytest.mark.parametrize(
    "activation", [SignReLU(2), SignReLU("13/7"), SignReLU(9), HardTanh()], ids=repr
)
@pytest.mark.parametrize("exponent", [0, -3, -50, 8, -990, -1010])
def test_lines_near_activations_exactly(activation, exponent):
    """s t + o - below <= ρ(t) <= s t + o + above on [low, high], also on intervals
    that underflow in quotients."""
    rng = np.random.default_rng(abs(exponent))
    one, two = rng.normal(size=(2, 150)) * 2.0 ** rng.integers(-4, 4, (2, 150)) * 2.0**exponent
    one[:10], two[10:20], two[20:30] = 0.0, 0.0, one[20:30]
    low, high = np.minimum(one, two), np.maximum(one, two)
    s, o, above, below = layer(([[1]], [0]), ([[1]], [0]), activation)._lines(low, high)
    for k in range(len(low)):
        a, b = q(low[k]), q(high[k])
        for t in {
            a,
            b,
            (a + b) / 2,
            (3 * a + b) / 4,
            min(max(fmpq(0), a), b),
            min(max(fmpq(-1), a), b),
        }:
            middle, rho = q(s[k]) * t + q(o[k]), activation(t)
            assert (
                middle - q(below[k]) <= fmpq(rho.numerator, rho.denominator) <= middle + q(above[k])
            )
