"""Predictors trained by empirical risk minimisation on m samples, measured beside the
oracle inequality; d = 1.

Data x_0 in [-B, B], x = √ᾱ x_0 + √(1-ᾱ) ε, Ω = [-R, R]. The class F: a shallow layer of n SignReLU
neurons of scale M with the outputs g2 and g1, all its parameters in [-Θ, Θ]; then a tail without
free parameters, the clips to [c, 1] and [-B, B], the division gate, and the clip of the quotient
to [-B, B]; 0 outside Ω. The comparator f_0 in F is the constructed ratio network, drawn before any
sample. Training starts there and keeps the best parameters in [-Θ, Θ] that it meets, so that f̂ has
at most the empirical risk of f_0. Then, for f* = E[x_0|x] 1_Ω, in the mean over samples,

    E‖f̂ - f*‖² <= 2‖f_0 - f*‖² + 12 B δ + 11 B² log N(δ)/m          (norms of L²(law of x)).

Measured: both norms, by quadrature in float64, over several draws of samples. Bounds: the last
two terms, in balls, with log N of `boundcheck.theory.formulas.covering`; ‖f_0 - f*‖² is measured,
or bounded by the ratio theorem: then n and Θ are those that no draw of f_0 exceeds (`proved`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from boundcheck.constructions.ratio_network import ratio_tail
from boundcheck.constructions.sizes import neuron_limit
from boundcheck.constructions.stratified import Approximation
from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.networks.curves import nearest
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import term
from boundcheck.experiments.data import PARAMETERS as DATA
from boundcheck.experiments.data import Data, Floats, data_of
from boundcheck.experiments.predictor import Choice, Target, evaluated, target
from boundcheck.experiments.quadrature import line
from boundcheck.experiments.record import Watch, at_most, document, holds
from boundcheck.experiments.training import descend, load_state, state_of
from boundcheck.settings import Settings, exact
from boundcheck.theory.formulas import covering, oracle
from boundcheck.theory.formulas.rates import rate
from boundcheck.torchnet.backend import nn, torch
from boundcheck.torchnet.convert import to_torch
from boundcheck.torchnet.dtypes import format_of
from boundcheck.torchnet.module import SignReLU
from boundcheck.torchnet.weights import rounded

PARAMETERS = (*DATA, "abar", "k", "reach", "c", "M", "m", "repeats", "steps", "seed")
MOST_SAMPLES = 2**20
_SAMPLES = "64;256;1024;4096;16384;65536"
_NODES = (1501, 1000)  # of the quadratures that are compared
_WIDEST = (
    100  # standard deviations of the noise in R, so that the quadrature has five nodes in each
)


@dataclass(frozen=True)
class Case:
    """The experiment before anything is built: for each m the construction and its target."""

    data: Data
    sizes: tuple[int, ...]
    choices: tuple[Choice, ...]
    targets: tuple[Target, ...]
    repeats: int
    steps: int
    settings: dict[str, str]


def case_of(given: Settings) -> Case:
    """Read all parameters.

    Raises:
        BoundcheckError: one is refused.
    """
    data = data_of(given)
    if data.dimension != 1:
        raise BoundcheckError(f"d = {data.dimension}; the experiment erm is about d = 1")
    abar = given.rational("abar", "1/2", above=0, below=1)
    reach = given.rational("reach", "3", above=0, below=30)
    c, M = given.rational("c", "1/100", above=0, below=1), given.rational("M", "2**40", above=0)
    seed = given.integer("seed", 0, least=0, most=2**31)
    sizes = _integers(given.row("m", _SAMPLES), "m", MOST_SAMPLES)
    cells = _integers(given.row("k", "2"), "k", 64)
    if len(cells) not in (1, len(sizes)):
        raise BoundcheckError(
            f"{len(cells)} entries k for {len(sizes)} entries m; give one k for all, "
            "or one for each"
        )
    if sorted(set(sizes)) != list(sizes):
        raise BoundcheckError(
            f"m = {';'.join(map(str, sizes))}; the numbers of samples must increase"
        )
    choices = tuple(Choice(k, reach, c, M, seed) for k in (cells * len(sizes))[: len(sizes)])
    repeats, steps = (
        given.integer("repeats", 3, least=1, most=100),
        given.integer("steps", 600, least=1, most=10**5),
    )
    share = nearest(abar)
    targets = tuple(target(data, share, choice) for choice in choices)
    for aim in targets:
        _resolved(abar, aim)
    settings = {
        **data.settings,
        **{"abar": str(abar), "reach": str(reach), "c": str(c), "M": str(M), "seed": str(seed)},
        **{"m": ";".join(map(str, sizes)), "k": ";".join(map(str, cells))},
        **{"repeats": str(repeats), "steps": str(steps)},
    }
    return Case(data, sizes, choices, targets, repeats, steps, settings)


def _resolved(abar: fmpq, aim: Target) -> None:
    widths = nearest(aim.R) / math.sqrt(1 - nearest(aim.alpha_bar))
    if widths > _WIDEST:
        raise BoundcheckError(
            f"abar = {abar}: the box has R = {widths:.4g} standard deviations of the noise, "
            f"more than the {_WIDEST} that the quadrature resolves; take a smaller abar, "
            "or data in a smaller box"
        )


def _integers(texts: list[str], name: str, most: int) -> tuple[int, ...]:
    values = [exact(v, name) for v in texts]
    for v in values:
        if v.q != 1 or not 1 <= v <= most:
            raise BoundcheckError(f"{name} = {v}; it must be an integer from 1 to {most}")
    return tuple(int(v.p) for v in values)


# -- the class -------------------------------------------------------------------------------------


class Shallow(nn.Module):
    """x ↦ A ρ_M(Wx + b) + a with ρ_M(t) = ρ(Mt)/M, its parameters those of the class."""

    def __init__(self, built: Approximation) -> None:
        super().__init__()
        (W, b), (A, a) = rounded(built.relu, format_of("float64"))
        self.first = _linear(W, b)
        self.last = _linear(A, a)
        self.rho = SignReLU(dtype=torch.float64)
        self.M = nearest(built.M)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.rho(self.M * self.first(x)) / self.M)


def _linear(weight: list[list[float]], bias: list[float]) -> nn.Linear:
    layer = nn.utils.skip_init(nn.Linear, len(weight[0]), len(bias), dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weight, dtype=torch.float64))
        layer.bias.copy_(torch.tensor(bias, dtype=torch.float64))
    return layer


class Learner:
    """The class F around one construction.

    Attributes:
        Theta: Θ, an integer that no parameter of the construction exceeds.
        neurons: n.
        parameters: P, the number of parameters.
    """

    def __init__(self, aim: Target, choice: Choice) -> None:
        built = aim.shallow(choice, choice.seed)
        tail = ratio_tail(1, c=aim.c, C=1, b=aim.data.B, M=choice.M, output_clip=True)
        self.aim, self.choice = aim, choice
        self.neurons = built.neurons
        self.shallow, self._tail = Shallow(built), to_torch(tail)
        self.parameters = sum(p.numel() for p in self.shallow.parameters())
        self.Theta = math.ceil(
            max(float(p.detach().abs().max()) for p in self.shallow.parameters())
        )
        self._comparator = state_of(self.shallow)

    def predict(self, x: torch.Tensor) -> torch.Tensor:
        """f(x) for points x (N, 1) in Ω."""
        found: torch.Tensor = self._tail(self.shallow(x))
        return found

    def reset(self) -> None:
        """Make f the comparator f_0 again."""
        load_state(self.shallow, self._comparator)

    def train(
        self, x: torch.Tensor, y: torch.Tensor, m: int, steps: int, seed: int
    ) -> tuple[float, float]:
        """Lower the empirical risk on the samples in Ω, of m in all, from f_0 on; the risks before
        and after. Each step is followed by the projection on [-Θ, Θ]."""
        self.reset()
        return descend(self.shallow, self.predict, self._project, (x, y, m), steps, seed)

    def excess(self, nodes: int) -> float:
        """‖f - f*‖² in L²(law of x), by quadrature on Ω."""
        R, share = nearest(self.aim.R), nearest(self.aim.alpha_bar)
        rule = line([-R, R], 2 * R / nodes)
        law, bayes = self.aim.data.posterior(rule.nodes, share)
        with torch.no_grad():
            found = self.predict(torch.from_numpy(rule.nodes)).numpy()
        return float((rule.weights * law) @ ((found - bayes) ** 2).ravel())

    def estimation(self, m: int, delta: fmpq) -> fmpq:
        """12 B δ + 11 B² log N(δ)/m, rounded up."""
        return _estimation(self.aim, self.neurons, fmpq(self.Theta), m, delta)

    def proved(self, m: int, delta: fmpq) -> fmpq:
        """The bound with nothing measured, in the mean over draws of the
        ideal f_0 too, rounded up."""
        most = neuron_limit(1, self.choice.k, 2)
        return 2 * self.aim.approximation + _estimation(self.aim, most, self.aim.theta, m, delta)

    def _project(self) -> None:
        for p in self.shallow.parameters():
            p.clamp_(-self.Theta, self.Theta)


_ESTIMATION = tuple(
    (name, term(formula))
    for name, formula in (
        *covering.TO_RATIO_LOG_N.items(),
        ("log_n", covering.RATIO_LOG_N),
        ("net", oracle.NET),
        ("estimation_sharp", oracle.ESTIMATION_SHARP),
    )
)


def _estimation(aim: Target, neurons: int, Theta: fmpq, m: int, delta: fmpq) -> fmpq:
    known: dict[str, Value] = {
        **{"d": fmpq(1), "n": fmpq(neurons), "Theta": Theta, "R0": aim.R},
        **{"b": aim.data.B, "c": aim.c, "m": fmpq(m), "delta": delta},
    }
    found = evaluated(_ESTIMATION, known)
    return found["net"] + found["estimation_sharp"]


# -- the experiment --------------------------------------------------------------------------------


def run(given: Settings, watch: Watch) -> dict[str, Any]:
    """Train for every m, and measure; see `document`.

    Raises:
        BoundcheckError: a parameter that is refused, before anything is built.
    """
    case = case_of(given)
    rows = []
    for m, choice, aim in zip(case.sizes, case.choices, case.targets, strict=True):
        watch(f"m = {m}: the construction")
        rows.append(_row(case, m, Learner(aim, choice), watch))
    total = {
        "alpha_bar": nearest(case.targets[0].alpha_bar),
        "R": nearest(case.targets[0].R),
        "measured": {"slope": _slope(rows)},
        "bound": {
            "off_box": at_most(case.targets[0].off_box),
            "trivial": at_most(case.data.second_moment),
            "exponent": _exponent(case),
        },
        "holds": all(row["holds"] for row in rows),
    }
    return document("erm", case.settings, case.choices[0].seed, rows, total)


def _row(case: Case, m: int, learner: Learner, watch: Watch) -> dict[str, Any]:
    def measured() -> tuple[float, float]:
        fine, coarse = (learner.excess(nodes) for nodes in _NODES)
        return fine, abs(fine - coarse)

    comparator, change = measured()
    excess, risks = [], []
    for repeat in range(case.repeats):
        watch(f"m = {m}: sample {repeat + 1} of {case.repeats}")
        x, y = _samples(
            learner.aim, m, [learner.choice.seed, m, repeat, 1]
        )  # no seed of a draw of f_0
        risks.append(learner.train(x, y, m, case.steps, learner.choice.seed + repeat))
        found, moved = measured()
        excess.append(found)
        change = max(change, moved)
    mean = sum(excess) / len(excess)
    delta = (
        11 * learner.aim.data.B * learner.parameters / (12 * m)
    )  # minimises 12 B δ - 11 B² P log(δ)/m
    estimation = learner.estimation(m, delta)
    bound = 2 * (rational(comparator) + rational(change)) + estimation
    before, after = (sum(column) / len(risks) for column in zip(*risks, strict=True))
    return {
        **{
            "m": m,
            "k": learner.choice.k,
            "neurons": learner.neurons,
            "parameters": learner.parameters,
        },
        **{"c": nearest(learner.aim.c), "Theta": learner.Theta, "delta": nearest(delta)},
        "measured": {
            **{"excess": excess, "mean": mean, "comparator": comparator, "change": change},
            **{"risk": after, "risk_of_comparator": before},
        },
        "bound": {
            "excess": at_most(bound),
            "estimation": at_most(estimation),
            "comparator": at_most(learner.aim.approximation),
            "proved": at_most(learner.proved(m, delta)),
        },
        "holds": holds(mean, change, bound),
    }


def _samples(aim: Target, m: int, seed: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Those of m independent pairs (x, x_0) whose x lies in Ω."""
    rng, share = np.random.default_rng(seed), nearest(aim.alpha_bar)
    atoms, chances = aim.data.arrays()
    x_0: Floats = rng.choice(atoms[:, 0], m, p=chances / chances.sum())
    x = math.sqrt(share) * x_0 + math.sqrt(1 - share) * rng.standard_normal(m)
    inside = np.abs(x) <= nearest(aim.R)
    return torch.from_numpy(x[inside, None]), torch.from_numpy(x_0[inside, None])


def _slope(rows: list[dict[str, Any]]) -> float | None:
    """The slope of log(mean excess) over log m, by least squares; None for a single m."""
    if len(rows) < 2:
        return None
    logs = np.log([[row["m"], row["measured"]["mean"]] for row in rows])
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


def _exponent(case: Case) -> str:
    """That of m in the estimation where the class is fixed; else that of balanced n,
    of the slowest version in use."""
    if len({choice.k for choice in case.choices}) == 1:
        return "-1"
    one = {"d": fmpq(1)}
    return str(-min(fmpq(at_point(rate(aim.version).excess, one)) for aim in case.targets))
