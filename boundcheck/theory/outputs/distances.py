"""From a divergence to distances: total variation, and W_2 of the outputs from the data. See
`formulas.to_the_data`."""

from __future__ import annotations

from flint import arb, ctx

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas import to_the_data
from boundcheck.theory.risk.bayes_error import BITS, all_steps, data_of, error_at
from boundcheck.theory.risk.risk_problem import Problem


def total_variation(kl: arb, bits: int = BITS) -> arb:
    """At least the total variation of two laws with a divergence of at most the upper end of `kl`.

    If kl bounds the mean of divergences over samples, this bounds the mean total variation.

    >>> [total_variation(arb(kl)).str(3, radius=False) for kl in ("0.02", 7)]
    ['0.100', '1.00']
    """
    with ctx.workprec(bits):
        most = arb(kl).upper()
    if not most.is_finite():
        return arb(1)
    mantissa, exponent = most.man_exp()  # 1 - exp(-kl) loses what kl is smaller than 1
    bits += max(0, -int(exponent) - int(mantissa).bit_length())
    with ctx.workprec(bits):
        found = arb(at_point(term(to_the_data.TOTAL_VARIATION), {"kl": most}, bits))
        return found if found < 1 else arb(1)


def wasserstein(
    problem: Problem, kl: arb, excess: arb | None = None, bits: int = BITS
) -> dict[str, arb]:
    """At least W_2(data, output) for outputs made of the model's x_s, s = first - 1, all in the
    cube [-B, B]^d, if kl bounds the divergence of x_s from the model's x_s:

    - `clipped`: x_s/√ᾱ_s, clipped to the cube;
    - `affine`: the affine predictor at x_s, clipped to the cube; it knows mean and covariance;
    - `predictor`: one whose E|x̂ - E[x_0|x_s]|² is at most `excess`, where that is given.

    For first = 1 there is only `clipped`: the model's x_0, clipped to the cube. None is above the
    diameter 2B√d of the cube.

    Args:
        kl, excess: balls, of which the upper ends are taken.
    """
    steps, bits = all_steps(problem, bits)
    known = {**data_of(problem), "tv": total_variation(kl, bits)}
    found, errors = {}, {}
    if problem.first == 1:
        errors["clipped"] = arb(0), arb(0)
    else:
        step = steps[problem.first - 2]
        direct = term(to_the_data.WASSERSTEIN_CLIPPED)
        found["clipped"] = arb(at_point(direct, known | {"snr": step.snr}, bits))
        errors["affine"] = error_at(problem, step, bits, atoms=False), arb(0)
        if excess is not None:
            errors["predictor"] = error_at(problem, step, bits), arb(excess).upper()
    for name, (mmse, more) in errors.items():
        values = known | {"mmse": mmse.upper(), "excess": more}
        found[name] = arb(at_point(term(to_the_data.WASSERSTEIN), values, bits))
    with ctx.workprec(bits):
        diameter = 2 * arb(problem.B) * arb(problem.d).sqrt()
        return {name: value.min(diameter) for name, value in found.items()}
