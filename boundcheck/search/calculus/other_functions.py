"""The same goal by other functions: tan as sin/cos, hyperbolic functions by exp."""

from __future__ import annotations

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.exact.algebra.rewrite import rewritten as by
from boundcheck.exact.terms.term import postorder
from boundcheck.search.calculus.tools.knowledge import Found, Search
from boundcheck.search.calculus.tools.simpler import reduced
from boundcheck.search.calculus.tools.slopes import ladder

_LONG = 14


def tangents(search: Search, goal: Comparison, depth: int) -> Found:
    """`rewrite`: tan as sin/cos, and without the denominator."""
    gap = goal.relation.gap()
    if not any(n.op == "call" and n.payload == "tan" and n.free for n in postorder(gap)):
        return None
    main, wrap = reduced(search, goals.gap_goal(goal, by(gap, "tan")))
    found = search.prove(main, depth, True)
    return None if found is None else {"by": "rewrite", "form": "tan", "proof": wrap(found)}


def rewritten(search: Search, goal: Comparison, depth: int) -> Found:
    """`rewrite`: hyperbolic functions by sinh and cosh, or by exp; sums of exponentials with
    polynomials before them take long ladders."""
    gap = goal.relation.gap()
    for form in ("cosh", "exp"):
        other = by(gap, form)
        if other is gap or depth < 2:
            continue
        main, wrap = reduced(search, goals.gap_goal(goal, other))
        found = None
        if len(main.on.names) == 1:
            found = ladder(search, main, main.on.names[0], "lower", _LONG, 0)
        if found is None:
            found = search.prove(main, depth - 1, True)
        if found is not None:
            return {"by": "rewrite", "form": form, "proof": wrap(found)}
    return None
