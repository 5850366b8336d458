"""What no learner can do better with m images, in numbers. See `formulas.lower_bounds`."""

from __future__ import annotations

import math
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from flint import acb, arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import term
from boundcheck.exact.terms.work import spend
from boundcheck.theory.formulas import lower_bounds
from boundcheck.theory.risk.risk_problem import Problem

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

BITS = 64
_TAIL = 8  # of the normal law: P(|Z| > L) <= exp(-L²/2)
_REACHES = 60
_LARGEST, _FLAT = 1e150, 200.0  # of doubles, and of arguments of cosh
_MOST_STEPS = 1000
"""So many are counted, those with the largest terms; the others have at least 0."""


class LowerBound(NamedTuple):
    """What is lost, whatever is learnt.

    Attributes:
        reach: B'; the first coordinate of x_0 is B' or -B', the others are 0.
        excess: a ball; Σ_{t>=first} w_t E|x̂_t - E[x_0|x_t]|² is not below it for some such law.
    """

    reach: fmpq
    excess: arb


def information(weights: list[arb], gammas: list[arb], bits: int = BITS) -> arb:
    """Σ w_t Ψ(γ_t) in a ball, Ψ(γ) = exp(-γ/2) E sech³(√γ Z) with Z standard normal; all >= 0.

    >>> information([arb(1)], [arb(1)]).str(8, radius=False)
    '0.31655535'
    """
    with ctx.workprec(bits):
        factors = [w * (-g / 2).exp() for w, g in zip(weights, gammas, strict=True)]
        roots = [acb(g.sqrt()) for g in gammas]

        def integrand(z: acb, _: bool) -> acb:
            spend(2 * len(roots))
            total = acb(0)
            for factor, root in zip(factors, roots, strict=True):
                total += factor * (root * z).sech() ** 3
            return total * (-z * z / 2).exp()

        tolerance = arb(2) ** -(bits // 2)
        found = acb.integral(integrand, -_TAIL, _TAIL, rel_tol=tolerance, abs_tol=tolerance)
        tail = sum(factors, arb(0)) * (-(arb(_TAIL) ** 2) / 2).exp()
        return found.real / (2 * arb.pi()).sqrt() + tail * arb(0).union(arb(1))


def lower_bound(problem: Problem, bits: int = BITS) -> LowerBound:
    """For every bounded learner that sees m images, which it may noise at all steps as often as it
    likes: what it loses at least, for some law in [-B, B]^d with that second moment. Any B' is
    admissible, and the one taken is good by a search in doubles; 0 where the data are 0."""
    steps = problem.schedule.steps(bits)[problem.first - 1 :]
    with ctx.workprec(bits):
        largest = min(problem.B**2, problem.second_moment)
        if largest == 0:
            return LowerBound(fmpq(0), arb(0))
        snr, w = (np.array([_double(getattr(s, name)) for s in steps]) for name in ("snr", "w"))
        reach, terms = _reach(largest, snr, w)
        if reach == 0:  # too small for doubles
            return LowerBound(reach, arb(0))
        if not reach**2 <= largest:
            raise ArithmeticError(f"the reach {reach} is not admissible")
        counted = sorted(np.argsort(-terms, kind="stable")[:_MOST_STEPS])
        square = arb(reach) ** 2
        known = {
            "m": fmpq(problem.m),
            "reach": reach,
            "information": information(
                [steps[k].w for k in counted], [steps[k].snr * square for k in counted], bits
            ),
        }
        found = arb(at_point(term(lower_bounds.LE_CAM), known, bits))
        return LowerBound(reach, found.max(arb(0)))


def _double(value: arb) -> float:
    """Not infinite, so that products with 0 are numbers."""
    return min(float(value), _LARGEST)


def _reach(largest: fmpq, snr: Floats, w: Floats) -> tuple[fmpq, Floats]:
    """A B' with B'² <= `largest` that makes B'² Σ w Ψ large, and w Ψ, in doubles."""
    nodes, masses = np.polynomial.hermite_e.hermegauss(60)
    root = math.sqrt(float(arb(largest))) * (1 - 2.0**-40)
    best, found, terms = -1.0, fmpq(0), w
    falls = math.log2(max(1.0, root * math.sqrt(snr.max()))) + 4
    with np.errstate(all="ignore"):
        for size in root * 2.0 ** -np.linspace(0, falls, _REACHES):
            gamma = np.minimum(snr * size**2, _LARGEST)
            angles = np.clip(np.outer(np.sqrt(gamma), nodes), -_FLAT, _FLAT)
            psi = np.cosh(angles) ** -3 @ masses * np.exp(-gamma / 2)
            value = float(size**2 * (w @ psi))
            if value > best:
                best, found, terms = value, fmpq(*float(size).as_integer_ratio()), w * psi
    return found, terms
