"""Side conditions: that operands are defined, places lie inside ranges, and factors are positive.

They are asked for within proofs by rules, so they must not take all rules themselves.
"""

from __future__ import annotations

from boundcheck.claims.comparison import Comparison
from boundcheck.search.calculus.tools.knowledge import TROUBLE, Found, Search
from boundcheck.search.calculus.tools.pieces import pieces
from boundcheck.search.calculus.tools.simpler import reduced
from boundcheck.search.calculus.tools.slopes import ladder
from boundcheck.search.calculus.tools.visible import visible

_NESTED = 1


def side_condition(search: Search, goal: Comparison) -> Found:
    """What is visible, also in reduced form; in one variable a short ladder, or pieces."""
    found = visible(search, goal)
    if found is not None:
        return found
    refuted = search.refuted(goal)
    if not refuted:
        main, wrap = reduced(search, goal)
        found = visible(search, main)
        if found is not None:
            return wrap(found)
    key = ("easy", goal.relation, goal.on.ranges)
    if refuted or goal.given or len(goal.on.names) != 1 or key in search.seen:
        return search.seen.get(key)
    if search.nested >= _NESTED:
        return None
    search.seen[key] = None
    search.nested += 1
    try:
        (name,) = goal.on.names
        search.seen[key] = ladder(search, goal, name, "lower", 2) or pieces(search, goal, 0)
    except TROUBLE:
        pass
    finally:
        search.nested -= 1
    return search.seen[key]
