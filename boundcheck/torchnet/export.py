"""Networks as files that other programs run: `.pt` for torch, `.onnx` for ONNX runtimes;
weights are rounded once.

Our own JSON (`Network.save`) keeps the exact weights; these formats keep the numbers of one dtype.
"""

from __future__ import annotations

import io
import zipfile
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from boundcheck.documents import MAX_BYTES, write_atomically
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms import activation as exact
from boundcheck.rims import needed
from boundcheck.torchnet.dtypes import Format, format_of
from boundcheck.torchnet.weights import parameters, rounded

if TYPE_CHECKING:
    from torch import nn

FORMAT = "boundcheck.torch"
VERSION = 1
OPSET = 17
IR_VERSION = 8
_PT = "a .pt file"


# -- torch -----------------------------------------------------------------------------------------


def save_pt(net: Network, path: str | Path, dtype: Any = "float64") -> None:
    """Write the rounded network for `torch.load(path, weights_only=True)`, atomically.

    The file holds a dictionary of plain values: format, version, dtype, sizes (inputs, widths,
    outputs), activation (its name) and state_dict, that of `net.to_torch(dtype)`.

    Raises:
        BoundcheckError: as `to_torch`; a user's activation, which no file can hold; a path that
            cannot be written; torch is not installed.
    """
    target, name = pt_format(dtype), _shipped(net.activation)
    from boundcheck.torchnet.backend import torch
    from boundcheck.torchnet.convert import to_torch

    document = {
        "format": FORMAT,
        "version": VERSION,
        "dtype": target.name,
        "sizes": [net.inputs, *net.widths, net.outputs],
        "activation": {"name": name, "parameters": parameters(net.activation, target)},
        "state_dict": dict(to_torch(net, target.dtype).state_dict()),
    }
    stream = io.BytesIO()
    torch.save(document, stream)
    write_atomically(Path(path), stream.getvalue())


def load_pt(path: str | Path) -> nn.Sequential:
    """The module that `save_pt` wrote; `Network.from_torch` gives the network of its
    rounded weights.

    The file is not trusted: it is read with weights_only=True, nothing in it is run, and it cannot
    ask for more memory than a file may have bytes.

    Raises:
        BoundcheckError: no such file, not this format, or tensors that do not fit what it says;
            torch is not installed.
    """
    needed("torch", _PT)
    path = Path(path)
    if not path.is_file():
        raise BoundcheckError(f"cannot read {path}: it is not a file")
    try:
        return _module(_read(path))
    except Exception as error:  # a file that somebody made up may let torch raise anything
        kind = "" if isinstance(error, BoundcheckError) else f"{type(error).__name__}: "
        reason = str(error).partition("\n")[0][:200]
        raise BoundcheckError(
            f"{path} is not a network for torch ({kind}{reason}); save one with save_pt"
        ) from None


def pt_format(dtype: Any) -> Format:
    """The format, if .pt files can be written here; for refusals before long work.

    Raises:
        BoundcheckError: as `save_pt`.
    """
    target = format_of(dtype)
    needed("torch", _PT)
    return target


def _read(path: Path) -> dict[str, Any]:
    from boundcheck.torchnet.backend import torch

    with zipfile.ZipFile(path) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > MAX_BYTES:
        raise BoundcheckError(f"it holds more than {MAX_BYTES} bytes and is not read")
    document = torch.load(path, map_location="cpu", weights_only=True)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BoundcheckError(f"its format is not {FORMAT}")
    if document.get("version") is not VERSION:
        raise BoundcheckError(
            f"its version is {document.get('version')!r}; this boundcheck reads version {VERSION}"
        )
    return document


def _module(document: dict[str, Any]) -> nn.Sequential:
    from boundcheck.torchnet.backend import torch
    from boundcheck.torchnet.convert import to_torch

    target = format_of(document["dtype"])
    named, sizes, state = document["activation"], document["sizes"], document["state_dict"]
    names = [f"hidden{k}" for k in range(1, len(sizes) - 1)] + ["output"]
    layers = []
    for name, (inputs, outputs) in zip(names, pairwise(sizes), strict=True):
        for entry, shape in ((f"{name}.weight", (outputs, inputs)), (f"{name}.bias", (outputs,))):
            found = state[entry]
            # A tensor that is not contiguous may have more entries than the file has numbers.
            if not (found.dtype is target.dtype and found.shape == shape and found.is_contiguous()):
                raise BoundcheckError(f"its {entry} is not a {target} tensor of the shape {shape}")
        layers.append((state[f"{name}.weight"].double(), state[f"{name}.bias"].double()))
    activation = exact.SHIPPED[named["name"]](*map(float, named["parameters"]))
    module = to_torch(Network.from_layers(layers, activation), target.dtype)
    expected = module.state_dict()
    if state.keys() != expected.keys() or not all(
        torch.equal(state[k], v) for k, v in expected.items()
    ):
        raise BoundcheckError("its state_dict does not fit its activation")
    return module


def _shipped(activation: exact.Activation) -> str:
    if exact.SHIPPED.get(activation.name) is not type(activation):
        raise BoundcheckError(
            f"{activation!r} cannot be put into a file; use one of {', '.join(exact.SHIPPED)}"
        )
    return activation.name


# -- onnx ------------------------------------------------------------------------------------------


def save_onnx(net: Network, path: str | Path, dtype: Any = "float64") -> None:
    """Write the rounded network as an ONNX model, atomically: input x and output y,
    of the shapes (batch, ...).

    Affine maps are Gemm nodes named as in `to_torch`. SignReLU is max(t, 0) + α (n/(1 - n)) and
    LeakyReLU max(t, 0) + λ n, with n = min(t, 0): the same roundings as in torch.

    Raises:
        BoundcheckError: as `save_pt`; onnx is not installed; bfloat16, for which
            onnxruntime has no kernels.
    """
    target = onnx_format(dtype)
    import onnx
    from onnx import helper

    graph = _Graph(_shipped(net.activation), parameters(net.activation, target), target)
    layers = rounded(net, target)
    value = "x"
    for k, (weight, bias) in enumerate(layers, start=1):
        name = f"hidden{k}" if k <= net.depth else "output"
        graph.constant(f"{name}.weight", weight)
        graph.constant(f"{name}.bias", bias)
        result = f"{name}.out" if k <= net.depth else "y"
        graph.node("Gemm", [value, f"{name}.weight", f"{name}.bias"], result, name=name, transB=1)
        value = graph.activation(result, f"rho{k}") if k <= net.depth else result
    shapes = [
        helper.make_tensor_value_info(name, graph.type, ["batch", size])
        for name, size in (("x", net.inputs), ("y", net.outputs))
    ]
    model = helper.make_model(
        helper.make_graph(graph.nodes, "boundcheck", shapes[:1], shapes[1:], graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="boundcheck",
    )
    onnx.checker.check_model(model, full_check=True)
    write_atomically(Path(path), model.SerializeToString())


def onnx_format(dtype: Any) -> Format:
    """The format, if ONNX models can have it here; for refusals before long work.

    Raises:
        BoundcheckError: as `save_onnx`.
    """
    target = format_of(dtype)
    if target.name == "bfloat16":
        raise BoundcheckError(
            "dtype = bfloat16, which onnxruntime cannot run on CPUs; "
            "choose float64, float32 or float16, or write a .pt file"
        )
    if find_spec("onnx") is None:
        raise BoundcheckError(
            'ONNX files need the package onnx; install it: pip install "boundcheck[onnx]"'
        )
    return target


SAVERS = {".pt": (pt_format, save_pt), ".onnx": (onnx_format, save_onnx)}
"""How each kind of file checks a dtype, and how it is written."""


class _Graph:
    """The nodes and constants of a model; every node has one output, which has its name."""

    def __init__(self, activation: str, parameters: list[float], target: Format) -> None:
        from onnx import TensorProto

        self.name, self.target = activation, target
        self.type = getattr(
            TensorProto,
            {"float64": "DOUBLE", "float32": "FLOAT", "float16": "FLOAT16"}[target.name],
        )
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        needed = {
            "relu": (),
            "leakyrelu": ("zero", "scale"),
            "signrelu": ("zero", "scale", "one", "lowest"),
        }
        values = {
            "zero": 0.0,
            "one": 1.0,
            "scale": next(iter(parameters), 1.0),
            "lowest": -target.nearest(target.largest),
        }
        for name in needed[activation]:
            self.constant(name, values[name])

    def constant(self, name: str, value: Any) -> None:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.asarray(value, self.target.name), name))

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def activation(self, t: str, name: str) -> str:
        if self.name == "relu":
            return self.node("Relu", [t], name)
        above = self.node("Max", [t, "zero"], f"{name}.above")
        n = self.node("Min", [t, "zero"], f"{name}.below")
        if self.name == "signrelu":
            n = self.node("Max", [n, "lowest"], f"{name}.finite")  # -oo would give oo/oo
            n = self.node(
                "Div", [n, self.node("Sub", ["one", n], f"{name}.denominator")], f"{name}.quotient"
            )
        return self.node("Add", [above, self.node("Mul", ["scale", n], f"{name}.scaled")], name)
