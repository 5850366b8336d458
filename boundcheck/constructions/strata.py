"""The strata of the stratified construction: cells of {(v, b): |v|_∞ = 1, 0 <= b < R|v|_1},
integrals over them, draws.

Each face v_i = ±1 of the cube is cut into k^(d-1) cells of side h = 2/k, and [0, Rd] into k cells
of side h_b = Rd/k: at most 2d k^d cells. A ridge ReLU(v·x - b) with b >= R|v|_1 vanishes on
[-R, R]^d, so the cells are cut there. All of this is float64: a network may have any weights,
since its error is certified afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Floats: TypeAlias = np.ndarray
Integers: TypeAlias = np.ndarray
Values: TypeAlias = Callable[[Floats, Floats], Floats]
"""A density: (N, d) directions and (N,) offsets to (N,) values."""

ORDER = 6
"""Gauss points in each variable on each piece of a cell."""
CHUNK = 2**18
"""Quadrature points that are worked on at once."""
PROPOSALS = 2**12
"""Points that rejection proposes at once, at least."""
CEILING = 2.0
"""Rejection takes |ν| <= CEILING · (its largest value at a quadrature point of the cell)."""


@dataclass(frozen=True, eq=False)
class Integrals:
    """What the construction needs of a density ν, for each of C cells.

    Attributes:
        corners: ∫ λ_c dν for each corner c, (C, 2^d), in the order of `Cells.corner_keys`.
        mass: V_j = ∫ d|ν|, (C,).
        spread: ∫ (E_x S⁴)^(3/4)/(12R) d|ν|, which bounds ∫ E_x gap² d|ν|, (C,).
        peak: the largest |ν| at a quadrature point, (C,).
    """

    corners: Floats
    mass: Floats
    spread: Floats
    peak: Floats


@dataclass(frozen=True, eq=False)
class Cells:
    """C cells of a lattice: on the face v_axis = sign, the other v_i = (2(low_i + t) - k)/k,
    b = h_b (level + s).

    The position in a cell is (t, s) in [0, 1]^d.

    Attributes:
        axis, sign: the face v_axis = sign, (C,) each.
        low: the other d - 1 coordinates of the lowest corner, (C, d - 1), in {0, ..., k - 1}.
        level: the lowest b in units of h_b, (C,).
    """

    dimension: int
    k: int
    R: float
    axis: Integers
    sign: Integers
    low: Integers
    level: Integers

    @classmethod
    def of(cls, dimension: int, k: int, R: float) -> Cells:
        """All cells that meet {b < R|v|_1}; whether they do is decided in integers."""
        d = dimension
        lattice = np.indices((k,) * d).reshape(d, -1).T
        low, level = lattice[:, : d - 1], lattice[:, d - 1]
        kept = d * level < k + _farthest(low, k)
        low, level = low[kept], level[kept]
        axis, sign = (
            a.ravel() for a in np.meshgrid(np.arange(d), np.array([1, -1]), indexing="ij")
        )
        size = len(level)
        return cls(
            d,
            k,
            R,
            np.repeat(axis, size),
            np.repeat(sign, size),
            np.tile(low, (2 * d, 1)),
            np.tile(level, 2 * d),
        )

    def __len__(self) -> int:
        return len(self.level)

    @property
    def height(self) -> float:
        """h_b = Rd/k."""
        return self.R * self.dimension / self.k

    @property
    def side(self) -> float:
        """h = 2/k."""
        return 2 / self.k

    def directions(self, chosen: Integers, t: Floats) -> Floats:
        """v at the positions t, (n, P, d), for n cells and t of shape (n or 1, P, d - 1)."""
        others = np.array(
            [[i for i in range(self.dimension) if i != a] for a in range(self.dimension)], dtype=int
        )
        v = np.empty((len(chosen), t.shape[1], self.dimension))
        axis = self.axis[chosen]
        np.put_along_axis(
            v, axis[:, None, None], self.sign[chosen, None, None].astype(float), axis=2
        )
        rest = (2 * (self.low[chosen, None, :] + t) - self.k) / self.k
        np.put_along_axis(v, others[axis][:, None, :], rest, axis=2)
        return v

    def corner_keys(self) -> Integers:
        """A number for each corner of each cell, (C, 2^d); equal for equal corners, of faces too.

        The digits to the base k + 1 are the d lattice coordinates of v and the one of b. The first
        2^(d-1) corners have the lower b.
        """
        d, k = self.dimension, self.k
        base = (k + 1) ** np.arange(d + 1)
        others = np.array([[i for i in range(d) if i != a] for a in range(d)], dtype=int)
        face = base[self.axis] * np.where(self.sign > 0, k, 0)
        steps = _binary(d - 1)
        rest = ((self.low[:, None, :] + steps) * base[others[self.axis]][:, None, :]).sum(axis=2)
        below = face[:, None] + rest + base[d] * self.level[:, None]
        return np.concatenate([below, below + base[d]], axis=1)

    def corner_lattice(self, keys: Integers) -> Integers:
        """The digits of corner numbers, (n, d + 1): v_i = (2 m_i - k)/k for the
        first d, b = h_b m for the last."""
        return keys[:, None] // (self.k + 1) ** np.arange(self.dimension + 1) % (self.k + 1)

    # -- integrals -------------------------------------------------------------------------------

    def integrals(self, values: Values, pieces: tuple[int, int]) -> Integrals:
        """Integrals over all cells by Gauss's rule on pieces: `pieces` of a cell's side
        in v, and of its height in b.

        In b the pieces end at the cut b = R|v|_1. What remains is smooth in v where d <= 2,
        if v_i = 0 lies between pieces; where d > 2 some cells are cut in a way that leaves kinks,
        but there ridges hardly reach into the box.
        """
        size, rule = len(self), Rule.of(self.dimension - 1, *pieces)
        found = Integrals(
            np.empty((size, 2**self.dimension)), np.empty(size), np.empty(size), np.empty(size)
        )
        for part in _parts(np.arange(size), rule.size):
            self._integrate(values, part, rule, found)
        return found

    def _integrate(self, values: Values, part: Integers, rule: Rule, found: Integrals) -> None:
        v = self.directions(part, rule.t[None])
        bottom = self.height * self.level[part, None]
        length = np.clip(self.R * np.abs(v).sum(axis=2) - bottom, 0, self.height)
        raised = length[:, :, None] * rule.s  # b above the cell's bottom, (n, P, Q)
        points = np.broadcast_to(v[:, :, None, :], (*raised.shape, self.dimension)).reshape(
            -1, self.dimension
        )
        density = values(points, (bottom[:, :, None] + raised).ravel()).reshape(raised.shape)
        volume = self.side ** (self.dimension - 1) * (rule.across * length)[:, :, None] * rule.up
        signed, share = volume * density, raised / self.height
        upper = (signed * share).sum(axis=2)
        levels = np.stack([signed.sum(axis=2) - upper, upper], axis=1)
        found.corners[part] = (levels @ multilinear(rule.t)).reshape(len(part), -1)
        total = np.abs(signed)
        found.mass[part] = total.sum(axis=(1, 2))
        found.spread[part] = (total * self._gap_square(rule.t, share)).sum(axis=(1, 2))
        found.peak[part] = np.abs(density * (length[:, :, None] > 0)).max(axis=(1, 2))

    def _gap_square(self, t: Floats, share: Floats) -> Floats:
        """(E_x S⁴)^(3/4)/(12R) >= E_x gap², S² = h_b²λ_b(1-λ_b) + Σ_i h²λ_i(1-λ_i)x_i², x uniform
        on [-R, R]^d."""
        part = self.side**2 * t * (1 - t)
        linear, square = part.sum(axis=1)[:, None], (part**2).sum(axis=1)[:, None]
        A = self.height**2 * share * (1 - share)
        fourth = (
            A**2
            + 2 * A * linear * self.R**2 / 3
            + self.R**4 * (square / 5 + (linear**2 - square) / 9)
        )
        return fourth**0.75 / (12 * self.R)

    # -- draws -----------------------------------------------------------------------------------

    def draw(
        self, values: Values, counts: Integers, peak: Floats, rng: np.random.Generator
    ) -> Draw:
        """counts_j points of cell j from |ν| restricted to it, by rejection."""
        cell = np.repeat(np.arange(len(self)), counts)
        d, size = self.dimension, len(cell)
        draw = Draw(
            cell, np.empty((size, d)), np.empty(size), np.empty((size, 2**d)), np.empty(size)
        )
        waiting = np.arange(size)
        while len(waiting):
            tries = np.repeat(waiting, max(1, PROPOSALS // len(waiting)))
            taken = [self._propose(values, part, peak, rng, draw) for part in _parts(tries, 1)]
            waiting = np.setdiff1d(waiting, np.concatenate(taken), assume_unique=True)
        return draw

    def _propose(
        self, values: Values, part: Integers, peak: Floats, rng: np.random.Generator, draw: Draw
    ) -> Integers:
        """One proposal for each entry of `part`: the first accepted one of a draw
        counts. Returns those with one."""
        chosen = draw.cell[part]
        t, s, height = (
            rng.random((len(part), 1, self.dimension - 1)),
            rng.random(len(part)),
            rng.random(len(part)),
        )
        v = self.directions(chosen, t)[:, 0]
        b = self.height * (self.level[chosen] + s)
        density = values(v, b)
        accepted = (b < self.R * np.abs(v).sum(axis=1)) & (
            height * CEILING * peak[chosen] < np.abs(density)
        )
        done, first = np.unique(part[accepted], return_index=True)
        taken = np.flatnonzero(accepted)[first]
        across, up = multilinear(t[taken, 0]), s[taken, None]
        draw.v[done], draw.b[done], draw.sign[done] = v[taken], b[taken], np.sign(density[taken])
        draw.shares[done] = np.concatenate([across * (1 - up), across * up], axis=1)
        return done


@dataclass(frozen=True, eq=False)
class Draw:
    """n drawn points.

    Attributes:
        cell: their cells, (n,).
        v, b: directions (n, d) and offsets (n,).
        shares: the weights λ_c of their cells' corners, (n, 2^d).
        sign: the signs of the density, (n,).
    """

    cell: Integers
    v: Floats
    b: Floats
    shares: Floats
    sign: Floats


@dataclass(frozen=True, eq=False)
class Rule:
    """A tensor Gauss rule on the unit cell: t (P, d - 1) with weights across (P,),
    s (Q,) with weights up (Q,)."""

    t: Floats
    across: Floats
    s: Floats
    up: Floats

    @classmethod
    def of(cls, variables: int, pieces: int, levels: int) -> Rule:
        nodes, weights = _gauss(pieces)
        grid = np.indices((len(nodes),) * variables).reshape(variables, len(nodes) ** variables).T
        return cls(nodes[grid], weights[grid].prod(axis=1), *_gauss(levels))

    @property
    def size(self) -> int:
        return len(self.across) * len(self.up)


def points_of_rule(variables: int, pieces: tuple[int, int]) -> int:
    """The quadrature points in one cell, `variables` being d - 1."""
    return (ORDER * pieces[0]) ** variables * ORDER * pieces[1]


def multilinear(t: Floats) -> Floats:
    """Π_i (t_i or 1 - t_i) for all 2^m choices, (n, 2^m), for t of shape (n, m)."""
    weights = np.ones((len(t), 1))
    for column in t.T:
        weights = np.concatenate(
            [weights * (1 - column[:, None]), weights * column[:, None]], axis=1
        )
    return weights


def _binary(m: int) -> Integers:
    """The corners of {0, 1}^m in the order of `multilinear`, (2^m, m)."""
    return np.arange(2**m)[:, None] >> np.arange(m) & 1


def _farthest(low: Integers, k: int) -> Integers:
    """max over the cell of k Σ|v_i|, the sum over the coordinates inside the face."""
    return np.maximum(np.abs(2 * low - k), np.abs(2 * low + 2 - k)).sum(axis=1)


def _gauss(pieces: int) -> tuple[Floats, Floats]:
    """Nodes and weights on [0, 1], on equal pieces."""
    x, w = np.polynomial.legendre.leggauss(ORDER)
    nodes = (np.arange(pieces)[:, None] + (x + 1) / 2) / pieces
    return nodes.ravel(), np.tile(w / (2 * pieces), pieces)


def _parts(chosen: Integers, size: int) -> Iterator[Integers]:
    step = max(1, CHUNK // size)
    return (chosen[i : i + step] for i in range(0, len(chosen), step))
