"""Parameters as people type them: `--set name=value[,name=value...]`, read
exactly and refused early."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from boundcheck.errors import BoundcheckError, did_you_mean
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.rational import rational

MAX_BITS = 1_100
"""Every double has fewer; larger numbers would only make exact weights of thousands of digits."""
_SHOWN = 60


def parse_settings(texts: Sequence[str]) -> dict[str, str]:
    """The entries name=value of an option that may be repeated, several of
    them separated by commas.

    Raises:
        BoundcheckError: an entry without a name, "=" or value, or a name that is given twice.
    """
    found: dict[str, str] = {}
    for entry in (part for text in texts for part in text.split(",")):
        name, equals, value = (part.strip() for part in entry.partition("="))
        if name and equals and not value:
            raise BoundcheckError(
                f"--set: {_short(name)} has no value; write {_short(name)}=VALUE or leave it out"
            )
        if not (name and equals):
            raise BoundcheckError(
                f"--set: {_short(entry.strip())!r} is not name=value; write for instance --set "
                "d=2,sigma=3/10"
            )
        if name in found:
            raise BoundcheckError(
                f"--set: {_short(name)} is given twice ({_short(found[name])} and "
                f"{_short(value)}); give it once"
            )
        found[name] = value
    return found


@dataclass(frozen=True)
class Settings:
    """The parameters of one construction or theorem; each reader names parameter,
    value and admissible range.

    Attributes:
        of: what takes them, for the messages.
        given: texts by name.
    """

    of: str
    given: Mapping[str, str]

    @classmethod
    def checked(cls, of: str, given: Mapping[str, str], known: Collection[str]) -> Settings:
        """The settings, where every name is known.

        Raises:
            BoundcheckError: an unknown parameter.
        """
        unknown = [name for name in given if name not in known]
        if unknown:
            names = ", ".join(map(_short, unknown))
            near = did_you_mean(unknown[0], known)
            raise BoundcheckError(
                f"unknown parameter{'s' * (len(unknown) > 1)} {names}; {of} takes "
                f"{', '.join(known) or 'none'}{near}"
            )
        return cls(of, given)

    def has(self, name: str) -> bool:
        return name in self.given

    def text(self, name: str, default: str | None = None) -> str:
        """The text that is given, or the default.

        Raises:
            BoundcheckError: neither.
        """
        found = self.given.get(name, default)
        if found is None:
            raise BoundcheckError(
                f"{self.of} needs the parameter {name}; give it: --set {name}=..."
            )
        return found

    def rational(
        self, name: str, default: Any = None, *, above: Any = None, below: Any = None
    ) -> fmpq:
        """An exact number such as 3/10, 0.3, 2**40 or 1e-3, in the open range (above, below).

        A default is a text of that kind or a number of any length, computed from other parameters.

        Raises:
            BoundcheckError: missing without a default, not a rational number, or out of range.
        """
        text = self.text(name, None if default is None else str(default))
        value = (
            exact(text, name) if self.has(name) or isinstance(default, str) else rational(default)
        )
        if (above is not None and value <= above) or (below is not None and value >= below):
            low = "" if above is None else f"{above} < "
            high = "" if below is None else f" < {below}"
            raise BoundcheckError(
                f"{name} = {_short(text)}; the admissible range is {low}{name}{high}"
            )
        return value

    def integer(
        self, name: str, default: int | None = None, *, least: int, most: int | None = None
    ) -> int:
        """An integer from `least` to `most`.

        Raises:
            BoundcheckError: missing without a default, not an integer, or out of range.
        """
        text = self.text(name, None if default is None else str(default))
        value = _constant(text, name)
        if value is None or value.q != 1 or value < least or (most is not None and value > most):
            admissible = (
                f"an integer >= {least}" if most is None else f"an integer from {least} to {most}"
            )
            raise BoundcheckError(f"{name} = {_short(text)}; it must be {admissible}")
        return int(value.p)

    def flag(self, name: str, default: bool) -> bool:
        """0 or 1."""
        return bool(self.integer(name, int(default), least=0, most=1))

    def choice(self, name: str, default: str, options: Collection[str]) -> str:
        """One of some words.

        Raises:
            BoundcheckError: another word.
        """
        text = self.text(name, default)
        if text not in options:
            raise BoundcheckError(
                f"{name} = {_short(text)}; it must be one of {', '.join(options)}"
            )
        return text

    def table(self, name: str, default: str | None = None) -> list[list[str]]:
        """Rows separated by ";" of entries separated by ":", since the comma separates
        parameters: `0:0;1/2:-1/2`.

        Raises:
            BoundcheckError: missing without a default, or an empty entry.
        """
        text = self.text(name, default)
        rows = [[entry.strip() for entry in row.split(":")] for row in text.split(";")]
        if not all(entry for row in rows for entry in row):
            raise BoundcheckError(
                f"{name} = {_short(text)}; it has an empty entry: write rows separated by ; "
                "and coordinates separated by :, such as 0:0;1/2:-1/2"
            )
        return rows

    def row(self, name: str, default: str | None = None) -> list[str]:
        """Entries separated by ";": `1;-1/3`.

        Raises:
            BoundcheckError: missing without a default, an empty entry, or several in one place.
        """
        rows = self.table(name, default)
        if any(len(row) != 1 for row in rows):
            raise BoundcheckError(
                f"{name} = {_short(self.text(name, default))}; it is one list, separated by ;, "
                "such as 1;-1/3"
            )
        return [entry for (entry,) in rows]


def exact(text: str, name: str) -> fmpq:
    """The rational number that a text spells: 3/10, 0.3, 1e-3, 2**40.

    Raises:
        BoundcheckError: it spells something else, or a number with more than 1100 bits.
    """
    value = _constant(text, name)
    if value is None:
        raise BoundcheckError(
            f"{name} = {_short(text)}; it must be a rational number such as 3/10, 0.3 or 2**40"
        )
    if value.height_bits() > MAX_BITS:
        raise BoundcheckError(
            f"{name} = {_short(text)} has {value.height_bits()} bits; at most {MAX_BITS} are read"
        )
    return value


def _constant(text: str, name: str) -> fmpq | None:
    """The number that a term is; None for other terms."""
    try:
        value = parse_term(text)
    except BoundcheckError as error:
        raise BoundcheckError(f"{name} = {_short(text)} cannot be read: {error}") from None
    return value.payload if value.op == "rational" else None


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
