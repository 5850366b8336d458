"""The excess risk of networks of given sizes: depth, width and a bound of the parameters. See
`formulas.architecture`."""

from __future__ import annotations

from functools import cache

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.exact.terms.term import Term, number, substitute, term
from boundcheck.theory.formulas import architecture, covering, diffusion, information, oracle
from boundcheck.theory.risk.bayes_error import all_steps, data_of
from boundcheck.theory.risk.classes.dial import dials
from boundcheck.theory.risk.classes.step_risk import StepRisk, Watch, short
from boundcheck.theory.risk.risk_problem import Architecture, Problem
from boundcheck.theory.risk.schedules import Step

_REACHES = np.linspace(0.05, 12, 48)  # (R - √ᾱ B)/σ


def unfit(problem: Problem) -> str:
    """Why there is no bound; empty if there is one."""
    sizes = problem.architecture
    if sizes is None:
        return "no architecture was given; it takes depth, width and theta"
    if sizes.width < problem.d:
        return f"width = {sizes.width} is below the dimension {problem.d} of the data"
    if sizes.theta * (sizes.width + 1) < 1:
        return f"theta = {sizes.theta} is below 1/(width + 1)"
    return ""


def architecture_steps(problem: Problem, watch: Watch, bits: int) -> tuple[StepRisk, ...]:
    """The bound of the excess at each step t >= first."""
    assert problem.architecture is not None
    steps, bits = all_steps(problem, bits)
    watch("architecture")
    shared: dict[str, Value] = {
        **data_of(problem),
        "b": problem.B,
        "m": fmpq(problem.m),
        "eps": problem.eps,
        "L": fmpq(problem.architecture.depth),
        "W": fmpq(problem.architecture.width),
        "Theta": problem.architecture.theta,
    }
    shared["P"] = at_point(term(architecture.PARAMETERS), shared, bits)
    counted = steps[problem.first - 1 :]
    return tuple(_step(problem, problem.architecture, s, shared, bits) for s in counted)


def _step(
    problem: Problem, sizes: Architecture, step: Step, shared: dict[str, Value], bits: int
) -> StepRisk:
    known: dict[str, Value] = {**shared, "alpha_bar": step.alpha_bar, "w": step.w}
    with ctx.workprec(bits):
        sigma, reach = (1 - step.alpha_bar).sqrt(), step.alpha_bar.sqrt() * arb(problem.B)
        loss = arb(0) if problem.spread == 0 else _value(information.AFFINE, known, bits)
        R, A, nu = _chosen(problem, shared, float(sigma), float(reach), float(loss))
        while not arb(R) >= reach:  # the search is not trusted
            R *= fmpq(129, 128)
        delta = short(float(arb(problem.B * fmpq(shared["P"]) / (4 * (1 + A) * nu * problem.m))))
    known |= {"R": R, "R0": R, "A": A, "nu": nu, "delta": delta}
    # for ᾱ = 0 the affine predictor is constant, and needs no more than the formula for small ᾱ
    seen = step.alpha_bar if step.alpha_bar > 0 else arb(fmpq(1, 2**30))
    needed = _value(architecture.AFFINE_PARAMETERS, known | {"alpha_bar": seen}, bits)
    known["comparator"] = loss if needed <= arb(sizes.theta) else problem.second_moment
    for name, formula in _formulas(problem.d):
        known[name] = at_point(formula, known, bits)
    numbers = {name: arb(at_point(f, known, bits)) for name, f in _results(problem.d)}
    chosen = {name: known[name] for name in ("R", "P", "delta", "A", "nu")}
    return StepRisk(predictors="architecture", t=step.t, chosen=chosen, **numbers)


def _value(formula: Term, known: dict[str, Value], bits: int) -> arb:
    return arb(at_point(term(formula), known, bits))


@cache
def _formulas(d: int) -> tuple[tuple[str, Term], ...]:
    formulas = {
        "sensitivity": covering.SENSITIVITY,
        "argument": covering.ARGUMENT,
        "log_n": covering.LOG_N_SMOOTH,
        "net": oracle.NET_DIAL,
        "estimation": oracle.ESTIMATION_DIAL,
        "off_box": diffusion.OFF_BOX,
    }
    return tuple(zip(formulas, _in(d, *formulas.values()), strict=True))


@cache
def _results(d: int) -> tuple[tuple[str, Term], ...]:
    w, A = diffusion.w, oracle.A
    formulas = {
        "approximation": w * A * oracle.comparator,
        "net": w * diffusion.d * oracle.net,
        "samples": w * diffusion.d * oracle.estimation,
        "optimisation": w * A * oracle.eps,
        "off_box": w * architecture.off_box,
        "excess": architecture.EXCESS,
    }
    return tuple(zip(formulas, _in(d, *formulas.values()), strict=True))


def _in(d: int, *formulas: Term) -> tuple[Term, ...]:
    return substitute(map(term, formulas), {"d": number(d)})


def _chosen(
    problem: Problem, shared: dict[str, Value], sigma: float, reach: float, loss: float
) -> tuple[fmpq, fmpq, fmpq]:
    """R, A and ν, by a search in floats."""
    b, d, m, P = (float(arb(v)) for v in (problem.B, problem.d, problem.m, shared["P"]))
    L, W, theta = (float(arb(shared[name])) for name in ("L", "W", "Theta"))
    A, nu = (np.array([float(arb(v)) for v in column]) for column in zip(*dials(), strict=True))
    R = (reach + sigma * _REACHES)[:, None]
    log_delta = np.log(b * P / (4 * (1 + A) * nu * m))
    log_size = np.log(L + 1) + (L + 1) * np.log((W + 1) * theta) + np.log(np.maximum(1, R))
    log_n = P * np.logaddexp(0, log_size - log_delta)
    off = d * b**2 * np.minimum(1, d * np.exp(-(_REACHES[:, None] ** 2) / 2))
    total = A * loss + d * (4 * (1 + A) * b * np.exp(log_delta) + b**2 * log_n / (nu * m)) + off
    best = np.unravel_index(np.nan_to_num(total, nan=np.inf).argmin(), total.shape)
    chosen = dials()[int(best[1])]
    return short(float(R[int(best[0]), 0])), *chosen
