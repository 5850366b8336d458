"""What is measured of a diffusion model with given predictors, by quadrature in float64."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from boundcheck.experiments.chain import Function, Level, divergence, grid, normal, pushed
from boundcheck.experiments.data import Data, Floats
from boundcheck.experiments.quadrature import Rule
from boundcheck.experiments.record import Watch
from boundcheck.torchnet.backend import torch


@dataclass(frozen=True)
class Measured:
    """What one resolution gives.

    Attributes:
        gap: E|x̂_0(x_t) - E[x_0|x_t]|² for each t >= 2.
        loss: E|x̂_0(x_t) - x_0|² for each t >= 2, which is gap + mmse.
        mmse: E|x_0 - E[x_0|x_t]|² for each t >= 2.
        information: I(x_0; x_t) for each t >= 1.
        bayes_step: w_t mmse_t - I(x_0; x_{t-1}|x_t) for each t >= 2: the divergence
            of the Bayes predictor's step.
        prior: KL(law of x_T ‖ N(0, I)).
        divergence: KL(law of x_1 ‖ what is generated).
        total_variation: of the same two laws.
        defect: by how much the density of what is generated misses the integral 1.
        axis: the rule of one axis of the grid of x_1.
        masses: density times weight of what is generated, at the points of that grid.
    """

    gap: dict[int, float]
    loss: dict[int, float]
    mmse: dict[int, float]
    information: dict[int, float]
    bayes_step: dict[int, float]
    prior: float
    divergence: float
    total_variation: float
    defect: float
    axis: Rule
    masses: Floats


def measured(
    data: Data,
    levels: Sequence[Level],
    weights: Mapping[int, float],
    predictors: Mapping[int, Function],
    resolution: float,
    watch: Watch,
) -> Measured:
    """Everything, at one resolution; see `chain.grid`.

    Args:
        weights, predictors: w_t and x̂_0, for t = 2..T.
    """
    d, last = data.dimension, len(levels)
    gap, loss, mmse, information = {}, {}, {}, {}
    axis, rule = grid(levels[-1], d, resolution)
    density, prior = normal(rule.nodes), 0.0
    atoms, chances = data.arrays()
    moment = float(chances @ (atoms**2).sum(axis=1))
    for level in reversed(levels):
        t = level.t
        watch(f"densities: t = {t} of {last}, {len(rule.weights)} points")
        law, bayes = data.posterior(rule.nodes, level.alpha_bar)
        bells = list(data.bells(rule.nodes, level.alpha_bar))
        parts = [divergence(rule.weights, bell, law) for bell in bells]
        information[t] = float(chances @ np.array(parts))  # I(x_0; x_t)
        if t == last:
            prior = divergence(rule.weights, law, density)
        if t > 1:
            predicted = predictors[t](torch.from_numpy(rule.nodes)).numpy()
            gap[t] = float((rule.weights * law * ((predicted - bayes) ** 2).sum(axis=1)).sum())
            errors = [((predicted - u) ** 2).sum(axis=1) for u in atoms]
            each = [float(rule.weights @ (b * e)) for b, e in zip(bells, errors, strict=True)]
            loss[t] = float(chances @ np.array(each))
            mmse[t] = moment - float((rule.weights * law * (bayes**2).sum(axis=1)).sum())
            axis, following = grid(levels[t - 2], d, resolution)
            density, rule = pushed(level, rule, density, predicted, axis), following
    steps = {t: weights[t] * mmse[t] - (information[t - 1] - information[t]) for t in sorted(gap)}
    masses = rule.weights * density
    return Measured(
        gap=gap,
        loss=loss,
        mmse=mmse,
        information=information,
        bayes_step=steps,
        prior=prior,
        divergence=divergence(rule.weights, law, density),
        total_variation=float(rule.weights @ np.abs(law - density)) / 2,
        defect=abs(1 - float(masses.sum())),
        axis=axis,
        masses=masses,
    )
