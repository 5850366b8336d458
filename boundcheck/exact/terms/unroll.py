"""Finite sums written out: what rules about + - * / need to see."""

from __future__ import annotations

import math

from flint import fmpq

from boundcheck.exact.terms.term import (
    Relation,
    Term,
    add,
    number,
    postorder,
    rebuild,
    substitute,
)

_MAX_TERMS = 200  # of one sum
_MOST_TERMS = 4_000  # of all sums, also of those in sums


def unrolled(root: Term) -> Term:
    """`root` with sums of at most 200 terms between integers written out, and
    factorials of integers as numbers.

    It stays as it is where there would be more than 4000 terms in all.
    """
    if not any(
        n.op == "sum" or (n.op == "call" and n.payload == "factorial") for n in postorder(root)
    ):
        return root
    return _Unrolling().of(root) or root


class _Unrolling:
    def __init__(self) -> None:
        self.left = _MOST_TERMS

    def of(self, root: Term) -> Term | None:
        """None where there are too many terms."""
        done: dict[Term, Term] = {}
        for node in postorder(root):
            args = tuple(done[a] for a in node.args)
            if node.op == "pow":  # x**6 is defined for all x, x**factorial(3) for x > 0
                args = (args[0], node.args[1])
            limits = [a.payload for a in args if a.op == "rational" and a.payload.q == 1]
            if node.op == "sum" and len(limits) == 2 and -1 <= limits[1] - limits[0] < _MAX_TERMS:
                written = self._written_out(node, int(limits[0].p), int(limits[1].p))
                if written is None:
                    return None
                done[node] = written
            elif (
                node.op == "call"
                and node.payload == "factorial"
                and len(limits) == 1
                and 0 <= limits[0] <= 200
            ):
                done[node] = number(fmpq(math.factorial(int(limits[0].p))))
            else:
                done[node] = rebuild(node, args) if args else node
        return done[root]

    def _written_out(self, node: Term, first: int, last: int) -> Term | None:
        total: Term = number(0)
        for k in range(first, last + 1):
            self.left -= 1
            if self.left < 0:
                return None
            (part,) = substitute((node.payload.body,), {node.payload.name: number(k)})
            below = self.of(part)
            if below is None:
                return None
            total = add(total, below)
        return total


def unrolled_relation(r: Relation) -> Relation:
    return Relation(unrolled(r.left), r.op, unrolled(r.right))
