"""Which boxes, widths, clips and nets make the end-to-end bound small: a search in
floats, for all steps at once.

Every choice gives a true bound, so nothing here has to be right;
`boundcheck.theory.risk.classes.ratio_class` evaluates the bound at the choices rigorously. Logarithms are
used throughout, since a positivity constant may be exp(-20000).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray

VERSIONS = ("uniform", "weighted", "positivity_free")

_REACHES = np.concatenate([np.linspace(0.05, 4, 24), np.linspace(4.25, 14, 24)])  # (R - √ᾱ B)/σ
_CELLS = np.unique(np.round(np.geomspace(1, 1e9, 400)))
_ROUNDS = 3
_BLOCK = 1000  # steps at a time
_LARGEST_LOG = 600.0
_LEAST_CLIP = -2000.0  # log2; a smaller clip of g2 gains nothing


@dataclass(frozen=True, kw_only=True)
class Case:
    """What all steps share: d, B, κ_d, c_sharp, M and m, rounded to doubles, and pairs (A, ν)."""

    d: int
    B: float
    kappa: float
    c_sharp: float
    M: float
    m: float
    dials: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Choices:
    """For each step (T,): R, k, c as log2 (where it is free), δ, and which of the dials."""

    R: Array
    k: Array
    log2_c: Array
    delta: Array
    dial: Array


def choices(case: Case, version: str, sigma: Array, shift: Array) -> Choices:
    """Good choices for the steps with these σ_t = √(1-ᾱ_t) > 0 and √ᾱ_t B; coordinate descent
    over (R, k) and the dial, with c and δ in closed form. Where doubles overflow, the choices are
    poor."""
    count = math.ceil(len(sigma) / _BLOCK)
    with np.errstate(all="ignore"):
        found = [
            _block(case, version, *block)
            for block in zip(
                np.array_split(sigma, count), np.array_split(shift, count), strict=True
            )
        ]
    return Choices(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _block(case: Case, version: str, sigma: Array, shift: Array) -> tuple[Array, ...]:
    cells = _CELLS[case.d * np.log(_CELLS) < _LARGEST_LOG / 2]
    dials = np.arange(len(case.dials))

    def cost(reach: Array, k: Array, dial: Array) -> Array:
        A, nu = (np.array(column)[dial] for column in zip(*case.dials, strict=True))
        total = _log_cost(case, version, sigma, shift, shift + sigma * reach, k, A, nu)[0]
        return np.where(np.isnan(total), np.inf, total)

    best, value = np.ones((3, len(sigma))), np.full(len(sigma), np.inf)
    best[2] = 0
    for start in (1.0, 3.0, 6.0):
        reach, dial = np.full(len(sigma), start), np.full(len(sigma), len(dials) // 2)
        for _ in range(_ROUNDS):
            k = cells[cost(reach, cells[:, None], dial).argmin(axis=0)]
            reach = _REACHES[cost(_REACHES[:, None], k, dial).argmin(axis=0)]
            dial = dials[cost(reach, k, dials[:, None]).argmin(axis=0)]
        found = cost(reach, k, dial)
        better = found < value
        best[:, better], value = np.stack([reach, k, dial])[:, better], np.minimum(found, value)
    reach, k, dial = best
    A, nu = (np.array(column)[dial.astype(int)] for column in zip(*case.dials, strict=True))
    R = shift + sigma * reach
    _, log_c, log_delta = _log_cost(case, version, sigma, shift, R, k, A, nu)
    c = np.fmax(log_c / math.log(2), _LEAST_CLIP)
    return R, k, c, np.exp(np.clip(log_delta, -700, 700)), dial.astype(int)


def _log_cost(
    case: Case,
    version: str,
    sigma: Array,
    shift: Array,
    R: Array,
    k: Array,
    A: Array,
    nu: Array,
) -> tuple[Array, Array, Array]:
    """log of the excess over w, log c and log δ."""
    d, b, M, m = case.d, case.B, case.M, case.m
    log = np.log
    V = np.minimum(2 * R * (d + 2 * d * (d - 1) / math.pi) / sigma**2, case.kappa / sigma)
    l2 = case.c_sharp * V * R * np.exp(-(d + 3) / 2 * log(k))
    error = 2 * b * (l2 + 3 * V / M) + (1 + b) / M
    log_size = d / 2 * log(2 * R**2 / (math.pi * sigma**2))
    log_n = log(2 * d) + np.logaddexp(d * log(k + 1), log(4) + d * log(k))
    log_parameters = log_n + math.log(d + 3)
    if version == "positivity_free":
        log_c = np.minimum(log_parameters - log_size - log(2 * A * nu * m), math.log(0.5))
        log_c = np.maximum(log_c, _LEAST_CLIP * math.log(2))
        root = 0.5 * (math.log(2 * b) + log_size + np.logaddexp(log(error), math.log(b) + log_c))
    else:
        log_c = -d * (R + shift) ** 2 / (2 * sigma**2)
        root = 0.5 * log_size + log(error) - log_c * (0.5 if version == "weighted" else 1.0)
    approximation = 2 * np.logaddexp(root, -math.log(M))
    slope = math.sqrt(d / math.e) / sigma
    theta = max(1, b) * np.maximum(np.maximum(R * d, 3 * V), np.maximum(slope, 1 + R * slope))
    log_delta = log_parameters + log(b / (4 * (1 + A) * nu * m))
    log_ratio = math.log(2 * (1 + b)) + log_n + 2 * log(theta) + log(d * R + 1) - log_c - log_delta
    log_covering = log_parameters + log(np.maximum(log_ratio, 1e-300))
    log_covering = np.where(log_ratio <= 0, -np.inf, log_covering)
    estimation = np.logaddexp(log(4 * (1 + A) * b) + log_delta, log(b**2 / (nu * m)) + log_covering)
    off_box = 2 * math.log(d * b) - (R - shift) ** 2 / (2 * sigma**2)
    total = np.logaddexp(
        np.logaddexp(log(A * d) + approximation, math.log(d) + estimation), off_box
    )
    return total, log_c, np.broadcast_to(log_delta, total.shape)
