"""A theorem at finite models: wherever its hypotheses hold, so does its conclusion, or it is
refuted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random

from flint import arb, ctx
from model_formulas import LAST
from model_functions import Defined, Function
from model_search import BEYOND, Search
from model_values import BITS, WORK, Unclear
from models import Model, forget

from boundcheck.theorems.language.binding import opened
from boundcheck.theorems.language.expr import Expr, symbol


class Refuted(AssertionError):
    """A model in which the hypotheses hold and the conclusion does not."""


@dataclass
class Count:
    """How often the hypotheses held; the conclusion held, or both sides were the same number as
    far as can be seen; and why it could not be evaluated."""

    met: int = 0
    checked: int = 0
    why: set[str] = field(default_factory=set)


def claims(formula: Expr, conditions=(), variables=()):
    """What a formula says for arbitrary values of what it is for all of, each part with its
    conditions and its variables."""
    match formula.head:
        case "and":
            for part in formula.args:
                yield from claims(part, conditions, variables)
        case "implies":
            condition, concl = formula.args
            yield from claims(concl, (*conditions, condition), variables)
        case "forall" if not _of_a_law(formula):
            x = symbol(f"for_all_{len(variables)}", formula.data)
            yield from claims(opened(formula, x), conditions, (*variables, x))
        case _:
            yield conditions, formula, variables


def _of_a_law(formula: Expr) -> bool:
    """Whether it is about the points of a law, all of which these models can go over."""
    inside = formula.args[-1]
    return inside.head == "implies" and inside.args[0].head == "member"


ENOUGH = ((60, 12_000), (20, 25_000), (10, 150_000))
"""How many models of one claim are enough as long as so many bodies of binders were evaluated."""
RESTARTS = 100


def tried(hyps, concl, seed: str, witnesses=None) -> list[Count]:
    """For each claim of the conclusion, how often the hypotheses held, and with them the claim.

    Raises:
        Refuted: it did not.
    """
    forget()
    with ctx.workprec(BITS):
        return [
            _tried((*hyps, *conditions), claim, variables, f"{seed} {k}", witnesses)
            for k, (conditions, claim, variables) in enumerate(claims(concl))
        ]


def _tried(hyps, claim, variables, seed, witnesses) -> Count:
    search = Search(hyps, claim.free | set(variables), Random(seed))
    count, start = Count(), WORK["done"]
    for model in search.found(ENOUGH[-1][1], RESTARTS):
        count.met += 1
        try:
            found = witnesses(model) if witnesses else {}
            if not replace(model, witnesses=found, some=20).holds(claim):
                raise Refuted(described(claim, model))
            count.checked += 1
            search.gap = gap(*LAST["relation"]) if claim.head != "exists" else None
        except Unclear as error:
            count.checked += error.close
            if not error.close:
                count.why.add(str(error)[:80])
        except BEYOND as error:
            count.why.add(f"{type(error).__name__} {error}"[:80])
        if count.checked >= next((n for n, most in ENOUGH if WORK["done"] - start <= most), 0):
            break
    return count


def gap(a=None, b=None) -> float | None:
    """How far two numbers are from each other, by their size; equal ones are far, since nothing
    needs to be near there."""
    if not all(isinstance(v, (Fraction, arb)) for v in (a, b)):
        return None
    size = max(abs(float(a)), abs(float(b)))
    return abs(float(a) - float(b)) / size if size and a != b else 1.0


def described(claim: Expr, model: Model) -> str:
    """A model, in words."""
    lines = [f"{claim!r} is false at"]
    for s, v in model.values.items():
        shown = v.other if isinstance(v, Defined) else v
        if isinstance(shown, Function):
            v = {**shown.known, **shown.changed}
        lines.append(f"  {s!r} = {v}")
    return "\n".join(lines)
