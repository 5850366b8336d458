"""One variable: a touching or unbounded claim in pieces, near its zeros, far out, and in between.

Near an end where the gap is zero of order k, its k-th derivative has a sign; far out a ladder ends
in a limit; and in between the gap is positive, which a few Taylor forms show.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flint import arb, ctx, fmpq

from boundcheck.checking import goals
from boundcheck.checking.closed_terms import sign_of
from boundcheck.checking.goals import Proof
from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.at_point import at_point, taylor_form
from boundcheck.exact.terms.parser import Side
from boundcheck.exact.terms.term import Term, number, substitute
from boundcheck.exact.terms.work import spend
from boundcheck.search.calculus.derivations import TROUBLE, Derivations, bounded
from boundcheck.search.calculus.taylor import taylor_tree
from boundcheck.search.points import sampling

_ORDER = 10
_BITS = 128
_MANY = 150
_SHORT = 3
_NESTED = 1
_NEAR = tuple(fmpq(1, 2**k) for k in range(1, 8))
_FAR = tuple(map(fmpq, (1, 2, 4, 12, 60)))


class Pieces(Derivations):
    """The pieces of a claim in one variable."""

    nested = 0

    def pieces(self, goal: Comparison) -> Proof | None:
        """Near piece, middle, far piece. The gap is not zero inside the range."""
        (r,) = goal.on.ranges
        order = sorted(
            ("lower", "upper"), key=lambda e: getattr(r, e).value is None
        )  # the tails cost more
        found_at: dict[str, tuple[fmpq | None, Proof]] = {}
        for end in order:
            cut = self._cut(goal, end)
            if cut is None:
                return None
            found_at[end] = cut
        low, high = found_at["lower"], found_at["upper"]
        cuts = [(e, p) for e, p in (low, high) if e is not None]
        if not cuts:
            return self.middle(goal)
        if len(cuts) == 2 and not cuts[0][0] < cuts[1][0]:  # the far piece starts early enough
            return self._joined(goal, low, high)
        rest = goal
        if low[0] is not None:
            rest = goals.halves(rest, r.name, number(low[0]))[1]
        if high[0] is not None:
            rest = goals.halves(rest, r.name, number(high[0]))[0]
        found = self.middle(rest)
        if found is not None and high[0] is not None:
            found = split(r.name, number(high[0]), found, high[1])
        if found is not None and low[0] is not None:
            found = split(r.name, number(low[0]), low[1], found)
        return found

    def _joined(self, goal: Comparison, low: Any, high: Any) -> Proof | None:
        """Two pieces that overlap: the second one again, from where the first one stops."""
        (r,) = goal.on.ranges
        rest = goals.halves(goal, r.name, number(low[0]))[1]
        found = self.visible(rest) or self.ladder(rest, r.name, "upper", _SHORT)
        return None if found is None else split(r.name, number(low[0]), low[1], found)

    def middle(self, goal: Comparison) -> Proof | None:
        """Where the gap is positive."""
        found = self.visible(goal)
        if found is None and bounded(goal) and not self.refuted(goal):
            tree = taylor_tree(goal, _MANY)
            found = None if tree is None else tree.proof
        return found

    def _cut(self, goal: Comparison, end: str) -> tuple[fmpq | None, Proof] | None:
        """Where the piece at this end stops, with its proof; no cut where the
        gap is positive at the end."""
        (r,) = goal.on.ranges
        side: Side = getattr(r, end)
        if side.value is None:
            return self._far(goal, end)
        if self._positive_at(goal, side.value):
            return None, {}
        return self._near(goal, end)

    def _positive_at(self, goal: Comparison, at: Term) -> bool:
        name = goal.on.names[0]
        try:
            return bool(
                arb(at_point(goal.relation.gap(), {name: arb(at_point(at, {}, _BITS))}, _BITS)) > 0
            )
        except TROUBLE:
            return False

    def easy(self, goal: Comparison) -> Proof | None:
        """A side condition in one variable may take pieces of its own."""
        found = super().easy(goal)
        key = ("easy", goal.relation, goal.on.ranges)
        if (
            found is not None
            or len(goal.on.names) != 1
            or goal.given
            or self.refuted(goal)
            or key in self.seen
        ):
            return found or self.seen.get(key)
        if self.nested >= _NESTED:
            return None
        self.seen[key] = None
        self.nested += 1
        try:
            self.seen[key] = self.ladder(goal, goal.on.names[0], "lower", 2) or self.pieces(goal)
        except TROUBLE:
            pass
        finally:
            self.nested -= 1
        return self.seen[key]

    # -- near an end -------------------------------------------------------------------------------

    def _near(self, goal: Comparison, end: str) -> tuple[fmpq, Proof] | None:
        main, wrap = self.reduced(goal)
        order = self._order(main, end)
        for k, (c, piece) in enumerate(self._shrinking(main, end)):
            if order is None and k % 3:
                continue
            if order is None:
                found = self.ladder(piece, piece.on.names[0], end, _SHORT)
            elif not self._bends(main, end, c, order):
                continue
            else:
                found = self._rungs(piece, end, order)
            if found is not None:
                return c, wrap(found)
            if order is not None:
                return None
        return None

    def _shrinking(self, goal: Comparison, end: str) -> Iterator[tuple[fmpq, Comparison]]:
        """Smaller and smaller pieces at a finite end."""
        (r,) = goal.on.ranges
        x = goal.hull[r.name]
        here = x.lower if end == "lower" else x.upper
        there = x.upper if end == "lower" else x.lower
        assert isinstance(here, arb)
        start = here.fmpq()
        width = abs(there.fmpq() - start) if isinstance(there, arb) else fmpq(4)
        sign = 1 if end == "lower" else -1
        for share in _NEAR:
            c = sampling.simple(start + sign * width * share, width * share / 16)
            if (c > start) == (sign > 0) and c != start:
                yield c, goals.halves(goal, r.name, number(c))[0 if end == "lower" else 1]

    def _order(self, goal: Comparison, end: str) -> int | None:
        """The order of the zero at an end, where the gap has a power series there."""
        (r,) = goal.on.ranges
        side: Side = getattr(r, end)
        try:
            at = arb(at_point(side.value, {}, _BITS))  # type: ignore[arg-type]
            series = taylor_form(goal.relation.gap(), r.name, _BITS).series(at, _ORDER)
        except TROUBLE:
            return None
        for k, c in enumerate(series):
            if not c.contains(0):
                good = c > 0 if end == "lower" or k % 2 == 0 else c < 0
                return k if good and k > 0 else None
        return None

    def _bends(self, goal: Comparison, end: str, c: fmpq, order: int) -> bool:
        """Whether the derivative that decides keeps its sign up to c."""
        (r,) = goal.on.ranges
        x = goal.hull[r.name]
        here = (x.lower if end == "lower" else x.upper).fmpq()  # type: ignore[union-attr]
        try:
            with ctx.workprec(_BITS):
                ball = arb((here + c) / 2, abs(here - c) / 2)
            last = taylor_form(goal.relation.gap(), r.name, _BITS).series(ball, order)[order]
        except TROUBLE:
            return True  # not known: try
        return bool(last > 0 if end == "lower" or order % 2 == 0 else last < 0)

    def _rungs(self, goal: Comparison, end: str, order: int) -> Proof | None:
        """As many slopes as the order of the zero, in normal form, then a few Taylor forms."""
        spend(10)
        name = goal.on.names[0]
        if order == 0:
            return self.middle(goal)

        def slope(child: Comparison) -> Proof | None:
            simpler = goals.normal_goal(child)
            needs = self.definedness(simpler)
            if needs is None:
                return self._rungs(child, end, order - 1)
            found = self._rungs(simpler, end, order - 1)
            if found is None:
                return None
            return {"by": "normal", "proof": {**found, "defined": needs} if needs else found}

        return self.step(goal, name, end, slope)

    # -- far out -----------------------------------------------------------------------------------

    def _far(self, goal: Comparison, end: str) -> tuple[fmpq, Proof] | None:
        """A tail: a ladder from where it starts, or from its limit."""
        (r,) = goal.on.ranges
        x = goal.hull[r.name]
        other = x.lower if end == "upper" else x.upper
        start = fmpq(0) if isinstance(other, float) else other.fmpq()
        sign = 1 if end == "upper" else -1
        for d in _FAR:
            c = sampling.simple(start + sign * d, fmpq(1, 4))
            if not (x.lower < arb(c) < x.upper):
                continue
            piece = goals.halves(goal, r.name, number(c))[1 if end == "upper" else 0]
            if self.refuted(piece):
                return None
            found = (
                self.visible(piece)
                or self._flipped(piece)
                or self.ladder(piece, r.name, end, _SHORT)
            )
            if found is not None:
                return c, found
        return None

    def _flipped(self, goal: Comparison) -> Proof | None:
        """Visible in 1/x, where the leading terms show."""
        (r,) = goal.on.ranges
        child = goals.inverse_goal(goal, r.name)
        main, wrap = self.reduced(child)
        found = self.visible(main)
        return (
            None if found is None else {"by": "inverse", "variable": r.name, "proof": wrap(found)}
        )

    # -- zeros inside ------------------------------------------------------------------------------

    def zero(self, goal: Comparison) -> Term | None:
        """A place inside the range where the gap is zero, exactly."""
        (r,) = goal.on.ranges
        gap = goal.relation.gap()
        if all(v == 0 for _, v in self.samples(goal)):
            return None
        for at in sampling.zeros(goal, self.samples(goal)):
            try:
                if sign_of(substitute((gap,), {r.name: at})[0])[0] == 0:
                    return at
            except TROUBLE:
                continue
        return None


def split(name: str, at: Term, below: Proof, above: Proof) -> dict[str, Any]:
    return {"by": "split", "variable": name, "at": str(at), "parts": [below, above]}
