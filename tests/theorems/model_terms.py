"""What terms mean in finite models: each becomes a function of a model and of the values of bound
variables, the innermost last."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from math import prod

from flint import arb
from model_values import CALLS, OPERATIONS, WORK, Law, Unclear, ball, compare, mul, power, total

from boundcheck.theorems.language.expr import Expr

NATS = range(4)
"""Places of sequences and arguments of functions, beyond which they are constant."""


def operation(t: Expr, compiled: Callable):
    does = CALLS.get(t.data) if t.head == "call" else OPERATIONS.get(t.head)
    if does is None:
        raise NotImplementedError(t.head)
    parts = [compiled(a) for a in t.args]

    def evaluate(m, e):
        values = []
        for p in parts:
            v = p(m, e)
            if v is None:
                return None
            values.append(v)
        return does(*values)

    return evaluate


def _constant(t: Expr, compiled: Callable):
    return lambda m, e: arb.pi() if t.data == "pi" else arb(1).exp()


def _bound(t: Expr, compiled: Callable):
    place = -1 - t.data
    return lambda m, e: e[place]


def _apply(t: Expr, compiled: Callable):
    f, parts = t.args[0], [compiled(a) for a in t.args[1:]]

    def evaluate(m, e):
        args = tuple(p(m, e) for p in parts)
        return None if None in args else m.applied(f, args)

    return evaluate


def _at(t: Expr, compiled: Callable):
    s, k = map(compiled, t.args)
    symbol = t.args[0] if t.args[0].head == "symbol" else None

    def evaluate(m, e):
        place = k(m, e)
        if place is None:
            return None
        if symbol is not None and hasattr(m.values[symbol], "under"):
            return m.applied(symbol, (place,))
        found = s(m, e)
        return None if found is None else found[int(place)]

    return evaluate


def _ind(t: Expr, compiled: Callable):
    event = compiled(t.args[0])
    return lambda m, e: Fraction(event(m, e))


def _mean(t: Expr, compiled: Callable):
    law, body = compiled(t.args[0]), compiled(t.args[-1])
    exponent = compiled(t.args[1]) if t.head == "norm" else None

    def evaluate(m, e):
        over = law(m, e)
        if over is None:
            return None
        WORK["done"] += len(over.weights)
        values = [(body(m, (*e, p)), w) for p, w in over.weights]
        if any(v is None for v, _ in values):
            return None
        if exponent is None:
            return total([mul(v, w) for v, w in values])
        p = exponent(m, e)
        if p is None or not compare(">=", p, Fraction(1)):
            return None
        whole = total([mul(power(abs(v), p), w) for v, w in values])
        return power(whole, 1 / p if isinstance(p, Fraction) else 1 / ball(p))

    return evaluate


def _range(t: Expr, compiled: Callable):
    low, high, body = map(compiled, t.args)
    chosen = CALLS["Max" if t.head == "largest" else "Min"]

    def evaluate(m, e):
        a, b = low(m, e), high(m, e)
        if a is None or b is None:
            return None
        if b - a > 1000:
            raise Unclear("a long range")
        WORK["done"] += max(0, int(b - a) + 1)
        values = [body(m, (*e, Fraction(k))) for k in range(int(a), int(b) + 1)]
        if any(v is None for v in values):
            return None
        if t.head == "sum":
            return total(values)
        if t.head == "product":
            whole = Fraction(1)
            for v in values:
                whole = mul(whole, v)
            return whole
        if not values:
            return None
        whole = values[0]
        for v in values[1:]:
            whole = chosen(whole, v)
        return whole

    return evaluate


def _sequence(t: Expr, compiled: Callable):
    body = compiled(t.args[0])

    def evaluate(m, e):
        found = tuple(body(m, (*e, Fraction(k))) for k in NATS)
        return None if None in found else found

    return evaluate


def _independent(t: Expr, compiled: Callable):
    body = compiled(t.args[0])

    def evaluate(m, e):
        laws = [body(m, (*e, Fraction(k))) for k in range(m.horizon)]
        if None in laws:
            return None
        if prod(len(law.weights) for law in laws) > 5000:
            raise Unclear("a large product of laws")
        found = []
        for choice in itertools.product(*(law.weights for law in laws)):
            weight = Fraction(1)
            for _, w in choice:
                weight *= w
            found.append((tuple(p for p, _ in choice), weight))
        return Law(tuple(found))

    return evaluate


def _joint(t: Expr, compiled: Callable):
    law, kernel = map(compiled, t.args)

    def evaluate(m, e):
        over = law(m, e)
        if over is None:
            return None
        kernels = [(x, w, kernel(m, (*e, x))) for x, w in over.weights]
        if any(k is None for _, _, k in kernels):
            return None
        return Law(tuple(((x, y), w * v) for x, w, k in kernels for y, v in k.weights))

    return evaluate


REMEMBERED = ("mean", "norm", "sum", "product", "largest", "smallest", "independent", "joint")
TERMS = {
    "number": lambda t, compiled: lambda m, e: t.data,
    "constant": _constant,
    "symbol": lambda t, compiled: lambda m, e: m.values[t],
    "bound": _bound,
    "apply": _apply,
    "at": _at,
    "ind": _ind,
    "mean": _mean,
    "norm": _mean,
    "sum": _range,
    "product": _range,
    "largest": _range,
    "smallest": _range,
    "sequence": _sequence,
    "independent": _independent,
    "joint": _joint,
}
"""What makes a function of a model and of bound variables, by heads; all others are operations."""
