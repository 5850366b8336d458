"""Tactic 8: refutation. Points are proposed freely; only a rigorous evaluation at a rational point refutes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

from flint import fmpq, fmpq_mpoly

from boundcheck.claims.problem import Point, Problem, sign_at
from boundcheck.claims.tactics.families import blocked
from boundcheck.claims.verdict import IllPosed, Refuted, Verdict, Witness
from boundcheck.enclosure.decimals import decimal_text, enclosure
from boundcheck.enclosure.evaluate import at_point
from boundcheck.enclosure.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.box import rational_ends
from boundcheck.exact.cases import Undefined, formal
from boundcheck.exact.cell import FREE, POSITIVE, Cell
from boundcheck.exact.printer import brief
from boundcheck.exact.ratio import coefficients, degree
from boundcheck.exact.strategy import OutOfBudget
from boundcheck.exact.term import Term, call, is_number, postorder

_FEW = (fmpq(0), fmpq(1), fmpq(1, 2), fmpq(2), fmpq(-1))
_MANY = tuple(
    fmpq(n, d) for n, d in ((0, 1), (1, 1), (1, 2), (2, 1), (1, 10), (10, 1), (1, 1000), (1000, 1), (3, 7), (17, 5))
)
_JUMPS = ("floor", "ceiling", "sign")


def by_samples(problem: Problem, count: int = 150) -> Verdict | None:
    """Try some points that satisfy the hypotheses; remembers them in `problem.samples`.

    A statement that is undefined somewhere has no meaning, so a violation only refutes after a look for
    a place where the statement is not defined.
    """
    clock = problem.clock.share(0.3)
    violation: Verdict | None = None
    try:
        for point in itertools.islice(admissible(problem), count):
            clock()
            problem.samples.append(point)
            if violation is None or len(problem.samples) < count // 2:
                found = judge(problem, point)
                if isinstance(found, IllPosed):
                    return found
                violation = found if violation is None else violation
    except OutOfBudget:
        pass
    if violation is None:
        return None
    undefined = by_pole(problem)
    return violation if undefined is None else undefined


def judge(problem: Problem, point: Point) -> Verdict | None:
    """The verdict that a point which satisfies the hypotheses forces, if any."""
    try:
        sign = sign_at(problem.gap, point, problem.clock)
    except DomainError as error:
        return IllPosed(method="evaluation", reason=str(error), witness=Witness({n: point[n] for n in problem.names}))
    except Unsupported:
        return None
    if sign is None or sign > 0:
        violated = sign is not None and problem.relation.op == "=="
    else:
        violated = sign < 0 or problem.relation.strict
    if not violated:
        return None
    try:
        return Refuted(method="rational witness, re-evaluated rigorously", witness=problem.witness(point))
    except (Unclear, Unsupported):
        return None


# -- proposals -----------------------------------------------------------------------------------


def admissible(problem: Problem) -> Iterator[Point]:
    """Rational points that satisfy all hypotheses."""
    seen: set[tuple[fmpq, ...]] = set()
    for point in propose(problem):
        key = tuple(point.get(n, fmpq(0)) for n in problem.names)
        if key not in seen and len(seen) < 20_000:
            seen.add(key)
            problem.clock()
            if problem.admits(point):
                yield point


def propose(problem: Problem) -> Iterator[Point]:
    """Points from the box and from the cells of the hypotheses, in turn."""
    sources = [_from_box(problem)]
    try:
        _, cells = problem.scene(problem.clock.share(0.1))
        sources.append(_from_cells(problem, cells))
    except (Unsupported, Undefined, OutOfBudget):
        pass
    for several in itertools.zip_longest(*sources):
        yield from (p for p in several if p is not None)


def _from_box(problem: Problem) -> Iterator[Point]:
    choices = []
    for name in problem.names:
        r = next((r for r in problem.statement.on.ranges if r.name == name), None)
        ends = None if r is None else rational_ends(r)
        choices.append(_spread(*ends) if ends else list(_FEW))
    sizes = [len(c) for c in choices]
    if problem.names and len(problem.names) <= 8:
        few = [c[:3] for c in choices]
        yield from (dict(zip(problem.names, p, strict=True)) for p in itertools.islice(itertools.product(*few), 600))
    rng = random.Random(0)
    for _ in range(4000 if sizes else 0):
        yield {n: _random(rng, c) for n, c in zip(problem.names, choices, strict=True)}


def _spread(low: fmpq | None, high: fmpq | None) -> list[fmpq]:
    if low is not None and high is not None:
        inner = [low + (high - low) * fmpq(k, 8) for k in (4, 1, 7, 2, 6, 3, 5)]
        zero = [fmpq(0)] if low < 0 < high else []
        return [low, high, *zero, *inner, *(fmpq(k) for k in (1, -1) if low < k < high)]
    if low is None and high is None:
        return [*_FEW, fmpq(-2), fmpq(10), fmpq(-10), fmpq(1, 100), fmpq(-1, 100), fmpq(1000), fmpq(-1000)]
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
    return p(*values)


# -- poles ---------------------------------------------------------------------------------------


def by_pole(problem: Problem) -> Verdict | None:
    """Where an operation could not be shown to be defined, look for the place where it is not."""
    stuck = blocked(problem)
    if stuck is not None:
        for point in itertools.islice(_roots(problem, stuck.culprit), 60):
            if problem.admits(point):
                found = judge(problem, point)
                if isinstance(found, IllPosed):
                    return found
    for node, denominator in _denominators(problem):
        found = _by_sign_change(problem, node, denominator)
        if found is not None:
            return found
    return None


def _denominators(problem: Problem) -> Iterator[tuple[Term, Term]]:
    """Each operation with a pole, and the term whose zeros are its poles."""
    for node in postorder(problem.relation.left, problem.relation.right):
        if node.op == "div":
            yield node, node.args[1]
        elif node.op == "pow" and is_number(node.args[1]) and node.args[1].payload < 0:
            yield node, node.args[0]
        elif node.op == "call" and node.payload == "tan":
            yield node, call("cos", node.args[0])


def _roots(problem: Problem, culprit: Term) -> Iterator[Point]:
    """Points where the culprit vanishes: solve its factors for a variable that is linear in them."""
    try:
        p = formal(culprit).num
    except (Unsupported, ZeroDivisionError):
        return
    names = sorted(culprit.free)
    for base in itertools.islice(admissible(problem), 8):
        for f, _ in p.factor()[1]:
            for k, name in enumerate(names):
                if degree(f, k) == 1:
                    g, a = coefficients(f, k)
                    at = [base[n] for n in names] + [fmpq(0)] * (len(p.context().gens()) - len(names))
                    if (slope := _at(a, at)) != 0:
                        yield {**base, name: -_at(g, at) / slope}


def _by_sign_change(problem: Problem, node: Term, culprit: Term) -> Verdict | None:
    """A continuous denominator with both signs on a box vanishes in between (or is undefined there)."""
    box = problem.statement.on
    if not culprit.free or problem.statement.given or box.symbols_in_ends:  # is the set convex?
        return None
    if any(
        n.op in ("activate", "sum", "integral") or (n.op == "call" and n.payload in _JUMPS) for n in postorder(culprit)
    ):
        return None  # is the denominator continuous?
    by_sign: dict[int, Point] = {}
    for point in problem.samples[:60] or itertools.islice(admissible(problem), 40):
        try:
            by_sign.setdefault(sign_at(culprit, point) or 0, point)
        except (DomainError, Unsupported):
            return None
    if not (1 in by_sign and -1 in by_sign):
        return None
    low, high = by_sign[-1], by_sign[1]
    for _ in range(60):
        mid = {n: (low[n] + high[n]) / 2 for n in problem.names}
        try:
            sign = sign_at(culprit, mid, problem.clock)
        except DomainError:
            return judge(problem, mid)
        except Unsupported:
            return None
        if sign is None or sign == 0:
            break
        low, high = (low, mid) if sign > 0 else (mid, high)
    ends = (
        ", ".join(f"{n} = {decimal_text(e[n], 12, up=up)}" for n in sorted(culprit.free))
        for e, up in ((low, False), (high, True))
    )
    between = f"changes sign between {' and '.join(ends)}"
    return IllPosed(method="sign change", reason=f"division by zero in {brief(node)}: {brief(culprit)} {between}")


# -- downhill ------------------------------------------------------------------------------------


def downhill(problem: Problem, rounds: int = 40) -> Verdict | None:
    """From the samples with the smallest gap, walk along the axes while the gap falls."""
    if problem.relation.op == "==" or not problem.samples:
        return None
    scored = sorted(((g, k) for k, p in enumerate(problem.samples) if (g := _gap(problem, p)) is not None))[:6]
    clock = problem.clock.share(0.5)
    try:
        for value, k in scored:
            point = dict(problem.samples[k])
            step = {n: max(abs(v) / 4, fmpq(1, 8)) for n, v in point.items()}
            for _ in range(rounds):
                clock()
                moved = False
                for n in problem.names:
                    for d in (step[n], -step[n]):
                        trial = {**point, n: point[n] + d}
                        if not problem.admits(trial):
                            continue
                        found = judge(problem, trial)
                        if found is not None:
                            return found
                        gap = _gap(problem, trial)
                        if gap is not None and gap < value:
                            point, value, moved = trial, gap, True
                            break
                if not moved:
                    step = {n: s / 2 for n, s in step.items()}
    except OutOfBudget:
        pass
    return None


def _gap(problem: Problem, point: Point) -> fmpq | None:
    """A rough value of the gap, from above."""
    try:
        value = at_point(problem.gap, point, 64, problem.clock)
    except (DomainError, Unclear, Unsupported):
        return None
    return enclosure(value).upper


def least_gap(problem: Problem) -> fmpq | None:
    """An upper bound of the least gap: its value at the best sample."""
    return min((g for p in problem.samples if (g := _gap(problem, p)) is not None), default=None)
