"""A small ball that contains given points, from the distances between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import arb, fmpq, fmpq_mat

_ROUNDS = 20_000
_PARTS = 1024


def squares_of_distances(points: Sequence[Sequence[fmpq]]) -> list[list[fmpq]]:
    """|u_i - u_j|² for all pairs.

    >>> squares_of_distances([(fmpq(0), fmpq(0)), (fmpq(3), fmpq(4))])[0]
    [0, 25]
    """
    table = fmpq_mat([list(u) for u in points])
    gram = (table * table.transpose()).tolist()
    n = range(len(points))
    return [[gram[i][i] + gram[j][j] - 2 * gram[i][j] for j in n] for i in n]


def enclosing_ball(squares: Sequence[Sequence[fmpq]]) -> tuple[tuple[fmpq, ...], fmpq]:
    """The square of the radius of a ball that contains all points, and its centre as weights of
    the points: nearly the smallest one.

    The weights come from a search in floats (Badoiu and Clarkson, 2003); the radius is exact for
    them: |u_j - Σ w_k u_k|² = Σ w_k |u_j - u_k|² - ½ Σ w_k w_l |u_k - u_l|².

    Args:
        squares: the squares of the distances between the points.

    >>> weights, square = enclosing_ball([[fmpq(0), fmpq(4)], [fmpq(4), fmpq(0)]])
    >>> [str(w) for w in weights], str(square)
    (['1/2', '1/2'], '1')
    """
    largest = max(max(row) for row in squares) or fmpq(1)
    table = np.array([[float(arb(v / largest)) for v in row] for row in squares])
    weights = np.zeros(len(table))
    weights[0] = 1.0
    reach = table[0].copy()  # Σ w_k |u_j - u_k|², which is largest for the point farthest away
    for k in range(_ROUNDS):
        far = int(reach.argmax())
        weights *= (k + 1) / (k + 2)
        weights[far] += 1 / (k + 2)
        reach += (table[far] - reach) / (k + 2)
    parts = [round(v * _PARTS) for v in weights.tolist()]
    parts[int(weights.argmax())] += _PARTS - sum(parts)
    shares = tuple(fmpq(p, _PARTS) for p in parts)
    inner = [sum((w * v for w, v in zip(shares, row, strict=True)), fmpq(0)) for row in squares]
    spread = sum((w * v for w, v in zip(shares, inner, strict=True)), fmpq(0)) / 2
    return shares, max(inner) - spread
