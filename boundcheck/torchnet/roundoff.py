"""Round-off certificates: how far a network in torch can be from the exact network, on a whole box.

`Propagation` bounds the error on one cell; here the box is cut until the largest of these
bounds is close to the bound at a single point. Where that stops decides how tight the result
is, not whether it is true.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from flint import fmpq

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.threads import single_threaded
from boundcheck.enclosure.intervals.decimals import decimal_text
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.box import Box, Range, rational_ends
from boundcheck.exact.terms.rational import rational
from boundcheck.torchnet.dtypes import Format, format_of
from boundcheck.torchnet.propagation import Errors, Propagation
from boundcheck.torchnet.rounding import ASSUMPTIONS, Vacuous

CELLS = 1024
"""How many cells a box is cut into at most, by default."""
_LEAST_CELLS, _WORK = 32, 2**25
"""Wide networks get fewer cells, such that cells times `Propagation.cost` is about _WORK,
but no fewer than these."""
_BATCH = 256  # cells that are cut at a time
_POINTS = 16  # centres of cells that are looked at, each time
_CORNERS = 6  # variables up to which all corners of the box are looked at


@dataclass(frozen=True)
class Roundoff:
    """|torch(net)(x) - net(x)| <= bound for every x of the box that is a number of the dtype. [D]

    Attributes:
        bounds: one for each output, exact.
        dtype: the name of the dtype.
        box: the box.
        assumptions: of the arithmetic.
        at_points: for each output, what the same analysis gives at the worst point seen: with more
            cells, `bounds` would not be smaller than this.
        cells: into how many cells the box was cut.

    >>> from boundcheck import gates
    >>> known = roundoff_bound(gates.reciprocal("1/2"), "float32", on="x in [1/2, 2]")
    >>> known.bound == known.bounds[0] >= known.at_points[0], 0 < known.upper < 1e-5
    (True, True)
    >>> print(known.dtype, known.box)
    float32 x in [1/2, 2]
    """

    bounds: tuple[fmpq, ...]
    dtype: str
    box: Box
    assumptions: tuple[str, ...]
    at_points: tuple[fmpq, ...]
    cells: int

    @property
    def bound(self) -> fmpq:
        """The largest of the bounds."""
        return max(self.bounds)

    @property
    def upper(self) -> float:
        """The same as a float, which it is exactly."""
        return fl.nearest(self.bound)

    def __str__(self) -> str:
        return f"at most {decimal_text(self.bound, 4, up=True)} in {self.dtype} on {self.box}"


@dataclass(frozen=True)
class Void:
    """There is no finite bound: a sum may overflow, a weight does not fit, or a row
    is too long for the dtype.

    Attributes:
        dtype: the name of the dtype.
        box: the box.
        reason: why, in words.

    >>> from boundcheck import gates
    >>> known = roundoff_bound(gates.clip(0, 1, 2**40), "float16", on="x in [-1, 2]")
    >>> print(known.reason)
    weight 1,1 of layer 1 has the size 1.1e+12, beyond the largest float16, 65504
    >>> known.bound  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    boundcheck.errors.BoundcheckError: no round-off bound in float16 on x in [-1, 2]: ...
    >>> known.upper  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    boundcheck.errors.BoundcheckError: no round-off bound in float16 on x in [-1, 2]: ...
    """

    dtype: str
    box: Box
    reason: str

    @property
    def bound(self) -> fmpq:
        """There is none, and no `upper`.

        Raises:
            BoundcheckError: always.
        """
        raise BoundcheckError(
            f"no round-off bound in {self.dtype} on {self.box}: {self.reason}; use a wider dtype "
            "or a smaller box"
        )

    upper = bound

    def __str__(self) -> str:
        return f"no bound in {self.dtype} on {self.box}: {self.reason}"


@single_threaded()
def roundoff_bound(
    net: Network, dtype: Any, on: Any, *, rtol: Any = "1/4", cells: int | None = None
) -> Roundoff | Void:
    """A rigorous bound of |torch(net)(x) - net(x)|, torch(net) = to_torch(net, dtype), for
    all x of a box that are numbers of the dtype: rounding of weights, sums in any order, with or
    without fused multiply-add, underflow. [D]

    A possible overflow is a `Void` verdict. A denominator cannot vanish: SignReLU divides
    by fl(1 - t) >= 1, t <= 0.

    Args:
        net: rational weights; SignReLU, ReLU or LeakyReLU.
        dtype: float64, float32, bfloat16 or float16, or the name.
        on: a bounded box with rational ends, its variables in the order of the inputs.
            Ends need not be numbers of the dtype: only the numbers of the dtype in between count.
            Open ends count as closed.
        rtol: cells are cut until the bound is within this of what it is at a point, relatively.
        cells: at most so many; by default 1024, or fewer for wide networks.

    Raises:
        BoundcheckError: no network, another dtype or activation, symbolic weights, an infinite
            box or one with other ends than rational numbers, an end beyond the largest
            number of the dtype, a range without any number of the dtype, a wrong number
            of variables, rtol <= 0 or cells < 1.

    >>> from boundcheck import gates
    >>> print(roundoff_bound(gates.reciprocal("1/10"), "float32", on="x in [1/10, 1]"))
    at most 3.243e-6 in float32 on x in [1/10, 1]
    """
    if not isinstance(net, Network):
        raise BoundcheckError(
            f"{type(net).__name__} is not a Network; read a module with Network.from_torch(module)"
        )
    fmt, box, tolerance = format_of(dtype), Box.of(on), rational(rtol)
    if tolerance <= 0:
        raise BoundcheckError(f"rtol = {rtol}; it must be positive")
    if cells is not None and (not isinstance(cells, int) or cells < 1):
        raise BoundcheckError(f"cells = {cells}; at least one is needed, as an integer")
    if len(box.ranges) != net.inputs:
        raise BoundcheckError(
            f"the box has {len(box.ranges)} variables; the network takes {net.inputs} inputs"
        )
    if net.free:
        raise BoundcheckError(
            f"the weights contain {', '.join(sorted(net.free))}; give them numbers: "
            ".instantiate(...)"
        )
    ends = np.array([representable_ends(r, fmt) for r in box.ranges])
    try:
        propagation = Propagation(net, fmt)
        search = _Search(propagation, ends[:, :1], ends[:, 1:], fmt, box)
        usual = max(_LEAST_CELLS, min(CELLS, _WORK // propagation.cost))
        search.refine(1 + fl.nearest(tolerance), usual if cells is None else cells)
        bounds = search.bounds()
    except Vacuous as reason:
        return Void(fmt.name, box, str(reason))
    return Roundoff(
        _exact(bounds),
        fmt.name,
        box,
        ASSUMPTIONS,
        _exact(search.at_points),
        search.errors.bound.shape[1],
    )


class _Search:
    """The cells of a box with their bounds, and the largest bound at a point so far."""

    def __init__(
        self, propagation: Propagation, lower: np.ndarray, upper: np.ndarray, fmt: Format, box: Box
    ) -> None:
        self.propagation, self.format, self.box = propagation, fmt, box
        self.lower, self.upper = lower, upper
        self.width = np.where(lower < upper, 0.5 * upper - 0.5 * lower, 1.0)
        corners = (
            list(product(*np.concatenate([lower, upper], axis=1).tolist()))
            if len(lower) <= _CORNERS
            else []
        )
        self.at_points = np.zeros(1)
        self.look(np.array([*corners, *(0.5 * lower + 0.5 * upper).T.tolist()]).T)
        self.errors = propagation(lower, upper)

    def look(self, points: np.ndarray) -> None:
        """The bounds at points (d, B).

        Raises:
            Vacuous: at one of them a sum may overflow.
        """
        found = self.propagation(points, points)
        self._refuse(found, points, "at")
        self.at_points = np.maximum(found.bound.max(axis=1), self.at_points)

    def refine(self, factor: float, cells: int) -> None:
        """Cut the cells whose bound is more than `factor` times the largest at a point."""
        while (count := self.errors.bound.shape[1]) < cells:
            with np.errstate(all="ignore"):
                excess = (self.errors.bound / (factor * self.at_points[:, None])).max(axis=0)
            excess = np.where(np.isnan(excess), 0.0, excess)  # 0/0
            middle = 0.5 * self.lower + 0.5 * self.upper
            inside = (self.lower < middle) & (middle < self.upper)
            worst = np.argsort(-excess, kind="stable")[: min(_BATCH, cells - count)]
            worst = worst[(excess[worst] > 1) & inside[:, worst].any(axis=0)]
            if not len(worst):
                return
            self.look(middle[:, worst[:_POINTS]])
            self._cut(worst, middle, inside)

    def _cut(self, chosen: np.ndarray, middle: np.ndarray, inside: np.ndarray) -> None:
        blame = (
            self.errors.blame[:, chosen]
            + 2.0**-10 * (0.5 * self.upper - 0.5 * self.lower)[:, chosen] / self.width
        )
        axis = np.where(inside[:, chosen], blame, -1.0).argmax(axis=0)
        low, high = self.lower[:, chosen].copy(), self.upper[:, chosen].copy()
        columns = np.arange(len(chosen))
        cut = middle[axis, chosen]
        left_upper, right_lower = high.copy(), low.copy()
        left_upper[axis, columns], right_lower[axis, columns] = cut, cut
        new_low, new_high = (
            np.concatenate([low, right_lower], axis=1),
            np.concatenate([left_upper, high], axis=1),
        )
        found = self.propagation(new_low, new_high)
        kept = np.ones(self.lower.shape[1], bool)
        kept[chosen] = False
        self.lower = np.concatenate([self.lower[:, kept], new_low], axis=1)
        self.upper = np.concatenate([self.upper[:, kept], new_high], axis=1)
        old = self.errors
        self.errors = Errors(
            np.concatenate([old.bound[:, kept], found.bound], axis=1),
            np.concatenate([old.overflow[kept], found.overflow]),
            np.concatenate([old.blame[:, kept], found.blame], axis=1),
        )

    def bounds(self) -> np.ndarray:
        """The largest bound of each output.

        Raises:
            Vacuous: there is none on some cell.
        """
        self._refuse(self.errors, self.lower, "on a cell from")
        return self.errors.bound.max(axis=1)

    def _refuse(self, found: Errors, points: np.ndarray, where: str) -> None:
        bad = ~np.isfinite(found.bound).all(axis=0)
        if not bad.any():
            return
        k = int(bad.argmax())
        place = f"{where} " + ", ".join(
            f"{n} = {v:.6g}" for n, v in zip(self.box.names, points[:, k].tolist())
        )
        largest = float(self.format.nearest(self.format.largest))
        if layer := int(found.overflow[k]):
            raise Vacuous(
                f"a partial sum of layer {layer} may exceed {largest:.6g}, the largest "
                f"{self.format}, {place}"
            )
        raise Vacuous(f"no finite bound was found {place}")


def representable_ends(r: Range, fmt: Format) -> tuple[float, float]:
    """The first and the last number of the format in a range, as floats, which they are exactly.

    Raises:
        BoundcheckError: ends that are infinite, no rational numbers or beyond the largest number
            of the format, or no number of the format between them.

    >>> representable_ends(Box.parse("x in [1/3, 1]").ranges[0], format_of("float16"))
    (0.33349609375, 1.0)
    """
    ends = rational_ends(r)
    if ends is None:
        raise BoundcheckError(
            f"the ends of {r} must be rational numbers; write them out, such as 1/3"
        )
    low, high = ends
    if low is None or high is None:
        raise BoundcheckError(f"{r} is unbounded; a round-off bound needs a bounded box")
    for end in (low, high):
        if abs(end) > fmt.largest:
            raise BoundcheckError(
                f"the end {decimal_text(end, 6, up=False)} of {r} is beyond "
                f"{decimal_text(fmt.largest, 6, up=False)}, the largest {fmt}; choose a smaller "
                "box or a wider dtype"
            )
    first, last = -_floor(-low, fmt), _floor(high, fmt)
    if first > last:
        raise BoundcheckError(
            f"{r} contains no {fmt} number; choose a wider range or another dtype"
        )
    return fmt.nearest(first), fmt.nearest(last)


def _floor(q: fmpq, fmt: Format) -> fmpq:
    """The largest number of the format that is at most q, |q| <= the largest one."""
    size = int(abs(q.p)).bit_length() - int(q.q).bit_length()  # 2^(size-1) < |q| < 2^(size+1)
    if abs(q) < fmpq(2) ** size:
        size -= 1
    unit = fmpq(2) ** (
        max(size, fmt.emin) + 1 - fmt.precision
    )  # around q, the numbers are the multiples of this
    return (q / unit).floor() * unit


def _exact(values: np.ndarray) -> tuple[fmpq, ...]:
    return tuple(rational(float(v)) for v in values)
