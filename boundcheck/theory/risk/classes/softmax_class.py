"""The excess risk of softmax networks, for data that are one of K points. See `formulas.softmax`.

Two classes. `softmax`: known are K, a lower bound of the probabilities, the cube [-B, B]^d and a
ball that contain the points; not the points, nor their probabilities. `softmax_subspace`: the
affine space that they span is known, too, and the networks look at x_t in its coordinates.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.exact.terms.term import Term, number, substitute, term
from boundcheck.theory.formulas.approximation import softmax
from boundcheck.theory.risk.bayes_error import all_steps
from boundcheck.theory.risk.classes.dial import dials
from boundcheck.theory.risk.classes.enclosing_ball import enclosing_ball, squares_of_distances
from boundcheck.theory.risk.classes.step_risk import StepRisk, Watch, short
from boundcheck.theory.risk.risk_problem import Problem
from boundcheck.theory.risk.schedules import Step

_REACHES = np.linspace(0.05, 14, 280)  # (R - √ᾱ B)/σ
_MOST_CELLS = 1e200
_MOST_PIECES = 10**9


def unfit(problem: Problem) -> str:
    """Why there is no bound; empty if there is one."""
    if not problem.atoms:
        return "it takes data that are one of a few points: atoms=... or data=..."
    return ""


def unfit_in_subspace(problem: Problem) -> str:
    """The same for the class in a subspace."""
    if problem.atoms and problem.rank >= problem.d:
        return f"the points span all {problem.d} dimensions"
    return unfit(problem)


def softmax_steps(problem: Problem, watch: Watch, bits: int) -> tuple[StepRisk, ...]:
    """The bound of the excess at each step t >= first: known are K, p_min, B, a and rho."""
    return _steps("softmax", problem, problem.d, watch, bits)


def softmax_steps_in_subspace(problem: Problem, watch: Watch, bits: int) -> tuple[StepRisk, ...]:
    """The same where the affine space that the points span is known, too: d is its dimension, and B
    is rho."""
    return _steps("softmax_subspace", problem, problem.rank, watch, bits)


def known_of_points(problem: Problem, bits: int) -> dict[str, Value]:
    """What has to be known of the points beside B: their number K, a lower bound p_min < 1 of their
    probabilities, and the radius rho of a ball that contains them."""
    _, square = enclosing_ball(squares_of_distances([u for _, u in problem.atoms]))
    with ctx.workprec(bits):
        rho = arb(square).sqrt() if square else arb(problem.B)
    smallest = min(p for p, _ in problem.atoms)
    return {"K": fmpq(len(problem.atoms)), "p_min": min(smallest, fmpq(1, 2)), "rho": rho}


def _steps(name: str, problem: Problem, d: int, watch: Watch, bits: int) -> tuple[StepRisk, ...]:
    steps, bits = all_steps(problem, bits)
    watch(name)
    shared = {
        **known_of_points(problem, bits),
        "B": problem.B,
        "m": fmpq(problem.m),
        "M": problem.M,
        "eps": problem.eps,
    }
    if d < problem.d:
        shared["B"] = shared["rho"]
    shared |= _network(shared)
    shared["softmax_error"] = at_point(term(softmax.SOFTMAX_ERROR), shared, bits)
    return tuple(_step(name, d, s, shared, bits) for s in steps[problem.first - 1 :])


def _network(known: dict[str, Value]) -> dict[str, Value]:
    """Λ and the number of pieces: such that exp(-Λ) and exp(Λ)/M are about equal, and chords cost
    less than they do."""
    K, log_M = _float(known["K"]), float(arb(known["M"]).log())
    cut = max(1.0, (log_M + np.log(2.0)) / 2)
    rest = max(2 * K - 2, 1) * np.exp(-cut)
    pieces = np.ceil(cut / np.sqrt(2 * np.log1p(rest / 16)))
    return {"Lambda": short(cut), "n": fmpq(int(min(pieces, _MOST_PIECES)))}


def _step(name: str, d: int, step: Step, shared: dict[str, Value], bits: int) -> StepRisk:
    known: dict[str, Value] = {**shared, "alpha_bar": step.alpha_bar, "w": step.w}
    with ctx.workprec(bits):
        sigma, reach = (1 - step.alpha_bar).sqrt(), step.alpha_bar.sqrt() * arb(shared["B"])
        share = float(step.alpha_bar)
        R, cells, cells_p, A, nu = _chosen(d, shared, share, float(sigma), float(reach))
        while not arb(R) >= reach:  # the search is not trusted
            R *= fmpq(129, 128)
        known |= {"R": R, "A": A, "nu": nu}
        known["eta"] = _part(shared["B"], cells)
        known["eta_p"] = _part((1 / arb(shared["p_min"])).log() / 2, cells_p)
    for key, formula in _formulas(d):
        known[key] = at_point(formula, known, bits)
    numbers = {key: arb(at_point(f, known, bits)) for key, f in _results(d)}
    kept = ("K", "p_min", "rho", "R", "Lambda", "n", "eta", "eta_p", "A", "nu")
    return StepRisk(predictors=name, t=step.t, chosen={k: known[k] for k in kept}, **numbers)


def _part(whole: Value, cells: int) -> fmpq:
    """A rational number not below whole/cells, and hardly above: so its ceiling is known."""
    if isinstance(whole, fmpq):
        return whole / cells
    above = (arb(whole) / cells).upper()
    return (above + above * arb(2) ** -40).upper().fmpq()


@cache
def _formulas(d: int) -> tuple[tuple[str, Term], ...]:
    formulas = {
        "logit_change": softmax.LOGIT_CHANGE,
        "delta": softmax.NET,
        "log_n": softmax.LOG_N,
        "off_box": softmax.OFF_BOX,
    }
    return tuple(zip(formulas, _in(d, *formulas.values()), strict=True))


@cache
def _results(d: int) -> tuple[tuple[str, Term], ...]:
    formulas = {**softmax.PARTS, "excess": softmax.EXCESS}
    return tuple(zip(formulas, _in(d, *formulas.values()), strict=True))


def _in(d: int, *formulas: Term) -> tuple[Term, ...]:
    return substitute(map(term, formulas), {"d": number(d)})


def _chosen(
    d: int, shared: dict[str, Value], share: float, sigma: float, reach: float
) -> tuple[fmpq, int, int, fmpq, fmpq]:
    """R, the cells of the nets of a coordinate and of a logarithm, A and ν, by a search in floats;
    the cells in closed form."""
    names = ("K", "B", "rho", "p_min", "m", "softmax_error")
    K, B, rho, p_min, m, error = (np.float64(_float(shared[name])) for name in names)
    half = np.log(1 / p_min) / 2
    A, nu = (np.array([_float(v) for v in column]) for column in zip(*dials(), strict=True))
    R = (reach + sigma * _REACHES)[:, None]
    with np.errstate(all="ignore"):
        slope = np.sqrt(d) + rho * d * (np.sqrt(share) * R + share * B) / sigma**2
        price = 4 * (1 + A) * nu * m
        cells = np.maximum(1, np.round(B * price * slope / (rho * K * d)))
        cells_p = np.maximum(1, np.round(half * price / K))
        delta = slope * B / cells + rho * half / cells_p
        log_n = K * d * np.log(cells) + K * np.log(cells_p)
        off = rho**2 * np.minimum(1, d * np.exp(-(_REACHES[:, None] ** 2) / 2))
        total = 4 * (1 + A) * rho * (delta + rho * error) + rho**2 * log_n / (nu * m) + off
        total = total + A * (rho * error) ** 2
        i, j = (
            int(k) for k in np.unravel_index(np.nan_to_num(total, nan=np.inf).argmin(), total.shape)
        )
    both = np.broadcast_arrays(cells, cells_p)
    numbers = (int(np.nan_to_num(min(v[i, j], _MOST_CELLS), nan=1.0)) for v in both)
    return short(float(R[i, 0])), *numbers, *dials()[j]


def _float(v: Value) -> float:
    return float(arb(v))
