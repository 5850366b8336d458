"""The sound moves: changes of coordinates that cover a cell, or what a hypothesis leaves of it.

Each function returns the moves of one step (all of them together cover the set in question), or
None where its condition, which it checks itself, does not hold. Strategy lives elsewhere: no
choice among these can make a proof wrong.
"""

from __future__ import annotations

from flint import fmpq

from boundcheck.exact.algebra.rational_function import Poly, coefficients, degree
from boundcheck.exact.cells.cell import FREE, NONNEG, POSITIVE, Cell, Move


def split_sign(cell: Cell, i: int) -> list[Move] | None:
    """A free coordinate is >= 0 or <= 0."""
    if cell.signs[i] != FREE:
        return None
    u, one = cell.generators[i], cell.context.constant(1)
    return [Move(i, u, one, NONNEG), Move(i, -u, one, NONNEG)]


def split_order(cell: Cell, i: int, j: int, ratio: fmpq | int = 1) -> list[Move] | None:
    """Of two coordinates that are not negative, u_i = ratio u_j + new or
    u_j = u_i/ratio + new; ratio > 0."""
    if i == j or FREE in (cell.signs[i], cell.signs[j]) or ratio <= 0:
        return None
    u, v, one = cell.generators[i], cell.generators[j], cell.context.constant(1)
    return [Move(i, u + ratio * v, one, NONNEG), Move(j, v + u / ratio, one, NONNEG)]


def split_at_one(cell: Cell, i: int) -> list[Move] | None:
    """A coordinate that is not negative is 1 + new, or w/(w + v) with w, v >= 0 not both zero."""
    if cell.signs[i] == FREE or cell.spare is None:
        return None
    u, v, one = cell.generators[i], cell.generators[cell.spare], cell.context.constant(1)
    return [Move(i, u + one, one, NONNEG), Move(i, u, u + v, NONNEG, partner=NONNEG)]


def split_zero(cell: Cell, i: int) -> list[Move] | None:
    """A coordinate that is not negative is zero or positive."""
    if cell.signs[i] != NONNEG:
        return None
    u, one = cell.generators[i], cell.context.constant(1)
    return [*vanish(cell, i), Move(i, u, one, POSITIVE)]


def vanish(cell: Cell, i: int) -> list[Move]:
    """The part of the cell where coordinate `i` is zero."""
    return [Move(i, cell.context.constant(0), cell.context.constant(1), NONNEG)]


def solve_free(cell: Cell, p: Poly, strict: bool, i: int) -> list[Move] | None:
    """`p = a x + g >= 0` with x free and a of one sign: x = (u - g)/a, u = p the new coordinate."""
    if cell.signs[i] != FREE or degree(p, i) != 1:
        return None
    g, a = coefficients(p, i)
    num, sign = cell.generators[i] - g, POSITIVE if strict else NONNEG
    if cell.positive(a):
        return [Move(i, num, a, sign)]
    return [Move(i, -num, -a, sign)] if cell.positive(-a) else None


def solve_slack(cell: Cell, p: Poly, strict: bool, i: int) -> list[Move] | None:
    """`p = a u - N >= 0` with u, N >= 0 and a > 0: u = (w + N)/a, w = p the new coordinate."""
    if cell.signs[i] == FREE or degree(p, i) != 1:
        return None
    minus_n, a = coefficients(p, i)
    if not (cell.positive(a) and cell.nonneg(-minus_n)):
        return None
    return [Move(i, cell.generators[i] - minus_n, a, POSITIVE if strict else NONNEG)]


def solve_range(cell: Cell, p: Poly, strict: bool, i: int) -> list[Move] | None:
    """`p = P - a u >= 0` with u, P >= 0 and a > 0: u = P w/(a (w + v)), w, v >= 0 not both zero."""
    if cell.signs[i] == FREE or degree(p, i) != 1 or cell.spare is None:
        return None
    top, minus_a = coefficients(p, i)
    if not (cell.positive(-minus_a) and cell.nonneg(top)):
        return None
    w, v = cell.generators[i], cell.generators[cell.spare]
    return [Move(i, top * w, -minus_a * (w + v), NONNEG, partner=POSITIVE if strict else NONNEG)]
