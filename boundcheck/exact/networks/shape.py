"""Shapes: the accounting of networks without their weights, for widths that may be symbols."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import Term, TermLike, add, call, is_number, number, term


@dataclass(frozen=True)
class Shape:
    """Inputs, the widths of the hidden layers and outputs of a network.

    Every network of shapes S and T composes to one of shape `S.then(T)`, and so on: a statement
    about shapes holds for all networks of those shapes, and for all values of a symbolic width.

    >>> from boundcheck import symbols
    >>> n = symbols("n")
    >>> shape = Shape.of(2, (n, 4, 2), 1)
    >>> print(shape, shape.depth, shape.affine_maps, shape.width)
    2 -> n -> 4 -> 2 -> 1 3 4 Max(Max(n, 4), 2)
    """

    inputs: Term
    widths: tuple[Term, ...]
    outputs: Term

    @classmethod
    def of(cls, inputs: TermLike, widths: Iterable[TermLike], outputs: TermLike) -> Shape:
        """A shape from numbers or symbols.

        Raises:
            BoundcheckError: a number that is not an integer >= 1.

        >>> print(Shape.of(2, (4, 2), 1))
        2 -> 4 -> 2 -> 1
        """
        return cls(_size(inputs), tuple(map(_size, widths)), _size(outputs))

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.widths)

    @property
    def affine_maps(self) -> int:
        """The number of affine maps, which some papers call the depth."""
        return self.depth + 1

    @property
    def width(self) -> Term:
        """The width of the largest hidden layer (0 where there is none)."""
        if all(is_number(w) for w in self.widths):
            return number(max((w.payload for w in self.widths), default=0))
        return call("Max", *self.widths)

    def then(self, other: Shape) -> Shape:
        """The shape of `other` after this one; the two affine maps that meet become one.

        Raises:
            BoundcheckError: the outputs of one are not the inputs of the other.

        >>> print(Shape.of(2, (9,), 2).then(Shape.of(2, (4, 2), 1)))
        2 -> 9 -> 4 -> 2 -> 1
        """
        if self.outputs is not other.inputs:
            raise BoundcheckError(
                f"{self.outputs} outputs cannot feed {other.inputs} inputs; the two "
                "numbers must agree"
            )
        return Shape(self.inputs, self.widths + other.widths, other.outputs)

    def beside(self, other: Shape, *, share_inputs: bool = False) -> Shape:
        """The shape of both side by side, on separate inputs or on the same ones.

        Raises:
            BoundcheckError: different depths, or inputs that cannot be shared.

        >>> print(Shape.of(2, (4, 2), 1).beside(Shape.of(2, (4, 2), 1)))
        4 -> 8 -> 4 -> 2
        """
        same_depth(self, other)
        if share_inputs and self.inputs is not other.inputs:
            raise BoundcheckError(
                f"{self.inputs} and {other.inputs} inputs cannot be shared; the two "
                "numbers must agree"
            )
        widths = tuple(add(a, b) for a, b in zip(self.widths, other.widths, strict=True))
        inputs = self.inputs if share_inputs else add(self.inputs, other.inputs)
        return Shape(inputs, widths, add(self.outputs, other.outputs))

    def padded(self, depth: int) -> Shape:
        """The shape with its last hidden layer repeated up to `depth` hidden layers.

        Raises:
            BoundcheckError: `depth` is smaller than it is, or there is no hidden layer.

        >>> print(Shape.of(2, (9, 4, 2), 1).padded(5))
        2 -> 9 -> 4 -> 2 -> 2 -> 2 -> 1
        """
        padding = padding_needed(self.depth, depth)
        return Shape(self.inputs, self.widths + self.widths[-1:] * padding, self.outputs)

    def __str__(self) -> str:
        return (
            f"{self.inputs} -> {' -> '.join(map(str, self.widths)) or '(affine)'} -> {self.outputs}"
        )


def _size(value: TermLike) -> Term:
    size = term(value)
    if is_number(size) and (size.payload.q != 1 or size.payload < 1):
        raise BoundcheckError(
            f"a layer of {size} neurons is not possible; sizes are integers from 1"
        )
    return size


@runtime_checkable
class _HasDepth(Protocol):
    """A network or a shape."""

    @property
    def depth(self) -> int: ...


def same_depth(one: _HasDepth, other: _HasDepth) -> None:
    """Raises BoundcheckError unless both have equally many hidden layers."""
    if one.depth != other.depth:
        raise BoundcheckError(
            f"networks with {one.depth} and {other.depth} hidden layers cannot stand side by side; "
            f"pad the shallower one: .padded({max(one.depth, other.depth)})"
        )


def padding_needed(depth: int, wanted: int) -> int:
    """How many layers to add. Raises BoundcheckError where padding is not possible."""
    if wanted < depth:
        raise BoundcheckError(
            f"a network with {depth} hidden layers cannot be padded to {wanted}; ask for "
            f"{depth} or more"
        )
    if depth == 0 and wanted > 0:
        raise BoundcheckError(
            "an affine map has no hidden layer to repeat; compose it with an identity gate first"
        )
    return wanted - depth
