"""Non-negative solutions of linear equations: doubles guess which unknowns are used, and exact
elimination finds their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from flint import fmpq, fmpq_mat

from boundcheck.enclosure.arrays.shaped import Bool, Float64
from boundcheck.exact.terms.work import spend

Column: TypeAlias = Mapping[int, fmpq]
"""The entries that are not zero, by their rows."""

_PIVOTS = 400
_SMALL = 1e-9
_RIGHT = 1e-7


def combination(
    columns: Sequence[Column], right: Column, rows: int, wanted: Sequence[bool]
) -> dict[int, fmpq] | None:
    """Numbers >= 0 for some columns, whose combination is the right side; None where none is found.

    Args:
        wanted: columns of which one has to be used; none is where all are False.
    """
    used = _basis(columns, right, rows, np.array(wanted, dtype=bool))
    found = None if used is None else _exact(columns, right, rows, used)
    if found is None or (any(wanted) and not any(wanted[k] for k in found)):
        return None
    return found


def _basis(
    columns: Sequence[Column], right: Column, rows: int, wanted: Bool[np.ndarray, " columns"]
) -> list[int] | None:
    """The columns of a feasible basis, by the simplex method with a column of its own for each
    row."""
    n = len(columns)
    spend(20 + sum(map(len, columns)) + 0.01 * rows * (n + rows))
    table = np.zeros((rows + 2, n + rows + 1))
    for j, column in enumerate(columns):
        for i, v in column.items():
            table[i, j] = float(v)
    for i, v in right.items():
        table[i, -1] = float(v)
    table[:rows] *= np.where(table[:rows, -1:] < 0, -1.0, 1.0)
    scale = np.abs(table[:rows]).max(axis=1, initial=0)
    table[:rows] /= np.where(scale > 0, scale, 1.0)[:, None]
    table[:rows, n : n + rows] = np.eye(rows)
    # the last two rows: what is to be made larger, less what the basis makes of it
    table[rows, :n] = table[:rows, :n].sum(axis=0)
    table[rows, -1] = table[:rows, -1].sum()
    table[rows + 1, :n] = wanted
    basis = list(range(n, n + rows))
    for goal in (rows, rows + 1):
        for _ in range(_PIVOTS):
            if goal == rows + 1 and any(b < n and wanted[b] for b in _positive(table, basis, rows)):
                break
            spend(30 + 0.003 * table.size)
            enter = np.flatnonzero(table[goal, :n] > _SMALL)
            if not enter.size:
                break
            j = int(enter[np.argmax(table[goal, enter])])
            leave = np.flatnonzero(table[:rows, j] > _SMALL)
            if not leave.size:
                break
            ratios = table[leave, -1] / table[leave, j]
            ties = leave[ratios <= ratios.min() + _SMALL]
            i = int(max(ties, key=lambda t: (basis[t] >= n, table[t, j])))
            table[i] /= table[i, j]
            others = table[:, j].copy()
            others[i] = 0.0
            table -= others[:, None] * table[i]
            basis[i] = j
        size = max(1.0, np.abs(table[:rows, -1]).max(initial=0))
        if goal == rows and table[rows, -1] > _RIGHT * size:
            return None
    return sorted(b for b in _positive(table, basis, rows) if b < n)


def _positive(table: Float64[np.ndarray, "_ _"], basis: list[int], rows: int) -> list[int]:
    return [b for b, v in zip(basis, table[:rows, -1], strict=True) if v > _SMALL]


def _exact(
    columns: Sequence[Column], right: Column, rows: int, used: list[int]
) -> dict[int, fmpq] | None:
    """The numbers with which these columns make the right side."""
    touched = sorted(set(right).union(*(columns[k] for k in used)))
    place = {row: i for i, row in enumerate(touched)}
    table = [[fmpq(0)] * (len(used) + 1) for _ in touched]
    for j, k in enumerate(used):
        for row, v in columns[k].items():
            table[place[row]][j] = v
    for row, v in right.items():
        table[place[row]][-1] = v
    spend(20 + 0.3 * len(touched) * (len(used) + 1) ** 2)
    if not touched:
        return {}
    reduced, rank = fmpq_mat(len(touched), len(used) + 1, [v for r in table for v in r]).rref()
    found: dict[int, fmpq] = {}
    for i in range(rank):
        lead = next(j for j in range(len(used) + 1) if reduced[i, j] != 0)
        if lead == len(used):
            return None
        found[used[lead]] = reduced[i, len(used)]
    return {k: v for k, v in found.items() if v} if all(v >= 0 for v in found.values()) else None
