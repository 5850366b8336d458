"""Matérn kernels, of which ν = 1/2 is exp(-|x|/ℓ) and ν = ∞ the normal one."""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term, term
from boundcheck.theory.formulas.approximation import kernels
from boundcheck.theory.kernels.kernel import BITS, Ball, Kernel, Spectrum

_ONE, _HALF, _SQUARE_INTEGRABLE = fmpq(1), fmpq(1, 2), fmpq(3, 4)


@dataclass(frozen=True)
class Matern(Kernel):
    """2^(1-ν)/Γ(ν) z^ν K_ν(z), z = √(2ν)|x|/ℓ, for ν >= 1/2.

    >>> print(Matern(fmpq(1, 2)).variation(d=1).str(6, radius=False))
    4.10781
    """

    nu: fmpq
    ell: fmpq = _ONE
    name = "Matérn"

    def __post_init__(self) -> None:
        if self.nu < _HALF or self.ell <= 0:
            raise BoundcheckError(
                f"nu = {self.nu}, ell = {self.ell}; the admissible range is nu >= 1/2, ell > 0"
            )

    def _at(self, formula: Term, d: int, bits: int) -> arb:
        known = {"nu": self.nu, "ell": self.ell, "d": fmpq(d)}
        return arb(at_point(term(formula), known, bits))

    def value(self, r: arb) -> arb:
        nu, z = arb(self.nu), (2 * arb(self.nu)).sqrt() * r / arb(self.ell)
        return arb(2) ** (1 - nu) / nu.gamma() * z**nu * z.bessel_k(nu)

    def density(self, r: Ball, d: int) -> Ball:
        nu, q = arb(self.nu), 2 * arb(self.nu) / arb(self.ell) ** 2
        a = nu + arb(d) / 2
        factor = a.gamma() / (nu.gamma() * (arb.pi() * q) ** (arb(d) / 2))
        inside = 1 + r * r / q
        return inside ** (-a if isinstance(inside, arb) else acb(-a)) * factor

    def spectrum(self, d: int, bits: int = BITS) -> Spectrum | None:
        if _HALF < self.nu <= _SQUARE_INTEGRABLE:
            return None
        with ctx.workprec(bits):
            scale, slope = (
                self._at(f, d, bits) for f in (kernels.MATERN_SCALE, kernels.MATERN_SLOPE)
            )
            root = (2 * arb(self.nu)).sqrt() / arb(self.ell)  # √q, the unit of r
            norm = kernels.EXPONENTIAL_G if self.nu == _HALF else kernels.MATERN_G
            limit = scale if self.nu == _HALF else arb(0)
            own = scale * self._at(norm, d, bits) * root.sqrt()
            return Spectrum(limit, own, scale * slope / root.sqrt())

    def inverse_length(self, bits: int = BITS) -> arb | None:
        if self.nu == _HALF:
            return None
        return self._at(kernels.MATERN_INVERSE_LENGTH, 1, bits)
