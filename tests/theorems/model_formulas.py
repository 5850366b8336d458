"""What formulas mean in finite models: true, false, or `Unclear` where enclosures overlap and the
rest does not decide. See `models.py` for what quantifiers go over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from random import Random

from flint import arb
from model_values import WORK, Unclear, compare

from boundcheck.theorems.language.expr import Expr
from boundcheck.theorems.language.formulas import parts

MOST = 700
"""Values of variables that are bound one after another; where there are more, some are drawn."""
FARTHEST = 64
"""Witnesses of sort Nat are looked for below it, where nothing says how large they are."""
LAST: dict[str, tuple] = {"relation": ()}
"""Both sides of the relation that was evaluated last."""


def _relation(t: Expr, compiled: Callable):
    a, b = map(compiled, t.args)
    sign = t.data

    def evaluate(m, e):
        one = a(m, e)
        other = None if one is None else b(m, e)
        if other is None:
            return False
        LAST["relation"] = (one, other)
        return compare(sign, one, other)

    return evaluate


def _all(conditions: Iterator[Callable[[], bool]]) -> bool:
    """Whether all are true; unclear where none is false and one is unclear."""
    unclear = None
    for holds in conditions:
        try:
            if not holds():
                return False
        except Unclear as error:
            unclear = error if unclear is None or unclear.close else unclear
    if unclear is not None:
        raise unclear
    return True


def _any(conditions: Iterator[Callable[[], bool]]) -> bool:
    unclear = None
    for holds in conditions:
        try:
            if holds():
                return True
        except Unclear as error:
            unclear = error if unclear is None or error.close else unclear
    if unclear is not None:
        raise unclear
    return False


def _and(t: Expr, compiled: Callable):
    found = [compiled(p) for p in parts(t)]
    return lambda m, e: _all((lambda p=p: p(m, e)) for p in found)


def _implies(t: Expr, compiled: Callable):
    condition, concl = map(compiled, t.args)

    def evaluate(m, e):
        try:
            if not condition(m, e):
                return True
        except Unclear as error:
            if concl(m, e):
                return True
            raise Unclear(str(error)) from None
        return concl(m, e)

    return evaluate


def _defined(t: Expr, compiled: Callable):
    term = compiled(t.args[0])
    return lambda m, e: term(m, e) is not None


def _member(t: Expr, compiled: Callable):
    point, law = map(compiled, t.args)

    def evaluate(m, e):
        x, over = point(m, e), law(m, e)
        return x is not None and over is not None and x in over.points

    return evaluate


def _guard(body: Expr, k: int, join: str, compiled: Callable):
    """The law of whose points bound variable k below a body is one, by the conditions there."""
    while True:
        first = body.args[0] if body.head == join == "implies" else body
        for p in parts(first):
            if p.head == "member" and p.args[0].head == "bound" and p.args[0].data == k:
                law = p.args[1]
                if all(law.binders[i] is None for i in range(min(k + 1, law.loose))):
                    return compiled(law)
        if body.head != "implies" or join != "implies":
            return None
        body = body.args[1]


def _forall(t: Expr, compiled: Callable):
    sorts = []
    while t.head == "forall":
        sorts.append(t.data)
        t = t.args[-1]
    body, count = compiled(t), len(sorts)
    guards = [_guard(t, count - 1 - i, "implies", compiled) for i in range(count)]
    seed = f"{sorts} {t.size}"

    def values(m, e, i):
        if guards[i] is None:
            return m.domain(sorts[i])
        law = guards[i](m, (*e, *[None] * (count - i)))
        return () if law is None else law.points

    def every(m, e, i=0):
        if i == count:
            yield e
            return
        for v in values(m, e, i):
            yield from every(m, (*e, v), i + 1)

    def some(m, e):
        rng = Random(seed)
        for _ in range(m.some):
            found: tuple = ()
            for i, s in enumerate(sorts):
                if guards[i] is None:
                    near = [v for v, s2 in zip(found, sorts, strict=False) if s2 == s]
                    v = m.drawn(s, rng, near)
                else:
                    points = values(m, (*e, *found), i)
                    if not points:
                        break
                    v = rng.choice(points)
                found = (*found, v)
            else:
                yield (*e, *found)

    def evaluate(m, e):
        size = 1
        for s, g in zip(sorts, guards, strict=True):
            size *= m.size(s) if g is None else 1
        found = every(m, e) if size <= MOST else some(m, e)

        def holds(inside):
            WORK["done"] += 1
            return body(m, inside)

        return _all((lambda inside=inside: holds(inside)) for inside in found)

    return evaluate


def _largest(body: Expr, compiled: Callable):
    """A term that is at least a natural number, by what is asked of it."""
    for p in parts(body):
        if p.head == "relation" and p.data == "<=":
            low, high = p.args
            small = low.args[0] if low.head == "add" and low.args[1].head == "number" else low
            if small.head == "bound" and small.data == 0 and not (high.binders and high.binders[0]):
                return compiled(high)
    return None


def _first(most: int, further: bool) -> Iterator[Fraction]:
    yield from map(Fraction, range(most + 1))
    if further:
        raise Unclear("many natural numbers")


def _exists(t: Expr, compiled: Callable):
    sort, name = t.data, t.hint
    body = compiled(t.args[-1])
    guard = _guard(t.args[-1], 0, "and", compiled)
    largest = _largest(t.args[-1], compiled) if sort.kind == "nat" else None

    def values(m, e):
        if name in m.witnesses:
            found = m.witnesses[name]
            return found(e) if callable(found) else found
        if guard is not None:
            law = guard(m, (*e, None))
            return () if law is None else law.points
        if sort.kind == "nat":
            most = FARTHEST if largest is None else largest(m, (*e, None))
            if most is None:
                return ()
            far = isinstance(most, arb) or most > FARTHEST
            return _first(FARTHEST if far else int(most), far and largest is not None)
        if sort.kind in ("seq", "network") and not m.networks:
            raise NotImplementedError(f"no witness for {name}")
        return m.domain(sort)

    def evaluate(m, e):
        def holds(v):
            WORK["done"] += 1
            return body(m, (*e, v))

        return _any((lambda v=v: holds(v)) for v in values(m, e))

    return evaluate


FORMULAS = {
    "relation": _relation,
    "and": _and,
    "implies": _implies,
    "defined": _defined,
    "member": _member,
    "forall": _forall,
    "exists": _exists,
}
"""What makes a function of a model and of bound variables, by heads."""
