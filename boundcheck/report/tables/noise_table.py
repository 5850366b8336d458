"""The table `noise`: noise schedules beside each other, for the same data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from flint import arb, fmpq

from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.errors import BoundcheckError
from boundcheck.report.tables.lists import Watch, integers
from boundcheck.report.typeset.table import Cell, Table, at_most
from boundcheck.settings import Settings
from boundcheck.theory.outputs.distances import total_variation
from boundcheck.theory.risk.bayes_error import affine, bayes_steps, prior_term, without_learning
from boundcheck.theory.risk.classes.excess_risk import risks
from boundcheck.theory.risk.classes.step_risk import smallest
from boundcheck.theory.risk.problem_files import SECTIONS, read_config
from boundcheck.theory.risk.risk_problem import Problem, problem_of
from boundcheck.theory.risk.schedules import KINDS, MOST_STEPS, schedule_of
from boundcheck.theory.risk.schedules import PARAMETERS as SCHEDULE
from boundcheck.theory.theorems.theorem import ends

_DATA = SECTIONS["data"]
PARAMETERS = (
    *_DATA,
    *("schedules", "T", "beta_1", "beta_T", "s", "most", "zero_snr", "variance", "files"),
    *("m", "stop", "first"),
)
"""The data; schedules by name, each with each T, and files that have one; the size of the sample,
if something is to be learnt; where the model stops: at the first x_t with 1/snr_t >= stop, or at
x_(first-1)."""
_STOP = "1/100"
_COLUMNS = ("noise", "T", "stops at", "1/snr there", "prior term", "Bayes steps", "affine")
_NOTES = (
    "Upper bounds in nats, rounded up. affine: the excess of the affine predictor, which takes "
    "mean and covariance of the data and learns nothing. KL: of the law of x_t where the model "
    "stops from that of the model's x_t, t = 0 for data with a density.",
    "Shown in diffusion_steps.prior_term, diffusion_chain.divergence_by_information, "
    "information.affine_predictor (steps; a theorem, noise_levels.affine_predictor, where the data "
    "have the full rank), diffusion_chain.without_learning, end_to_end.of_excess_risks (of excess "
    "risks that are given; of the softmax class, end_to_end.end_to_end_bound), "
    "total_variation.total_variation, "
    "and for densities in fisher.bayes_steps.",
)
_LEARNT = (
    "smallest: the smallest excess at each step, of classes that learn from m samples and of the "
    "affine predictor; learnt_steps.one_step, where the parts of the excess are given."
)


def noise(given: Settings, watch: Watch) -> Table:
    """A row for each schedule."""
    if given.has("stop") and given.has("first"):
        raise BoundcheckError("stop and first both say where the model stops; give one of them")
    learning = given.has("m")
    problems = [(name, _problem(given, texts)) for name, texts in _schedules(given)]
    rows: list[tuple[Cell, ...]] = []
    for name, problem in problems:
        watch(f"{name}, T = {problem.schedule.T}")
        rows.append(_row(name, problem, learning))
    columns = (*_COLUMNS, *(("smallest",) if learning else ()), "KL", "TV")
    used = {name: given.text(name) for name in PARAMETERS if given.has(name)}
    if not given.has("files"):
        used = {"schedules": ";".join(KINDS), "T": "1000", **used}
    if not {"stop", "first", "fisher"} & used.keys():
        used["stop"] = _STOP
    title = "Noise schedules, and what the bound says of each"
    return Table("noise", title, columns, tuple(rows), (*_NOTES, *([_LEARNT] * learning)), used)


def _schedules(given: Settings) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The parameters of each schedule, beside a name."""
    shared = {n: given.text(n) for n in ("variance", "zero_snr") if given.has(n)}
    kinds = given.row("schedules", ";".join(KINDS)) if _named(given) else []
    for kind in kinds:
        if kind not in KINDS:
            raise BoundcheckError(
                f"schedules = {kind[:60]}; the schedules by name are {', '.join(KINDS)}"
            )
        own = {n: given.text(n) for n in KINDS[kind] if n != "T" and given.has(n)}
        for T in integers(given, "T", "1000", 1, MOST_STEPS):
            yield kind, {"schedule": kind, "T": str(T), **own, **shared}
    for file in given.row("files") if given.has("files") else []:
        path = Path(file)
        found = {n: v for n, v in read_config(path).items() if n in SCHEDULE}
        yield path.name, found | shared


def _named(given: Settings) -> bool:
    """Whether schedules by name are wanted: not where there are files alone."""
    return given.has("schedules") or not given.has("files")


def _problem(given: Settings, schedule: Mapping[str, str]) -> Problem:
    texts = {n: given.text(n) for n in (*_DATA, "first") if given.has(n)}
    if not ({"first", "fisher"} & texts.keys()) or given.has("stop"):
        texts["first"] = str(_stopping(given, schedule) + 1)
    return problem_of(Settings(given.of, {**schedule, **texts, "m": given.text("m", "1")}))


def _stopping(given: Settings, schedule: Mapping[str, str]) -> int:
    """The first t with 1/snr_t >= stop, up to what balls of 64 bits see."""
    stop = given.rational("stop", _STOP, above=0)
    found = schedule_of(Settings(given.of, {n: v for n, v in schedule.items() if n != "variance"}))
    for step in found.steps()[:-1]:
        if step.snr * arb(stop) <= 1:
            return step.t
    raise BoundcheckError(
        f"stop = {stop}, which 1/snr reaches at the last of {found.T} steps at the earliest; take "
        "a smaller one"
    )


def _row(name: str, problem: Problem, learning: bool) -> tuple[Cell, ...]:
    stops = problem.first - 1
    parts = prior_term(problem), bayes_steps(problem), sum(affine(problem), arb(0))
    known = without_learning(problem)
    totals = [known] if known is not None else []
    shown = list(parts)
    if learning:
        excess = smallest(risks(problem)).total()
        shown.append(excess)
        if known is not None:
            totals.append(parts[0] + parts[1] + excess)
    best = min(totals, key=lambda v: v.mid(), default=None)
    last: list[Cell] = ["", ""]
    if best is not None:
        last = [_most(best), _most(total_variation(best))]
    level: Cell = "0"
    if stops:
        snr = problem.schedule.steps()[stops - 1].snr
        level = Enclosure(*ends(1 / snr))
    return (name, problem.schedule.T, stops, level, *map(_most, shown), *last)


def _most(value: arb) -> str:
    upper = ends(value)[1] if value.is_finite() else None
    return at_most(upper) if isinstance(upper, fmpq) else "oo"
