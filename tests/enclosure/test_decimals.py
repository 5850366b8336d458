"""Decimal texts of balls and rationals are rounded outward, whatever their size."""

import random

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.enclosure.intervals import decimals
from boundcheck.enclosure.intervals.decimals import ball_text, decimal_text
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import decimal, rational


@given(
    st.integers(-(10**30), 10**30),
    st.one_of(st.integers(-400, 400), st.integers(-(10**30), 10**30)),
    st.integers(0, 2**20),
    st.integers(1, 30),
)
def test_ends_of_balls_are_rounded_outward_whatever_their_size(mantissa, exponent, radius, digits):
    with ctx.workprec(200):
        x = arb((mantissa, exponent)) + arb(0, 1) * radius * arb((1, exponent))
    for up in (True, False):
        number, _, power = ball_text(x, digits, up=up).partition("e")
        with ctx.workprec(4000):
            shown = arb(decimal(number)) * arb(10) ** int(power or 0)
            beyond = shown - (x.mid() + x.rad()) if up else x.mid() - x.rad() - shown
            assert not beyond < 0


@given(st.integers(-3, 3), st.integers(-320, 320), st.integers(1, 20), st.booleans())
def test_numbers_next_to_powers_of_ten_are_rounded_outward(step, power, digits, up):
    q = fmpq(10) ** power * (1 + fmpq(step, 10**25))
    for signed in (q, -q):
        shown = decimal(decimal_text(signed, digits, up=up))
        assert shown >= signed if up else shown <= signed


def test_digits_are_ascii():
    for text in ("١", "1e²", "1.٣", "1/١"):
        with pytest.raises(BoundcheckError, match="is not a decimal number"):
            rational(text)


def _rational(text):
    mantissa, _, exponent = text.partition("e")
    whole, _, part = mantissa.partition(".")
    return fmpq(int(whole + part)) * fmpq(10) ** (int(exponent or 0) - len(part))


def test_texts_of_balls_are_outward(monkeypatch):
    draw = random.Random(1)
    with ctx.workprec(200):
        for _ in range(300):
            sign, exponent = draw.choice([-1, 1]), draw.randint(-900, 900)
            ball = (
                arb(sign * fmpq(draw.randint(1, 10**30), draw.randint(1, 10**30)))
                * arb(10) ** exponent
            )
            ball += arb(0, 1) * abs(ball) * arb(draw.choice([0, 1e-3, 1e-20, 2]))
            digits = draw.randint(1, 30)
            low, high = (e.fmpq() for e in (ball.lower(), ball.upper()))
            for limit in (100_000, -1):
                monkeypatch.setattr(decimals, "_EXACT_BITS", limit)
                texts = [ball_text(ball, digits, up=up) for up in (False, True)]
                under, over = (_rational(t) for t in texts)
                assert under <= low
                assert high <= over
                for value, text in ((low, under), (high, over)):
                    assert abs(value - text) <= abs(value) * fmpq(10) ** (2 - digits)
            monkeypatch.undo()
            assert ball_text(ball, digits, up=True) == decimal_text(high, digits, up=True)
    huge = (arb(10) ** 10).exp()
    assert ball_text(huge, 4, up=True) == "1.078e+4342944819"
    assert ball_text(1 / huge, 4, up=False) == "9.278e-4342944820"
    assert [ball_text(arb("inf"), 4, up=up) for up in (False, True)] == ["-oo", "oo"]
