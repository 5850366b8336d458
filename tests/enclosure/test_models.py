"""Taylor models contain the function: random expressions, cells and points."""

import numpy as np
import pytest
from containments import tried
from flint import arb, ctx, fmpq
from float_arrays import exactly
from hypothesis import given
from hypothesis import strategies as st
from strategies import terms

from boundcheck.enclosure.arrays import models as M
from boundcheck.enclosure.arrays.models import Models, bent_line, ends, models, pairs, soft_line
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.activation import LeakyReLU, SignReLU
from boundcheck.exact.terms.parser import parse_term

FUNCTIONS = ("exp", "log", "sqrt", "sin", "cos", "atan", "tanh", "erf")
NAMES = ("x", "y")
centres = st.one_of(
    st.floats(-3, 3, allow_subnormal=False),
    st.sampled_from([0.0, 1.0, -1.0, 0.5, 1e-16, 1e16, -1e8]),
)
radii = st.one_of(
    st.sampled_from([0.0, 1.0, 0.5, 2.0**-10, 2.0**-30, 2.0**-60]),
    st.floats(0, 2, allow_subnormal=False),
)
places = st.sampled_from([fmpq(-1), fmpq(1), fmpq(0), fmpq(1, 3), fmpq(-7, 8), fmpq(1, 10**6)])


def variables(c, r):
    """Models of x and y on the cell around c with radius r."""
    zero = np.zeros(1)
    return {
        n: Models.of(
            np.array([c[k]]), np.stack([np.array([r[k]]) if j == k else zero for j in range(2)])
        )
        for k, n in enumerate(NAMES)
    }


def value_of(m, at):
    """a + Σ g y + Σ q y y, exactly."""
    total = exactly(m.a[0]) + sum(exactly(g[0]) * y for g, y in zip(m.g, at))
    return total + sum(exactly(q[0]) * at[i] * at[j] for q, (i, j) in zip(m.q, pairs(2)))


def distance_is_covered(f, c, r, at):
    """Whether |f - model| <= err at the point c + r y; None where the model says nothing."""
    m = models(f, variables(c, r))
    if not np.isfinite(m.err[0]):
        return None
    point = {n: exactly(c[k]) + exactly(r[k]) * at[k] for k, n in enumerate(NAMES)}
    for bits in (80, 300, 1000):
        try:
            value = at_point(f, point, bits)
        except Unclear:
            continue
        with ctx.workprec(bits):
            gap = abs(arb(value) - arb(value_of(m, at)))
            if gap <= arb(exactly(m.err[0])):
                return True
            if gap > arb(exactly(m.err[0])):
                return False
    return None


SMOOTH = [
    "exp(-(x**2 + y**2)/2)*x",
    "1/(3 + x + y*y)",
    "sqrt(2 + x)*log(3 + y)",
    "sin(2*x)*cos(y) - x*y",
    "signrelu(x - 4)*exp(y)",
    "(x - y)**3/(x + 5)**2",
]
ends_of_intervals = st.one_of(
    st.floats(-20, 20, allow_subnormal=False),
    st.sampled_from([0.0, -0.0, 1e-18, -1e-18, 1e12, -1e12, -1e-9, 1e-9]),
)


def exact_value(activation, t):
    pieces = activation.pieces(*activation.parameters)
    return next(p.formula(t) for p in reversed(pieces) if p.start is None or t >= p.start)


@given(
    terms(functions=FUNCTIONS, max_leaves=8), *[st.tuples(s, s) for s in (centres, radii, places)]
)
def test_models_contain_the_function(f, c, r, at):
    try:
        inside = distance_is_covered(f, c, r, at)
    except Unsupported:
        return
    except DomainError:
        pytest.fail("a model with a finite error of a function that is not defined")
    tried(inside is not None)
    assert inside is not False


@pytest.mark.parametrize("text", SMOOTH)
def test_errors_are_of_third_order(text):
    """Halving a small cell divides the error by nearly 8: what makes these
    models better than slopes."""
    f, errors = parse_term(text), []
    for k in (6, 7, 8):
        errors.append(models(f, variables((0.3, -0.2), (2.0**-k, 2.0**-k))).err[0])
    assert errors[0] / errors[1] > 6.5
    assert errors[1] / errors[2] > 6.5


def test_what_is_undefined_is_unknown():
    for text in ("1/x", "log(x)", "sqrt(x)", "1/(x*y)", "x**(y - 1)", "acos(2 + x)"):
        assert models(parse_term(text), variables((0.1, 0.1), (0.25, 0.25))).err[0] == np.inf


@given(ends_of_intervals, ends_of_intervals, places, st.sampled_from(["1", "1/2", "1/4", "1/1024"]))
def test_lines_near_activations(one, two, at, alpha):
    low, high = min(one, two), max(one, two)
    t = exactly(low) + (exactly(high) - exactly(low)) * (at + 1) / 2
    a = exactly(ends(parse_term(alpha))[0])
    for found, value in (
        (soft_line(np.array([low]), np.array([high]), float(arb(a))), SignReLU(a)),
        (bent_line(np.array([low]), np.array([high]), float(arb(a))), LeakyReLU(a)),
        (bent_line(np.array([low]), np.array([high]), 0.0), None),
    ):
        s, o, above, below = (exactly(v[0]) for v in found)
        rho = max(t, fmpq(0)) if value is None else exact_value(value, t)
        assert s * t + o - below <= rho <= s * t + o + above
        tried()


def test_the_lines_are_tight():
    """For a kink in the middle: half the rise, and never twice what is needed."""
    s, o, above, below = bent_line(np.array([-1.0]), np.array([1.0]), 0.0)
    assert (s[0], o[0]) == (0.5, 0.5)
    assert below[0] == pytest.approx(0.5)
    assert above[0] < 1e-13
    s, o, above, below = soft_line(np.array([-1e12]), np.array([1e12]), 1.0)
    assert below[0] == pytest.approx(0.5e12)
    s, o, above, below = soft_line(np.array([-2.0]), np.array([-1.0]), 1.0)
    assert below[0] == pytest.approx((1 / 2**0.5 - 1 / 3**0.5) ** 2, rel=1e-9)


# -- one operation at a time, where what is dropped and what is rounded is all there is ------------


def random_models(rng, low, high, spread):
    """200 models of two variables with values in about [low, high]; parts of
    them are zero now and then."""
    count = 200
    some = lambda *shape: rng.uniform(-1, 1, (*shape, count)) * (rng.random((*shape, count)) < 0.7)  # noqa: E731
    scale = 10.0 ** rng.uniform(-8, 0, count) * spread
    a = rng.uniform(low, high, count)
    return Models(
        a,
        some(2) * scale / 4,
        some(3) * scale / 8,
        np.abs(some()) * scale / 8 * (rng.random(count) < 0.5),
    )


def members(m, rng):
    """For each model, values of functions that it contains, with the points where
    they are taken."""
    for k in range(len(m.a)):
        one = Models(m.a[k : k + 1], m.g[:, k : k + 1], m.q[:, k : k + 1], m.err[k : k + 1])
        signs = [1.0 if g >= 0 else -1.0 for g in m.g[:, k]]
        for y in (
            [exactly(s) for s in signs],
            [-exactly(s) for s in signs],
            [exactly(v) for v in rng.uniform(-1, 1, 2)],
        ):
            for e in (fmpq(1), fmpq(-1)):
                yield k, y, value_of(one, y) + e * exactly(m.err[k])


def check(found, k, y, value):
    one = Models(
        found.a[k : k + 1], found.g[:, k : k + 1], found.q[:, k : k + 1], found.err[k : k + 1]
    )
    if np.isfinite(one.err[0]):
        gap = (
            abs(value - value_of(one, y))
            if isinstance(value, fmpq)
            else abs(value - arb(value_of(one, y)))
        )
        assert gap <= exactly(one.err[0]), (k, y, value)
        tried()
    return np.isfinite(one.err[0])


def signrelu(alpha):
    return lambda v: exact_value(SignReLU(alpha), v)


UNARY = {
    "exp": (M.exp, arb.exp, (-3, 3)),
    "log": (M.log, arb.log, (0.5, 3)),
    "sqrt": (M.sqrt, arb.sqrt, (0.5, 3)),
    "sin": (M.sin, arb.sin, (-9, 9)),
    "cos": (lambda x: M.sin(x, quarter=True), arb.cos, (-9, 9)),
    "reciprocal": (M.reciprocal, lambda v: 1 / v, (0.7, 3)),
    "reciprocal of negative": (M.reciprocal, lambda v: 1 / v, (-3, -0.7)),
    "tanh": (lambda x: M.by_range("tanh", x), arb.tanh, (-2, 2)),
    "abs": (M.absolute, abs, (-0.3, 0.3)),
    "relu": (M.positive_part, lambda v: max(v, fmpq(0)), (-0.3, 0.3)),
    "leaky": (lambda x: M.bent(x, 0.1), lambda v: v if v >= 0 else v * exactly(0.1), (-0.3, 0.3)),
    "signrelu": (lambda x: M.soft(x, (1.0, 1.0)), signrelu(1), (-0.5, 0.5)),
    "signrelu left": (lambda x: M.soft(x, (1.0, 1.0)), signrelu(1), (-9, -1)),
    "signrelu 1/4": (lambda x: M.soft(x, (0.25, 0.25)), signrelu("1/4"), (-0.5, 0.5)),
    "signrelu 3": (lambda x: M.soft(x, (3.0, 3.0)), signrelu(3), (-0.5, 0.5)),
    "times 0.1": (lambda x: x.scaled(0.1, 0.1), lambda v: v * exactly(0.1), (-3, 3)),
    "times 1/3": (lambda x: x.scaled(0.333, 0.334), lambda v: v / 3, (-3, 3)),
    "plus 0.1": (lambda x: x.shifted(0.1, 0.1), lambda v: v + exactly(0.1), (-3, 3)),
    "plus 1/3": (lambda x: x.shifted(0.333, 0.334), lambda v: v + fmpq(1, 3), (-3, 3)),
    "minus": (lambda x: -x, lambda v: -v, (-3, 3)),
}


def _is_arb_method(function):
    return type(function).__name__ in ("method_descriptor", "cython_function_or_method")


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("spread", [1e-9, 0.1, 0.5, 2])
def test_one_operation(name, spread):
    function, true, (low, high) = UNARY[name]
    rng = np.random.default_rng([len(name), int(spread * 10)])
    x = random_models(rng, low, high, spread)
    with np.errstate(all="ignore"), ctx.workprec(200):
        found, known = function(x), 0
        for k, y, v in members(x, rng):
            if not np.isfinite(found.err[k]):
                continue  # a wide model of a function that is not defined everywhere
            value = (
                true(v)
                if not hasattr(true, "__self__") and not _is_arb_method(true)
                else true(arb(v))
            )
            known += check(found, k, y, value)
    assert known > 300


@pytest.mark.parametrize("spread", [1e-9, 0.1, 1, 4])
def test_two_operands(spread):
    rng = np.random.default_rng(int(spread * 10))
    one, two = random_models(rng, -3, 3, spread), random_models(rng, -3, 3, spread)
    with ctx.workprec(200):
        product, total = one * two, one + two
        other = {(k, tuple(map(str, y))): v for k, y, v in members(two, rng)}
        corner = [(k, y, v) for k, y, v in members(one, rng) if (k, tuple(map(str, y))) in other]
        for k, y, v in corner:
            w = other[k, tuple(map(str, y))]
            check(product, k, y, v * w)
            check(total, k, y, v + w)
        for k, y, v in members(one, rng):  # a square: the two operands are extreme together
            check(one * one, k, y, v * v)


@pytest.mark.parametrize("spread", [1e-9, 1, 4])
def test_ranges(spread):
    rng = np.random.default_rng(int(spread))
    x = random_models(rng, -3, 3, spread)
    low, high = x.range()
    for k, _, v in members(x, rng):
        assert exactly(low[k]) <= v <= exactly(high[k])
    for k in range(len(x.a)):
        one = Models(x.a[k : k + 1], x.g[:, k : k + 1], x.q[:, k : k + 1], x.err[k : k + 1])
        for y in ((1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (1, 0), (0, 0)):
            assert exactly(low[k]) <= value_of(one, [fmpq(t) for t in y]) <= exactly(high[k])
