"""Rules about how the gap moves: along a variable, or from step to step."""

from __future__ import annotations

from boundcheck.checking.closed_terms import sign_of
from boundcheck.checking.goals import (
    Rejected,
    face_goal,
    free_of_hypotheses,
    gap_goal,
    halves,
    normal_goal,
    range_of,
    slope_goal,
)
from boundcheck.checking.leaves import precision
from boundcheck.checking.rule import Checks, accepted, finite
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.intervals.at_point import taylor_form
from boundcheck.exact.algebra.gammas import as_sum, difference, limit_along
from boundcheck.exact.terms.parser import Side
from boundcheck.exact.terms.term import Term, add, is_number, neg, number, postorder, substitute


def monotone(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """The slope of the gap in v keeps its sign: the gap is decided where v ends.

    Nothing else depends on v: over each point of the other variables the set is a range of v. The
    slope is defined inside it (checked), so the gap is differentiable there and, by the mean value
    theorem, falls towards the end in question, or is constant for `==`. A closed end belongs to
    the set. At an open end the gap has to be defined (checked), and operations that have slopes are
    continuous where they are defined, also a power u**w where u >= 0 and w > 0; only where w tends
    to a written 0 there is more to ask (`_tends`). Where the range is unbounded, the gap has the
    limit `exact.algebra.limit`. So the gap is at least the face. For `>` one of the two is strict:
    the face, or the slope, which helps away from the end only, hence not at a closed one.
    """
    name, end, op = proof["variable"], proof["end"], goal.relation.op
    r = range_of(goal, name)
    if end not in ("lower", "upper") or not free_of_hypotheses(goal, name):
        raise Rejected(f"other hypotheses depend on {name}")
    side: Side = getattr(r, end)
    slope_op = face_op = op
    closed = side.value is not None and not side.open
    if op == ">":
        strict_slope = proof.get("strict") == "slope"
        if strict_slope and closed:
            raise Rejected("a strict slope says nothing at the end itself")
        slope_op, face_op = (">", ">=") if strict_slope else (">=", ">")
    face = face_goal(goal, name, end, face_op)
    checks.check(face, proof["face"], defined=closed)
    if side.value is not None and not closed:
        _tends(checks, goal, face, name, side.value)
    checks.check(slope_goal(goal, name, end, slope_op), proof["slope"])


def _tends(checks: Checks, goal: Comparison, face: Comparison, name: str, at: Term) -> None:
    """At an open end, powers whose exponents depend on v and become a written 0 tend to 1.

    There the face has u**0 = 1, also where u is 0. The slope has log(u), so u > 0 inside the range:
    u**w = exp(w log(u)) tends to 1 where u > 0 at the end. It does so too where u and w are
    rational in v: then u is at least c |v - a|**k near the end a, w at most C |v - a|, and
    |v - a| log |v - a| tends to 0.
    """
    for node in postorder(goal.relation.gap()):
        if node.op != "pow" or name not in node.args[1].free:
            continue
        base, exponent = substitute(node.args, {name: at})
        if is_number(exponent, 0) and not all(_rational_in(a, name) for a in node.args):
            positive = gap_goal(face, base, ">")
            if not checks.at_once(positive):
                raise Rejected(f"{node} may have no limit where {name} tends to {at}")


def _rational_in(root: Term, name: str) -> bool:
    """Whether a variable is only added, multiplied and divided by."""
    arithmetic = ("symbol", "add", "sub", "mul", "div", "neg")
    return all(n.op in arithmetic for n in postorder(root) if name in n.free)


def ascent(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """The gap is >= 0 at an end of its range, and its slope points inwards.

    One variable in a bounded range; the Taylor form encloses the slope on a closed range around
    it, where the gap is smooth, or else it is `Unclear`. So the gap is at least its value at the
    end. For `>` that value is > 0, or the end is open and the slope > 0.
    """
    (name,) = goal.on.names
    end, op, r = proof["end"], goal.relation.op, range_of(goal, name)
    at = {"lower": r.lower, "upper": r.upper}[end]
    low, high = (finite(e) for e in (goal.hull[name].lower, goal.hull[name].upper))
    if op == "==" or at.value is None or at.value.op != "rational":
        raise Rejected("a slope decides an inequality, from a rational end")
    sign, _ = sign_of(substitute((goal.relation.gap(),), {name: at.value})[0])
    gap = goal.relation.gap() if end == "lower" else neg(goal.relation.gap())
    bits, order = precision(proof, 128, 8, 2)
    slope = taylor_form(gap, name, bits).slope(low, high, order)
    inside = op == ">" and at.open and slope > 0  # a strict slope says nothing at the end itself
    if sign is None or not slope >= 0 or not accepted(sign, ">=" if inside else op):
        raise Rejected("the gap is not seen to grow from a value that is large enough")


def steps(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """g(p) >= g(p + k) and the limit of g(p + n k) is >= 0; or g(p + k) >= g(p), and g >= 0 on
    the first step.

    The variables that step have no upper end and nothing else depends on them: p + n k stays in
    the set. g is the gap as a sum of logarithms and log-gammas, defined on the set (checked), of
    which `exact.algebra.gammas` says the difference along a step and the limit. For `>` the
    difference or the limit is strict; the first step is checked with the sign of the goal.
    """
    step, op = {n: int(k) for n, k in proof["step"].items()}, goal.relation.op
    if not step:
        raise Rejected("no variable takes steps")
    for name, k in step.items():
        if (
            k < 1
            or range_of(goal, name).upper.value is not None
            or not free_of_hypotheses(goal, name)
        ):
            raise Rejected(f"{name} + {k} may leave the set")
    total = as_sum(normal_goal(goal).relation.left)
    checks.define(gap_goal(goal, total.plain()), proof, "sides")
    change = difference(total, step)
    if "first" in proof:  # p is p' + n k with p' in the first step
        ((name, k),) = step.items()
        start = range_of(goal, name).lower
        if op == "==" or start.value is None or start.open:
            raise Rejected(f"there is no first step of {name}")
        checks.check(gap_goal(goal, change, ">="), proof["change"], True)
        checks.check(halves(goal, name, add(start.value, number(k)))[0], proof["first"], True)
        return
    strict = (">=", ">") if proof.get("strict") == "limit" else (">", ">=")
    change_op, limit_op = strict if op == ">" else (op, op)
    end = limit_along(total, step, lambda m: sign_of(m)[0] == 1)
    checks.check(gap_goal(goal, neg(change), change_op), proof["change"], True)
    checks.check(gap_goal(goal, end, limit_op), proof["limit"])
