"""Layers of networks, as an author writes them: the rules of `kernel.network_rules` with the
existence of all weights shown, and with sums over few neurons written out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from boundcheck.theorems.author.proof import Fact, Proof
from boundcheck.theorems.author.words import Exists, Forall
from boundcheck.theorems.kernel.network_rules import total
from boundcheck.theorems.language.binding import Lambda
from boundcheck.theorems.language.expr import Expr, ExprLike, expr

Affine: TypeAlias = Sequence[ExprLike]
"""The constant and the coefficients of an affine form."""


def weights_exist(t: Proof, *weights: Lambda) -> list[Fact]:
    """Why weights exist for all places, as far as their form does not say so."""
    found = []
    for w in weights:
        if total(w, (), frozenset()):
            continue
        places = [t.engine.fresh(name, s, w.body) for name, s in zip("ij", w.sorts, strict=False)]
        found.append(t.show(Forall(places, Exists(w(*places)))))
    return found


def hidden_layer(
    t: Proof,
    base: Expr,
    *,
    neurons: ExprLike,
    inputs: tuple[ExprLike, ExprLike],
    weights: Lambda,
    biases: Lambda,
    outer: Lambda,
    offsets: Lambda,
) -> Fact:
    """There is a network with one more hidden layer of `neurons` neurons on the outputs a..m of the
    base: neuron j is rho(bias(j) + Sum(weight(j, k)*output(k), (k, a, m))), and output i is
    offset(i) + Sum(outer(i, j)*neuron(j), (j, 1, neurons))."""
    first, last = map(expr, inputs)
    why = weights_exist(t, weights, biases, outer, offsets)
    why += [t.fact(t.engine.exist(n)) for n in (first, last, expr(neurons))]
    return t.derive(
        "hidden_layer",
        *why,
        base=base,
        inputs=last,
        neurons=expr(neurons),
        weights=weights,
        biases=biases,
        outer=outer,
        offsets=offsets,
        first=first,
    )
