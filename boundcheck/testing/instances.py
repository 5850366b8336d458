"""The networks of a claim as torch modules: does what was proved of the exact ones
hold for those that run?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from boundcheck.claims.statement import NormBound
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.activation import SHIPPED
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.rational import fraction, rational
from boundcheck.exact.terms.term import Term, neg, number, sub, term
from boundcheck.testing.bounds import Margin, assert_bound
from boundcheck.testing.ordinals import representable
from boundcheck.torchnet.convert import from_torch, to_torch
from boundcheck.torchnet.dtypes import format_of
from boundcheck.torchnet.roundoff import Void, roundoff_bound
from boundcheck.torchnet.weights import parameters, rounded


def check(statement: NormBound, dtype: Any, examples: int | None = None) -> Iterator[Margin | Void]:
    """Assert what a norm bound says of its networks' instances in a dtype, at the numbers
    of the dtype in its box.

    For each network, that its instance has its weights, and differs from it by at most
    the certified round-off bound. A bound in L^p says nothing at single points, but by Minkowski's
    inequality it holds for the instance with that much added. For a bound of the supremum of one
    network minus an expression also |instance - expression| <= bound + round-off.

    Yields:
        The smallest margin that was seen in each comparison; `Void` for a network without
        a round-off bound, as those with users' own activations.

    Raises:
        AssertionError, BoundcheckError: as `assert_weights` and `assert_bound`.
    """
    on = representable(statement.on, dtype)
    networks = [(s, p) for s, p in statement.parts if isinstance(p, Network)]
    for sign, net in networks:
        if net.depth and type(net.activation) not in SHIPPED.values():
            yield Void(
                format_of(dtype).name, on, f"how {net.activation!r} rounds in torch is not known"
            )
            continue
        roundoff = roundoff_bound(net, dtype, on=on)
        if isinstance(roundoff, Void):
            yield roundoff
            continue
        module = to_torch(net, dtype)
        assert_weights(module, net, dtype)
        yield assert_bound(module, net, 0, on, roundoff, examples=examples)
        if statement.p is None and len(networks) == 1:
            rest = [(-s * sign, p) for s, p in statement.parts if p is not net]
            yield assert_bound(module, _sum(rest), statement.bound, on, roundoff, examples=examples)


def assert_weights(module: Any, net: Network, dtype: Any) -> None:
    """Assert what a round-off bound of a network assumes of its instance: each weight is
    the exact one, rounded once.

    Values alone need not show it: in a neuron that is 0 on the whole box, or changes little there,
    a weight may be another one while every value is within the bound.

    Raises:
        AssertionError: it names the first weight that is another one.
        BoundcheckError: as `Network.from_torch` and `to_torch`.
    """
    __tracebackhide__ = True
    fmt, stored = format_of(dtype), from_torch(module)
    sizes = [(n.inputs, *n.widths, n.outputs) for n in (stored, net)]
    assert sizes[0] == sizes[1], (
        f"the layers of the module have the sizes {sizes[0]}, those of the network {sizes[1]}"
    )
    for k, (layer, (weight, bias)) in enumerate(
        zip(stored.layers, rounded(net, fmt), strict=True), start=1
    ):
        for i, (has, wants) in enumerate(
            zip((*layer.weight, layer.bias), (*weight, bias), strict=True), start=1
        ):
            for j, (a, b) in enumerate(zip(has, wants, strict=True), start=1):
                what = f"weight {i},{j}" if i <= layer.outputs else f"bias {j}"
                assert a == rational(b), (
                    f"{what} of layer {k} is {float(fraction(a))!r} in the module, but "
                    f"should be {b!r}"
                )
    if net.depth:
        stored_rho = type(stored.activation), stored.activation.parameters
        wanted_rho = type(net.activation), tuple(map(rational, parameters(net.activation, fmt)))
        assert stored_rho == wanted_rho, (
            f"the module's activation is {stored.activation!r}, the network's {net.activation!r}"
        )


def _sum(parts: list[tuple[int, Any]]) -> Term:
    total = number(0)
    for s, p in parts:
        t = parse_term(p) if isinstance(p, str) else term(p)
        total = sub(total, neg(t) if s > 0 else t)
    return total
