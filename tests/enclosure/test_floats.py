"""Outward-rounded float64 intervals: operations are enclosed, tight, and exact where they can
be."""

import math

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from float_arrays import INF, MAX, NORMAL, check_ends, exactly, intervals, misses
from float_operations import OPERATIONS, product
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.enclosure.arrays import float_functions as ff
from boundcheck.enclosure.arrays import floats as fl

# -- containment -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_are_enclosed(name):
    rng = np.random.default_rng(3)
    operation, exact = OPERATIONS[name]
    x, s = intervals(rng, 20_000)
    y, t = intervals(rng, 20_000)
    z = operation(x, y)
    check_ends(z)
    m = 4000
    assert (
        misses((z[0][:m], z[1][:m]), [exact(exactly(a), exactly(b)) for a, b in zip(s[:m], t[:m])])
        == []
    )


@given(st.integers(0, 2**32), st.integers(-9, 40))
def test_powers_are_enclosed(seed, n):
    x, t = intervals(np.random.default_rng(seed), 40)
    y = fl.power(x, n)
    check_ends(y)
    assert misses(y, [exactly(v) ** n if v != 0 or n >= 0 else None for v in t]) == []
    if n == 2:
        assert np.array_equal(y, fl.square(x))


@pytest.mark.parametrize("n", [1000, 12345, 2**26, 2**26 + 1, 2**40, 2**40 + 1, -1001, -(2**70)])
def test_large_powers_are_enclosed(n):
    rng = np.random.default_rng(4)
    t = np.concatenate([rng.uniform(-2, 2, 50), 1 + rng.uniform(-1, 1, 50) / abs(n), [1.0, -1.0]])
    x = (t - 1e-9, t + 1e-9 * rng.integers(0, 2, t.size))
    y = fl.power(x, n)
    check_ends(y)
    with ctx.workprec(400):
        assert misses(y, [arb(v) ** n for v in t]) == []


@given(
    st.integers(0, 2**32),
    st.one_of(
        st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.0, 1.0, -1.0, 2.0])
    ),
)
def test_scaling_is_enclosed(seed, factor):
    x, t = intervals(np.random.default_rng(seed), 40)
    y = fl.scale_by_exact(x, factor)
    check_ends(y)
    assert misses(y, [exactly(v) * exactly(factor) for v in t]) == []


@given(st.integers(0, 2**32))
def test_unary_operations_are_enclosed(seed):
    x, t = intervals(np.random.default_rng(seed), 60)
    assert misses(fl.neg(x), [-exactly(v) for v in t]) == []
    assert misses(fl.reciprocal(x), [1 / exactly(v) if v else None for v in t]) == []
    y = fl.settled(x)
    assert misses(y, [exactly(v) for v in t]) == []
    for end in y:
        assert ((end == 0) | (np.abs(end) >= NORMAL)).all()


@given(st.fractions(), st.integers(-1100, 1100))
def test_exact_numbers(q, k):
    q = fmpq(q.numerator, q.denominator) * (fmpq(2) ** k if k >= 0 else 1 / fmpq(2) ** -k)
    low, high = fl.from_exact(q)
    assert misses((np.array([low]), np.array([high])), [q]) == []
    near = fl.nearest(q)
    if abs(near) >= NORMAL and math.isfinite(near):
        assert (low == high) == (exactly(near) == q)
        assert high in (low, math.nextafter(low, INF))


@pytest.mark.parametrize("q", [fmpq(2) ** 1024, fmpq(2) ** 5000 / 3, exactly(MAX) + 1])
def test_exact_numbers_beyond_the_range(q):
    assert fl.from_exact(q) == (MAX, INF)
    assert fl.from_exact(-q) == (-INF, -MAX)
    assert fl.from_exact(1 / q / 8) == (0, NORMAL)
    assert fl.from_exact(-1 / q / 8) == (-NORMAL, 0)
    assert fl.from_exact(exactly(MAX)) == (MAX, MAX)


# -- matrices --------------------------------------------------------------------------------------


def _box(rng, k, columns, finite=True):
    x, t = intervals(rng, k * columns)
    if finite:
        t = rng.normal(size=t.size) * np.exp2(rng.integers(-8, 8, t.size))
        width = rng.random(t.size) * rng.choice([0, 0, 1e-12, 1], t.size)
        x = (np.minimum(t - width, t), np.maximum(t + width, t))
    return (x[0].reshape(k, columns), x[1].reshape(k, columns)), t.reshape(k, columns)


def _rows(rng, m, k):
    return [
        [fmpq(int(p), int(q)) for p, q in zip(*rng.integers((-9, 1), (9, 7), (k, 2)).T)]
        for _ in range(m)
    ]


@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(1, 5), st.booleans())
def test_products_with_a_matrix_are_enclosed(seed, k, m, finite):
    rng = np.random.default_rng(seed)
    rows = _rows(rng, m, k)
    x, t = _box(rng, k, 7, finite)
    y = fl.matmul(fl.matrix(rows), x)
    check_ends(y)
    assert misses(y, product(rows, t)) == []


def test_matrices_are_exact_where_they_can_be():
    a = fl.matrix(
        [[fmpq(1, 2), fmpq(1, 3), fmpq(0)], [fmpq(2) ** 2000, -1 / fmpq(2) ** 1074, exactly(MAX)]]
    )
    assert a.rad[0].tolist() == [0, a.rad[0, 1], 0]
    assert 0 < a.rad[0, 1] <= 2.0**-55
    assert a.mid[1].tolist() == [MAX, 0, MAX]
    assert a.rad[1].tolist() == [INF, NORMAL, 0]


def test_rows_with_infinite_ends_are_unbounded_and_others_are_not():
    a = fl.matrix([[fmpq(1), fmpq(0)], [fmpq(1), fmpq(1)], [fmpq(0), fmpq(0)]])
    low, high = fl.matmul(
        a, (np.array([[1.0, 1.0], [-INF, 0.0]]), np.array([[2.0, 2.0], [0.0, 0.0]]))
    )
    assert low[1].tolist() == [-INF, pytest.approx(1)]
    assert high[1, 0] == INF
    assert 0.99 < low[0, 0] <= 1
    assert 2 <= high[0, 0] < 2.01
    assert low[2].tolist() == high[2].tolist() == [0, 0]
    big = np.array([[MAX], [MAX]])
    assert np.isinf(fl.matmul(a, (big, big))[0][1, 0])


def test_products_at_points_are_tight():
    rng = np.random.default_rng(5)
    k = 64
    a = fl.matrix([[fmpq(int(v), 64) for v in row] for row in rng.integers(-99, 99, (8, k))])
    t = rng.normal(size=(k, 50))
    low, high = fl.matmul(a, (t, t))
    assert (high - low <= 5 * k * 2.0**-52 * (np.abs(a.mid) @ np.abs(t))).all()


# -- tightness and exact ends ----------------------------------------------------------------------


def test_arithmetic_is_tight():
    rng = np.random.default_rng(7)
    s, t = rng.normal(size=(2, 10_000))
    x, y = (s, s), (t, t)
    for z in (
        fl.mul(x, y),
        fl.divide(x, y),
        fl.reciprocal(x),
        fl.power(x, 7),
        fl.power(x, -6),
        fl.scale_by_exact(x, 0.1),
    ):
        assert (z[1] - z[0] <= 2.0**-48 * np.abs(z[0])).all()


def test_ends_at_zero_stay_exact():
    rng = np.random.default_rng(9)
    x, _ = intervals(rng, 5000)
    y, _ = intervals(rng, 5000)
    p, q = fl.absolute(x), fl.absolute(y)
    positive = np.maximum(q[0], NORMAL), np.maximum(q[1], NORMAL)
    a = fl.matrix([[fmpq(1, 3)] * 50])
    column = np.minimum(p[0], 1e300).reshape(50, -1)
    for low, _ in (
        *(
            fl.square(x),
            fl.power(x, 6),
            fl.power(p, 3),
            fl.power(positive, -2),
            fl.mul(p, q),
            fl.add(p, q),
        ),
        *(fl.mul(fl.neg(p), fl.neg(q)), fl.divide(p, positive), fl.reciprocal(positive)),
        fl.matmul(a, (column, np.maximum(column, 1e9))),
    ):
        assert (low >= 0).all()
    for _, high in (
        fl.mul(fl.neg(p), q),
        fl.add(fl.neg(p), fl.neg(q)),
        fl.power(fl.neg(p), 3),
        fl.divide(fl.neg(p), positive),
    ):
        assert (high <= 0).all()
    for name, least in {"exp": 0, "sqrt": 0, "cosh": 1, "Abs": 0}.items():
        defined = x[1] >= 0
        assert (ff.FUNCTIONS[name](x)[0] >= least)[defined].all()
    zero = (np.zeros(5000), np.zeros(5000))
    for z in (
        fl.mul(zero, x),
        fl.mul(x, zero),
        fl.scale_by_exact(x, 0.0),
        fl.add(zero, zero),
        fl.power(zero, 5),
    ):
        assert not z[0].any()
        assert not z[1].any()


def test_shapes_are_broadcast():
    column, row = (np.zeros((3, 1)), np.ones((3, 1))), (np.ones(4), np.full(4, 2.0))
    for operation, _ in OPERATIONS.values():
        assert operation(column, row)[0].shape == (3, 4)
    for function in ff.FUNCTIONS.values():
        assert function((np.array(0.25), np.array(0.5)))[0].shape == ()
