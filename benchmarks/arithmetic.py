"""Arithmetics that enclose, behind one interface, so that each function is written once.

A function takes an arithmetic and returns a callable of its numbers. Squares and the activation are
evaluated sensibly: x² is not negative, and SignReLU is monotone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flint import arb, ctx, fmpq
from mpmath import iv
from mpmath.libmp import to_float

Number = float | fmpq
ORDER = 12
"""The order of Taylor forms."""


@contextmanager
def settings() -> Iterator[None]:
    """53 bits for everybody, and series that are long enough."""
    before = ctx.prec, ctx.cap, iv.prec
    ctx.prec, ctx.cap, iv.prec = 53, ORDER + 1, 53
    try:
        yield
    finally:
        ctx.prec, ctx.cap, iv.prec = before


class Balls:
    """python-flint's `arb`: a midpoint and a radius."""

    def constant(self, q: Number) -> arb:
        return arb(q)

    def interval(self, low: float, high: float) -> arb:
        return arb(low).union(arb(high))

    def ends(self, x: arb) -> tuple[float, float]:
        """Floats that enclose x."""
        low, high = float(x.lower()), float(x.upper())
        return math.nextafter(low, -math.inf), math.nextafter(high, math.inf)

    def square(self, x: arb) -> arb:
        if not x.contains(0):
            return x * x
        return arb(0).union(x.abs_upper() ** 2)

    def exp(self, x: arb) -> arb:
        return x.exp()

    def sin(self, x: arb) -> arb:
        return x.sin()

    def signrelu(self, t: arb) -> arb:
        if t >= 0:
            return t
        if t <= 0:
            return 1 / (1 - t) - 1
        low = t.lower()
        return t.upper().union(low / (1 - low))


class Series(Balls):
    """python-flint's `arb_series`, for functions of one variable."""

    def square(self, x: Any) -> Any:
        return x * x


class Intervals:
    """mpmath's `iv`: unsound (the true exp(x) lies outside `iv.exp` for some x near 0),
    a speed comparison only."""

    def constant(self, q: Number) -> Any:
        if isinstance(q, float):
            return iv.mpf(q)
        return iv.mpf(int(q.p)) / int(q.q)

    def interval(self, low: float, high: float) -> Any:
        return iv.mpf([low, high])

    def ends(self, x: Any) -> tuple[float, float]:
        low, high = x._mpi_
        return to_float(low, rnd="f"), to_float(high, rnd="c")

    def square(self, x: Any) -> Any:
        return x**2

    def exp(self, x: Any) -> Any:
        return iv.exp(x)

    def sin(self, x: Any) -> Any:
        return iv.sin(x)

    def signrelu(self, t: Any) -> Any:
        low, high = self.ends(t)
        if low >= 0:
            return t
        if high <= 0:
            return 1 / (1 - t) - 1
        return iv.mpf([(t.a / (1 - t.a)).a, t.b])
