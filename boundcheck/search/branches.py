"""Branch analysis: which piece of the activation each neuron uses on a box."""

from __future__ import annotations

from typing import Any

from boundcheck.exact.cells.cell import Cell
from boundcheck.exact.cells.scene import Branch, Scene
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.box import Box, conditions
from boundcheck.exact.terms.term import Term, symbol, term
from boundcheck.search.cells.strategy import Strategy

Table = tuple[tuple[int | None, ...], ...]
"""For each hidden layer and neuron the index of the piece in use, or None where it changes."""


def branches(net: Network, on: Any, given: Any = ()) -> list[Table]:
    """The possible branch tables of a network on a box, one for each cell of a decomposition.

    One table means that every neuron is decided; each undecided neuron splits the box in two,
    so that together the tables tell what the network is: one rational function for each of them.

    Args:
        net: rational or symbolic weights.
        on: a box with one variable for each input, in order.
        given: hypotheses about the symbols.

    Raises:
        Undefined: a weight or hypothesis divides by something that may be zero.

    >>> from boundcheck import Network, ReLU
    >>> hat = Network.from_layers([([[1], [1], [1]], [1, 0, -1]), ([[1, -2, 1]], [0])], ReLU())
    >>> branches(hat, on="x in [-1, 0)"), branches(hat, on="x in [0, 1)")
    ([((1, 0, 0),)], [((1, 1, 0),)])
    """
    box = Box.of(on)
    hypotheses = (*conditions(given), *box.hypotheses())
    layers = _arguments(net, [symbol(n) for n in box.names])
    roots = [t for layer in layers for t in layer]
    names = sorted(
        frozenset(box.names) | net.free | frozenset().union(*(h.free for h in hypotheses))
    )
    scene = Scene(
        [
            *net.terms([symbol(n) for n in box.names]),
            *(t for h in hypotheses for t in (h.left, h.right)),
        ],
        names,
        guide=Strategy(),
    )
    tables = []
    for cell in scene.cover(hypotheses):
        stack = [cell]
        while stack:
            current = stack.pop()
            try:
                known: dict[Term, Any] = {}
                for t in roots:
                    scene.value(t, current, known)
                tables.append(
                    tuple(tuple(_piece(net, known[t], current) for t in layer) for layer in layers)
                )
            except Branch as branch:
                stack.extend(scene.halves(current, branch.p))
    return tables


def _arguments(net: Network, inputs: list[Term]) -> list[list[Term]]:
    """The terms that enter the activations, layer by layer."""
    layers, current = [], list(inputs)
    for layer in net.layers[:-1]:
        current = [term(v) for v in layer(current)]
        layers.append(current)
        current = [net.activation(v) for v in current]
    return layers


def _piece(net: Network, value: Any, cell: Cell) -> int | None:
    index = 0
    for k, piece in enumerate(net.activation.pieces(*net.activation.parameters)[1:], start=1):
        sign = cell.sign(value - piece.start)
        if sign is None:
            raise Branch(cell.oriented(value - piece.start))
        if sign in ("+", "0+", "0"):
            index = k
    return index
