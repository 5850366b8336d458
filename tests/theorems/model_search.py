"""Models of hypotheses by local search: whatever fails, one of its symbols gets another value,
unless fewer hypotheses hold with that."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from flint import arb
from model_formulas import LAST
from model_functions import INFINITE, TOUCHED, Defined, Equation, Function, definition
from model_values import WORK, Tail, Unclear
from models import Model, compiled
from sampling import NETS, random_function, random_value

from boundcheck.theorems.language.expr import Expr, below
from boundcheck.theorems.language.formulas import parts

BEYOND = (Unclear, NotImplementedError, IndexError, ArithmeticError, RecursionError)
"""What these models cannot evaluate."""


def _unguarded(formula: Expr) -> bool:
    """Whether it speaks of infinitely many real numbers, sequences or vectors."""
    for e in below(formula):
        if e.head == "forall" and e.data.kind in INFINITE:
            inside = e.args[-1]
            while inside.head in ("forall", "implies"):
                if inside.head == "implies" and inside.args[0].head == "member":
                    break
                inside = inside.args[-1]
            else:
                return True
    return False


def _disjoint(one: Equation, other: Equation) -> bool:
    for (p, a), (q, b) in zip(one.pattern, other.pattern, strict=True):
        if p is None and (a != b if q is None else a < b):
            return True
        if p is not None and q is None and b < a:
            return True
    return False


class Search:
    """Models of hypotheses.

    Attributes:
        hyps: those that have to be looked for; others define a function.
        symbols: what has values.
        gap: how far the conclusion of the last model was from being false.
    """

    def __init__(self, hyps, symbols, rng: Random) -> None:
        self.rng = rng
        self.gap: float | None = None
        self.equations: dict[Expr, tuple[Equation, ...]] = {}
        self.hyps = [h for whole in hyps for h in parts(whole) if not self._defines(h)]
        symbols = set(symbols).union(*(h.free for h in hyps))
        self.symbols = sorted(symbols, key=lambda s: (str(s.data), str(s.sort)))
        self.limits = set().union(*(h.free for h in hyps if _unguarded(h)))
        self.networks = any(
            e.head == "exists" and e.data.kind == "network" for h in hyps for e in below(h)
        )
        self.joint = any(e.head == "joint" for h in hyps for e in below(h))
        self._needs: dict[Expr, frozenset[Expr]] = {}

    def _defines(self, h: Expr) -> bool:
        found = definition(h)
        if found is None:
            return False
        f, equation = found
        used = equation.value.free.union(*(c.free for c, _ in equation.conditions))
        known = self.equations.get(f, ())
        circle = any(f in self._behind(g) for g in used - {f})
        hidden = any(f in c.free for c, _ in equation.conditions)
        if circle or hidden or not all(_disjoint(equation, e) for e in known):
            return False
        self.equations[f] = (*known, equation)
        return True

    def _behind(self, f: Expr, seen=frozenset()):
        """The symbols on which a symbol depends, itself included."""
        found = {f}
        for q in self.equations.get(f, ()):
            for g in q.value.free.union(*(c.free for c, _ in q.conditions)) - {f}:
                if g not in seen:
                    found |= self._behind(g, seen | {f})
        return found

    def needs(self, e: Expr) -> frozenset[Expr]:
        """The symbols on which an expression depends."""
        if e not in self._needs:
            self._needs[e] = frozenset().union(*(self._behind(s) for s in e.free))
        return self._needs[e]

    # -- models ------------------------------------------------------------------------------------

    def start(self) -> Model:
        """Random values."""
        names = sorted(set().union(*(s.sort.spaces for s in self.symbols)))
        model = Model({n: [f"{n}{k}" for k in range(2)] for n in names})
        model.horizon = self.rng.choice((2, 2, 3) if self.joint else (3, 4))
        model.networks = NETS["signrelu"] if self.networks else ()
        self.wide, self.rich = self.rng.random() < 0.5, self.rng.random() < 0.6
        for s in self.symbols:
            model.values[s] = self.fresh(model, s)
        return model

    def fresh(self, model: Model, s: Expr):
        """A random value of a symbol."""
        if s.sort.kind != "function":
            found = random_value(model, s.sort, self.rng, self.wide)
        else:
            others = [f for f in model.values.values() if isinstance(f, Function)]
            others = others if not self.rich else []
            found = random_function(model, s.sort, self.rng, others, s in self.limits, self.rich)
        if s in self.equations:
            return Defined(s, self.equations[s], found, compiled)
        return found

    def changed(self, model: Model, s: Expr, value) -> Model:
        """The model with another value of a symbol."""
        memo = {t: known for t, known in model.memo.items() if s not in self.needs(t)}
        return replace(model, values={**model.values, s: value}, memo=memo, reals=[])

    def true(self, model: Model, h: Expr) -> bool:
        """Whether a hypothesis is seen to hold."""
        try:
            return model.holds(h)
        except BEYOND:
            return False

    def confirmed(self, model: Model) -> bool:
        """Whether the hypotheses hold that the numbers of the model bear upon, or random values."""
        seen = replace(model, some=500)
        return all(self.true(seen, h) for h in self.hyps if h.head == "forall" and _unguarded(h))

    # -- steps -------------------------------------------------------------------------------------

    def proposal(self, model: Model, s: Expr, h: Expr | None, sides, touched):
        """Another value of a symbol: a random one, or one by which both sides become equal."""
        rng, old = self.rng, model.values[s]
        if s.sort.numeric:
            return self._number(model, s, sides)
        if s.sort.kind == "seq" and s not in self.equations:
            return self._sequence(model, s.sort, old, sides)
        if isinstance(old, Function) and old.table and rng.random() < 0.6:
            own = list(dict.fromkeys(key for f, key in touched if f is old))
            if own:
                key, result = rng.choice(own[-2:] if rng.random() < 0.7 else own), s.sort.result
                value = random_value(model, result, rng, True)
                if result.kind == "real" and h is not None and rng.random() < 0.3:
                    value = self._solved(model, s, h, key, sides)
                elif result.numeric and rng.random() < 0.5:
                    value = self._near(model, result, sides)
                return old.with_entry(key, value)
        return self.fresh(model, s)

    def _solved(self, model, s, h, key, sides):
        """The entry of a function with which both sides are equal, if they are linear in it."""
        old = model.values[s]
        value = old(*key)
        self.true(self.changed(model, s, old.with_entry(key, value + 1)), h)
        if not all(isinstance(v, Fraction) for v in (*sides, *LAST["relation"])) or not sides:
            return value
        before, after = (a - b for a, b in (sides, LAST["relation"]))
        return value - before / (after - before) if after != before else value

    def _sequence(self, model, sort, old, sides):
        of, rng = sort.parts[0], self.rng
        if of.kind == "seq":
            new = self._sequence(model, of, old[0], sides)
        elif of.numeric and rng.random() < 0.5:
            new = self._near(model, of, sides)
        else:
            new = random_value(model, of, rng, True)
        place = rng.choice((None, *range(len(old))))
        return Tail(new if place in (None, k) else v for k, v in enumerate(old))

    def _number(self, model, s, sides):
        if self.rng.random() < 0.4:
            return random_value(model, s.sort, self.rng, True)
        return self._near(model, s.sort, sides)

    def _near(self, model, sort, sides):
        """A number by those that were compared, or by the numbers of the model."""
        rng = self.rng
        own = [v for t, v in model.values.items() if t.sort.numeric]
        seen = [v for v in sides if isinstance(v, (Fraction, arb))]
        v = _rational(rng.choice(seen if seen and (rng.random() < 0.7 or not own) else own or [0]))
        w = _rational(rng.choice([*seen, *own, Fraction(1)]))
        choices = [v, v, v, -v, 2 * v, v / 2, v + 1, v - 1, v + w, v - w, v * w, abs(v)]
        choices += [1 / v] if v else []
        choices += [v / w] if w else []
        found = rng.choice(choices)
        if found.denominator > 10**6 or abs(found) > 10**6:
            return Fraction(round(found) % 50)
        if sort.kind == "nat":
            return Fraction(min(200, max(0, -((-found) // 1))))
        return found

    def found(self, most: int, restarts: int, steps: int = 60):
        """Models of all hypotheses; where `gap` is set after one, it is made smaller."""
        last = WORK["done"] + most
        for _ in range(restarts):
            model, best = self.start(), None
            truth = {h: self.true(model, h) for h in self.hyps}
            for _ in range(steps):
                if WORK["done"] > last:
                    return
                failing = [h for h in self.hyps if not truth[h]]
                if not failing:
                    if self.confirmed(model):
                        self.gap = None
                        yield model
                        if self._farther(best) and self.rng.random() < 0.7:
                            self.gap, model, truth = best
                        best = self.gap, model, truth
                    if self.rng.random() < 0.15:
                        break
                found = self._step(model, truth, failing)
                if found is not None:
                    model, truth = found

    def _farther(self, best) -> bool:
        known = best is not None and self.gap is not None and best[0] is not None
        return known and self.gap > best[0]

    def _step(self, model, truth, failing):
        rng = self.rng
        h = rng.choice(failing or self.hyps or [None])
        sides, touched = (), ()
        if h is not None:
            TOUCHED.clear()
            LAST["relation"] = ()
            self.true(replace(model, memo={}), h)
            sides, touched = LAST["relation"], TOUCHED[-12:]
        free = self.symbols
        if h is not None and (failing or rng.random() < 0.5):
            free = [s for s in self.symbols if s in self.needs(h)] or free
        s = rng.choice(free)
        try:
            other = self.changed(model, s, self.proposal(model, s, h, sides, touched))
        except BEYOND:
            return None
        now = {h: self.true(other, h) if s in self.needs(h) else t for h, t in truth.items()}
        lost = sum(truth.values()) - sum(now.values())
        if lost <= 0 or (failing and rng.random() < 0.03):
            return other, now
        return None


def _rational(v) -> Fraction:
    """A number, or one a little larger than an enclosed one."""
    if isinstance(v, Fraction):
        return v
    if isinstance(v, arb) and v.is_finite() and abs(v) < 10**9:
        found = (v * 4096).ceil().unique_fmpz()
        return Fraction(int(found), 4096) if found is not None else Fraction(1)
    return Fraction(1)
