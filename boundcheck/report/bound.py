"""What people see of the end-to-end bound: its terms, what dominates, what would help, and
whether it says anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flint import arb, ctx, fmpq
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from boundcheck.documents import JsonObject
from boundcheck.enclosure.intervals.decimals import ball_text, decimal_text
from boundcheck.theory.risk.bayes_error import affine, bayes_steps, prior_term, without_learning
from boundcheck.theory.risk.choices import VERSIONS
from boundcheck.theory.risk.excess_risk import (
    TERMS,
    Risk,
    Watch,
    risk,
    smallest,
)
from boundcheck.theory.risk.risk_problem import Problem
from boundcheck.theory.theorems.end_to_end_theorem import END_TO_END

ADVICE = {
    "approximation": (
        "more samples m: they pay for wider networks, whose widths are chosen already; "
        "or a larger M"
    ),
    "net": "more samples m: the radius of the net is chosen already",
    "samples": (
        "more samples m, a smaller support B or a lower dimension; sharp=1 has 11 log N for "
        "16 (log N + 1)"
    ),
    "optimisation": "a smaller eps: train longer",
    "off_box": "more samples m: they pay for larger boxes, which are chosen already",
    "prior_term": "more noise: a longer schedule, or larger betas",
    "bayes_steps": "a schedule with more and smaller steps; neither samples nor networks change it",
}
"""What reduces each term."""
_KNOWN = END_TO_END.shown_in({})
_NUMBERS = (*TERMS, "trivial", "affine", "prior_term", "bayes_steps", "total", "without_learning")
SHOWN_IN = {"learnt" if n == "total" else n: _KNOWN[n] for n in _NUMBERS}
"""By the name of a number, the claims of the proof files that show its formula."""
_LARGE_SHARE = 10  # per cent of the excess that one step has
_SHORT = 8  # characters
_BITS = 128


@dataclass(frozen=True)
class Bound:
    """The end-to-end bound of a problem.

    Attributes:
        settings: the parameters that were given.
        prior_term, bayes_steps: bounds of what no predictor can avoid.
        versions: the excess in each version, and the smallest of them at each step.
        affine: the excess of the affine predictor at each step.
        without_learning: the divergence with the affine predictor at every step; None if first = 1.
    """

    problem: Problem
    settings: Mapping[str, str]
    prior_term: arb
    bayes_steps: arb
    versions: tuple[Risk, ...]
    affine: tuple[arb, ...]
    without_learning: arb | None

    @classmethod
    def of(
        cls, problem: Problem, settings: Mapping[str, str], watch: Watch = lambda _: None
    ) -> Bound:
        """All of it, evaluated."""
        versions = [risk(problem, name, watch) for name in VERSIONS]
        return cls(
            problem,
            settings,
            prior_term(problem),
            bayes_steps(problem),
            (*versions, smallest(versions)),
            affine(problem),
            without_learning(problem),
        )

    @property
    def best(self) -> Risk:
        """The smallest at each step."""
        return self.versions[-1]

    @property
    def learnt(self) -> arb | None:
        """prior_term + bayes_steps + excess >= E KL(law of x_s ‖ law of the model's x_s),
        s = first - 1 >= 1; the expectation is over the samples."""
        return self._total(self.best.total("excess"))

    @property
    def mixed(self) -> arb | None:
        """The same, where the affine predictor stands in at the steps at which its bound is
        smaller."""
        with ctx.workprec(_BITS):
            pairs = zip(self.best.steps, self.affine, strict=True)
            return self._total(sum((s.excess.min(a) for s, a in pairs), arb(0)))

    @property
    def total(self) -> arb | None:
        """The smallest of `mixed` and `without_learning`."""
        mixed, alone = self.mixed, self.without_learning
        return None if mixed is None or alone is None else mixed.min(alone)

    def _total(self, excess: arb) -> arb | None:
        if self.problem.first == 1:
            return None
        with ctx.workprec(_BITS):
            return self.prior_term + self.bayes_steps + excess

    @property
    def dominating(self) -> str:
        """The largest of prior term, Bayes steps and the terms of the excess."""
        sizes = {name: self.best.total(name) for name in TERMS}
        if self.problem.first > 1:
            sizes |= {"prior_term": self.prior_term, "bayes_steps": self.bayes_steps}
        return max(sizes, key=lambda name: sizes[name].mid())


def as_json(bound: Bound, digits: int) -> JsonObject:
    """Everything, with decimal texts rounded outward; `steps` are those of the smallest version."""

    def shown(value: arb) -> dict[str, str]:
        return {
            "lower": ball_text(value, digits, up=False),
            "upper": ball_text(value, digits, up=True),
        }

    versions: JsonObject = {
        r.version: {
            "excess": shown(r.total("excess")),
            "terms": {name: shown(r.total(name)) for name in TERMS},
            "vacuous": r.vacuous,
            "dominating": r.dominating,
            "would_help": ADVICE[r.dominating],
        }
        for r in bound.versions
    }
    steps: list[JsonObject] = [
        {
            "t": s.t,
            "version": s.version,
            "R": str(s.R),
            "k": s.k,
            "n": s.n,
            "delta": str(s.delta),
            "c": shown(arb(s.c)),
            **{name: shown(getattr(s, name)) for name in (*TERMS, "excess", "trivial")},
        }
        for s in bound.best.steps
    ]
    return {
        "settings": dict(bound.settings),
        "prior_term": shown(bound.prior_term),
        "bayes_steps": shown(bound.bayes_steps),
        "versions": versions,
        "excess": shown(bound.best.total("excess")),
        "trivial": shown(bound.best.total("trivial")),
        "vacuous": bound.best.vacuous,
        "affine": shown(sum(bound.affine, arb(0))),
        **{
            name: None if value is None else shown(value)
            for name, value in (
                ("learnt", bound.learnt),
                ("mixed", bound.mixed),
                ("without_learning", bound.without_learning),
                ("total", bound.total),
            )
        },
        "dominating": bound.dominating,
        "would_help": ADVICE[bound.dominating],
        "shown_in": {name: [*claims] for name, claims in SHOWN_IN.items()},
        "steps": steps,
    }


def print_bound(console: Console, bound: Bound, digits: int) -> None:
    """The same for people, upper ends only."""

    def most(value: arb) -> str:
        return ball_text(value, digits, up=True)

    def say(text: str) -> None:
        console.print(escape(text), highlight=False, soft_wrap=True)

    p, best = bound.problem, bound.best
    B, moment = _at_most(p.B), _at_most(p.second_moment)
    say(
        f"data in [-{B}, {B}]^{p.d}, E|x_0|^2 <= {moment}; {p.schedule.kind} schedule with T = "
        f"{p.schedule.T}; m = {p.m} samples for each step t = {p.first}..{p.schedule.T}"
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("excess of the risk, at most", *(r.version for r in bound.versions)):
        table.add_column(
            name, justify="left" if name.startswith("excess") else "right", overflow="fold"
        )
    for name in TERMS:
        table.add_row(name, *(most(r.total(name)) for r in bound.versions))
    table.add_row("sum", *(most(r.total("excess")) for r in bound.versions), style="bold")
    table.add_row("predictor 0", *(most(r.total("trivial")) for r in bound.versions))
    affine_sum = most(sum(bound.affine, arb(0)))
    table.add_row("affine predictor", *(affine_sum for _ in bound.versions))
    table.add_row("", *("vacuous" if r.vacuous else "" for r in bound.versions))
    console.print(table)
    say(f"prior term   {most(bound.prior_term)}")
    say(f"Bayes steps  {most(bound.bayes_steps)}")
    if bound.learnt is not None and bound.mixed is not None and bound.without_learning is not None:
        law = f"KL(law of x_{p.first - 1} || that of the model) <="
        say(
            f"{law} {most(bound.learnt)} nats on average over the samples, with the smallest excess"
        )
        if bound.mixed < bound.learnt:
            say(
                f"{law} {most(bound.mixed)} nats, where the affine predictor stands in at the "
                "steps at which its bound is smaller"
            )
        if bound.without_learning < bound.mixed:
            say(
                f"{law} {most(bound.without_learning)} nats with the affine predictor at every "
                "step: it takes the mean and the covariance of the data, and learns nothing"
            )
    else:
        say(
            "with first=1 only the excess is bounded: for atoms the divergence at t = 1 is infinite"
        )
    worst = best.worst
    share = 100 * float(worst.excess / best.total("excess")) if best.total("excess") > 0 else 0.0
    say(
        f"The step t = {worst.t} has {share:.3g} % of the excess. Chosen there: "
        f"the box [-R, R]^{p.d} with R = {decimal_text(worst.R, 4, up=True)}, "
        f"n = {_at_most(fmpq(worst.n))} neurons for each coordinate, c = {most(arb(worst.c))}, "
        f"the radius delta = {decimal_text(worst.delta, 4, up=True)} of the net."
    )
    say(f"Largest term: {bound.dominating}. What would reduce it: {ADVICE[bound.dominating]}.")
    if worst.t == p.first < p.schedule.T and share > _LARGE_SHARE:
        say(
            f"Stopping earlier helps too: with first={p.first + 1} the step t = {worst.t} "
            "does not count."
        )
    where: dict[str, list[str]] = {}
    for name, claims in SHOWN_IN.items():
        where.setdefault(", ".join(claims), []).append(name.replace("_", " "))
    shown = "; ".join(f"{c} ({', '.join(names)})" for c, names in where.items())
    say(f"Stated in the claims {shown}; boundcheck verify says which are proved, and which steps.")
    if best.vacuous:
        say("Vacuous: the predictor 0 achieves a smaller excess than this bound.")


def _at_most(q: fmpq) -> str:
    """Exact where that is short, else rounded up."""
    text = str(q)
    return text if len(text) <= _SHORT else decimal_text(q, 4, up=True)
