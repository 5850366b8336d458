"""Forms of enclosure contain the values: balls, mean values, Taylor forms, integrals, on random
expressions and boxes."""

import numpy as np
import pytest
from containments import tried
from flint import arb, ctx, fmpq
from float_arrays import exactly
from hypothesis import given
from hypothesis import strategies as st
from random_boxes import TROUBLE, boxes, settled, trees, value
from strategies import terms

from boundcheck.checking.leaves import mean_value
from boundcheck.enclosure.arrays.tape import Tape
from boundcheck.enclosure.intervals.at_point import at_point, taylor_form
from boundcheck.enclosure.intervals.balls import Balls, ball
from boundcheck.enclosure.intervals.integral import integral
from boundcheck.enclosure.intervals.interval import Unclear, between
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.parser import parse_term

SMOOTH = ("exp", "sin", "cos", "atan", "sinh", "cosh", "tanh", "erf", "log", "sqrt")
smooth = terms(("x",), functions=SMOOTH, max_leaves=7)


@given(trees, boxes())
def test_mean_values_contain_the_values(t, box):
    exact_value = value(t, box)
    try:
        found = mean_value(
            t,
            {n: between(exactly(b[0]), exactly(b[1])) for n, b in zip("xy", box, strict=True)},
            64,
        )
    except TROUBLE:
        return
    if exact_value is not None:
        tried()
        assert isinstance(found.lower, float) or not exact_value < found.lower
        assert isinstance(found.upper, float) or not exact_value > found.upper


@given(trees, boxes(st.floats(-4, 4, allow_subnormal=False)))
def test_loose_and_strict_intervals_contain_the_values(t, box):
    here = {n: between(exactly(b[0]), exactly(b[1])) for n, b in zip("xy", box, strict=True)}
    exact_value = value(t, box)
    if exact_value is None:
        return
    for loose in (False, True):
        for bits in (30, 90):
            try:
                found = on_box(t, here, bits, loose=loose)
            except TROUBLE:
                continue
            tried()
            assert isinstance(found.lower, float) or not exact_value < found.lower
            assert isinstance(found.upper, float) or not exact_value > found.upper


@given(trees, boxes(st.floats(-4, 4, allow_subnormal=False)))
def test_plain_balls_contain_the_values(t, box):
    try:
        program = Balls(t, ["x", "y"])
    except TROUBLE:
        return
    with ctx.workprec(53):
        found = program([ball(exactly(b[0]), exactly(b[1])) for b in box])
    if found.is_finite():
        try:
            exact_value = arb(at_point(t, {"x": box[0][2], "y": box[1][2]}, 300))
        except DomainError:
            raise AssertionError(
                f"{t} is not defined at the point of {box}, but has the ball {found}"
            ) from None
        except TROUBLE:
            return
        tried()
        assert found.overlaps(exact_value)


@given(smooth, boxes(st.floats(-3, 3, allow_subnormal=False)), st.sampled_from([2, 3, 8, 13]))
def test_taylor_forms_contain_the_values(t, box, order):
    low, high, at = box[0]
    try:
        form = taylor_form(t, "x")
        found = form.range(exactly(low), exactly(high), order)
    except TROUBLE:
        return
    try:
        exact_value = arb(at_point(t, {"x": at}, 300))
    except DomainError:
        raise AssertionError(
            f"{t} is not defined at {at}, but has a Taylor form on [{low}, {high}]"
        ) from None
    except TROUBLE:
        return
    tried()
    assert isinstance(found.lower, float) or not exact_value < found.lower
    assert isinstance(found.upper, float) or not exact_value > found.upper


@given(smooth, boxes(st.floats(-2, 2, allow_subnormal=False)))
def test_two_precisions_overlap(t, box):
    low, high, _ = box[0]
    try:
        one, two = (
            taylor_form(t, "x", bits).range(exactly(low), exactly(high), 6) for bits in (40, 120)
        )
    except TROUBLE:
        return
    tried()
    assert not one.upper < two.lower
    assert not two.upper < one.lower


@given(trees, boxes())
def test_equal_forms_do_not_contradict_each_other(t, box):
    """The normal form equals the term, so the two enclosures meet wherever both are there."""
    from boundcheck.exact.algebra.normal import normal

    try:
        other = normal(t)
        forms = [Tape(u, ["x", "y"]) for u in (t, other)]
    except TROUBLE:
        return
    found = []
    for tape in forms:
        table = tape.values(*settled(box))
        if not tape.defined(*table)[0]:
            return
        found.append((table[0][tape.root, 0], table[1][tape.root, 0]))
    tried()
    assert max(f[0] for f in found) <= min(f[1] for f in found)
    a, b = value(t, box), value(other, box)
    assert a is None or b is None or a.overlaps(b)


@given(
    smooth,
    st.floats(-1, 1, allow_subnormal=False),
    st.floats(-1, 1, allow_subnormal=False),
    st.floats(-1, 1, allow_subnormal=False),
)
def test_integrals_add_up(t, a, b, c):
    try:
        parts = [
            integral(taylor_form(t, "x", 80), arb(exactly(u)), arb(exactly(v)), 60)
            for u, v in ((a, b), (b, c), (a, c))
        ]
    except TROUBLE:
        return
    tried()
    assert (parts[0] + parts[1]).overlaps(parts[2])


@pytest.mark.parametrize(
    "text", ["0*log(x)", "0/x", "x - x + sqrt(x)", "Max(1, 1/x)", "0*gamma(x)"]
)
def test_what_is_not_used_must_still_be_defined(text):
    tape = Tape(parse_term(text), ["x"])
    assert not tape.defined(*tape.values(np.array([[-1.0]]), np.array([[1.0]])))[0]
    with pytest.raises((Unclear, Unsupported)):
        taylor_form(parse_term(text), "x").range(fmpq(-1), fmpq(1), 5)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("text", ["x**4", "x**3 - x", "exp(2*x)", "sin(3*x)", "1/(2+x)", "x**9"])
def test_the_remainder_counts(text, order):
    found = taylor_form(parse_term(text), "x").range(fmpq(-1), fmpq(1), order)
    for k in range(-8, 9):
        value = arb(at_point(parse_term(text), {"x": fmpq(k, 8)}, 200))
        tried()
        assert not value < found.lower
        assert not value > found.upper
