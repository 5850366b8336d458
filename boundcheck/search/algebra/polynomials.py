"""Polynomial and rational inequalities, by exact arithmetic.

What is tried, in this order: Sturm sequences (one variable); roots of monomials become powers;
denominators of visible sign are cleared; factor by factor; then for one polynomial symmetry and
orderings of the variables (`exact.cells.orthant`), sums of squares (`search.algebra.sos`), also
with hypotheses as weights, and Bernstein coefficients. The checker decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, permutations
from math import gcd, lcm
from typing import Any

from flint import fmpq

from boundcheck.checking import goals
from boundcheck.checking.goals import Rejected
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof, Proved, Verdict
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.rational_points import Point, holds
from boundcheck.errors import BoundcheckError, DomainError, Unsupported
from boundcheck.exact.algebra.forms import expanded, factors, polynomial_term
from boundcheck.exact.algebra.polynomial import fraction, univariate
from boundcheck.exact.algebra.rational_function import Poly, compose
from boundcheck.exact.algebra.sturm import negative_points as points_below
from boundcheck.exact.cells.cell import FREE
from boundcheck.exact.cells.orthant import Misfit, Orthant, orthant, space
from boundcheck.exact.terms.defined import alternatives, obligations
from boundcheck.exact.terms.term import Term, neg, number, postorder, power, symbol
from boundcheck.exact.terms.work import OutOfBudget, share, spend
from boundcheck.search.algebra.sos import MAX_BASIS, Block, by_parity, monomials, squares_sum
from boundcheck.search.algebra.trees import Bisection, Ordering
from boundcheck.search.completion import Completer, completed
from boundcheck.search.points import sampling
from boundcheck.search.problem import Problem

_TROUBLE = (
    Unclear,
    DomainError,
    Unsupported,
    BoundcheckError,
    ZeroDivisionError,
    KeyError,
    OverflowError,
)
_RATIONAL = ("rational", "constant", "symbol", "add", "sub", "mul", "div", "neg", "pow")
_ALGEBRAIC = ("sqrt", "cbrt", "Abs", "Min", "Max")
_MAX_TERMS = 400
_MAX_VARIABLES = 8
_MAX_LEAF = 60
_LEAVES = 40


def polynomial(problem: Problem) -> Verdict | None:
    """A proof by the rules for polynomials, accepted by the checker."""
    goal = goals.goal_of(problem.statement)
    if goal.relation.op == "==" or not _algebraic(goal):
        return None
    if len(goal.on.names) > _MAX_VARIABLES:
        many = f"{_MAX_VARIABLES} variables, not {len(goal.on.names)}"
        problem.caps.append(f"the rules for polynomials take at most {many}")
        return None
    if not (problem.samples or _inhabited(goal)):
        return None  # hypotheses that contradict each other are another tactic's business
    search = Polynomials()
    needs = search.definedness(goal)
    proof = None if needs is None else search.prove(goal)
    if proof is None:
        return None
    proof = {**proof, "defined": needs} if needs else proof
    try:
        proof = completed(goal, proof)
    except Rejected:
        return None
    return Proved(method=_method(proof), margin=Enclosure(fmpq(0), None), proof=proof)


def negative_points(problem: Problem) -> Iterator[Point]:
    """Rational points where a gap in one variable, a rational function, is negative,
    however small these places are."""
    goal = goals.goal_of(problem.statement)
    names = sorted(goal.relation.free)
    if goal.relation.op == "==" or len(names) != 1 or goal.on.names != tuple(names):
        return
    for relation in goals.cases(goal.relation):
        try:
            r = fraction(relation.gap(), names)
            span = goals.exact_span(goal, names[0])
        except _TROUBLE:
            continue
        for x in points_below(univariate(r.num * r.den), span, goal.relation.op == ">"):
            yield {names[0]: x}


def _inhabited(goal: Comparison) -> bool:
    if any(h.op == "==" for h in goal.given):
        return True
    return any(all(holds(h, p) is True for h in goal.hypotheses) for p in sampling.points(goal, 60))


def _algebraic(goal: Comparison) -> bool:
    return all(
        n.op in _RATIONAL or (n.op == "call" and n.payload in _ALGEBRAIC)
        for n in postorder(goal.relation.left, goal.relation.right)
    )


def _method(proof: Any) -> str:
    names = {
        "sturm": "Sturm sequence",
        "squares_sum": "sum of squares",
        "signs": "signs of coefficients, ordered variables",
        "bernstein": "Bernstein coefficients",
    }
    found: dict[str, None] = {}
    stack = [proof]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            found[names.get(node.get("by", ""), "")] = None
            stack.extend(v for k, v in node.items() if k not in ("defined", "positive"))
        elif isinstance(node, list):
            stack.extend(node)
    return ", ".join(n for n in found if n) or "exact algebra"


class Polynomials:
    """The search for a proof of one goal whose sides are defined."""

    def __init__(self) -> None:
        self.checker = Completer()
        self.leaves = _LEAVES

    def definedness(self, goal: Comparison) -> dict[str, Any] | None:
        """Proofs that both sides are defined, but for what the checker sees at once;
        None where one is missing."""
        try:
            needed = obligations(goal.relation.left, goal.relation.right)
        except Unsupported:
            return None
        proofs: dict[str, Any] = {}
        for need in needed:
            options = [replace(goal, relation=r) for r in alternatives(need)]
            if any(self._holds(o, {"by": by}) for o in options for by in ("interval", "sturm")):
                continue
            for k, option in enumerate(options):
                found = self.prove(option, 2)
                if found is not None:
                    proofs[str(need.left)] = {"option": k, "proof": found}
                    break
            else:
                if not any(self.checker.sees(o) for o in options):
                    return None
        return proofs

    def prove(self, goal: Comparison, depth: int = 6) -> Proof | None:
        spend(20)
        try:
            return self._prove(goal, depth)
        except _TROUBLE:
            return None

    def _prove(self, goal: Comparison, depth: int) -> Proof | None:
        if depth < 0 or goal.relation.op == "==":
            return None
        if not goal.relation.free:
            return {"by": "constant"} if self._holds(goal, {"by": "constant"}) else None
        relations = goals.cases(goal.relation)
        if len(relations) > 1:
            parts = [self.prove(replace(goal, relation=r), depth) for r in relations]
            return None if None in parts else {"by": "cases", "parts": parts}
        for by in ("interval", "sturm"):
            if self._holds(goal, {"by": by}):
                return {"by": by}
        try:
            r = fraction(goal.relation.gap(), goal.on.names)
        except Unsupported:
            return self._roots(goal, depth)
        if self._fails(goal):
            return None
        if not r.den.is_one():
            return self._cleared(
                goal, polynomial_term(r.den, [symbol(n) for n in goal.on.names]), depth
            )
        return self._polynomial(goal, r.num, depth)

    @staticmethod
    def _fails(goal: Comparison) -> bool:
        """Whether a sample makes a search for a proof idle."""
        strict = goal.relation.op == ">"
        return any(v < 0 or (v == 0 and strict) for _, v in sampling.gaps(goal, 25))

    def _holds(self, goal: Comparison, proof: Proof) -> bool:
        try:
            self.checker.check(goal, proof, True)
        except _TROUBLE:
            return False
        return True

    # -- towards a polynomial ----------------------------------------------------------------------

    def _normal(self, goal: Comparison, depth: int, **extra: Any) -> Proof | None:
        """The proof by the normal form of the goal (times `times`)."""
        times = extra.get("times")
        child = goals.normal_goal(goal, *([] if times is None else [times]))
        if child.relation.left is goal.relation.left:
            return None
        needs = self.definedness(child)
        found = None if needs is None else self.prove(child, depth - 1)
        if found is None:
            return None
        extra = {k: str(v) if k == "times" else v for k, v in extra.items()}
        return {"by": "normal", **extra, "proof": {**found, "defined": needs} if needs else found}

    def _cleared(self, goal: Comparison, den: Term, depth: int) -> Proof | None:
        """Times the denominator, if its sign is the same everywhere."""
        for times in (den, neg(den)):
            positive = self.prove(goals.gap_goal(goal, times, ">"), 2)
            if positive is not None:
                return self._normal(goal, depth, times=times, positive=positive)
        return None

    def _roots(self, goal: Comparison, depth: int) -> Proof | None:
        """Roots of monomials become polynomials in new variables; those of constants are
        unknowns with an equation."""
        exponents = self._exponents(goal)
        if exponents:
            child = goals.powers_goal(goal, exponents)
            found = self._normal(child, depth)
            return (
                None if found is None else {"by": "powers", "exponents": exponents, "proof": found}
            )
        found = self._normal(goal, depth)
        if found is not None:
            return found
        leaves, r, relations = expanded(goal.relation.gap())
        if any(leaf.free for leaf in leaves if leaf.op != "symbol") or self._fails(goal):
            return None
        if not r.den.is_constant():
            return self._cleared(goal, polynomial_term(r.den, leaves), depth)
        return self._squares(goal, r.num, leaves, relations)

    def _exponents(self, goal: Comparison) -> dict[str, int]:
        """k for each variable such that with v = u**k the roots of monomials come out."""
        found: dict[str, int] = {}
        for node in postorder(goal.relation.left, goal.relation.right):
            if node.op == "call" and node.payload in ("sqrt", "cbrt"):
                q = 2 if node.payload == "sqrt" else 3
            elif node.op == "pow" and node.args[1].op == "rational":
                q = int(node.args[1].payload.q)
            else:
                continue
            if q > 1 and node.free:
                for f, k in factors(node.args[0])[1]:
                    if f.op == "symbol" and k % q:
                        found[f.payload] = lcm(found.get(f.payload, 1), q // gcd(q, k))
        return found

    # -- one polynomial ----------------------------------------------------------------------------

    def _polynomial(self, goal: Comparison, p: Poly, depth: int) -> Proof | None:
        if p.is_zero() or len(p) > _MAX_TERMS:
            return None
        found = self._factors(goal, depth)
        if found is not None or len(goal.relation.free) == 1:
            return found
        names = [symbol(n) for n in goal.on.names]
        try:
            claim: Orthant | None = orthant(p, goal.on.ranges, goal.relation.op == ">")
        except Misfit:
            claim = None
        attempts: list[Callable[[], Proof | None]] = [
            lambda: self._ordered(claim, 0),
            lambda: self._squares(goal, p, names, []),
            lambda: self._multiplied(goal, p),
            lambda: self._leaf(claim),
            lambda: self._bisected(goal, p),
            lambda: self._weighted(goal, p),
            lambda: self._scaled(claim),
            lambda: self._ordered(claim, 60),
        ]
        for attempt in attempts:
            spend(5)
            try:
                with share(0.4):
                    found = attempt()
            except OutOfBudget:
                found = None
            if found is not None:
                return found
        return None

    def _factors(self, goal: Comparison, depth: int) -> Proof | None:
        scale, parts = factors(goal.relation.gap())
        if depth <= 1 or (len(parts) == 1 and parts[0][1] == 1):
            return None
        strict, sign = goal.relation.op == ">", 1 if scale > 0 else -1
        shown: list[Any] = []
        for f, k in parts:
            if k % 2 == 0 and not strict:
                shown.append({})
                continue
            for turned in (False, True):
                part = goals.gap_goal(goal, neg(f) if turned else f, ">" if strict else ">=")
                found = self.prove(part, min(depth - 1, 2))
                if found is not None:
                    shown.append({"sign": "-" if turned else "+", "proof": found})
                    sign *= -1 if turned and k % 2 else 1
                    break
            else:
                return None
        return {"by": "factors", "parts": shown} if sign > 0 else None

    def _ordered(self, claim: Orthant | None, nodes: int) -> Proof | None:
        """Symmetry, and (with some nodes to spend) orderings of the coordinates."""
        if claim is None:
            return None
        tree = Ordering(nodes, self._leaf if nodes else lambda _: None).tree(claim)
        return None if tree is None else {"by": "signs", "tree": tree}

    def _leaf(self, claim: Orthant | None) -> Proof | None:
        """Squares of the coordinates that are >= 0, and then a sum of squares."""
        self.leaves -= 1
        if claim is None or len(claim.p) > _MAX_LEAF or self.leaves < 0:
            return None
        exponents = {f"u{k}": 2 for k, s in enumerate(claim.signs) if s != FREE}
        if not exponents:
            return None
        goal = goals.orthant_goal(claim)
        p = claim.p
        for k, s in enumerate(claim.signs):
            if s != FREE:
                u = p.context().gen(k)
                p = compose(p, k, u**2, u**0)[0]
        child = goals.powers_goal(goal, exponents)
        found = self._squares(child, p, [symbol(r.name) for r in space(claim.signs)], [])
        if found is None:
            return None
        return {"by": "signs", "tree": {"by": "powers", "exponents": exponents, "proof": found}}

    def _scaled(self, claim: Orthant | None) -> Proof | None:
        """u_i = u_j new for one or two pairs, and then orderings: for inequalities such
        as Hoelder's."""
        if claim is None or len(claim.signs) > 5 or len({sum(e) for e in claim.p.monoms()}) != 1:
            return None
        numbers = [k for k, s in enumerate(claim.signs) if s != FREE]
        plans = [((i, j), (k, m)) for i, j, k, m in permutations(numbers, 4) if i < k]
        plans += [((i, j),) for i, j in permutations(numbers, 2)]  # type: ignore[misc]
        for plan in plans:
            current = claim
            for i, j in plan:
                (current,) = current.parts({"scale": [i, j]})
            tree = Ordering(12, lambda _: None).tree(current)
            if tree is not None:
                for i, j in reversed(plan):
                    tree = {"scale": [i, j], "parts": [tree]}
                return {"by": "signs", "tree": tree}
        return None

    def _bisected(self, goal: Comparison, p: Poly) -> Proof | None:
        ends: list[tuple[fmpq, fmpq]] = []
        for n in goal.on.names:
            x = goals.exact_span(goal, n)
            if x.lower is None or x.upper is None:
                return None
            ends.append((x.lower, x.upper))
        tree = Bisection(goal.relation.op == ">").tree(p, ends)
        return None if tree is None else {"by": "bernstein", "tree": tree}

    # -- sums of squares ---------------------------------------------------------------------------

    def _squares(
        self, goal: Comparison, p: Poly, leaves: Any, relations: Any, times: Any = None
    ) -> Proof | None:
        one = p.context().constant(1)
        if relations:
            basis = [
                b
                for b in _all_monomials(p, p.total_degree() // 2 + 1)
                if len(_reduced(b, relations)) == 1
            ]
            parts = [basis]
        else:
            basis = monomials(p)
            parts = by_parity(p, basis)
        if not basis or max(map(len, parts)) > MAX_BASIS or len(basis) > 3 * MAX_BASIS:
            return None
        blocks = [Block(one, part) for part in parts]
        return self._certificate(goal, p, blocks, leaves, relations, times)

    def _certificate(
        self,
        goal: Comparison,
        p: Poly,
        blocks: list[Block],
        leaves: Any,
        relations: Any = (),
        times: Any = None,
    ) -> Proof | None:
        found = squares_sum(p, blocks, lambda q: _reduced(q, relations))
        if not found:
            return None
        squares = [
            [str(c), str(polynomial_term(q, leaves)), list(b.which)]
            for c, q, b in found
            if not b.free
        ]
        zeros = [[b.which[0], str(polynomial_term(c * q, leaves))] for c, q, b in found if b.free]
        proof: dict[str, Any] = {"by": "squares_sum", "squares": squares}
        proof |= {"zeros": zeros} if zeros else {}
        proof |= times or {}
        return proof if self._holds(goal, proof) else None

    def _multiplied(self, goal: Comparison, p: Poly) -> Proof | None:
        """(1 + Σ v**2) p as a sum of squares."""
        if len(goal.on.names) > 4 or len(p) > 40:
            return None
        names = [symbol(n) for n in goal.on.names]
        one, times = p.context().constant(1), number(1)
        q = one
        for k, n in enumerate(names):
            q += p.context().gen(k) ** 2
            times = times + power(n, number(2))
        extra = {"times": str(times), "positive": {"by": "interval"}}
        return self._squares(goal, p * q, names, [], extra)

    def _weighted(self, goal: Comparison, p: Poly) -> Proof | None:
        """Hypotheses g >= 0 as weights of squares, products of two of them,
        and h == 0 times any polynomial."""
        names = goal.on.names
        top = p.total_degree() + p.total_degree() % 2
        one = p.context().constant(1)
        weights: list[tuple[Poly, tuple[int, ...]]] = []
        blocks = [Block(one, _all_monomials(p, top // 2))]
        for k, h in enumerate(goal.hypotheses):
            try:
                r = fraction(h.gap(), names)
            except Unsupported:
                continue
            if not r.den.is_one():
                continue
            if h.op == "==":
                blocks.append(
                    Block(r.num, _all_monomials(p, top - r.num.total_degree()), (k,), free=True)
                )
            else:
                weights.append((r.num, (k,)))
        if not (weights or len(blocks) > 1) or len(weights) > 8:
            return None
        weights += [(f * g, (*a, *b)) for (f, a), (g, b) in combinations(weights, 2)]
        for g, which in weights:
            if g.total_degree() <= top:
                blocks.append(Block(g, _all_monomials(p, (top - g.total_degree()) // 2), which))
        if sum(len(b.basis) for b in blocks) > 2 * MAX_BASIS:
            return None
        return self._certificate(goal, p, blocks, [symbol(n) for n in names])


def _all_monomials(p: Poly, degree: int) -> list[Poly]:
    """All monomials up to a degree, the largest first."""
    if degree < 0:
        return []
    context = p.context()
    n = context.nvars()
    found = [(0,) * n]
    for _ in range(degree):
        fresh = {(*e[:i], e[i] + 1, *e[i + 1 :]) for e in found for i in range(n)}
        found = sorted({*found, *fresh}, key=lambda e: (-sum(e), e))
        if len(found) > 3 * MAX_BASIS:
            return []
    return [context.from_dict({e: fmpq(1)}) for e in found]


def _reduced(p: Poly, relations: Any) -> Poly:
    """With u in place of leaf**q."""
    for index, q, u in relations:
        if not u.den.is_one():
            continue
        total = p * 0
        for e, c in p.terms():
            rest = p.context().from_dict({(*e[:index], e[index] % q, *e[index + 1 :]): c})
            total += rest * u.num ** int(e[index] // q)
        p = total
    return p
