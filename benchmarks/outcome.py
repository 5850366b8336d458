"""What a solver found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """One answer.

    Attributes:
        text: the verdict or the bound, for a table.
        solved: whether the solver finished, so that its time means something.
        boxes: how many boxes it took, where that is known.
        comparable: whether it is a proof of the task as stated; only then does it count as a rival.
        ends: the enclosure of a maximum, so that solvers can be held against each other.
    """

    text: str
    solved: bool
    boxes: int | None = None
    comparable: bool = True
    ends: tuple[float, float] | None = None


def bound(lower: float, upper: float, boxes: int | None, atol: float) -> Outcome:
    """An enclosure of a maximum; it solves the task if it is narrow enough."""
    return Outcome(f"[{lower:.6g}, {upper:.6g}]", upper - lower <= atol, boxes, ends=(lower, upper))
