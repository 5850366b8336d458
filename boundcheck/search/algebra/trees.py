"""The search for the trees of the rules `signs` and `bernstein`."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from flint import fmpq

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.bernstein import (
    MAX_HALVINGS,
    bernstein,
    corner,
    halves,
    holds,
    widest,
)
from boundcheck.exact.algebra.rational_function import Poly
from boundcheck.exact.cells.cell import FREE, POSITIVE
from boundcheck.exact.cells.orthant import Misfit, Orthant, invariant
from boundcheck.exact.terms.work import spend

_MAX_TERMS = 800
_MAX_DEPTH = 12
_MAX_LEAVES = 1500


@dataclass
class Ordering:
    """Symmetry first; then, while there are nodes left, the split after which
    the signs are least mixed.

    Attributes:
        leaf: a last resort at a leaf: a proof of a claim.
    """

    nodes: int
    leaf: Callable[[Orthant], Any]

    def tree(self, claim: Orthant, depth: int = 0) -> Any:
        spend(10)
        if claim.visible():
            return "+"
        if depth > _MAX_DEPTH or len(claim.p) > _MAX_TERMS or dips(claim):
            return None
        for where, kind in _symmetries(claim):
            try:
                (part,) = claim.parts({kind: where})
            except Misfit:
                continue
            found = self.tree(part, depth + 1)
            if found is not None:
                return {kind: where, "parts": [found]}
        if depth:
            found = self.leaf(claim)
            if found is not None:
                return found["tree"] if found.get("by") == "signs" else found
        if self.nodes <= 0:
            return None
        best = min(self._splits(claim), key=lambda s: s[0], default=None)
        if best is None:
            return None
        self.nodes -= 1
        _, node, parts = best
        trees = []
        for part in parts:
            found = self.tree(part, depth + 1)
            if found is None:
                return None
            trees.append(found)
        return {**node, "parts": trees}

    def _splits(
        self, claim: Orthant
    ) -> Iterator[tuple[tuple[float, float], dict[str, Any], list[Orthant]]]:
        inside = [k for k, d in enumerate(claim.p.degrees()) if d]
        nodes: list[dict[str, Any]] = [{"order": [i, j]} for i, j in combinations(inside, 2)]
        nodes += [{"sign": i} for i in inside if claim.signs[i] == FREE]
        if len({sum(e) for e in claim.p.monoms()}) > 1:
            nodes += [{"one": i} for i in inside]
        for node in nodes:
            try:
                parts = claim.parts(node)
            except Misfit:
                continue
            mixed = [_mixed(part) for part in parts]
            yield (max(mixed), sum(mixed)), node, parts


def _mixed(claim: Orthant) -> float:
    """The share of what may be negative in the sum of the coefficients."""
    free = [i for i, s in enumerate(claim.signs) if s == FREE]
    below = total = 0.0
    for e, c in claim.p.terms():
        size = abs(int(c.p) / int(c.q)) if c.height_bits() < 900 else 1.0
        total += size
        below += size if c < 0 or any(e[i] % 2 for i in free) else 0.0
    return below / total if total else 0.0


def _symmetries(claim: Orthant) -> Iterator[tuple[list[int], str]]:
    """Coordinates that may be sorted, and those of which the first may be the least."""
    inside = [k for k, d in enumerate(claim.p.degrees()) if d]
    left = list(inside)
    while left:
        first = left[0]
        alike = [
            k
            for k in left
            if k == first
            or (claim.signs[k] == claim.signs[first] and invariant(claim.p, {k: first, first: k}))
        ]
        left = [k for k in left if k not in alike]
        if len(alike) > 1:
            yield alike, "sorted"
    if len({claim.signs[k] for k in inside}) == 1 and len(inside) > 2:
        turned = [*inside[1:], inside[0]]
        if invariant(claim.p, dict(zip(inside, turned, strict=True))):
            yield inside, "least"


def dips(claim: Orthant, count: int = 24) -> bool:
    """Whether p is negative at one of a few points of the set."""
    rng = random.Random(1)
    values = [fmpq(v) for v in ("0", "1", "1", "2", "1/2", "5", "1/7", "30")]
    for _ in range(count):
        point = [rng.choice(values) for _ in claim.signs]
        for k, s in enumerate(claim.signs):
            if s == FREE and rng.random() < 0.5:
                point[k] = -point[k]
            elif s == POSITIVE and point[k] == 0:
                point[k] = fmpq(1)
        value = claim.p(*point)
        if value < 0 or (value == 0 and claim.strict):
            return True
    return False


@dataclass
class Bisection:
    """Halves boxes until all Bernstein coefficients have the right sign."""

    strict: bool

    def tree(self, p: Poly, ends: list[tuple[fmpq, fmpq]]) -> str | None:
        try:
            first = bernstein(p, ends)
        except Unsupported:
            return None
        code: list[str] = []
        todo: list[tuple[np.ndarray, int]] = [(first, 0)]
        while todo:
            table, depth = todo.pop()
            if holds(table, self.strict):
                code.append("b")
                continue
            low = corner(table)
            axis = widest(table)
            if (
                low < 0
                or (low == 0 and self.strict)
                or len(code) > _MAX_LEAVES
                or depth > MAX_HALVINGS * table.ndim
            ):
                return None
            if table.shape[axis] < 2 or axis > 9:
                return None
            code.append(str(axis))
            todo += [(half, depth + 1) for half in reversed(halves(table, axis))]
        return "".join(code)
