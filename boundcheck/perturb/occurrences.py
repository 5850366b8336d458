"""Where the numbers of a statement stand, and the statement with another number in one
of these places.

Equal terms are one object, so a number that is written twice is one node. What is changed here
is a place: a path in the tree of the expression. Networks are trees of astronomical size;
there, a place is an edge of the shared graph, which is one number in one expression of the source,
wherever that expression is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from flint import fmpq

from boundcheck.claims.comparison import Comparison, Hypotheses
from boundcheck.claims.statement import ShapeStatement
from boundcheck.exact.terms.box import Box
from boundcheck.exact.terms.term import (
    Binder,
    Relation,
    Term,
    integral,
    is_number,
    number,
    rebuild,
    summation,
    symbol,
)

MAX_PATHS = 200
"""An expression with more places than this is read by its edges."""

Slot: TypeAlias = tuple[str, int, str]
"""An expression of a statement: ("relation", 0, "left"), ("box", k, "upper"),
("given", k, "right")."""


@dataclass(frozen=True)
class Place:
    """One occurrence of a number.

    Attributes:
        slot: the expression that it stands in.
        path: the operands that lead to it, from the root; for an edge, the last step only.
        parent: the node above it, where the place is an edge: it is meant
            wherever that node occurs.
        value: the number.
        role: what it does there: exponent, divisor, sign, factor, ...
    """

    slot: Slot
    path: tuple[int, ...]
    parent: Term | None
    value: fmpq
    role: str

    @property
    def stepped(self) -> bool:
        """Whether it counts something, so that its neighbours are the next integers."""
        return self.value.q == 1 and self.role in ("exponent", "limit", "size")


def places(statement: Comparison) -> list[Place]:
    """Every occurrence of a rational number: in the relation, then in the box, then in
    the hypotheses."""
    return [p for slot, root in _slots(statement) for p in _places(slot, root)]


def put(statement: Comparison, place: Place, new: Term | fmpq) -> Comparison:
    """The statement with `new` at that place.

    Raises:
        BoundcheckError: the box becomes empty.
    """
    root = dict(_slots(statement))[place.slot]
    filling = new if isinstance(new, Term) else number(new)
    if place.parent is not None:
        changed = _at_edge(root, place.parent, place.path[-1], filling)
    else:
        changed = _at_path(root, place.path, filling)
    return _with(statement, place.slot, changed)


def marked(statement: Comparison, place: Place, width: int = 60) -> str:
    """The relation, range or hypothesis around the place, the number in square
    brackets, cut to about `width`."""
    mark = f"[{place.value}]"
    kind, k, _ = place.slot
    shown = put(statement, place, symbol(mark))
    if kind == "relation":
        text = str(shown.relation)
    else:
        text = str(shown.on.ranges[k]) if kind == "box" else f"given {shown.given[k]}"
    # too large to be spelled out: show the expression around it
    if mark not in text and place.parent is not None:
        text = f"...{_at_edge(place.parent, place.parent, place.path[-1], symbol(mark))}..."
    if len(text) <= width:
        return text
    at = text.find(mark)
    start = max(0, min(at - (width - len(mark)) // 2, len(text) - width))
    end = start + width
    return ("..." if start else "") + text[start:end] + ("..." if end < len(text) else "")


def sizes(statement: ShapeStatement) -> list[tuple[str, Comparison, list[Place]]]:
    """Each expectation: its name, its comparison, the expected numbers. What the
    network has is not a constant."""
    return [
        (
            name,
            Comparison(relation, Box(), statement.given),
            [replace(p, role="size") for p in _places(("relation", 0, "right"), relation.right)],
        )
        for name, relation in dict.fromkeys(statement.expectations)
    ]


def _slots(statement: Comparison) -> list[tuple[Slot, Term]]:
    found: list[tuple[Slot, Term]] = [
        (("relation", 0, "left"), statement.relation.left),
        (("relation", 0, "right"), statement.relation.right),
    ]
    for k, r in enumerate(statement.on.ranges):
        ends = (("lower", r.lower.value), ("upper", r.upper.value))
        found += [(("box", k, name), value) for name, value in ends if value is not None]
    for k, h in enumerate(statement.given):
        found += [(("given", k, "left"), h.left), (("given", k, "right"), h.right)]
    return found


def _with(statement: Comparison, slot: Slot, root: Term) -> Comparison:
    kind, k, side = slot
    if kind == "relation":
        return replace(statement, relation=_side_of(statement.relation, side, root))
    if kind == "given":
        given: Hypotheses = statement.given
        return replace(
            statement, given=(*given[:k], _side_of(given[k], side, root), *given[k + 1 :])
        )
    box, ranges = Box(), list(statement.on.ranges)
    ranges[k] = replace(ranges[k], **{side: replace(getattr(ranges[k], side), value=root)})
    box.ranges = tuple(ranges)
    return replace(statement, on=box.subs({}))  # which refuses a reversed range


def _side_of(relation: Relation, side: str, root: Term) -> Relation:
    return replace(relation, left=root) if side == "left" else replace(relation, right=root)


def _children(node: Term) -> tuple[Term, ...]:
    """The operands; the body of an integral or a sum comes last."""
    return (*node.args, node.payload.body) if isinstance(node.payload, Binder) else node.args


def _with_children(node: Term, children: tuple[Term, ...]) -> Term:
    if not isinstance(node.payload, Binder):
        return rebuild(node, children)
    make = integral if node.op == "integral" else summation
    return make(children[2], node.payload.name, children[0], children[1])


def _places(slot: Slot, root: Term) -> Iterator[Place]:
    order = _operands_first(root)
    count: dict[Term, int] = {}
    for node in order:
        count[node] = 1 if is_number(node) else sum(count[c] for c in _children(node))
    if is_number(root):
        yield Place(slot, (), None, root.payload, _role(slot, None, 0, root))
        return
    if count[root] > MAX_PATHS:
        for node in order:
            for i, c in enumerate(_children(node)):
                if is_number(c):
                    yield Place(slot, (i,), node, c.payload, _role(slot, node, i, c))
        return
    stack: list[tuple[Term, tuple[int, ...]]] = [(root, ())]
    above: dict[tuple[int, ...], Term] = {}
    while stack:  # from left to right
        node, path = stack.pop()
        if is_number(node):
            yield Place(slot, path, None, node.payload, _role(slot, above[path], path[-1], node))
            continue
        inside = [(c, (*path, i)) for i, c in enumerate(_children(node)) if count[c]]
        above.update((p, node) for c, p in inside if is_number(c))
        stack.extend(reversed(inside))


def _operands_first(root: Term) -> list[Term]:
    """Every node once, bodies of integrals and sums included, operands before what they
    are used in."""
    seen: set[Term] = set()
    order: list[Term] = []
    stack: list[tuple[Term, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((c, False) for c in reversed(_children(node)) if c not in seen)
    return order


def _role(slot: Slot, parent: Term | None, i: int, c: Term) -> str:
    if parent is None:
        return {"relation": "side", "box": "end point", "given": "hypothesis"}[slot[0]]
    if parent.op == "mul":
        return "sign" if abs(c.payload) == 1 else "factor"
    if parent.op == "activate":
        return "parameter" if i else "argument"
    if isinstance(parent.payload, Binder):
        return "limit" if i < 2 else "body"
    if parent.op == "pow":
        return "exponent" if i else "base"
    if parent.op == "div":
        return "divisor" if i else "dividend"
    return "argument" if parent.op == "call" else "summand"


def _at_path(root: Term, path: tuple[int, ...], new: Term) -> Term:
    above: list[tuple[Term, int]] = []
    node = root
    for i in path:
        above.append((node, i))
        node = _children(node)[i]
    for parent, i in reversed(above):
        children = list(_children(parent))
        children[i] = new
        new = _with_children(parent, tuple(children))
    return new


def _at_edge(root: Term, parent: Term, i: int, new: Term) -> Term:
    done: dict[Term, Term] = {}
    for node in _operands_first(root):
        children = [done[c] for c in _children(node)]
        if node is parent:
            children[i] = new
        same = all(a is b for a, b in zip(children, _children(node), strict=True))
        done[node] = node if same else _with_children(node, tuple(children))
    return done[root]


def with_symbol(statement: Comparison, name: str, value: fmpq) -> Comparison:
    """The statement with a number put in for one of its symbols; its range becomes
    a hypothesis about the number.

    Raises:
        BoundcheckError: the box becomes empty.
    """
    filling = {name: number(value)}
    box, own = Box(), []
    for r in statement.on.ranges:
        if r.name == name:
            alone = Box()
            alone.ranges = (r,)
            own = [h.subs(filling) for h in alone.hypotheses()]
    box.ranges = tuple(r for r in statement.on.ranges if r.name != name)
    given = (*(h.subs(filling) for h in statement.given), *own)
    return Comparison(statement.relation.subs(filling), box.subs(filling), given)
