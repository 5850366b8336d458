"""Definite integrals of smooth functions, enclosed by Taylor forms.

From a to b around m, the Taylor form c_0 + ... + C_n t^n integrates to Σ c_k
((b-m)^(k+1) - (a-m)^(k+1))/(k+1) over k < n, plus C_n times the integral of t^n (n is even).
Pieces whose enclosure is too wide are halved.
"""

from __future__ import annotations

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.enclosure.intervals.series import TaylorForm
from boundcheck.exact.terms.work import spend

_MAX_PIECES = 2_000
_MAX_NOISE = 40


def integral(
    form: TaylorForm, lower: arb, upper: arb, bits: int, within: fmpq | None = None
) -> arb:
    """∫ f(x) dx from lower to upper, where `form` is the Taylor form of f, of some
    20 bits more than `bits`.

    Args:
        within: the radius of each piece beside 1 or its size, by default 2^-bits.

    Raises:
        Unclear: the body may be undefined or not smooth on the range, or is
            too rough for this method.
    """
    order = 2 * max(4, bits // 10)  # even, so that t^order has one sign
    with ctx.workprec(bits + 20):
        lower, upper = arb(lower), arb(upper)
        small = arb(2) ** (-bits) if within is None else arb(within)
        total, todo, count, noise = arb(0), [(lower, upper, None)], 0, 0
        while todo:
            spend(2 * order)
            a, b, before = todo.pop()
            count += 1
            if count > _MAX_PIECES:
                raise Unclear(f"the integral needs more than {_MAX_PIECES} pieces")
            try:
                part = _piece(form, a, b, order)
            except Unclear:
                part = None
            if part is not None and (part.rad() <= small * (1 + abs(part)) or a.overlaps(b)):
                total += part
            elif a.overlaps(b):
                raise Unclear("the integrand may be undefined or not smooth")
            else:
                # halving divides a remainder by a power of two, but rounding errors by 2 only
                noise += part is not None and before is not None and part.rad() > before * arb(0.4)
                if noise > _MAX_NOISE:
                    raise Unclear("rounding errors are too large for this precision")
                middle, known = ((a + b) / 2).mid(), None if part is None else part.rad()
                todo += [(middle, b, known), (a, middle, known)]
    return total


def _piece(form: TaylorForm, a: arb, b: arb, order: int) -> arb:
    middle = ((a + b) / 2).mid()
    left, right = a - middle, b - middle  # the ends may be balls, so the halves differ a little
    whole = form.series(middle.union(a).union(b), order)
    c = form.series(middle, order - 1)
    total = whole[order] * (right ** (order + 1) - left ** (order + 1)) / (order + 1)
    for k, value in enumerate(c):
        total += value * (right ** (k + 1) - left ** (k + 1)) / (k + 1)
    return total
