"""Which choices to make: use a hypothesis, and look for a proof that p >= 0.

No choice made here can make a proof wrong: `exact.cells.guide` carries them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations, product
from typing import Any

from boundcheck.exact.algebra.rational_function import Poly, coefficients, degree
from boundcheck.exact.cells import moves
from boundcheck.exact.cells.cell import FREE, NONNEG, Cell, Move, support
from boundcheck.exact.cells.guide import (
    Tree,
    Use,
    completed_square,
    entries_of,
    known_signs,
    simpler,
    splits,
    step,
    visible,
)
from boundcheck.exact.terms.work import spend

_MAX_EASIER = 3
_MAX_SEARCHED = 400

Solver = Callable[[Cell, Poly, bool, int], "list[Move] | None"]


class Strategy:
    """The guide of the search."""

    def use(self, cell: Cell, p: Poly, strict: bool, cuts: int) -> Use:
        linear = [i for i in range(len(cell.signs)) if degree(p, i) == 1]
        solve = _solution(
            cell, p, strict, linear, {"free": moves.solve_free, "slack": moves.solve_slack}
        )
        if solve is None and cuts > 0 and not cell.nonneg(p):
            found: Use | None = _cancel(cell, p) if {sum(e) for e in p.monoms()} == {1} else None
            # a factor that may be zero: b f - u >= 0 can be solved for f where b > 0
            found = found or _separate(cell, p)
            if found is not None:
                return found
        return solve or _solution(cell, p, strict, linear, {"range": moves.solve_range}) or "known"

    def tree(self, cell: Cell, p: Poly, strict: bool, depth: int) -> Tree | None:
        spend(5)
        if visible(cell, p, strict):
            return "+"
        if cell.positive(-p):
            return None
        p = simpler(cell, p, strict)
        if visible(cell, p, strict):
            return "+"
        if depth == 0 or len(p) > _MAX_SEARCHED or _dips(cell, p):
            return None
        for node, rest in chain(_complete_squares(cell, p), _subtract_facts(cell, p)):
            child = self.tree(cell, rest, strict, depth // 2)
            if child is not None:
                return [*node, child]
        cut = _cut(cell, p)
        if cut is None:
            return None
        node, chosen = cut
        parts = []
        for new, q in step(cell, chosen, p):
            part = self.tree(new, q, strict, depth - 1)
            if part is None:
                return None
            parts.append(part)
        return [*node, parts]


def _solution(
    cell: Cell, p: Poly, strict: bool, linear: Sequence[int], ways: dict[str, Solver]
) -> Use | None:
    for kind, solve in ways.items():
        options = [(i, found) for i in linear if (found := solve(cell, p, strict, i)) is not None]
        if options:  # the simplest denominator keeps degrees low
            i, _ = min(
                options, key=lambda o: (not o[1][0].den.is_constant(), len(o[1][0].den), -o[0])
            )
            return [kind, i]
    return None


def _cancel(cell: Cell, p: Poly) -> Use | None:
    """For a linear form: order a positive and a negative term, so that in each
    half one of them is gone."""
    terms = [(next(iter(support(e))), v) for e, v in p.terms()]
    above, below = [t for t in terms if t[1] > 0], [t for t in terms if t[1] < 0]
    for (i, a), (j, b) in product(above, below):
        if moves.split_order(cell, i, j, -b / a) is not None:
            return ["order", i, j, str(-b / a)]
    return None


def _separate(cell: Cell, p: Poly) -> Use | None:
    """Split at zero a coordinate that is the coefficient of another one, in which `p` is linear."""
    for i in range(len(cell.signs)):
        if degree(p, i) == 1:
            a = coefficients(p, i)[1]
            if len(a) == 1 and a.total_degree() == 1:
                (k,) = support(a.monoms()[0])
                if cell.signs[k] == NONNEG:
                    return ["zero", k]
    return None


def _cut(cell: Cell, p: Poly) -> tuple[list[Any], list[Move]] | None:
    """The split after which fewest negative terms of `p` remain in the worse
    half, as a node and as moves."""
    inside = [i for i in range(len(cell.signs)) if degree(p, i)]
    free = next((i for i in inside if cell.signs[i] == FREE), None)
    if free is not None:
        chosen = splits(cell, "sign", free)
        return None if chosen is None else (["sign", free], chosen)
    nodes: list[list[Any]] = [["order", i, j] for i, j in combinations(inside, 2)]
    # comparing with 1 only makes sense where scale matters
    if len({sum(e) for e in p.monoms()}) > 1:
        nodes += [["one", i] for i in inside]
    options = [(node, found) for node in nodes if (found := splits(cell, *node)) is not None]
    scored = [(_badness(found, p), k) for k, (_, found) in enumerate(options)]
    return options[min(scored)[1]] if scored else None


def _badness(chosen: list[Move], p: Poly) -> tuple[float, float]:
    """How mixed the signs of the coefficients are in the worse half, and in both."""
    mixed = []
    for m in chosen:
        spend(5 + 2 * len(p))
        values = [
            float(v.p) / float(v.q) if v.height_bits() < 900 else 1.0 for v in m.pull(p).coeffs()
        ]
        below, total = -sum(v for v in values if v < 0), sum(map(abs, values)) or 1.0
        mixed.append(min(below, total - below) / total)
    return max(mixed), sum(mixed)


def _complete_squares(cell: Cell, p: Poly) -> Iterator[tuple[list[Any], Poly]]:
    for i in range(len(cell.signs)):
        smaller = completed_square(cell, p, i)
        if smaller is not None:
            yield ["square", i], smaller


def _subtract_facts(cell: Cell, p: Poly) -> list[tuple[list[Any], Poly]]:
    """A few `p - m f` with `f` known to be >= 0 and `m >= 0` that have fewer
    negative terms than `p`."""
    below = [(e, v) for e, v in p.terms() if v < 0]
    found: list[tuple[int, list[Any], Poly]] = []
    for k, f in enumerate(known_signs(cell)):
        multipliers = _quotients(p, f)
        several = len(multipliers)
        for (e, v), (d, w) in product(below[:_MAX_EASIER], f.terms()):
            ratio = tuple(i - j for i, j in zip(e, d, strict=True))
            if w < 0 and min(ratio) >= 0:
                multipliers.append(p.context().from_dict({ratio: v / w}))
        for n, m in enumerate(multipliers):
            if cell.nonneg_terms(m):
                spend(5 + len(p) + 0.05 * len(m) * len(f))
                rest = p - m * f
                count = sum(c < 0 for c in rest.coeffs())
                if count < len(below) + (n < several) and all(rest != r for _, _, r in found):
                    found.append((count, ["minus", k, entries_of(m)], rest))
    return [(node, rest) for _, node, rest in sorted(found, key=lambda item: item[0])[:_MAX_EASIER]]


def _quotients(p: Poly, f: Poly) -> list[Poly]:
    """What p is divided by f, as far as the positive terms of f are concerned, one
    after the other."""
    spend(5 + len(p) * len(f))
    found: list[Poly] = []
    for d, w in [t for t in f.terms() if t[1] > 0][:_MAX_EASIER]:
        parts = {
            tuple(i - j for i, j in zip(e, d, strict=True)): v / w
            for e, v in p.terms()
            if all(i >= j for i, j in zip(e, d, strict=True))
        }
        if parts and (m := p.context().from_dict(parts)) not in found:
            found.append(m)
    return found


def _dips(cell: Cell, p: Poly) -> bool:
    """Whether `p` is negative at a vertex of the cell, so that looking for a proof is idle."""
    n = len(cell.signs)
    rest = [0] * (len(cell.generators) - n)
    spend(2 * n * (5 + len(p) + sum(map(len, (*cell.groups, *cell.facts)))) / 4)
    for i in range(-1, n):
        at = [1 if s == "> 0" else 0 for s in cell.signs]
        for value in (1, 1000):
            if i >= 0:
                at[i] = value
            inside = all(g(*at, *rest) > 0 for g in cell.groups) and all(
                f(*at, *rest) >= 0 for f in cell.facts
            )
            if inside and p(*at, *rest) < 0:
                return True
    return False
