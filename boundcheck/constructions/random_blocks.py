"""Random blocks: one hidden layer that approximates Gaussian marginals in every dimension.

f(x) = Σ_k m_k exp(-|x-u_k|²/(2σ²)) is approximated on [-R, R]^d by the mean of n_1 blocks

    mass sign(m_k) s_h^-1 I[cos(· - ω·u_k)](ω·x),

ω ~ N(0, I/σ²), k drawn by |m_k|/mass, I the linear interpolant at knots of the distance h, of which
the first one is uniform; s_h makes the mean f. Only the kinks in |ω·x| < R|ω|_1 are neurons, and
the affine part is one more. Several marginals share ω and the knots, and so all kinks. [D]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, fmpq

from boundcheck.constructions.marginal import Marginal, ball
from boundcheck.constructions.sizes import LARGEST, check, positive
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.affine import Affine
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.activation import ReLU, SignReLU
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.term import Term
from boundcheck.theory.formulas.approximation import random_neurons

STEP = fmpq(2633, 1000)
"""h, the distance of knots."""
_BITS = 128
_LARGEST_WORK = 2**24
"""Numbers that all frequencies, kinks and atoms may have at most."""


@dataclass(frozen=True, eq=False)
class BlockNetwork:
    """Networks x ↦ (g_1(x), ..., g_q(x)) with one hidden layer for q marginals on [-R, R]^d.

    The hidden neurons: the kinks, shared by all outputs, and one affine neuron for each. All
    weights are doubles, taken exactly.

    Attributes:
        draws: n_1, the number of blocks.
        relu: the network with ReLU.
        network: the one with SignReLU, ReLU(t) replaced by ρ(Mt)/M; each output differs by at most
            `coefficients`/M on [-R, R]^d.

    >>> built = random_blocks(Marginal.of([0], [1], sigma="1/2"), R=1, draws=16)
    >>> built.neurons == built.relu.widths[0] <= built.limit(2), len(built.coefficients)
    (True, 1)
    """

    marginals: tuple[Marginal, ...]
    R: fmpq
    draws: int
    seed: int
    M: fmpq
    relu: Network
    network: Network

    @property
    def neurons(self) -> int:
        """The number of hidden neurons."""
        return self.relu.widths[0]

    @property
    def coefficients(self) -> tuple[fmpq, ...]:
        """Λ = Σ |outer coefficients| of the kinks, for each output, exactly."""
        count = self.neurons - len(self.marginals)
        return tuple(sum(map(abs, row[:count]), fmpq(0)) for row in self.relu.layers[1].weight)

    def limit(self, t: ExactLike) -> int:
        """What `neurons` exceeds with a probability of at most exp(-t²/2), rounded down; one
        more for each marginal after the first one.

        >>> random_blocks(Marginal.of([0], [1], sigma=1), R=1, draws=16).limit(2)
        32
        """
        most = self._evaluated(random_neurons.BLOCKS_NEURONS, t, 0)
        return math.floor(float(most.upper())) + len(self.marginals) - 1

    def bound(self, t: ExactLike, k: int = 0) -> arb:
        """What the L² error of the k-th marginal is at most, and the neurons at most `limit(t)`,
        for some draw of the ideal construction.

        >>> built = random_blocks(Marginal.of([0], [1], sigma=1), R=1, draws=16)
        >>> built.bound(2).str(4, radius=False)
        '0.2934'
        """
        return self._evaluated(random_neurons.BLOCKS, t, k)

    def _evaluated(self, formula: Term, t: ExactLike, k: int) -> arb:
        f = self.marginals[k]
        mass = sum((abs(ball(m, _BITS)) for m in f.masses), arb(0))
        known = {"mass": mass, "n_1": fmpq(self.draws), "h": STEP, "t": rational(t), "R": self.R}
        known |= {"d": fmpq(f.dimension), "sigma": ball(f.variance, _BITS).sqrt()}
        known["Q_h"] = at_point(random_neurons.SPREAD, known, _BITS)
        return arb(at_point(formula, known, _BITS))


def random_blocks(
    marginals: Marginal | Sequence[Marginal],
    R: ExactLike,
    draws: int,
    *,
    seed: int = 0,
    M: ExactLike = 2**40,
) -> BlockNetwork:
    """The mean of `draws` random blocks for one marginal, or for several with the same variance and
    dimension.

    At every point of the box the mean square error over seeds is at most mass² Q_h/draws,
    Q_h <= 1.191 [D]: a bound of the ideal construction, since numpy's normal variables and sines
    are rounded. The same arguments give the same network.

    Args:
        R: the half side of the box [-R, R]^d.
        draws: the number n_1 of blocks.
        seed: of the draw, for numpy's default generator.
        M: the weight scale of the SignReLU network.

    Raises:
        BoundcheckError: draws < 1 or seed < 0 or no integer, R or M not positive, no marginals or
            ones that do not fit together, a zero measure, or more than a million neurons.

    >>> f = Marginal.of([(0, 0), ("1/2", "1/2")], [1, "-1/2"], sigma="1/2")
    >>> built = random_blocks(f, R=1, draws=8)
    >>> built.network.inputs, built.network.depth
    (2, 1)
    """
    chosen = (marginals,) if isinstance(marginals, Marginal) else tuple(marginals)
    side, scale = positive(R, "R"), positive(M, "M")
    if isinstance(draws, bool) or not isinstance(draws, (int, np.integer)) or draws < 1:
        raise BoundcheckError(f"draws = {draws}; it must be an integer >= 1")
    check(chosen, 1, seed, cells=False)
    draws, seed = int(draws), int(seed)
    relu = _drawn(chosen, side, draws, np.random.default_rng(seed))
    first, last = relu.layers
    first = Affine(
        tuple(tuple(scale * w for w in row) for row in first.weight),
        tuple(scale * b for b in first.bias),
    )
    last = Affine(tuple(tuple(w / scale for w in row) for row in last.weight), last.bias)
    network = Network((first, last), SignReLU())
    return BlockNetwork(chosen, side, draws, seed, scale, relu, network)


def _drawn(
    marginals: tuple[Marginal, ...], R: fmpq, draws: int, rng: np.random.Generator
) -> Network:
    d, side, step = marginals[0].dimension, nearest(R), nearest(STEP)
    if draws * d > _LARGEST_WORK:
        raise BoundcheckError(
            f"draws = {draws} in dimension {d} have more than {_LARGEST_WORK} numbers; take fewer"
        )
    sigma = math.sqrt(nearest(marginals[0].variance))
    omega = rng.standard_normal((draws, d)) / sigma
    start = rng.uniform(size=draws)
    reach = side * np.abs(omega).sum(axis=1)
    counts = (
        np.ceil(2 * reach / step + start).astype(int) - 1
    )  # knots j with 0 < h(j - r) < 2 reach
    counts = np.maximum(counts, 0)
    if counts.sum() + len(marginals) > LARGEST:
        raise BoundcheckError(
            f"draws = {draws} need {counts.sum() + len(marginals)} neurons, more than {LARGEST}, "
            "which are allowed; take fewer, or a larger sigma or a smaller box"
        )
    block = np.repeat(np.arange(draws), counts)
    ends = np.cumsum(counts)
    place = np.arange(len(block)) - np.repeat(ends - counts, counts) + 1
    at = step * (place - start[block])
    shrink = 2 * (1 - math.cos(step)) / step**2
    hidden, lifts, outer, offsets = [omega[block]], [reach[block] - at], [], []
    affine = []
    for m in marginals:
        mass, phase = _sources(m, omega, draws, rng)
        phase = phase + reach
        factor = mass / (shrink * draws)
        low, high = (np.cos(step * (j - start) - phase) for j in (0, 1))
        slope = factor * (high - low) / step
        a = slope @ omega
        K = math.nextafter(side * np.abs(a).sum() * (1 + 2.0**-40), math.inf)
        affine.append((a, K))
        kinks = -factor[block] * (2 * (1 - math.cos(step)) / step) * np.cos(at - phase[block])
        outer.append(kinks)
        offsets.append((factor * low).sum() + (slope * (reach + step * start)).sum() - K)
    hidden += [a[None] for a, _ in affine]
    lifts += [np.array([K]) for _, K in affine]
    last = np.zeros((len(marginals), len(block) + len(marginals)))
    last[:, : len(block)] = outer
    last[:, len(block) :] = np.eye(len(marginals))
    v, b = np.concatenate(hidden), np.concatenate(lifts)
    return Network((_exact(v, b), _exact(last, np.array(offsets))), ReLU())


def _sources(
    m: Marginal, omega: np.ndarray, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """For each draw mass · sign(m_k), and ω·u_k."""
    masses = np.array([float(ball(c, 64)) for c in m.masses])
    points = np.array([[float(ball(c, 64)) for c in u] for u in m.points])
    total = np.abs(masses).sum()
    k = rng.choice(len(masses), size=draws, p=np.abs(masses) / total)
    return total * np.sign(masses[k]), (omega * points[k]).sum(axis=1)


def _exact(weight: np.ndarray, bias: np.ndarray) -> Affine:
    return Affine(
        tuple(tuple(map(rational, row)) for row in weight.tolist()),
        tuple(map(rational, bias.tolist())),
    )
