"""Products of hypotheses, and combinations of these that are the gap: a linear system.

Monomials, and values of functions, are unknowns without meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import Any

from flint import fmpq

from boundcheck.checking.goals import gap_goal
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.errors import BoundcheckError
from boundcheck.exact.algebra.forms import polynomial_term
from boundcheck.exact.algebra.rational_function import Ratio, gcd
from boundcheck.exact.cells.cell import support
from boundcheck.exact.cells.scene import Branch, Scene, Undefined
from boundcheck.exact.terms.term import Term, number, symbol
from boundcheck.exact.terms.work import OutOfBudget, at_most, spend
from boundcheck.search.completion import completed
from boundcheck.search.premises.simplex import Column, combination

_MOST = 30  # hypotheses
_COLUMNS = 900
_DEGREE = 4  # of a common denominator
_SIDE = 0.05  # units for a side condition
_TROUBLE = (BoundcheckError, Branch, Undefined, ArithmeticError, KeyError, ValueError)


@dataclass(frozen=True)
class Product:
    """A product of hypotheses and of a monomial, or of the square of a polynomial.

    Attributes:
        value: the product.
        which: the hypotheses; none of them is an equation, or it is the only one.
        factor: for an equation, the term that it is multiplied by; for a square, its root.
    """

    value: Ratio
    which: tuple[int, ...]
    factor: Term
    equation: bool = False
    sign: int = 1
    strict: bool = False


class Combinations:
    """The search for one goal, `>=` or `>`.

    Raises (proof): OutOfBudget.
    """

    def __init__(self, goal: Comparison) -> None:
        self.goal, self.hypotheses = goal, goal.hypotheses
        self.gap: Ratio | None = None
        with suppress(*_TROUBLE):
            self._read()

    def _read(self) -> None:
        """The gap and the nearest hypotheses as rational functions of variables and of values of
        functions."""
        chosen = self._nearest()
        roots = [self.goal.relation.gap(), *(self.hypotheses[k].gap() for k in chosen)]
        scene = Scene(roots, self.goal.names, formal=True, whole=True)
        self.context = scene.whole.context
        self.one = self.context.constant(1)
        self.leaves = [*map(symbol, self.goal.names), *scene.unknowns]
        self.leaves += [number(0)] * (self.context.nvars() - len(self.leaves))  # are not used
        self.base: dict[int, Ratio] = {}
        for k, root in zip(chosen, roots[1:], strict=True):
            with suppress(*_TROUBLE):
                self.base[k] = scene.value(root, scene.whole)
        self.signs: dict[int, int] = {}  # the hypotheses that say that a variable is >= 0
        for k, r in self.base.items():
            alone = r.den.is_one() and r.num.total_degree() == len(r.num) == 1
            if alone and self.hypotheses[k].op != "==" and r.num.leading_coefficient() == 1:
                (i,) = support(r.num.monoms()[0])
                self.signs[i] = k
        self.gap = scene.value(roots[0], scene.whole)

    def proof(self, size: int) -> Proof | None:
        """A proof with products of so many hypotheses."""
        if self.gap is None:
            return None
        with suppress(*_TROUBLE):
            for times in self._multipliers(self.gap):
                products = self._products(self.gap * times, size)
                found = self._solved(self.gap * times, products)
                extra = None if found is None else self._positive(times)
                if found is not None and extra is not None:
                    return self._written(found, products, extra)
        return None

    def _multipliers(self, gap: Ratio) -> Iterator[Ratio]:
        """What the gap may be multiplied by: its denominator, and variables that are positive."""
        den = Ratio(gap.den, self.one)
        if gap.den.is_constant():
            yield den
        else:
            yield from (den, -den)
        names = list(self.goal.names)
        for r in self.goal.on.ranges:
            low = r.lower.value
            if low is None or low.op != "rational" or r.name in self.goal.relation.free:
                continue
            if low.payload > 0 or (low.payload == 0 and r.lower.open):
                yield den * Ratio(self.context.gen(names.index(r.name)), self.one)

    def _nearest(self) -> list[int]:
        """The hypotheses in the order of how many steps they are away from the relation."""
        known: set[str] = set(self.goal.relation.free)
        order: list[int] = []
        left = list(range(len(self.hypotheses)))
        while left and len(order) < _MOST:
            near = [k for k in left if self.hypotheses[k].free & known or not known]
            if not near:
                break
            inside = [k for k in near if self.hypotheses[k].free <= known] or near
            order += inside
            left = [k for k in left if k not in inside]
            known = known.union(*(self.hypotheses[k].free for k in inside))
        return order[:_MOST]

    def _positive(self, times: Ratio) -> dict[str, Any] | None:
        """A positive term to multiply the goal by, with the proof that it is."""
        if times.num.is_one():
            return {}
        t = polynomial_term(times.num, self.leaves)
        side = gap_goal(self.goal, t, ">")
        ends = (h.right for h in side.on.hypotheses() if h.left.free <= t.free)
        used = t.free.union(*(e.free for e in ends))
        on = {n: ["lower", "upper"] if n in t.free else [] for n in side.names if n in used}
        given = [k for k, h in enumerate(side.given) if h.free <= used]
        proof = {"by": "subset", "on": on, "given": given, "proof": {"by": "algebra"}}
        try:
            with at_most(_SIDE):
                return {"times": str(t), "positive": completed(side, proof)}
        except (*_TROUBLE, OutOfBudget):
            return None

    # -- columns -----------------------------------------------------------------------------------

    def _products(self, target: Ratio, most: int) -> list[Product]:
        found = [Product(Ratio(self.one, self.one, reduced=True), (), number(1), strict=True)]
        single = [self._cleared(k) for k in self.base if self.hypotheses[k].op != "=="]
        bounds = {p.which for p in single if len(self.hypotheses[p.which[0]].free) == 1}
        top = 1 + max(_degree(r) for r in (target, *self.base.values()))
        for size in range(1, most + 1):
            for several in combinations_with_replacement(single, size):
                if size == 3 and sum(p.which in bounds for p in several) < 2:
                    continue
                if sum(_degree(p.value) for p in several) > top:
                    continue
                if len(found) > _COLUMNS:
                    break
                spend(6)
                found.append(_product(several))
        found += [self._plain(p.which[0]) for p in single if len(p.which) > 1]
        found += self._multiples(found, target, top)
        found += self._squares([target, *(self.base[k] for k in self.base)])
        return found

    def _plain(self, k: int) -> Product:
        return Product(self.base[k], (k,), number(1), strict=self.hypotheses[k].strict)

    def _cleared(self, k: int) -> Product:
        """A hypothesis, times what its denominator is made of, if that is made of hypotheses."""
        plain, den = self._plain(k), self.base[k].den
        if den.is_constant() or len(den) != 1:
            return plain
        which = [k]
        for i, e in enumerate(den.monoms()[0]):
            if e and i not in self.signs:
                return plain
            which += [self.signs[i]] * int(e) if e else []
        strict = all(self.hypotheses[j].strict for j in which)
        value = Ratio(self.base[k].num / den.leading_coefficient(), self.one, reduced=True)
        return Product(value, tuple(which), number(1), strict=strict)

    def _multiples(self, products: Sequence[Product], target: Ratio, top: int) -> Iterator[Product]:
        """Equations times monomials, with both signs."""
        equations = [k for k in self.base if self.hypotheses[k].op == "=="]
        seen = {tuple(e) for p in (target, *(q.value for q in products)) for e in p.num.monoms()}
        for k in equations:
            r = self.base[k]
            pairs = product(seen, r.num.monoms())
            ratios = {tuple(a - b for a, b in zip(e, d, strict=True)) for e, d in pairs}
            for m in sorted(m for m in ratios if min(m) >= 0)[:60]:
                p = self.context.from_dict({m: fmpq(1)})
                value = r * Ratio(p, self.one, reduced=True)
                if _degree(value) <= top:
                    factor = polynomial_term(p, self.leaves)
                    yield Product(value, (k,), factor, equation=True)
                    yield Product(-value, (k,), factor, equation=True, sign=-1)

    def _squares(self, several: Sequence[Ratio]) -> Iterator[Product]:
        """Squares of variables, of their sums and of their differences, as monomials suggest."""
        gens = self.context.gens()
        for e in dict.fromkeys(tuple(e) for r in several for e in r.num.monoms()):
            at = [i for i, k in enumerate(e) for _ in range(int(k))]
            if len(at) != 2:
                continue
            x, y = gens[at[0]], gens[at[1]]
            for root in (x,) if at[0] == at[1] else (x - y, x + y):
                value = Ratio(root * root, self.one, reduced=True)
                yield Product(value, (), polynomial_term(root, self.leaves))

    # -- the linear system -------------------------------------------------------------------------

    def _solved(self, target: Ratio, products: list[Product]) -> dict[int, fmpq] | None:
        common, fitting = self.one, []
        for k, p in enumerate(products):
            larger = common * (p.value.den / gcd(common, p.value.den))
            if larger.total_degree() <= _DEGREE:
                common = larger
                fitting.append(k)
        rows: dict[tuple[int, ...], int] = {}

        def column(r: Ratio) -> dict[int, fmpq]:
            p = r.num * (common / r.den)
            spend(2 + 0.5 * len(p))
            return {rows.setdefault(tuple(e), len(rows)): c for e, c in p.terms()}

        right = column(target)
        columns = [column(products[k].value) for k in fitting]
        strict = self.goal.relation.op == ">"
        if strict and not right:  # 0 > 0, by hypotheses that contradict each other
            columns = [
                c | ({-1: fmpq(1)} if products[k].strict else {})
                for k, c in zip(fitting, columns, strict=True)
            ]
            right = {-1: fmpq(1)}
        kept = _possible(columns, right)
        if kept is None:
            return None
        used = sorted({r for k in kept for r in columns[k]} | right.keys())
        place = {row: i for i, row in enumerate(used)}
        found = combination(
            [{place[r]: v for r, v in columns[k].items()} for k in kept],
            {place[r]: v for r, v in right.items()},
            len(place),
            [strict and products[fitting[k]].strict for k in kept],
        )
        return None if found is None else {fitting[kept[j]]: v for j, v in found.items()}

    def _written(
        self, found: dict[int, fmpq], products: list[Product], extra: dict[str, Any]
    ) -> Proof:
        squares, zeros = [], []
        for k, c in found.items():
            p = products[k]
            if p.equation:
                zeros.append([p.which[0], f"({c * p.sign})*({p.factor})"])
            else:
                squares.append([str(c), str(p.factor), list(p.which)])
        proof: dict[str, Any] = {"by": "squares_sum", "squares": squares}
        proof |= {"zeros": zeros} if zeros else {}
        return proof | extra


def _degree(r: Ratio) -> int:
    return int(r.num.total_degree()) - int(r.den.total_degree())


def _product(several: Sequence[Product]) -> Product:
    value, which = several[0].value, several[0].which
    for p in several[1:]:
        value, which = value * p.value, which + p.which
    return Product(value, which, number(1), strict=all(p.strict for p in several))


def _possible(columns: Sequence[Column], right: Column) -> list[int] | None:
    """The columns that may be used: in no row may all entries have one sign, if the right side has
    none there or the other one."""
    kept = set(range(len(columns)))
    entries: dict[int, dict[int, bool]] = {r: {} for r in right}
    for k, column in enumerate(columns):
        for r, v in column.items():
            entries.setdefault(r, {})[k] = v > 0
    spend(0.3 * sum(map(len, entries.values())))
    todo = list(entries)
    while todo:
        row = todo.pop()
        here, need = entries[row], right.get(row)
        signs = set(here.values())
        if need is not None:
            if (need > 0) not in signs:
                return None
            continue
        if len(signs) != 1:
            continue
        for k in list(here):
            if k in kept:
                kept.discard(k)
                for r in columns[k]:
                    entries[r].pop(k, None)
                    todo.append(r)
    return sorted(kept)
