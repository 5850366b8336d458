"""Planes around networks, exactly: where nothing else is lost, the roundings are seen."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from float_arrays import exactly, flushing, sized

from boundcheck import Network, ReLU
from boundcheck.enclosure.networks import relaxation
from boundcheck.enclosure.networks.curves import Lines
from boundcheck.enclosure.networks.relaxation import Above, Relaxed, concretise, middle, widen


@pytest.mark.parametrize("flushed", [False, True])
@pytest.mark.parametrize(("least", "most"), [(-1074, -960), (-1022, -1000), (-30, 30), (900, 1000)])
def test_widened_numbers_are_above_what_is_added(least, most, flushed):
    """A double above value + slack (1 - 2^-48), also where their sum is smaller
    than all normal doubles."""
    rng = np.random.default_rng(1)
    value, slack = sized(rng, 3000, least, most), np.abs(sized(rng, 3000, least, most))
    slack[::3] = np.abs(value[::3]) * rng.choice([0.0, 2.0**-53, 2.0**-40, 1.0], 1000)
    value[::5], slack[::5] = np.abs(value[::5]), np.ldexp(slack[::5], -20)
    if flushed:
        with flushing():
            found = widen(value, slack)
    else:
        found = widen(value, slack)
    for v, s, top in zip(value, slack, found):
        assert exactly(v) + exactly(s) * (1 - fmpq(1, 2**48)) <= exactly(top)


@pytest.mark.parametrize("scale", [1.0, 2.0**-540])
def test_planes_are_nowhere_higher_than_at_their_highest(scale):
    """Also where value and reach cancel."""
    rng = np.random.default_rng(2)
    for d in (1, 2, 5, 40):
        slope, radius = (
            sized(rng, (d, 300), -2, 9) * scale,
            np.abs(sized(rng, (d, 300), -9, 2)) * scale,
        )
        exact = [
            sum((abs(exactly(s)) * exactly(r) for s, r in zip(*pair)), fmpq(0))
            for pair in zip(slope.T, radius.T)
        ]
        value = np.array([-float(Fraction(int(e.p), int(e.q))) for e in exact])
        value[::3] = sized(rng, 100, -12, 12) * scale**2
        highest = Above(slope, value, np.zeros((d, 300)), radius).highest()
        for v, e, top in zip(value, exact, highest):
            assert exactly(v) + e <= exactly(top)


def test_the_box_lies_around_its_middle():
    rng = np.random.default_rng(3)
    for least, most in ((-30, 30), (-1, 1), (-1074, -1000)):
        ends = np.sort(sized(rng, (2, 1000), least, most), axis=0)
        ends[1, ::4] = np.nextafter(ends[0, ::4], np.inf)
        center, radius = middle(*ends)
        for low, high, c, r in zip(*ends, center, radius):
            assert low <= c <= high
            assert exactly(c) - exactly(r) <= exactly(low)
            assert exactly(high) <= exactly(c) + exactly(r)


def test_planes_over_boxes_that_are_not_theirs():
    """Steep ones, with a center whose distances from the ends are smaller
    than all normal doubles."""
    ends = [
        (a, b, c)
        for a in (-3, 0, 1, 2)
        for b in (1, 1.5, 2, 3)
        for c in (1, 1.25, 1.5, 2)
        if a <= c <= b
    ]
    lower, upper, center = np.array(ends).T[:, None] * 2.0**-1022
    slope, zero = np.full_like(center, 2.0**1000), np.zeros(len(ends))
    for sign in (1, -1):
        with flushing():
            below, above = concretise(
                relaxation.Planes(sign * slope, zero, sign * slope, zero, center), lower, upper
            )
        for k in range(len(ends)):
            values = [
                sign * fmpq(2) ** 1000 * (exactly(x) - exactly(center[0, k]))
                for x in (lower[0, k], upper[0, k])
            ]
            assert exactly(below[k]) <= min(values)
            assert max(values) <= exactly(above[k])


# -- bounds of neurons -----------------------------------------------------------------------------


class Seen:
    """In place of a curve: the bounds of the neurons instead of lines."""

    @staticmethod
    def lines(lo, hi, z, size):
        return lo, hi


def ranges(rows, low, high):
    """The least and largest values of rows · h for low <= h <= high."""
    for row in rows:
        products = [(w * a, w * b) for w, a, b in zip(row, low, high, strict=True)]
        yield sum(map(min, products), fmpq(0)), sum(map(max, products), fmpq(0))


def biases(rng, found):
    """Some such that an end is 0: its terms cancel, and their roundings are all that is left."""
    return [
        (-low, -high, fmpq(0), fmpq(1, 3), (high - low) / 7)[rng.integers(5)] for low, high in found
    ]


def weights_of(rng, rows, columns):
    kinds = [
        lambda: fmpq(int(rng.integers(-40, 41)), int(rng.integers(1, 30))),
        lambda: fmpq(int(rng.choice([-1, 0, 1]))),
    ]
    kinds.append(
        lambda: fmpq(int(rng.integers(-3, 4)), 3) * fmpq(10) ** int(rng.choice([-30, -5, 3, 100]))
    )
    most = int(rng.integers(1, 4))
    return [[kinds[rng.integers(most)]() for _ in range(columns)] for _ in range(rows)]


def assert_hidden_bounds(found, exact, bias):
    for lo, hi, (low, high), b in zip(found[0][0], found[1][0], exact, bias, strict=True):
        assert exactly(lo) <= low + b
        assert high + b <= exactly(hi)


def some_box(rng, d):
    center = sized(rng, (1, d), -3, 3)
    return center, np.abs(sized(rng, (1, d), -9, 3)) * rng.choice([0.0, 2.0**-50, 1.0])


def around(center, radius):
    c, r = ([exactly(v) for v in row[0]] for row in (center, radius))
    return [a - b for a, b in zip(c, r)], [a + b for a, b in zip(c, r)]


def test_bounds_of_the_first_neurons_exactly():
    rng = np.random.default_rng(5)
    for _ in range(150):
        d, n = rng.integers(1, 6, 2)
        weights, (center, radius) = weights_of(rng, n, d), some_box(rng, d)
        exact = list(ranges(weights, *around(center, radius)))
        bias = biases(rng, exact)
        relaxed = Relaxed(
            Network.from_layers([(weights, bias), ([[1] * n], [0]), ([[1]], [0])], ReLU())
        )
        relaxed.curve = Seen()
        assert_hidden_bounds(relaxed._lines(center, radius, [], 0), exact, bias)


U = fmpq(1, 2**53)


def test_bounds_of_neurons_from_the_ranges_before_them_exactly():
    """Those err by 64 u size, which may be far more than they are."""
    rng = np.random.default_rng(6)
    for _ in range(150):
        d, n = rng.integers(1, 6, 2)
        weights, ends = weights_of(rng, n, d), np.sort(sized(rng, (2, d), -9, 3), axis=0)
        ends[1] = np.where(rng.uniform(size=d) < 0.5, ends[0], ends[1])
        size = np.abs(ends).max(axis=0) * rng.choice([1.0, 2.0**20]) + 2.0**-30
        low, high = (
            [exactly(e) + s * 64 * U * exactly(a) for e, a in zip(end, size)]
            for s, end in zip((-1, 1), ends)
        )
        exact = list(ranges(weights, low, high))
        bias = biases(rng, exact)
        net = Network.from_layers([([[1]] * d, [0] * d), (weights, bias), ([[1] * n], [0])], ReLU())
        relaxed, none = Relaxed(net), np.zeros((1, d))
        relaxed.curve = Seen()
        relaxed._backward = lambda *_, n=n: (
            np.zeros((1, 2 * n, 1)),
            np.full((1, 2 * n), np.nan),
            np.zeros((1, 2 * n)),
        )
        lines = Lines(none, none, none, none, ends[:1], ends[1:], size[None])
        assert_hidden_bounds(
            relaxed._lines(np.zeros((1, 1)), np.zeros((1, 1)), [lines], 1), exact, bias
        )


def test_bounds_of_neurons_by_substitution_exactly():
    """Through lines that are exact, but for 64 u size: what comes out is affine."""
    rng = np.random.default_rng(7)
    for _ in range(150):
        d, k, n = rng.integers(1, 6, 3)
        first, second, (center, radius) = (
            weights_of(rng, k, d),
            weights_of(rng, n, k),
            some_box(rng, d),
        )
        low, high = around(center, radius)
        start = biases(rng, ranges(first, low, high))
        tops = [max(abs(a), abs(b)) for a, b in zip(low, high)]
        sizes = [
            sum((abs(w) * t for w, t in zip(row, tops)), abs(b)) for row, b in zip(first, start)
        ]
        size = np.array([1.001 * float(Fraction(int(t.p), int(t.q))) + 2.0**-390 for t in sizes])
        m, c = rng.choice([0.0, 1.0, 1.0, 0.3], k), size * rng.choice([0.0, 0.0, 1.0, -0.7], k)
        slopes, errors = [exactly(v) for v in m], [64 * U * exactly(v) for v in size]
        constants = [s * b + exactly(v) for s, b, v in zip(slopes, start, c)]
        whole = [
            [sum((w * s * a[j] for w, s, a in zip(row, slopes, first)), fmpq(0)) for j in range(d)]
            for row in second
        ]
        joined = [[*a, *row, *row] for a, row in zip(whole, second)]
        exact = list(
            ranges(joined, [*low, *constants, *[-e for e in errors]], [*high, *constants, *errors])
        )
        bias = biases(rng, exact)
        relaxed = Relaxed(
            Network.from_layers([(first, start), (second, bias), ([[1] * n], [0])], ReLU())
        )
        relaxed.curve = Seen()
        wide = np.full((1, k), np.inf)
        lines = Lines(m[None], c[None], m[None], c[None], -wide, wide, size[None])
        with np.errstate(all="ignore"):
            found = relaxed._lines(center, radius, [lines], 1)
        assert np.isfinite(found).all()
        assert_hidden_bounds(found, exact, bias)
