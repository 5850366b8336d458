"""The excess risk of a class of predictors, step by step, in balls."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import Value
from boundcheck.theory.risk.bayes_error import BITS

Watch = Callable[[str], None]

TERMS = ("approximation", "net", "samples", "optimisation", "off_box")
"""What the excess is the sum of."""


@dataclass(frozen=True, kw_only=True)
class StepRisk:
    """One step: what was chosen, and the terms of its excess, each times w_t.

    Attributes:
        predictors: the name of the class.
        t: the step.
        chosen: by name, what is free in the theorem: the box R, neurons n, radius delta, ...
        approximation, net, samples, optimisation, off_box: their sum is `excess`; all are infinite
            where the class has no bound.
    """

    predictors: str
    t: int
    chosen: Mapping[str, Value]
    approximation: arb
    net: arb
    samples: arb
    optimisation: arb
    off_box: arb
    excess: arb

    @classmethod
    def of_comparator(cls, predictors: str, t: int, excess: arb) -> StepRisk:
        """Of a single predictor, which nothing is learnt about."""
        zero = arb(0)
        return cls(
            predictors=predictors,
            t=t,
            chosen={},
            approximation=excess,
            net=zero,
            samples=zero,
            optimisation=zero,
            off_box=zero,
            excess=excess,
        )

    @property
    def dominating(self) -> str:
        """The largest term."""
        return max(TERMS, key=lambda name: getattr(self, name).mid())


@dataclass(frozen=True)
class Risk:
    """The excess risk of one class of predictors, or of several, summed over the steps."""

    name: str
    steps: tuple[StepRisk, ...]

    def total(self, name: str = "excess") -> arb:
        """Of a term or of `excess`, over all steps; at 128 bits, or more where more are set."""
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


def smallest(risks: Sequence[Risk], name: str = "smallest") -> Risk:
    """The smallest of several at each step; the first of equal ones."""
    columns = zip(*(risk.steps for risk in risks), strict=True)
    return Risk(name, tuple(min(column, key=lambda s: s.excess.mid()) for column in columns))


def short(value: float) -> fmpq:
    """A dyadic rational with 8 bits that is not far above a positive float."""
    mantissa, exponent = math.frexp(value)
    return fmpq(math.ceil(mantissa * 256)) * fmpq(2) ** (exponent - 8)
