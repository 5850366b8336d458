"""What readers of theorems share: the next token, names, sorts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from boundcheck.errors import BoundcheckError, ParseError, did_you_mean
from boundcheck.theorems.language.sorts import (
    NAT,
    REAL,
    Sort,
    function,
    law,
    network,
    pair,
    seq,
    space,
    vec,
)
from boundcheck.theorems.language.tokens import Token, Tokens
from boundcheck.theorems.notation.names import SORT_WORDS, is_name

_MAX_DEPTH = 90
"""Of what stands within one another, with brackets or without."""


@dataclass(frozen=True)
class Declarations:
    """What names in a text mean: symbols by their sorts, and which names are spaces of points or
    real inner-product spaces."""

    symbols: Mapping[str, Sort]
    spaces: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()


class SortReader:
    """Reads from tokens; `at` is the index of the next one."""

    def __init__(self, tokens: Tokens, declared: Declarations) -> None:
        self.tokens, self.declared = tokens, declared
        self.at = self.depth = 0

    @property
    def now(self) -> Token:
        """The next token."""
        return self.tokens.found[self.at]

    def take(self) -> Token:
        """The next token, which is read with that."""
        self.at += 1
        return self.tokens.found[self.at - 1]

    def accept(self, text: str) -> bool:
        """Whether this is the next token, which is read with that."""
        found = self.now.text == text
        self.at += found
        return found

    def expect(self, text: str, remedy: str) -> None:
        """Read this token."""
        if not self.accept(text):
            raise self.unexpected(remedy)

    def refuse(self, message: str) -> ParseError:
        """What is wrong at the next token."""
        return self.tokens.refusal(self.now.start, message)

    def unexpected(self, remedy: str) -> ParseError:
        """That the next token cannot stand here."""
        what = f"{self.now.text!r} cannot stand here" if self.now.text else "the text ends here"
        return self.refuse(f"{what}; {remedy}")

    @contextmanager
    def placed(self, token: Token) -> Iterator[None]:
        """Complaints get the place of the token."""
        try:
            yield
        except BoundcheckError as error:
            raise self.tokens.refusal(token.start, str(error)) from None

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level further down."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.refuse(f"parts are nested more than {_MAX_DEPTH} deep; name some of them")
        yield
        self.depth -= 1

    def new_name(self) -> str:
        """The name of a variable that is bound or declared here."""
        token = self.now
        if token.kind != "name":
            raise self.unexpected("a name is needed, such as x")
        if not is_name(token.text):
            raise self.refuse(f"{token.text} has a meaning of its own; choose another name")
        self.at += 1
        return token.text

    # -- sorts -------------------------------------------------------------------------------------

    def sort(self) -> Sort:
        """The sort of a variable."""
        token = self.now
        if token.kind != "name":
            raise self.unexpected("a sort is needed, such as Real, Law(X) or a declared space")
        self.at += 1
        if token.text in _SIMPLE:
            return _SIMPLE[token.text]
        if token.text in ("Vec", "Network"):
            return self._named(token.text)
        if token.text not in ("Seq", "Pair", "Law"):
            if token.text not in self.declared.spaces:
                known = sorted((SORT_WORDS - {"Space", "inner", "Formula"}) | self.declared.spaces)
                near = did_you_mean(token.text, known)
                raise self.tokens.refusal(
                    token.start, f"{token.text} is no space{near or '; declare it'}"
                )
            return space(token.text)
        with self.deeper(), self.placed(token):
            parts = self._several(token.text)
            match token.text, parts:
                case "Seq", [of]:
                    return seq(of)
                case "Law", [of]:
                    return law(of)
                case "Pair", [first, second]:
                    return pair(first, second)
            count = 2 if token.text == "Pair" else 1
            raise BoundcheckError(f"{token.text} has {count} in its brackets, not {len(parts)}")

    def declared_sort(self) -> Sort:
        """The sort of a symbol, which may be a function: `X -> Real`, `(X, Real) -> Law(Y)`."""
        token = self.now
        given = self._several("a function") if token.text == "(" else [self.sort()]
        if self.now.text != "->" and token.text != "(":
            return given[0]
        self.expect("->", "write (X, Y) -> Real for a function")
        result = self.sort()
        with self.placed(token):
            return function(tuple(given), result)

    def _named(self, kind: str) -> Sort:
        self.expect("(", f"write {kind}(NAME)")
        token = self.take()
        self.expect(")", f"write {kind}(NAME)")
        with self.placed(token):
            if kind == "Network":
                return network(token.text)
            if token.text not in self.declared.inner:
                raise BoundcheckError(
                    f"{token.text} is no inner-product space"
                    f"{did_you_mean(token.text, self.declared.inner) or '; declare it'}"
                )
            return vec(token.text)

    def _several(self, what: str) -> list[Sort]:
        self.expect("(", f"write {what}(...)")
        found = [self.sort()]
        while self.accept(","):
            found.append(self.sort())
        self.expect(")", "separate sorts by commas")
        return found


_SIMPLE = {"Real": REAL, "Nat": NAT}
