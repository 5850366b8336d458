"""Whether the spectral data of a kernel fit together, by quadrature in balls."""

from __future__ import annotations

from collections.abc import Callable

from flint import acb, arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas.approximation import kernels
from boundcheck.theory.kernels.kernel import Kernel

_BITS = 192
_RELATIVE = fmpq(1, 10**6)
_END = 2**40


def check(kernel: Kernel, d: int) -> None:
    """That |S^(d-1)| ∫_0^∞ r^(d-1) λ dr is K(0) = 1 up to a millionth, and that ‖G - G_inf‖ is not
    smaller than the integral of (G - G_inf)² says, up to a millionth. They are evaluated in balls
    up to r = 2^40. (‖G'‖ is not looked at.)

    Raises:
        BoundcheckError: one of them is another number, or no digits of it are found.
    """
    with ctx.workprec(_BITS):
        sphere = arb(at_point(term(kernels.SPHERE), {"d": fmpq(d)}, _BITS))
        mass = sphere * _integral(lambda r: r ** (d - 1) * kernel.density(r, d))
        if not abs(mass - 1) < arb(_RELATIVE):
            raise BoundcheckError(
                f"the spectral density of {kernel.name} in d = {d} has the mass "
                f"{mass.str(8, radius=False)}, not 1"
            )
        data = kernel.spectrum(d, _BITS)
        if data is None:
            return
        square = _integral(lambda r: (r ** (d + 1) * kernel.density(r, d) - acb(data.limit)) ** 2)
        if not square.sqrt() * (1 - arb(_RELATIVE)) < data.norm:
            raise BoundcheckError(
                f"the norm of G - G_inf of {kernel.name} in d = {d} is {square.sqrt().str(8)}, "
                f"not {data.norm.str(8)}"
            )


def _integral(f: Callable[[acb], acb]) -> arb:
    """∫ f from 2^-40 to 2^40, by powers of two."""
    total, low = arb(0), arb(1) / _END
    while low < _END:
        piece = acb.integral(lambda r, analytic: f(r), low, 2 * low)
        total, low = total + arb(piece.real), 2 * low
    return total
