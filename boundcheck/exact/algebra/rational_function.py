"""Rational functions with rational coefficients, on flint's multivariate polynomials."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import TypeAlias

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from boundcheck.errors import Unsupported
from boundcheck.exact.terms.work import spend

Poly: TypeAlias = fmpq_mpoly
MAX_DEGREE = 20_000
MAX_BITS = 2_000_000
_LONG = 500  # bits, from which on the size of numbers counts


class Ratio:
    """`num/den` in lowest terms; `den` is never the zero polynomial."""

    __slots__ = ("den", "num")

    def __init__(self, num: Poly, den: Poly, *, reduced: bool = False) -> None:
        if den.is_zero():
            raise ZeroDivisionError("a rational function with the denominator 0")
        if not reduced and not den.is_constant():
            common = gcd(num, den)
            if not common.is_one():
                num, den = num / common, den / common
        if den.is_constant() and not den.is_one():
            num, den = num / den.leading_coefficient(), den / den.leading_coefficient()
        self.num, self.den = num, den

    def _coerce(self, other: RatioLike) -> Ratio:
        if isinstance(other, Ratio):
            return other
        context = self.num.context()
        return Ratio(context.constant(other), context.constant(1), reduced=True)

    # Both operands are in lowest terms, so common factors can only be where Henrici looks for them:
    # gcds of small polynomials instead of one of large ones.

    def __add__(self, other: RatioLike) -> Ratio:
        o = self._coerce(other)
        pairs = len(self.num) * len(o.den) + len(o.num) * len(self.den) + len(self.den) * len(o.den)
        spend(3 + pairs * _cost_of_numbers(_bits(self.num) + _bits(o.num)))
        common = gcd(self.den, o.den)
        if common.is_one():
            return Ratio(self.num * o.den + o.num * self.den, self.den * o.den, reduced=True)
        left, right = self.den / common, o.den / common
        num = self.num * right + o.num * left
        shared = gcd(num, common)
        return Ratio(num / shared, left * (o.den / shared), reduced=True)

    def __sub__(self, other: RatioLike) -> Ratio:
        return self + (-self._coerce(other))

    def __mul__(self, other: RatioLike) -> Ratio:
        o = self._coerce(other)
        return _product(self.num, self.den, o.num, o.den)

    def __truediv__(self, other: RatioLike) -> Ratio:
        o = self._coerce(other)
        if o.num.is_zero():
            raise ZeroDivisionError("a rational function divided by 0")
        return _product(self.num, self.den, o.den, o.num)

    def __rsub__(self, other: RatioLike) -> Ratio:
        return self._coerce(other) - self

    def __rtruediv__(self, other: RatioLike) -> Ratio:
        return self._coerce(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Ratio:
        return Ratio(-self.num, self.den, reduced=True)

    def __pow__(self, exponent: int) -> Ratio:
        for p in (self.num, self.den):
            affordable(p, p, abs(exponent))
            spend(1 + 0.05 * comb(len(p) + abs(exponent), abs(exponent)) * len(p))
        if exponent < 0:
            return Ratio(self.den**-exponent, self.num**-exponent, reduced=True)
        return Ratio(self.num**exponent, self.den**exponent, reduced=True)

    def is_zero(self) -> bool:
        return bool(self.num.is_zero())

    def __repr__(self) -> str:
        return f"Ratio(({self.num})/({self.den}))"


RatioLike: TypeAlias = Ratio | fmpq | int
"""What computes with a `Ratio`: one, or a rational number."""


def _product(a: Poly, b: Poly, c: Poly, d: Poly) -> Ratio:
    """(a/b)(c/d), both in lowest terms."""
    for p, q in ((a, c), (b, d)):
        affordable(p, q)
    g, h = gcd(a, d), gcd(c, b)
    return Ratio((a / g) * (c / h), (b / h) * (d / g), reduced=True)


def affordable(p: Poly, q: Poly, times: int = 1) -> None:
    """flint ends the process where a product of polynomials does not fit in memory.

    Raises:
        Unsupported: a product of enormous degree or enormous numbers.
    """
    if p.is_zero() or q.is_zero():
        return
    bits = _bits(p) + _bits(q)
    if (p.total_degree() + q.total_degree()) * times > MAX_DEGREE or bits * times > MAX_BITS:
        raise Unsupported("the numbers or degrees are too large for exact arithmetic")
    spend(2 + len(p) * len(q) * _cost_of_numbers(bits))


def _bits(p: Poly) -> int:
    """About the size of the largest coefficients: those in the middle are often
    larger than the leading one."""
    last = len(p) - 1
    return max(
        (
            int(p.coefficient(last * k // 4).height_bits())
            for k in range(5 if last > 0 else last + 1)
        ),
        default=0,
    )


def _cost_of_numbers(bits: int) -> float:
    """About how many steps of work an operation on rational numbers of that size takes."""
    return 0.02 + 1e-6 * bits**1.6


def gcd(p: Poly, q: Poly) -> Poly:
    """The greatest common divisor of two polynomials."""
    spend(1 if p.is_constant() or q.is_constant() else 10 + 0.8 * (len(p) + len(q)))
    return p.gcd(q)


def factored(p: Poly, *, squarefree: bool = False) -> tuple[fmpq, list[tuple[Poly, int]]]:
    """A number and the irreducible (square-free) factors of a polynomial,
    with their multiplicities."""
    spend(60 + 12 * len(p) + 0.02 * p.context().nvars() ** 3)
    if not (squarefree or p.is_zero()):
        spend(0.1 * _bits(p) * int(p.total_degree()) ** 3)
    scale, parts = p.factor_squarefree() if squarefree else p.factor()
    return fmpq(scale), [(f, int(k)) for f, k in parts]


def ring(names: Sequence[str]) -> fmpq_mpoly_ctx:
    """The polynomial ring in `names`."""
    return fmpq_mpoly_ctx.get(list(names), Ordering.degrevlex)


def degree(p: Poly, index: int) -> int:
    """The degree of `p` in generator `index`, 0 for the zero polynomial."""
    return 0 if p.is_zero() else int(p.degrees()[index])


def coefficients(p: Poly, index: int) -> list[Poly]:
    """`p` as a polynomial in generator `index`: its coefficients, lowest power first."""
    spend(6 + 4 * len(p))
    if degree(p, index) > MAX_DEGREE:
        raise Unsupported("the degree is too large for exact arithmetic")
    parts: list[dict[tuple[int, ...], fmpq]] = [{} for _ in range(degree(p, index) + 1)]
    for exponents, value in p.terms():
        rest = (*exponents[:index], 0, *exponents[index + 1 :])
        parts[exponents[index]][rest] = value
    return [p.context().from_dict(part) for part in parts]


def compose(p: Poly, index: int, num: Poly, den: Poly) -> tuple[Poly, int]:
    """`(q, k)` with `p[generator := num/den] = q/den**k`."""
    parts = coefficients(p, index)
    top = len(parts) - 1
    bits = _bits(p) + top * (_bits(num) + _bits(den))
    if bits > _LONG:
        if bits > MAX_BITS:
            raise Unsupported("the numbers are too large for exact arithmetic")
        spend(len(p) * len(num) * (1 + top) * _cost_of_numbers(bits))
    result = parts[top]
    scale = den
    for part in reversed(parts[:top]):  # Horner; the missing powers of den are put back as it goes
        spend(8 + 0.05 * (len(result) * len(num) + len(part) * len(scale) + len(scale) * len(den)))
        result = result * num + part * scale
        scale = scale * den
    return result, top


def substitute(r: Ratio, index: int, num: Poly, den: Poly) -> Ratio:
    """`r` with generator `index` replaced by `num/den`."""
    if degree(r.num, index) == 0 and degree(r.den, index) == 0:
        return r
    above, i = compose(r.num, index, num, den)
    below, j = compose(r.den, index, num, den)
    return Ratio(above * den**j, below * den**i)
