"""How near networks with n ReLU neurons in one hidden layer come to a kernel marginal on a box:
each of the bounds that are known, in balls. [D]

Setting: that of `boundcheck.theory.formulas.shallow`; n counts the affine neuron. What the search
chooses (cells, draws, t) is not trusted: every choice is valid, and its bound and its neurons are
evaluated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from flint import arb, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term, number, substitute, term
from boundcheck.theory.formulas import shallow
from boundcheck.theory.formulas.approximation import random_neurons, ridge_variation
from boundcheck.theory.ridge.kappa import kappa_at_most, profile_mass_at_most

_TAILS = [fmpq(i, 8) for i in range(2, 41)]
"""Choices of t."""


@dataclass(frozen=True)
class Approximation:
    """A bound of the error in L²(Ω) of some network with at most n neurons.

    Attributes:
        method: stratified, maurey, maurey_sphere or blocks.
        error: the bound, as a ball.
        coefficients: Λ, a bound of the sum of |outer coefficients|; with SignReLU of scale M the
            error grows by at most Λ/M. Of blocks it is an argument in words, not a theorem.
        choice: cells k, or draws n_1 and t.
    """

    method: str
    error: arb
    coefficients: arb
    choice: dict[str, fmpq]


def approximations(
    d: int, R: fmpq, sigma: Value, mass: Value, n: int, bits: int = 128
) -> tuple[Approximation, ...]:
    """All bounds that say something for n neurons, the smallest one first.

    Stratified, the error is c_sharp V R k^(-(d+3)/2) at the largest k with N(k) <= n; one by one
    V R √(d/(6(n-1))), or V_2 R/√(6(n-1)); by blocks mass √(Q_h/(n_1(1 - exp(-t²/2)))) with at most
    n_blocks <= n neurons.

    Raises:
        BoundcheckError: n < 2, or d is not from 1 to a million.

    >>> found = approximations(6, fmpq(1), fmpq(1, 2), fmpq(1), 10**5)
    >>> [(a.method, a.error.str(2, radius=False)) for a in found]
    [('blocks', '0.010'), ('maurey_sphere', '0.036'), ('maurey', '0.061'), ('stratified', '0.068')]
    >>> approximations(3072, fmpq(1), fmpq(1, 2), fmpq(1), 10**5)[0].error.str(2, radius=False)
    '0.21'
    """
    if n < 2:
        raise BoundcheckError(f"n = {n}; a network of random neurons needs at least 2")
    known: dict[str, Value] = {"d": fmpq(d), "R": R, "sigma": sigma, "mass": mass}
    known["kappa_d"], known["I_d"] = kappa_at_most(d, bits), profile_mass_at_most(d, bits)
    evaluate = _Evaluated(known, d, bits)
    evaluate("V_moment", shallow.MOMENT_BOUND)
    evaluate("V_kernel", shallow.KERNEL_BOUND)
    evaluate("V", shallow.VARIATION)
    evaluate("V_2", ridge_variation.SPHERE)
    found = [*_stratified(evaluate, n), *_one_by_one(evaluate, n), *_blocks(evaluate, n)]
    return tuple(sorted(found, key=lambda a: float(a.error.mid())))


class _Evaluated:
    """Formulas one after the other, with d put in; those before are known."""

    def __init__(self, known: dict[str, Value], d: int, bits: int) -> None:
        self.known, self.d, self.bits = known, d, bits

    def __call__(self, name: str, formula: Term, **choice: Value) -> Value:
        self.known |= choice
        (at_d,) = substitute((term(formula),), {"d": number(self.d)})
        self.known[name] = at_point(at_d, self.known, self.bits)
        return self.known[name]


def _stratified(evaluate: _Evaluated, n: int) -> list[Approximation]:
    d = evaluate.d
    if d > math.log2(n):
        return []
    low, high = 0, n + 1  # N(low) <= n < N(high)
    while high - low > 1:
        k = (low + high) // 2
        fits = 1 + 2 * d * (k + 1) ** d + 4 * d * k**d <= n
        low, high = (k, high) if fits else (low, k)
    if low == 0:
        return []
    k = fmpq(low)
    evaluate("c_sharp", shallow.C_SHARP)
    error = arb(evaluate("stratified", shallow.L2_SHARP, k=k))
    return [Approximation("stratified", error, arb(evaluate("Lambda", shallow.LAMBDA)), {"k": k})]


def _one_by_one(evaluate: _Evaluated, n: int) -> list[Approximation]:
    found = []
    for name, formula, size in (
        ("maurey", random_neurons.MAUREY, "V"),
        ("maurey_sphere", random_neurons.MAUREY_SPHERE, "V_2"),
    ):
        draws = fmpq(n - 1)
        error = arb(evaluate(name, formula, n=draws))
        found.append(Approximation(name, error, arb(evaluate.known[size]), {"n": draws}))
    return found


def _blocks(evaluate: _Evaluated, n: int) -> list[Approximation]:
    h = at_point(random_neurons.BEST_STEP, {})
    evaluate("Q_h", random_neurons.SPREAD, h=h)
    known = evaluate.known
    c = 2 * float(arb(known["R"])) / (float(arb(h)) * float(arb(known["sigma"])))
    best: Approximation | None = None
    for t in _TAILS:
        a = 1 + c * math.sqrt(2 / math.pi) * evaluate.d
        b = c * float(arb(t)) * math.sqrt(evaluate.d)
        root = (math.sqrt(b * b + 4 * a * (n - 1)) - b) / (2 * a)
        for n_1 in (math.floor(root**2), math.floor(root**2) - 1):
            if n_1 < 1:
                break
            neurons = arb(evaluate("n_blocks", random_neurons.BLOCKS_NEURONS, n_1=fmpq(n_1), t=t))
            if neurons <= n:
                error = arb(evaluate("blocks", random_neurons.BLOCKS))
                if best is None or error < best.error:
                    size = arb(evaluate("Lambda", random_neurons.BLOCKS_LAMBDA))
                    best = Approximation("blocks", error, size, {"n_1": fmpq(n_1), "t": t})
                break
    return [] if best is None else [best]
