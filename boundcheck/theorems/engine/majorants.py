"""Why means exist, found by the form of the integrand: bounds of absolute values, put together from
what is known of its parts.

A majorant of u at x is B with Abs(u) <= B, where B is affine in Abs(v) for v with a mean that
exists; most often it does not depend on x at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.engine.context import Scope, StepFailed
from boundcheck.theorems.engine.matching import matches
from boundcheck.theorems.kernel.sequent import Refused, Theorem, derive
from boundcheck.theorems.language.binding import closing, opened
from boundcheck.theorems.language.expr import Expr, made, number
from boundcheck.theorems.language.formulas import member, parts
from boundcheck.theorems.language.sorts import Sort
from boundcheck.theorems.rules.mean_rules import at_points


class Engine(Protocol):
    """What shows formulas; see `engine.Engine`."""

    scopes: list[Scope]

    def exist(self, t: Expr) -> Theorem: ...
    def show(self, goal: Expr, by: Sequence[Theorem] = ()) -> Theorem: ...
    def fresh(self, hint: str, sort: Sort, *avoiding: Expr) -> Expr: ...
    def assume(self, formula: Expr) -> Theorem: ...
    def index(self, theorem: Theorem) -> None: ...
    def assumptions(self) -> Iterator[Theorem]: ...
    def why_exists(self, term: Expr) -> Theorem | None: ...
    def taken_apart(self, fact: Theorem) -> list[Theorem]: ...
    def resolved(self, fact: Theorem, values: Sequence[Expr]) -> Theorem: ...
    def simple_about(self, term: Expr) -> list[Theorem]: ...


_DEEP = 40
_BY_ONE = frozenset(("sin", "cos", "tanh", "erf", "sign"))
_NO_LARGER = frozenset(("Abs", "relu", "signrelu"))


@dataclass(frozen=True)
class Majorant:
    """Abs(u) <= `above` at the point, and what `above` is in the mean.

    Attributes:
        above: at the point.
        mean: with each Abs(v) replaced by its mean; `above` itself where that has no x.
        shown: the theorem Abs(u) <= above.
    """

    above: Expr
    mean: Expr
    shown: Theorem

    @property
    def constant(self) -> bool:
        """Whether it does not depend on the point."""
        return self.above == self.mean


def mean_exists(engine: Engine, t: Expr) -> Theorem:
    """exists(Mean(u)), by a majorant of u.

    Raises:
        StepFailed: none is found.
    """
    law = engine.exist(t.args[0])
    x = engine.fresh(t.hint or "x", t.data, t)  # type: ignore[arg-type]
    engine.scopes.append(Scope(variables=[x]))
    try:
        inside = member(x, t.args[0])
        engine.assume(inside)
        found = _Search(engine, x, t.args[0]).of(opened(t, x), 0)
    finally:
        engine.scopes.pop()
    pointwise = derive("discharge", found.shown, formula=inside)
    pointwise = derive("generalise", pointwise, variable=x)
    why = [law, *(engine.exist(m) for m in _means(found.mean, t.args[0]))]
    return derive("integrable", pointwise, *why, mean=t, bound=found.mean)


def _means(e: Expr, law: Expr) -> list[Expr]:
    if e.head == "mean" and e.args[0] == law:
        return [e]
    if e.head in ("add", "sub", "mul", "neg", "div"):
        return [m for a in e.args for m in _means(a, law)]
    return []


class _Search:
    """Looks for majorants at one point x of a law."""

    def __init__(self, engine: Engine, x: Expr, law: Expr) -> None:
        self.engine, self.x, self.law = engine, x, law

    def of(self, u: Expr, deep: int) -> Majorant:
        """A majorant of a term.

        Raises:
            StepFailed: none is found.
        """
        if deep > _DEEP:
            raise StepFailed(f"no bound of {u!r} is found")
        if self.x not in u.free:
            return self.made(u, abs(u), abs(u), [])
        for found in self.known(u):
            return found
        mean = closing("mean", self.x, u, self.law)
        if self.engine.why_exists(mean) is not None:
            absolute = closing("mean", self.x, abs(u), self.law)
            self.engine.index(derive("absolute", self.engine.exist(mean), mean=mean))
            return self.made(u, abs(u), absolute, [])
        return self.by_form(u, deep)

    def by_form(self, u: Expr, deep: int) -> Majorant:
        match u.head:
            case "add" | "sub":
                a, b = (self.of(p, deep + 1) for p in u.args)
                return self.made(u, a.above + b.above, a.mean + b.mean, [a.shown, b.shown])
            case "neg":
                a = self.of(u.args[0], deep + 1)
                return self.made(u, a.above, a.mean, [a.shown])
            case "mul":
                return self.product(u, deep)
            case "div":
                return self.quotient(u, deep)
            case "npow":
                return self.power(u, deep)
            case "call":
                return self.called(u, deep)
            case "ind":
                both = derive("indicator_range", formula=u.args[0])
                return self.made(u, number(1), number(1), [both])
            case "sum":
                return self.total(u, deep)
            case "mean":
                return self.inner(u, deep)
        raise StepFailed(f"no bound of {u!r} is known")

    def made(self, u: Expr, above: Expr, mean: Expr, by: list[Theorem]) -> Majorant:
        """A majorant, for which arithmetic shows the inequality."""
        shown = self.engine.show(abs(u) <= above, [*by, *self.engine.simple_about(above)])
        return Majorant(above, mean, shown)

    def product(self, u: Expr, deep: int) -> Majorant:
        a, b = (self.of(p, deep + 1) for p in u.args)
        if not a.constant and not b.constant:
            raise StepFailed(f"no bound of {u!r} is known: both factors have one in the mean only")
        return self.made(u, a.above * b.above, a.mean * b.mean, [a.shown, b.shown])

    def quotient(self, u: Expr, deep: int) -> Majorant:
        a = self.of(u.args[0], deep + 1)
        below = u.args[1]
        if self.x not in below.free:
            return self.made(u, a.above / abs(below), a.mean / abs(below), [a.shown])
        for fact, c, positive in self.relations_about(below):
            if positive and self.x not in c.free:
                try:
                    return self.made(u, a.above / c, a.mean / c, [a.shown, fact])
                except StepFailed:
                    continue
        raise StepFailed(f"no positive lower bound of {below!r} is known")

    def power(self, u: Expr, deep: int) -> Majorant:
        a = self.of(u.args[0], deep + 1)
        if not a.constant:
            raise StepFailed(f"no bound of {u!r} is known")
        above = a.above ** u.args[1]
        return self.made(u, above, above, [a.shown])

    def called(self, u: Expr, deep: int) -> Majorant:
        name = str(u.data)
        if name in _BY_ONE:
            return self.made(u, number(1), number(1), [])
        found = [self.of(p, deep + 1) for p in u.args]
        by = [f.shown for f in found]
        if name in _NO_LARGER:
            return self.made(u, found[0].above, found[0].mean, by)
        if name in ("Max", "Min"):
            a, b = found
            return self.made(u, a.above + b.above, a.mean + b.mean, by)
        if name == "exp" and found[0].constant:
            above = made("call", "exp", (found[0].above,))
            return self.made(u, above, above, by)
        raise StepFailed(f"no bound of {u!r} is known")

    def total(self, u: Expr, deep: int) -> Majorant:
        """Abs(Sum(u)) <= Sum(Abs(u)) <= Sum(B)."""
        engine = self.engine
        low, high, _ = u.args
        if self.x in low.free | high.free:
            raise StepFailed(f"the range of {u!r} depends on {self.x!r}")
        j = engine.fresh(u.hint or "j", u.data, u, self.x)  # type: ignore[arg-type]
        conditions = [low <= j, j <= high]
        engine.scopes.append(Scope(variables=[j]))
        try:
            for c in conditions:
                engine.assume(c)
            term = self.of(opened(u, j), deep + 1)
        finally:
            engine.scopes.pop()
        if not term.constant:
            raise StepFailed(f"no bound of {u!r} is known")
        pointwise = term.shown
        for c in reversed(conditions):
            pointwise = derive("discharge", pointwise, formula=c)
        pointwise = derive("generalise", pointwise, variable=j)
        above = closing("sum", j, term.above, low, high)
        middle = closing("sum", j, abs(opened(u, j)), low, high)
        ends = [engine.exist(low), engine.exist(high)]
        added = derive("add_up", pointwise, *ends, goal=middle <= above, low=low, high=high)
        triangle = derive("triangle", engine.exist(u), term=u)
        return self.made(u, above, above, [triangle, added])

    def inner(self, u: Expr, deep: int) -> Majorant:
        """-B <= Mean(v) <= B, where Abs(v) <= B."""
        engine = self.engine
        law = u.args[0]
        y = engine.fresh(u.hint or "y", u.data, u, self.x)  # type: ignore[arg-type]
        inside = member(y, law)
        engine.scopes.append(Scope(variables=[y]))
        try:
            engine.assume(inside)
            found = _Search(engine, y, law).of(opened(u, y), deep + 1)
        finally:
            engine.scopes.pop()
        if not found.constant:
            raise StepFailed(f"no bound of {u!r} is known")
        pointwise = derive("discharge", found.shown, formula=inside)
        pointwise = derive("generalise", pointwise, variable=y)
        law_exists = engine.exist(law)
        exist = derive("integrable", pointwise, law_exists, mean=u, bound=found.above)
        engine.index(exist)
        bounds = []
        for goal in (u <= found.above, u >= -found.above):
            sides = engine.show(at_points(goal, law), [pointwise])
            bounds.append(derive("average", sides, law_exists, exist, goal=goal, law=law))
        if self.x not in found.above.free:
            return self.made(u, found.above, found.above, bounds)
        outer = self.of(found.above, deep + 1)
        return self.made(u, outer.above, outer.mean, [*bounds, outer.shown])

    # -- what is known -----------------------------------------------------------------------------

    def known(self, u: Expr) -> Iterator[Majorant]:
        """Majorants that facts give at once."""
        lower: list[tuple[Theorem, Expr]] = []
        upper: list[tuple[Theorem, Expr]] = []
        for fact, c, is_lower in self.relations_about(abs(u)):
            if not is_lower and self.x not in c.free:
                yield from self.tried(u, c, [fact])
        for fact, c, is_lower in self.relations_about(u):
            if self.x not in c.free:
                (lower if is_lower else upper).append((fact, c))
        for low, a in lower[:2]:
            for high, b in upper[:2]:
                yield from self.tried(u, abs(a) + abs(b), [low, high])

    def tried(self, u: Expr, above: Expr, by: list[Theorem]) -> Iterator[Majorant]:
        try:
            yield self.made(u, above, above, by)
        except StepFailed:
            return

    def relations_about(self, u: Expr) -> Iterator[tuple[Theorem, Expr, bool]]:
        """Facts c <= u or u <= c: the fact, c, and whether it is a lower bound."""
        for fact in list(self.engine.assumptions()) + self.facts():
            for th in self.at(fact, u):
                for p in self.engine.taken_apart(th):
                    r = p.concl
                    if r.head != "relation" or not r.args[0].sort.numeric:
                        continue
                    for side in (0, 1):
                        if r.args[side] == u:
                            small = (r.data in (">", ">=")) == (side == 0)
                            if r.data == "==":
                                yield p, r.args[1 - side], False
                            yield p, r.args[1 - side], small

    def facts(self) -> list[Theorem]:
        """What was shown where the proof stands."""
        return [f for s in self.engine.scopes for f in s.facts if f.concl.head in _USABLE]

    def at(self, fact: Theorem, u: Expr) -> Iterator[Theorem]:
        """A fact as it is, or a universal one at the values for which it is about u."""
        inner, variables = fact.concl, list[Expr]()
        while inner.head == "forall":
            v = self.engine.fresh(f"{inner.hint}'", inner.data, inner, u, *variables)  # type: ignore[arg-type]
            variables.append(v)
            inner = opened(inner, v)
        if not variables:
            yield fact
            return
        while inner.head == "implies":
            inner = inner.args[1]
        names = frozenset(variables)
        for p in parts(inner):
            if p.head != "relation":
                continue
            for side in p.args:
                found = matches(side, u, names)
                if found is None or not names <= found.keys():
                    continue
                try:
                    yield self.engine.resolved(fact, [found[v] for v in variables])
                except (StepFailed, Refused, BoundcheckError):
                    continue


_USABLE = ("relation", "and", "forall")
