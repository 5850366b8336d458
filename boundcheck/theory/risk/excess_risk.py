"""The end-to-end bound with numbers: every term at every step, in balls, at choices that
a search in floats made."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.exact.terms.term import Term, number, substitute, term
from boundcheck.theory.formulas import covering, diffusion, end_to_end, oracle, ratio, shallow
from boundcheck.theory.ridge.kappa import kappa_at_most
from boundcheck.theory.risk.bayes_error import BITS, all_steps, data_of
from boundcheck.theory.risk.choices import Case, choices
from boundcheck.theory.risk.risk_problem import Problem
from boundcheck.theory.risk.schedules import Step

Watch = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class StepRisk:
    """One step: the choices, and the terms of its excess, each times w_t.

    Attributes:
        version: uniform, weighted or positivity_free.
        t, R, k, n, delta: the step, and what was chosen: the box, cells, neurons of a
            coordinate, radius of the net.
        c: lower clip of g2, in the positive versions the lower bound of f2 on the box.
        approximation, net, samples, optimisation, off_box: their sum is `excess`; all are infinite
            where c is too small for the exponents of balls.
        trivial: the excess of the predictor 0.
    """

    version: str
    t: int
    R: fmpq
    k: int
    n: int
    delta: fmpq
    c: Value
    approximation: arb
    net: arb
    samples: arb
    optimisation: arb
    off_box: arb
    excess: arb
    trivial: arb


TERMS = ("approximation", "net", "samples", "optimisation", "off_box")
"""What the excess is the sum of: 2d approximation, 12 d B δ, 16 d B² (log N + 1)/m, 2
eps, off_box, all times w."""


@dataclass(frozen=True)
class Risk:
    """The excess risk of one version, summed over the steps."""

    version: str
    steps: tuple[StepRisk, ...]

    def total(self, name: str) -> arb:
        """Of a term, of `excess` or of `trivial`, over all steps; at 128 bits, or
        more where more are set."""
        with ctx.workprec(max(BITS, ctx.prec)):
            return sum((getattr(step, name) for step in self.steps), arb(0))

    @property
    def dominating(self) -> str:
        """The term with the largest sum."""
        return max(TERMS, key=lambda name: self.total(name).mid())

    @property
    def worst(self) -> StepRisk:
        """The step with the largest excess."""
        return max(self.steps, key=lambda step: step.excess.mid())

    @property
    def vacuous(self) -> bool:
        """Whether the bound is larger than what the predictor 0 achieves."""
        return not self.total("excess") <= self.total("trivial")


def risk(problem: Problem, version: str, watch: Watch = lambda _: None, bits: int = BITS) -> Risk:
    """The bound of the excess for one of `choices.VERSIONS`."""
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
                bits=bits,
            )
        )
    return Risk(version, tuple(rows))


def smallest(versions: Sequence[Risk]) -> Risk:
    """The smallest of several versions at each step."""
    columns = zip(*(version.steps for version in versions), strict=True)
    return Risk(
        "smallest", tuple(min(column, key=lambda step: step.excess.mid()) for column in columns)
    )


def _shared(problem: Problem, bits: int) -> dict[str, Value]:
    """The constants that all steps share, by the names that they have in formulas."""
    known: dict[str, Value] = {
        **data_of(problem),
        "b": problem.B,
        "m": fmpq(problem.m),
        "M": problem.M,
        "eps": problem.eps,
        "mass": fmpq(1),
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
    )


@cache
def _results(d: int) -> tuple[tuple[str, Term], ...]:
    formulas = {"excess": end_to_end.EXCESS, "trivial": end_to_end.TRIVIAL, **end_to_end.PARTS}
    terms = substitute(map(term, formulas.values()), {"d": number(d)})
    return tuple(zip(formulas, terms, strict=True))


@cache
def _formulas(version: str, d: int, sharp: bool) -> tuple[tuple[str, Term], ...]:
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
        ("net", oracle.NET),
        ("estimation", oracle.ESTIMATION_SHARP if sharp else oracle.ESTIMATION),
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
    bits: int,
) -> StepRisk:
    known: dict[str, Value] = {
        **shared,
        "alpha_bar": step.alpha_bar,
        "w": step.w,
        "k": fmpq(k),
        "delta": short(delta),
    }
    with ctx.workprec(bits):
        known["sigma"] = (1 - step.alpha_bar).sqrt()
        reach = step.alpha_bar.sqrt() * arb(problem.B)
        side = short(R)
        while not arb(side) >= reach:  # the theorem wants R >= √ᾱ B
            side *= fmpq(129, 128)
        known["R"] = known["R0"] = side
    # the search is not trusted: k >= 1, δ > 0, c < 1
    if k < 1 or known["delta"] <= 0 or log2_c >= 0:
        raise ArithmeticError(
            f"step {step.t}: k = {k}, delta = {delta} or log2 c = {log2_c} is not admissible"
        )
    known["c"] = (
        fmpq(2) ** math.floor(log2_c) if version == "positivity_free" else arb(0).union(arb(1))
    )
    try:  # of the positive versions c is a formula
        for name, formula in _formulas(version, problem.d, problem.sharp):
            known[name] = at_point(formula, known, bits)
        numbers = {
            name: arb(at_point(formula, known, bits)) for name, formula in _results(problem.d)
        }
    except Unclear:  # c is too small for a ball that excludes 0
        numbers = dict.fromkeys((*TERMS, "excess"), arb("inf"))
        numbers["trivial"] = arb(at_point(term(end_to_end.TRIVIAL), known, bits))
    n = known["n"]
    assert isinstance(n, fmpq)
    return StepRisk(
        version=version,
        t=step.t,
        R=side,
        k=k,
        n=int(n.p),
        delta=short(delta),
        c=known["c"],
        **numbers,
    )


def short(value: float) -> fmpq:
    """A dyadic rational with 8 bits that is not far above a positive float."""
    mantissa, exponent = math.frexp(value)
    return fmpq(math.ceil(mantissa * 256)) * fmpq(2) ** (exponent - 8)


def _float(q: fmpq) -> float:
    return float(arb(q))
