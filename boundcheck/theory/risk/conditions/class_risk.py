"""The end-to-end bound for models that know the class of an image, averaged over the classes.

One regression over all m samples has predictors for each class y. By the oracle inequality for one
class (`proofs/learning/class_learning.py`) what it costs is the sum over the classes of

    P(y) (approximation + off_box) + net + samples + optimisation,

where `samples` is that of m samples, not of those of the class: so the log N are added. The Bayes
steps and the prior term are means over the classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flint import arb, ctx, fmpq

from boundcheck.errors import BoundcheckError
from boundcheck.settings import Settings, exact
from boundcheck.theory.risk.bayes_error import BITS, bayes_steps, prior_term
from boundcheck.theory.risk.classes.excess_risk import CLASSES, risks
from boundcheck.theory.risk.classes.step_risk import TERMS, Risk, StepRisk, Watch, smallest
from boundcheck.theory.risk.risk_problem import Problem, problem_of

_CLASSES = [c for c in CLASSES if c.by_coordinates]
"""The theorem is about one coordinate."""


@dataclass(frozen=True, kw_only=True)
class DataClass:
    """A class of the data.

    Attributes:
        name: as it was given.
        probability: P(y).
        problem: the data of the class alone, with all m samples.
    """

    name: str
    probability: fmpq
    problem: Problem


def split(given: Settings) -> tuple[DataClass, ...]:
    """The data by their classes: `classes=0;1;1` names that of each of the `atoms`.

    Raises:
        BoundcheckError: classes without atoms, or not one for each atom; eps > 0 in several
            dimensions; variance=best.

    >>> given = {"atoms": "1;-1/2;-1", "weights": "1/2;1/4;1/4", "classes": "0;1;1", "m": "100"}
    >>> found = split(Settings("bound", given))
    >>> [(c.name, str(c.probability), str(c.problem.spread)) for c in found]
    [('0', '1/2', '0'), ('1', '1/2', '1/16')]
    """
    if not given.has("atoms"):
        raise BoundcheckError("classes are those of the atoms; give the points: atoms=...")
    points, names = given.text("atoms").split(";"), given.row("classes")
    if len(names) != len(points):
        raise BoundcheckError(
            f"{len(names)} classes for {len(points)} atoms; each atom needs one, as in "
            "atoms=1;-1/2;-1 with classes=0;1;1"
        )
    whole = problem_of(given)
    if whole.d > 1 and whole.eps > 0:
        raise BoundcheckError(
            f"eps = {whole.eps} with classes in {whole.d} dimensions: the theorem has one for each "
            "coordinate; leave it out"
        )
    if given.has("variance") and given.text("variance") == "best":
        raise BoundcheckError(
            "variance=best differs between the classes, and the model has one; take "
            "variance=posterior, beta or sigmas2"
        )
    weights = [fmpq(1, len(points))] * len(points)
    if given.has("weights"):
        weights = [exact(w, "weights") for w in given.row("weights")]
    found = []
    for name in dict.fromkeys(names):
        own = [k for k, n in enumerate(names) if n == name and weights[k] > 0]
        share = sum((weights[k] for k in own), fmpq(0))
        if share > 0:
            parts = {
                "atoms": ";".join(points[k] for k in own),
                "weights": ";".join(str(weights[k] / share) for k in own),
                "B": str(whole.B),
            }
            problem = problem_of(Settings(given.of, {**given.given, **parts}))
            found.append(DataClass(name=name, probability=share, problem=problem))
    return tuple(found)


def steps_of_classes(
    classes: Sequence[DataClass], watch: Watch = lambda _: None, bits: int = BITS
) -> list[tuple[StepRisk, ...]]:
    """For each class of the data what its steps add to the excess, with the class of predictors at
    each step whose bound is smallest."""
    found: list[tuple[StepRisk, ...]] = []
    for c in classes:
        # P(y) m samples of the class weigh the terms as they count here
        m = max(1, int((c.probability * c.problem.m).floor()))
        alone = smallest(risks(replace(c.problem, m=m), watch, bits, _CLASSES))
        share = fmpq(m, c.problem.m)
        found.append(tuple(_counted(s, c.probability, share, bits) for s in alone.steps))
    return found


def class_risk(
    classes: Sequence[DataClass], watch: Watch = lambda _: None, bits: int = BITS
) -> Risk:
    """The excess, averaged over the classes: the sum of what they add."""
    found = steps_of_classes(classes, watch, bits)
    with ctx.workprec(bits):
        return Risk("classes", tuple(_sum(rows) for rows in zip(*found, strict=True)))


def _counted(step: StepRisk, probability: fmpq, share: fmpq, bits: int) -> StepRisk:
    """What a step for one class of the data counts among all."""
    with ctx.workprec(bits):
        factors = dict.fromkeys(TERMS, arb(1))
        factors |= {"approximation": arb(probability), "off_box": arb(probability)}
        factors["samples"] = arb(share)
        parts = {name: getattr(step, name) * factors[name] for name in TERMS}
        return replace(step, excess=sum(parts.values(), arb(0)), **parts)


def _sum(steps: Sequence[StepRisk]) -> StepRisk:
    names = (*TERMS, "excess")
    parts = {name: sum((getattr(s, name) for s in steps), arb(0)) for name in names}
    kinds = ", ".join(dict.fromkeys(s.predictors for s in steps))
    return StepRisk(predictors=kinds, t=steps[0].t, chosen={}, **parts)


def class_bayes_steps(classes: Sequence[DataClass], bits: int = BITS) -> arb:
    """At least the mean over the classes of what the Bayes predictor's own steps cost."""
    return _mean(classes, [bayes_steps(c.problem, bits) for c in classes], bits)


def class_prior_term(classes: Sequence[DataClass], bits: int = BITS) -> arb:
    """At least the mean over the classes of the divergence of the law of x_T from N(0, I)."""
    return _mean(classes, [prior_term(c.problem, bits) for c in classes], bits)


def _mean(classes: Sequence[DataClass], values: Sequence[arb], bits: int) -> arb:
    with ctx.workprec(bits):
        pairs = zip(classes, values, strict=True)
        return sum((arb(c.probability) * v for c, v in pairs), arb(0))
