"""Normal kernels: of one bandwidth, of several, and anisotropic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas.approximation import kernels
from boundcheck.theory.kernels.kernel import BITS, Ball, Kernel, normal_spectrum, variation_of


@dataclass(frozen=True)
class Bandwidths(Kernel):
    """Σ p_i exp(-|x|²/(2ℓ_i²)), p_i > 0 with the sum 1; with one bandwidth the normal kernel.

    >>> print(Bandwidths(((fmpq(1), fmpq(1, 2)),)).variation(d=1).str(6, radius=False))
    6.00724
    """

    parts: tuple[tuple[fmpq, fmpq], ...]
    name = "mixture of bandwidths"

    def __post_init__(self) -> None:
        if sum((p for p, _ in self.parts), fmpq(0)) != 1 or any(
            p <= 0 or ell <= 0 for p, ell in self.parts
        ):
            raise BoundcheckError("weights and lengths must be positive, the sum of weights 1")

    def value(self, r: arb) -> arb:
        return sum((arb(p) * (-r * r / (2 * arb(ell) ** 2)).exp() for p, ell in self.parts), arb(0))

    def density(self, r: Ball, d: int) -> Ball:
        total = r * 0
        for p, ell in self.parts:
            square = arb(ell) ** 2
            factor = arb(p) * (square / (2 * arb.pi())) ** (arb(d) / 2)
            total += (-square * r * r / 2).exp() * factor
        return total

    def inverse_length(self, bits: int = BITS) -> arb:
        return arb(sum((p / ell for p, ell in self.parts), fmpq(0)))


@dataclass(frozen=True)
class Anisotropic:
    """exp(-x·S⁻¹x/2) with the trace of S⁻¹ given: for product kernels Σ d_i/σ_i².

    >>> kernel = Anisotropic.product([(1, fmpq(1, 2)), (1, fmpq(6, 5))])
    >>> print(kernel.trace, kernel.variation().str(6, radius=False))
    169/36 8.98593
    """

    d: int
    trace: fmpq

    @classmethod
    def product(cls, parts: Sequence[tuple[int, fmpq]]) -> Anisotropic:
        """Of normal kernels in d_i coordinates with σ_i: pairs (d_i, σ_i)."""
        return cls(sum(d for d, _ in parts), sum((d / sigma**2 for d, sigma in parts), fmpq(0)))

    def variation(self, bits: int = BITS) -> arb:
        """At least V_2 for a measure of mass 1, for every box."""
        known = {"d": fmpq(self.d), "trace": self.trace}
        with ctx.workprec(bits):
            inverse = arb(at_point(term(kernels.ANISOTROPIC_INVERSE_LENGTH), known, bits))
            return inverse * variation_of(normal_spectrum(self.d, bits), self.d, bits)
