"""Which terms exist by their form, and where a term stands in another one so that it has to exist.

Bound variables denote, whatever binds them: so a term below a binder is looked at as it is.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from boundcheck.exact.terms.work import spend
from boundcheck.theorems.language.heads import HEADS, TOTAL_CALLS

_BODIES = ("sum", "product", "sequence", "independent", "joint")
"""What exists if all its parts do, the body for every value of the variable that it binds."""


def denotes(t: Any, known: Set[Any] = frozenset()) -> bool:
    """Whether a term exists for all values of its variables: a variable, a number, an operation
    that is defined everywhere on terms that exist, a quotient by a number other than 0, a sum or a
    product whose terms exist for every value of the index; or one of those known.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> x = symbol("x", REAL)
    >>> denotes(x / 2), denotes(1 / x), denotes(1 / x + 1, {1 / x})
    (True, False, True)
    """
    seen: set[int] = set()
    stack = [t]
    while stack:
        e = stack.pop()
        if id(e) in seen or e in known:
            continue
        spend(0.5)
        seen.add(id(e))
        if not _total(e):
            return False
        stack += _parts(e)
    return True


def _total(e: Any) -> bool:
    """Whether it exists if all its parts do."""
    if e.head in ("symbol", "bound", "number", "constant"):
        return bool(e.sort.kind != "function")
    if e.head == "div":
        divisor = e.args[1]
        return divisor.head == "constant" or (divisor.head == "number" and divisor.data != 0)
    if e.head == "call":
        return e.data in TOTAL_CALLS
    return e.head in _BODIES or HEADS[e.head].total


def _parts(e: Any) -> tuple[Any, ...]:
    """What has to exist; a function symbol does."""
    parts: tuple[Any, ...] = e.args if e.head in _BODIES else e.strict_parts
    return parts[1:] if e.head == "apply" else parts


def strict_in(body: Any, k: int) -> bool:
    """Whether a body has its loose number k as a strict part: where what is put in its place does
    not exist, the body does not.

    >>> from boundcheck.theorems.language.expr import bound, made, number
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> x = bound(0, REAL)
    >>> strict_in(x * x + 1, 0), strict_in(number(1), 0), strict_in(made("ind", None, (x >= 0,)), 0)
    (True, False, False)
    """
    seen: set[int] = set()
    stack = [body]
    while stack:
        e = stack.pop()
        if e.head == "bound" and e.data == k:
            return True
        if id(e) not in seen:
            seen.add(id(e))
            stack += e.strict_parts
    return False
