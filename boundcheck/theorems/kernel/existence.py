"""Which terms exist: by their form, and from what is known to be true."""

from __future__ import annotations

from collections.abc import Iterable, Set

from boundcheck.theorems.kernel.sequent import Theorem
from boundcheck.theorems.language.binding import INTERNAL
from boundcheck.theorems.language.expr import Expr, symbol
from boundcheck.theorems.language.formulas import parts
from boundcheck.theorems.language.sorts import Sort
from boundcheck.theorems.language.strictness import denotes

Known = Set[Expr]
"""Terms that exist."""


def fresh(sort: Sort, avoiding: Iterable[Expr]) -> Expr:
    """A symbol that no author can name and that does not occur in these expressions."""
    taken = {s.data for e in avoiding for s in e.free}
    k = 0
    while f"{INTERNAL}{k}" in taken:
        k += 1
    return symbol(f"{INTERNAL}{k}", sort)


def known_from(theorems: Iterable[Theorem]) -> Known:
    """The terms that exist since these conclusions are true: whatever stands in a relation, in
    `exists(...)` or in `... in law`, and what is strictly below it, but not in a body."""
    found: set[Expr] = set()
    for t in theorems:
        for formula in parts(t.concl):
            if formula.head in ("relation", "defined", "member"):
                _collect(formula, found)
    return found


def _collect(e: Expr, found: set[Expr]) -> None:
    for part in e.strict_parts:
        if part not in found and part.sort.kind != "function":
            found.add(part)
            _collect(part, found)


def exists(t: Expr, known: Known = frozenset()) -> bool:
    """Whether a term exists by its form (see `denotes`), or since it is known."""
    return denotes(t, known)
