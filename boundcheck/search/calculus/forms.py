"""Other forms of the same goal: factors, multiples, logarithms, squares, other
functions, another variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from boundcheck.checking import goals
from boundcheck.checking.goals import Proof
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.algebra.normal import factors
from boundcheck.exact.algebra.rewrite import rewritten
from boundcheck.exact.terms.term import Term, is_number, mul, neg, number, postorder, sub
from boundcheck.search.calculus import views
from boundcheck.search.calculus.valleys import Found, Valleys

_LONG = 14
_SHORT = 4
_ZERO = number(0)


class Forms(Valleys):
    """Steps that replace the goal by another one that implies it."""

    def _factors(self, goal: Comparison, depth: int) -> Found:
        main, wrap = self.reduced(goal)
        if main.relation.left is not goal.relation.gap():
            found = self.prove(main, depth - 1, True)
            if found is not None:
                return wrap(found)
        scale, parts = factors(main.relation.gap())
        if len(parts) < 2 and not (parts and parts[0][1] != 1):
            return None
        strict, sign = main.relation.op == ">", 1 if scale > 0 else -1
        shown: list[Any] = []
        for f, k in parts:
            if k % 2 == 0 and not strict:
                shown.append({})
                continue
            values = [v for _, v in self.samples(goals.gap_goal(main, f, ">="))]
            negative = any(v < 0 for v in values)
            if negative and any(v > 0 for v in values):
                return None
            sign *= -1 if negative and k % 2 else 1
            op = ">" if strict and k > 0 else ">="
            found = self.prove(goals.gap_goal(main, neg(f) if negative else f, op), depth - 1, True)
            if found is None:
                return None
            shown.append({"sign": "-" if negative else "+", "proof": found})
        if sign < 0:
            return None
        found = {"by": "factors", "parts": shown}
        return found if main is goal else self._normalised(goal, main, found)

    def _normalised(self, goal: Comparison, main: Comparison, found: Proof) -> Found:
        simpler = goals.normal_goal(goal)
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

    def _tangents(self, goal: Comparison, depth: int) -> Found:
        """tan as sin/cos, and without the denominator."""
        if not any(
            n.op == "call" and n.payload == "tan" and n.free for n in postorder(goal.relation.gap())
        ):
            return None
        main, wrap = self.reduced(goals.gap_goal(goal, rewritten(goal.relation.gap(), "tan")))
        found = self.prove(main, depth, True)
        return None if found is None else {"by": "rewrite", "form": "tan", "proof": wrap(found)}

    def _sums(self, goal: Comparison, depth: int) -> Found:
        """Two summands that are positive: what stands with one function, and the rest."""
        gap = goal.relation.gap()
        for node in postorder(gap) if depth >= 2 else ():
            if node.op not in ("call", "pow") or not node.free:
                continue
            found = views.linear_in(gap, node)
            if found is None or is_number(found[0], 0) or not found[1].free:
                continue
            terms = (mul(found[1], node), found[0])
            both = [
                goals.gap_goal(goal, t, op)
                for t, op in zip(terms, (goal.relation.op, ">="), strict=True)
            ]
            if any(self.refuted(g) for g in both):
                continue
            parts = [self.prove(g, depth - 1) for g in both]
            if None not in parts:
                return {"by": "sum", "terms": [str(t) for t in terms], "parts": parts}
        return None

    def _exponentials(self, goal: Comparison, depth: int) -> Found:
        """For one logarithm and a rest."""
        gap = goal.relation.gap()
        for node in postorder(gap) if depth >= 2 else ():
            if node.op != "call" or node.payload != "log" or not node.free:
                continue
            found = views.linear_in(gap, node)
            if found is None or not is_number(found[1]):
                continue
            first, rest = mul(found[1], node), found[0]
            left, right = (first, neg(rest)) if found[1].payload > 0 else (rest, neg(first))
            child = goals.exponential_goal(goal, left, right)
            shown = self.prove(child, depth - 2)
            if shown is not None:
                return self._with_sides(goal, left, right, {"by": "exponentials", "proof": shown})
        return None

    def _with_sides(self, goal: Comparison, left: Term, right: Term, proof: Proof) -> Found:
        needs = self.definedness(goals.gap_goal(goal, sub(left, right)))
        if needs is None:
            return None
        return {
            **proof,
            "left": str(left),
            "right": str(right),
            **({"sides": needs} if needs else {}),
        }

    def _rewritten(self, goal: Comparison, depth: int) -> Found:
        """tan as sin/cos; hyperbolic functions by exp."""
        gap = goal.relation.gap()
        for form in ("cosh", "exp"):
            other = rewritten(gap, form)
            if other is gap or depth < 2:
                continue
            child = goals.gap_goal(goal, other)
            main, wrap = self.reduced(child)
            found = self._long(main) or self.prove(main, depth - 1, True)
            if found is not None:
                return {"by": "rewrite", "form": form, "proof": wrap(found)}
        return None

    def _long(self, goal: Comparison) -> Found:
        """Sums of exponentials with polynomials before them take long ladders."""
        if len(goal.on.names) != 1:
            return None
        return self.ladder(goal, goal.on.names[0], "lower", _LONG, 0)

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
        positive = self.prove(goals.gap_goal(goal, left, ">="), 1)
        found = (
            None
            if positive is None
            else self.prove(goals.squares_goal(goal, left, right), depth - 1)
        )
        if found is None:
            return None
        return self._with_sides(
            goal, left, right, {"by": "squares", "positive": positive, "proof": found}
        )

    def _steep(self, goal: Comparison, depth: int) -> Found:
        """Logarithms of both sides, where a ladder is enough then."""

        def ladders(child: Comparison) -> Found:
            needs = self.definedness(child)
            if needs is None or self.refuted(child):
                return None
            found = self.visible(child)
            for r in child.on.ranges:
                if found is None and r.name in child.relation.free:
                    found = self.ladder(
                        child, r.name, "upper" if r.lower.value is None else "lower", _SHORT
                    )
            return {**found, "defined": needs} if found is not None and needs else found

        return self._logarithmic(goal, ladders)

    def _logarithms(self, goal: Comparison, depth: int) -> Found:
        return (
            None
            if depth < 2
            else self._logarithmic(goal, lambda child: self.prove(child, depth - 1))
        )

    def _logarithmic(self, goal: Comparison, prove: Callable[[Comparison], Found]) -> Found:
        """For a difference of positive terms, one of which is a power or an exponential."""
        gap = goal.relation.gap()
        if not any(views.steep(n) for n in postorder(gap)):
            return None
        sides = (goal.relation.left, goal.relation.right)
        left, right = views.parts(gap) if goal.relation.right is _ZERO else sides
        if left is None or right is None or is_number(right, 0):
            return None
        positive = [self.prove(goals.gap_goal(goal, s, ">"), 1) for s in (left, right)]
        found = None if None in positive else prove(goals.logarithm_goal(goal, left, right))
        if found is None:
            return None
        return self._with_sides(
            goal, left, right, {"by": "logarithms", "positive": positive, "proof": found}
        )

    def _inverse(self, goal: Comparison, depth: int) -> Found:
        """A half-line becomes (0, 1]."""
        for r in goal.on.ranges if depth >= 4 else ():
            if r.name in goal.relation.free and (r.lower.value is None) != (r.upper.value is None):
                child = goals.inverse_goal(goal, r.name)
                found = self.prove(child, depth - 3, True)
                if found is not None:
                    return {"by": "inverse", "variable": r.name, "proof": found}
        return None
