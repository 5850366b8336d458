"""The author's side of a theorem: `t` in `def theorem(t)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.author.blocks import Blocks
from boundcheck.theorems.author.facts import By, Fact, theorems
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.engine.matching import all_opaque, instances
from boundcheck.theorems.kernel.existence import exists
from boundcheck.theorems.kernel.sequent import Theorem, derive
from boundcheck.theorems.language.binding import Lambda
from boundcheck.theorems.language.expr import Expr, expr
from boundcheck.theorems.language.sorts import Sort


class Proof(Blocks):
    """A theorem while it is being written. See `docs/theorems.md`."""

    def finished(self, fact: Fact) -> Theorem:
        """The theorem, whose hypotheses are among those given.

        Raises:
            BoundcheckError: it is no fact.
            StepFailed: it rests on an assumption of a block that has ended.
        """
        if not isinstance(fact, Fact):
            raise BoundcheckError(
                f"a theorem returns a fact, not {fact!r}; return what show() and other steps give"
            )
        bad = self.engine.allowed(fact.theorem.hyps)
        if bad is not None:
            raise StepFailed(f"the theorem rests on {bad!r}, which was only assumed in a block")
        return fact.theorem

    def use(
        self,
        theorem: str | Theorem,
        values: Mapping[str, Any] | None = None,
        spaces: Mapping[str, Sort] | None = None,
        by: By = (),
    ) -> Fact:
        """A theorem with terms for its symbols; its hypotheses are shown here.

        Args:
            theorem: the id of another claim of the same folder, or a theorem.
            values: for names of its symbols, terms, or functions made by `function`. A symbol
                without a value is the one declared here with its name; if there is none, its
                value is found by matching hypotheses with the facts named and those in scope.
            spaces: for names of its spaces, sorts.
            by: facts from which its hypotheses are shown.

        Raises:
            StepFailed: a hypothesis is not shown, or no value is found for a symbol.
        """
        if isinstance(theorem, str):
            if self.other is None:
                raise BoundcheckError(f"{theorem} cannot be found from here")
            self.used.append(theorem)
            theorem = self.other(theorem, self.engine.budget)
        symbols = {str(s.data): s for s in theorem.free}
        given: dict[Expr, Any] = {}
        for name, new in (values or {}).items():
            if name not in symbols:
                raise BoundcheckError(
                    f"the theorem has no symbol {name}; it has {', '.join(sorted(symbols))}"
                )
            given[symbols[name]] = new if isinstance(new, (Expr, Lambda)) else expr(new)
        given |= self._matched(theorem, given, by)
        why = []
        for new in given.values():
            if isinstance(new, Lambda):
                why += self.engine.total(new, theorems(by))
            elif new.sort.kind != "function" and not exists(new):
                why.append(self.engine.exist(new))
        made = derive("substitute", theorem, *why, values=given, spaces=dict(spaces or {}))
        for h in made.hyps:
            if self.engine.allowed([h]) is None:
                continue
            shown = self.engine.condition(h, theorems(by))
            made = derive("detach", derive("discharge", made, formula=h), shown)
        return self.fact(made)

    def _matched(self, theorem: Theorem, given: Mapping[Expr, Any], by: By) -> dict[Expr, Expr]:
        """Values for the symbols that have none and are not declared here."""
        missing = tuple(
            s
            for s in sorted(theorem.free - given.keys(), key=lambda s: str(s.data))
            if str(s.data) not in self.engine.symbols
        )
        if not missing:
            return {}
        named = [f.concl for f in theorems(by)]
        known = [*named, *(f for s in self.engine.scopes for f in s.formulas)]
        asked = [h for h in theorem.hyps if h.free & set(missing)]
        terms = [*known, *all_opaque(f for f in known if f.head == "relation")]
        found = instances(theorem.concl, missing, terms, 1, asked)
        if not found:
            names = ", ".join(sorted(str(s.data) for s in missing))
            raise StepFailed(f"no values are found for {names} of the theorem; give them by values")
        return dict(zip(missing, found[0], strict=True))


def derived(function: Callable[[Proof], Fact], budget: float | None = None) -> Theorem:
    """The theorem that a function writes."""
    t = Proof(budget)
    return t.finished(function(t))
