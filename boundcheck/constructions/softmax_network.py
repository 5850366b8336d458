"""The softmax network: the Bayes predictor of data that are one of K points, as a network of
depth 2 in any dimension."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flint import arb, ctx, fmpq

from boundcheck.constructions.marginal import PointLike
from boundcheck.constructions.marginal_pairs import ddpm_pair
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas.approximation import softmax

_BITS = 128


@dataclass(frozen=True)
class Softmax:
    """x̂(x) = Σ_k u_k/(1 + Σ_{j≠k} Ê(ℓ_j(x) - ℓ_k(x))) [D].

    Attributes:
        network: `neurons` = K(K-1)(n+1) and K hidden neurons, d outputs; its weights are the
            doubles nearest to those of the theorem.
        error: |x̂ - E[x_0|x_t]|_2 is at most that, everywhere; of the ideal construction.
    """

    network: Network
    neurons: int
    error: fmpq


def softmax_network(
    points: Sequence[PointLike],
    weights: Sequence[ExactLike],
    abar: ExactLike,
    *,
    n: int,
    Lambda: ExactLike,
    M: ExactLike,
) -> Softmax:
    """The predictor of x_0 from x_t = √ᾱ x_0 + √(1-ᾱ) ε, where x_0 is u_k with probability p_k.

    Args:
        points, weights, abar: as in `ddpm_pair`.
        n: pieces of the chords of exp, which lie on [-Lambda, Lambda].
        M: scale of the SignReLU neurons in the first layer.

    Raises:
        BoundcheckError: what `ddpm_pair` refuses; n < 1; Lambda or M that is not positive.

    >>> found = softmax_network([1, -1], ["1/2", "1/2"], "1/2", n=100, Lambda=10, M=2**40)
    >>> print(found.network.shape, round(float(found.network(1)), 3), float(found.error) < 0.006)
    1 -> 202 -> 2 -> 1 0.888 True
    """
    ddpm_pair(points, weights, abar)  # refuses what is no distribution
    share, cut, scale = rational(abar), rational(Lambda), rational(M)
    for name, value in (("n", fmpq(n)), ("Lambda", cut), ("M", scale)):
        if value <= 0:
            raise BoundcheckError(f"{name} = {value}; the softmax network needs {name} > 0")
    atoms = [[rational(v) for v in (u if isinstance(u, Sequence) else [u])] for u in points]
    chances = [rational(p) for p in weights]
    knots, start, slopes = _chords(n, cut)
    kinks = [b - a for a, b in zip([fmpq(0), *slopes], [*slopes, fmpq(0)], strict=True)]
    first, biases, pairs = [], [], []
    for k, u in enumerate(atoms):
        for j, v in enumerate(atoms):
            if j != k:
                row, offset = _logit_difference(v, u, chances[j] / chances[k], share)
                pairs.append(k)
                first += [[scale * g for g in row]] * len(knots)
                biases += [scale * (offset - knot) for knot in knots]
    second = [
        [-kink / scale if k == owner else fmpq(0) for owner in pairs for kink in kinks]
        for k in range(len(atoms))
    ]
    rest = [-(len(atoms) - 1) * start] * len(atoms)
    columns = list(zip(*atoms, strict=True))
    output = [list(column) for column in columns], [sum(column, fmpq(0)) for column in columns]
    network = Network.from_layers([(first, biases), (second, rest), output])
    radius = max(sum((v * v for v in u), fmpq(0)) for u in atoms)
    return Softmax(network, len(biases), _error(len(atoms), n, cut, scale, radius))


def _chords(n: int, cut: fmpq) -> tuple[list[fmpq], fmpq, list[fmpq]]:
    """Knots, Ê at the first one, and the slopes of the pieces, as doubles."""
    knots = [-cut + 2 * cut * i / n for i in range(n + 1)]
    values = [rational(math.exp(nearest(t))) for t in knots]
    steps = pairwise(values)
    return knots, values[0], [rational(nearest((b - a) * n / (2 * cut))) for a, b in steps]


def _logit_difference(
    v: Sequence[fmpq], u: Sequence[fmpq], ratio: fmpq, share: fmpq
) -> tuple[list[fmpq], fmpq]:
    """The gradient and the value at 0 of the logit of v minus that of u, as doubles."""
    with ctx.workprec(_BITS):
        gain = arb(share).sqrt() / arb(1 - share)
        row = [rational(float(gain * (a - b))) for a, b in zip(v, u, strict=True)]
        squares = sum((a * a - b * b for a, b in zip(v, u, strict=True)), fmpq(0))
        offset = arb(ratio).log() - arb(share * squares / (2 * (1 - share)))
        return row, rational(float(offset))


def _error(K: int, n: int, cut: fmpq, scale: fmpq, square: fmpq) -> fmpq:
    known = {"K": fmpq(K), "n": fmpq(n), "Lambda": cut, "M": scale}
    with ctx.workprec(_BITS):
        whole = arb(square).sqrt() * arb(at_point(term(softmax.SOFTMAX_ERROR), known, _BITS))
        return whole.upper().fmpq()
