"""How rounding errors reach the outputs, on arrays of cells.

On a cell let z_l be the exact pre-activations of layer l and z̃_l those of the network in torch,
whose affine maps err by δ_l and whose activations err by ε_l. With the chords' slopes S_l = diag
(ρ(z̃_l) - ρ(z_l))/(z̃_l - z_l),

    z̃_l - z_l = e_l = δ_l + W_l (ε_{l-1} + S_{l-1} e_{l-1}),    e_1 = δ_1,

so e_l = Σ_{m<=l} Q_lm (δ_m + W_m ε_{m-1}) exactly, with Q_ll = 1 and Q_lm = W_l S_{l-1} W_{l-1} ...
W_{m+1} S_m. The matrices Q_lm are multiplied out in intervals *before* magnitudes are taken,
so that what cancels between neurons, as it does in gates, cancels here too. The layers go forward:
the range of z_l, from the mean-value form z_l(c) + J_l (x - c), J_l = Q_l1 W_1 (chords of the exact
network are among the chords), then e_l, which needs the slopes of earlier layers only, then
the range of z̃_l = z_l + e_l, on which the slopes S_l of its chords are taken. [D]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.exact.networks.network import Network
from boundcheck.torchnet.dtypes import Format
from boundcheck.torchnet.rounding import Rounded, RoundedActivation

CHUNK = 2**20
"""Doubles in a working array."""


@dataclass(frozen=True)
class Errors:
    """What is known on B cells.

    Attributes:
        bound: at least |z̃ - z| for each output, (outputs, B); inf where nothing is known.
        overflow: the first layer in which a partial sum may exceed the largest
            number, 0 for none, (B,).
        blame: which variable to cut for tighter ranges, a guess, (d, B).
    """

    bound: fl.Array
    overflow: np.ndarray
    blame: fl.Array


class Propagation:
    """A network in a format.

    Args:
        net: a network with rational weights and a shipped activation.
        fmt: the format of torch.

    Attributes:
        cost: the doubles in all the matrices J_l and Q_lm W_m for one cell.

    Raises:
        Vacuous, BoundcheckError: see `Rounded.of` and `RoundedActivation.of`.
    """

    def __init__(self, net: Network, fmt: Format) -> None:
        self.rho = RoundedActivation.of(net, fmt)
        self.layers = [Rounded.of(layer, fmt, k) for k, layer in enumerate(net.layers, start=1)]
        self.largest = fl.from_exact(fmt.largest)[0]
        sizes = [net.inputs, *(layer.outputs for layer in net.layers)]
        pairs = [m * n for k, m in enumerate(sizes) for n in sizes[k + 1 :]]
        self.step = max(1, CHUNK // max(pairs))
        self.cost = sum(pairs)

    def __call__(self, lower: fl.Array, upper: fl.Array) -> Errors:
        """The errors for all numbers of the format in the cells [lower, upper], both (d, B)."""
        parts = [
            self._chunk(lower[:, k : k + self.step], upper[:, k : k + self.step])
            for k in range(0, lower.shape[1], self.step)
        ]
        return Errors(
            np.concatenate([p.bound for p in parts], axis=1),
            np.concatenate([p.overflow for p in parts]),
            np.concatenate([p.blame for p in parts], axis=1),
        )

    @fl.quiet
    def _chunk(self, lower: fl.Array, upper: fl.Array) -> Errors:
        x = fl.settled((lower, upper))
        middle = np.clip(0.5 * x[0] + 0.5 * x[1], x[0], x[1])
        center = fl.settled((middle, middle))
        step = fl.sub(x, center)
        radius = np.maximum(-step[0], step[1])
        cells = lower.shape[1]
        overflow, blame = np.zeros(cells, int), np.zeros_like(radius)
        h, at, size = (
            x,
            center,
            np.maximum(np.abs(x[0]), np.abs(x[1])),
        )  # exact, at the centers, in torch
        slopes: list[fl.Pair] = []
        local: list[tuple[fl.Array, fl.Array]] = []  # |δ_m| and |ε_m|
        error = np.zeros((0, cells))
        for number, layer in enumerate(self.layers, start=1):
            delta = _affine(layer.factor, size, layer.offset)
            total = _affine(layer.size, size, layer.start)
            growth = self.rho.growth if number < len(self.layers) else 1.0
            lost = _exceeds(growth, total, self.largest)
            overflow = np.where((overflow == 0) & lost, number, overflow)
            error, jacobian = self._pulled(number, delta, slopes, local)
            if number == len(self.layers):
                break
            z = fl.add(fl.matmul(layer.weight, h), layer.bias)
            at = fl.add(fl.matmul(layer.weight, at), layer.bias)
            z = _common(z, _mean_value(at, jacobian, step))
            blame += _smear(jacobian, radius, z)
            seen = fl.add(z, (-error, error))
            slopes.append(self.rho.slopes(seen))
            h, at, seen = self.rho.values(z), self.rho.values(at), self.rho.values(seen)
            epsilon = self.rho.error(seen)
            local.append((delta, epsilon))
            size = _size(seen, epsilon)
        known = np.isfinite(error).all(axis=0) & (overflow == 0)
        return Errors(np.where(known, error, np.inf), overflow, blame)

    def _pulled(
        self,
        number: int,
        delta: fl.Array,
        slopes: list[fl.Pair],
        local: list[tuple[fl.Array, fl.Array]],
    ) -> tuple[fl.Array, fl.Pair]:
        """|e_l| and J_l for layer l = `number`, from above: (w_l, B) and (d, w_l, B)."""
        weight = self.layers[number - 1].back
        rounded, rad = weight.rad > 0, weight.rad
        rows: fl.Pair = (
            np.where(rounded, fl.below(weight.mid - rad), weight.mid)[:, :, None],
            np.where(rounded, fl.above(weight.mid + rad), weight.mid)[:, :, None],
        )
        error = delta
        for layer, slope, (d, e) in zip(
            self.layers[number - 2 :: -1] if number > 1 else (),
            reversed(slopes),
            reversed(local),
            strict=True,
        ):
            error = _weighted(error, rows, e)  # rows are Q W of the layer above: w, w_l, B
            rows = fl.mul(rows, (slope[0][:, None, :], slope[1][:, None, :]))
            error = _weighted(error, rows, d)
            width, outputs, cells = rows[0].shape
            flat = fl.matmul(layer.back, (rows[0].reshape(width, -1), rows[1].reshape(width, -1)))
            rows = flat[0].reshape(-1, outputs, cells), flat[1].reshape(-1, outputs, cells)
        return error, rows


def _affine(factor: fl.Array, size: fl.Array, offset: fl.Array) -> fl.Array:
    """factor @ size + offset for numbers >= 0, from above: n - 1 products and as many sums
    round and may underflow."""
    n = factor.shape[1] + 1
    return _known(fl.above(factor @ size + offset, fl.growth(n), n * fl.TINY))


def _weighted(start: fl.Array, rows: fl.Pair, errors: fl.Array) -> fl.Array:
    """start + Σ_i |rows_i| errors_i, from above: (outputs, B), (w, outputs, B)
    and (w, B) to (outputs, B)."""
    n = len(errors) + 1
    sizes = np.maximum(np.abs(rows[0]), np.abs(rows[1]))
    return _known(
        fl.above((sizes * errors[:, None, :]).sum(axis=0) + start, fl.growth(n), n * fl.TINY)
    )


def _size(values: fl.Pair, error: fl.Array) -> fl.Array:
    """At least the sizes of numbers that are off by the error from numbers in the range."""
    return fl.above(np.maximum(np.abs(values[0]), np.abs(values[1])) + error)


def _exceeds(growth: float, sizes: fl.Array, largest: float) -> fl.Mask:
    """Where growth * sizes, in columns, are not known to be at most the largest number."""
    return ~(fl.above(growth * sizes.max(axis=0)) <= largest)


def _known(bound: fl.Array) -> fl.Array:
    """NaN, from 0 * inf, is no bound."""
    return np.where(np.isnan(bound), np.inf, bound)


def _mean_value(at: fl.Pair, jacobian: fl.Pair, step: fl.Pair) -> fl.Pair:
    found = at
    for i in range(len(step[0])):
        found = fl.add(found, fl.mul((jacobian[0][i], jacobian[1][i]), (step[0][i], step[1][i])))
    return found


def _common(a: fl.Pair, b: fl.Pair) -> fl.Pair:
    """Both contain the value."""
    return np.fmax(a[0], b[0]), np.fmin(a[1], b[1])


def _smear(jacobian: fl.Pair, radius: fl.Array, z: fl.Pair) -> fl.Array:
    """Σ over neurons that are not linear on the cell: how much each variable moves z
    beside 1 + |z|, at most 1."""
    reach = np.maximum(np.abs(jacobian[0]), np.abs(jacobian[1])) * radius[:, None, :]
    share = np.minimum(reach / (1 + np.maximum(-z[1], 0.0)), 1.0)
    return np.where(z[0] < 0, share, 0.0).sum(axis=1)
