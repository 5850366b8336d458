"""Ill-posed statements: a place where one is not defined, found from what could not be shown to be defined.

A statement that is undefined somewhere has no meaning: a violation elsewhere only refutes after a look for poles.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from flint import fmpq, fmpq_mpoly

from boundcheck.claims.problem import Point, Problem, sign_at
from boundcheck.claims.tactics.families import blocked
from boundcheck.claims.tactics.refute import admissible, judge
from boundcheck.claims.verdict import IllPosed, Verdict
from boundcheck.enclosure.decimals import decimal_text
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.cases import formal
from boundcheck.exact.printer import brief
from boundcheck.exact.ratio import coefficients, degree
from boundcheck.exact.term import Term, call, is_number, postorder

_JUMPS = ("floor", "ceiling", "sign")


def _at(p: fmpq_mpoly, values: Sequence[fmpq]) -> fmpq:
    return p(*values)


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
