"""The rule `monotone`: from an end of a range, with a slope that keeps its sign; and ladders.

A ladder is a chain of slopes: each is >= 0 at the end, and the last one visibly everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.terms.work import spend
from boundcheck.search.calculus.tools.knowledge import TROUBLE, Found, Search, key_of
from boundcheck.search.calculus.tools.simpler import lighter, reduced
from boundcheck.search.calculus.tools.visible import visible, with_definedness

_SHORT = 4
_OTHER = {"lower": "upper", "upper": "lower"}
_Prove = Callable[[Comparison], Found]


def by_slope(
    search: Search,
    goal: Comparison,
    name: str,
    end: str,
    prove_slope: _Prove,
    prove_face: _Prove | None = None,
) -> Found:
    """`monotone` from one end; the slope is proved by the function given."""
    try:
        return _by_slope(
            search, goal, name, end, prove_slope, prove_face or partial(visible, search)
        )
    except TROUBLE:
        return None


def _by_slope(
    search: Search,
    goal: Comparison,
    name: str,
    end: str,
    prove_slope: _Prove,
    prove_face: _Prove,
) -> Found:
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
        if search.refuted(slope):
            return None
        at_end = goals.face_goal(goal, name, end, face_op)
        face = prove_face(at_end) if closed else with_definedness(search, at_end, prove_face)
        if face is None:
            continue
        shown = with_definedness(search, slope, prove_slope)
        if shown is None:
            continue
        extra = {"strict": strict} if strict else {}
        return {
            "by": "monotone",
            "variable": name,
            "end": end,
            "face": face,
            "slope": shown,
            **extra,
        }
    return None


def from_end(search: Search, goal: Comparison, name: str, end: str, depth: int) -> Found:
    """`monotone` from one end, where slope and face are proved by any rule."""

    def slope(g: Comparison) -> Found:
        main, wrap = reduced(search, g)
        found = (
            visible(search, main)
            or ladder(search, main, name, end, _SHORT)
            or search.prove(main, depth - 1, True)
        )
        return None if found is None else wrap(found)

    return by_slope(search, goal, name, end, slope, lambda g: search.prove(g, depth - 1, True))


def ladder(
    search: Search, goal: Comparison, name: str, end: str, length: int, light: int = 1
) -> Found:
    """Slopes from one end, or the other one, until one has a visible sign. Both sides
    are known to be defined."""
    spend(10)
    key = (*key_of(goal), name, end)
    before, found = search.climbed.get(key, (-1, None))
    if found is not None or before >= length:
        return found
    search.climbed[key] = length, None
    main, wrap = reduced(search, goal)
    found = visible(search, main)
    if found is None and length > 0 and name in main.relation.free and not search.refuted(main):
        found = _climb(search, main, name, end, length, light)
        if found is None and light and main is not goal:  # as it is written
            found, wrap = _from_ends(search, goal, name, end, length - 1, light - 1), dict
    if found is not None:
        found = wrap(found)
        search.climbed[key] = length, found
    return found


def _climb(search: Search, main: Comparison, name: str, end: str, length: int, light: int) -> Found:
    found = _from_ends(search, main, name, end, length - 1, light)
    if found is None and light:
        for child, wrap in lighter(search, main, name):
            # not reduced: that would undo it
            found = _from_ends(search, child, name, end, length, light - 1)
            if found is not None:
                return wrap(found)
    return found


def _from_ends(
    search: Search, goal: Comparison, name: str, end: str, length: int, light: int
) -> Found:
    """One step of a ladder, from this end or the other one."""
    for which in (end, _OTHER[end]):
        up = partial(ladder, search, name=name, end=which, length=length, light=light)
        found = by_slope(search, goal, name, which, up)
        if found is not None:
            return found
    return None
