"""Derivations as JSON, and back: every step is derived again.

`replay` runs `derive` for each step of a document, which is not trusted, and compares what the
document claims to be derived with what was. So a forged document shows at most another theorem
than its maker wanted, and never one that is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from boundcheck.documents import REPLAY_BUDGET, Document, Json, JsonObject
from boundcheck.errors import BoundcheckError, Rejected
from boundcheck.exact.terms.work import OutOfBudget, at_most, checked, spend
from boundcheck.theorems.kernel.sequent import Theorem, derive
from boundcheck.theorems.language.binding import Lambda
from boundcheck.theorems.language.expr import Expr
from boundcheck.theorems.language.storage import TableReader, TableWriter, as_list, as_object
from boundcheck.theorems.records.rule_data import read, shape_of, written
from boundcheck.theorems.rules.all_rules import RULES

MAX_STEPS = 1_000_000
KEYS = frozenset({"hypotheses", "conclusion", "axioms", "sorts", "nodes", "steps"})
"""What `stored` writes and `replay` reads."""

# What a step whose data do not fit their rule runs into, beside the refusals of rules.
_MALFORMED = (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError)


def stored(theorem: Theorem) -> JsonObject:
    """A theorem with its whole derivation.

    Raises:
        BoundcheckError: a symbol whose name is none, or something that rules do not take.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> x = symbol("x", REAL)
    >>> document = stored(derive("assume", formula=x >= 0))
    >>> document["steps"]
    [{'rule': 'assume', 'premises': [], 'data': {'formula': 2}}]
    >>> replay(document)
    x >= 0 |- x >= 0
    """
    tables = TableWriter()
    places: dict[int, int] = {}
    steps: list[Json] = []
    for t in in_order(theorem):
        places[id(t)] = len(steps)
        premises: list[Json] = [places[id(p)] for p in t.premises]
        steps.append(
            {"rule": t.rule, "premises": premises, "data": written(t.rule, t.data, tables)}
        )
    return {
        "hypotheses": [tables.expression(h) for h in theorem.hyps],
        "conclusion": tables.expression(theorem.concl),
        "axioms": sorted(theorem.axioms),
        **tables.tables(),
        "steps": steps,
    }


def in_order(theorem: Theorem) -> list[Theorem]:
    """The theorems of a derivation, each once and after its premises.

    >>> from boundcheck.theorems.language.formulas import FALSE
    >>> false = derive("assume", formula=FALSE)
    >>> [t.rule for t in in_order(derive("conjoin", false, false))]
    ['assume', 'conjoin']
    """
    found: dict[int, Theorem] = {}
    stack = [theorem]
    while stack:
        missing = [p for p in stack[-1].premises if id(p) not in found]
        if missing and id(stack[-1]) not in found:
            stack += reversed(missing)
        else:
            t = stack.pop()
            found.setdefault(id(t), t)
    return list(found.values())


def replay(document: Document, budget: float = REPLAY_BUDGET) -> Theorem:
    """The theorem that a document derives.

    Args:
        document: what `stored` wrote, and nothing else.
        budget: units of work (see `exact.terms.work`).

    Raises:
        Rejected: a step does not follow by its rule, or what is claimed is not what was derived.
        BoundcheckError: the document is malformed.

    >>> from boundcheck.theorems.language.formulas import FALSE
    >>> document = stored(derive("discharge", derive("assume", formula=FALSE), formula=FALSE))
    >>> replay(document)
     |- 0 >= 1 implies 0 >= 1
    >>> document["conclusion"] = 2
    >>> replay(document)
    Traceback (most recent call last):
        ...
    boundcheck.errors.Rejected: the conclusion that is claimed is not the one derived
    """
    checked(budget)
    try:
        with at_most(budget):
            return _replayed(document)
    except OutOfBudget:
        raise Rejected(
            f"the theorem was not derived within {budget:g} units of work; give a larger budget"
        ) from None


def _replayed(document: Document) -> Theorem:
    fields = as_object(document, "the derivation", set(KEYS))
    tables = TableReader(fields)
    hyps = tuple(
        tables.formula(p, f"hypothesis {k}")
        for k, p in enumerate(as_list(fields["hypotheses"], "the hypotheses", MAX_STEPS))
    )
    concl = tables.formula(fields["conclusion"], "the conclusion")
    done: list[Theorem] = []
    for k, entry in enumerate(as_list(fields["steps"], "the steps", MAX_STEPS)):
        done.append(_step(entry, tables, done, f"step {k}"))
    if not done:
        raise BoundcheckError("the derivation has no steps")
    theorem = done[-1]
    claims = {
        "the hypotheses that are claimed are not those": hyps == theorem.hyps,
        "the conclusion that is claimed is not the one": concl == theorem.concl,
        "the axioms that are named are not those": fields["axioms"] == sorted(theorem.axioms),
    }
    for words, true in claims.items():
        if not true:
            raise Rejected(f"{words} derived")
    return theorem


def _step(entry: Any, tables: TableReader, done: list[Theorem], where: str) -> Theorem:
    fields = as_object(entry, where, {"rule", "premises", "data"})
    rule = fields["rule"]
    if not isinstance(rule, str) or rule not in RULES:
        raise Rejected(f"{where}: {rule!r:.40} is not a rule of the kernel")
    shape = shape_of(rule)
    premises = []
    for p in as_list(fields["premises"], f"{where}, premises", MAX_STEPS):
        if type(p) is not int or not 0 <= p < len(done):
            raise Rejected(f"{where}: {p!r:.40} is not the place of an earlier step")
        premises.append(done[p])
    if len(premises) < shape.premises or (len(premises) > shape.premises and not shape.more):
        raise Rejected(f"{where}: {len(premises)} premises are not as many as {rule} takes")
    data = read(rule, fields["data"], tables, where)
    spend(_size(p.concl for p in premises) + _size(data.values()))
    try:
        return derive(rule, *premises, **data)
    except RecursionError:
        raise Rejected(f"{where} ({rule}): it is nested too deeply") from None
    except (*_MALFORMED, AssertionError) as error:
        raise Rejected(f"{where} ({rule}): {error!s:.1000}") from None


def _size(several: Iterable[Any]) -> int:
    """How large expressions are as trees: rules walk them as such."""
    total = 0
    for e in several:
        if isinstance(e, Expr):
            total += e.size
        elif isinstance(e, Lambda):
            total += e.body.size
        elif isinstance(e, tuple):
            total += _size(e)
        elif isinstance(e, Mapping):
            total += _size(e.values())
    return total
