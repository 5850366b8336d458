"""Binding and substitution: nothing is ever captured, since bound variables are numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.language.expr import (
    Expr,
    bound,
    deeper,
    filled,
    made,
    rebuilt,
    strict_in,
    symbol,
)
from boundcheck.theorems.language.heads import WrongSort
from boundcheck.theorems.language.sorts import Sort

INTERNAL = "·"
"""With this begin the names of symbols that rules make; no author can write it."""

_LETTERS = {"nat": "j", "seq": "s", "vec": "u", "network": "N", "law": "pi"}


@dataclass(frozen=True)
class Lambda:
    """A function given by a term: what a function symbol is replaced by.

    `body` has the arguments as its loose numbers, the last argument being number 0.

    Raises:
        WrongSort: a loose number has another sort than the argument, or there is none for it.
    """

    sorts: tuple[Sort, ...]
    body: Expr

    def __post_init__(self) -> None:
        missing = self.body.binders
        if len(missing) > len(self.sorts) or any(
            s not in (None, a) for s, a in zip(missing, reversed(self.sorts), strict=False)
        ):
            wanted = ", ".join(map(str, self.sorts))
            raise WrongSort(f"the body of a function is not one for arguments ({wanted})")

    def __call__(self, *args: Expr) -> Expr:
        """The body with terms in the places of the arguments; below binders these may have loose
        numbers."""
        if len(args) != len(self.sorts):
            raise BoundcheckError(f"a function of {len(self.sorts)} arguments")
        return filled(self.body, dict(enumerate(reversed(args))))


def abstracted(variables: tuple[Expr, ...], body: Expr) -> Lambda:
    """The function that takes the variables to the body."""
    places = {v: len(variables) - 1 - k for k, v in enumerate(variables)}
    return Lambda(tuple(v.sort for v in variables), closed(body, places))


def opened(e: Expr, value: Expr) -> Expr:
    """The body of a binder with a term in the place of its variable.

    Raises:
        BoundcheckError: the term has another sort, or is not closed.
    """
    assert e.binder
    assert isinstance(e.data, Sort)
    if not e.data.accepts(value.sort):
        raise WrongSort(f"the variable of {e.head} has the sort {e.data}, not {value.sort}")
    if value.loose:
        raise BoundcheckError("a term with loose bound variables cannot be put in a place")
    return filled(e.args[-1], {0: value})


def closing(head: str, variable: Expr, body: Expr, *others: Expr, hint: str | None = None) -> Expr:
    """The binder `head` around the body, over a symbol; `others` are its parts outside the body."""
    if variable.head != "symbol" or variable.sort.kind in ("function", "formula"):
        raise BoundcheckError(f"{variable!r} is no variable, so that nothing can be said for all")
    if any(variable in o.free for o in others):
        raise BoundcheckError(f"{variable!r} is bound here, and stands outside of what binds it")
    name = str(variable.data) if hint is None else hint
    if name.startswith(INTERNAL):
        name = _LETTERS.get(variable.sort.kind, "x")
    return made(head, variable.sort, (*others, closed(body, {variable: 0})), name)


def closed(e: Expr, places: Mapping[Expr, int]) -> Expr:
    """Symbols replaced by loose numbers."""
    done: dict[tuple[int, int], Expr] = {}

    def walk(e: Expr, depth: int) -> Expr:
        if not e.free & places.keys():
            if e.loose > depth:
                raise BoundcheckError("an expression with loose bound variables cannot be closed")
            return e
        key = (id(e), depth)
        if key not in done:
            if e.head == "symbol":
                done[key] = bound(places[e] + depth, e.sort)
            else:
                done[key] = rebuilt(e, tuple(walk(a, d) for a, d in deeper(e, depth)))
        return done[key]

    return walk(e, 0)


Value: TypeAlias = "Expr | Lambda"
"""What a symbol is replaced by."""


def substituted(
    e: Expr,
    values: Mapping[Expr, Value],
    spaces: Mapping[str, Sort] | None = None,
    denotes: Callable[[Expr], bool] = lambda t: t.denotes,
) -> Expr:
    """Symbols replaced by terms, function symbols by functions, spaces by sorts: all at once.

    Nothing is captured: bound variables are numbers, and the terms that are put in have none
    that are loose.

    Args:
        denotes: whether a term is known to exist.

    Raises:
        BoundcheckError: another sort than that of the symbol, a loose number, or a function at an
            argument that may not exist, where the function would exist all the same.
    """
    renamed = spaces or {}
    for old, new in values.items():
        _fits(old, new, renamed)
    done: dict[int, Expr] = {}

    def walk(e: Expr) -> Expr:
        if id(e) in done:
            return done[id(e)]
        if e.head == "symbol":
            new = values.get(e)
            if isinstance(new, Lambda):
                raise WrongSort(f"{e!r} is a function, and is replaced only where it is applied")
            found = new if new is not None else symbol(str(e.data), e.sort.subs(renamed))
        elif e.head == "bound":
            assert isinstance(e.data, int)
            found = bound(e.data, e.sort.subs(renamed))
        elif e.head in ("number", "constant"):
            found = e
        elif e.head == "apply" and isinstance(values.get(e.args[0]), Lambda):
            function = values[e.args[0]]
            assert isinstance(function, Lambda)
            given = [walk(a) for a in e.args[1:]]
            for k, a in enumerate(reversed(given)):
                if not (denotes(a) or strict_in(function.body, k)):
                    raise WrongSort(f"that the argument {a!r} exists is not shown")
            found = function(*given)
        else:
            data = e.data.subs(renamed) if isinstance(e.data, Sort) else e.data
            found = made(e.head, data, tuple(walk(a) for a in e.args), e.hint)
        done[id(e)] = found
        return found

    return walk(e)


def _fits(old: Expr, new: Value, spaces: Mapping[str, Sort]) -> None:
    want = old.sort.subs(spaces)
    if isinstance(new, Lambda):
        fits = (
            want.kind == "function"
            and want.arguments == new.sorts
            and want.result.accepts(new.body.sort)
        )
    else:
        fits = want.accepts(new.sort) and not new.loose
    if old.head != "symbol" or not fits:
        raise WrongSort(f"{old!r} of sort {want} cannot be replaced by {new!r}")
