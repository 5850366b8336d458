"""Shallow networks in one variable: a rational function between any two neighbouring kinks."""

from __future__ import annotations

from flint import fmpq

from boundcheck.errors import Unsupported
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.activation import Piece, choose_piece
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import Term, add, mul, number, symbol, term


def kinks(net: Network, low: fmpq, high: fmpq) -> set[fmpq]:
    """Where, strictly between low and high, a neuron passes from one piece of
    the activation to another.

    Raises:
        Unsupported: not one input and one hidden layer with rational weights.
    """
    starts = [fmpq(p.start) for p in _pieces(net) if p.start is not None]
    found = {(s - b) / w for w, b, _ in _neurons(net) for s in starts if w != 0}
    return {x for x in found if low < x < high}


def formula(net: Network, low: fmpq, high: fmpq, name: str) -> Term:
    """The output on [low, high], where there is no kink in between, as a term without activations.

    Neurons that are affine there become one affine function.

    Raises:
        Unsupported: as `kinks`, or a kink inside.
    """
    if kinks(net, low, high):
        raise Unsupported(f"a neuron changes its piece between {low} and {high}")
    x, middle = symbol(name), (low + high) / 2
    slope, start, rest = fmpq(0), rational(net.layers[-1].bias[0]), number(0)
    pieces, mark = _pieces(net), symbol("t")
    for w, b, v in _neurons(net):
        piece = choose_piece(pieces, w * middle + b)
        if piece.formula(mark) is mark:
            slope, start = slope + v * w, start + v * b
        else:
            rest = add(rest, mul(number(v), term(piece.formula(add(mul(number(w), x), number(b))))))
    return add(rest, add(mul(number(slope), x), number(start)))


def _neurons(net: Network) -> list[tuple[fmpq, fmpq, fmpq]]:
    """Weight, bias and outer weight of each neuron."""
    exact = not any(isinstance(e, Term) for layer in net.layers for e in layer.entries())
    if net.depth != 1 or net.inputs != 1 or net.outputs != 1 or not exact:
        raise Unsupported(
            "only networks with one input, output and hidden layer have kinks on a line"
        )
    first, last = net.layers
    rows = zip(first.weight, first.bias, last.weight[0], strict=True)
    return [(rational(row[0]), rational(b), rational(v)) for row, b, v in rows]


def _pieces(net: Network) -> tuple[Piece, ...]:
    return net.activation.pieces(*map(rational, net.activation.parameters))
