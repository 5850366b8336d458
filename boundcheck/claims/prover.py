"""The prover: chooses tactics for a statement, cheapest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

from boundcheck.claims.constants import closed
from boundcheck.claims.families import exactly
from boundcheck.claims.problem import Clock, Point, Problem, holds, sign_at
from boundcheck.claims.statement import (
    Citation,
    Comparison,
    Failure,
    NormBound,
    ShapeStatement,
    Statement,
    Use,
    stated,
)
from boundcheck.claims.tactics import calculus, descent, poles, refute
from boundcheck.claims.tactics.boxes import few_balls, subdivide
from boundcheck.claims.tactics.polynomials import negative_points, polynomial
from boundcheck.claims.tactics.special import special
from boundcheck.claims.verdict import Assumed, IllPosed, Proved, Refuted, Undecided, Verdict
from boundcheck.enclosure.decimals import Enclosure
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.box import Box, rational_ends
from boundcheck.exact.strategy import OutOfBudget
from boundcheck.exact.term import Relation

DEFAULT_BUDGET = 10.0


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while a statement was being decided; `verdict` has what is known."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__("interrupted")
        self.verdict = verdict


def prove(
    statement: Any,
    on: Any = None,
    *,
    given: Any = (),
    budget: float = DEFAULT_BUDGET,
    watch: Callable[[str], None] = lambda _: None,
) -> Verdict:
    """Decide a statement.

    Args:
        statement: a text such as `"1 + x <= exp(x)"`, a sympy relation, or a statement built by
            `identity`, `inequality`, `shape`, `fails` or `cited`.
        on: a `Box` or a text such as `"x in [0, 1], y in (0, oo)"`.
        given: hypotheses, such as `"a > 0"` or `[a > 0]`.
        budget: seconds.
        watch: called now and then with a line that says how far the search is.

    Returns:
        A verdict: `Proved`, `Refuted`, `Undecided`, `IllPosed` or `Assumed`. Compare its type.

    Raises:
        BoundcheckError: bad input (a text outside the grammar, an unknown symbol, an empty range).

    >>> prove("x*y <= (x**2 + y**2)/2", on="x in [-3,3], y in [-3,3]").name
    'proved'
    """
    if budget <= 0:
        raise BoundcheckError(f"the budget is {budget} seconds; it must be positive")
    if isinstance(statement, (Comparison, ShapeStatement, NormBound, Failure, Citation)):
        if on is not None or given:
            raise BoundcheckError("this statement has a box and hypotheses of its own; leave out on= and given=")
        return decide(statement, budget, watch)
    return decide(stated(statement, on, given), budget, watch)


def decide(
    statement: Statement, budget: float = DEFAULT_BUDGET, watch: Callable[[str], None] = lambda _: None
) -> Verdict:
    """The verdict on one statement within a budget of seconds."""
    clock = Clock(budget)
    if isinstance(statement, Comparison):
        verdict = compare(statement, clock, watch)
    elif isinstance(statement, ShapeStatement):
        verdict = _sizes(statement, clock)
    elif isinstance(statement, NormBound):
        from boundcheck.claims.norm_bounds import bounded

        verdict = bounded(statement, budget)
    elif isinstance(statement, Failure):
        verdict = _failure(statement, clock)
    elif isinstance(statement, Citation):
        verdict = Assumed(method="cited", reference=statement.reference)
    else:
        assert isinstance(statement, Use)
        raise TypeError("a use is settled by the claim that it names")
    return verdict.timed(clock.spent)


def compare(statement: Comparison, clock: Clock, watch: Callable[[str], None] = lambda _: None) -> Verdict:
    """Decide a comparison: samples, exact families, branch and bound, then a harder look for a witness."""
    problem = Problem(statement, clock, watch=watch)
    try:
        empty = _contradiction(problem)
    except OutOfBudget:
        return Undecided(method="hypotheses", reason="the budget was spent on the hypotheses")
    if empty is not None:
        return empty
    if not problem.names:
        return closed(problem)
    last: Verdict | None = None
    for tactic in TACTICS:
        try:
            verdict = tactic(problem)
        except OutOfBudget:
            if clock.least(1.0) <= 0:
                break
            continue
        except KeyboardInterrupt:
            known = problem.partial() if problem.partial else last
            if known is None:
                known = Undecided(method="all tactics", reason="interrupted")
            raise Interrupted(known.timed(clock.spent)) from None
        if isinstance(verdict, Undecided):
            last = verdict
        elif verdict is not None:
            return _with_upper_margin(verdict, problem)
    if last is not None:
        return last
    return Undecided(method="all tactics", reason=f"no tactic decides it ({clock.spent:.1f} s spent)")


def _by_samples(problem: Problem) -> Verdict | None:
    """A violation only refutes what is defined everywhere."""
    found = refute.by_samples(problem)
    if not isinstance(found, Refuted):
        return found
    undefined = poles.by_pole(problem)
    return found if undefined is None else undefined


def _by_roots(problem: Problem) -> Verdict | None:
    """Between the roots of a polynomial in one variable."""
    for point in negative_points(problem):
        found = refute.judge(problem, point) if problem.admits(point) else None
        if found is not None:
            return found
    return None


def _by_boxes(problem: Problem, share: float = 0.7) -> Verdict | None:
    """Branch and bound, with some time left for a descent from where it gets stuck."""
    inner = replace(problem, clock=problem.clock.share(share))
    problem.partial = lambda: inner.partial() if inner.partial else Undecided(method="branch and bound")
    found = subdivide(inner)
    problem.worst = inner.worst
    return found


TACTICS: tuple[Callable[[Problem], Verdict | None], ...] = (
    calculus.at_once,
    few_balls,
    lambda p: exactly(replace(p, clock=p.clock.share(0.05))) if p.relation.op == "==" else None,
    _by_samples,
    exactly,
    poles.by_pole,
    _by_roots,
    lambda p: polynomial(replace(p, clock=p.clock.share(0.3))),
    lambda p: special(replace(p, clock=p.clock.share(0.3))),
    lambda p: descent.downhill(p, 0.1),
    lambda p: _by_boxes(p, 0.1) if len(p.names) > 1 else None,
    lambda p: calculus.by_rules(replace(p, clock=p.clock.share(0.4))),
    _by_boxes,
    descent.downhill,
)
"""Cheapest first; the first verdict that is not undecided counts."""


def _contradiction(problem: Problem) -> Verdict | None:
    """Hypotheses without variables that are false or undefined, and constant ranges that are empty."""
    for h in problem.statement.hypotheses:
        if h.free:
            continue
        try:
            sign_at(h.gap(), {}, problem.clock)
        except DomainError as error:
            return IllPosed(method="hypotheses", reason=f"the hypothesis {h} is not defined: {error}")
        except Unsupported:
            continue
        if holds(h, {}, problem.clock) is False:
            return IllPosed(method="hypotheses", reason=f"the hypothesis {h} is false; nothing satisfies it")
    for r in problem.statement.on.ranges:
        ends = [s.value for s in (r.lower, r.upper) if s.value is not None and not s.value.free]
        if all(e.op == "rational" for e in ends):  # a box knows their order
            continue
        for end in ends:
            try:
                sign_at(end, {}, problem.clock)
            except DomainError as error:
                raise BoundcheckError(f"an end point of {r} is not defined: {error}") from None
            except Unsupported:
                pass
        if len(ends) == 2:
            op = "<" if r.lower.open or r.upper.open else "<="
            if holds(Relation(ends[0], op, ends[1]), {}, problem.clock) is False:
                raise BoundcheckError(f"{r} is empty; write the smaller end first")
    return None


def _with_upper_margin(verdict: Verdict, problem: Problem) -> Verdict:
    """The least gap lies below the gap at any sample."""
    if not isinstance(verdict, Proved) or verdict.margin is None or verdict.margin.upper is not None:
        return verdict
    low = verdict.margin.lower
    try:
        if not problem.samples:
            problem.samples += _corners(problem) or islice(refute.admissible(replace(problem, clock=Clock(1.0))), 12)
        high = refute.least_gap(replace(problem, clock=Clock(1.0)))
    except OutOfBudget:
        high = None
    if low is not None and high is not None and low > high:
        raise AssertionError(
            f"internal error: {problem.statement.text()} is 'proved' with a margin from {low} to {high}"
        )
    return replace(verdict, margin=Enclosure(low, high))


def _corners(problem: Problem) -> list[Point]:
    """Two corners and the middle of a plain box of numbers; nothing for other sets."""
    ends = {r.name: rational_ends(r) for r in problem.statement.on.ranges}
    if problem.statement.given or any(r.lower.open or r.upper.open for r in problem.statement.on.ranges):
        return []
    if any(e is None or None in e for e in ends.values()):
        return []
    return [{n: (e[0] * (2 - k) + e[1] * k) / 2 for n, e in ends.items()} for k in (0, 1, 2)]  # type: ignore[index, operator]


def _sizes(statement: ShapeStatement, clock: Clock) -> Verdict:
    """Each expected size is a small claim of its own."""
    for name, relation in statement.expectations:
        size = Comparison(relation, Box(), statement.given)
        size.check()
        verdict = compare(size, clock)
        if not isinstance(verdict, Proved):
            return _not_shown(
                verdict, f"{name}: {relation} does not hold" if isinstance(verdict, Refuted) else f"{name}: {relation}"
            )
    return Proved(method="accounting")


def _failure(statement: Failure, clock: Clock) -> Verdict:
    """All hypotheses of the inner statement hold at the witness, and its relation is violated there."""
    inner, at = statement.inner, dict(statement.at)
    known = frozenset().union(*(h.free for h in statement.given), *(v.free for v in at.values()))
    loose = sorted((frozenset(inner.names) | inner.relation.free) - at.keys() - known)
    if loose:
        raise BoundcheckError(f"fails() does not say where {', '.join(loose)} is; add it to at= or to given=")
    hypotheses = [h.subs(at) for h in inner.hypotheses]
    relation = inner.relation.subs(at)
    own = statement.given

    def under(r: Relation) -> Verdict:
        made = Comparison(r, Box(), own)
        made.check()
        return compare(made, clock.share(0.5))

    for h in hypotheses:
        verdict = under(h)
        if not isinstance(verdict, Proved):
            return _not_shown(verdict, f"the witness must satisfy {h}")
    opposite = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
    options = (
        [Relation(relation.left, s, relation.right) for s in ("<", ">")]
        if relation.op == "=="
        else [Relation(relation.left, opposite[relation.op], relation.right)]
    )
    shown: Verdict = Undecided()
    for option in options:
        shown = under(option)
        if isinstance(shown, Proved):
            return Proved(method=f"explicit witness; {shown.method}", margin=shown.margin)
    equal = Relation(relation.left, "==", relation.right)
    if len(options) == 2 and not (isinstance(shown, Refuted) and shown.witness and holds(equal, shown.witness.point)):
        return Undecided(
            method=shown.method, reason="neither side was shown to be always the larger one at the witness"
        )
    return _not_shown(shown, f"the witness must violate {relation}")


def _not_shown(verdict: Verdict, why: str) -> Verdict:
    if isinstance(verdict, (Refuted, Undecided, IllPosed)):
        return replace(verdict, reason="; ".join(t for t in (why, verdict.reason) if t))
    return Undecided(method=verdict.method, reason=why)
