"""Matching: how a universal fact is to be used, seen from the terms that a step is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from boundcheck.theorems.language.expr import Expr, below

_TRANSPARENT = frozenset(("add", "sub", "mul", "div", "neg", "call", "npow", "rpow", "relation"))


def opaque_parts(formula: Expr, hidden: Collection[Expr] = ()) -> Iterator[Expr]:
    """The largest terms of a relation that arithmetic does not look into, as it does not into
    those that are hidden from it."""
    if formula in hidden:
        yield formula
    elif formula.head in _TRANSPARENT or formula.head == "and":
        for a in formula.args:
            yield from opaque_parts(a, hidden)
    elif formula.head not in ("number", "constant"):
        yield formula


def seen(formulas: Iterable[Expr], hidden: Collection[Expr]) -> frozenset[Expr]:
    """The symbols that arithmetic sees: those outside of opaque terms, and the factors of vectors
    in inner products."""
    found: set[Expr] = set()
    for f in formulas:
        for e in opaque_parts(f, hidden):
            if e.head == "symbol" or (e.head == "dot" and e not in hidden):
                found |= e.free
    return frozenset(found)


def matches(pattern: Expr, term: Expr, variables: frozenset[Expr]) -> dict[Expr, Expr] | None:
    """Values of the variables for which the pattern is the term; None where there are none."""
    found: dict[Expr, Expr] = {}
    todo = [(pattern, term)]
    while todo:
        p, t = todo.pop()
        if p in variables:
            if t.loose or not p.sort.accepts(t.sort) or found.setdefault(p, t) != t:
                return None
        elif not p.free & variables:
            if p != t:
                return None
        elif (p.head, p.data, len(p.args)) != (t.head, t.data, len(t.args)) or p.head == "symbol":
            return None
        else:
            todo += zip(p.args, t.args, strict=True)
    return found


def patterns(formula: Expr, variables: frozenset[Expr]) -> list[Expr]:
    """The opaque terms with variables in them, those that fix most of them first."""
    found = [e for e in dict.fromkeys(opaque_parts(formula)) if e.free & variables]
    return sorted((e for e in found if e not in variables), key=lambda e: -len(e.free & variables))


def instances(
    formula: Expr,
    variables: tuple[Expr, ...],
    terms: Iterable[Expr],
    most: int,
    conditions: Iterable[Expr] = (),
) -> list[tuple[Expr, ...]]:
    """Values for the variables under which opaque terms of the formula are among the terms; those
    that this leaves open are found by conditions that are among the terms."""
    names = frozenset(variables)
    pool = list(dict.fromkeys(terms))
    found: list[dict[Expr, Expr]] = [{}]
    for p in (*patterns(formula, names), *conditions):
        longer = []
        for known in found:
            if p.free & names <= known.keys():
                longer.append(known)
                continue
            for t in pool:
                more = matches(p, t, names)
                if more is not None and all(known.get(v, e) == e for v, e in more.items()):
                    longer.append({**known, **more})
            if len(longer) > 200:
                return []
        if longer:
            found = longer
    whole = [tuple(f[v] for v in variables) for f in found if names <= f.keys()]
    return list(dict.fromkeys(whole))[:most]


def all_opaque(formulas: Iterable[Expr]) -> list[Expr]:
    """The opaque terms of formulas, with the closed terms in them."""
    found: dict[Expr, None] = {}
    for f in formulas:
        for e in opaque_parts(f):
            for p in below(e):
                if not p.loose and p.sort.kind != "function":
                    found[p] = None
    return list(found)
