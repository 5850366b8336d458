"""Identities and families: exact rational functions on cells, where somebody chooses.

The hypotheses become non-negative coordinates (`exact.cells.cell`), every branch is decided or
split, and what remains is one rational function for each case: zero for an identity, of visible
sign for an inequality. A `Plan` and a guide say how; whatever they say, the cells cover the set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.at_point import folded
from boundcheck.enclosure.intervals.interval import End, Unclear
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.cells.cell import Cell
from boundcheck.exact.cells.guide import MAX_CUTS, Guide, shows
from boundcheck.exact.cells.scene import Branch, Scene, Undefined, is_opaque, relations
from boundcheck.exact.terms.term import Relation, Term, add, neg, number, postorder, rebuild, sub

_MAX_GOALS = 4
_LARGE = 8  # an end of an interval that is no fact worth having


class Plan(NamedTuple):
    """How to go about it.

    Attributes:
        relax: drop an outer |.| or Max on the smaller side.
        facts: use what is known of exp, floor, ...
        whole: take |.|, Max and Min as unknowns that lie on one side of their operands, without
            cases.
        smallest: cut at the simplest branch, not at the first.
        cuts: how often a branch condition may become a coordinate; with 0 it is only remembered.
            Only for who chooses.
    """

    relax: bool = False
    facts: bool = False
    whole: bool = False
    smallest: bool = False
    cuts: int = MAX_CUTS

    @property
    def words(self) -> list[str]:
        """The plan as a proof writes it."""
        return [w for w in _WORDS if getattr(self, w)]

    @classmethod
    def of(cls, words: Any) -> Plan:
        """The plan that a proof names. Raises ValueError."""
        if not isinstance(words, list) or not all(w in _WORDS for w in words):
            raise ValueError(f"{words!r} is no plan; it is a list of {', '.join(_WORDS)}")
        return cls(**dict.fromkeys(words, True))


_WORDS = ("relax", "facts", "whole", "smallest")


class Contradiction(Exception):
    """No cell is left: nothing satisfies the hypotheses."""


def cases_shown(goal: Comparison, plan: Plan, guide: Guide) -> int | None:
    """The number of cases in which a comparison was shown, its being defined included; None where
    one of them was not.

    Raises:
        Contradiction; Unsupported, Undefined, Branch, OutOfBudget, BadChoice: this does not work.
    """
    known = facts(goal) if plan.facts else ()
    scene, cells = scene_of(
        goal, plan.cuts, known, whole=plan.whole, smallest=plan.smallest, guide=guide
    )
    if not cells:
        raise Contradiction
    left, right = sides(goal)
    relation = Relation(left, goal.relation.op, right)
    options = _goals(relation, scene, cells) if plan.relax else [relation]
    cases = 0
    for part in (g for option in options for g in _whole(option)):
        for cell in cells:
            done = _prove_goal(part, scene, cell)
            if done is None:
                return None
            cases += done
    return cases


def sides(goal: Comparison) -> tuple[Term, Term]:
    """Both sides, with constant parts as numbers where these are rational."""
    return folded(goal.relation.left), folded(goal.relation.right)


def facts(goal: Comparison) -> tuple[Relation, ...]:
    """What is known of exp, log, floor, ... here: bounds by intervals that are small integers.

    And u - 1 < floor(u) <= u, u <= ceiling(u) < u + 1.
    """
    found = []
    for node in postorder(*sides(goal)):
        if not (is_opaque(node) and node.free):
            continue
        if node.op == "call" and node.payload in ("floor", "ceiling"):
            (u,), down = node.args, node.payload == "floor"
            near = (">", sub(u, number(1))) if down else ("<", add(u, number(1)))
            found += [Relation(node, "<=" if down else ">=", u), Relation(node, *near)]
        try:
            values = on_box(node, goal.hull, loose=True)
        except (Unclear, DomainError, Unsupported):
            continue
        for op, end in ((">=", values.lower), ("<=", values.upper)):
            if _small(end):
                found.append(Relation(node, op, number(end.fmpq())))  # type: ignore[union-attr]
    return tuple(found)


def _small(end: End) -> bool:
    return not isinstance(end, float) and abs(end) <= _LARGE and end.is_integer()


def in_order(goal: Comparison) -> tuple[Relation, ...]:
    """The hypotheses in the order in which they are used: what says most comes first."""
    ends = goal.on.hypotheses()
    first = [h for h in ends if not h.right.free]
    return (*first, *goal.given, *(h for h in ends if h.right.free))


def scene_of(
    goal: Comparison,
    cuts: int = 0,
    known: tuple[Relation, ...] = (),
    *,
    hypotheses: Sequence[Relation] | None = None,
    whole: bool = False,
    smallest: bool = False,
    guide: Guide,
) -> tuple[Scene, list[Cell]]:
    """The cells of the hypotheses, for both `sides`.

    Args:
        known: what holds besides the hypotheses.
        hypotheses: those of the goal in another order; by default, what says most comes first.
        cuts, whole, smallest, guide: as for `Scene`.

    Raises:
        Undefined, Unsupported, OutOfBudget, BadChoice.
    """
    ordered = (*(in_order(goal) if hypotheses is None else hypotheses), *known)
    taken = [Relation(folded(h.left), h.op, folded(h.right)) for h in ordered]
    roots = [*sides(goal), *(s for h in taken for s in (h.left, h.right))]
    sides_of_them, others = relations(*roots) if whole else ([], [])
    scene = Scene(roots, goal.names, cuts, whole=whole, smallest=smallest, guide=guide)
    return scene, scene.cover([*taken, *sides_of_them], others)


def _prove_goal(goal: Relation, scene: Scene, cell: Cell) -> int | None:
    """The number of cases in which the goal was proved on a cell, or None
    where one of them failed."""
    cases = 0
    for part, (left, right) in scene.each_case(cell, [goal.left, goal.right]):
        cases += 1
        gap = left - right if goal.op in (">", ">=") else right - left
        if goal.op == "==":
            if not gap.is_zero():
                return None
        elif not shows(part, part.oriented(gap), goal.strict, scene.guide):
            return None
    return cases


def _whole(relation: Relation) -> list[Relation]:
    """Where both sides are integers: a gap > -1 is >= 0. It is enough that these hold."""
    gap = relation.gap()
    if relation.strict or not _is_whole(gap):
        return [relation]
    above = Relation(gap, ">", number(-1))
    return [above] if relation.op != "==" else [above, Relation(gap, "<", number(1))]


def _is_whole(root: Term) -> bool:
    """Whether a term has only integer values, some of them by floor, ceiling or sign."""
    whole: dict[Term, bool] = {}
    jumps = False
    for node in postorder(root):
        jump = node.op == "call" and node.payload in ("floor", "ceiling", "sign")
        jumps = jumps or jump
        kept = node.op in ("add", "sub", "mul", "neg") or (
            node.op == "call" and node.payload in ("Abs", "Min", "Max")
        )
        whole[node] = jump or (kept and all(whole[a] for a in node.args))
        if node.op == "rational":
            whole[node] = node.payload.q == 1
    return jumps and whole[root]


def _goals(relation: Relation, scene: Scene, cells: list[Cell]) -> list[Relation]:
    """Relations that together imply this one, without an outer `Abs` or `Max` on the smaller side.

    p|x| + ... <= r holds where px + ... <= r and -px + ... <= r do, for p >= 0: no case distinction
    is needed. The terms that disappear are those of the given relation, whose being defined
    each of these still shows.
    """
    if relation.op == "==":
        return [relation]
    low, high = (
        (relation.left, relation.right)
        if relation.op in ("<", "<=")
        else (relation.right, relation.left)
    )
    op = "<" if relation.strict else "<="
    return [Relation(option, op, high) for option in _below(low, scene, cells)]


def _below(root: Term, scene: Scene, cells: list[Cell]) -> list[Term]:
    """Terms of which `root` is the largest: `root` itself where there would be many."""
    known: dict[Term, list[Term]] = {}
    for t in postorder(root):
        options = [t]
        if t.op == "call" and t.payload == "Abs":
            options = [t.args[0], neg(t.args[0])]
        elif t.op == "call" and t.payload == "Max":
            options = list(dict.fromkeys(o for a in t.args for o in known[a]))
        elif t.op in ("add", "sub"):
            first, second = known[t.args[0]], known[t.args[1]] if t.op == "add" else [t.args[1]]
            if len(first) * len(second) <= _MAX_GOALS:
                options = [rebuild(t, (a, b)) for a in first for b in second]
        elif t.op in ("mul", "div"):
            for k in (0, 1) if t.op == "mul" else (0,):
                inner = known[t.args[k]]
                if len(inner) > 1 and all(_not_negative(t.args[1 - k], scene, c) for c in cells):
                    options = [
                        rebuild(t, (o, t.args[1]) if k == 0 else (t.args[0], o)) for o in inner
                    ]
                    break
        known[t] = options if len(options) <= _MAX_GOALS else [t]
    return known[root]


def _not_negative(t: Term, scene: Scene, cell: Cell) -> bool:
    try:
        return cell.sign(scene.value(t, cell)) in ("+", "0+", "0")
    except (Branch, Undefined):
        return False
