"""What holds where a proof stands: open scopes with their assumptions, and the facts in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.kernel.existence import known_from
from boundcheck.theorems.kernel.sequent import Theorem, derive
from boundcheck.theorems.language.expr import Expr, symbol
from boundcheck.theorems.language.formulas import parts
from boundcheck.theorems.language.sorts import Sort
from boundcheck.theorems.notation.names import CONSTANTS, WORDS, fresh_name, is_name
from boundcheck.theorems.rules.all_rules import RULES

assert RULES  # importing the rules declares them


class StepFailed(BoundcheckError):
    """A step of a proof was not shown."""


@dataclass
class Scope:
    """A part of a proof with assumptions of its own.

    Attributes:
        assumptions: what is assumed here.
        facts: what was shown here, in order.
        variables: what is taken as given here, and generalised or eliminated at the end.
    """

    assumptions: list[Theorem] = field(default_factory=list)
    facts: list[Theorem] = field(default_factory=list)
    variables: list[Expr] = field(default_factory=list)
    where: dict[Expr, Theorem] = field(default_factory=dict)
    """Terms that exist since a fact says so."""
    formulas: dict[Expr, Theorem] = field(default_factory=dict)


class Context:
    """The scopes that are open, innermost last.

    Attributes:
        symbols: every symbol that was declared, by its name.
    """

    def __init__(self) -> None:
        self.scopes: list[Scope] = [Scope()]
        self.symbols: dict[str, Expr] = {}

    def declare(self, name: str, sort: Sort) -> Expr:
        """A new symbol.

        Raises:
            BoundcheckError: the name is taken, or is no name.
        """
        if name in WORDS or (name in CONSTANTS and sort.numeric):
            raise BoundcheckError(f"{name} has a meaning of its own; choose another name")
        if not is_name(name):
            raise BoundcheckError(f"{name!r} is no name; use letters, digits and _, a letter first")
        if name in self.symbols:
            raise BoundcheckError(f"{name} is declared twice; a symbol has one meaning")
        self.symbols[name] = symbol(name, sort)
        return self.symbols[name]

    def fresh(self, hint: str, sort: Sort, *avoiding: Expr) -> Expr:
        """A new variable with a name like the hint; it is not declared for others."""
        taken = set(self.symbols) | {str(s.data) for e in avoiding for s in e.free}
        for a in self.assumptions():
            taken |= {str(s.data) for s in a.concl.free}
        return symbol(fresh_name(hint, taken), sort)

    def assumptions(self) -> Iterator[Theorem]:
        """What is assumed, outermost first."""
        for scope in self.scopes:
            yield from scope.assumptions

    def assume(self, formula: Expr) -> Theorem:
        """Assume a formula in the innermost scope."""
        made = derive("assume", formula=formula)
        self.scopes[-1].assumptions.append(made)
        return self.remember(made)

    def remember(self, theorem: Theorem) -> Theorem:
        """Keep a theorem as a fact of the innermost scope."""
        scope = self.scopes[-1]
        scope.facts.append(theorem)
        self.index(theorem)
        return theorem

    def index(self, theorem: Theorem) -> None:
        """Make a theorem findable, by its conclusion and by the terms that exist since it holds."""
        scope = self.scopes[-1]
        scope.formulas.setdefault(theorem.concl, theorem)
        for t in known_from([theorem]):
            scope.where.setdefault(t, theorem)
        if theorem.concl.head == "and":
            for side in (0, 1):
                self.index(derive("part", theorem, side=side))

    def found(self, formula: Expr) -> Theorem | None:
        """A fact with that conclusion."""
        return next((s.formulas[formula] for s in self.scopes if formula in s.formulas), None)

    def why_exists(self, term: Expr) -> Theorem | None:
        """A fact from which it follows that the term exists."""
        return next((s.where[term] for s in self.scopes if term in s.where), None)

    def relations(self) -> Iterator[Theorem]:
        """The assumed relations between numbers, conjunctions taken apart."""
        for a in self.assumptions():
            for p in parts(a.concl):
                if p.head == "relation" and p.args[0].sort.numeric:
                    yield self.found(p) or a

    def allowed(self, hyps: Iterable[Expr]) -> Expr | None:
        """A hypothesis that is assumed nowhere where the proof stands."""
        known = {a.concl for a in self.assumptions()}
        return next((h for h in hyps if h not in known), None)
