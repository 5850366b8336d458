"""Formulas: connectives, quantifiers over a symbol, and the two formulas that always are there."""

from __future__ import annotations

from collections.abc import Iterable

from boundcheck.theorems.language.binding import closing
from boundcheck.theorems.language.expr import Expr, made, number

FALSE = made("relation", ">=", (number(0), number(1)))
"""0 >= 1."""


def conjunction(*parts: Expr) -> Expr:
    """All of some formulas, of which there is at least one.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> x = symbol("x", REAL)
    >>> conjunction(x >= 0, x <= 1)
    x >= 0 and x <= 1
    """
    whole = parts[0]
    for p in parts[1:]:
        whole = made("and", None, (whole, p))
    return whole


def implication(conditions: Iterable[Expr], conclusion: Expr) -> Expr:
    """If all conditions hold, the conclusion: nested implications.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> x = symbol("x", REAL)
    >>> implication([x >= 0, x <= 1], x**2 <= x)
    x >= 0 implies x <= 1 implies x**2 <= x
    """
    whole = conclusion
    for c in reversed(list(conditions)):
        whole = made("implies", None, (c, whole))
    return whole


def for_all(variables: Expr | Iterable[Expr], body: Expr, given: Iterable[Expr] = ()) -> Expr:
    """For all values of the variables, if all of `given` holds, the body.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> x = symbol("x", REAL)
    >>> for_all(x, x**2 >= 0)
    for all x : Real. x**2 >= 0
    """
    names = [variables] if isinstance(variables, Expr) else list(variables)
    whole = implication(given, body)
    for v in reversed(names):
        whole = closing("forall", v, whole)
    return whole


def there_is(variable: Expr, body: Expr) -> Expr:
    """There is a value of the variable with the body.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import NAT, REAL
    >>> n, x = symbol("n", NAT), symbol("x", REAL)
    >>> there_is(n, n >= x)
    there is n : Nat. n >= x
    """
    return closing("exists", variable, body)


def defined(t: Expr) -> Expr:
    """The term exists.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> defined(1 / symbol("x", REAL))
    exists(1/x)
    """
    return made("defined", None, (t,))


def member(x: Expr, law: Expr) -> Expr:
    """x is a point of the set that the law lives on.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import REAL, law
    >>> member(symbol("x", REAL), symbol("pi0", law(REAL)))
    x in pi0
    """
    return made("member", None, (x, law))


def parts(formula: Expr) -> tuple[Expr, ...]:
    """What a formula says one by one, where it is a conjunction."""
    if formula.head != "and":
        return (formula,)
    return (*parts(formula.args[0]), *parts(formula.args[1]))
