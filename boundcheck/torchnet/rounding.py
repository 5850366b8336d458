"""What rounding may do to one affine map and to one activation of a network in torch.

u is the unit roundoff of the format. Every product, sum, difference and quotient is taken to be
rounded to nearest in the format, directly or after rounding in a wider one with a unit roundoff
u' <= u² (float32 inside float16 and bfloat16, float64 inside float32). A rounding to nearest
has a factor in [1/(1+u), (1+2u)/(1+u)], so that, with or without the wider rounding, the factor
φ of one operation satisfies

    1 - u <= φ <= 1/(1 - u)     and     1 - u <= 1/φ <= 1/(1 - u),

and the product of m such factors and inverses is 1 + θ with |θ| <= γ_m = m u/(1 - m u),
for m u < 1. [D]

A result that underflows is off by at most η besides. For float64, float32 and bfloat16,
η is the smallest normal number, and subnormal arguments may be read as zero: flushing to zero is
allowed, as torch can switch it on and the bfloat16 instructions of some processors always do.
For float16 underflow is gradual and η = 2^-25.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from flint import fmpq

from boundcheck.enclosure.arrays import floats as fl
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.affine import Affine
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.activation import LeakyReLU, ReLU, SignReLU
from boundcheck.torchnet.dtypes import Format

ASSUMPTIONS = (
    (
        "IEEE arithmetic, rounded to nearest: no approximate division, no TF32 "
        "(float32_matmul_precision is 'highest')"
    ),
    (
        "sums in any order, with or without fused multiply-add, in the dtype or a wider one "
        "with u' <= u²"
    ),
    "the weights are those of to_torch(dtype): each exact weight rounded to nearest",
    "float16 underflows gradually; in the other dtypes subnormal numbers may be flushed to zero",
)


class Vacuous(Exception):
    """There is no finite bound, and why."""


def gamma(m: int, u: fmpq) -> fmpq:
    """γ_m = m u/(1 - m u), for m u < 1."""
    return m * u / (1 - m * u)


def underflow(fmt: Format) -> fmpq:
    """η: what one operation may lose to underflow."""
    return fmt.smallest / 2 if fmt.name == "float16" else fmt.smallest_normal


def flushed_below(fmt: Format) -> fmpq:
    """Arguments below this may be read as zero."""
    return fmpq(0) if fmt.name == "float16" else fmt.smallest_normal


@dataclass(frozen=True)
class Rounded:
    """An affine map z = W h + b, and what becomes of it in a format: fl(W̃ h + b̃) for h in
    that format.

    W̃, b̃ are W, b rounded to nearest. A row with n non-zero terms (products, and the bias)
    takes n - 1 additions, and each term passes at most all of them; a product is exact where W̃_ij
    is a power of two. With m = n - 1, or n where the product is rounded,

        |fl(W̃ h + b̃) - (W h + b)| <= Σ_j (γ_m |W̃_ij| + |W̃_ij - W_ij|) |h_j|
                                      + γ_(n-1) |b̃_i| + |b̃_i - b_i| + A,

    A = (1 + γ_n)(4 n + Σ_j |W̃_ij|) η for underflow: the results of n products and n sums,
    their arguments read as zero; without the |W̃_ij| in float16, which flushes nothing. A
    subnormal weight may be read as zero as well, which adds |W̃_ij| |h_j|, and a subnormal
    bias, which adds |b̃_i|. [D]

    In doubles all terms are >= 0, so that one margin at the end covers all roundings: growth(k)
    where each term passes at most k, and TINY the one product, with γ, that may underflow.
    Products with η, a power of two, are exact.

    Attributes:
        weight: W, (outputs, inputs), enclosed.
        back: W transposed.
        bias: b, (outputs, 1), enclosed.
        factor, offset: of the bound above, factor |h| + offset, from above: (outputs,
            inputs) and (outputs, 1).
        size, start: |W̃| (1 + γ_n) and |b̃| (1 + γ_n) + A, from above: no partial sum
            exceeds size |h| + start.
    """

    weight: fl.Matrix
    back: fl.Matrix
    bias: fl.Pair
    factor: fl.Array
    offset: fl.Array
    size: fl.Array
    start: fl.Array

    @classmethod
    @fl.quiet
    def of(cls, layer: Affine, fmt: Format, number: int) -> Rounded:
        """Layer `number`, counted from 1.

        Raises:
            Vacuous: a weight beyond the finite numbers of the format, or n u >= 1 in some row.
            BoundcheckError: a symbolic weight.
        """
        size, gap, exact = _stored_all(layer.weight, fmt, f"weight {{}},{{}} of layer {number}")
        start, missed, _ = _stored_all(
            [[b] for b in layer.bias], fmt, f"bias {{}} of layer {number}"
        )
        counts = (size > 0).sum(axis=1, keepdims=True) + (start > 0)
        for i, n in enumerate(counts[:, 0].tolist()):
            if n * fmt.roundoff >= 1:
                raise Vacuous(
                    f"row {i + 1} of layer {number} adds up {n} terms, and γ_{n} = {n}u/(1 - "
                    f"{n}u) needs {n}u < 1, which {fmt}, u = {fmt.roundoff}, does not give"
                )
        relative = [
            _column(_above(gamma(n, fmt.roundoff)) for n in c.tolist())
            for c in (counts[:, 0] - 1, counts[:, 0])
        ]
        sums, products = np.maximum(relative[0], 0.0), relative[1]
        grown = 1 + products
        read = size.sum(axis=1, keepdims=True) if flushed_below(fmt) else 0.0
        lost = grown * (4 * counts + read) * _above(underflow(fmt))
        margin = fl.growth(
            size.shape[1] + 4
        )  # a weight in `lost` within `offset` passes as many operations
        bias = np.array([fl.from_exact(_number(b)) for b in layer.bias])
        weight = fl.matrix(layer.weight)
        return cls(
            weight,
            _transposed(weight),
            (bias[:, :1], bias[:, 1:]),
            fl.above(np.where(exact, sums, products) * size + gap, margin),
            fl.above(sums * start + (missed + lost), margin),
            fl.above(grown * size, margin),
            fl.above(grown * start + lost, margin),
        )


@dataclass(frozen=True)
class RoundedActivation:
    """A shipped activation ρ in pairs of doubles, increasing, and what becomes of it in a format.

    |fl(ρ(t)) - ρ(t)| <= γ_m |ρ(t)| + A for t < 0 and at most A for t >= 0, A = 4 η max(1, slope):
    for SignReLU two operations, a third and the rounding of α where α is not 1; for LeakyReLU one,
    and the rounding of λ; for ReLU none. [D]

    Attributes:
        left: α of SignReLU, λ of LeakyReLU, 0 for ReLU; enclosed.
        curved: whether it is SignReLU.
        relative, absolute: γ_m and A, from above.
    """

    left: tuple[float, float]
    curved: bool
    relative: float
    absolute: float

    @classmethod
    def of(cls, net: Network, fmt: Format) -> RoundedActivation:
        """The activation of a network.

        Raises:
            Vacuous: its parameter is not a normal number of the format.
            BoundcheckError: an activation of another type, whose code may round in any way.
        """
        rho = net.activation
        if type(rho) not in (SignReLU, ReLU, LeakyReLU):
            raise BoundcheckError(
                f"the rounding of {rho!r} in torch is not known; round-off bounds need SignReLU, "
                "ReLU or LeakyReLU"
            )
        left = _number(rho.parameters[0]) if rho.parameters else fmpq(0)
        stored = _stored(left, fmt, f"the parameter of {rho!r}")
        if rho.parameters and stored < fmt.smallest_normal:
            raise Vacuous(f"the parameter {left} of {rho!r} is below the normal numbers of {fmt}")
        curved = isinstance(rho, SignReLU)
        operations = (2 if curved else 0) + (left not in (0, 1)) + (stored != left)
        absolute = 4 * underflow(fmt) * max(left, fmpq(1))
        return cls(
            fl.from_exact(left), curved, _above(gamma(operations, fmt.roundoff)), _above(absolute)
        )

    @property
    def steepest(self) -> float:
        """At least every slope, and 1."""
        return max(1.0, self.left[1])

    @property
    def growth(self) -> float:
        """At least |fl(ρ(t))|/|t|, and 1, for normal numbers."""
        return float(fl.above(np.array(self.steepest * (1 + self.relative)), fl.growth(2)))

    def values(self, t: fl.Pair) -> fl.Pair:
        """ρ on intervals."""
        return self._at(t[0])[0], self._at(t[1])[1]

    def _at(self, t: fl.Array) -> fl.Pair:
        low = np.minimum(t, 0.0)
        part = low, low
        if self.curved:
            part = fl.mul(part, fl.reciprocal(fl.sub((np.ones_like(low), np.ones_like(low)), part)))
        part = fl.mul(part, self._left_of(low))
        return np.where(t >= 0, t, part[0]), np.where(t >= 0, t, part[1])

    def slopes(self, t: fl.Pair) -> fl.Pair:
        """An interval with the slopes of all chords of ρ between points of the intervals."""
        first, last = (
            self._slope(t[0])[0],
            self._slope(t[1])[1],
        )  # left of 0 they grow, or are constant
        low = np.where(t[0] >= 0, 1.0, np.where(t[1] < 0, first, np.minimum(first, 1.0)))
        high = np.where(t[1] < 0, last, np.where(t[0] >= 0, 1.0, self.steepest))
        return low, high

    def _slope(self, t: fl.Array) -> fl.Pair:
        left = self._left_of(t)
        if not self.curved:
            return left
        low = np.minimum(t, 0.0)
        return fl.mul(
            left, fl.square(fl.reciprocal(fl.sub((np.ones_like(t), np.ones_like(t)), (low, low))))
        )

    def _left_of(self, t: fl.Array) -> fl.Pair:
        return np.full_like(t, self.left[0]), np.full_like(t, self.left[1])

    def error(self, values: fl.Pair) -> fl.Array:
        """At least |fl(ρ(t)) - ρ(t)|, from the range of ρ(t)."""
        return fl.above(
            np.maximum(-values[0], 0.0) * self.relative + self.absolute, fl.growth(2)
        )  # one may underflow


def _number(entry: object) -> fmpq:
    if not isinstance(entry, fmpq):
        raise BoundcheckError(
            f"the network has the symbolic weight {entry}; give it a number first: "
            ".instantiate(...)"
        )
    return entry


def _stored(entry: object, fmt: Format, what: str) -> fmpq:
    q = _number(entry)
    try:
        if abs(q) < fmt.smallest_normal:  # scaled, as this processor may flush a subnormal double
            raised = replace(fmt, emin=0, emax=fmt.emax - fmt.emin)
            return (
                fmpq(*raised.nearest(q / fmt.smallest_normal).as_integer_ratio())
                * fmt.smallest_normal
            )
        return fmpq(*fmt.nearest(q).as_integer_ratio())
    except OverflowError:
        size = fl.from_exact(abs(q))[0]
        raise Vacuous(
            f"{what} has the size {size:.4g}, beyond the largest {fmt}, "
            f"{float(fmt.nearest(fmt.largest)):.6g}"
        ) from None


def _stored_all(
    rows: Sequence[Sequence[object]], fmt: Format, what: str
) -> tuple[fl.Array, fl.Array, fl.Mask]:
    """The sizes of the entries in the format, from above; what rounding them, and reading them as
    zero where they are subnormal, changes, from above; and which of them are powers of two."""
    shape = (len(rows), len(rows[0]))
    size, gap, exact = np.zeros(shape), np.zeros(shape), np.zeros(shape, bool)
    least = flushed_below(fmt)
    for i, row in enumerate(rows):
        for j, entry in enumerate(row):
            value = _stored(entry, fmt, what.format(i + 1, j + 1))
            magnitude = abs(value)
            if magnitude:
                size[i, j] = _above(magnitude)
                exact[i, j] = magnitude.p == 1 or (
                    magnitude.q == 1 and int(magnitude.p).bit_count() == 1
                )
            if value != entry or magnitude < least:
                gap[i, j] = _above(
                    abs(value - _number(entry)) + (magnitude if magnitude < least else 0)
                )
    return size, gap, exact


def _transposed(m: fl.Matrix) -> fl.Matrix:
    mid, rad = m.mid.T, m.rad.T
    rises, falls = (np.asarray(m.all(axis=1, keepdims=True)) for m in (mid >= rad, mid <= -rad))
    return fl.Matrix(mid, rad, rises, falls)


def _column(values: Iterable[float]) -> fl.Array:
    return np.array(list(values))[:, None]


def _above(q: fmpq) -> float:
    return fl.from_exact(q)[1]
