"""The gates and the networks of the proofs as torch modules: what was proved of the exact ones
holds, and a wrong weight is noticed."""

import importlib

import pytest
import torch
from containments import COUNT
from flint import fmpq
from hypothesis import settings

from boundcheck import LeakyReLU, Network, ReLU, SignReLU, gates, norm_bound
from boundcheck.claims.statement import NormBound
from boundcheck.testing import assert_bound, instances, representable
from boundcheck.torchnet.convert import to_torch
from boundcheck.torchnet.roundoff import Void, roundoff_bound
from boundcheck.verification.collect import collect

PROOFS = importlib.import_module("conftest").PROOFS
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
    for c in collect([PROOFS / "networks/instances.py"]).claims:
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
            # at least one of them is left after the module's own round-off
            if effect > 2 * allowed.upper:
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


# -- weights ---------------------------------------------------------------------------------------


def _networks():
    for c in collect([PROOFS / "networks/instances.py"]).claims:
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
        c
        for c in collect([PROOFS / "networks/instances.py"]).claims
        if c.id.endswith("a_shallow_network")
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
