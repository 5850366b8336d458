"""Steps along one variable: constancy, branches and kinks, periods, splits where the
slope turns, bounds as ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from flint import arb

from boundcheck.checking import goals
from boundcheck.checking.goals import Proof, Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.algebra.rewrite import branches
from boundcheck.exact.terms.box import Range
from boundcheck.exact.terms.term import Term, number, postorder, replaced, symbol
from boundcheck.search.calculus import views
from boundcheck.search.calculus.pieces import Pieces, split
from boundcheck.search.points import sampling

_LADDER = 9
_SHORT = 4
_SIZE = 8
Found = Proof | None


class Valleys(Pieces):
    """Steps that cut one variable, and call the search for what remains."""

    # -- equalities --------------------------------------------------------------------------------

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
                parts = [
                    self.step(p, r.name, e, self.visible) for p, e in self._outwards(goal, r, at)
                ]
                if None not in parts:
                    return split(r.name, at, *parts)  # type: ignore[arg-type]
        return None

    def _inside(self, goal: Comparison, r: Range) -> Iterator[Term]:
        x = goal.hull[r.name]
        for v in (0, 1, -1):
            if x.lower < arb(v) < x.upper:
                yield number(v)

    def _outwards(self, goal: Comparison, r: Range, at: Term) -> tuple[tuple[Comparison, str], ...]:
        return tuple(zip(goals.halves(goal, r.name, at), ("upper", "lower"), strict=True))

    # -- branches and periods ----------------------------------------------------------------------

    def _branch(self, goal: Comparison, depth: int) -> Found:
        """|u| is u or -u on the whole set."""
        gap = goal.relation.gap()
        for node in views.with_branches(gap):
            for k, (value, signs) in enumerate(branches(node)):
                shown = [self.visible(goals.gap_goal(goal, v, op)) for v, op in signs]
                if None in shown:
                    continue
                child = goals.gap_goal(goal, replaced(gap, {node: value}))
                found = self.prove(child, depth, True)
                if found is None:
                    return None
                return {
                    "by": "branch",
                    "node": str(node),
                    "branch": k,
                    "signs": shown,
                    "proof": found,
                }
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
                    child = goals.period_goal(goal, r.name)
                except Rejected:
                    continue
                found = self.prove(child, depth, True)
                return (
                    None if found is None else {"by": "period", "variable": r.name, "proof": found}
                )
        return None

    # -- along one variable ------------------------------------------------------------------------

    def _ladders(self, goal: Comparison, depth: int) -> Found:
        length = min(_LADDER, 2 * depth + 1)
        for r in goal.on.ranges:
            if r.name in goal.relation.free and goals.free_of_hypotheses(goal, r.name):
                ends = sorted(("lower", "upper"), key=lambda e: getattr(r, e).value is None)
                found = self.ladder(goal, r.name, ends[0], length)
                if found is not None:
                    return found
        return None

    def _monotone(self, goal: Comparison, depth: int) -> Found:
        for r in goal.on.ranges:
            if r.name in goal.relation.free and goals.free_of_hypotheses(goal, r.name):
                for end in ("lower", "upper"):
                    found = self._from_end(goal, r.name, end, depth)
                    if found is not None:
                        return found
        return None

    def _from_end(self, goal: Comparison, name: str, end: str, depth: int) -> Found:
        def slope(g: Comparison) -> Found:
            main, wrap = self.reduced(g)
            found = (
                self.visible(main)
                or self.ladder(main, name, end, _SHORT)
                or self.prove(main, depth - 1, True)
            )
            return None if found is None else wrap(found)

        return self.step(goal, name, end, slope, lambda g: self.prove(g, depth - 1, True))

    def _split(self, goal: Comparison, name: str, at: Term, depth: int) -> Found:
        parts = []
        for part in goals.halves(goal, name, at):
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

    def _place(
        self, goal: Comparison, name: str, at: Term, is_open: bool, sides: tuple[str, ...]
    ) -> dict[str, Any] | None:
        """Proofs that a term in the other variables is defined, and inside a range."""
        r = goals.range_of(goal, name)
        others = goals.without(goal, name)
        if not at.free <= set(others.names) or not goals.free_of_hypotheses(
            replace(goal, given=()), name
        ):
            return None
        defined = self.definedness(goals.gap_goal(others, at))
        inside: list[Any] = []
        for need in goals.inside_goals(goal, r, at, is_open, sides):
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
                    child, at, _ = goals.bound_goal(goal, index, side.payload)
                except Rejected:
                    continue
                ends = tuple(
                    e
                    for e in ("lower", "upper")
                    if getattr(goals.range_of(child, side.payload), e).value is at
                )
                extra = self._place(goal, side.payload, at, h.strict, ends[:1])
                found = None if extra is None else self.prove(child, depth, True)
                if found is not None and extra is not None:
                    return {
                        "by": "bound",
                        "given": index,
                        "variable": side.payload,
                        "proof": found,
                        **extra,
                    }
        return None

    # -- valleys -----------------------------------------------------------------------------------

    def _valley(self, goal: Comparison, depth: int) -> Found:
        """Split where the slope in a variable changes its sign from - to +: the gap is
        least there."""
        for r, at in self._turns_of_slopes(goal, 1):
            found = self._both(goal, r, at, self._outwards(goal, r, at), depth)
            if found is not None:
                return found
        return None

    def _peak(self, goal: Comparison, depth: int) -> Found:
        """Split where the slope turns from + to -: the gap is least at the two ends."""
        for r, at in self._turns_of_slopes(goal, -1):
            parts = zip(goals.halves(goal, r.name, at), ("lower", "upper"), strict=True)
            found = self._both(goal, r, at, parts, depth)
            if found is not None:
                return found
        return None

    def _turns_of_slopes(self, goal: Comparison, sign: int) -> Iterator[tuple[Range, Term]]:
        for r in goal.on.ranges:
            if r.name in goal.relation.free and goals.free_of_hypotheses(goal, r.name):
                slope = goals.slope_goal(goal, r.name, "lower", ">=")
                yield from ((r, at) for at in self._bottoms(goal, slope, r, sign))

    def _both(
        self,
        goal: Comparison,
        r: Range,
        at: Term,
        parts: Iterable[tuple[Comparison, str]],
        depth: int,
    ) -> Found:
        """The two parts, each from one end."""
        shown = []
        for part, end in parts:
            found = self._from_end(part, r.name, end, depth)
            if found is None:
                return None
            shown.append(found)
        return self._divided(goal, r.name, at, shown) if len(shown) == 2 else None

    def _bottoms(
        self, goal: Comparison, slope: Comparison, r: Range, sign: int = 1
    ) -> Iterator[Term]:
        """Places where the slope may turn from - to +, as the samples say."""
        samples = [(p, v) for p, v in self.samples(slope) if v != 0]
        if not any(v < 0 for _, v in samples) or not any(v > 0 for _, v in samples):
            return
        places = [number(v) for v in (0, 1)] + [symbol(n) for n in goal.on.names if n != r.name]
        turning = views.turning(slope.relation.gap(), r.name)
        places += [t for t in turning if sum(1 for _ in postorder(t)) <= _SIZE]
        seen: set[Term] = set()
        for at in places:
            if at not in seen and r.name not in at.free and self._turns(samples, r.name, at, sign):
                yield at
            seen.add(at)

    def _turns(self, samples: list[sampling.Sample], name: str, at: Term, sign: int = 1) -> bool:
        there = [(p, v, sampling.value(at, p)) for p, v in samples]
        sides = [(float(arb(p[name])) - t, v) for p, v, t in there if t is not None]
        return len(sides) == len(samples) and all(sign * d * v >= 0 for d, v in sides)

    # -- one variable ------------------------------------------------------------------------------

    def _zeros(self, goal: Comparison, depth: int) -> Found:
        """Split where the gap is zero inside the range."""
        at = None if goal.relation.op == ">" else self.zero(goal)
        return None if at is None else self._split(goal, goal.on.names[0], at, depth + 1)

    def _pieces(self, goal: Comparison, depth: int) -> Found:
        return self.pieces(goal)
