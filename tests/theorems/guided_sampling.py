"""Finite models in which the hypotheses of a theorem hold, by local search: whatever fails, one of
its symbols gets another value, unless fewer hypotheses hold with that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random

from flint import arb, ctx
from model_formulas import LAST
from model_functions import INFINITE, TOUCHED, Defined, Equation, Function, definition
from model_values import BITS, WORK, Tail, Unclear
from models import Model, compiled
from sampling import NETS, random_function, random_value

from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.expr import Expr, below, symbol
from boundcheck.theorems.language.formulas import parts

BEYOND = (Unclear, NotImplementedError, IndexError, ArithmeticError, RecursionError)
"""What these models cannot evaluate."""


class Refuted(AssertionError):
    """A model in which the hypotheses hold and the conclusion does not."""


@dataclass
class Count:
    """How often the hypotheses held; the conclusion held, or both sides were the same number as
    far as can be seen; and why it could not be evaluated."""

    met: int = 0
    checked: int = 0
    why: set[str] = field(default_factory=set)


def claims(formula: Expr, conditions=(), variables=()):
    """What a formula says for arbitrary values of what it is for all of, each part with its
    conditions and its variables."""
    match formula.head:
        case "and":
            for part in formula.args:
                yield from claims(part, conditions, variables)
        case "implies":
            condition, concl = formula.args
            yield from claims(concl, (*conditions, condition), variables)
        case "forall" if not _of_a_law(formula):
            x = symbol(f"for_all_{len(variables)}", formula.data)
            yield from claims(opened(formula, x), conditions, (*variables, x))
        case _:
            yield conditions, formula, variables


def _of_a_law(formula: Expr) -> bool:
    """Whether it is about the points of a law, all of which these models can go over."""
    inside = formula.args[-1]
    return inside.head == "implies" and inside.args[0].head == "member"


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
        if (p is None and q is None and a != b) or (p is None) != (q is None):
            if p is None and q is None or (a < b if p is None else b < a):
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

    def proposal(self, model: Model, s: Expr, sides, touched):
        """Another value of a symbol: a random one, or one by which both sides become equal."""
        rng, old = self.rng, model.values[s]
        if s.sort.numeric:
            return self._number(model, s, sides)
        if s.sort.kind == "seq" and s not in self.equations:
            return self._sequence(model, s.sort, old, sides)
        if isinstance(old, Function) and old.table and rng.random() < 0.6:
            own = list(dict.fromkeys(key for f, key in touched if f is old))
            if own:
                value = random_value(model, s.sort.result, rng, True)
                if s.sort.result.numeric and rng.random() < 0.5:
                    value = self._near(model, s.sort.result, sides)
                return old.with_entry(rng.choice(own), value)
        return self.fresh(model, s)

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
                        if best and None not in (self.gap, best[0]) and self.gap > best[0]:
                            if self.rng.random() < 0.7:
                                self.gap, model, truth = best
                        best = self.gap, model, truth
                    if self.rng.random() < 0.15:
                        break
                found = self._step(model, truth, failing)
                if found is not None:
                    model, truth = found

    def _step(self, model, truth, failing):
        rng = self.rng
        h = rng.choice(failing or self.hyps or [None])
        sides, touched = (), ()
        if h is not None:
            TOUCHED.clear()
            LAST["relation"] = ()
            self.true(model, h)
            sides, touched = LAST["relation"], TOUCHED[-12:]
        free = self.symbols
        if h is not None and (failing or rng.random() < 0.5):
            free = [s for s in self.symbols if s in self.needs(h)] or free
        s = rng.choice(free)
        try:
            other = self.changed(model, s, self.proposal(model, s, sides, touched))
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


ENOUGH = ((60, 4_000), (20, 20_000), (10, 120_000))
"""How many models of one claim are enough as long as so many bodies of binders were evaluated."""
RESTARTS = 100


def tried(hyps, concl, seed: str, witnesses=None) -> list[Count]:
    """For each claim of the conclusion, how often the hypotheses held, and with them the claim.

    Raises:
        Refuted: it did not.
    """
    with ctx.workprec(BITS):
        return [
            _tried((*hyps, *conditions), claim, variables, f"{seed} {k}", witnesses)
            for k, (conditions, claim, variables) in enumerate(claims(concl))
        ]


def _tried(hyps, claim, variables, seed, witnesses) -> Count:
    search = Search(hyps, claim.free | set(variables), Random(seed))
    count, start = Count(), WORK["done"]
    for model in search.found(ENOUGH[-1][1], RESTARTS):
        count.met += 1
        try:
            found = witnesses(model) if witnesses else {}
            if not replace(model, witnesses=found, some=20).holds(claim):
                raise Refuted(described(claim, model))
            count.checked += 1
            search.gap = gap(*LAST["relation"]) if claim.head != "exists" else None
        except Unclear as error:
            count.checked += error.close
            if not error.close:
                count.why.add(str(error)[:80])
        except BEYOND as error:
            count.why.add(f"{type(error).__name__} {error}"[:80])
        if count.checked >= next((n for n, most in ENOUGH if WORK["done"] - start <= most), 0):
            break
    return count


def gap(a=None, b=None) -> float | None:
    """How far two numbers are from each other, by their size; two zeros are far."""
    if not all(isinstance(v, (Fraction, arb)) for v in (a, b)):
        return None
    size = max(abs(float(a)), abs(float(b)))
    return abs(float(a) - float(b)) / size if size else 1.0


def described(claim: Expr, model: Model) -> str:
    """A model, in words."""
    lines = [f"{claim!r} is false at"]
    for s, v in model.values.items():
        shown = v.other if isinstance(v, Defined) else v
        if isinstance(shown, Function):
            v = {**shown.known, **shown.changed}
        lines.append(f"  {s!r} = {v}")
    return "\n".join(lines)
