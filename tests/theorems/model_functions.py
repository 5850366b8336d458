"""Functions of finite models: tables, copies of other functions, piecewise linear functions, and
functions that hypotheses define."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from model_terms import NATS
from model_values import Unclear

from boundcheck.theorems.language.expr import Expr

TOUCHED: list[tuple[Function, tuple]] = []
"""Entries of functions that were looked up."""
INFINITE = ("real", "seq", "vec")
"""Sorts of which quantifiers see only some values."""


@dataclass(eq=False)
class Function:
    """A function by its values, which are computed once; natural arguments beyond a few are the
    same for it.

    Attributes:
        sort: its sort.
        rule: its values.
        changed: values other than those.
    """

    sort: object
    rule: Callable
    changed: Mapping[tuple, object] = field(default_factory=dict)
    known: dict[tuple, object] = field(default_factory=dict)

    def key(self, args):
        """The arguments as the function sees them."""
        most = NATS[-1]
        return tuple(
            min(a, Fraction(most)) if s.kind == "nat" else a
            for a, s in zip(args, self.sort.arguments, strict=True)
        )

    def __call__(self, *args):
        key = self.key(args)
        TOUCHED.append((self, key))
        if key in self.changed:
            return self.changed[key]
        if key not in self.known:
            self.known[key] = self.rule(*key)
        return self.known[key]

    def with_entry(self, key, value) -> Function:
        """The same function but for one value."""
        return Function(self.sort, self.rule, {**self.changed, key: value}, self.known)

    @property
    def table(self) -> bool:
        """Whether values may be changed one by one."""
        return not any(s.kind in INFINITE for s in self.sort.arguments)


def table(sort, mask, seed, draw) -> Function:
    """Random values, each drawn by its own random numbers, which see only the masked arguments."""

    def rule(*args):
        seen = [a for a, m in zip(args, mask, strict=True) if m]
        return draw(Random(f"{seed} {seen}"))

    return Function(sort, rule)


def copied(sort, other: Callable, places) -> Function:
    """Another function of some of the arguments; a place that is None has the argument 1."""

    def rule(*args):
        return other(*(Fraction(1) if p is None else args[p] for p in places))

    return Function(sort, rule)


SHAPES = {
    "linear": lambda u: u,
    "Abs": abs,
    "relu": lambda u: max(u, Fraction(0)),
    "clip": lambda u: max(Fraction(-1), min(Fraction(1), u)),
}


def _numbers(sort) -> bool:
    """Whether it is that of sequences of numbers."""
    return sort.kind == "seq" and sort.parts[0].numeric


def piecewise_linear(sort, rng, factors, kinks) -> Function:
    """Sums of a constant and of multiples of kinks in arguments, or in places of sequences."""
    terms = []
    places = [k for k, s in enumerate(sort.arguments) if s.kind == "real" or _numbers(s)]
    for _ in range(rng.choice((0, 1, 1, 2)) if places else 0):
        k = rng.choice(places)
        item = rng.randrange(3) if sort.arguments[k].kind == "seq" else None
        shape = SHAPES[rng.choice(list(SHAPES))]
        terms.append((k, item, shape, rng.choice(kinks), rng.choice(factors)))
    constant = rng.choice((Fraction(0), Fraction(0), rng.choice(factors)))

    def rule(*args):
        whole = constant
        for k, item, shape, kink, factor in terms:
            u = args[k] if item is None else args[k][item]
            whole += factor * shape(u - kink)
        return whole

    return Function(sort, rule)


def on_vectors(sort, rng, factors) -> Function:
    """Constants, linear functions and multiples of |u|²/2; constants and multiples of u."""
    c, w = rng.choice(factors), (rng.choice(factors), rng.choice(factors))
    kind = rng.choice(("constant", "linear", "square"))
    if sort.result.kind == "vec":
        rules = {
            "constant": lambda u: w,
            "linear": lambda u: (Fraction(0), Fraction(0)),
            "square": lambda u: (c * u[0], c * u[1]),
        }
    else:
        rules = {
            "constant": lambda u: c,
            "linear": lambda u: w[0] * u[0] + w[1] * u[1],
            "square": lambda u: c * (u[0] ** 2 + u[1] ** 2) / 2,
        }
    return Function(sort, rules[kind])


# -- functions and sequences that hypotheses define ------------------------------------------------


@dataclass(frozen=True)
class Equation:
    """What a hypothesis says of a function: for all variables with the conditions, its value.

    Attributes:
        pattern: of each argument the bound variable (by its place from the left) and what is added
            to it, or None and a number.
        count: how many variables there are.
        conditions: formulas, each with the number of variables that it sees.
        value: the term.
    """

    pattern: tuple[tuple[int | None, Fraction], ...]
    count: int
    conditions: tuple[tuple[Expr, int], ...]
    value: Expr

    def bound(self, args):
        """The values of the variables, or None where the pattern does not fit."""
        found: list[object] = [None] * self.count
        for (place, plus), a in zip(self.pattern, args, strict=True):
            if place is None:
                if a != plus:
                    return None
            else:
                found[place] = a if plus == 0 else a - plus
                if plus and found[place] < 0:
                    return None
        return tuple(found)


def definition(formula: Expr) -> tuple[Expr, Equation] | None:
    """The function that a hypothesis defines, if it has the form of an equation for it."""
    count, conditions = 0, []
    while formula.head in ("forall", "implies"):
        if formula.head == "forall":
            count, formula = count + 1, formula.args[-1]
        else:
            conditions.append((formula.args[0], count))
            formula = formula.args[1]
    if formula.head != "relation" or formula.data != "==":
        return None
    left, right = formula.args
    if left.head not in ("apply", "at") or left.args[0].head != "symbol" or not count:
        return None
    f, pattern = left.args[0], []
    for a in left.args[1:]:
        plus = Fraction(0)
        if a.head == "add" and a.args[1].head == "number":
            a, plus = a.args[0], a.args[1].data
        if a.head == "bound":
            pattern.append((count - 1 - a.data, plus))
        elif a.head == "number":
            pattern.append((None, a.data))
        else:
            return None
    places = [p for p, _ in pattern if p is not None]
    recursive = any(plus for p, plus in pattern if p is not None)
    if sorted(places) != list(range(count)) or (f in right.free and not recursive):
        return None
    return f, Equation(tuple(pattern), count, tuple(conditions), right)


@dataclass(eq=False)
class Defined:
    """A function with its equations, and another one for where none of them speaks."""

    symbol: Expr
    equations: tuple[Equation, ...]
    other: Callable
    compiled: Callable

    def under(self, model, args):
        """Its value in a model."""
        known = model.memo.setdefault(self.symbol, {})
        if args not in known:
            known[args] = self._value(model, args)
        return known[args]

    def _value(self, model, args):
        for q in self.equations:
            found = q.bound(args)
            if found is None:
                continue
            if all(self.compiled(c)(model, found[:n]) for c, n in q.conditions):
                value = self.compiled(q.value)(model, found)
                if value is None:
                    raise Unclear(f"{self.symbol} has no value")
                return value
        return self.other(*args) if callable(self.other) else self.other[int(args[0])]
