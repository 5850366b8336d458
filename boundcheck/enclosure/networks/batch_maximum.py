"""The maximum of a function over a box, by branch and bound on batches of boxes.

Whoever calls supplies rigorous bounds; nothing here is rounded, so that any
function of doubles will do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from boundcheck.enclosure.arrays.shaped import Bool, Float64, Int
from boundcheck.enclosure.networks.one_layer import Points, Values
from boundcheck.enclosure.networks.relaxation import Relaxed
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.work import spend

Tolerance: TypeAlias = "float | Callable[[float], float]"
"""The admitted distance of the two bounds: a number, or a function of the lower bound."""

Corner: TypeAlias = Sequence[float] | Float64[np.ndarray, " inputs"]
Indices: TypeAlias = Int[np.ndarray, " chosen"]

SAMPLED = 16
"""Boxes of a batch, those with the highest bounds, in which the function is sampled."""


Bound: TypeAlias = Callable[[Points, Points], Sequence[Values | Points]]
Sample: TypeAlias = Callable[[Points], Values]


@dataclass(frozen=True)
class Boxes:
    """Boxes with upper bounds, and scores of the inputs that say where to split."""

    lower: Points
    upper: Points
    bound: Values
    score: Points

    def __len__(self) -> int:
        return len(self.bound)

    def __getitem__(self, chosen: slice | Bool[np.ndarray, " boxes"] | Indices) -> Boxes:
        return Boxes(
            self.lower[:, chosen], self.upper[:, chosen], self.bound[chosen], self.score[:, chosen]
        )

    def __add__(self, other: Boxes) -> Boxes:
        return Boxes(
            np.concatenate([self.lower, other.lower], axis=1),
            np.concatenate([self.upper, other.upper], axis=1),
            np.concatenate([self.bound, other.bound]),
            np.concatenate([self.score, other.score], axis=1),
        )

    def halves(self) -> tuple[Boxes, Boxes]:
        """The boxes cut in two across the input with the highest score, and
        those too small to be cut."""
        middle = 0.5 * self.lower + 0.5 * self.upper
        score = np.where(
            (self.lower < middle) & (middle < self.upper), np.maximum(self.score, 0.0), -1.0
        )
        across = np.argmax(score, axis=0)
        every = np.arange(len(self))
        small = score[across, every] < 0
        if small.any():
            big = ~small
            return Boxes(
                self.lower[:, big], self.upper[:, big], self.bound[big], score[:, big]
            ).halves()[0], self[small]
        left, right = self.upper.copy(), self.lower.copy()
        left[across, every] = right[across, every] = middle[across, every]
        score[across, every] *= 0.25  # as much as halving one input saves, roughly
        both = Boxes(self.lower, left, self.bound, score) + Boxes(
            right, self.upper, self.bound, score
        )
        return both, self[small]

    def pieces(self, least: int) -> tuple[Boxes, Boxes]:
        """The boxes cut at least once, and until there are `least`; and
        those too small to be cut."""
        parts, atoms = self.halves()
        while 0 < len(parts) < least:
            parts, more = parts.halves()
            atoms += more
        return parts, atoms


@dataclass(frozen=True)
class Extreme:
    """lower <= max f <= upper, rigorously.

    Attributes:
        point: where f is at least `lower`; None where no value is known.
        boxes: how many boxes were bounded.
        reached: whether the tolerance was reached.
        leaves: on demand, boxes that cover the domain with the bounds that prove `upper`.
    """

    lower: float
    upper: float
    point: tuple[float, ...] | None
    boxes: int
    reached: bool
    leaves: Boxes | None = None


@dataclass(frozen=True)
class _State:
    """What is known after a round; a new one replaces it at once, so that an interruption finds
    a whole one."""

    root: tuple[Points, Points]
    open: Boxes
    closed: Boxes
    least: float = -np.inf
    point: tuple[float, ...] | None = None
    boxes: int = 0

    @property
    def highest(self) -> float:
        return max(
            self.least, *(float(b.bound.max(initial=-np.inf)) for b in (self.open, self.closed))
        )

    def extreme(self, goal: float, keep: bool) -> Extreme:
        leaves = self.open + self.closed if keep else None
        reached = self.highest <= _aim(self.least, goal)
        return Extreme(self.least, self.highest, self.point, self.boxes, reached, leaves)


def _aim(least: float, goal: float) -> float:
    """A double below least + goal: bounds that are not above it are near enough."""
    return math.nextafter(least + goal, -math.inf) if goal else least


def maximum(
    bound: Bound,
    sample: Sample,
    lower: Corner,
    upper: Corner,
    tolerance: Tolerance,
    *,
    batch: int = 4096,
    start: int = 64,
    limit: int = 10_000_000,
    keep: bool = False,
) -> Extreme:
    """The maximum of f over one box.

    Args:
        bound: for boxes: upper bounds of f, scores of the inputs to split, and, if it knows them,
            points of the boxes where f may be high.
        sample: for points: lower bounds of f there.
        lower, upper: the box, finite doubles.
        tolerance: when to stop.
        batch, start: how many boxes are split in a round at most, and how many
            there are after it at least.
        limit: how many boxes are bounded at most, about.
        keep: whether to return the leaves, for a certificate.

    Any exception, Ctrl-C included, leaves with the `Extreme` so far as its attribute `extreme`.
    """
    low, high = (np.array(a, dtype=np.float64)[:, None] for a in (lower, upper))
    root = Boxes(low, high, np.array([np.inf]), high - low)
    state = _State((low, high), root, root[:0])

    def goal(least: float) -> float:
        if least == -np.inf:
            return 0.0
        return float(tolerance(least) if callable(tolerance) else tolerance)

    try:
        while state.boxes < limit:
            spend(100 + 0.02 * len(state.open) * (4 + 2 * len(lower)))
            promising = np.flatnonzero(state.open.bound > _aim(state.least, goal(state.least)))
            if not len(promising):
                break
            if len(promising) > batch:
                promising = promising[np.argpartition(-state.open.bound[promising], batch)[:batch]]
            state = _refine(state, promising, bound=bound, sample=sample, start=start, keep=keep)
    except BaseException as error:
        error.extreme = state.extreme(-np.inf, keep)  # type: ignore[attr-defined]
        raise
    return state.extreme(goal(state.least), keep)


def _refine(
    state: _State,
    promising: Indices,
    *,
    bound: Bound,
    sample: Sample,
    start: int,
    keep: bool,
) -> _State:
    """Splits the promising open boxes and bounds the pieces."""
    parts, atoms = state.open[promising].pieces(start)
    new = parts + atoms
    found, score, *points = bound(new.lower, new.upper)
    new = Boxes(new.lower, new.upper, np.fmin(found, new.bound), score)
    top = (
        np.argpartition(-new.bound, SAMPLED)[:SAMPLED]
        if len(new) > SAMPLED
        else np.arange(len(new))
    )
    candidates = [0.5 * new.lower[:, top] + 0.5 * new.upper[:, top], *(p[:, top] for p in points)]
    tried = np.clip(np.concatenate(candidates, axis=1), state.root[0], state.root[1])
    values = sample(tried)
    best = int(np.argmax(np.where(np.isnan(values), -np.inf, values)))
    least, point = state.least, state.point
    if values[best] > least:
        least, point = float(values[best]), tuple(map(float, tried[:, best]))
    kept = np.ones(len(state.open), dtype=bool)
    kept[promising] = False
    rest, fresh, closed = state.open[kept], new[: len(parts)], state.closed + new[len(parts) :]
    return _State(
        state.root, *_prune(rest + fresh, closed, least, keep), least, point, state.boxes + len(new)
    )


def _prune(boxes: Boxes, closed: Boxes, least: float, keep: bool) -> tuple[Boxes, Boxes]:
    """Boxes without a chance leave the open ones; they are kept for a certificate only."""
    chance = boxes.bound > least
    return boxes[chance], closed + boxes[~chance] if keep else closed


def network_maximum(
    net: Network | Relaxed,
    lower: Corner,
    upper: Corner,
    tolerance: Tolerance,
    *,
    output: int = 0,
    sign: int = 1,
    **options: Any,
) -> Extreme:
    """The maximum of sign · (one output) over a box; -1 gives the minimum of the output, negated.

    `options` are those of `maximum`. The search cannot be sharper than the rounding errors:
    a smaller tolerance ends, after many boxes, with `reached` False.
    """
    relaxed = net if isinstance(net, Relaxed) else Relaxed(net)

    def bound(low: Points, high: Points) -> tuple[Values, Points, Points]:
        above = relaxed.above(low, high, output, sign)
        return (
            above.highest(),
            relaxed.bending(above.center, above.radius, output, sign),
            above.corner(),
        )

    def sample(points: Points) -> Values:
        return relaxed.at_least(points, output, sign)

    return maximum(bound, sample, lower, upper, tolerance, **options)
