"""The errors that users meet. Each message names the value, the rule and the remedy."""

from __future__ import annotations

from collections.abc import Collection


class BoundcheckError(ValueError):
    """Bad input: a message for a person, never a traceback; the command line exits with 3.

    >>> from boundcheck import Box
    >>> Box(x=(1, 0))
    Traceback (most recent call last):
        ...
    boundcheck.errors.BoundcheckError: x in [1, 0] is reversed: 1 > 0; write the smaller end first
    """


class Rejected(BoundcheckError):
    """A proof does not prove what it is said to prove."""


class ParseError(BoundcheckError):
    """A text that is not in the grammar of statements."""


class DomainError(ArithmeticError):
    """An expression has no real value here, and why: `x/0`, `log(-1)`, `sqrt(-2)`.

    Args:
        reason: what is undefined, in words.
        where: the text of the offending sub-expression.
    """

    def __init__(self, reason: str, where: str) -> None:
        super().__init__(f"{reason} in {where}")
        self.reason = reason
        self.where = where


class Unsupported(ArithmeticError):
    """This arithmetic has no value for the expression (an irrational one asked of exact
    rationals, say); it says nothing about whether the expression is defined."""


def did_you_mean(name: str, known: Collection[str]) -> str:
    """`; did you mean ...?` with the known names that are nearest to an unknown one;
    empty where none is near."""
    import difflib

    near = difflib.get_close_matches(name, known, 3)
    return f"; did you mean {' or '.join(near)}?" if near else ""


class SympyWarning(UserWarning):
    """A statement has an expression from sympy, which is what sympy left of what was written.

    >>> import warnings
    >>> import sympy
    >>> from boundcheck import prove
    >>> with warnings.catch_warnings(record=True) as seen:
    ...     warnings.simplefilter("always")
    ...     verdict = prove(sympy.Symbol("x") ** 2 >= 0, on="x in [-1, 1]")
    >>> verdict.name, [w.category.__name__ for w in seen]
    ('proved', ['SympyWarning'])
    """
