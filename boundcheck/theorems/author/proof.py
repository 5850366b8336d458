"""The author's side of a theorem: `t` in `def theorem(t)`. Declarations, facts, steps, scopes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term
from boundcheck.theorems.author import words
from boundcheck.theorems.author.context import Scope, StepFailed
from boundcheck.theorems.author.engine import Engine
from boundcheck.theorems.author.matching import opaque_parts
from boundcheck.theorems.author.moved_numbers import Key
from boundcheck.theorems.author.rewriting import replaced_in
from boundcheck.theorems.kernel.affine_terms import combination, listed
from boundcheck.theorems.kernel.existence import exists
from boundcheck.theorems.kernel.sequent import Theorem, derive
from boundcheck.theorems.language.binding import Lambda, abstracted, opened
from boundcheck.theorems.language.expr import Expr, ExprLike, expr, made, symbol
from boundcheck.theorems.language.formulas import for_all
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
from boundcheck.theorems.rules.independence_rules import nested
from boundcheck.theorems.rules.integral_rules import (
    antiderivative_condition,
    bounded_condition,
    integral_at_points,
    integrals_over,
)
from boundcheck.theorems.rules.mean_rules import (
    OPPOSITE,
    at_points,
    exchange_conditions,
    mean_of_sum_conditions,
    means_over,
)
from boundcheck.theorems.rules.norm_rules import minkowski_conditions, norms_like
from boundcheck.theorems.rules.range_rules import at_indices, before


class Fact:
    """Something that was shown. Called with terms, a universal fact is one about them; its
    conditions are shown where it is called, from the facts named if there are any."""

    def __init__(self, proof: Proof, theorem: Theorem) -> None:
        self.proof, self.theorem = proof, theorem

    @property
    def formula(self) -> Expr:
        """What the fact says."""
        return self.theorem.concl

    @property
    def left(self) -> Expr:
        """The left side of a relation."""
        return self.formula.args[0]

    @property
    def right(self) -> Expr:
        """The right side of a relation."""
        return self.formula.args[1]

    def __call__(self, *values: ExprLike, by: By = ()) -> Fact:
        engine = self.proof.engine
        made = engine.resolved(self.theorem, [expr(v) for v in values], _theorems(by))
        return self.proof.fact(made)

    def __iter__(self) -> Iterator[Fact]:
        """The parts of a conjunction."""
        return iter([Fact(self.proof, p) for p in self.proof.engine.taken_apart(self.theorem)])

    def __repr__(self) -> str:
        return f"Fact({self.formula!r})"


By: TypeAlias = "Fact | Block | Iterable[Fact | Block]"
Declared: TypeAlias = Any
"""What a declaration gives: a symbol for one name, a tuple of symbols for several."""


class Block:
    """A `with` block of a proof; after it, `fact` is what it showed."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.result: Fact | None = None
        self.goal: Expr | None = None
        self.hypothesis: Fact | None = None
        self.value: Expr | None = None

    @property
    def fact(self) -> Fact:
        """What the block showed, once it has ended."""
        if self.result is None:
            raise BoundcheckError("a block has its fact when it has ended")
        return self.result

    def __call__(self, *values: ExprLike, by: By = ()) -> Fact:
        return self.fact(*values, by=by)


class Proof:
    """A theorem while it is being written. See `docs/theorems.md`."""

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

    # -- symbols -----------------------------------------------------------------------------------

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

    # -- formulas as they are written --------------------------------------------------------------

    def _written(self, kind: str, formula: Expr) -> tuple[Key, Expr]:
        """The formula, or what it is changed to (see `variation`)."""
        key = (kind, sum(k == kind for k, _ in self.stated))
        self.stated[key] = formula
        return key, self.changed.get(key, formula)

    def _step(self, key: Key, theorem: Theorem) -> Fact:
        found = self.fact(theorem)
        self.steps[id(theorem)] = key
        return found

    # -- facts -------------------------------------------------------------------------------------

    def fact(self, theorem: Theorem) -> Fact:
        """Keep a theorem as a fact."""
        return Fact(self, self.engine.remember(theorem))

    def given(self, *formulas: Expr) -> Declared:
        """Hypotheses of the theorem."""
        if len(self.engine.scopes) != 1:
            raise BoundcheckError("hypotheses are given before any block; use let(given=...)")
        found = []
        for written in formulas:
            _, f = self._written("given", written)
            self.givens.append(f)
            found.append(Fact(self, self.engine.assume(f)))
        return found[0] if len(found) == 1 else tuple(found)

    def derive(self, rule: str, *facts: Fact, **data: Any) -> Fact:
        """What follows by a rule of the kernel, named by the author."""
        return self.fact(derive(rule, *(f.theorem for f in facts), **data))

    def show(self, goal: Expr, by: By = (), opaque: Iterable[Expr] = ()) -> Fact:
        """A formula from the facts named: relations by arithmetic, the rest by its form."""
        key, formula = self._written("step", goal)
        return self._step(key, self.engine.show(formula, _theorems(by), tuple(opaque)))

    def together(self, *facts: Fact) -> Fact:
        """All of some facts, as one."""
        whole = facts[0].theorem
        for f in facts[1:]:
            whole = derive("conjoin", whole, f.theorem)
        return self.fact(whole)

    def prove(self, goal: Expr, by: By = ()) -> Theorem:
        return self.engine.show(goal, _theorems(by))

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
        facts = [*_theorems(by), *self._about(term.args[0])]
        made = self.engine.integrable(term, expr(bound), facts, opaque=tuple(opaque), at=at)
        return self.fact(made)

    def witness(self, goal: Expr, value: ExprLike, by: By = ()) -> Fact:
        """There is such a thing: this one."""
        one = expr(value)
        shown = self.engine.show(opened(goal, one), _theorems(by))
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
                self.engine.show(function(a).eq(function(a)), _theorems(by)),
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

    # -- means, norms and sums ---------------------------------------------------------------------

    def average(
        self,
        goal: Expr,
        by: By = (),
        law: Expr | None = None,
        fixed: Iterable[Expr] = (),
        opaque: Iterable[Expr] = (),
        at: Expr | None = None,
    ) -> Fact:
        """A relation between means over a law, from the same at every point of its set, which is
        called `at` (where `opaque` is to speak of it); means that are `fixed` are numbers in it."""
        key, goal = self._written("step", goal)
        over, numbers = law if law is not None else _only_law(goal), tuple(fixed)
        terms = [m for side in goal.args for m in listed(side, means_over(over, numbers))]
        facts = _theorems(by)
        why = [self.engine.show(words.Exists(m), facts) for m in dict.fromkeys((over, *terms))]
        pointwise = self.engine.everywhere(
            at_points(goal, over, numbers), [*facts, *self._about(over)], tuple(opaque), at
        )
        averaged = derive("average", pointwise, *why, goal=goal, law=over, fixed=numbers)
        return self._step(key, averaged)

    def same_mean(self, mean: Expr, other: Expr, by: By = ()) -> Fact:
        """A mean is another one over the same law, which exists, as the integrands are equal."""
        x = self.engine.fresh(mean.hint, mean.data, mean, other)  # type: ignore[arg-type]
        size = words.Mean(abs(opened(other, x)), (x, other.args[0]))
        self.exists(mean, by, bound=size)
        return self.average(mean.eq(other), by, law=mean.args[0])

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

    def add_up(self, goal: Expr, by: By = (), opaque: Iterable[Expr] = ()) -> Fact:
        """A relation between sums over one range, from the same for every index."""
        key, goal = self._written("step", goal)
        low, high = _only_range(goal)
        why = [self.engine.exist(low), self.engine.exist(high)]
        for side in goal.args:
            pairs = combination(side, lambda e: e.head == "sum" and e.args[:2] == (low, high)).pairs
            why += [self.engine.exist(f) for f, _ in pairs]
        pointwise = self.engine.show(at_indices(goal, low, high), _theorems(by), tuple(opaque))
        added = derive("add_up", pointwise, *why, goal=goal, low=low, high=high)
        return self._step(key, added)

    def minkowski(
        self, goal: Expr, by: By = (), opaque: Iterable[Expr] = (), at: Expr | None = None
    ) -> Fact:
        """Norm(w) <= sum of c_i Norm(u_i) + c, from Abs(w) <= sum of c_i Abs(u_i) + c at every
        point, which is called `at`."""
        key, goal = self._written("step", goal)
        pointwise, conditions = minkowski_conditions(goal)
        norm, bound = goal.args
        facts = [*_theorems(by), *self._about(norm.args[0])]
        why = [self.engine.show(c, _theorems(by)) for c in conditions]
        why.append(self.engine.exist(norm.args[0]))
        why += [self.engine.exist(n) for _, n in combination(bound, norms_like(norm)).pairs]
        shown = self.engine.everywhere(pointwise, facts, tuple(opaque), at)
        return self._step(key, derive("minkowski", shown, *why, goal=goal))

    def integrate(self, goal: Expr, by: By = (), opaque: Iterable[Expr] = ()) -> Fact:
        """A relation between integrals over one interval, from the same at every point of it."""
        key, goal = self._written("step", goal)
        low, high = _only_range(goal, "integral")
        why = []
        for side in goal.args:
            for factor, integral in combination(side, integrals_over(low, high)).pairs:
                why += [self.engine.exist(factor), self.engine.exist(integral)]
        pointwise = self.engine.show(integral_at_points(goal, low, high), _theorems(by))
        return self._step(key, derive("integrate", pointwise, *why, goal=goal, low=low, high=high))

    def primitive(self, integral: Expr, function: Lambda, by: By = ()) -> Fact:
        """An integral, by an antiderivative of its integrand."""
        low, high, _ = integral.args
        integrand = Lambda((REAL,), integral.args[2])
        condition = antiderivative_condition(function, integrand, low, high)
        order = self.engine.show(low <= high, _theorems(by))
        slopes = self.engine.show(condition, _theorems(by))
        data = {"function": function, "integrand": integrand, "low": low, "high": high}
        return self.fact(derive("primitive", order, slopes, **data))

    def integral_exists(self, integral: Expr, bound: ExprLike, by: By = ()) -> Fact:
        """That an integral exists, by a bound of its integrand."""
        low, high = integral.args[:2]
        order = self.engine.show(low <= high, _theorems(by))
        shown = self.engine.show(bounded_condition(integral, expr(bound)), _theorems(by))
        made = derive("integral_exists", order, shown, integral=integral, bound=expr(bound))
        return self.fact(made)

    def least(self, fact: Fact) -> Fact:
        """From a bound of a mean: some point of the law's set has it."""
        return self.derive("least", fact)

    def exchange(self, mean: Expr, by: By = ()) -> Fact:
        """Two means, in the other order."""
        why = [self.engine.show(c, _theorems(by)) for c in exchange_conditions(mean)]
        return self.fact(derive("exchange", *why, mean=mean))

    def mean_of_sum(self, mean: Expr, by: By = ()) -> Fact:
        """The mean of a sum is the sum of the means."""
        why = [self.engine.show(c, _theorems(by)) for c in mean_of_sum_conditions(mean)]
        total = opened(mean, self.engine.fresh("x", mean.data, mean))  # type: ignore[arg-type]
        why += [self.engine.exist(t) for t in (mean.args[0], *total.args[:2])]
        return self.fact(derive("mean_of_sum", *why, mean=mean))

    def coordinate(self, mean: Expr, place: ExprLike, by: By = ()) -> Fact:
        """A mean over independent samples, over the k-th one first."""
        return self.fact(self.engine.coordinate(mean, expr(place), _theorems(by)))

    def coordinate_exists(self, mean: Expr, place: ExprLike, by: By = ()) -> Fact:
        """That a mean over independent samples exists, since the nested one does."""
        return self.fact(self.engine.coordinate_exists(mean, expr(place), _theorems(by)))

    def disintegrate(self, mean: Expr) -> Fact:
        """A mean over pairs, as a nested mean."""
        return self.fact(self.engine.disintegrate(mean))

    def joint_exists(self, mean: Expr, by: By = ()) -> Fact:
        """That a mean over pairs exists, since the nested one does."""
        x, y, w, over, kernel = nested(mean)
        inside = words.Mean(words.Mean(abs(w), (y, kernel)), (x, over))
        shown = self.engine.show(words.Exists(inside), _theorems(by))
        return self.fact(derive("joint_exists", shown, mean=mean))

    def unroll(self, term: Expr) -> Fact:
        """A sum up to b + 1, as the sum up to b and one more term."""
        low, last = term.args[:2]
        order = low <= last if term.head in ("sum", "product") else low <= before(last)
        why = self.engine.exist(term)
        shown = self.engine.show(order, self.engine.relevant(order))
        return self.fact(derive("unroll", shown, why, term=term))

    def written_out(self, term: Expr) -> Fact:
        """A sum between two numbers, as all its terms."""
        low, high, _ = term.args
        if low == high:
            return self.single(term)
        more = self.unroll(term)
        return self.rewrite(self.written_out(more.formula.args[1].args[0]), more)

    def empty(self, term: Expr) -> Fact:
        """An empty sum is 0, an empty product 1."""
        shown = self.engine.show(term.args[1] < term.args[0])
        return self.fact(derive("empty", shown, term=term))

    def single(self, term: Expr) -> Fact:
        """A sum of one term."""
        why = self.engine.exist(opened(term, term.args[0]))
        return self.fact(derive("single", why, term=term))

    def count(self, term: Expr) -> Fact:
        """A sum of equal terms."""
        low, high, body = term.args
        order = self.engine.show(low <= high + 1, self.engine.relevant(low <= high + 1))
        why = self.engine.exist(body)
        return self.fact(derive("count", order, why, low=low, high=high, value=body))

    def triangle(self, term: Expr) -> Fact:
        """Abs(Sum(u)) <= Sum(Abs(u))."""
        return self.fact(derive("triangle", self.engine.exist(term), term=term))

    def among(self, term: Expr, index: ExprLike) -> Fact:
        """A value of a range, and its largest one."""
        k = expr(index)
        ends = [term.args[0] <= k, k <= term.args[1]]
        lower, upper = (self.engine.show(e, self.engine.relevant(e)) for e in ends)
        return self.fact(derive("among", lower, upper, self.engine.exist(term), term=term, index=k))

    def attained(self, term: Expr) -> Fact:
        """Some index has the largest value."""
        return self.fact(derive("attained", self.engine.exist(term), term=term))

    def one_of_many(self, term: Expr, index: ExprLike, by: By = ()) -> Fact:
        """One term of a sum of numbers >= 0 is at most the sum."""
        k = expr(index)
        ends = [term.args[0] <= k, k <= term.args[1]]
        lower, upper = (self.engine.show(e, self.engine.relevant(e)) for e in ends)
        j = self.engine.fresh(term.hint, NAT, term, k)
        pointwise = for_all(j, opened(term, j) >= 0, [term.args[0] <= j, j <= term.args[1]])
        shown = self.engine.show(pointwise, _theorems(by))
        return self.fact(derive("one_of_many", lower, upper, shown, term=term, index=k))

    def between(
        self, ladder: Lambda, low: ExprLike, high: ExprLike, value: ExprLike, by: By = ()
    ) -> Fact:
        """There is k with a <= k, k + 1 <= b, A(k) <= x and x <= A(k + 1), from A(a) <= x,
        x <= A(b) and a < b, which are shown here."""
        a, b, x, known = expr(low), expr(high), expr(value), _theorems(by)
        k = self.engine.fresh("k", NAT, ladder.body, a, b, x)
        shown = [self.engine.show(g, known) for g in (ladder(a) <= x, x <= ladder(b), a < b)]
        shown.append(self.engine.show(for_all(k, words.Exists(ladder(k)), [a <= k, k <= b])))
        return self.fact(derive("between", *shown, function=ladder, low=a, high=b, value=x))

    def impossible(self, least: Fact, most: Fact, goal: Expr) -> Fact:
        """Anything, from x >= a and x <= b, where a and b are numbers and a is the larger one."""
        x, low, other, high = *least.formula.args, *most.formula.args
        if x != other or low.head != "number" or high.head != "number":
            raise StepFailed(f"{least!r} and {most!r} are no bounds of one term by numbers")
        u, v, w, scale = (self.engine.fresh(name, REAL, x) for name in "uvws")
        conditions = [u >= v, u <= w, scale > 0]
        gap = for_all((u, v, w, scale), (w - v) * scale + 1 >= 1, conditions)
        shown = Fact(self, self.engine.show(gap))(x, low, high, 1 / (low - high))
        return self.fact(derive("absurd", shown.theorem, formula=goal))

    # -- blocks ------------------------------------------------------------------------------------

    @contextmanager
    def let(self, *variables: Expr, given: Iterable[Expr] = ()) -> Iterator[Block]:
        """For arbitrary values of the variables with `given`: after the block its fact says the
        last fact of the block for all of them."""
        block = Block()
        conditions = list(given)
        self._open(list(variables))
        block.facts = [Fact(self, self.engine.assume(c)) for c in conditions]
        yield block
        last = self._close()
        for c in reversed(conditions):
            last = derive("discharge", last, formula=c)
        for v in reversed(variables):
            last = derive("generalise", last, variable=v)
        block.result = self.fact(last)

    @contextmanager
    def induct(self, claim: Expr, n: Expr, start: ExprLike = 0, base: By = ()) -> Iterator[Block]:
        """By induction on n from `start`: the block shows `goal`, the claim for n + 1, from
        `hypothesis`, the claim for n. The claim for `start` is shown from `base` first."""
        key, claim = self._written("step", claim)
        low = expr(start)
        step = abstracted((n,), claim)
        formula = for_all(n, claim, [n >= low])
        first = self.engine.show(step(low), _theorems(base))
        block = Block()
        self._open([n])
        order = self.engine.assume(n >= low)
        block.hypothesis = Fact(self, self.engine.assume(claim))
        block.facts = [Fact(self, order), block.hypothesis]
        block.goal = step(n + 1)
        yield block
        last = self._close()
        if last.concl != block.goal:
            raise StepFailed(
                f"the induction has to end with {block.goal!r}; its last fact is {last.concl!r}"
            )
        for f in (claim, n >= low):
            last = derive("discharge", last, formula=f)
        last = derive("generalise", last, variable=n)
        found = derive("induction", first, last, formula=formula)
        if low == expr(0):  # every natural number is at least 0
            plain = derive("instantiate", found, value=n)
            plain = derive("detach", plain, self.engine.side(n >= low))
            found = derive("generalise", plain, variable=n)
        block.result = self._step(key, found)

    @contextmanager
    def obtain(self, there: Fact, name: str) -> Iterator[Block]:
        """A thing of which it is known that it is there: `value`, with what is known of it as
        `facts`. The last fact of the block may not speak of it."""
        block = Block()
        formula = there.formula
        if formula.head != "exists":
            raise StepFailed(f"{formula!r} does not say that something is there")
        block.value = self.engine.declare(name, formula.data)  # type: ignore[arg-type]
        self._open([block.value])
        assumed = self.engine.assume(opened(formula, block.value))
        block.facts = [Fact(self, p) for p in self.engine.taken_apart(assumed)]
        yield block
        last = self._close()
        block.result = self.fact(derive("eliminate", there.theorem, last, variable=block.value))

    @contextmanager
    def suppose(self, *conditions: Expr) -> Iterator[Block]:
        """Under conditions: after the block its fact says that they imply its last fact."""
        with self.let(given=conditions) as block:
            yield block

    def cases(self, left: ExprLike, right: ExprLike, first: Block, second: Block) -> Fact:
        """What holds if left <= right, and if right < left, as two blocks have shown."""
        a, b = expr(left), expr(right)
        assumed = []
        for block, case in ((first, a <= b), (second, b < a)):
            held = derive("assume", formula=case)
            assumed.append(derive("detach", block.fact.theorem, held))
        why = [self.engine.exist(t) for t in (a, b) if not exists(t)]
        return self.fact(derive("cases", *assumed, *why, left=a, right=b))

    def indicators(self, goal: Expr, by: By = (), opaque: Iterable[Expr] = ()) -> Fact:
        """A relation with indicators of inequalities, shown for each case of what is true; the
        first event is split where the others do not decide it."""
        events = dict.fromkeys(e.args[0] for e in opaque_parts(goal) if e.head == "ind")
        return self._events(goal, list(events), _facts(by), tuple(opaque))

    def _events(
        self, goal: Expr, events: list[Expr], by: list[Fact], opaque: tuple[Expr, ...]
    ) -> Fact:
        if not events:
            return self.show(goal, by)
        *others, event = events
        opposite = made("relation", OPPOSITE[str(event.data)], event.args)

        def known(holds: Fact) -> Fact:
            value = self.derive(f"indicator_{str(holds.formula == event).lower()}", holds)
            return self._events(goal, others, [*by, holds, value], opaque)

        for side in (event, opposite) if not others and by else ():
            try:
                return known(self.show(side, by, opaque))
            except StepFailed:
                continue
        a, b = event.args if event.data in ("<=", ">") else event.args[::-1]
        blocks = []
        for case in (a <= b, b < a):
            with self.suppose(case) as block:
                true = (case.data == "<=") == (event.data in ("<=", ">="))
                known(self.show(event if true else opposite, block.facts, opaque))
            blocks.append(block)
        return self.cases(a, b, *blocks)

    def _open(self, variables: list[Expr]) -> None:
        for a in self.engine.assumptions():
            for v in variables:
                if v in a.concl.free:
                    raise StepFailed(f"{v!r} is not arbitrary: it is free in {a.concl!r}")
        self.engine.scopes.append(Scope(variables=variables))

    def _close(self) -> Theorem:
        scope = self.engine.scopes.pop()
        if not scope.facts:
            raise StepFailed("nothing was shown in the block")
        return scope.facts[-1]

    def example(self, spaces: Mapping[str, Sort] | None = None, **values: Any) -> None:
        """Terms for the symbols of the theorem, for which all its hypotheses hold: so they do not
        contradict each other. They are shown when the theorem is finished."""
        self.examples.append((values, spaces or {}))

    # -- the end -----------------------------------------------------------------------------------

    def finished(self, fact: Fact) -> Theorem:
        """The theorem, whose hypotheses are among those given.

        Raises:
            StepFailed: it rests on an assumption of a block that has ended.
        """
        bad = self.engine.allowed(fact.theorem.hyps)
        if bad is not None:
            raise StepFailed(f"the theorem rests on {bad!r}, which was only assumed in a block")
        return fact.theorem

    def use(
        self,
        theorem: str | Theorem,
        values: Mapping[str, Any] | None = None,
        spaces: Mapping[str, Sort] | None = None,
        by: By = (),
    ) -> Fact:
        """A theorem with terms for its symbols; its hypotheses are shown here.

        Args:
            theorem: the id of another claim of the same folder, or a theorem.
            values: for names of its symbols, terms, or functions made by `function`.
            spaces: for names of its spaces, sorts.
            by: facts from which its hypotheses are shown.
        """
        if isinstance(theorem, str):
            if self.other is None:
                raise BoundcheckError(f"{theorem} cannot be found from here")
            self.used.append(theorem)
            theorem = self.other(theorem, self.engine.budget)
        symbols = {str(s.data): s for s in theorem.free}
        given: dict[Expr, Any] = {}
        for name, new in (values or {}).items():
            if name not in symbols:
                raise BoundcheckError(
                    f"the theorem has no symbol {name}; it has {', '.join(sorted(symbols))}"
                )
            given[symbols[name]] = new if isinstance(new, (Expr, Lambda)) else expr(new)
        why = []
        for new in given.values():
            if isinstance(new, Lambda):
                why += self.engine.total(new, _theorems(by))
            elif new.sort.kind != "function" and not exists(new):
                why.append(self.engine.exist(new))
        made = derive("substitute", theorem, *why, values=given, spaces=dict(spaces or {}))
        for h in made.hyps:
            if self.engine.allowed([h]) is None:
                continue
            shown = self.engine.condition(h, _theorems(by))
            made = derive("detach", derive("discharge", made, formula=h), shown)
        return self.fact(made)


def _facts(by: By) -> list[Fact]:
    named = [by] if isinstance(by, (Fact, Block)) else by
    return [f.fact if isinstance(f, Block) else f for f in named]


def _theorems(by: By) -> list[Theorem]:
    return [f.theorem for f in _facts(by)]


def _only_law(goal: Expr) -> Expr:
    found = dict.fromkeys(
        m.args[0] for side in goal.args for m in listed(side, lambda e: e.head == "mean")
    )
    if len(found) != 1:
        raise StepFailed(f"{goal!r} has means over {len(found)} laws; say which one by law=")
    return next(iter(found))


def _only_range(goal: Expr, head: str = "sum") -> tuple[Expr, Expr]:
    found = dict.fromkeys(
        m.args[:2] for side in goal.args for m in listed(side, lambda e: e.head == head)
    )
    if len(found) != 1:
        raise StepFailed(f"{goal!r} has {len(found)} ranges of the kind {head}, not one")
    low, high = next(iter(found))
    return low, high


def derived(function: Callable[[Proof], Fact], budget: float | None = None) -> Theorem:
    """The theorem that a function writes."""
    t = Proof(budget)
    return t.finished(function(t))
