"""The end-to-end theorem, for `boundcheck constants end_to_end`."""

from __future__ import annotations

from functools import lru_cache

from flint import ctx

from boundcheck.math import Sum, symbols
from boundcheck.settings import Settings
from boundcheck.theory.formulas import diffusion, end_to_end, information
from boundcheck.theory.formulas.diffusion import T, t
from boundcheck.theory.risk.bayes_error import bayes_steps, prior_term, without_learning
from boundcheck.theory.risk.classes.excess_risk import CLASSES, risks
from boundcheck.theory.risk.classes.step_risk import TERMS, Risk, smallest
from boundcheck.theory.risk.risk_problem import PARAMETERS, Problem, problem_of
from boundcheck.theory.theorems.ddpm_theorem import DDPM
from boundcheck.theory.theorems.theorem import (
    Constant,
    Numbers,
    Parameter,
    Theorem,
    Values,
    Word,
    integer,
    positive,
)

first, excess = symbols("first excess")
_SMALLEST = "smallest"


def _problem(numbers: Numbers) -> Problem:
    return problem_of(
        Settings("end_to_end", {name: str(numbers[name]) for name in PARAMETERS if name in numbers})
    )


def _check(numbers: Numbers) -> None:
    _problem(numbers)


def _constants(numbers: Numbers) -> tuple[Constant, ...]:
    fitting = [c for c in CLASSES if not c.unfit(_problem(numbers))]
    sums = [
        Constant(f"excess_{c.name}", formula=Sum(c.formula, (t, first, T)), meaning=c.says)
        for c in fitting
    ]
    terms = [
        Constant(
            name,
            formula=Sum(formula, (t, first, T)),
            meaning=f"the part `{name}` of excess_{_SMALLEST}",
        )
        for name, formula in end_to_end.PARTS.items()
    ]
    prior = diffusion.PRIOR.subs(diffusion.alpha_bar, symbols("alpha_bar_T"))
    steps = Sum(information.BAYES_STEP, (t, first, T))
    alone = Sum(information.WITHOUT_LEARNING, (t, first, T)) + symbols("prior_term")
    early, stopped = (
        numbers["first"] > 1,
        "divergence of x_(first-1) from that of the model, at most",
    )
    total = symbols("prior_term") + symbols("bayes_steps") + symbols("excess_smallest")
    return (
        *sums,
        Constant(
            f"excess_{_SMALLEST}",
            formula=Sum(excess, (t, first, T)),
            meaning="the smallest of these at each step",
        ),
        *terms,
        Constant("prior_term", formula=prior, meaning="divergence of x_T from N(0, I), at most"),
        Constant(
            "bayes_steps",
            formula=steps,
            meaning="divergence of the Bayes predictor's steps, at most (t >= 2 only)",
        ),
        *(
            (
                Constant("total", formula=total, meaning=stopped),
                Constant(
                    "without_learning",
                    formula=alone - symbols("known"),
                    meaning="the same for the affine predictor, which knows mean and covariance; "
                    "known <= I(x_0; x_(first-1))",
                ),
            )
            if early
            else ()
        ),
        Constant(
            "excess",
            formula=end_to_end.EXCESS,
            meaning="of the step t = first + j - 1, the smallest one",
            index="j",
        ),
    )


_OF_ALL = tuple(dict.fromkeys(claim for c in CLASSES for claim in c.claims))
"""The smallest excess may be that of any class."""
_LEAST_ERROR = ("information.affine_predictor", "information.error_for_atoms")
"""What bounds mmse_t, a hypothesis of the theorem: the second one where the atoms are known."""
_SHOWN_IN: dict[str, tuple[str, ...]] = {
    **{f"excess_{c.name}": c.claims for c in CLASSES},
    **dict.fromkeys(TERMS, ("learnt_steps.parts_of_the_excess",)),
    **dict.fromkeys((f"excess_{_SMALLEST}", "excess"), _OF_ALL),
    "prior_term": ("diffusion_steps.prior_term",),
    "bayes_steps": ("diffusion_chain.divergence_by_information", *_LEAST_ERROR),
    "total": (
        "diffusion_chain.divergence_by_information",
        "end_to_end.of_excess_risks",
        "end_to_end.end_to_end_bound",
    ),
    "without_learning": (
        "diffusion_chain.without_learning",
        "information.affine_predictor",
        "information.information_of_atoms",
    ),
}


@lru_cache(maxsize=4)
def _risks(problem: Problem, bits: int) -> tuple[Risk, ...]:
    found = risks(problem, bits=bits)
    return (*found, smallest(found, _SMALLEST))


def _values(constants: tuple[Constant, ...], numbers: Numbers, bits: int) -> list[Values]:
    problem = _problem(numbers)
    found = _risks(problem, bits)
    best = found[-1]
    prior, steps = prior_term(problem, bits), bayes_steps(problem, bits)
    with ctx.workprec(bits):
        known: dict[str, Values] = {f"excess_{r.name}": r.total() for r in found}
        known |= {name: best.total(name) for name in TERMS}
        known |= {
            "prior_term": prior,
            "bayes_steps": steps,
            "total": prior + steps + best.total(),
        }
        alone = without_learning(problem, bits)
        if alone is not None:
            known["without_learning"] = alone
    known["excess"] = tuple(step.excess for step in best.steps)
    return [known[c.name] for c in constants]


END_TO_END = Theorem(
    name="end_to_end",
    says=(
        "predictors that minimise the empirical risk of m samples over a class of functions "
        "have, for t >= first, an excess risk (the sum of w_t times the mean of |predictor - "
        "E[x_0|x_t]|^2) of at most excess_smallest on average; classes, boxes, widths, clips and "
        "nets are chosen at each step, see `boundcheck bound`"
    ),
    parameters=(
        *DDPM.parameters,
        integer("m", meaning="samples at each step", default="10**6"),
        positive("M", meaning="scale of the SignReLU neurons", default="2**64"),
        Parameter(
            "eps",
            meaning="by how much the empirical risk may exceed its minimum",
            default="0",
            admissible="eps >= 0",
            holds=lambda v: v >= 0,
        ),
        integer(
            "first",
            meaning="the first step that counts: the model stops at x_(first-1)",
            default="2",
        ),
        Word(
            "atoms",
            meaning="all possible points, such as 0:0;1/2:-1/2",
            admissible="points separated by ;",
            holds=bool,
        ),
        Word(
            "weights",
            meaning="their probabilities; equal by default",
            admissible="numbers separated by ;",
            holds=bool,
        ),
    ),
    constants=_constants,
    check=_check,
    values=_values,
    shown_in=lambda _: _SHOWN_IN,
)
