"""A torch module that is to be tested: what it has to satisfy, and its values as the dyadic
rationals that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.network import Network
from boundcheck.torchnet.backend import torch
from boundcheck.torchnet.convert import from_torch, to_torch
from boundcheck.torchnet.dtypes import FORMATS, Format, format_of

_RANDOM = (
    torch.nn.modules.dropout._DropoutNd,
    torch.nn.modules.batchnorm._NormBase,
    torch.nn.RReLU,
)


@dataclass(frozen=True)
class Subject:
    """A module on the CPU with one dtype, in evaluation mode where that matters.

    Attributes:
        module: the module.
        format: the format of its parameters and inputs.
        network: the exact network that it stands for; None where `reason` says why there is none.
    """

    module: torch.nn.Module
    format: Format
    network: Network | None
    reason: str = ""

    @classmethod
    def of(cls, value: Any, dtype: Any = None) -> Subject:
        """What a module or a network is tested as.

        Args:
            value: a `torch.nn.Module`, or a `Network`, which is instantiated.
            dtype: of a network, or of a module without parameters; by default float64.

        Raises:
            BoundcheckError: something else, a device other than the CPU, no or several dtypes,
                dropout, RReLU or batch normalisation in training mode.
        """
        if isinstance(value, Network):
            wanted = format_of("float64" if dtype is None else dtype)
            return cls(to_torch(value, wanted.dtype), wanted, value)
        if not isinstance(value, torch.nn.Module):
            raise BoundcheckError(
                f"{value!r} is neither a torch.nn.Module nor a Network; give one of them"
            )
        for name, layer in value.named_modules():
            if layer.training and isinstance(layer, _RANDOM) and getattr(layer, "p", 1) != 0:
                raise BoundcheckError(
                    f"layer {name or 'the module'} ({type(layer).__name__}) is in training mode, "
                    "where its values are not those of one function; call module.eval() first"
                )
        own = _format(value)
        if own is not None and dtype is not None and format_of(dtype) != own:
            raise BoundcheckError(
                f"dtype = {dtype}, but the module's is {own}; leave dtype out, or "
                "convert the module"
            )
        chosen = own or format_of("float64" if dtype is None else dtype)
        try:
            return cls(value, chosen, from_torch(value))
        except BoundcheckError as error:
            return cls(value, chosen, None, str(error))

    def __call__(self, x: Sequence[Fraction], outputs: int) -> list[float]:
        """The module's values at a point of numbers of its dtype.

        Raises:
            BoundcheckError: it does not take (1, d) tensors, or gives another number of outputs or
                another dtype; float32 products may be rounded to fewer bits.
        """
        _refuse_low_precision()
        row = torch.tensor([[float(v) for v in x]], dtype=self.format.dtype)
        try:
            with torch.no_grad():
                found = self.module(row)
        except (RuntimeError, TypeError, ValueError, IndexError) as error:
            raise BoundcheckError(
                f"the module cannot take a tensor of the shape (1, {len(x)}): "
                f"{str(error).partition(chr(10))[0]}"
            ) from error
        if (
            not isinstance(found, torch.Tensor)
            or found.numel() != outputs
            or found.dtype != self.format.dtype
        ):
            given = (
                f"{tuple(found.shape)}, {found.dtype}"
                if isinstance(found, torch.Tensor)
                else type(found).__name__
            )
            raise BoundcheckError(
                f"the module gives {given} for one point; the target has {outputs} "
                f"output{'s' * (outputs != 1)}, so it must give a tensor of shape (1, {outputs}) "
                f"in {self.format}"
            )
        return [float(v) for v in found.reshape(-1).tolist()]


def _refuse_low_precision() -> None:
    try:
        precision = torch.get_float32_matmul_precision()
    except (
        RuntimeError
    ):  # torch.backends has settings of its own, which this one number cannot describe
        raise BoundcheckError(
            "torch.backends lets products of float32 be rounded to fewer bits, which no "
            "round-off bound covers; set fp32_precision = 'ieee' wherever it was changed, "
            "such as torch.backends.mkldnn.matmul"
        ) from None
    if precision != "highest":
        raise BoundcheckError(
            f"float32_matmul_precision is {precision!r}, which no round-off bound covers; "
            "call torch.set_float32_matmul_precision('highest')"
        )


def _format(module: torch.nn.Module) -> Format | None:
    """The format of all floating-point parameters and buffers; None where there are none."""
    found: dict[str, str] = {}
    for name, tensor in (*module.named_parameters(), *module.named_buffers()):
        if tensor.device.type != "cpu":
            raise BoundcheckError(
                f"{name} is on the device {tensor.device}; round-off bounds are for the CPU: "
                "call module.cpu() first"
            )
        if tensor.is_floating_point() or tensor.is_complex():
            found.setdefault(str(tensor.dtype).removeprefix("torch."), name)
    if len(found) > 1:
        some = ", ".join(f"{name} is {dtype}" for dtype, name in found.items())
        raise BoundcheckError(
            f"the module has several dtypes ({some}); convert it to one: module.to(torch.float64)"
        )
    for dtype, name in found.items():
        if dtype not in FORMATS:
            raise BoundcheckError(
                f"{name} is {dtype}; round-off bounds are for {', '.join(FORMATS)}: "
                "convert the module"
            )
        return FORMATS[dtype]
    return None
