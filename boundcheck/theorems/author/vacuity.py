"""Whether a theorem says anything: that its hypotheses can hold, and that its conclusion is not
one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boundcheck.claims.says_nothing import says_nothing as plain
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theorems.engine.engine import Engine
from boundcheck.theorems.engine.matching import all_opaque
from boundcheck.theorems.kernel.abstraction import abstraction
from boundcheck.theorems.kernel.sequent import Refused, Theorem, derive
from boundcheck.theorems.language.binding import Lambda, Value, opened
from boundcheck.theorems.language.expr import Expr, expr, number
from boundcheck.theorems.language.formulas import FALSE, parts
from boundcheck.theorems.language.sorts import Sort

_CONTRADICTION, _TWO = 0.2, 2


@dataclass(frozen=True)
class Example:
    """Terms for the symbols of a theorem, for which all its hypotheses are to be shown. Numbers of
    which it does not speak are 1, and functions to numbers are 1 everywhere."""

    values: Mapping[str, Any]
    spaces: Mapping[str, Sort]


def says_nothing(theorem: Theorem) -> str | None:
    """Why a theorem says nothing: its conclusion is among its hypotheses or conditions, or has one
    term on both sides; None where that is not so."""
    engine = Engine()
    known = {p for h in theorem.hyps for p in parts(h)}
    if theorem.concl in theorem.hyps:
        return "its conclusion is one of its hypotheses"
    inner = theorem.concl
    while inner.head in ("forall", "implies"):
        if inner.head == "forall":
            inner = opened(inner, engine.fresh("x", inner.data, inner))  # type: ignore[arg-type]
        else:
            known |= set(parts(inner.args[0]))
            inner = inner.args[1]
    for p in parts(inner):
        if p in known:
            return f"{p!r} is among its own conditions"
        if p.head == "relation" and p.args[0] == p.args[1]:
            return f"both sides are {p.args[0]!r}"
    near = [(p, next((h for h in known if _moved(h, p)), None)) for p in parts(inner)]
    if all(h is not None for _, h in near):
        return f"{near[0][0]!r} is no more than {near[0][1]!r}"
    return None


def _moved(hypothesis: Expr, conclusion: Expr) -> bool:
    """Whether a conclusion is one of its hypotheses with terms moved; see `claims.says_nothing`."""
    if not all(p.head == "relation" and p.args[0].sort.numeric for p in (hypothesis, conclusion)):
        return False
    terms = {t for p in (hypothesis, conclusion) for t in all_opaque([p])}
    try:
        asked = abstraction([hypothesis], conclusion, terms)
    except Refused:
        return False
    return plain(asked.statement) is not None


def contradicting(theorem: Theorem) -> bool:
    """Whether arithmetic alone shows that the hypotheses contradict each other."""
    engine = Engine()
    engine.budget = _CONTRADICTION
    facts = [p for h in theorem.hyps for p in engine.taken_apart(engine.assume(h))]
    plain_ones = [f for f in facts if f.concl.head == "relation" and f.concl.args[0].sort.numeric]
    if len(plain_ones) < _TWO:
        return False
    try:
        engine.arithmetic(FALSE, plain_ones)
    except (StepFailed, Refused):
        return False
    return True


def _gives_numbers(s: Expr) -> bool:
    return s.sort.kind == "function" and s.sort.result.numeric


def _one(s: Expr) -> Value:
    """The number 1, or the function that is 1 everywhere."""
    return Lambda(s.sort.arguments, number(1)) if s.sort.kind == "function" else number(1)


def example_fails(theorem: Theorem, example: Example, budget: float) -> str | None:
    """Why an example is none: the first hypothesis that is not shown for it; None where all are."""
    given: dict[Expr, Value] = {}
    for s in theorem.free:
        if str(s.data) in example.values:
            value = example.values[str(s.data)]
            given[s] = value if isinstance(value, (Expr, Lambda)) else expr(value)
    ones = {s: _one(s) for s in theorem.free if s.sort.numeric or _gives_numbers(s)}
    if given and _fails(theorem, given, example.spaces, budget) is None:
        return None
    return _fails(theorem, ones | given, example.spaces, budget)


def _fails(
    theorem: Theorem, values: Mapping[Expr, Value], spaces: Mapping[str, Sort], budget: float
) -> str | None:
    engine = Engine()
    engine.budget = budget
    try:
        why = [w for v in values.values() if isinstance(v, Lambda) for w in engine.total(v)]
        instance = derive("substitute", theorem, *why, values=values, spaces=dict(spaces))
    except (StepFailed, Refused) as error:
        return str(error)
    for h in instance.hyps:
        engine = Engine()
        engine.budget = budget
        try:
            engine.show(h)
        except (StepFailed, Refused) as error:
            return f"{h!r} is not shown: {error}"
    return None
