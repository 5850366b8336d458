"""Tactics 2 and 3: identities and families, by exact rational functions on cells.

The hypotheses become non-negative coordinates (`exact.cells.cell`), every branch is decided
or split, and what remains is one rational function for each case: zero for an identity,
of visible sign for an inequality.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flint import fmpq

from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import IllPosed, Proved, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import Unsupported
from boundcheck.exact.cells.cell import Cell
from boundcheck.exact.cells.scene import Branch, Scene, Undefined, is_extreme
from boundcheck.exact.terms.term import Relation, Term, neg, number, postorder, rebuild
from boundcheck.exact.terms.work import OutOfBudget, at_most, share
from boundcheck.search.algebra.strategy import MAX_CUTS, prove_sign
from boundcheck.search.problem import Problem

_MAX_GOALS = 4


class Plan(NamedTuple):
    """How to go about it: cheapest first.

    Attributes:
        relax: drop an outer |.| or Max on the smaller side.
        facts: use what is known of exp, floor, ...
        whole: take |.|, Max and Min as unknowns that lie on one side of their
            operands, without cases.
        cuts: how often a branch condition may become a coordinate; with 0 it is only remembered.
        smallest: cut at the simplest branch, not at the first.
    """

    relax: bool = False
    facts: bool = False
    whole: bool = False
    cuts: int = 0
    smallest: bool = False

    def serves(self, extremes: bool, facts: bool) -> bool:
        """Whether it differs from a simpler plan, for a statement with or without
        |.|, Max, Min and facts."""
        return (extremes or not (self.relax or self.whole)) and (
            facts or not self.facts or self != PLANS[3]
        )


PLANS = (
    Plan(relax=True, whole=True),
    Plan(relax=True),
    Plan(),
    Plan(facts=True),
    Plan(facts=True, smallest=True),
    Plan(relax=True, facts=True, whole=True),
    Plan(relax=True, facts=True, cuts=MAX_CUTS),
    Plan(facts=True, cuts=MAX_CUTS),
)


def decide_exactly(statement: Comparison, units: float) -> Mapping[str, Any] | None:
    """The proof of a comparison by the exact method, its being defined included,
    within so many units of work."""
    try:
        with at_most(units):
            found = exactly(Problem(statement))
    except OutOfBudget:
        return None
    return found.proof if isinstance(found, Proved) else None


def exactly(problem: Problem) -> Verdict | None:
    """Prove a piecewise rational relation with symbols; None where that does not succeed."""
    extremes = any(map(is_extreme, postorder(*problem.sides)))
    for plan in PLANS:
        if not plan.serves(extremes, bool(problem.facts)):
            continue
        try:
            with share(0.5):
                verdict = by_plan(problem, plan)
        except (Unsupported, Undefined, OutOfBudget, Branch):
            continue
        if verdict is not None:
            return verdict
    return None


def by_plan(problem: Problem, plan: Plan) -> Verdict | None:
    """One attempt. Raises Unsupported, Undefined, Branch or OutOfBudget where
    it fails, or returns None."""
    facts = problem.facts if plan.facts else ()
    scene, cells = problem.scene(plan.cuts, facts, whole=plan.whole, smallest=plan.smallest)
    if not cells:
        return IllPosed(
            method="families", reason="the hypotheses contradict each other; nothing satisfies them"
        )
    cases = 0
    relation = Relation(problem.sides[0], problem.relation.op, problem.sides[1])
    options = _goals(relation, scene, cells) if plan.relax else [relation]
    for goal in (g for option in options for g in _whole(option)):
        for cell in cells:
            done = _prove_goal(goal, scene, cell)
            if done is None:
                return None
            cases += done
    many = f", {cases} cases" if cases > 1 else ""
    proof = {"by": "algebra", "plan": PLANS.index(plan)}
    if problem.relation.op == "==":
        return Proved(method=f"exact identity{many}", proof=proof)
    return Proved(
        method=f"signs of coefficients{many}", margin=Enclosure(fmpq(0), None), proof=proof
    )


def _prove_goal(goal: Relation, scene: Scene, cell: Cell) -> int | None:
    """The number of cases in which the goal was proved on a cell, or None
    where one of them failed."""
    cases = 0
    for part, (left, right) in scene.each_case(cell, [goal.left, goal.right]):
        cases += 1
        gap = left - right if goal.op in (">", ">=") else right - left
        if goal.op == "==":
            if not gap.is_zero():
                return None
        elif not prove_sign(part, part.oriented(gap), goal.strict):
            return None
    return cases


def _whole(relation: Relation) -> list[Relation]:
    """Where both sides are integers: a gap > -1 is >= 0. It is enough that these hold."""
    gap = relation.gap()
    if relation.strict or not _is_whole(gap):
        return [relation]
    above = Relation(gap, ">", number(-1))
    return [above] if relation.op != "==" else [above, Relation(gap, "<", number(1))]


def _is_whole(root: Term) -> bool:
    """Whether a term has only integer values, some of them by floor, ceiling or sign."""
    whole: dict[Term, bool] = {}
    jumps = False
    for node in postorder(root):
        jump = node.op == "call" and node.payload in ("floor", "ceiling", "sign")
        jumps = jumps or jump
        kept = node.op in ("add", "sub", "mul", "neg") or (
            node.op == "call" and node.payload in ("Abs", "Min", "Max")
        )
        whole[node] = jump or (kept and all(whole[a] for a in node.args))
        if node.op == "rational":
            whole[node] = node.payload.q == 1
    return jumps and whole[root]


def _goals(relation: Relation, scene: Scene, cells: list[Cell]) -> list[Relation]:
    """Relations that together imply this one, without an outer `Abs` or `Max` on the smaller side.

    p|x| + ... <= r holds where px + ... <= r and -px + ... <= r do, for p >= 0: no case distinction
    is needed. The terms that disappear are those of the given relation, whose being defined
    each of these still shows.
    """
    if relation.op == "==":
        return [relation]
    low, high = (
        (relation.left, relation.right)
        if relation.op in ("<", "<=")
        else (relation.right, relation.left)
    )
    op = "<" if relation.strict else "<="
    return [Relation(option, op, high) for option in _below(low, scene, cells)]


def _below(root: Term, scene: Scene, cells: list[Cell]) -> list[Term]:
    """Terms of which `root` is the largest: `root` itself where there would be many."""
    known: dict[Term, list[Term]] = {}
    for t in postorder(root):
        options = [t]
        if t.op == "call" and t.payload == "Abs":
            options = [t.args[0], neg(t.args[0])]
        elif t.op == "call" and t.payload == "Max":
            options = list(dict.fromkeys(o for a in t.args for o in known[a]))
        elif t.op in ("add", "sub"):
            first, second = known[t.args[0]], known[t.args[1]] if t.op == "add" else [t.args[1]]
            if len(first) * len(second) <= _MAX_GOALS:
                options = [rebuild(t, (a, b)) for a in first for b in second]
        elif t.op in ("mul", "div"):
            for k in (0, 1) if t.op == "mul" else (0,):
                inner = known[t.args[k]]
                if len(inner) > 1 and all(_not_negative(t.args[1 - k], scene, c) for c in cells):
                    options = [
                        rebuild(t, (o, t.args[1]) if k == 0 else (t.args[0], o)) for o in inner
                    ]
                    break
        known[t] = options if len(options) <= _MAX_GOALS else [t]
    return known[root]


def _not_negative(t: Term, scene: Scene, cell: Cell) -> bool:
    try:
        return cell.sign(scene.value(t, cell)) in ("+", "0+", "0")
    except (Branch, Undefined):
        return False


def blocked(problem: Problem) -> Undefined | None:
    """The division, root or logarithm that the exact method could not show to be defined."""
    try:
        with share(0.2):
            scene, cells = problem.scene()
            for cell in cells:
                for _ in scene.each_case(cell, problem.sides):
                    pass
    except Undefined as error:
        return error
    except (Unsupported, OutOfBudget, Branch):
        pass
    return None
