"""What a proof has: facts, and the blocks that show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeAlias

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.engine.engine import Engine
from boundcheck.theorems.kernel.sequent import Theorem
from boundcheck.theorems.language.expr import Expr, ExprLike, expr
from boundcheck.theorems.notation.sequent_latex import sequent_display


class Keeper(Protocol):
    """What keeps facts: a proof."""

    engine: Engine

    def fact(self, theorem: Theorem) -> Fact: ...


class Fact:
    """Something that was shown. Called with terms, a universal fact is one about them; its
    conditions are shown where it is called, from the facts named if there are any."""

    def __init__(self, proof: Keeper, theorem: Theorem) -> None:
        self.proof, self.theorem = proof, theorem

    @property
    def formula(self) -> Expr:
        """What the fact says."""
        return self.theorem.concl

    @property
    def left(self) -> Expr:
        """The left side of a relation."""
        return self.formula.args[0]

    @property
    def right(self) -> Expr:
        """The right side of a relation."""
        return self.formula.args[1]

    def __call__(self, *values: ExprLike, by: By = ()) -> Fact:
        engine = self.proof.engine
        made = engine.resolved(self.theorem, [expr(v) for v in values], theorems(by))
        return self.proof.fact(made)

    def __iter__(self) -> Iterator[Fact]:
        """The parts of a conjunction."""
        return iter([Fact(self.proof, p) for p in self.proof.engine.taken_apart(self.theorem)])

    def __repr__(self) -> str:
        return f"Fact({self.formula!r})"

    def _repr_latex_(self) -> str:
        return sequent_display(self.theorem.hyps, self.theorem.concl)


By: TypeAlias = "Fact | Block | Iterable[Fact | Block]"
Declared: TypeAlias = Any
"""What a declaration gives: a symbol for one name, a tuple of symbols for several."""


class Block:
    """A `with` block of a proof; after it, `fact` is what it showed."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.result: Fact | None = None
        self.goal: Expr | None = None
        self.hypothesis: Fact | None = None
        self.value: Expr | None = None

    @property
    def fact(self) -> Fact:
        """What the block showed, once it has ended."""
        if self.result is None:
            raise BoundcheckError("a block has its fact when it has ended")
        return self.result

    def __call__(self, *values: ExprLike, by: By = ()) -> Fact:
        return self.fact(*values, by=by)


def facts_of(by: By) -> list[Fact]:
    named = [by] if isinstance(by, (Fact, Block)) else by
    return [f.fact if isinstance(f, Block) else f for f in named]


def theorems(by: By) -> list[Theorem]:
    return [f.theorem for f in facts_of(by)]
