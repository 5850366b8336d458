"""The ratio network: f1/f2 from one shallow layer, a clip layer and division gates, exact
after the shallow layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from flint import fmpq

from boundcheck.claims.comparison import Comparison, identity
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks import gates
from boundcheck.exact.networks.network import Network, linear
from boundcheck.exact.terms.box import Box
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.term import symbol

GATES = {"compact": gates.division, "textbook": gates.division_textbook}


@dataclass(frozen=True)
class Ratio:
    """r̂ = clip_M(g1; -bC, bC)/clip_M(g2; c, C) for each numerator g1, as one network [D].

    Attributes:
        network: `tail` after `shallow`; the inputs of `shallow`, one output for each numerator.
        shallow: one hidden layer, with the outputs g2 (the denominator) and g1,
            one or several numerators.
        tail: (g2, g1, ...) ↦ r̂, see `ratio_tail`; padded as `network` is.
        c, C: the denominator is clipped to [c, C].
        b: the bound of the ratio; numerators are clipped to [-bC, bC].
        M: the scale of the clips, whose cost is at most 1/M each; the shallow part has its own.
        clip: whether there is a clip layer.
        output_clip: whether r̂ is clipped to [-b, b].

    >>> shallow = Network.from_layers([([[1], [-1]], [1, 1]), ([[1, 1], [1, -1]], [1, 0])])
    >>> net = ratio(shallow, c="1/2", C=4, b=1, M=2**40)
    >>> print(net.network.shape, net.numerators)
    1 -> 2 -> 4 -> 4 -> 2 -> 1 1
    """

    network: Network
    shallow: Network
    tail: Network
    c: fmpq
    C: fmpq
    b: fmpq
    M: fmpq
    clip: bool
    output_clip: bool

    @property
    def numerators(self) -> int:
        """The number of numerators, which are the outputs."""
        return self.tail.outputs

    def exactness(self, numerator: int = 1) -> Comparison:
        """The statement that the tail divides exactly, at these c, C, b and M; for `prove`.

        With the clip layer: tail(g2, g1) = clip_M(g1)/clip_M(g2) for all real g1, g2. Without it:
        tail(g2, g1) = g1/g2 for c <= g2 <= C, |g1| <= bC. With the output clip: clip_M of that.

        Args:
            numerator: which one, from 1.

        Raises:
            BoundcheckError: there is no such numerator.

        >>> from boundcheck import prove
        >>> shallow = Network.from_layers([([[1], [-1]], [1, 1]), ([[1, 1], [1, -1]], [1, 0])])
        >>> prove(ratio(shallow, c="1/2", C=4, b=1, M=2**40).exactness()).name
        'proved'
        """
        if not 1 <= numerator <= self.numerators:
            raise BoundcheckError(
                f"numerator = {numerator}; it must be an integer from 1 to {self.numerators}"
            )
        names = (
            ["g1"] if self.numerators == 1 else [f"g1_{i}" for i in range(1, self.numerators + 1)]
        )
        name = names[numerator - 1]
        value = self.tail.terms([symbol("g2"), *map(symbol, names)])[numerator - 1]
        B = self.b * self.C
        below, above = symbol("g2"), symbol(name)
        if self.clip:
            below, above = (
                gates.clip(self.c, self.C, self.M)(below),
                gates.clip(-B, B, self.M)(above),
            )
        quotient = above / below
        if self.output_clip:
            quotient = gates.clip(-self.b, self.b, self.M)(quotient)
        line = ("-oo", "oo")
        ranges = {"g2": line, name: line} if self.clip else {"g2": (self.c, self.C), name: (-B, B)}
        return identity(value, quotient, on=Box(**ranges))


def ratio(
    shallow: Network,
    *,
    c: ExactLike,
    C: ExactLike,
    b: ExactLike,
    M: ExactLike,
    gate: str = "compact",
    clip: bool = True,
    output_clip: bool = False,
    depth: int | None = None,
) -> Ratio:
    """The ratio network after a shallow network with n neurons and the outputs (g2, g1, ...) [D].

    With one numerator the hidden widths are n, 4, 4, 2 with the compact gate and n, 4, 2, 4, 2 with
    the textbook gate; the output clip adds 2. Without the clip layer they are n, 4, 2 and n, 2,
    4, 2. With q numerators the clip layer has 2 + 2q neurons and every later width is multiplied
    by q. Padding repeats the last hidden layer of the gate.

    Args:
        shallow: a SignReLU network with one hidden layer and at least two
            outputs, the denominator first.
        c, C, b, M, gate, clip, output_clip, depth: see `ratio_tail`.

    Raises:
        BoundcheckError: a shallow network of another form, or what `ratio_tail` raises.

    >>> shallow = Network.from_layers([([[1], [-1]], [1, 1]), ([[1, 1], [1, -1]], [1, 0])])
    >>> net = ratio(shallow, c="1/2", C=4, b=1, M=2**40, depth=7)
    >>> print(net.network.shape, float(net.network("1/2")))
    1 -> 2 -> 4 -> 4 -> 2 -> 2 -> 2 -> 2 -> 1 0.33333333333353543
    """
    if shallow.depth != 1:
        raise BoundcheckError(
            f"the shallow network has {shallow.depth} hidden layers; it must have exactly 1"
        )
    if shallow.outputs < 2:
        raise BoundcheckError(
            f"the shallow network has {shallow.outputs} output; it needs at least 2: "
            "the denominator and a numerator"
        )
    tail = ratio_tail(
        shallow.outputs - 1,
        c=c,
        C=C,
        b=b,
        M=M,
        gate=gate,
        clip=clip,
        output_clip=output_clip,
        depth=depth,
    )
    low, high, bound, scale = (rational(value) for value in (c, C, b, M))
    return Ratio(shallow.then(tail), shallow, tail, low, high, bound, scale, clip, output_clip)


def ratio_tail(
    numerators: int,
    *,
    c: ExactLike,
    C: ExactLike,
    b: ExactLike,
    M: ExactLike,
    gate: str = "compact",
    clip: bool = True,
    output_clip: bool = False,
    depth: int | None = None,
) -> Network:
    """What follows the shallow layer: (g2, g1, ...) ↦ clip_M(g1)/clip_M(g2) for each
    numerator g1. [D]

    Args:
        numerators: how many, at least 1.
        c, C: 0 < c < C; the denominator is clipped to [c, C].
        b: > 0; numerators are clipped to [-bC, bC], since the gate needs |y| <= bC.
        M: > 0; the scale of the clips.
        gate: "compact" (`gates.division`) or "textbook" (`gates.division_textbook`).
        clip: False leaves the clip layer out; then c <= g2 <= C and |g1| <= bC are
            for the caller to ensure.
        output_clip: whether the ratio is clipped to [-b, b].
        depth: the hidden layers of the whole ratio network, the shallow one
            included; None for no padding.

    Raises:
        BoundcheckError: no numerator, c <= 0, C <= c, b <= 0, M <= 0, an unknown
            gate, a depth too small.

    >>> tail = ratio_tail(2, c="1/2", C=2, b=1, M=2**40, clip=False)
    >>> print(tail.shape, *tail(1, "1/3", "-1/2"))
    3 -> 8 -> 4 -> 2 1/3 -1/2
    """
    if numerators < 1:
        raise BoundcheckError(f"{numerators} numerators; a ratio network needs at least 1")
    low, high, bound, scale = (rational(value) for value in (c, C, b, M))
    for name, value in (("c", low), ("b", bound), ("M", scale)):
        if value <= 0:
            raise BoundcheckError(f"{name} = {value}; the ratio network needs {name} > 0")
    if high <= low:
        raise BoundcheckError(f"c = {low} and C = {high}; the ratio network needs c < C")
    if gate not in GATES:
        raise BoundcheckError(f"gate = {gate!r}; it must be one of {', '.join(GATES)}")

    B = bound * high
    # (g2, g1, h1, ...) ↦ (g2, g1, g2, h1, ...): every gate takes a denominator of its own
    pairs = linear(
        [
            [int(column == row) for column in range(numerators + 1)]
            for i in range(numerators)
            for row in (0, i + 1)
        ]
    )
    tail = pairs.then(_side_by_side([GATES[gate](low, high, B)] * numerators))
    if clip:
        tail = (
            gates.clip(low, high, scale)
            .beside(_side_by_side([gates.clip(-B, B, scale)] * numerators))
            .then(tail)
        )
    least = 1 + tail.depth + output_clip
    if depth is not None:
        if depth < least:
            raise BoundcheckError(
                f"depth = {depth}; this ratio network has {least} hidden layers already; "
                f"ask for {least} or more"
            )
        tail = tail.padded(
            tail.depth + depth - least
        )  # before the output clip, where `exactness` stays easy to prove
    if output_clip:
        tail = tail.then(_side_by_side([gates.clip(-bound, bound, scale)] * numerators))
    return tail.instantiate()  # terms do not fold long numbers, and c may be 10^-300


def _side_by_side(networks: list[Network]) -> Network:
    return reduce(Network.beside, networks)
