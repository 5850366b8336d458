"""Networks as torch modules, rounded once, and torch modules as networks, exactly."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.affine import Affine, affine
from boundcheck.exact.networks.network import Network, linear
from boundcheck.exact.terms import activation as exact
from boundcheck.torchnet.backend import nn, parametrize, torch
from boundcheck.torchnet.dtypes import Format, format_of
from boundcheck.torchnet.module import Elementwise, SignReLU
from boundcheck.torchnet.weights import parameters, rounded

# -- to torch --------------------------------------------------------------------------------------


def to_torch(net: Network, dtype: Any = torch.float64, device: Any = "cpu") -> nn.Sequential:
    """The network as layers named hidden1, rho1, hidden2, ..., output, in evaluation mode.

    Every weight is the number of the dtype nearest to the exact one (ties to even), rounded once;
    so are α of SignReLU and the slope of LeakyReLU. It takes tensors (..., inputs). Nothing is
    trained before `requires_grad_()`.

    Raises:
        BoundcheckError: an unknown dtype or device, weights that are not rational
            numbers or round beyond the largest number of the dtype, a parameter of the
            activation that rounds to zero.
    """
    target = format_of(dtype)
    layers = rounded(net, target)
    place = {"dtype": target.dtype, "device": _device(device)}
    steps: list[tuple[str, nn.Module]] = []
    for k, (weight, bias) in enumerate(layers, start=1):
        name = f"hidden{k}" if k <= net.depth else "output"
        step = nn.utils.skip_init(
            nn.Linear, len(weight[0]), len(bias), **place
        )  # leaves the random state alone
        with torch.no_grad():
            step.weight.copy_(torch.tensor(weight, dtype=torch.float64))
            step.bias.copy_(torch.tensor(bias, dtype=torch.float64))
        steps.append((name, step))
        if k <= net.depth:
            steps.append((f"rho{k}", _activation_module(net.activation, target, place)))
    return nn.Sequential(OrderedDict(steps)).requires_grad_(False).eval()


def _activation_module(
    activation: exact.Activation, target: Format, place: dict[str, Any]
) -> nn.Module:
    if type(activation) is exact.SignReLU:
        return SignReLU(*parameters(activation, target), **place)
    if type(activation) is exact.LeakyReLU:
        return nn.LeakyReLU(*parameters(activation, target))
    return nn.ReLU() if type(activation) is exact.ReLU else Elementwise(activation)


def _device(device: Any) -> torch.device:
    try:
        found = torch.device(device)
        torch.empty(1, device=found)
    except (RuntimeError, AssertionError, TypeError) as error:
        reason = str(error).partition("\n")[0].partition(". ")[0]
        raise BoundcheckError(
            f"device = {str(device)[:60]} cannot be used ({reason}); choose cpu"
        ) from None
    if found.type == "meta":
        raise BoundcheckError(
            "device = meta holds no values, so it cannot hold the weights; choose cpu"
        )
    return found


# -- from torch ------------------------------------------------------------------------------------


def from_torch(module: nn.Module) -> Network:
    """The function of real numbers that a module stands for: its weights are the dyadic
    rationals that they are.

    Activations at either end, or next to each other, get identity maps around them.
    Two affine maps in a row are refused: as one map they would be the same function, but
    the module rounds in between.

    Raises:
        BoundcheckError: a layer that is not known (it is named), or whose function cannot be read
            off its weights: hooks, parametrisations, a `forward` of its own, dropout in training
            mode; weights that are not finite, dense and real; several different activations;
            layers that do not fit together.
    """
    maps: list[Affine | None] = []  # None is an identity map
    activation: exact.Activation | None = None
    last = ""  # the affine map that no activation has followed yet
    before: tuple[str, int] | None = None  # the last affine map and its number of outputs
    for name, layer in _leaves(module, ""):
        if type(layer) is nn.Linear:
            if last:
                raise BoundcheckError(
                    f"{last} and {name} are affine maps without an activation between them; "
                    "make them one Linear"
                )
            found = _affine(layer, name)
            if before is not None and found.inputs != before[1]:
                raise BoundcheckError(
                    f"{name} takes {found.inputs} inputs but {before[0]} gives {before[1]}; "
                    "the two numbers must agree"
                )
            maps.append(found)
            last, before = name, (name, found.outputs)
        else:
            function = _activation(layer, name)
            if activation is not None and function != activation:
                raise BoundcheckError(
                    f"{name} is {function!r}, but a layer before it is {activation!r}; "
                    "a network has one activation"
                )
            activation = function
            if not last:
                maps.append(None)
            last = ""
    if not last:
        maps.append(None)
    return Network(_with_identities(maps), activation)


def _leaves(module: Any, name: str) -> Iterator[tuple[str, nn.Module]]:
    """The affine maps and activations in their order, with names for messages."""
    kind = type(module)
    alike = kind not in _KINDS and any(kind.__name__ == known.__name__ for known in _KINDS)
    kind_name = f"{kind.__module__}.{kind.__name__}" if alike else kind.__name__
    shown = f"layer {name} ({kind_name})" if name else f"the module ({kind_name})"
    if not isinstance(module, nn.Module):
        raise BoundcheckError(f"{shown} is no torch.nn.Module; give one")
    if parametrize.is_parametrized(module):
        raise BoundcheckError(
            f"{shown} is parametrised; bake its weights in with "
            "torch.nn.utils.parametrize.remove_parametrizations"
        )
    if kind not in _KINDS:
        raise BoundcheckError(f"{shown} is not supported; {_remedy(module)}")
    if "forward" in vars(module) or module._forward_hooks or module._forward_pre_hooks:
        raise BoundcheckError(
            f"{shown} has hooks or a forward of its own, which its weights do not show; remove them"
        )
    if kind is nn.Sequential:
        for child, inner in module._modules.items():  # named_children leaves out repeated ones
            yield from _leaves(inner, f"{name}.{child}" if name else child)
    elif kind is nn.Dropout:
        if module.training and module.p > 0:
            raise BoundcheckError(
                f"{shown} is in training mode, where it is random; call module.eval() first"
            )
    elif kind is nn.Flatten:
        if (module.start_dim, module.end_dim) != (1, -1):
            raise BoundcheckError(
                f"{shown} flattens the dimensions {module.start_dim} to {module.end_dim}; "
                "only Flatten(1, -1) is supported, one row for each sample"
            )
    elif kind is not nn.Identity:
        yield shown, module


def _remedy(module: nn.Module) -> str:
    """What to do about a module of an unknown kind."""
    if type(module) is nn.BatchNorm1d:
        return "make it part of the Linear before it with torch.nn.utils.fusion.fuse_linear_bn_eval"
    inside = [name for name, _ in module.named_children()]
    hint = (
        f"; perhaps you mean what is inside it, its attribute {inside[0]}"
        if len(inside) == 1 and inside[0].isidentifier()
        else ""
    )
    return f"use {', '.join(_KINDS.values())}, in nn.Sequential{hint}"


_KINDS = {
    nn.Linear: "Linear",
    nn.Sequential: "Sequential",
    nn.Identity: "Identity",
    nn.Dropout: "Dropout in evaluation mode",
    nn.Flatten: "Flatten(1, -1)",
    nn.ReLU: "ReLU",
    nn.LeakyReLU: "LeakyReLU",
    SignReLU: "boundcheck.torchnet.module.SignReLU",
    Elementwise: "Elementwise (of the same file)",
}


def _affine(layer: nn.Linear, name: str) -> Affine:
    weight = _doubles(layer.weight, f"the weight of {name}")
    bias = [0] * len(weight) if layer.bias is None else _doubles(layer.bias, f"the bias of {name}")
    return affine(weight, bias, name)


def _activation(layer: Any, name: str) -> exact.Activation:
    if type(layer) is Elementwise:
        return layer.activation
    try:
        if type(layer) is SignReLU:
            return exact.SignReLU(_doubles(layer.alpha, "alpha"))
        slope = 0 if type(layer) is nn.ReLU else layer.negative_slope
        return exact.LeakyReLU(slope) if slope else exact.ReLU()
    except BoundcheckError as error:
        raise BoundcheckError(f"{name}: {error}") from None


def _doubles(tensor: torch.Tensor, what: str) -> Any:
    """The numbers of a tensor, nested as it is; no dtype that is admitted
    here is wider than a double."""
    if tensor.is_meta:
        raise BoundcheckError(
            f"{what} is on the meta device, where tensors have no values; load them first"
        )
    if (
        tensor.layout is not torch.strided
        or not tensor.is_floating_point()
        or type(tensor.detach()) is not torch.Tensor
    ):
        raise BoundcheckError(
            f"{what} is {tensor.dtype} with layout {tensor.layout}; it must be a dense tensor "
            "of real floats"
        )
    return tensor.detach().to("cpu", torch.float64).tolist()


def _with_identities(maps: list[Affine | None]) -> list[Affine]:
    width = next((m.inputs for m in maps if m is not None), None)
    if width is None:
        raise BoundcheckError(
            "the module has no Linear layer, so its number of inputs is not known; add one"
        )
    found = []
    for m in maps:
        found.append(m or linear(torch.eye(width).tolist()).layers[0])
        width = found[-1].outputs
    return found
