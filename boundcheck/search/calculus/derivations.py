"""Proofs by derivatives in one variable: what is visible at once, and ladders
from an end of its range.

A ladder is a chain of slopes: each is >= 0 at the end, and the last one visibly everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from boundcheck.checking import goals
from boundcheck.checking.checker import Checker
from boundcheck.checking.families import decide_exactly
from boundcheck.checking.goals import Proof
from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import BoundcheckError, Unsupported
from boundcheck.exact.algebra.normal import factors
from boundcheck.exact.terms.defined import either_sign, obligations
from boundcheck.exact.terms.term import Term, div, neg, number
from boundcheck.exact.terms.work import spend
from boundcheck.search.calculus import views
from boundcheck.search.calculus.taylor import taylor_tree
from boundcheck.search.points import sampling

TROUBLE = (Unclear, ArithmeticError, BoundcheckError, ValueError, KeyError, NotImplementedError)
"""What may happen to a proposal that makes no sense; `Rejected` is a BoundcheckError."""

Wrap = Callable[[Proof], dict[str, Any]]
_ONE = number(1)
_ALGEBRA = 0.1
_OPAQUE = 0.04
_FEW = 16
_OTHER = {"lower": "upper", "upper": "lower"}


def key_of(goal: Comparison) -> tuple[Any, ...]:
    return goal.relation, goal.on.ranges, goal.given


def bounded(goal: Comparison) -> bool:
    return all(r.lower.value is not None and r.upper.value is not None for r in goal.on.ranges)


class Derivations:
    """What the search knows, and its steps that do not branch."""

    def __init__(self) -> None:
        self.checker = Checker()
        self.seen: dict[Any, Proof | None] = {}
        self.sampled: dict[Any, list[sampling.Sample]] = {}
        self.below: set[Any] = set()
        self.known: dict[Any, dict[str, Any] | None] = {}
        self.climbed: dict[Any, tuple[int, Proof | None]] = {}
        self.shorter: dict[Any, tuple[Comparison, Wrap]] = {}

    def prove(self, goal: Comparison, depth: int, defined: bool = False) -> Proof | None:
        """The search for any proof; see `calculus.Calculus`."""
        raise NotImplementedError

    # -- samples -----------------------------------------------------------------------------------

    def samples(self, goal: Comparison) -> list[sampling.Sample]:
        key = (goal.relation.gap(), goal.on.ranges, goal.given)
        if key not in self.sampled:
            self.sampled[key] = list(sampling.gaps(goal))
        return self.sampled[key]

    def refuted(self, goal: Comparison) -> bool:
        """Whether a sample speaks against a goal."""
        key = (goal.relation.gap(), goal.on.ranges, goal.given)
        equal = goal.relation.op == "=="
        if key in self.sampled:
            return any(v < 0 or (equal and v > 0) for _, v in self.sampled[key])
        if key not in self.below:
            found = []
            for point, v in sampling.gaps(goal):
                found.append((point, v))
                if v < 0 or (equal and v > 0):
                    self.below.add(key)
                    return True
            self.sampled[key] = found
        return key in self.below

    # -- at once -----------------------------------------------------------------------------------

    def holds(self, goal: Comparison, by: str) -> bool:
        try:
            self.checker.check(goal, {"by": by}, True)
        except TROUBLE:
            return False
        return True

    def visible(self, goal: Comparison) -> Proof | None:
        """A proof by intervals, algebra or a constant; a few Taylor forms on a bounded range."""
        key = key_of(goal)
        if key not in self.seen:
            spend(10)
            try:
                self.seen[key] = self._visible(goal)
            except TROUBLE:
                self.seen[key] = None
        return self.seen[key]

    def _visible(self, goal: Comparison) -> Proof | None:
        if not goal.relation.free:
            return self._constant(goal)
        if self.holds(goal, "interval"):
            return {"by": "interval"}
        if self.refuted(goal):
            return None
        if goal.relation.op == "==" or all(v == 0 for _, v in self.samples(goal)):
            simpler = goals.normal_goal(goal)
            return (
                None if simpler.relation.free else self._through(simpler, self._constant(simpler))
            )
        if goal.relation.op == ">" and (found := self._power(goal)) is not None:
            return found
        units = self._algebra(goal)
        if units and (found := decide_exactly(goal, units)) is not None:
            return found
        if len(goal.on.names) == 1 and bounded(goal) and all(v > 0 for _, v in self.samples(goal)):
            tree = taylor_tree(goal, _FEW)
            return None if tree is None else tree.proof
        return None

    def _power(self, goal: Comparison) -> Proof | None:
        """A power of a positive term, which intervals do not see at an open end."""
        gap = goal.relation.gap()
        if gap.op == "call" and gap.payload == "exp":
            return {"by": "power"}
        if gap.op == "pow" or (gap.op == "call" and gap.payload in ("sqrt", "cbrt")):
            found = self.visible(goals.gap_goal(goal, gap.args[0], ">"))
            return None if found is None else {"by": "power", "proof": found}
        return None

    def _constant(self, goal: Comparison) -> Proof | None:
        if self.holds(goal, "constant"):
            return {"by": "constant"}
        simpler = goals.normal_goal(goal)
        if simpler.relation.left is goal.relation.gap():
            return None
        return self._through(
            simpler, {"by": "constant"} if self.holds(simpler, "constant") else None
        )

    def _through(self, simpler: Comparison, found: Proof | None) -> Proof | None:
        """A proof of the normal form as one of the goal."""
        needs = self.definedness(simpler) if found is not None else None
        if found is None or needs is None:
            return None
        return {"by": "normal", "proof": {**found, "defined": needs} if needs else found}

    def _algebra(self, goal: Comparison) -> float:
        """The units of work that algebra is worth."""
        gap = goal.relation.gap()
        if views.algebraic(gap):
            return _ALGEBRA
        if len(goal.on.names) > 1 or (not bounded(goal) and views.bounded_waves(gap)):
            return _OPAQUE
        return 0.0

    def definedness(self, goal: Comparison) -> dict[str, Any] | None:
        """Proofs that both sides are defined, but for what intervals show;
        None where one is missing."""
        key = (goal.relation.left, goal.relation.right, goal.on.ranges, goal.given)
        if key not in self.known:
            self.known[key] = self._definedness(goal)
        return self.known[key]

    def _definedness(self, goal: Comparison) -> dict[str, Any] | None:
        proofs: dict[str, Any] = {}
        try:
            needed = obligations(goal.relation.left, goal.relation.right)
        except Unsupported:
            return None
        for need in needed:
            options = [goals.gap_goal(goal, r.left, r.op) for r in either_sign(need)]
            if any(self.holds(o, "interval") for o in options):
                continue
            for k, option in enumerate(options):
                found = self.easy(option)
                if found is not None:
                    proofs[str(need.left)] = {"option": k, "proof": found}
                    break
            else:
                return None
        return proofs

    def easy(self, goal: Comparison) -> Proof | None:
        """A proof of a side condition, where both sides are known to be defined."""
        found = self.visible(goal)
        if found is not None or self.refuted(goal):
            return found
        main, wrap = self.reduced(goal)
        found = self.visible(main)
        return None if found is None else wrap(found)

    # -- simpler forms -----------------------------------------------------------------------------

    def reduced(self, goal: Comparison) -> tuple[Comparison, Wrap]:
        """The normal form without factors of visible sign, and how a proof of it
        proves the goal."""
        key = key_of(goal)
        if key not in self.shorter:
            self.shorter[key] = goal, dict  # while it is computed
            with suppress(*TROUBLE):
                self.shorter[key] = self._reduced(goal)
        return self.shorter[key]

    def _reduced(self, goal: Comparison) -> tuple[Comparison, Wrap]:
        main, wrap = goal, _SAME
        simpler = goals.normal_goal(goal)
        needs = self.definedness(simpler)
        if needs is not None and simpler.relation.left is not goal.relation.gap():
            main, wrap = simpler, _normal(needs)
        if goal.relation.op == "==":
            return main, wrap
        scale, parts = factors(main.relation.gap())
        if not parts or (len(parts) == 1 and parts[0][1] == 1 and abs(scale) == 1):
            return main, wrap
        strict, sign = goal.relation.op == ">", 1 if scale > 0 else -1
        shown: list[Any] = []
        left: list[int] = []
        for k, (f, e) in enumerate(parts):
            if e % 2 == 0 and not strict:
                shown.append({})
                continue
            found = self._signed(main, f, ">" if strict and e > 0 else ">=")
            if found is None:
                left.append(k)
                shown.append(None)
            else:
                shown.append(found)
                sign *= -1 if found["sign"] == "-" and e % 2 else 1
        if not left and sign > 0:  # all are visible: then so is the last one
            left = [k for k, (_, e) in enumerate(parts) if e % 2 and shown[k]][-1:]
            sign *= -1 if left and shown[left[0]]["sign"] == "-" else 1
        if len(left) != 1 or parts[left[0]][1] % 2 == 0:
            return main, wrap
        (k,) = left
        f, e = parts[k]
        inner = goals.gap_goal(main, f if sign > 0 else neg(f), ">" if strict and e > 0 else ">=")
        turned = "+" if sign > 0 else "-"
        filled = lambda p: [*shown[:k], {"sign": turned, "proof": p}, *shown[k + 1 :]]  # noqa: E731
        return inner, lambda p: wrap({"by": "factors", "parts": filled(p)})

    def _signed(self, goal: Comparison, f: Term, op: str) -> dict[str, Any] | None:
        for turned in (False, True):
            sign = goals.gap_goal(goal, neg(f) if turned else f, op)
            wave = f.op == "call" and f.payload in (
                "sin",
                "cos",
            )  # zero at an end that is not a number
            found = self.easy(sign) if wave and bounded(goal) else self.visible(sign)
            if found is not None:
                return {"sign": "-" if turned else "+", "proof": found}
        return None

    def lighter(self, goal: Comparison, name: str) -> Iterator[tuple[Comparison, Wrap]]:
        """The goal divided by what stands before a logarithm, an arc, ..."""
        for c in views.coefficients(goal.relation.gap(), name):
            for times in (div(_ONE, c), neg(div(_ONE, c))):
                made = self.multiplied(goal, times)
                if made is not None:
                    yield made

    def multiplied(self, goal: Comparison, times: Term) -> tuple[Comparison, Wrap] | None:
        """The goal times a term that is visibly positive."""
        sign = goals.gap_goal(goal, times, ">")
        needs = self.definedness(sign)
        if needs is None:
            return None
        positive = self.easy(sign)
        if positive is None:
            return None
        child = goals.normal_goal(goal, times)
        defined = self.definedness(child)
        if defined is None or child.relation.left is goal.relation.left:
            return None
        first = {**positive, "defined": needs} if needs else positive
        inner = _normal(defined)
        return child, lambda p: {**inner(p), "times": str(times), "positive": first}

    # -- ladders -----------------------------------------------------------------------------------

    def ladder(
        self, goal: Comparison, name: str, end: str, length: int, lighter: int = 1
    ) -> Proof | None:
        """Slopes from one end, or the other one, until one has a visible sign. Both sides
        are known to be defined."""
        spend(10)
        key = (*key_of(goal), name, end)
        before, found = self.climbed.get(key, (-1, None))
        if found is not None or before >= length:
            return found
        self.climbed[key] = length, None
        main, wrap = self.reduced(goal)
        found = self.visible(main)
        if found is None and length > 0 and name in main.relation.free and not self.refuted(main):
            found = self._climb(main, name, end, length, lighter)
            if found is None and lighter and main is not goal:  # as it is written
                found, wrap = self._from_ends(goal, name, end, length - 1, lighter - 1), _SAME
        if found is not None:
            found = wrap(found)
            self.climbed[key] = length, found
        return found

    def _climb(
        self, main: Comparison, name: str, end: str, length: int, lighter: int
    ) -> Proof | None:
        found = self._from_ends(main, name, end, length - 1, lighter)
        if found is None and lighter:
            for child, wrap in self.lighter(main, name):
                found = self._from_ends(
                    child, name, end, length, lighter - 1
                )  # not reduced: that would undo it
                if found is not None:
                    return wrap(found)
        return found

    def _from_ends(
        self, goal: Comparison, name: str, end: str, length: int, lighter: int
    ) -> Proof | None:
        """One step of a ladder, from this end or the other one."""
        for which in (end, _OTHER[end]):
            up = partial(self.ladder, name=name, end=which, length=length, lighter=lighter)
            found = self.step(goal, name, which, up)
            if found is not None:
                return found
        return None

    def step(
        self,
        goal: Comparison,
        name: str,
        end: str,
        prove_slope: Callable[[Comparison], Proof | None],
        prove_face: Callable[[Comparison], Proof | None] | None = None,
    ) -> Proof | None:
        """The rule `monotone` from one end; the slope is proved by the function given."""
        try:
            return self._step(goal, name, end, prove_slope, prove_face or self.visible)
        except TROUBLE:
            return None

    def _step(
        self, goal: Comparison, name: str, end: str, prove_slope: Any, prove_face: Any
    ) -> Proof | None:
        op = goal.relation.op
        side = getattr(goals.range_of(goal, name), end)
        if not goals.free_of_hypotheses(goal, name):
            return None
        closed = side.value is not None and not side.open
        options = (
            [(op, op, "")]
            if op != ">"
            else [(">=", ">", "face"), *([] if closed else [(">", ">=", "slope")])]
        )
        for slope_op, face_op, strict in options:
            slope = goals.slope_goal(goal, name, end, slope_op)
            if self.refuted(slope):
                return None
            face = self.face(goals.face_goal(goal, name, end, face_op), closed, prove_face)
            if face is None:
                continue
            needs = self.definedness(slope)
            shown = None if needs is None else prove_slope(slope)
            if shown is None:
                continue
            extra = {"strict": strict} if strict else {}
            shown = {**shown, "defined": needs} if needs else shown
            return {
                "by": "monotone",
                "variable": name,
                "end": end,
                "face": face,
                "slope": shown,
                **extra,
            }
        return None

    def face(
        self, goal: Comparison, defined: bool, prove: Callable[[Comparison], Proof | None]
    ) -> Proof | None:
        needs = {} if defined else self.definedness(goal)
        found = None if needs is None else prove(goal)
        return {**found, "defined": needs} if found is not None and needs else found


def _same(p: Proof) -> dict[str, Any]:
    return dict(p)


_SAME: Wrap = _same


def _normal(needs: dict[str, Any]) -> Wrap:
    extra = {"defined": needs} if needs else {}
    return lambda p: {"by": "normal", "proof": {**p, **extra}}
