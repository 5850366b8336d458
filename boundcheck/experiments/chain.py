"""The reverse chain of a diffusion model with a given predictor: its densities on grids,
and samples, in float64.

The model starts at N(0, I); its step is N(`from_data` x̂_0(x) + `from_state` x, `variance` I).
Sampling stops at x_1 (early stopping): atoms have no density, but x_1 has one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from flint import ctx

from boundcheck.errors import BoundcheckError
from boundcheck.experiments.data import Data, Floats
from boundcheck.experiments.quadrature import Rule, line, power
from boundcheck.theory.risk.schedules import Step
from boundcheck.torchnet.backend import torch

Function: TypeAlias = Callable[[torch.Tensor], torch.Tensor]
"""A predictor: points (N, d) to points (N, d)."""

MOST_NODES = {1: 2**13, 2: 2**9}
"""Nodes of a grid along one axis, by the dimension."""

RESOLUTIONS = {1: (5.0, 8.0), 2: (5 / 3, 2.5)}
"""Nodes for each width of what is narrowest, by the dimension: two numbers,
whose results are compared."""

_WIDTHS = 7.5  # grids end where a normal variable has the density exp(-28)
_BINS = {1: 48, 2: 16}
_AT_ONCE = 2**22  # numbers in one block of the kernel


class Level(NamedTuple):
    """One step of the chain in float64, and the grid that it needs.

    Attributes:
        t, alpha_bar, from_data, from_state, variance: see `boundcheck.theory.risk.schedules.Step`.
        R: the predictor may jump where a coordinate is ±R; 0 for x_1, which has no predictor.
        edge: half the side of the grid for x_t.
        width: of what is narrowest in x_t, a bell or a piece of the network, which
            the grid has to resolve.
    """

    t: int
    alpha_bar: float
    from_data: float
    from_state: float
    variance: float
    R: float
    edge: float
    width: float


def levels(
    data: Data, steps: Sequence[Step], sides: Mapping[int, float], pieces: Mapping[int, float]
) -> list[Level]:
    """The levels t = 1..T.

    Args:
        sides: R_t for t = 2..T.
        pieces: the size of the pieces of the predictors for t = 2..T, as far as they are to be
            resolved; inf where there are none.

    Raises:
        BoundcheckError: a grid with more than `MOST_NODES`.
    """
    with ctx.workprec(64):
        rows = [
            [float(v) for v in (s.alpha_bar, s.from_data, s.from_state, s.sigma2)] for s in steps
        ]
    B, found = float(np.abs(data.arrays()[0]).max()), []
    spread = 1.0  # the variance of x_t in a chain whose predictor is constant
    for t in range(len(rows), 0, -1):
        alpha_bar, from_data, from_state, variance = rows[t - 1]
        noise = 1 - alpha_bar
        edge = math.sqrt(alpha_bar) * B + _WIDTHS * math.sqrt(max(noise, spread))
        spread = from_state**2 * spread + variance
        width = math.sqrt(noise)
        if t > 1:  # x ↦ mean of the next state, whose slope is at most that of the Bayes predictor
            slope = from_state + from_data * B**2 * math.sqrt(alpha_bar) / noise
            width = min(width, math.sqrt(variance) / slope, pieces[t])
        nodes = 2 * edge / width * max(RESOLUTIONS[data.dimension])
        if nodes > MOST_NODES[data.dimension]:
            raise BoundcheckError(
                f"the step t = {t} needs a grid with {math.ceil(nodes)} nodes along an axis, "
                f"more than the {MOST_NODES[data.dimension]} that are allowed for d = "
                f"{data.dimension}: x_{t} is sharper than that, since little noise is left, or "
                "its network has fine pieces; take larger betas, above all beta_1, or a smaller k"
            )
        found.append(
            Level(t, alpha_bar, from_data, from_state, variance, sides.get(t, 0.0), edge, width)
        )
    return found[::-1]


def grid(level: Level, d: int, resolution: float) -> tuple[Rule, Rule]:
    """A rule for one axis, and its power for R^d; jumps at ±R and the edges of
    `bins` lie between panels."""
    breaks = bins(level, d) if level.t == 1 else [-level.edge, -level.R, level.R, level.edge]
    breaks = sorted({min(max(b, -level.edge), level.edge) for b in breaks})
    axis = line(breaks, level.width / resolution)
    return axis, power(axis, d)


def mean(level: Level, x: Floats, predicted: Floats) -> Floats:
    """The mean of the reverse step from x."""
    return level.from_data * predicted + level.from_state * x


def pushed(level: Level, rule: Rule, density: Floats, predicted: Floats, axis: Rule) -> Floats:
    """The density of x_{t-1} on the grid of `axis`, by quadrature: ∫ p_t(x)
    N(y; mean(x), variance) dx.

    Args:
        rule: the grid of x_t, where it has the density `density` (N,) and the
            predictions are `predicted` (N, d).
        axis: the rule of one axis of the grid of x_{t-1}.
    """
    means = torch.from_numpy(mean(level, rule.nodes, predicted))
    masses, y = torch.from_numpy(rule.weights * density), torch.from_numpy(axis.nodes)
    d = means.shape[1]
    found = torch.zeros(
        [len(y)] * d, dtype=torch.float64
    )  # torch, whose sums do not depend on BLAS threads
    for start in range(0, len(masses), block := max(1, _AT_ONCE // len(y))):
        part = slice(start, start + block)
        bells = [torch.exp(-((y - means[part, i]) ** 2) / (2 * level.variance)) for i in range(d)]
        found += bells[0] @ masses[part] if d == 1 else (bells[0] * masses[part]) @ bells[1].T
    return np.asarray(found.ravel().numpy()) * (2 * np.pi * level.variance) ** (-d / 2)


def normal(x: Floats) -> Floats:
    """The density of N(0, I) at the points x (N, d)."""
    return np.exp(-(x**2).sum(axis=1) / 2) * (2 * np.pi) ** (-x.shape[1] / 2)


def divergence(weights: Floats, p: Floats, q: Floats) -> float:
    """KL(p ‖ q) = ∫ p log(p/q) - p + q, by quadrature.

    This integrand is not negative and of the second order where p is near q: a divergence far below
    the rounding of doubles is not lost.
    """
    least = np.finfo(np.float64).tiny
    q = np.maximum(q, least)
    ratio = (p - q) / q
    near = np.abs(ratio) < 0.5
    logs = np.where(
        near, np.log1p(np.where(near, ratio, 0)), np.log(np.maximum(p, least)) - np.log(q)
    )
    return float((weights * (p * logs - (p - q))).sum())


def sample(
    found: Sequence[Level], predictors: Mapping[int, Function], d: int, count: int, seed: int
) -> Floats:
    """`count` points x_1 (count, d) that the model generates."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(count, d, dtype=torch.float64, generator=generator)
    for level in reversed(found[1:]):
        noise = torch.randn(count, d, dtype=torch.float64, generator=generator)
        x = (
            level.from_data * predictors[level.t](x)
            + level.from_state * x
            + math.sqrt(level.variance) * noise
        )
    return np.asarray(x.numpy())


def bins(level: Level, d: int) -> list[float]:
    """The edges of the bins of a histogram of x_t along each axis."""
    return [float(e) for e in np.linspace(-level.edge, level.edge, _BINS[d] + 1)]
