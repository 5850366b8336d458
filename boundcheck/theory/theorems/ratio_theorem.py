"""The ratio theorem, for `boundcheck constants ratio`."""

from __future__ import annotations

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.errors import BoundcheckError
from boundcheck.theory.formulas import ratio
from boundcheck.theory.kernels.ratio_pairs import SHOWN_IN, RatioClass
from boundcheck.theory.theorems.shallow_theorem import (
    COMMON,
    SCALE,
    SHARP,
    VARIATION,
    lp_constants,
    shown_in,
    values,
)
from boundcheck.theory.theorems.theorem import (
    Constant,
    Numbers,
    Parameter,
    Theorem,
    integer,
    positive,
)


def _check_ratio(values: Numbers) -> None:
    known = {name: values[name] for name in ("R", "b", "c", "sigma", "mass")}
    RatioClass(d=int(values["d"]), **known)  # refuses what is not admissible
    least = at_point(ratio.N_0, {"d": values["d"]})
    if "n" in values and values["n"] < least:
        raise BoundcheckError(
            f"n = {values['n']}; the admissible range is n >= n0 = {least}, for d = {values['d']}"
        )


def _ratio_constants(values: Numbers) -> tuple[Constant, ...]:
    high = values["p"] > 2
    label = "D, C" if high else "D"
    whole = ratio.C_ABOVE_2 if high else ratio.C_UP_TO_2
    at_n = Constant(
        "bound_at_n", formula=ratio.BOUND_AT_N, meaning="C n^(-1/2-3/(2d)) + C_prime/M", label=label
    )
    return (
        *VARIATION,
        *SHARP,
        *lp_constants(values["p"]),
        Constant(
            "neurons",
            formula=ratio.NEURONS,
            meaning="width n of the shallow layer, for both marginals",
        ),
        Constant(
            "approximation",
            formula=ratio.APPROXIMATION,
            meaning="Lp error of f2 with SignReLU; for f1 b times that",
            label=label,
        ),
        Constant(
            "error",
            formula=ratio.ERROR,
            meaning="Lp norm of e = |f1-g1| + b|f2-G|, after the clips",
            label=label,
        ),
        Constant(
            "uniform",
            formula=ratio.UNIFORM,
            meaning="Lp norm of f1/f2 - g1/G, where f2 >= c",
            label=label,
        ),
        Constant("error_l2", formula=ratio.ERROR_L2, meaning="L2 norm of e"),
        Constant(
            "uniform_squared",
            formula=ratio.UNIFORM_SQUARED,
            meaning="integral of q (f1/f2 - g1/G)^2, from uniform for p = 2",
        ),
        Constant(
            "weighted",
            formula=ratio.WEIGHTED,
            meaning="integral of q (f1/f2 - r)^2, where f2 >= c; r with output clip",
        ),
        Constant(
            "positivity_free",
            formula=ratio.POSITIVITY_FREE,
            meaning="integral of q (f1/f2 - r)^2, for every f2 > 0",
        ),
        Constant("smallest", formula=ratio.SMALLEST, meaning="the smallest of these three"),
        Constant(
            "crossing",
            formula=ratio.CROSSING,
            meaning="weighted < positivity_free where error_l2 is smaller than this",
        ),
        Constant(
            "trivial",
            formula=ratio.TRIVIAL,
            meaning="integral of q (f1/f2)^2: a larger bound says nothing",
        ),
        Constant("n0", formula=ratio.N_0, meaning="the least n of the whole theorem"),
        Constant(
            "C",
            formula=whole,
            meaning="uniform <= C n^(-1/2-3/(2d)) + C_prime/M for all n >= n0",
            label=label,
        ),
        Constant("C_prime", formula=ratio.C_PRIME, meaning="see C"),
        *((at_n,) if "n" in values else ()),
    )


def _shown_in(values: Numbers) -> dict[str, tuple[str, ...]]:
    known = shown_in(values)
    rate = "rate_above_two" if values["p"] > 2 else "rate_with_m_in_a_sum"
    rates = (f"ratio_rates.{rate}",)
    return (
        known
        | SHOWN_IN
        | {
            "neurons": ("neuron_counts.cells_for_neurons",),
            "approximation": (*known["lp"], "strata_networks.cost_of_neurons"),
            "n0": ("neuron_counts.cells_for_neurons",),
            "C": rates,
            "C_prime": rates,
            "bound_at_n": rates,
        }
    )


RATIO = Theorem(
    name="ratio",
    says=(
        "for marginals f2 of a positive measure and f1 of at most b times that measure, SignReLU "
        "networks (for p <= 2 from one draw) approximate f1/f2 within `uniform` in Lp if f2 >= c, "
        "and within `weighted` (if f2 >= c) and `positivity_free` against the density q = (2 pi "
        "sigma^2)^(-d/2) f2"
    ),
    parameters=(
        *COMMON,
        Parameter(
            "b",
            meaning="bound of |f1/f2|",
            default="1",
            admissible="b >= 0",
            holds=lambda v: v >= 0,
        ),
        positive(
            "c",
            meaning="lower clip of g2, and lower bound of f2 where one is needed",
            default="1/10",
        ),
        positive("M", meaning=SCALE, default="2**40"),
        integer(
            "n",
            meaning="width of the shallow layer; without it bound_at_n is left out",
        ),
    ),
    constants=_ratio_constants,
    check=_check_ratio,
    values=values,
    shown_in=_shown_in,
)
