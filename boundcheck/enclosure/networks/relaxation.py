"""Planes below and above a network on boxes, in doubles, rigorously.

For real x in a box and the exact network N (u = 2^-53 is the unit roundoff):

    at_center_lower + slope_lower · (x - center)  <=  N(x)
                                                  <=  at_center_upper + slope_upper · (x - center)

The slopes are the doubles that come out, so that only the constants need care. They are computed in
plain double arithmetic, and *one* term is added at the end, from an a-priori analysis:

*   Magnitudes |a|* = |a| + 2^-400 stand for the weights. A weight's double has an error <= u |a|*,
    also where it underflows (`nearest`). A product that underflows (to 0, where the processor
    flushes) errs by 2^-1022, less than u |a|* |b|* and u |bias|*, or less than the part u 2^-400
    size of the slack: underflow needs no further care.
*   A sum of n products, in any order, fused or not, errs by at most γ_n Σ|a||b|, with
    γ_n = nu/(1 - nu) <= 1.01 nu.
*   A neuron t = w · h + b has the size T = |w|* · |h| + |b|*, with |h| above the values that feed
    it. The bounds of t err by less than (2n + 8) u T, where n is the largest width or number of
    inputs, and the lines by 64 u λT (`curves`), with slopes <= 1.01 λ. The constants are <= 3 λT,
    so that the sums over the neurons err by (6n + 24 depth + 100) u |Λ| λT for each neuron with
    the coefficient Λ, the weights' own errors included.

All that is below `unit` |Λ| λT with unit = (8n + 32 depth + 512) u, which has room for the rounding
of this sum, of n numbers >= 0, itself. Bounds of hidden neurons in deep networks are made rigorous
one by one instead: they take no share in the 8n, and in a shallow network the chords' ends err
by (n + 3) u T and the sums by (2n + 11) u λT.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from boundcheck.enclosure.arrays.floats import Array
from boundcheck.enclosure.arrays.shaped import Float64
from boundcheck.enclosure.networks.curves import Curve, Exact, Lines, curve
from boundcheck.enclosure.networks.one_layer import (
    CHUNK,
    FLOOR,
    LARGE,
    Layer,
    Points,
    Shallow,
    Values,
    chunks,
)
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.work import spend

Boxes: TypeAlias = Float64[np.ndarray, "boxes inputs"]
"""Beyond the first layer the boxes come first."""
Rows: TypeAlias = Float64[np.ndarray, "boxes rows"]


def widen(value: Array, slack: Array | float = 0.0) -> Array:
    """A double above value + slack (1 - 2^-48).

    The sum in the bracket errs by 3u of itself, and by 2^-1022 where its second summand
    underflows; adding it errs by u |value| and u of the bracket: less than 2^-50 |value|
    and 2^-1000 have in store.
    """
    return value + (slack + np.abs(value) * 2.0**-50 + 2.0**-1000)


@dataclass(frozen=True)
class Planes:
    """Planes below and above a function on boxes; where there is none, ∓inf with slope 0. The
    center is a point of the box."""

    slope_lower: Points
    at_center_lower: Values
    slope_upper: Points
    at_center_upper: Values
    center: Points


@dataclass(frozen=True)
class Above:
    """The planes above alone; the box lies in center ± radius."""

    slope: Points
    at_center: Values
    center: Points
    radius: Points

    def highest(self) -> Values:
        """Upper bounds of the planes over the boxes."""
        with np.errstate(all="ignore"):
            reach = (np.abs(self.slope) * self.radius).sum(axis=0)
            error = (len(self.slope) + 8) * 2.0**-53 * (np.abs(self.at_center) + reach)
            bound = widen(self.at_center + reach, error)
        return np.where(np.isnan(bound), np.inf, bound)

    def corner(self) -> Points:
        """Where the planes are highest, up to rounding."""
        return self.center + np.sign(self.slope) * self.radius


def middle(lower: Array, upper: Array) -> tuple[Array, Array]:
    """Points of the boxes, and radii such that the boxes lie in center ± radius."""
    center = np.minimum(np.maximum(0.5 * lower + 0.5 * upper, lower), upper)
    return center, widen(np.maximum(upper - center, center - lower))


def concretise(planes: Planes, lower: Points, upper: Points) -> tuple[Values, Values]:
    """Bounds of the planes over the boxes."""
    radius = widen(np.maximum(upper - planes.center, planes.center - lower))
    below = Above(-planes.slope_lower, -planes.at_center_lower, planes.center, radius)
    return -below.highest(), Above(
        planes.slope_upper, planes.at_center_upper, planes.center, radius
    ).highest()


class Relaxed:
    """A network, compiled.

    Raises:
        BoundcheckError: symbolic weights or parameters.
    """

    def __init__(self, net: Network) -> None:
        self.layers = [Layer.of(layer) for layer in net.layers]
        self.inputs, self.outputs, self.depth = net.inputs, net.outputs, net.depth
        self.curve = curve(net.activation) if self.depth else Curve()
        self.unit = (8 * max(self.inputs, *net.widths, 1) + 32 * self.depth + 512) * 2.0**-53
        self.work = self._work_of_a_box(net.widths)
        self._shallow: dict[tuple[int, int], Shallow] = {}

    def _work_of_a_box(self, widths: tuple[int, ...]) -> float:
        """Every layer is bounded by substitution through those before it,
        two rows for each neuron."""
        if self.depth <= 1:
            return 0.003 * sum(widths) * (self.inputs + 6)
        sizes = (self.inputs, *widths)
        rows = [2 * w for w in widths] + [1]
        products = sum(
            rows[n] * sizes[k] * sizes[k + 1] for n in range(len(rows)) for k in range(n)
        )
        return 0.001 * products + 0.05 * sum(rows)

    def planes(self, lower: Points, upper: Points, output: int = 0) -> Planes:
        """Planes below and above one output on the boxes lower <= x <= upper."""
        up, down = self.above(lower, upper, output), self.above(lower, upper, output, -1)
        return Planes(-down.slope, -down.at_center, up.slope, up.at_center, up.center)

    def bounds(self, lower: Points, upper: Points, output: int = 0) -> tuple[Values, Values]:
        """Bounds of one output over the boxes."""
        return -self.above(lower, upper, output, -1).highest(), self.above(
            lower, upper, output
        ).highest()

    def above(self, lower: Points, upper: Points, output: int = 0, sign: int = 1) -> Above:
        """Planes above sign · (one output); sign is 1 or -1.

        Raises:
            BoundcheckError: boxes that are empty or not finite, or of another dimension.
        """
        if lower.shape != upper.shape or lower.shape[0] != self.inputs:
            raise BoundcheckError(
                f"boxes of the shapes {lower.shape}, {upper.shape} for {self.inputs} inputs"
            )
        if not (np.isfinite(lower).all() and np.isfinite(upper).all() and (lower <= upper).all()):
            raise BoundcheckError("a box is empty or not finite")
        spend(100 + 100 * self.depth**2 + self.work * lower.shape[1])
        center, radius = middle(lower, upper)
        with np.errstate(all="ignore"):
            if self.depth == 1 and self.curve.bend:
                slope, value, slack = self.shallow(output, sign)(center, radius)
            else:
                slope, value, slack = self._deep(center, radius, output, sign)
            value = widen(value, slack)
            fine = np.isfinite(value) & np.isfinite(slope).all(axis=0)
        return Above(np.where(fine, slope, 0.0), np.where(fine, value, np.inf), center, radius)

    def at_least(self, points: Points, output: int = 0, sign: int = 1) -> Values:
        """Lower bounds of sign · (one output) at the points."""
        if self.depth != 1 or isinstance(self.curve, Exact):
            return -self.above(points, points, output, -sign).at_center
        with np.errstate(all="ignore"):
            value, slack = self.shallow(output, sign).at(points)
            value = -widen(-value, slack)
        return np.where(np.isfinite(value), value, -np.inf)

    def bending(self, center: Points, radius: Points, output: int = 0, sign: int = 1) -> Points:
        """Scores of the inputs: where to split a box, no more than a guess."""
        with np.errstate(all="ignore"):
            if self.depth == 1 and not isinstance(self.curve, Exact):
                return self.shallow(output, sign).bending(center, radius)
            reach = np.abs(self.layers[-1].weight[output])
            for layer in self.layers[-2::-1]:
                reach = reach @ np.abs(layer.weight)
            return reach[:, None] * radius

    def shallow(self, output: int, sign: int) -> Shallow:
        key = output, sign
        if key not in self._shallow:
            self._shallow[key] = Shallow(
                self.layers[0], self.layers[1], self.curve, unit=self.unit, output=output, sign=sign
            )
        return self._shallow[key]

    # -- any depth ---------------------------------------------------------------------------------

    def _deep(
        self, center: Points, radius: Points, output: int, sign: int
    ) -> tuple[Points, Values, Values]:
        """Slope, value and slack of planes above; NaN where a size is out of range."""
        widest = max(a.weight.size for a in self.layers)
        parts = []
        for k in chunks(center.shape[1], 2 * widest, CHUNK * 2):
            box = center[:, k].T, radius[:, k].T
            lines: list[Lines] = []
            for n in range(self.depth):
                lines.append(self._lines(*box, lines, n))
            last = self.layers[-1]
            rows, start = (
                sign * last.weight[output : output + 1],
                sign * last.bias[output : output + 1],
            )
            slope, value, slack = self._backward(*box, lines, rows, start)
            lost = ~np.all([(a.size < LARGE).all(axis=1) for a in lines], axis=0)
            parts.append((slope[:, 0].T, np.where(lost, np.nan, value[:, 0]), slack[:, 0]))
        slopes, values, slacks = zip(*parts)
        return np.concatenate(slopes, axis=1), np.concatenate(values), np.concatenate(slacks)

    def _lines(self, center: Boxes, radius: Boxes, lines: list[Lines], n: int) -> Lines:
        """The lines of hidden layer n, from the bounds of its neurons: the better of two."""
        layer = self.layers[n]
        weight, bias = layer.sizes
        # Interval propagation, from the ranges of the layer before.
        if n:
            error = self.unit * lines[-1].size
            lower, upper = -widen(-lines[-1].least, error), widen(lines[-1].most, error)
            mid, half = middle(lower, upper)
            size = np.maximum(np.abs(lower), np.abs(upper)) @ weight.T + bias
        else:
            mid, half = center, radius
            size = (np.abs(center) + radius) @ weight.T + bias
        value, spread, slack = (
            mid @ layer.weight.T + layer.bias,
            half @ np.abs(layer.weight).T,
            self.unit * size,
        )
        lo, hi = -widen(spread - value, slack), widen(value + spread, slack)
        if n:  # backward substitution; NaN is no bound
            rows, start = (
                np.concatenate([layer.weight, -layer.weight]),
                np.concatenate([layer.bias, -layer.bias]),
            )
            slope, value, slack = self._backward(center, radius, lines, rows, start)
            # The slack has unit |slope| (|center| + radius), with room for the rounding
            # of the reach, 1.01 d u of it.
            both = widen(value + _dot(np.abs(slope), radius), slack)
            above, below = np.split(both, 2, axis=1)
            lo, hi = np.fmax(lo, -below), np.fmin(hi, above)
        # The neurons' sizes bound their ends as well, and NaN becomes an infinite
        # size, which marks the box.
        size = np.maximum(np.maximum(size, np.abs(lo)), np.abs(hi))
        size = np.where(np.isnan(size), np.inf, size)
        z = np.minimum(np.maximum(0.5 * lo + 0.5 * hi, lo), hi)
        return self.curve.lines(lo, hi, z, size)

    def _backward(
        self,
        center: Boxes,
        radius: Boxes,
        lines: list[Lines],
        rows: Float64[np.ndarray, "rows neurons"],
        start: Float64[np.ndarray, " rows"],
    ) -> tuple[Float64[np.ndarray, "boxes rows inputs"], Rows, Rows]:
        """Planes above rows · ρ(...) + start, where `lines` are those of the layers before: their
        slopes, values and slack."""
        weights = np.broadcast_to(rows, (len(center), *rows.shape))
        value = np.broadcast_to(start, weights.shape[:2])
        slack = np.abs(value) + FLOOR
        for layer, line in zip(reversed(self.layers[: len(lines)]), reversed(lines)):
            # Λρ(t) <= Λ+ (A t + high) + Λ- (a t + low) = M t + ..., and then t = W h + b.
            slack = slack + _dot(np.abs(weights) + FLOOR, line.size)
            plus, minus = np.maximum(weights, 0.0), np.minimum(weights, 0.0)
            value = value + _dot(plus, line.high) + _dot(minus, line.low)
            weights = plus * line.slope_high[:, None] + minus * line.slope_low[:, None]
            value = value + weights @ layer.bias
            weights = (weights.reshape(-1, len(layer.bias)) @ layer.weight).reshape(
                *value.shape, -1
            )  # one product
        slack = slack + _dot(np.abs(weights) + FLOOR, np.abs(center) + radius)
        return weights, value + _dot(weights, center), self.unit * slack


def _dot(
    rows: Float64[np.ndarray, "boxes rows columns"], vector: Float64[np.ndarray, "boxes columns"]
) -> Rows:
    return np.matmul(rows, vector[:, :, None])[..., 0]
