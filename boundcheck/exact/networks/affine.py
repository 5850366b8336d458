"""Affine maps with exact entries, from whatever holds numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, runtime_checkable

from flint import fmpq

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.activation import Operand
from boundcheck.exact.terms.term import Term, TermLike, term

Entry: TypeAlias = fmpq | Term
"""A weight: an exact rational, or a term in symbols."""


@runtime_checkable
class ArrayLike(Protocol):
    """An array of numpy, or a tensor of torch."""

    def tolist(self) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


VectorLike: TypeAlias = Sequence[TermLike] | ArrayLike
"""A vector of entries given by a user, such as biases: a sequence, or an array."""

MatrixLike: TypeAlias = Sequence[VectorLike] | ArrayLike
"""A matrix of entries given by a user, row by row: nested sequences, or an array."""

_ZERO = fmpq(0)


@dataclass(frozen=True)
class Affine:
    """x ↦ weight x + bias; `weight` has one row for each output."""

    weight: tuple[tuple[Entry, ...], ...]
    bias: tuple[Entry, ...]

    @property
    def inputs(self) -> int:
        return len(self.weight[0])

    @property
    def outputs(self) -> int:
        return len(self.bias)

    def __call__(self, values: Sequence[Operand]) -> list[Operand]:
        """The image of a vector over anything that adds and multiplies with the entries."""
        return [_dot(row, values, b) for row, b in zip(self.weight, self.bias, strict=True)]

    def after(self, first: Affine) -> Affine:
        """The composition x ↦ self(first(x))."""
        columns = list(zip(*first.weight, strict=True))
        weight = tuple(tuple(_dot(row, column, _ZERO) for column in columns) for row in self.weight)
        return Affine(
            weight,
            tuple(_dot(row, first.bias, b) for row, b in zip(self.weight, self.bias, strict=True)),
        )

    def entries(self) -> list[Entry]:
        return [w for row in self.weight for w in row] + list(self.bias)


def _dot(row: Sequence[Entry], values: Sequence[Operand], start: Entry) -> Operand:
    total: Operand = start
    for w, v in zip(row, values, strict=True):
        if _is_zero(w) or _is_zero(v):
            continue
        part = v if _is_one(w) else w if _is_one(v) else w * v
        total = part if _is_zero(total) else total + part
    return total


def _is_zero(entry: Operand) -> bool:
    return isinstance(entry, fmpq) and entry == 0


def _is_one(entry: Operand) -> bool:
    return isinstance(entry, fmpq) and entry == 1


def _entry(value: TermLike, where: str) -> Entry:
    try:
        found = term(value)
    except BoundcheckError as error:
        raise BoundcheckError(f"{where}: {error}") from None
    return found.payload if found.op == "rational" else found


def affine(weight: MatrixLike, bias: VectorLike, where: str = "layer 1") -> Affine:
    """An affine map from nested sequences, or arrays with `tolist` (numpy, torch).

    Raises:
        BoundcheckError: an entry that is no finite number, ragged rows, or sizes that do not fit.
    """
    rows = weight.tolist() if hasattr(weight, "tolist") else weight
    offsets = bias.tolist() if hasattr(bias, "tolist") else bias
    try:
        w = tuple(
            tuple(_entry(v, f"weight {i + 1},{j + 1} of {where}") for j, v in enumerate(row))
            for i, row in enumerate(rows)
        )
        b = tuple(_entry(v, f"bias {i + 1} of {where}") for i, v in enumerate(offsets))
    except TypeError:
        raise BoundcheckError(
            f"{where} is not a matrix of weights with a vector of biases"
        ) from None
    if not w or not w[0] or any(len(row) != len(w[0]) for row in w):
        raise BoundcheckError(
            f"the weight rows of {where} have the lengths {[len(r) for r in w]}; they must agree "
            "and not be 0"
        )
    if len(w) != len(b):
        raise BoundcheckError(
            f"{where} has {len(w)} rows of weights but {len(b)} biases; the two numbers must agree"
        )
    return Affine(w, b)
