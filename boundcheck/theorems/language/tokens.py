"""Words and signs of the text of a theorem, and where in the text they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from boundcheck.errors import ParseError
from boundcheck.exact.terms.work import spend

MAX_LENGTH = 200_000
MAX_NESTING = 60
_TOKEN = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<sign><=|>=|==|->|\*\*|\.\.|[-+*/^<>(){}:.,])",
    re.ASCII,
)
_INSTEAD = {
    "=": "==",
    "≤": "<=",
    "≥": ">=",
    "∞": "oo",
    "∈": "in",
    "∀": "for all",
    "∃": "there is",
    "π": "pi",
    "·": "*",
    "[": "(",
    "]": ")",
    "&": "and",
    "!": "<= and >= where you mean !=",
}
_CLOSING = {"(": ")", "{": "}"}


@dataclass(frozen=True)
class Token:
    """A word, a number or a sign, and where it begins."""

    kind: str
    text: str
    start: int


@dataclass
class Tokens:
    """The tokens of a part of a text.

    Attributes:
        text: the whole text, for messages.
        found: the tokens; the last one is `end`.
        closing: of each bracket that opens, the index of the one that closes it; and the reverse.
    """

    text: str
    found: list[Token] = field(default_factory=list)
    closing: dict[int, int] = field(default_factory=dict)

    def place(self, position: int) -> str:
        """Where in the text, for messages: `line 2, column 5`."""
        line = self.text.count("\n", 0, position)
        column = position - (self.text.rfind("\n", 0, position) + 1)
        return f"line {line + 1}, column {column + 1}"

    def refusal(self, position: int, message: str) -> ParseError:
        """What is wrong at a place."""
        return ParseError(f"{self.place(position)}: {message}")


def tokens_of(text: str, start: int = 0, end: int | None = None) -> Tokens:
    """The tokens of a text between two places.

    Raises:
        ParseError: a character that is not in the grammar, brackets that do not match, too long or
            too deep.
    """
    if not isinstance(text, str):
        raise ParseError(f"a theorem is read from a text, not from {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise ParseError(f"the text has {len(text)} characters; at most {MAX_LENGTH} are read")
    last = len(text) if end is None else end
    spend(2.0 * (last - start))
    tokens = Tokens(text)
    at = start
    while at < last:
        if text[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(text, at, last)
        if match is None:
            instead = _INSTEAD.get(text[at])
            hint = f"; write {instead}" if instead else ""
            raise tokens.refusal(at, f"{text[at]!r} is not in the grammar{hint}")
        tokens.found.append(Token(match.lastgroup or "", match[0], at))
        at = match.end()
    tokens.found.append(Token("end", "", last))
    _match(tokens)
    return tokens


def _match(tokens: Tokens) -> None:
    opened: list[int] = []
    for k, token in enumerate(tokens.found):
        if token.text in _CLOSING:
            opened.append(k)
            if len(opened) > MAX_NESTING:
                raise tokens.refusal(
                    token.start, f"brackets are nested more than {MAX_NESTING} deep; name parts"
                )
        elif token.text in _CLOSING.values():
            if not opened or _CLOSING[tokens.found[opened[-1]].text] != token.text:
                raise tokens.refusal(token.start, f"this {token.text} closes nothing; remove it")
            tokens.closing[k] = opened.pop()
            tokens.closing[tokens.closing[k]] = k
    if opened:
        token = tokens.found[opened[-1]]
        raise tokens.refusal(token.start, f"this {token.text} is never closed; close it")
