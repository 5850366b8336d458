"""Tactic 5: branch and bound. Enclose the gap on a box, split where it is not decided."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from flint import arb, ctx, fmpq

from boundcheck.claims.problem import Problem
from boundcheck.claims.tactics.refute import judge
from boundcheck.claims.verdict import IllPosed, Proved, Undecided, Verdict
from boundcheck.enclosure.decimals import Enclosure, enclosure
from boundcheck.enclosure.evaluate import at_point, on_box
from boundcheck.enclosure.interval import End, Interval, Unclear, down, least, middle, up
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.strategy import OutOfBudget
from boundcheck.exact.term import Term

_BITS = 96
_SMALLEST = fmpq(1, 2) ** 60
_FARTHEST = 2**200


@dataclass(frozen=True)
class _Piece:
    ranges: tuple[Interval, ...]
    depth: int

    def text(self, names: tuple[str, ...]) -> str:
        return ", ".join(f"{n} in {enclosure(r)}" for n, r in zip(names, self.ranges, strict=True))


def subdivide(problem: Problem, max_boxes: int = 200_000) -> Verdict | None:
    """Prove an inequality on a box; None for an equality.

    Every box on which the enclosure of the gap is not decided is halved. A point of a box that looks
    bad is judged as a witness.
    """
    if problem.relation.op == "==" or not problem.names:
        return None
    start = _start(problem)
    queue = deque([start])
    state = _State()
    try:
        while queue and not state.stuck_at:
            problem.clock()
            piece = queue.popleft()
            state.boxes += 1
            if state.boxes > max_boxes:
                raise OutOfBudget
            found = _examine(problem, piece, state)
            if isinstance(found, Verdict):
                return found
            queue.extend(found)
    except OutOfBudget:
        state.stuck_at = queue[0] if queue else piece
    except Unsupported as error:
        return Undecided(method="branch and bound", reason=str(error))
    if state.stuck_at is None and not state.proved:
        return IllPosed(
            method="branch and bound", reason="the hypotheses contradict each other; nothing satisfies them"
        )
    if state.stuck_at is None:
        bound = state.bound
        margin = Enclosure(None if bound is None or isinstance(bound, float) else bound.fmpq(), None)
        return Proved(method=f"branch and bound, {state.boxes} box{'es' * (state.boxes > 1)}", margin=margin)
    known = _enclose(problem.difference(), dict(zip(problem.names, start.ranges, strict=True)))
    reason = state.trouble or f"no decision after {state.boxes} boxes"
    return Undecided(
        method="branch and bound", reason=reason, enclosure=known, worst=state.stuck_at.text(problem.names)
    )


@dataclass
class _State:
    boxes: int = 0
    proved: int = 0
    bound: End | None = None
    trouble: str = ""
    stuck_at: _Piece | None = None


def _examine(problem: Problem, piece: _Piece, state: _State) -> Verdict | list[_Piece]:
    """The boxes that are left of this one, or the verdict that it forces."""
    here = dict(zip(problem.names, piece.ranges, strict=True))
    if _excluded(problem, here):
        return []
    try:
        gap = on_box(problem.gap, here, _BITS, problem.clock)
    except (Unclear, DomainError) as error:
        state.trouble = str(error)
        gap = Interval(-math.inf, math.inf)
    if gap.lower > 0 or (gap.lower >= 0 and not problem.relation.strict):
        state.proved += 1
        state.bound = gap.lower if state.bound is None else least((state.bound, gap.lower))
        return []
    if gap.upper <= 0 or piece.depth % 4 == 0:
        point = {n: middle(r) for n, r in here.items()}
        found = judge(problem, point) if problem.admits(point) else None
        if found is not None:
            return found
    halves = _halve(piece)
    if not halves:
        state.stuck_at = piece
    return halves


def _start(problem: Problem) -> _Piece:
    ranges = {r.name: r for r in problem.statement.on.ranges}
    whole = Interval(-math.inf, math.inf)

    def end(t: Term | None, infinite: float, rounding: Callable[[End], End]) -> End:
        if t is None or t.free:  # a symbolic end is used as a hypothesis instead
            return infinite
        try:
            with ctx.workprec(_BITS):
                return rounding(arb(at_point(t, {}, _BITS)))
        except (Unclear, Unsupported):
            return infinite  # a larger box

    return _Piece(
        tuple(
            Interval(end(ranges[n].lower.value, -math.inf, down), end(ranges[n].upper.value, math.inf, up))
            if n in ranges
            else whole
            for n in problem.names
        ),
        0,
    )


def _excluded(problem: Problem, here: dict[str, Interval]) -> bool:
    """Whether a hypothesis fails on the whole box."""
    for h in problem.statement.hypotheses:
        try:
            gap = on_box(h.gap(), here, _BITS)
        except (Unclear, DomainError):
            continue
        if gap.upper < 0 or (h.strict and gap.upper <= 0) or (h.op == "==" and gap.lower > 0):
            return True
    return False


def _halve(piece: _Piece) -> list[_Piece]:
    """The box cut across its widest side; nothing where it is too small to be cut."""
    k = max(range(len(piece.ranges)), key=lambda i: _width(piece.ranges[i]))
    r = piece.ranges[k]
    if _width(r) < _SMALLEST:
        return []
    with ctx.workprec(2 * _BITS):
        cut = arb(middle(r))
    if not cut.is_exact() or not (r.lower < cut < r.upper) or abs(cut) > _FARTHEST:
        return []
    halves = (Interval(r.lower, cut), Interval(cut, r.upper))
    return [_Piece((*piece.ranges[:k], h, *piece.ranges[k + 1 :]), piece.depth + 1) for h in halves]


def _width(r: Interval) -> fmpq:
    """How wide a range is, to choose among them; infinite ones first."""
    if isinstance(r.lower, float) or isinstance(r.upper, float):
        return fmpq(2) ** 300
    return r.upper.fmpq() - r.lower.fmpq()


def _enclose(root: Term, here: dict[str, Interval]) -> Enclosure | None:
    try:
        return enclosure(on_box(root, here, _BITS))
    except (Unclear, DomainError, Unsupported):
        return None
