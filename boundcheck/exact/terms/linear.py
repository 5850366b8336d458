"""Linear combinations, collected: x - x is 0, and y + x - (x + x) is y - x."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from boundcheck.exact.terms.term import Term, add, mul, neg, number, postorder, rebuild, sub

_ZERO, _ONE = fmpq(0), fmpq(1)


@dataclass(frozen=True)
class Combination:
    """constant + Σ coefficient * basis, with coefficients that are not 0."""

    constant: fmpq
    parts: dict[Term, fmpq]

    def scaled(self, c: fmpq) -> Combination:
        return Combination(
            self.constant * c, {k: v * c for k, v in self.parts.items()} if c else {}
        )

    def plus(self, other: Combination) -> Combination:
        parts = dict(self.parts)
        for k, v in other.parts.items():
            parts[k] = parts.get(k, _ZERO) + v
        return Combination(self.constant + other.constant, {k: v for k, v in parts.items() if v})

    def term(self) -> Term:
        total: Term | None = None if self.constant == 0 else number(self.constant)
        for t, c in self.parts.items():
            piece = t if abs(c) == 1 else mul(number(abs(c)), t)
            if total is None:
                total = piece if c > 0 else neg(piece)
            else:
                total = add(total, piece) if c > 0 else sub(total, piece)
        return number(0) if total is None else total


def combination(node: Term, args: list[Combination]) -> Combination | None:
    """A node as a combination of what its operands are combinations of; None where
    it is not linear in them."""
    if node.op == "rational":
        return Combination(node.payload, {})
    if node.op in ("add", "sub"):
        return args[0].plus(args[1] if node.op == "add" else args[1].scaled(-_ONE))
    if node.op == "neg":
        return args[0].scaled(-_ONE)
    if node.op == "mul" and not (args[0].parts and args[1].parts):
        factor, other = (args[0], args[1]) if not args[0].parts else (args[1], args[0])
        return other.scaled(factor.constant)
    if node.op == "div" and not args[1].parts and args[1].constant != 0:
        return args[0].scaled(1 / args[1].constant)
    return None


def collected(root: Term) -> Term:
    """`root` with all linear combinations in it collected: equal to it
    wherever `root` is defined."""
    known: dict[Term, Combination] = {}
    terms: dict[Term, Term] = {}
    for node in postorder(root):
        found = combination(node, [known[a] for a in node.args])
        if found is None:
            args = []
            for a in node.args:
                if a not in terms:
                    terms[a] = known[a].term()
                args.append(terms[a])
            found = Combination(_ZERO, {rebuild(node, tuple(args)) if args else node: _ONE})
        known[node] = found
    return known[root].term()
