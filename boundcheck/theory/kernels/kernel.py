"""What a kernel is for this theory: K(x) is a mean of cos(ω·x) over ω, and depends on |x| alone.

A kernel of one's own is a subclass with its value, its spectral density λ, and either the limit and
the two norms of G(r) = r^(d+1) λ(r) (see `formulas.kernels`), or E[1/ℓ] of a mixture of normal
kernels. `kernel_check.check` evaluates |S^(d-1)| ∫ r^(d-1) λ, which is K(0) = 1, and the norms by
quadrature in balls, and so finds a spectral density that is wrong.

>>> from flint import arb, fmpq
>>> from boundcheck.enclosure.intervals.at_point import at_point
>>> from boundcheck.exact.terms.term import term
>>> from boundcheck.theory.formulas.approximation import kernels
>>> from boundcheck.theory.kernels.kernel import Kernel, Spectrum
>>> from boundcheck.theory.kernels.kernel_check import check
>>> class Normal(Kernel):
...     name = "normal"
...     def value(self, r):
...         return (-r * r / 2).exp()
...     def density(self, r, d):
...         return (-r * r / 2).exp() / (2 * r.pi()) ** (arb(d) / 2)
...     def spectrum(self, d, bits):
...         known = {"d": fmpq(d)}
...         norms = (kernels.NORMAL_G, kernels.NORMAL_SLOPE)
...         return Spectrum(arb(0), *(arb(at_point(term(f), known, bits)) for f in norms))
>>> check(Normal(), d=2)
>>> print(Normal().variation(d=2).str(6, radius=False))
5.86524
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple, TypeVar

from flint import acb, arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas.approximation import kernels

BITS = 128
Ball = TypeVar("Ball", arb, acb)


class Spectrum(NamedTuple):
    """Of G(r) = r^(d+1) λ(r): its limit G_inf at infinity, ‖G - G_inf‖ and ‖G'‖ in L²(0, ∞)."""

    limit: arb
    norm: arb
    slope: arb


class Kernel(ABC):
    """A kernel."""

    name: str
    """What people call it."""

    @abstractmethod
    def value(self, r: arb) -> arb:
        """K at the distance r."""

    @abstractmethod
    def density(self, r: Ball, d: int) -> Ball:
        """λ(r) in d dimensions."""

    def spectrum(self, d: int, bits: int = BITS) -> Spectrum | None:
        """The data of G; None where G or its slope is not in L²."""
        return None

    def inverse_length(self, bits: int = BITS) -> arb | None:
        """E[1/ℓ], where the kernel is a mixture of normal ones; None where it is none, or it is
        infinite."""
        return None

    def variation(self, d: int, bits: int = BITS) -> arb:
        """At least V_2 for a measure of mass 1, for every box: the smaller one of the bounds that
        there are.

        Raises:
            BoundcheckError: there is none.
        """
        with ctx.workprec(bits):
            found = []
            data, inverse = self.spectrum(d, bits), self.inverse_length(bits)
            if data is not None:
                found.append(variation_of(data, d, bits))
            if inverse is not None:
                found.append(inverse * variation_of(normal_spectrum(d, bits), d, bits))
            if not found:
                raise BoundcheckError(f"no bound of the variation of {self.name} is known")
            return min(found, key=lambda v: v.mid())


def variation_of(data: Spectrum, d: int, bits: int = BITS) -> arb:
    """`formulas.kernels.VARIATION` for a measure of mass 1."""
    known = dict(zip(("G_inf", "norm_G", "norm_slope"), data, strict=True))
    return arb(at_point(term(kernels.VARIATION), {"d": fmpq(d), "mass": fmpq(1), **known}, bits))


def normal_spectrum(d: int, bits: int = BITS) -> Spectrum:
    """That of exp(-|x|²/2)."""
    norms = (kernels.NORMAL_G, kernels.NORMAL_SLOPE)
    return Spectrum(arb(0), *(arb(at_point(term(f), {"d": fmpq(d)}, bits)) for f in norms))
