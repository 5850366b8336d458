"""Terms on arrays of boxes: tapes contain the values, and their slopes the chords."""

import math

import numpy as np
import pytest
from containments import tried
from flint import arb, ctx, fmpq
from float_arrays import exactly
from hypothesis import given
from hypothesis import strategies as st
from random_boxes import TROUBLE, boxes, inside, settled, trees, value

from boundcheck.enclosure.arrays import floats
from boundcheck.enclosure.arrays.tape import Tape
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.gradient import slopes
from boundcheck.enclosure.intervals.interval import Interval, between
from boundcheck.errors import DomainError
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.term import call, power, symbol

x, y = symbol("x"), symbol("y")
SLOPED = (
    "exp",
    "log",
    "sqrt",
    "cbrt",
    "sin",
    "cos",
    "tan",
    "atan",
    "asin",
    "acos",
    "sinh",
    "cosh",
    "tanh",
    "erf",
    "erfc",
    "Abs",
)


@given(trees, boxes())
def test_tapes_contain_the_values(t, box):
    try:
        tape = Tape(t, ["x", "y"])
    except TROUBLE:
        return
    low, high = tape.values(*settled(box))
    exact_value = value(t, box)
    if tape.defined(low, high)[0]:
        try:
            at_point(t, {"x": box[0][2], "y": box[1][2]}, 300)
        except DomainError:
            raise AssertionError(f"{t} is not defined at the point of {box}") from None
        except TROUBLE:
            pass
    if exact_value is not None:
        tried()
        a, b = float(low[tape.root, 0]), float(high[tape.root, 0])
        assert not math.isnan(a)
        assert not math.isnan(b)
        assert inside(
            exact_value,
            arb(a) if math.isfinite(a) else arb("-inf"),
            arb(b) if math.isfinite(b) else arb("inf"),
        )


@given(trees, boxes(), st.integers(0, 1))
def test_slopes_contain_the_chords(t, box, k):
    """f(p) - f(q) = S (p - q) along an axis, for an S inside; on tapes and
    on exact-ended intervals."""
    other = [tuple(b) for b in box]
    low, high, _ = box[k]
    other[k] = (low, high, exactly(low))
    box[k] = (low, high, exactly(high))
    one, two = value(t, box), value(t, other)
    if one is None or two is None or low == high:
        return
    with ctx.workprec(300):
        chord = (one - two) / (arb(exactly(high)) - arb(exactly(low)))
    try:
        tape = Tape(t, ["x", "y"])
        table = tape.values(*settled(box))
        if tape.defined(*table)[0]:
            found = [float(e[k, 0]) for e in tape.slopes(*table)]
            tried()
            assert inside(
                chord,
                *(arb(e) if math.isfinite(e) else arb("inf" if e > 0 else "-inf") for e in found),
            )
    except TROUBLE:
        pass
    try:
        _, gradient = slopes(
            t,
            {n: between(exactly(b[0]), exactly(b[1])) for n, b in zip("xy", box, strict=True)},
            64,
        )
    except TROUBLE:
        return
    tried()
    s = gradient["xy"[k]]
    assert isinstance(s.lower, float) or not chord < s.lower
    assert isinstance(s.upper, float) or not chord > s.upper


def test_half_infinite_boxes():
    for text, low in [
        ("exp(x)", 0.0),
        ("1/(1+x**2)", 0.0),
        ("atan(x)", -1.6),
        ("x**2 + 1", 1.0),
        ("sqrt(1+x**2)", 1.0),
    ]:
        tape = Tape(parse_term(text), ["x"])
        table = tape.values(np.array([[0.0]]), np.array([[np.inf]]))
        assert table[0][tape.root, 0] >= low - 1e-9
        assert not np.isnan(table).any()
        assert tape.defined(*table)[0]


@pytest.mark.parametrize("removed", ["below", "above"])
def test_outward_rounding_matters_on_tapes(monkeypatch, removed):
    """Without it, some exact value of x**3 is missed."""
    t = parse_term("x**3")
    missed = 0
    import boundcheck.enclosure.arrays.float_functions as ff

    for k in range(-60, 60):
        if k == -60:
            for module in (floats, ff):
                monkeypatch.setattr(module, removed, lambda s, *_: s)
        tape = Tape(t, ["x"])
        at = np.array([[k / 7]])
        low, high = (e[tape.root, 0] for e in tape.values(at, at))
        exact_value = at_point(t, {"x": exactly(k / 7)}, 200)
        missed += bool(exact_value < exactly(float(low)) or exact_value > exactly(float(high)))
    assert missed > 0


def test_linear_parts_cancel_exactly():
    tape = Tape(parse_term("(x + y)*2 - x - 2*y - x + exp(y)*0 + 1"), ["x", "y"])
    low, high = tape.values(np.array([[-5.0], [-1.0]]), np.array([[7.0], [2.0]]))
    assert low[tape.root, 0] <= 1 <= high[tape.root, 0]
    assert high[tape.root, 0] - low[tape.root, 0] < 1e-10


def test_powers_and_activations_are_monotone_at_ends():
    assert Interval(arb(0), arb(1)).power(2).upper == 1
    t = power(call("Abs", x), parse_term("3"))
    tape = Tape(t, ["x", "y"])
    low, _ = tape.values(np.array([[-1.0], [0.0]]), np.array([[1.0], [0.0]]))
    assert low[tape.root, 0] == 0


@pytest.mark.parametrize(
    "name",
    [
        *SLOPED,
        "gamma",
        "loggamma",
        "x**3",
        "x**-2",
        "1/x",
        "x**(1/3)",
        "2**x",
        "signrelu",
        "relu",
        "leakyrelu",
    ],
)
def test_slopes_of_each_operation(name):
    """Chords of short and long intervals; a wrong slope formula misses some."""
    t = parse_term(name if "x" in name.replace("exp", "") else f"{name}(x)")
    ends = [
        (fmpq(a, 16), fmpq(b, 16))
        for a, b in ((1, 2), (3, 15), (-15, -1), (-9, 12), (-2, -1), (16, 40), (5, 6), (-40, -20))
    ]
    seen = 0
    for low, high in ends:
        box = {"x": between(low, high)}
        cuts = [low + (high - low) * fmpq(k, 5) for k in range(6)]
        try:
            values = [arb(at_point(t, {"x": c}, 200)) for c in cuts]
        except TROUBLE:
            continue
        chords = [
            (v - u) / (d - c)
            for c, d, u, v in zip(cuts, cuts[1:], values, values[1:], strict=False)
        ]
        found = []
        try:
            s = slopes(t, box, 64)[1]["x"]
            found.append((s.lower, s.upper))
        except TROUBLE:
            pass
        tape = Tape(t, ["x"])
        table = tape.values(
            np.array([[float(low.p) / float(low.q)]]), np.array([[float(high.p) / float(high.q)]])
        )
        if tape.defined(*table)[0]:
            a, b = tape.slopes(*table)
            found.append((arb(float(a[0, 0])), arb(float(b[0, 0]))))
        for a, b in found:
            for chord in chords:
                seen += 1
                tried()
                assert isinstance(a, float) or not chord < a
                assert isinstance(b, float) or not chord > b
    assert seen >= 10


def test_2026_11_30_huge_powers_in_doubles():
    tape = Tape(parse_term("x**1000001"), ("x",))
    low, _ = tape.values(np.array([[-1.0]]), np.array([[1.0]]))
    assert low[tape.root][0] <= -1
