"""Networks in torch: rounding, SignReLU and its derivatives, exact reading of modules,
files for other programs."""

import copy
import itertools
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
import torch
from flint import fmpq
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import rationals
from test_networks import networks, outputs
from torch import nn
from torch.nn.utils import prune
from users import HardTanh

from boundcheck import BoundcheckError, LeakyReLU, Network, ReLU, gates, symbols
from boundcheck import SignReLU as Exact
from boundcheck.exact.terms.rational import fraction, rational
from boundcheck.torchnet.convert import from_torch
from boundcheck.torchnet.dtypes import FORMATS, format_of
from boundcheck.torchnet.module import SignReLU

DTYPES = [torch.float64, torch.float32, torch.bfloat16, torch.float16]
INTEGERS = {
    torch.float64: torch.int64,
    torch.float32: torch.int32,
    torch.bfloat16: torch.int16,
    torch.float16: torch.int16,
}
dtypes = st.sampled_from(DTYPES)
GATES = {
    "reciprocal": gates.reciprocal("1/2"),
    "square": gates.square(2, 1),
    "product": gates.product(2, 1),
    "compact": gates.division(1, 2, 1),
    "textbook": gates.division_textbook(1, 2, 1),
    "clip": gates.clip(1, 2, 10),
}
NETWORKS = {
    **GATES,
    "leaky": Network.from_layers(
        [([["1/3"], ["-2/7"]], [0, "1/5"]), ([[1, "1/3"]], ["1/9"])], LeakyReLU("0.01")
    ),
    "relu": Network.from_layers(
        [([["1/3"], ["-2/7"]], [0, "1/5"]), ([[1, "1/3"]], ["1/9"])], ReLU()
    ),
    "alpha": Network.from_layers(
        [([["1/3"], ["-2/7"]], [0, "1/5"]), ([[1, "1/3"]], ["1/9"])], Exact("1/3")
    ),
    "affine": Network.from_layers([([["1/3", 2]], ["1/7"])]),
}


def neighbour(value, dtype, step):
    """The next number of the dtype away from zero (step 1) or towards it (step -1), by its bits."""
    bits = torch.tensor(value, dtype=dtype).view(INTEGERS[dtype]) + step
    return bits.view(dtype).item()


def is_even(value, dtype):
    return int(torch.tensor(value, dtype=dtype).view(INTEGERS[dtype])) % 2 == 0


# -- rounding --------------------------------------------------------------------------------------


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


def fits(net, dtype):
    return net.largest_weight <= fraction(format_of(dtype).largest)


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


# -- there and back --------------------------------------------------------------------------------

doubles = st.floats(-100, 100)


@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 2), st.data())
def test_networks_of_doubles_come_back_exactly(n, m, k, data):
    def matrix(rows, columns):
        return [[data.draw(doubles) for _ in range(columns)] for _ in range(rows)], [
            data.draw(doubles) for _ in range(rows)
        ]

    activation = data.draw(
        st.sampled_from([Exact(), Exact(0.3), ReLU(), LeakyReLU(0.01), HardTanh()])
    )
    net = Network.from_layers([matrix(m, n), matrix(k, m)], activation)
    assert Network.from_torch(net.to_torch()) == net


@given(networks(), dtypes)
def test_rounding_twice_changes_nothing(net, dtype):
    assume(fits(net, dtype))
    module = net.to_torch(dtype)
    again = from_torch(module)
    assert from_torch(again.to_torch(dtype)) == again
    at = torch.ones(net.inputs, dtype=dtype)
    assert torch.equal(again.to_torch(dtype)(at), module(at))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NETWORKS)
def test_modules_compute_what_the_networks_do(name, dtype):
    net, generator = NETWORKS[name], torch.Generator().manual_seed(0)
    x = (torch.rand(50, net.inputs, generator=generator, dtype=torch.float64) + 1).to(dtype) / (
        2 if name in ("square", "product") else 1
    )
    y = net.to_torch(dtype)(x)
    assert y.dtype is dtype
    assert y.shape == (50, net.outputs)
    for at, found in zip(x.tolist(), y.tolist(), strict=True):
        for exact, value in zip(outputs(net(*at)), found, strict=True):
            assert abs(fraction(rational(value)) - exact) <= 300 * fraction(
                format_of(dtype).roundoff
            )  # observed: below 60


@given(st.lists(st.integers(-9, 9), min_size=2, max_size=2), st.integers(0, 2**30))
def test_modules_are_read_exactly(at, seed):
    """Small integers: torch computes without rounding, so both sides must agree to the last bit."""
    generator = torch.Generator().manual_seed(seed)
    flat = nn.Linear(2, 3, bias=False)
    module = nn.Sequential(
        nn.Flatten(),
        nn.Sequential(nn.Identity(), flat, nn.Sequential()),
        nn.LeakyReLU(0.25),
        nn.Dropout(),
        nn.Linear(3, 3),
        nn.LeakyReLU(0.25, inplace=True),
        nn.LeakyReLU(0.25),
        nn.Linear(3, 2),
        nn.LeakyReLU(0.25),
    ).eval()
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.randint(-9, 10, p.shape, generator=generator))
    net = Network.from_torch(module)
    assert net.depth == 4
    assert net.activation == LeakyReLU(Fraction(1, 4))
    expected = module(torch.tensor([at], dtype=torch.float32))[0].tolist()
    assert list(net(*at)) == expected


def test_activations_first_and_repeated_layers():
    layer = nn.Linear(1, 1)
    with torch.no_grad():
        layer.weight.fill_(3)
        layer.bias.fill_(-1)
    net = Network.from_torch(nn.Sequential(nn.ReLU(), layer, nn.ReLU(), layer))
    assert [net(v) for v in (-5, 0, 1)] == [-1, -1, 5]
    assert Network.from_torch(layer)(2) == 5
    assert Network.from_torch(nn.Sequential(layer, nn.LeakyReLU(0))).activation == ReLU()


@pytest.mark.parametrize("dtype", [*DTYPES, torch.float8_e4m3fn, torch.float8_e5m2])
def test_weights_of_any_float_dtype_are_what_they_are(dtype):
    layer = nn.Linear(1, 1).requires_grad_(False)
    layer.weight, layer.bias = (
        nn.Parameter(torch.full(s, 0.1, dtype=dtype), False) for s in ((1, 1), (1,))
    )
    net = Network.from_torch(nn.Sequential(layer, SignReLU(0.1, dtype=torch.float16)))
    assert net.layers[0].weight[0][0] == rational(layer.weight.double().item()) != fmpq(1, 10)
    assert net.activation.alpha == rational(float(np.float16(0.1)))
    assert Network.from_torch(nn.Sequential(layer, nn.LeakyReLU(0.1))).activation.slope == rational(
        0.1
    )


def test_users_activations():
    net = Network.from_layers([([[2], [1]], [0, 1]), ([[1, -1]], [0])], HardTanh())
    module = net.to_torch(torch.float32)
    assert module(torch.tensor([0.25])).item() == net(0.25)
    assert copy.deepcopy(module)(torch.tensor([0.25])).item() == net(0.25)
    assert Network.from_torch(module) == net
    assert "HardTanh()" in str(module)


# -- SignReLU --------------------------------------------------------------------------------------


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


# -- refusals --------------------------------------------------------------------------------------

c = symbols("c")
HUGE = Network.from_layers([([[1], [2]], [0, "1e400"]), ([[1, "-1e5"]], [0])])


@pytest.mark.parametrize(
    ("convert", "message"),
    [
        (lambda: gates.reciprocal(c).to_torch(),
         "the weights contain c; give them numbers: .instantiate(...)"),
        (lambda: Network.from_layers([([["sqrt(2)"]], [0])]).to_torch(), "sqrt(2)"),
        (HUGE.to_torch,
         "the bias of layer 1 at 2 is 1e+400, beyond 1.797e+308, the largest number of float64"),
        (lambda: Network(HUGE.layers[1:]).to_torch("float16"),
         ("the weight of layer 1 at 1,2 is -100000, beyond 65500, the largest number of float16; "
          "choose a wider dtype or smaller weights")),
        (lambda: GATES["clip"].to_torch(torch.int64),
         "dtype = torch.int64; networks in torch have one of float64, "),
        (lambda: GATES["clip"].to_torch(device="nowhere"), "device = nowhere cannot be used ("),
        (lambda: gates.reciprocal(1, "1e-9").to_torch("float16"), "beyond"),
        (
            lambda: Network.from_layers([([[1]], [0]), ([[1]], [0])],
                                        LeakyReLU("1e-9")).to_torch("float16"),
            ("1e-9, the parameter of LeakyReLU(1/1000000000), rounds to 0 in float16; "
             "choose a wider dtype"),
        ),
        (
            lambda: Network.from_layers([([[1]], [0]), ([[1]], [0])], Exact(c)).to_torch(),
            "the weights contain c",
        ),
        (lambda: SignReLU(0.0), "alpha of SignReLU = 0.0; it must be a positive number"),
        (lambda: SignReLU(math.nan), "alpha of SignReLU = nan"),
        (lambda: SignReLU(1e-9, dtype=torch.float16), "in torch.float16 too"),
    ],
)  # fmt: skip
def test_networks_that_torch_cannot_hold(convert, message):
    with pytest.raises(BoundcheckError) as error:
        convert()
    assert message in str(error.value)


def linear(value=1.0, **options):
    layer = nn.Linear(2, 2, **options)
    if not layer.weight.is_meta:
        nn.init.constant_(layer.weight, value)
    return layer


class Doubled(nn.Linear):
    def forward(self, x):
        return 2 * super().forward(x)


def hooked(register):
    layer = linear()
    getattr(layer, register)(lambda *args: None)
    return nn.Sequential(layer)


def patched():
    layer = linear()
    layer.forward = lambda x: x
    return layer


def with_weight(change):
    layer = linear()
    weight = change(layer.weight.detach())
    del layer.weight
    layer.weight = nn.Parameter(weight, requires_grad=False)
    return nn.Sequential(nn.Identity(), layer)


def with_alpha(value):
    module = SignReLU()
    module.alpha.fill_(value)
    return nn.Sequential(linear(), module)


def with_none():
    module = nn.Sequential(linear(), nn.ReLU())
    module._modules["1"] = None
    return module


NOT_READ = {
    "unknown": (lambda: nn.Sequential(linear(), nn.Sequential(nn.Tanh()), linear()),
                ("layer 1.0 (Tanh) is not supported; use Linear, Sequential, Identity, "
                 "Dropout in evaluation mode, Flatten(1, -1), ReLU, LeakyReLU, "
                 "boundcheck.torchnet.module.SignReLU, Elementwise (of the same file), "
                 "in nn.Sequential")),
    "root": (lambda: nn.Conv1d(1, 1, 1), "the module (Conv1d) is not supported"),
    "no module": (lambda: torch.relu, "is no torch.nn.Module; give one"),
    "a class": (lambda: nn.Sequential, "is no torch.nn.Module; give one"),
    "weights alone": (lambda: linear().state_dict(),
                      "(OrderedDict) is no torch.nn.Module; give one"),
    "nothing": (with_none, "layer 1 (NoneType) is no torch.nn.Module; give one"),
    "subclass": (lambda: nn.Sequential(Doubled(2, 2)), "layer 0 (Doubled) is not supported"),
    "compiled": (lambda: torch.compile(linear(), backend="eager"),
                 "the module (OptimizedModule) is not supported; use Linear, "),
    "inner part": (lambda: nn.Sequential(nn.DataParallel(linear())),
                   "in nn.Sequential; perhaps you mean what is inside it, its attribute module"),
    "same name": (lambda: torch.fx.symbolic_trace(nn.Sequential(linear())),
                  "the module (torch.fx.graph_module.Sequential) is not supported"),
    "normalised": (lambda: nn.Sequential(linear(), nn.BatchNorm1d(2)).eval(),
                   ("layer 1 (BatchNorm1d) is not supported; make it part of the Linear before "
                    "it with torch.nn.utils.fusion.fuse_linear_bn_eval")),
    "hook": (lambda: hooked("register_forward_hook"),
             ("layer 0 (Linear) has hooks or a forward of its own, which its weights do not "
              "show; remove them")),
    "hook before": (lambda: hooked("register_forward_pre_hook"), "layer 0 (Linear) has hooks"),
    "patched": (patched, "the module (Linear) has hooks or a forward of its own"),
    "pruned": (lambda: prune.random_unstructured(linear(), "weight", 1), "has hooks"),
    "parametrised": (lambda: nn.Sequential(nn.utils.parametrizations.weight_norm(linear())),
                     "layer 0 (ParametrizedLinear) is parametrised; bake its weights in with"),
    "dropout": (lambda: nn.Sequential(linear(), nn.ReLU(), nn.Dropout(0.5)),
                ("layer 2 (Dropout) is in training mode, where it is random; "
                 "call module.eval() first")),
    "flatten": (lambda: nn.Sequential(nn.Flatten(0), linear()),
                ("layer 0 (Flatten) flattens the dimensions 0 to -1; only Flatten(1, -1) "
                 "is supported")),
    "two affine": (lambda: nn.Sequential(linear(), nn.Dropout(0), nn.Sequential(linear())),
                   ("layer 0 (Linear) and layer 2.0 (Linear) are affine maps without an "
                    "activation between them; make them one Linear")),
    "activations": (lambda: nn.Sequential(linear(), nn.ReLU(), linear(), nn.LeakyReLU()),
                    ("layer 3 (LeakyReLU) is LeakyReLU(5764607523034235/576460752303423488), "
                     "but a layer before it is ReLU(); a network has one activation")),
    "alphas": (lambda: nn.Sequential(SignReLU(), linear(), SignReLU(2.0)),
               "layer 2 (SignReLU) is SignReLU(2), but a layer before it is SignReLU(1)"),
    "slope": (lambda: nn.Sequential(linear(), nn.LeakyReLU(-0.5)),
              "layer 1 (LeakyReLU): slope of LeakyReLU = -1/2 is not allowed"),
    "slope nan": (lambda: nn.Sequential(linear(), nn.LeakyReLU(math.nan)),
                  "layer 1 (LeakyReLU): nan is not a rational number"),
    "alpha": (lambda: with_alpha(-1), "layer 1 (SignReLU): alpha of SignReLU = -1 is not allowed"),
    "alpha nan": (lambda: with_alpha(math.nan), "layer 1 (SignReLU): nan is not a rational number"),
    "nan": (lambda: nn.Sequential(linear(math.nan)),
            "weight 1,1 of layer 0 (Linear): nan is not a rational number"),
    "infinite": (lambda: linear(math.inf), "weight 1,1 of the module (Linear): inf"),
    "meta": (lambda: linear(device="meta"),
             ("the weight of the module (Linear) is on the meta device, where tensors have no "
              "values; load them first")),
    "complex": (lambda: linear(dtype=torch.complex64),
                ("the weight of the module (Linear) is torch.complex64 with layout "
                 "torch.strided; it must be a dense tensor of real floats")),
    "sparse": (lambda: with_weight(lambda w: w.to_sparse()),
               "the weight of layer 1 (Linear) is torch.float32 with layout torch.sparse_coo"),
    "integers": (lambda: with_weight(lambda w: w.long()),
                 "the weight of layer 1 (Linear) is torch.int64"),
    "quantised": (lambda: with_weight(lambda w: torch.quantize_per_tensor(w, 0.1, 0, torch.qint8)),
                  "the weight of layer 1 (Linear) is torch.qint8"),
    "empty": (nn.Sequential,
              "the module has no Linear layer, so its number of inputs is not known; add one"),
    "no affine": (nn.ReLU, "the module has no Linear layer"),
    "sizes": (lambda: nn.Sequential(linear(), nn.ReLU(), nn.Linear(3, 1)),
              ("layer 2 (Linear) takes 3 inputs but layer 0 (Linear) gives 2; the two "
               "numbers must agree")),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_READ)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_modules_that_are_refused(name):
    build, message = NOT_READ[name]
    with pytest.raises(BoundcheckError) as error:
        Network.from_torch(build())
    assert message in str(error.value)
