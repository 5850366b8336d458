"""Networks by their layers, with rational weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from model_values import CALLS, WORK, mul, total

Affine = tuple[object, Mapping[int, object]]
"""A constant, and factors of the values of a layer by their places (numbered from 0)."""


def at(form: Affine, values):
    """The value of an affine form."""
    constant, factors = form
    return total([constant, *(mul(f, values[k]) for k, f in factors.items())])


@dataclass(frozen=True, eq=False)
class Net:
    """A network.

    Attributes:
        activation: the name of its activation.
        layers: of each hidden layer the affine forms of its neurons.
        outputs: the affine form of output i.
    """

    activation: str
    layers: tuple[tuple[Affine, ...], ...]
    outputs: Callable[[int], Affine]

    @property
    def depth(self) -> int:
        return len(self.layers)

    @property
    def width(self) -> int:
        return max(map(len, self.layers), default=0)

    def value(self, i: int, x):
        """The output i at the input x."""
        rho = CALLS[self.activation]
        for neurons in self.layers:
            WORK["done"] += len(neurons)
            x = [rho(at(form, x)) for form in neurons]
        return at(self.outputs(i), x)


def inputs(activation: str) -> Net:
    """The network without hidden layers, whose outputs are its inputs."""
    return Net(activation, (), lambda i: (Fraction(0), {i: Fraction(1)}))


def _composed(form: Affine, net: Net) -> Affine:
    """An affine form of outputs of a network as one of its last layer."""
    constant, found = form[0], {}
    for i, factor in form[1].items():
        offset, factors = net.outputs(i)
        constant = total([constant, mul(factor, offset)])
        for k, f in factors.items():
            found[k] = total([found.get(k, Fraction(0)), mul(factor, f)])
    return constant, found


def behind(net: Net, neurons: list[Affine], outputs: Callable[[int], Affine] | list[Affine]) -> Net:
    """One more hidden layer: its neurons take affine forms of the outputs of a network."""
    rows = outputs if callable(outputs) else lambda i: outputs[i] if i < len(outputs) else ZERO
    layer = tuple(_composed(form, net) for form in neurons)
    return Net(net.activation, (*net.layers, layer), rows)


def padded(net: Net, more: int) -> Net:
    """The same with more hidden layers: values of a layer of SignReLU are above -1."""
    for _ in range(more):
        size = len(net.layers[-1])
        repeated = [(Fraction(1), {k: Fraction(1)}) for k in range(size)]
        kept = net.outputs

        def outputs(i, kept=kept):
            constant, factors = kept(i)
            return constant - sum(factors.values(), Fraction(0)), factors

        net = Net(net.activation, (*net.layers, tuple(repeated)), outputs)
    return net


ZERO: Affine = (Fraction(0), {})


def _small(activation, *outputs: Affine, neurons=()) -> Net:
    return behind(inputs(activation), list(neurons), list(outputs))


def pool(activation: str) -> tuple[Net, ...]:
    """Some networks with one hidden layer of at most two neurons."""
    one, half, two = Fraction(1), Fraction(1, 2), Fraction(2)
    first, slow, other = (-one, {0: one}), (half, {0: -half}), (Fraction(0), {1: one})
    return (
        _small(activation),
        _small(activation, (one, {})),
        _small(activation, (one, {}), (one, {})),
        _small(activation, (two, {}), (-half, {})),
        _small(activation, (one, {0: half}), (half, {0: half}), neurons=[first]),
        _small(activation, (two, {0: one}), (one, {0: -one}), neurons=[slow]),
        _small(activation, (two, {0: one}), (one, {0: half, 1: half}), neurons=[first, slow]),
        _small(activation, (two, {0: one, 1: half}), (-one, {0: -one}), neurons=[slow, other]),
        _small(activation, (half, {}), (Fraction(0), {0: one}), neurons=[other]),
    )
