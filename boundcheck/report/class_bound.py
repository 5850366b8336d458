"""What people see of the end-to-end bound for a model that knows the class of an image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, ctx
from rich.console import Console
from rich.markup import escape

from boundcheck.documents import JsonObject
from boundcheck.enclosure.intervals.decimals import ball_text
from boundcheck.theory.risk.classes.step_risk import TERMS, Risk, Watch
from boundcheck.theory.risk.conditions.class_risk import (
    DataClass,
    class_bayes_steps,
    class_prior_term,
    class_risk,
)

_BITS = 128
SHOWN_IN = ("class_learning.learned_in_a_class", "conditional_ddpm.knowing_more")
"""The claims of the proof files behind it."""


@dataclass(frozen=True)
class ClassBound:
    """The end-to-end bound, averaged over the classes.

    Attributes:
        classes: the data by class.
        prior_term, bayes_steps: means over the classes.
        excess: what the predictors of all classes together cost.
    """

    classes: tuple[DataClass, ...]
    prior_term: arb
    bayes_steps: arb
    excess: Risk

    @classmethod
    def of(cls, classes: Sequence[DataClass], watch: Watch = lambda _: None) -> ClassBound:
        """All of it, evaluated."""
        prior, steps = class_prior_term(classes), class_bayes_steps(classes)
        return cls(tuple(classes), prior, steps, class_risk(classes, watch))

    @property
    def total(self) -> arb | None:
        """prior_term + bayes_steps + excess >= E_y KL(law of x_s given y ‖ law of the model's),
        s = first - 1 >= 1; None if first = 1."""
        if self.classes[0].problem.first == 1:
            return None
        with ctx.workprec(_BITS):
            return self.prior_term + self.bayes_steps + self.excess.total()


def class_bound_as_json(bound: ClassBound, digits: int) -> JsonObject:
    """Everything, with decimal texts rounded outward."""

    def shown(value: arb | None) -> dict[str, str] | None:
        if value is None:
            return None
        return {
            "lower": ball_text(value, digits, up=False),
            "upper": ball_text(value, digits, up=True),
        }

    return {
        "probabilities": {c.name: str(c.probability) for c in bound.classes},
        "prior_term": shown(bound.prior_term),
        "bayes_steps": shown(bound.bayes_steps),
        "excess": shown(bound.excess.total()),
        "terms": {name: shown(bound.excess.total(name)) for name in TERMS},
        "total": shown(bound.total),
        "shown_in": [*SHOWN_IN],
    }


def print_class_bound(console: Console, bound: ClassBound, digits: int) -> None:
    """The same for people, upper ends only."""

    def say(text: str) -> None:
        console.print(escape(text), highlight=False, soft_wrap=True)

    def most(value: arb) -> str:
        return ball_text(value, digits, up=True)

    names = ", ".join(f"{c.name} ({c.probability})" for c in bound.classes)
    say(f"With the class known, classes and their probabilities: {names}")
    terms = ", ".join(f"{n} {most(bound.excess.total(n))}" for n in TERMS)
    say(f"prior term   {most(bound.prior_term)}")
    say(f"Bayes steps  {most(bound.bayes_steps)}")
    say(f"excess       {most(bound.excess.total())}: {terms}")
    if bound.total is not None:
        t = bound.classes[0].problem.first - 1
        say(
            f"mean over the classes of KL(law of x_{t} || that of the model) <= "
            f"{most(bound.total)} nats, on average over the samples"
        )
    say(f"Stated in the claims {', '.join(SHOWN_IN)}.")
