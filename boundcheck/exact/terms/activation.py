"""Activations: the extension point of networks, known exactly piece by piece.

A new activation is one small class (see `Activation`). Its formulas use only `+ - * /`, so that
rationals, balls, intervals, terms and rational functions all go through them; every tactic then
works with it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from flint import fmpq

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import fraction, rational
from boundcheck.exact.terms.term import Term, TermLike, activate, is_symbolic, term
from boundcheck.rims import needed

if TYPE_CHECKING:
    from torch import Tensor

Extended: TypeAlias = fmpq | None
"""An exact end point; `None` stands for the infinite one on its side."""

Parameter: TypeAlias = fmpq | Term
"""A parameter of an activation: an exact rational, or a term in symbols."""

Operand: TypeAlias = Any
"""What formulas go through, by `+ - * /` alone: a rational, a ball, an interval, a term, a
rational function, an expression of sympy or a tensor."""

Output: TypeAlias = Any
"""What comes out of an activation or a network: a `Fraction` at numbers, a term at terms; a tuple
of these where there are several outputs."""


@dataclass(frozen=True)
class Piece:
    """`formula` on [start, start of the next piece); `start` None means -oo.

    >>> left, right = ReLU.pieces()
    >>> right.start, right.formula(3)
    (0, 3)
    """

    start: int | None
    formula: Callable[[Operand], Operand]


class Activation(ABC):
    """A piecewise rational function of one variable, with parameters that may be symbols.

    Attributes:
        name: the function's name in statements and files.
        parameters: the exact values (or terms) of the parameters, in the order of `__init__`.
        optional: whether all parameters have defaults.
        positive: whether all parameters must be positive; where they are not,
            the function is undefined.
        increasing: whether the function is non-decreasing for all admitted parameters
            (used for tight enclosures).
        lower_bound: a number below all values, or None; padding needs one.
        linear_from: the function is the identity from here on, or None; padding needs it too.

    >>> class HardTanh(Activation):
    ...     name, increasing = "hardtanh", True
    ...     @staticmethod
    ...     def pieces():
    ...         low, high = (lambda t: t * 0 - 1), (lambda t: t * 0 + 1)
    ...         return Piece(None, low), Piece(-1, lambda t: t), Piece(1, high)
    ...     def derivative_range(self, lower, upper):
    ...         return fmpq(0), fmpq(1)
    >>> HardTanh()("1/2"), HardTanh()(7)
    (Fraction(1, 2), Fraction(1, 1))
    """

    name: ClassVar[str]
    optional: ClassVar[bool] = True
    positive: ClassVar[bool] = True
    increasing: ClassVar[bool] = False
    parameters: tuple[Parameter, ...] = ()
    lower_bound: Parameter | int | None = None
    linear_from: Parameter | int | None = None

    @staticmethod
    @abstractmethod
    def pieces(*parameters: Operand) -> tuple[Piece, ...]:
        """The pieces from left to right; the first starts at None.

        >>> [piece.start for piece in SignReLU().pieces(1)]
        [None, 0]
        """

    @abstractmethod
    def derivative_range(self, lower: Extended, upper: Extended) -> tuple[fmpq, fmpq]:
        """An interval that contains every slope of a chord of [lower, upper].

        None stands for the infinite end point. Raises BoundcheckError for symbolic parameters.

        >>> SignReLU().derivative_range(fmpq(-1), fmpq(1))
        (1/4, 1)
        """

    def torch(self, t: Tensor) -> Tensor:
        """The function on a `torch.Tensor`, element by element.

        >>> import torch
        >>> SignReLU().torch(torch.tensor([-1.0, 2.0])).tolist()
        [-0.5, 2.0]
        """
        torch = needed("torch", f"{type(self).__name__}.torch")
        pieces = self.pieces(*(float(p) for p in self.parameters))  # type: ignore[arg-type]
        # A formula is only evaluated inside its own piece: outside it may divide by zero.
        result = pieces[0].formula(
            t if len(pieces) == 1 else torch.clamp(t, max=float(pieces[1].start or 0))
        )
        for piece in pieces[1:]:
            start = float(piece.start or 0)
            result = torch.where(t >= start, piece.formula(torch.clamp(t, min=start)), result)
        return result

    def __call__(self, t: TermLike) -> Output:
        """The value at an exact number, or a term at a term or a symbol."""
        if is_symbolic(t) or any(isinstance(p, Term) for p in self.parameters):
            return activate(self, term(t))
        return fraction(
            choose_piece(self.pieces(*map(rational, self.parameters)), rational(t)).formula(
                rational(t)
            )
        )

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.parameters == other.parameters

    def __hash__(self) -> int:
        return hash((type(self), self.parameters))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(str, self.parameters))})"


def choose_piece(pieces: tuple[Piece, ...], t: Operand) -> Piece:
    """The piece that holds at `t`, for a type with exact comparisons."""
    return next(p for p in reversed(pieces) if p.start is None or t >= p.start)


def exact_parameter(value: TermLike, name: str, *, positive: bool) -> Parameter:
    """A parameter as an `fmpq`, or as a term where it is symbolic.

    Raises:
        BoundcheckError: a numeric value outside the parameter's range.
    """
    as_term = term(value)
    if as_term.op != "rational":
        return as_term
    if positive and as_term.payload <= 0:
        raise BoundcheckError(f"{name} = {as_term} is not allowed; it must be positive")
    return as_term.payload


def _numeric(value: Parameter, owner: Activation) -> fmpq:
    if isinstance(value, Term):
        raise BoundcheckError(
            f"{owner!r} has the symbolic parameter {value}; give it a number first"
        )
    return rational(value)


class SignReLU(Activation):
    """ρ_α(t) = t for t >= 0 and αt/(1 - t) for t < 0, with α > 0 (arXiv:2601.21242 uses α = 1).

    Args:
        alpha: α, exact or symbolic.

    >>> print(SignReLU()(-1), SignReLU("1/3")(-1), SignReLU()(2))
    -1/2 -1/6 2
    >>> SignReLU(alpha="0")
    Traceback (most recent call last):
        ...
    boundcheck.errors.BoundcheckError: alpha of SignReLU = 0 is not allowed; it must be positive
    """

    name = "signrelu"
    increasing = True
    linear_from = 0

    def __init__(self, alpha: TermLike = 1) -> None:
        self.alpha = exact_parameter(alpha, "alpha of SignReLU", positive=True)
        self.parameters = (self.alpha,)
        self.lower_bound = -self.alpha

    @staticmethod
    def pieces(alpha: Operand) -> tuple[Piece, ...]:
        return Piece(None, lambda t: alpha * t / (1 - t)), Piece(0, lambda t: t)

    def derivative_range(self, lower: Extended, upper: Extended) -> tuple[fmpq, fmpq]:
        alpha = _numeric(self.alpha, self)

        def left(t: Extended) -> fmpq:  # α/(1-t)^2 grows on t <= 0, from 0 at -oo to α at 0
            return fmpq(0) if t is None else alpha / (1 - min(t, fmpq(0))) ** 2

        negative = lower is None or lower < 0
        slopes = [left(lower), left(fmpq(0) if upper is None else upper)] if negative else []
        if upper is None or upper > 0 or not negative:
            slopes.append(fmpq(1))
        return min(slopes), max(slopes)


class ReLU(Activation):
    """max(t, 0).

    >>> ReLU()(-1), ReLU()("1/2")
    (Fraction(0, 1), Fraction(1, 2))
    """

    name = "relu"
    increasing = True
    lower_bound = 0
    linear_from = 0

    @staticmethod
    def pieces() -> tuple[Piece, ...]:
        return Piece(None, lambda t: t * 0), Piece(0, lambda t: t)

    def derivative_range(self, lower: Extended, upper: Extended) -> tuple[fmpq, fmpq]:
        return fmpq(int(lower is not None and lower >= 0)), fmpq(int(upper is None or upper > 0))


class LeakyReLU(Activation):
    """t for t >= 0 and λt for t < 0, with slope λ > 0.

    Args:
        slope: λ, exact or symbolic; torch's default is the text "0.01".

    >>> LeakyReLU()(-1), LeakyReLU("1/4")(-1)
    (Fraction(-1, 100), Fraction(-1, 4))
    """

    name = "leakyrelu"
    increasing = True
    linear_from = 0

    def __init__(self, slope: TermLike = "0.01") -> None:
        self.slope = exact_parameter(slope, "slope of LeakyReLU", positive=True)
        self.parameters = (self.slope,)

    @staticmethod
    def pieces(slope: Operand) -> tuple[Piece, ...]:
        return Piece(None, lambda t: slope * t), Piece(0, lambda t: t)

    def derivative_range(self, lower: Extended, upper: Extended) -> tuple[fmpq, fmpq]:
        slope = _numeric(self.slope, self)
        slopes = [slope] if lower is None or lower < 0 else []
        if upper is None or upper > 0 or not slopes:
            slopes.append(fmpq(1))
        return min(slopes), max(slopes)


SHIPPED: dict[str, type[Activation]] = {a.name: a for a in (SignReLU, ReLU, LeakyReLU)}
"""The activations that statements and files know by name."""
