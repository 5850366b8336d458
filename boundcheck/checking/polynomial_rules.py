"""Rules for polynomials and rational functions, by exact arithmetic."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from boundcheck.checking.goals import Rejected, exact_span, gap_goal, orthant_goal, powers_goal
from boundcheck.checking.rule import Checks
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.exact.algebra.bernstein import MAX_HALVINGS, holds
from boundcheck.exact.algebra.bernstein import bernstein as table_of
from boundcheck.exact.algebra.bernstein import halves as halves_of
from boundcheck.exact.algebra.normal import vanishes
from boundcheck.exact.algebra.polynomial import fraction, polynomial, univariate
from boundcheck.exact.algebra.sturm import keeps_sign
from boundcheck.exact.cells.orthant import Orthant, orthant
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import Term, mul, number, postorder, sub

_ONE = number(1)


def sturm(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """One variable: the number of zeros in the range, by a Sturm sequence (`algebra.sturm`).

    The gap is n/d with d not zero on the set: its sign is that of n d. For `>=` zeros of even order
    may be inside, for `>` none may.
    """
    op, free = goal.relation.op, sorted(goal.relation.free)
    if len(free) != 1 or op == "==":
        raise Rejected("Sturm's theorem is for inequalities in one variable")
    r = fraction(goal.relation.gap(), free)
    p = univariate(r.num * r.den)  # the denominator is not zero where the gap is defined
    if not keeps_sign(p, exact_span(goal, free[0]), op == ">"):
        raise Rejected("the gap has another sign somewhere")


def bernstein(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """A tree of bisections; at each leaf all Bernstein coefficients are >= 0.

    A polynomial is a convex combination of its coefficients on a box (`algebra.bernstein`), and
    halves cover their box. For `>` they are > 0. Polynomials are defined everywhere.
    """
    names, op = goal.on.names, goal.relation.op
    p = polynomial(goal.relation.gap(), names)
    ends: list[tuple[fmpq, fmpq]] = []
    for n in names:
        x = exact_span(goal, n)
        if x.lower is None or x.upper is None or op == "==":
            raise Rejected("Bernstein coefficients are for inequalities on bounded boxes")
        ends.append((x.lower, x.upper))
    todo, code = [(table_of(p, ends), 0)], iter(proof["tree"])
    while todo:
        (table, depth), what = todo.pop(), next(code, None)
        if what is not None and what.isdigit() and what.isascii() and int(what) < len(names):
            if depth > MAX_HALVINGS * len(names):
                raise Rejected(
                    f"a box is halved more than {MAX_HALVINGS} times along each variable"
                )
            todo += [(half, depth + 1) for half in reversed(halves_of(table, int(what)))]
        elif what != "b" or not holds(table, op == ">"):
            raise Rejected(f"the leaf {what!r} does not hold")
    if next(code, None) is not None:
        raise Rejected("the tree has leaves that belong to no box")


def signs(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """A tree of changes of coordinates; at each leaf all coefficients are >= 0.

    The parts of a node cover it (`cells.orthant`); a leaf is visible, or a goal of its own on its
    orthant. Polynomials are defined everywhere.
    """
    if goal.relation.op == "==":
        raise Rejected("an equality has no sign")
    p = polynomial(goal.relation.gap(), goal.on.names)
    todo: list[tuple[Orthant, Any]] = [
        (orthant(p, goal.on.ranges, goal.relation.op == ">"), proof["tree"])
    ]
    while todo:
        claim, node = todo.pop()
        if node == "+":
            if not claim.visible():
                raise Rejected(f"{claim.p} has coefficients of both signs")
        elif "by" in node:
            checks.check(orthant_goal(claim), node, True)
        else:
            todo += zip(claim.parts(node), node["parts"], strict=True)


def powers(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """v = u**k for variables v >= 0.

    u -> v is a bijection of the half-line onto itself, the ends of the range are k-th powers of
    rational numbers, and the new goal says the same of the same values.
    """
    checks.check(powers_goal(goal, proof["exponents"]), proof["proof"], True)


def squares_sum(checks: Checks, goal: Comparison, proof: Proof, defined: bool) -> None:
    """The gap times a positive term is a sum of squares times hypotheses.

    Weights are numbers >= 0 and hypotheses >= 0, and what is zero by a hypothesis may be added; the
    squares are of polynomials in what the gap and the hypotheses are made of. The gap is defined
    on the set, and so is a hypothesis, as it holds there: so all is, and the identity is one of
    normal forms. For `>` one of the squares is a constant with strict weights.
    """
    gap, op, hypotheses = goal.relation.gap(), goal.relation.op, goal.hypotheses
    times = parse_term(proof.get("times", "1"))
    if op == "==" or not times.free <= set(goal.names):
        raise Rejected("squares are for inequalities, in the variables of the goal")
    if times is not _ONE:
        checks.check(gap_goal(goal, times, ">"), proof["positive"])
    known = frozenset(postorder(gap, *(s for h in hypotheses for s in (h.left, h.right))))
    rest, strict = mul(gap, times), False
    for c, text, which in proof["squares"]:
        p, weights = _plain(text, known), [hypotheses[k] for k in which]
        if rational(c) < 0 or any(
            h.op == "==" or k < 0 for h, k in zip(weights, which, strict=True)
        ):
            raise Rejected(f"{c}, or a hypothesis, is not a weight >= 0")
        square = mul(number(c), mul(p, p))
        for h in weights:
            square = mul(square, h.gap())
        rest = sub(rest, square)
        strict |= (
            rational(c) > 0
            and p.op == "rational"
            and p.payload != 0
            and all(h.strict for h in weights)
        )
    for k, text in proof.get("zeros", ()):
        if k < 0 or hypotheses[k].op != "==":
            raise Rejected(f"hypothesis {k} is not an equality")
        rest = sub(rest, mul(_plain(text, known), hypotheses[k].gap()))
    if op == ">" and not strict:
        raise Rejected("no square is a positive constant")
    if not vanishes(rest):
        raise Rejected("the gap is not this sum of squares")


def _plain(text: str, known: frozenset[Term]) -> Term:
    """A polynomial in the variables and in operations that are known to be defined."""
    root = parse_term(text)
    for node in postorder(root):
        plain = node.op in ("rational", "symbol", "add", "sub", "mul", "neg")
        by_number = node.op == "div" and node.args[1].op == "rational" and node.args[1].payload != 0
        exponent = (
            node.args[1].payload if node.op == "pow" and node.args[1].op == "rational" else fmpq(-1)
        )
        if not (plain or by_number or (exponent >= 0 and exponent.q == 1) or node in known):
            raise Rejected(f"{root} is not a polynomial in what the goal is made of")
    return root
