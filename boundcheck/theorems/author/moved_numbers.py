"""The numbers of a theorem, and the theorem with one of them moved: which formulas an author wrote,
and whether the proof still goes through with another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.kernel.sequent import Theorem
from boundcheck.theorems.language.expr import Expr, number, rebuilt

Key = tuple[str, int]
"""Which formula of a proof: `("given", k)`, or `("step", k)`, in the order of the proof."""

_A_LITTLE = Fraction(1, 100)
_LONG = 60  # letters
_FORWARD = frozenset(
    ("generalise", "discharge", "detach", "eliminate", "introduce", "instantiate", "conjoin")
)


@dataclass(frozen=True)
class NumberAt:
    """One occurrence of a number in a formula that the author wrote.

    Attributes:
        key: the formula.
        formula: the formula as it stands.
        path: the parts that lead to the number.
        value: the number.
        role: what it does there.
    """

    key: Key
    formula: Expr
    path: tuple[int, ...]
    value: Fraction
    role: str

    def moved(self, value: Fraction) -> Expr:
        """The formula with another number in this place."""
        return _put(self.formula, self.path, number(value))

    def marked(self) -> str:
        """Which number is meant: where, what it does, and the term around it."""
        kind, k = self.key
        where = f"hypothesis {k + 1}" if kind == "given" else "conclusion"
        around = self.formula
        for part in self.path[:-1]:
            around = around.args[part]
        text = repr(around) if not around.loose else ""
        if not text or len(text) > _LONG:
            text = f"{repr(self.formula)[: _LONG - 3]}..."
        return f"{where}: the {self.value} as {self.role} in {text}"


def numbers(key: Key, formula: Expr) -> Iterator[NumberAt]:
    """The numbers of a formula, but for those that are written by the language itself, and those
    that have to be natural numbers."""
    for path, value, role in _numbers(formula, (), "side"):
        found = NumberAt(key, formula, path, value, role)
        try:
            found.moved(value + _A_LITTLE)
        except BoundcheckError:
            continue
        yield found


_ROLES = {"mul": "factor", "npow": "exponent", "rpow": "exponent", "at": "place", "value": "output"}


def _numbers(
    e: Expr, path: tuple[int, ...], role: str
) -> Iterator[tuple[tuple[int, ...], Fraction, str]]:
    if e.head == "number" and role not in ("place", "output"):
        assert isinstance(e.data, Fraction)
        yield path, e.data, role
    for k, a in enumerate(e.args):
        inner = _ROLES.get(e.head, "term")
        if e.head == "div":
            inner = "divisor" if k else "factor"
        elif e.head in ("sum", "product", "largest", "smallest") and k < 2:
            inner = "limit"
        elif e.head == "relation":
            inner = "side"
        yield from _numbers(a, (*path, k), inner)


def _put(e: Expr, path: tuple[int, ...], new: Expr) -> Expr:
    if not path:
        return new
    k, *rest = path
    args = tuple(_put(a, tuple(rest), new) if i == k else a for i, a in enumerate(e.args))
    return rebuilt(e, args)


def source(theorem: Theorem, steps: dict[int, Key]) -> Key | None:
    """The step that states the conclusion: the last one, before generalising and the like."""
    found = theorem
    while id(found) not in steps:
        if found.rule not in _FORWARD or not found.premises:
            return None
        found = found.premises[-1] if found.rule == "eliminate" else found.premises[0]
    return steps[id(found)]
