"""What a norm is taken of: a sum of expressions and networks with signs, on a box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flint import fmpq

from boundcheck.checking.goals import box_of
from boundcheck.claims.comparison import Comparison
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.decimals import enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.difference import Difference, Part
from boundcheck.exact.networks.network import Network
from boundcheck.exact.terms.box import Box, BoxLike, Range
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.term import (
    Relation,
    Term,
    neg,
    number,
    postorder,
    sub,
    substitute,
    symbol,
    term,
)
from boundcheck.exact.terms.unroll import unrolled
from boundcheck.exact.terms.work import spend

_JUMPS = ("floor", "ceiling", "sign")


def _inside(r: Range) -> tuple[fmpq, fmpq]:
    """Rational ends inside a range, as far out as can be said."""
    low, high = (enclosure(at_point(s.value, {}, 96)) for s in (r.lower, r.upper))  # type: ignore[arg-type]
    assert low.upper is not None
    assert high.lower is not None
    return low.upper, high.lower


class Function:
    """A sum of terms and networks with signs, on a box with finite ends; `named`
    networks may stand in the terms.

    Raises:
        BoundcheckError: ends that depend on variables or are infinite, a symbol without a range,
            a network whose inputs or outputs do not fit, or whose weights have symbols.
    """

    def __init__(
        self, f: Part | Difference, on: BoxLike, named: Mapping[str, Network] | None = None
    ) -> None:
        box = Box.of(on)
        self.ranges = box.ranges
        self.names = box.names
        hull = Comparison(Relation(number(0), "==", number(0)), box).hull
        self.hull = {n: hull[n] for n in self.names}
        for n, x in self.hull.items():
            if isinstance(x.lower, float) or isinstance(x.upper, float):
                raise BoundcheckError(
                    f"the range of {n} must have finite constant ends; give it some: {n} in [0, 1]"
                )
        self._refuse(box)
        self.inside = {r.name: _inside(r) for r in box.ranges}
        pieces = f.parts if isinstance(f, Difference) else ((1, f),)
        self.named = [
            (tuple(n.strip() for n in names.split(",")), net)
            for names, net in (named or {}).items()
        ]
        self.networks = [(s, p) for s, p in pieces if isinstance(p, Network)]
        terms = [
            (s, parse_term(p) if isinstance(p, str) else term(p))
            for s, p in pieces
            if not isinstance(p, Network)
        ]
        self.expression: Term | None = None
        for s, t in terms:
            signed = unrolled(t if s > 0 else neg(t))
            self.expression = (
                signed if self.expression is None else sub(self.expression, neg(signed))
            )
        self._check()
        self.box = box_of(box.ranges)

    @staticmethod
    def _refuse(box: Box) -> None:
        if box.symbols_in_ends:
            raise BoundcheckError(
                f"the ends of {box} must be constants; a norm needs a box, not a dependent range"
            )

    def _check(self) -> None:
        jumps = any(
            n.op == "call" and n.payload in _JUMPS for n in postorder(self.expression or number(0))
        )
        if jumps and any(r.lower.open or r.upper.open for r in self.ranges):
            raise BoundcheckError("a function with jumps needs closed ranges: write [a, b]")
        given = [n for names, _ in self.named for n in names]
        if twice := sorted(n for n in {*given} if [*given, *self.names].count(n) > 1):
            raise BoundcheckError(
                f"{', '.join(twice)} names two things, networks' outputs or variables; rename one"
            )
        if self.expression is not None and (loose := self.expression.free - {*self.names, *given}):
            raise BoundcheckError(f"unknown symbol {', '.join(sorted(loose))}: give it a range")
        for net, outputs in [
            *((net, 1) for _, net in self.networks),
            *((net, len(n)) for n, net in self.named),
        ]:
            if net.outputs != outputs:
                wanted = "a norm needs one" if outputs == 1 else f"it has {outputs} names"
                raise BoundcheckError(f"the network has {net.outputs} outputs; {wanted}")
            if net.free:
                raise BoundcheckError(
                    f"the weights contain {', '.join(sorted(net.free))}; give them numbers: "
                    ".instantiate(...)"
                )
            if net.inputs != len(self.names):
                raise BoundcheckError(
                    f"the network takes {net.inputs} inputs, but the box has "
                    f"{len(self.names)} variables"
                )
        if not self.names:
            raise BoundcheckError("a norm needs a box with at least one variable: on='x in [0, 1]'")

    def owns(self, point: Sequence[fmpq]) -> bool:
        """Whether a point, inside the closed box, is none of the ends that do not belong to it."""
        ends = zip(self.ranges, self.inside.values(), point, strict=True)
        return not any(
            (r.lower.open and v == low) or (r.upper.open and v == high)
            for r, (low, high), v in ends
        )

    def whole(self) -> Term:
        """The function as one term."""
        nets = [net for _, net in (*self.networks, *self.named)]
        spend(6 * sum((m.inputs + 1) * m.outputs for net in nets for m in net.layers))
        inputs = [symbol(n) for n in self.names]
        named = {
            n: t for names, net in self.named for n, t in zip(names, net.terms(inputs), strict=True)
        }
        total = None if self.expression is None else substitute((self.expression,), named)[0]
        for s, net in self.networks:
            (out,) = net.terms(inputs)
            signed = out if s > 0 else neg(out)
            total = signed if total is None else sub(total, neg(signed))
        assert total is not None
        return total
