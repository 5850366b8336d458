"""The shallow theorem, for `boundcheck constants shallow`."""

from __future__ import annotations

from flint import fmpq

from boundcheck.enclosure.intervals.at_point import Value
from boundcheck.theory.formulas import shallow
from boundcheck.theory.ridge.kappa import LARGEST_DIMENSION, kappa_at_most
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
    integer("d", meaning="dimension", default="1", most=LARGEST_DIMENSION),
    integer("k", meaning="cells along an edge", default="4"),
    positive("R", meaning="half the side of the box [-R,R]^d", default="1"),
    positive("sigma", meaning="standard deviation of the kernel", default="1/2"),
    positive("mass", meaning="total mass of the measure (of f2, for the ratio)", default="1"),
    Parameter(
        "p",
        meaning="exponent of the norm; above 2 there are more constants",
        default="2",
        admissible="1 <= p <= 10**6",
        holds=lambda v: 1 <= v <= 10**6,
    ),
)
SCALE = "scale M of the SignReLU neurons"


VARIATION = (
    Constant(
        "V_moment",
        formula=shallow.MOMENT_BOUND,
        meaning="bound of the variation of the ridge measure, with R",
    ),
    Constant(
        "V_kernel",
        formula=shallow.KERNEL_BOUND,
        meaning="bound of the variation of the ridge measure, for every R",
    ),
    Constant("V", formula=shallow.VARIATION, meaning="the smaller of the two"),
)
SHARP = (
    Constant(
        "c_sharp",
        formula=shallow.C_SHARP,
        meaning="factor before V R k^(-(d+3)/2), from fourth moments",
    ),
    Constant("l2_sharp", formula=shallow.L2_SHARP, meaning="L2 error with c_sharp"),
)


def lp_constants(p: fmpq) -> tuple[Constant, ...]:
    if p <= 2:
        return (
            Constant(
                "lp", formula=shallow.L2_SHARP, meaning="Lp error: l2_sharp, by Jensen's inequality"
            ),
        )
    label = "D, C"
    return (
        Constant(
            "lp_khintchine",
            formula=shallow.KHINTCHINE,
            meaning="Lp error, by Khintchine's inequality",
            label=label,
        ),
        Constant(
            "c_hoeffding",
            formula=shallow.C_HOEFFDING,
            meaning="factor before k^(-(d+3)/2) in lp_hoeffding",
            label=label,
        ),
        Constant(
            "lp_hoeffding",
            formula=shallow.HOEFFDING,
            meaning="Lp error, by Hoeffding's inequality",
            label=label,
        ),
        Constant(
            "lp",
            formula=shallow.LP_ABOVE_2,
            meaning="Lp error: the smaller of the two",
            label=label,
        ),
    )


def _shallow_constants(values: Numbers) -> tuple[Constant, ...]:
    scale = Constant(
        "lambda_over_M",
        formula=shallow.LAMBDA / shallow.M,
        meaning="sup-norm cost of SignReLU for ReLU",
    )
    return (
        *VARIATION,
        Constant("neurons", formula=shallow.NEURONS, meaning="number of neurons, at most"),
        Constant(
            "c_plain",
            formula=shallow.C_PLAIN,
            meaning="factor before V R k^(-(d+3)/2), from the Jensen gap",
        ),
        Constant("l2_plain", formula=shallow.L2_PLAIN, meaning="L2 error with c_plain"),
        *SHARP,
        *lp_constants(values["p"]),
        Constant(
            "sup_corner",
            formula=shallow.SUP_CORNER,
            meaning="sup-norm error of the corner neurons alone",
        ),
        Constant("sup_corner_sharp", formula=shallow.SUP_CORNER_SHARP, meaning="the same, sharper"),
        Constant(
            "lambda", formula=shallow.LAMBDA, meaning="bound of the sum of |outer coefficients|"
        ),
        *((scale,) if "M" in values else ()),
    )


_SHARP, _PLAIN, _CORNERS = (
    ("marginals.sharp_bound",),
    ("marginals.plain_bound",),
    ("marginal_steps.corner_part",),
)
_MOMENTS, _KERNEL = ("ridges.variation_by_moments",), ("ridges.variation_by_the_kernel",)
_KHINTCHINE, _HOEFFDING = (
    ("marginal_steps.above_two_by_khintchine",),
    ("marginal_steps.above_two_by_hoeffding",),
)


def shown_in(values: Numbers) -> dict[str, tuple[str, ...]]:
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
        "lambda": ("control_variates.size_of_coefficients",),
        "lambda_over_M": ("strata_networks.cost_of_neurons",),
    }


def values(constants: tuple[Constant, ...], numbers: Numbers, bits: int) -> list[Values]:
    """One formula after the other; they may contain kappa_d."""
    known: dict[str, Value] = {"kappa_d": kappa_at_most(int(numbers["d"].p), bits)}
    return one_after_the_other(constants, numbers, bits, known)


SHALLOW = Theorem(
    name="shallow",
    says=(
        "a kernel marginal f on [-R,R]^d is within lp of some ReLU network with one hidden layer "
        "of at most `neurons` neurons, and within lp + lambda/M of one with SignReLU"
    ),
    parameters=(
        *COMMON,
        positive("M", meaning=f"{SCALE}; without it lambda_over_M is left out"),
    ),
    constants=_shallow_constants,
    values=values,
    shown_in=shown_in,
)
