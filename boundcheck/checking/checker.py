"""The checker: replays a proof with balls and exact algebra; it shares nothing with the search.

A *goal* is a comparison on a box, and a proof is a tree of the rules below, as plain JSON. The one
invariant is that both sides of a goal are defined at every point of its set. `gap` is the side that
has to be larger minus the other.

    algebra      exact rational functions on cells (`exact.cells.scene`), for
                 all values of the symbols
    constant     no variables: balls, or an exact zero test
    interval     the interval extension of the gap over the whole set
    boxes        a tree of bisections with a simple reason at each leaf (`checking.leaves`)
    split        a variable below and above a term in the other ones
    bound        a hypothesis x >= t or x <= t becomes the end of the range of x
    monotone     the slope in a variable keeps its sign: the gap is least (for `==`: constant) where
                 the variable ends, or not below its limit where the range is unbounded
    ascent       the gap is >= 0 at an end of its range, and a Taylor form of
                 its slope points inwards
    steps        g(p) >= g(p + k) and the limit of g(p + n k) is >= 0, or g(p + k) >= g(p)
                 and g >= 0 on the first step
    normal       the gap times a positive term, in normal form (or as a sum
                 of logarithms and a rest)
    factors      the gap as a product, factor by factor
    squares      a >= b where a >= 0 and a**2 >= b**2
    logarithms   for positive sides: a <= b exactly if log(a) <= log(b)
    exponentials a <= b exactly if exp(a) <= exp(b)
    sum          the gap as a sum of terms that are all >= 0 (one of them > 0)
    power        sqrt(u), cbrt(u), u**v > 0 where u > 0; exp(u) > 0
    inverse      a variable v >= a is a - 1 + 1/t with 0 < t <= 1
    rewrite      tan as sin/cos, or hyperbolic functions by exp
    branch       |u|, Max(a, b), Min(a, b) or an activation is one of its branches on the whole set
    period       sines of integer multiples of a variable: one period is enough
    cases        |a| <= b exactly if a <= b and -a <= b; likewise for Max and Min

and for polynomials, by exact arithmetic (see the modules of `exact` for the arguments):

    sturm        one variable: the number of zeros in the range, by a Sturm
                 sequence (`exact.algebra.sturm`)
    bernstein    a tree of bisections; at each leaf all Bernstein coefficients
                 are >= 0 (`exact.algebra.bernstein`)
    signs        a tree of changes of coordinates; at each leaf all coefficients
                 are >= 0 (`exact.cells.orthant`)
    powers       v = u**k for variables v >= 0
    squares_sum  the gap times a positive term is a sum of squares times hypotheses
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flint import fmpq

from boundcheck.checking.closed_terms import sign_of
from boundcheck.checking.families import PLANS, by_plan, decide_exactly
from boundcheck.checking.goals import (
    Proof,
    Rejected,
    bound_goal,
    cases,
    exact_span,
    exponential_goal,
    face_goal,
    free_of_hypotheses,
    gap_goal,
    halves,
    inside_goals,
    inverse_goal,
    logarithm_goal,
    normal_goal,
    orthant_goal,
    period_goal,
    powers_goal,
    range_of,
    slope_goal,
    squares_goal,
    without,
)
from boundcheck.checking.leaves import Tree, positive, precision
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proved
from boundcheck.enclosure.intervals.at_point import at_point, taylor_form
from boundcheck.enclosure.intervals.interval import End, Unclear
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.algebra.bernstein import MAX_HALVINGS, bernstein, holds
from boundcheck.exact.algebra.bernstein import halves as bernstein_halves
from boundcheck.exact.algebra.gammas import as_sum, difference, limit_along
from boundcheck.exact.algebra.normal import factors, vanishes
from boundcheck.exact.algebra.polynomial import fraction, polynomial, univariate
from boundcheck.exact.algebra.rewrite import branches, rewritten
from boundcheck.exact.algebra.sturm import keeps_sign
from boundcheck.exact.cells.orthant import Orthant, orthant
from boundcheck.exact.cells.scene import Branch, Undefined
from boundcheck.exact.terms.box import Range
from boundcheck.exact.terms.defined import either_sign, obligations
from boundcheck.exact.terms.parser import Side, parse_term
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import (
    Term,
    add,
    mul,
    neg,
    number,
    postorder,
    replaced,
    sub,
    substitute,
)
from boundcheck.exact.terms.work import spend
from boundcheck.search.problem import Problem

_ZERO, _ONE = number(0), number(1)
_BITS = 96
_TROUBLE = (Unclear, DomainError, Unsupported)


_ALGEBRA = 10.0  # units of work where the proof does not say how


class Checker:
    """Checks proofs.

    Raises (all methods): Rejected, naming the rule that does not apply; OutOfBudget.
    """

    def check(self, goal: Comparison, proof: Proof, defined: bool = False) -> None:
        """Check a goal. Both sides are known to be defined on its set where `defined`;
        else that is checked first."""
        spend(10)
        if goal.relation.op not in (">", ">=", "=="):
            raise Rejected(
                f"a goal is an equality, or has > or >=, not {goal.relation.op}: see goal_of"
            )
        by = proof.get("by") if isinstance(proof, Mapping) else None
        if by not in RULES:
            raise Rejected(f"{by!r} is not a rule; there are {', '.join(RULES)}")
        if not goal.relation.free <= set(
            goal.names
        ):  # a text in the proof must not bring names of its own
            raise Rejected(
                f"{', '.join(sorted(goal.relation.free - set(goal.names)))}: not a "
                "variable of the goal"
            )
        rule = getattr(self, f"_{by}")
        alone = by == "algebra" or (by, proof.get("defined")) in _SHOWS_ITSELF
        try:
            if not defined and not alone:
                self.define(goal, proof.get("defined", {}))
                defined = True
            rule(goal, proof, defined)
        except (
            *_TROUBLE,
            KeyError,
            TypeError,
            ValueError,
            IndexError,
            AttributeError,
            ArithmeticError,
        ) as error:
            if isinstance(error, Rejected):
                raise
            raise Rejected(f"rule {by!r}: {error} ({goal.text()[:300]})") from None

    def define(self, goal: Comparison, proofs: Any) -> None:
        """Check that both sides are defined on the goal's set; `proofs` has what
        intervals and algebra do not see."""
        try:
            needed = obligations(goal.relation.left, goal.relation.right)
        except Unsupported as error:
            raise Rejected(str(error)) from None
        for need in needed:  # innermost first, so each is itself defined
            options = [replace(goal, relation=r) for r in either_sign(need)]
            given = proofs.get(str(need.left)) if isinstance(proofs, Mapping) else None
            if given is None:
                if any(self.at_once(o) for o in options):
                    continue
                raise Rejected(f"{need.left} {need.op} 0 is needed, and not shown")
            self.check(options[_index(given.get("option", 0))], given["proof"], defined=True)

    def at_once(self, goal: Comparison) -> bool:
        """Whether intervals or algebra show a goal that is known to be defined."""
        for rule in (self._interval, self._sturm):
            try:
                rule(goal, {}, True)
            except (Rejected, *_TROUBLE):
                continue
            return True
        return decide_exactly(goal, 1.0) is not None

    def _algebra(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        """Shows itself that both sides are defined."""
        if "plan" not in proof:
            shown = decide_exactly(goal, _ALGEBRA) is not None
        else:
            try:
                shown = isinstance(by_plan(Problem(goal), PLANS[_index(proof["plan"])]), Proved)
            except (Undefined, Branch):
                shown = False
        if not shown:
            raise Rejected(f"algebra does not show {goal.text()}")

    def _constant(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        if goal.relation.free:
            raise Rejected("a constant has no variables")
        if not _accepted(sign_of(goal.relation.gap())[0], goal.relation.op):
            raise Rejected(f"{goal.relation} is not shown")

    def _interval(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        found = on_box(goal.relation.gap(), goal.hull, _BITS, loose=True)
        if not positive(found, goal.relation.op):
            raise Rejected(f"the gap is only known to be in {found}")

    def _split(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        at, (below, above) = parse_term(proof["at"]), proof["parts"]
        r = range_of(goal, proof["variable"])
        if not at.free:
            value = at_point(at, {}, _BITS)
            ends = [
                None if s.value is None else at_point(s.value, {}, _BITS)
                for s in (r.lower, r.upper)
            ]
            if (ends[0] is not None and not ends[0] < value) or (
                ends[1] is not None and not value < ends[1]
            ):
                raise Rejected(f"{at} is not inside {r}")
        else:
            self._inside(goal, r, at, inside_goals(goal, r, at, False, ("lower", "upper")), proof)
        for part, how in zip(halves(goal, r.name, at), (below, above), strict=True):
            self.check(part, how, defined)

    def _bound(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        child, at, needs = bound_goal(goal, _index(proof["given"]), proof["variable"])
        self._inside(goal, range_of(goal, proof["variable"]), at, needs, proof)
        self.check(child, proof["proof"], defined)

    def _inside(
        self, goal: Comparison, r: Range, at: Term, needs: list[Comparison], proof: Proof
    ) -> None:
        """A new end of a range, in the other variables, is defined and inside it:
        the parts are parts of the set."""
        others = without(goal, r.name)
        if not at.free <= set(others.names) or not free_of_hypotheses(
            replace(goal, given=()), r.name
        ):
            raise Rejected(
                f"{at} is not a term in the other variables, or their ranges depend on {r.name}"
            )
        self.define(gap_goal(others, at), proof.get("end defined", {}))
        given = proof.get("inside", [None] * len(needs))
        for need, how in zip(needs, given, strict=True):
            if how is not None:
                self.check(need, how)
            elif not self.at_once(need):
                raise Rejected(f"{need.text()} is not shown")

    def _monotone(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        name, end, op = proof["variable"], proof["end"], goal.relation.op
        r = range_of(goal, name)
        if end not in ("lower", "upper") or not free_of_hypotheses(goal, name):
            raise Rejected(f"other hypotheses depend on {name}")
        side: Side = getattr(r, end)
        slope_op = face_op = op
        closed = side.value is not None and not side.open
        if (
            op == ">"
        ):  # one of the two has to be strict; a strict slope only helps away from the end itself
            strict_slope = proof.get("strict") == "slope"
            if strict_slope and closed:
                raise Rejected("a strict slope says nothing at the end itself")
            slope_op, face_op = (">", ">=") if strict_slope else (">=", ">")
        # On an open end the gap has to make sense too. It is continuous there, since its
        # derivative has a formula.
        self.check(face_goal(goal, name, end, face_op), proof["face"], defined=closed)
        self.check(slope_goal(goal, name, end, slope_op), proof["slope"])

    def _normal(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        times = parse_term(proof.get("times", "1"))
        if not times.free <= set(goal.names):
            raise Rejected(f"{times} has other variables than the goal")
        if times is not _ONE:
            self.check(gap_goal(goal, times, ">"), proof["positive"])
        child = normal_goal(goal, times)
        if proof.get("form") == "logarithms":
            child = gap_goal(child, as_sum(child.relation.left).term())
        self.check(child, proof["proof"])

    def _ascent(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        (name,) = goal.on.names
        end, op, r = proof["end"], goal.relation.op, range_of(goal, name)
        at = {"lower": r.lower, "upper": r.upper}[end]
        low, high = (_finite(e) for e in (goal.hull[name].lower, goal.hull[name].upper))
        if op == "==" or at.value is None or at.value.op != "rational":
            raise Rejected("a slope decides an inequality, from a rational end")
        sign, _ = sign_of(substitute((goal.relation.gap(),), {name: at.value})[0])
        gap = goal.relation.gap() if end == "lower" else neg(goal.relation.gap())
        bits, order = precision(proof, 128, 8, 2)
        slope = taylor_form(gap, name, bits).slope(low, high, order)
        inside = (
            op == ">" and at.open and slope > 0
        )  # a strict slope says nothing at the end itself
        if sign is None or not slope >= 0 or not _accepted(sign, ">=" if inside else op):
            raise Rejected("the gap is not seen to grow from a value that is large enough")

    def _steps(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        """In both cases p + n k stays in the set; there the gap is the sum of logarithms
        (see `exact.algebra.gammas`)."""
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
        self.define(gap_goal(goal, total.plain()), proof.get("sides", {}))
        change = difference(total, step)
        if "first" in proof:  # p is p' + n k with p' in the first step
            ((name, k),) = step.items()
            start = range_of(goal, name).lower
            if op == "==" or start.value is None or start.open:
                raise Rejected(f"there is no first step of {name}")
            self.check(gap_goal(goal, change, ">="), proof["change"], True)
            self.check(halves(goal, name, add(start.value, number(k)))[0], proof["first"], True)
            return
        strict = (">=", ">") if proof.get("strict") == "limit" else (">", ">=")
        change_op, limit_op = strict if op == ">" else (op, op)
        end = limit_along(total, step, lambda m: sign_of(m)[0] == 1)
        self.check(gap_goal(goal, neg(change), change_op), proof["change"], True)
        self.check(gap_goal(goal, end, limit_op), proof["limit"])

    def _factors(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        scale, parts = factors(goal.relation.gap())
        strict, sign = goal.relation.op == ">", 1 if scale > 0 else -1
        if goal.relation.op == "==" or scale == 0:
            raise Rejected("factors are for inequalities")
        given: Sequence[Proof] = proof["parts"]
        if len(given) != len(parts):
            raise Rejected(f"there are {len(parts)} factors, not {len(given)}")
        for (f, k), how in zip(parts, given, strict=True):
            if k % 2 == 0 and not strict:
                continue
            turned = how["sign"] == "-"
            sign *= -1 if turned and k % 2 else 1
            # a factor of the denominator is not zero where the gap is defined
            self.check(
                gap_goal(goal, neg(f) if turned else f, ">" if strict and k > 0 else ">="),
                how["proof"],
                True,
            )
        if sign < 0:
            raise Rejected("the product has the other sign")

    def _logarithms(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        left, right = self._sides(goal, proof)
        for side, how in zip((left, right), proof["positive"], strict=True):
            self.check(gap_goal(goal, side, ">"), how)
        self.check(logarithm_goal(goal, left, right), proof["proof"])

    def _exponentials(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        left, right = self._sides(goal, proof)
        self.check(exponential_goal(goal, left, right), proof["proof"])

    def _sum(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        terms, strict = [parse_term(t) for t in proof["terms"]], _index(proof.get("strict", 0))
        total = _ZERO
        for t in terms:
            total = add(total, t)
        if goal.relation.op == "==" or not vanishes(sub(goal.relation.gap(), total)):
            raise Rejected("the terms do not add up to the gap")
        if goal.relation.op == ">" and not 0 <= strict < len(terms):
            raise Rejected("none of the terms is shown to be positive")
        for k, (t, how) in enumerate(zip(terms, proof["parts"], strict=True)):
            self.check(
                gap_goal(goal, t, ">" if goal.relation.op == ">" and k == strict else ">="), how
            )

    def _squares(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        left, right = self._sides(goal, proof)
        self.check(gap_goal(goal, left, ">="), proof["positive"])
        self.check(squares_goal(goal, left, right), proof["proof"])

    def _sides(self, goal: Comparison, proof: Proof) -> tuple[Term, Term]:
        """The gap as a difference, the way the proof writes it."""
        left, right = (parse_term(proof[side]) for side in ("left", "right"))
        difference = sub(left, right)
        if goal.relation.op == "==" or not vanishes(sub(goal.relation.gap(), difference)):
            raise Rejected(f"{left} - ({right}) is not the gap")
        self.define(gap_goal(goal, difference), proof.get("sides", {}))
        return left, right

    def _inverse(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        self.check(inverse_goal(goal, proof["variable"]), proof["proof"], True)

    def _power(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        gap = goal.relation.gap()
        if gap.op == "call" and gap.payload == "exp" and goal.relation.op != "==":
            return
        root = gap.op == "pow" or (gap.op == "call" and gap.payload in ("sqrt", "cbrt"))
        if not root or goal.relation.op == "==":
            raise Rejected(f"{gap} is not a power")
        self.check(gap_goal(goal, gap.args[0], ">"), proof["proof"], True)

    def _rewrite(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        self.check(
            gap_goal(goal, rewritten(goal.relation.gap(), proof["form"])), proof["proof"], True
        )

    def _branch(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        gap = goal.relation.gap()
        node = next((n for n in postorder(gap) if branches(n) and str(n) == proof["node"]), None)
        if node is None:
            raise Rejected(f"{proof['node']} is not a part of the gap with branches")
        value, signs = branches(node)[_index(proof["branch"])]
        for (v, op), how in zip(signs, proof["signs"], strict=True):
            self.check(gap_goal(goal, v, op), how, True)
        self.check(gap_goal(goal, replaced(gap, {node: value})), proof["proof"], True)

    def _period(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        self.check(period_goal(goal, proof["variable"]), proof["proof"], True)

    def _cases(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        for relation, how in zip(cases(goal.relation), proof["parts"], strict=True):
            self.check(replace(goal, relation=relation), how, defined)

    # -- polynomials -------------------------------------------------------------------------------

    def _sturm(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        op, free = goal.relation.op, sorted(goal.relation.free)
        if len(free) != 1 or op == "==":
            raise Rejected("Sturm's theorem is for inequalities in one variable")
        r = fraction(goal.relation.gap(), free)
        p = univariate(r.num * r.den)  # the denominator is not zero where the gap is defined
        if not keeps_sign(p, exact_span(goal, free[0]), op == ">"):
            raise Rejected("the gap has another sign somewhere")

    def _bernstein(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        names, op = goal.on.names, goal.relation.op
        p = polynomial(goal.relation.gap(), names)
        ends: list[tuple[fmpq, fmpq]] = []
        for n in names:
            x = exact_span(goal, n)
            if x.lower is None or x.upper is None or op == "==":
                raise Rejected("Bernstein coefficients are for inequalities on bounded boxes")
            ends.append((x.lower, x.upper))
        todo, code = [(bernstein(p, ends), 0)], iter(proof["tree"])
        while todo:
            (table, depth), what = todo.pop(), next(code, None)
            if what is not None and what.isdigit() and what.isascii() and int(what) < len(names):
                if depth > MAX_HALVINGS * len(names):
                    raise Rejected(
                        f"a box is halved more than {MAX_HALVINGS} times along each variable"
                    )
                todo += [(half, depth + 1) for half in reversed(bernstein_halves(table, int(what)))]
            elif what != "b" or not holds(table, op == ">"):
                raise Rejected(f"the leaf {what!r} does not hold")
        if next(code, None) is not None:
            raise Rejected("the tree has leaves that belong to no box")

    def _signs(self, goal: Comparison, proof: Proof, defined: bool) -> None:
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
                self.check(orthant_goal(claim), node, True)
            else:
                todo += zip(claim.parts(node), node["parts"], strict=True)

    def _powers(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        self.check(powers_goal(goal, proof["exponents"]), proof["proof"], True)

    def _squares_sum(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        gap, op, hypotheses = goal.relation.gap(), goal.relation.op, goal.hypotheses
        times = parse_term(proof.get("times", "1"))
        if op == "==" or not times.free <= set(goal.names):
            raise Rejected("squares are for inequalities, in the variables of the goal")
        if times is not _ONE:
            self.check(gap_goal(goal, times, ">"), proof["positive"])
        rest, strict = mul(gap, times), False
        for c, text, which in proof["squares"]:
            p, weights = self._plain(text, gap), [hypotheses[k] for k in which]
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
            rest = sub(rest, mul(self._plain(text, gap), hypotheses[k].gap()))
        if op == ">" and not strict:
            raise Rejected("no square is a positive constant")
        if not vanishes(rest):
            raise Rejected("the gap is not this sum of squares")

    @staticmethod
    def _plain(text: str, gap: Term) -> Term:
        """A polynomial in the variables and in operations that occur in the gap, so it is
        defined where the gap is."""
        root = parse_term(text)
        known = {gap, *postorder(gap)}
        for node in postorder(root):
            plain = node.op in ("rational", "symbol", "add", "sub", "mul", "neg")
            by_number = (
                node.op == "div" and node.args[1].op == "rational" and node.args[1].payload != 0
            )
            exponent = (
                node.args[1].payload
                if node.op == "pow" and node.args[1].op == "rational"
                else fmpq(-1)
            )
            if not (plain or by_number or (exponent >= 0 and exponent.q == 1) or node in known):
                raise Rejected(f"{root} is not a polynomial in what the gap is made of")
        return root

    def _boxes(self, goal: Comparison, proof: Proof, defined: bool) -> None:
        Tree(goal, proof, defined).check()


RULES = (
    *(
        "algebra",
        "bound",
        "boxes",
        "branch",
        "cases",
        "constant",
        "exponentials",
        "factors",
        "interval",
        "inverse",
    ),
    *(
        "logarithms",
        "monotone",
        "normal",
        "period",
        "power",
        "rewrite",
        "split",
        "squares",
        "steps",
        "sum",
        "ascent",
    ),
    *("bernstein", "powers", "signs", "squares_sum", "sturm"),
)


# Rules that also show that both sides are defined: on each leaf, in each part.
_SHOWS_ITSELF = (("boxes", "leaf by leaf"), ("cases", "part by part"))


def _finite(end: End) -> fmpq:
    if isinstance(end, float):
        raise Rejected("the range is not bounded")
    return end.fmpq()


def _index(k: Any) -> int:
    """A place in a list, as a proof names it."""
    if type(k) is not int or k < 0:
        raise Rejected(f"{k!r} is not a place in a list")
    return k


def _accepted(sign: int | None, op: str) -> bool:
    if sign is None:
        return False
    return sign == 0 if op == "==" else sign > 0 or (sign == 0 and op == ">=")
