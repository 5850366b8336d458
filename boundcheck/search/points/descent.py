"""Refutation by descent: walk down the gap, polish the minimum at high precision,
judge the points on the way.

A violation may be as small as 1e-40 and live on an interval of width 1e-20; Newton's method gets
there. Points are only proposals: a rigorous evaluation decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from flint import arb, arb_mat, ctx, fmpq

from boundcheck.claims.verdict import Verdict
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.gradient import slopes
from boundcheck.enclosure.intervals.interval import Interval, Unclear, down, interval, middle
from boundcheck.enclosure.intervals.rational_points import Point
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.derivative import derivative
from boundcheck.exact.terms.work import OutOfBudget, share, spend
from boundcheck.search.points.refute import gap_above, judge, simple_near
from boundcheck.search.problem import Problem

_TROUBLE = (Unclear, DomainError, Unsupported, ZeroDivisionError, OverflowError)
_STARTS = 5
_STEPS = 40
_BITS = 400
_NEWTON = 12
_REACH = tuple(fmpq(1, 2**k) for k in (5, 8, 12, 18, 26))


def downhill(problem: Problem) -> Verdict | None:
    """From the samples with the smallest gap, and from the box where branch and bound is stuck."""
    if problem.relation.op == "==" or not problem.samples:
        return None
    scored = sorted(
        (g, k) for k, p in enumerate(problem.samples) if (g := gap_above(problem, p)) is not None
    )
    starts = [problem.worst] if problem.worst is not None else []
    starts += [problem.samples[k] for _, k in scored[:_STARTS]]
    for start in starts:
        try:
            for point in _path(problem, start):
                spend(10)
                found = judge(problem, point) if problem.admits(point) else None
                if found is not None:
                    return found
        except _TROUBLE:
            continue
    return None


def minima(problem: Problem) -> list[Point]:
    """Where descents from the best samples end."""
    scored = sorted(
        (g, k) for k, p in enumerate(problem.samples) if (g := gap_above(problem, p)) is not None
    )
    found: list[Point] = []
    try:
        with share(0.2):
            for _, k in scored[: 2 * _STARTS]:
                found.append(problem.samples[k])
                try:
                    for point in _path(problem, found[-1]):
                        spend(10)
                        found[-1] = point
                except _TROUBLE:
                    pass
    except OutOfBudget:
        found.pop()
    return found


def _path(problem: Problem, start: Point) -> Iterator[Point]:
    """Steps of projected gradient descent, and Newton's from the last."""
    point = _inside(problem, {n: start[n] for n in problem.names})
    best = gap_above(problem, point)
    step = fmpq(1, 4)
    for _ in range(_STEPS):
        slope = _gradient(problem, point)
        size = max((abs(s) for s in slope.values()), default=fmpq(0))
        if size == 0 or best is None:
            break
        trial = _inside(
            problem,
            {n: point[n] - _short(step * slope[n] / size * (1 + abs(point[n]))) for n in point},
        )
        value = gap_above(problem, trial)
        if value is not None and value < best:
            point, best, step = trial, value, step * fmpq(3, 2)
            yield point
        else:
            step /= 3
            if step < fmpq(1, 2) ** 40:
                break
    yield from _simple(point)
    yield from _newton(problem, point)


def _simple(point: dict[str, fmpq]) -> Iterator[Point]:
    """Short numbers near a minimum: where two sides touch, only the very point
    violates a strict inequality."""
    seen = set()
    for reach in _REACH:
        near = {n: simple_near(v, reach * (1 + abs(v))) for n, v in point.items()}
        if (key := tuple(near.values())) not in seen:
            seen.add(key)
            yield near


def _gradient(problem: Problem, point: Point) -> dict[str, fmpq]:
    box = {n: interval(v) for n, v in point.items()}
    _, found = slopes(problem.gap, box, 64)
    return {n: _some(found[n]) for n in point}


def _some(x: Interval) -> fmpq:
    return (
        fmpq(0) if isinstance(x.lower, float) or isinstance(x.upper, float) else _short(middle(x))
    )


def _short(q: fmpq, bits: int = 60) -> fmpq:
    """A dyadic number near q."""
    with ctx.workprec(bits):
        return fmpq(arb(q).mid().fmpq())


def _inside(problem: Problem, point: dict[str, fmpq]) -> dict[str, fmpq]:
    """The point, moved to the nearest place of the box."""
    moved = {}
    for n, v in point.items():
        x = problem.statement.hull[n]
        low = None if isinstance(x.lower, float) else x.lower.fmpq()
        high = None if isinstance(x.upper, float) else x.upper.fmpq()
        moved[n] = (
            low if low is not None and v < low else high if high is not None and v > high else v
        )
    return moved


def _newton(problem: Problem, point: dict[str, fmpq]) -> Iterator[Point]:
    """Newton's method for a zero of the gradient, in the variables that are not
    at an end of their range."""
    hull = problem.statement.hull
    free = [n for n, v in point.items() if not _at_end(hull[n], v)]
    if not free:
        return
    gradient = [derivative(problem.gap, n) for n in free]
    bends = [[derivative(g, n) for n in free] for g in gradient]
    for k in range(_NEWTON):
        bits = min(_BITS, 64 * 2**k)
        with ctx.workprec(bits + 32):
            g = arb_mat([[arb(at_point(t, point, bits + 32))] for t in gradient])
            h = arb_mat([[arb(at_point(t, point, bits + 32)) for t in row] for row in bends])
            step = h.solve(g)
            moved = {n: _short(point[n] - _finite(step[i, 0]), bits) for i, n in enumerate(free)}
        point = _inside(problem, {**point, **moved})
        yield point
        yield {n: _short(v, bits // 2) for n, v in point.items()}


def _finite(x: arb) -> fmpq:
    """The middle of a ball, of moderate size."""
    end = down(x.mid())
    if isinstance(end, float):
        raise OverflowError
    return end.fmpq()


def _at_end(x: Interval, v: fmpq) -> bool:
    return any(not isinstance(e, float) and e.fmpq() == v for e in (x.lower, x.upper))
