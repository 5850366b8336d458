"""Rules for vectors of a real inner-product space."""

from __future__ import annotations

from boundcheck.theorems.kernel.existence import exists, known_from
from boundcheck.theorems.kernel.sequent import Sequent, Theorem, all_hyps, demand, rule
from boundcheck.theorems.language.expr import Expr, made


def dot(u: Expr, v: Expr) -> Expr:
    """The inner product."""
    return made("dot", None, (u, v))


@rule
def square(*known: Theorem, vector: Expr) -> Sequent:
    """dot(u, u) >= 0.

    An inner product is positive.
    """
    demand(exists(vector, known_from(known)), f"that {vector!r} exists is not shown")
    return Sequent(all_hyps(known), dot(vector, vector) >= 0)


@rule
def gram(*known: Theorem, first: Expr, second: Expr) -> Sequent:
    """dot(u, v)**2 <= dot(u, u)*dot(v, v).

    The Cauchy-Schwarz inequality: a minor of the Gram matrix.
    """
    terms = known_from(known)
    for v in (first, second):
        demand(exists(v, terms), f"that {v!r} exists is not shown")
    found = dot(first, second) ** 2 <= dot(first, first) * dot(second, second)
    return Sequent(all_hyps(known), found)
