"""A closed end at which logarithms of a base have no value, by itself."""

from __future__ import annotations

from boundcheck.checking import goals
from boundcheck.checking.goals import Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.algebra.normal import vanishes
from boundcheck.exact.terms.term import Term, postorder, substitute
from boundcheck.search.calculus.tools import views
from boundcheck.search.calculus.tools.knowledge import Found, Search


def edges(search: Search, goal: Comparison, depth: int) -> Found:
    """`edge`: where the base of a power with a variable exponent is zero at the end."""
    for r in goal.on.ranges:
        for end in ("lower", "upper"):
            side, other = (r.lower, r.upper) if end == "lower" else (r.upper, r.lower)
            if side.value is None or side.open or (other.value is not None and other.value.free):
                continue
            if not _ends_at_zero(goal, r.name, side.value):
                continue
            try:
                at_end, rest = goals.edge_goals(goal, r.name, end)
            except Rejected:
                continue
            face = search.prove(at_end, depth - 1, True)
            found = None if face is None else search.prove(rest, depth, True)
            if found is not None:
                return {
                    "by": "edge",
                    "variable": r.name,
                    "end": end,
                    "face": face,
                    "proof": found,
                }
            return None
    return None


def _ends_at_zero(goal: Comparison, name: str, at: Term) -> bool:
    bases = {n.args[0] for n in postorder(goal.relation.gap()) if views.steep_power(n)}
    return any(
        vanishes(substitute((b,), {name: at})[0]) for b in sorted(bases, key=str) if name in b.free
    )
