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


def _not_negative(name: str, meaning: str, default: str) -> Parameter:
    return Parameter(name, meaning, default, f"{name} >= 0", lambda v: v >= 0)


def _constants(_: Numbers) -> tuple[Constant, ...]:
    cited = "D, C"
    return (
        Constant(
            "second_moment", oracle.SECOND_MOMENT, "factor between E Z^2 and E Z, in one coordinate"
        ),
        Constant("range", oracle.RANGE, "bound of EZ - Z, in one coordinate"),
        Constant("net", oracle.NET, "price of the net in one coordinate, 12 b delta"),
        Constant(
            "estimation",
            oracle.ESTIMATION,
            "price of m samples in one coordinate, 16 b^2 (log_n + 1)/m",
            cited,
        ),
        Constant(
            "estimation_sharp",
            oracle.ESTIMATION_SHARP,
            "the same, from exponential moments: 11 b^2 log_n/m",
        ),
        Constant(
            "oracle", oracle.ORACLE, "bound of the mean squared error, with `estimation`", cited
        ),
        Constant("oracle_sharp", oracle.ORACLE_SHARP, "the same, with `estimation_sharp`"),
        Constant(
            "trivial",
            oracle.TRIVIAL,
            "squared error of the function 0: a larger bound says nothing",
        ),
    )


_PROVED_IN: dict[str, tuple[str, ...]] = {
    "second_moment": ("oracle.second_moment_of_z",),
    "range": ("oracle.range_of_z",),
    "net": ("oracle.net",),
    "estimation": ("oracle.tail_integral",),
    "estimation_sharp": ("oracle.sharper",),
    "oracle": ("oracle.oracle_inequality",),
    "oracle_sharp": ("oracle.sharper_oracle_inequality",),
    "trivial": ("oracle.trivial_predictor",),
}

ORACLE = Theorem(
    "oracle",
    "a function of a class bounded by b, with a net of exp(log_n) functions within delta in each "
    "of d coordinates, chosen by m samples so that its empirical squared error exceeds that of "
    "a fixed competitor (or of every function of the class) by at most eps, has a mean squared "
    "distance of at most oracle_sharp <= oracle from E[Y|X], where `comparator` is that of the "
    "competitor (or the infimum over the class)",
    (
        integer("d", "coordinates of Y", "1"),
        positive("b", "bound of |Y| and of the functions, in each coordinate", "1"),
        integer("m", "number of samples", "10**6"),
        _not_negative("delta", "distance to the net, in the sup-norm", "1/1000"),
        _not_negative("log_n", "logarithm of the size of the net; an upper bound", "1000"),
        _not_negative("comparator", "mean squared distance of the competitor from E[Y|X]", "0"),
        _not_negative(
            "eps", "by how much the empirical error may exceed that of the competitor", "0"
        ),
    ),
    _constants,
    proved_in=lambda _: _PROVED_IN,
)
