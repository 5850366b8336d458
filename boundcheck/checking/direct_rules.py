"""Rules without subgoals: what is seen at once, and how."""

from __future__ import annotations

from boundcheck.checking.closed_terms import sign_of
from boundcheck.checking.families import Contradiction, Plan, cases_shown
from boundcheck.checking.goals import Rejected, gap_goal
from boundcheck.checking.leaves import Tree, positive
from boundcheck.checking.rule import Checks, accepted
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.exact.cells.guide import Script
from boundcheck.exact.cells.scene import Branch, Undefined

_BITS = 96


def algebra(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """Exact rational functions on cells: `plan` and `script` are the choices (`cells.guide`).

    Whatever was chosen, the cells cover the set, and on each one the gap is one rational function,
    zero or of visible sign. Divisions, roots and logarithms are shown to be defined on the cells
    on the way, so this rule also shows that both sides are. For `>` the sign is strict.
    """
    try:
        plan, guide = Plan.of(proof["plan"]), Script(proof["script"])
        shown = cases_shown(goal, plan, guide) is not None
    except (Contradiction, Undefined, Branch):
        shown = False
    if not shown:
        raise Rejected(f"algebra does not show {goal.text()}")


def constant(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """No variables: balls that leave no doubt of the sign, or an exact zero test.

    The gap has one value, which is defined. Zero is `>=` and `==`, and not `>`.
    """
    if goal.relation.free:
        raise Rejected("a constant has no variables")
    if not accepted(sign_of(goal.relation.gap())[0], goal.relation.op):
        raise Rejected(f"{goal.relation} is not shown")


def interval(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """The interval extension of the gap over the hull of the set.

    Both sides are defined on the set, so the values of the gap there are among those that a loose
    evaluation encloses. A lower end 0 is enough for `>=` only, and `==` needs the interval [0, 0].
    """
    found = on_box(goal.relation.gap(), goal.hull, _BITS, loose=True)
    if not positive(found, goal.relation.op):
        raise Rejected(f"the gap is only known to be in {found}")


def boxes(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """A tree of bisections with a reason at each leaf: see `checking.leaves`.

    The root contains the hull of the set, two halves contain their box, ends included, so the
    leaves contain the set. Where `defined` is "leaf by leaf", leaves are evaluated strictly, which
    fails where an operand may leave its domain; else both sides are known to be defined.
    """
    Tree(goal, proof, defined).check()


def power(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """exp(u), sqrt(u), cbrt(u) and u**v are > 0 where u > 0 (exp: always).

    u is a part of the gap, so it is defined. Strict, hence fit for `>` and `>=`.
    """
    gap = goal.relation.gap()
    if gap.op == "call" and gap.payload == "exp" and goal.relation.op != "==":
        return
    root = gap.op == "pow" or (gap.op == "call" and gap.payload in ("sqrt", "cbrt"))
    if not root or goal.relation.op == "==":
        raise Rejected(f"{gap} is not a power")
    checks.check(gap_goal(goal, gap.args[0], ">"), proof["proof"], True)
