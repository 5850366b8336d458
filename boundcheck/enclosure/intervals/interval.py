"""Intervals with outward-rounded ends; the ends are exact dyadic numbers or infinite.

python-flint's balls are sound, but poor on wide sets (the square of `0 +/- 1` is NaN). Here every
function is evaluated at end points of monotone pieces, in balls, and rounded outward.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from flint import arb, fmpq, fmpz

End: TypeAlias = arb | float
"""An exact finite `arb` of moderate size, or Python's `-inf` or `inf`."""

SCALE = 16_384


class Unclear(ArithmeticError):
    """The enclosure is too wide to tell whether the value is defined; a smaller set may do."""


@dataclass(frozen=True)
class Interval:
    """The closed set [lower, upper] of real numbers."""

    lower: End
    upper: End

    def __add__(self, other: IntervalLike) -> Interval:
        o = interval(other)
        return Interval(down(_plus(self.lower, o.lower)), up(_plus(self.upper, o.upper)))

    def __neg__(self) -> Interval:
        return Interval(_minus(self.upper), _minus(self.lower))

    def __sub__(self, other: IntervalLike) -> Interval:
        return self + (-interval(other))

    def __mul__(self, other: IntervalLike) -> Interval:
        o = interval(other)
        corners = [_times(a, b) for a in (self.lower, self.upper) for b in (o.lower, o.upper)]
        return Interval(_least(down(c) for c in corners), _most(up(c) for c in corners))

    def __truediv__(self, other: IntervalLike) -> Interval:
        return self * interval(other).reciprocal()

    def __rsub__(self, other: IntervalLike) -> Interval:
        return interval(other) - self

    def __rtruediv__(self, other: IntervalLike) -> Interval:
        return interval(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def reciprocal(self) -> Interval:
        """1/x. Raises Unclear where 0 is inside."""
        if not (self.lower > 0 or self.upper < 0):
            raise Unclear("division by an interval around 0")
        ends = [0.0 if isinstance(e, float) else 1 / e for e in (self.upper, self.lower)]
        return Interval(down(_exact(ends[0])), up(_exact(ends[1])))

    def reciprocal_where_defined(self) -> Interval:
        """1/x for the x in the interval that are not 0."""
        if self.lower > 0 or self.upper < 0:
            return self.reciprocal()
        if self.lower == 0 and self.upper > 0:
            return Interval(
                Interval(self.upper, self.upper).reciprocal().lower
                if self.upper != math.inf
                else arb(0),
                math.inf,
            )
        if self.upper == 0 and self.lower < 0:
            return -(-self).reciprocal_where_defined()
        return Interval(-math.inf, math.inf)

    def square(self) -> Interval:
        return _even(self) * _even(self)

    def power(self, n: int) -> Interval:
        """x**n for an integer n. Raises Unclear where n < 0 and 0 is inside."""
        if n < 0:
            return self.power(-n).reciprocal()
        if n == 0:
            return Interval(arb(1), arb(1))
        base = _even(self) if n % 2 == 0 else self
        return Interval(down(_raise(base.lower, n)), up(_raise(base.upper, n)))

    def hull(self, other: Interval) -> Interval:
        return Interval(_least((self.lower, other.lower)), _most((self.upper, other.upper)))

    def is_point(self) -> bool:
        return bool(self.lower == self.upper)


IntervalLike: TypeAlias = Interval | arb | fmpq | int | float
"""What computes with an `Interval`, and what `interval` takes: one, a ball or a number."""


def interval(value: IntervalLike) -> Interval:
    """The tightest interval around a number or a ball."""
    if isinstance(value, Interval):
        return value
    ball = value if isinstance(value, arb) else arb(value)
    return Interval(down(ball), up(ball))


def between(lower: fmpq | None, upper: fmpq | None) -> Interval:
    """[lower, upper], where None is infinite."""
    return Interval(
        -math.inf if lower is None else down(arb(lower)),
        math.inf if upper is None else up(arb(upper)),
    )


def down(value: End) -> End:
    """The lower end of a ball; -inf where there is none."""
    if isinstance(value, float):
        return value
    end = value.lower()
    return _moderate(end, up=False) if end.is_finite() else -math.inf


def up(value: End) -> End:
    """The upper end of a ball; inf where there is none."""
    if isinstance(value, float):
        return value
    end = value.upper()
    return _moderate(end, up=True) if end.is_finite() else math.inf


def _moderate(end: arb, *, up: bool) -> End:
    """The end, or beyond 2**-SCALE .. 2**SCALE the next limit outward: an exact end must
    fit in memory."""
    mantissa, exponent = end.man_exp()
    if mantissa == 0:
        return end
    size = exponent + abs(mantissa).bit_length()
    if -SCALE <= size <= SCALE:
        return end
    away = (mantissa > 0) == up  # rounding outward means away from zero
    if size > SCALE:
        return (math.inf if up else -math.inf) if away else _power_of_two(SCALE, mantissa)
    return _power_of_two(-SCALE, mantissa) if away else arb(0)


def _power_of_two(exponent: int, sign: fmpz) -> arb:
    return arb((1 if sign > 0 else -1, exponent))


def halfway(low: float, high: float) -> float:
    """A double inside a range of doubles: the rounded midpoint, or further out
    where the range is unbounded."""
    if math.isinf(low):
        return 0.0 if math.isinf(high) else min(2 * high - 1, -1.0)
    return max(2 * low + 1, 1.0) if math.isinf(high) else 0.5 * low + 0.5 * high


def middle(x: Interval) -> fmpq:
    """An exact number well inside: the midpoint, or a few doublings away from a finite end."""
    if isinstance(x.lower, float):
        return fmpq(0) if isinstance(x.upper, float) else min(2 * x.upper.fmpq() - 1, fmpq(-1))
    if isinstance(x.upper, float):
        return max(2 * x.lower.fmpq() + 1, fmpq(1))
    return (x.lower.fmpq() + x.upper.fmpq()) / 2


def integers(x: Interval) -> tuple[int, int]:
    """The least integer >= lower and the greatest <= upper, for finite ends."""
    assert isinstance(x.lower, arb)
    assert isinstance(x.upper, arb)
    return int(_integer(x.lower.fmpq(), math.ceil)), int(_integer(x.upper.fmpq(), math.floor))


def _integer(q: fmpq, rounding: Callable[[float], int]) -> fmpz:
    return q.ceil() if rounding is math.ceil else q.floor()


def _minus(a: End) -> End:
    return -a if isinstance(a, float) else a.neg(exact=True)


def _exact(value: End) -> End:
    return arb(0) if isinstance(value, float) and value == 0 else value


def _plus(a: End, b: End) -> End:
    if isinstance(a, float) or isinstance(
        b, float
    ):  # ends on one side are never opposite infinities
        return a if isinstance(a, float) else b
    return a + b


def _times(a: End, b: End) -> End:
    if not (isinstance(a, float) or isinstance(b, float)):
        return a * b
    if a == 0 or b == 0:  # the end is approached, and 0 times anything finite is 0
        return arb(0)
    return math.inf if (a > 0) == (b > 0) else -math.inf


def _raise(a: End, n: int) -> End:
    if isinstance(a, float):
        return a if n % 2 or a > 0 else math.inf
    return a**n


def _even(x: Interval) -> Interval:
    """|x|."""
    if x.lower >= 0:
        return x
    if x.upper <= 0:
        return -x
    return Interval(arb(0), _most((_minus(x.lower), x.upper)))


absolute = _even


def _least(ends: Iterable[End]) -> End:
    best, *rest = ends
    for e in rest:
        best = min(best, e)
    return best


def _most(ends: Iterable[End]) -> End:
    best, *rest = ends
    for e in rest:
        best = max(best, e)
    return best


least, most = _least, _most
