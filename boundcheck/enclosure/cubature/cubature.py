"""L^p norms by cubature: models on cells that are halved until the norm is known well enough.

On a cell Q of the cube [-1, 1]^d let P be the polynomial of the model of f, |f - P| <= δ_Q.
By Minkowski's inequality

    | ‖f‖_p - ‖P‖_p | <= ‖δ‖_p = (Σ_Q |Q| δ_Q^p)^(1/p),

where |Q| is the share of the cube, the product of the radii. For p = 2, ‖P‖_2 is a sum of squares;
for other p, P is an affine function (the rest belongs to δ) and its second and fourth moments m2,
m4 over the cell enclose the p-th one (Jensen's inequality, and log-convexity of p ↦ E|P|^p):

    1 <= p <= 2:  m2^((4-p)/2) / m4^((2-p)/2) <= E|P|^p <= m2^(p/2)
    2 <= p <= 4:  m2^(p/2)                    <= E|P|^p <= m2^((4-p)/2) m4^((p-2)/2)
    p >= 4:       m4^(p/4)                    <= E|P|^p <= m4 (max |P|)^(p-4)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.doubles import ball_above, ball_below
from boundcheck.enclosure.arrays.float_functions import real_power
from boundcheck.enclosure.arrays.models import TINY, Models, PerCell, models, pairs
from boundcheck.enclosure.arrays.shaped import Float64
from boundcheck.enclosure.cubature.ridges import Centers, Chosen, Count, Ridges, Tree
from boundcheck.exact.terms.term import Term, symbol
from boundcheck.exact.terms.work import spend

CHUNK = 2**14
"""Cells in a working array, at most."""
NEURONS = 2**20
"""Pairs of a cell and an open neuron in a working array, about."""
FINEST = 2.0**-48
"""No side of a cell is cut that is not longer than twice this."""
SAMPLE = 256
BATCH = 400_000
WORK = 2**24
"""Numbers that are kept of the cells that are halved in one round, about: neither
many cells nor many neurons."""
MOST_NUMBERS = 2**27
"""Numbers that are kept of all cells, at most: the arrays and their copies stay below 4 GiB."""
FEW = 1_000
"""Cells for a function that rounding hides."""
_LEAST = 1e-280
SHARE = 0.6
"""The share of the uncertainty whose cells are halved in one round."""

PerOutput: TypeAlias = Float64[np.ndarray, " outputs"]


def variable(k: int) -> Term:
    """The k-th coordinate of the cube in a term for `Integrand`."""
    return symbol(f"@{k}")


def ridge(layer: int, output: int) -> Term:
    """An output of a wide layer in a term for `Integrand`."""
    return symbol(f"@{layer}:{output}")


@dataclass(frozen=True)
class Cells:
    """Cells with their models, one tree for each wide layer, and the blame of each variable."""

    center: Centers
    radius: Centers
    trees: tuple[Tree, ...]
    model: Models
    blame: Centers

    def __len__(self) -> int:
        return self.center.shape[1]

    @property
    def load(self) -> Count:
        """For each cell, how many numbers are kept of it."""
        d = len(self.center)
        own = 4 * d + len(self.model.q) + 2
        parts = (t.count + (2 + d) * len(t.settled) for t in self.trees)
        return sum(parts, np.full(len(self), own, dtype=np.int64))

    def take(self, chosen: Chosen) -> Cells:
        m = self.model
        model = Models(m.a[chosen], m.g[:, chosen], m.q[:, chosen], m.err[chosen])
        trees = tuple(t.take(chosen) for t in self.trees)
        return Cells(
            self.center[:, chosen], self.radius[:, chosen], trees, model, self.blame[:, chosen]
        )

    @classmethod
    def joined(cls, parts: Sequence[Cells]) -> Cells:
        def glue(name: str) -> Centers:
            return np.concatenate([getattr(p, name) for p in parts], axis=-1)

        model = Models(
            *(
                np.concatenate([getattr(p.model, n) for p in parts], axis=-1)
                for n in ("a", "g", "q", "err")
            )
        )
        trees = tuple(Tree.joined([p.trees[k] for p in parts]) for k in range(len(parts[0].trees)))
        return cls(glue("center"), glue("radius"), trees, model, glue("blame"))

    def halves(self) -> tuple[Centers, Centers, tuple[Tree, ...]]:
        """Each cell cut in two across the variable to blame most: centres, radii,
        and what is known of them.

        Sides stay above FINEST, so that centres are exact doubles.
        """
        every, axis = (
            np.arange(len(self)),
            np.argmax(np.where(self.radius > FINEST, self.blame, -1.0), axis=0),
        )
        radius = self.radius.copy()
        radius[axis, every] *= 0.5
        low, high = self.center.copy(), self.center.copy()
        low[axis, every] -= radius[axis, every]
        high[axis, every] += radius[axis, every]
        trees = tuple(Tree.joined([t, t]) for t in self.trees)
        return np.concatenate([low, high], axis=1), np.concatenate([radius, radius], axis=1), trees


@dataclass(frozen=True)
class Integrand:
    """A function on the cube [-1, 1]^d.

    Attributes:
        root: a term in `variable(k)` and the outputs `ridge(layer, output)` of the wide layers.
        layers: wide layers on the cube.
        dimension: d.
    """

    root: Term
    layers: tuple[Ridges, ...]
    dimension: int
    sharpness: list[PerOutput] = field(default_factory=list)
    """For each layer, the error of its outputs that is negligible; none until `aim` says so."""

    def aim(self, error: float) -> None:
        """Settle neurons as long as all of that costs at most about `error` in the root."""
        self.sharpness[:] = []
        for k, layer in enumerate(self.layers):
            gain = self._gain(k)
            self.sharpness.append(
                error / (len(layer.bias) * max(len(self.layers), 1)) / np.maximum(gain, 1e-100)
            )

    def _gain(self, layer: int) -> PerOutput:
        """About how much an error of a layer's outputs grows on the way to the root,
        the largest of some points."""
        count, outputs = 32, self.layers[layer].outputs
        plain = {
            name: m.tiled(outputs)
            for name, m in self._leaves(_points(self.dimension, count)).items()
        }
        moved, bumps = dict(plain), np.zeros(count * outputs)
        for o in range(outputs):  # in the o-th copy of the points, the o-th output is moved
            name, here = ridge(layer, o).payload, slice(count * o, count * (o + 1))
            leaf, bump = plain[name], np.zeros_like(bumps)
            bump[here] = 1e-6 * np.maximum(np.abs(leaf.a[here]), 1e-3)
            bumps += bump
            moved[name] = Models(leaf.a, leaf.g, leaf.q, leaf.err + bump)
        with np.errstate(all="ignore"):
            ratio = (models(self.root, moved).err - models(self.root, plain).err) / bumps
        ratio = np.where(np.isfinite(ratio), ratio, 0.0)
        return np.asarray(ratio.reshape(outputs, count).max(axis=1))

    def _leaves(self, points: Centers) -> Mapping[str, Models]:
        zero = np.zeros_like(points)
        leaves = {f"@{k}": Models.of(points[k], zero) for k in range(self.dimension)}
        for k, layer in enumerate(self.layers):
            _, outputs, _ = layer.refined(
                layer.tree(points.shape[1]), points, zero, np.zeros(layer.outputs)
            )
            leaves |= {ridge(k, o).payload: m for o, m in enumerate(outputs)}
        return leaves

    def at(self, points: Centers) -> Models:
        """Values at points of the cube, as models without extent."""
        return models(self.root, self._leaves(points))

    def start(self) -> Cells:
        one = np.ones((self.dimension, 1))
        return self._cells(0 * one, one, tuple(layer.tree() for layer in self.layers))

    def refined(self, cells: Cells) -> Cells:
        """The halves of the cells, a slice at a time."""
        center, radius, trees = cells.halves()
        load = sum(
            (t.count * (1 + len(t.settled) // 16) for t in trees),
            np.zeros(len(radius.T), dtype=np.int64),
        )
        parts = []
        for k in _slices(load):
            parts.append(self._cells(center[:, k], radius[:, k], tuple(t.take(k) for t in trees)))
        return Cells.joined(parts)

    def _cells(self, center: Centers, radius: Centers, trees: tuple[Tree, ...]) -> Cells:
        d, zero = self.dimension, np.zeros_like(radius)
        leaves = {}
        for k in range(d):
            g = zero.copy()
            g[k] = radius[k]
            leaves[f"@{k}"] = Models.of(center[k], g)
        new, blame = [], np.zeros_like(radius)
        for k, (layer, tree) in enumerate(zip(self.layers, trees, strict=True)):
            sharpness = self.sharpness[k] if self.sharpness else np.zeros(layer.outputs)
            tree, outputs, part = layer.refined(tree, center, radius, sharpness)
            new.append(tree)
            blame += part
            leaves |= {ridge(k, o).payload: m for o, m in enumerate(outputs)}
        model = models(self.root, leaves)
        # what the layers are not to blame for goes to the variables in which the function bends
        bends = np.abs(model.g) * 2.0**-20 + radius * TINY
        for row, (i, j) in zip(model.q, pairs(d), strict=True):
            bends[i] += np.abs(row)
            bends[j] += np.abs(row)
        with np.errstate(all="ignore"):
            rest = np.maximum(model.err - blame.sum(axis=0), 0.0)
            blame = blame + np.where(np.isfinite(rest), rest, 1.0) * bends / bends.sum(axis=0)
        unknown = ~np.isfinite(model.err)
        blame[:, unknown] = radius[:, unknown]
        return Cells(center, radius, tuple(new), model, np.where(np.isnan(blame), radius, blame))


def _slices(load: Count) -> Iterator[Chosen]:
    """Runs of at most CHUNK cells with about NEURONS open neurons."""
    mark = np.cumsum(load + NEURONS // CHUNK) // NEURONS
    edges = np.flatnonzero(np.diff(mark, prepend=-1))
    for a, b in zip(edges, [*edges[1:], len(load)], strict=True):
        yield np.arange(a, b)


def _points(d: int, count: int) -> Centers:
    return np.random.default_rng(12345).uniform(-1.0, 1.0, (d, count))


@dataclass(frozen=True)
class Norm:
    """lower <= ‖f‖_p <= upper, in doubles; `upper` may be inf."""

    lower: float
    upper: float
    cells: int

    @property
    def width(self) -> float:
        return self.upper - self.lower


class TooCoarse(ArithmeticError):
    """Rounding errors of doubles are not small beside the function, or memory is too small;
    `norm` is what is known."""

    def __init__(self, norm: Norm, reason: str) -> None:
        super().__init__(reason)
        self.norm = norm


@fl.quiet
def lp(f: Integrand, p: fmpq, rtol: float, seen: Callable[[Norm], None]) -> Norm:
    """‖f‖_p with respect to the uniform probability on the cube: `upper - lower <= rtol * upper`.

    Args:
        seen: is called in every round with what is known.

    Raises:
        TooCoarse: doubles, or cells with MOST_NUMBERS numbers, do not suffice.
    """
    probe = f.at(_points(f.dimension, SAMPLE))
    known = np.isfinite(probe.err)
    size = float(np.sqrt(np.mean(probe.a[known] ** 2))) if known.any() else 0.0
    noise = float(np.sqrt(np.mean(probe.err[known] ** 2))) if known.any() else 0.0
    cells = f.start()
    # where rounding hides what is asked for: as far as doubles tell, which
    # may be enough for a bound
    hidden = known.any() and (noise > rtol * size / 4 or size == 0)
    floor = max(64 * noise, _LEAST) if hidden else 0.0
    nearest, enough = (
        (64 * noise / size, math.inf) if 256 * noise < size else (0.0, FEW)
    )  # a width, and cells
    f.aim(max(rtol * size / 16, noise))
    numbers = 4 * f.dimension + len(cells.model.q)
    while True:
        spend(len(cells) * (0.25 + 0.04 * numbers))
        sums = _sums(cells, p)
        norm = _norm(*sums, p, len(cells))
        seen(norm)
        bounded = np.isfinite(norm.upper)
        if bounded and norm.width <= rtol * norm.upper * (1 - 2.0**-40):
            return norm
        near = bounded and norm.width <= nearest * norm.upper
        if floor and (norm.upper <= floor or len(cells) > enough or near):
            raise TooCoarse(norm, "rounding errors of doubles are too large")
        load = cells.load
        if int(load.sum()) > MOST_NUMBERS:
            raise TooCoarse(norm, f"{len(cells)} cells are too few, and all that memory is for")
        chosen = _worst(*sums, p)
        chosen = chosen[cells.radius.max(axis=0)[chosen] > FINEST]
        if not len(chosen):
            raise TooCoarse(norm, "cells are as small as doubles can tell")
        chosen = chosen[: max(1, int(np.searchsorted(np.cumsum(load[chosen]), WORK)))]
        rest = np.ones(len(cells), bool)
        rest[chosen] = False
        cells = Cells.joined([cells.take(np.flatnonzero(rest)), f.refined(cells.take(chosen))])


@fl.quiet
def _sums(cells: Cells, p: fmpq) -> tuple[PerCell, PerCell, PerCell]:
    """For each cell, |Q| times: bounds of E|P|^p below and above, and δ^p above.

    `share` is exact. An underflow loses at most NORMAL; other roundings are
    relative, and left to `_norm`.
    """
    share = np.prod(cells.radius, axis=0)
    low, high, delta = moments(cells.model, p)
    lost = delta * delta if p == 2 else _power((delta, delta), p)[1]
    low = share * low
    return np.where(low < fl.NORMAL, 0.0, low), share * high + fl.NORMAL, share * lost + fl.NORMAL


def moments(m: Models, p: fmpq) -> tuple[PerCell, PerCell, PerCell]:
    """E|P|^p over each cell, from below and from above, and δ.

    The mean of y_i² is 1/3, the variance 4/45, and y_i y_j has the variance 1/9.

    Rounding, u = 2^-53. The moments of P and δ are wrong by a factor of at most 1 ± 20 u;
    `up` and `down`, 1 ± 128 u, leave at least 25 u of ‖P‖_p and 100 u of δ for `mean`, which
    is wrong by less than u |mean| + 2 u Σ|q_ii|. This is below 15 u ‖P‖_2 for p = 2, and at
    most u ‖P‖_p + 3 u δ otherwise. Where powers underflow, TINY is more than they.
    """
    d = len(m.g)
    squares = [k for k, (i, j) in enumerate(pairs(d)) if i == j]
    mixed = [k for k, (i, j) in enumerate(pairs(d)) if i != j]
    mean = m.a + m.q[squares].sum(axis=0) / 3
    second = mean * mean + (m.g * m.g).sum(axis=0) / 3
    up, down = 1 + 2.0**-46, 1 - 2.0**-46
    if p == 2:
        second = (
            second + (m.q[squares] ** 2).sum(axis=0) * (4 / 45) + (m.q[mixed] ** 2).sum(axis=0) / 9
        )
        return np.where(second < TINY, 0.0, second * down), second * up + TINY, m.err * up
    # y_i² - 1/3 is in [-1/3, 2/3]
    delta = m.err + np.abs(m.q[squares]).sum(axis=0) * (2 / 3) + np.abs(m.q[mixed]).sum(axis=0)
    v = (m.g * m.g).sum(axis=0) / 3
    fourth = mean**2 * mean**2 + 6 * mean**2 * v + (m.g**2 * m.g**2).sum(axis=0) / 5
    for i, j in pairs(d):
        if i != j:
            fourth = fourth + (2 / 3) * m.g[i] ** 2 * m.g[j] ** 2
    fourth = np.where(np.isnan(fourth), np.inf, fourth)  # where a square is inf and another one 0
    two, four = (second * down, second * up), (fourth * down, fourth * up + TINY)
    if p <= 2:
        high = _power(two, p / 2)[1]
        with np.errstate(all="ignore"):
            low = fl.divide(_power(two, (4 - p) / 2), _power(four, (2 - p) / 2))[0]
    elif p <= 4:
        low, high = (
            _power(two, p / 2)[0],
            fl.mul(_power(two, (4 - p) / 2), _power(four, (p - 2) / 2))[1],
        )
    else:
        most = (np.abs(mean) + m.linear) * up
        low, high = _power(four, p / 4)[0], fl.mul(four, _power((most, most), p - 4))[1]
    return np.maximum(low, 0.0), high, delta * up


def _power(x: fl.Pair, p: fmpq) -> fl.Pair:
    """x^p for x >= 0 and p >= 0; x below TINY, where powers underflow, is in [0, TINY]."""
    if p == 0:
        return np.ones_like(x[0]), np.ones_like(x[1])
    spend(140 + 0.1 * x[0].size)
    low, high = fl.from_exact(p)
    least = np.maximum(x[0], 0.0)
    power = real_power(
        (np.maximum(least, TINY), np.maximum(x[1], TINY)),
        (np.full_like(least, low), np.full_like(least, high)),
    )
    return np.where(least < TINY, 0.0, power[0]), power[1]


def _norm(low: PerCell, high: PerCell, lost: PerCell, p: fmpq, count: int) -> Norm:
    """The ends from the sums over the cells; a sum of numbers >= 0, in any order, is wrong by a
    factor of at most 1 ± 2^-53 (count + 1), the numbers themselves by 1 ± 2^-51. Twice that is less
    than `slack`, which makes up for `below` and `delta` in `lower`, too: `delta` is the smaller
    one where `lower` is not 0."""
    if not (np.isfinite(high).all() and np.isfinite(lost).all()):
        return Norm(0.0, np.inf, count)
    with ctx.workprec(80):
        slack = arb(count + 64) * arb(2) ** -52
        below, above, delta = (_root(float(v.sum()), p) for v in (low, high, lost))
        lower = below * (1 - slack) - delta
        return Norm(max(ball_below(lower), 0.0), ball_above((above + delta) * (1 + slack)), count)


def _root(x: float, p: fmpq) -> arb:
    return arb(x).sqrt() if p == 2 else arb(0) if x == 0 else arb(x) ** (1 / arb(p))


def _worst(low: PerCell, high: PerCell, lost: PerCell, p: fmpq) -> Chosen:
    """The cells that SHARE of the uncertainty comes from."""
    unknown = ~np.isfinite(lost) | ~np.isfinite(high)
    if unknown.any():
        return np.flatnonzero(unknown)[:BATCH]
    q, total = float(arb(p)), max(float(low.sum()), 1e-300)
    delta = max(float(lost.sum()), 1e-300)
    weight = 2 * lost * delta ** (1 / q - 1) + (high - low) / q * total ** (1 / q - 1)
    order = np.argsort(-weight)
    gathered = np.cumsum(weight[order])
    enough = int(np.searchsorted(gathered, SHARE * gathered[-1])) + 1
    return order[: min(max(enough, 16), BATCH, len(order))]
