"""Blocks: for arbitrary values, by induction, with a thing that is there, by cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from boundcheck.theorems.author.facts import Block, By, Fact, facts_of, theorems
from boundcheck.theorems.author.range_steps import Ranges
from boundcheck.theorems.engine.context import Scope, StepFailed
from boundcheck.theorems.engine.matching import opaque_parts
from boundcheck.theorems.kernel.existence import exists
from boundcheck.theorems.kernel.sequent import Theorem, derive
from boundcheck.theorems.language.binding import abstracted, opened
from boundcheck.theorems.language.expr import Expr, ExprLike, expr, made
from boundcheck.theorems.language.formulas import for_all
from boundcheck.theorems.rules.mean_rules import (
    OPPOSITE,
)


class Blocks(Ranges):
    """Parts of a proof with assumptions of their own."""

    @contextmanager
    def let(self, *variables: Expr, given: Iterable[Expr] = ()) -> Iterator[Block]:
        """For arbitrary values of the variables with `given`: after the block its fact says the
        last fact of the block for all of them."""
        block = Block()
        conditions = list(given)
        self._open(list(variables))
        block.facts = [Fact(self, self.engine.assume(c)) for c in conditions]
        yield block
        last = self._close()
        for c in reversed(conditions):
            last = derive("discharge", last, formula=c)
        for v in reversed(variables):
            last = derive("generalise", last, variable=v)
        block.result = self.fact(last)

    @contextmanager
    def induct(self, claim: Expr, n: Expr, start: ExprLike = 0, base: By = ()) -> Iterator[Block]:
        """By induction on n from `start`: the block shows `goal`, the claim for n + 1, from
        `hypothesis`, the claim for n. The claim for `start` is shown from `base` first."""
        key, claim = self._written("step", claim)
        low = expr(start)
        step = abstracted((n,), claim)
        formula = for_all(n, claim, [n >= low])
        first = self.engine.show(step(low), theorems(base))
        block = Block()
        self._open([n])
        order = self.engine.assume(n >= low)
        block.hypothesis = Fact(self, self.engine.assume(claim))
        block.facts = [Fact(self, order), block.hypothesis]
        block.goal = step(n + 1)
        yield block
        last = self._close()
        if last.concl != block.goal:
            raise StepFailed(
                f"the induction has to end with {block.goal!r}; its last fact is {last.concl!r}"
            )
        for f in (claim, n >= low):
            last = derive("discharge", last, formula=f)
        last = derive("generalise", last, variable=n)
        found = derive("induction", first, last, formula=formula)
        if low == expr(0):  # every natural number is at least 0
            plain = derive("instantiate", found, value=n)
            plain = derive("detach", plain, self.engine.side(n >= low))
            found = derive("generalise", plain, variable=n)
        block.result = self._step(key, found)

    @contextmanager
    def obtain(self, there: Fact, name: str) -> Iterator[Block]:
        """A thing of which it is known that it is there: `value`, with what is known of it as
        `facts`. The last fact of the block may not speak of it."""
        block = Block()
        formula = there.formula
        if formula.head != "exists":
            raise StepFailed(f"{formula!r} does not say that something is there")
        block.value = self.engine.declare(name, formula.data)  # type: ignore[arg-type]
        self._open([block.value])
        assumed = self.engine.assume(opened(formula, block.value))
        block.facts = [Fact(self, p) for p in self.engine.taken_apart(assumed)]
        yield block
        last = self._close()
        block.result = self.fact(derive("eliminate", there.theorem, last, variable=block.value))

    @contextmanager
    def suppose(self, *conditions: Expr) -> Iterator[Block]:
        """Under conditions: after the block its fact says that they imply its last fact."""
        with self.let(given=conditions) as block:
            yield block

    def cases(self, left: ExprLike, right: ExprLike, first: Block, second: Block) -> Fact:
        """What holds if left <= right, and if right < left, as two blocks have shown."""
        a, b = expr(left), expr(right)
        assumed = []
        for block, case in ((first, a <= b), (second, b < a)):
            held = derive("assume", formula=case)
            assumed.append(derive("detach", block.fact.theorem, held))
        why = [self.engine.exist(t) for t in (a, b) if not exists(t)]
        return self.fact(derive("cases", *assumed, *why, left=a, right=b))

    def indicators(self, goal: Expr, by: By = (), opaque: Iterable[Expr] = ()) -> Fact:
        """A relation with indicators of inequalities, shown for each case of what is true; the
        first event is split where the others do not decide it."""
        events = dict.fromkeys(e.args[0] for e in opaque_parts(goal) if e.head == "ind")
        return self._events(goal, list(events), facts_of(by), tuple(opaque))

    def _events(
        self, goal: Expr, events: list[Expr], by: list[Fact], opaque: tuple[Expr, ...]
    ) -> Fact:
        if not events:
            return self.show(goal, by)
        *others, event = events
        opposite = made("relation", OPPOSITE[str(event.data)], event.args)

        def known(holds: Fact) -> Fact:
            value = self.derive(f"indicator_{str(holds.formula == event).lower()}", holds)
            return self._events(goal, others, [*by, holds, value], opaque)

        for side in (event, opposite) if not others and by else ():
            try:
                return known(self.show(side, by, opaque))
            except StepFailed:
                continue
        a, b = event.args if event.data in ("<=", ">") else event.args[::-1]
        blocks = []
        for case in (a <= b, b < a):
            with self.suppose(case) as block:
                true = (case.data == "<=") == (event.data in ("<=", ">="))
                known(self.show(event if true else opposite, block.facts, opaque))
            blocks.append(block)
        return self.cases(a, b, *blocks)

    def _open(self, variables: list[Expr]) -> None:
        for v in variables:
            if not isinstance(v, Expr) or v.head != "symbol":
                raise StepFailed(f"{v!r} is no variable; name each one, as in let(x, y)")
        for a in self.engine.assumptions():
            for v in variables:
                if v in a.concl.free:
                    raise StepFailed(f"{v!r} is not arbitrary: it is free in {a.concl!r}")
        self.engine.scopes.append(Scope(variables=variables))

    def _close(self) -> Theorem:
        scope = self.engine.scopes.pop()
        if not scope.facts:
            raise StepFailed("nothing was shown in the block")
        return scope.facts[-1]
