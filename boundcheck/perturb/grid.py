"""Short decimals: the numbers that a search for a constant tries, so that what it
finds can be printed exactly."""

from __future__ import annotations

from flint import fmpq


def between(a: fmpq, b: fmpq, digits: int, floor: fmpq) -> fmpq | None:
    """A decimal of at most `digits` significant digits strictly between two
    numbers, near their middle.

    The middle is geometric where they are far apart, 0 where their signs differ, and nothing
    but 0 is found nearer to 0 than `floor`. None if there is no such decimal.

    >>> between(fmpq(1, 4), fmpq(1, 3), 2, fmpq(1, 1000))
    3/10
    """
    low, high = min(a, b), max(a, b)
    if low < 0 < high:
        return fmpq(0)
    if high <= 0:
        mirrored = between(-high, -low, digits, floor)
        return None if mirrored is None else -mirrored
    if high <= floor:
        return None
    low = max(low, floor) if low == 0 else low
    if high > 16 * low:
        middle = (
            (fmpq(10) ** ((exponent(low) + exponent(high)) // 2)) if high > 1000 * low else low * 4
        )
    else:
        middle = (low + high) / 2
    for d in range(1, digits + 1):
        unit = fmpq(10) ** (exponent(middle) - d + 1)
        for count in ((middle / unit).floor(), (middle / unit).ceil()):
            if low < count * unit < high:
                return fmpq(count) * unit
    unit = fmpq(10) ** (
        exponent(high) - digits + 1
    )  # an end may be a power of ten, where the grid changes
    for e in (exponent(low), exponent(high)):
        unit = fmpq(10) ** (e - digits + 1)
        first = ((low / unit).floor() + 1) * unit
        if low < first < high and exponent(first) == e:
            return fmpq(first)
    return None


def exponent(q: fmpq) -> int:
    """The decimal exponent of a positive number: 10**e <= q < 10**(e+1)."""
    guess = len(str(q.p)) - len(str(q.q))
    return guess if fmpq(10) ** guess <= q else guess - 1
