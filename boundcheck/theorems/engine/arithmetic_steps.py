"""Arithmetic, by the prover: a relation between numbers from relations."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from boundcheck.claims.verdict import Proved, Refuted
from boundcheck.search.ladder import DEFAULT_BUDGET
from boundcheck.theorems.engine.context import Context, StepFailed
from boundcheck.theorems.engine.matching import opaque_parts
from boundcheck.theorems.engine.questions import answered
from boundcheck.theorems.kernel.abstraction import Abstraction, linear_parts
from boundcheck.theorems.kernel.existence import exists
from boundcheck.theorems.kernel.sequent import Refused, Theorem, derive
from boundcheck.theorems.language.expr import Expr, below
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.rules.arithmetic_rule import question

_VECTORS = 12  # in a step, for facts about their squares
_QUICK = 1.0  # units: of 581 questions of three proof files that are proved, one took more
_EQUATION = 0.3  # units for an equation, before its two inequalities are asked for


class CounterExample(StepFailed):
    """The facts named do not imply a relation: it fails at some point where they hold."""


class Arithmetic(Context, ABC):
    """Relations between numbers.

    Attributes:
        budget: units of work for each question to the prover.
    """

    budget: float = DEFAULT_BUDGET

    @abstractmethod
    def exist(self, t: Expr) -> Theorem:
        """exists(t); see `existence_steps`."""

    def arithmetic(
        self, goal: Expr, facts: Sequence[Theorem], opaque: Sequence[Expr] = ()
    ) -> Theorem:
        """A relation from relations, by the prover.

        Raises:
            StepFailed: it is not proved.
        """
        facts = list(dict.fromkeys(facts))
        if goal.data == "==" and goal.args[0] != goal.args[1]:
            try:
                with self.at_most(_EQUATION):
                    return self.at_once(goal, facts, opaque)
            except CounterExample:
                raise
            except StepFailed:
                pass
            try:
                return self.both_ways(goal, facts, opaque)
            except StepFailed:
                pass
        return self.at_once(goal, facts, opaque)

    def at_once(self, goal: Expr, facts: Sequence[Theorem], opaque: Sequence[Expr]) -> Theorem:
        """The same, as one question."""
        missing = self.reasons(goal, facts, opaque)
        first: StepFailed | None = None
        for more in self.about_vectors(goal, facts):
            named = [*facts, *missing, *more]
            asked = question(named, goal, opaque)
            absurd = goal == FALSE  # then the facts are to contradict each other
            verdict = answered(asked.statement, self.budget, absurd)
            if isinstance(verdict, Proved):
                return derive(
                    "arithmetic", *named, goal=goal, proof=verdict.proof, opaque=tuple(opaque)
                )
            failed = CounterExample if isinstance(verdict, Refuted) else StepFailed
            first = first or failed(_why(goal, facts, asked, verdict))
        assert first is not None
        raise first

    @contextmanager
    def at_most(self, units: float) -> Iterator[None]:
        """Questions with so many units of work, at most."""
        before = self.budget
        self.budget = min(before, units)
        try:
            yield
        finally:
            self.budget = before

    def first_of(self, ways: Sequence[Callable[[], Theorem]]) -> Theorem:
        """The first way that leads to a theorem: each of them with little work, before one of them
        is given all.

        Raises:
            StepFailed: as the last one.
        """
        if self.budget > _QUICK:
            with self.at_most(_QUICK):
                for way in ways:
                    try:
                        return way()
                    except StepFailed:
                        continue
        for way in ways[:-1]:
            try:
                return way()
            except StepFailed:
                continue
        return ways[-1]()

    def both_ways(self, goal: Expr, facts: Sequence[Theorem], opaque: Sequence[Expr]) -> Theorem:
        """An equation from its two inequalities."""
        a, b = goal.args
        found = [self.arithmetic(r, facts, opaque) for r in (a <= b, a >= b)]
        whole = [*found, *self.reasons(goal, found, goal.args)]
        verdict = answered(question(whole, goal, goal.args).statement, self.budget)
        if not isinstance(verdict, Proved):
            raise StepFailed(f"{goal!r} does not follow from its two inequalities")
        return derive("arithmetic", *whole, goal=goal, proof=verdict.proof, opaque=goal.args)

    def about_vectors(self, goal: Expr, facts: Sequence[Theorem]) -> Iterator[list[Theorem]]:
        """Nothing; then that squares of vectors are not negative; then the inequality of Cauchy and
        Schwarz, too."""
        yield []
        vectors = [
            v
            for f in (goal, *(t.concl for t in facts))
            for e in opaque_parts(f)
            if e.head == "dot"
            for v in e.args
        ]
        atoms = dict.fromkeys(a for v in vectors for a, _ in linear_parts(v))
        everything = dict.fromkeys([*atoms, *vectors])
        if not everything or len(everything) > _VECTORS:
            return
        squares = [derive("square", self.exist(v), vector=v) for v in everything]
        yield squares
        pairs = itertools.combinations(atoms, 2)
        yield [
            *squares,
            *(derive("gram", self.exist(u), self.exist(v), first=u, second=v) for u, v in pairs),
        ]

    def reasons(
        self, goal: Expr, facts: Sequence[Theorem], opaque: Sequence[Expr] = ()
    ) -> list[Theorem]:
        """Why the opaque terms of a goal exist, as far as the facts do not say so."""
        try:
            question(facts, goal, opaque)
        except Refused:
            pass
        else:
            return []
        found = []
        for t in dict.fromkeys((*opaque_parts(goal), *opaque)):
            if exists(t):
                continue
            if t.head == "dot":
                found += [self.exist(a) for a in t.args if not exists(a)]
            else:
                found.append(self.exist(t))
        for t in below(goal):
            if t.head == "rpow" and not t.args[1].free and not t.loose and not exists(t):
                found.append(self.exist(t))
        return found

    def simple_about(self, term: Expr) -> list[Theorem]:
        """The assumed relations between plain symbols, of which the term has one."""
        return [
            r
            for r in self.relations()
            if r.concl.free & term.free and all(e.head == "symbol" for e in opaque_parts(r.concl))
        ]

    def side(self, condition: Expr) -> Theorem:
        """A condition on plain numbers, from what is assumed of them."""
        known = self.found(condition)
        return known or self.arithmetic(condition, self.simple_about(condition))


def _why(goal: Expr, facts: Sequence[Theorem], asked: Abstraction, verdict: object) -> str:
    """Why a step was not shown, in the author's terms."""
    cases = ""
    if any(e.head == "ind" for e in asked.meaning.values()):
        cases = "; indicators() takes the cases of what is true one by one"
    names = {
        n: e for n, e in asked.meaning.items() if not (e.head == "symbol" and str(e.data) == n)
    }
    where = "; ".join(f"{n} stands for {e!r}" for n, e in names.items())
    given = ", ".join(repr(f.concl) for f in facts) or "nothing"
    if isinstance(verdict, Refuted):
        values = verdict.witness.point if verdict.witness else {}
        at = ", ".join(f"{n} = {v}" for n, v in values.items())
        return (
            f"the facts named do not imply {goal!r}: for instance {at}"
            + (f", where {where}" if where else "")
            + f". Named: {given}{cases}"
        )
    reason = getattr(verdict, "reason", "")
    name = getattr(verdict, "name", "undecided")
    return (
        f"{goal!r} is {name} from {given}: {reason}; name other facts, or an intermediate step"
        + (f" ({where})" if where else "")
    )
