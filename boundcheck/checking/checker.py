"""The checker: replays a proof with balls and exact algebra, and searches nothing.

A *goal* is a comparison on a box with `>=`, `>` or `==`, and its *gap* is the larger side minus the
other. A proof is a tree of the rules below, as plain JSON. The one invariant: both sides of a goal
are defined at every point of its set. Each rule says in its docstring why it is sound.

What it rests on is listed in `tests/house/test_layout.py`: terms, exact algebra, cells and balls,
which the search uses too; none of the search, no sympy, no networks. Floats are infinite ends, and
places to cut a box, exactly: nothing is computed with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from boundcheck.checking import (
    direct_rules,
    form_rules,
    hypothesis_rules,
    polynomial_rules,
    set_rules,
    slope_rules,
)
from boundcheck.checking.goals import Rejected
from boundcheck.checking.rule import Rule, place
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proof
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.terms.defined import alternatives, obligations
from boundcheck.exact.terms.work import spend

RULES: Mapping[str, Rule] = {
    "constant": direct_rules.constant,
    "interval": direct_rules.interval,
    "boxes": direct_rules.boxes,
    "algebra": direct_rules.algebra,
    "power": direct_rules.power,
    "split": set_rules.split,
    "edge": set_rules.edge,
    "bound": set_rules.bound,
    "instance": set_rules.instance,
    "inverse": set_rules.inverse,
    "period": set_rules.period,
    "cases": set_rules.cases,
    "branch": set_rules.branch,
    "subset": hypothesis_rules.subset,
    "equation": hypothesis_rules.equation,
    "lemma": hypothesis_rules.lemma,
    "monotone": slope_rules.monotone,
    "ascent": slope_rules.ascent,
    "steps": slope_rules.steps,
    "normal": form_rules.normal,
    "rewrite": form_rules.rewrite,
    "factors": form_rules.factors,
    "sum": form_rules.terms,
    "squares": form_rules.squares,
    "logarithms": form_rules.logarithms,
    "exponentials": form_rules.exponentials,
    "sturm": polynomial_rules.sturm,
    "bernstein": polynomial_rules.bernstein,
    "signs": polynomial_rules.signs,
    "powers": polynomial_rules.powers,
    "squares_sum": polynomial_rules.squares_sum,
}

EX_FALSO: Mapping[str, Rule] = {"absurd": hypothesis_rules.absurd}
"""Rules for statements whose hypotheses may contradict each other; where that is not said, a proof
by these would hide that the statement says nothing."""

# Rules that also show that both sides are defined: on each cell, on each leaf, in each part, on a
# larger set, in fewer variables, or at no point at all.
_SHOWS_ITSELF = (("boxes", "leaf by leaf"), ("cases", "part by part"))
_ALONE = ("algebra", "subset", "equation", "absurd")
_TROUBLE = (Unclear, DomainError, Unsupported)
_MALFORMED = (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError)


class Checker:
    """Checks proofs.

    Args:
        ex_falso: whether hypotheses may contradict each other, and a proof may say so.

    Attributes:
        rules: by their names in proofs.

    Raises (all methods): Rejected, naming the rule that does not apply; OutOfBudget.
    """

    rules: Mapping[str, Rule] = RULES

    def __init__(self, ex_falso: bool = False) -> None:
        if ex_falso:
            self.rules = {**self.rules, **EX_FALSO}

    def check(self, goal: Comparison, proof: Proof, defined: bool = False) -> None:
        """Check a goal. Both sides are known to be defined on its set where `defined`; else that
        is checked first."""
        spend(10)
        if goal.relation.op not in (">", ">=", "=="):
            raise Rejected(
                f"a goal is an equality, or has > or >=, not {goal.relation.op}: see goal_of"
            )
        by = proof.get("by") if isinstance(proof, Mapping) else None
        if not isinstance(by, str) or by not in self.rules:
            raise Rejected(f"{by!r} is not a rule; there are {', '.join(self.rules)}")
        strange = sorted(goal.relation.free - set(goal.names))
        if strange:  # a text in the proof must not bring names of its own
            raise Rejected(f"{', '.join(strange)}: not a variable of the goal")
        alone = by in _ALONE or (by, proof.get("defined")) in _SHOWS_ITSELF
        try:
            if not defined and not alone:
                self.define(goal, proof)
                defined = True
            self.rules[by](self, goal, proof, defined)
        except (*_TROUBLE, *_MALFORMED) as error:
            if isinstance(error, Rejected):
                raise
            raise Rejected(f"rule {by!r}: {error} ({goal.text()[:300]})") from None

    def define(self, goal: Comparison, proof: Proof, key: str = "defined") -> None:
        """Check that both sides are defined on the goal's set; `proof[key]` has, for each operand
        in question, the proof of what `at_once` does not see."""
        try:
            needed = obligations(goal.relation.left, goal.relation.right)
        except Unsupported as error:
            raise Rejected(str(error)) from None
        given = proof.get(key, {})
        for need in needed:  # innermost first, so each is itself defined
            options = [replace(goal, relation=r) for r in alternatives(need)]
            name = str(need.left)
            how = given.get(name) if isinstance(given, Mapping) else None
            if how is None:
                if any(self.at_once(o) for o in options):
                    continue
                how = self.missing(options, proof, key, name)
            self.check(options[place(how.get("option", 0))], how["proof"], defined=True)

    def at_once(self, goal: Comparison) -> bool:
        """Whether intervals, or Sturm's theorem, show a goal that is known to be defined."""
        for rule in (direct_rules.interval, polynomial_rules.sturm):
            try:
                rule(self, goal, {}, True)
            except (Rejected, *_TROUBLE):
                continue
            return True
        return False

    def missing(
        self, options: Sequence[Comparison], proof: Proof, key: str, name: str | int
    ) -> Proof:
        """The proof of one of some goals, which `proof[key][name]` does not have: there is none."""
        raise Rejected(f"{options[0].text()[:300]}: this is needed, and not shown")
