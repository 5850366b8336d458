"""Round-off certificates: close to what is observed, and void where they have to be."""

import itertools

import pytest
import torch
from flint import fmpq
from float_arrays import exactly
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from boundcheck import Box, LeakyReLU, Network, ReLU, SignReLU, gates
from boundcheck.constructions.marginal_pairs import data_bound, ddpm_pair, positivity
from boundcheck.constructions.ratio_network import ratio
from boundcheck.constructions.stratified import stratified
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.activation import Activation, Piece
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import symbol
from boundcheck.torchnet.convert import to_torch
from boundcheck.torchnet.division import scaled_textbook
from boundcheck.torchnet.observed import observed_error
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
                values, net.exactly([exactly(v) for v in point]), found.bounds
            ):
                assert abs(exactly(value) - e) <= bound


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


SQUARE_GATE = gates.square(2, 1).instantiate()


@pytest.mark.parametrize(
    ("net", "options", "message"),
    [
        (
            nn.Linear(1, 1),
            {},
            r"Linear is not a Network; read a module with Network.from_torch\(module\)",
        ),
        (SQUARE_GATE, {"cells": 2.5}, "cells = 2.5; at least one is needed, as an integer"),
    ],
)
def test_what_no_round_off_bound_takes(net, options, message):
    with pytest.raises(BoundcheckError, match=message):
        roundoff_bound(net, "float32", "x in [-1, 1]", **options)
