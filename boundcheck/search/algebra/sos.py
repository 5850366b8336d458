"""The search for sums of squares: a Gram matrix by an interior-point method,
rounded to exact rationals.

p = Σ_b w_b z_bᵀ Q_b z_b, where z_b are polynomials and Q_b symmetric matrices, is a linear system
for the entries of the Q_b, solved exactly: Q = Q_0 + Σ y_k N_k. Doubles look for y with Q > t on
the path to the largest t (`barrier`). If t > 0 there, a rational y near it will do, and Q = L D Lᵀ
exactly gives the squares. If the largest t is 0 (p has real zeros, say), the kernel of Q is guessed
as a rational subspace, z is replaced by the combinations that are orthogonal to it, and again.
Nothing here is trusted: the checker expands the squares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
from flint import fmpq

from boundcheck.enclosure.arrays.shaped import Float64
from boundcheck.exact.algebra.rational_function import Poly
from boundcheck.exact.terms.work import spend
from boundcheck.search.algebra.barrier import Form, interior

MAX_BASIS = 60
_MAX_ENTRIES = 1400
_MAX_DIRECTIONS = 420
_SIZES = (1, 2, 6, 24, 360, 10**4, 10**6, 10**9)


@dataclass
class Block:
    """A weight and the polynomials whose combinations are squared; `free` means
    that no square is needed."""

    weight: Poly
    basis: list[Poly]
    which: tuple[int, ...] = ()
    free: bool = False


Square = tuple[fmpq, Poly, Block]
Reduce = Callable[[Poly], Poly]
Powers = tuple[int, ...]
Place = tuple[int, int, int]
"""A block, a row and a column."""


def squares_sum(p: Poly, blocks: list[Block], reduce: Reduce = lambda q: q) -> list[Square]:
    """c, q and a block for each square, with p = Σ c weight q**2 (c weight q for a free
    block); empty if none is found.

    Args:
        reduce: the canonical form of a polynomial, where the generators are not independent.
    """
    for _ in range(4):
        blocks = [b for b in blocks if b.basis]
        system = _system(p, blocks, reduce)
        if system is None:
            return []
        sizes = [0 if b.free else len(b.basis) for b in blocks]
        y, t, forms = interior(*system.doubles(sizes))
        if t > 0:
            return _rounded(system, blocks, y)
        if t < -1e-5:
            return []
        smaller = [_face(b, f) if not b.free else b for b, f in zip(blocks, forms, strict=True)]
        if all(len(s.basis) == len(b.basis) for s, b in zip(smaller, blocks, strict=True)):
            return []
        blocks = smaller
    return []


# -- the linear system -----------------------------------------------------------------------------


@dataclass
class _System:
    """Entries of all blocks as an affine function of y: constant + Σ y_k directions[k]."""

    places: list[Place]
    constant: list[fmpq]
    directions: list[dict[int, fmpq]]

    def at(self, y: Sequence[fmpq]) -> list[fmpq]:
        values = list(self.constant)
        for v, d in zip(y, self.directions, strict=True):
            for place, c in d.items():
                values[place] += v * c
        return values

    def doubles(self, sizes: list[int]) -> tuple[list[Form], list[list[Form]]]:
        """The constant and the directions as matrices, one for each block."""

        def matrices(values: dict[int, fmpq]) -> list[Form]:
            made = [np.zeros((s, s)) for s in sizes]
            for k, v in values.items():
                b, i, j = self.places[k]
                if sizes[b]:
                    made[b][i, j] = made[b][j, i] = int(v.p) / int(v.q)
            return made

        return matrices(dict(enumerate(self.constant))), [matrices(d) for d in self.directions]


def _system(p: Poly, blocks: list[Block], reduce: Reduce) -> _System | None:
    places = [
        (b, i, j)
        for b, block in enumerate(blocks)
        for i in range(len(block.basis))
        for j in (range(i, len(block.basis)) if not block.free else [i])
    ]
    if len(places) > _MAX_ENTRIES:
        return None
    rows: dict[Powers, dict[int, fmpq]] = {}
    for k, (b, i, j) in enumerate(places):
        block = blocks[b]
        q = block.weight * block.basis[i]
        q = q if block.free else q * block.basis[j] * (1 if i == j else 2)
        for e, c in reduce(q).terms():
            rows.setdefault(tuple(e), {})[k] = c
    right = {tuple(e): fmpq(c) for e, c in p.terms()}
    if not right.keys() <= rows.keys():
        return None
    return _solved(rows, right, places)


def _solved(
    rows: dict[Powers, dict[int, fmpq]], right: dict[Powers, fmpq], places: list[Place]
) -> _System | None:
    """Exact elimination; equations with few unknowns first, so that it stays sparse."""
    n = len(places)
    spend(20 * n)
    pivots: dict[int, dict[int, fmpq]] = {}
    for e, row in sorted(rows.items(), key=lambda item: len(item[1])):
        row = {**row, n: right.get(e, fmpq(0))}
        spend(2 + 0.1 * len(row) + 0.1 * len(pivots))
        while True:
            k = next((k for k in row if k in pivots), None)
            if k is None:
                break
            factor = row[k]
            spend(1.5 * len(pivots[k]))
            for m, c in pivots[k].items():
                row[m] = row.get(m, fmpq(0)) - factor * c
                if row[m] == 0 and m != n:
                    del row[m]
        unknown = [k for k in row if k != n]
        if not unknown:
            if row[n] != 0:
                return None
            continue
        lead = min(unknown, key=lambda k: (places[k][1] == places[k][2], k))
        scale = row[lead]
        new = {m: c / scale for m, c in row.items()}
        for old in pivots.values():
            if lead in old:
                spend(1.5 * len(new))
                factor = old[lead]
                for m, c in new.items():
                    old[m] = old.get(m, fmpq(0)) - factor * c
                    if old[m] == 0 and m != n:
                        del old[m]
        pivots[lead] = new
    constant = [fmpq(0)] * n
    directions: dict[int, dict[int, fmpq]] = {k: {k: fmpq(1)} for k in range(n) if k not in pivots}
    if len(directions) > _MAX_DIRECTIONS:
        return None
    for lead, row in pivots.items():
        constant[lead] = row.get(n, fmpq(0))
        for k, c in row.items():
            if k not in (n, lead):
                directions[k][lead] = -c
    return _System(places, constant, list(directions.values()))


# -- exact again -----------------------------------------------------------------------------------


def _rounded(
    system: _System, blocks: list[Block], y: Float64[np.ndarray, " directions"]
) -> list[Square]:
    for size in _SIZES:
        spend(3 * sum(map(len, system.directions)))
        values = system.at([_near(v, size) for v in y])
        squares = _decomposed(system, blocks, values)
        if squares is not None:
            return squares
    return []


def _near(v: float, size: int) -> fmpq:
    f = Fraction(v).limit_denominator(size)
    return fmpq(f.numerator, f.denominator)


def _decomposed(system: _System, blocks: list[Block], values: list[fmpq]) -> list[Square] | None:
    tables = [[[fmpq(0)] * len(b.basis) for _ in b.basis] for b in blocks]
    found: list[Square] = []
    for (b, i, j), v in zip(system.places, values, strict=True):
        if blocks[b].free:
            if v != 0:
                found.append((v, blocks[b].basis[i], blocks[b]))
        else:
            tables[b][i][j] = tables[b][j][i] = v
    for block, table in zip(blocks, tables, strict=True):
        if not block.free:
            part = ldl(table)
            if part is None:
                return None
            for d, row in part:
                q = block.weight * 0
                for c, z in zip(row, block.basis, strict=True):
                    q = q + c * z
                found.append((d, q, block))
    return found


def ldl(table: list[list[fmpq]]) -> list[tuple[fmpq, list[fmpq]]] | None:
    """d >= 0 and rows l with Q = Σ d l lᵀ, or None where Q is not positive semidefinite. Exact."""
    n, rest, found = len(table), [list(r) for r in table], []
    spend(5 + 0.5 * n**3)
    for k in range(n):
        d = rest[k][k]
        if d < 0 or (d == 0 and any(v != 0 for v in rest[k])):
            return None
        if d == 0:
            continue
        row = [v / d for v in rest[k]]
        found.append((d, row))
        for i in range(k, n):
            if row[i] != 0:
                scaled = d * row[i]
                for j in range(k, n):
                    rest[i][j] -= scaled * row[j]
    return found


def _face(block: Block, q: Float64[np.ndarray, "size size"]) -> Block:
    """The combinations of the basis that are orthogonal to the kernel of Q, guessed to
    be rational."""
    values, vectors = np.linalg.eigh(q)
    top = max(values[-1], 1e-12)
    small = [k for k, v in enumerate(values) if v < 1e-4 * top]
    # the widest gap between eigenvalues, among those that are small
    if not small or values[small[0]] > 1e-5 * top:
        return block
    logs = np.log(np.maximum(values, 1e-13 * top))
    cut = max(small, key=lambda k: logs[min(k + 1, len(values) - 1)] - logs[k])
    kernel = _echelon(vectors[:, : cut + 1].T)
    if kernel is None:
        return block
    rows, pivots = kernel
    basis = []
    for j, z in enumerate(block.basis):
        if j not in pivots:
            for row, at in zip(rows, pivots, strict=True):
                z = z - row[j] * block.basis[at]
            basis.append(z)
    return Block(block.weight, basis, block.which)


def _echelon(
    space: Float64[np.ndarray, "dimension size"],
) -> tuple[list[list[fmpq]], list[int]] | None:
    """A basis [.. 1 .. r ..] of the space with rational entries, and the columns of the ones."""
    rows = space.copy()
    pivots: list[int] = []
    for k in range(len(rows)):
        weights = abs(rows[k:]).max(axis=0)
        weights[pivots] = 0
        column = int(np.argmax(weights > 0.3 * weights.max()))
        best = k + int(np.argmax(abs(rows[k:, column])))
        rows[[k, best]] = rows[[best, k]]
        rows[k] /= rows[k, column]
        for i in range(len(rows)):
            if i != k:
                rows[i] -= rows[i, column] * rows[k]
        pivots.append(column)
    found = []
    for row in rows:
        exact = [_simple(float(v)) for v in row]
        if any(v is None for v in exact):
            return None
        found.append([v for v in exact if v is not None])
    return found, pivots


def _simple(v: float) -> fmpq | None:
    for size in (1, 2, 6, 24, 120, 1000):
        f = Fraction(v).limit_denominator(size)
        if abs(float(f) - v) < 3e-4 / size:
            return fmpq(f.numerator, f.denominator)
    return None


# -- which squares ---------------------------------------------------------------------------------


def monomials(p: Poly, half: int | None = None) -> list[Poly]:
    """The monomials that the squares of a sum p = Σ q**2 can have: half the
    Newton polytope, roughly."""
    context = p.context()
    support = {tuple(int(k) for k in e) for e in p.monoms()}
    n = len(next(iter(support)))
    top = [max(e[i] for e in support) // 2 for i in range(n)]
    least = [-(-min(e[i] for e in support) // 2) for i in range(n)]
    degrees = [sum(e) for e in support]
    low, high = -(-min(degrees) // 2), max(degrees) // 2
    if np.prod([t - s + 1.0 for s, t in zip(least, top, strict=True)]) > 20_000:
        return []
    all_ = product(*(range(s, t + 1) for s, t in zip(least, top, strict=True)))
    found = {e for e in all_ if low <= sum(e) <= high and _between(e, support)}
    while True:  # z**2 has to be in p, or to cancel against products of two others
        sums = {
            tuple(a + b for a, b in zip(e, f, strict=True)) for e in found for f in found if e != f
        }
        kept = {
            e for e in found if (double := tuple(2 * k for k in e)) in support or double in sums
        }
        if kept == found:
            break
        found = kept
    ordered = sorted(found, key=lambda e: (-sum(e), e))
    return [context.from_dict({e: fmpq(1)}) for e in ordered]


def _between(e: tuple[int, ...], support: set[tuple[int, ...]]) -> bool:
    """Whether 2e is within the bounds of the support in a few directions."""
    n = len(e)
    for i in range(n):
        for j in range(n):
            for a, b in ((1, 1), (1, -1), (2, 1), (2, -1)):
                if i != j:
                    values = [a * s[i] + b * s[j] for s in support]
                    if not min(values) <= 2 * (a * e[i] + b * e[j]) <= max(values):
                        return False
    return True


def by_parity(p: Poly, basis: list[Poly]) -> list[list[Poly]]:
    """The basis in parts: a change of signs of variables that keeps p never
    needs products of two parts."""
    n = p.context().nvars()
    space: list[int] = []
    for e in p.monoms():
        v = sum((int(k) % 2) << i for i, k in enumerate(e))
        for s in space:
            v = min(v, v ^ s)
        if v:
            space = [min(s, s ^ v) for s in space] + [v]
    parts: dict[int, list[Poly]] = {}
    for z in basis:
        (e,) = z.monoms()
        v = sum((int(e[i]) % 2) << i for i in range(n))
        for s in sorted(space, reverse=True):
            v = min(v, v ^ s)
        parts.setdefault(v, []).append(z)
    return list(parts.values())
