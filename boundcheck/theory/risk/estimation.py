"""What m samples cost a predictor whose class has a net, in numbers: the best price A of the
approximation, and 1/nu of the samples. See ORACLE_VECTORS and DIAL of `formulas.oracle`."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas import oracle

BITS = 64
_PRICES = 60


class Dial(NamedTuple):
    """A pair of a price A > 1 and nu > 0 with nu <= g(A nu), which was checked in balls."""

    A: fmpq
    nu: fmpq


class Learnt(NamedTuple):
    """What the oracle inequality says, at the best pair.

    Attributes:
        dial: the pair; None if nothing is learnt.
        bound: a ball; its upper end is at least E‖f̂-f*‖².
    """

    dial: Dial | None
    bound: arb


def admissible(dial: Dial, bits: int = BITS) -> bool:
    """Whether A > 1, nu > 0 and nu <= g(A nu); False if the balls do not tell.

    >>> [admissible(Dial(fmpq(2), fmpq(1, n))) for n in (11, 10)]
    [True, False]
    """
    if dial.A <= 1 or dial.nu <= 0:
        return False
    return bool(at_point(term(oracle.DIAL), dial._asdict(), bits) >= arb(dial.nu))


@cache
def dials(bits: int = BITS) -> tuple[Dial, ...]:
    """For each of some A between 1.001 and 2.6 about the largest nu, by a search in doubles; 1/nu
    grows again beyond that."""
    found = []
    for k in range(_PRICES):
        price = 1 + fmpq(math.ceil(1639 * 2.0 ** (-k / 6)), 1024)
        low, high, a = 0.0, 1.0, float(arb(price))
        for _ in range(60):
            middle = (low + high) / 2
            theta = a * middle
            inside = (1 - math.exp(-4 * (theta - 2 * theta**2))) / 4 >= middle
            low, high = (middle, high) if inside else (low, middle)
        dial = Dial(price, fmpq(math.floor(low * 2.0**40), 2**40))
        if admissible(dial, bits):
            found.append(dial)
    return tuple(found)


def learnt(
    approximation: arb,
    log_n: arb,
    m: int,
    *,
    rho: arb,
    delta: arb,
    eps: arb | None = None,
    bits: int = BITS,
) -> Learnt:
    """A(approximation + eps) + 4(1 + A) rho delta + rho² log N/(nu m), at the best of `dials`.

    Args:
        approximation: at least ‖f_0-f*‖², the mean squared Euclidean distance of the competitor.
        log_n: at least the logarithm of the number of functions of the net; 0 or more.
        m: number of independent samples, or of images that are noised any number of times.
        rho: bounds the Euclidean norms of labels and functions.
        delta: every function of the class is so near to one of the net, in the Euclidean norm.
        eps: by how much the empirical risk may exceed that of the competitor; 0 by default.

    If log_n, delta and eps are 0, the class is {f_0}: nothing is learnt, and nothing is paid.

    >>> found = learnt(arb(0.01), arb(100), 10**6, rho=arb(1), delta=arb(0))
    >>> found.dial is not None, found.bound.str(3, radius=False)
    (True, '0.0146')
    """
    with ctx.workprec(bits):
        eps = arb(0) if eps is None else eps
        if log_n == 0 and delta == 0 and eps == 0:
            return Learnt(None, arb(approximation))
        known = {"log_n": log_n, "delta": delta, "rho": rho, "eps": eps, "m": fmpq(m)}
        known["comparator"] = approximation
        formula, best = term(oracle.ORACLE_VECTORS), Learnt(None, arb("inf"))
        for dial in dials(bits):
            bound = arb(at_point(formula, {**known, **dial._asdict()}, bits))
            if bound.upper() < best.bound.upper():
                best = Learnt(dial, bound)
        return best
