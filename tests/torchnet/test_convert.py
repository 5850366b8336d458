"""Networks as torch modules and back, exactly; what torch cannot hold, and what cannot be read."""

import copy
import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from example_networks import GATES, HUGE, NETWORKS, outputs
from flint import fmpq
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import networks
from torch import nn
from torch.nn.utils import prune
from torch_dtypes import DTYPES, dtypes, fits
from users import HardTanh

from boundcheck import BoundcheckError, LeakyReLU, Network, ReLU, gates, symbols
from boundcheck import SignReLU as Exact
from boundcheck.exact.terms.rational import fraction, rational
from boundcheck.torchnet.convert import from_torch
from boundcheck.torchnet.dtypes import format_of
from boundcheck.torchnet.module import SignReLU

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


# -- refusals --------------------------------------------------------------------------------------


c = symbols("c")


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


SQUARE_GATE = gates.square(2, 1).instantiate()


def test_devices_without_values():
    """2026-11-22: the network was built with nothing in it, or SignReLU's own test
    of its parameter failed."""
    for net in (SQUARE_GATE, Network.from_layers([([[1]], [0])])):
        with pytest.raises(
            BoundcheckError, match="device = meta holds no values, so it cannot hold the weights"
        ):
            net.to_torch("float32", device=torch.device("meta"))
