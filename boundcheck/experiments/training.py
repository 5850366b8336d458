"""Training: the empirical risk is lowered from a start on, and never ends above it; and the class
of splines, which is trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from boundcheck.experiments.data import Floats
from boundcheck.torchnet.backend import nn, torch

Samples: TypeAlias = tuple[torch.Tensor, torch.Tensor, int]
"""Inputs (N, 1) and labels (N, 1), and by how many all errors are divided."""

_BATCH = 512
_CHECKS = 10  # how often the empirical risk is computed
_RATE = 0.01


def descend(
    module: nn.Module,
    predict: Callable[[torch.Tensor], torch.Tensor],
    project: Callable[[], None],
    samples: Samples,
    steps: int,
    seed: int,
) -> tuple[float, float]:
    """Lower the empirical risk Σ (f(x) - y)²/m; the risks before and after.

    Adam on batches, where each step is followed by `project`; the best parameters that were checked
    are kept, and those of the start are among them.
    """
    x, y, m = samples

    def risk() -> float:
        with torch.no_grad():
            return float(((predict(x) - y) ** 2).sum()) / m

    first = best = risk()
    kept = state_of(module)
    if not len(x):
        return first, best
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(module.parameters(), lr=_RATE)
    slowing = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for step in range(1, steps + 1):
        batch = (
            torch.randint(len(x), (_BATCH,), generator=generator)
            if len(x) > _BATCH
            else slice(None)
        )
        optimiser.zero_grad()
        ((predict(x[batch]) - y[batch]) ** 2).mean().backward()
        optimiser.step()
        slowing.step()
        with torch.no_grad():
            project()
        if step % max(1, steps // _CHECKS) == 0 or step == steps:
            found = risk()
            if found < best:
                best, kept = found, state_of(module)
    load_state(module, kept)
    return first, best


def state_of(module: nn.Module) -> list[torch.Tensor]:
    """A copy of the parameters."""
    return [p.detach().clone() for p in module.parameters()]


def load_state(module: nn.Module, state: list[torch.Tensor]) -> None:
    """Put them in again."""
    with torch.no_grad():
        for p, value in zip(module.parameters(), state, strict=True):
            p.copy_(value)


class SplineRatio(nn.Module):
    """The quotient of two splines in [-R, R], and 0 outside: the values at the knots are its
    parameters. See `boundcheck.theory.formulas.approximation.splines`; its smooth neurons, whose
    scale may be as large as one likes, are kinks here.

    Args:
        numerator, denominator: values (n+1,) at equidistant knots, at most b in size, and in
            [0, 1].
        c, b: what the denominator is clipped to from below, and the quotient on both sides.
    """

    def __init__(self, numerator: Floats, denominator: Floats, R: float, c: float, b: float):
        super().__init__()
        values = torch.from_numpy(np.array([numerator, denominator]))
        self.values = nn.Parameter(values)
        self.R, self.c, self.b = R, c, b
        self.project()

    @torch.no_grad()
    def project(self) -> None:
        """Back to [-b, b] and [0, 1]."""
        self.values[0].clamp_(-self.b, self.b)
        self.values[1].clamp_(0, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The quotient (N, 1) at the points x (N, 1)."""
        n = self.values.shape[1] - 1
        place = ((x[:, 0] + self.R) * (n / (2 * self.R))).clamp(0, n)
        cell = place.floor().long().clamp(max=n - 1)
        share = place - cell
        both = (1 - share) * self.values[:, cell] + share * self.values[:, cell + 1]
        found = (both[0] / both[1].clamp(self.c, 1)).clamp(-self.b, self.b)
        return torch.where(x[:, 0].abs() <= self.R, found, 0)[:, None]
