"""The networks of a claim as torch modules: does what was proved of the exact ones hold for those that run?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from boundcheck.claims.statement import NormBound
from boundcheck.exact.network import Network
from boundcheck.exact.parser import parse_term
from boundcheck.exact.term import Term, neg, number, sub, term
from boundcheck.testing.bounds import Margin, assert_bound
from boundcheck.testing.ordinals import representable
from boundcheck.torchnet.roundoff import Void, roundoff_bound


def check(statement: NormBound, dtype: Any, examples: int | None = None) -> Iterator[Margin | Void]:
    """Assert what a norm bound says of its networks' instances in a dtype, at the numbers of the dtype in its box.

    For each network, that its instance differs from it by at most the certified round-off bound. A bound in L^p says
    nothing at single points, but by Minkowski's inequality it holds for the instance with that much added. For a
    bound of the supremum of one network minus an expression also |instance - expression| <= bound + round-off.

    Yields:
        The smallest margin that was seen in each comparison; `Void` for a network without a round-off bound.

    Raises:
        AssertionError, BoundcheckError: as `assert_bound`.
    """
    on = representable(statement.on, dtype)
    networks = [(s, p) for s, p in statement.parts if isinstance(p, Network)]
    for sign, net in networks:
        roundoff = roundoff_bound(net, dtype, on=on)
        if isinstance(roundoff, Void):
            yield roundoff
            continue
        yield assert_bound(net, net, 0, on, roundoff, dtype=dtype, examples=examples)
        if statement.p is None and len(networks) == 1:
            rest = [(-s * sign, p) for s, p in statement.parts if p is not net]
            yield assert_bound(net, _sum(rest), statement.bound, on, roundoff, dtype=dtype, examples=examples)


def _sum(parts: list[tuple[int, Any]]) -> Term:
    total = number(0)
    for s, p in parts:
        t = parse_term(p) if isinstance(p, str) else term(p)
        total = sub(total, neg(t) if s > 0 else t)
    return total
