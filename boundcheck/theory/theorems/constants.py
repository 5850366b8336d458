"""The theorems and their constants by name, and the rigorous values of these constants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flint import fmpq

from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import BoundcheckError, did_you_mean
from boundcheck.theory.theorems.conditional_theorem import CONDITIONAL
from boundcheck.theory.theorems.covering_theorem import COVERING
from boundcheck.theory.theorems.ddpm_theorem import DDPM
from boundcheck.theory.theorems.end_to_end_theorem import END_TO_END
from boundcheck.theory.theorems.oracle_theorem import ORACLE
from boundcheck.theory.theorems.ratio_theorem import RATIO
from boundcheck.theory.theorems.shallow_theorem import SHALLOW
from boundcheck.theory.theorems.theorem import Constant, Theorem, ends

MOST_DIGITS = 1000
_MOST_BITS = 100_000

THEOREMS = {t.name: t for t in (SHALLOW, RATIO, CONDITIONAL, COVERING, ORACLE, DDPM, END_TO_END)}
"""Every theorem with constants, by name."""


class Evaluated(NamedTuple):
    """A constant and what is known of its value.

    Attributes:
        constant: which one.
        value: an enclosure; of all its values, where there is one for each index.
        each: enclosures of these, from the index 1.

    >>> found = evaluate("shallow", {"d": 1})["c_sharp"]
    >>> found.constant.meaning, found.value.text(4), found.each
    ('factor before V R k^(-(d+3)/2), from fourth moments', '[0.07216, 0.07217]', ())
    """

    constant: Constant
    value: Enclosure
    each: tuple[Enclosure, ...] = ()


def theorem(name: str) -> Theorem:
    """The theorem of that name.

    Raises:
        BoundcheckError: there is none.

    >>> [parameter.name for parameter in theorem("covering").parameters]
    ['d', 'n', 'Theta', 'R0', 'delta', 'b', 'c', 'L', 'W', 'P']
    """
    if name not in THEOREMS:
        near = did_you_mean(name, THEOREMS)
        raise BoundcheckError(
            f"{name[:60]!r} is no theorem with constants; there are {', '.join(THEOREMS)}{near}"
        )
    return THEOREMS[name]


def evaluate(name: str, given: Mapping[str, Any], digits: int = 12) -> dict[str, Evaluated]:
    """Every constant of a theorem with enclosures of relative width at most
    10^-(digits+1), by name; its `label` says whether it is derived here or from what is cited.

    Args:
        name: `shallow`, `ratio`, `conditional`, `covering`, `oracle`, `ddpm` or `end_to_end`.
        given: the parameters that are not the default ones, as numbers or texts.
        digits: from 1 to 1000.

    Raises:
        BoundcheckError: an unknown theorem or parameter, a value that is not admissible,
            or digits out of 1..1000.

    >>> found = evaluate("shallow", {"d": 2, "k": 8, "sigma": "1/2"}, digits=20)
    >>> print(found["V"].value.text(6), found["c_sharp"].value.text(6), found["neurons"].value)
    [8.58642, 8.58643] [0.182401, 0.182402] 837
    """
    chosen = theorem(name)
    numbers = chosen.read(given)
    if not 1 <= digits <= MOST_DIGITS:
        raise BoundcheckError(f"digits = {digits}; it must be an integer from 1 to {MOST_DIGITS}")
    constants = chosen.constants(numbers)
    bits = 64 + 7 * (digits + 1) // 2
    while bits <= _MOST_BITS:
        try:
            values = chosen.values(constants, numbers, bits)
        except Unclear:
            values = []
        found = [
            [ends(v) for v in value] if isinstance(value, tuple) else [ends(value)]
            for value in values
        ]
        if found and all(_tight(e, digits) for each in found for e in each):
            return {c.name: _evaluated(c, each) for c, each in zip(constants, found, strict=True)}
        bits *= 2
    raise ArithmeticError(
        f"the constants of {name} are not enclosed to {digits} digits with {_MOST_BITS} bits"
    )


def _evaluated(constant: Constant, each: list[tuple[fmpq, fmpq]]) -> Evaluated:
    hull = Enclosure(min(low for low, _ in each), max(high for _, high in each))
    return Evaluated(constant, hull, tuple(Enclosure(*e) for e in each) if constant.index else ())


def _tight(found: tuple[fmpq, fmpq], digits: int) -> bool:
    lower, upper = found
    return (upper - lower) * fmpq(10) ** (digits + 1) <= abs(lower)
