"""A diffusion model whose predictors are constructed, not trained: what it generates,
measured beside its bounds.

At every t >= 2 the predictor is the ratio network of `constructions` on Ω_t = [-R_t, R_t]^d and 0
outside, or the softmax network (`network=softmax`). Measured, by quadrature in float64 at two
resolutions: the gap E|x̂_0(x_t) - E[x_0|x_t]|² to the Bayes predictor, mmse_t, I(x_0; x_t), what the
Bayes predictor's step costs, and how far the law of x_1 is from what is generated, from densities
that are propagated through the chain. Bounds: those of `boundcheck.theory`, in balls; of ratio
networks they hold in the mean over draws, and one draw is measured.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.constructions.sizes import neuron_limit
from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import term
from boundcheck.experiments.chain import RESOLUTIONS, Level, bins, levels, sample
from boundcheck.experiments.data import PARAMETERS as DATA
from boundcheck.experiments.data import Data, Floats, data_of
from boundcheck.experiments.measurement import Measured, measured
from boundcheck.experiments.noise_steps import PARAMETERS as NOISE
from boundcheck.experiments.noise_steps import noise_of
from boundcheck.experiments.predictor import (
    BITS,
    Choice,
    Predictor,
    SoftmaxTarget,
    Target,
    evaluated,
    softmax_target,
    target,
    upper,
)
from boundcheck.experiments.record import Watch, above, at_least, at_most, document, holds
from boundcheck.settings import Settings
from boundcheck.theory.formulas import diffusion
from boundcheck.theory.outputs.distances import total_variation
from boundcheck.theory.risk.bayes_error import bayes_steps, error_at, information_at
from boundcheck.theory.risk.risk_problem import Problem, problem_of
from boundcheck.theory.risk.schedules import Step

_CHOICE = ("k", "reach", "c", "M", "seed", "n", "Lambda")
NETWORKS: Mapping[str, Callable[[Data, float, Choice], Target | SoftmaxTarget]] = {
    "ratio": target,
    "softmax": softmax_target,
}
"""Predictors by name."""
PARAMETERS = (*DATA, *NOISE, "network", *_CHOICE, "samples")
MOST_NEURONS = 100_000
MOST_SAMPLES = 10**6
_CELLS = {1: 64, 2: 16}
_ROUNDING = 2.0**-44  # of mmse_t, a difference of second moments, which late steps hardly change


@dataclass(frozen=True)
class Case:
    """The experiment before anything is built."""

    data: Data
    problem: Problem
    steps: tuple[Step, ...]
    targets: Mapping[int, Target | SoftmaxTarget]
    levels: list[Level]
    choice: Choice
    samples: int
    settings: dict[str, str]

    def weight(self, t: int) -> float:
        """w_t."""
        return float(self.steps[t - 1].w)


def run(given: Settings, watch: Watch) -> dict[str, Any]:
    """Build the networks, measure, sample, and state the bounds; see `document`.

    Raises:
        BoundcheckError: a parameter that is refused, before anything is built.
    """
    case = case_of(given)
    predictors: dict[int, Predictor] = {}
    for t, aim in case.targets.items():
        watch(f"networks: t = {t} of {len(case.steps)}")
        predictors[t] = aim.predictor(case.choice, case.choice.seed + t)
    weights = {t: case.weight(t) for t in case.targets}
    coarse, fine = (
        measured(case.data, case.levels, weights, predictors, resolution, watch)
        for resolution in RESOLUTIONS[case.data.dimension]
    )
    watch("samples")
    points = sample(case.levels, predictors, case.data.dimension, case.samples, case.choice.seed)
    rows = [_row(case, t, predictors[t], coarse, fine) for t in case.targets]
    return document(
        "ddpm", case.settings, case.choice.seed, rows, _total(case, coarse, fine, points)
    )


def case_of(given: Settings) -> Case:
    """Read all parameters.

    Raises:
        BoundcheckError: one is refused.
    """
    data = data_of(given)
    d = data.dimension
    choice = Choice(
        k=given.integer("k", _CELLS[d], least=1),
        reach=given.rational("reach", "4", above=0, below=30),
        c=given.rational("c", "1e-5", above=0, below=1),
        M=given.rational("M", "2**40", above=0),
        seed=given.integer("seed", 0, least=0, most=2**31),
        n=given.integer("n", 400, least=1, most=MOST_NEURONS),
        Lambda=given.rational("Lambda", "12", above=0, below=100),
    )
    network = given.choice("network", "ratio", tuple(NETWORKS))
    K = len(data.points)
    if network == "softmax" and (count := K * (K - 1) * (choice.n + 1)) > MOST_NEURONS:
        raise BoundcheckError(
            f"n = {choice.n} makes {count} neurons, more than the {MOST_NEURONS} that are "
            "evaluated on a grid; take a smaller n"
        )
    if network == "ratio" and neuron_limit(d, choice.k, d + 1) > MOST_NEURONS:
        raise BoundcheckError(
            f"k = {choice.k} may need {neuron_limit(d, choice.k, d + 1)} neurons, more than the "
            f"{MOST_NEURONS} that are evaluated on a grid; take a smaller k"
        )
    samples = given.integer("samples", 20_000, least=100, most=MOST_SAMPLES)
    texts, steps = noise_of(given)
    with ctx.workprec(BITS):
        shares = {s.t: float(s.alpha_bar) for s in steps}
    targets = {s.t: NETWORKS[network](data, shares[s.t], choice) for s in steps[1:]}
    sides = {t: nearest(aim.R) for t, aim in targets.items()}
    settings = {
        **data.settings,
        **texts,
        "network": network,
        **{n: str(getattr(choice, n)) for n in _CHOICE},
        "samples": str(samples),
    }
    problem = problem_of(Settings(given.of, {**data.settings, **texts, "m": "1"}))
    found = levels(data, steps, sides, {t: side / choice.k for t, side in sides.items()})
    return Case(data, problem, steps, targets, found, choice, samples, settings)


# -- the document ----------------------------------------------------------------------------------

_PRIOR = (("prior", term(diffusion.PRIOR)),)


def _step_bounds(case: Case, t: int) -> dict[str, fmpq]:
    """Upper bounds of the excess w_t gap_t, of mmse_t, of the Bayes predictor's step, and of the
    excess of the predictor 0; a lower bound of I(x_0; x_t)."""
    step, moment = case.steps[t - 1], case.data.second_moment
    with ctx.workprec(BITS):
        excess, trivial = (upper(step.w * value) for value in (case.targets[t].gap_bound, moment))
        mmse = error_at(case.problem, step, BITS)
        known: dict[str, Value] = {"w": step.w, "mmse": mmse}
        return {
            "excess": excess,
            "mmse": upper(mmse),
            "information": information_at(case.problem, step, BITS).lower().fmpq(),
            "bayes_step": upper(at_point(term(diffusion.BAYES_STEP), known, BITS)),
            "trivial": trivial,
        }


def _row(
    case: Case, t: int, predictor: Predictor, coarse: Measured, fine: Measured
) -> dict[str, Any]:
    aim, gap, change = case.targets[t], fine.gap[t], abs(fine.gap[t] - coarse.gap[t])
    bounds, kept = _step_bounds(case, t), holds(gap, change, aim.gap_bound)
    for name, compare in (("bayes_step", holds), ("information", above)):
        seen, before = (getattr(level, name)[t] for level in (fine, coarse))
        kept = kept and compare(seen, abs(seen - before), bounds[name])
    kept = kept and holds(fine.mmse[t] - _ROUNDING * fine.mmse[t], 0.0, bounds["mmse"])
    return {
        "t": t,
        "alpha_bar": case.levels[t - 1].alpha_bar,
        "R": case.levels[t - 1].R,
        "c": nearest(aim.c),
        "neurons": predictor.neurons,
        "depth": predictor.depth,
        "w": case.weight(t),
        "version": aim.version,
        "measured": {
            "gap": gap,
            "change": change,
            "excess": case.weight(t) * gap,
            "mmse": fine.mmse[t],
            "information": fine.information[t],
            "bayes_step": fine.bayes_step[t],
        },
        "bound": {
            n: at_least(v) if n == "information" else at_most(v)
            for n, v in {"gap": aim.gap_bound, **bounds}.items()
        },
        "holds": kept,
    }


def _total(case: Case, coarse: Measured, fine: Measured, points: Floats) -> dict[str, Any]:
    steps = [_step_bounds(case, t) for t in case.targets]
    known: dict[str, Value] = {
        "alpha_bar": case.steps[-1].alpha_bar,
        "second_moment": case.data.second_moment,
        "d": fmpq(case.data.dimension),
    }
    bound = {
        **evaluated(_PRIOR, known),
        "bayes_steps": upper(bayes_steps(case.problem, BITS)),
        "excess": sum((s["excess"] for s in steps), fmpq(0)),
    }
    bound["divergence"] = sum(bound.values(), fmpq(0))
    bound["total_variation"] = upper(total_variation(arb(bound["divergence"]), BITS))
    terms = {
        "prior": fine.prior,
        "bayes_steps": sum(fine.bayes_step.values()),
        "excess": sum(case.weight(t) * gap for t, gap in fine.gap.items()),
    }
    compared = {
        "divergence": (fine.divergence, coarse.divergence),
        "prior": (fine.prior, coarse.prior),
        "total_variation": (fine.total_variation, coarse.total_variation),
        "bayes_steps": (terms["bayes_steps"], sum(coarse.bayes_step.values())),
    }
    return {
        "measured": {
            "divergence": fine.divergence,
            "total_variation": fine.total_variation,
            "change": abs(fine.divergence - coarse.divergence),
            **terms,
            "sum": sum(terms.values()),
            "defect": fine.defect,
        },
        "bound": {name: at_most(value) for name, value in bound.items()},
        "histogram": _histogram(case, fine, points),
        "holds": all(
            holds(seen, abs(seen - before), bound[name])
            for name, (seen, before) in compared.items()
        ),
    }


def _histogram(case: Case, fine: Measured, points: Floats) -> dict[str, Any]:
    """Samples and the computed density of x_1 in bins, the last coordinate running
    fastest; their total variation."""
    d = case.data.dimension
    edges = bins(case.levels[0], d)
    cells = [len(edges) - 1] * d
    counts, _ = np.histogramdd(np.clip(points, edges[0], edges[-1]), [edges] * d)
    place = np.searchsorted(edges, fine.axis.nodes[:, 0]) - 1
    index = place if d == 1 else np.add.outer(place * cells[0], place).ravel()
    masses = np.bincount(index, fine.masses, math.prod(cells))
    distance = float(np.abs(counts.ravel() / len(points) - masses).sum() / 2)
    return {
        "edges": edges,
        "counts": counts.ravel().astype(int).tolist(),
        "masses": masses.tolist(),
        "distance": distance,
    }
