"""The excess risk of ratio networks in three versions: every term at every step, in balls, at
choices that a search in floats made. See `formulas.end_to_end`."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.exact.terms.term import Term, number, substitute, term
from boundcheck.theory.formulas import covering, diffusion, end_to_end, oracle, ratio, shallow
from boundcheck.theory.kernels.ratio_pairs import RatioClass
from boundcheck.theory.ridge.kappa import kappa_at_most
from boundcheck.theory.risk.bayes_error import BITS, all_steps, data_of
from boundcheck.theory.risk.classes.dial import dials
from boundcheck.theory.risk.classes.ratio_choices import Case, choices
from boundcheck.theory.risk.classes.step_risk import TERMS, StepRisk, Watch, short
from boundcheck.theory.risk.risk_problem import Problem
from boundcheck.theory.risk.schedules import Step


def ratio_steps(
    problem: Problem, version: str, watch: Watch = lambda _: None, bits: int = BITS
) -> tuple[StepRisk, ...]:
    """The bound of the excess at each step t >= first for one of `ratio_choices.VERSIONS`."""
    steps, bits = all_steps(problem, bits)
    steps = tuple(s for s in steps if s.t >= problem.first)
    watch(f"{version}: choices")
    with ctx.workprec(bits):  # 1-ᾱ may be far below the roundoff of doubles
        sigma = np.array([float((1 - s.alpha_bar).sqrt()) for s in steps])
        shift = np.array([float(s.alpha_bar.sqrt() * arb(problem.B)) for s in steps])
    shared = _shared(problem, bits)
    found = choices(_case(problem, shared), version, sigma, shift)
    rows = []
    for j, step in enumerate(steps):
        if j % 64 == 0:
            watch(f"{version}: step {step.t} of {steps[-1].t}")
        rows.append(
            _step(
                problem,
                version,
                step,
                shared,
                R=found.R[j],
                k=int(found.k[j]),
                log2_c=found.log2_c[j],
                delta=found.delta[j],
                dial=dials()[found.dial[j]],
                bits=bits,
            )
        )
    return tuple(rows)


def _shared(problem: Problem, bits: int) -> dict[str, Value]:
    """The constants that all steps share, by the names that they have in formulas."""
    known: dict[str, Value] = {
        **data_of(problem),
        "m": fmpq(problem.m),
        "M": problem.M,
        "eps": problem.eps,
        "kappa_d": kappa_at_most(problem.d, bits),
    }
    known["c_sharp"] = at_point(term(shallow.C_SHARP), known, bits)
    return known


def _case(problem: Problem, shared: dict[str, Value]) -> Case:
    kappa_d, c_sharp = (float(arb(shared[name])) for name in ("kappa_d", "c_sharp"))
    return Case(
        d=problem.d,
        B=_float(problem.B),
        kappa=kappa_d,
        c_sharp=c_sharp,
        M=_float(problem.M),
        m=float(problem.m),
        dials=tuple((_float(A), _float(nu)) for A, nu in dials()),
    )


@cache
def _results(d: int) -> tuple[tuple[str, Term], ...]:
    formulas = {"excess": end_to_end.EXCESS, **end_to_end.PARTS}
    terms = substitute(map(term, formulas.values()), {"d": number(d)})
    return tuple(zip(formulas, terms, strict=True))


@cache
def _formulas(version: str, d: int) -> tuple[tuple[str, Term], ...]:
    """What is evaluated at each step, one after the other; d is put in, so that powers
    of integers stay integers."""
    clip = () if version == "positivity_free" else (("c", diffusion.POSITIVITY),)
    chain = {
        name: formula for name, formula in ratio.TO_ERROR_L2.items() if name != "c_sharp"
    }  # the same at each step
    formulas: tuple[tuple[str, Term], ...] = (
        ("n", ratio.NEURONS),
        *chain.items(),
        *clip,
        ("approximation", end_to_end.BOUNDS[version]),
        ("slope", end_to_end.SLOPE),
        ("Theta", end_to_end.THETA),
        *covering.TO_RATIO_LOG_N.items(),
        ("log_n", covering.RATIO_LOG_N_SMOOTH),
        ("net", oracle.NET_DIAL),
        ("estimation", oracle.ESTIMATION_DIAL),
        ("off_box", diffusion.OFF_BOX),
    )
    terms = substitute((term(formula) for _, formula in formulas), {"d": number(d)})
    return tuple((name, formula) for (name, _), formula in zip(formulas, terms, strict=True))


def _step(
    problem: Problem,
    version: str,
    step: Step,
    shared: dict[str, Value],
    *,
    R: float,
    k: int,
    log2_c: float,
    delta: float,
    dial: tuple[fmpq, fmpq],
    bits: int,
) -> StepRisk:
    # the search is not trusted: k >= 1, δ > 0, c < 1
    if k < 1 or short(delta) <= 0 or log2_c >= 0:
        raise ArithmeticError(
            f"step {step.t}: k = {k}, delta = {delta} or log2 c = {log2_c} is not admissible"
        )
    with ctx.workprec(bits):
        sigma, reach = (1 - step.alpha_bar).sqrt(), step.alpha_bar.sqrt() * arb(problem.B)
        side = short(R)
        while not arb(side) >= reach:  # the theorem wants R >= √ᾱ B
            side *= fmpq(129, 128)
        free = version == "positivity_free"  # of the positive versions c is a formula
        c = fmpq(2) ** math.floor(log2_c) if free else arb(0).union(arb(1))
    pairs = RatioClass(d=problem.d, R=side, b=problem.B, c=c, sigma=sigma)
    known: dict[str, Value] = {
        **shared,
        **pairs.symbols(bits),
        "alpha_bar": step.alpha_bar,
        "w": step.w,
        "k": fmpq(k),
        "delta": short(delta),
        "R0": side,
        **dict(zip(("A", "nu"), dial, strict=True)),
    }
    try:
        for name, formula in _formulas(version, problem.d):
            known[name] = at_point(formula, known, bits)
        numbers = {
            name: arb(at_point(formula, known, bits)) for name, formula in _results(problem.d)
        }
    except Unclear:  # c is too small for a ball that excludes 0
        numbers = dict.fromkeys((*TERMS, "excess"), arb("inf"))
    chosen = {name: known[name] for name in ("R", "k", "n", "c", "delta", "A", "nu")}
    return StepRisk(predictors=version, t=step.t, chosen=chosen, **numbers)


def _float(q: fmpq) -> float:
    return float(arb(q))
