"""Conditional densities by ratios of networks, for `boundcheck constants conditional`."""

from __future__ import annotations

from boundcheck.errors import BoundcheckError
from boundcheck.math import Min, symbols
from boundcheck.theory.formulas.approximation import conditional as f
from boundcheck.theory.theorems.theorem import Constant, Numbers, Theorem, integer, positive

_MOST = 60  # coordinates: gamma functions and powers stay numbers that can be written


def _check(values: Numbers) -> None:
    for name in ("R_x", "R_y"):
        if values[name] < values["B"]:
            raise BoundcheckError(
                f"{name} = {values[name]}; the admissible range is {name} >= B = {values['B']}"
            )
    if values["c"] >= 1:
        raise BoundcheckError(f"c = {values['c']}; the admissible range is 0 < c < 1")


_ONE, _TWO = symbols("V_1_moment V_1_kernel"), symbols("V_2_moment V_2_kernel")
_CONSTANTS = (
    Constant("kappa_y", formula=f.KAPPA_Y, meaning="p(y|x) = kappa_y f1/f2"),
    Constant("trace_1", formula=f.TRACE_1, meaning="tr of S^-1 for the kernel of f1, box scaled"),
    Constant("trace_2", formula=f.TRACE_2, meaning="tr of S^-1 for the kernel of f2, box scaled"),
    Constant("V_1_moment", formula=f.MOMENT_1, meaning="variation for f1, by moments"),
    Constant("V_1_kernel", formula=f.KERNEL_1, meaning="variation for f1, for every box"),
    Constant("V_1", formula=Min(*_ONE), meaning="the smaller of the two"),
    Constant("V_2_moment", formula=f.MOMENT_2, meaning="variation for f2, by moments"),
    Constant("V_2_kernel", formula=f.KERNEL_2, meaning="variation for f2, for every box"),
    Constant("V_2", formula=Min(*_TWO), meaning="the smaller of the two"),
    Constant("neurons_1", formula=f.NEURONS_1, meaning="number of neurons for f1, at most"),
    Constant("neurons_2", formula=f.NEURONS_2, meaning="number of neurons for f2, at most"),
    Constant("l2_1", formula=f.L2_1, meaning="L2 error of f1 with ReLU neurons"),
    Constant("l2_2", formula=f.L2_2, meaning="L2 error of f2 with ReLU neurons"),
    Constant("error_1", formula=f.ERROR_1, meaning="the same with SignReLU neurons"),
    Constant("error_2", formula=f.ERROR_2, meaning="the same with SignReLU neurons"),
    Constant("outside", formula=f.OUTSIDE, meaning="probability that (X, Y) is not in the box"),
    Constant("positivity", formula=f.POSITIVITY, meaning="lower bound of f2 on the box"),
    Constant(
        "uniform",
        formula=f.UNIFORM,
        meaning="L2 norm of p - kappa_y g1/G, where f2 >= c",
    ),
    Constant(
        "total_variation",
        formula=f.TOTAL_VARIATION,
        meaning="mean over X of TV(p(.|X), p_hat(.|X)), for every f2 > 0",
    ),
)


def _shown_in(_: Numbers) -> dict[str, tuple[str, ...]]:
    kernel = ("kernel_variation.product_kernels",)
    sharp, neurons = ("marginals.sharp_bound",), ("marginals.neurons",)
    error = (*sharp, "strata_networks.cost_of_neurons")
    found: dict[str, tuple[str, ...]] = {"kappa_y": ("conditional.conditional_density",)}
    for j in "12":
        found |= {f"V_{j}_moment": kernel, f"V_{j}_kernel": kernel, f"V_{j}": kernel}
        found |= {f"neurons_{j}": neurons, f"l2_{j}": sharp, f"error_{j}": error}
    return found | {
        "uniform": ("conditional_errors.uniformly_positive",),
        "total_variation": ("conditional.total_variation",),
    }


CONDITIONAL = Theorem(
    name="conditional",
    says=(
        "for (X, Y) with normal noise the density of Y given X is kappa_y f1/f2; with shallow "
        "SignReLU networks g1 and g2, the ratio kappa_y g1/max(g2, c) is within `uniform` of it in "
        "L2 of the box if f2 >= c, and, clipped to [0, kappa_y] and 0 outside the box, within "
        "`total_variation` on average over X for every f2"
    ),
    parameters=(
        integer("d_x", meaning="coordinates of X", default="1", most=_MOST),
        integer("d_y", meaning="coordinates of Y", default="1", most=_MOST),
        positive("sigma_x", meaning="standard deviation of the noise of X", default="1/2"),
        positive("sigma_y", meaning="standard deviation of the noise of Y", default="1/2"),
        positive("B", meaning="(U, V), without the noise, lies in [-B,B]^d", default="1"),
        positive("R_x", meaning="half the side of the box of X", default="3"),
        positive("R_y", meaning="half the side of the box of Y", default="3"),
        integer("k_1", meaning="cells along an edge, for f1", default="64"),
        integer("k_2", meaning="cells along an edge, for f2", default="64"),
        positive("c", meaning="lower clip of g2", default="1/1000"),
        positive("M", meaning="scale M of the SignReLU neurons", default="2**40"),
    ),
    constants=lambda _: _CONSTANTS,
    check=_check,
    shown_in=_shown_in,
)
