"""The machine that fills in steps: arithmetic by the prover, logic by the form of the goal,
existence by looking for reasons. It guesses; what it makes are theorems of the kernel."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from boundcheck.claims.verdict import Proved, Refuted
from boundcheck.search.ladder import DEFAULT_BUDGET
from boundcheck.theorems.author import words
from boundcheck.theorems.author.context import Context, Scope, StepFailed
from boundcheck.theorems.author.majorants import mean_exists
from boundcheck.theorems.author.matching import all_opaque, instances, opaque_parts, seen
from boundcheck.theorems.author.questions import answered
from boundcheck.theorems.kernel.abstraction import Abstraction, linear_parts
from boundcheck.theorems.kernel.existence import exists, known_from
from boundcheck.theorems.kernel.sequent import Refused, Theorem, derive
from boundcheck.theorems.language.binding import Lambda, closing, opened
from boundcheck.theorems.language.expr import Expr, below, number
from boundcheck.theorems.language.formulas import FALSE, defined, for_all, member, parts
from boundcheck.theorems.language.sorts import Sort
from boundcheck.theorems.rules.arithmetic_rule import question
from boundcheck.theorems.rules.independence_rules import apart_condition, inner_mean, nested
from boundcheck.theorems.rules.mean_rules import at_points, below_points
from boundcheck.theorems.rules.norm_rules import power_mean
from boundcheck.theorems.rules.range_rules import RANGES, before
from boundcheck.theorems.rules.vector_rules import coefficients

_INSTANCES = 8  # of a universal fact, in one step
_ROUNDS = 2  # the second at the terms that the first one brings in
_VECTORS = 12  # in a step, for facts about their squares


class Engine(Context):
    """Shows formulas where a proof stands.

    Attributes:
        budget: units of work for each question to the prover.
        under_way: terms whose existence is being shown.
    """

    budget: float = DEFAULT_BUDGET

    def __init__(self) -> None:
        super().__init__()
        self.under_way: set[Expr] = set()

    # -- arithmetic --------------------------------------------------------------------------------

    def arithmetic(
        self, goal: Expr, facts: Sequence[Theorem], opaque: Sequence[Expr] = ()
    ) -> Theorem:
        """A relation from relations, by the prover.

        Raises:
            StepFailed: it is not proved.
        """
        facts = list(dict.fromkeys(facts))
        missing = self.reasons(goal, facts, opaque)
        first: StepFailed | None = None
        for more in self.about_vectors(goal, facts):
            named = [*facts, *missing, *more]
            asked = question(named, goal, opaque)
            absurd = goal == FALSE  # then the facts are to contradict each other
            verdict = answered(asked.statement, self.budget, absurd)
            if isinstance(verdict, Proved):
                return derive(
                    "arithmetic", *named, goal=goal, proof=verdict.proof, opaque=tuple(opaque)
                )
            first = first or StepFailed(_why(goal, facts, asked, verdict))
        assert first is not None
        if goal.data == "==" and not isinstance(verdict, Refuted):
            try:
                return self.both_ways(goal, facts, opaque)
            except StepFailed:
                raise first from None
        raise first

    def both_ways(self, goal: Expr, facts: Sequence[Theorem], opaque: Sequence[Expr]) -> Theorem:
        """An equation from its two inequalities."""
        a, b = goal.args
        found = [self.arithmetic(r, facts, opaque) for r in (a <= b, a >= b)]
        whole = [*found, *self.reasons(goal, found, goal.args)]
        verdict = answered(question(whole, goal, goal.args).statement, self.budget)
        if not isinstance(verdict, Proved):
            raise StepFailed(f"{goal!r} does not follow from its two inequalities")
        return derive("arithmetic", *whole, goal=goal, proof=verdict.proof, opaque=goal.args)

    def about_vectors(self, goal: Expr, facts: Sequence[Theorem]) -> Iterator[list[Theorem]]:
        """Nothing; then that squares of vectors are not negative; then the inequality of Cauchy and
        Schwarz, too."""
        yield []
        vectors = [
            v
            for f in (goal, *(t.concl for t in facts))
            for e in opaque_parts(f)
            if e.head == "dot"
            for v in e.args
        ]
        atoms = dict.fromkeys(a for v in vectors for a, _ in linear_parts(v))
        everything = dict.fromkeys([*atoms, *vectors])
        if not everything or len(everything) > _VECTORS:
            return
        squares = [derive("square", self.exist(v), vector=v) for v in everything]
        yield squares
        pairs = itertools.combinations(atoms, 2)
        yield [
            *squares,
            *(derive("gram", self.exist(u), self.exist(v), first=u, second=v) for u, v in pairs),
        ]

    def reasons(
        self, goal: Expr, facts: Sequence[Theorem], opaque: Sequence[Expr] = ()
    ) -> list[Theorem]:
        """Why the opaque terms of a goal exist, as far as the facts do not say so."""
        try:
            question(facts, goal, opaque)
        except Refused:
            pass
        else:
            return []
        found = []
        for t in dict.fromkeys((*opaque_parts(goal), *opaque)):
            if exists(t):
                continue
            if t.head == "dot":
                found += [self.exist(a) for a in t.args if not exists(a)]
            else:
                found.append(self.exist(t))
        for t in below(goal):
            if t.head == "rpow" and not t.args[1].free and not t.loose and not exists(t):
                found.append(self.exist(t))
        return found

    # -- existence ---------------------------------------------------------------------------------

    def exist(self, t: Expr) -> Theorem:
        """exists(t).

        Raises:
            StepFailed: no reason is found.
        """
        known = self.found(defined(t))
        if known is not None:
            return known
        if t in self.under_way:
            raise StepFailed(f"that {t!r} exists is not shown without itself")
        self.under_way.add(t)
        try:
            made = self._exist(t)
        finally:
            self.under_way.discard(t)
        self.index(made)
        return made

    def _exist(self, t: Expr, by: Sequence[Theorem] = ()) -> Theorem:
        if exists(t):
            return derive("existence", term=t)
        fact = self.why_exists(t)
        if fact is not None:
            return derive("existence", fact, term=t)
        if t.head in ("mean", "norm"):
            fact = self.said_for_all(t)
            if fact is not None:
                return derive("existence", fact, term=t)
        match t.head:
            case "mean":
                return self._mean_exists(t)
            case "norm":
                return self._norm_exists(t)
            case "sum" | "product" | "largest" | "smallest":
                return self._range_exists(t)
        inside = [self.exist(a) for a in t.strict_parts if a.sort.kind != "function"]
        outside = {a for th in inside for a in th.concl.args}
        if exists(t, outside):
            return derive("existence", *inside, term=t)
        if t.sort.numeric and t.head in ("div", "call", "rpow"):
            shown = self._operation_exists(t, [*inside, *by])
            return derive("existence", shown, term=t)
        raise StepFailed(f"that {t!r} exists is not shown; give a reason, such as exists({t!r})")

    def total(self, new: Lambda, by: Sequence[Theorem] = ()) -> list[Theorem]:
        """That a function given by a term is total, where its form is not enough."""
        args: list[Expr] = []
        for sort in new.sorts:
            args.append(self.fresh("x", sort, new.body, *args))
        body = new(*args)
        if exists(body) or body.sort.kind == "law":
            return []
        return [self.show(for_all(args, defined(body)), by)]

    def simple_about(self, term: Expr) -> list[Theorem]:
        """The assumed relations between plain symbols, of which the term has one."""
        return [
            r
            for r in self.relations()
            if r.concl.free & term.free and all(e.head == "symbol" for e in opaque_parts(r.concl))
        ]

    def said_for_all(self, t: Expr) -> Theorem | None:
        """A fact for all values that says, for some of them, that a term exists."""
        for scope in self.scopes:
            for formula, fact in list(scope.formulas.items()):
                if formula.head != "forall":
                    continue
                for values in self.values_for(formula, [t, defined(t)]):
                    try:
                        made = self.resolved(fact, values)
                    except (StepFailed, Refused):
                        continue
                    if exists(t, known_from([made])):
                        return made
        return None

    def about(self, names: Iterable[Expr]) -> list[Theorem]:
        """The assumed relations that are about these symbols alone."""
        wanted = set(names)
        return [r for r in self.relations() if r.concl.free & wanted]

    def _operation_exists(self, t: Expr, inside: Sequence[Theorem]) -> Theorem:
        """t == t, where the parts of t exist: of a quotient the divisor alone matters."""
        about = t.args[1] if t.head == "div" else t
        opaque = t.args[:1] if t.head == "div" else ()
        first = [*inside, *(r for r in self.relations() if r.concl.free <= about.free)]
        second = [*first, *self.among(about)]
        for facts in (first, second):
            try:
                return self.arithmetic(t.eq(t), facts, opaque)
            except StepFailed:
                continue
        return self.arithmetic(t.eq(t), [*second, *self.about(t.free), *self.among(t)])

    def among(self, t: Expr) -> list[Theorem]:
        """What is known, where the proof stands, of opaque parts of a term and of nothing else."""
        wanted = set(opaque_parts(t))
        return [
            fact
            for scope in self.scopes
            for formula, fact in scope.formulas.items()
            if formula.head == "relation" and set(opaque_parts(formula)) <= wanted
        ]

    def _range_exists(self, t: Expr) -> Theorem:
        ends = [self.exist(a) for a in t.args[:2]]
        j = self.fresh(t.hint or "j", t.data, t)  # type: ignore[arg-type]
        pointwise = self.show(for_all(j, defined(opened(t, j)), [t.args[0] <= j, j <= t.args[1]]))
        order = []
        if t.head in ("largest", "smallest"):
            order = [self.show(t.args[0] <= t.args[1])]
        return derive("range_exists", pointwise, *ends, *order, term=t)

    def _mean_exists(self, t: Expr) -> Theorem:
        law = self.exist(t.args[0])
        x = self.fresh(t.hint, t.data, t)  # type: ignore[arg-type]
        integrand = opened(t, x)
        if integrand.head == "call" and integrand.data == "Abs":
            plain = closing("mean", x, integrand.args[0], t.args[0])
            if self.found(defined(plain)) is not None or self.why_exists(plain) is not None:
                return derive("absolute", self.exist(plain), mean=plain)
        tried = []
        try:
            return mean_exists(self, t)
        except (StepFailed, Refused) as error:
            tried.append(str(error))
        for bound in self.bounds_of(t, x, integrand):
            try:
                return self.integrable(t, bound, law=law)
            except (StepFailed, Refused) as error:
                tried.append(str(error))
        raise StepFailed(
            f"that {t!r} exists is not shown; give a bound of its integrand by integrable(), or "
            f"assume exists(...)" + (f" ({tried[0]})" if tried else "")
        )

    def bounds_of(self, t: Expr, x: Expr, integrand: Expr) -> list[Expr]:
        """Bounds to try for an integrand: that of a sum of multiples of what has a mean; and other
        means over the same law that exist."""
        found: list[Expr] = []
        if x not in integrand.free:
            return [abs(integrand)]
        if integrand.head == "ind":
            return [number(1)]
        core = integrand.args[0] if integrand.data == "Abs" else integrand
        linear = [self._size(term, x, t) for term in summands_of(core)]
        if len(linear) > 1 or linear[0] != words.Mean(abs(core), (x, t.args[0])):
            found.append(sum(linear[1:], linear[0]))
        for s in self.scopes:
            for mean in s.where:
                if mean.head == "mean" and mean.args[0] == t.args[0] and mean != t:
                    inside = opened(mean, x)
                    if set(opaque_parts(integrand)) & set(opaque_parts(inside)):
                        absolute = closing("mean", x, abs(inside), mean.args[0], hint=t.hint)
                        found.append(absolute)
        return found[:4]

    def _size(self, term: Expr, x: Expr, t: Expr) -> Expr:
        """The mean of the absolute value of a term, factors without the variable before it."""
        factors = factors_of(term)
        outside = [abs(f) for f in factors if x not in f.free]
        inside = [f for f in factors if x in f.free]
        mean = [words.Mean(abs(product_of(inside)), (x, t.args[0]))] if inside else []
        return product_of([*outside, *mean])

    def integrable(
        self,
        t: Expr,
        bound: Expr,
        by: Sequence[Theorem] = (),
        law: Theorem | None = None,
        opaque: Sequence[Expr] = (),
        at: Expr | None = None,
    ) -> Theorem:
        """exists(Mean(w)) from a bound of Abs(w)."""
        why = [law if law is not None else self.exist(t.args[0])]
        for m in below(bound):
            if m.head == "mean" and m.args[0] == t.args[0] and not m.loose:
                why.append(self.exist(m))
        pointwise = self.everywhere(below_points(t, bound), by, opaque, at)
        return derive("integrable", pointwise, *why, mean=t, bound=bound)

    def _norm_exists(self, t: Expr) -> Theorem:
        mean = self.exist(power_mean(t))
        return derive("norm_exists", mean, self.show(t.args[1] >= 1), norm=t)

    # -- formulas ----------------------------------------------------------------------------------

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

    def about_ranges(self, formulas: Iterable[Expr]) -> list[Theorem]:
        """Sums and products whose last or only term can be split off, that are empty, or whose
        terms are all the same."""
        found: list[Theorem] = []
        for t in dict.fromkeys(e for f in formulas for e in opaque_parts(f)):
            if t.head not in RANGES:
                continue
            try:
                found += self.about_range(t)
            except (StepFailed, Refused):
                continue
        return found

    def side(self, condition: Expr) -> Theorem:
        """A condition on plain numbers, from what is assumed of them."""
        known = self.found(condition)
        return known or self.arithmetic(condition, self.simple_about(condition))

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

    def taken_apart(self, fact: Theorem) -> list[Theorem]:
        """A conjunction as its parts."""
        if fact.concl.head != "and":
            return [fact]
        return [p for side in (0, 1) for p in self.taken_apart(derive("part", fact, side=side))]

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
        if by:
            try:
                return self.show(formula, by)
            except StepFailed:
                pass
        if formula.head != "relation":
            return self.show(formula, by)
        terms = set(opaque_parts(formula))
        near = [f for f in self.relevant(formula, most=None) if set(opaque_parts(f.concl)) <= terms]
        try:
            return self.show(formula, [*by, *near])
        except StepFailed:
            return self.show(formula, [*by, *self.relevant(formula)])

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

    # -- independence ------------------------------------------------------------------------------

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


def _value(number: Expr) -> Fraction:
    assert isinstance(number.data, Fraction)
    return number.data


def _innermost(formula: Expr) -> Expr:
    """What a universal formula says under its conditions; with loose numbers."""
    while formula.head in ("forall", "implies"):
        formula = formula.args[-1]
    return formula


def factors_of(e: Expr) -> list[Expr]:
    """The factors of a product; a divisor is the factor 1/divisor."""
    if e.head == "mul":
        return [f for a in e.args for f in factors_of(a)]
    if e.head == "div" and e.args[0] != number(1):
        return [*factors_of(e.args[0]), 1 / e.args[1]]
    return [e]


def summands_of(e: Expr) -> list[Expr]:
    """The terms of a sum, whatever their signs."""
    if e.head in ("add", "sub", "neg"):
        return [s for a in e.args for s in summands_of(a)]
    return [e]


def product_of(factors: Sequence[Expr]) -> Expr:
    """The product of some factors, of which there is at least one."""
    whole = factors[0]
    for f in factors[1:]:
        whole = whole * f
    return whole


def _why(goal: Expr, facts: Sequence[Theorem], asked: Abstraction, verdict: object) -> str:
    """Why a step was not shown, in the author's terms."""
    names = {
        n: e for n, e in asked.meaning.items() if not (e.head == "symbol" and str(e.data) == n)
    }
    where = "; ".join(f"{n} stands for {e!r}" for n, e in names.items())
    given = ", ".join(repr(f.concl) for f in facts) or "nothing"
    if isinstance(verdict, Refuted):
        values = verdict.witness.point if verdict.witness else {}
        at = ", ".join(f"{n} = {v}" for n, v in values.items())
        return (
            f"the facts named do not imply {goal!r}: for instance {at}"
            + (f", where {where}" if where else "")
            + f". Named: {given}"
        )
    reason = getattr(verdict, "reason", "")
    name = getattr(verdict, "name", "undecided")
    return (
        f"{goal!r} is {name} from {given}: {reason}; name other facts, or an intermediate step"
        + (f" ({where})" if where else "")
    )
