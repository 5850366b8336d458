"""Round-off certificates: never exceeded, close to what is observed, and
void where they have to be."""

import itertools
import random

import numpy as np
import pytest
import torch
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from boundcheck import Box, LeakyReLU, Network, ReLU, SignReLU, gates
from boundcheck.constructions.marginal_pairs import data_bound, ddpm_pair, positivity
from boundcheck.constructions.ratio_network import ratio
from boundcheck.constructions.stratified import stratified
from boundcheck.enclosure.arrays import floats as fl
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.activation import Activation, Piece
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import symbol
from boundcheck.torchnet import dtypes
from boundcheck.torchnet.convert import to_torch
from boundcheck.torchnet.division import scaled_textbook
from boundcheck.torchnet.dtypes import FORMATS, Format, format_of
from boundcheck.torchnet.observed import observed_error
from boundcheck.torchnet.propagation import Propagation
from boundcheck.torchnet.roundoff import Roundoff, Void, roundoff_bound

DTYPES = ["float64", "float32", "float16", "bfloat16"]
SQUARE = Box(x=(-1, 1))
PLANE = Box(x=(-1, 1), y=(-1, 1))
QUOTIENT = Box(x=("1/10", 1), y=(-1, 1))
GATES = {
    "reciprocal": (gates.reciprocal("1/10"), Box(x=("1/10", 1))),
    "square": (gates.square(2, 1), SQUARE),
    "product": (gates.product(2, 1), PLANE),
    "division, compact": (gates.division("1/10", 1, 1), QUOTIENT),
    "division, textbook": (gates.division_textbook("1/10", 1, 1), QUOTIENT),
    "division, scaled": (scaled_textbook("1/10", 1, 1), QUOTIENT),
    "clip": (gates.clip("1/10", "9/10", 1024), SQUARE),
}


def exact(x):
    return fmpq(*float(x).as_integer_ratio())


# -- an emulator: any order, fused or not, in the format or a wider one ----------------------------

TOY = Format("toy", 5, -16, 9)


class Emulator:
    """A network in a format, in exact arithmetic: it shares no code with the bounds,
    but for `Format.nearest`."""

    def __init__(self, net, fmt, seed, wide=None, sequential=False):
        self.net, self.format, self.wide, self.sequential = net, fmt, wide, sequential
        self.random = random.Random(seed)

    def near(self, q):
        if (
            self.wide and self.random.random() < 0.5
        ):  # in the wider format first, and perhaps left there
            q = exact(self.wide.nearest(q))
            if self.random.random() < 0.5:
                return q
        return exact(self.format.nearest(q))

    def row(self, weights, bias, values):
        terms = [(exact(self.format.nearest(w)), v) for w, v in zip(weights, values)]
        terms.append((fmpq(1), exact(self.format.nearest(bias))))
        while len(terms) > 1:
            i, j = (0, 1) if self.sequential else self.random.sample(range(len(terms)), 2)
            (a, x), (b, y) = terms[i], terms[j]
            fused = not self.sequential and self.random.random() < 0.5
            left = a * x if fused else self.near(a * x)
            terms[i] = (fmpq(1), self.near(left + self.near(b * y)))
            del terms[j]
        return exact(self.format.nearest(terms[0][0] * terms[0][1]))

    def rho(self, t):
        kind = self.net.activation
        if t >= 0 or not kind.parameters:
            return max(t, fmpq(0))
        factor = exact(self.format.nearest(kind.parameters[0]))
        part = self.near(t / self.near(1 - t)) if isinstance(kind, SignReLU) else t
        return exact(self.format.nearest(self.near(factor * part)))

    def __call__(self, values):
        for k, layer in enumerate(self.net.layers):
            values = [self.row(w, b, values) for w, b in zip(layer.weight, layer.bias)]
            if k < self.net.depth:
                values = [self.rho(t) for t in values]
        return values


def numbers(fmt, low, high):
    """All numbers of a small format in an interval."""
    sizes = {m * fmt.smallest for m in range(2 ** (fmt.precision - 1))}
    for e in range(fmt.emin, fmt.emax + 1):
        sizes |= {
            fmpq(2) ** (e + 1 - fmt.precision) * m
            for m in range(2 ** (fmt.precision - 1), 2**fmt.precision)
        }
    return sorted(s for q in sizes for s in {q, -q} if low <= s <= high)


@pytest.fixture
def toy(monkeypatch):
    monkeypatch.setitem(dtypes.FORMATS, "toy", TOY)
    return TOY


WIDE = Format("wide", 2 * TOY.precision + 1, -60, 60)


@pytest.mark.parametrize("seed", range(12))
def test_no_order_of_summation_in_a_toy_format_exceeds_the_bound(toy, seed):
    source = random.Random(seed)
    d = 1 + seed % 2
    act = [SignReLU(), ReLU(), LeakyReLU("0.3"), SignReLU("1/3"), SignReLU("7/3")][seed % 5]
    sizes = [d, 3, 2, 2]
    net = Network.from_layers(
        [
            (
                [
                    [fmpq(source.randint(-9, 9), source.choice([1, 2, 3, 5])) for _ in range(a)]
                    for _ in range(b)
                ],
                [fmpq(source.randint(-9, 9), source.choice([1, 3, 7])) for _ in range(b)],
            )
            for a, b in itertools.pairwise(sizes)
        ],
        act,
    )
    low, high = fmpq(-1, 3), fmpq(5, 4)
    bound = roundoff_bound(net, "toy", Box(**{f"x{i}": (low, high) for i in range(d)}), cells=200)
    if isinstance(bound, Void):
        assert "may exceed" in bound.reason
        return
    values = numbers(toy, low, high)
    points = (
        [(v,) for v in values] if d == 1 else [tuple(source.sample(values, 2)) for _ in range(200)]
    )
    worst = [fmpq(0)] * 2
    for trial, wide in enumerate([None, WIDE, WIDE]):
        emulator = Emulator(net, toy, seed + trial, wide)
        for p, here in zip(points, pointwise(net, "toy", points).T):
            exactly = net.exactly(p)
            assert all(abs(a - b) <= exact(c) for a, b, c in zip(emulator(p), exactly, here))
            worst = [max(w, abs(a - b)) for w, a, b in zip(worst, emulator(p), exactly)]
    assert all(w <= b for w, b in zip(worst, bound.bounds))
    assert bound.bound <= 60 * max(worst)


def test_the_bound_of_a_sum_is_attained(toy):
    # 1 + u + u + ...: each sum is a tie that goes to the even 1, so n terms lose (n - 1) u
    for fmt, n in ((TOY, 6), (FORMATS["float32"], 9), (FORMATS["bfloat16"], 20)):
        u = fmt.roundoff
        net = Network.from_layers([([[1] * n], [0])])
        point = [fmpq(1)] + [u] * (n - 1)
        error = abs(Emulator(net, fmt, 0, sequential=True)(point)[0] - net.exactly(point)[0])
        assert error == (n - 1) * u
        found = roundoff_bound(net, fmt.name, Box(**{f"x{i}": (v, v) for i, v in enumerate(point)}))
        assert error <= found.bound
        assert found.bound <= error * (1 + 3 * n * u)


@pytest.mark.parametrize("dtype", DTYPES)
def test_conversion_of_weights_counts(dtype):
    u = FORMATS[dtype].roundoff
    net = Network.from_layers([([["1/3"]], ["1/5"])])
    bias = Network.from_layers([([[0]], ["1/5"])])
    for n, point, scale in ((net, fmpq(1), fmpq(4, 5)), (bias, fmpq(1), fmpq(1, 5))):
        found = roundoff_bound(n, dtype, Box(x=(point, point)))
        error = observed_error(n, dtype, Box(x=(point, point))).error
        assert 0 < error <= found.bound <= 4 * u * scale


def pointwise(net, dtype, points):
    """The bounds at single points, which are sharper than on boxes: (outputs, points)."""
    columns = np.array([[fl.nearest(v) for v in p] for p in points]).T
    return Propagation(net, format_of(dtype))(columns, columns).bound


def test_a_weight_that_rounds_to_a_power_of_two():
    u = FORMATS["float32"].roundoff
    error = u * 9 / 10  # 1 + 9u/10 is stored as 1, with which products are exact
    found = roundoff_bound(Network.from_layers([([[1 + error]], [0])]), "float32", Box(x=(1, 1)))
    assert error <= found.bound <= error * (1 + u)


FINE = Format("fine", 8, -16, 9)
PRODUCT = Network.from_layers([([["171/128"]], [0])])


def neuron(act):
    return Network.from_layers([([[1]], [0]), ([[1]], [0])], act)


@pytest.mark.parametrize(
    ("net", "operations"),
    [
        (PRODUCT, 1),
        (neuron(SignReLU()), 2),
        (neuron(SignReLU("9/4")), 3),
        (neuron(SignReLU(1 + fmpq(1901, 25_600))), 4),  # the parameter is rounded by nearly u
        (neuron(LeakyReLU("11/16")), 1),
        (neuron(LeakyReLU(1 + fmpq(299, 25_600))), 2),
    ],
    ids=repr,
)
def test_operations_at_every_number(monkeypatch, net, operations):
    """One operation less in the bound, and some number would exceed it."""
    monkeypatch.setitem(dtypes.FORMATS, "fine", FINE)
    values = [(v,) for v in numbers(FINE, fmpq(-8), fmpq(2)) if abs(v) >= fmpq(1, 16)]
    share = 0.0
    for wide in (None, Format("wide", 17, -60, 60)):
        emulator = Emulator(net, FINE, 0, wide)
        for p, bound in zip(values, pointwise(net, "fine", values)[0]):
            error = abs(emulator(p)[0] - net.exactly(p)[0])
            assert error <= exact(bound)
            share = max(share, fl.nearest(error) / bound)
    assert share > 1 - 1 / (operations + 0.1)


@pytest.mark.parametrize(
    "act", [SignReLU(), SignReLU("1/3"), SignReLU(3), LeakyReLU("0.3"), ReLU()], ids=repr
)
def test_activations_of_torch_at_every_bfloat16(act):
    net = Network.from_layers([([[1]], [0]), ([[1]], [0])], act)
    x = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16).view(torch.bfloat16)
    x = x[(x.abs() <= 2.0**20) & (x.abs() >= 2.0**-20)][:, None]
    values = to_torch(net, torch.bfloat16)(x).double()[:, 0].tolist()
    points = [(exact(v),) for v in x[:, 0].tolist()]
    for p, value, bound in zip(points, values, pointwise(net, "bfloat16", points)[0]):
        assert abs(exact(value) - net.exactly(p)[0]) <= exact(bound)


def test_slopes_at_a_kink_that_an_error_crosses():
    # z = x/3 + x/5 - 8/15 is 0 at x = 1, but not in floats, where a slope of 1000 follows
    below = 0
    for dtype in DTYPES:
        net = Network.from_layers([([["1/3", "1/5"]], ["-8/15"]), ([[1]], [0])], SignReLU(1000))
        value = to_torch(net, dtype)(torch.ones(1, 2, dtype=getattr(torch, dtype))).item()
        bound = pointwise(net, dtype, [(fmpq(1), fmpq(1))])[0, 0]
        assert abs(value) <= bound <= 6000 * fl.nearest(FORMATS[dtype].roundoff)
        below += value < -100 * fl.nearest(FORMATS[dtype].roundoff)
    assert below


def test_slopes_on_the_perturbed_range():
    # z is slightly negative at x = y = 1, where ReLU is flat; in floats it is
    # positive for one of the signs
    crossed = 0
    for dtype, sign in itertools.product(DTYPES, (1, -1)):
        tiny = FORMATS[dtype].roundoff / 100
        first = ([[sign * fmpq(1, 3), sign * fmpq(1, 5)]], [-sign * fmpq(8, 15) - tiny])
        net = Network.from_layers([first, ([[1]], [0])], ReLU())
        value = to_torch(net, dtype)(torch.ones(1, 2, dtype=getattr(torch, dtype))).item()
        assert net(1, 1) == 0
        assert value <= pointwise(net, dtype, [(fmpq(1), fmpq(1))])[0, 0]
        crossed += value > 0
    assert crossed


@pytest.mark.parametrize("side", [1, -1])
def test_the_worst_side_of_a_box_counts(side):
    net = (
        Network.from_layers([([[side, 0], [0, 1]], [0, 0])])
        .then(gates.division("1/100", 1, 1))
        .instantiate()
    )
    x = ("1/100", 1) if side > 0 else (-1, "-1/100")
    found = roundoff_bound(net, "float32", Box(x=x, y=(-1, 1)))
    assert found.at_points[0] <= found.bound
    assert fmpq(8, 100) < found.bound < fmpq(1, 10)


def test_underflow_counts():
    net = Network.from_layers([([[fmpq(1, 2**14)]], [0])])
    box = Box(x=(0, fmpq(1, 2**10)))
    error = observed_error(
        net, "float16", box
    ).error  # 2^-14 · 2^-11 is a tie between 0 and the smallest number
    assert error == fmpq(1, 2**25)
    assert error <= roundoff_bound(net, "float16", box).bound <= 16 * error
    # flushing to zero, which float32 has to survive, loses less than the smallest normal number
    small = fmpq(1, 2**126)
    net = Network.from_layers([([["1/2"]], [0])])
    assert small / 2 <= roundoff_bound(net, "float32", Box(x=(0, small))).bound <= 8 * small


def test_subnormal_numbers_that_are_read_as_zero():
    net = Network.from_layers([([[fmpq(1, 2**130)]], [0])])  # a subnormal weight of float32
    x, error = torch.full((1, 1), 2.0**100), fmpq(1, 2**30)
    bound = roundoff_bound(net, "float32", Box(x=(2**100, 2**100))).bound
    assert error <= bound <= error * fmpq(1001, 1000)
    if torch.set_flush_denormal(True):
        try:
            value = to_torch(net, "float32")(x).item()
        finally:
            torch.set_flush_denormal(False)
        assert abs(exact(value) - error) <= bound


# -- networks in torch -----------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", GATES)
def test_gates_are_within_100_times_of_what_a_search_finds(name, dtype):
    net, box = GATES[name]
    net = net.instantiate()
    bound = roundoff_bound(net, dtype, box)
    found = observed_error(net, dtype, box, points=4000, rounds=4)
    assert found.tried > 4000
    assert found.error <= bound.bound <= 100 * found.error
    assert (
        bound.at_points[0] * fmpq(999_999, 1_000_000)
        <= bound.bound
        <= fmpq(13, 10) * bound.at_points[0]
    )
    rough = roundoff_bound(net, dtype, box, cells=1)
    assert rough.at_points[0] * fmpq(999_999, 1_000_000) <= rough.bound


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_every_number_of_the_range(dtype):
    net = gates.square(2, 1).instantiate()
    x = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16).view(getattr(torch, dtype))
    x = x[x.abs() <= 1][:, None]
    assert len(x) > 30_000
    gap = (to_torch(net, dtype)(x).double() - x.double() ** 2).abs()
    worst = gap.argmax().item()
    error = abs(rational(to_torch(net, dtype)(x)[worst].item()) - rational(x[worst].item()) ** 2)
    assert error <= roundoff_bound(net, dtype, SQUARE).bound <= 30 * error


weights = st.fractions(-4, 4, max_denominator=12)


@st.composite
def small_networks(draw):
    sizes = [draw(st.integers(1, 3)) for _ in range(draw(st.integers(2, 4)))]
    act = draw(
        st.sampled_from(
            [SignReLU(), SignReLU("5/2"), SignReLU("1/7"), ReLU(), LeakyReLU(), LeakyReLU(3)]
        )
    )
    layers = []
    for a, b in itertools.pairwise(sizes):
        layers.append(
            (
                [[draw(weights) for _ in range(a)] for _ in range(b)],
                [draw(weights) for _ in range(b)],
            )
        )
    return Network.from_layers(layers, act)


@given(small_networks(), st.sampled_from(DTYPES), st.data())
def test_random_networks_stay_within_the_bound(net, dtype, data):
    low = data.draw(st.integers(-24, 24)) / 8
    high = low + data.draw(st.integers(0, 16)) / 8
    found = roundoff_bound(
        net, dtype, Box(**{f"x{i}": (low, high) for i in range(net.inputs)}), cells=40
    )
    points = [[data.draw(st.floats(low, high)) for _ in range(net.inputs)] for _ in range(6)]
    x = torch.tensor([*points, [low] * net.inputs, [high] * net.inputs]).to(getattr(torch, dtype))
    for point, values in zip(x.double().tolist(), to_torch(net, dtype)(x).double().tolist()):
        if all(low <= v <= high for v in point):
            for value, e, bound in zip(
                values, net.exactly([exact(v) for v in point]), found.bounds
            ):
                assert abs(exact(value) - e) <= bound


@pytest.fixture(scope="module")
def ratio_network():
    points, masses = [(1, "1/2"), ("-1/2", 1), ("-1/2", -1)], ["1/2", "1/4", "1/4"]
    f2, (f1, _) = ddpm_pair(points, masses, abar="1/2")
    pair = stratified([f2, f1], R=1, k=4)
    return ratio(
        pair.network, c=positivity(f2, 1) / 2, C=1, b=data_bound(points), M=2**40, depth=7
    ).network


def test_a_ratio_network(ratio_network):
    found = roundoff_bound(ratio_network, "float32", PLANE)
    seen = observed_error(ratio_network, "float32", PLANE, points=4000, rounds=2)
    assert seen.error <= found.bound <= 200 * seen.error
    assert found.bound < fmpq(1, 100)


def test_cutting_the_box_only_tightens(ratio_network):
    bounds = [roundoff_bound(ratio_network, "float32", PLANE, cells=n).bound for n in (1, 30, 300)]
    assert bounds[0] > bounds[1] > bounds[2]
    rough = roundoff_bound(*GATES["product"][:1], "float32", PLANE, rtol=3)
    assert rough.bound <= 4 * max(rough.at_points) * fmpq(1001, 1000)


def test_outputs_have_bounds_of_their_own():
    net = gates.reciprocals(["1/10", "1/1000"]).instantiate()
    found = roundoff_bound(net, torch.float32, Box(a=("1/10", 1), b=("1/1000", 1)))
    assert 50 * found.bounds[0] < found.bounds[1] == found.bound == rational(found.upper)
    assert "at most" in str(found)
    assert "in float32 on a in [1/10, 1]" in str(found)
    alone = roundoff_bound(gates.reciprocal("1/10").instantiate(), "float32", Box(a=("1/10", 1)))
    assert alone.bound / 2 < found.bounds[0] < 2 * alone.bound


def test_exact_operations_cost_nothing():
    # powers of two and zeros round nothing: only underflow is left
    net = Network.from_layers([([[2, 0], [0, "-1/4"]], [0, 0])])
    assert roundoff_bound(net, "bfloat16", PLANE).bound < fmpq(1, 2**100)
    padded = gates.square(2, 1).padded(5).instantiate()
    assert (
        roundoff_bound(padded, "float32", SQUARE).bound
        < 20 * roundoff_bound(GATES["square"][0], "float32", SQUARE).bound
    )


# -- void ------------------------------------------------------------------------------------------


def test_rows_that_are_too_long_for_bfloat16():
    def net(k):
        return Network.from_layers([([["1/3"] * k], ["1/3"])])

    def box(k):
        return Box(**{f"x{i}": (0, 1) for i in range(k)})

    assert isinstance(roundoff_bound(net(254), "bfloat16", box(254), cells=1), Roundoff)
    void = roundoff_bound(net(255), "bfloat16", box(255))
    assert isinstance(void, Void)
    assert (
        "row 1 of layer 1 adds up 256 terms, and γ_256 = 256u/(1 - 256u) needs 256u < 1"
        in void.reason
    )
    with pytest.raises(
        BoundcheckError,
        match="no round-off bound in bfloat16 .* adds up 256 terms.*; use a wider dtype",
    ):
        void.bound  # noqa: B018
    with pytest.raises(BoundcheckError, match="use a wider dtype"):
        void.upper  # noqa: B018
    assert isinstance(roundoff_bound(net(255), "float32", box(255), cells=1), Roundoff)


def test_weights_beyond_the_dtype():
    void = roundoff_bound(gates.clip("1/4", 1, 2**40).instantiate(), "float16", SQUARE)
    assert isinstance(void, Void)
    assert (
        void.reason
        == "weight 1,1 of layer 1 has the size 1.1e+12, beyond the largest float16, 65504"
    )
    assert "no bound in float16 on x in [-1, 1]" in str(void)


def test_partial_sums_that_may_overflow():
    # x + x - x is x, but x + x alone is beyond 65504
    net = Network.from_layers([([[1], [1], [1]], [0, 0, 0]), ([[1, 1, -1]], [0])], ReLU())
    void = roundoff_bound(net, "float16", Box(x=(0, 40_000)))
    assert isinstance(void, Void)
    assert "a partial sum of layer 2 may exceed 65504, the largest float16, at x = " in void.reason
    assert isinstance(roundoff_bound(net, "float16", Box(x=(0, 20_000))), Roundoff)
    assert isinstance(roundoff_bound(net, "float32", Box(x=(0, 40_000))), Roundoff)
    large = Network.from_layers([([[1]], [0]), ([[1]], [0])], LeakyReLU(1000))
    assert isinstance(roundoff_bound(large, "float16", Box(x=(-100, 0))), Void)
    assert isinstance(roundoff_bound(large, "float16", Box(x=(-10, 10))), Roundoff)
    small = Network.from_layers([([[1]], [0]), ([["1/1024"]], [0])], LeakyReLU(1000))
    assert isinstance(
        roundoff_bound(small, "float16", Box(x=(-100, 0))), Void
    )  # between the layers


def test_parameters_below_the_normal_numbers():
    net = Network.from_layers([([[1]], [0]), ([[1]], [0])], LeakyReLU("1e-6"))
    void = roundoff_bound(net, "float16", SQUARE)
    assert isinstance(void, Void)
    assert (
        "the parameter 1/1000000 of LeakyReLU(1/1000000) is below the normal numbers of float16"
        in void.reason
    )


# -- bad input -------------------------------------------------------------------------------------


class Tent(Activation):
    name = "tent"

    @staticmethod
    def pieces():
        return (Piece(None, lambda t: t), Piece(0, lambda t: -t))

    def derivative_range(self, lower, upper):
        return fmpq(-1), fmpq(1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dtype": "float8"}, "dtype = float8; networks in torch have one of float64, float32"),
        ({"dtype": torch.int32}, "dtype = torch.int32"),
        ({"on": "x in [0, oo)"}, "unbounded; a round-off bound needs a bounded box"),
        ({"on": "x in [0, pi]"}, "must be rational numbers; write them out"),
        ({"on": PLANE}, "the box has 2 variables; the network takes 1 inputs"),
        (
            {"on": Box(x=(0, 70_000)), "dtype": "float16"},
            "the end 70000 of x in \\[0, 70000\\] is beyond 65504, the largest float16",
        ),
        (
            {"on": Box(x=("1/10", "1/10"))},
            "x in \\[1/10, 1/10\\] contains no float64 number; choose a wider range",
        ),
        ({"on": Box(x=("0.1001", "0.1002")), "dtype": "bfloat16"}, "contains no bfloat16 number"),
        ({"rtol": 0}, "rtol = 0; it must be positive"),
        ({"cells": 0}, "cells = 0; at least one is needed"),
        (
            {"net": gates.square(symbol("s"), 1)},
            "the weights contain s; give them numbers: .instantiate",
        ),
        (
            {"net": Network.from_layers([([[1]], [0]), ([[1]], [0])], Tent())},
            "rounding of Tent\\(\\) in torch is not known",
        ),
    ],
)
def test_bad_input(change, message):
    given = {"net": gates.square(2, 1).instantiate(), "dtype": "float64", "on": SQUARE} | change
    with pytest.raises(BoundcheckError, match=message):
        roundoff_bound(given.pop("net"), given.pop("dtype"), **given)


def test_only_numbers_of_the_dtype_count():
    # 1/x at c = 1/10: in bfloat16 the first number above 1/10 is 0.10009765625; open
    # ends are closed
    net = gates.reciprocal("1/10").instantiate()
    first = rational(0.10009765625)
    inside = roundoff_bound(net, "bfloat16", Box(x=(first, first)))
    assert roundoff_bound(net, "bfloat16", Box(x=("1/10", first))).bounds == inside.bounds
    assert roundoff_bound(net, "bfloat16", Box(x="(1/10, 1)")).bound >= inside.bound
    tiny = fmpq(1, 2**1074)
    assert roundoff_bound(net, "float64", Box(x=(-tiny, tiny))).bound > 0
