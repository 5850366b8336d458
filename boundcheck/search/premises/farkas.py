"""The gap as a combination of hypotheses and of products of a few of them, by linear algebra.

What is found is a proof by the rule `squares_sum`, whatever other hypotheses there are; the checker
decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flint import fmpq

from boundcheck.checking.goals import Rejected, cases, goal_of
from boundcheck.checking.hypothesis_rules import absurd_goals, lemma_goal
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof, Proved, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.exact.cells.scene import relations
from boundcheck.exact.terms.term import Relation
from boundcheck.exact.terms.work import OutOfBudget, at_most
from boundcheck.search.completion import completed
from boundcheck.search.premises.combinations import Combinations
from boundcheck.search.premises.equations import without_equations
from boundcheck.search.problem import Problem

UNITS = 0.1
_MAX_CASES = 4
_FACTS = 8  # of each kind


def by_combination(problem: Problem) -> Verdict | None:
    """A proof by a combination of hypotheses, accepted by the checker."""
    goal = goal_of(problem.statement)
    relations_ = cases(goal.relation)
    if goal.relation.op == "==" or not goal.hypotheses or len(relations_) > _MAX_CASES:
        return None
    parts = []
    for r in relations_:
        found = _combined(replace(goal, relation=r))
        if found is None:
            return None
        parts.append(found)
    proof: Proof = parts[0] if len(parts) == 1 else {"by": "cases", "parts": parts}
    try:
        proof = completed(goal, proof)
    except Rejected:
        return None
    return Proved(method="combination of hypotheses", margin=Enclosure(fmpq(0), None), proof=proof)


def impossible(statement: Comparison) -> tuple[Proof, str] | None:
    """A proof of 0 > 0 by hypotheses that nothing satisfies, and the method; equations are used up
    first."""
    (false,) = absurd_goals(goal_of(statement), {})
    solved = without_equations(false)
    try:
        with at_most(UNITS):
            verdict = by_combination(Problem(false if solved is None else solved.statement))
    except OutOfBudget:
        return None
    if not isinstance(verdict, Proved) or verdict.proof is None:
        return None
    return verdict.proof if solved is None else solved.wrap(verdict.proof), verdict.method


def _combined(goal: Comparison) -> Proof | None:
    """With short products first; without and with what is known of |u|, Max and Min."""
    facts = _facts(goal)
    larger = goal
    for fact, _ in facts:
        larger = lemma_goal(larger, fact)
    searches = [Combinations(g) for g in ((goal, larger) if facts else (goal,))]
    for size in (1, 2, 3):
        for search in searches:
            found = search.proof(size)
            if found is not None:
                return found if search.goal is goal else _with_lemmas(facts, found)
    return None


def _with_lemmas(facts: Sequence[tuple[Relation, Proof]], proof: Proof) -> Proof:
    for fact, shown in reversed(facts):
        proof = {"by": "lemma", "relation": str(fact), "shown": shown, "proof": proof}
    return proof


def _facts(goal: Comparison) -> list[tuple[Relation, Proof]]:
    """What is known of |u|, Max and Min in the goal and in its hypotheses, with proofs."""
    roots = [t for r in (goal.relation, *goal.given) for t in (r.left, r.right)]
    found: list[tuple[Relation, Proof]] = []
    for fact in (f for several in relations(*roots) for f in several[:_FACTS]):
        alone: dict[str, list[str]] = {n: [] for n in goal.names if n in fact.free}
        shown = {"by": "subset", "on": alone, "given": [], "proof": {"by": "algebra"}}
        found.append((fact, shown))
    return found
