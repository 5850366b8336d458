"""What people see of the end-to-end bound: its terms, what dominates, what would help, and
whether it says anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flint import arb, ctx, fmpq
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from boundcheck.documents import JsonObject
from boundcheck.enclosure.intervals.at_point import Value
from boundcheck.enclosure.intervals.decimals import ball_text, decimal_text
from boundcheck.theory.outputs.distances import total_variation, wasserstein
from boundcheck.theory.risk.bayes_error import bayes_steps, prior_term, without_learning
from boundcheck.theory.risk.classes.excess_risk import CLASSES, PredictorClass, risks
from boundcheck.theory.risk.classes.step_risk import TERMS, Risk, Watch, smallest
from boundcheck.theory.risk.lower_bound import LowerBound, lower_bound
from boundcheck.theory.risk.risk_problem import Problem
from boundcheck.theory.theorems.end_to_end_theorem import END_TO_END

ADVICE = {
    "approximation": (
        "more samples m: they pay for larger networks, whose sizes are chosen already; "
        "or a larger M"
    ),
    "net": "more samples m: the radius of the net is chosen already; or a larger M",
    "samples": "more samples m, a smaller support B or a lower dimension",
    "optimisation": "a smaller eps: train longer",
    "off_box": "more samples m: they pay for larger boxes, which are chosen already",
    "prior_term": "more noise: a longer schedule, or larger betas",
    "bayes_steps": "a schedule with more and smaller steps; neither samples nor networks change it",
}
"""What reduces each term."""
KNOWN_ONLY = "nothing is learnt at most steps: more samples m, until a class that learns is better"
"""The same where the term is what a predictor costs that does not learn."""
SHOWN_IN = {
    **{c.name: c.claims for c in CLASSES},
    **{
        name: END_TO_END.shown_in({})[name]
        for name in ("prior_term", "bayes_steps", "total", "without_learning")
    },
    "lower_bound": ("lower_bounds.all_steps",),
    "total_variation": ("total_variation.total_variation",),
    "wasserstein": ("total_variation.distance_to_the_data",),
}
"""By the name of a class or of a number, the claims of the proof files that show its formula."""
OF_DENSITIES = {"bayes_steps": "fisher.bayes_steps", "affine": "fisher.score_of_a_sum"}
"""What is shown elsewhere, too, where the data have a density."""
OUTPUTS = {
    "clipped": "x_{s} rescaled and clipped to the cube",
    "affine": "the affine predictor at x_{s}",
}
"""The outputs of the model, by the names of the distances."""
_LARGE_SHARE = 10  # per cent of the excess that one step has
_SHORT = 8  # characters
_MOST_RANGES = 2
_BITS = 128


@dataclass(frozen=True)
class Bound:
    """The end-to-end bound of a problem.

    Attributes:
        settings: the parameters that were given.
        prior_term, bayes_steps: bounds of what no predictor can avoid.
        classes: the excess of each class of predictors.
        smallest: the smallest of them at each step.
        without_learning: the divergence with the affine predictor at every step; None if first = 1.
        lower: what no learner can do better, for some law of such data; its two laws have no
            density, so there is none where the data have one.
    """

    problem: Problem
    settings: Mapping[str, str]
    prior_term: arb
    bayes_steps: arb
    classes: tuple[Risk, ...]
    smallest: Risk
    without_learning: arb | None
    lower: LowerBound | None

    @property
    def shown_in(self) -> dict[str, tuple[str, ...]]:
        """`SHOWN_IN` for this problem."""
        more = {} if self.problem.fisher is None else OF_DENSITIES
        return {n: (*c, *([more[n]] if n in more else [])) for n, c in SHOWN_IN.items()}

    @classmethod
    def of(
        cls, problem: Problem, settings: Mapping[str, str], watch: Watch = lambda _: None
    ) -> Bound:
        """All of it, evaluated."""
        classes = risks(problem, watch)
        return cls(
            problem,
            settings,
            prior_term(problem),
            bayes_steps(problem),
            classes,
            smallest(classes),
            without_learning(problem),
            lower_bound(problem) if problem.fisher is None else None,
        )

    @property
    def mixed(self) -> arb | None:
        """prior_term + bayes_steps + the smallest excess >= E KL(law of x_s ‖ law of the model's
        x_s), s = first - 1 >= 1; the expectation is over the samples."""
        return self._total(self.smallest.total())

    @property
    def learnt(self) -> arb | None:
        """The same with the smallest excess of the classes that learn; None without one."""
        names = {c.name for c in CLASSES if c.learnt}
        found = [r for r in self.classes if r.name in names]
        return self._total(smallest(found).total()) if found else None

    @property
    def total(self) -> arb | None:
        """The smallest of `mixed` and `without_learning`."""
        mixed, alone = self.mixed, self.without_learning
        return None if mixed is None or alone is None else mixed.min(alone)

    @property
    def total_variation(self) -> arb | None:
        """Of the laws that `total` is the divergence of."""
        return None if self.total is None else total_variation(self.total)

    @property
    def wasserstein(self) -> dict[str, arb]:
        """W_2 of outputs from the data, by `OUTPUTS`."""
        return {} if self.total is None else wasserstein(self.problem, self.total)

    @property
    def _whole(self) -> bool:
        """Whether the divergence is bounded."""
        return self.problem.first > 1 or self.problem.fisher is not None

    def _total(self, excess: arb) -> arb | None:
        if not self._whole:
            return None
        with ctx.workprec(_BITS):
            return self.prior_term + self.bayes_steps + excess

    @property
    def dominating(self) -> str:
        """The largest of prior term, Bayes steps and the terms of the smallest excess."""
        sizes = {name: self.smallest.total(name) for name in TERMS}
        if self._whole:
            sizes |= {"prior_term": self.prior_term, "bayes_steps": self.bayes_steps}
        return max(sizes, key=lambda name: sizes[name].mid())

    @property
    def advice(self) -> str:
        """What would reduce it."""
        name, learnt = self.dominating, {c.name for c in CLASSES if c.learnt}
        steps = self.smallest.steps
        known = sum((s.approximation for s in steps if s.predictors not in learnt), arb(0))
        whole = self.smallest.total("approximation")
        if name == "approximation" and 2 * known > whole:
            return KNOWN_ONLY
        return ADVICE[name]

    def vacuous(self, risk: Risk) -> bool:
        """Whether a bound is larger than what the predictor 0 achieves."""
        (zero,) = (r for r in self.classes if r.name == "zero")
        return not risk.total() <= zero.total()

    def smallest_at(self, risk: Risk) -> tuple[int, ...]:
        """The steps at which a class has the smallest bound."""
        return tuple(s.t for s in self.smallest.steps if s.predictors == risk.name)

    @property
    def unfit(self) -> Iterator[tuple[PredictorClass, str]]:
        """The classes that have no bound for this problem, and why."""
        return ((c, why) for c in CLASSES if (why := c.unfit(self.problem)))


def as_json(bound: Bound, digits: int) -> JsonObject:
    """Everything, with decimal texts rounded outward; `steps` are those of the smallest bound."""

    def shown(value: arb) -> dict[str, str]:
        return {
            "lower": ball_text(value, digits, up=False),
            "upper": ball_text(value, digits, up=True),
        }

    def chosen(value: Value) -> str | dict[str, str]:
        return str(value) if isinstance(value, fmpq) else shown(arb(value))

    says = {c.name: c.says for c in CLASSES}
    classes: JsonObject = {
        r.name: {
            "says": says[r.name],
            "excess": shown(r.total()),
            "terms": {name: shown(r.total(name)) for name in TERMS},
            "vacuous": bound.vacuous(r),
            "dominating": r.dominating,
            "smallest_at": [*bound.smallest_at(r)],
        }
        for r in bound.classes
    }
    steps: list[JsonObject] = [
        {
            "t": s.t,
            "class": s.predictors,
            "chosen": {name: chosen(value) for name, value in s.chosen.items()},
            "dominating": s.dominating,
            **{name: shown(getattr(s, name)) for name in (*TERMS, "excess")},
        }
        for s in bound.smallest.steps
    ]
    return {
        "settings": dict(bound.settings),
        "prior_term": shown(bound.prior_term),
        "bayes_steps": shown(bound.bayes_steps),
        "classes": classes,
        "unfit": {c.name: why for c, why in bound.unfit},
        "excess": shown(bound.smallest.total()),
        "terms": {name: shown(bound.smallest.total(name)) for name in TERMS},
        "vacuous": bound.vacuous(bound.smallest),
        **{
            name: None if value is None else shown(value)
            for name, value in (
                ("learnt", bound.learnt),
                ("mixed", bound.mixed),
                ("without_learning", bound.without_learning),
                ("total", bound.total),
                ("total_variation", bound.total_variation),
            )
        },
        "wasserstein": {name: shown(value) for name, value in bound.wasserstein.items()},
        "lower_bound": None
        if bound.lower is None
        else {"excess": shown(bound.lower.excess), "reach": str(bound.lower.reach)},
        "wide": bound.problem.schedule.wide,
        "dominating": bound.dominating,
        "would_help": bound.advice,
        "shown_in": {name: [*claims] for name, claims in bound.shown_in.items()},
        "steps": steps,
    }


def print_bound(console: Console, bound: Bound, digits: int) -> None:
    """The same for people, upper ends only."""

    def most(value: arb) -> str:
        return ball_text(value, digits, up=True)

    def say(text: str) -> None:
        console.print(escape(text), highlight=False, soft_wrap=True)

    p, best = bound.problem, bound.smallest
    B, moment = _at_most(p.B), _at_most(p.second_moment)
    say(
        f"data in [-{B}, {B}]^{p.d}, E|x_0|^2 <= {moment}; {p.schedule.kind} schedule with T = "
        f"{p.schedule.T}; m = {p.m} samples for each step t = {p.first}..{p.schedule.T}"
    )
    console.print(_table(bound, digits))
    for line in _winners(bound):
        say(line)
    for c, why in bound.unfit:
        if c.name != "architecture" or p.architecture is not None:
            say(f"{c.name} has no bound here: {why}")
    say(f"prior term   {most(bound.prior_term)}")
    say(f"Bayes steps  {most(bound.bayes_steps)}")
    if bound.mixed is not None and bound.without_learning is not None:
        law = f"KL(law of x_{p.first - 1} || that of the model) <="
        say(
            f"{law} {most(bound.mixed)} nats on average over the samples, with the smallest excess "
            "at each step"
        )
        if bound.learnt is not None and bound.mixed < bound.learnt:
            say(f"{law} {most(bound.learnt)} nats, where every predictor is learnt")
        if bound.without_learning < bound.mixed:
            say(
                f"{law} {most(bound.without_learning)} nats with the affine predictor at every "
                "step: it takes the mean and the covariance of the data, and learns nothing"
            )
    else:
        say(
            "with first=1 only the excess is bounded: for atoms the divergence at t = 1 is "
            "infinite; data with a density go on to x_0, with a bound fisher=... of "
            "E|grad log p_0|^2"
        )
    for line in _distances(bound, digits):
        say(line)
    if bound.lower is not None:
        say(
            f"Whatever is learnt from {p.m} images in all, noised at every step: for some data in "
            f"[-{B}, {B}]^{p.d} with such a second moment the excess is at least "
            f"{ball_text(bound.lower.excess, digits, up=False)}."
        )
    if not p.schedule.steps(_BITS)[-1].alpha_bar > 0:
        say(
            f"x_{p.schedule.T} is noise alone: the claims named are about alpha_bar > 0, and what "
            "is said of this step is their limit."
        )
    worst = best.worst
    share = 100 * float(worst.excess / best.total()) if best.total() > 0 else 0.0
    names = ", ".join(f"{name} = {_number(v, digits)}" for name, v in worst.chosen.items())
    say(
        f"The step t = {worst.t} has {share:.3g} % of the excess, by the class {worst.predictors}"
        + (f". Chosen there: {names}." if names else ".")
    )
    say(f"Largest term: {bound.dominating}. What would reduce it: {bound.advice}.")
    if worst.t == p.first < p.schedule.T and share > _LARGE_SHARE:
        say(
            f"Stopping earlier helps too: with first={p.first + 1} the step t = {worst.t} "
            "does not count."
        )
    where: dict[str, list[str]] = {}
    for name, claims in bound.shown_in.items():
        for claim in claims:
            where.setdefault(claim, []).append(name.replace("_", " "))
    shown = "; ".join(f"{c} ({', '.join(names)})" for c, names in where.items())
    say(
        f"Stated in the claims {shown}; boundcheck verify says which are proved, and which steps. "
        "Where several are named, the number has a part of each; that the parts are of one learner "
        "is a theorem for softmax only."
    )


def _distances(bound: Bound, digits: int) -> Iterator[str]:
    """How far what comes out is from the data."""
    s, schedule, tv = bound.problem.first - 1, bound.problem.schedule, bound.total_variation
    if bound.problem.fisher is not None and schedule.wide:
        yield (
            f"the variances of the reverse steps are beta/(1 - beta) for t <= {schedule.wide}, "
            "which suits densities, and posterior after it"
        )
    if tv is not None:
        yield f"total variation of the same laws <= {ball_text(tv, digits, up=True)}"
    found = (
        f"{ball_text(value, digits, up=True)} for {OUTPUTS[name].format(s=s)}"
        for name, value in bound.wasserstein.items()
    )
    shown = ", ".join(found)
    if shown:
        yield f"W_2(data, output) <= {shown}"


def _table(bound: Bound, digits: int) -> Table:
    """A row for each class, a column for each term that is anywhere positive."""

    def most(value: arb) -> str:
        return ball_text(value, digits, up=True)

    rows = (*bound.classes, bound.smallest)
    columns = [n for n in TERMS if n != "optimisation" or bound.problem.eps > 0]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("excess, at most", overflow="fold")
    for name in (*columns, "sum"):
        table.add_column(name, justify="right", overflow="fold")
    for r in rows:
        numbers = (most(r.total(name)) for name in (*columns, "excess"))
        table.add_row(r.name, *numbers, style="bold" if r is bound.smallest else "")
    return table


def _winners(bound: Bound) -> Iterator[str]:
    """Which class has the smallest bound where, and which say nothing."""
    found = [(r.name, bound.smallest_at(r)) for r in bound.classes]
    at = "; ".join(f"{name} at t = {_ranges(ts)}" for name, ts in found if ts)
    yield f"smallest: {at}"
    names = [r.name for r in bound.classes if r.name != "zero" and bound.vacuous(r)]
    if names:
        yield f"vacuous, as they are above the predictor zero: {', '.join(names)}"


def _ranges(ts: Sequence[int]) -> str:
    """Steps as ranges, or their number where these are many."""
    starts = [t for t in ts if t - 1 not in ts]
    ends = [t for t in ts if t + 1 not in ts]
    if len(starts) > _MOST_RANGES:
        return f"{ts[0]}..{ts[-1]} ({len(ts)} steps)"
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))


def _number(value: Value, digits: int) -> str:
    return _at_most(value) if isinstance(value, fmpq) else ball_text(arb(value), digits, up=True)


def _at_most(q: fmpq) -> str:
    """Exact where that is short, else rounded up."""
    text = str(q)
    return text if len(text) <= _SHORT else decimal_text(q, 4, up=True)
