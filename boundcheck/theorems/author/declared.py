"""The symbols of a theorem and its hypotheses, as an author writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term
from boundcheck.theorems.author import words
from boundcheck.theorems.author.facts import Declared, Fact
from boundcheck.theorems.author.moved_numbers import Key
from boundcheck.theorems.engine.engine import Engine
from boundcheck.theorems.kernel.sequent import Theorem
from boundcheck.theorems.language.expr import Expr, ExprLike
from boundcheck.theorems.language.sorts import (
    NAT,
    REAL,
    Sort,
    law,
    network,
    seq,
    space,
    vec,
)
from boundcheck.theorems.language.sorts import function as function_sort


class Declarations:
    """What a theorem is about."""

    def __init__(
        self,
        budget: float | None = None,
        other: Callable[[str, float], Theorem] | None = None,
    ) -> None:
        self.engine = Engine()
        self.other, self.used = other, list[str]()
        if budget is not None:
            self.engine.budget = budget
        self.givens: list[Expr] = []
        self.changed: Mapping[Key, Expr] = {}
        self.moved: Mapping[Term, Term] = {}
        self.formulas: dict[Term, None] = {}
        self.stated: dict[Key, Expr] = {}
        self.steps: dict[int, Key] = {}
        self.examples: list[tuple[Mapping[str, Any], Mapping[str, Sort]]] = []

    def _declare(self, names: str, sort: Sort) -> Declared:
        found = tuple(self.engine.declare(n, sort) for n in names.replace(",", " ").split())
        return found if len(found) != 1 else found[0]

    def real(self, names: str) -> Declared:
        """Real numbers."""
        return self._declare(names, REAL)

    def nat(self, names: str, start: int | None = None) -> Declared:
        """Natural numbers; from `start` on, where it is given."""
        found = self._declare(names, NAT)
        if start is not None:
            for n in found if isinstance(found, tuple) else (found,):
                self.given(n >= start)
        return found

    def space(self, name: str) -> Sort:
        """A space of points: any non-empty standard Borel space."""
        return space(name)

    def vectors(self, name: str) -> Sort:
        """The vectors of a real inner-product space, of any dimension."""
        return vec(name)

    def variable(self, names: str, sort: Sort) -> Declared:
        """Variables of a sort."""
        return self._declare(names, sort)

    def sequence(self, names: str, of: Sort) -> Declared:
        """Sequences."""
        return self._declare(names, seq(of))

    def function(self, names: str, *arguments: Sort, to: Sort = REAL) -> Declared:
        """Total Borel functions."""
        return self._declare(names, function_sort(arguments, to))

    def law(self, names: str, on: Sort) -> Declared:
        """Probability laws."""
        return self._declare(names, law(on))

    def kernel(self, names: str, *arguments: Sort, on: Sort) -> Declared:
        """Probability laws that depend on points."""
        return self._declare(names, function_sort(arguments, law(on)))

    def network(self, names: str, activation: str) -> Declared:
        """Networks with an activation."""
        return self._declare(names, network(activation))

    def read(self, formula: Term, **names: ExprLike) -> Expr:
        """A formula of `boundcheck.theory`, its symbols being those declared here, or given."""
        known: dict[str, ExprLike] = {**self.engine.symbols, **names}
        self.formulas[formula] = None
        return words.read(self.moved.get(formula, formula), known)

    def quoted(self, formula: Term, **names: ExprLike) -> Expr:
        """The same for a formula that is no result here, but one of a theorem that is used, or part
        of a hypothesis: this theorem is not the one that it has to bind."""
        return words.read(formula, {**self.engine.symbols, **names})

    def _written(self, kind: str, formula: Expr) -> tuple[Key, Expr]:
        """The formula, or what it is changed to (see `variation`)."""
        key = (kind, sum(k == kind for k, _ in self.stated))
        self.stated[key] = formula
        return key, self.changed.get(key, formula)

    def _step(self, key: Key, theorem: Theorem) -> Fact:
        found = self.fact(theorem)
        self.steps[id(theorem)] = key
        return found

    def fact(self, theorem: Theorem) -> Fact:
        """Keep a theorem as a fact."""
        return Fact(self, self.engine.remember(theorem))

    def given(self, *formulas: Expr) -> Declared:
        """Hypotheses of the theorem."""
        if len(self.engine.scopes) != 1:
            raise BoundcheckError("hypotheses are given before any block; use let(given=...)")
        found = []
        for written in formulas:
            if not isinstance(written, Expr):
                raise BoundcheckError(
                    f"{written!r} is no formula; an equation between terms is a.eq(b), not a == b"
                )
            _, f = self._written("given", written)
            self.givens.append(f)
            found.append(Fact(self, self.engine.assume(f)))
        return found[0] if len(found) == 1 else tuple(found)

    def example(self, spaces: Mapping[str, Sort] | None = None, **values: Any) -> None:
        """Terms for the symbols of the theorem, for which all its hypotheses hold: so they do not
        contradict each other. They are shown when the theorem is finished."""
        self.examples.append((values, spaces or {}))
