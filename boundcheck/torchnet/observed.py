"""The largest round-off error that a search finds: observed, never a bound."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from flint import fmpq

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.box import Box
from boundcheck.exact.terms.rational import rational
from boundcheck.torchnet.backend import torch
from boundcheck.torchnet.convert import to_torch
from boundcheck.torchnet.dtypes import Format, format_of
from boundcheck.torchnet.roundoff import representable_ends

_CORNERS = 10
_KEPT = 12
_STEPS = 16  # of an ascent


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
    """The worst of the corners, a grid, random points, many of them near the edges,
    and of climbs from there.

    The error itself is constant between neighbours, so one climb follows the gradient of a smooth
    model of it (see `_Model`), the other tries points at random around the worst ones. Extended
    precision says which points look bad; their errors are then taken from exact rational values.
    Deterministic, given the seed, for one build of torch.

    Raises:
        BoundcheckError: as `to_torch` and `roundoff_bound`, for the network, the dtype and the box.
    """
    fmt, box = format_of(dtype), Box.of(on)
    ends = np.array([representable_ends(r, fmt) for r in box.ranges])
    search = _Search(net, fmt, ends)
    random = np.random.default_rng(seed)
    search.look(_start(ends, points, random))
    search.look(search.ascent())
    for k in range(rounds):
        search.look(search.neighbours(random, reach=2.0 ** -(2 * k), count=max(points // 10, 100)))
        if search.best[0][0] is None:
            break
    error, point = search.best[0]
    return Observed(error, point, search.tried)


class _Search:
    def __init__(self, net: Network, fmt: Format, ends: np.ndarray) -> None:
        self.net, self.format, self.ends = net, fmt, ends
        self.module, self.reference, self.model = (
            to_torch(net, fmt.dtype),
            _Reference(net),
            _Model(net),
        )
        self.best: list[tuple[fmpq | None, tuple[float, ...]]] = []
        self.tried = 0

    def look(self, points: np.ndarray) -> None:
        """Keep the worst of (n, d) points."""
        x = torch.from_numpy(points).to(self.format.dtype)
        x = x[
            (
                (x.double() >= torch.from_numpy(self.ends[:, 0]))
                & (x.double() <= torch.from_numpy(self.ends[:, 1]))
            ).all(1)
        ]
        if not len(x):
            return
        self.tried += len(x)
        with torch.no_grad():
            values = self.module(x).double()
        with np.errstate(all="ignore"):
            gap = np.abs(values.numpy() - self.reference(x.double().numpy())).max(1)
        worst_first = np.argsort(-np.nan_to_num(gap, nan=np.inf), kind="stable")
        for i in worst_first[:_KEPT].tolist():
            point = tuple(x[i].double().tolist())
            self.best.append((self._error(point, values[i].tolist()), point))
        self.best.sort(
            key=lambda found: (found[0] is None, found[0] if found[0] is not None else 0),
            reverse=True,
        )
        del self.best[_KEPT:]

    def _error(self, point: tuple[float, ...], values: list[float]) -> fmpq | None:
        if not np.isfinite(values).all():
            return None
        exact = self.net.exactly([rational(v) for v in point])
        return max(abs(rational(v) - e) for v, e in zip(values, exact, strict=True))

    def ascent(self) -> np.ndarray:
        """Points on the way up the model's gradient, from the worst ones."""
        low, high = torch.from_numpy(self.ends).T
        width, path = high - low, [torch.tensor([p for _, p in self.best], dtype=torch.float64)]
        for k in range(_STEPS):
            x = path[-1].clone().requires_grad_()
            (slope,) = torch.autograd.grad(self.model(x).sum(), x)
            move = torch.nan_to_num(slope * width)
            move = move / move.abs().amax(1, keepdim=True).clamp(min=torch.finfo(move.dtype).tiny)
            path.append(torch.clamp(x.detach() + 2.0 ** (-1 - k / 2) * width * move, low, high))
        return torch.cat(path[1:]).numpy()

    def neighbours(self, random: np.random.Generator, reach: float, count: int) -> np.ndarray:
        """Points around the worst ones: in a fraction of the box, and a few
        numbers of the format away."""
        start = np.array([p for _, p in self.best])[random.integers(0, len(self.best), count)]
        wide = reach * (self.ends[:, 1] - self.ends[:, 0]) * random.uniform(-1, 1, start.shape)
        ulps = (
            2.0 ** (1 - self.format.precision) * np.abs(start) * random.integers(-4, 5, start.shape)
        )
        return np.clip(
            start + np.where(random.integers(0, 2, start.shape), wide, ulps), *self.ends.T
        )


class _Reference:
    """The network in numpy's long doubles: 64 bits or more on most machines, where
    float64 has 53."""

    def __init__(self, net: Network) -> None:
        self.layers = [
            (_extended(layer.weight).T, _extended([layer.bias])[0]) for layer in net.layers
        ]
        self.pieces = net.activation.pieces(*_extended([net.activation.parameters])[0])

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """At points (n, d): (n, outputs)."""
        h = x.astype(np.longdouble)
        for k, (weight, bias) in enumerate(self.layers):
            h = (self._activated(h) if k else h) @ weight + bias
        return h

    def _activated(self, t: np.ndarray) -> np.ndarray:
        starts = [p.start for p in self.pieces[1:] if p.start is not None]
        found = self.pieces[0].formula(np.minimum(t, min(starts, default=np.inf)))
        for start, piece in zip(starts, self.pieces[1:], strict=True):
            found = np.where(t >= start, piece.formula(np.maximum(t, start)), found)
        return found


def _extended(rows: Any) -> np.ndarray:
    """Exact numbers, each as the sum of two doubles."""
    first = [[fl.nearest(q) for q in row] for row in rows]
    rest = [
        [fl.nearest(q - rational(v)) for q, v in zip(*r, strict=True)]
        for r in zip(rows, first, strict=True)
    ]
    return np.array(first, np.longdouble) + np.array(rest, np.longdouble)


class _Model:
    """The error to the first order, over the unit roundoff: Σ_l |∂y/∂z_l| (|W_l|
    |h_l| + |b_l|) for an output y.

    z_l = W_l h_l + b_l enters the activations of layer l. The largest of the outputs counts.
    """

    def __init__(self, net: Network) -> None:
        self.module = to_torch(net, torch.float64)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """At points (n, d) that require gradients: (n,), differentiable."""
        with torch.enable_grad():
            h, entered, sizes = x, [], []
            for layer in self.module:
                if isinstance(layer, torch.nn.Linear):
                    sizes.append(
                        torch.nn.functional.linear(h.abs(), layer.weight.abs(), layer.bias.abs())
                    )
                    entered.append(h := layer(h))
                else:
                    h = layer(h)
            found = []
            for y in h.unbind(1):
                slopes = torch.autograd.grad(y.sum(), entered, create_graph=True)
                found.append(sum((g.abs() * s).sum(1) for g, s in zip(slopes, sizes, strict=True)))
            return torch.stack(found).amax(0)


def _start(ends: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    low, high = ends.T
    d = len(ends)
    side = max(2, int((count / 4) ** (1 / d)))
    grid = (
        np.array(list(product(*(np.linspace(a, b, side) for a, b in ends))))
        if side**d <= count
        else np.zeros((0, d))
    )
    corners = np.array(list(product(*ends.tolist()))) if d <= _CORNERS else ends.T
    inside = random.uniform(low, high, (count // 4, d))
    edge = low + (high - low) * random.uniform(size=(count // 4, d)) ** random.choice(
        [1, 4, 16], (count // 4, d)
    )
    return np.concatenate([corners, grid, inside, edge, np.clip(low + high - edge, low, high)])
