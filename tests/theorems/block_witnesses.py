"""Networks with one hidden layer that the theorems on sums of neurons and on broken lines say there
are, built by hand."""

import itertools
from fractions import Fraction

from model_networks import ZERO, behind, inputs
from model_values import Unclear, total

ONE = Fraction(1)


class _Weights:
    """Symbols of a model by name, functions applied to whole numbers."""

    def __init__(self, model):
        self.model, self.at = model, {str(s.data): s for s in model.values}

    def __getattr__(self, name):
        symbol = self.at[name]
        if symbol.sort.kind != "function":
            value = self.model.values[symbol]
            return int(value) if symbol.sort.kind == "nat" else value
        return lambda *places: self.model.applied(symbol, tuple(map(Fraction, places)))

    def neurons(self, j):
        """The neurons of the block j, and their coefficients."""
        if self.n(j) > 50:
            raise Unclear("a large network")
        direction = {i: self.v(j, i) for i in range(1, self.d + 1)}
        found = [(self.b(j, m), direction) for m in range(1, int(self.n(j)) + 1)]
        return found, [self.c(j, m) for m in range(1, int(self.n(j)) + 1)]


def _layer(neurons, outer, offset=Fraction(0)):
    row = (offset, dict(enumerate(outer)))
    return {"N": [behind(inputs("relu"), neurons, [row])]}


def _sum_of_two(model):
    named = {str(s.data): v for s, v in model.values.items()}
    A, B = named["A"], named["B"]
    if len(A.layers) != len(B.layers):
        return {"N": []}
    layers, shift = [], 0
    for one, other in zip(A.layers, B.layers, strict=True):
        moved = [(c, {i + shift: f for i, f in form.items()}) for c, form in other]
        layers.append((*one, *moved))
        shift = len(one)
    first, second = A.outputs(0), B.outputs(0)
    if not layers:
        both = dict(first[1])
        for i, f in second[1].items():
            both[i] = total([both.get(i, Fraction(0)), f])
    else:
        both = {**first[1], **{i + shift: f for i, f in second[1].items()}}
    row = (total([first[0], second[0]]), both)
    return {"N": [type(A)("relu", tuple(layers), lambda i: row if i == 0 else ZERO)]}


def _one_block(model):
    w = _Weights(model)
    return _layer(*w.neurons(w.j))


def _blocks(w):
    neurons, outer = [], []
    for j in range(1, w.k + 1):
        more, factors = w.neurons(j)
        neurons += more
        outer += factors
    return neurons, outer


def _many_blocks(model):
    return _layer(*_blocks(_Weights(model)))


def _affine(w):
    """The neuron of the affine part, and what is taken away from it."""
    places = range(1, w.d + 1)
    lift = sum((abs(w.p(j)) + w.R * sum(abs(w.q(j, i)) for i in places) for j in _upto(w)), 0)
    direction = {i: sum((w.q(j, i) for j in _upto(w)), Fraction(0)) for i in places}
    constant = sum((w.p(j) for j in _upto(w)), Fraction(0))
    return (constant + lift, direction), Fraction(-lift)


def _upto(w):
    return range(1, w.k + 1)


def _affine_neuron(model):
    neuron, offset = _affine(_Weights(model))
    return _layer([neuron], [ONE], offset)


def _with_an_affine_part(model):
    w = _Weights(model)
    neuron, offset = _affine(w)
    neurons, outer = _blocks(w)
    return _layer([*neurons, neuron], [*outer, ONE], offset)


class _Lines(_Weights):
    """The weights of broken lines."""

    def slope(self, j):
        return self.F(j) * (self.H(j, 1) - self.H(j, 0)) / self.h

    def p(self, j):
        start = self.slope(j) * (self.Rho(j) + self.h * self.r(j))
        return (self.F(j) * self.H(j, 0) + start) / self.k

    def q(self, j, i):
        return self.slope(j) * self.w(j, i) / self.sigma / self.k

    def v(self, j, i):
        return self.w(j, i) / self.sigma

    def b(self, j, m):
        return self.Rho(j) - self.h * (m - self.r(j))

    def c(self, j, m):
        return -self.F(j) * self.bend * self.H(j, m) / self.k


def _broken_lines(model):
    w = _Lines(model)
    neuron, offset = _affine(w)
    neurons, outer = _blocks(w)
    return _layer([*neurons, neuron], [*outer, ONE], offset)


def _random_neurons(model):
    """The networks of all draws."""
    w = _Weights(model)
    points = [p for p, _ in w.nu.weights]
    n, d = w.n, w.d
    if len(points) ** n > 100:
        raise Unclear("many draws")

    def at(name, *places):
        return model.applied(w.at[name], places)

    found = []
    for draws in itertools.product(points, repeat=n):
        direction = {i: w.a(i) for i in range(1, d + 1)}
        lift = sum((abs(f) * w.R for f in direction.values()), Fraction(0))
        neurons, outer = [(w.p + lift, direction)], [ONE]
        if w.p + lift < 0:
            lift -= w.p
            neurons = [(w.p + lift, direction)]
        for theta in draws:
            v = {i: at("w", Fraction(i), theta) for i in range(1, d + 1)}
            neurons.append((-at("c", theta), v))
            outer.append(w.V * at("e", theta) / n)
        found += _layer(neurons, outer, -lift)["N"]
    return {"N": found}


def _knots_turned_round(model):
    """The part of a knot at which z is."""
    named = _Weights(model)
    return {"c": [Fraction(named.z) / Fraction(named.h) % 1]}


BLOCKS = {
    "blocks.knots_turned_round": _knots_turned_round,
    "random_neurons.network_of_random_neurons": _random_neurons,
    "shallow_sums.one_block": _one_block,
    "shallow_sums.sum_of_two": _sum_of_two,
    "shallow_sums.many_blocks": _many_blocks,
    "shallow_sums.affine_neuron": _affine_neuron,
    "shallow_sums.with_an_affine_part": _with_an_affine_part,
    "block_networks.broken_lines": _broken_lines,
}
