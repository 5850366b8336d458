"""Small discrete data in [-B, B]^d, and what Bayes' formula says about them once
noise is added, in float64."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq

from boundcheck.constructions.marginal import shown
from boundcheck.constructions.marginal_pairs import data_bound, ddpm_pair
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.settings import Settings, exact

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

PARAMETERS = ("atoms", "weights", "B", "d")
"""What `data_of` reads."""

MOST_DIMENSIONS = 2
"""Densities are computed on grids."""

_LARGEST = 10**6  # B and 1/B: box, bell and bound are computed in doubles or with 128 bits

_DEFAULTS = {1: "1;-1/2;-1", 2: "1:1/2;-1/2:1;-1/2:-1"}
_WEIGHTS = "1/2;1/4;1/4"


@dataclass(frozen=True)
class Data:
    """x_0 is u_k with the probability p_k, and |u_k|_∞ <= B.

    Attributes:
        points: the atoms u_k.
        weights: their probabilities p_k.
        B: the support bound.
    """

    points: tuple[tuple[fmpq, ...], ...]
    weights: tuple[fmpq, ...]
    B: fmpq

    @property
    def dimension(self) -> int:
        return len(self.points[0])

    @property
    def second_moment(self) -> fmpq:
        """E|x_0|²."""
        return sum(
            (p * sum(v * v for v in u) for u, p in zip(self.points, self.weights, strict=True)),
            fmpq(0),
        )

    @property
    def settings(self) -> dict[str, str]:
        """The texts that `data_of` reads."""
        return {
            "atoms": ";".join(":".join(map(str, u)) for u in self.points),
            "weights": ";".join(map(str, self.weights)),
            "B": str(self.B),
            "d": str(self.dimension),
        }

    def posterior(self, x: Floats, alpha_bar: float) -> tuple[Floats, Floats]:
        """The density q (N,) of x_t = √ᾱ x_0 + √(1-ᾱ) ε at the points x (N, d), and
        E[x_0 | x_t = x], (N, d).

        The mean is a quotient of sums that are scaled by their largest term, so that it is
        right in the tails as well.
        """
        atoms, chances = self.arrays()
        variance = 1 - alpha_bar
        square = ((x[:, None, :] - np.sqrt(alpha_bar) * atoms) ** 2).sum(axis=2)
        exponents = np.log(chances) - square / (2 * variance)
        largest = exponents.max(axis=1, keepdims=True)
        shares = np.exp(exponents - largest)
        total = shares.sum(axis=1)
        density = np.exp(largest[:, 0]) * total * (2 * np.pi * variance) ** (-self.dimension / 2)
        return density, shares @ atoms / total[:, None]

    def bells(self, x: Floats, alpha_bar: float) -> Iterator[Floats]:
        """For each atom u_k the density (N,) of x_t given x_0 = u_k at the points x (N, d)."""
        variance = 1 - alpha_bar
        for u in self.arrays()[0]:
            square = ((x - np.sqrt(alpha_bar) * u) ** 2).sum(axis=1)
            yield np.exp(-square / (2 * variance)) * (2 * np.pi * variance) ** (-self.dimension / 2)

    def arrays(self) -> tuple[Floats, Floats]:
        """Atoms (K, d) and probabilities (K,), rounded."""
        return np.array([[nearest(v) for v in u] for u in self.points]), np.array(
            [nearest(p) for p in self.weights]
        )


def data_of(given: Settings) -> Data:
    """The data that `atoms`, `weights`, the support bound `B` (default: the largest
    coordinate) and `d` describe.

    Raises:
        BoundcheckError: atoms that are no rational points of one dimension d <= 2 or lie
            outside [-B, B]^d, a coordinate that is 0 in every atom, weights that are not
            positive or whose sum is not 1.
    """
    d = given.integer("d", least=1, most=MOST_DIMENSIONS) if given.has("d") else None
    rows = given.table("atoms", _DEFAULTS[d or 1])
    points = tuple(tuple(exact(v, "atoms") for v in row) for row in rows)
    default = _WEIGHTS if not given.has("atoms") else ";".join([f"1/{len(points)}"] * len(points))
    weights = tuple(exact(p, "weights") for p in given.row("weights", default))
    ddpm_pair(points, weights, fmpq(1, 2))  # refuses what is no distribution
    dimension = len(points[0])
    if d is not None and dimension != d:
        raise BoundcheckError(
            f"d = {d}, but the first atom has {dimension} coordinates; the two must agree"
        )
    if dimension > MOST_DIMENSIONS:
        raise BoundcheckError(
            f"the atoms have {dimension} coordinates; densities are computed on grids, so at most "
            f"{MOST_DIMENSIONS} are possible"
        )
    B = given.rational("B", data_bound(points), above=0)
    if not fmpq(1, _LARGEST) <= B <= _LARGEST:
        raise BoundcheckError(
            "B = "
            f"{float(B.p) / float(B.q) if B.height_bits() < 900 else 'a number of many digits'}; "
            "the admissible range is 1e-6 <= B <= 1e6: scale the data"
        )
    for u in points:
        if max(map(abs, u)) > B:
            raise BoundcheckError(
                f"the atom {shown(u)} lies outside [-B, B]^{dimension} with B = {B}; "
                "give a larger B or leave it out"
            )
    return Data(points, weights, B)
