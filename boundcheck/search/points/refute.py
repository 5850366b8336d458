"""Refutation. Points are proposed freely; only a rigorous evaluation at
a rational point refutes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

from flint import fmpq, fmpq_mpoly

from boundcheck.checking.closed_terms import sign_of
from boundcheck.checking.families import scene_of
from boundcheck.checking.hypotheses import shown
from boundcheck.claims.verdict import IllPosed, Refuted, Verdict, Witness
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.decimals import enclosure
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.rational_points import Point, sign_at
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.cells.cell import FREE, POSITIVE, Cell
from boundcheck.exact.cells.scene import Undefined
from boundcheck.exact.terms.box import Range, rational_ends
from boundcheck.exact.terms.term import number, substitute
from boundcheck.exact.terms.work import OutOfBudget, share, spend
from boundcheck.search.cells.strategy import Strategy
from boundcheck.search.contradictions import contradicting
from boundcheck.search.problem import Problem

_INSIDE = fmpq(1, 2**40)
_FEW = (fmpq(0), fmpq(1), fmpq(1, 2), fmpq(2), fmpq(-1))
_MANY = tuple(
    fmpq(n, d)
    for n, d in (
        (0, 1),
        (1, 1),
        (1, 2),
        (2, 1),
        (1, 10),
        (10, 1),
        (1, 1000),
        (1000, 1),
        (3, 7),
        (17, 5),
    )
)
_SHORT = 64


def by_samples(problem: Problem, count: int = 150) -> Verdict | None:
    """Try some points that satisfy the hypotheses; remembers them in `problem.samples`."""
    violation: Verdict | None = None
    try:
        with share(0.3):
            for point in itertools.islice(admissible(problem), count):
                problem.samples.append(point)
                if violation is None or len(problem.samples) < count // 2:
                    found = judge(problem, point)
                    if isinstance(found, IllPosed):
                        return found
                    violation = found if violation is None else violation
    except OutOfBudget:
        pass
    return violation if problem.samples or not problem.statement.given else _contradictory(problem)


def _contradictory(problem: Problem) -> Verdict | None:
    """Where no point satisfies the hypotheses: whether one of them fails
    wherever the others hold."""
    h = contradicting(problem.statement)
    if h is None:
        return None
    return IllPosed(method="hypotheses", reason=f"the hypothesis {shown(h)} contradicts the others")


def judge(problem: Problem, point: Point) -> Verdict | None:
    """The verdict that a point which satisfies the hypotheses forces, if any."""
    try:
        sign = sign_at(problem.gap, point)
    except DomainError as error:
        return IllPosed(
            method="evaluation",
            reason=str(error),
            witness=Witness({n: point[n] for n in problem.names}),
        )
    except Unsupported:
        return None
    method = "rational witness, re-evaluated rigorously"
    if sign is None and problem.relation.strict and _touches(problem, point):
        sign, method = 0, "rational witness, both sides equal by exact algebra"
    if sign is None or sign > 0:
        violated = sign is not None and problem.relation.op == "=="
    else:
        violated = sign < 0 or problem.relation.strict
    if not violated:
        return None
    try:
        return Refuted(method=method, witness=problem.witness(point, equal=sign == 0))
    except (Unclear, Unsupported):
        return None


def _touches(problem: Problem, point: Point) -> bool:
    """Whether the gap is exactly zero at a point of short coordinates, where balls cannot tell."""
    if any(point[n].height_bits() > _SHORT for n in problem.names):
        return False
    (gap,) = substitute((problem.gap,), {n: number(point[n]) for n in problem.names})
    try:
        return sign_of(gap)[0] == 0
    except (DomainError, Unsupported):
        return False


def simple_near(x: fmpq, reach: fmpq) -> fmpq:
    """The rational number of the smallest denominator within `reach` of x."""
    return _simplest(x - reach, x + reach)


def _simplest(low: fmpq, high: fmpq) -> fmpq:
    """The simplest number of [low, high], by continued fractions."""
    whole = fmpq(low.ceil())
    if whole <= high:
        return fmpq(0) if low <= 0 <= high else whole if low > 0 else fmpq(high.floor())
    below = fmpq(low.floor())
    return below + 1 / _simplest(1 / (high - below), 1 / (low - below))


# -- proposals -----------------------------------------------------------------------------------


def admissible(problem: Problem) -> Iterator[Point]:
    """Rational points that satisfy all hypotheses."""
    seen: set[tuple[fmpq, ...]] = set()
    for point in propose(problem):
        spend(15 + 4 * len(problem.names))
        key = tuple(point.get(n, fmpq(0)) for n in problem.names)
        if key not in seen and len(seen) < 20_000:
            seen.add(key)
            if problem.admits(point):
                yield point


def propose(problem: Problem) -> Iterator[Point]:
    """Points from the box and from the cells of the hypotheses, in turn."""
    sources = [_from_box(problem)]
    try:
        with share(0.1):
            s = problem.statement  # as it is written: other cells than those of a proof
            _, cells = scene_of(s, hypotheses=s.hypotheses, guide=Strategy())
        sources.append(_from_cells(problem, cells))
    except (Unsupported, Undefined, OutOfBudget):
        pass
    for several in itertools.zip_longest(*sources):
        yield from (p for p in several if p is not None)


def _from_box(problem: Problem) -> Iterator[Point]:
    choices = []
    for name in problem.names:
        r = next((r for r in problem.statement.on.ranges if r.name == name), None)
        ends = None if r is None else rational_ends(r) or _inner_ends(problem, r)
        choices.append(_spread(*ends) if ends else list(_FEW))
    sizes = [len(c) for c in choices]
    if problem.names and len(problem.names) <= 8:
        few = [c[:3] for c in choices]
        yield from (
            dict(zip(problem.names, p, strict=True))
            for p in itertools.islice(itertools.product(*few), 600)
        )
    rng = random.Random(0)
    for _ in range(4000 if sizes else 0):
        yield {n: _random(rng, c) for n, c in zip(problem.names, choices, strict=True)}


def _inner_ends(problem: Problem, r: Range) -> tuple[fmpq | None, fmpq | None] | None:
    """Rational numbers just inside ends that are constants such as pi/2; None where
    an end is not a constant."""
    if any(s.value is not None and s.value.free for s in (r.lower, r.upper)):
        return None
    x = problem.statement.hull[r.name]
    low, high = (None if isinstance(e, float) else e.fmpq() for e in (x.lower, x.upper))
    if low is not None and r.lower.value is not None and r.lower.value.op != "rational":
        low = _simplest(low + _INSIDE, low + 2 * _INSIDE)
    if high is not None and r.upper.value is not None and r.upper.value.op != "rational":
        high = _simplest(high - 2 * _INSIDE, high - _INSIDE)
    return low, high


def _spread(low: fmpq | None, high: fmpq | None) -> list[fmpq]:
    if low is not None and high is not None:
        inner = [low + (high - low) * fmpq(k, 8) for k in (4, 1, 7, 2, 6, 3, 5)]
        zero = [fmpq(0)] if low < 0 < high else []
        return [low, high, *zero, *inner, *(fmpq(k) for k in (1, -1) if low < k < high)]
    if low is None and high is None:
        return [
            *_FEW,
            fmpq(-2),
            fmpq(10),
            fmpq(-10),
            fmpq(1, 100),
            fmpq(-1, 100),
            fmpq(1000),
            fmpq(-1000),
        ]
    start, way = (low, 1) if low is not None else (high, -1)
    return [start + way * d for d in _MANY]


def _random(rng: random.Random, choices: Sequence[fmpq]) -> fmpq:
    if rng.random() < 0.5:
        return rng.choice(choices)
    a, b = rng.choice(choices), rng.choice(choices)
    return a + (b - a) * fmpq(rng.randrange(65), 64)


def _from_cells(problem: Problem, cells: Sequence[Cell]) -> Iterator[Point]:
    rng = random.Random(1)
    for round_ in range(600):
        for cell in cells[:40]:
            point = _cell_point(cell, rng, round_)
            if point is not None:
                yield point


def _cell_point(cell: Cell, rng: random.Random, round_: int) -> Point | None:
    spend(10 + 4 * len(cell.signs))
    values = []
    for k, sign in enumerate(cell.signs):
        if round_ == 0:
            v = fmpq(1)
        elif round_ <= len(cell.signs):
            v = fmpq(1 if sign == POSITIVE or k == round_ - 1 else 0)
        else:
            v = rng.choice(_MANY)
        if sign == FREE and round_ % 2:
            v = -v
        values.append(fmpq(1, 1000) if sign == POSITIVE and v == 0 else v)
    values += [fmpq(0)] * (len(cell.generators) - len(values))
    point = {}
    for name, r in cell.point.items():
        below = _at(r.den, values)
        if below == 0:
            return None
        point[name] = _at(r.num, values) / below
    return point


def _at(p: fmpq_mpoly, values: Sequence[fmpq]) -> fmpq:
    spend(3 + 0.5 * len(p))
    return p(*values)


def gap_above(problem: Problem, point: Point) -> fmpq | None:
    """A rough value of the gap, from above."""
    try:
        value = at_point(problem.gap, point, 64)
    except (DomainError, Unclear, Unsupported):
        return None
    return enclosure(value).upper


def least_gap(problem: Problem) -> fmpq | None:
    """An upper bound of the least gap: its value at the best sample."""
    return min(
        (g for p in problem.samples if (g := gap_above(problem, p)) is not None), default=None
    )
