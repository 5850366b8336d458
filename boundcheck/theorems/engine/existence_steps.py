"""Why terms exist: by their form, by what is known where the proof stands, means by a bound of
their integrand."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from functools import partial

from boundcheck.theorems.engine.arithmetic_steps import Arithmetic
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.engine.majorants import mean_exists
from boundcheck.theorems.engine.matching import opaque_parts
from boundcheck.theorems.kernel.existence import exists, known_from
from boundcheck.theorems.kernel.sequent import Refused, Theorem, derive
from boundcheck.theorems.language.binding import Lambda, closing, opened
from boundcheck.theorems.language.expr import Expr, below, number
from boundcheck.theorems.language.formulas import defined, for_all
from boundcheck.theorems.rules.mean_rules import below_points
from boundcheck.theorems.rules.norm_rules import power_mean


class Existence(Arithmetic):
    """Existence of terms.

    Attributes:
        under_way: terms whose existence is being shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self.under_way: set[Expr] = set()

    @abstractmethod
    def show(self, goal: Expr, by: Sequence[Theorem] = (), opaque: Sequence[Expr] = ()) -> Theorem:
        """A formula; see `engine`."""

    @abstractmethod
    def everywhere(
        self,
        goal: Expr,
        by: Sequence[Theorem] = (),
        opaque: Sequence[Expr] = (),
        at: Expr | None = None,
    ) -> Theorem:
        """A formula for all x; see `engine`."""

    @abstractmethod
    def taken_apart(self, fact: Theorem) -> list[Theorem]:
        """A conjunction as its parts; see `universal_facts`."""

    @abstractmethod
    def values_for(self, formula: Expr, terms: Sequence[Expr]) -> list[tuple[Expr, ...]]:
        """At which terms a universal formula may be of use; see `universal_facts`."""

    @abstractmethod
    def resolved(
        self, fact: Theorem, values: Sequence[Expr], by: Sequence[Theorem] = ()
    ) -> Theorem:
        """A universal fact at values; see `universal_facts`."""

    def exist(self, t: Expr) -> Theorem:
        """exists(t).

        Raises:
            StepFailed: no reason is found.
        """
        known = self.found(defined(t))
        if known is not None:
            return known
        if t in self.under_way:
            raise StepFailed(f"that {t!r} exists is not shown without itself")
        self.under_way.add(t)
        try:
            made = self._exist(t)
        finally:
            self.under_way.discard(t)
        self.index(made)
        return made

    def _exist(self, t: Expr, by: Sequence[Theorem] = ()) -> Theorem:
        if exists(t):
            return derive("existence", term=t)
        fact = self.why_exists(t)
        if fact is not None:
            return derive("existence", fact, term=t)
        if t.head in ("mean", "norm"):
            fact = self.said_for_all(t)
            if fact is not None:
                return derive("existence", fact, term=t)
        match t.head:
            case "mean":
                return self._mean_exists(t)
            case "norm":
                return self._norm_exists(t)
            case "sum" | "product" | "largest" | "smallest":
                return self._range_exists(t)
        inside = [self.exist(a) for a in t.strict_parts if a.sort.kind != "function"]
        outside = {a for th in inside for a in th.concl.args}
        if exists(t, outside):
            return derive("existence", *inside, term=t)
        if t.sort.numeric and t.head in ("div", "call", "rpow"):
            shown = self._operation_exists(t, [*inside, *by])
            return derive("existence", shown, term=t)
        raise StepFailed(f"that {t!r} exists is not shown; give a reason, such as exists({t!r})")

    def _operation_exists(self, t: Expr, inside: Sequence[Theorem]) -> Theorem:
        """t == t, where the parts of t exist: of a quotient the divisor alone matters."""
        about = t.args[1] if t.head == "div" else t
        opaque = t.args[:1] if t.head == "div" else ()
        first = [*inside, *(r for r in self.relations() if r.concl.free <= about.free)]
        second = [*first, *self.among(about)]

        def last() -> Theorem:
            return self.arithmetic(t.eq(t), [*second, *self.about(t.free), *self.among(t)])

        named = (partial(self.arithmetic, t.eq(t), facts, opaque) for facts in (first, second))
        return self.first_of([*named, last])

    def _range_exists(self, t: Expr) -> Theorem:
        ends = [self.exist(a) for a in t.args[:2]]
        j = self.fresh(t.hint or "j", t.data, t)  # type: ignore[arg-type]
        pointwise = self.show(for_all(j, defined(opened(t, j)), [t.args[0] <= j, j <= t.args[1]]))
        order = []
        if t.head in ("largest", "smallest"):
            order = [self.show(t.args[0] <= t.args[1])]
        return derive("range_exists", pointwise, *ends, *order, term=t)

    def _mean_exists(self, t: Expr) -> Theorem:
        law = self.exist(t.args[0])
        x = self.fresh(t.hint, t.data, t)  # type: ignore[arg-type]
        integrand = opened(t, x)
        if integrand.head == "call" and integrand.data == "Abs":
            plain = closing("mean", x, integrand.args[0], t.args[0])
            if self.found(defined(plain)) is not None or self.why_exists(plain) is not None:
                return derive("absolute", self.exist(plain), mean=plain)
        tried = []
        try:
            return mean_exists(self, t)
        except (StepFailed, Refused) as error:
            tried.append(str(error))
        for bound in self.bounds_of(t, x, integrand):
            try:
                return self.integrable(t, bound, law=law)
            except (StepFailed, Refused) as error:
                tried.append(str(error))
        raise StepFailed(
            f"that {t!r} exists is not shown; give a bound of its integrand by "
            f"exists(mean, bound=...), or assume Exists(...)" + (f" ({tried[0]})" if tried else "")
        )

    def bounds_of(self, t: Expr, x: Expr, integrand: Expr) -> list[Expr]:
        """Bounds to try for an integrand: that of a sum of multiples of what has a mean; and other
        means over the same law that exist."""
        found: list[Expr] = []
        if x not in integrand.free:
            return [abs(integrand)]
        if integrand.head == "ind":
            return [number(1)]
        core = integrand.args[0] if integrand.data == "Abs" else integrand
        linear = [self._size(term, x, t) for term in summands_of(core)]
        if len(linear) > 1 or linear[0] != closing("mean", x, abs(core), t.args[0]):
            found.append(sum(linear[1:], linear[0]))
        for s in self.scopes:
            for mean in s.where:
                if mean.head == "mean" and mean.args[0] == t.args[0] and mean != t:
                    inside = opened(mean, x)
                    if set(opaque_parts(integrand)) & set(opaque_parts(inside)):
                        absolute = closing("mean", x, abs(inside), mean.args[0], hint=t.hint)
                        found.append(absolute)
        return found[:4]

    def _size(self, term: Expr, x: Expr, t: Expr) -> Expr:
        """The mean of the absolute value of a term, factors without the variable before it."""
        factors = factors_of(term)
        outside = [abs(f) for f in factors if x not in f.free]
        inside = [f for f in factors if x in f.free]
        mean = [closing("mean", x, abs(product_of(inside)), t.args[0])] if inside else []
        return product_of([*outside, *mean])

    def integrable(
        self,
        t: Expr,
        bound: Expr,
        by: Sequence[Theorem] = (),
        law: Theorem | None = None,
        opaque: Sequence[Expr] = (),
        at: Expr | None = None,
    ) -> Theorem:
        """exists(Mean(w)) from a bound of Abs(w)."""
        why = [law if law is not None else self.exist(t.args[0])]
        for m in below(bound):
            if m.head == "mean" and m.args[0] == t.args[0] and not m.loose:
                why.append(self.exist(m))
        pointwise = self.everywhere(below_points(t, bound), by, opaque, at)
        return derive("integrable", pointwise, *why, mean=t, bound=bound)

    def _norm_exists(self, t: Expr) -> Theorem:
        mean = self.exist(power_mean(t))
        return derive("norm_exists", mean, self.show(t.args[1] >= 1), norm=t)

    def total(self, new: Lambda, by: Sequence[Theorem] = ()) -> list[Theorem]:
        """That a function given by a term is total, where its form is not enough."""
        args: list[Expr] = []
        for sort in new.sorts:
            args.append(self.fresh("x", sort, new.body, *args))
        body = new(*args)
        if exists(body) or body.sort.kind == "law":
            return []
        return [self.show(for_all(args, defined(body)), by)]

    def said_for_all(self, t: Expr) -> Theorem | None:
        """A fact for all values that says, for some of them, that a term exists."""
        for scope in self.scopes:
            for formula, fact in list(scope.formulas.items()):
                if formula.head != "forall":
                    continue
                for values in self.values_for(formula, [t, defined(t)]):
                    try:
                        made = self.resolved(fact, values)
                    except (StepFailed, Refused):
                        continue
                    if exists(t, known_from([made])):
                        return made
        return None

    def about(self, names: Iterable[Expr]) -> list[Theorem]:
        """The assumed relations that are about these symbols alone."""
        wanted = set(names)
        return [r for r in self.relations() if r.concl.free & wanted]

    def among(self, t: Expr) -> list[Theorem]:
        """What is known, where the proof stands, of opaque parts of a term and of nothing else."""
        wanted = set(opaque_parts(t))
        return [
            fact
            for scope in self.scopes
            for formula, fact in scope.formulas.items()
            if formula.head == "relation" and set(opaque_parts(formula)) <= wanted
        ]


def factors_of(e: Expr) -> list[Expr]:
    """The factors of a product; a divisor is the factor 1/divisor."""
    if e.head == "mul":
        return [f for a in e.args for f in factors_of(a)]
    if e.head == "div" and e.args[0] != number(1):
        return [*factors_of(e.args[0]), 1 / e.args[1]]
    return [e]


def summands_of(e: Expr) -> list[Expr]:
    """The terms of a sum, whatever their signs."""
    if e.head in ("add", "sub", "neg"):
        return [s for a in e.args for s in summands_of(a)]
    return [e]


def product_of(factors: Sequence[Expr]) -> Expr:
    """The product of some factors, of which there is at least one."""
    whole = factors[0]
    for f in factors[1:]:
        whole = whole * f
    return whole
