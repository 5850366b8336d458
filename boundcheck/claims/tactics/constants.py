"""Tactic 1: closed constants, by balls at growing precision and an exact zero test."""

from __future__ import annotations

from collections.abc import Callable

from flint import fmpq

from boundcheck.claims.problem import Clock, Problem, value_at
from boundcheck.claims.verdict import IllPosed, Proved, Refuted, Undecided, Verdict
from boundcheck.enclosure.algebraic import is_zero
from boundcheck.enclosure.decimals import Enclosure, enclosure
from boundcheck.enclosure.evaluate import at_point
from boundcheck.enclosure.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.cases import Branch, Scene, Undefined
from boundcheck.exact.normal import vanishes
from boundcheck.exact.strategy import OutOfBudget
from boundcheck.exact.term import Term

_BITS = (64, 128, 512, 2048, 8192)


def closed(problem: Problem) -> Verdict:
    """Decide a relation without variables."""
    relation = problem.relation
    try:
        sign, method = sign_of(problem.gap, problem.clock)
    except DomainError as error:
        return IllPosed(method="evaluation", reason=str(error))
    except Unsupported as error:
        return Undecided(method="evaluation", reason=str(error))
    except OutOfBudget:
        return Undecided(method="balls", reason="the budget was spent", enclosure=_known(problem.difference()))
    if sign is None:
        reason = "the two sides agree to every digit tried, and no exact test applies"
        return Undecided(method="balls", reason=reason, enclosure=_known(problem.difference()))
    true = sign == 0 if relation.op == "==" else sign > 0 or (sign == 0 and not relation.strict)
    if not true:
        return Refuted(method=method, witness=problem.witness({}))
    margin = None if relation.op == "==" else enclosure(fmpq(0) if sign == 0 else value_at(problem.gap, {}))
    return Proved(method=method, margin=margin, proof={"by": "constant"})


def sign_of(root: Term, clock: Callable[[], None] = lambda: None) -> tuple[int | None, str]:
    """The sign of a closed expression with the method that found it.

    Raises:
        DomainError, Unsupported: as `at_point`.
    """
    for k, bits in enumerate(_BITS):
        clock()
        try:
            value = at_point(root, {}, bits, clock)
        except Unclear:
            continue
        if isinstance(value, fmpq):
            return (value > 0) - (value < 0), "exact arithmetic"
        if value > 0 or value < 0:
            return 1 if value > 0 else -1, f"balls, {bits} bits"
        if value.is_zero():
            return 0, f"balls, {bits} bits"  # the ball is the point 0
        if k == 1 and _vanishes(root):
            return 0, "exact algebra"
    return None, "balls"


def _vanishes(root: Term) -> bool:
    """Whether exact algebra shows that a closed expression is zero."""
    try:
        if is_zero(root):
            return True
    except Unsupported:
        pass  # not algebraic: pi, E and values of functions may still cancel as unknowns
    if vanishes(root):  # the root is known to be defined: it was evaluated
        return True
    scene = Scene((root,), ())
    try:
        return scene.value(root, scene.cover(())[0]).is_zero()
    except (Unsupported, Branch, Undefined, OutOfBudget):
        return False


def _known(root: Term) -> Enclosure | None:
    try:
        return enclosure(at_point(root, {}, 512, Clock(1.0)))
    except (Unclear, DomainError, Unsupported, OutOfBudget):
        return None
