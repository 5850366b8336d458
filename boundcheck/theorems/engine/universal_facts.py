"""Facts that hold for all values, and sums: what of them is of use in a step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial

from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.engine.existence_steps import Existence
from boundcheck.theorems.engine.matching import all_opaque, instances, opaque_parts
from boundcheck.theorems.kernel.existence import exists
from boundcheck.theorems.kernel.sequent import Refused, Theorem, derive
from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.expr import Expr
from boundcheck.theorems.language.formulas import parts
from boundcheck.theorems.rules.range_rules import RANGES, before

_INSTANCES = 8  # of a universal fact, in one step
_ROUNDS = 2  # the second at the terms that the first one brings in
_ORDER = 0.3  # units for the order of the ends of a range, which nobody asked for


class UniversalFacts(Existence):
    """Instances of facts, with their conditions shown."""

    def taken_apart(self, fact: Theorem) -> list[Theorem]:
        """A conjunction as its parts."""
        if fact.concl.head != "and":
            return [fact]
        return [p for side in (0, 1) for p in self.taken_apart(derive("part", fact, side=side))]

    def instantiated(self, goal: Expr, by: Sequence[Theorem]) -> list[Theorem]:
        """Facts as relations: conjunctions taken apart, universal ones at the terms of the step."""
        plain: list[Theorem] = []
        universal: list[Theorem] = []
        for fact in by:
            for p in self.taken_apart(fact):
                (universal if p.concl.head == "forall" else plain).append(p)
        done: set[tuple[Expr, ...]] = set()
        for _ in range(_ROUNDS):
            terms = all_opaque([goal, *(f.concl for f in plain)])
            for fact in universal:
                for values in self.values_for(fact.concl, terms):
                    if (fact.concl, *values) in done:
                        continue
                    done.add((fact.concl, *values))
                    try:
                        made = self.resolved(fact, values)
                    except (StepFailed, Refused):
                        continue
                    plain += [p for p in self.taken_apart(made) if p.concl.head == "relation"]
                    self.index(made)
        return list(dict.fromkeys(plain))

    def values_for(self, formula: Expr, terms: Sequence[Expr]) -> list[tuple[Expr, ...]]:
        """At which terms a universal formula may be of use."""
        variables: list[Expr] = []
        inner = formula
        while inner.head == "forall":
            x = self.fresh(f"{inner.hint}'", inner.data, formula, *variables, *terms)  # type: ignore[arg-type]
            variables.append(x)
            inner = opened(inner, x)
        conditions = []
        while inner.head == "implies":
            conditions += [inner.args[0]] if inner.args[0].head == "member" else []
            inner = inner.args[1]
        lies = [f for s in self.scopes for f in s.formulas if f.head == "member"]
        found: list[tuple[Expr, ...]] = []
        for p in parts(inner):
            found += instances(p, tuple(variables), [*terms, *lies], _INSTANCES, conditions)
        return list(dict.fromkeys(found))[:_INSTANCES]

    def resolved(
        self, fact: Theorem, values: Sequence[Expr], by: Sequence[Theorem] = ()
    ) -> Theorem:
        """A universal fact at values, its conditions shown where the proof stands, from `by` first.

        Raises:
            StepFailed: a condition is not shown.
        """
        made = fact
        for v in values:
            made = self.free_of_conditions(made, by)
            if made.concl.head != "forall":
                raise StepFailed(
                    f"{made.concl!r} says nothing for all values, {v!r} is one too many"
                )
            reasons = [] if exists(v) else [self.exist(v)]
            made = derive("instantiate", made, *reasons, value=v)
        return self.free_of_conditions(made, by)

    def free_of_conditions(self, fact: Theorem, by: Sequence[Theorem] = ()) -> Theorem:
        """A fact with its conditions shown and left out."""
        made = fact
        while made.concl.head == "implies":
            condition = made.concl.args[0]
            try:
                shown = self.condition(condition, by)
            except StepFailed as error:
                raise StepFailed(f"the condition {condition!r} is not shown: {error}") from None
            made = derive("detach", made, shown)
        return made

    def condition(self, formula: Expr, by: Sequence[Theorem] = ()) -> Theorem:
        """A condition, from the facts named; else from what is known of the same terms, or of the
        same symbols."""
        if formula.head != "relation":
            return self.show(formula, by)
        terms = set(opaque_parts(formula))
        near = [f for f in self.relevant(formula, most=None) if set(opaque_parts(f.concl)) <= terms]
        known = [[*by, *near], [*by, *self.relevant(formula)]]
        named = [list(by)] if by else []
        return self.first_of([partial(self.show, formula, facts) for facts in (*named, *known)])

    def relevant(self, condition: Expr, most: int | None = 12) -> list[Theorem]:
        """Relations in scope that have a symbol in common with a condition."""
        if condition.head != "relation":
            return []
        found = []
        for scope in self.scopes:
            for formula, fact in scope.formulas.items():
                if formula.head == "relation" and formula.free & condition.free:
                    found.append(fact)
        return found[:most]

    def about_ranges(self, formulas: Iterable[Expr]) -> list[Theorem]:
        """Sums and products whose last or only term can be split off, that are empty, or whose
        terms are all the same."""
        found: list[Theorem] = []
        for t in dict.fromkeys(e for f in formulas for e in opaque_parts(f)):
            if t.head not in RANGES:
                continue
            with suppress(StepFailed, Refused), self.at_most(_ORDER):
                found += self.about_range(t)
        return found

    def about_range(self, t: Expr) -> list[Theorem]:
        low, high, body = t.args
        if low == high:
            return [derive("single", self.exist(opened(t, low)), term=t)]
        if low.head == high.head == "number" and _value(high) < _value(low):
            return [derive("empty", self.side(high < low), term=t)]
        if t.head == "sum" and not body.loose:
            order = self.side(low <= high + 1)
            return [derive("count", order, self.exist(body), low=low, high=high, value=body)]
        end = before(high)
        order = self.side(low <= (high if t.head in ("sum", "product") else end))
        return [derive("unroll", order, self.exist(t), term=t)]


def _value(number: Expr) -> Fraction:
    assert isinstance(number.data, Fraction)
    return number.data
