"""What the theorems about the softmax say there is, built by hand: the networks neuron by neuron,
and the net of points and log-probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil

from model_networks import ZERO, behind, inputs
from model_values import CALLS, Unclear, ball, mul, total
from network_witnesses import Cubes

ONE = Fraction(1)
MOST = 300


def _named(model):
    return {str(s.data): v for s, v in model.values.items()}


def _of_pairs(count, Q, neuron, factor, constant):
    """A layer of Q neurons for each pair; output o has those of its pairs with others."""
    if count * count * Q > MOST:
        raise Unclear("a large network")
    range_ = range(1, count + 1)
    neurons = [neuron(k, j, c) for k in range_ for j in range_ for c in range(1, Q + 1)]

    def row(o):
        if not 1 <= o <= count:
            return ZERO
        start = (o - 1) * count
        places = {
            (start + j - 1) * Q + c - 1: factor(c)
            for j in range_
            for c in range(1, Q + 1)
            if j != o
        }
        return constant(o), places

    return behind(inputs("signrelu"), neurons, row)


def _difference(v, scale, k, j, knot):
    """scale (ℓ(j) - ℓ(k) - knot)."""
    first, second = Fraction(k), Fraction(j)
    bias = total([v["b"](second), -v["b"](first), mul(Fraction(-1), knot)])
    places = range(1, int(v["d"]) + 1)
    weights = {i: v["w"](second, Fraction(i)) - v["w"](first, Fraction(i)) for i in places}
    return mul(scale, bias), {i: mul(scale, w) for i, w in weights.items()}


def _layer_for_all_pairs(model):
    v = _named(model)
    net = _of_pairs(
        int(v["K"]),
        int(v["Q"]),
        lambda k, j, c: _difference(v, v["M"], k, j, v["tau"](Fraction(c))),
        lambda c: v["kappa"](Fraction(c)),
        lambda o: v["g"](Fraction(o)),
    )
    return {"N": [net]}


def _denominators(v):
    n, cut, M = int(v["n"]), v["Lambda"], v["M"]
    knots = [-cut + i * 2 * cut / n for i in range(n + 1)]
    powers = [ball(CALLS["exp"](t)) for t in knots]
    width = ball(2 * cut / n)
    slopes = [0, *((b - a) / width for a, b in pairwise(powers)), 0]
    kinks = [(b - a) / ball(M) for a, b in pairwise(slopes)]
    return _of_pairs(
        int(v["K"]),
        n + 1,
        lambda k, j, c: _difference(v, M, k, j, knots[c - 1]),
        lambda c: kinks[c - 1],
        lambda _: 1 + (ball(v["K"]) - 1) * powers[0],
    )


def _reciprocals(net, count, a, factor):
    neurons = [(ONE, {k: -ONE}) for k in range(1, count + 1)]

    def row(o):
        factors = {k - 1: factor(Fraction(k), Fraction(o)) for k in range(1, count + 1)}
        return total([a(Fraction(o)), *factors.values()]), factors

    return behind(net, neurons, row)


def _reciprocals_of_many_outputs(model):
    v = _named(model)
    if v["K"] > MOST:
        raise Unclear("a large network")
    return {"N": [_reciprocals(v["A"], int(v["K"]), v["a"], v["v"])]}


def _softmax_network(model):
    v = _named(model)
    layer = _denominators(v)
    factor = lambda k, o: v["u"](k, o) - v["a"](o)  # noqa: E731
    return {"N": [_reciprocals(layer, int(v["K"]), v["a"], factor)]}


# -- the net ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Rows:
    """Member m: the row of a table of which each row is used so many times."""

    cubes: Cubes
    times: int

    def __getitem__(self, m):
        return self.cubes[(max(int(m), 1) - 1) // self.times + 1]


@dataclass(frozen=True, eq=False)
class Logarithms:
    """Member m: the middles of cells of [-L, 0], the number of the cube is m - 1 modulo G^K."""

    G: int
    K: int
    L: object

    def __getitem__(self, m):
        return Cell(self, (max(int(m), 1) - 1) % self.G**self.K)


@dataclass(frozen=True, eq=False)
class Cell:
    """A member of `Logarithms`."""

    table: Logarithms
    m: int

    def __getitem__(self, k):
        G = self.table.G
        cell = self.m // G ** (int(k) - 1) % G if 1 <= k <= self.table.K else 0
        return ball(Fraction(2 * cell + 1 - 2 * G, 2 * G)) * self.table.L


def _net_of_the_softmax_class(model):
    v = _named(model)
    K, P = int(v["K"]), int(v["K"]) * int(v["d"])
    L = -ball(v["p_min"]).log()
    G = ceil(v["B"] / v["eta"])
    H = int((L / ball(2 * v["eta_p"])).ceil().unique_fmpz())
    if P * G.bit_length() + K * H.bit_length() > 400:
        raise Unclear("a large net")
    cubes = Cubes(G, P, v["B"], False)

    def chosen(theta, lam):
        cells = [int(float((ball(lam[k]) + L) / L) * H) for k in range(1, K + 1)]
        number = sum(min(max(c, 0), H - 1) * H**k for k, c in enumerate(cells))
        return (cubes.place(theta) - 1) * H**K + number + 1

    return {
        "N": [Fraction(G**P * H**K)],
        "points": [Rows(cubes, H**K)],
        "weights": [Logarithms(H, K, L)],
        "m": lambda e: [Fraction(chosen(e[-2], e[-1]))],
    }


@dataclass(frozen=True, eq=False)
class Given:
    """Member m of the product of two nets: the row or the column of m of a table."""

    table: object
    H: int
    shift: Fraction
    rows: bool

    def __getitem__(self, m):
        number = max(int(m), 1) - 1
        place = number // self.H if self.rows else number % self.H
        return Shifted(self.table[place + 1], self.shift)


@dataclass(frozen=True, eq=False)
class Shifted:
    """A sequence less a number."""

    values: object
    shift: Fraction

    def __getitem__(self, p):
        return total([self.values[int(p)], -self.shift])


def _net_of_a_product(model):
    v = _named(model)
    n, H = int(v["n"]), int(v["H"])
    if n * H > MOST:
        raise Unclear("a large net")
    return {
        "points": [Given(v["f"], H, Fraction(0), True)],
        "weights": [Given(v["g"], H, v["T"], False)],
        "m": [Fraction(m) for m in range(1, n * H + 1)],
    }


SOFTMAX = {
    "product_nets.net_of_a_product": _net_of_a_product,
    "pairs.number_of_a_pair": lambda m: {
        "m": [(_named(m)["i"] - 1) * _named(m)["G"] + _named(m)["j"]]
    },
    "softmax_networks.layer_for_all_pairs": _layer_for_all_pairs,
    "softmax_networks.reciprocals_of_many_outputs": _reciprocals_of_many_outputs,
    "softmax_approximation.layer_of_denominators": lambda m: {"N": [_denominators(_named(m))]},
    "softmax_approximation.softmax_network": _softmax_network,
    "softmax_class.net_of_the_softmax_class": _net_of_the_softmax_class,
}
"""For each theorem, values to try for what there is, by the names of bound variables."""
