"""What choices do: hypotheses that are used, and trees that show p >= 0, as somebody proposes.

A `Guide` proposes, and what it proposes is carried out here. Each step checks its own conditions
and covers the cell, or what is left of it; so a guide may be wrong, search as long as it likes,
or be a list in a file (`Script`): a proof by cells is the list of its choices.

A use of `p >= 0` is one of

    "known"                      p is remembered as a fact
    ["free", i] ["slack", i] ["range", i]
                                 p is solved for the coordinate i (see `moves`)
    ["order", i, j, r]           first u_i = r u_j + new or u_j = u_i/r + new; the next
                                 choices are those of the parts
    ["zero", i]                  first u_i = 0 or u_i > 0; the next choices are those of the parts

and a tree that shows `p >= 0`, or `p > 0`, one of

    "+"                          it is visible, if need be without factors > 0 and, for >=,
                                 without squares
    ["square", i, tree]          p = a u_i² + b u_i + c with a > 0: it is enough that
                                 4ac - b² >= 0 (> 0), as 4ap = (2a u_i + b)² + 4ac - b²
    ["minus", k, m, tree]        p - m f >= 0 (> 0) with a known f >= 0 and a visible m >= 0
    ["sign", i, [...]] ["order", i, j, [...]] ["one", i, [...]]
                                 in each part: u_i >= 0 or <= 0; u_i or u_j the larger one;
                                 u_i >= 1 or less
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeAlias

from flint import fmpq

from boundcheck.exact.algebra.rational_function import (
    Poly,
    affordable,
    coefficients,
    degree,
    factored,
)
from boundcheck.exact.cells import moves
from boundcheck.exact.cells.cell import Cell, Move
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.work import spend

Use: TypeAlias = str | list[Any]
Tree: TypeAlias = str | list[Any]

MAX_CUTS = 6
_MAX_LEVELS = 40  # of a tree
_MAX_TERMS = 400  # of a polynomial whose square factors are looked for
_SOLVE = {"free": moves.solve_free, "slack": moves.solve_slack, "range": moves.solve_range}


class BadChoice(ValueError):
    """A choice that is none, or whose condition does not hold."""


class Guide(Protocol):
    """Who chooses."""

    def use(self, cell: Cell, p: Poly, strict: bool, cuts: int) -> Use:
        """How to use the hypothesis `p >= 0` (`p > 0`), where it is not visible;
        with at most so many cuts."""

    def tree(self, cell: Cell, p: Poly, strict: bool, depth: int) -> Tree | None:
        """A tree that shows `p >= 0` (`p > 0`), or None; not deeper than asked for."""


class Visible:
    """The guide who sees what is visible and searches nothing."""

    def use(self, cell: Cell, p: Poly, strict: bool, cuts: int) -> Use:
        return "known"

    def tree(self, cell: Cell, p: Poly, strict: bool, depth: int) -> Tree | None:
        return "+"


class Recorder:
    """A guide who asks another one, and keeps what was chosen in `script`."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.script: list[Any] = []

    def use(self, cell: Cell, p: Poly, strict: bool, cuts: int) -> Use:
        self.script.append(found := self.guide.use(cell, p, strict, cuts))
        return found

    def tree(self, cell: Cell, p: Poly, strict: bool, depth: int) -> Tree | None:
        self.script.append(found := self.guide.tree(cell, p, strict, depth))
        return found


class Script:
    """The guide who reads from a list what a recorder has kept.

    Raises:
        BadChoice: the list is too short.
    """

    def __init__(self, script: Iterable[Any]) -> None:
        self._rest = iter(script)

    def use(self, cell: Cell, p: Poly, strict: bool, cuts: int) -> Use:
        return self._next()

    def tree(self, cell: Cell, p: Poly, strict: bool, depth: int) -> Tree | None:
        return self._next()

    def _next(self) -> Any:
        for choice in self._rest:
            return choice
        raise BadChoice("the script of choices is too short")


# -- using a hypothesis ----------------------------------------------------------------------------


def assume(cell: Cell, p: Poly, strict: bool, guide: Guide, cuts: int = MAX_CUTS) -> list[Cell]:
    """Cells that cover the part of `cell` where `p >= 0` (`p > 0` where strict).

    They may contain more than the hypothesis allows, never less.

    Raises:
        BadChoice: the guide proposes what cannot be done.
    """
    if cell.nonneg(p) and not strict:
        return [cell]
    if cell.nonneg(-p):
        return _vanishing(cell, p, strict)
    p = cell.reduced(p)
    use = guide.use(cell, p, strict, cuts)
    if use == "known":
        known = cell.knowing([p]) if strict else cell.with_facts([p])
        return [] if known is None else [known]
    kind, *rest = _entries(use)
    if kind in _SOLVE and len(rest) == 1:
        chosen = _found(_SOLVE[kind](cell, p, strict, _place(cell, rest[0])), use)
        return [new for m in chosen if (new := cell.apply(m)) is not None]
    if kind == "order" and len(rest) == 3:
        i, j, ratio = rest
        split = moves.split_order(cell, _place(cell, i), _place(cell, j), rational(str(ratio)))
    elif kind == "zero" and len(rest) == 1:
        split = moves.split_zero(cell, _place(cell, rest[0]))
    else:
        raise BadChoice(f"{use!r} is no use of a hypothesis")
    steps = step(cell, _found(split, use), p)
    return [part for new, q in steps for part in assume(new, q, strict, guide, cuts - 1)]


def _vanishing(cell: Cell, p: Poly, strict: bool) -> list[Cell]:
    """`p >= 0` where `p <= 0` is visible: nothing, or every term of `p` vanishes."""
    if strict or cell.positive(-p):
        return []
    if not cell.nonneg_terms(-p):  # known as a fact: nothing is known of the single terms
        return [cell.with_facts([p])]
    current: Cell | None = cell
    for exponents in p.monoms():
        alone = [i for i, e in enumerate(exponents) if e]
        if len(alone) == 1 and current is not None:
            current = current.apply(moves.vanish(current, alone[0])[0])
    return [] if current is None else [current]


def step(cell: Cell, chosen: Iterable[Move], p: Poly) -> list[tuple[Cell, Poly]]:
    """The non-empty cells after the moves, each with `p` in its coordinates."""
    return [(new, m.pull(p)) for m in chosen if (new := cell.apply(m)) is not None]


# -- showing a sign --------------------------------------------------------------------------------


def shows(cell: Cell, p: Poly, strict: bool, guide: Guide, depth: int = 14) -> bool:
    """Whether `p >= 0` (`p > 0`) on the cell is visible, or a tree of the guide's shows it.

    Raises:
        BadChoice: what the guide proposes is no tree for this polynomial.
    """
    if visible(cell, p, strict):
        return True
    proposed = guide.tree(cell, p, strict, depth)
    if proposed is None:
        return False
    todo: list[tuple[Cell, Poly, Tree, int]] = [(cell, p, proposed, 0)]
    while todo:
        cell, p, tree, level = todo.pop()
        if level > _MAX_LEVELS:
            raise BadChoice(f"a tree has more than {_MAX_LEVELS} levels")
        if visible(cell, p, strict):
            continue
        p = simpler(cell, p, strict)
        if visible(cell, p, strict):
            continue
        if tree == "+":
            return False
        todo += [(*below, level + 1) for below in _below(cell, p, tree)]
    return True


def visible(cell: Cell, p: Poly, strict: bool) -> bool:
    return cell.positive(p) if strict else cell.nonneg(p)


def simpler(cell: Cell, p: Poly, strict: bool) -> Poly:
    """A polynomial that is >= 0 (> 0) only where `p` is: without factors > 0, and without
    squares where not strict."""
    p = cell.reduced(p)
    if strict or p.is_zero() or len(p) > _MAX_TERMS:
        return p
    scale, factors = factored(p, squarefree=True)
    if all(k == 1 for _, k in factors):
        return p
    result = cell.context.constant(scale)
    for f, k in factors:
        spend(1 + 0.05 * len(result) * len(f))
        result *= f ** (k % 2)
    return result


def completed_square(cell: Cell, p: Poly, i: int) -> Poly | None:
    """4ac - b² where p = a u_i² + b u_i + c with a > 0 and b not 0; None for other polynomials."""
    if degree(p, i) != 2:
        return None
    c, b, a = coefficients(p, i)
    if not cell.positive(a) or b.is_zero():
        return None
    spend(3 + 0.05 * (len(a) * len(c) + len(b) ** 2))
    affordable(a, c)
    affordable(b, b)
    return 4 * a * c - b * b


def known_signs(cell: Cell) -> tuple[Poly, ...]:
    """The polynomials that are known to be >= 0, and not by their terms:
    what `minus` may take off."""
    return cell.facts + tuple(g for g in cell.groups if not cell.nonneg_terms(g))


def splits(cell: Cell, kind: str, *places: int) -> list[Move] | None:
    """The moves of a split, or None where it makes no sense."""
    if kind == "sign":
        return moves.split_sign(cell, *places)
    return (
        moves.split_order(cell, *places) if kind == "order" else moves.split_at_one(cell, *places)
    )


def _below(cell: Cell, p: Poly, tree: Tree) -> list[tuple[Cell, Poly, Tree]]:
    """What a node of a tree leaves to be shown."""
    kind, *rest = _entries(tree)
    if kind == "square":
        i, child = rest
        smaller = completed_square(cell, p, _place(cell, i))
        if smaller is None:
            raise BadChoice(f"there is no square in coordinate {i}")
        return [(cell, smaller, child)]
    if kind == "minus":
        k, m, child = rest
        known, multiplier = known_signs(cell), polynomial_of(cell, m)
        if type(k) is not int or not 0 <= k < len(known) or not cell.nonneg_terms(multiplier):
            raise BadChoice(f"{k!r} is no fact, or {m!r} is not seen to be >= 0")
        spend(5 + len(p) + 0.05 * len(multiplier) * len(known[k]))
        affordable(multiplier, known[k])
        return [(cell, p - multiplier * known[k], child)]
    if kind not in ("sign", "order", "one"):
        raise BadChoice(f"{kind!r} is no node of a tree")
    *places, parts = rest
    if len(places) != 1 + (kind == "order"):
        raise BadChoice(f"{tree!r} is no split")
    steps = step(cell, _found(splits(cell, kind, *(_place(cell, i) for i in places)), tree), p)
    return [(new, q, t) for (new, q), t in zip(steps, _parts(parts, steps), strict=True)]


# -- entries ---------------------------------------------------------------------------------------


def entries_of(p: Poly) -> list[Any]:
    """A polynomial as lists: of each term the coefficient, then each coordinate with
    its exponent."""
    return [[str(c), *([i, int(e)] for i, e in enumerate(m) if e)] for m, c in p.terms()]


def polynomial_of(cell: Cell, entries: Any) -> Poly:
    """The polynomial that `entries_of` wrote."""
    found: dict[tuple[int, ...], fmpq] = {}
    for coefficient, *powers in _entries(entries):
        exponents = [0] * len(cell.generators)
        for i, e in powers:
            if type(e) is not int or not 0 <= e <= 1000:
                raise BadChoice(f"{e!r} is no exponent")
            exponents[_place(cell, i)] = e
        found[tuple(exponents)] = rational(str(coefficient))
    return cell.context.from_dict(found)


def _entries(value: Any) -> Iterator[Any]:
    if not isinstance(value, (list, tuple)):
        raise BadChoice(f"{value!r} is not a list")
    return iter(value)


def _place(cell: Cell, i: Any) -> int:
    if type(i) is not int or not 0 <= i < len(cell.signs):
        raise BadChoice(f"{i!r} is not a coordinate")
    return i


def _found(chosen: list[Move] | None, choice: Any) -> list[Move]:
    if chosen is None:
        raise BadChoice(f"the condition of {choice!r} does not hold")
    return chosen


def _parts(parts: Any, steps: list[Any]) -> list[Any]:
    found = list(_entries(parts))
    if len(found) != len(steps):
        raise BadChoice(f"there are {len(steps)} parts, not {len(found)}")
    return found
