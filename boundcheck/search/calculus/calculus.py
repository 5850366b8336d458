"""Tactics 6 and 7: touching and unbounded claims, by the rules of the calculus.

The search guesses from samples which rule may help and proposes a proof; nothing here is
trusted, the checker decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flint import fmpq

from boundcheck.checking import goals
from boundcheck.checking.checker import Checker
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proved, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.exact.terms.work import spend
from boundcheck.search.calculus import views
from boundcheck.search.calculus.derivations import TROUBLE, key_of
from boundcheck.search.calculus.forms import Forms
from boundcheck.search.calculus.taylor import taylor_tree
from boundcheck.search.calculus.valleys import Found
from boundcheck.search.problem import Problem

_FEW = 40
_SLIPS = (RecursionError, IndexError, TypeError, AttributeError, AssertionError)
"""A proposal that trips over itself is no proposal: the other tactics go on."""


def at_once(problem: Problem) -> Verdict | None:
    """A smooth inequality in one variable on a bounded range: a few Taylor forms."""
    goal = goals.goal_of(problem.statement)
    if len(goal.on.names) != 1 or goal.given or goal.relation.op == "==":
        return None
    if any(isinstance(e, float) for x in goal.hull.values() for e in (x.lower, x.upper)):
        return None
    parts, boxes, bound = [], 0, None
    relations = goals.cases(goal.relation)
    for relation in relations:
        found = taylor_tree(replace(goal, relation=relation), _FEW, defined=False)
        if found is None:
            return None
        parts.append(found.proof)
        boxes += found.boxes
        bound = found.bound if bound is None else min(bound, found.bound)
    proof = (
        parts[0] if len(parts) == 1 else {"by": "cases", "parts": parts, "defined": "part by part"}
    )
    many = f"{boxes} box{'es' * (boxes > 1)}"
    return Proved(method=f"Taylor forms, {many}", margin=Enclosure(bound, None), proof=proof)


def by_rules(problem: Problem) -> Verdict | None:
    """A proof by the rules of the calculus, accepted by the checker."""
    goal = goals.goal_of(problem.statement)
    try:
        proof = Calculus().deepening(goal)
        if proof is None:
            return None
        Checker().check(goal, proof)
    except (*TROUBLE, *_SLIPS):
        return None
    margin = None if goal.relation.op == "==" else Enclosure(fmpq(0), None)
    return Proved(method=f"calculus: {', '.join(used(proof))}", margin=margin, proof=proof)


def used(proof: Any) -> list[str]:
    """The rules of a proof, in order of appearance."""
    found: dict[str, None] = {}
    stack = [proof]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if "by" in node:
                found[node["by"]] = None
            stack.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            stack.extend(reversed(node))
    return list(found)


class Calculus(Forms):
    """The search for a proof of one goal."""

    def deepening(self, goal: Comparison) -> Found:
        """Short proofs first."""
        self.tried: dict[Any, tuple[int, Found]] = {}
        for depth in (1, 2, 4, 6):
            found = self.prove(goal, depth)
            if found is not None:
                return found
        return None

    def prove(self, goal: Comparison, depth: int, defined: bool = False) -> Found:
        """A proof of a goal, with what is needed to see that its sides are defined."""
        if not defined:
            needs = self.definedness(goal)
            found = None if needs is None else self.prove(goal, depth, True)
            return {**found, "defined": needs} if found is not None and needs else found
        key = key_of(goal)
        before, found = self.tried.get(key, (-1, None))
        if found is not None or before >= depth:
            return found
        spend(20)
        self.tried[key] = depth, None
        found = self._prove(goal, depth)
        self.tried[key] = depth, found
        return found

    def _prove(self, goal: Comparison, depth: int) -> Found:
        relations = goals.cases(goal.relation)
        if len(relations) > 1:
            parts = []
            for r in relations:
                found = self.prove(replace(goal, relation=r), depth, True)
                if found is None:
                    return None
                parts.append(found)
            return {"by": "cases", "parts": parts}
        found = self.visible(goal)
        if found is not None or not goal.relation.free or self.refuted(goal) or depth <= 0:
            return found
        for attempt in self._attempts(goal):
            spend(10)
            try:
                found = attempt(goal, depth)
            except TROUBLE:
                continue
            if found is not None:
                return found
        return None

    def _attempts(self, goal: Comparison) -> tuple[Callable[[Comparison, int], Found], ...]:
        if goal.relation.op == "==":
            return self._period, self._branch, self._constant_along
        if views.with_branches(goal.relation.gap()):
            return self._branch, self._kinks, self._squares
        alone = (self._zeros, self._pieces) if len(goal.on.names) == 1 else ()
        if views.algebraic(goal.relation.gap()):
            first = (
                self._ladders,
                self._bounds,
                self._squares,
                *alone[:1],
                self._factors,
                self._valley,
            )
            return *first, *alone[1:], self._monotone, self._multiplied, self._inverse
        first = (self._period, self._tangents, self._steep, self._ladders, self._bounds, *alone)
        along = (self._factors, self._valley, self._peak, self._monotone, self._lighter)
        others = (self._logarithms, self._exponentials, self._sums, self._rewritten, self._squares)
        return *first, *along, *others, self._multiplied, self._inverse
