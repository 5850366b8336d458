"""Functions on arrays of intervals: containment against balls, tightness, exact values."""

import math

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from float_arrays import BALLS, INF, MAX, SLOW, at, check_ends, intervals, misses, specials
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.enclosure.arrays import float_functions as ff
from boundcheck.enclosure.arrays import floats as fl

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


def ends(low, high):
    return np.array([float(low)]), np.array([float(high)])


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


# -- tightness and exact values --------------------------------------------------------------------


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
