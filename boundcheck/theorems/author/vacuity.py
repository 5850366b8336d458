"""Whether a theorem says anything: that its hypotheses can hold, and that its conclusion is not
one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boundcheck.theorems.author.context import StepFailed
from boundcheck.theorems.author.engine import Engine
from boundcheck.theorems.kernel.sequent import Refused, Theorem, derive
from boundcheck.theorems.language.binding import Lambda, opened
from boundcheck.theorems.language.expr import Expr, expr
from boundcheck.theorems.language.formulas import parts
from boundcheck.theorems.language.sorts import Sort


@dataclass(frozen=True)
class Example:
    """Terms for the symbols of a theorem, for which all its hypotheses are to be shown."""

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
    return None


def example_fails(theorem: Theorem, example: Example, budget: float) -> str | None:
    """Why an example is none: the first hypothesis that is not shown for it; None where all are."""
    symbols = {str(s.data): s for s in theorem.free}
    values = {
        symbols[n]: v if isinstance(v, (Expr, Lambda)) else expr(v)
        for n, v in example.values.items()
        if n in symbols
    }
    engine = Engine()
    engine.budget = budget
    try:
        why = [w for v in values.values() if isinstance(v, Lambda) for w in engine.total(v)]
        instance = derive("substitute", theorem, *why, values=values, spaces=dict(example.spaces))
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
