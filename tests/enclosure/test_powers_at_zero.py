"""Powers with exponents that are no written numbers: every evaluator gives x**p the same meaning,
at and near 0 too, and none gives it one where it has none."""

import math

import numpy as np
import pytest
from containments import tried
from flint import arb, ctx, fmpq
from float_arrays import exactly
from hypothesis import given
from hypothesis import strategies as st
from oracle import Nowhere, value

from boundcheck.enclosure.arrays.models import Models, models
from boundcheck.enclosure.arrays.tape import Tape
from boundcheck.enclosure.intervals.at_point import at_point, taylor_form
from boundcheck.enclosure.intervals.gradient import slopes
from boundcheck.enclosure.intervals.interval import Unclear, between
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.enclosure.intervals.rational_points import holds
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.defined import alternatives, obligations
from boundcheck.exact.terms.derivative import derivative
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.rational import rational

TERMS = ("x**p", "(x*p)**p", "x**(2*p)", "(x**2)**p", "x**(p - 1)", "0**p", "sqrt(x)**p", "x**x")
TROUBLE = (Unclear, DomainError, Unsupported, OverflowError)
bases = st.sampled_from([0.0, 2.0**-900, 1e-40, 1e-6, 0.25, 0.5, 1.0, 1.5, 7.0, -0.5, -1e-9])
powers = st.sampled_from([0.0, 1e-12, 0.125, 0.5, 1.0, 1.75, 2.0, 3.0, 40.0, -1e-9, -1.0, -2.5])


@st.composite
def spans(draw, ends):
    """A range, and a point inside."""
    low, high = sorted((draw(ends), draw(ends)))
    at = draw(st.sampled_from([low, high, 0.5 * low + 0.5 * high]))
    return low, high, at


def _value(t, point):
    """The value by another evaluator, as a ball; None where there is none."""
    try:
        found = value(t, point)
    except Nowhere:
        return None
    with ctx.workprec(300):
        v = arb(rational(found))
        return v + arb(0, 1) * abs(v) * arb(10) ** -40


def _inside(v, low, high):
    return (isinstance(low, float) or not v < low) and (isinstance(high, float) or not v > high)


@given(st.sampled_from(TERMS), spans(bases), spans(powers))
def test_enclosures_of_powers_agree(text, x, p):
    t = parse_term(text)
    point = {"x": exactly(x[2]), "p": exactly(p[2])}
    expected = _value(t, point)
    box = {n: between(exactly(s[0]), exactly(s[1])) for n, s in (("x", x), ("p", p))}
    if expected is None:
        with pytest.raises((DomainError, Unclear)):
            at_point(t, point, 300)
        with pytest.raises((DomainError, Unclear)):
            on_box(t, box)
    else:
        assert arb(at_point(t, point, 300)).overlaps(expected)
        for loose in (True, False):
            try:
                found = on_box(t, box, loose=loose)
            except TROUBLE:
                assert not loose
                continue
            tried()
            assert _inside(expected, found.lower, found.upper)
    _on_arrays(t, x, p, expected)
    _by_models(t, x, p, expected)


def _on_arrays(t, x, p, expected):
    tape = Tape(t, ["x", "p"])
    low, high = tape.values(np.array([[x[0]], [p[0]]]), np.array([[x[1]], [p[1]]]))
    if expected is None:
        assert not tape.defined(low, high)[0]
        return
    tried()
    ends = [float(e[tape.root, 0]) for e in (low, high)]
    assert _inside(expected, *(e if math.isinf(e) else arb(exactly(e)) for e in ends))


def _by_models(t, x, p, expected):
    middles = [0.5 * s[0] + 0.5 * s[1] for s in (x, p)]
    radii = [max(s[1] - m, m - s[0]) for s, m in zip((x, p), middles, strict=True)]
    zero = np.zeros(1)
    leaves = {
        n: Models.of(
            np.array([middles[k]]),
            np.stack([np.array([radii[k]]) if j == k else zero for j in range(2)]),
        )
        for k, n in enumerate(("x", "p"))
    }
    if expected is None:
        assert np.isinf(models(t, leaves).err[0])


@given(spans(bases), spans(powers), st.booleans())
def test_slopes_of_powers_contain_the_chords(x, p, along_x):
    """Also from the base 0, where a power is not differentiable."""
    t = parse_term("x**p")
    low, high = x[:2] if along_x else p[:2]
    if low == high:
        return
    at = {"x": exactly(x[2]), "p": exactly(p[2])}
    name = "x" if along_x else "p"
    one, two = (_value(t, {**at, name: exactly(e)}) for e in (low, high))
    if one is None or two is None:
        return
    with ctx.workprec(300):
        chord = (two - one) / (arb(exactly(high)) - arb(exactly(low)))
    tape = Tape(t, ["x", "p"])
    table = tape.values(np.array([[x[0]], [p[0]]]), np.array([[x[1]], [p[1]]]))
    if tape.defined(*table)[0]:
        tried()
        ends = [float(e[0 if along_x else 1, 0]) for e in tape.slopes(*table)]
        assert _inside(chord, *(e if math.isinf(e) else arb(exactly(e)) for e in ends))
    box = {n: between(exactly(s[0]), exactly(s[1])) for n, s in (("x", x), ("p", p))}
    try:
        _, gradient = slopes(t, box)
    except TROUBLE:
        return
    assert x[0] > 0
    tried()
    assert _inside(chord, gradient[name].lower, gradient[name].upper)


@given(spans(bases), powers)
def test_there_is_no_taylor_form_at_the_base_0(x, p):
    t = parse_term(f"x**(sqrt(2)*({p!r}))")
    low, high = (exactly(e) for e in x[:2])
    try:
        found = taylor_form(t, "x").range(low, high, 6)
    except TROUBLE:
        return
    assert low > 0
    expected = _value(t, {"x": exactly(x[2])})
    tried()
    assert _inside(expected, found.lower, found.upper)


@given(st.sampled_from(TERMS), bases, powers)
def test_obligations_are_enough(text, x, p):
    """Where they hold there is a value, and where there is none one of them fails."""
    t, point = parse_term(text), {"x": exactly(x), "p": exactly(p)}
    met = all(any(holds(r, point) for r in alternatives(need)) for need in obligations(t))
    if met:
        assert _value(t, point) is not None
        at_point(t, point, 300)
    if text == "x**p":
        assert met == (x > 0 or (x == 0 and p > 0))


@given(st.sampled_from(TERMS), bases, powers, st.sampled_from(["x", "p"]))
def test_a_derivative_that_is_defined_is_one(text, x, p, name):
    """Where the formula has a value, chords tend to it, from both sides if there are two."""
    t, point = parse_term(text), {"x": exactly(x), "p": exactly(p)}
    d = derivative(t, name)
    if not all(any(holds(r, point) for r in alternatives(need)) for need in obligations(t, d)):
        return
    with ctx.workprec(3000):
        slope, here = (arb(at_point(u, point, 3000)) for u in (d, t))
    size = 1 if name == "p" or not x else abs(exactly(x))
    for sign in (1, -1):
        chords = []
        for k in (60, 120):
            h = sign * size * fmpq(1, 2) ** k
            try:
                there = at_point(t, {**point, name: point[name] + h}, 3000)
            except DomainError:
                continue
            with ctx.workprec(3000):
                chords.append(abs((arb(there) - here) / arb(h) - slope) * size)
        if len(chords) == 2:
            tried()
            with ctx.workprec(300):
                assert chords[1] < chords[0] / 4 + arb(10) ** -12


@pytest.mark.parametrize(
    ("text", "p", "found"),
    [("0**p", "1/3", 0), ("(p - p)**p", 2, 0), ("(sin(0)*pi)**p", 1, 0), ("0**sqrt(2)", 1, 0)],
)
def test_0_to_a_positive_power_is_0(text, p, found):
    assert at_point(parse_term(text), {"p": fmpq(p) if p != "1/3" else fmpq(1, 3)}) == found


@pytest.mark.parametrize(
    ("text", "p", "why"),
    [("0**p", 0, "0 to the power 0"), ("0**p", -1, "division by zero"), ("0**(p-p)", 3, "power 0")],
)
def test_0_to_another_power_is_not_defined(text, p, why):
    with pytest.raises(DomainError, match=why):
        at_point(parse_term(text), {"p": fmpq(p)})


def test_written_exponents_stay_products():
    for text, found in (("x**0", 1), ("(-x)**2", 0), ("(x - 2)**3", -8)):
        assert at_point(parse_term(text), {"x": fmpq(0)}) == found
