"""Steps from facts to facts: by form, by equations, by existence."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from boundcheck.theorems.author import words
from boundcheck.theorems.author.declared import Declarations
from boundcheck.theorems.author.facts import By, Fact, theorems
from boundcheck.theorems.author.rewriting import replaced_in
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.kernel.existence import exists
from boundcheck.theorems.kernel.sequent import Theorem, derive
from boundcheck.theorems.language.binding import Lambda, abstracted, opened
from boundcheck.theorems.language.expr import Expr, ExprLike, expr, made, symbol


class Steps(Declarations):
    """Steps of a proof."""

    def derive(self, rule: str, *facts: Fact, **data: Any) -> Fact:
        """What follows by a rule of the kernel, named by the author."""
        return self.fact(derive(rule, *(f.theorem for f in facts), **data))

    def show(self, goal: Expr, by: By = (), opaque: Iterable[Expr] = ()) -> Fact:
        """A formula from the facts named: relations by arithmetic, the rest by its form."""
        key, formula = self._written("step", goal)
        return self._step(key, self.engine.show(formula, theorems(by), tuple(opaque)))

    def together(self, *facts: Fact) -> Fact:
        """All of some facts, as one."""
        whole = facts[0].theorem
        for f in facts[1:]:
            whole = derive("conjoin", whole, f.theorem)
        return self.fact(whole)

    def exists(
        self,
        term: Expr,
        by: By = (),
        bound: ExprLike | None = None,
        opaque: Iterable[Expr] = (),
        at: Expr | None = None,
    ) -> Fact:
        """exists(term); for a mean, from a bound of the absolute value of its integrand, affine in
        means over the same law that exist. The point is called `at`."""
        if bound is None:
            return self.show(words.Exists(term), by)
        facts = [*theorems(by), *self._about(term.args[0])]
        made = self.engine.integrable(term, expr(bound), facts, opaque=tuple(opaque), at=at)
        return self.fact(made)

    def _about(self, over: Expr) -> list[Theorem]:
        """What is assumed of all points of a law."""
        found = []
        for a in self.engine.assumptions():
            f = a.concl
            if f.head == "forall" and f.args[0].head == "implies":
                condition = f.args[0].args[0]
                if condition.head == "member" and condition.args[1] == over:
                    found.append(a)
        return found

    def witness(self, goal: Expr, value: ExprLike, by: By = ()) -> Fact:
        """There is such a thing: this one."""
        one = expr(value)
        shown = self.engine.show(opened(goal, one), theorems(by))
        why = [] if exists(one) else [self.engine.exist(one)]
        return self.fact(derive("introduce", shown, *why, formula=goal, value=one))

    def rewrite(self, equation: Fact, fact: Fact) -> Fact:
        """A fact with the left side of an equation replaced by its right side, everywhere."""
        old = equation.formula.args[0]
        place = symbol("·place", old.sort)
        template = abstracted((place,), replaced_in(fact.formula, old, place))
        return self.fact(derive("rewrite", equation.theorem, fact.theorem, template=template))

    def replace(self, fact: Fact, *pairs: tuple[ExprLike, ExprLike], by: By = ()) -> Fact:
        """A fact with terms replaced by equal ones, which are shown to be equal."""
        for old, new in pairs:
            fact = self.rewrite(self.show(expr(old).eq(new), by), fact)
        return fact

    def at_equals(self, function: Lambda, equation: Fact, by: By = ()) -> Fact:
        """f(a) == f(b), from a == b, where f(a) exists."""
        a, _ = equation.formula.args
        place = symbol("·place", function.sorts[0])
        template = abstracted((place,), function(a).eq(function(place)))
        return self.fact(
            derive(
                "rewrite",
                equation.theorem,
                self.engine.show(function(a).eq(function(a)), theorems(by)),
                template=template,
            )
        )

    def chain(self, *facts: Fact) -> Fact:
        """From a <= b, b <= c, ...: the first side and the last one, whatever the terms are."""
        formulas = [f.formula for f in facts]
        for one, other in itertools.pairwise(formulas):
            if one.args[1] != other.args[0]:
                raise StepFailed(f"{other!r} does not go on where {one!r} ends")
        signs = {str(f.data) for f in formulas}
        if {"<", "<="} & signs and {">", ">="} & signs:
            raise StepFailed("a chain goes up or down, not both")
        sign = next((s for s in ("<", ">", "<=", ">=") if s in signs), "==")
        goal = made("relation", sign, (formulas[0].args[0], formulas[-1].args[1]))
        sides = [a for f in formulas for a in f.args if a.head not in ("number", "symbol")]
        return self.show(goal, facts, dict.fromkeys(sides))

    def symmetric(self, fact: Fact) -> Fact:
        """An equation from right to left."""
        return self.fact(derive("symmetry", fact.theorem))
