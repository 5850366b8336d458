"""The stratified construction: one hidden layer that approximates Gaussian marginals at
the rate N^(-1/2-3/(2d)).

f(x) = f(0) + ∇f(0)·x + ∫∫ ReLU(v·x - b) dν(v, b) is approximated on [-R, R]^d by

    g(x) = f(0) + ∇f(0)·x + Σ_c w_c ReLU(v_c·x - b_c) + Σ_j (V_j/n_j) Σ_i s_i ReLU(v_i·x - b_i),

where in cell j (see `cells`) n_j = ⌈2d k^d V_j/V⌉ points are drawn from |ν|/V_j, s_i is the sign of
the density there, and corner c has w_c = ∫ λ_c dν - Σ (V_j/n_j) s_i λ_c(θ_i), λ being multilinear
interpolation in a cell. So only what interpolation leaves over, ReLU's Jensen gap, is sampled. [D]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.ridge_density import Density
from boundcheck.constructions.sizes import check, neuron_limit, pieces_of_rule, positive
from boundcheck.constructions.strata import Cells, Draw, Floats, Integers
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.affine import Affine
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.activation import ReLU, SignReLU
from boundcheck.exact.terms.rational import ExactLike, rational

UNRESOLVED = 2.0**-50
"""A cell with a smaller share of V is not sampled: its mass is below the
rounding of the quadrature."""


@dataclass(frozen=True, eq=False)
class Variation:
    """|ν| on the C cells, by quadrature in float64.

    Attributes:
        masses: V_j, (C,).
        samples: n_j, the points drawn in cell j, (C,); 0 everywhere for the corner part alone.
        spreads: ∫_cell (E_x S⁴)^(3/4)/(12R) d|ν|, (C,); see `a_posteriori`.

    >>> (variation,) = stratified(Marginal.of([0], [1], sigma="1/2"), R=1, k=2).variation
    >>> len(variation.masses), round(variation.total, 2), round(variation.bound(), 3)
    (4, 3.77, 0.044)
    """

    masses: Floats
    samples: Integers
    spreads: Floats

    @property
    def total(self) -> float:
        """V = Σ V_j."""
        return float(self.masses.sum())

    def bound(self) -> float:
        """B of `a_posteriori`.

        Raises:
            BoundcheckError: nothing was sampled.
        """
        sampled = self.samples > 0
        if not sampled.any():
            raise BoundcheckError(
                "the corner part alone has no samples to bound; build it with corners_only=False"
            )
        return math.sqrt((self.masses[sampled] / self.samples[sampled]).dot(self.spreads[sampled]))


@dataclass(frozen=True, eq=False)
class Approximation:
    """Networks x ↦ (g_1(x), ..., g_q(x)) with one hidden layer for q marginals on [-R, R]^d.

    The hidden neurons: the corners, shared by all outputs; the samples of each output;
    one affine neuron for each, a·x + K = ReLU(a·x + K) with a = ∇f(0) rounded and K >= R|a|_1.
    All weights are doubles, taken exactly.

    Attributes:
        relu: the network with ReLU.
        network: the one with SignReLU, ReLU(t) replaced by ρ(Mt)/M; each output differs by at most
            `coefficients`/M on [-R, R]^d.
        variation: |ν| by cells, for each marginal.

    >>> built = stratified(Marginal.of([0], [1], sigma="1/2"), R=1, k=4)
    >>> built.neurons, built.limit, built.network.shape == built.relu.shape, len(built.coefficients)
    (19, 27, True, 1)
    """

    marginals: tuple[Marginal, ...]
    R: fmpq
    k: int
    seed: int
    M: fmpq
    relu: Network
    network: Network
    variation: tuple[Variation, ...]

    @property
    def neurons(self) -> int:
        """The number of hidden neurons."""
        return self.relu.widths[0]

    @property
    def limit(self) -> int:
        """N(k) = 2d(k+1)^d + q (1 + 4d k^d), which `neurons` never exceeds."""
        return neuron_limit(self.marginals[0].dimension, self.k, len(self.marginals))

    @property
    def coefficients(self) -> tuple[fmpq, ...]:
        """Λ = Σ |outer coefficients| for each output, exactly: at most 3V up to rounding.

        The affine neurons, which are exact in both networks, are not counted.
        """
        count = self.neurons - len(self.marginals)
        return tuple(sum(map(abs, row[:count]), fmpq(0)) for row in self.relu.layers[1].weight)


def stratified(
    marginals: Marginal | Sequence[Marginal],
    R: ExactLike,
    k: int,
    *,
    seed: int = 0,
    M: ExactLike = 2**40,
    corners_only: bool = False,
) -> Approximation:
    """The stratified construction for one marginal, or for several with the same variance
    and dimension.

    The mean over seeds of ‖f - g‖_2², for the uniform probability of [-R, R]^d, is at most
    X_d^(3/4)/(192 d) V²R²k^(-d-3) with X_d = (d² + 4(d-1)/3)² + 64(d-1)/45 [D]: a bound
    of the ideal construction, since here integrals over ν are quadratures in float64. The same
    arguments give the same network.

    Args:
        R: the half side of the box [-R, R]^d.
        k: cells per side; the network has at most 2d(k+1)^d + q(1 + 4d k^d)
            neurons for q marginals.
        seed: of the draw, for numpy's default generator.
        M: the weight scale of the SignReLU network.
        corners_only: leave the samples out: the deterministic part with w_c = ∫ λ_c dν.
            Its sup-norm error is at most D A (S²/2 + h_b S/2), D >= sup |density|, A = d 2^d,
            S = (R/2k) √(d² + 4d - 4), h_b = Rd/k. [D]

    Raises:
        BoundcheckError: k < 1 or seed < 0 or no integer, R or M not positive, no marginals
            or ones that do not fit together, a zero measure, more than a million neurons, or
            a quadrature that takes too long.

    >>> f = Marginal.of([(0, 0), ("1/2", "1/2")], [1, "-1/2"], sigma="1/2")
    >>> built = stratified(f, R=1, k=2)
    >>> built.neurons <= built.limit, built.network.inputs
    (True, 2)
    """
    chosen = (marginals,) if isinstance(marginals, Marginal) else tuple(marginals)
    side, scale = positive(R, "R"), positive(M, "M")
    check(chosen, k, seed)
    k, seed = int(k), int(seed)
    grid = _Grid.of(
        Cells.of(chosen[0].dimension, k, nearest(side)), pieces_of_rule(chosen, side, k)
    )
    parts = [
        _part(m, grid, np.random.default_rng([seed, i]), corners_only) for i, m in enumerate(chosen)
    ]
    relu = _assemble(parts, grid, side)
    first, last = relu.layers
    first = Affine(
        tuple(tuple(scale * w for w in row) for row in first.weight),
        tuple(scale * b for b in first.bias),
    )
    last = Affine(tuple(tuple(w / scale for w in row) for row in last.weight), last.bias)
    network = Network((first, last), SignReLU())
    return Approximation(
        chosen, side, k, seed, scale, relu, network, tuple(p.variation for p in parts)
    )


def a_posteriori(approximation: Approximation) -> tuple[float, ...]:
    """B for each marginal, B² = Σ_j (V_j/n_j) ∫_cell (E_x S⁴)^(3/4)/(12R) d|ν|: the mean
    of ‖f - g‖_2² is less. [D]

    S² = h_b² λ_b(1-λ_b) + h² Σ_i x_i² λ_i(1-λ_i), λ the position of an atom in its cell
    and x uniform on [-R, R]^d. A bound of the ideal construction, in float64; V_j by quadrature.

    Raises:
        BoundcheckError: nothing was sampled.

    >>> built = stratified(Marginal.of([0], [1], sigma="1/2"), R=1, k=8)
    >>> [round(bound, 3) for bound in a_posteriori(built)]
    [0.003]
    """
    return tuple(v.bound() for v in approximation.variation)


@dataclass(frozen=True, eq=False)
class _Grid:
    """Cells, the pieces of their quadrature, and the distinct corners: corner c of cell j
    is `keys[corner[j, c]]`."""

    cells: Cells
    pieces: tuple[int, int]
    keys: Integers
    corner: Integers

    @classmethod
    def of(cls, cells: Cells, pieces: tuple[int, int]) -> _Grid:
        keys, places = np.unique(cells.corner_keys(), return_inverse=True)
        return cls(cells, pieces, keys, places.reshape(len(cells), -1))

    def gathered(self, which: Integers, weights: Floats) -> Floats:
        """The sums of weights at the corners of the cells `which`, for each distinct corner."""
        return np.bincount(self.corner[which].ravel(), weights.ravel(), len(self.keys))


@dataclass(frozen=True, eq=False)
class _Part:
    """What one marginal needs: the weights of the corners, its samples with their coefficients."""

    marginal: Marginal
    weights: Floats
    draw: Draw
    coefficients: Floats
    variation: Variation


def _part(marginal: Marginal, grid: _Grid, rng: np.random.Generator, corners_only: bool) -> _Part:
    cells, density = grid.cells, Density(marginal)
    found = cells.integrals(density.values, grid.pieces)
    total = found.mass.sum()
    if not 0 < total < math.inf:
        raise BoundcheckError(
            f"the ridge density has the mass {total} in float64; scale R, sigma or the masses "
            "towards 1, or bring the atoms nearer to the box"
        )
    budget = 0 if corners_only else 2 * cells.dimension * cells.k**cells.dimension
    counts = np.where(
        found.mass > UNRESOLVED * total, np.ceil(budget * (found.mass / total)), 0
    ).astype(int)
    draw = cells.draw(density.values, counts, found.peak, rng)
    coefficients = (found.mass / np.maximum(counts, 1))[draw.cell] * draw.sign
    weights = grid.gathered(np.arange(len(cells)), found.corners)
    weights -= grid.gathered(draw.cell, coefficients[:, None] * draw.shares)
    return _Part(marginal, weights, draw, coefficients, Variation(found.mass, counts, found.spread))


def _assemble(parts: list[_Part], grid: _Grid, R: fmpq) -> Network:
    d, k = grid.cells.dimension, grid.cells.k
    lattice, weights = grid.cells.corner_lattice(grid.keys), np.array([p.weights for p in parts])
    # A corner with b >= R|v|_1 vanishes on the box: d m_b >= Σ |2 m_i - k|, in integers.
    kept = (d * lattice[:, d] < np.abs(2 * lattice[:, :d] - k).sum(axis=1)) & weights.any(axis=0)
    lattice, weights = lattice[kept], weights[:, kept]
    levels = np.array([nearest(R * d * j / k) for j in range(k + 1)])
    values, slopes, lifts = zip(*(_expansion(p.marginal, R) for p in parts), strict=True)
    v = np.concatenate([(2 * lattice[:, :d] - k) / k, *(p.draw.v for p in parts), slopes])
    b = np.concatenate([-levels[lattice[:, d]], *(-p.draw.b for p in parts), lifts])
    ends = np.cumsum([weights.shape[1], *(len(p.coefficients) for p in parts)])
    last = np.zeros((len(parts), len(b)))
    last[:, : ends[0]] = weights
    for i, p in enumerate(parts):
        last[i, ends[i] : ends[i + 1]] = p.coefficients
        last[i, ends[-1] + i] = 1
    return Network((_exact(v, b), _exact(last, np.subtract(values, lifts))), ReLU())


def _exact(weight: Floats, bias: Floats) -> Affine:
    return Affine(
        tuple(tuple(map(rational, row)) for row in weight.tolist()),
        tuple(map(rational, bias.tolist())),
    )


def _expansion(marginal: Marginal, R: fmpq) -> tuple[float, list[float], float]:
    """f(0) and a = ∇f(0), rounded, and a double K >= R|a|_1."""
    origin = [0] * marginal.dimension
    a = [float(s) for s in marginal.gradient(origin)]
    needed = R * sum((abs(rational(s)) for s in a), fmpq(0))
    K = nearest(needed)
    return (
        float(marginal.value(origin)),
        a,
        K if rational(K) >= needed else math.nextafter(K, math.inf),
    )
