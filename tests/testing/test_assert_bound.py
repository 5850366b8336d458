"""`assert_bound`: every allowance is certified, every comparison certain."""

from fractions import Fraction

import pytest
import torch
from containments import COUNT
from flint import arb, fmpq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from boundcheck import BoundcheckError, LeakyReLU, Network, Q, ReLU, SignReLU, sup_norm
from boundcheck.constructions.marginal import Marginal
from boundcheck.exact.terms.rational import rational
from boundcheck.testing import Margin, assert_bound, boxes, networks
from boundcheck.testing.targets import piecewise
from boundcheck.torchnet.roundoff import roundoff_bound


def exact(tensor):
    """The numbers of a tensor as fractions."""
    return [Fraction(v) for v in tensor.double().reshape(-1).tolist()]


IDENTITY = Network.from_layers([([[1]], [0])])


def test_a_bound_that_is_attained_passes_and_the_least_bit_less_fails():
    margin = assert_bound(IDENTITY, "x + 1/3", "1/3", "x in [0, 1]", 0)
    assert margin.margin.lower == margin.margin.upper == 0
    with pytest.raises(AssertionError, match="the bound fails at x = "):
        assert_bound(IDENTITY, "x + 1/3", "1/3 - 10**-5000", "x in [0, 1]", 0)
    assert_bound(IDENTITY, "x + exp(-7)", "exp(-7) + 10**-1000", "x in [0, 1]", 0, examples=5)
    with pytest.raises(AssertionError, match="the bound fails"):
        assert_bound(IDENTITY, "x + exp(-7)", "exp(-7) - 10**-1000", "x in [0, 1]", 0, examples=5)
    with pytest.raises(
        BoundcheckError, match="whether the bound holds at x = 0 is not clear at 4096 bits"
    ):
        assert_bound(IDENTITY, "x + exp(-7)", "exp(-7)", "x in [0, 1]", 0)


class Wrong(nn.Module):
    """The identity, except on a small set."""

    def __init__(self, where, value):
        super().__init__()
        self.where, self.value = where, value

    def forward(self, x):
        return torch.where(self.where(x), torch.full_like(x, self.value), x)


def test_the_message_has_the_point_the_values_and_the_allowance():
    """Wrong from 3/4 on by at most 1/8, at 1: the simplest point is a corner."""
    module = Wrong(lambda x: x >= 0.75, 0.875)
    with pytest.raises(AssertionError) as failure:
        assert_bound(module, "x", "1/16", "x in [0, 1]", "1/32")
    assert str(failure.value) == (
        "the bound fails at x = 1: the module gives 0.875, the target is 1, 0.125 apart; "
        "allowed is 0.09375\n"
        "the bound is 0.0625, the round-off 0.03125"
    )
    passed = assert_bound(module, "x", "1/16", "x in [0, 1]", "1/16")
    assert isinstance(passed, Margin)
    assert passed.point["x"] in (Fraction(3, 4), 1)
    assert passed.margin.lower == passed.margin.upper == 0
    assert passed.tried > 20


def test_a_failure_inside_shows_the_simplest_and_the_worst_point():
    """Wrong by 1 at 1/2, and by up to 1/4 - 1/16 near it: the corners are fine."""
    module = Wrong(lambda x: (x - 0.5).abs() < 0.25, 0.5)
    with pytest.raises(AssertionError) as failure:
        assert_bound(module, "x", "1/16", "x in [0, 1]", 0)
    first, parts, *rest = str(failure.value).split("\n")
    x = Fraction(first.split("x = ")[1].split(":")[0])
    assert Fraction(1, 16) < abs(x - Fraction(1, 2)) < Fraction(1, 4)
    assert parts == "the bound is 0.0625, the round-off 0"
    assert all(line.startswith("worst of ") and "points, at x = " in line for line in rest)


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
def test_what_is_not_finite_fails(value):
    module = Wrong(lambda x: x == 1, value)
    with pytest.raises(
        AssertionError,
        match=f"the bound fails at x = 1: the module gives {value}, the target is 1; allow",
    ):
        assert_bound(module, "x", "10**100", "x in [0, 1]", 0)


def test_a_subnormal_defect_is_found():
    tiny = torch.finfo(torch.float32).smallest_normal
    module = Wrong(lambda x: (x > 0) & (x < tiny), 1.0)
    with pytest.raises(AssertionError, match="the bound fails"):
        assert_bound(module, "x", "1/2", "x in [0, 1]", 0, dtype=torch.float32, examples=200)


def test_targets_and_several_outputs():
    net = Network.from_layers(
        [([[1], [-1]], [0, "1/2"]), ([["1/2", "1/7"], [1, 0]], ["1/5", 0])], ReLU()
    )
    assert_bound(net, net, 0, "x in [-1, 1]")
    assert_bound(net, ["Max(x, 0)/2 + Max(1/2 - x, 0)/7 + 1/5", "Max(x, 0)"], 0, "x in [-1, 1]")
    with pytest.raises(AssertionError, match=r"at x = .*: output 2 of the module is"):
        assert_bound(net, ["Max(x, 0)/2 + Max(1/2 - x, 0)/7 + 1/5", "x"], 0, "x in [-1, 1]")
    f = Marginal.of([(0, "1/2")], ["1/3"], sigma=1)
    zero = Network.from_layers([([[0, 0]], [0])])
    assert_bound(zero, f, "1/3", "a in [-1, 1], b in [-1, 1]")
    with pytest.raises(
        AssertionError, match=r"at a = 0, b = 1/2: the module gives 0, the target is \[0.3333333333"
    ):
        assert_bound(zero, f, "333/1000", "a in [-1, 0], b in [0, 1/2]")


def test_the_whole_chain_for_a_network_of_ones_own():
    """Weights that torch made; a certified supremum norm; the round-off is added by itself."""
    torch.manual_seed(5)
    for dtype in (torch.float64, torch.float32):
        module = nn.Sequential(nn.Linear(1, 6), nn.ReLU(), nn.Linear(6, 1)).to(dtype)
        bound = sup_norm("exp(x)" - Network.from_torch(module), on="x in [0, 1]", rtol="1e-2")
        margin = assert_bound(module, "exp(x)", bound, "x in [0, 1]")
        assert 0 <= margin.margin.lower < bound.upper / 10  # the search comes near the supremum
        with pytest.raises(AssertionError):
            assert_bound(module, "exp(x)", bound.lower * fmpq(9, 10), "x in [0, 1]")


@given(
    st.sampled_from([SignReLU(3), ReLU(), LeakyReLU("1/4")]),
    st.integers(-8, 8),
    st.integers(0, 8),
    st.integers(-8, 8),
)
def test_activations_of_balls_contain_those_of_their_points(activation, centre, radius, inside):
    centre, radius = Q(centre, 4), Q(radius, 4)  # over the pole of the left piece at 1, too
    ball = piecewise(
        activation.pieces(*activation.parameters), arb(rational(centre), rational(radius))
    )
    assert ball.contains(rational(activation(centre + radius * Q(inside, 8))))


@given(networks(max_width=3), boxes(dtype="bfloat16"))
@settings(max_examples=settings.default.max_examples // 4, suppress_health_check=list(HealthCheck))
def test_instances_of_random_networks_stay_within_the_round_off(net, box):
    for dtype in ("float32", "bfloat16"):
        margin = assert_bound(
            net, net, 0, box, roundoff_bound(net, dtype, on=box, cells=16), dtype=dtype, examples=15
        )
        x = torch.tensor([[float(v) for v in margin.point.values()]], dtype=getattr(torch, dtype))
        (value,) = exact(net.to_torch(dtype)(x))
        assert value == margin.value
        gap = abs(value - net(*margin.point.values()))
        assert (
            Q(margin.distance.lower) <= gap <= Q(margin.distance.upper) <= Q(margin.allowance.upper)
        )
        COUNT["tried"] += margin.tried
