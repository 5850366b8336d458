"""A problem: a comparison while it is being decided, with rigorous point checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from flint import arb, fmpq

from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Verdict, Witness
from boundcheck.enclosure.intervals.at_point import Value, at_point, folded
from boundcheck.enclosure.intervals.decimals import enclosure
from boundcheck.enclosure.intervals.interval import End, Unclear
from boundcheck.enclosure.intervals.on_box import on_box
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.cells.cell import Cell
from boundcheck.exact.cells.scene import Scene, is_opaque, relations
from boundcheck.exact.terms.term import Relation, Term, add, number, postorder, sub

Point = Mapping[str, fmpq]
_BITS = (64, 256, 1024)


@dataclass
class Problem:
    """A comparison; `gap` is the term that must be >= 0, > 0 or == 0.

    Attributes:
        samples: points of the set that were looked at.
        watch: is told how far a long search is.
        partial: what a long search knows so far, for one that is interrupted.
        worst: a point of the box where a search got stuck.
        caps: why searches did not begin, whatever the budget.
        allowance: units of work for saying what is known, even where the budget is spent.
    """

    statement: Comparison
    samples: list[Point] = field(default_factory=list)
    watch: Callable[[str], None] = lambda _: None
    partial: Callable[[], Verdict] | None = None
    worst: Point | None = None
    caps: list[str] = field(default_factory=list)
    allowance: float = 0.05

    @property
    def relation(self) -> Relation:
        return self.statement.relation

    @cached_property
    def names(self) -> tuple[str, ...]:
        return self.statement.names

    @cached_property
    def gap(self) -> Term:
        return self.relation.gap()

    @cached_property
    def facts(self) -> tuple[Relation, ...]:
        """What is known of exp, log, floor, ... in this statement: bounds by intervals
        that are small integers.

        And u - 1 < floor(u) <= u, u <= ceiling(u) < u + 1.
        """
        found = []
        for node in postorder(*self.sides):
            if not (is_opaque(node) and node.free):
                continue
            if node.op == "call" and node.payload in ("floor", "ceiling"):
                (u,), down = node.args, node.payload == "floor"
                found.append(Relation(node, "<=" if down else ">=", u))
                found.append(
                    Relation(node, ">", sub(u, number(1)))
                    if down
                    else Relation(node, "<", add(u, number(1)))
                )
            try:
                values = on_box(node, self.statement.hull, loose=True)
            except (Unclear, DomainError, Unsupported):
                continue
            ends = ((">=", values.lower), ("<=", values.upper))
            found += [Relation(node, op, number(end.fmpq())) for op, end in ends if _small(end)]  # type: ignore[union-attr]
        return tuple(found)

    @cached_property
    def sides(self) -> tuple[Term, Term]:
        """Both sides, with constant parts as numbers where these are rational."""
        return folded(self.relation.left), folded(self.relation.right)

    def scene(
        self,
        cuts: int = 0,
        facts: tuple[Relation, ...] = (),
        *,
        whole: bool = False,
        smallest: bool = False,
    ) -> tuple[Scene, list[Cell]]:
        """The cells of the hypotheses, for both `sides`. Raises Undefined,
        Unsupported or OutOfBudget.

        Args:
            facts: what holds besides the hypotheses.
            cuts, whole, smallest: as for `Scene`.
        """
        hypotheses = [
            Relation(folded(h.left), h.op, folded(h.right))
            for h in (*self.statement.hypotheses, *facts)
        ]
        roots = [*self.sides, *(s for h in hypotheses for s in (h.left, h.right))]
        first, others = relations(*roots) if whole else ([], [])
        scene = Scene(roots, self.names, cuts, whole=whole, smallest=smallest)
        return scene, scene.cover([*hypotheses, *first], others)

    def admits(self, point: Point) -> bool:
        """Whether all hypotheses hold at the point, rigorously."""
        return all(holds(h, point) is True for h in self.statement.hypotheses)

    def difference(self) -> Term:
        """right - left, whatever the relation."""
        return sub(self.relation.right, self.relation.left)

    def witness(self, point: Point, *, equal: bool = False) -> Witness:
        """The point with both sides, enclosed: apart from each other unless
        they are known to be equal."""
        sides = (self.relation.left, self.relation.right)
        for bits in (256,) if equal else (256, 2048, 16384):
            left, right = (value_at(s, point, bits) for s in sides)
            if isinstance(left, fmpq) and isinstance(right, fmpq):
                break
            if not arb(left).overlaps(arb(right)):
                break
        return Witness({n: point[n] for n in self.names}, enclosure(left), enclosure(right))


def _small(end: End) -> bool:
    return not isinstance(end, float) and abs(end) <= 8 and end.is_integer()


def value_at(root: Term, point: Point, bits: int = 256) -> Value:
    """The value at a point to a width that is fit to print."""
    while True:
        try:
            return at_point(root, point, bits)
        except Unclear:
            if bits > 4096:
                raise
            bits *= 4


def sign_at(root: Term, point: Point) -> int | None:
    """-1, 0 or 1: the sign at a rational point; None where balls of moderate precision cannot tell.

    Raises:
        DomainError: the expression has no value there.
        Unsupported: there is no method for it.
    """
    for bits in _BITS:
        try:
            value = at_point(root, point, bits)
        except Unclear:
            continue
        if isinstance(value, fmpq):
            return (value > 0) - (value < 0)
        if value > 0:
            return 1
        if value < 0:
            return -1
        if isinstance(value, arb) and value.is_zero():
            return 0
    return None


def holds(relation: Relation, point: Point) -> bool | None:
    """Whether a relation holds at a rational point; None where that is not
    settled (or not defined)."""
    try:
        sign = sign_at(relation.gap(), point)
    except (DomainError, Unsupported):
        return None
    if sign is None:
        return None
    if relation.op == "==":
        return sign == 0
    return sign > 0 or (sign == 0 and not relation.strict)
