"""What the end-to-end bound is about: data, schedule, network, sample; from parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from flint import arb, fmpq, fmpq_mat

from boundcheck.errors import BoundcheckError
from boundcheck.settings import Settings, exact
from boundcheck.theory.ridge.kappa import LARGEST_DIMENSION
from boundcheck.theory.risk.densities.variance_choices import best_variances, good_split
from boundcheck.theory.risk.problem_files import SECTIONS, read_points
from boundcheck.theory.risk.schedules import Schedule, schedule_of

Point: TypeAlias = tuple[fmpq, ...]

PARAMETERS = tuple(name for names in SECTIONS.values() for name in names)
"""What `problem_of` reads."""
BEST = "best"
"""The variances of the reverse steps that suit the affine predictor best."""
MOST_ATOMS = 16
"""So many points are looked at pair by pair."""
_MOST_ENTRIES = 20_000  # of a matrix whose rank is computed
_LARGEST = fmpq(10) ** 100  # m, B, M, 1/B and 1/M: the search for good choices is one in doubles


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """Sizes of networks.

    Attributes:
        depth: hidden layers.
        width: neurons of each.
        theta: their weights and biases lie in [-theta, theta].
    """

    depth: int
    width: int
    theta: fmpq


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What the bound is about.

    Attributes:
        d: dimension of the data.
        B: they lie in [-B, B]^d.
        second_moment: E|x_0|² <= this.
        spread: E|x_0 - E x_0|² <= this, or E|x_0|² is.
        rank: the dimension of an affine space that contains x_0; of a linear one, where `spread`
            bounds E|x_0|² alone.
        atoms: pairs of a probability and a point, where these are all possible points and not many.
        fisher: x_0 has a density, and the mean square of its score E|∇ log p_0|² is at most this;
            None where the data need have no density.
        schedule: noise, and variances of the reverse steps.
        m: independent samples for each step.
        M: scale of the SignReLU neurons.
        eps: by how much the empirical risk may miss its minimum.
        first: the first step that counts: the model stops at x_(first-1).
        architecture: sizes of the user's networks, one for each coordinate.
    """

    d: int
    B: fmpq
    second_moment: fmpq
    spread: fmpq
    rank: int
    atoms: tuple[tuple[fmpq, Point], ...]
    fisher: fmpq | None
    schedule: Schedule
    m: int
    M: fmpq
    eps: fmpq
    first: int
    architecture: Architecture | None = None


def problem_of(given: Settings) -> Problem:
    """The problem that parameters describe.

    The data: `d` and `B`, and `second_moment` if it is known to be below d B²; or all
    possible points, uniformly distributed unless `weights` are given: `atoms=0:0;1/2:-1/2`,
    or `data=FILE.csv`, a line for each. Points give d, B and the second moment; a stated B must
    contain them. With `fisher`, a bound of E|∇ log p_0|², the data have a density, and the model
    goes on to x_0 (`first=1` by default); with variance=posterior σ_t² is β_t/(1-β_t) up to some
    step. The schedule: see `schedule_of`; `variance=best` are those that suit the affine predictor
    best. `m` is needed, unless the data come from a file: then it is their number by default.

    Raises:
        BoundcheckError: a value that is missing or not admissible.
    """
    if given.has("atoms") and given.has("data"):
        raise BoundcheckError("atoms and data both give the points; leave one of them out")
    points: list[tuple[fmpq, ...]] = []
    if given.has("atoms"):
        points = [tuple(exact(v, "atoms") for v in row) for row in given.table("atoms")]
    elif given.has("data"):
        points = read_points(Path(given.text("data")))
    if given.has("weights") and not points:
        raise BoundcheckError(
            "weights are probabilities of points; give the points too: atoms=... or data=..."
        )
    d, B, moment = _points(given, points) if points else _support(given)
    fisher = _fisher(given, points, d, B, moment)
    atoms = _atoms(points, _weights(given, points)) if points else ()
    spread, rank = _spread(atoms, d) if points else (moment, d)
    best = given.text("variance", "") == BEST
    schedule = schedule_of(
        Settings(given.of, {**given.given, "variance": "posterior"}) if best else given
    )
    _moderate("B", B, "scale the data")
    m = given.integer("m", len(points) if given.has("data") else None, least=1)
    if m > _LARGEST:
        raise BoundcheckError(
            "m has more than 100 digits; the admissible range is 1 <= m <= 10**100"
        )
    M, eps = given.rational("M", "2**64", above=0), given.rational("eps", "0")
    _moderate("M", M, "2**64 is usual")
    if eps < 0:
        raise BoundcheckError(f"eps = {eps}; the admissible range is eps >= 0")
    usual = min(2, schedule.T) if fisher is None else 1
    first = given.integer("first", usual, least=1, most=schedule.T)
    if fisher is not None and schedule.variance == "posterior":
        schedule = _wide(schedule, first, fisher, spread, rank, d)
    if best:
        schedule = _best(schedule, spread, rank, d)
    return Problem(
        d=d,
        B=B,
        second_moment=moment,
        spread=spread,
        rank=rank,
        atoms=atoms if len(atoms) <= MOST_ATOMS else (),
        fisher=fisher,
        schedule=schedule,
        m=m,
        M=M,
        eps=eps,
        first=first,
        architecture=_architecture(given),
    )


def _wide(
    schedule: Schedule, first: int, fisher: fmpq, spread: fmpq, rank: int, d: int
) -> Schedule:
    rows = [(float(s.alpha_bar_before), float(s.alpha_bar)) for s in schedule.steps()[first - 1 :]]
    before, after = np.array(rows).T
    if after[0] == 0 and before[0] == 1:
        raise BoundcheckError(
            "with T = 1 and beta_1 = 1 nothing of the data is left in x_1, and no step to x_0 is "
            "bounded; take more steps"
        )
    information, moment = float(arb(fisher)), float(arb(spread))
    split = good_split(before, after, fisher=information, spread=moment, rank=rank, d=d)
    return replace(schedule, wide=first - 1 + split)


def _best(schedule: Schedule, spread: fmpq, rank: int, d: int) -> Schedule:
    steps = schedule.steps()
    snr, posterior = np.array([(float(s.snr), float(s.posterior_variance)) for s in steps]).T
    beta_1, moment = float(steps[0].beta), float(arb(spread))
    found = best_variances(snr, posterior, beta_1=beta_1, spread=moment, rank=rank, d=d)
    return replace(schedule, variance=found)


def _fisher(given: Settings, points: Sequence[Point], d: int, B: fmpq, moment: fmpq) -> fmpq | None:
    if not given.has("fisher"):
        return None
    if points:
        raise BoundcheckError(
            "fisher is about data with a density, which points do not have; leave it out, or give "
            "d and B in place of the points"
        )
    fisher = given.rational("fisher", above=0)
    least = max(arb(d**2) / arb(moment), d * (arb.pi() / arb(B)) ** 2, key=lambda v: v.mid())
    if fisher < least:
        raise BoundcheckError(
            f"fisher = {given.text('fisher')[:60]}; densities on [-{B}, {B}]^{d} with E|x_0|^2 <= "
            f"{moment} have at least {least.str(6, radius=False)}, which cos(pi x/(2B))^2 attains"
        )
    _moderate("fisher", fisher, "scale the data")
    return fisher


def _architecture(given: Settings) -> Architecture | None:
    names = ("depth", "width", "theta")
    missing = [name for name in names if not given.has(name)]
    if len(missing) == len(names):
        return None
    if missing:
        raise BoundcheckError(f"an architecture has depth, width and theta; give {missing[0]} too")
    theta = given.rational("theta", above=0)
    _moderate("theta", theta, "scale the weights")
    most = 10**9
    depth, width = (given.integer(name, least=1, most=most) for name in names[:2])
    return Architecture(depth=depth, width=width, theta=theta)


def _moderate(name: str, value: fmpq, remedy: str) -> None:
    if not 1 / _LARGEST <= value <= _LARGEST:
        shown = str(value) if value.height_bits() < 200 else "a number of many digits"
        raise BoundcheckError(
            f"{name} = {shown}; the admissible range is 1e-100 <= {name} <= 1e100: {remedy}"
        )


def _support(given: Settings) -> tuple[int, fmpq, fmpq]:
    d = given.integer("d", 1, least=1, most=LARGEST_DIMENSION)
    B = given.rational("B", "1", above=0)
    moment = given.rational("second_moment", d * B**2, above=0)
    if moment > d * B**2:
        raise BoundcheckError(
            f"second_moment = {moment} is above d B^2 = {d * B**2}, which bounds E|x_0|^2 "
            "already; leave it out"
        )
    return d, B, moment


def _points(given: Settings, points: Sequence[tuple[fmpq, ...]]) -> tuple[int, fmpq, fmpq]:
    d = len(points[0])
    for place, row in enumerate(points, 1):
        if len(row) != d:
            raise BoundcheckError(
                f"the first point has {d} coordinates, point {place} has {len(row)}; "
                "all need the same number"
            )
    if d > LARGEST_DIMENSION:
        raise BoundcheckError(
            f"the points have {d} coordinates; at most {LARGEST_DIMENSION} are possible"
        )
    if given.has("d") and given.integer("d", least=1) != d:
        raise BoundcheckError(
            f"d = {given.text('d')}, but the points have {d} coordinates; leave d out"
        )
    if given.has("second_moment"):
        raise BoundcheckError("second_moment is computed from the points; leave it out")
    weights = _weights(given, points)
    largest = max(abs(v) for row in points for v in row)
    B = given.rational("B", largest, above=0) if given.has("B") or largest else fmpq(1)
    if largest > B:
        place = next(k for k, row in enumerate(points, 1) if max(map(abs, row)) > B)
        raise BoundcheckError(
            f"point {place} has a coordinate of size {largest}, above B = {B}; take B >= {largest}"
        )
    moment = _sum(
        [p * sum((v * v for v in row), fmpq(0)) for p, row in zip(weights, points, strict=True)]
    )
    return d, B, moment


def _weights(given: Settings, points: Sequence[Point]) -> list[fmpq]:
    weights = [fmpq(1, len(points))] * len(points)
    if given.has("weights"):
        weights = [exact(v, "weights") for v in given.row("weights")]
        if len(weights) != len(points) or sum(weights, fmpq(0)) != 1 or min(weights) < 0:
            raise BoundcheckError(
                f"{len(weights)} weights with the sum {sum(weights, fmpq(0))} for {len(points)} "
                "points; each point needs one, not negative, and their sum must be 1 exactly"
            )
    return weights


def _atoms(points: Sequence[Point], weights: Sequence[fmpq]) -> tuple[tuple[fmpq, Point], ...]:
    """The points that have a positive probability, each once."""
    found: dict[Point, fmpq] = {}
    for u, p in zip(points, weights, strict=True):
        if p > 0:
            found[u] = found.get(u, fmpq(0)) + p
    return tuple((p, u) for u, p in found.items())


def _spread(atoms: Sequence[tuple[fmpq, Point]], d: int) -> tuple[fmpq, int]:
    """E|x_0 - E x_0|², and the dimension of the affine space that the atoms span."""
    total, (_, origin) = fmpq(0), atoms[0]
    for j in range(d):
        mean = _sum([p * u[j] for p, u in atoms])
        total += _sum([p * u[j] * u[j] for p, u in atoms]) - mean * mean
    rank = min(d, len(atoms) - 1)
    if len(atoms) * d <= _MOST_ENTRIES:
        rank = fmpq_mat([[a - b for a, b in zip(u, origin, strict=True)] for _, u in atoms]).rank()
    return total, max(1, int(rank))


def _sum(values: list[fmpq]) -> fmpq:
    """By halves, so that sums with long denominators are few."""
    while len(values) > 1:
        values = [sum(values[k : k + 2], fmpq(0)) for k in range(0, len(values), 2)]
    return values[0]
