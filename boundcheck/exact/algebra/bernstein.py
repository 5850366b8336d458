"""The Bernstein form of a polynomial on a box: exact, in integers.

On [0, 1]**n a polynomial of degree d_i in variable i is Σ b_I B_I with B_I = ∏ C(d_i, I_i) t_i**I_i
(1-t_i)**(d_i-I_i). All B_I are >= 0 and they add up to 1, so p >= min b_I; where I only has
entries 0 and d_i, b_I is p at a corner. Halving the box in one variable takes the coefficients
b_0 ... b_d along its axis to

    2**-k Σ_j C(k, j) b_j  (k = 0 ... d)     and to
    2**-(d-k) Σ_j C(d-k, j) b_{k+j}     (de Casteljau).

Only signs matter, so a positive factor is cleared: everything is an integer.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, prod

import numpy as np
from flint import fmpq, fmpz

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.rational_function import Poly
from boundcheck.exact.terms.work import spend

MAX_COEFFICIENTS = 6_000
MAX_HALVINGS = 30
"""Of a box, along each variable on average: the integers grow with each."""


def bernstein(p: Poly, ends: Sequence[tuple[fmpq, fmpq]]) -> np.ndarray:
    """The coefficients of p on the box with these ends, times a positive integer.

    Raises:
        Unsupported: there are too many of them.
    """
    degrees = [0] * len(ends) if p.is_zero() else [int(d) for d in p.degrees()]
    if prod(d + 1 for d in degrees) > MAX_COEFFICIENTS:
        raise Unsupported("the polynomial has too many Bernstein coefficients")
    spend(
        prod(d + 1 for d in degrees) * sum(0.4 * (d + 1) for d in degrees)
        + sum(0.3 * (d + 1) ** 3 for d in degrees)
    )
    table = np.full([d + 1 for d in degrees], fmpq(0), dtype=object)
    for exponents, c in p.terms():
        table[tuple(int(e) for e in exponents)] = fmpq(c)
    for axis, ((a, b), d) in enumerate(zip(ends, degrees, strict=True)):
        table = along(_monomials_to_bernstein(a, b - a, d), table, axis)
    scale = fmpz(1)
    for value in table.flat:
        scale = scale.lcm(value.q)
    integers = np.empty(table.shape, dtype=object)
    for index, value in np.ndenumerate(table):
        integers[index] = int(value.p * (scale // value.q))
    return integers


def along(matrix: np.ndarray, table: np.ndarray, axis: int) -> np.ndarray:
    """The matrix applied to every line of the table in the direction of an axis."""
    return np.moveaxis(np.tensordot(matrix, table, axes=(1, axis)), 0, axis)


def _monomials_to_bernstein(a: fmpq, width: fmpq, d: int) -> np.ndarray:
    """x**i = (a + width t)**i = Σ_m C(i, m) a**(i-m) width**m t**m, and t**m = Σ_{k >= m}
    C(k, m)/C(d, m) B_k."""
    matrix = np.full((d + 1, d + 1), fmpq(0), dtype=object)
    for k in range(d + 1):
        for i in range(d + 1):
            matrix[k, i] = sum(
                (
                    fmpq(comb(k, m), comb(d, m)) * comb(i, m) * a ** (i - m) * width**m
                    for m in range(min(k, i) + 1)
                ),
                fmpq(0),
            )
    return matrix


def halves(table: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """The coefficients on the two halves, times 2**d."""
    d = table.shape[axis] - 1
    bits = max(int(v).bit_length() for v in table.flat)
    spend(20 + 0.3 * (d + 1) ** 2 + 0.1 * table.size * ((d + 1) * (1 + bits / 2000) + 1))
    low = np.full((d + 1, d + 1), 0, dtype=object)
    for k in range(d + 1):
        for j in range(k + 1):
            low[k, j] = comb(k, j) << (d - k)
    return along(low, table, axis), along(low[::-1, ::-1], table, axis)


def holds(table: np.ndarray, strict: bool) -> bool:
    """Whether the coefficients show p >= 0 (p > 0) on the closed box."""
    low = table.min()
    return bool(low > 0 or (low == 0 and not strict))


def corner(table: np.ndarray) -> int:
    """The least value of p at a corner, times a positive number."""
    ends = np.ix_(*([0, -1] for _ in table.shape))
    return int(table[ends].min())


def widest(table: np.ndarray) -> int:
    """The axis along which neighbouring coefficients differ most."""
    steps = [abs(np.diff(table, axis=k)).max() if d > 1 else -1 for k, d in enumerate(table.shape)]
    return max(range(len(steps)), key=lambda k: steps[k])
