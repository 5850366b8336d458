"""Which variances the reverse steps are to have: a search in floats. Every choice is admissible, so
nothing here has to be right; the bounds are evaluated at the choices rigorously."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from flint import fmpq

from boundcheck.exact.terms.rational import rational

Array: TypeAlias = np.ndarray

_LEAST = 1e-300


def good_split(
    before: Array, after: Array, *, fisher: float, spread: float, rank: int, d: int
) -> int:
    """How many of some steps are to have the variance β_t/(1-β_t), those after them β̃_t, such that
    both kinds of bounds of the Bayes predictor's steps are small; that of t = 1 is. The steps have
    ᾱ_{t-1} and ᾱ_t."""
    with np.errstate(all="ignore"):
        gaps = np.maximum.accumulate(1 / after - 1 / before)
        scores = 1 / (1 / fisher + (1 / before - 1) / d)
        early = np.cumsum(np.diff(gaps, prepend=0) * scores / 2)
        falls = before / (1 - before) - after / (1 - after)
        weights = np.maximum.accumulate(falls[::-1])[::-1] / 2
        errors = spread * (1 - after) / (after * spread / rank + 1 - after)
        late = -np.diff(weights, append=0) * errors
        late[before == 1] = np.inf
        total = np.append(0, early) + np.append(np.cumsum(late[::-1])[::-1], 0)
    return int(np.where(np.isfinite(total), total, np.inf).argmin())


def best_variances(
    snr: Array, posterior: Array, *, beta_1: float, spread: float, rank: int, d: int
) -> tuple[fmpq, ...]:
    """`to_the_data.BEST_VARIANCE` of all steps for the affine predictor, which misses x_0 by
    `information.AFFINE` in square mean; β_1 for t = 1. The steps have snr_t and β̃_t."""
    with np.errstate(all="ignore"):
        errors = spread / (1 + snr[1:] * spread / rank)
        best = posterior[1:] * (1 + (snr[:-1] - snr[1:]) * errors / d)
    found = [beta_1, *np.where(np.isfinite(best), best, posterior[1:])]
    return tuple(rational(max(float(v), _LEAST)) for v in found)
