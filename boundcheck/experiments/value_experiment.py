"""A diffusion model that knows a noisy value y of each image, with constructed predictors, measured
beside its bounds; d = 1.

Each atom u_k has a value v_k, and y = v_k + τ η with a normal η. The Bayes predictor E[x_0|x_t, y]
is a quotient f1/f2 of marginals in two variables, of a kernel that is a product; with y scaled by
√(1-ᾱ_t)/τ the noise is isotropic, and the ratio theorem for d = 2 applies. At every t >= 2 the
predictor is the ratio network of `constructions` on a box of both variables, and 0 outside. What is
measured, on average over y by quadrature, is what the experiment `classes` measures. Bounds: those
of the ratio theorem, in the mean over draws, one of which is measured; of the error
E|x_0 - E[x_0|x_t, y]|², and so of the Bayes steps, those of a model that does not know y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.constructions.marginal import Marginal
from boundcheck.constructions.marginal_pairs import positivity
from boundcheck.constructions.ratio_network import ratio
from boundcheck.constructions.sizes import neuron_limit
from boundcheck.constructions.stratified import stratified
from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import Term, call, mul, number, term
from boundcheck.experiments import conditional_rows as rows
from boundcheck.experiments.chain import RESOLUTIONS, Function, Level, grid, levels
from boundcheck.experiments.data import PARAMETERS as DATA
from boundcheck.experiments.data import Data, data_of
from boundcheck.experiments.measurement import measured
from boundcheck.experiments.noise_steps import PARAMETERS as NOISE
from boundcheck.experiments.noise_steps import noise_of
from boundcheck.experiments.predictor import BITS, Choice, Predictor, upper
from boundcheck.experiments.quadrature import line
from boundcheck.experiments.record import Watch, document
from boundcheck.settings import Settings, exact
from boundcheck.theory.formulas import diffusion, end_to_end
from boundcheck.theory.formulas.approximation import positivity as tails
from boundcheck.theory.kernels.ratio_pairs import RatioClass
from boundcheck.theory.risk.bayes_error import bayes_steps, error_at, prior_term
from boundcheck.theory.risk.risk_problem import Problem, problem_of
from boundcheck.theory.risk.schedules import Step
from boundcheck.torchnet.backend import torch

_CHOICE = ("k", "reach", "c", "M", "seed")
PARAMETERS = (*DATA, "values", "tau", *NOISE, *_CHOICE)
_RESOLUTIONS = RESOLUTIONS[1]
_MOST_NEURONS = 20_000
_WIDTHS = 6.0  # of the noise of y, beyond the values
_PER_WIDTH = (1.5, 2.5)  # nodes in y


@dataclass(frozen=True)
class Target:
    """The pair f1, f2 in x and the scaled y at one ᾱ, and what is proved of its network.

    Attributes:
        scale: by which y is multiplied.
        R, c, version: as in `predictor.Target`.
        gap_bound: an upper bound of E|x̂_0(x_t, y) - E[x_0|x_t, y]|², in the mean over draws [D].
    """

    f1: Marginal
    f2: Marginal
    scale: float
    R: fmpq
    c: fmpq
    version: str
    gap_bound: fmpq

    def predictor(self, B: fmpq, choice: Choice, seed: int) -> Predictor:
        """The ratio network."""
        built = stratified([self.f2, self.f1], self.R, choice.k, seed=seed, M=choice.M)
        net = ratio(built.network, c=self.c, C=1, b=B, M=choice.M, output_clip=True)
        return Predictor(net.network, built.neurons, self.R)


@dataclass(frozen=True)
class Case:
    """The experiment before anything is built."""

    data: Data
    values: tuple[fmpq, ...]
    tau: fmpq
    problem: Problem
    steps: tuple[Step, ...]
    targets: Mapping[int, Target]
    levels: list[Level]
    choice: Choice
    settings: dict[str, str]


def case_of(given: Settings) -> Case:
    """Read all parameters.

    Raises:
        BoundcheckError: one is refused.
    """
    data = data_of(given)
    if data.dimension != 1:
        raise BoundcheckError(f"d = {data.dimension}; the experiment values is about d = 1")
    if given.has("atoms") and not given.has("values"):
        raise BoundcheckError("values has no value; give that of each atom, as in values=1;0;0")
    values = tuple(exact(v, "values") for v in given.row("values", "1;0;-1"))
    if len(values) != len(data.points):
        raise BoundcheckError(
            f"{len(values)} values for {len(data.points)} atoms; each atom needs one, as in "
            "atoms=1;-1/2;-1 with values=1;0;0"
        )
    tau = given.rational("tau", "1/2", above=fmpq(1, 1000), below=1000)
    choice = Choice(
        k=given.integer("k", 16, least=1),
        reach=given.rational("reach", "4", above=0, below=30),
        c=given.rational("c", "1e-5", above=0, below=1),
        M=given.rational("M", "2**40", above=0),
        seed=given.integer("seed", 0, least=0, most=2**31),
    )
    if (limit := neuron_limit(2, choice.k, 2)) > _MOST_NEURONS:
        raise BoundcheckError(
            f"k = {choice.k} may need {limit} neurons, more than the {_MOST_NEURONS} that are "
            "evaluated for many y; take a smaller k"
        )
    texts, steps = noise_of(Settings(given.of, {"T": "5", **given.given}))
    targets = {s.t: target(data, values, tau, s, choice) for s in steps[1:]}
    sides = {t: nearest(aim.R) for t, aim in targets.items()}
    pieces = {t: side / choice.k for t, side in sides.items()}
    settings = {**data.settings, "values": ";".join(map(str, values)), "tau": str(tau), **texts}
    settings |= {n: str(getattr(choice, n)) for n in _CHOICE}
    problem = problem_of(Settings(given.of, {**data.settings, **texts, "m": "1"}))
    found = levels(data, steps, sides, pieces)
    return Case(data, values, tau, problem, steps, targets, found, choice, settings)


def target(data: Data, values: tuple[fmpq, ...], tau: fmpq, step: Step, choice: Choice) -> Target:
    """The target at the dyadic rational that is ᾱ_t, nearly; no network is built yet."""
    share = rational(float(step.alpha_bar))
    root, sigma = (call("sqrt", number(v)) for v in (share, 1 - share))
    atoms = [
        (_times(root, u), _times(sigma, v / tau))
        for (u,), v in zip(data.points, values, strict=True)
    ]
    f2 = Marginal.of(atoms, data.weights, variance=1 - share)
    masses = [p * u for (u,), p in zip(data.points, data.weights, strict=True)]
    kept = [(a, m) for a, m in zip(atoms, masses, strict=True) if m != 0]
    f1 = Marginal.of([a for a, _ in kept], [m for _, m in kept], variance=1 - share)
    with ctx.workprec(BITS):
        noise = (1 - arb(share)).sqrt()
        farthest = max(map(abs, values))
        far = (arb(share).sqrt() * data.B).max(noise * farthest / tau)
        R = fmpq((far + choice.reach * noise).upper().fmpq() * 1024).ceil() / fmpq(1024)
        scale = float(noise / tau)
    candidates = [(choice.c, "positivity_free")]
    try:
        lower = positivity(f2, R)
    except BoundcheckError:  # too small to be of use
        lower = fmpq(0)
    if lower >= choice.c:
        candidates += [(lower, "positivity_free"), (lower, "weighted")]
    bounds = [_gap_bound(data.B, far, noise, R, c, v, choice) for c, v in candidates]
    bound, (c, version) = min(zip(bounds, candidates, strict=True), key=lambda pair: pair[0])
    return Target(f1, f2, scale, R, c, version, bound)


def _times(root: Term, factor: fmpq) -> Term:
    return number(0) if factor == 0 else mul(root, number(factor))


def _gap_bound(
    B: fmpq, far: arb, sigma: arb, R: fmpq, c: fmpq, version: str, choice: Choice
) -> fmpq:
    """On the box by the ratio theorem for d = 2; off it B² P(off): no coordinate of the points is
    larger than `far`."""
    pairs = RatioClass(d=2, R=R, b=B, c=c, sigma=sigma)
    formulas = {version: end_to_end.BOUNDS[version], "tail": tails.TAIL}
    box: dict[str, Value] = {"alpha_bar": fmpq(1), "B": far}
    found = pairs.evaluate(formulas, k=choice.k, M=choice.M, bits=BITS, **box)
    with ctx.workprec(BITS):
        return upper(arb(found[version]) + B**2 * arb(found["tail"]))


# -- the experiment --------------------------------------------------------------------------------


def run(given: Settings, watch: Watch) -> dict[str, Any]:
    """Build the networks, measure, and state the bounds; see `document`.

    Raises:
        BoundcheckError: a parameter that is refused, before anything is built.
    """
    case = case_of(given)
    built = {}
    for t, aim in case.targets.items():
        watch(f"networks: t = {t} of {len(case.steps)}")
        built[t] = aim.predictor(case.data.B, case.choice, case.choice.seed + t)
    coarse, fine = (
        _measured(case, built, resolution, width, watch)
        for resolution, width in zip(_RESOLUTIONS, _PER_WIDTH, strict=True)
    )
    entries = [_row(case, s, built[s.t], coarse, fine) for s in case.steps[1:]]
    bound = {
        "prior": upper(prior_term(case.problem, BITS)),
        "bayes_steps": upper(bayes_steps(case.problem, BITS)),
    }
    with ctx.workprec(BITS):
        costs = [s.w * case.targets[s.t].gap_bound for s in case.steps[1:]]
        bound["excess"] = upper(sum(costs, arb(0)))
    total = rows.total(fine, coarse, case.steps, bound)
    return document("values", case.settings, case.choice.seed, entries, total)


def _measured(
    case: Case, built: Mapping[int, Predictor], resolution: float, width: float, watch: Watch
) -> rows.Means:
    tau, values = nearest(case.tau), [nearest(v) for v in case.values]
    _, chances = case.data.arrays()
    edges = [min(values) - _WIDTHS * tau, max(values) + _WIDTHS * tau]
    rule = line(edges, tau / width)
    weights = {s.t: float(s.w) for s in case.steps}
    parts = []
    for j, (y, share) in enumerate(zip(rule.nodes[:, 0], rule.weights, strict=True)):
        watch(f"y: {j + 1} of {len(rule.weights)}")
        bells = chances * np.exp(-((y - np.array(values)) ** 2) / (2 * tau**2))
        chance = bells.sum() / np.sqrt(2 * np.pi * tau**2)
        given = np.maximum(bells / bells.sum(), np.finfo(np.float64).tiny)
        data = Data(case.data.points, tuple(map(rational, given.tolist())), case.data.B)
        at_y = {t: _at(net, float(y) * case.targets[t].scale) for t, net in built.items()}
        one = measured(data, case.levels, weights, at_y, resolution, lambda _: None)
        parts.append((float(share * chance), one))
    return rows.Means.of(parts)


def _at(net: Predictor, y: float) -> Function:
    return lambda x: net(torch.cat([x, torch.full_like(x, y)], dim=1))


def _row(
    case: Case, step: Step, net: Predictor, coarse: rows.Means, fine: rows.Means
) -> dict[str, Any]:
    t, aim = step.t, case.targets[step.t]
    names = ("gap", "loss", "mmse", "bayes_step")
    pairs = {n: (fine.steps[n][t], coarse.steps[n][t]) for n in names}
    gap, w = pairs.pop("gap"), float(step.w)
    rules = [grid(case.levels[t - 1], 1, r)[1] for r in reversed(_RESOLUTIONS)]
    seen = {
        "excess": (w * gap[0], w * gap[1]),
        **pairs,
        "mmse_alone": rows.mmse_alone(case.data, step, rules),
    }
    with ctx.workprec(BITS):
        mmse = error_at(case.problem, step, BITS)
        bound = {
            "excess": upper(step.w * aim.gap_bound),
            "loss": upper(aim.gap_bound + mmse),
            "mmse": upper(mmse),
            "bayes_step": upper(at_point(term(diffusion.BAYES_STEP), {"w": step.w, "mmse": mmse})),
            "trivial": upper(step.w * case.data.second_moment),
        }
    about = {
        **{"neurons": net.neurons, "depth": net.depth, "R": nearest(aim.R), "c": nearest(aim.c)},
        "version": aim.version,
    }
    return rows.row(step, about, seen, bound)
