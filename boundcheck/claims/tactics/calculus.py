"""Tactics 6 and 7: touching and unbounded claims, by the rules of the calculus.

The search guesses from samples which rule may help and proposes a proof; nothing here is trusted, the checker decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from flint import arb, fmpq

from boundcheck.claims import checker as rules
from boundcheck.claims.checker import Checker, Proof, Rejected
from boundcheck.claims.problem import Problem
from boundcheck.claims.statement import Comparison
from boundcheck.claims.tactics import sampling, views
from boundcheck.claims.tactics.derivations import TROUBLE, bounded, key_of
from boundcheck.claims.tactics.pieces import Pieces, split
from boundcheck.claims.tactics.taylor import taylor_tree
from boundcheck.claims.verdict import Proved, Verdict
from boundcheck.enclosure.decimals import Enclosure
from boundcheck.exact.box import Range
from boundcheck.exact.normal import factors
from boundcheck.exact.rewrite import branches, rewritten
from boundcheck.exact.strategy import OutOfBudget
from boundcheck.exact.term import Term, is_number, mul, neg, number, postorder, substitute, symbol

_FEW = 40
_LADDER = 9
_ZERO = number(0)
Found = Proof | None


def at_once(problem: Problem) -> Verdict | None:
    """A smooth inequality in one variable on a bounded range: a few Taylor forms."""
    goal = rules.goal_of(problem.statement)
    if len(goal.on.names) != 1 or goal.given or goal.relation.op == "==":
        return None
    if any(isinstance(e, float) for x in goal.hull.values() for e in (x.lower, x.upper)):
        return None
    parts, boxes, bound = [], 0, None
    relations = rules.cases(goal.relation)
    for relation in relations:
        found = taylor_tree(replace(goal, relation=relation), problem.clock, _FEW, defined=False)
        if found is None:
            return None
        parts.append(found.proof)
        boxes += found.boxes
        bound = found.bound if bound is None else min(bound, found.bound)
    proof = parts[0] if len(parts) == 1 else {"by": "cases", "parts": parts, "defined": "part by part"}
    many = f"{boxes} box{'es' * (boxes > 1)}"
    return Proved(method=f"Taylor forms, {many}", margin=Enclosure(bound, None), proof=proof)


def by_rules(problem: Problem) -> Verdict | None:
    """A proof by the rules of the calculus, accepted by the checker."""
    goal = rules.goal_of(problem.statement)
    try:
        proof = Calculus(problem.clock).deepening(goal)
        if proof is None:
            return None
        Checker(problem.clock).check(goal, proof)
    except OutOfBudget:
        raise
    except Rejected:
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


class Calculus(Pieces):
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
        self.clock()
        self.tried[key] = depth, None
        found = self._prove(goal, depth)
        self.tried[key] = depth, found
        return found

    def _prove(self, goal: Comparison, depth: int) -> Found:
        relations = rules.cases(goal.relation)
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
            self.clock()
            try:
                found = attempt(goal, depth)
            except TROUBLE:
                continue
            if found is not None:
                return found
        return None

    def _attempts(self, goal: Comparison) -> tuple[Callable[[Comparison, int], Found], ...]:
        if goal.relation.op == "==":
            return self._period, self._branch, self._constant_along, self._pole_free
        if any(branches(n) for n in views.with_branches(goal.relation.gap())):
            return self._branch, self._kinks, self._squares, self._sums
        alone = (self._zeros, self._pieces) if len(goal.on.names) == 1 else ()
        if views.algebraic(goal.relation.gap()):
            return (
                *(self._ladders, self._bounds, self._squares, *alone[:1], self._factors, self._valley, *alone[1:]),
                *(self._monotone, self._multiplied, self._inverse),
            )
        return (
            *(self._period, self._ladders, self._bounds, *alone, self._factors, self._valley, self._monotone),
            *(self._lighter, self._logarithms, self._rewritten, self._squares, self._multiplied, self._inverse),
            self._touching_point,
        )

    def _pole_free(self, goal: Comparison, depth: int) -> Found:
        return None

    def _sums(self, goal: Comparison, depth: int) -> Found:
        return None

    # -- equalities ------------------------------------------------------------------------------------

    def _constant_along(self, goal: Comparison, depth: int) -> Found:
        """The slope is zero: so the value anywhere is the value."""
        for r in goal.on.ranges:
            if r.name not in goal.relation.free:
                continue
            for end in ("lower", "upper"):
                found = self.step(goal, r.name, end, self.visible)
                if found is not None:
                    return found
            for at in self._inside(goal, r):
                parts = [self.step(p, r.name, e, self.visible) for p, e in self._outwards(goal, r, at)]
                if None not in parts:
                    return split(r.name, at, *parts)  # type: ignore[arg-type]
        return None

    def _inside(self, goal: Comparison, r: Range) -> Iterator[Term]:
        x = goal.hull[r.name]
        for v in (0, 1, -1):
            if x.lower < arb(v) < x.upper:
                yield number(v)

    def _outwards(self, goal: Comparison, r: Range, at: Term) -> tuple[tuple[Comparison, str], ...]:
        return tuple(zip(rules.halves(goal, r.name, at), ("upper", "lower"), strict=True))

    # -- branches and periods --------------------------------------------------------------------------

    def _branch(self, goal: Comparison, depth: int) -> Found:
        """|u| is u or -u on the whole set."""
        gap = goal.relation.gap()
        for node in views.with_branches(gap):
            for k, (value, signs) in enumerate(branches(node)):
                shown = [self.visible(rules.gap_goal(goal, v, op)) for v, op in signs]
                if None in shown:
                    continue
                child = rules.gap_goal(goal, rules.replaced(gap, {node: value}))
                found = self.prove(child, depth, True)
                if found is None:
                    return None
                return {"by": "branch", "node": str(node), "branch": k, "signs": shown, "proof": found}
        return None

    def _kinks(self, goal: Comparison, depth: int) -> Found:
        """Split where a branch ends."""
        for node in views.with_branches(goal.relation.gap()):
            for _, signs in branches(node):
                for v, _ in signs:
                    for r in goal.on.ranges:
                        for at in views.isolated(v, r.name) if r.name in v.free else ():
                            found = self._split(goal, r.name, at, depth)
                            if found is not None:
                                return found
        return None

    def _period(self, goal: Comparison, depth: int) -> Found:
        for r in goal.on.ranges:
            if r.name in goal.relation.free and r.lower.value is None and r.upper.value is None:
                try:
                    child = rules.period_goal(goal, r.name)
                except Rejected:
                    continue
                found = self.prove(child, depth, True)
                return None if found is None else {"by": "period", "variable": r.name, "proof": found}
        return None

    # -- along one variable ----------------------------------------------------------------------------

    def _ladders(self, goal: Comparison, depth: int) -> Found:
        length = min(_LADDER, 2 * depth + 1)
        for r in goal.on.ranges:
            if r.name in goal.relation.free and rules.free_of_hypotheses(goal, r.name):
                ends = sorted(("lower", "upper"), key=lambda e: getattr(r, e).value is None)
                found = self.ladder(goal, r.name, ends[0], length)
                if found is not None:
                    return found
        return None

    def _monotone(self, goal: Comparison, depth: int) -> Found:
        for r in goal.on.ranges:
            if r.name in goal.relation.free and rules.free_of_hypotheses(goal, r.name):
                for end in ("lower", "upper"):
                    found = self._from_end(goal, r.name, end, depth)
                    if found is not None:
                        return found
        return None

    def _from_end(self, goal: Comparison, name: str, end: str, depth: int) -> Found:
        def slope(g: Comparison) -> Found:
            main, wrap = self.reduced(g)
            found = self.visible(main) or self.prove(main, depth - 1, True)
            return None if found is None else wrap(found)

        return self.step(goal, name, end, slope, lambda g: self.prove(g, depth - 1, True))

    def _split(self, goal: Comparison, name: str, at: Term, depth: int) -> Found:
        parts = []
        for part in rules.halves(goal, name, at):
            found = self.prove(part, depth - 1, True)
            if found is None:
                return None
            parts.append(found)
        return self._divided(goal, name, at, parts)

    def _divided(self, goal: Comparison, name: str, at: Term, parts: list[Any]) -> Found:
        """A proof by two parts, with what the checker does not see of a symbolic place."""
        if not at.free:
            return split(name, at, *parts)
        extra = self._place(goal, name, at, False, ("lower", "upper"))
        return None if extra is None else {**split(name, at, *parts), **extra}

    def _place(self, goal: Comparison, name: str, at: Term, is_open: bool, sides: tuple[str, ...]) -> dict[str, Any] | None:
        """Proofs that a term in the other variables is defined, and inside a range."""
        r = rules.range_of(goal, name)
        others = rules.without(goal, name)
        if not at.free <= set(others.names) or not rules.free_of_hypotheses(replace(goal, given=()), name):
            return None
        defined = self.definedness(rules.gap_goal(others, at))
        inside: list[Any] = []
        for need in rules.inside_goals(goal, r, at, is_open, sides):
            needs, found = self.definedness(need), self.easy(need)
            if needs is None or found is None:
                return None
            inside.append({**found, "defined": needs} if needs else found)
        return None if defined is None else {"end defined": defined, "inside": inside}

    def _bounds(self, goal: Comparison, depth: int) -> Found:
        """A hypothesis as the end of a range."""
        for index, h in enumerate(goal.given):
            for side in (h.left, h.right):
                if side.op != "symbol" or side.payload not in goal.on.names:
                    continue
                try:
                    child, at, _ = rules.bound_goal(goal, index, side.payload)
                except Rejected:
                    continue
                ends = tuple(e for e in ("lower", "upper") if getattr(rules.range_of(child, side.payload), e).value is at)
                extra = self._place(goal, side.payload, at, h.strict, ends[:1])
                found = None if extra is None else self.prove(child, depth, True)
                if found is not None and extra is not None:
                    return {"by": "bound", "given": index, "variable": side.payload, "proof": found, **extra}
        return None

    # -- valleys ---------------------------------------------------------------------------------------

    def _valley(self, goal: Comparison, depth: int) -> Found:
        """Split where the slope in a variable changes its sign: the gap is least there."""
        for r in goal.on.ranges:
            if r.name not in goal.relation.free or not rules.free_of_hypotheses(goal, r.name):
                continue
            slope = rules.slope_goal(goal, r.name, "lower", ">=")
            for at in self._bottoms(goal, slope, r):
                parts = []
                for part, end in self._outwards(goal, r, at):
                    found = self._from_end(part, r.name, end, depth)
                    if found is None:
                        break
                    parts.append(found)
                found = self._divided(goal, r.name, at, parts) if len(parts) == 2 else None
                if found is not None:
                    return found
        return None

    def _bottoms(self, goal: Comparison, slope: Comparison, r: Range) -> Iterator[Term]:
        """Places where the slope may turn from - to +, as the samples say."""
        samples = [(p, v) for p, v in self.samples(slope) if v != 0]
        if not any(v < 0 for _, v in samples) or not any(v > 0 for _, v in samples):
            return
        places = [number(v) for v in (0, 1)] + [symbol(n) for n in goal.on.names if n != r.name]
        places += list(views.turning(slope.relation.gap(), r.name))
        seen: set[Term] = set()
        for at in places:
            if at not in seen and r.name not in at.free and self._turns(samples, r.name, at):
                yield at
            seen.add(at)

    def _turns(self, samples: list[sampling.Sample], name: str, at: Term) -> bool:
        there = [(p, v, sampling.value(at, p)) for p, v in samples]
        sides = [(float(arb(p[name])) - t, v) for p, v, t in there if t is not None]
        return len(sides) == len(samples) and all(d * v >= 0 for d, v in sides)

    # -- one variable ------------------------------------------------------------------------------------

    def _zeros(self, goal: Comparison, depth: int) -> Found:
        """Split where the gap is zero inside the range."""
        at = None if goal.relation.op == ">" else self.zero(goal)
        return None if at is None else self._split(goal, goal.on.names[0], at, depth + 1)

    def _pieces(self, goal: Comparison, depth: int) -> Found:
        return self.pieces(goal)

    # -- other forms of the same goal --------------------------------------------------------------------

    def _factors(self, goal: Comparison, depth: int) -> Found:
        main, wrap = self.reduced(goal)
        if main.relation.left is not goal.relation.gap():
            found = self.prove(main, depth - 1, True)
            if found is not None:
                return wrap(found)
        scale, parts = factors(main.relation.gap())
        if len(parts) < 2 and not (parts and parts[0][1] != 1):
            return None
        strict, sign, shown = main.relation.op == ">", 1 if scale > 0 else -1, []
        for f, k in parts:
            if k % 2 == 0 and not strict:
                shown.append({})
                continue
            values = [v for _, v in self.samples(rules.gap_goal(main, f, ">="))]
            negative = any(v < 0 for v in values)
            if negative and any(v > 0 for v in values):
                return None
            sign *= -1 if negative and k % 2 else 1
            op = ">" if strict and k > 0 else ">="
            found = self.prove(rules.gap_goal(main, neg(f) if negative else f, op), depth - 1, True)
            if found is None:
                return None
            shown.append({"sign": "-" if negative else "+", "proof": found})
        if sign < 0:
            return None
        found = {"by": "factors", "parts": shown}
        return found if main is goal else self._normalised(goal, main, found)

    def _normalised(self, goal: Comparison, main: Comparison, found: Proof) -> Found:
        simpler = rules.normal_goal(goal)
        needs = self.definedness(simpler)
        if simpler.relation.left is not main.relation.left or needs is None:
            return None
        return {"by": "normal", "proof": {**found, "defined": needs} if needs else found}

    def _lighter(self, goal: Comparison, depth: int) -> Found:
        for r in goal.on.ranges:
            for child, wrap in self.lighter(goal, r.name) if r.name in goal.relation.free else ():
                found = self.prove(child, depth - 2, True)
                if found is not None:
                    return wrap(found)
        return None

    def _multiplied(self, goal: Comparison, depth: int) -> Found:
        """Times a positive term after which a derivative is simpler."""
        if depth < 3:
            return None
        for times in views.multipliers(goal.relation.gap()):
            made = self.multiplied(goal, times)
            found = None if made is None else self.prove(made[0], depth - 2, True)
            if found is not None and made is not None:
                return made[1](found)
        return None

    def _rewritten(self, goal: Comparison, depth: int) -> Found:
        """tan as sin/cos; hyperbolic functions by exp."""
        gap = goal.relation.gap()
        for form in ("tan", "cosh", "exp"):
            other = rewritten(gap, form)
            if other is gap or depth < 2:
                continue
            child = rules.gap_goal(goal, other)
            main, wrap = self.reduced(child)
            found = self.prove(main, depth - 1, True)
            if found is not None:
                return {"by": "rewrite", "form": form, "proof": wrap(found)}
        return None

    def _squares(self, goal: Comparison, depth: int) -> Found:
        """With one square root isolated."""
        gap = goal.relation.gap()
        roots = [n for n in postorder(gap) if n.op == "call" and n.payload == "sqrt" and n.free]
        for root in roots if depth >= 2 else ():
            found = views.linear_in(gap, root)
            if found is None:
                continue
            rest, slope = found
            with_root = mul(slope, root)
            for left, right in ((rest, neg(with_root)), (with_root, neg(rest))):
                made = self._squared(goal, left, right, depth)
                if made is not None:
                    return made
        return None

    def _squared(self, goal: Comparison, left: Term, right: Term, depth: int) -> Found:
        positive = self.prove(rules.gap_goal(goal, left, ">="), 1)
        found = None if positive is None else self.prove(rules.squares_goal(goal, left, right), depth - 1)
        if found is None:
            return None
        return {"by": "squares", "left": str(left), "right": str(right), "positive": positive, "proof": found}

    def _logarithms(self, goal: Comparison, depth: int) -> Found:
        """For a difference of positive terms, one of which is a power or an exponential."""
        gap = goal.relation.gap()
        if depth < 2 or not any(views.steep(n) for n in postorder(gap)):
            return None
        sides = (goal.relation.left, goal.relation.right)
        left, right = views.parts(gap) if goal.relation.right is _ZERO else sides
        if left is None or right is None or is_number(right, 0):
            return None
        positive = [self.prove(rules.gap_goal(goal, s, ">"), 1) for s in (left, right)]
        found = None if None in positive else self.prove(rules.logarithm_goal(goal, left, right), depth - 1)
        if found is None:
            return None
        return {"by": "logarithms", "left": str(left), "right": str(right), "positive": positive, "proof": found}

    def _inverse(self, goal: Comparison, depth: int) -> Found:
        """A half-line becomes (0, 1]."""
        for r in goal.on.ranges if depth >= 4 else ():
            if r.name in goal.relation.free and (r.lower.value is None) != (r.upper.value is None):
                child = rules.inverse_goal(goal, r.name)
                found = self.prove(child, depth - 3, True)
                if found is not None:
                    return {"by": "inverse", "variable": r.name, "proof": found}
        return None

    def _touching_point(self, goal: Comparison, depth: int) -> Found:
        return None


__all__ = ["Calculus", "at_once", "bounded", "by_rules", "substitute", "used"]
