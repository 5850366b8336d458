"""Outward-rounded float64 intervals: containment against balls, tightness, exact ends, and
that the rounding matters."""

import contextlib
import math

import numpy as np
import pytest
import torch
from flint import arb, ctx, fmpq
from float_arrays import (
    BALLS,
    BITS,
    INF,
    MAX,
    NORMAL,
    SLOW,
    STEPS,
    at,
    check_ends,
    exactly,
    intervals,
    misses,
    specials,
)
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.enclosure.arrays import float_functions as ff
from boundcheck.enclosure.arrays import float_special
from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.doubles import doubles
from boundcheck.enclosure.intervals.interval import Interval

# -- containment -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BALLS)
def test_functions_are_enclosed(name):
    rng = np.random.default_rng(1)
    n = 1500 if name in SLOW else 20_000
    x, t = intervals(rng, n)
    y = ff.FUNCTIONS[name](x)
    check_ends(y)
    m = 1500
    assert misses((y[0][:m], y[1][:m]), at(name, t[:m])) == []
    points = np.concatenate([specials(), rng.uniform(-5, 5, 300)])
    assert misses(ff.FUNCTIONS[name]((points, points)), at(name, points)) == []


@pytest.mark.parametrize(
    "name", ["exp", "log", "sin", "cos", "atan", "sinh", "cosh", "tanh", "tan"]
)
def test_the_error_bounds_hold_with_room(name):
    """The kernels' values at points where they are worst: a look at the proofs,
    not a replacement for them."""
    rng = np.random.default_rng(2)
    t = {"exp": rng.uniform(-700, 700, 1500), "log": np.exp(rng.uniform(-1, 1, 1500))}.get(
        name, rng.uniform(-3, 3, 1500)
    )
    if name in {"sin", "cos", "tan"}:
        t[500:] = rng.uniform(-ff.FAR, ff.FAR, 1000)
    values = at(name, t)
    assert misses(ff.FUNCTIONS[name]((t, t)), values) == []
    if name == "tan":
        return
    kernel = {"sin": lambda t: ff._sine_at(t, 0)[0], "cos": lambda t: ff._sine_at(t, 1)[0]}.get(
        name
    )
    s = (kernel or getattr(ff, f"_{name}_at"))(t)
    bound = ff.ERRORS.get(name, ff.ERRORS["sin"])
    for a, v in zip(s, values):
        slack = ff.REDUCTION if name in {"sin", "cos"} else 0
        assert abs(arb(float(a)) - v) <= arb(bound) * abs(v) + slack


OPERATIONS = {
    "add": (fl.add, lambda a, b: a + b),
    "sub": (fl.sub, lambda a, b: a - b),
    "mul": (fl.mul, lambda a, b: a * b),
    "divide": (fl.divide, lambda a, b: a / b if b != 0 else None),
    "minimum": (fl.minimum, min),
    "maximum": (fl.maximum, max),
    "hull": (fl.hull, lambda a, b: a),
}


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


@given(st.integers(0, 2**32))
def test_real_powers_are_enclosed(seed):
    rng = np.random.default_rng(seed)
    (x, s), (y, t) = intervals(rng, 60), intervals(rng, 60)
    z = ff.real_power(x, y)
    check_ends(z)

    def exact(a, b):
        if a > 0:
            return arb(a) ** arb(b)
        return fmpq(0) if a == 0 and b > 0 else None

    with ctx.workprec(1200):
        values = [exact(a, b) for a, b in zip(s.tolist(), t.tolist())]
    assert (
        misses(
            z, [v if v is None or isinstance(v, fmpq) or v.is_finite() else None for v in values]
        )
        == []
    )
    assert (ff.real_power_defined(x, y) <= ((x[0] > 0) | (y[0] > 0))).all()


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


def _product(rows, t):
    return [
        sum((a * exactly(v) for a, v in zip(row, column)), fmpq(0))
        for row in rows
        for column in t.T
    ]


@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(1, 5), st.booleans())
def test_products_with_a_matrix_are_enclosed(seed, k, m, finite):
    rng = np.random.default_rng(seed)
    rows = _rows(rng, m, k)
    x, t = _box(rng, k, 7, finite)
    y = fl.matmul(fl.matrix(rows), x)
    check_ends(y)
    assert misses(y, _product(rows, t)) == []


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

TIGHT = {
    **dict.fromkeys(["atan", "sinh", "tanh", "erf", "floor", "ceiling", "sign", "Abs"], (-20, 20)),
    **{
        "exp": (-660, 700),
        "cosh": (-700, 700),
        "log": (1e-9, 9),
        "sqrt": (0, 1e9),
        "cbrt": (0, 1e9),
        "asin": (-1, 1),
    },
    **{
        "acos": (-1, 0.999),
        "erfc": (-5, 25),
        "gamma": (1e-6, 100),
        "loggamma": (3, 1e9),
        "factorial": (-0.999, 100),
    },
    **{"sin": (0.5, 2.5), "cos": (-1, 1), "tan": (-1.2, 1.2)},
}


@pytest.mark.parametrize("name", TIGHT)
def test_enclosures_of_points_are_tight(name):
    rng = np.random.default_rng(6)
    t = rng.uniform(*TIGHT[name], 500 if name in SLOW else 20_000)
    low, high = ff.FUNCTIONS[name]((t, t))
    factor = 2.0**-46 if name == "tan" else 2.0**-47
    assert (high - low <= factor * np.abs(low)).all()


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


@pytest.mark.parametrize("name", ["log", "sin", "tan", "atan", "sinh", "tanh", "erf", "asin"])
def test_functions_are_relatively_accurate_near_their_zeros(name):
    t = np.ldexp(np.random.default_rng(8).uniform(0.5, 1, 300), -3 - np.arange(300) % 40)
    t = 1 + t if name == "log" else t
    low, high = ff.FUNCTIONS[name]((t, t))
    assert (low > 0).all()
    assert (high - low <= 2.0**-46 * low).all()


@pytest.mark.parametrize(("name", "where", "value"), [
    *((f, 0, 0) for f in ("sin", "tan", "asin", "atan", "sinh", "tanh", "erf", "sqrt", "cbrt",
                          "Abs", "sign")),
    *((f, 0, 1) for f in ("cos", "cosh", "exp", "erfc", "factorial")),
    *((f, 1, 0) for f in ("log", "acos", "loggamma")),
    *((f, 1, 1) for f in ("sqrt", "cbrt", "gamma", "sign")),
])  # fmt: skip
def test_exact_values_stay_exact(name, where, value):
    for w in (float(where), -0.0 if where == 0 else 1.0):
        low, high = ff.FUNCTIONS[name]((np.array([w]), np.array([w])))
        assert (low[0], high[0]) == (value, value)


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


def ends(low, high):
    return np.array([float(low)]), np.array([float(high)])


@pytest.mark.parametrize(("function", "x", "expected"), [
    (fl.reciprocal, (0, 1), (1, INF)), (fl.reciprocal, (-1, 0), (-INF, -1)),
    (fl.reciprocal, (-1, -0.0), (-INF, -1)), (fl.reciprocal, (-0.0, 1), (1, INF)),
    (fl.reciprocal, (-1, 1), (-INF, INF)),
    (fl.reciprocal, (0, 0), (-INF, INF)), (fl.reciprocal, (1, INF), (0, 1)),
    (ff.log, (0, 1), (-INF, 0)), (ff.log, (-1, 0), (-INF, INF)), (ff.log, (1, INF), (0, INF)),
    (ff.sqrt, (-1, 4), (0, 2)), (ff.sqrt, (-2, -1), (-INF, INF)),
    (ff.asin, (2, 3), (-INF, INF)), (ff.gamma, (-1, 1), (-INF, INF)),
    (ff.loggamma, (-1, 2), (-0.1215, INF)), (ff.gamma, (0, 1), (1, INF)),
    (ff.exp, (-INF, INF), (0, INF)), (ff.exp, (1e9, INF), (MAX, INF)),
    (ff.tanh, (-INF, INF), (-1, 1)), (ff.sin, (-INF, INF), (-1, 1)),
    (ff.cos, (0, 4), (-1, 1)), (ff.sin, (1, 2), (math.sin(1), 1)), (ff.tan, (1, 2), (-INF, INF)),
    (ff.erfc, (-INF, INF), (0, 2)), (ff.floor, (-INF, 0.5), (-INF, 0)),
    (ff.cosh, (-1, INF), (1, INF)), (ff.sinh, (-INF, 0), (-INF, 0)),
    (ff.atan, (-INF, 0), (-math.pi / 2, 0)),
])  # fmt: skip
def test_loose_values(function, x, expected):
    low, high = function(ends(*x))
    assert (low[0], high[0]) == pytest.approx(expected, rel=1e-14)


def test_defined_is_never_claimed_wrongly():
    rng = np.random.default_rng(10)
    x, t = intervals(rng, 20_000)
    for name, defined in ff.DEFINED.items():
        sure = defined(x)
        assert sure.any()
        inside = t[sure]
        if name == "div":
            assert (inside != 0).all()
        else:
            assert all(BALLS[name][1](v) or abs(v) >= 1e6 for v in inside.tolist())
    assert not ff.DEFINED["tan"](ends(1.57, 1.58)).any()
    assert not ff.DEFINED["tan"](ends(0, 1e7)).any()
    assert ff.DEFINED["tan"](ends(-1.57, 1.57)).all()
    assert ff.DEFINED["factorial"](ends(-0.5, 3)).all()


def test_shapes_are_broadcast():
    column, row = (np.zeros((3, 1)), np.ones((3, 1))), (np.ones(4), np.full(4, 2.0))
    for operation, _ in OPERATIONS.values():
        assert operation(column, row)[0].shape == (3, 4)
    for function in ff.FUNCTIONS.values():
        assert function((np.array(0.25), np.array(0.5)))[0].shape == ()


# -- constants and flushing ------------------------------------------------------------------------


def test_constants():
    with ctx.workprec(400):
        half_pi, ln2 = arb.pi() / 2, arb(2).log()
        assert abs(ln2 - arb(ff.LN2_HIGH) - arb(ff.LN2_LOW)) < arb(2) ** -98
        assert (
            abs(half_pi - arb(ff.PI2_HIGH) - arb(ff.PI2_MIDDLE) - arb(ff.PI2_LOW)) < arb(2) ** -122
        )
        assert abs(half_pi - arb(ff.PI2)) < 0.56 * fl.U
        assert abs(arb(math.pi) - arb.pi()) < 2 * fl.U
        assert abs(arb(ff.PER_LN2) - 1 / ln2) < fl.U
        for k, a in enumerate(ff.ATAN.tolist()):
            assert abs(arb(a) - (arb(k) / 8).atan()) <= (
                fl.U / 16 if k == 1 else fl.U / 8 if k == 2 else fl.U / 2
            )
        for high, bits, last in (
            (ff.LN2_HIGH, 42, 42),
            (ff.PI2_HIGH, 31, 30),
            (ff.PI2_MIDDLE, 32, 65),
        ):
            whole = high * 2.0**last
            assert whole == int(whole) < 2**bits


@contextlib.contextmanager
def flushing():
    if not torch.set_flush_denormal(True):
        pytest.skip("this processor does not flush subnormal numbers")
    try:
        assert np.array([1e-310])[0] * 1.0 == 0
        yield
    finally:
        torch.set_flush_denormal(False)


@pytest.mark.parametrize("name", [*OPERATIONS, "matmul", "power", *sorted(BALLS)])
def test_flushing_subnormal_numbers_is_harmless(name):
    rng = np.random.default_rng(11)
    n = 300
    s, t = np.ldexp(rng.uniform(0.5, 1, (2, n)), rng.integers(-1040, -980, (2, n))) * rng.choice(
        [-1.0, 1.0], (2, n)
    )
    t[::3] = np.ldexp(t[::3], 1022)
    s[::5] = np.ldexp(s[::5], 1022)
    x, y = fl.settled((s, s)), fl.settled((t, np.maximum(t, t * (1 + 2.0**-50))))
    if name in OPERATIONS:
        with flushing():
            z = OPERATIONS[name][0](x, y)
        values = [OPERATIONS[name][1](exactly(a), exactly(b)) for a, b in zip(s, t)]
    elif name == "matmul":
        rows = [[exactly(v) for v in t[:20]]]
        with flushing():
            z = fl.matmul(fl.matrix(rows), (x[0].reshape(20, -1), x[1].reshape(20, -1)))
        values = _product(rows, s.reshape(20, -1))
    elif name == "power":
        with flushing():
            z = fl.power(x, -1)
        values = [1 / exactly(a) if a else None for a in s]
    else:
        with flushing():
            z = ff.FUNCTIONS[name](x)
        values = at(name, s)
    assert misses(z, values) == []
    again = fl.settled(z)
    assert ((again[0] == z[0]) | (z[0] >= 0)).all()
    assert ((again[1] == z[1]) | (z[1] <= 0)).all()


# -- the rounding matters --------------------------------------------------------------------------


def _unrounded(monkeypatch):
    for module in (fl, ff):
        monkeypatch.setattr(module, "below", lambda s, *_: s)
        monkeypatch.setattr(module, "above", lambda s, *_: s)


def _missed(name):
    rng = np.random.default_rng(12)
    s, t = rng.uniform(0.1, 0.9, (2, 400))
    x, y = (s, s), (t, t)
    if name in BALLS:
        return misses(ff.FUNCTIONS[name](x), at(name, s))
    if name == "real_power":
        with ctx.workprec(BITS):
            return misses(
                ff.real_power(x, y), [arb(a) ** arb(b) for a, b in zip(s.tolist(), t.tolist())]
            )
    if name == "matmul":
        rows = [[exactly(v) for v in s[:20]]]
        return misses(
            fl.matmul(fl.matrix(rows), (t.reshape(20, -1), t.reshape(20, -1))),
            _product(rows, t.reshape(20, -1)),
        )
    if name in OPERATIONS:
        return misses(
            OPERATIONS[name][0](x, y),
            [OPERATIONS[name][1](exactly(a), exactly(b)) for a, b in zip(s, t)],
        )
    return misses({"power": lambda: fl.power(x, 3), "square": lambda: fl.square(x),
                   "reciprocal": lambda: fl.reciprocal(x),
                   "scale": lambda: fl.scale_by_exact(x, 0.1)}[name](),
                  [{"power": q**3, "square": q * q, "reciprocal": 1 / q,
                    "scale": q * exactly(0.1)}[name] for q in map(exactly, s)])  # fmt: skip


ROUNDED = ["add", "sub", "mul", "divide", "reciprocal", "power", "square", "scale", "real_power"]
ROUNDED += [n for n in BALLS if n not in SLOW | STEPS]


@pytest.mark.parametrize("name", ROUNDED)
def test_outward_rounding_matters(name, monkeypatch):
    assert _missed(name) == []
    _unrounded(monkeypatch)
    assert _missed(name) != []


@pytest.mark.parametrize("name", sorted(SLOW))
def test_outward_rounding_of_balls_matters(name, monkeypatch):
    assert _missed(name) == []
    for rounding in ("ball_below", "ball_above"):
        monkeypatch.setattr(float_special, rounding, lambda ball: float(ball.mid()))
    assert _missed(name) != []


def test_the_radius_of_a_product_matters(monkeypatch):
    assert _missed("matmul") == []
    _unrounded(monkeypatch)
    monkeypatch.setattr(fl, "growth", lambda n: 0.0)
    assert _missed("matmul") != []


def test_the_radius_of_the_entries_matters():
    rng = np.random.default_rng(13)
    rows = [[fmpq(1, 3)] * 4]
    a = fl.matrix(rows)
    t = np.full((4, 1), 2.0**60) * np.array([[1], [-1], [1], [-1]]) + rng.normal(size=(4, 1))
    assert misses(fl.matmul(a, (t, t)), _product(rows, t)) == []
    assert a.rad.all()


@pytest.mark.parametrize("name", ["exp", "log", "sin", "atan", "sinh", "cosh", "tanh"])
def test_each_error_bound_matters(name, monkeypatch):
    """Without its entry, the rounding of one operation alone does not contain the value."""
    monkeypatch.setitem(ff.ERRORS, name, -fl.U)
    monkeypatch.setattr(ff, "REDUCTION", fl.TINY)
    assert _missed(name) != []


def test_exact_numbers_are_rounded_outward(monkeypatch):
    monkeypatch.setattr(fl.math, "nextafter", lambda x, _: x)
    q = fmpq(1, 3)
    monkeypatch.setattr(fl, "_exactly", lambda x: q)
    low, high = fl.from_exact(q)
    assert not exactly(low) < q < exactly(high)


@pytest.mark.parametrize("kind", ["small", "large", "own"])
def test_numbers_are_moved_past_the_errors_that_they_are_told(kind):
    """Each lies below, or above, all x with |x - s| <= error |s| + (1-2U) absolute - 2 NORMAL."""
    rng = np.random.default_rng(14)
    n = 3000
    s = np.ldexp(rng.uniform(0.5, 1, n), rng.choice([-1060, -1021, -1000, -40, 0, 0, 30, 900], n))
    s *= rng.choice([-1.0, -1.0, 0.0, 1.0, 1.0], n)
    errors = {
        "small": rng.integers(1, 2**26, n) * fl.U,
        "large": rng.uniform(0.05, 1.5, n),
        "own": np.full(n, fl.U),
    }
    error = errors[kind]
    absolute = fl.TINY * rng.choice([1.0, 1.5, 2.0**100, 2.0**1000], n)
    low, high = fl.below(s, error, absolute), fl.above(s, error, absolute)
    for a, b, v, e, more in zip(low, high, s, error, absolute):
        far = (
            exactly(e) * abs(exactly(v))
            + (1 - 2 * exactly(fl.U)) * exactly(more)
            - 2 * exactly(NORMAL)
        )
        assert exactly(a) <= exactly(v) - far
        assert exactly(v) + far <= exactly(b)


@pytest.mark.parametrize("width", [0.0, 2.0**-50, 2.0**-30, 1.0, 2.0**40])
def test_products_are_rounded_outward_at_each_step(width):
    """A few factors, also powers of two, and boxes that are points, or wide and
    next to symmetric about 0."""
    rng = np.random.default_rng(15)
    for n in (1, 1, 1, 2, 3):
        weights = rng.choice([1.0, -1.0, 0.5, 0.1, 1 / 3, -0.7], n)
        c = rng.normal(size=(n, 200)) * (1 if width < 1 else 2.0 ** rng.integers(-70, -40, 200))
        low, high = c - width * rng.choice([1.0, 1.1], (n, 200)), c + width
        found = fl.matmul(fl.matrix([[exactly(w) for w in weights]]), (low, high))
        ends = np.where(weights[:, None] > 0, low, high), np.where(weights[:, None] > 0, high, low)
        for k in range(200):
            least, most = (
                sum(exactly(w) * exactly(v) for w, v in zip(weights, end[:, k])) for end in ends
            )
            assert exactly(found[0][0, k]) <= least <= most <= exactly(found[1][0, k])


def test_distances_from_the_middle_may_be_flushed():
    """They are less than NORMAL, the factor is huge."""
    lowest, highest = (-3, -2.5, -1, 0, 1, 2, 2.5, 4), (-3, -2, -1.5, 0, 1, 3, 4, 4.5)
    ends = np.array([(a, b) for a in lowest for b in highest if a <= b])
    low, high = ends.T[:, None] * NORMAL
    for factor in (2.0**1000, -(2.0**1000)):
        with flushing():
            found = fl.matmul(fl.matrix([[exactly(factor)]]), (low, high))
        for x in (low, high):
            assert misses(found, [exactly(factor) * exactly(v) for v in x[0]]) == []


@pytest.mark.parametrize("n", [1, 2, 5, 20, 200])
def test_each_product_may_be_flushed(n):
    """And each sum, of numbers of one sign and of both."""
    rng = np.random.default_rng(16)
    for signs in ([1.0], [1.0, -1.0]):
        t = (
            np.ldexp(rng.uniform(0.9, 1, (n, 6)), -522)
            * rng.choice(signs, (n, 6))
            * [1, 1, -1, -1, 1, -1]
        )
        rows = [[fmpq(1, 2**500)] * n, [-fmpq(1, 2**500)] * n, [fmpq(3, 2**500)] * n]
        with flushing():
            found = fl.matmul(fl.matrix(rows), (t, t))
        assert misses(found, _product(rows, t)) == []


def test_doubles_around_an_interval_are_outside():
    with ctx.workprec(200):
        sizes = [arb(fmpq(k, 7)) * arb(2) ** e for k in (1, 3, 9) for e in (-1060, -5, 0, 99)]
        middles = [*sizes, *(-m for m in sizes)]
        ends = [
            end
            for m in (*middles, arb(2) ** 1030, -(arb(2) ** 1030), arb(0))
            for end in (m.lower(), m.upper())
        ]
    for end in ends:
        low, high = doubles(Interval(end, end))
        assert low == -INF or (arb(low) <= end and low < INF)
        assert high == INF or (arb(high) >= end and high > -INF)
        assert all(v == 0 or abs(v) >= NORMAL for v in (low, high))
    assert doubles(Interval(-INF, INF)) == (-INF, INF)
