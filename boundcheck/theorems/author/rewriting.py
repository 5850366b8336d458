"""Replacing a closed term wherever it stands."""

from __future__ import annotations

from boundcheck.theorems.language.expr import Expr, rebuilt


def replaced_in(e: Expr, old: Expr, new: Expr) -> Expr:
    """The expression with a closed term replaced by another one, below binders too."""
    done: dict[int, Expr] = {}

    def walk(x: Expr) -> Expr:
        if x == old:
            return new
        if not x.args:
            return x
        if id(x) not in done:
            done[id(x)] = rebuilt(x, tuple(walk(a) for a in x.args))
        return done[id(x)]

    return walk(e)
