"""What experiments with conditional models have in common: means over the conditions, and the
entries of their documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from boundcheck.experiments.data import Data
from boundcheck.experiments.measurement import Measured
from boundcheck.experiments.quadrature import Rule
from boundcheck.experiments.record import above, at_least, at_most, holds
from boundcheck.theory.risk.schedules import Step

Pair = tuple[float, float]
"""What the finer and the coarser quadrature give."""

LOWER = {"information"}
"""Of these the bound is a lower one."""
_ROUNDING = 2.0**-44  # of mmse_t, a difference of second moments
_AT_STEPS = ("gap", "loss", "mmse", "information", "bayes_step")


@dataclass(frozen=True)
class Means:
    """Of what is measured at the steps, and of the prior term and the divergence."""

    steps: Mapping[str, Mapping[int, float]]
    prior: float
    divergence: float

    @classmethod
    def of(cls, parts: Sequence[tuple[float, Measured]]) -> Means:
        """Over conditions with these probabilities."""

        def mean(value: Callable[[Measured], float]) -> float:
            return float(sum(p * value(m) for p, m in parts))

        steps = {
            name: {
                t: mean(lambda m, name=name, t=t: getattr(m, name)[t])  # type: ignore[misc]
                for t in parts[0][1].gap
            }
            for name in _AT_STEPS
        }
        return cls(steps, mean(lambda m: m.prior), mean(lambda m: m.divergence))


def mmse_alone(data: Data, step: Step, rules: Sequence[Rule]) -> Pair:
    """E|x_0 - E[x_0|x_t]|², for a model that does not know the condition."""
    atoms, chances = data.arrays()
    moment, found = float(chances @ (atoms**2).sum(axis=1)), []
    for rule in rules:
        law, bayes = data.posterior(rule.nodes, float(step.alpha_bar))
        found.append(moment - float((rule.weights * law) @ (bayes**2).sum(axis=1)))
    return found[0], found[1]


def row(
    step: Step, about: Mapping[str, Any], seen: Mapping[str, Pair], bound: Mapping[str, fmpq]
) -> dict[str, Any]:
    """The entry of a step: what is measured beside what is proved.

    Args:
        about: what else there is to say of it.
        seen: by name; what has a bound of that name is compared with it, and `mmse` with
            `mmse_alone`, too.
    """
    fine, coarse = seen["excess"]
    kept = _kept(seen, bound)
    alone, mmse = seen["mmse_alone"][0], seen["mmse"][0]
    return {
        "t": step.t,
        "alpha_bar": float(step.alpha_bar),
        "w": float(step.w),
        **about,
        "measured": {"change": abs(fine - coarse), **{n: v for n, (v, _) in seen.items()}},
        "bound": {n: at_least(v) if n in LOWER else at_most(v) for n, v in bound.items()},
        "holds": kept and mmse <= alone * (1 + _ROUNDING),
    }


def total(
    fine: Means, coarse: Means, steps: Sequence[Step], bound: Mapping[str, fmpq]
) -> dict[str, Any]:
    """The entry of the whole: the mean divergence of x_1 from what the model makes of the same
    condition, and its terms.

    Args:
        bound: of prior, bayes_steps and excess.
    """

    def terms(means: Means) -> dict[str, float]:
        gaps = means.steps["gap"]
        return {
            "prior": means.prior,
            "bayes_steps": sum(means.steps["bayes_step"].values()),
            "excess": sum(float(s.w) * gaps[s.t] for s in steps if s.t in gaps),
        }

    one, two = terms(fine), terms(coarse)
    whole = {**bound, "divergence": sum(bound.values(), fmpq(0))}
    pairs = {name: (one[name], two[name]) for name in one}
    pairs["divergence"] = fine.divergence, coarse.divergence
    return {
        "measured": {
            "divergence": fine.divergence,
            "change": abs(fine.divergence - coarse.divergence),
            **one,
            "sum": sum(one.values()),
        },
        "bound": {name: at_most(value) for name, value in whole.items()},
        "holds": _kept(pairs, whole),
    }


def _kept(seen: Mapping[str, Pair], bound: Mapping[str, fmpq]) -> bool:
    found = []
    for name, (fine, coarse) in seen.items():
        if name in bound:
            compare = above if name in LOWER else holds
            change = -_ROUNDING * fine if name == "mmse" else abs(fine - coarse)
            found.append(compare(fine, change, bound[name]))
    return all(found)
