"""`assert_bound`: bad bounds, boxes, targets and modules."""

import copy
from dataclasses import replace
from typing import ClassVar

import pytest
import torch
from example_networks import KINKS
from torch import nn

from boundcheck import BoundcheckError, Box, LeakyReLU, Network, gates
from boundcheck.constructions.marginal import Marginal
from boundcheck.testing import assert_bound
from boundcheck.torchnet.dtypes import FORMATS
from boundcheck.torchnet.roundoff import roundoff_bound

DTYPES = list(FORMATS)
IDENTITY = Network.from_layers([([[1]], [0])])


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


SQUARE_GATE = gates.square(2, 1).instantiate()


def test_low_precision_by_the_backends():
    """2026-11-22: torch's own RuntimeError came through."""
    matmul = torch.backends.mkldnn.matmul
    old = matmul.fp32_precision
    matmul.fp32_precision = "bf16"
    try:
        with pytest.raises(
            BoundcheckError, match="torch.backends lets products .* set fp32_precision = 'ieee'"
        ):
            assert_bound(SQUARE_GATE, "x**2", 0, "x in [-1, 1]")
        matmul.fp32_precision = "ieee"
        assert_bound(SQUARE_GATE, "x**2", 0, "x in [-1, 1]", examples=1)
    finally:
        matmul.fp32_precision = old


def test_random_slopes_are_refused():
    """2026-11-22: RReLU in training mode was called a failure of the bound."""
    module = nn.Sequential(nn.Linear(1, 1), nn.RReLU())
    with pytest.raises(
        BoundcheckError, match=r"layer 1 \(RReLU\) is in training mode, .*call module.eval"
    ):
        assert_bound(module, "x", 10, "x in [0, 1]", 0)
