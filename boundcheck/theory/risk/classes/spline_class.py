"""The excess risk of the class of splines, in one dimension: every term at every step, in balls, at
choices that a search in floats made. See `formulas.splines`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.exact.terms.term import Term, number, substitute, term
from boundcheck.theory.formulas import end_to_end, oracle
from boundcheck.theory.formulas.approximation import positivity, splines
from boundcheck.theory.risk.bayes_error import BITS, all_steps, data_of
from boundcheck.theory.risk.classes.dial import dials
from boundcheck.theory.risk.classes.spline_choices import Choice, Data, choice
from boundcheck.theory.risk.classes.spline_density import by_atoms, by_moment
from boundcheck.theory.risk.classes.step_risk import TERMS, StepRisk, Watch, short
from boundcheck.theory.risk.risk_problem import Problem
from boundcheck.theory.risk.schedules import Step

NAME = "splines"


def unfit(problem: Problem) -> str:
    """Why there is no bound: the dimension.

    >>> from boundcheck.settings import Settings
    >>> from boundcheck.theory.risk.risk_problem import problem_of
    >>> unfit(problem_of(Settings("bound", {"d": "2", "m": "9"})))
    'splines are for d = 1'
    """
    return "" if problem.d == 1 else "splines are for d = 1"


def spline_steps(
    problem: Problem, watch: Watch = lambda _: None, bits: int = BITS
) -> tuple[StepRisk, ...]:
    """The bound of the excess at each step t >= first, for d = 1."""
    steps, bits = all_steps(problem, bits)
    data, rows = _data(problem), []
    for step in steps[problem.first - 1 :]:
        if step.t % 64 == 0:
            watch(f"{NAME}: step {step.t} of {steps[-1].t}")
        with ctx.workprec(bits):
            scale, sigma = step.alpha_bar.sqrt(), (1 - step.alpha_bar).sqrt()
        found = choice(data, float(scale), float(sigma))
        rows.append(_step(problem, step, sigma, found, bits))
    return tuple(rows)


def _data(problem: Problem) -> Data:
    weights, points = (
        np.array([float(arb(v)) for v in column])
        for column in ([p for p, _ in problem.atoms], [u for _, (u, *_) in problem.atoms])
    )
    return Data(
        B=float(arb(problem.B)),
        m=float(problem.m),
        second_moment=float(arb(problem.second_moment)),
        weights=weights,
        points=points,
        dials=[(float(arb(A)), float(arb(nu))) for A, nu in dials()],
    )


FORMULAS = {
    "kappa": positivity.DENSITY,
    "Lambda": splines.LAMBDA,
    "approximation": splines.APPROXIMATION,
    "error": splines.ERROR,
    "spline": splines.SPLINE,
    "smooth": splines.SMOOTH,
    "sensitivity": splines.SENSITIVITY,
    "parameters": splines.PARAMETERS,
    "log_n": splines.LOG_N_SMOOTH,
    "net": oracle.NET_DIAL,
    "estimation": oracle.ESTIMATION_DIAL,
    "off_box": positivity.OFF_BOX,
    "squared": splines.SQUARED,
}
"""What is evaluated at each step, one after the other; `mass` is 1, and `squared` is what the
excess knows as the approximation."""


def squared_error(
    atoms: Sequence[tuple[fmpq, fmpq]], alpha_bar: arb, chosen: dict[str, fmpq], bits: int = BITS
) -> tuple[arb, arb]:
    """c, and at least ∫_Ω q |f1/f2 - r|² dx for a function r of the class, |f1| <= b f2, where f2
    is that of x_t = √ᾱ x_0 + √(1-ᾱ) ε.

    Args:
        atoms: all x_0, pairs of a probability and a point.
        chosen: R, n, M and b.

    >>> atoms = [(fmpq(1, 2), fmpq(1)), (fmpq(1, 2), fmpq(-1))]
    >>> chosen = {"R": fmpq(3), "n": fmpq(100), "M": fmpq(2) ** 90, "b": fmpq(1)}
    >>> [v.str(3, radius=False) for v in squared_error(atoms, arb(0.5), chosen)]
    ['0.00261', '8.62e-6']
    """
    with ctx.workprec(bits):
        sigma = (1 - alpha_bar).sqrt()
        known: dict[str, Value] = {**chosen, "sigma": sigma, "mass": fmpq(1), "d": fmpq(1)}
    shape = by_atoms(atoms, chosen["R"], alpha_bar, sigma, bits)
    known |= {"c": shape.c, "slope": shape.slope, "inverse": shape.inverse}
    for name in ("kappa", "Lambda", "approximation", "error", "spline", "smooth", "squared"):
        known[name] = at_point(term(FORMULAS[name]), known, bits)
    return shape.c, arb(known["squared"])


@cache
def _formulas() -> tuple[tuple[tuple[str, Term], ...], tuple[tuple[str, Term], ...]]:
    values = {"d": number(1), "mass": number(1)}
    results = {"excess": end_to_end.EXCESS, **end_to_end.PARTS}
    first, last = (
        tuple(zip(names, substitute(map(term, names.values()), values), strict=True))
        for names in (FORMULAS, results)
    )
    return first, last


def _step(problem: Problem, step: Step, sigma: arb, found: Choice, bits: int) -> StepRisk:
    A, nu = dials()[found.dial]
    side, delta = short(found.R), short(found.delta)
    if found.n < 1 or delta <= 0 or side <= 0:
        raise ArithmeticError(f"step {step.t}: {found} is not admissible")
    known: dict[str, Value] = {
        **data_of(problem),
        "b": problem.B,
        "m": fmpq(problem.m),
        "eps": problem.eps,
        "alpha_bar": step.alpha_bar,
        "sigma": sigma,
        "w": step.w,
        "R": side,
        "n": fmpq(found.n),
        "M": fmpq(2) ** found.log2_M,
        "delta": delta,
        "A": A,
        "nu": nu,
    }
    first, last = _formulas()
    try:
        if problem.atoms:
            points = [(p, u) for p, (u,) in problem.atoms]
            shape = by_atoms(points, side, step.alpha_bar, sigma, bits)
        else:
            shape = by_moment(known, bits)
        known |= {"c": shape.c, "slope": shape.slope, "inverse": shape.inverse}
        if not shape.c > 0:
            raise Unclear("f2 is too small")
        for name, formula in first:
            known[name] = at_point(formula, known, bits)
        known["approximation"] = known["squared"]
        numbers = {name: arb(at_point(formula, known, bits)) for name, formula in last}
    except Unclear:  # c is too small for a ball that excludes 0
        numbers = dict.fromkeys((*TERMS, "excess"), arb("inf"))
        known.setdefault("c", arb(0))
    chosen = {name: known[name] for name in ("R", "n", "c", "delta", "A", "nu", "M")}
    return StepRisk(predictors=NAME, t=step.t, chosen=chosen, **numbers)
