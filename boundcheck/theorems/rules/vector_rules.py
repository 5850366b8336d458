"""Rules for vectors of a real inner-product space."""

from __future__ import annotations

from boundcheck.theorems.kernel.abstraction import linear_parts
from boundcheck.theorems.kernel.existence import exists, known_from
from boundcheck.theorems.kernel.sequent import Sequent, Theorem, all_hyps, demand, rule
from boundcheck.theorems.language.expr import Expr, made, number


def dot(u: Expr, v: Expr) -> Expr:
    """The inner product."""
    return made("dot", None, (u, v))


@rule
def square(*known: Theorem, vector: Expr) -> Sequent:
    """dot(u, u) >= 0.

    An inner product is positive.
    """
    demand(exists(vector, known_from(known)), lambda: f"that {vector!r} exists is not shown")
    return Sequent(all_hyps(known), dot(vector, vector) >= 0)


@rule
def gram(*known: Theorem, first: Expr, second: Expr) -> Sequent:
    """dot(u, v)**2 <= dot(u, u)*dot(v, v).

    The Cauchy-Schwarz inequality: a minor of the Gram matrix.
    """
    terms = known_from(known)
    for v in (first, second):
        demand(exists(v, terms), lambda: f"that {v!r} exists is not shown")
    found = dot(first, second) ** 2 <= dot(first, first) * dot(second, second)
    return Sequent(all_hyps(known), found)


def coefficients(goal: Expr) -> list[Expr]:
    """For an equation between vectors: that the factors of each single vector in it are equal."""
    demand(goal.head == "relation" and goal.data == "==", lambda: f"{goal!r} is no equation")
    demand(goal.args[0].sort.kind == "vec", lambda: f"{goal!r} is not between vectors")
    zero = number(0)
    found: dict[Expr, list[Expr]] = {}
    for side in (0, 1):
        for vector, factor in linear_parts(goal.args[side]):
            pair = found.setdefault(vector, [zero, zero])
            pair[side] = pair[side] + factor if pair[side] != zero else factor
    return [a.eq(b) for a, b in found.values() if a != b]


@rule
def linear(*known: Theorem, goal: Expr) -> Sequent:
    """u == v, where both are combinations of the same vectors with equal factors.

    Both exist. Each side is the sum of the single vectors in it, times their factors; the equations
    of the factors are among what is known, so that the two sums are one.
    """
    facts, terms = {t.concl for t in known}, known_from(known)
    for equation in coefficients(goal):
        demand(equation in facts, lambda: f"{equation!r} is not shown")
    for side in goal.args:
        demand(exists(side, terms), lambda: f"that {side!r} exists is not shown")
    return Sequent(all_hyps(known), goal)
