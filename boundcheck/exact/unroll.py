"""Finite sums written out: what rules about + - * / need to see."""

from __future__ import annotations

import math

from flint import fmpq

from boundcheck.exact.term import Relation, Term, add, number, postorder, rebuild, substitute

_MAX_TERMS = 200


def unrolled(root: Term) -> Term:
    """`root` with sums of at most 200 terms between integers written out, and factorials of integers as numbers."""
    if not any(n.op == "sum" or (n.op == "call" and n.payload == "factorial") for n in postorder(root)):
        return root
    done: dict[Term, Term] = {}
    for node in postorder(root):
        args = tuple(done[a] for a in node.args)
        limits = [a.payload for a in args if a.op == "rational" and a.payload.q == 1]
        if node.op == "sum" and len(limits) == 2 and -1 <= limits[1] - limits[0] < _MAX_TERMS:
            done[node] = _written_out(node, int(limits[0].p), int(limits[1].p))
        elif node.op == "call" and node.payload == "factorial" and len(limits) == 1 and 0 <= limits[0] <= 200:
            done[node] = number(fmpq(math.factorial(int(limits[0].p))))
        else:
            done[node] = rebuild(node, args) if args else node
    return done[root]


def _written_out(node: Term, first: int, last: int) -> Term:
    total: Term = number(0)
    for k in range(first, last + 1):
        (part,) = substitute((node.payload.body,), {node.payload.name: number(k)})
        total = add(total, unrolled(part))
    return total


def unrolled_relation(r: Relation) -> Relation:
    return Relation(unrolled(r.left), r.op, unrolled(r.right))
