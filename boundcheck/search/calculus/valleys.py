"""A split where the slope in a variable turns, as the samples say."""

from __future__ import annotations

from collections.abc import Iterator

from flint import arb

from boundcheck.checking import goals
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.exact.terms.term import Term, number, postorder, symbol
from boundcheck.search.calculus.tools import views
from boundcheck.search.calculus.tools.cuts import divided
from boundcheck.search.calculus.tools.knowledge import Found, Search
from boundcheck.search.calculus.tools.slopes import from_end
from boundcheck.search.points import sampling

_SIZE = 8


def valley(search: Search, goal: Comparison, depth: int) -> Found:
    """`split` where the slope turns from - to +: the gap is least there, `monotone` says."""
    return _apart(search, goal, depth, 1, ("upper", "lower"))


def peak(search: Search, goal: Comparison, depth: int) -> Found:
    """`split` where the slope turns from + to -: the gap is least at the two ends."""
    return _apart(search, goal, depth, -1, ("lower", "upper"))


def _apart(search: Search, goal: Comparison, depth: int, sign: int, ends: tuple[str, str]) -> Found:
    """`split` with `monotone` below and above, each from its own end."""
    for name, at in _places(search, goal, sign):
        parts: list[Proof] = []
        for part, end in zip(goals.halves(goal, name, at), ends, strict=True):
            found = from_end(search, part, name, end, depth)
            if found is None:
                break
            parts.append(found)
        else:
            found = divided(search, goal, name, at, parts)
            if found is not None:
                return found
    return None


def _places(search: Search, goal: Comparison, sign: int) -> Iterator[tuple[str, Term]]:
    """Where the slope in a variable may turn, and which variable it is."""
    for r in goal.on.ranges:
        if r.name in goal.relation.free and goals.free_of_hypotheses(goal, r.name):
            slope = goals.slope_goal(goal, r.name, "lower", ">=")
            yield from ((r.name, at) for at in _turning(search, slope, r.name, sign))


def _turning(search: Search, slope: Comparison, name: str, sign: int) -> Iterator[Term]:
    """Places where a slope may turn, from - to + if the sign is 1."""
    samples = [(p, v) for p, v in search.samples(slope) if v != 0]
    if not any(v < 0 for _, v in samples) or not any(v > 0 for _, v in samples):
        return
    places = [number(v) for v in (0, 1)] + [symbol(n) for n in slope.on.names if n != name]
    turning = views.turning(slope.relation.gap(), name)
    places += [t for t in turning if sum(1 for _ in postorder(t)) <= _SIZE]
    seen: set[Term] = set()
    for at in places:
        if at not in seen and name not in at.free and _turns(samples, name, at, sign):
            yield at
        seen.add(at)


def _turns(samples: list[sampling.Sample], name: str, at: Term, sign: int) -> bool:
    """Whether no sample speaks against it."""
    there = [(p, v, sampling.value(at, p)) for p, v in samples]
    sides = [(float(arb(p[name])) - t, v) for p, v, t in there if t is not None]
    return len(sides) == len(samples) and all(sign * d * v >= 0 for d, v in sides)
