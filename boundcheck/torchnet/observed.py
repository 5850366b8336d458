"""The largest round-off error that a search finds: observed, never a bound."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import torch
from flint import fmpq

from boundcheck.exact.box import Box
from boundcheck.exact.network import Network
from boundcheck.exact.rational import rational
from boundcheck.torchnet.convert import to_torch
from boundcheck.torchnet.dtypes import Format, format_of
from boundcheck.torchnet.roundoff import representable_ends

_CORNERS = 10
_KEPT = 12


@dataclass(frozen=True)
class Observed:
    """|torch(net)(x) - net(x)|, exactly, at the worst point x of a search.

    Attributes:
        error: the largest over the outputs; None where torch gives an infinity or NaN.
        point: x, numbers of the dtype.
        tried: at how many points torch was asked.
    """

    error: fmpq | None
    point: tuple[float, ...]
    tried: int


def observed_error(
    net: Network, dtype: Any, on: Any, *, points: int = 20_000, rounds: int = 8, seed: int = 0
) -> Observed:
    """The worst of the corners, a grid, random points, many of them near the edges, and of a climb from there.

    Float64 says which points look bad (for float64 itself: the exact values at each 20th of them); errors are then
    taken from exact rational values. Deterministic, given the seed, for one build of torch.

    Raises:
        BoundcheckError: as `to_torch` and `roundoff_bound`, for the network, the dtype and the box.
    """
    fmt, box = format_of(dtype), Box.of(on)
    ends = np.array([representable_ends(r, fmt) for r in box.ranges])
    search = _Search(net, fmt, ends)
    random = np.random.default_rng(seed)
    search.look(_start(ends, points, random))
    for k in range(rounds):
        search.look(search.neighbours(random, reach=2.0 ** -(2 * k), count=max(points // 10, 100)))
        if search.best[0][0] is None:
            break
    error, point = search.best[0]
    return Observed(error, point, search.tried)


class _Search:
    def __init__(self, net: Network, fmt: Format, ends: np.ndarray) -> None:
        self.net, self.format, self.ends = net, fmt, ends
        self.module, self.reference = to_torch(net, fmt.dtype), to_torch(net, torch.float64)
        self.best: list[tuple[fmpq | None, tuple[float, ...]]] = []
        self.tried = 0

    def look(self, points: np.ndarray) -> None:
        """Keep the worst of (n, d) points."""
        x = torch.from_numpy(points).to(self.format.dtype)
        x = x[
            ((x.double() >= torch.from_numpy(self.ends[:, 0])) & (x.double() <= torch.from_numpy(self.ends[:, 1]))).all(
                1
            )
        ]
        if not len(x):
            return
        self.tried += len(x)
        with torch.no_grad():
            values = self.module(x).double()
            if self.format.precision < 53:
                gap = (values - self.reference(x.double())).abs().amax(1)
                order = torch.argsort(torch.nan_to_num(gap, nan=torch.inf), descending=True)[:_KEPT]
            else:
                order = torch.arange(0, len(x), 20)
        for i in order.tolist():
            point = tuple(x[i].double().tolist())
            self.best.append((self._error(point, values[i].tolist()), point))
        self.best.sort(key=lambda found: (found[0] is None, found[0] if found[0] is not None else 0), reverse=True)
        del self.best[_KEPT:]

    def _error(self, point: tuple[float, ...], values: list[float]) -> fmpq | None:
        if not np.isfinite(values).all():
            return None
        exact = self.net.exactly([rational(v) for v in point])
        return max(abs(rational(v) - e) for v, e in zip(values, exact, strict=True))

    def neighbours(self, random: np.random.Generator, reach: float, count: int) -> np.ndarray:
        """Points around the worst ones: in a fraction of the box, and a few numbers of the format away."""
        start = np.array([p for _, p in self.best])[random.integers(0, len(self.best), count)]
        wide = reach * (self.ends[:, 1] - self.ends[:, 0]) * random.uniform(-1, 1, start.shape)
        ulps = 2.0 ** (1 - self.format.precision) * np.abs(start) * random.integers(-4, 5, start.shape)
        return np.clip(start + np.where(random.integers(0, 2, start.shape), wide, ulps), *self.ends.T)


def _start(ends: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    low, high = ends.T
    d = len(ends)
    side = max(2, int((count / 4) ** (1 / d)))
    grid = (
        np.array(list(product(*(np.linspace(a, b, side) for a, b in ends)))) if side**d <= count else np.zeros((0, d))
    )
    corners = np.array(list(product(*ends.tolist()))) if d <= _CORNERS else ends.T
    inside = random.uniform(low, high, (count // 4, d))
    edge = low + (high - low) * random.uniform(size=(count // 4, d)) ** random.choice([1, 4, 16], (count // 4, d))
    return np.concatenate([corners, grid, inside, edge, np.clip(low + high - edge, low, high)])
