"""Which terms exist: by their form, and from what is known to be true."""

from __future__ import annotations

from collections.abc import Iterable, Set

from boundcheck.theorems.kernel.sequent import Theorem
from boundcheck.theorems.language.binding import INTERNAL, Lambda, opened
from boundcheck.theorems.language.expr import Expr, symbol
from boundcheck.theorems.language.formulas import defined, for_all, parts
from boundcheck.theorems.language.heads import HEADS, TOTAL_CALLS
from boundcheck.theorems.language.sorts import Sort

Known = Set[Expr]
"""Terms that exist."""


def fresh(sort: Sort, avoiding: Iterable[Expr]) -> Expr:
    """A symbol that no author can name and that does not occur in these expressions.

    Rules may name more than they have to: of what no author can name nothing is free in a theorem
    of a file, and a symbol of another sort is another symbol.
    """
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
    """Whether a term exists by its form: a variable, a number, an operation that is defined
    everywhere on terms that exist, a quotient by a number other than 0, a sum or a product
    whose terms exist for every value of the index; or since it is known."""
    if t in known or t.head in ("symbol", "number", "constant", "ind"):
        return t.sort.kind != "function"
    if t.head == "apply":
        return all(exists(a, known) for a in t.args[1:])
    outside = all(exists(a, known) for a in t.strict_parts)
    if not outside:
        return False
    if t.head == "div":
        below = t.args[1]
        return below.head == "constant" or (below.head == "number" and below.data != 0)
    if t.head == "call":
        return t.data in TOTAL_CALLS
    if t.head in ("sum", "product", "sequence", "independent", "joint"):
        assert isinstance(t.data, Sort)
        return exists(opened(t, fresh(t.data, (t, *known))), known)
    return HEADS[t.head].total


def total(function: Lambda, known: Iterable[Theorem], terms: Known) -> bool:
    """Whether a function exists for all arguments, by its form or as known."""
    args: list[Expr] = []
    for s in function.sorts:
        args.append(fresh(s, (function.body, *args, *terms)))
    body = function(*args)
    return exists(body, terms) or for_all(args, defined(body)) in {t.concl for t in known}
