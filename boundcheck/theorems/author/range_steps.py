"""Steps about sums, products, and the largest of several."""

from __future__ import annotations

from boundcheck.theorems.author import words
from boundcheck.theorems.author.facts import By, Fact, theorems
from boundcheck.theorems.author.mean_steps import Averages
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.kernel.sequent import derive
from boundcheck.theorems.language.binding import Lambda, opened
from boundcheck.theorems.language.expr import Expr, ExprLike, expr
from boundcheck.theorems.language.formulas import for_all
from boundcheck.theorems.language.sorts import (
    NAT,
    REAL,
)
from boundcheck.theorems.rules.range_rules import before


class Ranges(Averages):
    """Steps about ranges of indices."""

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
        shown = self.engine.show(pointwise, theorems(by))
        return self.fact(derive("one_of_many", lower, upper, shown, term=term, index=k))

    def between(
        self, ladder: Lambda, low: ExprLike, high: ExprLike, value: ExprLike, by: By = ()
    ) -> Fact:
        """There is k with a <= k, k + 1 <= b, A(k) <= x and x <= A(k + 1), from A(a) <= x,
        x <= A(b) and a < b, which are shown here."""
        a, b, x, known = expr(low), expr(high), expr(value), theorems(by)
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
