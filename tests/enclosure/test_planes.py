"""Planes above sums of networks and expressions, against exact arithmetic."""

from itertools import product

import numpy as np
import pytest
from containments import tried
from flint import ctx, fmpq
from float_arrays import exactly, sized
from random_networks import points_of, random_boxes, random_network

from boundcheck import SignReLU
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.networks import planes
from boundcheck.enclosure.networks.planes import Planes
from boundcheck.enclosure.networks.relaxation import Above
from boundcheck.exact.terms.parser import parse_term

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
