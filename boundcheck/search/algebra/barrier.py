"""A small interior-point method for semidefinite programs, in doubles: where matrices are
as positive as possible."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from boundcheck.enclosure.arrays.shaped import Float64
from boundcheck.exact.terms.work import spend

Form: TypeAlias = Float64[np.ndarray, "_ _"]
"""A symmetric matrix; each block has its own size."""
Unknowns: TypeAlias = Float64[np.ndarray, " unknowns"]
"""(y, t)."""

_RIDGE = 1e-9
_ENOUGH, _PLENTY = 1e-7, 1e-3


class _Barrier:
    """-t/mu - log det(Q(y) - t) as a function of x = (y, t), with Q affine
    in y, and a little |x|**2."""

    def __init__(self, base: list[Form], each: list[list[Form]]) -> None:
        self.where = [b for b, m in enumerate(base) if m.size]
        self.base = [base[b] for b in self.where]
        self.stacks = [np.array([e[b] for e in each] + [-np.eye(len(base[b]))]) for b in self.where]
        self.flat = [s.reshape(len(each) + 1, -1) for s in self.stacks]
        self.rank, self.mu = sum(len(m) for m in self.base), 1.0
        n = len(each) + 1
        self.cost = (
            300 + 1e-3 * sum(n * len(m) ** 3 + n * n * len(m) ** 2 for m in self.base) + 1e-3 * n**3
        )

    def forms(self, x: Unknowns) -> list[Form]:
        return [m + (x @ f).reshape(m.shape) for m, f in zip(self.base, self.flat, strict=True)]

    def value(self, x: Unknowns) -> float:
        total = -x[-1] / self.mu + _RIDGE * float(x @ x)
        for m in self.forms(x):
            try:
                total -= 2 * np.log(np.diag(np.linalg.cholesky(m))).sum()
            except np.linalg.LinAlgError:
                return np.inf
        return total

    def newton(self, x: Unknowns) -> tuple[Unknowns, float]:
        """The Newton step and its decrement. Raises LinAlgError."""
        gradient, hessian = 2 * _RIDGE * x, 2 * _RIDGE * np.eye(x.size)
        gradient[-1] -= 1 / self.mu
        for m, stack, f in zip(self.forms(x), self.stacks, self.flat, strict=True):
            inverse = np.linalg.inv(m)
            gradient = gradient - f @ inverse.ravel()
            turned = np.matmul(np.matmul(inverse, stack), inverse).reshape(x.size, -1)
            hessian = hessian + turned @ f.T
        step = -np.linalg.solve(hessian, gradient)
        return step, float(-gradient @ step)


def interior(
    base: list[Form], each: list[list[Form]]
) -> tuple[Float64[np.ndarray, " directions"], float, list[Form]]:
    """(y, t, Q(y) for each block), on the path to the largest t with Q(y) >= t; it
    stops early where t > 0.

    A t that may be zero is returned as 0; the Q are scaled.
    """
    scale = max([1e-300, *(abs(m).max() for m in base if m.size)])
    base = [m / scale for m in base]
    x = np.zeros(len(each) + 1)
    if not any(m.size for m in base):
        return x[:-1], 1.0, base
    barrier = _Barrier(base, each)
    x[-1] = min(np.linalg.eigvalsh(m)[0] for m in barrier.base) - 1.0
    for _ in range(200):
        spend(barrier.cost)
        try:
            step, decrement = barrier.newton(x)
        except np.linalg.LinAlgError:
            break
        length, now = 1.0, barrier.value(x)
        while (
            length > 1e-8 and not barrier.value(x + length * step) <= now - 0.1 * length * decrement
        ):
            length /= 2
        if length <= 1e-8 and decrement > 1e-6:
            break
        x = x + length * step
        if decrement < 0.3:
            if x[-1] > _ENOUGH and (decrement < 1e-2 or x[-1] > _PLENTY):
                break
            # the largest t is at most mu times the rank away
            if x[-1] + barrier.mu * barrier.rank < -1e-4 or barrier.mu < 1e-11:
                break
            barrier.mu /= 8
    t = float(x[-1])
    found = [np.zeros_like(m) for m in base]
    for b, f in zip(barrier.where, barrier.flat, strict=True):
        found[b] = base[b] + (x[:-1] @ f[:-1]).reshape(base[b].shape)
    return x[:-1] * scale, t if t > _ENOUGH else min(t + 1e-6, 0.0), found
