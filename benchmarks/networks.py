"""SignReLU networks with random neurons, whose weights are exactly the floats that they are.

x ↦ Σ v_i ρ(M (w_i·x + b_i))/M with M = 100, w_i uniform on the unit sphere (rounded), b_i uniform
in [-1, 1], v_i = ±1/n with random signs: so 1/n keeps the sum of the |v_i| at 1, and M makes
each neuron a sharp kink. M·w_i, M·b_i and v_i/M are rounded to floats once, and then they are
the network. The seed is (2601, n, d).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Layers = Sequence[tuple[Any, Any]]
"""Pairs (weight, bias): numpy arrays, or nested sequences of exact numbers."""

M = 100.0


def shallow(n: int, d: int) -> Layers:
    """The random network with n neurons and d inputs."""
    random = np.random.default_rng([2601, n, d])
    w = random.normal(size=(n, d))
    w /= np.linalg.norm(w, axis=1, keepdims=True)
    b = random.uniform(-1, 1, size=n)
    v = random.choice([-1.0, 1.0], size=n) / n
    return [(M * w, M * b), ((v / M)[None, :], np.zeros(1))]


def fitted(n: int = 64) -> Layers:
    """exp(-(x²+y²)) on [-1,1]²: the hidden neurons of `shallow(n, 2)` and a constant,
    least squares on a 65² grid."""
    (w, b), _ = shallow(n, 2)
    x, y = (a.ravel() for a in np.meshgrid(*[np.linspace(-1, 1, 65)] * 2))
    points = np.stack([x, y], axis=1)
    features = np.hstack([signrelu(points @ w.T + b), np.ones((len(x), 1))])
    v = np.linalg.lstsq(features, np.exp(-(x**2) - y**2), rcond=None)[0]
    return [(w, b), (v[None, :-1], v[-1:])]


def signrelu(t: np.ndarray) -> np.ndarray:
    low = np.minimum(t, 0)
    return np.maximum(t, 0) + low / (1 - low)


def values(layers: Layers, points: np.ndarray) -> np.ndarray:
    """The network in plain float64, in chunks that fit into the cache's neighbourhood."""
    (w, b), (v, c) = layers
    step = max(1, 2**18 // len(b))
    chunks = (points[k : k + step] for k in range(0, len(points), step))
    return np.concatenate([signrelu(p @ w.T + b) @ v[0] + c[0] for p in chunks])


def spread(layers: Layers) -> float:
    """max - min on [-1,1]^d as 20 000 random points and the corners show
    it: the range, from below."""
    d = layers[0][0].shape[1]
    inside = np.random.default_rng(2601).uniform(-1, 1, size=(20_000, d))
    corners = np.array(np.meshgrid(*[[-1.0, 1.0]] * d)).reshape(d, -1).T
    return float(np.ptp(values(layers, np.concatenate([inside, corners]))))


def distance(layers: Layers) -> float:
    """max |exp(-(x²+y²)) - net| on [-1,1]² from below: the largest on a grid,
    refined around its peak."""
    centre, radius, best = np.zeros(2), 1.0, 0.0
    for _ in range(6):
        sides = [np.clip(np.linspace(c - radius, c + radius, 401), -1, 1) for c in centre]
        points = np.stack([a.ravel() for a in np.meshgrid(*sides)], axis=1)
        gaps = np.abs(np.exp(-np.sum(points**2, axis=1)) - values(layers, points))
        centre, best = points[np.argmax(gaps)], max(best, float(gaps.max()))
        radius /= 50
    return best


def enclosing(layers: Layers) -> Callable[[Any], Callable[..., Any]]:
    """The network over any arithmetic, neuron by neuron."""

    def on(numbers: Any) -> Callable[..., Any]:
        maps = [
            [
                ([numbers.constant(w) for w in row], numbers.constant(b))
                for row, b in zip(_list(weight), _list(bias))
            ]
            for weight, bias in layers
        ]

        def f(*inputs: Any) -> Any:
            current: Sequence[Any] = inputs
            for k, rows in enumerate(maps):
                if k:
                    current = [numbers.signrelu(t) for t in current]
                sums = []
                for row, t in rows:
                    for w, x in zip(row, current):
                        t = t + w * x
                    sums.append(t)
                current = sums
            return current[0]

        return f

    return on


def _list(array: Any) -> Any:
    return array.tolist() if hasattr(array, "tolist") else array


def marginal(d: int) -> Any:
    """Three Gaussians in d variables, one of them negative."""
    from boundcheck.constructions.marginal import Marginal

    points = [[0] * d, ["1/2"] * d, ["-1/4"] + ["1/3"] * (d - 1)]
    return Marginal.of(points, [1, "-1/2", "1/2"], sigma="1/2")
