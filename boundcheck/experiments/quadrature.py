"""Composite Gauss rules for piecewise smooth functions, in float64: what they give is
measured, not certified."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from boundcheck.experiments.data import Floats

ORDER = 6
"""Nodes of each panel."""


class Rule(NamedTuple):
    """Nodes (n, d) and weights (n,): ∫ f is about Σ weights f(nodes)."""

    nodes: Floats
    weights: Floats


def line(breaks: Sequence[float], spacing: float) -> Rule:
    """A rule on [breaks[0], breaks[-1]] whose nodes are about `spacing` apart;
    breaks lie between panels."""
    parts = [
        np.linspace(a, b, math.ceil((b - a) / (ORDER * spacing)) + 1)[:-1]
        for a, b in pairwise(breaks)
    ]
    ends = np.concatenate([*parts, breaks[-1:]])
    middles, halves = (ends[1:] + ends[:-1]) / 2, np.diff(ends) / 2
    x, w = np.polynomial.legendre.leggauss(ORDER)
    nodes = middles[:, None] + halves[:, None] * x
    return Rule(nodes.reshape(-1, 1), (halves[:, None] * w).ravel())


def power(rule: Rule, d: int) -> Rule:
    """The product rule on the d-th power of an interval; the last coordinate runs fastest."""
    axes = np.meshgrid(*[rule.nodes[:, 0]] * d, indexing="ij")
    nodes = np.stack([a.ravel() for a in axes], axis=1)
    weights = rule.weights
    for _ in range(d - 1):
        weights = np.multiply.outer(weights, rule.weights).ravel()
    return Rule(nodes, weights)
