"""One output of a network with one hidden layer: planes above it on many boxes, as fast
as numpy can.

The rounding errors are those of `relaxation`, whose analysis this follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from flint import fmpq

from boundcheck.enclosure.arrays.shaped import Bool, Float64, Int
from boundcheck.enclosure.networks.curves import Curve, nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.affine import Affine

FLOOR = 2.0**-400
LARGE = 2.0**900
CHUNK = 2**15
"""Doubles in a working array; four of them stay near the core."""
HEAVY = 32
"""Neurons that are asked which way to split a box."""

Points: TypeAlias = Float64[np.ndarray, "inputs boxes"]
Values: TypeAlias = Float64[np.ndarray, " boxes"]
Weights: TypeAlias = Float64[np.ndarray, "neurons inputs"]
PerNeuron: TypeAlias = Float64[np.ndarray, " neurons"]
Extended: TypeAlias = Float64[np.ndarray, "columns boxes"]
"""Points with a further row, by which a bias is multiplied."""


@dataclass(frozen=True)
class Layer:
    """An affine map in doubles, with the magnitudes |weight|*, |bias|*."""

    weight: Weights
    bias: PerNeuron

    @classmethod
    def of(cls, layer: Affine) -> Layer:
        if not all(isinstance(e, fmpq) for e in layer.entries()):
            raise BoundcheckError(
                "the network has symbolic weights; give them numbers first: .instantiate(...)"
            )
        weight = np.array([[nearest(w) for w in row] for row in layer.weight])
        return cls(weight, np.array([nearest(b) for b in layer.bias]))

    @property
    def sizes(self) -> tuple[Weights, PerNeuron]:
        return np.abs(self.weight) + FLOOR, np.abs(self.bias) + FLOOR


def chunks(count: int, width: int, capacity: int) -> Iterator[slice]:
    """Slices of range(count) with about capacity/width elements."""
    step = max(1, capacity // max(width, 1))
    return (slice(k, k + step) for k in range(0, max(count, 1), step))


@dataclass(frozen=True)
class _Rows:
    """Some neurons of a shallow network: v · ρ(weight (x, 1)), and reach (radius, 1) for
    the radius of their sets."""

    v: PerNeuron
    weight: Float64[np.ndarray, "neurons columns"]
    reach: Float64[np.ndarray, "neurons columns"]
    back: Float64[np.ndarray, "inputs neurons"]
    """The transpose of v · weight: planes' slopes from lines' slopes."""

    @classmethod
    def of(
        cls,
        first: Layer,
        v: PerNeuron,
        chosen: Bool[np.ndarray, " neurons"] | Int[np.ndarray, " chosen"],
    ) -> _Rows:
        weight, bias, v = first.weight[chosen], first.bias[chosen, None], v[chosen]
        reach = np.concatenate([np.abs(weight), np.ones_like(bias)], axis=1)
        return cls(
            v,
            np.concatenate([weight, bias], axis=1),
            reach,
            np.ascontiguousarray((v[:, None] * weight).T),
        )


class Shallow:
    """sign · (one output) of v · ρ(Wx + b) + c for a convex or concave ρ, in
    the layout (neurons, B).

    A neuron whose vρ is concave lies below its tangent at the center's pre-activation, one whose vρ
    is convex below its chord; the two kinds are separated once. The analysis is that of any depth,
    but |v_i| λ (|w_i| · |x| + |b_i|) is summed over the neurons beforehand, so that the slack costs
    one product (d) x (d, B). The working arrays are shared by all calls: one thread at a time.
    """

    def __init__(
        self, first: Layer, last: Layer, curve: Curve, *, unit: float, output: int, sign: int
    ) -> None:
        v, (weight, bias) = sign * last.weight[output], first.sizes
        self.start, self.curve = sign * last.bias[output], curve
        with np.errstate(all="ignore"):
            sizes, ends = (a[output] for a in last.sizes)
            self.slack = unit * curve.steepest * np.append(sizes @ weight, sizes @ bias + ends)
            self.largest = max(weight.max(), bias.max(), curve.steepest)
            bend = curve.bend or 1  # where it is neither, only the values serve
            self.chord = _Rows.of(first, v, bend * v > 0)
            self.touch = _Rows.of(first, v, bend * v < 0)
            self.heavy = _Rows.of(
                first, v, np.argsort(-np.abs(v) * weight.sum(axis=1), kind="stable")[:HEAVY]
            )
        self.work = np.empty((4, CHUNK + len(v)))

    def __call__(self, center: Points, radius: Points) -> tuple[Points, Values, Values]:
        """Slopes, values and slack of planes above; NaN where a size is out of range."""
        point, reach, size = (
            _extend(*a)
            for a in ((center, 1.0), (radius, 2.0**-1000), (np.abs(center) + radius, 1.0))
        )
        slope, value = np.zeros(center.shape), np.full(center.shape[1], self.start)
        for k in chunks(center.shape[1], max(len(self.chord.v), len(self.touch.v)), CHUNK):
            if len(self.chord.v):
                self._chords(point[:, k], reach[:, k], slope[:, k], value[k])
            if len(self.touch.v):
                self._tangents(point[:, k], slope[:, k], value[k])
        return slope, self._checked(value, size), self.slack @ size

    def at(self, points: Points) -> tuple[Values, Values]:
        """Values and slack at points."""
        point = _extend(points, 1.0)
        value = np.full(points.shape[1], self.start)
        for rows in (self.chord, self.touch):
            t = rows.weight @ point
            self.curve.value(t, np.empty_like(t))
            value += rows.v @ t
        return self._checked(value, np.abs(point)), self.slack @ np.abs(point)

    def _checked(self, value: Values, size: Extended) -> Values:
        """NaN beyond sizes where clipping, or a quotient, could hide an overflow."""
        return np.where(self.largest * size.sum(axis=0) < LARGE, value, np.nan)

    def bending(self, center: Points, radius: Points) -> Points:
        """A guess of what each input contributes to the distance of chords from the network."""
        rows, score = self.heavy, np.empty(center.shape)
        point, reach = _extend(center, 1.0), _extend(radius, 2.0**-1000)
        for k in chunks(len(score[0]), len(rows.v), CHUNK):
            z, lo, hi, scratch = self._buffers(rows, len(score[0, k]))
            np.matmul(rows.weight, point[:, k], out=z)
            half = rows.reach @ reach[:, k]
            np.subtract(z, half, out=lo)
            np.add(z, half, out=hi)
            for t in (z, lo, hi):
                self.curve.value(t, scratch)
            hi += lo
            hi *= 0.5
            hi -= z
            hi /= half
            np.matmul(np.abs(rows.back), np.abs(hi, out=hi), out=score[:, k])
        # Where none of these neurons bends, the inputs' Lipschitz constants decide.
        return (score + self.slack[:-1, None] / self.slack[:-1].max() * 2.0**-30) * radius

    def _buffers(self, rows: _Rows, count: int) -> list[Float64[np.ndarray, "neurons {count}"]]:
        n = len(rows.v)
        return [a[: n * count].reshape(n, count) for a in self.work]

    def _chords(self, point: Extended, reach: Extended, slope: Points, value: Values) -> None:
        """Adds the chords over [lo, hi] = z ± half, as in `Curve.lines` with 2 half
        for the width; half > 0."""
        rows, (lo, hi, half, scratch) = self.chord, self._buffers(self.chord, point.shape[1])
        np.matmul(rows.weight, point, out=hi)
        np.matmul(rows.reach, reach, out=half)
        np.subtract(hi, half, out=lo)
        hi += half
        self.curve.value(lo, scratch)
        self.curve.value(hi, scratch)
        value += 0.5 * (rows.v @ lo + rows.v @ hi)  # at the middle, the value is the ends' mean
        hi -= lo
        hi /= half
        np.maximum(hi, 0.0, out=hi)
        np.minimum(hi, 2 * self.curve.steepest, out=hi)
        slope += 0.5 * (rows.back @ hi)

    def _tangents(self, point: Extended, slope: Points, value: Values) -> None:
        rows, (z, below, _, _) = self.touch, self._buffers(self.touch, point.shape[1])
        np.matmul(rows.weight, point, out=z)
        self.curve.tangent(z, below)
        value += rows.v @ z
        slope += rows.back @ below


def _extend(array: Points, last: float) -> Float64[np.ndarray, "inputs+1 boxes"]:
    found = np.empty((len(array) + 1, array.shape[1]))
    found[:-1] = array
    found[-1] = last
    return found
