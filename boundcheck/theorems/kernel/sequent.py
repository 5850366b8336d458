"""Theorems, and the one way to make them: `derive`.

A theorem says: for all values of its free symbols, if all hypotheses hold, so does the conclusion.
Symbols of functions stand for all total Borel functions, spaces for all non-empty standard Borel
spaces. What a formula means is in `docs/theorems.md`: two-valued, in negative free logic; variables
denote, a relation is true if both sides exist and compare, and false if a side does not exist.

Python cannot keep anyone from making a `Theorem` by other ways; so whatever matters is replayed
from its data (`replay.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import Signature, signature
from typing import Any, Protocol, TypeAlias

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.work import spend
from boundcheck.theorems.language.binding import Lambda
from boundcheck.theorems.language.expr import Expr
from boundcheck.theorems.language.heads import WrongSort
from boundcheck.theorems.language.sorts import FORMULA, Sort

RuleData: TypeAlias = Any
"""What a rule is told beside its premises: formulas, terms, functions, names, numbers, proofs."""


class Refused(BoundcheckError):
    """A rule does not apply: a condition that keeps it sound is not met."""


class Theorem:
    """A sequent that was derived.

    Attributes:
        hyps: the hypotheses, each once.
        concl: the conclusion.
        rule: the name of the last rule.
        premises: the theorems it was applied to.
        data: what else the rule was told.
        axioms: the names of the axioms that it rests on.
    """

    __slots__ = ("axioms", "concl", "data", "hyps", "premises", "rule")
    hyps: tuple[Expr, ...]
    concl: Expr
    rule: str
    premises: tuple[Theorem, ...]
    data: Mapping[str, RuleData]
    axioms: frozenset[str]

    def __init__(self) -> None:
        raise TypeError("a theorem is derived by a rule: derive(rule, premises, ...)")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a theorem does not change")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a theorem does not change")

    @property
    def free(self) -> frozenset[Expr]:
        """The free symbols of the hypotheses and the conclusion."""
        return self.concl.free.union(*(h.free for h in self.hyps))

    def __repr__(self) -> str:
        return f"{', '.join(map(repr, self.hyps))} |- {self.concl!r}"


@dataclass(frozen=True)
class Sequent:
    """What a rule concludes."""

    hyps: tuple[Expr, ...]
    concl: Expr
    axioms: frozenset[str] = frozenset()


class Rule(Protocol):
    """A rule: from theorems and data to what follows; raises `Refused` where nothing does."""

    def __call__(self, *premises: Theorem, **data: RuleData) -> Sequent: ...


RULES: dict[str, Rule] = {}
"""Every rule by its name; `boundcheck.theorems.rules.all_rules` fills it."""

_SIGNATURES: dict[str, Signature] = {}


def rule(function: Callable[..., Sequent]) -> Callable[..., Sequent]:
    """Declare a function to be a rule, by its own name without a final underscore."""
    name = function.__name__.rstrip("_")
    assert name not in RULES, name
    RULES[name], _SIGNATURES[name] = function, signature(function)
    return function


def _dict(value: object, key: type, *of: type) -> bool:
    return type(value) is dict and all(type(k) is key and type(v) in of for k, v in value.items())


_TAKEN: dict[str, Callable[[Any], bool]] = {
    "Expr": lambda v: type(v) is Expr,
    "Lambda": lambda v: type(v) is Lambda,
    "Sequence[Expr]": lambda v: type(v) is tuple and all(type(e) is Expr for e in v),
    "Mapping[Expr, Value]": lambda v: _dict(v, Expr, Expr, Lambda),
    "Mapping[str, Sort] | None": lambda v: v is None or _dict(v, str, Sort),
    "Mapping[str, Any]": lambda v: type(v) is dict,
    "str": lambda v: type(v) is str,
    "int": lambda v: type(v) is int,
}
"""What rules take beside premises, by its annotation: exactly this, as something else may look like
it and behave otherwise (a tuple of variables, a Python function, an iterator, a subclass)."""


def derive(rule: str, *premises: Theorem, **data: RuleData) -> Theorem:
    """The theorem that follows by a rule.

    Raises:
        Refused: the rule does not apply.
    """
    spend(20.0)
    if rule not in RULES:
        raise Refused(f"{rule!r} is not a rule of the kernel; there are {', '.join(RULES)}")
    for p in premises:
        if type(p) is not Theorem:
            raise Refused(f"{p!r} is no theorem")
    try:
        _SIGNATURES[rule].bind(*premises, **data)
    except TypeError as error:
        raise Refused(f"{rule}: {error}") from None
    for name, value in data.items():
        kind = _SIGNATURES[rule].parameters[name].annotation
        if kind not in _TAKEN or not _TAKEN[kind](value):
            raise Refused(f"{rule}: {name} is {value!r:.100}, not of the kind {kind}")
    try:
        found = RULES[rule](*premises, **data)
    except WrongSort as error:
        raise Refused(f"{rule}: {error}") from None
    return _made(found, rule, premises, data)


def _made(
    found: Sequent, rule: str, premises: tuple[Theorem, ...], data: Mapping[str, RuleData]
) -> Theorem:
    for formula in (*found.hyps, found.concl):
        if formula.sort != FORMULA or formula.loose:
            raise Refused(f"{formula!r} is not a closed formula")
    theorem = object.__new__(Theorem)
    for name, value in (
        ("hyps", tuple(dict.fromkeys(found.hyps))),
        ("concl", found.concl),
        ("rule", rule),
        ("premises", premises),
        ("data", dict(data)),
        ("axioms", found.axioms.union(*(p.axioms for p in premises))),
    ):
        object.__setattr__(theorem, name, value)
    return theorem


def all_hyps(theorems: Iterable[Theorem]) -> tuple[Expr, ...]:
    """The hypotheses of some theorems, each once."""
    return tuple(dict.fromkeys(h for t in theorems for h in t.hyps))


def demand(condition: bool, message: str | Callable[[], str]) -> None:
    """Refuse where a condition is not met; a message with formulas in it is made only then."""
    if not condition:
        raise Refused(message if isinstance(message, str) else message())
