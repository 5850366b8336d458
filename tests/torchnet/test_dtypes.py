"""The floating-point formats: rounding to nearest, once."""

import math

import numpy as np
import pytest
import torch
from example_networks import GATES
from flint import fmpq
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import networks, rationals
from torch import nn
from torch_dtypes import DTYPES, INTEGERS, dtypes, fits

from boundcheck import Network
from boundcheck.exact.terms.rational import fraction, rational
from boundcheck.torchnet.dtypes import FORMATS, format_of


def neighbour(value, dtype, step):
    """The next number of the dtype away from zero (step 1) or towards it (step -1), by its bits."""
    bits = torch.tensor(value, dtype=dtype).view(INTEGERS[dtype]) + step
    return bits.view(dtype).item()


def is_even(value, dtype):
    return int(torch.tensor(value, dtype=dtype).view(INTEGERS[dtype])) % 2 == 0


@pytest.mark.parametrize("dtype", DTYPES)
def test_formats_agree_with_torch(dtype):
    facts, f = torch.finfo(dtype), format_of(dtype)
    assert f is format_of(str(dtype)) is format_of(f.name)
    assert f.dtype is dtype
    assert rational(facts.max) == f.largest
    assert rational(facts.smallest_normal) == f.smallest_normal
    assert rational(facts.eps) == 2 * f.roundoff
    assert rational(neighbour(0.0, dtype, 1)) == f.smallest


@st.composite
def near(draw, dtype):
    """Exact numbers of all sizes around the numbers of the dtype, their midpoints and
    neighbours of midpoints."""
    f = format_of(dtype)
    unit = draw(st.integers(f.emin - f.precision - 1, f.emax - f.precision + 2))
    m = draw(st.integers(1, 2**f.precision)) * 4 + draw(st.sampled_from([0, 1, 2, 3]))
    q = fmpq(m) * fmpq(2) ** (unit - 2)
    q += draw(st.sampled_from([0, 1, -1])) * q * fmpq(2) ** -draw(st.integers(60, 200))
    return draw(st.sampled_from([1, -1])) * q


@given(st.data(), dtypes)
def test_weights_are_rounded_once_to_nearest_even(data, dtype):
    f = format_of(dtype)
    q = data.draw(st.one_of(near(dtype), rationals(10**9)))
    if abs(q) >= f.largest + f.roundoff * fmpq(2) ** f.emax:
        with pytest.raises(OverflowError):
            f.nearest(q)
        return
    found = f.nearest(q)
    assert torch.tensor(found, dtype=dtype).item() == found  # it is a number of the format
    error = abs(rational(found) - q)
    for step in (1, -1):
        if found == 0 and step == -1:
            continue
        other = neighbour(found, dtype, step)
        if found == 0:
            other = math.copysign(other, q.p)
        if not math.isfinite(other):
            continue
        assert error <= abs(rational(other) - q)
        if error == abs(rational(other) - q):
            assert is_even(found, dtype)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_doubles_round_as_numpy_rounds_them(x):
    for dtype in ("float32", "float16"):
        with np.errstate(over="ignore"):
            expected = float(np.asarray(x).astype(dtype))
        if math.isinf(expected):
            with pytest.raises(OverflowError):
                FORMATS[dtype].nearest(rational(x))
        else:
            assert FORMATS[dtype].nearest(rational(x)) == expected
    assert FORMATS["float64"].nearest(rational(x)) == x


@given(rationals(10**12))
def test_fractions_round_as_python_rounds_them(q):
    assert FORMATS["float64"].nearest(q) == float(fraction(q))


def test_no_weight_is_rounded_twice():
    # Just above the midpoint of 1 and 1 + 2^-23: its nearest double is that midpoint,
    # which would round down to 1.
    q = 1 + fmpq(2) ** -24 + fmpq(2) ** -80
    assert float(torch.tensor(float(fraction(q)), dtype=torch.float32)) == 1
    (layer,) = Network.from_layers([([[q]], [q])]).to_torch(torch.float32)
    assert layer.weight.item() == layer.bias.item() == 1 + 2**-23


@given(networks(), dtypes)
def test_every_entry_is_the_nearest_number(net, dtype):
    assume(fits(net, dtype))
    f, module = format_of(dtype), net.to_torch(dtype)
    maps = [m for m in module if isinstance(m, nn.Linear)]
    for layer, step in zip(net.layers, maps, strict=True):
        assert step.weight.dtype is step.bias.dtype is dtype
        assert step.weight.tolist() == [[f.nearest(e) for e in row] for row in layer.weight]
        assert step.bias.tolist() == [f.nearest(e) for e in layer.bias]
    assert module.rho1.alpha.item() == f.nearest(net.activation.alpha)
    assert [name for name, _ in module.named_children()] == [
        "hidden1",
        "rho1",
        "hidden2",
        "rho2",
        "output",
    ]


def test_modules_are_frozen_and_leave_the_random_state_alone():
    before = torch.random.get_rng_state()
    module = GATES["compact"].to_torch()
    assert torch.equal(before, torch.random.get_rng_state())
    assert not module.training
    assert not any(p.requires_grad for p in module.parameters())
    assert {p.dtype for p in module.parameters()} == {torch.float64}
