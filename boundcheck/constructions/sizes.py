"""What the stratified construction costs in neurons and quadrature points, and what it
refuses before it begins."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from flint import fmpq

from boundcheck.constructions.marginal import Marginal, ball
from boundcheck.constructions.strata import points_of_rule
from boundcheck.enclosure.intervals.decimals import decimal_text
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import ExactLike, rational

LARGEST = 1_000_000
"""Neurons that a construction may have at most: the exact weights then fill about a gigabyte."""
EVALUATIONS = 2**31
"""Evaluations of one Gaussian's density that a construction may need at most: some minutes."""
POINTS = 2**20
"""Quadrature points that a cell may have at most."""
_LONG = 40


def neuron_limit(dimension: int, k: int, marginals: int = 1) -> int:
    """N(k) = 2d(k+1)^d + q (1 + 4d k^d) for q marginals: corners; for each output one
    affine neuron and its samples."""
    d = dimension
    return 2 * d * (k + 1) ** d + marginals * (1 + 4 * d * k**d)


def positive(value: ExactLike, name: str) -> fmpq:
    """The exact number.

    Raises:
        BoundcheckError: not positive, or beyond the range of doubles.
    """
    number = rational(value)
    if number <= 0 or not 0 < nearest(number) < math.inf:
        raise BoundcheckError(
            f"{name} = {value}; it must be a positive number in the range of doubles"
        )
    return number


def check(marginals: Sequence[Marginal], k: int, seed: int, *, cells: bool = True) -> None:
    """Refuse what `stratified` refuses, other than R and M; without `cells` nothing that depends on
    the size of the lattice.

    Raises:
        BoundcheckError: no marginals, a zero measure, unequal dimensions or variances; k < 1 or
            seed < 0 or no integer; too many neurons.
    """
    if not marginals:
        raise BoundcheckError("no marginals were given; the network needs at least one output")
    for name, value, least in (("k", k, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
            raise BoundcheckError(f"{name} = {value}; it must be an integer >= {least}")
    for name, found in (
        ("dimensions", sorted({m.dimension for m in marginals})),
        ("variances", sorted({m.variance for m in marginals})),
    ):
        if len(found) > 1:
            values = ", ".join(map(str, found))
            raise BoundcheckError(
                f"the marginals have the {name} {values}; they must agree to share a layer"
            )
    for m in marginals:
        m.check()
    if cells:
        _check_size(marginals[0].dimension, int(k), len(marginals))


def _check_size(d: int, k: int, outputs: int) -> None:
    if neuron_limit(d, k, outputs) <= LARGEST:
        return
    low, high = 0, k  # k = 0 counts as possible
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if neuron_limit(d, middle, outputs) <= LARGEST else (low, middle)
    most = f"k <= {low}" if low else "fewer dimensions or marginals"
    raise BoundcheckError(
        f"k = {_shown(k)} may need {_shown(neuron_limit(d, k, outputs))} neurons in dimension {d}, "
        f"more than the {LARGEST} that are allowed; take {most}"
    )


def pieces_of_rule(marginals: Sequence[Marginal], R: fmpq, k: int) -> tuple[int, int]:
    """Into how many pieces Gauss's rule cuts the sides of a cell and its height.

    The profile's argument (b - v·u)/(σ|v|_2) has slopes of about (|u|_∞ + R)/σ in v and 1/σ
    in b. It moves by about 2 along a piece's side, and by at most 1/2 along its height, which
    resolves the kinks of |ν|.

    Raises:
        BoundcheckError: too many evaluations.
    """
    d, atoms = marginals[0].dimension, sum(len(m.points) for m in marginals)
    sigma = math.sqrt(nearest(marginals[0].variance))
    reach = nearest(R) + max(
        abs(float(ball(c, 64))) for m in marginals for u in m.points for c in u
    )
    moves = (
        reach / k if d > 1 else 0.0,
        2 * nearest(R) * d / k,
    )  # 2/k · reach over 2, and Rd/k over 1/2
    if max(moves) < sigma * EVALUATIONS:
        across, up = (max(1, math.ceil(move / sigma)) for move in moves)
        across += across % 2 if k % 2 else 0  # |v_i| has its kink between two pieces
        points = points_of_rule(d - 1, (across, up))
        if points <= POINTS and 2 * d * k**d * points * atoms <= EVALUATIONS:
            return across, up
    raise BoundcheckError(
        f"R = {_shown(R)}, k = {k}, variance {_shown(marginals[0].variance)} and {atoms} atoms "
        f"in dimension {d} need more than {EVALUATIONS} evaluations of a Gaussian's density, "
        f"or more than {POINTS} in a cell; take a larger sigma, a smaller box, nearer atoms or "
        "fewer dimensions"
    )


def _shown(value: fmpq | int) -> str:
    """The number, or about that where it is long."""
    text = str(value)
    return text if len(text) <= _LONG else f"about {decimal_text(fmpq(value), 3, up=True)}"
