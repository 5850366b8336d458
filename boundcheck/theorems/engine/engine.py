"""The machine that fills in steps: arithmetic by the prover, logic by the form of the goal,
existence by looking for reasons. It guesses; what it makes are theorems of the kernel."""

from __future__ import annotations

from collections.abc import Sequence

from boundcheck.theorems.engine.context import Scope, StepFailed
from boundcheck.theorems.engine.matching import opaque_parts, seen
from boundcheck.theorems.engine.universal_facts import UniversalFacts
from boundcheck.theorems.kernel.sequent import Refused, Theorem, derive
from boundcheck.theorems.language.binding import closing, opened
from boundcheck.theorems.language.expr import Expr, number
from boundcheck.theorems.language.formulas import defined, for_all, member
from boundcheck.theorems.language.sorts import Sort
from boundcheck.theorems.rules.independence_rules import apart_condition, inner_mean, nested
from boundcheck.theorems.rules.mean_rules import at_points
from boundcheck.theorems.rules.vector_rules import coefficients


class Engine(UniversalFacts):
    """Shows formulas where a proof stands."""

    def show(self, goal: Expr, by: Sequence[Theorem] = (), opaque: Sequence[Expr] = ()) -> Theorem:
        """A formula, by its form.

        Raises:
            StepFailed: a part of it is not shown.
        """
        known = self.found(goal) or next((b for b in by if b.concl == goal), None)
        if known is not None:
            return known
        match goal.head:
            case "and":
                first, second = (self.show(p, by, opaque) for p in goal.args)
                return derive("conjoin", first, second)
            case "forall":
                return self._for_all(goal, by, opaque)
            case "implies":
                return self._implies(goal, by, opaque)
            case "defined":
                return self._defined(goal.args[0], by)
            case "exists":
                return self._there_is(goal, by, opaque)
            case "member":
                return self._member(goal)
            case "relation" if goal.args[0].sort.numeric:
                return self._relation(goal, by, opaque)
            case "relation" if goal.args[0].sort.kind == "vec":
                equations = [self.show(c, by) for c in coefficients(goal)]
                why = [self.exist(v) for v in goal.args]
                return derive("linear", *equations, *why, goal=goal)
        raise StepFailed(f"{goal!r} is not shown")

    def _for_all(
        self, goal: Expr, by: Sequence[Theorem], opaque: Sequence[Expr], at: Expr | None = None
    ) -> Theorem:
        x = at
        if x is None:
            x = self.fresh(goal.hint, goal.data, goal, *(b.concl for b in by))  # type: ignore[arg-type]
        self.scopes.append(Scope(variables=[x]))
        try:
            inner = self.show(opened(goal, x), by, opaque)
        finally:
            self.scopes.pop()
        return derive("generalise", inner, variable=x)

    def everywhere(
        self,
        goal: Expr,
        by: Sequence[Theorem] = (),
        opaque: Sequence[Expr] = (),
        at: Expr | None = None,
    ) -> Theorem:
        """A formula for all x, with the variable `at` for x, in which `opaque` is written."""
        known = self.found(goal)
        return self._for_all(goal, by, opaque, at) if known is None else known

    def _there_is(self, goal: Expr, by: Sequence[Theorem], opaque: Sequence[Expr]) -> Theorem:
        """That there is such a number: 0 or 1 may be one."""
        assert isinstance(goal.data, Sort)
        for value in (number(0), number(1)):
            if not goal.data.accepts(value.sort):
                continue
            try:
                shown = self.show(opened(goal, value), by, opaque)
            except (StepFailed, Refused):
                continue
            return derive("introduce", shown, formula=goal, value=value)
        raise StepFailed(f"{goal!r} is not shown; name a thing that is so, by witness()")

    def _implies(self, goal: Expr, by: Sequence[Theorem], opaque: Sequence[Expr]) -> Theorem:
        condition, concl = goal.args
        self.scopes.append(Scope())
        try:
            assumed = self.assume(condition)
            inner = self.show(concl, [*by, assumed], opaque)
        finally:
            self.scopes.pop()
        return derive("discharge", inner, formula=condition)

    def _defined(self, t: Expr, by: Sequence[Theorem]) -> Theorem:
        self.scopes.append(Scope())
        try:
            for fact in by:
                self.index(fact)
            self.instantiated(defined(t), by)  # what is for all, where it is about the term
            try:
                return self._exist(t, by)
            except StepFailed:
                if not by or not t.sort.numeric:
                    raise
            return derive("existence", self._relation(t.eq(t), by, ()), term=t)
        finally:
            self.scopes.pop()

    def _member(self, goal: Expr) -> Theorem:
        """A place of a sample, or half of a pair, lies where its law lives."""
        point, _ = goal.args
        if point.head == "at":
            for scope in self.scopes:
                for formula, fact in list(scope.formulas.items()):
                    if formula.head == "member" and formula.args[0] == point.args[0]:
                        try:
                            made = derive(
                                "sample", fact, self.exist(point.args[1]), place=point.args[1]
                            )
                        except Refused:
                            continue
                        if made.concl == goal:
                            return made
        if point.head in ("first", "second"):
            for scope in self.scopes:
                for formula, fact in list(scope.formulas.items()):
                    if formula.head == "member" and formula.args[0] == point.args[0]:
                        try:
                            made = derive("halves", fact)
                        except Refused:
                            continue
                        for side in (0, 1):
                            half = derive("part", made, side=side)
                            if half.concl == goal:
                                return half
        if point.head == "pair" and goal.args[1].head == "joint":
            joint = goal.args[1]
            x, y = point.args
            first = self.show(member(x, joint.args[0]))
            second = self.show(member(y, opened(joint, x)))
            return derive("whole", first, second, joint=joint)
        raise StepFailed(f"{goal!r} is not known")

    def _relation(self, goal: Expr, by: Sequence[Theorem], opaque: Sequence[Expr]) -> Theorem:
        self.scopes.append(Scope())  # what the facts say exists, exists here
        try:
            for fact in by:
                self.index(fact)
            facts = self.instantiated(goal, by)
            for fact in facts:
                if fact.concl == goal:
                    return fact
            names = seen([goal, *(f.concl for f in facts)], opaque)
            simple = [
                r
                for r in self.relations()
                if r.concl.free <= names and all(e.head == "symbol" for e in opaque_parts(r.concl))
            ]
            indicators = [
                p
                for e in dict.fromkeys(opaque_parts(goal))
                if e.head == "ind"
                for p in self.taken_apart(derive("indicator_range", formula=e.args[0]))
            ]
            signs = [
                self.arithmetic(e > 0, [], e.args)
                for e in opaque
                if e.head == "call" and e.data == "exp"
            ]
            ranges = self.about_ranges([goal, *(f.concl for f in facts)])
            more = [*indicators, *signs, *ranges, *self.constant_means(goal)]
            return self.arithmetic(goal, [*facts, *simple, *more], opaque)
        finally:
            self.scopes.pop()

    def constant_means(self, goal: Expr) -> list[Theorem]:
        """The mean of a number is that number."""
        found = []
        for mean in dict.fromkeys(opaque_parts(goal)):
            if mean.head == "mean" and not mean.args[-1].loose:
                law, equal = mean.args[0], mean.eq(mean.args[-1])
                try:
                    pointwise = self.show(at_points(equal, law))
                except (StepFailed, Refused):
                    continue
                why = [self.exist(law), self.exist(mean)]
                found.append(derive("average", pointwise, *why, goal=equal, law=law))
        return found

    def coordinate(self, mean: Expr, place: Expr, by: Sequence[Theorem] = ()) -> Theorem:
        """The mean over independent samples as a nested mean, over the k-th one alone inside."""
        facts = [f.concl for f in by]
        _, condition = inner_mean(mean, place, facts)
        inner = self.show(condition, by)
        return derive(
            "coordinate", self.exist(mean), self.exist(place), inner, *by, mean=mean, place=place
        )

    def coordinate_exists(self, mean: Expr, place: Expr, by: Sequence[Theorem] = ()) -> Theorem:
        """That a mean over independent samples exists, from the nested one."""
        condition = apart_condition(mean, place, [f.concl for f in by])
        nested_one = self.show(condition, by)
        return derive(
            "coordinate_exists", nested_one, self.exist(place), *by, mean=mean, place=place
        )

    def disintegrate(self, mean: Expr) -> Theorem:
        """The mean over pairs as a nested mean."""
        x, y, w, law, kernel = nested(mean)
        inner = closing("mean", y, w, kernel)
        condition = self.show(for_all(x, defined(inner), [member(x, law)]))
        return derive("disintegrate", self.exist(mean), condition, mean=mean)
