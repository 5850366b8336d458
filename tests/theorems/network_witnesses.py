"""What the conclusions of theorems say there is, built by hand: networks with explicit weights, and
nets of parameters."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from gates_by_hand import ONE, clips, division, product, quotient, reciprocals, square, textbook
from model_networks import ZERO, behind, inputs, padded
from model_values import WORK, Unclear
from sampling import NETS

SCALES = [Fraction(n) for n in (1, 10, 1000, 10**6)]


def _named(model):
    return {str(s.data): v for s, v in model.values.items()}


def _gate(build):
    """Behind the network A, or behind none."""

    def witnesses(model):
        v = _named(model)
        net = build(v.get("A", inputs("signrelu")), v)
        return {"N": [net]}

    return witnesses


def _quotients(model):
    """Behind A: the division gate alone, both kinds of it between clips, with an output clip and
    without, and two networks of depth 7."""
    v = _named(model)
    A, M, b, c, C = (v[name] for name in ("A", "M", "b", "c", "C"))
    between = clips(A, M, (c, C), (-b * C, b * C))
    plain = [division(between, c, C, b * C), textbook(between, c, b * C)]
    ends = [*plain, *(clips(net, M, (-b, b)) for net in plain)]
    deep = [padded(quotient(A, M, b, c, C), 3), padded(ends[2], 2)]
    return {"N": [division(A, c, C, b * C), *ends, *deep]}


# -- networks --------------------------------------------------------------------------------------


def _activated(net, v):
    count = int(v["W"])
    neurons = [(Fraction(0), {i + 1: ONE}) for i in range(count)]
    return behind(net, neurons, lambda i: (Fraction(0), {i - 1: ONE}) if 0 < i <= count else ZERO)


def _interpolant(y, a, h, count):
    neurons = [(-(a + j * h), {0: ONE}) for j in range(count)]
    changes = [y(j) - 2 * y(j - 1) + y(max(0, j - 2)) for j in range(1, count + 1)]
    row = (y(0), {j: change / h for j, change in enumerate(changes)})
    return behind(inputs("relu"), neurons, [row])


def _piecewise_linear(model):
    v = _named(model)
    return {"N": [_interpolant(lambda j: v["y"](Fraction(j)), v["a"], v["h"], int(v["K"]))]}


def _lipschitz(model):
    v = _named(model)
    a, b = v["a"], v["b"]
    count = ceil(v["L"] * (b - a) / (2 * v["eps"]))
    if count > 300:
        raise Unclear("a large network")
    h = (b - a) / max(1, count)
    return {"N": [_interpolant(lambda j: v["f"](a + j * h), a, h, count)]}


def _class(model):
    v = _named(model)
    theta, depth, count = v["for_all_0"], int(v["for_all_1"]), int(v["W"])
    if depth > 4 or count > 10:
        raise Unclear("a large network")
    at = {str(s.data): s for s in model.values}

    def weight(k, i, j):
        return theta[int(model.applied(at["place"], tuple(map(Fraction, (k, i, j)))))]

    net = inputs("signrelu")
    for k in range(depth + 1):

        def row(i, k=k):
            shift = 1 if k else 0
            factors = {j - shift: weight(k, i, j) for j in range(1, count + 1)}
            return weight(k, i, 0), factors

        if k == 0:
            net = type(net)("signrelu", (), row)
        else:
            neurons = [(Fraction(0), {j: ONE}) for j in range(1, count + 1)]
            net = behind(net, neurons, row)
    return {"N": [net]}


def _ratio_class(model):
    v = _named(model)
    theta, n, d = v["for_all_0"], int(v["n"]), int(v["d"])
    if n * d > 200:
        raise Unclear("a large network")
    start = 2 * (n + 1)
    neurons = [
        (theta[start + j], {i: theta[start + n * i + j] for i in range(1, d + 1)})
        for j in range(1, n + 1)
    ]
    rows = [
        (theta[(n + 1) * r + 1], {j - 1: theta[(n + 1) * r + j + 1] for j in range(1, n + 1)})
        for r in (0, 1)
    ]
    net = behind(inputs("signrelu"), neurons, rows)
    return {"N": [clips(quotient(net, v["M"], v["b"], v["c"], v["C"]), v["M"], (-v["b"], v["b"]))]}


def _seven(model):
    """Ratios of the networks that hypotheses go over."""
    v = _named(model)
    b, mass = v["b"], v["mass"]
    low = v["c"] if "c" in v else v.get("M", mass)
    cuts = [low] if "c" in v else [low, mass / 1000]
    scales = [v["M"], *SCALES] if "c" in v and "M" in v else SCALES

    def found(e):
        for cut, M, net in itertools.product(cuts, scales, NETS["signrelu"]):
            WORK["done"] += 50  # building is most of the work
            plain = quotient(net, M, b, cut, mass)
            yield padded(plain, 3)
            yield padded(clips(plain, M, (-b, b)), 2)

    return {"N": found}


def _nothing(model):
    net = inputs("signrelu")
    for _ in range(7):
        net = behind(net, [], [])
    return {"N": [net]}


# -- nets of parameters ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Cubes:
    """The middles of G**P cubes, which cover the parameters 1..P in [-Theta, Theta]."""

    G: int
    P: int
    Theta: Fraction
    zero: bool

    def __getitem__(self, m):
        return Middle(self, m)

    def place(self, theta):
        """The cube in which parameters are."""
        m = 1
        for p in range(1, self.P + 1):
            cell = (theta[p] + self.Theta) * self.G // (2 * self.Theta)
            m += int(min(cell, self.G - 1)) * self.G ** (p - 1)
        return Fraction(m)


@dataclass(frozen=True)
class Middle:
    """The middle of a cube."""

    cubes: Cubes
    m: int

    def __getitem__(self, p):
        if p == 0 and self.cubes.zero:
            return Fraction(0)
        G, Theta = self.cubes.G, self.cubes.Theta
        cell = (self.m - 1) // G ** (p - 1) % G if 1 <= p <= self.cubes.P else 0
        return -Theta + (2 * cell + 1) * Theta / G


def _net(count, parameters, zero=False):
    def witnesses(model):
        v = _named(model)
        G, P = int(count(v)), int(parameters(v))
        if G < 1 or P * G.bit_length() > 2000:
            raise Unclear("a large net")
        cubes = Cubes(G, P, v["Theta"], zero)
        return {
            "N": [Fraction(G**P)],
            "net": [cubes],
            "m": lambda e: [cubes.place(e[-1])],
        }

    return witnesses


def _class_size(v):
    return ceil(v["S"] * v["Theta"] / v["delta"])


def _covering_size(v):
    L, W, Theta = int(v["L"]), v["W"], v["Theta"]
    if L > 10:
        raise Unclear("a large net")
    change = (L + 1) * (W + 1) ** (L + 1) * Theta**L * max(1, v["R0"])
    return ceil(change * Theta / v["delta"])


def _ratio_size(v):
    change = 1 + 2 * v["n"] * v["Theta"] * (v["d"] * v["R0"] + 1)
    return ceil(change * v["Theta"] * ((1 + v["b"]) / v["c"]) / v["delta"])


def _ratio_parameters(v):
    return v["n"] * (v["d"] + 1) + 2 * (v["n"] + 1)


# -- sums of ridges --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Places:
    """A sequence whose places a function gives."""

    at: object

    def __getitem__(self, j):
        return self.at(int(j))


def _grid(model):
    v = _named(model)
    side, d = int(v["k"]) + 1, int(v["for_all_0"])
    if side**d > 2000:
        raise Unclear("a large grid")

    def digit(m, i):
        return Fraction((m - 1) // side ** (i - 1) % side if m >= 1 and 1 <= i <= d else 0)

    return {"c": [Places(lambda m: Places(lambda i: digit(m, i)))]}


def _ridge(W, M, d):
    return -M * W[0], {i: M * W[i] for i in range(1, d + 1)}


def _of_ridges(model):
    v = _named(model)
    n, d = int(v["n"]), int(v["d"])
    if n * d > 200:
        raise Unclear("a large network")
    neurons = [_ridge(v["W"][j], v["M"], d) for j in range(1, n + 1)]
    return {
        "N": [behind(inputs("signrelu"), neurons, [(v["a"], {j: v["c"][j + 1] for j in range(n)})])]
    }


def _side_by_side(model):
    v = _named(model)
    m = int(v["m"])

    def joined(u, w):
        return Places(lambda j: u[j] if j <= m else w[j - m])

    return {"c": [joined(v["b"], v["e"])], "W": [joined(v["U"], v["Z"])]}


def _called(model, name):
    """A function of the model, at natural numbers."""
    symbol = next(s for s in model.values if str(s.data) == name)
    return lambda *args: model.applied(symbol, tuple(map(Fraction, args)))


def _numbers(model, counts):
    """The pairs (j, r) with r from 1 to counts(j), for j from 1 to C."""
    C = int(_named(model)["C"])
    if C > 20 or sum(int(counts(j)) for j in range(1, C + 1)) > 60:
        raise Unclear("a large network")
    return [(j, r) for j in range(1, C + 1) for r in range(1, int(counts(j)) + 1)]


def _of_strata(model):
    v, B = _named(model), _called(model, "B")
    pairs = _numbers(model, _called(model, "n"))

    def numbered(value):
        return Places(lambda m: value(*pairs[m - 1] if 1 <= m <= len(pairs) else (0, 0)))

    rows = numbered(lambda j, r: v["U"][j][r])
    return {"D": [Fraction(len(pairs))], "c": [numbered(B)], "W": [rows]}


def _shallow(model):
    v, d = _named(model), int(_named(model)["d"])
    if d > 20:
        raise Unclear("a large network")
    a, K, M, h = v["a"], v["K"], v["M"], v["h"]
    neurons = [(M * K, {i: M * a[i] for i in range(1, d + 1)})]
    factors = [h]
    for name, rows, counts in (
        ("A", v["U"], lambda j: v["N"]),
        ("B", v["S"], _called(model, "n")),
    ):
        for j, r in _numbers(model, counts):
            neurons.append(_ridge(rows[j][r], M, d))
            factors.append(h * _called(model, name)(j, r))
    return {"F": [behind(inputs("signrelu"), neurons, [(a[0] - K, dict(enumerate(factors)))])]}


def _draws(model):
    """Draws from the strata: some are as good as all are on average."""
    law = _called(model, "L")

    def drawn(seed):
        def draw(j, r):
            points = law(j).points
            return points[hash((seed, j, r)) % len(points)]

        return Places(lambda j: Places(lambda r: draw(j, r)))

    return {"s": [drawn(seed) for seed in range(60)]}


WITNESSES = {
    "grid_interpolation.grid": _grid,
    "stratified_sampling.draws_of_strata": _draws,
    "ridge_networks.ridges_of_strata": _of_strata,
    "ridge_networks.shallow_network": _shallow,
    "ridge_networks.network_of_ridges": _of_ridges,
    "ridge_networks.ridges_side_by_side": _side_by_side,
    "clipping.clip_behind": _gate(lambda A, v: clips(A, v["M"], (v["c"], v["C"]))),
    "clipping.clip_gate": _gate(lambda A, v: clips(A, v["M"], (v["c"], v["C"]))),
    "clipping.clips_behind": _gate(
        lambda A, v: clips(A, v["M"], (v["a"], v["b"]), (v["c"], v["C"]))
    ),
    "clipping.ratio_behind": _gate(
        lambda A, v: clips(
            quotient(A, v["M"], v["b"], v["c"], v["C"]), v["M"], (-v["b"], v["b"])
        )
    ),
    **{
        f"division.{name}_{kind}": _gate(build)
        for kind in ("behind", "gate")
        for name, build in {
            "reciprocal": lambda A, v: reciprocals(
                A, [(v["c"], (Fraction(0), ONE))], [(Fraction(0), ONE)]
            ),
            "square": lambda A, v: square(A, v["Y"]),
            "product": lambda A, v: product(A, v["Y"], v["Z"]),
            "division": lambda A, v: division(A, v["c"], v["C"], v["B"]),
        }.items()
    },
    **{
        f"division_variants.textbook_{kind}": _gate(lambda A, v: textbook(A, v["c"], v["B"]))
        for kind in ("behind", "gate")
    },
    "division_variants.gate_of_any_depth": _gate(
        lambda A, v: padded(division(A, v["c"], v["C"], v["B"]), int(v["for_all_0"]))
    ),
    "architecture.few_layers": _quotients,
    "architecture.depth_seven": _quotients,
    "interpolation.constant_network": lambda model: {
        "N": [behind(inputs("relu"), [], lambda i: (_named(model)["c"], {}))]
    },
    "interpolation.piecewise_linear_network": _piecewise_linear,
    "interpolation.lipschitz_interpolation": _lipschitz,
    "networks.padded": _gate(lambda A, v: padded(A, int(v["for_all_0"]))),
    "networks.activated": _gate(_activated),
    "covering.networks_of_the_class": _class,
    "ratio_covering.networks_of_the_ratio_class": _ratio_class,
    "ratio_networks.quotient": _gate(
        lambda A, v: padded(quotient(A, v["M"], v["b"], v["c"], v["mass"]), 3)
    ),
    "ratio_networks.clipped_quotient": _gate(
        lambda A, v: padded(
            clips(quotient(A, v["M"], v["b"], v["c"], v["mass"]), v["M"], (-v["b"], v["b"])), 2
        )
    ),
    **{
        f"ratio_networks.{name}": _seven
        for name in (
            "network_for_a_ratio", "uniform_squared_network", "weighted_network",
            "positivity_free_network", "smallest_network",
        )
    },
    **{
        f"ratio_rates.{name}": _seven
        for name in (
            "rate_with_m_in_a_sum", "rate_above_two", "rate_with_m_the_lower_bound",
            "rate_above_two_with_m_the_lower_bound", "risk_where_f2_is_positive",
            "risk_for_every_f2",
        )
    },
    "ratio_rates.constant_marginals": _nothing,
    "nets.net_of_a_cube": _net(lambda v: v["G"], lambda v: v["for_all_0"]),
    "nets.next_net": _net(lambda v: v["G"], lambda v: v["P"] + 1),
    "class_nets.net_of_a_class": _net(_class_size, lambda v: v["P"], True),
    "class_nets.net_of_a_class_of_all_parameters": _net(_class_size, lambda v: v["P"]),
    "covering.covering_number": _net(_covering_size, lambda v: v["P"], True),
    "ratio_covering.ratio_covering_number": _net(_ratio_size, _ratio_parameters),
}  # fmt: skip
"""For each theorem, values to try for what there is, by the names of bound variables."""
