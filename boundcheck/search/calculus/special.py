"""Gamma functions and error functions on unbounded ranges.

Products of gammas become sums of log-gammas by logarithms. Such a sum g loses them in
g(p + k) - g(p), and its limit along the steps is elementary (`exact.algebra.gammas`):
so g >= 0 where the steps lead down to a limit >= 0, or up from a first step on which g >= 0.
Error functions have elementary slopes, and limits. Where this does not work on the whole range,
it is cut: the tail like this, the rest by Taylor forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from flint import fmpq

from boundcheck.checking import goals
from boundcheck.checking.checker import Checker
from boundcheck.checking.closed_terms import sign_of
from boundcheck.checking.goals import Proof, Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proved, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.exact.algebra.gammas import Step, Sum, as_sum, difference, limit_along
from boundcheck.exact.terms.box import Range
from boundcheck.exact.terms.term import Term, add, div, neg, number, postorder, sub
from boundcheck.search.calculus.calculus import Calculus, used
from boundcheck.search.calculus.derivations import TROUBLE
from boundcheck.search.calculus.pieces import split
from boundcheck.search.calculus.taylor import taylor_tree
from boundcheck.search.problem import Problem

_GAMMAS = ("gamma", "loggamma", "factorial")
_ERRORS = ("erf", "erfc")
_ONE = number(1)
_CUTS = tuple(map(fmpq, (1, 4, 16)))
_FAR = tuple(map(fmpq, (1, 2, 4)))
_NEAR = tuple(fmpq(1, 4**k) for k in range(1, 6))
_MANY = 200
Attempt = Callable[[Comparison], Proof | None]


def special(problem: Problem) -> Verdict | None:
    """A proof on an unbounded range, accepted by the checker."""
    goal = goals.goal_of(problem.statement)
    known = _functions(goal)
    if not known & {*_GAMMAS, *_ERRORS} or all(r.upper.value is not None for r in goal.on.ranges):
        return None
    proof = Special().prove(goal)
    if proof is None:
        return None
    try:
        Checker().check(goal, proof)
    except Rejected:
        return None
    margin = None if goal.relation.op == "==" else Enclosure(fmpq(0), None)
    return Proved(method=f"special functions: {', '.join(used(proof))}", margin=margin, proof=proof)


def _cuts(
    goal: Comparison, far: Sequence[fmpq]
) -> Iterator[tuple[Range, Term, Comparison, Comparison]]:
    """Places so far from the rational end of the one variable, with what lies near and beyond."""
    if len(goal.on.names) != 1 or goal.given or goal.relation.op == "==":
        return
    (r,) = goal.on.ranges
    if r.lower.value is not None and r.lower.value.op == "rational":
        for d in far:
            c = number(r.lower.value.payload + d)
            yield r, c, *goals.halves(goal, r.name, c)


def _functions(goal: Comparison) -> set[str]:
    sides = postorder(goal.relation.left, goal.relation.right)
    return {n.payload for n in sides if n.free and n.op == "call"}


class Special:
    """The search for a proof of one goal."""

    def __init__(self) -> None:
        self.calculus = Calculus()
        self.calculus.tried = {}

    def prove(self, goal: Comparison) -> Proof | None:
        """A proof with what is needed to see that both sides are defined."""
        relations = goals.cases(goal.relation)
        if len(relations) > 1:
            parts = [self.prove(replace(goal, relation=r)) for r in relations]
            return (
                None
                if None in parts
                else {"by": "cases", "parts": parts, "defined": "part by part"}
            )
        if self.calculus.refuted(goal):
            return None
        return self.safely(
            goal, self._any_form if _functions(goal) & {*_GAMMAS} else self._from_infinity
        )

    def safely(self, goal: Comparison, attempt: Attempt) -> Proof | None:
        """The attempt, and that both sides are defined."""
        try:
            needs = self.calculus.definedness(goal)
            found = None if needs is None else attempt(goal)
        except TROUBLE:
            return None
        return {**found, "defined": needs} if found is not None and needs else found

    def _any_form(self, goal: Comparison) -> Proof | None:
        """As it stands where it is a sum of log-gammas; else by logarithms of both sides."""
        total = _sum_of(goal)
        if total is not None:
            return self._pieces(goal)
        left, right = goal.relation.left, goal.relation.right
        child = goals.logarithm_goal(goal, left, right)
        total = _sum_of(child)
        positive = (
            [self.elementary(goals.gap_goal(goal, s, ">")) for s in (left, right)]
            if total
            else [None]
        )
        found = None if None in positive else self.safely(child, self._pieces)
        if found is None:
            return None
        needs = self.calculus.definedness(goals.gap_goal(goal, sub(left, right)))
        sides = {"left": str(left), "right": str(right), **({"sides": needs} if needs else {})}
        return {"by": "logarithms", "positive": positive, "proof": found, **sides}

    # -- pieces ------------------------------------------------------------------------------------

    def _pieces(self, goal: Comparison) -> Proof | None:
        found = self.steps(goal)
        if found is not None:
            return found
        for r, c, near, tail in _cuts(goal, _CUTS):
            above = self.steps(tail)
            if above is not None:
                below = self.bounded(near)
                return None if below is None else split(r.name, c, below, above)
        return None

    def _from_infinity(self, goal: Comparison) -> Proof | None:
        """A slope that keeps its sign down from infinity, where the gap tends to
        a limit; pieces of what is left.

        The slope of an error function is elementary, but not that of an error function times
        exp(x**2): so the gap is taken as it is written.
        """
        for r, c, near, tail in _cuts(goal, _FAR):
            above = self.calculus.step(tail, r.name, "upper", lambda s: self._deeper(s, (1, 2, 4)))
            if above is not None:
                below = self.bounded(near) or self.calculus.prove(near, 1, True)
                return None if below is None else split(r.name, c, below, above)
        return None

    def bounded(self, goal: Comparison) -> Proof | None:
        """Taylor forms; near a lower end where the gap is zero, its slope."""
        tree = taylor_tree(goal, _MANY)
        if tree is not None:
            return tree.proof
        (r,) = goal.on.ranges
        low, high = goal.hull[r.name].lower, goal.hull[r.name].upper
        for share in _NEAR:
            c = number(low.fmpq() + (high.fmpq() - low.fmpq()) * share)  # type: ignore[union-attr]
            near, rest = goals.halves(goal, r.name, c)
            slope = {"by": "ascent", "end": "lower"}
            if self.holds(near, slope):
                tree = taylor_tree(rest, _MANY)
                return None if tree is None else split(r.name, c, slope, tree.proof)
        return None

    def holds(self, goal: Comparison, proof: Proof) -> bool:
        try:
            Checker().check(goal, proof, True)
        except TROUBLE:
            return False
        return True

    # -- steps -------------------------------------------------------------------------------------

    def steps(self, goal: Comparison) -> Proof | None:
        total = _sum_of(goal)
        if total is None:
            return None
        needs = self.calculus.definedness(goals.gap_goal(goal, total.plain()))
        if needs is None:
            return None
        sides = {"sides": needs} if needs else {}
        for step in self._each_step(goal):
            try:
                found = self._down(goal, total, step) or self._up(goal, total, step)
            except TROUBLE:
                continue
            if found is not None:
                return {"by": "steps", "step": step, **found, **sides}
        return None

    def _each_step(self, goal: Comparison) -> Iterator[dict[str, int]]:
        free = [
            r.name
            for r in goal.on.ranges
            if r.upper.value is None
            and goals.free_of_hypotheses(goal, r.name)
            and r.name in goal.relation.free
        ]
        choices = list(product((0, 1), repeat=len(free))) if len(free) <= 3 else []
        for chosen in sorted(choices, key=sum, reverse=len(free) > 1):
            if any(chosen):
                yield {n: k for n, k in zip(free, chosen, strict=True) if k}

    def _down(self, goal: Comparison, total: Sum, step: Step) -> dict[str, Any] | None:
        op = goal.relation.op
        change = neg(difference(total, step))
        try:
            end = limit_along(total, step, lambda m: sign_of(m)[0] == 1)
        except TROUBLE:
            return None
        for strict in ("change", "limit") if op == ">" else ("",):
            ops = {"change": (">", ">="), "limit": (">=", ">"), "": (op, op)}[strict]
            far = self.elementary(goals.gap_goal(goal, end, ops[1]))
            found = None if far is None else self.change(goals.gap_goal(goal, change, ops[0]))
            if found is not None:
                return {
                    "change": found,
                    "limit": far,
                    **({"strict": "limit"} if strict == "limit" else {}),
                }
        return None

    def _up(self, goal: Comparison, total: Sum, step: Step) -> dict[str, Any] | None:
        if len(step) > 1 or len(goal.on.names) > 1 or goal.relation.op == "==":
            return None
        ((name, k),) = step.items()
        start = goals.range_of(goal, name).lower
        if start.value is None or start.open or start.value.op != "rational":
            return None
        first = self.bounded(goals.halves(goal, name, add(start.value, number(k)))[0])
        found = (
            None
            if first is None
            else self.change(goals.gap_goal(goal, difference(total, step), ">="))
        )
        return None if found is None else {"change": found, "first": first}

    # -- without gammas ----------------------------------------------------------------------------

    def change(self, goal: Comparison) -> Proof | None:
        """Sums of logarithms, perhaps divided by what stands before one of them. Both sides
        are known to be defined."""
        if self.calculus.refuted(goal):
            return None
        try:
            logs = as_sum(goals.normal_goal(goal).relation.left).logs
        except TROUBLE:
            return None
        for times in _multipliers([p for _, p in logs]):
            extra: dict[str, Any] = {}
            if times is not _ONE:
                positive = self.elementary(goals.gap_goal(goal, times, ">"))
                if positive is None:
                    continue
                extra = {"times": str(times), "positive": positive}
            child = goals.normal_goal(goal, times)
            child = goals.gap_goal(child, as_sum(child.relation.left).term())
            found = self.elementary(child)
            if found is not None:
                return {"by": "normal", "form": "logarithms", "proof": found, **extra}
        return None

    def elementary(self, goal: Comparison) -> Proof | None:
        """A goal for the calculus, with a share of the time."""
        return None if self.calculus.refuted(goal) else self.calculus.prove(goal, 1)

    def _deeper(self, goal: Comparison, depths: Sequence[int]) -> Proof | None:
        found = (self.calculus.prove(goal, d, True) for d in depths)
        return next((p for p in found if p is not None), None)


def _multipliers(coefficients: Sequence[Term]) -> Iterator[Term]:
    yield _ONE
    seen: set[Term] = set()
    for p in coefficients:
        if p.free and p not in seen:
            seen.add(p)
            yield div(_ONE, p)
            yield div(_ONE, neg(p))


def _sum_of(goal: Comparison) -> Sum | None:
    """The gap as a sum with log-gammas."""
    try:
        total = as_sum(goals.normal_goal(goal).relation.left)
    except TROUBLE:
        return None
    plain = [total.rest, *(t for pair in (*total.logs, *total.gammas) for t in pair)]
    hidden = any(n.free and n.op == "call" and n.payload in _GAMMAS for n in postorder(*plain))
    return total if total.gammas and not hidden else None
