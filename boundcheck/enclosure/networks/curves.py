"""Activations in doubles: lines below and above them on intervals.

A double is written x^ where it stands for the real x. u = 2^-53 is the unit roundoff. No operation
here is rounded outward: each result carries an *a-priori* error u C size, with C <= 64 counted in
the comments, which the caller adds once to the constant of its plane (see `relaxation`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from flint import fmpq

from boundcheck.enclosure.arrays.shaped import Float64
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.activation import (
    Activation,
    LeakyReLU,
    ReLU,
    SignReLU,
    choose_piece,
)
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import Term

Floats: TypeAlias = Float64[np.ndarray, "*shape"]
"""Of any shape, but all in one signature of the same."""

TINY = 2.0**-1000


def nearest(value: fmpq) -> float:
    """A double with |double - value| <= u (|value| + 2^-400), or an infinity beyond the doubles.

    Python divides integers with correct rounding; below the normal doubles the error is at most
    2^-1022, also where the processor flushes them to zero.
    """
    p, q = int(value.p), int(value.q)
    try:
        return p / q
    except OverflowError:
        return float("inf") if p > 0 else float("-inf")


@dataclass(frozen=True)
class Lines:
    """For t in [lo, hi]:  low + slope_low t <= ρ(t) <= high + slope_high t  and
    least <= ρ(t) <= most,
    each up to an error of 64 u size; and |ρ(t)|, |low|, |high|, |slope t| <= 3 size."""

    slope_low: Floats
    low: Floats
    slope_high: Floats
    high: Floats
    least: Floats
    most: Floats
    size: Floats


class Curve:
    """A convex or concave ρ with ρ(0) = 0 and slopes in [0, steepest]: tangents on one
    side, chords on the other.

    Attributes:
        steepest: λ >= 1, at least all slopes.
        bend: 1 where ρ is convex, -1 where it is concave, 0 where it is neither.
    """

    steepest: float = 1.0
    bend: int = 1

    def value(self, t: Floats, scratch: Floats) -> None:
        """Replaces t by ρ^(t) in place: |ρ^ - ρ| <= 6 u |ρ| + 2^-1021."""
        raise NotImplementedError

    def tangent(self, t: Floats, slope: Floats) -> None:
        """Replaces t by ρ^(t), and `slope` by a sub- or supergradient there, with
        a relative error <= 8 u."""
        raise NotImplementedError

    def lines(self, lo: Floats, hi: Floats, z: Floats, size: Floats) -> Lines:
        """Lines on [lo, hi], touching at z in between on the tangents' side;
        size >= |lo|, |hi|, and > 2^-400."""
        scratch, below = np.empty_like(lo), np.empty_like(lo)
        least, most, touch = lo.copy(), hi.copy(), z.copy()
        self.value(least, scratch)
        self.value(most, scratch)
        self.tangent(touch, below)
        # The chord through (lo, ρ^(lo)) with slope m^ = clip(D^/(W^ + TINY), 0,
        # λ), D = ρ(hi) - ρ(lo), W = hi - lo. D has an error of 14 u λ size, W one of 2 u W,
        # and 0 <= D <= λ W, so that m^ W is D up to 21 u λ size (the quotient changes it by
        # a factor 1 + 2 u, and clipping moves it towards D). ρ - line is convex (for a convex ρ),
        # thus largest at the ends, where it is at most the sum of these errors.
        chord = np.clip((most - least) / (hi - lo + TINY), 0.0, self.steepest)
        over = least - chord * lo
        # A tangent at z is on the right side of ρ; its slope's error 8 u λ moves it by 16 u λ size.
        touch -= below * z
        if self.bend >= 0:
            return Lines(below, touch, chord, over, least, most, self.steepest * size)
        return Lines(chord, over, below, touch, least, most, self.steepest * size)


class Bent(Curve):
    """λt for t < 0 and t for t >= 0: ReLU (λ = 0) and LeakyReLU; convex for
    λ <= 1, concave for λ >= 1."""

    def __init__(self, left: fmpq) -> None:
        self.left, self.steepest, self.bend = (
            nearest(left),
            max(1.0, nearest(left)) * (1 + 2.0**-50),
            1,
        )
        if left > 1:
            self.bend = -1

    def value(self, t: Floats, scratch: Floats) -> None:
        if self.left == 0:
            np.maximum(t, 0.0, out=t)
        else:
            np.multiply(t, self.left, out=scratch)
            (np.maximum if self.bend > 0 else np.minimum)(t, scratch, out=t)

    def tangent(self, t: Floats, slope: Floats) -> None:
        np.copyto(slope, np.where(t >= 0, 1.0, self.left))
        self.value(t, np.empty_like(t))


class Soft(Curve):
    """SignReLU, t for t >= 0 and αt/(1 - t) for t < 0; convex for α <= 1."""

    def __init__(self, alpha: fmpq) -> None:
        self.alpha, self.steepest, self.bend = (
            nearest(alpha),
            max(1.0, nearest(alpha)) * (1 + 2.0**-50),
            1,
        )
        if alpha > 1:
            self.bend = 0

    def value(self, t: Floats, scratch: Floats) -> None:
        if self.alpha == 1:  # t/max(1 - t, 1)
            np.subtract(1.0, t, out=scratch)
            np.maximum(scratch, 1.0, out=scratch)
            np.divide(t, scratch, out=t)
            return
        negative = np.minimum(t, 0.0, out=scratch)
        t -= negative
        t += self.alpha * negative / (1.0 - negative)  # one of the two summands is 0

    def tangent(self, t: Floats, slope: Floats) -> None:
        np.subtract(1.0, t, out=slope)
        np.maximum(slope, 1.0, out=slope)
        np.divide(1.0, slope, out=slope)
        factor: Floats | float = 1.0
        t *= slope
        slope *= slope
        if self.alpha != 1:
            factor = np.where(t < 0, self.alpha, 1.0)
            t *= factor
            slope *= factor

    def lines(self, lo: Floats, hi: Floats, z: Floats, size: Floats) -> Lines:
        found = super().lines(lo, hi, z, size)
        mixed = (lo < 0) & (hi >= 0)
        if self.bend or not mixed.any():
            return found
        # α > 1 and 0 inside: ρ is convex left of 0 and linear right of it, with a concave corner
        # at 0. Take the chord's slope m. ρ(t) - mt is largest at lo, 0 or hi. It is least at hi or
        # on [lo, 0], there where α/(1 - t)^2 = m; a rounded such t will do: the tangent there has
        # the slope m up to 32 u m.
        m = found.slope_high
        t = np.clip(1 - np.sqrt(self.alpha / np.maximum(m, TINY)), lo, 0.0)
        valley = t.copy()
        self.value(valley, np.empty_like(t))
        left, right = found.least - m * lo, found.most - m * hi
        high = np.maximum(np.maximum(left, right), 0.0)
        low = np.minimum(valley - m * t, right)
        return Lines(
            np.where(mixed, m, found.slope_low),
            np.where(mixed, low, found.low),
            m,
            np.where(mixed, high, found.high),
            found.least,
            found.most,
            4 * found.size,
        )


class Exact(Curve):
    """Any activation, element by element in exact rationals, from the range of its slopes."""

    bend = 0

    def __init__(self, activation: Activation) -> None:
        self.activation = activation
        self.pieces = activation.pieces(*map(rational, activation.parameters))

    def _at(self, t: fmpq) -> fmpq:
        return choose_piece(self.pieces, t).formula(t)

    def _line(self, lo: float, hi: float) -> tuple[float, float, float]:
        """A slope with the constants of the lines below and above.

        ρ stays between the rays of slopes p and q (the range of slopes) from both ends: max(ρ(lo) +
        p (t - lo), ρ(hi) - q (hi - t)) <= ρ(t) <= min(ρ(lo) + q (t - lo), ρ(hi) - p (hi - t)). The
        bounds are piecewise linear: a line bounds them where it does so at lo, hi and their kinks.
        """
        a, b = (fmpq(*Fraction(v).as_integer_ratio()) for v in (lo, hi))
        left, right = self._at(a), self._at(b)
        if a == b:
            return 0.0, nearest(left), nearest(left)
        p, q = self.activation.derivative_range(a, b)
        slope = nearest((right - left) / (b - a))
        m = fmpq(*Fraction(slope).as_integer_ratio())
        low = [left - m * a, right - m * b]
        high = list(low)
        if p < q:
            rise = right - left
            top = (rise - p * (b - a)) / (
                q - p
            )  # the kink above is at a + top, the one below at b - top
            high.append(left + q * top - m * (a + top))
            low.append(right - q * top - m * (b - top))
        return slope, nearest(min(low)), nearest(max(high))

    def lines(self, lo: Floats, hi: Floats, z: Floats, size: Floats) -> Lines:
        found = np.zeros((3, lo.size))
        for k, ends in enumerate(zip(lo.flat, hi.flat)):
            try:
                found[:, k] = self._line(*map(float, ends))
            except (
                BoundcheckError,
                ArithmeticError,
                ValueError,
                StopIteration,
            ):  # no slopes, a pole, infinite ends
                found[:, k] = 0.0, -np.inf, np.inf
        slope, low, high = found.reshape(3, *lo.shape)
        # All constants are exact up to one rounding u |low|, u |high|; the ranges follow
        # from the lines.
        rise, fall = slope * hi, slope * lo
        least, most = low + np.minimum(rise, fall), high + np.maximum(rise, fall)
        return Lines(
            slope,
            low,
            slope,
            high,
            least,
            most,
            np.abs(slope) * size + np.abs(low) + np.abs(high) + 2.0**-400,
        )


def curve(activation: Activation) -> Curve:
    """The activation in doubles.

    Raises:
        BoundcheckError: a symbolic parameter.
    """
    if any(isinstance(p, Term) for p in activation.parameters):
        raise BoundcheckError(f"{activation!r} has a symbolic parameter; give it a number first")
    # Subclasses may mean another function.
    if type(activation) is ReLU:
        return Bent(fmpq(0))
    if type(activation) is LeakyReLU:
        return Bent(activation.slope)
    if type(activation) is SignReLU:
        return Soft(activation.alpha)
    return Exact(activation)
