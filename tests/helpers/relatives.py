"""False relatives: statements that differ from a true one in a sign, a constant,
a relation, a domain or a size."""

from collections.abc import Iterator
from dataclasses import replace

from boundcheck.claims.comparison import Comparison
from boundcheck.claims.statement import ShapeStatement
from boundcheck.exact.terms.box import Box, Range
from boundcheck.exact.terms.parser import Side
from boundcheck.exact.terms.term import (
    Relation,
    Term,
    add,
    mul,
    number,
    postorder,
    rebuild,
    sub,
)

_REVERSED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def relatives(s: Comparison) -> Iterator[tuple[str, Comparison]]:
    """Named variants of a comparison; some of them are still true."""
    if s.relation.op == "==":
        shifted = Relation(s.relation.left, "==", add(s.relation.right, number("1/1000")))
        yield "constant added", replace(s, relation=shifted)
    else:
        yield (
            "relation reversed",
            replace(s, relation=replace(s.relation, op=_REVERSED[s.relation.op])),
        )
    for side in ("left", "right"):
        for k, changed in enumerate(_constants_moved(getattr(s.relation, side))):
            yield (
                f"constant {k} of the {side} side moved",
                replace(s, relation=replace(s.relation, **{side: changed})),
            )
        for k, changed in enumerate(_signs_flipped(getattr(s.relation, side))):
            yield (
                f"sign {k} of the {side} side flipped",
                replace(s, relation=replace(s.relation, **{side: changed})),
            )
    for r in s.on.ranges:
        for side in ("lower", "upper"):
            end = getattr(r, side)
            if end.value is not None:
                wider = replace(r, **{side: Side(None, True)})
                yield f"{side} end of {r.name} removed", replace(s, on=_with(s.on, r, wider))
    for k, h in enumerate(s.given):
        rest = s.given[:k] + s.given[k + 1 :]
        free = sorted(
            n for n in h.free if n not in s.on.names and not any(n in o.free for o in rest)
        )
        wider = Box()
        wider.ranges = (*s.on.ranges, *(Range(n, Side(None, True), Side(None, True)) for n in free))
        yield f"hypothesis {h} dropped", Comparison(s.relation, wider, rest)


def _with(box: Box, old: Range, new: Range) -> Box:
    changed = Box()
    changed.ranges = tuple(new if r is old else r for r in box.ranges)
    return changed


def _replaced(root: Term, old: Term, new: Term) -> Term:
    done: dict[Term, Term] = {}
    for node in postorder(root):
        done[node] = (
            new
            if node is old
            else rebuild(node, tuple(done[a] for a in node.args))
            if node.args
            else node
        )
    return done[root]


def _constants_moved(root: Term) -> Iterator[Term]:
    exponents = {n.args[1] for n in postorder(root) if n.op == "pow"}
    parameters = {p for n in postorder(root) if n.op == "activate" for p in n.args[1:]}
    if root.op == "rational":
        yield add(root, number("-1/7"))
        yield add(root, number("1/7"))
        return
    for node in postorder(root):
        if node.op == "rational" and node not in exponents | parameters:
            yield _replaced(root, node, mul(node, number("11/10")))
            yield _replaced(root, node, mul(node, number("9/10")))


def _signs_flipped(root: Term) -> Iterator[Term]:
    for node in postorder(root):
        if node.op in ("add", "sub"):
            flip = sub if node.op == "add" else add
            yield _replaced(root, node, flip(*node.args))


def understated(s: ShapeStatement) -> Iterator[tuple[str, ShapeStatement]]:
    """Each expected size, one smaller."""
    for k, (name, r) in enumerate(s.expectations):
        less = (name, replace(r, right=sub(r.right, number(1))))
        if r.op == "==" or r.left is r.right:
            yield (
                f"{name} understated",
                replace(s, expectations=(*s.expectations[:k], less, *s.expectations[k + 1 :])),
            )
