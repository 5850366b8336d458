"""Data with a density and a finite Fisher information: what the Bayes predictor's steps cost down
to x_0, and how good a predictor can be. See `formulas.to_the_data`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.balls import Balls
from boundcheck.exact.terms.term import Term, number, substitute, term
from boundcheck.theory.formulas import to_the_data


class NoisyStep(NamedTuple):
    """β_t, ᾱ_t, ᾱ_{t-1} and σ_t² of a step; see `boundcheck.theory.risk.schedules.Step`."""

    beta: arb
    alpha_bar: arb
    alpha_bar_before: arb
    sigma2: arb


def density_steps(steps: Sequence[NoisyStep], fisher: fmpq, d: int, bits: int) -> list[arb]:
    """For steps that follow each other: summed over any number of the first of them, at least what
    the Bayes predictor's steps cost. Infinite where β_t = 1, for the noise in y_t is."""
    cost, gap, score = (
        _at_steps(f, fisher, d, bits)
        for f in (to_the_data.BAYES_STEP, to_the_data.GAP, to_the_data.SCORE)
    )
    with ctx.workprec(bits):
        largest, found = arb(0), []
        for step in steps:
            if step.alpha_bar == 0:
                found.append(arb("inf"))
                continue
            longest = largest.max(gap((*step, *_NOT_USED)))
            before = score((*step._replace(alpha_bar=step.alpha_bar_before), *_NOT_USED))
            found.append(cost((*step, longest - largest, before)))
            largest = longest
        return found


def least_errors(steps: Sequence[NoisyStep], fisher: fmpq, d: int, bits: int) -> list[arb]:
    """At most mmse_t at each step; 0 where β_t = 1."""
    error = _at_steps(to_the_data.LEAST_ERROR, fisher, d, bits)
    with ctx.workprec(bits):
        return [error((*s, *_NOT_USED)) if s.alpha_bar > 0 else arb(0) for s in steps]


_MORE = ("rise", "score_before")
_NOT_USED = (arb(0),) * len(_MORE)
_PARTS = {
    "stretch": to_the_data.STRETCH,
    "gap": to_the_data.GAP,
    "score": to_the_data.SCORE,
    "noise": to_the_data.NOISE,
}


def _at_steps(formula: Term, fisher: fmpq, d: int, bits: int) -> Balls:
    """A formula of the fields of a step, and of `_MORE`."""
    parts = {name: term(part) for name, part in _PARTS.items()}
    known = {"fisher": number(fisher), "d": number(d)}
    (whole,) = (term(formula),)
    for more in (parts, parts, known):  # the score has noise in it
        (whole,) = substitute((whole,), more)
    return Balls(whole, (*NoisyStep._fields, *_MORE), bits)
