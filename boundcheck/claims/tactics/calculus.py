"""Tactics 6 and 7: touching and unbounded claims, by the rules of the calculus.

The search guesses from samples which rule may help and proposes a proof; nothing here is trusted, the checker decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from flint import fmpq

from boundcheck.claims import checker as rules
from boundcheck.claims.checker import Checker, Proof, Rejected
from boundcheck.claims.problem import Clock, Problem
from boundcheck.claims.statement import Comparison
from boundcheck.claims.tactics import sampling
from boundcheck.claims.tactics.constants import sign_of
from boundcheck.claims.tactics.taylor import taylor_tree
from boundcheck.claims.verdict import Proved, Verdict
from boundcheck.enclosure.decimals import Enclosure
from boundcheck.enclosure.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.defined import either_sign, obligations
from boundcheck.exact.derivative import derivative
from boundcheck.exact.normal import factors, normal
from boundcheck.exact.term import (
    Relation,
    Term,
    add,
    div,
    mul,
    neg,
    number,
    postorder,
    power,
    rebuild,
    sub,
    substitute,
    symbol,
)

_TROUBLE = (Unclear, DomainError, Unsupported, Rejected, ZeroDivisionError)
_DEPTH = 7
_QUICK = 0.1
_CHAIN = 9
_FEW = 40
_ZERO = number(0)
_NICE = ("0", "1", "-1", "2", "1/2")


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
    proof = Calculus(problem.clock).deepening(goal)
    if proof is None:
        return None
    try:
        Checker(problem.clock).check(goal, proof)
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


class Calculus:
    """The search for a proof of one goal."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.checker = Checker(clock)
        self.failed: dict[Any, int] = {}
        self.normal: set[Relation] = set()
        self.chained: dict[Any, int] = {}

    def prove(self, goal: Comparison, depth: int = _DEPTH, defined: bool = False) -> Proof | None:
        """A proof of a goal, with what is needed to see that its sides are defined."""
        if not defined:
            needs = self.definedness(goal, depth)
            if needs is None:
                return None
            found = self.prove(goal, depth, True)
            return {**found, "defined": needs} if found is not None and needs else found
        key = (goal.relation, goal.on.ranges, goal.given)
        if self.failed.get(key, -1) >= depth:
            return None
        self.clock()
        found = self._prove(goal, depth)
        if found is None:
            self.failed[key] = depth
        return found

    def definedness(self, goal: Comparison, depth: int = 4) -> dict[str, Any] | None:
        """Proofs that both sides are defined, but for what the checker sees at once; None where one is missing."""
        try:
            needed = obligations(goal.relation.left, goal.relation.right)
        except Unsupported:
            return None
        proofs: dict[str, Any] = {}
        for need in needed:
            options = [replace(goal, relation=r) for r in either_sign(need)]
            if any(self.checker.at_once(o) for o in options):
                continue
            for k, option in enumerate(options):
                found = self.prove(option, depth - 2, True) if depth > 2 else None
                if found is not None:
                    proofs[str(need.left)] = {"option": k, "proof": found}
                    break
            else:
                return None
        return proofs

    def deepening(self, goal: Comparison) -> Proof | None:
        """Short proofs first."""
        for depth in (2, 4, 6, 8):
            found = self.prove(goal, depth)
            if found is not None:
                return found
        return None

    # -- one goal ------------------------------------------------------------------------------------

    def _prove(self, goal: Comparison, depth: int) -> Proof | None:
        if not goal.relation.free:
            if self._holds(goal, "constant"):
                return {"by": "constant"}
            return self._normal(goal, depth, ()) if depth > 0 else None
        relations = rules.cases(goal.relation)
        if len(relations) > 1:
            parts = [self.prove(replace(goal, relation=r), depth, True) for r in relations]
            return None if None in parts else {"by": "cases", "parts": parts}
        for by in ("interval", "algebra"):
            if self._holds(goal, by):
                return {"by": by}
        if depth <= 0:
            return None
        samples = sampling.gaps(goal)
        if any(v < 0 for _, v in samples) or (goal.relation.op == "==" and any(v > 0 for _, v in samples)):
            return None
        for attempt in (
            self._chain,
            self._normal,
            self._factors,
            self._boxes,
            self._monotone,
            self._squares,
            self._touching_points,
            self._logarithms,
            self._inverse,
            self._near_and_far,
            self._multiplied,
        ):
            self.clock()
            try:
                found = attempt(goal, depth, samples)
            except (*_TROUBLE, NotImplementedError):
                continue
            if found is not None:
                return found
        return None

    def _holds(self, goal: Comparison, by: str) -> bool:
        try:
            if by == "algebra":
                return rules.decide_exactly(goal, self.clock.least(_QUICK))
            self.checker.check(goal, {"by": by}, True)
        except _TROUBLE:
            return False
        return True

    # -- chains of derivatives -----------------------------------------------------------------------

    def _chain(self, goal: Comparison, depth: int, samples: Any) -> Proof | None:
        """Derivatives in one variable from one end, until one has a visible sign."""
        length = min(_CHAIN, depth + 2)
        key = (goal.relation, goal.on.ranges)
        if goal.relation.op == "==" or self.chained.get(key, -1) >= length:
            return None
        self.chained[key] = length
        for r in goal.on.ranges:
            if r.name in goal.relation.free and rules.free_of_hypotheses(goal, r.name):
                for end in ("lower", "upper"):
                    if getattr(r, end).value is not None:
                        found = self.chain(goal, r.name, end, length)
                        if found is not None:
                            return found
        return None

    def chain(self, goal: Comparison, name: str, end: str, length: int) -> Proof | None:
        self.clock()
        main, wrap = self.reduced(goal)
        found = self._visible(main)
        if found is not None:
            return wrap(found)
        if length == 0 or any(v < 0 for _, v in sampling.gaps(main)):
            return None
        side = getattr(rules.range_of(main, name), end)
        extra, slope_op = {}, main.relation.op
        face = None
        if main.relation.op == ">":
            face = self._visible(rules.face_goal(main, name, end, ">"), side.open)
            extra = {"strict": "slope" if face is None else "face"}
            if face is None and not side.open:
                return None
            slope_op = ">" if face is None else ">="
        if face is None:
            face = self._visible(rules.face_goal(main, name, end, ">="), side.open)
        if face is None:
            return None
        slope = rules.slope_goal(main, name, end, slope_op)
        needs = self.definedness(slope, 1)
        if needs is None:
            return None
        shown = self.chain(slope, name, end, length - 1)
        if shown is None:
            return None
        shown = {**shown, "defined": needs} if needs else shown
        return wrap({"by": "monotone", "variable": name, "end": end, "face": face, "slope": shown, **extra})

    def reduced(self, goal: Comparison) -> tuple[Comparison, Callable[[Proof], Proof]]:
        """The normal form without factors that are visibly positive, and how a proof of it proves the goal."""
        main, wrap = goal, lambda p: p
        try:
            simpler = rules.normal_goal(goal)
            needs = self.definedness(simpler, 1)
            if needs is not None and simpler.relation.left is not goal.relation.gap():
                main = simpler
                extra = {"defined": needs} if needs else {}
                wrap = lambda p: {"by": "normal", "proof": {**p, **extra}}  # noqa: E731
            scale, parts = factors(main.relation.gap())
        except _TROUBLE:
            return main, wrap
        strict, sign = goal.relation.op == ">", 1 if scale > 0 else -1
        shown: list[Any] = []
        open_at: int | None = None
        for k, (f, e) in enumerate(parts):
            if e % 2 == 0 and not strict:
                shown.append({})
                continue
            op = ">" if strict and e > 0 else ">="
            for turned in (False, True):
                proof = self._visible(rules.gap_goal(main, neg(f) if turned else f, op))
                if proof is not None:
                    shown.append({"sign": "-" if turned else "+", "proof": proof})
                    sign *= -1 if turned and e % 2 else 1
                    break
            else:
                if open_at is not None or e % 2 == 0:
                    return main, wrap
                open_at = k
                shown.append(None)
        if open_at is None or (len(parts) == 1 and abs(scale) == 1 and sign > 0) or len(parts) == 1:
            return main, wrap
        f, e = parts[open_at]
        inner = rules.gap_goal(main, f if sign > 0 else neg(f), ">" if strict and e > 0 else ">=")

        def product(p: Proof) -> Proof:
            filled = [s if s is not None else {"sign": "+" if sign > 0 else "-", "proof": p} for s in shown]
            return wrap({"by": "factors", "parts": filled})

        return inner, product

    def _visible(self, goal: Comparison, undefined: bool = False) -> Proof | None:
        """Intervals, algebra or a constant, at once; a few Taylor forms on a bounded range."""
        if undefined and self.definedness(goal, 1) is None:
            return None
        if not goal.relation.free:
            if self._holds(goal, "constant"):
                return {"by": "constant"}
            try:
                simpler = rules.normal_goal(goal)
            except Unsupported:
                return None
            return {"by": "normal", "proof": {"by": "constant"}} if self._holds(simpler, "constant") else None
        for by in ("interval", "algebra"):
            if self._holds(goal, by):
                return {"by": by}
        if len(goal.on.names) == 1 and _bounded(goal) and all(v > 0 for _, v in sampling.gaps(goal)):
            found = taylor_tree(goal, self.clock, 12)
            return None if found is None else found.proof
        return None

    def _normal(self, goal: Comparison, depth: int, samples: Any) -> Proof | None:
        if goal.relation in self.normal:  # once is enough
            return None
        simpler = rules.normal_goal(goal)
        self.normal.add(simpler.relation)
        if simpler.relation.left is goal.relation.gap():
            return None
        self.chained[simpler.relation, simpler.on.ranges] = _CHAIN  # the goal's own chain began there
        found = self.prove(simpler, depth)
        return None if found is None else {"by": "normal", "proof": found}

    def _factors(self, goal: Comparison, depth: int, samples: Any) -> Proof | None:
        if goal.relation.op == "==":
            return None
        scale, parts = factors(goal.relation.gap())
        if len(parts) < 2 and not (parts and parts[0][1] != 1):
            return None
        strict, sign, shown = goal.relation.op == ">", 1 if scale > 0 else -1, []
        for f, k in parts:
            if k % 2 == 0 and not strict:
                shown.append({})
                continue
            values = [v for _, v in sampling.gaps(rules.gap_goal(goal, f))]
            negative = any(v < 0 for v in values)
            if negative and any(v > 0 for v in values):
                return None
            sign *= -1 if negative and k % 2 else 1
            op = ">" if strict and k > 0 else ">="
            found = self.prove(rules.gap_goal(goal, -f if negative else f, op), depth - 1, True)
            if found is None:
                return None
            shown.append({"sign": "-" if negative else "+", "proof": found})
        return {"by": "factors", "parts": shown} if sign > 0 else None

    def _boxes(self, goal: Comparison, depth: int, samples: Any) -> Proof | None:
        if len(goal.on.names) != 1 or not samples or min(v for _, v in samples) <= 0:
            return None
        found = taylor_tree(goal, self.clock, 200 if _bounded(goal) else 25)
        return None if found is None else found.proof

    def _monotone(self, goal: Comparison, depth: int, samples: Any) -> Proof | None:
        for r in goal.on.ranges:
            if r.name not in goal.relation.free or not rules.free_of_hypotheses(goal, r.name):
                continue
            for end in ("lower", "upper"):
                found = None if getattr(r, end).value is None else self._from_end(goal, r.name, end, depth)
                if found is not None:
                    return found
        return None

    def _from_end(self, goal: Comparison, name: str, end: str, depth: int) -> Proof | None:
        op = goal.relation.op
        side = getattr(rules.range_of(goal, name), end)
        for slope_op, face_op, strict in [(">=", ">", "face"), (">", ">=", "slope")] if op == ">" else [(op, op, "")]:
            if strict == "slope" and not side.open:
                continue
            slope = rules.slope_goal(goal, name, end, slope_op)
            self.chained[slope.relation, slope.on.ranges] = _CHAIN  # part of the goal's own chain
            values = [v for _, v in sampling.gaps(slope)]
            if any(v < 0 for v in values) or (op == "==" and any(v > 0 for v in values)):
                continue
            face = self.prove(rules.face_goal(goal, name, end, face_op), depth - 1, not side.open)
            if face is None:
                continue
            shown = self.prove(slope, depth - 1)
            if shown is None:
                continue
            extra = {"strict": strict} if strict else {}
            return {"by": "monotone", "variable": name, "end": end, "face": face, "slope": shown, **extra}
        return None

    # -- one variable --------------------------------------------------------------------------------

    def _touching_points(self, goal: Comparison, depth: int, samples: Any) -> Proof | None:
        """Split where the gap is zero inside the range."""
        if goal.relation.op == ">" or len(goal.on.names) != 1 or not samples:
            return None
        (r,) = goal.on.ranges
        if goal.relation.op == "==" and not (r.lower.value is None and r.upper.value is None):
            return None
        for at in sampling.zeros(goal, samples):
            if sign_of(substitute((goal.relation.gap(),), {r.name: at})[0], self.clock)[0] == 0:
                return self._split(goal, r.name, at, depth)
        return None

    def _split(self, goal: Comparison, name: str, at: Term, depth: int) -> Proof | None:
        parts = []
        for part in rules.halves(goal, name, at):
            found = self.prove(part, depth - 1, True)
            if found is None:
                return None
            parts.append(found)
        return {"by": "split", "variable": name, "at": str(at), "parts": parts}

    def _near_and_far(self, goal: Comparison, depth: int, samples: Any) -> Proof | None:
        """Away from an end where the gap is zero it is positive; near it the slope has a sign."""
        if len(goal.on.names) != 1 or depth < 2:
            return None
        for at in sampling.cuts(goal, samples):
            found = self._split(goal, goal.on.names[0], at, depth - 1)
            if found is not None:
                return found
        return None

    # -- other forms of the same goal ----------------------------------------------------------------

    def _multiplied(self, goal: Comparison, depth: int, samples: Any) -> Proof | None:
        """Times a positive term after which a derivative is simpler."""
        if depth < 3 or goal.relation.op == "==":
            return None
        for times in self._multipliers(goal):
            positive = self.prove(rules.gap_goal(goal, times, ">"), 1)
            if positive is None:
                continue
            child = rules.normal_goal(goal, times)
            if child.relation.left is goal.relation.left:
                continue
            found = self.prove(child, depth - 2)
            if found is not None:
                return {"by": "normal", "times": str(times), "positive": positive, "proof": found}
        return None

    def _multipliers(self, goal: Comparison) -> Iterator[Term]:
        gap = goal.relation.gap()
        one = number(1)
        for node in postorder(gap):
            if node.op == "call" and node.payload in ("exp", "cosh") and node.free:
                yield div(one, node)
        _, parts = factors(gap)
        for f, k in parts:
            if k < 0:
                yield power(f, number(-k))
        for f, k in parts:
            if k > 0 and f.free and len(parts) > 1:
                yield div(one, f)
        coefficients = {
            n.args[1 - k]
            for n in postorder(gap)
            if n.op == "mul"
            for k in (0, 1)
            if n.args[k].op == "call" and n.args[k].payload in ("log", "atan", "asin", "tanh") and n.args[1 - k].free
        }
        yield from (div(one, c) for c in sorted(coefficients, key=str))

    def _squares(self, goal: Comparison, depth: int, samples: Any) -> Proof | None:
        """With one square root isolated."""
        gap = goal.relation.gap()
        roots = [n for n in postorder(gap) if n.op == "call" and n.payload == "sqrt" and n.free]
        if goal.relation.op == "==" or depth < 2 or not roots:
            return None
        for root in roots:
            rest, slope = _linear_in(gap, root)
            if rest is None:
                continue
            with_root = mul(slope, root)
            for left, right in ((rest, neg(with_root)), (with_root, neg(rest))):
                positive = self.prove(rules.gap_goal(goal, left, ">="), min(depth - 1, 2))
                if positive is None:
                    continue
                found = self.prove(rules.squares_goal(goal, left, right), depth - 1)
                if found is not None:
                    return {
                        "by": "squares",
                        "left": str(left),
                        "right": str(right),
                        "positive": positive,
                        "proof": found,
                    }
        return None

    def _logarithms(self, goal: Comparison, depth: int, samples: Any) -> Proof | None:
        """For a difference of positive terms, one of which is a power or an exponential."""
        gap = goal.relation.gap()
        if goal.relation.op == "==" or depth < 3 or not any(_steep(n) for n in postorder(gap)):
            return None
        if goal.relation.right is _ZERO:
            left, right = _parts(gap)
        else:
            left, right = goal.relation.left, goal.relation.right
        if left is None or right is None:
            return None
        positive = [self.prove(rules.gap_goal(goal, s, ">"), 2) for s in (left, right)]
        if None in positive:
            return None
        found = self.prove(rules.logarithm_goal(goal, left, right), depth - 1)
        if found is None:
            return None
        return {"by": "logarithms", "left": str(left), "right": str(right), "positive": positive, "proof": found}

    def _inverse(self, goal: Comparison, depth: int, samples: Any) -> Proof | None:
        """A half-line becomes (0, 1]."""
        if depth < 3:
            return None
        for r in goal.on.ranges:
            if r.name in goal.relation.free and (r.lower.value is None) != (r.upper.value is None):
                child = rules.inverse_goal(goal, r.name)
                found = self.prove(child, depth - 1, True)
                if found is not None:
                    return {"by": "inverse", "variable": r.name, "proof": found}
        return None


def _bounded(goal: Comparison) -> bool:
    return all(r.lower.value is not None and r.upper.value is not None for r in goal.on.ranges)


def _linear_in(t: Term, atom: Term) -> tuple[Term, Term] | tuple[None, None]:
    """(a, b) with t = a + b atom, both free of the atom."""
    try:
        slope = normal(derivative_by(t, atom))
    except Unsupported:
        return None, None
    rest = normal(sub(t, mul(slope, atom)))
    if any(n is atom for n in (*postorder(slope), *postorder(rest))):
        return None, None
    return rest, slope


def derivative_by(t: Term, atom: Term) -> Term:
    """The derivative by a sub-term, as if it were a variable."""
    name = "atom"
    done: dict[Term, Term] = {}
    for node in postorder(t):
        if node is atom:
            done[node] = symbol(name)
        else:
            done[node] = rebuild(node, tuple(done[a] for a in node.args)) if node.args else node
    return replaced(derivative(done[t], name), name, atom)


def replaced(t: Term, name: str, value: Term) -> Term:
    return substitute((t,), {name: value})[0]


def _parts(t: Term) -> tuple[Term | None, Term | None]:
    """(p, n) with t = p - n, the summands with a plus and those with a minus."""
    if t.op == "neg":
        return _parts(t.args[0])[::-1]
    if t.op in ("add", "sub"):
        p, n = _parts(t.args[0])
        q, m = _parts(t.args[1])
        if t.op == "sub":
            q, m = m, q
        return _plus(p, q), _plus(n, m)
    return t, None


def _plus(a: Term | None, b: Term | None) -> Term | None:
    return b if a is None else a if b is None else add(a, b)


def _steep(node: Term) -> bool:
    if node.op == "pow":
        return bool(node.args[1].free)
    return node.op == "call" and node.payload in ("exp", "cosh") and bool(node.free)
