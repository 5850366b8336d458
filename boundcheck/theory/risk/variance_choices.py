"""Which variances the reverse steps are to have: a search in floats. Every choice is admissible, so
nothing here has to be right; the bounds are evaluated at the choices rigorously."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from flint import arb, fmpq

from boundcheck.exact.terms.rational import rational
from boundcheck.theory.risk.schedules import Schedule

_LEAST = 1e-300


def good_split(
    schedule: Schedule, first: int, fisher: fmpq, spread: fmpq, rank: int, d: int
) -> int:
    """The t* up to which the variances are to be β_t/(1-β_t), β̃_t after it, such that both kinds
    of bounds of the Bayes predictor's steps are small."""
    rows = [(float(s.alpha_bar_before), float(s.alpha_bar)) for s in schedule.steps()]
    before, after = np.array(rows[first - 1 :]).T
    information, moment = float(arb(fisher)), float(arb(spread))
    with np.errstate(all="ignore"):
        gaps = np.maximum.accumulate(1 / after - 1 / before)
        scores = 1 / (1 / information + (1 / before - 1) / d)
        early = np.cumsum(np.diff(gaps, prepend=0) * scores / 2)
        weights = (
            np.maximum.accumulate((before / (1 - before) - after / (1 - after))[::-1])[::-1] / 2
        )
        errors = moment * (1 - after) / (after * moment / rank + 1 - after)
        late = -np.diff(weights, append=0) * errors
    rest = np.append(np.cumsum(late[::-1])[::-1][1:], 0)
    total = np.where(np.isfinite(early + rest), early + rest, np.inf)
    return first + int(total.argmin())


def best_variances(schedule: Schedule, spread: fmpq, rank: int, d: int) -> tuple[fmpq, ...]:
    """`to_the_data.BEST_VARIANCE` for the affine predictor, which misses x_0 by
    `information.AFFINE` in square mean; β_1 for t = 1."""
    steps, moment = schedule.steps(), float(arb(spread))
    found = [float(steps[0].beta)]
    for before, step in pairwise(steps):
        snr = float(step.snr)
        error = moment / (1 + snr * moment / rank)
        best = float(step.posterior_variance) * (1 + (float(before.snr) - snr) * error / d)
        found.append(best if math.isfinite(best) else float(step.posterior_variance))
    return tuple(rational(max(v, _LEAST)) for v in found)
