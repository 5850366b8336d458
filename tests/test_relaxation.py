"""Planes around networks, and maxima by branch and bound, against exact arithmetic:
no tolerance anywhere."""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from containments import tried
from flint import ctx, fmpq
from test_floats import flushing
from users import HardTanh, Pole, Step

from boundcheck import (
    Activation,
    BoundcheckError,
    LeakyReLU,
    Network,
    Piece,
    ReLU,
    SignReLU,
    symbols,
)
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.networks import planes, relaxation
from boundcheck.enclosure.networks.batch_maximum import maximum, network_maximum
from boundcheck.enclosure.networks.curves import Bent, Exact, Lines, Soft
from boundcheck.enclosure.networks.planes import Planes
from boundcheck.enclosure.networks.relaxation import Above, Relaxed, concretise, middle, widen
from boundcheck.exact.terms.parser import parse_term

ACTIVATIONS = [
    SignReLU(),
    SignReLU("1/3"),
    SignReLU(3),
    ReLU(),
    LeakyReLU(),
    LeakyReLU("7/3"),
    HardTanh(),
]


def exactly(x):
    return fmpq(*float(x).as_integer_ratio())


def random_network(rng, depth, activation, inputs=None, outputs=2):
    """Small weights, a third of each kind: dyadic, rational, and 0 or of another order
    of magnitude."""

    def entry():
        kind = rng.integers(3)
        if kind == 0:
            return fmpq(int(rng.integers(-32, 33)), 8)
        if kind == 1:
            return fmpq(int(rng.integers(-40, 41)), int(rng.integers(1, 30)))
        return fmpq(int(rng.integers(-3, 4)), 3) * fmpq(10) ** int(rng.choice([-30, -5, 0, 3]))

    widths = [
        inputs or int(rng.integers(1, 4)),
        *(int(rng.integers(1, 9)) for _ in range(depth)),
        outputs,
    ]
    layers = [
        ([[entry() for _ in range(a)] for _ in range(b)], [entry() for _ in range(b)])
        for a, b in pairwise(widths)
    ]
    return Network.from_layers(layers, activation)


def random_boxes(rng, d, count):
    """Boxes of all sizes around points of all sizes, points included."""
    middle = rng.normal(size=(d, count)) * 10.0 ** rng.integers(-3, 2, count)
    radius = rng.uniform(size=(d, count)) * rng.choice(
        [0, 1e-300, 1e-13, 1e-3, 0.1, 1, 30, 1e6], count
    )
    return middle - radius, middle + radius


def points_of(rng, lower, upper):
    """Corners, and rational points inside."""
    lo, hi = [exactly(x) for x in lower], [exactly(x) for x in upper]
    yield from (list(c) for c in product(*zip(lo, hi)))
    for _ in range(4):
        shares = [fmpq(int(rng.integers(0, 1001)), 1000) for _ in lo]
        yield [a + s * (b - a) for a, b, s in zip(lo, hi, shares)]


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


# -- maxima ----------------------------------------------------------------------------------------


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


EXPRESSIONS = [
    "x*y - 1/3",
    "exp(x) - y",
    "sqrt(x**2 + 1)*y",
    "Abs(x) - Abs(y)",
    "x",
    "1/(x**2 + 2) + sin(3*y)",
]


@pytest.mark.parametrize("text", EXPRESSIONS)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_planes_above_sums_of_networks_and_expressions(text, count):
    """f(p) <= value + slope (p - centre) at exact points, and values at points from below."""
    rng = np.random.default_rng([EXPRESSIONS.index(text), count])
    networks = [(sign, random_network(rng, 1, SignReLU(), 2, 1)) for sign in (1, -1)[:count]]
    term = parse_term(text)
    above = Planes(networks, term, ("x", "y"))
    lower, upper = (np.clip(end, -40, 40) for end in random_boxes(rng, 2, 8))

    def value(sign, p):
        with ctx.workprec(400):
            return sign * (
                at_point(term, dict(zip("xy", p)), 400)
                + sum(s * net.exactly(p)[0] for s, net in networks)
            )

    for sign in (1, -1):
        found = above.above(lower, upper, sign)
        least = above.at_least(found.center, sign)
        assert np.isfinite(found.at_center).all()
        for b in range(lower.shape[1]):
            centre = [exactly(c) for c in found.center[:, b]]
            assert not value(sign, centre) < exactly(least[b])
            for p in points_of(rng, lower[:, b], upper[:, b]):
                slopes = zip(found.slope[:, b], p, centre)
                top = sum((exactly(s) * (u - c) for s, u, c in slopes), exactly(found.at_center[b]))
                assert not value(sign, p) > top
                tried()


def assert_sums_of_planes_are_above():
    rng = np.random.default_rng(5)
    middle = rng.normal(size=(2, 400))
    radius = rng.uniform(size=(2, 400)) * rng.choice([0, 1e-3, 1, 1e3], 400)
    a, b = (
        Above(rng.normal(size=(2, 400)), rng.normal(size=400), middle, radius) for _ in range(2)
    )
    total = planes.added(a, b)
    for k in range(400):
        for signs in product((-1, 0, 1), repeat=2):
            move = [s * exactly(r) for s, r in zip(signs, radius[:, k])]
            each, both = (
                sum(
                    exactly(p.at_center[k])
                    + sum(exactly(s) * m for s, m in zip(p.slope[:, k], move))
                    for p in part
                )
                for part in ((a, b), (total,))
            )
            assert each <= both


def test_sums_of_planes_are_above():
    assert_sums_of_planes_are_above()


@pytest.mark.parametrize(
    "broken", [lambda value, slack=0.0: value, lambda value, slack=0.0: np.nextafter(value, np.inf)]
)
def test_the_rounding_of_sums_of_planes_is_made_up_for(monkeypatch, broken):
    """That of the values, and that of the slopes, too."""
    monkeypatch.setattr(planes, "widen", broken)
    with pytest.raises(AssertionError):
        assert_sums_of_planes_are_above()


# -- exactly: where nothing else is lost, the roundings are seen -----------------------------------

U = fmpq(1, 2**53)


def sized(rng, shape, least, most):
    """Numbers of both signs and of the sizes 2^least to 2^most, a quarter of them 0."""
    kept = rng.choice([-1.0, -1.0, 0.0, 1.0, 1.0, 1.0, -1.0, 0.0], shape)
    return np.ldexp(rng.uniform(0.5, 1, shape), rng.integers(least, most, shape)) * kept


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


class Faint(Activation):
    """A constant that is smaller than all doubles."""

    name = "faint"

    @staticmethod
    def pieces():
        return (Piece(None, lambda t: t * 0 + fmpq(1, 2**1100)),)

    def derivative_range(self, lower, upper):
        return fmpq(0), fmpq(0)


CURVES = [
    (SignReLU(), Soft(fmpq(1))),
    (SignReLU("1/3"), Soft(fmpq(1, 3))),
    (SignReLU("22/7"), Soft(fmpq(22, 7))),
    (ReLU(), Bent(fmpq(0))),
    (LeakyReLU("1/3"), Bent(fmpq(1, 3))),
    (LeakyReLU("22/7"), Bent(fmpq(22, 7))),
    (SignReLU("1/3"), Exact(SignReLU("1/3"))),
    (HardTanh(), Exact(HardTanh())),
    (Faint(), Exact(Faint())),
]


@pytest.mark.parametrize(("activation", "curve"), CURVES, ids=lambda v: type(v).__name__)
def test_lines_err_by_less_than_they_say(activation, curve):
    """Up to 64 u size, on intervals of all sorts, single points included."""
    rng = np.random.default_rng(4)
    ends = np.sort(sized(rng, (2, 150), -40, 10), axis=0)
    ends[1, ::5] = ends[0, ::5]
    ends[1, 1::5] = np.nextafter(ends[0, 1::5], np.inf)
    lo, hi = ends
    z = np.clip(lo + (hi - lo) * rng.choice([0, 0.3, 0.5, 1], 150), lo, hi)
    size = np.maximum(np.abs(lo), np.abs(hi)) * rng.choice([1.0, 4.0], 150) + 2.0**-399
    found = curve.lines(lo, hi, z, size)
    at = Exact(activation)._at
    for k in range(150):
        slope_low, low, slope_high, high, least, most, bound = (
            exactly(a[k]) for a in vars(found).values()
        )
        a, b, error = exactly(lo[k]), exactly(hi[k]), 64 * U * bound
        for t in (
            a,
            b,
            exactly(z[k]),
            (2 * a + b) / 3,
            *(kink for kink in (-1, 0, 1) if a <= kink <= b),
        ):
            value = at(fmpq(t))
            assert low + slope_low * t - error <= value <= high + slope_high * t + error
            assert least - error <= value <= most + error
            assert (
                max(abs(v) for v in (value, low, high, slope_low * t, slope_high * t)) <= 3 * bound
            )


def test_no_slope_is_steeper_than_the_steepest():
    """Where a slope is no double, too."""
    for slope in (fmpq(p, q) for p in (1, 2, 8, 22, 10**40 + 1) for q in (3, 7, 11, 13, 17)):
        for curve in (Bent(slope), Soft(slope)):
            assert exactly(curve.steepest) >= max(slope, 1)


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


class Given:
    """In place of a network, or of a tape: values at points, and slopes on boxes."""

    root = 0

    def __init__(self, value, low=None, high=None):
        self.value, self.low, self.high = value, low, high

    def at_least(self, points, output, sign):
        return sign * self.value

    def values(self, lower, upper):
        wide = np.where((lower < upper).any(axis=0), np.inf, 0)
        return self.value[None] - wide, self.value[None] + wide

    def defined(self, low, high):
        return np.ones(len(self.value), bool)

    def slopes(self, low, high):
        return self.low, self.high


def test_values_of_sums_are_below_them_exactly():
    rng = np.random.default_rng(8)
    total = Planes([], None, ())
    total.networks = [(s, Given(sized(rng, 500, -20, 20))) for s in (1, -1, 1)]
    for sign in (1, -1):
        found = total.at_least(np.zeros((1, 500)), sign)
        for k in range(500):
            assert exactly(found[k]) <= sum(
                sign * s * exactly(net.value[k]) for s, net in total.networks
            )


def assert_above_expressions(monkeypatch, value, low, high, radius):
    """value + S · y <= found + slope · y for all slopes S between low and
    high, and |y| <= radius."""
    center = np.zeros_like(radius)
    monkeypatch.setattr(planes, "centre_of", lambda *_: (center, radius))
    for sign in (1, -1):
        found = planes._expression_above(
            Given(sign * value, low, high), center - 1, center + 1, sign
        )
        for k in range(len(value)):
            spread = fmpq(0)
            for s, a, b, r in zip(found.slope[:, k], low[:, k], high[:, k], radius[:, k]):
                spread += exactly(r) * max(
                    abs(sign * exactly(a) - exactly(s)), abs(sign * exactly(b) - exactly(s))
                )
            assert exactly(value[k]) + spread <= exactly(found.at_center[k])


def test_planes_above_expressions_exactly(monkeypatch):
    rng = np.random.default_rng(9)
    for d in (1, 2, 3):
        low, high = np.sort(sized(rng, (2, d, 300), -6, 6), axis=0)
        radius = np.abs(sized(rng, (d, 300), -20, 3)) + 2.0**-1000
        assert_above_expressions(monkeypatch, sized(rng, 300, -9, 9), low, high, radius)


def test_slopes_of_expressions_are_rounded_outward(monkeypatch):
    """The worst case: the distance of the slopes, its product with the radius, and the
    value lose half a unit each.

    With u = 2^-52 and kj = 2^51 - 2 the distance is 1 + ku + u/2, and (1 + ku)(1 + ju) lies next to
    half a unit above 1 + (k + j)u; the value is minus the double after that.
    """
    u, k, j = 2.0**-52, 102_880_382, 21_887_553
    assert k * j == 2**51 - 2
    low, high, radius = (np.array([[v]]) for v in (-(1 + (k + 1) * u), 1 + k * u, 1 + j * u))
    assert_above_expressions(monkeypatch, np.array([-(1 + (k + j + 1) * u)]), low, high, radius)
