"""All classes of predictors whose excess risk is bounded, and the smallest bound at each step.

The bounds do not look at the samples, so each step may take the class whose bound is smallest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import arb

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import Term, term
from boundcheck.theory.formulas import architecture, diffusion, end_to_end, information
from boundcheck.theory.formulas.approximation import softmax
from boundcheck.theory.risk.bayes_error import BITS, affine, all_steps, data_of
from boundcheck.theory.risk.classes import architecture_class, softmax_class
from boundcheck.theory.risk.classes.architecture_class import architecture_steps
from boundcheck.theory.risk.classes.ratio_choices import VERSIONS
from boundcheck.theory.risk.classes.ratio_class import ratio_steps
from boundcheck.theory.risk.classes.softmax_class import softmax_steps, softmax_steps_in_subspace
from boundcheck.theory.risk.classes.spline_class import spline_steps
from boundcheck.theory.risk.classes.spline_class import unfit as unfit_for_splines
from boundcheck.theory.risk.classes.step_risk import Risk, StepRisk, Watch
from boundcheck.theory.risk.risk_problem import Problem

Steps = Callable[[Problem, Watch, int], tuple[StepRisk, ...]]


def _fits(_: Problem) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class PredictorClass:
    """A class of predictors.

    Attributes:
        name: its name.
        says: what it is, and what has to be known of the data.
        claims: the claims of the proof files that bound its excess, and those of its parts where
            they are hypotheses of the first one. That the parts are of one learner is a theorem
            for softmax networks only.
        formula: the excess of a step.
        steps: the bound at each step t >= first.
        unfit: why there is none for this problem; empty if there is one.
        learnt: whether its parameters come from the samples.
        by_coordinates: whether each coordinate has functions of its own.
    """

    name: str
    says: str
    claims: tuple[str, ...]
    formula: Term
    steps: Steps
    unfit: Callable[[Problem], str] = _fits
    learnt: bool = True
    by_coordinates: bool = True


def _ratio(version: str) -> Steps:
    return lambda problem, watch, bits: ratio_steps(problem, version, watch, bits)


def _zero(problem: Problem, _: Watch, bits: int) -> tuple[StepRisk, ...]:
    steps, bits = all_steps(problem, bits)
    known, trivial = data_of(problem), term(end_to_end.TRIVIAL)
    return tuple(
        StepRisk.of_comparator("zero", s.t, arb(at_point(trivial, {**known, "w": s.w}, bits)))
        for s in steps[problem.first - 1 :]
    )


def _affine(problem: Problem, _: Watch, bits: int) -> tuple[StepRisk, ...]:
    found = enumerate(affine(problem, bits), problem.first)
    return tuple(StepRisk.of_comparator("affine", t, excess) for t, excess in found)


_PARTS = (
    "ratio_covering.ratio_covering_number_without_ceiling",
    "ratio_steps.parameters_of_the_construction",
    "off_box.tail_by_exponentials",
)
_APPROXIMATION = {
    "uniform": "ratio_steps.uniform_with_the_output_clip",
    "weighted": "ratio_networks.weighted_network",
    "positivity_free": "ratio_networks.positivity_free_network",
}
_RATIO = {
    "uniform": "ratio networks, by a lower bound of f2 on the box",
    "weighted": "the same, with errors weighted by the density",
    "positivity_free": "ratio networks, without a lower bound of f2",
}
_SOFTMAX = (
    "end_to_end.excess_of_a_step",
    "softmax_approximation.softmax_network",
    "softmax_predictor.bayes_predictor_of_points",
)
CLASSES = (
    *(
        PredictorClass(
            name=v,
            says=_RATIO[v],
            claims=("learnt_steps.one_step", _APPROXIMATION[v], *_PARTS),
            formula=end_to_end.EXCESS.subs(end_to_end.approximation, end_to_end.BOUNDS[v]),
            steps=_ratio(v),
        )
        for v in VERSIONS
    ),
    PredictorClass(
        name="architecture",
        says="networks of the sizes given, whatever they approximate beside affine functions",
        claims=(
            "learnt_steps.excess",
            "covering.covering_number_without_ceiling",
            "off_box.tail_by_exponentials",
        ),
        formula=architecture.EXCESS,
        steps=architecture_steps,
        unfit=architecture_class.unfit,
    ),
    PredictorClass(
        name="splines",
        says="ratios of splines with fixed knots, for d = 1; sharper where all atoms are known",
        claims=("spline_risk.one_step",),
        formula=end_to_end.EXCESS,
        steps=spline_steps,
        unfit=unfit_for_splines,
    ),
    PredictorClass(
        name="softmax",
        says=(
            "softmax networks; known are the number of points, a ball and a cube around them, "
            "and a lower bound of their probabilities"
        ),
        claims=_SOFTMAX,
        formula=softmax.EXCESS,
        steps=softmax_steps,
        unfit=softmax_class.unfit,
        by_coordinates=False,
    ),
    PredictorClass(
        name="softmax_subspace",
        says="the same, in the affine space that the points span, which is known",
        claims=(*_SOFTMAX, "softmax_predictor.predictor_in_a_subspace"),
        formula=softmax.EXCESS,
        steps=softmax_steps_in_subspace,
        unfit=softmax_class.unfit_in_subspace,
        by_coordinates=False,
    ),
    PredictorClass(
        name="affine",
        says="the best affine predictor; mean and covariance are known, nothing is learnt",
        claims=("information.affine_predictor",),
        formula=diffusion.w * information.AFFINE,
        steps=_affine,
        learnt=False,
    ),
    PredictorClass(
        name="zero",
        says="the predictor 0",
        claims=("learnt_steps.predictor_zero",),
        formula=end_to_end.TRIVIAL,
        steps=_zero,
        learnt=False,
    ),
)
"""All of them, in the order in which they are shown."""


def risk(problem: Problem, name: str, watch: Watch = lambda _: None, bits: int = BITS) -> Risk:
    """The bound of the excess for a class of `CLASSES`, which fits the problem."""
    (found,) = (c for c in CLASSES if c.name == name)
    return Risk(name, found.steps(problem, watch, bits))


def risks(
    problem: Problem,
    watch: Watch = lambda _: None,
    bits: int = BITS,
    classes: Sequence[PredictorClass] = CLASSES,
) -> tuple[Risk, ...]:
    """The same for all classes that fit."""
    return tuple(risk(problem, c.name, watch, bits) for c in classes if not c.unfit(problem))
