"""The theorems and their constants by name, and the rigorous values of these constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy
from flint import fmpq

from boundcheck.enclosure.decimals import Enclosure
from boundcheck.enclosure.evaluate import Value, at_point
from boundcheck.enclosure.interval import Unclear
from boundcheck.errors import BoundcheckError
from boundcheck.exact.rational import rational
from boundcheck.exact.settings import Settings, exact
from boundcheck.exact.term import number, substitute, term
from boundcheck.theory import ratio, shallow
from boundcheck.theory.kappa import LARGEST_DIMENSION, kappa

MOST_DIGITS = 1000
_MOST_BITS = 100_000

Numbers: TypeAlias = dict[str, fmpq]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a theorem: an exact number in a range; without a default it may be left out."""

    name: str
    meaning: str
    default: str | None
    admissible: str
    holds: Callable[[fmpq], bool]

    def read(self, given: Any) -> fmpq:
        """The exact number.

        Raises:
            BoundcheckError: no rational number, or out of range.
        """
        try:
            value = exact(given, self.name) if isinstance(given, str) else rational(given)
        except BoundcheckError as error:
            raise BoundcheckError(f"{error}; the admissible range is {self.admissible}") from None
        if not self.holds(value):
            raise BoundcheckError(f"{self.name} = {str(given)[:60]}; the admissible range is {self.admissible}")
        return value


@dataclass(frozen=True)
class Constant:
    """A constant of a theorem.

    Attributes:
        name: its name; formulas of later constants may contain it.
        formula: a sympy expression in the parameters, kappa_d and the names of earlier constants.
        label: D derived here; "D, C" derived here from a cited inequality.
        meaning: what it bounds or counts, in words.
    """

    name: str
    formula: Any
    meaning: str
    label: str = "D"

    @property
    def latex(self) -> str:
        """The formula in the symbols."""
        return str(sympy.latex(self.formula, symbol_names={s: _latex(s.name) for s in self.formula.free_symbols}))


@dataclass(frozen=True)
class Theorem:
    """A theorem whose constants can be evaluated.

    Attributes:
        name: its name.
        says: the theorem in words.
        parameters: what the constants depend on.
        constants: those that have a meaning for these numbers (some need p > 2, or M), in the order of evaluation.
        check: refuses numbers that contradict each other.
    """

    name: str
    says: str
    parameters: tuple[Parameter, ...]
    constants: Callable[[Numbers], tuple[Constant, ...]]
    check: Callable[[Numbers], None]

    def read(self, given: Mapping[str, Any]) -> Numbers:
        """Exact values of the parameters, from numbers or texts such as 3/10, 0.3 or 2**40; else the defaults.

        Raises:
            BoundcheckError: an unknown parameter, or a value that is not admissible.
        """
        Settings.checked(self.name, given, [p.name for p in self.parameters])
        chosen = {p: given.get(p.name, p.default) for p in self.parameters}
        values = {p.name: p.read(value) for p, value in chosen.items() if value is not None}
        self.check(values)
        return values


def theorem(name: str) -> Theorem:
    """The theorem of that name.

    Raises:
        BoundcheckError: there is none.
    """
    if name not in THEOREMS:
        raise BoundcheckError(f"{name[:60]!r} is no theorem with constants; there are {', '.join(THEOREMS)}")
    return THEOREMS[name]


def evaluate(name: str, given: Mapping[str, Any], digits: int = 12) -> dict[str, tuple[Constant, Enclosure]]:
    """Every constant of a theorem with an enclosure of relative width at most 10^-(digits+1), by name.

    Raises:
        BoundcheckError: an unknown theorem or parameter, a value that is not admissible, or digits out of 1..1000.
    """
    chosen = theorem(name)
    values = chosen.read(given)
    if not 1 <= digits <= MOST_DIGITS:
        raise BoundcheckError(f"digits = {digits}; it must be an integer from 1 to {MOST_DIGITS}")
    constants = chosen.constants(values)
    bits = 64 + 7 * (digits + 1) // 2
    while bits <= _MOST_BITS:
        try:
            found = [_ends(v) for v in _values(constants, values, bits)]
        except Unclear:
            found = []
        if found and all(_tight(e, digits) for e in found):
            return {c.name: (c, Enclosure(*ends)) for c, ends in zip(constants, found, strict=True)}
        bits *= 2
    raise ArithmeticError(f"the constants of {name} are not enclosed to {digits} digits with {_MOST_BITS} bits")


def _values(constants: tuple[Constant, ...], parameters: Numbers, bits: int) -> list[Value]:
    """One after the other: a formula with numbers for the parameters, and balls for the constants before it."""
    numbers = {name: number(value) for name, value in parameters.items()}
    known: dict[str, Value] = {"kappa_d": kappa(int(parameters["d"].p), bits)}
    for c in constants:
        (formula,) = substitute((term(c.formula),), numbers)
        known[c.name] = at_point(formula, known, bits)
    return [known[c.name] for c in constants]


def _ends(value: Value) -> tuple[fmpq, fmpq]:
    """The exact ends of a value of any size."""
    if isinstance(value, fmpq):
        return value, value
    middle, radius = value.mid().fmpq(), value.rad().fmpq()
    return middle - radius, middle + radius


def _tight(ends: tuple[fmpq, fmpq], digits: int) -> bool:
    lower, upper = ends
    return (upper - lower) * fmpq(10) ** (digits + 1) <= abs(lower)


def _latex(name: str) -> str:
    head, _, tail = name.partition("_")
    if name in ("sigma", "kappa_d"):
        return f"\\{name}"
    head = head if len(head) == 1 else f"\\mathrm{{{head}}}"
    return f"{head}_{{\\mathrm{{{tail}}}}}" if tail else head


# -- the parameters ------------------------------------------------------------------------------


def _positive(name: str, meaning: str, default: str | None) -> Parameter:
    return Parameter(name, meaning, default, f"{name} > 0", lambda v: v > 0)


def _integer(name: str, meaning: str, default: str | None, most: int | None = None) -> Parameter:
    admissible = f"the integers {name} >= 1" if most is None else f"the integers from 1 to {most}"
    return Parameter(name, meaning, default, admissible, lambda v: v.q == 1 and v >= 1 and (most is None or v <= most))


_COMMON = (
    _integer("d", "dimension", "1", LARGEST_DIMENSION),
    _integer("k", "cells along an edge", "4"),
    _positive("R", "half the side of the box [-R,R]^d", "1"),
    _positive("sigma", "standard deviation of the kernel", "1/2"),
    _positive("mass", "total mass of the measure (of f2, for the ratio)", "1"),
    Parameter(
        "p", "exponent of the norm; above 2 there are more constants", "2", "1 <= p <= 10**6", lambda v: 1 <= v <= 10**6
    ),
)
_SCALE = "scale M of the SignReLU neurons"


def _anything(_: Numbers) -> None:
    pass


def _check_ratio(values: Numbers) -> None:
    if values["c"] >= values["mass"]:
        raise BoundcheckError(
            f"c = {values['c']}; the admissible range is 0 < c < mass = {values['mass']}, since f2 <= mass"
        )
    least = ratio.N_0.subs(ratio.d, int(values["d"].p))
    if "n" in values and values["n"] < rational(least):
        raise BoundcheckError(f"n = {values['n']}; the admissible range is n >= n0 = {least}, for d = {values['d']}")


# -- the constants -------------------------------------------------------------------------------

_VARIATION = (
    Constant("V_moment", shallow.MOMENT_BOUND, "bound of the variation of the ridge measure, with R"),
    Constant("V_kernel", shallow.KERNEL_BOUND, "bound of the variation of the ridge measure, for every R"),
    Constant("V", shallow.VARIATION, "the smaller of the two"),
)
_SHARP = (
    Constant("c_sharp", shallow.C_SHARP, "factor before V R k^(-(d+3)/2), from fourth moments"),
    Constant("l2_sharp", shallow.L2_SHARP, "L2 error with c_sharp"),
)


def _lp(p: fmpq) -> tuple[Constant, ...]:
    if p <= 2:
        return (Constant("lp", shallow.L2_SHARP, "Lp error: l2_sharp, by Jensen's inequality"),)
    label = "D, C"
    return (
        Constant("lp_khintchine", shallow.KHINTCHINE, "Lp error, by Khintchine's inequality", label),
        Constant("c_hoeffding", shallow.C_HOEFFDING, "factor before k^(-(d+3)/2) in lp_hoeffding", label),
        Constant("lp_hoeffding", shallow.HOEFFDING, "Lp error, by Hoeffding's inequality", label),
        Constant("lp", shallow.LP_ABOVE_2, "Lp error: the smaller of the two", label),
    )


def _shallow_constants(values: Numbers) -> tuple[Constant, ...]:
    scale = Constant("lambda_over_M", shallow.LAMBDA / shallow.M, "sup-norm cost of SignReLU for ReLU")
    return (
        *_VARIATION,
        Constant("neurons", shallow.NEURONS, "number of neurons, at most"),
        Constant("c_plain", shallow.C_PLAIN, "factor before V R k^(-(d+3)/2), from the Jensen gap"),
        Constant("l2_plain", shallow.L2_PLAIN, "L2 error with c_plain"),
        *_SHARP,
        *_lp(values["p"]),
        Constant("sup_corner", shallow.SUP_CORNER, "sup-norm error of the corner neurons alone"),
        Constant("sup_corner_sharp", shallow.SUP_CORNER_SHARP, "the same, sharper"),
        Constant("lambda", shallow.LAMBDA, "bound of the sum of |outer coefficients|"),
        *((scale,) if "M" in values else ()),
    )


def _ratio_constants(values: Numbers) -> tuple[Constant, ...]:
    high = values["p"] > 2
    label = "D, C" if high else "D"
    whole = ratio.C_ABOVE_2 if high else ratio.C_UP_TO_2
    at_n = Constant("bound_at_n", ratio.BOUND_AT_N, "C n^(-1/2-3/(2d)) + C_prime/M", label)
    return (
        *_VARIATION,
        *_SHARP,
        *_lp(values["p"]),
        Constant("neurons", ratio.NEURONS, "width n of the shallow layer, for both marginals"),
        Constant("approximation", ratio.APPROXIMATION, "Lp error of f2 with SignReLU; for f1 b times that", label),
        Constant("error", ratio.ERROR, "Lp norm of e = |f1-g1| + b|f2-G|, after the clips", label),
        Constant("uniform", ratio.UNIFORM, "Lp norm of f1/f2 - g1/G, where f2 >= c", label),
        Constant("error_l2", ratio.ERROR_L2, "L2 norm of e"),
        Constant("uniform_squared", ratio.UNIFORM_SQUARED, "integral of q (f1/f2 - g1/G)^2, from uniform for p = 2"),
        Constant("weighted", ratio.WEIGHTED, "integral of q (f1/f2 - r)^2, where f2 >= c; r with output clip"),
        Constant("positivity_free", ratio.POSITIVITY_FREE, "integral of q (f1/f2 - r)^2, for every f2 > 0"),
        Constant("smallest", ratio.SMALLEST, "the smallest of these three"),
        Constant("crossing", ratio.CROSSING, "weighted < positivity_free where error_l2 is smaller than this"),
        Constant("trivial", ratio.TRIVIAL, "integral of q (f1/f2)^2: a larger bound says nothing"),
        Constant("n0", ratio.N_0, "the least n of the whole theorem"),
        Constant("C", whole, "uniform <= C n^(-1/2-3/(2d)) + C_prime/M for all n >= n0", label),
        Constant("C_prime", ratio.C_PRIME, "see C"),
        *((at_n,) if "n" in values else ()),
    )


THEOREMS = {
    t.name: t
    for t in (
        Theorem(
            "shallow",
            "a kernel marginal f on [-R,R]^d is within lp of some ReLU network with one hidden layer of at most "
            "`neurons` neurons, and within lp + lambda/M of one with SignReLU",
            (*_COMMON, _positive("M", f"{_SCALE}; without it lambda_over_M is left out", None)),
            _shallow_constants,
            _anything,
        ),
        Theorem(
            "ratio",
            "for marginals f2 of a positive measure and f1 of at most b times that measure, SignReLU networks (for "
            "p <= 2 from one draw) approximate f1/f2 within `uniform` in Lp if f2 >= c, and within `weighted` (if "
            "f2 >= c) and `positivity_free` against the density q = (2 pi sigma^2)^(-d/2) f2",
            (
                *_COMMON,
                Parameter("b", "bound of |f1/f2|", "1", "b >= 0", lambda v: v >= 0),
                _positive("c", "lower clip of g2, and lower bound of f2 where one is needed", "1/10"),
                _positive("M", _SCALE, "2**40"),
                _integer("n", "width of the shallow layer; without it bound_at_n is left out", None),
            ),
            _ratio_constants,
            _check_ratio,
        ),
    )
}
"""Every theorem with constants, by name."""
