"""What a module is compared with, as balls: an expression, several, a marginal, or
a network with exact weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from flint import arb, arb_mat, ctx, fmpq

from boundcheck.constructions.marginal import Marginal
from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.affine import Affine
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.activation import Piece
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import Term, term

Target: TypeAlias = Callable[[Sequence[fmpq], int], list[Value]]
"""The values at a rational point, exact or balls at so many bits; raises DomainError, Unclear,
Unsupported."""


def target_of(value: Any, names: Sequence[str]) -> tuple[Target, int]:
    """The target that a value stands for, and the number of its outputs.

    Args:
        value: a text, sympy expression or term in the variables; a `Marginal` or a `Network`
            of them, in their order; a list of expressions and marginals, one for each output.
        names: the variables.

    Raises:
        BoundcheckError: something else, an unknown symbol, a number of variables that does not
            fit, a network with symbols.
    """
    if isinstance(value, Network):
        if value.inputs != len(names):
            raise BoundcheckError(
                f"the target takes {value.inputs} inputs, but the box has {len(names)} variables; "
                "the numbers must agree"
            )
        return NetworkTarget(value), value.outputs
    parts = value if isinstance(value, (list, tuple)) else [value]
    terms = [_term(p, names) for p in parts]
    return lambda x, bits: [
        at_point(t, dict(zip(names, x, strict=True)), bits) for t in terms
    ], len(terms)


def _term(value: Any, names: Sequence[str]) -> Term:
    if isinstance(value, Marginal):
        if value.dimension != len(names):
            raise BoundcheckError(
                f"the target is a marginal in {value.dimension} variables, but the box has "
                f"{len(names)}; the numbers must agree"
            )
        return value.term(names)
    if value is None or callable(value):
        raise BoundcheckError(
            f"{str(value)[:60]} is no target; give an expression, a Marginal, a Network or a list "
            "of expressions"
        )
    found = parse_term(value) if isinstance(value, str) else term(value)
    if loose := sorted(found.free - set(names)):
        raise BoundcheckError(
            f"unknown symbol {', '.join(loose)} in the target; the box has {', '.join(names)}"
        )
    return found


class NetworkTarget:
    """The outputs of a network in balls, which stay small where exact fractions
    of wide layers would not.

    Raises:
        BoundcheckError: weights or parameters that are not rational numbers.
    """

    def __init__(self, net: Network) -> None:
        if net.free:
            raise BoundcheckError(
                f"the weights contain {', '.join(sorted(net.free))}; give them numbers: "
                ".instantiate(...)"
            )
        self.net = net
        self.pieces = net.activation.pieces(*map(rational, net.activation.parameters))
        self._balls = lru_cache(maxsize=None)(self._at_bits)

    def _at_bits(self, bits: int) -> list[tuple[arb_mat, arb_mat]]:
        with ctx.workprec(bits):
            return [_matrices(layer, bits) for layer in self.net.layers]

    def __call__(self, x: Sequence[fmpq], bits: int) -> list[Value]:
        layers = self._balls(bits)
        with ctx.workprec(bits):
            current = arb_mat([[arb(v)] for v in x])
            for k, (weight, bias) in enumerate(layers):
                current = weight * current + bias
                if k < self.net.depth:
                    current = arb_mat([[piecewise(self.pieces, t)] for t in current.entries()])
            return current.entries()


def _matrices(layer: Affine, bits: int) -> tuple[arb_mat, arb_mat]:
    weight = [
        [arb(at_point(w, {}, bits) if isinstance(w, Term) else w) for w in row]
        for row in layer.weight
    ]
    bias = [[arb(at_point(b, {}, bits) if isinstance(b, Term) else b)] for b in layer.bias]
    return arb_mat(weight), arb_mat(bias)


def piecewise(pieces: Sequence[Piece], t: arb) -> arb:
    """An activation of a ball: the union over all pieces that it may meet, each of
    its own part of the ball.

    Raises:
        Unclear: a formula has no finite value on its part.
    """
    starts = [p.start for p in pieces[1:]]
    first = sum(bool(t >= s) for s in starts)  # starts grow: t is certainly past the first so many
    last = len(starts) - sum(bool(t < s) for s in starts)
    found: arb | None = None
    for k in range(first, last + 1):
        part = t
        if k > first:  # beyond its piece, a formula may have a pole
            part = arb(starts[k - 1]).lower().union(part.upper())
        if k < last:
            part = part.lower().union(arb(starts[k]).upper())
        value = arb(pieces[k].formula(part))
        found = value if found is None else found.union(value)
    assert found is not None
    if not found.is_finite():
        raise Unclear("an activation of a ball around a pole")
    return found
