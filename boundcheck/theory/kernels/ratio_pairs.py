"""Pairs of marginals whose quotient is approximated: what the ratio theorem assumes of them, and
its bounds in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term, term
from boundcheck.theory.formulas import ratio
from boundcheck.theory.kernels.kernel import BITS, Kernel
from boundcheck.theory.ridge.kappa import kappa_at_most

_ONE = fmpq(1)
_ERROR = ("ratio.error_in_norm",)
SHOWN_IN: dict[str, tuple[str, ...]] = {
    "error": _ERROR,
    "error_l2": _ERROR,
    "uniform": ("ratio_networks.network_for_a_ratio",),
    "uniform_squared": ("ratio_networks.uniform_squared_network",),
    "weighted": ("ratio_networks.weighted_network",),
    "positivity_free": ("ratio_networks.positivity_free_network",),
    "smallest": ("ratio_networks.smallest_network",),
    "crossing": ("ratio_density.crossing",),
    "trivial": ("ratio_density.trivial_norm",),
}
"""By the name of a constant, the claims of the proof files that show its formula."""
_EVERY_KERNEL: dict[str, Term] = {"uniform": ratio.UNIFORM.subs(ratio.error, ratio.error_l2)}
_NORMAL: dict[str, Term] = {
    "uniform_squared": ratio.UNIFORM_SQUARED,
    "weighted": ratio.WEIGHTED,
    "positivity_free": ratio.POSITIVITY_FREE,
    "smallest": ratio.SMALLEST,
    "crossing": ratio.CROSSING,
    "trivial": ratio.TRIVIAL,
}
_VARIATION = ("V_moment", "V_kernel", "V")


class RatioBound(NamedTuple):
    """A bound, as a ball, and the claims of the proof files that show it."""

    value: arb
    shown_in: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RatioClass:
    """All pairs f1, f2 on the box [-R, R]^d where

        f2(x) = ∫ K(x - u) dμ(u),   f1(x) = ∫ K(x - u) g(u) dμ(u),   |g| <= b,

    with a positive measure μ of mass `mass`, so that |f1| <= b f2. K is exp(-|x|²/(2 sigma²)), or
    another `kernel`. c is what g2 is clipped to from below, and c <= f2 on the box where a bound
    needs that. V bounds the variation of f2; see `boundcheck.theory.formulas.ratio`.

    Attributes:
        d, R, b, c, mass: rational numbers, or balls.
        sigma: of the normal kernel; None where `kernel` is given.
        kernel: another kernel whose marginals have a ridge representation; then there is
            `uniform` alone.

    Raises:
        BoundcheckError: a number out of its range, or not one of sigma and kernel.

    >>> pairs = RatioClass(d=1, R=fmpq(1), b=fmpq(1), c=fmpq(1, 10), sigma=fmpq(1, 2))
    >>> found = pairs.bounds(k=16, M=fmpq(2) ** 40)
    >>> for name in ("uniform", "weighted", "positivity_free"):
    ...     print(name, found[name].value.str(3, radius=False), *found[name].shown_in)
    uniform 0.0274 ratio_networks.network_for_a_ratio
    weighted 0.000119 ratio_networks.weighted_network
    positivity_free 0.328 ratio_networks.positivity_free_network
    """

    d: int
    R: Value
    b: Value
    c: Value
    sigma: Value | None = None
    mass: Value = _ONE
    kernel: Kernel | None = None

    def __post_init__(self) -> None:
        if (self.sigma is None) == (self.kernel is None):
            raise BoundcheckError("a ratio class has a normal kernel or another: sigma or kernel")
        positive = {"R": self.R, "c": self.c, "mass": self.mass}
        if self.sigma is not None:
            positive["sigma"] = self.sigma
        for name, value in positive.items():
            if value <= 0:  # for balls: certainly
                raise BoundcheckError(f"{name} = {value}; the admissible range is {name} > 0")
        if self.d < 1 or self.b < 0:
            raise BoundcheckError(
                f"d = {self.d}, b = {self.b}; the admissible range is d >= 1, b >= 0"
            )
        if self.c >= self.mass:
            raise BoundcheckError(
                f"c = {self.c}; the admissible range is 0 < c < mass = {self.mass}, since "
                "f2 <= mass"
            )

    def symbols(self, bits: int = BITS) -> dict[str, Value]:
        """Numbers for the symbols of `boundcheck.theory.formulas.ratio`, but for k and M."""
        known = {"d": fmpq(self.d), "R": self.R, "b": self.b, "c": self.c, "mass": self.mass}
        if self.sigma is None:
            return known | {"V": self.variation(bits)}
        return known | {"sigma": self.sigma, "kappa_d": kappa_at_most(self.d, bits)}

    def variation(self, bits: int = BITS) -> arb:
        """V, at least that of f2.

        >>> from boundcheck.theory.kernels.matern import Matern
        >>> box = {"d": 1, "R": fmpq(1), "b": fmpq(1), "c": fmpq(1, 10)}
        >>> print(RatioClass(**box, kernel=Matern(fmpq(3, 2))).variation().str(4, radius=False))
        3.070
        >>> print(RatioClass(**box, sigma=fmpq(1, 2)).variation().str(4, radius=False))
        4.852
        """
        if self.kernel is not None:
            with ctx.workprec(bits):
                return self.kernel.variation(self.d, bits) * arb(self.mass)
        chain = {name: ratio.TO_ERROR_L2[name] for name in _VARIATION}
        return arb(_one_by_one(chain, self.symbols(bits), bits)["V"])

    def evaluate(
        self, formulas: Mapping[str, Term], *, k: int, M: Value, bits: int = BITS, **more: Value
    ) -> dict[str, Value]:
        """Formulas in the symbols of this class, k and M, in what `TO_ERROR_L2` has, in `more` and
        in the formulas before them: of all of these the values."""
        known = self.symbols(bits) | {"k": fmpq(k), "M": M} | more
        skipped = () if self.kernel is None else _VARIATION
        chain = {n: f for n, f in ratio.TO_ERROR_L2.items() if n not in skipped}
        return _one_by_one(chain | dict(formulas), known, bits)

    def bounds(self, *, k: int, M: Value, bits: int = BITS) -> dict[str, RatioBound]:
        """The bounds of the ratio theorem for p = 2, with k cells along an edge and neurons of
        scale M, by name."""
        formulas = _EVERY_KERNEL if self.kernel is not None else {**_EVERY_KERNEL, **_NORMAL}
        found = self.evaluate(formulas, k=k, M=M, bits=bits)
        names = ("error_l2", *formulas)
        return {n: RatioBound(arb(found[n]), SHOWN_IN[n]) for n in names}


def _one_by_one(
    formulas: Mapping[str, Term], known: dict[str, Value], bits: int
) -> dict[str, Value]:
    for name, formula in formulas.items():
        known[name] = at_point(term(formula), known, bits)
    return known
