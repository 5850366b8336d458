"""Which box, number of knots, radius of the net and dial make the bound for splines small: a search
in floats, of which nothing has to be right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray

_REACHES = np.linspace(0.5, 9, 35)  # (R - √ᾱ B)/σ
_KNOTS = np.unique(np.round(np.geomspace(1, 1e7, 200)))
_POINTS = 1500
_LARGEST_LOG = 5000  # log2; M need not be larger


class Choice(NamedTuple):
    """Of one step: R, n, δ, the place of the dial, and the neurons' scale M as its log2."""

    R: float
    n: int
    delta: float
    dial: int
    log2_M: int


class Data(NamedTuple):
    """B, m, E|x_0|², weights and points of the atoms (empty if unknown), pairs (A, ν)."""

    B: float
    m: float
    second_moment: float
    weights: Array
    points: Array
    dials: Sequence[tuple[float, float]]


def choice(data: Data, scale: float, sigma: float) -> Choice:
    """A good choice for a step with √ᾱ = scale and σ = √(1-ᾱ)."""
    with np.errstate(all="ignore"):
        return _choice(data, scale, sigma)


def _choice(data: Data, scale: float, sigma: float) -> Choice:
    b, m = data.B, data.m
    R = scale * b + sigma * _REACHES
    log_c, slope, log_inverse = (_by_atoms if len(data.points) else _by_moment)(
        data, R, scale, sigma
    )
    tail = [
        math.erfc((r - scale * b) / (sigma * math.sqrt(2)))
        + math.erfc((r + scale * b) / (sigma * math.sqrt(2)))
        for r in R
    ]
    R, log_c, slope = R[:, None], log_c[:, None], slope[:, None]
    off_box, n = b**2 / 2 * np.array(tail)[:, None], _KNOTS[None, :]
    log_kappa = -math.log(sigma * math.sqrt(2 * math.pi))
    pointwise = log_kappa + log_inverse[:, None] + 2 * np.log(b * R**2 / (sigma * n) ** 2)
    relative = np.log(2 * b**2) + 4 * np.log(R / sigma / n) + 2 * R * slope / n
    approximation = np.exp(np.minimum(pointwise, relative))
    best = (math.inf, 0, 0, 0)
    for place, (A, nu) in enumerate(data.dials):
        log_delta = np.log(n + 1) + math.log(b / (2 * (1 + A) * nu * m))
        log_count = 2 * (math.log(1.5 * b) - log_c - log_delta)
        samples = b**2 / (nu * m) * (n + 1) * np.maximum(log_count, 0)
        total = A * approximation + 4 * (1 + A) * b * np.exp(log_delta) + samples + off_box
        total = np.where(np.isnan(total), np.inf, total)
        where = int(total.argmin())
        if total.flat[where] < best[0]:
            best = (float(total.flat[where]), *divmod(where, total.shape[1]), place)
    _, i, j, place = best
    A, nu = data.dials[place]
    knots = int(_KNOTS[j])
    delta = (knots + 1) * b / (2 * (1 + A) * nu * m)
    size = 2 * math.log(knots) + 0.5 * log_inverse[i] + math.log((1 + b) * (1 + R[i, 0] / sigma**2))
    exponent = np.clip(np.nan_to_num(size / math.log(2)), 1, _LARGEST_LOG)
    return Choice(float(R[i, 0]), knots, delta, place, 40 + math.ceil(exponent))


def _by_atoms(data: Data, R: Array, scale: float, sigma: float) -> tuple[Array, Array, Array]:
    """log of the least f2 on [-R, R], the largest slope of its logarithm, and log of ∫ 1/f2."""
    x = np.linspace(-R[-1], R[-1], 2 * _POINTS + 1)
    exponent = np.log(data.weights) - (x[:, None] - scale * data.points) ** 2 / (2 * sigma**2)
    top = exponent.max(axis=1, keepdims=True)
    parts = np.exp(exponent - top)
    log_f = top[:, 0] + np.log(parts.sum(axis=1))
    slope = abs(parts @ (scale * data.points) / parts.sum(axis=1) - x) / sigma**2
    right, left = slice(_POINTS, None), slice(_POINTS, None, -1)
    low = np.minimum.accumulate(np.minimum(log_f[right], log_f[left]))
    steep = np.maximum.accumulate(np.maximum(slope[right], slope[left]))
    both = np.logaddexp(-log_f[right], -log_f[left]) + math.log(x[1] - x[0])
    inverse = np.logaddexp.accumulate(both)
    at = np.searchsorted(x[right], R * (1 - 1e-12))
    return low[at], steep[at], inverse[at]


def _by_moment(data: Data, R: Array, scale: float, sigma: float) -> tuple[Array, Array, Array]:
    mean = scale * math.sqrt(data.second_moment)
    far = (R + mean) / sigma
    log_inverse = np.log(4 * sigma / far) + far**2 / 2 + np.log1p(-np.exp(-R * far / sigma))
    return -(far**2) / 2, (R + scale * data.B) / sigma**2, log_inverse
