"""A reviewer's attempts to exceed the round-off bounds, and what they found."""

import importlib
import itertools
import random

import numpy as np
import pytest
import torch
from flint import fmpq
from torch import nn

from boundcheck import Box, LeakyReLU, Network, ReLU, SignReLU, gates
from boundcheck.claims.statement import NormBound
from boundcheck.enclosure.arrays import floats as fl
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.network import linear
from boundcheck.testing import assert_bound, instances
from boundcheck.testing.targets import NetworkTarget
from boundcheck.torchnet import observed
from boundcheck.torchnet.convert import to_torch
from boundcheck.torchnet.dtypes import FORMATS, Format
from boundcheck.torchnet.observed import observed_error
from boundcheck.torchnet.propagation import Propagation
from boundcheck.torchnet.rounding import underflow
from boundcheck.torchnet.roundoff import roundoff_bound
from boundcheck.verification.collect import collect

PROOFS = importlib.import_module("conftest").PROOFS
DTYPES = list(FORMATS)
ACTIVATIONS = [SignReLU(), SignReLU("1/3"), SignReLU(3), ReLU(), LeakyReLU("0.3"), LeakyReLU(3)]


def exact(x):
    return fmpq(*float(x).as_integer_ratio())


def pointwise(net, fmt, points):
    """The bounds at points (n, d), (outputs, n)."""
    return Propagation(net, fmt)(points.T.copy(), points.T.copy()).bound


def layers(source, sizes, weight):
    return [
        ([[weight(source) for _ in range(a)] for _ in range(b)], [weight(source) for _ in range(b)])
        for a, b in itertools.pairwise(sizes)
    ]


# -- the worst that the error model admits ---------------------------------------------------------


class Adversary:
    """A network whose every operation errs as far as the bounds allow, up or down,
    whatever a real one would do.

    Factors are 1 - u or 1/(1 - u), sums are in any order, fused or not, and
    results may miss η besides.
    """

    def __init__(self, net, fmt, seed):
        self.net, self.format, self.random = net, fmt, random.Random(seed)
        self.factors = 1 - fmt.roundoff, 1 / (1 - fmt.roundoff)
        self.lean = self.random.choice([None, 0, 1])  # at random, or all to one side

    def rounded(self, q, exactly=False):
        factor = (
            fmpq(1)
            if exactly
            else self.factors[self.random.randrange(2) if self.lean is None else self.lean]
        )
        return q * factor + self.random.choice([0, 0, -1, 1]) * underflow(self.format)

    def row(self, weights, bias, values):
        terms = []
        for w, v in zip(weights, values):
            if stored := exact(self.format.nearest(w)):
                power_of_two = (
                    abs(stored.p) & (abs(stored.p) - 1) == 0 and stored.q & (stored.q - 1) == 0
                )
                terms.append(self.rounded(stored * v, exactly=bool(power_of_two)))
        if shift := exact(self.format.nearest(bias)):
            terms.append(shift)
        self.random.shuffle(terms)
        while len(terms) > 1:
            terms.insert(
                self.random.randrange(len(terms) - 1), self.rounded(terms.pop() + terms.pop())
            )
        return terms[0] if terms else fmpq(0)

    def rho(self, t):
        kind = self.net.activation
        if t >= 0 or not kind.parameters:
            return self.rounded(max(t, fmpq(0)), exactly=True)
        part = self.rounded(t / self.rounded(1 - t)) if isinstance(kind, SignReLU) else t
        stored = exact(self.format.nearest(kind.parameters[0]))
        return self.rounded(stored * part, exactly=stored == 1)

    def __call__(self, values):
        for k, layer in enumerate(self.net.layers):
            values = [self.row(w, b, values) for w, b in zip(layer.weight, layer.bias)]
            if k < self.net.depth:
                values = [self.rho(t) for t in values]
        return values


def small(source):
    return fmpq(source.randint(-9, 9), source.choice([1, 2, 3, 7, 8]))


TOYS = [Format("toy", 5, -16, 200), Format("fine", 9, -30, 200)]


@pytest.mark.parametrize("seed", range(18))
def test_no_rounding_within_the_model_exceeds_the_bound(seed):
    source, fmt = random.Random(seed), TOYS[seed % 2]
    net = Network.from_layers(layers(source, [2, 4, 3, 2], small), ACTIVATIONS[seed % 6])
    points = np.array([[source.randint(-16, 16) / 8 for _ in range(2)] for _ in range(12)])
    share = 0.0
    for p, bounds in zip(points, pointwise(net, fmt, points).T):
        truth = net.exactly([exact(v) for v in p])
        for k in range(20):
            for value, e, bound in zip(
                Adversary(net, fmt, 100 * seed + k)([exact(v) for v in p]), truth, bounds
            ):
                if np.isfinite(bound):
                    assert abs(value - e) <= exact(bound)
                    share = max(share, fl.nearest(abs(value - e)) / bound)
    assert share > 0.1


# -- kernels of torch ------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES)
def test_any_number_of_rows_and_wide_layers(dtype):
    """Kernels depend on the number of rows: vectors, blocks, and reductions in a wider format."""
    fmt, source, numbers = FORMATS[dtype], random.Random(7), np.random.default_rng(7)
    width = 1000 if dtype != "bfloat16" else 250
    net = Network.from_layers(
        layers(source, [2, width, 3, 1], lambda s: fmpq(s.randint(1, 10**6), 10**6)),
        SignReLU("1/3"),
    )
    module, reference, truth = to_torch(net, dtype), to_torch(net), NetworkTarget(net)
    x = torch.from_numpy(numbers.uniform(-1, 1, (1000, 2))).to(fmt.dtype)
    for rows in (1, 3, 64, 1000):
        gap = (module(x[:rows]).double() - reference(x[:rows].double())).abs()[:, 0]
        k = int(gap.argmax())
        at = x[k].double().numpy()
        (value,) = truth([exact(v) for v in at], 200)
        assert abs(value - exact(module(x[:rows])[k].item())) <= pointwise(net, fmt, at[None])[0, 0]


def wild(fmt):
    def weight(source):
        kind = source.random()
        if kind < 0.2:
            return fmpq(0)
        if kind < 0.6:  # subnormal ones as well
            return fmpq(source.randint(-99, 99), 77) * fmpq(2) ** source.randint(
                fmt.emin - fmt.precision, 3
            )
        return fmpq(source.randint(-99, 99), 77)

    return weight


@pytest.mark.parametrize("flush", [False, True])
@pytest.mark.parametrize("dtype", DTYPES)
def test_numbers_of_all_sizes(dtype, flush):
    """Subnormal weights, inputs and results; with flushing, the bound itself is
    computed by such a processor."""
    fmt, source = FORMATS[dtype], random.Random(11)
    numbers = np.random.default_rng(11)
    for k in range(12):
        d = 1 + k % 2
        net = Network.from_layers(layers(source, [d, 3, 2, 1], wild(fmt)), ACTIVATIONS[k % 6])
        module = to_torch(net, dtype)
        sizes = 2.0 ** numbers.uniform(max(fmt.emin - fmt.precision + 1, -1050), 1, (16, d))
        x = torch.from_numpy(sizes * numbers.choice([-1, 1], (16, d))).to(fmt.dtype)
        points = x.double().numpy()
        if not (torch.set_flush_denormal(flush) or not flush):
            pytest.skip("this processor does not flush")
        try:
            values, bounds = module(x), pointwise(net, fmt, points)[0]
        finally:
            torch.set_flush_denormal(False)
        for p, value, bound in zip(points, values.double()[:, 0].tolist(), bounds):
            assert abs(exact(value) - net.exactly([exact(v) for v in p])[0]) <= exact(bound)


def test_underflow_inside_an_activation():
    """x/1000 is 0 in float16, and what follows multiplies by 1024."""
    net = Network.from_layers([([[1]], [0]), ([[1024]], [0])], SignReLU("1/1000"))
    x = torch.full((1, 1), -0.9 * 2.0**-15, dtype=torch.float16)
    error = exact(to_torch(net, "float16")(x).item()) - net.exactly([exact(x.item())])[0]
    assert (
        fmpq(1, 2**16)
        < error
        <= exact(pointwise(net, FORMATS["float16"], x.double().numpy())[0, 0])
    )


@pytest.mark.parametrize("dtype", DTYPES)
def test_cells_around_kinks(dtype):
    """Points of boxes that are a few numbers to half of the plane wide: what is known
    of them holds for the box."""
    fmt, source = FORMATS[dtype], random.Random(5)
    numbers = np.random.default_rng(5)
    for k in range(12):
        net = Network.from_layers(layers(source, [2, 3, 3, 1], small), ACTIVATIONS[k % 6])
        module, reference = to_torch(net, dtype), to_torch(net)
        centre, reach = numbers.uniform(-1, 1, (2, 5)), 2.0 ** numbers.uniform(-12, 0, (1, 5))
        low, high = (
            torch.from_numpy(e).to(fmt.dtype).double().numpy()
            for e in (centre - reach, centre + reach)
        )
        bounds = Propagation(net, fmt)(low, high).bound[0]
        for j in np.flatnonzero(np.isfinite(bounds)):
            x = low[:, j] + (high - low)[:, j] * np.clip(numbers.uniform(-0.1, 1.1, (200, 2)), 0, 1)
            x = torch.from_numpy(x).to(fmt.dtype)
            assert (pointwise(net, fmt, x.double().numpy())[0] <= bounds[j] * (1 + 2.0**-20)).all()
            worst = int((module(x).double() - reference(x.double())).abs()[:, 0].argmax())
            truth = net.exactly([exact(v) for v in x[worst].tolist()])[0]
            assert abs(exact(module(x)[worst].item()) - truth) <= exact(bounds[j])


# -- the search ------------------------------------------------------------------------------------


def needle(d):
    """1/(1/100 + Σ (x_i - 1/3)²), whose error is large near one point only,
    far from corners and grids."""
    shift = linear([[int(i == j) for j in range(d)] for i in range(d)], ["-1/3"] * d)
    squares = gates.square(3, 2)
    for _ in range(d - 1):
        squares = squares.beside(gates.square(3, 2))
    total = linear([[1] * d], ["1/100"])
    return shift.then(squares).then(total).then(gates.reciprocal("1/200")).instantiate()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_gradient_leads_to_a_needle(monkeypatch, dtype):
    """2026-11-22: corners, grids and random points missed it by a factor
    of 600 in six variables."""
    net, box = needle(4), Box(**{f"x{i}": (-1, 1) for i in range(4)})
    found = observed_error(net, dtype, box, points=1000, rounds=2)
    assert all(abs(v - 1 / 3) < 0.05 for v in found.point)
    assert found.error <= exact(pointwise(net, FORMATS[dtype], np.array([found.point]))[0, 0])
    monkeypatch.setattr(observed._Search, "ascent", lambda self: np.zeros((0, 4)))
    assert found.error > 2 * observed_error(net, dtype, box, points=1000, rounds=2).error


def test_float64_has_a_reference_that_is_finer():
    """2026-11-22: it was compared with itself, and only each 20th point was looked at."""
    net = gates.reciprocal("1/10").instantiate()
    found = observed_error(net, "float64", Box(x=("1/10", 1)), points=4000, rounds=4)
    assert found.error > fmpq(3, 10) * roundoff_bound(net, "float64", Box(x=("1/10", 1))).bound
    tent = Network.from_layers([([[1], [2]], [0, "1/3"]), ([["1/3", 1]], [0])], LeakyReLU("1/3"))
    points = np.linspace(-1, 1, 33)[:, None]
    for p, value in zip(points, observed._Reference(tent)(points)):
        gap = fmpq(*value[0].as_integer_ratio()) - tent.exactly([exact(p[0])])[0]
        assert abs(gap) <= 8 * fmpq(2) ** -(
            np.finfo(np.longdouble).nmant + 1
        )  # float64 is off by 2^-54 and more


# -- weights ---------------------------------------------------------------------------------------


def _networks():
    for c in collect([PROOFS / "instances.py"]).claims:
        for s in c.statements():
            if isinstance(s, NormBound):
                yield pytest.param(next(p for _, p in s.parts if isinstance(p, Network)), id=c.id)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("net", list(_networks()))
def test_any_weight_of_the_proofs_that_is_off_by_a_thousandth_is_noticed(net, dtype):
    """2026-11-22: values do not show all of them, as some change nothing on the box, and many
    less than round-off may."""
    module = net.to_torch(dtype)
    instances.assert_weights(module, net, dtype)
    for k, weights in enumerate(module.parameters()):
        for at in weights.nonzero().tolist():
            old = weights[tuple(at)].item()
            weights[tuple(at)] *= 1.001
            with pytest.raises(
                AssertionError, match=rf"of layer {k // 2 + 1} is .* in the module, but should be"
            ):
                instances.assert_weights(module, net, dtype)
            weights[tuple(at)] = old
    instances.assert_weights(module, net, dtype)


def test_weights_that_do_nothing_need_their_own_test():
    """The nudge of a neuron that is 0 on the box, or of a weight beside larger
    ones: no value can show it."""
    (net,) = (p.values[0] for p in _networks() if p.id.endswith("a_shallow_network"))
    unseen, changed = net.to_torch(), net.to_torch()
    x = torch.linspace(-1, 1, 1001, dtype=torch.float64)[:, None]
    with torch.no_grad():
        changed.output.weight[0, 40] *= 1.001
    assert changed.output.weight[0, 40] != unseen.output.weight[0, 40]
    assert (changed(x) == unseen(x)).all()
    with pytest.raises(AssertionError, match="weight 1,41 of layer 2"):
        instances.assert_weights(changed, net, "float64")


def test_the_property_tests_look_at_weights(monkeypatch):
    def nudged(net, dtype):
        module = to_torch(net, dtype)
        with torch.no_grad():
            module.output.weight[0, 40] *= 1.001
        return module

    monkeypatch.setattr(instances, "to_torch", nudged)
    (claim,) = (
        c for c in collect([PROOFS / "instances.py"]).claims if c.id.endswith("a_shallow_network")
    )
    (statement,) = (s for s in claim.statements() if isinstance(s, NormBound))
    with pytest.raises(AssertionError, match="weight 1,41 of layer 2 is"):
        list(instances.check(statement, "float64"))


def test_other_networks_than_the_module_are_noticed():
    net = Network.from_layers([([[1, 2]], [0]), ([[3]], [0])], SignReLU("1/3"))
    module = net.to_torch("float32")
    instances.assert_weights(module, net, "float32")
    for other, message in [
        (
            Network.from_layers([([[1]], [0]), ([[3]], [0])], SignReLU("1/3")),
            r"the sizes \(2, 1, 1\), .* \(1, 1, 1\)",
        ),
        (
            Network.from_layers([([[1, 2]], [0]), ([[3]], [0])], SignReLU("1/5")),
            "activation is SignReLU",
        ),
        (
            Network.from_layers([([[1, 2]], [0]), ([[3]], [0])], LeakyReLU("1/3")),
            "the network's LeakyReLU",
        ),
        (
            Network.from_layers([([[1, 2]], ["1/9"]), ([[3]], [0])], SignReLU("1/3")),
            "bias 1 of layer 1 is 0.0 in",
        ),
    ]:
        with pytest.raises(AssertionError, match=message):
            instances.assert_weights(module, other, "float32")


# -- bad input -------------------------------------------------------------------------------------


SQUARE = gates.square(2, 1).instantiate()


def test_low_precision_by_the_backends():
    """2026-11-22: torch's own RuntimeError came through."""
    matmul = torch.backends.mkldnn.matmul
    old = matmul.fp32_precision
    matmul.fp32_precision = "bf16"
    try:
        with pytest.raises(
            BoundcheckError, match="torch.backends lets products .* set fp32_precision = 'ieee'"
        ):
            assert_bound(SQUARE, "x**2", 0, "x in [-1, 1]")
        matmul.fp32_precision = "ieee"
        assert_bound(SQUARE, "x**2", 0, "x in [-1, 1]", examples=1)
    finally:
        matmul.fp32_precision = old


def test_random_slopes_are_refused():
    """2026-11-22: RReLU in training mode was called a failure of the bound."""
    module = nn.Sequential(nn.Linear(1, 1), nn.RReLU())
    with pytest.raises(
        BoundcheckError, match=r"layer 1 \(RReLU\) is in training mode, .*call module.eval"
    ):
        assert_bound(module, "x", 10, "x in [0, 1]", 0)


def test_devices_without_values():
    """2026-11-22: the network was built with nothing in it, or SignReLU's own test
    of its parameter failed."""
    for net in (SQUARE, Network.from_layers([([[1]], [0])])):
        with pytest.raises(
            BoundcheckError, match="device = meta holds no values, so it cannot hold the weights"
        ):
            net.to_torch("float32", device=torch.device("meta"))


@pytest.mark.parametrize(
    ("net", "options", "message"),
    [
        (
            nn.Linear(1, 1),
            {},
            r"Linear is not a Network; read a module with Network.from_torch\(module\)",
        ),
        (SQUARE, {"cells": 2.5}, "cells = 2.5; at least one is needed, as an integer"),
    ],
)
def test_what_no_round_off_bound_takes(net, options, message):
    with pytest.raises(BoundcheckError, match=message):
        roundoff_bound(net, "float32", "x in [-1, 1]", **options)
