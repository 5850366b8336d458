"""Ill-posed statements: a place where one is not defined, found from what could
not be shown to be defined.

A statement that is undefined somewhere has no meaning: a violation elsewhere only
refutes after a look for poles.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from flint import fmpq, fmpq_mpoly, fmpq_poly

from boundcheck.checking.closed_terms import no_zero, sign_of, undefined
from boundcheck.claims.verdict import IllPosed, Verdict
from boundcheck.enclosure.intervals.decimals import decimal_text
from boundcheck.enclosure.intervals.interval import Interval, Unclear, interval
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.enclosure.intervals.rational_points import Point, holds, sign_at
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.algebra.rational_function import coefficients, degree, factored
from boundcheck.exact.algebra.sturm import isolate
from boundcheck.exact.cells.scene import formal
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import Relation, Term, number, postorder, substitute
from boundcheck.exact.terms.work import OutOfBudget, share, spend
from boundcheck.search.cells.exactly import blocked
from boundcheck.search.points.refute import admissible, judge
from boundcheck.search.problem import Problem

_JUMPS = ("floor", "ceiling", "sign")
_BASES = 6
_HALVINGS = 80


def _at(p: fmpq_mpoly, values: Sequence[fmpq]) -> fmpq:
    return p(*values)


def by_pole(problem: Problem) -> Verdict | None:
    """Where an operation could not be shown to be defined, look for the place where it is not."""
    why = _closed_trouble(problem)
    if why is not None:
        return IllPosed(method="exact algebra", reason=why)
    stuck = blocked(problem)
    if stuck is not None:
        for point in itertools.islice(_roots(problem, stuck.culprit), 60):
            if problem.admits(point):
                found = judge(problem, point)
                if isinstance(found, IllPosed):
                    return found
    for node, denominator in _denominators(problem):
        if _never_zero(denominator, problem):
            continue
        for look in (_by_sign_change, _by_isolation):
            found = look(problem, node, denominator)
            if found is not None:
                return found
    return _at_ends(problem)


def _closed_trouble(problem: Problem) -> str | None:
    """A part without variables that has no value, where there is a point at all."""
    if not problem.samples:
        return None
    try:
        with share(0.2):
            return undefined(problem.relation.left, problem.relation.right)
    except DomainError as error:
        return str(error)
    except OutOfBudget:
        return None


def _denominators(problem: Problem) -> Iterator[tuple[Term, Term]]:
    """Each operation with a pole, and the term whose zeros are its poles."""
    for node in postorder(problem.relation.left, problem.relation.right):
        operand = no_zero(node)
        if operand is not None:
            yield node, operand


def _never_zero(u: Term, problem: Problem) -> bool:
    try:
        x = on_box(u, problem.statement.hull, loose=True)
    except (DomainError, Unclear, Unsupported):
        return False
    return bool(x.lower > 0 or x.upper < 0)


def _roots(problem: Problem, culprit: Term) -> Iterator[Point]:
    """Points where the culprit vanishes: solve its factors for a variable that is
    linear in them."""
    try:
        p = formal(culprit).num
    except (Unsupported, ZeroDivisionError):
        return
    names = sorted(culprit.free)
    for base in itertools.islice(admissible(problem), 8):
        for f, _ in factored(p)[1]:
            for k, name in enumerate(names):
                if degree(f, k) == 1:
                    g, a = coefficients(f, k)
                    at = [base[n] for n in names] + [fmpq(0)] * (
                        len(p.context().gens()) - len(names)
                    )
                    if (slope := _at(a, at)) != 0:
                        yield {**base, name: -_at(g, at) / slope}


def _by_sign_change(problem: Problem, node: Term, culprit: Term) -> Verdict | None:
    """A continuous denominator with both signs on a box vanishes in between
    (or is undefined there)."""
    box = problem.statement.on
    if not culprit.free or problem.statement.given or box.symbols_in_ends:  # is the set convex?
        return None
    if any(
        n.op in ("activate", "sum", "integral") or (n.op == "call" and n.payload in _JUMPS)
        for n in postorder(culprit)
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
            sign = sign_at(culprit, mid)
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
    return IllPosed(
        method="sign change",
        reason=f"division by zero in {brief(node)}: {brief(culprit)} {between}",
    )


# -- irrational places -----------------------------------------------------------------------------


def _by_isolation(problem: Problem, node: Term, culprit: Term) -> Verdict | None:
    """A zero of a denominator that is a polynomial in one variable, the others
    being those of a sample.

    The hypotheses hold on all of a short interval around the zero. Where the denominator has
    a denominator of its own that is zero there, it is undefined itself.
    """
    if not culprit.free:
        return None
    for base in problem.samples[:_BASES] or list(itertools.islice(admissible(problem), _BASES)):
        for name in sorted(culprit.free):
            p = _in_one(culprit, name, base)
            if p is None or p.degree() < 1:
                continue
            for low, high in _zeros(p, problem.statement.hull[name]):
                spend(10)
                if _admitted(problem, {**base, name: low}, name, low, high):
                    where = (
                        f"between {decimal_text(low, 12, up=False)} and "
                        f"{decimal_text(high, 12, up=True)}"
                    )
                    others = [f"{n} = {base[n]}" for n in sorted(culprit.free - {name})]
                    reason = (
                        f"{brief(culprit)} is 0 in {brief(node)} for {name} "
                        f"{' and '.join([where, *others])}"
                    )
                    return IllPosed(method="isolated zero", reason=reason)
    return None


def _in_one(culprit: Term, name: str, base: Point) -> fmpq_poly | None:
    """The numerator of the culprit as a polynomial in one variable; None where it is not one."""
    (only,) = substitute((culprit,), {n: number(v) for n, v in base.items() if n != name})
    try:
        p = formal(only).num
    except (Unsupported, ZeroDivisionError):
        return None
    if p.is_constant() or only.free != {name} or any(p.degrees()[1:]):
        return None
    return fmpq_poly(
        [fmpq(0) if c.is_zero() else c.leading_coefficient() for c in coefficients(p, 0)]
    )


def _zeros(p: fmpq_poly, x: Interval) -> Iterator[tuple[fmpq, fmpq]]:
    """Short intervals around the zeros of p inside x."""
    s = p // p.gcd(p.derivative())  # simple zeros only: s changes its sign at each
    low, high = (None if isinstance(e, float) else e.fmpq() for e in (x.lower, x.upper))
    for a, b in itertools.islice(isolate(s, low, high), 8):
        left = s(a) > 0
        for _ in range(_HALVINGS):
            middle = (a + b) / 2
            value = s(middle)
            if value == 0:
                a = b = middle
                break
            a, b = (middle, b) if (value > 0) == left else (a, middle)
        yield a, b


def _admitted(problem: Problem, point: Point, name: str, low: fmpq, high: fmpq) -> bool:
    """Whether all hypotheses hold for every value of one variable in an interval."""
    box = {n: interval(v) for n, v in point.items()}
    box[name] = interval(low).hull(interval(high))
    for h in problem.statement.hypotheses:
        if name not in h.free or low == high:
            if holds(h, point) is not True:
                return False
            continue
        try:
            if h.op == "==" or not on_box(h.gap(), box, 192).lower > 0:
                return False
        except (DomainError, Unclear, Unsupported):
            return False
    return True


def _at_ends(problem: Problem) -> Verdict | None:
    """At an end that is a constant such as pi/2, and belongs to the range,
    everything is a closed expression."""
    ends = [
        (r.name, side.value)
        for r in problem.statement.on.ranges
        for side in (r.lower, r.upper)
        if side.value is not None
        and not side.open
        and not side.value.free
        and side.value.op != "rational"
    ]
    sides = (problem.relation.left, problem.relation.right)
    if not ends or all(no_zero(n) is None for n in postorder(*sides)):
        return None
    for name, value in ends:
        for base in problem.samples[:_BASES] or list(itertools.islice(admissible(problem), _BASES)):
            at = {**{n: number(v) for n, v in base.items()}, name: value}
            if not all(_true(h.subs(at)) for h in problem.statement.hypotheses):
                continue
            try:
                why = undefined(*substitute(sides, at))
            except DomainError as error:
                why = str(error)
            if why is not None:
                return IllPosed(
                    method="exact algebra at an end", reason=f"{why}, for {name} = {value}"
                )
    return None


def _true(h: Relation) -> bool:
    """Whether a relation of closed expressions holds."""
    try:
        sign = sign_of(h.gap())[0]
    except (DomainError, Unsupported):
        return False
    return sign is not None and (
        sign == 0 if h.op == "==" else sign > 0 or (sign == 0 and not h.strict)
    )
