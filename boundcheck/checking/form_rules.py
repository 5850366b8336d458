"""Rules that give the gap another form, or take it apart."""

from __future__ import annotations

from collections.abc import Sequence

from boundcheck.checking.goals import (
    Rejected,
    exponential_goal,
    gap_goal,
    logarithm_goal,
    normal_goal,
    squares_goal,
)
from boundcheck.checking.rule import Checks, place
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.exact.algebra.forms import factors as factored
from boundcheck.exact.algebra.gammas import as_sum
from boundcheck.exact.algebra.normal import vanishes
from boundcheck.exact.algebra.rewrite import rewritten
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.term import Term, add, neg, number, sub

_ZERO, _ONE = number(0), number(1)


def normal(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """The gap times a positive term, in normal form (or as a sum of logarithms and a rest).

    `times` > 0 is defined on the set (checked), so the product has the sign of the gap. The normal
    form is equal to the product wherever both are defined, and that it is, is checked.
    """
    times = parse_term(proof.get("times", "1"))
    if not times.free <= set(goal.names):
        raise Rejected(f"{times} has other variables than the goal")
    if times is not _ONE:
        checks.check(gap_goal(goal, times, ">"), proof["positive"])
    child = normal_goal(goal, times)
    if proof.get("form") == "logarithms":
        child = gap_goal(child, as_sum(child.relation.left).term())
    checks.check(child, proof["proof"])


def factors(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """The gap as a product, factor by factor.

    `exact.algebra.forms.factors` gives the product, factors of the denominator with negative
    exponents; where the gap is defined its factors are, and those are not zero. Even powers are
    always >= 0. For `>` every factor of the numerator has to be > 0 or < 0.
    """
    scale, parts = factored(goal.relation.gap())
    strict, sign = goal.relation.op == ">", 1 if scale > 0 else -1
    if goal.relation.op == "==" or scale == 0:
        raise Rejected("factors are for inequalities")
    given: Sequence[Proof] = proof["parts"]
    if len(given) != len(parts):
        raise Rejected(f"there are {len(parts)} factors, not {len(given)}")
    for (f, k), how in zip(parts, given, strict=True):
        if k % 2 == 0 and not strict:
            continue
        turned = how["sign"] == "-"
        sign *= -1 if turned and k % 2 else 1
        # a factor of the denominator is not zero where the gap is defined
        checks.check(
            gap_goal(goal, neg(f) if turned else f, ">" if strict and k > 0 else ">="),
            how["proof"],
            True,
        )
    if sign < 0:
        raise Rejected("the product has the other sign")


def logarithms(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """For positive sides: a <= b exactly if log(a) <= log(b).

    a - b is the gap wherever both are defined (checked). Both are > 0 on the set, where the
    logarithm grows strictly: `>`, `>=` and `==` pass over.
    """
    left, right = _sides(checks, goal, proof)
    for side, how in zip((left, right), proof["positive"], strict=True):
        checks.check(gap_goal(goal, side, ">"), how)
    checks.check(logarithm_goal(goal, left, right), proof["proof"])


def exponentials(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """a <= b exactly if exp(a) <= exp(b).

    a - b is the gap wherever both are defined (checked), and the exponential function grows
    strictly: `>`, `>=` and `==` pass over.
    """
    left, right = _sides(checks, goal, proof)
    checks.check(exponential_goal(goal, left, right), proof["proof"])


def squares(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """a >= b where a >= 0 and a**2 >= b**2.

    a - b is the gap wherever both are defined (checked); a = |a| >= |b| >= b, and > where the
    squares are.
    """
    left, right = _sides(checks, goal, proof)
    checks.check(gap_goal(goal, left, ">="), proof["positive"])
    checks.check(squares_goal(goal, left, right), proof["proof"])


def terms(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """The gap as a sum of terms that are all >= 0 (for `>`: one of them > 0).

    Each term is defined on the set (checked), and the sum is equal to the gap wherever both are.
    """
    summands, strict = [parse_term(t) for t in proof["terms"]], place(proof.get("strict", 0))
    total = _ZERO
    for t in summands:
        total = add(total, t)
    if goal.relation.op == "==" or not vanishes(sub(goal.relation.gap(), total)):
        raise Rejected("the terms do not add up to the gap")
    if goal.relation.op == ">" and not 0 <= strict < len(summands):
        raise Rejected("none of the terms is shown to be positive")
    for k, (t, how) in enumerate(zip(summands, proof["parts"], strict=True)):
        checks.check(
            gap_goal(goal, t, ">" if goal.relation.op == ">" and k == strict else ">="), how
        )


def rewrite(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """tan as sin/cos, or hyperbolic functions by exp.

    Both forms are equal and defined in the same places: cos(u) is not 0 exactly where tan(u) has a
    value, and exp has one everywhere. So the sign of the goal passes over.
    """
    checks.check(
        gap_goal(goal, rewritten(goal.relation.gap(), proof["form"])), proof["proof"], True
    )


def _sides(checks: Checks, goal: Comparison, proof: Proof) -> tuple[Term, Term]:
    """The gap as a difference, the way the proof writes it."""
    left, right = (parse_term(proof[side]) for side in ("left", "right"))
    difference = sub(left, right)
    if goal.relation.op == "==" or not vanishes(sub(goal.relation.gap(), difference)):
        raise Rejected(f"{left} - ({right}) is not the gap")
    checks.define(gap_goal(goal, difference), proof, "sides")
    return left, right
