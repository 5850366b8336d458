"""The oracle inequality, for `boundcheck constants oracle`."""

from __future__ import annotations

from boundcheck.theory.formulas import oracle
from boundcheck.theory.theorems.theorem import (
    Constant,
    Numbers,
    Parameter,
    Theorem,
    integer,
    positive,
)


def _not_negative(name: str, *, meaning: str, default: str) -> Parameter:
    return Parameter(
        name, meaning=meaning, default=default, admissible=f"{name} >= 0", holds=lambda v: v >= 0
    )


def _constants(_: Numbers) -> tuple[Constant, ...]:
    return (
        Constant(
            "second_moment",
            formula=oracle.SECOND_MOMENT,
            meaning="factor between E Z^2 and E Z, in one coordinate",
        ),
        Constant("range", formula=oracle.RANGE, meaning="bound of EZ - Z, in one coordinate"),
        Constant(
            "net", formula=oracle.NET, meaning="price of the net in one coordinate, 12 b delta"
        ),
        Constant(
            "estimation",
            formula=oracle.ESTIMATION,
            meaning="price of m samples in one coordinate, 16 b^2 (log_n + 1)/m",
        ),
        Constant(
            "estimation_sharp",
            formula=oracle.ESTIMATION_SHARP,
            meaning="the same, sharper: 11 b^2 log_n/m",
        ),
        Constant(
            "oracle",
            formula=oracle.ORACLE,
            meaning="bound of the mean squared error, with `estimation`",
        ),
        Constant(
            "oracle_sharp", formula=oracle.ORACLE_SHARP, meaning="the same, with `estimation_sharp`"
        ),
        Constant(
            "trivial",
            formula=oracle.TRIVIAL,
            meaning="squared error of the function 0: a larger bound says nothing",
        ),
    )


_SHOWN_IN: dict[str, tuple[str, ...]] = {
    "second_moment": ("losses.second_moment_of_a_loss",),
    "range": ("losses.range_of_a_loss",),
    "net": ("oracle.sharper_in_one_coordinate",),
    "estimation": ("oracle.in_one_coordinate",),
    "estimation_sharp": ("oracle.sharper_in_one_coordinate",),
    "oracle": ("oracle.oracle_inequality",),
    "oracle_sharp": ("oracle.sharper_oracle_inequality",),
    "trivial": ("oracle.trivial_predictor",),
}

ORACLE = Theorem(
    name="oracle",
    says=(
        "a function of a class bounded by b, with a net of exp(log_n) functions within delta in "
        "each of d coordinates, chosen by m samples so that its empirical squared error exceeds "
        "that of a fixed competitor (or of every function of the class) by at most eps, has a "
        "mean squared distance of at most oracle_sharp <= oracle from E[Y|X], where `comparator` "
        "is that of the competitor (or the infimum over the class)"
    ),
    parameters=(
        integer("d", meaning="coordinates of Y", default="1"),
        positive("b", meaning="bound of |Y| and of the functions, in each coordinate", default="1"),
        integer("m", meaning="number of samples", default="10**6"),
        _not_negative("delta", meaning="distance to the net, in the sup-norm", default="1/1000"),
        _not_negative(
            "log_n", meaning="logarithm of the size of the net; an upper bound", default="1000"
        ),
        _not_negative(
            "comparator", meaning="mean squared distance of the competitor from E[Y|X]", default="0"
        ),
        _not_negative(
            "eps",
            meaning="by how much the empirical error may exceed that of the competitor",
            default="0",
        ),
    ),
    constants=_constants,
    shown_in=lambda _: _SHOWN_IN,
)
