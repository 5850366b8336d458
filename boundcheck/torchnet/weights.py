"""The weights of a network as numbers of a dtype, each rounded once, without torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from boundcheck.enclosure.intervals.decimals import decimal_text
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.activation import Activation
from boundcheck.exact.terms.term import Term
from boundcheck.torchnet.dtypes import Format


def rounded(net: Network, target: Format) -> list[tuple[list[list[float]], list[float]]]:
    """(weight, bias) of each affine map, rounded to nearest: numbers of the format,
    which are doubles as well.

    Raises:
        BoundcheckError: symbols among the weights, or as `nearest`.
    """
    if net.free:
        raise BoundcheckError(
            f"the weights contain {', '.join(sorted(net.free))}; give them numbers: "
            ".instantiate(...)"
        )

    def row(entries: Sequence[Any], where: str) -> list[float]:
        return [nearest(e, target, f"{where}{j}") for j, e in enumerate(entries, start=1)]

    found = []
    for k, layer in enumerate(net.layers, start=1):
        name = f"layer {k}"
        weight = [
            row(r, f"the weight of {name} at {i},") for i, r in enumerate(layer.weight, start=1)
        ]
        found.append((weight, row(layer.bias, f"the bias of {name} at ")))
    return found


def nearest(value: Any, target: Format, what: str) -> float:
    """The number of the format nearest to an exact one.

    Raises:
        BoundcheckError: it is not a rational number, or rounds beyond the largest number.
    """
    if isinstance(value, Term):
        raise BoundcheckError(
            f"{what} is {str(value)[:60]}, not a rational number; give it a rational value"
        )
    try:
        return target.nearest(value)
    except OverflowError:
        raise BoundcheckError(
            f"{what} is {decimal_text(value, 4, up=False)}, beyond "
            f"{decimal_text(target.largest, 4, up=False)}, the largest number of {target}; "
            "choose a wider dtype or smaller weights"
        ) from None


def parameters(activation: Activation, target: Format) -> list[float]:
    """The activation's parameters, rounded to nearest.

    Raises:
        BoundcheckError: one is not a rational number, or rounds to infinity, or to zero
            where it has to be positive.
    """
    found = []
    for value in activation.parameters:
        number = nearest(value, target, f"the parameter of {activation!r}")
        if activation.positive and number <= 0:
            raise BoundcheckError(
                f"{decimal_text(value, 4, up=False)}, the parameter of {activation!r}, rounds to "
                f"0 in {target}; choose a wider dtype"
            )
        found.append(number)
    return found
