"""SignReLU as a torch module: values and derivatives that stay accurate."""

import copy
import itertools
import math
import pickle

import pytest
import torch
from example_networks import GATES, NETWORKS
from flint import fmpq
from hypothesis import assume, given
from hypothesis import strategies as st
from torch_dtypes import DTYPES, INTEGERS, dtypes

from boundcheck import Network
from boundcheck.exact.terms.rational import rational
from boundcheck.torchnet.dtypes import format_of
from boundcheck.torchnet.module import SignReLU


@st.composite
def numbers(draw, dtype):
    """Numbers of a dtype: any bits that are finite."""
    width = torch.finfo(dtype).bits
    bits = draw(st.integers(-(2 ** (width - 1)), 2 ** (width - 1) - 1))
    value = torch.tensor(bits, dtype=INTEGERS[dtype]).view(dtype)
    assume(value.isfinite())
    return value.reshape(1)


@given(st.data(), dtypes, st.sampled_from([1.0, 2.0, 0.375]))
def test_values_have_three_roundings(data, dtype, alpha):
    t = data.draw(numbers(dtype))
    f, found = format_of(dtype), SignReLU(alpha, dtype=dtype)(t)
    exact = rational(alpha) * rational(t.item()) / (1 + abs(rational(t.item())))
    if t.item() >= 0:
        assert torch.equal(found, t)
    else:
        bound = 3 * f.roundoff / (1 - 3 * f.roundoff) * abs(exact) + 2 * f.smallest
        assert abs(rational(found.item()) - exact) <= bound
        assert -alpha <= found.item() <= 0


@given(st.data(), dtypes, st.sampled_from([1.0, 2.0, 0.375]))
def test_derivatives_are_accurate_everywhere(data, dtype, alpha):
    t = data.draw(numbers(dtype)).requires_grad_()
    f, q = format_of(dtype), rational(t.item())
    (first,) = torch.autograd.grad(SignReLU(alpha, dtype=dtype)(t), t, create_graph=True)
    exact = fmpq(1) if q > 0 else rational(alpha) / (1 - q) ** 2
    assert abs(rational(first.item()) - exact) <= 8 * f.roundoff * exact + 4 * f.smallest
    (second,) = torch.autograd.grad(first, t)
    exact = fmpq(0) if q > 0 else 2 * rational(alpha) / (1 - q) ** 3
    assert abs(rational(second.item()) - exact) <= 16 * f.roundoff * exact + 8 * f.smallest


@pytest.mark.parametrize("dtype", DTYPES)
def test_extreme_values(dtype):
    most = torch.finfo(dtype).max
    t = torch.tensor(
        [-math.inf, -most, -0.0, 0.0, most, math.inf, math.nan], dtype=dtype, requires_grad=True
    )
    value = SignReLU(2.0, dtype=dtype)(t)
    assert value.tolist()[:-1] == [-2, -2, 0, 0, most, math.inf]
    assert value[-1].isnan()
    value[:-1].sum().backward()
    assert t.grad.tolist()[1:] == [t.grad[1].item(), 2, 2, 1, 1, 0]
    assert t.grad[0] == 0 <= t.grad[1] <= 1e-8


@pytest.mark.parametrize("alpha", [1.0, 0.5, 3.0])
def test_derivatives_pass_torchs_checks(alpha):
    module = SignReLU(alpha, dtype=torch.float64)
    t = torch.linspace(-3, 3, 14, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(module, t, check_forward_ad=True, check_batched_grad=True)
    assert torch.autograd.gradgradcheck(module, t)
    each = torch.func.vmap(torch.func.grad(module))(t.detach())
    assert torch.equal(each, torch.autograd.grad(module(t).sum(), t)[0])


def test_a_gate_passes_torchs_checks():
    gate = GATES["compact"].to_torch()
    at = torch.tensor([[1.25, 0.5], [1.75, -0.25]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(gate, at)
    assert torch.autograd.gradgradcheck(gate, at)
    slopes = torch.autograd.functional.jacobian(lambda x: gate(x).sum(), at)
    x, y = at.detach().T
    assert torch.allclose(slopes, torch.stack([-y / x**2, 1 / x], 1))


@pytest.mark.parametrize("name", ["compact", "alpha", "leaky", "relu"])
def test_modules_are_ordinary_ones(name):
    net = NETWORKS[name]
    module = net.to_torch(torch.float32)
    x = torch.rand(5, net.inputs, generator=torch.Generator().manual_seed(1)) + 1
    expected = module(x)
    assert torch.equal(torch.compile(module, backend="aot_eager", fullgraph=True)(x), expected)
    assert torch.equal(torch.export.export(module, (x,)).module()(x), expected)
    assert torch.equal(copy.deepcopy(module)(x), expected)
    assert torch.equal(pickle.loads(pickle.dumps(module))(x), expected)
    assert torch.equal(
        torch.func.functional_call(module, dict(module.named_parameters()), x), expected
    )
    other = Network.from_layers(
        [([[0] * m] * n, [0] * n) for m, n in itertools.pairwise([net.inputs, *net.widths, 1])],
        net.activation,
    )
    fresh = other.to_torch(torch.float32)
    fresh.load_state_dict(module.state_dict())
    assert torch.equal(fresh(x), expected)
    assert torch.equal(
        module.to(torch.float64)(x.double()).float(),
        net.to_torch(torch.float32).double()(x.double()).float(),
    )


def test_training_from_the_construction():
    module = GATES["compact"].to_torch().requires_grad_()
    x = torch.rand(64, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(2)) + 1
    target = x[:, 1:] / x[:, :1] + 0.01
    optimizer = torch.optim.SGD(module.parameters(), lr=1e-5)

    def loss():
        return (module(x) - target).square().mean()

    first = loss().item()
    for _ in range(20):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
    assert loss().item() < first
    assert module.rho1.alpha.item() == 1
    assert Network.from_torch(module) != GATES["compact"]
