"""Arithmetic: what follows for real numbers, whatever the opaque terms are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from boundcheck.checking.checker import Checker
from boundcheck.checking.goals import Rejected, goal_of
from boundcheck.theorems.kernel.abstraction import Abstraction, abstraction
from boundcheck.theorems.kernel.existence import known_from
from boundcheck.theorems.kernel.sequent import Refused, Sequent, Theorem, all_hyps, rule
from boundcheck.theorems.language.expr import Expr


def question(premises: Sequence[Theorem], goal: Expr, opaque: Sequence[Expr] = ()) -> Abstraction:
    """What has to be proved of real numbers so that `arithmetic` gives the goal.

    Raises:
        Refused: see `abstraction`.
    """
    return abstraction([p.concl for p in premises], goal, known_from(premises), opaque)


@rule
def arithmetic(
    *premises: Theorem, goal: Expr, proof: Mapping[str, Any], opaque: Sequence[Expr] = ()
) -> Sequent:
    """A relation between numbers that follows from relations, by a proof that the checker accepts.

    Each opaque term is one real variable, the same term the same one. A premise is true, so that
    both its sides exist, and with them every term that stands strictly in it: its abstraction
    holds for the values of these terms. The opaque terms of the goal exist, by their form or since
    they stand in a premise. What is added: a term of sort Nat is at least 0. The checker shows
    that wherever the hypotheses hold, both sides of the goal are defined and compare, for all
    values of the variables; what it takes to be defined exists here (a power of a number < 0 by a
    real exponent does not, even if it is whole: there the term has to exist). Or it shows that
    nothing satisfies the hypotheses: then the premises are true nowhere.
    """
    found = question(premises, goal, opaque)
    try:
        Checker(ex_falso=True).check(goal_of(found.statement), proof)
    except Rejected as error:
        raise Refused(
            f"the checker rejects the proof of {found.statement.text()}: {error}"
        ) from None
    return Sequent(all_hyps(premises), goal)
