"""Which moves to make: use a hypothesis, and look for a proof that p >= 0.

No choice made here can make a proof wrong. `assume` may return more than the hypothesis allows (one
that it cannot use is left out), never less, because it only composes `moves`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, combinations, product

from boundcheck.exact.algebra.rational_function import (
    Poly,
    Ratio,
    coefficients,
    degree,
    factored,
    ring,
)
from boundcheck.exact.cells import moves
from boundcheck.exact.cells.cell import FREE, NONNEG, Cell, Move, support
from boundcheck.exact.terms.work import spend

_SPARE = 12
MAX_CUTS = 6
_MAX_EASIER = 3
_MAX_SEARCHED = 400


Solver = Callable[[Cell, Poly, bool, int], "list[Move] | None"]


def space(names: Sequence[str]) -> Cell:
    """All of R^n, with room for two-sided ranges."""
    context = ring([f"x{k}" for k in range(len(names))] + [f"u{k}" for k in range(_SPARE)])
    one = context.constant(1)
    point = {n: Ratio(context.gen(i), one, reduced=True) for i, n in enumerate(names)}
    return Cell(context, (FREE,) * len(names), (), point)


def step(cell: Cell, chosen: Iterable[Move], p: Poly) -> list[tuple[Cell, Poly]]:
    """The non-empty cells after the moves, each with `p` in its coordinates."""
    return [(new, m.pull(p)) for m in chosen if (new := cell.apply(m)) is not None]


def assume(cell: Cell, p: Poly, strict: bool, cuts: int = MAX_CUTS) -> list[Cell]:
    """Cells that cover the part of `cell` where `p >= 0` (`p > 0` where strict)."""
    if cell.nonneg(p) and not strict:
        return [cell]
    if cell.nonneg(-p):
        return _assume_zero(cell, p, strict)
    p = cell.reduced(p)
    chosen = _solve(cell, p, strict, (moves.solve_free, moves.solve_slack))
    if chosen is None and cuts > 0 and not cell.nonneg(p) and {sum(e) for e in p.monoms()} == {1}:
        chosen = _cancel(cell, p)
        if chosen is not None:
            return [
                part
                for new, q in step(cell, chosen, p)
                for part in assume(new, q, strict, cuts - 1)
            ]
    if chosen is None and cuts > 0 and not cell.nonneg(p):
        chosen = _separate(
            cell, p
        )  # a factor that may be zero: b f - u >= 0 can be solved for f where b > 0
        if chosen is not None:
            return [
                part
                for new, q in step(cell, chosen, p)
                for part in assume(new, q, strict, cuts - 1)
            ]
    chosen = chosen or _solve(cell, p, strict, (moves.solve_range,))
    if chosen is not None:
        return [new for m in chosen if (new := cell.apply(m)) is not None]
    known = cell.knowing([p]) if strict else cell.with_facts([p])
    return [] if known is None else [known]


def _assume_zero(cell: Cell, p: Poly, strict: bool) -> list[Cell]:
    """`p >= 0` where `p <= 0` is visible: nothing, or every term of `p` vanishes."""
    if strict or cell.positive(-p):
        return []
    if not cell.nonneg_terms(-p):  # known as a fact: nothing is known of the single terms
        return [cell.with_facts([p])]
    current: Cell | None = cell
    for exponents in p.monoms():
        alone = [i for i, e in enumerate(exponents) if e]
        if len(alone) == 1 and current is not None:
            current = current.apply(moves.vanish(current, alone[0])[0])
    return [] if current is None else [current]


def _solve(cell: Cell, p: Poly, strict: bool, ways: Sequence[Solver]) -> list[Move] | None:
    linear = [i for i in range(len(cell.signs)) if degree(p, i) == 1]
    for solve in ways:
        options = [(i, found) for i in linear if (found := solve(cell, p, strict, i)) is not None]
        if options:  # the simplest denominator keeps degrees low
            return min(
                options, key=lambda o: (not o[1][0].den.is_constant(), len(o[1][0].den), -o[0])
            )[1]
    return None


def _cancel(cell: Cell, p: Poly) -> list[Move] | None:
    """For a linear form: order a positive and a negative term, so that in each
    half one of them is gone."""
    terms = [(next(iter(support(e))), v) for e, v in p.terms()]
    above, below = [t for t in terms if t[1] > 0], [t for t in terms if t[1] < 0]
    for (i, a), (j, b) in product(above, below):
        chosen = moves.split_order(cell, i, j, -b / a)
        if chosen is not None:
            return chosen
    return None


def _separate(cell: Cell, p: Poly) -> list[Move] | None:
    """Split at zero a coordinate that is the coefficient of another one, in which `p` is linear."""
    for i in range(len(cell.signs)):
        if degree(p, i) == 1:
            a = coefficients(p, i)[1]
            if len(a) == 1 and a.total_degree() == 1:
                (k,) = support(a.monoms()[0])
                if cell.signs[k] == NONNEG:
                    return moves.split_zero(cell, k)
    return None


def _cut(cell: Cell, p: Poly) -> list[Move] | None:
    """The split after which fewest negative terms of `p` remain in the worse half."""
    inside = [i for i in range(len(cell.signs)) if degree(p, i)]
    free = next((i for i in inside if cell.signs[i] == FREE), None)
    if free is not None:
        return moves.split_sign(cell, free)
    options = [moves.split_order(cell, i, j) for i, j in combinations(inside, 2)]
    if (
        len({sum(e) for e in p.monoms()}) > 1
    ):  # comparing with 1 only makes sense where scale matters
        options += [moves.split_at_one(cell, i) for i in inside]
    scored = [(_badness(o, p), k) for k, o in enumerate(options) if o is not None]
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


def prove_sign(cell: Cell, p: Poly, strict: bool, depth: int = 14) -> bool:
    """Whether a tree of moves shows `p >= 0` (`p > 0`) on the cell."""
    spend(5)
    if cell.positive(p) if strict else cell.nonneg(p):
        return True
    if cell.positive(-p):
        return False
    p = _without_squares(cell, cell.reduced(p), strict)
    if cell.positive(p) if strict else cell.nonneg(p):
        return True
    if depth == 0 or len(p) > _MAX_SEARCHED or _dips(cell, p):
        return False
    easier = chain(_complete_squares(cell, p), _subtract_facts(cell, p))
    if any(prove_sign(cell, rest, strict, depth // 2) for rest in easier):
        return True
    chosen = _cut(cell, p)
    if chosen is None:
        return False
    return all(prove_sign(new, q, strict, depth - 1) for new, q in step(cell, chosen, p))


def _without_squares(cell: Cell, p: Poly, strict: bool) -> Poly:
    """For `p >= 0` it is enough that `p` without its even powers is; not so for `p > 0`."""
    if strict or p.is_zero() or len(p) > 400:
        return p
    scale, factors = factored(p, squarefree=True)
    if all(k == 1 for _, k in factors):
        return p
    result = cell.context.constant(scale)
    for f, k in factors:
        spend(1 + 0.05 * len(result) * len(f))
        result *= f ** (k % 2)
    return result


def _complete_squares(cell: Cell, p: Poly) -> Iterator[Poly]:
    """With `p = a u^2 + b u + c` and `a > 0`: 4ap = (2au + b)^2 + (4ac - b^2), so
    `4ac - b^2` >= 0 is enough."""
    for i in range(len(cell.signs)):
        if degree(p, i) == 2:
            c, b, a = coefficients(p, i)
            if cell.positive(a) and not b.is_zero():
                spend(3 + 0.05 * (len(a) * len(c) + len(b) ** 2))
                yield 4 * a * c - b * b


def _subtract_facts(cell: Cell, p: Poly) -> list[Poly]:
    """A few `p - m f` with `f` known to be >= 0 and `m >= 0` that have fewer
    negative terms than `p`."""
    known = cell.facts + tuple(g for g in cell.groups if not cell.nonneg_terms(g))
    below = [(e, v) for e, v in p.terms() if v < 0]
    found: list[tuple[int, Poly]] = []
    for f in known:
        multipliers = _quotients(p, f)
        several = len(multipliers)
        for (e, v), (d, w) in product(below[:_MAX_EASIER], f.terms()):
            ratio = tuple(i - j for i, j in zip(e, d, strict=True))
            if w < 0 and min(ratio) >= 0:
                multipliers.append(p.context().from_dict({ratio: v / w}))
        for k, m in enumerate(multipliers):
            if cell.nonneg_terms(m):
                spend(5 + len(p) + 0.05 * len(m) * len(f))
                rest = p - m * f
                count = sum(c < 0 for c in rest.coeffs())
                if count < len(below) + (k < several) and all(rest != r for _, r in found):
                    found.append((count, rest))
    return [rest for _, rest in sorted(found, key=lambda item: item[0])[:_MAX_EASIER]]


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
