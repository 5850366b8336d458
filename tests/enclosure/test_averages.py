"""Averages over cells by Taylor models with an odd part: in floats at random points, and
exactly for the roundings."""

import math

import numpy as np
import pytest
from flint import fmpq
from float_arrays import exactly
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.enclosure.arrays.models import pairs
from boundcheck.enclosure.cubature.averages import Expansion, Model, inverse_power

# -- averages of Taylor models ---------------------------------------------------------------------


@st.composite
def models(draw):
    """A model, with an odd function and a remainder of the sizes that it admits."""
    d = draw(st.integers(1, 3))
    some = st.floats(-2, 2).map(lambda t: round(t, 3))
    a = np.array([draw(some)])
    g, q = (np.array([[draw(some)] for _ in range(n)]) for n in (d, len(pairs(d))))
    odd, err = (
        np.array([draw(st.sampled_from([0.0, 0.1, 1.0]))]),
        np.array([draw(st.sampled_from([0.0, 0.05]))]),
    )
    return Model(a, g, q * draw(st.sampled_from([0.0, 0.1, 1.0])), odd, err)


@given(models(), st.integers(0, 2**32))
def test_the_average_of_a_model_is_enclosed(f, seed):
    d = len(f.g)
    rng = np.random.default_rng(seed)
    n = 20_001 if d == 1 else 301 if d == 2 else 61
    axis = (np.arange(n) + 0.5) / n * 2 - 1
    y = np.stack(np.meshgrid(*[axis] * d, indexing="ij")).reshape(d, -1)
    values = (
        f.a[0]
        + f.g[:, 0] @ y
        + sum(c * y[i] * y[j] for c, (i, j) in zip(f.q[:, 0], pairs(d), strict=True))
    )
    tilt = rng.normal(size=d)
    values = values + f.odd[0] * np.sign(tilt @ y) + f.err[0] * rng.choice([-1, 1])
    low, high = f.mean_size(np.zeros(1))
    slack = 40 / n**2 + (0 if f.odd[0] == 0 else 8 / n) * f.odd[0]  # of the midpoint rule
    assert low[0] - slack <= np.abs(values).mean() <= high[0] + slack


def test_the_average_of_a_tilted_plane_is_exact():
    f = Model.affine(np.array([0.25]), np.array([[1.0], [0.5]]))
    low, high = f.mean_size(np.zeros(1))
    assert high[0] - low[0] < 1e-11
    assert abs(low[0] - (1 + 0.25**2 + 0.5**2 / 3) / 2) < 1e-11


@given(models(), models(), st.integers(0, 2**32))
def test_products_and_compositions_contain_their_functions(x, y, seed):
    """f = P + o + e, with |o| <= odd and |e| <= err: seen at y and -y, whose mean has
    no odd part."""
    d = min(len(x.g), len(y.g))
    x, y = (Model(m.a, m.g[:d] / 4, m.q[: len(pairs(d))] / 4, 0 * m.odd, 0 * m.err) for m in (x, y))
    at = np.random.default_rng(seed).uniform(-1, 1, (d, 200))
    at[:, :100] = np.sign(at[:, :100])

    def quadratic(m, z):
        return (
            m.a
            + m.g[:, 0] @ z
            + sum(c * z[i] * z[j] for c, (i, j) in zip(m.q[:, 0], pairs(d), strict=True))
        )

    top = np.abs(x.a) + x.spread
    exponential = [np.exp(x.a) / k for k in (1, 1, 2, 6)]
    composed = x.composed(
        Expansion(exponential, [1e-15 * abs(e) for e in exponential], np.exp(top) / 24)
    )
    for found, function in [
        (x * y, lambda z: quadratic(x, z) * quadratic(y, z)),
        (x * y * x, lambda z: quadratic(x, z) ** 2 * quadratic(y, z)),
        (composed, lambda z: np.exp(quadratic(x, z))),
        (composed * y, lambda z: np.exp(quadratic(x, z)) * quadratic(y, z)),
        (composed.scaled(0.1, 0.1) + y, lambda z: np.exp(quadratic(x, z)) * 0.1 + quadratic(y, z)),
    ]:
        rest, mirrored = (function(z) - quadratic(found, z) for z in (at, -at))
        assert (np.abs(rest) <= found.odd + found.err).all()
        assert (np.abs(rest + mirrored) / 2 <= found.err).all()


@given(models(), st.integers(1, 6), st.booleans(), st.integers(0, 2**32))
def test_inverse_powers_contain_their_functions(x, n, linear, seed):
    """Of 1 + |y|² and of an affine function with values in [1, 3]."""
    d = len(x.g)
    slope = x.g / (np.abs(x.g).sum() + 0.01)
    inner = Model.affine(np.ones(1) * (1 + linear), slope * linear)
    for i in range(d * (not linear)):
        y = Model.affine(x.g[i] / 2, np.where(np.arange(d) == i, 0.3, 0.0)[:, None])
        inner += y * y
    at = np.random.default_rng(seed).uniform(-1, 1, (d, 100))
    found = inverse_power(inner, n)

    def rest(z):
        exact = 2 + slope[:, 0] @ z if linear else 1 + ((x.g / 2 + 0.3 * z) ** 2).sum(axis=0)
        bent = sum(c * z[i] * z[j] for c, (i, j) in zip(found.q[:, 0], pairs(d)))
        return exact ** (-n / 2) - found.a - found.g[:, 0] @ z - bent

    assert (np.abs(rest(at)) <= found.odd + found.err).all()
    assert (np.abs(rest(at) + rest(-at)) / 2 <= found.err).all()


def test_the_errors_of_coefficients_belong_to_a_composition():
    """exp, with one coefficient that is thought to be 0, up to its error."""
    x = Model.affine(np.array([0.25]), np.array([[0.02], [0.01]]))
    at = np.random.default_rng(0).uniform(-1, 1, (2, 400))
    exact = [np.exp(x.a) / math.factorial(k) for k in range(4)]
    for wrong in range(4):
        coefficients, errors = (
            [c * ((k == wrong) == s) for k, c in enumerate(exact)] for s in (False, True)
        )
        found = x.composed(Expansion(coefficients, errors, np.exp(x.a + x.spread) / 24))
        quadratic = sum(
            c * at[i] * at[j] for c, (i, j) in zip(found.q[:, 0], pairs(2), strict=True)
        )
        rest = np.exp(0.25 + x.g[:, 0] @ at) - (found.a + found.g[:, 0] @ at + quadratic)
        assert (np.abs(rest) <= found.odd + found.err).all()


# -- exactly: where nothing else is lost, the roundings are seen -----------------------------------


def random_model(rng, d, sparse, scale=1.0):
    """Parts of any size, some of them 0; err and odd may be all that there is."""

    reach = int(rng.choice([2, 30]))

    def some(*shape):
        kept = rng.uniform(size=shape) > sparse
        return rng.normal(size=shape) * 2.0 ** rng.integers(-reach, reach, shape) * kept * scale

    return Model(some(1), some(d, 1), some(d * (d + 1) // 2, 1), np.abs(some(1)), np.abs(some(1)))


def polynomial(m, y):
    total = exactly(m.a[0]) + sum((exactly(g) * t for g, t in zip(m.g[:, 0], y)), fmpq(0))
    return total + sum(
        (exactly(c) * y[i] * y[j] for c, (i, j) in zip(m.q[:, 0], pairs(len(y)))), fmpq(0)
    )


def values(m, y, tilt):
    """The values at y of the functions that a model admits, at their extremes; an odd
    part changes sign with y."""
    slope = sum((a * b for a, b in zip(y, tilt)), fmpq(0))
    side = (slope > 0) - (slope < 0)
    return {
        (o, e): polynomial(m, y) + side * o * exactly(m.odd[0]) + e * exactly(m.err[0])
        for o in (-1, 1)
        for e in (-1, 1)
    }


def places(rng, d, count=6):
    yield from ([fmpq(int(s)) for s in rng.choice([-1, 1], d)] for _ in range(count))
    yield from ([fmpq(int(n), 64) for n in rng.integers(-64, 65, d)] for _ in range(count))


def assert_covered(found, pairs_of_values, y):
    """f(y) - P(y) and f(-y) - P(-y): half their sum is even, half their difference odd."""
    here, there = polynomial(found, y), polynomial(found, [-t for t in y])
    for one, other in pairs_of_values:
        rest, mirrored = one - here, other - there
        assert abs(rest + mirrored) / 2 <= exactly(found.err[0])
        assert abs(rest - mirrored) / 2 <= exactly(found.odd[0]) + exactly(found.err[0])


OPERATIONS = {
    "sum": (lambda x, y: x + y, lambda u, v: u + v),
    "product": (lambda x, y: x * y, lambda u, v: u * v),
    "square": (lambda x, y: x * x, lambda u, v: u * u),
    "scaled": (lambda x, y: x.scaled(1 / 3, 0.3333333333333334), lambda u, v: u / 3),
    "widely": (lambda x, y: x.scaled(-0.25, 0.75), lambda u, v: u * fmpq(3, 4)),
    "below": (lambda x, y: x.scaled(-0.25, 0.75), lambda u, v: u * fmpq(-1, 4)),
}


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("sparse", [0.9, 0.6, 0.2])
@pytest.mark.parametrize("scale", [1.0, 2.0**-540])
def test_operations_contain_what_they_stand_for_exactly(name, sparse, scale):
    """Also where products are below all doubles."""
    operation, function = OPERATIONS[name]
    rng = np.random.default_rng([list(OPERATIONS).index(name), int(10 * sparse)])
    for _ in range(80):
        d = int(rng.integers(1, 4))
        x, y = (random_model(rng, d, sparse, scale) for _ in range(2))
        found, tilt = operation(x, y), [fmpq(int(n), 7) for n in rng.integers(1, 50, d)]
        for at in places(rng, d):
            back = [-t for t in at]
            u, v, w, z = (
                values(x, at, tilt),
                values(y, at, tilt),
                values(x, back, tilt),
                values(y, back, tilt),
            )
            tried = [(function(u[i], v[j]), function(w[i], z[j])) for i in u for j in v]
            assert_covered(found, tried, at)


@pytest.mark.parametrize("sparse", [0.9, 0.5, 0.0])
def test_sizes_of_models_exactly(sparse):
    rng = np.random.default_rng(int(10 * sparse))
    for _ in range(600):
        d = int(rng.integers(1, 5))
        m = random_model(rng, d, sparse)
        parts = [abs(exactly(v)) for v in (*m.g[:, 0], *m.q[:, 0], m.odd[0], m.err[0])]
        assert sum(parts, fmpq(0)) <= exactly(m.spread[0])
        assert abs(exactly(m.a[0])) + sum(parts, fmpq(0)) <= exactly(m.size[0])
        # E (f - a)² for f - a = g·y + Σ q_ij y_i y_j + e: 1/3, 1/9 and 1/5 are the
        # means of y², y_i² y_j² and y⁴
        diagonal = [exactly(c) for c, (i, j) in zip(m.q[:, 0], pairs(d)) if i == j]
        mixed = [exactly(c) for c, (i, j) in zip(m.q[:, 0], pairs(d)) if i != j]
        trace, e, o = sum(diagonal, fmpq(0)), exactly(m.err[0]), exactly(m.odd[0])
        square = (
            sum((exactly(g) ** 2 for g in m.g[:, 0]), fmpq(0)) / 3
            + sum((c * c for c in mixed), fmpq(0)) / 9
        )
        square += sum((c * c for c in diagonal), fmpq(0)) * fmpq(4, 45) + trace * trace / 9
        for constant in (e, -e):  # the quadratic part has the mean trace/3
            assert square + constant * constant + 2 * constant * trace / 3 <= exactly(
                m.mean_square[0]
            )
        if not any(diagonal) and not any(
            mixed
        ):  # a plane along one axis with an odd step, which raises its slope
            slope = max(abs(exactly(g)) for g in m.g[:, 0])
            assert (
                slope * slope / 3 + o * slope + o * o + e * e
                <= exactly(m.mean_square[0]) + (o + e) * slope
            )


def integral_of_size(t, G):
    """An antiderivative of the average of |t + Gy| over y in [-1, 1], a function of t."""
    if abs(t) <= G:
        return (G * G * t + t**3 / 3) / (2 * G)
    side = 1 if t > 0 else -1
    return side * (fmpq(2, 3) * G * G + (t * t - G * G) / 2)


def average_of_plane(m, g):
    """E|m + g·y| for at most two slopes, exactly."""
    small, large = ([fmpq(0), *sorted(g)])[-2:]
    if small == 0:
        return abs(m) if large == 0 or abs(m) > large else (large * large + m * m) / (2 * large)
    return (integral_of_size(m + small, large) - integral_of_size(m - small, large)) / (2 * small)


@pytest.mark.parametrize("kind", ["settled", "flat"])
@pytest.mark.parametrize("scale", [1.0, 2.0**-200, 2.0**-545])
def test_averages_that_are_known_exactly(kind, scale):
    """|m| where f has one sign, and those of planes; and what may be added to f,
    also where squares vanish."""
    rng = np.random.default_rng(kind == "flat")
    seen = 0
    for _ in range(1500):
        d = int(rng.integers(1, 3))
        m = random_model(rng, d, 0.3, scale)
        more = np.abs(rng.normal(size=1)) * rng.choice([0.0, 2.0**-40, 0.1]) * scale
        if kind == "flat":
            m = Model(m.a, m.g, 0 * m.q, 0 * m.odd, m.err * rng.choice([0, 1]))
            average = average_of_plane(exactly(m.a[0]), [abs(exactly(v)) for v in m.g[:, 0]])
        else:
            sizes = sum((abs(exactly(c)) for c in (*m.g[:, 0], *m.q[:, 0], m.odd[0])), fmpq(0))
            if sizes > abs(exactly(m.a[0])):
                continue
            trace = sum((exactly(c) for c, (i, j) in zip(m.q[:, 0], pairs(d)) if i == j), fmpq(0))
            average = abs(exactly(m.a[0]) + trace / 3)
        seen += 1
        low, high = m.mean_size(more)
        rest = exactly(m.err[0]) + exactly(more[0])
        assert exactly(low[0]) <= max(average - rest, fmpq(0))
        assert average + rest <= exactly(high[0])
    assert seen > 100
