"""Rules that change the set, or what holds on it: other ranges, other variables, branches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from boundcheck.checking.goals import (
    Rejected,
    bound_goal,
    edge_goals,
    free_of_hypotheses,
    gap_goal,
    halves,
    inside_goals,
    instance_goal,
    inverse_goal,
    period_goal,
    range_of,
    without,
)
from boundcheck.checking.goals import cases as parts_of
from boundcheck.checking.rule import Checks, place
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.algebra.rewrite import branches as branches_of
from boundcheck.exact.terms.box import Range
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.term import Relation, Term, postorder, replaced

_BITS = 96


def split(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """A variable v below and above a term `at` in the other variables.

    `at` is defined and between the ends of the range of v, which are defined (checked; a constant
    is compared with constant ends): so each point is in a half, ends included, and the halves are
    parts of the set, on which both sides are defined. Ranges that depend on v, and hypotheses, stay
    as they are. `>`, `>=`, `==` pass over.
    """
    at, (below, above) = parse_term(proof["at"]), proof["parts"]
    r = range_of(goal, proof["variable"])
    if not at.free:
        value = at_point(at, {}, _BITS)
        ends = [
            None if s.value is None else at_point(s.value, {}, _BITS) for s in (r.lower, r.upper)
        ]
        if (ends[0] is not None and not ends[0] < value) or (
            ends[1] is not None and not value < ends[1]
        ):
            raise Rejected(f"{at} is not inside {r}")
    else:
        _inside(checks, goal, r, at, inside_goals(goal, r, at, False, ("lower", "upper")), proof)
    for part, how in zip(halves(goal, r.name, at), (below, above), strict=True):
        checks.check(part, how, defined)


def edge(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """A closed end a of the range of a variable v, and the range without it.

    Nothing else depends on v, so the points with v = a are those of the other variables for which
    the range is not empty, and there a is put for v. That changes no value: where a power was
    defined, it is the product that a written exponent stands for. The rest is a part of the set.
    `>`, `>=`, `==` pass over.
    """
    name, end = proof["variable"], proof["end"]
    at_end, rest = edge_goals(goal, name, end)
    checks.check(at_end, proof["face"], defined)
    checks.check(rest, proof["proof"], defined)


def instance(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """Parts of the sides become variables, of which no more is known than is shown here.

    At every point of the set each part has a value, as the sides are defined there. The values of
    the new and of the other variables satisfy what is left of the ranges and hypotheses, and what
    is `known`, which is checked on the set. So the point is one of the new goal, whose sides have
    the same values there. They have to be defined on all of its set (checked).
    """
    known: Sequence[Proof] = proof["known"]
    child, needs = instance_goal(goal, proof["parts"], [k["states"] for k in known])
    for need, how in zip(needs, known, strict=True):
        relation = need.relation
        if relation.op in ("<", "<="):
            relation = Relation(relation.right, ">" if relation.strict else ">=", relation.left)
        checks.check(replace(need, relation=relation), how["proof"])
    checks.check(child, proof["proof"])


def bound(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """A hypothesis v >= t (or <=, <, >) becomes the end of the range of v.

    t lies inside the old end, strictly where that is open and the hypothesis is not strict: so the
    new range and the other hypotheses describe the same set, where both sides are defined.
    """
    child, at, needs = bound_goal(goal, place(proof["given"]), proof["variable"])
    _inside(checks, goal, range_of(goal, proof["variable"]), at, needs, proof)
    checks.check(child, proof["proof"], defined)


def inverse(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """A variable v >= a is a - 1 + 1/t with 0 < t <= 1 (v <= b: b + 1 - 1/t).

    t -> v is a bijection of (0, 1], or of (0, 1) for an open end, onto the range, and 1/t is
    defined there: the new goal says the same of the same values.
    """
    checks.check(inverse_goal(goal, proof["variable"]), proof["proof"], True)


def period(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """Sines of whole multiples of v, which ranges over all numbers: one period is enough.

    The gap depends on v through these alone and nothing else does: at v and at v + 2 pi k it is
    the same, defined or not. The period is taken closed, with values that the set has.
    """
    checks.check(period_goal(goal, proof["variable"]), proof["proof"], True)


def cases(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """|a| <= b exactly if a <= b and -a <= b; likewise Max on the smaller side, Min on the larger.

    The parts together are equivalent to the goal, for `>` and `>=` alike. Their sides consist of
    operands of the goal's sides, so they are defined where these are; and, all operands occurring,
    these where they are: "part by part" each part shows that for itself.
    """
    for relation, how in zip(parts_of(goal.relation), proof["parts"], strict=True):
        checks.check(replace(goal, relation=relation), how, defined)


def branch(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """|u|, Max, Min or an activation, on one branch on the whole set.

    `signs` say that the condition of the branch holds at every point, where the part and the branch
    have the same value; its condition is strict at the end where the branches do not meet. The
    condition and the branch consist of operands that are defined; what an activation's formula
    divides by is a matter of its piece (`Activation`).
    """
    gap = goal.relation.gap()
    node = next((n for n in postorder(gap) if branches_of(n) and str(n) == proof["node"]), None)
    if node is None:
        raise Rejected(f"{proof['node']} is not a part of the gap with branches")
    value, signs = branches_of(node)[place(proof["branch"])]
    for (v, op), how in zip(signs, proof["signs"], strict=True):
        checks.check(gap_goal(goal, v, op), how, True)
    checks.check(gap_goal(goal, replaced(gap, {node: value})), proof["proof"], True)


def _inside(
    checks: Checks, goal: Comparison, r: Range, at: Term, needs: list[Comparison], proof: Proof
) -> None:
    """A new end of a range, in the other variables, is defined and inside the old ones, which are
    defined as well: the parts are parts of the set."""
    others = without(goal, r.name)
    if not at.free <= set(others.names) or not free_of_hypotheses(replace(goal, given=()), r.name):
        raise Rejected(
            f"{at} is not a term in the other variables, or their ranges depend on {r.name}"
        )
    checks.define(gap_goal(others, at), proof, "end defined")
    given = [*proof.get("inside", ())]
    given += [None] * (len(needs) - len(given))
    for k, (need, how) in enumerate(zip(needs, given, strict=True)):
        if how is not None:
            checks.check(need, how)
            continue
        checks.define(need, proof, "end defined")
        if not checks.at_once(need):
            checks.check(need, checks.missing([need], proof, "inside", k))
