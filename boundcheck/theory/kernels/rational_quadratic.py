"""The rational quadratic kernel: a mixture of normal ones."""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas.approximation import kernels
from boundcheck.theory.kernels.kernel import BITS, Ball, Kernel

_ONE = fmpq(1)


@dataclass(frozen=True)
class RationalQuadratic(Kernel):
    """(1 + |x|²/(2aℓ²))^(-a).

    >>> print(RationalQuadratic(fmpq(1)).variation(d=1).str(6, radius=False))
    2.66189
    """

    a: fmpq
    ell: fmpq = _ONE
    name = "rational quadratic"

    def __post_init__(self) -> None:
        if self.a <= 0 or self.ell <= 0:
            raise BoundcheckError(
                f"a = {self.a}, ell = {self.ell}; the admissible range is a > 0, ell > 0"
            )

    def value(self, r: arb) -> arb:
        return (1 + r * r / (2 * arb(self.a) * arb(self.ell) ** 2)) ** (-arb(self.a))

    def density(self, r: Ball, d: int) -> Ball:
        # the mean over τ, a gamma variable, of (2πτ)^(-d/2) exp(-r²/(2τ))
        a, rate = arb(self.a), arb(self.a) * arb(self.ell) ** 2
        order, z = a - arb(d) / 2, r * (2 * rate).sqrt()
        bessel = z.bessel_k(order, scaled=True)  # the plain one loses all digits for large z
        factor = rate**a / (a.gamma() * (2 * arb.pi()) ** (arb(d) / 2))
        return 2 * (r / (2 * rate).sqrt()) ** order * bessel * (-z).exp() * factor

    def inverse_length(self, bits: int = BITS) -> arb:
        known = {"a": self.a, "ell": self.ell}
        return arb(at_point(term(kernels.RATIONAL_INVERSE_LENGTH), known, bits))
