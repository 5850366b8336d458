"""Finite models: what formulas of theorems mean, evaluated exactly.

A space is a few points, a law a few weights on points (its set may be larger than where the weight
is), a function a table, a real variable a rational number. Quantifiers over Real and Nat go over a
few numbers only: a model where a theorem seems to fail because of that is no counterexample, so
tests keep to formulas where it does not matter. `None` is a term that does not exist.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from fractions import Fraction

from flint import arb, fmpq

from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.expr import Expr, symbol

WORK = {"done": 0}
"""Bodies of binders that were evaluated."""
NATS = range(4)
REALS = [Fraction(k, 2) for k in range(-4, 5)]


@dataclass(frozen=True)
class Law:
    """Points of its set with their weights, which may be 0; all weights together are 1."""

    weights: tuple[tuple[object, Fraction], ...]

    @property
    def points(self):
        return [p for p, _ in self.weights]


@dataclass
class Model:
    """Values of symbols: numbers, points, laws, functions as Python functions of values."""

    spaces: dict[str, list[object]]
    values: dict[Expr, object] = field(default_factory=dict)

    def domain(self, sort):
        """The values that a quantifier goes over."""
        match sort.kind:
            case "nat":
                return [Fraction(k) for k in NATS]
            case "real":
                return REALS
            case "space":
                return self.spaces[sort.name]
            case "vec":
                return [(a, b) for a in REALS[::4] for b in REALS[::4]]
            case "seq":
                of = self.domain(sort.parts[0])
                return _few(itertools.product(of, repeat=len(NATS)), len(of) ** len(NATS))
            case "pair":
                one, other = (self.domain(p) for p in sort.parts)
                return _few(itertools.product(one, other), len(one) * len(other))
        raise NotImplementedError(sort)

    def holds(self, formula: Expr) -> bool:
        """Whether a formula is true."""
        match formula.head:
            case "relation":
                a, b = (self.value(t) for t in formula.args)
                if a is None or b is None:
                    return False
                return _compare(formula.data, a, b)
            case "and":
                return all(self.holds(a) for a in formula.args)
            case "implies":
                return not self.holds(formula.args[0]) or self.holds(formula.args[1])
            case "defined":
                return self.value(formula.args[0]) is not None
            case "member":
                x, law = (self.value(t) for t in formula.args)
                return x is not None and law is not None and x in law.points
            case "forall":
                return all(self.under(formula, v, True) for v in self.domain(formula.data))
            case "exists":
                return any(self.under(formula, v, True) for v in self.domain(formula.data))
        raise NotImplementedError(formula.head)

    def under(self, binder: Expr, value: object, formula: bool = False):
        """The body of a binder, with a value for its variable."""
        WORK["done"] += 1
        x = symbol(f"!{len(self.values)}", binder.data)
        inside = Model(self.spaces, {**self.values, x: value})
        body = opened(binder, x)
        return inside.holds(body) if formula else inside.value(body)

    def value(self, t: Expr):
        """The value of a term, or None."""
        match t.head:
            case "number":
                return t.data
            case "constant":
                return arb.pi() if t.data == "pi" else arb(1).exp()
            case "symbol":
                return self.values[t]
            case "ind":
                return Fraction(self.holds(t.args[0]))
            case "mean" | "norm":
                return self._mean(t)
            case "sum" | "product" | "largest" | "smallest":
                return self._range(t)
            case "sequence":
                found = [self.under(t, Fraction(k)) for k in NATS]
                return None if None in found else tuple(found)
            case "independent":
                return self._independent(t)
            case "joint":
                return self._joint(t)
            case "apply":
                args = [self.value(a) for a in t.args[1:]]
                return None if None in args else self.values[t.args[0]](*args)
        args = [self.value(a) for a in t.args]
        return None if any(a is None for a in args) else _operation(t, args)

    def _mean(self, t: Expr):
        law = self.value(t.args[0])
        if law is None:
            return None
        values = [(self.under(t, p), w) for p, w in law.weights]
        if any(v is None for v, _ in values):
            return None
        if t.head == "mean":
            return _total([_mul(v, w) for v, w in values])
        p = self.value(t.args[1])
        if p is None or not _compare(">=", p, Fraction(1)):
            return None
        if p == 1:
            return _total([_mul(abs(v), w) for v, w in values])
        whole = sum((_ball(abs(v)) ** _ball(p) * _ball(w) for v, w in values if v != 0), arb(0))
        return whole ** (1 / _ball(p))

    def _range(self, t: Expr):
        low, high = (self.value(a) for a in t.args[:2])
        if low is None or high is None:
            return None
        values = [self.under(t, Fraction(k)) for k in range(int(low), int(high) + 1)]
        if any(v is None for v in values):
            return None
        if t.head == "sum":
            return _total(values)
        if t.head == "product":
            whole = Fraction(1)
            for v in values:
                whole = _mul(whole, v)
            return whole
        if any(isinstance(v, arb) for v in values):
            raise Unclear
        return (max if t.head == "largest" else min)(values, default=None)

    def _independent(self, t: Expr):
        laws = [self.under(t, Fraction(k)) for k in NATS]
        if None in laws:
            return None
        found = []
        for choice in itertools.product(*(law.weights for law in laws)):
            weight = Fraction(1)
            for _, w in choice:
                weight *= w
            found.append((tuple(p for p, _ in choice), weight))
        return Law(tuple(found))

    def _joint(self, t: Expr):
        law = self.value(t.args[0])
        if law is None:
            return None
        found = []
        for x, w in law.weights:
            kernel = self.under(t, x)
            if kernel is None:
                return None
            found += [((x, y), w * v) for y, v in kernel.weights]
        return Law(tuple(found))


_MOST = 400  # values of a variable


def _few(values, count):
    if count > _MOST:
        raise Unclear
    return list(values)


class Unclear(Exception):
    """Two numbers that are enclosed overlap, or are too much for these models."""


def _ball(v) -> arb:
    return v if isinstance(v, arb) else arb(fmpq(v.numerator, v.denominator))


def _mul(a, b):
    exact = isinstance(a, Fraction) and isinstance(b, Fraction)
    return a * b if exact else _ball(a) * _ball(b)


def _total(values):
    if any(isinstance(v, arb) for v in values):
        return sum(map(_ball, values), arb(0))
    return sum(values, Fraction(0))


def _compare(sign: str, a, b) -> bool:
    """A relation; exact between rational numbers, points and vectors."""
    if not isinstance(a, arb) and not isinstance(b, arb):
        return {
            "==": lambda: a == b,
            "<": lambda: a < b,
            "<=": lambda: a <= b,
            ">": lambda: a > b,
            ">=": lambda: a >= b,
        }[sign]()
    gap = _ball(a) - _ball(b)
    if gap > 0:
        return sign in (">", ">=")
    if gap < 0:
        return sign in ("<", "<=")
    raise Unclear


def _operation(t: Expr, args):
    a, b = (args[0], args[1]) if len(args) > 1 else (args[0], None)
    if any(isinstance(x, arb) for x in args) or t.data in _CALLS:
        return _enclosed(t, [_ball(x) for x in args], args)
    match t.head:
        case "add":
            return a + b
        case "sub":
            return a - b
        case "mul":
            return a * b
        case "neg":
            return -a
        case "div":
            return a / b if b else None
        case "npow":
            return a ** int(b)
        case "rpow":
            if a < 0 or (a == 0 and b <= 0):
                return None
            if b.denominator == 1:
                return a ** int(b)
            return _ball(a) ** _ball(b) if a else Fraction(0)
        case "natceil":
            return Fraction(max(0, -((-a) // 1)))
        case "at":
            return a[int(b)]  # IndexError: beyond this model
        case "pair":
            return (a, b)
        case "first":
            return a[0]
        case "second":
            return a[1]
        case "vadd":
            return (a[0] + b[0], a[1] + b[1])
        case "vsub":
            return (a[0] - b[0], a[1] - b[1])
        case "vneg":
            return (-a[0], -a[1])
        case "vscale":
            return (a * b[0], a * b[1])
        case "dot":
            return a[0] * b[0] + a[1] * b[1]
        case "call":
            calls = {
                "Abs": abs,
                "Max": max,
                "Min": min,
                "relu": lambda x: max(x, Fraction(0)),
                "signrelu": lambda x: x if x >= 0 else x / (1 - x),
                "sign": lambda x: Fraction((x > 0) - (x < 0)),
                "floor": lambda x: Fraction(x // 1),
                "ceiling": lambda x: Fraction(-((-x) // 1)),
            }
            if t.data in calls:
                return calls[t.data](*args)
    raise NotImplementedError(t.head)


_CALLS = ("exp", "log", "sqrt", "cosh", "sinh", "tanh")


def _enclosed(t: Expr, balls, args):
    """An operation on numbers that are enclosed."""
    a, b = (balls[0], balls[1]) if len(balls) > 1 else (balls[0], None)
    match t.head:
        case "add":
            return a + b
        case "sub":
            return a - b
        case "mul":
            return a * b
        case "neg":
            return -a
        case "div":
            if not _compare("<", args[1], Fraction(0)) and not _compare(">", args[1], Fraction(0)):
                return None
            return a / b
        case "npow":
            return a ** int(args[1])
        case "rpow":
            if args[0] == 0:
                return Fraction(0) if _compare(">", args[1], Fraction(0)) else None
            return a**b if _compare(">", args[0], Fraction(0)) else None
        case "call" if t.data == "Abs":
            return abs(a)
        case "call" if t.data in ("Max", "Min"):
            larger = _compare(">=", args[0], args[1])
            return args[0] if larger == (t.data == "Max") else args[1]
        case "call" if t.data == "log":
            return a.log() if _compare(">", args[0], Fraction(0)) else None
        case "call" if t.data == "sqrt":
            if args[0] == 0:
                return Fraction(0)
            return a.sqrt() if _compare(">", args[0], Fraction(0)) else None
        case "call" if t.data in _CALLS:
            return getattr(a, t.data)()
    raise Unclear


# -- random models ---------------------------------------------------------------------------------

NUMBERS = [Fraction(n, d) for n, d in ((-1, 1), (0, 1), (1, 2), (1, 1), (2, 1))]
WEIGHTS = [(1, 0), (0, 1), (1, 1), (1, 2)]


def random_model(symbols, rng, points=2) -> Model:
    """Random values for these symbols."""
    names = sorted(set().union(*(s.sort.spaces for s in symbols)) if symbols else set())
    model = Model({n: [f"{n}{k}" for k in range(points)] for n in names})
    for s in sorted(symbols, key=lambda s: (str(s.data), str(s.sort))):
        model.values[s] = _random_value(model, s.sort, rng)
    return model


def _random_value(model: Model, sort, rng):
    match sort.kind:
        case "nat":
            return Fraction(rng.choice(NATS))
        case "real":
            return rng.choice(NUMBERS)
        case "space":
            return rng.choice(model.spaces[sort.name])
        case "vec" | "seq" | "pair":
            if sort.kind == "vec":
                return (rng.choice(NUMBERS), rng.choice(NUMBERS))
            if sort.kind == "seq":
                return tuple(_random_value(model, sort.parts[0], rng) for _ in NATS)
            return tuple(_random_value(model, p, rng) for p in sort.parts)
        case "law":
            of = sort.parts[0]
            on = list(model.domain(of) if of.kind == "space" else rng.sample(NUMBERS, 2))
            kept = on if rng.random() < 0.7 else on[:1]
            weights = [1] if len(kept) == 1 else rng.choice(WEIGHTS)
            return Law(
                tuple((p, Fraction(w, sum(weights))) for p, w in zip(kept, weights, strict=True))
            )
        case "function":
            table: dict[object, object] = {}

            def function(*args):
                if args not in table:
                    table[args] = _random_value(model, sort.result, rng)
                return table[args]

            return function
    raise NotImplementedError(sort)
