"""Taylor models contain the function: random expressions, cells and points."""

import numpy as np
import pytest
from containments import tried
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from strategies import terms

from boundcheck.enclosure.evaluate import at_point
from boundcheck.enclosure.interval import Unclear
from boundcheck.enclosure.models import Models, bent_line, ends, models, pairs, soft_line
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.activation import LeakyReLU, SignReLU
from boundcheck.exact.parser import parse_term

FUNCTIONS = ("exp", "log", "sqrt", "sin", "cos", "atan", "tanh", "erf")
NAMES = ("x", "y")

centres = st.one_of(st.floats(-3, 3, allow_subnormal=False), st.sampled_from([0.0, 1.0, -1.0, 0.5, 1e-16, 1e16, -1e8]))
radii = st.one_of(
    st.sampled_from([0.0, 1.0, 0.5, 2.0**-10, 2.0**-30, 2.0**-60]), st.floats(0, 2, allow_subnormal=False)
)
places = st.sampled_from([fmpq(-1), fmpq(1), fmpq(0), fmpq(1, 3), fmpq(-7, 8), fmpq(1, 10**6)])


def exact(v):
    return fmpq(*float(v).as_integer_ratio())


def variables(c, r):
    """Models of x and y on the cell around c with radius r."""
    zero = np.zeros(1)
    return {
        n: Models.of(np.array([c[k]]), np.stack([np.array([r[k]]) if j == k else zero for j in range(2)]))
        for k, n in enumerate(NAMES)
    }


def value_of(m, at):
    """a + Σ g y + Σ q y y, exactly."""
    total = exact(m.a[0]) + sum(exact(g[0]) * y for g, y in zip(m.g, at))
    return total + sum(exact(q[0]) * at[i] * at[j] for q, (i, j) in zip(m.q, pairs(2)))


def distance_is_covered(f, c, r, at):
    """Whether |f - model| <= err at the point c + r y; None where the model says nothing."""
    m = models(f, variables(c, r))
    if not np.isfinite(m.err[0]):
        return None
    point = {n: exact(c[k]) + exact(r[k]) * at[k] for k, n in enumerate(NAMES)}
    for bits in (80, 300, 1000):
        try:
            value = at_point(f, point, bits)
        except Unclear:
            continue
        with ctx.workprec(bits):
            gap = abs(arb(value) - arb(value_of(m, at)))
            if gap <= arb(exact(m.err[0])):
                return True
            if gap > arb(exact(m.err[0])):
                return False
    return None


@given(terms(functions=FUNCTIONS, max_leaves=8), *[st.tuples(s, s) for s in (centres, radii, places)])
def test_models_contain_the_function(f, c, r, at):
    try:
        inside = distance_is_covered(f, c, r, at)
    except Unsupported:
        return
    except DomainError:
        pytest.fail("a model with a finite error of a function that is not defined")
    tried(inside is not None)
    assert inside is not False


SMOOTH = [
    "exp(-(x**2 + y**2)/2)*x",
    "1/(3 + x + y*y)",
    "sqrt(2 + x)*log(3 + y)",
    "sin(2*x)*cos(y) - x*y",
    "signrelu(x - 4)*exp(y)",
    "(x - y)**3/(x + 5)**2",
]


@pytest.mark.parametrize("text", SMOOTH)
def test_errors_are_of_third_order(text):
    """Halving a small cell divides the error by nearly 8: what makes these models better than slopes."""
    f, errors = parse_term(text), []
    for k in (6, 7, 8):
        errors.append(models(f, variables((0.3, -0.2), (2.0**-k, 2.0**-k))).err[0])
    assert errors[0] / errors[1] > 6.5
    assert errors[1] / errors[2] > 6.5


def test_what_is_undefined_is_unknown():
    for text in ("1/x", "log(x)", "sqrt(x)", "1/(x*y)", "x**(y - 1)", "acos(2 + x)"):
        assert models(parse_term(text), variables((0.1, 0.1), (0.25, 0.25))).err[0] == np.inf


ends_of_intervals = st.one_of(
    st.floats(-20, 20, allow_subnormal=False), st.sampled_from([0.0, -0.0, 1e-18, -1e-18, 1e12, -1e12, -1e-9, 1e-9])
)


@given(ends_of_intervals, ends_of_intervals, places, st.sampled_from(["1", "1/2", "1/4", "1/1024"]))
def test_lines_near_activations(one, two, at, alpha):
    low, high = min(one, two), max(one, two)
    t = exact(low) + (exact(high) - exact(low)) * (at + 1) / 2
    a = exact(ends(parse_term(alpha))[0])
    for found, value in (
        (soft_line(np.array([low]), np.array([high]), float(arb(a))), SignReLU(a)),
        (bent_line(np.array([low]), np.array([high]), float(arb(a))), LeakyReLU(a)),
        (bent_line(np.array([low]), np.array([high]), 0.0), None),
    ):
        s, o, above, below = (exact(v[0]) for v in found)
        rho = max(t, fmpq(0)) if value is None else exact_value(value, t)
        assert s * t + o - below <= rho <= s * t + o + above
        tried()


def exact_value(activation, t):
    pieces = activation.pieces(*activation.parameters)
    return next(p.formula(t) for p in reversed(pieces) if p.start is None or t >= p.start)


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
