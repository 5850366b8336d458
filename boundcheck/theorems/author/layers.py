"""Layers of networks, as an author writes them: the rules of `kernel.network_rules` with the
existence of all weights shown, and with sums over few neurons written out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TypeAlias

from boundcheck.theorems.author.facts import Block, Fact
from boundcheck.theorems.author.proof import Proof
from boundcheck.theorems.author.rewriting import replaced_in
from boundcheck.theorems.author.words import (
    And,
    Forall,
    ThereIs,
    depth,
    function,
    value,
    width,
)
from boundcheck.theorems.kernel.sequent import Theorem
from boundcheck.theorems.language.binding import Lambda
from boundcheck.theorems.language.expr import (
    Expr,
    ExprLike,
    below,
    expr,
    made,
    number,
    symbol,
)
from boundcheck.theorems.language.sorts import NAT, REAL, network, seq

Affine: TypeAlias = Sequence[ExprLike]
"""The constant and the coefficients of an affine form."""


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
    functions = (weights, biases, outer, offsets)
    why = [t.fact(shown) for w in functions for shown in t.engine.total(w)]
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


def neurons(t: Proof, base: Expr, rows: Sequence[Affine], outputs: Sequence[Affine]) -> Fact:
    """There is a network with one more hidden layer, written out neuron by neuron.

    Args:
        t: the proof.
        base: a network.
        rows: of each neuron the constant and the coefficients of outputs 0, 1, ... of the base.
        outputs: of outputs 0, 1, ... each the constant and the coefficients of the neurons.

    Returns:
        There is N with its depth, its width, and for all x its outputs.

    >>> t = Proof()
    >>> neurons(t, t.network("A", "relu"), rows=[(0, 1), (0, -1)], outputs=[(0, 1, 1)])
    Fact(there is N : Network(relu). depth(N) == depth(A) + 1 and width(N) == Max(width(A), 2) \
and for all x : Seq(Real). value(N, 0, x) == relu(value(A, 0, x)) + relu(-1*value(A, 0, x)))
    """
    i, j, k = (t.engine.fresh(name, NAT) for name in "ijk")
    constants, *columns = zip(*rows, strict=True)
    offsets, *factors = zip(*outputs, strict=True)
    made = hidden_layer(
        t,
        base,
        neurons=len(rows),
        inputs=(0, len(columns) - 1),
        weights=function((j, k), at_number(k, 0, [at_number(j, 1, c) for c in columns])),
        biases=function(j, at_number(j, 1, constants)),
        outer=function((i, j), at_number(j, 1, [at_number(i, 0, f) for f in factors])),
        offsets=function(i, at_number(i, 0, offsets)),
    )
    x = t.engine.fresh("x", seq(REAL))
    new = t.engine.fresh("N", base.sort)
    with t.obtain(made, _unused(t, "L")) as layer:
        assert layer.value is not None
        size, values = layer.facts[:2], layer.facts[2]
        plain = [_neuron(base, x, row) for row in rows]
        goal = [replaced_in(f.formula, layer.value, new) for f in size]
        for place, output in enumerate(outputs):
            whole = affine(output, plain)
            goal.append(Forall(x, value(new, place, x).eq(whole)))
            with t.let(x):
                _written_out(t, values(place, x), value(layer.value, place, x).eq(whole), plain)
        t.witness(ThereIs(new, *goal), layer.value)
    return layer.fact


def affine(form: Affine, terms: Sequence[Expr]) -> Expr:
    """An affine form of terms, without coefficients 0.

    >>> x, y, z = (symbol(name, REAL) for name in "xyz")
    >>> affine((0, 2, 0, x), (x, y, z))
    2*x + x*z
    """
    constant, *factors = map(expr, form)
    found = None if constant == number(0) else constant
    for factor, term in zip(factors, terms, strict=True):
        if factor != number(0):
            found = factor * term if found is None else found + factor * term
    return number(0) if found is None else found


def at_number(k: Expr, first: int, values: Sequence[ExprLike]) -> Expr:
    """The term in k that is the first value at k = first, the next one at first + 1, and so on:
    Lagrange's polynomial.

    >>> at_number(symbol("k", NAT), 1, [3, 5])
    3*((k - 2)/(-1)) + 5*((k - 1)/1)
    """
    places = range(first, first + len(values))
    total: Expr = number(0)
    for p, v in zip(places, values, strict=True):
        weight: Expr = number(1)
        for q in places:
            if q != p:
                weight = weight * ((k - q) / (p - q))
        term = expr(v) * weight
        total = term if p == first else total + term
    return total


# -- networks behind networks ----------------------------------------------------------------------


def behind(new: Expr, base: Expr, layers: int, most: ExprLike) -> Expr:
    """The new network has so many hidden layers more than the base, of at most so many neurons.

    >>> t = Proof()
    >>> behind(*t.network("N A", "relu"), layers=2, most=4)
    depth(N) == depth(A) + 2 and width(N) == Max(width(A), 4)
    """
    return And(
        depth(new).eq(depth(base) + layers),
        width(new).eq(made("call", "Max", (width(base), expr(most)))),
    )


def sizes(t: Proof, goal: Expr, *blocks: Block) -> Fact:
    """The depth and the width of networks one behind the other, in the form of `behind`: the first
    two facts of each are its own, behind the one before."""
    (deep, wide), *others = [b.facts[:2] for b in blocks]
    for deeper, wider in others:
        deep, wide = t.rewrite(deep, deeper), t.rewrite(wide, wider)
    _, width_wanted = goal.args
    t.replace(wide, (wide.formula.args[1], width_wanted.args[1]))
    return t.show(goal, by=deep)


def alone(
    t: Proof,
    gate: str | Theorem,
    x: Expr,
    domain: Sequence[Expr],
    output: Expr,
    layers: int,
    most: int,
    activation: str = "signrelu",
) -> Fact:
    """A theorem about networks behind a network A, for the network without hidden layers in the
    place of A, whose outputs are its inputs: there is N that computes `output`, a term in x(0) and
    x(1), on the domain.

    >>> t = Proof()
    >>> A, (y, x) = t.network("A", "relu"), t.sequence("y x", REAL)
    >>> positive = neurons(t, A, rows=[(0, 1)], outputs=[(0, 1)]).theorem
    >>> alone(t, positive, x, [x(0) >= 0], made("call", "relu", (x(0),)), 1, 1, "relu").formula
    there is N : Network(relu). depth(N) == 1 and width(N) == 1 and for all x : Seq(Real). \
x(0) >= 0 implies value(N, 0, x) == relu(x(0))
    """
    N = symbol("N", network(activation))
    computes = Forall(x, value(N, 0, x).eq(output), given=domain)
    inputs_alone = t.derive("input_network", activation=activation)
    with t.obtain(inputs_alone, _unused(t, "I")) as base:
        none, narrow, same = base.facts
        with t.obtain(t.use(gate, {"A": base.value}), _unused(t, "L")) as found:
            assert found.value is not None
            deep, wide, values = found.facts
            size = And(depth(found.value).eq(layers), width(found.value).eq(most))
            t.show(size, by=[t.rewrite(none, deep), t.rewrite(narrow, wide)])
            inputs = [same(i, x) for i in (0, 1)]
            with t.let(x, given=domain) as at:
                fact = values(x, by=[*inputs, *at.facts])
                for each in inputs:
                    fact = t.rewrite(each, fact)
            goal = ThereIs(N, depth(N).eq(layers), width(N).eq(most), computes)
            t.witness(goal, found.value)
    return base.fact


def _unused(t: Proof, hint: str) -> str:
    """A name that no symbol of the proof has."""
    names = (f"{hint}{k}" for k in itertools.count(1))
    return next(n for n in names if n not in t.engine.symbols)


def _neuron(base: Expr, x: Expr, row: Affine) -> Expr:
    outputs = [value(base, k, x) for k in range(len(row) - 1)]
    return made("call", base.sort.name, (affine(row, outputs),))


def _written_out(t: Proof, fact: Fact, goal: Expr, plain: Sequence[Expr]) -> Fact:
    """The output of a layer with its sums written out: the goal, whose neurons are `plain`."""
    total = fact.formula.args[1].args[1]
    found = t.rewrite(t.written_out(total), fact)
    sums = dict.fromkeys(e for e in below(found.formula) if e.head == "sum")
    for inner in sums:
        found = t.rewrite(t.written_out(inner), found)
    terms = _terms(found.formula.args[1].args[1])
    for term, wanted in zip(terms, plain, strict=True):
        neuron = term.args[1] if term.head == "mul" else term
        found = t.replace(found, (neuron.args[0], wanted.args[0]))
    return t.show(goal, by=found, opaque=plain)


def _terms(total: Expr) -> list[Expr]:
    """Of a sum that is written out."""
    return [*_terms(total.args[0]), total.args[1]] if total.head == "add" else [total]
