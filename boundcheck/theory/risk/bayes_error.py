"""What does not depend on the learnt predictors, with numbers: the prior term, what the Bayes
predictor's own steps cost, and what an affine predictor achieves. See `formulas.information`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, combinations

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.enclosure.intervals.balls import Balls
from boundcheck.exact.terms.term import Term, number, substitute, term
from boundcheck.theory.formulas import diffusion, information
from boundcheck.theory.risk.densities.density_steps import NoisyStep, density_steps, least_errors
from boundcheck.theory.risk.risk_problem import Problem
from boundcheck.theory.risk.schedules import Step

BITS = 128


def all_steps(problem: Problem, bits: int) -> tuple[tuple[Step, ...], int]:
    """All steps, and the precision at which 1-ᾱ_t >= β_1 keeps so many bits."""
    steps = problem.schedule.steps(bits)
    mantissa, exponent = steps[0].beta.mid().man_exp()
    return steps, bits + max(0, 1 - int(exponent) - int(mantissa).bit_length())


def data_of(problem: Problem) -> dict[str, Value]:
    """What formulas say of the data."""
    return {
        "d": fmpq(problem.d),
        "B": problem.B,
        "second_moment": problem.second_moment,
        "spread": problem.spread,
        "rank": fmpq(problem.rank),
    }


def prior_term(problem: Problem, bits: int = BITS) -> arb:
    """At least the divergence of the law of x_T from N(0, I)."""
    steps, bits = all_steps(problem, bits)
    known = {**data_of(problem), "alpha_bar": steps[-1].alpha_bar}
    return arb(at_point(term(diffusion.PRIOR), known, bits))


def bayes_steps(problem: Problem, bits: int = BITS) -> arb:
    """At least the sum of what the Bayes predictor's own steps cost, over t >= first. For data
    without a density t = 1 is left out."""
    steps, more = all_steps(problem, bits)
    late = _by_information(problem, bits)
    with ctx.workprec(more):
        if problem.fisher is None:
            return sum(late, arb(0))
        later = noisy(steps[problem.first - 1 :])
        early = density_steps(later, problem.fisher, problem.d, more)
        if problem.first == 1:  # the step t = 1 needs the density
            late = [arb("inf"), *late]
        rest = [*accumulate(reversed(late), initial=arb(0))][::-1]
        begun = [*accumulate(early, initial=arb(0))]
        return min((a + b for a, b in zip(begun, rest, strict=True)), key=lambda v: v.mid())


def _by_information(problem: Problem, bits: int) -> list[arb]:
    """Summed over t >= s: at least what the steps cost, for any s >= first, s >= 2."""
    steps, bits = all_steps(problem, bits)
    counted = steps[max(2, problem.first) - 1 :]
    with ctx.workprec(bits):
        best = [_best_weight(s, bits) for s in counted]
        largest = [arb(0)]
        for weight in reversed(best):
            largest.append(weight.max(largest[-1]))
        largest.reverse()
        cost = _at_steps(problem, information.BAYES_STEP, bits)
        errors = _errors(problem, counted, bits)
        return [
            cost((*step, mmse, best[k], largest[k] - largest[k + 1]))
            for k, (step, mmse) in enumerate(zip(counted, errors, strict=True))
        ]


def affine(problem: Problem, bits: int = BITS) -> tuple[arb, ...]:
    """For each t >= first, at least w_t E|x̂_0 - E[x_0|x_t]|² for the affine predictor."""
    steps, bits = all_steps(problem, bits)
    counted = steps[problem.first - 1 :]
    with ctx.workprec(bits):
        if problem.spread == 0:
            return (arb(0),) * len(counted)
        loss = _at_steps(problem, diffusion.w * information.AFFINE, bits)
        found = [loss((*s, *_NOT_USED)) for s in counted]
        if problem.fisher is not None:
            least = least_errors(noisy(counted), problem.fisher, problem.d, bits)
            pairs = zip(found, counted, least, strict=True)
            found = [(whole - s.w * mmse).max(arb(0)) for whole, s, mmse in pairs]
        return tuple(found)


def without_learning(problem: Problem, bits: int = BITS) -> arb | None:
    """At least KL(law of x_(first-1) ‖ law of the model's) for the affine predictor. None where
    first = 1 and the data need have no density."""
    found = []
    if problem.fisher is not None:
        with ctx.workprec(bits):
            parts = (prior_term(problem, bits), bayes_steps(problem, bits), *affine(problem, bits))
            found.append(sum(parts, arb(0)))
    if problem.first > 1:
        found.append(_by_all_errors(problem, bits))
    return min(found, key=lambda v: v.mid(), default=None)


def _by_all_errors(problem: Problem, bits: int) -> arb:
    """The same by what the affine predictor misses of x_0, not of E[x_0|x_t]; first >= 2."""
    steps, bits = all_steps(problem, bits)
    with ctx.workprec(bits):
        formula = information.WITHOUT_LEARNING if problem.spread else diffusion.VARIANCE_COST
        cost, total = _at_steps(problem, formula, bits), prior_term(problem, bits)
        for step in steps[problem.first - 1 :]:
            total += cost((*step, *_NOT_USED))
        return total - information_at(problem, steps[problem.first - 2], bits)


def noisy(steps: Sequence[Step]) -> list[NoisyStep]:
    """What `densities` has to know of steps."""
    return [NoisyStep(s.beta, s.alpha_bar, s.alpha_bar_before, s.sigma2) for s in steps]


_MORE = ("mmse", "w_best", "fall")
_NOT_USED = (arb(0),) * len(_MORE)


def _at_steps(problem: Problem, formula: Term, bits: int) -> Balls:
    """A formula of the fields of a step, and of `_MORE`."""
    data = {name: number(value) for name, value in data_of(problem).items()}
    (whole,) = substitute((term(formula),), data)
    return Balls(whole, (*Step._fields, *_MORE), bits)


def _best_weight(step: Step, bits: int) -> arb:
    """w̃_t: the weight of a step with the variance β̃_t."""
    known: dict[str, Value] = {**step._asdict(), "sigma2": step.posterior_variance}
    return arb(at_point(term(diffusion.WEIGHT), known, bits))


def error_at(problem: Problem, step: Step, bits: int = BITS, *, atoms: bool = True) -> arb:
    """At least mmse_t; without `atoms` that is what the affine predictor achieves."""
    with ctx.workprec(bits):
        (found,) = _errors(problem, (step,), bits, atoms=atoms)
        return found


def _errors(problem: Problem, steps: Sequence[Step], bits: int, *, atoms: bool = True) -> list[arb]:
    """At least mmse_t at each step; both bounds grow with t, as mmse_t does."""
    found = [arb(0)] * len(steps)
    if problem.spread:
        loss = _at_steps(problem, information.AFFINE, bits)
        found = [loss((*s, *_NOT_USED)) for s in steps]
    if problem.atoms and atoms:
        pairs = _over_pairs(problem, information.ATOMS, bits)
        found = [
            f.min(sum((p((s.snr,)) for p in pairs), arb(0)))
            for f, s in zip(found, steps, strict=True)
        ]
    return found


def information_at(problem: Problem, step: Step, bits: int = BITS) -> arb:
    """At most I(x_0; x_t), for atoms; else 0."""
    if not problem.atoms:
        return arb(0)
    entropy = term(information.ENTROPY)
    with ctx.workprec(bits):
        whole = sum((arb(at_point(entropy, {"p": p}, bits)) for p, _ in problem.atoms), arb(0))
        pairs = _over_pairs(problem, information.LEAK, bits)
        return (whole - sum((p((step.snr,)) for p in pairs), arb(0))).max(arb(0))


def _over_pairs(problem: Problem, formula: Term, bits: int) -> list[Balls]:
    """A formula of snr for each pair of atoms."""
    found = []
    for (p, u), (q, v) in combinations(problem.atoms, 2):
        square = sum(((a - b) ** 2 for a, b in zip(u, v, strict=True)), fmpq(0))
        known = {"p_i": number(p), "p_j": number(q), "square": number(square)}
        (whole,) = substitute((term(formula),), known)
        found.append(Balls(whole, ("snr",), bits))
    return found
