"""A wide hidden layer on a tree of cells: most neurons are settled high up, and
only the others go down.

The layer is x ↦ V ρ(Wx + b) on the cube [-1, 1]^d, whose cells are made by halving, so that centres
and radii are exact doubles. On a cell each neuron is replaced by a line, ρ(t) = s t + o + e with
|e| <= h. A neuron for which |V_o| h is negligible for all outputs o (h = 0 where its sign is
decided, for ReLU) is *settled*: its line is added to the cell's affine function for good, and
the cell's descendants do not see it any more.

Rounding. Weights are rounded to doubles, pre-activations are sums of d + 1 products, and each
output is a sum of at most n lines. Let T_i = Σ_j |W_ij| + |b_i| + 2^-50, which bounds |t|
on the cube, and λ the largest slope. For every neuron the line's value |s||t| + |o| and its
error h stay below 4 λ T_i (with an activation for which ρ(0) != 0, add |ρ(0)| to each λ T_i). So
all errors together, of the weights, of t, of the ends of its interval (which move ρ and the line by
at most 2 λ times that), of the lines' own roundings, and of the sums of n lines and of n errors in
any order, are at most `slack` = 2^-50 (n + d + 64) (λ Σ_i (|V_oi| + TINY) T_i + |a_o|) + 2^-500,
with the output's bias a_o. It is added once to each cell. 2^-50, TINY and 2^-500 make up for
weights and biases that underflow, times the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from flint import fmpq

from boundcheck.enclosure.arrays.floats import from_exact
from boundcheck.enclosure.arrays.models import TINY, Models, bent_line, soft_line
from boundcheck.enclosure.arrays.shaped import Float64, Int
from boundcheck.enclosure.networks.curves import Bent, Curve, Exact, Soft, curve, nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.affine import Affine, Entry
from boundcheck.exact.terms.activation import Activation, choose_piece
from boundcheck.exact.terms.work import spend

Centers: TypeAlias = Float64[np.ndarray, "variables cells"]
PerCell: TypeAlias = Float64[np.ndarray, " cells"]
PerOpen: TypeAlias = Float64[np.ndarray, " open"]
"""For each pair of a cell and a neuron that is not settled there."""
Count: TypeAlias = Int[np.ndarray, " cells"]
Chosen: TypeAlias = Int[np.ndarray, " chosen"]
"""The numbers of some cells."""


@dataclass(frozen=True)
class Tree:
    """What a layer knows of cells: the settled lines, each with 1 + d columns, and their errors,
    and the neurons that are not settled, `count` of them for each cell, one after the other in
    `open`."""

    settled: Float64[np.ndarray, "outputs columns cells"]
    err: Float64[np.ndarray, "outputs cells"]
    count: Count
    open: Int[np.ndarray, " open"]

    def take(self, chosen: Chosen) -> Tree:
        start = np.cumsum(self.count) - self.count
        at = _ranges(start[chosen], self.count[chosen])
        return Tree(
            self.settled[:, :, chosen], self.err[:, chosen], self.count[chosen], self.open[at]
        )

    @classmethod
    def joined(cls, parts: Sequence[Tree]) -> Tree:
        names = ("settled", "err", "count", "open")
        return cls(*(np.concatenate([getattr(p, n) for p in parts], axis=-1) for n in names))


def _ranges(start: Count, count: Count) -> Int[np.ndarray, " open"]:
    """start_0, ..., start_0 + count_0 - 1, start_1, ..."""
    found = np.repeat(start - (np.cumsum(count) - count), count)
    found += np.arange(len(found))
    return found


class Ridges:
    """V ρ(Wx + b) + a on the cube.

    Args:
        first, last: x ↦ Wx + b and h ↦ Vh + a, with rational entries.
        activation: ρ.
    """

    def __init__(self, first: Affine, last: Affine, activation: Activation) -> None:
        self.curve: Curve = curve(activation)
        self.weight, self.bias = (
            _matrix(first.weight),
            np.array([nearest(_exact(b)) for b in first.bias]),
        )
        self.outer, self.constant = (
            _matrix(last.weight),
            np.array([nearest(_exact(b)) for b in last.bias]),
        )
        n, self.d = self.weight.shape
        reach = np.abs(self.weight).sum(axis=1) + np.abs(self.bias) + 2.0**-50
        steepest, start = _growth(self.curve, float(reach.max()))
        size = (np.abs(self.outer) + TINY) @ (steepest * reach + start) + np.abs(self.constant)
        self.slack = 2.0**-50 * (n + self.d + 64) * size + 2.0**-500

    @property
    def outputs(self) -> int:
        return len(self.constant)

    def tree(self, cells: int = 1) -> Tree:
        """Cells of which nothing is known yet."""
        settled = np.zeros((self.outputs, 1 + self.d, cells))
        settled[:, 0] = self.constant[:, None]
        n = len(self.bias)
        return Tree(
            settled,
            np.zeros((self.outputs, cells)),
            np.full(cells, n),
            np.tile(np.arange(n, dtype=np.int32), cells),
        )

    def refined(
        self,
        tree: Tree,
        center: Centers,
        radius: Centers,
        negligible: Float64[np.ndarray, " outputs"],
    ) -> tuple[Tree, list[Models], Centers]:
        """What is known of the cells once more neurons are settled; models of the outputs;
        and the error that each variable is to blame for.

        Args:
            center, radius: of the cells, exact doubles.
            negligible: the error of an output for which a neuron counts as settled.
        """
        size = len(tree.count)
        spend(300 + len(tree.open) * 0.1 * (6 + self.d) * (1 + self.outputs))
        owner, neuron = np.repeat(np.arange(size), tree.count), tree.open
        weight = self.weight[neuron]
        t = (weight * center.T[owner]).sum(axis=1) + self.bias[neuron]
        reach = (np.abs(weight) * radius.T[owner]).sum(axis=1)
        s, o, above, below = self._lines(t - reach, t + reach)
        outer = self.outer[:, neuron]
        loss = np.abs(outer) * (0.5 * (above + below))
        lines = np.stack(
            [s * self.bias[neuron] + (o + 0.5 * (above - below)), *(s[:, None] * weight).T]
        )
        done = (loss <= negligible[:, None]).all(axis=0)
        left = ~done
        more, err = _sums(owner[done], size, outer[:, done], lines[:, done], loss[:, done])
        settled, err = tree.settled + more, tree.err + err
        owner = owner[left]
        new = Tree(settled, err, np.bincount(owner, minlength=size), neuron[left])
        more, rest = _sums(owner, size, outer[:, left], lines[:, left], loss[:, left])
        total = settled + more
        slope = total[:, 1:] * radius
        value = total[:, 0] + (total[:, 1:] * center).sum(axis=1)
        bound = err + rest + self.slack[:, None]
        models = [Models.of(value[k], slope[k], bound[k]) for k in range(self.outputs)]
        part = loss[:, left].sum(axis=0) / np.maximum(reach[left], 2.0**-300)
        blame = [
            np.bincount(owner, part * np.abs(weight[left, j]) * radius[j, owner], size)
            for j in range(self.d)
        ]
        return new, models, np.array(blame, np.float64)

    def _lines(self, low: PerOpen, high: PerOpen) -> tuple[PerOpen, PerOpen, PerOpen, PerOpen]:
        if isinstance(self.curve, Soft) and self.curve.bend == 1:
            return soft_line(low, high, self.curve.alpha)
        if isinstance(self.curve, Bent):
            return bent_line(low, high, self.curve.left)
        size = np.abs(low) + np.abs(high) + 2.0**-300
        found = self.curve.lines(low, high, 0.5 * low + 0.5 * high, size)
        s = 0.5 * found.slope_low + 0.5 * found.slope_high
        # the gaps of both lines to one with the slope s are largest at an end
        above = np.maximum(
            found.high + (found.slope_high - s) * low, found.high + (found.slope_high - s) * high
        )
        below = np.minimum(
            found.low + (found.slope_low - s) * low, found.low + (found.slope_low - s) * high
        )
        slack = 2.0**-45 * found.size
        return s, np.zeros_like(s), above + slack, -below + slack


def _growth(curve: Curve, reach: float) -> tuple[float, float]:
    """λ and |ρ(0)|, such that |ρ(t)| <= |ρ(0)| + λ|t| for |t| <= reach and no chord
    there is steeper than λ."""
    if not isinstance(curve, Exact):
        return curve.steepest, 0.0
    try:
        end = fmpq(*(reach * (1 + 2.0**-40)).as_integer_ratio())
        slopes = curve.activation.derivative_range(-end, end)
        start = choose_piece(curve.pieces, fmpq(0)).formula(fmpq(0))
    except (BoundcheckError, ArithmeticError, ValueError):  # no slopes, a pole, infinite weights
        return np.inf, 0.0
    return max(from_exact(abs(s))[1] for s in slopes), from_exact(abs(start))[1]


def _sums(
    owner: Int[np.ndarray, " open"],
    size: int,
    outer: Float64[np.ndarray, "outputs open"],
    lines: Float64[np.ndarray, "columns open"],
    loss: Float64[np.ndarray, "outputs open"],
) -> tuple[Float64[np.ndarray, "outputs columns cells"], Float64[np.ndarray, "outputs cells"]]:
    """Σ V_o (line) and Σ loss over the neurons of each cell."""
    total = [[np.bincount(owner, v * line, size) for line in lines] for v in outer]
    err = [np.bincount(owner, e, size) for e in loss]
    return np.array(total, np.float64), np.array(err, np.float64)  # of no pairs: integers


def _matrix(rows: Sequence[Sequence[Entry]]) -> Float64[np.ndarray, "rows columns"]:
    return np.array([[nearest(_exact(v)) for v in row] for row in rows])


def _exact(entry: Entry) -> fmpq:
    assert isinstance(entry, fmpq)
    return entry
