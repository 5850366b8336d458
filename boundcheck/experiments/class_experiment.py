"""A diffusion model that knows the class of an image, trained on m samples and measured beside the
bound of `boundcheck bound --set classes=...`; d = 1.

For each class y of the data and each t >= 2 the bound chooses a class of predictors. Where these
are splines, their values at the knots are trained on the samples of the class y among m pairs
(x_0, x_t), from the interpolants of f1 and f2 on, with at most their empirical risk; the other
predictors, affine or 0, know what the theorem lets them know. The bound is one in the mean over
samples. Measured, on average over the classes: w_t E|x̂ - E[x_0|x_t, y]|² (`excess`), the loss
E|x̂ - x_0|², E|x_0 - E[x_0|x_t, y]|² and the same without the class, I(x_0; x_t|y), what the Bayes
predictor's step costs, and the divergence of x_1 from what is generated. `guidance` is the error of
P(y|x_t), summed over the classes: a quotient f1/f2 as well, by the interpolants of both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import term
from boundcheck.experiments import conditional_rows as rows
from boundcheck.experiments.chain import RESOLUTIONS, Function, Level, grid, levels
from boundcheck.experiments.data import PARAMETERS as DATA
from boundcheck.experiments.data import Data, Floats, data_of
from boundcheck.experiments.measurement import Measured, measured
from boundcheck.experiments.noise_steps import PARAMETERS as NOISE
from boundcheck.experiments.noise_steps import noise_of
from boundcheck.experiments.predictor import BITS, upper
from boundcheck.experiments.quadrature import Rule
from boundcheck.experiments.record import Watch, document
from boundcheck.experiments.training import SplineRatio, descend
from boundcheck.settings import Settings
from boundcheck.theory.formulas import diffusion
from boundcheck.theory.formulas.approximation import positivity
from boundcheck.theory.risk.bayes_error import error_at, information_at
from boundcheck.theory.risk.classes.spline_class import NAME as SPLINES
from boundcheck.theory.risk.classes.spline_class import squared_error
from boundcheck.theory.risk.classes.step_risk import Risk, StepRisk
from boundcheck.theory.risk.conditions.class_risk import (
    DataClass,
    class_bayes_steps,
    class_prior_term,
    class_risk,
    split,
    steps_of_classes,
)
from boundcheck.theory.risk.schedules import Step
from boundcheck.torchnet.backend import torch

PARAMETERS = (*DATA, "classes", *NOISE, "m", "repeats", "steps", "n", "reach", "seed")
_RESOLUTIONS = RESOLUTIONS[1]
_MOST_SAMPLES = 10**7
_MOST_KNOTS = 10**5
_SCALE = fmpq(2) ** 400
"""Of the neurons of guidance: as large as one likes."""
_KNOWN = ("affine", "zero", SPLINES)
"""Classes of predictors that are measured."""


@dataclass(frozen=True)
class Case:
    """The experiment before anything is trained.

    Attributes:
        whole, parts: all data, and those of each class.
        chosen: for each class what its steps t >= 2 add to the bound.
        risk: their sum.
    """

    whole: Data
    parts: tuple[Data, ...]
    classes: tuple[DataClass, ...]
    chosen: list[tuple[StepRisk, ...]]
    risk: Risk
    steps: tuple[Step, ...]
    m: int
    repeats: int
    training: int
    n: int
    reach: fmpq
    seed: int
    settings: dict[str, str]

    def weights(self) -> dict[int, float]:
        """w_t."""
        return {s.t: float(s.w) for s in self.steps}


def case_of(given: Settings) -> Case:
    """Read all parameters.

    Raises:
        BoundcheckError: one is refused; or the bound is that of predictors that are not trained
            here.
    """
    whole = data_of(given)
    if whole.dimension != 1:
        raise BoundcheckError(f"d = {whole.dimension}; the experiment classes is about d = 1")
    if given.has("atoms") and not given.has("classes"):
        raise BoundcheckError("classes has no value; name that of each atom, as in classes=0;1;1")
    names = given.text("classes", "0;1;1")
    m = given.integer("m", 10**6, least=1, most=_MOST_SAMPLES)
    sizes = {
        "repeats": given.integer("repeats", 2, least=1, most=100),
        "steps": given.integer("steps", 200, least=1, most=10**5),
        "n": given.integer("n", 200, least=1, most=_MOST_KNOTS),
        "seed": given.integer("seed", 0, least=0, most=2**31),
    }
    reach = given.rational("reach", "4", above=0, below=30)
    texts, steps = noise_of(given)
    data = {**whole.settings, "classes": names}
    classes = split(Settings(given.of, {**data, **texts, "m": str(m)}))
    chosen = steps_of_classes(classes)
    for s in (s for row in chosen for s in row if s.predictors not in _KNOWN):
        raise BoundcheckError(
            f"m = {m}: at t = {s.t} the smallest bound is that of {s.predictors}, which is not "
            "trained here; take another m"
        )
    parts = tuple(
        Data(tuple(u for _, u in c.problem.atoms), tuple(p for p, _ in c.problem.atoms), whole.B)
        for c in classes
    )
    settings = {**data, **texts, "m": str(m), "reach": str(reach)}
    settings |= {name: str(value) for name, value in sizes.items()}
    training = sizes.pop("steps")
    risk = class_risk(classes)
    return Case(whole, parts, classes, chosen, risk, steps, m, training=training, reach=reach,
                settings=settings, **sizes)  # fmt: skip


def run(given: Settings, watch: Watch) -> dict[str, Any]:
    """Train, measure, and state the bounds; see `document`.

    Raises:
        BoundcheckError: a parameter that is refused, before anything is trained.
    """
    case = case_of(given)
    chains = [_chain(case, j) for j in range(len(case.parts))]
    found: list[list[tuple[float, Measured]]] = [[] for _ in _RESOLUTIONS]
    for repeat in range(case.repeats):
        for j, (data, c) in enumerate(zip(case.parts, case.classes, strict=True)):
            predictors = _predictors(case, j, repeat, watch)
            share = nearest(c.probability) / case.repeats
            for means, resolution in zip(found, _RESOLUTIONS, strict=True):
                one = measured(data, chains[j], case.weights(), predictors, resolution, watch)
                means.append((share, one))
    coarse, fine = (rows.Means.of(parts) for parts in found)
    entries = [_row(case, s, coarse, fine) for s in case.steps[1:]]
    with ctx.workprec(BITS):
        bound = {
            "prior": upper(class_prior_term(case.classes)),
            "bayes_steps": upper(class_bayes_steps(case.classes)),
            "excess": upper(case.risk.total()),
        }
    total = rows.total(fine, coarse, case.steps, bound)
    return document("classes", case.settings, case.seed, entries, total)


# -- predictors ------------------------------------------------------------------------------------


def _chain(case: Case, j: int) -> list[Level]:
    sides, pieces = {}, {}
    for s in case.chosen[j]:
        spline = s.predictors == SPLINES
        sides[s.t] = nearest(fmpq(s.chosen["R"])) if spline else 0.0
        pieces[s.t] = 2 * sides[s.t] / int(fmpq(s.chosen["n"])) if spline else math.inf
    return levels(case.parts[j], case.steps, sides, pieces)


def _predictors(case: Case, j: int, repeat: int, watch: Watch) -> dict[int, Function]:
    """Of the j-th class, one for each step."""
    found: dict[int, Function] = {}
    for s in case.chosen[j]:
        data, share = case.parts[j], float(case.steps[s.t - 1].alpha_bar)
        if s.predictors == SPLINES:
            watch(f"sample {repeat + 1} of {case.repeats}, class {j + 1}: t = {s.t}")
            found[s.t] = _trained(case, j, s, share, [case.seed, repeat, j, s.t])
        else:
            mean, slope = _affine(data, share) if s.predictors == "affine" else (0.0, 0.0)
            centre = math.sqrt(share) * mean
            found[s.t] = lambda x, m=mean, a=slope, v=centre: m + a * (x - v)  # type: ignore[misc]
    return found


def _affine(data: Data, share: float) -> tuple[float, float]:
    """E x_0, and the slope of the best affine predictor."""
    atoms, chances = data.arrays()
    mean = float(chances @ atoms[:, 0])
    variance = float(chances @ (atoms[:, 0] - mean) ** 2)
    return mean, math.sqrt(share) * variance / (share * variance + 1 - share)


def _trained(case: Case, j: int, s: StepRisk, share: float, seed: list[int]) -> Function:
    """A quotient of splines with at most the empirical risk of the interpolants."""
    data, b = case.parts[j], nearest(case.whole.B)
    R, n = nearest(fmpq(s.chosen["R"])), int(fmpq(s.chosen["n"]))
    c = nearest(arb(s.chosen["c"]).lower().fmpq())
    atoms, chances = data.arrays()
    bells = _bells(np.linspace(-R, R, n + 1), atoms[:, 0], share)
    net = SplineRatio((chances * atoms[:, 0]) @ bells, chances @ bells, R, c, b)
    rng = np.random.default_rng(seed)
    count = rng.binomial(case.m, nearest(case.classes[j].probability))
    x_0: Floats = rng.choice(atoms[:, 0], count, p=chances / chances.sum())
    x = math.sqrt(share) * x_0 + math.sqrt(1 - share) * rng.standard_normal(count)
    inside = np.abs(x) <= R
    samples = (torch.from_numpy(x[inside, None]), torch.from_numpy(x_0[inside, None]), case.m)
    descend(net, net, net.project, samples, case.training, case.seed + s.t)
    return _frozen(net)


def _frozen(net: SplineRatio) -> Function:
    return torch.no_grad()(net.__call__)


def _bells(x: Floats, atoms: Floats, share: float) -> Floats:
    """exp(-(x - √ᾱ u)²/(2(1-ᾱ))) for the atoms u (K,) and the points x (N,): (K, N)."""
    return np.exp(-((x - math.sqrt(share) * atoms[:, None]) ** 2) / (2 * (1 - share)))


# -- guidance --------------------------------------------------------------------------------------


def _side(case: Case, step: Step) -> fmpq:
    with ctx.workprec(BITS):
        edge = step.alpha_bar.sqrt() * case.whole.B
        edge += arb(case.reach) * (1 - step.alpha_bar).sqrt()
        return fmpq(edge.upper().fmpq() * 1024).ceil() / fmpq(1024)


def _guidance(case: Case, step: Step) -> tuple[rows.Pair, fmpq]:
    """Σ_y E|P̂(y|x_t) - P(y|x_t)|², measured, and its bound: off the box P̂ is 0, and the squares of
    the probabilities have at most the sum 1."""
    R = _side(case, step)
    atoms = [(p, u) for p, (u,) in zip(case.whole.weights, case.whole.points, strict=True)]
    chosen = {"R": R, "n": fmpq(case.n), "M": _SCALE, "b": fmpq(1)}
    c, error = squared_error(atoms, step.alpha_bar, chosen, BITS)
    known = {"d": fmpq(1), "R": R, "B": case.whole.B, "alpha_bar": step.alpha_bar}
    with ctx.workprec(BITS):
        known["sigma"] = (1 - step.alpha_bar).sqrt()
        tail = arb(at_point(term(positivity.TAIL), known, BITS))
        bound = upper(len(case.classes) * error + tail)
    found = [_error_of_guidance(case, step, rule, nearest(R), nearest(c.lower().fmpq()))
             for rule in _rules(case, step, R)]  # fmt: skip
    return (found[0], found[1]), bound


def _rules(case: Case, step: Step, R: fmpq) -> list[Rule]:
    """Of the finer and the coarser quadrature."""
    side = nearest(R)
    every = levels(
        case.whole,
        case.steps,
        dict.fromkeys(case.weights(), side),
        dict.fromkeys(case.weights(), math.inf) | {step.t: 2 * side / case.n},
    )
    return [grid(every[step.t - 1], 1, r)[1] for r in reversed(_RESOLUTIONS)]


def _error_of_guidance(case: Case, step: Step, rule: Rule, side: float, c: float) -> float:
    share, x = float(step.alpha_bar), rule.nodes
    knots = np.linspace(-side, side, case.n + 1)
    law, _ = case.whole.posterior(x, share)

    def parts(points: Floats) -> Floats:
        """P(y) times the mean of the bells over the class y, for each y: (Y, N)."""
        pairs = [d.arrays() for d in case.parts]
        means = [w @ _bells(points, u[:, 0], share) for u, w in pairs]
        return np.array([nearest(k.probability) for k in case.classes])[:, None] * np.array(means)

    at_knots, at_nodes = parts(knots), np.maximum(parts(x[:, 0]), np.finfo(np.float64).tiny)
    total = 0.0
    for own, true in zip(at_knots, at_nodes / at_nodes.sum(axis=0), strict=True):
        net = _frozen(SplineRatio(own, at_knots.sum(axis=0), side, c, 1.0))
        gap = net(torch.from_numpy(x)).numpy()[:, 0] - true
        total += float((rule.weights * law) @ gap**2)
    return total


# -- a step ----------------------------------------------------------------------------------------


def _row(case: Case, step: Step, coarse: rows.Means, fine: rows.Means) -> dict[str, Any]:
    t = step.t
    names = ("gap", "loss", "mmse", "bayes_step", "information")
    pairs = {n: (fine.steps[n][t], coarse.steps[n][t]) for n in names}
    gap = pairs.pop("gap")
    guidance, most = _guidance(case, step)
    seen = {
        "excess": (float(step.w) * gap[0], float(step.w) * gap[1]),
        **pairs,
        "mmse_alone": rows.mmse_alone(case.whole, step, _rules(case, step, _side(case, step))),
        "guidance": guidance,
    }
    chosen = [next(s for s in row if s.t == t) for row in case.chosen]
    with ctx.workprec(BITS):
        pairs_of = [(arb(c.probability), c.problem) for c in case.classes]
        mmse = sum((p * error_at(of, step, BITS) for p, of in pairs_of), arb(0))
        information = sum((p * information_at(of, step, BITS) for p, of in pairs_of), arb(0))
        excess = next(s for s in case.risk.steps if s.t == t).excess
        bound = {
            "excess": upper(excess),
            "loss": upper(excess / step.w + mmse),
            "mmse": upper(mmse),
            "bayes_step": upper(at_point(term(diffusion.BAYES_STEP), {"w": step.w, "mmse": mmse})),
            "information": information.lower().fmpq(),
            "trivial": upper(step.w * case.whole.second_moment),
            "guidance": most,
        }
    about = {"predictors": ", ".join(s.predictors for s in chosen)}
    return rows.row(step, about, seen, bound)
