"""Which division gate to run in floating point: the round-off bounds of the
candidates side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks import gates
from boundcheck.exact.networks.network import Network, linear
from boundcheck.exact.terms.box import Box
from boundcheck.exact.terms.rational import rational
from boundcheck.torchnet.dtypes import format_of
from boundcheck.torchnet.roundoff import Roundoff, Void, roundoff_bound


@dataclass(frozen=True)
class Candidate:
    """A division gate for c <= x <= C, |y| <= B, and its round-off bound there.

    >>> gate = recommend_gate("1/2", 1, 1, "float32").compact
    >>> print(gate.name, gate.network.shape, gate.bound == gate.roundoff.bound)
    compact 2 -> 4 -> 2 -> 1 True
    """

    name: str
    network: Network
    roundoff: Roundoff | Void

    @property
    def bound(self) -> fmpq | None:
        """The bound; None where there is none."""
        return self.roundoff.bound if isinstance(self.roundoff, Roundoff) else None


@dataclass(frozen=True)
class Recommendation:
    """The candidates, fewest neurons first, and the one to take.

    Attributes:
        compact: `gates.division`: 2 hidden layers, 6 neurons; its error grows like u/c².
        textbook: `gates.division_textbook`: 3 hidden layers, 8 neurons; u/c² with a smaller factor.
        scaled: `scaled_textbook`: 3 hidden layers, 8 neurons; u B/c.
        recommended: one of these.
        reason: why, in words.

    >>> found = recommend_gate("1/2", 1, 1, "float32")
    >>> [gate.name for gate in found.candidates]
    ['compact', 'textbook', 'scaled textbook']
    >>> found.recommended.name, found.reason
    ('scaled textbook', 'the smallest bound')
    """

    compact: Candidate
    textbook: Candidate
    scaled: Candidate
    recommended: Candidate
    reason: str

    @property
    def candidates(self) -> tuple[Candidate, Candidate, Candidate]:
        """The three candidates."""
        return self.compact, self.textbook, self.scaled


def scaled_textbook(c: Any, C: Any, B: Any) -> Network:
    """(x, y) ↦ (B/c) · (y/B)/(x/c) with the textbook gate inside, for 1 <= x/c <= C/c and
    |y/B| <= 1: exactly y/x for c <= x <= C, |y| <= B. Hidden widths 2, 4, 2. No intermediate value
    is larger than 2, up to the last map. [D]

    Raises:
        BoundcheckError: c <= 0, C < c or B < 0.

    >>> gate = scaled_textbook("1/100", 1, 1)
    >>> print(gate.shape, gate("1/3", "1/2"))
    2 -> 2 -> 4 -> 2 -> 1 3/2
    """
    low, high, bound = (rational(v) for v in (c, C, B))
    if low <= 0:
        raise BoundcheckError(f"c is {low}; it must be positive")
    unit = bound or fmpq(1)  # |y| <= 0 needs no scale
    inside = gates.division_textbook(1, high / low, bound / unit)
    return (
        linear([[1 / low, 0], [0, 1 / unit]])
        .then(inside)
        .then(linear([[unit / low]]))
        .instantiate()
    )


def recommend_gate(c: Any, C: Any, B: Any, dtype: Any, *, at_most: Any = None) -> Recommendation:
    """Round-off bounds of the division gates on c <= x <= C, |y| <= B, and which one to take. [D]

    Without `at_most`, the one with the smallest bound. With it, the one with the fewest neurons,
    among those with a bound of `at_most` or less, or else the one with the smallest bound.

    Args:
        c, C, B: rational numbers, 0 < c <= C and B >= 0.
        dtype: float64, float32, bfloat16 or float16, or the name.
        at_most: the error that is allowed.

    Raises:
        BoundcheckError: what the gates and `roundoff_bound` refuse; no candidate
            has a bound in this dtype.

    >>> recommend_gate("1/100", 1, 1, "float32").recommended.name
    'scaled textbook'
    >>> recommend_gate("1/2", 1, 1, "float32", at_most="1/1000").recommended.name
    'compact'
    """
    low, high, bound = (rational(v) for v in (c, C, B))
    limit = None if at_most is None else rational(at_most)
    fmt = format_of(dtype)
    networks = {
        "compact": gates.division(low, high, bound).instantiate(),
        "textbook": gates.division_textbook(low, high, bound).instantiate(),
        "scaled textbook": scaled_textbook(low, high, bound),
    }
    box = Box(x=(low, high), y=(-bound, bound))
    compact, textbook, scaled = found = [
        Candidate(name, net, roundoff_bound(net, fmt.name, box)) for name, net in networks.items()
    ]
    known = [(b, k) for k, f in enumerate(found) if (b := f.bound) is not None]
    if not known:
        raise BoundcheckError(
            f"no division gate has a round-off bound: {found[-1].roundoff}; use a wider dtype"
        )
    fitting = [k for b, k in known if limit is not None and b <= limit]
    chosen = found[fitting[0] if fitting else min(known)[1]]
    reason = "the fewest neurons within the allowance" if fitting else "the smallest bound"
    if limit is not None and not fitting:
        reason += "; none is within the allowance"
    return Recommendation(compact, textbook, scaled, chosen, reason)
