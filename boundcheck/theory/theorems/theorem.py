"""What a theorem with constants is: its parameters, the formulas of its constants,
and how they are evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, TypeAlias

from flint import fmpq

from boundcheck.enclosure.intervals.at_point import Value, at_point
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import Term, number, substitute
from boundcheck.settings import Settings, exact

Numbers: TypeAlias = dict[str, Any]
"""The parameters: exact rationals, and texts where a `Word` asks for one."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a theorem: an exact number in a range; without a default it may
    be left out."""

    name: str
    _: KW_ONLY
    meaning: str
    default: str | None = None
    admissible: str
    holds: Callable[[Any], bool]

    def read(self, given: Any) -> Any:
        """The exact number.

        Raises:
            BoundcheckError: no rational number, or out of range.
        """
        try:
            value = exact(given, self.name) if isinstance(given, str) else rational(given)
        except BoundcheckError as error:
            raise BoundcheckError(f"{error}; the admissible range is {self.admissible}") from None
        return self._checked(value, given)

    def _checked(self, value: Any, given: Any) -> Any:
        if not self.holds(value):
            raise BoundcheckError(
                f"{self.name} = {str(given)[:60]}; the admissible range is {self.admissible}"
            )
        return value


class Word(Parameter):
    """A parameter that is a text, such as the name of a schedule."""

    def read(self, given: Any) -> Any:
        """The text.

        Raises:
            BoundcheckError: it is not admissible.
        """
        return self._checked(str(given), given)


def positive(name: str, *, meaning: str, default: str | None = None) -> Parameter:
    """A positive rational number."""
    return Parameter(
        name, meaning=meaning, default=default, admissible=f"{name} > 0", holds=lambda v: v > 0
    )


def integer(
    name: str, *, meaning: str, default: str | None = None, most: int | None = None
) -> Parameter:
    """An integer from 1 to `most`."""
    admissible = f"the integers {name} >= 1" if most is None else f"the integers from 1 to {most}"
    return Parameter(
        name,
        meaning=meaning,
        default=default,
        admissible=admissible,
        holds=lambda v: v.q == 1 and v >= 1 and (most is None or v <= most),
    )


@dataclass(frozen=True)
class Constant:
    """A constant of a theorem.

    Attributes:
        name: its name; formulas of later constants may contain it.
        formula: a term in the parameters and the names of earlier constants.
        label: D derived here; "D, C" derived here from a cited inequality.
        meaning: what it bounds or counts, in words.
        index: the name of the index, where there is one value for each, from 1; else empty.
        shown: the formula in LaTeX, where the term does not say it.
    """

    name: str
    _: KW_ONLY
    formula: Term
    meaning: str
    label: str = "D"
    index: str = ""
    shown: str = ""

    @property
    def latex(self) -> str:
        """The formula in the symbols."""
        return self.shown or latex(self.formula)


def latex(formula: Term) -> str:
    """A formula in the symbols of this project, as LaTeX code for mathematical mode."""
    import sympy

    expression = sympy.sympify(formula)
    names = {s: _latex(s.name) for s in expression.free_symbols}
    return str(sympy.latex(expression, symbol_names=names, mul_symbol=r"\,"))


_LATEX = {
    "sigma": r"\sigma",
    "kappa_d": r"\kappa_d",
    "Theta": r"\Theta",
    "delta": r"\delta",
    "eps": r"\varepsilon",
    "R0": "R_0",
    "log_n": r"\log N",
    "beta": r"\beta_t",
    "beta_1": r"\beta_1",
    "beta_T": r"\beta_T",
    "alpha_bar": r"\bar\alpha_t",
    "alpha_bar_before": r"\bar\alpha_{t-1}",
    "alpha_bar_T": r"\bar\alpha_T",
    "sigma2": r"\sigma_t^2",
    "posterior_variance": r"\tilde\beta_t",
    "w": "w_t",
    "C_prime": "C'",
}


def _latex(name: str) -> str:
    if name in _LATEX:
        return _LATEX[name]
    head, _, tail = name.partition("_")
    tail = tail.replace("_", r"\,")
    head = head if len(head) == 1 else f"\\mathrm{{{head}}}"
    return f"{head}_{{\\mathrm{{{tail}}}}}" if tail else head


Values: TypeAlias = Value | tuple[Value, ...]
"""Of one constant: a number, or one for each index."""


def one_after_the_other(
    constants: tuple[Constant, ...],
    parameters: Numbers,
    bits: int,
    known: Mapping[str, Value] | None = None,
) -> list[Values]:
    """Each formula with numbers for the parameters, and balls for the constants before it
    and what else is `known`."""
    numbers = {name: number(value) for name, value in parameters.items()}
    found: dict[str, Value] = dict(known or {})
    for c in constants:
        (formula,) = substitute((c.formula,), numbers)
        found[c.name] = at_point(formula, found, bits)
    return [found[c.name] for c in constants]


def _anything(_: Numbers) -> None:
    pass


def _nowhere(_: Numbers) -> dict[str, tuple[str, ...]]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Theorem:
    """A theorem whose constants can be evaluated.

    Attributes:
        name: its name.
        says: the theorem in words.
        parameters: what the constants depend on.
        constants: those that have a meaning for these numbers (some need p > 2, or M), in
            the order of evaluation.
        check: refuses numbers that contradict each other.
        values: of these constants for these numbers, at a precision in bits.
        shown_in: by the name of a constant, the claims of the proof files that show its formula.
    """

    name: str
    says: str
    parameters: tuple[Parameter, ...]
    constants: Callable[[Numbers], tuple[Constant, ...]]
    check: Callable[[Numbers], None] = _anything
    values: Callable[[tuple[Constant, ...], Numbers, int], list[Values]] = field(
        default=one_after_the_other
    )
    shown_in: Callable[[Numbers], dict[str, tuple[str, ...]]] = field(default=_nowhere)

    def read(self, given: Mapping[str, Any]) -> Numbers:
        """Exact values of the parameters, from numbers or texts such as 3/10, 0.3 or
        2**40; else the defaults.

        Raises:
            BoundcheckError: an unknown parameter, or a value that is not admissible.
        """
        Settings.checked(self.name, given, [p.name for p in self.parameters])
        chosen = {p: given.get(p.name, p.default) for p in self.parameters}
        values = {p.name: p.read(value) for p, value in chosen.items() if value is not None}
        self.check(values)
        return values


_MOST_BITS = 10_000_000


def ends(value: Value) -> tuple[fmpq, fmpq]:
    """The exact ends of a value.

    Raises:
        BoundcheckError: it is infinite, or too large or small to be written out.
    """
    if isinstance(value, fmpq):
        return value, value
    if not value.is_finite() or any(
        abs(x.man_exp()[1]) > _MOST_BITS for x in (value.mid(), value.rad()) if x != 0
    ):
        raise BoundcheckError(
            "a constant has millions of digits, too many to write them out, or is infinite; "
            "take data in a smaller box (B) or a schedule with a larger first beta; "
            "`boundcheck bound` shows such numbers"
        )
    middle, radius = value.mid().fmpq(), value.rad().fmpq()
    return middle - radius, middle + radius
