"""The shallow theorem, for `boundcheck constants shallow`."""

from __future__ import annotations

from flint import fmpq

from boundcheck.enclosure.intervals.at_point import Value
from boundcheck.theory.formulas import shallow
from boundcheck.theory.ridge.kappa import LARGEST_DIMENSION, kappa
from boundcheck.theory.theorems.theorem import (
    Constant,
    Numbers,
    Parameter,
    Theorem,
    Values,
    integer,
    one_after_the_other,
    positive,
)

COMMON = (
    integer("d", "dimension", "1", LARGEST_DIMENSION),
    integer("k", "cells along an edge", "4"),
    positive("R", "half the side of the box [-R,R]^d", "1"),
    positive("sigma", "standard deviation of the kernel", "1/2"),
    positive("mass", "total mass of the measure (of f2, for the ratio)", "1"),
    Parameter(
        "p",
        "exponent of the norm; above 2 there are more constants",
        "2",
        "1 <= p <= 10**6",
        lambda v: 1 <= v <= 10**6,
    ),
)
SCALE = "scale M of the SignReLU neurons"


VARIATION = (
    Constant(
        "V_moment", shallow.MOMENT_BOUND, "bound of the variation of the ridge measure, with R"
    ),
    Constant(
        "V_kernel", shallow.KERNEL_BOUND, "bound of the variation of the ridge measure, for every R"
    ),
    Constant("V", shallow.VARIATION, "the smaller of the two"),
)
SHARP = (
    Constant("c_sharp", shallow.C_SHARP, "factor before V R k^(-(d+3)/2), from fourth moments"),
    Constant("l2_sharp", shallow.L2_SHARP, "L2 error with c_sharp"),
)


def lp_constants(p: fmpq) -> tuple[Constant, ...]:
    if p <= 2:
        return (Constant("lp", shallow.L2_SHARP, "Lp error: l2_sharp, by Jensen's inequality"),)
    label = "D, C"
    return (
        Constant(
            "lp_khintchine", shallow.KHINTCHINE, "Lp error, by Khintchine's inequality", label
        ),
        Constant(
            "c_hoeffding", shallow.C_HOEFFDING, "factor before k^(-(d+3)/2) in lp_hoeffding", label
        ),
        Constant("lp_hoeffding", shallow.HOEFFDING, "Lp error, by Hoeffding's inequality", label),
        Constant("lp", shallow.LP_ABOVE_2, "Lp error: the smaller of the two", label),
    )


def _shallow_constants(values: Numbers) -> tuple[Constant, ...]:
    scale = Constant(
        "lambda_over_M", shallow.LAMBDA / shallow.M, "sup-norm cost of SignReLU for ReLU"
    )
    return (
        *VARIATION,
        Constant("neurons", shallow.NEURONS, "number of neurons, at most"),
        Constant("c_plain", shallow.C_PLAIN, "factor before V R k^(-(d+3)/2), from the Jensen gap"),
        Constant("l2_plain", shallow.L2_PLAIN, "L2 error with c_plain"),
        *SHARP,
        *lp_constants(values["p"]),
        Constant("sup_corner", shallow.SUP_CORNER, "sup-norm error of the corner neurons alone"),
        Constant("sup_corner_sharp", shallow.SUP_CORNER_SHARP, "the same, sharper"),
        Constant("lambda", shallow.LAMBDA, "bound of the sum of |outer coefficients|"),
        *((scale,) if "M" in values else ()),
    )


_SHARP, _PLAIN, _CORNERS = (
    ("marginals.sharp_bound",),
    ("marginals.plain_bound",),
    ("marginals.corner_part",),
)
_MOMENTS, _KERNEL = ("ridges.variation_by_moments",), ("ridges.variation_by_the_kernel",)
_KHINTCHINE, _HOEFFDING = (
    ("marginals.above_two_by_khintchine",),
    ("marginals.above_two_by_hoeffding",),
)


def proved_in(values: Numbers) -> dict[str, tuple[str, ...]]:
    """By the name of a constant, the claims that prove its formula."""
    return {
        "V_moment": _MOMENTS,
        "V_kernel": _KERNEL,
        "V": _MOMENTS + _KERNEL,
        "neurons": ("marginals.neurons",),
        "c_plain": _PLAIN,
        "l2_plain": _PLAIN,
        "c_sharp": _SHARP,
        "l2_sharp": _SHARP,
        "lp_khintchine": _KHINTCHINE,
        "c_hoeffding": _HOEFFDING,
        "lp_hoeffding": _HOEFFDING,
        "lp": _KHINTCHINE + _HOEFFDING if values["p"] > 2 else (*_SHARP, "textbook.norms"),
        "sup_corner": _CORNERS,
        "sup_corner_sharp": _CORNERS,
        "lambda": ("marginals.stratified_variance",),
        "lambda_over_M": ("marginals.weight_scale",),
    }


def values(constants: tuple[Constant, ...], numbers: Numbers, bits: int) -> list[Values]:
    """One formula after the other; they may contain kappa_d."""
    known: dict[str, Value] = {"kappa_d": kappa(int(numbers["d"].p), bits)}
    return one_after_the_other(constants, numbers, bits, known)


SHALLOW = Theorem(
    "shallow",
    "a kernel marginal f on [-R,R]^d is within lp of some ReLU network with one hidden layer of "
    "at most `neurons` neurons, and within lp + lambda/M of one with SignReLU",
    (*COMMON, positive("M", f"{SCALE}; without it lambda_over_M is left out", None)),
    _shallow_constants,
    values=values,
    proved_in=proved_in,
)
