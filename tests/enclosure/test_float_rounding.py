"""Outward rounding of arrays matters: without each part of it some value is missed; and a
processor that flushes subnormal numbers does no harm."""

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from float_arrays import BALLS, BITS, NORMAL, SLOW, STEPS, at, exactly, flushing, misses
from float_operations import OPERATIONS, product

from boundcheck.enclosure.arrays import float_functions as ff
from boundcheck.enclosure.arrays import float_special
from boundcheck.enclosure.arrays import floats as fl


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
            product(rows, t.reshape(20, -1)),
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
    assert misses(fl.matmul(a, (t, t)), product(rows, t)) == []
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
        assert misses(found, product(rows, t)) == []


# -- flushing --------------------------------------------------------------------------------------


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
        values = product(rows, s.reshape(20, -1))
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
