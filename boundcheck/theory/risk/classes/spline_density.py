"""How small f2 is on a box, how steep its logarithm, and the integral of 1/f2, in one dimension.

f2(x) = E exp(-(x - √ᾱ u)²/(2σ²)). The derivative g of log f2 has g(x) + x/σ² nondecreasing, so
that around a point y

    f2(x) >= f2(y) exp(g(y) (x - y) - (x - y)²/(2σ²)),

`proofs/splines/log_density.py` has this. With equidistant points, of distance h, these tangents
miss a factor exp(h²/(8σ²)) at most. Without knowing the law of u, bounds by its second moment.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas.approximation import positivity

_CELLS_PER_SIGMA = 8
_MOST_CELLS = 4000


@dataclass(frozen=True)
class Shape:
    """On [-R, R]: c <= f2, |(log f2)'| <= slope, and `inverse` is at least the integral of 1/f2."""

    c: arb
    slope: arb
    inverse: arb


def by_moment(known: dict[str, Value], bits: int) -> Shape:
    """From E u² <= second_moment and |u| <= B alone; `known` has R, sigma, alpha_bar too."""
    c, inverse = (
        arb(at_point(term(f), known, bits)) for f in (positivity.MOMENT, positivity.INVERSE)
    )
    with ctx.workprec(bits):
        R, sigma, alpha_bar, B = (arb(known[n]) for n in ("R", "sigma", "alpha_bar", "B"))
        return Shape(c, (R + alpha_bar.sqrt() * B) / sigma**2, inverse)


def by_atoms(
    atoms: Sequence[tuple[fmpq, fmpq]], R: fmpq, alpha_bar: arb, sigma: arb, bits: int
) -> Shape:
    """From all atoms, pairs of a probability and a point."""
    cells = math.ceil(min(_MOST_CELLS, max(16, float(2 * R / sigma) * _CELLS_PER_SIGMA)))
    with ctx.workprec(bits):
        scale, variance, h = alpha_bar.sqrt(), sigma**2, arb(2 * R / cells)
        points = [(arb(p), scale * arb(u)) for p, u in atoms]
        curve = h**2 / (8 * variance)
        lost = curve.exp()
        least, steepest, inverse, before = arb("inf"), arb(0), arb(0), arb(0)
        for j in range(cells + 1):
            x = arb(-R + 2 * R * j / cells)
            f, first = arb(0), arb(0)
            for p, u in points:
                value = p * (-((x - u) ** 2) / (2 * variance)).exp()
                f += value
                first += value * (u - x)
            g = first / (f * variance)
            size = abs(g)
            if j:
                steepest = steepest.max(size.max(before) + h / variance)
            before = size
            for side, inside in ((-g, j > 0), (g, j < cells)):
                if inside:
                    z = side * h / 2
                    least = least.min(f * (z - curve).exp().min(arb(1)))
                    inverse += h / 2 * lost * _mean_of_exp(-z) / f
    return Shape(least.lower(), steepest.upper(), inverse.upper())


def _mean_of_exp(z: arb) -> arb:
    """At least (e^z - 1)/z, the mean of exp(zt) over 0 <= t <= 1.

    For small z that is its largest value, which bounds it for every z.
    """
    return z.exp().max(arb(1)) if abs(z) < 1e-6 or z.contains(0) else z.expm1() / z
