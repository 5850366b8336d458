"""The maximum of a function by Taylor and mean-value forms in balls, one box at
a time, at any precision.

Slow next to whole arrays of doubles, but a function may be 1e-30 times as large as the
parts that it is made of.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from typing import TypeAlias

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import at_point, taylor_form
from boundcheck.enclosure.intervals.gradient import slopes
from boundcheck.enclosure.intervals.interval import (
    Interval,
    Unclear,
    down,
    interval,
    least,
    middle,
    most,
    up,
)
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.term import Term
from boundcheck.exact.terms.work import spend

Box: TypeAlias = tuple[Interval, ...]
Bounder: TypeAlias = Callable[[Box], Interval]


def bounder(root: Term, names: tuple[str, ...], bits: int, *, smooth: bool = False) -> Bounder:
    """Intervals around the values of a term on boxes: by Taylor forms in one variable, by
    mean-value forms otherwise.

    Raises:
        Unsupported: the term is not smooth, where that is asked for.
    """
    if len(names) == 1:
        try:
            form = taylor_form(root, names[0], bits)
        except Unsupported:
            if smooth:
                raise
        else:
            order = 12 + bits // 16
            return lambda box: form.range(box[0].lower.fmpq(), box[0].upper.fmpq(), order)  # type: ignore[union-attr]

    def bound(box: Box) -> Interval:
        here = dict(zip(names, box, strict=True))
        try:
            values, gradient = slopes(root, here, bits)
        except Unsupported:  # it jumps
            return on_box(root, here, bits)
        with ctx.workprec(bits):
            centre = {n: interval(middle(x)) for n, x in here.items()}
            total = on_box(root, centre, bits)
            for n, x in here.items():
                total = total + gradient[n] * (x - centre[n])
        return Interval(most((total.lower, values.lower)), least((total.upper, values.upper)))

    return bound


class BestFirst:
    """The maximum of sign * root over a box and some signs.

    The boxes that are bounded may be a little larger than the range of a variable;
    values are taken inside it.

    Args:
        inside: rational ends of each variable, inside its range.
        owns: whether a point between these ends belongs to the box, of which an end may be open.

    Attributes:
        boxes: how many were bounded.
        least, point: a lower bound, and where it is attained.
        highest: an upper bound; both also where a search ends with an exception.
    """

    def __init__(
        self,
        root: Term,
        inside: Mapping[str, tuple[fmpq, fmpq]],
        bound: Bounder,
        signs: tuple[int, ...],
        bits: int,
        owns: Callable[[tuple[fmpq, ...]], bool] = lambda _: True,
    ) -> None:
        self.root, self.inside, self.bound, self.signs, self.bits = root, inside, bound, signs, bits
        self.names, self.owns = tuple(inside), owns
        # (whether a bound is known, minus the bound, a serial number, the box): boxes
        # without a bound come first
        self.heap: list[tuple[bool, fmpq, int, Box]] = []
        self.least: fmpq | None = None
        self.highest: fmpq | None = None
        self.point: tuple[fmpq, ...] | None = None
        self.blur = fmpq(0)  # the width of the ball that gave the lower bound
        self.boxes = 0

    def run(self, box: Box, tolerance: Callable[[fmpq], fmpq], limit: int) -> bool:
        """Whether highest - least <= tolerance(least); if not, these bits and so many
        boxes do not go farther.

        Raises:
            DomainError: the function has no value at a point of the box.
        """
        self._push(box)
        for end in (0, 1):
            self._sample(tuple(interval((x.lower, x.upper)[end]) for x in box))
        while self.heap and self.boxes < limit:
            spend(30)
            known, top = self.heap[0][0], -self.heap[0][1]
            if known and (self.highest is None or top < self.highest):
                self.highest = top
            if self.least is not None and self.highest is not None:
                gap = self.highest - self.least
                if gap <= tolerance(self.least):
                    return True
                if gap < 4 * self.blur:
                    return False  # only more precision would help
            b = heapq.heappop(self.heap)[-1]
            k = max(range(len(b)), key=lambda i: _width(b[i]))
            if _width(b[k]) * 2 ** (self.bits // 2) < 1:
                return False  # more precision would help, smaller boxes do not
            with ctx.workprec(2048):
                cut = arb(middle(b[k]))
            for half in (Interval(b[k].lower, cut), Interval(cut, b[k].upper)):
                self._push((*b[:k], half, *b[k + 1 :]))
        return False

    def _push(self, box: Box) -> None:
        self.boxes += 1
        self._sample(box)
        high: fmpq | None = None
        try:
            found = self.bound(box)
            ends = [(found if s > 0 else -found).upper for s in self.signs]
            if not any(isinstance(e, float) for e in ends):
                high = max(e.fmpq() for e in ends)  # type: ignore[union-attr]
        except (Unclear, DomainError, OverflowError):
            pass
        heapq.heappush(
            self.heap, (high is not None, fmpq(0) if high is None else -high, self.boxes, box)
        )

    def _sample(self, box: Box) -> None:
        here = tuple(
            min(max(middle(x), low), high)
            for x, (low, high) in zip(box, self.inside.values(), strict=True)
        )
        try:
            value = at_point(self.root, dict(zip(self.names, here, strict=True)), self.bits)
        except Unclear:
            return
        except DomainError:
            if self.owns(here):
                raise
            return
        with ctx.workprec(self.bits):
            balls = [arb(value) if s > 0 else -arb(value) for s in self.signs]
        for ball in balls:
            low, high = down(ball), up(ball)
            if not isinstance(low, float) and (self.least is None or low.fmpq() > self.least):
                self.least, self.point = low.fmpq(), here
                self.blur = fmpq(0) if isinstance(high, float) else high.fmpq() - self.least


def _width(x: Interval) -> fmpq:
    return x.upper.fmpq() - x.lower.fmpq()  # type: ignore[union-attr]
