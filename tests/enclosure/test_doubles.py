"""Doubles on either side of a ball or an interval."""

from flint import arb, ctx, fmpq
from float_arrays import INF, NORMAL

from boundcheck.enclosure.arrays.doubles import ball_above, ball_below, doubles
from boundcheck.enclosure.intervals.interval import Interval


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


def test_2026_11_22_doubles_lie_outside_whatever_the_working_precision_is():
    """An end of more than 53 bits was rounded to the nearest double, where the caller
    had not set the precision."""
    for bits in (20, 53, 96, 300):
        with ctx.workprec(300):
            balls = [arb(fmpq(k, 7)) for k in range(-40, 40)]
        with ctx.workprec(bits):
            ends = [(ball_below(b), ball_above(b)) for b in balls]
        for k, (low, high) in zip(range(-40, 40), ends, strict=True):
            assert fmpq(*low.as_integer_ratio()) <= fmpq(k, 7) <= fmpq(*high.as_integer_ratio())
