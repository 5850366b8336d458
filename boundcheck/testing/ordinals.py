"""The numbers of a floating-point format, counted: ordinal 0 is 0, ordinal k + 1 the
next number above ordinal k.

Counting makes neighbours, subnormal numbers and all numbers of an interval plain integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import ctx, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.decimals import enclosure
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.terms.box import Box, Range
from boundcheck.exact.terms.parser import Side
from boundcheck.torchnet.dtypes import Format, format_of

_BITS = 128


@dataclass(frozen=True)
class Ordinals:
    """The order-preserving bijection between the integers from -`last` to `last` and the
    finite numbers of a format."""

    format: Format

    @property
    def last(self) -> int:
        """The ordinal of the largest finite number."""
        return self.floor(self.format.largest)

    @property
    def normal(self) -> int:
        """The ordinal of the smallest normal number; those between 0 and it are subnormal."""
        return 1 << (self.format.precision - 1)

    def value(self, k: int) -> fmpq:
        """The number with the ordinal k."""
        size = abs(k)
        if size >= 2 * self.normal:
            above = size // self.normal - 1
            size = (size - above * self.normal) << above
        return (size if k >= 0 else -size) * self.format.smallest

    def floor(self, q: fmpq) -> int:
        """The ordinal of the largest number <= q, for |q| at most the largest finite number."""
        if q < 0:
            return -self.ceil(-q)
        units = int((q / self.format.smallest).floor())
        above = max(units.bit_length() - self.format.precision, 0)
        return (units >> above) + above * self.normal

    def ceil(self, q: fmpq) -> int:
        """The ordinal of the smallest number >= q, for |q| at most the largest finite number."""
        if q < 0:
            return -self.floor(-q)
        k = self.floor(q)
        return k if self.value(k) == q else k + 1

    def inside(self, r: Range) -> tuple[int, int]:
        """The first and the last ordinal in a range; they cross where there is none.

        Raises:
            BoundcheckError: an end that is not a constant, or too close to a
                number of the format to tell.
        """
        low = -self.last if r.lower.value is None else self._end(r, r.lower, lower=True)
        high = self.last if r.upper.value is None else self._end(r, r.upper, lower=False)
        return low, high

    def _end(self, r: Range, side: Side, *, lower: bool) -> int:
        """The outermost ordinal that belongs to the range at this side."""
        sign = 1 if lower else -1  # an upper end is a lower one, seen in a mirror
        ends = {sign * self._first(sign * e, open=side.open) for e in _value(r, side)}
        if len(ends) > 1:
            raise BoundcheckError(
                f"the end {side.value} of {r} is too close to a number of {self.format} to tell; "
                "give a rational number instead"
            )
        return ends.pop()

    def _first(self, q: fmpq, *, open: bool) -> int:
        """The ordinal of the smallest number >= q, or > q."""
        if abs(q) > self.format.largest:
            return self.last + 1 if q > 0 else -self.last
        k = self.ceil(q)
        return k + 1 if open and self.value(k) == q else k


def representable(on: Any, dtype: Any) -> Box:
    """The box with all numbers of a dtype that lie in a box: closed, its ends
    are numbers of the dtype.

    Args:
        on: a `Box` or a text; infinite ends become the largest finite numbers.
        dtype: a `torch.dtype`, or its name.

    Raises:
        BoundcheckError: a range with no number of the dtype, ends that are not
            constants, or an unknown dtype.

    >>> representable("x in [1/3, 1]", "float16")
    Box('x in [683/2048, 1]')
    """
    ordinals = Ordinals(format_of(dtype))
    found = {}
    for r in Box.of(on).ranges:
        low, high = ordinals.inside(r)
        if low > high:
            raise BoundcheckError(
                f"{r} contains no {ordinals.format} number; give a wider range or another dtype"
            )
        found[r.name] = (ordinals.value(low), ordinals.value(high))
    return Box(**found)


def refuse_other_ends(box: Box, ordinals: Ordinals) -> None:
    """Refuse closed ends that are no numbers of the format: they could not be tested.

    Raises:
        BoundcheckError: such an end, or a range without numbers of the format.
    """
    name = ordinals.format.name
    for r in box.ranges:
        low, high = ordinals.inside(r)
        if low > high:
            raise BoundcheckError(
                f"{r} contains no {name} number; give a wider range or another dtype"
            )
        for side, k in ((r.lower, low), (r.upper, high)):
            if side.value is None or side.open:
                continue
            if not (side.value.op == "rational" and side.value.payload == ordinals.value(k)):
                raise BoundcheckError(
                    f"the end {side.value} of {r} is not a {name} number, so it cannot "
                    f"be an input; use the next one inside, {ordinals.value(k)}, "
                    f"or on=representable(box, {name!r})"
                )


def _value(r: Range, side: Side) -> tuple[fmpq, fmpq]:
    """Rational numbers around the value of a finite end."""
    assert side.value is not None
    if side.value.free:
        raise BoundcheckError(
            f"the end {side.value} of {r} contains symbols; points need a box with constant ends"
        )
    try:
        with ctx.workprec(_BITS):
            known = enclosure(at_point(side.value, {}, _BITS))
    except (Unclear, Unsupported, DomainError) as error:
        raise BoundcheckError(f"the end {side.value} of {r} has no value: {error}") from None
    assert known.lower is not None  # balls that are not finite are unclear
    assert known.upper is not None
    return known.lower, known.upper
