"""Tactics 2 and 3: identities and families, by exact rational functions on cells.

The hypotheses become non-negative coordinates (`exact.cell`), every branch is decided or split, and what remains
is one rational function for each case: zero for an identity, of visible sign for an inequality.
"""

from __future__ import annotations

from flint import fmpq

from boundcheck.claims.problem import Problem
from boundcheck.claims.verdict import IllPosed, Proved, Verdict
from boundcheck.enclosure.decimals import Enclosure
from boundcheck.errors import Unsupported
from boundcheck.exact.cases import Branch, Undefined
from boundcheck.exact.strategy import OutOfBudget, prove_sign


def exactly(problem: Problem, share: float = 0.5) -> Verdict | None:
    """Prove a piecewise rational relation with symbols; None where that does not succeed."""
    clock = problem.clock.share(share)
    relation = problem.relation
    try:
        scene, cells = problem.scene(clock)
        if not cells:
            return IllPosed(method="families", reason="the hypotheses contradict each other; nothing satisfies them")
        cases = 0
        for cell in cells:
            for part, (left, right) in scene.each_case(cell, [relation.left, relation.right]):
                cases += 1
                gap = left - right if relation.op in (">", ">=") else right - left
                if relation.op == "==":
                    if not gap.is_zero():
                        return None
                elif not prove_sign(part, part.oriented(gap), relation.strict, clock):
                    return None
    except (Unsupported, Undefined, OutOfBudget, Branch):
        return None
    many = f", {cases} cases" if cases > 1 else ""
    if relation.op == "==":
        return Proved(method=f"exact identity{many}")
    return Proved(method=f"signs of coefficients{many}", margin=Enclosure(fmpq(0), None))


def blocked(problem: Problem) -> Undefined | None:
    """The division, root or logarithm that the exact method could not show to be defined."""
    clock = problem.clock.share(0.2)
    try:
        scene, cells = problem.scene(clock)
        for cell in cells:
            for _ in scene.each_case(cell, [problem.relation.left, problem.relation.right]):
                pass
    except Undefined as error:
        return error
    except (Unsupported, OutOfBudget, Branch):
        pass
    return None
