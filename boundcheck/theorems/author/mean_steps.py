"""Steps about means, norms, sums and integrals."""

from __future__ import annotations

from collections.abc import Iterable

from boundcheck.theorems.author import words
from boundcheck.theorems.author.facts import By, Fact, theorems
from boundcheck.theorems.author.steps import Steps
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.kernel.affine_terms import combination, listed
from boundcheck.theorems.kernel.sequent import derive
from boundcheck.theorems.language.binding import Lambda, opened
from boundcheck.theorems.language.expr import Expr, ExprLike, expr
from boundcheck.theorems.language.sorts import (
    REAL,
)
from boundcheck.theorems.rules.independence_rules import nested
from boundcheck.theorems.rules.integral_rules import (
    antiderivative_condition,
    bounded_condition,
    integral_at_points,
    integrals_over,
)
from boundcheck.theorems.rules.mean_rules import (
    at_points,
    exchange_conditions,
    mean_of_sum_conditions,
    means_over,
)
from boundcheck.theorems.rules.norm_rules import minkowski_conditions, norms_like
from boundcheck.theorems.rules.range_rules import at_indices


class Averages(Steps):
    """Steps about means over laws, norms, and integrals."""

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
        facts = theorems(by)
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

    def add_up(self, goal: Expr, by: By = (), opaque: Iterable[Expr] = ()) -> Fact:
        """A relation between sums over one range, from the same for every index."""
        key, goal = self._written("step", goal)
        low, high = _only_range(goal)
        why = [self.engine.exist(low), self.engine.exist(high)]
        for side in goal.args:
            pairs = combination(side, lambda e: e.head == "sum" and e.args[:2] == (low, high)).pairs
            why += [self.engine.exist(f) for f, _ in pairs]
        pointwise = self.engine.show(at_indices(goal, low, high), theorems(by), tuple(opaque))
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
        facts = [*theorems(by), *self._about(norm.args[0])]
        why = [self.engine.show(c, theorems(by)) for c in conditions]
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
        pointwise = self.engine.show(integral_at_points(goal, low, high), theorems(by))
        return self._step(key, derive("integrate", pointwise, *why, goal=goal, low=low, high=high))

    def primitive(self, integral: Expr, function: Lambda, by: By = ()) -> Fact:
        """An integral, by an antiderivative of its integrand."""
        low, high, _ = integral.args
        integrand = Lambda((REAL,), integral.args[2])
        condition = antiderivative_condition(function, integrand, low, high)
        order = self.engine.show(low <= high, theorems(by))
        slopes = self.engine.show(condition, theorems(by))
        data = {"function": function, "integrand": integrand, "low": low, "high": high}
        return self.fact(derive("primitive", order, slopes, **data))

    def integral_exists(self, integral: Expr, bound: ExprLike, by: By = ()) -> Fact:
        """That an integral exists, by a bound of its integrand."""
        low, high = integral.args[:2]
        order = self.engine.show(low <= high, theorems(by))
        shown = self.engine.show(bounded_condition(integral, expr(bound)), theorems(by))
        made = derive("integral_exists", order, shown, integral=integral, bound=expr(bound))
        return self.fact(made)

    def least(self, fact: Fact) -> Fact:
        """From a bound of a mean: some point of the law's set has it."""
        return self.derive("least", fact)

    def exchange(self, mean: Expr, by: By = ()) -> Fact:
        """Two means, in the other order."""
        why = [self.engine.show(c, theorems(by)) for c in exchange_conditions(mean)]
        return self.fact(derive("exchange", *why, mean=mean))

    def mean_of_sum(self, mean: Expr, by: By = ()) -> Fact:
        """The mean of a sum is the sum of the means."""
        why = [self.engine.show(c, theorems(by)) for c in mean_of_sum_conditions(mean)]
        total = opened(mean, self.engine.fresh("x", mean.data, mean))  # type: ignore[arg-type]
        why += [self.engine.exist(t) for t in (mean.args[0], *total.args[:2])]
        return self.fact(derive("mean_of_sum", *why, mean=mean))

    def coordinate(self, mean: Expr, place: ExprLike, by: By = ()) -> Fact:
        """A mean over independent samples, over the k-th one first."""
        return self.fact(self.engine.coordinate(mean, expr(place), theorems(by)))

    def coordinate_exists(self, mean: Expr, place: ExprLike, by: By = ()) -> Fact:
        """That a mean over independent samples exists, since the nested one does."""
        return self.fact(self.engine.coordinate_exists(mean, expr(place), theorems(by)))

    def disintegrate(self, mean: Expr) -> Fact:
        """A mean over pairs, as a nested mean."""
        return self.fact(self.engine.disintegrate(mean))

    def joint_exists(self, mean: Expr, by: By = ()) -> Fact:
        """That a mean over pairs exists, since the nested one does."""
        x, y, w, over, kernel = nested(mean)
        inside = words.Mean(words.Mean(abs(w), (y, kernel)), (x, over))
        shown = self.engine.show(words.Exists(inside), theorems(by))
        return self.fact(derive("joint_exists", shown, mean=mean))


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
