"""The table `positivity`: the lower bound of f2 along the steps, and what the
bounds of the risk make of it."""

from __future__ import annotations

from flint import arb

from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.report.tables.lists import Watch, integers
from boundcheck.report.typeset.table import Cell, Table, at_most
from boundcheck.settings import Settings
from boundcheck.theory.risk.classes.excess_risk import risk
from boundcheck.theory.risk.classes.ratio_choices import VERSIONS
from boundcheck.theory.risk.risk_problem import PARAMETERS as PROBLEM
from boundcheck.theory.risk.risk_problem import problem_of
from boundcheck.theory.risk.schedules import settings_of
from boundcheck.theory.theorems.theorem import ends

PARAMETERS = (*PROBLEM, "t")
"""What it takes: the parameters of `boundcheck bound`, and a list of steps t."""


def positivity(given: Settings, watch: Watch) -> Table:
    """For some steps: the constant, and the excess of each version beside
    that of the predictor 0."""
    texts = {name: text for name, text in given.given.items() if name != "t"}
    problem = problem_of(Settings(given.of, {"m": "10**9", **texts}))
    T, first = problem.schedule.T, problem.first
    default = ";".join(str(t) for t in sorted({max(first, round(T ** (j / 8))) for j in range(9)}))
    ts = integers(given, "t", default, first, T)
    names = (*VERSIONS, "zero")
    versions = {name: {s.t: s for s in risk(problem, name, watch).steps} for name in names}
    steps = problem.schedule.steps()
    rows: list[tuple[Cell, ...]] = []
    for t in ts:
        found = [versions[name][t] for name in names]
        weighted, free = found[1].chosen, found[2].chosen
        rows.append(
            (
                t,
                _enclosed(steps[t - 1].alpha_bar),
                at_most(ends(weighted["R"])[1]),
                _enclosed(arb(weighted["c"])),
                *(at_most(ends(s.excess)[1]) for s in found),
                int(ends(free["n"])[1]),
            )
        )
    columns = (
        "t",
        "alpha_bar",
        "R",
        "f2 >=",
        "uniform",
        "weighted",
        "every f2",
        "predictor 0",
        "n, every f2",
    )
    notes = (
        (
            "f2 >=: exp(-d (R + sqrt(alpha_bar) B)^2/(2 (1 - alpha_bar))), the lower bound of f2 "
            "on [-R, R]^d, for the box that the weighted version chooses."
        ),
        (
            "The other columns bound the excess of the step: w_t times the squared error. "
            "They are rounded up; a version above the predictor 0 says nothing there. Shown in "
            "learnt_steps.one_step, where the parts of the excess are given, and "
            "learnt_steps.predictor_zero; the lower bound of f2 in "
            "positivity.largest_distance."
        ),
    )
    used = {
        "m": str(problem.m),
        "d": str(problem.d),
        "B": str(problem.B),
        **settings_of(given),
        **texts,
    }
    parameters = {**used, "t": ";".join(map(str, ts))}
    return Table(
        "positivity",
        "The positivity constant along the steps",
        columns,
        tuple(rows),
        notes,
        parameters,
    )


def _enclosed(value: arb) -> Enclosure:
    return Enclosure(*ends(value))
