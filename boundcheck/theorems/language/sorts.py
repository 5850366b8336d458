"""Sorts: what a term of a theorem denotes.

Real, Nat (the numbers 0, 1, 2, ..., each of which is a real number too), Point of a space, Vec of a
real inner-product space, Seq and Pair of other sorts, Network (of one activation), Law on a sort,
Function, and Formula. Spaces are symbols: a theorem about a space holds for every sort in its
place, where "every sort" means a non-empty standard Borel space.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from boundcheck.errors import BoundcheckError

MAX_SIZE = 500
"""Of a sort: how many sorts it is made of, itself included."""


@dataclass(frozen=True)
class Sort:
    """A sort; made by the functions and constants of this file.

    Attributes:
        kind: `real`, `nat`, `space`, `vec`, `seq`, `pair`, `network`, `law`, `function`, `formula`.
        name: of a space, of the space of a vector, or the activation of a network.
        parts: the sorts that it is made of; of a function, its arguments and then its result.
    """

    kind: str
    name: str = ""
    parts: tuple[Sort, ...] = ()
    size: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        size = 1 + sum(p.size for p in self.parts)
        if size > MAX_SIZE:  # two equal parts are one object, so that few steps could make it huge
            raise BoundcheckError(f"a sort is made of at most {MAX_SIZE} sorts")
        object.__setattr__(self, "size", size)

    def __str__(self) -> str:
        match self.kind:
            case "space":
                return self.name
            case "vec":
                return f"Vec({self.name})"
            case "network":
                return f"Network({self.name})"
            case "seq" | "pair" | "law":
                return f"{self.kind.capitalize()}({', '.join(map(str, self.parts))})"
            case "function":
                given = ", ".join(map(str, self.arguments))
                return f"{given if len(self.parts) == 2 else f'({given})'} -> {self.result}"
        return self.kind.capitalize()

    @property
    def arguments(self) -> tuple[Sort, ...]:
        """The sorts of the arguments of a function."""
        return self.parts[:-1]

    @property
    def result(self) -> Sort:
        """The sort of the values of a function."""
        return self.parts[-1]

    @property
    def numeric(self) -> bool:
        """Whether it is Real or Nat."""
        return self.kind in ("real", "nat")

    @property
    def spaces(self) -> frozenset[str]:
        """The names of the spaces in it."""
        own = {self.name} if self.kind in ("space", "vec") else set()
        return frozenset(own).union(*(p.spaces for p in self.parts))

    @property
    def vector_spaces(self) -> frozenset[str]:
        """The names of the spaces of vectors in it."""
        own = {self.name} if self.kind == "vec" else set()
        return frozenset(own).union(*(p.vector_spaces for p in self.parts))

    def accepts(self, other: Sort) -> bool:
        """Whether a term of the other sort may stand where this one is asked for."""
        if self.kind == other.kind == "pair":
            return all(a.accepts(b) for a, b in zip(self.parts, other.parts, strict=True))
        return self == other or (self.kind == "real" and other.kind == "nat")

    def subs(self, spaces: Mapping[str, Sort]) -> Sort:
        """The sort with spaces replaced.

        Raises:
            BoundcheckError: a space of vectors replaced by another sort.
        """
        if self.kind == "space":
            return spaces.get(self.name, self)
        if self.kind == "vec":
            found = spaces.get(self.name, self)
            if found.kind != "vec":  # what holds for vectors need not hold for other points
                raise BoundcheckError(f"{self} is a space of vectors, and {found} is none")
            return found
        return Sort(self.kind, self.name, tuple(p.subs(spaces) for p in self.parts))


REAL, NAT, FORMULA = Sort("real"), Sort("nat"), Sort("formula")


def space(name: str) -> Sort:
    """Points of the space `name`.

    >>> str(space("X"))
    'X'
    """
    return Sort("space", name)


def vec(name: str) -> Sort:
    """Vectors of the real inner-product space `name`, of any dimension.

    >>> str(vec("H"))
    'Vec(H)'
    """
    return Sort("vec", name)


def seq(of: Sort) -> Sort:
    """Sequences s(0), s(1), ...

    >>> str(seq(REAL))
    'Seq(Real)'
    """
    return Sort("seq", "", (_value(of),))


def pair(first: Sort, second: Sort) -> Sort:
    """Pairs.

    >>> str(pair(REAL, NAT))
    'Pair(Real, Nat)'
    """
    return Sort("pair", "", (_value(first), _value(second)))


def network(activation: str) -> Sort:
    """Networks with that activation; see `ACTIVATIONS`.

    >>> str(network("relu"))
    'Network(relu)'
    """
    if activation not in ACTIVATIONS:
        raise BoundcheckError(
            f"{activation!r} is no activation of networks in theorems; there are "
            + ", ".join(ACTIVATIONS)
        )
    return Sort("network", activation)


ACTIVATIONS = ("relu", "signrelu")
"""Of networks in theorems: max(t, 0), and t or t/(1 - t) (SignReLU with α = 1)."""


def law(of: Sort) -> Sort:
    """Probability laws, each with a measurable set that it lives on.

    >>> str(law(space("X")))
    'Law(X)'
    """
    return Sort("law", "", (_value(of),))


def function(arguments: tuple[Sort, ...], result: Sort) -> Sort:
    """Total Borel functions.

    >>> str(function((REAL, NAT), REAL))
    '(Real, Nat) -> Real'
    """
    if not arguments:
        raise BoundcheckError("a function has at least one argument; declare a variable instead")
    if result.kind in ("formula", "function"):
        raise BoundcheckError(f"a function cannot have values of sort {result}")
    return Sort("function", "", (*map(_value, arguments), result))


def _value(of: Sort) -> Sort:
    """A sort of points: what has a law and what functions take."""
    if of.kind in ("law", "function", "formula", "network"):
        raise BoundcheckError(f"{of} is not a sort of points")
    return of
