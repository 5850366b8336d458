"""Deciding a statement: to each kind what decides it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from boundcheck.claims.comparison import Comparison, stated
from boundcheck.claims.statement import (
    Citation,
    Failure,
    NormBound,
    ShapeStatement,
    Statement,
    Use,
)
from boundcheck.claims.theorem_statement import TheoremStatement
from boundcheck.claims.verdict import Assumed, IllPosed, Proved, Refuted, Undecided, Verdict
from boundcheck.enclosure.intervals.rational_points import holds
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.box import Box, BoxLike, ConditionsLike, RelationLike
from boundcheck.exact.terms.term import OPPOSITE, Relation
from boundcheck.exact.terms.work import OutOfBudget, checked, share
from boundcheck.norms.norm_bounds import bounded
from boundcheck.search.ladder import DEFAULT_BUDGET, compare, within
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.kernel.sequent import Refused

_STEPS = 1_000

Provable: TypeAlias = Comparison | ShapeStatement | NormBound | Failure | Citation | RelationLike
"""What `prove` decides: a relation, or any statement but `uses`."""


def prove(
    statement: Provable,
    on: BoxLike = None,
    *,
    given: ConditionsLike = (),
    budget: float = DEFAULT_BUDGET,
    watch: Callable[[str], None] = lambda _: None,
    ex_falso: bool = False,
) -> Verdict:
    """Decide a statement.

    Args:
        statement: a text such as `"1 + x <= exp(x)"`, a relation, or a statement built by
            `identity`, `inequality`, `shape`, `norm_bound`, `fails` or `cited`.
        on: a `Box` or a text such as `"x in [0, 1], y in (0, oo)"`.
        given: hypotheses, such as `"a > 0"` or `[a > 0]`.
        budget: units of work, each about a second of one core, the same on every machine.
        watch: called now and then with a line that says how far the search is.
        ex_falso: for a relation: whether hypotheses that contradict each other prove it, as in a
            case that cannot occur, instead of making it ill-posed.

    Returns:
        A verdict: `Proved`, `Refuted`, `Undecided`, `IllPosed` or `Assumed`. Compare its type.

    Raises:
        BoundcheckError: bad input (a text outside the grammar, an unknown symbol, an empty range).

    >>> prove("x*y <= (x**2 + y**2)/2", on="x in [-3,3], y in [-3,3]").name
    'proved'
    >>> prove("a*b <= a**2/(2*e) + e*b**2/2", on=Box.reals("a", "b"), given="e > 0").name
    'proved'
    >>> prove("sin(x) <= 1 - 10**-40", on="x in [0,2]").name
    'refuted'
    >>> prove("1 <= 0", given="x >= 1, x <= 0").name
    'ill-posed'
    >>> verdict = prove("1 <= 0", given="x >= 1, x <= 0", ex_falso=True)
    >>> verdict.name, verdict.note
    ('proved', 'ex falso: nothing satisfies the hypotheses')
    """
    checked(budget)
    if isinstance(statement, (Comparison, ShapeStatement, NormBound, Failure, Citation)):
        if on is not None or given:
            raise BoundcheckError(
                "this statement has a box and hypotheses of its own; leave out on= and given="
            )
    else:
        statement = stated(statement, on, given)
    if not ex_falso:
        return decide(statement, budget, watch)
    if not isinstance(statement, Comparison):
        raise BoundcheckError("ex_falso is for a relation; leave it out")
    comparison = statement
    return within(budget, lambda: compare(comparison, watch, True))


def decide(
    statement: Statement,
    budget: float = DEFAULT_BUDGET,
    watch: Callable[[str], None] = lambda _: None,
) -> Verdict:
    """The verdict on one statement within a budget of so many units of work.

    >>> decide(stated("1 + x <= exp(x)", on="x in [-1, 1]")).name
    'proved'
    """
    if isinstance(statement, TheoremStatement):  # each of its steps has the budget of a statement
        return within(_STEPS * budget, lambda: _theorem(statement, budget))
    return within(budget, lambda: _decide(statement, watch))


def _theorem(statement: TheoremStatement, budget: float) -> Verdict:
    try:
        shown = statement.derive(budget)
    except (StepFailed, Refused) as error:
        return Undecided(method="kernel", reason=str(error))
    return Proved(method=f"{shown.steps} step{'s' * (shown.steps != 1)} of the kernel")


def _decide(statement: Statement, watch: Callable[[str], None]) -> Verdict:
    """Within the budget around it."""
    if isinstance(statement, Comparison):
        return compare(statement, watch)
    if isinstance(statement, ShapeStatement):
        return _sizes(statement)
    if isinstance(statement, NormBound):
        return bounded(statement)
    if isinstance(statement, Failure):
        return _failure(statement)
    if isinstance(statement, Citation):
        return Assumed(method="cited", reference=statement.reference)
    assert isinstance(statement, Use)
    raise TypeError("a use is settled by the claim that it names")


def _sizes(statement: ShapeStatement) -> Verdict:
    """Each expected size is a small claim of its own."""
    for name, relation in statement.expectations:
        size = Comparison(relation, Box(), statement.given)
        size.check()
        verdict = compare(size)
        if not isinstance(verdict, Proved):
            return _not_shown(
                verdict,
                f"{name}: {relation} does not hold"
                if isinstance(verdict, Refuted)
                else f"{name}: {relation}",
            )
    return Proved(method="accounting")


def _failure(statement: Failure) -> Verdict:
    """All hypotheses of the inner statement hold at the witness, and its
    relation is violated there."""
    inner, at = statement.inner, dict(statement.at)
    known = frozenset().union(*(h.free for h in statement.given), *(v.free for v in at.values()))
    loose = sorted((frozenset(inner.names) | inner.relation.free) - at.keys() - known)
    if loose:
        raise BoundcheckError(
            f"fails() does not say where {', '.join(loose)} is; add it to at= or to given="
        )
    hypotheses = [h.subs(at) for h in inner.hypotheses]
    relation = inner.relation.subs(at)
    own = statement.given

    def under(r: Relation) -> Verdict:
        made = Comparison(r, Box(), own)
        made.check()
        try:
            with share(0.5):
                return compare(made)
        except OutOfBudget:
            return Undecided(method="all tactics", reason="the budget was spent")

    for h in hypotheses:
        verdict = under(h)
        if not isinstance(verdict, Proved):
            return _not_shown(verdict, f"the witness must satisfy {h}")
    options = (
        [Relation(relation.left, s, relation.right) for s in ("<", ">")]
        if relation.op == "=="
        else [Relation(relation.left, OPPOSITE[relation.op], relation.right)]
    )
    shown: Verdict = Undecided()
    for option in options:
        shown = under(option)
        if isinstance(shown, Proved):
            return Proved(method=f"explicit witness; {shown.method}", margin=shown.margin)
    equal = Relation(relation.left, "==", relation.right)
    if len(options) == 2 and not (
        isinstance(shown, Refuted) and shown.witness and holds(equal, shown.witness.point)
    ):
        return Undecided(
            method=shown.method,
            reason="neither side was shown to be always the larger one at the witness",
        )
    return _not_shown(shown, f"the witness must violate {relation}")


def _not_shown(verdict: Verdict, why: str) -> Verdict:
    if isinstance(verdict, (Refuted, Undecided, IllPosed)):
        return replace(verdict, reason="; ".join(t for t in (why, verdict.reason) if t))
    return Undecided(method=verdict.method, reason=why)
