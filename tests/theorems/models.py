"""Finite models: what formulas of theorems mean, evaluated.

A space is a few points, a law a few weights on points (its set may be larger than where the weight
is), a function a Python function of values, a real variable a rational number. Quantifiers over
points of laws and spaces are exact. Those over Real, Nat, vectors and sequences go over a grid, or
over some random values where the grid is large; `sampling.py` draws functions for which that is
enough.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from model_formulas import FORMULAS
from model_terms import NATS, REMEMBERED, TERMS, operation
from model_values import Tail

from boundcheck.theorems.language.expr import Expr

REALS = [Fraction(k, 2) for k in (-20, -6, -4, -2, -1, 0, 1, 2, 4, 6, 20)]
HALF = Fraction(1, 2)
STEPS = [Fraction(n, d) for n, d in ((0, 1), (1, 4), (1, 2), (1, 1))]
PLANE = [(Fraction(a), Fraction(b)) for a in range(-2, 3) for b in range(-2, 3)]


@dataclass
class Model:
    """Values of symbols: numbers, points, laws, functions as Python functions of values.

    Attributes:
        horizon: how many of infinitely many independent points there are.
        networks: those that quantifiers go over.
        witnesses: values to try for what there is, by the names of the bound variables.
        memo: values of terms with binders.
        some: how many values quantifiers go over where there are too many.
    """

    spaces: dict[str, list[object]]
    values: dict[Expr, object] = field(default_factory=dict)
    horizon: int = len(NATS)
    networks: tuple[object, ...] = ()
    witnesses: dict[str, list[object]] = field(default_factory=dict)
    memo: dict[Expr, dict] = field(default_factory=dict)
    reals: list[Fraction] = field(default_factory=list)
    some: int = 100

    def grid(self):
        """The real numbers that quantifiers go over: the numbers of the model are among them."""
        if not self.reals:
            own = [v for s, v in self.values.items() if s.sort.numeric and isinstance(v, Fraction)]
            self.reals = sorted({*REALS, *(v for v in own if v.denominator < 1000)})
        return self.reals

    def domain(self, sort):
        """The values that a quantifier goes over."""
        match sort.kind:
            case "nat":
                return [Fraction(k) for k in range(len(NATS) + 2)]
            case "real":
                return self.grid()
            case "space":
                return self.spaces[sort.name]
            case "vec":
                return PLANE
            case "network":
                return self.networks
            case "pair":
                return list(itertools.product(*map(self.domain, sort.parts)))
            case "seq":
                of = self.domain(sort.parts[0])
                return list(map(Tail, itertools.product(of, repeat=len(NATS))))
        raise NotImplementedError(sort)

    def size(self, sort) -> int:
        """How many values that are."""
        if sort.kind == "seq":
            return self.size(sort.parts[0]) ** len(NATS)
        if sort.kind == "pair":
            return self.size(sort.parts[0]) * self.size(sort.parts[1])
        return len(self.domain(sort))

    def drawn(self, sort, rng, near=()):
        """One of them, or one near an earlier one."""
        if sort.kind != "seq":
            return rng.choice(self.domain(sort))
        if sort.parts[0].kind != "real":
            return Tail(self.drawn(sort.parts[0], rng) for _ in NATS)
        if near and rng.random() < 0.7:
            step, one = rng.choice(STEPS), rng.choice((None, *NATS))
            moved = [step * rng.choice((-1, 1)) * (one in (None, k)) for k in NATS]
            return Tail(v + m for v, m in zip(rng.choice(near), moved, strict=True))
        scale, far = abs(rng.choice(self.grid())), rng.choice((None, None, *NATS))
        found = [scale * rng.choice((-1, 0, HALF, 1)) for _ in NATS]
        if far is not None:
            found[far] = rng.choice(self.grid())
        return Tail([Fraction(0) if rng.random() < 0.5 else found[0], *found[1:]])

    def holds(self, formula: Expr) -> bool:
        """Whether a formula is true."""
        return compiled(formula)(self, ())

    def value(self, t: Expr):
        """The value of a term, or None."""
        return compiled(t)(self, ())

    def applied(self, f: Expr, args):
        """The value of a function, which may be given by formulas."""
        found = self.values[f]
        return found.under(self, args) if hasattr(found, "under") else found(*args)


_MAKERS = TERMS | FORMULAS
_compiled: dict[Expr, Callable] = {}


def compiled(t: Expr) -> Callable:
    """A function of a model and of the values of bound variables, the innermost last."""
    if t not in _compiled:
        make = _MAKERS.get(t.head, operation)
        found = make(t, compiled)
        long = not t.loose and t.size > 4 and t.sort.kind != "formula"
        _compiled[t] = _remembered(t, found) if t.head in REMEMBERED or long else found
    return _compiled[t]


def forget() -> None:
    """Compile everything anew: equal formulas may have other names of bound variables."""
    _compiled.clear()


def _remembered(t: Expr, evaluate: Callable) -> Callable:
    places = [-1 - k for k, s in enumerate(t.binders) if s is not None]

    def remembered(m, e):
        known = m.memo.setdefault(t, {})
        key = tuple(e[k] for k in places)
        if key not in known:
            known[key] = evaluate(m, e)
        return known[key]

    return remembered
