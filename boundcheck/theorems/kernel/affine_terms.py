"""Terms that are affine in means, norms or sums: their parts, and what they are point by point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from boundcheck.theorems.kernel.sequent import Refused
from boundcheck.theorems.language.expr import Expr, made, number

Which = Callable[[Expr], bool]
"""Whether an expression is one of the means (norms, sums) in question."""


def has(e: Expr, which: Which) -> bool:
    """Whether one of them stands where the term is affine in it."""
    if which(e):
        return True
    if e.head in ("add", "sub", "mul", "neg"):
        return any(has(a, which) for a in e.args)
    return e.head == "div" and has(e.args[0], which)


def replaced(e: Expr, which: Which, value: Callable[[Expr], Expr]) -> Expr:
    """The term with each of them replaced, where it is affine in all of them.

    Raises:
        Refused: a product of two parts that both have one.
    """
    if which(e):
        return value(e)
    if not has(e, which):
        return e
    if e.head == "mul" and all(has(a, which) for a in e.args):
        raise Refused(f"{e!r} is not affine in what is averaged; name a factor by a variable first")
    if e.head == "div":  # a divisor is a number, whatever stands in it
        return made("div", None, (replaced(e.args[0], which, value), e.args[1]))
    return made(e.head, e.data, tuple(replaced(a, which, value) for a in e.args))


def listed(e: Expr, which: Which) -> list[Expr]:
    """Those that stand where the term is affine in them."""
    if which(e):
        return [e]
    if e.head in ("add", "sub", "mul", "neg"):
        return [m for a in e.args for m in listed(a, which)]
    return listed(e.args[0], which) if e.head == "div" else []


@dataclass(frozen=True)
class Combination:
    """The sum of `factor * term` over the pairs, and of the constants."""

    pairs: Sequence[tuple[Expr, Expr]]
    constants: Sequence[Expr]


def combination(e: Expr, which: Which, factor: Expr | None = None) -> Combination:
    """An affine term as a combination of those in question.

    Raises:
        Refused: a product of two parts that both have one.
    """
    f = number(1) if factor is None else factor
    if which(e):
        return Combination([(f, e)], [])
    if not has(e, which):
        return Combination([], [e if factor is None else f * e])
    if e.head == "mul":
        if all(has(a, which) for a in e.args):
            raise Refused(f"{e!r} is not affine in its norms")
        one, other = e.args if has(e.args[1], which) else e.args[::-1]
        return combination(other, which, one if factor is None else f * one)
    if e.head == "div":
        return combination(e.args[0], which, f / e.args[1])
    if e.head == "neg":
        return combination(e.args[0], which, -f)
    left = combination(e.args[0], which, factor)
    right = combination(e.args[1], which, factor if e.head == "add" else -f)
    return Combination([*left.pairs, *right.pairs], [*left.constants, *right.constants])
