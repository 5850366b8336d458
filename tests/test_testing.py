"""Strategies, and torch modules against their bounds: every allowance is certified,
every comparison certain."""

import copy
import importlib
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

import pytest
import torch
from containments import COUNT
from flint import arb, fmpq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_strategies import KINKS
from torch import nn

from boundcheck import (
    BoundcheckError,
    Box,
    LeakyReLU,
    Network,
    Q,
    ReLU,
    SignReLU,
    gates,
    norm_bound,
    sup_norm,
)
from boundcheck.claims.statement import NormBound
from boundcheck.constructions.marginal import Marginal
from boundcheck.exact.terms.rational import rational
from boundcheck.testing import (
    Margin,
    assert_bound,
    boxes,
    instances,
    networks,
    representable,
)
from boundcheck.testing.targets import piecewise
from boundcheck.torchnet.dtypes import FORMATS
from boundcheck.torchnet.roundoff import Void, roundoff_bound
from boundcheck.verification.collect import collect

PROOFS = importlib.import_module("conftest").PROOFS
DTYPES = list(FORMATS)


def exact(tensor):
    """The numbers of a tensor as fractions."""
    return [Fraction(v) for v in tensor.double().reshape(-1).tolist()]


# -- assert_bound: no tolerance --------------------------------------------------------------------

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


# -- the gates and the networks of the proofs ------------------------------------------------------

GATES = {
    "identity": (gates.identity(2), "x", "x in [-2, 5]"),
    "reciprocal": (gates.reciprocal("1/2"), "1/x", "x in [1/2, 8]"),
    "square": (gates.square(3, 2), "x**2", "x in [-2, 2]"),
    "product": (gates.product(3, 2), "x*y", "x in [-1, 1], y in [-1, 1]"),
    "division": (gates.division("1/2", 2, 1, 6), "y/x", "x in [1/2, 2], y in [-1, 1]"),
    "division_textbook": (
        gates.division_textbook("1/2", 2, 1),
        "y/x",
        "x in [1/2, 2], y in [-1, 1]",
    ),
    "padded": (gates.division("1/2", 2, 1, 6).padded(7), "y/x", "x in [1/2, 2], y in [-1, 1]"),
    "clip": (gates.clip(-1, 1, 2**20), gates.clip(-1, 1, 2**20), "x in [-2, 2]"),
}


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
@pytest.mark.parametrize("name", GATES)
def test_gates(name, dtype):
    """Exact in real arithmetic, so that the round-off is all that is allowed."""
    net, target, on = GATES[name]
    margin = assert_bound(
        net, target, 0, on, roundoff_bound(net, dtype, on=on, cells=64), dtype=dtype
    )
    assert (
        margin.tried > settings.default.max_examples
    )  # all that the profile asks for, and the corners
    COUNT["tried"] += margin.tried


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", GATES)
def test_any_weight_that_is_off_by_a_thousandth_is_noticed(name, dtype):
    net, target, on = GATES[name]
    roundoff = roundoff_bound(net, dtype, on=on)
    for layer, (_, weights) in enumerate(net.to_torch(dtype).named_parameters()):
        for at in weights.nonzero().tolist():
            module = net.to_torch(dtype)
            with torch.no_grad():
                list(module.parameters())[layer][tuple(at)] *= 1.001
            with pytest.raises(AssertionError, match="the bound fails"):
                assert_bound(module, target, 0, on, roundoff)


def _statements():
    for c in collect([PROOFS / "instances.py"]).claims:
        yield from (pytest.param(s, id=c.id) for s in c.statements() if isinstance(s, NormBound))


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
@pytest.mark.parametrize("statement", list(_statements()))
def test_networks_of_the_proofs(statement, dtype):
    found = list(instances.check(statement, dtype))
    assert found
    assert not any(isinstance(m, Void) for m in found)
    assert all(m.tried > settings.default.max_examples for m in found)
    COUNT["tried"] += sum(m.tried for m in found)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("statement", list(_statements()))
def test_weights_of_the_proofs_that_are_off_by_a_thousandth_are_noticed(statement, dtype):
    """Some of those whose change exceeds what round-off may do. Others do nothing: clips that
    never bind, tiny weights."""
    on = representable(statement.on, dtype)
    (net,) = (p for _, p in statement.parts if isinstance(p, Network))
    allowed = roundoff_bound(net, dtype, on=on)
    exact, x = net.to_torch(), torch.linspace(-1, 1, 1001, dtype=torch.float64)[:, None]
    noticed = 0
    for layer, (_, weights) in enumerate(exact.named_parameters()):
        for at in weights.nonzero().tolist()[::20]:
            module, changed = net.to_torch(dtype), net.to_torch()
            with torch.no_grad():
                for m in (module, changed):
                    list(m.parameters())[layer][tuple(at)] *= 1.001
                effect = (changed(x) - exact(x)).abs().max().item()
            if (
                effect > 2 * allowed.upper
            ):  # at least one of them is left after the module's own round-off
                noticed += 1
                with pytest.raises(AssertionError, match="the bound fails"):
                    assert_bound(module, net, 0, on, allowed)
    assert noticed >= 5


def test_bounds_in_the_supremum_are_tested_at_points():
    net = Network.from_layers([([[1], [-1]], [0, "1/3"]), ([["1/2", "1/7"]], ["1/5"])], ReLU())
    for f in (net - "x/2 + 1/5", ("x/2 + 1/5" - net)):
        itself, target = instances.check(
            norm_bound(f, "1/21", p="oo", on="x in [0, 1/10]"), "float32"
        )
        assert (
            target.allowance.lower > fmpq(1, 21) >= target.distance.upper - itself.allowance.upper
        )
        with pytest.raises(AssertionError, match="the bound fails at x = 0"):
            list(instances.check(norm_bound(f, "1/22", p="oo", on="x in [0, 1/10]"), "float32"))
    assert (
        len(list(instances.check(norm_bound(net - net, 0, p="oo", on="x in [0, 1]"), "float64")))
        == 2
    )


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bound", "message"),
    [
        (float("nan"), "bound = nan; it must be a finite number >= 0"),
        (float("inf"), "bound = inf; it must be a finite number >= 0"),
        (-1e-300, "bound = -.*; it must be a finite number >= 0"),
        ("exp(-1) - 1", r"bound = exp\(-1\) - 1; it must be a finite number >= 0"),
        ("1/0", "bound = 1/0 has no value: division by zero"),
        ("y", "bound = y contains y; it must be a constant"),
        (None, "bound = None; it must be a finite number >= 0"),
    ],
)
def test_bad_bounds(bound, message):
    for name in ("bound", "roundoff") if bound is not None else ("bound",):
        given = {"bound": 0, "roundoff": 0} | {name: bound}
        with pytest.raises(BoundcheckError, match=message.replace("bound", name)):
            assert_bound(IDENTITY, "x", given["bound"], "x in [0, 1]", given["roundoff"])


def test_a_round_off_bound_of_another_box():
    for elsewhere in ("x in [0, 1/2]", "x in [1/2, 1]", "x in (0, 1]", "x in [0, 1], y in [0, 1]"):
        other = replace(
            roundoff_bound(IDENTITY, "float64", on="x in [0, 1]"), box=Box.of(elsewhere)
        )
        with pytest.raises(
            BoundcheckError, match="does not cover .*; call roundoff_bound with that box"
        ):
            assert_bound(IDENTITY, "x", 0, "x in [0, 1]", other)
    larger = roundoff_bound(IDENTITY, "float64", on="y in [-1, 1]")  # names do not matter
    assert_bound(IDENTITY, "x", 0, "x in [0, 1]", larger, examples=1)


@pytest.mark.parametrize("examples", [0, -1, 1.5, True, "many"])
def test_bad_numbers_of_examples(examples):
    with pytest.raises(
        BoundcheckError, match=f"examples = {examples!r}; it must be an integer >= 1"
    ):
        assert_bound(IDENTITY, "x", 0, "x in [0, 1]", 0, examples=examples)


@pytest.mark.parametrize("target", [None, abs, nn.Identity(), [abs]])
def test_bad_targets(target):
    with pytest.raises(
        BoundcheckError, match="is no target; give an expression, a Marginal, a Network or a list"
    ):
        assert_bound(IDENTITY, target, 0, "x in [0, 1]")


@pytest.mark.parametrize(
    ("target", "on", "message"),
    [
        ("x + y", "x in [0, 1]", "unknown symbol y in the target; the box has x"),
        (KINKS, "x in [0, 1]", "the target takes 2 inputs, but the box has 1 variables"),
        (
            Marginal.of([0], [1], sigma=1),
            "x in [0, 1], y in [0, 1]",
            "the target is a marginal in 1 variables, but the box",
        ),
        (
            "x",
            "x in [0, 1/10]",
            (
                r"the end 1/10 of x in \[0, 1/10\] is not a float64 number.* or "
                r"on=representable\(box, 'fl"
            ),
        ),
        ("x", "x in [-sqrt(2), 1]", r"the end -sqrt\(2\) of .* is not a float64 number"),
        ("x", "x in [1/3, 1/3]", "contains no float64 number"),
        ("x", None, "the box has no variables"),
        (
            "1/x",
            "x in [0, 1]",
            "the target is not defined at x = 0: division by zero in 1/x; choose another box",
        ),
        (
            "floor(log(exp(x)))",
            "x in [1, 2]",
            "at x = 1 is not clear at 4096 bits: .* the target has no value there",
        ),
    ],
)
def test_bad_targets_and_boxes(target, on, message):
    module = IDENTITY if "[0, 1], y" not in (on or "") else KINKS
    with pytest.raises(BoundcheckError, match=message):
        assert_bound(module, target, 0, on, 0)


def _linear(**options):
    return nn.Linear(1, 1, **options)


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (lambda x: x, "is neither a torch.nn.Module nor a Network; give one of them"),
        (
            _linear(device="meta"),
            r"weight is on the device meta; round-off bounds are for the CPU: call module.cpu\(\)",
        ),
        (
            nn.Sequential(_linear(), nn.Dropout(0.5)),
            r"layer 1 \(Dropout\) is in training mode, .* call module.eval\(\)",
        ),
        (
            nn.Sequential(_linear(), nn.BatchNorm1d(1)),
            r"layer 1 \(BatchNorm1d\) is in training mode",
        ),
        (
            nn.Sequential(_linear(), _linear(dtype=torch.float64)),
            "several dtypes .*0.weight is float32, 1.weight is float64",
        ),
        (
            _linear(dtype=torch.complex64),
            "weight is complex64; round-off bounds are for float64, float32",
        ),
        (
            nn.Sequential(_linear(), nn.Tanh()),
            "layer 1 .*Tanh.* is not supported; .*or give a bound of its own",
        ),
        (nn.Linear(2, 1), "cannot take a tensor of the shape|takes 2 inputs"),
        (
            nn.Linear(1, 2),
            (
                r"the module gives \(1, 2\), torch.float32 for one point; the target has 1 "
                r"output, so it must"
            ),
        ),
    ],
)
def test_bad_modules(module, message):
    with pytest.raises(BoundcheckError, match=message):
        assert_bound(module, "x", 10, "x in [0, 1]")


def test_modules_that_are_no_networks_need_a_round_off_bound_of_their_own():
    module = nn.Sequential(nn.Linear(1, 1, dtype=torch.float64), nn.Tanh())
    assert_bound(module, "0", 1, "x in [0, 1]", 0)
    with pytest.raises(BoundcheckError, match="dtype = torch.float32, but the module's is float64"):
        assert_bound(module, "0", 1, "x in [0, 1]", 0, dtype=torch.float32)


def test_dropout_in_evaluation_mode_is_the_identity():
    module = nn.Sequential(nn.Linear(1, 1), nn.Dropout(0.5)).eval()
    assert_bound(module, Network.from_torch(module), 0, "x in [0, 1]")


def test_a_module_that_is_random_without_saying_so():
    class Forgetful(nn.Module):
        """Right at a point from the second time on."""

        seen: ClassVar[set[float]] = set()

        def forward(self, x):
            new = 0 < x.item() < 1 and x.item() not in self.seen
            self.seen.add(x.item())
            return x + new

    with pytest.raises(
        BoundcheckError,
        match="the module gives different values at one point; make it deterministic",
    ):
        assert_bound(Forgetful(), "x", "1/2", "x in [0, 1]", 0, examples=500)


def test_no_round_off_bound():
    net = Network.from_layers([([["1e39"]], [0]), ([["1e-39"]], [0])])
    with pytest.raises(BoundcheckError, match="no round-off bound in float32|beyond"):
        assert_bound(net, "x", 1, "x in [0, 1]", dtype=torch.float32)


def test_a_round_off_bound_of_another_dtype():
    roundoff = roundoff_bound(IDENTITY, "float32", on="x in [0, 1]")
    with pytest.raises(
        BoundcheckError, match="the round-off bound is for float32, the module is in float64"
    ):
        assert_bound(IDENTITY, "x", 0, "x in [0, 1]", roundoff)


def test_low_precision_products_are_refused():
    old = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        with pytest.raises(
            BoundcheckError,
            match="float32_matmul_precision is 'medium', which no round-off bound covers",
        ):
            assert_bound(IDENTITY, "x", 0, "x in [0, 1]")
    finally:
        torch.set_float32_matmul_precision(old)


def test_other_activations():
    """The slope of LeakyReLU is rounded, which the round-off bound knows."""
    net = Network.from_layers([([[3]], ["-1/3"]), ([[1]], [0])], LeakyReLU("1/10"))
    for dtype in DTYPES:
        assert_bound(net, "Max(3*x - 1/3, (3*x - 1/3)/10)", 0, "x in [-1, 1]", dtype=dtype)
    shifted = copy.deepcopy(net.to_torch("float64"))
    with torch.no_grad():
        shifted[0].bias += 1e-9
    with pytest.raises(AssertionError):
        assert_bound(shifted, net, 0, "x in [-1, 1]")
